//! Dated rows that people add: what they may ask for, and what is refused before anybody is asked to approve it.
use super::{BANK_HOLIDAY, ReferenceRow, refusals};
use crate::calendar::{Nation, add_days};
use crate::money::{BasisPoints, Pence};
use crate::refusal::Refusal;
use crate::words::{named, written};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

named! {
    /// What people may add dated figures of.
    RateKind {
        /// Bank Rate of a reference date: the row is eight per cent above it (LP-03).
        LatePayment = "late_payment_rate", "Bank Rate for late-payment interest";
        /// By the size of the debt (LP-05).
        Compensation = "late_payment_compensation", "Fixed sums for late payment";
        /// By the size of the claim, the last band but one as a share (CT-01).
        IssueFee = "court_issue_fee", "Fees to issue a claim";
        /// By step (CT-02).
        CourtFee = "court_fee", "Fees of steps at court";
        /// By the size of the claim (CT-02).
        SmallHearing = "court_small_hearing_fee", "Hearing fees of small claims";
        /// Of a legal representative, by the size of the claim.
        FixedCosts = "court_fixed_costs", "Fixed costs on issue";
        /// Of a legal representative, by the size of the claim.
        JudgmentCosts = "court_judgment_costs", "Fixed costs on judgment";
        /// In a claim, and on a judgment (LP-07).
        CourtInterest = "court_interest_rate", "Interest rates of the court";
        /// From which a judgment carries interest.
        JudgmentMinimum = "judgment_interest_minimum", "Least judgment that carries interest";
        /// Standard and reduced (INV-06).
        Vat = "vat_rate", "VAT rates";
        /// One more in a year that is loaded.
        BankHoliday = "bank_holiday", "Bank holidays";
    }
}

/// The share among the fees to issue a claim.
const ISSUE_SHARE: &str = "court_issue_fee_rate";
/// What the statute adds to Bank Rate, in basis points (LP-03).
const OVER_BANK_RATE: i64 = 800;

impl RateKind {
    /// The kind that a stored row belongs to.
    pub fn of(stored: &str) -> Option<RateKind> {
        if stored == ISSUE_SHARE { Some(RateKind::IssueFee) } else { RateKind::parse(stored) }
    }

    /// Whether its bands stand and fall together.
    pub fn is_table(self) -> bool {
        use RateKind::{Compensation, FixedCosts, IssueFee, JudgmentCosts, SmallHearing};
        matches!(self, Compensation | IssueFee | SmallHearing | FixedCosts | JudgmentCosts)
    }

    /// Whether a figure as stored is a share and not a sum.
    fn is_share(self, stored: &str) -> bool {
        matches!(self, RateKind::LatePayment | RateKind::CourtInterest | RateKind::Vat) || stored == ISSUE_SHARE
    }

    /// The least and the greatest figure that can be meant, in basis points or pence.
    fn range(self, stored: &str) -> (i64, i64) {
        match self {
            RateKind::LatePayment => (0, 2_000),
            RateKind::CourtInterest => (1, 2_500),
            RateKind::Vat => (1, 3_000),
            RateKind::IssueFee if stored == ISSUE_SHARE => (1, 1_000),
            RateKind::JudgmentMinimum => (10_000, 100_000_000),
            RateKind::BankHoliday => (1, 1),
            _ => (100, 2_000_000),
        }
    }

    /// A figure as typed: the stored kind it is of, and its value.
    fn read(self, typed: &str) -> Option<(&'static str, i64)> {
        let text = typed.trim();
        let stored = match self {
            RateKind::BankHoliday => return Some((BANK_HOLIDAY, 1)),
            RateKind::IssueFee if text.ends_with('%') => ISSUE_SHARE,
            other => other.as_str(),
        };
        let plain = if self.is_share(stored) { text.trim_end_matches('%') } else { text };
        // Hundredths of a per cent are written as pounds and pence are.
        let value = Pence::parse(plain)?.0;
        let (least, most) = self.range(stored);
        (least..=most).contains(&value).then_some((stored, value))
    }

    /// The key of a row as typed: a band in pounds, a nation, or a name that the rows there are have.
    fn key(self, all: &[ReferenceRow], typed: &str) -> Option<String> {
        let text = typed.trim();
        if self.is_table() {
            let band = || Pence::parse(text).filter(|band| band.0 >= 0).map(|band| band.0.to_string());
            return if text == "max" { Some("max".to_owned()) } else { band() };
        }
        match self {
            RateKind::BankHoliday => Nation::parse(text).map(|nation| nation.as_str().to_owned()),
            // What bears no VAT bears none on any day.
            RateKind::Vat if !matches!(text, "S" | "R") => None,
            _ => {
                let keys: BTreeSet<&str> = all.iter().filter(|row| self.has(row)).map(|row| row.key.as_str()).collect();
                let only = keys.first().filter(|_| keys.len() == 1 && text.is_empty());
                only.or_else(|| keys.get(text)).map(|key| (*key).to_owned())
            }
        }
    }

