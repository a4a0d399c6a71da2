//! What an agency answers: which debts it takes, which it closes and why; its stock compared with ours.
use super::find;
use super::tend::save;
use crate::core::command::Command;
use crate::core::typed::{all_right, kept, lines_wrong};
use crate::customers::{keep_file, refuse_cards_in_file};
use crate::plans::hold_for;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::agency_refusals::AGENCY_FILE;
use sundry_domain::recovery::placement::closure_of;
use sundry_domain::refusal::Invalid;
use sundry_formats::FormatProblem;
use sundry_formats::agency::{
    AgencyProfile, StockDifference as Differs, compare_stock, read_acknowledgements, read_closures, read_stock,
};
use sundry_store::Tx;
use sundry_store::agency::{self as store, AgencyFileRow, AgencyRow, PlacementRow};
use sundry_store::customers::{NoteRow, add_note};

/// A file of an agency.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeAgencyFile {
    /// Idempotency key.
    pub key: String,
    /// The agency's code.
    pub agency: String,
    /// Name of the file.
    pub file_name: String,
    /// Its bytes.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// What is hashed of a request with a file.
#[derive(Serialize)]
pub(super) struct FileAsked<'a> {
    pub(super) agency: &'a str,
    pub(super) file_name: &'a str,
    pub(super) sha256: String,
}

impl TakeAgencyFile {
    pub(super) fn asked(&self) -> FileAsked<'_> {
        let sha256 = crate::core::vault::sha256_hex(&self.bytes);
        FileAsked { agency: &self.agency, file_name: &self.file_name, sha256 }
    }
}

/// Everything wrong with a file, row by row.
pub(crate) fn not_understood(problems: Vec<FormatProblem>) -> Vec<Invalid> {
    let one = |problem: FormatProblem| {
        let row = problem.at.strip_prefix("line ").and_then(|line| line.parse().ok());
        Invalid { row, field: "file".into(), message: problem.message, typed: problem.code }
    };
    problems.into_iter().map(one).collect()
}

/// What became of an acknowledgement.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswersTaken {
    /// Number of the file.
    pub file: String,
    /// Now with the agency.
    pub accepted: i64,
    /// Ours again.
    pub rejected: i64,
    /// Rows that were held, with why.
    pub held: Vec<String>,
}

/// Before a file is read: an agency that is there, a name that can be kept, no card in it.
pub(super) async fn may_take(desk: &Desk, by: &Actor, ask: &TakeAgencyFile) -> Outcome<()> {
    by.must_hold(Duty::WorkCases)?;
    find(&mut desk.look().await?, by.org, &ask.agency).await?;
    all_right(lines_wrong(&[("file_name", &ask.file_name)], 255))?;
    refuse_cards_in_file(&ask.bytes)
}

pub(super) async fn refuse_again(tx: &mut Tx, org: OrgId, sha256: &str) -> Outcome<()> {
    match store::file_with(tx, org, sha256).await? {
        Some(file) => Err(AGENCY_FILE.because(format!("This file was taken in before, as {}", file.number)).into()),
        None => Ok(()),
    }
}

