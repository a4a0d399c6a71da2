//! Beginning a card payment: a clerk on the telephone, or a payer with the link on a letter.
use super::asking::look_now;
use super::lists::{CardLine, view_of};
use super::machine;
use super::provider::{NewCardPayment, ProviderNo, chosen, provider_of};
use super::settings::may_call;
use crate::cash::AllocationLine;
use crate::cash::common::again;
use crate::cash::placing::{changed, share_of};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::core::vault::hex;
use crate::delivery::pay_links::{Token, read_token};
use crate::{Desk, Fault, No, Outcome, command};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::cash::cards::refusals::{LINK_ENDED, NO_PROVIDER, NOTHING_TO_PAY};
use sundry_domain::cash::cards::{CardState, LARGEST_CARD, may_take};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_store::cash::cards::{self, CardPaymentRow, CardProviderRow};
use sundry_store::delivery::pay_links::{self, PayLinkRow};
use sundry_store::{Tx, customers, ledger};

/// A payment taken over the telephone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartCardPayment {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// Amount.
    pub amount: Pence,
    /// What it pays; the rest stays on the account.
    pub lines: Vec<AllocationLine>,
}

/// It was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardPaymentStarted {
    /// Its number.
    pub payment: String,
    /// The provider's page, on which the card is typed.
    pub next_url: String,
}

/// Begins a card payment over the telephone: gives the provider's page to open.
///
/// # Errors
/// Duty; customer absent; items not open; `CSH-CARD-AMOUNT`, `CSH-CARD-NO-PROVIDER`, `CSH-CARD-REFUSED`,
/// `CSH-CARD-NO-ANSWER`.
pub async fn start_card_payment(desk: &Desk, by: &Actor, ask: StartCardPayment) -> Outcome<CardPaymentStarted> {
    by.must_hold(Duty::PostCash)?;
    let number: String = command!(desk, by, "start_card_payment", &ask.key, &ask, |cmd| {
        let provider = provider_for(cmd, false).await?;
        let share = share_of(cmd, &ask.customer, ask.amount, &ask.lines).await?;
        may_take(ask.amount, &share.lines)?;
        let new = NewRow {
            provider: &provider,
            channel: "telephone",
            customer: share.customer.id,
            link: None,
            amount: ask.amount,
            chosen: share.lines,
            description: format!("Account {}", share.customer.number),
        };
        add(cmd, new).await
    })?;
    begin_at_provider(desk, by, &number).await
}

/// Which provider takes it, read now.
async fn provider_for(cmd: &mut Command, by_link: bool) -> Outcome<CardProviderRow> {
    let rows = cards::providers(&mut cmd.tx, cmd.by.org).await?;
    chosen(&rows, by_link).cloned()
}

struct NewRow<'a> {
    provider: &'a CardProviderRow,
    channel: &'static str,
    customer: CustomerId,
    link: Option<i64>,
    amount: Pence,
    chosen: BTreeMap<ItemId, Pence>,
    description: String,
}

/// What was chosen, as it is kept.
pub(super) fn chosen_json(chosen: &BTreeMap<ItemId, Pence>) -> serde_json::Value {
    chosen.iter().map(|(item, pence)| serde_json::json!([item.0, pence.0])).collect()
}

/// What was chosen, read back.
pub(super) fn chosen_of(row: &CardPaymentRow) -> BTreeMap<ItemId, Pence> {
    let all: Vec<(i64, i64)> = serde_json::from_value(row.chosen.clone()).unwrap_or_default();
    all.into_iter().map(|(item, pence)| (ItemId(item), Pence(pence))).collect()
}

/// Keeps the payment before the provider hears of it; gives its number.
async fn add(cmd: &mut Command, new: NewRow<'_>) -> Outcome<String> {
    let number = format!("CP-{:06}", cmd.next_number("CP").await?);
    let row = CardPaymentRow {
        id: cmd.id(),
        number: number.clone(),
        provider: new.provider.code.clone(),
        channel: new.channel.into(),
        customer_id: Some(new.customer.0),
        pay_link_id: new.link,
        amount_pence: new.amount.0,
        chosen: chosen_json(&new.chosen),
        description: new.description,
        provider_ref: None,
        next_url: String::new(),
        state: CardState::Asked.as_str().into(),
        state_reason: String::new(),
        needs_look: String::new(),
        last_four: String::new(),
        money_ref: String::new(),
        receipt_id: None,
        receipt_number: String::new(),
        fee_pence: 0,
        settled_on: None,
        payout_id: None,
        asked_by_name: cmd.by.name.clone(),
        asked_on: cmd.today,
        ask_again_at: Some(cmd.at + TimeDelta::seconds(30)),
        asked_count: 0,
        recorded_at: cmd.at,
        version: 1,
    };
    let told = serde_json::json!({ "number": number, "amount_pence": row.amount_pence, "channel": row.channel });
    cards::add_payment(&mut cmd.tx, cmd.by.org, row).await?;
    cmd.tell("CardPaymentAsked", format!("card payment {number}"), told);
    Ok(number)
}

