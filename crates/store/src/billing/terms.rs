//! Payment terms, the instalments and the discount of an invoice, deposits.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::billing::{DepositKind, EarlyDiscount, PaymentTerms, TermsPart};
use sundry_domain::ids::{CustomerId, DocumentId, ItemId, OrgId, UserId};
use sundry_domain::money::BasisPoints;

/// Payment terms.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PaymentTermsRow {
    /// Id.
    pub id: i64,
    /// Code.
    pub code: String,
    /// For people.
    pub name: String,
    /// Discount for paying early, in basis points; nothing for none.
    pub discount_bp: i64,
    /// Days within which it is given.
    pub discount_days: i64,
    /// Whether they can be chosen.
    pub active: bool,
}

/// A part of payment terms.
#[derive(Clone, Copy, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct TermsPartRow {
    /// Of which terms.
    pub terms_id: i64,
    /// Share in basis points.
    pub share_bp: i64,
    /// Days from the invoice date.
    pub days: i64,
}

impl PaymentTermsRow {
    /// As the rules take them.
    pub fn terms(&self, parts: &[TermsPartRow]) -> PaymentTerms {
        let part = |row: &TermsPartRow| TermsPart { share: BasisPoints(row.share_bp), days: row.days };
        PaymentTerms {
            parts: parts.iter().filter(|row| row.terms_id == self.id).map(part).collect(),
            discount: (self.discount_bp > 0)
                .then_some(EarlyDiscount { rate: BasisPoints(self.discount_bp), days: self.discount_days }),
        }
    }
}

/// Adds payment terms.
pub async fn add_payment_terms(
    tx: &mut Tx,
    org: OrgId,
    row: &PaymentTermsRow,
    parts: &[TermsPartRow],
    (by, at): (UserId, DateTime<Utc>),
) -> Result<(), StoreFault> {
    const HEAD: &[&str] =
        &["org_id", "id", "code", "name", "discount_bp", "discount_days", "active", "actor_id", "recorded_at"];
    const PARTS: &[&str] = &["org_id", "terms_id", "part", "share_bp", "days"];
    let head = args![
        org,
        row.id,
        row.code.as_str(),
        row.name.as_str(),
        row.discount_bp,
        row.discount_days,
        row.active,
        by,
        at
    ];
    tx.insert("payment_terms", HEAD, vec![head]).await?;
    let rows = (1..).zip(parts).map(|(n, part)| args![org, row.id, n as i64, part.share_bp, part.days]);
    tx.insert("payment_terms_part", PARTS, rows.collect()).await
}

/// Payment terms by their code, with their parts in order.
pub async fn payment_terms_coded(
    tx: &mut Tx,
    org: OrgId,
    code: &str,
) -> Result<Option<(PaymentTermsRow, Vec<TermsPartRow>)>, StoreFault> {
    let sql = sql!(
        "select id, code, name, discount_bp, discount_days, active from payment_terms where org_id = $1 and code = $2"
    );
    let Some(row) = tx.maybe::<PaymentTermsRow>(sql, args![org, code]).await? else { return Ok(None) };
    let sql = sql!(
        "select terms_id, share_bp, days from payment_terms_part where org_id = $1 and terms_id = $2 order by part"
    );
    let parts = tx.all(sql, args![org, row.id]).await?;
    Ok(Some((row, parts)))
}

/// Code of the payment terms that a customer's invoices have when none are chosen.
pub async fn terms_of_customer(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Option<String>, StoreFault> {
    let sql = sql!("select code from customer_terms where org_id = $1 and customer_id = $2");
    let row: Option<(String,)> = tx.maybe(sql, args![org, customer]).await?;
    Ok(row.map(|(code,)| code))
}

/// Sets the payment terms of a customer; none ends them.
pub async fn set_terms_of_customer(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    code: Option<&str>,
    (by, at): (&str, DateTime<Utc>),
) -> Result<(), StoreFault> {
    let Some(code) = code else {
        let sql = sql!("delete from customer_terms where org_id = $1 and customer_id = $2");
        return tx.run(sql, args![org, customer]).await.map(drop);
    };
    let sql = sql!(
        "insert into customer_terms (org_id, customer_id, code, set_by_name, recorded_at) values ($1, $2, $3, $4, $5) on conflict (org_id, customer_id) do update set code = excluded.code, set_by_name = excluded.set_by_name, recorded_at = excluded.recorded_at"
    );
    tx.run(sql, args![org, customer, code, by, at]).await.map(drop)
}

/// All payment terms, those in use first.
pub async fn all_payment_terms(
    tx: &mut Tx,
    org: OrgId,
) -> Result<(Vec<PaymentTermsRow>, Vec<TermsPartRow>), StoreFault> {
    let sql = sql!(
        "select id, code, name, discount_bp, discount_days, active from payment_terms where org_id = $1 order by active desc, code"
    );
    let rows = tx.all(sql, args![org]).await?;
    let sql = sql!("select terms_id, share_bp, days from payment_terms_part where org_id = $1 order by terms_id, part");
    Ok((rows, tx.all(sql, args![org]).await?))
}

/// Lets payment terms be chosen, or no longer.
pub async fn set_payment_terms_active(tx: &mut Tx, org: OrgId, id: i64, active: bool) -> Result<(), StoreFault> {
    let sql = sql!("update payment_terms set active = $3 where org_id = $1 and id = $2");
    tx.run(sql, args![org, id, active]).await?;
    Ok(())
}

// Instalments ----------------------------------------------------------------------

/// Keeps which items are the instalments of an invoice, in order.
pub async fn add_instalments(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
    items: &[ItemId],
) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "document_id", "part", "item_id"];
    let rows = (1..).zip(items).map(|(part, item)| args![org, document, part as i64, *item]);
    tx.insert("document_instalment", COLUMNS, rows.collect()).await
}

