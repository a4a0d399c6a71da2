//! A posted invoice, and the form that asks for a credit note on it.

use super::amendment::{Comparison, comparison_panel};
use super::invoice_form::{CheckedLine, Totals, lines_table};
use super::plain::Plain;
use crate::web::door::{form_encode, invoice_at, path_part};
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// A posted invoice or credit note; its lines are never editable.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct InvoiceView {
    /// The frame.
    pub frame: Frame,
    /// `INV-7104211`.
    pub number: String,
    /// Whether it is a credit note.
    pub is_credit: bool,
    /// Account and name.
    pub customer: (String, String),
    /// Its state.
    pub state: ui::Tag,
    /// Invoice date.
    pub dated: NaiveDate,
    /// Due date; none for a credit note.
    pub due: Option<NaiveDate>,
    /// What is open.
    pub open: Pence,
    /// More facts: key and value.
    pub facts: Vec<(String, String)>,
    /// Whether a contract, a feeder's file or a request stands behind its lines.
    pub by_contract: bool,
    /// Its instalments, where it is paid in several: number, due, amount, open, state.
    pub instalments: Vec<(String, NaiveDate, Pence, Pence, ui::Tag)>,
    /// What paying early takes off, until when, and whether it can be given today.
    pub discount: Option<(Pence, NaiveDate, bool)>,
    /// Whether it asks for a deposit.
    pub deposit: bool,
    /// The lines.
    pub lines: Vec<CheckedLine>,
    /// The totals.
    pub totals: Totals,
    /// Payments and credits set against it: date, what, amount.
    pub allocations: Vec<(NaiveDate, String, Pence)>,
    /// How it was delivered, and the proof: date, what.
    pub delivery: Vec<(NaiveDate, String)>,
    /// Whether a PDF of it can be had.
    pub has_pdf: bool,
    /// Whether a copy can be sent.
    pub may_copy: bool,
    /// Whether a query can be raised.
    pub may_query: bool,
    /// Whether a credit note can be asked for.
    pub may_credit: bool,
    /// Whether it can be asked to be written off.
    pub may_write_off: bool,
    /// Whether it can be asked to be put right.
    pub may_amend: bool,
    /// What became of it, where it was credited or billed anew.
    pub compared: Option<Comparison>,
    /// Interest and the fixed sum to today, where the law gives them.
    pub interest: Option<Pence>,
}

impl InvoiceView {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{} {}", if self.is_credit { "Credit note" } else { "Invoice" }, self.number)
    }

    fn at(&self) -> String {
        invoice_at(&self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::invoice_form::sample;
        use super::sampled::on;
        let page = |allocations| Self {
            frame: Frame::sample("Billing"),
            number: "7104211".into(),
            is_credit: false,
            customer: ("C103933".into(), "Tidewater Scaffolding Ltd".into()),
            state: ui::tag("Reminder 1", ui::TagColour::Blue),
            dated: on(2026, 6, 17),
            due: Some(on(2026, 7, 15)),
            open: Pence(28_704),
            facts: vec![("Purchase order number".into(), "PO-4417".into())],
            by_contract: true,
            instalments: Vec::new(),
            discount: None,
            deposit: false,
            lines: sample::lines(),
            totals: sample::form().totals,
            allocations,
            delivery: vec![(on(2026, 6, 18), "Emailed to accounts@tidewater.example".into())],
            has_pdf: true,
            may_copy: true,
            may_query: true,
            may_credit: true,
            may_write_off: true,
            may_amend: true,
            compared: None,
            interest: Some(Pence(11_273)),
        };
        let part =
            |n: u32, state, open| (format!("INV-000412/{n}"), on(2026, 6 + n, 15), Pence(9_568), Pence(open), state);
        let paid = part(1, ui::tag("Paid", ui::TagColour::Green), 0);
        let late = part(2, ui::tag("Overdue", ui::TagColour::Red), 9_568);
        let due = part(3, ui::tag("Not due", ui::TagColour::Grey), 9_568);
        vec![
            ("instalments", Self { instalments: vec![paid, late, due], ..page(Vec::new()) }),
            ("discount", Self { discount: Some((Pence(718), on(2026, 6, 27), true)), ..page(Vec::new()) }),
            ("deposit", Self { deposit: true, ..page(Vec::new()) }),
            ("full", page(vec![(on(2026, 8, 1), "Receipt R88001".into(), Pence(1_000))])),
            ("unpaid", page(Vec::new())),
            ("amended", Self { compared: Some(super::amendment::sample::comparison()), ..page(Vec::new()) }),
        ]
    }
}

