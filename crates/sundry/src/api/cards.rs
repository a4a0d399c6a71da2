//! Card payments: begun, looked at, refunded, disputed, paid out. No operation takes a card number.
use super::answer::{Answer, List, made, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::cards::{
    self as desk_cards, CardLine, CardPaymentStarted, CardPaymentView, CardPayoutView, CardProviderSet,
    CardRefundAsked, DisputeRecorded, ImportPaymentFile, PaymentFileTaken, PayoutReconciled, ProviderShown,
    ReadSettlement, ReconcilePayout, RecordDispute, RequestCardRefund, SetCardProvider, SettlementTaken,
    StartCardPayment,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::cash::cards::CardPayoutRow;
use utoipa::ToSchema;

const ROOM: &str = "Card payments";
const STATES: &[&str] = &["asked", "with_payer", "failed", "cancelled", "expired", "paid", "settled", "look"];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let cash: &[Duty] = &[Duty::PostCash];
    let table = table
        .add(
            post(ROOM, "/card-providers", "set_card_provider", "Set a card provider up; its key is never shown again")
                .needs(&[Duty::ManageSettings])
                .takes::<NewCardProvider>()
                .gives(200, desk::<CardProviderSet>),
            set_provider,
        )
        .add(
            get(ROOM, "/card-providers", "list_card_providers", "Who takes card payments for us")
                .gives(200, super::table::desk::<Vec<ProviderShown>>),
            providers,
        )
        .add(
            post(ROOM, "/card-payments", "start_card_payment", "Begin a card payment over the telephone")
                .needs(cash)
                .takes::<NewCardPayment>()
                .gives(201, desk::<CardPaymentStarted>),
            start,
        )
        .add(
            get(ROOM, "/card-payments", "list_card_payments", "Card payments, newest first, at most 500")
                .asks("state", Holds::OneOf(STATES), "Which; all when not said")
                .listed(desk_list::<CardLine>),
            list,
        )
        .add(
            get(ROOM, "/card-payments/{number}", "get_card_payment", "Read a card payment")
                .gives(200, desk::<CardPaymentView>),
            view,
        )
        .add(
            post(ROOM, "/card-payments/{number}/look", "look_at_card_payment", "Ask the provider about a payment")
                .needs(cash)
                .gives(200, desk::<CardPaymentView>),
            look,
        );
    money_rows(table, cash)
}

fn money_rows(table: Table, cash: &'static [Duty]) -> Table {
    table
        .add(
            post(ROOM, "/card-payments/{number}/refunds", "request_card_refund", "Ask for a refund to the card")
                .needs(&[Duty::ProposeRefund])
                .takes::<NewCardRefund>()
                .gives(201, desk::<CardRefundAsked>),
            refund,
        )
        .add(
            post(
                ROOM,
                "/card-payments/{number}/disputes",
                "record_card_dispute",
                "Note a dispute; lost, it is owed again",
            )
            .needs(cash)
            .takes::<NewCardDispute>()
            .gives(200, desk::<DisputeRecorded>),
            dispute,
        )
        .add(
            post(ROOM, "/card-settlements", "read_card_settlement", "Read what a provider settled, into payouts")
                .needs(cash)
                .takes::<NewCardSettlement>()
                .gives(200, desk::<SettlementTaken>),
            settlement,
        )
        .add(
            get(ROOM, "/card-payouts", "list_card_payouts", "Payouts, newest first, at most 500")
                .asks("state", Holds::OneOf(&["expected", "in_bank"]), "Which; all when not said")
                .listed(desk_list::<CardPayoutRow>),
            payouts,
        )
        .add(
            get(ROOM, "/card-payouts/{number}", "get_card_payout", "Read a payout and what it is made of")
                .gives(200, desk::<CardPayoutView>),
            payout,
        )
        .add(
            post(ROOM, "/card-payouts/{number}/reconcile", "reconcile_payout", "Say which bank line a payout is")
                .needs(cash)
                .takes::<CardPayoutLine>()
                .gives(200, desk::<PayoutReconciled>),
            reconcile,
        )
        .add(
            post(ROOM, "/payment-files", "import_payment_file", "Take a payment file of a payment screen in")
                .needs(&[Duty::ImportFiles])
                .takes_file()
                .asks("accept_gap", Holds::Flag, "The files between the last and this one will never come")
                .asks("dry_run", Holds::Flag, "Check only; keep nothing")
                .gives(200, desk::<PaymentFileTaken>),
            file,
        )
}

/// A card provider.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCardProvider {
    /// govuk_pay, pay360_scp or practice.
    pub provider: String,
    /// Where its API is; its own address when not said.
    #[serde(default)]
    pub base_url: String,
    /// Where payers reach us.
    pub public_url: String,
    /// Its key; empty keeps the one there is.
    #[serde(default)]
    pub api_key: String,
    /// The secret of its webhooks; empty keeps the one there is.
    #[serde(default)]
    pub webhook_secret: String,
    /// Takes payments over the telephone.
    pub telephone: bool,
    /// Takes payments from links on letters.
    pub links: bool,
    /// The portal's site.
    #[serde(default)]
    pub site_id: Option<i64>,
    /// The portal's id.
    #[serde(default)]
    pub scp_id: Option<i64>,
    /// Which of its secrets is ours.
    #[serde(default)]
    pub hmac_key_id: Option<i64>,
    /// The fund payments are for.
    #[serde(default)]
    pub fund: String,
    /// Words by which the bank line of a payout is known, with commas between.
    #[serde(default)]
    pub bank_words: String,
}

/// A part of a card payment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCardLine {
    /// Number of the item.
    pub item: String,
    /// How much of it is paid.
    pub amount_pence: i64,
}

