//! Answer files of the court: all of them, and one with what became of each line.

use super::court::{tabs, up};
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour, tag};
use askama::Template;
use sundry_desk::court::AnswerFileShown;
use sundry_domain::law::ClaimResponse;
use sundry_store::court_answers::{AnswerFileLine, AnswerRow};

const HOME: &str = "/court-answers";

fn kind(code: &str) -> &'static str {
    match code {
        "submitted" => "A file was taken or refused",
        "feedback" => "How requests stand",
        _ => "What defendants answered",
    }
}

/// What a line is about, for people.
fn about(line: &AnswerRow) -> String {
    match line.about.as_str() {
        "bulk" => "The whole file".to_owned(),
        "response" => ClaimResponse::parse(&line.said).map_or("Response", |one| one.name()).to_owned(),
        "mcolClaim" => "Claim".to_owned(),
        "mcolJudgment" => "Judgment".to_owned(),
        "mcolWarrant" => "Warrant".to_owned(),
        "mcolJudgmentWarrant" => "Judgment and warrant".to_owned(),
        "mcolClaimStatusUpdate" => "What became of a claim".to_owned(),
        "mcolBreathingSpace" => "Breathing space".to_owned(),
        other => other.to_owned(),
    }
}

fn said(line: &AnswerRow) -> &'static str {
    match line.said.as_str() {
        "accepted" => "Accepted",
        "rejected" => "Refused",
        "awaiting" => "Not decided yet",
        _ => "Filed",
    }
}

fn stands(code: &str) -> ui::Tag {
    let (words, colour) = match code {
        "waiting" => ("Not worked yet", TagColour::Yellow),
        "done" => ("Done", TagColour::Green),
        "noted" => ("Nothing to do now", TagColour::Grey),
        "again" => ("Told before", TagColour::Grey),
        "open" => ("To be decided", TagColour::Red),
        _ => ("Settled", TagColour::Green),
    };
    tag(words, colour)
}

/// The files.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct AnswerFiles {
    /// The frame.
    pub frame: Frame,
    /// Newest first.
    pub rows: Vec<AnswerFileLine>,
    /// Address of the next page; empty on the last.
    pub next: String,
    /// Whether the reader takes files.
    pub may_take: bool,
}

impl AnswerFiles {
    /// The heading.
    pub fn heading(&self) -> String {
        "Answers of the court".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = AnswerFileLine {
            id: 1,
            number: "CTA-000001".into(),
            kind: "feedback".into(),
            name: "feedback.xml".into(),
            our_reference: "NCC-20260520-000001".into(),
            lines_count: 3,
            open_count: 1,
            waiting_count: 0,
            taken_on: super::sampled::on(2026, 5, 22),
            taken_by: "Amir Shah".into(),
        };
        let page = |frame, rows| Self { frame, rows, next: String::new(), may_take: true };
        let words = "This file was taken before, as CTA-000001";
        vec![
            ("full", page(Frame::sample("Recovery"), vec![row.clone()])),
            ("empty", page(Frame::sample("Recovery"), Vec::new())),
            ("error", page(Frame::sample("Recovery").wrong("file", words), vec![row])),
        ]
    }

    fn taking(&self) -> Html {
        if !self.may_take {
            return Html::default();
        }
        let body = Html::from(ui::file_field("file", "The court's answer", ".xml").errors(&self.frame.errors))
            .and(ui::muted("It is read whole or not at all. What can be done is done at once."))
            .and(ui::button("Take in"));
        ui::boxed("Take in an answer", ui::post_form(HOME, self.frame.tokens("take"), body).with_file()).into()
    }
}

impl Plain for AnswerFiles {
    fn above(&self) -> Html {
        up()
    }

    fn body(&self) -> Html {
        let top = tabs(HOME);
        if self.rows.is_empty() {
            let none = ui::empty(
                "No answers yet",
                "What the court sends back on a file of claims is taken in here, and its lines stand here to be done.",
            );
            return top.and(ui::grid([(8, Html::from(none)), (4, self.taking())]));
        }
        let rows = self.rows.iter().map(|row| {
            let open = match (row.open_count, row.waiting_count) {
                (0, 0) => Html::from("–"),
                (0, _) => Html::from(stands("waiting")),
                (open, _) => Html::from(tag(ui::count_of(open, "line", "lines"), TagColour::Red)),
            };
            ui::row()
                .cell(ui::link(format!("{HOME}/{}", row.number), &row.number))
                .cell(row.taken_on)
                .cell(Html::from(kind(&row.kind)).and(ui::sub_line(&row.our_reference)))
                .cell(&row.name)
                .cell(row.lines_count)
                .cell(open)
                .cell(&row.taken_by)
        });
        let table = ui::table("Answers, newest first")
            .columns([
                ui::col("File").nowrap(),
                ui::col("Taken").nowrap(),
                ui::col("What it tells"),
                ui::col("Name"),
                ui::num("Lines"),
                ui::col("To be decided"),
                ui::col("By"),
            ])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        let left = Html::from(table).and(ui::para(next));
        top.and(ui::grid([(9, left), (3, self.taking())]))
    }
}

/// One file.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneAnswerFile {
    /// The frame.
    pub frame: Frame,
    /// The file and its lines.
    pub shown: AnswerFileShown,
    /// Whether the reader works on it.
    pub may_work: bool,
    /// What was typed: line, words.
    pub typed: [String; 2],
}

