//! Beside court: insolvencies, estates and charges on property, the registers, one of each, and the form of a new one.

use super::court::{tabs, up};
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour, tag};
use askama::Template;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_desk::court::{ChargeShown, EstateShown, InsolvencyShown};
use sundry_domain::law::InsolvencyKind;
use sundry_domain::money::Pence;
use sundry_store::court_estates::{ChargeRow, EstateRow, InsolvencyRow};

/// Field and what was typed.
pub type Typed = Vec<(String, String)>;

/// Kinds of charge, as stored and for people.
const CHARGES: [(&str, &str); 4] = [
    ("interim_charging_order", "Interim charging order"),
    ("final_charging_order", "Final charging order"),
    ("voluntary", "Voluntary charge"),
    ("deferred_payment", "Deferred payment agreement"),
];

fn charge_name(code: &str) -> &'static str {
    CHARGES.iter().find(|(kind, _)| *kind == code).map_or("Charge", |(_, name)| name)
}

/// The procedure of an insolvency, for people.
pub(super) fn procedure(code: &str) -> &'static str {
    InsolvencyKind::parse(code).map_or("Procedure", InsolvencyKind::name)
}

/// Where an insolvency or an estate stands, for people.
pub(super) fn state(code: &str) -> ui::Tag {
    let (words, colour) = match code {
        "open" => ("Open", TagColour::Orange),
        "proved" => ("Proved", TagColour::Blue),
        "claimed" => ("Claimed", TagColour::Blue),
        "settled" => ("Settled", TagColour::Green),
        "ended" => ("Ended", TagColour::Green),
        "revoked" => ("Revoked", TagColour::Grey),
        _ => ("No estate", TagColour::Grey),
    };
    tag(words, colour)
}

/// The fields of a form, with what was typed and what is wrong.
struct Fields<'a> {
    frame: &'a Frame,
    typed: &'a [(String, String)],
    at: String,
}

impl Fields<'_> {
    fn of(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value)
    }

    fn text(&self, field: &str, label: &str) -> Html {
        ui::input(field, label, self.of(field)).errors(&self.frame.errors).into()
    }

    fn area(&self, field: &str, label: &str) -> Html {
        ui::textarea(field, label, self.of(field)).errors(&self.frame.errors).into()
    }

    fn day(&self, field: &str, label: &str) -> Html {
        ui::date_input(field, label, self.of(field)).errors(&self.frame.errors).into()
    }

    fn sum(&self, field: &str, label: &str) -> Html {
        ui::amount_input(field, label, self.of(field)).errors(&self.frame.errors).into()
    }

    fn tick(&self, field: &str, label: &str, words: &str) -> Html {
        let one = ui::choice("yes", words).chosen(self.of(field) == "yes");
        ui::checkboxes(field, label, [one]).errors(&self.frame.errors).into()
    }

    fn form(&self, act: &str, title: &str, fields: Html) -> Html {
        let body = ui::hidden("act", act).and(fields);
        ui::panel(title, ui::post_form(&self.at, self.frame.tokens(act), body).guarded()).into()
    }

    fn charge(&self) -> Html {
        let kinds = ui::radios("kind", "What kind of charge?", self.of("kind"), CHARGES);
        Html::from(kinds.errors(&self.frame.errors))
            .and(self.text("property", "The property"))
            .and(self.text("title_number", "Title number"))
            .and(self.day("charged_on", "Since when"))
            .and(self.day("registered_on", "Registered on, if it is"))
            .and(self.sum("secured", "What it secures"))
            .and(self.sum("value", "What the property is worth, if it was valued"))
            .and(self.day("valued_on", "Valued on"))
            .and(self.sum("prior", "Charges before ours"))
    }
}

/// What a register holds.
#[derive(Debug)]
pub enum Kept {
    /// Insolvencies.
    Insolvencies(Vec<InsolvencyRow>),
    /// Estates.
    Estates(Vec<EstateRow>),
    /// Charges.
    Charges(Vec<ChargeRow>),
}

/// A register: insolvencies, estates or charges.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Register {
    /// The frame.
    pub frame: Frame,
    /// The rows, newest first.
    pub kept: Kept,
    /// Customers by id: number and name.
    pub names: BTreeMap<i64, (String, String)>,
}

