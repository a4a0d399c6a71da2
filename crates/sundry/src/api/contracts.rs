//! Contracts, rate cards and the periodic run.
use super::answer::{Answer, List, begun, made, ok};
use super::problem::Problem;
use super::sent::{Asked, At, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own, post};
use crate::child;
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::billing::contracts::{
    self as desk_contracts, AddContract, ChangeRate, ContractsAsk, EndBreak, EndContract, LoadRateCard, NewCharge,
    NewPayer, NewRate, NewTerm, PauseContract, PrepareBillingRun, PreviewAsk, SetPayers, SetTerms, TurnBillingRun,
};
use sundry_desk::billing::feeders::behind_invoice;
use sundry_desk::billing::requests::request_behind;
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_store::contracts::{ContractOfList, RunInvoice};
use utoipa::ToSchema;

const ROOM: &str = "Contracts";
const RAISE: &[Duty] = &[Duty::RaiseInvoice];
const RELEASE: &[Duty] = &[Duty::ReleaseRuns];
const EITHER: &[Duty] = &[Duty::RaiseInvoice, Duty::ReleaseRuns];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let changed = desk::<desk_contracts::ContractChanged>;
    let table = table
        .add(
            get(ROOM, "/contracts", "list_contracts", "List contracts, newest first")
                .asks("service", Holds::Text, "Only of this service")
                .asks("customer", Holds::Text, "Only those that the customer with this number pays")
                .asks("service_user", Holds::Text, "Only of the service user with this reference")
                .asks("state", Holds::OneOf(&["running", "ended", "waiting"]), "Only those; waiting is to be billed")
                .paged(desk_list::<ContractOfList>),
            list,
        )
        .add(
            post(ROOM, "/contracts", "add_contract", "Open a contract")
                .needs(RAISE)
                .takes::<NewContract>()
                .gives(201, desk::<desk_contracts::ContractAdded>),
            add,
        )
        .add(
            get(ROOM, "/contracts/{number}", "get_contract", "Read a contract: charges, payers, bills, the next three")
                .gives(200, desk::<desk_contracts::ContractShown>),
            view,
        )
        .add(
            post(ROOM, "/contracts/{number}/end", "end_contract", "End a contract, move its end, or let it run on")
                .needs(RAISE)
                .takes::<ContractEnd>()
                .gives(200, changed),
            end,
        )
        .add(
            post(ROOM, "/contracts/{number}/breaks", "pause_contract", "Mark days not charged, or only in part")
                .needs(RAISE)
                .takes::<NewBreak>()
                .gives(200, changed),
            pause,
        )
        .add(
            post(ROOM, "/contracts/{number}/break-ends", "end_contract_break", "End a break, or take it back")
                .needs(RAISE)
                .takes::<BreakEnd>()
                .gives(200, changed),
            resume,
        )
        .add(
            post(ROOM, "/contracts/{number}/rates", "change_contract_rate", "Set a rate of the contract's own")
                .needs(RAISE)
                .takes::<NewContractRate>()
                .gives(200, changed),
            rate,
        )
        .add(
            post(ROOM, "/contracts/{number}/payers", "set_contract_payers", "Set who pays from a day on")
                .needs(RAISE)
                .takes::<NewContractPayers>()
                .gives(200, changed),
            payers,
        )
        .add(
            get(ROOM, "/invoices/{number}/evidence", "get_evidence", "What stands behind the lines of an invoice")
                .gives(200, own::<Evidence>),
            evidence,
        );
    run_rows(card_rows(table))
}

fn card_rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/rate-cards", "list_rate_cards", "List rate cards with their rates")
                .listed(desk_list::<desk_contracts::RateCardShown>),
            cards,
        )
        .add(
            post(ROOM, "/rate-cards", "load_rate_card", "Load rates into a rate card, all or none")
                .needs(RAISE)
                .takes::<NewRateCard>()
                .gives(200, desk::<desk_contracts::RateCardLoaded>),
            load,
        )
        .add(
            post(
                ROOM,
                "/imports/rate-cards",
                "import_rate_card",
                "Load a rate card from a workbook or CSV, all or none",
            )
            .needs(RAISE)
            .takes_file()
            .must("card", Holds::Text, "Code of the card")
            .asks("name", Holds::Text, "Name, for a new card")
            .must("reason", Holds::Text, "The decision behind the rates")
            .gives(200, desk::<desk_contracts::RateCardLoaded>),
            import,
        )
        .add(get(ROOM, "/terms", "list_terms", "List the terms that are dated").listed(desk_list::<NewTerm>), terms)
        .add(
            post(ROOM, "/terms", "set_terms", "Date terms")
                .needs(RAISE)
                .takes::<TermDates>()
                .gives(200, desk::<desk_contracts::TermsSet>),
            date_terms,
        )
}

