//! Placing debts: a preview that says who may go and who not, and the batch with its control file (LEG-01, REC-07).
use super::answers::not_understood;
use super::weigh::{WeighedDebts, WeighedItem, weigh};
use super::{find, profile};
use crate::core::command::Command;
use crate::customers::{find as find_customer, keep_file};
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::control::Duty;
use sundry_domain::customers::{CustomerKind, FlagKind};
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::law::{AgencyFacts, SpecialDebt};
use sundry_domain::money::Pence;
use sundry_domain::recovery::agency_refusals::{NOTHING_TO_PLACE, ROW_LACKS};
use sundry_domain::recovery::placement::{PlaceFacts, may_place};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_formats::agency::{FileOut, PlacementRow as RowOut, control_file, write_placement};
use sundry_store::agency::{self as store, AgencyFileRow, AgencyRow, PlacementItemRow, PlacementRow};
use sundry_store::customers::CustomerRow;
use sundry_store::delivery::{LetterRow, letters_of_item};
use sundry_store::{Tx, control, customers};

/// Most customers in one batch.
const MOST: usize = 2_000;

/// A customer who may be placed, or why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementCandidate {
    /// Customer number.
    pub customer: String,
    /// Name.
    pub name: String,
    /// The debts.
    pub items: Vec<String>,
    /// Their sum.
    pub balance_pence: i64,
    /// Which placement of this customer it would be.
    pub round: i64,
    /// Commission for it, in hundredths of a per cent.
    pub rate_bp: i64,
    /// Why not; none when it may go.
    pub refusal: Option<Refusal>,
}

/// A batch before it goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementPreview {
    /// The agency.
    pub agency: String,
    /// Who may go, the largest first; then who may not.
    pub candidates: Vec<PlacementCandidate>,
    /// How many may go.
    pub count: i64,
    /// Their sum.
    pub total_pence: i64,
}

struct Candidate {
    shown: PlacementCandidate,
    customer: CustomerRow,
    debts: WeighedDebts,
    paid: i64,
}

/// Who would be placed; the customers named, or all whose letter of claim has gone. Changes nothing.
///
/// # Errors
/// Duty; absent.
pub async fn preview_placement(desk: &Desk, by: &Actor, agency: &str, numbers: &[String]) -> Outcome<PlacementPreview> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, agency).await?;
    let all = candidates(&mut look, desk, by.org, &row, numbers).await?;
    let mut shown: Vec<PlacementCandidate> = all.into_iter().map(|one| one.shown).collect();
    shown.sort_by_key(|one| (one.refusal.is_some(), -one.balance_pence, one.customer.clone()));
    let may: Vec<&PlacementCandidate> = shown.iter().filter(|one| one.refusal.is_none()).collect();
    let (count, total_pence) = (may.len() as i64, may.iter().map(|one| one.balance_pence).sum());
    Ok(PlacementPreview { agency: row.code, candidates: shown, count, total_pence })
}

