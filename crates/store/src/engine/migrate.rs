//! Forward-only migrations, one text for both engines, each recorded when it is done.
use super::translate::translate;
use super::{Arg, Db, StoreFault};

/// Every migration, in order; never edited after release.
pub const MIGRATIONS: &[(&str, &str)] = &[("0001_house", include_str!("../../migrations/0001_house.sql"))];

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
            .run(
                "insert into schema_migration (name) values ($1) on conflict do nothing",
                vec![Arg::from(*name)],
            )
            .await?;
        if first == 0 {
            continue;
        }
        for statement in translate(text, db.engine()) {
            tx.ddl(statement).await?;
        }
        tx.commit().await?;
        done.push(*name);
    }
    Ok(done)
}

/// The newest migration that the database has, if any.
pub async fn version(db: &Db) -> Result<Option<String>, StoreFault> {
    let mut tx = db.read().await?;
    let rows: Vec<(String,)> =
        tx.all("select name from schema_migration order by name desc limit 1", Vec::new()).await?;
    Ok(rows.into_iter().next().map(|(name,)| name))
}
