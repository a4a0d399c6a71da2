//! Questions to the owning service: go on, suspend, give up, court.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A question to a service about a debt.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ReferralRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose debt.
    pub customer_id: i64,
    /// Their number.
    pub customer_number: String,
    /// The debt.
    pub item_id: i64,
    /// Its number.
    pub item_number: String,
    /// What is open on it today.
    pub open_pence: i64,
    /// recommendation or suspension.
    pub purpose: String,
    /// What the service gives, as far as it matters.
    pub need: String,
    /// The service.
    pub service: String,
    /// The address it was sent to.
    pub sent_to: String,
    /// What is asked.
    pub question: String,
    /// What follows if nobody answers.
    pub default_answer: String,
    /// open, answered, defaulted or withdrawn.
    pub state: String,
    /// When it was asked.
    pub asked_on: NaiveDate,
    /// When they are reminded.
    pub remind_on: NaiveDate,
    /// By when they answer.
    pub answer_by: NaiveDate,
    /// The last day on which the link opens.
    pub ends_on: NaiveDate,
    /// When they were reminded.
    pub reminded_on: Option<NaiveDate>,
    /// continue, suspend, write_off or court; empty while open.
    pub answer: String,
    /// Why.
    pub answer_words: String,
    /// Who answered, as they said.
    pub answered_by: String,
    /// When.
    pub answered_on: Option<NaiveDate>,
    /// The hold that stands in between.
    pub hold_id: Option<i64>,
    /// Who asked.
    pub asked_by_id: i64,
    /// Their name.
    pub asked_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a question; the numbers of customer and debt are theirs.
