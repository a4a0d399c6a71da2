//! Insolvency: what stops, the proof of debt, dividends, the end (BS-05, LEG-06).
use super::weigh::debts_of;
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::{find as find_customer, refuse_cards, told_of_flag};
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::court::case_refusals::{CASE_STATE, DIVIDEND_OVER, INSOLVENCY_TWICE, NO_PROOF};
use sundry_domain::customers::FlagKind;
use sundry_domain::ids::{CustomerId, DocumentId, OrgId};
use sundry_domain::law::{InsolvencyKind, dividend, proof, provable_of};
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::Tx;
use sundry_store::billing::reference::reference_of;
use sundry_store::cash;
use sundry_store::contracts::charges_of_document;
use sundry_store::court_estates::{self as store, DividendRow, InsolvencyRow};
use sundry_store::customers::{self, FlagRow};
use sundry_store::ledger::{self, ItemRow};

/// Records an insolvency.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenInsolvency {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// debt_relief_order, voluntary_arrangement, bankruptcy and so on.
    pub kind: String,
    /// The order, approval, resolution or award.
    pub on: NaiveDate,
    /// Trustee, supervisor, liquidator.
    #[serde(default)]
    pub office_holder: String,
    /// Their reference.
    #[serde(default)]
    pub reference: String,
    /// How we know.
    pub evidence: String,
}

/// A debt of an insolvency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvedDebt {
    /// Number.
    pub number: String,
    /// Its date.
    pub dated_on: NaiveDate,
    /// What of it was owed at the date of the insolvency.
    pub pence: i64,
}

/// An insolvency that was recorded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct InsolvencyOpened {
    /// Number.
    pub number: String,
    /// Whether a proof of debt is lodged.
    pub proof: bool,
    /// Whether we may vote.
    pub vote: bool,
    /// Legal services decide.
    pub legal: bool,
}

/// Records an insolvency: everything against the debts of before stops today.
///
/// # Errors
/// Duty; fields; absent; `BS-05-TWICE`.
pub async fn open_insolvency(desk: &Desk, by: &Actor, ask: OpenInsolvency) -> Outcome<InsolvencyOpened> {
    by.must_hold(Duty::SetFlags)?;
    let mut wrong = Vec::new();
    let kind = InsolvencyKind::parse(&ask.kind);
    if kind.is_none() {
        wrong.push(Invalid::field("kind", "Choose the procedure", &ask.kind));
    }
    if ask.on > desk.today() {
        wrong.push(Invalid::field("on", "Enter a day up to today", ask.on.to_string()));
    }
    if ask.evidence.trim().is_empty() {
        wrong.push(Invalid::field("evidence", "Say how we know, in up to 500 characters", &ask.evidence));
    }
    wrong.extend(words_wrong(&[("evidence", &ask.evidence)], 500));
    wrong.extend(lines_wrong(&[("office_holder", &ask.office_holder), ("reference", &ask.reference)], 200));
    wrong.extend(days_wrong(&[("on", Some(ask.on))], desk.today()));
    let Some(kind) = kind.filter(|_| wrong.is_empty()) else { return Err(wrong.into()) };
    refuse_cards(&[("evidence", &ask.evidence), ("office_holder", &ask.office_holder), ("reference", &ask.reference)])?;
    command!(desk, by, "open_insolvency", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let customer = find_customer(&mut cmd.tx, org, &ask.customer).await?;
        let before = store::insolvencies_of(&mut cmd.tx, org, CustomerId(customer.id)).await?;
        let is_open = |one: &&InsolvencyRow| matches!(one.state.as_str(), "open" | "proved");
        if let Some(one) = before.iter().filter(is_open).find(|one| one.kind == ask.kind) {
            return Err(INSOLVENCY_TWICE.because(format!("{} is {}", one.number, one.state)).into());
        }
        let flag = FlagRow {
            id: cmd.id(),
            customer_id: customer.id,
            kind: FlagKind::Insolvent.as_str().into(),
            evidence: format!("{} of {}: {}", kind.name(), ask.on.format("%-d %B %Y"), ask.evidence.trim()),
            from_on: ask.on,
            to_on: None,
            review_on: None,
            raised_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        customers::add_flag(&mut cmd.tx, org, &flag).await?;
        cmd.tell("FlagSet", format!("customer {}", customer.number), told_of_flag(&flag));
        let row = InsolvencyRow {
            id: cmd.id(),
            number: format!("INS-{:06}", cmd.next_number("INS").await?),
            customer_id: customer.id,
            kind: ask.kind.clone(),
            on_day: ask.on,
            office_holder: ask.office_holder.trim().into(),
            reference: ask.reference.trim().into(),
            evidence: ask.evidence.trim().into(),
            state: "open".into(),
            owed_pence: 0,
            interest_pence: 0,
            set_off_pence: 0,
            proof_pence: 0,
            without_form: false,
            debts: serde_json::json!([]),
            proved_on: None,
            admitted_pence: None,
            final_dividend: false,
            ended_on: None,
            flag_id: Some(flag.id),
            recorded_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
            version: 1,
        };
        store::add_insolvency(&mut cmd.tx, org, &row).await?;
        let detail = serde_json::json!({ "customer": customer.number, "kind": row.kind, "on": row.on_day });
        cmd.tell("InsolvencyRecorded", format!("insolvency {}", row.number), detail);
        Ok(insolvency_opened(&row.number, kind))
    })
}

