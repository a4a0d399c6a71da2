//! What a bank line offers, and the ways the money could be used.
//!
//! Candidates come from the indexes only: numbers in the text, the payer's
//! account, customer numbers, names, amounts, then sums of a few items.
use super::book::{KnownPayer, MatchBook};
use super::facts::BankLineFacts;
use super::names::PayerName;
use super::references::{Found, How, References, find};
use super::sums;
use super::wording::{name_of, wording_of};
use crate::money::Pence;
use std::collections::{BTreeMap, BTreeSet};

/// Everything read off a bank line, once.
pub(super) struct Clues<'a> {
    pub line: &'a BankLineFacts,
    pub references: References,
    /// How each item was found.
    pub items: BTreeMap<u32, How>,
    /// Customers whose own number stands in the text in full.
    pub numbered: BTreeSet<u32>,
    /// Who is known to pay from the account.
    pub payers: &'a [KnownPayer],
    pub name: PayerName,
    /// Customers that a person has said this payer's name means.
    pub taught_by_name: &'a [u32],
    /// Items whose order number, the customer's own, stands in the text.
    pub ordered: BTreeSet<u32>,
    /// What the text's words have meant: services, and how often.
    pub wording: &'a [(u32, i64)],
    /// How many items fit the number with which the text breaks off.
    pub cut_fits: usize,
}

/// What a draft rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// One item.
    One,
    /// The items the text lists, and whether no other reading of the list adds up.
    Listed { only_reading: bool },
    /// A few items whose sum fits; so many other sums fit too.
    Sum { others: usize },
    /// All the customer has open.
    Everything,
    /// The item it names is cleared: the account.
    Cleared,
    /// Oldest due first.
    Oldest,
    /// Items of several customers, all of them listed in the text.
    Several { customers: usize },
}

/// A way to use the money, before it is weighed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    pub customer: u32,
    pub lines: Vec<(u32, Pence)>,
    pub on_account: Pence,
    /// What the tolerance clears: paid short if more than nothing, over if less.
    pub difference: Pence,
    pub basis: Basis,
    /// The item that stands for the draft when its reference is weighed.
    pub lead: u32,
}

/// Items of one amount that are looked at for a name.
const SAME_AMOUNT: usize = 400;
/// A name shared by more customers than this names nobody.
const SAME_NAME: usize = 12;

impl<'a> Clues<'a> {
    pub(super) fn read(book: &'a MatchBook, line: &'a BankLineFacts) -> Self {
        let references = find(&book.item_numbers, &line.text);
        let customer_finds = find(&book.customer_numbers, &line.text).found;
        let whole_item = |f: &Found| {
            references.found.iter().any(|i| i.how <= How::Squeezed && i.runs.0 <= f.runs.0 && f.runs.1 <= i.runs.1)
        };
        let numbered = customer_finds
            .iter()
            .filter(|f| f.how <= How::Squeezed && !whole_item(f))
            .map(|f| book.number_owner[f.place as usize])
            .collect();
        let payers = line.payer_print.as_ref().and_then(|p| book.payers.get(p)).map_or(&[][..], Vec::as_slice);
        Self {
            line,
            items: references.found.iter().map(|f| (f.place, as_written(book, line, f))).collect(),
            numbered,
            payers,
            name: PayerName::of(&line.payer_name, &line.text),
            taught_by_name: name_of(&line.payer_name)
                .and_then(|name| book.lessons.names.get(&name))
                .map_or(&[], Vec::as_slice),
            ordered: ordered(book, line, &references),
            wording: meant(book, line),
            cut_fits: references.cut.as_ref().map_or(0, |cut| book.item_numbers.beginning(cut).len()),
            references,
        }
    }

    /// The text names an item, or a customer, in full.
    pub(super) fn names_something(&self) -> bool {
        self.items.values().any(|how| how.is_whole()) || !self.numbered.is_empty()
    }

    /// The text has something like a number of ours in it, whole or not.
    pub(super) fn hints_at_something(&self) -> bool {
        !self.items.is_empty() || !self.numbered.is_empty() || self.cut_fits > 0
    }

