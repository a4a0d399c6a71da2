//! Standing orders: the list, one order, a period checked, tasks, changes of the charge.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

fn places(here: &str) -> Html {
    let nav = [
        ("Standing orders", "/cash/standing-orders"),
        ("Check a period", "/cash/standing-orders/check"),
        ("Tasks", "/cash/standing-orders/tasks"),
        ("New charges", "/cash/standing-orders/changes"),
    ];
    nav.into_iter()
        .fold(ui::sub_navigation("Standing orders"), |nav, (words, href)| nav.place(words, href, words == here))
        .into()
}

fn crumbs() -> Html {
    ui::breadcrumbs([("/cash", "Cash"), ("/cash/reconciliations", "Reconciliations")]).into()
}

/// Standing orders.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct StandingOrders {
    /// The frame.
    pub frame: Frame,
    /// Whether the reader sets them up.
    pub may_set: bool,
    /// The orders.
    pub rows: Vec<OrderLine>,
}

/// One standing order.
#[derive(Clone, Debug)]
pub struct OrderLine {
    /// Number.
    pub number: String,
    /// Customer number and name.
    pub customer: (String, String),
    /// Reference.
    pub reference: String,
    /// What their bank sends each time, and how often.
    pub amount: (Pence, String),
    /// The charge a week, and what each payment must be.
    pub charge: (Pence, Pence),
    /// First payment, and last day.
    pub days: (NaiveDate, Option<NaiveDate>),
    /// A difference no larger is let be.
    pub tolerance: Pence,
}

impl OrderLine {
    fn fits(&self) -> ui::Tag {
        if self.amount.0.minus(self.charge.1).size() <= self.tolerance {
            ui::tag("Fits", ui::TagColour::Green)
        } else {
            ui::tag("Does not fit", ui::TagColour::Yellow)
        }
    }

    #[cfg(test)]
    fn sample() -> Self {
        Self {
            number: "SO-000001".into(),
            customer: ("C103316".into(), "Mrs J Pemberton".into()),
            reference: "C103316".into(),
            amount: (Pence(38_160), "every 4 weeks".into()),
            charge: (Pence(9_825), Pence(39_300)),
            days: (super::sampled::on(2026, 4, 6), None),
            tolerance: Pence::ZERO,
        }
    }
}

impl StandingOrders {
    /// The heading.
    pub fn heading(&self) -> String {
        "Standing orders".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows| Self { frame: Frame::sample("Cash"), may_set: true, rows };
        vec![("full", page(vec![OrderLine::sample()])), ("empty", page(Vec::new()))]
    }
}

impl Plain for StandingOrders {
    fn above(&self) -> Html {
        crumbs()
    }

    fn actions(&self) -> Html {
        let new = if self.may_set {
            ui::link_button("Note a standing order", "/cash/standing-orders/new").into()
        } else {
            Html::default()
        };
        new.and(ui::downloads(|kind| format!("/cash/standing-orders?format={kind}")))
    }

    fn body(&self) -> Html {
        let nav = places("Standing orders");
        if self.rows.is_empty() {
            return nav
                .and(ui::empty("No standing orders", "Note one when a payer tells you that their bank will send it."));
        }
        let rows = self.rows.iter().map(|row| {
            ui::row()
                .cell(ui::link(format!("/cash/standing-orders/{}", row.number), &row.number))
                .cell(ui::link(
                    format!("/customers/{}", row.customer.0),
                    format!("{}, {}", row.customer.1, row.customer.0),
                ))
                .cell(&row.reference)
                .cell(row.amount.0)
                .cell(&row.amount.1)
                .cell(row.charge.0)
                .cell(row.charge.1)
                .cell(row.fits())
        });
        nav.and(
            ui::table("Standing orders that run")
                .columns([
                    ui::col("Order"),
                    ui::col("Customer"),
                    ui::col("Reference"),
                    ui::num("Their bank sends"),
                    ui::col("How often"),
                    ui::num("Charge a week"),
                    ui::num("It must send"),
                    ui::col("State"),
                ])
                .rows(rows),
        )
    }
}

