//! The page of a service that is asked what is to be done about a debt: one question, no account.

use crate::web::ui::{self, Errors, Html};
use askama::Template;
use sundry_desk::writeoff::LinkedReferral;
use sundry_domain::money::Pence;

/// What who holds a link sees; nobody is signed in.
#[derive(Debug, Template)]
#[template(path = "pages/ask.html")]
pub struct Refer {
    /// Who asks.
    pub organisation: String,
    /// The token of the link.
    pub token: String,
    /// A fresh key, so that pressing twice answers once.
    pub form_key: String,
    /// What stands here.
    pub what: ReferState,
    /// What is to be put right.
    pub errors: Errors,
    /// Answer, words and name as typed.
    pub typed: [String; 3],
}

/// Where the question stands.
#[derive(Clone, Debug)]
pub enum ReferState {
    /// It may be answered.
    Open(Box<LinkedReferral>),
    /// It is answered: the reference.
    Answered(String),
    /// The link cannot be used: why, and the way out.
    Ended(String, String),
}

impl Refer {
    /// The heading.
    pub fn heading(&self) -> String {
        match &self.what {
            ReferState::Open(link) => format!("A decision about {}", link.reference),
            ReferState::Answered(_) => "Thank you, your answer is with us".into(),
            ReferState::Ended(..) => "This link cannot be used".into(),
        }
    }

    /// Whether the title must start with "Error: ".
    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Everything under the heading.
    pub fn body(&self) -> Html {
        match &self.what {
            ReferState::Answered(reference) => {
                let says = format!("Your answer about {reference} has been passed to the person who asked.");
                Html::from(ui::para(says)).and(ui::para("You can close this page."))
            }
            ReferState::Ended(why, way_out) => {
                Html::from(ui::para(format!("{why}."))).and(ui::para(format!("{way_out}.")))
            }
            ReferState::Open(link) => self.open(link),
        }
    }

    fn open(&self, link: &LinkedReferral) -> Html {
        let asked = match link.purpose.as_str() {
            "suspension" => "Before this debt goes to court: is the service to go on, or to be suspended?",
            _ => "This debt may be given up. What is your view?",
        };
        let facts = ui::summary_list()
            .fact("Invoice", &link.invoice)
            .fact("Service", &link.service)
            .fact("Not paid", Pence(link.open_pence))
            .fact_if("More", &link.question)
            .fact("Answer by", ui::long_date(link.answer_by));
        let goes_on = match link.goes_on.as_str() {
            "" => Html::default(),
            words => ui::muted(format!("{words}.")).into(),
        };
        let body = Html::from(
            ui::radios("answer", "What is to be done?", &self.typed[0], link.answers.clone()).errors(&self.errors),
        )
        .and(goes_on)
        .and(
            ui::textarea("words", "Why?", &self.typed[1])
                .hint("Do not name people or give bank or health details: the reference is enough.")
                .rows(4)
                .errors(&self.errors),
        )
        .and(ui::input("name", "Your name", &self.typed[2]).autocomplete("name").width(30).errors(&self.errors))
        .and(ui::button("Send answer"));
        let form = ui::post_form(format!("/refer/{}", self.token), ui::hidden("form_key", &self.form_key), body);
        Html::from(ui::para(asked)).and(facts).and(form)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let link = |goes_on: &str| LinkedReferral {
            organisation: "Northmere Council".into(),
            reference: "REF-000004".into(),
            invoice: "INV-000123".into(),
            service: "Halls".into(),
            open_pence: 90_000,
            purpose: "suspension".into(),
            question: String::new(),
            answers: vec![
                ("continue".into(), "Continue".into()),
                ("suspend".into(), "Suspend".into()),
                ("write_off".into(), "Write off".into()),
                ("court".into(), "Court".into()),
            ],
            goes_on: goes_on.into(),
            answer_by: super::sampled::on(2026, 11, 24),
            answered: false,
        };
        let page = |what, errors| Self {
            organisation: "Northmere Council".into(),
            token: "t".into(),
            form_key: "k".into(),
            what,
            errors,
            typed: [const { String::new() }; 3],
        };
        let wrong = Errors::none().with("answer", "Choose what is to be done").with("name", "Enter who answers");
        let care = "Care that meets eligible needs is never suspended for a debt";
        vec![
            ("open", page(ReferState::Open(Box::new(link(""))), Errors::none())),
            ("care", page(ReferState::Open(Box::new(link(care))), Errors::none())),
            ("error", page(ReferState::Open(Box::new(link(""))), wrong)),
            ("answered", page(ReferState::Answered("REF-000004".into()), Errors::none())),
            (
                "ended",
                page(
                    ReferState::Ended("This link has ended".into(), "Ask the team that sent it for a new link".into()),
                    Errors::none(),
                ),
            ),
        ]
    }
}
