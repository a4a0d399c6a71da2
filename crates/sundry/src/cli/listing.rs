//! `listing`: a funder's own list against our ledger.
use super::input::date;
use super::out::{Out, busy, table};
use super::{Shop, bytes_of, done};
use crate::child;
use chrono::NaiveDate;
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::reports::listing::{
    self as listings, BringListing, ListingFilter, NameColumns, ReconcileListing, SignListing, listing_head,
};
use sundry_desk::{No, Outcome};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_formats::csv_out::{self, Cell};
use sundry_formats::listing::{Columns, Layout};
use sundry_store::listing::LineRow;

/// Funders' lists.
#[derive(Debug, Subcommand)]
pub enum Listing {
    /// Bring a funder's list, name its columns where they are not remembered, and reconcile it
    Reconcile {
        /// Their list: a workbook or CSV
        file: PathBuf,
        /// The funder, by the name under which their columns are remembered
        #[arg(long)]
        funder: String,
        /// As at which day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        as_at: Option<NaiveDate>,
        /// open: what is owed now; billed: the bills of a period
        #[arg(long, default_value = "open")]
        basis: String,
        /// First day of the period
        #[arg(long, value_name = "DATE", value_parser = date)]
        from_on: Option<NaiveDate>,
        /// A customer on our side; once for each; as last time when not said
        #[arg(long = "customer", value_name = "NUMBER")]
        customers: Vec<String>,
        /// Every customer is on our side
        #[arg(long)]
        whole_ledger: bool,
        /// Our own list, to compare two files
        #[arg(long, value_name = "FILE")]
        our_file: Option<PathBuf>,
        /// What a column holds, as amount="Gross Amount"; as remembered or as it seems when not said
        #[arg(long = "column", value_name = "FIELD=HEADING", value_parser = column)]
        columns: Vec<(String, String)>,
    },
    /// Show a list with the totals that prove it
    Show {
        /// The list
        number: String,
    },
    /// Write the lines of a result as CSV
    Lines {
        /// The list
        number: String,
        /// Only this class; every difference when not said
        #[arg(long, default_value = "")]
        class: String,
        /// new, same, changed, gone, or moved for all that is not as last time
        #[arg(long, default_value = "")]
        change: String,
        /// Where; else on the standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// List the lists
    List,
    /// Sign a list that somebody else prepared
    Sign {
        /// The list
        number: String,
        /// What is said of the differences that stay open
        #[arg(long, default_value = "")]
        words: String,
    },
}

fn column(text: &str) -> Result<(String, String), String> {
    let (field, heading) = text.split_once('=').ok_or("enter a field and a heading, as amount=Gross")?;
    let known = Columns::FIELDS.iter().any(|(name, ..)| *name == field.trim());
    if known {
        Ok((field.trim().to_owned(), heading.trim().to_owned()))
    } else {
        let all: Vec<&str> = Columns::FIELDS.iter().map(|(name, ..)| *name).collect();
        Err(format!("enter one of {}", all.join(", ")))
    }
}

/// Funders' lists.
pub async fn listing(shop: &Shop, ask: Listing, out: &mut Out) -> Outcome<u8> {
    match ask {
        Listing::Reconcile { file, funder, as_at, basis, from_on, customers, whole_ledger, our_file, columns } => {
            let open = shop.open().await?;
            let our = match &our_file {
                Some(path) => Some(child::as_table(bytes_of(path, "our_file")?).await?),
                None => None,
            };
            let name =
                |path: &PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let ask = BringListing {
                key: shop.key(),
                funder,
                as_at: as_at.unwrap_or_else(|| open.desk.today()),
                basis,
                from_on,
                customers,
                whole_ledger,
                file_name: name(&file),
                bytes: child::as_table(bytes_of(&file, "file")?).await?,
                our_file_name: our_file.as_ref().map(name).unwrap_or_default(),
                our_bytes: our,
            };
            reconcile(shop, &open, ask, &columns, out).await?;
        }
        Listing::Show { number } => {
            let open = shop.open().await?;
            let answer = listings::listing(&open.desk, &open.by, &number).await?;
            out.answer(&answer, || shown(&answer))?;
        }
        Listing::Lines { number, class, change, out: path } => {
            let open = shop.open().await?;
            let ask = ListingFilter { class, change, after: 0, limit: 0 };
            let lines = listings::listing_lines(&open.desk, &open.by, &number, &ask).await?.lines;
            let bytes = csv(&lines);
            let Some(path) = path else {
                out.write(&bytes)?;
                return done();
            };
            let typed = path.display().to_string();
            std::fs::write(&path, bytes)
                .map_err(|e| No::from(Invalid::field("out", format!("It cannot be written: {e}"), &typed)))?;
            out.answer(&serde_json::json!({ "file": typed, "lines": lines.len() }), || {
                format!("{} lines are in {typed}.", lines.len())
            })?;
        }
        Listing::List => {
            let open = shop.open().await?;
            let rows = listings::listings(&open.desk, &open.by).await?;
            out.answer(&rows, || {
                let line = |row: &sundry_store::listing::ListingRow| {
                    vec![
                        row.number.clone(),
                        row.funder.clone(),
                        row.as_at.to_string(),
                        row.state.clone(),
                        row.signed_by_name.clone(),
                    ]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["list", "funder", "as at", "state", "signed by"], &[], &lines)
            })?;
        }
        Listing::Sign { number, words } => {
            let open = shop.open().await?;
            let ask = SignListing { key: shop.key(), number, words };
            let answer = listings::sign_listing(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("{} is signed.", answer.number))?;
        }
    }
    done()
}

async fn reconcile(
    shop: &Shop,
    open: &super::Open,
    ask: BringListing,
    columns: &[(String, String)],
    out: &mut Out,
) -> Outcome<()> {
    let (desk, by, key) = (&open.desk, &open.by, ask.key.clone());
    let brought = listings::bring_listing(desk, by, ask).await?;
    if !brought.columns_known || !columns.is_empty() {
        let head = listing_head(desk, by, &brought.number).await?;
        let mut layout: Layout = head.theirs.layout.clone();
        for (field, heading) in columns {
            layout.columns.set(field, heading);
        }
        let our_layout = head.ours.map(|ours| ours.layout);
        let ask = NameColumns {
            key: format!("{key}/columns"),
            number: brought.number.clone(),
            layout,
            our_layout,
            rules: None,
        };
        listings::name_columns(desk, by, ask).await?;
    }
    let showing = busy("Comparing");
    let told = |done: i64, of: i64| showing.now(format!("Comparing {done} of {of}"));
    let ask = ReconcileListing { key: format!("{}/reconcile", shop.key_of(&key)), number: brought.number.clone() };
    listings::reconcile_listing(desk, by, ask, &told).await?;
    drop(showing);
    let answer = listings::listing(desk, by, &brought.number).await?;
    out.answer(&answer, || shown(&answer))
}

fn shown(answer: &listings::Listing) -> String {
    let row = &answer.listing;
    let head = format!("{}, {}, as at {}: {}\n", row.number, row.funder, row.as_at, row.state);
    let Some(proof) = &answer.proof else { return head };
    let sum = |name: &str, pence: Pence| vec![name.to_owned(), String::new(), pence.pounds()];
    let mut rows = vec![sum("their total", proof.theirs)];
    rows.extend(
        proof.classes.iter().map(|c| vec![c.class.name().to_owned(), c.lines.to_string(), c.difference().pounds()]),
    );
    rows.push(sum("our total", proof.ours));
    rows.push(sum("left unexplained", proof.left()));
    head + &table(&["what", "lines", "amount"], &[1, 2], &rows)
}

fn csv(lines: &[LineRow]) -> Vec<u8> {
    let heads = [
        "class",
        "their_rows",
        "their_reference",
        "their_name",
        "their_date",
        "theirs",
        "our_number",
        "our_account",
        "our_date",
        "ours",
        "difference",
        "why",
        "since_last_time",
    ];
    let cells = |line: &LineRow| {
        vec![
            Cell::Text(line.class.clone()),
            Cell::Text(line.their_rows.clone()),
            Cell::Text(line.their_reference.clone()),
            Cell::Text(line.their_name.clone()),
            Cell::from(line.their_on),
            Cell::Pence(line.theirs_pence),
            Cell::Text(line.our_number.clone()),
            Cell::Text(line.our_account.clone()),
            Cell::from(line.our_on),
            Cell::Pence(line.ours_pence),
            Cell::Pence(line.difference_pence),
            Cell::Text(line.words.clone()),
            Cell::Text(line.change.clone()),
        ]
    };
    csv_out::write(&heads, lines.iter().map(cells))
}
