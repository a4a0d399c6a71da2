//! Payer names as banks write them: upper case, cut short, surname and initial.
use std::collections::HashMap;

/// How well a payer name fits a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameFit {
    /// The name, perhaps cut short; shared by so many customers.
    Full(usize),
    /// The name stands in the text; shared by so many customers.
    InText(usize),
    /// Surname and initial; shared by so many customers.
    Initial(usize),
    /// Another name.
    Other,
    /// The bank gave none.
    Absent,
}

/// Bank names shorter than this are not cut.
const CUT_FROM: usize = 15;
/// Letters of a name needed to recognise it inside a text.
const IN_TEXT: usize = 10;

/// The names of all customers, by place.
#[derive(Debug, Default)]
pub(super) struct Names {
    letters: Vec<Box<str>>,
    short: Vec<Option<(String, char)>>,
    in_order: Vec<u32>,
    initials: HashMap<(String, char), usize>,
}

/// A payer name and text, ready to be compared.
#[derive(Debug, Default)]
pub(super) struct PayerName {
    letters: String,
    may_be_cut: bool,
    forms: Vec<(String, char)>,
    text: String,
}

impl PayerName {
    pub(super) fn of(name: &str, text: &str) -> Self {
        let words = words(name);
        let mut forms = Vec::new();
        if let [a, b] = words.as_slice() {
            for (surname, given) in [(a, b), (b, a)] {
                if given.len() == 1 && surname.len() > 1 {
                    forms.extend(given.chars().next().map(|c| (surname.clone(), c)));
                }
            }
        }
        let may_be_cut = name.trim().chars().count() >= CUT_FROM;
        Self { letters: words.concat(), may_be_cut, forms, text: letters(text) }
    }

    fn whole_is(&self, customer: &str) -> bool {
        self.letters.len() >= 5
            && (customer == self.letters || self.may_be_cut && customer.starts_with(self.letters.as_str()))
    }

    fn nearly_is(&self, customer: &str) -> bool {
        let length = self.letters.len();
        length >= 9 && length.abs_diff(customer.len()) <= 1 && strsim::osa_distance(&self.letters, customer) == 1
    }
}

impl Names {
    pub(super) fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut it = Self::default();
        for name in names {
            let words = words(name);
            let short = match words.as_slice() {
                [first, .., last] if words.len() <= 3 => first.chars().next().map(|c| (last.clone(), c)),
                _ => None,
            };
            if let Some(form) = &short {
                *it.initials.entry(form.clone()).or_default() += 1;
            }
            it.letters.push(words.concat().into());
            it.short.push(short);
        }
        let mut in_order: Vec<u32> = (0..it.letters.len() as u32).collect();
        in_order.sort_unstable_by(|a, b| it.letters[*a as usize].cmp(&it.letters[*b as usize]));
        it.in_order = in_order;
        it
    }

    /// How the payer's name fits one customer.
    pub(super) fn fit(&self, payer: &PayerName, customer: u32) -> NameFit {
        let own = &*self.letters[customer as usize];
        if payer.whole_is(own) || payer.nearly_is(own) {
            return NameFit::Full(self.sharing(payer).len().max(1));
        }
        let head = own.get(..own.len().min(IN_TEXT)).unwrap_or(own);
        if head.len() >= 6 && payer.text.contains(head) {
            return NameFit::InText(self.beginning(head).len().max(1));
        }
        if let Some(form) = self.short[customer as usize].as_ref().filter(|form| payer.forms.contains(form)) {
            return NameFit::Initial(self.initials.get(form).copied().unwrap_or(1));
        }
        if payer.letters.is_empty() { NameFit::Absent } else { NameFit::Other }
    }

    /// The customers whose name the payer's is.
    pub(super) fn sharing(&self, payer: &PayerName) -> &[u32] {
        if payer.letters.len() < 5 {
            return &[];
        }
        let range = self.beginning(&payer.letters);
        if payer.may_be_cut {
            return range;
        }
        let same = range.partition_point(|c| *self.letters[*c as usize] == *payer.letters);
        &range[..same]
    }

    fn beginning(&self, head: &str) -> &[u32] {
        let from = self.in_order.partition_point(|c| *self.letters[*c as usize] < *head);
        let tail = &self.in_order[from..];
        &tail[..tail.partition_point(|c| self.letters[*c as usize].starts_with(head))]
    }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_uppercase).collect()
}

/// The words of a name without titles.
fn words(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .map(letters)
        .filter(|w| !w.is_empty() && !matches!(w.as_str(), "MR" | "MRS" | "MS" | "MISS" | "DR" | "MX"))
        .collect()
}
