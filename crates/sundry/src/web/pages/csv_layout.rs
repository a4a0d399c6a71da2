//! How a bank lays out its CSV: the list, and the editor with what it makes of a sample.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The layouts.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CsvLayouts {
    /// The frame.
    pub frame: Frame,
    /// Name, whose it is, headings.
    pub rows: Vec<(String, String, String)>,
    /// Whether the reader may write one.
    pub may_write: bool,
}

impl CsvLayouts {
    /// The heading.
    pub fn heading(&self) -> String {
        "Layouts of banks' CSV".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let rows = vec![
            ("our-bank".into(), "Version 2, Administrator 1".into(), "when,what,in,out".into()),
            ("lloyds".into(), "Comes with the program".into(), "transaction date,transaction type,description".into()),
        ];
        vec![("full", Self { frame: Frame::sample("Cash"), rows, may_write: true })]
    }
}

impl Plain for CsvLayouts {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash")]).into()
    }

    fn actions(&self) -> Html {
        if self.may_write { ui::link_button("Write a layout", "/cash/layouts/edit").into() } else { Html::default() }
    }

    fn body(&self) -> Html {
        let rows = self.rows.iter().map(|(name, whose, headings)| {
            let shown = if self.may_write {
                ui::link(format!("/cash/layouts/edit?name={name}"), name)
            } else {
                Html::from(name)
            };
            ui::row().cell(shown).cell(whose).cell(ui::or_dash(headings))
        });
        let says = ui::para("A bank that changes its columns needs a new version here, and no new program.");
        let table = ui::table("Layouts").columns([ui::col("Name"), ui::col("Whose"), ui::col("Headings")]).rows(rows);
        Html::from(says).and(table)
    }
}

/// Writing a layout: the sample, the columns, and what comes out.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CsvLayoutForm {
    /// The frame; errors stand at the fields of the layout.
    pub frame: Frame,
    /// Its name.
    pub name: String,
    /// The sample as text.
    pub sample: String,
    /// The first rows of the sample as they stand.
    pub raw: Vec<Vec<String>>,
    /// Columns to choose from: value and heading; none before there is a sample.
    pub columns: Vec<(String, String)>,
    /// Fields of ours, what each is, and the column chosen.
    pub fields: Vec<(&'static str, &'static str, String)>,
    /// Whether the first row of the sample holds headings.
    pub headed: bool,
    /// How dates are written.
    pub date_format: String,
    /// signed, two_columns or indicator.
    pub amount: String,
    /// In which order the running balance runs.
    pub prove: String,
    /// The sign before decimals.
    pub decimal: String,
    /// Money in is written as negative.
    pub negate: bool,
    /// Rows before the first line of a file without headings.
    pub skip_rows: String,
    /// The beginning of a row after the last line.
    pub footer: String,
    /// The currency.
    pub currency: String,
    /// The account that every such file is of.
    pub account: String,
    /// What changed, or why.
    pub note: String,
    /// The version that was seen.
    pub seen_version: String,
    /// What the layout makes of the sample; none before it was asked.
    pub read: Option<LayoutRead>,
}

/// What a layout makes of a sample.
#[derive(Clone, Debug)]
pub struct LayoutRead {
    /// Rows read.
    pub rows: i64,
    /// Money in and out.
    pub moved: (Pence, Pence),
    /// Opening and closing balance, when they prove.
    pub balances: (Option<Pence>, Option<Pence>),
    /// The first rows: day, amount, payer, words, kind.
    pub lines: Vec<(NaiveDate, Pence, String, String, String)>,
    /// What is wrong: place and sentence.
    pub problems: Vec<(String, String)>,
}

