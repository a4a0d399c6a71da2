//! The worklist: every account that needs a person today, and why.

use crate::web::ui::{self, Direction, Frame, Tag};
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
    /// The saved views with their counts.
    pub views: Vec<View>,
    /// The business date.
    pub today: NaiveDate,
    /// The filters as chosen.
    pub filter: Filter,
    /// What can be chosen in the filters: value and words.
    pub customer_kinds: Vec<(String, String)>,
    /// Debt types: value and words.
    pub debt_types: Vec<(String, String)>,
    /// Steps: value and words.
    pub steps: Vec<(String, String)>,
    /// The rows of this page of the list.
    pub rows: Vec<WorkRow>,
    /// How many rows match in all.
    pub matching: i64,
    /// The number of the first row shown.
    pub first: i64,
    /// This page of the list.
    pub page: u32,
    /// How many pages there are.
    pub pages: u32,
    /// The address of the list with its filters, up to and including `page=`.
    pub page_address: String,
    /// The address of the list with its filters, up to and including `sort=`.
    pub sort_address: String,
    /// Sorted by: `due`, `overdue`, `oldest`, `contact`, `customer`.
    pub sort: String,
    /// Which way.
    pub direction: Direction,
    /// When nothing is due: the day and number of the next.
    pub next_due: Option<(NaiveDate, i64)>,
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

/// The filters as chosen; empty means all.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Kind of customer.
    pub customer_kind: String,
    /// Debt type.
    pub debt_type: String,
    /// Step.
    pub step: String,
    /// Overdue at least, as typed.
    pub at_least: String,
}

impl Filter {
    fn is_on(&self) -> bool {
        [&self.customer_kind, &self.debt_type, &self.step, &self.at_least]
            .iter()
            .any(|value| !value.is_empty())
    }
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
    /// Somebody else who has it open; may be empty.
    pub held_by: String,
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

    fn filter_row(&self) -> ui::Filters {
        let filter = &self.filter;
        let row = ui::filters("/work")
            .field(ui::select(
                "customer_kind",
                "Customer type",
                &filter.customer_kind,
                self.customer_kinds.clone(),
            ))
            .field(ui::select(
                "debt_type",
                "Debt type",
                &filter.debt_type,
                self.debt_types.clone(),
            ))
            .field(ui::select("step", "Step", &filter.step, self.steps.clone()))
            .field(
                ui::input("at_least", "Overdue, at least", &filter.at_least)
                    .width(5)
                    .input_mode("decimal"),
            );
        if filter.is_on() { row.clear("/work") } else { row }
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
        let sorted = |key: &str| (self.sort == key).then_some(self.direction);
        let sort =
            |column: ui::Column, key: &str| column.sort(format!("{}{key}", self.sort_address)).sorted(sorted(key));
        let rows = self.rows.iter().map(|row| {
            let customer = ui::link(format!("/customers/{}", row.account), &row.customer).and(ui::parts(&row.tags));
            let customer = if row.held_by.is_empty() {
                customer
            } else {
                customer.and(ui::sub_line(format!("{} has this open", row.held_by)))
            };
            ui::row()
                .select(&row.account, &row.customer, row.overdue)
                .cell(customer)
                .cell(&row.account)
                .cell(&row.why)
                .cell(&row.next_step)
                .cell(self.due_words(row.due))
                .cell(row.overdue)
                .cell(ui::count_of(row.oldest_days, "day", "days"))
                .cell(&row.last_contact)
                .cell(&row.step)
        });
        ui::table(format!("{}, most urgent first", self.title))
            .columns([
                sort(ui::col("Customer"), "customer"),
                ui::col("Account"),
                ui::col("Why it is here"),
                ui::col("Next step"),
                sort(ui::col("Due").nowrap(), "due"),
                sort(ui::num("Overdue"), "overdue"),
                sort(ui::num("Oldest"), "oldest"),
                sort(ui::col("Last contact").nowrap(), "contact"),
                ui::col("Step"),
            ])
            .rows(rows)
            .selectable("account")
    }

    fn last(&self) -> i64 {
        self.first + i64::try_from(self.rows.len()).unwrap_or(0) - 1
    }

