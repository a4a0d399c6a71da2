//! Collection agencies: terms, placement, recall, answers, statements of what they paid over, how they compare.
use super::answer::{Answer, List, file, made, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::recovery::agencies::{
    self, AgenciesTended, AgencyCompared, AgencyLine, AgencySet, AgencyShown, AnswersTaken, ArrangementsTaken,
    BringRemittance, ClosuresTaken, PlaceDebts, Placed, PlacementPreview, PlacementShown, RecallPlacement, Recalled,
    RemittanceShown, RemittanceTaken, SetAgency, StockReconciled, TakeAgencyFile, TendAgencies,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::agency::PlacementLine;
use utoipa::ToSchema;

const ROOM: &str = "Agencies and tracing";
const WORKS: &[Duty] = &[Duty::WorkCases];
const RECALLS: &[Duty] = &[Duty::WorkCases, Duty::ReferToCourt];
const STATES: &[&str] = &["sent", "with_agency", "rejected", "recalled", "returned", "closed"];

/// The rows of this part of the room.
pub fn rows(table: Table) -> Table {
    files(placing(
        table
            .add(
                get(ROOM, "/agencies", "list_agencies", "List collection agencies")
                    .needs(&[Duty::View, Duty::ManageSettings])
                    .listed(desk_list::<AgencyLine>),
                list,
            )
            .add(
                get(ROOM, "/agencies/{code}", "get_agency", "Read an agency, its placements, files and statements")
                    .needs(&[Duty::View, Duty::ManageSettings])
                    .gives(200, desk::<AgencyShown>),
                one,
            )
            .add(
                post(ROOM, "/agencies/{code}", "set_agency", "Set an agency's terms; a new code opens it")
                    .needs(&[Duty::ManageSettings])
                    .takes::<NewAgencyTerms>()
                    .replaces()
                    .gives(200, desk::<AgencySet>),
                set,
            )
            .add(
                get(
                    ROOM,
                    "/agency-comparison",
                    "compare_agencies",
                    "Compare agencies on the debts placed between two days",
                )
                .needs(&[Duty::RunReports])
                .must("from", Holds::Day, "Placed from this day on")
                .must("to", Holds::Day, "Placed up to this day")
                .listed(desk_list::<AgencyCompared>),
                compare,
            ),
    ))
}

fn placing(table: Table) -> Table {
    table
        .add(
            post(
                ROOM,
                "/agencies/{code}/placement-preview",
                "preview_placement",
                "Say who may be placed and who not; nothing is kept",
            )
            .takes::<WhomToPlace>()
            .looks_only()
            .gives(200, desk::<PlacementPreview>),
            preview,
        )
        .add(
            post(ROOM, "/agencies/{code}/placements", "place_debts", "Place debts with an agency")
                .needs(&[Duty::ReferToCourt])
                .takes::<WhomToPlace>()
                .gives(201, desk::<Placed>),
            place,
        )
        .add(
            get(ROOM, "/placements", "list_placements", "List placements, newest first")
                .asks("agency", Holds::Text, "Only those with this agency")
                .asks("state", Holds::OneOf(STATES), "Only those that stand so")
                .paged(desk_list::<PlacementLine>),
            placements,
        )
        .add(
            get(ROOM, "/placements/{number}", "get_placement", "Read a placement, what was told and what was paid")
                .gives(200, desk::<PlacementShown>),
            placement,
        )
        .add(
            post(ROOM, "/placements/{number}/recall", "recall_placement", "Call a placement back today")
                .needs(RECALLS)
                .takes::<RecallWords>()
                .gives(200, desk::<Recalled>),
            recall,
        )
        .add(
            post(
                ROOM,
                "/agency-changes",
                "tend_agencies",
                "Tell every agency today what was paid, held and called back",
            )
            .needs(&[Duty::WorkCases, Duty::ReleaseRuns, Duty::ReferToCourt])
            .gives(200, desk::<AgenciesTended>),
            tend,
        )
}

fn files(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/agency-files/{number}", "get_agency_file", "A file to or from an agency")
                .needs(RECALLS)
                .asks("control", Holds::Flag, "The control file beside it")
                .gives_file(&["text/csv"]),
            one_file,
        )
        .add(
            post(ROOM, "/agencies/{code}/answers", "take_agency_answers", "Bring in which debts an agency takes")
                .needs(WORKS)
                .takes_file()
                .gives(200, desk::<AnswersTaken>),
            answers,
        )
        .add(
            post(
                ROOM,
                "/agencies/{code}/closures",
                "take_agency_closures",
                "Bring in which debts an agency gives back",
            )
            .needs(WORKS)
            .takes_file()
            .gives(200, desk::<ClosuresTaken>),
            closures,
        )
        .add(
            post(
                ROOM,
                "/agencies/{code}/arrangements",
                "take_agency_arrangements",
                "Bring in which arrangements an agency made or ended",
            )
            .needs(WORKS)
            .takes_file()
            .gives(200, desk::<ArrangementsTaken>),
            arrangements,
        )
        .add(
            post(ROOM, "/agencies/{code}/stock", "reconcile_agency_stock", "Compare an agency's list with ours")
                .needs(WORKS)
                .takes_file()
                .gives(200, desk::<StockReconciled>),
            stock,
        )
        .add(
            post(
                ROOM,
                "/agencies/{code}/remittance-check",
                "check_agency_remittance",
                "Check a statement of an agency; nothing is posted",
            )
            .takes_file()
            .looks_only()
            .gives(200, desk::<RemittanceTaken>),
            check,
        )
        .add(
            post(ROOM, "/agencies/{code}/remittances", "bring_agency_remittance", "Post a statement of an agency")
                .needs(&[Duty::PostCash])
                .takes_file()
                .asks("accept_gap", Holds::Flag, "Take it though a statement before it is missing")
                .asks("reason", Holds::Text, "Why that does not matter")
                .gives(201, desk::<RemittanceTaken>),
            remittance,
        )
        .add(
            get(ROOM, "/agency-remittances/{number}", "get_agency_remittance", "Read a statement that was posted")
                .gives(200, desk::<RemittanceShown>),
            one_remittance,
        )
}

/// An agency's terms.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAgencyTerms {
    /// The version that was read; 0 for a new agency.
    pub version: i64,
    /// Name.
    pub name: String,
    /// Where their letters go.
    #[serde(default)]
    pub email: String,
    /// What they call us.
    #[serde(default)]
    pub client_code: String,
    /// Commission on a first placement, in hundredths of a per cent.
    pub first_bp: i64,
    /// Commission on a later placement.
    pub second_bp: i64,
    /// VAT on commission.
    pub vat_bp: i64,
    /// net or invoiced.
    pub settlement: String,
    /// Days after a recall for which their contract still gives commission.
    #[serde(default)]
    pub after_recall_days: i64,
    /// Least balance they take.
    pub least_pence: i64,
    /// The agreement lets us tell that someone needs extra care.
    #[serde(default)]
    pub shares_vulnerable: bool,
    /// The agreement lets us tell dates of birth.
    #[serde(default)]
    pub shares_birth: bool,
    /// Reference of the data-sharing agreement.
    #[serde(default)]
    pub agreement: String,
    /// Its first day.
    #[serde(default)]
    pub agreement_from: Option<NaiveDate>,
    /// Its last day.
    #[serde(default)]
    pub agreement_to: Option<NaiveDate>,
    /// Whether debts may be placed.
    pub active: bool,
}