async fn candidates(
    tx: &mut Tx,
    desk: &Desk,
    org: OrgId,
    agency: &AgencyRow,
    numbers: &[String],
) -> Outcome<Vec<Candidate>> {
    let mut rows = Vec::new();
    if numbers.is_empty() {
        for ready in store::ready(tx, org, MOST as i64).await? {
            let row = customers::customer(tx, org, CustomerId(ready.customer_id)).await?;
            rows.push(row.ok_or_else(|| Fault::new("a debt names a customer who is not there"))?);
        }
    } else {
        for number in numbers {
            let row = find_customer(tx, org, number).await?;
            if rows.iter().all(|known: &CustomerRow| known.id != row.id) {
                rows.push(row);
            }
        }
    }
    let chosen: HashMap<i64, Vec<i64>> = rows.iter().map(|row| (row.id, Vec::new())).collect();
    let mut weighed = weigh(tx, desk, org, &chosen).await?;
    let mut all = Vec::new();
    for customer in rows {
        let Some(mut debts) = weighed.remove(&customer.id) else { continue };
        // What the letter of claim has not reached stays with us.
        let today = desk.today();
        keep_left(tx, org, &mut debts.items).await?;
        let ripe = debts.items.iter().any(|item| item.claim_from.is_some_and(|day| day <= today));
        if ripe {
            debts.items.retain(|item| item.claim_from.is_some_and(|day| day <= today));
            debts.case.balance = debts.items.iter().fold(Pence::ZERO, |sum, item| sum.plus(item.open));
            SpecialDebt::strictest(debts.items.iter().map(|item| item.special)).told_to(&mut debts.case.debt);
        }
        let (mut placed_as, mut paid) = (None, 0);
        for item in &debts.items {
            if placed_as.is_none() {
                placed_as = store::placed_as(tx, org, ItemId(item.id)).await?;
            }
            paid += store::paid_on_items(tx, org, ItemId(item.id)).await?;
        }
        let before = store::placements_of(tx, org, CustomerId(customer.id)).await?;
        let round = before.last().map_or(1, |last| last.round + 1);
        let mut case = debts.case.clone();
        case.debt.due_on = debts.items.iter().map(|item| item.due_on).min();
        case.step.decided_by_person = true;
        case.step.agency = Some(AgencyFacts {
            agreement: agreed(agency, today),
            placed: placed_as.is_some(),
            steps_taken: ripe,
            address_held: debts.has_address,
        });
        let mut at_court = false;
        for item in &debts.items {
            at_court = at_court || store::claimed_as(tx, org, ItemId(item.id)).await?.is_some();
        }
        let facts =
            PlaceFacts { case, agency_active: agency.active, agency_least: Pence(agency.least_pence), at_court };
        let mut shown = PlacementCandidate {
            customer: customer.number.clone(),
            name: customer.name.clone(),
            items: debts.items.iter().map(|item| item.number.clone()).collect(),
            balance_pence: debts.case.balance.0,
            round,
            rate_bp: if round == 1 { agency.first_bp } else { agency.second_bp },
            refusal: may_place(&facts, today).err(),
        };
        if shown.refusal.is_none() {
            let faults = row_out(agency, &shown, &customer, &debts).faults(&profile(agency), "");
            let why: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
            shown.refusal =
                (!why.is_empty()).then(|| ROW_LACKS.because(format!("An agency needs more: {}", why.join(", "))));
        }
        all.push(Candidate { shown, customer, debts, paid });
    }
    Ok(all)
}

/// A letter of claim that waits to be printed, or is held, has reached nobody: its time has not begun (REC-03).
async fn keep_left(tx: &mut Tx, org: OrgId, items: &mut [WeighedItem]) -> Outcome<()> {
    for item in items.iter_mut().filter(|item| item.claim_from.is_some()) {
        let all = letters_of_item(tx, org, item.id).await?;
        let claim = |row: &&LetterRow| row.kind == LetterKind::LetterOfClaim.as_str() && row.state != "withdrawn";
        if all.iter().rfind(claim).is_some_and(|row| matches!(row.state.as_str(), "waiting" | "held" | "failed")) {
            item.claim_from = None;
        }
    }
    Ok(())
}

/// Places debts with an agency.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PlaceDebts {
    /// Idempotency key.
    pub key: String,
    /// The agency's code.
    pub agency: String,
    /// Customer numbers.
    pub customers: Vec<String>,
}

/// What was placed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Placed {
    /// Number of the file.
    pub file: String,
    /// Its name.
    pub name: String,
    /// Placements in it.
    pub placements: Vec<String>,
    /// Their sum.
    pub total_pence: i64,
    /// Who was left out, and why.
    pub left_out: Vec<PlacementCandidate>,
}

