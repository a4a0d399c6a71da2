//! Finding the numbers of items and customers in bank text.
use super::numbers::{FEWEST_BARE, FEWEST_NEAR, Numbers};
use super::tokens::{Run, digit_for, runs};

/// How a number was found, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// As it is written, letters, marks and all; told from the next by whoever knows the marks.
    Full,
    /// With other spacing, case or marks.
    Squeezed,
    /// Its digits alone.
    Digits,
    /// With a letter for the digit it looks like.
    Confused,
    /// One digit missing or too many.
    LeftOut,
    /// One digit changed, or two swapped.
    Mistyped,
    /// Cut off at the end of the text.
    Cut,
    /// Its digits after the letters of another kind of number.
    OtherLetters,
}

impl How {
    /// The whole number is there, beyond doubt.
    pub(super) fn is_whole(self) -> bool {
        self <= How::Confused
    }
}

/// A number found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Which number, by place in the index.
    pub place: u32,
    /// How it was found.
    pub how: How,
    /// First and last run it covers.
    pub runs: (usize, usize),
}

/// What the numbers in one text may be.
#[derive(Debug, Default)]
pub(super) struct References {
    /// Best finding of each number, in order of the text.
    pub found: Vec<Found>,
    /// The beginning of a number with which the text breaks off.
    pub cut: Option<String>,
    /// Runs of digits that may be shortened numbers: run and digits.
    pub short: Vec<(usize, String)>,
}

/// Letters that only announce a number.
const ANNOUNCING: &[&str] = &[
    "INV",
    "INVOICE",
    "INVOICES",
    "REF",
    "REFERENCE",
    "NO",
    "NUM",
    "NUMBER",
    "NR",
    "ACC",
    "ACCT",
    "ACCOUNT",
    "PMT",
    "PAYMENT",
    "PAY",
    "BILL",
    "BACS",
    "FP",
    "FPI",
    "BGC",
    "CUST",
    "CUSTOMER",
    "ID",
    "YOUR",
    "DOC",
    "DOCUMENT",
    "FOR",
    "RE",
    "N",
    "X",
];
/// Letters that announce another kind of number.
const OTHER: &[&str] = &["PO", "ORDER", "REQ", "TEL", "VAT", "DATE", "OUR", "CHQ", "CHEQUE", "BATCH"];

/// Finds every number of the index that the text holds, whole, mistyped or cut.
pub(super) fn find(numbers: &Numbers, text: &str) -> References {
    let parts = runs(text);
    let mut finder = Finder { numbers, parts: &parts, found: Vec::new() };
    for (first, part) in parts.iter().enumerate().take(60) {
        finder.windows(first);
        if !part.glued {
            finder.token(first);
            finder.spread(first);
        }
    }
    let found = best_of_each(finder.found);
    let covered = |at: usize| found.iter().any(|f| f.how.is_whole() && f.runs.0 <= at && at <= f.runs.1);
    let short = (0..parts.len())
        .filter(|at| parts[*at].digits && (3..=12).contains(&parts[*at].text.len()) && !covered(*at))
        .map(|at| (at, parts[at].text.clone()))
        .take(12)
        .collect();
    let cut = cut_at_end(numbers, text, &parts).filter(|_| !covered(parts.len() - 1));
    References { found, cut, short }
}

struct Finder<'a> {
    numbers: &'a Numbers,
    parts: &'a [Run],
    found: Vec<Found>,
}

