//! Forward-only migrations, one text for both engines, each recorded when it is done.
use super::translate::translate;
use super::{Arg, Db, Engine, StoreFault, Tx};

/// Every migration, in order; never edited after release.
pub const MIGRATIONS: &[(&str, &str)] = &[
    ("0001_house", include_str!("../../migrations/0001_house.sql")),
    ("0010_speed", include_str!("../../migrations/0010_speed.sql")),
    ("0012_bank_files", include_str!("../../migrations/0012_bank_files.sql")),
    ("0013_bacs", include_str!("../../migrations/0013_bacs.sql")),
    ("0014_matching", include_str!("../../migrations/0014_matching.sql")),
    ("0015_cards", include_str!("../../migrations/0015_cards.sql")),
    ("0016_cash_desk", include_str!("../../migrations/0016_cash_desk.sql")),
    ("0017_reconcile", include_str!("../../migrations/0017_reconcile.sql")),
    ("0018_takings", include_str!("../../migrations/0018_takings.sql")),
    ("0019_contracts", include_str!("../../migrations/0019_contracts.sql")),
    ("0020_delivery", include_str!("../../migrations/0020_delivery.sql")),
    ("0021_queries", include_str!("../../migrations/0021_queries.sql")),
    ("0022_vat", include_str!("../../migrations/0022_vat.sql")),
    ("0023_intake", include_str!("../../migrations/0023_intake.sql")),
    ("0024_activity", include_str!("../../migrations/0024_activity.sql")),
    ("0025_letters", include_str!("../../migrations/0025_letters.sql")),
    ("0026_terms", include_str!("../../migrations/0026_terms.sql")),
    ("0027_inbound_mail", include_str!("../../migrations/0027_inbound_mail.sql")),
    ("0028_notify", include_str!("../../migrations/0028_notify.sql")),
    ("0029_hybrid", include_str!("../../migrations/0029_hybrid.sql")),
    ("0030_long_period", include_str!("../../migrations/0030_long_period.sql")),
    ("0031_advance", include_str!("../../migrations/0031_advance.sql")),
    ("0032_servicenow", include_str!("../../migrations/0032_servicenow.sql")),
    ("0034_pages", include_str!("../../migrations/0034_pages.sql")),
    ("0044_plans", include_str!("../../migrations/0044_plans.sql")),
    ("0045_writeoff", include_str!("../../migrations/0045_writeoff.sql")),
    ("0046_agency", include_str!("../../migrations/0046_agency.sql")),
    ("0047_court", include_str!("../../migrations/0047_court.sql")),
    ("0048_people", include_str!("../../migrations/0048_people.sql")),
    ("0049_pathways", include_str!("../../migrations/0049_pathways.sql")),
    ("0050_charges", include_str!("../../migrations/0050_charges.sql")),
    ("0051_debt_facts", include_str!("../../migrations/0051_debt_facts.sql")),
    ("0052_court_forms", include_str!("../../migrations/0052_court_forms.sql")),
    ("0053_merge", include_str!("../../migrations/0053_merge.sql")),
    ("0054_court_answers", include_str!("../../migrations/0054_court_answers.sql")),
    ("0055_step_charges", include_str!("../../migrations/0055_step_charges.sql")),
    ("0056_pathway_choices", include_str!("../../migrations/0056_pathway_choices.sql")),
    ("0057_plan_links", include_str!("../../migrations/0057_plan_links.sql")),
    ("0058_salary_calculations", include_str!("../../migrations/0058_salary_calculations.sql")),
    ("0059_overpayment_recovery", include_str!("../../migrations/0059_overpayment_recovery.sql")),
    ("0060_contract_fees", include_str!("../../migrations/0060_contract_fees.sql")),
    ("0062_recovery_reasons", include_str!("../../migrations/0062_recovery_reasons.sql")),
    ("0064_words_beside", include_str!("../../migrations/0064_words_beside.sql")),
    ("0068_newly_due", include_str!("../../migrations/0068_newly_due.sql")),
];

