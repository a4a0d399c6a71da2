//! Links by which a customer sets a plan online, and how often each was tried.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A link.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PlanLinkRow {
    /// Id: what the link names.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Whose plan it sets.
    pub customer_id: i64,
    /// open, used, revoked or locked.
    pub state: String,
    /// When it was made.
    pub made_on: NaiveDate,
    /// The last day on which it opens.
    pub ends_on: NaiveDate,
    /// Who made it.
    pub made_by: String,
    /// The e-mail it went to; empty where somebody passed it on.
    pub sent_to: String,
    /// How often somebody came with other details than theirs.
    pub wrong_tries: i64,
    /// Hash of what the browser carries that showed whose link it is.
    pub pass_hash: String,
    /// Until when that holds.
    pub pass_until: Option<DateTime<Utc>>,
    /// When they first showed who they are.
    pub confirmed_on: Option<NaiveDate>,
    /// Number of the plan that was set; empty while none is.
    pub plan_number: String,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// Who ended it.
    pub ended_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a link, open.
pub async fn add_link(tx: &mut Tx, org: OrgId, l: &PlanLinkRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into plan_link (org_id, id, number, customer_id, state, made_on, ends_on, made_by, sent_to, wrong_tries, pass_hash, plan_number, ended_by, recorded_at) values ($1, $2, $3, $4, 'open', $5, $6, $7, $8, 0, '', '', '', $9)"
    );
    let values =
        args![org, l.id, &l.number, l.customer_id, l.made_on, l.ends_on, &l.made_by, &l.sent_to, l.recorded_at];
    tx.run(sql, values).await.map(drop)
}

/// A link by its id.
pub async fn link(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<PlanLinkRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, state, made_on, ends_on, made_by, sent_to, wrong_tries, pass_hash, pass_until, confirmed_on, plan_number, ended_on, ended_by, recorded_at from plan_link where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// A link by its number.
pub async fn link_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<PlanLinkRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, state, made_on, ends_on, made_by, sent_to, wrong_tries, pass_hash, pass_until, confirmed_on, plan_number, ended_on, ended_by, recorded_at from plan_link where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The links of a customer, newest first.
pub async fn links_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<PlanLinkRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, state, made_on, ends_on, made_by, sent_to, wrong_tries, pass_hash, pass_until, confirmed_on, plan_number, ended_on, ended_by, recorded_at from plan_link where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Ends the links of a customer that still open, since a newer one takes their place; how many there were.
pub async fn end_open_links(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    (by, on): (&str, NaiveDate),
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update plan_link set state = 'revoked', ended_by = $3, ended_on = $4 where org_id = $1 and customer_id = $2 and state = 'open' and ends_on >= $4"
    );
    tx.run(sql, args![org, customer, by, on]).await
}

/// Takes a link back that still opens; false if it does not any more.
pub async fn revoke_link(tx: &mut Tx, org: OrgId, id: i64, (by, on): (&str, NaiveDate)) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update plan_link set state = 'revoked', ended_by = $3, ended_on = $4 where org_id = $1 and id = $2 and state = 'open' and ends_on >= $4"
    );
    Ok(tx.run(sql, args![org, id, by, on]).await? == 1)
}

/// Keeps what the browser of whoever showed who they are carries; false if the link is not open any more.
pub async fn confirm_link(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
    (pass_hash, until, on): (&str, DateTime<Utc>, NaiveDate),
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update plan_link set pass_hash = $3, pass_until = $4, confirmed_on = coalesce(confirmed_on, $5) where org_id = $1 and id = $2 and state = 'open'"
    );
    Ok(tx.run(sql, args![org, id, pass_hash, until, on]).await? == 1)
}

/// Counts a try with other details than theirs: the last of so many locks the link. False if it is not open any more.
pub async fn count_wrong(tx: &mut Tx, org: OrgId, id: i64, (most, on): (i64, NaiveDate)) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update plan_link set wrong_tries = wrong_tries + 1, state = case when wrong_tries + 1 >= $3 then 'locked' else state end, ended_on = case when wrong_tries + 1 >= $3 then $4 else ended_on end where org_id = $1 and id = $2 and state = 'open'"
    );
    Ok(tx.run(sql, args![org, id, most, on]).await? == 1)
}

