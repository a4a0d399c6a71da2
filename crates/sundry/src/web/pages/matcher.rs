//! What the matcher has learned, when it posts without a person, and in which order money is allocated.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// Parts per million as people read them: `99.90 %`.
pub fn percent(ppm: i64) -> String {
    format!("{}.{:02} %", ppm / 10_000, ppm / 100 % 100)
}

/// What the matcher has learned.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Lessons {
    /// The frame.
    pub frame: Frame,
    /// Accounts, names and wordings that hold.
    pub counts: (i64, i64, i64),
    /// The lessons of this page.
    pub rows: Vec<Lesson>,
    /// Whether the reader may forget.
    pub may_forget: bool,
    /// This page, and whether there are more.
    pub page: (i64, bool),
}

/// One lesson.
#[derive(Clone, Debug)]
pub struct Lesson {
    /// Its id.
    pub id: i64,
    /// account, name or wording.
    pub kind: String,
    /// What the bank says.
    pub said: String,
    /// What it means: a customer, or a kind of invoice.
    pub means: String,
    /// The customer's number; empty for a wording.
    pub customer: String,
    /// How often it was taught.
    pub times: i64,
    /// Who taught it, and when.
    pub taught: (String, NaiveDate),
    /// The receipt that taught it last.
    pub receipt: String,
    /// Who forgot it, and when.
    pub forgotten: Option<(String, NaiveDate)>,
}

impl Lessons {
    /// The heading.
    pub fn heading(&self) -> String {
        "What the matcher has learned".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let on = super::sampled::on;
        let lesson = |id, kind: &str, said: &str, means: &str, forgotten| Lesson {
            id,
            kind: kind.into(),
            said: said.into(),
            means: means.into(),
            customer: if kind == "wording" { String::new() } else { "C100031".into() },
            times: 4,
            taught: ("Ann Barker".into(), on(2026, 11, 17)),
            receipt: "RCT-000431".into(),
            forgotten,
        };
        let rows = vec![
            lesson(1, "account", "4958", "Edith Marchbank", None),
            lesson(2, "name", "S GREENWOOD", "Edith Marchbank", Some(("Tom Ashdown".into(), on(2026, 11, 18)))),
            lesson(3, "wording", "CARE FEES", "Care at home", None),
        ];
        let page = |rows, may_forget| Self {
            frame: Frame::sample("Cash"),
            counts: (212, 31, 9),
            rows,
            may_forget,
            page: (1, true),
        };
        vec![("full", page(rows, true)), ("empty", page(Vec::new(), false))]
    }

    fn row(&self, one: &Lesson) -> ui::Row {
        let what = match one.kind.as_str() {
            "account" => "Payer's account ending",
            "name" => "Payer's name",
            _ => "Words",
        };
        let means: Html = if one.customer.is_empty() {
            format!("Invoices for {}", one.means).into()
        } else {
            ui::link(format!("/customers/{}", one.customer), &one.means)
        };
        let receipt: Html = if one.receipt.is_empty() {
            ui::or_dash("").into()
        } else {
            ui::link(format!("/cash/receipts/{}", one.receipt), &one.receipt)
        };
        let act: Html = match &one.forgotten {
            Some((by, on)) => format!("Forgotten by {by}, {}", on.format("%-d %b %Y")).into(),
            None if self.may_forget => ui::post_form(
                format!("/cash/matcher/lessons/{}/forget", one.id),
                self.frame.tokens(&format!("forget-{}", one.id)),
                ui::button(format!("Forget {}", one.said)).secondary(),
            )
            .into(),
            None => "In use".into(),
        };
        ui::row()
            .cell(what)
            .cell(&one.said)
            .cell(means)
            .cell(one.times)
            .cell(format!("{}, {}", ui::or_dash(&one.taught.0), one.taught.1.format("%-d %b %Y")))
            .cell(receipt)
            .cell(act)
    }
}