impl Register {
    /// The heading.
    pub fn heading(&self) -> String {
        match self.kept {
            Kept::Insolvencies(_) => "Insolvencies",
            Kept::Estates(_) => "Estates",
            Kept::Charges(_) => "Charges on property",
        }
        .to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let names: BTreeMap<i64, (String, String)> = [(1, ("C103316".into(), "Joyce Pemberton".into()))].into();
        let page = |kept| Self { frame: Frame::sample("Recovery"), kept, names: names.clone() };
        vec![
            ("insolvencies", page(Kept::Insolvencies(vec![sample_insolvency("proved").insolvency]))),
            ("estates", page(Kept::Estates(vec![sample_estate("open").estate]))),
            ("charges", page(Kept::Charges(vec![sample_charge(false).charge, sample_charge(true).charge]))),
            ("empty", page(Kept::Charges(Vec::new()))),
            ("no_estate", page(Kept::Estates(Vec::new()))),
        ]
    }

    fn none(&self) -> Html {
        let (title, text) = match self.kept {
            Kept::Insolvencies(_) => (
                "No insolvency is recorded",
                "When a notice or the Gazette tells of one: Record an insolvency, on the customer's account.",
            ),
            Kept::Estates(_) => {
                ("No estate is open", "When somebody tells us of a death: Open an estate, on the customer's account.")
            }
            Kept::Charges(_) => (
                "No charge on property is recorded",
                "When the court or an agreement gives one: Record a charge, on the customer's account.",
            ),
        };
        ui::empty(title, text).action(ui::link("/customers", "Find a customer")).into()
    }

    fn who(&self, id: i64) -> Html {
        self.names.get(&id).map_or_else(Html::default, |(number, name)| ui::link(format!("/customers/{number}"), name))
    }
}

impl Plain for Register {
    fn above(&self) -> Html {
        up()
    }

    fn body(&self) -> Html {
        let number = || ui::col("Number").nowrap();
        let (at, table, count) = match &self.kept {
            Kept::Insolvencies(rows) => {
                let lines = rows.iter().map(|row| {
                    ui::row()
                        .cell(ui::link(format!("/insolvencies/{}", row.number), &row.number))
                        .cell(self.who(row.customer_id))
                        .cell(procedure(&row.kind))
                        .cell(row.on_day)
                        .cell(state(&row.state))
                        .cell(Pence(row.proof_pence))
                });
                let heads =
                    [number(), ui::col("Customer"), ui::col("Procedure"), ui::col("Day").nowrap(), ui::col("State")];
                let heads = heads.into_iter().chain([ui::num("Proved")]);
                ("/insolvencies", ui::table("Insolvencies, newest first").columns(heads).rows(lines), rows.len())
            }
            Kept::Estates(rows) => {
                let lines = rows.iter().map(|row| {
                    ui::row()
                        .cell(ui::link(format!("/estates/{}", row.number), &row.number))
                        .cell(self.who(row.customer_id))
                        .cell(row.died_on)
                        .cell(state(&row.state))
                        .cell(row.demand_from)
                        .cell(Pence(row.claim_pence))
                });
                let heads =
                    [number(), ui::col("Customer"), ui::col("Died").nowrap(), ui::col("State"), ui::col("Demand from")];
                let heads = heads.into_iter().chain([ui::num("Claimed")]);
                ("/estates", ui::table("Estates, newest first").columns(heads).rows(lines), rows.len())
            }
            Kept::Charges(rows) => {
                let lines = rows.iter().map(|row| {
                    let stands = match row.released_on {
                        Some(_) => tag("Released", TagColour::Grey),
                        None => tag("Stands", TagColour::Green),
                    };
                    ui::row()
                        .cell(ui::link(format!("/charges/{}", row.number), &row.number))
                        .cell(self.who(row.customer_id))
                        .cell(charge_name(&row.kind))
                        .cell(Html::from(&row.property).and(ui::sub_line(&row.title_number)))
                        .cell(stands)
                        .cell(Pence(row.secured_pence))
                });
                let heads = [number(), ui::col("Customer"), ui::col("Kind"), ui::col("Property"), ui::col("State")];
                let heads = heads.into_iter().chain([ui::num("Secures")]);
                ("/charges", ui::table("Charges, newest first").columns(heads).rows(lines), rows.len())
            }
        };
        match count {
            0 => tabs(at).and(self.none()),
            _ => tabs(at).and(table),
        }
    }
}

