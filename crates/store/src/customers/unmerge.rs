//! Which rows a merge pointed at the account that stays, and putting them back (CUS-06).
use crate::{StoreFault, Tx, args, sql};
use chrono::NaiveDate;
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, OrgId};

/// A table that names an account, the column that does, and the rest of a row's key as one text.
type Place = (&'static str, &'static str, &'static str);

const ID: &str = "cast(id as text)";
const ITEM: &str = "cast(item_id as text)";

/// Every place that a merge points at the account that stays.
const PLACES: &[Place] = &[
    ("open_item", "customer_id", ID),
    ("allocation", "customer_id", ID),
    ("document", "customer_id", ID),
    ("customer_flag", "customer_id", ID),
    ("flag_detail", "customer_id", "cast(flag_id as text)"),
    ("note", "customer_id", ID),
    ("letter", "customer_id", ID),
    ("query", "customer_id", ID),
    ("complaint", "customer_id", ID),
    ("promise", "customer_id", ID),
    ("hold", "customer_id", ID),
    ("receipt", "customer_id", ID),
    (
        "suggestion",
        "customer_id",
        "cast(bank_line_id as text) || '/' || cast(rank as text) || '/' || cast(line as text)",
    ),
    ("run_refusal", "customer_id", "cast(run_id as text) || '/' || cast(seq as text)"),
    ("step_taken", "customer_id", "cast(item_id as text) || '/' || cast(seq as text)"),
    ("mandate", "customer_id", ID),
    ("dd_collection", "customer_id", ID),
    ("dd_claim", "customer_id", ID),
    ("card_payment", "customer_id", ID),
    ("card_refund", "customer_id", ID),
    ("pay_link", "customer_id", ID),
    ("refund", "customer_id", ID),
    ("transfer", "customer_id", ID),
    ("transfer", "to_customer_id", ID),
    ("standing_order", "customer_id", ID),
    ("standing_order_task", "customer_id", ID),
    ("contract_payer", "customer_id", "cast(contract_id as text) || '/' || cast(seq as text)"),
    ("einvoice", "customer_id", ID),
    ("delivery_event", "customer_id", ID),
    ("undelivered", "customer_id", "cast(document_id as text) || '/' || cast(seq as text)"),
    ("feeder_row", "customer_id", "cast(file_id as text) || '/' || cast(row_number as text)"),
    ("inbound_mail", "customer_id", ID),
    ("failed_email", "customer_id", "address"),
    ("payment_plan", "customer_id", ID),
    ("plan_item", "customer_id", "cast(plan_id as text) || '/' || cast(item_id as text)"),
    ("plan_budget", "customer_id", ID),
    ("plan_link", "customer_id", ID),
    ("service_referral", "customer_id", ID),
    ("writeoff_line", "customer_id", ID),
    ("loss", "customer_id", ITEM),
    ("placement", "customer_id", ID),
    ("trace", "customer_id", ID),
    ("trace_address", "customer_id", ID),
    ("court_case", "customer_id", ID),
    ("insolvency", "customer_id", ID),
    ("estate", "customer_id", ID),
    ("legal_charge", "customer_id", ID),
    ("person_case", "customer_id", ID),
    ("person_case_item", "customer_id", "cast(case_id as text) || '/' || cast(item_id as text)"),
    ("person_case_item", "joint_customer_id", "cast(case_id as text) || '/' || cast(item_id as text)"),
    ("joint_debtor", "owner_id", "cast(item_id as text) || '/' || cast(customer_id as text)"),
    ("representative", "customer_id", ID),
    ("call_detail", "customer_id", "cast(note_id as text)"),
    ("held_change", "customer_id", ID),
    ("debt_fact", "customer_id", "cast(id as text) || '/' || cast(item_id as text)"),
    ("contract_fee", "customer_id", ID),
    ("customer_merge", "survivor_id", ID),
    ("customer_reference", "customer_id", "kind || '/' || search_reference"),
    ("customer_bank", "customer_id", "print"),
    ("lesson", "customer_id", ID),
    ("listing_funder_customer", "customer_id", "cast(funder_id as text)"),
    ("contract_charge", "customer_id", ID),
    ("receiver_rule", "customer_id", "'only'"),
    ("customer_terms", "customer_id", "'only'"),
    ("plan_party", "customer_id", "cast(plan_id as text)"),
    ("reappearance_seen", "customer_id", "sign"),
    ("trace_mark", "customer_id", "'only'"),
    ("joint_debtor", "customer_id", ITEM),
    ("pathway_choice", "customer_id", ID),
    ("customer_address", "customer_id", "cast(seq as text)"),
];

/// The debts and credits that go back.
const GOING: &str = "(select cast(row_key as bigint) from customer_merge_row where org_id = $1 and merge_id = $3 and place = 'open_item.customer_id')";

/// The mandates that go back.
const MANDATES: &str = "(select cast(row_key as bigint) from customer_merge_row where org_id = $1 and merge_id = $3 and place = 'mandate.customer_id')";

/// What arose after the merge and belongs to a debt that goes back: table, and which rows of it.
const FOLLOWS: &[(&str, &str)] = &[
    (
        "open_item",
        "kind = 'receipt' and open_pence = 0 and exists (select 1 from allocation a where a.org_id = $1 and a.credit_item_id = open_item.id and a.debit_item_id in GOING group by a.debit_item_id having cast(sum(a.amount_pence) as bigint) <> 0)",
    ),
    (
        "receipt",
        "id in (select k.receipt_id from open_item k where k.org_id = $1 and k.receipt_id is not null and k.id in GOING)",
    ),
    ("allocation", "debit_item_id in GOING and credit_item_id in GOING"),
    ("query", "item_id in GOING"),
    ("hold", "item_id in GOING"),
    ("step_taken", "item_id in GOING"),
    ("debt_fact", "item_id in GOING"),
    ("pathway_choice", "item_id in GOING"),
    ("dd_collection", "mandate_id in MANDATES"),
    ("dd_claim", "mandate_id in MANDATES"),
];

fn key_of(table: &str) -> &'static str {
    PLACES.iter().find(|(name, ..)| *name == table).map_or(ID, |(_, _, key)| key)
}