    fn pagination(&self) -> ui::Pagination {
        ui::pagination(self.page, self.pages, &self.page_address)
    }

    fn nothing(&self) -> ui::Empty {
        if self.filter.is_on() {
            return ui::empty(
                "Nothing matches these filters",
                "There may be work in the view without them.",
            )
            .action(ui::link("/work", "Clear the filters"));
        }
        let next = self.next_due.as_ref().map(|(day, count)| {
            ui::Html::from("Next due:")
                .and(ui::long_date(day))
                .and(format!("({count})."))
        });
        ui::empty("You are up to date", next.unwrap_or_else(|| "Nothing is due.".into()))
            .action(ui::link("/customers", "Look at all customers"))
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let full = sample::full();
        let filtered = Self {
            filter: Filter {
                step: "plan".into(),
                ..Filter::default()
            },
            ..sample::empty()
        };
        let error = Self {
            frame: Frame::sample("Worklist").wrong("account", "Select an account"),
            ..sample::full()
        };
        vec![
            ("full", full),
            ("empty", sample::empty()),
            ("nothing-matches", filtered),
            ("error", error),
        ]
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::web::ui::{TagColour, tag};

    pub fn empty() -> Worklist {
        let today = NaiveDate::from_ymd_opt(2026, 11, 19).expect("a date that exists");
        let all = |words: &str| {
            vec![
                (String::new(), words.to_owned()),
                ("plan".to_owned(), "Plan".to_owned()),
            ]
        };
        let view = |name: &str, count, current| View {
            name: name.into(),
            href: "/work?view=a".into(),
            count,
            current,
        };
        Worklist {
            frame: Frame::sample("Worklist"),
            owner: "Priya Nair, A to D and companies".into(),
            title: "My work today".into(),
            views: vec![
                view("My work today", 42, true),
                view("Promises not kept", 7, false),
                view("All", 812, false),
            ],
            today,
            filter: Filter::default(),
            customer_kinds: all("All types"),
            debt_types: all("All debts"),
            steps: all("All steps"),
            rows: Vec::new(),
            matching: 0,
            first: 1,
            page: 1,
            pages: 1,
            page_address: "/work?view=today&page=".into(),
            sort_address: "/work?view=today&sort=".into(),
            sort: "due".into(),
            direction: Direction::Ascending,
            next_due: today.succ_opt().map(|day| (day, 6)),
        }
    }

    pub fn full() -> Worklist {
        let names = [
            (
                "C115656",
                "NHS Northmere and Eastvale ICB",
                "Agreed statement due (NHS)",
                "Send statement",
                1_280_256,
            ),
            (
                "C100848",
                "Okafor, Grace",
                "Breathing space ends 23 Nov",
                "Check before restart",
                137_790,
            ),
            (
                "C103316",
                "Pemberton, Joyce",
                "Promised £450.00 by 27 Nov. Query reply 8 days late",
                "Chase service",
                273_590,
            ),
            (
                "C103933",
                "Tidewater Scaffolding Ltd",
                "Over £5,000 and newly overdue",
                "Call before letter",
                901_157,
            ),
            (
                "C102699",
                "Szymański, Ewa",
                "Plan behind: instalment 4 of 12 missed",
                "Call, then plan warning",
                178_799,
            ),
        ];
        let base = empty();
        let rows: Vec<WorkRow> = (0..40)
            .map(|i: i64| {
                let at = usize::try_from(i).unwrap_or(0) % names.len();
                let (account, customer, why, next_step, pence) = names[at];
                WorkRow {
                    account: if i < 5 {
                        account.into()
                    } else {
                        format!("C{}", 104_000 + i)
                    },
                    customer: customer.into(),
                    tags: match at {
                        1 => vec![tag("Breathing space", TagColour::Purple)],
                        2 => vec![
                            tag("Extra support", TagColour::Purple),
                            tag("Cymraeg", TagColour::Teal).welsh(),
                        ],
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
                    held_by: if i == 3 { "Shazia Malik".into() } else { String::new() },
                }
            })
            .collect();
        Worklist {
            rows,
            matching: 42,
            pages: 2,
            ..base
        }
    }
}
