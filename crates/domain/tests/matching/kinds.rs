//! The lines of the benchmark: one function for each kind of narrative, with its answer.
use crate::dice::Dice;
use crate::town::{Sort, Town};
use chrono::{Days, NaiveDate};
use sundry_domain::cash::{BankLineFacts, Expectation, LearnedPayer};
use sundry_domain::ids::{BankLineId, CustomerId};
use sundry_domain::money::Pence;

/// What a careful cashier would do with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// Post it: the evidence is enough.
    Post,
    /// Look first: a suggestion is right, posting in silence is not.
    Look,
    /// Leave it in suspense: nobody of ours has paid.
    Suspense,
    /// No customer's money.
    Aside,
}

/// Customer, item (from 1) and pence, what stays on the account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub customer: Option<CustomerId>,
    pub lines: Vec<(i64, i64)>,
    pub on_account: i64,
}

/// A bank line with its answer.
#[derive(Clone, Debug)]
pub struct Sample {
    pub kind: &'static str,
    pub wanted: Wanted,
    pub line: BankLineFacts,
    pub answer: Answer,
}

/// The lines of a town, and what was used up while they were made.
pub struct Maker {
    pub town: Town,
    pub dice: Dice,
    used: Vec<bool>,
    paid: Vec<usize>,
    pub samples: Vec<Sample>,
}

/// Who pays, as the bank shows them.
struct Payer {
    name: String,
    print: Option<String>,
}

