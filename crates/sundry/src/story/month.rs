//! A billing month in stories: requests of services, feeder files, periodic runs, amendments, the VAT figures.
use super::act::{Failed, same};
use super::phrase::{Phrase, Wrong};
use super::stage::Stage;
use chrono::NaiveDate;
use std::fmt::Write;
use sundry_desk::billing::contracts::{
    AddContract, NewCharge, NewPayer, PrepareBillingRun, ReleaseBillingRun, add_contract, billing_run_invoices,
    prepare_billing_run, release_billing_run,
};
use sundry_desk::billing::feeders::{
    ReleaseFeederFile, SendFeederFile, SetFeeder, feeder_file, feeder_file_invoices, release_feeder_file,
    send_feeder_file, set_feeder,
};
use sundry_desk::billing::requests::{
    ApproveRequest, AskForInvoice, CorrectRequest, RequestForm, SendRequestBack, SetPersonServices, approve_request,
    ask_for_invoice, correct_request, invoice_request, send_request_back, set_person_services,
};
use sundry_desk::billing::{AmendInvoice, AskVatReturn, InvoiceForm, InvoiceLine, request_amendment, vat_return};
use sundry_desk::control::people::{AddUser, add_user};
use sundry_desk::customers::customer_account;
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::billing::requests::OwnService;
use sundry_domain::control::Role;
use sundry_domain::ids::ItemId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// What is done.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum MonthAct {
    Manage { service: String },
    Ask { request: String, nick: String, net: Pence, vat_code: String, words: String },
    Back { request: String, words: String },
    Correct { request: String, net: Pence, words: String },
    Accept { request: String, invoice: String },
    Feeder { code: String },
    File { file: String, feeder: String, corrects: String, rows: i64, sum: Pence, lines: Vec<String> },
    Contract { contract: String, nick: String, weekly: Pence, from: NaiveDate, words: String },
    Prepare { run: String, up_to: NaiveDate },
    Bill { what: String, invoice: String },
    Amend { approval: String, invoice: String, net: Pence, words: String },
}

/// What must be so.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum MonthExpect {
    Request { request: String, state: String },
    File { file: String, good: i64, before: i64, waiting: i64 },
    Vat { due: Pence, sales: Pence, from: NaiveDate, to: NaiveDate },
}

/// Reads what is done in a billing month, if the verb is one of its own.
pub fn parse_act(p: &mut Phrase, verb: &str) -> Option<Result<MonthAct, Wrong>> {
    Some(match verb {
        "manages" => p.text("a service").map(|service| MonthAct::Manage { service }),
        "ask" => ask(p),
        "send" if p.takes("back") => {
            p.number("REQ").and_then(|request| Ok(MonthAct::Back { request, words: p.text("the reason")? }))
        }
        "correct" => p
            .number("REQ")
            .and_then(|request| Ok(MonthAct::Correct { request, net: p.money()?, words: p.text("what it is for")? })),
        "accept" => p.number("REQ").and_then(|request| {
            p.must("as")?;
            Ok(MonthAct::Accept { request, invoice: p.number("INV")? })
        }),
        "feeder" => p.word("a code").map(|code| MonthAct::Feeder { code }),
        "file" => file(p),
        "contract" => contract(p),
        "prepare" => p.number("BRN").and_then(|run| {
            p.must("up to")?;
            Ok(MonthAct::Prepare { run, up_to: p.date()? })
        }),
        "bill" => p.any_number().and_then(|what| {
            p.must("as")?;
            Ok(MonthAct::Bill { what, invoice: p.number("INV")? })
        }),
        "amend" => amend(p),
        _ => return None,
    })
}

fn ask(p: &mut Phrase) -> Result<MonthAct, Wrong> {
    let request = p.number("REQ")?;
    p.must("for")?;
    let (nick, net) = (p.word("a customer")?, p.money()?);
    p.must("vat")?;
    Ok(MonthAct::Ask { request, nick, net, vat_code: p.word("a VAT code")?, words: p.text("what it is for")? })
}

fn file(p: &mut Phrase) -> Result<MonthAct, Wrong> {
    let file = p.number("FDR")?;
    p.must("from")?;
    let feeder = p.word("a feeder")?;
    let corrects = if p.takes("correcting") { p.number("FDR")? } else { String::new() };
    p.must("totals")?;
    let (rows, sum) = (p.count()?, p.money()?);
    let lines = std::iter::from_fn(|| p.text_if_any()).collect();
    Ok(MonthAct::File { file, feeder, corrects, rows, sum, lines })
}

