//! Cash: bank statements, matching, receipts and what they pay.
use super::answer::{Answer, List, made, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent, numbered};
use super::table::{Holds, Table, desk, get, own, own_list, post};
use crate::child;
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::cash as desk_cash;
use sundry_desk::cash::accept_strong_suggestions::{
    AcceptStrongSuggestions, StrongSuggestions, accept_strong_suggestions, strong_suggestions,
};
use sundry_desk::cash::allocate_credit::{AllocateCredit, CreditAllocated, allocate_credit};
use sundry_desk::cash::allocate_receipt::{AllocateReceipt, AllocationSplit, ReceiptAllocated, allocate_receipt};
use sundry_desk::cash::cash_position::{CashPosition, cash_position};
use sundry_desk::cash::import_bank_statement::{ImportBankStatement, StatementsTaken, import_bank_statement};
use sundry_desk::cash::match_cash::{CashMatched, MatchCash, match_cash};
use sundry_desk::cash::put_in_suspense::{InSuspense, PutInSuspense, put_in_suspense};
use sundry_desk::cash::receipt::receipt;
use sundry_desk::cash::receipts_waiting::{ReceiptsWaiting, receipts_waiting};
use sundry_desk::cash::record_receipt::{ReceiptRecorded, RecordReceipt, record_receipt};
use sundry_desk::cash::reverse_receipt::{ReceiptReversed, ReverseReceipt, reverse_receipt};
use sundry_desk::cash::undo_allocation::{AllocationUndone, UndoAllocation, undo_allocation};
use sundry_desk::cash::{AddBankAccount, AllocationLine, BankAccountAdded};
use sundry_domain::control::Duty;
use sundry_domain::ids::AllocationId;
use sundry_domain::money::Pence;
use utoipa::ToSchema;

const ROOM: &str = "Cash";
const VIEWS: &[&str] = &["waiting", "suggested", "suspense", "unallocated", "allocated", "reversed", "all"];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let cash: &[Duty] = &[Duty::PostCash];
    let table = table
        .add(
            post(
                ROOM,
                "/bank-statements",
                "import_bank_statement",
                "Take a bank statement in: camt.053, MT940, BAI2, OFX, CSV",
            )
            .needs(&[Duty::ImportFiles])
            .takes_file()
            .asks("format", Holds::Text, "camt, mt940, bai2, ofx, csv or csv:PROFILE; otherwise the file decides")
            .asks("bank_account", Holds::Text, "Name of our bank account, where the file does not say")
            .asks(
                "accept_gap",
                Holds::Flag,
                "Import it although it does not follow the last one, or may be a correction",
            )
            .asks("reason", Holds::Text, "Why it is imported although it does not follow")
            .asks("dry_run", Holds::Flag, "Check only; keep nothing")
            .gives(200, desk::<StatementsTaken>),
            statement,
        )
        .add(
            get(ROOM, "/bank-accounts", "list_bank_accounts", "Our bank accounts").listed(own_list::<BankAccount>),
            accounts,
        )
        .add(
            post(ROOM, "/bank-accounts", "add_bank_account", "Add one of our bank accounts")
                .needs(&[Duty::ManageSettings])
                .takes::<NewBankAccount>()
                .gives(201, desk::<BankAccountAdded>),
            add_account,
        )
        .add(
            get(ROOM, "/cash/position", "get_cash_position", "What waits, is suggested, stands in suspense")
                .gives(200, desk::<CashPosition>),
            position,
        )
        .add(
            post(ROOM, "/cash/match", "match_cash", "Post what is certain, suggest the rest")
                .needs(cash)
                .gives(200, desk::<CashMatched>),
            matching,
        )
        .add(
            get(
                ROOM,
                "/cash/suggestions",
                "list_strong_suggestions",
                "Suggestions strong enough to be accepted together",
            )
            .gives(200, desk::<StrongSuggestions>),
            strong,
        )
        .add(
            post(ROOM, "/cash/suggestions/accept", "accept_strong_suggestions", "Accept strong suggestions")
                .needs(cash)
                .takes::<Accepted>()
                .gives(200, desk::<StrongSuggestions>),
            accept,
        );
    receipt_rows(table, cash)
}

