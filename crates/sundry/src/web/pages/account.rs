//! The account page: one strip on every tab, and a tab each for open items, timeline, plans,
//! notes and details.

use super::plans::{PlanRow, plan_table};
use crate::web::ui::{self, Frame, Html, Tag, TagColour, tag};
use askama::Template;
use chrono::NaiveDate;
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
    /// Whether the reader may allocate it.
    pub may_allocate: bool,
    /// The last payment: amount, date, means.
    pub last_paid: Option<(Pence, NaiveDate, String)>,
    /// What the law or a hold forbids now; replaces the button: sentence and code.
    pub forbidden: Option<(String, String)>,
    /// What is closed by it, in the words of the buttons that are not drawn.
    pub closed: Vec<String>,
    /// What may be done from here: words, address and key; the first is the main one.
    pub actions: Vec<(String, String, &'static str)>,
    /// How many entries each tab has; none where it is not known.
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
    /// Open items, and whether something can be done with them.
    OpenItems(Vec<OpenItem>, bool),
    /// Timeline, newest first.
    Timeline(Happenings),
    /// Payment plans, promises and holds.
    Plans(Vec<PlanRow>, Vec<Promise>, Vec<Hold>),
    /// Notes and documents, pinned first; and what was typed in the box, where notes may be added.
    Notes(Vec<Note>, Option<String>),
    /// References, contacts, bank, addresses: headings with key and value; and flags.
    Details(Vec<Details>, Vec<Flag>),
}

/// A part of what is known of a customer.
#[derive(Clone, Debug)]
pub struct Details {
    /// `References`.
    pub title: String,
    /// Keys and values.
    pub facts: Vec<(String, String)>,
    /// Where it is changed: address and words; may be none.
    pub change: Option<(String, String)>,
}

/// A flag with its evidence.
#[derive(Clone, Debug)]
pub struct Flag {
    /// What.
    pub name: Tag,
    /// How we know.
    pub evidence: String,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub until: Option<NaiveDate>,
    /// When to look again.
    pub review: Option<NaiveDate>,
    /// Who raised it.
    pub by: String,
    /// Where it is ended; empty where it cannot be.
    pub end: String,
}

/// A part of the timeline.
#[derive(Clone, Debug, Default)]
pub struct Happenings {
    /// What happened, newest first.
    pub list: Vec<Happening>,
    /// The sort chosen: `money`, `letter`, `note` and so on; empty for all.
    pub sort: String,
    /// The address of what is older; empty when there is nothing older.
    pub older: String,
}

