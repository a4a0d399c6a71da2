//! The cash desk: refunds and payment batches, transfers, suspense in hand, cheques and cash, overpayments.
use super::answer::{Answer, List, file, file_as, made, ok};
use super::cash::NewAllocationLine;
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::counter::{
    CounterShare, FundShare, PaymentTaken, TakePayment, payment, register_of_payments, take_payment,
};
use sundry_desk::cash::overpayments::{DecideOverpayment, OverpaymentDecided, decide_overpayment, overpayments};
use sundry_desk::cash::paying_account::{PayingAccount, PayingAccountSet, SetPayingAccount, set_paying_account};
use sundry_desk::cash::paying_in::{
    MakePayingIn, PayingInMade, PayingInTied, TiePayingIn, make_paying_in, paying_in, paying_in_batches,
    paying_in_slip, tie_paying_in,
};
use sundry_desk::cash::payment_batches::{
    MakePaymentBatch, MovePaymentBatch, PaymentBatchMoved, make_payment_batch, move_payment_batch, payment_batch,
    payment_batches, payment_file,
};
use sundry_desk::cash::receipt_history::receipt_history;
use sundry_desk::cash::refunds::{refund, refunds};
use sundry_desk::cash::request_refund::{RefundAsked, RefundLook, RequestRefund, refund_look, request_refund};
use sundry_desk::cash::return_payment::{PaymentReturned, ReturnPayment, return_payment};
use sundry_desk::cash::settle_refund::{RefundTakenBack, TakeRefundBack, take_refund_back};
use sundry_desk::cash::suspense::{InHand, SuspenseAsk, TakeInHand, suspense, take_in_hand};
use sundry_desk::cash::transfers::{RequestTransfer, TransferAsked, funds, request_transfer, transfers};
use sundry_domain::cash::counter::SlipTotals;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::cash_counter::{CounterPaymentRow, PayingInRow};
use sundry_store::cash_refunds::{ListedRefundRow, OverpaymentRow, PaymentBatchRow, TransferRow};
use sundry_store::cash_suspense::{MovementRow, SuspenseRow};
use utoipa::ToSchema;

const ROOM: &str = "Cash";
const REFUND_VIEWS: &[&str] = &["waiting", "to_pay", "paying", "paid", "closed", "all"];
const STATES: &[&str] = &["held", "paying_in", "banked", "cleared", "returned"];

/// The rows of this part of the room.
pub fn rows(table: Table) -> Table {
    counter_rows(suspense_rows(batch_rows(refund_rows(table))))
}

fn refund_rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/refunds", "list_refunds", "List refunds, newest first")
                .asks("view", Holds::OneOf(REFUND_VIEWS), "Which; all when not said")
                .paged(desk_list::<ListedRefundRow>),
            list_refunds,
        )
        .add(
            get(
                ROOM,
                "/credits/{number}/refund",
                "look_before_refund",
                "What can be refunded of a credit, and what to look at first",
            )
            .gives(200, desk::<RefundLook>),
            look_first,
        )
        .add(
            post(ROOM, "/refunds", "request_refund", "Ask for a refund; someone else approves it")
                .needs(&[Duty::ProposeRefund])
                .takes::<NewRefund>()
                .gives(201, desk::<RefundAsked>),
            ask_refund,
        )
        .add(
            get(ROOM, "/refunds/{number}", "get_refund", "Read a refund").gives(200, super::table::own::<RefundAnswer>),
            one_refund,
        )
        .add(
            post(
                ROOM,
                "/refunds/{number}/take-back",
                "take_refund_back",
                "Withdraw a refund, or say that its money came back",
            )
            .needs(&[Duty::ProposeRefund])
            .takes::<TakenBack>()
            .gives(200, desk::<RefundTakenBack>),
            take_back,
        )
        .add(
            post(ROOM, "/transfers", "request_transfer", "Ask to move money to another account or fund")
                .needs(&[Duty::ProposeRefund])
                .takes::<NewTransfer>()
                .gives(201, desk::<TransferAsked>),
            ask_transfer,
        )
        .add(
            get(ROOM, "/transfers", "list_transfers", "The newest transfers").listed(desk_list::<TransferRow>),
            list_transfers,
        )
        .add(get(ROOM, "/funds", "list_funds", "Funds that take money for others").listed(own_list::<Fund>), list_funds)
        .add(
            get(ROOM, "/overpayments", "list_overpayments", "Credits that wait on accounts, oldest first")
                .asks("undecided", Holds::Flag, "Only those to decide about today")
                .paged(desk_list::<OverpaymentRow>),
            list_overpayments,
        )
        .add(
            post(
                ROOM,
                "/credits/{number}/decision",
                "decide_overpayment",
                "Leave a credit on the account, or offset it with authority",
            )
            .needs(&[Duty::PostCash])
            .takes::<CreditDecision>()
            .gives(200, desk::<OverpaymentDecided>),
            decide,
        )
}

