//! Letters on their way: what waits, what could not be sent, print batches and signing for them.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// Letters that are not settled, and the print batches.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Delivery {
    /// The frame.
    pub frame: Frame,
    /// Letters by state and channel: address, words, count, whether somebody must look, whether shown now.
    pub heaps: Vec<(String, String, i64, bool, bool)>,
    /// What is shown: `Could not be sent, e-mail`; empty for nothing.
    pub shown: String,
    /// The letters shown, oldest first.
    pub letters: Vec<LetterLine>,
    /// How many are shown at most.
    pub most: i64,
    /// Letters that wait to be printed, where the reader may print.
    pub to_print: i64,
    /// Letters that wait for e-mail, where the reader may send.
    pub to_send: i64,
    /// Whether a mail server is set.
    pub mail_server: bool,
    /// Whether GOV.UK Notify carries e-mail, and post.
    pub notify: (bool, bool),
    /// Whether the reader settles letters.
    pub may_settle: bool,
    /// The batches, newest first.
    pub batches: Vec<BatchLine>,
}

/// One letter.
#[derive(Clone, Debug)]
pub struct LetterLine {
    /// Its number.
    pub number: String,
    /// What it is.
    pub kind: String,
    /// The date on it.
    pub dated: NaiveDate,
    /// Where it goes.
    pub to: String,
    /// The sum it asks for.
    pub amount: Pence,
    /// Why it stands as it does; may be empty.
    pub why: String,
    /// Its state.
    pub state: ui::Tag,
    /// What it can become: word sent, and words.
    pub outcomes: Vec<(&'static str, &'static str)>,
}

/// One print batch.
#[derive(Clone, Debug)]
pub struct BatchLine {
    /// Its number.
    pub number: String,
    /// When it was made.
    pub made: NaiveDate,
    /// Letters in it.
    pub letters: i64,
    /// Sheets of paper.
    pub sheets: i64,
    /// Asked for.
    pub amount: Pence,
    /// Who ran it, and who signed for it.
    pub people: String,
    /// Its state.
    pub state: ui::Tag,
}

impl Delivery {
    /// The heading.
    pub fn heading(&self) -> String {
        "Letters".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let letter = LetterLine {
            number: "LTR-000431".into(),
            kind: "Reminder".into(),
            dated: super::sampled::on(2026, 11, 18),
            to: "joyce@example.org".into(),
            amount: Pence(39_280),
            why: "The server did not answer before the line went dead".into(),
            state: ui::tag("Not known", ui::TagColour::Orange),
            outcomes: vec![("sent", "It arrived"), ("waiting", "Send it again")],
        };
        let batch = BatchLine {
            number: "PRN-000042".into(),
            made: super::sampled::on(2026, 11, 18),
            letters: 311,
            sheets: 640,
            amount: Pence(9_912_000),
            people: "Shazia Malik".into(),
            state: ui::tag("Printed", ui::TagColour::Yellow),
        };
        let page = |letters: Vec<LetterLine>, batches| Self {
            frame: Frame::sample("Recovery"),
            heaps: vec![("/delivery?state=unknown&channel=email".into(), "Not known, e-mail".into(), 1, true, true)],
            shown: if letters.is_empty() { String::new() } else { "Not known, e-mail".into() },
            letters,
            most: 200,
            to_print: 311,
            to_send: 12,
            mail_server: true,
            notify: (true, false),
            may_settle: true,
            batches,
        };
        vec![("full", page(vec![letter], vec![batch])), ("empty", page(Vec::new(), Vec::new()))]
    }

    fn list(&self) -> Html {
        let rows = self.letters.iter().map(|letter| {
            let why = if letter.why.is_empty() { Html::default() } else { ui::sub_line(&letter.why) };
            let settle = if self.may_settle && !letter.outcomes.is_empty() {
                ui::link(format!("/delivery/letters/{}", letter.number), "Settle")
            } else {
                let verb = ui::button(format!("Print a copy of {}", letter.number)).secondary();
                let tokens = self.frame.tokens(&format!("copy-{}", letter.number));
                Html::from(ui::post_form(format!("/delivery/letters/{}/copy", letter.number), tokens, Html::from(verb)))
            };
            ui::row()
                .cell(ui::link(format!("/letters/{}.pdf", letter.number), &letter.number))
                .cell(&letter.kind)
                .cell(letter.dated)
                .cell(Html::from(&letter.to).and(why))
                .cell(letter.amount)
                .cell(&letter.state)
                .cell(settle)
        });
        ui::table(&self.shown)
            .columns([
                ui::col("Letter").nowrap(),
                ui::col("What"),
                ui::col("Dated").nowrap(),
                ui::col("To"),
                ui::num("Asks for"),
                ui::col("State"),
                ui::col("Change"),
            ])
            .rows(rows)
            .into()
    }

