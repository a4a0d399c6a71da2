//! Files behind an invoice or a credit note.

use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;

/// The files behind a document.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct BackingPage {
    /// The frame; errors belong to `file` and `looked_through`.
    pub frame: Frame,
    /// Number of the document.
    pub number: String,
    /// The files, oldest first.
    pub files: Vec<BackingLine>,
    /// Size of all as one PDF; 0 where there is no file.
    pub bundle: i64,
    /// What the customer takes, in thousands of bytes.
    pub longest_kb: Option<i64>,
    /// Whether the reader attaches files.
    pub may_attach: bool,
    /// Whether the box was ticked.
    pub looked: bool,
}

/// One file.
#[derive(Clone, Debug)]
pub struct BackingLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its size in bytes.
    pub size: i64,
    /// Places that were masked in it.
    pub masked: i64,
    /// When it was added.
    pub added: NaiveDate,
    /// By whom.
    pub by: String,
}

fn kilobytes(bytes: i64) -> String {
    format!("{} kB", ui::number((bytes + 999) / 1_000))
}

impl BackingPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("What backs {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = BackingLine {
            id: "1".into(),
            name: "timesheets-october.csv".into(),
            size: 18_204,
            masked: 12,
            added: super::sampled::on(2026, 11, 18),
            by: "Sam Okoro".into(),
        };
        let page = |frame, files: Vec<BackingLine>| Self {
            frame,
            number: "INV-020817".into(),
            bundle: if files.is_empty() { 0 } else { 96_400 },
            files,
            longest_kb: Some(5_000),
            may_attach: true,
            looked: false,
        };
        let wrong = Frame::sample("Billing").wrong("file", "1 NHS number can be read in the PDF, first on page 2.");
        vec![
            ("full", page(Frame::sample("Billing"), vec![line])),
            ("empty", page(Frame::sample("Billing"), Vec::new())),
            ("error", page(wrong, Vec::new())),
        ]
    }

    fn form(&self) -> Html {
        let errors = &self.frame.errors;
        let file = ui::file_field("file", "PDF, CSV or text", ".pdf,.csv,.txt")
            .hint("In CSV and text, NHS numbers and what names a patient are masked; the file as it came is not kept")
            .errors(errors);
        let tick = ui::choice("yes", "I looked through the PDF: it names no patient").chosen(self.looked);
        let looked = ui::checkboxes("looked_through", "For a PDF", [tick]).errors(errors);
        let body = Html::from(file).and(looked).and(ui::button("Attach"));
        let at = format!("{}/backing/add", invoice_at(&self.number));
        ui::panel("Attach a file", ui::post_form(at, self.frame.tokens("attach"), body).with_file()).into()
    }

    fn list(&self) -> Html {
        if self.files.is_empty() {
            return ui::empty("No file backs it", "Attach timesheets, logs or reports that show what it charges for.")
                .into();
        }
        let withdraw = |one: &BackingLine| {
            if !self.may_attach {
                return Html::default();
            }
            let words = format!("Take {} away", one.name);
            let body = ui::hidden("file", &one.id).and(ui::button(words).secondary());
            let at = format!("{}/backing/withdraw", invoice_at(&self.number));
            ui::post_form(at, self.frame.tokens(&format!("withdraw-{}", one.id)), body).into()
        };
        let rows = self.files.iter().map(|one| {
            ui::row()
                .cell(one.name.as_str())
                .cell(kilobytes(one.size))
                .cell(ui::number(one.masked))
                .cell(one.added)
                .cell(one.by.as_str())
                .cell(withdraw(one))
        });
        let table = ui::table("Files behind it").columns([
            ui::col("File"),
            ui::num("Size"),
            ui::num("Masked"),
            ui::col("Added").nowrap(),
            ui::col("By").quiet(),
            ui::col("Change"),
        ]);
        let most = self.longest_kb.map_or_else(String::new, |kb| format!("; the customer takes {} kB", ui::number(kb)));
        let bundle = ui::link(format!("{}/bundle.pdf", invoice_at(&self.number)), "Document and files as one PDF");
        Html::from(table.rows(rows)).and(ui::para(bundle.and(format!("({}{most})", kilobytes(self.bundle)).as_str())))
    }
}

impl Plain for BackingPage {
    fn above(&self) -> Html {
        let invoice = invoice_at(&self.number);
        ui::breadcrumbs([("/billing".to_owned(), "Billing".to_owned()), (invoice, self.number.clone())]).into()
    }

    fn body(&self) -> Html {
        let form = if self.may_attach { self.form() } else { Html::default() };
        self.list().and(form)
    }
}
