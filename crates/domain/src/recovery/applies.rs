//! Whose debts a pathway is for, from which debts a step is asked, and what a customer's history is worth.
use crate::customers::{CustomerKind, FlagKind};
use crate::law::DebtClass;
use crate::money::Pence;
use serde::{Deserialize, Serialize};

/// A debt as conditions see it.
#[derive(Clone, Copy, Debug)]
pub struct DebtSeen<'a> {
    /// Who owes it.
    pub kind: CustomerKind,
    /// Debt type, as the ledger has it.
    pub debt_type: &'a str,
    /// The service behind it.
    pub service: &'a str,
    /// What is open of it.
    pub open: Pence,
    /// Flags on the customer.
    pub flags: &'a [FlagKind],
    /// Score of the customer's history, from 0 to 100; none where there is none to judge by.
    pub score: Option<i32>,
}

/// From which debts a step is asked. What is empty asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct When {
    /// At least so much is open.
    pub least: Option<Pence>,
    /// At most so much is open.
    pub most: Option<Pence>,
    /// One of these kinds of customer.
    pub kinds: Vec<CustomerKind>,
    /// The debt type has one of these words in it.
    pub debt_types: Vec<String>,
    /// One of these flags is on the customer.
    pub with_flags: Vec<FlagKind>,
    /// None of these flags is on the customer.
    pub without_flags: Vec<FlagKind>,
    /// History: at least this score.
    pub least_score: Option<i32>,
    /// History: at most this score.
    pub most_score: Option<i32>,
}

impl When {
    /// Whether a debt is one of these.
    pub fn fits(&self, debt: &DebtSeen<'_>) -> bool {
        self.least.is_none_or(|least| debt.open >= least)
            && self.most.is_none_or(|most| debt.open <= most)
            && (self.kinds.is_empty() || self.kinds.contains(&debt.kind))
            && says(&self.debt_types, debt.debt_type)
            && (self.with_flags.is_empty() || self.with_flags.iter().any(|flag| debt.flags.contains(flag)))
            && !self.without_flags.iter().any(|flag| debt.flags.contains(flag))
            && self.least_score.is_none_or(|least| debt.score.is_some_and(|score| score >= least))
            && self.most_score.is_none_or(|most| debt.score.is_some_and(|score| score <= most))
    }

    /// Whether the customer's history is asked for.
    pub fn asks_history(&self) -> bool {
        self.least_score.is_some() || self.most_score.is_some()
    }

    /// In words: `£20.00 or more; not vulnerable`; empty where every debt is meant.
    pub fn in_words(&self) -> String {
        let mut all = Vec::new();
        match (self.least, self.most) {
            (Some(least), Some(most)) => all.push(format!("{} to {}", pounds(least), pounds(most))),
            (Some(least), None) => all.push(format!("{} or more", pounds(least))),
            (None, Some(most)) => all.push(format!("{} or less", pounds(most))),
            (None, None) => {}
        }
        if !self.kinds.is_empty() {
            all.push(joined(self.kinds.iter().map(|kind| kind.name().to_lowercase())));
        }
        if !self.debt_types.is_empty() {
            all.push(format!("debt type with {}", joined(self.debt_types.iter().map(|word| word.replace('_', " ")))));
        }
        if !self.with_flags.is_empty() {
            all.push(joined(self.with_flags.iter().map(|flag| flag.name().to_lowercase())));
        }
        if !self.without_flags.is_empty() {
            all.push(format!("not {}", joined(self.without_flags.iter().map(|flag| flag.name().to_lowercase()))));
        }
        match (self.least_score, self.most_score) {
            (Some(least), Some(most)) => all.push(format!("score {least} to {most}")),
            (Some(least), None) => all.push(format!("score {least} or more")),
            (None, Some(most)) => all.push(format!("score {most} or less")),
            (None, None) => {}
        }
        all.join("; ")
    }
}

fn pounds(amount: Pence) -> String {
    format!("£{}", amount.pounds())
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(" or ")
}

