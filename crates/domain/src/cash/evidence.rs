//! Weighing one way to use the money: a score, reasons, and whether it may be certain.
use super::book::MatchBook;
use super::candidates::{Basis, Clues, Draft};
use super::names::NameFit;
use super::reasons::{self, Reasons};
use super::references::How;
use super::score::{self, ln};
use crate::money::Pence;

/// A draft with its weight.
pub(super) struct Weighed {
    pub draft: Draft,
    pub score: i64,
    pub reasons: Reasons,
    /// No rule forbids posting it, if it is likely enough.
    pub may_post: bool,
    /// A whole number in the text names it.
    pub strong: bool,
}

/// So many payments from an account make a habit.
const HABIT: i64 = 3;

/// How the payer fits, besides any number.
struct Payer {
    score: i64,
    /// Name or account speaks for the customer.
    agrees: bool,
    /// The account is known to be another customer's.
    elsewhere: bool,
    /// The account is this customer's and no other's.
    account: bool,
    /// People have given payments from the account to this customer at least three times.
    habit: bool,
}

pub(super) fn weigh(book: &MatchBook, clues: &Clues, draft: Draft) -> Weighed {
    let mut reasons = Reasons::default();
    if let Basis::Several { .. } = draft.basis {
        return weigh_several(book, clues, draft);
    }
    let how = reference_of(book, clues, &draft);
    let reference = weigh_reference(book, clues, &draft, how, &mut reasons);
    let amount = weigh_amount(book, clues, &draft, &mut reasons);
    let payer = weigh_payer(book, clues, draft.customer, &mut reasons);
    let expected = weigh_expected(book, clues, draft.customer, &mut reasons);
    let words = weigh_words(book, clues, &draft, &mut reasons);
    let exact = amount_is_exact(book, clues, &draft);
    let awaited = expected > 0 || payer.habit;
    let named = clues.numbered.contains(&draft.customer);
    let whole = how.is_some_and(How::is_whole);
    let conflict = (payer.elsewhere || other_customer_numbered(clues, draft.customer)) && !exact;
    let again = draft.basis == Basis::Cleared && clues.line.amount == book.item(draft.lead).was;
    let may_post = !conflict
        && match draft.basis {
            Basis::One if exact => {
                let alone = || alone_exact(book, clues, &draft);
                whole
                    || weak_is_enough(how, &payer)
                    || (named || awaited && payer.account && items_named(clues) == 0) && alone()
                    || clues.ordered.contains(&draft.lead) && payer.agrees && alone()
            }
            Basis::One => whole && items_named(clues) == 1,
            Basis::Listed { only_reading } => only_reading,
            Basis::Cleared => whole && (again || book.item(draft.lead).was <= Pence::ZERO && payer.agrees),
            Basis::Sum { .. } | Basis::Everything | Basis::Oldest | Basis::Several { .. } => false,
        };
    let strong = how.is_some_and(|how| how <= How::Digits);
    let score = reference + amount + payer.score + expected + words;
    Weighed { score, draft, reasons, may_post, strong }
}

/// Several customers' items: the list and the sum speak, and no single payer can.
fn weigh_several(book: &MatchBook, clues: &Clues, draft: Draft) -> Weighed {
    let mut reasons = Reasons::default();
    let how = reference_of(book, clues, &draft);
    let reference = weigh_reference(book, clues, &draft, how, &mut reasons);
    let score = reference + weigh_amount(book, clues, &draft, &mut reasons);
    Weighed { score, draft, reasons, may_post: false, strong: true }
}

/// How the text names the draft's item; a number cut short counts where the amount is exact.
fn reference_of(book: &MatchBook, clues: &Clues, draft: &Draft) -> Option<How> {
    let found = clues.items.get(&draft.lead).copied();
    let cut = clues.fits_cut(book, draft.lead) && matches!(draft.basis, Basis::One);
    match (found, cut) {
        (Some(how), _) if how.is_whole() => Some(how),
        (found, true) => found.or(Some(How::Cut)),
        (found, false) => found,
    }
}

