//! Setting ServiceNow up: its secrets in the vault, what its states and categories mean, and who asks here.
use crate::core::command::Command;
use crate::core::desk::Mode;
use crate::queries::categories::category_at;
use crate::{Actor, Desk, Outcome, command};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sundry_domain::control::{Duty, Role};
use sundry_domain::ids::OrgId;
use sundry_domain::queries::refusals::SERVICENOW_NOT_SET;
use sundry_domain::queries::servicenow::{
    CASE_STATES, INCIDENT_STATES, StateMap, TYPES, is_sys_id, is_word, read_types,
};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::control::user_by_name;
use sundry_store::queries::servicenow_setting::{self as rows, ServiceNowSettingRow};

/// The rows under which its secrets are sealed.
pub(super) const SECRET_ROW: &str = "servicenow/secret";
pub(super) const PASSWORD_ROW: &str = "servicenow/password";
/// The table of incidents; any other is read as one of customer service cases.
const INCIDENT: &str = "incident";
/// The rarest look: once a day.
const RAREST: i64 = 24 * 60;

/// Sets ServiceNow up, or anew.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SetServiceNow {
    /// Idempotency key.
    pub key: String,
    /// Where the instance is: `https://example.service-now.com`.
    pub base_url: String,
    /// client_credentials, password or basic; client_credentials when empty.
    pub way_in: String,
    /// Whom its door of tokens knows us as.
    pub client_id: String,
    /// Our secret there; empty keeps the one there is.
    pub client_secret: String,
    /// The technical user: changes by this name are our own.
    pub user_name: String,
    /// Their password, where the way in needs one; empty keeps the one there is.
    pub password: String,
    /// The table of cases; sn_customerservice_case when empty.
    pub case_table: String,
    /// Which state there means what, `code meaning` a line; those of the table when empty.
    pub states: String,
    /// Which category there asks for what, `category type query-category` a line; the usual ones when empty.
    pub types: String,
    /// The field that says what is asked for; category when empty.
    pub category_field: String,
    /// The field with an invoice's number; it is looked for in the words when empty.
    pub invoice_field: String,
    /// The field with an account's number; it is looked for in the words when empty.
    pub account_field: String,
    /// The field with the disputed amount; all that is open when empty.
    pub amount_field: String,
    /// The id of the group there whose cases are work for us; every case when empty.
    pub our_group: String,
    /// The field that a case needs to be resolved.
    pub close_code_field: String,
    /// What stands in it.
    pub close_code: String,
    /// Sign-in name of who asks for invoices here in its name; empty where it asks for none.
    pub request_user: String,
    /// Service of the rows of a sheet that name none.
    pub request_service: String,
    /// Who looks after the queries that come of its cases.
    pub query_owner: String,
    /// How often it is looked at, in minutes; 5 when not said.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
}

/// How it is set up; its secrets never leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceNowSettings {
    /// Where the instance is.
    pub base_url: String,
    /// client_credentials, password or basic.
    pub way_in: String,
    /// Whom its door of tokens knows us as.
    pub client_id: String,
    /// A secret is kept.
    pub has_secret: bool,
    /// The technical user.
    pub user_name: String,
    /// A password is kept.
    pub has_password: bool,
    /// The table of cases.
    pub case_table: String,
    /// Which state there means what.
    pub states: String,
    /// Which category there asks for what.
    pub types: String,
    /// The field that says what is asked for.
    pub category_field: String,
    /// The field with an invoice's number.
    pub invoice_field: String,
    /// The field with an account's number.
    pub account_field: String,
    /// The field with the disputed amount.
    pub amount_field: String,
    /// The group there whose cases are work for us.
    pub our_group: String,
    /// The field that a case needs to be resolved.
    pub close_code_field: String,
    /// What stands in it.
    pub close_code: String,
    /// Who asks for invoices here in its name.
    pub request_user: String,
    /// Service of rows that name none.
    pub request_service: String,
    /// Who looks after the queries.
    pub query_owner: String,
    /// How often it is looked at, in minutes.
    pub every_minutes: i64,
    /// Whether it is looked at.
    pub in_use: bool,
    /// When it was last looked at.
    pub looked_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub result: String,
    /// Why nothing is asked any more; empty while it is.
    pub stopped: String,
}

pub(super) fn shown(desk: &Desk, org: OrgId, row: ServiceNowSettingRow) -> Outcome<ServiceNowSettings> {
    let kept = |name: &str, sealed: &str| Ok::<_, crate::No>(!desk.vault().open_text(org.0, name, sealed)?.is_empty());
    Ok(ServiceNowSettings {
        has_secret: kept(SECRET_ROW, &row.sealed_secret)?,
        has_password: kept(PASSWORD_ROW, &row.sealed_password)?,
        base_url: row.base_url,
        way_in: row.way_in,
        client_id: row.client_id,
        user_name: row.user_name,
        case_table: row.case_table,
        states: row.states,
        types: row.types,
        category_field: row.category_field,
        invoice_field: row.invoice_field,
        account_field: row.account_field,
        amount_field: row.amount_field,
        our_group: row.our_group,
        close_code_field: row.close_code_field,
        close_code: row.close_code,
        request_user: row.request_user,
        request_service: row.request_service,
        query_owner: row.query_owner,
        every_minutes: row.every_minutes,
        in_use: row.in_use,
        looked_at: row.looked_at,
        result: row.result,
        stopped: row.stopped,
    })
}

