//! Signing in and out.
use crate::web::door::{Answer, Posted, Shared, page, page_with, see_other};
use crate::web::pages::sign_in::SignIn;
use crate::web::ui::{Frame, Home};
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::routing::{get, post};
use std::collections::HashMap;
use sundry_desk::Mode;
use sundry_desk::control::sign_in;

/// The routes that need no session.
pub fn routes() -> Router<Shared> {
    Router::new().route("/sign-in", get(view).post(submit)).route("/sign-out", post(leave))
}

fn blank(doors: &Shared, user: &str, next: &str, wrong: bool) -> SignIn {
    let home = match doors.desk.mode() {
        Mode::Live => Home::Live,
        Mode::Training => Home::Training,
        Mode::Demo | Mode::Test => Home::Demo,
    };
    let mut frame = Frame { home, ..Frame::default() };
    if wrong {
        frame.errors.add("user", "Enter the user name and password of an account that is in use");
    }
    SignIn {
        frame,
        user: user.to_owned(),
        ask_code: false,
        next: own_path(next).to_owned(),
        demo_people: doors.demo_people.clone(),
    }
}

/// Only our own pages are gone to after signing in.
fn own_path(next: &str) -> &str {
    if next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']) { next } else { "/" }
}

async fn view(State(doors): State<Shared>, Query(query): Query<HashMap<String, String>>) -> Answer {
    page(&blank(&doors, "", query.get("next").map_or("/", String::as_str), false))
}

async fn submit(State(doors): State<Shared>, posted: Posted) -> Answer {
    let user = posted.get("user");
    let signed_in = sign_in::sign_in(&doors.desk, user, posted.get("password")).await?;
    let Some(signed_in) = signed_in else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &blank(&doors, user, posted.get("next"), true));
    };
    let mut response = see_other(own_path(posted.get("next")))?;
    set_cookie(response.headers_mut(), &doors, &signed_in.token, 12 * 3600);
    Ok(response)
}

async fn leave(State(doors): State<Shared>, headers: HeaderMap) -> Answer {
    if let Some(token) = crate::web::door::cookie(&headers, doors.cookie_name()) {
        sign_in::sign_out(&doors.desk, token).await?;
    }
    let mut response = see_other("/sign-in")?;
    set_cookie(response.headers_mut(), &doors, "", 0);
    Ok(response)
}

fn set_cookie(headers: &mut HeaderMap, doors: &Shared, token: &str, seconds: u32) {
    let secure = if doors.tls { "; Secure" } else { "" };
    let cookie = format!("{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", doors.cookie_name());
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        headers.append(header::SET_COOKIE, cookie);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_are_gone_to() {
        assert_eq!(own_path("/work?view=today"), "/work?view=today");
        for foreign in ["//evil.example", "https://evil.example", "/\\evil.example", "", "javascript:x"] {
            assert_eq!(own_path(foreign), "/", "{foreign}");
        }
    }
}
