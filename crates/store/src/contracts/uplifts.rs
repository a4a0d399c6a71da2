//! Uplifts: what was asked for, the rates it changes, and how far it has come.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// An uplift.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct UpliftRow {
    /// Id.
    pub id: i64,
    /// Number: `UPL-000001`.
    pub number: String,
    /// First day of the new rates.
    pub from_on: NaiveDate,
    /// Of one rate card; `own` for contracts' own rates; empty for all.
    pub card_code: String,
    /// Of one service code, or of contracts of one service; empty for all.
    pub service_code: String,
    /// Of contracts that one customer pays; empty for all.
    pub funder: String,
    /// By how much, in words.
    pub by_words: String,
    /// The decision behind it.
    pub why: String,
    /// asked, approved, applying, stopped, applied, refused or `taken_back`.
    pub state: String,
    /// Rates it changes.
    pub rates_count: i64,
    /// Rates that were changed so far.
    pub done_count: i64,
    /// Rates that someone changed meanwhile, which were left alone.
    pub left_count: i64,
    /// Charges that have these rates.
    pub charges_count: i64,
    /// What a year of those charges came to before.
    pub before_pence: i64,
    /// What it comes to with the new rates.
    pub after_pence: i64,
    /// The approval it waits for, or got.
    pub approval: String,
    /// Who asked.
    pub applied_by: i64,
    /// Their name.
    pub applied_by_name: String,
    /// When.
    pub applied_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// A rate that an uplift changes: a rate card's line, or a contract's own.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct UpliftLineRow {
    /// The uplift.
    pub uplift_id: i64,
    /// Its place.
    pub seq: i64,
    /// The rate card, or nothing for a rate of a contract's own.
    pub card_id: Option<i64>,
    /// The card's line.
    pub service_code: String,
    /// The contract, for a rate of its own.
    pub contract_id: Option<i64>,
    /// Its charge.
    pub line: i64,
    /// Before, in ten-thousandths of a pound.
    pub old_e4: i64,
    /// From the day on.
    pub new_e4: i64,
    /// waiting, done, left or `taken_back`.
    pub state: String,
}

/// Adds an uplift with its rates.
pub async fn add_uplift(tx: &mut Tx, org: OrgId, r: UpliftRow, lines: Vec<UpliftLineRow>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "from_on",
        "card_code",
        "service_code",
        "funder",
        "by_words",
        "why",
        "state",
        "rates_count",
        "done_count",
        "left_count",
        "charges_count",
        "before_pence",
        "after_pence",
        "approval",
        "applied_by",
        "applied_by_name",
        "applied_on",
        "recorded_at",
        "version",
    ];
    let row = args![
        org,
        r.id,
        r.number,
        r.from_on,
        r.card_code,
        r.service_code,
        r.funder,
        r.by_words,
        r.why,
        r.state,
        r.rates_count,
        r.done_count,
        r.left_count,
        r.charges_count,
        r.before_pence,
        r.after_pence,
        r.approval,
        r.applied_by,
        r.applied_by_name,
        r.applied_on,
        r.recorded_at,
        r.version
    ];
    tx.insert("uplift", COLUMNS, vec![row]).await?;
    const LINES: &[&str] =
        &["org_id", "uplift_id", "seq", "card_id", "service_code", "contract_id", "line", "old_e4", "new_e4", "state"];
    let lines = lines.into_iter().map(|l| {
        args![org, l.uplift_id, l.seq, l.card_id, l.service_code, l.contract_id, l.line, l.old_e4, l.new_e4, l.state]
    });
    tx.insert("uplift_line", LINES, lines.collect()).await
}

