//! Collection agencies: their terms, what is placed with them, what they were told, what they paid over.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};

// Agencies -----------------------------------------------------------------------------

/// An agency and its terms.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct AgencyRow {
    /// Id.
    pub id: i64,
    /// Short code, ours.
    pub code: String,
    /// Name.
    pub name: String,
    /// Where their letters go.
    pub email: String,
    /// What they call us.
    pub client_code: String,
    /// Commission on a first placement, in hundredths of a per cent.
    pub first_bp: i64,
    /// Commission on a later placement.
    pub second_bp: i64,
    /// VAT on commission.
    pub vat_bp: i64,
    /// net or invoiced.
    pub settlement: String,
    /// Days after a recall for which their contract still gives commission.
    pub after_recall_days: i64,
    /// Least balance they take.
    pub least_pence: i64,
    /// Whether the agreement lets us tell that someone needs extra care.
    pub shares_vulnerable: bool,
    /// Whether the agreement lets us tell dates of birth.
    pub shares_birth: bool,
    /// Reference of the data-sharing agreement.
    pub agreement: String,
    /// Its first day.
    pub agreement_from: Option<NaiveDate>,
    /// Its last day.
    pub agreement_to: Option<NaiveDate>,
    /// The bank account they pay into.
    pub bank_account_id: Option<i64>,
    /// Whether debts may be placed with them.
    pub active: bool,
    /// Who set this.
    pub actor_id: i64,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds an agency; false if the code is taken.
