//! Expected credit loss (GL-07): rates by class and age as dated data, named debts first, bodies of government left out.
use super::refusals;
use crate::money::{BasisPoints, Pence};
use crate::refusal::{Invalid, Refusal};
use crate::reports::{ProvisionRow, allowance_charge, provision_matrix};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The ages that have a rate, youngest first.
pub const BUCKETS: [(&str, &str, i64); 7] = [
    ("not_due", "Not due", 0),
    ("1_30", "1 to 30 days", 30),
    ("31_60", "31 to 60 days", 60),
    ("61_90", "61 to 90 days", 90),
    ("91_180", "91 to 180 days", 180),
    ("181_365", "181 to 365 days", 365),
    ("over_365", "Over 365 days", i64::MAX),
];

/// The rates of one class of customer or debt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassRates {
    /// Its name.
    pub class: String,
    /// Kinds of customer that belong to it; empty for any.
    #[serde(default)]
    pub customer_kinds: Vec<String>,
    /// Words, one of which the type of debt holds; empty for any.
    #[serde(default)]
    pub debt_words: Vec<String>,
    /// No loss is expected: a body of government.
    #[serde(default)]
    pub excluded: bool,
    /// Loss rates by age in basis points, youngest first.
    pub rates_bp: Vec<i64>,
}

/// All classes, the first that fits counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matrix {
    /// In order of precedence; the last must take what no other took.
    pub classes: Vec<ClassRates>,
}

/// The matrix that comes with the program: policy, to be replaced by a site's own history.
pub fn default_matrix() -> Matrix {
    let rates = vec![30, 160, 360, 660, 1_060, 3_500, 10_000];
    let class = |class: &str, kinds: &[&str], words: &[&str], excluded: bool, rates: &[i64]| ClassRates {
        class: class.into(),
        customer_kinds: kinds.iter().map(|kind| (*kind).into()).collect(),
        debt_words: words.iter().map(|word| (*word).into()).collect(),
        excluded,
        rates_bp: if excluded { vec![0; 7] } else { rates.to_vec() },
    };
    let overseas = [2_500, 3_500, 5_000, 6_000, 7_500, 9_000, 10_000];
    let classes = vec![
        class("Government and NHS bodies", &["public_body", "nhs_body"], &[], true, &[]),
        class("Overseas visitors", &[], &["overseas"], false, &overseas),
        class("Staff", &["employee"], &[], false, &rates),
        class("Businesses", &["company"], &[], false, &rates),
        class("Individuals", &[], &[], false, &rates),
    ];
    Matrix { classes }
}

impl Matrix {
    /// What is wrong with it.
    pub fn wrong(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        for class in &self.classes {
            if class.class.trim().is_empty() || class.class.chars().count() > 60 {
                wrong.push(Invalid::field("classes", "Enter a name of at most 60 characters", &class.class));
            }
            let fits =
                class.rates_bp.len() == BUCKETS.len() && class.rates_bp.iter().all(|bp| (0..=10_000).contains(bp));
            if !fits {
                let message = format!("Enter seven rates from 0 to 100 per cent for {}", class.class);
                wrong.push(Invalid::field("classes", message, &class.class));
            }
        }
        let open = self.classes.last().is_some_and(|last| last.customer_kinds.is_empty() && last.debt_words.is_empty());
        if !open {
            wrong.push(Invalid::field("classes", "The last class must take every debt that no other took", ""));
        }
        wrong
    }

    /// The place of the class of a debt.
    pub fn class_of(&self, customer_kind: &str, debt_type: &str) -> usize {
        let words = debt_type.to_lowercase();
        let fits = |class: &ClassRates| {
            (class.customer_kinds.is_empty() || class.customer_kinds.iter().any(|kind| kind == customer_kind))
                && (class.debt_words.is_empty()
                    || class.debt_words.iter().any(|word| words.contains(&word.to_lowercase())))
        };
        self.classes.iter().position(fits).unwrap_or(self.classes.len().saturating_sub(1))
    }
}

/// The place of an age in days.
pub fn bucket_of(age: i64) -> usize {
    BUCKETS.iter().position(|(_, _, last)| age <= *last).unwrap_or(BUCKETS.len() - 1)
}

/// A debt, or what is open of one class on one due date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebtToCover {
    /// Kind of the customer.
    pub customer_kind: String,
    /// Type of the debt.
    pub debt_type: String,
    /// When due.
    pub due_on: NaiveDate,
    /// What is open.
    pub open: Pence,
    /// An allowance of its own, which takes it out of the matrix.
    pub own: Option<Pence>,
}

/// A class and an age with its allowance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowanceLine {
    /// Class, or `Named debts`.
    pub class: String,
    /// Age.
    pub bucket: String,
    /// Gross.
    pub gross: Pence,
    /// Rate.
    pub rate: BasisPoints,
    /// Allowance.
    pub allowance: Pence,
}

/// The allowance that the books need on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowanceBook {
    /// Lines with a gross amount, class by class, youngest first, named debts last.
    pub lines: Vec<AllowanceLine>,
    /// Gross in all.
    pub gross: Pence,
    /// Of it with bodies on which no loss is expected.
    pub excluded: Pence,
    /// Allowance in all.
    pub allowance: Pence,
}

