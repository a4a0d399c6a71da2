//! The book of open items and customers, indexed once for many bank lines.
use super::amounts::Amounts;
use super::facts::{BankLineFacts, CustomerFacts, Expectation, LearnedPayer, Lessons, OpenItemFacts};
use super::names::Names;
use super::numbers::Numbers;
use super::score::Thresholds;
use super::verdict::Candidate;
use super::wording::name_of;
use crate::ids::{CustomerId, ItemId};
use crate::money::Pence;
use chrono::NaiveDate;
use std::collections::HashMap;

/// An item as the book keeps it; `customer` is a place in the book.
#[derive(Debug)]
pub(super) struct Item {
    pub id: ItemId,
    pub customer: u32,
    pub number: Box<str>,
    pub invoice_on: NaiveDate,
    pub due_on: NaiveDate,
    /// What is open now, after the lines applied so far.
    pub open: Pence,
    /// What was open when the book was made.
    pub was: Pence,
    /// Place of what it is for in the book's services; 0 for nothing.
    pub service: u32,
}

/// A customer as the book keeps them.
#[derive(Debug)]
pub(super) struct Customer {
    pub id: CustomerId,
    pub number: Box<str>,
    /// Their items, oldest due first.
    pub items: Vec<u32>,
    /// A bank account is known for them.
    pub has_account: bool,
}

/// Who pays from a bank account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KnownPayer {
    pub customer: u32,
    /// Known from earlier payments, not from the customer's own details.
    pub learned: bool,
    /// How many payments of it a person has given to this customer.
    pub times: i64,
}

/// Lessons by what they go by.
#[derive(Debug, Default)]
pub(super) struct Learned {
    /// Customers by a payer's name.
    pub names: HashMap<String, Vec<u32>>,
    /// Places of services, and how often, by a wording.
    pub wordings: HashMap<String, Vec<(u32, i64)>>,
}

/// Open items and customers behind inverted indexes.
#[derive(Debug)]
pub struct MatchBook {
    pub(super) items: Vec<Item>,
    pub(super) customers: Vec<Customer>,
    pub(super) item_numbers: Numbers,
    pub(super) customer_numbers: Numbers,
    /// The customer at each place of `customer_numbers`.
    pub(super) number_owner: Vec<u32>,
    pub(super) names: Names,
    pub(super) payers: HashMap<String, Vec<KnownPayer>>,
    pub(super) amounts: Amounts,
    pub(super) thresholds: Thresholds,
    /// Items by the customers' own order numbers.
    pub(super) orders: Numbers,
    /// The item at each place of `orders`.
    pub(super) ordered: Vec<u32>,
    /// Names of services; a place in it stands for the name.
    pub(super) services: Vec<String>,
    pub(super) lessons: Learned,
    pub(super) expected: HashMap<u32, Vec<Expectation>>,
    /// Differences up to this much are cleared by rule.
    pub(super) tolerance: Pence,
    customer_places: HashMap<CustomerId, u32>,
    item_places: HashMap<ItemId, u32>,
}

impl MatchBook {
    /// Indexes the facts. Items of customers that are not listed are left out.
    pub fn new(items: Vec<OpenItemFacts>, customers: Vec<CustomerFacts>, learned: Vec<LearnedPayer>) -> Self {
        let places: HashMap<CustomerId, u32> = customers.iter().map(|c| c.customer).zip(0..).collect();
        let (mut services, mut orders, mut quoted) = (Services::default(), Vec::new(), Vec::new());
        let items: Vec<Item> = items
            .into_iter()
            .filter_map(|facts| Some((*places.get(&facts.customer)?, facts)))
            .zip(0..)
            .map(|((customer, facts), place)| {
                let OpenItemFacts { item: id, number, invoice_on, due_on, open, po_number, service, .. } = facts;
                quoted.push(if facts.later_part { String::new() } else { number.clone() });
                if !po_number.is_empty() {
                    orders.push((po_number, place));
                }
                let service = services.place(service);
                Item { id, customer, number: number.into(), invoice_on, due_on, open, was: open, service }
            })
            .collect();
        let owned = customers.iter().zip(0..).flat_map(|(c, place)| {
            std::iter::once(&c.number).chain(&c.references).filter(|n| !n.is_empty()).map(move |n| (n.as_str(), place))
        });
        let (customer_numbers, number_owner): (Vec<&str>, Vec<u32>) = owned.unzip();
        let mut book = Self {
            item_numbers: Numbers::of(quoted.iter().map(String::as_str)),
            customer_numbers: Numbers::of(customer_numbers.into_iter()),
            number_owner,
            names: Names::of(customers.iter().map(|c| c.name.as_str())),
            payers: payers_of(&customers, &learned, &places),
            amounts: Amounts::of(items.iter().map(|i| i.open).zip(0..)),
            thresholds: Thresholds::default(),
            orders: Numbers::of(orders.iter().map(|(number, _)| number.as_str())),
            ordered: orders.iter().map(|(_, place)| *place).collect(),
            services: services.names,
            lessons: Learned::default(),
            expected: HashMap::new(),
            tolerance: Pence::ZERO,
            item_places: items.iter().map(|i| i.id).zip(0..).collect(),
            customers: customers
                .iter()
                .map(|c| Customer {
                    id: c.customer,
                    number: c.number.as_str().into(),
                    items: Vec::new(),
                    has_account: !c.account_prints.is_empty(),
                })
                .collect(),
            items,
            customer_places: places,
        };
        book.hand_out_items();
        book
    }

