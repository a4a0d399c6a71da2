//! The account page: one strip on every tab, and a tab each for open items, timeline, plans,
//! notes and details.

use crate::web::ui::{self, Frame, Html, Tag, TagColour, tag};
use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use sundry_domain::money::Pence;

/// The account page.
#[derive(Debug, Template)]
#[template(path = "pages/account.html")]
pub struct Account {
    /// The frame.
    pub frame: Frame,
    /// The strip on every tab.
    pub strip: Strip,
    /// The side panel on every tab.
    pub side: Side,
    /// The tab shown.
    pub tab: Tab,
}

/// Who it is and how they stand.
#[derive(Clone, Debug)]
pub struct Strip {
    /// `C103316`.
    pub account: String,
    /// Name as people say it.
    pub name: String,
    /// Flags: what to do, never health words.
    pub tags: Vec<Tag>,
    /// `Individual. 14 Ffordd y Bryn, Northmere NM4 7QX. 01632 960 118 (before noon).`
    pub facts: String,
    /// Who may speak for them; may be empty.
    pub spokesperson: String,
    /// `/customers/C103316`.
    pub address: String,
    /// When opened from the worklist: place, of how many, previous and next account.
    pub queue: Option<Queue>,
    /// Balance.
    pub balance: Pence,
    /// How many open invoices.
    pub open_invoices: i64,
    /// Overdue.
    pub overdue: Pence,
    /// Days since the oldest became due.
    pub oldest_days: i64,
    /// In query.
    pub in_query: Pence,
    /// `Reply is 8 days late`; may be empty.
    pub in_query_note: String,
    /// Promised and not yet due.
    pub promised: Pence,
    /// By when.
    pub promised_by: Option<NaiveDate>,
    /// Not allocated.
    pub unallocated: Pence,
    /// The last payment: amount, date, means.
    pub last_paid: Option<(Pence, NaiveDate, String)>,
    /// What the law or a hold forbids now; replaces the button: sentence and code.
    pub forbidden: Option<(String, String)>,
    /// How many entries each tab has.
    pub counts: TabCounts,
}

/// Where we are in the worklist.
#[derive(Clone, Debug)]
pub struct Queue {
    /// This is number.
    pub place: i64,
    /// Of how many.
    pub of: i64,
    /// The account before; empty at the start.
    pub previous: String,
    /// The account after; empty at the end.
    pub next: String,
}

/// How many entries each tab has.
#[derive(Clone, Copy, Debug, Default)]
pub struct TabCounts {
    /// Open items.
    pub items: i64,
    /// Timeline.
    pub timeline: i64,
    /// Promises and holds.
    pub plans: i64,
    /// Notes and documents.
    pub notes: i64,
}

/// The panel beside every tab.
#[derive(Clone, Debug)]
pub struct Side {
    /// `wait for the promise`.
    pub next_step: String,
    /// Why, and what comes after.
    pub next_why: String,
    /// Debt by age: band and amount.
    pub ages: Vec<(String, Pence)>,
    /// Balance at each month end, oldest first.
    pub balances: Vec<(NaiveDate, Pence)>,
    /// How to contact: key and value.
    pub contact: Vec<(String, String)>,
}

/// The tab shown, with what it shows.
#[derive(Clone, Debug)]
pub enum Tab {
    /// Open items.
    OpenItems(Vec<OpenItem>),
    /// Timeline, newest first.
    Timeline(Vec<Happening>),
    /// Promises and holds.
    Plans(Vec<Promise>, Vec<Hold>),
    /// Notes and documents, pinned first; and what was typed in the box.
    Notes(Vec<Note>, String),
    /// References, contacts, bank, flags: headings with key and value.
    Details(Vec<(String, Vec<(String, String)>)>),
}

/// One open debit or credit.
#[derive(Clone, Debug)]
pub struct OpenItem {
    /// `7104211`, or a receipt number.
    pub number: String,
    /// Its page.
    pub href: String,
    /// What it is for.
    pub for_what: String,
    /// When it is due, or was received.
    pub due: NaiveDate,
    /// Days overdue; none where not due or a credit.
    pub days_overdue: Option<i64>,
    /// Original amount; none for a credit.
    pub amount: Option<Pence>,
    /// Paid so far; none where nothing.
    pub paid: Option<Pence>,
    /// What is left; negative for a credit.
    pub balance: Pence,
    /// The step.
    pub step: Tag,
    /// What is sent when it is selected; empty where it cannot be.
    pub id: String,
}

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Happening {
    /// `Final notice sent by post`.
    pub title: String,
    /// Who or what did it.
    pub by: String,
    /// When.
    pub at: NaiveDateTime,
    /// The rest.
    pub text: String,
    /// Its page: address and words; may be empty.
    pub link: Option<(String, String)>,
}

