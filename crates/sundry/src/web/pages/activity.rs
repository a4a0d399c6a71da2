//! Activity: the lines and the exceptions, taking a file in, one line with what may be done about it.

use super::contracts::{Typed, places};
use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// Lines of activity, and the exceptions by reason.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ActivityLines {
    /// The frame.
    pub frame: Frame,
    /// State, reason and contract, as chosen.
    pub filter: [String; 3],
    /// Reasons: value and words.
    pub reasons: Vec<(String, String)>,
    /// Exceptions: reason, words, lines, overdue, pounds at stake.
    pub exceptions: Vec<(String, String, i64, i64, Pence)>,
    /// The lines, newest first.
    pub rows: Vec<ActivityRowShown>,
    /// The address of the next page; empty on the last.
    pub next: String,
    /// The address of this list, ready for one more field.
    pub address: String,
    /// Whether the reader sees to exceptions.
    pub may_set: bool,
}

/// One line of the list.
#[derive(Clone, Debug)]
pub struct ActivityRowShown {
    /// Number.
    pub number: String,
    /// Its reference in the source.
    pub reference: String,
    /// Service, and whom it is for.
    pub what: (String, String),
    /// First and last day.
    pub days: (NaiveDate, NaiveDate),
    /// `12.5 hours`.
    pub quantity: String,
    /// The contract; empty where there is none.
    pub contract: String,
    /// What it comes to, or pounds at stake.
    pub worth: Pence,
    /// Where it stands.
    pub state: ui::Tag,
    /// Why, with the owner and the day; the invoice where it is billed.
    pub why: String,
    /// Owner and day of an exception.
    pub clock: String,
    /// The invoice; empty where there is none.
    pub document: String,
}

impl ActivityRowShown {
    #[cfg(test)]
    fn sample() -> Self {
        use super::sampled::on;
        Self {
            number: "ACT-000004-12".into(),
            reference: "V-2026-104482-17".into(),
            what: ("Home care".into(), "P104482".into()),
            days: (on(2026, 5, 11), on(2026, 5, 11)),
            quantity: "1.25 hours".into(),
            contract: "CON-000017".into(),
            worth: Pence(3_000),
            state: ui::tag("Held", ui::TagColour::Red),
            why: "£24.00 an hour was told, £22.50 an hour is approved by CON-000017".into(),
            clock: "Tom Ashdown, by 5 June 2026".into(),
            document: String::new(),
        }
    }
}

impl ActivityLines {
    /// The heading.
    pub fn heading(&self) -> String {
        "Activity".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |exceptions, rows| Self {
            frame: Frame::sample("Billing"),
            filter: ["held".into(), String::new(), String::new()],
            reasons: vec![(String::new(), "Any".into()), ("wrong_rate".into(), "Not the approved rate".into())],
            exceptions,
            rows,
            next: "/billing/activity?before=7".into(),
            address: "/billing/activity?".into(),
            may_set: true,
        };
        let billed = ActivityRowShown {
            state: ui::tag("Billed", ui::TagColour::Green),
            why: String::new(),
            clock: String::new(),
            document: "INV-000412".into(),
            ..ActivityRowShown::sample()
        };
        let sum = ("wrong_rate".into(), "Not the approved rate".into(), 7, 2, Pence(48_250));
        vec![("full", page(vec![sum], vec![ActivityRowShown::sample(), billed])), ("empty", page(vec![], vec![]))]
    }

    fn tiles(&self) -> Html {
        if self.exceptions.is_empty() {
            return Html::default();
        }
        let lines: i64 = self.exceptions.iter().map(|one| one.2).sum();
        let overdue: i64 = self.exceptions.iter().map(|one| one.3).sum();
        let at_stake = self.exceptions.iter().fold(Pence::ZERO, |sum, one| sum.plus(one.4));
        let tiles = ui::figures([
            ui::figure("Exceptions", Some(ui::number(lines))).bad(true),
            ui::figure("Past their day", Some(ui::number(overdue))).bad(overdue > 0),
            ui::figure("At stake", Some(ui::money(at_stake))),
        ]);
        let rows = self.exceptions.iter().map(|(because, words, lines, overdue, pence)| {
            let href = format!("/billing/activity?because={because}");
            ui::row().cell(ui::link(href, words)).cell(*lines).cell(*overdue).cell(*pence)
        });
        let table = ui::table("Exceptions by reason").show_caption().narrow().columns([
            ui::col("Reason"),
            ui::num("Lines"),
            ui::num("Overdue"),
            ui::num("At stake"),
        ]);
        let recheck = ui::post_form("/billing/activity/recheck", self.frame.tokens("recheck"), {
            ui::button("Hold them against the contracts again").secondary()
        });
        let recheck = if self.may_set { Html::from(recheck) } else { Html::default() };
        Html::from(tiles).and(table.rows(rows)).and(recheck)
    }