/// One insolvency.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneInsolvency {
    /// The frame.
    pub frame: Frame,
    /// The insolvency.
    pub shown: InsolvencyShown,
    /// Whether the reader works on cases, ties receipts, and sets flags.
    pub may: [bool; 3],
    /// What was typed.
    pub typed: Typed,
}

impl OneInsolvency {
    /// Fields of its forms.
    pub const FIELDS: &'static [&'static str] =
        &["interest", "on", "rate", "admitted", "last", "seq", "receipt", "ended", "revoked"];

    /// The heading.
    pub fn heading(&self) -> String {
        format!("Insolvency {}", self.shown.insolvency.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, code| Self { frame, shown: sample_insolvency(code), may: [true; 3], typed: Vec::new() };
        let wrong = Frame::sample("Recovery").wrong("rate", "Enter pence in a hundred pounds, from 1 to 10,000");
        vec![
            ("open", page(Frame::sample("Recovery"), "open")),
            ("proved", page(Frame::sample("Recovery"), "proved")),
            ("error", page(wrong, "proved")),
            ("ended", page(Frame::sample("Recovery"), "ended")),
            ("revoked", page(Frame::sample("Recovery"), "revoked")),
        ]
    }

    fn acts(&self) -> Html {
        let row = &self.shown.insolvency;
        let fields = Fields { frame: &self.frame, typed: &self.typed, at: format!("/insolvencies/{}", row.number) };
        let [works, ties, flags] = self.may;
        let mut all = Html::default();
        if works && row.state == "open" {
            let prove = fields
                .sum("interest", "Interest to its date, if any")
                .and(ui::muted("What was owed at its date is proved; credits are set off where that is the law."))
                .and(ui::button("Lodge the proof"));
            all = all.and(fields.form("prove", "Proof of debt", prove));
        }
        if works && row.state == "proved" {
            let declare = fields
                .day("on", "Declared on")
                .and(fields.text("rate", "Pence in a hundred pounds"))
                .and(fields.sum("admitted", "Admitted, where it differs from the proof"))
                .and(fields.tick("last", "Is it the last?", "It is the last dividend"))
                .and(ui::button("Record the dividend"));
            all = all.and(fields.form("declare", "A dividend was declared", declare));
        }
        let waiting = self.shown.dividends.iter().filter(|one| one.receipt.is_empty());
        let waiting: Vec<(String, String)> = waiting
            .map(|one| (one.seq.to_string(), format!("Dividend {}: {}", one.seq, Pence(one.expected_pence))))
            .collect();
        if (works || ties) && !waiting.is_empty() {
            let which = ui::select("seq", "Which dividend?", fields.of("seq"), waiting).errors(&self.frame.errors);
            let receive = Html::from(which)
                .and(fields.text("receipt", "Number of the receipt"))
                .and(ui::button("Tie the receipt").secondary());
            all = all.and(fields.form("receive", "A dividend was received", receive));
        }
        if flags && matches!(row.state.as_str(), "open" | "proved") {
            let end = fields
                .day("ended", "When")
                .and(fields.tick("revoked", "Was it revoked?", "Revoked or annulled: the debts are owed again"))
                .and(ui::button("End it").warning());
            all = all.and(fields.form("end", "It ended", end));
        }
        all
    }
}

impl Plain for OneInsolvency {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/court", "Court"), ("/insolvencies", "Insolvencies")]).into()
    }

    fn body(&self) -> Html {
        let row = &self.shown.insolvency;
        let mut facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", self.shown.customer), &self.shown.customer_name))
            .fact("Procedure", procedure(&row.kind))
            .fact("State", state(&row.state))
            .fact("Of", ui::long_date(row.on_day))
            .fact_if("Office-holder", &row.office_holder)
            .fact_if("Their reference", &row.reference)
            .fact("How we know", &row.evidence)
            .fact("Open on the account", Pence(self.shown.open_pence));
        if let Some(day) = row.proved_on {
            facts = facts
                .fact("Owed at its date", Pence(row.owed_pence))
                .fact("Set off", Pence(row.set_off_pence))
                .fact("Proved", Html::from(Pence(row.proof_pence)).and(" on ").and(ui::long_date(day)));
        }
        if let Some(admitted) = row.admitted_pence {
            facts = facts.fact("Admitted", Pence(admitted));
        }
        if let Some(day) = row.ended_on {
            facts = facts.fact("Ended", ui::long_date(day));
        }
        let mut left = Html::from(facts);
        if !self.shown.dividends.is_empty() {
            let rows = self.shown.dividends.iter().map(|one| {
                ui::row()
                    .cell(one.seq)
                    .cell(one.declared_on)
                    .cell(Pence(one.expected_pence))
                    .cell(ui::or_dash(&one.receipt))
                    .cell(Pence(one.received_pence))
            });
            let heads = [
                ui::num("Dividend"),
                ui::col("Declared").nowrap(),
                ui::num("Comes to"),
                ui::col("Receipt"),
                ui::num("Received"),
            ];
            left = left.and(ui::table("Dividends").show_caption().columns(heads).rows(rows));
        }
        ui::grid([(7, left), (5, self.acts())]).into()
    }
}