fn batch_rows(table: Table) -> Table {
    let pay: &[Duty] = &[Duty::ReleasePaymentFile, Duty::ProposeRefund];
    table
        .add(
            get(ROOM, "/payment-batches", "list_payment_batches", "The newest payment batches")
                .listed(desk_list::<PaymentBatchRow>),
            list_batches,
        )
        .add(
            post(ROOM, "/payment-batches", "make_payment_batch", "Put approved refunds into a batch")
                .needs(&[Duty::ProposeRefund])
                .takes::<NewPaymentBatch>()
                .gives(201, desk::<PaymentBatchMoved>),
            make_batch,
        )
        .add(
            get(ROOM, "/payment-batches/{number}", "get_payment_batch", "Read a batch and its refunds")
                .gives(200, super::table::own::<BatchAnswer>),
            one_batch,
        )
        .add(
            post(
                ROOM,
                "/payment-batches/{number}/steps",
                "move_payment_batch",
                "Approve, write or send a batch, step by step",
            )
            .needs(&[Duty::ReleasePaymentFile])
            .takes::<BatchStep>()
            .gives(200, desk::<PaymentBatchMoved>),
            move_batch,
        )
        .add(
            post(ROOM, "/payment-batches/{number}/answer", "answer_payment_batch", "Say whether the bank paid a batch")
                .needs(pay)
                .takes::<BatchAnswered>()
                .gives(200, desk::<PaymentBatchMoved>),
            answer_batch,
        )
        .add(
            get(ROOM, "/payment-batches/{number}/file", "get_payment_file", "The file of a batch, once written")
                .needs(&[Duty::ReleasePaymentFile])
                .gives_file(&["text/csv", "text/plain", "application/xml"]),
            batch_file,
        )
        .add(
            post(ROOM, "/paying-account", "set_paying_account", "Set the account that payments leave from")
                .needs(&[Duty::ManageSettings])
                .takes::<OurAccount>()
                .replaces()
                .gives(200, desk::<PayingAccountSet>),
            our_account,
        )
}

fn suspense_rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/suspense", "list_suspense", "Money in suspense, oldest first")
                .asks("search", Holds::Text, "Words or an amount")
                .asks("owner", Holds::Text, "One owner; - for what nobody has in hand")
                .asks("band", Holds::Text, "One age, such as 8 to 30 days")
                .asks("unexplained", Holds::Flag, "Only what lacks an owner, a reason or a next step")
                .asks("due", Holds::Flag, "Only what is to be looked at today")
                .paged(desk_list::<SuspenseRow>),
            list_suspense,
        )
        .add(
            post(ROOM, "/suspense/in-hand", "take_in_hand", "Give receipts in suspense an owner and a next step")
                .needs(&[Duty::PostCash])
                .takes::<NewHand>()
                .gives(200, desk::<InHand>),
            in_hand,
        )
        .add(
            get(
                ROOM,
                "/receipts/{number}/history",
                "get_receipt_history",
                "Every allocation of a receipt, undone ones too",
            )
            .listed(desk_list::<MovementRow>),
            history,
        )
}

