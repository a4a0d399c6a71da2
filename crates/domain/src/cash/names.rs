//! Payer names as banks write them: upper case, cut short, without "Ltd", surname and initial.
use super::plain_names::{core, letters, names_nobody, words};
use std::collections::HashMap;

/// How well a payer name fits a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NameFit {
    /// The name, perhaps cut short or without its legal form; shared by so many customers.
    Full(usize),
    /// The name stands in the text; shared by so many customers.
    InText(usize),
    /// Surname and initial; shared by so many customers.
    Initial(usize),
    /// The first words of the name, some perhaps shortened; shared by so many customers.
    Part(usize),
    /// Not the name, and not clearly another: the same words in another order, or more of them.
    Near,
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
    /// Names without legal form, as words with one space between.
    cores: Vec<Box<str>>,
    short: Vec<Option<(String, char)>>,
    in_order: Vec<u32>,
    by_core: Vec<u32>,
    initials: HashMap<(String, char), usize>,
}

/// A payer name and text, ready to be compared.
#[derive(Debug, Default)]
pub(super) struct PayerName {
    letters: String,
    /// Words without legal form.
    core: Vec<String>,
    /// The same with one space between.
    spaced: String,
    may_be_cut: bool,
    forms: Vec<(String, char)>,
    text: String,
}

impl PayerName {
    pub(super) fn of(name: &str, text: &str) -> Self {
        let text = letters(text);
        let words = words(name);
        if names_nobody(&words) {
            return Self { text, ..Self::default() };
        }
        let may_be_cut = name.trim().chars().count() >= CUT_FROM;
        let forms = surname_and_initial(&words);
        let core = core(&words, may_be_cut);
        Self { letters: words.concat(), spaced: core.join(" "), core, may_be_cut, forms, text }
    }

    /// The bank gave no name.
    pub(super) fn is_absent(&self) -> bool {
        self.letters.is_empty()
    }

    fn whole_is(&self, customer: &str) -> bool {
        self.letters.len() >= 5
            && (customer == self.letters || self.may_be_cut && customer.starts_with(self.letters.as_str()))
    }

    fn nearly_is(&self, customer: &str) -> bool {
        let length = self.letters.len();
        length >= 9 && length.abs_diff(customer.len()) <= 1 && strsim::osa_distance(&self.letters, customer) == 1
    }

    /// The customer's name but for its legal form and its spaces.
    fn core_is(&self, customer: &str) -> bool {
        self.core_letters().eq(customer.bytes().filter(|b| *b != b' '))
    }

    fn core_letters(&self) -> impl Iterator<Item = u8> + '_ {
        self.core.iter().flat_map(|word| word.bytes())
    }

    /// The first words of the customer's name, each whole or cut to three letters or more.
    fn begins(&self, customer: &str) -> bool {
        let mut theirs = customer.split(' ');
        let last = self.core.len().saturating_sub(1);
        self.core_letters().count() >= 5
            && self.core.iter().enumerate().all(|(at, word)| {
                let whole_only = last == 0 && !self.may_be_cut;
                let least = if at == last && self.may_be_cut { 1 } else { 3 };
                theirs.next().is_some_and(|w| w == word || !whole_only && word.len() >= least && w.starts_with(word))
            })
    }

    /// Nothing in it contradicts the customer's name: its words in any order, or all of them and more.
    fn is_near(&self, customer: &str) -> bool {
        let theirs: Vec<&str> = customer.split(' ').collect();
        let fits = |word: &String| theirs.iter().any(|w| w == word || word.len() >= 3 && w.starts_with(word.as_str()));
        let (initials, long): (Vec<&String>, Vec<&String>) = self.core.iter().partition(|w| w.len() == 1);
        let same_words = !long.is_empty() && long.iter().all(|w| fits(w)) && (initials.is_empty() || long.len() > 1);
        let and_more =
            theirs.len() > 1 && self.core.len() > theirs.len() && self.core.iter().zip(&theirs).all(|(a, b)| a == b);
        same_words || and_more
    }
}