/// One estate.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneEstate {
    /// The frame.
    pub frame: Frame,
    /// The estate.
    pub shown: EstateShown,
    /// Whether the reader works on cases.
    pub may: bool,
    /// Today: our claim waits for its first day.
    pub today: NaiveDate,
    /// What was typed.
    pub typed: Typed,
}

impl OneEstate {
    /// Fields of its forms.
    pub const FIELDS: &'static [&'static str] = &[
        "representatives",
        "address",
        "solicitor",
        "grant_on",
        "searched_grant",
        "searched_words",
        "notice_by",
        "amount",
        "settle_words",
        "none_words",
    ];

    /// The heading.
    pub fn heading(&self) -> String {
        format!("Estate {}", self.shown.estate.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, code| Self {
            frame,
            shown: sample_estate(code),
            may: true,
            today: super::sampled::on(2026, 11, 19),
            typed: Vec::new(),
        };
        let mut early = page(Frame::sample("Recovery"), "open");
        early.today = super::sampled::on(2026, 3, 20);
        let wrong = Frame::sample("Recovery").wrong("amount", "Enter for how much it was settled");
        vec![
            ("open", page(Frame::sample("Recovery"), "open")),
            ("early", early),
            ("claimed", page(Frame::sample("Recovery"), "claimed")),
            ("error", page(wrong, "claimed")),
            ("settled", page(Frame::sample("Recovery"), "settled")),
            ("no_estate", page(Frame::sample("Recovery"), "no_estate")),
        ]
    }

    fn acts(&self) -> Html {
        let row = &self.shown.estate;
        if !self.may || !matches!(row.state.as_str(), "open" | "claimed") {
            return Html::default();
        }
        let fields = Fields { frame: &self.frame, typed: &self.typed, at: format!("/estates/{}", row.number) };
        let who = fields
            .text("representatives", "Executors or administrators")
            .and(fields.area("address", "Where they are written to"))
            .and(fields.text("solicitor", "Who acts for them"))
            .and(fields.day("grant_on", "Probate granted on, if it was"))
            .and(ui::button("Save"));
        let searched = fields
            .day("searched_grant", "A grant of this day was found, if any")
            .and(fields.area("searched_words", "What was searched"))
            .and(ui::button("Record the search").secondary());
        let claim = self.claim(&fields);
        let settle = fields
            .sum("amount", "For how much")
            .and(fields.area("settle_words", "In words"))
            .and(ui::button("Record the settlement"));
        let none = fields
            .area("none_words", "Which searches showed that there is no estate?")
            .and(ui::button("There is no estate").warning());
        fields
            .form("representatives", "Who represents them", who)
            .and(fields.form("searched", "Probate was searched", searched))
            .and(claim)
            .and(fields.form("settle", "It was settled", settle))
            .and(fields.form("no_estate", "There is nothing", none))
    }
}

impl OneEstate {
    /// Our claim, or what comes before it: no button that would be refused today.
    fn claim(&self, fields: &Fields<'_>) -> Html {
        let row = &self.shown.estate;
        if self.today < row.demand_from {
            let day = ui::long_date(row.demand_from);
            let words = Html::from("Our claim can be lodged from").and(day).and("(BS-06-TOO-SOON).");
            return ui::panel("Claim", ui::para(words)).into();
        }
        if row.representatives.is_empty() {
            let words = "Record who represents them first: our claim goes to them.";
            return ui::panel("Claim", ui::para(words)).into();
        }
        let body =
            fields.day("notice_by", "Last day of a notice to creditors, if any").and(ui::button("Lodge our claim"));
        fields.form("claim", "Claim", body)
    }
}