/// Works the allowance out as at a day.
///
/// # Errors
/// `GL-07-MATRIX` where the matrix cannot be used.
pub fn book(matrix: &Matrix, debts: &[DebtToCover], as_at: NaiveDate) -> Result<AllowanceBook, Refusal> {
    if !matrix.wrong().is_empty() {
        return Err(refusals::ALLOWANCE_MATRIX.because("The loss rates that hold on the day cannot be used"));
    }
    let mut gross = vec![[Pence::ZERO; BUCKETS.len()]; matrix.classes.len()];
    let (mut named_gross, mut named) = (Pence::ZERO, Pence::ZERO);
    for debt in debts {
        if let Some(own) = debt.own {
            named_gross = named_gross.plus(debt.open);
            named = named.plus(own.min(debt.open).max(Pence::ZERO));
            continue;
        }
        let place = &mut gross[matrix.class_of(&debt.customer_kind, &debt.debt_type)]
            [bucket_of((as_at - debt.due_on).num_days())];
        *place = place.plus(debt.open);
    }
    let mut lines = Vec::new();
    let mut excluded = Pence::ZERO;
    for (class, row) in matrix.classes.iter().zip(&gross) {
        for (n, gross) in row.iter().enumerate().filter(|(_, gross)| **gross != Pence::ZERO) {
            let rate = BasisPoints(if class.excluded { 0 } else { class.rates_bp[n] });
            if class.excluded {
                excluded = excluded.plus(*gross);
            }
            let (_, allowance) = provision_matrix(&[ProvisionRow { gross: *gross, rate }]);
            lines.push(AllowanceLine {
                class: class.class.clone(),
                bucket: BUCKETS[n].1.to_owned(),
                gross: *gross,
                rate,
                allowance,
            });
        }
    }
    if named_gross != Pence::ZERO {
        let (class, bucket) = ("Named debts".to_owned(), "Looked at one by one".to_owned());
        lines.push(AllowanceLine { class, bucket, gross: named_gross, rate: BasisPoints(0), allowance: named });
    }
    let sum = |of: fn(&AllowanceLine) -> Pence| lines.iter().fold(Pence::ZERO, |sum, line| sum.plus(of(line)));
    let (gross, allowance) = (sum(|line| line.gross), sum(|line| line.allowance));
    Ok(AllowanceBook { lines, gross, excluded, allowance })
}

/// How the allowance moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllowanceMovement {
    /// At the start.
    pub opening: Pence,
    /// Used by write-offs, less what write-backs restored.
    pub used: Pence,
    /// Charged to the year; below zero where it is released.
    pub charge: Pence,
    /// What the books need.
    pub closing: Pence,
}

/// The movement: what must be charged so that the books hold what they need.
pub fn movement(opening: Pence, used: Pence, closing: Pence) -> AllowanceMovement {
    AllowanceMovement { opening, used, charge: allowance_charge(opening, used, closing), closing }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debt(kind: &str, days: i64, pounds: i64) -> DebtToCover {
        let as_at: NaiveDate = "2026-10-31".parse().expect("a date");
        DebtToCover {
            customer_kind: kind.into(),
            debt_type: String::new(),
            due_on: crate::calendar::add_days(as_at, -days),
            open: Pence(pounds * 100),
            own: None,
        }
    }

    #[test]
    fn gl_e8_wof_06_rates_by_class_and_age_make_the_allowance_and_its_charge() {
        let as_at = "2026-10-31".parse().expect("a date");
        let book_rows = [(0, 4_200_000), (30, 1_350_000), (31, 620_000), (90, 310_000), (91, 240_000), (365, 130_000)];
        let mut debts: Vec<_> = book_rows.iter().map(|(days, pounds)| debt("individual", *days, *pounds)).collect();
        debts.push(debt("company", 366, 90_000));
        let made = book(&default_matrix(), &debts, as_at).expect("a book");
        assert_eq!((made.gross, made.allowance), (Pence(694_000_000), Pence(23_792_000)));
        let moved = movement(Pence(22_134_000), Pence(3_120_077), made.allowance);
        assert_eq!(moved.charge, Pence(4_778_077));
    }

    #[test]
    fn wof_06_named_debts_come_first_and_government_bodies_bear_nothing() {
        let as_at = "2026-10-31".parse().expect("a date");
        let named = DebtToCover { own: Some(Pence(60_000)), ..debt("company", 400, 1_000) };
        let visitor = DebtToCover { debt_type: "Overseas visitor".into(), ..debt("individual", 10, 100) };
        let made = book(&default_matrix(), &[named, debt("nhs_body", 400, 5_000), visitor], as_at).expect("a book");
        let seen: Vec<_> =
            made.lines.iter().map(|line| (line.class.as_str(), line.gross.0, line.allowance.0)).collect();
        assert_eq!(
            seen,
            [
                ("Government and NHS bodies", 500_000, 0),
                ("Overseas visitors", 10_000, 3_500),
                ("Named debts", 100_000, 60_000)
            ]
        );
        assert_eq!(made.excluded, Pence(500_000));
    }

    #[test]
    fn wof_06_a_matrix_must_have_every_rate_and_take_every_debt() {
        let mut matrix = default_matrix();
        assert!(matrix.wrong().is_empty());
        matrix.classes[4].rates_bp.pop();
        assert_eq!(matrix.wrong().len(), 1);
        matrix.classes.pop();
        assert_eq!(matrix.wrong()[0].message, "The last class must take every debt that no other took");
        let no = book(&matrix, &[], "2026-10-31".parse().expect("a date")).expect_err("refused");
        assert_eq!(no.code, "GL-07-MATRIX");
    }
}
