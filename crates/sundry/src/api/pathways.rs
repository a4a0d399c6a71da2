//! Pathways on their way from a draft to a version in force: checks, simulation, choices and trials.
use super::answer::{Answer, List, begun, made, ok};
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Table, desk, desk_list, get, own, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sundry_desk::customers::customer_account;
use sundry_desk::jobs::ask::{AddJob, JobAdded, add_job};
use sundry_desk::recovery::pathways::{
    self as desk_pathways, AskForPathway, AskedForPathway, ChoosePathway, EndPathwayChoice, EndTrial, PathwayChosen,
    PathwaySaved, PathwaySimulation, SavePathwayDraft, StartTrial, TrialAsked, WithdrawPathwayDraft,
};
use sundry_desk::recovery::{PathwayDraft, pathway_draft};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::refusal::Invalid;
use sundry_store::recovery::pathways::{ChoiceRow, StandingChoiceRow};
use utoipa::ToSchema;

const ROOM: &str = "Recovery";
const LOOK: &[Duty] = &[Duty::View, Duty::ManageSettings, Duty::ApproveSettings, Duty::ReadAudit];
const EDIT: &[Duty] = &[Duty::ManageSettings];

/// The rows of pathways as they are edited.
pub fn rows(table: Table) -> Table {
    choosing(drafting(table))
}

fn drafting(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/pathway-drafts/{code}", "get_pathway_draft", "Read the draft of a pathway")
                .needs(LOOK)
                .gives(200, own::<PathwayDraftRead>),
            read,
        )
        .add(
            post(ROOM, "/pathway-drafts/{code}", "save_pathway_draft", "Write a draft of a pathway, or change it")
                .replaces()
                .needs(EDIT)
                .takes::<PathwayDraftSent>()
                .gives(200, desk::<PathwaySaved>),
            save,
        )
        .add(
            get(
                ROOM,
                "/pathway-drafts/{code}/checks",
                "check_pathway_draft",
                "Check a draft: form, law, letters, pace, and what trying it found",
            )
            .needs(LOOK)
            .listed(own_list::<PathwayCheckRead>),
            check,
        )
        .add(
            post(
                ROOM,
                "/pathway-drafts/{code}/simulations",
                "simulate_pathway",
                "Try a draft on the live book, or over last year: a job does it",
            )
            .needs(EDIT)
            .takes::<PathwayTrySent>()
            .gives(202, desk::<JobAdded>),
            simulate,
        )
        .add(
            get(ROOM, "/pathway-drafts/{code}/simulations", "list_pathway_simulations", "What trying a pathway found")
                .needs(LOOK)
                .listed(own_list::<PathwayTried>),
            simulations,
        )
        .add(
            post(
                ROOM,
                "/pathway-drafts/{code}/request",
                "ask_for_pathway",
                "Send the draft of a pathway for someone else's yes",
            )
            .needs(EDIT)
            .takes::<PathwayRequest>()
            .gives(200, desk::<AskedForPathway>),
            ask,
        )
        .add(
            post(ROOM, "/pathway-drafts/{code}/withdraw", "withdraw_pathway_draft", "Take the draft of a pathway back")
                .needs(EDIT)
                .gives(200, own::<PathwayWithdrawn>),
            withdraw,
        )
}

fn choosing(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/pathway-choices",
                "list_chosen_pathways",
                "Every account and debt on another pathway by choice",
            )
            .needs(&[Duty::View])
            .listed(desk_list::<StandingChoiceRow>),
            standing,
        )
        .add(
            get(ROOM, "/customers/{number}/pathway-choices", "list_pathway_choices", "Pathways chosen for a customer")
                .needs(&[Duty::View])
                .listed(desk_list::<ChoiceRow>),
            choices,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/pathway-choices",
                "choose_pathway",
                "Put an account, or a debt, on another pathway, and say why",
            )
            .needs(&[Duty::WorkCases])
            .takes::<NewPathwayChoice>()
            .gives(201, desk::<PathwayChosen>),
            choose,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/pathway-choices/end",
                "end_pathway_choice",
                "Let an account, or a debt, go on with its own pathway",
            )
            .needs(&[Duty::WorkCases])
            .takes::<PathwayChoiceEnd>()
            .gives(200, own::<PathwayChoiceEnded>),
            end_choice,
        )
        .add(
            get(
                ROOM,
                "/pathway-trials",
                "list_pathway_trials",
                "Random splits between two pathways, with their results",
            )
            .needs(LOOK)
            .listed(own_list::<PathwayTrialRead>),
            trials,
        )
        .add(
            post(ROOM, "/pathway-trials", "start_pathway_trial", "Ask to compare two pathways on a random split")
                .needs(EDIT)
                .takes::<NewPathwayTrial>()
                .gives(201, desk::<TrialAsked>),
            start,
        )
        .add(
            post(ROOM, "/pathway-trials/{number}/end", "end_pathway_trial", "End a random split before its time")
                .needs(EDIT)
                .gives(200, own::<PathwayTrialEnded>),
            end_trial,
        )
}

