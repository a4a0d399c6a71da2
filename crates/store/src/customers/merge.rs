//! Accounts that were merged: which into which, what may speak against it, what moves, and moving it.
use super::CustomerRow;
use super::unmerge::renumber_addresses;
use crate::{StoreFault, Tx, args, sql};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A merge that waits, was made or was turned down.
#[derive(Clone, Debug, FromRow, serde::Serialize, serde::Deserialize)]
pub struct MergeRow {
    /// Id.
    pub id: i64,
    /// Number of the approval that decides it.
    pub approval: String,
    /// The account that goes.
    pub customer_id: i64,
    /// The account that stays, as asked.
    pub into_id: i64,
    /// The account found under the old number today: another one where that was merged in its turn.
    pub survivor_id: i64,
    /// How we know that both are one.
    pub evidence: String,
    /// waiting, made or `turned_down`.
    pub state: String,
    /// Who asked.
    pub asked_by_name: String,
    /// When.
    pub asked_on: NaiveDate,
    /// When it was decided.
    pub decided_on: Option<NaiveDate>,
    /// The instant it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Adds a merge that waits.
pub async fn add_merge(tx: &mut Tx, org: OrgId, m: &MergeRow) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into customer_merge (org_id, id, approval, customer_id, into_id, survivor_id, evidence, state, asked_by_name, asked_on, decided_on, recorded_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    );
    let values = args![
        org,
        m.id,
        &m.approval,
        m.customer_id,
        m.into_id,
        m.survivor_id,
        &m.evidence,
        &m.state,
        &m.asked_by_name,
        m.asked_on,
        m.decided_on,
        m.recorded_at
    ];
    tx.run(sql, values).await.map(drop)
}

/// Decides what waits under an approval; false if nothing does.
pub async fn decide_merge(
    tx: &mut Tx,
    org: OrgId,
    approval: &str,
    state: &str,
    on: NaiveDate,
) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update customer_merge set state = $3, decided_on = $4 where org_id = $1 and approval = $2 and state = 'waiting'"
    );
    Ok(tx.run(sql, args![org, approval, state, on]).await? == 1)
}

/// What waits or was made under an approval.
pub async fn merge_of_approval(tx: &mut Tx, org: OrgId, approval: &str) -> Result<Option<MergeRow>, StoreFault> {
    let sql = sql!(
        "select id, approval, customer_id, into_id, survivor_id, evidence, state, asked_by_name, asked_on, decided_on, recorded_at from customer_merge where org_id = $1 and approval = $2"
    );
    tx.maybe(sql, args![org, approval]).await
}