/// Whether a debt type has one of some words in it, however it is written; no words ask nothing. `care` is every debt
/// that the law takes for a care charge, a client's contribution too, and no careers fair ([`DebtClass`]).
fn says(words: &[String], debt_type: &str) -> bool {
    if words.is_empty() {
        return true;
    }
    let plain = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
    let (written, class) = (plain(debt_type), DebtClass::of_debt_type(debt_type));
    words.iter().map(|word| plain(word)).any(|word| match word.as_str() {
        "care" => class == DebtClass::Care,
        word => written.contains(word),
    })
}

/// Whose debts a pathway is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Applies {
    /// Of the pathways that a debt fits, the one with the highest rank is its own; below 0, none but by choice.
    pub rank: i32,
    /// Which debts.
    pub when: When,
    /// Only debts of these services, by their name.
    pub services: Vec<String>,
}

impl Applies {
    /// Whether a debt begins on the pathway by itself.
    pub fn fits(&self, debt: &DebtSeen<'_>) -> bool {
        let named = |service: &String| service.eq_ignore_ascii_case(debt.service.trim());
        self.rank >= 0
            && *self != Applies::default()
            && self.when.fits(debt)
            && (self.services.is_empty() || self.services.iter().any(named))
    }

    /// In a sentence, as a page of procedure says it.
    pub fn in_a_sentence(&self) -> String {
        if self.rank < 0 || *self == Applies::default() {
            return "No debt begins on it by itself: somebody puts a debt on it, with a reason.".into();
        }
        let when = &self.when;
        let mut says = "For debts".to_owned();
        if !when.kinds.is_empty() {
            says += &format!(
                " of customers of the kind {}",
                joined(when.kinds.iter().map(|kind| kind.name().to_lowercase()))
            );
        }
        if !when.debt_types.is_empty() {
            let words = joined(when.debt_types.iter().map(|word| word.replace('_', " ")));
            says += &format!(", of a debt type with {words} in it");
        }
        if !self.services.is_empty() {
            says += &format!(", billed by {}", self.services.join(" or "));
        }
        let amount = When { least: when.least, most: when.most, ..When::default() }.in_words();
        if !amount.is_empty() {
            says += &format!(", of {amount}");
        }
        if !when.with_flags.is_empty() {
            says +=
                &format!(", where marked {}", joined(when.with_flags.iter().map(|flag| flag.name().to_lowercase())));
        }
        if !when.without_flags.is_empty() {
            let flags = joined(when.without_flags.iter().map(|flag| flag.name().to_lowercase()));
            says += &format!(", where not marked {flags}");
        }
        let score = When { least_score: when.least_score, most_score: when.most_score, ..When::default() }.in_words();
        if !score.is_empty() {
            says += &format!(", with a history of {score}");
        }
        format!("{says}. Where several pathways fit, the highest rank takes the debt: this has {}.", self.rank)
    }

    /// In words.
    pub fn in_words(&self) -> String {
        let mut all: Vec<String> = Some(self.when.in_words()).into_iter().filter(|words| !words.is_empty()).collect();
        if !self.services.is_empty() {
            all.push(format!("billed by {}", self.services.join(" or ")));
        }
        match (self.rank < 0 || *self == Applies::default(), all.is_empty()) {
            (true, _) => "Only debts that somebody put on it".into(),
            (false, true) => "Every debt".into(),
            (false, false) => all.join("; "),
        }
    }
}

/// What a customer paid before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaidBefore {
    /// Debts settled in the last two years.
    pub settled: i64,
    /// Of them, within a fortnight of their due date.
    pub in_time: i64,
    /// Promises broken in that time.
    pub broken_promises: i64,
}

/// Days after the due date that still count as paid in time.
pub const IN_TIME_DAYS: i64 = 14;

/// The score of a history: the share of debts paid in time, less ten for each broken promise. None without history.
pub fn payer_score(paid: PaidBefore) -> Option<i32> {
    if paid.settled <= 0 {
        return None;
    }
    let share = paid.in_time.clamp(0, paid.settled) * 100 / paid.settled;
    i32::try_from((share - 10 * paid.broken_promises.max(0)).clamp(0, 100)).ok()
}