impl CsvLayoutForm {
    /// The heading.
    pub fn heading(&self) -> String {
        if self.name.is_empty() { "Write a layout".to_owned() } else { format!("Layout {}", self.name) }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, raw: Vec<Vec<String>>, read| Self {
            frame,
            name: "our-bank".into(),
            sample: raw.iter().map(|row| row.join(",") + "\n").collect(),
            columns: raw.first().into_iter().flatten().map(|c| (c.clone(), c.clone())).collect(),
            raw,
            fields: vec![("date", "Date", "When".into()), ("text", "Reference and narrative", "What".into())],
            headed: true,
            date_format: "%d/%m/%Y".into(),
            amount: "two_columns".into(),
            prove: "none".into(),
            decimal: ".".into(),
            negate: false,
            skip_rows: "0".into(),
            footer: String::new(),
            currency: "GBP".into(),
            account: String::new(),
            note: String::new(),
            seen_version: "0".into(),
            read,
        };
        let cells = |row: &[&str]| row.iter().map(|c| (*c).to_owned()).collect::<Vec<String>>();
        let raw =
            vec![cells(&["When", "What", "In", "Out"]), cells(&["18/11/2026", "MRS A PATEL SI0004521", "245.50", ""])];
        let line = (
            super::sampled::on(2026, 11, 18),
            Pence(24_550),
            String::new(),
            "MRS A PATEL SI0004521".into(),
            String::new(),
        );
        let read = |problems| LayoutRead {
            rows: 1,
            moved: (Pence(24_550), Pence::ZERO),
            balances: (None, None),
            lines: vec![line.clone()],
            problems,
        };
        let wrong = Frame::sample("Cash").wrong("date_format", "Write the date with day, month and year");
        let problem = vec![("row 3".to_owned(), "`30/02/2026` is not a date of this bank's form (date)".to_owned())];
        vec![
            ("empty", page(Frame::sample("Cash"), Vec::new(), None)),
            ("preview", page(Frame::sample("Cash"), raw.clone(), Some(read(Vec::new())))),
            ("problem", page(Frame::sample("Cash"), raw.clone(), Some(read(problem)))),
            ("wrong", page(wrong, raw, None)),
        ]
    }

    fn sample_part(&self) -> Html {
        let errors = &self.frame.errors;
        let text = ui::textarea("sample", "A sample", &self.sample)
            .hint("Paste the first rows of a file as the bank sends it, headings included")
            .errors(errors);
        let file = ui::file_field("sample_file", "Or choose a file", ".csv,.txt").errors(errors);
        let headed = ui::checkboxes(
            "headed",
            "Headings",
            [ui::choice("yes", "The file has a row of headings").chosen(self.headed)],
        );
        Html::from(text).and(file).and(headed)
    }

    fn raw_rows(&self) -> Html {
        if self.raw.is_empty() {
            return Html::default();
        }
        let width = self.raw.iter().map(Vec::len).max().unwrap_or(0);
        let rows =
            self.raw.iter().take(5).map(|row| {
                (0..width).fold(ui::row(), |shown, at| shown.cell(row.get(at).cloned().unwrap_or_default()))
            });
        let columns = (1..=width).map(|n| ui::col(format!("Column {n}")));
        let table = ui::table("The sample as it stands").columns(columns).rows(rows);
        ui::scroll("The sample as it stands", table).into()
    }

    fn columns_part(&self) -> Html {
        let errors = &self.frame.errors;
        let choices = || {
            let none = std::iter::once((String::new(), "Not in the file".to_owned()));
            none.chain(self.columns.iter().cloned()).collect::<Vec<_>>()
        };
        let selects = self.fields.iter().map(|(field, label, chosen)| {
            let mut choices = choices();
            if !chosen.is_empty() && !choices.iter().any(|(value, _)| value == chosen) {
                choices.push((chosen.clone(), chosen.clone()));
            }
            let shown = ui::select(format!("column_{field}"), *label, chosen, choices);
            Html::from(shown.errors(errors))
        });
        ui::parts(selects)
    }