/// Every instalment: the first open one of its invoice with the invoice's number, which is what people quote; the others
/// without.
pub async fn quoted_instalments(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, Option<String>)>, StoreFault> {
    let sql = sql!(
        "select m.item_id, case when m.part = f.part then d.number end from document_instalment m join document d on d.org_id = m.org_id and d.id = m.document_id left join (select n.document_id, min(n.part) as part from document_instalment n join open_item i on i.org_id = n.org_id and i.id = n.item_id where n.org_id = $1 and i.open_pence > 0 group by n.document_id) f on f.document_id = m.document_id where m.org_id = $1 order by m.item_id"
    );
    tx.all(sql, args![org]).await
}

/// The instalments of invoices from one id to another: document, number, due date, amount; in order.
pub async fn instalments_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (DocumentId, DocumentId),
) -> Result<Vec<(i64, String, NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select m.document_id, i.number, i.due_on, i.original_pence from document_instalment m join open_item i on i.org_id = m.org_id and i.id = m.item_id where m.org_id = $1 and m.document_id between $2 and $3 order by m.document_id, m.part"
    );
    tx.all(sql, args![org, first, last]).await
}

/// What invoices from one id to another allow for being paid early.
pub async fn discounts_of_range(
    tx: &mut Tx,
    org: OrgId,
    (first, last): (DocumentId, DocumentId),
) -> Result<Vec<DiscountRow>, StoreFault> {
    let sql = sql!(
        "select document_id, terms_code, discount_bp, discount_pence, until_on, credit_id from document_discount where org_id = $1 and document_id between $2 and $3 order by document_id"
    );
    tx.all(sql, args![org, first, last]).await
}

// Discount -------------------------------------------------------------------------

/// What an invoice allows for being paid early.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DiscountRow {
    /// The invoice.
    pub document_id: i64,
    /// By which terms.
    pub terms_code: String,
    /// Rate in basis points.
    pub discount_bp: i64,
    /// What it takes off, with VAT.
    pub discount_pence: i64,
    /// The last day for it.
    pub until_on: NaiveDate,
    /// The credit note by which it was given.
    pub credit_id: Option<i64>,
}

/// Adds what an invoice allows.
pub async fn add_discount(tx: &mut Tx, org: OrgId, row: DiscountRow, at: DateTime<Utc>) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "document_id",
        "terms_code",
        "discount_bp",
        "discount_pence",
        "until_on",
        "credit_id",
        "recorded_at",
    ];
    let DiscountRow { document_id, terms_code, discount_bp, discount_pence, until_on, credit_id } = row;
    let row = args![org, document_id, terms_code, discount_bp, discount_pence, until_on, credit_id, at];
    tx.insert("document_discount", COLUMNS, vec![row]).await
}

/// What an invoice allows, if anything.
pub async fn discount_of(tx: &mut Tx, org: OrgId, document: DocumentId) -> Result<Option<DiscountRow>, StoreFault> {
    let sql = sql!(
        "select document_id, terms_code, discount_bp, discount_pence, until_on, credit_id from document_discount where org_id = $1 and document_id = $2"
    );
    tx.maybe(sql, args![org, document]).await
}

/// Marks a discount as given; false where it was given before.
pub async fn mark_discount_given(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
    credit: DocumentId,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update document_discount set credit_id = $3 where org_id = $1 and document_id = $2 and credit_id is null"
    );
    Ok(tx.run(sql, args![org, document, credit]).await? == 1)
}