/// Places debts: the same decision as the preview's, taken again now. Who may not go is left out and named.
///
/// # Errors
/// Duty; absent; `REC-07-NOTHING`.
pub async fn place_debts(desk: &Desk, by: &Actor, ask: PlaceDebts) -> Outcome<Placed> {
    by.must_hold(Duty::ReferToCourt)?;
    if ask.customers.is_empty() || ask.customers.len() > MOST {
        let message = format!("Choose from 1 to {MOST} customers");
        return Err(Invalid::field("customers", message, ask.customers.len().to_string()).into());
    }
    command!(desk, by, "place_debts", &ask.key, &ask, |cmd| {
        let (org, desk) = (cmd.by.org, cmd.desk.clone());
        let agency = find(&mut cmd.tx, org, &ask.agency).await?;
        let all = candidates(&mut cmd.tx, &desk, org, &agency, &ask.customers).await?;
        let (go, stay): (Vec<Candidate>, Vec<Candidate>) = all.into_iter().partition(|one| one.shown.refusal.is_none());
        if go.is_empty() {
            let why = stay.first().and_then(|one| one.shown.refusal.as_ref());
            let why = why.map_or_else(String::new, |refusal| format!(": {}", refusal.sentence));
            return Err(NOTHING_TO_PLACE.because(format!("None of these customers may be placed{why}")).into());
        }
        let file = send(cmd, &agency, &go).await?;
        let placements: Vec<String> = go.iter().map(number_of).collect();
        let left_out = stay.into_iter().map(|one| one.shown).collect();
        let answer =
            Placed { file: file.number.clone(), name: file.name, placements, total_pence: file.total_pence, left_out };
        cmd.tell("DebtsPlaced", format!("agency file {}", answer.file), &answer);
        for one in &go {
            let told = serde_json::json!({ "agency": agency.code, "placement": number_of(one), "pence": one.shown.balance_pence });
            cmd.tell("DebtPlaced", format!("customer {}", one.customer.number), told);
        }
        Ok(answer)
    })
}

fn number_of(one: &Candidate) -> String {
    format!("{}-{}", one.customer.number, one.shown.round)
}

/// Files of a day: `20261122-placement.csv`, then `20261122-placement-2.csv`.
pub(super) async fn file_name(cmd: &mut Command, agency: &AgencyRow, kind: &str) -> Outcome<String> {
    let today = cmd.today;
    let before = store::files_of(&mut cmd.tx, cmd.by.org, agency.id, 200).await?;
    let same = before.iter().filter(|file| file.kind == kind && file.dated_on == today).count();
    let day = today.format("%Y%m%d");
    Ok(if same == 0 { format!("{day}-{kind}") } else { format!("{day}-{kind}-{}", same + 1) })
}

async fn send(cmd: &mut Command, agency: &AgencyRow, go: &[Candidate]) -> Outcome<AgencyFileRow> {
    let (org, at, today) = (cmd.by.org, cmd.at, cmd.today);
    let site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let mut out = Vec::new();
    for one in go {
        out.push(written(cmd, agency, one, &site.kind).await?);
    }
    let name = format!("{}.csv", file_name(cmd, agency, "placement").await?);
    let written = write_placement(&out, &profile(agency), today).map_err(not_understood)?;
    let written = FileOut { name, ..written };
    let file_sha256 = keep_file(cmd, &written.name, &written.bytes).await?;
    let control = control_file(&written, &file_sha256);
    let control_sha256 = keep_file(cmd, &control.name, &control.bytes).await?;
    let file = AgencyFileRow {
        id: cmd.id(),
        number: format!("AGF-{:06}", cmd.next_number("AGF").await?),
        agency_id: agency.id,
        kind: "placement".into(),
        name: written.name,
        file_sha256,
        control_name: control.name,
        control_sha256,
        rows_count: written.rows as i64,
        total_pence: written.sum,
        dated_on: today,
        actor_name: cmd.by.name.clone(),
        recorded_at: at,
    };
    store::add_file(&mut cmd.tx, org, &file).await?;
    let (mut rows, mut items) = (Vec::new(), Vec::new());
    for (one, out) in go.iter().zip(&out) {
        let id: i64 = cmd.id();
        rows.push(PlacementRow {
            id,
            number: out.account_number.clone(),
            agency_id: agency.id,
            customer_id: one.customer.id,
            file_id: file.id,
            round: one.shown.round,
            placed_on: today,
            placed_pence: out.total(),
            principal_pence: out.principal,
            interest_pence: out.interest,
            costs_pence: out.fees,
            rate_bp: one.shown.rate_bp,
            vat_bp: agency.vat_bp,
            state: "sent".into(),
            agency_ref: String::new(),
            held: false,
            held_code: String::new(),
            held_words: String::new(),
            told_pence: out.total(),
            told_paid_pence: one.paid,
            answered_on: None,
            recalled_on: None,
            recall_code: String::new(),
            recall_words: String::new(),
            confirm_by: None,
            closed_on: None,
            close_code: String::new(),
            close_words: String::new(),
            recorded_at: at,
            version: 1,
        });
        items.extend(one.debts.items.iter().map(|item| PlacementItemRow {
            placement_id: id,
            item_id: item.id,
            item_number: item.number.clone(),
            placed_pence: item.open.0,
            is_open: true,
        }));
    }
    store::add_placements(&mut cmd.tx, org, &rows).await?;
    store::add_placement_items(&mut cmd.tx, org, &items).await?;
    Ok(file)
}

