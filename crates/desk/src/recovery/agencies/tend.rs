//! The day's changes: payments to us, holds and recalls, told to each agency the same day (DUN-15, REC-07).
use super::place::file_name;
use super::weigh::weigh;
use super::{find_placement, look};
use crate::core::command::{Command, answer_before};
use crate::core::typed::{all_right, words_wrong};
use crate::customers::{keep_file, refuse_cards};
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use sundry_domain::calendar::Nation;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::recovery::agency_refusals::NOT_PLACED;
use sundry_domain::recovery::placement::{CONFIRM_DAYS, Standing, standing};
use sundry_domain::recovery::tracing::is_restricted;
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_formats::FormatProblem;
use sundry_formats::agency::{Change, ChangeKind, write_changes};
use sundry_store::agency::{self as store, AgencyFileRow, NoticeRow, PlacementRow};
use sundry_store::control;

/// Weighs every placement again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TendAgencies {
    /// Idempotency key.
    pub key: String,
}

/// What the agencies are told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgenciesTended {
    /// Placements looked at.
    pub placements: i64,
    /// Payments to us that they are told.
    pub payments: i64,
    /// Other changes of a balance.
    pub adjustments: i64,
    /// New addresses.
    pub addresses: i64,
    /// Told to wait.
    pub holds: i64,
    /// Told to go on.
    pub releases: i64,
    /// Called back.
    pub recalls: i64,
    /// Numbers of the files to send.
    pub files: Vec<String>,
}

/// Weighs every placement again and writes the files of changes. Asked twice, the second finds nothing to tell.
///
/// # Errors
/// Duty.
pub async fn tend_agencies(desk: &Desk, by: &Actor, ask: TendAgencies) -> Outcome<AgenciesTended> {
    if !by.holds(Duty::ReleaseRuns) && !by.holds(Duty::ReferToCourt) {
        by.must_hold(Duty::WorkCases)?;
    }
    let mut peek = desk.look().await?;
    let none = store::open_placements(&mut peek, by.org).await?.is_empty();
    drop(peek);
    if none {
        // Nothing is left to tell, perhaps since this very request called the last one home.
        return Ok(answer_before(desk, by, "tend_agencies", &ask.key).await?.unwrap_or_default());
    }
    command!(desk, by, "tend_agencies", &ask.key, &ask, |cmd| {
        let mut told = AgenciesTended::default();
        let mut notices: Vec<(PlacementRow, Vec<NoticeRow>)> = Vec::new();
        for (row, case) in weighed(cmd).await? {
            told.placements += 1;
            let (row, said) = changes(cmd, row, &case).await?;
            if !said.is_empty() {
                notices.push((row, said));
            }
        }
        write(cmd, notices, &mut told).await?;
        cmd.tell("AgenciesTended", format!("day {}", cmd.today), &told);
        Ok(told)
    })
}

/// What is known of one placement today.
struct Now {
    open: Pence,
    paid: Pence,
    standing: Standing,
    /// Where the customer moved to, where the agency may and does not know it.
    moved_to: Option<String>,
}

async fn weighed(cmd: &mut Command) -> Outcome<Vec<(PlacementRow, Now)>> {
    let (org, desk, today) = (cmd.by.org, cmd.desk.clone(), cmd.today);
    let placements = store::open_placements(&mut cmd.tx, org).await?;
    let mut items: HashMap<i64, Vec<i64>> = HashMap::new();
    for row in store::open_items(&mut cmd.tx, org).await? {
        items.entry(row.placement_id).or_default().push(row.item_id);
    }
    let money: HashMap<i64, (i64, i64)> = store::money_of_open(&mut cmd.tx, org)
        .await?
        .into_iter()
        .map(|row| (row.placement_id, (row.open_pence, row.paid_pence)))
        .collect();
    let moved: HashMap<i64, String> = store::addresses_to_tell(&mut cmd.tx, org).await?.into_iter().collect();
    let mut chosen: HashMap<i64, Vec<i64>> = HashMap::new();
    for row in &placements {
        chosen.entry(row.customer_id).or_default().extend(items.get(&row.id).into_iter().flatten());
    }
    let debts = weigh(&mut cmd.tx, &desk, org, &chosen).await?;
    let mut all = Vec::new();
    for row in placements {
        let (open, paid) = money.get(&row.id).copied().unwrap_or((0, row.told_paid_pence));
        let Some(weighed) = debts.get(&row.customer_id) else { continue };
        let mut case = weighed.case.clone();
        case.balance = Pence(open);
        let standing = standing(&case, today);
        // Nobody learns from us that somebody lives in a refuge, and who stops needs no address.
        let may = |address: &&String| !matches!(standing, Standing::Recall(_)) && !is_restricted(address);
        let moved_to = moved.get(&row.id).filter(may).cloned();
        all.push((row, Now { open: Pence(open), paid: Pence(paid), standing, moved_to }));
    }
    Ok(all)
}

