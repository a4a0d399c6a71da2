//! Contracts: the list, a new one, one with all that hangs on it.

use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::money::Pence;

/// What was typed, by field.
pub type Typed = BTreeMap<String, String>;

/// The places of billing, with the one that is shown.
pub(super) fn places(here: &str) -> Html {
    let nav = [
        ("Documents", "/billing"),
        ("Contracts", "/billing/contracts"),
        ("Activity", "/billing/activity"),
        ("Completeness", "/billing/completeness"),
        ("Billing runs", "/billing/runs"),
        ("Rate cards", "/billing/rate-cards"),
        ("Feeder files", "/billing/feeder-files"),
        ("Requests", "/billing/requests"),
        ("Uplifts", "/billing/uplifts"),
    ];
    nav.into_iter()
        .fold(ui::sub_navigation("Billing"), |nav, (words, href)| nav.place(words, href, words == here))
        .into()
}

/// What was typed in a field.
fn typed<'a>(all: &'a Typed, field: &str) -> &'a str {
    all.get(field).map_or("", String::as_str)
}

/// The contracts, newest first.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Contracts {
    /// The frame.
    pub frame: Frame,
    /// Payer, service user, service and state, as chosen.
    pub filter: [String; 4],
    /// The rows.
    pub rows: Vec<ContractLine>,
    /// The address of the next page; empty on the last.
    pub next: String,
    /// The address of this list, ready for one more field.
    pub address: String,
    /// Whether the reader opens contracts.
    pub may_set: bool,
}

/// One contract of the list.
#[derive(Clone, Debug)]
pub struct ContractLine {
    /// Number.
    pub number: String,
    /// Reference of the service user.
    pub service_user: String,
    /// Service.
    pub service: String,
    /// The lead payer's number and name.
    pub payer: (String, String),
    /// How many pay.
    pub payers: i64,
    /// `every 4 weeks, in arrears`.
    pub cycle: String,
    /// First and last day.
    pub days: (NaiveDate, Option<NaiveDate>),
    /// Billed up to; none before the first bill.
    pub billed_to: Option<NaiveDate>,
    /// Where it stands.
    pub state: ui::Tag,
}

impl ContractLine {
    #[cfg(test)]
    fn sample() -> Self {
        use super::sampled::on;
        Self {
            number: "CON-000017".into(),
            service_user: "P104482".into(),
            service: "Residential care".into(),
            payer: ("C103316".into(), "Fens Integrated Care Board".into()),
            payers: 2,
            cycle: "every 4 weeks, in arrears".into(),
            days: (on(2026, 5, 13), None),
            billed_to: Some(on(2026, 10, 18)),
            state: ui::tag("Running", ui::TagColour::Green),
        }
    }
}

impl Contracts {
    /// The heading.
    pub fn heading(&self) -> String {
        "Contracts".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows| Self {
            frame: Frame::sample("Billing"),
            filter: Default::default(),
            rows,
            next: "/billing/contracts?before=7".into(),
            address: "/billing/contracts?".into(),
            may_set: true,
        };
        vec![("full", page(vec![ContractLine::sample()])), ("empty", page(Vec::new()))]
    }
}

impl Plain for Contracts {
    fn actions(&self) -> Html {
        let new = ui::link_button("Open a contract", "/billing/contracts/new");
        let new = if self.may_set { Html::from(new) } else { Html::default() };
        new.and(ui::downloads(|kind| format!("{}format={kind}", self.address)))
    }