/// Invoices on which just the discount is open, which was not given: their numbers, oldest first.
pub async fn discounts_to_give(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<(String,)>, StoreFault> {
    let sql = sql!(
        "select d.number from document_discount t join document d on d.org_id = t.org_id and d.id = t.document_id join open_item i on i.org_id = d.org_id and i.kind = 'invoice' and i.number = d.number where t.org_id = $1 and t.credit_id is null and i.open_pence = t.discount_pence and not exists (select 1 from allocation a join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id where a.org_id = i.org_id and a.debit_item_id = i.id and (c.kind <> 'receipt' or c.dated_on > t.until_on)) order by d.id limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// What was set against an item: kind of credit, its day, how much; undone ones come with their opposite.
pub async fn set_against_item(
    tx: &mut Tx,
    org: OrgId,
    item: ItemId,
) -> Result<Vec<(String, NaiveDate, i64)>, StoreFault> {
    let sql = sql!(
        "select c.kind, c.dated_on, a.amount_pence from allocation a join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id where a.org_id = $1 and a.debit_item_id = $2 order by a.id"
    );
    tx.all(sql, args![org, item]).await
}

// Deposits -------------------------------------------------------------------------

/// An invoice that is a deposit, with what became of it.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DepositRow {
    /// The invoice that asks for it.
    pub document_id: i64,
    /// Its number.
    pub number: String,
    /// advance or returnable.
    pub kind: String,
    /// Customer.
    pub customer_id: i64,
    /// Customer number.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// What it is for.
    pub description: String,
    /// When it was asked for.
    pub issue_on: NaiveDate,
    /// What was asked for, with VAT.
    pub gross_pence: i64,
    /// What is not paid.
    pub unpaid_pence: i64,
    /// What was used for invoices, with VAT.
    pub used_pence: i64,
    /// What was given back, with VAT.
    pub returned_pence: i64,
}

impl DepositRow {
    /// Neither used nor given back, with VAT.
    pub fn left_pence(&self) -> i64 {
        self.gross_pence - self.used_pence - self.returned_pence
    }
}

/// Makes an invoice a deposit.
pub async fn add_deposit(
    tx: &mut Tx,
    org: OrgId,
    document: DocumentId,
    kind: DepositKind,
    at: DateTime<Utc>,
) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "document_id", "kind", "recorded_at"];
    tx.insert("deposit", COLUMNS, vec![args![org, document, kind.as_str(), at]]).await
}

/// Whether an invoice is a deposit.
pub async fn is_deposit(tx: &mut Tx, org: OrgId, document: DocumentId) -> Result<bool, StoreFault> {
    let sql = sql!("select cast(count(*) as bigint) from deposit where org_id = $1 and document_id = $2");
    Ok(tx.one::<(i64,)>(sql, args![org, document]).await?.0 > 0)
}

/// A credit note by which a deposit was used or given back.
#[derive(Clone, Copy, Debug)]
pub struct DepositUse {
    /// The credit note.
    pub credit: DocumentId,
    /// The deposit.
    pub deposit: DocumentId,
    /// The invoice it was used for; none where it was given back.
    pub invoice: Option<DocumentId>,
}

/// Keeps how a deposit was used.
pub async fn add_deposit_use(tx: &mut Tx, org: OrgId, of: DepositUse) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "credit_id", "deposit_id", "invoice_id"];
    let row = args![org, of.credit, of.deposit, of.invoice.map(|id| id.0)];
    tx.insert("deposit_use", COLUMNS, vec![row]).await
}

/// A use of a deposit as people see it.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DepositUseSeen {
    /// Number of the credit note.
    pub credit_note: String,
    /// When.
    pub on_day: NaiveDate,
    /// How much, with VAT.
    pub gross_pence: i64,
    /// The invoice it was used for; empty where it was given back.
    pub invoice: String,
}

/// How a deposit was used, oldest first.
pub async fn uses_of_deposit(tx: &mut Tx, org: OrgId, deposit: DocumentId) -> Result<Vec<DepositUseSeen>, StoreFault> {
    let sql = sql!(
        "select c.number as credit_note, c.issue_on as on_day, c.gross_pence, coalesce(i.number, '') as invoice from deposit_use u join document c on c.org_id = u.org_id and c.id = u.credit_id left join document i on i.org_id = u.org_id and i.id = u.invoice_id where u.org_id = $1 and u.deposit_id = $2 order by u.credit_id"
    );
    tx.all(sql, args![org, deposit]).await
}

/// Deposits, newest first: one of them, or all of those before an id.
pub async fn deposits(
    tx: &mut Tx,
    org: OrgId,
    number: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<DepositRow>, StoreFault> {
    let sql = sql!(
        "select d.id as document_id, d.number, p.kind, d.customer_id, c.number as customer_number, c.name as customer_name, coalesce((select l.description from document_line l where l.org_id = d.org_id and l.document_id = d.id and l.line = 1), '') as description, d.issue_on, d.gross_pence, coalesce(i.open_pence, 0) as unpaid_pence, cast(coalesce((select cast(sum(n.gross_pence) as bigint) from deposit_use u join document n on n.org_id = u.org_id and n.id = u.credit_id where u.org_id = d.org_id and u.deposit_id = d.id and u.invoice_id is not null), 0) as bigint) as used_pence, cast(coalesce((select cast(sum(n.gross_pence) as bigint) from document n left join deposit_use u on u.org_id = n.org_id and u.credit_id = n.id where n.org_id = d.org_id and n.corrects_id = d.id and n.kind = 'credit_note' and u.invoice_id is null), 0) as bigint) as returned_pence from deposit p join document d on d.org_id = p.org_id and d.id = p.document_id join customer c on c.org_id = d.org_id and c.id = d.customer_id left join open_item i on i.org_id = d.org_id and i.kind = 'invoice' and i.number = d.number where p.org_id = $1 and ($2 = '' or d.number = $2) and d.id < $3 order by d.id desc limit $4"
    );
    tx.all(sql, args![org, number, before, limit]).await
}
