//! Naming the columns of a list, once for each funder.
use super::{PREPARES, find, must_hold_one};
use crate::core::actor::Actor;
use crate::reports::refusals::LISTING_SIGNED;
use crate::{Desk, Fault, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::reports::reconcile::Rules;
use sundry_formats::listing::{self, Head, Layout};
use sundry_store::listing::{ListingRow, funder, set_funder, set_layout};

/// The head of a list, and of our own where there is one.
#[derive(Clone, Debug)]
pub struct ListingHead {
    /// The list.
    pub listing: ListingRow,
    /// Its first rows, with the layout as remembered or as it seems.
    pub theirs: Head,
    /// The same of our own list.
    pub ours: Option<Head>,
    /// How amounts and dates are compared.
    pub rules: Rules,
}

/// The head of a list, to name its columns by.
///
/// # Errors
/// Duty; no such list.
pub async fn listing_head(desk: &Desk, by: &Actor, number: &str) -> Outcome<ListingHead> {
    by.must_hold(Duty::View)?;
    let row = find(&mut desk.look().await?, by.org, number).await?;
    let head = |sha256: &str, layout: &Option<serde_json::Value>| -> Outcome<Head> {
        let bytes = desk.files().get(by.org.0, sha256)?;
        let mut head = listing::head(&bytes).map_err(|problem| Fault::new(problem.to_string()))?;
        if let Some(layout) = layout {
            head.layout = serde_json::from_value(layout.clone())?;
        }
        Ok(head)
    };
    let theirs = head(&row.file_sha256, &row.layout)?;
    let ours = match row.our_file_sha256.as_str() {
        "" => None,
        sha256 => Some(head(sha256, &row.our_layout)?),
    };
    let rules = serde_json::from_value(row.rules.clone())?;
    Ok(ListingHead { listing: row, theirs, ours, rules })
}

/// How amounts and dates are compared, as a person sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesAsked {
    /// A difference no larger is rounding; at most £1.00.
    pub rounding_pence: i64,
    /// Dates no further apart are the same; at most 92 days.
    pub days: i64,
}

/// Names the columns of a list. They are remembered for the funder's next one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NameColumns {
    /// Idempotency key.
    pub key: String,
    /// The list.
    pub number: String,
    /// How their list is laid out.
    pub layout: Layout,
    /// How our own is, where two files are compared.
    #[serde(default)]
    pub our_layout: Option<Layout>,
    /// How to compare; as remembered when not said.
    #[serde(default)]
    pub rules: Option<RulesAsked>,
}

/// The list with its columns named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnsNamed {
    /// The list.
    pub number: String,
    /// Rows in it.
    pub rows: i64,
    /// Their sum.
    pub listed_pence: i64,
}

/// Reads the whole list by these columns and remembers them. Everything that cannot be read is told at once.
///
/// # Errors
/// Duty; a signed list; rows that cannot be read, each with its row and column.
pub async fn name_columns(desk: &Desk, by: &Actor, ask: NameColumns) -> Outcome<ColumnsNamed> {
    must_hold_one(by, PREPARES)?;
    // That it is reconciled already is said inside the command: the same request again gets the answer it had.
    let row = find(&mut desk.look().await?, by.org, &ask.number).await?;
    let rules = rules_of(&row, ask.rules)?;
    let theirs = readable(desk, by, "file", &row.file_sha256, &ask.layout)?;
    let our_layout = match (row.our_file_sha256.as_str(), &ask.our_layout) {
        ("", _) => None,
        (sha256, layout) => {
            let layout = layout.clone().unwrap_or_else(|| ask.layout.clone());
            readable(desk, by, "our_file", sha256, &layout)?;
            Some(serde_json::to_value(layout)?)
        }
    };
    let layout = serde_json::to_value(&ask.layout)?;
    let rules = serde_json::to_value(rules)?;
    command!(desk, by, "name_columns", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        if !set_layout(&mut cmd.tx, org, row.id, (layout.clone(), our_layout.clone(), rules.clone())).await? {
            return Err(LISTING_SIGNED.because(format!("{} has been reconciled.", row.number)).into());
        }
        if let Some(mut kept) = funder(&mut cmd.tx, org, row.funder_id).await? {
            kept.layout = Some(layout.clone());
            kept.our_layout = our_layout.clone().or(kept.our_layout);
            kept.rules = rules.clone();
            set_funder(&mut cmd.tx, org, &kept).await?;
        }
        let told = ColumnsNamed { number: row.number.clone(), rows: theirs.0, listed_pence: theirs.1 };
        cmd.tell("ListingColumnsNamed", format!("list {}", row.number), &ask.layout);
        Ok(told)
    })
}

fn rules_of(row: &ListingRow, asked: Option<RulesAsked>) -> Outcome<Rules> {
    let kept: Rules = serde_json::from_value(row.rules.clone())?;
    let Some(asked) = asked else { return Ok(kept) };
    let mut wrong = Vec::new();
    if !(0..=100).contains(&asked.rounding_pence) {
        let typed = Pence(asked.rounding_pence).pounds();
        wrong.push(Invalid::field("rounding_pence", "Enter an amount from £0.00 to £1.00", typed));
    }
    if !(0..=92).contains(&asked.days) {
        wrong.push(Invalid::field("days", "Enter a number of days from 0 to 92", asked.days.to_string()));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    Ok(Rules { rounding: Pence(asked.rounding_pence), days: asked.days, ..kept })
}

/// Rows and sum of a list that reads without a problem.
fn readable(desk: &Desk, by: &Actor, field: &str, sha256: &str, layout: &Layout) -> Outcome<(i64, i64)> {
    let bytes = desk.files().get(by.org.0, sha256)?;
    let read = listing::read(&bytes, layout).map_err(|problem| Invalid::field(field, problem.to_string(), ""))?;
    if !read.problems.is_empty() {
        let tell = |p: &sundry_formats::intake::RowProblem| {
            let words = format!("Row {}, {}: {}", p.row, p.field, p.message);
            Invalid { row: Some(p.row as u64), ..Invalid::field(field, words, &p.typed) }
        };
        return Err(read.problems.iter().take(200).map(tell).collect::<Vec<_>>().into());
    }
    Ok((read.rows.len() as i64, read.rows.iter().map(|row| row.value.amount).sum()))
}
