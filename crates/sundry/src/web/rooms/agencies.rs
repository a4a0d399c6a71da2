//! Collection agencies: terms, placing, files, statements, placements.
use super::export::download;
use super::form::{Asked, again, amount_field, asked, date_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::agencies::{Agencies, Agency, AgencyStatement, AgencyTerms, OnePlacement, PlaceDebtsPage};
use crate::web::ui::{Frame, count_of};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use chrono::{Days, NaiveDate};
use sundry_desk::recovery::agencies::{
    self, AgencyShown, BringRemittance, PlaceDebts, RecallPlacement, SetAgency, TakeAgencyFile, TendAgencies,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;

const HOME: &str = "/recovery/agencies";
const LOOK: &[Duty] = &[Duty::View, Duty::ManageSettings];
const RECALLS: &[Duty] = &[Duty::WorkCases, Duty::ReferToCourt];
/// Days over which agencies are compared when none are named.
const COMPARED: u64 = 365;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add(HOME, LOOK, get(list))
        .add("/recovery/agency-changes", &[Duty::WorkCases, Duty::ReleaseRuns, Duty::ReferToCourt], post(tell))
        .add("/recovery/agencies/{code}", LOOK, get(one))
        .add("/recovery/agencies/{code}/terms", &[Duty::ManageSettings], get(terms).post(set))
        .add("/recovery/agencies/{code}/place", &[Duty::View], get(look_first).post(place))
        .add("/recovery/agencies/{code}/files", &[Duty::WorkCases, Duty::PostCash], post(bring))
        .add("/recovery/agency-files/{number}", RECALLS, get(file))
        .add("/recovery/agency-statements/{number}", &[Duty::View], get(statement))
        .add("/recovery/placements/{number}", &[Duty::View], get(placement).post(recall))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/agencies".into();
    frame
}

fn shown_day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (desk, by, today) = (&doors.desk, &visitor.actor, doors.desk.today());
    let mut frame = room(&doors, &visitor).await;
    let from = date_field(&mut frame, "from", asked(&query, "from"), today);
    let to = date_field(&mut frame, "to", asked(&query, "to"), today);
    let from = from.unwrap_or_else(|| today.checked_sub_days(Days::new(COMPARED)).unwrap_or(today));
    let to = to.unwrap_or(today);
    let compared = match by.holds(Duty::RunReports) && frame.errors.is_empty() {
        true => match agencies::compare_agencies(desk, by, from, to).await {
            Ok(rows) => rows,
            Err(no) => {
                onto(&mut frame, no, &[])?;
                Vec::new()
            }
        },
        false => Vec::new(),
    };
    let typed = |name: &str, day: NaiveDate| match asked(&query, name) {
        "" => shown_day(day),
        typed => typed.to_owned(),
    };
    page(&Agencies {
        days: (typed("from", from), typed("to", to)),
        rows: agencies::agencies_list(desk, by).await?,
        compared,
        may_set: by.holds(Duty::ManageSettings),
        may_tell: by.holds(Duty::WorkCases) || by.holds(Duty::ReleaseRuns) || by.holds(Duty::ReferToCourt),
        frame,
    })
}

async fn tell(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let done = agencies::tend_agencies(&doors.desk, &visitor.actor, TendAgencies { key: posted.key() }).await?;
    let news = format!(
        "{} looked at: {} called back, {} told to wait, {} to go on, {} payments told",
        crate::web::ui::count_of(done.placements, "placement", "placements"),
        done.recalls,
        done.holds,
        done.releases,
        done.payments
    );
    told(HOME, &news)
}

async fn shown(doors: &Shared, visitor: &Visitor, code: &str) -> Outcome<Agency> {
    let by = &visitor.actor;
    let shown = agencies::agency(&doors.desk, by, code).await?;
    let may = [Duty::ManageSettings, Duty::ReferToCourt, Duty::WorkCases, Duty::PostCash].map(|duty| by.holds(duty));
    let typed = [if may[2] { "answers" } else { "check" }.to_owned(), String::new()];
    Ok(Agency { frame: room(doors, visitor).await, shown, may, found: None, checked: None, typed })
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    page(&shown(&doors, &visitor, &code).await?)
}

