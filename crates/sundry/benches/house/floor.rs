//! The floor: the same rows, written and summed with nothing in between.
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};
use sundry_store::engine::tables::{Table, read_rows, tables, write_rows};
use sundry_store::engine::testing::fresh;
use sundry_store::{Db, Engine, args};

/// How many rows each table has.
pub type Counts = BTreeMap<&'static str, usize>;

/// The rows of the named tables as they are now.
pub async fn rows_of(db: &Db, names: &[&str]) -> Vec<(&'static Table, Vec<Vec<Value>>)> {
    let mut all = Vec::new();
    for table in tables().iter().filter(|t| names.contains(&t.name)) {
        let mut rows: Vec<Vec<Value>> = Vec::new();
        let mut look = db.read().await.expect("a question can be asked");
        loop {
            let after: Option<Vec<Value>> =
                rows.last().map(|row| table.key.iter().map(|place| row[*place].clone()).collect());
            let next = read_rows(&mut look, table, after.as_deref(), 20_000).await.expect("rows are read");
            if next.is_empty() {
                break;
            }
            rows.extend(next);
        }
        all.push((table, rows));
    }
    all
}

/// How long the bare insert of the rows that came since `before` takes, in an empty database of the same kind.
pub async fn bare_insert(db: &Db, engine: Engine, folder: &Path, names: &[&str], before: &Counts) -> (Duration, usize) {
    let rows = rows_of(db, names).await;
    let empty = fresh(engine, folder).await;
    let mut written = 0;
    let started = Instant::now();
    let mut tx = empty.begin().await.expect("begins");
    for (table, rows) in &rows {
        let seen = before.get(table.name).copied().unwrap_or(0).min(rows.len());
        written += rows.len() - seen;
        write_rows(&mut tx, table, &rows[seen..]).await.expect("inserts");
    }
    tx.commit().await.expect("commits");
    let took = started.elapsed();
    empty.close().await;
    (took, written)
}

/// How many rows the tables have now.
pub async fn counts(db: &Db, names: &[&'static str]) -> Counts {
    let rows = rows_of(db, names).await;
    rows.into_iter().map(|(table, rows)| (table.name, rows.len())).collect()
}

/// How long the bare sum over the open items takes, grouped by customer.
pub async fn bare_sum(db: &Db) -> Duration {
    let sql =
        "select customer_id, cast(sum(open_pence) as bigint) from open_item where org_id > $1 group by customer_id";
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        let mut look = db.read().await.expect("a question can be asked");
        let rows: Vec<(i64, i64)> = look.all(sql, args![0i64]).await.expect("sums");
        assert!(!rows.is_empty());
        best = best.min(started.elapsed());
    }
    best
}

/// How long the bare sum over contracts, their charges, rates and payers takes.
pub async fn bare_charges(db: &Db) -> Duration {
    let sql = "select count(*), cast(sum(r.rate_e4 + p.seq) as bigint) from contract c join contract_line x on x.org_id = c.org_id and x.contract_id = c.id join contract_rate r on r.org_id = x.org_id and r.contract_id = x.contract_id and r.line = x.line join contract_payer p on p.org_id = c.org_id and p.contract_id = c.id where c.org_id > $1";
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let started = Instant::now();
        let mut look = db.read().await.expect("a question can be asked");
        let rows: Vec<(i64, i64)> = look.all(sql, args![0i64]).await.expect("sums");
        assert_eq!(rows.len(), 1);
        best = best.min(started.elapsed());
    }
    best
}
