//! One query: what is asked, what is held, the evidence, what was done, and what may be done now.

use super::account::Happening;
use super::plain::Plain;
use super::queries::QueryRow;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;
use sundry_domain::queries::{Cause, Resolution};

/// One query.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Query {
    /// The frame.
    pub frame: Frame,
    /// The query.
    pub row: QueryRow,
    /// The line of the invoice it is about; empty where about all of it.
    pub line: String,
    /// How it came.
    pub came: String,
    /// Whose service it is about.
    pub service: String,
    /// What the customer says.
    pub says: String,
    /// What is held: none where nothing is; until when, where it ends by itself.
    pub held: Option<Option<NaiveDate>>,
    /// The service's answer; empty while there is none.
    pub answer: String,
    /// How it ended, what had gone wrong, and links to what came of it: key and value.
    pub end: Vec<(String, Html)>,
    /// What happened, newest first.
    pub story: Vec<Happening>,
    /// Files kept with it.
    pub files: Vec<KeptFile>,
    /// What the reader may do now.
    pub may: May,
    /// What else the reader may do now: word that is sent and verb.
    pub acts: Vec<(String, String)>,
    /// What could be credited.
    pub lines: Vec<Creditable>,
    /// Questions to services: words, and the id where it can be taken back.
    pub questions: Vec<(String, Option<i64>)>,
    /// Links that a home in which nothing leaves shows here.
    pub links: Vec<String>,
    /// To whom it was escalated: address and words.
    pub escalations: Vec<(String, String)>,
    /// Cases at ServiceNow: address, and words.
    pub desk_cases: Vec<(String, String)>,
    /// Whether a case can be opened there now.
    pub may_ask_desk: bool,
    /// What is typed to open one: question, days.
    pub desk_asking: [String; 2],
    /// What is typed to ask a service: service, to, question, days.
    pub asking: [String; 4],
    /// What was typed.
    pub typed: Typed,
}

/// A file kept with a case.
#[derive(Clone, Debug)]
pub struct KeptFile {
    /// Where it is opened.
    pub href: String,
    /// Its name.
    pub name: String,
    /// What it shows, who gave it, when.
    pub about: String,
}

/// What the reader may do with a query.
#[derive(Clone, Copy, Debug, Default)]
pub struct May {
    /// Work on it: files, handing over, the hold.
    pub work: bool,
    /// Answer it.
    pub answer: bool,
    /// Resolve it.
    pub resolve: bool,
    /// Ask a service about it.
    pub ask: bool,
    /// Move the day its hold ends.
    pub move_hold: bool,
}

/// A line of the invoice, and how much of it is to be credited.
#[derive(Clone, Debug)]
pub struct Creditable {
    /// Line number.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// Left before VAT.
    pub net: Pence,
    /// How much of that to credit, as typed.
    pub typed: String,
}

/// What was typed in the forms of a query.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The answer.
    pub answer: String,
    /// The outcome chosen.
    pub outcome: String,
    /// What the customer is told.
    pub words: String,
    /// What had gone wrong.
    pub cause: String,
    /// The invoice that took its place.
    pub rebilled_as: String,
    /// Whether the customer gets a letter: yes or no.
    pub letter: String,
    /// Who is to answer from now on.
    pub owner: String,
    /// The new last day of the hold.
    pub until: String,
    /// What a file shows.
    pub shows: String,
}

impl Query {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Query {}", self.row.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, answer: &str, may| Self {
            frame,
            row: super::queries::sample_row(),
            line: "2".into(),
            came: "Telephone call".into(),
            service: "Home care".into(),
            says: "I was in hospital, so the carers did not come.".into(),
            held: Some(Some(super::sampled::on(2027, 2, 17))),
            answer: answer.into(),
            end: Vec::new(),
            story: Vec::new(),
            files: vec![KeptFile {
                href: "/queries/Q-2026-0311/evidence/ab".into(),
                name: "visit-log-october-2026-signed-by-the-care-manager.pdf".into(),
                about: "Log of visits, from Adult Social Care, 12 November 2026".into(),
            }],
            may,
            acts: vec![("ask_customer".into(), "Wait for the customer".into()), ("withdraw".into(), "Withdraw".into())],
            lines: vec![Creditable {
                line: 1,
                description: "Home care, week of 5 October 2026, 7 visits of 45 minutes".into(),
                net: Pence(12_671),
                typed: String::new(),
            }],
            typed: Typed { letter: "yes".into(), ..Typed::default() },
            questions: vec![(
                "Home care was asked on 12 November 2026: Were the visits made? To be answered by 19 November 2026"
                    .into(),
                Some(1),
            )],
            links: Vec::new(),
            escalations: vec![(
                "/queries/Q-2026-0311/summary/late".into(),
                "Not answered in time, 18 November 2026".into(),
            )],
            asking: ["Home care".into(), String::new(), String::new(), "5".into()],
            desk_cases: vec![("/service-desk-cases/SNC-000032".into(), "CS0012350: Open there".into())],
            may_ask_desk: may.ask,
            desk_asking: [String::new(), "5".into()],
        };
        let all = May { work: true, answer: true, resolve: true, ask: true, move_hold: true };
        let wrong = Frame::sample("Recovery")
            .wrong("resolution", "Choose what becomes of the amount")
            .wrong("file", "Choose a file");
        let mut ended = page(Frame::sample("Recovery"), "The charge stands.", May::default());
        ended.end = vec![
            ("How it ended".into(), "The charge stands".into()),
            ("Cause".into(), "No error of ours".into()),
            ("Letter".into(), ui::link("/delivery/letters/LTR-000012", "LTR-000012")),
        ];
        ended.held = None;
        vec![
            ("open", page(Frame::sample("Recovery"), "", all)),
            ("answered", page(Frame::sample("Recovery"), "The charge stands.", May { answer: false, ..all })),
            ("ended", ended),
            ("error", page(wrong, "", all)),
        ]
    }
}

