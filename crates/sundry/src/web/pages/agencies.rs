//! Collection agencies: all of them compared, one with its terms, placing debts, a placement, a statement.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour, tag};
use askama::Template;
use sundry_desk::recovery::agencies::{
    AgencyCompared, AgencyLine, AgencyShown, PlacementPreview, PlacementShown, RemittanceShown, RemittanceTaken,
};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_domain::recovery::placement::closure_of;
use sundry_store::agency::PlacementLine;

const HOME: &str = "/recovery/agencies";

/// Where a placement stands, for people.
pub fn state(code: &str, held: bool) -> ui::Tag {
    let (words, colour) = match code {
        "sent" => ("Sent, not answered", TagColour::Yellow),
        "with_agency" if held => ("Told to wait", TagColour::Orange),
        "with_agency" => ("With the agency", TagColour::Blue),
        "rejected" => ("Not taken", TagColour::Grey),
        "recalled" => ("Called back", TagColour::Orange),
        "returned" => ("Returned", TagColour::Grey),
        _ => ("Closed", TagColour::Grey),
    };
    tag(words, colour)
}

fn rate(bp: i64) -> String {
    BasisPoints(bp).to_string()
}

fn up() -> Html {
    ui::breadcrumbs([("/recovery", "Recovery"), (HOME, "Agencies")]).into()
}

/// Every agency, and how they compare.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Agencies {
    /// The frame.
    pub frame: Frame,
    /// The agencies.
    pub rows: Vec<AgencyLine>,
    /// How they compare on debts placed between the two days.
    pub compared: Vec<AgencyCompared>,
    /// First and last day, as typed.
    pub days: (String, String),
    /// Whether the reader keeps the terms.
    pub may_set: bool,
    /// Whether the reader tells the agencies.
    pub may_tell: bool,
}

impl Agencies {
    /// The heading.
    pub fn heading(&self) -> String {
        "Collection agencies".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = AgencyLine {
            code: "MERC".into(),
            name: "Mercia Collections Ltd".into(),
            first_bp: 1_200,
            settlement: "net".into(),
            agreed: true,
            active: true,
            open_count: 14,
            open_pence: 1_842_211,
        };
        let one = AgencyCompared {
            agency: "MERC".into(),
            name: "Mercia Collections Ltd".into(),
            placed_count: 42,
            placed_pence: 5_211_400,
            open_count: 14,
            recalled_count: 9,
            closed_count: 7,
            paying_count: 21,
            collected_pence: 1_204_000,
            direct_pence: 220_000,
            commission_pence: 170_880,
            rate_bp: Some(2_733),
            cost_of_a_pound_e4: Some(1_200),
            days_to_first: Some(23),
        };
        let page = |rows, compared| Self {
            frame: Frame::sample("Recovery"),
            rows,
            compared,
            days: ("1 Apr 2026".into(), "19 Nov 2026".into()),
            may_set: true,
            may_tell: true,
        };
        vec![("full", page(vec![row], vec![one])), ("empty", page(Vec::new(), Vec::new()))]
    }

    fn comparison(&self) -> Html {
        let pounds_or_dash = |e4: Option<i64>| e4.map_or_else(|| "–".to_owned(), |e4| format!("{}p", (e4 + 50) / 100));
        let rows = self.compared.iter().map(|one| {
            ui::row()
                .cell(&one.name)
                .cell(one.placed_count)
                .cell(Pence(one.placed_pence))
                .cell(Pence(one.collected_pence))
                .cell(Pence(one.direct_pence))
                .cell(one.rate_bp.map_or_else(|| "–".to_owned(), rate))
                .cell(Pence(one.commission_pence))
                .cell(pounds_or_dash(one.cost_of_a_pound_e4))
                .cell(one.days_to_first.map_or_else(|| "–".to_owned(), |days| days.to_string()))
                .cell(one.recalled_count)
        });
        let table = ui::table("Agencies compared, the best first")
            .show_caption()
            .columns([
                ui::col("Agency"),
                ui::num("Placed"),
                ui::num("Sum"),
                ui::num("Collected"),
                ui::num("Paid to us"),
                ui::num("Rate"),
                ui::num("Commission"),
                ui::num("A pound costs"),
                ui::num("Days to first"),
                ui::num("Recalled"),
            ])
            .rows(rows);
        let errors = &self.frame.errors;
        let filter = ui::filters(HOME)
            .field(ui::date_input("from", "Placed from", &self.days.0).errors(errors))
            .field(ui::date_input("to", "Placed to", &self.days.1).errors(errors));
        Html::from(filter).and(table)
    }
}