    fn body(&self) -> Html {
        let [customer, user, service, state] = &self.filter;
        let states = [("", "All"), ("running", "Running"), ("waiting", "To be billed"), ("ended", "Ended")];
        let filters = ui::filters("/billing/contracts")
            .field(ui::input("customer", "Payer", customer).width(10))
            .field(ui::input("service_user", "Service user", user).width(10))
            .field(ui::input("service", "Service", service).width(10))
            .field(ui::select("state", "State", state, states));
        let on = self.filter.iter().any(|value| !value.is_empty());
        let filters = if on { filters.clear("/billing/contracts") } else { filters };
        let top = places("Contracts").and(filters);
        if self.rows.is_empty() {
            let text =
                if on { "No contract fits these filters." } else { "Open one to bill a service period by period." };
            return top.and(ui::empty("No contracts", text));
        }
        let rows = self.rows.iter().map(|row| {
            let payer = ui::link(format!("/customers/{}", row.payer.0), &row.payer.1);
            let more = if row.payers > 1 { format!("and {} more", row.payers - 1) } else { String::new() };
            ui::row()
                .cell(ui::link(format!("/billing/contracts/{}", row.number), &row.number))
                .cell(ui::or_dash(&row.service_user))
                .cell(ui::or_dash(&row.service))
                .cell(if row.payer.0.is_empty() { Html::from(ui::or_dash("")) } else { payer.and(ui::sub_line(more)) })
                .cell(&row.cycle)
                .cell(row.days.0)
                .cell(super::direct_debit::day_or_dash(row.days.1))
                .cell(super::direct_debit::day_or_dash(row.billed_to))
                .cell(&row.state)
        });
        let table = ui::table("Contracts")
            .columns([
                ui::col("Contract").nowrap(),
                ui::col("Service user"),
                ui::col("Service"),
                ui::col("Payer"),
                ui::col("Billed"),
                ui::col("From").nowrap(),
                ui::col("To").nowrap(),
                ui::col("Billed to").nowrap(),
                ui::col("State"),
            ])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Older contracts") };
        top.and(table).and(next)
    }
}

/// Charges and payers that a form has room for.
pub const CHARGES: usize = 3;
/// Payers that a form has room for.
pub const PAYERS: usize = 4;

/// Opening a contract.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct NewContract {
    /// The frame; errors of a charge belong to `rate-1`, those of a payer to `customer-1` and so on.
    pub frame: Frame,
    /// What was typed.
    pub typed: Typed,
    /// Cycles: value and words.
    pub cycles: Vec<(String, String)>,
    /// Units: value and words.
    pub units: Vec<(String, String)>,
    /// VAT codes: value and words.
    pub vat_codes: Vec<(String, String)>,
    /// Income codes: value and words.
    pub income_codes: Vec<(String, String)>,
    /// Lines of rate cards: `CARE-26|RES` and words.
    pub cards: Vec<(String, String)>,
}

impl NewContract {
    /// The heading.
    pub fn heading(&self) -> String {
        "Open a contract".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let pair = |value: &str, words: &str| vec![(value.to_owned(), words.to_owned())];
        let page = |frame, typed| Self {
            frame,
            typed,
            cycles: pair("four_weekly", "every 4 weeks"),
            units: pair("week", "a week"),
            vat_codes: pair("O", "Outside scope"),
            income_codes: pair("4000", "4000, Income"),
            cards: pair("CARE-26|RES", "CARE-26 RES, Residential care"),
        };
        let wrong = Frame::sample("Billing")
            .wrong("service_user", "Enter the person's reference in the case system, such as P104482, never a name")
            .wrong("customer-1", "Enter the number of a customer we have");
        let name = Typed::from([("service_user".to_owned(), "Ann Clarke".to_owned())]);
        vec![("empty", page(Frame::sample("Billing"), Typed::new())), ("error", page(wrong, name))]
    }

    fn text(&self, field: &str, label: &str, width: u8) -> Html {
        ui::input(field, label, typed(&self.typed, field)).width(width).errors(&self.frame.errors).into()
    }

    fn day(&self, field: &str, label: &str) -> Html {
        ui::date_input(field, label, typed(&self.typed, field)).errors(&self.frame.errors).into()
    }

    fn choose(&self, field: &str, label: &str, choices: &[(String, String)]) -> Html {
        let choices = choices.iter().map(|(value, words)| ui::choice(value, words));
        ui::select(field, label, typed(&self.typed, field), choices).errors(&self.frame.errors).into()
    }

