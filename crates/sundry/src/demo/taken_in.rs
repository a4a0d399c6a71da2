//! What other systems and services send to be invoiced: a feeder with two files, requests in each state.
use super::office::Office;
use std::fmt::Write;
use sundry_desk::billing::InvoiceLine;
use sundry_desk::billing::feeders::{
    ReleaseFeederFile, SendFeederFile, SetFeeder, release_feeder_file, send_feeder_file, set_feeder,
};
use sundry_desk::billing::requests::{
    ApproveRequest, AskForInvoice, RequestForm, RequestMade, SendRequestBack, SetPersonServices, approve_request,
    ask_for_invoice, send_request_back, set_person_services,
};
use sundry_desk::control::people::users;
use sundry_desk::core::evidence::NewFile;
use sundry_desk::{Actor, Outcome};
use sundry_domain::billing::requests::OwnService;
use sundry_domain::calendar::add_days;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

/// Takes in what was sent; the newest of it waits for somebody.
pub async fn take_in(office: &mut Office) -> Outcome<()> {
    let mut numbers: Vec<String> = office.customers.keys().cloned().collect();
    numbers.sort();
    if numbers.len() < 6 {
        return Ok(());
    }
    feeder(office).await?;
    files(office, &numbers).await?;
    requests(office, &numbers).await
}

async fn feeder(office: &mut Office) -> Outcome<()> {
    let columns = [
        ("reference", "Charge no"),
        ("customer", "Account"),
        ("document", "Licence"),
        ("description", "What"),
        ("amount", "Fee"),
        ("supplied_on", "Granted"),
        ("service_user", "Case"),
    ];
    let ask = SetFeeder {
        key: office.key(),
        code: "LICENCES".into(),
        name: "Licensing system".into(),
        columns: columns.into_iter().map(|(field, heading)| (field.to_owned(), heading.to_owned())).collect(),
        service: "Licensing".into(),
        debt_type: "licence".into(),
        rejects_to: "Licensing team".into(),
        ..SetFeeder::default()
    };
    set_feeder(&office.desk, office.role(Role::Administrator), ask).await?;
    Ok(())
}

/// One file that was billed, and one that waits, with rows that must be put right.
async fn files(office: &mut Office, numbers: &[String]) -> Outcome<()> {
    let day = office.desk.today();
    let granted = add_days(day, -12);
    let rows = |batch: usize, wrong: bool| {
        let mut text = String::from("Charge no,Account,Licence,What,Fee,Granted,Case\n");
        let (mut count, mut sum) = (0, 0);
        for (n, number) in numbers.iter().take(6).enumerate() {
            let fee = 9_500 + 2_050 * n as i64;
            let _ = writeln!(
                text,
                "LIC/{batch}{n:03},{number},PL{batch}{n},Premises licence,{},{granted},",
                Pence(fee).pounds()
            );
            (count, sum) = (count + 1, sum + fee);
        }
        if wrong {
            let _ = writeln!(text, "LIC/{batch}901,C999999,PL{batch}91,Premises licence,180.00,{granted},");
            let _ = writeln!(text, "LIC/{batch}902,{},PL{batch}92,Personal licence,37.00,31/02/2026,", numbers[0]);
            let _ =
                writeln!(text, "LIC/{batch}903,{},PL{batch}93,Taxi licence,145.00,{granted},Mary Smith", numbers[1]);
            (count, sum) = (count + 3, sum + 36_200);
        }
        let _ = writeln!(text, "#TOTAL,{count},{}", Pence(sum).pounds());
        text
    };
    for (batch, wrong) in [(1, false), (2, true)] {
        let ask = SendFeederFile {
            key: office.key(),
            feeder: "LICENCES".into(),
            file_name: format!("licences-{batch}.csv"),
            file: rows(batch, wrong).into_bytes(),
            ..SendFeederFile::default()
        };
        let sent = send_feeder_file(&office.desk, office.role(Role::BillingOfficer), ask).await?;
        if !wrong {
            let ask = ReleaseFeederFile { key: office.key(), number: sent.number };
            release_feeder_file(&office.desk, office.role(Role::TeamLeader), ask, &|_, _| {}).await?;
        }
    }
    Ok(())
}

async fn requests(office: &mut Office, numbers: &[String]) -> Outcome<()> {
    let manager = office.role(Role::ServiceManager).clone();
    let operator = Actor::operator(manager.org, "Demo");
    let all = users(&office.desk, &operator).await?;
    let Some(person) = all.into_iter().find(|person| person.id == manager.user.0) else { return Ok(()) };
    let own =
        |service: &str, cost_centre: &str| OwnService { service: service.into(), cost_centre: cost_centre.into() };
    let services = vec![own("Halls and rooms", ""), own("Licensing", "")];
    let ask = SetPersonServices { key: office.key(), sign_in_name: person.sign_in_name, services };
    set_person_services(&office.desk, office.role(Role::Administrator), ask).await?;
    let hire = |what: &str, customer: &str, price: &str| RequestForm {
        service: "Halls and rooms".into(),
        what_for: format!("Hire of the {what}, booked by telephone"),
        customer_number: customer.into(),
        customer_words: if customer.is_empty() { "Oak Lane Scouts, 2 Low Road".into() } else { String::new() },
        supply_on: Some(add_days(office.desk.today(), -6)),
        lines: vec![InvoiceLine {
            description: format!("Hire of the {what}"),
            unit_price: price.into(),
            vat_code: "E".into(),
            ..InvoiceLine::default()
        }],
        ..RequestForm::default()
    };
    let forms = [
        hire("small hall", &numbers[2], "84.00"),
        hire("council chamber", &numbers[3], "260.00"),
        hire("garden room", "", "65.00"),
        hire("town hall", &numbers[4], "420.00"),
    ];
    let mut made = Vec::new();
    for form in forms {
        let file = NewFile { name: "booking.txt".into(), bytes: form.what_for.clone().into_bytes() };
        let ask = AskForInvoice { key: office.key(), form };
        made.push(ask_for_invoice(&office.desk, &manager, ask, vec![file]).await?);
    }
    answer(office, &made).await
}

/// The first becomes an invoice, the second goes back; the others wait.
async fn answer(office: &mut Office, made: &[RequestMade]) -> Outcome<()> {
    let officer = office.role(Role::BillingOfficer).clone();
    let [first, second, ..] = made else { return Ok(()) };
    let (key, number) = (office.key(), first.number.clone());
    let ask = ApproveRequest { key, number, seen_version: 1, customer_number: String::new() };
    approve_request(&office.desk, &officer, ask).await?;
    let reason = "The chamber was free for councillors that day. Was it a public meeting?".into();
    let (key, number) = (office.key(), second.number.clone());
    send_request_back(&office.desk, &officer, SendRequestBack { key, number, seen_version: 1, reason }).await?;
    Ok(())
}