/// Uplifts, newest first.
pub async fn uplifts(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<UpliftRow>, StoreFault> {
    let sql = sql!(
        "select id, number, from_on, card_code, service_code, funder, by_words, why, state, rates_count, done_count, left_count, charges_count, before_pence, after_pence, approval, applied_by, applied_by_name, applied_on, recorded_at, version from uplift where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// The uplift with a number.
pub async fn uplift_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<UpliftRow>, StoreFault> {
    let sql = sql!(
        "select id, number, from_on, card_code, service_code, funder, by_words, why, state, rates_count, done_count, left_count, charges_count, before_pence, after_pence, approval, applied_by, applied_by_name, applied_on, recorded_at, version from uplift where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Keeps where an uplift stands; false if someone was quicker.
pub async fn save_uplift(tx: &mut Tx, org: OrgId, r: &UpliftRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update uplift set state = $4, done_count = $5, left_count = $6, approval = $7, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![org, r.id, r.version, &r.state, r.done_count, r.left_count, &r.approval];
    Ok(tx.run(sql, values).await? == 1)
}

/// Rates of an uplift in a state, after a place.
pub async fn uplift_lines(
    tx: &mut Tx,
    org: OrgId,
    (uplift, state): (i64, &str),
    (after, limit): (i64, i64),
) -> Result<Vec<UpliftLineRow>, StoreFault> {
    let sql = sql!(
        "select uplift_id, seq, card_id, service_code, contract_id, line, old_e4, new_e4, state from uplift_line where org_id = $1 and uplift_id = $2 and ($3 = '' or state = $3) and seq > $4 order by seq limit $5"
    );
    tx.all(sql, args![org, uplift, state, after, limit]).await
}

/// Puts the rates of an uplift between two places into force: those of contracts that still are what was previewed.
///
/// The second statement does the same for lines of rate cards. Lines that were changed meanwhile are left alone.
pub async fn apply_uplift_lines(
    tx: &mut Tx,
    org: OrgId,
    (uplift, from_on): (i64, NaiveDate),
    (first, last): (i64, i64),
    (why, actor, at): (&str, &str, DateTime<Utc>),
) -> Result<u64, StoreFault> {
    let own = sql!(
        "insert into contract_rate (org_id, contract_id, line, from_on, to_on, rate_e4, why, actor_name, recorded_at) select u.org_id, u.contract_id, u.line, $5, null, u.new_e4, $6, $7, $8 from uplift_line u join contract_rate r on r.org_id = u.org_id and r.contract_id = u.contract_id and r.line = u.line and r.from_on = (select max(q.from_on) from contract_rate q where q.org_id = u.org_id and q.contract_id = u.contract_id and q.line = u.line) where u.org_id = $1 and u.uplift_id = $2 and u.seq between $3 and $4 and u.state = 'waiting' and u.contract_id is not null and r.rate_e4 = u.old_e4 and r.from_on < $5 and r.to_on is null"
    );
    let values = || args![org, uplift, first, last, from_on, why, actor, at];
    let mut count = tx.run(own, values()).await?;
    let cards = sql!(
        "insert into rate_line (org_id, card_id, service_code, from_on, to_on, description, unit, rate_e4, vat_code, income_code, why, actor_name, recorded_at) select u.org_id, u.card_id, u.service_code, $5, null, r.description, r.unit, u.new_e4, r.vat_code, r.income_code, $6, $7, $8 from uplift_line u join rate_line r on r.org_id = u.org_id and r.card_id = u.card_id and r.service_code = u.service_code and r.from_on = (select max(q.from_on) from rate_line q where q.org_id = u.org_id and q.card_id = u.card_id and q.service_code = u.service_code) where u.org_id = $1 and u.uplift_id = $2 and u.seq between $3 and $4 and u.state = 'waiting' and u.card_id is not null and r.rate_e4 = u.old_e4 and r.from_on < $5 and r.to_on is null"
    );
    count += tx.run(cards, values()).await?;
    let marked = sql!(
        "update uplift_line set state = case when contract_id is not null then (case when exists (select 1 from contract_rate r where r.org_id = $1 and r.contract_id = uplift_line.contract_id and r.line = uplift_line.line and r.from_on = $5 and r.why = $6) then 'done' else 'left' end) else (case when exists (select 1 from rate_line r where r.org_id = $1 and r.card_id = uplift_line.card_id and r.service_code = uplift_line.service_code and r.from_on = $5 and r.why = $6) then 'done' else 'left' end) end where org_id = $1 and uplift_id = $2 and seq between $3 and $4 and state = 'waiting'"
    );
    tx.run(marked, args![org, uplift, first, last, from_on, why]).await?;
    Ok(count)
}

/// Marks contracts that an uplift's rates between two places touch in days they were billed for already.
pub async fn touch_uplift_lines(
    tx: &mut Tx,
    org: OrgId,
    (uplift, from_on): (i64, NaiveDate),
    (first, last): (i64, i64),
    why: &str,
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update contract set recheck_from = case when recheck_from is null or recheck_from > $5 then $5 else recheck_from end, next_on = case when next_on is null or next_on > $5 then $5 else next_on end, recheck_why = $6, version = version + 1 where org_id = $1 and billed_to >= $5 and (ends_on is null or ends_on >= $5) and (id in (select u.contract_id from uplift_line u where u.org_id = $1 and u.uplift_id = $2 and u.seq between $3 and $4 and u.state <> 'left' and u.contract_id is not null) or id in (select l.contract_id from uplift_line u join contract_line l on l.org_id = u.org_id and l.card_id = u.card_id and l.service_code = u.service_code where u.org_id = $1 and u.uplift_id = $2 and u.seq between $3 and $4 and u.state <> 'left'))"
    );
    tx.run(sql, args![org, uplift, first, last, from_on, why]).await
}

/// Takes the rates of an uplift back as if they had never been.
pub async fn take_back_uplift_lines(
    tx: &mut Tx,
    org: OrgId,
    (uplift, from_on): (i64, NaiveDate),
    why: &str,
) -> Result<u64, StoreFault> {
    let own = sql!(
        "delete from contract_rate where org_id = $1 and from_on = $3 and why = $4 and exists (select 1 from uplift_line u where u.org_id = $1 and u.uplift_id = $2 and u.state = 'done' and u.contract_id = contract_rate.contract_id and u.line = contract_rate.line)"
    );
    let mut count = tx.run(own, args![org, uplift, from_on, why]).await?;
    let cards = sql!(
        "delete from rate_line where org_id = $1 and from_on = $3 and why = $4 and exists (select 1 from uplift_line u where u.org_id = $1 and u.uplift_id = $2 and u.state = 'done' and u.card_id = rate_line.card_id and u.service_code = rate_line.service_code)"
    );
    count += tx.run(cards, args![org, uplift, from_on, why]).await?;
    let marked =
        sql!("update uplift_line set state = 'taken_back' where org_id = $1 and uplift_id = $2 and state = 'done'");
    tx.run(marked, args![org, uplift]).await?;
    Ok(count)
}

/// A charge that an uplift may touch, with the rate that holds on its day.
#[derive(Clone, Debug, FromRow)]
pub struct UpliftedRow {
    /// Contract.
    pub contract_id: i64,
    /// Its number.
    pub number: String,
    /// Its service user.
    pub service_user: String,
    /// Its cycle.
    pub cycle: String,
    /// Which charge.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// Its rate card, if not a rate of its own.
    pub card_id: Option<i64>,
    /// The card's line.
    pub service_code: String,
    /// What its rate is for.
    pub unit: String,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// Whether what was delivered is charged.
    pub by_activity: bool,
    /// The newest rate, in ten-thousandths of a pound.
    pub rate_e4: Option<i64>,
    /// Its first day.
    pub rate_from: Option<NaiveDate>,
    /// Its last day, where it is known.
    pub rate_to: Option<NaiveDate>,
    /// Billed up to and with this day.
    pub billed_to: NaiveDate,
}

/// Charges in force on or after a day, of one service or one payer where named, each with its newest own rate.
pub async fn charges_in_force(
    tx: &mut Tx,
    org: OrgId,
    on: NaiveDate,
    (service, funder): (&str, Option<i64>),
) -> Result<Vec<UpliftedRow>, StoreFault> {
    let sql = sql!(
        "select l.contract_id, c.number, c.service_user, c.cycle, l.line, l.description, l.card_id, l.service_code, l.unit, l.quantity_e4, l.by_activity, r.rate_e4, r.from_on as rate_from, r.to_on as rate_to, c.billed_to from contract_line l join contract c on c.org_id = l.org_id and c.id = l.contract_id left join contract_rate r on r.org_id = l.org_id and r.contract_id = l.contract_id and r.line = l.line and r.from_on = (select max(q.from_on) from contract_rate q where q.org_id = l.org_id and q.contract_id = l.contract_id and q.line = l.line) where l.org_id = $1 and (c.ends_on is null or c.ends_on >= $2) and (l.to_on is null or l.to_on >= $2) and ($3 = '' or lower(c.service) = lower($3) or lower(l.service_code) = lower($3)) and ($4 = 0 or exists (select 1 from contract_payer p where p.org_id = l.org_id and p.contract_id = l.contract_id and p.customer_id = $4 and (p.line is null or p.line = l.line) and (p.to_on is null or p.to_on >= $2))) order by l.contract_id, l.line"
    );
    tx.all(sql, args![org, on, service, funder.unwrap_or(0)]).await
}