    fn ticks(&self) -> Html {
        let tick = |field: &str, words: &str| ui::choice(field, words).chosen(typed(&self.typed, field) == "yes");
        ui::checkboxes(
            "how",
            "How it is charged",
            [
                tick("in_advance", "Bill it before the period, not after it"),
                tick("skip_first_day", "Do not charge the first day"),
                tick("skip_last_day", "Do not charge the last day, such as the day of discharge"),
            ],
        )
        .into()
    }

    fn charge(&self, n: usize) -> Html {
        let of = |field: &str| format!("{field}-{n}");
        let rate = ui::input(of("rate"), "Rate", typed(&self.typed, &of("rate")))
            .hint("Pounds; up to four decimals")
            .width(10)
            .errors(&self.frame.errors);
        let first = ui::row_of([
            self.choose(&of("card"), "Rate card", &self.cards),
            self.text(&of("description"), "What it is for", 20),
        ]);
        let second = ui::row_of([
            Html::from(rate),
            self.choose(&of("unit"), "Each", &self.units),
            self.text(&of("quantity"), "How many", 5),
            self.choose(&of("vat_code"), "VAT", &self.vat_codes),
        ]);
        let third = ui::row_of([
            self.choose(&of("income_code"), "Income code", &self.income_codes),
            self.text(&of("clause"), "Clause of the contract", 10),
        ]);
        let bases = [ui::choice("", "The plan"), ui::choice("yes", "What was delivered")];
        let chosen = typed(&self.typed, &of("by_activity"));
        let basis = ui::select(of("by_activity"), "What is charged", chosen, bases);
        let fourth = ui::row_of([
            Html::from(basis.errors(&self.frame.errors)),
            self.text(&of("agreed"), "Delivered a week, at most", 5),
        ]);
        ui::boxed(format!("Charge {n}"), Html::from(first).and(second).and(third).and(fourth)).into()
    }
}

/// Payers of a form: customer, share and order in each row.
fn payer_rows(frame: &Frame, all: &Typed) -> Html {
    (1..=PAYERS).fold(Html::default(), |rows, n| {
        let field = |name: &str, label: &str, width: u8| {
            let id = format!("{name}-{n}");
            Html::from(ui::input(&id, label, typed(all, &id)).width(width).errors(&frame.errors))
        };
        rows.and(ui::row_of([
            field("customer", &format!("Customer number of payer {n}"), 10),
            field("share", &format!("Share of payer {n}"), 10),
            field("po_number", &format!("Order of payer {n}"), 10),
        ]))
    })
}

const SHARES: &str = "A share is a percentage such as 60%, an amount such as £20.00 for each unit of the rate, or the word rest. The first payer takes the odd pennies.";

impl Plain for NewContract {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/contracts", "Contracts")]).into()
    }

    fn body(&self) -> Html {
        let user = ui::input("service_user", "Service user", typed(&self.typed, "service_user"))
            .hint("Their reference in the case system, never a name; empty where there is none")
            .width(20)
            .errors(&self.frame.errors);
        let what = Html::from(user)
            .and(ui::row_of([
                self.text("service", "Service", 20),
                self.text("debt_type", "Debt type", 10),
                self.text("cost_centre", "Cost centre", 10),
            ]))
            .and(self.text("reference", "The contract's own reference", 20));
        let when = self
            .choose("cycle", "Billed", &self.cycles)
            .and(ui::row_of([
                self.day("starts_on", "First day"),
                self.day("ends_on", "Last day, if it is known"),
                self.text("terms_days", "Days to pay, if not the customer's own", 5),
            ]))
            .and(self.ticks());
        let charges = (1..=CHARGES).fold(Html::default(), |all, n| all.and(self.charge(n)));
        let payers = Html::from(ui::para(SHARES)).and(payer_rows(&self.frame, &self.typed));
        let body = what
            .and(ui::heading("When"))
            .and(when)
            .and(ui::heading("Charges"))
            .and(ui::para("Choose a line of a rate card, or enter a rate of the contract's own. Leave what you do not need empty."))
            .and(charges)
            .and(ui::heading("Who pays"))
            .and(payers)
            .and(ui::button("Open the contract"));
        ui::post_form("/billing/contracts/new", self.frame.tokens("new"), body).guarded().into()
    }
}