fn run_rows(table: Table) -> Table {
    let turned = desk::<desk_contracts::BillingRunTurned>;
    table
        .add(
            get(
                ROOM,
                "/billing-preview",
                "preview_billing",
                "What a run would bill, and why it differs; nothing is kept",
            )
            .needs(EITHER)
            .must("up_to", Holds::Day, "What is due by this day")
            .asks("service", Holds::Text, "Only of this service")
            .asks("cycle", Holds::Text, "Only of this cycle")
            .asks("show", Holds::Whole(0, 500), "How many invoices to show line by line; none when not said")
            .gives(200, desk::<desk_contracts::BillingPreview>),
            preview,
        )
        .add(
            get(ROOM, "/billing-runs", "list_billing_runs", "List billing runs, newest first")
                .listed(desk_list::<desk_contracts::BillingRunShown>),
            runs,
        )
        .add(
            post(ROOM, "/billing-runs", "prepare_billing_run", "Prepare a run for release")
                .needs(RAISE)
                .takes::<NewBillingRun>()
                .gives(201, desk::<desk_contracts::BillingRunPrepared>),
            prepare,
        )
        .add(
            get(ROOM, "/billing-runs/{number}", "get_billing_run", "Read a run: progress, totals, what was left out")
                .gives(200, desk::<desk_contracts::BillingRunShown>),
            run,
        )
        .add(
            get(ROOM, "/billing-runs/{number}/invoices", "list_billing_run_invoices", "List the invoices of a run")
                .paged(desk_list::<RunInvoice>),
            invoices,
        )
        .add(
            post(
                ROOM,
                "/billing-runs/{number}/release",
                "release_billing_run",
                "Release a run, or let it go on, as a job",
            )
            .needs(RELEASE)
            .gives(202, desk::<sundry_desk::jobs::ask::JobAdded>),
            release,
        )
        .add(
            post(ROOM, "/billing-runs/{number}/stop", "stop_billing_run", "Stop a run after the piece it is at")
                .needs(RELEASE)
                .gives(200, turned),
            stop,
        )
        .add(
            post(ROOM, "/billing-runs/{number}/withdraw", "withdraw_billing_run", "Withdraw a run not released")
                .needs(EITHER)
                .gives(200, turned),
            withdraw,
        )
}

/// A charge of a contract: at a rate card's rate, or at one of its own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractCharge {
    /// What it is for; the rate card's words when not said.
    #[serde(default)]
    pub description: String,
    /// Code of a rate card; none for a rate of its own.
    #[serde(default)]
    pub card: String,
    /// The rate card's line.
    #[serde(default)]
    pub service_code: String,
    /// day, week, month, quarter, year, term, period or hour.
    #[serde(default)]
    pub unit: String,
    /// Pounds with up to four decimals: "182.35".
    #[serde(default)]
    pub rate: String,
    /// How many, with up to four decimals; of an hour, hours a week.
    #[serde(default)]
    pub quantity: String,
    /// S, R, Z, E or O.
    #[serde(default)]
    pub vat_code: String,
    /// Income code.
    #[serde(default)]
    pub income_code: String,
    /// The clause it rests on.
    #[serde(default)]
    pub clause: String,
    /// Whether what was delivered is charged, and not the plan.
    #[serde(default)]
    pub by_activity: bool,
    /// Of activity at most so many a week: "14".
    #[serde(default)]
    pub agreed: String,
}

/// A payer of a contract.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractPayer {
    /// Customer number.
    pub customer: String,
    /// "60%", "20.00" for each unit of the rate, or "rest".
    #[serde(default)]
    pub share: String,
    /// The charge it is for, from 1; every one when not said.
    #[serde(default)]
    pub line: Option<i64>,
    /// Takes the odd pennies.
    #[serde(default)]
    pub lead: bool,
    /// Their purchase order.
    #[serde(default)]
    pub po_number: String,
}