fn weak_is_enough(how: Option<How>, payer: &Payer) -> bool {
    match how {
        Some(How::LeftOut | How::Mistyped | How::OtherLetters) => true,
        Some(How::Cut) => payer.agrees,
        _ => false,
    }
}

/// How many different stretches of the text are whole numbers of items.
fn items_named(clues: &Clues) -> usize {
    let mut starts: Vec<usize> = clues.references.found.iter().filter(|f| f.how.is_whole()).map(|f| f.runs.1).collect();
    starts.sort_unstable();
    starts.dedup();
    starts.len()
}

fn other_customer_numbered(clues: &Clues, customer: u32) -> bool {
    !clues.numbered.is_empty() && !clues.numbered.contains(&customer)
}

fn amount_is_exact(book: &MatchBook, clues: &Clues, draft: &Draft) -> bool {
    matches!(draft.basis, Basis::One) && book.item(draft.lead).open == clues.line.amount
}

/// No other open item of the customer has this amount.
fn alone_exact(book: &MatchBook, clues: &Clues, draft: &Draft) -> bool {
    book.open_items(draft.customer).filter(|i| book.item(*i).open == clues.line.amount).take(2).count() == 1
}

fn weigh_reference(book: &MatchBook, clues: &Clues, draft: &Draft, how: Option<How>, reasons: &mut Reasons) -> i64 {
    let prior = -ln(book.items.len());
    let item = book.item(draft.lead);
    let mut score = match how {
        Some(how) => {
            reasons.supports(reasons::found(how, &item.number));
            match how {
                How::Full | How::Squeezed => score::REFERENCE_FULL,
                How::Digits => score::REFERENCE_DIGITS.min(prior + 1_000 + 2_303 * digits(book, draft.lead)),
                How::Confused => score::REFERENCE_CONFUSED,
                How::LeftOut => score::REFERENCE_LEFT_OUT,
                How::Mistyped => score::REFERENCE_MISTYPED,
                How::OtherLetters => score::REFERENCE_OTHER_LETTERS,
                How::Cut => prior + ln(book.items.len() / clues.cut_fits.max(1)),
            }
        }
        None => prior,
    };
    if clues.numbered.contains(&draft.customer) {
        reasons
            .supports(format!("The reference contains the customer number {}.", book.customer(draft.customer).number));
        score += score::CUSTOMER_NUMBER + ln(book.customers.len());
    } else if other_customer_numbered(clues, draft.customer) {
        reasons.against("The reference contains another customer's number.".into());
        score += score::REFERENCE_ELSEWHERE;
    }
    if !how.is_some_and(How::is_whole) {
        score += elsewhere(book, clues, draft, reasons);
        if clues.ordered.contains(&draft.lead) && how.is_none() {
            reasons.supports(format!("The reference contains the customer's own order number for {}.", item.number));
            score = score::ORDER_NUMBER;
        } else if how.is_none() && !matches!(draft.basis, Basis::Listed { .. }) {
            reasons.against("The reference does not name the item.".into());
        }
    }
    score
}

fn digits(book: &MatchBook, item: u32) -> i64 {
    book.item_numbers.number(item).digits.len() as i64
}

/// The text names another item in full, which speaks against this one.
fn elsewhere(book: &MatchBook, clues: &Clues, draft: &Draft, reasons: &mut Reasons) -> i64 {
    let in_draft = |i: u32| draft.lead == i || draft.lines.iter().any(|(line, _)| *line == i);
    let other = clues.items.iter().find(|(i, how)| how.is_whole() && **how != How::Confused && !in_draft(**i));
    let Some((&other, _)) = other else { return 0 };
    let number = &book.item(other).number;
    if book.item(other).customer == draft.customer {
        reasons.against(format!("The reference names {number}, another item of this customer."));
    } else {
        reasons.against(format!("The reference names {number}, which is another customer's."));
    }
    score::REFERENCE_ELSEWHERE
}

