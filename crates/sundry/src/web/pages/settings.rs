//! For administrators: what the organisation sets for itself, a form for each part.

use super::admin::tabs;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::settings::{Group, Holds, Setting};

/// The settings.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Settings {
    /// The frame.
    pub frame: Frame,
    /// Every setting with its value, or with what was typed; a secret's is empty, with whether it is set.
    pub values: Vec<(&'static Setting, String, bool)>,
    /// To whom the test message goes, as typed.
    pub to: String,
    /// Whether a test message can be sent: there is a server, and mail may leave.
    pub may_test: bool,
}

impl Settings {
    /// The heading.
    pub fn heading(&self) -> String {
        "Settings".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let value = |one: &'static Setting| {
            let text = match one.name {
                "letters.name" => "Northmere Council",
                "letters.address" => "Civic Hall\n1 Market Place\nNorthmere NM1 1AA",
                "mail.host" => "smtp.northmere.example",
                _ => one.otherwise,
            };
            (one, text.to_owned(), one.holds == Holds::Secret)
        };
        let page = |frame| Self {
            frame,
            values: sundry_domain::settings::SETTINGS.iter().map(value).collect(),
            to: String::new(),
            may_test: true,
        };
        let wrong = Frame::sample("Admin").wrong("bank.sort_code", "Enter the sort code");
        vec![("full", page(Frame::sample("Admin"))), ("error", page(wrong))]
    }

    fn field(&self, (one, value, is_set): &(&'static Setting, String, bool)) -> Html {
        let errors = &self.frame.errors;
        let (name, label) = (one.name, one.label);
        let input = |width: u8| {
            let input = ui::input(name, label, value.as_str()).width(width);
            if one.hint.is_empty() { input } else { input.hint(one.hint) }
        };
        match one.holds {
            Holds::Lines => ui::textarea(name, label, value.as_str()).hint(one.hint).rows(5).errors(errors).into(),
            Holds::Flag => {
                ui::radios(name, label, value, [("yes", "Yes"), ("no", "No")]).inline().errors(errors).into()
            }
            Holds::Secret => {
                let state = if *is_set { "A password is set." } else { "No password is set." };
                let hint = format!("{state} {}", one.hint);
                let input = ui::input(name, label, "").kind("password").autocomplete("new-password").width(20);
                input.hint(hint).errors(errors).into()
            }
            Holds::Pounds => ui::amount_input(name, label, value.as_str()).hint(one.hint).errors(errors).into(),
            Holds::Count
            | Holds::Time
            | Holds::Percent
            | Holds::Port
            | Holds::SortCode
            | Holds::AccountNumber
            | Holds::Colour => input(10).errors(errors).into(),
            _ => input(30).errors(errors).into(),
        }
    }

    fn part(&self, group: Group) -> Html {
        let fields = self.values.iter().filter(|(one, ..)| one.group == group).map(|value| self.field(value));
        let verb = format!("Save {}", group.name().to_lowercase());
        let body = ui::parts(fields).and(ui::button(verb));
        let form = ui::post_form("/admin/settings", self.frame.tokens(group.as_str()), body).guarded();
        ui::panel(group.name(), form).into()
    }

    fn test(&self) -> Html {
        if !self.may_test {
            return Html::default();
        }
        let to = ui::input("to", "Send a test message to", &self.to).kind("email").width(30);
        let body = Html::from(to.errors(&self.frame.errors)).and(ui::button("Send a test message").secondary());
        let form = ui::post_form("/admin/settings/test-message", self.frame.tokens("test-message"), body);
        ui::panel("Try the mail server", form).into()
    }
}

impl Plain for Settings {
    fn above(&self) -> Html {
        tabs(&self.frame, "/admin/settings")
    }

    fn actions(&self) -> Html {
        Html::from(ui::link_button("Categories of queries", "/admin/query-categories").secondary())
            .and(ui::link_button("Escalation", "/admin/escalation").secondary())
            .and(ui::link_button("GOV.UK Notify", "/admin/notify").secondary())
            .and(ui::link_button("Payment plans", "/plans/settings").secondary())
            .and(ui::link_button("ServiceNow", "/admin/servicenow").secondary())
    }

    fn body(&self) -> Html {
        let left = self.part(Group::Letters);
        let right = self.part(Group::Bank).and(self.part(Group::Mail)).and(self.test()).and(self.part(Group::Limits));
        ui::grid([(6, left), (6, right)]).into()
    }
}