fn receipt_rows(table: Table, cash: &'static [Duty]) -> Table {
    table
        .add(
            get(ROOM, "/receipts", "list_receipts", "List receipts, oldest first")
                .asks("view", Holds::OneOf(VIEWS), "Which; waiting when not said")
                .asks("search", Holds::Text, "Words of the payer or the line, or an amount")
                .asks("from_on", Holds::Day, "Received on or after")
                .asks("to_on", Holds::Day, "Received on or before")
                .paged(own_list::<ReceiptLine>),
            list,
        )
        .add(
            post(ROOM, "/receipts", "record_receipt", "Record money that came by another way than the bank file")
                .needs(cash)
                .takes::<NewReceipt>()
                .gives(201, desk::<ReceiptRecorded>),
            record,
        )
        .add(
            get(ROOM, "/receipts/{number}", "get_receipt", "Read a receipt: what is suggested, why, and what it paid")
                .gives(200, own::<ReceiptAnswer>),
            view,
        )
        .add(
            post(ROOM, "/receipts/{number}/allocations", "allocate_receipt", "Allocate a receipt")
                .needs(cash)
                .takes::<NewAllocation>()
                .gives(200, desk::<ReceiptAllocated>),
            allocate,
        )
        .add(
            post(ROOM, "/receipts/{number}/undo", "undo_allocations", "Undo everything that a receipt paid")
                .needs(cash)
                .takes::<Why>()
                .gives(200, desk::<AllocationUndone>),
            undo,
        )
        .add(
            post(ROOM, "/allocations/{allocation}/undo", "undo_allocation", "Undo one allocation")
                .needs(cash)
                .takes::<Why>()
                .gives(200, desk::<AllocationUndone>),
            undo_one,
        )
        .add(
            post(
                ROOM,
                "/receipts/{number}/suspense",
                "put_in_suspense",
                "Put a receipt in suspense, with a reason and an owner",
            )
            .needs(cash)
            .takes::<Suspense>()
            .gives(200, desk::<InSuspense>),
            suspense,
        )
        .add(
            post(ROOM, "/receipts/{number}/reverse", "reverse_receipt", "Reverse a receipt that the bank took back")
                .needs(cash)
                .takes::<Why>()
                .gives(200, desk::<ReceiptReversed>),
            reverse,
        )
        .add(
            post(ROOM, "/credits/{number}/allocations", "allocate_credit", "Set a credit against what is owed")
                .needs(cash)
                .takes::<CreditSet>()
                .gives(200, desk::<CreditAllocated>),
            credit,
        )
}

/// Part of an allocation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAllocationLine {
    /// Number of the item.
    pub item: String,
    /// How much of it is paid.
    pub amount_pence: i64,
}

fn lines(all: Vec<NewAllocationLine>) -> Vec<AllocationLine> {
    all.into_iter().map(|line| AllocationLine { item: line.item, amount: Pence(line.amount_pence) }).collect()
}

/// A share of a receipt for one customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShare {
    /// Customer number.
    pub customer: String,
    /// How much.
    pub amount_pence: i64,
    /// What it pays; the rest stays on the account.
    #[serde(default)]
    pub lines: Vec<NewAllocationLine>,
}

/// What a receipt pays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAllocation {
    /// Customer number.
    #[serde(default)]
    pub customer: String,
    /// What it pays; the rest stays on the account.
    #[serde(default)]
    pub lines: Vec<NewAllocationLine>,
    /// Shares, where it pays for several customers.
    #[serde(default)]
    pub split: Vec<NewShare>,
    /// Why, where a person knows better than the matcher.
    #[serde(default)]
    pub reason: String,
}

/// Why.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Why {
    /// Why.
    pub reason: String,
}