/// Noting a standing order.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct NewOrder {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// What was typed, by field: customer, reference, amount, frequency, from_on, to_on, weekly, tolerance.
    pub typed: [String; 8],
    /// How often it may be paid: word and words.
    pub frequencies: Vec<(String, String)>,
}

impl NewOrder {
    /// The heading.
    pub fn heading(&self) -> String {
        "Note a standing order".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let frequencies = vec![("four_weekly".to_owned(), "every 4 weeks".to_owned())];
        let wrong = Frame::sample("Cash").wrong("amount", "Enter an amount above £0.00");
        vec![
            (
                "empty",
                Self { frame: Frame::sample("Cash"), typed: Default::default(), frequencies: frequencies.clone() },
            ),
            ("error", Self { frame: wrong, typed: Default::default(), frequencies }),
        ]
    }
}

impl Plain for NewOrder {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/standing-orders", "Standing orders")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let [customer, reference, amount, frequency, from_on, to_on, weekly, tolerance] = &self.typed;
        let often = self.frequencies.iter().map(|(word, words)| ui::choice(word, words));
        let body = Html::from(ui::input("customer", "Customer number", customer).width(10).errors(errors))
            .and(
                ui::input("reference", "Reference", reference)
                    .hint("What their bank puts on each payment")
                    .width(20)
                    .errors(errors),
            )
            .and(ui::amount_input("amount", "Their bank sends", amount).errors(errors))
            .and(ui::select("frequency", "How often", frequency, often).errors(errors))
            .and(ui::date_input("from_on", "First payment", from_on).errors(errors))
            .and(ui::date_input("to_on", "Last day, if it is known", to_on).errors(errors))
            .and(ui::amount_input("weekly", "The charge it pays, a week", weekly).errors(errors))
            .and(ui::amount_input("tolerance", "A difference up to this is let be", tolerance).errors(errors))
            .and(ui::button("Note it"));
        ui::post_form("/cash/standing-orders/new", self.frame.tokens("new"), body).into()
    }
}

/// One standing order.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneOrder {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// The order.
    pub order: OrderLine,
    /// Why it ended; empty while it runs.
    pub ended: String,
    /// Whether the reader changes it.
    pub may_set: bool,
    /// What was typed, by field: amount, weekly, from_on, why, to_on, reason.
    pub typed: [String; 6],
}

impl OneOrder {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Standing order of {}", self.order.customer.1)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let wrong = Frame::sample("Cash").wrong("why", "Enter the decision behind the new charge");
        vec![(
            "error",
            Self {
                frame: wrong,
                order: OrderLine::sample(),
                ended: String::new(),
                may_set: true,
                typed: Default::default(),
            },
        )]
    }
}

impl Plain for OneOrder {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/standing-orders", "Standing orders")]).into()
    }

    fn caption(&self) -> Html {
        self.order.number.as_str().into()
    }

    fn body(&self) -> Html {
        let order = &self.order;
        let last = order.days.1.map(|day| day.format("%-d %B %Y").to_string()).unwrap_or_default();
        let facts = ui::summary_list()
            .fact(
                "Customer",
                ui::link(
                    format!("/customers/{}", order.customer.0),
                    format!("{}, {}", order.customer.1, order.customer.0),
                ),
            )
            .fact("Reference", &order.reference)
            .fact("Their bank sends", format!("{} {}", ui::money(order.amount.0), order.amount.1))
            .fact("The charge", format!("{} a week", ui::money(order.charge.0)))
            .fact("It must send", format!("{} {}", ui::money(order.charge.1), order.amount.1))
            .fact("State", order.fits())
            .fact("First payment", ui::long_date(order.days.0))
            .fact_if("Last day", last)
            .fact_if("Why it ended", &self.ended)
            .fact("A difference up to this is let be", order.tolerance);
        if !self.may_set || !self.ended.is_empty() {
            return facts.into();
        }
        let errors = &self.frame.errors;
        let [amount, weekly, from_on, why, to_on, reason] = &self.typed;
        let form = |verb: &str, body: Html| {
            ui::post_form(format!("/cash/standing-orders/{}/{verb}", order.number), self.frame.tokens(verb), body)
        };
        let charge = Html::from(ui::amount_input("weekly", "New charge, a week", weekly).errors(errors))
            .and(ui::date_input("from_on", "From", from_on).errors(errors))
            .and(ui::input("why", "The decision behind it", why).errors(errors))
            .and(ui::button("Set the charge"));
        let amend = Html::from(ui::amount_input("amount", "Their bank sends now", amount).errors(errors))
            .and(ui::button("Note the new amount").secondary());
        let end = Html::from(ui::date_input("to_on", "Last day of the charge", to_on).errors(errors))
            .and(ui::input("reason", "Why it ends", reason).errors(errors))
            .and(ui::button("End it").warning());
        let side = Html::from(ui::boxed("A new charge", form("charge", charge)))
            .and(ui::boxed("The payer changed it", form("amend", amend)))
            .and(ui::boxed("It ended", form("end", end)));
        ui::grid([(7, Html::from(facts)), (5, side)]).into()
    }
}