fn counter_rows(table: Table) -> Table {
    let cash: &[Duty] = &[Duty::PostCash];
    table
        .add(
            get(ROOM, "/payments", "list_payments", "The register of cheques and cash, newest first")
                .asks("state", Holds::OneOf(STATES), "Which; all when not said")
                .asks("search", Holds::Text, "Words of the drawer, a number or an amount")
                .paged(desk_list::<CounterPaymentRow>),
            register,
        )
        .add(
            post(ROOM, "/payments", "take_payment", "Take a cheque or cash, split over customers and funds")
                .needs(cash)
                .takes::<NewPayment>()
                .gives(201, desk::<PaymentTaken>),
            take,
        )
        .add(
            get(ROOM, "/payments/{number}", "get_payment", "Read a payment, and what would follow if it came back")
                .gives(200, super::table::own::<PaymentAnswer>),
            one_payment,
        )
        .add(
            post(ROOM, "/payments/{number}/return", "return_payment", "A cheque came back unpaid")
                .needs(cash)
                .takes::<Returned>()
                .gives(200, desk::<PaymentReturned>),
            give_back,
        )
        .add(
            get(ROOM, "/paying-in", "list_paying_in", "The newest paying-in slips").listed(desk_list::<PayingInRow>),
            slips,
        )
        .add(
            post(ROOM, "/paying-in", "make_paying_in", "Put what is in the office on a slip")
                .needs(cash)
                .takes::<NewSlip>()
                .gives(201, desk::<PayingInMade>),
            make_slip,
        )
        .add(
            get(ROOM, "/paying-in/{number}", "get_paying_in", "The payments on a slip")
                .listed(desk_list::<CounterPaymentRow>),
            one_slip,
        )
        .add(
            get(ROOM, "/paying-in/{number}/slip", "get_paying_in_slip", "The slip on paper")
                .gives_file(&["application/pdf"]),
            slip_pdf,
        )
        .add(
            post(
                ROOM,
                "/paying-in/{number}/tie",
                "tie_paying_in",
                "Say which receipt in suspense is the money of a slip",
            )
            .needs(cash)
            .takes::<Tie>()
            .gives(200, desk::<PayingInTied>),
            tie,
        )
}

/// A refund to ask for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRefund {
    /// Number of the credit, or of a receipt in suspense.
    pub credit: String,
    /// How much; all of it when not said.
    #[serde(default)]
    pub amount_pence: Option<i64>,
    /// overpaid, paid_twice, credited, not_ours, deposit or other.
    pub reason: String,
    /// The evidence.
    pub words: String,
    /// bank, cheque or card.
    pub method: String,
    /// To whom; the customer when empty.
    #[serde(default)]
    pub payee_name: String,
    /// Where a cheque goes.
    #[serde(default)]
    pub payee_address: String,
    /// Sort code.
    #[serde(default)]
    pub sort_code: String,
    /// Account number.
    #[serde(default)]
    pub account: String,
    /// Who allows it although there are open debts.
    #[serde(default)]
    pub authority: String,
    /// Who was rung about the account, on which number, when.
    #[serde(default)]
    pub call_back: String,
    /// The warnings have been looked at.
    #[serde(default)]
    pub seen_warnings: bool,
}

/// A refund that is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakenBack {
    /// Why.
    pub reason: String,
    /// The receipt in suspense by which the money came back.
    #[serde(default)]
    pub came_back_as: Option<String>,
}

/// A refund.
#[derive(Debug, Serialize, ToSchema)]
pub struct RefundAnswer {
    /// Number.
    pub number: String,
    /// Number of the credit.
    pub credit: String,
    /// Customer number.
    pub customer_number: Option<String>,
    /// How much.
    pub amount_pence: i64,
    /// Why.
    pub reason: String,
    /// The evidence.
    pub words: String,
    /// Who allows it despite open debts.
    pub authority: String,
    /// bank, cheque or card.
    pub method: String,
    /// To whom.
    pub payee_name: String,
    /// Last digits of the account.
    pub account_ending: String,
    /// What was looked at.
    pub warnings: String,
    /// How it stands.
    pub state: String,
    /// Number of the approval.
    pub approval: String,
    /// The batch that pays it.
    pub batch: Option<String>,
    /// When it was sent.
    pub paid_on: Option<NaiveDate>,
    /// When it came back.
    pub returned_on: Option<NaiveDate>,
    /// Why.
    pub return_reason: String,
}

/// A transfer to ask for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTransfer {
    /// Number of the credit, or of a receipt in suspense.
    pub credit: String,
    /// How much; all of it when not said.
    #[serde(default)]
    pub amount_pence: Option<i64>,
    /// To this customer.
    #[serde(default)]
    pub to_customer: String,
    /// Or to this fund.
    #[serde(default)]
    pub to_fund: String,
    /// Why.
    pub words: String,
    /// Who allows it.
    #[serde(default)]
    pub authority: String,
}