impl OneAnswerFile {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Answer {}", self.shown.file.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = |seq, said: &str, state: &str, case: &str, outcome: &str| AnswerRow {
            id: seq,
            file_id: 1,
            seq,
            about: "mcolClaim".into(),
            said: said.into(),
            request: format!("CRT-00000{seq}"),
            claim_number: if said == "accepted" { format!("K1QZ12A{seq}") } else { String::new() },
            words: "issued on 21 May 2026, fee £80.00".into(),
            fingerprint: "ab".into(),
            state: state.into(),
            case_number: case.into(),
            outcome: outcome.into(),
            decided_on: None,
            decided_by: String::new(),
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            version: 1,
        };
        let page = |frame, lines: Vec<AnswerRow>| Self {
            frame,
            shown: AnswerFileShown {
                file: sundry_store::court_answers::AnswerFileRow {
                    id: 1,
                    number: "CTA-000001".into(),
                    kind: "feedback".into(),
                    name: "feedback.xml".into(),
                    file_sha256: "ab".into(),
                    our_reference: "NCC-20260520-000001".into(),
                    court_reference: "MCOL-1".into(),
                    lines_count: 3,
                    taken_on: super::sampled::on(2026, 5, 22),
                    taken_by: "Amir Shah".into(),
                    recorded_at: chrono::DateTime::UNIX_EPOCH,
                },
                lines,
            },
            may_work: true,
            typed: Default::default(),
        };
        let done = line(1, "accepted", "done", "CRT-000001", "Issued as K1QZ12A1, fee £80.00");
        let open = line(2, "accepted", "open", "", "CRT-000002 is no request that we sent");
        let waits = line(3, "awaiting", "noted", "CRT-000003", "The court has more to say");
        let wrong = Frame::sample("Recovery").wrong("words", "Say what was done about it, or why nothing is");
        vec![
            ("full", page(Frame::sample("Recovery"), vec![done.clone(), open.clone(), waits])),
            ("done", page(Frame::sample("Recovery"), vec![done])),
            ("empty", page(Frame::sample("Recovery"), Vec::new())),
            ("error", page(wrong, vec![open])),
        ]
    }

    fn lines_in(&self, states: &[&str]) -> Vec<&AnswerRow> {
        self.shown.lines.iter().filter(|line| states.contains(&line.state.as_str())).collect()
    }

    fn settling(&self) -> Html {
        let errors = &self.frame.errors;
        let at = format!("{HOME}/{}", self.shown.file.number);
        let mut all = Html::default();
        let open = self.lines_in(&["open"]);
        if !open.is_empty() {
            let lines = open.iter().map(|line| (line.id.to_string(), format!("Line {}, {}", line.seq, about(line))));
            let body = ui::hidden("act", "settle")
                .and(ui::select("line", "Which line?", &self.typed[0], lines).errors(errors))
                .and(ui::textarea("words", "What was done about it, or why is nothing?", &self.typed[1]).errors(errors))
                .and(ui::button("Settle"));
            all = all.and(ui::boxed("Settle a line", ui::post_form(&at, self.frame.tokens("settle"), body).guarded()));
        }
        if !self.lines_in(&["open", "waiting"]).is_empty() {
            let body = ui::hidden("act", "work")
                .and(ui::muted("Lines that wait, and those to be decided, are tried as the cases stand now."))
                .and(ui::button("Try the lines again").secondary());
            all = all.and(ui::boxed("Try again", ui::post_form(&at, self.frame.tokens("work"), body)));
        }
        all
    }
}

impl Plain for OneAnswerFile {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/court", "Court"), (HOME, "Answers of the court")]).into()
    }

    fn body(&self) -> Html {
        let file = &self.shown.file;
        let facts = ui::summary_list()
            .fact("What it tells", kind(&file.kind))
            .fact("Name", &file.name)
            .fact("Taken", ui::long_date(file.taken_on).and(format!(" by {}", file.taken_by)))
            .fact_if("Our reference", &file.our_reference)
            .fact_if("The court's reference", &file.court_reference);
        if self.shown.lines.is_empty() {
            return Html::from(facts).and(
                ui::empty("Nothing in it", "The court had nothing to tell, so there is nothing to do.")
                    .action(ui::link(HOME, "Back to the answers")),
            );
        }
        let rows = self.shown.lines.iter().map(|line| {
            let case = match line.case_number.as_str() {
                "" => Html::from("–"),
                number => ui::link(format!("/court/{number}"), number),
            };
            let named: Vec<&str> = [&line.request, &line.claim_number]
                .into_iter()
                .map(String::as_str)
                .filter(|one| !one.is_empty())
                .collect();
            ui::row()
                .cell(line.seq)
                .cell(Html::from(about(line)).and(ui::sub_line(named.join(", "))))
                .cell(Html::from(said(line)).and(ui::sub_line(&line.words)))
                .cell(case)
                .cell(stands(&line.state))
                .cell(ui::or_dash(&line.outcome))
        });
        let table = ui::table("Lines")
            .columns([
                ui::num("Line"),
                ui::col("About"),
                ui::col("What the court says"),
                ui::col("Case").nowrap(),
                ui::col("State"),
                ui::col("What became of it"),
            ])
            .rows(rows);
        let left = Html::from(facts).and(table);
        if !self.may_work {
            return left;
        }
        ui::grid([(9, left), (3, self.settling())]).into()
    }
}
