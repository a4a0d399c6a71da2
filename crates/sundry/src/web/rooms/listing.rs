//! Funders' lists: bringing one, naming its columns, its result, signing it.
use super::export::{Sheet, wanted};
use super::form::{Asked, asked, date_field, onto};
use crate::child;
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, see_other, told};
use crate::web::pages::listing::{BringList, ListColumns, ListResult, ListingLine, Listings, ResultLine, Side, Typed};
use crate::web::ui::{Frame, Tag, TagColour, number, tag};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::json;
use sundry_desk::No;
use sundry_desk::jobs::ask::{AddJob, add_job};
use sundry_desk::reports::listing::{
    BringListing, Listing, ListingFilter, ListingHead, NameColumns, PREPARES, RulesAsked, SIGNS, SignListing,
    bring_listing, funders, listing, listing_head, listing_lines, listings, name_columns, sign_listing,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::reports::reconcile::{Change, Class};
use sundry_formats::csv_out::Cell;
use sundry_formats::listing::{Columns, Head, Layout};
use sundry_formats::xlsx_out::ColumnKind;
use sundry_store::listing::{LineRow, ListingRow};

const LOOK: &[Duty] = &[Duty::RunReports];
/// Lines on one page.
const LINES: i64 = 100;
/// Rows of a list shown to name its columns by.
const SHOWN: usize = 12;

/// The routes of funders' lists.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/cash/listings", LOOK, get(list))
        .add("/cash/listings/new", PREPARES, get(form).post(bring))
        .add("/cash/listings/{number}", LOOK, get(view))
        .add("/cash/listings/{number}/columns", PREPARES, get(columns).post(name))
        .add("/cash/listings/{number}/run", PREPARES, post(run))
        .add("/cash/listings/{number}/sign", SIGNS, post(sign))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/reconciliations".into();
    frame
}

fn may(visitor: &Visitor, duties: &[Duty]) -> bool {
    duties.iter().any(|duty| visitor.actor.holds(*duty))
}

fn state(row: &ListingRow) -> Tag {
    match row.state.as_str() {
        "signed" => tag("Signed", TagColour::Green),
        "done" => tag("To sign", TagColour::Yellow),
        "waiting" => tag("Waiting", TagColour::Blue),
        _ => tag("Columns to name", TagColour::Grey),
    }
}

