//! Statutory interest on a late invoice to a day, with its working. Nothing is posted.

use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// Interest on an invoice.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Interest {
    /// The frame.
    pub frame: Frame,
    /// The invoice.
    pub number: String,
    /// Up to the end of this day, as typed.
    pub as_at: String,
    /// The working; none where a rule gives none.
    pub working: Option<Working>,
}

/// The working.
#[derive(Clone, Debug)]
pub struct Working {
    /// What the invoice was at first.
    pub principal: Pence,
    /// The first day with interest.
    pub starts_on: NaiveDate,
    /// The rate in words, and where it comes from.
    pub rate: (String, String),
    /// First day, last day, days that count, unpaid balance.
    pub slices: Vec<(NaiveDate, NaiveDate, i64, Pence)>,
    /// Interest.
    pub interest: Pence,
    /// The fixed sum.
    pub compensation: Pence,
}

impl Interest {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Interest on {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let working = Working {
            principal: Pence(1_000_000),
            starts_on: on(2026, 7, 16),
            rate: ("11.75% a year".into(), "Bank Rate on 30 June 2026 and eight per cent".into()),
            slices: vec![(on(2026, 7, 16), on(2026, 11, 19), 127, Pence(1_000_000))],
            interest: Pence(40_884),
            compensation: Pence(10_000),
        };
        let page = |frame, working| Self { frame, number: "7104211".into(), as_at: "19 Nov 2026".into(), working };
        let mut refused = Frame::sample("Billing");
        refused.refused = Some(ui::Refused {
            code: "LP-06-CONSUMER".into(),
            sentence: "A consumer owes this.".into(),
            citation: "Late Payment of Commercial Debts (Interest) Act 1998, section 2".into(),
            instead: "Charge no interest under the Act.".into(),
        });
        vec![("working", page(Frame::sample("Billing"), Some(working))), ("refused", page(refused, None))]
    }
}

impl Plain for Interest {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/billing".to_owned(), "Billing".to_owned()),
            (invoice_at(&self.number), self.number.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let day = ui::date_input("as_at", "Up to", &self.as_at).errors(&self.frame.errors);
        let ask = ui::filters(format!("{}/interest", invoice_at(&self.number))).field(day).verb("Work it out");
        let Some(working) = &self.working else { return ask.into() };
        let charges = ui::link(format!("{}/charges", invoice_at(&self.number)), "Charge it, or see what was charged");
        Html::from(ask).and(working.steps()).and(ui::para(charges))
    }
}

impl Working {
    /// The sum, step by step.
    pub(super) fn steps(&self) -> Html {
        let facts = ui::summary_list()
            .fact("Invoice", self.principal)
            .fact("Interest starts", ui::long_date(self.starts_on))
            .fact("Rate", Html::from(&self.rate.0).and(ui::sub_line(&self.rate.1)))
            .fact("Interest", self.interest)
            .fact("Fixed sum", self.compensation)
            .fact("Total", self.interest.plus(self.compensation));
        let rows = self.slices.iter().map(|(from, to, days, unpaid)| {
            ui::row().cell(ui::date(from)).cell(ui::date(to)).cell(ui::number(*days)).cell(*unpaid)
        });
        let slices = ui::table("Days that count")
            .columns([ui::col("From"), ui::col("To"), ui::num("Days"), ui::num("Unpaid")])
            .rows(rows)
            .narrow();
        let note = ui::muted("This is worked out and not posted: nothing is owed until a person charges it.");
        ui::grid([(6, Html::from(facts).and(note)), (6, slices.into())]).into()
    }
}
