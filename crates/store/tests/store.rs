//! The layer over both engines, on both engines.
use chrono::{NaiveDate, Utc};
use sundry_domain::ids::OrgId;
use sundry_store::engine::testing::{engines, fresh};
use sundry_store::{Db, Engine, args};

async fn both(test: impl AsyncFn(Db)) {
    for engine in engines() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = fresh(engine, folder.path()).await;
        test(db.clone()).await;
        db.close().await;
    }
}

#[derive(sqlx::FromRow, Debug, PartialEq)]
struct Kept {
    name: String,
    value: i64,
    from_on: NaiveDate,
    to_on: Option<NaiveDate>,
    recorded_at: chrono::DateTime<Utc>,
}

const REFERENCE: &[&str] =
    &["kind", "key", "from_on", "to_on", "value", "note", "source", "entered_by", "approved_by", "recorded_at"];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_bound_comes_back_the_same_on_both() {
    both(async |db| {
        let at = chrono::DateTime::from_timestamp_micros(1_790_000_000_123_456).expect("an instant");
        let day = NaiveDate::from_ymd_opt(2028, 2, 29).expect("a day");
        let rows = (0..6_000i64)
            .map(|i| args!["k", format!("row {i}"), day, None::<NaiveDate>, i, "ŵ £ 🎉", "", "", "", at])
            .collect();
        let mut tx = db.begin().await.expect("begins");
        tx.insert("reference_row", REFERENCE, rows).await.expect("inserts");
        tx.commit().await.expect("commits");
        let mut tx = db.read().await.expect("reads");
        let sql = "select key as name, value, from_on, to_on, recorded_at from reference_row where key = $1";
        let kept: Kept = tx.one(sql, args!["row 5999"]).await.expect("one row");
        assert_eq!(kept, Kept { name: "row 5999".into(), value: 5999, from_on: day, to_on: None, recorded_at: at });
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_is_listed_twice_gives_its_rows_once_in_a_long_list_too() {
    both(async |db| {
        let (at, day) = (Utc::now(), NaiveDate::from_ymd_opt(2028, 2, 29).expect("a day"));
        let rows = (0..3_000i64).map(|i| args!["k", format!("row {i}"), day, None::<NaiveDate>, i, "", "", "", "", at]);
        let mut tx = db.begin().await.expect("begins");
        tx.insert("reference_row", REFERENCE, rows.collect()).await.expect("inserts");
        tx.commit().await.expect("commits");
        let mut tx = db.read().await.expect("reads");
        let sql = ["select value from reference_row where cast($1 as bigint) > 0 and value in (", ") order by value"];
        for (listed, found) in [(0i64, 0), (1, 1), (9, 9), (2_500, 2_500)] {
            let twice = (0..listed).chain(0..listed);
            let rows: Vec<(i64,)> = tx.all_listed(sql, OrgId(1), twice).await.expect("is listed");
            assert_eq!(rows.len(), found, "{listed} ids, each twice");
        }
        // Words as well, in as many places of the statement as it has.
        let sql = [
            "select value from reference_row where cast($1 as bigint) > 0 and (key in (",
            ") or key || 'x' in (",
            ")) order by value",
        ];
        let words: Vec<String> = (0..2_500).map(|i| format!("row {i}")).collect();
        let twice = words.iter().chain(&words);
        let rows: Vec<(i64,)> = tx.all_listed(sql, OrgId(1), twice).await.expect("is listed");
        assert_eq!(rows.len(), 2_500, "words, each twice");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rubbish_is_refused_by_the_engine_itself() {
    both(async |db| {
        for value in ["'2026-13-45'", "'2026-02-30'", "'oops'"] {
            let mut tx = db.begin().await.expect("begins");
            let sql = format!("insert into period (org_id, start_year, number, starts_on, ends_on, state, snapshot_sha256) values (1, 2026, 1, {value}, '2026-04-30', 'open', '')");
            assert!(tx.all_built::<(i64,)>(sql, args![]).await.is_err(), "{value} was stored");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::disallowed_methods, reason = "any instant will do")]
async fn p06_a_posted_thing_is_never_changed() {
    both(async |db| {
        let mut tx = db.begin().await.expect("begins");
        tx.run(
            "insert into journal (org_id, id, number, posted_on, start_year, period_number, event, source, reason, actor_id, recorded_at) values (1, 1, 1, $1, 2026, 1, 'e', 's', 'r', 1, $2)",
            args![NaiveDate::from_ymd_opt(2026, 4, 1), Utc::now()],
        )
        .await
        .expect("posts");
        tx.commit().await.expect("commits");
        for sql in ["update journal set reason = 'x' where org_id = 1", "delete from journal where org_id = 1"] {
            let mut tx = db.begin().await.expect("begins");
            assert!(tx.run(sql, args![]).await.is_err(), "{sql}");
        }
    })
    .await;
}

/// A row of which nothing is read.
#[derive(sqlx::FromRow)]
struct Nothing {}

// Every statement of the house -------------------------------------------------------

/// The text of every statement in the crate: `sql!("…")` and the constants for one engine.
fn statements() -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut folders, mut found) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let file = path.strip_prefix(&root).expect("under the root").to_string_lossy().into_owned();
                found.extend(statements_of(&file, &std::fs::read_to_string(&path).expect("a source")));
            }
        }
    }
    found
}

/// The statements of one source.
fn statements_of(file: &str, text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (start, one) in [("sql!(", ""), ("_SQLITE: &str =", "sqlite "), ("_POSTGRES: &str =", "postgres ")] {
        for (at, _) in text.match_indices(start) {
            if let Some(literal) = literal(text[at + start.len()..].trim_start()) {
                found.push((format!("{one}{file}"), literal));
            }
        }
    }
    found
}

/// The string literal that a text begins with.
fn literal(text: &str) -> Option<String> {
    let mut chars = text.strip_prefix('"')?.chars();
    let mut literal = String::new();
    loop {
        match chars.next()? {
            '"' => return Some(literal),
            '\\' => match chars.next()? {
                '\n' => {
                    let rest = chars.as_str().trim_start();
                    chars = rest.chars();
                }
                'n' => literal.push('\n'),
                other => literal.push(other),
            },
            other => literal.push(other),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_is_prepared_on_both_engines() {
    let all = statements();
    assert!(all.len() > 1_000, "only {} statements were found", all.len());
    both(async |db| {
        let mut wrong = Vec::new();
        for (n, (file, sql)) in all.iter().enumerate() {
            let elsewhere = match db.engine() {
                Engine::Sqlite => file.starts_with("postgres "),
                Engine::Postgres => file.starts_with("sqlite "),
            };
            if elsewhere || sql.starts_with("pragma") {
                continue;
            }
            let mut tx = db.begin().await.expect("begins");
            let prepared = match db.engine() {
                Engine::Sqlite => tx.all_built::<Nothing>(format!("explain {sql}"), args![]).await.map(drop),
                Engine::Postgres => tx.all_built::<Nothing>(format!("prepare s{n} as {sql}"), args![]).await.map(drop),
            };
            if let Err(fault) = prepared {
                wrong.push(format!("{:?} {file}: {fault}\n  {sql}", db.engine()));
            }
            tx.rollback().await.expect("rolls back");
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    })
    .await;
}

/// Tables that belong to no organisation, or find it.
const SHARED: [&str; 7] =
    ["home_setting", "organisation", "reference_row", "sign_in_name", "session", "api_key", "schema_migration"];

/// What the rules of portable SQL say against a statement.
fn against(sql: &str) -> Vec<&'static str> {
    let flat = format!(" {} ", sql.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "));
    let mut said = Vec::new();
    for (word, why) in [
        ("now()", "takes the engine's clock"),
        ("current_timestamp", "takes the engine's clock"),
        ("current_date", "takes the engine's clock"),
        (" ilike ", "ilike is PostgreSQL's own"),
        (" returning *", "names no columns"),
        ("select *", "names no columns"),
        ("savepoint", "savepoint"),
        ("random()", "takes the engine's dice"),
        ("->>", "searches inside JSON"),
        ("advisory", "advisory locks"),
    ] {
        if flat.contains(word) {
            said.push(why);
        }
    }
    if flat.contains(" limit ") && !flat.contains(" order by ") {
        said.push("a limit without an order");
    }
    let touches = flat.contains(" from ") || flat.starts_with(" update ") || flat.starts_with(" delete ");
    let tables = sundry_store::engine::tables::tables();
    let owned = tables.iter().filter(|table| !SHARED.contains(&table.name)).any(|table| {
        [" from ", " join ", " update "].iter().any(|verb| flat.contains(&format!("{verb}{} ", table.name)))
    });
    if touches
        && owned
        && !flat.contains("org_id = ")
        && !flat.contains("token_hash = ")
        && !flat.contains("key_hash = ")
    {
        said.push("an organisation is not named");
    }
    for (join, _) in flat.match_indices(" join ") {
        let mut words = flat[join + 6..].split_whitespace();
        let (table, alias) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
        if !table.starts_with('(') && !SHARED.contains(&table) && !flat.contains(&format!("{alias}.org_id")) {
            said.push("a join without its organisation");
        }
    }
    for (at, _) in flat.match_indices("sum(") {
        let before = &flat[..at];
        if !["cast(", "cast(-", "cast(coalesce("].iter().any(|cast| before.ends_with(cast)) {
            said.push("a sum that is not cast");
        }
    }
    said
}

#[test]
fn the_lint_knows_what_it_looks_for() {
    assert_eq!(against("select name from customer where id = $1"), ["an organisation is not named"]);
    assert_eq!(against("select sum(a) from period where org_id = $1"), ["a sum that is not cast"]);
    assert_eq!(against("select a from period where org_id = $1 limit 1"), ["a limit without an order"]);
    assert_eq!(against("select now()"), ["takes the engine's clock"]);
    let join = "select a.x from entry a join journal j on j.id = a.journal_id where a.org_id = $1";
    assert_eq!(against(join), ["a join without its organisation"]);
    assert!(against("select cast(sum(a) as bigint) from period where org_id = $1 order by a limit 1").is_empty());
}

#[test]
fn every_statement_runs_everywhere() {
    let mut wrong = Vec::new();
    for (file, sql) in statements() {
        wrong.extend(against(&sql).into_iter().map(|why| format!("{file}: {why}\n  {sql}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
