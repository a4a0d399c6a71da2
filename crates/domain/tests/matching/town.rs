//! An invented town's debtors: who owes what, and how each of them pays.
use crate::dice::Dice;
use chrono::{Days, NaiveDate};
use sundry_domain::cash::{CustomerFacts, Expectation, LearnedPayer, OpenItemFacts};
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::money::Pence;

const GIVEN: &[&str] = &[
    "Ada", "Alan", "Beryl", "Brenda", "Cyril", "Doreen", "Edith", "Ernest", "Farida", "Geoffrey", "Gurpreet", "Hilda",
    "Imran", "Irene", "Jean", "Joan", "Kenneth", "Lilian", "Malcolm", "Maureen", "Mildred", "Noreen", "Olive", "Percy",
    "Rashida", "Roy", "Stanley", "Sylvia", "Thelma", "Vera", "Walter", "Winifred",
];
const FAMILY: &[&str] = &[
    "Allardyce",
    "Barraclough",
    "Bickerstaff",
    "Chaudhry",
    "Cleghorn",
    "Dalrymple",
    "Eastwood",
    "Fairbairn",
    "Garside",
    "Hartley",
    "Hossain",
    "Iveson",
    "Jessop",
    "Kettlewell",
    "Loxley",
    "Marchbank",
    "Nuttall",
    "Oakes",
    "Pickersgill",
    "Penhaligon",
    "Quayle",
    "Ramsbottom",
    "Sandhu",
    "Sowerby",
    "Thwaite",
    "Uttley",
    "Verity",
    "Wainwright",
    "Yeadon",
    "O'Rourke",
    "Smith",
    "Jones",
    "Taylor",
    "Patel",
    "Khan",
    "Ward",
];
const PLACES: &[&str] = &[
    "Aldermoor",
    "Brackenfield",
    "Calderbrook",
    "Dunsop",
    "Elmcote",
    "Fernside",
    "Grangeby",
    "Hollinwood",
    "Ingleby",
    "Kirkdale",
    "Langthwaite",
    "Mossgate",
    "Netherby",
    "Ormscliffe",
    "Ravenshaw",
    "Saltmarsh",
];
const TRADES: &[&str] = &["Joinery", "Lettings", "Catering", "Motors", "Nurseries", "Scaffolding", "Events", "Roofing"];

/// What kind of payer a customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Someone who pays for care, often the same sum each month.
    Person,
    /// A firm.
    Firm,
    /// A health body or another council.
    Body,
}

/// A customer with what a bank would show of them.
#[derive(Clone, Debug)]
pub struct Debtor {
    pub facts: CustomerFacts,
    pub sort: Sort,
    /// Fingerprint of the account they pay from.
    pub print: String,
    pub items: Vec<usize>,
}

/// The whole book.
#[derive(Clone, Debug)]
pub struct Town {
    pub debtors: Vec<Debtor>,
    pub items: Vec<OpenItemFacts>,
    pub learned: Vec<LearnedPayer>,
    pub expected: Vec<Expectation>,
    pub today: NaiveDate,
}

impl Town {
    /// A town of so many debtors.
    pub fn of(seed: u64, size: usize) -> Self {
        let mut dice = Dice::new(seed ^ 0x0074_6f77_6e00);
        let today = NaiveDate::from_ymd_opt(2026, 10, 30).expect("a day");
        let mut town =
            Self { debtors: Vec::new(), items: Vec::new(), learned: Vec::new(), expected: Vec::new(), today };
        for n in 0..size {
            town.debtor(&mut dice, n as i64 + 1);
        }
        let mut numbers = Numbers { invoice: 204_000, care: 71_000_000, health: 31_000 };
        for at in 0..size {
            town.owes(&mut dice, at, &mut numbers);
        }
        town
    }

    fn debtor(&mut self, dice: &mut Dice, id: i64) {
        let sort = match dice.roll(100) {
            0..60 => Sort::Person,
            60..88 => Sort::Firm,
            _ => Sort::Body,
        };
        let (given, family, place) = (*dice.pick(GIVEN), *dice.pick(FAMILY), *dice.pick(PLACES));
        let name = match sort {
            Sort::Person => format!("{given} {family}"),
            Sort::Firm => format!("{} {} Ltd", *dice.pick(&[family, place]), dice.pick(TRADES)),
            Sort::Body => match dice.roll(4) {
                0 => format!("{place} Borough Council"),
                1 => format!("{place} Hospitals NHS Foundation Trust"),
                2 => format!("NHS {place} Integrated Care Board"),
                _ => format!("{place} and {} Health Board", dice.pick(PLACES)),
            },
        };
        let print = format!("print-{id}");
        let known = dice.in_hundred(70);
        let facts = CustomerFacts {
            customer: CustomerId(id),
            number: format!("K{}", 40_000 + id * 7 + dice.between(0, 6)),
            name,
            account_prints: if known { vec![print.clone()] } else { Vec::new() },
            references: Vec::new(),
        };
        self.debtors.push(Debtor { facts, sort, print, items: Vec::new() });
    }

    fn owes(&mut self, dice: &mut Dice, at: usize, numbers: &mut Numbers) {
        let sort = self.debtors[at].sort;
        let monthly = dice.between(4_000, 62_000);
        let count = match sort {
            Sort::Person => dice.between(1, 5),
            Sort::Firm => dice.between(1, 7),
            Sort::Body => dice.between(4, 40),
        };
        for n in 0..count {
            let (number, service, open) = match sort {
                Sort::Person => (numbers.care(dice), "Care at home", monthly + if n % 3 == 2 { 415 } else { 0 }),
                Sort::Firm => {
                    (numbers.invoice(dice), *dice.pick(&["Hall hire", "Trade waste"]), dice.between(2_000, 400_000))
                }
                Sort::Body => (numbers.health(dice), "Recharge", dice.between(10_000, 9_000_000)),
            };
            let due_on = self.today - Days::new(10 + 30 * n as u64 + dice.roll(9) as u64);
            let ordered = sort != Sort::Person && dice.in_hundred(50);
            self.debtors[at].items.push(self.items.len());
            self.items.push(OpenItemFacts {
                item: ItemId(self.items.len() as i64 + 1),
                customer: self.debtors[at].facts.customer,
                number,
                invoice_on: due_on - Days::new(28),
                due_on,
                open: Pence(open),
                po_number: if ordered { format!("PO{}", dice.between(100_000, 999_999)) } else { String::new() },
                service: service.into(),
                later_part: false,
            });
        }
    }
}

/// Series that run on with gaps.
struct Numbers {
    invoice: i64,
    care: i64,
    health: i64,
}

impl Numbers {
    fn invoice(&mut self, dice: &mut Dice) -> String {
        self.invoice += dice.between(1, 9);
        format!("INV-{}", self.invoice)
    }

    fn care(&mut self, dice: &mut Dice) -> String {
        self.care += dice.between(3, 60);
        self.care.to_string()
    }

    fn health(&mut self, dice: &mut Dice) -> String {
        self.health += dice.between(1, 7);
        format!("NM/26/{}", self.health)
    }
}
