//! The Standard 18 file of a run: made once when it is asked for, to prove that it can be, and once when it is released.
use super::common::{Site, mandate_of, of_instruction, of_mandate, of_service_user, unseal};
use crate::{Desk, Outcome};
use chrono::{Days, NaiveDate};
use std::collections::HashMap;
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_formats::FormatProblem;
use sundry_formats::bacs::standard18::{Code, Origin, Record, Submission, Written, write};
use sundry_formats::bacs::words;
use sundry_store::Tx;
use sundry_store::collections::{self, CollectionRow, RunRow};
use sundry_store::mandates::{self, InstructionRow, MandateRow};

/// Everything of a run that goes into its file.
pub(super) struct Contents {
    pub collections: Vec<CollectionRow>,
    pub instructions: Vec<InstructionRow>,
    pub mandates: HashMap<i64, MandateRow>,
}

/// Reads what is in a run.
pub(super) async fn contents(tx: &mut Tx, org: OrgId, run: i64) -> Outcome<Contents> {
    let rows = collections::collections_of_run(tx, org, run, 0, i64::from(i32::MAX)).await?;
    let instructions = mandates::instructions_of_run(tx, org, run).await?;
    let all = mandates::mandates_of_run(tx, org, run).await?;
    Ok(Contents { collections: rows, instructions, mandates: all.into_iter().map(|row| (row.id, row)).collect() })
}

/// The file of a run.
///
/// # Errors
/// Every field that does not fit, with the mandate it belongs to.
pub(super) fn build(
    desk: &Desk,
    org: OrgId,
    site: &Site,
    run: &RunRow,
    of: &Contents,
    made_on: NaiveDate,
) -> Outcome<Written> {
    let vault = desk.vault();
    let ours = unseal(vault, org, &of_service_user(&site.row.sun), &site.row.sealed)?;
    let mut records = Vec::with_capacity(of.collections.len() + of.instructions.len());
    for row in &of.collections {
        let Some(mandate) = of.mandates.get(&row.mandate_id) else { continue };
        let details = unseal(vault, org, &of_mandate(mandate.id), &mandate.sealed)?;
        let code = Code::parse(&row.code).unwrap_or(Code::Regular);
        records.push(record(code, &details, mandate, row.amount_pence, run.process_on));
    }
    for row in &of.instructions {
        let Some(mandate) = of.mandates.get(&row.mandate_id) else { continue };
        let details = unseal(vault, org, &of_instruction(row.id), &row.sealed)?;
        let code = Code::parse(&row.code).unwrap_or(Code::New);
        records.push(record(code, &details, mandate, 0, run.process_on));
    }
    let submission = Submission {
        serial: run.serial.clone(),
        sun: site.row.sun.clone(),
        created_on: made_on,
        expires_on: run.entry_on.checked_add_days(Days::new(1)).unwrap_or(run.entry_on),
        multi_day: false,
        origin: Origin {
            sort_code: ours.sort_code,
            account: ours.account,
            name: words::fit(&site.row.account_name, 18),
            narrative: words::fit(&site.row.name, 18),
        },
        records,
        contra: site.agreed.contra,
        line_end: site.agreed.line_end,
    };
    Ok(write(&submission).map_err(|problems| wrong(&submission, problems))?)
}

fn record(
    code: Code,
    details: &super::common::Details,
    mandate: &MandateRow,
    amount_pence: i64,
    process_on: NaiveDate,
) -> Record {
    Record {
        code,
        sort_code: details.sort_code.clone(),
        account: details.account.clone(),
        name: words::fit(&mandate.payer_name, 18),
        reference: mandate.reference.clone(),
        amount_pence,
        process_on,
    }
}

/// What does not fit, named by the mandate's reference rather than by its place in the file.
fn wrong(submission: &Submission, problems: Vec<FormatProblem>) -> Vec<Invalid> {
    let named = |at: &str| -> String {
        let place = at.strip_prefix("record ").and_then(|n| n.parse::<usize>().ok());
        let found = place.and_then(|n| submission.records.get(n.saturating_sub(1)));
        found.map_or_else(|| at.to_owned(), |record| record.reference.clone())
    };
    problems.into_iter().map(|p| Invalid::field(&p.code, &p.message, named(&p.at))).collect()
}

/// The mandate of an instruction or a collection, when it is needed one at a time.
pub(super) async fn mandate_in(tx: &mut Tx, org: OrgId, of: &Contents, id: i64) -> Outcome<MandateRow> {
    match of.mandates.get(&id) {
        Some(row) => Ok(row.clone()),
        None => mandate_of(tx, org, id).await,
    }
}
