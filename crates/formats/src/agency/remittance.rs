//! Money from an agency: gross to the debtor, commission to us, and a sum that must agree with the bank.

use super::AgencyProfile;
use crate::exchange::{Row, date, pence, rows};
use crate::money::write_pounds;
use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Pence by which a commission may differ from the rate.
const COMMISSION_MAY_DIFFER: i64 = 2;

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
/// Everything that is wrong; a file whose totals differ is held whole.
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
    let balance = amount(9, "running_balance");
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
    Some(RemittanceLine {
        line: row.line,
        account_number: row.cell(1).to_owned(),
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
    let signed =
        |line: &RemittanceLine| if line.kind == LineKind::Reversal { -line.collected.abs() } else { line.collected };
    let money = |to_us: bool| -> i64 {
        remittance.lines.iter().filter(|line| line.to_us == to_us && line.kind != LineKind::Cost).map(signed).sum()
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
            wrong.push(FormatProblem::new("agency.totals", tail.at(), message));
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

/// How a statement number follows those read before; `2026-11` and plain numbers are understood.
pub fn numbering(before: &BTreeSet<String>, statement_no: &str) -> Numbering {
    if before.contains(statement_no) {
        return Numbering::Repeat;
    }
    let place = |text: &str| -> Option<i64> {
        match text.split_once('-') {
            Some((year, month)) => {
                let month = month.parse::<i64>().ok().filter(|month| (1..=12).contains(month))?;
                Some(year.parse::<i64>().ok()? * 12 + month)
            }
            None => text.parse().ok(),
        }
    };
    let last = before.iter().filter_map(|text| place(text)).max();
    match (last, place(statement_no)) {
        (Some(last), Some(this)) if this != last + 1 => Numbering::Gap,
        _ => Numbering::Next,
    }
}

/// What we know of an account that is or was placed with this agency. Amounts are pence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAccount {
    /// What is open.
    pub balance: i64,
    /// When it was placed.
    pub placed_on: NaiveDate,
    /// When it was recalled.
    pub recalled_on: Option<NaiveDate>,
    /// Commission, in hundredths of a per cent.
    pub rate: i64,
    /// What the agency paid over before.
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

/// A line with its outcome, and what is asked of the agency about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The line.
    pub line: RemittanceLine,
    /// What is done.
    pub outcome: LineOutcome,
    /// Questions about the commission.
    pub queries: Vec<String>,
}

/// Decides each line of a remittance against what we know of the accounts.
pub fn judge(remittance: &Remittance, accounts: &BTreeMap<String, KnownAccount>) -> Vec<Judged> {
    let mut left: BTreeMap<&str, (i64, i64)> =
        accounts.iter().map(|(number, known)| (number.as_str(), (known.balance, known.paid_before))).collect();
    let one = |line: &RemittanceLine| {
        let number = line.account_number.as_str();
        let (Some(known), Some((balance, paid))) = (accounts.get(number), left.get_mut(number)) else {
            let outcome = match line.kind {
                LineKind::Cost => LineOutcome::Cost,
                _ if line.to_us => LineOutcome::Held { why: "the account is not placed with this agency".into() },
                LineKind::Reversal => LineOutcome::Held { why: "a reversal without an earlier payment".into() },
                LineKind::Payment => LineOutcome::Suspense { amount: line.collected },
            };
            return Judged { line: line.clone(), outcome, queries: vec!["the account is not placed".into()] };
        };
        let outcome = match line.kind {
            LineKind::Cost => LineOutcome::Cost,
            LineKind::Payment if line.to_us => LineOutcome::AlreadyHere,
            LineKind::Payment => {
                let surplus = (line.collected - (*balance).max(0)).max(0);
                *balance -= line.collected - surplus;
                *paid += line.collected;
                LineOutcome::Receipt { amount: line.collected, surplus }
            }
            LineKind::Reversal if *paid < line.collected.abs() => {
                LineOutcome::Held { why: "a reversal without an earlier payment".into() }
            }
            LineKind::Reversal => {
                *paid -= line.collected.abs();
                *balance += line.collected.abs();
                LineOutcome::TakeBack { amount: line.collected.abs() }
            }
        };
        Judged { line: line.clone(), outcome, queries: queries(line, known) }
    };
    remittance.lines.iter().map(one).collect()
}

fn queries(line: &RemittanceLine, known: &KnownAccount) -> Vec<String> {
    let mut asked = Vec::new();
    let outside = line.paid_on < known.placed_on || known.recalled_on.is_some_and(|recalled| line.paid_on > recalled);
    if outside && line.commission != 0 {
        asked.push(format!("commission on a payment of {} outside the placement", line.paid_on));
    }
    let due = if outside { 0 } else { share(line.collected, known.rate) };
    if line.kind == LineKind::Payment && !outside && (line.commission - due).abs() > COMMISSION_MAY_DIFFER {
        asked.push(format!("commission of {} where {} is due", write_pounds(line.commission), write_pounds(due)));
    }
    asked
}

/// Half-up to the penny.
fn share(amount: i64, rate: i64) -> i64 {
    let exact = i128::from(amount) * i128::from(rate);
    i64::try_from((2 * exact + 10_000).div_euclid(20_000)).unwrap_or(i64::MAX)
}
