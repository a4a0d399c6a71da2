//! What stands about a customer beside their cases: insolvencies, estates, charges for late payment, fees by contract, facts
//! of debts.

use super::beside_court::{procedure, state};
use crate::web::door::invoice_at;
use crate::web::ui::{self, Html, TagColour, tag};
use sundry_desk::court::{AboutCustomer, InsolvencyOf};
use sundry_domain::law::{DebtFact, RecoveryMethod};
use sundry_domain::money::Pence;
use sundry_domain::recovery::ChargePart;
use sundry_store::billing::debt_facts::CustomerFactRow;
use sundry_store::court_estates::EstateRow;
use sundry_store::recovery::charges::CustomerChargeRow;
use sundry_store::recovery::contract_fees::ContractFeeRow;

/// The lists that are not empty. Facts are recorded on the account's own form, for those who may: its account.
pub(super) fn about_shown(about: &AboutCustomer, records: Option<&str>) -> Html {
    insolvencies(&about.insolvencies)
        .and(estates(&about.estates))
        .and(late_charges(&about.late_charges))
        .and(fees(&about.fees, records))
        .and(facts(&about.facts, records))
}

fn insolvencies(all: &[InsolvencyOf]) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    let rows = all.iter().map(|one| {
        let row = &one.insolvency;
        let proof = match row.proved_on {
            Some(day) => Html::from(Pence(row.proof_pence)).and(ui::sub_line(ui::date(day))),
            None => Html::from("–"),
        };
        let came: i64 = one.dividends.iter().map(|dividend| dividend.received_pence).sum();
        let expected: i64 = one.dividends.iter().map(|dividend| dividend.expected_pence).sum();
        let dividends = match one.dividends.is_empty() {
            true => Html::from("–"),
            false => Html::from(Pence(came)).and(ui::sub_line(format!("of {} declared", Pence(expected)))),
        };
        ui::row()
            .cell(ui::link(format!("/insolvencies/{}", row.number), &row.number))
            .cell(Html::from(procedure(&row.kind)).and(ui::sub_line(&row.office_holder)))
            .cell(state(&row.state))
            .cell(ui::date(row.on_day))
            .cell(row.ended_on.map_or_else(|| Html::from("–"), ui::date))
            .cell(proof)
            .cell(dividends)
    });
    ui::table("Insolvencies")
        .columns([
            ui::col("Insolvency").nowrap(),
            ui::col("What"),
            ui::col("State"),
            ui::col("Date"),
            ui::col("Ended"),
            ui::num("Proof"),
            ui::num("Dividends"),
        ])
        .rows(rows)
        .show_caption()
        .into()
}

fn estates(all: &[EstateRow]) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    let rows = all.iter().map(|row| {
        let claim = match row.claimed_on {
            Some(day) => Html::from(Pence(row.claim_pence)).and(ui::sub_line(ui::date(day))),
            None => Html::from("–"),
        };
        ui::row()
            .cell(ui::link(format!("/estates/{}", row.number), &row.number))
            .cell(ui::date(row.died_on))
            .cell(state(&row.state))
            .cell(Html::from(ui::or_dash(&row.representatives)).and(ui::sub_line(&row.solicitor)))
            .cell(row.notice_by.map_or_else(|| Html::from("–"), ui::date))
            .cell(claim)
    });
    ui::table("Estates")
        .columns([
            ui::col("Estate").nowrap(),
            ui::col("Died"),
            ui::col("State"),
            ui::col("Representatives"),
            ui::col("Notice to creditors until"),
            ui::num("Claimed"),
        ])
        .rows(rows)
        .show_caption()
        .into()
}

fn late_charges(all: &[CustomerChargeRow]) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    let rows = all.iter().map(|row| {
        ui::row()
            .cell(ui::link(format!("{}/charges", invoice_at(&row.invoice)), &row.number))
            .cell(ui::link(invoice_at(&row.invoice), &row.invoice))
            .cell(ChargePart::parse(&row.part).map_or("", ChargePart::name))
            .cell(ui::date(row.as_at))
            .cell(Pence(row.amount_pence))
            .cell(Pence(row.open_pence))
    });
    ui::table("Charges for late payment")
        .columns([
            ui::col("Charge"),
            ui::col("Invoice"),
            ui::col("What"),
            ui::col("To the end of"),
            ui::num("Charged"),
            ui::num("Open"),
        ])
        .rows(rows)
        .show_caption()
        .into()
}

/// Whether a term counts, and by whose yes.
fn fee_counts(row: &ContractFeeRow) -> Html {
    let counts = || Html::from(tag("Counts", TagColour::Green));
    match (row.approval.as_str(), row.confirmed_by.as_str()) {
        ("", _) => counts(),
        (asked, "") => Html::from(tag("Waits for somebody else", TagColour::Yellow)).and(ui::sub_line(asked)),
        (_, who) => counts().and(ui::sub_line(format!("Confirmed by {who}"))),
    }
}

