//! For administrators and auditors: users with their roles, and the audit trail with its chain.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDateTime;

fn when(at: &NaiveDateTime) -> Html {
    ui::date(at.date()).and(ui::time_of_day(at.time()))
}

/// The parts of administration that the reader may open.
pub(super) fn tabs(frame: &Frame, here: &str) -> Html {
    let places = [
        ("Users and roles", "/admin/users"),
        ("Letters", "/admin/letters"),
        ("Pathways", "/recovery/pathways"),
        ("Agencies", "/recovery/agencies"),
        ("Criteria of write-off", "/write-offs/policy"),
        ("Settings", "/admin/settings"),
        ("Rates and fees", "/admin/rates"),
        ("Court forms", "/admin/court-forms"),
        ("Mailboxes", "/admin/mailboxes"),
        ("Services", "/admin/services"),
        ("Feeders", "/billing/feeders"),
        ("Payment terms", "/billing/payment-terms"),
    ];
    let open = places.into_iter().filter(|(_, href)| frame.opens(href));
    open.fold(ui::sub_navigation("Administration"), |nav, (text, href)| nav.place(text, href, href == here)).into()
}

/// The users.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Users {
    /// The frame.
    pub frame: Frame,
    /// The rows.
    pub rows: Vec<UserRow>,
    /// What is known of the organisation: key and value.
    pub organisation: Vec<(String, String)>,
    /// The form for another user, as typed.
    pub form: AddUserForm,
}

/// A user to add, as typed; a password is never given back.
#[derive(Clone, Debug, Default)]
pub struct AddUserForm {
    /// Name.
    pub name: String,
    /// User name.
    pub user: String,
    /// Approval limit.
    pub limit: String,
    /// The roles: stored name, name, whether it is ticked.
    pub roles: Vec<(String, String, bool)>,
}

/// One user.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// User name.
    pub user: String,
    /// Name.
    pub name: String,
    /// Roles in words.
    pub roles: String,
    /// Limits in words; may be empty.
    pub limits: String,
    /// Duties that should not lie in one hand; may be empty.
    pub conflict: String,
    /// Its state.
    pub state: ui::Tag,
    /// Whether the reader may disable it: in use, and not their own.
    pub can_disable: bool,
}

impl Users {
    /// The heading.
    pub fn heading(&self) -> String {
        "Users and roles".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = UserRow {
            user: "priya".into(),
            name: "Priya Nair".into(),
            roles: "Credit controller".into(),
            limits: "Credit notes to £500.00".into(),
            conflict: "Raises and approves credit notes".into(),
            state: ui::tag("In use", ui::TagColour::Green),
            can_disable: true,
        };
        let roles = [("cashier", "Cashier", true), ("approver", "Approver", false)];
        let form = AddUserForm {
            name: "Owen Tate".into(),
            roles: roles.map(|(word, name, on)| (word.to_owned(), name.to_owned(), on)).into(),
            ..AddUserForm::default()
        };
        let page = |frame| Self {
            frame,
            rows: vec![row.clone(), UserRow { user: "owen".into(), can_disable: false, ..row.clone() }],
            organisation: vec![("Name".into(), "Northmere Council".into())],
            form: form.clone(),
        };
        let wrong = Frame::sample("Admin")
            .wrong("sign_in_name", "Enter a sign-in name")
            .wrong("password", "Enter a password of at least 12 characters")
            .wrong("roles", "Choose at least one role");
        vec![("full", page(Frame::sample("Admin"))), ("error", page(wrong))]
    }
}

impl Users {
    fn list(&self) -> ui::Table {
        let rows = self.rows.iter().map(|row| {
            let name = Html::from(&row.name).and(ui::sub_line(&row.user));
            let roles = Html::from(&row.roles);
            let roles = if row.conflict.is_empty() { roles } else { roles.and(ui::cell_error(&row.conflict)) };
            let disable = if row.can_disable {
                let verb = ui::button(format!("Disable {}", row.user)).secondary();
                let body = ui::hidden("sign_in_name", &row.user).and(verb);
                let tokens = self.frame.tokens(&format!("disable-{}", row.user));
                Html::from(ui::post_form("/admin/users/disable", tokens, body))
            } else {
                Html::from("–")
            };
            ui::row().cell(name).cell(roles).cell(ui::or_dash(&row.limits)).cell(&row.state).cell(disable)
        });
        ui::table("Users")
            .columns([ui::col("Name"), ui::col("Roles"), ui::col("Limit"), ui::col("State"), ui::col("Change")])
            .rows(rows)
    }

