//! The totals that prove the result, and what changed since the last one.
use super::facts::{OurRow, Rules, TheirRow};
use super::line::{Change, Class, Line};
use crate::money::Pence;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::collections::HashMap;

/// The sums of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSum {
    /// The class.
    pub class: Class,
    /// Lines in it.
    pub lines: i64,
    /// What they count for on their side.
    pub theirs: Pence,
    /// And on ours.
    pub ours: Pence,
}

impl ClassSum {
    /// What the class takes their total up, or down, by.
    pub fn difference(&self) -> Pence {
        self.ours.minus(self.theirs)
    }
}

/// Their total, the differences by class, our total.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Rows of their list.
    pub their_rows: i64,
    /// Items of ours that count for something.
    pub our_rows: i64,
    /// Their amounts as they stand in the list.
    pub listed: Pence,
    /// What of it they show as paid.
    pub shown_paid: Pence,
    /// Their total: listed, less what they show as paid.
    pub theirs: Pence,
    /// Our total.
    pub ours: Pence,
    /// The classes that have lines, in order.
    pub classes: Vec<ClassSum>,
}

impl Proof {
    /// Sums both lists by themselves and the lines by class; [`Proof::left`] compares them.
    pub(super) fn of(theirs: &[TheirRow], ours: &[OurRow], rules: Rules, lines: &[Line]) -> Proof {
        let listed = theirs.iter().fold(Pence::ZERO, |sum, row| sum.plus(row.listed));
        let counted = theirs.iter().fold(Pence::ZERO, |sum, row| sum.plus(row.counts(rules.basis)));
        let mut sums: BTreeMap<Class, ClassSum> = BTreeMap::new();
        for line in lines {
            let none = ClassSum { class: line.class, lines: 0, theirs: Pence::ZERO, ours: Pence::ZERO };
            let sum = sums.entry(line.class).or_insert(none);
            sum.lines += 1;
            sum.theirs = sum.theirs.plus(line.theirs);
            sum.ours = sum.ours.plus(line.ours);
        }
        Proof {
            their_rows: theirs.len() as i64,
            our_rows: ours.iter().filter(|row| row.counts != Pence::ZERO).count() as i64,
            listed,
            shown_paid: listed.minus(counted),
            theirs: counted,
            ours: ours.iter().fold(Pence::ZERO, |sum, row| sum.plus(row.counts)),
            classes: sums.into_values().collect(),
        }
    }

    /// The differences of all classes.
    pub fn explained(&self) -> Pence {
        self.classes.iter().fold(Pence::ZERO, |sum, class| sum.plus(class.difference()))
    }

    /// What is left unexplained: nothing, or the result may not be used.
    pub fn left(&self) -> Pence {
        self.ours.minus(self.theirs).minus(self.explained())
    }
}

/// A line of the reconciliation before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Before {
    /// By what it is known.
    pub key: String,
    /// Its class.
    pub class: Class,
    /// Its difference.
    pub difference: Pence,
}

/// A line that was there before and is not any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone(pub Before);

/// Marks each line as new, changed or as before, and gives the lines of before that are gone.
pub fn changes(lines: &mut [Line], before: Vec<Before>) -> Vec<Gone> {
    let mut known: HashMap<String, Before> = before.into_iter().map(|one| (one.key.clone(), one)).collect();
    for line in lines.iter_mut().filter(|line| line.class != Class::Agreed) {
        line.change = match known.remove(&line.key) {
            None => Change::New,
            Some(one) if one.class == line.class && one.difference == line.difference() => Change::Same,
            Some(_) => Change::Changed,
        };
    }
    let mut gone: Vec<Gone> = known.into_values().map(Gone).collect();
    gone.sort_by(|a, b| a.0.key.cmp(&b.0.key));
    gone
}
