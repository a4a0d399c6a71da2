//! `request`: what services ask to have invoiced.
use super::input::request;
use super::out::{Out, counted, table};
use super::{Shop, bytes_of, done};
use crate::child;
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::Outcome;
use sundry_desk::billing::requests::{
    AddRequestFile, ApproveRequest, AskForInvoice, BringRequests, RequestShown, RequestsAsk, SendRequestBack,
    SetPersonServices, TakeRequest, WithdrawRequest, add_request_file, approve_request, ask_for_invoice,
    bring_requests, correct_request, invoice_request, invoice_requests, person_services, send_request_back,
    set_person_services, take_request, withdraw_request,
};
use sundry_desk::core::evidence::NewFile;
use sundry_domain::billing::requests::OwnService;
use sundry_domain::money::Pence;

/// Requests for invoices.
#[derive(Debug, Subcommand)]
pub enum Request {
    /// Ask for an invoice: a JSON file with service, what_for, customer_number or customer_words, and lines
    Ask {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Put a request right: as `ask`, with its number and seen_version
    Correct {
        /// The file, or `-`
        input: PathBuf,
    },
    /// Send a workbook of requests: all of it, or every fault by row
    Bring {
        /// The file
        file: PathBuf,
        /// Service of rows that name none
        #[arg(long, default_value = "")]
        service: String,
    },
    /// List requests, newest first
    List {
        /// open, asked, sent_back, withdrawn or invoiced
        #[arg(long, default_value = "open")]
        state: String,
        /// Of one service
        #[arg(long, default_value = "")]
        service: String,
    },
    /// Show a request with its history
    Show {
        /// Number
        number: String,
    },
    /// Keep a file with a request as evidence
    Attach {
        /// Number
        number: String,
        /// The file
        file: PathBuf,
        /// What it shows
        #[arg(long, default_value = "")]
        words: String,
    },
    /// Take a request on
    Take {
        /// Number
        number: String,
    },
    /// Make a request an invoice
    Approve {
        /// Number
        number: String,
        /// The customer's number, where the request only describes them
        #[arg(long, default_value = "")]
        customer: String,
    },
    /// Send a request back with a reason
    Back {
        /// Number
        number: String,
        /// What is to be put right
        #[arg(long)]
        reason: String,
    },
    /// Take a request back
    Withdraw {
        /// Number
        number: String,
        /// Why
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Who asks for which service; with a sign-in name and services, say so
    Services {
        /// Sign-in name
        sign_in_name: Option<String>,
        /// A service, or `SERVICE|COST CENTRE`; may be repeated
        #[arg(long, value_name = "SERVICE", requires = "sign_in_name")]
        service: Vec<String>,
    },
}

/// Requests for invoices.
pub async fn request_of(shop: &Shop, ask: Request, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        Request::Ask { input } => {
            let ask: AskForInvoice = request(&input, key)?;
            let made = ask_for_invoice(desk, by, ask, Vec::new()).await?;
            out.answer(&made, || format!("{} is sent, {}.", made.number, Pence(made.gross_pence)))?;
        }
        Request::Correct { input } => {
            let made = correct_request(desk, by, request(&input, key)?, Vec::new()).await?;
            out.answer(&made, || format!("{} is sent again, {}.", made.number, Pence(made.gross_pence)))?;
        }
        Request::Bring { file, service } => {
            let file_name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let bytes = child::as_table(bytes_of(&file, "file")?).await?;
            let done = bring_requests(desk, by, BringRequests { key, file_name, file: bytes, service }).await?;
            out.answer(&done, || {
                format!("{}: {}.", counted(done.numbers.len(), "request", "requests"), done.numbers.join(", "))
            })?;
        }
        Request::List { state, service } => {
            let ask = RequestsAsk { state, service, limit: Some(500), ..RequestsAsk::default() };
            let page = invoice_requests(desk, by, ask).await?;
            let line = |one: &sundry_desk::billing::requests::RequestLineOfList| {
                let age = one.age_days.map(|days| days.to_string()).unwrap_or_default();
                let gross = Pence(one.gross_pence).pounds();
                vec![
                    one.number.clone(),
                    one.state.clone(),
                    one.service.clone(),
                    one.what_for.clone(),
                    gross,
                    age,
                    one.owner.clone(),
                ]
            };
            let headings = ["Request", "State", "Service", "What for", "With VAT", "Days", "With"];
            out.answer(&page, || table(&headings, &[4, 5], &page.rows.iter().map(line).collect::<Vec<_>>()))?;
        }
        Request::Show { number } => {
            let one = invoice_request(desk, by, &number).await?;
            out.answer(&one, || shown(&one))?;
        }
        Request::Attach { number, file, words } => {
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let new = NewFile { name, bytes: bytes_of(&file, "file")? };
            let added = add_request_file(desk, by, AddRequestFile { key, number, words }, new).await?;
            out.answer(&added, || format!("{} is kept, {}.", added.name, added.sha256))?;
        }
        Request::Take { number } => {
            let turned = take_request(desk, by, TakeRequest { key, number }).await?;
            out.answer(&turned, || format!("{} is yours.", turned.number))?;
        }
        Request::Approve { number, customer } => {
            let seen_version = invoice_request(desk, by, &number).await?.version;
            let ask = ApproveRequest { key, number, seen_version, customer_number: customer };
            let done = approve_request(desk, by, ask).await?;
            let gross = Pence(done.invoice.gross_pence);
            out.answer(&done, || format!("{} is invoice {}, {gross}.", done.number, done.invoice.number))?;
        }
        Request::Back { number, reason } => {
            let seen_version = invoice_request(desk, by, &number).await?.version;
            let turned = send_request_back(desk, by, SendRequestBack { key, number, seen_version, reason }).await?;
            out.answer(&turned, || format!("{} is sent back.", turned.number))?;
        }
        Request::Withdraw { number, reason } => {
            let made = withdraw_request(desk, by, WithdrawRequest { key, number, reason }).await?;
            out.answer(&made, || format!("{} is taken back.", made.number))?;
        }
        Request::Services { sign_in_name: Some(sign_in_name), service } if !service.is_empty() => {
            let own = |text: &String| {
                let (service, centre) = text.split_once('|').unwrap_or((text.as_str(), ""));
                OwnService { service: service.trim().into(), cost_centre: centre.trim().into() }
            };
            let services = service.iter().map(own).collect();
            let set = set_person_services(desk, by, SetPersonServices { key, sign_in_name, services }).await?;
            let count = counted(usize::try_from(set.services).unwrap_or_default(), "service", "services");
            out.answer(&set, || format!("{} asks for {count}.", set.sign_in_name))?;
        }
        Request::Services { sign_in_name, .. } => {
            let mut all = person_services(desk, by).await?;
            all.retain(|one| sign_in_name.as_ref().is_none_or(|name| *name == one.sign_in_name));
            let line = |one: &sundry_store::control_services::PersonService| {
                vec![one.sign_in_name.clone(), one.service.clone(), one.cost_centre.clone()]
            };
            let rows = || table(&["Person", "Service", "Cost centre"], &[], &all.iter().map(line).collect::<Vec<_>>());
            out.answer(&all, rows)?;
        }
    }
    done()
}

fn shown(one: &RequestShown) -> String {
    let line = &one.line;
    let mut words = format!("{} is {}: {}, {}", line.number, line.state, line.what_for, Pence(line.gross_pence));
    for charge in &one.form.lines {
        words.push_str(&format!("\n  {} at {} {}", charge.description, charge.unit_price, charge.vat_code));
    }
    for event in &one.history {
        words.push_str(&format!("\n  {} {} by {}: {}", event.on_day, event.what, event.actor_name, event.words));
    }
    words
}
