//! Uplifts: those there were, a preview over the whole book, one with what may be done about it.

use super::contracts::{Typed, places};
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// Uplifts and the preview of a new one.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Uplifts {
    /// The frame; errors belong to `from`, `by`, `rounding`, `card`, `service`, `funder` and `reason`.
    pub frame: Frame,
    /// What was typed.
    pub typed: Typed,
    /// Rate cards: value and words.
    pub cards: Vec<(String, String)>,
    /// Roundings: value and words.
    pub roundings: Vec<(String, String)>,
    /// What it would do, once it is said what.
    pub preview: Option<UpliftSeen>,
    /// The address of the preview, ready for one more field.
    pub address: String,
    /// Those there were: number, day, by how much, a year more, who, state.
    pub rows: Vec<(String, NaiveDate, String, Pence, String, ui::Tag)>,
    /// Whether the reader asks for uplifts.
    pub may_ask: bool,
}

/// What an uplift would do.
#[derive(Clone, Debug)]
pub struct UpliftSeen {
    /// By how much, in words.
    pub by: String,
    /// Rates, charges, contracts billed beyond the day.
    pub counts: [i64; 3],
    /// A year before and after.
    pub sums: (Pence, Pence),
    /// Contract, service user, charge, card, before, after, a year more.
    pub lines: Vec<([String; 6], Pence)>,
    /// Left as they are: what and why.
    pub left: Vec<(String, String)>,
}

impl Uplifts {
    /// The heading.
    pub fn heading(&self) -> String {
        "Uplifts".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let line = ["CON-000017", "P104482", "Residential care", "CARE-26 RES", "£905.00 a week", "£945.73 a week"];
        let seen = UpliftSeen {
            by: "4.5% more, to the penny".into(),
            counts: [12, 214, 3],
            sums: (Pence(112_300_000), Pence(117_353_500)),
            lines: vec![(line.map(text), Pence(212_378))],
            left: vec![(text("CON-000018 charge 1"), text("It has a rate from 6 July 2026 already"))],
        };
        let row = (
            text("UPL-000002"),
            super::sampled::on(2026, 4, 6),
            text("4.5% more, to the penny"),
            Pence(5_053_500),
            text("Tom Ashdown"),
            ui::tag("Applied", ui::TagColour::Green),
        );
        let page = |frame, preview, rows| Self {
            frame,
            typed: [("by".to_owned(), "4.5%".to_owned()), ("from".to_owned(), "6 Jul 2026".to_owned())].into(),
            cards: vec![(String::new(), text("Every card, and contracts' own rates"))],
            roundings: vec![("penny".into(), "To the penny".into())],
            preview,
            address: "/billing/uplifts?by=4.5%25&".into(),
            rows,
            may_ask: true,
        };
        let wrong = Frame::sample("Billing").wrong("by", "Enter a percentage such as 4.5%");
        vec![
            ("full", page(Frame::sample("Billing"), Some(seen), vec![row])),
            ("empty", page(Frame::sample("Billing"), None, vec![])),
            ("error", page(wrong, None, vec![])),
        ]
    }

    fn of(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    fn filter(&self) -> Html {
        let errors = &self.frame.errors;
        let choices = |all: &[(String, String)]| all.iter().map(|(v, w)| ui::choice(v, w)).collect::<Vec<_>>();
        ui::filters("/billing/uplifts")
            .field(ui::input("by", "By", self.of("by")).hint("4.5%, 1.25 or =23.10").width(10).errors(errors))
            .field(ui::date_input("from", "From", self.of("from")).errors(errors))
            .field(ui::select("rounding", "Rounded", self.of("rounding"), choices(&self.roundings)).errors(errors))
            .field(ui::select("card", "Rates", self.of("card"), choices(&self.cards)).errors(errors))
            .field(ui::input("service", "Service", self.of("service")).width(10).errors(errors))
            .field(ui::input("funder", "Paid by", self.of("funder")).width(10).errors(errors))
            .verb("Preview")
            .into()
    }

    fn ask(&self, seen: &UpliftSeen) -> Html {
        if !self.may_ask || seen.counts[0] == 0 {
            return Html::default();
        }
        let fields = ["by", "from", "rounding", "card", "service", "funder"];
        let hidden = fields.iter().fold(Html::default(), |all, field| all.and(ui::hidden(field, self.of(field))));
        let reason = ui::input("reason", "The decision behind it", self.of("reason")).errors(&self.frame.errors);
        let says = ui::para("Someone else must say yes. Then it is applied, and can be taken back before its day.");
        let body = hidden
            .and(ui::hidden("seen", seen.sums.1.0.to_string()))
            .and(says)
            .and(reason)
            .and(ui::button("Ask for approval"));
        let form = ui::post_form("/billing/uplifts/ask", self.frame.tokens("ask"), body);
        ui::boxed("Ask for it", form).to_do().into()
    }
}

impl UpliftSeen {
    fn tiles(&self) -> Html {
        let [rates, charges, adjusted] = self.counts;
        let (before, after) = self.sums;
        let tiles = ui::figures([
            ui::figure("Rates", Some(ui::number(rates))).note(ui::count_of(charges, "charge", "charges")),
            ui::figure("A year now", Some(ui::money(before))),
            ui::figure("A year with it", Some(ui::money(after))),
            ui::figure("Difference", Some(ui::money(after.minus(before)))),
            ui::figure("Billed beyond the day", Some(ui::number(adjusted))).note("adjusted by the next run"),
        ]);
        Html::from(tiles).and(ui::muted(format!("{}. Charges by what is delivered have no year.", self.by)))
    }

