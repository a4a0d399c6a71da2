//! Which row of theirs is which item of ours.
use super::classify::{CERTAIN, Pair, again, only_ours, only_theirs};
use super::facts::{OurKind, OurRow, Rules, TheirRow};
use super::line::Line;
use super::prove::Proof;
use crate::cash::{BankLineFacts, CustomerFacts, MatchBook, OpenItemFacts, squeeze};
use crate::ids::{BankLineId, CustomerId, ItemId};
use crate::money::Pence;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::ops::Range;

/// Below this a likeness is not worth telling.
const WORTH_TELLING: i64 = 200_000;

/// The two lists, joined by reference, with the rest ready to be weighed.
#[derive(Debug)]
pub struct Reconciler {
    theirs: Vec<TheirRow>,
    ours: Vec<OurRow>,
    rules: Rules,
    book: MatchBook,
    /// Items of one number are one group; the group of each item.
    group_of: Vec<u32>,
    groups: Vec<Vec<u32>>,
    joined: Vec<(u32, u32)>,
    loose: Vec<u32>,
    steps: u64,
}

/// What a row that shares no reference with an item may be.
#[derive(Clone, Debug)]
pub struct Judged {
    row: u32,
    named: Vec<u32>,
    best: Option<(u32, i64, String)>,
}

/// The result.
#[derive(Clone, Debug)]
pub struct Reconciled {
    /// Every row and item in exactly one line, those that differ first.
    pub lines: Vec<Line>,
    /// The totals.
    pub proof: Proof,
    /// How much work it was: joins, rows weighed, things sorted.
    pub steps: u64,
}