impl Plain for Lessons {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/matcher", "The matcher")]).into()
    }

    fn body(&self) -> Html {
        let says = ui::para(
            "When you allocate a receipt, the matcher remembers whose account or name paid it, and what its words \
             were for. Forget a lesson that is wrong: what was posted stays, and the next payment is looked at without it.",
        );
        let tiles = ui::figures([
            ui::figure("Payers' accounts", Some(ui::number(self.counts.0))),
            ui::figure("Payers' names", Some(ui::number(self.counts.1))),
            ui::figure("Wordings", Some(ui::number(self.counts.2))),
        ]);
        let top = Html::from(says).and(tiles);
        if self.rows.is_empty() {
            return top.and(ui::empty("Nothing learned yet", "Allocate a receipt that the matcher did not know."));
        }
        let table = ui::table("Lessons, newest first")
            .columns([
                ui::col("What"),
                ui::col("As the bank says it"),
                ui::col("Means"),
                ui::num("Times"),
                ui::col("Taught last"),
                ui::col("Receipt").nowrap(),
                ui::col("State"),
            ])
            .rows(self.rows.iter().map(|one| self.row(one)));
        let (page, more) = self.page;
        let pages = u32::try_from(page + i64::from(more)).unwrap_or(1);
        top.and(table).and(ui::pagination(u32::try_from(page).unwrap_or(1), pages, "/cash/matcher/lessons?page="))
    }
}

/// When the matcher posts without a person.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Policy {
    /// The frame; errors belong to `certain`, `accept` and `tolerance`.
    pub frame: Frame,
    /// Whether the reader may change it.
    pub may_set: bool,
    /// The threshold for posting, in parts per million, as set or typed.
    pub certain: String,
    /// The threshold for accepting together.
    pub accept: String,
    /// The tolerance, as typed.
    pub tolerance: String,
    /// What was measured at each threshold.
    pub measured: Vec<At>,
}

/// A threshold with what was measured: parts per million, answers, wrong ones, their share, and what it is most likely
/// below.
pub type At = (i64, i64, i64, Option<i64>, Option<i64>);

/// An order: type of debt, from when, in words, what it does with the example, why and who, whether it holds.
pub type OrderRow = (String, String, String, String, String, bool);

/// Customer and sum looked up; where the sum would go: item, amount, why; then what stays.
pub type Looked = (String, String, Vec<(String, Pence, String)>, Pence);

impl Policy {
    /// The heading.
    pub fn heading(&self) -> String {
        "When the matcher posts without a person".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let measured = vec![
            (900_000, 1_310, 4, Some(3_053), Some(8_396)),
            (990_000, 1_240, 0, Some(0), Some(2_419)),
            (999_900, 0, 0, None, None),
        ];
        let page = |frame, may_set| Self {
            frame,
            may_set,
            certain: "990000".into(),
            accept: "900000".into(),
            tolerance: "0.05".into(),
            measured: measured.clone(),
        };
        let wrong = Frame::sample("Cash").wrong("tolerance", "Enter an amount from £0.00 to £5.00");
        vec![
            ("set", page(Frame::sample("Cash"), true)),
            ("wrong", page(wrong, true)),
            ("look", page(Frame::sample("Cash"), false)),
        ]
    }

    fn said(one: &At) -> String {
        match (one.3, one.4) {
            (Some(error), Some(most)) => format!(
                "{} of {} answers at least so sure were wrong: {}. Most likely below {}.",
                ui::number(one.2),
                ui::number(one.1),
                percent(error),
                percent(most)
            ),
            _ => "Nothing measured here yet.".to_owned(),
        }
    }

    fn form(&self) -> Html {
        let errors = &self.frame.errors;
        let choices = self.measured.iter().map(|one| {
            let words = format!("{} sure", percent(one.0));
            ui::choice(one.0.to_string(), words).hint(Self::said(one))
        });
        let accept = ["700000", "800000", "900000", "950000", "980000"]
            .map(|ppm| (ppm.to_owned(), percent(ppm.parse().unwrap_or_default())));
        let body = Html::from(ui::radios("certain", "Post without a person from", &self.certain, choices).errors(errors))
            .and(
                ui::select("accept", "A suggestion is strong from", &self.accept, accept)
                    .hint("Strong suggestions can be accepted together, after a look.")
                    .errors(errors),
            )
            .and(
                ui::amount_input("tolerance", "Clear differences up to", &self.tolerance)
                    .hint("Paid short or over by no more than this, and no more than a twentieth of the item, the difference goes to its own account with its reason. £0.00 for none, £5.00 at most.")
                    .errors(errors),
            )
            .and(ui::button("Save"));
        ui::post_form("/cash/matcher", self.frame.tokens("policy"), body).into()
    }
}

