//! Funders' lists: bring one, name its columns, reconcile it with the ledger, read the result, sign it.
use super::answer::{Answer, List, begun, made, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own, own_list, post};
use crate::child;
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sundry_desk::jobs::ask::{AddJob, JobAdded, add_job};
use sundry_desk::reports::listing::{
    self as listings, BringListing, ColumnsNamed, Funder, ListingBrought, ListingFilter, ListingSigned, NameColumns,
    PREPARES, RulesAsked, SIGNS, SignListing,
};
use sundry_domain::control::Duty;
use sundry_formats::listing::{Columns, Layout};
use sundry_store::listing::{LineRow, ListingRow};
use utoipa::ToSchema;

const ROOM: &str = "Reconciliations";
const CLASSES: &[&str] = &[
    "only_theirs",
    "only_ours",
    "amount_differs",
    "date_differs",
    "duplicate",
    "paid_not_received",
    "received_not_shown",
    "credit_not_taken",
    "disputed",
    "rounding",
    "sign",
    "agreed",
];
const CHANGES: &[&str] = &["new", "same", "changed", "gone", "moved"];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let look: &[Duty] = &[Duty::RunReports];
    let table = table
        .add(
            get(ROOM, "/funders", "list_funders", "List the funders whose columns and customers are remembered")
                .listed(desk_list::<Funder>),
            funders,
        )
        .add(
            get(ROOM, "/listings", "list_listings", "List funders' lists, newest first")
                .needs(look)
                .listed(own_list::<OneListing>),
            list,
        )
        .add(
            post(
                ROOM,
                "/listings",
                "bring_listing",
                "Bring a funder's list, a workbook or CSV; our own beside it as the part our_file",
            )
            .needs(PREPARES)
            .takes_file()
            .asks("funder", Holds::Text, "The name under which their columns are remembered")
            .asks("as_at", Holds::Day, "As at which day; today when not said")
            .asks(
                "basis",
                Holds::OneOf(&["open", "billed"]),
                "What is owed now, or the bills of a period; open when not said",
            )
            .asks("from_on", Holds::Day, "First day of the period")
            .asks("customers", Holds::Text, "Customers on our side, with commas; as last time when not said")
            .asks("whole_ledger", Holds::Flag, "Every customer is on our side")
            .gives(201, desk::<ListingBrought>),
            bring,
        )
        .add(
            get(ROOM, "/listings/{number}", "get_listing", "Read a list with the totals that prove it")
                .needs(look)
                .gives(200, own::<OneListing>),
            view,
        );
    act_rows(table, look)
}

fn act_rows(table: Table, look: &'static [Duty]) -> Table {
    table
        .add(
            get(
                ROOM,
                "/listings/{number}/columns",
                "get_listing_columns",
                "Read the head of a list and what its columns seem to hold",
            )
            .gives(200, own::<SeemingColumns>),
            head,
        )
        .add(
            post(
                ROOM,
                "/listings/{number}/columns",
                "name_listing_columns",
                "Say what each column holds; remembered for the funder",
            )
            .needs(PREPARES)
            .takes::<NamedColumns>()
            .gives(200, desk::<ColumnsNamed>),
            name,
        )
        .add(
            post(ROOM, "/listings/{number}/reconcile", "reconcile_listing", "Reconcile a list with our side, as a job")
                .needs(PREPARES)
                .gives(202, desk::<JobAdded>),
            reconcile,
        )
        .add(
            get(
                ROOM,
                "/listings/{number}/lines",
                "list_listing_lines",
                "List the lines of a result: every difference, or one class",
            )
            .needs(look)
            .asks("class", Holds::OneOf(CLASSES), "Only this class; every difference when not said")
            .asks("change", Holds::OneOf(CHANGES), "Only those that stand so against the list signed before")
            .paged(desk_list::<LineRow>),
            lines,
        )
        .add(
            post(ROOM, "/listings/{number}/signature", "sign_listing", "Sign the result of somebody else's list")
                .needs(SIGNS)
                .takes::<Signature>()
                .gives(200, desk::<ListingSigned>),
            sign,
        )
}

