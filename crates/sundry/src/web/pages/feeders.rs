//! Files of feeders: those there were and sending one, one with its faults and progress, rejects that wait.

use super::contracts::Typed;
use super::feeder_setup::feeder_places;
use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The files, and sending one.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct FeederFiles {
    /// The frame; errors belong to `feeder`, `file`, `told_rows`, `told_sum` and `corrects`.
    pub frame: Frame,
    /// What was typed, by field.
    pub typed: Typed,
    /// Feeders that take files: code and name.
    pub feeders: Vec<(String, String)>,
    /// Files with rejects that wait, to be put right: number and words.
    pub open: Vec<(String, String)>,
    /// The files, newest first.
    pub files: Vec<FileLine>,
    /// Whether the reader sends files.
    pub may_send: bool,
}

/// One file of the list.
#[derive(Clone, Debug)]
pub struct FileLine {
    /// Number.
    pub number: String,
    /// The feeder.
    pub feeder: String,
    /// The file's name.
    pub name: String,
    /// When it was sent.
    pub on: NaiveDate,
    /// Rows, to bill, sent before, with faults.
    pub counts: [i64; 4],
    /// What it comes to with VAT.
    pub gross: Pence,
    /// Where it stands.
    pub state: ui::Tag,
}

impl FeederFiles {
    /// The heading.
    pub fn heading(&self) -> String {
        "Feeder files".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = FileLine {
            number: "FDR-000004".into(),
            feeder: "LICENCES".into(),
            name: "licences-2026-05.csv".into(),
            on: super::sampled::on(2026, 5, 29),
            counts: [10_000, 9_963, 0, 37],
            gross: Pence(312_450_075),
            state: ui::tag("Waits for release", ui::TagColour::Blue),
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let page = |frame, files| Self {
            frame,
            typed: Typed::default(),
            feeders: vec![pair("LICENCES", "LICENCES, Licensing system")],
            open: vec![pair("FDR-000003", "FDR-000003, 37 rejects")],
            files,
            may_send: true,
        };
        let wrong = Frame::sample("Billing").wrong("told_rows", "Enter how many rows the sender says");
        vec![
            ("full", page(Frame::sample("Billing"), vec![line])),
            ("empty", Self { feeders: Vec::new(), open: Vec::new(), ..page(Frame::sample("Billing"), Vec::new()) }),
            ("error", page(wrong, Vec::new())),
        ]
    }

    fn value(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    fn send(&self) -> Html {
        if !self.may_send || self.feeders.is_empty() {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let feeders = self.feeders.iter().map(|(code, words)| ui::choice(code, words));
        let body = Html::from(ui::select("feeder", "Feeder", self.value("feeder"), feeders).errors(errors))
            .and(ui::file_field("file", "Workbook or CSV", ".csv,.txt,.xlsx").errors(errors))
            .and(ui::row_of([
                Html::from(
                    ui::input("told_rows", "Rows, as the sender says", self.value("told_rows"))
                        .hint("Where the file has no row of totals")
                        .width(10)
                        .input_mode("numeric")
                        .errors(errors),
                ),
                Html::from(
                    ui::amount_input("told_sum", "Sum, as the sender says", self.value("told_sum"))
                        .hint("In pounds")
                        .errors(errors),
                ),
            ]));
        let body = if self.open.is_empty() {
            body
        } else {
            let none = [ui::choice("", "None: it is a new file")];
            let open = none.into_iter().chain(self.open.iter().map(|(number, words)| ui::choice(number, words)));
            body.and(
                ui::select("corrects", "It puts right the rejects of", self.value("corrects"), open).errors(errors),
            )
        };
        let body = body.and(ui::button("Check the file"));
        let form = ui::post_form("/billing/feeder-files", self.frame.tokens("send"), body).with_file();
        let says = "Every row is checked, and nothing is billed until the file is released.";
        ui::boxed("Send a file", Html::from(ui::para(says)).and(form)).into()
    }
}

impl Plain for FeederFiles {
    fn body(&self) -> Html {
        let top = feeder_places("Files", &self.frame).and(self.send());
        if self.files.is_empty() {
            let text = if self.feeders.is_empty() {
                "An administrator sets a feeder up first: what its headings mean, and who puts rejects right."
            } else {
                "Charges that other systems send will be listed here."
            };
            return top.and(ui::empty("No files yet", text));
        }
        let rows = self.files.iter().map(|file| {
            let [rows, good, before, rejected] = file.counts;
            let number = ui::link(format!("/billing/feeder-files/{}", file.number), &file.number);
            ui::row()
                .cell(number)
                .cell(Html::from(&file.feeder).and(ui::sub_line(file.name.as_str())))
                .cell(file.on)
                .cell(rows)
                .cell(good)
                .cell(before)
                .cell(rejected)
                .cell(file.gross)
                .cell(&file.state)
        });
        let table = ui::table("Files, newest first").show_caption().columns([
            ui::col("File").nowrap(),
            ui::col("Feeder"),
            ui::col("Sent").nowrap(),
            ui::num("Rows"),
            ui::num("To bill"),
            ui::num("Sent before"),
            ui::num("With faults"),
            ui::num("With VAT"),
            ui::col("State"),
        ]);
        top.and(table.rows(rows))
    }
}

/// A fault of a row: row, field, given, what would be right, whether it waits.
pub type FaultLine = (i64, String, String, String, bool);

/// One file: totals, faults, invoices, what to do.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneFile {
    /// The frame; errors belong to `row` and `reason`.
    pub frame: Frame,
    /// Number.
    pub number: String,
    /// Where it stands.
    pub state: (String, ui::Tag),
    /// Facts: key and value.
    pub facts: Vec<(String, String)>,
    /// Control totals: what, the sender, the file.
    pub told: Vec<[String; 3]>,
    /// What comes of it: what, prepared, posted, in the ledger.
    pub totals: Vec<[String; 4]>,
    /// Invoices done, and in all.
    pub done: (i64, i64),
    /// Faults of rows.
    pub faults: Vec<FaultLine>,
    /// Rows that wait to be put right.
    pub waiting: i64,
    /// Who puts them right.
    pub rejects_to: String,
    /// Invoices: number, customer number and name, document, lines, gross.
    pub invoices: Vec<(String, String, String, String, i64, Pence)>,
    /// The address of more of them; empty on the last page.
    pub next: String,
    /// Row and reason, as typed.
    pub typed: (String, String),
    /// Whether the reader releases and stops it.
    pub may_release: bool,
    /// Whether the reader withdraws it, and sets rejects aside.
    pub may_raise: bool,
}

impl OneFile {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Feeder file {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let fault = |row, field: &str, given: &str, right: &str| (row, text(field), text(given), text(right), true);
        let faults = vec![
            fault(13, "Customer", "L9999", "the number of a customer we have"),
            fault(282, "Amount", "12.5O", "pounds with at most two decimals: 1284.50"),
            fault(
                551,
                "Service user's reference",
                "Mary Smith",
                "the person's reference in the case system, never a name",
            ),
        ];
        let page = |word: &str, tag, faults: Vec<FaultLine>, frame| Self {
            frame,
            number: "FDR-000004".into(),
            state: (word.into(), tag),
            facts: vec![(text("Feeder"), text("LICENCES, Licensing system")), (text("Sent in by"), text("Tom Ellis"))],
            told: vec![["Rows", "10,000", "10,000"].map(text), ["Sum", "£2,603,750.63", "£2,603,750.63"].map(text)],
            totals: vec![["Invoices", "3,334", "", ""].map(text), ["With VAT", "£3,124,500.75", "", ""].map(text)],
            done: (1_200, 3_334),
            waiting: faults.len() as i64,
            faults,
            rejects_to: "Licensing team".into(),
            invoices: vec![(text("INV-000412"), text("L0001"), text("Trader Ltd"), text("D1"), 3, Pence(49_495))],
            next: String::new(),
            typed: (String::new(), String::new()),
            may_release: true,
            may_raise: true,
        };
        let blue = || ui::tag("Waits for release", ui::TagColour::Blue);
        let wrong = Frame::sample("Billing").wrong("reason", "Enter why it is not billed");
        vec![
            ("prepared", page("prepared", blue(), faults.clone(), Frame::sample("Billing"))),
            ("error", page("prepared", blue(), faults, wrong)),
            (
                "releasing",
                page("releasing", ui::tag("Being billed", ui::TagColour::Yellow), vec![], Frame::sample("Billing")),
            ),
            ("done", page("done", ui::tag("Billed", ui::TagColour::Green), vec![], Frame::sample("Billing"))),
        ]
    }

    fn at(&self, verb: &str) -> String {
        format!("/billing/feeder-files/{}/{verb}", self.number)
    }

    fn acts(&self) -> Html {
        let form = |verb: &str, button: ui::Button| {
            Html::from(ui::post_form(self.at(verb), self.frame.tokens(verb), Html::from(button)))
        };
        let says = |words: &str| Html::from(ui::para(words));
        let body = match self.state.0.as_str() {
            "prepared" if self.may_release => {
                says("The rows without faults are billed: each customer and document gets one invoice. Stopped or broken off, it goes on where it was.")
                    .and(form("release", ui::button("Bill the good rows")))
            }
            "stopped" if self.may_release => {
                says("What was billed stays billed.").and(form("release", ui::button("Let it go on")))
            }
            "releasing" if self.may_release => {
                says("It stops after the piece it is at.").and(form("stop", ui::button("Stop it").warning()))
            }
            "prepared" if self.may_raise => says("It waits for someone who releases runs."),
            _ => Html::default(),
        };
        let withdraw = match self.state.0.as_str() {
            "prepared" if self.may_raise || self.may_release => form("withdraw", ui::button("Withdraw it").secondary()),
            _ => Html::default(),
        };
        let body = body.and(withdraw);
        if body.is_empty() { body } else { ui::boxed("What to do", body).to_do().into() }
    }

    fn rejects(&self) -> Html {
        if self.faults.is_empty() {
            return Html::default();
        }
        let rows = self.faults.iter().map(|(row, field, given, right, waits)| {
            let state =
                if *waits { ui::tag("Waits", ui::TagColour::Yellow) } else { ui::tag("Ended", ui::TagColour::Grey) };
            ui::row().cell(*row).cell(ui::or_dash(field)).cell(ui::or_dash(given)).cell(right).cell(state)
        });
        let table = ui::table("Rows with faults").show_caption().columns([
            ui::num("Row"),
            ui::col("Field"),
            ui::col("Given"),
            ui::col("What would be right"),
            ui::col("State"),
        ]);
        let files = ui::downloads(|kind| format!("{}?format={kind}", self.at("rejects")));
        let waits = ui::count_of(self.waiting, "row waits", "rows wait");
        let says = format!(
            "{waits} for {}. Download them with the reason beside each, put them right and send them again: what was billed is not billed twice.",
            self.rejects_to
        );
        let top =
            if self.waiting > 0 { Html::from(ui::para(says)).and(ui::toolbar("", files)) } else { Html::default() };
        top.and(table.rows(rows)).and(self.aside())
    }

    fn aside(&self) -> Html {
        if !self.may_raise || self.waiting == 0 {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let body = Html::from(ui::row_of([
            Html::from(ui::input("row", "Row", &self.typed.0).width(5).input_mode("numeric").errors(errors)),
            Html::from(ui::input("reason", "Why it is not billed", &self.typed.1).width(20).errors(errors)),
        ]))
        .and(ui::button("Set the row aside").secondary());
        let form = ui::post_form(self.at("aside"), self.frame.tokens("aside"), body);
        ui::boxed("A row that is not to be billed", form).into()
    }

    fn tables(&self) -> Html {
        let told = self.told.iter().map(|row| row.iter().fold(ui::row(), |line, cell| line.cell(ui::or_dash(cell))));
        let told = ui::table("Control totals of the file")
            .show_caption()
            .columns([ui::col("What"), ui::num("The sender says"), ui::num("The file has")])
            .rows(told);
        let totals =
            self.totals.iter().map(|row| row.iter().fold(ui::row(), |line, cell| line.cell(ui::or_dash(cell))));
        let totals = ui::table("What comes of it")
            .show_caption()
            .columns([ui::col("What"), ui::num("Prepared"), ui::num("Posted"), ui::num("In the ledger")])
            .rows(totals);
        Html::from(told).and(totals)
    }

    fn billed(&self) -> Html {
        if self.invoices.is_empty() {
            return Html::default();
        }
        let rows = self.invoices.iter().map(|(number, customer, name, document, lines, gross)| {
            let who = ui::link(format!("/customers/{customer}"), format!("{name}, {customer}"));
            let number = ui::link(invoice_at(number), number);
            ui::row().cell(number).cell(who).cell(ui::or_dash(document)).cell(*lines).cell(*gross)
        });
        let table = ui::table("Invoices").show_caption().columns([
            ui::col("Invoice").nowrap(),
            ui::col("Customer"),
            ui::col("Their document"),
            ui::num("Lines"),
            ui::num("With VAT"),
        ]);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "More invoices") };
        Html::from(table.rows(rows)).and(next)
    }
}

impl Plain for OneFile {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/feeder-files", "Feeder files")]).into()
    }