    fn table(&self) -> Html {
        if self.rows.is_empty() {
            let text = "Lines are taken in from a file or by the API, and held against the contracts.";
            return ui::empty("No lines", text).into();
        }
        let rows = self.rows.iter().map(|one| {
            let number = ui::link(format!("/billing/activity/{}", one.number), &one.number);
            let contract = match one.contract.as_str() {
                "" => Html::from(ui::or_dash("")),
                number if number.starts_with("CON-") => ui::link(format!("/billing/contracts/{number}"), number),
                other => Html::from(other),
            };
            let document = match one.document.as_str() {
                "" => Html::default(),
                number => ui::link(invoice_at(number), number),
            };
            let (from, to) = one.days;
            let days = if from == to { ui::date(from) } else { ui::date(from).and(" to ").and(ui::date(to)) };
            ui::row()
                .cell(number.and(ui::sub_line(one.reference.as_str())))
                .cell(Html::from(&one.what.0).and(ui::sub_line(one.what.1.as_str())))
                .cell(days)
                .cell(&one.quantity)
                .cell(contract)
                .cell(worth(one))
                .cell(&one.state)
                .cell(Html::from(&one.why).and(document).and(ui::sub_line(one.clock.as_str())))
        });
        let table = ui::table("Lines, newest first")
            .columns([
                ui::col("Line").nowrap(),
                ui::col("Service"),
                ui::col("Delivered"),
                ui::col("Quantity"),
                ui::col("Contract"),
                ui::num("Worth"),
                ui::col("State"),
                ui::col("Why, or the invoice"),
            ])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "More lines") };
        Html::from(table).and(next)
    }
}

impl Plain for ActivityLines {
    fn actions(&self) -> Html {
        let take = ui::link_button("Take a file in", "/billing/activity/take");
        let take = if self.may_set { Html::from(take) } else { Html::default() };
        take.and(ui::link_button("Completeness", "/billing/completeness").secondary())
            .and(ui::downloads(|kind| format!("{}format={kind}", self.address)))
    }

    fn body(&self) -> Html {
        let [state, because, contract] = &self.filter;
        let states = [
            ("", "All"),
            ("held", "Held"),
            ("asked", "Waiting for a yes"),
            ("unbilled", "Accepted, not billed"),
            ("accepted", "Accepted"),
            ("explained", "Explained"),
        ];
        let choices = |all: Vec<(String, String)>| all.into_iter().map(|(value, words)| ui::choice(value, words));
        let filter = ui::filters("/billing/activity")
            .field(ui::select("state", "State", state, states.map(|(value, words)| ui::choice(value, words))))
            .field(ui::select("because", "Held because", because, choices(self.reasons.clone())))
            .field(ui::input("contract", "Contract", contract).width(10))
            .clear("/billing/activity");
        places("Activity").and(self.tiles()).and(filter).and(self.table())
    }
}

/// What a line comes to; a line without a contract and a rate has no worth yet.
fn worth(one: &ActivityRowShown) -> String {
    if one.worth == Pence::ZERO { "Not known".to_owned() } else { ui::money(one.worth) }
}

/// Taking a file in.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct TakeActivity {
    /// The frame; errors belong to `file`, `source` and `reason`.
    pub frame: Frame,
    /// Source and reason, as typed.
    pub typed: [String; 2],
    /// Everything wrong with the file: row, field, message, what was typed.
    pub faults: Vec<(String, String, String, String)>,
    /// What was taken in before: number, file, source, day, who, accepted, held, at stake.
    pub files: Vec<TakenFile>,
}

/// A file that was taken in.
#[derive(Clone, Debug)]
pub struct TakenFile {
    /// Number.
    pub number: String,
    /// Name of the file, and the system it came from.
    pub from: (String, String),
    /// When.
    pub on: NaiveDate,
    /// Who.
    pub by: String,
    /// Lines accepted, and held.
    pub counts: (i64, i64),
    /// What they come to, and pounds at stake.
    pub sums: (Pence, Pence),
}