/// The sorts of happenings: word in the address and words.
pub const SORTS: [(&str, &str); 10] = [
    ("", "Everything"),
    ("money", "Money"),
    ("letter", "Letters"),
    ("note", "Calls and notes"),
    ("query", "Queries"),
    ("promise", "Promises"),
    ("plan", "Plans"),
    ("hold", "Holds"),
    ("step", "Steps"),
    ("flag", "Flags"),
];

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
    /// The business day.
    pub on: NaiveDate,
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
    /// Where it is taken back; empty where it cannot be.
    pub withdraw: String,
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
    /// The item it holds; empty for the whole account.
    pub item: String,
    /// Whether it has ended, or will by itself: in words.
    pub state: String,
    /// Where it is ended; empty where it cannot be ended here.
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

    /// A tab, which keeps the place in the worklist.
    fn tab_at(&self, tab: &str) -> String {
        let from = if self.strip.queue.is_some() { "?from=work" } else { "" };
        format!("{}/{tab}{from}", self.strip.address)
    }

    fn buttons(&self) -> Html {
        let drawn = self.strip.actions.iter().enumerate().map(|(place, (words, href, key))| {
            let button = ui::link_button(words, href);
            let button = if place == 0 { button } else { button.secondary() };
            if key.is_empty() { button } else { button.key(key) }
        });
        ui::parts(drawn)
    }

    /// What is closed, as one sentence; empty where nothing is.
    fn closed(&self) -> String {
        match self.strip.closed.as_slice() {
            [] => String::new(),
            closed => format!("You cannot do this now: {}.", closed.join(", ").to_lowercase()),
        }
    }

    fn tab_name(&self) -> &'static str {
        match self.tab {
            Tab::OpenItems(..) => "items",
            Tab::Timeline(_) => "timeline",
            Tab::Plans(..) => "plans",
            Tab::Notes(..) => "notes",
            Tab::Details(..) => "details",
        }
    }

    fn tabs(&self) -> ui::SubNavigation {
        let (counts, now) = (self.strip.counts, self.tab_name());
        ui::sub_navigation("Parts of this account")
            .counted("Open items", counts.items, self.tab_at("items"), now == "items")
            .place("Timeline", self.tab_at("timeline"), now == "timeline")
            .counted("Plans", counts.plans, self.tab_at("plans"), now == "plans")
            .counted("Notes", counts.notes, self.tab_at("notes"), now == "notes")
            .place("Details", self.tab_at("details"), now == "details")
    }

    fn tiles(&self) -> ui::Figures {
        let strip = &self.strip;
        let by = strip.promised_by.map(|day| format!("By {}", day.format("%-d %B"))).unwrap_or_default();
        let paid = strip.last_paid.as_ref();
        let tile = |label: &str, amount: Pence| ui::figure(label, Some(ui::money(amount)));
        let unallocated = tile("Not allocated", strip.unallocated);
        ui::figures([
            tile("Balance", strip.balance)
                .note(format!("{}. Explain", ui::count_of(strip.open_invoices, "open invoice", "open invoices")))
                .note_href(format!("/explain?ref={}", strip.account)),
            tile("Overdue", strip.overdue).note(match strip.oldest_days {
                0 => String::new(),
                days => format!("Oldest {}", ui::count_of(days, "day", "days")),
            }),
            tile("In query", strip.in_query).note(&strip.in_query_note),
            tile("Promised", strip.promised).note(by),
            if strip.unallocated == Pence::ZERO || !strip.may_allocate {
                unallocated
            } else {
                unallocated.note("Allocate it").note_href(format!("/cash?account={}", strip.account))
            },
            ui::figure("Last paid", Some(paid.map_or("–".into(), |(amount, ..)| ui::money(amount))))
                .note(paid.map_or(String::new(), |(_, day, how)| format!("{}, {how}", day.format("%-d %B %Y")))),
        ])
    }

    fn main(&self) -> Html {
        match &self.tab {
            Tab::OpenItems(items, may) => self.open_items(items, *may),
            Tab::Timeline(happenings) => self.happenings(happenings),
            Tab::Plans(agreed, promises, holds) => plans(agreed, promises, holds),
            Tab::Notes(notes, typed) => self.notes(notes, typed.as_deref()),
            Tab::Details(groups, flags) => details(groups, flags),
        }
    }

    fn happenings(&self, happenings: &Happenings) -> Html {
        let chosen = &happenings.sort;
        let filter =
            ui::filters(self.at("timeline")).field(ui::select("sort", "Show", chosen, SORTS)).verb("Apply filter");
        let filter = if chosen.is_empty() { filter } else { filter.clear(self.at("timeline")) };
        let older =
            if happenings.older.is_empty() { Html::default() } else { ui::link(&happenings.older, "Show older") };
        Html::from(filter).and(timeline(&happenings.list)).and(older)
    }

    fn open_items(&self, items: &[OpenItem], may: bool) -> Html {
        if items.is_empty() {
            return ui::empty("Nothing is owed", "Every invoice on this account has been paid or cleared.")
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
            if item.id.is_empty() || !may { row } else { row.select(&item.id, &item.number, item.balance) }
        });
        let total = Pence::total(items.iter().map(|item| &item.balance));
        let table = ui::table(format!("Open items of {}", self.strip.name))
            .columns([
                ui::col("Invoice").nowrap(),
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
            ]);
        let links = ui::link(format!("{}?format=csv", self.at("items")), "Download CSV")
            .and(ui::link(format!("{}?format=xlsx", self.at("items")), "Download XLSX"));
        let list = Html::from(ui::toolbar("", links));
        if !may {
            return list.and(table);
        }
        let buttons = Html::from(ui::button("Raise a query").secondary().named("do", "query"))
            .and(ui::button("Put on hold").secondary().named("do", "hold"))
            .and(ui::button("Send copies").secondary().named("do", "copies"));
        let bar = ui::sticky_bar("Do something with the selected invoices", buttons);
        let body = list.and(table.selectable("item")).and(bar);
        ui::post_form(self.at("items"), self.frame.tokens("items"), body).id("item").into()
    }

    fn notes(&self, notes: &[Note], typed: Option<&str>) -> Html {
        let form = typed.map_or_else(Html::default, |typed| self.note_form(typed));
        if notes.is_empty() {
            return form.and(ui::empty("No notes", "Nothing has been written down about this account."));
        }
        let rows = notes.iter().map(|note| {
            let text = if note.href.is_empty() { Html::from(&note.text) } else { ui::link(&note.href, &note.text) };
            let pin = if note.pinned { Html::from(tag("Pinned", TagColour::Yellow)) } else { Html::default() };
            ui::row().cell(text.and(pin)).cell(&note.by)
        });
        form.and(ui::table("Notes").columns([ui::col("Note"), ui::col("By")]).rows(rows))
    }

    fn note_form(&self, typed: &str) -> Html {
        let field = ui::textarea("note", "Add a note", typed)
            .hint("The customer can ask to see this. Do not write card numbers.")
            .errors(&self.frame.errors);
        let form = ui::post_form(
            self.at("notes"),
            self.frame.tokens("note"),
            Html::from(field)
                .and(
                    ui::checkboxes("pinned", "Keep in sight", [ui::choice("yes", "Pin this note to the top")])
                        .hide_label(),
                )
                .and(ui::button("Add note")),
        );
        form.into()
    }

    fn ages(&self) -> ui::Table {
        let bars = ui::bars("Debt by days overdue", "Days", "Amount");
        self.side
            .ages
            .iter()
            .fold(bars, |bars, (band, sum)| bars.row(band.trim_end_matches(" days"), ui::money(sum), sum.0, 1))
            .table()
    }

    fn balances(&self) -> ui::Lines {
        let first = self.side.balances.first().map_or(Pence::ZERO, |(_, sum)| *sum);
        let desc = format!("Line chart from {} to {}.", ui::money(first), ui::money(self.strip.balance));
        ui::lines("balances", "Balance at each month end, last 12 months", desc, |pence| ui::money_short(Pence(pence)))
            .places("Month", self.side.balances.iter().map(|(day, _)| day.format("%b").to_string()))
            .series("Balance", self.side.balances.iter().map(|(_, sum)| Some(sum.0)))
            .small()
    }

    fn contact(&self) -> ui::SummaryList {
        self.side.contact.iter().fold(ui::details_list(), |list, (key, value)| list.fact(key, value))
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
    fn when(&self, on: &NaiveDate) -> Html {
        ui::long_date(on)
    }
}

