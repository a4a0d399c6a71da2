//! A new invoice on one page: customer, dates, a grid of lines, live totals; and the page where
//! the answers are checked before it is raised.

use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::billing::Every;
use sundry_domain::money::Pence;

/// The form of a new invoice.
#[derive(Debug, Template)]
#[template(path = "pages/invoice_form.html")]
pub struct InvoiceForm {
    /// The frame. Errors of a line belong to `description-1`, `quantity-1`, `price-1`, `vat-1` and so on.
    pub frame: Frame,
    /// The account number as typed.
    pub customer: String,
    /// The customer's name once known; may be empty.
    pub customer_name: String,
    /// The service that bills.
    pub service: String,
    /// What sort of debt it is.
    pub debt_type: String,
    /// The cost centre.
    pub cost_centre: String,
    /// When it was supplied, as typed.
    pub supply_on: String,
    /// When it is due, as typed; empty means by the customer's terms.
    pub due_on: String,
    /// The customer's purchase order number.
    pub purchase_order: String,
    /// The customer's own reference.
    pub buyer_reference: String,
    /// First day of the time it is for, as typed.
    pub period_from_on: String,
    /// Last day, as typed.
    pub period_to_on: String,
    /// Payment terms chosen, and those to choose from: code and name.
    pub terms: String,
    /// Payment terms to choose from: code and name.
    pub terms_choices: Vec<(String, String)>,
    /// How many instalments, as typed.
    pub instalment_count: String,
    /// How far apart they are.
    pub instalment_every: String,
    /// Income codes to choose from: code and name.
    pub income_codes: Vec<(String, String)>,
    /// The lines as typed; empty ones at the end to fill in.
    pub lines: Vec<TypedLine>,
    /// VAT codes to choose from.
    pub vat_codes: Vec<VatChoice>,
    /// Totals worked out by the server from what was typed.
    pub totals: Totals,
    /// The invoice that it puts right, where it does.
    pub amends: Option<Amends>,
}

/// The invoice that a new one puts right, and why.
#[derive(Clone, Debug, Default)]
pub struct Amends {
    /// Its number.
    pub number: String,
    /// The reason chosen.
    pub reason: String,
    /// In words.
    pub words: String,
    /// Reasons: value and words.
    pub reasons: Vec<(String, String)>,
}

/// A line as typed.
#[derive(Clone, Debug, Default)]
pub struct TypedLine {
    /// What was supplied.
    pub description: String,
    /// How many, up to three decimals.
    pub quantity: String,
    /// Price of one, in pounds.
    pub price: String,
    /// The VAT code.
    pub vat: String,
    /// The income code.
    pub coding: String,
    /// The net amount worked out by the server.
    pub net: Option<Pence>,
}

/// A VAT code to choose.
#[derive(Clone, Debug)]
pub struct VatChoice {
    /// `S`.
    pub code: String,
    /// `Standard 20%`.
    pub words: String,
    /// Its rate in hundredths of a per cent: 2000. The server's sum counts; this one is for the eye.
    pub rate_basis_points: i64,
}

/// The totals of an invoice.
#[derive(Clone, Copy, Debug, Default)]
pub struct Totals {
    /// Net.
    pub net: Pence,
    /// VAT.
    pub vat: Pence,
    /// Gross.
    pub gross: Pence,
}

impl InvoiceForm {
    /// The heading.
    pub fn heading(&self) -> String {
        match &self.amends {
            Some(amends) => format!("Put invoice {} right", amends.number),
            None => "New invoice".to_owned(),
        }
    }

    fn action(&self) -> String {
        match &self.amends {
            Some(amends) => format!("{}/amend", invoice_at(&amends.number)),
            None => "/billing/invoices/new".to_owned(),
        }
    }

    fn terms_options(&self) -> Vec<(String, String)> {
        let none = (String::new(), "One due date".to_owned());
        std::iter::once(none).chain(self.terms_choices.clone()).collect()
    }

