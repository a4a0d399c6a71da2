//! Mailboxes that messages are collected from: those there are with what the last look brought, and the form of one.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDateTime;

/// A mailbox in the list.
#[derive(Clone, Debug)]
pub struct MailboxLine {
    /// Its name here.
    pub name: String,
    /// Whom the server knows us as, and the server.
    pub place: String,
    /// `INBOX, then moved to Taken`.
    pub folders: String,
    /// How often it is looked at, in minutes.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
    /// Whether it acknowledges.
    pub acknowledges: bool,
    /// When it was last looked at.
    pub looked_at: Option<NaiveDateTime>,
    /// What came of it.
    pub result: String,
    /// Whether it could not be read.
    pub failed: bool,
}

/// A mailbox as typed.
#[derive(Clone, Debug, Default)]
pub struct TypedMailbox {
    /// Its name here; that of the one that is changed.
    pub name: String,
    /// The server.
    pub host: String,
    /// Its port.
    pub port: String,
    /// Whom the server knows us as.
    pub user_name: String,
    /// The certificate of our own authority.
    pub certificate: String,
    /// The folder that is read.
    pub folder: String,
    /// The folder that taken messages are moved to.
    pub moved_to: String,
    /// Who looks after the queries that it opens.
    pub query_owner: String,
    /// What they are about.
    pub query_category: String,
    /// How often it is looked at.
    pub every_minutes: String,
    /// Whether it is looked at.
    pub in_use: bool,
    /// Whether it acknowledges.
    pub acknowledge: bool,
}

/// The mailboxes, and the form of one.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Mailboxes {
    /// The frame.
    pub frame: Frame,
    /// By name.
    pub rows: Vec<MailboxLine>,
    /// The name of the one whose form is shown; empty for a new one.
    pub changes: String,
    /// Whether the one that is changed has a certificate of our own authority.
    pub own_certificate: bool,
    /// Categories that hold nothing: code and name.
    pub categories: Vec<(String, String)>,
    /// What was typed; a password is never given back.
    pub typed: TypedMailbox,
}

impl Mailboxes {
    /// The heading.
    pub fn heading(&self) -> String {
        match self.changes.as_str() {
            "" => "Mailboxes".to_owned(),
            name => format!("Mailbox {name}"),
        }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = MailboxLine {
            name: "Bills".into(),
            place: "bills@northmere.example at imap.northmere.example:993".into(),
            folders: "INBOX, then moved to Taken".into(),
            every_minutes: 5,
            in_use: true,
            acknowledges: true,
            looked_at: super::sampled::on(2026, 11, 19).and_hms_opt(8, 1, 0),
            result: "2 opened a query, 1 joined one, 0 to be sorted, 1 automatic, 0 came back, 0 known already".into(),
            failed: false,
        };
        let result = "imap.northmere.example does not let care in. Look at the server, the name and the password";
        let failed = MailboxLine { name: "Care".into(), result: result.into(), failed: true, ..line.clone() };
        let paused = MailboxLine {
            name: "Old".into(),
            in_use: false,
            acknowledges: false,
            looked_at: None,
            result: String::new(),
            ..line.clone()
        };
        let typed = TypedMailbox {
            name: "Bills".into(),
            host: "imap.northmere.example".into(),
            port: "993".into(),
            user_name: "bills@northmere.example".into(),
            folder: "INBOX".into(),
            every_minutes: "5".into(),
            in_use: true,
            ..TypedMailbox::default()
        };
        let page = |frame, rows, changes: &str, typed| Self {
            frame,
            rows,
            changes: changes.into(),
            own_certificate: !changes.is_empty(),
            categories: vec![("other".into(), "Something else".into())],
            typed,
        };
        let all = vec![line, failed, paused];
        let wrong = Frame::sample("Admin").wrong("password", "Enter the password of the mailbox");
        vec![
            ("full", page(Frame::sample("Admin"), all.clone(), "", TypedMailbox::default())),
            ("empty", page(Frame::sample("Admin"), Vec::new(), "", TypedMailbox::default())),
            ("change", page(Frame::sample("Admin"), all.clone(), "Bills", typed.clone())),
            ("error", page(wrong, all, "", typed)),
        ]
    }