/// The merges that wait or were made and name an account, on either side; oldest first.
pub async fn merges_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<MergeRow>, StoreFault> {
    let sql = sql!(
        "select id, approval, customer_id, into_id, survivor_id, evidence, state, asked_by_name, asked_on, decided_on, recorded_at from customer_merge where org_id = $1 and (customer_id = $2 or survivor_id = $2 or into_id = $2) and state in ('waiting','made') order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// The account that has a number itself, merged or not.
pub async fn account_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<CustomerRow>, StoreFault> {
    let sql = sql!(
        "select id, number, name, search_name, kind, address1, address2, town, postcode, email, phone, terms_days, channel, language, letter_format, collector, recorded_at, version from customer where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// What may speak against a merge, of one account.
#[derive(Clone, Debug, FromRow)]
pub struct MergeFacts {
    /// Court cases that are not over.
    pub court: i64,
    /// Debts proposed on a schedule of write-offs.
    pub write_off: i64,
    /// Collections of a Direct Debit run not written yet, and contracts of a billing run not finished.
    pub runs: i64,
    /// New details that wait for a second person.
    pub changes: i64,
    /// Whether a flag says today that they have died.
    pub deceased: i64,
}

/// What may speak against a merge, of one account.
pub async fn merge_facts(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    today: NaiveDate,
) -> Result<MergeFacts, StoreFault> {
    let sql = sql!(
        "select (select cast(count(*) as bigint) from court_case where org_id = $1 and customer_id = $2 and state not in ('sent_back','satisfied','closed')) as court, (select cast(count(*) as bigint) from writeoff_line where org_id = $1 and customer_id = $2 and state = 'proposed') as write_off, (select cast(count(*) as bigint) from dd_collection where org_id = $1 and customer_id = $2 and state = 'in_run') + (select cast(count(*) as bigint) from contract_payer p where p.org_id = $1 and p.customer_id = $2 and exists (select 1 from billing_run r where r.org_id = p.org_id and r.state in ('prepared','releasing','stopped'))) as runs, (select cast(count(*) as bigint) from held_change where org_id = $1 and customer_id = $2 and state = 'waiting') as changes, (select cast(count(*) as bigint) from customer_flag where org_id = $1 and customer_id = $2 and kind = 'deceased' and from_on <= $3 and (to_on is null or to_on >= $3)) as deceased"
    );
    tx.one(sql, args![org, customer, today]).await
}

/// The number of a run that writes to everybody and is not finished, if any.
pub async fn unfinished_run(tx: &mut Tx, org: OrgId) -> Result<Option<String>, StoreFault> {
    let sql =
        sql!("select number from run where org_id = $1 and state in ('releasing','stopped') order by number limit 1");
    Ok(tx.maybe::<(String,)>(sql, args![org]).await?.map(|(number,)| number))
}

/// The bank accounts, as fingerprint and as shown, that live mandates of a customer name.
pub async fn mandated(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<(String, String)>, StoreFault> {
    let sql = sql!(
        "select distinct print, shown from mandate where org_id = $1 and customer_id = $2 and state in ('draft','awaiting_lodgement','lodged','active','suspended') order by print, shown"
    );
    tx.all(sql, args![org, customer]).await
}

/// What tells two customers apart for certain: kind and value, as written.
pub async fn proofs_of_identity(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
) -> Result<Vec<(String, String)>, StoreFault> {
    let sql = sql!(
        "select kind, reference from customer_reference where org_id = $1 and customer_id = $2 and kind in ('company_number','date_of_birth','nhs_number','ni_number','ods_code','vat_number') union select 'vat_number', vat_number from receiver_rule where org_id = $1 and customer_id = $2 and vat_number <> '' union select 'date_of_birth', cast(born_on as text) from person_case where org_id = $1 and customer_id = $2 and born_on is not null order by 1, 2"
    );
    tx.all(sql, args![org, customer]).await
}

/// Number of a debt that both accounts are recorded as owing jointly, if any.
pub async fn joint_debt(
    tx: &mut Tx,
    org: OrgId,
    one: CustomerId,
    other: CustomerId,
) -> Result<Option<String>, StoreFault> {
    let sql = sql!(
        "select i.number from joint_debtor j join open_item i on i.org_id = j.org_id and i.id = j.item_id where j.org_id = $1 and ((j.customer_id = $2 and j.owner_id = $3) or (j.customer_id = $3 and j.owner_id = $2)) order by i.number limit 1"
    );
    Ok(tx.maybe::<(String,)>(sql, args![org, one, other]).await?.map(|(number,)| number))
}

/// One sort of thing that moves: how many, and what they come to.
#[derive(Clone, Debug, FromRow)]
pub struct MoveCount {
    /// Its name.
    pub what: String,
    /// How many.
    pub count: i64,
    /// What they come to; 0 where it has no sum.
    pub pence: i64,
}

/// What a merge would move from an account.
pub async fn to_move(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    today: NaiveDate,
) -> Result<Vec<MoveCount>, StoreFault> {
    let sql = sql!(
        "select 'debts' as what, cast(count(*) as bigint) as count, coalesce(cast(sum(open_pence) as bigint), 0) as pence from open_item where org_id = $1 and customer_id = $2 and open_pence > 0 union all select 'credits', cast(count(*) as bigint), coalesce(cast(sum(open_pence) as bigint), 0) from open_item where org_id = $1 and customer_id = $2 and open_pence < 0 and kind <> 'receipt' union all select 'unallocated', cast(count(*) as bigint), coalesce(cast(sum(open_pence) as bigint), 0) from open_item where org_id = $1 and customer_id = $2 and open_pence < 0 and kind = 'receipt' union all select 'documents', cast(count(*) as bigint), cast(0 as bigint) from document where org_id = $1 and customer_id = $2 union all select 'plans', cast(count(*) as bigint), coalesce(cast(sum(total_pence) as bigint), 0) from payment_plan where org_id = $1 and customer_id = $2 and state in ('proposed','active','suspended') union all select 'mandates', cast(count(*) as bigint), cast(0 as bigint) from mandate where org_id = $1 and customer_id = $2 and state in ('draft','awaiting_lodgement','lodged','active','suspended') union all select 'holds', cast(count(*) as bigint), cast(0 as bigint) from hold where org_id = $1 and customer_id = $2 and ended_on is null union all select 'promises', cast(count(*) as bigint), coalesce(cast(sum(amount_pence) as bigint), 0) from promise where org_id = $1 and customer_id = $2 and state = 'open' union all select 'queries', cast(count(*) as bigint), coalesce(cast(sum(disputed_pence) as bigint), 0) from query where org_id = $1 and customer_id = $2 and state in ('open','waiting_for_customer','answered') union all select 'steps', cast(count(*) as bigint), cast(0 as bigint) from step_taken s join open_item i on i.org_id = s.org_id and i.id = s.item_id where s.org_id = $1 and s.customer_id = $2 and i.open_pence > 0 union all select 'flags', cast(count(*) as bigint), cast(0 as bigint) from customer_flag where org_id = $1 and customer_id = $2 and from_on <= $3 and (to_on is null or to_on >= $3) union all select 'insolvencies', cast(count(*) as bigint), coalesce(cast(sum(owed_pence) as bigint), 0) from insolvency where org_id = $1 and customer_id = $2 and state in ('open','proved') union all select 'person_cases', cast(count(*) as bigint), cast(0 as bigint) from person_case where org_id = $1 and customer_id = $2 and state = 'in_force' union all select 'representatives', cast(count(*) as bigint), cast(0 as bigint) from representative where org_id = $1 and customer_id = $2 and ended_on is null union all select 'letters', cast(count(*) as bigint), cast(0 as bigint) from letter where org_id = $1 and customer_id = $2 union all select 'addresses', cast(count(*) as bigint), cast(0 as bigint) from customer_address where org_id = $1 and customer_id = $2"
    );
    tx.all(sql, args![org, customer, today]).await
}

/// Records where every item of an account stood, before they move.
pub async fn keep_where_items_stood(
    tx: &mut Tx,
    org: OrgId,
    merge: i64,
    from: CustomerId,
    on: NaiveDate,
) -> Result<u64, StoreFault> {
    let sql = sql!(
        "insert into customer_merge_item (org_id, item_id, merge_id, from_customer_id, moved_on) select org_id, id, $2, $3, $4 from open_item where org_id = $1 and customer_id = $3"
    );
    tx.run(sql, args![org, merge, from, on]).await
}

/// Whether an item has moved since a day.
pub async fn has_moved_since(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Result<bool, StoreFault> {
    let sql =
        sql!("select item_id from customer_merge_item where org_id = $1 and moved_on > $2 order by item_id limit 1");
    Ok(tx.maybe::<(i64,)>(sql, args![org, day]).await?.is_some())
}

/// What points at an account and may simply point at another: an account has many of each.
const MANY: &[&str] = &[
    sql!("update open_item set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update allocation set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update document set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update customer_flag set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update flag_detail set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update note set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update letter set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update query set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update complaint set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update promise set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update hold set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update receipt set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update suggestion set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update run_refusal set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update step_taken set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update mandate set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update dd_collection set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update dd_claim set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update card_payment set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update card_refund set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update pay_link set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update refund set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update transfer set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update transfer set to_customer_id = $3 where org_id = $1 and to_customer_id = $2"),
    sql!("update standing_order set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update standing_order_task set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update contract_payer set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update einvoice set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update delivery_event set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update undelivered set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update feeder_row set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update inbound_mail set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update failed_email set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update payment_plan set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update plan_item set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update plan_budget set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update plan_link set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update service_referral set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update writeoff_line set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update loss set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update placement set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update trace set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update trace_address set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update court_case set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update insolvency set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update estate set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update legal_charge set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update person_case set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update person_case_item set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update person_case_item set joint_customer_id = $3 where org_id = $1 and joint_customer_id = $2"),
    sql!("update joint_debtor set owner_id = $3 where org_id = $1 and owner_id = $2"),
    sql!("update representative set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update call_detail set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update held_change set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update debt_fact set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update contract_fee set customer_id = $3 where org_id = $1 and customer_id = $2"),
    sql!("update customer_merge set survivor_id = $3 where org_id = $1 and survivor_id = $2 and state = 'made'"),
];

/// What an account has once: where both have it, that of the account that stays holds and the other is left behind.
const ONCE: &[&str] = &[
    sql!(
        "update customer_reference set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from customer_reference x where x.org_id = $1 and x.customer_id = $3 and x.kind = customer_reference.kind and x.search_reference = customer_reference.search_reference)"
    ),
    sql!(
        "update customer_bank set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from customer_bank x where x.org_id = $1 and x.customer_id = $3 and x.print = customer_bank.print)"
    ),
    sql!(
        "update lesson set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from lesson x where x.org_id = $1 and x.customer_id = $3 and x.kind = lesson.kind and x.said = lesson.said and x.service = lesson.service)"
    ),
    sql!(
        "update listing_funder_customer set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from listing_funder_customer x where x.org_id = $1 and x.customer_id = $3 and x.funder_id = listing_funder_customer.funder_id)"
    ),
    sql!(
        "update contract_charge set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from contract_charge x where x.org_id = $1 and x.customer_id = $3 and x.contract_id = contract_charge.contract_id and x.line = contract_charge.line and x.from_on = contract_charge.from_on)"
    ),
    sql!(
        "update receiver_rule set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from receiver_rule x where x.org_id = $1 and x.customer_id = $3)"
    ),
    sql!(
        "update customer_terms set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from customer_terms x where x.org_id = $1 and x.customer_id = $3)"
    ),
    sql!(
        "update plan_party set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from plan_party x where x.org_id = $1 and x.customer_id = $3 and x.plan_id = plan_party.plan_id)"
    ),
    sql!(
        "update reappearance_seen set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from reappearance_seen x where x.org_id = $1 and x.customer_id = $3 and x.sign = reappearance_seen.sign)"
    ),
    sql!(
        "update trace_mark set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from trace_mark x where x.org_id = $1 and x.customer_id = $3)"
    ),
    sql!(
        "update joint_debtor set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from joint_debtor x where x.org_id = $1 and x.customer_id = $3 and x.item_id = joint_debtor.item_id)"
    ),
    sql!(
        "update pathway_choice set customer_id = $3 where org_id = $1 and customer_id = $2 and not exists (select 1 from pathway_choice x where x.org_id = $1 and x.customer_id = $3 and x.item_id = pathway_choice.item_id and x.ended_on is null)"
    ),
];

/// Points at one account what pointed at another. Entries never move: a journal carries their balance.
pub async fn move_all(tx: &mut Tx, org: OrgId, from: CustomerId, to: CustomerId) -> Result<(), StoreFault> {
    for sql in MANY.iter().chain(ONCE).copied() {
        tx.run(sql, args![org, from, to]).await?;
    }
    Ok(())
}

/// Puts the addresses of one account behind those of another, which keeps its newest.
pub async fn move_addresses(tx: &mut Tx, org: OrgId, from: CustomerId, to: CustomerId) -> Result<(), StoreFault> {
    let last = sql!("select coalesce(max(seq), 0) from customer_address where org_id = $1 and customer_id in ($2, $3)");
    let (last,): (i64,) = tx.one(last, args![org, from, to]).await?;
    let up = sql!("update customer_address set seq = seq + $3 where org_id = $1 and customer_id = $2");
    tx.run(up, args![org, to, last]).await?;
    renumber_addresses(tx, org, to, last, from).await?;
    let over = sql!("update customer_address set customer_id = $3 where org_id = $1 and customer_id = $2");
    tx.run(over, args![org, from, to]).await.map(drop)
}