/// Suspense.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Suspense {
    /// Why it is not known whose it is.
    pub reason: String,
    /// Who finds out.
    #[serde(default)]
    pub owner: String,
    /// What comes next.
    #[serde(default)]
    pub next_step: String,
    /// When; not before today.
    #[serde(default)]
    pub next_on: Option<NaiveDate>,
}

/// A credit set against items.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditSet {
    /// What it pays.
    pub lines: Vec<NewAllocationLine>,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

/// Money that came by another way.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReceipt {
    /// How it came: cheque, cash, card and so on.
    pub method: String,
    /// Customer number.
    pub customer: String,
    /// How much.
    pub amount_pence: i64,
    /// When; today when not said.
    #[serde(default)]
    pub received_on: Option<NaiveDate>,
    /// Who paid.
    #[serde(default)]
    pub payer_name: String,
    /// What they wrote.
    #[serde(default)]
    pub words: String,
    /// What it pays; the rest stays on the account.
    #[serde(default)]
    pub lines: Vec<NewAllocationLine>,
}

/// One of our bank accounts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBankAccount {
    /// Our name for it.
    pub name: String,
    /// Sort code.
    pub sort_code: String,
    /// Account number.
    pub account: String,
}

/// Suggestions to be accepted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// Numbers of the receipts.
    pub receipts: Vec<String>,
}

/// One of our bank accounts.
#[derive(Debug, Serialize, ToSchema)]
pub struct BankAccount {
    /// Its id.
    pub id: i64,
    /// Our name for it.
    pub name: String,
    /// Masked.
    pub shown: String,
    /// GL code.
    pub gl_code: String,
}

/// A receipt in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptLine {
    /// Number.
    pub number: String,
    /// Who paid.
    pub payer_name: String,
    /// What they wrote.
    pub words: String,
    /// How it came.
    pub method: String,
    /// How much.
    pub amount_pence: i64,
    /// What is left to allocate.
    pub left_pence: i64,
    /// When.
    pub received_on: NaiveDate,
    /// How it stands.
    pub state: String,
    /// Who finds out, in suspense.
    pub owner: String,
    /// Customer number, or that of the best suggestion.
    pub customer_number: Option<String>,
    /// Customer name.
    pub customer_name: Option<String>,
    /// How likely the best suggestion is, in parts per million.
    pub confidence_ppm: Option<i64>,
}

/// An item that a suggestion would pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedItem {
    /// Number of the item.
    pub item: String,
    /// How much of it.
    pub amount_pence: i64,
}

/// A suggestion.
#[derive(Debug, Serialize, ToSchema)]
pub struct SuggestedMatch {
    /// 1 is best.
    pub rank: i64,
    /// Customer number.
    pub customer_number: String,
    /// Customer name.
    pub customer_name: String,
    /// How likely, in parts per million.
    pub confidence_ppm: i64,
    /// What it would pay.
    pub lines: Vec<SuggestedItem>,
    /// What would stay on the account.
    pub on_account_pence: i64,
    /// Sentences for it.
    pub reasons_for: Vec<String>,
    /// Sentences against it.
    pub reasons_against: Vec<String>,
}

/// What a receipt paid.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaidItem {
    /// The allocation, for undoing it.
    pub allocation: i64,
    /// Number of the item.
    pub item: String,
    /// How much.
    pub amount_pence: i64,
    /// When.
    pub allocated_on: NaiveDate,
    /// By rule, by person or by suggestion.
    pub made_by: String,
    /// Why.
    pub reason: String,
}

/// A receipt.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptAnswer {
    /// Number.
    pub number: String,
    /// How it came.
    pub method: String,
    /// When.
    pub received_on: NaiveDate,
    /// How much.
    pub amount_pence: i64,
    /// What is left to allocate.
    pub left_pence: i64,
    /// How it stands.
    pub state: String,
    /// Why it stands in suspense.
    pub reason: String,
    /// Who finds out, in suspense.
    pub owner: String,
    /// Who paid.
    pub payer_name: String,
    /// What they wrote.
    pub words: String,
    /// The bank's own name of the line.
    pub bank_line_id: Option<String>,
    /// Customer number, or that of the best suggestion.
    pub customer_number: Option<String>,
    /// Up to three, best first.
    pub suggestions: Vec<SuggestedMatch>,
    /// What it paid.
    pub allocations: Vec<PaidItem>,
}

