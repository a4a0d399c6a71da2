//! A file judged whole: its totals, then every row, then rows with each other, with our customers and with the past.
use super::plan::{Facts, FeederTotals, plan};
use super::setup::columns_of;
use crate::Outcome;
use crate::core::command::Command;
use std::collections::{BTreeMap, HashMap};
use sundry_domain::billing::VatCode;
use sundry_domain::billing::feeders::refusals::UNREADABLE;
use sundry_domain::billing::feeders::{
    Before, Charge, Coding, Defaults, Fault, Field, Given, Known, Totals, against_before, one_document, read_charge,
    twice_in_file,
};
use sundry_domain::control::mask_card_numbers;
use sundry_domain::customers::normalise_reference;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_formats::intake::{Mapped, read_mapped};
use sundry_store::Tx;
use sundry_store::feeders::FeederRow;
use sundry_store::feeders::rows::{self as store, ChargeRow, FaultRow};
use sundry_store::ledger::gl_codes;

/// What a file holds before anything is looked up.
pub(super) struct Read {
    pub(super) given: Vec<Given>,
    pub(super) crooked: BTreeMap<u64, String>,
    pub(super) found: Totals,
    pub(super) unread: i64,
    pub(super) trailer: Option<Vec<String>>,
    width: usize,
}

/// Reads a file by a feeder's headings.
///
/// # Errors
/// `BIL-08-UNREADABLE` when the file as a whole cannot be read.
pub(super) fn read(feeder: &FeederRow, bytes: &[u8]) -> Outcome<Read> {
    let headings = columns_of(feeder);
    let columns: Vec<(&str, bool)> = Field::ALL
        .iter()
        .map(|field| (headings.get(field.as_str()).map_or("", String::as_str), field.is_needed()))
        .collect();
    let Mapped { rows, crooked, trailer, problems } = read_mapped(bytes, &columns, &feeder.trailer);
    if let Some(problem) = problems.first() {
        let place = if problem.field.is_empty() { String::new() } else { format!("“{}”: ", problem.field) };
        return Err(UNREADABLE.because(format!("{place}{}", problem.message)).into());
    }
    let crooked: BTreeMap<u64, String> = crooked.into_iter().map(|(row, says)| (row as u64, says)).collect();
    let width = headings.len();
    let given: Vec<Given> = rows.into_iter().map(|row| Given { row: row.row as u64, cells: row.cells }).collect();
    let (mut sum, mut unread) = (0i64, 0);
    for row in &given {
        match Pence::parse(row.of(Field::Amount)).filter(|_| !crooked.contains_key(&row.row)) {
            Some(amount) => sum = sum.saturating_add(amount.0),
            None => unread += 1,
        }
    }
    let found = Totals { rows: given.len() as i64, pence: sum };
    Ok(Read { given, crooked, found, unread, trailer, width })
}

/// A file judged: its rows as they are kept, and what they come to.
pub(super) struct Judged {
    pub(super) rows: Vec<ChargeRow>,
    pub(super) faults: Vec<FaultRow>,
    pub(super) good: i64,
    pub(super) before: i64,
    pub(super) rejected: i64,
    pub(super) totals: FeederTotals,
}

/// Faults by row, in file order.
type Faults = BTreeMap<u64, Vec<Fault>>;

/// Judges what was read.
pub(super) async fn judge(cmd: &mut Command, feeder: &FeederRow, file: i64, read: &Read) -> Outcome<Judged> {
    let org = cmd.by.org;
    let desk = cmd.desk.clone();
    let facts = Facts::load(&mut cmd.tx, &desk, org).await?;
    let (mut charges, mut faults) = each_row(&mut cmd.tx, org, &facts, feeder, read).await?;
    take_out(&mut charges, &mut faults, twice_in_file);
    let before = drop_known(&mut cmd.tx, org, feeder, &mut charges, &mut faults).await?;
    let customers = customers(&mut cmd.tx, org, feeder, &mut charges, &mut faults).await?;
    take_out(&mut charges, &mut faults, one_document);
    let mut good: Vec<ChargeRow> = Vec::with_capacity(charges.len());
    let mut places: HashMap<(i64, String), i64> = HashMap::new();
    for charge in &charges {
        let customer = customers.get(&charge.customer).copied().unwrap_or_default();
        let next = places.len() as i64 + 1;
        let place = *places.entry((customer, charge.document.clone())).or_insert(next);
        good.push(kept(cmd, feeder, file, charge, (customer, place)));
    }
    let planned = plan(&mut cmd.tx, org, &facts, feeder, &good).await?;
    let mut totals = FeederTotals::default();
    for one in planned {
        match one.ready {
            Ok(ready) => totals.add(&ready),
            Err((field, why)) => {
                for row in good.iter().filter(|row| row.place == one.place) {
                    let given = charges.iter().find(|charge| charge.row == row.row_number as u64);
                    let given = given.map_or("", |charge| of(charge, field));
                    faults.entry(row.row_number as u64).or_default().push(Fault::of(
                        row.row_number as u64,
                        field,
                        "invoice",
                        given,
                        why.clone(),
                    ));
                }
                good.retain(|row| row.place != one.place);
            }
        }
    }
    Ok(together(cmd, feeder, file, read, (good, faults, before, totals)))
}

