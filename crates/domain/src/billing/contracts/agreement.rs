//! What a contract holds, and everything that can be wrong with it, told at once.
use super::cycle::Cycle;
use super::delivered::Delivered;
use super::shares::{Payer, Share};
use super::units::{Unit, day_words};
use crate::calendar::add_days;
use crate::money::BasisPoints;
use crate::refusal::Invalid;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A rate with its days, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatedRate {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known; the next rate ends it too.
    pub to_on: Option<NaiveDate>,
    /// In ten-thousandths of a pound.
    pub rate_e4: i64,
    /// The rate card's line, or the decision behind it.
    pub source: String,
}

/// One charge of a contract.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeTerms {
    /// Its place, from 1.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// What its rate is for.
    pub unit: Unit,
    /// How many, in ten-thousandths: 10000 is one; of an hour, planned hours a week.
    pub quantity_e4: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// Its rates, oldest first.
    pub rates: Vec<DatedRate>,
    /// The clause of the contract it rests on.
    pub clause: String,
    /// What was delivered and accepted, where that is charged and not the plan.
    #[serde(default)]
    pub activity: Option<Vec<Delivered>>,
}

/// Days that are not charged, or only in part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    pub to_on: Option<NaiveDate>,
    /// What is still charged: 5000 is half, 0 is nothing.
    pub retained: BasisPoints,
    /// Why.
    pub reason: String,
}

/// A contract, as the rules of charging need it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agreement {
    /// How often it is billed.
    pub cycle: Cycle,
    /// Whether it is billed before the period.
    pub in_advance: bool,
    /// First day of the service.
    pub starts_on: NaiveDate,
    /// Last day, where it is known.
    pub ends_on: Option<NaiveDate>,
    /// Whether the first day is charged.
    pub charge_first_day: bool,
    /// Whether the last day is charged.
    pub charge_last_day: bool,
    /// Its charges.
    pub lines: Vec<ChargeTerms>,
    /// Suspensions and absences.
    pub breaks: Vec<Break>,
    /// Who pays.
    pub payers: Vec<Payer>,
}

impl Agreement {
    /// The first day that is charged.
    pub fn charged_from(&self) -> NaiveDate {
        if self.charge_first_day { self.starts_on } else { add_days(self.starts_on, 1) }
    }

    /// The last day that is charged, where it is known.
    pub fn charged_to(&self) -> Option<NaiveDate> {
        self.ends_on.map(|end| if self.charge_last_day { end } else { add_days(end, -1) })
    }
}

/// Payers of one contract at most.
pub const PAYERS_AT_MOST: usize = 20;
const WHOLE: i64 = 1_000_000;

/// A reference to a service user: refused when it looks like a name, since invoices go to people who may not know it.
pub fn check_service_user(typed: &str) -> Result<String, Invalid> {
    let text = typed.trim();
    let of_reference = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '_');
    let wrong = |say: &str| Err(Invalid::field("service_user", say, typed));
    if text.is_empty() {
        return Ok(String::new());
    }
    if text.chars().count() > 30 {
        return wrong("Enter a reference of at most 30 characters");
    }
    if !text.chars().any(|c| c.is_ascii_digit()) || !text.chars().all(of_reference) {
        return wrong(
            "Enter the person's reference in the case system, such as P104482, never a name: letters and digits with no space",
        );
    }
    if is_nhs_number(text) {
        return wrong("Enter the person's reference in the case system, not their NHS number, which names them");
    }
    Ok(text.to_uppercase())
}

/// Ten digits of which the last is the check digit, modulus 11.
fn is_nhs_number(text: &str) -> bool {
    let digits: Vec<u32> = text.chars().filter(|c| *c != '-').filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 10 || text.chars().any(|c| c.is_ascii_alphabetic()) {
        return false;
    }
    let sum: u32 = digits.iter().take(9).zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 11 == digits[9]
}

