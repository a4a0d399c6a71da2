//! ServiceNow: how it is set up, and how the last look went.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, Utc};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// How it is set up.
#[derive(Clone, Debug, FromRow)]
pub struct ServiceNowSettingRow {
    /// Where the instance is.
    pub base_url: String,
    /// client_credentials, password or basic.
    pub way_in: String,
    /// Whom its door of tokens knows us as.
    pub client_id: String,
    /// Our secret there, sealed.
    pub sealed_secret: String,
    /// The technical user, by whose name our own changes are known.
    pub user_name: String,
    /// Their password, sealed; of nothing where none is needed.
    pub sealed_password: String,
    /// The table of cases.
    pub case_table: String,
    /// Which state there means what, a line each.
    pub states: String,
    /// Which category there means what, a line each.
    pub types: String,
    /// The field that says what is asked for.
    pub category_field: String,
    /// The field with an invoice's number; empty where it stands in the words.
    pub invoice_field: String,
    /// The field with an account's number; empty where it stands in the words.
    pub account_field: String,
    /// The field with the disputed amount; empty where there is none.
    pub amount_field: String,
    /// The group there whose cases are work for us; empty takes every case.
    pub our_group: String,
    /// The field that a case needs to be resolved; empty for none.
    pub close_code_field: String,
    /// What stands in it.
    pub close_code: String,
    /// Who asks for invoices here in the name of the service desk.
    pub request_user: String,
    /// Service of rows of a sheet that name none.
    pub request_service: String,
    /// Who looks after the queries that come of cases.
    pub query_owner: String,
    /// How often it is looked at.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
    /// Who set it up.
    pub owner_name: String,
    /// The newest change there that is taken, by their clock.
    pub seen_to: DateTime<Utc>,
    /// When it was last looked at.
    pub looked_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub result: String,
    /// Whether it could not be read.
    pub failed: bool,
    /// Failures one after another.
    pub failures: i64,
    /// Nothing is asked before.
    pub held_until: Option<DateTime<Utc>>,
    /// Why nothing is asked at all; empty while it is.
    pub stopped: String,
    /// Since when.
    pub stopped_at: Option<DateTime<Utc>>,
    /// When it was set up.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// How it is set up, if it is.
pub async fn setting(tx: &mut Tx, org: OrgId) -> Result<Option<ServiceNowSettingRow>, StoreFault> {
    let sql = sql!(
        "select base_url, way_in, client_id, sealed_secret, user_name, sealed_password, case_table, states, types, category_field, invoice_field, account_field, amount_field, our_group, close_code_field, close_code, request_user, request_service, query_owner, every_minutes, in_use, owner_name, seen_to, looked_at, result, failed, failures, held_until, stopped, stopped_at, recorded_at, version from servicenow_setting where org_id = $1"
    );
    tx.maybe(sql, args![org]).await
}

/// Sets it up, or anew: what held or stopped it is forgotten.
pub async fn set_setting(tx: &mut Tx, org: OrgId, row: &ServiceNowSettingRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into servicenow_setting (org_id, base_url, way_in, client_id, sealed_secret, user_name, sealed_password, case_table, states, types, category_field, invoice_field, account_field, amount_field, our_group, close_code_field, close_code, request_user, request_service, query_owner, every_minutes, in_use, owner_name, seen_to, recorded_at, looked_at, result, failed, failures, held_until, stopped, stopped_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, null, '', false, 0, null, '', null, 1) on conflict (org_id) do update set base_url = excluded.base_url, way_in = excluded.way_in, client_id = excluded.client_id, sealed_secret = excluded.sealed_secret, user_name = excluded.user_name, sealed_password = excluded.sealed_password, case_table = excluded.case_table, states = excluded.states, types = excluded.types, category_field = excluded.category_field, invoice_field = excluded.invoice_field, account_field = excluded.account_field, amount_field = excluded.amount_field, our_group = excluded.our_group, close_code_field = excluded.close_code_field, close_code = excluded.close_code, request_user = excluded.request_user, request_service = excluded.request_service, query_owner = excluded.query_owner, every_minutes = excluded.every_minutes, in_use = excluded.in_use, owner_name = excluded.owner_name, seen_to = excluded.seen_to, recorded_at = excluded.recorded_at, failed = false, failures = 0, held_until = null, stopped = '', stopped_at = null, version = servicenow_setting.version + 1"
    );
    let values = args![
        org,
        &row.base_url,
        &row.way_in,
        &row.client_id,
        &row.sealed_secret,
        &row.user_name,
        &row.sealed_password,
        &row.case_table,
        &row.states,
        &row.types,
        &row.category_field,
        &row.invoice_field,
        &row.account_field,
        &row.amount_field,
        &row.our_group,
        &row.close_code_field,
        &row.close_code,
        &row.request_user,
        &row.request_service,
        &row.query_owner,
        row.every_minutes,
        row.in_use,
        &row.owner_name,
        row.seen_to,
        row.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// How a look went.
#[derive(Clone, Debug)]
pub struct Look<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// The newest change there that is taken.
    pub seen_to: DateTime<Utc>,
    /// What came of it.
    pub result: &'a str,
    /// Failures one after another.
    pub failures: i64,
    /// Nothing is asked before.
    pub held_until: Option<DateTime<Utc>>,
    /// Why nothing is asked any more; empty goes on.
    pub stopped: &'a str,
}

/// Notes how a look went.
pub async fn note_look(tx: &mut Tx, org: OrgId, look: &Look<'_>) -> Result<(), StoreFault> {
    let sql = sql!(
        "update servicenow_setting set looked_at = $2, seen_to = $3, result = $4, failed = $5, failures = $6, held_until = $7, stopped = $8, stopped_at = $9 where org_id = $1"
    );
    let stopped_at = (!look.stopped.is_empty()).then_some(look.at);
    let failed = look.failures > 0 || stopped_at.is_some();
    let values = args![
        org,
        look.at,
        look.seen_to,
        look.result,
        failed,
        look.failures,
        look.held_until,
        look.stopped,
        stopped_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Lets it go on: what held or stopped it is over.
pub async fn go_on(tx: &mut Tx, org: OrgId) -> Result<(), StoreFault> {
    let sql = sql!(
        "update servicenow_setting set failed = false, failures = 0, held_until = null, stopped = '', stopped_at = null where org_id = $1"
    );
    tx.run(sql, args![org]).await.map(drop)
}