async fn done(tx: &mut Tx, sql: String, values: Vec<crate::Arg>) -> Result<(), StoreFault> {
    tx.all_built::<(i64,)>(sql, values).await.map(drop)
}

/// Records every row that names an account, before a merge moves them.
pub async fn keep_rows(tx: &mut Tx, org: OrgId, merge: i64, from: CustomerId) -> Result<(), StoreFault> {
    for (table, column, key) in PLACES {
        let sql = format!(
            "insert into customer_merge_row (org_id, merge_id, place, row_key) select org_id, cast($3 as bigint), '{table}.{column}', {key} from {table} where org_id = $1 and {column} = $2 returning org_id"
        );
        done(tx, sql, args![org, from, merge]).await?;
    }
    Ok(())
}

/// Takes out of the record what the merge left on the account it came from.
pub async fn drop_left_behind(tx: &mut Tx, org: OrgId, merge: i64, from: CustomerId) -> Result<(), StoreFault> {
    for (table, column, key) in PLACES {
        let sql = format!(
            "delete from customer_merge_row where org_id = $1 and merge_id = $3 and place = '{table}.{column}' and row_key in (select {key} from {table} where org_id = $1 and {column} = $2) returning org_id"
        );
        done(tx, sql, args![org, from, merge]).await?;
    }
    Ok(())
}

/// Adds to the record what arose after the merge and belongs to a debt or a mandate that goes back.
pub async fn keep_what_follows(tx: &mut Tx, org: OrgId, merge: i64, from: CustomerId) -> Result<(), StoreFault> {
    for (table, which) in FOLLOWS {
        let which = which.replace("GOING", GOING).replace("MANDATES", MANDATES);
        let key = key_of(table);
        let sql = format!(
            "insert into customer_merge_row (org_id, merge_id, place, row_key) select org_id, cast($3 as bigint), '{table}.customer_id', {key} from {table} where org_id = $1 and customer_id = $2 and {which} and {key} not in (select row_key from customer_merge_row where org_id = $1 and merge_id = $3 and place = '{table}.customer_id') returning org_id"
        );
        done(tx, sql, args![org, from, merge]).await?;
    }
    Ok(())
}

/// Points what is in the record, and still names the account that stays, at the account it came from.
pub async fn put_back(tx: &mut Tx, org: OrgId, merge: i64, from: CustomerId, to: CustomerId) -> Result<(), StoreFault> {
    for (table, column, key) in PLACES {
        let sql = format!(
            "update {table} set {column} = $4 where org_id = $1 and {column} = $2 and {key} in (select row_key from customer_merge_row where org_id = $1 and merge_id = $3 and place = '{table}.{column}') returning org_id"
        );
        done(tx, sql, args![org, from, merge, to]).await?;
    }
    Ok(())
}