    fn body(&self) -> Html {
        let facts = ui::summary_list().fact("State", &self.state.1);
        let (done, all) = self.done;
        let facts = if matches!(self.state.0.as_str(), "releasing" | "stopped") {
            facts.fact("Invoices", format!("{} of {}", ui::number(done), ui::number(all)))
        } else {
            facts
        };
        let facts = self.facts.iter().fold(facts, |facts, (key, value)| facts.fact_if(key, value));
        Html::from(facts).and(self.acts()).and(self.tables()).and(self.rejects()).and(self.billed())
    }
}

/// Rejects that wait, of every file.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Rejects {
    /// The frame.
    pub frame: Frame,
    /// The feeder that is shown; empty for all.
    pub feeder: String,
    /// Feeders: code and words.
    pub feeders: Vec<(String, String)>,
    /// Rejects.
    pub rows: Vec<RejectLine>,
}

/// A reject that waits.
#[derive(Clone, Debug)]
pub struct RejectLine {
    /// The file, and the row in it.
    pub place: (String, i64),
    /// Who has it.
    pub owner: String,
    /// Since when, and how long that is.
    pub since: (NaiveDate, String),
    /// The sender's number of the charge.
    pub reference: String,
    /// Field, given, what would be right.
    pub fault: (String, String, String),
    /// Pounds, as far as they can be read.
    pub amount: Pence,
}

