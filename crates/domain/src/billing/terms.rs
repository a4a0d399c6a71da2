//! When an invoice is to be paid: parts and their days, instalments, a discount for paying early (B3, BIL-09, BIL-18).
use super::credit::{CreditAsk, CreditableLine, PricedCredit, price_credit, share_of_net};
use super::{PricedDocument, PricedLine, refusals};
use crate::calendar::{add_days, add_months};
use crate::money::{BasisPoints, Pence};
use crate::refusal::{Invalid, Refusal};
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Most parts in which an invoice can be paid.
pub const MOST_PARTS: usize = 60;
/// Longest time to pay, in days.
const LONGEST_DAYS: i64 = 1_100;

named! {
    /// How far apart instalments are.
    Every {
        /// 7 days.
        Week = "week", "Week";
        /// 14 days.
        Fortnight = "fortnight", "Two weeks";
        /// 28 days.
        FourWeeks = "four_weeks", "Four weeks";
        /// A calendar month; on the last day of a month that is too short.
        Month = "month", "Month";
        /// Three calendar months.
        Quarter = "quarter", "Three months";
    }
}

impl Every {
    /// The day of an instalment, counted from the first and never from the one before (PP-02).
    pub fn day(self, first_on: NaiveDate, place: u32) -> NaiveDate {
        let n = i64::from(place);
        match self {
            Every::Week => add_days(first_on, 7 * n),
            Every::Fortnight => add_days(first_on, 14 * n),
            Every::FourWeeks => add_days(first_on, 28 * n),
            Every::Month => add_months(first_on, place.try_into().unwrap_or(i32::MAX)),
            Every::Quarter => add_months(first_on, place.saturating_mul(3).try_into().unwrap_or(i32::MAX)),
        }
    }
}

/// A part of an invoice with its own due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instalment {
    /// When it is due.
    pub due_on: NaiveDate,
    /// How much.
    pub amount: Pence,
}

/// Equal instalments; pennies that do not divide go on the first (PP-02).
pub fn equal_instalments(gross: Pence, count: u32, every: Every, first_on: NaiveDate) -> Vec<Instalment> {
    let n = i64::from(count.max(1));
    let (base, rest) = (gross.0.div_euclid(n), gross.0.rem_euclid(n));
    let one = |place: u32| Instalment {
        due_on: every.day(first_on, place),
        amount: Pence(if place == 0 { base + rest } else { base }),
    };
    (0..count.max(1)).map(one).collect()
}

/// What is wrong with a schedule; the row is the instalment. Empty when an invoice may be paid by it.
pub fn check_instalments(parts: &[Instalment], gross: Pence, issue_on: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if parts.len() < 2 || parts.len() > MOST_PARTS {
        let say = format!("Enter 2 to {MOST_PARTS} instalments");
        wrong.push(Invalid::field("instalments", say, parts.len().to_string()));
    }
    let mut before = issue_on;
    for (row, part) in (1..).zip(parts) {
        if part.amount <= Pence::ZERO {
            let say = "Enter an amount above zero for each instalment: make fewer of them";
            wrong.push(Invalid::row(row, "instalments", say, part.amount.to_string()));
        }
        if part.due_on < before || (row > 1 && part.due_on == before) {
            let say = format!("Enter a date {} {}", if row == 1 { "on or after" } else { "after" }, written(before));
            wrong.push(Invalid::row(row, "instalments", say, part.due_on.to_string()));
        }
        before = part.due_on;
    }
    let sum = parts.iter().fold(Pence::ZERO, |sum, part| sum.plus(part.amount));
    if sum != gross && !parts.is_empty() {
        let say = format!("The instalments add up to {sum}; the invoice is {gross}");
        wrong.push(Invalid::field("instalments", say, sum.to_string()));
    }
    wrong
}

/// A share of an invoice, and the days to pay it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsPart {
    /// Share in basis points: 5000 is half.
    pub share: BasisPoints,
    /// Days from the invoice date.
    pub days: i64,
}

