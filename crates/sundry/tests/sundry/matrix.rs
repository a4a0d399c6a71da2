//! Every page and every role: opened, or a page that says which permission is missing; and never another organisation's.
use super::api::{Program, day};
use super::browser::{Browser, Page, open};
use std::collections::BTreeMap;
use sundry::web::door::RouteRow;
use sundry::web::rooms::routes;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::setup::organisations::{OpenOrganisation, open_organisation};
use sundry_domain::control::{Duty, Role};
use sundry_domain::ids::OrgId;
use sundry_store::control;

/// Parts of addresses that are not the name of a thing of one organisation: what comes before, and what is put there.
///
/// A thing that the day of `api.rs` does not make is asked for by a number that nothing has.
const EVERYWHERE: &[(&str, &str)] = &[
    ("imports", "customers"),
    ("help", "rooms/cash"),
    ("periods", "2026"),
    ("2026", "1"),
    ("pathways", "business"),
    ("letter-templates", "receipt"),
    ("preview", "1"),
];
/// What programs call otherwise than pages: the page's word, and the program's.
const OTHERWISE: &[(&str, &str)] = &[
    ("runs", "day-runs"),
    ("batches", "print-batches"),
    ("counter", "payments"),
    ("requests", "invoice-requests"),
    ("overpayments", "overpayment-recoveries"),
];

/// Addresses that make the thing of this name where there is none: theirs is another one.
const MAKES: &[&str] = &["/recovery/agencies/MERC/terms"];

/// A number of each kind of thing, by the word before it in an address.
fn numbers(p: &Program) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for one in &p.kept {
        let pattern = p.operation(&one.operation).path;
        let parts: Vec<&str> = one.path.split('?').next().unwrap_or_default().split('/').collect();
        for (at, name) in pattern.split('/').enumerate().filter(|(_, name)| name.starts_with('{')) {
            let word = OTHERWISE.iter().find(|(_, api)| *api == parts[at - 1]).map_or(parts[at - 1], |(page, _)| *page);
            // Files of messages, of debts and of banks are named apart.
            let word = match word {
                "files" if pattern.starts_with("/mail/") => "mail-files",
                "files" if pattern.starts_with("/debts/") => "debt-files",
                word => word,
            };
            // A debt with a file on file; an invoice with a letter of ours.
            if word == "debt-files" {
                found.insert("debts".to_owned(), parts[at - 2].to_owned());
            }
            if word == "invoices" && !parts[at].starts_with("INV-") {
                continue;
            }
            found.entry(word.to_owned()).or_insert_with(|| parts[at].to_owned());
            assert!(!name.is_empty());
        }
    }
    found
}

/// Whose thing an address names.
#[derive(Clone, Copy, PartialEq)]
enum Names {
    /// Nobody's, or everybody's.
    Nothing,
    /// Ours.
    Ours,
    /// One of a kind that the day did not make.
    Unknown,
}

/// The address of a row with its parts filled in, and whose thing it names.
fn filled(row: &RouteRow, numbers: &BTreeMap<String, String>) -> (String, Names) {
    let (mut parts, mut names): (Vec<String>, Names) = (Vec::new(), Names::Nothing);
    for part in row.path.split('/') {
        let before = parts.last().map(String::as_str).unwrap_or_default();
        // Pages have runs of three kinds, which the API names apart.
        let before = match before {
            "runs" if row.path.starts_with("/direct-debits/runs/") => "collection-runs",
            "runs" if row.path.starts_with("/billing/runs/") => "billing-runs",
            "files" if row.path.starts_with("/mail/") => "mail-files",
            "files" if row.path.starts_with("/write-offs/debts/") => "debt-files",
            "files" if row.path.starts_with("/court/") => "court-files",
            "files" if row.path.starts_with("/recovery/agencies/") => "agency-files",
            "letters" if row.path.starts_with("/admin/letters/") => "letter-templates",
            before => before,
        };
        let value = match part {
            "{verb}" => "stop".to_owned(),
            "{version}" => "1".to_owned(),
            "{word}" => "receipt".to_owned(),
            "{file}" if before == "letters" => format!("{}.pdf", numbers["letters"]),
            "{file}" => "1.pdf".to_owned(),
            part if part.starts_with('{') => match EVERYWHERE.iter().find(|(word, _)| *word == before) {
                Some((_, there)) => (*there).to_owned(),
                None => match numbers.get(before) {
                    Some(number) => {
                        names = if names == Names::Unknown { names } else { Names::Ours };
                        number.clone()
                    }
                    None => {
                        names = Names::Unknown;
                        "999999".to_owned()
                    }
                },
            },
            part => part.to_owned(),
        };
        if part == "{file}" && parts.last().is_some_and(|before| before == "letters") {
            names = Names::Ours;
        }
        parts.push(value);
    }
    (parts.join("/"), names)
}

/// The same address with names that nothing has.
fn nowhere(row: &RouteRow) -> String {
    let part = |part: &str| if part.starts_with('{') { "999999".to_owned() } else { part.to_owned() };
    row.path.split('/').map(part).collect::<Vec<_>>().join("/")
}

async fn posted(browser: &Browser, csrf: &str, path: &str) -> Page {
    browser.send(path, &[("csrf", csrf), ("form_key", path)]).await
}

fn names_a_duty(page: &Page) -> bool {
    let words = page.words();
    Duty::ALL.iter().any(|duty| words.contains(duty.name()))
}