    /// The same book with the organisation's own thresholds.
    pub fn with_thresholds(mut self, thresholds: Thresholds) -> Self {
        self.thresholds = thresholds;
        self
    }

    /// The same book with what corrections have taught.
    pub fn with_lessons(mut self, lessons: Lessons) -> Self {
        for lesson in lessons.names {
            let customer = self.customer_places.get(&lesson.customer);
            if let (Some(name), Some(customer)) = (name_of(&lesson.name), customer) {
                self.lessons.names.entry(name).or_default().push(*customer);
            }
        }
        for lesson in lessons.wordings {
            let service = self.services.iter().position(|name| *name == lesson.service);
            if let Some(place) = service {
                self.lessons.wordings.entry(lesson.words).or_default().push((place as u32, lesson.times));
            }
        }
        self
    }

    /// The same book with the money that is on its way.
    pub fn with_expectations(mut self, expected: Vec<Expectation>) -> Self {
        for one in expected {
            if let Some(customer) = self.customer_places.get(&one.customer) {
                self.expected.entry(*customer).or_default().push(one);
            }
        }
        self
    }

    /// Money of a line's amount that is on its way from a customer for about now.
    pub(super) fn awaited(&self, line: &BankLineFacts, customer: u32) -> Option<&Expectation> {
        const NEAR: i64 = 10;
        let fits = |one: &&Expectation| one.amount == line.amount && (line.on - one.due_on).num_days().abs() <= NEAR;
        self.expected.get(&customer).into_iter().flatten().find(fits)
    }

    /// The same book with the difference that is cleared by rule.
    pub fn with_tolerance(mut self, tolerance: Pence) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// What is over or short of an item, where the rule clears it: within the tolerance, and no more than a
    /// twentieth of the item.
    pub(super) fn forgiven(&self, open: Pence, amount: Pence) -> Option<Pence> {
        let difference = open.minus(amount);
        let small = difference.size() <= self.tolerance && difference.size().0 <= open.0 / 20;
        (difference != Pence::ZERO && open > Pence::ZERO && small).then_some(difference)
    }

    /// Tells the book that a candidate was posted, so that later lines see what is left open.
    pub fn apply(&mut self, candidate: &Candidate) {
        for (id, amount) in &candidate.lines {
            if let Some(&place) = self.item_places.get(id) {
                let item = &mut self.items[place as usize];
                item.open = item.open.minus(*amount).minus(candidate.difference.max(Pence::ZERO)).max(Pence::ZERO);
                self.amounts.add(item.open, place);
            }
        }
    }

    /// What is open on an item now.
    pub fn open(&self, item: ItemId) -> Option<Pence> {
        self.item_places.get(&item).map(|place| self.items[*place as usize].open)
    }

    pub(super) fn item(&self, place: u32) -> &Item {
        &self.items[place as usize]
    }

    pub(super) fn customer(&self, place: u32) -> &Customer {
        &self.customers[place as usize]
    }

    /// The customer's items that still have something open, oldest due first.
    pub(super) fn open_items(&self, customer: u32) -> impl Iterator<Item = u32> + '_ {
        self.customer(customer).items.iter().copied().filter(|i| self.item(*i).open > Pence::ZERO)
    }

    fn hand_out_items(&mut self) {
        for (place, item) in self.items.iter().enumerate() {
            self.customers[item.customer as usize].items.push(place as u32);
        }
        for customer in &mut self.customers {
            customer.items.sort_by_key(|i| {
                let item = &self.items[*i as usize];
                (item.due_on, item.id)
            });
        }
    }
}

/// Names of services, each once; the first stands for none.
struct Services {
    names: Vec<String>,
    places: HashMap<String, u32>,
}

impl Default for Services {
    fn default() -> Self {
        Self { names: vec![String::new()], places: HashMap::from([(String::new(), 0)]) }
    }
}

impl Services {
    fn place(&mut self, name: String) -> u32 {
        if let Some(place) = self.places.get(&name) {
            return *place;
        }
        let place = self.names.len() as u32;
        self.names.push(name.clone());
        self.places.insert(name, place);
        place
    }
}

fn payers_of(
    customers: &[CustomerFacts],
    learned: &[LearnedPayer],
    places: &HashMap<CustomerId, u32>,
) -> HashMap<String, Vec<KnownPayer>> {
    let mut payers: HashMap<String, Vec<KnownPayer>> = HashMap::new();
    let own =
        customers.iter().zip(0..).flat_map(|(c, place)| c.account_prints.iter().map(move |p| (p, place, false, 0)));
    let seen = learned.iter().filter_map(|l| Some((&l.print, *places.get(&l.customer)?, true, l.times)));
    for (print, customer, learned, times) in own.chain(seen) {
        let known = payers.entry(print.clone()).or_default();
        if !known.iter().any(|k| k.customer == customer) {
            known.push(KnownPayer { customer, learned, times });
        }
    }
    payers
}
