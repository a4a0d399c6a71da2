//! The protocol's own forms that go with a letter of claim.
use super::form::{again, date_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::court_forms::CourtForms;
use axum::extract::State;
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::delivery::{PutCourtForm, court_forms, put_court_form};
use sundry_domain::control::Duty;
use sundry_domain::words::written;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/admin/court-forms", &[Duty::View, Duty::ManageSettings], get(list).post(put))
}

async fn shown(doors: &Shared, visitor: &Visitor) -> Outcome<CourtForms> {
    Ok(CourtForms {
        frame: doors.frame(visitor, "Admin").await,
        rows: court_forms(&doors.desk, &visitor.actor).await?,
        today: doors.desk.today(),
        may_put: visitor.actor.holds(Duty::ManageSettings),
        typed: Default::default(),
    })
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&shown(&doors, &visitor).await?)
}

async fn put(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut form = shown(&doors, &visitor).await?;
    form.typed = ["form", "language", "large", "from_on", "source"].map(|field| posted.get(field).to_owned());
    let from_on = date_field(&mut form.frame, "from_on", posted.get("from_on"), form.today);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let (name, bytes) =
        posted.files.first().map_or_else(Default::default, |file| (file.name.clone(), file.bytes.to_vec()));
    let ask = PutCourtForm {
        key: posted.key(),
        form: posted.get("form").to_owned(),
        language: posted.get("language").to_owned(),
        large: posted.get("large") == "yes",
        from_on,
        source: posted.get("source").to_owned(),
        name,
    };
    match put_court_form(&doors.desk, &visitor.actor, ask, bytes).await {
        Ok(row) => {
            let words = format!("{} goes with letters of claim from {}", row.name, written(row.from_on));
            told("/admin/court-forms", &words)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("REC-02-FORM-FILE", "file")])?;
            page_with(status, &form)
        }
    }
}