fn of(charge: &Charge, field: Field) -> &str {
    match field {
        Field::Order => &charge.order,
        Field::Customer => &charge.customer,
        Field::VatCode => charge.vat_code.as_str(),
        _ => "",
    }
}

fn together(
    cmd: &Command,
    feeder: &FeederRow,
    file: i64,
    read: &Read,
    (good, faults, before, totals): (Vec<ChargeRow>, Faults, i64, FeederTotals),
) -> Judged {
    let count = good.len() as i64;
    let mut rows = renumbered(good);
    let given: HashMap<u64, &Given> = read.given.iter().map(|row| (row.row, row)).collect();
    for row in faults.keys() {
        let Some(given) = given.get(row) else { continue };
        rows.push(rejected(cmd, feeder, file, given));
    }
    let rejected = faults.len() as i64;
    let numbered = faults.into_values().flat_map(|all| (1..).zip(all));
    let faults = numbered.map(|(seq, fault)| FaultRow {
        file_id: file,
        row_number: fault.row as i64,
        seq,
        field: fault.field,
        code: fault.code,
        given: fault.given,
        right_words: fault.right,
    });
    Judged { faults: faults.collect(), rows, good: count, before, rejected, totals }
}

/// Places from 1 without gaps, in file order.
fn renumbered(mut good: Vec<ChargeRow>) -> Vec<ChargeRow> {
    let mut places: HashMap<i64, i64> = HashMap::new();
    for row in &mut good {
        let next = places.len() as i64 + 1;
        row.place = *places.entry(row.place).or_insert(next);
    }
    good
}

async fn each_row(
    tx: &mut Tx,
    org: OrgId,
    facts: &Facts,
    feeder: &FeederRow,
    read: &Read,
) -> Outcome<(Vec<Charge>, Faults)> {
    let income: Vec<String> =
        gl_codes(tx, org).await?.into_iter().filter(|code| code.role == "INC").map(|code| code.code).collect();
    let defaults = Defaults {
        vat_code: VatCode::parse(&feeder.vat_code).unwrap_or(VatCode::O),
        income_code: feeder.income_code.clone(),
        cost_centre: feeder.cost_centre.clone(),
        service: feeder.service.clone(),
    };
    let coding = Coding { income: &income, registered: !facts.vat_number.trim().is_empty(), today: facts.today };
    let (mut charges, mut faults) = (Vec::with_capacity(read.given.len()), Faults::new());
    for given in &read.given {
        if let Some(says) = read.crooked.get(&given.row) {
            let right = format!("as many columns as the headings, at least {}", read.width);
            let fault =
                Fault { row: given.row, field: String::new(), code: "columns".into(), given: says.clone(), right };
            faults.insert(given.row, vec![fault]);
            continue;
        }
        match read_charge(given, &defaults, &coding) {
            Ok(charge) => charges.push(charge),
            Err(wrong) => {
                faults.insert(given.row, wrong);
            }
        }
    }
    Ok((charges, faults))
}

/// Takes rows out of the good ones that a rule finds a fault with.
fn take_out(charges: &mut Vec<Charge>, faults: &mut Faults, rule: impl Fn(&[Charge]) -> Vec<Fault>) {
    let found = rule(charges);
    for fault in found {
        faults.entry(fault.row).or_default().push(fault);
    }
    charges.retain(|charge| !faults.contains_key(&charge.row));
}

