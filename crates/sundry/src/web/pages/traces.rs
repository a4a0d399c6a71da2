//! Tracing: all searches, one with what it found, and what was tried for a customer.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour, tag};
use askama::Template;
use sundry_desk::recovery::tracing::{TraceShown, TracesOfCustomer};
use sundry_domain::money::Pence;
use sundry_domain::recovery::tracing::{LawfulBasis, TracePurpose, TraceResult, TraceSource};
#[cfg(test)]
use sundry_store::trace::TraceRow;
use sundry_store::trace::{TraceAddressRow, TraceLine};

const HOME: &str = "/recovery/traces";

fn source(code: &str) -> String {
    TraceSource::parse(code).map_or_else(|| code.to_owned(), |one| one.name().to_owned())
}

fn result(code: &str) -> String {
    TraceResult::parse(code).map_or_else(|| ui::or_dash(code), |one| one.name().to_owned())
}

fn basis(code: &str) -> String {
    LawfulBasis::parse(code).map_or_else(|| ui::or_dash(code), |one| one.name().to_owned())
}

fn state(code: &str) -> ui::Tag {
    let (words, colour) = match code {
        "asked" => ("To be searched", TagColour::Yellow),
        "sent" => ("With the tracing agency", TagColour::Blue),
        "answered" => ("Answered", TagColour::Green),
        "no_answer" => ("No answer", TagColour::Orange),
        _ => ("Given up", TagColour::Grey),
    };
    tag(words, colour)
}

/// The searches.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Traces {
    /// The frame.
    pub frame: Frame,
    /// asked, sent, answered, no_answer, cancelled or nothing.
    pub state: String,
    /// The rows.
    pub rows: Vec<TraceLine>,
    /// Address of the next page; empty on the last.
    pub next: String,
    /// Whether the reader works on them.
    pub may_work: bool,
    /// What was typed: the tracing agency's short name.
    pub typed: String,
    /// Name and address of a file that was written; empty for none.
    pub written: (String, String),
}

impl Traces {
    /// The heading.
    pub fn heading(&self) -> String {
        "Searches".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = TraceLine {
            id: 1,
            number: "TRC-000031".into(),
            customer_number: "C103316".into(),
            customer_name: "Joyce Pemberton".into(),
            source: "bureau".into(),
            purpose: "TRACE".into(),
            state: "answered".into(),
            asked_on: super::sampled::on(2026, 11, 5),
            answer_by: super::sampled::on(2026, 11, 12),
            result: "FOUND_PROVEN".into(),
            confidence_pct: 90,
            cost_pence: 450,
            next_step: TraceResult::FoundProven.next().into(),
        };
        let page = |frame, rows| Self {
            frame,
            state: String::new(),
            rows,
            next: String::new(),
            may_work: true,
            typed: String::new(),
            written: Default::default(),
        };
        let wrong = Frame::sample("Recovery").wrong("bureau", "Enter up to 20 letters and digits");
        vec![
            ("full", page(Frame::sample("Recovery"), vec![line.clone()])),
            ("empty", page(Frame::sample("Recovery"), Vec::new())),
            ("error", page(wrong, vec![line])),
        ]
    }

    fn files(&self) -> Html {
        if !self.may_work {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let body =
            Html::from(ui::input("bureau", "Short name of the tracing agency", &self.typed).width(10).errors(errors))
                .and(ui::muted("Every search that waits for a tracing agency goes into one file."))
                .and(ui::button("Write the file"));
        let send = ui::post_form("/recovery/trace-files", self.frame.tokens("send"), body).guarded();
        let body = Html::from(ui::file_field("file", "Their answer", ".csv").errors(errors))
            .and(ui::amount_input("cost", "What each search cost", ""))
            .and(ui::button("Bring in"));
        let take = ui::post_form("/recovery/trace-answers", self.frame.tokens("take"), body).with_file();
        ui::grid([
            (6, Html::from(ui::boxed("Send to a tracing agency", send))),
            (6, ui::boxed("Bring in an answer", take).into()),
        ])
        .into()
    }
}

impl Plain for Traces {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery/agencies", "Agencies")]).into()
    }

