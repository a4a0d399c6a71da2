//! Who acts for a customer.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, DocumentId, OrgId};

/// Somebody who acts for a customer.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ActingRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// For whom.
    pub customer_id: i64,
    /// Stored name of the domain's `Authority`.
    pub authority: String,
    /// Their name.
    pub name: String,
    /// First line of the address.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// post or email.
    pub channel: String,
    /// en or cy.
    pub language: String,
    /// standard, large_print and so on.
    pub letter_format: String,
    /// Stored names of the domain's `ActFor`, with commas.
    pub scope: String,
    /// Whether the customer's letters go to them.
    pub gets_letters: bool,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: Option<NaiveDate>,
    /// The document, in words.
    pub document: String,
    /// Whether a copy was seen.
    pub proved: bool,
    /// By whom.
    pub proved_by_name: String,
    /// When it was ended.
    pub ended_on: Option<NaiveDate>,
    /// Why.
    pub ended_why: String,
    /// Who recorded it.
    pub recorded_by_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Rises with every change.
    pub version: i64,
}

/// Adds somebody who acts.
pub async fn add_acting(tx: &mut Tx, org: OrgId, a: &ActingRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into representative (org_id, id, number, customer_id, authority, name, address1, address2, town, postcode, email, phone, channel, language, letter_format, scope, gets_letters, from_on, to_on, document, proved, proved_by_name, ended_on, ended_why, recorded_by_name, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27)"
    );
    let values = args![
        org,
        a.id,
        &a.number,
        a.customer_id,
        &a.authority,
        &a.name,
        &a.address1,
        &a.address2,
        &a.town,
        &a.postcode,
        &a.email,
        &a.phone,
        &a.channel,
        &a.language,
        &a.letter_format,
        &a.scope,
        a.gets_letters,
        a.from_on,
        a.to_on,
        &a.document,
        a.proved,
        &a.proved_by_name,
        a.ended_on,
        &a.ended_why,
        &a.recorded_by_name,
        a.recorded_at,
        a.version
    ];
    tx.run(sql, values).await.map(drop)
}

/// Changes what may change of somebody who acts; false if somebody else changed it since it was read.
pub async fn change_acting(tx: &mut Tx, org: OrgId, a: &ActingRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update representative set to_on = $4, proved = $5, proved_by_name = $6, ended_on = $7, ended_why = $8, gets_letters = $9, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values =
        args![org, a.id, a.version, a.to_on, a.proved, &a.proved_by_name, a.ended_on, &a.ended_why, a.gets_letters];
    Ok(tx.run(sql, values).await? == 1)
}

/// Somebody who acts, by number.
pub async fn acting_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ActingRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, authority, name, address1, address2, town, postcode, email, phone, channel, language, letter_format, scope, gets_letters, from_on, to_on, document, proved, proved_by_name, ended_on, ended_why, recorded_by_name, recorded_at, version from representative where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Who acts or acted for a customer, newest first.
pub async fn acting_for(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<ActingRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, authority, name, address1, address2, town, postcode, email, phone, channel, language, letter_format, scope, gets_letters, from_on, to_on, document, proved, proved_by_name, ended_on, ended_why, recorded_by_name, recorded_at, version from representative where org_id = $1 and customer_id = $2 order by id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// Who gets the letters of customers from one id to another, newest first; those that were ended left out.
pub async fn letters_of_range(
    tx: &mut Tx,
    org: OrgId,
    first: CustomerId,
    last: CustomerId,
) -> Result<Vec<ActingRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, authority, name, address1, address2, town, postcode, email, phone, channel, language, letter_format, scope, gets_letters, from_on, to_on, document, proved, proved_by_name, ended_on, ended_why, recorded_by_name, recorded_at, version from representative where org_id = $1 and customer_id between $2 and $3 and gets_letters = $4 and proved = $4 and ended_on is null order by customer_id, id desc"
    );
    tx.all(sql, args![org, first, last, true]).await
}

/// Who gets the letters of the customers of documents from one id to another, newest first; those that were ended left out.
pub async fn letters_of_documents(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (DocumentId, DocumentId),
) -> Result<Vec<ActingRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, authority, name, address1, address2, town, postcode, email, phone, channel, language, letter_format, scope, gets_letters, from_on, to_on, document, proved, proved_by_name, ended_on, ended_why, recorded_by_name, recorded_at, version from representative where org_id = $1 and customer_id in (select d.customer_id from document d where d.org_id = $1 and d.id between $2 and $3) and gets_letters = $4 and proved = $4 and ended_on is null order by customer_id, id desc"
    );
    tx.all(sql, args![org, first, last, true]).await
}

/// Ends every authority of a customer that is of this kind; how many.
pub async fn end_authorities(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    authority: &str,
    on: NaiveDate,
    why: &str,
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "update representative set ended_on = $4, ended_why = $5, version = version + 1 where org_id = $1 and customer_id = $2 and authority = $3 and ended_on is null"
    );
    tx.run(sql, args![org, customer, authority, on, why]).await
}