/// Faults of dated rates: none above zero, ends before starts, two for one day. Rows are counted from 1.
pub fn check_rates(rates: &[DatedRate]) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    for (row, rate) in (1..).zip(rates) {
        if rate.rate_e4 <= 0 {
            wrong.push(Invalid::row(row, "rate", "Enter a rate above zero", ""));
        }
        if let Some(to) = rate.to_on.filter(|to| *to < rate.from_on) {
            let say = format!("Enter a day on or after {}", day_words(rate.from_on));
            wrong.push(Invalid::row(row, "to", say, to.to_string()));
        }
        let earlier = &rates[..row as usize - 1];
        if let Some(other) = earlier.iter().find(|other| overlap(other, rate)) {
            let last = other.to_on.map_or_else(|| "on".to_owned(), |to| format!("to {}", day_words(to)));
            let say = format!(
                "Another rate holds from {} {last}: end one the day before the other begins",
                day_words(other.from_on)
            );
            wrong.push(Invalid::row(row, "from", say, rate.from_on.to_string()));
        }
    }
    wrong
}

/// Two rates meet in a day, or start on the same one. A rate without an end is ended by the next.
fn overlap(a: &DatedRate, b: &DatedRate) -> bool {
    let (first, second) = if a.from_on <= b.from_on { (a, b) } else { (b, a) };
    first.from_on == second.from_on || first.to_on.is_some_and(|to| to >= second.from_on)
}

/// Everything wrong with a contract; empty when it may be kept.
pub fn check_agreement(contract: &Agreement) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if let Some(end) = contract.ends_on.filter(|end| *end < contract.starts_on) {
        let say = format!("Enter a last day on or after the first, {}", day_words(contract.starts_on));
        wrong.push(Invalid::field("ends_on", say, end.to_string()));
    }
    if contract.lines.is_empty() {
        wrong.push(Invalid::field("lines", "Enter at least one charge", ""));
    }
    for line in &contract.lines {
        check_line(contract, line, &mut wrong);
    }
    check_breaks(contract, &mut wrong);
    if contract.payers.len() > PAYERS_AT_MOST {
        wrong.push(Invalid::field("payers", format!("Enter at most {PAYERS_AT_MOST} payers"), ""));
    }
    check_payers(contract, &mut wrong);
    wrong
}

fn check_line(contract: &Agreement, line: &ChargeTerms, wrong: &mut Vec<Invalid>) {
    let row = line.line as u64;
    let mut say = |field: &str, message: String| wrong.push(Invalid::row(row, field, message, ""));
    if line.description.trim().is_empty() {
        say("description", "Enter what the charge is for".into());
    }
    if line.quantity_e4 <= 0 {
        say("quantity", "Enter a quantity above zero".into());
    }
    if line.to_on.is_some_and(|to| to < line.from_on) {
        say("to", format!("Enter a day on or after {}", day_words(line.from_on)));
    }
    if line.activity.is_some() {
        if !Unit::OF_ACTIVITY.contains(&line.unit) {
            say("unit", "Choose day, hour, visit or session: activity is counted in these".into());
        }
        if contract.in_advance || contract.cycle == Cycle::Termly {
            say(
                "by_activity",
                "Bill it after the period, in a cycle without gaps: activity is known afterwards".into(),
            );
        }
    }
    let first = line.from_on.max(contract.starts_on);
    if !line.rates.iter().any(|rate| rate.from_on <= first) {
        say("rate", format!("Enter a rate that holds on {}, the first day", day_words(first)));
    }
    for fault in check_rates(&line.rates) {
        say(&fault.field, fault.message);
    }
}

fn check_breaks(contract: &Agreement, wrong: &mut Vec<Invalid>) {
    for (i, one) in contract.breaks.iter().enumerate() {
        if one.to_on.is_some_and(|to| to < one.from_on) {
            let say = format!("Enter a day on or after {}", day_words(one.from_on));
            wrong.push(Invalid::field("to_on", say, one.to_on.map(|to| to.to_string()).unwrap_or_default()));
        }
        if !(0..=10_000).contains(&one.retained.0) {
            wrong.push(Invalid::field("retained", "Enter a percentage from 0 to 100", ""));
        }
        let meets = |other: &&Break| {
            one.to_on.is_none_or(|to| other.from_on <= to) && other.to_on.is_none_or(|to| one.from_on <= to)
        };
        if let Some(other) = contract.breaks[..i].iter().find(meets) {
            let last = other.to_on.map_or_else(|| "on".to_owned(), |to| format!("to {}", day_words(to)));
            let say = format!("There is a break from {} {last} already: end that one first", day_words(other.from_on));
            wrong.push(Invalid::field("from_on", say, one.from_on.to_string()));
        }
    }
}

