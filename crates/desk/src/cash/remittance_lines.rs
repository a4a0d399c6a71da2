//! Lines of an advice against our own items: found, shared out by customer, credits used first.
use super::remittance::RemittanceLineShown;
use crate::Outcome;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap, HashSet};
use sundry_domain::ids::{CustomerId, OrgId, ReceiptId};
use sundry_domain::money::Pence;
use sundry_formats::remittance::{Advice, RemittanceLine, body_of};
use sundry_store::Tx;
use sundry_store::cash::again::{NumberedItemRow, items_of_numbers};
use sundry_store::cash::{self, ReceiptRow};
use sundry_store::ledger;

/// Most words of a file that are looked up as numbers.
const MOST_WORDS: usize = 40_000;

/// Who the receipt is from, as far as that is known, and what is left of it.
pub(super) struct Payer {
    pub left: Pence,
    customers: Vec<CustomerId>,
}

impl Payer {
    pub(super) async fn of(tx: &mut Tx, org: OrgId, receipt: &ReceiptRow) -> Outcome<Self> {
        let mut left = if receipt.state == "suspense" { receipt.amount_pence } else { 0 };
        for item in cash::items_of_receipt(tx, org, ReceiptId(receipt.id)).await? {
            if item.original_pence < 0 {
                left -= item.open_pence;
            }
        }
        let mut customers: Vec<CustomerId> = receipt.customer_id.map(CustomerId).into_iter().collect();
        if let Some(line) = receipt.bank_line_id {
            let suggested = cash::again::suggested(tx, org, line).await?;
            customers.extend(suggested.iter().filter_map(|row| row.customer_id.map(CustomerId)));
        }
        customers.sort_unstable_by_key(|customer| customer.0);
        customers.dedup();
        Ok(Self { left: Pence(left), customers })
    }
}

/// A line with the item it means.
pub(super) struct Resolved {
    pub line: RemittanceLine,
    pub item: Option<NumberedItemRow>,
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The words of a text that may be numbers of items: letters, digits and the marks numbers have, three digits or more.
fn words_of(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '/' | '_')))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .filter(|word| word.len() <= 40 && word.chars().filter(char::is_ascii_digit).count() >= 3)
        .map(str::to_uppercase)
}

impl Resolved {
    /// The numbers of ours that stand in a file.
    pub(super) async fn numbers_in(tx: &mut Tx, org: OrgId, bytes: &[u8]) -> Outcome<HashSet<String>> {
        let plain = String::from_utf8_lossy(bytes);
        let mut words: Vec<String> = words_of(&plain).take(MOST_WORDS).collect();
        if words.len() < MOST_WORDS {
            words.extend(words_of(&body_of(bytes)).take(MOST_WORDS));
        }
        words.sort_unstable();
        words.dedup();
        Ok(items_of_numbers(tx, org, &words).await?.into_iter().map(|row| row.number.to_uppercase()).collect())
    }

    /// Each line with its item: the number as it stands, or else squeezed, among what the payer owes.
    pub(super) async fn of(tx: &mut Tx, org: OrgId, advice: &Advice, payer: &Payer) -> Outcome<Vec<Self>> {
        let mut words: Vec<String> = advice.lines.iter().flat_map(|line| words_of(&line.reference)).collect();
        words.extend(advice.lines.iter().map(|line| line.reference.trim().to_owned()));
        words.sort_unstable();
        words.dedup();
        let found = items_of_numbers(tx, org, &words).await?;
        let by_number: HashMap<String, NumberedItemRow> =
            found.into_iter().map(|row| (row.number.to_uppercase(), row)).collect();
        let mut lines: Vec<Self> = Vec::new();
        for line in &advice.lines {
            let whole = by_number.get(&line.reference.trim().to_uppercase());
            let item = whole.or_else(|| words_of(&line.reference).find_map(|word| by_number.get(&word)));
            lines.push(Self { line: line.clone(), item: item.cloned() });
        }
        if lines.iter().any(|line| line.item.is_none()) {
            let mut customers: Vec<CustomerId> = payer.customers.clone();
            customers.extend(lines.iter().filter_map(|l| l.item.as_ref().map(|item| CustomerId(item.customer_id))));
            let squeezed = squeezed_numbers(tx, org, customers).await?;
            for line in lines.iter_mut().filter(|line| line.item.is_none()) {
                line.item = squeezed.get(&self::squeezed(&line.line.reference)).cloned();
            }
        }
        Ok(lines)
    }

