//! The second proof of who decides: the sealed secret of a person's authenticator.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, UserId};

/// A person's security code.
#[derive(Clone, Debug, FromRow)]
pub struct SecurityCodeRow {
    /// The secret, sealed.
    pub sealed: String,
    /// When the first code was right; none while it is being set up.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The last step of time whose code was taken.
    pub last_step: i64,
    /// Wrong codes in a row.
    pub failed_count: i64,
    /// Until when no code is taken.
    pub locked_until: Option<DateTime<Utc>>,
}

/// A person's security code, if there is one.
pub async fn security_code(tx: &mut Tx, org: OrgId, user: UserId) -> Result<Option<SecurityCodeRow>, StoreFault> {
    let sql = sql!(
        "select sealed, confirmed_at, last_step, failed_count, locked_until from security_code where org_id = $1 and user_id = $2"
    );
    tx.maybe(sql, args![org, user]).await
}

/// Begins anew with a secret that no code has confirmed yet.
pub async fn begin_security_code(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    sealed: &str,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into security_code (org_id, user_id, sealed, confirmed_at, last_step, failed_count, locked_until, recorded_at) values ($1, $2, $3, null, 0, 0, null, $4) on conflict (org_id, user_id) do update set sealed = excluded.sealed, confirmed_at = null, last_step = 0, failed_count = 0, locked_until = null, recorded_at = excluded.recorded_at"
    );
    tx.run(sql, args![org, user, sealed, at]).await.map(drop)
}

/// Takes a code of a step of time, which must be later than the last; false if it was taken.
pub async fn take_code(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    step: i64,
    at: DateTime<Utc>,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update security_code set last_step = $3, failed_count = 0, locked_until = null, confirmed_at = coalesce(confirmed_at, $4) where org_id = $1 and user_id = $2 and last_step < $3"
    );
    Ok(tx.run(sql, args![org, user, step, at]).await? == 1)
}

/// Counts a wrong code.
pub async fn count_wrong_code(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    locked_until: Option<DateTime<Utc>>,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "update security_code set failed_count = failed_count + 1, locked_until = coalesce($3, locked_until) where org_id = $1 and user_id = $2"
    );
    tx.run(sql, args![org, user, locked_until]).await.map(drop)
}

/// Takes a person's security code away; false if there was none.
pub async fn end_security_code(tx: &mut Tx, org: OrgId, user: UserId) -> Result<bool, StoreFault> {
    let sql = sql!("delete from security_code where org_id = $1 and user_id = $2");
    Ok(tx.run(sql, args![org, user]).await? == 1)
}