/// The row of a customer with what is known of their payments.
async fn written(cmd: &mut Command, agency: &AgencyRow, one: &Candidate, site: &str) -> Outcome<RowOut> {
    let paid = customers::last_paid(&mut cmd.tx, cmd.by.org, CustomerId(one.customer.id)).await?;
    Ok(RowOut {
        last_payment_on: paid.map(|(_, day, _)| day),
        notes: if site == "nhs" { "healthcare".into() } else { "public services".into() },
        ..row_out(agency, &one.shown, &one.customer, &one.debts)
    })
}

/// The row of a customer: contact data, and nothing that says what kind of care somebody had.
fn row_out(agency: &AgencyRow, shown: &PlacementCandidate, row: &CustomerRow, debts: &WeighedDebts) -> RowOut {
    let sum = |kinds: &[&str]| {
        let of = debts.items.iter().filter(|item| kinds.contains(&item.kind.as_str()));
        of.map(|item| item.open.0).sum::<i64>()
    };
    let (interest, fees) = (sum(&["interest", "compensation"]), sum(&["costs"]));
    let person = debts.kind_is_individual && row.kind != CustomerKind::SoleTrader.as_str();
    let (first_name, last_name) = if person { names(&row.name) } else { Default::default() };
    RowOut {
        account_number: format!("{}-{}", row.number, shown.round),
        principal: shown.balance_pence - interest - fees,
        interest,
        fees,
        first_name,
        last_name,
        company: if person { String::new() } else { row.name.clone() },
        email: row.email.clone(),
        mobile: mobile(&row.phone),
        phone: if mobile(&row.phone).is_empty() { row.phone.clone() } else { String::new() },
        address1: row.address1.clone(),
        address2: row.address2.clone(),
        city: row.town.clone(),
        postcode: row.postcode.clone(),
        country: "GB".into(),
        last_invoice_on: debts.items.iter().map(|item| item.dated_on).max(),
        placement_count: u32::try_from(shown.round).unwrap_or(u32::MAX),
        vulnerable: debts.case.flags.iter().any(|flag| flag.kind == FlagKind::ExtraSupport),
        client_code: agency.client_code.clone(),
        ..RowOut::default()
    }
}

/// First names and last name, without a title.
pub(crate) fn names(name: &str) -> (String, String) {
    const TITLES: &[&str] = &["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "sir", "lady", "dame"];
    let mut parts: Vec<&str> = name.split_whitespace().collect();
    let titled = |part: &str| TITLES.contains(&part.trim_end_matches('.').to_lowercase().as_str());
    if parts.len() > 1 && titled(parts[0]) {
        parts.remove(0);
    }
    let last = parts.pop().unwrap_or_default().to_owned();
    (parts.join(" "), last)
}

/// A British mobile number as agencies write it; empty for any other.
fn mobile(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("0").or_else(|| digits.strip_prefix("44")) {
        Some(rest) if rest.starts_with('7') && rest.len() == 10 => format!("44{rest}"),
        _ => String::new(),
    }
}

/// Whether a day lies within an agreement's dates, for the page.
pub(super) fn agreed(agency: &AgencyRow, today: NaiveDate) -> bool {
    agency.agreement_from.is_some_and(|from| from <= today) && agency.agreement_to.is_none_or(|last| today <= last)
}

#[cfg(test)]
mod tests {
    use super::{mobile, names};

    #[test]
    fn names_and_telephones_as_agencies_read_them() {
        assert_eq!(names("Mrs Mary Anne Holt"), ("Mary Anne".into(), "Holt".into()));
        assert_eq!(names("Holt"), (String::new(), "Holt".into()));
        assert_eq!(mobile("07700 900123"), "447700900123");
        assert_eq!(mobile("+44 7700 900123"), "447700900123");
        assert_eq!(mobile("01670 627000"), "");
    }
}
