//! Reading activity: by reference, by number, in a list, for the run, behind an invoice.
use super::{ActivityFileRow, ActivityRow};
use crate::contracts::{ContractRange, ContractRow};
use crate::{Arg, StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::{DocumentId, OrgId};

/// References looked up by one statement.
const AT_ONCE: usize = 400;

/// The number of the file with a hash, if it was taken in.
pub async fn activity_file_with(tx: &mut Tx, org: OrgId, sha256: &str) -> Result<Option<ActivityFileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, source, file_name, file_sha256, reason, lines_count, accepted_count, held_count, worth_pence, held_pence, actor_name, taken_on, recorded_at from activity_file where org_id = $1 and file_sha256 = $2 and file_sha256 <> ''"
    );
    tx.maybe(sql, args![org, sha256]).await
}

/// Files, newest first.
pub async fn activity_files(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<ActivityFileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, source, file_name, file_sha256, reason, lines_count, accepted_count, held_count, worth_pence, held_pence, actor_name, taken_on, recorded_at from activity_file where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// The lines that stand under references of a source.
pub async fn activity_with(
    tx: &mut Tx,
    org: OrgId,
    source: &str,
    references: &[String],
) -> Result<Vec<ActivityRow>, StoreFault> {
    let mut all = Vec::new();
    for some in references.chunks(AT_ONCE) {
        let mut values = args![org, source];
        let mut places = Vec::with_capacity(some.len());
        for reference in some {
            values.push(Arg::from(reference));
            places.push(format!("${}", values.len()));
        }
        let sql = format!(
            "select id, number, file_id, source, reference, service, service_user, contract_told, funder_told, unit, from_on, to_on, quantity_e4, rate_told_e4, contract_id, line, rate_e4, state, held_because, sentence, explained_as, why, worth_pence, owner_name, due_on, approval, actor_name, taken_on, recorded_at, version from activity where org_id = $1 and source = $2 and state <> 'replaced' and reference in ({})",
            places.join(", ")
        );
        all.extend(tx.all_built::<ActivityRow>(sql, values).await?);
    }
    Ok(all)
}

/// The line with a number.
pub async fn activity_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ActivityRow>, StoreFault> {
    let sql = sql!(
        "select id, number, file_id, source, reference, service, service_user, contract_told, funder_told, unit, from_on, to_on, quantity_e4, rate_told_e4, contract_id, line, rate_e4, state, held_because, sentence, explained_as, why, worth_pence, owner_name, due_on, approval, actor_name, taken_on, recorded_at, version from activity where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// What stood under a reference, newest first.
pub async fn activity_history(
    tx: &mut Tx,
    org: OrgId,
    (source, reference): (&str, &str),
) -> Result<Vec<ActivityRow>, StoreFault> {
    let sql = sql!(
        "select id, number, file_id, source, reference, service, service_user, contract_told, funder_told, unit, from_on, to_on, quantity_e4, rate_told_e4, contract_id, line, rate_e4, state, held_because, sentence, explained_as, why, worth_pence, owner_name, due_on, approval, actor_name, taken_on, recorded_at, version from activity where org_id = $1 and source = $2 and reference = $3 order by id desc limit 50"
    );
    tx.all(sql, args![org, source, reference]).await
}

/// Lines that are held, after an id.
pub async fn activity_held(tx: &mut Tx, org: OrgId, after: i64, limit: i64) -> Result<Vec<ActivityRow>, StoreFault> {
    let sql = sql!(
        "select id, number, file_id, source, reference, service, service_user, contract_told, funder_told, unit, from_on, to_on, quantity_e4, rate_told_e4, contract_id, line, rate_e4, state, held_because, sentence, explained_as, why, worth_pence, owner_name, due_on, approval, actor_name, taken_on, recorded_at, version from activity where org_id = $1 and state = 'held' and id > $2 order by id limit $3"
    );
    tx.all(sql, args![org, after, limit]).await
}

/// A line of activity in a list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ActivityOfList {
    /// Id: the key of the list.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Its reference in the source.
    pub reference: String,
    /// Service.
    pub service: String,
    /// Reference of the service user.
    pub service_user: String,
    /// What is counted.
    pub unit: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// The contract it fits, or would; empty where there is none.
    pub contract: String,
    /// accepted, held, asked or explained.
    pub state: String,
    /// Why it is, or was, held.
    pub held_because: String,
    /// Why, in words.
    pub sentence: String,
    /// Why it is not billed at all.
    pub explained_as: String,
    /// What it comes to, or pounds at stake.
    pub worth_pence: i64,
    /// Who sees to it.
    pub owner_name: String,
    /// By when.
    pub due_on: Option<NaiveDate>,
    /// The newest invoice it stands behind; empty where there is none.
    pub document: String,
}

/// Which lines to list.
#[derive(Clone, Debug, Default)]
pub struct ActivityFilter {
    /// accepted, held, asked, explained, or unbilled; empty for all.
    pub state: String,
    /// Held for this reason.
    pub because: String,
    /// Of one contract.
    pub contract: Option<i64>,
    /// From this day.
    pub from_on: Option<NaiveDate>,
    /// To this day.
    pub to_on: Option<NaiveDate>,
}

/// Lines before an id, newest first; those replaced are left out.
pub async fn activity_page(
    tx: &mut Tx,
    org: OrgId,
    filter: &ActivityFilter,
    (before, limit): (i64, i64),
) -> Result<Vec<ActivityOfList>, StoreFault> {
    let mut values = args![org, before, limit];
    let mut sql = "select a.id, a.number, a.reference, a.service, a.service_user, a.unit, a.from_on, a.to_on, a.quantity_e4, coalesce(c.number, a.contract_told) as contract, a.state, a.held_because, a.sentence, a.explained_as, a.worth_pence, a.owner_name, a.due_on, coalesce((select d.number from activity_billed b join contract_charge x on x.org_id = b.org_id and x.id = b.charge_id join document d on d.org_id = x.org_id and d.id = x.document_id where b.org_id = a.org_id and b.activity_id = a.id and x.state <> 'refused' order by x.id desc limit 1), '') as document from activity a left join contract c on c.org_id = a.org_id and c.id = a.contract_id where a.org_id = $1 and a.id < $2 and a.state <> 'replaced'".to_owned();
    let mut and = |text: &str, value: Arg| {
        values.push(value);
        sql.push_str(&text.replace('?', &format!("${}", values.len())));
    };
    if !filter.state.is_empty() && filter.state != "unbilled" {
        and(" and a.state = ?", Arg::from(&filter.state));
    }
    if !filter.because.is_empty() {
        and(" and a.held_because = ?", Arg::from(&filter.because));
    }
    if let Some(contract) = filter.contract {
        and(" and a.contract_id = ?", Arg::from(contract));
    }
    if let Some(day) = filter.from_on {
        and(" and a.from_on >= ?", Arg::from(day));
    }
    if let Some(day) = filter.to_on {
        and(" and a.from_on <= ?", Arg::from(day));
    }
    if filter.state == "unbilled" {
        sql.push_str(" and a.state = 'accepted' and not exists (select 1 from activity_billed b join contract_charge x on x.org_id = b.org_id and x.id = b.charge_id where b.org_id = a.org_id and b.activity_id = a.id and x.state <> 'refused')");
    }
    sql.push_str(" order by a.id desc limit $3");
    tx.all_built(sql, values).await
}

/// Contracts that have a charge by activity.
pub async fn activity_contracts(tx: &mut Tx, org: OrgId) -> Result<Vec<ContractRow>, StoreFault> {
    let sql = sql!(
        "select c.id, c.number, c.service_user, c.service, c.debt_type, c.cost_centre, c.cycle, c.in_advance, c.starts_on, c.ends_on, c.end_reason, c.charge_first_day, c.charge_last_day, c.terms_days, c.reference, c.billed_to, c.next_on, c.recheck_from, c.recheck_why, c.recorded_at, c.version from contract c where c.org_id = $1 and exists (select 1 from contract_line l where l.org_id = c.org_id and l.contract_id = c.id and l.by_activity) order by c.id"
    );
    tx.all(sql, args![org]).await
}

/// Contract, charge, day and quantity of what was accepted in some days.
pub async fn accepted_by_day(
    tx: &mut Tx,
    org: OrgId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(i64, i64, NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select contract_id, line, from_on, cast(sum(quantity_e4) as bigint) from activity where org_id = $1 and from_on between $2 and $3 and state in ('accepted', 'asked') and contract_id is not null group by contract_id, line, from_on"
    );
    tx.all(sql, args![org, from, to]).await
}

/// What was delivered and accepted, as the run needs it.
#[derive(Clone, Debug, FromRow)]
pub struct DeliveredRow {
    /// Id.
    pub id: i64,
    /// The contract.
    pub contract_id: i64,
    /// Its charge.
    pub line: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// A rate let through.
    pub rate_e4: Option<i64>,
}

/// What was accepted of contracts, since a day.
pub async fn delivered(
    tx: &mut Tx,
    org: OrgId,
    of: &ContractRange,
    since: NaiveDate,
) -> Result<Vec<DeliveredRow>, StoreFault> {
    let sql = sql!(
        "select a.id, a.contract_id, a.line, a.from_on, a.to_on, a.quantity_e4, a.rate_e4 from activity a where a.org_id = $1 and a.contract_id between $2 and $3 and a.to_on >= $4 and a.state = 'accepted' order by a.contract_id, a.line, a.from_on, a.id"
    );
    tx.all(sql, args![org, of.first, of.last, since]).await
}

/// A line of activity behind a line of an invoice.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ActivityBehind {
    /// The charge it stands behind.
    pub charge_id: i64,
    /// Number.
    pub number: String,
    /// Its reference in the source.
    pub reference: String,
    /// Service.
    pub service: String,
    /// Reference of the service user.
    pub service_user: String,
    /// What is counted.
    pub unit: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// How many, in ten-thousandths.
    pub quantity_e4: i64,
    /// What it came to, for all payers together.
    pub priced_pence: i64,
}

/// The activity behind the lines of a document.
pub async fn activity_of_document(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
) -> Result<Vec<ActivityBehind>, StoreFault> {
    let sql = sql!(
        "select b.charge_id, a.number, a.reference, a.service, a.service_user, a.unit, a.from_on, a.to_on, a.quantity_e4, b.priced_pence from contract_charge x join activity_billed b on b.org_id = x.org_id and b.charge_id = x.id join activity a on a.org_id = b.org_id and a.id = b.activity_id where x.org_id = $1 and x.document_id = $2 order by b.charge_id, a.from_on, a.id"
    );
    tx.all(sql, args![org, document]).await
}