/// A period checked: expected against received.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OrderCheck {
    /// The frame; errors belong to `from_on` and `to_on`.
    pub frame: Frame,
    /// First and last day, as typed.
    pub typed: (String, String),
    /// Due, received, shortfalls and excesses, once a period is chosen.
    pub sums: Option<(Pence, Pence, i64, i64)>,
    /// The orders.
    pub rows: Vec<CheckLine>,
    /// Whether it may be released.
    pub may_release: bool,
    /// Checks released before, newest first.
    pub before: Vec<ReleasedCheck>,
}

/// A check of a period that was released.
#[derive(Clone, Debug)]
pub struct ReleasedCheck {
    /// Its number.
    pub number: String,
    /// First and last day.
    pub days: (NaiveDate, NaiveDate),
    /// Orders looked at, shortfalls and excesses found.
    pub counts: [i64; 3],
    /// By whom.
    pub by: String,
}

/// One order in a period.
#[derive(Clone, Debug)]
pub struct CheckLine {
    /// Order number.
    pub number: String,
    /// Customer number and name.
    pub customer: (String, String),
    /// How often.
    pub frequency: String,
    /// Payments expected.
    pub payments: i64,
    /// Due, received, difference, running since April.
    pub sums: [Pence; 4],
    /// What is advised.
    pub advice: ui::Tag,
}

impl OrderCheck {
    /// The heading.
    pub fn heading(&self) -> String {
        "Expected against received".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = CheckLine {
            number: "SO-000001".into(),
            customer: ("C103316".into(), "Mrs J Pemberton".into()),
            frequency: "every 4 weeks".into(),
            payments: 1,
            sums: [Pence(39_300), Pence(38_160), Pence(-1_140), Pence(-1_140)],
            advice: ui::tag("Shortfall", ui::TagColour::Yellow),
        };
        let on = super::sampled::on;
        let page = |frame, sums, rows| Self {
            frame,
            typed: ("6 Apr 2026".into(), "3 May 2026".into()),
            sums,
            rows,
            may_release: true,
            before: vec![ReleasedCheck {
                number: "SOC-000001".into(),
                days: (on(2026, 3, 9), on(2026, 4, 5)),
                counts: [12, 1, 0],
                by: "Tom Ashdown".into(),
            }],
        };
        let wrong = Frame::sample("Cash").wrong("from_on", "Enter a date such as 30/11/26");
        vec![
            ("full", page(Frame::sample("Cash"), Some((Pence(39_300), Pence(38_160), 1, 0)), vec![line])),
            ("empty", page(Frame::sample("Cash"), Some((Pence::ZERO, Pence::ZERO, 0, 0)), Vec::new())),
            ("error", page(wrong, None, Vec::new())),
        ]
    }

