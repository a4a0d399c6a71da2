//! The matcher: its settings with their measured error, its lessons, the order of allocation, remittance advice.
use super::answer::{Answer, List, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent, numbered};
use super::table::{Holds, Table, desk, desk_list, get, own_list, post};
use crate::child;
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::cash::allocation_order::{
    AllocationOrderSet, DatedOrder, ProposedOrder, SetAllocationOrder, allocation_orders, proposed_order,
    set_allocation_order,
};
use sundry_desk::cash::lessons::{ForgetLesson, LessonForgotten, forget_lesson, lessons};
use sundry_desk::cash::match_policy::{MatchPolicy, MatchPolicySet, SetMatchPolicy, match_policy, set_match_policy};
use sundry_desk::cash::remittance::{
    ApplyRemittance, RemittanceApplied, RemittanceFile, RemittanceRead, apply_remittance, read_remittance, remittances,
};
use sundry_domain::cash::order::{First, OrderPolicy};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use utoipa::ToSchema;

const ROOM: &str = "Cash";
const LOOKS: &[Duty] = &[Duty::View, Duty::ManageSettings];
const SETS: &[Duty] = &[Duty::ManageSettings];
const POSTS: &[Duty] = &[Duty::PostCash];

/// The rows of the matcher.
pub fn rows(table: Table) -> Table {
    let table = table
        .add(
            get(ROOM, "/cash/policy", "get_match_policy", "When the matcher posts, and the error measured there")
                .needs(LOOKS)
                .gives(200, desk::<MatchPolicy>),
            policy,
        )
        .add(
            post(ROOM, "/cash/policy", "set_match_policy", "Set when the matcher posts without a person")
                .needs(SETS)
                .takes::<NewMatchPolicy>()
                .gives(200, desk::<MatchPolicySet>),
            set_policy,
        )
        .add(
            get(ROOM, "/cash/lessons", "list_lessons", "What the matcher has learned, newest first")
                .paged(own_list::<Lesson>),
            learned,
        )
        .add(
            post(ROOM, "/cash/lessons/{lesson}/forget", "forget_lesson", "Forget a lesson")
                .needs(POSTS)
                .gives(200, desk::<LessonForgotten>),
            forget,
        )
        .add(
            get(ROOM, "/cash/order", "list_allocation_orders", "In which order money is allocated")
                .needs(LOOKS)
                .listed(desk_list::<DatedOrder>),
            orders,
        )
        .add(
            post(ROOM, "/cash/order", "set_allocation_order", "Set the order of allocation from a day on")
                .needs(SETS)
                .takes::<NewAllocationOrder>()
                .gives(200, desk::<AllocationOrderSet>),
            set_order,
        )
        .add(
            get(ROOM, "/cash/order/proposal", "propose_allocation", "What the order would do with a sum")
                .must("customer", Holds::Text, "Customer number")
                .must("amount_pence", Holds::Whole(1, sundry_domain::money::LARGEST.0), "The sum in pence")
                .asks("named", Holds::Text, "Items the payer named, with commas between")
                .gives(200, desk::<ProposedOrder>),
            proposal,
        );
    advice_rows(table)
}

fn advice_rows(table: Table) -> Table {
    table
        .add(
            post(ROOM, "/receipts/{number}/remittance/read", "read_remittance", "Read remittance advice; keep nothing")
                .takes_file()
                .looks_only()
                .asks("file_name", Holds::Text, "Name of the file; its ending says what it is")
                .gives(200, desk::<RemittanceRead>),
            read,
        )
        .add(
            post(ROOM, "/receipts/{number}/remittance", "apply_remittance", "Allocate as remittance advice says")
                .needs(POSTS)
                .takes_file()
                .asks("file_name", Holds::Text, "Name of the file; its ending says what it is")
                .asks("keep_rest", Holds::Flag, "What the advice does not explain stays on the account")
                .gives(200, desk::<RemittanceApplied>),
            apply,
        )
        .add(
            get(ROOM, "/receipts/{number}/remittances", "list_remittances", "Remittance advice applied to a receipt")
                .listed(own_list::<Advice>),
            applied,
        )
}

/// When the matcher posts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMatchPolicy {
    /// A match at least so sure is posted without a person, in parts per million: one of those that are measured.
    pub certain_ppm: i64,
    /// A suggestion at least so sure can be accepted with others.
    pub accept_ppm: i64,
    /// Differences up to this much are cleared by rule; nothing when not said.
    #[serde(default)]
    pub tolerance_pence: i64,
}

/// An order of allocation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAllocationOrder {
    /// Type of debt; every other when not said.
    #[serde(default)]
    pub debt_type: String,
    /// From when.
    pub from_on: NaiveDate,
    /// `oldest_due`, `smallest`, `largest` or `newest_due`.
    pub first: String,
    /// An item that is exactly the money goes before all.
    #[serde(default)]
    pub exact_first: bool,
    /// What is overdue goes before what is not due.
    #[serde(default)]
    pub overdue_first: bool,
    /// Interest and costs go first, as the contract says.
    #[serde(default)]
    pub interest_first: bool,
    /// An item may be paid in part.
    #[serde(default)]
    pub in_part: bool,
    /// Why.
    pub reason: String,
}

