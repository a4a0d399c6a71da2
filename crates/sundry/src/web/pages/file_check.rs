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
    /// `customers` or `invoices`.
    pub kind: String,
    /// What it is called: `Import customers`.
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
    /// The name of the file of lines, and the kept one; none without lines.
    pub lines: Option<(String, String)>,
    /// Rows in all.
    pub rows: i64,
    /// Rows with nothing wrong.
    pub right: i64,
    /// The sum of its money, as a control total; none for customers.
    pub control: Option<Pence>,
    /// What is wrong with the file as a whole.
    pub whole: Vec<String>,
    /// How many things are wrong.
    pub problems: i64,
    /// The rows to show, a table for each file: those with errors, at most 200.
    pub tables: Vec<FileTable>,
}

/// The rows of one file.
#[derive(Clone, Debug)]
pub struct FileTable {
    /// `Rows of the file`.
    pub title: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The rows to show.
    pub shown: Vec<FileRow>,
}

/// One row of the file.
#[derive(Clone, Debug)]
pub struct FileRow {
    /// Its number in the file.
    pub line: i64,
    /// Its cells: what the file says and, where wrong, why.
    pub cells: Vec<(String, Option<String>)>,
    /// What is wrong with the row as a whole; may be empty.
    pub why: String,
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
        let checked = |right, problems, row| Checked {
            name: "invoices-november.csv".into(),
            kept_as: "f1".into(),
            lines: Some(("lines-november.csv".into(), "f2".into())),
            rows: 812,
            right,
            control: Some(Pence(9_912_345)),
            whole: Vec::new(),
            problems,
            tables: vec![FileTable {
                title: "Rows of the file of invoices".into(),
                columns: vec!["invoice_no".into(), "customer_id".into(), "gross".into()],
                shown: vec![row],
            }],
        };
        let bad = FileRow {
            line: 14,
            cells: vec![
                cell("7100014", None),
                cell("C9", Some("No such customer")),
                cell("12,x", Some("Not an amount")),
            ],
            why: "The lines come to £12.00".into(),
        };
        let good = FileRow {
            line: 2,
            cells: vec![cell("7100001", None), cell("C103316", None), cell("120.02", None)],
            why: String::new(),
        };
        let wrong = Frame::sample("Billing").wrong("file", "Choose a CSV file");
        vec![
            ("empty", page(Frame::sample("Billing"), None)),
            ("no-file", page(wrong, None)),
            ("rows-wrong", page(Frame::sample("Billing"), Some(checked(811, 3, bad)))),
            ("clean", page(Frame::sample("Billing"), Some(checked(812, 0, good)))),
        ]
    }

    fn hand_in(&self) -> Html {
        let errors = &self.frame.errors;
        let body = Html::from(ui::file_field("file", "File", self.accepts).errors(errors));
        let lines = ui::file_field("lines", "File of lines, if there is one", self.accepts).errors(errors);
        let body = if self.with_lines { body.and(lines) } else { body };
        let body = body.and(ui::button("Check the file"));
        let form = ui::post_form(format!("/imports/{}", self.kind), self.frame.tokens("hand-in"), body).with_file();
        Html::from(ui::para("The whole file is checked first. Nothing is kept until all of it is right, unless you choose to keep the good rows.")).and(form)
    }

    fn result(&self, file: &Checked) -> Html {
        let count = |value: i64| Some(ui::number(value));
        let tiles = ui::figures([
            ui::figure("Rows", count(file.rows)),
            ui::figure("Right", count(file.right)),
            ui::figure("Wrong", count(file.rows - file.right)).bad(file.right < file.rows),
            ui::figure("Sum of the right rows", Some(file.control.map_or("–".into(), ui::money))),
        ]);
        let whole = ui::parts(file.whole.iter().map(|why| ui::para(ui::strong(why, true))));
        let tables = ui::parts(file.tables.iter().map(FileTable::table));
        let mut kept = ui::hidden("kept", &file.kept_as).and(ui::hidden("name", &file.name));
        if let Some((name, lines)) = &file.lines {
            kept = kept.and(ui::hidden("kept_lines", lines)).and(ui::hidden("lines_name", name));
        }
        let form = ui::post_form(
            format!("/imports/{}/release", self.kind),
            self.frame.tokens("release"),
            kept.and(self.buttons(file)),
        );
        Html::from(ui::muted(&file.name)).and(tiles).and(whole).and(form).and(tables)
    }

    fn buttons(&self, file: &Checked) -> Html {
        if file.problems == 0 && file.rows > 0 {
            return ui::button("Import all rows").named("do", "all").into();
        }
        let lines = file.lines.as_ref().map_or("", |(_, kept)| kept);
        let wrong = |of: &str, words: &str| {
            let kept = &file.kept_as;
            ui::link(format!("/imports/{}/errors?kept={kept}&kept_lines={lines}&of={of}", self.kind), words)
        };
        let links = wrong("rows", "Download the wrong rows to correct");
        let links = if lines.is_empty() { links } else { links.and(wrong("lines", "Download their lines")) };
        if file.right == 0 {
            return links;
        }
        let good = ui::count_of(file.right, "good row", "good rows");
        Html::from(ui::button(format!("Import {good} only")).secondary().named("do", "good")).and(links)
    }
}

impl FileTable {
    fn table(&self) -> ui::Block {
        let rows = self.shown.iter().map(|row| {
            let wrong = !row.why.is_empty() || row.cells.iter().any(|(_, why)| why.is_some());
            let number = Html::from(row.line);
            let number = if row.why.is_empty() { number } else { number.and(ui::cell_error(&row.why)) };
            let start = ui::row().cell(number).wrong(wrong);
            row.cells.iter().fold(start, |line, (text, why)| {
                line.cell(why.iter().fold(Html::from(text), |cell, why| cell.and(ui::cell_error(why))))
            })
        });
        let columns = std::iter::once(ui::col("Row")).chain(self.columns.iter().map(ui::col));
        ui::scroll(&self.title, ui::table(&self.title).show_caption().columns(columns).rows(rows))
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
