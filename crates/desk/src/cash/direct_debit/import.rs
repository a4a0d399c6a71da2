//! Taking in what Bacs reports: each item once, whatever file it comes in, and before the next file is built.
use super::apply::apply;
use super::common::site;
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::{Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::direct_debit::refusals::{OTHER_SUN, REPORT};
use sundry_domain::control::{Duty, refuse_card_number};
use sundry_domain::refusal::Invalid;
use sundry_formats::bacs::reports::{self, Report, ReportKind};
use sundry_store::collections::{self, ReportItemRow, ReportRow};
use sundry_store::control::{self, KeptFileRow};

/// Takes a report in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImportBacsReport {
    /// Idempotency key.
    pub key: String,
    /// Name of the file.
    pub file_name: String,
    /// Its bytes: XML, or a ZIP of them.
    pub bytes: Vec<u8>,
}

/// One report that was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportTaken {
    /// Id, for its page.
    pub report: i64,
    /// arudd, addacs and so on.
    pub kind: String,
    /// The day it is of.
    pub report_on: Option<NaiveDate>,
    /// Items.
    pub items: i64,
    /// Applied.
    pub applied: i64,
    /// Waiting for a person.
    pub held: i64,
    /// Seen before.
    pub known: i64,
    /// What is odd.
    pub problems: Vec<String>,
}

/// What was taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportsTaken {
    /// Hash of the file.
    pub file_sha256: String,
    /// These bytes were here before: nothing was done.
    pub seen_before: bool,
    /// Its reports.
    pub reports: Vec<ReportTaken>,
}

/// Takes in a file of reports. A report that does not prove, or of another service user, changes nothing.
///
/// # Errors
/// Duty; every problem of a file that cannot be trusted; `DD-09-OTHER-SUN`; `DD-01-NO-SERVICE-USER`.
pub async fn import_bacs_report(desk: &Desk, by: &Actor, ask: ImportBacsReport) -> Outcome<ReportsTaken> {
    by.must_hold(Duty::ImportFiles)?;
    let sha256 = sha256_hex(&ask.bytes);
    let found = reports::read(&ask.bytes);
    let wrong: Vec<Invalid> = found
        .iter()
        .flat_map(|report| &report.errors)
        .map(|problem| Invalid::field(&problem.code, &problem.message, &problem.at))
        .collect();
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let asked = (&ask.file_name, &sha256);
    command!(desk, by, "import_bacs_report", &ask.key, &asked, |cmd| {
        let org = cmd.by.org;
        let before = collections::reports_of_file(&mut cmd.tx, org, &sha256).await?;
        if !before.is_empty() {
            cmd.tell("BacsReportSeenAgain", format!("file {sha256}"), &ask.file_name);
            let reports = before.iter().map(taken).collect();
            return Ok(ReportsTaken { file_sha256: sha256.clone(), seen_before: true, reports });
        }
        ours(cmd, &found).await?;
        cmd.desk.files().put(org.0, &ask.bytes)?;
        let zip = ask.bytes.starts_with(b"PK");
        let kept = KeptFileRow {
            sha256: sha256.clone(),
            name: ask.file_name.clone(),
            media_type: if zip { "application/zip" } else { "application/xml" }.into(),
            size_bytes: ask.bytes.len() as i64,
        };
        control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
        let mut reports = Vec::new();
        for (place, report) in (0..).zip(&found) {
            reports.push(take(cmd, report, (&sha256, place), &ask.file_name).await?);
        }
        let answer = ReportsTaken { file_sha256: sha256.clone(), seen_before: false, reports };
        cmd.tell("BacsReportImported", format!("file {sha256}"), &answer);
        Ok(answer)
    })
}

fn taken(row: &ReportRow) -> ReportTaken {
    ReportTaken {
        report: row.id,
        kind: row.kind.clone(),
        report_on: row.report_on,
        items: row.items_count,
        applied: row.applied_count,
        held: row.held_count,
        known: row.known_count,
        problems: Some(row.reason.clone()).filter(|r| !r.is_empty()).into_iter().collect(),
    }
}

/// Every report must be of our service user.
async fn ours(cmd: &mut Command, found: &[Report]) -> Outcome<()> {
    let site = site(&mut cmd.tx, cmd.by.org).await?;
    for report in found {
        if report.kind == ReportKind::Unknown || report.suns.is_empty() {
            return Err(REPORT.because("The report names no service user").into());
        }
        if report.suns.iter().any(|sun| *sun != site.row.sun) {
            return Err(OTHER_SUN.because("The report is of another service user").into());
        }
    }
    Ok(())
}