    fn work(&self) -> Html {
        let mut work = Html::default();
        if self.to_print > 0 {
            let words = ui::para(format!("{} to print.", ui::count_of(self.to_print, "letter waits", "letters wait")));
            let verb = if self.notify.1 { "Print what Notify does not carry" } else { "Print a batch" };
            let body = Html::from(words).and(ui::button(verb));
            work = work.and(ui::post_form("/delivery/print", self.frame.tokens("print"), body));
        }
        if self.to_send > 0 {
            let words = ui::para(format!("{} for e-mail.", ui::count_of(self.to_send, "letter waits", "letters wait")));
            let next = if self.notify.0 {
                Html::from(ui::para("GOV.UK Notify carries them."))
            } else if self.mail_server {
                Html::from(ui::button("Send e-mails"))
            } else {
                ui::para("No mail server is set, so none can be sent. An administrator sets it.").into()
            };
            work = work.and(ui::post_form("/delivery/send", self.frame.tokens("send"), Html::from(words).and(next)));
        }
        if (self.notify.1 && self.to_print > 0) || (self.notify.0 && self.to_send > 0) {
            let body = ui::button("Send by GOV.UK Notify");
            work = work.and(ui::post_form("/delivery/notify/send", self.frame.tokens("send-notify"), body));
        }
        if work.is_empty() { ui::para("Nothing waits to be printed or sent.").into() } else { work }
    }
}

impl Plain for Delivery {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery")]).into()
    }

    fn body(&self) -> Html {
        let heaps = self.heaps.iter().map(|(href, words, count, look, here)| {
            let words = if *here { ui::strong(words, *look) } else { ui::link(href, words) };
            ui::row().cell(words).cell(*count).wrong(*look)
        });
        let heaps = ui::table("Letters by state").columns([ui::col("State"), ui::num("Letters")]).rows(heaps).narrow();
        let heaps = if self.heaps.is_empty() { Html::from(ui::para("Every letter has gone.")) } else { heaps.into() };
        let rows = self.batches.iter().map(|batch| {
            ui::row()
                .cell(ui::link(format!("/delivery/batches/{}", batch.number), &batch.number))
                .cell(batch.made)
                .cell(batch.letters)
                .cell(batch.sheets)
                .cell(batch.amount)
                .cell(&batch.people)
                .cell(&batch.state)
        });
        let batches = ui::table("Print batches, newest first")
            .columns([
                ui::col("Batch"),
                ui::col("Made"),
                ui::num("Letters"),
                ui::num("Sheets"),
                ui::num("Asked for"),
                ui::col("By"),
                ui::col("State"),
            ])
            .rows(rows);
        let batches = if self.batches.is_empty() {
            Html::from(ui::empty("No batches yet", "Nothing has been printed from here."))
        } else {
            batches.into()
        };
        let list = if self.letters.is_empty() {
            Html::default()
        } else {
            let note = format!("Oldest first, at most {}.", ui::number(self.most));
            ui::panel(&self.shown, self.list()).note(note).into()
        };
        ui::grid([
            (8, list.and(ui::panel("Print batches", batches))),
            (
                4,
                Html::from(ui::panel("Arrival", arrival()))
                    .and(ui::panel("Waiting", self.work()))
                    .and(ui::panel("By state", heaps)),
            ),
        ])
        .into()
    }
}

/// Where proof of arrival is.
fn arrival() -> Html {
    Html::from(ui::para(ui::link("/delivery/not-received", "Invoices not received")))
        .and(ui::para(ui::link("/delivery/einvoices", "E-invoices")))
        .and(ui::para(ui::link("/delivery/notify", "GOV.UK Notify")))
        .and(ui::para(ui::link("/delivery/statements", "Statements to everyone with a balance")))
}

/// Settling one letter: what became of it, and how we know.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct SettleLetter {
    /// The frame; errors belong to `outcome` and `words`.
    pub frame: Frame,
    /// The letter.
    pub letter: LetterLine,
    /// The outcome chosen.
    pub outcome: String,
    /// How they know, as typed.
    pub words: String,
}

impl SettleLetter {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Settle {}", self.letter.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let letter = Delivery::samples().remove(0).1.letters.remove(0);
        let frame = Frame::sample("Recovery").wrong("words", "Say how you know");
        vec![("error", Self { frame, letter, outcome: "sent".into(), words: String::new() })]
    }
}

