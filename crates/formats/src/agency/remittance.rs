//! Money from an agency: gross to the debtor, commission to us, and a sum that must agree with the bank.

use super::AgencyProfile;
use super::incoming::account;
use crate::exchange::{Row, date, pence, rows};
use crate::money::write_pounds;
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// The longest number of a statement.
const LONGEST_NUMBER: usize = 40;

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Money that came in.
    Payment,
    /// Money that went back.
    Reversal,
    /// A cost the agency charges.
    Cost,
}

/// A line of a remittance. Amounts are pence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemittanceLine {
    /// Where it stands in the file.
    pub line: usize,
    /// Which debt.
    pub account_number: String,
    /// The agency's number.
    pub agency_ref: String,
    /// When it was paid.
    pub paid_on: NaiveDate,
    /// What the debtor paid: gross.
    pub collected: i64,
    /// Commission on it.
    pub commission: i64,
    /// VAT on the commission.
    pub vat: i64,
    /// It was paid to us, and is here already.
    pub to_us: bool,
    /// What it is.
    pub kind: LineKind,
    /// What the agency thinks is left.
    pub balance: i64,
}

impl RemittanceLine {
    /// The amount as it counts: a reversal takes away however it is signed, a cost is no payment.
    pub fn counted(&self) -> i64 {
        match self.kind {
            LineKind::Payment => self.collected,
            LineKind::Reversal => -self.collected.abs(),
            LineKind::Cost => 0,
        }
    }
}

/// A remittance whose own sums agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remittance {
    /// From whom.
    pub agency: String,
    /// Its number.
    pub statement_no: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Its lines.
    pub lines: Vec<RemittanceLine>,
    /// Collected by the agency.
    pub collected_agency: i64,
    /// Paid to us.
    pub collected_client: i64,
    /// Commission.
    pub commission: i64,
    /// VAT on it.
    pub vat: i64,
    /// What the bank must show.
    pub net: i64,
}

/// Reads a remittance and proves its sums.
///
/// # Errors
/// Everything that is wrong; a file whose totals differ is held whole. `agency.net` says that what is paid over is not
/// what the way of settling makes of the totals.
pub fn read_remittance(bytes: &[u8], profile: &AgencyProfile) -> Result<Remittance, Vec<FormatProblem>> {
    let mut rows = rows(bytes).map_err(|problem| vec![problem])?;
    rows.drain(..rows.len().min(profile.heading_row.max(1) - 1));
    let mut wrong = Vec::new();
    let shape = |message: &str| vec![FormatProblem::new("agency.shape", "", message)];
    let (Some(head), Some(tail)) = (rows.first(), rows.last()) else {
        return Err(shape("the file is empty"));
    };
    if head.cell(0) != "H" || tail.cell(0) != "T" || rows.len() < 2 {
        return Err(shape(
            "the file does not begin with an H row and end with a T row: it was cut short, or is another",
        ));
    }
    let lines: Vec<RemittanceLine> = rows[1..rows.len() - 1].iter().filter_map(|row| line(row, &mut wrong)).collect();
    let from_on = date(head.cell(3), &head.at(), "period_from", &mut wrong);
    let to_on = date(head.cell(4), &head.at(), "period_to", &mut wrong);
    let total =
        |place: usize, name: &str, wrong: &mut Vec<FormatProblem>| pence(tail.cell(place), &tail.at(), name, wrong);
    let remittance = Remittance {
        agency: head.cell(1).to_owned(),
        statement_no: head.cell(2).to_owned(),
        from_on: from_on.unwrap_or_default(),
        to_on: to_on.unwrap_or_default(),
        lines,
        collected_agency: total(2, "collected_agency", &mut wrong),
        collected_client: total(3, "collected_client", &mut wrong),
        commission: total(4, "commission_net", &mut wrong),
        vat: total(5, "commission_vat", &mut wrong),
        net: total(6, "net_remitted", &mut wrong),
    };
    if remittance.statement_no.is_empty() {
        wrong.push(FormatProblem::new("agency.missing", head.at(), "statement_no is missing"));
    }
    if remittance.statement_no.len() > LONGEST_NUMBER {
        let message = format!("{} is no number of a statement", shown(&remittance.statement_no));
        wrong.push(FormatProblem::new("agency.statement", head.at(), message));
    }
    if from_on.zip(to_on).is_some_and(|(from, to)| to < from) {
        wrong.push(FormatProblem::new("agency.period", head.at(), "the period ends before it begins"));
    }
    if wrong.is_empty() {
        prove(&remittance, tail, profile, &mut wrong);
    }
    if wrong.is_empty() { Ok(remittance) } else { Err(wrong) }
}