/// What to tell of one placement; the placement as it stands after.
async fn changes(cmd: &mut Command, mut row: PlacementRow, now: &Now) -> Outcome<(PlacementRow, Vec<NoticeRow>)> {
    let mut said = Vec::new();
    let paid = now.paid.minus(Pence(row.told_paid_pence));
    let adjusted = now.open.minus(Pence(row.told_pence).minus(paid));
    if paid != Pence::ZERO {
        let words = if paid > Pence::ZERO { "Paid to us" } else { "A payment to us came back" };
        said.push(notice(cmd, &row, "payment", paid, ("", words.into())));
    }
    if adjusted != Pence::ZERO {
        let words = if adjusted < Pence::ZERO { "Credit" } else { "Charge, or a payment taken back" };
        said.push(notice(cmd, &row, "adjustment", adjusted, ("", words.into())));
    }
    if let Some(address) = &now.moved_to {
        said.push(notice(cmd, &row, "address", Pence::ZERO, ("", address.clone())));
    }
    match &now.standing {
        Standing::Recall(refusal) => {
            let words = words_for_agency(refusal);
            said.push(notice(cmd, &row, "recall", Pence::ZERO, (&refusal.code, words)));
            come_home(cmd, &mut row, &refusal.code, &refusal.sentence).await?;
        }
        Standing::Waits(refusal) if !row.held || row.held_code != refusal.code => {
            let words = words_for_agency(refusal);
            said.push(notice(cmd, &row, "hold", Pence::ZERO, (&refusal.code, words)));
            (row.held, row.held_code, row.held_words) = (true, refusal.code.clone(), refusal.sentence.clone());
        }
        Standing::Runs if row.held => {
            said.push(notice(cmd, &row, "release", Pence::ZERO, ("", "You may go on".into())));
            (row.held, row.held_code, row.held_words) = (false, String::new(), String::new());
        }
        Standing::Waits(_) | Standing::Runs => {}
    }
    if !said.is_empty() {
        (row.told_pence, row.told_paid_pence) = (now.open.0, now.paid.0);
        save(cmd, &mut row).await?;
    }
    Ok((row, said))
}

pub(super) async fn save(cmd: &mut Command, row: &mut PlacementRow) -> Outcome<()> {
    if !store::change_placement(&mut cmd.tx, cmd.by.org, row).await? {
        let sentence = format!("{} was changed by someone else meanwhile", row.number);
        return Err(NOT_PLACED.because(sentence).into());
    }
    row.version += 1;
    Ok(())
}

/// The debts are ours again from today; the agency has two working days to say so too.
async fn come_home(cmd: &mut Command, row: &mut PlacementRow, code: &str, words: &str) -> Outcome<()> {
    let (org, today) = (cmd.by.org, cmd.today);
    let site = control::organisation(&mut cmd.tx, org).await?;
    let nation = site.and_then(|site| Nation::parse(&site.nation)).unwrap_or(Nation::EnglandAndWales);
    row.state = "recalled".into();
    row.held = false;
    row.recalled_on = Some(today);
    (row.recall_code, row.recall_words) = (code.to_owned(), words.to_owned());
    row.confirm_by = Some(cmd.desk.book().calendar(nation).add(today, CONFIRM_DAYS)?);
    store::free_items(&mut cmd.tx, org, row.id).await?;
    let told = serde_json::json!({ "placement": row.number, "code": code, "words": words });
    cmd.tell("PlacementRecalled", format!("placement {}", row.number), told);
    Ok(())
}

fn notice(cmd: &Command, row: &PlacementRow, kind: &str, amount: Pence, (code, words): (&str, String)) -> NoticeRow {
    NoticeRow {
        id: cmd.id(),
        placement_id: row.id,
        kind: kind.into(),
        amount_pence: amount.0,
        on_day: cmd.today,
        code: code.into(),
        words,
        file_id: None,
        recorded_at: cmd.at,
    }
}

/// What the agency reads: that it must stop, and of a person's circumstances no more than it has to know.
fn words_for_agency(refusal: &Refusal) -> String {
    let words = match refusal.code.as_str() {
        "BS-03-BREATHING-SPACE" | "REC-04-HOLD-BREATHING-SPACE" => "Breathing space: no contact from today",
        "BS-06-DECEASED" | "REC-04-HOLD-DECEASED" => "Do not write or call: we write to the representatives",
        "BS-05-INSOLVENT" | "REC-04-HOLD-INSOLVENCY" => "Insolvency: no contact from today",
        "REC-04-HOLD-DISPUTE" => "Disputed",
        "REC-04-HOLD-COMPLAINT" => "Complaint",
        "REC-07-PAID" => "Paid in full",
        "REC-04-HOLD-PLAN" | "REC-04-HOLD-PROMISE" => "Arrangement with us",
        "REC-X7-CASH" => "Money from this person is being posted",
        "REC-04-HOLD-CREDIT" => "A credit is being posted",
        _ => "Our decision",
    };
    words.to_owned()
}