fn contract(p: &mut Phrase) -> Result<MonthAct, Wrong> {
    let contract = p.number("CON")?;
    p.must("for")?;
    let (nick, weekly) = (p.word("a customer")?, p.money()?);
    p.must("a week from")?;
    Ok(MonthAct::Contract { contract, nick, weekly, from: p.date()?, words: p.text("what it is for")? })
}

fn amend(p: &mut Phrase) -> Result<MonthAct, Wrong> {
    let approval = p.number("APP")?;
    p.must("for")?;
    let invoice = p.number("INV")?;
    p.must("to")?;
    Ok(MonthAct::Amend { approval, invoice, net: p.money()?, words: p.text("why")? })
}

/// Reads what must be so in a billing month, if the word is one of its own.
pub fn parse_expect(p: &mut Phrase, what: &str) -> Option<Result<MonthExpect, Wrong>> {
    Some(match what {
        "request" => {
            p.number("REQ").and_then(|request| Ok(MonthExpect::Request { request, state: p.word("how it stands")? }))
        }
        "file" => p.number("FDR").and_then(|file| {
            p.must("good")?;
            let good = p.count()?;
            p.must("before")?;
            let before = p.count()?;
            p.must("waiting")?;
            Ok(MonthExpect::File { file, good, before, waiting: p.count()? })
        }),
        "vat" => vat(p),
        _ => return None,
    })
}

fn vat(p: &mut Phrase) -> Result<MonthExpect, Wrong> {
    p.must("due")?;
    let due = p.money()?;
    p.must("on")?;
    let sales = p.money()?;
    p.must("from")?;
    let from = p.date()?;
    p.must("to")?;
    Ok(MonthExpect::Vat { due, sales, from, to: p.date()? })
}

/// Does it.
pub async fn done(stage: &mut Stage, act: &MonthAct) -> Outcome<Failed> {
    match act {
        MonthAct::Feeder { .. } | MonthAct::File { .. } => fed(stage, act).await,
        MonthAct::Contract { .. } | MonthAct::Prepare { .. } | MonthAct::Bill { .. } => billed(stage, act).await,
        MonthAct::Amend { approval, invoice, net, words } => {
            let by = stage.by.clone();
            let old = sundry_desk::billing::invoice(&stage.desk, &by, invoice).await?;
            let line = old.lines.first().ok_or_else(|| Invalid::field("invoice", "It has no line", invoice))?;
            let form = InvoiceForm {
                customer_number: old.customer_number.clone(),
                supply_on: Some(old.document.supply_on),
                lines: vec![InvoiceLine {
                    description: line.description.clone(),
                    unit_price: net.pounds(),
                    vat_code: line.vat_code.clone(),
                    income_code: line.income_code.clone(),
                    ..InvoiceLine::default()
                }],
                ..InvoiceForm::default()
            };
            let ask = AmendInvoice {
                key: stage.key(),
                invoice: invoice.clone(),
                reason: "wrong_price".into(),
                words: words.clone(),
                form,
                of_lines: vec![Some(1)],
            };
            Ok(same(approval, &request_amendment(&stage.desk, &by, ask).await?.approval))
        }
        _ => requested(stage, act).await,
    }
}

fn request_form(stage: &Stage, (nick, net): (&str, Pence), vat_code: &str, words: &str) -> Outcome<RequestForm> {
    Ok(RequestForm {
        service: stage.service.clone(),
        what_for: words.to_owned(),
        customer_number: stage.customer(nick)?.1,
        supply_on: Some(stage.desk.today()),
        lines: vec![InvoiceLine {
            description: words.to_owned(),
            unit_price: net.pounds(),
            vat_code: vat_code.to_owned(),
            ..InvoiceLine::default()
        }],
        ..RequestForm::default()
    })
}

