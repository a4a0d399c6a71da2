//! `run day`: everything due, in order, as a preview; released, it is committed, and resumed after anything.
use super::input::{date, pounds};
use super::out::{Out, busy, counted};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use sundry_desk::Outcome;
use sundry_desk::court::{TendCourt, tend_court};
use sundry_desk::recovery::{
    DayTotals, ReleaseDay, SendStatements, StatementsAsk, preview_day, preview_statements, release_day, send_statements,
};
use sundry_desk::writeoff::tend_referrals;
use sundry_domain::money::Pence;

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
    /// Statements today, to everyone with a balance or to some
    Statements {
        /// Only balances of at least this
        #[arg(long, value_name = "POUNDS", value_parser = pounds, default_value = "0")]
        at_least: Pence,
        /// Only this account; may be given again
        #[arg(long = "account", value_name = "NUMBER")]
        accounts: Vec<String>,
        /// Commit it; without this it is a preview
        #[arg(long)]
        release: bool,
    },
}

async fn statements(shop: &Shop, ask: StatementsAsk, release: bool, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let showing = busy("Looking at every account");
    if !release {
        let seen = preview_statements(&open.desk, &open.by, &ask).await?;
        drop(showing);
        out.answer(&seen, || {
            let count = counted(seen.count as usize, "statement", "statements");
            let kept: i64 = seen.refused.values().sum();
            let sum = Pence(seen.total_pence);
            format!("{count}, {sum}; {kept} kept back. A preview: nothing was done. Write them with --release.")
        })?;
        return done();
    }
    let told = |done: i64, of: i64| showing.now(format!("Writing {done} of {of}"));
    let send = SendStatements { key: shop.key(), ask };
    let written = send_statements(&open.desk, &open.by, send, &told).await?;
    drop(showing);
    out.answer(&written, || {
        let count = counted(written.count as usize, "statement", "statements");
        format!("{count} written, {}; {} kept back.", Pence(written.total_pence), written.refused)
    })?;
    done()
}

/// Previews or releases a day.
pub async fn run(shop: &Shop, ask: Run, out: &mut Out) -> Outcome<u8> {
    let (date, release) = match ask {
        Run::Day { date, release } => (date, release),
        Run::Statements { at_least, accounts, release } => {
            return statements(shop, StatementsAsk { at_least_pence: at_least, accounts }, release, out).await;
        }
    };
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
    // As the job does: what services did not answer in time has its answer from today.
    tend_referrals(&open.desk, &open.by, date).await?;
    tend_court(&open.desk, &open.by, TendCourt { key: format!("{}/court", shop.key()) }).await?;
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
