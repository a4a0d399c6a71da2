//! Two accounts of one customer become one (CUS-06): asked by one person, decided by another, done in one transaction.
//!
//! Everything that names the old account points at the one that stays; entries stay as they were posted, and a journal
//! for each open item carries its balance over. The old number goes on finding the account that stays.
use super::refuse_cards;
use crate::approvals::{AskForApproval, MERGE, ask_for_approval};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::ledger::post::{NewJournal, post_between};
use crate::{Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::refusals::CHANGED;
use sundry_domain::customers::{CustomerKind, MergeSide, forbids_merge, normalise_reference};
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::ledger::{transfer, transfer_unallocated};
use sundry_domain::money::Pence;
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::Tx;
use sundry_store::control::ApprovalRow;
use sundry_store::customers::merge::{self, MergeRow};
use sundry_store::customers::{self, CustomerRow, NoteRow, ReferenceRow, unmerge};
use sundry_store::ledger::{ItemRow, open_items_of};

/// The kind of reference under which an account keeps the number of one that was merged into it.
const OLD_NUMBER: &str = "old_account";

/// Asks for two accounts to become one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MergeCustomers {
    /// Idempotency key.
    pub key: String,
    /// Number of the account that stays.
    pub stays: String,
    /// Number of the account that is merged into it.
    pub gone: String,
    /// How we know that both are one customer.
    pub evidence: String,
}

/// It waits for somebody else.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MergeAsked {
    /// Number of the account that stays.
    pub stays: String,
    /// Number of the account that is merged into it.
    pub gone: String,
    /// Number of the approval.
    pub approval: String,
}

/// One of the two accounts.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MergeParty {
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// individual, company and so on.
    pub kind: String,
    /// Address on one line.
    pub address: String,
}

/// One sort of thing that moves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MergeMove {
    /// debts, credits, unallocated, plans, mandates and so on.
    pub what: String,
    /// For people.
    pub name: String,
    /// How many.
    pub count: i64,
    /// What they come to, less than nothing for credits; 0 where it has no sum.
    pub pence: i64,
}

/// One thing that forbids it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MergeForbidden {
    /// Code of the refusal.
    pub code: String,
    /// In one sentence.
    pub sentence: String,
    /// What to do.
    pub way_out: String,
}

/// What a merge would do, and what forbids it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MergePreview {
    /// The account that stays.
    pub stays: MergeParty,
    /// The account that is merged into it.
    pub gone: MergeParty,
    /// What moves; sorts of which there are none are left out.
    pub moves: Vec<MergeMove>,
    /// What forbids it; empty where it may be asked for.
    pub forbids: Vec<MergeForbidden>,
}

/// Shows what would move from one account to another, and what forbids it.
///
/// # Errors
/// Duty; an account that is not there.
pub async fn preview_merge(desk: &Desk, by: &Actor, stays: &str, gone: &str) -> Outcome<MergePreview> {
    by.must_hold(Duty::View)?;
    let (org, today) = (by.org, desk.today());
    let mut look = desk.look().await?;
    let stays = account(&mut look, org, stays).await?;
    let gone = account(&mut look, org, gone).await?;
    let forbids = forbidden(&mut look, org, today, (&stays, &gone), "").await?;
    let moves = merge::to_move(&mut look, org, CustomerId(gone.id), today).await?;
    let forbid = |no: Refusal| MergeForbidden { code: no.code, sentence: no.sentence, way_out: no.way_out };
    let moved = |one: merge::MoveCount| MergeMove {
        name: name_of(&one.what).to_owned(),
        what: one.what,
        count: one.count,
        pence: one.pence,
    };
    Ok(MergePreview {
        stays: party(&stays),
        gone: party(&gone),
        moves: moves.into_iter().filter(|one| one.count > 0).map(moved).collect(),
        forbids: forbids.into_iter().map(forbid).collect(),
    })
}