async fn requested(stage: &mut Stage, act: &MonthAct) -> Outcome<Failed> {
    match act {
        MonthAct::Manage { service } => manage(stage, service).await?,
        MonthAct::Ask { request, nick, net, vat_code, words } => {
            let form = request_form(stage, (nick, *net), vat_code, words)?;
            let ask = AskForInvoice { key: stage.key(), form };
            let made = ask_for_invoice(&stage.desk, &stage.by, ask, Vec::new()).await?;
            return Ok(same(request, &made.number));
        }
        MonthAct::Back { request, words } => {
            let seen_version = invoice_request(&stage.desk, &stage.by, request).await?.version;
            let ask =
                SendRequestBack { key: stage.key(), number: request.clone(), seen_version, reason: words.clone() };
            send_request_back(&stage.desk, &stage.by, ask).await?;
        }
        MonthAct::Correct { request, net, words } => {
            let seen = invoice_request(&stage.desk, &stage.by, request).await?;
            let mut form = seen.form.clone();
            form.what_for.clone_from(words);
            for line in &mut form.lines {
                line.description.clone_from(words);
                line.unit_price = net.pounds();
            }
            let ask = CorrectRequest { key: stage.key(), number: request.clone(), seen_version: seen.version, form };
            correct_request(&stage.desk, &stage.by, ask, Vec::new()).await?;
        }
        MonthAct::Accept { request, invoice } => {
            let seen = invoice_request(&stage.desk, &stage.by, request).await?;
            let ask = ApproveRequest {
                key: stage.key(),
                number: request.clone(),
                seen_version: seen.version,
                ..ApproveRequest::default()
            };
            let done = approve_request(&stage.desk, &stage.by, ask).await?;
            note(stage, &done.invoice.number, &seen.line.customer_number).await?;
            return Ok(same(invoice, &done.invoice.number));
        }
        _ => {}
    }
    Ok(None)
}

/// Somebody who asks for invoices of one service acts from here.
async fn manage(stage: &mut Stage, service: &str) -> Outcome<()> {
    let name = format!("manager.of.{}", service.to_lowercase().replace(' ', "."));
    stage.service = service.to_owned();
    if let Some(there) = stage.managers.get(&name) {
        stage.by = there.clone();
        return Ok(());
    }
    let admin = stage.person(Role::Administrator, 1);
    let ask = AddUser {
        key: stage.key(),
        sign_in_name: name.clone(),
        display_name: format!("Manager of {service}"),
        roles: vec![Role::ServiceManager.as_str().into()],
        limit: Pence::ZERO,
        password: "a password of the story".into(),
    };
    let user = add_user(&stage.desk, &admin, ask).await?.user;
    let services = vec![OwnService { service: service.to_owned(), cost_centre: String::new() }];
    let ask = SetPersonServices { key: stage.key(), sign_in_name: name.clone(), services };
    set_person_services(&stage.desk, &admin, ask).await?;
    let manager = Actor { user, name: format!("Manager of {service}"), ..stage.person(Role::ServiceManager, 1) };
    stage.managers.insert(name, manager.clone());
    stage.by = manager;
    Ok(())
}

/// Keeps the item of an invoice that the story may name later.
async fn note(stage: &mut Stage, number: &str, customer: &str) -> Outcome<()> {
    let account = customer_account(&stage.desk, &stage.looker, customer).await?;
    let id = account.items.iter().find(|item| item.number == number).map(|item| ItemId(item.item));
    let item = id.ok_or_else(|| No::Absent(format!("item {number}")))?;
    let whose = sundry_domain::ids::CustomerId(account.customer.id);
    stage.invoices.insert(number.to_owned(), (item, whose));
    Ok(())
}

async fn fed(stage: &mut Stage, act: &MonthAct) -> Outcome<Failed> {
    match act {
        MonthAct::Feeder { code } => {
            let columns = [
                ("reference", "charge"),
                ("customer", "account"),
                ("document", "document"),
                ("description", "what"),
                ("amount", "net"),
            ];
            let ask = SetFeeder {
                key: stage.key(),
                code: code.clone(),
                name: format!("The system {code}"),
                columns: columns.into_iter().map(|(field, heading)| (field.into(), heading.into())).collect(),
                rejects_to: "The sender".into(),
                ..SetFeeder::default()
            };
            let admin = stage.person(Role::Administrator, 1);
            set_feeder(&stage.desk, &admin, ask).await?;
            Ok(None)
        }
        MonthAct::File { file, feeder, corrects, rows, sum, lines } => {
            let mut text = String::from("charge,account,document,what,net\n");
            for line in lines {
                let cells: Vec<&str> = line.split(", ").collect();
                let [reference, nick, document, what, net] = cells.as_slice() else {
                    let say = "A row has five parts: charge, customer, document, what, net";
                    return Err(Invalid::field("row", say, line).into());
                };
                // A name that the story has not opened is sent as it stands, as a sender would.
                let account = stage.customer(nick).map_or_else(|_| (*nick).to_owned(), |(_, number)| number);
                let _ = writeln!(text, "{reference},{account},{document},{what},{net}");
            }
            let ask = SendFeederFile {
                key: stage.key(),
                feeder: feeder.clone(),
                file_name: format!("{file}.csv"),
                file: text.into_bytes(),
                told_rows: Some(*rows),
                told_pence: Some(sum.0),
                corrects: corrects.clone(),
            };
            Ok(same(file, &send_feeder_file(&stage.desk, &stage.by, ask).await?.number))
        }
        _ => Ok(None),
    }
}

