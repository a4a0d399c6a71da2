//! Proof of arrival: what is known of one document, which did not arrive, and e-invoices as they stand.

use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// Invoices of which nobody knows that they arrived.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct NotReceived {
    /// The frame.
    pub frame: Frame,
    /// The invoices, those that came back first.
    pub rows: Vec<NotReceivedLine>,
    /// How many are shown at most.
    pub most: i64,
}

/// One of them.
#[derive(Clone, Debug)]
pub struct NotReceivedLine {
    /// Number.
    pub number: String,
    /// Customer: number and name.
    pub customer: (String, String),
    /// When due.
    pub due: NaiveDate,
    /// What is open.
    pub open: Pence,
    /// What became of it.
    pub what: String,
    /// Why, in words; may be empty.
    pub why: String,
    /// Since when.
    pub since: NaiveDate,
    /// What to do.
    pub next: String,
    /// Whether it is not chased for it.
    pub stopped: bool,
}

impl NotReceived {
    /// The heading.
    pub fn heading(&self) -> String {
        "Not received".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = NotReceivedLine {
            number: "INV-020817".into(),
            customer: ("C103316".into(), "Tidewater Housing Association".into()),
            due: super::sampled::on(2026, 12, 3),
            open: Pence(1_284_050),
            what: "The e-mail came back".into(),
            why: "accounts@tidewater.example 5.1.1 No such mailbox here".into(),
            since: super::sampled::on(2026, 11, 18),
            next: "Ask for the right e-mail address, then send it again".into(),
            stopped: true,
        };
        let page = |rows| Self { frame: Frame::sample("Billing"), rows, most: 200 };
        vec![("full", page(vec![line])), ("empty", page(Vec::new()))]
    }
}

impl Plain for NotReceived {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing")]).into()
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            return ui::empty(
                "Everything has arrived",
                "No open invoice is without proof that it reached its customer.",
            )
            .into();
        }
        let rows = self.rows.iter().map(|line| {
            let stopped =
                if line.stopped { Html::from(ui::tag("Not chased", ui::TagColour::Orange)) } else { Html::default() };
            let why = if line.why.is_empty() { Html::default() } else { ui::sub_line(&line.why) };
            ui::row()
                .cell(ui::link(format!("{}/delivery", invoice_at(&line.number)), &line.number))
                .cell(ui::link(format!("/customers/{}", line.customer.0), &line.customer.1))
                .cell(line.due)
                .cell(line.open)
                .cell(Html::from(&line.what).and(why).and(stopped))
                .cell(line.since)
                .cell(&line.next)
        });
        let table = ui::table("Invoices without proof that they arrived, those that came back first")
            .columns([
                ui::col("Invoice").nowrap(),
                ui::col("Customer"),
                ui::col("Due").nowrap(),
                ui::num("Open"),
                ui::col("What became of it"),
                ui::col("Since").nowrap(),
                ui::col("Next step"),
            ])
            .rows(rows);
        let note = format!("At most {}. What came back is not chased until it was sent again.", self.most);
        Html::from(ui::muted(note)).and(table)
    }
}

/// What is known of one document's way, and a form to record more.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct DeliveryOf {
    /// The frame; errors belong to `known`, `on_day`, `reference` and `words`.
    pub frame: Frame,
    /// Number of the document.
    pub number: String,
    /// Whether it is not chased as it stands.
    pub stopped: bool,
    /// What is known, newest first: when, what, its reference, words, who.
    pub events: Vec<(NaiveDate, String, String, String, String)>,
    /// Letters that carried it: number and state.
    pub letters: Vec<(String, String)>,
    /// What a person may record: word and words.
    pub choices: Vec<(&'static str, &'static str)>,
    /// Whether the reader records.
    pub may_record: bool,
    /// Typed: what, when, reference, words.
    pub typed: (String, String, String, String),
}

impl DeliveryOf {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Delivery of {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let day = super::sampled::on(2026, 11, 18);
        let event = (
            day,
            "The e-mail came back".to_owned(),
            "LTR-000431".to_owned(),
            "accounts@tidewater.example 5.1.1 No such mailbox here".to_owned(),
            "Shazia Malik".to_owned(),
        );
        let page = |frame, events, typed| Self {
            frame,
            number: "INV-020817".into(),
            stopped: true,
            events,
            letters: vec![("LTR-000431".into(), "failed".into())],
            choices: vec![("uploaded", "Put on the customer's portal"), ("returned", "The post brought it back")],
            may_record: true,
            typed,
        };
        let wrong = Frame::sample("Billing").wrong("words", "Enter the reason, or how you know");
        let typed = ("returned".to_owned(), String::new(), String::new(), String::new());
        vec![
            ("full", page(Frame::sample("Billing"), vec![event], Default::default())),
            ("error", page(wrong, Vec::new(), typed)),
        ]
    }

    fn form(&self) -> Html {
        let errors = &self.frame.errors;
        let (known, on_day, reference, words) = &self.typed;
        let body = Html::from(
            ui::radios("known", "What you know", known, self.choices.iter().map(|(w, t)| (*w, *t))).errors(errors),
        )
        .and(ui::date_input("on_day", "When", on_day).hint("Leave empty for today").errors(errors))
        .and(
            ui::input("reference", "Number or name", reference)
                .hint("The portal's number for it, or who told you")
                .errors(errors),
        )
        .and(ui::textarea("words", "Reason, or how you know", words).rows(3).errors(errors))
        .and(ui::button("Record"));
        let at = format!("{}/proof", invoice_at(&self.number));
        let again = ui::post_form(
            format!("{}/send-again", invoice_at(&self.number)),
            self.frame.tokens("again"),
            Html::from(ui::para("A new letter goes to the address of today. What failed or is held is withdrawn."))
                .and(ui::button("Send it again").secondary()),
        );
        Html::from(ui::panel("Record what you know", ui::post_form(at, self.frame.tokens("record"), body)))
            .and(ui::panel("Send it again", again))
    }
}