/// Drops what was sent before and is the same, and finds fault with what is not.
async fn drop_known(
    tx: &mut Tx,
    org: OrgId,
    feeder: &FeederRow,
    charges: &mut Vec<Charge>,
    faults: &mut Faults,
) -> Outcome<i64> {
    let references: Vec<&str> = charges.iter().map(|charge| charge.reference.as_str()).collect();
    let sent = store::sent_before(tx, org, feeder.id, &references).await?;
    let sent: HashMap<String, Before> = sent
        .into_iter()
        .map(|one| {
            let before = Before {
                reference: one.reference.clone(),
                customer: one.customer,
                description: one.description,
                amount: Pence(one.amount_pence),
                file: one.file,
                invoice: one.invoice,
            };
            (one.reference, before)
        })
        .collect();
    let mut same = 0;
    charges.retain(|charge| match sent.get(&charge.reference).map(|before| against_before(charge, before)) {
        None => true,
        Some(Known::Same) => {
            same += 1;
            false
        }
        Some(Known::Differs(fault)) => {
            faults.entry(charge.row).or_default().push(fault);
            false
        }
    });
    Ok(same)
}

/// Our customers, as the sender knows them; rows of others go to the faults.
async fn customers(
    tx: &mut Tx,
    org: OrgId,
    feeder: &FeederRow,
    charges: &mut Vec<Charge>,
    faults: &mut Faults,
) -> Outcome<HashMap<String, i64>> {
    let by_number = feeder.customer_by == "number";
    let key = |text: &str| if by_number { text.to_owned() } else { normalise_reference(text) };
    let mut wanted: Vec<String> = charges.iter().map(|charge| key(&charge.customer)).collect();
    wanted.sort();
    wanted.dedup();
    let found = if by_number {
        let numbers: Vec<&str> = wanted.iter().map(String::as_str).collect();
        store::charged_by_number(tx, org, &numbers).await?
    } else {
        store::charged_by_reference(tx, org, &feeder.customer_by, &wanted).await?
    };
    let mut ids: HashMap<String, Vec<(i64, String)>> = HashMap::new();
    for one in found {
        ids.entry(one.known_as).or_default().push((one.id, one.number));
    }
    let mut known = HashMap::new();
    charges.retain(|charge| {
        let right = match ids.get(&key(&charge.customer)).map(Vec::as_slice) {
            Some([(id, _)]) => {
                known.insert(charge.customer.clone(), *id);
                return true;
            }
            Some(several) => {
                let numbers: Vec<&str> = several.iter().take(3).map(|(_, number)| number.as_str()).collect();
                format!("a reference of one customer: this is of {}", numbers.join(" and "))
            }
            None if by_number => "the number of a customer we have".to_owned(),
            None => format!("a {} of a customer we have", feeder.customer_by.replace('_', " ")),
        };
        let fault = Fault::of(charge.row, Field::Customer, "customer", &charge.customer, right);
        faults.entry(charge.row).or_default().push(fault);
        false
    });
    Ok(known)
}

fn kept(cmd: &Command, feeder: &FeederRow, file: i64, charge: &Charge, (customer, place): (i64, i64)) -> ChargeRow {
    ChargeRow {
        file_id: file,
        row_number: charge.row as i64,
        feeder_id: feeder.id,
        reference: charge.reference.clone(),
        state: "good".into(),
        place,
        customer_id: customer,
        customer: charge.customer.clone(),
        document: charge.document.clone(),
        description: charge.description.clone(),
        amount_pence: charge.amount.0,
        vat_code: charge.vat_code.as_str().into(),
        income_code: charge.income_code.clone(),
        cost_centre: charge.cost_centre.clone(),
        service: charge.service.clone(),
        supplied_on: charge.supplied_on,
        po_number: charge.order.clone(),
        service_user: charge.service_user.clone(),
        document_id: None,
        document_line: None,
        settled_words: String::new(),
        recorded_on: cmd.today,
        recorded_at: cmd.at,
    }
}

fn rejected(cmd: &Command, feeder: &FeederRow, file: i64, given: &Given) -> ChargeRow {
    let text = |field: Field| mask_card_numbers(&given.of(field).chars().take(200).collect::<String>());
    ChargeRow {
        file_id: file,
        row_number: given.row as i64,
        feeder_id: feeder.id,
        reference: text(Field::Reference),
        state: "rejected".into(),
        place: 0,
        customer_id: 0,
        customer: text(Field::Customer),
        document: text(Field::Document),
        description: text(Field::Description),
        amount_pence: Pence::parse(given.of(Field::Amount)).unwrap_or(Pence::ZERO).0,
        vat_code: text(Field::VatCode),
        income_code: text(Field::IncomeCode),
        cost_centre: text(Field::CostCentre),
        service: text(Field::Service),
        supplied_on: None,
        po_number: text(Field::Order),
        service_user: String::new(),
        document_id: None,
        document_line: None,
        settled_words: String::new(),
        recorded_on: cmd.today,
        recorded_at: cmd.at,
    }
}
