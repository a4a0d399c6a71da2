//! Doing one thing to several accounts: the check page lists them, with what is asked once.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BulkAct {
    /// The same note on each.
    Note,
    /// A hold on each.
    Hold,
}

/// The check page of something done to several accounts.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Bulk {
    /// The frame.
    pub frame: Frame,
    /// What is done.
    pub act: BulkAct,
    /// The accounts: number and name.
    pub accounts: Vec<(String, String)>,
    /// How many, and what they owe.
    pub summary: String,
    /// The note, or why they are held.
    pub words: String,
    /// Reasons of a hold: value and words.
    pub reasons: Vec<(String, String)>,
    /// The reason chosen.
    pub reason: String,
    /// Until, as typed.
    pub until: String,
}

impl Bulk {
    /// The heading.
    pub fn heading(&self) -> String {
        match self.act {
            BulkAct::Note => "Add a note to several accounts".to_owned(),
            BulkAct::Hold => "Put several accounts on hold".to_owned(),
        }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, act| Self {
            frame,
            act,
            accounts: vec![("C103316".into(), "Joyce Pemberton".into()), ("C100848".into(), "Grace Okafor".into())],
            summary: "2 accounts, £4,113.80 overdue".into(),
            words: String::new(),
            reasons: vec![("complaint".into(), "Complaint".into()), ("legal".into(), "Legal".into())],
            reason: String::new(),
            until: String::new(),
        };
        let wrong = Frame::sample("Worklist").wrong("words", "Enter why, in up to 2,000 characters");
        vec![
            ("note", page(Frame::sample("Worklist"), BulkAct::Note)),
            ("hold", page(Frame::sample("Worklist"), BulkAct::Hold)),
            ("error", page(wrong, BulkAct::Hold)),
        ]
    }
}

impl Plain for Bulk {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/work", "Worklist")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let rows = self
            .accounts
            .iter()
            .map(|(number, name)| ui::row().cell(ui::link(format!("/customers/{number}"), name)).cell(number));
        let list = ui::table("Accounts").columns([ui::col("Customer"), ui::col("Account")]).rows(rows).narrow();
        let chosen = ui::parts(self.accounts.iter().map(|(number, _)| ui::hidden("account", number)));
        let words = |label: &str| {
            ui::textarea("words", label, &self.words).hint("Each customer can ask to see this.").errors(errors)
        };
        let (fields, verb, action) = match self.act {
            BulkAct::Note => (Html::from(words("Note")), "Add note", "/work/note"),
            BulkAct::Hold => {
                let until = ui::date_input("until", "Until", &self.until)
                    .hint("For example, 17/12/26 or +30. Leave empty while it is not known.")
                    .errors(errors);
                let fields =
                    Html::from(ui::radios("reason", "Why?", &self.reason, self.reasons.clone()).errors(errors))
                        .and(until)
                        .and(words("What should the next person know?"));
                (fields, "Put on hold", "/work/hold")
            }
        };
        let form = ui::post_form(action, self.frame.tokens("bulk"), chosen.and(fields).and(ui::button(verb))).guarded();
        ui::grid([(6, Html::from(ui::panel(&self.summary, list))), (6, form.into())]).into()
    }
}