    fn every_options() -> Vec<(String, String)> {
        let none = (String::new(), "Not in instalments".to_owned());
        let every = Every::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned()));
        std::iter::once(none).chain(every).collect()
    }

    fn why(&self) -> Html {
        let Some(amends) = &self.amends else { return Html::default() };
        let errors = &self.frame.errors;
        Html::from(ui::radios("reason", "Why?", &amends.reason, amends.reasons.clone()).errors(errors))
            .and(ui::textarea("words", "Explain it to the approver", &amends.words).errors(errors))
    }

    fn wrong(&self, field: &str, place: &usize) -> Option<&str> {
        self.frame.errors.of(&format!("{field}-{place}"))
    }

    fn wrong_class(&self, field: &str, place: &usize) -> &'static str {
        if self.wrong(field, place).is_some() { " govuk-input--error" } else { "" }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let mut wrong = sample::form();
        wrong.frame.errors.add("customer", "Enter the account number of a customer");
        wrong.frame.errors.add("quantity-1", "Enter how many, such as 4 or 2.5");
        wrong.lines[0].quantity = "many".into();
        let empty = Self { lines: vec![TypedLine::default(); 6], customer: String::new(), ..sample::form() };
        let amends = Amends {
            number: "INV-000123".into(),
            reasons: vec![("wrong_price".into(), "The price was wrong".into())],
            ..Amends::default()
        };
        let amending = Self { amends: Some(amends), ..sample::form() };
        vec![("full", sample::form()), ("empty", empty), ("error", wrong), ("amending", amending)]
    }
}

/// The page where a new invoice is checked before it is raised.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct InvoiceCheck {
    /// The frame.
    pub frame: Frame,
    /// Facts: key and value.
    pub facts: Vec<(String, String)>,
    /// The lines.
    pub lines: Vec<CheckedLine>,
    /// The totals.
    pub totals: Totals,
    /// When it becomes due.
    pub due: NaiveDate,
    /// Its instalments, where it is paid in several: day and amount.
    pub instalments: Vec<(NaiveDate, Pence)>,
    /// What paying early takes off, and until when.
    pub discount: Option<(Pence, NaiveDate)>,
    /// What is odd but does not stop it.
    pub warnings: Vec<String>,
    /// Everything that was typed, sent again: name and value.
    pub typed: Vec<(String, String)>,
}

/// A line as it will be printed.
#[derive(Clone, Debug)]
pub struct CheckedLine {
    /// What was supplied.
    pub description: String,
    /// How many.
    pub quantity: String,
    /// Price of one, up to four decimals.
    pub price: String,
    /// `Standard 20%`.
    pub vat: String,
    /// Net.
    pub net: Pence,
    /// The income code.
    pub coding: String,
}

/// Lines of an invoice as a table with its totals.
pub(super) fn lines_table(lines: &[CheckedLine], totals: &Totals) -> Html {
    let rows = lines.iter().map(|line| {
        ui::row()
            .cell(&line.description)
            .cell(&line.coding)
            .cell(&line.quantity)
            .cell(&line.price)
            .cell(&line.vat)
            .cell(line.net)
    });
    let table = ui::table("Lines")
        .columns([
            ui::col("Description"),
            ui::col("Coding"),
            ui::num("Quantity"),
            ui::num("Price"),
            ui::col("VAT"),
            ui::num("Net"),
        ])
        .rows(rows)
        .total(["Net".into(), String::new(), String::new(), String::new(), String::new(), ui::money(totals.net)]);
    let sums = ui::details_list().fact("Net", totals.net).fact("VAT", totals.vat).fact("To pay", totals.gross);
    Html::from(table).and(sums)
}

impl InvoiceCheck {
    /// The heading.
    pub fn heading(&self) -> String {
        "Check this invoice".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let odd = Self { warnings: vec!["The purchase order is on another invoice.".into()], ..sample::check() };
        let parts =
            vec![(on(2026, 12, 19), Pence(9_568)), (on(2027, 1, 19), Pence(9_568)), (on(2027, 2, 19), Pence(9_568))];
        let parts = Self { instalments: parts, ..sample::check() };
        let early = Self { discount: Some((Pence(718), on(2026, 11, 29))), ..sample::check() };
        vec![("ready", sample::check()), ("odd", odd), ("instalments", parts), ("discount", early)]
    }
}

impl InvoiceCheck {
    fn instalments_table(&self) -> Html {
        if self.instalments.is_empty() {
            return Html::default();
        }
        let rows =
            (1..).zip(&self.instalments).map(|(n, (day, sum))| ui::row().cell(n.to_string()).cell(*day).cell(*sum));
        ui::table("Instalments")
            .show_caption()
            .narrow()
            .columns([ui::col("Instalment"), ui::col("Due").nowrap(), ui::num("Amount")])
            .rows(rows)
            .into()
    }
}

