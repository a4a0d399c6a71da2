//! A customer asks, or refuses to pay with grounds (C1): the clock starts and the disputed part is held.
use super::categories::category_at;
use super::hold::{hold, hold_until};
use super::lines::line_left;
use super::may_work;
use crate::core::command::Command;
use crate::customers::{find, refuse_cards};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::Nation;
use sundry_domain::ids::{DocumentId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::queries::{Category, QueryState, Source, answer_by, disputed_part};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::control::organisation;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::queries::{self, QueryRow};

/// Raises a query.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RaiseQuery {
    /// Idempotency key.
    pub key: String,
    /// Customer number; may be empty when an item is named.
    #[serde(default)]
    pub customer: String,
    /// Number of the item it is about; empty for the account.
    #[serde(default)]
    pub item: String,
    /// The line of the invoice, where it is about one.
    #[serde(default)]
    pub line: Option<i64>,
    /// Code of one of the organisation's categories: price, service, wrong_customer, already_paid…
    pub category: String,
    /// How much is disputed; for a dispute, all that is open when not said.
    #[serde(default)]
    pub disputed: Option<Pence>,
    /// In the customer's words.
    pub words: String,
    /// Who must answer.
    #[serde(default)]
    pub owner: String,
    /// How it came: call, email, letter, person, page, api or servicenow; person when empty.
    #[serde(default)]
    pub source: String,
    /// Whose service it is about; the invoice's when empty.
    #[serde(default)]
    pub service: String,
}

/// The query that was raised.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QueryRaised {
    /// Number.
    pub number: String,
    /// What is disputed, and held.
    pub disputed_pence: i64,
    /// By when it should be answered.
    pub answer_by: NaiveDate,
}

/// Raises a query; the disputed part of its item is held from recovery while it lasts.
///
/// # Errors
/// `QRY-ABOVE-OPEN`, `QRY-NO-ITEM`, `QRY-NOT-OWED`; invalid fields; absent customer or item.
pub async fn raise_query(desk: &Desk, by: &Actor, ask: RaiseQuery) -> Outcome<QueryRaised> {
    may_work(by)?;
    let source = check(&ask)?;
    refuse_cards(&[("words", &ask.words), ("owner", &ask.owner), ("service", &ask.service)])?;
    command!(desk, by, "raise_query", &ask.key, &ask, |cmd| { raise(cmd, &ask, source).await })
}

fn check(ask: &RaiseQuery) -> Outcome<Source> {
    let mut wrong = Vec::new();
    if ask.words.trim().is_empty() || ask.words.chars().count() > 4_000 {
        wrong.push(Invalid::field("words", "Enter what the customer says, in at most 4,000 characters", &ask.words));
    }
    if ask.customer.trim().is_empty() && ask.item.trim().is_empty() {
        wrong.push(Invalid::field("customer", "Enter the customer's number or the invoice's", ""));
    }
    for (field, text) in [("owner", &ask.owner), ("service", &ask.service)] {
        if text.chars().count() > 200 {
            wrong.push(Invalid::field(field, "Enter at most 200 characters", text));
        }
    }
    if ask.line.is_some() && ask.item.trim().is_empty() {
        wrong.push(Invalid::field("line", "Name the invoice whose line it is", ""));
    }
    let source = if ask.source.is_empty() { Some(Source::Person) } else { Source::parse(&ask.source) };
    if source.is_none() {
        wrong.push(Invalid::field("source", "Choose how it came from the list", &ask.source));
    }
    match source.filter(|_| wrong.is_empty()) {
        Some(source) => Ok(source),
        None => Err(wrong.into()),
    }
}