/// What paying early is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyDiscount {
    /// Rate in basis points.
    pub rate: BasisPoints,
    /// Days from the invoice date within which it is given.
    pub days: i64,
}

/// Terms of payment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTerms {
    /// In order of their days; they add up to the whole.
    pub parts: Vec<TermsPart>,
    /// For paying early, if anything.
    pub discount: Option<EarlyDiscount>,
}

impl PaymentTerms {
    /// Everything that is wrong with them; the row is the part.
    pub fn check(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if self.parts.is_empty() || self.parts.len() > MOST_PARTS {
            let say = format!("Enter 1 to {MOST_PARTS} parts");
            wrong.push(Invalid::field("parts", say, self.parts.len().to_string()));
        }
        let mut before = -1;
        for (row, part) in (1..).zip(&self.parts) {
            if part.share.0 <= 0 {
                wrong.push(Invalid::row(row, "share", "Enter a share above nothing", part.share.to_string()));
            }
            if part.days <= before || part.days > LONGEST_DAYS {
                let say = format!("Enter more days than the part before, and at most {LONGEST_DAYS}");
                wrong.push(Invalid::row(row, "days", say, part.days.to_string()));
            }
            before = part.days;
        }
        let sum: i64 = self.parts.iter().map(|part| part.share.0).sum();
        if sum != 10_000 && !self.parts.is_empty() {
            let say = format!("The shares add up to {}, not to 100%", BasisPoints(sum));
            wrong.push(Invalid::field("parts", say, BasisPoints(sum).to_string()));
        }
        wrong.extend(self.check_discount());
        wrong
    }

    fn check_discount(&self) -> Vec<Invalid> {
        let Some(discount) = self.discount else { return Vec::new() };
        let mut wrong = Vec::new();
        if !(1..=2_000).contains(&discount.rate.0) {
            let say = "Enter a discount above nothing and at most 20%";
            wrong.push(Invalid::field("discount", say, discount.rate.to_string()));
        }
        let last = self.parts.last().map_or(0, |part| part.days);
        if discount.days < 0 || discount.days >= last {
            let say = format!("Enter fewer days than the {last} that everyone has");
            wrong.push(Invalid::field("discount_days", say, discount.days.to_string()));
        }
        if self.parts.len() > 1 {
            let say = "A discount is for an invoice that is paid at once: have one part, or no discount";
            wrong.push(Invalid::field("discount", say, discount.rate.to_string()));
        }
        wrong
    }

    /// The parts of an invoice: each its share rounded down, and the pennies that are left on the first.
    pub fn instalments(&self, gross: Pence, issue_on: NaiveDate) -> Vec<Instalment> {
        let share = |part: &TermsPart| i128::from(gross.0) * i128::from(part.share.0) / 10_000;
        let one = |part: &TermsPart| Instalment {
            due_on: add_days(issue_on, part.days),
            amount: Pence(share(part).try_into().unwrap_or(i64::MAX)),
        };
        let mut parts: Vec<Instalment> = self.parts.iter().map(one).collect();
        let sum = parts.iter().fold(Pence::ZERO, |sum, part| sum.plus(part.amount));
        if let Some(first) = parts.first_mut() {
            first.amount = first.amount.plus(gross.minus(sum));
        }
        parts
    }
}

/// A discount for paying early as a credit note: the rate of each line before VAT, and the VAT on that.
///
/// VAT is charged on the full price; when the discount is taken the VAT is lowered by a credit note
/// (VATA 1994 Sch 6 para 4 as it stands since 1 April 2015).
///
/// # Errors
/// `INV-09-NOT-POSITIVE` where the discount of every line comes to nothing.
pub fn early_discount(lines: &[CreditableLine], rate: BasisPoints) -> Result<PricedCredit, Refusal> {
    let asks: Vec<CreditAsk> = lines
        .iter()
        .map(|line| CreditAsk { line_no: line.line_no, net: share_of_net(line.net, rate) })
        .filter(|ask| ask.net > Pence::ZERO)
        .collect();
    price_credit(lines, &asks)
}