/// What we wrote ourselves is wrong: ours to mend.
fn cannot_be_written(problems: Vec<FormatProblem>) -> Fault {
    let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Fault::new(format!("the file of changes cannot be written: {}", all.join("; ")))
}

/// Writes one file an agency, and counts.
async fn write(
    cmd: &mut Command,
    notices: Vec<(PlacementRow, Vec<NoticeRow>)>,
    told: &mut AgenciesTended,
) -> Outcome<()> {
    let (org, at, today) = (cmd.by.org, cmd.at, cmd.today);
    let mut by_agency: BTreeMap<i64, Vec<(PlacementRow, Vec<NoticeRow>)>> = BTreeMap::new();
    for one in notices {
        by_agency.entry(one.0.agency_id).or_default().push(one);
    }
    for agency in store::agencies(&mut cmd.tx, org).await? {
        let Some(all) = by_agency.remove(&agency.id) else { continue };
        let mut changes = Vec::new();
        for (row, said) in &all {
            for one in said {
                let (kind, count) = match one.kind.as_str() {
                    "payment" => (ChangeKind::Payment, &mut told.payments),
                    "adjustment" => (ChangeKind::Adjustment, &mut told.adjustments),
                    "hold" => (ChangeKind::Hold, &mut told.holds),
                    "release" => (ChangeKind::Release, &mut told.releases),
                    "address" => (ChangeKind::Address, &mut told.addresses),
                    _ => (ChangeKind::Recall, &mut told.recalls),
                };
                *count += 1;
                let of_money = matches!(kind, ChangeKind::Payment | ChangeKind::Adjustment);
                changes.push(Change {
                    account_number: row.number.clone(),
                    kind,
                    amount: of_money.then_some(one.amount_pence),
                    on: one.on_day,
                    reason: one.words.clone(),
                });
            }
        }
        let name = format!("{}.csv", file_name(cmd, &agency, "update").await?);
        let written = write_changes(&changes, today).map_err(cannot_be_written)?;
        let file_sha256 = keep_file(cmd, &name, &written.bytes).await?;
        let file = AgencyFileRow {
            id: cmd.id(),
            number: format!("AGF-{:06}", cmd.next_number("AGF").await?),
            agency_id: agency.id,
            kind: "update".into(),
            name,
            file_sha256,
            control_name: String::new(),
            control_sha256: String::new(),
            rows_count: written.rows as i64,
            total_pence: written.sum,
            dated_on: today,
            actor_name: cmd.by.name.clone(),
            recorded_at: at,
        };
        store::add_file(&mut cmd.tx, org, &file).await?;
        let rows: Vec<NoticeRow> =
            all.into_iter().flat_map(|(_, said)| said).map(|one| NoticeRow { file_id: Some(file.id), ..one }).collect();
        store::add_notices(&mut cmd.tx, org, &rows).await?;
        let detail = serde_json::json!({ "agency": agency.code, "name": file.name, "rows": file.rows_count, "sha256": file.file_sha256 });
        cmd.tell("AgencyTold", format!("agency file {}", file.number), detail);
        told.files.push(file.number);
    }
    Ok(())
}

/// Calls a placement back by a person's decision.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecallPlacement {
    /// Idempotency key.
    pub key: String,
    /// Number of the placement.
    pub placement: String,
    /// Why.
    pub words: String,
}

/// A placement that was called back, or whose recall is confirmed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Recalled {
    /// Number of the placement.
    pub placement: String,
    /// The file that tells the agency.
    pub file: String,
    /// The last day for them to confirm.
    pub confirm_by: Option<NaiveDate>,
}

/// Calls a placement back today.
///
/// # Errors
/// Duty; fields; absent; `REC-07-NOT-PLACED`.
pub async fn recall_placement(desk: &Desk, by: &Actor, ask: RecallPlacement) -> Outcome<Recalled> {
    if !by.holds(Duty::ReferToCourt) {
        by.must_hold(Duty::WorkCases)?;
    }
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Say why it is called back, in up to 500 characters", &ask.words).into());
    }
    all_right(words_wrong(&[("words", &ask.words)], 500))?;
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "recall_placement", &ask.key, &ask, |cmd| {
        let mut row = find_placement(&mut cmd.tx, cmd.by.org, &ask.placement).await?;
        look::must_be_open(&row)?;
        let said = vec![notice(cmd, &row, "recall", Pence::ZERO, ("", "Our decision".into()))];
        come_home(cmd, &mut row, "REC-07-DECISION", ask.words.trim()).await?;
        save(cmd, &mut row).await?;
        let mut told = AgenciesTended::default();
        let answer = (row.number.clone(), row.confirm_by);
        write(cmd, vec![(row, said)], &mut told).await?;
        let file = told.files.pop().unwrap_or_default();
        Ok(Recalled { placement: answer.0, file, confirm_by: answer.1 })
    })
}