impl Plain for OneEstate {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/court", "Court"), ("/estates", "Estates")]).into()
    }

    fn body(&self) -> Html {
        let row = &self.shown.estate;
        let mut facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", self.shown.customer), &self.shown.customer_name))
            .fact("State", state(&row.state))
            .fact("Died", ui::long_date(row.died_on))
            .fact("We heard", ui::long_date(row.told_on).and(ui::sub_line(&row.source)))
            .fact("A demand from", ui::long_date(row.demand_from))
            .fact_if("Represented by", &row.representatives)
            .fact_if("Written to at", &row.address)
            .fact_if("Solicitor", &row.solicitor)
            .fact_if("What is known", &row.words);
        if let Some(day) = row.grant_on {
            facts = facts.fact("Probate granted", ui::long_date(day));
        }
        if let Some(day) = row.claimed_on {
            facts = facts.fact("Claimed", Html::from(Pence(row.claim_pence)).and(" on ").and(ui::long_date(day)));
        }
        if let Some(day) = row.notice_by {
            facts = facts.fact("Notice to creditors until", ui::long_date(day));
        }
        if let Some(day) = row.settled_on {
            facts = facts.fact("Settled", Html::from(Pence(row.settled_pence)).and(" on ").and(ui::long_date(day)));
        }
        let events = self.shown.events.iter().rev().map(|one| {
            ui::row().cell(one.on_day).cell(&one.words).cell(one.due_on).cell(one.done_on).cell(&one.actor_name)
        });
        let events = ui::table("What happened and what is due, newest first")
            .show_caption()
            .columns([
                ui::col("Day").nowrap(),
                ui::col("What"),
                ui::col("Deadline").nowrap(),
                ui::col("Done").nowrap(),
                ui::col("Who"),
            ])
            .rows(events);
        ui::grid([(7, Html::from(facts).and(events)), (5, self.acts())]).into()
    }
}

/// One charge on a property.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneCharge {
    /// The frame.
    pub frame: Frame,
    /// The charge.
    pub shown: ChargeShown,
    /// Whether the reader records charges, and releases them.
    pub may: [bool; 2],
    /// What was typed.
    pub typed: Typed,
}

impl OneCharge {
    /// Fields of its forms.
    pub const FIELDS: &'static [&'static str] = &[
        "kind",
        "property",
        "title_number",
        "charged_on",
        "registered_on",
        "secured",
        "value",
        "valued_on",
        "prior",
        "release_words",
        "still_owed",
    ];

    /// The heading.
    pub fn heading(&self) -> String {
        format!("Charge {}", self.shown.charge.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, released| Self { frame, shown: sample_charge(released), may: [true; 2], typed: Vec::new() };
        let wrong = Frame::sample("Recovery").wrong("release_words", "Say why, in up to 500 characters");
        vec![
            ("stands", page(Frame::sample("Recovery"), false)),
            ("error", page(wrong, false)),
            ("released", page(Frame::sample("Recovery"), true)),
        ]
    }

    fn acts(&self) -> Html {
        let row = &self.shown.charge;
        if row.released_on.is_some() {
            return Html::default();
        }
        let fields = Fields { frame: &self.frame, typed: &self.typed, at: format!("/charges/{}", row.number) };
        let mut all = Html::default();
        if self.may[0] {
            let body = fields.charge().and(ui::button("Save what is known now"));
            all = all.and(fields.form("change", "What is known of it", body));
        }
        if self.may[1] {
            let body = fields
                .area("release_words", "Why, and who allows it")
                .and(fields.tick("still_owed", "Is something still owed?", "It is released though something is owed"))
                .and(ui::button("Release it").warning());
            all = all.and(fields.form("release", "Release", body));
        }
        all
    }
}

