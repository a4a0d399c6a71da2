//! Files from the bank: everything that arrived is kept as it arrived, whatever came of it.
use super::import_bank_statement::{ImportBankStatement, StatementsTaken};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::vault::{hex, random_bytes, sha256_hex};
use crate::{Desk, No, Outcome, command};
use serde_json::{Value, json};
use sundry_domain::cash::intake::NOT_BOOKED;
use sundry_domain::cash::statements::NOT_A_STATEMENT;
use sundry_domain::control::{Duty, mask_cards_in_bank_text};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_formats::bank_statement::rejects;
use sundry_store::bank_files::{self as store, BankFileRow};
use sundry_store::control::{self, KeptFileRow};

/// The most problems kept with a file; the rest is counted.
const MOST_PROBLEMS: usize = 200;

/// What came of a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Arrival {
    state: &'static str,
    format: String,
    bank_account: String,
    code: String,
    message: String,
    way_out: String,
    problems: Vec<Value>,
    lines: (i64, i64),
    moved: (i64, i64),
    reason: String,
}

impl Arrival {
    /// It was imported.
    pub fn taken(answer: &StatementsTaken, ask: &ImportBankStatement) -> Arrival {
        let state = if answer.problems.is_empty() { "accepted" } else { "warned" };
        Arrival {
            state,
            reason: if ask.accept_gap { ask.reason.clone() } else { String::new() },
            ..Arrival::found(answer)
        }
    }

    /// It was looked at, and could be imported.
    fn found(answer: &StatementsTaken) -> Arrival {
        let problems = answer.problems.iter().map(|text| json!({ "code": "", "at": "", "message": text }));
        Arrival {
            state: "checked",
            format: answer.format.clone(),
            bank_account: answer.statements.first().map(|s| s.bank_account.clone()).unwrap_or_default(),
            message: answer.message.clone(),
            problems: problems.collect(),
            lines: (answer.lines_new, answer.lines_seen),
            moved: (answer.credits_pence, answer.debits_pence),
            ..Arrival::default()
        }
    }

    /// A rule said no.
    fn held(refusal: &Refusal, ask: &ImportBankStatement) -> Arrival {
        let useless = [NOT_BOOKED.code, NOT_A_STATEMENT.code].contains(&refusal.code.as_str());
        Arrival {
            state: if useless { "rejected" } else { "held" },
            format: ask.format.clone().unwrap_or_default(),
            bank_account: ask.bank_account.clone().unwrap_or_default(),
            code: refusal.code.clone(),
            message: refusal.sentence.clone(),
            way_out: refusal.way_out.clone(),
            ..Arrival::default()
        }
    }

    /// The same, where a reader quotes the file, without the card numbers that it may hold.
    fn without_cards(mut self) -> Arrival {
        self.message = mask_cards_in_bank_text(&self.message);
        for problem in &mut self.problems {
            for part in ["at", "message"] {
                problem[part] = json!(mask_cards_in_bank_text(problem[part].as_str().unwrap_or_default()));
            }
        }
        self
    }

    /// It cannot be trusted.
    fn wrong(all: &[Invalid], ask: &ImportBankStatement) -> Arrival {
        let first = all.first();
        let rejected = all.iter().any(|one| rejects(&one.field));
        let problem = |one: &Invalid| {
            let at = one.row.map_or_else(|| one.typed.clone(), |row| format!("row {row}"));
            json!({ "code": one.field, "at": at, "message": one.message })
        };
        Arrival {
            state: if rejected { "rejected" } else { "held" },
            format: ask.format.clone().unwrap_or_default(),
            bank_account: ask.bank_account.clone().unwrap_or_default(),
            code: first.map(|one| one.field.clone()).unwrap_or_default(),
            message: first.map(|one| one.message.clone()).unwrap_or_default(),
            way_out: "Ask the bank for the file again, or correct how it was made, and hand it in.".into(),
            problems: all.iter().take(MOST_PROBLEMS).map(problem).collect(),
            ..Arrival::default()
        }
    }
}