    fn body(&self) -> Html {
        let at = |state: &str| if state.is_empty() { HOME.to_owned() } else { format!("{HOME}?state={state}") };
        let places = [
            ("", "All"),
            ("asked", "To be searched"),
            ("sent", "Sent"),
            ("no_answer", "No answer"),
            ("answered", "Answered"),
        ];
        let nav = places.into_iter().fold(ui::sub_navigation("Searches by state"), |nav, (code, words)| {
            nav.place(words, at(code), self.state == code)
        });
        let mut all = Html::from(nav);
        if !self.written.0.is_empty() {
            let link = ui::link(&self.written.1, &self.written.0);
            all = all.and(ui::para(Html::from("Send this file: ").and(link)));
        }
        if self.rows.is_empty() {
            return all
                .and(
                    ui::empty(
                        "No searches here",
                        "A search is asked for on the account of somebody whose letters come back.",
                    )
                    .action(ui::link("/customers", "Find a customer")),
                )
                .and(self.files());
        }
        let rows = self.rows.iter().map(|line| {
            ui::row()
                .cell(ui::link(format!("{HOME}/{}", line.number), &line.number))
                .cell(ui::link(format!("/customers/{}/traces", line.customer_number), &line.customer_name))
                .cell(source(&line.source))
                .cell(line.asked_on)
                .cell(state(&line.state))
                .cell(result(&line.result))
                .cell(if line.result.is_empty() { "–".to_owned() } else { format!("{}%", line.confidence_pct) })
                .cell(Pence(line.cost_pence))
        });
        let table = ui::table("Searches, newest first")
            .columns([
                ui::col("Search").nowrap(),
                ui::col("Customer"),
                ui::col("Where"),
                ui::col("Asked").nowrap(),
                ui::col("State"),
                ui::col("Result"),
                ui::num("Sure"),
                ui::num("Cost"),
            ])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        all.and(table).and(ui::para(next)).and(self.files())
    }
}

/// One search.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneTrace {
    /// The frame.
    pub frame: Frame,
    /// The search.
    pub shown: TraceShown,
    /// Whether the reader works on it.
    pub may_work: bool,
    /// Field and what was typed.
    pub typed: Vec<(&'static str, String)>,
}

impl OneTrace {
    /// The fields of the form.
    pub const FIELDS: [&'static str; 11] = [
        "result",
        "agrees",
        "sources",
        "last_seen_on",
        "address1",
        "address2",
        "town",
        "postcode",
        "cost",
        "words",
        "call_back",
    ];

    /// The heading.
    pub fn heading(&self) -> String {
        format!("Search {}", self.shown.trace.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, trace, addresses| Self {
            frame,
            shown: TraceShown {
                trace,
                customer: "C103316".into(),
                customer_name: "Joyce Pemberton".into(),
                addresses,
                level_pct: 80,
            },
            may_work: true,
            typed: Self::FIELDS.iter().map(|field| (*field, String::new())).collect(),
        };
        let open = TraceRow { state: "asked".into(), result: String::new(), answered_on: None, ..sample() };
        let wrong = Frame::sample("Recovery").wrong("result", "Choose what was found");
        let low = TraceAddressRow { confidence_pct: 60, proven: false, ..sample_address() };
        vec![
            ("asked", page(Frame::sample("Recovery"), open.clone(), Vec::new())),
            ("error", page(wrong, open, Vec::new())),
            ("found", page(Frame::sample("Recovery"), sample(), vec![sample_address()])),
            ("unsure", page(Frame::sample("Recovery"), sample(), vec![low])),
        ]
    }

    fn of(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value)
    }