fn plans(agreed: &[PlanRow], promises: &[Promise], holds: &[Hold]) -> Html {
    let agreed = match agreed.is_empty() {
        true => Html::from(ui::muted("No payment plan.")),
        false => plan_table("Payment plans", agreed, false),
    };
    let link_or_not = |href: &str, words: &str| if href.is_empty() { Html::default() } else { ui::link(href, words) };
    let promised = if promises.is_empty() {
        Html::from(ui::muted("No promises."))
    } else {
        let rows = promises.iter().map(|one| {
            ui::row()
                .cell(ui::money(one.amount))
                .cell(one.by)
                .cell(&one.recorded)
                .cell(&one.state)
                .cell(link_or_not(&one.withdraw, "Take back this promise"))
        });
        let heads =
            [ui::col("Amount"), ui::col("By"), ui::col("Recorded"), ui::col("State"), ui::col("Action").quiet()];
        ui::table("Promises to pay").columns(heads).rows(rows).into()
    };
    let held = if holds.is_empty() {
        Html::from(ui::muted("No holds."))
    } else {
        let rows = holds.iter().map(|hold| {
            ui::row()
                .cell(&hold.reason)
                .cell(ui::or_dash(&hold.item))
                .cell(hold.from)
                .cell(hold.until)
                .cell(&hold.by)
                .cell(Html::from(&hold.state).and(link_or_not(&hold.release, "End this hold")))
        });
        let heads = [
            ui::col("Reason"),
            ui::col("Invoice").nowrap(),
            ui::col("From"),
            ui::col("Until"),
            ui::col("By"),
            ui::col("State"),
        ];
        ui::table("Holds").columns(heads).rows(rows).into()
    };
    Html::from(ui::panel("Payment plans", agreed))
        .and(ui::panel("Promises to pay", promised))
        .and(ui::panel("Holds", held))
}