/// On which side of a trial a customer is: the same customer is always on the same side of the same trial.
pub fn takes_challenger(trial: i64, customer: i64, share_percent: i64) -> bool {
    let mut word = (trial as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (customer as u64);
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((word ^ (word >> 31)) % 100) < share_percent.clamp(0, 100) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debt(debt_type: &'static str, open: i64, score: Option<i32>) -> DebtSeen<'static> {
        DebtSeen { kind: CustomerKind::Individual, debt_type, service: "Care", open: Pence(open), flags: &[], score }
    }

    #[test]
    fn dun_03_conditions_by_kind_type_amount_flags_and_history() {
        let when = When {
            least: Some(Pence(2_000)),
            most: Some(Pence(9_000)),
            kinds: vec![CustomerKind::Individual],
            debt_types: vec!["salary".into()],
            without_flags: vec![FlagKind::Vulnerable],
            least_score: Some(50),
            ..When::default()
        };
        assert!(when.fits(&debt("Salary overpayment", 2_000, Some(50))));
        assert!(!when.fits(&debt("Salary overpayment", 1_999, Some(50))));
        assert!(!when.fits(&debt("Salary overpayment", 9_001, Some(50))));
        assert!(!when.fits(&debt("trade_waste", 2_000, Some(50))));
        assert!(!when.fits(&debt("Salary overpayment", 2_000, None)));
        let flagged = DebtSeen { flags: &[FlagKind::Vulnerable], ..debt("salary", 2_000, Some(90)) };
        assert!(!when.fits(&flagged));
        assert!(When::default().fits(&flagged));
        assert!(!Applies::default().fits(&flagged), "a pathway that says nothing is nobody's by itself");
        let ours = Applies { services: vec!["CARE".into()], ..Applies::default() };
        assert!(ours.fits(&flagged));
    }

    #[test]
    fn dun_01_whom_a_pathway_is_for_reads_like_procedure() {
        let when = When {
            most: Some(Pence(500_000)),
            kinds: vec![CustomerKind::Individual, CustomerKind::SoleTrader],
            debt_types: vec!["care_charge".into()],
            without_flags: vec![FlagKind::Vulnerable],
            most_score: Some(40),
            ..When::default()
        };
        let applies = Applies { rank: 30, when, services: vec!["Adult care".into()] };
        let says = applies.in_a_sentence();
        assert!(
            says.starts_with("For debts of customers of the kind individual or sole trader, of a debt type"),
            "{says}"
        );
        assert!(says.contains(" with care charge in it, billed by Adult care, of £5"), "{says}");
        assert!(says.contains(", where not marked vulnerable, with a history of score 40 or less."), "{says}");
        assert!(says.ends_with("this has 30."), "{says}");
        assert!(Applies::default().in_a_sentence().starts_with("No debt begins on it by itself"));
    }

    #[test]
    fn dun_16_a_score_is_a_share_less_broken_promises() {
        let of = |settled, in_time, broken_promises| payer_score(PaidBefore { settled, in_time, broken_promises });
        assert_eq!(of(0, 0, 3), None);
        assert_eq!(of(10, 9, 0), Some(90));
        assert_eq!(of(10, 9, 2), Some(70));
        assert_eq!(of(3, 1, 9), Some(0));
    }

    #[test]
    fn dun_17_a_split_is_even_and_each_customer_stays_on_its_side() {
        let on = (1..=10_000).filter(|customer| takes_challenger(7, *customer, 30)).count();
        assert!((2_800..=3_200).contains(&on), "{on} of 10,000 for 30%");
        assert!((1..=500).all(|customer| takes_challenger(7, customer, 100) && !takes_challenger(7, customer, 0)));
        let first: Vec<bool> = (1..=100).map(|customer| takes_challenger(7, customer, 50)).collect();
        assert_eq!(first, (1..=100).map(|customer| takes_challenger(7, customer, 50)).collect::<Vec<_>>());
        assert_ne!(first, (1..=100).map(|customer| takes_challenger(8, customer, 50)).collect::<Vec<_>>());
    }
}
