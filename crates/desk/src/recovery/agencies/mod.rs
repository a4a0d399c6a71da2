//! Collection agencies: terms, placement, what they are told each day, what they answer and pay over, how they compare.
mod answers;
mod arrangements;
mod compare;
mod look;
mod place;
mod remit;
mod statement;
mod tend;
mod terms;
mod weigh;

pub(crate) use answers::not_understood;
pub use answers::{
    AnswersTaken, ClosuresTaken, StockDifference, StockReconciled, TakeAgencyFile, reconcile_stock, take_answers,
    take_closures,
};
pub use arrangements::{ArrangementsTaken, take_arrangements};
pub use compare::{AgencyCompared, compare_agencies};
pub use look::{
    AgencyLine, AgencyShown, PlacementShown, RemittanceShown, agencies_list, agency, agency_file, agency_remittance,
    placement, placements_list,
};
pub(crate) use place::names;
pub use place::{PlaceDebts, Placed, PlacementCandidate, PlacementPreview, place_debts, preview_placement};
pub use remit::{BringRemittance, RemittanceQuery, RemittanceTaken, bring_remittance, check_remittance};
pub use tend::{AgenciesTended, RecallPlacement, Recalled, TendAgencies, recall_placement, tend_agencies};
pub use terms::{AgencySet, SetAgency, set_agency};
pub(crate) use weigh::{WeighedDebts, WeighedItem, weigh};

use crate::{No, Outcome};
use sundry_domain::ids::OrgId;
use sundry_formats::agency::AgencyProfile;
use sundry_store::Tx;
use sundry_store::agency::{self as store, AgencyRow, PlacementRow};

/// The agency with a code.
async fn find(tx: &mut Tx, org: OrgId, code: &str) -> Outcome<AgencyRow> {
    let row = store::agency(tx, org, code.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("agency {}", code.trim())))
}

/// How an agency's files are written and settled.
fn profile(agency: &AgencyRow) -> AgencyProfile {
    AgencyProfile {
        net_settled: agency.settlement == "net",
        may_tell_vulnerable: agency.shares_vulnerable,
        ..AgencyProfile::default()
    }
}

/// The placement with a number.
async fn find_placement(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<PlacementRow> {
    let row = store::placement(tx, org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("placement {}", number.trim())))
}