impl Reconciler {
    /// Joins the lists by reference and indexes what is ours.
    pub fn new(theirs: Vec<TheirRow>, ours: Vec<OurRow>, rules: Rules) -> Reconciler {
        let mut by_number: HashMap<String, u32> = HashMap::with_capacity(ours.len());
        let (mut group_of, mut groups): (Vec<u32>, Vec<Vec<u32>>) = (Vec::with_capacity(ours.len()), Vec::new());
        for (at, item) in (0u32..).zip(&ours) {
            let group = *by_number.entry(squeeze(&item.number)).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() as u32 - 1
            });
            groups[group as usize].push(at);
            group_of.push(group);
        }
        let (mut joined, mut loose) = (Vec::new(), Vec::new());
        for (at, row) in (0u32..).zip(&theirs) {
            let reference = squeeze(&row.reference);
            match by_number.get(&reference).filter(|_| !reference.is_empty()) {
                Some(group) => joined.push((*group, at)),
                None => loose.push(at),
            }
        }
        let steps = (ours.len() + theirs.len()) as u64;
        let book = book_of(&ours);
        Reconciler { theirs, ours, rules, book, group_of, groups, joined, loose, steps }
    }

    /// How many rows share no reference with an item and must be weighed.
    pub fn loose(&self) -> usize {
        self.loose.len()
    }

    /// Weighs some of the loose rows; ranges may be weighed in any order, and side by side.
    pub fn judge(&self, range: Range<usize>) -> Vec<Judged> {
        self.loose[range].iter().map(|row| self.judge_row(*row)).collect()
    }

    fn judge_row(&self, at: u32) -> Judged {
        let row = &self.theirs[at as usize];
        let named = |text: &str| -> Vec<u32> {
            let items = self.book.items_named(text).into_iter();
            items.filter_map(|item| u32::try_from(item.0).ok()).collect()
        };
        let mut found = named(&row.reference);
        if found.is_empty() {
            found = named(&row.words);
        }
        let alone = found.len() == 1 || self.adds_up(row, &found);
        let best = if alone || row.listed == Pence::ZERO { None } else { self.weigh(row) };
        Judged { row: at, named: if alone { found } else { Vec::new() }, best }
    }

    /// The items come to the row's amount.
    fn adds_up(&self, row: &TheirRow, items: &[u32]) -> bool {
        let total =
            |of: fn(&OurRow) -> Pence| items.iter().fold(Pence::ZERO, |sum, at| sum.plus(of(&self.ours[*at as usize])));
        items.len() > 1
            && (total(|item| item.original) == row.listed || total(|item| item.counts) == row.counts(self.rules.basis))
    }

    /// The matcher's best item for a row, how sure it is, and why.
    fn weigh(&self, row: &TheirRow) -> Option<(u32, i64, String)> {
        let line = BankLineFacts {
            line: BankLineId(i64::from(row.row)),
            bank_key: String::new(),
            on: row.on.unwrap_or_default(),
            amount: row.listed.size(),
            kind: String::new(),
            payer_name: row.name.clone(),
            payer_print: None,
            text: format!("{} {}", row.reference, row.words).trim().to_owned(),
        };
        let best = self.book.match_line(&line).candidates.into_iter().next()?;
        let at = u32::try_from(best.customer?.0).ok()?;
        Some((at, best.confidence_ppm, best.reasons_for.join(" ")))
    }

    /// Makes the lines. Give every answer of [`Reconciler::judge`], in any order.
    pub fn finish(mut self, judged: Vec<Judged>) -> Reconciled {
        let mut work = Work { lines: Vec::new(), stands: vec![None; self.ours.len()], steps: self.steps };
        let mut rows: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (group, row) in std::mem::take(&mut self.joined) {
            rows.entry(group).or_default().push(row);
        }
        let (mut lists, mut guesses) = (Vec::new(), Vec::new());
        for one in judged {
            work.steps += 1 + one.named.len() as u64;
            match one.named.as_slice() {
                [item] => rows.entry(self.group_of[*item as usize]).or_default().push(one.row),
                [] => guesses.push(one),
                _ => lists.push(one),
            }
        }
        for (group, mut of_group) in rows {
            of_group.sort_unstable();
            self.settle(group, of_group, &mut work);
        }
        self.settle_lists(lists, &mut guesses, &mut work);
        self.settle_guesses(guesses, &mut work);
        for (item, _) in self.ours.iter().zip(&work.stands).filter(|(_, stands)| stands.is_none()) {
            work.lines.extend(only_ours(item, self.rules));
        }
        let Work { mut lines, steps, .. } = work;
        lines.sort_by_cached_key(|line| {
            (line.class, line.their_rows.first().copied().unwrap_or(u32::MAX), line.our_number.clone())
        });
        tell_keys_apart(&mut lines);
        let proof = Proof::of(&self.theirs, &self.ours, self.rules, &lines);
        let steps = steps + lines.len() as u64 * u64::from(lines.len().max(2).ilog2());
        Reconciled { lines, proof, steps }
    }

    /// Rows and items of one number: the same amounts first, then the same the other way, then what is left.
    fn settle(&self, group: u32, rows: Vec<u32>, work: &mut Work) {
        let items = &self.groups[group as usize];
        work.steps += (rows.len() + items.len()) as u64;
        let basis = self.rules.basis;
        let mut left =
            Left { rows, items: items.iter().copied().filter(|at| work.stands[*at as usize].is_none()).collect() };
        let listed = |at: u32| self.theirs[at as usize].listed;
        left.pair(listed, |at| self.ours[at as usize].original, |row, item| self.one(row, item, work));
        left.pair(
            |at| self.theirs[at as usize].counts(basis),
            |at| self.ours[at as usize].counts,
            |row, item| self.one(row, item, work),
        );
        left.pair(
            |at| listed(at).negated(),
            |at| self.ours[at as usize].original,
            |row, item| self.one(row, item, work),
        );
        let Left { rows, items } = left;
        match (rows.len(), items.len()) {
            (0, _) => {}
            (_, 0) => self.repeated(&rows, group, work),
            (1, 1) => self.one(rows[0], items[0], work),
            (_, 1) if rows.iter().all(|row| listed(*row) == listed(rows[0])) => {
                self.one(rows[0], items[0], work);
                self.repeated(&rows[1..], group, work);
            }
            (_, 1) => self.together(&rows, &items, work),
            (many, few) => {
                rows.iter().zip(&items).for_each(|(row, item)| self.one(*row, *item, work));
                if many > few {
                    self.repeated(&rows[few..], group, work);
                }
            }
        }
    }

    /// Rows of a number all of whose items have a row.
    fn repeated(&self, rows: &[u32], group: u32, work: &mut Work) {
        let firsts: Vec<u32> = self.groups[group as usize].iter().filter_map(|at| work.stands[*at as usize]).collect();
        let by_amount: HashMap<Pence, u32> =
            firsts.iter().rev().map(|row| (self.theirs[*row as usize].listed, *row)).collect();
        for row in rows {
            let this = &self.theirs[*row as usize];
            let first = by_amount.get(&this.listed).or(firsts.first());
            let line = match first {
                Some(first) => again(this, &self.theirs[*first as usize], self.rules),
                None => only_theirs(this, self.rules, ""),
            };
            work.lines.push(line);
        }
    }

    fn one(&self, row: u32, item: u32, work: &mut Work) {
        self.together(&[row], &[item], work);
    }

    fn together(&self, rows: &[u32], items: &[u32], work: &mut Work) {
        self.paired(rows, items, (CERTAIN, ""), work);
    }

    fn paired(&self, rows: &[u32], items: &[u32], (sure_ppm, because): (i64, &str), work: &mut Work) {
        for item in items {
            work.stands[*item as usize] = rows.first().copied();
        }
        let theirs = rows.iter().map(|row| &self.theirs[*row as usize]).collect();
        let ours = items.iter().map(|item| &self.ours[*item as usize]).collect();
        work.lines.push(Pair { theirs, ours, sure_ppm, because }.line(self.rules));
    }

    /// Rows that name several items and come to their sum; an item that has a row already makes it a guess.
    fn settle_lists(&self, mut lists: Vec<Judged>, guesses: &mut Vec<Judged>, work: &mut Work) {
        lists.sort_by_key(|one| one.row);
        for one in lists {
            let mut seen = HashSet::new();
            let items: Vec<u32> = one.named.iter().copied().filter(|at| seen.insert(*at)).collect();
            if items.iter().all(|at| work.stands[*at as usize].is_none()) {
                self.together(&[one.row], &items, work);
            } else {
                let best = items.first().map(|at| (*at, CERTAIN, String::new()));
                guesses.push(Judged { best, ..one });
            }
        }
    }

    /// The surest guess first; what is taken is not taken again.
    fn settle_guesses(&self, mut guesses: Vec<Judged>, work: &mut Work) {
        guesses.sort_by_key(|one| (std::cmp::Reverse(one.best.as_ref().map_or(0, |best| best.1)), one.row));
        work.steps += guesses.len() as u64 * u64::from(guesses.len().max(2).ilog2());
        for one in &guesses {
            let row = &self.theirs[one.row as usize];
            let Some((item, sure, because)) = &one.best else {
                work.lines.push(only_theirs(row, self.rules, ""));
                continue;
            };
            let stands = work.stands[*item as usize];
            let sure_enough = *sure >= self.rules.pair_from_ppm;
            match stands {
                None if sure_enough => self.paired(&[one.row], &[*item], (*sure, because), work),
                Some(first) if sure_enough && self.theirs[first as usize].listed == row.listed => {
                    work.lines.push(again(row, &self.theirs[first as usize], self.rules));
                }
                None if *sure >= WORTH_TELLING => {
                    let hint = format!("It may be {}: {because}", self.ours[*item as usize].number);
                    work.lines.push(only_theirs(row, self.rules, &hint));
                }
                _ => work.lines.push(only_theirs(row, self.rules, "")),
            }
        }
    }
}