impl Plain for Agencies {
    fn above(&self) -> Html {
        if self.frame.opens("/recovery") {
            ui::breadcrumbs([("/recovery", "Recovery")]).into()
        } else {
            Html::default()
        }
    }

    fn actions(&self) -> Html {
        let mut all = Html::default();
        if self.may_tell {
            let body = ui::button("Tell the agencies today's changes").secondary();
            all = all.and(ui::post_form("/recovery/agency-changes", self.frame.tokens("tell"), body).guarded());
        }
        if self.may_set {
            all = all.and(ui::link_button("Add an agency", format!("{HOME}/new/terms")).secondary());
        }
        if self.frame.opens("/recovery/traces") {
            all = all.and(ui::link_button("Searches", "/recovery/traces").secondary());
        }
        all
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            let words = "An administrator adds an agency with its commission and its data-sharing agreement.";
            return ui::empty("There are no agencies", words).into();
        }
        let rows = self.rows.iter().map(|row| {
            let stands = match (row.active, row.agreed) {
                (true, true) => tag("Takes debts", TagColour::Green),
                (_, false) => tag("No agreement in force", TagColour::Red),
                (false, true) => tag("Closed to new debts", TagColour::Grey),
            };
            ui::row()
                .cell(ui::link(format!("{HOME}/{}", row.code), &row.name))
                .cell(&row.code)
                .cell(rate(row.first_bp))
                .cell(if row.settlement == "net" { "Keeps it back" } else { "Invoices it" })
                .cell(row.open_count)
                .cell(Pence(row.open_pence))
                .cell(stands)
        });
        let table = ui::table("Agencies")
            .columns([
                ui::col("Agency"),
                ui::col("Code"),
                ui::num("Commission"),
                ui::col("Settles"),
                ui::num("Placed now"),
                ui::num("Balance"),
                ui::col("State"),
            ])
            .rows(rows);
        if self.compared.is_empty() { table.into() } else { Html::from(table).and(self.comparison()) }
    }
}

/// One agency.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Agency {
    /// The frame.
    pub frame: Frame,
    /// The agency.
    pub shown: AgencyShown,
    /// Whether the reader keeps the terms, places debts, brings in files, posts statements.
    pub may: [bool; 4],
    /// What was found in a file that was brought: a sentence, then each row to look at.
    pub found: Option<(String, Vec<String>)>,
    /// A statement that was checked.
    pub checked: Option<RemittanceTaken>,
    /// What was typed: kind, reason.
    pub typed: [String; 2],
}

fn placements_table(rows: &[PlacementLine]) -> Html {
    if rows.is_empty() {
        return ui::muted("Nothing is placed.").into();
    }
    let rows = rows.iter().map(|row| {
        ui::row()
            .cell(ui::link(format!("/recovery/placements/{}", row.number), &row.number))
            .cell(ui::link(format!("/customers/{}", row.customer_number), &row.customer_name))
            .cell(row.placed_on)
            .cell(Pence(row.placed_pence))
            .cell(Pence(row.open_pence))
            .cell(state(&row.state, row.held))
            .cell(why(row))
    });
    ui::table("Placements, newest first")
        .show_caption()
        .columns([
            ui::col("Placement").nowrap(),
            ui::col("Customer"),
            ui::col("Placed").nowrap(),
            ui::num("Sum"),
            ui::num("Open now"),
            ui::col("State"),
            ui::col("Why"),
        ])
        .rows(rows)
        .into()
}

/// Why a placement waits or came home: the rule, or how the agency closed it.
fn why(row: &PlacementLine) -> Html {
    if row.code.is_empty() { closed_as(&row.close_code) } else { ui::with_code(&row.why, &row.code) }
}

/// What an agency's closure code says, with the code beneath.
fn closed_as(code: &str) -> Html {
    ui::with_code(closure_of(code).map_or("", |closure| closure.name), code)
}

impl Agency {
    /// The heading.
    pub fn heading(&self) -> String {
        self.shown.agency.name.clone()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let shown = AgencyShown { agreed: true, ..sample_agency() };
        let page = |frame, found, checked| Self {
            frame,
            shown: shown.clone(),
            may: [true; 4],
            found,
            checked,
            typed: ["answers".into(), String::new()],
        };
        let checked = RemittanceTaken {
            number: String::new(),
            statement_no: "2026-11".into(),
            period_from: on(2026, 11, 1),
            period_to: on(2026, 11, 30),
            rows: 2,
            collected_agency_pence: 10_000,
            collected_client_pence: 5_000,
            commission_pence: 1_500,
            vat_pence: 300,
            expected_commission_pence: 1_500,
            net_pence: 8_200,
            receipts: 1,
            in_suspense: 0,
            over: 0,
            queries: vec![],
        };
        let found = ("1 taken, 0 not".to_owned(), vec!["Line 3: C9-1 is not placed with this agency".to_owned()]);
        let wrong = Frame::sample("Recovery").wrong("file", "collected_agency says 100.01 where 100.00 is found");
        vec![
            ("placements", page(Frame::sample("Recovery"), None, None)),
            ("answers", page(Frame::sample("Recovery"), Some(found), None)),
            ("checked", page(Frame::sample("Recovery"), None, Some(checked))),
            ("error", page(wrong, None, None)),
        ]
    }

