//! Pages and single commands, through every layer of the door, as a person waits for them.
use super::Timing;
use super::data::people;
use axum::Router;
use axum::body::Body;
use axum::http::Request;
use std::time::{Duration, Instant};
use sundry::web::door::{Doors, router};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::allocate_receipt::{AllocateReceipt, allocate_receipt};
use sundry_desk::cash::receipts_waiting::{ReceiptsWaiting, receipts_waiting};
use sundry_desk::control::people::{AddUser, add_user};
use sundry_desk::control::sign_in::sign_in;
use sundry_desk::core::testing::TestDesk;
use sundry_desk::customers::customer_account;
use sundry_domain::money::Pence;
use tower::ServiceExt;

/// Pages each client opens.
const PAGES: usize = 200;

/// Opens pages of every kind that has an aim.
pub async fn run(test: &TestDesk, size: usize, tell: &impl Fn(Timing)) {
    let (app, cookie) = signed_in(test).await;
    let (clients, people) = (10, people(size));
    let paths = |n: usize| format!("/customers/C{}/items", 100_001 + n * 7 % people);
    let times = open(&app, &cookie, clients, paths).await;
    told(tell, "account page, 10 clients", &times, "under 50 ms");
    let times = open(&app, &cookie, 1, |_| "/work".to_owned()).await;
    told(tell, "worklist page", &times, "under 100 ms");
    let ask = ReceiptsWaiting { view: "suspense".into(), ..ReceiptsWaiting::default() };
    let waiting = receipts_waiting(&test.desk, &test.operator(), ask).await.expect("a list").rows;
    let times = open(&app, &cookie, 1, |n| format!("/cash/receipts/{}", waiting[n % waiting.len()].number)).await;
    told(tell, "workbench page", &times, "under 100 ms");
    let numbers: Vec<String> = waiting.into_iter().map(|row| row.number).collect();
    told(tell, "one allocation", &allocations(test, &numbers).await, "under 100 ms");
}

/// A receipt out of suspense, a pound of it to an open item, the rest on the account.
async fn allocations(test: &TestDesk, numbers: &[String]) -> Vec<Duration> {
    let (desk, by) = (&test.desk, test.operator());
    let mut times = Vec::new();
    for (n, receipt) in (100_001..).zip(numbers) {
        let customer = format!("C{n}");
        let account = customer_account(desk, &by, &customer).await.expect("an account");
        let item = account.items.iter().find(|item| item.open_pence >= 100);
        let line = item.map(|item| AllocationLine { item: item.number.clone(), amount: Pence(100) });
        let ask = AllocateReceipt {
            key: format!("allocate {receipt}"),
            receipt: receipt.clone(),
            customer,
            lines: line.into_iter().collect(),
            split: Vec::new(),
            reason: "Timed".into(),
        };
        let started = Instant::now();
        allocate_receipt(desk, &by, ask).await.expect("an allocation");
        times.push(started.elapsed());
    }
    times.sort_unstable();
    times
}

async fn signed_in(test: &TestDesk) -> (Router, String) {
    let admin = test.role(sundry_domain::control::Role::Administrator);
    let ask = AddUser {
        key: "u".into(),
        sign_in_name: "bench".into(),
        display_name: "Bench".into(),
        roles: vec!["team_leader".into(), "cashier".into(), "credit_controller".into()],
        limit: Pence::ZERO,
        password: "a password for the bench".into(),
    };
    add_user(&test.desk, &admin, ask).await.expect("a user");
    let doors = Doors::new(test.desk.clone(), Vec::new(), false);
    let token =
        sign_in(&test.desk, "bench", "a password for the bench").await.expect("signs in").expect("is known").token;
    let cookie = format!("{}={token}", doors.cookie_name());
    (router(doors), cookie)
}

/// How long each page took, in order; the clients work side by side.
async fn open(app: &Router, cookie: &str, clients: usize, path: impl Fn(usize) -> String) -> Vec<Duration> {
    let each = (0..clients).map(|client| {
        let (app, cookie) = (app.clone(), cookie.to_owned());
        let paths: Vec<String> = (0..PAGES).map(|i| path(client * PAGES + i)).collect();
        tokio::spawn(async move {
            let mut times = Vec::new();
            for path in paths {
                let request = Request::get(&path).header("cookie", &cookie).body(Body::empty()).expect("a request");
                let started = Instant::now();
                let response = app.clone().oneshot(request).await.expect("an answer");
                assert_eq!(response.status(), 200, "{path}");
                axum::body::to_bytes(response.into_body(), 10_000_000).await.expect("a page");
                times.push(started.elapsed());
            }
            times
        })
    });
    let mut times = Vec::new();
    for client in each.collect::<Vec<_>>() {
        times.extend(client.await.expect("a client ends"));
    }
    times.sort_unstable();
    times
}

fn told(tell: &impl Fn(Timing), what: &str, times: &[Duration], aim: &'static str) {
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    tell(Timing { what: format!("{what}, 50th percentile"), took: at(50), floor: None, aim: "-" });
    tell(Timing { what: format!("{what}, 99th percentile"), took: at(99), floor: None, aim });
}