/// Takes one report in: items seen before are passed over, the others are applied in their order.
async fn take(cmd: &mut Command, report: &Report, file: (&str, i64), file_name: &str) -> Outcome<ReportTaken> {
    let org = cmd.by.org;
    let mut row = ReportRow {
        id: cmd.id(),
        file_sha256: file.0.to_owned(),
        place: file.1,
        file_name: file_name.to_owned(),
        kind: report.kind.as_str().into(),
        sun: report.suns.first().cloned().unwrap_or_default(),
        report_on: report.report_on,
        serial: report.serial.clone().unwrap_or_default(),
        items_count: report.items.len() as i64,
        applied_count: 0,
        held_count: 0,
        known_count: 0,
        state: "applied".into(),
        reason: String::new(),
        imported_by: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    let problems: Vec<String> = report.held.iter().map(ToString::to_string).collect();
    if !report.live {
        (row.state, row.reason) = ("test".into(), "Marked as a test: nothing was changed".into());
        collections::add_report(&mut cmd.tx, org, &row).await?;
        return Ok(taken(&row));
    }
    let mut items = Vec::new();
    for (place, item) in (0..).zip(&report.items) {
        if collections::report_item(&mut cmd.tx, org, &item.key).await?.is_some() {
            row.known_count += 1;
            continue;
        }
        let applied = apply(cmd, report, item).await?;
        *(if applied.held { &mut row.held_count } else { &mut row.applied_count }) += 1;
        items.push(ReportItemRow {
            key: item.key.clone(),
            report_id: row.id,
            place,
            kind: item.kind.as_str().into(),
            reference: item.reference.clone(),
            reason: item.reason.clone(),
            words: item.reason_words.clone(),
            amount_pence: item.amount_pence,
            original_on: item.original_on,
            state: if applied.held { "held" } else { "applied" }.into(),
            outcome: applied.outcome,
            mandate_id: applied.mandate,
            collection_id: applied.collection,
            recorded_at: cmd.at,
        });
    }
    row.reason = problems.join("; ");
    if report.kind == ReportKind::Input {
        row.reason.push_str(&acknowledge(cmd, report).await?);
    }
    if row.held_count > 0 || !row.reason.is_empty() {
        row.state = "held".into();
    }
    collections::add_report(&mut cmd.tx, org, &row).await?;
    collections::add_report_items(&mut cmd.tx, org, items).await?;
    Ok(ReportTaken {
        problems: Some(row.reason.clone()).filter(|r| !r.is_empty()).into_iter().collect(),
        ..taken(&row)
    })
}

/// The input report of a run: acknowledged when its totals are ours. Gives what is odd.
async fn acknowledge(cmd: &mut Command, report: &Report) -> Outcome<String> {
    let org = cmd.by.org;
    let serial = report.serial.clone().unwrap_or_default();
    let Some(mut run) = collections::run_of_serial(&mut cmd.tx, org, &serial).await? else {
        return Ok(format!("No run has the serial {serial}"));
    };
    let ours = (run.collections_count, run.collections_pence);
    let Some(totals) = report.accepted else { return Ok(format!("No totals are given for {}", run.number)) };
    let theirs = (
        i64::from(totals.debits.0 + totals.rejected_debits.0),
        totals.debits.1.saturating_add(totals.rejected_debits.1),
    );
    if theirs != ours {
        return Ok(format!(
            "{} has {} of {} pence; the bank counts {} of {}",
            run.number, ours.0, ours.1, theirs.0, theirs.1
        ));
    }
    if matches!(run.state.as_str(), "written" | "sent") {
        (run.state, run.acknowledged_on) = ("acknowledged".into(), Some(cmd.today));
        run.sent_on = run.sent_on.or(Some(cmd.today));
        collections::change_run(&mut cmd.tx, org, &run).await?;
        cmd.tell("CollectionRunAcknowledged", format!("collection run {}", run.number), totals.debits);
    }
    Ok(String::new())
}

/// A person has dealt with a held item.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SettleReportItem {
    /// Idempotency key.
    pub key: String,
    /// Key of the item.
    pub item: String,
    /// What was done.
    pub words: String,
}

/// It is settled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ItemSettled {
    /// Key of the item.
    pub item: String,
}

/// Settles a held item: a person says what was done about it.
///
/// # Errors
/// Duty; no words; absent; one that is not held.
pub async fn settle_report_item(desk: &Desk, by: &Actor, ask: SettleReportItem) -> Outcome<ItemSettled> {
    by.must_hold(Duty::PostCash)?;
    refuse_card_number("words", &ask.words)?;
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Enter what was done about it", &ask.words).into());
    }
    command!(desk, by, "settle_report_item", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let row = collections::report_item(&mut cmd.tx, org, &ask.item).await?;
        let row = row.ok_or_else(|| No::Absent("item of a report".into()))?;
        if !collections::settle_item(&mut cmd.tx, org, &ask.item, ask.words.trim()).await? {
            return Err(sundry_domain::cash::direct_debit::refusals::RUN_STATE
                .because("This item does not wait")
                .into());
        }
        collections::count_settled(&mut cmd.tx, org, row.report_id).await?;
        cmd.tell("BacsReportItemSettled", format!("report {}", row.report_id), &ask);
        Ok(ItemSettled { item: ask.item.clone() })
    })
}