pub async fn add_agency(tx: &mut Tx, org: OrgId, a: &AgencyRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "insert into agency (org_id, id, code, name, email, client_code, first_bp, second_bp, vat_bp, settlement, after_recall_days, least_pence, shares_vulnerable, shares_birth, agreement, agreement_from, agreement_to, bank_account_id, active, actor_id, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22) on conflict do nothing"
    );
    let values = args![
        org,
        a.id,
        &a.code,
        &a.name,
        &a.email,
        &a.client_code,
        a.first_bp,
        a.second_bp,
        a.vat_bp,
        &a.settlement,
        a.after_recall_days,
        a.least_pence,
        a.shares_vulnerable,
        a.shares_birth,
        &a.agreement,
        a.agreement_from,
        a.agreement_to,
        a.bank_account_id,
        a.active,
        a.actor_id,
        a.recorded_at,
        a.version
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// Changes an agency's terms; false if its version has moved on.
pub async fn change_agency(tx: &mut Tx, org: OrgId, a: &AgencyRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update agency set name = $4, email = $5, client_code = $6, first_bp = $7, second_bp = $8, vat_bp = $9, settlement = $10, after_recall_days = $11, least_pence = $12, shares_vulnerable = $13, shares_birth = $14, agreement = $15, agreement_from = $16, agreement_to = $17, bank_account_id = $18, active = $19, actor_id = $20, recorded_at = $21, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        a.id,
        a.version,
        &a.name,
        &a.email,
        &a.client_code,
        a.first_bp,
        a.second_bp,
        a.vat_bp,
        &a.settlement,
        a.after_recall_days,
        a.least_pence,
        a.shares_vulnerable,
        a.shares_birth,
        &a.agreement,
        a.agreement_from,
        a.agreement_to,
        a.bank_account_id,
        a.active,
        a.actor_id,
        a.recorded_at
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// Every agency, by code.
pub async fn agencies(tx: &mut Tx, org: OrgId) -> Result<Vec<AgencyRow>, StoreFault> {
    let sql = sql!(
        "select id, code, name, email, client_code, first_bp, second_bp, vat_bp, settlement, after_recall_days, least_pence, shares_vulnerable, shares_birth, agreement, agreement_from, agreement_to, bank_account_id, active, actor_id, recorded_at, version from agency where org_id = $1 order by code"
    );
    tx.all(sql, args![org]).await
}

/// The agency with a code.
pub async fn agency(tx: &mut Tx, org: OrgId, code: &str) -> Result<Option<AgencyRow>, StoreFault> {
    let sql = sql!(
        "select id, code, name, email, client_code, first_bp, second_bp, vat_bp, settlement, after_recall_days, least_pence, shares_vulnerable, shares_birth, agreement, agreement_from, agreement_to, bank_account_id, active, actor_id, recorded_at, version from agency where org_id = $1 and code = $2"
    );
    tx.maybe(sql, args![org, code]).await
}

// Files ----------------------------------------------------------------------------------

/// A file to or from an agency.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct AgencyFileRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// The agency.
    pub agency_id: i64,
    /// placement, update, answer or stock.
    pub kind: String,
    /// Name.
    pub name: String,
    /// Hash of its bytes.
    pub file_sha256: String,
    /// Name of its control file; empty for none.
    pub control_name: String,
    /// Hash of that.
    pub control_sha256: String,
    /// Rows.
    pub rows_count: i64,
    /// Sum.
    pub total_pence: i64,
    /// Its day.
    pub dated_on: NaiveDate,
    /// Who made it or brought it.
    pub actor_name: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a file.
pub async fn add_file(tx: &mut Tx, org: OrgId, f: &AgencyFileRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into agency_file (org_id, id, number, agency_id, kind, name, file_sha256, control_name, control_sha256, rows_count, total_pence, dated_on, actor_name, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    let values = args![
        org,
        f.id,
        &f.number,
        f.agency_id,
        &f.kind,
        &f.name,
        &f.file_sha256,
        &f.control_name,
        &f.control_sha256,
        f.rows_count,
        f.total_pence,
        f.dated_on,
        &f.actor_name,
        f.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// The newest files of an agency.
pub async fn files_of(tx: &mut Tx, org: OrgId, agency: i64, limit: i64) -> Result<Vec<AgencyFileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, agency_id, kind, name, file_sha256, control_name, control_sha256, rows_count, total_pence, dated_on, actor_name, recorded_at from agency_file where org_id = $1 and agency_id = $2 order by id desc limit $3"
    );
    tx.all(sql, args![org, agency, limit]).await
}

/// A file by its number.
pub async fn file(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<AgencyFileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, agency_id, kind, name, file_sha256, control_name, control_sha256, rows_count, total_pence, dated_on, actor_name, recorded_at from agency_file where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// The file with these bytes that an agency sent before, if it did.
pub async fn file_with(tx: &mut Tx, org: OrgId, sha256: &str) -> Result<Option<AgencyFileRow>, StoreFault> {
    let sql = sql!(
        "select id, number, agency_id, kind, name, file_sha256, control_name, control_sha256, rows_count, total_pence, dated_on, actor_name, recorded_at from agency_file where org_id = $1 and file_sha256 = $2 order by id limit 1"
    );
    tx.maybe(sql, args![org, sha256]).await
}

// Placements -----------------------------------------------------------------------------

/// A customer's debts placed with an agency in one round.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PlacementRow {
    /// Id.
    pub id: i64,
    /// The number the agency knows it by: customer and round.
    pub number: String,
    /// The agency.
    pub agency_id: i64,
    /// The customer.
    pub customer_id: i64,
    /// The file it went out in.
    pub file_id: i64,
    /// 1 the first time this customer is placed.
    pub round: i64,
    /// When it went.
    pub placed_on: NaiveDate,
    /// The sum.
    pub placed_pence: i64,
    /// Of which debts.
    pub principal_pence: i64,
    /// Of which interest and compensation.
    pub interest_pence: i64,
    /// Of which costs.
    pub costs_pence: i64,
    /// Commission agreed for this round.
    pub rate_bp: i64,
    /// VAT on it.
    pub vat_bp: i64,
    /// sent, with_agency, rejected, recalled, returned or closed.
    pub state: String,
    /// Their reference.
    pub agency_ref: String,
    /// They are told to wait.
    pub held: bool,
    /// Code of the rule that says so.
    pub held_code: String,
    /// Why, in words.
    pub held_words: String,
    /// The balance they know.
    pub told_pence: i64,
    /// What had been paid to us when they were last told.
    pub told_paid_pence: i64,
    /// When they said yes or no.
    pub answered_on: Option<NaiveDate>,
    /// When it was recalled.
    pub recalled_on: Option<NaiveDate>,
    /// Code of why.
    pub recall_code: String,
    /// Why, in words.
    pub recall_words: String,
    /// The last day for them to confirm the recall.
    pub confirm_by: Option<NaiveDate>,
    /// When it ended.
    pub closed_on: Option<NaiveDate>,
    /// Their closure code.
    pub close_code: String,
    /// What they said.
    pub close_words: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

const PLACEMENT: &[&str] = &[
    "org_id",
    "id",
    "number",
    "agency_id",
    "customer_id",
    "file_id",
    "round",
    "placed_on",
    "placed_pence",
    "principal_pence",
    "interest_pence",
    "costs_pence",
    "rate_bp",
    "vat_bp",
    "state",
    "agency_ref",
    "held",
    "held_code",
    "held_words",
    "told_pence",
    "told_paid_pence",
    "answered_on",
    "recalled_on",
    "recall_code",
    "recall_words",
    "confirm_by",
    "closed_on",
    "close_code",
    "close_words",
    "recorded_at",
    "version",
];

/// Adds placements.
pub async fn add_placements(tx: &mut Tx, org: OrgId, rows: &[PlacementRow]) -> Result<(), StoreFault> {
    let rows = rows.iter().map(|p| {
        args![
            org,
            p.id,
            &p.number,
            p.agency_id,
            p.customer_id,
            p.file_id,
            p.round,
            p.placed_on,
            p.placed_pence,
            p.principal_pence,
            p.interest_pence,
            p.costs_pence,
            p.rate_bp,
            p.vat_bp,
            &p.state,
            &p.agency_ref,
            p.held,
            &p.held_code,
            &p.held_words,
            p.told_pence,
            p.told_paid_pence,
            p.answered_on,
            p.recalled_on,
            &p.recall_code,
            &p.recall_words,
            p.confirm_by,
            p.closed_on,
            &p.close_code,
            &p.close_words,
            p.recorded_at,
            p.version
        ]
    });
    tx.insert("placement", PLACEMENT, rows.collect()).await
}

/// Changes where a placement stands; false if its version has moved on.
pub async fn change_placement(tx: &mut Tx, org: OrgId, p: &PlacementRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update placement set state = $4, agency_ref = $5, held = $6, held_code = $7, told_pence = $8, told_paid_pence = $9, answered_on = $10, recalled_on = $11, recall_code = $12, recall_words = $13, confirm_by = $14, closed_on = $15, close_code = $16, close_words = $17, held_words = $18, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        p.id,
        p.version,
        &p.state,
        &p.agency_ref,
        p.held,
        &p.held_code,
        p.told_pence,
        p.told_paid_pence,
        p.answered_on,
        p.recalled_on,
        &p.recall_code,
        &p.recall_words,
        p.confirm_by,
        p.closed_on,
        &p.close_code,
        &p.close_words,
        &p.held_words
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// A placement by the number the agency knows.
pub async fn placement(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<PlacementRow>, StoreFault> {
    let sql = sql!(
        "select id, number, agency_id, customer_id, file_id, round, placed_on, placed_pence, principal_pence, interest_pence, costs_pence, rate_bp, vat_bp, state, agency_ref, held, held_code, held_words, told_pence, told_paid_pence, answered_on, recalled_on, recall_code, recall_words, confirm_by, closed_on, close_code, close_words, recorded_at, version from placement where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Placements of an agency that are not over, or of every agency, by customer.
pub async fn open_placements(tx: &mut Tx, org: OrgId) -> Result<Vec<PlacementRow>, StoreFault> {
    let sql = sql!(
        "select id, number, agency_id, customer_id, file_id, round, placed_on, placed_pence, principal_pence, interest_pence, costs_pence, rate_bp, vat_bp, state, agency_ref, held, held_code, held_words, told_pence, told_paid_pence, answered_on, recalled_on, recall_code, recall_words, confirm_by, closed_on, close_code, close_words, recorded_at, version from placement where org_id = $1 and state in ('sent','with_agency') order by customer_id, id"
    );
    tx.all(sql, args![org]).await
}

/// Every placement of a customer, oldest first.
pub async fn placements_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<PlacementRow>, StoreFault> {
    let sql = sql!(
        "select id, number, agency_id, customer_id, file_id, round, placed_on, placed_pence, principal_pence, interest_pence, costs_pence, rate_bp, vat_bp, state, agency_ref, held, held_code, held_words, told_pence, told_paid_pence, answered_on, recalled_on, recall_code, recall_words, confirm_by, closed_on, close_code, close_words, recorded_at, version from placement where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// A placement as a list shows it.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PlacementLine {
    /// Id, for the next page.
    pub id: i64,
    /// The number the agency knows.
    pub number: String,
    /// The agency's code.
    pub agency: String,
    /// Customer.
    pub customer_number: String,
    /// Their name.
    pub customer_name: String,
    /// When it went.
    pub placed_on: NaiveDate,
    /// The sum then.
    pub placed_pence: i64,
    /// What is open of it now.
    pub open_pence: i64,
    /// Where it stands.
    pub state: String,
    /// They are told to wait.
    pub held: bool,
    /// Code of the rule that says so, or of the recall.
    pub code: String,
    /// The same in a sentence; may be empty.
    pub why: String,
    /// When it was recalled.
    pub recalled_on: Option<NaiveDate>,
    /// The last day to confirm the recall.
    pub confirm_by: Option<NaiveDate>,
    /// How it ended.
    pub close_code: String,
}

/// Placements of an agency (empty for all) in a state (empty for all), newest first.
pub async fn placements(
    tx: &mut Tx,
    org: OrgId,
    (agency, state): (&str, &str),
    before: i64,
    limit: i64,
) -> Result<Vec<PlacementLine>, StoreFault> {
    let sql = sql!(
        "select p.id, p.number, a.code as agency, c.number as customer_number, c.name as customer_name, p.placed_on, p.placed_pence, coalesce((select cast(sum(i.open_pence) as bigint) from placement_item m join open_item i on i.org_id = m.org_id and i.id = m.item_id where m.org_id = p.org_id and m.placement_id = p.id), 0) as open_pence, p.state, p.held, case when p.recall_code <> '' then p.recall_code else p.held_code end as code, case when p.recall_code <> '' then p.recall_words else p.held_words end as why, p.recalled_on, p.confirm_by, p.close_code from placement p join agency a on a.org_id = p.org_id and a.id = p.agency_id join customer c on c.org_id = p.org_id and c.id = p.customer_id where p.org_id = $1 and ($2 = '' or a.code = $2) and ($3 = '' or p.state = $3) and p.id < $4 order by p.id desc limit $5"
    );
    tx.all(sql, args![org, agency, state, before, limit]).await
}

/// A debt in a placement.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PlacementItemRow {
    /// The placement.
    pub placement_id: i64,
    /// The open item.
    pub item_id: i64,
    /// Its number.
    pub item_number: String,
    /// What was open of it then.
    pub placed_pence: i64,
    /// Whether it is still with the agency.
    pub is_open: bool,
}

/// Adds debts to placements. The database lets one debt be in one open placement only.
pub async fn add_placement_items(tx: &mut Tx, org: OrgId, rows: &[PlacementItemRow]) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &["org_id", "placement_id", "item_id", "item_number", "placed_pence", "is_open"];
    let rows = rows.iter().map(|m| args![org, m.placement_id, m.item_id, &m.item_number, m.placed_pence, m.is_open]);
    tx.insert("placement_item", COLUMNS, rows.collect()).await
}

/// The debts of a placement.
pub async fn items_of(tx: &mut Tx, org: OrgId, placement: i64) -> Result<Vec<PlacementItemRow>, StoreFault> {
    let sql = sql!(
        "select placement_id, item_id, item_number, placed_pence, is_open from placement_item where org_id = $1 and placement_id = $2 order by item_id"
    );
    tx.all(sql, args![org, placement]).await
}

/// The debts of every placement that is not over.
pub async fn open_items(tx: &mut Tx, org: OrgId) -> Result<Vec<PlacementItemRow>, StoreFault> {
    let sql = sql!(
        "select m.placement_id, m.item_id, m.item_number, m.placed_pence, m.is_open from placement p join placement_item m on m.org_id = p.org_id and m.placement_id = p.id where p.org_id = $1 and p.state in ('sent','with_agency') order by m.placement_id, m.item_id"
    );
    tx.all(sql, args![org]).await
}

/// Lets the debts of a placement go.
pub async fn free_items(tx: &mut Tx, org: OrgId, placement: i64) -> Result<(), StoreFault> {
    let sql = sql!("update placement_item set is_open = $3 where org_id = $1 and placement_id = $2");
    tx.run(sql, args![org, placement, false]).await.map(drop)
}

/// The number of the open placement a debt is in, if it is in one.
pub async fn placed_as(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Option<String>, StoreFault> {
    let sql = sql!(
        "select p.number from placement_item m join placement p on p.org_id = m.org_id and p.id = m.placement_id where m.org_id = $1 and m.item_id = $2 and m.is_open = $3 and p.state in ('sent','with_agency')"
    );
    let row: Option<(String,)> = tx.maybe(sql, args![org, item, true]).await?;
    Ok(row.map(|(number,)| number))
}

/// What is open of each placement that is not over, and what was paid to us on its debts in all, but for what the
/// agencies paid over themselves.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct PlacementMoney {
    /// The placement.
    pub placement_id: i64,
    /// What is open.
    pub open_pence: i64,
    /// What receipts other than the agencies' have paid.
    pub paid_pence: i64,
    /// What the agencies' own receipts have paid.
    pub theirs_pence: i64,
}

/// The new address of each customer who moved since their debt was placed, which the agency has not been told: placement
/// and address on one line.
pub async fn addresses_to_tell(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, String)>, StoreFault> {
    let sql = sql!(
        "select p.id, a.address from placement p join customer_address a on a.org_id = p.org_id and a.customer_id = p.customer_id where p.org_id = $1 and p.state in ('sent','with_agency') and a.recorded_at > p.recorded_at and a.seq = (select max(n.seq) from customer_address n where n.org_id = a.org_id and n.customer_id = a.customer_id) and not exists (select 1 from placement_notice t where t.org_id = p.org_id and t.placement_id = p.id and t.kind = 'address' and t.recorded_at >= a.recorded_at) order by p.id"
    );
    tx.all(sql, args![org]).await
}

/// The money of every placement that is not over.
pub async fn money_of_open(tx: &mut Tx, org: OrgId) -> Result<Vec<PlacementMoney>, StoreFault> {
    let sql = sql!(
        "select o.placement_id, o.open_pence, cast(coalesce(a.paid, 0) as bigint) as paid_pence, cast(coalesce(a.theirs, 0) as bigint) as theirs_pence from (
         select m.placement_id, cast(sum(i.open_pence) as bigint) as open_pence from placement p join placement_item m on m.org_id = p.org_id and m.placement_id = p.id join open_item i on i.org_id = m.org_id and i.id = m.item_id where p.org_id = $1 and p.state in ('sent','with_agency') group by m.placement_id
         ) o left join (
         select m.placement_id, cast(sum(case when l.receipt_id is null then a.amount_pence else 0 end) as bigint) as paid, cast(sum(case when l.receipt_id is null then 0 else a.amount_pence end) as bigint) as theirs from placement p join placement_item m on m.org_id = p.org_id and m.placement_id = p.id join allocation a on a.org_id = m.org_id and a.debit_item_id = m.item_id join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id and c.kind = 'receipt' left join (select distinct receipt_id from agency_remittance_line where org_id = $1 and receipt_id is not null) l on l.receipt_id = c.receipt_id where p.org_id = $1 and p.state in ('sent','with_agency') group by m.placement_id
         ) a on a.placement_id = o.placement_id order by o.placement_id"
    );
    tx.all(sql, args![org]).await
}

/// Paid to us on some debts so far, but for what agencies paid over.
pub async fn paid_on_items(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(coalesce(sum(a.amount_pence), 0) as bigint) from allocation a join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id and c.kind = 'receipt' left join (select distinct receipt_id from agency_remittance_line where org_id = $1 and receipt_id is not null) l on l.receipt_id = c.receipt_id where a.org_id = $1 and a.debit_item_id = $2 and l.receipt_id is null"
    );
    let (sum,): (i64,) = tx.one(sql, args![org, item]).await?;
    Ok(sum)
}

// Notices --------------------------------------------------------------------------------

/// What an agency was told, or is to be told, of a placement.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct NoticeRow {
    /// Id.
    pub id: i64,
    /// The placement.
    pub placement_id: i64,
    /// payment, adjustment, hold, release, recall or address.
    pub kind: String,
    /// How much.
    pub amount_pence: i64,
    /// Its day.
    pub on_day: NaiveDate,
    /// Code of the rule.
    pub code: String,
    /// Why, as the agency reads it.
    pub words: String,
    /// The file it went in; none while it waits.
    pub file_id: Option<i64>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds notices.
pub async fn add_notices(tx: &mut Tx, org: OrgId, rows: &[NoticeRow]) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] =
        &["org_id", "id", "placement_id", "kind", "amount_pence", "on_day", "code", "words", "file_id", "recorded_at"];
    let rows = rows.iter().map(|n| {
        args![org, n.id, n.placement_id, &n.kind, n.amount_pence, n.on_day, &n.code, &n.words, n.file_id, n.recorded_at]
    });
    tx.insert("placement_notice", COLUMNS, rows.collect()).await
}

/// What was told of a placement, oldest first.
pub async fn notices_of(tx: &mut Tx, org: OrgId, placement: i64) -> Result<Vec<NoticeRow>, StoreFault> {
    let sql = sql!(
        "select id, placement_id, kind, amount_pence, on_day, code, words, file_id, recorded_at from placement_notice where org_id = $1 and placement_id = $2 order by id"
    );
    tx.all(sql, args![org, placement]).await
}

// Remittances ----------------------------------------------------------------------------

/// A statement of an agency that was posted.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RemittanceRow {
    /// Id.
    pub id: i64,
    /// Number, ours.
    pub number: String,
    /// The agency.
    pub agency_id: i64,
    /// Its own number.
    pub statement_no: String,
    /// First day.
    pub period_from: NaiveDate,
    /// Last day.
    pub period_to: NaiveDate,
    /// Name of the file.
    pub name: String,
    /// Hash of it.
    pub file_sha256: String,
    /// net or invoiced.
    pub settlement: String,
    /// Rows.
    pub rows_count: i64,
    /// Collected by the agency.
    pub collected_agency_pence: i64,
    /// Paid to us.
    pub collected_client_pence: i64,
    /// Commission.
    pub commission_pence: i64,
    /// VAT on it.
    pub vat_pence: i64,
    /// What the bank is to show.
    pub net_pence: i64,
    /// What the commission comes to by the contract.
    pub expected_commission_pence: i64,
    /// Rows to ask the agency about.
    pub queried_count: i64,
    /// When it was posted.
    pub posted_on: NaiveDate,
    /// By whom.
    pub posted_by: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a statement.
pub async fn add_remittance(tx: &mut Tx, org: OrgId, r: &RemittanceRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into agency_remittance (org_id, id, number, agency_id, statement_no, period_from, period_to, name, file_sha256, settlement, rows_count, collected_agency_pence, collected_client_pence, commission_pence, vat_pence, net_pence, expected_commission_pence, queried_count, posted_on, posted_by, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)"
    );
    let values = args![
        org,
        r.id,
        &r.number,
        r.agency_id,
        &r.statement_no,
        r.period_from,
        r.period_to,
        &r.name,
        &r.file_sha256,
        &r.settlement,
        r.rows_count,
        r.collected_agency_pence,
        r.collected_client_pence,
        r.commission_pence,
        r.vat_pence,
        r.net_pence,
        r.expected_commission_pence,
        r.queried_count,
        r.posted_on,
        &r.posted_by,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Statements of an agency, newest first.
pub async fn remittances_of(
    tx: &mut Tx,
    org: OrgId,
    agency: i64,
    limit: i64,
) -> Result<Vec<RemittanceRow>, StoreFault> {
    let sql = sql!(
        "select id, number, agency_id, statement_no, period_from, period_to, name, file_sha256, settlement, rows_count, collected_agency_pence, collected_client_pence, commission_pence, vat_pence, net_pence, expected_commission_pence, queried_count, posted_on, posted_by, recorded_at from agency_remittance where org_id = $1 and agency_id = $2 order by id desc limit $3"
    );
    tx.all(sql, args![org, agency, limit]).await
}

/// The statement of an agency with this number, or with this file whoever it was posted for.
pub async fn remittance_before(
    tx: &mut Tx,
    org: OrgId,
    (agency, statement_no): (i64, &str),
    file_sha256: &str,
) -> Result<Option<RemittanceRow>, StoreFault> {
    let sql = sql!(
        "select id, number, agency_id, statement_no, period_from, period_to, name, file_sha256, settlement, rows_count, collected_agency_pence, collected_client_pence, commission_pence, vat_pence, net_pence, expected_commission_pence, queried_count, posted_on, posted_by, recorded_at from agency_remittance where org_id = $1 and ((agency_id = $2 and statement_no = $3) or file_sha256 = $4) order by id limit 1"
    );
    tx.maybe(sql, args![org, agency, statement_no, file_sha256]).await
}

/// A statement by our number.
pub async fn remittance(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<RemittanceRow>, StoreFault> {
    let sql = sql!(
        "select id, number, agency_id, statement_no, period_from, period_to, name, file_sha256, settlement, rows_count, collected_agency_pence, collected_client_pence, commission_pence, vat_pence, net_pence, expected_commission_pence, queried_count, posted_on, posted_by, recorded_at from agency_remittance where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// A row of a statement.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct RemittanceLineRow {
    /// The statement.
    pub remittance_id: i64,
    /// Its place in the file.
    pub line: i64,
    /// The placement as they name it.
    pub account_number: String,
    /// Their reference.
    pub agency_ref: String,
    /// When it was paid.
    pub paid_on: NaiveDate,
    /// payment, reversal or cost.
    pub kind: String,
    /// agency or client.
    pub paid_to: String,
    /// How much.
    pub amount_pence: i64,
    /// Their commission.
    pub commission_pence: i64,
    /// VAT on it.
    pub vat_pence: i64,
    /// Commission by the contract.
    pub expected_commission_pence: i64,
    /// VAT on that.
    pub expected_vat_pence: i64,
    /// The placement, where it is known.
    pub placement_id: Option<i64>,
    /// The receipt it made, or took back.
    pub receipt_id: Option<i64>,
    /// allocated, part_on_account, suspense, matched, reversed or cost.
    pub outcome: String,
    /// What to ask the agency; empty when nothing.
    pub query: String,
}

/// Adds rows of a statement.
pub async fn add_remittance_lines(tx: &mut Tx, org: OrgId, rows: &[RemittanceLineRow]) -> Result<(), StoreFault> {
    const COLUMNS: &[&str] = &[
        "org_id",
        "remittance_id",
        "line",
        "account_number",
        "agency_ref",
        "paid_on",
        "kind",
        "paid_to",
        "amount_pence",
        "commission_pence",
        "vat_pence",
        "expected_commission_pence",
        "expected_vat_pence",
        "placement_id",
        "receipt_id",
        "outcome",
        "query",
    ];
    let rows = rows.iter().map(|l| {
        args![
            org,
            l.remittance_id,
            l.line,
            &l.account_number,
            &l.agency_ref,
            l.paid_on,
            &l.kind,
            &l.paid_to,
            l.amount_pence,
            l.commission_pence,
            l.vat_pence,
            l.expected_commission_pence,
            l.expected_vat_pence,
            l.placement_id,
            l.receipt_id,
            &l.outcome,
            &l.query
        ]
    });
    tx.insert("agency_remittance_line", COLUMNS, rows.collect()).await
}

/// The rows of a statement, in the file's order.
pub async fn lines_of(tx: &mut Tx, org: OrgId, remittance: i64) -> Result<Vec<RemittanceLineRow>, StoreFault> {
    let sql = sql!(
        "select remittance_id, line, account_number, agency_ref, paid_on, kind, paid_to, amount_pence, commission_pence, vat_pence, expected_commission_pence, expected_vat_pence, placement_id, receipt_id, outcome, query from agency_remittance_line where org_id = $1 and remittance_id = $2 order by line"
    );
    tx.all(sql, args![org, remittance]).await
}

/// Payments of a placement that agencies paid over, and reversals of them, oldest first.
pub async fn lines_of_placement(tx: &mut Tx, org: OrgId, placement: i64) -> Result<Vec<RemittanceLineRow>, StoreFault> {
    let sql = sql!(
        "select remittance_id, line, account_number, agency_ref, paid_on, kind, paid_to, amount_pence, commission_pence, vat_pence, expected_commission_pence, expected_vat_pence, placement_id, receipt_id, outcome, query from agency_remittance_line where org_id = $1 and placement_id = $2 order by remittance_id, line"
    );
    tx.all(sql, args![org, placement]).await
}

/// A receipt's number by its id.
pub async fn receipt_number(tx: &mut Tx, org: OrgId, receipt: i64) -> Result<Option<String>, StoreFault> {
    let sql = sql!("select number from receipt where org_id = $1 and id = $2");
    let row: Option<(String,)> = tx.maybe(sql, args![org, receipt]).await?;
    Ok(row.map(|(number,)| number))
}

// Performance ----------------------------------------------------------------------------

/// What an agency made of the debts placed with it between two days.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct PerformanceRow {
    /// Its code.
    pub agency: String,
    /// Its name.
    pub name: String,
    /// How many debts were placed.
    pub placed_count: i64,
    /// Their sum.
    pub placed_pence: i64,
    /// How many are with it now.
    pub open_count: i64,
    /// How many were recalled.
    pub recalled_count: i64,
    /// How many it refused or gave back.
    pub closed_count: i64,
    /// What it collected on them, whenever.
    pub collected_pence: i64,
    /// What was paid to us while it had them.
    pub direct_pence: i64,
    /// Its commission without VAT.
    pub commission_pence: i64,
    /// Days from placing to the first money, over all that paid.
    pub days_to_first: i64,
    /// How many paid anything.
    pub paying_count: i64,
}

/// Agencies compared on the debts placed between two days.
pub async fn performance(
    tx: &mut Tx,
    org: OrgId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<PerformanceRow>, StoreFault> {
    let sql = sql!(
        "select a.code as agency, a.name, cast(count(p.id) as bigint) as placed_count, cast(coalesce(sum(p.placed_pence), 0) as bigint) as placed_pence, cast(coalesce(sum(case when p.state in ('sent','with_agency') then 1 else 0 end), 0) as bigint) as open_count, cast(coalesce(sum(case when p.recalled_on is not null then 1 else 0 end), 0) as bigint) as recalled_count, cast(coalesce(sum(case when p.state in ('rejected','closed') then 1 else 0 end), 0) as bigint) as closed_count, cast(coalesce(sum(l.collected), 0) as bigint) as collected_pence, cast(coalesce(sum(l.direct), 0) as bigint) as direct_pence, cast(coalesce(sum(l.commission), 0) as bigint) as commission_pence, cast(0 as bigint) as days_to_first, cast(coalesce(sum(case when l.collected > 0 then 1 else 0 end), 0) as bigint) as paying_count from agency a left join placement p on p.org_id = a.org_id and p.agency_id = a.id and p.placed_on between $2 and $3 left join (select placement_id, cast(sum(case when paid_to = 'agency' and kind = 'payment' then amount_pence when paid_to = 'agency' and kind = 'reversal' then -amount_pence else 0 end) as bigint) as collected, cast(sum(case when paid_to = 'client' and kind = 'payment' then amount_pence else 0 end) as bigint) as direct, cast(sum(commission_pence) as bigint) as commission from agency_remittance_line where org_id = $1 and placement_id is not null group by placement_id) l on l.placement_id = p.id where a.org_id = $1 group by a.code, a.name order by a.code"
    );
    tx.all(sql, args![org, from, to]).await
}

/// When each placement of an agency between two days was placed, and when it first paid.
pub async fn first_money(
    tx: &mut Tx,
    org: OrgId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<(String, NaiveDate, NaiveDate)>, StoreFault> {
    let sql = sql!(
        "select a.code, p.placed_on, min(l.paid_on) from placement p join agency a on a.org_id = p.org_id and a.id = p.agency_id join agency_remittance_line l on l.org_id = p.org_id and l.placement_id = p.id and l.kind = 'payment' where p.org_id = $1 and p.placed_on between $2 and $3 group by p.id, a.code, p.placed_on order by a.code, p.placed_on"
    );
    tx.all(sql, args![org, from, to]).await
}

/// Customers whose pathway has come to the decision, with what is open, the largest first.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ReadyRow {
    /// The customer.
    pub customer_id: i64,
    /// Number.
    pub customer_number: String,
    /// Name.
    pub customer_name: String,
    /// What is open on items that took the letter before a claim.
    pub open_pence: i64,
    /// The oldest due date of them.
    pub oldest_on: NaiveDate,
}

/// Customers with debts on which a letter of claim or before action went out, that nobody has yet.
pub async fn ready(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<ReadyRow>, StoreFault> {
    let sql = sql!(
        "select c.id as customer_id, c.number as customer_number, c.name as customer_name, cast(sum(i.open_pence) as bigint) as open_pence, min(i.due_on) as oldest_on from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id where i.org_id = $1 and i.open_pence > 0 and i.stage in ('R4','R5') and not exists (select 1 from placement_item m where m.org_id = i.org_id and m.item_id = i.id and m.is_open = $2) group by c.id, c.number, c.name order by 4 desc, c.number limit $3"
    );
    tx.all(sql, args![org, true, limit]).await
}

/// What was paid to us, and not through an agency, on the debts of a placement from a day on.
pub async fn direct_since(tx: &mut Tx, org: OrgId, placement: i64, from: NaiveDate) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select cast(coalesce(sum(a.amount_pence), 0) as bigint) from placement_item m join allocation a on a.org_id = m.org_id and a.debit_item_id = m.item_id join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id and c.kind = 'receipt' left join (select distinct receipt_id from agency_remittance_line where org_id = $1 and receipt_id is not null) l on l.receipt_id = c.receipt_id where m.org_id = $1 and m.placement_id = $2 and c.dated_on >= $3 and l.receipt_id is null"
    );
    let (sum,): (i64,) = tx.one(sql, args![org, placement, from]).await?;
    Ok(sum)
}

/// The number of the court case a debt is in, if one runs.
pub async fn claimed_as(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Option<String>, StoreFault> {
    let sql = sql!(
        "select k.number from court_case_item m join court_case k on k.org_id = m.org_id and k.id = m.case_id where m.org_id = $1 and m.item_id = $2 and m.is_open = $3 and k.state not in ('sent_back', 'satisfied', 'closed') order by k.id limit 1"
    );
    let row: Option<(String,)> = tx.maybe(sql, args![org, item, true]).await?;
    Ok(row.map(|(number,)| number))
}
