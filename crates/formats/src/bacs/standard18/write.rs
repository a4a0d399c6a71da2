//! Records to bytes.

use super::{Code, Contra, Record, Submission, Totals, Written};
use crate::bacs::{is_account, is_sort_code, words};
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The largest amount of one record, in pence: eleven digits.
const LARGEST: i64 = 99_999_999_999;
/// The largest total of the trailer: thirteen digits.
const LARGEST_TOTAL: i64 = 9_999_999_999_999;

/// The file of a submission, to the byte.
///
/// # Errors
/// Everything that does not fit its field, with the record it is in. Nothing is cut or changed here: see
/// [`words::convert`] and [`words::fit`].
pub fn write(submission: &Submission) -> Result<Written, Vec<FormatProblem>> {
    let contras = contras(submission);
    let mut problems = labels_wrong(submission);
    for (index, record) in submission.records.iter().enumerate() {
        record_wrong(record, &format!("record {}", index + 1), false, &mut problems);
    }
    for contra in &contras {
        record_wrong(contra, "contra", true, &mut problems);
    }
    let totals = totals(submission.records.iter().chain(&contras));
    if totals.debits_pence > LARGEST_TOTAL || totals.credits_pence > LARGEST_TOTAL {
        problems.push(FormatProblem::new("bacs.total", "", "the file's total has more than thirteen digits"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let end = submission.line_end.bytes();
    let mut file = String::with_capacity((submission.records.len() + 9) * 108);
    for line in head(submission) {
        let _ = write!(file, "{line}{end}");
    }
    for record in submission.records.iter().chain(&contras) {
        let _ = write!(file, "{}{end}", data(submission, record));
    }
    for line in tail(submission, &totals) {
        let _ = write!(file, "{line}{end}");
    }
    Ok(Written { bytes: file.into_bytes(), totals })
}

/// ` YYDDD`: a space, the year, the day of the year.
fn day(date: NaiveDate) -> String {
    date.format(" %y%j").to_string()
}

fn head(s: &Submission) -> [String; 4] {
    let length = if s.multi_day { 106 } else { 100 };
    let first = s.records.iter().map(|r| r.process_on).min().unwrap_or(s.created_on);
    let work = if s.multi_day { "4 MULTI  " } else { "1 DAILY  " };
    [
        format!("VOL1{:<6}{:31}{:<6}{:32}1", s.serial, "", s.sun, ""),
        file_label("HDR", s),
        format!("HDR2F02000{length:05}{:35}00{:28}", "", ""),
        format!("UHL1{}999999{:4}00000000{work}001{:40}", day(first), "", ""),
    ]
}

fn tail(s: &Submission, totals: &Totals) -> [String; 3] {
    let length = if s.multi_day { 106 } else { 100 };
    [
        file_label("EOF", s),
        format!("EOF2F02000{length:05}{:35}00{:28}", "", ""),
        format!(
            "UTL1{:013}{:013}{:07}{:07}{:8}{:07}{:21}",
            totals.debits_pence, totals.credits_pence, totals.debits, totals.credits, "", totals.instructions, ""
        ),
    ]
}

fn file_label(label: &str, s: &Submission) -> String {
    let (made, ends) = (day(s.created_on), day(s.expires_on));
    format!("{label}1A{sun}S  1{sun}{:<6}00010001{:6}{made}{ends} 000000{:20}", s.serial, "", "", sun = s.sun)
}

fn data(s: &Submission, r: &Record) -> String {
    let mut line = format!(
        "{}{}0{}{}{}{:4}{:011}{:<18}{:<18}{:<18}",
        r.sort_code,
        r.account,
        r.code.as_str(),
        s.origin.sort_code,
        s.origin.account,
        "",
        r.amount_pence,
        s.origin.narrative,
        r.reference,
        r.name
    );
    if s.multi_day {
        line.push_str(&day(r.process_on));
    }
    line
}

/// One contra for each side of each processing day.
fn contras(s: &Submission) -> Vec<Record> {
    if s.contra == Contra::ByBank {
        return Vec::new();
    }
    let days: BTreeSet<NaiveDate> = s.records.iter().map(|r| r.process_on).collect();
    let mut contras = Vec::new();
    for process_on in days {
        let of = |wanted: fn(Code) -> bool| -> i64 {
            let side = s.records.iter().filter(|r| r.process_on == process_on && wanted(r.code));
            side.fold(0, |sum, r| sum.saturating_add(r.amount_pence))
        };
        let sides = [(Code::Credit, of(Code::is_debit)), (Code::Regular, of(|code| code == Code::Credit))];
        for (code, amount_pence) in sides.into_iter().filter(|(_, sum)| *sum > 0) {
            contras.push(Record {
                code,
                sort_code: s.origin.sort_code.clone(),
                account: s.origin.account.clone(),
                name: s.origin.name.clone(),
                reference: "CONTRA".into(),
                amount_pence,
                process_on,
            });
        }
    }
    contras
}

pub(super) fn totals<'a>(records: impl Iterator<Item = &'a Record>) -> Totals {
    records.fold(Totals::default(), |mut sum, record| {
        if record.code.is_debit() {
            sum.debits_pence = sum.debits_pence.saturating_add(record.amount_pence);
            sum.debits += 1;
        } else if record.code == Code::Credit {
            sum.credits_pence = sum.credits_pence.saturating_add(record.amount_pence);
            sum.credits += 1;
        } else {
            sum.instructions += 1;
        }
        sum
    })
}

fn labels_wrong(s: &Submission) -> Vec<FormatProblem> {
    let mut wrong = Vec::new();
    let mut say = |code: &str, at: &str, message: String| wrong.push(FormatProblem::new(code, at, message));
    let serial_fits = s.serial.len() == 6 && s.serial.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !serial_fits || s.serial == "000000" {
        say("bacs.serial", "VOL1", format!("“{}” is not six capitals or digits, not all noughts", shown(&s.serial)));
    }
    if !is_sort_code(&s.sun) {
        say("bacs.sun", "HDR1", format!("“{}” is not a service user number of six digits", shown(&s.sun)));
    }
    if s.records.is_empty() {
        say("bacs.empty", "", "there is nothing to send".into());
    }
    let days: BTreeSet<NaiveDate> = s.records.iter().map(|r| r.process_on).collect();
    if !s.multi_day && days.len() > 1 {
        say("bacs.days", "", format!("a single-day file has {} processing days", days.len()));
    }
    if days.last().is_some_and(|last| s.expires_on <= *last) {
        say("bacs.expiry", "HDR1", "the file must expire after its last processing day".into());
    }
    account_wrong(&s.origin.sort_code, &s.origin.account, "our account", &mut wrong);
    text_wrong(&s.origin.narrative, "service user name", "our account", 1, &mut wrong);
    text_wrong(&s.origin.name, "account name", "our account", 1, &mut wrong);
    wrong
}

fn record_wrong(r: &Record, at: &str, contra: bool, wrong: &mut Vec<FormatProblem>) {
    account_wrong(&r.sort_code, &r.account, at, wrong);
    if r.amount_pence < 0 || r.amount_pence > LARGEST {
        let message = format!("{} pence does not fit eleven digits", r.amount_pence);
        wrong.push(FormatProblem::new("bacs.amount", at, message));
    } else if r.code.is_instruction() != (r.amount_pence == 0) {
        let message = format!("code {} with an amount of {} pence", r.code.as_str(), r.amount_pence);
        wrong.push(FormatProblem::new("bacs.amount", at, message));
    }
    let debit = !contra && r.code != Code::Credit;
    text_wrong(&r.name, "account name", at, 1, wrong);
    text_wrong(&r.reference, "reference", at, if debit { 6 } else { 1 }, wrong);
    if debit && !reference_allowed(&r.reference) {
        let message = format!("“{}” may not be a Direct Debit reference", shown(&r.reference));
        wrong.push(FormatProblem::new("bacs.reference", at, message));
    }
}

/// Six letters or digits at least, not all the same, not starting with a space or `DDIC`.
pub(super) fn reference_allowed(reference: &str) -> bool {
    let mut characters = reference.chars().filter(char::is_ascii_alphanumeric);
    let first = characters.clone().next();
    let enough = characters.clone().count() >= 6;
    enough && characters.any(|c| Some(c) != first) && !reference.starts_with(' ') && !reference.starts_with("DDIC")
}

fn account_wrong(sort_code: &str, account: &str, at: &str, wrong: &mut Vec<FormatProblem>) {
    if !is_sort_code(sort_code) {
        wrong.push(FormatProblem::new("bacs.account", at, "the sort code is not six digits"));
    }
    if !is_account(account) {
        wrong.push(FormatProblem::new("bacs.account", at, "the account number is not eight digits"));
    }
}

fn text_wrong(text: &str, field: &str, at: &str, least: usize, wrong: &mut Vec<FormatProblem>) {
    let length = text.chars().count();
    if length > 18 || text.trim().len() < least {
        let message = format!("the {field} “{}” is not {least} to 18 characters", shown(text));
        wrong.push(FormatProblem::new("bacs.length", at, message));
    }
    if let Some(position) = text.chars().position(|c| !words::allowed(c)) {
        let message = format!("character {} of the {field} “{}” is not in the Bacs set", position + 1, shown(text));
        wrong.push(FormatProblem::new("bacs.charset", at, message));
    }
}
