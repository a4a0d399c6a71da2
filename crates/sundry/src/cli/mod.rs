//! The command line: reads the arguments, calls one function of the desk, shows the answer.
pub mod activity;
pub mod agencies;
pub mod backing;
pub mod bank;
pub mod books;
pub mod cards;
pub mod cash;
pub mod cash_desk;
pub mod contract_fees;
pub mod contracts;
pub mod copies;
pub mod court;
pub mod court_forms;
pub mod dated_rates;
pub mod dd;
pub mod debt_facts;
pub mod deposits;
mod einvoices;
pub mod feeders;
pub mod homes;
pub mod imports;
pub mod input;
pub mod inspect;
mod letter_templates;
pub mod listing;
pub mod mail;
pub mod notify;
pub mod out;
pub mod pathways;
mod people;
mod person;
pub mod plans;
pub mod proofs;
pub mod queries;
pub mod reports;
pub mod requests;
pub mod rooms;
pub mod runs;
pub mod servicenow;
pub mod serving;
mod settings;
pub mod standing_orders;
pub mod stories;
pub mod taking_back;
pub mod uplifts;
pub mod vat;
pub mod writeoff;

use crate::child;
use crate::home::{self, Home};
use chrono::NaiveDate;
use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand};
use input::date;
use out::{DONE, FAULT, NOT_UNDERSTOOD, Out, say};
use serde_json::json;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use sundry_desk::core::met::{note_met, watched};
use sundry_desk::core::vault::{hex, random_bytes};
use sundry_desk::{Actor, Desk, Fault, Outcome};
use sundry_domain::refusal::Invalid;
use sundry_store::control::OrganisationRow;

