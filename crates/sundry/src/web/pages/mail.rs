//! The shared mailbox: messages by where they stand, and one of them with the forms that sort it.

use super::account::Happening;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::queries::MailState;

/// The messages.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct MailList {
    /// The frame.
    pub frame: Frame,
    /// The state shown.
    pub state: MailState,
    /// How many stand where.
    pub counts: Vec<(MailState, i64)>,
    /// The rows.
    pub rows: Vec<MailLine>,
    /// The address of the next page; empty on the last.
    pub next: String,
    /// Mailboxes: name, what came of the last look, whether it failed.
    pub boxes: Vec<(String, String, bool)>,
    /// Whether the reader may take and sort messages.
    pub may_work: bool,
}

/// A message in the list.
#[derive(Clone, Debug)]
pub struct MailLine {
    /// `MSG-000001`.
    pub number: String,
    /// Name and address of the sender.
    pub from: (String, String),
    /// Subject.
    pub subject: String,
    /// Why it stands where it does.
    pub why: String,
    /// Account and name; empty where it belongs to none.
    pub customer: (String, String),
    /// The query it is part of.
    pub query: String,
    /// Who looks after it.
    pub owner: String,
    /// When it came.
    pub came: NaiveDate,
    /// How long ago that is.
    pub age: String,
    /// How long the first response took; empty where there is none yet.
    pub response: String,
}

impl MailList {
    /// The heading.
    pub fn heading(&self) -> String {
        "Mail".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = MailLine {
            number: "MSG-000031".into(),
            from: ("Joyce Pemberton".into(), "joyce.pemberton.of.the.long.address@example.org".into()),
            subject: "Invoice INV-104396: I was in hospital".into(),
            why: "It gives invoice INV-104396 of C103316 Joyce Pemberton in its subject; But joyce@example.org is known on C103317 J Pemberton".into(),
            customer: ("C103316".into(), "Joyce Pemberton".into()),
            query: "QRY-000311".into(),
            owner: "Priya Nair".into(),
            came: super::sampled::on(2026, 11, 17),
            age: "2 days ago".into(),
            response: "5 hours".into(),
        };
        let page = |state, rows| Self {
            frame: Frame::sample("Recovery"),
            state,
            counts: vec![(MailState::Waiting, 3), (MailState::Joined, 41), (MailState::Opened, 12)],
            rows,
            next: "/mail?state=waiting&after=1".into(),
            boxes: vec![("Bills".into(), "2 opened a query, 1 joined one, 0 to be sorted".into(), false)],
            may_work: true,
        };
        let wrong = Frame::sample("Recovery").wrong("file", "Choose a message, saved as a file");
        let failed = vec![("Bills".to_owned(), "imap.example.gov.uk does not let bills in".to_owned(), true)];
        vec![
            ("waiting", page(MailState::Waiting, vec![line.clone()])),
            ("opened", page(MailState::Opened, vec![line.clone(), MailLine { response: String::new(), ..line }])),
            ("empty", Self { boxes: failed, next: String::new(), ..page(MailState::Waiting, Vec::new()) }),
            ("error", Self { frame: wrong, ..page(MailState::Waiting, Vec::new()) }),
        ]
    }

    fn columns(&self) -> Vec<ui::Column> {
        let mut columns = vec![ui::col("Message").nowrap(), ui::col("From"), ui::col("Subject")];
        match self.state {
            MailState::Joined | MailState::Opened => {
                columns.extend([ui::col("Customer"), ui::col("Query").nowrap(), ui::col("Owner")]);
                columns.extend([ui::col("Came").nowrap(), ui::col("First response")]);
            }
            _ => columns.extend([ui::col("Why it is here"), ui::col("Owner"), ui::col("Came").nowrap()]),
        }
        columns
    }