pub(super) async fn note_file(
    cmd: &mut Command,
    agency: &AgencyRow,
    (kind, name, bytes): (&str, &str, &[u8]),
    rows: usize,
) -> Outcome<String> {
    let file_sha256 = keep_file(cmd, name, bytes).await?;
    let row = AgencyFileRow {
        id: cmd.id(),
        number: format!("AGF-{:06}", cmd.next_number("AGF").await?),
        agency_id: agency.id,
        kind: kind.into(),
        name: name.into(),
        file_sha256,
        control_name: String::new(),
        control_sha256: String::new(),
        rows_count: rows as i64,
        total_pence: 0,
        dated_on: cmd.today,
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    store::add_file(&mut cmd.tx, cmd.by.org, &row).await?;
    Ok(row.number)
}

/// The placement a row names, if it is one of this agency's.
pub(super) async fn named(cmd: &mut Command, agency: &AgencyRow, number: &str) -> Outcome<Option<PlacementRow>> {
    let row = store::placement(&mut cmd.tx, cmd.by.org, number).await?;
    Ok(row.filter(|row| row.agency_id == agency.id))
}

/// Takes in an acknowledgement: a debt is with the agency only from its yes.
///
/// # Errors
/// Duty; absent; a file that is not understood; `REC-07-FILE` for one that came before.
pub async fn take_answers(desk: &Desk, by: &Actor, ask: TakeAgencyFile) -> Outcome<AnswersTaken> {
    may_take(desk, by, &ask).await?;
    let rows = read_acknowledgements(&ask.bytes, &AgencyProfile::default()).map_err(not_understood)?;
    command!(desk, by, "take_agency_answers", &ask.key, &ask.asked(), |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let agency = find(&mut cmd.tx, org, &ask.agency).await?;
        refuse_again(&mut cmd.tx, org, &ask.asked().sha256).await?;
        let (mut accepted, mut rejected, mut held) = (0, 0, Vec::new());
        for row in &rows {
            let Some(mut placement) = named(cmd, &agency, &row.account_number).await? else {
                held.push(format!("Line {}: {} is not placed with this agency", row.line, row.account_number));
                continue;
            };
            if placement.state != "sent" {
                let state = placement.state.replace('_', " ");
                held.push(format!(
                    "Line {}: {} is {state}, so it is not waiting for an answer",
                    row.line, placement.number
                ));
                continue;
            }
            placement.answered_on = Some(today);
            placement.agency_ref = kept(&row.agency_ref, 40);
            if row.accepted {
                placement.state = "with_agency".into();
                accepted += 1;
            } else {
                placement.state = "rejected".into();
                placement.closed_on = Some(today);
                placement.close_words = kept(&row.reason, 200);
                store::free_items(&mut cmd.tx, org, placement.id).await?;
                rejected += 1;
            }
            save(cmd, &mut placement).await?;
            let told = serde_json::json!({ "state": placement.state, "reference": placement.agency_ref });
            cmd.tell("PlacementAnswered", format!("placement {}", placement.number), told);
        }
        let file = note_file(cmd, &agency, ("answer", &ask.file_name, &ask.bytes), rows.len()).await?;
        let answer = AnswersTaken { file, accepted, rejected, held };
        cmd.tell("AgencyAnswersTaken", format!("agency file {}", answer.file), &answer);
        Ok(answer)
    })
}

/// What became of closures.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClosuresTaken {
    /// Number of the file.
    pub file: String,
    /// Ours again.
    pub closed: i64,
    /// Accounts that are held until a person has looked.
    pub held_accounts: i64,
    /// Rows that were held, with why: their debts stay placed.
    pub held: Vec<String>,
}

/// Takes in closures: what ends comes home, what the law stops is held the same day, what is not known stays placed.
///
/// # Errors
/// As [`take_answers`].
pub async fn take_closures(desk: &Desk, by: &Actor, ask: TakeAgencyFile) -> Outcome<ClosuresTaken> {
    may_take(desk, by, &ask).await?;
    let rows = read_closures(&ask.bytes, &AgencyProfile::default()).map_err(not_understood)?;
    command!(desk, by, "take_agency_closures", &ask.key, &ask.asked(), |cmd| {
        let org = cmd.by.org;
        let agency = find(&mut cmd.tx, org, &ask.agency).await?;
        refuse_again(&mut cmd.tx, org, &ask.asked().sha256).await?;
        let (mut closed, mut held_accounts, mut held) = (0, 0, Vec::new());
        let mut seen = BTreeSet::new();
        for row in &rows {
            let place = format!("Line {}: {}", row.line, row.account_number);
            if !seen.insert(&row.account_number) {
                held.push(format!("{place} stands in the file before: its first line counts"));
                continue;
            }
            let Some(placement) = named(cmd, &agency, &row.account_number).await? else {
                held.push(format!("{place} is not placed with this agency"));
                continue;
            };
            let Some(closure) = closure_of(&row.code) else {
                let code = kept(&row.code, 40);
                held.push(format!("{place} is closed as “{code}”, which is not known: it stays placed"));
                continue;
            };
            let over = !matches!(placement.state.as_str(), "sent" | "with_agency");
            if over && placement.state != "recalled" {
                held.push(format!("{place} is {} already", placement.state.replace('_', " ")));
                continue;
            }
            let note = kept(&row.note, 1_000);
            let words = format!("{}: {note}", closure.name);
            if let Some(reason) = closure.hold {
                let said = format!("{} says: {words}", agency.name);
                hold_for(cmd, (placement.customer_id, None), reason.as_str(), &said).await?;
                held_accounts += 1;
            }
            next_step(cmd, &placement, &format!("{} closed {}: {words}", agency.name, placement.number), closure.next)
                .await?;
            if end(cmd, placement, (closure.code, &note), closure.ends()).await? {
                closed += 1;
            }
        }
        let file = note_file(cmd, &agency, ("answer", &ask.file_name, &ask.bytes), rows.len()).await?;
        let answer = ClosuresTaken { file, closed, held_accounts, held };
        cmd.tell("AgencyClosuresTaken", format!("agency file {}", answer.file), &answer);
        Ok(answer)
    })
}