    fn record(&self) -> Html {
        let errors = &self.frame.errors;
        let at = format!("{HOME}/{}", self.shown.trace.number);
        let text = |field: &str, label: &str| ui::input(field, label, self.of(field)).errors(errors);
        let results = TraceResult::ALL.iter().map(|one| (one.as_str(), one.name()));
        let agrees: Vec<&str> = self.of("agrees").split(' ').collect();
        let boxes = [
            ui::choice("name", "The full name").chosen(agrees.contains(&"name")),
            ui::choice("birth", "The date of birth").chosen(agrees.contains(&"birth")),
            ui::choice("linked", "It is linked to an address we knew").chosen(agrees.contains(&"linked")),
        ];
        let body = ui::hidden("act", "record")
            .and(ui::radios("result", "What was found?", self.of("result"), results).errors(errors))
            .and(ui::checkboxes("agrees", "What agrees?", boxes))
            .and(ui::row_of([
                Html::from(text("sources", "Independent sources").width(3)),
                ui::date_input("last_seen_on", "Last seen", self.of("last_seen_on")).errors(errors).into(),
                ui::amount_input("cost", "Cost", self.of("cost")).errors(errors).into(),
            ]))
            .and(text("address1", "Address, first line"))
            .and(text("address2", "Second line"))
            .and(ui::row_of([text("town", "Town").width(15), text("postcode", "Postcode").width(8)]))
            .and(ui::textarea("words", "In words", self.of("words")).errors(errors))
            .and(ui::button("Record what was found"));
        let form = ui::post_form(&at, self.frame.tokens("record"), body).guarded();
        let body = ui::hidden("act", "cancel")
            .and(ui::input("why", "Why?", "").errors(errors))
            .and(ui::button("Give the search up").secondary());
        let cancel = ui::post_form(&at, self.frame.tokens("cancel"), body);
        Html::from(ui::boxed("Record what was found", form)).and(ui::boxed("Or give it up", cancel))
    }

    fn found(&self, row: &TraceAddressRow) -> Html {
        let parts = [&row.address1, &row.address2, &row.town, &row.postcode];
        let line: Vec<&str> = parts.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let stands = match row.state.as_str() {
            "used" => tag("In use", TagColour::Green),
            "asked" => tag("Waits for someone else's yes", TagColour::Yellow),
            "turned_down" => tag("Turned down", TagColour::Grey),
            _ => tag("Candidate", TagColour::Blue),
        };
        let facts = ui::summary_list()
            .fact("Address", line.join(", "))
            .fact("Sure", format!("{}%, and {}", row.confidence_pct, if row.proven { "proved" } else { "not proved" }))
            .fact("State", stands)
            .fact_if("Look at this", &row.flagged)
            .fact_if("Approval", &row.approval)
            .fact_if("Confirmed", &row.call_back);
        let mut all = Html::from(facts);
        if row.restricted {
            all = all.and(ui::para(
                "This looks like a care home, a prison, a hospital or a refuge: nothing goes there by itself.",
            ));
        }
        if !self.may_work || row.state != "candidate" {
            return all;
        }
        let enough = row.proven && row.confidence_pct >= self.shown.level_pct && !row.restricted;
        if !enough {
            let words = format!(
                "It takes {}% and proof before a letter goes there. Ask only whether this is the person, or search another source.",
                self.shown.level_pct
            );
            return all.and(ui::muted(words));
        }
        let body = ui::hidden("act", "use")
            .and(ui::hidden("address", row.id.to_string()))
            .and(
                ui::textarea("call_back", "How was it confirmed?", self.of("call_back"))
                    .hint("With whom, on which number, when")
                    .errors(&self.frame.errors),
            )
            .and(ui::button("Ask for it to be used"));
        let at = format!("{HOME}/{}", self.shown.trace.number);
        all.and(ui::post_form(at, self.frame.tokens("use"), body).guarded())
    }
}

