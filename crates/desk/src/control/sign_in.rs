//! Signing in: argon2id, sessions kept by the hash of their token, lock-out (Q03, Q08).
use super::people::password_matches;
use crate::core::actor::{Actor, Channel};
use crate::core::vault::{hex, random_bytes, sha256_hex};
use crate::{Desk, Outcome};
use chrono::TimeDelta;
use sundry_domain::control::Role;
use sundry_domain::ids::{OrgId, UserId};
use sundry_domain::money::Pence;
use sundry_store::control::{self, SessionRow, UserRow};

/// Failed sign-ins before the account is locked for a time.
const FAILURES: i64 = 5;
/// How long it is locked.
const LOCKED_MINUTES: i64 = 15;
/// A session unused for this long ends.
const IDLE_HOURS: i64 = 1;
/// A session ends after this, used or not.
const LONGEST_HOURS: i64 = 12;

/// A started session; the token is given once and never kept.
pub struct SignedIn {
    /// For the cookie: 256 bits.
    pub token: String,
    /// For forms.
    pub csrf: String,
}

/// Someone with a session.
#[derive(Clone)]
pub struct Session {
    /// Who they are and what they may do.
    pub actor: Actor,
    /// The token their forms must carry.
    pub csrf: String,
}

/// A hash that nobody's password has, so that an unknown name takes as long as a known one.
fn nobody() -> &'static str {
    static NOBODY: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    NOBODY.get_or_init(|| super::people::hash_password(&hex(&random_bytes::<16>())).unwrap_or_default())
}

/// Signs in. `None` is the only thing said of a wrong name, a wrong password or a lock (Q08).
pub async fn sign_in(desk: &Desk, name: &str, password: &str) -> Outcome<Option<SignedIn>> {
    let mut look = desk.look().await?;
    let row = control::user_by_name(&mut look, name).await?;
    drop(look);
    let now = desk.clock().now();
    let (password, hash) =
        (password.to_owned(), row.as_ref().map_or_else(|| nobody().to_owned(), |r| r.password_hash.clone()));
    let right = tokio::task::spawn_blocking(move || password_matches(&password, &hash)).await.unwrap_or(false);
    let Some(row) = row else { return Ok(None) };
    let (org, user) = (OrgId(row.org_id), UserId(row.id));
    let locked = row.locked_until.is_some_and(|until| until > now);
    let mut tx = desk.db().begin().await?;
    if !right || locked || row.disabled_at.is_some() {
        let lock = (row.failed_count + 1 >= FAILURES).then(|| now + TimeDelta::minutes(LOCKED_MINUTES));
        if !locked {
            control::count_failure(&mut tx, org, user, lock).await?;
        }
        tx.commit().await?;
        return Ok(None);
    }
    let (token, csrf) = (hex(&random_bytes::<32>()), hex(&random_bytes::<16>()));
    let session = SessionRow {
        org_id: row.org_id,
        user_id: row.id,
        csrf: csrf.clone(),
        seen_at: now,
        expires_at: now + TimeDelta::hours(LONGEST_HOURS),
    };
    control::clear_failures(&mut tx, org, user).await?;
    control::add_session(&mut tx, &sha256_hex(token.as_bytes()), &session).await?;
    tx.commit().await?;
    Ok(Some(SignedIn { token, csrf }))
}

/// The session of a token, unless it has ended.
pub async fn session(desk: &Desk, token: &str) -> Outcome<Option<Session>> {
    let hash = sha256_hex(token.as_bytes());
    let now = desk.clock().now();
    let mut look = desk.look().await?;
    let Some(row) = control::session(&mut look, &hash).await? else { return Ok(None) };
    if row.expires_at <= now || row.seen_at + TimeDelta::hours(IDLE_HOURS) <= now {
        return Ok(None);
    }
    let Some(user) = control::user(&mut look, OrgId(row.org_id), UserId(row.user_id)).await? else { return Ok(None) };
    drop(look);
    if user.disabled_at.is_some() {
        return Ok(None);
    }
    if row.seen_at + TimeDelta::minutes(5) <= now {
        let mut tx = desk.db().begin().await?;
        control::touch_session(&mut tx, &hash, now).await?;
        tx.commit().await?;
    }
    Ok(Some(Session { actor: actor_of(&user, Channel::Web), csrf: row.csrf }))
}

/// Ends a session.
pub async fn sign_out(desk: &Desk, token: &str) -> Outcome<()> {
    let mut tx = desk.db().begin().await?;
    control::end_session(&mut tx, &sha256_hex(token.as_bytes())).await?;
    Ok(tx.commit().await?)
}

/// The actor of an API key.
pub async fn actor_of_key(desk: &Desk, key: &str) -> Outcome<Option<Actor>> {
    let mut look = desk.look().await?;
    let Some((org, user)) = control::api_key(&mut look, &sha256_hex(key.as_bytes())).await? else { return Ok(None) };
    let row = control::user(&mut look, OrgId(org), UserId(user)).await?;
    Ok(row.filter(|r| r.disabled_at.is_none()).map(|r| actor_of(&r, Channel::Api)))
}

/// A user as someone who acts.
pub fn actor_of(user: &UserRow, channel: Channel) -> Actor {
    let roles: Vec<Role> = user.roles.split(' ').filter_map(Role::parse).collect();
    let mut duties: Vec<_> = roles.iter().flat_map(|r| r.duties().iter().copied()).collect();
    duties.sort_unstable();
    duties.dedup();
    Actor {
        org: OrgId(user.org_id),
        user: UserId(user.id),
        name: user.display_name.clone(),
        roles,
        duties,
        limit: Pence(user.limit_pence),
        channel,
    }
}
