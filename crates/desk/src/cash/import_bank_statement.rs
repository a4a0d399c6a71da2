//! Taking in a bank statement: twice is once, whole or not at all.
use super::bank_file::{Plan, plan};
use super::bank_files::{self, Arrival};
use super::csv_profiles::own_profiles;
use super::payment_layouts::own_layouts;
use super::takings::expect_credit;
use crate::core::actor::Actor;
use crate::core::clock::uk_day;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::{Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::statements::must_say_why;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_formats::bank_statement::{BankStatementFile, Layout, PAYMENT_FILE, Profile, read_by_layout, read_with};
use sundry_store::{Tx, bank_files as store, cash};

/// A bank statement file to take in.
#[derive(Clone, Debug, Default)]
pub struct ImportBankStatement {
    /// Idempotency key.
    pub key: String,
    /// Name of the file.
    pub file_name: String,
    /// The file as it arrived.
    pub bytes: Vec<u8>,
    /// `camt`, `mt940`, `csv:neutral` …; without it the bytes decide.
    pub format: Option<String>,
    /// Name of the bank account, where the file does not say.
    pub bank_account: Option<String>,
    /// A person takes it although it does not follow the last one, or may be a correction.
    pub accept_gap: bool,
    /// Why they do.
    pub reason: String,
    /// The place it was fetched from; empty when somebody handed it in.
    pub source: String,
    /// Look only.
    pub dry_run: bool,
}

/// What makes two requests the same.
#[derive(Serialize)]
struct Asked<'a> {
    file_name: &'a str,
    sha256: &'a str,
    format: &'a Option<String>,
    bank_account: &'a Option<String>,
    accept_gap: bool,
    reason: &'a str,
}

/// A statement of the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StatementTaken {
    /// Name of our account.
    pub bank_account: String,
    /// The bank's number of the statement.
    pub number: String,
    /// First day.
    pub from_on: Option<NaiveDate>,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// Opening balance.
    pub opening_pence: Option<i64>,
    /// Closing balance.
    pub closing_pence: Option<i64>,
    /// Lines that are new.
    pub lines_new: i64,
    /// Lines that came before.
    pub lines_seen: i64,
    /// Money in, of the new lines.
    pub credits_pence: i64,
    /// Money out, of the new lines.
    pub debits_pence: i64,
}

/// What was taken in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StatementsTaken {
    /// Name of the file.
    pub file_name: String,
    /// Its hash.
    pub file_sha256: String,
    /// Its format.
    pub format: String,
    /// The day these bytes were imported before, if they were.
    pub already_on: Option<NaiveDate>,
    /// One sentence for a person.
    pub message: String,
    /// Its statements.
    pub statements: Vec<StatementTaken>,
    /// Lines that are new.
    pub lines_new: i64,
    /// Lines that came before.
    pub lines_seen: i64,
    /// Money in, of the new lines.
    pub credits_pence: i64,
    /// Money out, of the new lines.
    pub debits_pence: i64,
    /// What is odd but does not stop it.
    pub problems: Vec<String>,
}

/// Takes in a bank statement file; each line once, however often and in whatever order it comes.
///
/// The bytes are kept as they arrived, also when they are refused: with who brought them, when, by which door, and why not.
///
/// # Errors
/// Every problem of a file that cannot be trusted, as [`Invalid`]; `CSH-GAP`, `CSH-NUMBER-GAP`, `CSH-CORRECTION`,
/// `CSH-ACCOUNT`, `CSH-CURRENCY`, `CSH-NOT-BOOKED`, `CSH-NOT-A-STATEMENT`, `CSH-FAR-AHEAD`; `CSH-TAKINGS-OLD` and
/// `CSH-TAKINGS-BACK` for the payment file of a collection agent; `OPS-KEY-REUSED` for a key that brought in another file.
pub async fn import_bank_statement(desk: &Desk, by: &Actor, ask: ImportBankStatement) -> Outcome<StatementsTaken> {
    by.must_hold(Duty::ImportFiles)?;
    if ask.accept_gap {
        by.must_hold(Duty::PostCash)?;
    }
    must_say_why(ask.accept_gap, &ask.reason)?;
    let answer = import(desk, by, &ask).await;
    match &answer {
        Err(no) if !ask.dry_run => bank_files::refused(desk, by, &ask, no).await?,
        _ => {}
    }
    answer
}

/// Looks at a file that somebody hands in and means to import: it is kept, whatever is found.
///
/// # Errors
/// As [`import_bank_statement`].
pub async fn check_bank_statement(desk: &Desk, by: &Actor, ask: ImportBankStatement) -> Outcome<StatementsTaken> {
    by.must_hold(Duty::ImportFiles)?;
    if ask.accept_gap {
        by.must_hold(Duty::PostCash)?;
    }
    must_say_why(ask.accept_gap, &ask.reason)?;
    let ask = ImportBankStatement { dry_run: true, ..ask };
    let answer = import(desk, by, &ask).await;
    match &answer {
        Ok(found) if found.already_on.is_none() => bank_files::checked(desk, by, &ask, found).await?,
        Ok(_) => {}
        Err(no) => bank_files::refused(desk, by, &ask, no).await?,
    }
    answer
}