/// Keeps the bytes, and takes note of what came of them.
pub(super) async fn note(cmd: &mut Command, ask: &ImportBankStatement, arrival: Arrival) -> Outcome<()> {
    let arrival = arrival.without_cards();
    let org = cmd.by.org;
    let sha256 = cmd.desk.files().put(org.0, &ask.bytes)?;
    let size_bytes = ask.bytes.len() as i64;
    let media_type = if arrival.format.starts_with("camt") { "application/xml" } else { "text/plain" }.to_owned();
    let kept = KeptFileRow { sha256: sha256.clone(), name: ask.file_name.clone(), media_type, size_bytes };
    control::add_kept_file(&mut cmd.tx, org, &kept, cmd.at).await?;
    let decided = !arrival.reason.is_empty();
    let row = BankFileRow {
        id: cmd.id::<i64>(),
        file_sha256: sha256,
        name: ask.file_name.clone(),
        size_bytes,
        channel: cmd.by.channel.as_str().into(),
        source_name: ask.source.clone(),
        brought_by: cmd.by.user.0,
        brought_by_name: cmd.by.name.clone(),
        arrived_at: cmd.at,
        business_on: cmd.today,
        times: 1,
        last_at: cmd.at,
        format: arrival.format,
        bank_account: arrival.bank_account,
        state: arrival.state.into(),
        code: arrival.code,
        message: arrival.message,
        way_out: arrival.way_out,
        problems: Value::Array(arrival.problems),
        lines_new: arrival.lines.0,
        lines_seen: arrival.lines.1,
        credits_pence: arrival.moved.0,
        debits_pence: arrival.moved.1,
        decided_by_name: if decided { cmd.by.name.clone() } else { String::new() },
        decided_reason: arrival.reason,
        decided_at: decided.then_some(cmd.at),
    };
    Ok(store::note_bank_file(&mut cmd.tx, org, &row).await?)
}

/// A file that was looked at waits for somebody to import it.
pub(super) async fn checked(
    desk: &Desk,
    by: &Actor,
    ask: &ImportBankStatement,
    found: &StatementsTaken,
) -> Outcome<()> {
    arrived(desk, by, ask, Arrival::found(found)).await
}

/// A refused file is kept as well, if it was the file that was refused and not the question.
pub(super) async fn refused(desk: &Desk, by: &Actor, ask: &ImportBankStatement, no: &No) -> Outcome<()> {
    let asked = ["bank_account", "reason", "format"];
    let arrival = match no {
        No::Refused(refusal) if refusal.code.starts_with("CSH-") => Arrival::held(refusal, ask),
        No::Invalid(all) if !all.iter().any(|one| asked.contains(&one.field.as_str())) => Arrival::wrong(all, ask),
        _ => return Ok(()),
    };
    arrived(desk, by, ask, arrival).await
}

async fn arrived(desk: &Desk, by: &Actor, ask: &ImportBankStatement, arrival: Arrival) -> Outcome<()> {
    let sha256 = sha256_hex(&ask.bytes);
    let arrival = arrival.without_cards();
    // Each arrival is a fact of its own, also when the request that brought it is sent again.
    let key = format!("arrived/{}", hex(&random_bytes::<16>()));
    let said =
        json!({ "name": ask.file_name, "state": arrival.state, "code": arrival.code, "message": arrival.message });
    command!(desk, by, "note_bank_file", &key, &said, |cmd| {
        note(cmd, ask, arrival.clone()).await?;
        cmd.tell("BankFileArrived", format!("file {sha256}"), &said);
        Ok(())
    })
}

/// Files from the bank, a page of them.
#[derive(Clone, Debug, serde::Serialize)]
pub struct BankFiles {
    /// The files, the newest first.
    pub files: Vec<BankFileRow>,
    /// How many there are in each state.
    pub states: Vec<(String, i64)>,
    /// Ask again before this id for older ones; nothing when these are the last.
    pub before: Option<i64>,
}

/// Files from the bank, newest first; of one state when it is named.
///
/// # Errors
/// Duty; a state that is none.
pub async fn bank_files(desk: &Desk, by: &Actor, state: &str, before: Option<i64>, limit: i64) -> Outcome<BankFiles> {
    by.must_hold(Duty::View)?;
    if !["", "checked", "accepted", "warned", "held", "rejected"].contains(&state) {
        let message = "Choose checked, accepted, warned, held or rejected";
        return Err(Invalid::field("state", message, state).into());
    }
    let mut look = desk.look().await?;
    let limit = limit.clamp(1, 1_000);
    let files = store::bank_files(&mut look, by.org, state, before.unwrap_or(i64::MAX), limit).await?;
    let states = store::bank_file_states(&mut look, by.org).await?;
    let before = files.last().filter(|_| files.len() as i64 == limit).map(|file| file.id);
    Ok(BankFiles { files, states, before })
}

/// One file from the bank.
///
/// # Errors
/// Duty; no such file.
pub async fn bank_file(desk: &Desk, by: &Actor, id: i64) -> Outcome<BankFileRow> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    store::bank_file(&mut look, by.org, id).await?.ok_or_else(|| No::Absent(format!("bank file {id}")))
}

/// The bytes of a file as they arrived.
///
/// # Errors
/// Duty; no such file.
pub async fn bank_file_content(desk: &Desk, by: &Actor, id: i64) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::ImportFiles)?;
    let file = bank_file(desk, by, id).await?;
    let bytes = desk.files().get(by.org.0, &file.file_sha256)?;
    Ok((file.name, bytes))
}