    fn bring(&self) -> Html {
        let [_, _, brings, posts] = self.may;
        if !brings && !posts {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let kinds: Vec<(&str, &str)> = [
            (brings, "answers", "Which debts they take"),
            (brings, "closures", "Which debts they give back"),
            (brings, "arrangements", "Which arrangements they made or ended"),
            (brings, "stock", "What they say they hold"),
            (posts, "check", "A statement of what they paid over: check it"),
            (posts, "post", "A statement of what they paid over: post it"),
        ]
        .into_iter()
        .filter_map(|(may, value, words)| may.then_some((value, words)))
        .collect();
        let mut body = Html::from(ui::radios("kind", "What is in the file?", &self.typed[0], kinds).errors(errors))
            .and(ui::file_field("file", "File", ".csv").errors(errors));
        if posts {
            let why = ui::input("reason", "Why a missing statement does not matter", &self.typed[1])
                .hint("Only where a statement before this one has not come")
                .errors(errors);
            body = body.and(why);
        }
        let at = format!("{HOME}/{}/files", self.shown.agency.code);
        let form = ui::post_form(at, self.frame.tokens("bring"), body.and(ui::button("Bring in"))).with_file();
        ui::boxed("Bring in a file of theirs", form).into()
    }

    fn outcome(&self) -> Html {
        let mut all = Html::default();
        if let Some((words, rows)) = &self.found {
            let list = ui::checks(rows.iter().map(|row| (ui::Verdict::Look, row.clone())));
            let body = if rows.is_empty() { Html::default() } else { list.into() };
            all = all.and(ui::panel(words, body));
        }
        if let Some(one) = &self.checked {
            all = all.and(ui::panel(format!("Statement {}: nothing is posted yet", one.statement_no), statement(one)));
        }
        all
    }
}

fn statement(one: &RemittanceTaken) -> Html {
    let facts = ui::summary_list()
        .fact("Collected by them", Pence(one.collected_agency_pence))
        .fact("Paid to us", Pence(one.collected_client_pence))
        .fact("Commission", Pence(one.commission_pence))
        .fact("By the contract", Pence(one.expected_commission_pence))
        .fact("VAT on it", Pence(one.vat_pence))
        .fact("For the bank", Pence(one.net_pence))
        .fact("Receipts", one.receipts)
        .fact("Not known, in suspense", one.in_suspense);
    let ask = one
        .queries
        .iter()
        .map(|query| (ui::Verdict::Look, format!("Line {}, {}: {}", query.line, query.placement, query.words)));
    let ask: Vec<(ui::Verdict, String)> = ask.collect();
    if ask.is_empty() { facts.into() } else { Html::from(facts).and(ui::heading("To ask them")).and(ui::checks(ask)) }
}

impl Plain for Agency {
    fn above(&self) -> Html {
        if self.frame.opens("/recovery") { up() } else { ui::breadcrumbs([(HOME, "Agencies")]).into() }
    }

    fn caption(&self) -> Html {
        self.shown.agency.code.clone().into()
    }

    fn actions(&self) -> Html {
        let at = |what: &str| format!("{HOME}/{}/{what}", self.shown.agency.code);
        let mut all = Html::default();
        if self.may[1] {
            all = all.and(ui::link_button("Place debts", at("place")));
        }
        if self.may[0] {
            all = all.and(ui::link_button("Change terms", at("terms")).secondary());
        }
        all
    }