impl Rejects {
    /// The heading.
    pub fn heading(&self) -> String {
        "Rejects that wait".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let line = RejectLine {
            place: (text("FDR-000004"), 13),
            owner: "Licensing team".into(),
            since: (super::sampled::on(2026, 5, 29), text("3 days")),
            reference: "LIC/000011".into(),
            fault: (text("Customer"), text("L9999"), text("the number of a customer we have")),
            amount: Pence(11_100),
        };
        let feeders = vec![(String::new(), text("Every feeder")), (text("LICENCES"), text("LICENCES"))];
        let page =
            |rows| Self { frame: Frame::sample("Billing"), feeder: String::new(), feeders: feeders.clone(), rows };
        vec![("full", page(vec![line])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Rejects {
    fn body(&self) -> Html {
        let choices = self.feeders.iter().map(|(code, words)| ui::choice(code, words));
        let filter =
            ui::filters("/billing/feeder-rejects").field(ui::select("feeder", "Feeder", &self.feeder, choices));
        let top = feeder_places("Rejects", &self.frame).and(filter);
        if self.rows.is_empty() {
            return top
                .and(ui::empty("No rejects wait", "Every row that was sent was billed, put right or set aside."));
        }
        let links = ui::downloads(|kind| format!("/billing/feeder-rejects?feeder={}&format={kind}", self.feeder));
        let rows = self.rows.iter().map(|one| {
            let (file, row) = &one.place;
            let place = ui::link(format!("/billing/feeder-files/{file}"), format!("{file}, row {row}"));
            ui::row()
                .cell(place)
                .cell(ui::or_dash(&one.reference))
                .cell(&one.owner)
                .cell(Html::from(&one.fault.0).and(ui::sub_line(ui::or_dash(&one.fault.1).as_str())))
                .cell(&one.fault.2)
                .cell(one.amount)
                .cell(ui::day(one.since.0).and(ui::sub_line(one.since.1.as_str())))
        });
        let table = ui::table("Rejects, oldest first").columns([
            ui::col("Where").nowrap(),
            ui::col("Reference"),
            ui::col("With"),
            ui::col("Field and value"),
            ui::col("What would be right"),
            ui::num("Amount"),
            ui::col("Since").nowrap(),
        ]);
        top.and(ui::toolbar("", links)).and(table.rows(rows))
    }
}