/// A contract with all that hangs on it.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneContract {
    /// The frame; errors belong to the fields of the forms.
    pub frame: Frame,
    /// The contract.
    pub line: ContractLine,
    /// Facts besides: key and value.
    pub facts: Vec<(String, String)>,
    /// Charges: place, what, rate in words, where it comes from, VAT and coding, clause.
    pub charges: Vec<[String; 6]>,
    /// The charges with rates of their own: place and what.
    pub own: Vec<(String, String)>,
    /// Payers: customer number and name, share, days, order.
    pub payers: Vec<(String, String, String, String, String)>,
    /// Breaks: place, what, days, what is charged, why.
    pub breaks: Vec<[String; 5]>,
    /// What was billed, newest first.
    pub billed: Vec<BilledLine>,
    /// The next invoices: days, sum, payers in words.
    pub next: Vec<(String, Pence, String)>,
    /// What was changed: day, what, why, who.
    pub changes: Vec<(NaiveDate, String, String, String)>,
    /// Whether the reader changes it.
    pub may_set: bool,
    /// What was typed.
    pub typed: Typed,
}

/// What was billed, with its evidence.
#[derive(Clone, Debug)]
pub struct BilledLine {
    /// First and last day.
    pub days: (NaiveDate, NaiveDate),
    /// What it is for.
    pub what: String,
    /// Who was charged.
    pub customer: String,
    /// How it was worked out.
    pub words: String,
    /// How it was worked out before; empty for a charge.
    pub was_words: String,
    /// Before VAT.
    pub net: Pence,
    /// The invoice; empty where there is none.
    pub document: String,
    /// Where it stands, unless it is simply billed.
    pub state: Option<ui::Tag>,
}

impl BilledLine {
    #[cfg(test)]
    pub(super) fn sample() -> Self {
        use super::sampled::on;
        Self {
            days: (on(2026, 5, 13), on(2026, 5, 31)),
            what: "Residential care".into(),
            customer: "C103316".into(),
            words: "19 days at £182.35 a week: 19/7 × £182.35 = £494.95".into(),
            was_words: String::new(),
            net: Pence(49_495),
            document: "INV-000412".into(),
            state: None,
        }
    }
}

/// Billed lines as a table.
pub(super) fn billed_table(caption: &str, rows: &[BilledLine]) -> Html {
    let rows = rows.iter().map(|row| {
        let document = match row.document.as_str() {
            "" => Html::from(ui::or_dash("")),
            number => ui::link(invoice_at(number), number),
        };
        let before = if row.was_words.is_empty() { String::new() } else { format!("Billed {}", row.was_words) };
        let state = row.state.iter().fold(Html::default(), |all, state| all.and(state));
        ui::row()
            .cell(row.days.0)
            .cell(row.days.1)
            .cell(&row.what)
            .cell(&row.customer)
            .cell(Html::from(&row.words).and(ui::sub_line(before)))
            .cell(row.net)
            .cell(document.and(state))
    });
    ui::table(caption)
        .columns([
            ui::col("From").nowrap(),
            ui::col("To").nowrap(),
            ui::col("What"),
            ui::col("Payer"),
            ui::col("Working"),
            ui::num("Net"),
            ui::col("Invoice"),
        ])
        .rows(rows)
        .into()
}