async fn import(desk: &Desk, by: &Actor, ask: &ImportBankStatement) -> Outcome<StatementsTaken> {
    let sha256 = sha256_hex(&ask.bytes);
    let mut look = desk.look().await?;
    let before = already(&mut look, by.org, &sha256).await?;
    let own = (own_profiles(&mut look, by.org).await?, own_layouts(&mut look, by.org).await?);
    drop(look);
    // What was taken in once is not read again; its key decides which answer it gets.
    let file = match before {
        Some(day) if ask.dry_run => return Ok(imported_before(&ask.file_name, &sha256, day)),
        Some(_) => None,
        None => Some(understood(ask, &own)?),
    };
    if let Some(file) = file.as_ref().filter(|_| ask.dry_run) {
        let mut look = desk.look().await?;
        return Ok(plan(desk, &mut look, by.org, ask, file).await?.answer(&ask.file_name, &sha256, file));
    }
    let asked = Asked {
        file_name: &ask.file_name,
        sha256: &sha256,
        format: &ask.format,
        bank_account: &ask.bank_account,
        accept_gap: ask.accept_gap,
        reason: &ask.reason,
    };
    command!(desk, by, "import_bank_statement", &ask.key, &asked, |cmd| {
        if let Some(day) = already(&mut cmd.tx, by.org, &sha256).await? {
            store::bank_file_again(&mut cmd.tx, by.org, &sha256, cmd.at).await?;
            cmd.tell("BankStatementSeenAgain", format!("file {sha256}"), serde_json::json!({ "name": ask.file_name }));
            return Ok(imported_before(&ask.file_name, &sha256, day));
        }
        let file = file.as_ref().ok_or_else(|| Fault::new("a bank statement that was taken in is gone"))?;
        let plan = plan(desk, &mut cmd.tx, by.org, ask, file).await?;
        let answer = plan.answer(&ask.file_name, &sha256, file);
        keep(cmd, (&sha256, &ask.file_name), plan, file).await?;
        bank_files::note(cmd, ask, Arrival::taken(&answer, ask)).await?;
        cmd.tell("BankStatementImported", format!("file {sha256}"), &answer);
        if ask.accept_gap {
            cmd.tell("BankStatementTakenAnyway", format!("file {sha256}"), serde_json::json!({ "reason": ask.reason }));
        }
        Ok(answer)
    })
}

/// The day these bytes came before.
async fn already(tx: &mut Tx, org: OrgId, sha256: &str) -> Outcome<Option<NaiveDate>> {
    let rows = cash::statements_of_file(tx, org, sha256).await?;
    Ok(rows.first().map(|row| uk_day(row.recorded_at)))
}

fn imported_before(file_name: &str, sha256: &str, day: NaiveDate) -> StatementsTaken {
    StatementsTaken {
        file_name: file_name.into(),
        file_sha256: sha256.into(),
        already_on: Some(day),
        message: format!("Already imported on {}", written(day)),
        ..StatementsTaken::default()
    }
}

/// The file as it was read, or everything that is wrong in it.
fn understood(
    ask: &ImportBankStatement,
    (profiles, layouts): &(Vec<Profile>, Vec<Layout>),
) -> Outcome<BankStatementFile> {
    let named = ask.format.as_deref().and_then(|format| format.strip_prefix(PAYMENT_FILE));
    let file = match layouts.iter().find(|layout| Some(layout.name.as_str()) == named) {
        Some(layout) => read_by_layout(&ask.bytes, layout),
        None => read_with(&ask.file_name, &ask.bytes, ask.format.as_deref(), profiles),
    };
    if file.errors.is_empty() { Ok(file) } else { Err(not_understood(&file).into()) }
}

fn not_understood(file: &BankStatementFile) -> Vec<Invalid> {
    let errors = file.errors.iter();
    let wrong = errors.map(|problem| {
        let row = problem.at.strip_prefix("row ").or_else(|| problem.at.strip_prefix("line "));
        let mut wrong = Invalid::field(&problem.code, &problem.message, &problem.at);
        wrong.row = row.and_then(|n| n.parse().ok());
        wrong
    });
    wrong.collect()
}

/// Keeps the statements and the new lines.
async fn keep(cmd: &mut Command, (sha256, name): (&str, &str), plan: Plan, file: &BankStatementFile) -> Outcome<()> {
    let org = cmd.by.org;
    for (account, print, shown) in &plan.maps {
        cash::map_bank_account(&mut cmd.tx, org, *account, print, shown).await?;
    }
    let ours: usize = plan.statements.iter().flat_map(|s| &s.lines).filter(|l| l.external_id.is_empty()).count();
    let mut number = if ours > 0 { cmd.next_numbers("BL", ours as i64).await? } else { 0 };
    for planned in plan.statements {
        let id = cmd.id::<i64>();
        cash::add_statement(&mut cmd.tx, org, &planned.row(id, sha256, &file.format, cmd.at)).await?;
        if let Some(layout) = file.format.strip_prefix(PAYMENT_FILE) {
            expect_credit(cmd, planned.expected(sha256, name, layout, cmd.today)).await?;
        }
        let mut lines = planned.lines;
        for line in &mut lines {
            (line.id, line.bank_statement_id, line.recorded_at) = (cmd.id::<i64>(), id, cmd.at);
            if line.external_id.is_empty() {
                line.external_id = format!("BL-{number:06}");
                number += 1;
            }
        }
        cash::add_lines(&mut cmd.tx, org, lines).await?;
    }
    Ok(())
}
