//! Importing a bank statement: the file is checked first, and imported when a person says so.
use super::form::onto;
use crate::child;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::statement_check::{Found, FoundStatement, StatementCheck};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use chrono::NaiveDate;
use sundry_desk::No;
use sundry_desk::cash::bank_accounts;
use sundry_desk::cash::csv_profiles::own_csv_profiles;
use sundry_desk::cash::import_bank_statement::{
    ImportBankStatement, StatementTaken, StatementsTaken, check_bank_statement, import_bank_statement,
};
use sundry_desk::cash::payment_layouts::payment_layouts;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// The most problems shown at once.
const SHOWN: usize = 200;

/// The routes of the import.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/cash/import", &[Duty::ImportFiles], get(view).post(check)).add(
        "/cash/import/release",
        &[Duty::ImportFiles],
        post(release),
    )
}

async fn view(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&blank(&doors, &visitor, &Posted::default()).await?)
}

async fn blank(
    doors: &Shared,
    visitor: &Visitor,
    posted: &Posted,
) -> Result<StatementCheck, crate::web::door::Trouble> {
    let accounts = bank_accounts(&doors.desk, &visitor.actor).await?;
    let csv = own_csv_profiles(&doors.desk, &visitor.actor).await?;
    let csv = csv.into_iter().map(|one| (format!("csv:{}", one.name), format!("CSV, {}", one.name)));
    let agents = payment_layouts(&doors.desk, &visitor.actor).await?;
    let agents =
        agents.into_iter().map(|one| (format!("payment-file:{}", one.name), format!("Payment file, {}", one.name)));
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    Ok(StatementCheck {
        frame,
        accounts: accounts.into_iter().map(|account| account.name).collect(),
        account: posted.get("bank_account").to_owned(),
        format: posted.get("format").to_owned(),
        accept_gap: posted.has("accept_gap"),
        reason: posted.get("reason").to_owned(),
        own_layouts: csv.chain(agents).collect(),
        problems: Vec::new(),
        found: None,
    })
}

fn ask(posted: &Posted, name: &str, bytes: Vec<u8>, dry_run: bool) -> ImportBankStatement {
    let said = |field: &str| Some(posted.get(field).to_owned()).filter(|text| !text.is_empty());
    ImportBankStatement {
        key: posted.key(),
        file_name: name.to_owned(),
        bytes,
        format: said("format"),
        bank_account: said("bank_account"),
        accept_gap: posted.has("accept_gap"),
        reason: posted.get("reason").to_owned(),
        source: String::new(),
        dry_run,
    }
}

async fn check(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut shown = blank(&doors, &visitor, &posted).await?;
    let Some(file) = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty()) else {
        shown.frame.errors.add("file", "Choose a bank statement file");
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let bytes = match child::statement_bytes(&file.name, file.bytes.clone()).await {
        Ok(bytes) => bytes,
        Err(no) => return wrong(shown, no),
    };
    let found = check_bank_statement(&doors.desk, &visitor.actor, ask(&posted, &file.name, bytes, true)).await;
    match found {
        Ok(taken) => {
            shown.found = Some(of(taken));
            page(&shown)
        }
        Err(no) => wrong(shown, no),
    }
}

async fn release(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let bytes = doors.desk.files().get(visitor.actor.org.0, posted.get("kept"))?;
    let bytes = match child::statement_bytes(posted.get("name"), bytes).await {
        Ok(bytes) => bytes,
        Err(no) => return wrong(blank(&doors, &visitor, &posted).await?, no),
    };
    match import_bank_statement(&doors.desk, &visitor.actor, ask(&posted, posted.get("name"), bytes, false)).await {
        Ok(taken) => told("/cash/match", &format!("{}: {}", taken.file_name, taken.message)),
        Err(no) => wrong(blank(&doors, &visitor, &posted).await?, no),
    }
}

/// What is wrong in the file, or with the choices beside it.
fn wrong(mut shown: StatementCheck, no: No) -> Answer {
    let own = |one: &Invalid| ["bank_account", "format", "file", "reason"].contains(&one.field.as_str());
    match no {
        No::Invalid(all) if !all.iter().all(own) => {
            let words = "The file cannot be trusted. Correct it, or ask the bank, and hand it in again";
            shown.frame.errors.add("file", words);
            let one = |one: Invalid| {
                let at = one.row.map_or_else(|| one.typed.clone(), |row| format!("row {row}"));
                (at, format!("{} ({})", one.message, one.field))
            };
            shown.problems = all.into_iter().take(SHOWN).map(one).collect();
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        other => {
            let status = onto(&mut shown.frame, other, &[])?;
            page_with(status, &shown)
        }
    }
}

fn of(taken: StatementsTaken) -> Found {
    Found {
        already: taken.already_on.map(|_| taken.message.clone()).unwrap_or_default(),
        name: taken.file_name,
        kept: taken.file_sha256,
        format: taken.format,
        lines: (taken.lines_new, taken.lines_seen),
        moved: (Pence(taken.credits_pence), Pence(taken.debits_pence)),
        odd: taken.problems,
        statements: taken.statements.into_iter().map(statement).collect(),
    }
}

fn statement(one: StatementTaken) -> FoundStatement {
    FoundStatement {
        days: days(one.from_on, one.to_on),
        account: one.bank_account,
        number: one.number,
        balances: (one.opening_pence.map(Pence), one.closing_pence.map(Pence)),
        lines: (one.lines_new, one.lines_seen),
        moved: (Pence(one.credits_pence), Pence(one.debits_pence)),
    }
}

fn days(from: Option<NaiveDate>, to: Option<NaiveDate>) -> String {
    let words = |day: NaiveDate| day.format("%-d %B %Y").to_string();
    match (from, to) {
        (Some(from), Some(to)) if from == to => words(from),
        (Some(from), Some(to)) => format!("{} to {}", words(from), words(to)),
        (Some(day), None) | (None, Some(day)) => words(day),
        (None, None) => String::new(),
    }
}