/// A draft of a pathway, as it is to be.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PathwayDraftSent {
    /// What was read of the draft; 0 where there is none yet.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub changes: i64,
    /// For people.
    pub name: String,
    /// For a manager: for whom it is, and why its days are what they are.
    #[serde(default)]
    pub words: String,
    /// Whose debts it is for: rank, conditions, services.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub applies: Value,
    /// Cases that began on an earlier version go on with this one.
    #[serde(default)]
    pub moves_open: bool,
    /// The steps in order, as `get_pathway` shows them.
    #[schema(value_type = Vec<Object>)]
    pub steps: Value,
}

/// A draft of a pathway, as it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathwayDraftRead {
    /// Code.
    pub code: String,
    /// The version it would be.
    pub version: i32,
    /// Name.
    pub name: String,
    /// For a manager.
    pub words: String,
    /// Whose debts it is for.
    #[schema(value_type = Object)]
    pub applies: Value,
    /// Cases that began go on with it.
    pub moves_open: bool,
    /// The steps in order.
    #[schema(value_type = Vec<Object>)]
    pub steps: Value,
    /// draft or asked.
    pub state: String,
    /// Give this back when changing it.
    pub changes: i64,
    /// Hash of the steps.
    pub content_hash: String,
    /// From when it is to be in force.
    pub live_from: Option<NaiveDate>,
    /// The approval it waits for; may be empty.
    pub approval: String,
    /// Why it was turned down; empty when it was not.
    pub turned_down: String,
    /// Who wrote it last.
    pub drafted_by: String,
}

/// One thing that was checked.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathwayCheckRead {
    /// passed, look or fix; a fix stands in the way of approval.
    pub verdict: String,
    /// What was found.
    pub words: String,
}

/// How a draft is tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PathwayTrySent {
    /// live: the book from today on; replay: last year's invoices and payments.
    pub kind: String,
}

/// What trying a draft found.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathwayTried {
    /// The version it would be.
    pub version: i64,
    /// Hash of the steps that were tried.
    pub content_hash: String,
    /// live or replay.
    pub kind: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// Customers read.
    pub customers: i64,
    /// Debts read.
    pub debts: i64,
    /// Debts that would be on the draft.
    pub on_draft: i64,
    /// Debts that would skip a step.
    pub skips: i64,
    /// Debts whose next step changes.
    pub changes: i64,
    /// As things are: letters, texts, calls, tasks, cost, cash, customers, by step and week.
    #[schema(value_type = Object)]
    pub live: Value,
    /// The same with the draft in its place.
    #[schema(value_type = Object)]
    pub draft: Value,
    /// The first of the debts whose next step changes, at most a thousand.
    #[schema(value_type = Vec<Object>)]
    pub sample: Value,
    /// Pathways of the same rank that would take the same debts: by code, how many accounts.
    #[schema(value_type = Object)]
    pub clashes: Value,
}

/// Asking for a yes to a draft.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PathwayRequest {
    /// What was read of the draft.
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub changes: i64,
    /// First day; the first possible when not said.
    #[serde(default)]
    pub live_from: Option<NaiveDate>,
}

/// A draft that was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathwayWithdrawn {
    /// The pathway.
    pub withdrawn: String,
}

/// A pathway chosen for an account or a debt.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPathwayChoice {
    /// The pathway.
    pub code: String,
    /// Why not its own.
    pub reason: String,
    /// Number of the invoice; the whole account when empty.
    #[serde(default)]
    pub invoice: String,
    /// The last day on which it holds; it does not end by itself when not said.
    #[serde(default)]
    pub until_on: Option<NaiveDate>,
}

/// A choice that is to end.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PathwayChoiceEnd {
    /// Number of the invoice; the whole account when empty.
    #[serde(default)]
    pub invoice: String,
}

/// A choice that ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathwayChoiceEnded {
    /// Number of the customer.
    pub customer: String,
}

