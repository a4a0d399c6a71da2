//! What every answer carries, and what no request may be (Q04).
use crate::web::assets::CONTENT_SECURITY_POLICY;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("strict-transport-security", "max-age=31536000"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

/// Sets the headers of Q04; what is not an asset is not kept by anyone.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    let is_asset = request.uri().path().starts_with("/assets/");
    let mut response = next.run(request).await;
    for (name, value) in HEADERS {
        // A stricter policy of its own stays: a previewed e-mail may have styles, and nothing else.
        let entry = response.headers_mut().entry(HeaderName::from_static(name));
        entry.or_insert(HeaderValue::from_static(value));
    }
    if !is_asset {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Refuses an address with the sign that no database of ours keeps; the API says so in its own way.
pub(super) async fn no_nul(request: Request, next: Next) -> Response {
    let (uri, has) = (request.uri(), |text: &str| text.contains("%00"));
    if !uri.path().starts_with("/api/") && (has(uri.path()) || uri.query().is_some_and(has)) {
        return (StatusCode::BAD_REQUEST, "This address holds a sign that no text holds.").into_response();
    }
    next.run(request).await
}

/// Refuses what another site made a browser send: by `Sec-Fetch-Site`, else by `Origin`.
pub(super) async fn own_site(request: Request, next: Next) -> Response {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !safe && !is_ours(&request) {
        return (StatusCode::FORBIDDEN, "This request came from another site.").into_response();
    }
    next.run(request).await
}

fn is_ours(request: &Request) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => matches!(site, "same-origin" | "none"),
        (None, Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, o)| o == host),
        (None, Some(_), None) => false,
        (None, None, _) => true, // not a browser: it has no cookie that it did not choose to send
    }
}