/// What a procedure asks of us.
pub fn insolvency_opened(number: &str, kind: InsolvencyKind) -> InsolvencyOpened {
    let asks = kind.asks();
    InsolvencyOpened { number: number.to_owned(), proof: asks.proof, vote: asks.vote, legal: asks.legal }
}

async fn find(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<InsolvencyRow> {
    let row = store::insolvency(tx, org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("insolvency {}", number.trim())))
}

async fn save(cmd: &mut Command, row: &mut InsolvencyRow) -> Outcome<()> {
    if !store::change_insolvency(&mut cmd.tx, cmd.by.org, row).await? {
        return Err(CASE_STATE.because(format!("{} was changed meanwhile", row.number)).into());
    }
    row.version += 1;
    Ok(())
}

/// Lodges a proof of debt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LodgeProof {
    /// Idempotency key.
    pub key: String,
    /// Number of the insolvency.
    pub number: String,
    /// Interest to the date, where the contract or the act gives it.
    #[serde(default)]
    pub interest: Option<Pence>,
}

/// A proof of debt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofLodged {
    /// Number of the insolvency.
    pub number: String,
    /// Owed at its date, with interest to it.
    pub owed_pence: i64,
    /// What we owe, set off.
    pub set_off_pence: i64,
    /// What is proved.
    pub proof_pence: i64,
    /// What we owe the estate.
    pub owed_by_us_pence: i64,
    /// Small enough to be admitted without a form.
    pub without_form: bool,
    /// The debts.
    pub debts: Vec<ProvedDebt>,
}

