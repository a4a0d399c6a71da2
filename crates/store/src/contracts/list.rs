//! Contracts in a list.
use crate::{Arg, StoreFault, Tx, args};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A contract in a list.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ContractOfList {
    /// Id: the key of the list.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Reference of the service user.
    pub service_user: String,
    /// Service.
    pub service: String,
    /// How often it is billed.
    pub cycle: String,
    /// Whether it is billed before the period.
    pub in_advance: bool,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, where it is known.
    pub ends_on: Option<NaiveDate>,
    /// Billed up to and with this day.
    pub billed_to: NaiveDate,
    /// The first day on which a run bills it again.
    pub next_on: Option<NaiveDate>,
    /// The lead payer's number.
    pub payer_number: String,
    /// The lead payer's name.
    pub payer_name: String,
    /// How many pay today.
    pub payers_count: i64,
}

/// Which contracts to list.
#[derive(Clone, Debug, Default)]
pub struct ContractFilter {
    /// Of one service; empty for all.
    pub service: String,
    /// Of one payer.
    pub customer: Option<i64>,
    /// Of one service user.
    pub service_user: String,
    /// running, ended or waiting (to be billed again); empty for all.
    pub state: String,
}

/// Contracts before an id, newest first, as they stand on a day.
pub async fn contracts_page(
    tx: &mut Tx,
    org: OrgId,
    filter: &ContractFilter,
    (today, before, limit): (NaiveDate, i64, i64),
) -> Result<Vec<ContractOfList>, StoreFault> {
    let mut values = args![org, today, before, limit];
    let mut sql = "select c.id, c.number, c.service_user, c.service, c.cycle, c.in_advance, c.starts_on, c.ends_on, c.billed_to, c.next_on, coalesce(k.number, '') as payer_number, coalesce(k.name, '') as payer_name, (select cast(count(distinct p.customer_id) as bigint) from contract_payer p where p.org_id = c.org_id and p.contract_id = c.id and p.from_on <= $2 and (p.to_on is null or p.to_on >= $2)) as payers_count from contract c left join customer k on k.org_id = c.org_id and k.id = (select min(p.customer_id) from contract_payer p where p.org_id = c.org_id and p.contract_id = c.id and p.is_lead and (p.to_on is null or p.to_on >= $2)) where c.org_id = $1 and c.id < $3".to_owned();
    let mut and = |text: &str, value: Arg| {
        values.push(value);
        sql.push_str(&text.replace('?', &format!("${}", values.len())));
    };
    if !filter.service.is_empty() {
        and(" and c.service = ?", Arg::from(&filter.service));
    }
    if !filter.service_user.is_empty() {
        and(" and c.service_user = ?", Arg::from(&filter.service_user));
    }
    if let Some(customer) = filter.customer {
        let text =
            " and c.id in (select p.contract_id from contract_payer p where p.org_id = $1 and p.customer_id = ?)";
        and(text, Arg::from(customer));
    }
    match filter.state.as_str() {
        "running" => sql.push_str(" and c.starts_on <= $2 and (c.ends_on is null or c.ends_on >= $2)"),
        "ended" => sql.push_str(" and c.ends_on < $2"),
        "waiting" => sql.push_str(" and c.next_on <= $2"),
        _ => {}
    }
    sql.push_str(" order by c.id desc limit $4");
    tx.all_built(sql, values).await
}