    fn body(&self) -> Html {
        let row = &self.shown.agency;
        let agreement = match row.agreement_from {
            None => Html::from(tag("None", TagColour::Red)),
            Some(from) => {
                let until = row.agreement_to.map_or_else(Html::default, |to| Html::from(" to ").and(ui::long_date(to)));
                Html::from(format!("{},", row.agreement)).and(ui::long_date(from)).and(until)
            }
        };
        let facts = ui::summary_list()
            .fact(
                "Commission",
                format!(
                    "{} the first time, {} later, VAT {}",
                    rate(row.first_bp),
                    rate(row.second_bp),
                    rate(row.vat_bp)
                ),
            )
            .fact(
                "Settles",
                if row.settlement == "net" { "Keeps commission back" } else { "Pays over all, invoices commission" },
            )
            .fact("After a recall", format!("Commission for {}", ui::count_of(row.after_recall_days, "day", "days")))
            .fact("Least balance", Pence(row.least_pence))
            .fact("Data-sharing agreement", agreement)
            .fact("Takes new debts", if row.active { "Yes" } else { "No" });
        let files = self.shown.files.iter().map(|file| {
            let at = format!("/recovery/agency-files/{}", file.number);
            let control = match file.control_name.as_str() {
                "" => Html::from("–"),
                name => ui::link(format!("{at}?control=true"), name),
            };
            ui::row()
                .cell(file.dated_on)
                .cell(ui::link(&at, &file.name))
                .cell(words_of(&file.kind))
                .cell(file.rows_count)
                .cell(control)
        });
        let files = match self.shown.files.is_empty() {
            true => Html::default(),
            false => ui::table("Files, newest first")
                .show_caption()
                .columns([
                    ui::col("Day").nowrap(),
                    ui::col("File"),
                    ui::col("What"),
                    ui::num("Rows"),
                    ui::col("Control file"),
                ])
                .rows(files)
                .into(),
        };
        let said = self.shown.remittances.iter().map(|one| {
            ui::row()
                .cell(ui::link(format!("/recovery/agency-statements/{}", one.number), &one.statement_no))
                .cell(one.posted_on)
                .cell(Pence(one.collected_agency_pence))
                .cell(Pence(one.commission_pence))
                .cell(Pence(one.net_pence))
                .cell(one.queried_count)
        });
        let said = match self.shown.remittances.is_empty() {
            true => Html::default(),
            false => ui::table("Statements, newest first")
                .show_caption()
                .columns([
                    ui::col("Statement"),
                    ui::col("Posted").nowrap(),
                    ui::num("Collected"),
                    ui::num("Commission"),
                    ui::num("For the bank"),
                    ui::num("To ask"),
                ])
                .rows(said)
                .into(),
        };
        let left = self.outcome().and(placements_table(&self.shown.placements)).and(said).and(files);
        ui::grid([(8, left), (4, Html::from(facts).and(self.bring()))]).into()
    }
}

#[cfg(test)]
fn sample_agency() -> AgencyShown {
    use super::sampled::on;
    use sundry_store::agency::{AgencyFileRow, AgencyRow, RemittanceRow};
    let at = chrono::DateTime::UNIX_EPOCH;
    AgencyShown {
        agency: AgencyRow {
            id: 1,
            code: "MERC".into(),
            name: "Mercia Collections Ltd".into(),
            email: "clients@example.org".into(),
            client_code: "NCC1".into(),
            first_bp: 1_200,
            second_bp: 2_000,
            vat_bp: 2_000,
            settlement: "net".into(),
            after_recall_days: 0,
            least_pence: 5_000,
            shares_vulnerable: true,
            shares_birth: false,
            agreement: "DSA 2026/14".into(),
            agreement_from: Some(on(2026, 4, 1)),
            agreement_to: Some(on(2027, 3, 31)),
            bank_account_id: None,
            active: true,
            actor_id: 1,
            recorded_at: at,
            version: 2,
        },
        agreed: true,
        placements: vec![PlacementLine {
            id: 1,
            number: "C103316-1".into(),
            agency: "MERC".into(),
            customer_number: "C103316".into(),
            customer_name: "Joyce Pemberton".into(),
            placed_on: on(2026, 10, 5),
            placed_pence: 123_692,
            open_pence: 93_692,
            state: "with_agency".into(),
            held: true,
            code: "REC-X7-CASH".into(),
            why: "Money on the bank statement is not posted yet".into(),
            recalled_on: None,
            confirm_by: None,
            close_code: String::new(),
        }],
        files: vec![AgencyFileRow {
            id: 1,
            number: "AGF-000001".into(),
            agency_id: 1,
            kind: "placement".into(),
            name: "20261005-placement.csv".into(),
            file_sha256: "ab".into(),
            control_name: "20261005-placement.ctl".into(),
            control_sha256: "cd".into(),
            rows_count: 14,
            total_pence: 1_842_211,
            dated_on: on(2026, 10, 5),
            actor_name: "Amir Shah".into(),
            recorded_at: at,
        }],
        remittances: vec![RemittanceRow {
            id: 1,
            number: "AGR-000001".into(),
            agency_id: 1,
            statement_no: "2026-10".into(),
            period_from: on(2026, 10, 1),
            period_to: on(2026, 10, 31),
            name: "oct.csv".into(),
            file_sha256: "ef".into(),
            settlement: "net".into(),
            rows_count: 2,
            collected_agency_pence: 30_000,
            collected_client_pence: 0,
            commission_pence: 3_600,
            vat_pence: 720,
            net_pence: 25_680,
            expected_commission_pence: 3_600,
            queried_count: 1,
            posted_on: on(2026, 11, 3),
            posted_by: "Dana Cole".into(),
            recorded_at: at,
        }],
    }
}

/// An agency's terms.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct AgencyTerms {
    /// The frame.
    pub frame: Frame,
    /// Whether it is a new agency.
    pub new: bool,
    /// Field and what was typed.
    pub typed: Vec<(&'static str, String)>,
}

impl AgencyTerms {
    /// The fields of the form.
    pub const FIELDS: [&'static str; 16] = [
        "code",
        "version",
        "name",
        "email",
        "client_code",
        "first_bp",
        "second_bp",
        "vat_bp",
        "settlement",
        "after_recall_days",
        "least",
        "agreement",
        "agreement_from",
        "agreement_to",
        "shares",
        "active",
    ];