/// A fund that takes money for others.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fund {
    /// GL code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// What becomes of a credit.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreditDecision {
    /// on_account or offset.
    pub choice: String,
    /// Why.
    pub words: String,
    /// For an offset: customer, contract, court, statute or manager.
    #[serde(default)]
    pub authority: String,
    /// When to look again.
    #[serde(default)]
    pub review_on: Option<NaiveDate>,
    /// What it is set against.
    #[serde(default)]
    pub lines: Vec<NewAllocationLine>,
}

/// A payment batch to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPaymentBatch {
    /// list, bacs or pain001.
    pub method: String,
    /// Numbers of the refunds; all that fit when none is named.
    #[serde(default)]
    pub refunds: Vec<String>,
    /// When the money is to move.
    #[serde(default)]
    pub pay_on: Option<NaiveDate>,
}

/// A step of a batch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchStep {
    /// approve, write, send, acknowledge or reject.
    pub act: String,
    /// What the bank says.
    #[serde(default)]
    pub words: String,
}

/// What the bank or the payments team says of a batch.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchAnswered {
    /// Whether it was paid.
    pub paid: bool,
    /// In words; needed when it was not.
    #[serde(default)]
    pub words: String,
}

/// A payment in a batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchPayment {
    /// Number of the refund.
    pub refund: String,
    /// To whom.
    pub payee_name: String,
    /// Last digits of the account.
    pub account_ending: String,
    /// How much.
    pub amount_pence: i64,
    /// How it stands.
    pub state: String,
}

/// A payment batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchAnswer {
    /// Number.
    pub number: String,
    /// list, bacs or pain001.
    pub method: String,
    /// When the money is to move.
    pub pay_on: NaiveDate,
    /// How it stands.
    pub state: String,
    /// Sum.
    pub total_pence: i64,
    /// Who put it together.
    pub made_by: String,
    /// Who released it.
    pub released_by: String,
    /// Hash of its file.
    pub file_sha256: String,
    /// Its payments.
    pub payments: Vec<BatchPayment>,
}

/// The account that payments leave from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OurAccount {
    /// Our name as payees see it.
    pub name: String,
    /// Six digits.
    pub sort_code: String,
    /// Eight digits.
    pub account: String,
    /// Service user number at Bacs.
    #[serde(default)]
    pub sun: String,
    /// Our number at the bank.
    #[serde(default)]
    pub customer_id: String,
    /// The bank writes the contra records.
    #[serde(default)]
    pub contra_by_bank: bool,
}

/// Receipts in suspense to take in hand.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHand {
    /// Numbers of the receipts.
    pub receipts: Vec<String>,
    /// Who has them.
    pub owner: String,
    /// Why they wait.
    #[serde(default)]
    pub reason: String,
    /// What comes next.
    pub next_step: String,
    /// When.
    #[serde(default)]
    pub next_on: Option<NaiveDate>,
}

/// A customer's share.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentShare {
    /// Customer number.
    pub customer: String,
    /// How much.
    pub amount_pence: i64,
    /// What it pays.
    #[serde(default)]
    pub lines: Vec<NewAllocationLine>,
}

/// A fund's share.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentFund {
    /// GL code of the fund.
    pub fund: String,
    /// How much.
    pub amount_pence: i64,
    /// What it is for.
    #[serde(default)]
    pub words: String,
}

/// A cheque or cash.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPayment {
    /// cheque or cash.
    pub method: String,
    /// The drawer, or who brought it.
    #[serde(default)]
    pub payer_name: String,
    /// The cheque's own number.
    #[serde(default)]
    pub cheque_number: String,
    /// The bank it is drawn on.
    #[serde(default)]
    pub drawer_bank: String,
    /// How much.
    pub amount_pence: i64,
    /// When; today when not said.
    #[serde(default)]
    pub received_on: Option<NaiveDate>,
    /// What was said about it.
    #[serde(default)]
    pub words: String,
    /// Customers' shares.
    #[serde(default)]
    pub shares: Vec<PaymentShare>,
    /// Shares for other funds.
    #[serde(default)]
    pub funds: Vec<PaymentFund>,
}