/// Lodges a proof: what is for days up to the day, or was dated up to it, with VAT; credits are set off where that is the law.
///
/// # Errors
/// Duty; absent; `BS-05-NO-PROOF`; `CT-CASE-STATE`.
pub async fn lodge_proof(desk: &Desk, by: &Actor, ask: LodgeProof) -> Outcome<ProofLodged> {
    by.must_hold(Duty::WorkCases)?;
    if ask.interest.is_some_and(|sum| sum < Pence::ZERO || sum > LARGEST) {
        return Err(Invalid::field("interest", "Enter the interest to the date", "").into());
    }
    command!(desk, by, "lodge_proof", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = find(&mut cmd.tx, org, &ask.number).await?;
        if row.state != "open" {
            return Err(CASE_STATE.because(format!("{} is {}", row.number, row.state)).into());
        }
        let kind = InsolvencyKind::parse(&row.kind).ok_or_else(|| No::Absent("procedure".into()))?;
        let open = ledger::open_items_of(&mut cmd.tx, org, CustomerId(row.customer_id)).await?;
        let on_day = row.on_day;
        let mut debts = Vec::new();
        for item in open.iter().filter(|item| item.open_pence > 0) {
            let pence = owed_at(&mut cmd.tx, org, item, on_day).await?.0;
            if pence > 0 {
                debts.push(ProvedDebt { number: item.number.clone(), dated_on: item.dated_on, pence });
            }
        }
        let owed = Pence(debts.iter().map(|debt| debt.pence).sum());
        let ours = open.iter().filter(|item| item.open_pence < 0 && item.dated_on <= on_day);
        let credits = Pence(ours.map(|item| -item.open_pence).sum());
        if !kind.asks().proof || owed <= Pence::ZERO {
            let sentence = format!("{}: {owed} was owed at its date", kind.name());
            return Err(NO_PROOF.because(sentence).into());
        }
        let interest = ask.interest.unwrap_or(Pence::ZERO);
        let made = proof(kind, owed, interest, credits);
        row.state = "proved".into();
        row.owed_pence = made.owed.0;
        row.interest_pence = interest.0;
        row.set_off_pence = made.set_off.0;
        row.proof_pence = made.amount.0;
        row.without_form = made.without_form;
        row.debts = serde_json::to_value(&debts)?;
        row.proved_on = Some(cmd.today);
        save(cmd, &mut row).await?;
        let answer = ProofLodged {
            number: row.number.clone(),
            owed_pence: made.owed.0,
            set_off_pence: made.set_off.0,
            proof_pence: made.amount.0,
            owed_by_us_pence: made.owed_by_us.0,
            without_form: made.without_form,
            debts,
        };
        cmd.tell("ProofLodged", format!("insolvency {}", row.number), &answer);
        Ok(answer)
    })
}

/// What of a debt was owed at a day: by the days it is for, where its invoice says them; else by its own date.
async fn owed_at(tx: &mut Tx, org: OrgId, item: &ItemRow, on_day: NaiveDate) -> Outcome<Pence> {
    let open = Pence(item.open_pence);
    let mut parts = Vec::new();
    if let Some(document) = item.document_id.map(DocumentId) {
        let charges = charges_of_document(tx, org, document).await?;
        let billed = charges.iter().filter(|one| one.state == "billed" && one.net_pence > 0);
        parts.extend(billed.map(|one| (Pence(one.net_pence), one.from_on, one.to_on)));
        let period = reference_of(tx, org, document).await?.and_then(|one| one.period_from_on.zip(one.period_to_on));
        if let Some((first_on, last_on)) = period.filter(|_| parts.is_empty()) {
            parts.push((open, first_on, last_on));
        }
    }
    if parts.is_empty() {
        return Ok(if item.dated_on <= on_day { open } else { Pence::ZERO });
    }
    Ok(provable_of(open, &parts, on_day))
}

/// Records a dividend that was declared.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeclareDividend {
    /// Idempotency key.
    pub key: String,
    /// Number of the insolvency.
    pub number: String,
    /// When.
    pub on: NaiveDate,
    /// Pence in a hundred pounds.
    pub pence_in_100: i64,
    /// What the office-holder admitted, where it differs from the proof.
    #[serde(default)]
    pub admitted: Option<Pence>,
    /// The last one.
    #[serde(default)]
    pub last: bool,
}

/// A dividend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DividendDeclared {
    /// Number of the insolvency.
    pub number: String,
    /// Counted from 1.
    pub seq: i64,
    /// What it comes to.
    pub expected_pence: i64,
}