    /// The item fits the number with which the text breaks off.
    pub(super) fn fits_cut(&self, book: &MatchBook, item: u32) -> bool {
        self.references.cut.as_ref().is_some_and(|cut| book.item_numbers.number(item).whole.starts_with(cut.as_str()))
    }

    /// Customers that something other than an item points to.
    pub(super) fn pointed_to(&self, book: &MatchBook) -> BTreeSet<u32> {
        let mut customers: BTreeSet<u32> = self.numbered.clone();
        customers.extend(self.payers.iter().take(8).map(|k| k.customer));
        customers.extend(self.taught_by_name.iter().take(8));
        let sharing = book.names.sharing(&self.name);
        if sharing.len() <= SAME_NAME {
            customers.extend(sharing);
        }
        customers
    }
}

/// A number found with its letters is exact if it stands in the text as we write it.
fn as_written(book: &MatchBook, line: &BankLineFacts, found: &Found) -> How {
    let exact = found.how == How::Squeezed && line.text.contains(&*book.item(found.place).number);
    if exact { How::Full } else { found.how }
}

/// The first round: items named, listed, or equal to the amount.
pub(super) fn first_round(book: &MatchBook, clues: &Clues) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for found in clues.references.found.iter().take(120) {
        drafts.push(one(book, clues.line.amount, found.place));
    }
    drafts.extend(clues.ordered.iter().take(20).map(|item| one(book, clues.line.amount, *item)));
    listed(book, clues, &mut drafts);
    drafts.extend(several(book, clues));
    let mut customers = clues.pointed_to(book);
    customers.extend(clues.items.iter().filter(|(_, how)| how.is_whole()).map(|(i, _)| book.item(*i).customer));
    for customer in customers {
        let fits = |open| open == clues.line.amount || book.forgiven(open, clues.line.amount).is_some();
        let exact = book.open_items(customer).filter(|i| fits(book.item(*i).open));
        drafts.extend(exact.take(6).map(|item| one(book, clues.line.amount, item)));
    }
    for item in book.amounts.with(clues.line.amount).take(SAME_AMOUNT) {
        if book.item(item).open == clues.line.amount && supported(book, clues, item) {
            drafts.push(one(book, clues.line.amount, item));
        }
    }
    without_repeats(drafts)
}

/// The second round, for people to choose from: sums, everything open, oldest first.
pub(super) fn second_round(book: &MatchBook, clues: &Clues) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut customers = clues.pointed_to(book);
    let named: BTreeSet<u32> =
        clues.items.iter().filter(|(_, how)| how.is_whole()).map(|(i, _)| book.item(*i).customer).collect();
    customers.extend(&named);
    for customer in customers {
        unlisted(book, clues, customer, &mut drafts);
        if clues.numbered.contains(&customer) || clues.payers.iter().any(|k| k.customer == customer) {
            drafts.extend(oldest(book, clues.line, customer));
        }
    }
    without_repeats(drafts)
}

/// The amount against one item, the rest on the account.
fn one(book: &MatchBook, amount: Pence, place: u32) -> Draft {
    let item = book.item(place);
    let part = amount.min(item.open).max(Pence::ZERO);
    let cleared = item.open <= Pence::ZERO;
    let difference = book.forgiven(item.open, amount).unwrap_or(Pence::ZERO);
    Draft {
        customer: item.customer,
        lines: if cleared { Vec::new() } else { vec![(place, part)] },
        on_account: if difference == Pence::ZERO { amount.minus(part) } else { Pence::ZERO },
        difference,
        basis: if cleared { Basis::Cleared } else { Basis::One },
        lead: place,
    }
}

/// Something besides the amount speaks for the item.
fn supported(book: &MatchBook, clues: &Clues, item: u32) -> bool {
    use super::names::NameFit::{Full, InText, Initial, Part};
    let customer = book.item(item).customer;
    clues.payers.iter().any(|k| k.customer == customer)
        || clues.taught_by_name.contains(&customer)
        || clues.ordered.contains(&item)
        || matches!(book.names.fit(&clues.name, customer), Full(_) | InText(_) | Initial(_) | Part(_))
        || clues.fits_cut(book, item) && clues.cut_fits <= 50
}

