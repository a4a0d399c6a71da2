//! The worklist: every account that needs a person today, and why.

use crate::web::ui::{self, Frame, Tag};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The worklist.
#[derive(Debug, Template)]
#[template(path = "pages/worklist.html")]
pub struct Worklist {
    /// The frame.
    pub frame: Frame,
    /// Whose list: `Priya Nair, A to D and companies`.
    pub owner: String,
    /// The heading: the name of the view.
    pub title: String,
    /// The view in the address.
    pub view: String,
    /// The saved views with their counts.
    pub views: Vec<View>,
    /// The business date.
    pub today: NaiveDate,
    /// Only accounts looked after by this person; empty for all.
    pub collector: String,
    /// Only names and numbers that hold this; empty for all.
    pub find: String,
    /// Whether each row shows the sum that orders the list.
    pub sums: bool,
    /// The rows of this page of the list.
    pub rows: Vec<WorkRow>,
    /// How many rows match in all.
    pub matching: i64,
    /// How much of theirs is overdue.
    pub overdue: Pence,
    /// The number of the first row shown.
    pub first: i64,
    /// This page of the list.
    pub page: u32,
    /// How many pages there are.
    pub pages: u32,
    /// The address of the list with its filters, ready for one more field.
    pub address: String,
    /// Lines of the court's answers that are of no case of ours, and so of no account.
    pub answers_astray: i64,
}

/// A saved view.
#[derive(Clone, Debug)]
pub struct View {
    /// `Promises not kept`.
    pub name: String,
    /// Its address.
    pub href: String,
    /// How many are in it.
    pub count: i64,
    /// Whether it is the one shown.
    pub current: bool,
}

/// One account with something to do.
#[derive(Clone, Debug)]
pub struct WorkRow {
    /// `C103316`.
    pub account: String,
    /// `Pemberton, Joyce`.
    pub customer: String,
    /// Flags in a word or two; never health words.
    pub tags: Vec<Tag>,
    /// Why it is here.
    pub why: String,
    /// The other reasons.
    pub also: Vec<String>,
    /// The next step.
    pub next_step: String,
    /// When it is due.
    pub due: NaiveDate,
    /// How much is overdue.
    pub overdue: Pence,
    /// Days since the oldest became due.
    pub oldest_days: i64,
    /// `Call, 17 Nov`.
    pub last_contact: String,
    /// The step it stands at.
    pub step: Tag,
    /// The sum that orders the list: `60 Promise broken + 20 £450.00 at stake = 80`.
    pub sum: String,
}

impl Worklist {
    /// The heading.
    pub fn heading(&self) -> String {
        self.title.clone()
    }

    fn views_nav(&self) -> ui::SubNavigation {
        self.views.iter().fold(ui::sub_navigation("Saved views"), |nav, view| {
            nav.counted(&view.name, view.count, &view.href, view.current)
        })
    }

    fn filtered(&self) -> bool {
        !self.collector.is_empty() || !self.find.is_empty()
    }

    fn filter_row(&self) -> ui::Filters {
        let row = ui::filters("/work")
            .field(ui::hidden("view", &self.view))
            .field(ui::input("find", "Name or number", &self.find).width(20))
            .field(ui::input("collector", "Looked after by", &self.collector).width(10));
        if self.filtered() { row.clear(format!("/work?view={}", self.view)) } else { row }
    }

    fn link(&self, field: &str, words: &str) -> ui::Html {
        ui::link(format!("{}{field}", self.address), words)
    }

    /// Where what is selected is sent: the same list, so that an error shows it again.
    fn action(&self) -> String {
        format!("{}page={}", self.address, self.page)
    }

    fn due_words(&self, due: NaiveDate) -> ui::Html {
        match (due - self.today).num_days() {
            0 => ui::strong("Today", false),
            -1 => ui::strong("Yesterday", true),
            1 => "Tomorrow".into(),
            days if days < 0 => ui::strong(due.format("%-d %b").to_string(), true),
            _ => ui::day(due),
        }
    }

    fn table(&self) -> ui::Table {
        let rows = self.rows.iter().map(|row| {
            let customer =
                ui::link(format!("/customers/{}?from=work", row.account), &row.customer).and(ui::parts(&row.tags));
            let also = row.also.iter().fold(ui::Html::from(&row.why), |why, more| why.and(ui::sub_line(more)));
            let why = if self.sums { also.and(ui::sub_line(&row.sum)) } else { also };
            ui::row()
                .select(&row.account, &row.customer, row.overdue)
                .cell(customer)
                .cell(&row.account)
                .cell(why)
                .cell(&row.next_step)
                .cell(self.due_words(row.due))
                .cell(row.overdue)
                .cell(if row.oldest_days > 0 { ui::count_of(row.oldest_days, "day", "days") } else { String::new() })
                .cell(ui::or_dash(&row.last_contact))
                .cell(&row.step)
        });
        ui::table(format!("{}, most urgent first", self.title))
            .columns([
                ui::col("Customer"),
                ui::col("Account"),
                ui::col("Why it is here"),
                ui::col("Next step"),
                ui::col("Due").nowrap(),
                ui::num("Overdue"),
                ui::num("Oldest"),
                ui::col("Last contact").nowrap(),
                ui::col("Step"),
            ])
            .rows(rows)
            .selectable("account")
    }