pub async fn add_referral(tx: &mut Tx, org: OrgId, r: &ReferralRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into service_referral (org_id, id, number, customer_id, item_id, purpose, need, service, sent_to, question, default_answer, state, asked_on, remind_on, answer_by, ends_on, answer, answer_words, answered_by, hold_id, asked_by_id, asked_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, $13, $14, $15, '', '', '', $16, $17, $18, $19)"
    );
    let values = args![
        org,
        r.id,
        &r.number,
        r.customer_id,
        r.item_id,
        &r.purpose,
        &r.need,
        &r.service,
        &r.sent_to,
        &r.question,
        &r.default_answer,
        r.asked_on,
        r.remind_on,
        r.answer_by,
        r.ends_on,
        r.hold_id,
        r.asked_by_id,
        &r.asked_by,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// One question by its id.
pub async fn referral_of_id(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<ReferralRow>, StoreFault> {
    let sql = sql!(
        "select r.id, r.number, r.customer_id, c.number as customer_number, r.item_id, i.number as item_number, i.open_pence, r.purpose, r.need, r.service, r.sent_to, r.question, r.default_answer, r.state, r.asked_on, r.remind_on, r.answer_by, r.ends_on, r.reminded_on, r.answer, r.answer_words, r.answered_by, r.answered_on, r.hold_id, r.asked_by_id, r.asked_by, r.recorded_at from service_referral r join customer c on c.org_id = r.org_id and c.id = r.customer_id join open_item i on i.org_id = r.org_id and i.id = r.item_id where r.org_id = $1 and r.id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// One question by its number.
pub async fn referral(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ReferralRow>, StoreFault> {
    let sql = sql!(
        "select r.id, r.number, r.customer_id, c.number as customer_number, r.item_id, i.number as item_number, i.open_pence, r.purpose, r.need, r.service, r.sent_to, r.question, r.default_answer, r.state, r.asked_on, r.remind_on, r.answer_by, r.ends_on, r.reminded_on, r.answer, r.answer_words, r.answered_by, r.answered_on, r.hold_id, r.asked_by_id, r.asked_by, r.recorded_at from service_referral r join customer c on c.org_id = r.org_id and c.id = r.customer_id join open_item i on i.org_id = r.org_id and i.id = r.item_id where r.org_id = $1 and r.number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The questions about a debt, oldest first.
pub async fn referrals_of_item(tx: &mut Tx, org: OrgId, item: i64) -> Result<Vec<ReferralRow>, StoreFault> {
    let sql = sql!(
        "select r.id, r.number, r.customer_id, c.number as customer_number, r.item_id, i.number as item_number, i.open_pence, r.purpose, r.need, r.service, r.sent_to, r.question, r.default_answer, r.state, r.asked_on, r.remind_on, r.answer_by, r.ends_on, r.reminded_on, r.answer, r.answer_words, r.answered_by, r.answered_on, r.hold_id, r.asked_by_id, r.asked_by, r.recorded_at from service_referral r join customer c on c.org_id = r.org_id and c.id = r.customer_id join open_item i on i.org_id = r.org_id and i.id = r.item_id where r.org_id = $1 and r.item_id = $2 order by r.id"
    );
    tx.all(sql, args![org, item]).await
}

/// Questions in a state, or all when it is empty; those that end first at the top.
pub async fn referrals(tx: &mut Tx, org: OrgId, state: &str, limit: i64) -> Result<Vec<ReferralRow>, StoreFault> {
    let sql = sql!(
        "select r.id, r.number, r.customer_id, c.number as customer_number, r.item_id, i.number as item_number, i.open_pence, r.purpose, r.need, r.service, r.sent_to, r.question, r.default_answer, r.state, r.asked_on, r.remind_on, r.answer_by, r.ends_on, r.reminded_on, r.answer, r.answer_words, r.answered_by, r.answered_on, r.hold_id, r.asked_by_id, r.asked_by, r.recorded_at from service_referral r join customer c on c.org_id = r.org_id and c.id = r.customer_id join open_item i on i.org_id = r.org_id and i.id = r.item_id where r.org_id = $1 and ($2 = '' or r.state = $2) order by r.answer_by, r.id limit $3"
    );
    tx.all(sql, args![org, state, limit]).await
}

/// Open questions with something to do on a day: to be reminded, or past their clock.
pub async fn referrals_to_tend(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<Vec<ReferralRow>, StoreFault> {
    let sql = sql!(
        "select r.id, r.number, r.customer_id, c.number as customer_number, r.item_id, i.number as item_number, i.open_pence, r.purpose, r.need, r.service, r.sent_to, r.question, r.default_answer, r.state, r.asked_on, r.remind_on, r.answer_by, r.ends_on, r.reminded_on, r.answer, r.answer_words, r.answered_by, r.answered_on, r.hold_id, r.asked_by_id, r.asked_by, r.recorded_at from service_referral r join customer c on c.org_id = r.org_id and c.id = r.customer_id join open_item i on i.org_id = r.org_id and i.id = r.item_id where r.org_id = $1 and r.state = 'open' and (r.answer_by < $2 or (r.remind_on <= $2 and r.reminded_on is null)) order by r.id"
    );
    tx.all(sql, args![org, day]).await
}

/// An answer, or what follows from none.
#[derive(Clone, Copy, Debug)]
pub struct Settled<'a> {
    /// answered, defaulted or withdrawn.
    pub state: &'a str,
    /// The answer.
    pub answer: &'a str,
    /// Why.
    pub words: &'a str,
    /// Who.
    pub by: &'a str,
    /// When.
    pub on: NaiveDate,
}

/// Settles an open question; false if it is not open any more.
pub async fn settle_referral(tx: &mut Tx, org: OrgId, id: i64, with: Settled<'_>) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update service_referral set state = $3, answer = $4, answer_words = $5, answered_by = $6, answered_on = $7 where org_id = $1 and id = $2 and state = 'open'"
    );
    Ok(tx.run(sql, args![org, id, with.state, with.answer, with.words, with.by, with.on]).await? == 1)
}

/// An answer that came after the clock had run out takes the place of the default; false if there is none.
pub async fn answer_late(tx: &mut Tx, org: OrgId, id: i64, with: Settled<'_>) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update service_referral set state = 'answered', answer = $3, answer_words = $4, answered_by = $5, answered_on = $6 where org_id = $1 and id = $2 and state = 'defaulted'"
    );
    Ok(tx.run(sql, args![org, id, with.answer, with.words, with.by, with.on]).await? == 1)
}

/// Notes that a service was reminded.
pub async fn note_referral_reminder(tx: &mut Tx, org: OrgId, id: i64, on: NaiveDate) -> Result<(), StoreFault> {
    let sql = sql!("update service_referral set reminded_on = $3 where org_id = $1 and id = $2");
    tx.run(sql, args![org, id, on]).await.map(drop)
}