/// Several items that the text lists, some of them perhaps by their last digits only.
fn listed(book: &MatchBook, clues: &Clues, drafts: &mut Vec<Draft>) {
    let whole =
        clues.references.found.iter().filter(|f| f.how <= How::Confused && book.item(f.place).open > Pence::ZERO);
    let mut by_customer: BTreeMap<u32, Vec<&Found>> = BTreeMap::new();
    for found in whole {
        by_customer.entry(book.item(found.place).customer).or_default().push(found);
    }
    for (customer, mut found) in by_customer.into_iter().take(8) {
        // Two numbers read from the same characters are one number, read two ways.
        found.dedup_by_key(|f| f.runs.0);
        let items: Vec<u32> = found.iter().map(|f| f.place).collect();
        let total = items.iter().fold(Pence::ZERO, |sum, i| sum.plus(book.item(*i).open));
        let amount = clues.line.amount;
        if items.len() > 1 && total == amount {
            drafts.push(together(book, customer, items, Basis::Listed { only_reading: true }));
            continue;
        }
        let rest = amount.minus(total);
        if rest > Pence::ZERO {
            let choices = shortened(book, clues, customer, &items);
            let mut readings = sums::one_of_each(&choices, rest.0);
            if choices.len() > 1 && readings.is_empty() {
                readings = choices.iter().flat_map(|c| sums::one_of_each(std::slice::from_ref(c), rest.0)).collect();
            }
            let only_reading = readings.len() == 1;
            for reading in readings.into_iter().filter(|r| !r.is_empty()).take(2) {
                let all = items.iter().copied().chain(reading).collect();
                drafts.push(together(book, customer, all, Basis::Listed { only_reading }));
            }
        }
    }
}

/// One payer for several customers: every item in full that the text names, where they add up.
fn several(book: &MatchBook, clues: &Clues) -> Option<Draft> {
    let whole = clues.references.found.iter().filter(|f| f.how <= How::Digits);
    let mut found: Vec<&Found> = whole.filter(|f| book.item(f.place).open > Pence::ZERO).collect();
    found.dedup_by_key(|f| f.runs.0);
    let customers: BTreeSet<u32> = found.iter().map(|f| book.item(f.place).customer).collect();
    let total = found.iter().fold(Pence::ZERO, |sum, f| sum.plus(book.item(f.place).open));
    let basis = Basis::Several { customers: customers.len() };
    let items: Vec<u32> = found.iter().map(|f| f.place).collect();
    let fits = customers.len() > 1 && total == clues.line.amount;
    fits.then(|| together(book, book.item(items[0]).customer, items, basis))
}

/// Items whose order number stands in the text in full, and in no number of ours.
fn ordered(book: &MatchBook, line: &BankLineFacts, references: &References) -> BTreeSet<u32> {
    if book.ordered.is_empty() {
        return BTreeSet::new();
    }
    let ours =
        |f: &Found| references.found.iter().any(|o| o.how.is_whole() && o.runs.0 <= f.runs.1 && f.runs.0 <= o.runs.1);
    let stands = |f: &&Found| matches!(f.how, How::Squeezed | How::OtherLetters) && !ours(f);
    find(&book.orders, &line.text).found.iter().filter(stands).map(|f| book.ordered[f.place as usize]).collect()
}

/// What the words of the text have meant before.
fn meant<'a>(book: &'a MatchBook, line: &BankLineFacts) -> &'a [(u32, i64)] {
    if book.lessons.wordings.is_empty() {
        return &[];
    }
    let words = wording_of(&line.text, &line.payer_name);
    words.and_then(|words| book.lessons.wordings.get(&words)).map_or(&[], Vec::as_slice)
}