/// Asks for one account to be merged into another; it is done once somebody else has said yes.
///
/// # Errors
/// Duty; no evidence; an account that is not there; every `CUS-06-…` that forbids it; `CUS-18-WAITS`.
pub async fn merge_customers(desk: &Desk, by: &Actor, ask: MergeCustomers) -> Outcome<MergeAsked> {
    by.must_hold(Duty::ManageCustomers)?;
    let evidence = ask.evidence.trim();
    if evidence.is_empty() || evidence.chars().count() > 1_000 {
        let message = "Enter how you know that both are one customer, in at most 1,000 letters";
        return Err(Invalid::field("evidence", message, &ask.evidence).into());
    }
    refuse_cards(&[("stays", &ask.stays), ("gone", &ask.gone), ("evidence", &ask.evidence)])?;
    command!(desk, by, "merge_customers", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let stays = account(&mut cmd.tx, org, &ask.stays).await?;
        let gone = account(&mut cmd.tx, org, &ask.gone).await?;
        refuse(&mut cmd.tx, org, today, (&stays, &gone), "").await?;
        let approval = ask_for_yes(cmd, &stays, &gone, ask.evidence.trim()).await?;
        Ok(MergeAsked { stays: stays.number, gone: gone.number, approval })
    })
}

async fn ask_for_yes(cmd: &mut Command, stays: &CustomerRow, gone: &CustomerRow, evidence: &str) -> Outcome<String> {
    let summary = format!(
        "Merge {} ({}) into {} ({}). How we know that both are one customer: {evidence}.",
        gone.number, gone.name, stays.number, stays.name
    );
    let ask = AskForApproval {
        command: MERGE,
        subject: format!("customer {}", stays.number),
        summary,
        payload: serde_json::json!({ "stays": stays.number, "gone": gone.number, "evidence": evidence }),
        amount: Pence::ZERO,
    };
    let approval = ask_for_approval(cmd, ask).await?;
    let row = MergeRow {
        id: cmd.id(),
        approval: approval.clone(),
        customer_id: gone.id,
        into_id: stays.id,
        survivor_id: stays.id,
        evidence: evidence.to_owned(),
        state: "waiting".into(),
        asked_by_name: cmd.by.name.clone(),
        asked_on: cmd.today,
        decided_on: None,
        recorded_at: cmd.at,
    };
    let org = cmd.by.org;
    merge::add_merge(&mut cmd.tx, org, &row).await?;
    cmd.tell("MergeAsked", format!("customer {}", gone.number), &row);
    Ok(approval)
}

/// Carries the yes out; gives the number of the account that stays.
///
/// # Errors
/// Whatever forbids it today; `CUS-CHANGED`; a period that is closed.
pub(crate) async fn merge_approved(cmd: &mut Command, row: &ApprovalRow) -> Outcome<String> {
    let (org, today) = (cmd.by.org, cmd.today);
    let asked = merge::merge_of_approval(&mut cmd.tx, org, &row.number).await?;
    let asked = asked.ok_or_else(|| Fault::new(format!("{} decides no merge", row.number)))?;
    let stays = by_id(&mut cmd.tx, org, asked.into_id).await?;
    let gone = by_id(&mut cmd.tx, org, asked.customer_id).await?;
    refuse(&mut cmd.tx, org, today, (&stays, &gone), &row.number).await?;
    if !merge::decide_merge(&mut cmd.tx, org, &row.number, "made", today).await? {
        return Err(Fault::new(format!("{} decides nothing that waits", row.number)).into());
    }
    let (from, to) = (CustomerId(gone.id), CustomerId(stays.id));
    let moves = merge::to_move(&mut cmd.tx, org, from, today).await?;
    let items = open_items_of(&mut cmd.tx, org, from).await?;
    carry_balance(cmd, "AccountMerged", (&gone, &stays), items).await?;
    merge::keep_where_items_stood(&mut cmd.tx, org, asked.id, from, today).await?;
    unmerge::keep_rows(&mut cmd.tx, org, asked.id, from).await?;
    merge::move_addresses(&mut cmd.tx, org, from, to).await?;
    merge::move_all(&mut cmd.tx, org, from, to).await?;
    unmerge::drop_left_behind(&mut cmd.tx, org, asked.id, from).await?;
    keep_what_is_known(cmd, asked.id, &stays, &gone).await?;
    let words = format!("{} ({}) was merged into this account: {}", gone.number, gone.name, asked.evidence);
    leave_a_note(cmd, to, words).await?;
    let moved: Vec<serde_json::Value> = moves
        .iter()
        .filter(|one| one.count > 0)
        .map(|one| serde_json::json!({ "what": one.what, "count": one.count, "pence": one.pence }))
        .collect();
    let detail = serde_json::json!({ "into": stays.number, "evidence": asked.evidence, "moved": moved });
    cmd.tell("CustomersMerged", format!("customer {}", gone.number), detail);
    let taken = serde_json::json!({ "from": gone.number, "approval": row.number });
    cmd.tell("CustomersMerged", format!("customer {}", stays.number), taken);
    Ok(stays.number)
}