#[tokio::test(flavor = "multi_thread")]
async fn q01_every_page_and_role_equals_the_table_of_routes() {
    let t = TestDesk::on(sundry_store::Engine::Sqlite, "2026-05-01").await;
    let router = open(&t);
    for role in Role::ALL {
        let browser = Browser::of(&t, &router, *role).await;
        let csrf = browser.get("/me").await.value("csrf");
        for row in routes().table {
            let may = row.opens_with(|duty| role.duties().contains(&duty));
            let path = nowhere(&row);
            for (method, page) in [("GET", browser.get(&path).await), ("POST", posted(&browser, &csrf, &path).await)] {
                let what = format!("{method} {path} as {}: {} {}", role.name(), page.status, page.words());
                if page.status == 405 {
                    continue;
                }
                assert!(may || page.status == 403, "{what}");
                // Links ask the table: what it opens, the page opens too.
                assert!(!may || method == "POST" || page.status != 403, "{what}");
                assert!(page.status < 500, "{what}");
                if page.status == 403 {
                    assert!(names_a_duty(&page) && page.words().contains("administrator"), "{what}");
                }
                if page.status >= 400 {
                    assert!(page.text().contains("<h1"), "{what}");
                }
            }
        }
    }
}

/// A role whose people may open a row.
fn somebody(row: &RouteRow) -> Role {
    let may = |role: &&Role| row.opens_with(|duty| role.duties().contains(&duty));
    *Role::ALL.iter().find(may).expect("some role may")
}

async fn heads(t: &TestDesk, of: [OrgId; 2]) -> Vec<Option<(i64, String)>> {
    let mut look = t.desk.look().await.expect("looks");
    let mut heads = Vec::new();
    for org in of {
        heads.push(control::audit_head(&mut look, org).await.expect("asks"));
    }
    heads
}

async fn in_org(t: &TestDesk, router: &axum::Router, org: OrgId) -> BTreeMap<&'static str, Browser> {
    let mut all = BTreeMap::new();
    for role in Role::ALL {
        all.insert(role.as_str(), Browser::in_org(&t.desk, org, router, *role).await);
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisations_pages_are_not_there_and_nothing_changes() {
    on_both("2026-05-01", async |t| {
        let mut p = Program::of(&t).await;
        day(&mut p).await;
        let numbers = numbers(&p);
        let ask = OpenOrganisation {
            key: "other".into(),
            code: "OTH".into(),
            name: "Other Trust".into(),
            nation: "england-and-wales".into(),
            kind: "nhs".into(),
            vat_number: String::new(),
            letterhead: serde_json::json!({}),
        };
        let other = open_organisation(&t.desk, "Test", ask).await.expect("opens").org;
        let router = open(&t);
        let (ours, theirs) = (in_org(&t, &router, t.org).await, in_org(&t, &router, other).await);
        let named: Vec<(RouteRow, String, Names)> = routes()
            .table
            .into_iter()
            .map(|row| {
                let (path, names) = filled(&row, &numbers);
                (row, path, names)
            })
            .filter(|(.., names)| *names != Names::Nothing)
            .collect();
        assert!(named.len() > 30, "{}", named.len());
        let mut wrong = Vec::new();
        for (row, path, _) in named.iter().filter(|(.., names)| *names == Names::Ours) {
            let own = ours[somebody(row).as_str()].get(path).await;
            if ![200, 303, 405, 409, 422].contains(&own.status) {
                wrong.push(format!("ours {path}: {}", own.status));
            }
        }
        let before = heads(&t, [t.org, other]).await;
        for (row, path, _) in &named {
            let browser = &theirs[somebody(row).as_str()];
            let csrf = browser.get("/me").await.value("csrf");
            // Who may read a page need not be who may act on it.
            let allowed: [&[u16]; 2] = [&[404, 405], &[403, 404, 405]];
            for (page, allowed) in
                [browser.get(path).await, posted(browser, &csrf, path).await].into_iter().zip(allowed)
            {
                let page = if page.status == 303 { browser.get(&page.location).await } else { page };
                if !allowed.contains(&page.status) && !MAKES.contains(&path.as_str()) {
                    wrong.push(format!("theirs {path}: {} {}", page.status, page.words()));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert_eq!(heads(&t, [t.org, other]).await[0], before[0], "nothing was done");
        // In theirs stands what they were refused, and no more.
        let seq = before[1].as_ref().map_or(0, |(seq, _)| *seq);
        let mut look = t.desk.look().await.expect("looks");
        let rows = control::audit_after(&mut look, other, seq, 10_000).await.expect("reads");
        assert!(rows.iter().all(|row| row.event == "Refused"), "{rows:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctl_01_a_form_that_is_not_theirs_to_send_leaves_one_row_in_the_trail_and_a_page_none() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let browser = Browser::of(&t, &router, Role::Auditor).await;
        let csrf = browser.get("/me").await.value("csrf");
        let seq = heads(&t, [t.org, t.org]).await[0].as_ref().map_or(0, |(seq, _)| *seq);
        let refused = async || {
            let mut look = t.desk.look().await.expect("looks");
            control::audit_after(&mut look, t.org, seq, 10).await.expect("reads")
        };
        assert_eq!(browser.get("/customers/C100001/promise").await.status, 403);
        assert!(refused().await.is_empty(), "looking is no act");
        assert_eq!(posted(&browser, &csrf, "/customers/C100001/promise").await.status, 403);
        let rows = refused().await;
        let [row] = rows.as_slice() else { panic!("one row, not {rows:?}") };
        assert_eq!((row.event.as_str(), row.channel.as_str()), ("Refused", "web"));
        assert_eq!(row.subject, "refusal CTL-01-NO-DUTY");
        assert!(row.detail.contains("POST /customers/{number}/promise"), "{}", row.detail);
    })
    .await;
}
