//! Signing in.

use crate::web::ui::{self, Frame};
use askama::Template;

/// The sign-in page.
#[derive(Debug, Template)]
#[template(path = "pages/sign_in.html")]
pub struct SignIn {
    /// The frame, with nobody signed in.
    pub frame: Frame,
    /// The user name as typed.
    pub user: String,
    /// Asks for the code of the second factor.
    pub ask_code: bool,
    /// Where to go afterwards.
    pub next: String,
    /// In a demo home: name, role and password of each person to try.
    pub demo_people: Vec<DemoPerson>,
}

/// Somebody whose desk can be tried in a demo home.
#[derive(Clone, Debug)]
pub struct DemoPerson {
    /// What to type as the user name.
    pub user: String,
    /// What to type as the password.
    pub password: String,
    /// Their role.
    pub role: String,
    /// Their organisation.
    pub organisation: String,
}

impl SignIn {
    /// The heading.
    pub fn heading(&self) -> String {
        "Sign in".to_owned()
    }

    fn people(&self) -> ui::Table {
        let rows = self.demo_people.iter().map(|person| {
            ui::row().cell(&person.user).cell(&person.password).cell(&person.role).cell(&person.organisation)
        });
        ui::table("People to try")
            .columns([ui::col("User name"), ui::col("Password"), ui::col("Role"), ui::col("Organisation")])
            .rows(rows)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let nobody = || Frame { signed_in: None, nav: Vec::new(), read_at: None, ..Frame::sample("") };
        let empty =
            |frame| Self { frame, user: String::new(), ask_code: false, next: "/".into(), demo_people: Vec::new() };
        let person = |user: &str, role: &str| DemoPerson {
            user: user.into(),
            password: "northmere-1".into(),
            role: role.into(),
            organisation: "Northmere Council".into(),
        };
        let demo = Self {
            demo_people: vec![person("priya", "credit controller"), person("tom", "cashier")],
            ..empty(Frame { home: ui::Home::Demo, ..nobody() })
        };
        let error = nobody().wrong("user", "Enter the user name and password of an account that is in use");
        vec![
            ("empty", empty(nobody())),
            ("demo", demo),
            ("error", Self { user: "priya".into(), ask_code: true, ..empty(error) }),
        ]
    }
}