fn line(row: &ListingRow) -> ListingLine {
    let pence = |name: &str| row.proof.as_ref().and_then(|proof| proof.get(name)).and_then(serde_json::Value::as_i64);
    let href = match row.state.as_str() {
        "columns" => format!("/cash/listings/{}/columns", row.number),
        _ => format!("/cash/listings/{}", row.number),
    };
    ListingLine {
        number: row.number.clone(),
        href,
        funder: row.funder.clone(),
        as_at: row.as_at,
        totals: pence("theirs").zip(pence("ours")).map(|(theirs, ours)| (Pence(theirs), Pence(ours))),
        state: state(row),
        people: (row.prepared_by_name.clone(), row.signed_by_name.clone()),
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let rows = listings(&doors.desk, &visitor.actor).await?;
    if wanted(asked(&query, "format")) {
        return sheet_of_lists(&rows).file(asked(&query, "format"), &doors, &visitor);
    }
    let may_bring = may(&visitor, PREPARES);
    page(&Listings { frame: room(&doors, &visitor).await, may_bring, rows: rows.iter().map(line).collect() })
}

fn sheet_of_lists(rows: &[ListingRow]) -> Sheet {
    let cells = |row: &ListingRow| {
        let told = line(row);
        let sum = |pence: Option<Pence>| pence.map_or(Cell::Empty, |pence| Cell::Pence(pence.0));
        vec![
            Cell::Text(row.number.clone()),
            Cell::Text(row.funder.clone()),
            Cell::Date(row.as_at),
            sum(told.totals.map(|(theirs, _)| theirs)),
            sum(told.totals.map(|(_, ours)| ours)),
            Cell::Text(row.state.clone()),
            Cell::Text(row.prepared_by_name.clone()),
            Cell::Text(row.signed_by_name.clone()),
            Cell::from(row.signed_on),
        ]
    };
    Sheet {
        title: "Funders lists",
        columns: vec![
            ("list", ColumnKind::Text),
            ("funder", ColumnKind::Text),
            ("as_at", ColumnKind::Date),
            ("their_total", ColumnKind::Money),
            ("our_total", ColumnKind::Money),
            ("state", ColumnKind::Text),
            ("prepared_by", ColumnKind::Text),
            ("signed_by", ColumnKind::Text),
            ("signed_on", ColumnKind::Date),
        ],
        rows: rows.iter().map(cells).collect(),
        filters: Vec::new(),
    }
}

async fn bring_page(doors: &Shared, visitor: &Visitor, typed: Typed) -> Result<BringList, Trouble> {
    let known = funders(&doors.desk, &visitor.actor).await?.into_iter().map(|funder| {
        let side = match (funder.whole_ledger, funder.customers.as_slice()) {
            (true, _) => "the whole ledger".to_owned(),
            (_, []) => "two files".to_owned(),
            (_, [(number, name)]) => format!("{number} {name}"),
            (_, many) => format!("{} customers", number(many.len() as i64)),
        };
        (funder.name, side)
    });
    Ok(BringList { frame: room(doors, visitor).await, typed, known: known.collect() })
}

async fn form(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let as_at = doors.desk.today().format("%-d %b %Y").to_string();
    page(&bring_page(&doors, &visitor, Typed { basis: "open".into(), as_at, ..Typed::default() }).await?)
}

async fn bring(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = Typed {
        funder: posted.get("funder").to_owned(),
        as_at: posted.get("as_at").to_owned(),
        basis: posted.get("basis").to_owned(),
        from_on: posted.get("from_on").to_owned(),
        customers: posted.get("customers").to_owned(),
        whole_ledger: posted.get("whole_ledger") == "yes",
    };
    let mut shown = bring_page(&doors, &visitor, typed.clone()).await?;
    let today = doors.desk.today();
    let as_at = date_field(&mut shown.frame, "as_at", &typed.as_at, today);
    if typed.as_at.is_empty() {
        shown.frame.errors.add("as_at", "Enter the day their list is as at");
    }
    let from_on = date_field(&mut shown.frame, "from_on", &typed.from_on, today);
    let sent = |field: &str| posted.files.iter().find(|file| file.field == field && !file.bytes.is_empty());
    if sent("file").is_none() {
        shown.frame.errors.add("file", "Choose their list, a workbook or a CSV file");
    }
    let (Some(as_at), Some(file), true) = (as_at, sent("file"), shown.frame.errors.is_empty()) else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let asked = async {
        let our_bytes = match sent("our_file") {
            Some(file) => Some(child::as_table(file.bytes.clone()).await?),
            None => None,
        };
        let customers = typed.customers.split([',', ';', ' ', '\n', '\r', '\t']).filter(|one| !one.is_empty());
        let ask = BringListing {
            key: posted.key(),
            funder: typed.funder.clone(),
            as_at,
            basis: typed.basis.clone(),
            from_on,
            customers: customers.map(str::to_owned).collect(),
            whole_ledger: typed.whole_ledger,
            file_name: file.name.clone(),
            bytes: child::as_table(file.bytes.clone()).await?,
            our_file_name: sent("our_file").map(|file| file.name.clone()).unwrap_or_default(),
            our_bytes,
        };
        bring_listing(&doors.desk, &visitor.actor, ask).await
    };
    match asked.await {
        Ok(brought) if brought.columns_known => start(&doors, &visitor, &posted.key(), &brought.number).await,
        Ok(brought) => see_other(&format!("/cash/listings/{}/columns", brought.number)),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

/// Asks for the job that reconciles a list, and leads to it.
async fn start(doors: &Shared, visitor: &Visitor, key: &str, number: &str) -> Answer {
    let ask = AddJob {
        key: format!("{key}/job"),
        kind: "reconcile_listing".into(),
        dedupe_key: format!("reconcile {number} {key}"),
        request: json!({ "number": number }),
    };
    let added = add_job(&doors.desk, &visitor.actor, ask).await?;
    see_other(&format!("/jobs/{}", added.job))
}

fn side(word: &'static str, title: &str, head: &Head, layout: &Layout) -> Side {
    let row = layout.heading_row;
    let first = head.rows.iter().position(|(number, _)| *number == row).unwrap_or(0);
    let from = first.saturating_sub(2);
    Side {
        word,
        title: title.to_owned(),
        heading_row: row.to_string(),
        headings: head.headings(row),
        fields: Columns::FIELDS
            .iter()
            .map(|(field, title, _)| (*field, *title, layout.columns.of(field).to_owned()))
            .collect(),
        rows: head.rows.iter().skip(from).take(SHOWN).cloned().collect(),
    }
}

async fn columns_page(doors: &Shared, visitor: &Visitor, head: &ListingHead) -> ListColumns {
    let mut sides = vec![side("their", "Their list", &head.theirs, &head.theirs.layout)];
    if let Some(ours) = &head.ours {
        sides.push(side("our", "Our own list", ours, &ours.layout));
    }
    ListColumns {
        frame: room(doors, visitor).await,
        number: head.listing.number.clone(),
        funder: head.listing.funder.clone(),
        sides,
        rules: (head.rules.rounding.pounds(), head.rules.days.to_string()),
        problems: Vec::new(),
    }
}

async fn columns(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let head = listing_head(&doors.desk, &visitor.actor, &number).await?;
    page(&columns_page(&doors, &visitor, &head).await)
}

/// The layout as it was chosen; another row of headings with nothing chosen is guessed again.
fn layout(posted: &Posted, word: &str) -> Layout {
    let mut columns = Columns::default();
    for (field, ..) in Columns::FIELDS {
        columns.set(field, posted.get(&format!("{word}_{field}")));
    }
    let heading_row = posted.get(&format!("{word}_heading_row")).parse().unwrap_or(0);
    Layout { heading_row, columns }
}

async fn name(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut head = listing_head(&doors.desk, &visitor.actor, &number).await?;
    let chosen = layout(&posted, "their");
    let ours = head.ours.is_some().then(|| layout(&posted, "our"));
    head.theirs.layout = chosen.clone();
    if let (Some(head), Some(layout)) = (&mut head.ours, &ours) {
        head.layout = layout.clone();
    }
    let mut shown = columns_page(&doors, &visitor, &head).await;
    shown.rules = (posted.get("rounding").to_owned(), posted.get("days").to_owned());
    for (word, layout) in [("their", Some(&chosen)), ("our", ours.as_ref())] {
        if layout.is_some_and(|layout| layout.heading_row == 0) {
            shown
                .frame
                .errors
                .add(format!("{word}_heading_row"), "Enter the number of the row that holds the headings");
        }
        if layout.is_some_and(|layout| layout.columns.amount.is_empty() && layout.columns.credit.is_empty()) {
            shown.frame.errors.add(format!("{word}_amount"), "Choose the column that holds the amount");
        }
    }
    let rounding = Pence::parse(&shown.rules.0);
    let days = shown.rules.1.parse::<i64>().ok();
    if rounding.is_none() {
        shown.frame.errors.add("rounding", "Enter an amount from 0.00 to 1.00");
    }
    if days.is_none() {
        shown.frame.errors.add("days", "Enter a number of days from 0 to 92");
    }
    let (Some(rounding), Some(days), true) = (rounding, days, shown.frame.errors.is_empty()) else {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    let ask = NameColumns {
        key: posted.key(),
        number: number.clone(),
        layout: chosen,
        our_layout: ours,
        rules: Some(RulesAsked { rounding_pence: rounding.0, days }),
    };
    match name_columns(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => start(&doors, &visitor, &posted.key(), &number).await,
        Err(No::Invalid(all)) if all.iter().any(|one| one.row.is_some()) => {
            let many = if all.len() == 1 { "1 row".to_owned() } else { format!("{} cells", all.len()) };
            let words = format!("{many} cannot be read. Correct the list, or choose other columns");
            shown.frame.errors.add("file", words);
            shown.problems = all
                .into_iter()
                .map(|one| {
                    let (at, why) = one.message.split_once(": ").map_or(("", one.message.as_str()), |pair| pair);
                    (at.to_owned(), one.typed.clone(), why.to_owned())
                })
                .collect();
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[("rounding_pence", "rounding"), ("our_file", "file")])?;
            page_with(status, &shown)
        }
    }
}

async fn run(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    listing(&doors.desk, &visitor.actor, &number).await?;
    start(&doors, &visitor, &posted.key(), &number).await
}

fn result_line(row: &LineRow, compared: bool) -> ResultLine {
    let change = Change::parse(&row.change).filter(|_| compared && row.class != "agreed");
    let colour = |change: &Change| match change {
        Change::New => TagColour::Blue,
        Change::Changed => TagColour::Yellow,
        Change::Same => TagColour::Grey,
        Change::Gone => TagColour::Green,
    };
    ResultLine {
        rows: row.their_rows.clone(),
        theirs: (row.their_reference.clone(), row.their_name.clone()),
        ours: (row.our_number.clone(), row.our_account.clone()),
        sums: [Pence(row.theirs_pence), Pence(row.ours_pence), Pence(row.difference_pence)],
        why: (
            Class::parse(&row.class).map_or_else(|| row.class.clone(), |class| class.name().to_owned()),
            row.words.clone(),
        ),
        change: change.map(|change| tag(change.name(), colour(&change))),
    }
}

async fn result(
    doors: &Shared,
    visitor: &Visitor,
    found: Listing,
    filter: &ListingFilter,
) -> Result<ListResult, Trouble> {
    let row = &found.listing;
    let lines = listing_lines(&doors.desk, &visitor.actor, &row.number, filter).await?;
    let proof = found.proof.as_ref();
    let sums = proof.map_or([Pence::ZERO; 4], |proof| [proof.listed, proof.shown_paid, proof.theirs, proof.ours]);
    let classes = proof.map_or_else(Vec::new, |proof| {
        let told = |sum: &sundry_domain::reports::reconcile::ClassSum| {
            let class = sum.class;
            (class.as_str().to_owned(), class.name().to_owned(), sum.lines, sum.difference(), class.next().to_owned())
        };
        proof.classes.iter().map(told).collect()
    });
    let count = |change: &str| -> i64 {
        found.counts.iter().filter(|one| one.1 == change && one.0 != "agreed").map(|one| one.2).sum()
    };
    let compared = found.before.is_some();
    let may_sign = row.state == "done" && may(visitor, SIGNS) && row.prepared_by != visitor.actor.user.0;
    Ok(ListResult {
        frame: room(doors, visitor).await,
        list: line(row),
        files: (row.file_name.clone(), row.our_file_name.clone()),
        before: found.before.clone().unwrap_or_default(),
        sums,
        left: proof.map_or(Pence::ZERO, |proof| proof.left()),
        classes,
        moved: compared.then(|| (count("new") + count("changed"), count("same"), count("gone"))),
        shown: (filter.class.clone(), filter.change.clone()),
        lines: lines.lines.iter().map(|line| result_line(line, compared)).collect(),
        next: lines.next,
        sign: may_sign.then(String::new),
        signed: row.signed_on.map(|on| (on, row.signed_words.clone())),
        may_run: matches!(row.state.as_str(), "waiting" | "done") && may(visitor, PREPARES),
    })
}

async fn view(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let found = listing(&doors.desk, &visitor.actor, &number).await?;
    // What moved is all that needs eyes in the second month; the rest is one choice away.
    let first_look = !query.contains_key("change") && found.before.is_some();
    let filter = ListingFilter {
        class: asked(&query, "class").to_owned(),
        change: if first_look { "moved".into() } else { asked(&query, "change").to_owned() },
        after: asked(&query, "after").parse().unwrap_or(0),
        limit: LINES,
    };
    if wanted(asked(&query, "format")) {
        let all = ListingFilter { after: 0, limit: 0, ..filter };
        let lines = listing_lines(&doors.desk, &visitor.actor, &number, &all).await?.lines;
        return sheet_of_lines(lines, &found.listing, &all).file(asked(&query, "format"), &doors, &visitor);
    }
    page(&result(&doors, &visitor, found, &filter).await?)
}

fn sheet_of_lines(lines: Vec<LineRow>, row: &ListingRow, filter: &ListingFilter) -> Sheet {
    let cells = |line: LineRow| {
        vec![
            Cell::Text(Class::parse(&line.class).map_or(line.class.clone(), |class| class.name().to_owned())),
            Cell::Text(line.their_rows),
            Cell::Text(line.their_reference),
            Cell::Text(line.their_name),
            Cell::from(line.their_on),
            Cell::Pence(line.theirs_pence),
            Cell::Text(line.our_number),
            Cell::Text(line.our_account),
            Cell::from(line.our_on),
            Cell::Pence(line.ours_pence),
            Cell::Pence(line.difference_pence),
            Cell::Text(line.words),
            Cell::Text(line.change),
        ]
    };
    Sheet {
        title: "Reconciled list",
        columns: vec![
            ("class", ColumnKind::Text),
            ("their_rows", ColumnKind::Text),
            ("their_reference", ColumnKind::Text),
            ("their_name", ColumnKind::Text),
            ("their_date", ColumnKind::Date),
            ("theirs", ColumnKind::Money),
            ("our_number", ColumnKind::Text),
            ("our_account", ColumnKind::Text),
            ("our_date", ColumnKind::Date),
            ("ours", ColumnKind::Money),
            ("difference", ColumnKind::Money),
            ("why", ColumnKind::Text),
            ("since_last_time", ColumnKind::Text),
        ],
        rows: lines.into_iter().map(cells).collect(),
        filters: vec![
            ("List", row.number.clone()),
            ("Funder", row.funder.clone()),
            ("List as at", row.as_at.to_string()),
            ("Class", if filter.class.is_empty() { "every difference".into() } else { filter.class.clone() }),
            ("Since last time", if filter.change.is_empty() { "all".into() } else { filter.change.clone() }),
        ],
    }
}

async fn sign(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let words = posted.get("words").to_owned();
    let ask = SignListing { key: posted.key(), number: number.clone(), words: words.clone() };
    match sign_listing(&doors.desk, &visitor.actor, ask).await {
        Ok(signed) => told(&format!("/cash/listings/{}", signed.number), &format!("{} is signed", signed.number)),
        Err(no) => {
            let found = listing(&doors.desk, &visitor.actor, &number).await?;
            let filter = ListingFilter { limit: LINES, ..ListingFilter::default() };
            let mut again = result(&doors, &visitor, found, &filter).await?;
            again.sign = Some(words);
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}
