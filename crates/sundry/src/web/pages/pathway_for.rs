//! Whose debts a pathway is for, as a form of its draft.

use super::pathway_edit::Typed;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// Choices of several: value and words, and the values that are ticked.
#[derive(Clone, Debug, Default)]
pub struct Several {
    /// Value and words of each.
    pub all: Vec<(String, String)>,
    /// What is ticked.
    pub ticked: Vec<String>,
}

impl Several {
    fn field(&self, id: &str, label: &str, hint: &str, errors: &ui::Errors) -> ui::Checkboxes {
        let choices = self.all.iter().map(|(value, words)| {
            ui::choice(value.clone(), words.clone()).chosen(self.ticked.iter().any(|one| one == value))
        });
        ui::checkboxes(id, label, choices).hint(hint).errors(errors)
    }
}

/// Who a pathway is for.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PathwayForPage {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// In addresses.
    pub code: String,
    /// Name of the pathway.
    pub name: String,
    /// The version it would be.
    pub version: i64,
    /// What was read of the draft; 0 where it is not begun.
    pub changes: i64,
    /// For whom the draft is, in a sentence.
    pub sentence: String,
    /// What was typed.
    pub typed: Typed,
    /// Kinds of customer.
    pub kinds: Several,
    /// Flags of which one must be there.
    pub with_flags: Several,
    /// Flags that must not be there.
    pub without_flags: Several,
}

impl PathwayForPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: who version {} is for", self.name, self.version)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let pair = |value: &str, words: &str| (value.to_owned(), words.to_owned());
        let several = |all: &[(&str, &str)], ticked: &[&str]| Several {
            all: all.iter().map(|(value, words)| pair(value, words)).collect(),
            ticked: ticked.iter().map(|one| (*one).to_owned()).collect(),
        };
        let fields = [("begins", "itself"), ("rank", "30"), ("debt_types", "care"), ("most", "5000.00")];
        let page = |frame| Self {
            frame,
            code: "care".into(),
            name: "Care charges".into(),
            version: 2,
            changes: 3,
            sentence: "For debts of individuals of a debt type with care in it.".into(),
            typed: fields.iter().map(|(field, value)| pair(field, value)).collect(),
            kinds: several(&[("individual", "Individual"), ("company", "Company")], &["individual"]),
            with_flags: several(&[("vulnerable", "Vulnerable")], &[]),
            without_flags: several(&[("vulnerable", "Vulnerable")], &["vulnerable"]),
        };
        let wrong = Frame::sample("Recovery").wrong("most", "Enter an amount in pounds, such as 1284.50");
        vec![("full", page(Frame::sample("Recovery"))), ("error", page(wrong))]
    }

    fn field(&self, id: &str, label: &str, hint: &str, width: u8) -> ui::Input {
        let typed = self.typed.get(id).map_or("", String::as_str);
        let input = ui::input(id, label, typed).width(width).errors(&self.frame.errors);
        if hint.is_empty() { input } else { input.hint(hint) }
    }

    fn rank(&self) -> Html {
        let begins = [
            ("itself", "By themselves, where they fit what is said here"),
            ("chosen", "Only where somebody puts them on it, with a reason"),
        ];
        let typed = self.typed.get("begins").map_or("itself", String::as_str);
        let hint = "From 0 to 1,000. Of several pathways that a debt fits, the one with the highest rank takes it.";
        Html::from(ui::radios("begins", "Debts begin on it", typed, begins).errors(&self.frame.errors))
            .and(self.field("rank", "Rank", hint, 5))
            .and(self.kinds.field("kinds", "Kinds of customer", "None ticked: every kind.", &self.frame.errors))
            .and(self.field("debt_types", "Debt types", "Words in the debt type, parted by commas", 30))
            .and(self.field("services", "Services", "By their name, parted by commas", 30))
    }

    fn facts(&self) -> Html {
        let errors = &self.frame.errors;
        let none = "The customer has none of these.";
        Html::from(self.field("least", "At least, in pounds", "", 10))
            .and(self.field("most", "At most, in pounds", "", 10))
            .and(self.with_flags.field("with_flags", "Only with a flag", "The customer has one of these.", errors))
            .and(self.without_flags.field("without_flags", "Only without a flag", none, errors))
            .and(self.field("least_score", "History: at least", "From 0, paid late, to 100, paid in time", 5))
            .and(self.field("most_score", "History: at most", "", 5))
    }
}

impl Plain for PathwayForPage {
    fn above(&self) -> Html {
        let here = format!("/recovery/pathways/{}", self.code);
        let places = [
            ("/recovery/pathways".to_owned(), "Pathways".to_owned()),
            (here.clone(), self.name.clone()),
            (format!("{here}/draft"), "Draft".to_owned()),
        ];
        ui::breadcrumbs(places).into()
    }

    fn caption(&self) -> Html {
        (&self.sentence).into()
    }

    fn body(&self) -> Html {
        let body = ui::hidden("changes", self.changes.to_string())
            .and(ui::grid([
                (6, Html::from(ui::panel("Whose debts", self.rank()))),
                (6, Html::from(ui::panel("Only if", self.facts()))),
            ]))
            .and(ui::button("Save"));
        let action = format!("/recovery/pathways/{}/for", self.code);
        ui::post_form(action, self.frame.tokens("for"), body).guarded().into()
    }
}
