//! Importing a file: where it is handed in, and the file's own rows with what is wrong in them.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::money::Pence;

/// Handing in a file, and the check of one that was handed in.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct FileCheck {
    /// The frame; an error about the file itself belongs to field `file`.
    pub frame: Frame,
    /// `customers`, `invoices` or `bank-statement`.
    pub kind: String,
    /// What it is called: `Import a bank statement`.
    pub title: String,
    /// The endings it takes: `.csv,.xml`.
    pub accepts: &'static str,
    /// Whether invoices come with a second file of lines.
    pub with_lines: bool,
    /// The file as read; none before it was handed in.
    pub checked: Option<Checked>,
}

/// A file as read.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Its name.
    pub name: String,
    /// The kept file to import from.
    pub kept_as: String,
    /// Rows in all.
    pub rows: i64,
    /// Rows with something wrong.
    pub wrong: i64,
    /// The sum of its money, as a control total.
    pub control: Option<Pence>,
    /// `Already imported on 3 November 2026`; may be empty.
    pub already: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The rows to show: those with errors first, at most 200.
    pub shown: Vec<FileRow>,
}

/// One row of the file.
#[derive(Clone, Debug)]
pub struct FileRow {
    /// Its number in the file.
    pub line: i64,
    /// Its cells: what the file says and, where wrong, why.
    pub cells: Vec<(String, Option<String>)>,
}

impl FileCheck {
    /// The heading.
    pub fn heading(&self) -> String {
        self.title.clone()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, checked| Self {
            frame,
            kind: "invoices".into(),
            title: "Import invoices".into(),
            accepts: ".csv",
            with_lines: true,
            checked,
        };
        let cell = |text: &str, why: Option<&str>| (text.to_owned(), why.map(str::to_owned));
        let checked = |wrong, shown| Checked {
            name: "invoices-november.csv".into(),
            kept_as: "f1".into(),
            rows: 812,
            wrong,
            control: Some(Pence(9_912_345)),
            already: String::new(),
            columns: vec!["invoice_no".into(), "customer_id".into(), "gross".into()],
            shown,
        };
        let bad = FileRow {
            line: 14,
            cells: vec![
                cell("7100014", None),
                cell("C9", Some("No such customer")),
                cell("12,x", Some("Not an amount")),
            ],
        };
        let good = FileRow {
            line: 1,
            cells: vec![cell("7100001", None), cell("C103316", None), cell("120.02", None)],
        };
        let wrong = Frame::sample("Billing").wrong("file", "Choose a CSV file");
        vec![
            ("empty", page(Frame::sample("Billing"), None)),
            ("no-file", page(wrong, None)),
            (
                "rows-wrong",
                page(Frame::sample("Billing"), Some(checked(1, vec![bad]))),
            ),
            ("clean", page(Frame::sample("Billing"), Some(checked(0, vec![good])))),
        ]
    }

    fn hand_in(&self) -> Html {
        let errors = &self.frame.errors;
        let body = Html::from(ui::file_field("file", "File", self.accepts).errors(errors));
        let lines = ui::file_field("lines", "File of lines", self.accepts).errors(errors);
        let body = if self.with_lines { body.and(lines) } else { body };
        let body = body.and(ui::button("Check the file"));
        let form = ui::post_form(format!("/imports/{}", self.kind), self.frame.tokens("hand-in"), body).with_file();
        Html::from(ui::para("The whole file is checked first. Nothing is kept until all of it is right, unless you choose to keep the good rows.")).and(form)
    }

    fn result(&self, file: &Checked) -> Html {
        let count = |value: i64| Some(ui::number(value));
        let tiles = ui::figures([
            ui::figure("Rows", count(file.rows)),
            ui::figure("Right", count(file.rows - file.wrong)),
            ui::figure("Wrong", count(file.wrong)).bad(file.wrong > 0),
            ui::figure("Sum of the file", Some(file.control.map_or("–".into(), ui::money))),
        ]);
        let rows = file.shown.iter().map(|row| {
            let wrong = row.cells.iter().any(|(_, why)| why.is_some());
            row.cells
                .iter()
                .fold(ui::row().cell(row.line).wrong(wrong), |line, (text, why)| {
                    line.cell(
                        why.iter()
                            .fold(Html::from(text), |cell, why| cell.and(ui::cell_error(why))),
                    )
                })
        });
        let columns = std::iter::once(ui::col("Row")).chain(file.columns.iter().map(ui::col));
        let table = ui::table("Rows of the file").columns(columns).rows(rows);
        let keep = ui::hidden("kept", &file.kept_as);
        let buttons = match (file.already.is_empty(), file.wrong) {
            (false, _) => Html::from(ui::para(&file.already)),
            (true, 0) => Html::from(ui::button("Import all rows").named("do", "all")),
            (true, wrong) => Html::from(
                ui::button(format!("Import {} good rows", ui::number(file.rows - wrong)))
                    .secondary()
                    .named("do", "good"),
            )
            .and(ui::link(
                format!("/imports/{}/{}/errors.csv", self.kind, file.kept_as),
                "Download the wrong rows to correct",
            )),
        };
        let form = ui::post_form(
            format!("/imports/{}/release", self.kind),
            self.frame.tokens("release"),
            keep.and(buttons),
        );
        Html::from(ui::muted(&file.name)).and(tiles).and(table).and(form)
    }
}

impl Plain for FileCheck {
    fn body(&self) -> Html {
        match &self.checked {
            None => self.hand_in(),
            Some(file) => self.result(file).and(ui::panel("Hand in another file", self.hand_in())),
        }
    }
}
