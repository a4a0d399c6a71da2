//! Card payments, refunds, disputes, payouts, their providers, webhooks and payment files.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

// Providers --------------------------------------------------------------------------

/// Who takes card payments for us.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct CardProviderRow {
    /// govuk_pay, pay360_scp, payment_file or practice.
    pub code: String,
    /// For people.
    pub name: String,
    /// Where its API is.
    pub base_url: String,
    /// Where payers reach us.
    pub public_url: String,
    /// What only this provider needs.
    pub settings: serde_json::Value,
    /// Its key, sealed.
    pub sealed_key: String,
    /// The secret of its webhooks, sealed.
    pub sealed_webhook_secret: String,
    /// Takes payments over the telephone.
    pub telephone: bool,
    /// Takes payments from links.
    pub links: bool,
    /// The last day whose settlement was read.
    pub settled_until: Option<NaiveDate>,
    /// When it was set.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// All providers that were set up.
pub async fn providers(tx: &mut Tx, org: OrgId) -> Result<Vec<CardProviderRow>, StoreFault> {
    let sql = sql!(
        "select code, name, base_url, public_url, settings, sealed_key, sealed_webhook_secret, telephone, links, settled_until, recorded_at, version from card_provider where org_id = $1 order by code"
    );
    tx.all(sql, args![org]).await
}

/// The provider with a code.
pub async fn provider(tx: &mut Tx, org: OrgId, code: &str) -> Result<Option<CardProviderRow>, StoreFault> {
    let sql = sql!(
        "select code, name, base_url, public_url, settings, sealed_key, sealed_webhook_secret, telephone, links, settled_until, recorded_at, version from card_provider where org_id = $1 and code = $2"
    );
    tx.maybe(sql, args![org, code]).await
}

/// Sets a provider up, or sets it anew.
pub async fn set_provider(tx: &mut Tx, org: OrgId, r: CardProviderRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into card_provider (org_id, code, name, base_url, public_url, settings, sealed_key, sealed_webhook_secret, telephone, links, recorded_at, settled_until, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1) on conflict (org_id, code) do update set name = excluded.name, base_url = excluded.base_url, public_url = excluded.public_url, settings = excluded.settings, sealed_key = excluded.sealed_key, sealed_webhook_secret = excluded.sealed_webhook_secret, telephone = excluded.telephone, links = excluded.links, recorded_at = excluded.recorded_at, version = card_provider.version + 1"
    );
    let values = args![
        org,
        r.code,
        r.name,
        r.base_url,
        r.public_url,
        r.settings,
        r.sealed_key,
        r.sealed_webhook_secret,
        r.telephone,
        r.links,
        r.recorded_at,
        r.settled_until
    ];
    tx.run(sql, values).await.map(drop)
}

/// Notes up to which day settlements were read.
pub async fn set_settled_until(tx: &mut Tx, org: OrgId, code: &str, day: NaiveDate) -> Result<(), StoreFault> {
    let sql = sql!(
        "update card_provider set settled_until = $3 where org_id = $1 and code = $2 and (settled_until is null or settled_until < $3)"
    );
    tx.run(sql, args![org, code, day]).await.map(drop)
}

// Payments ---------------------------------------------------------------------------

/// A card payment.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct CardPaymentRow {
    /// Id.
    pub id: i64,
    /// Number people see.
    pub number: String,
    /// Who takes it.
    pub provider: String,
    /// telephone, link, file or settlement.
    pub channel: String,
    /// Whose account; none while nobody knows.
    pub customer_id: Option<i64>,
    /// The link it was begun from.
    pub pay_link_id: Option<i64>,
    /// Amount.
    pub amount_pence: i64,
    /// What it is to pay: item ids with pence.
    pub chosen: serde_json::Value,
    /// What the payer sees.
    pub description: String,
    /// The provider's id of it.
    pub provider_ref: Option<String>,
    /// The provider's page; empty once it is of no use.
    pub next_url: String,
    /// As `CardState`.
    pub state: String,
    /// Why, where there is more to say.
    pub state_reason: String,
    /// Why a person should look; empty where none need.
    pub needs_look: String,
    /// Last four digits of the card, where known.
    pub last_four: String,
    /// The provider's reference for the money, where it has one of its own.
    pub money_ref: String,
    /// The receipt made of it.
    pub receipt_id: Option<i64>,
    /// Its number.
    pub receipt_number: String,
    /// What the provider charged.
    pub fee_pence: i64,
    /// When it was paid out.
    pub settled_on: Option<NaiveDate>,
    /// In which payout.
    pub payout_id: Option<i64>,
    /// Who took it.
    pub asked_by_name: String,
    /// On which day.
    pub asked_on: NaiveDate,
    /// When to ask the provider again.
    pub ask_again_at: Option<DateTime<Utc>>,
    /// How often it was asked.
    pub asked_count: i64,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds a payment.