impl Plain for Policy {
    fn above(&self) -> Html {
        if self.frame.opens("/cash") { ui::breadcrumbs([("/cash", "Cash")]).into() } else { Html::default() }
    }

    fn actions(&self) -> Html {
        let order = ui::link_button("Order of allocation", "/cash/matcher/order").secondary();
        if !self.frame.opens("/cash") {
            return order.into();
        }
        Html::from(ui::link_button("What it has learned", "/cash/matcher/lessons").secondary()).and(order)
    }

    fn body(&self) -> Html {
        let says = ui::para(
            "Each answer of the matcher carries how sure it is. Beside each threshold stands what was measured here: \
             answers that a person took back or corrected, of all that were at least so sure.",
        );
        if self.may_set {
            return Html::from(says).and(self.form());
        }
        let rows = self.measured.iter().map(|one| {
            let here = if one.0.to_string() == self.certain {
                ui::tag("Posts from here", TagColour::Green).into()
            } else {
                Html::default()
            };
            ui::row().cell(percent(one.0)).cell(one.1).cell(one.2).cell(Self::said(one)).cell(here)
        });
        let table = ui::table("Thresholds and their measured error")
            .columns([
                ui::num("At least so sure"),
                ui::num("Answers"),
                ui::num("Wrong"),
                ui::col("Measured"),
                ui::col("Now"),
            ])
            .rows(rows);
        let facts = ui::summary_list()
            .fact("A suggestion is strong from", percent(self.accept.parse().unwrap_or_default()))
            .fact("Differences cleared up to", format!("£{}", self.tolerance));
        Html::from(says).and(table).and(facts)
    }
}

/// The order of allocation.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Order {
    /// The frame; errors belong to the fields of the form.
    pub frame: Frame,
    /// Whether the reader may change it.
    pub may_set: bool,
    /// Each order.
    pub orders: Vec<OrderRow>,
    /// The example in words.
    pub example: String,
    /// What was typed into the form: debt type, from, first, reason.
    pub typed: OrderTyped,
    /// What the typed order would do with the example; empty before it is asked for.
    pub preview: String,
    /// What was looked up.
    pub looked: Option<Looked>,
}

/// The form of an order, as typed.
#[derive(Clone, Debug, Default)]
pub struct OrderTyped {
    /// Type of debt; empty for every other.
    pub debt_type: String,
    /// From when.
    pub from_on: String,
    /// Which goes first.
    pub first: String,
    /// The rules that are ticked.
    pub rules: Vec<String>,
    /// Why.
    pub reason: String,
}

impl Order {
    /// The heading.
    pub fn heading(&self) -> String {
        "Order of allocation".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let order = (
            "Every other".to_owned(),
            "as shipped".to_owned(),
            "Exact amount, then overdue, then oldest due; interest and costs last; in part".to_owned(),
            "£60.00 of May, £40.00 of June".to_owned(),
            "As shipped (GL-02)".to_owned(),
            true,
        );
        let page = |may_set, preview: &str, looked| Self {
            frame: Frame::sample("Cash"),
            may_set,
            orders: vec![order.clone()],
            example: "£100.00 against May £60.00, June £45.00, October £30.00 not yet due, interest £5.00".into(),
            typed: OrderTyped { first: "smallest".into(), ..OrderTyped::default() },
            preview: preview.into(),
            looked,
        };
        let lines = vec![("INV-204817".to_owned(), Pence(10_000), "oldest due first".to_owned())];
        vec![
            ("set", page(true, "£45.00 of June, £55.00 of May", None)),
            ("look", page(false, "", Some(("C100031".into(), "100.00".into(), lines, Pence(250))))),
        ]
    }