    fn list(&self) -> Html {
        if self.rows.is_empty() {
            let say = "Add one, and messages to it become queries by themselves, or wait to be sorted.";
            return ui::empty("Mail is collected from nowhere", say).into();
        }
        let rows = self.rows.iter().map(|one| {
            let state = match (one.in_use, one.failed) {
                (false, _) => ui::tag("Paused", ui::TagColour::Grey),
                (true, true) => ui::tag("Cannot be read", ui::TagColour::Red),
                (true, false) => ui::tag("In use", ui::TagColour::Green),
            };
            let often = ui::count_of(one.every_minutes, "minute", "minutes");
            let often = if one.acknowledges { format!("{often}, and acknowledges") } else { often };
            let looked = one.looked_at.map_or_else(
                || Html::from("Not yet"),
                |at| ui::date(at.date()).and(" ").and(ui::time_of_day(at.time())),
            );
            let looked = if one.result.is_empty() { looked } else { looked.and(ui::sub_line(one.result.as_str())) };
            let name = ui::link(address(&one.name), &one.name);
            ui::row()
                .cell(name)
                .cell(Html::from(&one.place).and(ui::sub_line(one.folders.as_str())))
                .cell(often)
                .cell(looked)
                .cell(state)
                .cell(self.pause(one))
        });
        let columns = [
            ui::col("Mailbox"),
            ui::col("Where"),
            ui::col("Every"),
            ui::col("Last look"),
            ui::col("State"),
            ui::col("Change"),
        ];
        ui::table("Mailboxes").columns(columns).rows(rows).into()
    }

    fn pause(&self, one: &MailboxLine) -> Html {
        let (to, verb) = if one.in_use { ("no", "Pause") } else { ("yes", "Use") };
        let body = ui::hidden("in_use", to).and(ui::button(format!("{verb} {}", one.name)).secondary());
        let tokens = self.frame.tokens(&format!("pause-{}", one.name));
        ui::post_form(format!("{}/pause", address(&one.name)), tokens, body).into()
    }

    fn form(&self) -> Html {
        let (typed, errors) = (&self.typed, &self.frame.errors);
        let name = match self.changes.as_str() {
            "" => Html::from(
                ui::input("name", "Name here", &typed.name).hint("For example, Bills").width(20).errors(errors),
            ),
            name => ui::hidden("name", name),
        };
        let port = ui::input("port", "Port", &typed.port).hint("Empty is 993").width(5).input_mode("numeric");
        let server = ui::row_of([
            ui::input("host", "Server", &typed.host).hint("For example, imap.example.gov.uk").width(20).errors(errors),
            port.errors(errors),
        ]);
        let password =
            ui::input("password", "Password", "").kind("password").autocomplete("off").width(20).errors(errors);
        let password = match self.changes.as_str() {
            "" => password,
            _ => password.hint("Empty keeps the one there is, for the same server and name"),
        };
        let own = match self.own_certificate {
            true => "There is one. Empty keeps it",
            false => "Only where your own authority signed the server's certificate: its certificate, as text",
        };
        let folders = ui::row_of([
            ui::input("folder", "Folder that is read", &typed.folder).hint("Empty is INBOX").width(10).errors(errors),
            ui::input("moved_to", "Folder for what is taken", &typed.moved_to)
                .hint("Empty leaves it there, marked as read")
                .width(10)
                .errors(errors),
        ]);
        let categories = self.categories.iter().map(|(code, name)| ui::choice(code, name));
        let every = ui::input("every_minutes", "Look every so many minutes", &typed.every_minutes).hint("Empty is 5");
        let mut ticks = vec![
            ui::choice("in_use", "Look at it").chosen(typed.in_use),
            ui::choice("acknowledge", "Acknowledge each message that opens a query, with its number and day")
                .chosen(typed.acknowledge),
        ];
        if self.own_certificate {
            ticks.push(ui::choice(
                "forget_certificate",
                "Forget the certificate: a public authority signs the server's",
            ));
        }
        let body = name
            .and(server)
            .and(ui::input("user_name", "Name that the server knows us by", &typed.user_name).width(20).errors(errors))
            .and(password)
            .and(ui::textarea("certificate", "Certificate", &typed.certificate).hint(own).errors(errors))
            .and(folders)
            .and(
                ui::input("query_owner", "Who looks after the queries it opens", &typed.query_owner)
                    .width(20)
                    .errors(errors),
            )
            .and(
                ui::select(
                    "query_category",
                    "What they are about, until somebody says",
                    &typed.query_category,
                    categories,
                )
                .errors(errors),
            )
            .and(every.width(4).input_mode("numeric").errors(errors))
            .and(ui::checkboxes("then", "What it does", ticks).errors(errors))
            .and(ui::button(if self.changes.is_empty() { "Add mailbox" } else { "Save mailbox" }));
        let (title, at) = match self.changes.as_str() {
            "" => ("Add a mailbox", "/admin/mailboxes".to_owned()),
            name => ("What it is", address(name)),
        };
        ui::panel(title, ui::post_form(at, self.frame.tokens("mailbox"), body).guarded()).into()
    }
}

/// The page of a mailbox.
fn address(name: &str) -> String {
    format!("/admin/mailboxes/{}", crate::web::door::path_part(name))
}

impl Plain for Mailboxes {
    fn above(&self) -> Html {
        match self.changes.as_str() {
            "" => super::admin::tabs(&self.frame, "/admin/mailboxes"),
            _ => ui::breadcrumbs([("/admin/mailboxes", "Mailboxes")]).into(),
        }
    }

    fn body(&self) -> Html {
        if self.changes.is_empty() { self.list().and(self.form()) } else { self.form() }
    }
}
