//! Durable work: the list, and one job with its progress.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, Tag};
use askama::Template;
use chrono::NaiveDateTime;

/// The jobs, newest first.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Jobs {
    /// The frame.
    pub frame: Frame,
    /// The rows.
    pub rows: Vec<JobRow>,
}

/// One job in the list.
#[derive(Clone, Debug)]
pub struct JobRow {
    /// Its id in the address.
    pub id: String,
    /// `Recovery run for 19 November`.
    pub what: String,
    /// Its state.
    pub state: Tag,
    /// When it started; none while it waits.
    pub started: Option<NaiveDateTime>,
    /// Done of how many.
    pub done: (i64, i64),
    /// What went wrong, in plain words; may be empty.
    pub failure: String,
}

impl Jobs {
    /// The heading.
    pub fn heading(&self) -> String {
        "Jobs".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = JobRow {
            id: "7".into(),
            what: "Print batch of 18 November".into(),
            state: ui::tag("Failed", ui::TagColour::Red),
            started: super::sampled::on(2026, 11, 18).and_hms_opt(7, 2, 0),
            done: (311, 812),
            failure: "The disk is full. Free some space, then try again.".into(),
        };
        vec![
            ("full", Self { frame: Frame::sample(""), rows: vec![row] }),
            ("empty", Self { frame: Frame::sample(""), rows: Vec::new() }),
        ]
    }
}

impl Plain for Jobs {
    fn body(&self) -> Html {
        if self.rows.is_empty() {
            return ui::empty("No jobs", "Nothing long has been asked for.").into();
        }
        let rows = self.rows.iter().map(|row| {
            let what = ui::link(format!("/jobs/{}", row.id), &row.what);
            let what = if row.failure.is_empty() { what } else { what.and(ui::sub_line(&row.failure)) };
            let when = row.started.map(|at| ui::date(at.date()).and(ui::time_of_day(at.time())));
            ui::row().cell(what).cell(&row.state).cell(when).cell(format!(
                "{} of {}",
                ui::number(row.done.0),
                ui::number(row.done.1)
            ))
        });
        ui::table("Jobs, newest first")
            .columns([ui::col("Job"), ui::col("State"), ui::col("Started"), ui::num("Done")])
            .rows(rows)
            .into()
    }
}

/// One job; it asks for itself again every three seconds until it has ended.
#[derive(Debug, Template)]
#[template(path = "pages/job.html")]
pub struct Job {
    /// The frame.
    pub frame: Frame,
    /// Its id in the address.
    pub id: String,
    /// What it is.
    pub what: String,
    /// Its state.
    pub state: Tag,
    /// Whether it has ended.
    pub ended: bool,
    /// Done.
    pub done: i64,
    /// In all.
    pub total: i64,
    /// Failed.
    pub failed: i64,
    /// `About 40 a second, done at about 9:34am`; may be empty.
    pub speed: String,
    /// What went wrong; may be empty.
    pub failure: String,
    /// The result: address and words; may be empty.
    pub result: Option<(String, String)>,
    /// Whether it can be stopped or tried again: the verb and what is posted.
    pub action: Option<(String, String)>,
}

impl Job {
    /// The heading.
    pub fn heading(&self) -> String {
        self.what.clone()
    }

    fn crumbs(&self) -> ui::Breadcrumbs {
        ui::breadcrumbs([("/jobs", "Jobs")])
    }

    fn tiles(&self) -> ui::Figures {
        let left = (self.total - self.done - self.failed).max(0);
        ui::figures([
            ui::figure("Done", Some(ui::number(self.done))),
            ui::figure("Left", Some(ui::number(left))),
            ui::figure("Failed", Some(ui::number(self.failed))).bad(self.failed > 0),
        ])
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let job = |ended: bool, failure: &str| Self {
            frame: Frame::sample(""),
            id: "7".into(),
            what: "Print batch of 18 November".into(),
            state: ui::tag(if ended { "Done" } else { "Running" }, ui::TagColour::Blue),
            ended,
            done: 311,
            total: 812,
            failed: 2,
            speed: if ended { String::new() } else { "About 40 a second, done at about 9:34am.".into() },
            failure: failure.into(),
            result: ended.then(|| ("/delivery/batches/7".into(), "See the batch".into())),
            action: Some(if failure.is_empty() {
                ("stop".into(), "Stop".into())
            } else {
                ("retry".into(), "Try again".into())
            }),
        };
        vec![("running", job(false, "")), ("done", job(true, "")), ("failed", job(true, "The disk is full."))]
    }
}