/// How it is set up, if it is.
///
/// # Errors
/// Duty.
pub async fn servicenow_settings(desk: &Desk, by: &Actor) -> Outcome<Option<ServiceNowSettings>> {
    if !by.holds(Duty::ManageSettings) {
        by.must_hold(Duty::View)?;
    }
    let row = rows::setting(&mut desk.look().await?, by.org).await?;
    row.map(|row| shown(desk, by.org, row)).transpose()
}

/// The row, or the refusal that there is none.
pub(super) async fn setting(tx: &mut Tx, org: OrgId) -> Outcome<ServiceNowSettingRow> {
    let row = rows::setting(tx, org).await?;
    Ok(row.ok_or_else(|| SERVICENOW_NOT_SET.because("ServiceNow is not set up"))?)
}

/// Sets it up. What stopped it is over.
///
/// # Errors
/// Duty; everything wrong in it, at its field.
pub async fn set_servicenow(desk: &Desk, by: &Actor, ask: SetServiceNow) -> Outcome<ServiceNowSettings> {
    by.must_hold(Duty::ManageSettings)?;
    let ask = filled(ask);
    let before = rows::setting(&mut desk.look().await?, by.org).await?;
    let wrong = problems(desk, &ask, before.as_ref());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    // What is secret goes only into the vault.
    let said = SetServiceNow { client_secret: String::new(), password: String::new(), ..ask.clone() };
    command!(desk, by, "set_servicenow", &ask.key, &said, |cmd| {
        let org = cmd.by.org;
        let wrong = not_there(cmd, &ask).await?;
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let before = rows::setting(&mut cmd.tx, org).await?;
        let seal = |row: &str, plain: &str, kept: Option<&String>| match (plain, kept) {
            ("", Some(kept)) => Ok(kept.clone()),
            (plain, _) => desk.vault().seal_text(org.0, row, plain),
        };
        let same = before.as_ref().filter(|row| row.base_url == ask.base_url && row.case_table == ask.case_table);
        let row = ServiceNowSettingRow {
            sealed_secret: seal(SECRET_ROW, &ask.client_secret, before.as_ref().map(|row| &row.sealed_secret))?,
            sealed_password: seal(PASSWORD_ROW, &ask.password, before.as_ref().map(|row| &row.sealed_password))?,
            base_url: ask.base_url.clone(),
            way_in: ask.way_in.clone(),
            client_id: ask.client_id.clone(),
            user_name: ask.user_name.clone(),
            case_table: ask.case_table.clone(),
            states: ask.states.clone(),
            types: ask.types.clone(),
            category_field: ask.category_field.clone(),
            invoice_field: ask.invoice_field.clone(),
            account_field: ask.account_field.clone(),
            amount_field: ask.amount_field.clone(),
            our_group: ask.our_group.clone(),
            close_code_field: ask.close_code_field.clone(),
            close_code: ask.close_code.clone(),
            request_user: ask.request_user.clone(),
            request_service: ask.request_service.clone(),
            query_owner: ask.query_owner.clone(),
            every_minutes: ask.every_minutes,
            in_use: ask.in_use,
            owner_name: cmd.by.name.clone(),
            // Another place begins now; the same goes on where it was.
            seen_to: same.map_or(cmd.at, |row| row.seen_to),
            looked_at: before.as_ref().and_then(|row| row.looked_at),
            result: before.as_ref().map(|row| row.result.clone()).unwrap_or_default(),
            failed: false,
            failures: 0,
            held_until: None,
            stopped: String::new(),
            stopped_at: None,
            recorded_at: cmd.at,
            version: 1,
        };
        rows::set_setting(&mut cmd.tx, org, &row).await?;
        cmd.tell("ServiceNowSet", "ServiceNow", &said);
        shown(desk, org, row)
    })
}

/// What it names that is not there: categories of queries, and who asks in its name.
async fn not_there(cmd: &mut Command, ask: &SetServiceNow) -> Outcome<Vec<Invalid>> {
    let mut wrong = Vec::new();
    for one in read_types(&ask.types).unwrap_or_default().iter().filter(|one| !one.category.is_empty()) {
        if category_at(cmd, &one.category).await?.is_none() {
            let say = format!("{} is no category of queries", one.category);
            wrong.push(Invalid::field("types", say, &ask.types));
        }
    }
    if !ask.request_user.is_empty() {
        let user = user_by_name(&mut cmd.tx, &ask.request_user).await?;
        let user = user.filter(|user| user.org_id == cmd.by.org.0 && user.disabled_at.is_none());
        let asks = |role: Role| role.duties().contains(&Duty::RequestInvoice);
        if !user.is_some_and(|user| user.roles.split(' ').filter_map(Role::parse).any(asks)) {
            let say = "Enter the sign-in name of a person who asks for invoices";
            wrong.push(Invalid::field("request_user", say, &ask.request_user));
        }
    }
    Ok(wrong)
}