pub async fn add_payment(tx: &mut Tx, org: OrgId, r: CardPaymentRow) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "provider",
        "channel",
        "customer_id",
        "pay_link_id",
        "amount_pence",
        "chosen",
        "description",
        "provider_ref",
        "next_url",
        "state",
        "state_reason",
        "needs_look",
        "last_four",
        "money_ref",
        "receipt_id",
        "receipt_number",
        "fee_pence",
        "settled_on",
        "payout_id",
        "asked_by_name",
        "asked_on",
        "ask_again_at",
        "asked_count",
        "recorded_at",
        "version",
    ];
    let values = args![
        org,
        r.id,
        r.number,
        r.provider,
        r.channel,
        r.customer_id,
        r.pay_link_id,
        r.amount_pence,
        r.chosen,
        r.description,
        r.provider_ref,
        r.next_url,
        r.state,
        r.state_reason,
        r.needs_look,
        r.last_four,
        r.money_ref,
        r.receipt_id,
        r.receipt_number,
        r.fee_pence,
        r.settled_on,
        r.payout_id,
        r.asked_by_name,
        r.asked_on,
        r.ask_again_at,
        r.asked_count,
        r.recorded_at,
        r.version
    ];
    tx.insert("card_payment", COLUMNS, vec![values]).await
}

/// Changes a payment that is still at `r.version`; false if somebody was quicker.
pub async fn change_payment(tx: &mut Tx, org: OrgId, r: &CardPaymentRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update card_payment set customer_id = $4, amount_pence = $5, chosen = $6, description = $7, provider_ref = $8, next_url = $9, state = $10, state_reason = $11, needs_look = $12, last_four = $13, receipt_id = $14, receipt_number = $15, fee_pence = $16, settled_on = $17, payout_id = $18, ask_again_at = $19, asked_count = $20, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    Ok(tx
        .run(
            sql,
            args![
                org,
                r.id,
                r.version,
                r.customer_id,
                r.amount_pence,
                r.chosen.clone(),
                r.description.clone(),
                r.provider_ref.clone(),
                r.next_url.clone(),
                r.state.clone(),
                r.state_reason.clone(),
                r.needs_look.clone(),
                r.last_four.clone(),
                r.receipt_id,
                r.receipt_number.clone(),
                r.fee_pence,
                r.settled_on,
                r.payout_id,
                r.ask_again_at,
                r.asked_count
            ],
        )
        .await?
        == 1)
}

/// Id and number of these payments.
pub async fn payment_numbers(tx: &mut Tx, org: OrgId, ids: &[i64]) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql = ["select id, number from card_payment where org_id = $1 and id in (", ")"];
    tx.all_listed(sql, org, ids.iter().copied()).await
}

/// Keeps the provider's own reference for the money.
pub async fn set_money_ref(tx: &mut Tx, org: OrgId, id: i64, money_ref: &str) -> Result<(), StoreFault> {
    let sql = sql!("update card_payment set money_ref = $3 where org_id = $1 and id = $2");
    tx.run(sql, args![org, id, money_ref]).await.map(drop)
}

/// The payment whose money has this reference.
pub async fn payment_of_money(tx: &mut Tx, org: OrgId, money_ref: &str) -> Result<Option<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and money_ref = $2 and money_ref <> '' order by id limit 1"
    );
    tx.maybe(sql, args![org, money_ref]).await
}