/// Records a dividend and what it comes to: none after the last, and all together no more than the whole debt.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`; `BS-05-DIVIDEND`.
pub async fn declare_dividend(desk: &Desk, by: &Actor, ask: DeclareDividend) -> Outcome<DividendDeclared> {
    by.must_hold(Duty::WorkCases)?;
    let mut wrong = Vec::new();
    if !(1..=10_000).contains(&ask.pence_in_100) {
        let message = "Enter pence in a hundred pounds, from 1 to 10,000";
        wrong.push(Invalid::field("pence_in_100", message, ask.pence_in_100.to_string()));
    }
    if ask.on > desk.today() {
        wrong.push(Invalid::field("on", "Enter a day up to today", ask.on.to_string()));
    }
    if ask.admitted.is_some_and(|sum| sum < Pence::ZERO || sum > LARGEST) {
        wrong.push(Invalid::field("admitted", "Enter what was admitted", ""));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    command!(desk, by, "declare_dividend", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = find(&mut cmd.tx, org, &ask.number).await?;
        if row.state != "proved" {
            return Err(CASE_STATE.because(format!("{} is {}", row.number, row.state)).into());
        }
        if ask.on < row.on_day {
            return Err(Invalid::field("on", "Enter a day after its date, up to today", ask.on.to_string()).into());
        }
        let before = store::dividends_of(&mut cmd.tx, org, row.id).await?;
        may_declare(&row, &before, ask.pence_in_100)?;
        if let Some(admitted) = ask.admitted {
            row.admitted_pence = Some(admitted.0);
        }
        row.final_dividend = row.final_dividend || ask.last;
        let proved = Pence(row.admitted_pence.unwrap_or(row.proof_pence));
        let expected = dividend(proved, ask.pence_in_100);
        save(cmd, &mut row).await?;
        let seq = before.len() as i64 + 1;
        let paid = DividendRow {
            insolvency_id: row.id,
            seq,
            declared_on: ask.on,
            pence_in_100: ask.pence_in_100,
            expected_pence: expected.0,
            receipt: String::new(),
            received_pence: 0,
            last: ask.last,
            recorded_at: cmd.at,
        };
        store::add_dividend(&mut cmd.tx, org, &paid).await?;
        cmd.tell("DividendDeclared", format!("insolvency {}", row.number), &ask);
        Ok(DividendDeclared { number: row.number, seq, expected_pence: expected.0 })
    })
}

fn may_declare(row: &InsolvencyRow, before: &[DividendRow], pence_in_100: i64) -> Result<(), Refusal> {
    if row.final_dividend {
        return Err(DIVIDEND_OVER.because(format!("The last dividend of {} was declared", row.number)));
    }
    let declared: i64 = before.iter().map(|one| one.pence_in_100).sum();
    if declared + pence_in_100 > 10_000 {
        let sentence = format!("{} of every £100.00 is declared already", Pence(declared));
        return Err(DIVIDEND_OVER.because(sentence));
    }
    Ok(())
}

/// Ties a receipt to a dividend.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReceiveDividend {
    /// Idempotency key.
    pub key: String,
    /// Number of the insolvency.
    pub number: String,
    /// Which dividend.
    pub seq: i64,
    /// Number of the receipt.
    pub receipt: String,
}

/// Ties a receipt to the dividend it is.
///
/// # Errors
/// Duty; absent; `CT-CASE-STATE` where the receipt is another customer's, or the dividend has one.
pub async fn receive_dividend(desk: &Desk, by: &Actor, ask: ReceiveDividend) -> Outcome<DividendDeclared> {
    by.must_hold(Duty::WorkCases).or_else(|_| by.must_hold(Duty::PostCash))?;
    command!(desk, by, "receive_dividend", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let row = find(&mut cmd.tx, org, &ask.number).await?;
        let receipt = cash::receipt_numbered(&mut cmd.tx, org, ask.receipt.trim()).await?;
        let receipt = receipt.ok_or_else(|| No::Absent(format!("receipt {}", ask.receipt)))?;
        if receipt.customer_id != Some(row.customer_id) || receipt.state != "identified" {
            return Err(CASE_STATE.because(format!("{} is not on this customer's account", receipt.number)).into());
        }
        let before = store::dividends_of(&mut cmd.tx, org, row.id).await?;
        if before.iter().any(|one| one.receipt == receipt.number) {
            return Err(CASE_STATE.because(format!("{} is another dividend already", receipt.number)).into());
        }
        let place = (row.id, ask.seq);
        if !store::receive_dividend(&mut cmd.tx, org, place, &receipt.number, receipt.amount_pence).await? {
            return Err(CASE_STATE.because("There is no such dividend that waits for its money").into());
        }
        cmd.tell("DividendReceived", format!("insolvency {}", row.number), &ask);
        Ok(DividendDeclared { number: row.number, seq: ask.seq, expected_pence: receipt.amount_pence })
    })
}