    fn row(&self, line: &MailLine) -> ui::Row {
        let name = if line.from.0.is_empty() { line.from.1.as_str() } else { line.from.0.as_str() };
        let from = Html::from(ui::or_dash(name)).and(ui::sub_line(&line.from.1));
        let came = ui::date(line.came).and(ui::sub_line(&line.age));
        let row = ui::row()
            .cell(ui::link(format!("/mail/{}", line.number), &line.number))
            .cell(from)
            .cell(ui::or_dash(&line.subject));
        match self.state {
            MailState::Joined | MailState::Opened => {
                let response = match line.response.as_str() {
                    "" => ui::strong("Not yet", false),
                    took => Html::from(took),
                };
                row.cell(ui::link(format!("/customers/{}", line.customer.0), &line.customer.1))
                    .cell(ui::link(format!("/queries/{}", line.query), &line.query))
                    .cell(ui::or_dash(&line.owner))
                    .cell(came)
                    .cell(response)
            }
            _ => row.cell(&line.why).cell(ui::or_dash(&line.owner)).cell(came),
        }
    }
}

impl Plain for MailList {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/queries", "Queries")]).into()
    }

    fn body(&self) -> Html {
        let count = |state: MailState| self.counts.iter().find(|(one, _)| *one == state).map_or(0, |(_, count)| *count);
        let nav = MailState::ALL.iter().fold(ui::sub_navigation("Messages by where they stand"), |nav, state| {
            let href = format!("/mail?state={}", state.as_str());
            nav.counted(state.name(), count(*state), href, *state == self.state)
        });
        let list = if self.rows.is_empty() {
            let words = match self.state {
                MailState::Waiting => "Every message is with a query, or nothing came of it.",
                _ => "No message stands here.",
            };
            Html::from(ui::empty("No messages here", words))
        } else {
            let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
            let rows: Vec<ui::Row> = self.rows.iter().map(|line| self.row(line)).collect();
            Html::from(ui::table("Messages").columns(self.columns()).rows(rows)).and(ui::para(next))
        };
        let boxes = self.boxes.iter().map(|(name, result, failed)| {
            let said = if result.is_empty() { "Not looked at yet" } else { result.as_str() };
            ui::para(Html::from(format!("{name}:")).and(ui::strong(said, *failed)))
        });
        let boxes = if self.boxes.is_empty() {
            Html::from(ui::muted("No mailbox is set up; messages are taken by hand."))
        } else {
            ui::parts(boxes)
        };
        let below = Html::from(ui::panel("Mailboxes", boxes));
        let body = Html::from(nav).and(list).and(below);
        if !self.may_work {
            return body;
        }
        let field = ui::file_field("file", "A message, saved as a file", ".eml,message/rfc822")
            .hint("Save it from your mail program as .eml. The same message twice does nothing.")
            .errors(&self.frame.errors);
        let form = ui::post_form("/mail", self.frame.tokens("take"), Html::from(field).and(ui::button("Take message")));
        body.and(ui::panel("Take a message", form.with_file().guarded()))
    }
}

/// One message.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Message {
    /// The frame.
    pub frame: Frame,
    /// `MSG-000001`.
    pub number: String,
    /// Where it stands.
    pub state: MailState,
    /// What is known of it: what, and its value.
    pub facts: Vec<(String, Html)>,
    /// Why it stands there.
    pub reasons: Vec<String>,
    /// What they wrote.
    pub words: String,
    /// What they quote.
    pub quoted: String,
    /// Its files: name, address where it is kept, size or why it was left out.
    pub files: Vec<(String, String, String)>,
    /// What happened to it, newest first.
    pub story: Vec<Happening>,
    /// Whether the reader may sort it.
    pub may_sort: bool,
    /// Accounts it may belong to: number, name.
    pub candidates: Vec<(String, String)>,
    /// Categories of queries: code, name.
    pub categories: Vec<(String, String)>,
    /// What was typed: query, customer, item, category, owner, reason, hand to.
    pub typed: [String; 7],
}