/// Raises a query inside whichever command needs it.
pub(super) async fn raise(cmd: &mut Command, ask: &RaiseQuery, source: Source) -> Outcome<QueryRaised> {
    let org = cmd.by.org;
    let category = category_at(cmd, &ask.category).await?;
    let category =
        category.ok_or_else(|| Invalid::field("category", "Choose what it is about from the list", &ask.category))?;
    let items = items_of(&mut cmd.tx, org, ask).await?;
    let item = items.first();
    let customer_id = match &item {
        Some(item) => item.customer_id,
        None => find(&mut cmd.tx, org, &ask.customer).await?.id,
    };
    let disputed = disputed(cmd, ask, &category, &items).await?;
    let answer_by = answer_by(category.target_days, cmd.today, 0, cmd.desk.book().calendar(nation(cmd).await?))?;
    let service = match (ask.service.trim(), &item) {
        ("", Some(item)) => item.service.clone(),
        (named, _) => named.to_owned(),
    };
    let row = QueryRow {
        id: cmd.id(),
        number: format!("QRY-{:06}", cmd.next_number("QRY").await?),
        customer_id,
        item_id: item.map(|item| item.id),
        category: category.code.clone(),
        words: ask.words.trim().into(),
        disputed_pence: disputed.0,
        opened_on: cmd.today,
        answer_by,
        asked_on: None,
        owner: ask.owner.trim().into(),
        state: QueryState::Open.as_str().into(),
        answer: String::new(),
        resolution: String::new(),
        resolved_on: None,
        actor_id: cmd.by.user.0,
        recorded_at: cmd.at,
        version: 1,
        line: ask.line,
        source: source.as_str().into(),
        service,
        cause: String::new(),
        approval: String::new(),
        rebilled_as: String::new(),
        letter: String::new(),
    };
    queries::add_query(&mut cmd.tx, org, &row).await?;
    // A dispute of the whole account holds the whole account; one of an item its part.
    let holds = disputed > Pence::ZERO || (item.is_none() && category.dispute);
    if holds {
        hold(cmd, &row, &items, disputed, hold_until(cmd.today, category.hold_days)).await?;
    }
    cmd.tell("QueryRaised", format!("query {}", row.number), &row);
    Ok(QueryRaised { number: row.number, disputed_pence: disputed.0, answer_by })
}

/// How much is disputed: of the item, or of one line of it.
async fn disputed(cmd: &mut Command, ask: &RaiseQuery, category: &Category, items: &[ItemRow]) -> Outcome<Pence> {
    let sum = |of: fn(&ItemRow) -> i64| items.iter().fold(Pence::ZERO, |sum, item| sum.plus(Pence(of(item))));
    let mut amounts = (!items.is_empty()).then(|| (sum(|item| item.open_pence), sum(|item| item.disputed_pence)));
    if let (Some(line), Some(item), Some((open, before))) = (ask.line, items.first(), amounts.as_mut()) {
        let document = item.document_id.filter(|_| item.kind == "invoice").map(DocumentId);
        let left = match document {
            Some(document) => line_left(&mut cmd.tx, cmd.by.org, document, line).await?,
            None => None,
        };
        let left = left.ok_or_else(|| Invalid::field("line", "Enter a line of the invoice", line.to_string()))?;
        *open = (*open).min(before.plus(left.gross()));
    }
    Ok(disputed_part(category.dispute, ask.disputed, amounts)?)
}

/// What a query is about: one item; or the instalments of an invoice, the first that is open before the others.
async fn items_of(tx: &mut Tx, org: OrgId, ask: &RaiseQuery) -> Outcome<Vec<ItemRow>> {
    let number = ask.item.trim();
    if number.is_empty() {
        return Ok(Vec::new());
    }
    let absent = || No::Absent(format!("item {number}"));
    let mut items = ledger::items_numbered(tx, org, number).await?;
    if !ask.customer.trim().is_empty() {
        let customer = find(tx, org, &ask.customer).await?;
        items.retain(|item| item.customer_id == customer.id);
    }
    items.sort_by_key(|item| {
        (item.original_pence < 0, item.number != number, item.open_pence == 0, item.due_on, item.id)
    });
    let first = items.first().ok_or_else(absent)?;
    let (exact, document) = (first.number == number, first.document_id);
    let own = |item: &ItemRow| document.is_some() && item.document_id == document && item.kind == "invoice";
    if exact {
        items.truncate(1);
    } else {
        items.retain(own);
    }
    Ok(items)
}

pub(super) async fn nation(cmd: &mut Command) -> Outcome<Nation> {
    let row = organisation(&mut cmd.tx, cmd.by.org).await?;
    let nation = row.and_then(|row| Nation::parse(&row.nation));
    nation.ok_or_else(|| Fault::new("the organisation's nation cannot be read").into())
}