/// Records that the addresses of an account were renumbered, so that undoing an earlier merge still finds its own.
pub(super) async fn renumber_addresses(
    tx: &mut Tx,
    org: OrgId,
    of: CustomerId,
    by: i64,
    taken_in: CustomerId,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "update customer_merge_row set row_key = cast(cast(row_key as bigint) + $3 as text) where org_id = $1 and place = 'customer_address.customer_id' and merge_id in (select m.id from customer_merge m where m.org_id = $1 and m.survivor_id = $2 and m.customer_id <> $4 and m.state = 'made')"
    );
    tx.run(sql, args![org, of, by, taken_in]).await.map(drop)
}

/// Records that a merge filled in a field of the account that stays.
pub async fn keep_filled(tx: &mut Tx, org: OrgId, merge: i64, field: &str) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into customer_merge_row (org_id, merge_id, place, row_key) values ($1, $2, 'customer.filled', $3)"
    );
    tx.run(sql, args![org, merge, field]).await.map(drop)
}

/// The fields that a merge filled in.
pub async fn filled(tx: &mut Tx, org: OrgId, merge: i64) -> Result<Vec<String>, StoreFault> {
    let sql = sql!(
        "select row_key from customer_merge_row where org_id = $1 and merge_id = $2 and place = 'customer.filled' order by row_key"
    );
    Ok(tx.all::<(String,)>(sql, args![org, merge]).await?.into_iter().map(|(field,)| field).collect())
}

/// Ids of the debts and credits that go back.
pub async fn items_that_go_back(tx: &mut Tx, org: OrgId, merge: i64) -> Result<Vec<i64>, StoreFault> {
    let sql = sql!(
        "select cast(row_key as bigint) from customer_merge_row where org_id = $1 and merge_id = $2 and place = 'open_item.customer_id' order by row_key"
    );
    Ok(tx.all::<(i64,)>(sql, args![org, merge]).await?.into_iter().map(|(id,)| id).collect())
}

/// Records where the items that go back stood, under the id of the undoing.
pub async fn keep_where_items_stand(
    tx: &mut Tx,
    org: OrgId,
    merge: i64,
    undoing: i64,
    from: CustomerId,
    on: NaiveDate,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "insert into customer_merge_item (org_id, item_id, merge_id, from_customer_id, moved_on) select org_id, id, $3, $4, $5 from open_item where org_id = $1 and customer_id = $4 and id in (select cast(row_key as bigint) from customer_merge_row where org_id = $1 and merge_id = $2 and place = 'open_item.customer_id')"
    );
    tx.run(sql, args![org, merge, undoing, from, on]).await.map(drop)
}

/// The first debt, credit or receipt that stays and is set against one that goes back; a receipt spent wholly on debts
/// that go back goes with them.
pub async fn money_on_both(
    tx: &mut Tx,
    org: OrgId,
    merge: i64,
    survivor: CustomerId,
) -> Result<Option<String>, StoreFault> {
    let sql = sql!(
        "with going as (select cast(row_key as bigint) as id from customer_merge_row where org_id = $1 and merge_id = $2 and place = 'open_item.customer_id'), pair as (select debit_item_id, credit_item_id from allocation where org_id = $1 and (debit_item_id in (select id from going) or credit_item_id in (select id from going)) group by debit_item_id, credit_item_id having cast(sum(amount_pence) as bigint) <> 0) select i.number from open_item i where i.org_id = $1 and i.customer_id = $3 and i.id not in (select id from going) and i.id in (select debit_item_id from pair union select credit_item_id from pair) and (i.kind <> 'receipt' or i.open_pence <> 0 or exists (select 1 from allocation a where a.org_id = $1 and a.credit_item_id = i.id and a.debit_item_id not in (select id from going) group by a.debit_item_id having cast(sum(a.amount_pence) as bigint) <> 0)) order by i.number limit 1"
    );
    Ok(tx.maybe::<(String,)>(sql, args![org, merge, survivor]).await?.map(|(number,)| number))
}