impl Finder<'_> {
    /// Every stretch of runs from here, as a whole number or as the digits of one.
    fn windows(&mut self, first: usize) {
        let mut joined = String::new();
        let mut only_digits = true;
        let last_run = self.parts.len().min(first + self.numbers.most_runs() + 3);
        for last in first..last_run {
            joined.push_str(&self.parts[last].text);
            only_digits &= self.parts[last].digits;
            if joined.len() > 40 {
                return;
            }
            self.whole(&joined, first, last);
            if only_digits {
                self.bare(&joined, first, last);
            }
        }
    }

    fn whole(&mut self, joined: &str, first: usize, last: usize) {
        let head = &self.parts[first];
        if head.digits {
            if !head.glued {
                self.keep_all(self.numbers.exactly(joined), How::Squeezed, first, last);
            }
            return;
        }
        if !head.glued {
            self.keep_all(self.numbers.exactly(joined), How::Squeezed, first, last);
        }
        if last > first {
            let tails: Vec<String> = self.numbers.prefixes_ending(&head.text).map(str::to_string).collect();
            for tail in tails.iter().chain(head.glued.then_some(&head.text)) {
                let number = format!("{tail}{}", &joined[head.text.len()..]);
                self.keep_all(self.numbers.exactly(&number), How::Squeezed, first, last);
            }
        }
    }

    fn bare(&mut self, joined: &str, first: usize, last: usize) {
        if last > first && joined.len() < FEWEST_NEAR {
            return;
        }
        let mut how = if self.after_other_letters(first) { How::OtherLetters } else { How::Digits };
        if joined.len() <= FEWEST_BARE && how == How::Digits && self.parts[first].glued {
            how = How::OtherLetters;
        }
        self.keep_all(self.numbers.by_digits(joined), how, first, last);
    }

    /// Letters before the digits say that they belong to another kind of number.
    fn after_other_letters(&self, first: usize) -> bool {
        let Some(before) = first.checked_sub(1).map(|at| &self.parts[at]).filter(|r| !r.digits) else {
            return false;
        };
        if !self.parts[first].glued {
            let announces_other = OTHER.contains(&before.text.as_str())
                || before.text == "REF" && first > 1 && self.parts[first - 2].text == "OUR";
            return announces_other;
        }
        let announces =
            ANNOUNCING.iter().any(|word| before.text.ends_with(word) && (word.len() > 2 || before.text == *word));
        !announces
            && self.numbers.prefixes_ending(&before.text).next().is_none()
            && !self.numbers.is_prefix(&before.text)
    }

    /// One glued token from here: confused letters and slips of the finger.
    fn token(&mut self, first: usize) {
        let mut last = first;
        while last + 1 < self.parts.len() && self.parts[last + 1].glued {
            last += 1;
        }
        let token: String = self.parts[first..=last].iter().map(|r| r.text.as_str()).collect();
        if token.len() > 40 {
            return;
        }
        let head = &self.parts[first];
        let mut rests: Vec<&str> = self.numbers.after_prefix(&token).collect();
        if head.digits {
            rests.push(&token);
        } else {
            rests.push(&token);
            let announced = ANNOUNCING.contains(&head.text.as_str());
            if announced || self.numbers.prefixes_ending(&head.text).next().is_some() {
                rests.push(&token[head.text.len()..]);
            }
        }
        for rest in rests {
            self.slips(rest, first, last);
        }
    }

    /// The letters of a series, then its digits in several runs: `NM 26 8801`, with one slip in them.
    fn spread(&mut self, first: usize) {
        if self.parts[first].digits || !self.numbers.is_prefix(&self.parts[first].text) {
            return;
        }
        let mut digits = String::new();
        let end = self.parts.len().min(first + 1 + self.numbers.most_runs());
        for last in first + 1..end {
            if !self.parts[last].digits {
                return;
            }
            digits.push_str(&self.parts[last].text);
            if last > first + 1 {
                self.near(&digits, first, last);
            }
        }
    }

    fn near(&mut self, digits: &str, first: usize, last: usize) {
        for place in self.numbers.near(digits) {
            let number = self.numbers.number(place);
            let same_length =
                [Some(&number.digits), number.core.as_ref()].into_iter().flatten().any(|d| d.len() == digits.len());
            let how = if same_length { How::Mistyped } else { How::LeftOut };
            self.found.push(Found { place, how, runs: (first, last) });
        }
    }

    fn slips(&mut self, rest: &str, first: usize, last: usize) {
        let letters = rest.chars().filter(|c| !c.is_ascii_digit()).count();
        if rest.len() < FEWEST_BARE + 1 || letters > 2 || letters * 3 > rest.len() {
            return;
        }
        let Some(digits) = rest.chars().map(digit_for).collect::<Option<String>>() else {
            return;
        };
        if letters > 0 {
            self.keep_all(self.numbers.by_digits(&digits), How::Confused, first, last);
            return;
        }
        if self.parts[last].digits && first < last || first == last && !self.after_other_letters(first) {
            self.near(&digits, first, last);
        }
    }

    fn keep_all(&mut self, places: Vec<u32>, how: How, first: usize, last: usize) {
        for place in places.into_iter().take(40) {
            self.found.push(Found { place, how, runs: (first, last) });
        }
    }
}

/// The strongest finding of each number, in the order of the text.
fn best_of_each(mut found: Vec<Found>) -> Vec<Found> {
    found.sort_by_key(|f| (f.place, f.how, f.runs));
    found.dedup_by_key(|f| f.place);
    found.sort_by_key(|f| (f.runs, f.how, f.place));
    found
}

/// Banks cut references at 18 characters, some systems a little earlier.
const CUT_FROM: usize = 14;

/// The beginning of a number at the very end of a text that fills its field.
///
/// It starts with the letters of a series, or, where a series has none, with
/// three digits or more that hang on the end of a word.
fn cut_at_end(numbers: &Numbers, text: &str, parts: &[Run]) -> Option<String> {
    if text.trim().chars().count() < CUT_FROM || !parts.last()?.digits {
        return None;
    }
    let first = parts.len().saturating_sub(numbers.most_runs());
    let tail = |from: usize| parts[from..].iter().map(|r| r.text.as_str()).collect::<String>();
    let begins = |cut: &String| numbers.beginning(cut).iter().any(|p| numbers.number(*p).whole.len() > cut.len());
    for (at, head) in parts.iter().enumerate().skip(first) {
        if head.digits {
            let hangs_on = head.glued && head.text.len() >= 3;
            if let Some(cut) = Some(tail(at)).filter(|cut| hangs_on && begins(cut)) {
                return Some(cut);
            }
        } else {
            let series =
                numbers.prefixes_ending(&head.text).chain(numbers.is_prefix(&head.text).then_some(head.text.as_str()));
            let cut =
                series.map(|letters| format!("{letters}{}", tail(at + 1))).find(|cut| cut.len() >= 3 && begins(cut));
            if cut.is_some() {
                return cut;
            }
        }
    }
    None
}
