//! Importing a bank statement: handing it in, and what it would bring.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::money::Pence;

/// Handing in a bank statement, and the check of one.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct StatementCheck {
    /// The frame; errors belong to `file` and `bank_account`.
    pub frame: Frame,
    /// Our bank accounts by name.
    pub accounts: Vec<String>,
    /// The account chosen; empty to let the file say.
    pub account: String,
    /// The format chosen; empty to let the bytes say.
    pub format: String,
    /// Whether it is taken although it does not follow.
    pub accept_gap: bool,
    /// Why.
    pub reason: String,
    /// Layouts that people wrote, of CSV and of agents' payment files: format and words.
    pub own_layouts: Vec<(String, String)>,
    /// What is wrong in the file: where, and what.
    pub problems: Vec<(String, String)>,
    /// What it would bring; none before it was handed in, or where it cannot be trusted.
    pub found: Option<Found>,
}

/// A statement file as read.
#[derive(Clone, Debug)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// The hash under which it is kept to be imported.
    pub kept: String,
    /// Its format.
    pub format: String,
    /// New lines, and those that came before.
    pub lines: (i64, i64),
    /// Money in and out of the new lines.
    pub moved: (Pence, Pence),
    /// `Already imported on 3 November 2026`; may be empty.
    pub already: String,
    /// What is odd but does not stop it.
    pub odd: Vec<String>,
    /// Its statements.
    pub statements: Vec<FoundStatement>,
}

/// One statement of the file.
#[derive(Clone, Debug)]
pub struct FoundStatement {
    /// Our account.
    pub account: String,
    /// The bank's number.
    pub number: String,
    /// `17 to 18 November 2026`.
    pub days: String,
    /// Balances at both ends, where the file says.
    pub balances: (Option<Pence>, Option<Pence>),
    /// New lines, and those that came before.
    pub lines: (i64, i64),
    /// Money in and out of the new lines.
    pub moved: (Pence, Pence),
}

impl StatementCheck {
    /// The heading.
    pub fn heading(&self) -> String {
        "Import a bank statement".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, problems, found| Self {
            frame,
            accounts: vec!["Main account".into()],
            account: String::new(),
            format: String::new(),
            accept_gap: false,
            reason: String::new(),
            own_layouts: vec![("csv:our-bank".into(), "CSV, our-bank".into())],
            problems,
            found,
        };
        let statement = FoundStatement {
            account: "Main account".into(),
            number: "322".into(),
            days: "17 to 18 November 2026".into(),
            balances: (Some(Pence(1_000_000)), Some(Pence(42_220_019))),
            lines: (386, 2),
            moved: (Pence(41_220_019), Pence::ZERO),
        };
        let found = Found {
            name: "camt053-18-november.xml".into(),
            kept: "9f2ac1".into(),
            format: "camt.053".into(),
            lines: (386, 2),
            moved: (Pence(41_220_019), Pence::ZERO),
            already: String::new(),
            odd: vec!["Line 12: no reference".into()],
            statements: vec![statement],
        };
        let again =
            Found { already: "Already imported on 3 November 2026".into(), statements: Vec::new(), ..found.clone() };
        let wrong = Frame::sample("Cash")
            .wrong("file", "The file cannot be trusted. Correct it, or ask the bank, and hand it in again");
        let problems =
            vec![("line 4".to_owned(), "The closing balance is not the opening balance and the entries".to_owned())];
        vec![
            ("empty", page(Frame::sample("Cash"), Vec::new(), None)),
            ("wrong", page(wrong, problems, None)),
            ("clean", page(Frame::sample("Cash"), Vec::new(), Some(found))),
            ("again", page(Frame::sample("Cash"), Vec::new(), Some(again))),
        ]
    }

