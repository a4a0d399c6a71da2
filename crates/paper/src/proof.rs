//! A proof of an account as a document: balances, what is open and why, who prepared and reviewed it.

use crate::letter::Language;
use crate::money::{long_date, pounds, short_date};
use chrono::{Datelike, NaiveDate};
use serde::Serialize;

/// Lines of a group that are printed; the rest is counted and summed.
const MOST_LINES: usize = 400;

/// A proof as it is printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProofSheet {
    /// The organisation.
    pub organisation: String,
    /// `Bank reconciliation, Main account`.
    pub title: String,
    /// Its number.
    pub number: String,
    /// As at the end of this day.
    pub as_at: NaiveDate,
    /// What it starts from, and its balance.
    pub other: (String, i64),
    /// What takes it to the ledger.
    pub groups: Vec<ProofGroup>,
    /// The balance in the ledger.
    pub ledger: (String, i64),
    /// What is said of what is open, or of a difference.
    pub words: String,
    /// Who prepared it, and when.
    pub prepared: (String, NaiveDate),
}

/// Lines of one sort.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProofGroup {
    /// What they are.
    pub title: String,
    /// How many there are.
    pub count: i64,
    /// Their sum.
    pub pence: i64,
    /// The lines, where they are listed.
    pub lines: Vec<ProofLine>,
}

/// A line that is open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProofLine {
    /// What it is.
    pub what: String,
    /// Why it is open.
    pub why: String,
    /// Since when.
    pub on: NaiveDate,
    /// Who looks after it.
    pub owner: String,
    /// How much.
    pub pence: i64,
}

/// As the layout takes it: everything is text.
#[derive(Debug, Serialize)]
pub(crate) struct ProofJob {
    pub title: String,
    organisation: String,
    year: i32,
    month: u32,
    day: u32,
    facts: Vec<(String, String)>,
    summary: Vec<(String, String, String)>,
    ledger: (String, String),
    unexplained: String,
    agrees: bool,
    words: String,
    groups: Vec<GroupJob>,
}

#[derive(Debug, Serialize)]
struct GroupJob {
    title: String,
    rows: Vec<Vec<String>>,
    rest: String,
    total: String,
}

impl ProofSheet {
    /// The ledger less everything that leads to it.
    pub fn unexplained(&self) -> i64 {
        self.ledger.1 - self.other.1 - self.groups.iter().map(|group| group.pence).sum::<i64>()
    }

    /// The first sum that disagrees with its parts, as a sentence.
    pub(crate) fn disagreement(&self) -> Option<String> {
        let wrong = self.groups.iter().find(|group| {
            !group.lines.is_empty() && group.lines.iter().map(|line| line.pence).sum::<i64>() != group.pence
        });
        wrong.map(|group| format!("the lines of “{}” do not come to {}", group.title, pounds(group.pence)))
    }

    pub(crate) fn job(&self) -> ProofJob {
        let date = |day: NaiveDate| long_date(day, Language::English);
        let step = |group: &ProofGroup| (group.title.clone(), group.count.to_string(), pounds(group.pence));
        let mut summary = vec![(self.other.0.clone(), String::new(), pounds(self.other.1))];
        summary.extend(self.groups.iter().map(step));
        let left = self.unexplained();
        ProofJob {
            title: format!("{} at {}", self.title, date(self.as_at)),
            organisation: self.organisation.clone(),
            year: self.as_at.year(),
            month: self.as_at.month(),
            day: self.as_at.day(),
            facts: vec![
                ("Number".into(), self.number.clone()),
                ("As at the end of".into(), date(self.as_at)),
                ("Prepared by".into(), format!("{}, {}", self.prepared.0, date(self.prepared.1))),
                ("Reviewed by".into(), "Kept with the record of the review, by the hash of this file".into()),
            ],
            summary,
            ledger: (self.ledger.0.clone(), pounds(self.ledger.1)),
            unexplained: pounds(left),
            agrees: left == 0,
            words: self.words.clone(),
            groups: self.groups.iter().filter(|group| !group.lines.is_empty()).map(|one| one.job(self.as_at)).collect(),
        }
    }
}

impl ProofGroup {
    fn job(&self, as_at: NaiveDate) -> GroupJob {
        let row = |line: &ProofLine| {
            let age = (as_at - line.on).num_days().max(0).to_string();
            let owner = if line.owner.is_empty() { "Nobody yet".to_owned() } else { line.owner.clone() };
            let since = short_date(line.on, Language::English).replace(' ', "\u{a0}");
            vec![line.what.clone(), line.why.clone(), since, age, owner, pounds(line.pence)]
        };
        let more = self.lines.len().saturating_sub(MOST_LINES);
        GroupJob {
            title: self.title.clone(),
            rows: self.lines.iter().take(MOST_LINES).map(row).collect(),
            rest: if more > 0 { format!("and {more} more lines, which the workbook lists") } else { String::new() },
            total: pounds(self.pence),
        }
    }
}
