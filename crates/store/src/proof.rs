//! The daily proof: everything is computed again from entries and allocations, set by set.
//!
//! Each question answers what is wrong, in names that people know, at most as many as asked for.
use crate::{Engine, StoreFault, Tx, args, sql};
use sqlx::FromRow;
use sundry_domain::ids::OrgId;

/// How many failures of one check are named.
pub const NAMED: i64 = 20;

/// Readies a proof: it reads whole tables against whole tables, so PostgreSQL must not go row by row, as it would
/// on a ledger so fresh that nothing is known of its size.
pub async fn begin_proof(tx: &mut Tx) -> Result<(), StoreFault> {
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.run("set local enable_nestloop = off", args![]).await.map(drop),
    }
}

/// Something that is wrong, and by how much.
#[derive(Clone, Debug, FromRow)]
pub struct Wrong {
    /// What: a journal's number, an item's number …
    pub what: String,
    /// What it should be.
    pub should_be: i64,
    /// What it is.
    pub found: i64,
}

/// How many and how much.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct CountSum {
    /// How many.
    pub count: i64,
    /// How much.
    pub sum: i64,
}

/// Journals and the sum of their debits.
pub async fn journal_figures(tx: &mut Tx, org: OrgId) -> Result<CountSum, StoreFault> {
    let sql = sql!(
        "select (select cast(count(*) as bigint) from journal where org_id = $1) as count, coalesce(cast(sum(debit_pence) as bigint), 0) as sum from entry where org_id = $1"
    );
    tx.one(sql, args![org]).await
}

/// Journals whose debits are not their credits, or that have no entries.
pub async fn unbalanced_journals(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select 'journal ' || cast(j.number as text) as what, coalesce(e.debits, 0) as should_be, coalesce(e.credits, 0) as found from journal j left join (select journal_id, cast(sum(debit_pence) as bigint) as debits, cast(sum(credit_pence) as bigint) as credits from entry where org_id = $1 group by journal_id) e on e.journal_id = j.id where j.org_id = $1 and (e.debits is null or e.debits <> e.credits) order by j.number limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Entries that belong to no journal.
pub async fn orphan_entries(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select 'entry ' || cast(e.line as text) || ' of a journal that is not there' as what, cast(0 as bigint) as should_be, e.debit_pence - e.credit_pence as found from entry e left join journal j on j.org_id = e.org_id and j.id = e.journal_id where e.org_id = $1 and j.id is null order by e.journal_id, e.line limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Journals dated outside their period.
pub async fn journals_out_of_period(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select 'journal ' || cast(j.number as text) as what, j.start_year as should_be, j.period_number as found from journal j left join period p on p.org_id = j.org_id and p.start_year = j.start_year and p.number = j.period_number where j.org_id = $1 and (p.number is null or j.posted_on < p.starts_on or j.posted_on > p.ends_on) order by j.number limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Debits less credits of every role.
pub async fn balances_by_role(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!(
        "select coalesce(g.role, 'no such code ' || e.gl_code), e.balance from (select gl_code, cast(sum(debit_pence - credit_pence) as bigint) as balance from entry where org_id = $1 group by gl_code) e left join gl_code g on g.org_id = $1 and g.code = e.gl_code order by e.gl_code"
    );
    tx.all(sql, args![org]).await
}

/// What is open, by kind of item.
pub async fn open_by_kind(tx: &mut Tx, org: OrgId) -> Result<Vec<(String, i64, i64)>, StoreFault> {
    let sql = sql!(
        "select kind, cast(count(*) as bigint), cast(sum(open_pence) as bigint) from open_item where org_id = $1 group by kind order by kind"
    );
    tx.all(sql, args![org]).await
}

/// Customers whose entries are not their open items.
pub async fn customers_that_differ(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select coalesce('customer ' || c.number, 'a customer that is not there') as what, d.entries as should_be, d.items as found from (select customer_id, cast(sum(entries) as bigint) as entries, cast(sum(items) as bigint) as items from (select customer_id, cast(sum(debit_pence - credit_pence) as bigint) as entries, cast(0 as bigint) as items from entry where org_id = $1 and customer_id is not null group by customer_id union all select customer_id, cast(0 as bigint), cast(sum(open_pence) as bigint) from open_item where org_id = $1 and open_pence <> 0 group by customer_id) s group by customer_id) d left join customer c on c.org_id = $1 and c.id = d.customer_id where d.entries <> d.items or c.id is null order by d.customer_id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// How many items there are, and the sum of what was open at first.
pub async fn item_figures(tx: &mut Tx, org: OrgId) -> Result<CountSum, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) as count, coalesce(cast(sum(open_pence) as bigint), 0) as sum from open_item where org_id = $1"
    );
    tx.one(sql, args![org]).await
}

/// Items whose open amount is not their first amount less what is allocated.
pub async fn items_that_differ(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select i.kind || ' ' || i.number as what, i.original_pence - coalesce(a.taken, 0) as should_be, i.open_pence as found from open_item i left join (select item_id, cast(sum(amount) as bigint) as taken from (select debit_item_id as item_id, amount_pence as amount from allocation where org_id = $1 union all select credit_item_id, -amount_pence from allocation where org_id = $1) s group by item_id) a on a.item_id = i.id where i.org_id = $1 and i.open_pence <> i.original_pence - coalesce(a.taken, 0) order by i.id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// How many allocations there are, and their sum.
pub async fn allocation_figures(tx: &mut Tx, org: OrgId) -> Result<CountSum, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) as count, coalesce(cast(sum(amount_pence) as bigint), 0) as sum from allocation where org_id = $1"
    );
    tx.one(sql, args![org]).await
}