    fn has(self, row: &ReferenceRow) -> bool {
        RateKind::of(&row.kind) == Some(self)
    }
}

/// One figure as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedRate {
    /// Which one of its kind: a band's bound in pounds or `max`, a step, a VAT code, a nation; empty where there is one.
    pub key: String,
    /// Pounds, or a share in per cent; of a bank holiday nothing.
    pub figure: String,
}

impl AskedRate {
    /// The figure as it was typed, with its unit.
    pub fn in_words(&self, kind: RateKind) -> String {
        let typed = self.figure.trim();
        let above_the_bands = kind == RateKind::IssueFee && self.key == "max";
        match kind {
            _ if typed.is_empty() || typed.ends_with('%') || typed.starts_with('£') => typed.to_owned(),
            RateKind::LatePayment | RateKind::CourtInterest | RateKind::Vat => format!("{typed}%"),
            _ if above_the_bands => format!("{typed}%"),
            _ => format!("£{typed}"),
        }
    }
}

/// Rows that somebody asks for.
#[derive(Clone, Copy, Debug)]
pub struct AskedRates<'a> {
    /// Stored name of the kind.
    pub kind: &'a str,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day that is confirmed, if there is one.
    pub to_on: Option<NaiveDate>,
    /// The figures.
    pub rates: &'a [AskedRate],
    /// For people.
    pub note: &'a str,
    /// The order, the regulation or the page that says so.
    pub source: &'a str,
}

/// The rows as they would be kept, without the two people; the checks are made again when they are approved.
///
/// # Errors
/// `REF-UNKNOWN-KIND`, `REF-NO-SOURCE`, `REF-FIGURE`, `REF-TOO-SOON`, `REF-INCOMPLETE`, `REF-OVERLAP`, `REF-BACKDATED`.
pub fn new_rates(all: &[ReferenceRow], ask: &AskedRates<'_>, today: NaiveDate) -> Result<Vec<ReferenceRow>, Refusal> {
    let unknown = || refusals::UNKNOWN_KIND.because(format!("Nothing of the kind {} can be added", ask.kind));
    let kind = RateKind::parse(ask.kind).ok_or_else(unknown)?;
    if ask.source.trim().is_empty() {
        return Err(refusals::NO_SOURCE.because("A figure without a source cannot be relied on"));
    }
    let mut rows = Vec::new();
    for one in ask.rates {
        rows.push(row(all, kind, ask, one)?);
    }
    if kind == RateKind::LatePayment {
        half_year(&mut rows, today)?;
    }
    whole(all, kind, ask.from_on, &rows)?;
    rising(kind, &rows)?;
    free(all, kind, &rows, today)?;
    Ok(rows)
}

fn row(all: &[ReferenceRow], kind: RateKind, ask: &AskedRates<'_>, one: &AskedRate) -> Result<ReferenceRow, Refusal> {
    let which = || {
        let sentence = format!("{}: {} is none of them", kind.name(), one.key.trim());
        refusals::UNKNOWN_KIND.because(sentence)
    };
    let key = kind.key(all, &one.key).ok_or_else(which)?;
    let cannot = || {
        let figure = one.figure.trim();
        refusals::FIGURE.because(format!("{}: {figure} for {} cannot be meant", kind.name(), words_of_key(kind, &key)))
    };
    let (stored, value) = kind.read(&one.figure).ok_or_else(cannot)?;
    let to_on = if kind == RateKind::BankHoliday { Some(ask.from_on) } else { ask.to_on };
    Ok(ReferenceRow {
        kind: stored.to_owned(),
        key,
        from_on: ask.from_on,
        to_on,
        value,
        note: ask.note.trim().to_owned(),
        source: ask.source.trim().to_owned(),
        entered_by: String::new(),
        approved_by: String::new(),
    })
}

/// Bank Rate of the reference date holds for the half-year after it, and is not known before that date (LP-03).
fn half_year(rows: &mut [ReferenceRow], today: NaiveDate) -> Result<(), Refusal> {
    for row in rows {
        let last = match (row.from_on.month(), row.from_on.day()) {
            (1, 1) => NaiveDate::from_ymd_opt(row.from_on.year(), 6, 30),
            (7, 1) => NaiveDate::from_ymd_opt(row.from_on.year(), 12, 31),
            _ => None,
        };
        let wrong = || {
            let sentence = "Bank Rate is set for half a year, from 1 January or from 1 July";
            refusals::INCOMPLETE.because(sentence)
        };
        let last = last.filter(|last| row.to_on.is_none_or(|to| to == *last)).ok_or_else(wrong)?;
        let known_on = add_days(row.from_on, -1);
        if today < known_on {
            let sentence = format!("Bank Rate of {} is not known yet", written(known_on));
            return Err(refusals::TOO_SOON.because(sentence).allowed_from(known_on));
        }
        let bank_rate = Pence(row.value).pounds();
        let working = format!("Bank Rate {bank_rate} on {known_on} plus 8.00");
        row.note = if row.note.is_empty() { working } else { format!("{working}; {}", row.note) };
        row.value += OVER_BANK_RATE;
        row.to_on = Some(last);
    }
    Ok(())
}

