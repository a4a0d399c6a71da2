//! A year of one organisation, lived day by day.
use super::bank::{Line, Statement, Style};
use super::debts::{Books, Charge};
use super::dice::Dice;
use super::office::Office;
use super::outside::{Agenda, Bill, Happening, fate, payment_line, react, stranger_line};
use super::staff::Site;
use super::workbench::Truths;
use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::{BTreeMap, BTreeSet};
use sundry_desk::Outcome;
use sundry_domain::calendar::{Calendar, add_days, fin_year, period};

/// In the last so many days letters are printed, and what is not printed waits.
const PRINTED_DAYS: i64 = 2;
/// So many letters each day: setting them is slow in a debug build.
const PRINTED_LETTERS: i64 = 6;
/// So many months after its end a period is closed for the ledger.
const HARD_CLOSE_MONTHS: u32 = 3;

/// A cheque that is not paid comes back so many days after it came: the bank has had it by then.
const UNPAID_DAYS: i64 = 10;

/// What came of a year.
#[derive(Clone, Debug, Default)]
pub struct Lived {
    /// Customers.
    pub customers: usize,
    /// Invoices.
    pub invoices: usize,
    /// Lines of bank statements.
    pub bank_lines: i64,
    /// What was tried and a rule forbade, by code.
    pub refused: BTreeMap<String, i64>,
    /// The statement that waits to be imported.
    pub next_statement: Option<(String, Vec<u8>)>,
}

/// An organisation and everybody round it.
pub struct Life {
    pub(super) office: Office,
    pub(super) books: Books,
    pub(super) bills: Vec<Bill>,
    pub(super) truths: Truths,
    pub(super) dice: Dice,
    agenda: Agenda,
    silent: BTreeSet<usize>,
    bank: Bank,
    prints: bool,
}

/// Our account at the bank.
struct Bank {
    site: &'static Site,
    style: Style,
    statements: i64,
    balance: i64,
    given: i64,
    waiting: Vec<Line>,
    on: NaiveDate,
}

impl Bank {
    /// The statement of the last day with money, if there was any.
    fn statement(&mut self) -> Option<Statement> {
        if self.waiting.is_empty() {
            return None;
        }
        self.statements += 1;
        let statement = Statement {
            sort_code: self.site.sort_code.into(),
            account: self.site.account.into(),
            number: self.statements,
            on: self.on,
            opening_pence: self.balance,
            lines: std::mem::take(&mut self.waiting),
        };
        self.balance = statement.closing_pence();
        Some(statement)
    }

    fn comes(&mut self, mut line: Line, on: NaiveDate) {
        self.given += 1;
        line.bank_reference = format!("{}{:07}", self.site.code, self.given);
        self.on = on;
        self.waiting.push(line);
    }
}

/// A line over the counter: nobody's account is behind it.
fn counter_line(pence: i64, kind: &'static str, text: String) -> Line {
    let nobody = String::new;
    Line { bank_reference: nobody(), pence, kind, payer_name: nobody(), sort_code: nobody(), account: nobody(), text }
}

impl Life {
    /// Everybody, on the eve of the first day.
    pub fn new(office: Office, site: &'static Site, style: Style, books: Books, dice: Dice, prints: bool) -> Life {
        let bank = Bank {
            site,
            style,
            statements: 0,
            balance: 250_000_000,
            given: 0,
            waiting: Vec::new(),
            on: NaiveDate::default(),
        };
        Life {
            office,
            books,
            bills: Vec::new(),
            truths: Truths::default(),
            dice,
            agenda: Agenda::default(),
            silent: BTreeSet::new(),
            bank,
            prints,
        }
    }

    /// Lives from the first day to the last; `told` is called after each working day.
    pub async fn live(
        mut self,
        (first, last): (NaiveDate, NaiveDate),
        calendar: &Calendar,
        told: impl Fn() + Send,
    ) -> Outcome<Lived> {
        let charges = super::debts::charges(&self.books, first, last, calendar, &mut self.dice.fork("charges"));
        let mut by_day: BTreeMap<NaiveDate, Vec<Charge>> = BTreeMap::new();
        for (on, charge) in charges {
            by_day.entry(on).or_default().push(charge);
        }
        fate(&self.books, first, last, &mut self.dice.fork("fate"), &mut self.agenda);
        let mut day = first;
        while day <= last {
            if calendar.is_working_day(day)? {
                self.working_day(day, last, by_day.remove(&day).unwrap_or_default(), calendar).await?;
                told();
            }
            day = add_days(day, 1);
        }
        super::agreed::agree(&mut self.office).await?;
        super::terms::offer(&mut self.office).await?;
        super::plans::agree(&mut self.office).await?;
        super::taken_in::take_in(&mut self.office).await?;
        let next = self.bank.statement().map(|statement| statement.file(self.bank.style));
        Ok(Lived {
            customers: self.office.customers.len(),
            invoices: self.bills.len(),
            bank_lines: self.bank.given,
            refused: self.office.refused,
            next_statement: next,
        })
    }