/// `E J MARCHBANK` and `MARCHBANK E J` as surname and first initial.
fn surname_and_initial(words: &[String]) -> Vec<(String, char)> {
    let mut forms = Vec::new();
    if let [first, middle @ .., last] = words {
        let initials_between = middle.iter().all(|w| w.len() == 1);
        if first.len() == 1 && last.len() > 1 && initials_between {
            forms.extend(first.chars().next().map(|c| (last.clone(), c)));
        }
        if first.len() > 1 && last.len() == 1 && initials_between {
            let given = middle.first().unwrap_or(last);
            forms.extend(given.chars().next().map(|c| (first.clone(), c)));
        }
    }
    forms
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
            it.cores.push(core(&words, false).join(" ").into());
            it.short.push(short);
        }
        let mut in_order: Vec<u32> = (0..it.letters.len() as u32).collect();
        in_order.sort_unstable_by(|a, b| it.letters[*a as usize].cmp(&it.letters[*b as usize]));
        it.by_core = in_order.clone();
        it.by_core.sort_unstable_by(|a, b| it.cores[*a as usize].cmp(&it.cores[*b as usize]));
        it.in_order = in_order;
        it
    }

    /// How the payer's name fits one customer.
    pub(super) fn fit(&self, payer: &PayerName, customer: u32) -> NameFit {
        let (own, core) = (&*self.letters[customer as usize], &*self.cores[customer as usize]);
        if payer.whole_is(own) || payer.nearly_is(own) {
            return NameFit::Full(self.in_full(payer).len().max(1));
        }
        let same_core = !payer.is_absent() && payer.core_is(core);
        if same_core && core.len() >= 5 && self.in_full(payer).is_empty() {
            return NameFit::Full(self.without_form(payer).len().max(1));
        }
        let head = own.get(..own.len().min(IN_TEXT)).unwrap_or(own);
        if head.len() >= 6 && payer.text.contains(head) {
            return NameFit::InText(self.beginning(head).len().max(1));
        }
        if let Some(form) = self.short[customer as usize].as_ref().filter(|form| payer.forms.contains(form)) {
            return NameFit::Initial(self.initials.get(form).copied().unwrap_or(1));
        }
        if payer.is_absent() {
            return NameFit::Absent;
        }
        if same_core || payer.begins(core) {
            return NameFit::Part(self.beginning_alike(payer));
        }
        if payer.is_near(core) && self.sharing(payer).is_empty() { NameFit::Near } else { NameFit::Other }
    }

    /// The customers whose name the payer's is: in full, or else but for the legal form.
    pub(super) fn sharing(&self, payer: &PayerName) -> &[u32] {
        let in_full = self.in_full(payer);
        if in_full.is_empty() { self.without_form(payer) } else { in_full }
    }

    /// The payer's name is, or begins, or gives by surname and initial, the name of a customer.
    pub(super) fn knows(&self, payer: &PayerName) -> bool {
        !self.sharing(payer).is_empty() || payer.forms.iter().any(|form| self.initials.contains_key(form))
    }

    fn in_full(&self, payer: &PayerName) -> &[u32] {
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

    /// Those whose name without its legal form is the payer's; where there are none and
    /// the payer gives two words or more, those whose name goes on after them.
    fn without_form(&self, payer: &PayerName) -> &[u32] {
        if payer.spaced.len() < 5 {
            return &[];
        }
        let range = self.cores_beginning(&payer.spaced);
        let same = range.partition_point(|c| *self.cores[*c as usize] == *payer.spaced);
        if same > 0 || payer.core.len() < 2 {
            return &range[..same];
        }
        let goes_on = |c: &u32| self.cores[*c as usize].as_bytes().get(payer.spaced.len()) == Some(&b' ');
        if payer.may_be_cut { range } else { &range[..range.partition_point(goes_on)] }
    }

    /// How many customers' names begin like the payer's, or at least with its first word.
    fn beginning_alike(&self, payer: &PayerName) -> usize {
        let alike = self.cores_beginning(&payer.spaced).len();
        let first = payer.core.first().map_or("", String::as_str);
        if alike > 0 { alike } else { self.cores_beginning(first).len().max(1) }
    }

    fn beginning(&self, head: &str) -> &[u32] {
        beginning(&self.in_order, &self.letters, head)
    }

    fn cores_beginning(&self, head: &str) -> &[u32] {
        beginning(&self.by_core, &self.cores, head)
    }
}

/// The stretch of an order whose names begin with the head.
fn beginning<'a>(order: &'a [u32], names: &[Box<str>], head: &str) -> &'a [u32] {
    let from = order.partition_point(|c| *names[*c as usize] < *head);
    let tail = &order[from..];
    &tail[..tail.partition_point(|c| names[*c as usize].starts_with(head))]
}