/// One promise to pay.
#[derive(Clone, Debug)]
pub struct Promise {
    /// How much.
    pub amount: Pence,
    /// By when.
    pub by: NaiveDate,
    /// Who recorded it, when.
    pub recorded: String,
    /// `Open`, `Kept`, `Not kept`.
    pub state: Tag,
}

/// One hold.
#[derive(Clone, Debug)]
pub struct Hold {
    /// Why.
    pub reason: String,
    /// From when.
    pub from: NaiveDate,
    /// Until when.
    pub until: Option<NaiveDate>,
    /// Who put it on.
    pub by: String,
    /// What is posted to end it; empty where it cannot be ended here.
    pub release: String,
}

/// One note or document.
#[derive(Clone, Debug)]
pub struct Note {
    /// Its text, or the name of the document.
    pub text: String,
    /// Who and when.
    pub by: String,
    /// Pinned.
    pub pinned: bool,
    /// Where a document is; empty for a note.
    pub href: String,
}

impl Account {
    /// The heading.
    pub fn heading(&self) -> String {
        self.strip.name.clone()
    }

    fn at(&self, tab: &str) -> String {
        format!("{}/{tab}", self.strip.address)
    }

    fn tab_name(&self) -> &'static str {
        match self.tab {
            Tab::OpenItems(_) => "items",
            Tab::Timeline(_) => "timeline",
            Tab::Plans(..) => "plans",
            Tab::Notes(..) => "notes",
            Tab::Details(_) => "details",
        }
    }

    fn tabs(&self) -> ui::SubNavigation {
        let (counts, now) = (self.strip.counts, self.tab_name());
        ui::sub_navigation("Parts of this account")
            .counted("Open items", counts.items, self.at("items"), now == "items")
            .counted("Timeline", counts.timeline, self.at("timeline"), now == "timeline")
            .counted("Promises and holds", counts.plans, self.at("plans"), now == "plans")
            .counted("Notes and documents", counts.notes, self.at("notes"), now == "notes")
            .place("Details", self.at("details"), now == "details")
    }

    fn tiles(&self) -> ui::Figures {
        let strip = &self.strip;
        let by = strip
            .promised_by
            .map(|day| format!("By {}", day.format("%-d %B")))
            .unwrap_or_default();
        let paid = strip.last_paid.as_ref();
        let tile = |label: &str, amount: Pence| ui::figure(label, Some(ui::money(amount)));
        let unallocated = tile("Not allocated", strip.unallocated);
        ui::figures([
            tile("Balance", strip.balance)
                .note(format!(
                    "{}. Explain",
                    ui::count_of(strip.open_invoices, "open invoice", "open invoices")
                ))
                .note_href(format!("/explain/{}", strip.account)),
            tile("Overdue", strip.overdue).note(match strip.oldest_days {
                0 => String::new(),
                days => format!("Oldest {}", ui::count_of(days, "day", "days")),
            }),
            tile("In query", strip.in_query).note(&strip.in_query_note),
            tile("Promised", strip.promised).note(by),
            if strip.unallocated == Pence::ZERO {
                unallocated
            } else {
                unallocated
                    .note("Allocate it")
                    .note_href(format!("/cash?account={}", strip.account))
            },
            ui::figure(
                "Last paid",
                Some(paid.map_or("–".into(), |(amount, ..)| ui::money(amount))),
            )
            .note(paid.map_or(String::new(), |(_, day, how)| {
                format!("{}, {how}", day.format("%-d %B %Y"))
            })),
        ])
    }

    fn main(&self) -> Html {
        match &self.tab {
            Tab::OpenItems(items) => self.open_items(items),
            Tab::Timeline(list) => timeline(list),
            Tab::Plans(promises, holds) => self.plans(promises, holds),
            Tab::Notes(notes, typed) => self.notes(notes, typed),
            Tab::Details(groups) => groups.iter().fold(Html::default(), |all, (title, facts)| {
                let list = facts
                    .iter()
                    .fold(ui::summary_list(), |list, (key, value)| list.fact(key, value));
                all.and(ui::heading(title)).and(list)
            }),
        }
    }

    fn open_items(&self, items: &[OpenItem]) -> Html {
        if items.is_empty() {
            return ui::empty(
                "Nothing is owed",
                "Every invoice on this account has been paid or cleared.",
            )
            .action(ui::link(self.at("timeline"), "See what happened"))
            .into();
        }
        let rows = items.iter().map(|item| {
            let row = ui::row()
                .cell(ui::link(&item.href, &item.number))
                .cell(&item.for_what)
                .cell(item.due)
                .cell(item.days_overdue)
                .cell(item.amount)
                .cell(item.paid)
                .cell(item.balance)
                .cell(&item.step);
            if item.id.is_empty() {
                row
            } else {
                row.select(&item.id, &item.number, item.balance)
            }
        });
        let total = Pence::total(items.iter().map(|item| &item.balance));
        let table = ui::table(format!("Open items of {}", self.strip.name))
            .columns([
                ui::col("Invoice"),
                ui::col("For"),
                ui::col("Due").nowrap(),
                ui::num("Days overdue"),
                ui::num("Amount"),
                ui::num("Paid"),
                ui::num("Balance"),
                ui::col("Step"),
            ])
            .rows(rows)
            .total([
                "Balance".into(),
                "".into(),
                "".into(),
                "".into(),
                "".into(),
                "".into(),
                ui::money(total),
                "".into(),
            ])
            .selectable("item");
        let links = ui::link(format!("{}/statement.pdf", self.strip.address), "Statement (PDF)")
            .and(ui::link(format!("{}/items.csv", self.strip.address), "Download CSV"))
            .and(ui::link(format!("{}/items.xlsx", self.strip.address), "Download XLSX"));
        let buttons = ui::Html::from(ui::button("Raise a query").secondary().named("do", "query"))
            .and(ui::button("Send copies").secondary().named("do", "copies"))
            .and(ui::button("Put on hold").secondary().named("do", "hold"));
        let bar = ui::sticky_bar("Do something with the selected invoices", buttons);
        let body = Html::from(ui::toolbar("", links)).and(table).and(bar);
        ui::post_form(self.at("items"), self.frame.tokens("items"), body)
            .id("items")
            .into()
    }

    fn plans(&self, promises: &[Promise], holds: &[Hold]) -> Html {
        let promised = if promises.is_empty() {
            Html::from(ui::muted("No promises."))
        } else {
            let rows = promises.iter().map(|one| {
                ui::row()
                    .cell(ui::money(one.amount))
                    .cell(one.by)
                    .cell(&one.recorded)
                    .cell(&one.state)
            });
            ui::table("Promises to pay")
                .columns([ui::col("Amount"), ui::col("By"), ui::col("Recorded"), ui::col("State")])
                .rows(rows)
                .into()
        };
        let held = if holds.is_empty() {
            Html::from(ui::muted("No holds."))
        } else {
            let rows = holds.iter().map(|hold| {
                let tokens = self.frame.tokens("release");
                let end = if hold.release.is_empty() {
                    Html::from("Ends by itself")
                } else {
                    ui::post_form(&hold.release, tokens, ui::button("End this hold").secondary()).into()
                };
                ui::row()
                    .cell(&hold.reason)
                    .cell(hold.from)
                    .cell(hold.until)
                    .cell(&hold.by)
                    .cell(end)
            });
            ui::table("Holds")
                .columns([
                    ui::col("Reason"),
                    ui::col("From"),
                    ui::col("Until"),
                    ui::col("By"),
                    ui::col("Action").quiet(),
                ])
                .rows(rows)
                .into()
        };
        Html::from(ui::panel("Promises to pay", promised)).and(ui::panel("Holds", held))
    }

    fn notes(&self, notes: &[Note], typed: &str) -> Html {
        let field = ui::textarea("note", "Add a note", typed)
            .hint("The customer can ask to see this. Do not write card numbers.")
            .errors(&self.frame.errors);
        let form = ui::post_form(
            self.at("notes"),
            self.frame.tokens("note"),
            Html::from(field).and(ui::button("Add note")),
        );
        if notes.is_empty() {
            return Html::from(form).and(ui::empty(
                "No notes or documents",
                "Nothing has been written down about this account.",
            ));
        }
        let rows = notes.iter().map(|note| {
            let text = if note.href.is_empty() {
                Html::from(&note.text)
            } else {
                ui::link(&note.href, &note.text)
            };
            let pin = if note.pinned {
                Html::from(tag("Pinned", TagColour::Yellow))
            } else {
                Html::default()
            };
            ui::row().cell(text.and(pin)).cell(&note.by)
        });
        Html::from(form).and(
            ui::table("Notes and documents")
                .columns([ui::col("Note"), ui::col("By")])
                .rows(rows),
        )
    }

    fn ages(&self) -> ui::Table {
        let bars = ui::bars("Debt by days overdue", "Days", "Amount");
        self.side
            .ages
            .iter()
            .fold(bars, |bars, (band, sum)| bars.row(band, ui::money(sum), sum.0, 1))
            .table()
    }

    fn balances(&self) -> ui::Lines {
        let first = self.side.balances.first().map_or(Pence::ZERO, |(_, sum)| *sum);
        let desc = format!(
            "Line chart from {} to {}.",
            ui::money(first),
            ui::money(self.strip.balance)
        );
        ui::lines("balances", "Balance at each month end, last 12 months", desc, |pence| {
            ui::money_short(Pence(pence))
        })
        .places(
            "Month",
            self.side.balances.iter().map(|(day, _)| day.format("%b").to_string()),
        )
        .series("Balance", self.side.balances.iter().map(|(_, sum)| Some(sum.0)))
        .small()
    }

    fn contact(&self) -> ui::SummaryList {
        self.side
            .contact
            .iter()
            .fold(ui::details_list(), |list, (key, value)| list.fact(key, value))
    }

    /// What the page looks like on each tab and in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        sample::all()
    }
}