impl Plain for OneTrace {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            (HOME.to_owned(), "Searches".to_owned()),
            (format!("/customers/{}/traces", self.shown.customer), self.shown.customer_name.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let row = &self.shown.trace;
        let open = matches!(row.state.as_str(), "asked" | "sent" | "no_answer");
        let purpose = TracePurpose::parse(&row.purpose).map_or(row.purpose.as_str(), |one| one.name()).to_owned();
        let mut facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", self.shown.customer), &self.shown.customer_name))
            .fact("Where", source(&row.source))
            .fact("What for", purpose)
            .fact("Ground in law", basis(&row.lawful_basis))
            .fact("Why", &row.why)
            .fact("Asked", ui::long_date(row.asked_on).and(format!(" by {}", row.asked_by)))
            .fact("State", state(&row.state))
            .fact("Cost", Pence(row.cost_pence));
        if open {
            facts = facts.fact("Answer due", ui::long_date(row.answer_by));
        } else if !row.result.is_empty() {
            facts = facts.fact("Result", result(&row.result)).fact(
                "Sure",
                format!("{}%, {}", row.confidence_pct, ui::count_of(row.sources_found, "source", "sources")),
            );
        }
        let facts = facts.fact_if("In words", &row.words).fact_if("Next", &row.next_step);
        let mut left = Html::from(facts);
        for address in &self.shown.addresses {
            left = left.and(ui::panel("Address found", self.found(address)));
        }
        if !open || !self.may_work {
            return left;
        }
        ui::grid([(7, left), (5, self.record())]).into()
    }
}

#[cfg(test)]
fn sample() -> TraceRow {
    use super::sampled::on;
    TraceRow {
        id: 1,
        number: "TRC-000031".into(),
        customer_id: 1,
        source: "open_register".into(),
        purpose: "TRACE".into(),
        lawful_basis: "public_register".into(),
        why: "Two letters came back".into(),
        cost_pence: 450,
        request_id: "r1".into(),
        file_number: String::new(),
        state: "answered".into(),
        asked_by: "Priya Nair".into(),
        asked_on: on(2026, 11, 5),
        answer_by: on(2026, 11, 12),
        answered_on: Some(on(2026, 11, 9)),
        result: "FOUND_PROVEN".into(),
        confidence_pct: 90,
        sources_found: 2,
        last_seen_on: Some(on(2026, 10, 1)),
        birth_agrees: true,
        name_agrees: true,
        words: "On the register since February".into(),
        next_step: TraceResult::FoundProven.next().into(),
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        version: 2,
    }
}

#[cfg(test)]
fn sample_address() -> TraceAddressRow {
    TraceAddressRow {
        id: 1,
        trace_id: 1,
        customer_id: 1,
        address1: "14 Low Road".into(),
        address2: String::new(),
        town: "Alnwick".into(),
        postcode: "NE66 1AA".into(),
        confidence_pct: 90,
        proven: true,
        restricted: false,
        flagged: String::new(),
        state: "candidate".into(),
        approval: String::new(),
        call_back: String::new(),
        used_on: None,
        recorded_at: chrono::DateTime::UNIX_EPOCH,
    }
}

/// What was tried for a customer.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CustomerTraces {
    /// The frame.
    pub frame: Frame,
    /// Account and name.
    pub customer: (String, String),
    /// Searches and addresses.
    pub seen: TracesOfCustomer,
    /// Whether the reader asks for searches, and marks people as not to be traced.
    pub may: [bool; 2],
    /// What was typed: source, purpose, lawful_basis, why, cost, mark_why.
    pub typed: [String; 6],
}