/// A contract.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContract {
    /// Reference of the service user in the case system, never a name.
    #[serde(default)]
    pub service_user: String,
    /// Service.
    #[serde(default)]
    pub service: String,
    /// Debt type.
    #[serde(default)]
    pub debt_type: String,
    /// Cost centre.
    #[serde(default)]
    pub cost_centre: String,
    /// weekly, four_weekly, four_weekly_long, monthly, quarter_days, scottish_quarter_days, quarterly, yearly or termly.
    pub cycle: String,
    /// Whether it is billed before the period.
    #[serde(default)]
    pub in_advance: bool,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, where it is known.
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// Whether the first day is not charged.
    #[serde(default)]
    pub skip_first_day: bool,
    /// Whether the last day, of discharge, is not charged.
    #[serde(default)]
    pub skip_last_day: bool,
    /// Days to pay; the customer's own when not said.
    #[serde(default)]
    pub terms_days: Option<i64>,
    /// The contract's own reference.
    #[serde(default)]
    pub reference: String,
    /// Its charges.
    pub lines: Vec<ContractCharge>,
    /// Who pays.
    pub payers: Vec<ContractPayer>,
}

/// The end of a contract.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractEnd {
    /// Last day; none lets it run on.
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// Days that are not charged, or only in part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBreak {
    /// suspension, absence or free.
    pub kind: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// Per cent still charged: "50"; nothing when not said.
    #[serde(default)]
    pub retained: String,
    /// Why.
    pub reason: String,
}

/// The end of a break.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakEnd {
    /// Which break.
    pub seq: i64,
    /// Its last day; none takes it back.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

/// A rate of a contract's own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContractRate {
    /// Which charge.
    #[schema(minimum = 1, maximum = 10_000)]
    pub line: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Pounds with up to four decimals.
    pub rate: String,
    /// The decision behind it.
    pub reason: String,
}

/// All who pay from a day on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContractPayers {
    /// First day.
    pub from_on: NaiveDate,
    /// Who pays.
    pub payers: Vec<ContractPayer>,
    /// Why.
    pub reason: String,
}

/// A dated rate of a card.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardRate {
    /// Service code.
    pub service_code: String,
    /// What it is for.
    pub description: String,
    /// day, week, month, quarter, year, term, period or hour.
    pub unit: String,
    /// Pounds with up to four decimals.
    pub rate: String,
    /// S, R, Z, E or O.
    pub vat_code: String,
    /// Income code; the organisation's first when not said.
    #[serde(default)]
    pub income_code: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day, where it is known.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
}

/// Rates for a rate card.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRateCard {
    /// Code.
    pub code: String,
    /// Name; needed for a new card.
    #[serde(default)]
    pub name: String,
    /// The decision behind the rates.
    pub reason: String,
    /// The rates.
    pub rates: Vec<CardRate>,
}

/// A term.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermDate {
    /// Name.
    pub name: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

/// Terms to date.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TermDates {
    /// The terms.
    pub terms: Vec<TermDate>,
}

/// A run to prepare.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBillingRun {
    /// What is due by this day.
    pub up_to: NaiveDate,
    /// Only of this service.
    #[serde(default)]
    pub service: String,
    /// Only of this cycle.
    #[serde(default)]
    pub cycle: String,
}

/// What stands behind a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceLine {
    /// The contract.
    pub contract: String,
    /// Which charge of it.
    pub line: i64,
    /// The invoice's line.
    pub document_line: Option<i64>,
    /// What it is for.
    pub description: String,
    /// charge or adjustment.
    pub kind: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Before VAT.
    pub net_pence: i64,
    /// How it was worked out.
    pub words: String,
    /// How it was worked out before, for an adjustment.
    pub was_words: String,
    /// The clause it rests on.
    pub clause: String,
    /// Where the rate comes from.
    pub source: String,
    /// Lines of activity behind it.
    pub activity: Vec<EvidenceActivity>,
}

/// A line of activity behind a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceActivity {
    /// Number.
    pub number: String,
    /// Its reference in the system it comes from.
    pub reference: String,
    /// Service.
    pub service: String,
    /// Reference of the service user.
    pub service_user: String,
    /// What is counted.
    pub unit: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// How many.
    pub quantity: String,
    /// What it came to, for all payers together.
    pub priced_pence: i64,
}

/// What stands behind the lines of an invoice.
#[derive(Debug, Serialize, ToSchema)]
pub struct Evidence {
    /// In the order of the invoice.
    pub lines: Vec<EvidenceLine>,
    /// The rows of feeder files behind its lines.
    pub sent: Vec<EvidenceSent>,
    /// The request that it came from.
    pub request: Option<String>,
}

/// A row of a feeder's file behind a line.
#[derive(Debug, Serialize, ToSchema)]
pub struct EvidenceSent {
    /// The invoice's line.
    pub line: i64,
    /// The feeder.
    pub feeder: String,
    /// The file.
    pub file: String,
    /// Row as a spreadsheet numbers it.
    pub row: i64,
    /// The sender's number of the charge.
    pub reference: String,
    /// The sender's document.
    pub document: String,
    /// Pounds, as sent.
    pub amount_pence: i64,
}

