//! Every story of the house, on both engines.
use std::path::{Path, PathBuf};
use sundry::story::run_story;
use sundry_store::engine::testing::{engines, fresh_url};

fn stories(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder of stories").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            stories(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "story") {
            found.push(path);
        }
    }
}

fn all() -> Vec<PathBuf> {
    let mut found = Vec::new();
    stories(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/stories"), &mut found);
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_story_holds_on_both_engines() {
    let wanted = std::env::var("SUNDRY_STORY").unwrap_or_default();
    let files: Vec<PathBuf> = all().into_iter().filter(|path| path.to_string_lossy().contains(&wanted)).collect();
    assert!(!files.is_empty());
    let mut failed = Vec::new();
    for engine in engines() {
        for file in &files {
            let folder = tempfile::tempdir().expect("a folder");
            let url = fresh_url(engine, folder.path()).await;
            match run_story(file, &url).await {
                Ok(report) if report.failure.is_none() => {}
                Ok(report) => failed.push(format!("{engine:?} {}", report.sentence())),
                Err(no) => failed.push(format!("{engine:?} {}: {no:?}", file.display())),
            }
        }
    }
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
}

async fn told(text: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("told.story");
    std::fs::write(&file, text).expect("written");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    match run_story(&file, &url).await {
        Ok(report) => Ok(report.sentence().replace(&file.display().to_string(), "told.story")),
        Err(sundry_desk::No::Invalid(all)) => {
            Err(all.iter().map(|one| one.message.clone()).collect::<Vec<_>>().join("\n"))
        }
        Err(no) => Err(no.to_string()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_that_does_not_hold_says_where_and_what_was_found() {
    let start = "story It fails\n2026-05-01 as billing officer\ncustomer holt \"Mary Holt\" individual\n";
    let said =
        told(&format!("{start}invoice INV-1 for holt 40.00\nexpect balance holt 50.00\n")).await.expect("it runs");
    assert_eq!(said, "fails  told.story:5: `expect balance holt 50.00`: expected £50.00, found £40.00");
    let said = told(&format!("{start}invoice INV-2 for holt 40.00\n")).await.expect("it runs");
    assert!(said.contains("told.story:4:") && said.contains("it is INV-000001"), "{said}");
    let said = told(&format!("{start}as cashier\ninvoice INV-1 for holt 40.00\nexpect balance holt 0.00\n")).await;
    assert!(said.as_ref().is_ok_and(|said| said.contains("CTL-01-NO-DUTY")), "a refusal nobody expects: {said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_that_cannot_be_read_names_file_and_line() {
    let said =
        told("story It cannot be read\n2026-05-01\ndance\ninvoice INV-1 for x 4\n").await.expect_err("it does not");
    let lines: Vec<&str> = said.lines().collect();
    assert!(lines[0].ends_with("told.story:3: `dance` is not a word of stories"), "{said}");
    assert!(lines[1].ends_with("told.story:4: `4` is not an amount like 120.00"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn stories_do_not_run_where_real_books_are() {
    use sundry::config::Config;
    let folder = tempfile::tempdir().expect("a folder");
    let home = sundry::home::Home::at(folder.path().join("home"), None);
    let desk = home.create(sundry_desk::Mode::Test).await.expect("a home");
    let ask = sundry_desk::setup::organisations::OpenOrganisation {
        key: "k".into(),
        code: "NCC".into(),
        name: "Northmere".into(),
        nation: "england-and-wales".into(),
        kind: "council".into(),
        vat_number: String::new(),
        letterhead: serde_json::json!({}),
    };
    sundry_desk::setup::organisations::open_organisation(&desk, "Test", ask).await.expect("opens");
    let url = desk.db().url().to_owned();
    desk.db().close().await;
    let file = all().remove(0);
    let no = run_story(&file, &url).await.expect_err("it is refused");
    assert!(matches!(no, sundry_desk::No::Invalid(_)), "{no:?}");
    assert!(Config::read(home.folder()).expect("reads").is_some());
}