    fn last(&self) -> i64 {
        self.first + i64::try_from(self.rows.len()).unwrap_or(0) - 1
    }

    fn pagination(&self) -> ui::Pagination {
        ui::pagination(self.page, self.pages, format!("{}page=", self.address))
    }

    /// What waits for a person and has no account to stand at.
    fn astray(&self) -> ui::Html {
        let lines = match self.answers_astray {
            0 => return ui::Html::default(),
            1 => "1 line of the court's answers matches none of our cases and waits for a decision: ".to_owned(),
            more => {
                format!(
                    "{} lines of the court's answers match none of our cases and wait for a decision: ",
                    ui::number(more)
                )
            }
        };
        ui::para(ui::Html::from(lines).and(ui::link("/court-answers", "Answers of the court"))).into()
    }

    fn nothing(&self) -> ui::Empty {
        if self.filtered() {
            return ui::empty("Nothing matches these filters", "There may be work in the view without them.")
                .action(ui::link(format!("/work?view={}", self.view), "Clear the filters"));
        }
        ui::empty("You are up to date", "Nothing of this view waits for a person.")
            .action(ui::link("/customers", "Look at all customers"))
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let full = sample::full();
        let filtered = Self { find: "pemberton".into(), ..sample::empty() };
        let error = Self { frame: Frame::sample("Worklist").wrong("account", "Select an account"), ..sample::full() };
        vec![("full", full), ("empty", sample::empty()), ("nothing-matches", filtered), ("error", error)]
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::web::ui::{TagColour, tag};

    pub fn empty() -> Worklist {
        let today = NaiveDate::from_ymd_opt(2026, 11, 19).expect("a date that exists");
        let view = |name: &str, count, current| View { name: name.into(), href: "/work?view=a".into(), count, current };
        Worklist {
            frame: Frame::sample("Worklist"),
            owner: "Priya Nair, A to D and companies".into(),
            title: "My work today".into(),
            views: vec![view("My work today", 42, true), view("Promises not kept", 7, false), view("All", 812, false)],
            view: "today".into(),
            today,
            collector: String::new(),
            find: String::new(),
            sums: false,
            rows: Vec::new(),
            matching: 0,
            overdue: Pence(9_912_345),
            first: 1,
            page: 1,
            pages: 1,
            address: "/work?view=today&".into(),
            answers_astray: 0,
        }
    }

    pub fn full() -> Worklist {
        let names = [
            ("C115656", "NHS Northmere and Eastvale ICB", "Agreed statement due (NHS)", "Send statement", 1_280_256),
            ("C100848", "Okafor, Grace", "Breathing space ends 23 Nov", "Check before restart", 137_790),
            (
                "C103316",
                "Pemberton, Joyce",
                "Promised £450.00 by 27 Nov. Query reply 8 days late",
                "Chase service",
                273_590,
            ),
            ("C103933", "Tidewater Scaffolding Ltd", "Over £5,000 and newly overdue", "Call before letter", 901_157),
            ("C102699", "Szymański, Ewa", "Plan behind: instalment 4 of 12 missed", "Call, then plan warning", 178_799),
        ];
        let base = empty();
        let rows: Vec<WorkRow> = (0..40)
            .map(|i: i64| {
                let at = usize::try_from(i).unwrap_or(0) % names.len();
                let (account, customer, why, next_step, pence) = names[at];
                WorkRow {
                    account: if i < 5 { account.into() } else { format!("C{}", 104_000 + i) },
                    customer: customer.into(),
                    tags: match at {
                        1 => vec![tag("Breathing space", TagColour::Purple)],
                        2 => vec![tag("Extra support", TagColour::Purple), tag("Cymraeg", TagColour::Teal).welsh()],
                        _ => Vec::new(),
                    },
                    why: why.into(),
                    next_step: next_step.into(),
                    due: base.today + chrono::Duration::days(i / 8 - 1),
                    overdue: Pence(pence + i * 137),
                    oldest_days: 9 + i * 3,
                    last_contact: "Call, 17 Nov".into(),
                    step: match at {
                        0 => tag("Not chased", TagColour::Grey),
                        1 => tag("On hold", TagColour::Purple),
                        2 => tag("Final notice", TagColour::Orange),
                        _ => tag("Reminder 2", TagColour::Blue),
                    },
                    also: if i == 3 { vec!["£60.00 is not allocated".into()] } else { Vec::new() },
                    sum: "60 Promise broken + 20 £450.00 at stake = 80".into(),
                }
            })
            .collect();
        Worklist { rows, matching: 42, pages: 2, answers_astray: 2, ..base }
    }
}