    /// The heading.
    pub fn heading(&self) -> String {
        if self.new { "Add an agency".to_owned() } else { format!("Terms of {}", self.of("name")) }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let typed = |agreement: &str| {
            Self::FIELDS
                .iter()
                .map(|field| {
                    let value = match *field {
                        "code" => "MERC",
                        "name" => "Mercia Collections Ltd",
                        "first_bp" => "12",
                        "second_bp" | "vat_bp" => "20",
                        "settlement" => "net",
                        "least" => "50.00",
                        "agreement" => agreement,
                        "active" => "yes",
                        "version" | "after_recall_days" => "0",
                        _ => "",
                    };
                    (*field, value.to_owned())
                })
                .collect()
        };
        let wrong = Frame::sample("Recovery")
            .wrong("agreement", "Enter the agreement's reference and its first day, or neither");
        vec![
            ("new", Self { frame: Frame::sample("Recovery"), new: true, typed: typed("") }),
            ("error", Self { frame: wrong, new: false, typed: typed("DSA 2026/14") }),
        ]
    }

    fn of(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value)
    }

    fn text(&self, field: &str, label: &str, width: u8) -> ui::Input {
        ui::input(field, label, self.of(field)).width(width).errors(&self.frame.errors)
    }
}

impl Plain for AgencyTerms {
    fn above(&self) -> Html {
        ui::breadcrumbs([(HOME, "Agencies")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let who = match self.new {
            true => Html::from(self.text("code", "Code", 10).hint("Ours: up to 12 capital letters and digits")),
            false => ui::hidden("code", self.of("code")),
        };
        let ways = [("net", "They keep commission back"), ("invoiced", "They pay over all and invoice commission")];
        let rates = ui::row_of([
            self.text("first_bp", "Commission, first time (%)", 5),
            self.text("second_bp", "Later (%)", 5),
            self.text("vat_bp", "VAT on it (%)", 5),
        ]);
        let agreed = ui::row_of([
            Html::from(self.text("agreement", "Data-sharing agreement", 20).hint("Its reference")),
            ui::date_input("agreement_from", "From", self.of("agreement_from")).errors(errors).into(),
            ui::date_input("agreement_to", "To", self.of("agreement_to"))
                .hint("Empty while it runs")
                .errors(errors)
                .into(),
        ]);
        let shares: Vec<&str> = self.of("shares").split(' ').collect();
        let boxes = [
            ui::choice("vulnerable", "That someone needs extra care, never why").chosen(shares.contains(&"vulnerable")),
            ui::choice("birth", "Dates of birth").chosen(shares.contains(&"birth")),
        ];
        let takes = [("yes", "Yes"), ("no", "No")];
        let body = ui::hidden("version", self.of("version"))
            .and(who)
            .and(self.text("name", "Name", 30))
            .and(ui::row_of([
                self.text("email", "E-mail address", 30),
                self.text("client_code", "What they call us", 10),
            ]))
            .and(rates)
            .and(ui::radios("settlement", "How do they settle?", self.of("settlement"), ways).errors(errors))
            .and(ui::row_of([
                Html::from(self.text("after_recall_days", "Days of commission after a recall", 4)),
                ui::amount_input("least", "Least balance they take", self.of("least")).errors(errors).into(),
            ]))
            .and(agreed)
            .and(ui::checkboxes("shares", "What may they be told?", boxes))
            .and(ui::radios("active", "Do they take new debts?", self.of("active"), takes).inline().errors(errors))
            .and(ui::button("Save terms"));
        let at = if self.new { "new" } else { self.of("code") };
        ui::post_form(format!("{HOME}/{at}/terms"), self.frame.tokens("terms"), body).guarded().into()
    }
}

/// Placing debts.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PlaceDebtsPage {
    /// The frame.
    pub frame: Frame,
    /// Name of the agency.
    pub name: String,
    /// Who may go and who not.
    pub preview: PlacementPreview,
    /// Customers that were typed.
    pub typed: String,
    /// Whether the reader places debts.
    pub may_place: bool,
}

impl PlaceDebtsPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Place debts with {}", self.name)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use sundry_desk::recovery::agencies::PlacementCandidate;
        let one = |customer: &str, refusal| PlacementCandidate {
            customer: customer.into(),
            name: "Joyce Pemberton".into(),
            items: vec!["INV-020817".into(), "INV-020911".into()],
            balance_pence: 123_692,
            round: 1,
            rate_bp: 1_200,
            refusal,
        };
        let no = sundry_domain::law::refusals::CASH_FIRST.because("£40.00 of this customer waits to be allocated");
        let candidates = vec![one("C103316", None), one("C100848", Some(no))];
        let page = |candidates, count| Self {
            frame: Frame::sample("Recovery"),
            name: "Mercia Collections Ltd".into(),
            preview: PlacementPreview { agency: "MERC".into(), candidates, count, total_pence: 123_692 * count },
            typed: String::new(),
            may_place: true,
        };
        vec![("preview", page(candidates, 1)), ("empty", page(Vec::new(), 0))]
    }
}