/// A payment by its number.
pub async fn payment_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A payment by its id.
pub async fn payment(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and id = $2"
    );
    tx.maybe(sql, args![org, id]).await
}

/// A payment by the provider's id.
pub async fn payment_of_ref(
    tx: &mut Tx,
    org: OrgId,
    provider: &str,
    provider_ref: &str,
) -> Result<Option<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and provider = $2 and provider_ref = $3"
    );
    tx.maybe(sql, args![org, provider, provider_ref]).await
}

/// The payment a receipt was made of.
pub async fn payment_of_receipt(tx: &mut Tx, org: OrgId, receipt: i64) -> Result<Option<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and receipt_id = $2"
    );
    tx.maybe(sql, args![org, receipt]).await
}

/// A customer's payments, newest first.
pub async fn payments_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Payments to ask the provider about by now, oldest first.
pub async fn payments_due(
    tx: &mut Tx,
    org: OrgId,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Vec<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and ask_again_at is not null and ask_again_at <= $2 order by ask_again_at, id limit $3"
    );
    tx.all(sql, args![org, now, limit]).await
}

/// Payments in a state, or all, before an id, newest first.
pub async fn payments_listed(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and ($2 = '' or state = $2 or ($2 = 'look' and needs_look <> '')) and id < $3 order by id desc limit $4"
    );
    tx.all(sql, args![org, state, before, limit]).await
}

/// The payments of a payout.
pub async fn payments_in_payout(tx: &mut Tx, org: OrgId, payout: i64) -> Result<Vec<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and payout_id = $2 order by id"
    );
    tx.all(sql, args![org, payout]).await
}

/// The payments begun from a link, newest first.
pub async fn payments_begun_from(tx: &mut Tx, org: OrgId, link: i64) -> Result<Vec<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and pay_link_id = $2 order by id desc"
    );
    tx.all(sql, args![org, link]).await
}

/// How many payments there are in each state, and their sum.
pub async fn payment_sums(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select state, cast(count(*) as bigint), cast(sum(amount_pence) as bigint) from card_payment where org_id = $1 group by state order by state"
    );
    tx.all(sql, args![org]).await
}

/// How many payments wait for a person to look.
pub async fn payments_to_look_at(tx: &mut Tx, org: OrgId) -> Result<i64, StoreFault> {
    let sql = sql!("select cast(count(*) as bigint) from card_payment where org_id = $1 and needs_look <> ''");
    Ok(tx.one::<(i64,)>(sql, args![org]).await?.0)
}

// Refunds ----------------------------------------------------------------------------

/// A refund to a card.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CardRefundRow {
    /// Id.
    pub id: i64,
    /// Number people see.
    pub number: String,
    /// Of which payment.
    pub payment_id: i64,
    /// Whose account.
    pub customer_id: Option<i64>,
    /// Amount.
    pub amount_pence: i64,
    /// Why.
    pub reason: String,
    /// asked, refused, approved, sent, paid or failed.
    pub state: String,
    /// Why, where there is more to say.
    pub state_reason: String,
    /// The yes it needs.
    pub approval_number: String,
    /// The provider's id of it.
    pub provider_ref: Option<String>,
    /// The debit that used the credit.
    pub item_id: Option<i64>,
    /// How much of it was unallocated cash.
    pub on_account_pence: i64,
    /// When it was taken from a payout.
    pub settled_on: Option<NaiveDate>,
    /// Which payout.
    pub payout_id: Option<i64>,
    /// Who asked.
    pub asked_by_name: String,
    /// When.
    pub asked_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds a refund.
pub async fn add_refund(tx: &mut Tx, org: OrgId, r: CardRefundRow) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "payment_id",
        "customer_id",
        "amount_pence",
        "reason",
        "state",
        "state_reason",
        "approval_number",
        "provider_ref",
        "item_id",
        "on_account_pence",
        "settled_on",
        "payout_id",
        "asked_by_name",
        "asked_on",
        "recorded_at",
        "version",
    ];
    let values = args![
        org,
        r.id,
        r.number,
        r.payment_id,
        r.customer_id,
        r.amount_pence,
        r.reason,
        r.state,
        r.state_reason,
        r.approval_number,
        r.provider_ref,
        r.item_id,
        r.on_account_pence,
        r.settled_on,
        r.payout_id,
        r.asked_by_name,
        r.asked_on,
        r.recorded_at,
        r.version
    ];
    tx.insert("card_refund", COLUMNS, vec![values]).await
}