    fn tables(&self) -> Html {
        let rows = self.lines.iter().map(|([contract, user, charge, card, old, new], more)| {
            let number = ui::link(format!("/billing/contracts/{contract}"), contract);
            let what = Html::from(charge).and(ui::sub_line(card.as_str()));
            ui::row().cell(number).cell(ui::or_dash(user)).cell(what).cell(old).cell(new).cell(*more)
        });
        let columns = [
            ui::col("Contract").nowrap(),
            ui::col("Service user"),
            ui::col("Charge"),
            ui::num("Now"),
            ui::num("From the day"),
            ui::num("A year more"),
        ];
        let title = format!("Line by line, the first {}", self.lines.len());
        let all = Html::from(ui::table(title).show_caption().columns(columns).rows(rows));
        if self.left.is_empty() {
            return all;
        }
        let left = self.left.iter().map(|(what, why)| ui::row().cell(what).cell(why));
        let table = ui::table("Left as they are").show_caption().narrow();
        all.and(table.columns([ui::col("Rate"), ui::col("Why")]).rows(left))
    }
}

impl Plain for Uplifts {
    fn actions(&self) -> Html {
        if self.preview.is_none() {
            return Html::default();
        }
        ui::downloads(|kind| format!("{}format={kind}", self.address))
    }

    fn body(&self) -> Html {
        let mut all = places("Uplifts").and(self.filter());
        if let Some(seen) = &self.preview {
            all = if seen.counts[0] == 0 && seen.left.is_empty() {
                all.and(ui::empty("No rate would change", "Choose other rates, or another amount."))
            } else {
                all.and(seen.tiles()).and(self.ask(seen)).and(seen.tables())
            };
        }
        if self.rows.is_empty() {
            return all
                .and(ui::empty("No uplifts yet", "Say by how much and from when: the preview shows every line."));
        }
        let rows = self.rows.iter().map(|(number, on, by, more, who, state)| {
            let number = ui::link(format!("/billing/uplifts/{number}"), number);
            ui::row().cell(number).cell(*on).cell(by).cell(*more).cell(who).cell(state)
        });
        let columns = [
            ui::col("Uplift").nowrap(),
            ui::col("From").nowrap(),
            ui::col("By"),
            ui::num("A year more"),
            ui::col("Asked by"),
            ui::col("State"),
        ];
        all.and(ui::table("Uplifts, newest first").show_caption().columns(columns).rows(rows))
    }
}

/// One uplift.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneUplift {
    /// The frame.
    pub frame: Frame,
    /// Number.
    pub number: String,
    /// Where it stands: word and tag.
    pub state: (String, ui::Tag),
    /// Facts: key and value.
    pub facts: Vec<(String, String)>,
    /// Rates: place, what, before, after, state.
    pub lines: Vec<[String; 5]>,
    /// Whether the reader applies it.
    pub may_apply: bool,
    /// Whether it may be taken back: before its day.
    pub may_take_back: bool,
}

impl OneUplift {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Uplift {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let page = |word: &str, state| Self {
            frame: Frame::sample("Billing"),
            number: "UPL-000002".into(),
            state: (word.into(), state),
            facts: vec![(text("By"), text("4.5% more, to the penny")), (text("From"), text("6 July 2026"))],
            lines: vec![["1", "CARE-26 RES", "£905.00", "£945.73", "Waiting"].map(text)],
            may_apply: true,
            may_take_back: word == "applied",
        };
        vec![
            ("approved", page("approved", ui::tag("Approved", ui::TagColour::Blue))),
            ("applied", page("applied", ui::tag("Applied", ui::TagColour::Green))),
        ]
    }

    fn acts(&self) -> Html {
        let form = |verb: &str, button: ui::Button| {
            let action = format!("/billing/uplifts/{}/{verb}", self.number);
            Html::from(ui::post_form(action, self.frame.tokens(verb), Html::from(button)))
        };
        let mut body = match self.state.0.as_str() {
            "approved" if self.may_apply => {
                Html::from(ui::para("New rates are set piece by piece; rates changed meanwhile are left alone."))
                    .and(form("apply", ui::button("Apply it")))
            }
            "stopped" if self.may_apply => form("apply", ui::button("Let it go on")),
            "applying" => form("stop", ui::button("Stop it").warning()),
            _ => Html::default(),
        };
        if self.may_take_back {
            body = body.and(form("take-back", ui::button("Take it back").secondary()));
        }
        if body.is_empty() { body } else { ui::boxed("What to do", body).to_do().into() }
    }
}

impl Plain for OneUplift {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/uplifts", "Uplifts")]).into()
    }

    fn body(&self) -> Html {
        let facts = ui::summary_list().fact("State", &self.state.1);
        let facts = self.facts.iter().fold(facts, |facts, (key, value)| facts.fact_if(key, value));
        let rows = self.lines.iter().map(|row| row.iter().fold(ui::row(), |line, cell| line.cell(ui::or_dash(cell))));
        let columns = [ui::num("Place"), ui::col("Rate"), ui::num("Before"), ui::num("From the day"), ui::col("State")];
        let table = ui::table("Its rates, at most 500").show_caption().columns(columns).rows(rows);
        Html::from(facts).and(self.acts()).and(table)
    }
}
