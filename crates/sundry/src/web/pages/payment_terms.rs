//! Payment terms: those there are, and the form that adds some.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// Payment terms.
#[derive(Clone, Debug)]
pub struct TermsLine {
    /// Code.
    pub code: String,
    /// For people.
    pub name: String,
    /// `50% in 14 days, 50% in 42 days`.
    pub parts: String,
    /// `2% within 10 days`; empty for none.
    pub discount: String,
    /// Whether they can be chosen.
    pub active: bool,
}

/// All payment terms.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PaymentTerms {
    /// The frame.
    pub frame: Frame,
    /// Those in use first.
    pub rows: Vec<TermsLine>,
    /// Whether the reader adds and ends them.
    pub may_manage: bool,
    /// What was typed: code, name, discount, days for it.
    pub typed: [String; 4],
    /// Share and days of each part, as typed.
    pub parts: Vec<(String, String)>,
}

impl PaymentTerms {
    /// The heading.
    pub fn heading(&self) -> String {
        "Payment terms".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = |code: &str, name: &str, parts: &str, discount: &str, active| TermsLine {
            code: code.into(),
            name: name.into(),
            parts: parts.into(),
            discount: discount.into(),
            active,
        };
        let rows = vec![
            line("2PC-10", "2% within 10 days, 30 days", "all in 30 days", "2% within 10 days", true),
            line("HALVES", "Half at once, half in six weeks", "50% in 14 days, 50% in 42 days", "", true),
            line("OLD", "Sixty days", "all in 60 days", "", false),
        ];
        let page = |frame, rows| Self {
            frame,
            rows,
            may_manage: true,
            typed: ["THIRDS".into(), "In thirds".into(), String::new(), String::new()],
            parts: vec![
                ("33.34".into(), "30".into()),
                ("33".into(), "60".into()),
                Default::default(),
                Default::default(),
            ],
        };
        let wrong = Frame::sample("Billing").wrong("share-1", "The shares add up to 66.34%, not to 100%");
        let reader = Self { may_manage: false, ..page(Frame::sample("Billing"), rows.clone()) };
        vec![
            ("full", page(Frame::sample("Billing"), rows.clone())),
            ("error", page(wrong, rows)),
            ("reader", reader),
            ("empty", page(Frame::sample("Billing"), Vec::new())),
        ]
    }

    fn form(&self) -> Html {
        if !self.may_manage {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let [code, name, discount, days] = &self.typed;
        let parts = (1..).zip(&self.parts).fold(Html::default(), |all, (n, (share, days))| {
            all.and(ui::row_of([
                ui::input(format!("share-{n}"), format!("Share of part {n}, %"), share).width(5).errors(errors),
                ui::input(format!("days-{n}"), format!("Days of part {n}"), days)
                    .width(5)
                    .input_mode("numeric")
                    .errors(errors),
            ]))
        });
        let early = ui::row_of([
            ui::input("discount", "Discount for paying early, %", discount).width(5).errors(errors),
            ui::input("discount_days", "Within days", days).width(5).input_mode("numeric").errors(errors),
        ]);
        let body = Html::from(ui::row_of([
            ui::input("code", "Code", code).width(10).errors(errors),
            ui::input("name", "Name", name).width(20).errors(errors),
        ]))
        .and(parts)
        .and(early)
        .and(ui::para(
            "VAT is charged on the full price. When the discount is taken, a credit note lowers the price and the VAT.",
        ))
        .and(ui::button("Add these terms"));
        let form = ui::post_form("/billing/payment-terms/add", self.frame.tokens("add"), body).guarded();
        ui::panel("Add payment terms", form).into()
    }

    fn set_button(&self, row: &TermsLine) -> Html {
        if !self.may_manage {
            return Html::default();
        }
        let (active, verb) = if row.active { ("no", "End") } else { ("yes", "Offer again") };
        let kept = ui::hidden("active", active);
        let verb = ui::button(format!("{verb} {}", row.code)).secondary();
        let form = format!("set-{}", row.code);
        ui::post_form(format!("/billing/payment-terms/{}/set", row.code), self.frame.tokens(&form), kept.and(verb))
            .into()
    }
}

impl Plain for PaymentTerms {
    fn above(&self) -> Html {
        // Who keeps the settings sees no invoices.
        match self.frame.opens("/billing") {
            true => ui::breadcrumbs([("/billing", "Billing")]).into(),
            false => super::admin::tabs(&self.frame, "/billing/payment-terms"),
        }
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            let say = "Invoices are due by the days of each customer until there are others.";
            return Html::from(ui::empty("There are no payment terms", say)).and(self.form());
        }
        let rows = self.rows.iter().map(|row| {
            let state = match row.active {
                true => ui::tag("In use", ui::TagColour::Green),
                false => ui::tag("Ended", ui::TagColour::Grey),
            };
            let row_of =
                ui::row().cell(&row.code).cell(&row.name).cell(&row.parts).cell(ui::or_dash(&row.discount)).cell(state);
            if self.may_manage { row_of.cell(self.set_button(row)) } else { row_of }
        });
        let mut columns = vec![
            ui::col("Code").nowrap(),
            ui::col("Name"),
            ui::col("To be paid"),
            ui::col("For paying early"),
            ui::col("State"),
        ];
        if self.may_manage {
            columns.push(ui::col("Change"));
        }
        Html::from(ui::table("Payment terms").columns(columns).rows(rows)).and(self.form())
    }
}