impl Plain for PlaceDebtsPage {
    fn above(&self) -> Html {
        up()
    }

    fn body(&self) -> Html {
        let at = format!("{HOME}/{}/place", self.preview.agency);
        let errors = &self.frame.errors;
        let find = ui::filters(&at)
            .field(ui::input("customers", "Account numbers", &self.typed).width(30).errors(errors))
            .label("Whose debts?")
            .verb("Look");
        let find = Html::from(ui::muted("Leave it empty for everybody whose letter of claim has gone.")).and(find);
        if self.preview.candidates.is_empty() {
            return find.and(ui::empty(
                "Nobody is ready",
                "A debt is ready when its letter of claim has gone and its time is over. Letters of claim go with the \
                 recovery runs.",
            )
            .action(ui::link("/recovery", "Look at the runs")));
        }
        let rows = self.preview.candidates.iter().map(|one| {
            let why = match &one.refusal {
                None => ui::hidden("customer", &one.customer).and(tag("May go", TagColour::Green)),
                Some(no) => Html::from(tag("Stays", TagColour::Orange))
                    .and(ui::sub_line(no.sentence.as_str()))
                    .and(ui::sub_line(no.code.as_str())),
            };
            ui::row()
                .cell(ui::link(format!("/customers/{}", one.customer), &one.name))
                .cell(&one.customer)
                .cell(one.items.join(", "))
                .cell(Pence(one.balance_pence))
                .cell(one.round)
                .cell(rate(one.rate_bp))
                .cell(why)
        });
        let table = ui::table("Who may go, the largest first")
            .columns([
                ui::col("Customer"),
                ui::col("Account").nowrap(),
                ui::col("Debts"),
                ui::num("Balance"),
                ui::num("Round"),
                ui::num("Commission"),
                ui::col("Verdict"),
            ])
            .rows(rows);
        if !self.may_place || self.preview.count == 0 {
            return find.and(table);
        }
        let words = format!(
            "Place {} of {}",
            ui::count_of(self.preview.count, "customer", "customers"),
            Pence(self.preview.total_pence)
        );
        let body = Html::from(table)
            .and(ui::para("Each is weighed again when you place them. Who may not go then is left out and named."))
            .and(ui::button(words));
        find.and(ui::post_form(at, self.frame.tokens("place"), body).guarded())
    }
}

/// One placement.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OnePlacement {
    /// The frame.
    pub frame: Frame,
    /// The placement.
    pub shown: PlacementShown,
    /// Whether the reader may call it back.
    pub may_recall: bool,
    /// Why, as typed.
    pub typed: String,
}

