//! Explain: the chain of events, rules and people behind an item, a letter or a balance.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The explanation.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Explain {
    /// The frame; errors belong to `ref` and `as_at`.
    pub frame: Frame,
    /// What was asked for; empty for nothing yet.
    pub reference: String,
    /// The date as typed.
    pub as_at_typed: String,
    /// What is explained: `invoice 7104211`; empty for nothing yet.
    pub subject: String,
    /// The customer's number; empty where there is none.
    pub customer: String,
    /// As at which date.
    pub as_at: NaiveDate,
    /// The amount it comes to, where it is an amount.
    pub amount: Option<Pence>,
    /// The chain, oldest first.
    pub links: Vec<ExplainLink>,
}

/// One link of the chain.
#[derive(Clone, Debug)]
pub struct ExplainLink {
    /// When.
    pub on: NaiveDate,
    /// What happened.
    pub what: String,
    /// By whom.
    pub by: String,
    /// The rule that led to it; may be empty.
    pub rule: String,
    /// How it changed the amount.
    pub change: Option<Pence>,
    /// What it came to afterwards.
    pub after: Option<Pence>,
    /// Its evidence; may be empty.
    pub href: String,
}

impl Explain {
    /// The heading.
    pub fn heading(&self) -> String {
        if self.subject.is_empty() { "Explain a figure".to_owned() } else { format!("Explain: {}", self.subject) }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let link = ExplainLink {
            on: super::sampled::on(2026, 6, 17),
            what: "Invoice raised".into(),
            by: "Owen Tate".into(),
            rule: "Care charges 2026, clause 4".into(),
            change: Some(Pence(12_002)),
            after: Some(Pence(12_002)),
            href: "/invoices/7104211".into(),
        };
        let page = |subject: &str, links| Self {
            frame: Frame::sample("Reports"),
            reference: "7104211".into(),
            as_at_typed: String::new(),
            subject: subject.into(),
            customer: "C103316".into(),
            as_at: super::sampled::on(2026, 11, 19),
            amount: Some(Pence(12_002)),
            links,
        };
        let mut missing = page("", Vec::new());
        missing.frame.errors.add("ref", "Nothing here has this reference");
        vec![
            ("full", page("invoice 7104211", vec![link])),
            ("empty", page("invoice 7104211", Vec::new())),
            ("error", missing),
        ]
    }
}

impl Plain for Explain {
    fn caption(&self) -> Html {
        Html::from("As at").and(ui::long_date(self.as_at))
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let number = ui::input("ref", "Number", &self.reference)
            .hint("Of an invoice, receipt, letter, customer, query or run")
            .width(20)
            .errors(errors);
        let ask = ui::filters("/explain")
            .field(number)
            .field(ui::date_input("as_at", "As at", &self.as_at_typed).errors(errors))
            .verb("Explain");
        if self.subject.is_empty() {
            return ask.into();
        }
        if self.links.is_empty() {
            return Html::from(ask).and(ui::empty("Nothing had happened by this date", "Choose a later date."));
        }
        let customer = if self.customer.is_empty() {
            Html::default()
        } else {
            let href = format!("/customers/{}", self.customer);
            ui::para(ui::link(href, format!("Account of {}", self.customer))).into()
        };
        let sum = self
            .amount
            .map(|sum| Html::from(ui::figures([ui::figure("It comes to", Some(ui::money(sum)))])))
            .unwrap_or_default();
        let rows = self.links.iter().map(|link| {
            let what = if link.href.is_empty() { Html::from(&link.what) } else { ui::link(&link.href, &link.what) };
            ui::row()
                .cell(what)
                .cell(link.on)
                .cell(&link.by)
                .cell(ui::or_dash(&link.rule))
                .cell(link.change)
                .cell(link.after)
        });
        Html::from(ask).and(customer).and(sum).and(
            ui::table("What happened, oldest first")
                .columns([
                    ui::col("What"),
                    ui::col("When").nowrap(),
                    ui::col("By"),
                    ui::col("Because of"),
                    ui::num("Change"),
                    ui::num("Came to"),
                ])
                .rows(rows),
        )
    }
}