fn weigh_amount(book: &MatchBook, clues: &Clues, draft: &Draft, reasons: &mut Reasons) -> i64 {
    let amount = clues.line.amount;
    let item = book.item(draft.lead);
    let all = book.items.len();
    let rare = |of: Pence| ln(all / book.amounts.count(of).max(1)).clamp(3_000, 11_000);
    match &draft.basis {
        Basis::One if draft.difference != Pence::ZERO => {
            reasons.supports(reasons::forgiven(draft.difference, item.open, book.tolerance));
            score::AMOUNT_NEAR + rare(item.open)
        }
        Basis::One => weigh_one(item.open, amount, rare(amount), reasons) + weigh_age(book, clues, draft, reasons),
        Basis::Several { customers } => {
            reasons.supports(format!(
                "The amount is the total of the items of {customers} customers that the reference lists."
            ));
            reasons.against(format!("The money would be split between {customers} customers: a person confirms it."));
            score::AMOUNT_EXACT + ln(all).min(9_000)
        }
        Basis::Listed { only_reading } => {
            let items = draft.lines.len();
            reasons
                .supports(format!("The amount is the total of the {items} items that the reference lists, {amount}."));
            if !only_reading {
                reasons.against("The shortened numbers fit more than one set of items.".into());
            }
            score::AMOUNT_EXACT + ln(all).min(9_000) - if *only_reading { 0 } else { 700 }
        }
        Basis::Sum { others } => {
            let items = draft.lines.len();
            reasons.supports(format!("The amount is the total of {items} of the customer's open items, {amount}."));
            if *others > 0 {
                reasons.against(format!("At least {others} other sets of items come to the same total."));
            }
            6_000 - 1_200 * (items as i64 - 2) - ln(others + 1)
        }
        Basis::Everything => {
            reasons.supports(format!("The amount is everything that the customer has open, {amount}."));
            8_000
        }
        Basis::Cleared => {
            reasons.against(format!("Nothing is open on {} any more.", item.number));
            if amount != item.was {
                return score::AMOUNT_CLEARED;
            }
            reasons.supports(format!("The amount is what {} was paid with before, {amount}.", item.number));
            score::AMOUNT_AGAIN + rare(item.was)
        }
        Basis::Oldest => {
            let planned = book.awaited(clues.line, draft.customer).is_some_and(|one| !one.items.is_empty());
            let rule = if planned {
                "What a plan covers is paid first by its instalments, the oldest of it before the rest."
            } else {
                "Oldest debt first is the standing rule when the payer does not say."
            };
            reasons.supports(rule.into());
            reasons.against("The amount is neither one item nor a sum that was found.".into());
            -3_000
        }
    }
}

/// Among items of one customer with the same amount, and without a number, the oldest is paid first.
fn weigh_age(book: &MatchBook, clues: &Clues, draft: &Draft, reasons: &mut Reasons) -> i64 {
    let open = book.item(draft.lead).open;
    if clues.items.contains_key(&draft.lead) || open != clues.line.amount {
        return 0;
    }
    let mut same = book.open_items(draft.customer).filter(|i| book.item(*i).open == open);
    let oldest = same.next() == Some(draft.lead);
    let others = same.count();
    match (oldest, others) {
        (_, 0) => 0,
        (true, _) => {
            reasons.supports("Of the customer's items with this amount it is the oldest.".into());
            score::OLDEST_OF_SAME
        }
        (false, _) => {
            reasons.against("An older item of the customer has the same amount.".into());
            -score::OLDEST_OF_SAME
        }
    }
}

fn weigh_one(open: Pence, amount: Pence, rare: i64, reasons: &mut Reasons) -> i64 {
    if amount == open {
        reasons.supports(format!("The amount equals what is open on it, {amount}."));
        return score::AMOUNT_EXACT + rare;
    }
    if amount < open {
        reasons.against(format!("The amount is {} less than what is open on it, {open}.", open.minus(amount)));
        return score::AMOUNT_PART;
    }
    reasons.against(format!("The amount is {} more than what is open on it, {open}.", amount.minus(open)));
    score::AMOUNT_OVER
}

