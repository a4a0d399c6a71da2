//! Direct Debit: the list, a run from its preview to the bank's own line, reports and claims.

use super::plain::Plain;
use crate::web::ui::{self, Errors, Frame, Html};
use askama::Template;
use chrono::NaiveDate;

/// Where a page of Direct Debit stands among the others.
pub fn places(here: &str) -> Html {
    let all = [
        ("/direct-debits", "Mandates"),
        ("/direct-debits/runs", "Runs"),
        ("/direct-debits/unpaid", "Unpaid"),
        ("/direct-debits/reports", "Bacs reports"),
        ("/direct-debits/claims", "Claims"),
    ];
    let nav =
        all.iter().fold(ui::sub_navigation("Direct Debit"), |nav, (href, name)| nav.place(*name, *href, *name == here));
    nav.into()
}

/// A state as a tag.
pub fn state_tag(state: &str) -> ui::Tag {
    let colour = match state {
        "active" | "acknowledged" | "taken" | "applied" | "accepted" => ui::TagColour::Green,
        "awaiting_lodgement" | "lodged" | "waiting" | "noticed" | "in_run" | "releasing" => ui::TagColour::Yellow,
        "suspended" | "unpaid" | "claimed" | "held" | "open" | "rejected" => ui::TagColour::Red,
        "written" | "sent" | "challenged" => ui::TagColour::Blue,
        _ => ui::TagColour::Grey,
    };
    let words = match state {
        "awaiting_lodgement" => "Waiting to be lodged".to_owned(),
        "noticed" => "Notified".to_owned(),
        "in_run" => "In a run".to_owned(),
        "written" => "File written".to_owned(),
        "waiting" => "Waiting for a yes".to_owned(),
        "releasing" => "Ready to release".to_owned(),
        other => {
            let mut words = other.replace('_', " ");
            if let Some(first) = words.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            words
        }
    };
    ui::tag(words, colour)
}

/// A row of any of the lists: its cells, ready.
pub type Cells = Vec<Html>;

fn table_of(caption: &str, columns: Vec<ui::Column>, rows: &[Cells]) -> Html {
    let rows = rows.iter().map(|cells| cells.iter().fold(ui::row(), |row, cell| row.cell(cell.clone())));
    ui::table(caption).columns(columns).rows(rows).into()
}

/// The mandates, and what waits.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct DirectDebits {
    /// The frame.
    pub frame: Frame,
    /// Words, figure, note and address.
    pub position: Vec<(String, String, String, String)>,
    /// States with their counts: word, name, count.
    pub states: Vec<(String, String, i64)>,
    /// The state shown.
    pub state: String,
    /// Reference, customer, payer, account, state, last collected.
    pub rows: Vec<Cells>,
    /// The page shown, from 1; whether there is another.
    pub page: (i64, bool),
    /// Whether the reader sets mandates up.
    pub may_set_up: bool,
    /// Whether the reader notifies and asks for runs.
    pub may_run: bool,
    /// What was typed as the day of notices.
    pub due_by: String,
    /// Why nothing can be collected yet; empty when all is set up.
    pub missing: String,
}

impl DirectDebits {
    /// The heading.
    pub fn heading(&self) -> String {
        "Direct Debits".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = vec![
            ui::link("/direct-debits/mandates/DD10000001", "DD10000001"),
            ui::link("/customers/C103316", "Joyce Pemberton"),
            "Mr A Pemberton".into(),
            "ending 7491".into(),
            state_tag("active").into(),
            ui::date(super::sampled::on(2026, 11, 2)),
        ];
        let page = |frame, rows, missing: &str| Self {
            frame,
            position: vec![(
                "Reports to deal with".into(),
                "2".into(),
                "items".into(),
                "/direct-debits/reports".into(),
            )],
            states: vec![("active".into(), "Active".into(), 412)],
            state: String::new(),
            rows,
            page: (1, true),
            may_set_up: true,
            may_run: true,
            due_by: String::new(),
            missing: missing.into(),
        };
        let wrong = Frame::sample("Cash").wrong("due_by", "Enter a date such as 19/11/26");
        vec![
            ("full", page(Frame::sample("Cash"), vec![row], "")),
            ("empty", page(Frame::sample("Cash"), Vec::new(), "No weight table is loaded.")),
            ("error", page(wrong, Vec::new(), "")),
        ]
    }
}