impl Plain for Query {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/queries".to_owned(), "Queries".to_owned()),
            (format!("/customers/{}", self.row.customer.0), self.row.customer.1.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let left = self.facts().and(ui::panel("Evidence", self.evidence()));
        let left = if self.questions.is_empty() && self.escalations.is_empty() && self.desk_cases.is_empty() {
            left
        } else {
            left.and(ui::panel("Asked and escalated", self.asked()))
        };
        let forms = self
            .answer_form()
            .and(self.ask_form())
            .and(self.desk_form())
            .and(self.resolve_form())
            .and(self.hand_over_form())
            .and(self.hold_form());
        let left = left.and(ui::panel("What happened", super::account::timeline(&self.story)));
        ui::grid([(7, left), (5, forms.and(self.act_form()))]).into()
    }
}

impl Query {
    fn facts(&self) -> Html {
        let row = &self.row;
        let invoice =
            if row.invoice.is_empty() { Html::from("–") } else { ui::link(invoice_at(&row.invoice), &row.invoice) };
        let held = match self.held {
            None => Html::from("Nothing: all of it may be chased"),
            Some(None) => Html::from("Until it is closed"),
            Some(Some(until)) => Html::from("Until it is closed, at the latest ").and(ui::long_date(until)),
        };
        let facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", row.customer.0), &row.customer.1))
            .fact("Invoice", invoice)
            .fact_if("Line", &self.line)
            .fact("In query", Html::from(row.amount).and(&row.state))
            .fact("Held", held)
            .fact("Category", &row.category)
            .fact_if("Service", &self.service)
            .fact("How it came", &self.came)
            .fact("Waits on", ui::or_dash(&row.waits_on))
            .fact("Answer due", ui::long_date(row.due))
            .fact("The customer says", &self.says)
            .fact_if("The answer", &self.answer);
        let facts = self.end.iter().fold(facts, |facts, (key, value)| facts.fact(key, value));
        facts.into()
    }