    fn form(&self) -> Html {
        let errors = &self.frame.errors;
        let first = [
            ("oldest_due", "The one that fell due longest ago"),
            ("smallest", "The smallest, so that most are cleared"),
            ("largest", "The largest"),
            ("newest_due", "The one that falls due last"),
        ];
        let rules = [
            ("exact_first", "An item that is exactly the amount goes before all"),
            ("overdue_first", "What is overdue goes before what is not due"),
            ("in_part", "An item may be paid in part"),
            ("interest_first", "Interest and costs go first, as the contract says"),
        ]
        .map(|(value, words)| ui::choice(value, words).chosen(self.typed.rules.iter().any(|rule| rule == value)));
        let preview = if self.preview.is_empty() {
            Html::default()
        } else {
            ui::panel("What it would do", ui::para(format!("{}: {}.", self.example, self.preview))).into()
        };
        let debt_type = ui::input("debt_type", "Type of debt", &self.typed.debt_type)
            .width(20)
            .hint("As it stands on the invoice; leave it empty for all that have no order of their own.")
            .errors(errors);
        let body = Html::from(debt_type)
            .and(ui::date_input("from_on", "From", &self.typed.from_on).errors(errors))
            .and(ui::select("first", "First", &self.typed.first, first).errors(errors))
            .and(ui::checkboxes("rules", "Rules", rules).errors(errors))
            .and(ui::input("reason", "Reason", &self.typed.reason).width(30).errors(errors))
            .and(preview)
            .and(ui::button("Show what it would do").secondary().named("do", "look"))
            .and(ui::button("Set the order").named("do", "set"));
        ui::post_form("/cash/matcher/order", self.frame.tokens("order"), body).into()
    }

    fn lookup(&self) -> Html {
        let (customer, sum) = self.looked.as_ref().map_or(("", ""), |looked| (&looked.0, &looked.1));
        let filter = ui::filters("/cash/matcher/order")
            .field(ui::input("customer", "Customer number", customer).width(10))
            .field(ui::input("amount", "Amount in pounds", sum).width(10))
            .clear("/cash/matcher/order");
        let Some((customer, _, lines, left)) = &self.looked else { return filter.into() };
        let rows = lines.iter().map(|(item, amount, because)| ui::row().cell(item).cell(*amount).cell(because));
        let table = ui::table(format!("Where it would go on {customer}"))
            .columns([ui::col("Item"), ui::num("Amount"), ui::col("Why")])
            .rows(rows)
            .total([Html::from("Stays on the account"), (*left).into(), Html::default()]);
        Html::from(filter).and(table)
    }
}

impl Plain for Order {
    fn above(&self) -> Html {
        if self.frame.opens("/cash") {
            ui::breadcrumbs([("/cash", "Cash"), ("/cash/matcher", "The matcher")]).into()
        } else {
            ui::breadcrumbs([("/cash/matcher", "The matcher")]).into()
        }
    }

    fn body(&self) -> Html {
        let says = ui::para(
            "When a payer does not say what they pay, this order says it. What the payer says always wins. \
             A new order holds from its day on; what was allocated before stays.",
        );
        let rows = self.orders.iter().map(|(class, from, words, does, why, holds)| {
            let state = if *holds { ui::tag("Holds", TagColour::Green) } else { ui::tag("Not now", TagColour::Grey) };
            ui::row().cell(class).cell(from).cell(words).cell(does).cell(why).cell(state)
        });
        let table = ui::table(format!("Orders, and what each does with {}", self.example))
            .columns([
                ui::col("Type of debt"),
                ui::col("From").nowrap(),
                ui::col("Order"),
                ui::col("What it does"),
                ui::col("Why"),
                ui::col("State"),
            ])
            .rows(rows)
            .show_caption();
        let tried = if self.frame.opens("/cash") {
            ui::panel("Try it on a customer", self.lookup()).into()
        } else {
            Html::default()
        };
        let form = if self.may_set { ui::panel("Set another order", self.form()).into() } else { Html::default() };
        Html::from(says).and(table).and(tried).and(form)
    }
}