/// A random split.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPathwayTrial {
    /// The pathway that debts would begin on.
    pub champion: String,
    /// The one that a share of the customers begins on.
    pub challenger: String,
    /// The share.
    #[schema(minimum = 1, maximum = 99)]
    pub share_percent: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// What is to be learnt.
    pub reason: String,
}

/// A random split with its result so far.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathwayTrialRead {
    /// Number.
    pub number: String,
    /// The split.
    #[schema(value_type = Object)]
    pub trial: Value,
    /// The pathway as it is.
    #[schema(value_type = Object)]
    pub champion: Value,
    /// The one it is compared with.
    #[schema(value_type = Object)]
    pub challenger: Value,
    /// The difference and how sure it is, in words.
    pub says: String,
}

/// A random split that ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct PathwayTrialEnded {
    /// Number.
    pub ended: String,
}

fn parsed<T: DeserializeOwned>(field: &str, value: Value) -> Outcome<T> {
    serde_json::from_value(value).map_err(|why| Invalid::field(field, format!("It cannot be read: {why}"), "").into())
}

fn shown(draft: PathwayDraft) -> Outcome<PathwayDraftRead> {
    Ok(PathwayDraftRead {
        applies: serde_json::to_value(&draft.pathway.applies)?,
        steps: serde_json::to_value(&draft.pathway.steps)?,
        code: draft.pathway.code,
        version: draft.pathway.version,
        name: draft.pathway.name,
        words: draft.pathway.words,
        moves_open: draft.pathway.moves_open,
        state: draft.state,
        changes: draft.changes,
        content_hash: draft.content_hash,
        live_from: draft.live_from,
        approval: draft.approval,
        turned_down: draft.turned_down,
        drafted_by: draft.drafted_by_name,
    })
}

async fn read(State(doors): State<Shared>, by: By, At(code): At) -> Answer {
    let draft = pathway_draft(&doors.desk, &by.0, &code).await?;
    ok(&shown(draft.ok_or_else(|| No::Absent(format!("draft of pathway {code}")))?)?)
}

async fn save(
    State(doors): State<Shared>,
    by: By,
    At(code): At,
    Key(key): Key,
    Sent(sent): Sent<PathwayDraftSent>,
) -> Answer {
    let applies = if sent.applies.is_null() { json!({}) } else { sent.applies };
    let ask = SavePathwayDraft {
        key,
        code,
        changes: sent.changes,
        name: sent.name,
        words: sent.words,
        applies: parsed("applies", applies)?,
        moves_open: sent.moves_open,
        steps: parsed("steps", sent.steps)?,
    };
    ok(&desk_pathways::save_pathway_draft(&doors.desk, &by.0, ask).await?)
}

async fn check(State(doors): State<Shared>, by: By, At(code): At, asked: Asked) -> Answer {
    let checks = desk_pathways::check_pathway_draft(&doors.desk, &by.0, &code).await?;
    let rows: Vec<PathwayCheckRead> = checks
        .into_iter()
        .map(|one| PathwayCheckRead { verdict: one.verdict.as_str().into(), words: one.words })
        .collect();
    List::whole("Checks", rows).send(&asked, &by, doors.desk.today())
}

async fn simulate(
    State(doors): State<Shared>,
    by: By,
    At(code): At,
    Key(key): Key,
    Sent(sent): Sent<PathwayTrySent>,
) -> Answer {
    if !["live", "replay"].contains(&sent.kind.as_str()) {
        return Err(No::from(Invalid::field("kind", "Choose live or replay", &sent.kind)).into());
    }
    let draft = pathway_draft(&doors.desk, &by.0, &code).await?;
    let draft = draft.ok_or_else(|| No::Absent(format!("draft of pathway {code}")))?;
    let today = doors.desk.today();
    let ask = AddJob {
        key,
        kind: "simulate_pathway".into(),
        // The same steps on the same day are tried once.
        dedupe_key: format!("simulate_pathway/{code}/{}/{}/{today}", sent.kind, draft.changes),
        request: json!({ "code": code, "kind": sent.kind }),
    };
    let job = add_job(&doors.desk, &by.0, ask).await?;
    begun(&format!("jobs/{}", job.job), &job)
}