    fn table(&self) -> Html {
        let rows = self.rows.iter().map(|row| {
            let [due, received, gap, running] = row.sums;
            ui::row()
                .cell(ui::link(format!("/cash/standing-orders/{}", row.number), &row.number))
                .cell(ui::link(
                    format!("/customers/{}", row.customer.0),
                    format!("{}, {}", row.customer.1, row.customer.0),
                ))
                .cell(&row.frequency)
                .cell(row.payments)
                .cell(due)
                .cell(received)
                .cell(ui::strong(ui::money(gap), gap < Pence::ZERO))
                .cell(running)
                .cell(&row.advice)
        });
        ui::table("Standing orders in the period")
            .columns([
                ui::col("Order"),
                ui::col("Customer"),
                ui::col("How often"),
                ui::num("Payments"),
                ui::num("Due"),
                ui::num("Received"),
                ui::num("Difference"),
                ui::num("Since April"),
                ui::col("What to do"),
            ])
            .rows(rows)
            .into()
    }

    fn before(&self) -> Html {
        if self.before.is_empty() {
            return Html::default();
        }
        let rows = self.before.iter().map(|check| {
            let [orders, short, over] = check.counts;
            let row = ui::row().cell(&check.number).cell(check.days.0).cell(check.days.1);
            row.cell(orders).cell(short).cell(over).cell(&check.by)
        });
        ui::table("Checks released, newest first")
            .show_caption()
            .columns([
                ui::col("Check"),
                ui::col("From").nowrap(),
                ui::col("To").nowrap(),
                ui::num("Orders"),
                ui::num("Shortfalls"),
                ui::num("Excesses"),
                ui::col("Released by"),
            ])
            .rows(rows)
            .into()
    }
}

impl Plain for OrderCheck {
    fn above(&self) -> Html {
        crumbs()
    }

    fn actions(&self) -> Html {
        if self.sums.is_none() {
            return Html::default();
        }
        let file = |kind: &str| {
            let (from, to) = (&self.typed.0, &self.typed.1);
            let encode = crate::web::door::form_encode;
            format!("/cash/standing-orders/check?from_on={}&to_on={}&format={kind}", encode(from), encode(to))
        };
        ui::downloads(file)
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let filter = ui::filters("/cash/standing-orders/check")
            .field(ui::date_input("from_on", "From", &self.typed.0).errors(errors))
            .field(ui::date_input("to_on", "To", &self.typed.1).errors(errors))
            .verb("Look at the period");
        let top = places("Check a period").and(filter);
        let Some((due, received, short, over)) = self.sums else { return top.and(self.before()) };
        let tiles = ui::figures([
            ui::figure("Due", Some(ui::money(due))),
            ui::figure("Received", Some(ui::money(received))),
            ui::figure("Shortfalls", Some(ui::number(short))).bad(short > 0),
            ui::figure("Excesses", Some(ui::number(over))),
        ]);
        if self.rows.is_empty() {
            let text = "No standing order runs in this period.";
            return top.and(ui::empty("Nothing to check", text)).and(self.before());
        }
        let release = if self.may_release {
            let says = "What came is set against the oldest bills, and each difference becomes a task. Nothing has been done yet.";
            let body = ui::hidden("from_on", &self.typed.0)
                .and(ui::hidden("to_on", &self.typed.1))
                .and(ui::button("Allocate, and make the tasks"));
            let form = ui::post_form("/cash/standing-orders/check", self.frame.tokens("release"), body);
            Html::from(ui::boxed("Release", Html::from(ui::para(says)).and(form)).to_do())
        } else {
            Html::default()
        };
        top.and(tiles).and(self.table()).and(release).and(self.before())
    }
}

/// Tasks of standing orders.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OrderTasks {
    /// The frame; errors belong to `task`, `how` and `words`.
    pub frame: Frame,
    /// open or done.
    pub view: String,
    /// The tasks.
    pub rows: Vec<TaskLine>,
    /// Whether the reader may act.
    pub may_act: bool,
    /// How a task ended and words, as typed.
    pub typed: (String, String),
}

/// One task.
#[derive(Clone, Debug)]
pub struct TaskLine {
    /// Its id.
    pub id: String,
    /// Order number.
    pub order: String,
    /// Customer number and name.
    pub customer: (String, String),
    /// What it is, and what is advised.
    pub kind: ui::Tag,
    /// In words.
    pub words: String,
    /// How much.
    pub amount: Pence,
    /// How it ended.
    pub done: String,
}

