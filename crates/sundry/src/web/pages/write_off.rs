//! Asking to give a debt up; somebody else decides.

use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::money::Pence;

/// Asking to write a debt off.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct WriteOffForm {
    /// The frame.
    pub frame: Frame,
    /// The item.
    pub number: String,
    /// What is open on it.
    pub open: Pence,
    /// How much, as typed.
    pub amount: String,
    /// Reasons: value and words.
    pub reasons: Vec<(String, String)>,
    /// Reason chosen.
    pub reason: String,
    /// The evidence.
    pub words: String,
}

impl WriteOffForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Ask to write off {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            number: "7104211".into(),
            open: Pence(28_704),
            amount: "287.04".into(),
            reasons: vec![("untraceable".into(), "Cannot be found".into())],
            reason: String::new(),
            words: String::new(),
        };
        let wrong =
            Frame::sample("Billing").wrong("reason", "Choose why from the list").wrong("words", "Enter the evidence");
        vec![("empty", page(Frame::sample("Billing"))), ("error", page(wrong))]
    }
}

impl Plain for WriteOffForm {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/billing".to_owned(), "Billing".to_owned()),
            (invoice_at(&self.number), self.number.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let amount = ui::amount_input("amount", "How much", &self.amount).hint(format!("{} is open", self.open));
        let body = Html::from(amount.errors(errors))
            .and(ui::radios("reason", "Why?", &self.reason, self.reasons.clone()).errors(errors))
            .and(ui::textarea("words", "The evidence, for the approver", &self.words).errors(errors))
            .and(ui::muted("Someone else must approve it. Until then the debt stays as it is."))
            .and(ui::button("Ask for approval"));
        ui::post_form(format!("{}/write-off", invoice_at(&self.number)), self.frame.tokens("write-off"), body)
            .guarded()
            .into()
    }
}
