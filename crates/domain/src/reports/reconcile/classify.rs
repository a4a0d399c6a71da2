//! From a pair, or a row without one, to a line with its class and sentence.
use super::facts::{Basis, OurKind, OurRow, Rules, Said, TheirRow};
use super::line::{Change, Class, Line};
use crate::cash::squeeze;
use crate::money::Pence;
use chrono::NaiveDate;

/// A pair that shares a reference.
pub(super) const CERTAIN: i64 = 1_000_000;

fn day(on: NaiveDate) -> String {
    on.format("%-d %B %Y").to_string()
}

fn sum(amounts: impl Iterator<Item = Pence>) -> Pence {
    amounts.fold(Pence::ZERO, Pence::plus)
}

/// The rows of theirs and the items of ours that belong together.
pub(super) struct Pair<'a> {
    pub theirs: Vec<&'a TheirRow>,
    pub ours: Vec<&'a OurRow>,
    /// How sure, and the matcher's sentence where no whole reference is shared.
    pub sure_ppm: i64,
    pub because: &'a str,
}

impl Pair<'_> {
    /// The line, and why the two sides differ.
    pub(super) fn line(&self, rules: Rules) -> Line {
        let (class, mut words) = self.class(rules);
        if !self.because.is_empty() {
            words = format!("{words} Paired by likeness: {}", self.because);
        }
        if self.theirs.len() > 1 {
            words = format!("They list it in {} rows. {words}", self.theirs.len());
        }
        let mut line = blank(class, words, rules, &self.theirs, &self.ours);
        line.sure_ppm = self.sure_ppm;
        line
    }

    fn class(&self, rules: Rules) -> (Class, String) {
        let theirs = sum(self.theirs.iter().map(|row| row.counts(rules.basis)));
        let listed = sum(self.theirs.iter().map(|row| row.listed));
        let ours = sum(self.ours.iter().map(|row| row.counts));
        let original = sum(self.ours.iter().map(|row| row.original));
        let open = rules.basis == Basis::Open;
        if self.theirs.iter().any(|row| row.said == Said::Disputed) {
            let rest = if theirs == ours { "The amounts agree.".into() } else { amounts(theirs, ours) };
            return (Class::Disputed, format!("They show it as disputed. {rest}"));
        }
        if self.ours.iter().all(|row| row.outside) {
            let on = self.ours.first().map(|row| day(row.on)).unwrap_or_default();
            return (Class::DateDiffers, format!("We dated it {on}, which is outside the period."));
        }
        if open && theirs != ours && listed == original {
            return self.money_moved(theirs, ours, original);
        }
        if theirs == ours {
            return self.dates(rules, theirs);
        }
        if theirs == ours.negated() {
            return (Class::Sign, format!("They show {theirs} and we show {ours}: the same amount the other way."));
        }
        if ours.minus(theirs).size() <= rules.rounding {
            return (Class::Rounding, amounts(theirs, ours));
        }
        if open && ours == Pence::ZERO && self.settled_on().is_some() {
            return self.money_moved(theirs, ours, original);
        }
        (Class::AmountDiffers, amounts(theirs, ours))
    }

    /// The bill is the same on both sides; what has been paid of it is not.
    fn money_moved(&self, theirs: Pence, ours: Pence, original: Pence) -> (Class, String) {
        if theirs.size() < ours.size() {
            let paid_on = self.theirs.iter().filter_map(|row| row.paid_on).max();
            let when = paid_on.map_or_else(String::new, |on| format!(" on {}", day(on)));
            let gap = ours.minus(theirs);
            return (
                Class::PaidNotReceived,
                format!("They show {gap} of it as paid{when}; it is not received against it here."),
            );
        }
        let gap = theirs.minus(ours);
        let when = self.settled_on().map_or_else(String::new, |on| format!(", last on {}", day(on)));
        let of = if original == gap { "all of it".into() } else { format!("{gap} of {original}") };
        (Class::ReceivedNotShown, format!("We have received or credited {of}{when}; they still show {theirs} as owed."))
    }

    fn settled_on(&self) -> Option<NaiveDate> {
        self.ours.iter().filter_map(|row| row.settled_on).max()
    }

    fn dates(&self, rules: Rules, amount: Pence) -> (Class, String) {
        let their_on = self.theirs.iter().filter_map(|row| row.on).min();
        let our_on = self.ours.iter().map(|row| row.on).min();
        if let (Some(theirs), Some(ours)) = (their_on, our_on)
            && (ours - theirs).num_days().abs() > rules.days
        {
            let words = format!("The amounts agree; they date it {} and we date it {}.", day(theirs), day(ours));
            return (Class::DateDiffers, words);
        }
        (Class::Agreed, format!("Both show {amount}."))
    }
}