impl TakeActivity {
    /// The heading.
    pub fn heading(&self) -> String {
        "Take activity in".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let fault = (text("3"), text("quantity"), text("Enter a number from 0 to 10,000"), text("many"));
        let file = TakenFile {
            number: "ACT-000004".into(),
            from: ("may.csv".into(), "CareRota".into()),
            on: super::sampled::on(2026, 5, 31),
            by: "Tom Ashdown".into(),
            counts: (412, 7),
            sums: (Pence(1_284_550), Pence(48_250)),
        };
        let page = |frame, faults, files| Self { frame, typed: ["CareRota".into(), String::new()], faults, files };
        let wrong = Frame::sample("Billing").wrong("file", "Nothing was taken: put these right and send it again");
        vec![
            ("full", page(Frame::sample("Billing"), Vec::new(), vec![file])),
            ("error", page(wrong, vec![fault], Vec::new())),
        ]
    }
}

impl Plain for TakeActivity {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/activity", "Activity")]).into()
    }

    fn body(&self) -> Html {
        let [source, reason] = &self.typed;
        let errors = &self.frame.errors;
        let columns = "Columns: reference, service, unit (day, hour, visit or session), from, quantity; \
                       and if known service_user, contract, funder, to, rate";
        let body = Html::from(ui::file_field("file", "Workbook or CSV", ".csv,.xlsx").hint(columns).errors(errors))
            .and(
                ui::input("source", "The system it comes from", source)
                    .hint("References are unique in it")
                    .width(20)
                    .errors(errors),
            )
            .and(
                ui::input("reason", "Why lines there already are put right", reason)
                    .hint("Leave it empty when every line is new")
                    .errors(errors),
            )
            .and(ui::button("Take it in"));
        let form = ui::post_form("/billing/activity/take", self.frame.tokens("take"), body).with_file();
        let mut all = Html::default();
        if !self.faults.is_empty() {
            let rows = self.faults.iter().map(|(row, field, message, typed)| {
                ui::row().cell(ui::or_dash(row)).cell(field).cell(message).cell(ui::or_dash(typed)).wrong(true)
            });
            let table = ui::table("What is wrong with the file").show_caption().columns([
                ui::num("Row"),
                ui::col("Column"),
                ui::col("What to do"),
                ui::col("It says"),
            ]);
            all = all.and(table.rows(rows));
        }
        all = all.and(ui::boxed("Take a file in", form));
        if self.files.is_empty() {
            return all;
        }
        let rows = self.files.iter().map(|one| {
            let from = Html::from(ui::or_dash(&one.from.0)).and(ui::sub_line(one.from.1.as_str()));
            let row = ui::row().cell(&one.number).cell(from).cell(one.on).cell(&one.by);
            row.cell(one.counts.0).cell(one.sums.0).cell(one.counts.1).cell(one.sums.1)
        });
        let table = ui::table("Taken in, newest first").show_caption().columns([
            ui::col("Number").nowrap(),
            ui::col("File and source"),
            ui::col("Day").nowrap(),
            ui::col("By"),
            ui::num("Accepted"),
            ui::num("Worth"),
            ui::num("Held"),
            ui::num("At stake"),
        ]);
        all.and(table.rows(rows))
    }
}

/// One line, with what may be done about it.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneActivity {
    /// The frame; errors belong to the fields of the four forms.
    pub frame: Frame,
    /// The line.
    pub line: ActivityRowShown,
    /// Facts: key and value.
    pub facts: Vec<(String, String)>,
    /// What stood under its reference: number, days, quantity, state, why, who.
    pub history: Vec<[String; 6]>,
    /// Whether it is held, and the reader sees to it.
    pub may_act: bool,
    /// Whether it may be let through.
    pub may_override: bool,
    /// Whether a rate was told.
    pub told_rate: bool,
    /// The approval it waits for; empty where there is none.
    pub approval: String,
    /// Reasons why a line is not billed: value and words.
    pub reasons: Vec<(String, String)>,
    /// What was typed.
    pub typed: Typed,
}

