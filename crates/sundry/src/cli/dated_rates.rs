//! `dated-rates`: rates and fees by date, and new ones for somebody else to approve.
use super::input::date;
use super::out::{Out, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use sundry_desk::Outcome;
use sundry_desk::setup::rates::{AskRates, ask_rates, rates};
use sundry_domain::reference::{AskedRate, RateLine};

/// Dated rates and fees.
#[derive(Debug, Subcommand)]
pub enum DatedRates {
    /// List those in force, those to come, and what ends or is missing
    List {
        /// With those that others took the place of
        #[arg(long)]
        all: bool,
    },
    /// Ask for new figures of one kind: court_issue_fee 300=37.00 500=53.00 and so on
    Add {
        /// late_payment_rate, late_payment_compensation, court_issue_fee, court_fee, vat_rate and so on
        kind: String,
        /// A band, a step or a code and its figure; of a kind with one figure only the figure
        #[arg(value_name = "KEY=FIGURE", value_parser = rate)]
        rates: Vec<AskedRate>,
        /// First day
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: NaiveDate,
        /// Last day that is confirmed
        #[arg(long, value_name = "DATE", value_parser = date)]
        to: Option<NaiveDate>,
        /// The order, the regulation or the page that says so
        #[arg(long, default_value = "")]
        source: String,
        /// For people
        #[arg(long, default_value = "")]
        note: String,
    },
}

/// `warrant=97.00`, or `3.75%` alone.
fn rate(text: &str) -> Result<AskedRate, String> {
    let (key, figure) = text.split_once('=').unwrap_or(("", text));
    Ok(AskedRate { key: key.trim().to_owned(), figure: figure.trim().to_owned() })
}

/// Dated rates and fees.
pub async fn dated_rates(shop: &Shop, ask: DatedRates, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    match ask {
        DatedRates::List { all } => {
            let found = rates(&open.desk, &open.by).await?;
            let found: Vec<RateLine> = found.into_iter().filter(|row| all || row.state != "past").collect();
            out.answer(&found, || {
                let lines: Vec<Vec<String>> = found.iter().map(line).collect();
                table(&["kind", "key", "from", "to", "figure", "state", "source"], &[4], &lines)
            })?;
        }
        DatedRates::Add { kind, rates, from, to, source, note } => {
            let ask = AskRates { key: shop.key(), kind, from_on: Some(from), to_on: to, rates, note, source };
            let asked = ask_rates(&open.desk, &open.by, ask).await?;
            out.answer(&asked, || format!("Asked for {} rows: someone else decides {}.", asked.rows, asked.approval))?;
        }
    }
    done()
}

fn line(row: &RateLine) -> Vec<String> {
    vec![
        row.kind.clone(),
        row.key.clone(),
        row.from_on.to_string(),
        row.to_on.map(|day| day.to_string()).unwrap_or_default(),
        row.figure.clone(),
        row.state.replace('_', " "),
        row.source.clone(),
    ]
}