/// A payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentAnswer {
    /// Number.
    pub number: String,
    /// cheque or cash.
    pub method: String,
    /// The drawer.
    pub payer_name: String,
    /// The cheque's own number.
    pub cheque_number: String,
    /// How much.
    pub amount_pence: i64,
    /// How it stands.
    pub state: String,
    /// The receipt of the customers' shares.
    pub receipt: String,
    /// Number of the paying-in batch.
    pub batch: Option<String>,
    /// What would follow if it came back.
    pub if_returned: Vec<String>,
}

/// A payment that came back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Returned {
    /// Why, as the bank says.
    pub reason: String,
    /// Whether the customers are written to; yes when not said.
    #[serde(default = "yes")]
    pub letter: bool,
}

fn yes() -> bool {
    true
}

/// A slip to make.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSlip {
    /// Number of the bank's slip.
    #[serde(default)]
    pub slip: String,
    /// Name of our bank account.
    #[serde(default)]
    pub bank_account: String,
    /// Numbers of the payments; all in the office when none is named.
    #[serde(default)]
    pub payments: Vec<String>,
    /// How many cheques were counted.
    pub cheques: i64,
    /// Their sum.
    pub cheques_pence: i64,
    /// The cash.
    pub cash_pence: i64,
}

/// The money of a slip.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tie {
    /// Number of the receipt in suspense.
    pub receipt: String,
}

fn lines(all: Vec<NewAllocationLine>) -> Vec<AllocationLine> {
    all.into_iter().map(|line| AllocationLine { item: line.item, amount: Pence(line.amount_pence) }).collect()
}

fn page_of(asked: &Asked) -> i64 {
    asked.whole("after").filter(|page| (1..=1_000_000).contains(page)).unwrap_or(1)
}

fn next_of(page: i64, pages: i64) -> Option<String> {
    (page < pages).then(|| (page + 1).to_string())
}

async fn list_refunds(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let found = refunds(&doors.desk, &by.0, &asked.text("view"), page_of(&asked), asked.limit()).await?;
    let next = next_of(found.page, found.pages);
    List { title: "Refunds", rows: found.rows, next, count: Some(found.count) }.send(&asked, &by, doors.desk.today())
}

async fn look_first(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&refund_look(&doors.desk, &by.0, &number).await?)
}

async fn ask_refund(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewRefund>) -> Answer {
    let ask = RequestRefund {
        key,
        credit: new.credit,
        amount: new.amount_pence.map(Pence),
        reason: new.reason,
        words: new.words,
        method: new.method,
        payee_name: new.payee_name,
        payee_address: new.payee_address,
        sort_code: new.sort_code,
        account: new.account,
        authority: new.authority,
        call_back: new.call_back,
        seen_warnings: new.seen_warnings,
    };
    let asked = request_refund(&doors.desk, &by.0, ask).await?;
    made(&format!("refunds/{}", asked.refund), &asked)
}

async fn one_refund(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let view = refund(&doors.desk, &by.0, &number).await?;
    let row = view.refund;
    ok(&RefundAnswer {
        number: row.number,
        credit: row.credit_number,
        customer_number: view.customer.map(|(number, _)| number),
        amount_pence: row.amount_pence,
        reason: row.reason,
        words: row.words,
        authority: row.authority,
        method: row.method,
        payee_name: row.payee_name,
        account_ending: row.bank_shown,
        warnings: row.warnings,
        state: row.state,
        approval: row.approval,
        batch: view.batch,
        paid_on: row.paid_on,
        returned_on: row.returned_on,
        return_reason: row.return_reason,
    })
}

async fn take_back(
    State(doors): State<Shared>,
    by: By,
    At(refund): At,
    Key(key): Key,
    Sent(new): Sent<TakenBack>,
) -> Answer {
    let ask = TakeRefundBack { key, refund, reason: new.reason, came_back_as: new.came_back_as };
    ok(&take_refund_back(&doors.desk, &by.0, ask).await?)
}

async fn ask_transfer(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewTransfer>) -> Answer {
    let ask = RequestTransfer {
        key,
        credit: new.credit,
        amount: new.amount_pence.map(Pence),
        to_customer: new.to_customer,
        to_fund: new.to_fund,
        words: new.words,
        authority: new.authority,
    };
    let asked = request_transfer(&doors.desk, &by.0, ask).await?;
    made(&format!("approvals/{}", asked.approval), &asked)
}