fn percent_of(bp: i64) -> String {
    match (bp / 100, bp % 100) {
        (whole, 0) => whole.to_string(),
        (whole, part) => format!("{whole}.{part:02}"),
    }
}

fn bp_of(typed: &str) -> Option<i64> {
    let typed = typed.trim().trim_end_matches('%').trim();
    let (whole, part) = typed.split_once('.').unwrap_or((typed, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let hundredths: i64 = format!("{part:0<2}").parse().ok()?;
    Some(whole.parse::<i64>().ok()? * 100 + hundredths)
}

fn as_typed(shown: &AgencyShown) -> Vec<(&'static str, String)> {
    let row = &shown.agency;
    let day = |day: Option<NaiveDate>| day.map(shown_day).unwrap_or_default();
    let mut shares = Vec::new();
    if row.shares_vulnerable {
        shares.push("vulnerable");
    }
    if row.shares_birth {
        shares.push("birth");
    }
    let values = [
        row.code.clone(),
        row.version.to_string(),
        row.name.clone(),
        row.email.clone(),
        row.client_code.clone(),
        percent_of(row.first_bp),
        percent_of(row.second_bp),
        percent_of(row.vat_bp),
        row.settlement.clone(),
        row.after_recall_days.to_string(),
        Pence(row.least_pence).pounds(),
        row.agreement.clone(),
        day(row.agreement_from),
        day(row.agreement_to),
        shares.join(" "),
        if row.active { "yes" } else { "no" }.to_owned(),
    ];
    AgencyTerms::FIELDS.into_iter().zip(values).collect()
}

async fn terms(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    let new = code == "new";
    let typed = match new {
        true => {
            let start = [
                ("version", "0"),
                ("vat_bp", "20"),
                ("after_recall_days", "0"),
                ("least", "50.00"),
                ("active", "yes"),
                ("settlement", "net"),
            ];
            let value = |field: &str| start.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value);
            AgencyTerms::FIELDS.iter().map(|field| (*field, value(field).to_owned())).collect()
        }
        false => as_typed(&agencies::agency(&doors.desk, &visitor.actor, &code).await?),
    };
    page(&AgencyTerms { frame: room(&doors, &visitor).await, new, typed })
}

async fn set(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let today = doors.desk.today();
    let mut frame = room(&doors, &visitor).await;
    let shares = posted.all("shares").collect::<Vec<_>>().join(" ");
    let value = |field: &str| if field == "shares" { shares.clone() } else { posted.get(field).to_owned() };
    let typed: Vec<(&'static str, String)> = AgencyTerms::FIELDS.iter().map(|field| (*field, value(field))).collect();
    let mut rate = |field: &'static str| {
        let read = bp_of(posted.get(field));
        if read.is_none() {
            frame.errors.add(field, "Enter a rate such as 12 or 12.5");
        }
        read.unwrap_or(0)
    };
    let rates = [rate("first_bp"), rate("second_bp"), rate("vat_bp")];
    let from = date_field(&mut frame, "agreement_from", posted.get("agreement_from"), today);
    let to = date_field(&mut frame, "agreement_to", posted.get("agreement_to"), today);
    let least = amount_field(&mut frame, "least", posted.get("least"));
    let days = posted.get("after_recall_days");
    let after_recall_days = if days.is_empty() { Some(0) } else { days.parse::<i64>().ok() };
    if after_recall_days.is_none() {
        frame.errors.add("after_recall_days", "Enter a number of days from 0 to 90");
    }
    let mut form = AgencyTerms { frame, new: code == "new", typed };
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let text = |field: &str| posted.get(field).to_owned();
    let ask = SetAgency {
        key: posted.key(),
        code: if form.new { text("code") } else { code },
        version: posted.get("version").parse().unwrap_or(0),
        name: text("name"),
        email: text("email"),
        client_code: text("client_code"),
        first_bp: rates[0],
        second_bp: rates[1],
        vat_bp: rates[2],
        settlement: text("settlement"),
        after_recall_days: after_recall_days.unwrap_or(0),
        least: least.unwrap_or(Pence::ZERO),
        shares_vulnerable: posted.all("shares").any(|one| one == "vulnerable"),
        shares_birth: posted.all("shares").any(|one| one == "birth"),
        agreement: text("agreement"),
        agreement_from: from,
        agreement_to: to,
        active: posted.get("active") == "yes",
    };
    match agencies::set_agency(&doors.desk, &visitor.actor, ask).await {
        Ok(set) => told(&format!("{HOME}/{}", set.code), &format!("Terms of {} saved", set.code)),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}

async fn preview(doors: &Shared, visitor: &Visitor, code: &str, typed: &str) -> Outcome<PlaceDebtsPage> {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let name = agencies::agency(desk, by, code).await?.agency.name;
    let numbers: Vec<String> =
        typed.split([',', ' ', ';']).filter(|part| !part.is_empty()).map(ToOwned::to_owned).collect();
    let mut frame = room(doors, visitor).await;
    let preview = match agencies::preview_placement(desk, by, code, &numbers).await {
        Ok(preview) => preview,
        Err(No::Absent(what)) if !numbers.is_empty() => {
            frame.errors.add("customers", format!("There is no {what}"));
            agencies::preview_placement(desk, by, code, &[]).await?
        }
        Err(no) => return Err(no),
    };
    Ok(PlaceDebtsPage { frame, name, preview, typed: typed.to_owned(), may_place: by.holds(Duty::ReferToCourt) })
}

async fn look_first(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(code): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let seen = preview(&doors, &visitor, &code, asked(&query, "customers")).await?;
    let status = if seen.frame.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page_with(status, &seen)
}

async fn place(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let customers: Vec<String> = posted.all("customer").map(ToOwned::to_owned).collect();
    let ask = PlaceDebts { key: posted.key(), agency: code.clone(), customers };
    match agencies::place_debts(&doors.desk, &visitor.actor, ask).await {
        Ok(placed) => {
            let left = match placed.left_out.len() {
                0 => String::new(),
                out => format!(", {out} left out"),
            };
            let count = crate::web::ui::count_of(placed.placements.len() as i64, "customer", "customers");
            let news = format!("{count} of {} placed{left}: send {}", Pence(placed.total_pence), placed.name);
            told(&format!("{HOME}/{code}"), &news)
        }
        Err(no) => {
            let mut seen = preview(&doors, &visitor, &code, "").await?;
            let status = onto(&mut seen.frame, no, &[])?;
            page_with(status, &seen)
        }
    }
}

async fn bring(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>, posted: Posted) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let mut seen = shown(&doors, &visitor, &code).await?;
    let kind = posted.get("kind").to_owned();
    seen.typed = [kind.clone(), posted.get("reason").to_owned()];
    let upload = posted.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty());
    let Some(upload) = upload else {
        seen.frame.errors.add("file", "Choose a file");
        return again(&seen);
    };
    let (file_name, bytes) = (upload.name.clone(), upload.bytes.clone());
    let took =
        TakeAgencyFile { key: posted.key(), agency: code.clone(), file_name: file_name.clone(), bytes: bytes.clone() };
    let statement = BringRemittance {
        key: posted.key(),
        agency: code.clone(),
        file_name,
        bytes,
        accept_gap: !posted.get("reason").is_empty(),
        reason: posted.get("reason").to_owned(),
    };
    let outcome: Outcome<Option<String>> = async {
        match kind.as_str() {
            "answers" => {
                let done = agencies::take_answers(desk, by, took).await?;
                seen.found = Some((format!("{} taken, {} not", done.accepted, done.rejected), done.held));
            }
            "closures" => {
                let done = agencies::take_closures(desk, by, took).await?;
                let held = count_of(done.held_accounts, "account", "accounts");
                let words = format!("{} closed, {held} held", done.closed);
                seen.found = Some((words, done.held));
            }
            "arrangements" => {
                let done = agencies::take_arrangements(desk, by, took).await?;
                seen.found = Some((format!("{} made, {} ended", done.made, done.ended), done.held));
            }
            "stock" => {
                let done = agencies::reconcile_stock(desk, by, took).await?;
                let sum =
                    |pence: Option<i64>| pence.map_or_else(|| "not there".to_owned(), |pence| Pence(pence).to_string());
                let rows = done.differences.iter().map(|one| {
                    format!("{}: {} here, {} there", one.placement, sum(one.ours_pence), sum(one.theirs_pence))
                });
                seen.found = Some((format!("{} agree to the penny", done.agreed), rows.collect()));
            }
            "check" => seen.checked = Some(agencies::check_remittance(desk, by, &statement).await?),
            "post" => return Ok(Some(agencies::bring_remittance(desk, by, statement).await?.number)),
            other => {
                let invalid = sundry_domain::refusal::Invalid::field("kind", "Choose what is in the file", other);
                return Err(invalid.into());
            }
        }
        Ok(None)
    }
    .await;
    match outcome {
        Ok(Some(number)) => told(&format!("/recovery/agency-statements/{number}"), "Statement posted"),
        Ok(None) => {
            let fresh = shown(&doors, &visitor, &code).await?;
            seen.shown = fresh.shown;
            page(&seen)
        }
        Err(no) => {
            let fields = [
                ("REC-07-STATEMENT-GAP", "reason"),
                ("REC-07-STATEMENT-AGAIN", "file"),
                ("REC-07-REMITTANCE", "file"),
                ("REC-07-REVERSAL", "file"),
                ("REC-07-FILE", "file"),
                ("file_name", "file"),
            ];
            let status = onto(&mut seen.frame, no, &fields)?;
            page_with(status, &seen)
        }
    }
}

