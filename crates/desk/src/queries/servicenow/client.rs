//! The calls to the table interface: what their answers mean is decided by code and shape, never by words.
use super::settings::{PASSWORD_ROW, SECRET_ROW};
use crate::core::http::{Call, Reply, Silence, call, fetch};
use crate::{Desk, No, Outcome};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use reqwest::{Method, StatusCode};
use sundry_domain::ids::OrgId;
use sundry_domain::queries::refusals;
use sundry_formats::servicenow::{
    Record, TheirCase, Unread, case_of, escaped, instant_in_query, read_error, read_list, read_one, read_token,
    write_record,
};
use sundry_store::queries::servicenow_setting::ServiceNowSettingRow;

/// Cases of one page.
pub(super) const PAGE: usize = 100;
/// The fields that are asked for: never who asks, nor how to reach them.
const FIELDS: &str =
    "sys_id,number,state,short_description,description,correlation_id,close_notes,sys_updated_on,sys_updated_by";

/// Why it gave nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ClientNo {
    /// It does not let us in, or not to this: 401 or 403.
    NotLetIn(u16, String),
    /// There is no such record, or none that we may see.
    Gone,
    /// It has too much to do, or a fault of its own.
    Busy(String),
    /// It says no to what was asked: its words as they stand.
    Said(String),
    /// A page instead of an answer.
    NotJson,
    /// An answer of another shape.
    Unexpected(String),
    /// No answer.
    Silent(Silence),
}

impl ClientNo {
    /// For people.
    pub fn words(&self) -> String {
        match self {
            ClientNo::NotLetIn(code, words) => format!("ServiceNow does not let us in ({code}): {words}"),
            ClientNo::Gone => "ServiceNow has no such record".into(),
            ClientNo::Busy(words) => format!("ServiceNow is busy or broken: {words}"),
            ClientNo::Said(words) => words.clone(),
            ClientNo::NotJson => "ServiceNow answers with a page, not with data".into(),
            ClientNo::Unexpected(words) => format!("ServiceNow answers otherwise than was asked: {words}"),
            ClientNo::Silent(_) => "ServiceNow did not answer".into(),
        }
    }
}

impl From<ClientNo> for No {
    fn from(no: ClientNo) -> No {
        let kind = match &no {
            ClientNo::NotLetIn(..) => refusals::SERVICENOW_NOT_LET_IN,
            ClientNo::Gone | ClientNo::Said(_) => refusals::SERVICENOW_SAYS_NO,
            ClientNo::NotJson => refusals::SERVICENOW_NOT_JSON,
            ClientNo::Unexpected(_) => refusals::SERVICENOW_UNEXPECTED,
            ClientNo::Busy(_) | ClientNo::Silent(_) => refusals::SERVICENOW_SILENT,
        };
        kind.because(no.words()).into()
    }
}

impl From<Unread> for ClientNo {
    fn from(no: Unread) -> ClientNo {
        match no {
            Unread::NotJson => ClientNo::NotJson,
            Unread::Unexpected(words) => ClientNo::Unexpected(words),
        }
    }
}

/// A file that hangs on a case there.
#[derive(Clone, Debug)]
pub(super) struct TheirFile {
    pub sys_id: String,
    pub name: String,
    pub media_type: String,
    pub size_bytes: i64,
}

/// A comment there.
#[derive(Clone, Debug)]
pub(super) struct TheirComment {
    pub sys_id: String,
    pub words: String,
    pub written_by: String,
    pub written_at: DateTime<Utc>,
}

/// The table interface of one instance.
pub(super) struct Client {
    base: String,
    table: String,
    fields: String,
    group: String,
    way_in: String,
    client_id: String,
    secret: String,
    user_name: String,
    password: String,
    token: Option<String>,
}

impl Client {
    /// The one that is set up.
    pub fn of(desk: &Desk, org: OrgId, row: &ServiceNowSettingRow) -> Outcome<Client> {
        let own = [&row.category_field, &row.invoice_field, &row.account_field, &row.amount_field];
        let own = own.into_iter().filter(|name| !name.is_empty() && !FIELDS.split(',').any(|known| known == *name));
        let fields = own.fold(FIELDS.to_owned(), |all, name| format!("{all},{name}"));
        Ok(Client {
            base: row.base_url.clone(),
            table: row.case_table.clone(),
            fields,
            group: row.our_group.clone(),
            way_in: row.way_in.clone(),
            client_id: row.client_id.clone(),
            secret: desk.vault().open_text(org.0, SECRET_ROW, &row.sealed_secret)?,
            user_name: row.user_name.clone(),
            password: desk.vault().open_text(org.0, PASSWORD_ROW, &row.sealed_password)?,
            token: None,
        })
    }