async fn list_transfers(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    List::whole("Transfers", transfers(&doors.desk, &by.0).await?).send(&asked, &by, doors.desk.today())
}

async fn list_funds(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = funds(&doors.desk, &by.0).await?.into_iter().map(|(code, name)| Fund { code, name });
    List::whole("Funds", rows.collect()).send(&asked, &by, doors.desk.today())
}

async fn list_overpayments(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let found = overpayments(&doors.desk, &by.0, asked.flag("undecided"), page_of(&asked), asked.limit()).await?;
    let next = next_of(found.page, found.pages);
    List { title: "Overpayments", rows: found.rows, next, count: Some(found.count) }.send(
        &asked,
        &by,
        doors.desk.today(),
    )
}

async fn decide(
    State(doors): State<Shared>,
    by: By,
    At(credit): At,
    Key(key): Key,
    Sent(new): Sent<CreditDecision>,
) -> Answer {
    let ask = DecideOverpayment {
        key,
        credit,
        choice: new.choice,
        words: new.words,
        authority: new.authority,
        review_on: new.review_on,
        lines: lines(new.lines),
    };
    ok(&decide_overpayment(&doors.desk, &by.0, ask).await?)
}

async fn list_batches(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    List::whole("Payment batches", payment_batches(&doors.desk, &by.0).await?).send(&asked, &by, doors.desk.today())
}

async fn make_batch(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewPaymentBatch>) -> Answer {
    let ask = MakePaymentBatch { key, method: new.method, refunds: new.refunds, pay_on: new.pay_on };
    let batch = make_payment_batch(&doors.desk, &by.0, ask).await?;
    made(&format!("payment-batches/{}", batch.batch), &batch)
}

async fn one_batch(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let view = payment_batch(&doors.desk, &by.0, &number).await?;
    let payment = |row: sundry_store::cash_refunds::RefundRow| BatchPayment {
        refund: row.number,
        payee_name: row.payee_name,
        account_ending: row.bank_shown,
        amount_pence: row.amount_pence,
        state: row.state,
    };
    let batch = view.batch;
    ok(&BatchAnswer {
        number: batch.number,
        method: batch.method,
        pay_on: batch.pay_on,
        state: batch.state,
        total_pence: batch.total_pence,
        made_by: batch.made_by_name,
        released_by: batch.released_by_name,
        file_sha256: batch.file_sha256,
        payments: view.refunds.into_iter().map(payment).collect(),
    })
}

async fn move_batch(
    State(doors): State<Shared>,
    by: By,
    At(batch): At,
    Key(key): Key,
    Sent(new): Sent<BatchStep>,
) -> Answer {
    let ask = MovePaymentBatch { key, batch, act: new.act, words: new.words };
    ok(&move_payment_batch(&doors.desk, &by.0, ask).await?)
}

async fn answer_batch(
    State(doors): State<Shared>,
    by: By,
    At(batch): At,
    Key(key): Key,
    Sent(new): Sent<BatchAnswered>,
) -> Answer {
    let act = if new.paid { "acknowledge" } else { "reject" }.to_owned();
    ok(&move_payment_batch(&doors.desk, &by.0, MovePaymentBatch { key, batch, act, words: new.words }).await?)
}