/// For each short run of digits, the customer's items whose numbers end with it.
fn shortened(book: &MatchBook, clues: &Clues, customer: u32, taken: &[u32]) -> Vec<Vec<(u32, i64)>> {
    let mut choices = Vec::new();
    for (_, digits) in &clues.references.short {
        let fits = |i: &u32| {
            let own = &book.item_numbers.number(*i).digits;
            own.len() > digits.len() && own.ends_with(digits.as_str()) && !taken.contains(i)
        };
        let fitting: Vec<(u32, i64)> =
            book.open_items(customer).filter(fits).map(|i| (i, book.item(i).open.0)).collect();
        if !fitting.is_empty() {
            choices.push(fitting);
        }
    }
    choices
}

/// These items in full.
fn together(book: &MatchBook, customer: u32, items: Vec<u32>, basis: Basis) -> Draft {
    let lead = items[0];
    let lines = items.into_iter().map(|i| (i, book.item(i).open)).collect();
    Draft { customer, lines, on_account: Pence::ZERO, difference: Pence::ZERO, basis, lead }
}

/// Sums of a few of the customer's items, those of a month in the text first.
fn unlisted(book: &MatchBook, clues: &Clues, customer: u32, drafts: &mut Vec<Draft>) {
    let amount = clues.line.amount;
    let text = &clues.line.text;
    let open: Vec<u32> = book.open_items(customer).collect();
    let total = open.iter().fold(Pence::ZERO, |sum, i| sum.plus(book.item(*i).open));
    if open.len() > 1 && total == amount {
        drafts.push(together(book, customer, open, Basis::Everything));
        return;
    }
    if total < amount {
        return;
    }
    let of_month = |i: &u32| text.contains(&book.item(*i).invoice_on.format("%Y-%m").to_string());
    let named = |i: &u32| clues.items.get(i).is_some_and(|how| how.is_whole());
    let mut items: Vec<u32> = open.into_iter().filter(|i| book.item(*i).open < amount).collect();
    let month_given = text.contains("20") && items.iter().any(of_month);
    items.sort_by_key(|i| (!named(i), month_given && !of_month(i)));
    let amounts: Vec<i64> = items.iter().map(|i| book.item(*i).open.0).collect();
    let mut answers = sums::two_to_four(&amounts, amount.0).answers;
    let others = answers.len().saturating_sub(1);
    let misses = |a: &Vec<usize>| {
        let any_named = a.iter().any(|i| named(&items[*i]));
        let any_month = !month_given || a.iter().any(|i| of_month(&items[*i]));
        (!any_named, !any_month, a.len())
    };
    answers.sort_by_key(|a| (misses(a), a.clone()));
    for answer in answers.into_iter().take(3) {
        let chosen = answer.into_iter().map(|i| items[i]).collect();
        drafts.push(together(book, customer, chosen, Basis::Sum { others }));
    }
}

/// The standing rule when the payer does not say: oldest due first; for an instalment what its plan covers first (PP-05).
fn oldest(book: &MatchBook, line: &BankLineFacts, customer: u32) -> Option<Draft> {
    let planned = book.awaited(line, customer).map_or(&[][..], |one| one.items.as_slice());
    let (mut turn, rest): (Vec<u32>, Vec<u32>) =
        book.open_items(customer).partition(|item| planned.contains(&book.item(*item).id));
    turn.extend(rest);
    let mut left = line.amount;
    let mut lines = Vec::new();
    for item in turn.into_iter().take(40) {
        if left <= Pence::ZERO {
            break;
        }
        let part = book.item(item).open.min(left);
        left = left.minus(part);
        lines.push((item, part));
    }
    let lead = lines.first()?.0;
    Some(Draft { customer, lines, on_account: left, difference: Pence::ZERO, basis: Basis::Oldest, lead })
}

fn without_repeats(drafts: Vec<Draft>) -> Vec<Draft> {
    let mut kept: Vec<Draft> = Vec::new();
    let mut seen = BTreeSet::new();
    for draft in drafts {
        let mut lines = draft.lines.clone();
        lines.sort_unstable();
        let lead = if lines.is_empty() { draft.lead } else { 0 };
        if seen.insert((draft.customer, lines, lead)) {
            kept.push(draft);
        }
    }
    kept
}
