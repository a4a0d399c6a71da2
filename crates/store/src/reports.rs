//! What the figures are made of: aged debt as at any day, lists for export, series for the dashboard.
use crate::customers::merge::has_moved_since;
use crate::{Arg, Engine, StoreFault, Tx, args, sql};
use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::FromRow;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};

// Aged debt --------------------------------------------------------------------------

/// What a row of the aged debt stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgedBy {
    /// A customer.
    Customer,
    /// A service.
    Service,
    /// A debt type.
    DebtType,
    /// An open item.
    Item,
    /// Everything, in one row.
    Whole,
}

/// A row of the aged debt, or of a correction to it.
#[derive(Clone, Debug, Default, FromRow)]
pub struct AgedSum {
    /// Customer or item; 0 for other groupings.
    pub id: i64,
    /// Customer number, service, debt type or item number.
    pub code: String,
    /// Customer number, where a row has one customer.
    pub customer_number: String,
    /// Customer's name, where a row has one customer.
    pub name: String,
    /// Kind of customer, where a row has one customer.
    pub customer_kind: String,
    /// Not due.
    pub b0: i64,
    /// 1 to 30 days.
    pub b1: i64,
    /// 31 to 60 days.
    pub b2: i64,
    /// 61 to 90 days.
    pub b3: i64,
    /// 91 to 180 days.
    pub b4: i64,
    /// 181 to 365 days.
    pub b5: i64,
    /// Over 365 days.
    pub b6: i64,
    /// Credits not allocated; zero or below.
    pub unallocated: i64,
}

impl AgedSum {
    /// The sum of the row.
    pub fn total(&self) -> i64 {
        self.b0 + self.b1 + self.b2 + self.b3 + self.b4 + self.b5 + self.b6 + self.unallocated
    }

    /// Adds another row's amounts to this one's.
    pub fn add(&mut self, other: &AgedSum) {
        self.b0 += other.b0;
        self.b1 += other.b1;
        self.b2 += other.b2;
        self.b3 += other.b3;
        self.b4 += other.b4;
        self.b5 += other.b5;
        self.b6 += other.b6;
        self.unallocated += other.unallocated;
    }

    /// Whether every column is nothing.
    pub fn is_nothing(&self) -> bool {
        [self.b0, self.b1, self.b2, self.b3, self.b4, self.b5, self.b6, self.unallocated].iter().all(|sum| *sum == 0)
    }
}

/// Where the open amounts of one scan come from: today's, less what was posted and plus what was allocated since.
///
/// The `+` before a key of what came since keeps SQLite from reading every item in the order of the groups instead.
const SCANS: [&str; 4] = [
    "select i.org_id, i.id, i.customer_id, i.number, i.service, i.debt_type, DATE as aged_on, i.open_pence as amount, i.open_pence > 0 as is_debit from open_item i where i.org_id = $1 and i.open_pence <> 0",
    "select i.org_id, +i.id as id, +i.customer_id as customer_id, i.number, i.service, i.debt_type, DATE as aged_on, -i.open_pence as amount, i.original_pence > 0 as is_debit from open_item i where i.org_id = $1 and i.posted_on > $2 and i.open_pence <> 0",
    "select i.org_id, +i.id as id, +i.customer_id as customer_id, i.number, i.service, i.debt_type, DATE as aged_on, a.amount_pence as amount, true as is_debit from allocation a join open_item i on i.org_id = a.org_id and i.id = a.debit_item_id where a.org_id = $1 and a.allocated_on > $2 and i.posted_on <= $2",
    "select i.org_id, +i.id as id, +i.customer_id as customer_id, i.number, i.service, i.debt_type, DATE as aged_on, -a.amount_pence as amount, false as is_debit from allocation a join open_item i on i.org_id = a.org_id and i.id = a.credit_item_id where a.org_id = $1 and a.allocated_on > $2 and i.posted_on <= $2",
];