impl Plain for OneCharge {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/court", "Court"), ("/charges", "Charges on property")]).into()
    }

    fn body(&self) -> Html {
        let row = &self.shown.charge;
        let mut facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", self.shown.customer), &self.shown.customer_name))
            .fact("Kind", charge_name(&row.kind))
            .fact("Property", &row.property)
            .fact("Title number", &row.title_number)
            .fact("Since", ui::long_date(row.charged_on))
            .fact("Secures", Pence(row.secured_pence))
            .fact_if("Court case", &row.case_number);
        if let Some(day) = row.registered_on {
            facts = facts.fact("Registered", ui::long_date(day));
        }
        if let (Some(day), Some(left)) = (row.valued_on, self.shown.stands.equity_pence) {
            let covers = if self.shown.stands.covered == Some(true) { "it is covered" } else { "it is not covered" };
            facts = facts
                .fact("Worth", Html::from(Pence(row.value_pence)).and(" on ").and(ui::long_date(day)))
                .fact("Charges before ours", Pence(row.prior_pence))
                .fact("Left for ours", Html::from(Pence(left)).and(ui::sub_line(covers)));
        }
        if let Some(day) = row.released_on {
            facts = facts.fact("Released", ui::long_date(day).and(format!(": {}", row.released_words)));
        }
        ui::grid([(7, Html::from(facts)), (5, self.acts())]).into()
    }
}

/// What is recorded of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Records {
    /// An insolvency.
    Insolvency,
    /// A death.
    Estate,
    /// A charge.
    Charge,
}

/// The form of a new insolvency, estate or charge.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct NewRecord {
    /// The frame.
    pub frame: Frame,
    /// What is recorded.
    pub what: Records,
    /// Customer: number and name.
    pub customer: (String, String),
    /// What was typed.
    pub typed: Typed,
}

impl NewRecord {
    /// Fields of the three forms.
    pub const FIELDS: &'static [&'static str] = &[
        "kind",
        "on",
        "office_holder",
        "reference",
        "evidence",
        "died_on",
        "told_on",
        "source",
        "representatives",
        "address",
        "case",
        "property",
        "title_number",
        "charged_on",
        "registered_on",
        "secured",
        "value",
        "valued_on",
        "prior",
    ];

    /// The heading.
    pub fn heading(&self) -> String {
        match self.what {
            Records::Insolvency => "Record an insolvency",
            Records::Estate => "Open an estate",
            Records::Charge => "Record a charge",
        }
        .to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let customer = || ("C103316".to_owned(), "Joyce Pemberton".to_owned());
        let page = |frame, what| Self { frame, what, customer: customer(), typed: Vec::new() };
        let wrong = Frame::sample("Customers").wrong("kind", "Choose the procedure");
        vec![
            ("insolvency", page(Frame::sample("Customers"), Records::Insolvency)),
            ("error", page(wrong, Records::Insolvency)),
            ("estate", page(Frame::sample("Customers"), Records::Estate)),
            ("charge", page(Frame::sample("Customers"), Records::Charge)),
        ]
    }
}