impl CustomerTraces {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Finding {}", self.customer.1)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, traces: Vec<TraceRow>, marked| Self {
            frame,
            customer: ("C103316".into(), "Joyce Pemberton".into()),
            seen: TracesOfCustomer {
                cost_pence: 450,
                traces,
                addresses: vec![sample_address()],
                not_to_be_traced: marked,
                level_pct: 80,
            },
            may: [true; 2],
            typed: Default::default(),
        };
        let wrong = Frame::sample("Customers").wrong("source", "Choose where to search");
        vec![
            ("log", page(Frame::sample("Customers"), vec![sample()], false)),
            ("empty", page(Frame::sample("Customers"), Vec::new(), false)),
            ("marked", page(Frame::sample("Customers"), vec![sample()], true)),
            ("error", page(wrong, vec![sample()], false)),
        ]
    }

    fn forms(&self) -> Html {
        let errors = &self.frame.errors;
        let at = format!("/customers/{}/traces", self.customer.0);
        let [from, purpose, ground, why, cost, mark_why] = &self.typed;
        let mut all = Html::default();
        if self.may[0] && !self.seen.not_to_be_traced {
            let sources = TraceSource::ALL.iter().map(|one| (one.as_str(), one.name()));
            let purposes = TracePurpose::ALL.iter().map(|one| (one.as_str(), one.name()));
            let none = std::iter::once(("", "Choose a ground"));
            let grounds = none.chain(LawfulBasis::ALL.iter().map(|one| (one.as_str(), one.name())));
            let body = ui::hidden("act", "ask")
                .and(ui::radios("source", "Where?", from, sources).errors(errors))
                .and(ui::select("purpose", "What for?", purpose, purposes).errors(errors))
                .and(ui::select("lawful_basis", "Ground in law", ground, grounds).errors(errors))
                .and(ui::textarea("why", "Why is it needed?", why).errors(errors))
                .and(ui::amount_input("cost", "What it costs", cost).errors(errors))
                .and(ui::button("Ask for the search"));
            all = all.and(ui::boxed("Search", ui::post_form(&at, self.frame.tokens("ask"), body).guarded()));
        }
        if self.may[1] {
            let (words, act) = match self.seen.not_to_be_traced {
                true => ("May be traced again", "unmark"),
                false => ("May not be traced", "mark"),
            };
            let body = ui::hidden("act", act)
                .and(
                    ui::input("mark_why", "Who asks for it?", mark_why)
                        .hint("Not what happened to the person")
                        .errors(errors),
                )
                .and(ui::button(words).secondary());
            all = all.and(ui::boxed(words, ui::post_form(&at, self.frame.tokens(act), body)));
        }
        all
    }
}

impl Plain for CustomerTraces {
    fn above(&self) -> Html {
        ui::breadcrumbs([(format!("/customers/{}", self.customer.0), self.customer.1.clone())]).into()
    }

    fn body(&self) -> Html {
        let mut left = Html::default();
        if self.seen.not_to_be_traced {
            left = left.and(ui::para(tag("May not be traced", TagColour::Red)));
        }
        if self.seen.traces.is_empty() {
            left = left.and(ui::empty("Nothing was tried yet", "Begin with our own records and what the post wrote."));
        } else {
            let rows = self.seen.traces.iter().map(|row| {
                ui::row()
                    .cell(ui::link(format!("{HOME}/{}", row.number), &row.number))
                    .cell(row.asked_on)
                    .cell(Html::from(source(&row.source)).and(ui::sub_line(basis(&row.lawful_basis))))
                    .cell(Pence(row.cost_pence))
                    .cell(state(&row.state))
                    .cell(if row.result.is_empty() {
                        "–".to_owned()
                    } else {
                        format!("{}, {}%", result(&row.result), row.confidence_pct)
                    })
                    .cell(ui::or_dash(&row.next_step))
            });
            let table = ui::table("What was tried, newest first")
                .columns([
                    ui::col("Search").nowrap(),
                    ui::col("Asked").nowrap(),
                    ui::col("Where, on which ground"),
                    ui::num("Cost"),
                    ui::col("State"),
                    ui::col("Result"),
                    ui::col("Next"),
                ])
                .rows(rows);
            let sum = ui::para(format!(
                "{} in all, {}.",
                Pence(self.seen.cost_pence),
                ui::count_of(self.seen.traces.len() as i64, "search", "searches")
            ));
            left = left.and(table).and(sum);
        }
        ui::grid([(8, left), (4, self.forms())]).into()
    }
}
