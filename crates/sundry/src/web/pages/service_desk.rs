//! Cases of ServiceNow by where they stand, and one of them with the forms that sort it.

use super::account::Happening;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::queries::servicenow::CaseState;

/// Cases by where they stand.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ServiceDeskCases {
    /// The frame.
    pub frame: Frame,
    /// The state shown; none for all.
    pub state: Option<CaseState>,
    /// How many stand where.
    pub counts: Vec<(CaseState, i64)>,
    /// The rows.
    pub rows: Vec<ServiceDeskRow>,
    /// The address of the next page; empty on the last.
    pub next: String,
    /// Whether it is set up.
    pub in_use: bool,
    /// How the last look went, and whether it failed.
    pub result: (String, bool),
    /// Why nothing is asked any more; empty while it is.
    pub stopped: String,
    /// Whether the reader may look now.
    pub may_look: bool,
}

/// A case in the list.
#[derive(Clone, Debug)]
pub struct ServiceDeskRow {
    /// Our number and theirs.
    pub number: (String, String),
    /// One line.
    pub subject: String,
    /// What it asks for; that we ask, where it is ours.
    pub asks: String,
    /// Where it stands, and whether it is not there any more.
    pub state: (CaseState, bool),
    /// Why.
    pub why: String,
    /// The query.
    pub query: String,
    /// Who is to look at it.
    pub owner: String,
    /// When it came.
    pub came: NaiveDate,
}

impl ServiceDeskCases {
    /// The heading.
    pub fn heading(&self) -> String {
        "Service desk cases".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = ServiceDeskRow {
            number: ("SNC-000031".into(), "CS0012345".into()),
            subject: "Dispute on invoice INV-104396: the room was not used".into(),
            asks: "Dispute".into(),
            state: (CaseState::Waiting, false),
            why: "It names several accounts".into(),
            query: String::new(),
            owner: "Income team".into(),
            came: super::sampled::on(2026, 11, 17),
        };
        let ours = ServiceDeskRow {
            number: ("SNC-000032".into(), "CS0012350".into()),
            subject: "Query QRY-000311 about INV-104396".into(),
            asks: "We ask".into(),
            state: (CaseState::Ended, true),
            why: String::new(),
            query: "QRY-000311".into(),
            ..row.clone()
        };
        let page = |rows| Self {
            frame: Frame::sample("Recovery"),
            state: None,
            counts: vec![(CaseState::Waiting, 1), (CaseState::Ended, 1)],
            rows,
            next: "/service-desk-cases?after=1".into(),
            in_use: true,
            result: ("2 new, 1 changed, 3 told, 0 opened there, 0 own, 4 known already".into(), false),
            stopped: String::new(),
            may_look: true,
        };
        let stopped = "ServiceNow does not let us in (401): access_denied".to_owned();
        vec![
            ("full", page(vec![row, ours])),
            ("stopped", Self { stopped, next: String::new(), ..page(Vec::new()) }),
            ("not_set", Self { in_use: false, next: String::new(), ..page(Vec::new()) }),
        ]
    }

    fn row(line: &ServiceDeskRow) -> ui::Row {
        let here = ui::link(format!("/service-desk-cases/{}", line.number.0), &line.number.0);
        let mut state = Html::from(line.state.0.name());
        if line.state.1 {
            state = state.and(ui::sub_line("Removed there"));
        }
        let query = match line.query.as_str() {
            "" => Html::from("–"),
            number => ui::link(format!("/queries/{number}"), number),
        };
        ui::row()
            .cell(here.and(ui::sub_line(&line.number.1)))
            .cell(Html::from(&line.subject).and(ui::sub_line(&line.asks)))
            .cell(state.and(ui::sub_line(&line.why)))
            .cell(query)
            .cell(ui::or_dash(&line.owner))
            .cell(line.came)
    }
}

