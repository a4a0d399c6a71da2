//! Insolvencies with their dividends, estates, legal charges.
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// An insolvency of a customer.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct InsolvencyRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// The customer.
    pub customer_id: i64,
    /// Which procedure.
    pub kind: String,
    /// The order, approval or resolution.
    pub on_day: NaiveDate,
    /// Trustee, supervisor, liquidator.
    pub office_holder: String,
    /// Their reference.
    pub reference: String,
    /// How we know.
    pub evidence: String,
    /// open, proved, ended or revoked.
    pub state: String,
    /// Owed at the date.
    pub owed_pence: i64,
    /// Interest to the date.
    pub interest_pence: i64,
    /// What we owe, set off.
    pub set_off_pence: i64,
    /// What is proved.
    pub proof_pence: i64,
    /// Small enough to be admitted without a form.
    pub without_form: bool,
    /// The debts that are proved, each with its part.
    pub debts: serde_json::Value,
    /// When the proof was lodged.
    pub proved_on: Option<NaiveDate>,
    /// What the office-holder admitted.
    pub admitted_pence: Option<i64>,
    /// The last dividend was declared.
    pub final_dividend: bool,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// The flag it set.
    pub flag_id: Option<i64>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds one.
pub async fn add_insolvency(tx: &mut Tx, org: OrgId, r: &InsolvencyRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into insolvency (org_id, id, number, customer_id, kind, on_day, office_holder, reference, evidence, state, owed_pence, interest_pence, set_off_pence, proof_pence, without_form, debts, proved_on, admitted_pence, final_dividend, ended_on, flag_id, recorded_by, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)"
    );
    let values = args![
        org,
        r.id,
        &r.number,
        r.customer_id,
        &r.kind,
        r.on_day,
        &r.office_holder,
        &r.reference,
        &r.evidence,
        &r.state,
        r.owed_pence,
        r.interest_pence,
        r.set_off_pence,
        r.proof_pence,
        r.without_form,
        r.debts.clone(),
        r.proved_on,
        r.admitted_pence,
        r.final_dividend,
        r.ended_on,
        r.flag_id,
        &r.recorded_by,
        r.recorded_at,
        r.version
    ];
    tx.run(sql, values).await.map(drop)
}