fn payer(new: ContractPayer) -> NewPayer {
    NewPayer { customer: new.customer, share: new.share, line: new.line, lead: new.lead, po_number: new.po_number }
}

fn charge(new: ContractCharge) -> NewCharge {
    NewCharge {
        description: new.description,
        card: new.card,
        service_code: new.service_code,
        unit: new.unit,
        rate: new.rate,
        quantity: new.quantity,
        vat_code: new.vat_code,
        income_code: new.income_code,
        clause: new.clause,
        by_activity: new.by_activity,
        agreed: new.agreed,
    }
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let after = asked.text("after");
    let say = "Send the `next` of the page before";
    let before = match after.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Problem::from(vec![Invalid::field("after", say, text)]))?),
    };
    let ask = ContractsAsk {
        service: asked.text("service"),
        customer: asked.text("customer"),
        service_user: asked.text("service_user"),
        state: asked.text("state"),
        before,
        limit: Some(asked.limit()),
    };
    let page = desk_contracts::contracts_list(&doors.desk, &by.0, ask).await?;
    let next = page.next.map(|next| next.to_string());
    List { next, ..List::whole("Contracts", page.rows) }.send(&asked, &by, doors.desk.today())
}

async fn add(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewContract>) -> Answer {
    let ask = AddContract {
        key,
        service_user: new.service_user,
        service: new.service,
        debt_type: new.debt_type,
        cost_centre: new.cost_centre,
        cycle: new.cycle,
        in_advance: new.in_advance,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        skip_first_day: new.skip_first_day,
        skip_last_day: new.skip_last_day,
        terms_days: new.terms_days,
        reference: new.reference,
        lines: new.lines.into_iter().map(charge).collect(),
        payers: new.payers.into_iter().map(payer).collect(),
    };
    let added = desk_contracts::add_contract(&doors.desk, &by.0, ask).await?;
    made(&format!("contracts/{}", added.number), &added)
}

async fn view(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_contracts::contract(&doors.desk, &by.0, &number).await?)
}

async fn end(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<ContractEnd>,
) -> Answer {
    let ask = EndContract { key, number, ends_on: new.ends_on, reason: new.reason };
    ok(&desk_contracts::end_contract(&doors.desk, &by.0, ask).await?)
}

async fn pause(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewBreak>,
) -> Answer {
    let NewBreak { kind, from_on, to_on, retained, reason } = new;
    let ask = PauseContract { key, number, kind, from_on, to_on, retained, reason };
    ok(&desk_contracts::pause_contract(&doors.desk, &by.0, ask).await?)
}

async fn resume(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<BreakEnd>,
) -> Answer {
    let ask = EndBreak { key, number, seq: new.seq, to_on: new.to_on, reason: new.reason };
    ok(&desk_contracts::end_contract_break(&doors.desk, &by.0, ask).await?)
}

async fn rate(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewContractRate>,
) -> Answer {
    let NewContractRate { line, from_on, rate, reason } = new;
    let ask = ChangeRate { key, number, line, from_on, rate, reason };
    ok(&desk_contracts::change_contract_rate(&doors.desk, &by.0, ask).await?)
}

async fn payers(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewContractPayers>,
) -> Answer {
    let payers = new.payers.into_iter().map(payer).collect();
    let ask = SetPayers { key, number, from_on: new.from_on, payers, reason: new.reason };
    ok(&desk_contracts::set_contract_payers(&doors.desk, &by.0, ask).await?)
}

fn activity(one: sundry_store::activity::ActivityBehind) -> EvidenceActivity {
    EvidenceActivity {
        number: one.number,
        reference: one.reference,
        service: one.service,
        service_user: one.service_user,
        unit: one.unit,
        from_on: one.from_on,
        to_on: one.to_on,
        quantity: sundry_desk::billing::activity::quantity_words(one.quantity_e4),
        priced_pence: one.priced_pence,
    }
}