struct Work {
    lines: Vec<Line>,
    /// The row that stands for each item, if one does.
    stands: Vec<Option<u32>>,
    steps: u64,
}

/// Rows and items of one number that have no partner yet.
struct Left {
    rows: Vec<u32>,
    items: Vec<u32>,
}

impl Left {
    /// Pairs those of equal amount, in order.
    fn pair(&mut self, of_row: impl Fn(u32) -> Pence, of_item: impl Fn(u32) -> Pence, mut pair: impl FnMut(u32, u32)) {
        if self.rows.is_empty() || self.items.is_empty() {
            return;
        }
        let mut waiting: HashMap<Pence, VecDeque<u32>> = HashMap::new();
        for item in &self.items {
            waiting.entry(of_item(*item)).or_default().push_back(*item);
        }
        let mut taken = HashSet::new();
        self.rows.retain(|row| match waiting.get_mut(&of_row(*row)).and_then(VecDeque::pop_front) {
            Some(item) => {
                taken.insert(item);
                pair(*row, item);
                false
            }
            None => true,
        });
        self.items.retain(|item| !taken.contains(item));
    }
}

/// A book in which every item is an account of its own, so that a funder with very many items costs no more.
fn book_of(ours: &[OurRow]) -> MatchBook {
    let named = || (0i64..).zip(ours).filter(|(_, item)| item.kind != OurKind::Receipt);
    let items = named().map(|(at, item)| OpenItemFacts {
        service: String::new(),
        later_part: false,
        item: ItemId(at),
        customer: CustomerId(at),
        number: item.number.clone(),
        invoice_on: item.on,
        due_on: item.on,
        open: item.original.size(),
        po_number: item.order.clone(),
    });
    let accounts = named().map(|(at, item)| CustomerFacts {
        customer: CustomerId(at),
        name: item.name.clone(),
        references: if item.order.is_empty() { Vec::new() } else { vec![item.order.clone()] },
        ..CustomerFacts::default()
    });
    MatchBook::new(items.collect(), accounts.collect(), Vec::new())
}

/// Lines with the same key get a number behind it, in order.
fn tell_keys_apart(lines: &mut [Line]) {
    let mut seen: HashMap<String, u32> = HashMap::with_capacity(lines.len());
    for line in lines {
        let times = seen.entry(line.key.clone()).or_insert(0);
        *times += 1;
        if *times > 1 {
            line.key = format!("{}#{times}", line.key);
        }
    }
}