/// Changes one; false if its version has moved on.
pub async fn change_insolvency(tx: &mut Tx, org: OrgId, r: &InsolvencyRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update insolvency set on_day = $4, office_holder = $5, reference = $6, evidence = $7, state = $8, owed_pence = $9, interest_pence = $10, set_off_pence = $11, proof_pence = $12, without_form = $13, debts = $14, proved_on = $15, admitted_pence = $16, final_dividend = $17, ended_on = $18, flag_id = $19, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        r.id,
        r.version,
        r.on_day,
        &r.office_holder,
        &r.reference,
        &r.evidence,
        &r.state,
        r.owed_pence,
        r.interest_pence,
        r.set_off_pence,
        r.proof_pence,
        r.without_form,
        r.debts.clone(),
        r.proved_on,
        r.admitted_pence,
        r.final_dividend,
        r.ended_on,
        r.flag_id
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// One by its number.
pub async fn insolvency(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<InsolvencyRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, kind, on_day, office_holder, reference, evidence, state, owed_pence, interest_pence, set_off_pence, proof_pence, without_form, debts, proved_on, admitted_pence, final_dividend, ended_on, flag_id, recorded_by, recorded_at, version from insolvency where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Those of a customer, oldest first.
pub async fn insolvencies_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<InsolvencyRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, kind, on_day, office_holder, reference, evidence, state, owed_pence, interest_pence, set_off_pence, proof_pence, without_form, debts, proved_on, admitted_pence, final_dividend, ended_on, flag_id, recorded_by, recorded_at, version from insolvency where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// The newest.
pub async fn insolvencies(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<InsolvencyRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, kind, on_day, office_holder, reference, evidence, state, owed_pence, interest_pence, set_off_pence, proof_pence, without_form, debts, proved_on, admitted_pence, final_dividend, ended_on, flag_id, recorded_by, recorded_at, version from insolvency where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// An estate of a customer who died.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct EstateRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// The customer.
    pub customer_id: i64,
    /// When.
    pub died_on: NaiveDate,
    /// When we heard.
    pub told_on: NaiveDate,
    /// From whom.
    pub source: String,
    /// open, claimed, settled or no_estate.
    pub state: String,
    /// Executors or administrators.
    pub representatives: String,
    /// Where they are written to.
    pub address: String,
    /// Who acts for them.
    pub solicitor: String,
    /// When probate was granted.
    pub grant_on: Option<NaiveDate>,
    /// The first day of a demand to the estate.
    pub demand_from: NaiveDate,
    /// What was claimed.
    pub claim_pence: i64,
    /// When.
    pub claimed_on: Option<NaiveDate>,
    /// The last day of a notice to creditors.
    pub notice_by: Option<NaiveDate>,
    /// When it was settled.
    pub settled_on: Option<NaiveDate>,
    /// For how much.
    pub settled_pence: i64,
    /// What is known.
    pub words: String,
    /// The flag it set.
    pub flag_id: Option<i64>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds one.
pub async fn add_estate(tx: &mut Tx, org: OrgId, r: &EstateRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into estate (org_id, id, number, customer_id, died_on, told_on, source, state, representatives, address, solicitor, grant_on, demand_from, claim_pence, claimed_on, notice_by, settled_on, settled_pence, words, flag_id, recorded_by, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)"
    );
    let values = args![
        org,
        r.id,
        &r.number,
        r.customer_id,
        r.died_on,
        r.told_on,
        &r.source,
        &r.state,
        &r.representatives,
        &r.address,
        &r.solicitor,
        r.grant_on,
        r.demand_from,
        r.claim_pence,
        r.claimed_on,
        r.notice_by,
        r.settled_on,
        r.settled_pence,
        &r.words,
        r.flag_id,
        &r.recorded_by,
        r.recorded_at,
        r.version
    ];
    tx.run(sql, values).await.map(drop)
}

/// Changes one; false if its version has moved on.
pub async fn change_estate(tx: &mut Tx, org: OrgId, r: &EstateRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update estate set died_on = $4, told_on = $5, source = $6, state = $7, representatives = $8, address = $9, solicitor = $10, grant_on = $11, demand_from = $12, claim_pence = $13, claimed_on = $14, notice_by = $15, settled_on = $16, settled_pence = $17, words = $18, flag_id = $19, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        r.id,
        r.version,
        r.died_on,
        r.told_on,
        &r.source,
        &r.state,
        &r.representatives,
        &r.address,
        &r.solicitor,
        r.grant_on,
        r.demand_from,
        r.claim_pence,
        r.claimed_on,
        r.notice_by,
        r.settled_on,
        r.settled_pence,
        &r.words,
        r.flag_id
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// One by its number.
pub async fn estate(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<EstateRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, died_on, told_on, source, state, representatives, address, solicitor, grant_on, demand_from, claim_pence, claimed_on, notice_by, settled_on, settled_pence, words, flag_id, recorded_by, recorded_at, version from estate where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Those of a customer, oldest first.
pub async fn estates_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<EstateRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, died_on, told_on, source, state, representatives, address, solicitor, grant_on, demand_from, claim_pence, claimed_on, notice_by, settled_on, settled_pence, words, flag_id, recorded_by, recorded_at, version from estate where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// The newest.
pub async fn estates(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<EstateRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, died_on, told_on, source, state, representatives, address, solicitor, grant_on, demand_from, claim_pence, claimed_on, notice_by, settled_on, settled_pence, words, flag_id, recorded_by, recorded_at, version from estate where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// A charge on a property.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct ChargeRow {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// The customer.
    pub customer_id: i64,
    /// The court case it comes from; empty for none.
    pub case_number: String,
    /// interim_charging_order, final_charging_order, voluntary or deferred_payment.
    pub kind: String,
    /// The property.
    pub property: String,
    /// Its title number.
    pub title_number: String,
    /// Since when.
    pub charged_on: NaiveDate,
    /// When it was registered.
    pub registered_on: Option<NaiveDate>,
    /// What it secures.
    pub secured_pence: i64,
    /// What the property is worth.
    pub value_pence: i64,
    /// When it was valued.
    pub valued_on: Option<NaiveDate>,
    /// Charges before ours.
    pub prior_pence: i64,
    /// When it was released.
    pub released_on: Option<NaiveDate>,
    /// Why.
    pub released_words: String,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Version.
    pub version: i64,
}

/// Adds one.
pub async fn add_charge(tx: &mut Tx, org: OrgId, r: &ChargeRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into legal_charge (org_id, id, number, customer_id, case_number, kind, property, title_number, charged_on, registered_on, secured_pence, value_pence, valued_on, prior_pence, released_on, released_words, recorded_by, recorded_at, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"
    );
    let values = args![
        org,
        r.id,
        &r.number,
        r.customer_id,
        &r.case_number,
        &r.kind,
        &r.property,
        &r.title_number,
        r.charged_on,
        r.registered_on,
        r.secured_pence,
        r.value_pence,
        r.valued_on,
        r.prior_pence,
        r.released_on,
        &r.released_words,
        &r.recorded_by,
        r.recorded_at,
        r.version
    ];
    tx.run(sql, values).await.map(drop)
}

/// Changes one; false if its version has moved on.
pub async fn change_charge(tx: &mut Tx, org: OrgId, r: &ChargeRow) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update legal_charge set kind = $4, property = $5, title_number = $6, charged_on = $7, registered_on = $8, secured_pence = $9, value_pence = $10, valued_on = $11, prior_pence = $12, released_on = $13, released_words = $14, version = version + 1 where org_id = $1 and id = $2 and version = $3"
    );
    let values = args![
        org,
        r.id,
        r.version,
        &r.kind,
        &r.property,
        &r.title_number,
        r.charged_on,
        r.registered_on,
        r.secured_pence,
        r.value_pence,
        r.valued_on,
        r.prior_pence,
        r.released_on,
        &r.released_words
    ];
    Ok(tx.run(sql, values).await? == 1)
}

/// One by its number.
pub async fn charge(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<ChargeRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, case_number, kind, property, title_number, charged_on, registered_on, secured_pence, value_pence, valued_on, prior_pence, released_on, released_words, recorded_by, recorded_at, version from legal_charge where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Those of a customer, oldest first.
pub async fn charges_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<ChargeRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, case_number, kind, property, title_number, charged_on, registered_on, secured_pence, value_pence, valued_on, prior_pence, released_on, released_words, recorded_by, recorded_at, version from legal_charge where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// The newest.
pub async fn charges(tx: &mut Tx, org: OrgId, limit: i64) -> Result<Vec<ChargeRow>, StoreFault> {
    let sql = sql!(
        "select id, number, customer_id, case_number, kind, property, title_number, charged_on, registered_on, secured_pence, value_pence, valued_on, prior_pence, released_on, released_words, recorded_by, recorded_at, version from legal_charge where org_id = $1 order by id desc limit $2"
    );
    tx.all(sql, args![org, limit]).await
}

/// A dividend.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct DividendRow {
    /// The insolvency.
    pub insolvency_id: i64,
    /// Counted from 1.
    pub seq: i64,
    /// When.
    pub declared_on: NaiveDate,
    /// Pence in a hundred pounds.
    pub pence_in_100: i64,
    /// What it comes to.
    pub expected_pence: i64,
    /// The receipt it became; empty while it is awaited.
    pub receipt: String,
    /// What came.
    pub received_pence: i64,
    /// The last one.
    pub last: bool,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a dividend.
pub async fn add_dividend(tx: &mut Tx, org: OrgId, r: &DividendRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into insolvency_dividend (org_id, insolvency_id, seq, declared_on, pence_in_100, expected_pence, receipt, received_pence, last, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    );
    let values = args![
        org,
        r.insolvency_id,
        r.seq,
        r.declared_on,
        r.pence_in_100,
        r.expected_pence,
        &r.receipt,
        r.received_pence,
        r.last,
        r.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Dividends of an insolvency, oldest first.
pub async fn dividends_of(tx: &mut Tx, org: OrgId, insolvency: i64) -> Result<Vec<DividendRow>, StoreFault> {
    let sql = sql!(
        "select insolvency_id, seq, declared_on, pence_in_100, expected_pence, receipt, received_pence, last, recorded_at from insolvency_dividend where org_id = $1 and insolvency_id = $2 order by seq"
    );
    tx.all(sql, args![org, insolvency]).await
}

/// Notes what came of a dividend; false if it came before.
pub async fn receive_dividend(
    tx: &mut Tx,
    org: OrgId,
    (insolvency, seq): (i64, i64),
    receipt: &str,
    pence: i64,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update insolvency_dividend set receipt = $4, received_pence = $5 where org_id = $1 and insolvency_id = $2 and seq = $3 and receipt = ''"
    );
    Ok(tx.run(sql, args![org, insolvency, seq, receipt, pence]).await? == 1)
}