impl OrderTasks {
    /// The heading.
    pub fn heading(&self) -> String {
        "Tasks of standing orders".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = TaskLine {
            id: "7".into(),
            order: "SO-000001".into(),
            customer: ("C103316".into(), "Mrs J Pemberton".into()),
            kind: ui::tag("Shortfall", ui::TagColour::Yellow),
            words: "6 April 2026 to 3 May 2026: £393.00 was due and £381.60 came: £11.40 is missing.".into(),
            amount: Pence(-1_140),
            done: String::new(),
        };
        let page = |frame, rows| Self { frame, view: "open".into(), rows, may_act: true, typed: Default::default() };
        let wrong = Frame::sample("Cash").wrong("task", "Select a task");
        vec![
            ("full", page(Frame::sample("Cash"), vec![row.clone()])),
            ("error", page(wrong, vec![row])),
            ("empty", page(Frame::sample("Cash"), Vec::new())),
        ]
    }
}

impl Plain for OrderTasks {
    fn above(&self) -> Html {
        crumbs()
    }

    fn actions(&self) -> Html {
        let file = |kind: &str| format!("/cash/standing-orders/tasks?view={}&format={kind}", self.view);
        ui::downloads(file)
    }

    fn body(&self) -> Html {
        let views = [("open", "Open"), ("done", "Done")].into_iter().fold(
            ui::sub_navigation("Tasks by state"),
            |nav, (word, words)| {
                nav.place(words, format!("/cash/standing-orders/tasks?view={word}"), self.view == word)
            },
        );
        let top = places("Tasks").and(views);
        if self.rows.is_empty() {
            return top.and(ui::empty("No tasks here", "Check a period: each difference becomes a task."));
        }
        let rows = self.rows.iter().map(|row| {
            let line = ui::row()
                .cell(ui::link(format!("/cash/standing-orders/{}", row.order), &row.order))
                .cell(ui::link(
                    format!("/customers/{}", row.customer.0),
                    format!("{}, {}", row.customer.1, row.customer.0),
                ))
                .cell(&row.kind)
                .cell(&row.words)
                .cell(row.amount);
            if self.view == "open" {
                line.cell(ui::or_dash("")).select(&row.id, &row.order, row.amount.size())
            } else {
                line.cell(ui::or_dash(&row.done))
            }
        });
        let table = ui::table("Tasks").columns([
            ui::col("Order"),
            ui::col("Customer"),
            ui::col("What"),
            ui::col("In words"),
            ui::num("Amount"),
            ui::col("How it ended"),
        ]);
        let table = table.rows(rows);
        if self.view != "open" || !self.may_act {
            return top.and(table);
        }
        let errors = &self.frame.errors;
        let how = [
            ("invoice", "Invoiced"),
            ("refund", "Refund asked for"),
            ("carry_forward", "Carried forward"),
            ("amended", "The payer changed the order"),
            ("other", "Something else"),
        ];
        let end = ui::row_of([
            Html::from(
                ui::select("how", "What was done", &self.typed.0, how.map(|(word, words)| ui::choice(word, words)))
                    .errors(errors),
            ),
            Html::from(ui::input("words", "Number of the invoice or refund, or words", &self.typed.1).errors(errors)),
        ]);
        let buttons = Html::from(ui::button("Write about the shortfall").named("do", "letter"))
            .and(ui::button("End the tasks").secondary().named("do", "end"));
        let body = Html::from(table.selectable("task"))
            .and(end)
            .and(ui::sticky_bar("Do something with the selected tasks", buttons));
        top.and(ui::post_form("/cash/standing-orders/tasks", self.frame.tokens("tasks"), body).id("task"))
    }
}

/// Standing orders that no longer fit a new charge.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OrderChanges {
    /// The frame; an error belongs to `from_on`.
    pub frame: Frame,
    /// First day of the new charge, as typed.
    pub from_on: String,
    /// The last day to write, and whether that has passed.
    pub write_by: Option<(NaiveDate, bool)>,
    /// The orders.
    pub rows: Vec<ChangeLine>,
    /// Whether the reader may write.
    pub may_write: bool,
}