    fn add(&self) -> ui::Form {
        let errors = &self.frame.errors;
        let roles = self.form.roles.iter().map(|(word, name, on)| ui::choice(word, name).chosen(*on));
        let password = ui::input("password", "First password", "")
            .hint("At least 12 characters. Give it to them in person")
            .kind("password")
            .autocomplete("new-password")
            .width(20)
            .errors(errors);
        let body = Html::from(ui::input("display_name", "Name", &self.form.name).width(20).errors(errors))
            .and(ui::input("sign_in_name", "Sign-in name", &self.form.user).width(20).errors(errors))
            .and(ui::checkboxes("roles", "Roles", roles).errors(errors))
            .and(ui::amount_input("limit", "May approve up to", &self.form.limit).errors(errors))
            .and(password)
            .and(ui::button("Add user"));
        ui::post_form("/admin/users", self.frame.tokens("add-user"), body).guarded()
    }
}

impl Plain for Users {
    fn above(&self) -> Html {
        tabs(&self.frame, "/admin/users")
    }

    fn body(&self) -> Html {
        let facts = self.organisation.iter().fold(ui::details_list(), |list, (key, value)| list.fact(key, value));
        ui::grid([
            (8, Html::from(ui::panel("Users", self.list()))),
            (4, Html::from(ui::panel("Add a user", self.add())).and(ui::boxed("The organisation", facts))),
        ])
        .into()
    }
}

/// The audit trail.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Audit {
    /// The frame.
    pub frame: Frame,
    /// What was searched for.
    pub find: String,
    /// Whether the chain holds; none before it was checked.
    pub chain: Option<(bool, String)>,
    /// The rows, newest first.
    pub rows: Vec<AuditRow>,
    /// This page and how many there are.
    pub page: (u32, u32),
}

/// One row of the trail.
#[derive(Clone, Debug)]
pub struct AuditRow {
    /// When.
    pub at: NaiveDateTime,
    /// Who.
    pub who: String,
    /// What: the event.
    pub event: String,
    /// About what: words and address; the address may be empty.
    pub about: (String, String),
    /// Before and after, or other facts.
    pub detail: String,
    /// The first letters of its hash.
    pub hash: String,
}

impl Audit {
    /// The heading.
    pub fn heading(&self) -> String {
        "Audit trail".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = AuditRow {
            at: super::sampled::on(2026, 11, 19).and_hms_opt(8, 1, 0).expect("a time that exists"),
            who: "Priya Nair".into(),
            event: "Promise recorded".into(),
            about: ("C103316".into(), "/customers/C103316".into()),
            detail: "£450.00 by 27 November 2026".into(),
            hash: "9f2ac1".into(),
        };
        let page = |chain, rows| Self { frame: Frame::sample(""), find: String::new(), chain, rows, page: (1, 40) };
        vec![
            ("full", page(Some((true, "18,306 rows, unbroken".to_owned())), vec![row.clone()])),
            ("broken", page(Some((false, "Row 211 does not match".to_owned())), vec![row])),
            ("empty", page(None, Vec::new())),
        ]
    }
}

impl Plain for Audit {
    fn actions(&self) -> Html {
        let find = crate::web::door::form_encode(&self.find);
        let file = |kind: &str| format!("/audit?find={find}&format={kind}");
        ui::downloads(file)
    }

    fn body(&self) -> Html {
        let chain = self.chain.as_ref().map(|(holds, words)| {
            let verdict = if *holds { ui::Verdict::Passed } else { ui::Verdict::Fix };
            Html::from(ui::checks([(verdict, words.as_str())]))
        });
        let check =
            ui::post_form("/audit/verify", self.frame.tokens("verify"), ui::button("Verify the chain").secondary());
        let filter = ui::filters("/audit")
            .field(ui::input("find", "Who, event or reference", &self.find).width(20))
            .clear("/audit");
        let top = Html::from(check).and(chain.unwrap_or_default()).and(filter);
        if self.rows.is_empty() {
            return top.and(ui::empty("Nothing matches", "No event has this in it."));
        }
        let rows = self.rows.iter().map(|row| {
            let (words, href) = &row.about;
            let about = if href.is_empty() { Html::from(words) } else { ui::link(href, words) };
            ui::row().cell(&row.event).cell(when(&row.at)).cell(&row.who).cell(about).cell(&row.detail).cell(&row.hash)
        });
        let table = ui::table("Events, newest first")
            .columns([
                ui::col("Event"),
                ui::col("When").nowrap(),
                ui::col("Who"),
                ui::col("About"),
                ui::col("Detail"),
                ui::col("Hash"),
            ])
            .rows(rows);
        let (page, pages) = self.page;
        top.and(table).and(ui::pagination(
            page,
            pages,
            format!("/audit?find={}&page=", crate::web::door::form_encode(&self.find)),
        ))
    }
}