fn fees(all: &[ContractFeeRow], records: Option<&str>) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    let rows = all.iter().map(|row| {
        let stands = match (row.withdrawn_on, records) {
            (Some(_), _) => Html::from(tag("Withdrawn", TagColour::Grey)).and(ui::sub_line(&row.withdrawn_why)),
            (None, Some(account)) => {
                let at = format!("/customers/{account}/contract-fees/{}/withdraw", row.id);
                fee_counts(row).and(ui::link(at, "Withdraw"))
            }
            (None, None) => fee_counts(row),
        };
        let debts = if row.debt_type.is_empty() { "Every contract" } else { row.debt_type.as_str() };
        let from = ui::date(row.from_on);
        let days = match row.to_on {
            Some(last) => from.and("to").and(ui::date(last)),
            None => from,
        };
        let term = match row.found_fair_by.as_str() {
            "" => Html::from(&row.term),
            who => Html::from(&row.term).and(ui::sub_line(format!("Found fair to a consumer by {who}"))),
        };
        ui::row()
            .cell(term)
            .cell(debts)
            .cell(days)
            .cell(Pence(row.fee_pence))
            .cell(Html::from(&row.evidence).and(ui::sub_line(&row.recorded_by)))
            .cell(stands)
    });
    ui::table("Fees for paying late, by contract")
        .columns([
            ui::col("Contract and clause"),
            ui::col("Debts"),
            ui::col("Dated from"),
            ui::num("Fee"),
            ui::col("Document"),
            ui::col("State"),
        ])
        .rows(rows)
        .show_caption()
        .into()
}

fn facts(all: &[CustomerFactRow], records: Option<&str>) -> Html {
    if all.is_empty() {
        return Html::default();
    }
    let rows = all.iter().map(|row| {
        let name = DebtFact::parse(&row.fact).map_or(row.fact.as_str(), |fact| fact.name());
        let way = RecoveryMethod::parse(&row.method).map_or("", |way| way.name());
        let stands = match row.withdrawn_on {
            Some(_) => Html::from(tag("Withdrawn", TagColour::Grey)).and(ui::sub_line(&row.withdrawn_why)),
            None => Html::from(tag("Counts", TagColour::Green)),
        };
        ui::row()
            .cell(ui::link(invoice_at(&row.debt), &row.debt))
            .cell(Html::from(name).and(ui::sub_line(way)))
            .cell(ui::date(row.happened_on))
            .cell(Html::from(&row.evidence).and(ui::sub_line(&row.recorded_by)))
            .cell(stands)
    });
    let table = ui::table("Facts of debts")
        .columns([ui::col("Debt"), ui::col("Fact"), ui::col("On"), ui::col("Document"), ui::col("State")])
        .rows(rows)
        .show_caption();
    let more = records.map_or_else(Html::default, |account| {
        let at = format!("/customers/{account}/debt-facts");
        Html::from(ui::para(ui::link(at.clone(), "Record another fact")))
            .and(ui::para(ui::link(format!("{at}/withdraw"), "Withdraw a fact that was wrong")))
    });
    Html::from(table).and(more)
}

/// One of each.
#[cfg(test)]
pub(super) fn sample() -> AboutCustomer {
    use super::sampled::on;
    let insolvency = sundry_store::court_estates::InsolvencyRow {
        id: 1,
        number: "INS-000001".into(),
        customer_id: 1,
        kind: "bankruptcy".into(),
        on_day: on(2026, 4, 20),
        office_holder: "Hale and Marsh".into(),
        reference: "BKT 77".into(),
        evidence: "The Gazette".into(),
        state: "proved".into(),
        owed_pence: 120_000,
        interest_pence: 0,
        set_off_pence: 20_000,
        proof_pence: 100_000,
        without_form: false,
        debts: serde_json::Value::Null,
        proved_on: Some(on(2026, 5, 2)),
        admitted_pence: None,
        final_dividend: false,
        ended_on: None,
        flag_id: None,
        recorded_by: "Priya Nair".into(),
        recorded_at: chrono::DateTime::UNIX_EPOCH,
        version: 1,
    };
    let dividend = sundry_store::court_estates::DividendRow {
        insolvency_id: 1,
        seq: 1,
        declared_on: on(2026, 8, 28),
        pence_in_100: 1_250,
        expected_pence: 12_500,
        receipt: String::new(),
        received_pence: 0,
        last: true,
        recorded_at: chrono::DateTime::UNIX_EPOCH,
    };
    let charge = CustomerChargeRow {
        invoice: "INV-7104300".into(),
        number: "INV-7104300/L1".into(),
        part: "interest".into(),
        amount_pence: 4_088,
        as_at: on(2026, 11, 1),
        open_pence: 4_088,
    };
    let fact = CustomerFactRow {
        id: 1,
        debt: "INV-7104301".into(),
        fact: "benefit_notice".into(),
        happened_on: on(2026, 5, 4),
        method: String::new(),
        evidence: "Decision notice HB-2026-771".into(),
        recorded_by: "Priya Nair".into(),
        withdrawn_on: None,
        withdrawn_why: String::new(),
    };
    let fee = ContractFeeRow {
        id: 1,
        customer_id: 1,
        debt_type: "Hall hire".into(),
        fee_pence: 1_500,
        term: "Hire agreement 2026, clause 7.2".into(),
        from_on: on(2026, 4, 1),
        to_on: Some(on(2027, 3, 31)),
        found_fair_by: "J Hale, solicitor".into(),
        evidence: "Signed agreement of 20 March 2026".into(),
        recorded_by: "Priya Nair".into(),
        recorded_on: on(2026, 4, 2),
        approval: "APP-000031".into(),
        confirmed_on: Some(on(2026, 4, 3)),
        confirmed_by: "Helen Marsh".into(),
        withdrawn_on: None,
        withdrawn_by: String::new(),
        withdrawn_why: String::new(),
    };
    let asked = ContractFeeRow {
        id: 2,
        debt_type: "Trade waste".into(),
        approval: "APP-000034".into(),
        confirmed_on: None,
        confirmed_by: String::new(),
        ..fee.clone()
    };
    AboutCustomer {
        insolvencies: vec![InsolvencyOf { insolvency, dividends: vec![dividend] }],
        estates: Vec::new(),
        late_charges: vec![charge],
        fees: vec![fee, asked],
        facts: vec![fact],
    }
}
