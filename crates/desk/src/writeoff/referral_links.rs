//! The link by which a service answers: it opens one question, and takes one answer.
use super::referrals::{PURPOSE, settle, understood};
use crate::core::signed_link::{holder, read_token};
use crate::customers::refuse_cards;
use crate::{Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::law::ServiceKind;
use sundry_domain::writeoff::referral::{answers, refusals};
use sundry_store::control::organisation;
use sundry_store::writeoff::referrals::{self, ReferralRow};

/// What who holds a link sees, and no more than it takes to answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LinkedReferral {
    /// Who asks.
    pub organisation: String,
    /// The pseudonymous reference.
    pub reference: String,
    /// The invoice.
    pub invoice: String,
    /// The service.
    pub service: String,
    /// What is not paid.
    pub open_pence: i64,
    /// recommendation or suspension.
    pub purpose: String,
    /// What is asked beyond the standing question.
    pub question: String,
    /// Answers that may be given: stored name, words.
    pub answers: Vec<(String, String)>,
    /// Why the service is not suspended; empty where it may be.
    pub goes_on: String,
    /// By when.
    pub answer_by: NaiveDate,
    /// Whether it is answered.
    pub answered: bool,
}

async fn linked(desk: &Desk, text: &str) -> Outcome<(OrgId, ReferralRow, String)> {
    let no = |why: &str| No::from(refusals::LINK.because(why));
    let (org, id) = read_token(desk, PURPOSE, text).ok_or_else(|| no("This link cannot be used"))?;
    let mut look = desk.look().await?;
    let row = referrals::referral_of_id(&mut look, org, id).await?;
    let row = row.ok_or_else(|| no("This link cannot be used"))?;
    if row.state == "withdrawn" || (row.state != "answered" && row.ends_on < desk.today()) {
        return Err(no("This link has ended"));
    }
    let site = organisation(&mut look, org).await?;
    Ok((org, row, site.map(|site| site.name).unwrap_or_default()))
}

/// The question of a link.
///
/// # Errors
/// `REC-06-LINK` when the link was not made by us, or has ended.
pub async fn linked_referral(desk: &Desk, token: &str) -> Outcome<LinkedReferral> {
    let (_, row, organisation) = linked(desk, token).await?;
    let kind = ServiceKind::parse(&row.need).ok_or_else(|| Fault::new("what a service gives is unknown"))?;
    let goes_on = match kind {
        ServiceKind::Other => String::new(),
        other => format!("{} is never suspended for a debt", other.name()),
    };
    Ok(LinkedReferral {
        organisation,
        reference: row.number,
        invoice: row.item_number,
        service: row.service,
        open_pence: row.open_pence,
        purpose: row.purpose,
        question: row.question,
        answers: answers(kind).into_iter().map(|one| (one.as_str().into(), one.name().into())).collect(),
        goes_on,
        answer_by: row.answer_by,
        answered: row.state == "answered",
    })
}

/// Answers by a link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AnswerReferral {
    /// The key of the form.
    pub key: String,
    /// continue, suspend, write_off or court.
    pub answer: String,
    /// Why.
    pub words: String,
    /// Who answers.
    pub name: String,
}

/// Takes the answer of who holds a link; one that comes after the clock takes the place of what followed from silence.
///
/// # Errors
/// `REC-06-LINK`, `REC-06-OVER`, `REC-06-…` where suspension may not be answered; invalid fields.
pub async fn answer_referral(desk: &Desk, token: &str, ask: AnswerReferral) -> Outcome<()> {
    let (org, row, _) = linked(desk, token).await?;
    let answer = understood(&ask.answer, &ask.words, &ask.name)?;
    refuse_cards(&[("words", &ask.words), ("name", &ask.name)])?;
    let from = format!("{}, {}, by link", ask.name.trim(), row.service.trim());
    let by = holder(org, &from, Duty::AnswerQueries);
    let key = format!("refer/{}/{}", row.id, ask.key);
    command!(desk, &by, "answer_referral", &key, &(&ask.answer, &ask.words, &ask.name), |cmd| {
        settle(cmd, &row, answer, (ask.words.trim(), &from)).await
    })
}