impl Plain for NewRecord {
    fn above(&self) -> Html {
        let (number, name) = &self.customer;
        ui::breadcrumbs([
            ("/customers".to_owned(), "Customers".to_owned()),
            (format!("/customers/{number}"), name.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let word = match self.what {
            Records::Insolvency => "insolvency",
            Records::Estate => "estate",
            Records::Charge => "charge",
        };
        let at = format!("/customers/{}/{word}", self.customer.0);
        let fields = Fields { frame: &self.frame, typed: &self.typed, at: at.clone() };
        let body = match self.what {
            Records::Insolvency => {
                let kinds = InsolvencyKind::ALL.iter().map(|one| (one.as_str(), one.name()));
                let kinds = ui::radios("kind", "Which procedure?", fields.of("kind"), kinds);
                Html::from(kinds.errors(&self.frame.errors))
                    .and(fields.day("on", "Day of the order, approval or resolution"))
                    .and(fields.text("office_holder", "Trustee, supervisor or liquidator"))
                    .and(fields.text("reference", "Their reference"))
                    .and(fields.area("evidence", "How do we know?"))
                    .and(ui::para("Everything against debts of before that day stops today."))
            }
            Records::Estate => fields
                .day("died_on", "When they died")
                .and(fields.day("told_on", "When we heard, if not today"))
                .and(fields.text("source", "Who told us"))
                .and(fields.text("representatives", "Executors or administrators, if they are known"))
                .and(fields.area("address", "Where they are written to"))
                .and(ui::para("Letters to the person stop today; searches for probate go into the diary.")),
            Records::Charge => fields.charge().and(fields.text("case", "The court case it comes from, if any")),
        };
        ui::post_form(at, self.frame.tokens(word), body.and(ui::button("Record it"))).guarded().into()
    }
}

#[cfg(test)]
fn sample_insolvency(code: &str) -> InsolvencyShown {
    use super::sampled::on;
    let proved = code != "open";
    let insolvency = InsolvencyRow {
        id: 1,
        number: "INS-000001".into(),
        customer_id: 1,
        kind: "bankruptcy".into(),
        on_day: on(2026, 4, 20),
        office_holder: "Ms Trustee".into(),
        reference: "BKT 1".into(),
        evidence: "The Gazette of 21 April".into(),
        state: code.into(),
        owed_pence: 120_000,
        interest_pence: 0,
        set_off_pence: 20_000,
        proof_pence: if proved { 100_000 } else { 0 },
        without_form: true,
        debts: serde_json::json!([]),
        proved_on: proved.then(|| on(2026, 5, 1)),
        admitted_pence: proved.then_some(95_000),
        final_dividend: false,
        ended_on: matches!(code, "ended" | "revoked").then(|| on(2026, 9, 1)),
        flag_id: Some(1),
        recorded_by: "Priya Nair".into(),
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        version: 1,
    };
    let dividend = sundry_store::court_estates::DividendRow {
        insolvency_id: 1,
        seq: 1,
        declared_on: on(2026, 7, 1),
        pence_in_100: 1_250,
        expected_pence: 11_875,
        receipt: String::new(),
        received_pence: 0,
        last: false,
        recorded_at: chrono::DateTime::UNIX_EPOCH,
    };
    InsolvencyShown {
        insolvency,
        customer: "C103316".into(),
        customer_name: "Joyce Pemberton".into(),
        dividends: if proved { vec![dividend] } else { Vec::new() },
        open_pence: 120_000,
    }
}

#[cfg(test)]
fn sample_estate(code: &str) -> EstateShown {
    use super::sampled::on;
    let claimed = matches!(code, "claimed" | "settled");
    let over = matches!(code, "settled" | "no_estate");
    let estate = EstateRow {
        id: 1,
        number: "EST-000001".into(),
        customer_id: 1,
        died_on: on(2026, 2, 20),
        told_on: on(2026, 3, 1),
        source: "Tell Us Once".into(),
        state: code.into(),
        representatives: "Mrs Jane Rees, executor".into(),
        address: "2 Low Street, Northmere".into(),
        solicitor: String::new(),
        grant_on: claimed.then(|| on(2026, 5, 4)),
        demand_from: on(2026, 4, 12),
        claim_pence: if claimed { 48_000 } else { 0 },
        claimed_on: claimed.then(|| on(2026, 5, 10)),
        notice_by: None,
        settled_on: over.then(|| on(2026, 8, 3)),
        settled_pence: if code == "settled" { 30_000 } else { 0 },
        words: String::new(),
        flag_id: Some(1),
        recorded_by: "Priya Nair".into(),
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        version: 1,
    };
    EstateShown { estate, customer: "C103316".into(), customer_name: "Joyce Pemberton".into(), events: Vec::new() }
}

#[cfg(test)]
fn sample_charge(released: bool) -> ChargeShown {
    use super::sampled::on;
    let charge = ChargeRow {
        id: 1,
        number: "CHG-000001".into(),
        customer_id: 1,
        case_number: "CRT-000004".into(),
        kind: "final_charging_order".into(),
        property: "1 High Street, Morpeth".into(),
        title_number: "ND123456".into(),
        charged_on: on(2026, 5, 1),
        registered_on: Some(on(2026, 5, 20)),
        secured_pence: 120_000,
        value_pence: 18_000_000,
        valued_on: Some(on(2026, 4, 20)),
        prior_pence: 10_000_000,
        released_on: released.then(|| on(2026, 9, 1)),
        released_words: if released { "Paid in full; form DS1 sent".into() } else { String::new() },
        recorded_by: "Priya Nair".into(),
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        version: 1,
    };
    let stands = sundry_desk::court::ChargeSet {
        number: "CHG-000001".into(),
        equity_pence: Some(8_000_000),
        covered: Some(true),
    };
    ChargeShown { charge, customer: "C103316".into(), customer_name: "Joyce Pemberton".into(), stands }
}
