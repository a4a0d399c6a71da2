//! Acts that the rules forbid: refused through page, API and command line alike, with one code, nothing done, and the
//! refusal in the audit trail.
use super::api::Program;
use super::bin::Place;
use super::browser::Browser;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use sundry::home::{self, Home};
use sundry::web::door::{Doors, router};
use sundry_desk::Desk;
use sundry_domain::control::Role;
use sundry_domain::ids::OrgId;
use sundry_store::engine::testing::engines;
use sundry_store::{args, control};

mod agencies;
mod court;
mod people;
mod plans;
mod steps;
mod taking_back;
mod writeoff;

/// The codes of every group.
const GROUPS: [&[&str]; 7] =
    [agencies::CODES, court::CODES, people::CODES, plans::CODES, steps::CODES, taking_back::CODES, writeoff::CODES];

/// Whose acts are tried.
const ROLES: [Role; 6] = [
    Role::CreditController,
    Role::TeamLeader,
    Role::Approver,
    Role::Administrator,
    Role::BillingOfficer,
    Role::Cashier,
];

/// One home with all its doors.
pub struct House {
    /// The home, as the command line has it.
    pub place: Place,
    /// The desk on it.
    pub desk: Desk,
    /// Its organisation.
    pub org: OrgId,
    /// A program with a key of each role.
    pub program: Program,
    browsers: BTreeMap<&'static str, Browser>,
    codes: &'static [&'static str],
    seen: BTreeSet<&'static str>,
    sent: usize,
    is_aged: bool,
}

/// The same act at each door.
pub struct Act<'a> {
    /// Whose work it is.
    pub role: Role,
    /// Where the page sends its form, and what is filled in.
    pub page: (&'a str, &'a [(&'a str, &'a str)]),
    /// Where the program posts, and what.
    pub api: (&'a str, Value),
    /// What is typed.
    pub cli: &'a [&'a str],
}

/// Plays a group in a home of its own on each engine, on a day; every code of the group must have been met.
pub fn on_both(today: &str, codes: &'static [&'static str], body: impl AsyncFn(&mut House)) {
    for engine in engines() {
        let place = Place::test(engine);
        place.run(&["--today", today, "user", "list"]).code(0);
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
        runtime.block_on(Box::pin(async {
            let mut house = House::open(place, codes).await;
            body(&mut house).await;
            let missed: Vec<&str> = codes.iter().copied().filter(|code| !house.seen.contains(code)).collect();
            assert!(missed.is_empty(), "not met: {missed:?}");
            house.desk.db().close().await;
            if !house.is_aged {
                house.place.run(&["verify"]).code(0);
            }
        }));
    }
}

