//! The numbers of the open items behind hashed, sorted indexes.
//!
//! Shapes are learned from the items: which letters lead, how many digits.
//! Near numbers are found through their one-digit-shorter forms, never by
//! comparing pairs.
use super::tokens::{digits_of, runs, squeeze};
use std::collections::HashSet;

/// Shortest run of digits that may stand for a number without its letters.
pub(super) const FEWEST_BARE: usize = 4;
/// Shortest run of digits in which a slip of the finger is looked for.
pub(super) const FEWEST_NEAR: usize = 6;

/// A sorted list of (hash, place).
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<(u64, u32)>);

impl Keys {
    pub(super) fn push(&mut self, key: &[u8], place: u32) {
        self.0.push((hash(key), place));
    }

    pub(super) fn ready(&mut self) {
        self.0.sort_unstable();
        self.0.dedup();
        self.0.shrink_to_fit();
    }

    /// The places under a key; the caller checks them, as hashes may meet.
    pub(super) fn get(&self, key: &[u8]) -> impl Iterator<Item = u32> + '_ {
        let wanted = hash(key);
        let from = self.0.partition_point(|(h, _)| *h < wanted);
        self.0[from..].iter().take_while(move |(h, _)| *h == wanted).map(|(_, place)| *place)
    }
}

/// FNV-1a with a final mix, fixed so that order never depends on the machine.
fn hash(bytes: &[u8]) -> u64 {
    let folded =
        bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0000_0100_0000_01b3));
    (folded ^ (folded >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// A number ready to be compared.
#[derive(Debug)]
pub(super) struct Number {
    /// Letters and digits.
    pub whole: Box<str>,
    /// All its digits joined.
    pub digits: Box<str>,
    /// Its longest run of digits, where people may quote that alone (`35184` of `NM/26/35184`).
    pub core: Option<Box<str>>,
}

impl Number {
    /// These digits are the number's, all of them or its longest run.
    fn is_written(&self, digits: &str) -> bool {
        *self.digits == *digits || self.core.as_deref() == Some(digits)
    }

    /// One slip turns the digits into the number's.
    fn is_near(&self, digits: &str) -> bool {
        strsim::osa_distance(&self.digits, digits) == 1
            || self.core.as_deref().is_some_and(|core| strsim::osa_distance(core, digits) == 1)
    }
}

/// The longest run of digits, where there are others and it is long enough to stand alone.
fn core_of(number: &str) -> Option<Box<str>> {
    let digits: Vec<String> = runs(number).into_iter().filter(|r| r.digits).map(|r| r.text).collect();
    let longest = digits.iter().max_by_key(|d| d.len())?;
    (digits.len() > 1 && longest.len() > FEWEST_BARE).then(|| longest.as_str().into())
}

/// All numbers of one kind (items, or customers), by place.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    all: Vec<Number>,
    whole: Keys,
    digits: Keys,
    shorter: Keys,
    in_order: Vec<u32>,
    prefixes: HashSet<String>,
    lengths: HashSet<usize>,
    longest_prefix: usize,
    most_runs: usize,
}

impl Numbers {
    /// Indexes the numbers; a number's place is its position in the list.
    pub(super) fn of<'a>(numbers: impl Iterator<Item = &'a str>) -> Self {
        let mut it = Self::default();
        for number in numbers {
            it.add(number);
        }
        it.whole.ready();
        it.digits.ready();
        it.shorter.ready();
        let mut in_order: Vec<u32> = (0..it.all.len() as u32).collect();
        in_order.sort_unstable_by(|a, b| it.number(*a).whole.cmp(&it.number(*b).whole));
        it.in_order = in_order;
        it
    }

    fn add(&mut self, number: &str) {
        let place = self.all.len() as u32;
        let (whole, digits) = (squeeze(number), digits_of(number));
        if digits.len() >= 3 || whole.len() >= 5 {
            self.whole.push(whole.as_bytes(), place);
        }
        if digits.len() >= FEWEST_BARE {
            self.digits.push(digits.as_bytes(), place);
            self.lengths.insert(digits.len());
            let parts = runs(number);
            self.most_runs = self.most_runs.max(parts.len());
            let prefix: &str = parts.first().filter(|r| !r.digits).map_or("", |r| r.text.as_str());
            if !prefix.is_empty() && !self.prefixes.contains(prefix) {
                self.longest_prefix = self.longest_prefix.max(prefix.len());
                self.prefixes.insert(prefix.to_string());
            }
        }
        if digits.len() >= FEWEST_NEAR {
            for_each_shorter(&digits, |key| self.shorter.push(key, place));
        }
        let core = core_of(number);
        if let Some(core) = &core {
            self.digits.push(core.as_bytes(), place);
            self.lengths.insert(core.len());
            if core.len() >= FEWEST_NEAR {
                for_each_shorter(core, |key| self.shorter.push(key, place));
            }
        }
        self.all.push(Number { whole: whole.into(), digits: digits.into(), core });
    }

    /// The number at a place.
    pub(super) fn number(&self, place: u32) -> &Number {
        &self.all[place as usize]
    }

    /// How many runs a number has at most.
    pub(super) fn most_runs(&self) -> usize {
        self.most_runs.clamp(1, 6)
    }

    /// Places whose letters and digits are exactly these.
    pub(super) fn exactly(&self, whole: &str) -> Vec<u32> {
        self.whole.get(whole.as_bytes()).filter(|p| *self.number(*p).whole == *whole).collect()
    }

    /// Places whose digits are exactly these, whatever their letters.
    pub(super) fn by_digits(&self, digits: &str) -> Vec<u32> {
        if !self.lengths.contains(&digits.len()) {
            return Vec::new();
        }
        self.digits.get(digits.as_bytes()).filter(|p| self.number(*p).is_written(digits)).collect()
    }

    /// Places whose digits are one slip away: one changed, swapped, left out or added.
    pub(super) fn near(&self, digits: &str) -> Vec<u32> {
        if digits.len() + 1 < FEWEST_NEAR || digits.len() > 24 {
            return Vec::new();
        }
        let mut found: Vec<u32> = self.shorter.get(digits.as_bytes()).collect();
        for_each_shorter(digits, |key| {
            found.extend(self.shorter.get(key));
            found.extend(self.digits.get(key));
        });
        found.sort_unstable();
        found.dedup();
        found.retain(|p| self.number(*p).is_near(digits));
        found
    }

    /// Places whose number begins with these letters and digits, as a slice of the sorted order.
    pub(super) fn beginning(&self, cut: &str) -> &[u32] {
        let from = self.in_order.partition_point(|p| *self.number(*p).whole < *cut);
        let tail = &self.in_order[from..];
        let to = tail.partition_point(|p| self.number(*p).whole.starts_with(cut));
        &tail[..to]
    }

    /// The letters of a series with which this run of letters ends, longest first.
    pub(super) fn prefixes_ending<'a>(&'a self, letters: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        let least = letters.len().saturating_sub(self.longest_prefix).max(1);
        (least..letters.len()).filter_map(move |at| letters.get(at..)).filter(|tail| self.prefixes.contains(*tail))
    }

    /// These are the letters of a series.
    pub(super) fn is_prefix(&self, letters: &str) -> bool {
        self.prefixes.contains(letters)
    }

    /// The rest of a token after the letters of a series at its start.
    pub(super) fn after_prefix<'a>(&'a self, token: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        let most = self.longest_prefix.min(token.len());
        (1..=most)
            .filter(move |at| token.is_char_boundary(*at) && self.prefixes.contains(&token[..*at]))
            .map(move |at| &token[at..])
    }
}

/// Calls with each form that is one character shorter.
fn for_each_shorter(digits: &str, mut call: impl FnMut(&[u8])) {
    let bytes = digits.as_bytes();
    let mut key = Vec::with_capacity(bytes.len());
    for skip in 0..bytes.len() {
        if skip > 0 && bytes[skip] == bytes[skip - 1] {
            continue;
        }
        key.clear();
        key.extend_from_slice(&bytes[..skip]);
        key.extend_from_slice(&bytes[skip + 1..]);
        call(&key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csh_03_near_finds_each_slip_and_nothing_further() {
        let numbers = Numbers::of(["INV-204817", "7000123456", "AB/000912"].into_iter());
        for typed in ["204871", "204818", "20487", "2048817", "24817", "024817"] {
            assert_eq!(numbers.near(typed), [0], "{typed}");
        }
        assert!(numbers.near("204817").is_empty());
        assert!(numbers.near("204881").is_empty(), "two digits differ");
        assert_eq!(numbers.beginning("70001"), [1]);
    }
}
