//! Setting a mandate up: on paper, or paperless with the confirmation in writing.
use super::bank_check::must_be_possible;
use super::common::{Site, find_mandate, of_instruction, of_mandate, seal, site, state_of};
use super::letters::{Payer, confirmation};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::customers::{find, refuse_cards};
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::cash::direct_debit::refusals::{FRESH_AUTHORITY, NO_GUARANTEE, REFERENCE};
use sundry_domain::cash::direct_debit::{MandateState, Route, reference_problem};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_formats::bacs::words;
use sundry_store::mandates::{self, InstructionRow, MandateRow};

/// Sets a mandate up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetUpMandate {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// paper, telephone, web or face_to_face.
    pub route: String,
    /// Account holder; empty for the customer's own name.
    #[serde(default)]
    pub payer_name: String,
    /// Where the payer's letters go, if the payer is not the customer.
    #[serde(default)]
    pub payer_address1: String,
    /// Second line.
    #[serde(default)]
    pub payer_address2: String,
    /// Town.
    #[serde(default)]
    pub payer_town: String,
    /// Postcode.
    #[serde(default)]
    pub payer_postcode: String,
    /// E-mail of a payer who is not the customer.
    #[serde(default)]
    pub payer_email: String,
    /// Sort code.
    pub sort_code: String,
    /// Account number.
    pub account: String,
    /// Our reference; one is made when empty.
    #[serde(default)]
    pub reference: String,
    /// The day of the authority; none while a paper form is out.
    #[serde(default)]
    pub signed_on: Option<NaiveDate>,
    /// Where the form, or the record of the conversation, is kept.
    #[serde(default)]
    pub evidence: String,
    /// The only person who must sign says so (DD-01).
    #[serde(default)]
    pub sole_authority: bool,
    /// The cancelled mandate it stands in for.
    #[serde(default)]
    pub replaces: String,
}

/// It is set up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MandateSetUp {
    /// Reference.
    pub reference: String,
    /// Its state.
    pub state: String,
    /// The bank account, as far as people see it.
    pub account_ending: String,
    /// Number of the confirmation, when paperless.
    pub letter: Option<String>,
}

/// Sets a mandate up: the bank details are checked, sealed and shown by their last digits only.
///
/// # Errors
/// Duty; fields; `DD-12-…`, `DD-01-REFERENCE`, `DD-01-FRESH-AUTHORITY`, `DD-05-NO-GUARANTEE`, `DD-01-NO-SERVICE-USER`.
pub async fn set_up_mandate(desk: &Desk, by: &Actor, ask: SetUpMandate) -> Outcome<MandateSetUp> {
    by.must_hold(Duty::ChangeBankDetails)?;
    let wrong = check(&ask, desk.today());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("evidence", &ask.evidence), ("payer_name", &ask.payer_name)])?;
    let print = desk.vault().bank_print(by.org.0, &ask.sort_code, &ask.account).unwrap_or_default();
    // Bank details never go into the idempotency record or the audit trail.
    let asked = serde_json::json!({
        "customer": ask.customer, "route": ask.route, "payer": ask.payer_name, "print": print,
        "reference": ask.reference, "signed_on": ask.signed_on, "evidence": ask.evidence, "replaces": ask.replaces,
    });
    command!(desk, by, "set_up_mandate", &ask.key, &asked, |cmd| {
        let org = cmd.by.org;
        let site = site(&mut cmd.tx, org).await?;
        let customer = find(&mut cmd.tx, org, &ask.customer).await?;
        let route = Route::parse(&ask.route).unwrap_or(Route::Paper);
        if route.is_paperless() && site.agreed.guarantee.trim().is_empty() {
            let sentence = "The confirmation must carry the Guarantee, and its words are not loaded";
            return Err(NO_GUARANTEE.because(sentence).into());
        }
        let replaces_id = replaced(cmd, &ask).await?;
        let reference = reference(cmd, &ask.reference).await?;
        let (details, modulus) = must_be_possible(&mut cmd.tx, org, cmd.today, &ask.sort_code, &ask.account).await?;
        let id: i64 = cmd.id();
        let signed = ask.signed_on.is_some();
        let state = if signed { MandateState::AwaitingLodgement } else { MandateState::Draft };
        let payer = if ask.payer_name.trim().is_empty() { &customer.name } else { &ask.payer_name };
        let row = MandateRow {
            id,
            reference,
            customer_id: customer.id,
            payer_name: payer.trim().to_owned(),
            payer_address1: ask.payer_address1.trim().to_owned(),
            payer_address2: ask.payer_address2.trim().to_owned(),
            payer_town: ask.payer_town.trim().to_owned(),
            payer_postcode: ask.payer_postcode.trim().to_owned(),
            payer_email: ask.payer_email.trim().to_owned(),
            sealed: seal(cmd.desk.vault(), org, &of_mandate(id), &details)?,
            print: print.clone(),
            shown: details.shown(),
            route: route.as_str().into(),
            evidence: ask.evidence.trim().to_owned(),
            signed_on: ask.signed_on,
            modulus,
            state: state.as_str().into(),
            state_reason: String::new(),
            state_on: cmd.today,
            lodged_on: None,
            first_collected_on: None,
            last_collected_on: None,
            claim_open: false,
            replaces_id,
            recorded_at: cmd.at,
            version: 1,
        };
        mandates::add_mandate(&mut cmd.tx, org, &row).await?;
        if signed {
            lodge_later(cmd, &row, "0N", &details).await?;
        }
        let letter = if route.is_paperless() { Some(confirm(cmd, &site, &row).await?) } else { None };
        cmd.tell("MandateSetUp", format!("mandate {}", row.reference), &asked);
        Ok(MandateSetUp { reference: row.reference, state: row.state, account_ending: row.shown, letter })
    })
}