impl OneContract {
    /// The heading.
    pub fn heading(&self) -> String {
        match self.line.service.as_str() {
            "" => format!("Contract {}", self.line.number),
            service => service.to_owned(),
        }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let text = |words: &str| words.to_owned();
        let page = |frame, billed| Self {
            frame,
            line: ContractLine::sample(),
            facts: vec![(text("The contract's own reference"), text("Placement 77"))],
            charges: vec![["1", "Residential care", "£182.35 a week", "CARE-26 RES", "O, 4000", "4.1"].map(text)],
            own: vec![(text("2"), text("Transport"))],
            payers: vec![
                (
                    text("C103316"),
                    text("Fens Integrated Care Board"),
                    text("60%"),
                    text("from 13 May 2026"),
                    text("PO-1"),
                ),
                (text("C103317"), text("Low Council"), text("the rest"), text("from 13 May 2026"), String::new()),
            ],
            breaks: vec![["1", "Absence", "4 May 2026 to 10 May 2026", "50%", "Hospital"].map(text)],
            billed,
            next: vec![(text("1 June 2026 to 28 June 2026"), Pence(72_940), text("C103316 £437.64, C103317 £291.76"))],
            changes: vec![(on(2026, 5, 13), text("Opened"), text("Placement 77"), text("Tom Ashdown"))],
            may_set: true,
            typed: Typed::new(),
        };
        let wrong = Frame::sample("Billing").wrong("end_reason", "Enter why, in at most 500 characters");
        vec![("full", page(Frame::sample("Billing"), vec![BilledLine::sample()])), ("error", page(wrong, Vec::new()))]
    }

    fn field(&self, id: &str, label: &str) -> Html {
        ui::input(id, label, typed(&self.typed, id)).errors(&self.frame.errors).into()
    }

    fn day(&self, id: &str, label: &str) -> Html {
        ui::date_input(id, label, typed(&self.typed, id)).errors(&self.frame.errors).into()
    }

    fn choose(&self, id: &str, label: &str, choices: &[(String, String)]) -> Html {
        let choices = choices.iter().map(|(value, words)| ui::choice(value, words));
        ui::select(id, label, typed(&self.typed, id), choices).errors(&self.frame.errors).into()
    }

    fn form(&self, verb: &str, body: Html) -> ui::Form {
        let action = format!("/billing/contracts/{}/{verb}", self.line.number);
        ui::post_form(action, self.frame.tokens(verb), body)
    }

    fn facts(&self) -> Html {
        let line = &self.line;
        let last = line.days.1.map(|day| day.format("%-d %B %Y").to_string()).unwrap_or_default();
        let billed = line.billed_to.map_or_else(|| "Not yet".to_owned(), |day| day.format("%-d %B %Y").to_string());
        let facts = ui::summary_list()
            .fact_if("Service user", &line.service_user)
            .fact("State", &line.state)
            .fact("Billed", &line.cycle)
            .fact("First day", ui::long_date(line.days.0))
            .fact_if("Last day", last)
            .fact("Billed up to", billed);
        self.facts.iter().fold(facts, |facts, (key, value)| facts.fact_if(key, value)).into()
    }

    fn tables(&self) -> Html {
        let charges = ui::table("Charges").show_caption().columns([
            ui::num("No."),
            ui::col("What"),
            ui::col("Rate today"),
            ui::col("From"),
            ui::col("VAT and coding"),
            ui::col("Clause"),
        ]);
        let charges = charges
            .rows(self.charges.iter().map(|one| one.iter().fold(ui::row(), |row, cell| row.cell(ui::or_dash(cell)))));
        let payers = self.payers.iter().map(|(number, name, share, days, order)| {
            let who = ui::link(format!("/customers/{number}"), format!("{name}, {number}"));
            ui::row().cell(who).cell(share).cell(days).cell(ui::or_dash(order))
        });
        let payers = ui::table("Who pays")
            .show_caption()
            .columns([ui::col("Payer"), ui::col("Share"), ui::col("When"), ui::col("Order")])
            .rows(payers);
        let next = self.next.iter().map(|(days, sum, who)| ui::row().cell(days).cell(*sum).cell(who));
        let next = ui::table("The next invoices, as the contract stands")
            .show_caption()
            .columns([ui::col("Days"), ui::num("Net"), ui::col("Payers")])
            .rows(next);
        let all = Html::from(charges).and(payers).and(next);
        let all = if self.breaks.is_empty() { all } else { all.and(self.breaks_table()) };
        let billed = if self.billed.is_empty() {
            ui::empty("Nothing billed yet", "The next billing run bills what is due.").into()
        } else {
            Html::from(ui::heading("What was billed")).and(billed_table("What was billed, newest first", &self.billed))
        };
        let changes = self
            .changes
            .iter()
            .map(|(day, what, why, who)| ui::row().cell(*day).cell(what).cell(ui::or_dash(why)).cell(who));
        let changes = ui::table("What was changed, newest first")
            .show_caption()
            .columns([ui::col("Day").nowrap(), ui::col("What"), ui::col("Why"), ui::col("Who")])
            .rows(changes);
        all.and(billed).and(changes)
    }