/// A payment over the telephone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCardPayment {
    /// Customer number.
    pub customer: String,
    /// How much.
    pub amount_pence: i64,
    /// What it pays; the rest stays on the account.
    #[serde(default)]
    pub lines: Vec<NewCardLine>,
}

/// A refund to a card.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCardRefund {
    /// How much.
    pub amount_pence: i64,
    /// Why.
    pub reason: String,
    /// Why, although the customer owes other money.
    #[serde(default)]
    pub all_the_same: String,
}

/// A dispute.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCardDispute {
    /// The provider's reference.
    pub provider_ref: String,
    /// How much.
    pub amount_pence: i64,
    /// What the provider charges for it.
    #[serde(default)]
    pub fee_pence: i64,
    /// needs_response, under_review, won or lost.
    pub state: String,
    /// What the payer says.
    pub reason: String,
}

/// Which settlement to read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCardSettlement {
    /// Whose.
    pub provider: String,
    /// The first day; goes on from the last that was read when not said.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// The last day.
    pub to_on: NaiveDate,
}

/// Which bank line a payout is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CardPayoutLine {
    /// The bank line; the only one that fits when not said.
    #[serde(default)]
    pub bank_line: Option<i64>,
}

async fn set_provider(
    State(doors): State<Shared>,
    By(by): By,
    Key(key): Key,
    Sent(p): Sent<NewCardProvider>,
) -> Answer {
    let ask = SetCardProvider {
        key,
        provider: p.provider,
        base_url: p.base_url,
        public_url: p.public_url,
        api_key: p.api_key,
        webhook_secret: p.webhook_secret,
        telephone: p.telephone,
        links: p.links,
        site_id: p.site_id,
        scp_id: p.scp_id,
        hmac_key_id: p.hmac_key_id,
        fund: p.fund,
        bank_words: p.bank_words,
    };
    ok(&desk_cards::set_card_provider(&doors.desk, &by, ask).await?)
}

async fn providers(State(doors): State<Shared>, By(by): By) -> Answer {
    ok(&desk_cards::card_providers(&doors.desk, &by).await?)
}

async fn start(State(doors): State<Shared>, By(by): By, Key(key): Key, Sent(new): Sent<NewCardPayment>) -> Answer {
    let line = |one: NewCardLine| AllocationLine { item: one.item, amount: Pence(one.amount_pence) };
    let lines = new.lines.into_iter().map(line).collect();
    let ask = StartCardPayment { key, customer: new.customer, amount: Pence(new.amount_pence), lines };
    let begun = desk_cards::start_card_payment(&doors.desk, &by, ask).await?;
    made(&format!("/card-payments/{}", begun.payment), &begun)
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_cards::card_payments(&doors.desk, &by.0, &asked.text("state")).await?;
    List::whole("Card payments", rows).send(&asked, &by, doors.desk.today())
}

async fn view(State(doors): State<Shared>, By(by): By, At(number): At) -> Answer {
    ok(&desk_cards::card_payment(&doors.desk, &by, &number).await?)
}

async fn look(State(doors): State<Shared>, By(by): By, _: Key, At(number): At) -> Answer {
    ok(&desk_cards::look_at_card_payment(&doors.desk, &by, &number).await?)
}

async fn refund(
    State(doors): State<Shared>,
    By(by): By,
    Key(key): Key,
    At(payment): At,
    Sent(new): Sent<NewCardRefund>,
) -> Answer {
    let NewCardRefund { amount_pence, reason, all_the_same } = new;
    let ask = RequestCardRefund { key, payment, amount: Pence(amount_pence), reason, all_the_same };
    let asked = desk_cards::request_card_refund(&doors.desk, &by, ask).await?;
    made(&format!("/approvals/{}", asked.approval), &asked)
}

async fn dispute(
    State(doors): State<Shared>,
    By(by): By,
    Key(key): Key,
    At(payment): At,
    Sent(new): Sent<NewCardDispute>,
) -> Answer {
    let ask = RecordDispute {
        key,
        payment,
        provider_ref: new.provider_ref,
        amount: Pence(new.amount_pence),
        fee: Pence(new.fee_pence),
        state: new.state,
        reason: new.reason,
    };
    ok(&desk_cards::record_card_dispute(&doors.desk, &by, ask).await?)
}

async fn settlement(
    State(doors): State<Shared>,
    By(by): By,
    Key(key): Key,
    Sent(new): Sent<NewCardSettlement>,
) -> Answer {
    let ask = ReadSettlement { key, provider: new.provider, from_on: new.from_on, to_on: new.to_on };
    ok(&desk_cards::read_card_settlement(&doors.desk, &by, ask).await?)
}

async fn payouts(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_cards::card_payouts(&doors.desk, &by.0, &asked.text("state")).await?;
    List::whole("Card payouts", rows).send(&asked, &by, doors.desk.today())
}

async fn payout(State(doors): State<Shared>, By(by): By, At(number): At) -> Answer {
    ok(&desk_cards::card_payout(&doors.desk, &by, &number).await?)
}

async fn reconcile(
    State(doors): State<Shared>,
    By(by): By,
    Key(key): Key,
    At(payout): At,
    Sent(new): Sent<CardPayoutLine>,
) -> Answer {
    let ask = ReconcilePayout { key, payout, bank_line: new.bank_line };
    ok(&desk_cards::reconcile_payout(&doors.desk, &by, ask).await?)
}

async fn file(State(doors): State<Shared>, By(by): By, Key(key): Key, asked: Asked, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    let (accept_gap, dry_run) = (asked.flag("accept_gap"), asked.flag("dry_run"));
    let ask = ImportPaymentFile { key, file_name, bytes, accept_gap, dry_run };
    ok(&desk_cards::import_payment_file(&doors.desk, &by, ask).await?)
}