/// Customers whose debts are to be placed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WhomToPlace {
    /// Customer numbers; in a preview none means all whose letter of claim has gone.
    #[serde(default)]
    pub customers: Vec<String>,
}

/// Why a placement is called back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallWords {
    /// Why.
    pub words: String,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = agencies::agencies_list(&doors.desk, &by.0).await?;
    List::whole("Agencies", rows).send(&asked, &by, doors.desk.today())
}

async fn one(State(doors): State<Shared>, by: By, At(code): At) -> Answer {
    ok(&agencies::agency(&doors.desk, &by.0, &code).await?)
}

async fn set(
    State(doors): State<Shared>,
    by: By,
    At(code): At,
    Key(key): Key,
    Sent(sent): Sent<NewAgencyTerms>,
) -> Answer {
    let ask = SetAgency {
        key,
        code,
        version: sent.version,
        name: sent.name,
        email: sent.email,
        client_code: sent.client_code,
        first_bp: sent.first_bp,
        second_bp: sent.second_bp,
        vat_bp: sent.vat_bp,
        settlement: sent.settlement,
        after_recall_days: sent.after_recall_days,
        least: Pence(sent.least_pence),
        shares_vulnerable: sent.shares_vulnerable,
        shares_birth: sent.shares_birth,
        agreement: sent.agreement,
        agreement_from: sent.agreement_from,
        agreement_to: sent.agreement_to,
        active: sent.active,
    };
    ok(&agencies::set_agency(&doors.desk, &by.0, ask).await?)
}