impl OnePlacement {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Placement {}", self.shown.placement.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        use sundry_store::agency::{NoticeRow, PlacementItemRow, PlacementRow, RemittanceLineRow};
        let at = chrono::DateTime::UNIX_EPOCH;
        let row = PlacementRow {
            id: 1,
            number: "C103316-1".into(),
            agency_id: 1,
            customer_id: 1,
            file_id: 1,
            round: 1,
            placed_on: on(2026, 10, 5),
            placed_pence: 123_692,
            principal_pence: 120_000,
            interest_pence: 3_692,
            costs_pence: 0,
            rate_bp: 1_200,
            vat_bp: 2_000,
            state: "with_agency".into(),
            agency_ref: "A99-1".into(),
            held: false,
            held_code: String::new(),
            held_words: String::new(),
            told_pence: 93_692,
            told_paid_pence: 0,
            answered_on: Some(on(2026, 10, 6)),
            recalled_on: None,
            recall_code: String::new(),
            recall_words: String::new(),
            confirm_by: None,
            closed_on: None,
            close_code: String::new(),
            close_words: String::new(),
            recorded_at: at,
            version: 3,
        };
        let notice = NoticeRow {
            id: 1,
            placement_id: 1,
            kind: "payment".into(),
            amount_pence: 5_000,
            on_day: on(2026, 11, 2),
            code: String::new(),
            words: "Paid to us".into(),
            file_id: Some(1),
            recorded_at: at,
        };
        let line = RemittanceLineRow {
            remittance_id: 1,
            line: 2,
            account_number: "C103316-1".into(),
            agency_ref: "A99-1".into(),
            paid_on: on(2026, 10, 20),
            kind: "payment".into(),
            paid_to: "agency".into(),
            amount_pence: 30_000,
            commission_pence: 3_600,
            vat_pence: 720,
            expected_commission_pence: 3_600,
            expected_vat_pence: 720,
            placement_id: Some(1),
            receipt_id: Some(1),
            outcome: "allocated".into(),
            query: String::new(),
        };
        let item = PlacementItemRow {
            placement_id: 1,
            item_id: 1,
            item_number: "INV-020817".into(),
            placed_pence: 123_692,
            is_open: true,
        };
        let page = |frame, placement| Self {
            frame,
            shown: PlacementShown {
                placement,
                agency: "MERC".into(),
                agency_name: "Mercia Collections Ltd".into(),
                customer: "C103316".into(),
                customer_name: "Joyce Pemberton".into(),
                items: vec![item.clone()],
                notices: vec![notice.clone()],
                lines: vec![line.clone()],
            },
            may_recall: true,
            typed: String::new(),
        };
        let back = PlacementRow {
            state: "recalled".into(),
            recalled_on: Some(on(2026, 11, 19)),
            recall_code: "BS-03-BREATHING-SPACE".into(),
            recall_words: "This debt is in breathing space".into(),
            confirm_by: Some(on(2026, 11, 23)),
            ..row.clone()
        };
        let waits = PlacementRow {
            held: true,
            held_code: "REC-04-HOLD-COMPLAINT".into(),
            held_words: "A complaint is open".into(),
            ..row.clone()
        };
        let wrong = Frame::sample("Recovery").wrong("words", "Say why it is called back, in up to 500 characters");
        vec![
            ("placed", page(Frame::sample("Recovery"), row.clone())),
            ("waits", page(Frame::sample("Recovery"), waits)),
            ("recalled", page(Frame::sample("Recovery"), back)),
            ("error", page(wrong, row)),
        ]
    }
}

