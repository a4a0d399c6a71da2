//! Who is at the door: the session behind the cookie.
use super::answer::{NEWS, Trouble, news_of, see_other};
use super::server::Shared;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sundry_desk::control::sign_in;
use sundry_desk::{Actor, Fault};

/// Someone signed in, on this request.
#[derive(Clone)]
pub struct Visitor {
    /// Who, where, and what they may do.
    pub actor: Actor,
    /// The token their forms carry.
    pub csrf: String,
    /// News carried over a redirect.
    pub news: Option<String>,
    /// The path they asked for.
    pub path: String,
    /// Whether they like smaller rows.
    pub small_rows: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visitor, Trouble> {
        let visitor = parts.extensions.get::<Visitor>().cloned();
        visitor.ok_or_else(|| Trouble(Fault::new("a page behind the sign-in was asked without a session").into()))
    }
}

/// The value of a cookie.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Finds the session, or sends the visitor to sign in and back here afterwards.
pub(super) async fn know(State(doors): State<Shared>, mut request: Request, next: Next) -> Response {
    let token = cookie(request.headers(), doors.cookie_name()).map(str::to_owned);
    let session = match token {
        Some(token) => match sign_in::session(&doors.desk, &token).await {
            Ok(session) => session,
            Err(no) => return Trouble(no).into_response(),
        },
        None => None,
    };
    let Some(session) = session else {
        let back = if request.method() == Method::GET {
            request.uri().path_and_query().map_or("/", |p| p.as_str()).to_owned()
        } else {
            "/".into()
        };
        let query: String = form_encode(&back);
        return see_other(&format!("/sign-in?next={query}")).into_response();
    };
    let visitor = Visitor {
        actor: session.actor,
        csrf: session.csrf,
        news: cookie(request.headers(), NEWS).and_then(news_of),
        path: request.uri().path().to_owned(),
        small_rows: cookie(request.headers(), "sundry_rows") == Some("small"),
    };
    let has_news = visitor.news.is_some();
    request.extensions_mut().insert(visitor.clone());
    let mut response = next.run(request).await;
    response.extensions_mut().insert(visitor);
    // A page that only leads on to another shows nothing: the news waits for the one that does.
    if has_news && !response.status().is_redirection() {
        let gone = header::HeaderValue::from_static("sundry_news=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
        response.headers_mut().append(header::SET_COOKIE, gone);
    }
    response
}

/// Percent-encodes everything but plain letters, digits and a few safe marks.
pub fn form_encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

/// A number as one part of an address: `INV-000412/2` does not begin another part.
pub fn path_part(number: &str) -> String {
    form_encode(number).replace('/', "%2F")
}

/// The page of an invoice, a credit note or an instalment.
pub fn invoice_at(number: &str) -> String {
    format!("/billing/invoices/{}", path_part(number))
}