/// The key by which the provider knows the same request again.
fn provider_key(desk: &Desk, by: &Actor, row: &CardPaymentRow) -> String {
    let mark = hex(&desk.vault().mark(by.org.0, "card-payment", &row.id.to_be_bytes()));
    let part = |from: usize, to: usize| &mark[from..to];
    // The form of a UUID, which is what providers want.
    format!("{}-{}-4{}-8{}-{}000", part(0, 8), part(8, 12), part(12, 15), part(15, 18), part(15, 24))
}

/// Tells the provider of the payment, unless it was told before, and keeps the page it gives.
pub(super) async fn begin_at_provider(desk: &Desk, by: &Actor, number: &str) -> Outcome<CardPaymentStarted> {
    let mut look = desk.look().await?;
    let row = cards::payment_numbered(&mut look, by.org, number).await?;
    let row = row.ok_or_else(|| No::Absent(format!("card payment {number}")))?;
    if row.state != CardState::Asked.as_str() {
        return Ok(CardPaymentStarted { payment: row.number, next_url: row.next_url });
    }
    let provider = cards::provider(&mut look, by.org, &row.provider).await?.ok_or_else(not_set_up)?;
    let customer = row.customer_id.map(CustomerId).ok_or_else(|| Fault::new("a card payment has no customer"))?;
    let customer = customers::customer(&mut look, by.org, customer).await?;
    let customer = customer.ok_or_else(|| Fault::new("a card payment's customer is not there"))?;
    let back = match row.pay_link_id {
        Some(link) => format!("{}/pay/{}/back", provider.public_url, Token { org: by.org, link }.text(desk)),
        None => format!("{}/cash/cards/{number}/back", provider.public_url),
    };
    drop(look);
    let ask = NewCardPayment {
        key: provider_key(desk, by, &row),
        number: row.number.clone(),
        pence: row.amount_pence,
        reference: format!("{}-{}", customer.number, row.number),
        description: row.description.clone(),
        return_url: back,
        language: if customer.language == "cy" { "cy".into() } else { "en".into() },
        over_the_telephone: row.channel == "telephone",
    };
    match provider_of(desk, by.org, &provider)?.create(ask).await {
        Ok(begun) => {
            let safe =
                begun.next_url.starts_with('/') && provider.code == "practice" || may_call(desk, &begun.next_url);
            if !safe {
                return Err(Fault::new("the card provider gave a page that is not HTTPS").into());
            }
            settle_begin(desk, by, &row, Ok((begun.provider_ref, begun.next_url))).await
        }
        Err(ProviderNo::Silent(silence)) if provider.code == "pay360_scp" && silence.may_have_happened => {
            // No key of ours is honoured there: it is not asked again, a person looks whether a page opened.
            let why = "It is not known whether a page opened: ask the payer before you begin again";
            settle_begin(desk, by, &row, Err(why.into())).await?;
            Err(ProviderNo::Silent(silence).into())
        }
        Err(ProviderNo::Silent(silence)) => Err(ProviderNo::Silent(silence).into()),
        Err(no) => {
            let words = No::from(no.clone()).to_string();
            settle_begin(desk, by, &row, Err(words)).await?;
            Err(no.into())
        }
    }
}

async fn settle_begin(
    desk: &Desk,
    by: &Actor,
    row: &CardPaymentRow,
    came: Result<(String, String), String>,
) -> Outcome<CardPaymentStarted> {
    let key = format!("card-begun/{}/{}", row.id, row.version);
    command!(desk, by, "card_payment_begun", &key, &row.number, |cmd| {
        let mut now = cards::payment(&mut cmd.tx, cmd.by.org, row.id).await?.ok_or_else(changed)?;
        if now.state != CardState::Asked.as_str() {
            cmd.tell("CardPaymentBegunBefore", format!("card payment {}", now.number), ());
            return Ok(CardPaymentStarted { payment: now.number, next_url: now.next_url });
        }
        match &came {
            Ok((provider_ref, next_url)) => {
                (now.provider_ref, now.next_url) = (Some(provider_ref.clone()), next_url.clone());
                now.state = CardState::WithPayer.as_str().into();
                now.ask_again_at = Some(cmd.at + TimeDelta::seconds(60));
            }
            Err(words) => {
                now.state = CardState::Failed.as_str().into();
                (now.state_reason, now.ask_again_at) = (words.chars().take(300).collect(), None);
            }
        }
        if !cards::change_payment(&mut cmd.tx, cmd.by.org, &now).await? {
            return Err(again("the card payment has moved on"));
        }
        let told = serde_json::json!({ "state": now.state, "provider_ref": now.provider_ref });
        cmd.tell("CardPaymentBegun", format!("card payment {}", now.number), told);
        Ok(CardPaymentStarted { payment: now.number, next_url: now.next_url })
    })
}

