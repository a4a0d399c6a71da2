//! Standing orders, funders' lists and proofs in stories.
use super::act::{Failed, same};
use super::phrase::{Phrase, Wrong};
use super::stage::Stage;
use chrono::NaiveDate;
use sundry_desk::Outcome;
use sundry_desk::cash::standing_orders::{
    AddStandingOrder, EndStandingOrder, NewCharge, ReleaseCheck, SetCharges, add_standing_order, end_standing_order,
    release_standing_order_check, set_standing_order_charges, standing_order_tasks,
};
use sundry_desk::close::proofs::{
    PrepareProof, ReviewProof, account_proof, prepare_proof, proof_subjects, review_proof,
};
use sundry_desk::reports::listing::{
    BringListing, ListingFilter, NameColumns, ReconcileListing, SignListing, bring_listing, listing, listing_head,
    listing_lines, name_columns, reconcile_listing, sign_listing,
};
use sundry_domain::close::ProofKind;
use sundry_domain::money::Pence;

/// What is done.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum Reconcile {
    StandingOrder { order: String, nick: String, amount: Pence, frequency: String, from: NaiveDate, weekly: Pence },
    Charge { order: String, weekly: Pence, from: NaiveDate, words: String },
    Cease { order: String, on: NaiveDate, words: String },
    Check { from: NaiveDate, to: NaiveDate },
    List { list: String, funder: String, nick: String, rows: Vec<String> },
    Sign { list: String, words: String },
    Prove { proof: String, kind: ProofKind, words: String },
    Review { proof: String, words: String },
}

/// What must be so.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum Reconciled {
    Task { order: String, kind: Option<String>, amount: Pence },
    Line { list: String, class: String, which: String, difference: Pence },
    Totals { list: String, theirs: Pence, ours: Pence },
    Proof { kind: ProofKind, ledger: Pence },
}

/// Reads an action by its first word.
pub fn parse(p: &mut Phrase, verb: &str) -> Result<Reconcile, Wrong> {
    match verb {
        "standing" => {
            p.must("order")?;
            let order = p.number("SO")?;
            p.must("of")?;
            let (nick, amount, frequency) = (p.word("a customer")?, p.money()?, p.word("how often")?);
            p.must("from")?;
            let from = p.date()?;
            p.must("charge")?;
            Ok(Reconcile::StandingOrder { order, nick, amount, frequency, from, weekly: p.money()? })
        }
        "charge" => {
            let (order, weekly) = (p.number("SO")?, p.money()?);
            p.must("from")?;
            Ok(Reconcile::Charge { order, weekly, from: p.date()?, words: p.text("the decision behind it")? })
        }
        "cease" => Ok(Reconcile::Cease { order: p.number("SO")?, on: p.date()?, words: p.text("the reason")? }),
        "check" => {
            p.must("standing orders from")?;
            let from = p.date()?;
            p.must("to")?;
            Ok(Reconcile::Check { from, to: p.date()? })
        }
        "list" => {
            let list = p.number("LST")?;
            p.must("from")?;
            let funder = p.text("the funder")?;
            p.must("for")?;
            let nick = p.word("a customer")?;
            let rows = std::iter::from_fn(|| p.text_if_any()).collect();
            Ok(Reconcile::List { list, funder, nick, rows })
        }
        "sign" => Ok(Reconcile::Sign { list: p.number("LST")?, words: p.text_if_any().unwrap_or_default() }),
        "prove" => {
            let kind = kind(p)?;
            p.must("as")?;
            Ok(Reconcile::Prove { proof: p.number("PRF")?, kind, words: p.text_if_any().unwrap_or_default() })
        }
        "review" => Ok(Reconcile::Review { proof: p.number("PRF")?, words: p.text_if_any().unwrap_or_default() }),
        _ => Err(format!("`{verb}` is not a word of stories")),
    }
}

fn kind(p: &mut Phrase) -> Result<ProofKind, Wrong> {
    let word = p.word("an account")?;
    ProofKind::parse(&word).ok_or_else(|| format!("`{word}` is not an account that is proved"))
}

/// Reads an expectation, if it is one of these.
pub fn parse_expect(p: &mut Phrase) -> Result<Option<Reconciled>, Wrong> {
    if p.takes("no task") {
        return Ok(Some(Reconciled::Task { order: p.number("SO")?, kind: None, amount: Pence::ZERO }));
    }
    if p.takes("task") {
        let kind = Some(p.word("shortfall or excess")?);
        return Ok(Some(Reconciled::Task { kind, order: p.number("SO")?, amount: p.money()? }));
    }
    if p.takes("line") {
        let (list, class, which) = (p.number("LST")?, p.word("a class")?, p.text("our number or their reference")?);
        return Ok(Some(Reconciled::Line { list, class, which, difference: p.money()? }));
    }
    if p.takes("totals") {
        return Ok(Some(Reconciled::Totals { list: p.number("LST")?, theirs: p.money()?, ours: p.money()? }));
    }
    if p.takes("proof") {
        return Ok(Some(Reconciled::Proof { kind: kind(p)?, ledger: p.money()? }));
    }
    Ok(None)
}

