//! Which services a person asks for.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{OrgId, UserId};

/// A service of a person.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PersonService {
    /// Sign-in name.
    pub sign_in_name: String,
    /// Their name.
    pub display_name: String,
    /// Service.
    pub service: String,
    /// Cost centre; empty for all of the service.
    pub cost_centre: String,
    /// Who said so.
    pub changed_by_name: String,
}

/// Service and cost centre of each of a person's services.
pub async fn services_of(tx: &mut Tx, org: OrgId, user: UserId) -> Result<Vec<(String, String)>, StoreFault> {
    let sql = sql!(
        "select service, cost_centre from person_service where org_id = $1 and user_id = $2 order by service, cost_centre"
    );
    tx.all(sql, args![org, user]).await
}

/// Everyone's services, by sign-in name.
pub async fn all_services(tx: &mut Tx, org: OrgId) -> Result<Vec<PersonService>, StoreFault> {
    let sql = sql!(
        "select u.sign_in_name, u.display_name, p.service, p.cost_centre, p.changed_by_name from person_service p join app_user u on u.org_id = p.org_id and u.id = p.user_id where p.org_id = $1 order by u.sign_in_name, p.service, p.cost_centre"
    );
    tx.all(sql, args![org]).await
}

/// Puts these services in the place of those that a person had.
pub async fn set_services(
    tx: &mut Tx,
    org: OrgId,
    user: UserId,
    services: &[(String, String)],
    (by, at): (&str, DateTime<Utc>),
) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "user_id", "service", "cost_centre", "changed_by_name", "recorded_at"];
    let drop = sql!("delete from person_service where org_id = $1 and user_id = $2");
    tx.run(drop, args![org, user]).await?;
    let rows = services.iter().map(|(service, centre)| args![org, user, service, centre, by, at]);
    tx.insert("person_service", COLUMNS, rows.collect()).await
}