async fn statement(State(doors): State<Shared>, by: By, asked: Asked, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    let bytes = child::statement_bytes(&file_name, bytes).await?;
    let said = |name: &str| Some(asked.text(name)).filter(|text| !text.is_empty());
    let ask = ImportBankStatement {
        key,
        file_name,
        bytes,
        format: said("format"),
        bank_account: said("bank_account"),
        accept_gap: asked.flag("accept_gap"),
        reason: asked.text("reason"),
        source: String::new(),
        dry_run: asked.flag("dry_run"),
    };
    ok(&import_bank_statement(&doors.desk, &by.0, ask).await?)
}

async fn accounts(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_cash::bank_accounts(&doors.desk, &by.0).await?.into_iter();
    let rows = rows.map(|row| BankAccount { id: row.id, name: row.name, shown: row.shown, gl_code: row.gl_code });
    List::whole("Bank accounts", rows.collect()).send(&asked, &by, doors.desk.today())
}

async fn add_account(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewBankAccount>) -> Answer {
    let ask = AddBankAccount { key, name: new.name, sort_code: new.sort_code, account: new.account };
    made("bank-accounts", &desk_cash::add_bank_account(&doors.desk, &by.0, ask).await?)
}

async fn position(State(doors): State<Shared>, by: By) -> Answer {
    ok(&cash_position(&doors.desk, &by.0).await?)
}

async fn matching(State(doors): State<Shared>, by: By, Key(key): Key) -> Answer {
    ok(&match_cash(&doors.desk, &by.0, MatchCash { key }).await?)
}

async fn strong(State(doors): State<Shared>, by: By) -> Answer {
    ok(&strong_suggestions(&doors.desk, &by.0).await?)
}

async fn accept(State(doors): State<Shared>, by: By, Key(key): Key, Sent(sent): Sent<Accepted>) -> Answer {
    let ask = AcceptStrongSuggestions { key, receipts: sent.receipts };
    ok(&accept_strong_suggestions(&doors.desk, &by.0, ask).await?)
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let view = match asked.text("view").as_str() {
        "" => "waiting".to_owned(),
        view => view.to_owned(),
    };
    let page = asked.whole("after").filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1);
    let ask = ReceiptsWaiting {
        view,
        search: asked.text("search"),
        bank_account: None,
        from_on: asked.day("from_on"),
        to_on: asked.day("to_on"),
        page,
        per_page: asked.limit(),
    };
    let found = receipts_waiting(&doors.desk, &by.0, ask).await?;
    let line = |row: sundry_store::cash::ListedReceiptRow| ReceiptLine {
        number: row.number,
        payer_name: row.payer_name,
        words: row.words,
        method: row.method,
        amount_pence: row.amount_pence,
        left_pence: row.left_pence,
        received_on: row.received_on,
        state: row.state,
        owner: row.owner,
        customer_number: row.customer_number,
        customer_name: row.customer_name,
        confidence_ppm: row.confidence_ppm,
    };
    let next = (found.page < found.pages).then(|| (found.page + 1).to_string());
    let rows = found.rows.into_iter().map(line).collect();
    List { title: "Receipts", rows, next, count: Some(found.count) }.send(&asked, &by, doors.desk.today())
}

async fn record(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewReceipt>) -> Answer {
    let ask = RecordReceipt {
        key,
        method: new.method,
        customer: new.customer,
        amount: Pence(new.amount_pence),
        received_on: new.received_on.unwrap_or_else(|| doors.desk.today()),
        payer_name: new.payer_name,
        words: new.words,
        lines: lines(new.lines),
    };
    let recorded = record_receipt(&doors.desk, &by.0, ask).await?;
    made(&format!("receipts/{}", recorded.receipt), &recorded)
}