/// What a payer with a link sees: how much, and for which account. No name, no address, no history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayLinkView {
    /// The organisation's name.
    pub organisation: String,
    /// What is to be paid now.
    pub amount_pence: i64,
    /// The account reference, which is fixed.
    pub reference: String,
    /// What it is for.
    pub description: String,
    /// `en` or `cy`.
    pub language: String,
}

struct Linked {
    link: PayLinkRow,
    lines: BTreeMap<ItemId, Pence>,
}

impl Linked {
    fn amount(&self) -> Pence {
        Pence::total(self.lines.values()).min(LARGEST_CARD)
    }
}

fn ended() -> No {
    LINK_ENDED.because("This payment link cannot be used.").into()
}

/// A link that has not ended and is not too old, with what is open of it.
async fn live(tx: &mut Tx, (org, link): (OrgId, i64), today: NaiveDate) -> Outcome<Linked> {
    let row = pay_links::link(tx, org, link).await?.ok_or_else(ended)?;
    if row.ended_at.is_some() || row.ends_on < today {
        return Err(ended());
    }
    let items = pay_links::items_of_link(tx, org, link).await?;
    let open = items.into_iter().map(|(item, _, open, disputed)| (ItemId(item), Pence(open - disputed)));
    let lines = open.filter(|(_, pence)| *pence > Pence::ZERO).collect();
    Ok(Linked { link: row, lines })
}

/// What a link shows.
///
/// # Errors
/// `CSH-CARD-LINK-ENDED`; `CSH-CARD-NO-PROVIDER`.
pub async fn pay_link(desk: &Desk, token: &str) -> Outcome<PayLinkView> {
    let Token { org, link } = read_token(desk, token).ok_or_else(ended)?;
    let mut look = desk.look().await?;
    let linked = live(&mut look, (org, link), desk.today()).await?;
    let site = sundry_store::control::organisation(&mut look, org).await?;
    let customer = customers::customer(&mut look, org, CustomerId(linked.link.customer_id)).await?;
    Ok(PayLinkView {
        organisation: site.map(|site| site.name).unwrap_or_default(),
        amount_pence: linked.amount().0,
        reference: linked.link.reference,
        description: linked.link.description,
        language: customer.map(|customer| customer.language).unwrap_or_default(),
    })
}

/// The payer begins: the amount is what is open now, and cannot be typed.
///
/// # Errors
/// As [`pay_link`]; `CSH-CARD-NOTHING-TO-PAY`; what the provider says.
pub async fn pay_now(desk: &Desk, token: &str, key: &str) -> Outcome<CardPaymentStarted> {
    let Token { org, link } = read_token(desk, token).ok_or_else(ended)?;
    let by = machine(org, "Payer");
    let key = format!("pay-link/{link}/{key}");
    let number: String = command!(desk, &by, "pay_now", &key, &(), |cmd| {
        let linked = live(&mut cmd.tx, (org, link), cmd.today).await?;
        let provider = provider_for(cmd, true).await?;
        if linked.lines.is_empty() {
            return Err(NOTHING_TO_PAY.because("There is nothing left to pay with this link.").into());
        }
        let amount = linked.amount();
        may_take(amount, &BTreeMap::new())?;
        let new = NewRow {
            provider: &provider,
            channel: "link",
            customer: CustomerId(linked.link.customer_id),
            link: Some(link),
            amount,
            chosen: linked.lines,
            description: linked.link.description,
        };
        add(cmd, new).await
    })?;
    begin_at_provider(desk, &by, &number).await
}

/// The payer comes back: the provider is asked, and the newest payment from this link is shown.
///
/// # Errors
/// A token that is not ours; nothing was begun.
pub async fn pay_link_back(desk: &Desk, token: &str) -> Outcome<CardLine> {
    let Token { org, link } = read_token(desk, token).ok_or_else(ended)?;
    let by = machine(org, "Payer");
    let begun = cards::payments_begun_from(&mut desk.look().await?, org, link).await?;
    let newest = begun.into_iter().next().ok_or_else(|| No::Absent("payment from this link".into()))?;
    let row = look_now(desk, &by, newest).await?;
    Ok(view_of(&row, None))
}

/// What is open on the items of a payment, for placing it.
pub(super) async fn open_now(cmd: &mut Command, customer: CustomerId) -> Outcome<BTreeMap<ItemId, Pence>> {
    let open = ledger::open_items_of(&mut cmd.tx, cmd.by.org, customer).await?;
    let debits = open.into_iter().filter(|item| item.original_pence > 0 && item.open_pence > 0);
    Ok(debits.map(|item| (ItemId(item.id), Pence(item.open_pence))).collect())
}

/// The provider of a payment, as it was set up.
pub(super) async fn provider_row(desk: &Desk, by: &Actor, code: &str) -> Outcome<CardProviderRow> {
    cards::provider(&mut desk.look().await?, by.org, code).await?.ok_or_else(not_set_up)
}

fn not_set_up() -> No {
    NO_PROVIDER.because("The card provider of this payment is no longer set up.").into()
}