fn list_of_deposit(facts: ui::SummaryList, number: &str) -> ui::SummaryList {
    facts.fact("Deposit", ui::link(format!("/billing/deposits/{number}"), "What became of it"))
}

impl InvoiceView {
    fn instalments_table(&self) -> Html {
        if self.instalments.is_empty() {
            return Html::default();
        }
        let rows = self.instalments.iter().map(|(number, due, amount, open, state)| {
            let own = ui::link(format!("/explain?ref={}", form_encode(number)), number);
            let at = format!("/write-offs/debts/{}", path_part(number));
            let act = if self.may_write_off && *open > Pence::ZERO {
                ui::link(at, format!("Ask to write {number} off"))
            } else {
                Html::default()
            };
            ui::row().cell(own).cell(*due).cell(*amount).cell(*open).cell(state).cell(act)
        });
        ui::table("Instalments")
            .show_caption()
            .columns([
                ui::col("Instalment"),
                ui::col("Due").nowrap(),
                ui::num("Amount"),
                ui::num("Open"),
                ui::col("State"),
                ui::col("Act"),
            ])
            .rows(rows)
            .into()
    }
}

impl Plain for InvoiceView {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/billing".to_owned(), "Billing".to_owned()),
            (format!("/customers/{}", self.customer.0), self.customer.1.clone()),
        ])
        .into()
    }

    fn actions(&self) -> Html {
        let pdf = ui::link_button("Letter (PDF)", format!("{}/pdf", self.at())).secondary();
        let buttons = if self.has_pdf { Html::from(pdf) } else { Html::default() };
        let query = Html::from(
            ui::link_button("Raise a query", format!("/customers/{}/query?invoice={}", self.customer.0, self.number))
                .secondary(),
        );
        let buttons = if self.may_query { buttons.and(query) } else { buttons };
        let credit = ui::link_button("Ask for a credit note", format!("{}/credit", self.at())).secondary();
        let buttons = if self.may_credit { buttons.and(credit) } else { buttons };
        let amend = ui::link_button("Put it right", format!("{}/amend", self.at())).secondary();
        let buttons = if self.may_amend { buttons.and(amend) } else { buttons };
        let give_up =
            ui::link_button("Give it up", format!("/write-offs/debts/{}", path_part(&self.number))).secondary();
        let buttons = if self.may_write_off && self.instalments.is_empty() { buttons.and(give_up) } else { buttons };
        let evidence = ui::link(format!("{}/evidence", self.at()), "What stands behind each line");
        let buttons = if self.by_contract { buttons.and(evidence) } else { buttons };
        buttons.and(ui::link(format!("/explain?ref={}", self.number), "Explain"))
    }

    fn body(&self) -> Html {
        let customer =
            ui::link(format!("/customers/{}", self.customer.0), format!("{}, {}", self.customer.1, self.customer.0));
        let facts = ui::summary_list().fact("Customer", customer).fact("Date", ui::long_date(self.dated));
        let facts = self.due.iter().fold(facts, |list, due| list.fact("Due", ui::long_date(due)));
        let facts = facts.fact("Open", Html::from(self.open).and(&self.state));
        let facts = self.discount.iter().fold(facts, |list, (sum, until, _)| {
            list.fact("Discount for paying early", Html::from(*sum).and(" if paid by ").and(ui::long_date(*until)))
        });
        let facts = if self.deposit { list_of_deposit(facts, &self.number) } else { facts };
        let facts = self.interest.iter().fold(facts, |list, sum| {
            let working = ui::link(format!("{}/interest", self.at()), "See the working");
            let charges = ui::link(format!("{}/charges", self.at()), "Charges");
            list.fact("Interest the law gives to today", Html::from(*sum).and(" ").and(working).and(" ").and(charges))
        });
        let facts = self.facts.iter().fold(facts, |list, (key, value)| list.fact(key, value));
        let paid = if self.allocations.is_empty() {
            Html::from(ui::muted("Nothing has been paid or credited."))
        } else {
            let rows = self.allocations.iter().map(|(day, what, sum)| ui::row().cell(what).cell(day).cell(sum));
            ui::table("Payments and credits")
                .columns([ui::col("What"), ui::col("Date"), ui::num("Amount")])
                .rows(rows)
                .narrow()
                .into()
        };
        let paid = match self.discount {
            Some((sum, _, true)) => paid.and(ui::post_form(
                format!("{}/discount", self.at()),
                self.frame.tokens("discount"),
                ui::button(format!("Give the discount of {sum}")).secondary(),
            )),
            _ => paid,
        };
        let sent = if self.delivery.is_empty() {
            Html::from(ui::muted("It has not been sent."))
        } else {
            let rows = self.delivery.iter().map(|(day, what)| ui::row().cell(what).cell(day));
            ui::table("Delivery").columns([ui::col("What"), ui::col("Date")]).rows(rows).narrow().into()
        };
        let address = format!("{}/copy", self.at());
        let copy = ui::post_form(address, self.frame.tokens("copy"), ui::button("Send a copy").secondary());
        let sent = if self.may_copy { sent.and(copy) } else { sent };
        let sent = sent.and(ui::para(ui::link(format!("{}/delivery", self.at()), "What is known of its arrival")));
        let amended = self.compared.as_ref().map_or_else(Html::default, comparison_panel);
        ui::grid([
            (
                8,
                Html::from(facts)
                    .and(self.instalments_table())
                    .and(lines_table(&self.lines, &self.totals))
                    .and(amended),
            ),
            (4, Html::from(ui::boxed("Payments and credits", paid)).and(ui::boxed("Delivery and proof", sent))),
        ])
        .into()
    }
}