/// Something is asked for, nothing twice, and every band of a table comes with it.
fn whole(all: &[ReferenceRow], kind: RateKind, from_on: NaiveDate, rows: &[ReferenceRow]) -> Result<(), Refusal> {
    let given: BTreeSet<(&str, &str)> = rows.iter().map(|row| (row.kind.as_str(), row.key.as_str())).collect();
    if rows.is_empty() || given.len() != rows.len() {
        return Err(refusals::INCOMPLETE.because("Enter each figure once, and one at least"));
    }
    if kind == RateKind::BankHoliday {
        let loaded = |key: &str| all.iter().any(|row| kind.has(row) && row.key == key && same_year(row, from_on));
        return match rows.iter().find(|row| !loaded(&row.key)) {
            Some(_) => {
                let sentence = format!("No bank holiday of {} is loaded, and one is not a whole year", from_on.year());
                Err(refusals::INCOMPLETE.because(sentence))
            }
            None => Ok(()),
        };
    }
    if !kind.is_table() {
        return Ok(());
    }
    let before = all.iter().filter(|row| kind.has(row) && row.from_on < from_on);
    let last = before.clone().map(|row| row.from_on).max();
    let lacks = before.filter(|row| Some(row.from_on) == last);
    let lacks: Vec<String> = lacks
        .filter(|row| !given.contains(&(row.kind.as_str(), row.key.as_str())))
        .map(|row| words_of_key(kind, &row.key))
        .collect();
    if lacks.is_empty() {
        return Ok(());
    }
    Err(refusals::INCOMPLETE.because(format!("{}: nothing is entered for {}", kind.name(), lacks.join(", "))))
}

fn same_year(row: &ReferenceRow, day: NaiveDate) -> bool {
    row.from_on.year() == day.year()
}

/// A greater claim never costs less than a smaller one.
fn rising(kind: RateKind, rows: &[ReferenceRow]) -> Result<(), Refusal> {
    if !kind.is_table() {
        return Ok(());
    }
    let mut sums: Vec<(i64, i64)> =
        rows.iter().filter(|row| !kind.is_share(&row.kind)).map(|row| (band(&row.key), row.value)).collect();
    sums.sort_unstable();
    let falls = sums.iter().zip(sums.iter().skip(1)).find(|((_, small), (_, great))| great < small);
    match falls {
        Some(((_, small), (_, great))) => {
            let (small, great) = (Pence(*small), Pence(*great));
            Err(refusals::FIGURE.because(format!("{}: {great} stands above {small}", kind.name())))
        }
        None => Ok(()),
    }
}

/// Nothing stands on the days already, and nothing that may have been used is changed.
fn free(all: &[ReferenceRow], kind: RateKind, rows: &[ReferenceRow], today: NaiveDate) -> Result<(), Refusal> {
    for new in rows {
        let same = |old: &ReferenceRow| match kind.is_table() {
            true => kind.has(old),
            false => old.kind == new.kind && old.key == new.key,
        };
        for old in all.iter().filter(|old| same(old)) {
            if old.from_on >= new.from_on && new.to_on.is_none_or(|last| last >= old.from_on) {
                let sentence = format!("{}: there is a figure from {} already", kind.name(), written(old.from_on));
                return Err(refusals::OVERLAP.because(sentence));
            }
            if new.from_on <= today && old.holds_on(new.from_on) {
                let sentence = format!("{}: the figure of {} may have been used", kind.name(), written(new.from_on));
                return Err(refusals::BACKDATED.because(sentence).allowed_from(add_days(today, 1)));
            }
        }
        if kind == RateKind::BankHoliday && new.from_on <= today {
            let sentence = format!("{} has been counted as a working day", written(new.from_on));
            return Err(refusals::BACKDATED.because(sentence).allowed_from(add_days(today, 1)));
        }
    }
    Ok(())
}

/// The bound of a band, the last one above all others.
pub(super) fn band(key: &str) -> i64 {
    if key == "max" { i64::MAX } else { key.parse().unwrap_or_default() }
}

/// Which one of a kind, for people.
pub fn words_of_key(kind: RateKind, key: &str) -> String {
    match kind {
        RateKind::Compensation => format!("debts from {}", Pence(band(key))),
        other if other.is_table() && key == "max" => "whatever is above the other bands".to_owned(),
        other if other.is_table() => format!("up to {}", Pence(band(key))),
        _ => key.replace(['_', '-'], " "),
    }
}

/// A figure as people read it: a share, a sum, or nothing for a day.
pub fn words_of_figure(stored: &str, value: i64) -> String {
    match RateKind::of(stored) {
        Some(RateKind::BankHoliday) => String::new(),
        Some(kind) if kind.is_share(stored) => BasisPoints(value).to_string(),
        _ => Pence(value).to_string(),
    }
}

#[cfg(test)]
mod tests;
