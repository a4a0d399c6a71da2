//! What a message may be about: queries, accounts and invoices by what it names, each question one statement.
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// A query that a message may be about.
#[derive(Clone, Debug, FromRow)]
pub struct QueryNamedRow {
    /// Its number.
    pub number: String,
    /// Where it stands.
    pub state: String,
    /// When it ended.
    pub resolved_on: Option<NaiveDate>,
    /// The account.
    pub customer_id: i64,
    /// The customer's number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// What led to it: a number, a message's id, a letter.
    pub found: String,
}

/// A number that belongs to an account.
#[derive(Clone, Debug, FromRow)]
pub struct NumberNamedRow {
    /// invoice, credit_note, customer, reference or letter.
    pub kind: String,
    /// The number, as it is kept.
    pub number: String,
    /// What was looked up.
    pub found: String,
    /// The account.
    pub customer_id: i64,
    /// The customer's number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
}

/// Queries with these numbers.
pub async fn queries_numbered(tx: &mut Tx, org: OrgId, numbers: &[String]) -> Result<Vec<QueryNamedRow>, StoreFault> {
    let sql = [
        "select q.number, q.state, q.resolved_on, q.customer_id, c.number as customer_number, c.name as customer_name, q.number as found from query q join customer c on c.org_id = q.org_id and c.id = q.customer_id where q.org_id = $1 and q.number in (",
        ") order by q.number",
    ];
    tx.all_listed(sql, org, numbers.iter()).await
}

/// Queries that messages with these ids are part of.
pub async fn queries_of_messages(tx: &mut Tx, org: OrgId, ids: &[String]) -> Result<Vec<QueryNamedRow>, StoreFault> {
    let sql = [
        "select q.number, q.state, q.resolved_on, q.customer_id, c.number as customer_number, c.name as customer_name, m.message_id as found from inbound_mail m join query q on q.org_id = m.org_id and q.id = m.query_id join customer c on c.org_id = q.org_id and c.id = q.customer_id where m.org_id = $1 and m.message_id in (",
        ") order by q.number",
    ];
    tx.all_listed(sql, org, ids.iter()).await
}

/// Queries whose answer is one of these letters.
pub async fn queries_of_letters(tx: &mut Tx, org: OrgId, letters: &[String]) -> Result<Vec<QueryNamedRow>, StoreFault> {
    let sql = [
        "select q.number, q.state, q.resolved_on, q.customer_id, c.number as customer_number, c.name as customer_name, q.letter as found from query q join customer c on c.org_id = q.org_id and c.id = q.customer_id where q.org_id = $1 and q.letter in (",
        ") order by q.number",
    ];
    tx.all_listed(sql, org, letters.iter()).await
}

/// Accounts that these words are a number of: of an invoice or credit note, of the customer, of a reference, of a letter.
pub async fn numbers_named(tx: &mut Tx, org: OrgId, words: &[String]) -> Result<Vec<NumberNamedRow>, StoreFault> {
    let sql = [
        "select i.kind, i.number, i.number as found, c.id as customer_id, c.number as customer_number, c.name as customer_name from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id where i.org_id = $1 and i.kind in ('invoice','credit_note') and i.number in (",
        ") union all select 'customer', c.number, c.number, c.id, c.number, c.name from customer c where c.org_id = $1 and c.number in (",
        ") and not exists (select 1 from customer_merge m where m.org_id = c.org_id and m.customer_id = c.id and m.state = 'made') union all select 'reference', r.reference, r.search_reference, c.id, c.number, c.name from customer_reference r join customer c on c.org_id = r.org_id and c.id = r.customer_id where r.org_id = $1 and r.search_reference in (",
        ") union all select 'letter', l.number, l.number, c.id, c.number, c.name from letter l join customer c on c.org_id = l.org_id and c.id = l.customer_id where l.org_id = $1 and l.number in (",
        ")",
    ];
    tx.all_listed(sql, org, words.iter()).await
}

/// Accounts with an address, at most 20; a merged account's is its survivor's.
pub async fn accounts_with_email(
    tx: &mut Tx,
    org: OrgId,
    address: &str,
) -> Result<Vec<(i64, String, String)>, StoreFault> {
    let sql = sql!(
        "select distinct k.id, k.number, k.name from customer n left join customer_merge m on m.org_id = n.org_id and m.customer_id = n.id and m.state = 'made' join customer k on k.org_id = n.org_id and k.id = coalesce(m.survivor_id, n.id) where n.org_id = $1 and lower(n.email) = $2 and n.email <> '' order by k.id limit 20"
    );
    tx.all(sql, args![org, address]).await
}

/// Open queries about items with these numbers: the item's number, the query's.
pub async fn open_queries_about(
    tx: &mut Tx,
    org: OrgId,
    numbers: &[String],
) -> Result<Vec<(String, String)>, StoreFault> {
    let sql = [
        "select i.number, q.number from open_item i join query q on q.org_id = i.org_id and q.item_id = i.id where i.org_id = $1 and i.kind = 'invoice' and i.number in (",
        ") and q.state in ('open','waiting_for_customer','answered') order by q.id",
    ];
    tx.all_listed(sql, org, numbers.iter()).await
}

/// To whom and about what an e-mail of ours went, and under which message id.
pub async fn sent_mail(
    tx: &mut Tx,
    org: OrgId,
    id: i64,
) -> Result<Option<(String, String, String, String)>, StoreFault> {
    let sql = sql!("select sent_to, about, state, state_reason from outgoing_mail where org_id = $1 and id = $2");
    tx.maybe(sql, args![org, id]).await
}

/// Whether we wrote to an address about something.
pub async fn wrote_to(tx: &mut Tx, org: OrgId, about: &str, address: &str) -> Result<bool, StoreFault> {
    let sql = sql!("select count(*) from outgoing_mail where org_id = $1 and about = $2 and lower(sent_to) = $3");
    Ok(tx.one::<(i64,)>(sql, args![org, about, address]).await?.0 > 0)
}
