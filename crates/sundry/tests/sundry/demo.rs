//! The demo: the same seed lives the same year, and its ledger proves itself.
use std::path::Path;
use std::sync::Arc;
use sundry::demo::{DemoMade, DemoOptions, DemoSize, make};
use sundry::home::Home;
use sundry_desk::ledger::verify::verify;
use sundry_desk::reports::exports;
use sundry_desk::setup::organisations::organisations;
use sundry_desk::{Actor, Desk};
use sundry_domain::ids::OrgId;
use sundry_store::Engine;
use sundry_store::engine::testing::{engines, fresh_url};

async fn made(folder: &Path, engine: Engine, seed: u64, last: &str) -> (Home, DemoMade) {
    let database = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(fresh_url(engine, folder).await),
    };
    let home = Home::at(folder.join(format!("home-{seed}-{engine:?}")), database);
    let mut options = DemoOptions::new(DemoSize::Small, seed, Arc::new(|_, _| {}));
    options.last = last.parse().expect("a day");
    let made = make(&home, options).await.expect("the demo is made");
    (home, made)
}

/// Everything that leaves the house, as one text.
async fn exported(desk: &Desk) -> String {
    let mut all = String::new();
    for org in organisations(desk).await.expect("organisations") {
        let by = Actor::operator(OrgId(org.id), "Test");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        all.push_str(&text(exports::items(desk, &by, None).await.expect("items").csv));
        all.push_str(&text(exports::journals(desk, &by, None).await.expect("journals").csv));
        all.push_str(&text(exports::letters(desk, &by, None).await.expect("letters").csv));
        let allocations = sundry_desk::cash::export_allocations::export_allocations(desk, &by, None).await;
        for row in allocations.expect("allocations") {
            all.push_str(&row.cells().join(","));
            all.push('\n');
        }
    }
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_lives_the_same_weeks_and_the_ledger_proves_itself_on_both_engines() {
    const LAST: &str = "2026-01-30";
    let folder = tempfile::tempdir().expect("a folder");
    let mut lists = Vec::new();
    let mut runs: Vec<(Engine, u64)> = engines().into_iter().map(|engine| (engine, 5)).collect();
    runs.push((Engine::Sqlite, 6));
    for (engine, seed) in runs {
        let (home, made) = made(folder.path(), engine, seed, LAST).await;
        assert_eq!(made.people.len(), 27);
        let desk = home.open(None).await.expect("it opens");
        assert_eq!(desk.today().to_string(), LAST);
        let proof = verify(&desk, None, |_, _| {}).await.expect("it is asked");
        assert!(proof.passed, "{:?}", proof.failures());
        lists.push((seed, exported(&desk).await));
        desk.db().close().await;
    }
    for (seed, list) in &lists {
        assert!(list.len() > 20_000);
        assert_eq!(*seed == lists[0].0, *list == lists[0].1, "seed {seed}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_can_sign_in_and_a_second_demo_in_the_same_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let (home, made) = made(folder.path(), Engine::Sqlite, 9, "2025-12-03").await;
    let desk = home.open(None).await.expect("it opens");
    assert!(sundry::demo::is_made(&desk).await.expect("it is asked"));
    for person in made.people.iter().filter(|person| person.organisation == "EVT") {
        let session = sundry_desk::control::sign_in::sign_in(&desk, &person.user, &person.password).await;
        assert!(session.expect("it is asked").is_some(), "{}", person.user);
    }
    desk.db().close().await;
    let options = DemoOptions::new(DemoSize::Small, 9, Arc::new(|_, _| {}));
    assert!(matches!(make(&home, options).await, Err(sundry_desk::No::Invalid(_))));
}