/// The lines of a document that is to be posted, of which nothing is credited yet.
pub fn creditable_lines(priced: &PricedDocument) -> Vec<CreditableLine> {
    let line = |(line_no, line): (u32, &PricedLine)| CreditableLine {
        line_no,
        net: line.net,
        vat: line.vat,
        vat_code: line.vat_code,
        rate: line.rate,
        credited_net: Pence::ZERO,
        credited_vat: Pence::ZERO,
    };
    (1..).zip(&priced.lines).map(line).collect()
}

/// What is to be known before a discount is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscountFacts {
    /// What the invoice allows.
    pub discount: Pence,
    /// The last day on which it is given.
    pub until_on: NaiveDate,
    /// What is open on the invoice.
    pub open: Pence,
    /// When the last of the payments came that were set against it.
    pub paid_on: Option<NaiveDate>,
    /// Whether anything but payments was set against it.
    pub credited: bool,
}

/// Gives a discount only where all the rest was paid in time.
///
/// # Errors
/// `BIL-18-…` with what is missing.
pub fn may_give_discount(facts: &DiscountFacts) -> Result<(), Refusal> {
    if facts.credited {
        return Err(refusals::DISCOUNT_CREDITED.because("Something other than a payment was set against the invoice"));
    }
    if facts.open != facts.discount {
        let sentence =
            format!("{} is open; the discount of {} is given when all but it is paid", facts.open, facts.discount);
        return Err(refusals::DISCOUNT_NOT_PAID.because(sentence));
    }
    match facts.paid_on {
        Some(day) if day <= facts.until_on => Ok(()),
        Some(day) => {
            let sentence =
                format!("The payment came on {}; the last day was {}", written(day), written(facts.until_on));
            Err(refusals::DISCOUNT_LATE.because(sentence))
        }
        None => Err(refusals::DISCOUNT_NOT_PAID.because("Nothing has been paid")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn halves() -> PaymentTerms {
        let part = |share, days| TermsPart { share: BasisPoints(share), days };
        PaymentTerms { parts: vec![part(5_000, 14), part(5_000, 42)], discount: None }
    }

    #[test]
    fn bil_09_pennies_go_on_the_first_and_dates_count_from_the_first() {
        let parts = equal_instalments(Pence(100_000), 3, Every::Month, d("2027-11-30"));
        let seen: Vec<(String, i64)> = parts.iter().map(|p| (p.due_on.to_string(), p.amount.0)).collect();
        let due = [("2027-11-30", 33_334), ("2027-12-30", 33_333), ("2028-01-30", 33_333)];
        assert_eq!(seen, due.map(|(day, sum)| (day.to_owned(), sum)));
        let short = equal_instalments(Pence(400), 4, Every::Month, d("2027-12-31"));
        let days: Vec<String> = short.iter().map(|p| p.due_on.to_string()).collect();
        assert_eq!(days, ["2027-12-31", "2028-01-31", "2028-02-29", "2028-03-31"]);
        assert_eq!(check_instalments(&parts, Pence(100_000), d("2027-11-01")), []);
    }

    #[test]
    fn bil_09_a_schedule_that_cannot_be_is_told_part_by_part() {
        let part = |day: &str, pence| Instalment { due_on: d(day), amount: Pence(pence) };
        let wrong = check_instalments(&[part("2026-05-01", 500), part("2026-04-30", 0)], Pence(600), d("2026-05-02"));
        let told: Vec<(Option<u64>, &str)> = wrong.iter().map(|w| (w.row, w.message.as_str())).collect();
        assert_eq!(
            told,
            [
                (Some(1), "Enter a date on or after 2 May 2026"),
                (Some(2), "Enter an amount above zero for each instalment: make fewer of them"),
                (Some(2), "Enter a date after 1 May 2026"),
                (None, "The instalments add up to £5.00; the invoice is £6.00"),
            ]
        );
        assert_eq!(check_instalments(&[], Pence(600), d("2026-05-02")).len(), 1);
    }

    #[test]
    fn bil_18_split_shares_add_up_to_the_invoice() {
        let parts = halves().instalments(Pence(10_001), d("2026-05-01"));
        assert_eq!(parts[0], Instalment { due_on: d("2026-05-15"), amount: Pence(5_001) });
        assert_eq!(parts[1], Instalment { due_on: d("2026-06-12"), amount: Pence(5_000) });
        assert_eq!(halves().check(), []);
    }

    #[test]
    fn bil_18_terms_that_do_not_add_up_are_told() {
        let part = |share, days| TermsPart { share: BasisPoints(share), days };
        let discount = Some(EarlyDiscount { rate: BasisPoints(2_500), days: 30 });
        let terms = PaymentTerms { parts: vec![part(5_000, 30), part(4_000, 30)], discount };
        let fields: Vec<(Option<u64>, String)> = terms.check().into_iter().map(|w| (w.row, w.field)).collect();
        let due = [(Some(2), "days"), (None, "parts"), (None, "discount"), (None, "discount_days"), (None, "discount")];
        assert_eq!(fields, due.map(|(row, field)| (row, field.to_owned())));
    }

    #[test]
    fn bil_18_the_discount_lowers_the_vat_with_the_price() {
        use crate::billing::{PricedLine, VatCode};
        let line = PricedLine {
            net: Pence(100_000),
            vat: Pence(20_000),
            gross: Pence(120_000),
            vat_code: VatCode::S,
            rate: BasisPoints(2_000),
        };
        let (net, vat, gross) = (line.net, line.vat, line.gross);
        let priced = PricedDocument { lines: vec![line], rates: Vec::new(), net, vat, gross };
        let credit = early_discount(&creditable_lines(&priced), BasisPoints(250)).expect("prices");
        assert_eq!((credit.net, credit.vat, credit.gross), (Pence(2_500), Pence(500), Pence(3_000)));
    }

    #[test]
    fn bil_18_late_short_or_credited_gives_no_discount() {
        let good = DiscountFacts {
            discount: Pence(3_000),
            until_on: d("2026-05-11"),
            open: Pence(3_000),
            paid_on: Some(d("2026-05-11")),
            credited: false,
        };
        let code = |facts: DiscountFacts| may_give_discount(&facts).map_err(|no| no.code);
        assert_eq!(code(good), Ok(()));
        assert_eq!(code(DiscountFacts { paid_on: Some(d("2026-05-12")), ..good }), Err("BIL-18-LATE".into()));
        assert_eq!(code(DiscountFacts { open: Pence(3_001), ..good }), Err("BIL-18-NOT-PAID".into()));
        assert_eq!(code(DiscountFacts { paid_on: None, ..good }), Err("BIL-18-NOT-PAID".into()));
        assert_eq!(code(DiscountFacts { credited: true, ..good }), Err("BIL-18-CREDITED".into()));
    }

    proptest! {
        #[test]
        fn bil_09_instalments_always_add_up(gross in 1i64..100_000_000, count in 1u32..60, cut in 1i64..9_999) {
            let equal = equal_instalments(Pence(gross), count, Every::FourWeeks, d("2026-01-31"));
            prop_assert_eq!(equal.iter().map(|p| p.amount.0).sum::<i64>(), gross);
            let part = |share, days| TermsPart { share: BasisPoints(share), days };
            let terms = PaymentTerms { parts: vec![part(cut, 1), part(10_000 - cut, 2)], discount: None };
            let split = terms.instalments(Pence(gross), d("2026-01-31"));
            prop_assert_eq!(split.iter().map(|p| p.amount.0).sum::<i64>(), gross);
        }
    }
}
