//! Accounts and debts that somebody put on another pathway: all of them, and those of one account with the form.

use super::pathway::crumbs;
use super::pathway_edit::Typed;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;

/// A choice that holds.
#[derive(Clone, Debug)]
pub struct ChoiceSeen {
    /// Number and name of the customer.
    pub customer: (String, String),
    /// Number of the debt; empty for the account.
    pub debt: String,
    /// Name of the pathway.
    pub pathway: String,
    /// Why.
    pub reason: String,
    /// By whom and when.
    pub by: (String, NaiveDate),
    /// The last day; none where it does not end by itself.
    pub until: Option<NaiveDate>,
}

#[cfg(test)]
fn sampled() -> ChoiceSeen {
    ChoiceSeen {
        customer: ("C103316".into(), "Joyce Pemberton".into()),
        debt: "INV-020817".into(),
        pathway: "Care charges".into(),
        reason: "Her daughter pays for her".into(),
        by: ("Priya Nair".into(), super::sampled::on(2026, 11, 18)),
        until: Some(super::sampled::on(2027, 2, 18)),
    }
}

impl ChoiceSeen {
    fn what(&self) -> String {
        if self.debt.is_empty() { "The whole account".into() } else { self.debt.clone() }
    }

    fn until(&self) -> Html {
        self.until.map_or_else(|| Html::from("Somebody ends it"), Html::from)
    }

    fn by(&self) -> Html {
        let (who, on) = &self.by;
        Html::from(who).and(ui::sub_line(Html::from(on)))
    }
}

/// Every choice that holds.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PathwayChoices {
    /// The frame.
    pub frame: Frame,
    /// The choices, newest first.
    pub rows: Vec<ChoiceSeen>,
    /// Whether the reader may choose and end.
    pub works: bool,
}

impl PathwayChoices {
    /// The heading.
    pub fn heading(&self) -> String {
        "Pathways chosen by a person".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows| Self { frame: Frame::sample("Recovery"), rows, works: true };
        let account = ChoiceSeen { debt: String::new(), until: None, ..sampled() };
        vec![("full", page(vec![sampled(), account])), ("empty", page(Vec::new()))]
    }
}

impl Plain for PathwayChoices {
    fn above(&self) -> Html {
        crumbs(&self.frame, &[("/recovery", "Recovery"), ("/recovery/pathways", "Pathways")])
    }

    fn actions(&self) -> Html {
        ui::downloads(|kind| format!("/recovery/pathway-choices?format={kind}"))
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            let says = "Every debt is on its own pathway. On an account, Choose a pathway puts one on another.";
            return ui::empty("Nobody chose", says).into();
        }
        let rows = self.rows.iter().map(|one| {
            let (number, name) = &one.customer;
            let who = if self.works {
                ui::link(format!("/customers/{number}/pathway"), name)
            } else {
                ui::link(format!("/customers/{number}"), name)
            };
            ui::row()
                .cell(who.and(ui::sub_line(number.as_str())))
                .cell(one.what())
                .cell(&one.pathway)
                .cell(&one.reason)
                .cell(one.by())
                .cell(one.until())
        });
        let columns = ["Account", "Debt", "Pathway", "Why", "Chosen by", "Until"].map(ui::col);
        ui::table("Accounts and debts on another pathway, the newest first").columns(columns).rows(rows).into()
    }
}

/// The choices of one account, and the form.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ChooseForAccount {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// Number and name of the customer.
    pub customer: (String, String),
    /// The choices that hold.
    pub rows: Vec<ChoiceSeen>,
    /// Open debts: value and words; the first is the whole account.
    pub debts: Vec<(String, String)>,
    /// Pathways in force: value and words.
    pub pathways: Vec<(String, String)>,
    /// What was typed.
    pub typed: Typed,
}

impl ChooseForAccount {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Choose a pathway: {}", self.customer.1)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let pair = |value: &str, words: &str| (value.to_owned(), words.to_owned());
        let page = |frame, rows| Self {
            frame,
            customer: pair("C103316", "Joyce Pemberton"),
            rows,
            debts: vec![pair("", "The whole account"), pair("INV-020817", "INV-020817")],
            pathways: vec![pair("care", "Care charges")],
            typed: [pair("code", "care"), pair("reason", "Her daughter pays for her")].into(),
        };
        let wrong = Frame::sample("Customers").wrong("reason", "Enter why, in at most 500 characters");
        vec![
            ("full", page(Frame::sample("Customers"), vec![sampled()])),
            ("empty", page(Frame::sample("Customers"), Vec::new())),
            ("error", page(wrong, Vec::new())),
        ]
    }

    fn typed(&self, field: &str) -> &str {
        self.typed.get(field).map_or("", String::as_str)
    }

    fn standing(&self) -> Html {
        let rows = self.rows.iter().map(|one| {
            let body = ui::hidden("invoice", &one.debt).and(ui::button("End it").secondary().about(one.what()));
            let action = format!("/customers/{}/pathway/end", self.customer.0);
            let end = ui::post_form(action, self.frame.tokens(&format!("end-{}", one.debt)), body);
            let why = Html::from(&one.pathway).and(ui::sub_line(one.reason.as_str()));
            ui::row().cell(one.what()).cell(why).cell(one.by()).cell(one.until()).cell(end)
        });
        let columns = ["Debt", "Pathway", "Chosen by", "Until", "End"].map(ui::col);
        ui::table("On another pathway now").show_caption().columns(columns).rows(rows).into()
    }

    fn form(&self) -> Html {
        let errors = &self.frame.errors;
        let body =
            Html::from(ui::select("invoice", "Which debt?", self.typed("invoice"), self.debts.clone()).errors(errors))
                .and(ui::select("code", "Which pathway?", self.typed("code"), self.pathways.clone()).errors(errors))
                .and(ui::textarea("reason", "Why not its own?", self.typed("reason")).rows(3).errors(errors))
                .and(
                    ui::date_input("until_on", "Until", self.typed("until_on"))
                        .hint("The last day. Leave empty if it does not end by itself.")
                        .errors(errors),
                )
                .and(ui::button("Choose this pathway"));
        ui::post_form(format!("/customers/{}/pathway", self.customer.0), self.frame.tokens("choose"), body)
            .guarded()
            .into()
    }
}

impl Plain for ChooseForAccount {
    fn above(&self) -> Html {
        let (number, name) = &self.customer;
        ui::breadcrumbs([(format!("/customers/{number}"), name.clone())]).into()
    }

    fn body(&self) -> Html {
        let says = "From the next step on the debt follows this pathway. Steps that both pathways have count on.";
        let form = Html::from(ui::muted(says)).and(self.form());
        if self.rows.is_empty() { form } else { self.standing().and(form) }
    }
}
