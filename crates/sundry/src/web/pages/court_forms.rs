//! The protocol's own forms that go with a letter of claim: what is there, and one more.

use super::admin::tabs;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::delivery::court_forms::CourtForm;
use sundry_store::delivery::court_forms::CourtFormRow;

/// The forms.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CourtForms {
    /// The frame.
    pub frame: Frame,
    /// Every version, the newest of each first.
    pub rows: Vec<CourtFormRow>,
    /// Today.
    pub today: NaiveDate,
    /// The reader may supply another.
    pub may_put: bool,
    /// What was typed: form, language, large, from_on, source.
    pub typed: [String; 5],
}

fn size_of(large: bool) -> &'static str {
    if large { "Large print" } else { "Ordinary" }
}

impl CourtForms {
    /// The heading.
    pub fn heading(&self) -> String {
        "Forms that go with a letter of claim".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = |form: CourtForm, from_on| CourtFormRow {
            id: 1,
            form: form.as_str().into(),
            language: "en".into(),
            large: false,
            from_on,
            name: "annex.pdf".into(),
            pages: 4,
            size_bytes: 48_211,
            file_sha256: "9f2ac1".into(),
            source: "The protocol's own annex, as published".into(),
            added_by_name: "Ada Smith".into(),
            added_on: from_on,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
        };
        let day = super::sampled::on(2026, 5, 1);
        let rows = vec![row(CourtForm::InformationSheet, day), row(CourtForm::ReplyForm, day)];
        let page = |frame, rows, may_put| {
            let typed = ["reply_form", "en", "no", "", ""].map(str::to_owned);
            Self { frame, rows, today: super::sampled::on(2026, 11, 19), may_put, typed }
        };
        let wrong = Frame::sample("Admin").wrong("file", "The file is no PDF. Save the protocol's own form as a PDF");
        vec![
            ("full", page(Frame::sample("Admin"), rows.clone(), true)),
            ("read", page(Frame::sample("Admin"), rows.clone(), false)),
            ("empty", page(Frame::sample("Admin"), Vec::new(), true)),
            ("error", page(wrong, rows, true)),
        ]
    }

    /// What a letter of claim would lack today.
    fn lacks(&self) -> Html {
        let there = |form: &CourtForm, language: &str, large: bool| {
            let fits =
                |row: &&CourtFormRow| row.language == language && row.large == large && row.from_on <= self.today;
            self.rows.iter().filter(fits).any(|row| row.form == form.as_str())
        };
        let mut lines = Vec::new();
        for (language, tongue) in [("en", "English"), ("cy", "Welsh")] {
            for large in [false, true] {
                let missing = CourtForm::ALL.iter().filter(|form| !there(form, language, large));
                let missing: Vec<&str> = missing.map(|form| form.name()).collect();
                if !missing.is_empty() {
                    lines.push(format!("{tongue}, {}: {}", size_of(large).to_lowercase(), missing.join(", ")));
                }
            }
        }
        if lines.is_empty() {
            return Html::default();
        }
        let words = format!("No letter of claim is written where a form is missing. {}", lines.join(". "));
        ui::alert(ui::AlertKind::Warning, words).into()
    }

    fn table(&self) -> Html {
        if self.rows.is_empty() {
            let words =
                "Save the information sheet, the reply form and the financial statement as PDF and put them here.";
            return ui::empty("No form has been supplied", words).into();
        }
        let rows = self.rows.iter().map(|row| {
            let name = CourtForm::parse(&row.form).map_or("", CourtForm::name);
            let language = if row.language == "cy" { "Welsh" } else { "English" };
            ui::row()
                .cell(Html::from(name).and(ui::sub_line(&row.name)))
                .cell(language)
                .cell(size_of(row.large))
                .cell(row.from_on)
                .cell(row.pages)
                .cell(Html::from(row.source.as_str()).and(ui::sub_line(&row.added_by_name)))
        });
        let columns = [
            ui::col("Form"),
            ui::col("Language"),
            ui::col("Size"),
            ui::col("From"),
            ui::num("Pages"),
            ui::col("Source"),
        ];
        ui::table("Forms, the newest of each first").columns(columns).rows(rows).into()
    }

    fn form(&self) -> Html {
        if !self.may_put {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let [form, language, large, from, source] = &self.typed;
        let forms = CourtForm::ALL.iter().map(|one| (one.as_str(), one.name()));
        let body = Html::from(ui::select("form", "Which form?", form, forms).errors(errors))
            .and(ui::select("language", "Language", language, [("en", "English"), ("cy", "Welsh")]).errors(errors))
            .and(ui::select("large", "Size", large, [("no", "Ordinary"), ("yes", "Large print")]).errors(errors))
            .and(ui::date_input("from_on", "From", from).hint("Leave empty for today").errors(errors))
            .and(ui::input("source", "Where does it come from?", source).errors(errors))
            .and(ui::file_field("file", "The form as PDF", ".pdf").hint("At most 5 MB and 40 pages").errors(errors))
            .and(ui::button("Add the form"));
        let form = ui::post_form("/admin/court-forms", self.frame.tokens("court-form"), body).with_file();
        ui::panel("Add a form", form).into()
    }
}

impl Plain for CourtForms {
    fn above(&self) -> Html {
        tabs(&self.frame, "/admin/court-forms")
    }

    fn body(&self) -> Html {
        self.lacks().and(self.table()).and(self.form())
    }
}
