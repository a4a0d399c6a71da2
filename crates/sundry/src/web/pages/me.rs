//! Your account.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::money::Pence;

/// Your account: who you are here, what you may do, how lists look to you.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Me {
    /// The frame.
    pub frame: Frame,
    /// `Priya Nair`.
    pub name: String,
    /// The roles.
    pub roles: Vec<String>,
    /// What they may do, in words.
    pub duties: Vec<String>,
    /// Up to how much they may approve.
    pub limit: Pence,
}

impl Me {
    /// The heading.
    pub fn heading(&self) -> String {
        "Your account".to_owned()
    }

    /// What the page looks like.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = Self {
            frame: Frame::sample(""),
            name: "Priya Nair".into(),
            roles: vec!["Credit controller".into()],
            duties: vec!["See accounts".into(), "Work cases".into()],
            limit: Pence(500_000),
        };
        vec![("usual", page)]
    }
}

impl Plain for Me {
    fn body(&self) -> Html {
        let facts = ui::summary_list()
            .fact("Name", &self.name)
            .fact("Role", self.roles.join(", "))
            .fact("You may", self.duties.join(", "))
            .fact("You may approve up to", self.limit);
        let rows = if self.frame.small_rows { "small" } else { "usual" };
        let sizes = [("usual", "Usual"), ("small", "Smaller: more on a screen")];
        let choice = Html::from(ui::radios("rows", "Rows of lists", rows, sizes)).and(ui::button("Save"));
        let prefer = ui::post_form("/me", self.frame.tokens("rows"), choice);
        let leave = ui::post_form("/sign-out", self.frame.tokens("leave"), ui::button("Sign out").secondary());
        let note = ui::muted("An administrator gives roles and duties, and a new password.");
        let code = ui::para(ui::link("/me/security-code", "Your security code, which confirms what you approve"));
        let left = Html::from(facts).and(note).and(code).and(leave);
        ui::grid([(7, left), (5, Html::from(ui::panel("How lists look", prefer)))]).into()
    }
}