/// Closes what waited, with the no.
pub(crate) async fn merge_refused(cmd: &mut Command, row: &ApprovalRow) -> Outcome<()> {
    let (org, today) = (cmd.by.org, cmd.today);
    merge::decide_merge(&mut cmd.tx, org, &row.number, "turned_down", today).await?;
    Ok(())
}

/// The account that has a number itself, merged or not.
pub(super) async fn account(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<CustomerRow> {
    let row = merge::account_numbered(tx, org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("customer {}", number.trim())))
}

pub(super) async fn by_id(tx: &mut Tx, org: OrgId, id: i64) -> Outcome<CustomerRow> {
    let row = customers::customer(tx, org, CustomerId(id)).await?;
    row.ok_or_else(|| Fault::new("an account that was to be merged is not there").into())
}

async fn refuse(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    pair: (&CustomerRow, &CustomerRow),
    own: &str,
) -> Outcome<()> {
    match forbidden(tx, org, today, pair, own).await?.into_iter().next() {
        Some(no) => Err(no.into()),
        None => Ok(()),
    }
}

/// What forbids it; `own` is the approval that is being decided, which does not stand in its own way.
async fn forbidden(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    (stays, gone): (&CustomerRow, &CustomerRow),
    own: &str,
) -> Outcome<Vec<Refusal>> {
    let mut one = side(tx, org, today, stays, own).await?;
    let other = side(tx, org, today, gone, own).await?;
    one.joint_debt = merge::joint_debt(tx, org, CustomerId(stays.id), CustomerId(gone.id)).await?;
    Ok(forbids_merge(&one, &other))
}

pub(super) async fn side(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    row: &CustomerRow,
    own: &str,
) -> Outcome<MergeSide> {
    let id = CustomerId(row.id);
    let facts = merge::merge_facts(tx, org, id, today).await?;
    let run = merge::unfinished_run(tx, org).await?;
    let mut side = MergeSide {
        number: row.number.clone(),
        kind: CustomerKind::parse(&row.kind),
        deceased: facts.deceased > 0,
        mandates: merge::mandated(tx, org, id).await?,
        proofs: merge::proofs_of_identity(tx, org, id).await?,
        court_cases: facts.court,
        write_offs: facts.write_off,
        runs: facts.runs + i64::from(run.is_some()),
        changes: facts.changes,
        ..MergeSide::default()
    };
    for one in merge::merges_of(tx, org, id).await? {
        if one.state == "made" && one.customer_id == row.id {
            side.merged_into = Some(by_id(tx, org, one.survivor_id).await?.number);
        } else if one.state == "waiting" && one.approval != own {
            side.waits = Some(one.approval);
        }
    }
    Ok(side)
}

/// One journal for each open item: the second account owes it from today, and the first no longer does.
pub(super) async fn carry_balance(
    cmd: &mut Command,
    event: &'static str,
    (leaves, takes): (&CustomerRow, &CustomerRow),
    items: Vec<ItemRow>,
) -> Outcome<()> {
    let (from, to) = (CustomerId(leaves.id), CustomerId(takes.id));
    for item in items {
        let open = Pence(item.open_pence);
        let (amount, debited, credited) =
            if open > Pence::ZERO { (open, to, from) } else { (open.negated(), from, to) };
        let journal = NewJournal {
            posted_on: cmd.today,
            event,
            source: format!("account {}", leaves.number),
            reason: format!("{} carried over to {}", item.number, takes.number),
            customer: Some(debited),
            item: Some(ItemId(item.id)),
            lines: if item.kind == "receipt" { transfer_unallocated(amount) } else { transfer(amount) },
        };
        post_between(cmd, journal, (credited, ItemId(item.id))).await?;
    }
    Ok(())
}