/// Debits at least as young as each boundary, a bound day, all debits, and credits: one comparison an item and column.
const SUMS: &str = "coalesce(cast(sum(s.amount) filter (where s.aged_on >= $2 and s.is_debit) as bigint), 0) as c0, coalesce(cast(sum(s.amount) filter (where s.aged_on >= $3 and s.is_debit) as bigint), 0) as c1, coalesce(cast(sum(s.amount) filter (where s.aged_on >= $4 and s.is_debit) as bigint), 0) as c2, coalesce(cast(sum(s.amount) filter (where s.aged_on >= $5 and s.is_debit) as bigint), 0) as c3, coalesce(cast(sum(s.amount) filter (where s.aged_on >= $6 and s.is_debit) as bigint), 0) as c4, coalesce(cast(sum(s.amount) filter (where s.aged_on >= $7 and s.is_debit) as bigint), 0) as c5, coalesce(cast(sum(s.amount) filter (where s.is_debit) as bigint), 0) as c6, coalesce(cast(sum(s.amount) filter (where not s.is_debit) as bigint), 0) as unallocated";

/// The columns of a row: each boundary's debits less those of the younger one.
const COLUMNS: &str = "g.c0 as b0, g.c1 - g.c0 as b1, g.c2 - g.c1 as b2, g.c3 - g.c2 as b3, g.c4 - g.c3 as b4, g.c5 - g.c4 as b5, g.c6 - g.c5 as b6, g.unallocated";

fn statement(scan: &str, by: AgedBy, date: &str) -> String {
    let scan = scan.replace("DATE", date);
    let of_customer = "c.number as customer_number, c.name as name, c.kind as customer_kind";
    let of_none = "'' as customer_number, '' as name, '' as customer_kind";
    match by {
        AgedBy::Customer => format!(
            "select g.id, c.number as code, {of_customer}, {COLUMNS} from (select s.customer_id as id, {SUMS} from ({scan}) s group by s.customer_id) g join customer c on c.org_id = $1 and c.id = g.id"
        ),
        AgedBy::Item => format!(
            "select g.id, g.code, {of_customer}, {COLUMNS} from (select s.id, s.number as code, s.customer_id, {SUMS} from ({scan}) s group by s.id, s.number, s.customer_id) g join customer c on c.org_id = $1 and c.id = g.customer_id"
        ),
        AgedBy::Service => format!(
            "select cast(0 as bigint) as id, g.code, {of_none}, {COLUMNS} from (select s.service as code, {SUMS} from ({scan}) s group by s.service) g"
        ),
        AgedBy::DebtType => format!(
            "select cast(0 as bigint) as id, g.code, {of_none}, {COLUMNS} from (select s.debt_type as code, {SUMS} from ({scan}) s group by s.debt_type) g"
        ),
        AgedBy::Whole => format!(
            "select cast(0 as bigint) as id, 'all' as code, {of_none}, {COLUMNS} from (select {SUMS} from ({scan}) s) g"
        ),
    }
}

/// The account an item was on at the day, where it has moved to another since: the first it left.
const STOOD: &str = "coalesce((select x.from_customer_id from customer_merge_item x where x.org_id = i.org_id and x.item_id = i.id and x.moved_on > $2 order by x.merge_id limit 1), i.customer_id) as customer_id";

/// A scan that shows each item on the account it was on.
fn where_it_stood(scan: &str) -> String {
    scan.replace("+i.customer_id as customer_id", "i.customer_id").replace("i.customer_id", STOOD)
}

const KEEP_GROUPS_POSTGRES: &str =
    "select set_config('work_mem', '64MB', true), set_config('max_parallel_workers_per_gather', '0', true)";

/// Readies a report over every open item: PostgreSQL keeps its groups in memory, where by its own estimate it would
/// sort them on disk and share out the little that is left to do.
async fn begin_report(tx: &mut Tx) -> Result<(), StoreFault> {
    match tx.engine() {
        Engine::Sqlite => Ok(()),
        Engine::Postgres => tx.run(KEEP_GROUPS_POSTGRES, args![]).await.map(drop),
    }
}

/// Aged debt as at a day, by posting date: what is open now, rolled back by what was posted and
/// allocated since. Rows may come in up to four parts for one key; add them up.
pub async fn aged_parts(
    tx: &mut Tx,
    org: OrgId,
    as_at: NaiveDate,
    by_due_date: bool,
    by: AgedBy,
) -> Result<Vec<AgedSum>, StoreFault> {
    let date = if by_due_date { "i.due_on" } else { "i.dated_on" };
    let before = |days: u64| as_at.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
    let bound: Vec<Arg> = args![org, as_at, before(30), before(60), before(90), before(180), before(365)];
    begin_report(tx).await?;
    let moved = has_moved_since(tx, org, as_at).await?;
    let mut rows = Vec::new();
    for scan in SCANS {
        let scan = if moved { where_it_stood(scan) } else { scan.to_owned() };
        rows.append(&mut tx.all_built(statement(&scan, by, date), bound.clone()).await?);
    }
    Ok(rows)
}

