//! Recording money taken by hand: cash, or a card at the counter.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// Money taken by hand.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct HandReceipt {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// How it came.
    pub method: String,
    /// How much, as typed.
    pub amount: String,
    /// When, as typed.
    pub received_on: String,
    /// Who paid, as typed.
    pub payer: String,
    /// What people will look for, as typed.
    pub words: String,
}

impl HandReceipt {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Record money from {}", self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            method: "cash".into(),
            amount: String::new(),
            received_on: "19 Nov 2026".into(),
            payer: String::new(),
            words: String::new(),
        };
        let wrong = Frame::sample("Cash").wrong("amount", "Enter how much came");
        vec![("empty", page(Frame::sample("Cash"))), ("error", page(wrong))]
    }
}

impl Plain for HandReceipt {
    fn above(&self) -> Html {
        let account = format!("/customers/{}", self.account);
        ui::breadcrumbs([("/customers".to_owned(), "Customers".to_owned()), (account, self.customer.clone())]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let methods = [("cash", "Cash"), ("card", "Card at the counter")];
        let body = Html::from(ui::radios("method", "How did it come?", &self.method, methods).errors(errors))
            .and(ui::amount_input("amount", "How much", &self.amount).errors(errors))
            .and(ui::date_input("received_on", "When", &self.received_on).errors(errors))
            .and(ui::input("payer", "Who paid, if someone else", &self.payer).width(30).errors(errors))
            .and(
                ui::input("words", "Number of the till slip", &self.words)
                    .hint("What people will look for. Never a card number")
                    .width(30)
                    .errors(errors),
            )
            .and(ui::muted("It stands on the account; you choose next what it pays."))
            .and(ui::button("Record it"));
        ui::post_form(format!("/customers/{}/receipt", self.account), self.frame.tokens("receipt"), body)
            .guarded()
            .into()
    }
}