fn amounts(theirs: Pence, ours: Pence) -> String {
    let gap = ours.minus(theirs);
    let more = if gap > Pence::ZERO { "more" } else { "less" };
    format!("They show {theirs} and we show {ours}, {} {more}.", gap.size())
}

/// A row of theirs with nothing of ours.
pub(super) fn only_theirs(row: &TheirRow, rules: Rules, hint: &str) -> Line {
    let mut words = match (row.counts(rules.basis) == Pence::ZERO, row.reference.trim()) {
        (true, _) => format!("They show {} as paid, and we have nothing open like it.", row.listed),
        (false, "") => "The row has no reference, and nothing of ours is like it.".to_owned(),
        (false, reference) => format!("Nothing of ours is {reference} or like it."),
    };
    if !hint.is_empty() {
        words = format!("{words} {hint}");
    }
    blank(Class::OnlyTheirs, words, rules, &[row], &[])
}

/// A row of theirs for something that another row already stands for.
pub(super) fn again(row: &TheirRow, first: &TheirRow, rules: Rules) -> Line {
    let same = row.listed == first.listed;
    let class = if same { Class::Duplicate } else { Class::OnlyTheirs };
    let words = if same {
        format!("The same as row {}: they list it twice.", first.row)
    } else {
        format!("Row {} already stands for this bill, and this row is for another amount.", first.row)
    };
    blank(class, words, rules, &[row], &[])
}

/// An item of ours with nothing of theirs; none where it counts for nothing.
pub(super) fn only_ours(item: &OurRow, rules: Rules) -> Option<Line> {
    if item.counts == Pence::ZERO || item.outside {
        return None;
    }
    let (class, words) = match item.kind {
        OurKind::Receipt => (
            Class::CreditNotTaken,
            format!("We hold {} of their money that is set against no bill.", item.counts.size()),
        ),
        OurKind::Credit => (
            Class::CreditNotTaken,
            format!("Our credit {} of {} is not on their list.", item.number, item.counts.size()),
        ),
        OurKind::Bill if item.counts < Pence::ZERO => {
            (Class::CreditNotTaken, format!("{} is a credit of ours that is not on their list.", item.number))
        }
        OurKind::Bill => (Class::OnlyOurs, format!("{} of {} is not on their list.", item.number, day(item.on))),
    };
    Some(blank(class, words, rules, &[], &[item]))
}

fn blank(class: Class, words: String, rules: Rules, theirs: &[&TheirRow], ours: &[&OurRow]) -> Line {
    let first = theirs.first();
    let item = ours.first();
    let key = match (item, first) {
        (Some(item), _) => format!("O:{}", squeeze(&item.number)),
        (None, Some(row)) if squeeze(&row.reference).is_empty() => {
            format!("T:{}:{}:{}", squeeze(&row.name), squeeze(&row.words), row.listed.0)
        }
        (None, Some(row)) => format!("T:{}:{}", squeeze(&row.reference), row.listed.0),
        (None, None) => String::new(),
    };
    Line {
        class,
        their_rows: theirs.iter().map(|row| row.row).collect(),
        their_reference: first.map(|row| row.reference.clone()).unwrap_or_default(),
        their_name: first.map(|row| row.name.clone()).unwrap_or_default(),
        their_on: first.and_then(|row| row.on),
        theirs: sum(theirs.iter().map(|row| row.counts(rules.basis))),
        our_ids: ours.iter().map(|row| row.id).collect(),
        our_number: item.map(|row| row.number.clone()).unwrap_or_default(),
        our_account: item.map(|row| row.account.clone()).unwrap_or_default(),
        our_on: item.map(|row| row.on),
        ours: sum(ours.iter().map(|row| row.counts)),
        words,
        sure_ppm: CERTAIN,
        key,
        change: Change::New,
    }
}
