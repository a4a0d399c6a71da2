//! For administrators: users with their roles, and what is known of the organisation.
use super::form::{amount_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::admin::{AddUserForm, UserRow, Users};
use crate::web::ui::{self, TagColour, tag};
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use sundry_desk::control::people::{AddUser, DisableUser, add_user, disable_user, users};
use sundry_desk::setup::organisations::organisations;
use sundry_domain::control::{Duty, Role, may_hold_together};
use sundry_domain::money::Pence;
use sundry_store::control::UserRow as Person;

const DUTIES: &[Duty] = &[Duty::ManageUsers];

/// The routes of the administrator.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/admin", DUTIES, get(view)).add("/admin/users", DUTIES, get(view).post(add)).add(
        "/admin/users/disable",
        DUTIES,
        post(disable),
    )
}

async fn view(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&people(&doors, &visitor).await?)
}

async fn add(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut shown = people(&doors, &visitor).await?;
    shown.form = AddUserForm {
        name: posted.get("display_name").to_owned(),
        user: posted.get("sign_in_name").to_owned(),
        limit: posted.get("limit").to_owned(),
        roles: roles(posted.all("roles").map(str::to_owned).collect()),
    };
    let limit = amount_field(&mut shown.frame, "limit", posted.get("limit"));
    if !shown.frame.errors.is_empty() {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    }
    let ask = AddUser {
        key: posted.key(),
        sign_in_name: posted.get("sign_in_name").to_owned(),
        display_name: posted.get("display_name").to_owned(),
        roles: posted.all("roles").map(str::to_owned).collect(),
        limit: limit.unwrap_or(Pence::ZERO),
        password: posted.get("password").to_owned(),
    };
    let name = ask.display_name.clone();
    match add_user(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told("/admin", &format!("{name} can sign in now")),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn disable(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let name = posted.get("sign_in_name").to_owned();
    let ask = DisableUser { key: posted.key(), sign_in_name: name.clone() };
    match disable_user(&doors.desk, &visitor.actor, ask).await {
        Ok(()) => told("/admin", &format!("{name} can no longer sign in")),
        Err(no) => {
            let mut shown = people(&doors, &visitor).await?;
            let status = onto(&mut shown.frame, no, &[("sign_in_name", "user")])?;
            page_with(status, &shown)
        }
    }
}

/// Every role but the customer's own, which is not given here.
fn roles(chosen: Vec<String>) -> Vec<(String, String, bool)> {
    let staff = Role::ALL.iter().filter(|role| **role != Role::Customer);
    let one =
        |role: &Role| (role.as_str().to_owned(), role.name().to_owned(), chosen.iter().any(|c| c == role.as_str()));
    staff.map(one).collect()
}

async fn people(doors: &Shared, visitor: &Visitor) -> Result<Users, Trouble> {
    let rows = users(&doors.desk, &visitor.actor).await?;
    let now = doors.desk.clock().now();
    let row = |person: Person| {
        let held: Vec<Role> = person.roles.split(' ').filter_map(Role::parse).collect();
        let names: Vec<&str> = held.iter().map(|role| role.name()).collect();
        let locked = person.locked_until.is_some_and(|until| until > now);
        UserRow {
            conflict: may_hold_together(&held).err().map(|no| no.sentence).unwrap_or_default(),
            roles: names.join(", "),
            limits: if person.limit_pence > 0 { ui::money(Pence(person.limit_pence)) } else { String::new() },
            state: match (person.disabled_at.is_some(), locked) {
                (true, _) => tag("Disabled", TagColour::Grey),
                (false, true) => tag("Locked for 15 minutes", TagColour::Yellow),
                (false, false) => tag("In use", TagColour::Green),
            },
            can_disable: person.disabled_at.is_none() && person.id != visitor.actor.user.0,
            user: person.sign_in_name,
            name: person.display_name,
        }
    };
    let organisation = organisations(&doors.desk).await?.into_iter().find(|one| one.id == visitor.actor.org.0);
    let facts = organisation.map(|one| {
        let vat = if one.vat_number.is_empty() { "Not registered".to_owned() } else { one.vat_number };
        let mut facts = vec![
            ("Name".to_owned(), one.name),
            ("Code".to_owned(), one.code),
            ("Kind".to_owned(), super::form::plain(&one.kind)),
            ("Holidays of".to_owned(), super::form::plain(&one.nation)),
            ("VAT number".to_owned(), vat),
        ];
        facts.extend(super::about::facts(&one.letterhead));
        facts
    });
    let mut frame = doors.frame(visitor, "Admin").await;
    frame.help = "roles/administrator".into();
    Ok(Users {
        frame,
        rows: rows.into_iter().map(row).collect(),
        organisation: facts.unwrap_or_default(),
        form: AddUserForm { roles: roles(Vec::new()), ..AddUserForm::default() },
    })
}