/// A list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneListing {
    /// Number.
    pub number: String,
    /// Funder.
    pub funder: String,
    /// As at which day.
    pub as_at: NaiveDate,
    /// open or billed.
    pub basis: String,
    /// First day of the period.
    pub from_on: Option<NaiveDate>,
    /// columns, waiting, done or signed.
    pub state: String,
    /// Their file.
    pub file_name: String,
    /// SHA-256 of it.
    pub file_sha256: String,
    /// Their amounts as they stand.
    pub listed_pence: Option<i64>,
    /// Their total: listed, less what they show as paid.
    pub theirs_pence: Option<i64>,
    /// Our total.
    pub ours_pence: Option<i64>,
    /// Each class with its lines and difference.
    pub classes: Vec<OneClass>,
    /// Who brought it.
    pub prepared_by: String,
    /// Who signed it.
    pub signed_by: String,
    /// When.
    pub signed_on: Option<NaiveDate>,
    /// What they said.
    pub signed_words: String,
}

/// A class of a result.
#[derive(Debug, Serialize, ToSchema)]
pub struct OneClass {
    /// The class.
    pub class: String,
    /// Lines in it.
    pub lines: i64,
    /// What it takes their total up or down by.
    pub difference_pence: i64,
}

fn told(row: ListingRow) -> OneListing {
    let proof =
        row.proof.and_then(|proof| serde_json::from_value::<sundry_domain::reports::reconcile::Proof>(proof).ok());
    let class = |sum: &sundry_domain::reports::reconcile::ClassSum| OneClass {
        class: sum.class.as_str().into(),
        lines: sum.lines,
        difference_pence: sum.difference().0,
    };
    OneListing {
        basis: row.rules.get("basis").and_then(|basis| basis.as_str()).unwrap_or_default().to_owned(),
        listed_pence: proof.as_ref().map(|proof| proof.listed.0),
        theirs_pence: proof.as_ref().map(|proof| proof.theirs.0),
        ours_pence: proof.as_ref().map(|proof| proof.ours.0),
        classes: proof.iter().flat_map(|proof| proof.classes.iter().map(class)).collect(),
        number: row.number,
        funder: row.funder,
        as_at: row.as_at,
        from_on: row.from_on,
        state: row.state,
        file_name: row.file_name,
        file_sha256: row.file_sha256,
        prepared_by: row.prepared_by_name,
        signed_by: row.signed_by_name,
        signed_on: row.signed_on,
        signed_words: row.signed_words,
    }
}

/// The columns of a list: the heading that holds each; none where the list has it not.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ListColumns {
    /// The row of the headings, as a spreadsheet numbers it.
    pub heading_row: i64,
    /// Our invoice number.
    pub reference: String,
    /// The amount.
    pub amount: String,
    /// Credits, in a column of their own.
    pub credit: String,
    /// What is still owed.
    pub balance: String,
    /// What is paid so far.
    pub paid: String,
    /// When.
    pub paid_on: String,
    /// The date of the bill.
    pub date: String,
    /// A description.
    pub words: String,
    /// Who it is for.
    pub name: String,
    /// Paid, disputed and so on.
    pub status: String,
}

impl ListColumns {
    fn of(layout: &Layout) -> ListColumns {
        let c = layout.columns.clone();
        ListColumns {
            heading_row: layout.heading_row as i64,
            reference: c.reference,
            amount: c.amount,
            credit: c.credit,
            balance: c.balance,
            paid: c.paid,
            paid_on: c.paid_on,
            date: c.date,
            words: c.words,
            name: c.name,
            status: c.status,
        }
    }

    fn layout(self) -> Layout {
        Layout {
            heading_row: usize::try_from(self.heading_row).unwrap_or(0),
            columns: Columns {
                reference: self.reference,
                amount: self.amount,
                credit: self.credit,
                balance: self.balance,
                paid: self.paid,
                paid_on: self.paid_on,
                date: self.date,
                words: self.words,
                name: self.name,
                status: self.status,
            },
        }
    }
}

/// The head of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct SeemingColumns {
    /// Headings of the row that seems to hold them.
    pub headings: Vec<String>,
    /// The first rows as they stand.
    pub rows: Vec<Vec<String>>,
    /// What the columns hold, as remembered or as it seems.
    pub columns: ListColumns,
    /// The same of our own list, where two files are compared.
    pub our_columns: Option<ListColumns>,
}