fn line(row: &Row, wrong: &mut Vec<FormatProblem>) -> Option<RemittanceLine> {
    let at = row.at();
    if row.cell(0) != "D" {
        let message = format!("the row begins with {}; D is expected", shown(row.cell(0)));
        wrong.push(FormatProblem::new("agency.shape", at, message));
        return None;
    }
    let paid_on = date(row.cell(3), &at, "payment_date", wrong);
    let mut amount = |place: usize, name: &str| pence(row.cell(place), &at, name, wrong);
    let (collected, commission, vat) =
        (amount(4, "amount_collected"), amount(5, "commission_net"), amount(6, "commission_vat"));
    let balance = if row.cell(9).is_empty() { 0 } else { amount(9, "running_balance") };
    let account_number = account(row.cell(1), &at, wrong);
    let kind = match row.cell(8).to_ascii_uppercase().as_str() {
        "PAYMENT" => Some(LineKind::Payment),
        "REVERSAL" => Some(LineKind::Reversal),
        "COST" => Some(LineKind::Cost),
        _ => None,
    };
    let to_us = match row.cell(7).to_ascii_uppercase().as_str() {
        "CLIENT" => Some(true),
        "AGENCY" => Some(false),
        _ => None,
    };
    let (Some(kind), Some(to_us)) = (kind, to_us) else {
        let message = format!("{} {} is no kind of line", shown(row.cell(7)), shown(row.cell(8)));
        wrong.push(FormatProblem::new("agency.kind", at, message));
        return None;
    };
    let right = match kind {
        LineKind::Payment => collected > 0,
        LineKind::Reversal => collected != 0,
        LineKind::Cost => collected >= 0,
    };
    if !right {
        let message = format!("amount_collected: {} is not above zero", shown(row.cell(4)));
        wrong.push(FormatProblem::new("agency.amount", at, message));
    }
    Some(RemittanceLine {
        line: row.line,
        account_number,
        agency_ref: row.cell(2).to_owned(),
        paid_on: paid_on?,
        collected,
        commission,
        vat,
        to_us,
        kind,
        balance,
    })
}

/// The lines against the totals, and the totals against what is remitted.
fn prove(remittance: &Remittance, tail: &Row, profile: &AgencyProfile, wrong: &mut Vec<FormatProblem>) {
    let of = |take: fn(&RemittanceLine) -> i64| remittance.lines.iter().map(take).sum::<i64>();
    let money = |to_us: bool| -> i64 {
        remittance.lines.iter().filter(|line| line.to_us == to_us).map(RemittanceLine::counted).sum()
    };
    let rows = tail.cell(1).parse::<usize>().ok();
    if rows != Some(remittance.lines.len()) {
        let message = format!("the file says {} rows; there are {}", shown(tail.cell(1)), remittance.lines.len());
        wrong.push(FormatProblem::new("agency.rows", tail.at(), message));
    }
    let settled = if profile.net_settled { remittance.commission + remittance.vat } else { 0 };
    for (name, said, found) in [
        ("collected_agency", remittance.collected_agency, money(false)),
        ("collected_client", remittance.collected_client, money(true)),
        ("commission_net", remittance.commission, of(|line| line.commission)),
        ("commission_vat", remittance.vat, of(|line| line.vat)),
        ("net_remitted", remittance.net, remittance.collected_agency - settled),
    ] {
        if said != found {
            let message = format!("{name} says {} where {} is found", write_pounds(said), write_pounds(found));
            let code = if name == "net_remitted" { "agency.net" } else { "agency.totals" };
            wrong.push(FormatProblem::new(code, tail.at(), message));
        }
    }
}

/// How a statement follows the last one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// The next.
    Next,
    /// Read before: rejected.
    Repeat,
    /// One or more are missing: held.
    Gap,
}