/// Asking for a credit note; somebody else approves it.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CreditForm {
    /// The frame.
    pub frame: Frame,
    /// The invoice.
    pub number: String,
    /// What is open on it.
    pub open: Pence,
    /// `full` or `part`.
    pub how_much: String,
    /// The lines of the invoice, with what is typed for a part.
    pub lines: Vec<CreditLine>,
    /// Reasons: value and words.
    pub reasons: Vec<(String, String)>,
    /// Reason chosen.
    pub reason: String,
    /// Explanation.
    pub explanation: String,
}

/// A line of the invoice to be credited.
#[derive(Clone, Debug)]
pub struct CreditLine {
    /// Its number on the invoice.
    pub line: i64,
    /// What was supplied.
    pub description: String,
    /// What was billed, before VAT.
    pub net: Pence,
    /// What is to be credited before VAT, as typed.
    pub typed: String,
}

impl CreditForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Ask for a credit note on {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            number: "7104211".into(),
            open: Pence(28_704),
            how_much: "part".into(),
            lines: vec![CreditLine {
                line: 1,
                description: "Trade waste, 1,100 litre bin, weekly".into(),
                net: Pence(23_920),
                typed: "500".into(),
            }],
            reasons: vec![("price".into(), "Wrong price".into()), ("twice".into(), "Billed twice".into())],
            reason: String::new(),
            explanation: String::new(),
        };
        let wrong =
            Frame::sample("Billing").wrong("net-1", "Enter an amount up to £239.20, which is what can be credited");
        vec![("empty", page(Frame::sample("Billing"))), ("error", page(wrong))]
    }
}

impl Plain for CreditForm {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/billing".to_owned(), "Billing".to_owned()),
            (invoice_at(&self.number), self.number.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let kinds = [("full", format!("All that is left of it: {} is open", self.open)), ("part", "A part".to_owned())];
        let body = Html::from(ui::radios("how_much", "How much?", &self.how_much, kinds).errors(errors))
            .and(ui::panel("If a part: how much of each line, before VAT", self.parts()))
            .and(ui::radios("reason", "Why?", &self.reason, self.reasons.clone()).errors(errors))
            .and(ui::textarea("explanation", "Explain it to the approver", &self.explanation).errors(errors))
            .and(ui::muted("Someone else must approve it. Until then the invoice stays as it is."))
            .and(ui::button("Ask for approval"));
        ui::post_form(format!("{}/credit", invoice_at(&self.number)), self.frame.tokens("credit"), body)
            .guarded()
            .into()
    }
}

impl CreditForm {
    fn parts(&self) -> Html {
        let line = |line: &CreditLine| {
            let id = format!("net-{}", line.line);
            let label = format!("Line {}: {}", line.line, line.description);
            ui::amount_input(id, label, &line.typed)
                .hint(format!("{} was billed before VAT", line.net))
                .errors(&self.frame.errors)
        };
        ui::parts(self.lines.iter().map(line))
    }
}
