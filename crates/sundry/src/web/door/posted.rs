//! What a form sent, with proof that it came from our own page.
use super::answer::Trouble;
use super::visitor::Visitor;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;
use sundry_desk::core::refusals;
use sundry_domain::refusal::Invalid;

/// A file that was sent.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Name of the form's field.
    pub field: String,
    /// Name the file had.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A form as it was sent: fields in order, and files.
#[derive(Clone, Debug, Default)]
pub struct Posted {
    fields: Vec<(String, String)>,
    /// Files, in order.
    pub files: Vec<Upload>,
}

impl Posted {
    /// The first value of a field, trimmed; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// Every value of a field, in order.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Every field whose name starts so: the rest of the name, and the value.
    pub fn starting<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.fields.iter().filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?, value.trim())))
    }

    /// Whether a box was ticked or a button pressed.
    pub fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|(key, _)| key == name)
    }

    /// The idempotency key of this form on its page.
    pub fn key(&self) -> String {
        self.get("form_key").to_owned()
    }

    /// A form from fields, for tests and for showing a form the first time.
    pub fn of(fields: Vec<(String, String)>) -> Posted {
        Posted { fields, files: Vec::new() }
    }
}

/// Reads a query string or an urlencoded body.
pub fn decode(text: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(text).unwrap_or_default()
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Posted, Response> {
        let visitor = request.extensions().get::<Visitor>().cloned();
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let posted = if kind.starts_with("multipart/form-data") {
            multipart(request, state).await?
        } else {
            let body = String::from_request(request, state).await.map_err(IntoResponse::into_response)?;
            Posted { fields: decode(&body), files: Vec::new() }
        };
        if let Some(visitor) = visitor {
            let right: bool = posted.get("csrf").as_bytes().ct_eq(visitor.csrf.as_bytes()).into();
            if !right {
                return Err(Trouble(refusals::FOREIGN_FORM.because("This form is out of date.").into()).into_response());
            }
        }
        Ok(posted)
    }
}

async fn multipart<S: Send + Sync>(request: Request, state: &S) -> Result<Posted, Response> {
    let mut parts = Multipart::from_request(request, state).await.map_err(IntoResponse::into_response)?;
    let mut posted = Posted::default();
    let broken = |_| {
        let wrong = Invalid::field("file", "The file did not arrive whole. Send it again, at most 64 MB", "");
        Trouble(wrong.into()).into_response()
    };
    while let Some(part) = parts.next_field().await.map_err(broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file) => {
                let bytes = part.bytes().await.map_err(broken)?.to_vec();
                if !file.is_empty() || !bytes.is_empty() {
                    posted.files.push(Upload { field: name, name: file, bytes });
                }
            }
            None => posted.fields.push((name, part.text().await.map_err(broken)?)),
        }
    }
    Ok(posted)
}