/// Ends an insolvency.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndInsolvency {
    /// Idempotency key.
    pub key: String,
    /// Number of the insolvency.
    pub number: String,
    /// When.
    pub on: NaiveDate,
    /// The order was revoked or annulled: the debts are owed again.
    #[serde(default)]
    pub revoked: bool,
}

/// Ends an insolvency. Revoked, its flag ends and the debts are chased again; otherwise what is left may be written off.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`.
pub async fn end_insolvency(desk: &Desk, by: &Actor, ask: EndInsolvency) -> Outcome<InsolvencyOpened> {
    by.must_hold(Duty::SetFlags)?;
    command!(desk, by, "end_insolvency", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = find(&mut cmd.tx, org, &ask.number).await?;
        if !matches!(row.state.as_str(), "open" | "proved") {
            return Err(CASE_STATE.because(format!("{} is {}", row.number, row.state)).into());
        }
        if ask.on < row.on_day || ask.on > cmd.today {
            return Err(Invalid::field("on", "Enter a day after its date, up to today", ask.on.to_string()).into());
        }
        row.state = if ask.revoked { "revoked" } else { "ended" }.into();
        row.ended_on = Some(ask.on);
        save(cmd, &mut row).await?;
        if let Some(flag) = row.flag_id.filter(|_| ask.revoked) {
            customers::end_flag(&mut cmd.tx, org, flag, ask.on).await?;
            cmd.tell("FlagEnded", format!("insolvency {}", row.number), &ask);
        }
        cmd.tell("InsolvencyEnded", format!("insolvency {}", row.number), &ask);
        let kind = InsolvencyKind::parse(&row.kind).unwrap_or(InsolvencyKind::OtherNation);
        Ok(insolvency_opened(&row.number, kind))
    })
}

/// An insolvency with its dividends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsolvencyShown {
    /// The insolvency.
    pub insolvency: InsolvencyRow,
    /// Customer number.
    pub customer: String,
    /// Their name.
    pub customer_name: String,
    /// Dividends, oldest first.
    pub dividends: Vec<DividendRow>,
    /// What is open on the account today.
    pub open_pence: i64,
}

/// One insolvency.
///
/// # Errors
/// Duty; absent.
pub async fn insolvency(desk: &Desk, by: &Actor, number: &str) -> Outcome<InsolvencyShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, number).await?;
    let who = cash::customer_name(&mut look, by.org, CustomerId(row.customer_id)).await?.unwrap_or_default();
    let debts = debts_of(&mut look, desk, by.org, row.customer_id, Vec::new()).await?;
    let open: Pence = debts.map_or(Pence::ZERO, |debts| debts.case.balance);
    Ok(InsolvencyShown {
        dividends: store::dividends_of(&mut look, by.org, row.id).await?,
        customer: who.0,
        customer_name: who.1,
        open_pence: open.0,
        insolvency: row,
    })
}

/// The newest insolvencies.
///
/// # Errors
/// Duty.
pub async fn insolvencies_list(desk: &Desk, by: &Actor) -> Outcome<Vec<InsolvencyRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(store::insolvencies(&mut look, by.org, 200).await?)
}