/// Puts an instruction about an account in the queue for the next file.
pub(super) async fn lodge_later(
    cmd: &mut Command,
    mandate: &MandateRow,
    code: &str,
    details: &super::common::Details,
) -> Outcome<()> {
    let id: i64 = cmd.id();
    let row = InstructionRow {
        id,
        mandate_id: mandate.id,
        code: code.into(),
        sealed: seal(cmd.desk.vault(), cmd.by.org, &of_instruction(id), details)?,
        shown: details.shown(),
        state: "waiting".into(),
        run_id: None,
        recorded_at: cmd.at,
    };
    Ok(mandates::add_instructions(&mut cmd.tx, cmd.by.org, vec![row]).await?)
}

async fn confirm(cmd: &mut Command, site: &Site, mandate: &MandateRow) -> Outcome<String> {
    let payer = Payer::of(cmd, mandate).await?;
    Ok(confirmation(cmd, site, mandate, payer).await?.number)
}

/// The cancelled mandate this one stands in for: only with authority given after the cancellation.
async fn replaced(cmd: &mut Command, ask: &SetUpMandate) -> Outcome<Option<i64>> {
    if ask.replaces.trim().is_empty() {
        return Ok(None);
    }
    let old = find_mandate(&mut cmd.tx, cmd.by.org, &ask.replaces).await?;
    let fresh = ask.signed_on.is_some_and(|day| day > old.state_on || (day == old.state_on && day == cmd.today));
    if state_of(&old)?.is_over() && !fresh {
        let sentence = format!("{} ended on {}; the authority must be later", old.reference, old.state_on);
        return Err(FRESH_AUTHORITY.because(sentence).into());
    }
    Ok(Some(old.id))
}

async fn reference(cmd: &mut Command, typed: &str) -> Outcome<String> {
    let typed = words::convert(typed);
    if typed.is_empty() {
        return Ok(format!("DD{:08}", 10_000_000 + cmd.next_number("DDM").await?));
    }
    if let Some(problem) = reference_problem(&typed) {
        return Err(REFERENCE.because(format!("{typed}: {problem}")).into());
    }
    if mandates::mandate_called(&mut cmd.tx, cmd.by.org, &typed).await?.is_some() {
        return Err(REFERENCE.because(format!("{typed} was used before, and is never used again")).into());
    }
    Ok(typed)
}

fn check(ask: &SetUpMandate, today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let route = Route::parse(&ask.route);
    if route.is_none() {
        wrong.push(Invalid::field("route", "Choose how the authority was given", &ask.route));
    }
    if let Some(day) = ask.signed_on.filter(|day| *day > today) {
        wrong.push(Invalid::field("signed_on", "Enter a date that is not in the future", day.to_string()));
    }
    let paperless = route.is_some_and(Route::is_paperless);
    if paperless && ask.signed_on.is_none() {
        wrong.push(Invalid::field("signed_on", "Enter the day the payer gave the authority", ""));
    }
    if (paperless || ask.signed_on.is_some()) && ask.evidence.trim().is_empty() {
        wrong.push(Invalid::field("evidence", "Enter where the form or the record of the call is kept", ""));
    }
    if paperless && !ask.sole_authority {
        let message = "The payer must say that they alone can authorise payments; if two must sign, use the paper form";
        wrong.push(Invalid::field("sole_authority", message, ""));
    }
    let partly = !ask.payer_address1.trim().is_empty() && ask.payer_postcode.trim().is_empty();
    if partly {
        wrong.push(Invalid::field("payer_postcode", "Enter the payer's postcode", ""));
    }
    if words::fit(&ask.payer_name, 18).is_empty() && !ask.payer_name.trim().is_empty() {
        wrong.push(Invalid::field("payer_name", "Enter the name of the account holder", &ask.payer_name));
    }
    wrong
}
