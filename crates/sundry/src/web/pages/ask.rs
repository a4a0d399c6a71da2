//! The page of a service that was asked: one question, no account, no more about anybody than it takes.

use crate::web::ui::{self, Errors, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// What who holds a link sees; nobody is signed in.
#[derive(Debug, Template)]
#[template(path = "pages/ask.html")]
pub struct Ask {
    /// Who asks.
    pub organisation: String,
    /// The token of the link.
    pub token: String,
    /// A fresh key, so that pressing twice answers once.
    pub form_key: String,
    /// What stands here.
    pub what: AskState,
    /// What is to be put right.
    pub errors: Errors,
    /// The answer as typed.
    pub answer: String,
    /// The name as typed.
    pub name: String,
}

/// Where the question stands.
#[derive(Clone, Debug)]
pub enum AskState {
    /// It may be answered.
    Open {
        /// The pseudonymous reference.
        reference: String,
        /// The invoice.
        invoice: String,
        /// How much is in query.
        in_query: Pence,
        /// The question.
        question: String,
        /// By when.
        answer_by: NaiveDate,
    },
    /// It is answered: the reference.
    Answered(String),
    /// The link cannot be used: why, and the way out.
    Ended(String, String),
}

impl Ask {
    /// The heading.
    pub fn heading(&self) -> String {
        match &self.what {
            AskState::Open { reference, .. } => format!("A question about {reference}"),
            AskState::Answered(_) => "Thank you, your answer is with us".into(),
            AskState::Ended(..) => "This link cannot be used".into(),
        }
    }

    /// Whether the title must start with "Error: ".
    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Everything under the heading.
    pub fn body(&self) -> Html {
        match &self.what {
            AskState::Answered(reference) => {
                let says = format!("Your answer about {reference} has been passed to the person who asked.");
                Html::from(ui::para(says))
                    .and(ui::para("You can close this page. The link cannot be used to answer again."))
            }
            AskState::Ended(why, way_out) => {
                Html::from(ui::para(format!("{why}."))).and(ui::para(format!("{way_out}.")))
            }
            AskState::Open { invoice, in_query, question, answer_by, .. } => {
                let facts = ui::summary_list()
                    .fact("Question", question)
                    .fact_if("Invoice", invoice)
                    .fact("Amount in query", in_query.to_string())
                    .fact("Answer by", ui::long_date(*answer_by));
                Html::from(facts).and(self.form())
            }
        }
    }

    fn form(&self) -> Html {
        let body = Html::from(
            ui::textarea("answer", "Your answer", &self.answer)
                .hint("Do not name people or give bank or health details: the reference is enough.")
                .rows(8)
                .errors(&self.errors),
        )
        .and(ui::input("name", "Your name", &self.name).autocomplete("name").width(30).errors(&self.errors))
        .and(
            ui::file_field(
                "file",
                "A file that shows it, if there is one",
                ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.eml,.csv,.txt",
            )
            .hint("A PDF, picture, e-mail, document or workbook, up to 20 MB.")
            .errors(&self.errors),
        )
        .and(ui::button("Send answer"));
        let key = ui::hidden("form_key", &self.form_key);
        ui::post_form(format!("/ask/{}", self.token), key, body).with_file().into()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |what, errors| Self {
            organisation: "Northmere Council".into(),
            token: "t".into(),
            form_key: "k".into(),
            what,
            errors,
            answer: String::new(),
            name: String::new(),
        };
        let open = || AskState::Open {
            reference: "QRY-000311".into(),
            invoice: "7104396".into(),
            in_query: Pence(12_671),
            question: "Were the seven visits of the week of 5 October 2026 made?".into(),
            answer_by: super::sampled::on(2026, 11, 26),
        };
        let wrong = Errors::none()
            .with("answer", "Enter your answer, in at most 4,000 characters")
            .with("name", "Enter your name");
        vec![
            ("open", page(open(), Errors::none())),
            ("error", page(open(), wrong)),
            ("answered", page(AskState::Answered("QRY-000311".into()), Errors::none())),
            (
                "ended",
                page(
                    AskState::Ended("This link has ended".into(), "Ask the team that sent it for a new link".into()),
                    Errors::none(),
                ),
            ),
        ]
    }
}