    fn evidence(&self) -> Html {
        let files = self
            .files
            .iter()
            .map(|file| Html::from(ui::para(ui::link(&file.href, &file.name).and(ui::sub_line(&file.about)))));
        let none =
            if self.files.is_empty() { ui::muted("No file is kept with it yet.").into() } else { Html::default() };
        let listed = none.and(ui::parts(files));
        if !self.may.work {
            return listed;
        }
        let errors = &self.frame.errors;
        let body = Html::from(
            ui::file_field("file", "Add a file", ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.eml,.csv,.txt")
                .hint("A PDF, picture, e-mail, document or workbook, up to 20 MB.")
                .errors(errors),
        )
        .and(ui::input("shows", "What does it show?", &self.typed.shows).errors(errors))
        .and(ui::button("Add file").secondary());
        let action = format!("/queries/{}/evidence", self.row.number);
        listed.and(ui::post_form(action, self.frame.tokens("file"), body).with_file())
    }

    fn form(&self, name: &str, fields: Html) -> Html {
        let fields = ui::hidden("act", name).and(fields);
        ui::post_form(format!("/queries/{}", self.row.number), self.frame.tokens(name), fields).guarded().into()
    }

    fn answer_form(&self) -> Html {
        if !self.may.answer {
            return Html::default();
        }
        let answer = ui::textarea("answer", "Answer", &self.typed.answer)
            .hint("The customer may read this.")
            .errors(&self.frame.errors);
        ui::panel("Answer it", self.form("answer", Html::from(answer).and(ui::button("Save answer")))).into()
    }

    fn resolve_form(&self) -> Html {
        if !self.may.resolve {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let outcomes = Resolution::ALL.iter().map(|one| (one.as_str(), one.name()));
        let likely = std::iter::once(("", "The likely one"));
        let causes = likely.chain(Cause::ALL.iter().map(|one| (one.as_str(), one.name())));
        let fields = Html::from(
            ui::radios("resolution", "What becomes of the amount?", &self.typed.outcome, outcomes).errors(errors),
        )
        .and(self.credit_lines())
        .and(
            ui::input("rebilled_as", "New invoice, if it was billed again", &self.typed.rebilled_as)
                .width(20)
                .errors(errors),
        )
        .and(ui::select("cause", "What had gone wrong?", &self.typed.cause, causes).errors(errors))
        .and(
            ui::textarea("words", "What is the customer told?", &self.typed.words)
                .hint("This goes into the letter, after what we found.")
                .errors(errors),
        )
        .and(
            ui::radios("letter", "Write to the customer?", &self.typed.letter, [("yes", "Yes"), ("no", "No")]).inline(),
        )
        .and(ui::button("Resolve query"));
        ui::panel("Resolve it", self.form("resolve", fields)).into()
    }

    fn asked(&self) -> Html {
        let questions = self.questions.iter().map(|(words, open)| {
            let back = |id: &i64| {
                let body = ui::hidden("question", id.to_string()).and(ui::button("Take it back").secondary());
                let action = format!("/queries/{}/ask/withdraw", self.row.number);
                Html::from(ui::post_form(action, self.frame.tokens(&format!("withdraw-{id}")), body))
            };
            Html::from(ui::para(words)).and(open.as_ref().filter(|_| self.may.work).map_or_else(Html::default, back))
        });
        let links = self.links.iter().map(|href| {
            let words = ui::muted("Nothing leaves this home, so the link is here:");
            Html::from(words).and(ui::para(ui::link(href, "answer as the service")))
        });
        let escalations = self
            .escalations
            .iter()
            .map(|(href, words)| Html::from(ui::para(Html::from("Escalated: ").and(ui::link(href, words)))));
        let cases = self
            .desk_cases
            .iter()
            .map(|(href, words)| Html::from(ui::para(Html::from("ServiceNow: ").and(ui::link(href, words)))));
        ui::parts(questions).and(ui::parts(links)).and(ui::parts(cases)).and(ui::parts(escalations))
    }

    fn ask_form(&self) -> Html {
        if !self.may.work || !self.may.ask {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let [service, to, question, days] = &self.asking;
        let body = Html::from(ui::input("service", "Service", service).errors(errors))
            .and(
                ui::input("to", "E-mail of who should answer", to)
                    .kind("email")
                    .hint("They get a link; they need no account.")
                    .errors(errors),
            )
            .and(
                ui::textarea("question", "One question", question)
                    .hint("Name the reference, not the customer.")
                    .errors(errors),
            )
            .and(ui::input("days", "Working days to answer", days).input_mode("numeric").width(3).errors(errors))
            .and(ui::button("Ask the service"));
        let action = format!("/queries/{}/ask", self.row.number);
        ui::panel("Ask a service", ui::post_form(action, self.frame.tokens("ask"), body).guarded()).into()
    }

    fn desk_form(&self) -> Html {
        if !self.may.work || !self.may_ask_desk {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let [question, days] = &self.desk_asking;
        let body = Html::from(
            ui::textarea("desk_question", "What only the service can answer", question)
                .hint("Name the reference, not the customer. Their answer comes back here.")
                .errors(errors),
        )
        .and(ui::input("desk_days", "Working days to answer it", days).input_mode("numeric").width(3).errors(errors))
        .and(ui::button("Open a case").secondary());
        let action = format!("/queries/{}/servicenow", self.row.number);
        ui::panel("Ask at ServiceNow", ui::post_form(action, self.frame.tokens("desk"), body).guarded()).into()
    }

    fn credit_lines(&self) -> Html {
        let errors = &self.frame.errors;
        let one = |line: &Creditable| {
            ui::amount_input(
                format!("net_{}", line.line),
                format!("Credit before VAT of line {}", line.line),
                &line.typed,
            )
            .hint(format!("{}: {} is left. Leave empty for the disputed part.", line.description, line.net))
            .errors(errors)
        };
        ui::parts(self.lines.iter().map(one))
    }

    fn hand_over_form(&self) -> Html {
        if !self.may.work || self.held.is_none() && self.acts.is_empty() {
            return Html::default();
        }
        let owner = ui::input("owner", "Who is to answer from now on?", &self.typed.owner).errors(&self.frame.errors);
        let fields = Html::from(owner).and(ui::button("Hand over").secondary().named("do", "hand_over"));
        ui::panel("Hand it over", self.form("hand_over", fields)).into()
    }

    fn hold_form(&self) -> Html {
        if !self.may.move_hold {
            return Html::default();
        }
        let until = ui::date_input("until", "Hold its part until", &self.typed.until)
            .hint("For example, 17/12/26 or +30")
            .errors(&self.frame.errors);
        let fields = Html::from(until).and(ui::button("Move the day").secondary().named("do", "extend_hold"));
        ui::panel("Move the end of its hold", self.form("extend_hold", fields)).into()
    }

    fn act_form(&self) -> Html {
        if self.acts.is_empty() {
            return Html::default();
        }
        let buttons = self.acts.iter().map(|(act, verb)| ui::button(verb).secondary().named("do", act));
        ui::panel("Something else", self.form("other", ui::parts(buttons))).into()
    }
}
