//! What a customer asks of our documents, on one page.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::customers::receiver::{DocumentWay, NumberCharacters};

/// The rules of a customer.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Receiver {
    /// The frame; errors belong to the fields by name.
    pub frame: Frame,
    /// Account: number and name.
    pub customer: (String, String),
    /// The version that was read.
    pub version: i64,
    /// What was typed, by field.
    pub typed: TypedRules,
}

/// The rules as typed.
#[derive(Clone, Debug, Default)]
pub struct TypedRules {
    /// letters, peppol or portal.
    pub way: String,
    /// Participant id.
    pub participant: String,
    /// Name of the portal.
    pub portal: String,
    /// Their VAT number.
    pub vat_number: String,
    /// Ticked: an order is required.
    pub order_needed: bool,
    /// How it looks.
    pub order_pattern: String,
    /// Ticked: a reference is required.
    pub reference_needed: bool,
    /// What they call it.
    pub reference_name: String,
    /// How it looks.
    pub reference_pattern: String,
    /// The usual one.
    pub reference_usual: String,
    /// any, digits or letters_digits.
    pub number_characters: String,
    /// How long our numbers may be.
    pub number_longest: String,
    /// Days ahead.
    pub future_days: String,
    /// Size of a PDF.
    pub pdf_longest_kb: String,
    /// Ticked: the PDF carries the invoice as data.
    pub hybrid: bool,
}

impl Receiver {
    /// The heading.
    pub fn heading(&self) -> String {
        "What this customer asks of our documents".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let typed = TypedRules {
            way: "peppol".into(),
            participant: "0088:5790000435944".into(),
            order_needed: true,
            order_pattern: "PO######".into(),
            reference_name: "XX reference".into(),
            number_characters: "any".into(),
            hybrid: true,
            ..TypedRules::default()
        };
        let page = |frame, typed| Self {
            frame,
            customer: ("C103316".into(), "Tidewater Housing Association".into()),
            version: 2,
            typed,
        };
        let wrong = Frame::sample("Customers").wrong("participant", "Enter a GLN of 13 digits");
        let empty = TypedRules { way: "letters".into(), number_characters: "any".into(), ..TypedRules::default() };
        vec![
            ("full", page(Frame::sample("Customers"), typed.clone())),
            ("error", page(wrong, typed)),
            ("empty", page(Frame::sample("Customers"), empty)),
        ]
    }
}

impl Plain for Receiver {
    fn above(&self) -> Html {
        let (number, name) = &self.customer;
        ui::breadcrumbs([
            ("/customers".to_owned(), "Customers".to_owned()),
            (format!("/customers/{number}/details"), format!("{name}, {number}")),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let (t, errors) = (&self.typed, &self.frame.errors);
        let input = |id: &str, label: &str, value: &str, hint: &str| {
            ui::input(id, label, value).width(20).hint(hint).errors(errors)
        };
        let tick = |id: &str, label: &str, words: &str, on: bool| {
            ui::checkboxes(id, label, [ui::choice("yes", words).chosen(on)]).errors(errors)
        };
        let pattern = "# a digit, @ a letter, ? either, * anything after; empty for any";
        let ways = DocumentWay::ALL.map(|way| (way.as_str(), way.name()));
        let characters = NumberCharacters::ALL.map(|one| (one.as_str(), one.name()));
        let body = ui::hidden("version", self.version.to_string())
            .and(ui::radios("way", "How invoices and credit notes go", &t.way, ways).errors(errors))
            .and(input("participant", "Peppol participant id", &t.participant, "For example, 0088:5790000435944"))
            .and(input("portal", "Name of their portal", &t.portal, "For example, Tradeshift"))
            .and(input("vat_number", "Their VAT number", &t.vat_number, "If they gave one"))
            .and(tick("order_needed", "Purchase order", "They pay nothing without one", t.order_needed))
            .and(input("order_pattern", "How their orders look", &t.order_pattern, pattern))
            .and(tick("reference_needed", "Their own reference", "They pay nothing without it", t.reference_needed))
            .and(input("reference_name", "What they call it", &t.reference_name, "For example, XX reference"))
            .and(input("reference_pattern", "How it looks", &t.reference_pattern, pattern))
            .and(input("reference_usual", "Their usual one", &t.reference_usual, "It goes on where none is typed"))
            .and(
                ui::radios("number_characters", "Our numbers may be made of", &t.number_characters, characters)
                    .errors(errors),
            )
            .and(input("number_longest", "Most characters in our numbers", &t.number_longest, "Empty for any"))
            .and(input("future_days", "Most days before the day of supply", &t.future_days, "Empty for any"))
            .and(tick("hybrid", "Data inside the PDF", "Their PDF invoices carry the invoice as data too", t.hybrid))
            .and(input("pdf_longest_kb", "Largest PDF, in thousands of bytes", &t.pdf_longest_kb, "Empty for any"))
            .and(ui::button("Keep these rules"));
        let action = format!("/customers/{}/receiver", self.customer.0);
        ui::post_form(action, self.frame.tokens("receiver"), body).into()
    }
}