/// The bare sum over the same open items: the floor that aged debt is measured against.
pub async fn open_total(tx: &mut Tx, org: OrgId) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select coalesce(cast(sum(open_pence) as bigint), 0) from open_item where org_id = $1 and open_pence <> 0"
    );
    Ok(tx.one::<(i64,)>(sql, args![org]).await?.0)
}

/// The balance of the control accounts from entries posted up to a day.
pub async fn control_as_at(tx: &mut Tx, org: OrgId, as_at: NaiveDate) -> Result<i64, StoreFault> {
    let sql = sql!(
        "select coalesce(cast(sum(e.debit_pence - e.credit_pence) as bigint), 0) from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id join gl_code g on g.org_id = e.org_id and g.code = e.gl_code where j.org_id = $1 and j.posted_on <= $2 and g.role in ('AR','UNALL')"
    );
    Ok(tx.one::<(i64,)>(sql, args![org, as_at]).await?.0)
}

// Series -----------------------------------------------------------------------------

/// An amount on a day.
#[derive(Clone, Debug, FromRow)]
pub struct DaySum {
    /// The day.
    pub on_day: NaiveDate,
    /// The amount.
    pub amount_pence: i64,
}

/// Money received a day, reversed receipts left out.
pub async fn received_by_day(
    tx: &mut Tx,
    org: OrgId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DaySum>, StoreFault> {
    let sql = sql!(
        "select received_on as on_day, cast(sum(amount_pence) as bigint) as amount_pence from receipt where org_id = $1 and received_on >= $2 and received_on <= $3 and state in ('identified','suspense') group by received_on order by received_on"
    );
    tx.all(sql, args![org, from, to]).await
}

/// Invoiced with VAT, less credits, a day.
pub async fn sales_by_day(tx: &mut Tx, org: OrgId, from: NaiveDate, to: NaiveDate) -> Result<Vec<DaySum>, StoreFault> {
    let sql = sql!(
        "select posted_on as on_day, cast(sum(original_pence) as bigint) as amount_pence from open_item where org_id = $1 and posted_on >= $2 and posted_on <= $3 and kind in ('invoice','credit_note') group by posted_on order by posted_on"
    );
    tx.all(sql, args![org, from, to]).await
}

// Explaining -------------------------------------------------------------------------

/// An allocation with the other side's name.
#[derive(Clone, Debug, FromRow)]
pub struct AllocationStory {
    /// Business date.
    pub allocated_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Amount; negative when it reverses another.
    pub amount_pence: i64,
    /// person, machine or rule.
    pub made_by: String,
    /// Who.
    pub actor_id: i64,
    /// Why.
    pub reason: String,
    /// How sure the machine was.
    pub confidence_ppm: i64,
    /// Number of the debit.
    pub debit_number: String,
    /// Number of the credit.
    pub credit_number: String,
}

/// Allocations that touch an item, oldest first.
pub async fn allocation_story(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<AllocationStory>, StoreFault> {
    let debit = sql!(
        "select a.allocated_on, a.recorded_at, a.amount_pence, a.made_by, a.actor_id, a.reason, a.confidence_ppm, d.number as debit_number, c.number as credit_number from allocation a join open_item d on d.org_id = a.org_id and d.id = a.debit_item_id join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id where a.org_id = $1 and a.debit_item_id = $2 order by a.id"
    );
    let credit = sql!(
        "select a.allocated_on, a.recorded_at, a.amount_pence, a.made_by, a.actor_id, a.reason, a.confidence_ppm, d.number as debit_number, c.number as credit_number from allocation a join open_item d on d.org_id = a.org_id and d.id = a.debit_item_id join open_item c on c.org_id = a.org_id and c.id = a.credit_item_id where a.org_id = $1 and a.credit_item_id = $2 order by a.id"
    );
    let mut rows: Vec<AllocationStory> = tx.all(debit, args![org, item]).await?;
    rows.append(&mut tx.all(credit, args![org, item]).await?);
    Ok(rows)
}

/// A letter with what it says of itself.
#[derive(Clone, Debug, FromRow)]
pub struct LetterStory {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Kind.
    pub kind: String,
    /// Its customer.
    pub customer_id: i64,
    /// Date on it.
    pub dated_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// post or email.
    pub channel: String,
    /// Where it went.
    pub state: String,
    /// Why it is in that state.
    pub state_reason: String,
    /// Template.
    pub template_code: String,
    /// Its version.
    pub template_version: i64,
    /// What it asks for.
    pub total_pence: i64,
}

/// Letters that name an item, oldest first.
pub async fn letters_of_item(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<LetterStory>, StoreFault> {
    let sql = sql!(
        "select l.id, l.number, l.kind, l.customer_id, l.dated_on, l.recorded_at, l.channel, l.state, l.state_reason, l.template_code, l.template_version, l.total_pence from letter_item x join letter l on l.org_id = x.org_id and l.id = x.letter_id where x.org_id = $1 and x.item_id = $2 order by l.id"
    );
    tx.all(sql, args![org, item]).await
}

/// Letters to a customer, oldest first.
pub async fn letters_of_customer(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
) -> Result<Vec<LetterStory>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, customer_id, dated_on, recorded_at, channel, state, state_reason, template_code, template_version, total_pence from letter where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// The letter with a number.
pub async fn letter_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<LetterStory>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, customer_id, dated_on, recorded_at, channel, state, state_reason, template_code, template_version, total_pence from letter where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Item numbers of a letter with what was open of them when it was written.
pub async fn items_of_letter(tx: &mut Tx, org: OrgId, letter: i64) -> Result<Vec<(String, i64)>, StoreFault> {
    let sql = sql!(
        "select i.number, x.open_pence from letter_item x join open_item i on i.org_id = x.org_id and i.id = x.item_id where x.org_id = $1 and x.letter_id = $2 order by i.due_on, i.id"
    );
    tx.all(sql, args![org, letter]).await
}

/// A step that was taken.
#[derive(Clone, Debug, FromRow)]
pub struct StepStory {
    /// The item's number.
    pub item_number: String,
    /// Pathway.
    pub pathway_code: String,
    /// Its version.
    pub pathway_version: i64,
    /// Step.
    pub step_code: String,
    /// When it was due.
    pub due_on: NaiveDate,
    /// When it was taken.
    pub taken_on: NaiveDate,
    /// What was noted.
    pub note: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Steps taken for an item, oldest first.
pub async fn steps_of_item(tx: &mut Tx, org: OrgId, item: ItemId) -> Result<Vec<StepStory>, StoreFault> {
    let sql = sql!(
        "select i.number as item_number, s.pathway_code, s.pathway_version, s.step_code, s.due_on, s.taken_on, s.note, s.recorded_at from step_taken s join open_item i on i.org_id = s.org_id and i.id = s.item_id where s.org_id = $1 and s.item_id = $2 order by s.seq"
    );
    tx.all(sql, args![org, item]).await
}

/// Steps taken in a run, or for a customer's items, oldest first.
pub async fn steps_of_run(tx: &mut Tx, org: OrgId, run: i64) -> Result<Vec<StepStory>, StoreFault> {
    let sql = sql!(
        "select i.number as item_number, s.pathway_code, s.pathway_version, s.step_code, s.due_on, s.taken_on, s.note, s.recorded_at from step_taken s join open_item i on i.org_id = s.org_id and i.id = s.item_id where s.org_id = $1 and s.run_id = $2 order by s.item_id, s.seq"
    );
    tx.all(sql, args![org, run]).await
}

/// Something a run did not do.
#[derive(Clone, Debug, FromRow)]
pub struct RefusalStory {
    /// Day of the run.
    pub business_on: NaiveDate,
    /// When the run was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Number of the run.
    pub run_number: String,
    /// Step.
    pub step_code: String,
    /// Code of the rule.
    pub code: String,
    /// Why, in words.
    pub sentence: String,
}

/// What runs refused for a customer, or for one of their items, oldest first.
pub async fn refusals_of_customer(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
) -> Result<Vec<RefusalStory>, StoreFault> {
    let sql = sql!(
        "select r.business_on, r.recorded_at, r.number as run_number, f.step_code, f.code, f.sentence from run_refusal f join run r on r.org_id = f.org_id and r.id = f.run_id where f.org_id = $1 and f.customer_id = $2 order by r.business_on, f.seq"
    );
    tx.all(sql, args![org, customer]).await
}

/// What runs refused for an item, oldest first.
pub async fn refusals_of_item(
    tx: &mut Tx,
    org: OrgId,
    customer: CustomerId,
    item: ItemId,
) -> Result<Vec<RefusalStory>, StoreFault> {
    let sql = sql!(
        "select r.business_on, r.recorded_at, r.number as run_number, f.step_code, f.code, f.sentence from run_refusal f join run r on r.org_id = f.org_id and r.id = f.run_id where f.org_id = $1 and f.customer_id = $2 and (f.item_id is null or f.item_id = $3) order by r.business_on, f.seq"
    );
    tx.all(sql, args![org, customer, item]).await
}

/// A run as it is told.
#[derive(Clone, Debug, FromRow)]
pub struct RunStory {
    /// Id.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Kind.
    pub kind: String,
    /// Day.
    pub business_on: NaiveDate,
    /// State.
    pub state: String,
    /// Done.
    pub done_count: i64,
    /// Of.
    pub total_count: i64,
    /// Who.
    pub started_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// The run with a number.
pub async fn run_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<RunStory>, StoreFault> {
    let sql = sql!(
        "select id, number, kind, business_on, state, done_count, total_count, started_by, recorded_at from run where org_id = $1 and number = $2 order by id"
    );
    tx.maybe(sql, args![org, number]).await
}

/// What a run refused, in order.
pub async fn refusals_of_run(tx: &mut Tx, org: OrgId, run: i64) -> Result<Vec<RefusalStory>, StoreFault> {
    let sql = sql!(
        "select r.business_on, r.recorded_at, r.number as run_number, f.step_code, f.code, f.sentence from run_refusal f join run r on r.org_id = f.org_id and r.id = f.run_id where f.org_id = $1 and f.run_id = $2 order by f.seq"
    );
    tx.all(sql, args![org, run]).await
}

/// Id, name and kind of the customer with a number; by a merged account's number, those of its survivor.
pub async fn customer_numbered(
    tx: &mut Tx,
    org: OrgId,
    number: &str,
) -> Result<Option<(i64, String, String)>, StoreFault> {
    let sql = sql!(
        "select k.id, k.name, k.kind from customer n left join customer_merge m on m.org_id = n.org_id and m.customer_id = n.id and m.state = 'made' join customer k on k.org_id = n.org_id and k.id = coalesce(m.survivor_id, n.id) where n.org_id = $1 and n.number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

/// Number and name of a customer.
pub async fn customer_named(tx: &mut Tx, org: OrgId, id: i64) -> Result<Option<(String, String)>, StoreFault> {
    tx.maybe(sql!("select number, name from customer where org_id = $1 and id = $2"), args![org, id]).await
}

/// Names of people by id.
pub async fn people(tx: &mut Tx, org: OrgId) -> Result<Vec<(i64, String)>, StoreFault> {
    tx.all(sql!("select id, display_name from app_user where org_id = $1 order by id"), args![org]).await
}

/// Who posted a journal.
pub async fn actor_of_journal(tx: &mut Tx, org: OrgId, journal: i64) -> Result<Option<i64>, StoreFault> {
    let sql = sql!("select actor_id from journal where org_id = $1 and id = $2");
    Ok(tx.maybe::<(i64,)>(sql, args![org, journal]).await?.map(|(actor,)| actor))
}

/// A hold as it is told.
#[derive(Clone, Debug, FromRow)]
pub struct HoldStory {
    /// Item, if it holds only one.
    pub item_id: Option<i64>,
    /// Reason.
    pub reason: String,
    /// Words.
    pub words: String,
    /// From.
    pub from_on: NaiveDate,
    /// Until.
    pub until_on: Option<NaiveDate>,
    /// Ended.
    pub ended_on: Option<NaiveDate>,
    /// Who.
    pub owner: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
}

/// Holds of a customer, oldest first.
pub async fn holds_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<HoldStory>, StoreFault> {
    let sql = sql!(
        "select item_id, reason, words, from_on, until_on, ended_on, owner, recorded_at from hold where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// A query as it is told.
#[derive(Clone, Debug, FromRow)]
pub struct QueryStory {
    /// Number.
    pub number: String,
    /// Its customer.
    pub customer_id: i64,
    /// Item, if about one.
    pub item_id: Option<i64>,
    /// Category.
    pub category: String,
    /// What was said.
    pub words: String,
    /// Disputed.
    pub disputed_pence: i64,
    /// Opened.
    pub opened_on: NaiveDate,
    /// State.
    pub state: String,
    /// How it was resolved.
    pub resolution: String,
    /// When.
    pub resolved_on: Option<NaiveDate>,
    /// Owner.
    pub owner: String,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
}

/// Queries of a customer, oldest first.
pub async fn queries_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Result<Vec<QueryStory>, StoreFault> {
    let sql = sql!(
        "select number, customer_id, item_id, category, words, disputed_pence, opened_on, state, resolution, resolved_on, owner, recorded_at from query where org_id = $1 and customer_id = $2 order by id"
    );
    tx.all(sql, args![org, customer]).await
}

/// The query with a number.
pub async fn query_numbered(tx: &mut Tx, org: OrgId, number: &str) -> Result<Option<QueryStory>, StoreFault> {
    let sql = sql!(
        "select number, customer_id, item_id, category, words, disputed_pence, opened_on, state, resolution, resolved_on, owner, recorded_at from query where org_id = $1 and number = $2"
    );
    tx.maybe(sql, args![org, number]).await
}

// Exports ----------------------------------------------------------------------------

/// An open item as it is exported.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct ItemExport {
    /// Customer number.
    pub customer_id: String,
    /// Customer's name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Number.
    pub number: String,
    /// Posted.
    pub posted_on: NaiveDate,
    /// Dated.
    pub dated_on: NaiveDate,
    /// Due.
    pub due_on: NaiveDate,
    /// At first.
    pub original_pence: i64,
    /// Open.
    pub open_pence: i64,
    /// Disputed.
    pub disputed_pence: i64,
    /// Service.
    pub service: String,
    /// Debt type.
    pub debt_type: String,
    /// Step.
    pub stage: String,
}

/// Items posted on or after a day, open or not, by customer and date.
pub async fn items_export(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<ItemExport>, StoreFault> {
    let sql = sql!(
        "select c.number as customer_id, c.name, i.kind, i.number, i.posted_on, i.dated_on, i.due_on, i.original_pence, i.open_pence, i.disputed_pence, i.service, i.debt_type, i.stage from open_item i join customer c on c.org_id = i.org_id and c.id = i.customer_id where i.org_id = $1 and i.posted_on >= $2 order by c.number, i.dated_on, i.kind, i.number"
    );
    tx.all(sql, args![org, since]).await
}

/// An entry as it is exported.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct EntryExport {
    /// Journal.
    pub journal: i64,
    /// Line.
    pub line: i64,
    /// Posted.
    pub posted_on: NaiveDate,
    /// Event.
    pub event: String,
    /// Source.
    pub source: String,
    /// GL code.
    pub gl_code: String,
    /// Cost centre.
    pub cost_centre: String,
    /// Debit.
    pub debit_pence: i64,
    /// Credit.
    pub credit_pence: i64,
}

/// Entries of journals posted on or after a day.
pub async fn journals_export(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<EntryExport>, StoreFault> {
    let sql = sql!(
        "select j.number as journal, e.line, j.posted_on, j.event, j.source, e.gl_code, e.cost_centre, e.debit_pence, e.credit_pence from journal j join entry e on e.org_id = j.org_id and e.journal_id = j.id where j.org_id = $1 and j.posted_on >= $2 order by j.number, e.line"
    );
    tx.all(sql, args![org, since]).await
}

/// A letter as it is exported.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct LetterExport {
    /// Number.
    pub number: String,
    /// Kind.
    pub kind: String,
    /// Customer number.
    pub customer_id: String,
    /// Dated.
    pub dated_on: NaiveDate,
    /// Channel.
    pub channel: String,
    /// State.
    pub state: String,
    /// Total.
    pub total_pence: i64,
    /// Content hash.
    pub content_sha256: String,
}

/// Letters dated on or after a day.
pub async fn letters_export(tx: &mut Tx, org: OrgId, since: NaiveDate) -> Result<Vec<LetterExport>, StoreFault> {
    let sql = sql!(
        "select l.number, l.kind, c.number as customer_id, l.dated_on, l.channel, l.state, l.total_pence, l.content_sha256 from letter l join customer c on c.org_id = l.org_id and c.id = l.customer_id where l.org_id = $1 and l.dated_on >= $2 order by l.number"
    );
    tx.all(sql, args![org, since]).await
}