    async fn working_day(
        &mut self,
        day: NaiveDate,
        last: NaiveDate,
        charges: Vec<Charge>,
        calendar: &Calendar,
    ) -> Outcome<()> {
        self.office.desk.set_today(day)?;
        if let Some(statement) = self.bank.statement() {
            self.office.bank(&statement, self.bank.style).await?;
        }
        for charge in charges {
            self.raise(&charge).await?;
        }
        for happening in self.agenda.due(day) {
            self.happens(day, happening).await?;
        }
        if matches!(day.weekday(), Weekday::Mon | Weekday::Thu) && add_days(day, 3) < last {
            self.pay_in(day).await?;
        }
        let ending = add_days(day, 4) > last;
        if matches!(day.weekday(), Weekday::Tue | Weekday::Thu) && !ending {
            self.office.decide_all().await?;
        }
        if day.weekday() == Weekday::Fri {
            self.workbench(day).await?;
            self.office.gl_batch().await?;
        }
        self.office.daily_run().await?;
        let printed = add_days(day, PRINTED_DAYS) > last;
        // Before the first printed day nothing may be left over.
        if !printed && (day.weekday() == Weekday::Fri || add_days(day, PRINTED_DAYS + 4) > last) {
            self.office.post().await?;
        } else if printed && self.prints {
            self.office.print(PRINTED_LETTERS).await?;
        }
        self.month_end(day, calendar).await
    }

    /// On the fifth working day the month before is closed to users, and an older one for the ledger.
    async fn month_end(&mut self, day: NaiveDate, calendar: &Calendar) -> Outcome<()> {
        let eve = add_days(day, -i64::from(day.day()));
        if calendar.between(eve, day)? != 5 {
            return Ok(());
        }
        self.office.explain_suspense().await?;
        self.office.close(i64::from(fin_year(eve)), i64::from(period(eve)), false).await?;
        let older = eve.checked_sub_months(chrono::Months::new(HARD_CLOSE_MONTHS)).unwrap_or(eve);
        if older >= super::FIRST {
            self.office.gl_batch().await?;
            self.office.close(i64::from(fin_year(older)), i64::from(period(older)), true).await?;
        }
        Ok(())
    }

    async fn raise(&mut self, charge: &Charge) -> Outcome<()> {
        let contract = &self.books.contracts[charge.contract];
        let at = contract.member;
        if self.silent.contains(&at) {
            return Ok(());
        }
        if self.books.members[at].number.is_empty() {
            self.office.open_account(&mut self.books.members[at]).await?;
        }
        let contract = &self.books.contracts[charge.contract];
        let bill = self.office.raise(&self.books.members[at], contract, charge).await?;
        react(self.bills.len(), &bill, &self.books.members[at], &mut self.dice, &mut self.agenda);
        self.bills.push(bill);
        Ok(())
    }

    async fn happens(&mut self, day: NaiveDate, happening: Happening) -> Outcome<()> {
        match happening {
            Happening::Pays { bills, percent, extra, by_another } => {
                self.pays(day, &bills, percent, extra, by_another);
                Ok(())
            }
            Happening::PaysRun { member } => {
                let due = |(_, bill): &(usize, &Bill)| {
                    bill.member == member && bill.owed > 0 && bill.due_on <= add_days(day, 3)
                };
                let bills: Vec<usize> = self.bills.iter().enumerate().filter(due).map(|(at, _)| at).collect();
                self.pays(day, &bills, 100, 0, false);
                Ok(())
            }
            Happening::SendsCheque { bill, bad } => self.cheque(day, bill, bad).await,
            Happening::ChequeReturned { receipt } => self.unpaid(day, receipt).await,
            Happening::Call { bill, promises, outcome, words } => self.call(bill, promises, outcome, words).await,
            Happening::Asks { bill, category, words, percent } => {
                self.asks(day, bill, (category, words), percent).await
            }
            Happening::Settled { query, bill, credit_percent } => self.settled(day, &query, bill, credit_percent).await,
            Happening::Flagged { member, kind, evidence, days } => self.flagged(member, kind, evidence, days).await,
            Happening::Stranger { pence } => {
                let line = stranger_line(pence, &mut self.dice);
                self.bank.comes(line, day);
                Ok(())
            }
            Happening::GivenUp { member, reason } => self.given_up(member, reason).await,
            Happening::Held { member, reason, words, days } => {
                let member = &self.books.members[member];
                if member.number.is_empty() { Ok(()) } else { self.office.hold(member, reason, words, days).await }
            }
        }
    }