impl Plain for InvoiceCheck {
    fn caption(&self) -> Html {
        "Nothing has been raised yet".into()
    }

    fn body(&self) -> Html {
        let facts = self.facts.iter().fold(ui::summary_list(), |list, (key, value)| list.fact(key, value));
        let facts = match self.instalments.len() {
            0 => facts.fact("Due", ui::long_date(self.due)),
            count => facts
                .fact("Due", Html::from(format!("In {count} instalments, the first on ")).and(ui::long_date(self.due))),
        };
        let facts = self.discount.iter().fold(facts, |list, (sum, until)| {
            list.fact("Discount for paying early", Html::from(*sum).and(" if paid by ").and(ui::long_date(*until)))
        });
        let kept = ui::parts(self.typed.iter().map(|(name, value)| ui::hidden(name, value)));
        let odd = ui::parts(self.warnings.iter().map(|why| ui::para(ui::strong(why, false))));
        let buttons = Html::from(ui::button("Raise this invoice").named("do", "raise"))
            .and(ui::button("Change it").secondary().named("do", "change"));
        Html::from(facts)
            .and(lines_table(&self.lines, &self.totals))
            .and(self.instalments_table())
            .and(odd)
            .and(ui::para("Once raised it cannot be changed; it can be credited."))
            .and(ui::post_form("/billing/invoices/new/check", self.frame.tokens("raise"), kept.and(buttons)))
    }
}

#[cfg(test)]
pub(super) mod sample {
    use super::*;
    use crate::web::pages::sampled::on;

    pub fn form() -> InvoiceForm {
        let line = TypedLine {
            description: "Trade waste, 1,100 litre bin, weekly".into(),
            quantity: "13".into(),
            price: "18.40".into(),
            vat: "S".into(),
            coding: "4100".into(),
            net: Some(Pence(23_920)),
        };
        let vat = |code: &str, words: &str, rate_basis_points| VatChoice {
            code: code.into(),
            words: words.into(),
            rate_basis_points,
        };
        InvoiceForm {
            frame: Frame::sample("Billing"),
            customer: "C103933".into(),
            customer_name: "Tidewater Scaffolding Ltd".into(),
            service: "Trade waste".into(),
            debt_type: "trade_waste".into(),
            cost_centre: "WM210".into(),
            supply_on: "19 Nov 2026".into(),
            due_on: String::new(),
            purchase_order: "PO-4417".into(),
            buyer_reference: "XX-2208".into(),
            period_from_on: "1 October 2026".into(),
            period_to_on: "31 October 2026".into(),
            terms: String::new(),
            terms_choices: vec![("2PC-10".into(), "2% in 10 days, 30 days".into())],
            instalment_count: String::new(),
            instalment_every: String::new(),
            income_codes: vec![("4100".into(), "Fees and charges".into())],
            lines: [vec![line], vec![TypedLine::default(); 5]].concat(),
            vat_codes: vec![vat("S", "Standard 20%", 2_000), vat("Z", "Zero", 0), vat("E", "Exempt", 0)],
            totals: Totals { net: Pence(23_920), vat: Pence(4_784), gross: Pence(28_704) },
            amends: None,
        }
    }

    pub fn lines() -> Vec<CheckedLine> {
        vec![CheckedLine {
            description: "Trade waste, 1,100 litre bin, weekly".into(),
            quantity: "13".into(),
            price: "£18.40".into(),
            vat: "Standard 20%".into(),
            net: Pence(23_920),
            coding: "4100".into(),
        }]
    }

    pub fn check() -> InvoiceCheck {
        InvoiceCheck {
            frame: Frame::sample("Billing"),
            facts: vec![
                ("Customer".into(), "Tidewater Scaffolding Ltd, C103933".into()),
                ("Purchase order number".into(), "PO-4417".into()),
            ],
            lines: lines(),
            totals: form().totals,
            due: on(2026, 12, 19),
            instalments: Vec::new(),
            discount: None,
            warnings: Vec::new(),
            typed: vec![("customer".into(), "C103933".into())],
        }
    }
}