/// The receivables desk of UK public services.
#[derive(Debug, Parser)]
#[command(name = "sundry", version, arg_required_else_help = true, disable_help_subcommand = true)]
struct Line {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Global {
    /// The home: settings, the SQLite database, kept files, keys
    #[arg(long, global = true, env = "SUNDRY_HOME", value_name = "DIR", default_value = "home")]
    home: PathBuf,
    /// The database, sqlite:PATH or postgres://…, if it is not the home's own
    #[arg(long, global = true, env = "SUNDRY_DATABASE", value_name = "URL", hide_env_values = true)]
    database: Option<String>,
    /// The organisation, where the home has several
    #[arg(long, global = true, env = "SUNDRY_ORG", value_name = "CODE")]
    org: Option<String>,
    /// The business date; a live home refuses it
    #[arg(long, global = true, value_name = "DATE", value_parser = date)]
    today: Option<NaiveDate>,
    /// One JSON document on the standard output
    #[arg(long, global = true)]
    json: bool,
    /// The key by which the same command is known again (made up when not given)
    #[arg(long, global = true, value_name = "KEY")]
    key: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a live home with its first organisation and administrator
    Init(homes::Init),
    /// The demo home: three organisations and the year they lived; made if absent, then served
    Demo(serving::Demo),
    /// Web pages, API and the runner of jobs
    Serve(serving::Serve),
    /// Bring the database to this version of the program
    Migrate,
    /// People who may sign in
    #[command(subcommand)]
    User(people::User),
    /// What the organisation sets for itself: letters, bank details, mail server, limits
    #[command(subcommand)]
    Settings(settings::Settings),
    #[command(subcommand)]
    /// Take files in: all errors at once, by row and field
    Import(imports::Import),
    /// Read a file and show what it says; needs no home, keeps nothing
    #[command(subcommand)]
    Inspect(inspect::Inspect),
    /// Cash: match, allocate, take back
    #[command(subcommand)]
    Cash(cash::Cash),
    /// Direct Debit: mandates, notices, runs, reports, claims
    #[command(subcommand)]
    Dd(dd::Dd),
    /// Files from the bank: what arrived, where it is fetched, how CSV is laid out
    #[command(subcommand)]
    Bank(bank::Bank),
    /// Card payments: take, refund, disputes, payouts, payment files
    #[command(subcommand)]
    Cards(cards::Cards),
    /// Runs: a preview, or with --release the thing itself
    #[command(subcommand)]
    Run(runs::Run),
    /// Letters that wait to leave
    #[command(subcommand)]
    Letters(books::Letters),
    /// Letters as they are edited: versions, drafts, checks, someone else's yes
    #[command(subcommand)]
    LetterTemplate(letter_templates::LetterTemplate),
    /// Pathways as they are edited: drafts, checks, a year tried, someone else's yes, choices, random splits
    #[command(subcommand)]
    Pathway(pathways::Pathway),
    /// Rates and fees by date: list, add with someone else's yes
    #[command(subcommand)]
    DatedRates(dated_rates::DatedRates),
    /// Dated facts of debts: decision notices, appeals, deferred payments, agreements
    #[command(subcommand)]
    DebtFact(debt_facts::DebtFacts),
    /// Fees for paying late that contracts allow: record, withdraw, charge
    #[command(subcommand)]
    ContractFee(contract_fees::ContractFees),
    /// Overpayments taken back from pay or from payments to providers: agree, due, taken, undo, end
    #[command(subcommand)]
    Overpayment(taking_back::Overpayment),
    /// Files behind invoices: attach, list, all as one PDF
    #[command(subcommand)]
    Backing(backing::Backing),
    /// E-invoices over the Peppol network: send, look, take answers
    #[command(subcommand)]
    Einvoice(einvoices::Einvoice),
    /// Reports
    #[command(subcommand)]
    Report(reports::Report),
    /// The books, for other programs
    Export(reports::Export),
    /// The events, rules and people behind an item, a letter or a balance
    Explain(reports::Explain),
    /// Prove the ledger; names what fails
    Verify,
    /// Customers: open, show, merge, unmerge, find
    #[command(subcommand)]
    Customer(rooms::Customer),
    /// Invoices: raise, show
    #[command(subcommand)]
    Invoice(rooms::Invoice),
    /// Credit notes: request
    #[command(subcommand)]
    Credit(rooms::Credit),
    /// Contracts: open, change, show, end
    #[command(subcommand)]
    Contracts(contracts::Contracts),
    /// What was delivered, held against contracts, and completeness
    #[command(subcommand)]
    Activity(activity::Activity),
    /// New rates over the whole book: preview, ask, apply, take back
    #[command(subcommand)]
    Uplift(uplifts::Uplifts),
    /// Rate cards and dates of terms
    #[command(subcommand)]
    Rates(contracts::Rates),
    /// Periodic billing: a preview, or with --release the thing itself
    #[command(subcommand)]
    Billing(contracts::Billing),
    /// What services ask to have invoiced: ask, answer, send back
    #[command(subcommand)]
    Request(requests::Request),
    /// Systems that send charges: set up, send a file, bill it, its rejects
    #[command(subcommand)]
    Feeder(feeders::Feeder),
    /// Give a debt up, with someone else's yes
    #[command(subcommand)]
    WriteOff(writeoff::WriteOff),
    /// What waits for someone else's yes
    #[command(subcommand)]
    Approvals(rooms::Approvals),
    /// Queries: raise, answer, resolve
    #[command(subcommand)]
    Query(queries::Query),
    /// The shared mailbox: take, collect, sort
    #[command(subcommand)]
    Mail(mail::Mail),
    /// GOV.UK Notify: set up, check, send, what stands with it
    #[command(subcommand)]
    Notify(notify::Notify),
    /// ServiceNow: set up, check, look, its cases, ask there
    #[command(subcommand, name = "servicenow")]
    ServiceNow(servicenow::ServiceNow),
    /// The people's side of recovery: cases, who acts, needs, calls, the hold register
    #[command(subcommand)]
    Person(person::Person),
    /// Collection agencies: place debts, tell, recall, bring in what they paid over, compare
    #[command(subcommand)]
    Agency(agencies::Agency),
    /// Tracing: searches with their ground and cost, and found addresses
    #[command(subcommand)]
    Trace(agencies::Trace),
    /// The county court: refer, claim, judgment, enforcement, limitation
    #[command(subcommand)]
    Court(court::Court),
    /// Insolvencies: record, prove, dividends
    #[command(subcommand)]
    Insolvency(court::Insolvency),
    /// Estates of customers who died
    #[command(subcommand)]
    Estate(court::Estate),
    /// Charges on property
    #[command(subcommand)]
    Charge(court::Charge),
    /// Holds: place, end
    #[command(subcommand)]
    Hold(rooms::Hold),
    /// Flags of a customer: set, end
    #[command(subcommand)]
    Flag(rooms::Flag),
    /// Take a customer's promise to pay
    Promise(rooms::Promise),
    /// Payment plans: offer, agree, change, review, end
    #[command(subcommand)]
    Plan(plans::Plan),
    /// Batches for the general ledger
    #[command(subcommand)]
    Gl(books::Gl),
    /// Close periods, and open them again
    #[command(subcommand)]
    Close(books::Close),
    /// A funder's own list against our ledger: reconcile, show, sign
    #[command(subcommand)]
    Listing(listing::Listing),
    /// Accounts proved as at any day: bank, control, suspense, clearing
    #[command(subcommand)]
    Proof(proofs::Proof),
    /// Deposits: ask, use, give back
    #[command(subcommand)]
    Deposit(deposits::Deposit),
    /// Payment terms: parts with their days, and a discount for paying early
    #[command(subcommand)]
    PaymentTerms(deposits::Terms),
    /// The VAT return: its figures, relief on bad debts, recording it as filed
    #[command(subcommand)]
    Vat(vat::Vat),
    /// The loss allowance: as at a day, loss rates, debts by themselves, a run
    #[command(subcommand)]
    Allowance(writeoff::Allowance),
    /// Your security code, which confirms what you approve
    #[command(subcommand)]
    SecurityCode(writeoff::SecurityCode),
    /// Standing orders: note, check a period, letters
    #[command(subcommand)]
    StandingOrder(standing_orders::StandingOrder),
    /// Play story files, each in a fresh home
    Story(stories::Story),
    /// Copy the home into one file
    Backup(copies::Backup),
    /// Bring a backup back into an empty home
    Restore(copies::Restore),
}

/// Runs the program.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|word| word == child::COMMAND) {
        return child::run(&arguments.get(2).map(|kind| kind.to_string_lossy()).unwrap_or_default());
    }
    let line = match Line::try_parse_from(&arguments) {
        Ok(line) => line,
        Err(error) => return ExitCode::from(not_understood(&error, &arguments)),
    };
    ExitCode::from(guarded(line))
}