/// How a statement number follows those read before: `2026-11` by months, others by the digits at their end.
pub fn numbering(before: &BTreeSet<String>, statement_no: &str) -> Numbering {
    if before.contains(statement_no) {
        return Numbering::Repeat;
    }
    let Some((series, this)) = place(statement_no) else { return Numbering::Next };
    let same = before.iter().filter_map(|text| place(text)).filter(|(other, _)| *other == series);
    match same.map(|(_, number)| number).max() {
        Some(last) if this != last + 1 => Numbering::Gap,
        _ => Numbering::Next,
    }
}

/// A series of statement numbers.
#[derive(PartialEq)]
enum Series<'a> {
    /// A year and a month of it.
    Months,
    /// What stands before the digits.
    After(&'a str),
}

/// The series of a statement number, and its place in it.
fn place(text: &str) -> Option<(Series<'_>, i64)> {
    let text = text.trim();
    let (head, digits) = text.split_at(text.trim_end_matches(|c: char| c.is_ascii_digit()).len());
    let number = digits.parse::<i64>().ok().filter(|number| *number < i64::MAX)?;
    let year =
        head.strip_suffix(['-', '/', ' ']).filter(|year| year.len() == 4).and_then(|year| year.parse::<i64>().ok());
    match year.filter(|_| (1..=12).contains(&number)) {
        Some(year) => Some((Series::Months, year * 12 + number)),
        None => Some((Series::After(head), number)),
    }
}

/// What we know of an account that is or was placed with this agency. Amounts are pence.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownAccount {
    /// What is open.
    pub balance: i64,
    /// What the agency paid over before, less what it took back.
    pub paid_before: i64,
}

/// What is done with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineOutcome {
    /// Post the gross to the debtor.
    Receipt {
        /// Gross, in pence.
        amount: i64,
        /// Of it above the balance: for a refund.
        surplus: i64,
    },
    /// Take back what was posted.
    TakeBack {
        /// In pence.
        amount: i64,
    },
    /// Paid to us and here already: only the commission is looked at.
    AlreadyHere,
    /// To suspense: nobody knows the account here.
    Suspense {
        /// In pence.
        amount: i64,
    },
    /// A cost: a person decides.
    Cost,
    /// Held: a person decides.
    Held {
        /// Why.
        why: String,
    },
}

/// A line with its outcome.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The line.
    pub line: RemittanceLine,
    /// What is done.
    pub outcome: LineOutcome,
}

/// Decides each line of a remittance against what we know of the accounts. What commission is due, the contract says.
pub fn judge(remittance: &Remittance, accounts: &BTreeMap<String, KnownAccount>) -> Vec<Judged> {
    let mut stand: BTreeMap<&str, KnownAccount> =
        accounts.iter().map(|(number, known)| (number.as_str(), *known)).collect();
    let mut judged = Vec::with_capacity(remittance.lines.len());
    for line in &remittance.lines {
        let number = line.account_number.as_str();
        let known = accounts.contains_key(number);
        let outcome = outcome(line, known, stand.entry(number).or_default());
        judged.push(Judged { line: line.clone(), outcome });
    }
    judged
}

fn outcome(line: &RemittanceLine, known: bool, account: &mut KnownAccount) -> LineOutcome {
    let amount = line.collected.abs();
    match line.kind {
        LineKind::Cost => LineOutcome::Cost,
        _ if line.to_us && known => LineOutcome::AlreadyHere,
        _ if line.to_us => LineOutcome::Held { why: "the account is not placed with this agency".into() },
        LineKind::Reversal if account.paid_before < amount => {
            LineOutcome::Held { why: "a reversal without an earlier payment".into() }
        }
        LineKind::Reversal => {
            account.paid_before -= amount;
            account.balance += amount;
            LineOutcome::TakeBack { amount }
        }
        LineKind::Payment => {
            account.paid_before += amount;
            if !known {
                return LineOutcome::Suspense { amount };
            }
            let surplus = (amount - account.balance.max(0)).max(0);
            account.balance -= amount - surplus;
            LineOutcome::Receipt { amount, surplus }
        }
    }
}