async fn end(cmd: &mut Command, mut row: PlacementRow, (code, note): (&str, &str), ends: bool) -> Outcome<bool> {
    let ends = ends || row.state == "recalled";
    (row.close_code, row.close_words) = (code.to_owned(), note.chars().take(200).collect());
    if ends {
        row.state = if row.state == "recalled" { "returned".into() } else { "closed".into() };
        row.closed_on = Some(cmd.today);
        store::free_items(&mut cmd.tx, cmd.by.org, row.id).await?;
    }
    save(cmd, &mut row).await?;
    cmd.tell("PlacementClosed", format!("placement {}", row.number), serde_json::json!({ "code": code, "ends": ends }));
    Ok(ends)
}

async fn next_step(cmd: &mut Command, row: &PlacementRow, words: &str, next: &str) -> Outcome<()> {
    let note = NoteRow {
        id: cmd.id(),
        customer_id: row.customer_id,
        kind: "note".into(),
        on_day: cmd.today,
        outcome: String::new(),
        words: words.to_owned(),
        pinned: false,
        next_step: next.to_owned(),
        next_on: Some(cmd.today),
        actor_id: cmd.by.user.0,
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    Ok(add_note(&mut cmd.tx, cmd.by.org, &note).await?)
}

/// A debt on which the two lists do not agree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StockDifference {
    /// Number of the placement.
    pub placement: String,
    /// missing_there, missing_here or differs.
    pub what: String,
    /// The balance as we have it; none where we have it not.
    pub ours_pence: Option<i64>,
    /// The balance as they have it.
    pub theirs_pence: Option<i64>,
}

fn shown(found: Differs, ours: &BTreeMap<String, i64>, theirs: &HashMap<&str, i64>) -> StockDifference {
    let (placement, what) = match found {
        Differs::MissingThere(number) => (number, "missing_there"),
        Differs::MissingHere(number) => (number, "missing_here"),
        Differs::Balance { account_number, .. } => (account_number, "differs"),
    };
    let (ours_pence, theirs_pence) = (ours.get(&placement).copied(), theirs.get(placement.as_str()).copied());
    StockDifference { placement, what: what.into(), ours_pence, theirs_pence }
}

/// Two lists compared.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StockReconciled {
    /// Number of the file.
    pub file: String,
    /// On both lists, to the penny.
    pub agreed: i64,
    /// What we have placed.
    pub ours_pence: i64,
    /// What they say they hold.
    pub theirs_pence: i64,
    /// Where they differ.
    pub differences: Vec<StockDifference>,
    /// As at.
    pub as_at: NaiveDate,
}

/// Compares what is placed with an agency with what it thinks it holds (GL-03 line 6).
///
/// # Errors
/// As [`take_answers`].
pub async fn reconcile_stock(desk: &Desk, by: &Actor, ask: TakeAgencyFile) -> Outcome<StockReconciled> {
    may_take(desk, by, &ask).await?;
    let rows = read_stock(&ask.bytes, &AgencyProfile::default()).map_err(not_understood)?;
    command!(desk, by, "reconcile_agency_stock", &ask.key, &ask.asked(), |cmd| {
        let org = cmd.by.org;
        let agency = find(&mut cmd.tx, org, &ask.agency).await?;
        let money: HashMap<i64, i64> = store::money_of_open(&mut cmd.tx, org)
            .await?
            .into_iter()
            .map(|row| (row.placement_id, row.open_pence))
            .collect();
        let mut ours: BTreeMap<String, i64> = BTreeMap::new();
        for row in store::open_placements(&mut cmd.tx, org).await? {
            if row.agency_id == agency.id && row.state == "with_agency" {
                ours.insert(row.number, money.get(&row.id).copied().unwrap_or(0));
            }
        }
        let ours_pence = ours.values().sum();
        let theirs_pence = rows.iter().map(|row| row.balance).sum();
        let theirs: HashMap<&str, i64> = rows.iter().map(|row| (row.account_number.as_str(), row.balance)).collect();
        let found = compare_stock(&ours, &rows);
        let mut differences: Vec<StockDifference> = found.into_iter().map(|one| shown(one, &ours, &theirs)).collect();
        differences.sort_by(|a, b| a.placement.cmp(&b.placement));
        let agreed = ours.iter().filter(|(number, open)| theirs.get(number.as_str()) == Some(*open)).count() as i64;
        let file = note_file(cmd, &agency, ("stock", &ask.file_name, &ask.bytes), rows.len()).await?;
        let as_at = cmd.today;
        let answer = StockReconciled { file, agreed, ours_pence, theirs_pence, differences, as_at };
        let told = serde_json::json!({ "agreed": agreed, "differ": answer.differences.len(), "ours": Pence(ours_pence).pounds() });
        cmd.tell("AgencyStockCompared", format!("agency file {}", answer.file), told);
        Ok(answer)
    })
}
