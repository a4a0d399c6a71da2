//! The second proof of who decides: six digits of an authenticator (RFC 6238), each good once.
use crate::core::command::Command;
use crate::core::vault::random_bytes;
use crate::{Actor, Desk, Outcome, command};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use subtle::ConstantTimeEq;
use sundry_domain::control::Duty;
use sundry_domain::control::refusals::{CODE_LOCKED, CODE_NOT_SET, CODE_WRONG};
use sundry_domain::ids::UserId;
use sundry_domain::refusal::Invalid;
use sundry_store::control_code::{self, SecurityCodeRow};

/// Seconds that a code stands.
const STEP: i64 = 30;
/// Wrong codes in a row before none is taken for a time.
const FAILURES: i64 = 5;
/// How long.
const LOCKED_MINUTES: i64 = 15;
/// The letters of base 32, as authenticators read them.
const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

fn row_name(user: UserId) -> String {
    format!("security code/{}", user.0)
}

/// Bytes as authenticators read them: letters and digits of base 32.
pub fn base32(bytes: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[((held >> bits) & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(LETTERS[((held << (5 - bits)) & 31) as usize]));
    }
    text
}

/// The code of a secret at a step of time.
pub fn code_at(secret: &[u8], step: i64) -> String {
    let mut mac = <Hmac<Sha1> as KeyInit>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(&step.to_be_bytes());
    let hash: [u8; 20] = mac.finalize().into_bytes().into();
    let from = usize::from(hash[19] & 15);
    let four: [u8; 4] = std::array::from_fn(|at| hash[from + at]);
    format!("{:06}", (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000)
}

/// The step of time of an instant.
pub fn step_of(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(STEP)
}

/// What a person puts into their authenticator.
#[derive(Clone, Serialize, Deserialize)]
pub struct SecurityCodeBegun {
    /// The secret, in groups of four to type.
    pub secret: String,
    /// The same as an address that authenticators open.
    pub address: String,
}

/// Where a person's security code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityCodeState {
    /// The first code was right: it counts.
    pub confirmed: bool,
    /// It was begun and waits for its first code.
    pub begun: bool,
}

/// Where one's own security code stands.
///
/// # Errors
/// The database.
pub async fn security_code(desk: &Desk, by: &Actor) -> Outcome<SecurityCodeState> {
    let row = control_code::security_code(&mut desk.look().await?, by.org, by.user).await?;
    let confirmed = row.as_ref().is_some_and(|row| row.confirmed_at.is_some());
    Ok(SecurityCodeState { confirmed, begun: row.is_some() && !confirmed })
}

/// Begins, or begins again, to set up one's own security code; the secret is shown now and never again.
///
/// Who has a code that counts shows that they hold it first.
///
/// # Errors
/// `CTL-07-CODE-WRONG`, `CTL-07-CODE-LOCKED`.
pub async fn begin_security_code(desk: &Desk, by: &Actor, key: &str, present: &str) -> Outcome<SecurityCodeBegun> {
    let secret: [u8; 20] = random_bytes();
    let sealed = desk.vault().seal_text(by.org.0, &row_name(by.user), &base32(&secret))?;
    let begun: Outcome<bool> = command!(desk, by, "begin_security_code", key, &by.user.0, |cmd| {
        let row = control_code::security_code(&mut cmd.tx, cmd.by.org, cmd.by.user).await?;
        if row.is_some_and(|row| row.confirmed_at.is_some()) {
            use_code(cmd, present).await?;
        }
        control_code::begin_security_code(&mut cmd.tx, cmd.by.org, cmd.by.user, &sealed, cmd.at).await?;
        cmd.tell("SecurityCodeBegun", format!("user {}", cmd.by.user.0), true);
        Ok(true)
    });
    count_if_wrong(desk, by, begun).await?;
    // The same form sent again made nothing new: what is shown is what is kept.
    let row = control_code::security_code(&mut desk.look().await?, by.org, by.user).await?;
    let row = row.filter(|row| row.confirmed_at.is_none());
    let row = row.ok_or_else(|| crate::No::Absent("security code that is being set up".into()))?;
    let text = desk.vault().open_text(by.org.0, &row_name(by.user), &row.sealed)?;
    let groups: Vec<&str> =
        (0..text.len()).step_by(4).filter_map(|at| text.get(at..(at + 4).min(text.len()))).collect();
    let address = format!("otpauth://totp/Sundry?secret={text}&issuer=Sundry&digits=6&period={STEP}");
    Ok(SecurityCodeBegun { secret: groups.join(" "), address })
}

/// Confirms one's own security code by its first code.
///
/// # Errors
/// `CTL-07-CODE-NOT-SET`, `CTL-07-CODE-WRONG`, `CTL-07-CODE-LOCKED`.
pub async fn confirm_security_code(desk: &Desk, by: &Actor, key: &str, code: &str) -> Outcome<SecurityCodeState> {
    let done: Outcome<SecurityCodeState> = command!(desk, by, "confirm_security_code", key, &by.user.0, |cmd| {
        let row = control_code::security_code(&mut cmd.tx, cmd.by.org, cmd.by.user).await?;
        let row = row.ok_or_else(|| CODE_NOT_SET.because("You have not begun to set up a security code"))?;
        take(cmd, &row, code).await?;
        cmd.tell("SecurityCodeSetUp", format!("user {}", cmd.by.user.0), true);
        Ok(SecurityCodeState { confirmed: true, begun: false })
    });
    count_if_wrong(desk, by, done).await
}