async fn file(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let control = asked(&query, "control") == "true";
    let (name, bytes) = agencies::agency_file(&doors.desk, &visitor.actor, &number, control).await?;
    download(&name, "text/csv", bytes)
}

async fn statement(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let shown = agencies::agency_remittance(&doors.desk, &visitor.actor, &number).await?;
    page(&AgencyStatement { frame: room(&doors, &visitor).await, shown })
}

async fn placed(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<OnePlacement> {
    let by = &visitor.actor;
    Ok(OnePlacement {
        shown: agencies::placement(&doors.desk, by, number).await?,
        frame: room(doors, visitor).await,
        may_recall: by.holds(Duty::WorkCases) || by.holds(Duty::ReferToCourt),
        typed: String::new(),
    })
}

async fn placement(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&placed(&doors, &visitor, &number).await?)
}

async fn recall(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut seen = placed(&doors, &visitor, &number).await?;
    seen.typed = posted.get("words").to_owned();
    let ask = RecallPlacement { key: posted.key(), placement: number, words: seen.typed.clone() };
    match agencies::recall_placement(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = format!("{} is called back: send file {}", done.placement, done.file);
            told(&format!("/recovery/placements/{}", done.placement), &news)
        }
        Err(no) => {
            let status = onto(&mut seen.frame, no, &[])?;
            page_with(status, &seen)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{bp_of, percent_of};

    #[test]
    fn rates_are_read_as_people_type_them() {
        for (typed, bp) in [("12", 1_200), ("12.5", 1_250), ("0", 0), ("7.25%", 725), (" 20 % ", 2_000)] {
            assert_eq!(bp_of(typed), Some(bp), "{typed}");
        }
        for nonsense in ["", "twelve", "12.555", "-1", "1e2"] {
            assert_eq!(bp_of(nonsense), None, "{nonsense}");
        }
        assert_eq!((percent_of(1_250), percent_of(1_200)), ("12.50".to_owned(), "12".to_owned()));
    }
}