async fn billed(stage: &mut Stage, act: &MonthAct) -> Outcome<Failed> {
    match act {
        MonthAct::Contract { contract, nick, weekly, from, words } => {
            let customer = stage.customer(nick)?.1;
            let charge = NewCharge {
                description: words.clone(),
                unit: "week".into(),
                rate: weekly.pounds(),
                vat_code: "O".into(),
                ..NewCharge::default()
            };
            let ask = AddContract {
                key: stage.key(),
                service_user: String::new(),
                service: words.clone(),
                debt_type: String::new(),
                cost_centre: String::new(),
                cycle: "weekly".into(),
                in_advance: false,
                starts_on: *from,
                ends_on: None,
                skip_first_day: false,
                skip_last_day: false,
                terms_days: None,
                reference: String::new(),
                lines: vec![charge],
                payers: vec![NewPayer { customer, share: "rest".into(), ..NewPayer::default() }],
            };
            Ok(same(contract, &add_contract(&stage.desk, &stage.by, ask).await?.number))
        }
        MonthAct::Prepare { run, up_to } => {
            let ask =
                PrepareBillingRun { key: stage.key(), up_to: *up_to, service: String::new(), cycle: String::new() };
            Ok(same(run, &prepare_billing_run(&stage.desk, &stage.by, ask).await?.number))
        }
        MonthAct::Bill { what, invoice } => bill(stage, what, invoice).await,
        _ => Ok(None),
    }
}

/// Releases a file or a run; the first invoice must be the one the story names.
async fn bill(stage: &mut Stage, what: &str, first: &str) -> Outcome<Failed> {
    let (key, number) = (stage.key(), what.to_owned());
    let (desk, by) = (stage.desk.clone(), stage.by.clone());
    let raised: Vec<(String, String)> = if what.starts_with("FDR") {
        release_feeder_file(&desk, &by, ReleaseFeederFile { key, number }, &|_, _| {}).await?;
        let all = feeder_file_invoices(&desk, &stage.looker, what, (0, 1_000)).await?;
        all.into_iter().map(|one| (one.number, one.customer_number)).collect()
    } else {
        release_billing_run(&desk, &by, ReleaseBillingRun { key, number }, &|_, _| {}).await?;
        let all = billing_run_invoices(&desk, &stage.looker, what, (0, 1_000)).await?;
        all.into_iter().map(|one| (one.number, one.customer_number)).collect()
    };
    for (number, customer) in &raised {
        note(stage, number, customer).await?;
    }
    let given = raised.first().map_or("none", |(number, _)| number.as_str());
    Ok(same(first, given))
}

/// What was expected and found, where they differ.
pub async fn expect(stage: &Stage, wanted: &MonthExpect) -> Outcome<Failed> {
    let (desk, by) = (&stage.desk, &stage.looker);
    let differ = |expected: String, found: String| (expected != found).then_some((expected, found));
    Ok(match wanted {
        MonthExpect::Request { request, state } => {
            differ(state.clone(), invoice_request(desk, by, request).await?.line.state)
        }
        MonthExpect::File { file, good, before, waiting } => {
            let seen = feeder_file(desk, by, file).await?;
            let words = |good, before, waiting| format!("{good} good, {before} sent before, {waiting} waiting");
            differ(words(*good, *before, *waiting), words(seen.good, seen.before, seen.waiting))
        }
        MonthExpect::Vat { due, sales, from, to } => {
            let ask = AskVatReturn { from_on: Some(*from), to_on: Some(*to) };
            let boxes = vat_return(desk, by, ask).await?.boxes;
            let words = |due: Pence, sales: Pence| format!("{due} due on {sales}");
            differ(words(*due, *sales), words(boxes.box1, Pence(boxes.box6_pounds * 100)))
        }
    })
}
