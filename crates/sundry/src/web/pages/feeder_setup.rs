//! The systems that send charges: the list, and the set-up of one.

use super::contracts::{Typed, places};
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::billing::feeders::Field;

/// The feeders.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Feeders {
    /// The frame.
    pub frame: Frame,
    /// Code, name, how customers are known, who has rejects, state, who changed it.
    pub rows: Vec<(String, String, String, String, ui::Tag, String)>,
    /// Whether the reader sets them up.
    pub may_set: bool,
}

impl Feeders {
    /// The heading.
    pub fn heading(&self) -> String {
        "Feeders".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let on = ui::tag("Takes files", ui::TagColour::Green);
        let row = (text("LICENCES"), text("Licensing system"), text("number"), text("Licensing team"), on, text("Ada"));
        let page = |rows| Self { frame: Frame::sample("Billing"), rows, may_set: true };
        vec![("full", page(vec![row])), ("empty", page(Vec::new()))]
    }
}

/// The way back, for those who may go there.
fn above(frame: &Frame) -> Html {
    if frame.opens("/billing/feeder-files") {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/feeder-files", "Feeder files")]).into()
    } else {
        Html::default()
    }
}

impl Plain for Feeders {
    fn above(&self) -> Html {
        above(&self.frame)
    }

    fn actions(&self) -> Html {
        if self.may_set { ui::link_button("Set a feeder up", "/billing/feeders/edit").into() } else { Html::default() }
    }

    fn body(&self) -> Html {
        let says = ui::para(
            "A feeder is a system that sends charges in files: what its headings mean, and who puts rejects right.",
        );
        if self.rows.is_empty() {
            let text = "An administrator sets them up; then its files can be sent in.";
            return Html::from(says).and(ui::empty("No feeders yet", text));
        }
        let rows = self.rows.iter().map(|(code, name, by, owner, state, who)| {
            let code = if self.may_set {
                ui::link(format!("/billing/feeders/edit?code={code}"), code)
            } else {
                Html::from(code)
            };
            ui::row().cell(code).cell(name).cell(by).cell(owner).cell(state).cell(who)
        });
        let table = ui::table("Feeders").columns([
            ui::col("Feeder").nowrap(),
            ui::col("Name"),
            ui::col("Knows customers by"),
            ui::col("Rejects go to"),
            ui::col("State"),
            ui::col("Changed by"),
        ]);
        Html::from(says).and(table.rows(rows))
    }
}

/// The set-up of one feeder.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct FeederForm {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// What was typed, by field.
    pub typed: Typed,
    /// The version that was read; empty for a new feeder.
    pub seen: String,
    /// Ways to know customers: value and words.
    pub known_by: Vec<(String, String)>,
    /// Income codes: value and words.
    pub income: Vec<(String, String)>,
}

impl FeederForm {
    /// The heading.
    pub fn heading(&self) -> String {
        if self.seen.is_empty() { "Set a feeder up".to_owned() } else { format!("Feeder {}", self.value("code")) }
    }

    fn value(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let full = [("code", "LICENCES"), ("name", "Licensing system"), ("reference", "Charge no"), ("amount", "Net")];
        let page = |frame, typed: &[(&str, &str)], seen: &str| Self {
            frame,
            typed: typed.iter().map(|(a, b)| pair(a, b)).collect(),
            seen: seen.into(),
            known_by: vec![pair("number", "Our account number"), pair("service_user", "Service user")],
            income: vec![pair("", "The first"), pair("4000", "4000, Fees")],
        };
        let wrong = Frame::sample("Billing").wrong("amount", "Enter the heading of this column: every feeder needs it");
        vec![
            ("new", page(Frame::sample("Billing"), &[], "")),
            ("full", page(Frame::sample("Billing"), &full, "2")),
            ("error", page(wrong, &full, "2")),
        ]
    }

    fn input(&self, field: &str, label: &str, hint: &str) -> Html {
        let input = ui::input(field, label, self.value(field)).width(20).errors(&self.frame.errors);
        if hint.is_empty() { input.into() } else { input.hint(hint).into() }
    }

    fn columns(&self) -> Html {
        Field::ALL.iter().fold(Html::default(), |all, field| {
            let label = if field.is_needed() { field.name().to_owned() } else { format!("{} (if sent)", field.name()) };
            let hint = match field {
                Field::Reference => "Their own number of the charge: it is billed once, for ever",
                Field::Document => {
                    "Charges of one customer and document make one invoice; without it, one for each file"
                }
                Field::ServiceUser => "A reference, never a name",
                _ => "",
            };
            all.and(self.input(field.as_str(), &label, hint))
        })
    }
}

impl Plain for FeederForm {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing/feeders", "Feeders")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let chosen = |all: &[(String, String)]| -> Vec<ui::Choice> {
            all.iter().map(|(value, words)| ui::choice(value, words)).collect()
        };
        let code = if self.seen.is_empty() {
            self.input("code", "Code", "Short: LICENCES")
        } else {
            ui::hidden("code", self.value("code"))
        };
        let vat = [("", "O, outside the scope"), ("S", "S"), ("R", "R"), ("Z", "Z"), ("E", "E"), ("O", "O")];
        let switch = |field: &str, legend: &str, words: &str| {
            ui::checkboxes(field, legend, [ui::choice("yes", words).chosen(self.value(field) == "yes")])
        };
        let body = ui::hidden("seen_version", &self.seen)
            .and(code)
            .and(self.input("name", "Name", ""))
            .and(self.input("rejects_to", "Who puts rejects right", "A team or a person"))
            .and(ui::heading("Which heading is which field"))
            .and(self.columns())
            .and(ui::heading("How to read it"))
            .and(
                ui::select("customer_by", "It knows customers by", self.value("customer_by"), chosen(&self.known_by))
                    .errors(errors),
            )
            .and(self.input("trailer", "First cell of the row of totals", "#TOTAL when empty; then come rows and sum"))
            .and(switch("gross", "Amounts", "Amounts include VAT"))
            .and(ui::heading("Where a row says nothing"))
            .and(ui::select("vat_code_usual", "Usual VAT code", self.value("vat_code_usual"), vat).errors(errors))
            .and(
                ui::select("income_usual", "Usual income code", self.value("income_usual"), chosen(&self.income))
                    .errors(errors),
            )
            .and(self.input("cost_centre_usual", "Usual cost centre", ""))
            .and(self.input("service_usual", "Usual service", ""))
            .and(self.input("debt_type", "Debt type", ""))
            .and(switch("off", "Files", "Take no files from it"))
            .and(ui::button("Save"));
        ui::post_form("/billing/feeders/edit", self.frame.tokens("feeder"), body).into()
    }
}

/// The places of feeders.
pub(super) fn feeder_places(here: &str, frame: &Frame) -> Html {
    if !frame.opens("/billing/contracts") {
        return Html::default();
    }
    let nav =
        [("Files", "/billing/feeder-files"), ("Rejects", "/billing/feeder-rejects"), ("Set-up", "/billing/feeders")];
    let inner =
        nav.into_iter().fold(ui::sub_navigation("Feeders"), |nav, (words, to)| nav.place(words, to, words == here));
    places("Feeder files").and(inner)
}