    fn hand_in(&self) -> Html {
        let errors = &self.frame.errors;
        let any = std::iter::once((String::new(), "The file says".to_owned()));
        let accounts = any.chain(self.accounts.iter().map(|name| (name.clone(), name.clone())));
        let shipped = [
            ("", "The file says"),
            ("camt", "camt.053 (XML)"),
            ("mt940", "MT940"),
            ("bai2", "BAI2"),
            ("ofx", "OFX or QFX"),
            ("csv:neutral", "CSV, neutral columns"),
        ];
        let file = ui::file_field("file", "File", ".xml,.txt,.sta,.940,.mt940,.csv,.ofx,.qfx,.bai,.bai2,.zip")
            .hint("camt.053, MT940, BAI2, OFX, CSV, or an agent's payment file; at most 64 MB")
            .errors(errors);
        let shipped = shipped.map(|(value, words)| (value.to_owned(), words.to_owned()));
        let formats = shipped.into_iter().chain(self.own_layouts.iter().cloned());
        let gap = ui::choice("yes", "Import it although it does not follow the last one, or may be a correction")
            .chosen(self.accept_gap);
        let body = Html::from(file)
            .and(ui::select("bank_account", "Bank account", &self.account, accounts).errors(errors))
            .and(ui::select("format", "Format", &self.format, formats).errors(errors))
            .and(ui::checkboxes("accept_gap", "A gap before it", [gap]).errors(errors))
            .and(
                ui::input("reason", "Why", &self.reason)
                    .hint("Only where it does not follow: what the bank says")
                    .errors(errors),
            )
            .and(ui::button("Check the file"));
        ui::post_form("/cash/import", self.frame.tokens("check"), body).with_file().into()
    }

    fn result(&self, file: &Found) -> Html {
        let tiles = ui::figures([
            ui::figure("New lines", Some(ui::number(file.lines.0))),
            ui::figure("Came before", Some(ui::number(file.lines.1))),
            ui::figure("Money in", Some(ui::money(file.moved.0))),
            ui::figure("Money out", Some(ui::money(file.moved.1))),
        ]);
        let rows = file.statements.iter().map(|one| {
            ui::row()
                .cell(&one.account)
                .cell(ui::or_dash(&one.number))
                .cell(ui::or_dash(&one.days))
                .cell(one.balances.0)
                .cell(one.moved.0)
                .cell(one.moved.1)
                .cell(one.balances.1)
                .cell(one.lines.0)
                .cell(one.lines.1)
        });
        let table = ui::table("Statements of the file")
            .columns([
                ui::col("Account"),
                ui::col("Statement"),
                ui::col("Days"),
                ui::num("Opening"),
                ui::num("In"),
                ui::num("Out"),
                ui::num("Closing"),
                ui::num("New"),
                ui::num("Before"),
            ])
            .rows(rows);
        let odd = ui::parts(file.odd.iter().map(ui::muted));
        let next = if file.already.is_empty() {
            let kept =
                [("kept", &file.kept), ("name", &file.name), ("bank_account", &self.account), ("format", &self.format)];
            let kept = ui::parts(kept.map(|(name, value)| ui::hidden(name, value)));
            let gap = if self.accept_gap {
                ui::parts([ui::hidden("accept_gap", "yes"), ui::hidden("reason", &self.reason)])
            } else {
                Html::default()
            };
            let body = kept.and(gap).and(ui::button("Import the new lines"));
            Html::from(ui::post_form("/cash/import/release", self.frame.tokens("release"), body))
        } else {
            ui::para(ui::strong(&file.already, false)).into()
        };
        let table = if file.statements.is_empty() { Html::default() } else { table.into() };
        Html::from(ui::muted(format!("{}, {}", file.name, file.format))).and(tiles).and(table).and(odd).and(next)
    }
}

impl Plain for StatementCheck {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash")]).into()
    }

    fn actions(&self) -> Html {
        ui::link("/cash/files", "Files from the bank").and(" ").and(ui::link("/cash/layouts", "Layouts of CSV"))
    }

    fn body(&self) -> Html {
        let says = ui::para(
            "The whole file is checked first. A line that came before changes nothing, in whichever file it comes.",
        );
        match (&self.found, self.problems.is_empty()) {
            (Some(file), _) => self.result(file).and(ui::panel("Hand in another file", self.hand_in())),
            (None, true) => Html::from(says).and(self.hand_in()),
            (None, false) => {
                let rows =
                    self.problems.iter().map(|(at, what)| ui::row().cell(ui::or_dash(at)).cell(what).wrong(true));
                let table =
                    ui::table("What is wrong in the file").columns([ui::col("Where"), ui::col("What")]).rows(rows);
                Html::from(ui::panel("What is wrong in the file", table)).and(self.hand_in())
            }
        }
    }
}
