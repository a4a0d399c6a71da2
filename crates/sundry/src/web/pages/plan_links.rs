//! The links by which a customer sets a plan online: those that were made, and making one.

use super::plain::Plain;
use crate::web::ui::{self, AlertKind, Frame, Html, Tag, TagColour, tag};
use askama::Template;
use sundry_desk::plans::{PlanLinkMade, PlanLinkShown};

/// The links of a customer.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PlanLinks {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// Their e-mail; empty where none is known.
    pub email: String,
    /// A link that was made just now: it is shown this once.
    pub made: Option<PlanLinkMade>,
    /// Those that were made, newest first.
    pub links: Vec<PlanLinkShown>,
}

/// Where a link stands, as a tag.
fn stands(link: &PlanLinkShown) -> Tag {
    match link.state.as_str() {
        "open" => tag("Open", TagColour::Blue),
        "used" => tag("Used", TagColour::Green),
        "locked" => tag("Locked", TagColour::Red),
        "expired" => tag("Expired", TagColour::Grey),
        _ => tag("Taken back", TagColour::Grey),
    }
}

impl PlanLinks {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Let {} set a plan", self.customer)
    }

    fn made(&self) -> Html {
        let Some(made) = &self.made else { return Html::default() };
        let sent = match made.sent_to.as_str() {
            "" => "Pass it on to the customer now: it is not shown again.".to_owned(),
            to => format!("It goes by e-mail to {to}. It is not shown again."),
        };
        let says = format!("{} is made. It opens until {}, once.", made.number, made.ends_on.format("%-d %B %Y"));
        Html::from(ui::alert(AlertKind::Success, says)).and(ui::para(sent)).and(ui::code(&made.link))
    }

    fn make(&self) -> Html {
        let by_email = match self.email.as_str() {
            "" => Html::from(ui::muted("No e-mail address is known: pass the link on yourself.")),
            to => ui::checkboxes("email", "How does it reach them?", [("yes", format!("Send it to {to}"))])
                .errors(&self.frame.errors)
                .into(),
        };
        let body = by_email.and(ui::button("Make a link"));
        let form = ui::post_form(self.at(), self.frame.tokens("make"), body);
        let says = "The customer first enters their account number and postcode. A plan within what a clerk may grant is agreed at once; a \
                    longer one comes to us as an offer. A new link ends the one before.";
        Html::from(ui::heading("Make a link")).and(ui::para(says)).and(form)
    }

    fn at(&self) -> String {
        format!("/customers/{}/plan-links", self.account)
    }

    fn table(&self) -> Html {
        let heads = [
            ui::col("Link").nowrap(),
            ui::col("State"),
            ui::col("Made"),
            ui::col("Opens until").nowrap(),
            ui::col("Sent to"),
            ui::col("Plan"),
            ui::num("Wrong tries"),
            ui::col("Action").quiet(),
        ];
        let rows = self.links.iter().map(|link| {
            let act = match link.state.as_str() {
                "open" => {
                    let body = ui::hidden("link", &link.number)
                        .and(ui::button("Take it back").secondary().about(&link.number));
                    let action = format!("{}/revoke", self.at());
                    Html::from(ui::post_form(action, self.frame.tokens(&format!("revoke-{}", link.number)), body))
                }
                _ => Html::default(),
            };
            let plan = match link.plan.as_str() {
                "" => Html::from(ui::or_dash("")),
                plan => ui::link(format!("/plans/{plan}"), plan),
            };
            ui::row()
                .cell(&link.number)
                .cell(stands(link))
                .cell(Html::from(&link.made_by).and(ui::sub_line(link.made_on)))
                .cell(link.ends_on)
                .cell(ui::or_dash(&link.sent_to))
                .cell(plan)
                .cell(link.wrong_tries)
                .cell(act)
        });
        match self.links.is_empty() {
            true => ui::muted("No link was made yet.").into(),
            false => ui::table("Links").show_caption().columns(heads).rows(rows).into(),
        }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let link = |number: &str, state: &str, plan: &str| PlanLinkShown {
            number: number.into(),
            state: state.into(),
            made_on: on(2026, 11, 2),
            made_by: "Marek Nowak".into(),
            ends_on: on(2026, 11, 30),
            sent_to: "joyce@example.org".into(),
            confirmed_on: None,
            wrong_tries: 1,
            plan: plan.into(),
            ended_on: None,
            ended_by: String::new(),
        };
        let made = PlanLinkMade {
            number: "LINK-000003".into(),
            ends_on: on(2026, 12, 21),
            sent_to: String::new(),
            link: "https://sundry.example.gov.uk/plan-online/AAAAAAAAAAEAAAAAAAAAAgECAwQFBgcICQoLDA".into(),
        };
        let page = |email: &str, made, links| Self {
            frame: Frame::sample("Customers"),
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            email: email.into(),
            made,
            links,
        };
        let all = vec![
            link("LINK-000003", "open", ""),
            link("LINK-000002", "used", "PLAN-000012"),
            link("LINK-000001", "locked", ""),
        ];
        vec![
            ("empty", page("", None, Vec::new())),
            ("made", page("joyce@example.org", Some(made), all.clone())),
            ("list", page("joyce@example.org", None, all)),
        ]
    }
}

impl Plain for PlanLinks {
    fn above(&self) -> Html {
        let at = format!("/customers/{}/plans", self.account);
        ui::breadcrumbs([("/customers".to_owned(), "Customers".to_owned()), (at, self.customer.clone())]).into()
    }

    fn body(&self) -> Html {
        self.made().and(self.make()).and(self.table())
    }
}