/// The answer to arguments that are not understood, or that ask for help.
fn not_understood(error: &clap::Error, arguments: &[OsString]) -> u8 {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        let mut out = Out::new(false);
        let _ = out.write(error.render().to_string().as_bytes());
        return DONE;
    }
    let words = error.render().to_string();
    say(words.trim_end());
    if arguments.iter().any(|word| word == "--json") {
        let message = words.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        let all = [Invalid::field("arguments", message, "")];
        let _ = Out::new(true).document(&json!({ "invalid": all }));
    }
    NOT_UNDERSTOOD
}

/// Runs a command so that even a panic ends as a fault with a reference.
fn guarded(line: Line) -> u8 {
    let log = Log::begin(&line.global.home);
    std::panic::set_hook(Box::new(|panic| tracing::error!(panic = %panic, "panic")));
    let mut out = Out::new(line.global.json);
    let work = std::panic::AssertUnwindSafe(|| -> Outcome<u8> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        // Large futures live on the heap, not on the stack of the thread that waits for them.
        runtime.block_on(Box::pin(run(line, &mut out)))
    });
    let ended = std::panic::catch_unwind(work).unwrap_or_else(|_| Err(Fault::new("a panic; see above it").into()));
    let code = ended.unwrap_or_else(|no| out.no(&no, &log.words()));
    if out.is_closed() && code == FAULT { DONE } else { code }
}

async fn run(line: Line, out: &mut Out) -> Outcome<u8> {
    let shop = Shop { global: line.global };
    let (answer, met) = watched(Box::pin(carry_out(&shop, line.command, out))).await;
    // What was refused before a command began stands in the trail too.
    if let (Err(_), Some(refusal)) = (&answer, met)
        && let Ok(open) = shop.open().await
    {
        note_met(&open.desk, &open.by, "command line", &refusal).await?;
    }
    answer
}

