//! Billing: the invoices and credit notes, and what waits for someone's yes.

use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The invoices and credit notes, newest first.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Billing {
    /// The frame.
    pub frame: Frame,
    /// The filters as chosen.
    pub filter: BillingFilter,
    /// The rows.
    pub rows: Vec<DocumentRow>,
    /// The address of the next page; empty on the last.
    pub next: String,
    /// The address of this list, ready for one more field.
    pub address: String,
    /// Credit notes that wait for someone's yes: approval number, what, how much, who asked.
    pub requests: Vec<(String, String, Pence, String)>,
    /// Whether they may raise an invoice.
    pub may_raise: bool,
    /// Whether they may import invoices.
    pub may_import: bool,
    /// Whether they may look at approvals.
    pub may_see_approvals: bool,
    /// Other pages of billing that the reader may open: address and name.
    pub places: Vec<(&'static str, &'static str)>,
}

/// The filters as chosen; empty means all.
#[derive(Clone, Debug, Default)]
pub struct BillingFilter {
    /// `invoice` or `credit_note`.
    pub kind: String,
    /// Account number.
    pub customer: String,
    /// Issued on or after, as typed.
    pub from: String,
    /// Issued on or before, as typed.
    pub to: String,
    /// Only those with something open.
    pub open_only: bool,
}

impl BillingFilter {
    fn is_on(&self) -> bool {
        self.open_only || [&self.kind, &self.customer, &self.from, &self.to].iter().any(|value| !value.is_empty())
    }
}

/// One invoice or credit note.
#[derive(Clone, Debug)]
pub struct DocumentRow {
    /// Number.
    pub number: String,
    /// `Invoice` or `Credit note`.
    pub kind: String,
    /// Account and name.
    pub customer: (String, String),
    /// Service.
    pub service: String,
    /// Date.
    pub dated: NaiveDate,
    /// Due.
    pub due: NaiveDate,
    /// With VAT.
    pub gross: Pence,
    /// What is open.
    pub open: Pence,
}

impl Billing {
    /// The heading.
    pub fn heading(&self) -> String {
        "Billing".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let row = DocumentRow {
            number: "INV-000412".into(),
            kind: "Invoice".into(),
            customer: ("C103933".into(), "Tidewater Scaffolding Ltd".into()),
            service: "Trade waste".into(),
            dated: on(2026, 11, 19),
            due: on(2026, 12, 19),
            gross: Pence(28_704),
            open: Pence(28_704),
        };
        let request =
            ("APP-000007".into(), "Credit note on INV-000398, billed twice".into(), Pence(12_000), "Tom Ellis".into());
        let page = |rows: Vec<_>, requests, filter| Self {
            frame: Frame::sample("Billing"),
            filter,
            rows,
            next: "/billing?before=412".into(),
            address: "/billing?".into(),
            requests,
            may_raise: true,
            may_import: true,
            may_see_approvals: true,
            places: vec![("/billing/vat", "VAT return")],
        };
        let filtered = BillingFilter { kind: "credit_note".into(), ..BillingFilter::default() };
        vec![
            ("full", page(vec![row], vec![request], BillingFilter::default())),
            ("empty", page(Vec::new(), Vec::new(), BillingFilter::default())),
            ("nothing-matches", page(Vec::new(), Vec::new(), filtered)),
        ]
    }

    fn filter_row(&self) -> ui::Filters {
        let filter = &self.filter;
        let kinds = [("", "Invoices and credit notes"), ("invoice", "Invoices"), ("credit_note", "Credit notes")];
        let open = [("", "Open and closed"), ("yes", "Only what is open")];
        let errors = &self.frame.errors;
        let row = ui::filters("/billing")
            .field(ui::select("kind", "Show", &filter.kind, kinds))
            .field(ui::select("open", "State", if filter.open_only { "yes" } else { "" }, open))
            .field(ui::input("customer", "Account", &filter.customer).width(10))
            .field(ui::date_input("from", "From", &filter.from).errors(errors))
            .field(ui::date_input("to", "To", &filter.to).errors(errors));
        if filter.is_on() { row.clear("/billing") } else { row }
    }

    fn waiting(&self) -> Html {
        if self.requests.is_empty() {
            return Html::default();
        }
        let rows = self.requests.iter().map(|(number, what, sum, who)| {
            let number = if self.may_see_approvals {
                ui::link(format!("/approvals/{number}"), number)
            } else {
                Html::from(number)
            };
            ui::row().cell(number).cell(what).cell(*sum).cell(who)
        });
        let heads = [ui::col("Request"), ui::col("What"), ui::num("Amount"), ui::col("Asked by")];
        let table = ui::table("Requests that wait for someone's yes").columns(heads).rows(rows);
        ui::panel("Requests that wait for someone's yes", table).into()
    }
}

impl Plain for Billing {
    fn actions(&self) -> Html {
        let raise = self.may_raise.then(|| ui::link_button("New invoice", "/billing/invoices/new"));
        let import = self.may_import.then(|| ui::link_button("Import invoices", "/imports/invoices").secondary());
        let buttons = ui::parts(raise.into_iter().chain(import));
        self.places.iter().fold(buttons, |all, (address, name)| all.and(ui::link(*address, *name)))
    }

    fn body(&self) -> Html {
        let filter = super::contracts::places("Documents").and(self.filter_row());
        if self.rows.is_empty() {
            let nothing = if self.filter.is_on() {
                ui::empty("Nothing matches these filters", "There may be others without them.")
                    .action(ui::link("/billing", "Clear the filters"))
            } else {
                ui::empty("Nothing has been billed yet", "Invoices and credit notes will be listed here.")
            };
            return filter.and(self.waiting()).and(nothing);
        }
        let rows = self.rows.iter().map(|row| {
            ui::row()
                .cell(ui::link(invoice_at(&row.number), &row.number))
                .cell(&row.kind)
                .cell(ui::link(format!("/customers/{}", row.customer.0), &row.customer.1))
                .cell(&row.service)
                .cell(row.dated)
                .cell(row.due)
                .cell(row.gross)
                .cell(row.open)
        });
        let links = ui::link(format!("{}format=csv", self.address), "Download CSV")
            .and(ui::link(format!("{}format=xlsx", self.address), "Download XLSX"));
        let table = ui::table("Invoices and credit notes, newest first")
            .columns([
                ui::col("Number").nowrap(),
                ui::col("Kind"),
                ui::col("Customer"),
                ui::col("Service"),
                ui::col("Date").nowrap(),
                ui::col("Due").nowrap(),
                ui::num("Amount"),
                ui::num("Open"),
            ])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        filter.and(self.waiting()).and(ui::toolbar("", links)).and(table).and(ui::para(next))
    }
}