async fn view(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let shown = receipt(&doors.desk, &by.0, &number).await?;
    let item =
        |line: desk_cash::receipt::SuggestionLine| SuggestedItem { item: line.number, amount_pence: line.amount_pence };
    let suggestion = |one: desk_cash::receipt::Suggestion| SuggestedMatch {
        rank: one.rank,
        customer_number: one.customer_number,
        customer_name: one.customer_name,
        confidence_ppm: one.confidence_ppm,
        lines: one.lines.into_iter().map(item).collect(),
        on_account_pence: one.on_account_pence,
        reasons_for: one.reasons_for,
        reasons_against: one.reasons_against,
    };
    let paid = |row: sundry_store::cash::StandingAllocationRow| PaidItem {
        allocation: row.id,
        item: row.item_number,
        amount_pence: row.amount_pence,
        allocated_on: row.allocated_on,
        made_by: row.made_by,
        reason: row.reason,
    };
    let head = shown.receipt;
    ok(&ReceiptAnswer {
        number: head.number,
        method: head.method,
        received_on: head.received_on,
        amount_pence: head.amount_pence,
        left_pence: shown.left_pence,
        state: head.state,
        reason: head.reason,
        owner: head.owner,
        payer_name: head.payer_name,
        words: head.words,
        bank_line_id: shown.line.map(|line| line.external_id),
        customer_number: shown.customer.map(|(number, _)| number),
        suggestions: shown.suggestions.into_iter().map(suggestion).collect(),
        allocations: shown.allocations.into_iter().map(paid).collect(),
    })
}

async fn allocate(
    State(doors): State<Shared>,
    by: By,
    At(receipt): At,
    Key(key): Key,
    Sent(new): Sent<NewAllocation>,
) -> Answer {
    let share = |share: NewShare| AllocationSplit {
        customer: share.customer,
        amount: Pence(share.amount_pence),
        lines: lines(share.lines),
    };
    let split = new.split.into_iter().map(share).collect();
    let ask =
        AllocateReceipt { key, receipt, customer: new.customer, lines: lines(new.lines), split, reason: new.reason };
    ok(&allocate_receipt(&doors.desk, &by.0, ask).await?)
}

async fn undo(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key, Sent(sent): Sent<Why>) -> Answer {
    let ask = UndoAllocation { key, allocation: None, receipt: Some(number), reason: sent.reason };
    ok(&undo_allocation(&doors.desk, &by.0, ask).await?)
}

async fn undo_one(State(doors): State<Shared>, by: By, At(one): At, Key(key): Key, Sent(sent): Sent<Why>) -> Answer {
    let allocation = Some(AllocationId(numbered(&one, "allocation")?));
    ok(&undo_allocation(&doors.desk, &by.0, UndoAllocation { key, allocation, receipt: None, reason: sent.reason })
        .await?)
}

async fn suspense(
    State(doors): State<Shared>,
    by: By,
    At(receipt): At,
    Key(key): Key,
    Sent(sent): Sent<Suspense>,
) -> Answer {
    let ask = PutInSuspense {
        key,
        receipt,
        reason: sent.reason,
        owner: sent.owner,
        next_step: sent.next_step,
        next_on: sent.next_on,
    };
    ok(&put_in_suspense(&doors.desk, &by.0, ask).await?)
}

async fn reverse(State(doors): State<Shared>, by: By, At(receipt): At, Key(key): Key, Sent(why): Sent<Why>) -> Answer {
    ok(&reverse_receipt(&doors.desk, &by.0, ReverseReceipt { key, receipt, reason: why.reason }).await?)
}

async fn credit(
    State(doors): State<Shared>,
    by: By,
    At(credit): At,
    Key(key): Key,
    Sent(sent): Sent<CreditSet>,
) -> Answer {
    let ask = AllocateCredit { key, credit, lines: lines(sent.lines), reason: sent.reason };
    ok(&allocate_credit(&doors.desk, &by.0, ask).await?)
}