/// What the columns hold, and how lists are compared.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NamedColumns {
    /// Their list.
    pub columns: ListColumns,
    /// Our own list, where two files are compared.
    #[serde(default)]
    pub our_columns: Option<ListColumns>,
    /// A difference no larger is rounding.
    #[serde(default = "penny")]
    pub rounding_pence: i64,
    /// Dates no further apart are the same.
    #[serde(default = "week")]
    pub days: i64,
}

fn penny() -> i64 {
    1
}

fn week() -> i64 {
    7
}

/// A signature.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// What is said of the differences that stay open.
    #[serde(default)]
    pub words: String,
}

async fn funders(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    List::whole("Funders", listings::funders(&doors.desk, &by.0).await?).send(&asked, &by, doors.desk.today())
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = listings::listings(&doors.desk, &by.0).await?;
    List::whole("Lists", rows.into_iter().map(told).collect()).send(&asked, &by, doors.desk.today())
}

async fn bring(State(doors): State<Shared>, by: By, Key(key): Key, asked: Asked, parcel: Parcel) -> Answer {
    let as_at = asked.day("as_at").unwrap_or_else(|| doors.desk.today());
    let (our_file_name, our_bytes) = parcel.lines.unzip();
    let our_bytes = match our_bytes {
        Some(bytes) => Some(child::as_table(bytes).await?),
        None => None,
    };
    let basis = Some(asked.text("basis")).filter(|basis| !basis.is_empty()).unwrap_or_else(|| "open".into());
    let ask = BringListing {
        key,
        funder: asked.text("funder"),
        as_at,
        basis,
        from_on: asked.day("from_on"),
        customers: asked.text("customers").split(',').filter(|one| !one.trim().is_empty()).map(str::to_owned).collect(),
        whole_ledger: asked.flag("whole_ledger"),
        file_name: parcel.file.0,
        bytes: child::as_table(parcel.file.1).await?,
        our_file_name: our_file_name.unwrap_or_default(),
        our_bytes,
    };
    let brought = listings::bring_listing(&doors.desk, &by.0, ask).await?;
    made(&format!("listings/{}", brought.number), &brought)
}

async fn view(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&told(listings::listing(&doors.desk, &by.0, &number).await?.listing))
}

async fn head(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let head = listings::listing_head(&doors.desk, &by.0, &number).await?;
    ok(&SeemingColumns {
        headings: head.theirs.headings(head.theirs.layout.heading_row),
        columns: ListColumns::of(&head.theirs.layout),
        our_columns: head.ours.as_ref().map(|ours| ListColumns::of(&ours.layout)),
        rows: head.theirs.rows.into_iter().map(|(_, cells)| cells).collect(),
    })
}

async fn name(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<NamedColumns>,
) -> Answer {
    let ask = NameColumns {
        key,
        number,
        layout: sent.columns.layout(),
        our_layout: sent.our_columns.map(ListColumns::layout),
        rules: Some(RulesAsked { rounding_pence: sent.rounding_pence, days: sent.days }),
    };
    ok(&listings::name_columns(&doors.desk, &by.0, ask).await?)
}

async fn reconcile(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    let number = listings::listing(&doors.desk, &by.0, &number).await?.listing.number;
    let dedupe_key = format!("reconcile {number} {key}");
    let ask = AddJob { key, kind: "reconcile_listing".into(), dedupe_key, request: json!({ "number": number }) };
    let job = add_job(&doors.desk, &by.0, ask).await?;
    begun(&format!("jobs/{}", job.job), &job)
}

async fn lines(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let whole = matches!(asked.text("format").as_str(), "csv" | "xlsx");
    let ask = ListingFilter {
        class: asked.text("class"),
        change: asked.text("change"),
        after: asked.whole("after").unwrap_or(0),
        limit: if whole { 0 } else { asked.limit() },
    };
    let page = listings::listing_lines(&doors.desk, &by.0, &number, &ask).await?;
    let next = page.next.map(|next| next.to_string());
    List { title: "Reconciled list", rows: page.lines, next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn sign(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<Signature>,
) -> Answer {
    ok(&listings::sign_listing(&doors.desk, &by.0, SignListing { key, number, words: sent.words }).await?)
}
