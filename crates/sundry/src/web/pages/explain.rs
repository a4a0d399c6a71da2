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
    /// The frame.
    pub frame: Frame,
    /// What is explained: `Invoice 7104211`.
    pub subject: String,
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
        format!("Explain: {}", self.subject)
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
        let page = |links| Self {
            frame: Frame::sample("Customers"),
            subject: "invoice 7104211".into(),
            as_at: super::sampled::on(2026, 11, 19),
            amount: Some(Pence(12_002)),
            links,
        };
        vec![("full", page(vec![link])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Explain {
    fn caption(&self) -> Html {
        Html::from("As at").and(ui::long_date(self.as_at))
    }

    fn body(&self) -> Html {
        if self.links.is_empty() {
            return ui::empty("Nothing had happened by this date", "Choose a later date.").into();
        }
        let sum = self
            .amount
            .map(|sum| Html::from(ui::figures([ui::figure("It comes to", Some(ui::money(sum)))])))
            .unwrap_or_default();
        let rows = self.links.iter().map(|link| {
            let what = if link.href.is_empty() {
                Html::from(&link.what)
            } else {
                ui::link(&link.href, &link.what)
            };
            ui::row()
                .cell(what)
                .cell(link.on)
                .cell(&link.by)
                .cell(ui::or_dash(&link.rule))
                .cell(link.change)
                .cell(link.after)
        });
        sum.and(
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