    fn how_part(&self) -> Html {
        let errors = &self.frame.errors;
        let amounts = [
            ("signed", "One column with a sign"),
            ("two_columns", "Money in and money out apart"),
            ("indicator", "One column, and one that says credit or debit"),
        ];
        let orders = [
            ("none", "There is none"),
            ("oldest_first", "Oldest row first"),
            ("newest_first", "Newest row first"),
            ("either", "Either, whichever proves"),
        ];
        let decimals = [(".", "1,234.50"), (",", "1.234,50")];
        let negate = ui::choice("yes", "Money in is written as negative (cards)").chosen(self.negate);
        let dates = ui::input("date_format", "Dates", &self.date_format)
            .hint("%d/%m/%Y for 20/11/2026, %d %b %Y for 20 Nov 2026, %Y-%m-%d for 2026-11-20")
            .errors(errors);
        Html::from(dates)
            .and(ui::select("amount_shape", "Amounts", &self.amount, amounts).errors(errors))
            .and(ui::select("decimal", "Amounts look like", &self.decimal, decimals).errors(errors))
            .and(ui::checkboxes("negate", "Sign", [negate]))
            .and(ui::select("prove", "Running balance", &self.prove, orders).errors(errors))
            .and(ui::input("currency", "Currency", &self.currency).width(5).errors(errors))
            .and(ui::input("account", "Our account, where no column says it", &self.account).errors(errors))
            .and(
                ui::input("skip_rows", "Rows before the first line, where there are no headings", &self.skip_rows)
                    .width(3)
                    .errors(errors),
            )
            .and(ui::input("footer", "A last row that is no line begins with", &self.footer).errors(errors))
    }

    fn result(&self, read: &LayoutRead) -> Html {
        let mut tiles = vec![
            ui::figure("Rows read", Some(ui::number(read.rows))),
            ui::figure("Money in", Some(ui::money(read.moved.0))),
            ui::figure("Money out", Some(ui::money(read.moved.1))),
        ];
        // Most banks' CSV has no balances, and that is no fault.
        let balances = [("Opening", read.balances.0), ("Closing", read.balances.1)];
        tiles.extend(balances.into_iter().filter_map(|(name, one)| Some(ui::figure(name, Some(ui::money(one?))))));
        let tiles = ui::figures(tiles);
        let problems = if read.problems.is_empty() {
            Html::default()
        } else {
            let rows = read.problems.iter().map(|(at, what)| ui::row().cell(ui::or_dash(at)).cell(what).wrong(true));
            ui::table("What is wrong").columns([ui::col("Where"), ui::col("What")]).rows(rows).into()
        };
        let rows = read.lines.iter().map(|(on, amount, payer, words, kind)| {
            ui::row()
                .cell(ui::date(*on))
                .cell(*amount)
                .cell(ui::or_dash(payer))
                .cell(ui::or_dash(words))
                .cell(ui::or_dash(kind))
        });
        let lines = ui::table("The first rows as they are read")
            .columns([
                ui::col("Date"),
                ui::num("Amount"),
                ui::col("Payer"),
                ui::col("Reference and narrative"),
                ui::col("Type"),
            ])
            .rows(rows);
        let lines = if read.lines.is_empty() { Html::default() } else { lines.into() };
        Html::from(tiles).and(problems).and(lines)
    }
}

impl Plain for CsvLayoutForm {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/layouts", "Layouts of banks' CSV")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let result =
            self.read.as_ref().map_or_else(Html::default, |read| ui::panel("What comes out", self.result(read)).into());
        let name = ui::input("name", "Name", &self.name)
            .hint("Small letters, digits and hyphens; statements are then imported as csv:name")
            .errors(errors);
        let save = Html::from(ui::input("note", "What changed, or why", &self.note).errors(errors))
            .and(ui::button("Show what comes out").named("do", "preview"))
            .and(" ")
            .and(ui::button("Keep this layout").named("do", "save").secondary());
        let body = Html::from(name)
            .and(self.sample_part())
            .and(self.raw_rows())
            .and(ui::boxed("Columns", self.columns_part()))
            .and(ui::boxed("How it is written", self.how_part()))
            .and(ui::hidden("seen_version", &self.seen_version))
            .and(save);
        let form = ui::post_form("/cash/layouts/edit", self.frame.tokens("layout"), body).with_file();
        result.and(Html::from(form))
    }
}