async fn batch_file(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let (name, bytes) = payment_file(&doors.desk, &by.0, &number).await?;
    let kind = match name.rsplit('.').next() {
        Some("xml") => "application/xml",
        Some("csv") => "text/csv; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };
    file(&name, kind, bytes)
}

async fn our_account(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<OurAccount>) -> Answer {
    let account = PayingAccount {
        name: new.name,
        sort_code: new.sort_code,
        account: new.account,
        sun: new.sun,
        customer_id: new.customer_id,
        contra_by_bank: new.contra_by_bank,
    };
    ok(&set_paying_account(&doors.desk, &by.0, SetPayingAccount { key, account }).await?)
}

async fn list_suspense(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = SuspenseAsk {
        search: asked.text("search"),
        owner: asked.text("owner"),
        band: asked.text("band"),
        bank_account: None,
        unexplained: asked.flag("unexplained"),
        due: asked.flag("due"),
        page: page_of(&asked),
        per_page: asked.limit(),
    };
    let found = suspense(&doors.desk, &by.0, ask).await?;
    let next = next_of(found.page, found.pages);
    let rows = found.rows.into_iter().map(|line| line.row).collect();
    List { title: "Suspense", rows, next, count: Some(found.count) }.send(&asked, &by, doors.desk.today())
}

async fn in_hand(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewHand>) -> Answer {
    let ask = TakeInHand {
        key,
        receipts: new.receipts,
        owner: new.owner,
        reason: new.reason,
        next_step: new.next_step,
        next_on: new.next_on,
    };
    ok(&take_in_hand(&doors.desk, &by.0, ask).await?)
}

async fn history(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let found = receipt_history(&doors.desk, &by.0, &number).await?;
    List::whole("Receipt history", found.movements).send(&asked, &by, doors.desk.today())
}

async fn register(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let (state, search) = (asked.text("state"), asked.text("search"));
    let found = register_of_payments(&doors.desk, &by.0, (&state, &search), page_of(&asked), asked.limit()).await?;
    let next = next_of(found.page, found.pages);
    List { title: "Cheques and cash", rows: found.rows, next, count: Some(found.count) }.send(
        &asked,
        &by,
        doors.desk.today(),
    )
}

async fn take(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewPayment>) -> Answer {
    let share = |share: PaymentShare| CounterShare {
        customer: share.customer,
        amount: Pence(share.amount_pence),
        lines: lines(share.lines),
    };
    let fund = |one: PaymentFund| FundShare { fund: one.fund, amount: Pence(one.amount_pence), words: one.words };
    let ask = TakePayment {
        key,
        method: new.method,
        payer_name: new.payer_name,
        cheque_number: new.cheque_number,
        drawer_bank: new.drawer_bank,
        amount: Pence(new.amount_pence),
        received_on: new.received_on.unwrap_or_else(|| doors.desk.today()),
        words: new.words,
        shares: new.shares.into_iter().map(share).collect(),
        funds: new.funds.into_iter().map(fund).collect(),
    };
    let taken = take_payment(&doors.desk, &by.0, ask).await?;
    made(&format!("payments/{}", taken.payment), &taken)
}

async fn one_payment(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let view = payment(&doors.desk, &by.0, &number).await?;
    let row = view.payment;
    ok(&PaymentAnswer {
        number: row.number,
        method: row.method,
        payer_name: row.payer_name,
        cheque_number: row.cheque_number,
        amount_pence: row.amount_pence,
        state: row.state,
        receipt: row.receipt_number,
        batch: view.batch.map(|(number, _)| number),
        if_returned: view.if_returned,
    })
}

async fn give_back(
    State(doors): State<Shared>,
    by: By,
    At(payment): At,
    Key(key): Key,
    Sent(new): Sent<Returned>,
) -> Answer {
    let ask = ReturnPayment { key, payment, reason: new.reason, letter: new.letter };
    ok(&return_payment(&doors.desk, &by.0, ask).await?)
}

async fn slips(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    List::whole("Paying-in slips", paying_in_batches(&doors.desk, &by.0).await?).send(&asked, &by, doors.desk.today())
}

async fn make_slip(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewSlip>) -> Answer {
    let counted =
        SlipTotals { cheques: new.cheques, cheques_sum: Pence(new.cheques_pence), cash_sum: Pence(new.cash_pence) };
    let ask = MakePayingIn {
        key,
        slip: new.slip,
        bank_account: new.bank_account,
        dated_on: None,
        payments: new.payments,
        counted,
    };
    let slip = make_paying_in(&doors.desk, &by.0, ask).await?;
    made(&format!("paying-in/{}", slip.batch), &slip)
}

async fn one_slip(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let view = paying_in(&doors.desk, &by.0, &number).await?;
    List::whole("Paying-in slip", view.payments).send(&asked, &by, doors.desk.today())
}

async fn slip_pdf(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let (_, bytes) = paying_in_slip(&doors.desk, &by.0, &number, "pdf").await?;
    file_as(&number, "pdf", bytes)
}

async fn tie(State(doors): State<Shared>, by: By, At(batch): At, Key(key): Key, Sent(new): Sent<Tie>) -> Answer {
    ok(&tie_paying_in(&doors.desk, &by.0, TiePayingIn { key, batch, receipt: new.receipt }).await?)
}
