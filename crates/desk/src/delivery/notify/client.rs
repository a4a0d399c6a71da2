//! The calls to GOV.UK Notify: a new signed token for each, decided by code and error, never by words.
use super::settings::KEY_ROW;
use crate::core::http::{Call, Reply, Silence, call};
use crate::core::signatures::json_web_token;
use crate::{Desk, Fault, No, Outcome};
use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sundry_domain::delivery::notify::{ServiceNo, service_no};
use sundry_domain::delivery::refusals::{NOTIFY_SAYS_NO, NOTIFY_SILENT};
use sundry_domain::ids::OrgId;
use sundry_formats::notify::{
    Made, NewEmail, NewPdfLetter, SaidNo, SeenMessage, SeenMessages, SeenTemplate, split_key,
};
use sundry_store::delivery::notify::NotifySettingRow;

/// Why it gave nothing.
#[derive(Clone, Debug)]
pub(super) enum ClientNo {
    /// It says no: what that means, its code, its words.
    Said(ServiceNo, u16, String),
    /// It does not answer, or not so that we understand.
    Silent(Silence),
}

impl ClientNo {
    /// For people.
    pub fn words(&self) -> String {
        match self {
            ClientNo::Said(_, code, words) => format!("GOV.UK Notify says: {words} ({code})"),
            ClientNo::Silent(_) => "GOV.UK Notify did not answer".into(),
        }
    }
}

impl From<ClientNo> for No {
    fn from(no: ClientNo) -> No {
        match &no {
            ClientNo::Said(ServiceNo::Unsure | ServiceNo::TooFast | ServiceNo::DayFull, ..) | ClientNo::Silent(_) => {
                NOTIFY_SILENT.because(no.words()).into()
            }
            ClientNo::Said(..) => NOTIFY_SAYS_NO.because(no.words()).into(),
        }
    }
}

/// GOV.UK Notify, with the key of one service.
pub(super) struct Client {
    base: String,
    service: String,
    secret: String,
}

impl Client {
    /// The one that is set up.
    pub fn of(desk: &Desk, org: OrgId, row: &NotifySettingRow) -> Outcome<Client> {
        let key = desk.vault().open_text(org.0, KEY_ROW, &row.sealed_key)?;
        let (service, secret) = split_key(&key).ok_or_else(|| Fault::new("the kept key of GOV.UK Notify is none"))?;
        Ok(Client { base: row.base_url.clone(), service: service.to_owned(), secret: secret.to_owned() })
    }

    async fn ask(&self, desk: &Desk, method: Method, path: &str, body: Option<String>) -> Result<Reply, ClientNo> {
        let token = json_web_token(&self.service, &self.secret, desk.clock().now().timestamp());
        let mut headers = vec![("authorization", format!("Bearer {token}")), ("accept", "application/json".to_owned())];
        if body.is_some() {
            headers.push(("content-type", "application/json".to_owned()));
        }
        let what = format!("{method} {}", path.split('?').next().unwrap_or_default());
        let safe_again = method == Method::GET;
        let url = format!("{}{path}", self.base);
        let reply = call(Call { method, url, headers, body, safe_again, what: &what }).await;
        let reply = reply.map_err(ClientNo::Silent)?;
        if reply.status.is_success() { Ok(reply) } else { Err(no_of(&reply)) }
    }

    async fn get<T: DeserializeOwned>(&self, desk: &Desk, path: &str) -> Result<T, ClientNo> {
        read(&self.ask(desk, Method::GET, path, None).await?)
    }

    async fn post<T: Serialize>(&self, desk: &Desk, path: &str, body: &T) -> Result<Made, ClientNo> {
        let body = serde_json::to_string(body).map_err(|error| unreadable(&error.to_string()))?;
        read(&self.ask(desk, Method::POST, path, Some(body)).await?)
    }

    /// Sends an e-mail.
    pub async fn email(&self, desk: &Desk, new: &NewEmail) -> Result<Made, ClientNo> {
        self.post(desk, "/v2/notifications/email", new).await
    }

    /// Sends a letter.
    pub async fn letter(&self, desk: &Desk, new: &NewPdfLetter) -> Result<Made, ClientNo> {
        self.post(desk, "/v2/notifications/letter", new).await
    }

    /// The message with a reference of ours, if it is there.
    pub async fn by_reference(&self, desk: &Desk, reference: &str) -> Result<Option<SeenMessage>, ClientNo> {
        let found: SeenMessages = self.get(desk, &format!("/v2/notifications?reference={reference}")).await?;
        // Only ours counts, whatever the filter did.
        Ok(found.notifications.into_iter().find(|one| one.reference.as_deref() == Some(reference)))
    }

    /// A message by their id; none when it is kept no longer.
    pub async fn by_id(&self, desk: &Desk, id: &str) -> Result<Option<SeenMessage>, ClientNo> {
        match self.get(desk, &format!("/v2/notifications/{id}")).await {
            Ok(seen) => Ok(Some(seen)),
            Err(ClientNo::Said(_, 404, _)) => Ok(None),
            Err(no) => Err(no),
        }
    }

    /// A template.
    pub async fn template(&self, desk: &Desk, id: &str) -> Result<SeenTemplate, ClientNo> {
        self.get(desk, &format!("/v2/template/{id}")).await
    }
}

fn unreadable(words: &str) -> ClientNo {
    ClientNo::Silent(Silence { words: words.to_owned(), may_have_happened: true })
}

fn read<T: DeserializeOwned>(reply: &Reply) -> Result<T, ClientNo> {
    serde_json::from_slice(&reply.body)
        .map_err(|error| unreadable(&format!("an answer that is not understood: {error}")))
}

fn no_of(reply: &Reply) -> ClientNo {
    let said: SaidNo = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = reply.status.as_u16();
    let error = said.errors.first().map(|one| one.error.as_str()).unwrap_or_default();
    let words: Vec<&str> = said.errors.iter().map(|one| one.message.as_str()).collect();
    let words: String = words.join("; ").chars().take(300).collect();
    ClientNo::Said(service_no(code, error), code, if words.is_empty() { error.to_owned() } else { words })
}