async fn simulations(State(doors): State<Shared>, by: By, At(code): At, asked: Asked) -> Answer {
    let found = desk_pathways::simulations(&doors.desk, &by.0, &code).await?;
    let row = |one: PathwaySimulation| -> Outcome<PathwayTried> {
        Ok(PathwayTried {
            live: serde_json::to_value(&one.live)?,
            draft: serde_json::to_value(&one.draft)?,
            sample: serde_json::to_value(&one.sample)?,
            clashes: serde_json::to_value(&one.clashes)?,
            version: one.version,
            content_hash: one.content_hash,
            kind: one.kind,
            from_on: one.from_on,
            until_on: one.until_on,
            customers: one.customers,
            debts: one.debts,
            on_draft: one.on_draft,
            skips: one.skips,
            changes: one.changes,
        })
    };
    let rows: Outcome<Vec<PathwayTried>> = found.into_iter().map(row).collect();
    List::whole("Simulations", rows?).send(&asked, &by, doors.desk.today())
}

async fn ask(
    State(doors): State<Shared>,
    by: By,
    At(code): At,
    Key(key): Key,
    Sent(sent): Sent<PathwayRequest>,
) -> Answer {
    let ask = AskForPathway { key, code, changes: sent.changes, live_from: sent.live_from };
    ok(&desk_pathways::ask_for_pathway(&doors.desk, &by.0, ask).await?)
}

async fn withdraw(State(doors): State<Shared>, by: By, At(code): At, Key(key): Key) -> Answer {
    let ask = WithdrawPathwayDraft { key, code: code.clone() };
    desk_pathways::withdraw_pathway_draft(&doors.desk, &by.0, ask).await?;
    ok(&PathwayWithdrawn { withdrawn: code })
}

/// The customer of a number, and the open item of an invoice of theirs; none for the whole account.
async fn whose(doors: &Shared, by: &By, number: &str, invoice: &str) -> Outcome<(CustomerId, Option<ItemId>)> {
    let account = customer_account(&doors.desk, &by.0, number).await?;
    let customer = CustomerId(account.customer.id);
    if invoice.trim().is_empty() {
        return Ok((customer, None));
    }
    let found = account.items.iter().find(|item| item.number == invoice.trim());
    let found = found.ok_or_else(|| No::Absent(format!("invoice {invoice}")))?;
    Ok((customer, Some(ItemId(found.item))))
}

async fn standing(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_pathways::standing_choices(&doors.desk, &by.0).await?;
    List::whole("Chosen pathways", rows).send(&asked, &by, doors.desk.today())
}

async fn choices(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let (customer, _) = whose(&doors, &by, &number, "").await?;
    let rows = desk_pathways::pathway_choices(&doors.desk, &by.0, customer).await?;
    List::whole("Chosen pathways", rows).send(&asked, &by, doors.desk.today())
}

async fn choose(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<NewPathwayChoice>,
) -> Answer {
    let (customer, item) = whose(&doors, &by, &number, &sent.invoice).await?;
    let ask = ChoosePathway { key, customer, item, code: sent.code, reason: sent.reason, until_on: sent.until_on };
    let chosen = desk_pathways::choose_pathway(&doors.desk, &by.0, ask).await?;
    made(&format!("customers/{number}/pathway-choices"), &chosen)
}

async fn end_choice(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<PathwayChoiceEnd>,
) -> Answer {
    let (customer, item) = whose(&doors, &by, &number, &sent.invoice).await?;
    desk_pathways::end_pathway_choice(&doors.desk, &by.0, EndPathwayChoice { key, customer, item }).await?;
    ok(&PathwayChoiceEnded { customer: number })
}

async fn trials(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let found = desk_pathways::trials(&doors.desk, &by.0).await?;
    let row = |one: desk_pathways::TrialShown| -> Outcome<PathwayTrialRead> {
        Ok(PathwayTrialRead {
            number: one.trial.number.clone(),
            trial: serde_json::to_value(&one.trial)?,
            champion: serde_json::to_value(one.champion)?,
            challenger: serde_json::to_value(one.challenger)?,
            says: one.says,
        })
    };
    let rows: Outcome<Vec<PathwayTrialRead>> = found.into_iter().map(row).collect();
    List::whole("Trials", rows?).send(&asked, &by, doors.desk.today())
}

async fn start(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<NewPathwayTrial>) -> Answer {
    let ask = StartTrial {
        key,
        champion: sent.champion,
        challenger: sent.challenger,
        share_percent: sent.share_percent,
        from_on: sent.from_on,
        until_on: sent.until_on,
        reason: sent.reason,
    };
    let asked = desk_pathways::start_trial(&doors.desk, &by.0, ask).await?;
    made(&format!("approvals/{}", asked.approval), &asked)
}

async fn end_trial(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    desk_pathways::end_trial(&doors.desk, &by.0, EndTrial { key, number: number.clone() }).await?;
    ok(&PathwayTrialEnded { ended: number })
}
