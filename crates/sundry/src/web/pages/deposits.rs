//! Deposits: the list, the form that asks for one, and one with what became of it.

use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// A deposit.
#[derive(Clone, Debug)]
pub struct DepositLine {
    /// Number of the invoice that asks for it.
    pub number: String,
    /// Account and name.
    pub customer: (String, String),
    /// What it is for.
    pub what: String,
    /// What sort.
    pub kind: String,
    /// When it was asked for.
    pub asked_on: NaiveDate,
    /// How much, with VAT.
    pub asked: Pence,
    /// What is not paid.
    pub unpaid: Pence,
    /// Used for invoices.
    pub used: Pence,
    /// Given back.
    pub returned: Pence,
    /// Neither used nor given back.
    pub left: Pence,
}

/// All deposits.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Deposits {
    /// The frame.
    pub frame: Frame,
    /// Newest first.
    pub rows: Vec<DepositLine>,
    /// Address of the next page; empty for none.
    pub next: String,
    /// Whether the reader asks for deposits.
    pub may_ask: bool,
}

impl Deposits {
    /// The heading.
    pub fn heading(&self) -> String {
        "Deposits".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows| Self { frame: Frame::sample("Billing"), rows, next: String::new(), may_ask: true };
        vec![("full", page(vec![sample()])), ("empty", page(Vec::new()))]
    }
}

#[cfg(test)]
fn sample() -> DepositLine {
    DepositLine {
        number: "INV-000907".into(),
        customer: ("C103933".into(), "Tidewater Scaffolding Ltd".into()),
        what: "Deposit for the hire of the Assembly Rooms, 14 March 2027".into(),
        kind: "Part of the price, paid early".into(),
        asked_on: super::sampled::on(2026, 11, 2),
        asked: Pence(60_000),
        unpaid: Pence::ZERO,
        used: Pence(24_000),
        returned: Pence::ZERO,
        left: Pence(36_000),
    }
}

impl Plain for Deposits {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing")]).into()
    }

    fn actions(&self) -> Html {
        match self.may_ask {
            true => ui::link_button("Ask for a deposit", "/billing/deposits/new").into(),
            false => Html::default(),
        }
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            return ui::empty("There are no deposits", "Money asked for before a service is listed here.").into();
        }
        let rows = self.rows.iter().map(|row| {
            ui::row()
                .cell(ui::link(format!("/billing/deposits/{}", row.number), &row.number))
                .cell(ui::link(format!("/customers/{}", row.customer.0), &row.customer.1))
                .cell(&row.what)
                .cell(row.asked_on)
                .cell(row.asked)
                .cell(row.unpaid)
                .cell(row.used)
                .cell(row.returned)
                .cell(row.left)
        });
        let table = ui::table("Deposits, newest first")
            .columns([
                ui::col("Number").nowrap(),
                ui::col("Customer"),
                ui::col("For"),
                ui::col("Asked").nowrap(),
                ui::num("Amount"),
                ui::num("Not paid"),
                ui::num("Used"),
                ui::num("Given back"),
                ui::num("Left"),
            ])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        Html::from(table).and(ui::para(next))
    }
}

/// Asking for a deposit.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct DepositForm {
    /// The frame.
    pub frame: Frame,
    /// Field and what was typed: customer_number, kind, description, amount, vat_code, service, po_number, due_on.
    pub typed: [(&'static str, String); 8],
    /// Sorts: value and words.
    pub kinds: Vec<(String, String)>,
    /// VAT codes: value and words.
    pub vat_codes: Vec<(String, String)>,
}

impl DepositForm {
    /// The heading.
    pub fn heading(&self) -> String {
        "Ask for a deposit".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, amount: &str| Self {
            frame,
            typed: [
                ("customer_number", "C103933".into()),
                ("kind", "returnable".into()),
                ("description", "Key deposit, Assembly Rooms".into()),
                ("amount", amount.into()),
                ("vat_code", "S".into()),
                ("service", "Halls".into()),
                ("po_number", String::new()),
                ("due_on", String::new()),
            ],
            kinds: vec![
                ("advance".into(), "Part of the price, paid early".into()),
                ("returnable".into(), "Security that is given back".into()),
            ],
            vat_codes: vec![("S".into(), "Standard 20%".into()), ("O".into(), "Outside the scope".into())],
        };
        let wrong = Frame::sample("Billing")
            .wrong("amount", "Enter an amount in pounds with at most four decimals")
            .wrong("vat_code", "A deposit that is given back is no supply: it cannot bear VAT code S");
        vec![("filled", page(Frame::sample("Billing"), "50.00")), ("error", page(wrong, "fifty"))]
    }

    fn of(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value)
    }

    fn text(&self, field: &str, label: &str, width: u8) -> ui::Input {
        ui::input(field, label, self.of(field)).width(width).errors(&self.frame.errors)
    }
}