    /// A token by the door of tokens, or name and password where the instance takes nothing else.
    async fn authorization(&mut self) -> Result<String, ClientNo> {
        if self.way_in == "basic" {
            return Ok(format!("Basic {}", STANDARD.encode(format!("{}:{}", self.user_name, self.password))));
        }
        if let Some(token) = &self.token {
            return Ok(format!("Bearer {token}"));
        }
        let mut form = vec![
            ("grant_type", self.way_in.as_str()),
            ("client_id", self.client_id.as_str()),
            ("client_secret", self.secret.as_str()),
        ];
        if self.way_in == "password" {
            form.extend([("username", self.user_name.as_str()), ("password", self.password.as_str())]);
        }
        let form: Vec<String> = form.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let headers = vec![
            ("content-type", "application/x-www-form-urlencoded".to_owned()),
            ("accept", "application/json".to_owned()),
        ];
        let url = format!("{}/oauth_token.do", self.base);
        let body = Some(form.join("&"));
        let asked = Call { method: Method::POST, url, headers, body, safe_again: true, what: "POST token" };
        let reply = call(asked).await.map_err(ClientNo::Silent)?;
        // Its door of tokens says 400 or 401 to a wrong secret.
        let reply = match no_of(&reply) {
            None => reply,
            Some(ClientNo::Said(words)) => return Err(ClientNo::NotLetIn(reply.status.as_u16(), words)),
            Some(no) => return Err(no),
        };
        let token = read_token(&reply.body)?;
        self.token = Some(token.clone());
        Ok(format!("Bearer {token}"))
    }

    async fn ask(&mut self, method: Method, path: &str, body: Option<String>) -> Result<Reply, ClientNo> {
        let may_renew = self.token.is_some();
        let answer = self.once(method.clone(), path, body.clone(), None).await;
        // A token lives half an hour: one that was good before is asked for anew, once.
        if may_renew && matches!(answer, Err(ClientNo::NotLetIn(401, _))) {
            self.token = None;
            return self.once(method, path, body, None).await;
        }
        answer
    }

    async fn once(
        &mut self,
        method: Method,
        path: &str,
        body: Option<String>,
        largest: Option<usize>,
    ) -> Result<Reply, ClientNo> {
        let mut headers = vec![("authorization", self.authorization().await?)];
        headers.push(("accept", if largest.is_some() { "*/*" } else { "application/json" }.to_owned()));
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let what = format!("{method} {}", path.split('?').next().unwrap_or_default());
        let (safe_again, url) = (method == Method::GET, format!("{}{path}", self.base));
        let asked = Call { method, url, headers, body, safe_again, what: &what };
        let reply = match largest {
            Some(largest) => fetch(&asked, largest).await,
            None => call(asked).await,
        };
        let reply = reply.map_err(ClientNo::Silent)?;
        no_of(&reply).map_or(Ok(reply), Err)
    }

    async fn list(
        &mut self,
        table: &str,
        query: &str,
        fields: &str,
        place: (usize, usize),
    ) -> Result<Vec<Record>, ClientNo> {
        let path = format!(
            "/api/now/table/{table}?sysparm_query={}&sysparm_fields={}&sysparm_limit={}&sysparm_offset={}&sysparm_display_value=false&sysparm_exclude_reference_link=true",
            escaped(query),
            escaped(fields),
            place.0,
            place.1
        );
        Ok(read_list(&self.ask(Method::GET, &path, None).await?.body)?)
    }

    /// Cases changed since an instant, the longest ago first, and those of them that cannot be read.
    pub async fn changed_since(
        &mut self,
        from: DateTime<Utc>,
        offset: usize,
    ) -> Result<Vec<Result<TheirCase, String>>, ClientNo> {
        let group = match self.group.as_str() {
            "" => String::new(),
            group => format!("assignment_group={group}^ORcorrelation_idSTARTSWITHsundry:^"),
        };
        let query = format!("{group}sys_updated_on>={}^ORDERBYsys_updated_on^ORDERBYsys_id", instant_in_query(from));
        let (table, fields) = (self.table.clone(), self.fields.clone());
        let all = self.list(&table, &query, &fields, (PAGE, offset)).await?;
        Ok(all.into_iter().map(case_of).collect())
    }

    /// Any one case, to see which fields there are.
    pub async fn any(&mut self) -> Result<Option<Record>, ClientNo> {
        let (table, fields) = (self.table.clone(), self.fields.clone());
        Ok(self.list(&table, "ORDERBYDESCsys_updated_on", &fields, (1, 0)).await?.pop())
    }

