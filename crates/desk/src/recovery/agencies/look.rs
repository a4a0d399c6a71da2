//! Looking at agencies, placements, files and statements.
use super::place::agreed;
use super::{find, find_placement};
use crate::{Actor, Desk, No, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_domain::recovery::agency_refusals::NOT_PLACED;
use sundry_store::agency::{
    self as store, AgencyFileRow, AgencyRow, NoticeRow, PlacementItemRow, PlacementLine, PlacementRow,
    RemittanceLineRow, RemittanceRow,
};
use sundry_store::customers;

/// Most rows of a list on a page.
const MOST: i64 = 200;

/// Who keeps the terms sees them; customers' names only who sees accounts.
fn may_look(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::ManageSettings) { Ok(()) } else { Ok(by.must_hold(Duty::View)?) }
}

/// An agency in the list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AgencyLine {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Commission on a first placement, in hundredths of a per cent.
    pub first_bp: i64,
    /// net or invoiced.
    pub settlement: String,
    /// Whether its agreement is in force today.
    pub agreed: bool,
    /// Whether debts may be placed.
    pub active: bool,
    /// Placements that are not over.
    pub open_count: i64,
    /// What was placed of them.
    pub open_pence: i64,
}

/// Every agency.
///
/// # Errors
/// Duty.
pub async fn agencies_list(desk: &Desk, by: &Actor) -> Outcome<Vec<AgencyLine>> {
    may_look(by)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let open = store::open_placements(&mut look, by.org).await?;
    let rows = store::agencies(&mut look, by.org).await?.into_iter().map(|row| {
        let mine: Vec<&PlacementRow> = open.iter().filter(|one| one.agency_id == row.id).collect();
        AgencyLine {
            agreed: agreed(&row, today),
            open_count: mine.len() as i64,
            open_pence: mine.iter().map(|one| one.told_pence).sum(),
            code: row.code,
            name: row.name,
            first_bp: row.first_bp,
            settlement: row.settlement,
            active: row.active,
        }
    });
    Ok(rows.collect())
}

/// An agency with its newest placements, files and statements.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AgencyShown {
    /// Its terms.
    pub agency: AgencyRow,
    /// Whether its agreement is in force today.
    pub agreed: bool,
    /// Newest placements.
    pub placements: Vec<PlacementLine>,
    /// Newest files.
    pub files: Vec<AgencyFileRow>,
    /// Newest statements.
    pub remittances: Vec<RemittanceRow>,
}

/// One agency.
///
/// # Errors
/// Duty; absent.
pub async fn agency(desk: &Desk, by: &Actor, code: &str) -> Outcome<AgencyShown> {
    may_look(by)?;
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, code).await?;
    if !by.holds(Duty::View) {
        let (placements, files, remittances) = Default::default();
        return Ok(AgencyShown { agreed: agreed(&row, desk.today()), agency: row, placements, files, remittances });
    }
    let placements = store::placements(&mut look, by.org, (&row.code, ""), i64::MAX, MOST).await?;
    let files = store::files_of(&mut look, by.org, row.id, 60).await?;
    let remittances = store::remittances_of(&mut look, by.org, row.id, 60).await?;
    Ok(AgencyShown { agreed: agreed(&row, desk.today()), agency: row, placements, files, remittances })
}

/// Placements of an agency (empty for all) in a state (empty for all) before a place, newest first.
///
/// # Errors
/// Duty.
pub async fn placements_list(
    desk: &Desk,
    by: &Actor,
    (agency, state): (&str, &str),
    before: Option<i64>,
    limit: i64,
) -> Outcome<Vec<PlacementLine>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let limit = limit.clamp(1, MOST);
    Ok(store::placements(&mut look, by.org, (agency, state), before.unwrap_or(i64::MAX), limit).await?)
}

/// A placement with everything that was told and paid.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlacementShown {
    /// The placement.
    pub placement: PlacementRow,
    /// The agency's code.
    pub agency: String,
    /// Its name.
    pub agency_name: String,
    /// Customer number.
    pub customer: String,
    /// Their name.
    pub customer_name: String,
    /// The debts.
    pub items: Vec<PlacementItemRow>,
    /// What the agency was told, oldest first.
    pub notices: Vec<NoticeRow>,
    /// What its statements say of it.
    pub lines: Vec<RemittanceLineRow>,
}

/// One placement.
///
/// # Errors
/// Duty; absent.
pub async fn placement(desk: &Desk, by: &Actor, number: &str) -> Outcome<PlacementShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = find_placement(&mut look, by.org, number).await?;
    let agencies = store::agencies(&mut look, by.org).await?;
    let agency = agencies.into_iter().find(|one| one.id == row.agency_id).ok_or_else(|| No::Absent("agency".into()))?;
    let customer = customers::customer(&mut look, by.org, CustomerId(row.customer_id)).await?;
    let customer = customer.ok_or_else(|| No::Absent("customer".into()))?;
    Ok(PlacementShown {
        items: store::items_of(&mut look, by.org, row.id).await?,
        notices: store::notices_of(&mut look, by.org, row.id).await?,
        lines: store::lines_of_placement(&mut look, by.org, row.id).await?,
        agency: agency.code,
        agency_name: agency.name,
        customer: customer.number,
        customer_name: customer.name,
        placement: row,
    })
}

/// Refuses what is asked of a placement that is over.
pub(super) fn must_be_open(row: &PlacementRow) -> Outcome<()> {
    if matches!(row.state.as_str(), "sent" | "with_agency") {
        return Ok(());
    }
    Err(NOT_PLACED.because(format!("{} is {}", row.number, row.state.replace('_', " "))).into())
}

/// A file to or from an agency, or the control file beside it: name and bytes.
///
/// # Errors
/// Duty; absent.
pub async fn agency_file(desk: &Desk, by: &Actor, number: &str, control: bool) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::WorkCases).or_else(|_| by.must_hold(Duty::ReferToCourt))?;
    let mut look = desk.look().await?;
    let absent = || No::Absent(format!("agency file {number}"));
    let row = store::file(&mut look, by.org, number).await?.ok_or_else(absent)?;
    let (name, sha256) = match control {
        true if row.control_sha256.is_empty() => return Err(absent()),
        true => (row.control_name, row.control_sha256),
        false => (row.name, row.file_sha256),
    };
    Ok((name, desk.files().get(by.org.0, &sha256)?))
}

/// A statement with its rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RemittanceShown {
    /// The statement.
    pub remittance: RemittanceRow,
    /// Its rows.
    pub lines: Vec<RemittanceLineRow>,
}

/// A statement that was posted.
///
/// # Errors
/// Duty; absent.
pub async fn agency_remittance(desk: &Desk, by: &Actor, number: &str) -> Outcome<RemittanceShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let absent = || No::Absent(format!("agency statement {number}"));
    let row = store::remittance(&mut look, by.org, number).await?.ok_or_else(absent)?;
    let lines = store::lines_of(&mut look, by.org, row.id).await?;
    Ok(RemittanceShown { remittance: row, lines })
}
