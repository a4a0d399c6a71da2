//! Aged debt as at any date, by due or invoice date, by customer, service, debt type or item.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The report.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct AgedDebt {
    /// The frame; an error on the date belongs to `as_at`.
    pub frame: Frame,
    /// The date as typed.
    pub as_at_typed: String,
    /// The date reported.
    pub as_at: NaiveDate,
    /// `due` or `invoice`.
    pub basis: String,
    /// `customer`, `service`, `debt-type` or `item`.
    pub by: String,
    /// The one customer it is about; empty for all.
    pub customer: String,
    /// The names of the bands: `Not due`, `1–30` and so on.
    pub bands: Vec<String>,
    /// The rows shown.
    pub rows: Vec<AgedRow>,
    /// How many rows there are in all.
    pub matching: i64,
    /// The sums of all rows, not only of those shown: bands, unallocated, total.
    pub totals: AgedSums,
    /// This page and how many there are.
    pub page: (u32, u32),
}

/// Amounts in each band.
#[derive(Clone, Debug, Default)]
pub struct AgedSums {
    /// One per band.
    pub bands: Vec<Pence>,
    /// Not allocated, negative.
    pub unallocated: Pence,
    /// All together.
    pub total: Pence,
}

/// One row.
#[derive(Clone, Debug)]
pub struct AgedRow {
    /// What it is about.
    pub name: String,
    /// The list behind it; may be empty.
    pub href: String,
    /// Its amounts.
    pub sums: AgedSums,
}

impl AgedDebt {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Aged debt at {}", self.as_at.format("%-d %B %Y"))
    }

    fn query(&self) -> String {
        let customer = crate::web::door::form_encode(&self.customer);
        let customer = if customer.is_empty() { customer } else { format!("&customer={customer}") };
        format!("as_at={}&basis={}&by={}{customer}", self.as_at, self.basis, self.by)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let bands = ["Not due", "1–30", "31–60", "61–90", "91–180", "181–365", "Over 365"];
        let sums = |pence: i64| AgedSums {
            bands: vec![Pence(pence); 7],
            unallocated: Pence(-6_000),
            total: Pence(pence * 7 - 6_000),
        };
        let page = |frame, rows: Vec<AgedRow>| Self {
            frame,
            as_at_typed: "19 Nov 2026".into(),
            as_at: super::sampled::on(2026, 11, 19),
            basis: "due".into(),
            by: "customer".into(),
            customer: String::new(),
            bands: bands.map(str::to_owned).into(),
            matching: 1,
            totals: sums(4_211_050_000),
            rows,
            page: (1, 3),
        };
        let row = AgedRow {
            name: "NHS Northmere and Eastvale ICB, C115656".into(),
            href: "/customers/C115656".into(),
            sums: sums(4_211_050_000),
        };
        let wrong = Frame::sample("Reports").wrong("as_at", "Enter a date that exists, such as 30/11/26");
        vec![
            ("full", page(Frame::sample("Reports"), vec![row])),
            ("empty", page(Frame::sample("Reports"), Vec::new())),
            ("error", page(wrong, Vec::new())),
        ]
    }
}

impl Plain for AgedDebt {
    fn actions(&self) -> Html {
        let file = |kind: &str| format!("/reports/aged-debt?{}&format={kind}", self.query());
        ui::downloads(file).and(ui::link_button("Download JSON", file("json")).secondary())
    }

    fn body(&self) -> Html {
        let filter = ui::filters("/reports/aged-debt")
            .field(ui::date_input("as_at", "As at", &self.as_at_typed).errors(&self.frame.errors))
            .field(ui::select("basis", "Days from", &self.basis, [("due", "Due date"), ("invoice", "Invoice date")]))
            .field(ui::select(
                "by",
                "Rows",
                &self.by,
                [("customer", "Customer"), ("service", "Service"), ("debt-type", "Debt type"), ("item", "Item")],
            ))
            .verb("Show");
        let filter = if self.customer.is_empty() {
            filter
        } else {
            filter
                .field(ui::hidden("customer", &self.customer))
                .clear(format!("/reports/aged-debt?as_at={}&basis={}", self.as_at, self.basis))
        };
        if self.rows.is_empty() {
            return Html::from(filter)
                .and(ui::empty("Nothing was owed on this date", "No item was open. Choose a later date."));
        }
        let cells = |row: ui::Row, sums: &AgedSums| {
            sums.bands.iter().fold(row, |row, sum| row.cell(sum)).cell(sums.unallocated).cell(sums.total)
        };
        let rows = self.rows.iter().map(|row| {
            let name = if row.href.is_empty() { Html::from(&row.name) } else { ui::link(&row.href, &row.name) };
            cells(ui::row().cell(name), &row.sums)
        });
        let first = [("service", "Service"), ("debt-type", "Debt type"), ("item", "Item")];
        let first = first.iter().find(|(by, _)| *by == self.by).map_or("Customer", |(_, words)| words);
        let columns = std::iter::once(ui::col(first))
            .chain(self.bands.iter().map(ui::num))
            .chain([ui::num("Not allocated"), ui::num("Total")]);
        let totals = std::iter::once(Html::from("Total, all"))
            .chain(self.totals.bands.iter().map(Html::from))
            .chain([self.totals.unallocated.into(), self.totals.total.into()]);
        let shown = format!("{}, totals for all of them", ui::count_of(self.matching, "row", "rows"));
        let (page, pages) = self.page;
        Html::from(filter)
            .and(ui::toolbar(shown, "By posting date; the same question gives the same answer for ever."))
            .and(ui::scroll(
                "The report",
                ui::table(self.heading()).columns(columns).rows(rows).total(totals).compact(),
            ))
            .and(ui::pagination(page, pages, format!("/reports/aged-debt?{}&page=", self.query())))
    }
}
