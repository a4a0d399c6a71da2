//! The frame of every page: who, where, what waits, and what went wrong.

use super::{Alert, Errors, Html, Refused};
use askama::Template;
use chrono::NaiveDateTime;

/// What kind of home this is; anything but a live one says so on every page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Home {
    /// Real money.
    #[default]
    Live,
    /// Fictional organisations to look at.
    Demo,
    /// A copy to practise in, which sends nothing.
    Training,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// `Priya Nair`.
    pub name: String,
    /// `credit controller`.
    pub role: String,
}

/// One room in the bar at the top. What a role may not open is not in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NavItem {
    /// `Worklist`.
    pub text: String,
    /// `/work`.
    pub href: String,
    /// Whether this page is in that room.
    pub current: bool,
    /// How many things wait for this person there; 0 shows nothing.
    pub waiting: i64,
    /// Whether those have waited too long.
    pub urgent: bool,
}

/// What every page is given.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The name of the organisation.
    pub organisation: String,
    /// Its logo, address and words for those who do not see it.
    pub logo: Option<(String, String)>,
    /// Where the organisation's own colours are: `/assets/brand-<organisation>.css`.
    pub brand_css: Option<String>,
    /// What kind of home this is.
    pub home: Home,
    /// Who is signed in; nobody on the sign-in page.
    pub signed_in: Option<SignedIn>,
    /// The rooms in the bar.
    pub nav: Vec<NavItem>,
    /// Every page that the visitor may open, as the table of routes has it: `/customers/{number}`.
    pub reach: Vec<&'static str>,
    /// What was searched for, kept in the box.
    pub search: String,
    /// When the figures on the page were read.
    pub read_at: Option<NaiveDateTime>,
    /// The handbook page about this page; empty for the start of the handbook.
    pub help: String,
    /// Proof that a form came from our own page.
    pub csrf: String,
    /// A fresh key for what the forms of this page do, so that sending twice does it once.
    pub form_key: String,
    /// What to put right.
    pub errors: Errors,
    /// A rule that said no.
    pub refused: Option<Refused>,
    /// News.
    pub alert: Option<Alert>,
    /// "Smaller rows" is switched on.
    pub small_rows: bool,
    /// Single-letter keys are switched off.
    pub keys_off: bool,
}

/// Whether a pattern of the table of routes, such as `/customers/{number}`, is about a path.
fn leads_to(pattern: &str, path: &str) -> bool {
    let (mut parts, mut names) = (path.split('/'), pattern.split('/'));
    loop {
        match (names.next(), parts.next()) {
            (None, None) => return true,
            (Some(name), Some(_)) if name.starts_with("{*") => return true,
            (Some(name), Some(part)) if name == part || (name.starts_with('{') && !part.is_empty()) => {}
            _ => return false,
        }
    }
}

#[derive(Template)]
#[template(path = "ui/tokens.html")]
struct Tokens<'a> {
    csrf: &'a str,
    key: &'a str,
    form: &'a str,
}

impl Frame {
    /// The hidden fields of a POST form: proof of origin, and the key of this form on this page.
    pub fn tokens(&self, form: &str) -> Html {
        Html::raw(Tokens { csrf: &self.csrf, key: &self.form_key, form }.to_string())
    }

    /// Whether the visitor may open a page: a link never leads to a refusal.
    pub fn opens(&self, address: &str) -> bool {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        self.reach.iter().any(|pattern| leads_to(pattern, path))
    }

    /// Whether the title must start with "Error: ".
    pub fn failed(&self) -> bool {
        !self.errors.is_empty() || self.refused.is_some()
    }

    fn read_at_words(&self) -> String {
        self.read_at.map_or_else(String::new, |at| {
            format!("Ledger position at {} on {}. ", super::time_of_day(at.time()), at.format("%-d %B %Y"))
        })
    }

    /// The words under the page.
    pub fn footer(&self) -> String {
        format!("{}Sundry {}, open source.", self.read_at_words(), env!("CARGO_PKG_VERSION"))
    }

    /// A frame as the samples show it.
    #[cfg(test)]
    pub fn sample(room: &str) -> Self {
        let nav = [
            ("Dashboard", "/dashboard", 0, false),
            ("Worklist", "/work", 42, false),
            ("Customers", "/customers", 0, false),
            ("Billing", "/billing", 0, false),
            ("Cash", "/cash", 143, false),
            ("Recovery", "/recovery", 0, false),
            ("Approvals", "/approvals", 3, true),
            ("Reports", "/reports", 0, false),
        ];
        let nav = nav.map(|(text, href, waiting, urgent)| NavItem {
            text: text.to_owned(),
            href: href.to_owned(),
            current: text == room,
            waiting,
            urgent,
        });
        let date = chrono::NaiveDate::from_ymd_opt(2026, 11, 19).expect("a date that exists");
        Self {
            organisation: "Northmere Council".to_owned(),
            signed_in: Some(SignedIn { name: "Priya Nair".to_owned(), role: "credit controller".to_owned() }),
            nav: nav.into(),
            reach: vec![
                "/search",
                "/jobs",
                "/cash",
                "/cash/import",
                "/cash/accept",
                "/admin/users",
                "/admin/letters",
                "/admin/settings",
                "/write-offs",
                "/write-offs/all",
                "/approvals/writeoffs",
            ],
            read_at: date.and_hms_opt(7, 2, 0),
            csrf: "sample-csrf".to_owned(),
            form_key: "sample-key".to_owned(),
            ..Self::default()
        }
    }

    /// The same with an error.
    #[cfg(test)]
    #[must_use]
    pub fn wrong(mut self, field: &str, message: &str) -> Self {
        self.errors.add(field, message);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_shown_where_it_opens() {
        let frame = Frame { reach: vec!["/cash", "/customers/{number}", "/help/{*page}"], ..Frame::default() };
        for opens in ["/cash", "/cash?view=all", "/customers/C100001", "/customers/C100001#notes", "/help/rooms/cash"] {
            assert!(frame.opens(opens), "{opens}");
        }
        for shut in ["", "/", "/cash/import", "/customers", "/customers/", "/customers/C1/call", "/admin"] {
            assert!(!frame.opens(shut), "{shut}");
        }
    }
}
