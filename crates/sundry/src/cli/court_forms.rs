//! `court forms`: the protocol's own forms that go with a letter of claim.
use super::input::date;
use super::out::{Out, table};
use super::{bytes_of, done};
use chrono::NaiveDate;
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::delivery::{PutCourtForm, court_forms, put_court_form};
use sundry_desk::{Actor, Desk, Outcome};
use sundry_store::delivery::court_forms::CourtFormRow;

/// The protocol's own forms.
#[derive(Debug, Subcommand)]
pub enum CourtForms {
    /// List every version that was supplied
    List,
    /// Supply a form as PDF: `information_sheet`, `reply_form` or `financial_statement`
    Put {
        /// Which form
        form: String,
        /// The file
        file: PathBuf,
        /// In Welsh
        #[arg(long)]
        welsh: bool,
        /// In large print
        #[arg(long)]
        large: bool,
        /// First day on which it goes with letters; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: Option<NaiveDate>,
        /// Where it comes from
        #[arg(long)]
        source: String,
    },
}

/// The protocol's own forms.
pub async fn forms(desk: &Desk, by: &Actor, key: String, ask: CourtForms, out: &mut Out) -> Outcome<u8> {
    match ask {
        CourtForms::List => {
            let rows = court_forms(desk, by).await?;
            out.answer(&rows, || {
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["form", "language", "size", "from", "pages", "file", "source"], &[4], &lines)
            })?;
        }
        CourtForms::Put { form, file, welsh, large, from, source } => {
            let bytes = bytes_of(&file, "file")?;
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            let language = if welsh { "cy" } else { "en" }.to_owned();
            let ask = PutCourtForm { key, form, language, large, from_on: from, source, name };
            let row = put_court_form(desk, by, ask, bytes).await?;
            out.answer(&row, || format!("{} goes with letters of claim from {}.", row.name, row.from_on))?;
        }
    }
    done()
}

fn line(row: &CourtFormRow) -> Vec<String> {
    vec![
        row.form.replace('_', " "),
        row.language.clone(),
        if row.large { "large" } else { "ordinary" }.to_owned(),
        row.from_on.to_string(),
        row.pages.to_string(),
        row.name.clone(),
        row.source.clone(),
    ]
}