impl Plain for SettleLetter {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery"), ("/delivery", "Letters")]).into()
    }

    fn caption(&self) -> Html {
        format!("{} to {}", self.letter.kind, self.letter.to).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let outcomes = self.letter.outcomes.iter().map(|(word, words)| (*word, *words));
        let body = Html::from(ui::radios("outcome", "What became of it", &self.outcome, outcomes).errors(errors))
            .and(ui::textarea("words", "How you know", &self.words).rows(3).errors(errors))
            .and(ui::button("Settle"));
        let state = ui::details_list()
            .fact("State", &self.letter.state)
            .fact_if("Why", &self.letter.why)
            .fact("Letter", ui::link(format!("/letters/{}.pdf", self.letter.number), "See it"));
        let form =
            ui::post_form(format!("/delivery/letters/{}", self.letter.number), self.frame.tokens("settle"), body);
        Html::from(state).and(form)
    }
}

/// A print batch: its files, its letters, its control totals.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PrintBatch {
    /// The frame; errors belong to `letters_count`, `sheets_count` and `total`.
    pub frame: Frame,
    /// The batch.
    pub batch: BatchLine,
    /// First and last letter.
    pub ends: (String, String),
    /// Its files: address, words, letters, sheets, sum.
    pub parts: Vec<(String, String, i64, i64, Pence)>,
    /// Its letters, at most 200.
    pub letters: Vec<LetterLine>,
    /// Whether it waits for somebody to sign, and the reader may.
    pub may_confirm: bool,
    /// The counts typed: letters, sheets, sum.
    pub typed: (String, String, String),
}

impl PrintBatch {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Print batch {}", self.batch.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let mut delivery = Delivery::samples().remove(0).1;
        let frame = Frame::sample("Recovery").wrong("letters_count", "Enter how many letters you counted");
        let page = Self {
            frame,
            batch: delivery.batches.remove(0),
            ends: ("LTR-000121".into(), "LTR-000431".into()),
            parts: vec![("/delivery/batches/PRN-000042/1.pdf".into(), "Part 1".into(), 311, 640, Pence(9_912_000))],
            letters: delivery.letters,
            may_confirm: true,
            typed: (String::new(), "640".into(), String::new()),
        };
        vec![("error", page)]
    }
}

impl Plain for PrintBatch {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery"), ("/delivery", "Letters")]).into()
    }

    fn body(&self) -> Html {
        let batch = &self.batch;
        let tiles = ui::figures([
            ui::figure("Letters", Some(ui::number(batch.letters))),
            ui::figure("Sheets", Some(ui::number(batch.sheets))),
            ui::figure("Asked for", Some(ui::money(batch.amount))),
        ]);
        let facts = ui::details_list()
            .fact("State", &batch.state)
            .fact("Made", ui::long_date(batch.made))
            .fact("By", &batch.people)
            .fact("Letters", format!("{} to {}", self.ends.0, self.ends.1));
        let parts = self.parts.iter().map(|(href, words, letters, sheets, sum)| {
            ui::row().cell(ui::link(href, words)).cell(*letters).cell(*sheets).cell(*sum)
        });
        let parts = ui::table("Files to print")
            .columns([ui::col("File"), ui::num("Letters"), ui::num("Sheets"), ui::num("Asked for")])
            .rows(parts);
        let letters = self.letters.iter().map(|letter| {
            ui::row()
                .cell(ui::link(format!("/letters/{}.pdf", letter.number), &letter.number))
                .cell(&letter.kind)
                .cell(&letter.to)
                .cell(letter.amount)
                .cell(&letter.state)
        });
        let letters = ui::table("Letters of the batch")
            .columns([
                ui::col("Letter").nowrap(),
                ui::col("What"),
                ui::col("To"),
                ui::num("Asks for"),
                ui::col("State"),
            ])
            .rows(letters);
        let errors = &self.frame.errors;
        let sign = if self.may_confirm {
            let (count, sheets, total) = &self.typed;
            let number = |id: &str, label: &str, typed: &str| {
                ui::input(id, label, typed).width(5).input_mode("numeric").errors(errors)
            };
            let body = Html::from(ui::para("Count what came out of the printer. The counts must be those above."))
                .and(number("letters_count", "Letters counted", count))
                .and(number("sheets_count", "Sheets counted", sheets))
                .and(ui::amount_input("total", "Sum on the control list", total).errors(errors))
                .and(ui::button("Sign for this batch"));
            let form = ui::post_form(format!("/delivery/batches/{}", batch.number), self.frame.tokens("sign"), body);
            Html::from(ui::panel("Sign for it", form))
        } else {
            Html::default()
        };
        Html::from(tiles).and(ui::grid([
            (8, Html::from(ui::panel("Files to print", parts)).and(ui::panel("Letters of the batch", letters))),
            (4, Html::from(ui::boxed("The batch", facts)).and(sign)),
        ]))
    }
}