/// Changes a refund that is still at `r.version`; false if somebody was quicker.
pub async fn change_refund(tx: &mut Tx, org: OrgId, r: &CardRefundRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update card_refund set customer_id = $4, amount_pence = $5, reason = $6, state = $7, state_reason = $8, approval_number = $9, provider_ref = $10, item_id = $11, on_account_pence = $12, settled_on = $13, payout_id = $14, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    Ok(tx
        .run(
            sql,
            args![
                org,
                r.id,
                r.version,
                r.customer_id,
                r.amount_pence,
                r.reason.clone(),
                r.state.clone(),
                r.state_reason.clone(),
                r.approval_number.clone(),
                r.provider_ref.clone(),
                r.item_id,
                r.on_account_pence,
                r.settled_on,
                r.payout_id
            ],
        )
        .await?
        == 1)
}

/// A refund by its number.
pub async fn refund_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<CardRefundRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, customer_id, amount_pence, reason, state, state_reason, approval_number, provider_ref, item_id, on_account_pence, settled_on, payout_id, asked_by_name, asked_on, recorded_at, version from card_refund where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A refund by the provider's id.
pub async fn refund_of_ref(tx: &mut Tx, org: OrgId, provider_ref: &str) -> Result<Option<CardRefundRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, customer_id, amount_pence, reason, state, state_reason, approval_number, provider_ref, item_id, on_account_pence, settled_on, payout_id, asked_by_name, asked_on, recorded_at, version from card_refund where org_id = $1 and provider_ref = $2"
    );
    tx.maybe(sql, args![org, provider_ref]).await
}

/// The refunds of a payment, oldest first.
pub async fn refunds_of(tx: &mut Tx, org: OrgId, payment: i64) -> Result<Vec<CardRefundRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, customer_id, amount_pence, reason, state, state_reason, approval_number, provider_ref, item_id, on_account_pence, settled_on, payout_id, asked_by_name, asked_on, recorded_at, version from card_refund where org_id = $1 and payment_id = $2 order by id"
    );
    tx.all(sql, args![org, payment]).await
}

/// Refunds in a state, oldest first.
pub async fn refunds_in_state(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    limit: i64,
) -> Result<Vec<CardRefundRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, customer_id, amount_pence, reason, state, state_reason, approval_number, provider_ref, item_id, on_account_pence, settled_on, payout_id, asked_by_name, asked_on, recorded_at, version from card_refund where org_id = $1 and state = $2 order by id limit $3"
    );
    tx.all(sql, args![org, state, limit]).await
}

/// Refunds before an id, newest first.
pub async fn refunds_listed(
    tx: &mut Tx,
    org: OrgId,
    before: i64,
    limit: i64,
) -> Result<Vec<CardRefundRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, customer_id, amount_pence, reason, state, state_reason, approval_number, provider_ref, item_id, on_account_pence, settled_on, payout_id, asked_by_name, asked_on, recorded_at, version from card_refund where org_id = $1 and id < $2 order by id desc limit $3"
    );
    tx.all(sql, args![org, before, limit]).await
}

/// The refunds of a payout.
pub async fn refunds_in_payout(tx: &mut Tx, org: OrgId, payout: i64) -> Result<Vec<CardRefundRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, customer_id, amount_pence, reason, state, state_reason, approval_number, provider_ref, item_id, on_account_pence, settled_on, payout_id, asked_by_name, asked_on, recorded_at, version from card_refund where org_id = $1 and payout_id = $2 order by id"
    );
    tx.all(sql, args![org, payout]).await
}

// Disputes ---------------------------------------------------------------------------

