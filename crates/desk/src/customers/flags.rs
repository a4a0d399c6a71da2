//! Flags that change what we do, each with evidence and dates (A7).
use super::{find, refuse_cards};
use crate::core::typed::{days_wrong, words_wrong};
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::{Flag, FlagKind, refusals::FLAG_ENDED, refusals::FLAG_OF_CASE};
use sundry_domain::ids::CustomerId;
use sundry_domain::refusal::Invalid;
use sundry_store::customers::{self, FlagRow};
use sundry_store::people::calls::flag_details_of;

/// Sets a flag.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetFlag {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub number: String,
    /// What: vulnerable, breathing_space, insolvent, deceased, gone_away and so on.
    pub kind: String,
    /// How we know.
    pub evidence: String,
    /// First day; today when not said.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Last day, if known.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// When to look again.
    #[serde(default)]
    pub review_on: Option<NaiveDate>,
}

/// The flag that was set.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FlagSet {
    /// Its id, for ending it.
    pub flag: i64,
}

/// Sets a flag on a customer.
///
/// # Errors
/// Invalid without evidence or with dates out of order.
pub async fn set_flag(desk: &Desk, by: &Actor, ask: SetFlag) -> Outcome<FlagSet> {
    by.must_hold(Duty::SetFlags)?;
    refuse_cards(&[("evidence", &ask.evidence)])?;
    command!(desk, by, "set_flag", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let flag = Flag {
            kind: FlagKind::parse(&ask.kind).unwrap_or(FlagKind::Vulnerable),
            evidence: ask.evidence.trim().to_owned(),
            starts_on: ask.from_on.unwrap_or(cmd.today),
            ends_on: ask.to_on,
            review_on: ask.review_on,
        };
        let mut wrong = flag.validate();
        if FlagKind::parse(&ask.kind).is_none() {
            wrong.insert(0, Invalid::field("kind", "Choose a flag from the list", &ask.kind));
        }
        wrong.extend(words_wrong(&[("evidence", &ask.evidence)], 500));
        let days = [("from_on", ask.from_on), ("to_on", ask.to_on), ("review_on", ask.review_on)];
        wrong.extend(days_wrong(&days, cmd.today));
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let customer = find(&mut cmd.tx, org, &ask.number).await?;
        let row = FlagRow {
            id: cmd.id(),
            customer_id: customer.id,
            kind: flag.kind.as_str().into(),
            evidence: flag.evidence.clone(),
            from_on: flag.starts_on,
            to_on: flag.ends_on,
            review_on: flag.review_on,
            raised_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        customers::add_flag(&mut cmd.tx, org, &row).await?;
        cmd.tell("FlagSet", format!("customer {}", customer.number), told_of_flag(&row));
        Ok(FlagSet { flag: row.id })
    })
}

/// What the trail keeps of a flag: not how we know, which may say something of health.
pub(crate) fn told_of_flag(row: &FlagRow) -> serde_json::Value {
    serde_json::json!({
        "flag": row.id, "kind": row.kind, "from_on": row.from_on, "to_on": row.to_on, "review_on": row.review_on,
    })
}

/// Ends a flag.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndFlag {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub number: String,
    /// The flag.
    pub flag: i64,
    /// Its last day; today when not said.
    #[serde(default)]
    pub ended_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Ends a flag on a day.
///
/// # Errors
/// `CUS-FLAG-ENDED` when it is over; `CUS-FLAG-OF-CASE` where a case set it; invalid without a reason or before its first day.
pub async fn end_flag(desk: &Desk, by: &Actor, ask: EndFlag) -> Outcome<()> {
    by.must_hold(Duty::SetFlags)?;
    if ask.reason.trim().is_empty() {
        return Err(Invalid::field("reason", "Enter why the flag ends", &ask.reason).into());
    }
    let mut wrong = words_wrong(&[("reason", &ask.reason)], 500);
    wrong.extend(days_wrong(&[("ended_on", ask.ended_on)], desk.today()));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("reason", &ask.reason)])?;
    command!(desk, by, "end_flag", &ask.key, &ask, |cmd| {
        let (org, last) = (cmd.by.org, ask.ended_on.unwrap_or(cmd.today));
        let customer = find(&mut cmd.tx, org, &ask.number).await?;
        let flag = customers::flag(&mut cmd.tx, org, CustomerId(customer.id), ask.flag).await?;
        let flag = flag.ok_or_else(|| No::Absent("flag".into()))?;
        let details = flag_details_of(&mut cmd.tx, org, CustomerId(customer.id)).await?;
        if details.iter().any(|one| one.flag_id == flag.id && one.case_id.is_some()) {
            return Err(FLAG_OF_CASE.because("This flag belongs to a case that is in force").into());
        }
        if last < flag.from_on {
            let message = format!("Enter a date on or after {}", flag.from_on.format("%-d %B %Y"));
            return Err(Invalid::field("ended_on", message, last.to_string()).into());
        }
        if !customers::end_flag(&mut cmd.tx, org, flag.id, last).await? {
            return Err(FLAG_ENDED.because("This flag has ended already").into());
        }
        let detail = serde_json::json!({ "flag": flag.id, "kind": flag.kind, "ended_on": last });
        cmd.tell("FlagEnded", format!("customer {}", customer.number), detail);
        Ok(())
    })
}