/// Allocations whose sides are not a debit and a credit of their customer.
pub async fn allocations_out_of_place(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select 'allocation of ' || coalesce(c.number, 'nothing') || ' to ' || coalesce(d.number, 'nothing') as what, coalesce(d.original_pence, 0) as should_be, a.amount_pence as found from allocation a left join open_item d on d.org_id = a.org_id and d.id = a.debit_item_id left join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id where a.org_id = $1 and (d.id is null or c.id is null or d.original_pence <= 0 or c.original_pence >= 0 or d.customer_id <> a.customer_id or c.customer_id <> a.customer_id or (a.amount_pence < 0 and a.reverses_id is null)) order by a.id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Reversals that are not the mirror of what they undo.
pub async fn reversals_that_differ(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select 'reversal of an allocation' as what, coalesce(-o.amount_pence, 0) as should_be, a.amount_pence as found from allocation a left join allocation o on o.org_id = a.org_id and o.id = a.reverses_id where a.org_id = $1 and a.reverses_id is not null and (o.id is null or o.amount_pence <> -a.amount_pence or o.debit_item_id <> a.debit_item_id or o.credit_item_id <> a.credit_item_id) order by a.id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Receipts whose items on accounts do not add up to their amount; to nothing in suspense and when reversed.
pub async fn receipts_that_differ(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select 'receipt ' || r.number as what, r.amount_pence as should_be, coalesce(-i.net, 0) as found from receipt r left join (select receipt_id, cast(sum(original_pence) as bigint) as net from open_item where org_id = $1 and receipt_id is not null group by receipt_id) i on i.receipt_id = r.id where r.org_id = $1 and ((r.state = 'identified' and coalesce(i.net, 0) <> -r.amount_pence) or (r.state <> 'identified' and coalesce(i.net, 0) <> 0)) order by r.id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Refunds whose money waits in refunds clearing: approved, or in a batch that has not gone; to a card, not yet paid.
pub async fn refunds_waiting(tx: &mut Tx, org: OrgId) -> Result<CountSum, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) as count, coalesce(cast(sum(amount_pence) as bigint), 0) as sum from (select amount_pence from refund where org_id = $1 and state in ('approved','in_batch') union all select amount_pence from card_refund where org_id = $1 and state in ('approved','sent')) r"
    );
    tx.one(sql, args![org]).await
}

/// Slips whose total is not that of their payments.
pub async fn slips_that_differ(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select 'paying-in batch ' || b.number as what, b.total_pence as should_be, coalesce(p.sum, 0) as found from paying_in_batch b left join (select batch_id, cast(sum(amount_pence) as bigint) as sum from counter_payment where org_id = $1 and batch_id is not null group by batch_id) p on p.batch_id = b.id where b.org_id = $1 and b.total_pence <> coalesce(p.sum, 0) order by b.id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Receipts in a state: how many, how much.
pub async fn receipts_in_state(tx: &mut Tx, org: OrgId, state: &str) -> Result<CountSum, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) as count, coalesce(cast(sum(amount_pence) as bigint), 0) as sum from receipt where org_id = $1 and state = $2"
    );
    tx.one(sql, args![org, state]).await
}