/// A payer's bank wants the money back.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CardDisputeRow {
    /// Id.
    pub id: i64,
    /// Number people see.
    pub number: String,
    /// Of which payment.
    pub payment_id: i64,
    /// The provider's id of it.
    pub provider_ref: String,
    /// Amount.
    pub amount_pence: i64,
    /// What the provider charges for a lost one.
    pub fee_pence: i64,
    /// What the payer says.
    pub reason: String,
    /// needs_response, under_review, won or lost.
    pub state: String,
    /// Until when evidence is taken.
    pub answer_by: Option<NaiveDate>,
    /// When the debt was opened again.
    pub posted_on: Option<NaiveDate>,
    /// What of it paid items.
    pub reopened_pence: i64,
    /// When it was taken from a payout.
    pub settled_on: Option<NaiveDate>,
    /// Which payout.
    pub payout_id: Option<i64>,
    /// The day we heard.
    pub recorded_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds a dispute.
pub async fn add_dispute(tx: &mut Tx, org: OrgId, r: CardDisputeRow) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "payment_id",
        "provider_ref",
        "amount_pence",
        "fee_pence",
        "reason",
        "state",
        "answer_by",
        "posted_on",
        "reopened_pence",
        "settled_on",
        "payout_id",
        "recorded_on",
        "recorded_at",
        "version",
    ];
    let values = args![
        org,
        r.id,
        r.number,
        r.payment_id,
        r.provider_ref,
        r.amount_pence,
        r.fee_pence,
        r.reason,
        r.state,
        r.answer_by,
        r.posted_on,
        r.reopened_pence,
        r.settled_on,
        r.payout_id,
        r.recorded_on,
        r.recorded_at,
        r.version
    ];
    tx.insert("card_dispute", COLUMNS, vec![values]).await
}

/// Changes a dispute that is still at `r.version`; false if somebody was quicker.
pub async fn change_dispute(tx: &mut Tx, org: OrgId, r: &CardDisputeRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update card_dispute set amount_pence = $4, fee_pence = $5, reason = $6, state = $7, answer_by = $8, posted_on = $9, reopened_pence = $10, settled_on = $11, payout_id = $12, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    Ok(tx
        .run(
            sql,
            args![
                org,
                r.id,
                r.version,
                r.amount_pence,
                r.fee_pence,
                r.reason.clone(),
                r.state.clone(),
                r.answer_by,
                r.posted_on,
                r.reopened_pence,
                r.settled_on,
                r.payout_id
            ],
        )
        .await?
        == 1)
}

/// A dispute by its number.
pub async fn dispute_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<CardDisputeRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, provider_ref, amount_pence, fee_pence, reason, state, answer_by, posted_on, reopened_pence, settled_on, payout_id, recorded_on, recorded_at, version from card_dispute where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A dispute by the provider's id.
pub async fn dispute_of_ref(tx: &mut Tx, org: OrgId, provider_ref: &str) -> Result<Option<CardDisputeRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, provider_ref, amount_pence, fee_pence, reason, state, answer_by, posted_on, reopened_pence, settled_on, payout_id, recorded_on, recorded_at, version from card_dispute where org_id = $1 and provider_ref = $2"
    );
    tx.maybe(sql, args![org, provider_ref]).await
}

/// The disputes of a payment, oldest first.
pub async fn disputes_of(tx: &mut Tx, org: OrgId, payment: i64) -> Result<Vec<CardDisputeRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, provider_ref, amount_pence, fee_pence, reason, state, answer_by, posted_on, reopened_pence, settled_on, payout_id, recorded_on, recorded_at, version from card_dispute where org_id = $1 and payment_id = $2 order by id"
    );
    tx.all(sql, args![org, payment]).await
}

/// Disputes before an id, newest first.
pub async fn disputes_listed(
    tx: &mut Tx,
    org: OrgId,
    before: i64,
    limit: i64,
) -> Result<Vec<CardDisputeRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, provider_ref, amount_pence, fee_pence, reason, state, answer_by, posted_on, reopened_pence, settled_on, payout_id, recorded_on, recorded_at, version from card_dispute where org_id = $1 and id < $2 order by id desc limit $3"
    );
    tx.all(sql, args![org, before, limit]).await
}