impl Plain for ServiceDeskCases {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/queries", "Queries")]).into()
    }

    fn body(&self) -> Html {
        if !self.in_use && self.rows.is_empty() {
            return ui::empty("Not set up", "An administrator sets ServiceNow up, in the settings.").into();
        }
        let mut side = Html::default();
        if !self.stopped.is_empty() {
            let words = format!("Nothing is asked any more. {}.", self.stopped.trim_end_matches('.'));
            side = side.and(ui::para(ui::strong(words, true)));
        }
        if !self.result.0.is_empty() {
            let words = format!("{}.", self.result.0.trim_end_matches('.'));
            side = side.and(ui::para(ui::strong(words, self.result.1)));
        }
        if self.may_look && self.stopped.is_empty() {
            let form = ui::post_form(
                "/service-desk-cases",
                self.frame.tokens("look-servicenow"),
                ui::button("Look now").secondary(),
            );
            side = side.and(form);
        }
        let all = std::iter::once(Html::from(ui::para(ui::link("/service-desk-cases", "All"))));
        let states = self.counts.iter().map(|(state, count)| {
            let words = format!("{}: {count}", state.name());
            let href = format!("/service-desk-cases?state={}", state.as_str());
            let here = self.state == Some(*state);
            Html::from(ui::para(if here { Html::from(words) } else { ui::link(href, words) }))
        });
        let states = ui::parts(all.chain(states));
        let mut list: Html = if self.rows.is_empty() {
            ui::para("No case stands here.").into()
        } else {
            ui::table("Cases, newest first")
                .columns([
                    ui::col("Case").nowrap(),
                    ui::col("About"),
                    ui::col("State"),
                    ui::col("Query").nowrap(),
                    ui::col("Owner"),
                    ui::col("Came").nowrap(),
                ])
                .rows(self.rows.iter().map(ServiceDeskCases::row))
                .into()
        };
        if !self.next.is_empty() {
            list = list.and(ui::para(ui::link(&self.next, "More")));
        }
        ui::grid([(9, list), (3, Html::from(ui::panel("By state", states)).and(ui::panel("Last look", side)))]).into()
    }
}

/// One case.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ServiceDeskOne {
    /// The frame.
    pub frame: Frame,
    /// Our number of it.
    pub number: String,
    /// Where it stands.
    pub state: CaseState,
    /// What is known of it: what, and its value.
    pub facts: Vec<(String, Html)>,
    /// Why it stands there.
    pub reasons: Vec<String>,
    /// The words.
    pub words: String,
    /// What they wrote since: when, and words.
    pub comments: Vec<(String, String)>,
    /// Its files: name, address where it is kept, size or why it was left there.
    pub files: Vec<(String, String)>,
    /// What happened to it, newest first.
    pub story: Vec<Happening>,
    /// Whether the reader may say what becomes of it.
    pub may_sort: bool,
    /// Categories of queries: code, name.
    pub categories: Vec<(String, String)>,
    /// What was typed: query, customer, item, category, owner, reason, hand to.
    pub typed: [String; 7],
}

impl ServiceDeskOne {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Service desk case {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, state| {
            Self {
            frame,
            number: "SNC-000031".into(),
            state,
            facts: vec![
                ("There".into(), ui::link("https://northmere.service-now.com/nav_to.do?uri=incident.do", "CS0012345")),
                ("Asks for".into(), Html::from("Dispute")),
            ],
            reasons: vec!["It names several accounts".into()],
            words: "Customer says the room was not used on 10 November.\nhttps://www.example.org/a/very/long/address/that/does/not/end/soon/and/has/no/spaces/in/it/at/all".into(),
            comments: vec![("18 November 2026, 09:13".into(), "The keys were not collected.".into())],
            files: vec![
                ("booking.pdf".into(), "Kept".into()),
                ("film.mov".into(), "Left there: It is over 20 MB".into()),
            ],
            story: Vec::new(),
            may_sort: state == CaseState::Waiting,
            categories: vec![("price".into(), "Price or quantity".into()), ("other".into(), "Something else".into())],
            typed: Default::default(),
        }
        };
        let wrong = Frame::sample("Recovery").wrong("customer", "Enter the customer's number or the invoice's");
        vec![
            ("waiting", page(Frame::sample("Recovery"), CaseState::Waiting)),
            ("error", page(wrong, CaseState::Waiting)),
            ("query", page(Frame::sample("Recovery"), CaseState::Query)),
        ]
    }