impl Plain for DeliveryOf {
    fn above(&self) -> Html {
        let invoice = invoice_at(&self.number);
        ui::breadcrumbs([("/billing".to_owned(), "Billing".to_owned()), (invoice, self.number.clone())]).into()
    }

    fn body(&self) -> Html {
        let stopped = if self.stopped {
            Html::from(ui::para(ui::strong("It is not chased until it was sent again.", false)))
        } else {
            Html::default()
        };
        let known = if self.events.is_empty() {
            Html::from(ui::muted("Nothing is known yet of its arrival."))
        } else {
            let rows = self.events.iter().map(|(day, what, reference, words, who)| {
                let words = if words.is_empty() { Html::default() } else { ui::sub_line(words) };
                ui::row().cell(*day).cell(Html::from(what).and(words)).cell(reference).cell(who)
            });
            ui::table("What is known, newest first")
                .columns([ui::col("When").nowrap(), ui::col("What"), ui::col("Number"), ui::col("Recorded by")])
                .rows(rows)
                .into()
        };
        let letters = self.letters.iter().fold(ui::details_list(), |list, (number, state)| {
            list.fact(state, ui::link(format!("/letters/{number}.pdf"), number))
        });
        let letters =
            if self.letters.is_empty() { Html::from(ui::muted("No letter carried it.")) } else { letters.into() };
        let backing = ui::link(format!("{}/backing", invoice_at(&self.number)), "Files behind it, and one PDF of all");
        let letters = letters.and(ui::para(backing));
        let form = if self.may_record { self.form() } else { Html::default() };
        ui::grid([(8, stopped.and(known).and(form)), (4, Html::from(ui::boxed("Letters", letters)))]).into()
    }
}

/// E-invoices as they stand.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Einvoices {
    /// The frame; errors belong to `file`.
    pub frame: Frame,
    /// Documents that have no file yet.
    pub waiting: i64,
    /// How many stand where: state in words and count.
    pub counts: Vec<(String, i64)>,
    /// The newest: number, to whom, state in words, since when, why, whether somebody must look.
    pub rows: Vec<(String, String, String, Option<NaiveDate>, String, bool)>,
    /// Whether the reader sends and takes answers.
    pub may_send: bool,
}

impl Einvoices {
    /// The heading.
    pub fn heading(&self) -> String {
        "E-invoices".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = (
            "INV-020817".to_owned(),
            "0088:5790000435944".to_owned(),
            "Refused by the customer".to_owned(),
            Some(super::sampled::on(2026, 11, 18)),
            "REF, Order unknown".to_owned(),
            true,
        );
        let page = |frame, rows: Vec<_>| Self {
            frame,
            waiting: rows.len() as i64,
            counts: if rows.is_empty() { Vec::new() } else { vec![("Refused by the customer".into(), 1)] },
            rows,
            may_send: true,
        };
        let wrong = Frame::sample("Billing").wrong("file", "Choose the file of the answer");
        vec![
            ("full", page(Frame::sample("Billing"), vec![row.clone()])),
            ("error", page(wrong, vec![row])),
            ("empty", page(Frame::sample("Billing"), Vec::new())),
        ]
    }
}

impl Plain for Einvoices {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing")]).into()
    }

    fn body(&self) -> Html {
        let list = if self.rows.is_empty() {
            Html::from(ui::empty("No e-invoices yet", "Customers who take them are set on their account's details."))
        } else {
            let rows = self.rows.iter().map(|(number, to, state, since, why, look)| {
                let why = if why.is_empty() { Html::default() } else { ui::sub_line(why) };
                ui::row()
                    .cell(ui::link(invoice_at(number), number))
                    .cell(to)
                    .cell(ui::strong(state, *look).and(why))
                    .cell(since.map_or_else(Html::default, ui::date))
            });
            ui::table("E-invoices, newest first")
                .columns([ui::col("Document").nowrap(), ui::col("To"), ui::col("State"), ui::col("Since").nowrap()])
                .rows(rows)
                .into()
        };
        let counts = self.counts.iter().map(|(state, count)| ui::row().cell(state).cell(*count));
        let counts =
            ui::table("E-invoices by state").columns([ui::col("State"), ui::num("E-invoices")]).rows(counts).narrow();
        let side = if self.counts.is_empty() { Html::from(ui::muted("None was tried.")) } else { counts.into() };
        let work = if self.may_send {
            let words =
                ui::para(format!("{} to be written.", ui::count_of(self.waiting, "document waits", "documents wait")));
            let send = ui::post_form(
                "/delivery/einvoices/send",
                self.frame.tokens("send"),
                Html::from(words).and(ui::button("Take answers and send what waits")),
            );
            let answer = Html::from(ui::file_field("file", "A customer's answer", ".xml").errors(&self.frame.errors))
                .and(ui::button("Take it").secondary());
            let answer = ui::post_form("/delivery/einvoices/answer", self.frame.tokens("answer"), answer).with_file();
            Html::from(ui::panel("Waiting", send)).and(ui::panel("Answers", answer))
        } else {
            Html::default()
        };
        ui::grid([(8, list), (4, work.and(ui::panel("By state", side)))]).into()
    }
}
