//! Answers: a page, a redirect with news, or a problem that becomes a full page.
use askama::Template;
use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::sync::Arc;
use sundry_desk::{Fault, No};

/// What a handler gives.
pub type Answer = Result<Response, Trouble>;

/// Why there is no page. The door turns it into a full page with the visitor's frame.
pub struct Trouble(pub No);

impl<E: Into<No>> From<E> for Trouble {
    fn from(no: E) -> Trouble {
        Trouble(no.into())
    }
}

/// Rides on a response until the door has made a page of it.
#[derive(Clone)]
pub(super) struct Carried(pub Arc<No>);

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status_of(&self.0);
        response.extensions_mut().insert(Carried(Arc::new(self.0)));
        response
    }
}

/// The status that says it: 403 not yours to do, 404 not there, 409 a rule, 422 not understood.
pub fn status_of(no: &No) -> StatusCode {
    match no {
        No::Refused(refusal) => match refusal.code.as_str() {
            "CTL-01-NO-DUTY" => StatusCode::FORBIDDEN,
            "OPS-KEY-REUSED" => StatusCode::UNPROCESSABLE_ENTITY,
            "OPS-NOT-KNOWN-YET" => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::CONFLICT,
        },
        No::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        No::Absent(_) => StatusCode::NOT_FOUND,
        No::Fault(fault) if fault.class == sundry_store::engine::Class::Never => StatusCode::INTERNAL_SERVER_ERROR,
        No::Fault(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// A page.
pub fn page(template: &impl Template) -> Answer {
    page_with(StatusCode::OK, template)
}

/// A page with another status: 422 for a form to be put right, 409 for a refusal.
pub fn page_with(status: StatusCode, template: &impl Template) -> Answer {
    let html = template.render().map_err(|e| Fault::new(format!("a page did not render: {e}")))?;
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Ok(response)
}

/// Go and look at another page: after every POST that did something.
pub fn see_other(to: &str) -> Answer {
    let to = HeaderValue::from_str(to).map_err(|_| Fault::new("an address that cannot be sent"))?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response())
}

/// The cookie that carries news over one redirect.
pub(super) const NEWS: &str = "sundry_news";

/// Go and look at another page, which will tell this news once.
pub fn told(to: &str, news: &str) -> Answer {
    let mut response = see_other(to)?;
    let cookie = format!("{NEWS}={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax", URL_SAFE_NO_PAD.encode(news));
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// The news of a cookie, if it can be read.
pub(super) fn news_of(cookie: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cookie).ok()?;
    String::from_utf8(bytes).ok().filter(|text| text.len() <= 500)
}
