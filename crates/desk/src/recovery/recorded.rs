//! What people record with evidence, and withdraw as wrong: it is kept, with the reason, and counts no longer.
use crate::Outcome;
use crate::core::command::Command;
use crate::core::typed::{all_right, words_wrong};
use crate::customers::refuse_cards;
use sundry_domain::refusal::{Invalid, RefusalKind};
use sundry_store::recovery::recorded::{self as rows, Recorded};

/// The reason for an act, which is asked for in a sentence.
pub(super) fn reasoned(reason: &str, what: &str) -> Outcome<()> {
    refuse_cards(&[("reason", reason)])?;
    if reason.trim().is_empty() {
        return Err(Invalid::field("reason", format!("Enter {what}, in at most 300 characters"), reason).into());
    }
    Ok(all_right(words_wrong(&[("reason", reason)], 300))?)
}

/// Withdraws what was recorded; refused where it was withdrawn before.
pub(super) async fn withdraw(
    cmd: &mut Command,
    which: (Recorded, i64),
    reason: &str,
    twice: RefusalKind,
) -> Outcome<()> {
    let (org, today, by) = (cmd.by.org, cmd.today, cmd.by.name.clone());
    match rows::withdraw(&mut cmd.tx, org, which, today, (by.as_str(), reason.trim())).await? {
        0 => Err(twice.because("It was withdrawn before").into()),
        _ => Ok(()),
    }
}