    fn note(&self) -> String {
        let Some(item) = &self.item else { return "No bill of ours has this number.".into() };
        let paid = Pence(self.line.paid_pence);
        if paid < Pence::ZERO {
            let open = Pence(-item.open_pence);
            let short = open < paid.size();
            return if short { format!("Only {open} of this credit is left.") } else { String::new() };
        }
        match item.open_pence {
            0 => "It is paid already: the money stays on the account.".into(),
            open if open < paid.0 => format!("Only {} is open: the rest stays on the account.", Pence(open)),
            _ if self.line.deducted_pence > 0 => {
                format!("{} was taken off and stays open.", Pence(self.line.deducted_pence))
            }
            _ => String::new(),
        }
    }

    pub(super) fn shown(&self) -> RemittanceLineShown {
        let item = self.item.as_ref();
        RemittanceLineShown {
            row: self.line.row as i64,
            reference: self.line.reference.clone(),
            item: item.map_or_else(String::new, |item| item.number.clone()),
            customer: item.map_or_else(String::new, |item| item.customer_number.clone()),
            paid_pence: self.line.paid_pence,
            deducted_pence: self.line.deducted_pence,
            reason: self.line.reason.clone(),
            open_pence: item.map_or(0, |item| item.open_pence),
            note: self.note(),
        }
    }
}

/// The open items of customers, by their numbers' letters and digits and by their digits alone.
async fn squeezed_numbers(
    tx: &mut Tx,
    org: OrgId,
    mut customers: Vec<CustomerId>,
) -> Outcome<HashMap<String, NumberedItemRow>> {
    customers.sort_unstable_by_key(|customer| customer.0);
    customers.dedup();
    let mut all: HashMap<String, NumberedItemRow> = HashMap::new();
    for customer in customers.into_iter().take(50) {
        let Some((number, _)) = cash::customer_name(tx, org, customer).await? else { continue };
        for item in ledger::open_items_of(tx, org, customer).await?.into_iter().filter(|i| i.kind != "receipt") {
            let digits: String = item.number.chars().filter(char::is_ascii_digit).collect();
            let row = NumberedItemRow {
                id: item.id,
                customer_id: item.customer_id,
                customer_number: number.clone(),
                kind: item.kind,
                number: item.number,
                posted_on: item.posted_on,
                open_pence: item.open_pence,
            };
            if digits.len() >= 5 {
                all.entry(digits).or_insert_with(|| row.clone());
            }
            all.insert(squeezed(&row.number), row);
        }
    }
    Ok(all)
}

/// A customer's part of the receipt.
#[derive(Default)]
pub(super) struct PlannedShare {
    pub customer: String,
    pub amount: Pence,
    pub lines: Vec<(i64, Pence)>,
}

/// A credit that the payer has taken.
pub(super) struct UsedCredit {
    pub item: i64,
    pub kind: String,
    pub number: String,
    pub customer: String,
    pub posted_on: NaiveDate,
    pub lines: Vec<(i64, Pence)>,
}

/// What applying the advice would do.
pub(super) struct Plan {
    pub lines: Vec<Resolved>,
    pub shares: Vec<PlannedShare>,
    pub used: Vec<UsedCredit>,
    pub left: Pence,
    pub allocated: Pence,
    pub credits: Pence,
    pub on_account: Pence,
}

