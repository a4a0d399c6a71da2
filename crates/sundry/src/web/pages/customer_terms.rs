//! The payment terms of one customer.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// The payment terms of a customer.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct TermsOfCustomer {
    /// The frame; errors belong to `terms`.
    pub frame: Frame,
    /// Account: number and name.
    pub customer: (String, String),
    /// Days to pay without terms.
    pub days: i64,
    /// The terms that can be chosen: code and name.
    pub choices: Vec<(String, String)>,
    /// What was chosen.
    pub typed: String,
}

impl TermsOfCustomer {
    /// The heading.
    pub fn heading(&self) -> String {
        "Payment terms of this customer".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, typed: &str| Self {
            frame,
            customer: ("C103316".into(), "Calder Ltd".into()),
            days: 30,
            choices: vec![("2PC-10".into(), "2% within 10 days, 30 days".into())],
            typed: typed.into(),
        };
        let wrong = Frame::sample("Customers").wrong("terms", "Choose payment terms from the list");
        vec![("full", page(Frame::sample("Customers"), "2PC-10")), ("error", page(wrong, ""))]
    }

    fn at(&self) -> String {
        format!("/customers/{}", crate::web::door::path_part(&self.customer.0))
    }
}

impl Plain for TermsOfCustomer {
    fn above(&self) -> Html {
        let (number, name) = &self.customer;
        let account = (format!("{}/details", self.at()), format!("{name}, {number}"));
        ui::breadcrumbs([("/customers".to_owned(), "Customers".to_owned()), account]).into()
    }

    fn body(&self) -> Html {
        let days = format!("None: due after {}", ui::count_of(self.days, "day", "days"));
        let none = (String::new(), days);
        let all = std::iter::once(none).chain(self.choices.iter().map(|(code, name)| (code.clone(), name.clone())));
        let choices = all.map(|(code, name)| ui::choice(code, name));
        let body = Html::from(ui::para(
            "They count for an invoice where neither terms, a due date nor instalments are chosen. Periodic billing and \
             charges from other systems are due by the contract's days or the customer's.",
        ))
        .and(ui::select("terms", "Payment terms", &self.typed, choices).errors(&self.frame.errors))
        .and(ui::button("Save"));
        ui::post_form(format!("{}/payment-terms", self.at()), self.frame.tokens("terms"), body).guarded().into()
    }
}
