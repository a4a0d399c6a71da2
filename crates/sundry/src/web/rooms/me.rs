//! Your account: who you are here, what you may do, and how lists look to you.
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, told};
use crate::web::pages::me::Me;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::routing::get;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/me", &[], get(view).post(prefer))
}

async fn view(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let mut roles: Vec<String> = visitor.actor.roles.iter().map(|role| role.name().to_owned()).collect();
    roles.sort();
    page(&Me {
        frame: doors.frame(&visitor, "").await,
        name: visitor.actor.name.clone(),
        roles,
        duties: visitor.actor.duties.iter().map(|duty| duty.name().to_owned()).collect(),
        limit: visitor.actor.limit,
    })
}

/// Keeps how lists look, in a cookie of this browser.
async fn prefer(visitor: Visitor, posted: Posted) -> Answer {
    let rows = if posted.get("rows") == "small" { "small" } else { "usual" };
    let news = if rows == "small" { "Lists now have smaller rows" } else { "Lists now have rows of the usual size" };
    tracing::debug!(user = visitor.actor.user.0, rows, "a preference was set");
    let mut response = told("/me", news)?;
    let cookie = format!("sundry_rows={rows}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