/// On every day of every charge the shares come to the whole, or someone pays the rest.
fn check_payers(contract: &Agreement, wrong: &mut Vec<Invalid>) {
    for (row, payer) in (1..).zip(&contract.payers) {
        if let Some(to) = payer.to_on.filter(|to| *to < payer.from_on) {
            let say = format!("Enter a day on or after {}", day_words(payer.from_on));
            wrong.push(Invalid::row(row, "to", say, to.to_string()));
        }
        let beyond = match payer.share {
            Share::Fixed(rate) => rate <= 0,
            Share::Percent(part) => !(1..=WHOLE).contains(&part),
            Share::Remainder => false,
        };
        if beyond {
            wrong.push(Invalid::row(row, "share", "Enter a share above zero, and of at most 100%", ""));
        }
        let one_of_many = contract.lines.len() > 1 && payer.line.is_none();
        if one_of_many && matches!(payer.share, Share::Fixed(_)) {
            wrong.push(Invalid::row(row, "line", "Say which charge this fixed amount pays", ""));
        }
        if let Some(other) = contract.payers[..row as usize - 1].iter().find(|other| same_twice(payer, other)) {
            let say = format!("This customer pays from {} already: end that share first", day_words(other.from_on));
            wrong.push(Invalid::row(row, "from", say, payer.from_on.to_string()));
        }
        if payer.line.is_some_and(|line| !contract.lines.iter().any(|terms| terms.line == line)) {
            wrong.push(Invalid::row(row, "line", "Choose a charge of this contract", ""));
        }
    }
    for line in &contract.lines {
        let say = first_gap(contract, line);
        wrong.extend(say.map(|say| Invalid::field("payers", say, "")));
    }
}

/// The same customer pays twice for one charge on one day.
fn same_twice(one: &Payer, other: &Payer) -> bool {
    let same_line = one.line.is_none() || other.line.is_none() || one.line == other.line;
    let apart = one.to_on.is_some_and(|to| to < other.from_on) || other.to_on.is_some_and(|to| to < one.from_on);
    one.customer == other.customer && same_line && !apart
}