impl Plain for DirectDebits {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash")]).into()
    }

    fn actions(&self) -> Html {
        let mut actions = Html::default();
        if self.may_set_up {
            actions = actions.and(ui::link_button("Set up a mandate", "/direct-debits/new"));
        }
        if self.may_run {
            actions = actions.and(ui::link_button("Plan a collection run", "/direct-debits/plan").secondary());
        }
        actions
    }

    fn body(&self) -> Html {
        let tiles = self
            .position
            .iter()
            .map(|(words, figure, note, href)| ui::figure(words, Some(figure.clone())).note(note).href(href));
        let missing = if self.missing.is_empty() {
            Html::default()
        } else {
            ui::alert(ui::AlertKind::Warning, &self.missing).into()
        };
        let states = self.states.iter().fold(ui::sub_navigation("Mandates by state"), |nav, (word, name, count)| {
            let href = if word.is_empty() { "/direct-debits".into() } else { format!("/direct-debits?state={word}") };
            nav.counted(name, *count, href, *word == self.state)
        });
        let list = if self.rows.is_empty() {
            ui::empty("No mandates here", "None is in this state.").into()
        } else {
            let columns = vec![
                ui::col("Mandate"),
                ui::col("Customer"),
                ui::col("Payer"),
                ui::col("Account").nowrap(),
                ui::col("State"),
                ui::col("Last collected").nowrap(),
            ];
            table_of("Mandates, newest first", columns, &self.rows)
        };
        let turn = |page: i64, words: &str| ui::link(format!("/direct-debits?state={}&page={page}", self.state), words);
        let mut turns = Html::default();
        if self.page.0 > 1 {
            turns = turns.and(turn(self.page.0 - 1, "Newer"));
        }
        if self.page.1 {
            turns = turns.and(turn(self.page.0 + 1, "Older"));
        }
        places("Mandates")
            .and(missing)
            .and(ui::figures(tiles))
            .and(states)
            .and(list)
            .and(ui::para(turns))
            .and(self.notices())
    }
}

impl DirectDebits {
    fn notices(&self) -> Html {
        if !self.may_run {
            return Html::default();
        }
        let day = ui::date_input("due_by", "Invoices due up to", &self.due_by)
            .hint("One letter for each payer and day, never sooner than the notice agreed. Nobody is told twice.")
            .errors(&self.frame.errors);
        let form = ui::post_form(
            "/direct-debits/notices",
            self.frame.tokens("notices"),
            Html::from(day).and(ui::button("Write advance notices")),
        );
        ui::panel("Advance notice", form.guarded()).into()
    }
}

/// A run: its preview, or the run itself.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CollectionRun {
    /// The frame.
    pub frame: Frame,
    /// Its number; empty for a preview.
    pub number: String,
    /// Where it stands; empty for a preview.
    pub state: String,
    /// The collection day as typed or stored.
    pub entry_on: String,
    /// Its facts: name and words.
    pub facts: Vec<(String, Html)>,
    /// Number, mandate, customer, account, code, amount.
    pub rows: Vec<Cells>,
    /// Number, mandate, customer, why, amount.
    pub left_out: Vec<Cells>,
    /// Hash of what was read.
    pub content_hash: String,
    /// Whether the reader may ask for it.
    pub may_ask: bool,
    /// Whether the reader may release it now.
    pub may_release: bool,
    /// Whether the reader may mark it as sent.
    pub may_mark: bool,
    /// Whether there is a file to take.
    pub has_file: bool,
    /// Bank lines it may be: id and words.
    pub bank_lines: Vec<(i64, String)>,
}

impl CollectionRun {
    /// The heading.
    pub fn heading(&self) -> String {
        if self.number.is_empty() { "Plan a collection run".into() } else { format!("Collection run {}", self.number) }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row: Cells = vec![
            "COL-000041".into(),
            ui::link("/direct-debits/mandates/DD10000001", "DD10000001"),
            "Joyce Pemberton".into(),
            "ending 7491".into(),
            "01 first".into(),
            sundry_domain::money::Pence(15_000).into(),
        ];
        let out: Cells = vec![
            "COL-000042".into(),
            "DD10000002".into(),
            "George Okafor".into(),
            Html::from("DD10000002 was told £20.00 and £10.00 is open of what it was for")
                .and(ui::sub_line("DD-04-AMOUNT")),
            sundry_domain::money::Pence(2_000).into(),
        ];
        let page = |frame, number: &str, state: &str| Self {
            frame,
            number: number.into(),
            state: state.into(),
            entry_on: "2026-12-01".into(),
            facts: vec![
                ("Sum".into(), sundry_domain::money::Pence(15_000).into()),
                ("File goes in on".into(), "27 November 2026".into()),
            ],
            rows: vec![row.clone()],
            left_out: if number.is_empty() { vec![out.clone()] } else { Vec::new() },
            content_hash: "ab".repeat(32),
            may_ask: true,
            may_release: state == "releasing",
            may_mark: state == "written",
            has_file: state == "written",
            bank_lines: if state == "written" { vec![(7, "1 Dec 2026, BACS 123456".into())] } else { Vec::new() },
        };
        let mut blank = page(Frame::sample("Cash").wrong("entry_on", "Enter a date such as 19/11/26"), "", "");
        (blank.rows, blank.left_out, blank.facts, blank.content_hash) = (vec![], vec![], vec![], String::new());
        vec![
            ("error", blank),
            ("preview", page(Frame::sample("Cash"), "", "")),
            ("ready", page(Frame::sample("Cash"), "DD-000012", "releasing")),
            ("written", page(Frame::sample("Cash"), "DD-000012", "written")),
        ]
    }
}