/// What was left out, as it usually is; without spaces around.
fn filled(ask: SetServiceNow) -> SetServiceNow {
    let or = |text: &str, other: &str| if text.trim().is_empty() { other.to_owned() } else { text.trim().to_owned() };
    let case_table = or(&ask.case_table, "sn_customerservice_case");
    let is_incident = case_table == INCIDENT;
    let (states, code) = if is_incident { (INCIDENT_STATES, "close_code") } else { (CASE_STATES, "resolution_code") };
    let close_code = ask.close_code.trim().to_owned();
    SetServiceNow {
        base_url: ask.base_url.trim().trim_end_matches('/').to_owned(),
        way_in: or(&ask.way_in, "client_credentials"),
        client_id: or(&ask.client_id, ""),
        client_secret: or(&ask.client_secret, ""),
        user_name: or(&ask.user_name, ""),
        states: or(&ask.states, states),
        types: or(&ask.types, TYPES),
        category_field: or(&ask.category_field, "category"),
        invoice_field: or(&ask.invoice_field, ""),
        account_field: or(&ask.account_field, ""),
        amount_field: or(&ask.amount_field, ""),
        our_group: or(&ask.our_group, ""),
        close_code_field: or(&ask.close_code_field, if close_code.is_empty() { "" } else { code }),
        close_code,
        request_user: or(&ask.request_user, ""),
        request_service: or(&ask.request_service, ""),
        query_owner: or(&ask.query_owner, ""),
        every_minutes: if ask.every_minutes == 0 { 5 } else { ask.every_minutes },
        case_table,
        ..ask
    }
}

fn problems(desk: &Desk, ask: &SetServiceNow, before: Option<&ServiceNowSettingRow>) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
    if !may_call(desk, &ask.base_url) {
        say("base_url", "Enter the address of the instance, beginning with https://", &ask.base_url);
    }
    if !["client_credentials", "password", "basic"].contains(&ask.way_in.as_str()) {
        say("way_in", "Choose how it lets us in", &ask.way_in);
    }
    let same_place = before.is_some_and(|row| row.base_url == ask.base_url);
    let kept = before.filter(|_| same_place);
    let by_token = ask.way_in != "basic";
    if by_token && ask.client_id.is_empty() {
        say("client_id", "Enter the client id that ServiceNow gave to us", "");
    }
    // A secret is for one place: it is not shown to another.
    if by_token && ask.client_secret.is_empty() && kept.is_none_or(|row| row.client_id != ask.client_id) {
        say("client_secret", "Enter the secret that belongs to the client id", "");
    }
    if ask.user_name.is_empty() || ask.user_name.chars().any(char::is_control) {
        say("user_name", "Enter the technical user's name there: changes by it are our own", &ask.user_name);
    }
    let same_user = kept.is_some_and(|row| row.user_name == ask.user_name && row.way_in != "client_credentials");
    if ask.way_in != "client_credentials" && ask.password.is_empty() && !same_user {
        say("password", "Enter the technical user's password", "");
    }
    if !is_word(&ask.case_table) {
        say("case_table", "Enter the name of a table, such as incident", &ask.case_table);
    }
    for (field, text) in [
        ("category_field", &ask.category_field),
        ("invoice_field", &ask.invoice_field),
        ("account_field", &ask.account_field),
        ("amount_field", &ask.amount_field),
        ("close_code_field", &ask.close_code_field),
    ] {
        if !text.is_empty() && !is_word(text) {
            say(field, "Enter the name of a field, as sys_dictionary has it", text);
        }
    }
    if let Err(words) = StateMap::read(&ask.states) {
        say("states", &words, &ask.states);
    }
    if let Err(words) = read_types(&ask.types) {
        say("types", &words, &ask.types);
    }
    if !ask.our_group.is_empty() && !is_sys_id(&ask.our_group) {
        say("our_group", "Enter the group's id there: 32 digits and letters a to f", &ask.our_group);
    }
    for (field, text) in
        [("query_owner", &ask.query_owner), ("request_service", &ask.request_service), ("close_code", &ask.close_code)]
    {
        if text.chars().count() > 200 {
            say(field, "Enter at most 200 characters", text);
        }
    }
    if !(1..=RAREST).contains(&ask.every_minutes) {
        say("every_minutes", "Enter 1 to 1440 minutes", &ask.every_minutes.to_string());
    }
    wrong
}

/// Only HTTPS leaves the house; a home that is not live may call this machine.
fn may_call(desk: &Desk, url: &str) -> bool {
    let Ok(read) = reqwest::Url::parse(url) else { return false };
    let plain = read.username().is_empty() && read.password().is_none() && read.query().is_none() && url.len() <= 300;
    let here = matches!(read.host_str(), Some("127.0.0.1" | "localhost"));
    plain && (read.scheme() == "https" || (read.scheme() == "http" && here && desk.mode() != Mode::Live))
}
