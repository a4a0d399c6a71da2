//! `run day`: everything due, in order, as a preview; released, it is committed, and resumed after anything.
use super::input::date;
use super::out::{Out, busy, counted};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use sundry_desk::Outcome;
use sundry_desk::recovery::{DayTotals, ReleaseDay, preview_day, release_day};

/// Runs.
#[derive(Debug, Subcommand)]
pub enum Run {
    /// The daily run
    Day {
        /// The business day
        #[arg(long, value_name = "DATE", value_parser = date)]
        date: NaiveDate,
        /// Commit it; without this it is a preview
        #[arg(long)]
        release: bool,
    },
}

/// Previews or releases a day.
pub async fn run(shop: &Shop, ask: Run, out: &mut Out) -> Outcome<u8> {
    let Run::Day { date, release } = ask;
    let open = shop.open().await?;
    let showing = busy("Looking at every account");
    if !release {
        let preview = preview_day(&open.desk, &open.by, date).await?;
        drop(showing);
        let title = format!("{date}, a preview: nothing was done. Release it with --release.\n");
        out.answer(&preview, || title + &totals(&preview.totals))?;
        return done();
    }
    let key = shop.key_of(&format!("run-day/{date}"));
    let told = |done: i64, of: i64| showing.now(format!("Releasing {done} of {of}"));
    let answer = release_day(&open.desk, &open.by, ReleaseDay { key, date }, &told).await?;
    drop(showing);
    out.answer(&answer, || format!("{} is {}.\n{}", answer.number, answer.state, totals(&answer.totals)))?;
    done()
}

fn totals(t: &DayTotals) -> String {
    let mut words = String::new();
    for (kind, sum) in &t.letters {
        let count = counted(usize::try_from(sum.count).unwrap_or_default(), "letter", "letters");
        words.push_str(&format!("  {kind}: {count}, {}\n", sum.total_pence));
    }
    for (step, count) in &t.steps {
        words.push_str(&format!("  step {step}: {count}\n"));
    }
    for (code, count) in &t.refused {
        words.push_str(&format!("  refused {code}: {count}\n"));
    }
    words.push_str(&format!(
        "  promises kept {}, broken {}; holds ended {}; customers written to {}; bank lines waiting {}, {}",
        t.promises_kept, t.promises_broken, t.holds_ended, t.customers, t.bank_lines_waiting, t.bank_waiting_pence
    ));
    words
}