async fn carry_out(shop: &Shop, command: Command, out: &mut Out) -> Outcome<u8> {
    match command {
        Command::Init(ask) => homes::init(shop, ask, out).await,
        Command::Demo(ask) => serving::demo(shop, ask, out).await,
        Command::Serve(ask) => serving::serve(shop, ask).await,
        Command::Migrate => homes::migrate(shop, out).await,
        Command::User(ask) => people::user(shop, ask, out).await,
        Command::Settings(ask) => settings::settings(shop, ask, out).await,
        Command::Import(ask) => imports::import(shop, ask, out).await,
        Command::Inspect(ask) => inspect::inspect(ask, out).await,
        Command::Cash(ask) => cash::cash(shop, ask, out).await,
        Command::Dd(ask) => dd::dd(shop, ask, out).await,
        Command::Bank(ask) => bank::bank(shop, ask, out).await,
        Command::Cards(ask) => cards::cards(shop, ask, out).await,
        Command::Run(ask) => runs::run(shop, ask, out).await,
        Command::Letters(ask) => books::letters(shop, ask, out).await,
        Command::Pathway(ask) => pathways::pathway(shop, ask, out).await,
        Command::DatedRates(ask) => dated_rates::dated_rates(shop, ask, out).await,
        Command::DebtFact(ask) => debt_facts::debt_fact(shop, ask, out).await,
        Command::ContractFee(ask) => contract_fees::contract_fee(shop, ask, out).await,
        Command::Overpayment(ask) => taking_back::overpayment(shop, ask, out).await,
        Command::LetterTemplate(ask) => letter_templates::letter_template(shop, ask, out).await,
        Command::Backing(ask) => backing::backing(shop, ask, out).await,
        Command::Einvoice(ask) => einvoices::einvoice_of(shop, ask, out).await,
        Command::Report(ask) => reports::report(shop, ask, out).await,
        Command::Export(ask) => reports::export(shop, ask, out).await,
        Command::Explain(ask) => reports::explain(shop, ask, out).await,
        Command::Verify => reports::verify(shop, out).await,
        Command::Customer(ask) => rooms::customer(shop, ask, out).await,
        Command::Invoice(ask) => rooms::invoices(shop, ask, out).await,
        Command::Credit(ask) => rooms::credit(shop, ask, out).await,
        Command::Contracts(ask) => contracts::contracts(shop, ask, out).await,
        Command::Activity(ask) => activity::activity(shop, ask, out).await,
        Command::Uplift(ask) => uplifts::uplift(shop, ask, out).await,
        Command::Rates(ask) => contracts::rates(shop, ask, out).await,
        Command::Billing(ask) => contracts::billing(shop, ask, out).await,
        Command::Request(ask) => requests::request_of(shop, ask, out).await,
        Command::Feeder(ask) => feeders::feeder_of(shop, ask, out).await,
        Command::WriteOff(ask) => writeoff::write_off(shop, ask, out).await,
        Command::Approvals(ask) => rooms::approvals(shop, ask, out).await,
        Command::Query(ask) => queries::query(shop, ask, out).await,
        Command::Mail(ask) => mail::mail(shop, ask, out).await,
        Command::Notify(ask) => notify::notify(shop, ask, out).await,
        Command::ServiceNow(ask) => servicenow::servicenow(shop, ask, out).await,
        Command::Person(ask) => person::person(shop, ask, out).await,
        Command::Agency(ask) => agencies::agency(shop, ask, out).await,
        Command::Trace(ask) => agencies::trace(shop, ask, out).await,
        Command::Court(ask) => court::court(shop, ask, out).await,
        Command::Insolvency(ask) => court::insolvency(shop, ask, out).await,
        Command::Estate(ask) => court::estate(shop, ask, out).await,
        Command::Charge(ask) => court::charge(shop, ask, out).await,
        Command::Hold(ask) => rooms::hold(shop, ask, out).await,
        Command::Flag(ask) => rooms::flag(shop, ask, out).await,
        Command::Promise(ask) => rooms::promise(shop, ask, out).await,
        Command::Plan(ask) => plans::plans(shop, ask, out).await,
        Command::Gl(ask) => books::gl(shop, ask, out).await,
        Command::Close(ask) => books::close(shop, ask, out).await,
        Command::Listing(ask) => listing::listing(shop, ask, out).await,
        Command::Proof(ask) => proofs::proof(shop, ask, out).await,
        Command::Deposit(ask) => deposits::deposits(shop, ask, out).await,
        Command::PaymentTerms(ask) => deposits::payment_terms(shop, ask, out).await,
        Command::Vat(ask) => vat::vat(shop, ask, out).await,
        Command::Allowance(ask) => writeoff::allowance(shop, ask, out).await,
        Command::SecurityCode(ask) => writeoff::security_code(shop, ask, out).await,
        Command::StandingOrder(ask) => standing_orders::standing_order(shop, ask, out).await,
        Command::Story(ask) => stories::story(shop, ask, out).await,
        Command::Backup(ask) => copies::backup(shop, ask, out).await,
        Command::Restore(ask) => copies::restore(shop, ask, out).await,
    }
}

