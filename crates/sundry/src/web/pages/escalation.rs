//! To whom queries go that nobody settles: the rules, and the page of what was known when one went.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::control::Role;
use sundry_domain::queries::EscalationRule;

/// The rules, with the form that sets one.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Escalation {
    /// The frame.
    pub frame: Frame,
    /// The rules as they hold today.
    pub rows: Vec<EscalationRule>,
    /// What was typed: code, name, after_days, least, to_role, to_email, from_on, active.
    pub typed: [String; 8],
}

impl Escalation {
    /// The heading.
    pub fn heading(&self) -> String {
        "Escalation of queries".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            rows: sundry_domain::queries::rules_in_force(&[], super::sampled::on(2026, 11, 19)),
            typed: ["large", "Large", "10", "5000", "approver", "head.of.income@example.gov.uk", "", "yes"]
                .map(str::to_owned),
        };
        let wrong = Frame::sample("Admin").wrong("after_days", "Enter how many working days after the answer was due");
        vec![("full", page(Frame::sample("Admin"))), ("error", page(wrong))]
    }
}

impl Plain for Escalation {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/admin/settings", "Settings")]).into()
    }

    fn body(&self) -> Html {
        let rows = self.rows.iter().map(|rule| {
            let role = Role::parse(&rule.to_role).map_or_else(|| rule.to_role.clone(), |role| role.name().to_owned());
            let days = ui::count_of(rule.after_days, "working day", "working days");
            ui::row()
                .cell(Html::from(rule.name.as_str()).and(ui::sub_line(&rule.code)))
                .cell(format!("{days} after its day"))
                .cell(rule.least)
                .cell(role)
                .cell(ui::or_dash(&rule.to_email))
                .cell(if rule.active { "Yes" } else { "No" })
        });
        let table = ui::table("Rules today")
            .columns([
                ui::col("Rule"),
                ui::col("When"),
                ui::num("From"),
                ui::col("To the role"),
                ui::col("Written to"),
                ui::col("Counts"),
            ])
            .rows(rows);
        let form = ui::post_form("/admin/escalation", self.frame.tokens("rule"), self.fields()).guarded();
        Html::from(table).and(ui::panel("Set a rule from a day on", form))
    }
}

impl Escalation {
    fn fields(&self) -> Html {
        let errors = &self.frame.errors;
        let [code, name, after, least, role, email, from, active] = &self.typed;
        let roles = Role::ALL.iter().map(|role| (role.as_str(), role.name()));
        Html::from(
            ui::input("code", "Code", code).hint("One of the list to change it, or a new one").width(20).errors(errors),
        )
        .and(ui::input("name", "Name", name).errors(errors))
        .and(
            ui::input("after_days", "Working days after the answer was due", after)
                .input_mode("numeric")
                .width(3)
                .errors(errors),
        )
        .and(ui::amount_input("least", "From this amount in query", least).errors(errors))
        .and(ui::select("to_role", "To the role", role, roles).errors(errors))
        .and(
            ui::input("to_email", "Write to", email).kind("email").hint("Leave empty if no e-mail goes").errors(errors),
        )
        .and(ui::date_input("from_on", "From", from).hint("Leave empty for today").errors(errors))
        .and(ui::radios("active", "Does it count?", active, [("yes", "Yes"), ("no", "No")]).inline().errors(errors))
        .and(ui::button("Set rule"))
    }
}

/// What was known of a query when it was escalated.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Summary {
    /// The frame.
    pub frame: Frame,
    /// The query.
    pub query: String,
    /// To whom it went.
    pub to: String,
    /// The page.
    pub text: String,
}

impl Summary {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Query {} as it was escalated", self.query)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = "Query QRY-000311: Not answered in time\nWritten on 19 November 2026\n\nIn query: £126.71\nInvoice: 7104396 of 1 October 2026, due 31 October 2026, £126.71 open";
        let (query, to) = ("QRY-000311".to_owned(), "Team leader".to_owned());
        vec![("full", Self { frame: Frame::sample("Recovery"), query, to, text: text.into() })]
    }
}

impl Plain for Summary {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/queries".to_owned(), "Queries".to_owned()),
            (format!("/queries/{0}", self.query), self.query.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let lines = self.text.lines().filter(|line| !line.is_empty()).map(ui::para);
        Html::from(ui::muted(format!("To: {}", self.to))).and(ui::parts(lines))
    }
}
