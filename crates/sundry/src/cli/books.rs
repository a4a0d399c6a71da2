//! `gl`, `close`, `letters`: what leaves the building, and the ends of months.
use super::input::{date, period};
use super::out::{Out, busy, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use sundry_desk::close::advance::{IncomeInAdvance, MoveIncomeInAdvance, income_in_advance, move_income_in_advance};
use sundry_desk::close::gl_batch::{
    AcknowledgeGlBatch, MakeGlBatch, acknowledge_gl_batch, gl_batch_file, gl_batches, make_gl_batch,
};
use sundry_desk::close::period::{TurnPeriod, hard_close, periods, reopen_period, soft_close};
use sundry_desk::delivery::{
    PrintLetters, RecordProof, Reprint, SendAgain, SendCopies, SendEmails, TakeBounce, delivery_of, not_received,
    print_letters, record_proof, reprint, send_again, send_copies, send_emails, take_bounce,
};
use sundry_desk::{No, Outcome};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_store::close::GlBatchRow;

/// Journals out to the general ledger.
#[derive(Debug, Subcommand)]
pub enum Gl {
    /// Put every journal that is in no batch into one
    Batch {
        /// Journals posted up to this day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        up_to: Option<NaiveDate>,
    },
    /// List the batches
    List,
    /// Write a batch's file
    File {
        /// The batch
        number: i64,
        /// Where; else on the standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Note what the general ledger answered
    Acknowledge {
        /// The batch
        number: i64,
        /// It was refused
        #[arg(long)]
        rejected: bool,
        /// The general ledger's own reference
        #[arg(long, default_value = "")]
        reference: String,
        /// What it said
        #[arg(long, default_value = "")]
        message: String,
    },
}

/// Journals out.
pub async fn gl(shop: &Shop, ask: Gl, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Gl::Batch { up_to } => {
            let up_to = up_to.unwrap_or_else(|| desk.today());
            let made = make_gl_batch(desk, by, MakeGlBatch { key: shop.key(), up_to }).await?;
            out.answer(&made, || batches_table(&made.batches))?;
        }
        Gl::List => {
            let rows = gl_batches(desk, by).await?;
            out.answer(&rows, || batches_table(&rows))?;
        }
        Gl::File { number, out: path } => {
            let (name, bytes) = gl_batch_file(desk, by, number).await?;
            let Some(path) = path else {
                out.write(&bytes)?;
                return done();
            };
            let typed = path.display().to_string();
            std::fs::write(&path, bytes)
                .map_err(|e| No::from(Invalid::field("out", format!("It cannot be written: {e}"), &typed)))?;
            out.answer(&serde_json::json!({ "file": typed, "name": name }), || format!("{name} is in {typed}."))?;
        }
        Gl::Acknowledge { number, rejected, reference, message } => {
            let (accepted, ledger_reference) = (!rejected, reference);
            let ask = AcknowledgeGlBatch { key: shop.key(), number, accepted, ledger_reference, message };
            let answer = acknowledge_gl_batch(desk, by, ask).await?;
            out.answer(&answer, || format!("Batch {} is {}.", answer.number, answer.state))?;
        }
    }
    done()
}

fn batches_table(rows: &[GlBatchRow]) -> String {
    let line = |row: &GlBatchRow| {
        vec![
            row.number.to_string(),
            row.made_on.to_string(),
            row.file_name.clone(),
            row.journals_count.to_string(),
            Pence(row.debit_pence).pounds(),
            Pence(row.credit_pence).pounds(),
            row.state.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = rows.iter().map(line).collect();
    table(&["batch", "made", "file", "journals", "debit", "credit", "state"], &[0, 3, 4, 5], &rows)
}

/// A period, and why.
#[derive(Debug, Args)]
pub struct Turn {
    /// The year the financial year starts and the period, as 2026/1
    #[arg(value_name = "PERIOD", value_parser = period)]
    period: (i64, i64),
    /// Why
    #[arg(long, default_value = "")]
    reason: String,
}

/// Closing periods.
#[derive(Debug, Subcommand)]
pub enum Close {
    /// Close a period to users
    Soft(Turn),
    /// Close a period for the ledger
    Hard(Turn),
    /// Open a closed period again, with a reason that is kept
    Reopen(Turn),
    /// Show what a period's end moves between income and deferred income, or move it
    Advance {
        /// The year the financial year starts and the period, as 2026/1
        #[arg(value_name = "PERIOD", value_parser = period)]
        period: (i64, i64),
        /// Move it
        #[arg(long)]
        move_it: bool,
    },
    /// List the periods
    List,
}

fn advance_table(answer: &IncomeInAdvance) -> String {
    let line = |one: &sundry_desk::close::advance::IncomeMove| {
        let sums = [one.was_pence, one.ahead_pence, one.moved_pence].map(|pence| Pence(pence).pounds());
        [one.income_code.clone(), one.cost_centre.clone()].into_iter().chain(sums).collect::<Vec<String>>()
    };
    let rows: Vec<Vec<String>> = answer.moves.iter().map(line).collect();
    table(&["income", "cost centre", "deferred", "ahead", "moves"], &[2, 3, 4], &rows)
}

/// Closes and opens periods.
pub async fn close(shop: &Shop, ask: Close, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    let turn = |turn: Turn| TurnPeriod {
        key: shop.key(),
        start_year: turn.period.0,
        number: turn.period.1,
        reason: turn.reason,
    };
    let answer = match ask {
        Close::Soft(it) => soft_close(desk, by, turn(it)).await?,
        Close::Hard(it) => hard_close(desk, by, turn(it)).await?,
        Close::Reopen(it) => reopen_period(desk, by, turn(it)).await?,
        Close::Advance { period, move_it } => {
            let answer = if move_it {
                let ask = MoveIncomeInAdvance { key: shop.key(), start_year: period.0, number: period.1 };
                move_income_in_advance(desk, by, ask).await?
            } else {
                income_in_advance(desk, by, period).await?
            };
            out.answer(&answer, || advance_table(&answer))?;
            return done();
        }
        Close::List => {
            let rows = periods(desk, by).await?;
            let shown: Vec<_> = rows
                .iter()
                .map(|p| {
                    serde_json::json!({
                        "period": format!("{}/{}", p.start_year, p.number), "starts_on": p.starts_on,
                        "ends_on": p.ends_on, "state": p.state, "snapshot_sha256": p.snapshot_sha256,
                    })
                })
                .collect();
            out.answer(&shown, || {
                let line = |p: &sundry_store::ledger::PeriodRow| {
                    let name = format!("{}/{}", p.start_year, p.number);
                    vec![name, p.starts_on.to_string(), p.ends_on.to_string(), p.state.clone()]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["period", "from", "to", "state"], &[], &lines)
            })?;
            return done();
        }
    };
    out.answer(&answer, || format!("The period is {}.", answer.state.replace('_', " ")))?;
    done()
}

/// Letters that wait to leave.
#[derive(Debug, Subcommand)]
pub enum Letters {
    /// Print what waits for the post, as one batch with control totals
    Print {
        /// At most so many
        #[arg(long, default_value_t = 100_000)]
        limit: i64,
    },
    /// Make a copy of a letter, marked as one on every page
    Copy {
        /// The letter
        number: String,
        /// Where to write it
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Send copies of invoices and credit notes by the customer's way, each marked as one
    Copies {
        /// Numbers of invoices and credit notes
        #[arg(required = true)]
        documents: Vec<String>,
    },
    /// What is known of a document's arrival
    Proof {
        /// Number of the invoice or credit note
        number: String,
    },
    /// Record what you know: uploaded, portal_accepted, portal_rejected, returned, bounced, opened or confirmed
    Record {
        /// Number of the invoice or credit note
        number: String,
        /// What you know
        known: String,
        /// When; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Option<NaiveDate>,
        /// The portal's number for it, or who told you
        #[arg(long, default_value = "")]
        reference: String,
        /// The reason, or how you know
        #[arg(long, default_value = "")]
        words: String,
    },
    /// Send a document again, to the address of today
    Again {
        /// Number of the invoice or credit note
        number: String,
    },
    /// Invoices of which nobody knows that they arrived
    NotReceived,
    /// Take a message that came back from a file
    Bounce {
        /// The message as it came
        file: PathBuf,
    },
    /// Send what waits for e-mail
    Send {
        /// At most so many
        #[arg(long, default_value_t = 100_000)]
        limit: i64,
    },
}

/// Letters out.
pub async fn letters(shop: &Shop, ask: Letters, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    match ask {
        Letters::Print { limit } => {
            let showing = busy("Printing");
            let told = |done: i64, of: i64| showing.now(format!("Printing {done} of {of}"));
            let answer = print_letters(&open.desk, &open.by, PrintLetters { key: shop.key(), limit }, &told).await?;
            drop(showing);
            out.answer(&answer, || format!("Batch {} is {}.", answer.batch.number, answer.batch.state))?;
        }
        Letters::Copy { number, out: path } => {
            let made = reprint(&open.desk, &open.by, Reprint { key: shop.key(), number }).await?;
            let bytes = open.desk.files().get(open.by.org.0, &made.file_sha256)?;
            let typed = path.display().to_string();
            std::fs::write(&path, bytes)
                .map_err(|e| No::from(Invalid::field("out", format!("It cannot be written: {e}"), &typed)))?;
            let document = serde_json::json!({ "number": made.number, "file": typed, "sha256": made.file_sha256 });
            out.answer(&document, || format!("{typed}: a copy of {}.", made.number))?;
        }
        Letters::Copies { documents } => {
            let answer = send_copies(&open.desk, &open.by, SendCopies { key: shop.key(), documents }).await?;
            out.answer(&answer, || {
                let rows: Vec<Vec<String>> = answer
                    .letters
                    .iter()
                    .map(|one| vec![one.number.clone(), one.channel.clone(), one.state.clone()])
                    .collect();
                table(&["copy", "way", "state"], &[], &rows)
            })?;
        }
        Letters::Proof { number } => {
            let shown = delivery_of(&open.desk, &open.by, &number).await?;
            out.answer(&shown, || {
                let line = |e: &sundry_store::delivery::proof::DeliveryEventRow| {
                    vec![e.on_day.to_string(), e.way.clone(), e.outcome.clone(), e.reference.clone(), e.words.clone()]
                };
                let rows: Vec<Vec<String>> = shown.events.iter().map(line).collect();
                table(&["day", "way", "what", "number", "words"], &[], &rows)
            })?;
        }
        Letters::Record { number, known, on, reference, words } => {
            let ask = RecordProof { key: shop.key(), number, known, on_day: on, reference, words };
            let shown = record_proof(&open.desk, &open.by, ask).await?;
            out.answer(&shown, || format!("Recorded for {}.", shown.number))?;
        }
        Letters::Again { number } => {
            let sent = send_again(&open.desk, &open.by, SendAgain { key: shop.key(), number }).await?;
            out.answer(&sent, || format!("{} goes again: letter {} is {}.", sent.number, sent.letter, sent.state))?;
        }
        Letters::NotReceived => {
            let rows = not_received(&open.desk, &open.by, 1_000).await?;
            out.answer(&rows, || {
                let line = |one: &sundry_desk::delivery::NotReceived| {
                    let row = &one.row;
                    vec![row.number.clone(), row.customer_name.clone(), row.outcome.clone(), one.next_step.clone()]
                };
                let rows: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["invoice", "customer", "what", "next step"], &[], &rows)
            })?;
        }
        Letters::Bounce { file } => {
            let typed = file.display().to_string();
            let bytes = super::file_bytes(&file).map_err(|why| No::from(Invalid::field("file", why, &typed)))?;
            let file_name = file.file_name().and_then(|name| name.to_str()).unwrap_or("message.eml").to_owned();
            let taken = take_bounce(&open.desk, &open.by, TakeBounce { key: shop.key(), file_name, bytes }).await?;
            out.answer(&taken, || format!("Letter {} is {}.", taken.letter, taken.state))?;
        }
        Letters::Send { limit } => {
            let showing = busy("Sending");
            let told = |done: i64, of: i64| showing.now(format!("Sending {done} of {of}"));
            let answer = send_emails(&open.desk, &open.by, SendEmails { key: shop.key(), limit }, &told).await?;
            drop(showing);
            out.answer(&answer, || {
                format!(
                    "{} sent, {} failed, {} not known, {} put off, {} withdrawn.",
                    answer.sent, answer.failed, answer.unknown, answer.put_off, answer.withdrawn
                )
            })?;
        }
    }
    done()
}
