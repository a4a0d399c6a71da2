//! Your security code.
use super::form::onto;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::security_code::SecurityCode;
use axum::extract::State;
use axum::routing::{get, post};
use sundry_desk::control::security_code::{begin_security_code, confirm_security_code, security_code};

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/me/security-code", &[], get(view).post(begin)).add("/me/security-code/confirm", &[], post(confirm))
}

const WRONG: [(&str, &str); 3] =
    [("CTL-07-CODE-WRONG", "code"), ("CTL-07-CODE-LOCKED", "code"), ("security_code", "code")];

async fn shown(doors: &Shared, visitor: &Visitor) -> Result<SecurityCode, Trouble> {
    let state = security_code(&doors.desk, &visitor.actor).await?;
    let frame = doors.frame(visitor, "").await;
    let begun = state.begun.then(|| (String::new(), String::new()));
    Ok(SecurityCode { frame, confirmed: state.confirmed, begun })
}

async fn view(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&shown(&doors, &visitor).await?)
}

async fn begin(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let begun = begin_security_code(&doors.desk, &visitor.actor, &posted.key(), posted.get("code")).await;
    let mut one = shown(&doors, &visitor).await?;
    match begun {
        Ok(begun) => {
            one.begun = Some((begun.secret, begun.address));
            page(&one)
        }
        Err(no) => {
            let status = onto(&mut one.frame, no, &WRONG)?;
            page_with(status, &one)
        }
    }
}

async fn confirm(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    match confirm_security_code(&doors.desk, &visitor.actor, &posted.key(), posted.get("code")).await {
        Ok(_) => told("/me/security-code", "Your security code is set up"),
        Err(no) => {
            let mut one = shown(&doors, &visitor).await?;
            let status = onto(&mut one.frame, no, &WRONG)?;
            page_with(status, &one)
        }
    }
}