/// Spends an open link; false if it is not open any more. Of two at once the second waits here, and finds it spent.
pub async fn spend_link(tx: &mut Tx, org: OrgId, id: i64, on: NaiveDate) -> Result<bool, StoreFault> {
    let sql =
        sql!("update plan_link set state = 'used', ended_on = $3 where org_id = $1 and id = $2 and state = 'open'");
    Ok(tx.run(sql, args![org, id, on]).await? == 1)
}

/// Notes which plan a link was spent on.
pub async fn note_plan(tx: &mut Tx, org: OrgId, id: i64, plan: &str) -> Result<(), StoreFault> {
    let sql = sql!("update plan_link set plan_number = $3 where org_id = $1 and id = $2");
    tx.run(sql, args![org, id, plan]).await.map(drop)
}

/// Court or agency where debts of a customer are now, and the number of the case; none where they are with us.
pub async fn debts_elsewhere(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
) -> Result<Option<(String, String)>, StoreFault> {
    let sql = sql!(
        "select 'court' as what, number from court_case where org_id = $1 and customer_id = $2 and state not in ('sent_back', 'satisfied', 'closed') union all select 'agency' as what, number from placement where org_id = $1 and customer_id = $2 and state in ('sent', 'with_agency') order by number limit 1"
    );
    tx.maybe(sql, args![org, customer]).await
}

// Week by week -------------------------------------------------------------------------

/// The plans that began on a day, and how many of them came by a link.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct BegunRow {
    /// The day.
    pub on_day: NaiveDate,
    /// Plans that began.
    pub agreed: i64,
    /// Of these, by a link and granted at once.
    pub untouched: i64,
    /// Of these, by a link and approved by somebody.
    pub offered: i64,
}

/// Plans that began from one day to another, by day. What came by a link is known by the link, not by what is said of it.
pub async fn begun_between(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<BegunRow>, StoreFault> {
    let sql = sql!(
        "select p.granted_on as on_day, cast(count(*) as bigint) as agreed, cast(sum(case when k.id is not null and p.approval = '' then 1 else 0 end) as bigint) as untouched, cast(sum(case when k.id is not null and p.approval <> '' then 1 else 0 end) as bigint) as offered from payment_plan p left join plan_link k on k.org_id = p.org_id and k.plan_number = p.number where p.org_id = $1 and p.granted_on >= $2 and p.granted_on <= $3 group by p.granted_on order by p.granted_on"
    );
    tx.all(sql, args![org, first, last]).await
}

/// How many links were made on each day from one to another.
pub async fn made_between(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (NaiveDate, NaiveDate),
) -> Result<Vec<(NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select made_on, cast(count(*) as bigint) from plan_link where org_id = $1 and made_on >= $2 and made_on <= $3 group by made_on order by made_on"
    );
    tx.all(sql, args![org, first, last]).await
}

// How often ----------------------------------------------------------------------------

/// Something that was sent to a link.
#[derive(Clone, Copy, Debug)]
pub struct LinkTry<'a> {
    /// Id.
    pub id: i64,
    /// The link.
    pub link: i64,
    /// The mark of the address it came from; empty where that is not known.
    pub address: &'a str,
    /// Minutes since 1970.
    pub minute: i64,
}

/// Notes that something was sent, and forgets what was sent before a minute.
pub async fn add_try(tx: &mut Tx, org: OrgId, one: LinkTry<'_>, forget_before: i64) -> Result<(), StoreFault> {
    let sql = sql!("delete from plan_link_try where org_id = $1 and minute < $2");
    tx.run(sql, args![org, forget_before]).await?;
    let sql = sql!("insert into plan_link_try (org_id, id, link_id, address, minute) values ($1, $2, $3, $4, $5)");
    tx.run(sql, args![org, one.id, one.link, one.address, one.minute]).await.map(drop)
}

/// How often a link was sent something since a minute, and how often from one address to any link.
pub async fn tries_since(
    tx: &mut Tx,
    org: OrgId,
    (link, address): (i64, &str),
    since: i64,
) -> Result<(i64, i64), StoreFault> {
    let sql =
        sql!("select cast(count(*) as bigint) from plan_link_try where org_id = $1 and link_id = $2 and minute >= $3");
    let (of_link,): (i64,) = tx.one(sql, args![org, link, since]).await?;
    let sql = sql!(
        "select cast(count(*) as bigint) from plan_link_try where org_id = $1 and address = $2 and address <> '' and minute >= $3"
    );
    let (of_address,): (i64,) = tx.one(sql, args![org, address, since]).await?;
    Ok((of_link, of_address))
}
