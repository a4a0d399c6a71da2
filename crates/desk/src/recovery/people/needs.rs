//! What a customer needs of us: marked with its reason and review day, read only by those who may (CUS-13).
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::typed::{days_wrong, words_wrong};
use crate::customers::{find, refuse_cards};
use crate::{Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::FlagKind;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::law::{Adjustment, Need, Vulnerability};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::Tx;
use sundry_store::customers::{self, FlagRow};
use sundry_store::people::calls::{FlagDetailRow, add_flag_detail, flag_details_of};

/// Marks a need.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct MarkNeed {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// Stored name of the domain's `Need`.
    pub need: String,
    /// What we change: stored names of the domain's `Adjustment`.
    pub adjustments: Vec<String>,
    /// How we know, in words: the need, not the diagnosis.
    pub reason: String,
    /// By what right it is kept: consent, or the substantial public interest.
    pub basis: String,
    /// When to look at it again; in six months when not said.
    pub review_on: Option<NaiveDate>,
}

/// What was marked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NeedMarked {
    /// The flag, for ending it.
    pub flag: i64,
    /// When it is looked at again.
    pub review_on: NaiveDate,
    /// Whether only few may read why.
    pub restricted: bool,
    /// The reason for which recovery waits until somebody has looked; empty where it goes on with care.
    pub held_for: String,
}

/// What a need says, for those who may know.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NeedShown {
    /// The flag.
    pub flag: i64,
    /// The need, for people.
    pub need: String,
    /// What we change, for people.
    pub adjustments: Vec<String>,
    /// How we know.
    pub reason: String,
    /// By what right it is kept.
    pub basis: String,
    /// Whether only few may read it.
    pub restricted: bool,
    /// Since when.
    pub from_on: NaiveDate,
    /// Until when.
    pub to_on: Option<NaiveDate>,
    /// When to look again.
    pub review_on: Option<NaiveDate>,
}

fn check(ask: &MarkNeed, today: NaiveDate) -> Result<(Need, Vec<Adjustment>), Vec<Invalid>> {
    let mut wrong = Vec::new();
    let need = Need::parse(&ask.need);
    if need.is_none() {
        wrong.push(Invalid::field("need", "Choose the need from the list", &ask.need));
    }
    let adjustments: Vec<Adjustment> = ask.adjustments.iter().filter_map(|text| Adjustment::parse(text)).collect();
    if adjustments.len() != ask.adjustments.len() {
        let message = "Choose what we change from the list";
        wrong.push(Invalid::field("adjustments", message, ask.adjustments.join(",")));
    }
    if ask.reason.trim().is_empty() || ask.reason.chars().count() > 1_000 {
        let message = "Enter how we know and what is needed, in at most 1,000 characters";
        wrong.push(Invalid::field("reason", message, &ask.reason));
    }
    if ask.basis.trim().is_empty() {
        let message = "Enter by what right we keep it: their consent, or why the public interest needs it";
        wrong.push(Invalid::field("basis", message, &ask.basis));
    }
    if let Some(day) = ask.review_on.filter(|day| *day <= today) {
        let message = format!("Enter a date after {}", written(today));
        wrong.push(Invalid::field("review_on", message, day.to_string()));
    }
    wrong.extend(words_wrong(&[("basis", &ask.basis)], 500));
    if ask.reason.chars().count() <= 1_000 {
        wrong.extend(words_wrong(&[("reason", &ask.reason)], 1_000));
    }
    wrong.extend(days_wrong(&[("review_on", ask.review_on)], today));
    match need {
        Some(need) if wrong.is_empty() => Ok((need, adjustments)),
        _ => Err(wrong),
    }
}