#[derive(Template)]
#[template(path = "pages/timeline.html")]
struct Timeline<'a> {
    list: &'a [Happening],
}

impl Timeline<'_> {
    fn when(&self, at: &NaiveDateTime) -> Html {
        ui::long_date(at.date()).and(format!("at {}", ui::time_of_day(at.time())))
    }
}

/// What happened, as a timeline.
pub(super) fn timeline(list: &[Happening]) -> Html {
    Timeline { list }.into()
}

impl From<Timeline<'_>> for Html {
    fn from(timeline: Timeline<'_>) -> Self {
        Html::from_template(&timeline)
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::web::pages::sampled::on;

    fn strip() -> Strip {
        Strip {
            account: "C103316".into(),
            name: "Joyce Pemberton".into(),
            tags: vec![
                tag("Extra support: large print", TagColour::Purple),
                tag("Cymraeg a Saesneg", TagColour::Teal).welsh(),
                tag("2 invoices in query", TagColour::Yellow),
            ],
            facts: "C103316. Individual. 14 Ffordd y Bryn, Northmere NM4 7QX. 01632 960 118 (before noon).".into(),
            spokesperson: "Carys Pemberton, daughter".into(),
            address: "/customers/C103316".into(),
            queue: Some(Queue {
                place: 6,
                of: 42,
                previous: "C100848".into(),
                next: "C103933".into(),
            }),
            balance: Pence(294_564),
            open_invoices: 24,
            overdue: Pence(273_590),
            oldest_days: 127,
            in_query: Pence(18_871),
            in_query_note: "Reply is 8 days late".into(),
            promised: Pence(45_000),
            promised_by: Some(on(2026, 11, 27)),
            unallocated: Pence(6_000),
            last_paid: Some((Pence(6_000), on(2026, 11, 3), "bank transfer".into())),
            forbidden: None,
            counts: TabCounts {
                items: 24,
                timeline: 48,
                plans: 2,
                notes: 9,
            },
        }
    }

    fn side() -> Side {
        let ages = [
            ("Not due", 20_974),
            ("1–30", 73_688),
            ("31–60", 49_164),
            ("61–90", 71_639),
            ("91–180", 85_099),
        ];
        let months: Vec<(NaiveDate, Pence)> = (1..=11)
            .map(|month| {
                (
                    on(2026, month, 28),
                    Pence(42_000 + i64::from(month) * i64::from(month) * 2_000),
                )
            })
            .collect();
        Side {
            next_step: "wait for the promise".into(),
            next_why: "£450.00 by 27 November. If it does not come, this goes to the top of your list on 30 November."
                .into(),
            ages: ages.map(|(band, sum)| (band.to_owned(), Pence(sum))).into(),
            balances: months,
            contact: vec![
                ("Best".into(), "Phone, before noon".into()),
                ("Post".into(), "Large print, Welsh and English".into()),
            ],
        }
    }

    fn items() -> Vec<OpenItem> {
        let item = |n: i64| OpenItem {
            number: format!("{}", 7_104_211 + n * 37),
            href: format!("/invoices/{}", 7_104_211 + n * 37),
            for_what: [
                "Home care, 4 weeks to 17 Jun",
                "Day centre meals",
                "Telecare alarm, quarter",
            ][usize::try_from(n % 3).unwrap_or(0)]
            .into(),
            due: on(2026, 7, 15) + chrono::Duration::days(n * 6),
            days_overdue: (n < 20).then(|| 127 - n * 6),
            amount: Some(Pence(12_002 + n * 100)),
            paid: (n == 3).then_some(Pence(4_000)),
            balance: Pence(12_002 + n * 100 - if n == 3 { 4_000 } else { 0 }),
            step: if n < 4 {
                tag("Final notice", TagColour::Orange)
            } else {
                tag("Reminder 2", TagColour::Blue)
            },
            id: format!("i{n}"),
        };
        let credit = OpenItem {
            number: "R88214".into(),
            href: "/cash/receipts/R88214".into(),
            for_what: "Payment not allocated".into(),
            due: on(2026, 11, 3),
            days_overdue: None,
            amount: None,
            paid: None,
            balance: Pence(-6_000),
            step: tag("Credit", TagColour::Green),
            id: String::new(),
        };
        (0..24).map(item).chain([credit]).collect()
    }

    fn page(tab: Tab) -> Account {
        Account {
            frame: Frame::sample("Customers"),
            strip: strip(),
            side: side(),
            tab,
        }
    }

    pub fn all() -> Vec<(&'static str, Account)> {
        let at = on(2026, 11, 17).and_hms_opt(10, 42, 0).expect("a time that exists");
        let happening = Happening {
            title: "Promise to pay recorded".into(),
            by: "Priya Nair".into(),
            at,
            text: "£450.00 by 27 November, by bank transfer.".into(),
            link: Some(("/customers/C103316/plans".into(), "See the promise".into())),
        };
        let promise = Promise {
            amount: Pence(45_000),
            by: on(2026, 11, 27),
            recorded: "Priya Nair, 17 November".into(),
            state: tag("Open", TagColour::Blue),
        };
        let hold = Hold {
            reason: "Waiting for social services".into(),
            from: on(2026, 11, 1),
            until: Some(on(2026, 12, 1)),
            by: "Priya Nair".into(),
            release: "/holds/1/release".into(),
        };
        let note = |pinned, href: &str| Note {
            text: if href.is_empty() {
                "Speak slowly and clearly.".into()
            } else {
                "Letter of 3 November (PDF)".into()
            },
            by: "Priya Nair, 17 Nov 2026".into(),
            pinned,
            href: href.into(),
        };
        let details = vec![
            (
                "References".to_owned(),
                vec![("Social care record".to_owned(), "SC-20931".to_owned())],
            ),
            (
                "Bank account".to_owned(),
                vec![("Account".to_owned(), "ending 4471".to_owned())],
            ),
        ];
        let mut held = page(Tab::OpenItems(items()));
        held.strip.forbidden = Some((
            "You cannot send a reminder: breathing space until 23 November.".into(),
            "REC-04-BREATHING".into(),
        ));
        held.strip.queue = None;
        let mut nothing = page(Tab::OpenItems(Vec::new()));
        nothing.strip.balance = Pence::ZERO;
        nothing.strip.unallocated = Pence::ZERO;
        nothing.strip.last_paid = None;
        nothing.side.ages.clear();
        nothing.side.balances.clear();
        let mut wrong = page(Tab::Notes(Vec::new(), "Card 4929 0000 0000 0000".into()));
        wrong.frame.errors.add("note", "Take out the card number");
        vec![
            ("items", page(Tab::OpenItems(items()))),
            ("held", held),
            ("nothing-owed", nothing),
            ("timeline", page(Tab::Timeline(vec![happening.clone(), happening]))),
            ("plans", page(Tab::Plans(vec![promise], vec![hold]))),
            ("no-plans", page(Tab::Plans(Vec::new(), Vec::new()))),
            (
                "notes",
                page(Tab::Notes(
                    vec![note(true, ""), note(false, "/documents/1")],
                    String::new(),
                )),
            ),
            ("notes-error", wrong),
            ("details", page(Tab::Details(details))),
        ]
    }
}
