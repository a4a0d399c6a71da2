//! People who sign in: invited with a role and a limit, and disabled when they leave.
use crate::core::actor::Actor;
use crate::core::refusals::KEY_REUSED;
use crate::core::vault::{hex, random_bytes, sha256_hex};
use crate::{Desk, Fault, No, Outcome, command};
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Duty, Role, may_hold_together};
use sundry_domain::ids::UserId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::control::{self, UserRow};

/// Adds a user.
#[derive(Clone, Serialize, Deserialize)]
pub struct AddUser {
    /// Idempotency key.
    pub key: String,
    /// Sign-in name.
    pub sign_in_name: String,
    /// Name as others see it.
    pub display_name: String,
    /// Roles by their stored names.
    pub roles: Vec<String>,
    /// Approval limit.
    pub limit: Pence,
    /// The first password; never kept or logged.
    #[serde(skip_serializing, default)]
    pub password: String,
}

/// The user that was added.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UserAdded {
    /// Their id.
    pub user: UserId,
}

/// Argon2id of a password, with a fresh salt.
pub fn hash_password(password: &str) -> Outcome<String> {
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), &random_bytes::<16>());
    Ok(hash.map_err(|e| Fault::new(format!("hashing a password: {e}")))?.to_string())
}

/// Whether a password belongs to a hash.
pub fn password_matches(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// A password that nobody has thought of, for a first sign-in.
pub fn made_password() -> String {
    hex(&random_bytes::<8>())
}

fn check(ask: &AddUser) -> Result<Vec<Role>, Vec<Invalid>> {
    let mut wrong = Vec::new();
    let plain = |c: char| c.is_ascii_alphanumeric() || "@.-_".contains(c);
    if ask.sign_in_name.is_empty() || ask.sign_in_name.len() > 100 || !ask.sign_in_name.chars().all(plain) {
        let say = "Enter a sign-in name of letters, digits, @, dot, hyphen or underscore";
        wrong.push(Invalid::field("sign_in_name", say, &ask.sign_in_name));
    }
    if ask.display_name.trim().is_empty() {
        wrong.push(Invalid::field("display_name", "Enter the person's name", &ask.display_name));
    }
    if ask.password.chars().count() < 12 {
        wrong.push(Invalid::field("password", "Enter a password of at least 12 characters", ""));
    }
    let mut roles = Vec::new();
    for name in &ask.roles {
        match Role::parse(name) {
            Some(role) => roles.push(role),
            None => wrong.push(Invalid::field("roles", "Choose a role from the list", name)),
        }
    }
    if ask.roles.is_empty() {
        wrong.push(Invalid::field("roles", "Choose at least one role", ""));
    }
    if wrong.is_empty() { Ok(roles) } else { Err(wrong) }
}

/// Adds a user (J1).
///
/// # Errors
/// `CTL-01-CONFLICT` for roles that may not be held together; invalid fields; a name that is taken.
pub async fn add_user(desk: &Desk, by: &Actor, ask: AddUser) -> Outcome<UserAdded> {
    by.must_hold(Duty::ManageUsers)?;
    let roles = check(&ask)?;
    may_hold_together(&roles)?;
    let password_hash = hash_password(&ask.password)?;
    command!(desk, by, "add_user", &ask.key, &ask, |cmd| {
        let user: UserId = cmd.id();
        let row = UserRow {
            org_id: cmd.by.org.0,
            id: user.0,
            sign_in_name: ask.sign_in_name.clone(),
            display_name: ask.display_name.trim().to_owned(),
            roles: roles.iter().map(|r| r.as_str()).collect::<Vec<_>>().join(" "),
            limit_pence: ask.limit.0,
            password_hash: password_hash.clone(),
            failed_count: 0,
            locked_until: None,
            disabled_at: None,
        };
        if !control::add_user(&mut cmd.tx, &row, cmd.at).await? {
            return Err(Invalid::field("sign_in_name", "This sign-in name is taken", &ask.sign_in_name).into());
        }
        cmd.tell("UserAdded", format!("user {}", ask.sign_in_name), &ask);
        Ok(UserAdded { user })
    })
}

/// Disables a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DisableUser {
    /// Idempotency key.
    pub key: String,
    /// Sign-in name.
    pub sign_in_name: String,
}

/// Disables a user and ends their sessions at once (Q03).
///
/// # Errors
/// Absent when there is no such user in this organisation.
pub async fn disable_user(desk: &Desk, by: &Actor, ask: DisableUser) -> Outcome<()> {
    by.must_hold(Duty::ManageUsers)?;
    command!(desk, by, "disable_user", &ask.key, &ask, |cmd| {
        let row = control::user_by_name(&mut cmd.tx, &ask.sign_in_name).await?;
        let row = row.filter(|r| r.org_id == cmd.by.org.0).ok_or_else(|| No::Absent("user".into()))?;
        control::disable_user(&mut cmd.tx, cmd.by.org, UserId(row.id), cmd.at).await?;
        cmd.tell("UserDisabled", format!("user {}", ask.sign_in_name), &ask);
        Ok(())
    })
}

/// Gives a program a key with which it acts as a user.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GiveApiKey {
    /// Idempotency key.
    pub key: String,
    /// Sign-in name of the user it acts as.
    pub sign_in_name: String,
    /// What the key is for.
    pub name: String,
}

/// Makes an API key; it is told once and kept only as a hash.
///
/// # Errors
/// Absent when there is no such user in this organisation; `OPS-KEY-REUSED` when it was told before.
pub async fn give_api_key(desk: &Desk, by: &Actor, ask: GiveApiKey) -> Outcome<String> {
    by.must_hold(Duty::ManageUsers)?;
    let secret = format!("sdy_{}", hex(&random_bytes::<32>()));
    let hash = sha256_hex(secret.as_bytes());
    let kept: String = command!(desk, by, "give_api_key", &ask.key, &ask, |cmd| {
        let row = control::user_by_name(&mut cmd.tx, &ask.sign_in_name).await?;
        let row = row.filter(|r| r.org_id == cmd.by.org.0 && r.disabled_at.is_none());
        let row = row.ok_or_else(|| No::Absent("user".into()))?;
        control::add_api_key(&mut cmd.tx, &hash, cmd.by.org, UserId(row.id), &ask.name, cmd.at).await?;
        cmd.tell("ApiKeyGiven", format!("user {}", ask.sign_in_name), &ask);
        Ok(hash.clone())
    })?;
    if kept != hash {
        return Err(KEY_REUSED.because("This key was told once already and cannot be told again.").into());
    }
    Ok(secret)
}

/// All users of the organisation.
pub async fn users(desk: &Desk, by: &Actor) -> Outcome<Vec<UserRow>> {
    by.must_hold(Duty::ManageUsers)?;
    let mut look = desk.look().await?;
    Ok(control::users(&mut look, by.org).await?)
}