impl OneActivity {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Activity {}", self.line.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let history = ["ACT-000004-12", "11 May 2026", "1.25 hours", "Held", "Not the approved rate", "Tom Ashdown"];
        let page = |frame, may_act| Self {
            frame,
            line: ActivityRowShown::sample(),
            facts: vec![(text("Told rate"), text("£24.00 an hour")), (text("Source"), text("CareRota"))],
            history: vec![history.map(text)],
            may_act,
            may_override: true,
            told_rate: true,
            approval: if may_act { String::new() } else { "APP-000007".into() },
            reasons: vec![("not_delivered".into(), "Not delivered".into())],
            typed: Typed::default(),
        };
        let wrong = Frame::sample("Billing").wrong("reason-explain", "Enter why, in at most 500 characters");
        vec![
            ("held", page(Frame::sample("Billing"), true)),
            ("waiting", page(Frame::sample("Billing"), false)),
            ("error", page(wrong, true)),
        ]
    }

    fn typed(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    fn form(&self, verb: &str, fields: Html, button: &str) -> Html {
        // Four forms have a reason each; what was typed belongs to the one that was sent.
        let sent = self.typed("verb") == verb;
        let reason = ui::input(format!("reason-{verb}"), "Why", if sent { self.typed("reason") } else { "" });
        let body = fields.and(reason.errors(&self.frame.errors)).and(ui::button(button).secondary());
        let action = format!("/billing/activity/{}/{verb}", self.line.number);
        ui::post_form(action, self.frame.tokens(verb), body).into()
    }

    fn acts(&self) -> Html {
        let errors = &self.frame.errors;
        let contract = ui::input("contract", "Contract", self.typed("contract")).width(10).errors(errors);
        let assign = ui::boxed("Assign it to a contract", self.form("assign", contract.into(), "Assign"));
        let reasons = self.reasons.iter().map(|(value, words)| ui::choice(value, words));
        let why = ui::radios("explained_as", "It is not billed because", self.typed("explained_as"), reasons);
        let explain = ui::boxed("Explain it", self.form("explain", why.errors(errors).into(), "Do not bill it"));
        let correct = Html::from(ui::row_of([
            ui::date_input("from", "First day", self.typed("from")).errors(errors),
            ui::date_input("to", "Last day", self.typed("to")).errors(errors),
        ]))
        .and(ui::input("service", "Service", self.typed("service")).width(20).errors(errors))
        .and(ui::input("service_user", "Service user", self.typed("service_user")).width(20).errors(errors))
        .and(ui::row_of([
            ui::input("quantity", "Quantity", self.typed("quantity")).width(5).errors(errors),
            ui::input("unit", "Unit", self.typed("unit")).width(10).errors(errors),
            ui::input("rate", "Rate told", self.typed("rate")).width(10).errors(errors),
            ui::input("funder", "Funder", self.typed("funder")).width(10).errors(errors),
        ]));
        let correct = ui::boxed("Correct it", self.form("correct", correct, "Put it right"));
        let mut right = Html::from(assign);
        if self.may_override {
            let told = ui::checkboxes("at_told_rate", "Rate", [ui::choice("yes", "Bill it at the rate told")]);
            let told = if self.told_rate { Html::from(told) } else { Html::default() };
            let says =
                ui::para("It is billed though the contract says otherwise. Above the limit someone else decides.");
            let through = self.form("override", Html::from(says).and(told), "Let it through");
            right = Html::from(ui::boxed("Let it through", through)).and(right);
        }
        Html::from(ui::grid([(6, right.and(explain)), (6, Html::from(correct))]))
    }
}

impl Plain for OneActivity {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/activity", "Activity")]).into()
    }

    fn actions(&self) -> Html {
        if !self.may_act {
            return Html::default();
        }
        let own = ui::button("I see to it").secondary();
        ui::post_form(format!("/billing/activity/{}/own", self.line.number), self.frame.tokens("own"), own).into()
    }

    fn body(&self) -> Html {
        let one = &self.line;
        let (from, to) = one.days;
        let days =
            if from == to { ui::long_date(from) } else { ui::long_date(from).and(" to ").and(ui::long_date(to)) };
        let facts = ui::summary_list()
            .fact("State", &one.state)
            .fact_if("Why", &one.why)
            .fact_if("Seen to by", &one.clock)
            .fact("Reference", &one.reference)
            .fact("Service", &one.what.0)
            .fact_if("Service user", &one.what.1)
            .fact("Delivered", days)
            .fact("Quantity", &one.quantity)
            .fact("Worth", worth(one));
        let facts = self.facts.iter().fold(facts, |facts, (key, value)| facts.fact_if(key, value));
        let facts = match one.contract.as_str() {
            number if number.starts_with("CON-") => {
                facts.fact("Contract", ui::link(format!("/billing/contracts/{number}"), number))
            }
            other => facts.fact_if("Contract", other),
        };
        let facts = match self.approval.as_str() {
            "" => facts,
            number => facts.fact("Approval", number),
        };
        let rows = self.history.iter().map(|row| row.iter().fold(ui::row(), |line, cell| line.cell(ui::or_dash(cell))));
        let history = ui::table("What stood under this reference, newest first").show_caption().columns([
            ui::col("Line").nowrap(),
            ui::col("Delivered"),
            ui::col("Quantity"),
            ui::col("State"),
            ui::col("Why"),
            ui::col("By"),
        ]);
        let acts = if self.may_act { self.acts() } else { Html::default() };
        Html::from(facts).and(acts).and(history.rows(rows))
    }
}