    /// The case with an id.
    pub async fn case(&mut self, sys_id: &str) -> Result<TheirCase, ClientNo> {
        let path = format!("/api/now/table/{}/{sys_id}?{}", self.table, self.shape());
        one(&self.ask(Method::GET, &path, None).await?)
    }

    /// The case that both sides know by this.
    pub async fn by_correlation(&mut self, correlation_id: &str) -> Result<Option<TheirCase>, ClientNo> {
        let query = format!("correlation_id={correlation_id}^ORDERBYsys_created_on");
        let (table, fields) = (self.table.clone(), self.fields.clone());
        let found = self.list(&table, &query, &fields, (2, 0)).await?;
        found.into_iter().next().map(|record| case_of(record).map_err(ClientNo::Unexpected)).transpose()
    }

    fn shape(&self) -> String {
        format!(
            "sysparm_fields={}&sysparm_display_value=false&sysparm_exclude_reference_link=true",
            escaped(&self.fields)
        )
    }

    /// Opens a case.
    pub async fn create(&mut self, fields: &[(&str, &str)]) -> Result<TheirCase, ClientNo> {
        let path = format!("/api/now/table/{}?{}", self.table, self.shape());
        one(&self.ask(Method::POST, &path, Some(write_record(fields))).await?)
    }

    /// Changes the fields that are given, and no other.
    pub async fn change(&mut self, sys_id: &str, fields: &[(&str, &str)]) -> Result<TheirCase, ClientNo> {
        let path = format!("/api/now/table/{}/{sys_id}?{}", self.table, self.shape());
        one(&self.ask(Method::PATCH, &path, Some(write_record(fields))).await?)
    }

    /// The comments on a case, oldest first; none where the journal is not open to us.
    pub async fn comments(&mut self, sys_id: &str) -> Result<Option<Vec<TheirComment>>, ClientNo> {
        let query = format!("element_id={sys_id}^element=comments^ORDERBYsys_created_on");
        let fields = "sys_id,value,sys_created_by,sys_created_on";
        let all = match self.list("sys_journal_field", &query, fields, (PAGE, 0)).await {
            Ok(all) => all,
            Err(ClientNo::NotLetIn(403, _)) => return Ok(None),
            Err(no) => return Err(no),
        };
        let comment = |record: Record| {
            let text = |name: &str| record.get(name).cloned().unwrap_or_default();
            let written_at = sundry_formats::servicenow::read_instant(&text("sys_created_on"))?;
            let (sys_id, words, written_by) = (text("sys_id"), text("value"), text("sys_created_by"));
            Some(TheirComment { sys_id, words, written_by, written_at })
        };
        Ok(Some(all.into_iter().filter_map(comment).collect()))
    }

    /// The files that hang on a case.
    pub async fn files(&mut self, sys_id: &str) -> Result<Vec<TheirFile>, ClientNo> {
        let query = format!("table_name={}^table_sys_id={sys_id}^ORDERBYsys_created_on", self.table);
        let path = format!("/api/now/attachment?sysparm_query={}&sysparm_limit={PAGE}", escaped(&query));
        let all = read_list(&self.ask(Method::GET, &path, None).await?.body)?;
        let file = |record: Record| {
            let text = |name: &str| record.get(name).cloned().unwrap_or_default();
            TheirFile {
                sys_id: text("sys_id"),
                name: text("file_name"),
                media_type: text("content_type"),
                size_bytes: text("size_bytes").parse().unwrap_or(i64::MAX),
            }
        };
        Ok(all.into_iter().map(file).collect())
    }

    /// The bytes of a file.
    pub async fn file(&mut self, sys_id: &str, largest: usize) -> Result<Vec<u8>, ClientNo> {
        let path = format!("/api/now/attachment/{sys_id}/file");
        Ok(self.once(Method::GET, &path, None, Some(largest)).await?.body)
    }
}

fn one(reply: &Reply) -> Result<TheirCase, ClientNo> {
    case_of(read_one(&reply.body)?).map_err(ClientNo::Unexpected)
}

/// What an answer says no with; none where it says yes.
fn no_of(reply: &Reply) -> Option<ClientNo> {
    let status = reply.status;
    if status.is_success() {
        return None;
    }
    let said = read_error(&reply.body);
    let words = said.clone().unwrap_or_else(|| format!("status {}", status.as_u16()));
    Some(match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => ClientNo::NotLetIn(status.as_u16(), words),
        StatusCode::TOO_MANY_REQUESTS => ClientNo::Busy(words),
        _ if status.is_server_error() => ClientNo::Busy(words),
        // A page that says 404 or sends us to a sign-in is no answer about a record.
        _ if said.is_none() => ClientNo::NotJson,
        StatusCode::NOT_FOUND => ClientNo::Gone,
        _ => ClientNo::Said(words),
    })
}
