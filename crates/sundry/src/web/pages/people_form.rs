//! One form about a person: a notice, who acts, a need, a joint debtor, a new address. The fields say what they are.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// What a field takes.
#[derive(Clone, Debug)]
pub enum Takes {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A date.
    Date,
    /// One of these: value and words.
    One(Vec<(String, String)>),
    /// Any of these: value and words.
    Any(Vec<(String, String)>),
    /// A file, as in `.pdf,.png`.
    File(&'static str),
}

/// A field.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its name, which is that of the desk's.
    pub name: &'static str,
    /// What is asked.
    pub label: &'static str,
    /// More, where the label does not say it.
    pub hint: &'static str,
    /// What it takes.
    pub takes: Takes,
    /// What was typed or chosen.
    pub typed: Vec<String>,
}

impl Field {
    /// A field with nothing in it.
    pub fn of(name: &'static str, label: &'static str, takes: Takes) -> Field {
        Field { name, label, hint: "", takes, typed: Vec::new() }
    }

    /// The same with a hint.
    #[must_use]
    pub fn hint(mut self, hint: &'static str) -> Field {
        self.hint = hint;
        self
    }

    /// The same, filled in.
    #[must_use]
    pub fn with(mut self, typed: impl Into<String>) -> Field {
        self.typed = vec![typed.into()];
        self
    }

    fn first(&self) -> &str {
        self.typed.first().map_or("", String::as_str)
    }

    fn html(&self, errors: &ui::Errors) -> Html {
        // A hint that says nothing would still be read out.
        macro_rules! hinted {
            ($field:expr) => {{
                let field = $field.errors(errors);
                if self.hint.is_empty() { Html::from(field) } else { Html::from(field.hint(self.hint)) }
            }};
        }
        match &self.takes {
            Takes::Line => hinted!(ui::input(self.name, self.label, self.first())),
            Takes::Lines => hinted!(ui::textarea(self.name, self.label, self.first()).rows(3)),
            Takes::Date => hinted!(ui::date_input(self.name, self.label, self.first())),
            Takes::One(all) => hinted!(ui::select(self.name, self.label, self.first(), all.clone())),
            Takes::Any(all) => {
                let choice = |(value, words): &(String, String)| {
                    ui::choice(value.clone(), words.clone()).chosen(self.typed.contains(value))
                };
                hinted!(ui::checkboxes(self.name, self.label, all.iter().map(choice)))
            }
            Takes::File(accept) => hinted!(ui::file_field(self.name, self.label, accept)),
        }
    }
}

/// The form.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PeopleForm {
    /// The frame.
    pub frame: Frame,
    /// The heading.
    pub title: String,
    /// The way back: address and words.
    pub back: (String, String),
    /// Where it is sent.
    pub action: String,
    /// The words on its button.
    pub verb: &'static str,
    /// What to know before, or nothing.
    pub note: String,
    /// The fields, in order.
    pub fields: Vec<Field>,
}

impl PeopleForm {
    /// The heading.
    pub fn heading(&self) -> String {
        self.title.clone()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let pair = |value: &str, words: &str| (value.to_owned(), words.to_owned());
        let page = |frame| Self {
            frame,
            title: "Who acts for Joyce Pemberton".into(),
            back: ("/customers/C103316".into(), "Joyce Pemberton".into()),
            action: "/customers/C103316/representatives".into(),
            verb: "Record who acts",
            note: "Until a copy of the document is added they may do nothing.".into(),
            fields: vec![
                Field::of("authority", "By what authority?", Takes::One(vec![pair("deputy", "Deputy")])),
                Field::of("name", "Name", Takes::Line).with("Jan Webb"),
                Field::of(
                    "scope",
                    "What may they do?",
                    Takes::Any(vec![pair("letters", "Get the letters"), pair("speak", "Talk to us")]),
                )
                .hint("What the document says, and no more."),
                Field::of("to_on", "Until", Takes::Date).hint("Leave empty if it does not end by itself."),
                Field::of("document", "The document", Takes::Lines),
                Field::of("file", "A copy", Takes::File(".pdf")),
            ],
        };
        let wrong = Frame::sample("Customers").wrong("scope", "Choose what they may do").wrong("name", "Enter a name");
        vec![("empty", page(Frame::sample("Customers"))), ("error", page(wrong))]
    }
}

impl Plain for PeopleForm {
    fn above(&self) -> Html {
        ui::breadcrumbs([self.back.clone()]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let note = if self.note.is_empty() { Html::default() } else { Html::from(ui::muted(&self.note)) };
        let fields = self.fields.iter().fold(note, |all, field| all.and(field.html(errors)));
        let form = ui::post_form(self.action.clone(), self.frame.tokens("person"), fields.and(ui::button(self.verb)));
        let files = self.fields.iter().any(|field| matches!(field.takes, Takes::File(_)));
        let form = if files { form.with_file() } else { form.guarded() };
        ui::grid([(7, Html::from(form))]).into()
    }
}