impl Plain for CollectionRun {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/direct-debits", "Direct Debits"), ("/direct-debits/runs", "Runs")])
            .into()
    }

    fn caption(&self) -> Html {
        if self.state.is_empty() { Html::default() } else { state_tag(&self.state).into() }
    }

    fn body(&self) -> Html {
        let facts = self.facts.iter().fold(ui::summary_list(), |list, (name, words)| list.fact(name, words.clone()));
        let facts = if self.facts.is_empty() { Html::default() } else { facts.into() };
        let columns = vec![
            ui::col("Collection"),
            ui::col("Mandate"),
            ui::col(if self.number.is_empty() { "Customer" } else { "State" }),
            ui::col("Account").nowrap(),
            ui::col("Code"),
            ui::num("Amount"),
        ];
        let taken = match (self.rows.is_empty(), self.facts.is_empty()) {
            (true, true) => Html::default(),
            (true, false) => ui::empty("Nothing to collect", "No collection may be taken on this day.").into(),
            _ => table_of("Collections", columns, &self.rows),
        };
        let left_out = if self.left_out.is_empty() {
            Html::default()
        } else {
            let columns = vec![
                ui::col("Collection"),
                ui::col("Mandate"),
                ui::col("Customer"),
                ui::col("Left out because"),
                ui::num("Amount"),
            ];
            Html::from(ui::heading("Left out")).and(table_of("Left out, and why", columns, &self.left_out))
        };
        self.choose().and(facts).and(self.acts()).and(taken).and(left_out)
    }
}

impl CollectionRun {
    fn choose(&self) -> Html {
        if !self.number.is_empty() {
            return Html::default();
        }
        let day = ui::date_input("entry_on", "Collection day", &self.entry_on)
            .hint("A day that is no working day rolls forward. The file goes in two working days before.")
            .error(self.frame.errors.of("entry_on"));
        ui::filters("/direct-debits/plan").field(day).verb("Look").into()
    }

    fn form(&self, name: &str, action: &str, fields: Html) -> Html {
        ui::post_form(action, self.frame.tokens(name), fields).guarded().into()
    }

    fn acts(&self) -> Html {
        let mut acts = Html::default();
        if self.number.is_empty() && self.may_ask && !self.content_hash.is_empty() {
            let fields = ui::hidden("entry_on", &self.entry_on)
                .and(ui::hidden("content_hash", &self.content_hash))
                .and(ui::button("Ask for approval"));
            acts = acts
                .and(ui::muted("Somebody else says yes. Then it is posted, and the file is written once."))
                .and(self.form("ask", "/direct-debits/plan", fields));
        }
        let here = format!("/direct-debits/runs/{}", self.number);
        if self.may_release {
            acts = acts.and(self.form("release", &format!("{here}/release"), ui::button("Release the run").into()));
        }
        if self.has_file {
            acts = acts.and(ui::para(ui::link(format!("{here}/file"), "Download the file for the bank’s software")));
        }
        if self.may_mark {
            let fields = ui::hidden("file_sha256", &self.content_hash).and(ui::button("It was sent").secondary());
            acts = acts.and(self.form("sent", &format!("{here}/sent"), fields));
        }
        for (line, words) in &self.bank_lines {
            let fields = ui::hidden("line", line.to_string())
                .and(ui::button(format!("The bank credited it: {words}")).secondary());
            acts = acts.and(self.form(&format!("bank{line}"), &format!("{here}/bank"), fields));
        }
        acts
    }
}

/// A list of runs, reports, unpaid collections or claims, each row with what may be done about it.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Reports {
    /// The frame.
    pub frame: Frame,
    /// Which list: Runs, Unpaid, Bacs reports or Claims.
    pub place: &'static str,
    /// A sentence under the heading.
    pub lead: String,
    /// Heading of each column; `true` for figures.
    pub columns: Vec<(&'static str, bool)>,
    /// The rows.
    pub rows: Vec<Cells>,
    /// Forms under the list: title, address, hidden fields, and what is asked.
    pub forms: Vec<Ask>,
    /// Whether a report may be imported here.
    pub may_import: bool,
}

