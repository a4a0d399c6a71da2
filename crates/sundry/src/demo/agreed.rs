//! Contracts with funders, and a billing run that waits for its release.
use super::office::Office;
use chrono::NaiveDate;
use sundry_desk::Outcome;
use sundry_desk::approvals::{DecideApproval, approval, decide_approval};
use sundry_desk::billing::activity::{NewActivity, TakeInActivity, take_in_activity};
use sundry_desk::billing::contracts::{
    AddContract, LoadRateCard, NewCharge, NewPayer, NewRate, PrepareBillingRun, add_contract, load_rate_card,
    prepare_billing_run,
};
use sundry_desk::billing::uplifts::{ApplyUplift, ProposeUplift, UpliftAsk, apply_uplift, propose_uplift};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Role;

/// Opens contracts for the first customers and prepares the run that bills them.
pub async fn agree(office: &mut Office) -> Outcome<()> {
    let today = office.desk.today();
    let mut numbers: Vec<String> = office.customers.keys().cloned().collect();
    numbers.sort();
    let [first, second, third, fourth, ..] = numbers.as_slice() else { return Ok(()) };
    let starts_on = add_days(today, -75);
    let rate = |service_code: &str, description: &str, unit: &str, rate: &str| NewRate {
        service_code: service_code.into(),
        description: description.into(),
        unit: unit.into(),
        rate: rate.into(),
        vat_code: "O".into(),
        from_on: Some(add_days(today, -300)),
        ..NewRate::default()
    };
    let card = LoadRateCard {
        key: office.key(),
        code: "CARE-26".into(),
        name: "Care 2026/27".into(),
        reason: "Cabinet of 3 March 2026".into(),
        rates: vec![
            rate("RES", "Residential care", "week", "905.00"),
            rate("DAY", "Day care", "day", "41.50"),
            rate("HOME", "Home care", "hour", "24.36"),
        ],
        file_name: String::new(),
        file: None,
    };
    load_rate_card(&office.desk, office.role(Role::BillingOfficer), card).await?;
    let of_card = |service: &str, quantity: &str| NewCharge {
        card: "CARE-26".into(),
        service_code: service.into(),
        quantity: quantity.into(),
        clause: "Schedule 2".into(),
        ..NewCharge::default()
    };
    let own = |description: &str, rate: &str, unit: &str| NewCharge {
        description: description.into(),
        rate: rate.into(),
        unit: unit.into(),
        vat_code: "O".into(),
        ..NewCharge::default()
    };
    let payer = |customer: &String, share: &str, order: &str| NewPayer {
        customer: customer.clone(),
        share: share.into(),
        po_number: order.into(),
        ..NewPayer::default()
    };
    let shared = vec![payer(first, "60%", "PO-77120"), payer(second, "rest", "")];
    let all = [
        (
            "P104482",
            "Residential care",
            "four_weekly",
            vec![of_card("RES", "1"), own("Transport", "12.50", "day")],
            shared,
        ),
        ("P104517", "Home care", "four_weekly", vec![of_card("HOME", "10.5")], vec![payer(third, "rest", "")]),
        ("P104533", "Day care", "monthly", vec![of_card("DAY", "1")], vec![payer(second, "rest", "PO-8841")]),
        (
            "",
            "Wayleave",
            "quarterly",
            vec![own("Wayleave, Mill Lane", "840.00", "year")],
            vec![payer(fourth, "rest", "")],
        ),
    ];
    for (service_user, service, cycle, lines, payers) in all {
        let ask = AddContract {
            key: office.key(),
            service_user: service_user.into(),
            service: service.into(),
            debt_type: String::new(),
            cost_centre: String::new(),
            cycle: cycle.into(),
            in_advance: false,
            starts_on,
            ends_on: None,
            skip_first_day: false,
            skip_last_day: true,
            terms_days: None,
            reference: format!("Agreement {service}"),
            lines,
            payers,
        };
        add_contract(&office.desk, office.role(Role::BillingOfficer), ask).await?;
    }
    deliver(office, third, starts_on).await?;
    raise_rates(office, add_days(today, 150)).await?;
    let (service, cycle) = (String::new(), String::new());
    let ask = PrepareBillingRun { key: office.key(), up_to: today, service, cycle };
    prepare_billing_run(&office.desk, office.role(Role::BillingOfficer), ask).await?;
    Ok(())
}

/// Contracts' own rates go up on a day to come, as someone else agreed.
async fn raise_rates(office: &mut Office, from_on: NaiveDate) -> Outcome<()> {
    let uplift = UpliftAsk { from_on, by: "3%".into(), card: "own".into(), ..UpliftAsk::default() };
    let ask = ProposeUplift { key: office.key(), uplift, reason: "Budget of the coming year".into(), seen_pence: None };
    let asked = propose_uplift(&office.desk, office.role(Role::BillingOfficer), ask).await?;
    let leader = office.role(Role::TeamLeader).clone();
    let content_hash = approval(&office.desk, &leader, &asked.approval).await?.content_hash;
    let (key, number, reason) = (office.key(), asked.approval, String::new());
    decide_approval(&office.desk, &leader, DecideApproval { key, number, approve: true, reason, content_hash }).await?;
    let ask = ApplyUplift { key: office.key(), number: asked.number };
    apply_uplift(&office.desk, &leader, ask, &|_, _| {}).await?;
    Ok(())
}

/// A contract charged by what is delivered, and a provider's return of which some lines do not fit it.
async fn deliver(office: &mut Office, payer: &str, starts_on: NaiveDate) -> Outcome<()> {
    let visits = NewCharge {
        card: "CARE-26".into(),
        service_code: "HOME".into(),
        clause: "Schedule 3".into(),
        by_activity: true,
        agreed: "14".into(),
        ..NewCharge::default()
    };
    let ask = AddContract {
        key: office.key(),
        service_user: "P104602".into(),
        service: "Home care".into(),
        debt_type: String::new(),
        cost_centre: String::new(),
        cycle: "four_weekly".into(),
        in_advance: false,
        starts_on,
        ends_on: None,
        skip_first_day: false,
        skip_last_day: true,
        terms_days: None,
        reference: "Agreement home care as delivered".into(),
        lines: vec![visits],
        payers: vec![NewPayer { customer: payer.into(), share: "rest".into(), ..NewPayer::default() }],
    };
    add_contract(&office.desk, office.role(Role::BillingOfficer), ask).await?;
    let visit = |n: i64, service_user: &str, quantity: &str, rate: &str| NewActivity {
        reference: format!("V-{}", 20_410 + n),
        service: "Home care".into(),
        service_user: service_user.into(),
        unit: "hour".into(),
        from_on: Some(add_days(starts_on, 2 * n)),
        quantity: quantity.into(),
        rate: rate.into(),
        ..NewActivity::default()
    };
    let mut rows: Vec<NewActivity> =
        (0..30).map(|n| visit(n, "P104602", ["0.75", "1.5", "2"][n as usize % 3], "")).collect();
    rows.push(visit(31, "P104602", "1.25", "26.00"));
    rows.push(visit(32, "P104602", "30", "25.00"));
    rows.push(visit(33, "P104999", "0.75", ""));
    rows.push(NewActivity { service: "Night sitting".into(), ..visit(34, "P104602", "8", "") });
    let (key, source) = (office.key(), "CareRota".to_owned());
    let (reason, file_name) = (String::new(), String::new());
    let ask = TakeInActivity { key, source, reason, rows, file_name, file: None };
    take_in_activity(&office.desk, office.role(Role::BillingOfficer), ask).await?;
    Ok(())
}