async fn evidence(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let line = |one: desk_contracts::ChargeSeen| EvidenceLine {
        contract: one.contract,
        line: one.line,
        document_line: one.document_line,
        description: one.description,
        kind: one.kind,
        from_on: one.from_on,
        to_on: one.to_on,
        net_pence: one.net_pence,
        words: one.words,
        was_words: one.was_words,
        clause: one.clause,
        source: one.source,
        activity: one.activity.into_iter().map(activity).collect(),
    };
    let seen = desk_contracts::evidence(&doors.desk, &by.0, &number).await?;
    let sent = |one: sundry_store::feeders::rows::BehindLine| EvidenceSent {
        line: one.line,
        feeder: one.feeder,
        file: one.file,
        row: one.row_number,
        reference: one.reference,
        document: one.document,
        amount_pence: one.amount_pence,
    };
    let rows = behind_invoice(&doors.desk, &by.0, &number).await?;
    let request = request_behind(&doors.desk, &by.0, &number).await?.map(|one| one.number);
    ok(&Evidence { lines: seen.into_iter().map(line).collect(), sent: rows.into_iter().map(sent).collect(), request })
}

async fn cards(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_contracts::rate_cards(&doors.desk, &by.0).await?;
    List::whole("Rate cards", rows).send(&asked, &by, doors.desk.today())
}

async fn load(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewRateCard>) -> Answer {
    let rate = |rate: CardRate| NewRate {
        service_code: rate.service_code,
        description: rate.description,
        unit: rate.unit,
        rate: rate.rate,
        vat_code: rate.vat_code,
        income_code: rate.income_code,
        from_on: Some(rate.from_on),
        to_on: rate.to_on,
    };
    let ask = LoadRateCard {
        key,
        code: new.code,
        name: new.name,
        reason: new.reason,
        rates: new.rates.into_iter().map(rate).collect(),
        file_name: String::new(),
        file: None,
    };
    ok(&desk_contracts::load_rate_card(&doors.desk, &by.0, ask).await?)
}

async fn import(State(doors): State<Shared>, by: By, asked: Asked, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    let (code, name, reason) = (asked.text("card"), asked.text("name"), asked.text("reason"));
    let file = Some(child::as_table(bytes).await?);
    let ask = LoadRateCard { key, code, name, reason, rates: Vec::new(), file_name, file };
    ok(&desk_contracts::load_rate_card(&doors.desk, &by.0, ask).await?)
}

async fn terms(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_contracts::terms(&doors.desk, &by.0).await?;
    List::whole("Terms", rows).send(&asked, &by, doors.desk.today())
}

async fn date_terms(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<TermDates>) -> Answer {
    let term = |term: TermDate| NewTerm { name: term.name, starts_on: term.starts_on, ends_on: term.ends_on };
    let ask = SetTerms { key, terms: new.terms.into_iter().map(term).collect() };
    ok(&desk_contracts::set_terms(&doors.desk, &by.0, ask).await?)
}

async fn preview(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = PreviewAsk {
        up_to: asked.day("up_to").unwrap_or_else(|| doors.desk.today()),
        service: asked.text("service"),
        cycle: asked.text("cycle"),
        show: asked.whole("show").and_then(|show| usize::try_from(show).ok()).unwrap_or(0),
    };
    ok(&desk_contracts::preview_billing(&doors.desk, &by.0, ask).await?)
}

async fn runs(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_contracts::billing_runs(&doors.desk, &by.0).await?;
    List::whole("Billing runs", rows).send(&asked, &by, doors.desk.today())
}

async fn prepare(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewBillingRun>) -> Answer {
    let ask = PrepareBillingRun { key, up_to: new.up_to, service: new.service, cycle: new.cycle };
    let prepared = desk_contracts::prepare_billing_run(&doors.desk, &by.0, ask).await?;
    made(&format!("billing-runs/{}", prepared.number), &prepared)
}

async fn run(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_contracts::billing_run(&doors.desk, &by.0, &number).await?)
}

async fn invoices(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let after = asked.text("after").parse().unwrap_or(0);
    let limit = asked.limit();
    let mut rows = desk_contracts::billing_run_invoices(&doors.desk, &by.0, &number, (after, limit + 1)).await?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let next = rows.last().filter(|_| more).map(|last| last.id.to_string());
    List { next, ..List::whole("Invoices of a run", rows) }.send(&asked, &by, doors.desk.today())
}

async fn release(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    let run = desk_contracts::billing_run(&doors.desk, &by.0, &number).await?;
    let request = serde_json::json!({ "number": run.number });
    let dedupe_key = format!("billing run {} {key}", run.number);
    let job = add_job(&doors.desk, &by.0, AddJob { key, kind: "bill_contracts".into(), dedupe_key, request }).await?;
    begun(&format!("jobs/{}", job.job), &job)
}

async fn stop(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    ok(&desk_contracts::stop_billing_run(&doors.desk, &by.0, TurnBillingRun { key, number }).await?)
}

async fn withdraw(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    ok(&desk_contracts::withdraw_billing_run(&doors.desk, &by.0, TurnBillingRun { key, number }).await?)
}