/// Does it.
pub async fn done(stage: &mut Stage, act: &Reconcile) -> Outcome<Failed> {
    match act {
        Reconcile::StandingOrder { order, nick, amount, frequency, from, weekly } => {
            let (_, customer) = stage.customer(nick)?;
            let ask = AddStandingOrder {
                key: stage.key(),
                reference: customer.clone(),
                customer,
                amount: *amount,
                frequency: frequency.clone(),
                from_on: *from,
                to_on: None,
                weekly: *weekly,
                tolerance: Pence::ZERO,
            };
            let set = add_standing_order(&stage.desk, &stage.by, ask).await?;
            return Ok(same(order, &set.number));
        }
        Reconcile::Charge { order, weekly, from, words } => {
            let charges = vec![NewCharge { number: order.clone(), weekly: *weekly }];
            let ask = SetCharges { key: stage.key(), from_on: *from, why: words.clone(), charges };
            set_standing_order_charges(&stage.desk, &stage.by, ask).await?;
        }
        Reconcile::Cease { order, on, words } => {
            let ask = EndStandingOrder { key: stage.key(), number: order.clone(), to_on: *on, reason: words.clone() };
            end_standing_order(&stage.desk, &stage.by, ask).await?;
        }
        Reconcile::Check { from, to } => {
            let ask = ReleaseCheck { key: stage.key(), from_on: *from, to_on: *to };
            release_standing_order_check(&stage.desk, &stage.by, ask).await?;
        }
        Reconcile::List { .. } => return list(stage, act).await,
        Reconcile::Sign { list, words } => {
            let ask = SignListing { key: stage.key(), number: list.clone(), words: words.clone() };
            sign_listing(&stage.desk, &stage.by, ask).await?;
        }
        Reconcile::Prove { proof, kind, words } => {
            let subject = subject(stage, *kind).await?;
            let ask = PrepareProof {
                key: stage.key(),
                kind: kind.as_str().into(),
                subject,
                as_at: stage.desk.today(),
                words: words.clone(),
            };
            let made = prepare_proof(&stage.desk, &stage.by, ask).await?;
            return Ok(same(proof, &made.number));
        }
        Reconcile::Review { proof, words } => {
            let ask = ReviewProof { key: stage.key(), number: proof.clone(), accept: true, words: words.clone() };
            review_proof(&stage.desk, &stage.by, ask).await?;
        }
    }
    Ok(None)
}

async fn subject(stage: &Stage, kind: ProofKind) -> Outcome<String> {
    let all = proof_subjects(&stage.desk, &stage.looker).await?;
    Ok(all.into_iter().find(|one| one.kind == kind).map(|one| one.subject).unwrap_or_default())
}

/// Brings a list of rows like `INV-000001 60.00 Paid`, names its columns and reconciles it.
async fn list(stage: &mut Stage, act: &Reconcile) -> Outcome<Failed> {
    let Reconcile::List { list, funder, nick, rows } = act else { return Ok(None) };
    let (_, customer) = stage.customer(nick)?;
    let mut csv = String::from("Reference,Amount,Status\n");
    for row in rows {
        let mut parts = row.splitn(3, ' ');
        let cells = [parts.next(), parts.next(), parts.next()].map(|part| part.unwrap_or_default());
        csv.push_str(&(cells.join(",") + "\n"));
    }
    let ask = BringListing {
        key: stage.key(),
        funder: funder.clone(),
        as_at: stage.desk.today(),
        basis: "open".into(),
        from_on: None,
        customers: vec![customer],
        whole_ledger: false,
        file_name: "list.csv".into(),
        bytes: csv.into_bytes(),
        our_file_name: String::new(),
        our_bytes: None,
    };
    let brought = bring_listing(&stage.desk, &stage.by, ask).await?;
    let head = listing_head(&stage.desk, &stage.by, &brought.number).await?;
    let key = stage.key();
    let ask =
        NameColumns { key, number: brought.number.clone(), layout: head.theirs.layout, our_layout: None, rules: None };
    name_columns(&stage.desk, &stage.by, ask).await?;
    let ask = ReconcileListing { key: stage.key(), number: brought.number.clone() };
    reconcile_listing(&stage.desk, &stage.by, ask, &|_, _| ()).await?;
    Ok(same(list, &brought.number))
}

/// Looks whether it is so.
pub async fn expect(stage: &Stage, wanted: &Reconciled) -> Outcome<Failed> {
    let (desk, by) = (&stage.desk, &stage.looker);
    let differs = |expected: String, found: String| (expected != found).then_some((expected, found));
    match wanted {
        Reconciled::Task { order, kind, amount } => {
            let open = standing_order_tasks(desk, by, "open").await?;
            let told = |kind: &str, pence: i64| format!("{kind} of {}", Pence(pence).size());
            let expected = kind.as_ref().map_or_else(|| "no task".into(), |kind| told(kind, amount.0));
            let found = open.iter().find(|task| task.order_number == *order);
            Ok(differs(
                expected,
                found.map_or_else(|| "no task".into(), |task| told(&task.kind, task.difference_pence)),
            ))
        }
        Reconciled::Line { list, class, which, difference } => {
            let all = ListingFilter { class: class.clone(), ..ListingFilter::default() };
            let lines = listing_lines(desk, by, list, &all).await?.lines;
            let found = lines.iter().find(|line| line.our_number == *which || line.their_reference == *which);
            let found = found.map_or_else(|| "no such line".into(), |line| Pence(line.difference_pence).to_string());
            Ok(differs(difference.to_string(), found))
        }
        Reconciled::Totals { list, theirs, ours } => {
            let proof = listing(desk, by, list).await?.proof;
            let found = proof.map_or_else(
                || "not reconciled".to_owned(),
                |proof| format!("theirs {}, ours {}, left {}", proof.theirs, proof.ours, proof.left()),
            );
            Ok(differs(format!("theirs {theirs}, ours {ours}, left £0.00"), found))
        }
        Reconciled::Proof { kind, ledger } => {
            let made = account_proof(desk, by, (*kind, &subject(stage, *kind).await?), desk.today()).await?;
            let found = format!("{}, {} unexplained", made.ledger, made.unexplained());
            Ok(differs(format!("{ledger}, £0.00 unexplained"), found))
        }
    }
}
