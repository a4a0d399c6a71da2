//! What the people inside do in a day, each through the commands of their own role.
use super::bank::Statement;
use super::debts::{Charge, Contract};
use super::outside::Bill;
use super::people::Member;
use super::staff::Staff;
use std::collections::BTreeMap;
use sundry_desk::approvals::{ApprovalShown, DecideApproval, approvals_list, decide_approval};
use sundry_desk::billing::{CreditLine, InvoiceForm, InvoiceLine, RaiseInvoice, raise_invoice};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::allocate_receipt::{AllocateReceipt, allocate_receipt};
use sundry_desk::cash::counter::register_of_payments;
use sundry_desk::cash::import_bank_statement::{ImportBankStatement, import_bank_statement};
use sundry_desk::cash::match_cash::{MatchCash, match_cash};
use sundry_desk::cash::paying_in::{MakePayingIn, make_paying_in};
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, reverse_receipt};
use sundry_desk::cash::suspense::{SuspenseAsk, TakeInHand, suspense, take_in_hand};
use sundry_desk::close::gl_batch::{
    AcknowledgeGlBatch, GlBatchesMade, MakeGlBatch, acknowledge_gl_batch, make_gl_batch,
};
use sundry_desk::close::period::{TurnPeriod, hard_close, soft_close};
use sundry_desk::customers::{AddCustomer, RecordCall, SetFlag, add_customer, record_call, set_flag};
use sundry_desk::delivery::{PretendPost, PrintLetters, pretend_post, print_letters};
use sundry_desk::plans::{PlaceHold, PromiseToPay, place_hold, promise_to_pay};
use sundry_desk::queries::{AnswerQuery, RaiseQuery, ResolveQuery, answer_query, raise_query, resolve_query};
use sundry_desk::recovery::{ReleaseDay, release_day};
use sundry_desk::writeoff::{RequestWriteOff, evidence_in_words, request_write_off};
use sundry_desk::{Actor, Desk, No, Outcome};
use sundry_domain::cash::counter::SlipTotals;
use sundry_domain::control::Role;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;

/// An organisation at work.
pub struct Office {
    /// Its desk.
    pub desk: Desk,
    /// Its people.
    pub staff: Staff,
    /// Customers by number.
    pub customers: BTreeMap<String, CustomerId>,
    /// Refusals by code: what was tried and a rule forbade.
    pub refused: BTreeMap<String, i64>,
    keys: u64,
    slips: i64,
}

impl Office {
    /// An organisation on its first day.
    pub fn new(desk: Desk, staff: Staff) -> Office {
        Office { desk, staff, customers: BTreeMap::new(), refused: BTreeMap::new(), keys: 0, slips: 0 }
    }

    /// The next idempotency key.
    pub fn key(&mut self) -> String {
        self.keys += 1;
        format!("demo/{}", self.keys)
    }

    /// The person in a role.
    pub fn role(&self, role: Role) -> &Actor {
        self.staff.role(role)
    }