/// What the global options lead to: the home, the organisation and who is at the keyboard.
pub struct Shop {
    global: Global,
}

/// An open home with an organisation chosen.
pub struct Open {
    /// The desk.
    pub desk: Desk,
    /// The organisation.
    pub org: OrganisationRow,
    /// The person at this machine.
    pub by: Actor,
}

impl Shop {
    /// The home that was named.
    pub fn home(&self) -> Home {
        Home::at(&self.global.home, self.global.database.clone())
    }

    /// The home, open, with its organisation.
    ///
    /// # Errors
    /// As [`Home::open`] and [`home::organisation`].
    pub async fn open(&self) -> Outcome<Open> {
        let desk = self.desk().await?;
        let org = home::organisation(&desk, self.global.org.as_deref()).await?;
        let by = home::operator(&org);
        Ok(Open { desk, org, by })
    }

    /// The home, open, whatever organisations it has.
    ///
    /// # Errors
    /// As [`Home::open`].
    pub async fn desk(&self) -> Outcome<Desk> {
        self.home().open(self.global.today).await
    }

    /// The key given, or a fresh one.
    pub fn key(&self) -> String {
        self.global.key.clone().unwrap_or_else(|| format!("cli/{}", hex(&random_bytes::<16>())))
    }

    /// The key given, or one by which the same content is known again.
    pub fn key_of(&self, content: &str) -> String {
        self.global.key.clone().unwrap_or_else(|| content.to_owned())
    }
}

/// The log of the home, for operators.
struct Log {
    path: Option<PathBuf>,
}

impl Log {
    /// Begins to log in a home; without one, on the standard error.
    fn begin(home: &Path) -> Log {
        use tracing_subscriber::EnvFilter;
        let filter = || EnvFilter::try_from_env("SUNDRY_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
        let path = home.join("sundry.log");
        let file = home.join(crate::config::FILE).exists().then(|| {
            use std::os::unix::fs::OpenOptionsExt;
            std::fs::OpenOptions::new().create(true).append(true).mode(0o600).open(&path)
        });
        match file {
            Some(Ok(file)) => {
                let begun =
                    tracing_subscriber::fmt().json().with_env_filter(filter()).with_writer(std::sync::Mutex::new(file));
                let _ = begun.try_init();
                Log { path: Some(path) }
            }
            _ => {
                let begun = tracing_subscriber::fmt().with_env_filter(filter()).with_writer(std::io::stderr);
                let _ = begun.try_init();
                Log { path: None }
            }
        }
    }

    /// Where to look.
    fn words(&self) -> String {
        match &self.path {
            Some(path) => format!("{} has the rest.", path.display()),
            None => "The words above have the rest.".into(),
        }
    }
}

/// The bytes of a file named on the command line.
///
/// # Errors
/// Invalid, on the field named, when there is no such file or it cannot be read.
fn bytes_of(path: &Path, field: &str) -> Outcome<Vec<u8>> {
    file_bytes(path).map_err(|why| Invalid::field(field, why, path.display().to_string()).into())
}

/// The bytes of a file, or why there are none.
fn file_bytes(path: &Path) -> Result<Vec<u8>, String> {
    use std::io::Read;
    const LARGEST: u64 = 200 * 1024 * 1024;
    let file = std::fs::File::open(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => "There is no such file".to_owned(),
        _ => format!("This file cannot be opened: {e}"),
    })?;
    if file.metadata().is_ok_and(|what| what.is_dir()) {
        return Err("This is a folder, not a file".into());
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(|e| format!("This file cannot be read: {e}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err("This file is over 200 MB".into());
    }
    Ok(bytes)
}

/// Every command with its help, for the handbook.
pub fn definition() -> clap::Command {
    Line::command()
}

/// Ends a command that went well.
fn done() -> Outcome<u8> {
    Ok(DONE)
}