async fn compare(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let today = doors.desk.today();
    let (from, to) = (asked.day("from").unwrap_or(today), asked.day("to").unwrap_or(today));
    let rows = agencies::compare_agencies(&doors.desk, &by.0, from, to).await?;
    List::whole("Agencies compared", rows).send(&asked, &by, today)
}

async fn preview(State(doors): State<Shared>, by: By, At(code): At, Sent(sent): Sent<WhomToPlace>) -> Answer {
    ok(&agencies::preview_placement(&doors.desk, &by.0, &code, &sent.customers).await?)
}

async fn place(
    State(doors): State<Shared>,
    by: By,
    At(agency): At,
    Key(key): Key,
    Sent(sent): Sent<WhomToPlace>,
) -> Answer {
    let placed =
        agencies::place_debts(&doors.desk, &by.0, PlaceDebts { key, agency, customers: sent.customers }).await?;
    made(&format!("agency-files/{}", placed.file), &placed)
}

async fn placements(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let limit = asked.limit();
    let of = (asked.text("agency"), asked.text("state"));
    let before = asked.whole("after");
    let rows = agencies::placements_list(&doors.desk, &by.0, (&of.0, &of.1), before, limit).await?;
    let next = rows.last().filter(|_| rows.len() as i64 == limit).map(|last| last.id.to_string());
    List { title: "Placements", rows, next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn placement(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&agencies::placement(&doors.desk, &by.0, &number).await?)
}

async fn recall(
    State(doors): State<Shared>,
    by: By,
    At(placement): At,
    Key(key): Key,
    Sent(sent): Sent<RecallWords>,
) -> Answer {
    ok(&agencies::recall_placement(&doors.desk, &by.0, RecallPlacement { key, placement, words: sent.words }).await?)
}

async fn tend(State(doors): State<Shared>, by: By, Key(key): Key) -> Answer {
    ok(&agencies::tend_agencies(&doors.desk, &by.0, TendAgencies { key }).await?)
}

async fn one_file(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let (name, bytes) = agencies::agency_file(&doors.desk, &by.0, &number, asked.flag("control")).await?;
    file(&name, "text/csv", bytes)
}

fn taken(key: String, agency: String, parcel: Parcel) -> TakeAgencyFile {
    TakeAgencyFile { key, agency, file_name: parcel.file.0, bytes: parcel.file.1 }
}

async fn answers(State(doors): State<Shared>, by: By, At(code): At, Key(key): Key, parcel: Parcel) -> Answer {
    ok(&agencies::take_answers(&doors.desk, &by.0, taken(key, code, parcel)).await?)
}

async fn closures(State(doors): State<Shared>, by: By, At(code): At, Key(key): Key, parcel: Parcel) -> Answer {
    ok(&agencies::take_closures(&doors.desk, &by.0, taken(key, code, parcel)).await?)
}

async fn arrangements(State(doors): State<Shared>, by: By, At(code): At, Key(key): Key, parcel: Parcel) -> Answer {
    ok(&agencies::take_arrangements(&doors.desk, &by.0, taken(key, code, parcel)).await?)
}

async fn stock(State(doors): State<Shared>, by: By, At(code): At, Key(key): Key, parcel: Parcel) -> Answer {
    ok(&agencies::reconcile_stock(&doors.desk, &by.0, taken(key, code, parcel)).await?)
}

fn brought(key: String, agency: String, asked: &Asked, parcel: Parcel) -> BringRemittance {
    BringRemittance {
        key,
        agency,
        file_name: parcel.file.0,
        bytes: parcel.file.1,
        accept_gap: asked.flag("accept_gap"),
        reason: asked.text("reason"),
    }
}

async fn check(State(doors): State<Shared>, by: By, At(code): At, asked: Asked, parcel: Parcel) -> Answer {
    let ask = brought(String::new(), code, &asked, parcel);
    ok(&agencies::check_remittance(&doors.desk, &by.0, &ask).await?)
}

async fn remittance(
    State(doors): State<Shared>,
    by: By,
    At(code): At,
    asked: Asked,
    Key(key): Key,
    parcel: Parcel,
) -> Answer {
    let ask = brought(key, code, &asked, parcel);
    let taken = agencies::bring_remittance(&doors.desk, &by.0, ask).await?;
    made(&format!("agency-remittances/{}", taken.number), &taken)
}

async fn one_remittance(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&agencies::agency_remittance(&doors.desk, &by.0, &number).await?)
}
