//! Many contracts at once, put straight into a home's tables.
use chrono::{DateTime, NaiveDate, Utc};
use sundry_domain::ids::OrgId;
use sundry_store::Db;
use sundry_store::contracts::{
    ContractLineRow, ContractPayerRow, ContractRateRow, ContractRow, add_contract_lines, add_contract_payers,
    add_contract_rates, add_contracts,
};
use sundry_store::control::organisations;
use sundry_store::customers::customer_ids;

/// Puts contracts of two charges each into the one organisation of a database: four-weekly and monthly by turns; every
/// third is paid by two where `shared`.
pub async fn fill(db: &Db, count: usize, shared: bool) {
    let mut tx = db.begin().await.expect("begins");
    let org = OrgId(organisations(&mut tx).await.expect("organisations")[0].id);
    let payers = customer_ids(&mut tx, org, "C", "D").await.expect("customers");
    let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
    let (starts_on, at) = (day("2026-05-13"), DateTime::<Utc>::UNIX_EPOCH);
    let (mut contracts, mut lines, mut rates, mut shares) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for i in 0..count as i64 {
        let id = 1_000 + i;
        contracts.push(ContractRow {
            id,
            number: format!("CON-{:06}", i + 1),
            service_user: format!("P{i:06}"),
            service: "Residential care".into(),
            debt_type: "care".into(),
            cost_centre: "A1".into(),
            cycle: ["four_weekly", "monthly"][i as usize % 2].into(),
            in_advance: false,
            starts_on,
            ends_on: None,
            end_reason: String::new(),
            charge_first_day: true,
            charge_last_day: true,
            terms_days: None,
            reference: String::new(),
            billed_to: day("2026-05-12"),
            next_on: Some(day("2026-05-31")),
            recheck_from: None,
            recheck_why: String::new(),
            recorded_at: at,
            version: 1,
        });
        for (line, unit, rate_e4) in [(1, "week", 1_823_500 + i * 100), (2, "day", 125_000)] {
            lines.push(ContractLineRow {
                contract_id: id,
                line,
                description: ["Care", "Transport"][line as usize - 1].into(),
                card_id: None,
                service_code: String::new(),
                unit: unit.into(),
                quantity_e4: 10_000,
                vat_code: "O".into(),
                income_code: "4000".into(),
                clause: String::new(),
                by_activity: false,
                agreed_e4: None,
                from_on: starts_on,
                to_on: None,
            });
            rates.push(ContractRateRow {
                contract_id: id,
                line,
                from_on: starts_on,
                to_on: None,
                rate_e4,
                why: String::new(),
                actor_name: "Test".into(),
                recorded_at: at,
            });
        }
        let two = shared && i % 3 == 0;
        for seq in 1..=(1 + i64::from(two)) {
            shares.push(ContractPayerRow {
                contract_id: id,
                seq,
                customer_id: payers[(i + seq) as usize % payers.len()].1,
                line: None,
                from_on: starts_on,
                to_on: None,
                share: "remainder".into(),
                share_e4: 0,
                is_lead: seq == 1,
                po_number: format!("PO-{i}"),
            });
        }
    }
    add_contracts(&mut tx, org, contracts).await.expect("contracts");
    add_contract_lines(&mut tx, org, lines).await.expect("charges");
    add_contract_rates(&mut tx, org, rates).await.expect("rates");
    add_contract_payers(&mut tx, org, shares).await.expect("payers");
    tx.commit().await.expect("commits");
}