/// How many documents there are, and their gross.
pub async fn document_figures(tx: &mut Tx, org: OrgId) -> Result<CountSum, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) as count, coalesce(cast(sum(gross_pence) as bigint), 0) as sum from document where org_id = $1"
    );
    tx.one(sql, args![org]).await
}

/// Documents whose net and VAT are not their gross, or whose lines are not their net and VAT.
pub async fn documents_that_differ(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select d.kind || ' ' || d.number as what, d.gross_pence as should_be, coalesce(l.net + l.vat, 0) as found from document d left join (select document_id, cast(sum(net_pence) as bigint) as net, cast(sum(vat_pence) as bigint) as vat from document_line where org_id = $1 group by document_id) l on l.document_id = d.id where d.org_id = $1 and (d.net_pence + d.vat_pence <> d.gross_pence or (l.document_id is null and d.origin = 'raised') or l.net <> d.net_pence or l.vat <> d.vat_pence) order by d.id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Documents whose item on the account is not their gross.
pub async fn documents_without_item(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select d.kind || ' ' || d.number as what, d.gross_pence as should_be, coalesce(p.original, i.original_pence, 0) as found from document d left join open_item i on i.org_id = d.org_id and i.kind = d.kind and i.number = d.number left join (select m.document_id, cast(sum(o.original_pence) as bigint) as original from document_instalment m join open_item o on o.org_id = m.org_id and o.id = m.item_id and o.document_id = m.document_id where m.org_id = $1 group by m.document_id) p on p.document_id = d.id where d.org_id = $1 and ((p.document_id is not null and p.original <> d.gross_pence) or (p.document_id is null and (i.id is null or (d.kind = 'invoice' and i.original_pence <> d.gross_pence) or (d.kind = 'credit_note' and i.original_pence <> -d.gross_pence) or i.document_id is null or i.document_id <> d.id))) order by d.id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// A stretch of numbers of one width.
#[derive(Clone, Debug, FromRow)]
pub struct Stretch {
    /// How many there are.
    pub count: i64,
    /// How many different ones.
    pub different: i64,
    /// The first.
    pub first: String,
    /// The last.
    pub last: String,
}

/// Payment plans that run: how many, and what they are for.
pub async fn plan_figures(tx: &mut Tx, org: OrgId) -> Result<CountSum, StoreFault> {
    let sql = sql!(
        "select cast(count(*) as bigint) as count, coalesce(cast(sum(total_pence) as bigint), 0) as sum from payment_plan where org_id = $1 and state in ('active', 'suspended')"
    );
    tx.one(sql, args![org]).await
}

/// Plans whose instalments in force do not add up to what they are for.
pub async fn plans_that_differ(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select p.number as what, p.total_pence as should_be, coalesce(i.sum, 0) as found from payment_plan p left join (select plan_id, version, cast(sum(amount_pence) as bigint) as sum from plan_instalment where org_id = $1 group by plan_id, version) i on i.plan_id = p.id and i.version = p.version where p.org_id = $1 and (i.sum is null or i.sum <> p.total_pence) order by p.id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Open items of plans that run which no hold of the plan protects.
pub async fn plan_items_not_held(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select p.number || ' ' || i.number as what, i.open_pence as should_be, cast(0 as bigint) as found from payment_plan p join plan_item c on c.org_id = p.org_id and c.plan_id = p.id join open_item i on i.org_id = c.org_id and i.id = c.item_id left join hold h on h.org_id = c.org_id and h.id = c.hold_id and h.ended_on is null where p.org_id = $1 and p.state in ('active', 'suspended') and i.open_pence > 0 and h.id is null order by p.id, i.id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Where the numbers of a series are.
#[derive(Clone, Copy, Debug)]
pub struct SeriesHome {
    /// Its name in the table of counters.
    pub series: &'static str,
    /// The prefix of its numbers, with the hyphen; empty for bare numbers.
    pub prefix: &'static str,
    stretches: &'static str,
    numbers: &'static str,
}

/// Every gapless series and where its numbers are. Documents taken on keep old numbers and are not ours.
pub const SERIES: &[SeriesHome] = &[
    SeriesHome {
        series: "INV",
        prefix: "INV-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from document where org_id = $1 and kind = 'invoice' and origin = 'raised' group by length(number) order by length(number)"
        ),
        numbers: sql!(
            "select number from document where org_id = $1 and kind = 'invoice' and origin = 'raised' order by length(number), number"
        ),
    },
    SeriesHome {
        series: "CRN",
        prefix: "CRN-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from document where org_id = $1 and kind = 'credit_note' and origin = 'raised' group by length(number) order by length(number)"
        ),
        numbers: sql!(
            "select number from document where org_id = $1 and kind = 'credit_note' and origin = 'raised' order by length(number), number"
        ),
    },
    SeriesHome {
        series: "RCT",
        prefix: "RCT-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from receipt where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from receipt where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "LTR",
        prefix: "LTR-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from letter where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from letter where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "QRY",
        prefix: "QRY-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from query where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from query where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "PLAN",
        prefix: "PLAN-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from payment_plan where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from payment_plan where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "APP",
        prefix: "APP-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from approval where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from approval where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "PRN",
        prefix: "PRN-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from print_batch where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from print_batch where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "RFD",
        prefix: "RFD-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from refund where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from refund where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "PMT",
        prefix: "PMT-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from payment_batch where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from payment_batch where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "OPR",
        prefix: "OPR-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from overpayment_recovery where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from overpayment_recovery where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "STF",
        prefix: "STF-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from open_item where org_id = $1 and kind = 'receipt' and number like 'STF-%' and number not like '%/%' group by length(number) order by length(number)"
        ),
        numbers: sql!(
            "select number from open_item where org_id = $1 and kind = 'receipt' and number like 'STF-%' and number not like '%/%' order by length(number), number"
        ),
    },
    SeriesHome {
        series: "TRF",
        prefix: "TRF-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from transfer where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from transfer where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "PAY",
        prefix: "PAY-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from counter_payment where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from counter_payment where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "PIB",
        prefix: "PIB-",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, min(number) as first, max(number) as last from paying_in_batch where org_id = $1 group by length(number) order by length(number)"
        ),
        numbers: sql!("select number from paying_in_batch where org_id = $1 order by length(number), number"),
    },
    SeriesHome {
        series: "journal",
        prefix: "",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, cast(min(number) as text) as first, cast(max(number) as text) as last from journal where org_id = $1 group by org_id order by org_id"
        ),
        numbers: sql!("select cast(number as text) from journal where org_id = $1 order by number"),
    },
    SeriesHome {
        series: "GLB",
        prefix: "",
        stretches: sql!(
            "select cast(count(*) as bigint) as count, cast(count(distinct number) as bigint) as different, cast(min(number) as text) as first, cast(max(number) as text) as last from gl_batch where org_id = $1 group by org_id order by org_id"
        ),
        numbers: sql!("select cast(number as text) from gl_batch where org_id = $1 order by number"),
    },
];