type Make = fn(&mut Maker, &'static str);

/// Each kind, how many of a thousand lines, and who makes it.
const KINDS: &[(&str, usize, Make)] = &[
    ("plain number", 200, Maker::plain),
    ("number in words", 90, Maker::in_words),
    ("other marks", 60, Maker::other_marks),
    ("typing mistake", 70, Maker::typing),
    ("cut at 18", 60, Maker::cut),
    ("list of numbers", 50, Maker::list),
    ("agent, several people", 30, Maker::agent),
    ("joint account", 50, Maker::joint),
    ("standing order", 70, Maker::standing_order),
    ("promised payment", 25, Maker::promised),
    ("NHS remittance", 40, Maker::nhs),
    ("DWP third party", 45, Maker::dwp),
    ("HMRC and bank's own", 30, Maker::own),
    ("another ledger's number", 40, Maker::foreign),
    ("order number", 25, Maker::order),
    ("relative, learned", 30, Maker::relative),
    ("part payment", 40, Maker::part),
    ("too much", 20, Maker::over),
    ("paid twice", 15, Maker::twice),
    ("wrong invoice quoted", 20, Maker::wrong),
];

/// So many lines of every kind, in proportion, in the order the money came.
pub fn lines(town: &mut Town, seed: u64, count: usize) -> Vec<Sample> {
    let used = vec![false; town.items.len()];
    let mut maker = Maker { town: town.clone(), dice: Dice::new(seed), used, paid: Vec::new(), samples: Vec::new() };
    let total: usize = KINDS.iter().map(|k| k.1).sum();
    for _ in 0..count {
        let mut roll = maker.dice.roll(total);
        for (kind, weight, make) in KINDS {
            if roll < *weight {
                make(&mut maker, kind);
                break;
            }
            roll -= weight;
        }
    }
    let mut samples = maker.samples;
    *town = maker.town;
    for (sample, n) in samples.iter_mut().zip(1..) {
        sample.line.line = BankLineId(n);
        sample.line.bank_key = format!("B{n:07}");
    }
    samples
}

impl Maker {
    /// An item nobody has paid yet, of a debtor of this sort.
    fn item(&mut self, sort: Option<Sort>) -> Option<usize> {
        (0..400).find_map(|_| {
            let at = self.dice.roll(self.used.len());
            let fits = sort.is_none_or(|s| self.owner(at).sort == s);
            (fits && !self.used[at]).then_some(at)
        })
    }

    fn owner(&self, item: usize) -> &crate::town::Debtor {
        &self.town.debtors[self.town.items[item].customer.0 as usize - 1]
    }

    fn number(&self, item: usize) -> String {
        self.town.items[item].number.clone()
    }

    fn open(&self, item: usize) -> i64 {
        self.town.items[item].open.0
    }

    /// The payer as the bank writes them: cut at 18, without "Ltd", sometimes by surname and initial.
    fn payer(&mut self, item: usize) -> Payer {
        let name = self.owner(item).facts.name.to_uppercase();
        let print = self.owner(item).print.clone();
        let words: Vec<&str> = name.split(' ').collect();
        let written = match (self.owner(item).sort, self.dice.roll(10)) {
            (Sort::Person, 0..3) => format!("{} {}", words[1], &words[0][..1]),
            (Sort::Person, 3..5) => format!("MR {} {}", &words[0][..1], words[1]),
            (Sort::Firm, 0..3) => name.trim_end_matches(" LTD").to_owned(),
            _ => name.clone(),
        };
        let shown = self.dice.in_hundred(75);
        Payer { name: cut_at(&written, 18), print: shown.then_some(print) }
    }

    fn day(&mut self) -> NaiveDate {
        self.town.today + Days::new(self.dice.roll(20) as u64)
    }

    fn add(&mut self, kind: &'static str, wanted: Wanted, payer: Payer, text: String, amount: i64, answer: Answer) {
        let line = BankLineFacts {
            line: BankLineId(0),
            bank_key: String::new(),
            on: self.day(),
            amount: Pence(amount),
            kind: (*self.dice.pick(&["BGC", "FPI", "SO", "BGC"])).into(),
            payer_name: payer.name,
            payer_print: payer.print,
            text,
        };
        self.samples.push(Sample { kind, wanted, line, answer });
    }

    /// One item in full.
    fn whole(&mut self, kind: &'static str, wanted: Wanted, item: usize, payer: Payer, text: String) {
        self.used[item] = true;
        let amount = self.open(item);
        let answer = self.answer(&[item], 0);
        self.add(kind, wanted, payer, text, amount, answer);
    }

    fn answer(&self, items: &[usize], on_account: i64) -> Answer {
        let mut lines: Vec<(i64, i64)> = items.iter().map(|i| (*i as i64 + 1, self.open(*i))).collect();
        lines.sort_unstable();
        Answer { customer: items.first().map(|i| self.town.items[*i].customer), lines, on_account }
    }

    /// Another unpaid item of the same debtor has the same amount.
    fn has_twin(&self, item: usize) -> bool {
        let twins = self.owner(item).items.iter().filter(|i| **i != item && self.open(**i) == self.open(item));
        twins.count() > 0
    }

    fn plain(&mut self, kind: &'static str) {
        let Some(item) = self.item(None) else { return };
        let (payer, text) = (self.payer(item), self.number(item));
        self.paid.push(item);
        self.whole(kind, Wanted::Post, item, payer, text);
    }

    fn in_words(&mut self, kind: &'static str) {
        let Some(item) = self.item(None) else { return };
        let (number, other) = (self.number(item), self.dice.between(10_000, 99_999));
        let date = self.town.items[item].invoice_on.format("%d/%m/%y");
        let text = match self.dice.roll(7) {
            0 => format!("PAYMENT OF INVOICE {number} WITH THANKS"),
            1 => format!("{number} DATED {date}"),
            2 => format!("YOUR REF {number} OUR REF {other}"),
            3 => format!("BACS {other} {number}"),
            4 => format!("RE: {number}. TEL 01632 9600{}", other % 100),
            5 => format!("CR/{number}/{other}"),
            _ => format!("ACC PAYABLE {date} {number}"),
        };
        let payer = self.payer(item);
        self.whole(kind, Wanted::Post, item, payer, text);
    }

    fn other_marks(&mut self, kind: &'static str) {
        let Some(item) = self.item(None) else { return };
        let number = self.number(item);
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let half = digits.len() / 2;
        let text = match self.dice.roll(5) {
            0 => number.to_lowercase().replace(['-', '/'], ""),
            1 => number.replace(['-', '/'], " "),
            2 => digits,
            3 => format!("{} {}", &digits[..half], &digits[half..]),
            _ => format!("INVOICE{digits}"),
        };
        let payer = self.payer(item);
        self.whole(kind, Wanted::Post, item, payer, text);
    }

    fn typing(&mut self, kind: &'static str) {
        let Some(item) = self.item(None) else { return };
        let number = mistyped(&self.number(item), &mut self.dice);
        let text = match self.dice.roll(3) {
            0 => number,
            1 => format!("INV {number}"),
            _ => format!("{number} THANK YOU"),
        };
        let payer = self.payer(item);
        self.whole(kind, Wanted::Post, item, payer, text);
    }

    fn cut(&mut self, kind: &'static str) {
        let Some(item) = self.item(None) else { return };
        let name = self.owner(item).facts.name.to_uppercase();
        let text = match self.dice.roll(3) {
            0 => format!("{} {}", name.split(' ').next_back().unwrap_or_default(), self.number(item)),
            1 => format!("INVOICE NO {}", self.number(item)),
            _ => format!("PAYMENT {}", self.number(item)),
        };
        let payer = self.payer(item);
        self.whole(kind, Wanted::Post, item, payer, cut_at(&text, 18));
    }

    fn list(&mut self, kind: &'static str) {
        let Some(item) = self.item(Some(Sort::Body)).or_else(|| self.item(None)) else { return };
        let mut items = self.unpaid_of(item);
        items.truncate(self.dice.between(2, 6) as usize);
        if items.len() < 2 {
            return self.plain("plain number");
        }
        let numbers: Vec<String> = items.iter().map(|i| self.number(*i)).collect();
        let short = self.dice.in_hundred(40);
        let parts = numbers.iter().enumerate().map(|(n, number)| {
            if short && n > 0 { number[number.len().saturating_sub(4)..].to_owned() } else { number.clone() }
        });
        let parts: Vec<String> = parts.collect();
        let text = parts.join(*self.dice.pick(&[" ", ", ", "/", " & ", "+"]));
        let (payer, answer) = (self.payer(item), self.answer(&items, 0));
        self.pay_all(&items);
        let amount = answer.lines.iter().map(|l| l.1).sum();
        self.add(kind, Wanted::Post, payer, text, amount, answer);
    }

    fn unpaid_of(&self, item: usize) -> Vec<usize> {
        self.owner(item).items.iter().copied().filter(|i| !self.used[*i]).collect()
    }

    fn pay_all(&mut self, items: &[usize]) {
        for item in items {
            self.used[*item] = true;
        }
    }

    /// A solicitor pays for several of the people whose money they look after.
    fn agent(&mut self, kind: &'static str) {
        let mut items = Vec::new();
        for _ in 0..self.dice.between(2, 4) {
            let Some(item) = self.item(Some(Sort::Person)) else { return };
            if items.iter().all(|i: &usize| self.town.items[*i].customer != self.town.items[item].customer) {
                self.used[item] = true;
                items.push(item);
            }
        }
        let numbers: Vec<String> = items.iter().map(|i| self.number(*i)).collect();
        let answer = Answer { customer: None, ..self.answer(&items, 0) };
        let amount = answer.lines.iter().map(|l| l.1).sum();
        let payer = Payer { name: "GREENHALGH & ROE LL".into(), print: Some("print-agent".into()) };
        if items.len() == 1 {
            let text = format!("{} CLIENT AC", numbers[0]);
            let answer = self.answer(&items, 0);
            return self.add(kind, Wanted::Post, payer, text, amount, answer);
        }
        self.add(kind, Wanted::Look, payer, numbers.join(" "), amount, answer);
    }

    /// Two names on an account; the bill is one person's.
    fn joint(&mut self, kind: &'static str) {
        let Some(item) = self.item(Some(Sort::Person)) else { return };
        let name = self.owner(item).facts.name.to_uppercase();
        let (given, family) = name.split_once(' ').unwrap_or((&name, ""));
        let other = *self.dice.pick(&["J", "P", "T", "D"]);
        let both = match self.dice.roll(3) {
            0 => format!("{other} & {} {family}", &given[..1]),
            1 => format!("MR {other} + MRS {} {family}", &given[..1]),
            _ => format!("{family} {other} AND {}", &given[..1]),
        };
        let print = self.owner(item).print.clone();
        let known = self.dice.in_hundred(60);
        let payer = Payer { name: cut_at(&both, 18), print: known.then_some(print) };
        if self.dice.in_hundred(60) {
            let text = format!("{} {}", self.number(item), *self.dice.pick(&["CARE", "FEES", ""]));
            return self.whole(kind, Wanted::Post, item, payer, text);
        }
        if !known || self.has_twin(item) {
            return self.plain("plain number");
        }
        self.whole(kind, Wanted::Look, item, payer, "CARE FEES".into());
    }

    /// The same sum each month; the reference is the customer number, or words.
    fn standing_order(&mut self, kind: &'static str) {
        let Some(item) = self.item(Some(Sort::Person)) else { return };
        let mut payer = self.payer(item);
        payer.print = Some(self.owner(item).print.clone());
        let customer = self.owner(item).facts.clone();
        let text = match self.dice.roll(4) {
            0 | 1 => customer.number.clone(),
            2 => format!("CARE {}", customer.number),
            _ => "CARE CHARGES".into(),
        };
        if self.has_twin(item) {
            let unpaid = self.unpaid_of(item);
            let same = unpaid.into_iter().filter(|i| self.open(*i) == self.open(item));
            let oldest = same.min_by_key(|i| self.town.items[*i].due_on).unwrap_or(item);
            return self.whole(kind, Wanted::Look, oldest, payer, text);
        }
        let wanted = if text.contains(&customer.number) { Wanted::Post } else { Wanted::Look };
        self.whole(kind, wanted, item, payer, text);
    }

    /// A promise, or an instalment of a plan, that falls due about now.
    fn promised(&mut self, kind: &'static str) {
        let Some(item) = self.item(Some(Sort::Firm)) else { return };
        if self.has_twin(item) {
            return self.plain("plain number");
        }
        let mut payer = self.payer(item);
        payer.print = Some(self.owner(item).print.clone());
        let due_on = self.day();
        let expectation = Expectation {
            customer: self.town.items[item].customer,
            amount: self.town.items[item].open,
            due_on,
            what: "promised".into(),
            items: Vec::new(),
        };
        self.town.expected.push(expectation);
        self.whole(kind, Wanted::Look, item, payer, "AS AGREED ON PHONE".into());
    }

    /// A health body's payment run: their numbers, not ours; sums of several of our bills.
    fn nhs(&mut self, kind: &'static str) {
        let Some(item) = self.item(Some(Sort::Body)) else { return };
        let mut items = self.unpaid_of(item);
        items.truncate(self.dice.between(1, 3) as usize);
        let (run, code) = (self.dice.between(1_000_000, 9_999_999), self.dice.between(100, 999));
        let name = self.owner(item).facts.name.to_uppercase();
        let text = match self.dice.roll(3) {
            0 => format!("NHS SBS RMT{run} R{code}"),
            1 => format!("{run} REMIT ADV SENT"),
            _ => format!("T57/{code} {run}"),
        };
        let print = Some(self.owner(item).print.clone());
        let answer = self.answer(&items, 0);
        self.pay_all(&items);
        let amount = answer.lines.iter().map(|l| l.1).sum();
        self.add(kind, Wanted::Look, Payer { name: cut_at(&name, 18), print }, text, amount, answer);
    }

    /// The Department pays from benefit; its own number comes first, ours may follow.
    fn dwp(&mut self, kind: &'static str) {
        let Some(item) = self.item(Some(Sort::Person)) else { return };
        let facts = self.owner(item).facts.clone();
        let family = facts.name.to_uppercase().split(' ').next_back().unwrap_or_default().to_owned();
        let benefit = format!("J{}{:06}A", *self.dice.pick(&["W", "K", "Z"]), self.dice.between(100_000, 999_999));
        let payer = Payer { name: "DWP TPD".into(), print: Some("print-dwp".into()) };
        let (text, clear) = match self.dice.roll(4) {
            0 => (format!("{benefit} {family} {}", facts.number), true),
            1 => (format!("DWP {} {benefit}", facts.number), true),
            2 => (format!("{} {benefit}", self.number(item)), true),
            _ => (format!("{benefit} {family}"), false),
        };
        if !clear {
            let answer = Answer::default();
            let amount = self.dice.between(500, 3_000);
            return self.add(kind, Wanted::Suspense, payer, text, amount, answer);
        }
        if self.has_twin(item) && !text.contains(&self.number(item)) {
            return self.plain("plain number");
        }
        self.whole(kind, Wanted::Post, item, payer, text);
    }

    /// The Revenue, the bank and our own reserve account.
    fn own(&mut self, kind: &'static str) {
        let (name, text) = *self.dice.pick(&[
            ("HMRC VTR", "VAT REPAYMENT 552 11 03"),
            ("HM REVENUE & CUSTOMS", "HMRC NDDS REFUND"),
            ("HMRC PAYE", "475PK00123456"),
            ("", "GROSS INTEREST TO 30SEP"),
            ("", "BANK CHARGES REFUND"),
            ("OUR BANK PLC", "CREDIT INTEREST"),
            ("COUNCIL TREASURY", "SWEEP FROM RESERVE"),
        ]);
        let amount = self.dice.between(100, 9_000_000);
        self.add(kind, Wanted::Aside, Payer { name: name.into(), print: None }, text.into(), amount, Answer::default());
    }

    /// A stranger's reference, sometimes with a number that looks like one of ours.
    fn foreign(&mut self, kind: &'static str) {
        let amount = self.dice.between(1_000, 300_000);
        let text = match self.dice.roll(6) {
            0 => format!("CT {} {}", self.dice.between(10_000_000, 69_999_999), "COUNCIL TAX"),
            1 => format!("{}", self.dice.between(8_000_000_000, 8_999_999_999)),
            2 => format!("RENT TENANCY {}", self.dice.between(1_000_000, 9_999_999)),
            3 => format!("SI{}", self.dice.between(300_000, 999_999)),
            4 => format!("PCN AB{}", self.dice.between(10_000_000, 69_999_999)),
            _ => {
                let item = self.dice.roll(self.town.items.len());
                format!("{}{}", self.dice.between(1, 9), self.number(item).replace(['-', '/'], ""))
            }
        };
        let payer = Payer { name: "Z ABERCROMBIE-FINCH".into(), print: Some("print-stranger".into()) };
        self.add(kind, Wanted::Suspense, payer, text, amount, Answer::default());
    }

    /// The customer's own order number.
    fn order(&mut self, kind: &'static str) {
        let found = (0..50).find_map(|_| {
            self.item(Some(Sort::Firm)).filter(|i| !self.town.items[*i].po_number.is_empty() && !self.has_twin(*i))
        });
        let Some(item) = found else { return };
        let text = format!("{} {}", *self.dice.pick(&["ORDER", "YOUR INV OUR", ""]), self.town.items[item].po_number);
        let payer = self.payer(item);
        self.whole(kind, Wanted::Post, item, payer, text.trim().to_owned());
    }

    /// A niece pays, as a person has taught us.
    fn relative(&mut self, kind: &'static str) {
        let Some(item) = self.item(Some(Sort::Person)).filter(|i| !self.has_twin(*i)) else { return };
        let print = format!("print-niece-{item}");
        let times = self.dice.between(1, 6);
        self.town.learned.push(LearnedPayer { print: print.clone(), customer: self.town.items[item].customer, times });
        let payer = Payer { name: "S GREENWOOD".into(), print: Some(print) };
        let wanted = if times >= 3 { Wanted::Post } else { Wanted::Look };
        self.whole(kind, wanted, item, payer, "FOR AUNTIE".into());
    }

    fn part(&mut self, kind: &'static str) {
        let Some(item) = self.item(None) else { return };
        self.used[item] = true;
        let amount = (self.open(item) * self.dice.between(20, 90) / 100).max(1);
        let text = format!("{}{}", self.number(item), *self.dice.pick(&[" PART", "", " ON ACCOUNT", " 1 OF 3"]));
        let mut answer = self.answer(&[item], 0);
        answer.lines[0].1 = amount;
        let payer = self.payer(item);
        self.add(kind, Wanted::Post, payer, text, amount, answer);
    }

    fn over(&mut self, kind: &'static str) {
        let Some(item) = self.item(None) else { return };
        self.used[item] = true;
        let extra = self.dice.between(1, 20_000);
        let (answer, payer, text) = (self.answer(&[item], extra), self.payer(item), self.number(item));
        let amount = self.open(item) + extra;
        self.add(kind, Wanted::Post, payer, text, amount, answer);
    }

    /// A second payment of what an earlier line paid.
    fn twice(&mut self, kind: &'static str) {
        if self.paid.is_empty() {
            return;
        }
        let item = *self.dice.pick(&self.paid);
        let amount = self.open(item);
        let answer = Answer { lines: Vec::new(), on_account: amount, ..self.answer(&[item], 0) };
        let (payer, text) = (self.payer(item), self.number(item));
        self.add(kind, Wanted::Post, payer, text, amount, answer);
    }

    /// The right payer and amount, and somebody else's invoice.
    fn wrong(&mut self, kind: &'static str) {
        let (Some(item), Some(other)) = (self.item(None), self.item(None)) else { return };
        let same_payer = self.town.items[item].customer == self.town.items[other].customer;
        if same_payer || self.open(item) == self.open(other) || self.has_twin(item) {
            return self.plain("plain number");
        }
        let mut payer = self.payer(item);
        payer.print = Some(self.owner(item).print.clone());
        let text = self.number(other);
        self.whole(kind, Wanted::Look, item, payer, text);
    }
}

/// So many characters, as banks keep.
fn cut_at(text: &str, most: usize) -> String {
    text.chars().take(most).collect::<String>().trim_end().to_owned()
}

/// One slip of the finger.
fn mistyped(number: &str, dice: &mut Dice) -> String {
    let places: Vec<usize> = number.bytes().enumerate().filter(|(_, b)| b.is_ascii_digit()).map(|(at, _)| at).collect();
    let at = *dice.pick(&places[places.len().saturating_sub(6)..]);
    let mut bytes = number.as_bytes().to_vec();
    match dice.roll(5) {
        0 => bytes[at] = b'0' + (bytes[at] - b'0' + 1 + dice.roll(8) as u8) % 10,
        1 if at > 0 && bytes[at - 1].is_ascii_digit() && bytes[at - 1] != bytes[at] => bytes.swap(at, at - 1),
        2 => bytes.insert(at, bytes[at]),
        3 if bytes[at] == b'0' => bytes[at] = b'O',
        _ => drop(bytes.remove(at)),
    }
    String::from_utf8(bytes).expect("numbers are plain letters and digits")
}