/// The first day on which the shares of a charge do not come to the whole, in words.
fn first_gap(contract: &Agreement, line: &ChargeTerms) -> Option<String> {
    let first = contract.charged_from().max(line.from_on);
    let last = contract.charged_to().into_iter().chain(line.to_on).min();
    let mut days = vec![first];
    for payer in &contract.payers {
        days.push(payer.from_on);
        days.extend(payer.to_on.map(|to| add_days(to, 1)));
    }
    days.retain(|day| *day >= first && last.is_none_or(|last| *day <= last));
    days.sort_unstable();
    days.into_iter().find_map(|day| {
        let paying: Vec<&Payer> = contract.payers.iter().filter(|payer| payer.pays(line.line, day)).collect();
        let percent: i64 = paying.iter().map(|payer| if let Share::Percent(e4) = payer.share { e4 } else { 0 }).sum();
        let rest = paying.iter().any(|payer| payer.share == Share::Remainder);
        let from = format!("From {} ", day_words(day));
        if paying.is_empty() {
            return Some(format!("{from}nobody pays charge {}: enter who does", line.line));
        }
        if percent == WHOLE || (rest && percent < WHOLE) {
            return None;
        }
        let shown = format!("{}.{:04}", percent / 10_000, percent % 10_000);
        let shown = shown.trim_end_matches('0').trim_end_matches('.').to_owned();
        Some(format!(
            "{from}the percentages of charge {} come to {shown}%: make them 100%, or let one payer pay the rest",
            line.line
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::CustomerId;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn rate(from: &str, to: Option<&str>) -> DatedRate {
        DatedRate { from_on: d(from), to_on: to.map(d), rate_e4: 1_823_500, source: String::new() }
    }

    fn good() -> Agreement {
        let line = ChargeTerms {
            line: 1,
            description: "Care".into(),
            unit: Unit::Week,
            quantity_e4: 10_000,
            from_on: d("2026-04-06"),
            to_on: None,
            rates: vec![rate("2026-04-06", None)],
            clause: String::new(),
            activity: None,
        };
        let payer = Payer {
            customer: CustomerId(1),
            line: None,
            from_on: d("2026-04-06"),
            to_on: None,
            share: Share::Remainder,
            lead: true,
        };
        Agreement {
            cycle: Cycle::FourWeekly,
            in_advance: false,
            starts_on: d("2026-04-06"),
            ends_on: None,
            charge_first_day: true,
            charge_last_day: false,
            lines: vec![line],
            breaks: Vec::new(),
            payers: vec![payer],
        }
    }

    #[test]
    fn nhs_07_a_name_is_refused_where_a_reference_is_meant() {
        assert_eq!(check_service_user(" p104482 ").as_deref(), Ok("P104482"));
        assert_eq!(check_service_user("").as_deref(), Ok(""));
        for name in ["Ann Clarke", "Clarke", "A. Clarke 2", "O'Neil7", "9434765919", "943-476-5919"] {
            let wrong = check_service_user(name).expect_err("looks like a name");
            assert!(wrong.message.starts_with("Enter the person's reference in the case system"), "{name}");
            assert_eq!(wrong.typed, name);
        }
    }

    #[test]
    fn bil_03_rates_that_overlap_are_refused() {
        assert_eq!(check_rates(&[rate("2026-04-01", None), rate("2027-04-01", None)]), []);
        assert_eq!(check_rates(&[rate("2027-04-01", None), rate("2026-04-01", Some("2027-03-31"))]), []);
        let both = check_rates(&[rate("2026-04-01", Some("2027-04-01")), rate("2027-04-01", None)]);
        let say = "Another rate holds from 1 April 2026 to 1 April 2027: end one the day before the other begins";
        assert_eq!((both[0].row, both[0].message.as_str()), (Some(2), say));
        assert_eq!(check_rates(&[rate("2026-04-01", None), rate("2026-04-01", None)]).len(), 1);
        assert_eq!(check_rates(&[rate("2026-04-01", Some("2026-03-01"))])[0].field, "to");
    }

    #[test]
    fn bil_03_a_contract_that_ends_before_it_starts_is_refused() {
        assert_eq!(check_agreement(&good()), []);
        let wrong = check_agreement(&Agreement { ends_on: Some(d("2026-04-05")), ..good() });
        assert_eq!(wrong[0].message, "Enter a last day on or after the first, 6 April 2026");
    }

    #[test]
    fn nhs_07_shares_that_do_not_add_up_are_refused() {
        let mut contract = good();
        contract.payers[0].share = Share::Percent(600_000);
        let wrong = check_agreement(&contract);
        let say =
            "From 6 April 2026 the percentages of charge 1 come to 60%: make them 100%, or let one payer pay the rest";
        assert_eq!(wrong[0].message, say);
        contract.payers.push(Payer {
            customer: CustomerId(2),
            share: Share::Percent(400_000),
            lead: false,
            to_on: Some(d("2026-06-30")),
            ..contract.payers[0].clone()
        });
        assert!(check_agreement(&contract)[0].message.starts_with("From 1 July 2026 the percentages"));
        contract.payers[1].to_on = None;
        assert_eq!(check_agreement(&contract), []);
        contract.payers.push(contract.payers[1].clone());
        let say = "This customer pays from 6 April 2026 already: end that share first";
        assert_eq!(check_agreement(&contract)[0].message, say);
        contract.payers.clear();
        assert_eq!(check_agreement(&contract)[0].message, "From 6 April 2026 nobody pays charge 1: enter who does");
    }

    #[test]
    fn bil_06_breaks_that_meet_are_refused() {
        let pause = |from: &str, to: Option<&str>| Break {
            from_on: d(from),
            to_on: to.map(d),
            retained: BasisPoints(0),
            reason: "Hospital".into(),
        };
        let mut contract = good();
        contract.breaks = vec![pause("2026-05-01", Some("2026-05-10")), pause("2026-05-11", None)];
        assert_eq!(check_agreement(&contract), []);
        contract.breaks.push(pause("2026-08-01", Some("2026-08-02")));
        let wrong = check_agreement(&contract);
        assert_eq!(wrong[0].message, "There is a break from 11 May 2026 on already: end that one first");
    }
}