/// Brings the database to the newest schema. Run again after an interruption, it finishes.
///
/// Each migration is one transaction on both engines, so an interrupted one leaves the old schema.
pub async fn migrate(db: &Db) -> Result<Vec<&'static str>, StoreFault> {
    let mut tx = db.begin().await?;
    tx.ddl("create table if not exists schema_migration (name text not null primary key)".into()).await?;
    tx.commit().await?;
    let mut done = Vec::new();
    for (name, text) in MIGRATIONS {
        let mut tx = db.begin().await?;
        let first = tx
            .run("insert into schema_migration (name) values ($1) on conflict do nothing", vec![Arg::from(*name)])
            .await?;
        if first == 0 {
            continue;
        }
        for statement in translate(text, db.engine()) {
            tx.ddl(statement).await?;
        }
        if db.engine() == Engine::Sqlite {
            tell_sqlite_the_shape(&mut tx).await?;
        }
        tx.commit().await?;
        done.push(*name);
    }
    Ok(done)
}

/// Tells SQLite's planner the shape of a ledger: few organisations, each with very many rows.
///
/// Without figures it takes the primary key by `org_id` alone and reads an organisation's whole table where an
/// index on the next column would find one row. The figures are rows of each index, then rows for each value of
/// its first column, its first two, and so on; they stand in the transaction that changes the schema, which is
/// what makes every other connection read them.
async fn tell_sqlite_the_shape(tx: &mut Tx) -> Result<(), StoreFault> {
    tx.ddl("analyze".into()).await?;
    tx.ddl("delete from sqlite_stat1".into()).await?;
    let indexes: Vec<(String, String, String, i64, i64)> = tx
        .all(
            "select t.name, i.name, i.origin, i.\"unique\", (select count(*) from pragma_index_info(i.name)) from sqlite_master t join pragma_index_list(t.name) i where t.type = 'table' and t.name not like 'sqlite_%'",
            Vec::new(),
        )
        .await?;
    for (table, index, origin, unique, columns) in indexes {
        let name = if origin == "pk" { table.clone() } else { index };
        let mut figures = String::from("1000000");
        for column in 1..=columns {
            let rows = match (column, column == columns && unique == 1) {
                (_, true) => 1,
                (1, _) => 500_000,
                (2, _) => 20,
                _ => 5,
            };
            figures.push_str(&format!(" {rows}"));
        }
        let sql = "insert into sqlite_stat1 (tbl, idx, stat) values ($1, $2, $3)";
        tx.run(sql, vec![Arg::from(table), Arg::from(name), Arg::from(figures)]).await?;
    }
    // This connection holds what `analyze` found in empty tables until it is told to read the figures.
    tx.ddl("analyze sqlite_schema".into()).await
}

/// The newest migration that the database has, if any.
pub async fn version(db: &Db) -> Result<Option<String>, StoreFault> {
    let mut tx = db.read().await?;
    let rows: Vec<(String,)> =
        tx.all("select name from schema_migration order by name desc limit 1", Vec::new()).await?;
    Ok(rows.into_iter().next().map(|(name,)| name))
}

#[cfg(test)]
mod tests {
    use super::super::tables::tables;
    use super::super::testing::{engines, fresh_url};
    use super::*;
    use crate::args;

    /// Homes were made while migrations of lower numbers were still being written.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_home_that_lacks_migrations_gets_those_and_no_others() {
        for engine in engines() {
            for first in ["0010_speed", "0012_bank_files", "0014_matching"] {
                let folder = tempfile::tempdir().expect("a folder");
                let db = Db::open(&fresh_url(engine, folder.path()).await).await.expect("opens");
                // Everything is there but this one, or this one and what came after it.
                let old = |name: &str| if first == "0012_bank_files" { name != first } else { name < first };
                let mut tx = db.begin().await.expect("begins");
                tx.ddl("create table schema_migration (name text not null primary key)".into()).await.expect("a table");
                for (name, text) in MIGRATIONS.iter().filter(|(name, _)| old(name)) {
                    for statement in translate(text, engine) {
                        tx.ddl(statement).await.expect("a statement of an older home");
                    }
                    tx.run("insert into schema_migration (name) values ($1)", args![*name]).await.expect("recorded");
                }
                tx.commit().await.expect("commits");
                let lacked: Vec<&str> = MIGRATIONS.iter().map(|(name, _)| *name).filter(|name| !old(name)).collect();
                assert_eq!(migrate(&db).await.expect("migrates"), lacked, "{engine:?}");
                assert!(migrate(&db).await.expect("migrates").is_empty());
                let mut tx = db.read().await.expect("reads");
                for table in tables() {
                    let sql = format!("select count(*) from {}", table.name);
                    tx.all_built::<(i64,)>(sql, args![]).await.expect("every table is there");
                }
                drop(tx);
                db.close().await;
            }
        }
    }
}