    fn form(&self, how: &str, fields: Html) -> Html {
        let fields = ui::hidden("how", how).and(fields);
        ui::post_form(format!("/service-desk-cases/{}", self.number), self.frame.tokens(how), fields).guarded().into()
    }

    fn forms(&self) -> Html {
        let errors = &self.frame.errors;
        let [query, customer, item, category, owner, reason, hand_to] = &self.typed;
        let pick = std::iter::once((String::new(), "Choose".to_owned())).chain(self.categories.iter().cloned());
        let open = Html::from(
            ui::input("customer", "Customer number", customer)
                .hint("Not needed with an invoice")
                .width(20)
                .errors(errors),
        )
        .and(ui::input("item", "Invoice, if it is about one", item).width(20).errors(errors))
        .and(ui::select("category", "What is it about?", category, pick).errors(errors))
        .and(ui::input("owner", "Who looks after it?", owner).width(20).errors(errors))
        .and(ui::button("Open query"));
        let join = Html::from(ui::input("query", "Query number", query).hint("As QRY-000311").width(20).errors(errors))
            .and(ui::button("Join to query"));
        let hand = Html::from(ui::input("hand_to", "Who is to look at it?", hand_to).width(20).errors(errors))
            .and(ui::button("Hand over").secondary());
        let aside = Html::from(
            ui::textarea("reason", "Why does nothing come of it?", reason)
                .hint("This is told there.")
                .rows(2)
                .errors(errors),
        )
        .and(ui::button("Set aside").secondary());
        Html::from(ui::panel("Join it to a query", self.form("join", join)))
            .and(ui::panel("Open a query with it", self.form("open", open)))
            .and(ui::panel("Hand it to somebody", self.form("hand_over", hand)))
            .and(ui::panel("Set it aside", self.form("set_aside", aside)))
    }
}

impl Plain for ServiceDeskOne {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/queries", "Queries"), ("/service-desk-cases", "Service desk cases")]).into()
    }

    fn body(&self) -> Html {
        let mut facts = ui::summary_list().fact("Where it stands", self.state.name());
        for (what, value) in &self.facts {
            facts = facts.fact(what, value.clone());
        }
        let text = if self.words.trim().is_empty() { Html::from("(no text)") } else { ui::as_written(&self.words) };
        let mut left = Html::from(facts);
        if !self.reasons.is_empty() {
            let reasons = ui::parts(self.reasons.iter().map(|why| ui::para(format!("{}.", why.trim_end_matches('.')))));
            left = left.and(ui::panel("Why it is here", reasons));
        }
        left = left.and(ui::panel("What it says", ui::para(text)));
        if !self.comments.is_empty() {
            let said = self
                .comments
                .iter()
                .map(|(at, words)| Html::from(ui::para(ui::as_written(words).and(ui::sub_line(at)))));
            left = left.and(ui::panel("What they wrote since", ui::parts(said)));
        }
        if !self.files.is_empty() {
            let rows = self.files.iter().map(|(name, about)| ui::row().cell(name).cell(about));
            let table = ui::table("Files that came with it").columns([ui::col("File"), ui::col("Kept")]).rows(rows);
            left = left.and(table.show_caption());
        }
        left = left.and(ui::panel("What happened", super::account::timeline(&self.story)));
        if !self.may_sort {
            return left;
        }
        ui::grid([(7, left), (5, self.forms())]).into()
    }
}