    /// What a rule forbids is not done, and counted; anything else that goes wrong ends the demo.
    fn unless_refused<T>(&mut self, outcome: Outcome<T>) -> Outcome<Option<T>> {
        match outcome {
            Ok(done) => Ok(Some(done)),
            Err(No::Refused(refusal)) => {
                *self.refused.entry(refusal.code).or_default() += 1;
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// Opens an account.
    pub async fn open_account(&mut self, member: &mut Member) -> Outcome<()> {
        let ask = AddCustomer {
            key: self.key(),
            fields: member.fields.clone(),
            confirmed_alike: true,
            ..AddCustomer::default()
        };
        let added = add_customer(&self.desk, self.role(Role::BillingOfficer), ask).await?;
        self.customers.insert(added.number.clone(), added.customer);
        member.number = added.number;
        Ok(())
    }

    /// Raises an invoice.
    pub async fn raise(&mut self, member: &Member, contract: &Contract, charge: &Charge) -> Outcome<Bill> {
        let service = &contract.service;
        let form = InvoiceForm {
            customer_number: member.number.clone(),
            supply_on: Some(self.desk.today()),
            due_on: None,
            po_number: contract.po_number.clone(),
            buyer_reference: String::new(),
            period_from_on: None,
            period_to_on: None,
            service: service.code.into(),
            debt_type: service.debt_type.into(),
            cost_centre: service.cost_centre.into(),
            lines: vec![InvoiceLine {
                description: charge.words.clone(),
                quantity: "1".into(),
                unit_price: Pence(charge.pence).pounds(),
                vat_code: service.vat_code.into(),
                ..InvoiceLine::default()
            }],
            ..InvoiceForm::default()
        };
        let ask = RaiseInvoice { key: self.key(), form };
        let raised = raise_invoice(&self.desk, self.role(Role::BillingOfficer), ask).await?;
        Ok(Bill {
            number: raised.number,
            member: contract.member,
            contract: charge.contract,
            net: charge.pence,
            owed: raised.gross_pence,
            due_on: raised.due_on,
        })
    }

    /// Takes in a statement and matches it.
    pub async fn bank(&mut self, statement: &Statement, style: super::bank::Style) -> Outcome<()> {
        let (file_name, bytes) = statement.file(style);
        let ask = ImportBankStatement { key: self.key(), file_name, bytes, ..ImportBankStatement::default() };
        import_bank_statement(&self.desk, self.role(Role::Cashier), ask).await?;
        let ask = MatchCash { key: self.key() };
        match_cash(&self.desk, self.role(Role::Cashier), ask).await?;
        Ok(())
    }

    /// Records a cheque; gives the receipt's number.
    pub async fn cheque(&mut self, member: &Member, bill: &Bill, words: String) -> Outcome<Option<String>> {
        let amount = Pence(bill.owed);
        let ask = RecordReceipt {
            key: self.key(),
            method: "cheque".into(),
            customer: member.number.clone(),
            amount,
            received_on: self.desk.today(),
            payer_name: String::new(),
            words,
            lines: vec![AllocationLine { item: bill.number.clone(), amount }],
        };
        let outcome = record_receipt(&self.desk, self.role(Role::Cashier), ask).await;
        Ok(self.unless_refused(outcome)?.map(|recorded| recorded.receipt))
    }

    /// Puts what is in the office on a slip; gives its number and total.
    pub async fn pay_in(&mut self) -> Outcome<Option<(String, i64)>> {
        let held = register_of_payments(&self.desk, self.role(Role::Cashier), ("held", ""), 1, 200).await?.rows;
        if held.is_empty() {
            return Ok(None);
        }
        let sum = |way: &str| Pence(held.iter().filter(|row| row.method == way).map(|row| row.amount_pence).sum());
        let cheques = held.iter().filter(|row| row.method == "cheque").count() as i64;
        self.slips += 1;
        let slip = format!("{:06}", 500_100 + self.slips);
        let ask = MakePayingIn {
            key: self.key(),
            slip: slip.clone(),
            payments: held.iter().map(|row| row.number.clone()).collect(),
            counted: SlipTotals { cheques, cheques_sum: sum("cheque"), cash_sum: sum("cash") },
            ..MakePayingIn::default()
        };
        let outcome = make_paying_in(&self.desk, self.role(Role::Cashier), ask).await;
        Ok(self.unless_refused(outcome)?.map(|made| (slip, made.total_pence)))
    }

    /// Takes back a cheque that the bank returned; gives its amount.
    pub async fn bounced(&mut self, receipt: String) -> Outcome<Option<i64>> {
        let ask = ReverseReceipt { key: self.key(), receipt, reason: "Refer to drawer".into() };
        let outcome = reverse_receipt(&self.desk, self.role(Role::Cashier), ask).await;
        Ok(self.unless_refused(outcome)?.map(|reversed| reversed.amount_pence))
    }

    /// Sets money against what it pays.
    pub async fn allocate(&mut self, receipt: &str, customer: &str, lines: Vec<AllocationLine>) -> Outcome<bool> {
        let ask = AllocateReceipt {
            key: self.key(),
            receipt: receipt.to_owned(),
            customer: customer.to_owned(),
            lines,
            split: Vec::new(),
            reason: "Traced with the payer.".into(),
        };
        let outcome = allocate_receipt(&self.desk, self.role(Role::Cashier), ask).await;
        Ok(self.unless_refused(outcome)?.is_some())
    }

    /// Notes a call.
    pub async fn call(&mut self, member: &Member, outcome: &str, words: &str) -> Outcome<()> {
        let ask = RecordCall {
            key: self.key(),
            number: member.number.clone(),
            outcome: outcome.to_owned(),
            words: words.to_owned(),
            next_step: String::new(),
            next_on: None,
        };
        record_call(&self.desk, self.role(Role::CreditController), ask).await.map(|_| ())
    }

    /// Takes a promise.
    pub async fn promise(&mut self, member: &Member, pence: i64, due_on: chrono::NaiveDate) -> Outcome<bool> {
        let Some(customer) = self.customers.get(&member.number).copied() else { return Ok(false) };
        let (key, words) = (self.key(), "Promised over the telephone.".to_owned());
        let ask = PromiseToPay { key, customer, amount_pence: Pence(pence), due_on, words };
        let outcome = promise_to_pay(&self.desk, self.role(Role::CreditController), ask).await;
        Ok(self.unless_refused(outcome)?.is_some())
    }

    /// Raises a query; gives its number.
    pub async fn query(
        &mut self,
        bill: &Bill,
        category: &str,
        words: &str,
        pence: Option<i64>,
    ) -> Outcome<Option<String>> {
        let ask = RaiseQuery {
            key: self.key(),
            customer: String::new(),
            item: bill.number.clone(),
            category: category.to_owned(),
            disputed: pence.map(Pence),
            words: words.to_owned(),
            owner: self.role(Role::ServiceManager).name.clone(),
            source: "call".into(),
            ..RaiseQuery::default()
        };
        let outcome = raise_query(&self.desk, self.role(Role::CreditController), ask).await;
        Ok(self.unless_refused(outcome)?.map(|raised| raised.number))
    }

    /// The service answers, and the query is resolved: with a credit of this much before VAT, or explained.
    pub async fn settle(&mut self, query: &str, credit: Option<i64>) -> Outcome<bool> {
        let answer = if credit.is_some() { "Agreed: we charged too much." } else { "Checked: the charge is right." };
        let ask = AnswerQuery { key: self.key(), number: query.to_owned(), answer: answer.into() };
        let answered = answer_query(&self.desk, self.role(Role::ServiceManager), ask).await;
        if self.unless_refused(answered)?.is_none() {
            return Ok(false);
        }
        let ask = ResolveQuery {
            key: self.key(),
            number: query.to_owned(),
            resolution: if credit.is_some() { "upheld".into() } else { "explained".into() },
            words: answer.into(),
            credit: credit.map(|net_pence| CreditLine { line: 1, net_pence }).into_iter().collect(),
            ..ResolveQuery::default()
        };
        let outcome = resolve_query(&self.desk, self.role(Role::CreditController), ask).await;
        Ok(self.unless_refused(outcome)?.is_some())
    }

    /// Asks to give up what is open on a bill.
    pub async fn give_up(&mut self, bill: &Bill, reason: &str) -> Outcome<bool> {
        let ask = RequestWriteOff {
            key: self.key(),
            item: bill.number.clone(),
            amount: None,
            reason: reason.to_owned(),
            words: "Searches made, letters returned; papers on the account.".into(),
            evidence: evidence_in_words(reason, "Papers on the account", self.desk.today()),
        };
        let outcome = request_write_off(&self.desk, self.role(Role::CreditController), ask).await;
        Ok(self.unless_refused(outcome)?.is_some())
    }

    /// Everything that waits for a yes is read by the approver.
    pub async fn decide_all(&mut self) -> Outcome<()> {
        let waiting = approvals_list(&self.desk, self.role(Role::Approver), "waiting").await?;
        for shown in waiting.rows.into_iter().filter(|shown| shown.may_decide) {
            self.decide(shown).await?;
        }
        Ok(())
    }

    async fn decide(&mut self, shown: ApprovalShown) -> Outcome<()> {
        let ask = DecideApproval {
            key: self.key(),
            number: shown.number,
            approve: true,
            reason: String::new(),
            content_hash: shown.content_hash,
        };
        let outcome = decide_approval(&self.desk, self.role(Role::Approver), ask).await;
        self.unless_refused(outcome).map(|_| ())
    }

    /// Sets a flag.
    pub async fn flag(&mut self, member: &Member, kind: &str, evidence: &str, days: Option<i64>) -> Outcome<()> {
        let today = self.desk.today();
        let ask = SetFlag {
            key: self.key(),
            number: member.number.clone(),
            kind: kind.to_owned(),
            evidence: evidence.to_owned(),
            from_on: Some(today),
            to_on: days.map(|days| sundry_domain::calendar::add_days(today, days)),
            review_on: Some(sundry_domain::calendar::add_days(today, 28)),
        };
        set_flag(&self.desk, self.role(Role::CreditController), ask).await.map(|_| ())
    }

    /// Places a hold.
    pub async fn hold(&mut self, member: &Member, reason: &str, words: &str, days: i64) -> Outcome<()> {
        let Some(customer) = self.customers.get(&member.number).copied() else { return Ok(()) };
        let until = Some(sundry_domain::calendar::add_days(self.desk.today(), days));
        let (key, words) = (self.key(), words.to_owned());
        let ask = PlaceHold { key, customer, item: None, reason: reason.to_owned(), until, words };
        place_hold(&self.desk, self.role(Role::CreditController), ask).await.map(|_| ())
    }

    /// Releases the daily run.
    pub async fn daily_run(&mut self) -> Outcome<()> {
        let ask = ReleaseDay { key: self.key(), date: self.desk.today() };
        release_day(&self.desk, self.role(Role::TeamLeader), ask, &|_, _| {}).await.map(|_| ())
    }

    /// Prints at most so many letters of those that wait, if any do.
    pub async fn print(&mut self, limit: i64) -> Outcome<()> {
        let ask = PrintLetters { key: self.key(), limit };
        let outcome = print_letters(&self.desk, self.role(Role::TeamLeader), ask, &|_, _| {}).await;
        self.unless_refused(outcome).map(|_| ())
    }

    /// The post is taken as sent: setting a year's letters would take minutes.
    pub async fn post(&mut self) -> Outcome<()> {
        for channel in ["post", "email"] {
            let ask = PretendPost { key: self.key(), channel: channel.into(), limit: 10_000 };
            pretend_post(&self.desk, self.role(Role::TeamLeader), ask).await?;
        }
        Ok(())
    }

    /// Sends the week's journals to the general ledger, which takes them.
    pub async fn gl_batch(&mut self) -> Outcome<()> {
        let ask = MakeGlBatch { key: self.key(), up_to: self.desk.today() };
        let outcome = make_gl_batch(&self.desk, self.role(Role::TeamLeader), ask).await;
        let Some(GlBatchesMade { batches }) = self.unless_refused(outcome)? else { return Ok(()) };
        for batch in batches {
            let ask = AcknowledgeGlBatch {
                key: self.key(),
                number: batch.number,
                accepted: true,
                ledger_reference: format!("JRN{:05}", batch.number),
                message: String::new(),
            };
            acknowledge_gl_batch(&self.desk, self.role(Role::TeamLeader), ask).await?;
        }
        Ok(())
    }

    /// Money in suspense that nobody has in hand gets an owner and a next step before the month is closed.
    pub async fn explain_suspense(&mut self) -> Outcome<()> {
        let ask = SuspenseAsk { unexplained: true, ..SuspenseAsk::default() };
        let found = suspense(&self.desk, self.role(Role::Cashier), ask).await?;
        let receipts: Vec<String> = found.rows.into_iter().map(|line| line.row.number).collect();
        if receipts.is_empty() {
            return Ok(());
        }
        let next_on = self.desk.today().checked_add_days(chrono::Days::new(14));
        let owner = self.role(Role::Cashier).name.clone();
        let ask = TakeInHand {
            key: self.key(),
            receipts,
            owner,
            reason: String::new(),
            next_step: "Ask the bank who paid".into(),
            next_on,
        };
        take_in_hand(&self.desk, self.role(Role::Cashier), ask).await.map(|_| ())
    }

    /// Closes a period, to users or for the ledger.
    pub async fn close(&mut self, start_year: i64, number: i64, hard: bool) -> Outcome<()> {
        let ask = TurnPeriod { key: self.key(), start_year, number, reason: "Month end".into() };
        let approver = self.role(Role::Approver);
        let outcome = if hard {
            hard_close(&self.desk, approver, ask).await
        } else {
            soft_close(&self.desk, approver, ask).await
        };
        self.unless_refused(outcome).map(|_| ())
    }
}