impl House {
    async fn open(place: Place, codes: &'static [&'static str]) -> House {
        let desk = Home::at(place.home.clone(), place.database.clone()).open(None).await.expect("the home opens");
        let org = OrgId(home::organisation(&desk, None).await.expect("an organisation").id);
        let program = Program::in_org(&desk, org).await;
        let router = router(Doors::new(desk.clone(), Vec::new(), false));
        let mut browsers = BTreeMap::new();
        for role in ROLES {
            browsers.insert(role.as_str(), Browser::in_org(&desk, org, &router, role).await);
        }
        House { place, desk, org, program, browsers, codes, seen: BTreeSet::new(), sent: 0, is_aged: false }
    }

    /// Moves the business date, for those who open the home next too.
    pub async fn go_to(&self, day: &str) {
        let day = day.parse().expect("a date");
        self.desk.set_today(day).expect("a test home's date can be set");
        home::keep_day(&self.desk, day).await.expect("the day is kept");
    }

    /// Individuals of ours who owe one invoice each, due on 4 March 2026: K`n` owes X-`n`.
    pub async fn owe(&mut self, all: &[(u32, &str, &str)]) {
        let mut customers =
            "customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n".to_owned();
        let mut invoices = "invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\n".to_owned();
        for (n, postcode, pounds) in all {
            customers
                .push_str(&format!("K{n},Adam Example {n},individual,{n} High Street,Northmere,{postcode},,30,,\n"));
            invoices.push_str(&format!("X-{n},K{n},2026-02-02,2026-03-04,,{pounds},0.00,{pounds}\n"));
        }
        self.program.call("import_customers", "/imports/customers?file_name=people.csv", json!(customers)).await;
        self.program.call("import_invoices", "/imports/invoices?file_name=debts.csv", json!(invoices)).await;
    }

    /// Does by API as a role what must be done first.
    pub async fn did(&mut self, role: Role, id: &str, path: &str, body: Value) -> Value {
        self.program.call_by(role, id, path, body, 1).await
    }

    /// An approver says yes to what was asked for.
    pub async fn approved(&mut self, approval: &Value) {
        let path = format!("/approvals/{}", approval.as_str().expect("a number"));
        let read = self.program.get("get_approval", &path).await;
        let yes = json!({ "approve": true, "content_hash": read["content_hash"] });
        self.did(Role::Approver, "decide_approval", &format!("{path}/decision"), yes).await;
    }

    /// Changes rows as time would have.
    pub async fn aged(&mut self, sql: &'static str, values: Vec<sundry_store::Arg>) {
        let mut tx = self.desk.db().begin().await.expect("begins");
        tx.run(sql, values).await.expect("changes");
        tx.commit().await.expect("commits");
        self.is_aged = true;
    }

    /// Keeps a request for the command line in a file, and gives its name.
    pub fn request(&self, body: &Value) -> &'static str {
        self.place.file("request.json", body.to_string());
        "request.json"
    }

    /// Tries the act at each door: the same code, nothing done, and one line in the trail that says who was refused.
    pub async fn refused(&mut self, code: &'static str, act: Act<'_>) {
        assert!(self.codes.contains(&code), "{code} stands in the group's table");
        let (seq, kept) = (self.head().await, self.kept().await);
        let (status, words) = self.by_page(act.role, act.page).await;
        assert_eq!(status, 409, "{code} by page: {words}");
        self.noted(code, seq, ("web", act.role.name())).await;
        let answer = self.program.posted(act.role, act.api.0, &act.api.1).await;
        assert_eq!(answer, (409, code.to_owned()), "by API");
        self.noted(code, seq + 1, ("api", act.role.name())).await;
        let typed = [act.cli, &["--json"]].concat();
        let ran = self.place.run(&typed);
        assert_eq!(ran.code, 3, "{code} by command line: {} {}", ran.out, ran.err);
        let refusal = &ran.json()["refused"];
        assert_eq!(refusal["code"], code);
        self.noted(code, seq + 2, ("cli", "")).await;
        let sentence: Vec<&str> = refusal["sentence"].as_str().unwrap_or_default().split_whitespace().collect();
        assert!(words.contains(code) || words.contains(&sentence.join(" ")), "{code} by page: {words}");
        assert_eq!(self.kept().await, kept, "{code}: nothing is done");
        self.seen.insert(code);
    }

    /// Sends a form as it would be from a page that was opened before; the status and what the page says.
    async fn by_page(&mut self, role: Role, (action, fields): (&str, &[(&str, &str)])) -> (u16, String) {
        self.sent += 1;
        let key = format!("form-{}", self.sent);
        let browser = &self.browsers[role.as_str()];
        let csrf = browser.get("/me").await.value("csrf");
        let mut all = vec![("csrf", csrf.as_str()), ("form_key", key.as_str())];
        all.extend_from_slice(fields);
        let page = browser.send(action, &all).await;
        (page.status, page.words())
    }

    async fn head(&self) -> i64 {
        let mut look = self.desk.look().await.expect("looks");
        control::audit_head(&mut look, self.org).await.expect("asks").map_or(0, |(seq, _)| seq)
    }

    /// One line came after `seq`, and it says who was refused, at which door and by which rule.
    async fn noted(&self, code: &str, seq: i64, (channel, who): (&str, &str)) {
        let mut look = self.desk.look().await.expect("looks");
        let rows = control::audit_after(&mut look, self.org, seq, 10).await.expect("reads");
        let [row] = rows.as_slice() else { panic!("{code} by {channel}: one line in the trail, not {rows:?}") };
        assert_eq!((row.event.as_str(), row.channel.as_str()), ("Refused", channel), "{code}");
        assert_eq!(row.subject, format!("refusal {code}"));
        let detail: Value = serde_json::from_str(&row.detail).expect("JSON");
        assert_eq!(detail["code"], code);
        assert!(!row.actor_name.is_empty() && row.actor_name.contains(who), "{code}: {}", row.actor_name);
    }

    /// How much stands in the books, the letters, the holds and what was told outside.
    async fn kept(&self) -> (i64, i64, i64, i64) {
        let mut look = self.desk.look().await.expect("looks");
        let count = "select cast((select count(*) from journal where org_id = $1) as bigint), \
                     cast((select count(*) from letter where org_id = $1) as bigint), \
                     cast((select count(*) from hold where org_id = $1 and ended_on is null) as bigint), \
                     cast((select count(*) from outbox where org_id = $1) as bigint)";
        look.one(count, args![self.org]).await.expect("counts")
    }
}

#[test]
fn dun_01_forty_forbidden_acts_and_more_stand_in_the_tables_each_with_a_code_of_the_catalogue() {
    let known: BTreeSet<&str> = sundry_domain::catalogue::all().iter().map(|kind| kind.code).collect();
    let mut all = BTreeSet::new();
    for code in GROUPS.iter().flat_map(|group| group.iter()) {
        assert!(known.contains(code), "{code} is in the catalogue");
        all.insert(*code);
    }
    assert!(all.len() >= 40, "{}: {all:?}", all.len());
}