/// The old number finds the account that stays; what that one lacks is filled in from the other.
async fn keep_what_is_known(cmd: &mut Command, merge: i64, stays: &CustomerRow, gone: &CustomerRow) -> Outcome<()> {
    let org = cmd.by.org;
    let old = ReferenceRow {
        customer_id: stays.id,
        kind: OLD_NUMBER.into(),
        reference: gone.number.clone(),
        search_reference: normalise_reference(&gone.number),
    };
    customers::add_reference(&mut cmd.tx, org, &old).await?;
    let row = filled_in(stays, gone);
    for field in differing(stays, &row) {
        unmerge::keep_filled(&mut cmd.tx, org, merge, field).await?;
    }
    if !customers::change_customer(&mut cmd.tx, org, &row).await? {
        return Err(CHANGED.because(format!("{} was changed a moment ago", stays.number)).into());
    }
    Ok(())
}

/// The account that stays with what only the other one had; a format that somebody needs is kept.
fn filled_in(stays: &CustomerRow, gone: &CustomerRow) -> CustomerRow {
    let or = |own: &str, other: &str| if own.trim().is_empty() { other.to_owned() } else { own.to_owned() };
    let mut row = stays.clone();
    row.email = or(&stays.email, &gone.email);
    row.phone = or(&stays.phone, &gone.phone);
    row.collector = or(&stays.collector, &gone.collector);
    if stays.letter_format == "standard" {
        row.letter_format.clone_from(&gone.letter_format);
    }
    if stays.address1.trim().is_empty() {
        row.address1.clone_from(&gone.address1);
        row.address2.clone_from(&gone.address2);
        row.town.clone_from(&gone.town);
        row.postcode.clone_from(&gone.postcode);
    }
    row
}

/// The fields in which an account differs from what it was.
fn differing(before: &CustomerRow, after: &CustomerRow) -> Vec<&'static str> {
    let fields = [
        ("email", before.email != after.email),
        ("phone", before.phone != after.phone),
        ("collector", before.collector != after.collector),
        ("letter_format", before.letter_format != after.letter_format),
        ("address", before.address1 != after.address1),
    ];
    fields.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
}

pub(super) async fn leave_a_note(cmd: &mut Command, on: CustomerId, words: String) -> Outcome<()> {
    let note = NoteRow {
        id: cmd.id(),
        customer_id: on.0,
        kind: "note".into(),
        on_day: cmd.today,
        outcome: String::new(),
        words,
        pinned: true,
        next_step: String::new(),
        next_on: None,
        actor_id: cmd.by.user.0,
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    let org = cmd.by.org;
    Ok(customers::add_note(&mut cmd.tx, org, &note).await?)
}

fn party(row: &CustomerRow) -> MergeParty {
    MergeParty {
        number: row.number.clone(),
        name: row.name.clone(),
        kind: row.kind.clone(),
        address: super::fields::one_line(row),
    }
}

fn name_of(what: &str) -> &'static str {
    match what {
        "debts" => "Debts",
        "credits" => "Credits",
        "unallocated" => "Cash not allocated",
        "documents" => "Invoices and credit notes",
        "plans" => "Payment plans that run",
        "mandates" => "Direct Debit mandates",
        "holds" => "Holds in force",
        "promises" => "Promises",
        "queries" => "Open queries",
        "steps" => "Recovery steps taken on open debts",
        "flags" => "Flags in force",
        "insolvencies" => "Insolvencies",
        "person_cases" => "Cases that stop recovery",
        "representatives" => "People who act for them",
        "letters" => "Letters sent, which count as contacts",
        _ => "Addresses",
    }
}