/// The first plan or placement that is not over, covers a debt that goes back, and cannot go back whole.
pub async fn plan_on_both(tx: &mut Tx, org: OrgId, merge: i64) -> Result<Option<String>, StoreFault> {
    let sql = sql!(
        "with going as (select cast(row_key as bigint) as id from customer_merge_row where org_id = $1 and merge_id = $2 and place = 'open_item.customer_id') select p.number from payment_plan p where p.org_id = $1 and p.state in ('proposed','active','suspended') and p.id in (select x.plan_id from plan_item x where x.org_id = $1 and x.item_id in (select id from going)) and (cast(p.id as text) not in (select r.row_key from customer_merge_row r where r.org_id = $1 and r.merge_id = $2 and r.place = 'payment_plan.customer_id') or exists (select 1 from plan_item x where x.org_id = $1 and x.plan_id = p.id and x.item_id not in (select id from going))) union all select q.number from placement q where q.org_id = $1 and q.state in ('sent','with_agency') and q.id in (select x.placement_id from placement_item x where x.org_id = $1 and x.item_id in (select id from going)) and (cast(q.id as text) not in (select r.row_key from customer_merge_row r where r.org_id = $1 and r.merge_id = $2 and r.place = 'placement.customer_id') or exists (select 1 from placement_item x where x.org_id = $1 and x.placement_id = q.id and x.item_id not in (select id from going))) order by 1 limit 1"
    );
    Ok(tx.maybe::<(String,)>(sql, args![org, merge]).await?.map(|(number,)| number))
}

/// A merge that was made.
#[derive(Clone, Debug, FromRow)]
pub struct MadeMerge {
    /// Id.
    pub id: i64,
    /// The account that was merged.
    pub customer_id: i64,
    /// Its number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The account it was merged into.
    pub into_id: i64,
    /// The account its number finds today.
    pub survivor_id: i64,
    /// How we knew that both were one.
    pub evidence: String,
    /// When it was made.
    pub decided_on: Option<NaiveDate>,
    /// The approval under which its undoing waits.
    pub undo_approval: Option<String>,
    /// Why it is to be undone.
    pub undo_reason: Option<String>,
}

/// The merges that were made and name an account on either side, newest first.
pub async fn made_merges(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<MadeMerge>, StoreFault> {
    let sql = sql!(
        "select m.id, m.customer_id, c.number, c.name, m.into_id, m.survivor_id, m.evidence, m.decided_on, m.undo_approval, m.undo_reason from customer_merge m join customer c on c.org_id = m.org_id and c.id = m.customer_id where m.org_id = $1 and m.state = 'made' and (m.customer_id = $2 or m.survivor_id = $2) order by m.id desc"
    );
    tx.all(sql, args![org, customer]).await
}

/// The merge whose undoing waits under an approval.
pub async fn merge_to_undo(tx: &mut Tx, org: OrgId, approval: &str) -> Result<Option<MadeMerge>, StoreFault> {
    let sql = sql!(
        "select m.id, m.customer_id, c.number, c.name, m.into_id, m.survivor_id, m.evidence, m.decided_on, m.undo_approval, m.undo_reason from customer_merge m join customer c on c.org_id = m.org_id and c.id = m.customer_id where m.org_id = $1 and m.state = 'made' and m.undo_approval = $2"
    );
    tx.maybe(sql, args![org, approval]).await
}

/// Has the undoing of a merge wait; false where one waits already or nothing is merged.
pub async fn ask_undo(tx: &mut Tx, org: OrgId, merge: i64, approval: &str, reason: &str) -> Result<bool, StoreFault> {
    let sql = sql!(
        "update customer_merge set undo_approval = $3, undo_reason = $4 where org_id = $1 and id = $2 and state = 'made' and undo_approval is null"
    );
    Ok(tx.run(sql, args![org, merge, approval, reason]).await? == 1)
}

/// Ends the wait with a no: the merge stands.
pub async fn drop_undo(tx: &mut Tx, org: OrgId, approval: &str) -> Result<(), StoreFault> {
    let sql = sql!(
        "update customer_merge set undo_approval = null, undo_reason = null where org_id = $1 and undo_approval = $2 and state = 'made'"
    );
    tx.run(sql, args![org, approval]).await.map(drop)
}

/// Marks a merge as undone.
pub async fn mark_undone(tx: &mut Tx, org: OrgId, merge: i64, on: NaiveDate) -> Result<(), StoreFault> {
    let sql = sql!("update customer_merge set state = 'undone', undone_on = $3 where org_id = $1 and id = $2");
    tx.run(sql, args![org, merge, on]).await.map(drop)
}

/// Takes the number of an account that lives again from the references of the one that stays.
pub async fn drop_old_number(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    search_reference: &str,
) -> Result<(), StoreFault> {
    let sql = sql!(
        "delete from customer_reference where org_id = $1 and customer_id = $2 and kind = 'old_account' and search_reference = $3"
    );
    tx.run(sql, args![org, customer, search_reference]).await.map(drop)
}