/// The stretches of a series.
pub async fn stretches(tx: &mut Tx, org: OrgId, home: &SeriesHome) -> Result<Vec<Stretch>, StoreFault> {
    tx.all(home.stretches, args![org]).await
}

/// Every number of a series; asked only when something is wrong with it.
pub async fn numbers(tx: &mut Tx, org: OrgId, home: &SeriesHome) -> Result<Vec<(String,)>, StoreFault> {
    tx.all(home.numbers, args![org]).await
}

/// Hashes of files that rows name and that are not among the kept files.
pub async fn files_not_kept(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select f.what || ' names file ' || f.sha256 as what, cast(1 as bigint) as should_be, cast(0 as bigint) as found from (select 'letter ' || number as what, file_sha256 as sha256 from letter where org_id = $1 and file_sha256 <> '' union all select 'batch ' || number, file_sha256 from print_batch where org_id = $1 and file_sha256 <> '' union all select 'part ' || cast(part as text) || ' of a print batch', file_sha256 from print_part where org_id = $1 and file_sha256 <> '' union all select 'bank statement ' || statement_number, file_sha256 from bank_statement where org_id = $1 and file_sha256 <> '' union all select 'gl batch ' || cast(number as text), file_sha256 from gl_batch where org_id = $1 and file_sha256 <> '' union all select 'payment batch ' || number, file_sha256 from payment_batch where org_id = $1 and file_sha256 <> '' union all select 'period ' || cast(number as text) || ' of ' || cast(start_year as text), snapshot_sha256 from period where org_id = $1 and snapshot_sha256 <> '' union all select 'list ' || number, file_sha256 from listing where org_id = $1 union all select 'our side of list ' || number, our_file_sha256 from listing where org_id = $1 and our_file_sha256 <> '' union all select 'proof ' || number, file_sha256 from control_proof where org_id = $1 union all select 'evidence of ' || subject, sha256 from evidence where org_id = $1 union all select 'court form ' || form, file_sha256 from court_form where org_id = $1) f left join kept_file k on k.org_id = $1 and k.sha256 = f.sha256 where k.sha256 is null order by f.what limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// GL batches whose totals are not those of their journals' entries.
pub async fn gl_batches_that_differ(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select 'gl batch ' || cast(b.number as text) as what, b.debit_pence as should_be, coalesce(s.debits, 0) as found from gl_batch b left join (select x.batch_id, cast(count(*) as bigint) as entries, cast(count(distinct x.journal_id) as bigint) as journals, cast(sum(e.debit_pence) as bigint) as debits, cast(sum(e.credit_pence) as bigint) as credits from gl_batch_journal x join entry e on e.org_id = x.org_id and e.journal_id = x.journal_id where x.org_id = $1 group by x.batch_id) s on s.batch_id = b.id where b.org_id = $1 and (s.batch_id is null or s.debits <> b.debit_pence or s.credits <> b.credit_pence or s.entries <> b.entries_count or s.journals <> b.journals_count) order by b.number limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// Journals in a batch that is not there, or batches that name a journal that is not there.
pub async fn gl_batch_orphans(tx: &mut Tx, org: OrgId) -> Result<Vec<Wrong>, StoreFault> {
    let sql = sql!(
        "select 'a journal in gl batch ' || coalesce(cast(b.number as text), 'that is not there') as what, x.journal_id as should_be, x.batch_id as found from gl_batch_journal x left join gl_batch b on b.org_id = x.org_id and b.id = x.batch_id left join journal j on j.org_id = x.org_id and j.id = x.journal_id where x.org_id = $1 and (b.id is null or j.id is null) order by x.journal_id limit $2"
    );
    tx.all(sql, args![org, NAMED]).await
}

/// The hash of one row of the audit trail.
pub async fn audit_hash_at(tx: &mut Tx, org: OrgId, seq: i64) -> Result<Option<String>, StoreFault> {
    let row: Option<(String,)> =
        tx.maybe(sql!("select hash from audit where org_id = $1 and seq = $2"), args![org, seq]).await?;
    Ok(row.map(|(hash,)| hash))
}

/// How many rows the audit trail has.
pub async fn audit_count(tx: &mut Tx, org: OrgId) -> Result<i64, StoreFault> {
    let sql = sql!("select cast(count(*) as bigint) from audit where org_id = $1");
    Ok(tx.one::<(i64,)>(sql, args![org]).await?.0)
}

/// How many events wait for delivery outside.
pub async fn outbox_waiting(tx: &mut Tx, org: OrgId) -> Result<i64, StoreFault> {
    let sql = sql!("select cast(count(*) as bigint) from outbox where org_id = $1 and delivered_at is null");
    Ok(tx.one::<(i64,)>(sql, args![org]).await?.0)
}

const ENGINE_CHECK_SQLITE: &str = "pragma integrity_check";
const ENGINE_CHECK_POSTGRES: &str = "select 'ok' as integrity_check";

/// What the engine says of its own pages: `ok`, or what is broken.
pub async fn engine_check(tx: &mut Tx) -> Result<Vec<String>, StoreFault> {
    let sql = match tx.engine() {
        Engine::Sqlite => ENGINE_CHECK_SQLITE,
        Engine::Postgres => ENGINE_CHECK_POSTGRES,
    };
    let rows: Vec<(String,)> = tx.all(sql, args![]).await?;
    Ok(rows.into_iter().map(|(line,)| line).collect())
}