/// Marks a need of a customer. From the same day reminders are the gentle ones with two weeks more, nothing goes to an
/// agency or to court, and where somebody may be unable to answer for themselves recovery waits for a review.
///
/// # Errors
/// Duty; fields; a customer that is not there.
pub async fn mark_need(desk: &Desk, by: &Actor, ask: MarkNeed) -> Outcome<NeedMarked> {
    by.must_hold(Duty::SetFlags)?;
    refuse_cards(&[("reason", &ask.reason), ("basis", &ask.basis)])?;
    command!(desk, by, "mark_need", &ask.key, &ask, |cmd| {
        let (need, adjustments) = check(&ask, cmd.today)?;
        let customer = find(&mut cmd.tx, cmd.by.org, &ask.customer).await?;
        let marked = Vulnerability {
            need,
            adjustments: adjustments.clone(),
            starts_on: cmd.today,
            review_on: ask.review_on,
            manager_decided_on: None,
        };
        let review = marked.review_day();
        let changed: Vec<&str> = adjustments.iter().map(|one| one.name()).collect();
        // What everybody reads says what to do, never why.
        let evidence = if changed.is_empty() { "Needs care".to_owned() } else { changed.join("; ") };
        let flag = add_flag(cmd, (customer.id, &customer.number), evidence, review).await?;
        let detail = FlagDetailRow {
            flag_id: flag,
            customer_id: customer.id,
            need: need.as_str().into(),
            adjustments: adjustments.iter().map(|one| one.as_str()).collect::<Vec<_>>().join(","),
            reason: ask.reason.trim().into(),
            basis: ask.basis.trim().into(),
            restricted: need.is_restricted(),
            case_id: None,
        };
        add_flag_detail(&mut cmd.tx, cmd.by.org, &detail).await?;
        let held_for = match need {
            Need::Safeguarding => "safeguarding",
            need if need.holds_recovery() => "vulnerability_review",
            _ => "",
        };
        if !held_for.is_empty() {
            let words = format!("A need was marked on {}; a manager decides after a review", written(cmd.today));
            crate::plans::hold_for(cmd, (customer.id, None), held_for, &words).await?;
        }
        Ok(NeedMarked { flag, review_on: review, restricted: detail.restricted, held_for: held_for.into() })
    })
}

async fn add_flag(
    cmd: &mut Command,
    (customer, number): (i64, &str),
    evidence: String,
    review: NaiveDate,
) -> Outcome<i64> {
    let row = FlagRow {
        id: cmd.id(),
        customer_id: customer,
        kind: FlagKind::Vulnerable.as_str().into(),
        evidence,
        from_on: cmd.today,
        to_on: None,
        review_on: Some(review),
        raised_by: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    customers::add_flag(&mut cmd.tx, cmd.by.org, &row).await?;
    cmd.tell("NeedMarked", format!("customer {number}"), &row);
    Ok(row.id)
}

/// Asks to read what is kept of a customer's needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadNeeds {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// What for.
    pub why: String,
}

/// What is kept of a customer's needs, the reason told; the trail remembers who read it and why. Somebody without the
/// duty reads what is not restricted.
///
/// # Errors
/// A reason that is missing; a customer that is not there.
pub async fn read_needs(desk: &Desk, by: &Actor, ask: ReadNeeds) -> Outcome<Vec<NeedShown>> {
    by.must_hold(Duty::View)?;
    if ask.why.trim().is_empty() {
        return Err(Invalid::field("why", "Enter what you need it for", &ask.why).into());
    }
    let wrong = words_wrong(&[("why", &ask.why)], 500);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("why", &ask.why)])?;
    let sees = by.holds(Duty::SeeSensitive);
    // Somebody else's key is another request, and what was read is kept under none.
    let asked = (&ask, by.user.0);
    let _: Vec<i64> = command!(desk, by, "read_needs", &ask.key, &asked, |cmd| {
        let customer = find(&mut cmd.tx, cmd.by.org, &ask.customer).await?;
        let shown = needs_of(&mut cmd.tx, cmd.by.org, CustomerId(customer.id), sees).await?;
        let read: Vec<i64> = shown.iter().map(|one| one.flag).collect();
        let detail = serde_json::json!({ "flags": read });
        cmd.tell_why("NeedsRead", format!("customer {}", customer.number), detail, &ask.why);
        Ok(read)
    })?;
    let mut look = desk.look().await?;
    let customer = find(&mut look, by.org, &ask.customer).await?;
    needs_of(&mut look, by.org, CustomerId(customer.id), sees).await
}

/// What is kept of a customer's needs; without what is restricted for who may not see it.
async fn needs_of(tx: &mut Tx, org: OrgId, customer: CustomerId, sees: bool) -> Outcome<Vec<NeedShown>> {
    let details = flag_details_of(tx, org, customer).await?;
    let flags = customers::flags_of(tx, org, customer).await?;
    let mut shown = Vec::new();
    for detail in details.into_iter().filter(|detail| !detail.need.is_empty() && (sees || !detail.restricted)) {
        let Some(flag) = flags.iter().find(|flag| flag.id == detail.flag_id) else { continue };
        shown.push(NeedShown {
            flag: flag.id,
            need: Need::parse(&detail.need).map_or_else(|| detail.need.clone(), |need| need.name().into()),
            adjustments: adjustments_of(&detail.adjustments).iter().map(|one| one.name().to_owned()).collect(),
            reason: detail.reason,
            basis: detail.basis,
            restricted: detail.restricted,
            from_on: flag.from_on,
            to_on: flag.to_on,
            review_on: flag.review_on,
        });
    }
    Ok(shown)
}

/// Adjustments as stored, read.
pub(crate) fn adjustments_of(stored: &str) -> Vec<Adjustment> {
    stored.split(',').filter_map(Adjustment::parse).collect()
}
