//! Signing a reconciled list: somebody other than who prepared it.
use super::{SIGNS, find, must_hold_one};
use crate::core::actor::Actor;
use crate::reports::refusals::{LISTING_NOT_DONE, LISTING_OWN_WORK, LISTING_SIGNED};
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::refuse_card_number;
use sundry_domain::refusal::Invalid;
use sundry_store::listing::sign;

/// Signs a list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignListing {
    /// Idempotency key.
    pub key: String,
    /// The list.
    pub number: String,
    /// What is said of the differences that stay open.
    #[serde(default)]
    pub words: String,
}

/// A list that is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListingSigned {
    /// The list.
    pub number: String,
    /// By whom.
    pub signed_by: String,
    /// When.
    pub signed_on: NaiveDate,
}

/// Signs the result; from then on it does not change, and the next list shows only what moved since.
///
/// # Errors
/// Duty; one's own work; a list that is not reconciled, or signed already.
pub async fn sign_listing(desk: &Desk, by: &Actor, ask: SignListing) -> Outcome<ListingSigned> {
    must_hold_one(by, SIGNS)?;
    refuse_card_number("words", &ask.words)?;
    if ask.words.chars().count() > 1_000 {
        return Err(Invalid::field("words", "Enter at most 1,000 characters", &ask.words).into());
    }
    command!(desk, by, "sign_listing", &ask.key, &ask, |cmd| {
        let row = find(&mut cmd.tx, cmd.by.org, &ask.number).await?;
        match row.state.as_str() {
            "signed" => {
                let sentence = format!("{} was signed by {}.", row.number, row.signed_by_name);
                return Err(LISTING_SIGNED.because(sentence).into());
            }
            "done" => {}
            _ => return Err(LISTING_NOT_DONE.because(format!("{} is not reconciled yet.", row.number)).into()),
        }
        if row.prepared_by == cmd.by.user.0 {
            return Err(LISTING_OWN_WORK.because("You brought this list yourself.").into());
        }
        let signature = (cmd.by.user.0, cmd.by.name.as_str(), cmd.today, ask.words.trim());
        sign(&mut cmd.tx, cmd.by.org, row.id, signature).await?;
        let signed = ListingSigned { number: row.number.clone(), signed_by: cmd.by.name.clone(), signed_on: cmd.today };
        cmd.tell("ListingSigned", format!("list {}", row.number), &ask.words);
        Ok(signed)
    })
}