    fn breaks_table(&self) -> Html {
        let rows = self.breaks.iter().map(|one| one.iter().fold(ui::row(), |row, cell| row.cell(cell)));
        ui::table("Suspensions and absences")
            .show_caption()
            .columns([ui::num("No."), ui::col("What"), ui::col("Days"), ui::col("Still charged"), ui::col("Why")])
            .rows(rows)
            .into()
    }

    fn side(&self) -> Html {
        let kinds = [
            ("suspension", "Suspension"),
            ("absence", "Absence"),
            ("free", "Free: NHS continuing care, aftercare, reablement"),
        ];
        let kinds = kinds.map(|(value, words)| (value.to_owned(), words.to_owned()));
        let pause = self
            .choose("kind", "What", &kinds)
            .and(self.day("pause_from", "First day"))
            .and(self.day("pause_to", "Last day, if it is known"))
            .and(self.field("retained", "Per cent still charged"))
            .and(self.field("pause_reason", "Why"))
            .and(ui::button("Mark the days").secondary());
        let mut side = Html::from(ui::boxed("Suspension or absence", self.form("pause", pause)));
        if !self.breaks.is_empty() {
            let breaks: Vec<(String, String)> =
                self.breaks.iter().map(|one| (one[0].clone(), format!("{}, {}", one[1], one[2]))).collect();
            let resume = self
                .choose("seq", "Which", &breaks)
                .and(self.day("resume_on", "Its last day; empty takes it back"))
                .and(self.field("resume_reason", "Why"))
                .and(ui::button("End the break").secondary());
            side = side.and(ui::boxed("End a break", self.form("resume", resume)));
        }
        if !self.own.is_empty() {
            let rate = self
                .choose("line", "Charge", &self.own)
                .and(self.field("rate", "Rate in pounds"))
                .and(self.day("rate_from", "From"))
                .and(self.field("rate_reason", "The decision behind it"))
                .and(ui::button("Set the rate").secondary());
            side = side.and(ui::boxed("A new rate", self.form("rate", rate)));
        }
        let end = self
            .day("end_on", "Last day; empty lets it run on")
            .and(self.field("end_reason", "Why"))
            .and(ui::button("Set the end").warning());
        side.and(ui::boxed("It ends", self.form("end", end)))
    }

    fn payers_form(&self) -> Html {
        let body = Html::from(ui::para(SHARES))
            .and(self.day("payers_from", "From"))
            .and(payer_rows(&self.frame, &self.typed))
            .and(self.field("payers_reason", "Why"))
            .and(ui::button("Set who pays").secondary());
        ui::boxed("Other payers from a day", self.form("payers", body)).into()
    }
}

impl Plain for OneContract {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/contracts", "Contracts")]).into()
    }

    fn caption(&self) -> Html {
        self.line.number.as_str().into()
    }

    fn body(&self) -> Html {
        let main = self.facts().and(self.tables());
        if !self.may_set {
            return main;
        }
        ui::grid([(8, main.and(self.payers_form())), (4, self.side())]).into()
    }
}