/// A lesson.
#[derive(Debug, Serialize, ToSchema)]
pub struct Lesson {
    /// Its id, for forgetting it.
    pub id: i64,
    /// account, name or wording.
    pub kind: String,
    /// What the bank says; of an account its last digits.
    pub said: String,
    /// Customer number; none for a wording.
    pub customer_number: Option<String>,
    /// For which invoices; empty but for a wording.
    pub service: String,
    /// How often it was taught.
    pub times: i64,
    /// The last receipt that taught it.
    pub receipt: String,
    /// Who taught it last.
    pub taught_by: String,
    /// When.
    pub taught_on: NaiveDate,
    /// When it was forgotten.
    pub forgotten_on: Option<NaiveDate>,
    /// By whom.
    pub forgotten_by: String,
}

/// Remittance advice that was applied.
#[derive(Debug, Serialize, ToSchema)]
pub struct Advice {
    /// Name of the file.
    pub file_name: String,
    /// The kept file.
    pub file_sha256: String,
    /// Lines read from it.
    pub lines_count: i64,
    /// What it says was paid.
    pub paid_pence: i64,
    /// Credit notes taken.
    pub credits_pence: i64,
    /// Deductions made.
    pub deductions_pence: i64,
    /// When it was applied.
    pub applied_on: NaiveDate,
    /// By whom.
    pub applied_by: String,
}

async fn policy(State(doors): State<Shared>, by: By) -> Answer {
    ok(&match_policy(&doors.desk, &by.0).await?)
}

async fn set_policy(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewMatchPolicy>) -> Answer {
    let tolerance = Pence(new.tolerance_pence);
    let ask = SetMatchPolicy { key, certain_ppm: new.certain_ppm, accept_ppm: new.accept_ppm, tolerance };
    ok(&set_match_policy(&doors.desk, &by.0, ask).await?)
}

async fn learned(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let page = asked.whole("after").filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1);
    let found = lessons(&doors.desk, &by.0, page).await?;
    let count = found.accounts + found.names + found.wordings;
    let next = found.more.then(|| (found.page + 1).to_string());
    let rows = found.rows.into_iter().map(|row| Lesson {
        id: row.id,
        kind: row.kind,
        said: row.shown,
        customer_number: row.customer_number,
        service: row.service,
        times: row.times,
        receipt: row.receipt,
        taught_by: row.taught_by,
        taught_on: row.taught_on,
        forgotten_on: row.forgotten_on,
        forgotten_by: row.forgotten_by,
    });
    let rows = rows.collect();
    List { title: "Lessons", rows, next, count: Some(count) }.send(&asked, &by, doors.desk.today())
}

async fn forget(State(doors): State<Shared>, by: By, At(one): At, Key(key): Key) -> Answer {
    let lesson = numbered(&one, "lesson")?;
    ok(&forget_lesson(&doors.desk, &by.0, ForgetLesson { key, lesson }).await?)
}

async fn orders(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = allocation_orders(&doors.desk, &by.0).await?;
    List::whole("Order of allocation", rows).send(&asked, &by, doors.desk.today())
}

async fn set_order(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewAllocationOrder>) -> Answer {
    let first: Option<First> = serde_json::from_value(serde_json::Value::String(new.first.clone())).ok();
    let wrong = || Invalid::field("first", "Send oldest_due, smallest, largest or newest_due", &new.first);
    let policy = OrderPolicy {
        exact_first: new.exact_first,
        overdue_first: new.overdue_first,
        first: first.ok_or_else(wrong)?,
        interest_first: new.interest_first,
        in_part: new.in_part,
    };
    let ask =
        SetAllocationOrder { key, debt_type: new.debt_type, from_on: new.from_on, policy, reason: new.reason.clone() };
    ok(&set_allocation_order(&doors.desk, &by.0, ask).await?)
}

async fn proposal(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let amount = Pence(asked.whole("amount_pence").unwrap_or_default());
    let named: Vec<String> = asked.text("named").split(',').map(|one| one.trim().to_owned()).collect();
    ok(&proposed_order(&doors.desk, &by.0, &asked.text("customer"), amount, &named).await?)
}

async fn file_of(receipt: String, parcel: Parcel) -> Result<(RemittanceFile, Vec<u8>), super::problem::Problem> {
    let (file_name, original) = parcel.file;
    let bytes = child::as_table(original.clone()).await?;
    Ok((RemittanceFile { receipt, file_name, bytes }, original))
}

async fn read(State(doors): State<Shared>, by: By, At(number): At, parcel: Parcel) -> Answer {
    let (file, _) = file_of(number, parcel).await?;
    ok(&read_remittance(&doors.desk, &by.0, &file).await?)
}

async fn apply(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    asked: Asked,
    Key(key): Key,
    parcel: Parcel,
) -> Answer {
    let (file, original) = file_of(number, parcel).await?;
    let ask = ApplyRemittance { key, file, original, keep_rest: asked.flag("keep_rest") };
    ok(&apply_remittance(&doors.desk, &by.0, ask).await?)
}

async fn applied(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let rows = remittances(&doors.desk, &by.0, &number).await?.into_iter().map(|row| Advice {
        file_name: row.file_name,
        file_sha256: row.file_sha256,
        lines_count: row.lines_count,
        paid_pence: row.paid_pence,
        credits_pence: row.credits_pence,
        deductions_pence: row.deductions_pence,
        applied_on: row.applied_on,
        applied_by: row.applied_by,
    });
    List::whole("Remittance advice", rows.collect()).send(&asked, &by, doors.desk.today())
}