fn details(groups: &[Details], flags: &[Flag]) -> Html {
    let flagged = if flags.is_empty() {
        Html::from(ui::muted("No flags."))
    } else {
        let rows = flags.iter().map(|flag| {
            let end = if flag.end.is_empty() { Html::default() } else { ui::link(&flag.end, "End this flag") };
            ui::row()
                .cell(&flag.name)
                .cell(&flag.evidence)
                .cell(flag.from)
                .cell(flag.until)
                .cell(flag.review)
                .cell(&flag.by)
                .cell(end)
        });
        let heads = [
            ui::col("Flag"),
            ui::col("How we know"),
            ui::col("From"),
            ui::col("Until"),
            ui::col("Look again"),
            ui::col("By"),
            ui::col("Action").quiet(),
        ];
        ui::table("Flags").columns(heads).rows(rows).into()
    };
    let group = |all: Html, group: &Details| {
        let facts = group.facts.iter().fold(ui::summary_list(), |list, (key, value)| list.fact(key, value));
        let facts = if group.facts.is_empty() { Html::from(ui::muted("Nothing is known.")) } else { facts.into() };
        let change = group.change.as_ref().map(|(href, words)| ui::link(href, words)).unwrap_or_default();
        all.and(ui::panel(&group.title, facts.and(change)))
    };
    Html::from(ui::panel("Flags", flagged)).and(groups.iter().fold(Html::default(), group))
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
    use crate::web::pages::plans::sample_row;
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
            address: "/customers/C103316".into(),
            queue: Some(Queue { place: 6, of: 42, previous: "C100848".into(), next: "C103933".into() }),
            balance: Pence(294_564),
            open_invoices: 24,
            overdue: Pence(273_590),
            oldest_days: 127,
            in_query: Pence(18_871),
            in_query_note: "Reply is 8 days late".into(),
            promised: Pence(45_000),
            promised_by: Some(on(2026, 11, 27)),
            unallocated: Pence(6_000),
            may_allocate: true,
            last_paid: Some((Pence(6_000), on(2026, 11, 3), "bank transfer".into())),
            forbidden: None,
            closed: Vec::new(),
            actions: vec![
                ("Record a call".into(), "/customers/C103316/call".into(), "c"),
                ("Raise a query".into(), "/customers/C103316/query".into(), ""),
                ("Put on hold".into(), "/customers/C103316/hold".into(), ""),
            ],
            counts: TabCounts { items: 24, plans: 2, notes: 9 },
        }
    }

    fn side() -> Side {
        let ages = [("Not due", 20_974), ("1–30", 73_688), ("31–60", 49_164), ("61–90", 71_639), ("91–180", 85_099)];
        let months: Vec<(NaiveDate, Pence)> = (1..=11)
            .map(|month| (on(2026, month, 28), Pence(42_000 + i64::from(month) * i64::from(month) * 2_000)))
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
            href: format!("/billing/invoices/{}", 7_104_211 + n * 37),
            for_what: ["Home care, 4 weeks to 17 Jun", "Day centre meals", "Telecare alarm, quarter"]
                [usize::try_from(n % 3).unwrap_or(0)]
            .into(),
            due: on(2026, 7, 15) + chrono::Duration::days(n * 6),
            days_overdue: (n < 20).then(|| 127 - n * 6),
            amount: Some(Pence(12_002 + n * 100)),
            paid: (n == 3).then_some(Pence(4_000)),
            balance: Pence(12_002 + n * 100 - if n == 3 { 4_000 } else { 0 }),
            step: if n < 4 { tag("Final notice", TagColour::Orange) } else { tag("Reminder 2", TagColour::Blue) },
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
        Account { frame: Frame::sample("Customers"), strip: strip(), side: side(), tab }
    }

    pub fn all() -> Vec<(&'static str, Account)> {
        let happening = Happening {
            title: "Promise to pay recorded".into(),
            by: "Priya Nair".into(),
            on: on(2026, 11, 17),
            text: "£450.00 by 27 November, by bank transfer.".into(),
            link: Some(("/customers/C103316/plans".into(), "See the promise".into())),
        };
        let happenings = Happenings {
            list: vec![happening.clone(), happening],
            sort: "promise".into(),
            older: "/customers/C103316/timeline?before=2026-11-17/1".into(),
        };
        let promise = Promise {
            amount: Pence(45_000),
            by: on(2026, 11, 27),
            recorded: "Priya Nair, 17 November".into(),
            state: tag("Open", TagColour::Blue),
            withdraw: "/customers/C103316/promises/1/withdraw".into(),
        };
        let hold = Hold {
            reason: "Waiting for social services".into(),
            from: on(2026, 11, 1),
            until: Some(on(2026, 12, 1)),
            by: "Priya Nair".into(),
            item: "7104211".into(),
            state: "Holds".into(),
            release: "/customers/C103316/holds/1/end".into(),
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
        let fact = |title: &str, key: &str, value: &str| Details {
            title: title.into(),
            facts: vec![(key.to_owned(), value.to_owned())],
            change: Some(("/customers/C103316/change".into(), "Change details".into())),
        };
        let details =
            vec![fact("References", "Social care record", "SC-20931"), fact("Bank account", "Account", "ending 4471")];
        let flag = Flag {
            name: tag("Extra support", TagColour::Purple),
            evidence: "Call of 3 November 2026".into(),
            from: on(2026, 11, 3),
            until: None,
            review: Some(on(2027, 5, 3)),
            by: "Priya Nair".into(),
            end: "/customers/C103316/flags/1/end".into(),
        };
        let mut held = page(Tab::OpenItems(items(), true));
        held.strip.forbidden =
            Some(("You cannot send a reminder: breathing space until 23 November.".into(), "REC-04-BREATHING".into()));
        held.strip.closed = vec!["Refer to court".into()];
        held.strip.queue = None;
        let mut nothing = page(Tab::OpenItems(Vec::new(), true));
        nothing.strip.balance = Pence::ZERO;
        nothing.strip.unallocated = Pence::ZERO;
        nothing.strip.last_paid = None;
        nothing.side.ages.clear();
        nothing.side.balances.clear();
        let mut wrong = page(Tab::Notes(Vec::new(), Some("Card 4929 0000 0000 0000".into())));
        wrong.frame.errors.add("note", "Take out the card number");
        vec![
            ("items", page(Tab::OpenItems(items(), true))),
            ("held", held),
            ("nothing-owed", nothing),
            ("timeline", page(Tab::Timeline(happenings))),
            ("plans", page(Tab::Plans(vec![sample_row()], vec![promise], vec![hold]))),
            ("no-plans", page(Tab::Plans(Vec::new(), Vec::new(), Vec::new()))),
            ("notes", page(Tab::Notes(vec![note(true, ""), note(false, "/documents/1")], Some(String::new())))),
            ("notes-error", wrong),
            ("details", page(Tab::Details(details, vec![flag]))),
        ]
    }
}