/// One order that no longer fits.
#[derive(Clone, Debug)]
pub struct ChangeLine {
    /// Order number.
    pub number: String,
    /// Customer number and name.
    pub customer: (String, String),
    /// How often.
    pub frequency: String,
    /// Charge before, new charge, what their bank sends, what it must send.
    pub sums: [Pence; 4],
    /// The letter is written.
    pub written: bool,
}

impl OrderChanges {
    /// The heading.
    pub fn heading(&self) -> String {
        "Standing orders that a new charge does not fit".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = ChangeLine {
            number: "SO-000001".into(),
            customer: ("C103316".into(), "Mrs J Pemberton".into()),
            frequency: "every 4 weeks".into(),
            sums: [Pence(9_540), Pence(9_825), Pence(38_160), Pence(39_300)],
            written: false,
        };
        let written = ChangeLine { written: true, ..row.clone() };
        let page = |frame, rows, late| Self {
            frame,
            from_on: "6 Apr 2026".into(),
            write_by: Some((super::sampled::on(2026, 3, 9), late)),
            rows,
            may_write: true,
        };
        let wrong = Frame::sample("Cash").wrong("from_on", "Enter a date such as 6/4/26");
        vec![
            ("full", page(Frame::sample("Cash"), vec![row.clone(), written], false)),
            ("late", page(Frame::sample("Cash"), vec![row], true)),
            ("error", page(wrong, Vec::new(), false)),
        ]
    }
}

impl Plain for OrderChanges {
    fn above(&self) -> Html {
        crumbs()
    }

    fn body(&self) -> Html {
        let filter = ui::filters("/cash/standing-orders/changes")
            .field(ui::date_input("from_on", "First day of the new charge", &self.from_on).errors(&self.frame.errors))
            .verb("List them");
        let top = places("New charges").and(filter);
        let Some((write_by, late)) = self.write_by else { return top };
        if self.rows.is_empty() {
            return top.and(ui::empty("Every standing order fits", "Nobody needs to be written to about that day."));
        }
        let rows = self.rows.iter().map(|row| {
            let state = if row.written {
                ui::tag("Written", ui::TagColour::Green)
            } else {
                ui::tag("To write", ui::TagColour::Yellow)
            };
            ui::row()
                .cell(ui::link(format!("/cash/standing-orders/{}", row.number), &row.number))
                .cell(ui::link(
                    format!("/customers/{}", row.customer.0),
                    format!("{}, {}", row.customer.1, row.customer.0),
                ))
                .cell(&row.frequency)
                .cell(row.sums[0])
                .cell(row.sums[1])
                .cell(row.sums[2])
                .cell(row.sums[3])
                .cell(state)
                .select(&row.number, &row.number, row.sums[3])
                .ticked(!row.written)
                .locked(row.written)
        });
        let table = ui::table("Orders that do not fit").columns([
            ui::col("Order"),
            ui::col("Customer"),
            ui::col("How often"),
            ui::num("Charge before"),
            ui::num("New charge"),
            ui::num("Their bank sends"),
            ui::num("It must send"),
            ui::col("Letter"),
        ]);
        let says = format!("Write by {}, four weeks before.", write_by.format("%-d %B %Y"));
        let says = if late { format!("{says} That day has passed.") } else { says };
        if !self.may_write {
            return top.and(ui::para(says)).and(table.rows(rows));
        }
        let known = if late {
            Html::from(ui::checkboxes(
                "late",
                "It is late",
                [ui::choice("yes", "I know that this is less than four weeks before")],
            ))
        } else {
            Html::default()
        };
        let bar = ui::sticky_bar("Write to the selected payers", ui::button("Write the letters"));
        let body = Html::from(table.rows(rows).selectable("order"))
            .and(known)
            .and(ui::hidden("from_on", &self.from_on))
            .and(bar);
        top.and(ui::para(says))
            .and(ui::post_form("/cash/standing-orders/changes", self.frame.tokens("changes"), body).id("order"))
    }
}