impl Plain for DepositForm {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/deposits", "Deposits")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let kind = ui::radios("kind", "What sort of deposit?", self.of("kind"), self.kinds.clone())
            .hint("Security that is given back is no supply: choose VAT outside the scope")
            .errors(errors);
        let vat = std::iter::once((String::new(), String::new())).chain(self.vat_codes.clone());
        let money = ui::row_of([
            Html::from(ui::amount_input("amount", "Amount before VAT", self.of("amount")).errors(errors)),
            ui::select("vat_code", "VAT", self.of("vat_code"), vat).errors(errors).into(),
            ui::date_input("due_on", "Due on", self.of("due_on"))
                .hint("Empty means the customer's terms")
                .errors(errors)
                .into(),
        ]);
        let body = Html::from(self.text("customer_number", "Customer's account number", 10))
            .and(kind)
            .and(self.text("description", "What it is for", 30))
            .and(money)
            .and(ui::row_of([self.text("service", "Service", 10), self.text("po_number", "Purchase order number", 10)]))
            .and(ui::para("An invoice is raised for it. Its income waits until the deposit is used."))
            .and(ui::button("Raise the invoice"));
        ui::post_form("/billing/deposits/new", self.frame.tokens("new"), body).guarded().into()
    }
}

/// A deposit with what became of it.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneDeposit {
    /// The frame.
    pub frame: Frame,
    /// The deposit.
    pub line: DepositLine,
    /// What can be used.
    pub usable: Pence,
    /// Day, credit note, the invoice it was used for or nothing, amount.
    pub uses: Vec<(NaiveDate, String, String, Pence)>,
    /// Open invoices of the customer: number, open.
    pub open: Vec<(String, Pence)>,
    /// Whether the reader uses and gives back deposits.
    pub may_use: bool,
    /// What was typed: invoice, amount, words.
    pub typed: [String; 3],
}

impl OneDeposit {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Deposit {}", self.line.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let page = |frame, line, uses| Self {
            frame,
            line,
            usable: Pence(36_000),
            uses,
            open: vec![("INV-000931".into(), Pence(48_000)), ("INV-000940".into(), Pence(6_000))],
            may_use: true,
            typed: ["INV-000931".into(), "400".into(), String::new()],
        };
        let uses = vec![(on(2026, 11, 14), "CRN-000041".into(), "INV-000920".into(), Pence(24_000))];
        let wrong =
            Frame::sample("Billing").wrong("amount", "£360.00 of the deposit is left, so £400.00 cannot be used");
        let spent = DepositLine { returned: Pence(36_000), left: Pence::ZERO, ..sample() };
        let back = (on(2026, 11, 20), "CRN-000044".into(), String::new(), Pence(36_000));
        let gone = Self { usable: Pence::ZERO, ..page(Frame::sample("Billing"), spent, vec![uses[0].clone(), back]) };
        vec![
            ("used", page(Frame::sample("Billing"), sample(), uses.clone())),
            ("error", page(wrong, sample(), uses)),
            ("spent", gone),
        ]
    }

    fn acts(&self) -> Html {
        if !self.may_use || self.line.left <= Pence::ZERO {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let at = |act: &str| format!("/billing/deposits/{}/{act}", self.line.number);
        let choices = self.open.iter().map(|(number, open)| (number.clone(), format!("{number}, {open} open")));
        let choices = std::iter::once((String::new(), "Choose an invoice".to_owned())).chain(choices);
        let body = Html::from(ui::select("invoice", "Invoice", &self.typed[0], choices).errors(errors))
            .and(
                ui::amount_input("amount", "How much, with VAT", &self.typed[1])
                    .hint("Empty means as much as there is and as it takes")
                    .errors(errors),
            )
            .and(ui::button("Use it"));
        let form = ui::post_form(at("use"), self.frame.tokens("use"), body);
        let to_use = match (self.usable > Pence::ZERO, self.open.is_empty()) {
            (true, false) => Html::from(form),
            (true, true) => ui::muted("The customer has no open invoice that it could be used for.").into(),
            (false, _) => ui::muted("It can be used once it is paid.").into(),
        };
        let back = Html::from(ui::para(
            "What was paid of it becomes credit that can be refunded; what was not paid is no longer owed.",
        ))
        .and(ui::input("words", "Why", &self.typed[2]).errors(errors))
        .and(ui::button(format!("Give back {}", self.line.left)).secondary());
        let back = ui::post_form(at("return"), self.frame.tokens("return"), back);
        Html::from(ui::boxed("Use it for an invoice", to_use)).and(ui::boxed("Give it back", back))
    }
}

impl Plain for OneDeposit {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/billing".to_owned(), "Billing".to_owned()),
            ("/billing/deposits".to_owned(), "Deposits".to_owned()),
            (format!("/customers/{}", self.line.customer.0), self.line.customer.1.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let line = &self.line;
        let facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", line.customer.0), &line.customer.1))
            .fact("For", &line.what)
            .fact("Sort", &line.kind)
            .fact("Invoice", ui::link(invoice_at(&line.number), &line.number))
            .fact("Asked for", Html::from(line.asked).and(" on ").and(ui::long_date(line.asked_on)))
            .fact("Not paid", line.unpaid)
            .fact("Used", line.used)
            .fact("Given back", line.returned)
            .fact("Left", line.left);
        let rows = self.uses.iter().map(|(day, note, invoice, sum)| {
            let what = match invoice.as_str() {
                "" => Html::from("Given back"),
                number => Html::from("Used for ").and(ui::link(invoice_at(number), number)),
            };
            ui::row().cell(*day).cell(what).cell(ui::link(invoice_at(note), note)).cell(*sum)
        });
        let uses = match self.uses.is_empty() {
            true => Html::from(ui::muted("It was not used yet.")),
            false => ui::table("What became of it")
                .show_caption()
                .columns([ui::col("Date").nowrap(), ui::col("What"), ui::col("Credit note"), ui::num("Amount")])
                .rows(rows)
                .into(),
        };
        ui::grid([(8, Html::from(facts).and(uses)), (4, self.acts())]).into()
    }
}