    /// Money leaves an account somewhere and comes to ours.
    fn pays(&mut self, day: NaiveDate, bills: &[usize], percent: i64, extra: i64, by_another: bool) {
        let Some(first) = bills.first().map(|at| &self.bills[*at]) else { return };
        let member = first.member;
        if self.silent.contains(&member) {
            return;
        }
        let parts: Vec<(usize, i64)> = bills.iter().map(|at| (*at, self.bills[*at].owed * percent / 100)).collect();
        let pence = parts.iter().map(|(_, part)| part).sum::<i64>() + extra;
        if pence <= 0 {
            return;
        }
        let contract = &self.books.contracts[first.contract];
        let named: Vec<&Bill> = bills.iter().map(|at| &self.bills[*at]).collect();
        let line = payment_line(&self.books.members[member], contract, &named, pence, by_another, &mut self.dice);
        self.truths.tell(day, &line, member, &parts);
        self.bank.comes(line, day);
        for (at, part) in parts {
            self.bills[at].owed -= part;
        }
    }

    async fn cheque(&mut self, day: NaiveDate, at: usize, bad: bool) -> Outcome<()> {
        let bill = &self.bills[at];
        if bill.owed <= 0 || self.silent.contains(&bill.member) {
            return Ok(());
        }
        let words = format!("Cheque {:06}", self.dice.between(100, 999_999));
        let receipt = self.office.cheque(&self.books.members[bill.member], bill, words).await?;
        match receipt {
            Some(receipt) if bad => {
                self.agenda.put(add_days(day, UNPAID_DAYS), Happening::ChequeReturned { receipt });
            }
            Some(_) => self.bills[at].owed = 0,
            None => {}
        }
        Ok(())
    }

    /// What is in the office goes to the bank, which shows it the next day.
    async fn pay_in(&mut self, day: NaiveDate) -> Outcome<()> {
        let Some((slip, pence)) = self.office.pay_in().await? else { return Ok(()) };
        self.bank.comes(counter_line(pence, "BGC", format!("PAYING IN {slip}")), day);
        Ok(())
    }

    /// The bank takes a cheque back off our account.
    async fn unpaid(&mut self, day: NaiveDate, receipt: String) -> Outcome<()> {
        if let Some(pence) = self.office.bounced(receipt).await? {
            self.bank.comes(counter_line(-pence, "UNP", "CHEQUE UNPAID REFER TO DRAWER".to_owned()), day);
        }
        Ok(())
    }

    async fn call(
        &mut self,
        at: usize,
        promises: Option<NaiveDate>,
        outcome: &'static str,
        words: &'static str,
    ) -> Outcome<()> {
        let bill = &self.bills[at];
        if bill.owed <= 0 || self.silent.contains(&bill.member) {
            return Ok(());
        }
        let (member, owed) = (bill.member, bill.owed);
        self.office.call(&self.books.members[member], outcome, words).await?;
        if let Some(on) = promises {
            self.office.promise(&self.books.members[member], owed, on).await?;
        }
        Ok(())
    }

    async fn asks(
        &mut self,
        day: NaiveDate,
        at: usize,
        (category, words): (&'static str, &'static str),
        percent: i64,
    ) -> Outcome<()> {
        let bill = &self.bills[at];
        if bill.owed <= 0 || self.silent.contains(&bill.member) {
            return Ok(());
        }
        let disputed = (percent > 0 && percent < 100).then_some(bill.owed * percent / 100);
        let Some(query) = self.office.query(bill, category, words, disputed).await? else { return Ok(()) };
        let upheld = percent > 0 && category != "already_paid" && self.dice.chance(55);
        let credit_percent = if upheld { percent } else { 0 };
        let after = self.dice.between(3, 24);
        self.agenda.put(add_days(day, after), Happening::Settled { query, bill: at, credit_percent });
        Ok(())
    }

    async fn settled(&mut self, day: NaiveDate, query: &str, at: usize, credit_percent: i64) -> Outcome<()> {
        let net = self.bills[at].net * credit_percent / 100;
        let credit = (credit_percent > 0).then_some(net);
        if self.office.settle(query, credit).await? && credit.is_some() {
            let bill = &mut self.bills[at];
            bill.owed -= bill.owed * credit_percent / 100;
        }
        if self.dice.chance(80) {
            let on = add_days(day, self.dice.between(4, 25));
            self.agenda.put(on, Happening::Pays { bills: vec![at], percent: 100, extra: 0, by_another: false });
        }
        Ok(())
    }

    async fn flagged(
        &mut self,
        member: usize,
        kind: &'static str,
        evidence: &'static str,
        days: Option<i64>,
    ) -> Outcome<()> {
        if self.books.members[member].number.is_empty() {
            return Ok(());
        }
        self.office.flag(&self.books.members[member], kind, evidence, days).await?;
        if matches!(kind, "deceased" | "insolvent" | "gone_away") {
            self.silent.insert(member);
        }
        Ok(())
    }

    async fn given_up(&mut self, member: usize, reason: &'static str) -> Outcome<()> {
        let theirs: Vec<usize> =
            (0..self.bills.len()).filter(|at| self.bills[*at].member == member && self.bills[*at].owed > 0).collect();
        for at in theirs.into_iter().take(3) {
            if self.office.give_up(&self.bills[at], reason).await? {
                self.bills[at].owed = 0;
            }
        }
        Ok(())
    }
}