impl Plain for OnePlacement {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            (HOME.to_owned(), "Agencies".to_owned()),
            (format!("{HOME}/{}", self.shown.agency), self.shown.agency_name.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let row = &self.shown.placement;
        let recalled = row.recalled_on.map(|day| {
            let by = row
                .confirm_by
                .map_or_else(Html::default, |by| Html::from(", to be confirmed by ").and(ui::long_date(by)));
            ui::long_date(day).and(by)
        });
        let mut facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", self.shown.customer), &self.shown.customer_name))
            .fact("State", state(&row.state, row.held))
            .fact("Placed", ui::long_date(row.placed_on).and(format!("in round {}", row.round)))
            .fact("Sum", Pence(row.placed_pence))
            .fact("Of which interest and costs", Pence(row.interest_pence + row.costs_pence))
            .fact("Balance they know", Pence(row.told_pence))
            .fact("Commission", rate(row.rate_bp))
            .fact("Their reference", ui::or_dash(&row.agency_ref))
            .fact(
                "Debts",
                self.shown.items.iter().map(|item| item.item_number.as_str()).collect::<Vec<_>>().join(", "),
            );
        if let Some(recalled) = recalled {
            let why = ui::with_code(&row.recall_words, &row.recall_code);
            facts = facts.fact("Called back", recalled).fact("Why", why);
        } else if row.held {
            facts = facts.fact("Why it waits", ui::with_code(&row.held_words, &row.held_code));
        }
        if !row.close_code.is_empty() {
            facts = facts.fact("Closed as", closed_as(&row.close_code));
        }
        let facts = facts.fact_if("They said", &row.close_words);
        let told = self.shown.notices.iter().map(|one| {
            ui::row().cell(one.on_day).cell(words_of(&one.kind)).cell(Pence(one.amount_pence)).cell(&one.words)
        });
        let told = ui::table("What they were told")
            .show_caption()
            .columns([ui::col("Day").nowrap(), ui::col("What"), ui::num("Amount"), ui::col("Why")])
            .rows(told);
        let paid = self.shown.lines.iter().map(|one| {
            let to = if one.paid_to == "agency" { "them" } else { "us" };
            ui::row()
                .cell(one.paid_on)
                .cell(format!("{} to {to}", words_of(&one.kind)))
                .cell(Pence(one.amount_pence))
                .cell(Pence(one.commission_pence))
                .cell(Pence(one.expected_commission_pence))
                .cell(ui::or_dash(&one.query))
        });
        let paid = ui::table("What their statements say")
            .show_caption()
            .columns([
                ui::col("Paid").nowrap(),
                ui::col("What"),
                ui::num("Amount"),
                ui::num("Commission"),
                ui::num("By the contract"),
                ui::col("To ask"),
            ])
            .rows(paid);
        let mut left = Html::from(facts);
        if !self.shown.notices.is_empty() {
            left = left.and(told);
        }
        if !self.shown.lines.is_empty() {
            left = left.and(paid);
        }
        if !self.may_recall || !matches!(row.state.as_str(), "sent" | "with_agency") {
            return left;
        }
        let body = Html::from(ui::textarea("words", "Why?", &self.typed).errors(&self.frame.errors))
            .and(ui::muted("The agency is told today and has two working days to confirm."))
            .and(ui::button("Call it back").warning());
        let at = format!("/recovery/placements/{}", row.number);
        let form = ui::post_form(at, self.frame.tokens("recall"), body).guarded();
        ui::grid([(8, left), (4, Html::from(ui::boxed("Call it back", form)))]).into()
    }
}

/// A statement that was posted.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct AgencyStatement {
    /// The frame.
    pub frame: Frame,
    /// The statement.
    pub shown: RemittanceShown,
}

impl AgencyStatement {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Agency statement {}", self.shown.remittance.statement_no)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let remittance = sample_agency().remittances.remove(0);
        let lines = OnePlacement::samples().remove(0).1.shown.lines;
        vec![("posted", Self { frame: Frame::sample("Recovery"), shown: RemittanceShown { remittance, lines } })]
    }
}

impl Plain for AgencyStatement {
    fn above(&self) -> Html {
        up()
    }

    fn caption(&self) -> Html {
        self.shown.remittance.number.clone().into()
    }

    fn body(&self) -> Html {
        let row = &self.shown.remittance;
        let facts = ui::summary_list()
            .fact("Period", ui::long_date(row.period_from).and(" to ").and(ui::long_date(row.period_to)))
            .fact("Posted", ui::long_date(row.posted_on).and(format!(" by {}", row.posted_by)))
            .fact("Collected by them", Pence(row.collected_agency_pence))
            .fact("Paid to us", Pence(row.collected_client_pence))
            .fact("Commission", Pence(row.commission_pence))
            .fact("By the contract", Pence(row.expected_commission_pence))
            .fact("VAT on it", Pence(row.vat_pence))
            .fact("For the bank", Pence(row.net_pence));
        let rows = self.shown.lines.iter().map(|one| {
            let to = if one.paid_to == "agency" { "them" } else { "us" };
            ui::row()
                .cell(one.line)
                .cell(&one.account_number)
                .cell(one.paid_on)
                .cell(format!("{} to {to}", words_of(&one.kind)))
                .cell(Pence(one.amount_pence))
                .cell(Pence(one.commission_pence))
                .cell(words_of(&one.outcome))
                .cell(ui::or_dash(&one.query))
        });
        let table = ui::table("Rows, as they came")
            .show_caption()
            .columns([
                ui::num("Line"),
                ui::col("Placement").nowrap(),
                ui::col("Paid").nowrap(),
                ui::col("What"),
                ui::num("Amount"),
                ui::num("Commission"),
                ui::col("Became"),
                ui::col("To ask"),
            ])
            .rows(rows);
        Html::from(facts).and(table)
    }
}

/// `part_on_account` is `Part on account`.
fn words_of(code: &str) -> String {
    let words = code.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