/// The disputes of a payout.
pub async fn disputes_in_payout(tx: &mut Tx, org: OrgId, payout: i64) -> Result<Vec<CardDisputeRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, provider_ref, amount_pence, fee_pence, reason, state, answer_by, posted_on, reopened_pence, settled_on, payout_id, recorded_on, recorded_at, version from card_dispute where org_id = $1 and payout_id = $2 order by id"
    );
    tx.all(sql, args![org, payout]).await
}

// Payouts ----------------------------------------------------------------------------

/// What a provider pays into the bank at once.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct CardPayoutRow {
    /// Id.
    pub id: i64,
    /// Number people see.
    pub number: String,
    /// Whose.
    pub provider: String,
    /// The provider's name of it.
    pub provider_ref: String,
    /// Its day.
    pub settled_on: NaiveDate,
    /// Payments.
    pub gross_pence: i64,
    /// Less refunds.
    pub refunds_pence: i64,
    /// Less disputes.
    pub disputes_pence: i64,
    /// Less charges.
    pub charges_pence: i64,
    /// What should reach the bank.
    pub net_pence: i64,
    /// expected or in_bank.
    pub state: String,
    /// The bank line it is.
    pub bank_line_id: Option<i64>,
    /// Who said so.
    pub reconciled_by: String,
    /// When.
    pub reconciled_on: Option<NaiveDate>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds a payout.
pub async fn add_payout(tx: &mut Tx, org: OrgId, r: CardPayoutRow) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "provider",
        "provider_ref",
        "settled_on",
        "gross_pence",
        "refunds_pence",
        "disputes_pence",
        "charges_pence",
        "net_pence",
        "state",
        "bank_line_id",
        "reconciled_by",
        "reconciled_on",
        "recorded_at",
        "version",
    ];
    let values = args![
        org,
        r.id,
        r.number,
        r.provider,
        r.provider_ref,
        r.settled_on,
        r.gross_pence,
        r.refunds_pence,
        r.disputes_pence,
        r.charges_pence,
        r.net_pence,
        r.state,
        r.bank_line_id,
        r.reconciled_by,
        r.reconciled_on,
        r.recorded_at,
        r.version
    ];
    tx.insert("card_payout", COLUMNS, vec![values]).await
}

/// Changes a payout that is still at `r.version`; false if somebody was quicker.
pub async fn change_payout(tx: &mut Tx, org: OrgId, r: &CardPayoutRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update card_payout set settled_on = $4, gross_pence = $5, refunds_pence = $6, disputes_pence = $7, charges_pence = $8, net_pence = $9, state = $10, bank_line_id = $11, reconciled_by = $12, reconciled_on = $13, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    Ok(tx
        .run(
            sql,
            args![
                org,
                r.id,
                r.version,
                r.settled_on,
                r.gross_pence,
                r.refunds_pence,
                r.disputes_pence,
                r.charges_pence,
                r.net_pence,
                r.state.clone(),
                r.bank_line_id,
                r.reconciled_by.clone(),
                r.reconciled_on
            ],
        )
        .await?
        == 1)
}

/// A payout by its number.
pub async fn payout_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<CardPayoutRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, provider_ref, settled_on, gross_pence, refunds_pence, disputes_pence, charges_pence, net_pence, state, bank_line_id, reconciled_by, reconciled_on, recorded_at, version from card_payout where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A payout by the provider's name of it.
pub async fn payout_of_ref(
    tx: &mut Tx,
    org: OrgId,
    provider: &str,
    provider_ref: &str,
) -> Result<Option<CardPayoutRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, provider_ref, settled_on, gross_pence, refunds_pence, disputes_pence, charges_pence, net_pence, state, bank_line_id, reconciled_by, reconciled_on, recorded_at, version from card_payout where org_id = $1 and provider = $2 and provider_ref = $3"
    );
    tx.maybe(sql, args![org, provider, provider_ref]).await
}

/// The number of a payout.
pub async fn payout_number(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<String>, StoreFault> {
    let sql = sql!("select number from card_payout where org_id = $1 and id = $2");
    Ok(tx.maybe::<(String,)>(sql, args![org, id]).await?.map(|row| row.0))
}

/// Payouts in a state, or all, newest first.
pub async fn payouts_listed(
    tx: &mut Tx,
    org: OrgId,
    state: &str,
    limit: i64,
) -> Result<Vec<CardPayoutRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, provider_ref, settled_on, gross_pence, refunds_pence, disputes_pence, charges_pence, net_pence, state, bank_line_id, reconciled_by, reconciled_on, recorded_at, version from card_payout where org_id = $1 and ($2 = '' or state = $2) order by settled_on desc, id desc limit $3"
    );
    tx.all(sql, args![org, state, limit]).await
}