/// A payment of the amount was promised, planned or ordered for about now.
fn weigh_expected(book: &MatchBook, clues: &Clues, customer: u32, reasons: &mut Reasons) -> i64 {
    let Some(found) = book.awaited(clues.line, customer) else { return 0 };
    let day = found.due_on.format("%-d %B %Y");
    reasons.supports(format!("A payment of {} was {} for {day}.", found.amount, found.what));
    score::EXPECTED
}

/// What the words have meant before.
fn weigh_words(book: &MatchBook, clues: &Clues, draft: &Draft, reasons: &mut Reasons) -> i64 {
    let service = book.item(draft.lead).service;
    let all: i64 = clues.wording.iter().map(|(_, times)| *times).sum();
    if all == 0 || draft.basis == Basis::Cleared {
        return 0;
    }
    let fits = clues.wording.iter().find(|(place, _)| *place == service).map_or(0, |(_, times)| *times);
    let name = &book.services[service as usize];
    if fits > 0 {
        reasons
            .supports(format!("The payer's words have meant \u{201c}{name}\u{201d} before ({fits} of {all} times)."));
        return score::WORDING_FITS + ln(1 + fits as usize) - ln((all / fits) as usize);
    }
    reasons.against("The payer's words have meant another kind of invoice before.".into());
    score::WORDING_OTHER
}

fn weigh_payer(book: &MatchBook, clues: &Clues, customer: u32, reasons: &mut Reasons) -> Payer {
    let all = book.customers.len();
    let (mut gain, mut loss) = (0, 0);
    let taught = clues.taught_by_name.contains(&customer);
    let rare = |k: usize| ln(all / k.clamp(1, all.max(1)));
    match book.names.fit(&clues.name, customer) {
        NameFit::Full(k) => {
            gain += rare(k).clamp(700, 7_000);
            reasons.supports(reasons::name_agrees(k));
        }
        NameFit::InText(k) => {
            gain += rare(k).clamp(500, 6_000);
            reasons.supports("The reference contains the customer's name.".into());
        }
        NameFit::Initial(k) => {
            gain += (rare(k) + score::NAME_INITIAL).clamp(200, 5_000);
            reasons.supports("The payer's surname and initial are the customer's.".into());
        }
        NameFit::Part(k) => {
            gain += (rare(k) + score::NAME_PART).clamp(200, 4_000);
            reasons.supports("The payer's name is the beginning of the customer's.".into());
        }
        _ if taught => {
            gain += rare(clues.taught_by_name.len()) + score::NAME_TAUGHT;
            reasons.supports("A person has said before that this payer's name means the customer.".into());
        }
        NameFit::Other => {
            loss += score::NAME_OTHER;
            reasons.against("The payer's name is not the customer's.".into());
        }
        NameFit::Near | NameFit::Absent => {}
    }
    let own = clues.payers.iter().find(|k| k.customer == customer);
    let elsewhere = own.is_none() && !clues.payers.is_empty();
    if let Some(known) = own {
        gain += score::ACCOUNT_KNOWN + rare(clues.payers.len());
        reasons.supports(reasons::account_agrees(known.learned, known.times));
    } else if elsewhere {
        loss += score::ACCOUNT_OTHER;
        reasons.against("The payer's account belongs to another customer.".into());
    } else if clues.line.payer_print.is_some() {
        loss += if book.customer(customer).has_account { score::ACCOUNT_UNSEEN } else { 0 };
        reasons.against("The payer's account has not been seen for this customer.".into());
    }
    Payer {
        score: gain.min(ln(all) + score::PAYER_CAP) + loss,
        agrees: gain >= 500,
        elsewhere,
        account: own.is_some() && clues.payers.len() == 1,
        habit: own.is_some_and(|known| known.times >= HABIT),
    }
}