/// Takes somebody's security code away, so that they can set up another.
///
/// # Errors
/// Duty; absent where there is none.
pub async fn reset_security_code(desk: &Desk, by: &Actor, key: &str, user: UserId) -> Outcome<bool> {
    by.must_hold(Duty::ManageUsers)?;
    command!(desk, by, "reset_security_code", key, &user.0, |cmd| {
        if !control_code::end_security_code(&mut cmd.tx, cmd.by.org, user).await? {
            return Err(crate::No::Absent("security code".into()));
        }
        cmd.tell("SecurityCodeReset", format!("user {}", user.0), true);
        Ok(true)
    })
}

/// Takes the code of who decides, inside the command that it lets through.
pub(crate) async fn use_code(cmd: &mut Command, code: &str) -> Outcome<()> {
    let row = control_code::security_code(&mut cmd.tx, cmd.by.org, cmd.by.user).await?;
    let row = row.filter(|row| row.confirmed_at.is_some());
    let row = row.ok_or_else(|| CODE_NOT_SET.because("You have no security code yet"))?;
    take(cmd, &row, code).await
}

async fn take(cmd: &mut Command, row: &SecurityCodeRow, code: &str) -> Outcome<()> {
    if row.locked_until.is_some_and(|until| until > cmd.at) {
        return Err(CODE_LOCKED.because("Too many wrong codes were entered").into());
    }
    let typed: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    if typed.is_empty() {
        return Err(Invalid::field("security_code", "Enter the six digits of your security code", "").into());
    }
    let text = cmd.desk.vault().open_text(cmd.by.org.0, &row_name(cmd.by.user), &row.sealed)?;
    let secret = read_base32(&text);
    let now = step_of(cmd.at);
    let fits = |step: &i64| bool::from(code_at(&secret, *step).as_bytes().ct_eq(typed.as_bytes()));
    let step = [now, now - 1, now + 1].into_iter().filter(|step| *step > row.last_step).find(fits);
    let wrong = || CODE_WRONG.because("The security code is not right, or it has been used");
    let step = step.ok_or_else(wrong)?;
    if !control_code::take_code(&mut cmd.tx, cmd.by.org, cmd.by.user, step, cmd.at).await? {
        return Err(wrong().into());
    }
    Ok(())
}

fn read_base32(text: &str) -> Vec<u8> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0u32, 0);
    for letter in text.bytes() {
        let Some(value) = LETTERS.iter().position(|one| *one == letter) else { continue };
        held = (held << 5) | value as u32;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(((held >> bits) & 255) as u8);
        }
    }
    bytes
}

/// Counts a wrong code, which the command that refused it could not keep.
pub(crate) async fn count_if_wrong<T>(desk: &Desk, by: &Actor, outcome: Outcome<T>) -> Outcome<T> {
    if let Err(no) = &outcome
        && no.code() == Some(CODE_WRONG.code)
    {
        let mut tx = desk.db().begin().await?;
        if let Some(row) = control_code::security_code(&mut tx, by.org, by.user).await? {
            let lock = TimeDelta::minutes(LOCKED_MINUTES);
            let until = ((row.failed_count + 1) % FAILURES == 0).then(|| desk.clock().now() + lock);
            control_code::count_wrong_code(&mut tx, by.org, by.user, until).await?;
            tx.commit().await?;
        }
    }
    outcome
}

/// The code that a person's authenticator shows now, for tests and stories, which have no telephone.
///
/// # Errors
/// `CTL-07-CODE-NOT-SET`.
pub async fn code_of_test_person(desk: &Desk, by: &Actor) -> Outcome<String> {
    if !matches!(desk.mode(), crate::Mode::Demo | crate::Mode::Test) {
        return Err(CODE_NOT_SET.because("Only a test or a demo tells codes").into());
    }
    let mut look = desk.look().await?;
    let row = control_code::security_code(&mut look, by.org, by.user).await?;
    let row = row.ok_or_else(|| CODE_NOT_SET.because("There is no security code"))?;
    let secret = read_base32(&desk.vault().open_text(by.org.0, &row_name(by.user), &row.sealed)?);
    let step = (step_of(desk.clock().now()) - 1).max(row.last_step + 1);
    Ok(code_at(&secret, step))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ctl_07_codes_are_those_of_the_standard() {
        // RFC 6238, appendix B: the last six digits of its eight.
        let secret = b"12345678901234567890";
        for (at, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(code_at(secret, at / STEP), code);
        }
    }

    #[test]
    fn a_secret_reads_back() {
        assert_eq!(base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        for bytes in [vec![], vec![0], vec![255, 1], vec![7; 20]] {
            assert_eq!(read_base32(&base32(&bytes)), bytes);
        }
    }
}