/// Payments of two providers that were settled and are in no payout, by day.
pub async fn payments_to_pay_out(
    tx: &mut Tx,
    org: OrgId,
    provider: &str,
    other: &str,
) -> Result<Vec<CardPaymentRow>, StoreFault> {
    let sql = sql!(
        "select id, number, provider, channel, customer_id, pay_link_id, amount_pence, chosen, description, provider_ref, next_url, state, state_reason, needs_look, last_four, money_ref, receipt_id, receipt_number, fee_pence, settled_on, payout_id, asked_by_name, asked_on, ask_again_at, asked_count, recorded_at, version from card_payment where org_id = $1 and provider in ($2, $3) and settled_on is not null and payout_id is null order by settled_on, id"
    );
    tx.all(sql, args![org, provider, other]).await
}

/// Refunds of their payments that were settled and are in no payout, by day.
pub async fn refunds_to_pay_out(
    tx: &mut Tx,
    org: OrgId,
    provider: &str,
    other: &str,
) -> Result<Vec<CardRefundRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, customer_id, amount_pence, reason, state, state_reason, approval_number, provider_ref, item_id, on_account_pence, settled_on, payout_id, asked_by_name, asked_on, recorded_at, version from card_refund where org_id = $1 and settled_on is not null and payout_id is null and state = 'paid' and exists (select 1 from card_payment p where p.org_id = $1 and p.id = card_refund.payment_id and p.provider in ($2, $3)) order by settled_on, id"
    );
    tx.all(sql, args![org, provider, other]).await
}

/// Disputes lost of their payments that were settled and are in no payout, by day.
pub async fn disputes_to_pay_out(
    tx: &mut Tx,
    org: OrgId,
    provider: &str,
    other: &str,
) -> Result<Vec<CardDisputeRow>, StoreFault> {
    let sql = sql!(
        "select id, number, payment_id, provider_ref, amount_pence, fee_pence, reason, state, answer_by, posted_on, reopened_pence, settled_on, payout_id, recorded_on, recorded_at, version from card_dispute where org_id = $1 and settled_on is not null and payout_id is null and posted_on is not null and exists (select 1 from card_payment p where p.org_id = $1 and p.id = card_dispute.payment_id and p.provider in ($2, $3)) order by settled_on, id"
    );
    tx.all(sql, args![org, provider, other]).await
}

/// Puts payments, refunds and disputes of a day into a payout.
pub async fn put_in_payout(
    tx: &mut Tx,
    org: OrgId,
    payout: i64,
    (payments, refunds, disputes): (&[i64], &[i64], &[i64]),
) -> Result<(), StoreFault> {
    for id in payments {
        let sql = sql!("update card_payment set payout_id = $3 where org_id = $1 and id = $2 and payout_id is null");
        tx.run(sql, args![org, *id, payout]).await?;
    }
    for id in refunds {
        let sql = sql!("update card_refund set payout_id = $3 where org_id = $1 and id = $2 and payout_id is null");
        tx.run(sql, args![org, *id, payout]).await?;
    }
    for id in disputes {
        let sql = sql!("update card_dispute set payout_id = $3 where org_id = $1 and id = $2 and payout_id is null");
        tx.run(sql, args![org, *id, payout]).await?;
    }
    Ok(())
}