impl Message {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Message {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, state| {
            Self {
            frame,
            number: "MSG-000031".into(),
            state,
            facts: vec![
                ("From".into(), Html::from("Joyce Pemberton, joyce.pemberton.of.the.long.address@example.org")),
                ("Subject".into(), Html::from("Invoice INV-104396: I was in hospital")),
                ("Came".into(), ui::long_date(super::sampled::on(2026, 11, 17))),
            ],
            reasons: vec![
                "It gives invoice INV-104396 of C103316 Joyce Pemberton in its subject".into(),
                "But joyce@example.org is known on C103317 J Pemberton".into(),
            ],
            words: "Dear Sirs,\n\nI was in hospital from 2 to 9 November.\nhttps://www.example.org/a/very/long/address/that/does/not/end/soon/and/has/no/spaces/in/it/at/all\n\nJoyce".into(),
            quoted: "> Please pay £392.80".into(),
            files: vec![
                ("discharge letter.pdf".into(), "/mail/MSG-000031/files/ab".into(), "84 kB".into()),
                ("photo.heic".into(), String::new(), "This kind of file is not kept as evidence".into()),
            ],
            story: Vec::new(),
            may_sort: state == MailState::Waiting,
            candidates: vec![("C103316".into(), "Joyce Pemberton".into()), ("C103317".into(), "J Pemberton".into())],
            categories: vec![("price".into(), "Price or quantity".into()), ("other".into(), "Something else".into())],
            typed: Default::default(),
        }
        };
        let wrong = Frame::sample("Recovery").wrong("customer", "Enter the customer's number or the invoice's");
        vec![
            ("waiting", page(Frame::sample("Recovery"), MailState::Waiting)),
            ("error", page(wrong, MailState::Waiting)),
            ("opened", page(Frame::sample("Recovery"), MailState::Opened)),
        ]
    }

    fn form(&self, how: &str, fields: Html) -> Html {
        let fields = ui::hidden("how", how).and(fields);
        ui::post_form(format!("/mail/{}", self.number), self.frame.tokens(how), fields).guarded().into()
    }

    fn forms(&self) -> Html {
        let errors = &self.frame.errors;
        let [query, customer, item, category, owner, reason, hand_to] = &self.typed;
        let pick = std::iter::once((String::new(), "Choose".to_owned())).chain(self.categories.iter().cloned());
        let known: Vec<String> = self.candidates.iter().map(|(number, name)| format!("{number} {name}")).collect();
        let hint = if known.is_empty() {
            "Not needed with an invoice".to_owned()
        } else {
            format!("Perhaps {}", known.join(", or "))
        };
        let open = Html::from(ui::input("customer", "Customer number", customer).hint(hint).width(20).errors(errors))
            .and(ui::input("item", "Invoice, if it is about one", item).width(20).errors(errors))
            .and(ui::select("category", "What is it about?", category, pick).errors(errors))
            .and(ui::input("owner", "Who looks after it?", owner).width(20).errors(errors))
            .and(ui::button("Open query"));
        let join = Html::from(ui::input("query", "Query number", query).hint("As QRY-000311").width(20).errors(errors))
            .and(ui::button("Join to query"));
        let hand = Html::from(ui::input("hand_to", "Who is to sort it?", hand_to).width(20).errors(errors))
            .and(ui::button("Hand over").secondary());
        let aside = Html::from(ui::textarea("reason", "Why does nothing come of it?", reason).rows(2).errors(errors))
            .and(ui::button("Set aside").secondary());
        Html::from(ui::panel("Join it to a query", self.form("join", join)))
            .and(ui::panel("Open a query with it", self.form("open", open)))
            .and(ui::panel("Hand it to somebody", self.form("hand_over", hand)))
            .and(ui::panel("Set it aside", self.form("set_aside", aside)))
    }
}

impl Plain for Message {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/queries", "Queries"), ("/mail", "Mail")]).into()
    }

    fn body(&self) -> Html {
        let mut facts = ui::summary_list().fact("Where it stands", self.state.name());
        for (what, value) in &self.facts {
            facts = facts.fact(what, value.clone());
        }
        let reasons = ui::parts(self.reasons.iter().map(|why| ui::para(format!("{why}."))));
        let text = if self.words.trim().is_empty() { Html::from("(no text)") } else { ui::as_written(&self.words) };
        let mut left = Html::from(facts)
            .and(ui::panel("Why it is here", reasons))
            .and(ui::panel("What they wrote", ui::para(text)));
        if !self.quoted.is_empty() {
            left = left.and(ui::panel("What they quote", ui::muted(ui::as_written(&self.quoted))));
        }
        if !self.files.is_empty() {
            let rows = self.files.iter().map(|(name, href, about)| {
                let name = if href.is_empty() { Html::from(name) } else { ui::link(href, name) };
                ui::row().cell(name).cell(if href.is_empty() { format!("Left out: {about}") } else { about.clone() })
            });
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
