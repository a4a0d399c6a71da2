//! A balance of the ledger against what it should be, with every line that makes the difference.
use crate::money::Pence;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// What is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofKind {
    /// The control account against the open items.
    Receivables,
    /// The bank in the ledger against the bank's own statement.
    Bank,
    /// Money whose payer is not known.
    Suspense,
    /// Direct Debit clearing.
    DirectDebit,
    /// Refunds clearing.
    Refunds,
}

impl ProofKind {
    /// All of them.
    pub const ALL: [ProofKind; 5] =
        [ProofKind::Bank, ProofKind::Receivables, ProofKind::Suspense, ProofKind::DirectDebit, ProofKind::Refunds];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            ProofKind::Receivables => "receivables",
            ProofKind::Bank => "bank",
            ProofKind::Suspense => "suspense",
            ProofKind::DirectDebit => "direct_debit",
            ProofKind::Refunds => "refunds",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            ProofKind::Receivables => "Receivables control",
            ProofKind::Bank => "Bank",
            ProofKind::Suspense => "Cash suspense",
            ProofKind::DirectDebit => "Direct Debit clearing",
            ProofKind::Refunds => "Refunds clearing",
        }
    }

    /// Days after which a line that is open is late, where there is such a rule.
    pub fn late_after(self) -> Option<i64> {
        match self {
            ProofKind::Suspense => Some(30),
            ProofKind::DirectDebit => Some(4),
            ProofKind::Refunds => Some(14),
            ProofKind::Bank => Some(30),
            ProofKind::Receivables => None,
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<ProofKind> {
        ProofKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A line that is open, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenLine {
    /// By what its owner and words are remembered.
    pub key: String,
    /// What it is: `receipt RCT-000041`.
    pub what: String,
    /// Why it is open.
    pub why: String,
    /// Since when.
    pub on: NaiveDate,
    /// How much.
    pub amount: Pence,
    /// Who looks after it; empty for nobody.
    pub owner: String,
}

impl OpenLine {
    /// How many days it has been open.
    pub fn age(&self, as_at: NaiveDate) -> i64 {
        (as_at - self.on).num_days().max(0)
    }
}

/// Lines of one sort, with their sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "AccountProofGroup")]
pub struct Group {
    /// What they are.
    pub title: String,
    /// How many there are.
    pub count: i64,
    /// What they add to the other side's balance to come to the ledger's.
    pub amount: Pence,
    /// The lines; none where there are too many to list and they are proved elsewhere.
    pub lines: Vec<OpenLine>,
}

impl Group {
    /// A group of these lines.
    pub fn of(title: impl Into<String>, lines: Vec<OpenLine>) -> Group {
        let amount = lines.iter().fold(Pence::ZERO, |sum, line| sum.plus(line.amount));
        Group { title: title.into(), count: lines.len() as i64, amount, lines }
    }
}

/// A balance of the ledger, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "AccountProof")]
pub struct Proof {
    /// What is proved.
    pub kind: ProofKind,
    /// The GL code, or the bank account.
    pub subject: String,
    /// As at the end of this day.
    pub as_at: NaiveDate,
    /// What the proof starts from: `Balance on the bank statement of 30 November 2026`.
    pub other_name: String,
    /// Its balance.
    pub other: Pence,
    /// What takes it to the ledger's balance.
    pub groups: Vec<Group>,
    /// The balance in the ledger.
    pub ledger: Pence,
}

impl Proof {
    /// What the groups come to.
    pub fn explained(&self) -> Pence {
        self.groups.iter().fold(Pence::ZERO, |sum, group| sum.plus(group.amount))
    }

    /// What is left: nothing, or somebody must say what it is.
    pub fn unexplained(&self) -> Pence {
        self.ledger.minus(self.other).minus(self.explained())
    }

    /// How many lines are open.
    pub fn open_lines(&self) -> i64 {
        self.groups.iter().map(|group| group.lines.len() as i64).sum()
    }

    /// Lines open longer than the rule of the account allows.
    pub fn late(&self) -> i64 {
        let Some(most) = self.kind.late_after() else { return 0 };
        self.groups.iter().flat_map(|group| &group.lines).filter(|line| line.age(self.as_at) > most).count() as i64
    }
}

/// An entry on an account that clears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClearingEntry {
    /// The document it comes from: entries of one document clear each other.
    pub source: String,
    /// What happened.
    pub event: String,
    /// When it was posted.
    pub on: NaiveDate,
    /// Debit above nothing.
    pub amount: Pence,
}

/// What is left open of an account that clears: entries of one document first, then equal amounts the other way, then
/// oldest against oldest. The sum of what is left is the sum of the entries.
pub fn clear(entries: &[ClearingEntry]) -> Vec<ClearingEntry> {
    let mut by_source: BTreeMap<&str, ClearingEntry> = BTreeMap::new();
    for entry in entries {
        match by_source.get_mut(entry.source.as_str()) {
            Some(sum) => {
                sum.amount = sum.amount.plus(entry.amount);
                if entry.on < sum.on {
                    (sum.on, sum.event) = (entry.on, entry.event.clone());
                }
            }
            None => {
                by_source.insert(&entry.source, entry.clone());
            }
        }
    }
    let mut open: Vec<ClearingEntry> = by_source.into_values().filter(|one| one.amount != Pence::ZERO).collect();
    open.sort_by(|a, b| a.on.cmp(&b.on).then_with(|| a.source.cmp(&b.source)));
    let mut waiting: HashMap<Pence, VecDeque<usize>> = HashMap::new();
    let mut cleared = vec![false; open.len()];
    for at in 0..open.len() {
        match waiting.get_mut(&open[at].amount.negated()).and_then(VecDeque::pop_front) {
            Some(partner) => (cleared[at], cleared[partner]) = (true, true),
            None => waiting.entry(open[at].amount).or_default().push_back(at),
        }
    }
    let mut keep = cleared.iter();
    open.retain(|_| keep.next() == Some(&false));
    oldest_first(open)
}

/// Sets what is left on the smaller side against the oldest of the other.
fn oldest_first(open: Vec<ClearingEntry>) -> Vec<ClearingEntry> {
    let side = |debit: bool| {
        let of = open.iter().filter(|one| (one.amount > Pence::ZERO) == debit);
        of.fold(Pence::ZERO, |sum, one| sum.plus(one.amount.size()))
    };
    let (debits, credits) = (side(true), side(false));
    let mut to_take = debits.min(credits);
    let more = debits > credits;
    let mut left = Vec::new();
    for mut one in open {
        if (one.amount > Pence::ZERO) != more {
            continue;
        }
        let part = one.amount.size().min(to_take);
        to_take = to_take.minus(part);
        one.amount = if more { one.amount.minus(part) } else { one.amount.plus(part) };
        if one.amount != Pence::ZERO {
            left.push(one);
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(source: &str, day: u32, pence: i64) -> ClearingEntry {
        ClearingEntry {
            source: source.into(),
            event: "E".into(),
            on: NaiveDate::from_ymd_opt(2026, 11, day).expect("a day"),
            amount: Pence(pence),
        }
    }

    fn left(entries: &[ClearingEntry]) -> Vec<(String, i64)> {
        clear(entries).into_iter().map(|one| (one.source, one.amount.0)).collect()
    }

    #[test]
    fn led_04_a_clearing_account_clears_by_document_then_amount_then_age() {
        let own = [entry("refund 1", 1, -500), entry("refund 1", 3, 500), entry("refund 2", 2, -700)];
        assert_eq!(left(&own), [("refund 2".into(), -700)]);
        let amounts = [entry("a", 1, -500), entry("b", 2, -700), entry("bank", 5, 700)];
        assert_eq!(left(&amounts), [("a".into(), -500)]);
        let batch = [entry("a", 1, -500), entry("b", 2, -700), entry("c", 4, -900), entry("batch", 5, 1_200)];
        assert_eq!(left(&batch), [("c".into(), -900)], "a batch clears the oldest");
        let more = [entry("a", 1, -500), entry("batch", 5, 1_200)];
        assert_eq!(left(&more), [("batch".into(), 700)]);
    }

    #[test]
    fn led_01_what_is_left_over_is_told() {
        let proof = Proof {
            kind: ProofKind::Bank,
            subject: "1000".into(),
            as_at: NaiveDate::from_ymd_opt(2026, 11, 30).expect("a day"),
            other_name: "Statement".into(),
            other: Pence(10_000),
            groups: vec![Group { title: "Cheques".into(), count: 1, amount: Pence(500), lines: Vec::new() }],
            ledger: Pence(10_501),
        };
        assert_eq!((proof.explained(), proof.unexplained()), (Pence(500), Pence(1)));
    }

    proptest! {
        #[test]
        fn led_04_what_is_left_adds_up_to_the_account(
            entries in prop::collection::vec((0u8..6, 1u32..28, -500i64..500), 0..40),
        ) {
            let entries: Vec<ClearingEntry> =
                entries.iter().map(|(source, day, pence)| entry(&source.to_string(), *day, *pence)).collect();
            let whole = entries.iter().fold(Pence::ZERO, |sum, one| sum.plus(one.amount));
            let open = clear(&entries);
            prop_assert_eq!(open.iter().fold(Pence::ZERO, |sum, one| sum.plus(one.amount)), whole);
            prop_assert!(open.windows(2).all(|pair| (pair[0].amount > Pence::ZERO) == (pair[1].amount > Pence::ZERO)));
        }
    }
}