/// Bank lines that could be a payout: of this amount, from its day on, in no payout and on nobody's account.
pub async fn lines_for_payout(
    tx: &mut Tx,
    org: OrgId,
    net_pence: i64,
    from_on: NaiveDate,
    to_on: NaiveDate,
) -> Result<Vec<crate::cash::BankLineRow>, StoreFault> {
    let sql = sql!(
        "select id, bank_statement_id, bank_account_id, external_id, line_key, posted_on, amount_pence, kind, payer_name, payer_print, payer_shown, words, state, reason, receipt_id, recorded_at from bank_line where org_id = $1 and state in ('waiting','suggested','suspense','not_a_receipt') and posted_on >= $3 and posted_on <= $4 and amount_pence = $2 and not exists (select 1 from card_payout p where p.org_id = $1 and p.bank_line_id = bank_line.id) order by posted_on, id limit 20"
    );
    tx.all(sql, args![org, net_pence, from_on, to_on]).await
}

/// Whether a bank line is a payout already.
pub async fn line_is_payout(tx: &mut Tx, org: OrgId, line: i64) -> Result<bool, StoreFault> {
    let sql = sql!("select number from card_payout where org_id = $1 and bank_line_id = $2");
    Ok(tx.maybe::<(String,)>(sql, args![org, line]).await?.is_some())
}

/// Moves a bank line that is a payout out of whatever state it is in.
pub async fn line_becomes_payout(tx: &mut Tx, org: OrgId, line: i64, reason: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update bank_line set state = 'not_a_receipt', reason = $3 where org_id = $1 and id = $2 and state in ('waiting','suggested','suspense','not_a_receipt')"
    );
    Ok(tx.run(sql, args![org, line, reason]).await? == 1)
}

// Webhooks and files -----------------------------------------------------------------

/// A webhook that was taken in; its body is not kept, only its hash.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct CardWebhookRow {
    /// Whose.
    pub provider: String,
    /// The same message has the same id.
    pub message_id: String,
    /// What happened.
    pub event_type: String,
    /// To what.
    pub resource_id: String,
    /// Hash of the body.
    pub body_sha256: String,
    /// known, unknown or other.
    pub state: String,
    /// When it came.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps a webhook; false if this message came before.
pub async fn add_webhook(tx: &mut Tx, org: OrgId, r: &CardWebhookRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into card_webhook (org_id, provider, message_id, event_type, resource_id, body_sha256, state, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing"
    );
    let values =
        args![org, &r.provider, &r.message_id, &r.event_type, &r.resource_id, &r.body_sha256, &r.state, r.recorded_at];
    Ok(tx.run(sql, values).await? == 1)
}

/// Webhooks, newest first.
pub async fn webhooks(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<CardWebhookRow>, StoreFault> {
    let sql = sql!(
        "select provider, message_id, event_type, resource_id, body_sha256, state, recorded_at from card_webhook where org_id = $1 order by recorded_at desc, message_id limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// A payment file that was taken in.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct CardFileRow {
    /// Its number.
    pub file_number: i64,
    /// Its date.
    pub dated_on: NaiveDate,
    /// Hash of its bytes.
    pub sha256: String,
    /// Payments in it.
    pub rows_count: i64,
    /// What they come to.
    pub sum_pence: i64,
    /// When it came.
    pub recorded_at: DateTime<Utc>,
}

/// Keeps that a payment file was taken in.
pub async fn add_file(tx: &mut Tx, org: OrgId, r: &CardFileRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into card_file (org_id, file_number, dated_on, sha256, rows_count, sum_pence, recorded_at) values ($1, $2, $3, $4, $5, $6, $7)"
    );
    let values = args![org, r.file_number, r.dated_on, &r.sha256, r.rows_count, r.sum_pence, r.recorded_at];
    tx.run(sql, values).await.map(drop)
}

/// The file with these bytes, if it came before.
pub async fn file_of_sha(tx: &mut Tx, org: OrgId, sha256: &str) -> Result<Option<CardFileRow>, StoreFault> {
    let sql = sql!(
        "select file_number, dated_on, sha256, rows_count, sum_pence, recorded_at from card_file where org_id = $1 and sha256 = $2"
    );
    tx.maybe(sql, args![org, sha256]).await
}

/// The number of the last file.
pub async fn last_file(tx: &mut Tx, org: OrgId) -> Result<Option<i64>, StoreFault> {
    let sql = sql!("select file_number from card_file where org_id = $1 order by file_number desc limit 1");
    Ok(tx.maybe::<(i64,)>(sql, args![org]).await?.map(|row| row.0))
}