impl Plan {
    pub(super) fn of(lines: Vec<Resolved>, left: Pence) -> Self {
        let mut customers: Vec<String> = Vec::new();
        for item in lines.iter().filter_map(|line| line.item.as_ref()) {
            if !customers.contains(&item.customer_number) {
                customers.push(item.customer_number.clone());
            }
        }
        let mut plan = Self {
            lines: Vec::new(),
            shares: Vec::new(),
            used: Vec::new(),
            left,
            allocated: Pence::ZERO,
            credits: Pence::ZERO,
            on_account: Pence::ZERO,
        };
        for customer in customers {
            plan.share(customer, &lines);
        }
        // What nothing explains stays on the account of the only customer there is.
        if let [only] = plan.shares.as_mut_slice() {
            only.amount = only.amount.max(left);
        }
        let shared = plan.shares.iter().fold(Pence::ZERO, |sum, share| sum.plus(share.amount));
        plan.on_account = shared.minus(plan.allocated);
        plan.lines = lines;
        plan
    }

    fn share(&mut self, customer: String, lines: &[Resolved]) {
        let own = |line: &&Resolved| line.item.as_ref().is_some_and(|item| item.customer_number == customer);
        let (mut credits, mut owed): (Vec<UsedCredit>, BTreeMap<i64, (Pence, Pence)>) = (Vec::new(), BTreeMap::new());
        let mut left_of: HashMap<i64, Pence> = HashMap::new();
        let mut net = Pence::ZERO;
        for resolved in lines.iter().filter(own) {
            let Some(item) = &resolved.item else { continue };
            let paid = Pence(resolved.line.paid_pence);
            net = net.plus(paid);
            if paid < Pence::ZERO {
                let used = paid.size().min(Pence(-item.open_pence)).max(Pence::ZERO);
                left_of.insert(item.id, used);
                credits.push(UsedCredit {
                    item: item.id,
                    kind: item.kind.clone(),
                    number: item.number.clone(),
                    customer: customer.clone(),
                    posted_on: item.posted_on,
                    lines: Vec::new(),
                });
            } else {
                let entry = owed.entry(item.id).or_insert((Pence::ZERO, Pence(item.open_pence)));
                entry.0 = entry.0.plus(paid).min(entry.1);
            }
        }
        let mut share = PlannedShare { customer, amount: net.max(Pence::ZERO), lines: Vec::new() };
        let mut cash_left = share.amount;
        for (item, (mut due, _)) in owed {
            for credit in &mut credits {
                let left = left_of.entry(credit.item).or_insert(Pence::ZERO);
                let part = due.min(*left);
                if part > Pence::ZERO {
                    credit.lines.push((item, part));
                    (*left, due) = (left.minus(part), due.minus(part));
                    self.credits = self.credits.plus(part);
                }
            }
            let part = due.min(cash_left);
            if part > Pence::ZERO {
                share.lines.push((item, part));
                cash_left = cash_left.minus(part);
                self.allocated = self.allocated.plus(part);
            }
        }
        self.used.extend(credits.into_iter().filter(|credit| !credit.lines.is_empty()));
        self.shares.push(share);
    }

    /// Whether what is not explained may stay on the account: there is one customer to put it on.
    pub(super) fn may_keep_rest(&self) -> bool {
        matches!(self.shares.as_slice(), [only] if only.amount == self.left)
    }

    /// Why it cannot be applied as it is; empty when it can.
    pub(super) fn problem(&self, sum_pence: i64) -> String {
        let unknown = self.lines.iter().filter(|line| line.item.is_none()).count();
        let (sum, left) = (Pence(sum_pence), self.left);
        if sum != left {
            return format!("The advice adds up to {sum}, and {left} is left of the receipt.");
        }
        match unknown {
            0 => String::new(),
            1 => "One line of the advice names a bill that is not ours.".into(),
            many => format!("{many} lines of the advice name bills that are not ours."),
        }
    }
}