/// Something a person says about one row.
#[derive(Clone, Debug)]
pub struct Ask {
    /// What it is about.
    pub title: String,
    /// What is known of it.
    pub about: String,
    /// Where it is sent.
    pub action: String,
    /// Name and value.
    pub hidden: Vec<(String, String)>,
    /// Field, label and hint of a text; none for none.
    pub words: Option<(String, String, String)>,
    /// Field and label of a day; none for none.
    pub day: Option<(String, String)>,
    /// Value and verb of each button; the name is `do`.
    pub verbs: Vec<(String, String)>,
    /// What was typed as text and as day.
    pub typed: (String, String),
}

impl Reports {
    /// The heading.
    pub fn heading(&self) -> String {
        match self.place {
            "Runs" => "Collection runs".into(),
            "Unpaid" => "Unpaid collections".into(),
            "Claims" => "Indemnity claims".into(),
            other => other.to_owned(),
        }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let ask = Ask {
            title: "NOBODY123".into(),
            about: "No mandate has the reference NOBODY123".into(),
            action: "/direct-debits/reports/settle".into(),
            hidden: vec![("item".into(), "amended|2026-11-25|NOBODY123".into())],
            words: Some(("words-1".into(), "What was done about it".into(), String::new())),
            day: Some(("day-1".into(), "Collection day".into())),
            verbs: vec![(String::new(), "Settle".into())],
            typed: (String::new(), String::new()),
        };
        let row =
            vec!["ARUDD".into(), ui::date(super::sampled::on(2026, 11, 25)), "3".into(), state_tag("held").into()];
        let page = |frame, place, rows, forms| Self {
            frame,
            place,
            lead: "Reports are taken in before the next file is made.".into(),
            columns: vec![("Report", false), ("Of", false), ("Items", true), ("State", false)],
            rows,
            forms,
            may_import: place == "Bacs reports",
        };
        let wrong = Frame::sample("Cash").wrong("file", "Choose the report, XML or ZIP");
        vec![
            ("reports", page(Frame::sample("Cash"), "Bacs reports", vec![row], vec![ask])),
            ("error", page(wrong, "Bacs reports", Vec::new(), Vec::new())),
            ("claims-empty", page(Frame::sample("Cash"), "Claims", Vec::new(), Vec::new())),
        ]
    }

    fn ask(&self, place: usize, ask: &Ask) -> Html {
        let hidden = ask.hidden.iter().fold(Html::default(), |all, (name, value)| all.and(ui::hidden(name, value)));
        let errors: &Errors = &self.frame.errors;
        let mut fields = hidden.and(ui::para(&ask.about));
        if let Some((field, label)) = &ask.day {
            fields = fields.and(ui::date_input(field, label, &ask.typed.1).errors(errors));
        }
        if let Some((field, label, hint)) = &ask.words {
            fields = fields.and(ui::textarea(field, label, &ask.typed.0).hint(hint).rows(2).errors(errors));
        }
        let buttons = ask.verbs.iter().map(|(value, verb)| ui::button(verb).secondary().named("do", value));
        fields = fields.and(ui::parts(buttons));
        let form = ui::post_form(&ask.action, self.frame.tokens(&format!("ask{place}")), fields).guarded();
        ui::panel(&ask.title, form).into()
    }
}

impl Plain for Reports {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/direct-debits", "Direct Debits")]).into()
    }

    fn body(&self) -> Html {
        let column = |(name, figure): &(&'static str, bool)| if *figure { ui::num(*name) } else { ui::col(*name) };
        let list = if self.rows.is_empty() {
            ui::empty("Nothing here", "There is none at present.").into()
        } else {
            table_of(&self.heading(), self.columns.iter().map(column).collect(), &self.rows)
        };
        let import = if self.may_import {
            let file = ui::file_field("file", "Report of the bank: XML or ZIP", ".xml,.zip").errors(&self.frame.errors);
            let form = ui::post_form(
                "/direct-debits/reports",
                self.frame.tokens("import"),
                Html::from(file).and(ui::button("Take it in")),
            );
            Html::from(ui::panel("Take a report in", form.with_file().guarded()))
        } else {
            Html::default()
        };
        let asks = self.forms.iter().enumerate().map(|(place, ask)| self.ask(place, ask));
        places(self.place).and(ui::muted(&self.lead)).and(import).and(list).and(ui::parts(asks))
    }
}

/// A day in words, or a dash.
pub fn day_or_dash(day: Option<NaiveDate>) -> Html {
    day.map_or_else(|| "–".into(), ui::date)
}
