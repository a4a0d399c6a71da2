//! `dd`: Direct Debit from the set-up to the file and what comes back.
use super::input::{date, pounds, request};
use super::out::{Out, busy, counted};
use super::{Shop, bytes_of, done};
use chrono::NaiveDate;
use clap::Subcommand;
use std::path::{Path, PathBuf};
use sundry_desk::Outcome;
use sundry_desk::cash::direct_debit::{
    AskRun, ChangeMandateBank, DecideClaim, ImportBacsReport, LoadModulusTable, MandateAct, MarkFinal, MarkSent,
    NotifyCollections, ReleaseRun, RepresentCollection, RunPreview, SettleBankLine, SettleReportItem,
    WithdrawCollection, act_on_mandate, age_mandates, ask_run, change_mandate_bank, check_bank, claims, decide_claim,
    held_report_items, import_bacs_report, load_modulus_table, mandate, mandates_list, mark_final, mark_run_sent,
    notify_collections, preview_run, release_run, represent_collection, run_file, set_service_user, set_up_mandate,
    settle_bank_line, settle_report_item, withdraw_collection,
};
use sundry_domain::money::Pence;

/// What can be done with Direct Debit.
#[derive(Debug, Subcommand)]
pub enum Dd {
    /// Set the service user up, from JSON: sun, name, account_name, sort_code, account, agreed
    ServiceUser {
        /// The request; - is the standard input
        #[arg(value_name = "FILE")]
        input: PathBuf,
    },
    /// Load the published weight table for checking account numbers
    LoadWeights {
        /// As its publisher calls it, such as 7.70
        #[arg(long)]
        version: String,
        /// The day it counts from
        #[arg(long, value_name = "DATE", value_parser = date)]
        effective_on: NaiveDate,
        /// The file of weights
        #[arg(value_name = "WEIGHTS")]
        weights: PathBuf,
        /// The file of substitutions
        #[arg(value_name = "SUBSTITUTES")]
        substitutes: Option<PathBuf>,
    },
    /// Whether an account number is possible for its sort code
    CheckBank {
        /// Sort code
        sort_code: String,
        /// Account number
        account: String,
    },
    /// Set a mandate up, from JSON: customer, route, sort_code, account, signed_on, evidence and so on
    SetUp {
        /// The request; - is the standard input
        #[arg(value_name = "FILE")]
        input: PathBuf,
    },
    /// Mandates, newest first
    List {
        /// Only in this state
        #[arg(long, default_value = "")]
        state: String,
        /// Page, from 1
        #[arg(long, default_value_t = 1)]
        page: i64,
    },
    /// A mandate with its collections, claims and history
    Show {
        /// Its reference
        reference: String,
    },
    /// Sign, cancel, suspend or resume a mandate
    Act {
        /// Its reference
        reference: String,
        /// sign, cancel, suspend or resume
        act: String,
        /// Why; for a signature, where the form is kept
        #[arg(long)]
        words: String,
        /// The day a form was signed
        #[arg(long, value_name = "DATE", value_parser = date)]
        signed_on: Option<NaiveDate>,
    },
    /// Ask for new bank details; a second person confirms them
    ChangeBank {
        /// The mandate's reference
        reference: String,
        /// New sort code
        sort_code: String,
        /// New account number
        account: String,
        /// How you know: whom you called back, on which number
        #[arg(long)]
        evidence: String,
    },
    /// Write advance notice of everything due up to a day
    Notify {
        /// The day
        #[arg(long, value_name = "DATE", value_parser = date)]
        due_by: NaiveDate,
    },
    /// Take a notified collection back
    Withdraw {
        /// Its number
        number: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Mark a notified collection as the last under its mandate
    Final {
        /// Its number
        number: String,
        /// Nothing will be owed later
        #[arg(long)]
        confirmed: bool,
    },
    /// A collection run: a preview, or with --ask the request for someone else's yes
    Run {
        /// The collection day
        #[arg(long, value_name = "DATE", value_parser = date)]
        entry_on: NaiveDate,
        /// Ask for approval
        #[arg(long)]
        ask: bool,
    },
    /// Release an approved run: post it and write its file
    Release {
        /// Number of the run
        run: String,
    },
    /// The file of a run, on the standard output
    File {
        /// Number of the run
        run: String,
    },
    /// Say that the file was given to the bank's software
    Sent {
        /// Number of the run
        run: String,
        /// At least the first eight characters of the file's hash
        #[arg(long)]
        hash: String,
    },
    /// Take reports of the bank in: input, ARUDD, ADDACS, AUDDIS, DDICA
    Report {
        /// The files, XML or ZIP
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Items of reports that wait for a person
    Held,
    /// Say what was done about a held item
    Settle {
        /// Key of the item
        item: String,
        /// What was done
        #[arg(long)]
        words: String,
    },
    /// Present an unpaid collection again
    Again {
        /// Number of the collection that came back
        number: String,
        /// The day
        #[arg(long, value_name = "DATE", value_parser = date)]
        entry_on: NaiveDate,
        /// Exactly the amount that came back
        #[arg(long, value_parser = pounds)]
        amount: Pence,
    },
    /// Indemnity claims
    Claims {
        /// Only in this state
        #[arg(long, default_value = "")]
        state: String,
    },
    /// Decide a claim
    Decide {
        /// Its number
        number: String,
        /// accepted or challenged
        decision: String,
        /// Why, and what was said to the payer
        #[arg(long)]
        words: String,
    },
    /// Say which run a bank line is of, or that it is what came back
    Bank {
        /// Id of the bank line
        line: i64,
        /// The run; none for money out
        #[arg(long, default_value = "")]
        run: String,
    },
    /// Age mandates for a day; the daily run does it too
    Age {
        /// The day
        #[arg(long, value_name = "DATE", value_parser = date)]
        date: NaiveDate,
    },
}

/// Direct Debit.
pub async fn dd(shop: &Shop, ask: Dd, out: &mut Out) -> Outcome<u8> {
    match ask {
        Dd::ServiceUser { .. } | Dd::LoadWeights { .. } | Dd::CheckBank { .. } => settings(shop, ask, out).await?,
        Dd::SetUp { .. } | Dd::List { .. } | Dd::Show { .. } | Dd::Act { .. } | Dd::ChangeBank { .. } => {
            one_mandate(shop, ask, out).await?;
        }
        Dd::Run { .. } | Dd::Release { .. } | Dd::File { .. } | Dd::Sent { .. } | Dd::Bank { .. } => {
            runs(shop, ask, out).await?;
        }
        other => reports(shop, other, out).await?,
    }
    done()
}

fn text_of(path: &Path, field: &str) -> Outcome<String> {
    Ok(String::from_utf8_lossy(&bytes_of(path, field)?).into_owned())
}

async fn settings(shop: &Shop, ask: Dd, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    match ask {
        Dd::ServiceUser { input } => {
            let answer = set_service_user(&open.desk, &open.by, request(&input, shop.key())?).await?;
            out.answer(&answer, || format!("Service user {} is set up.", answer.sun))
        }
        Dd::LoadWeights { version, effective_on, weights, substitutes } => {
            let substitutes = substitutes.map(|path| text_of(&path, "substitutes")).transpose()?.unwrap_or_default();
            let weights = text_of(&weights, "weights")?;
            let ask = LoadModulusTable { key: shop.key(), version, effective_on, weights, substitutes };
            let answer = load_modulus_table(&open.desk, &open.by, ask).await?;
            let rows = counted(answer.rows, "row", "rows");
            out.answer(&answer, || format!("Weight table {}: {rows}.", answer.version))
        }
        Dd::CheckBank { sort_code, account } => {
            let answer = check_bank(&open.desk, &open.by, &sort_code, &account).await?;
            out.answer(&answer, || format!("{:?} by {}", answer.verdict, answer.version))
        }
        _ => Ok(()),
    }
}

async fn one_mandate(shop: &Shop, ask: Dd, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    match ask {
        Dd::SetUp { input } => {
            let answer = set_up_mandate(&open.desk, &open.by, request(&input, shop.key())?).await?;
            out.answer(&answer, || {
                format!("Mandate {} is {}, account ending {}.", answer.reference, answer.state, answer.account_ending)
            })
        }
        Dd::List { state, page } => {
            let rows = mandates_list(&open.desk, &open.by, &state, page).await?;
            out.answer(&rows, || {
                let line = |m: &sundry_store::mandates::ListedMandateRow| {
                    format!("{}  {}  {}  {}", m.reference, m.state, m.customer_number, m.payer_name)
                };
                rows.iter().map(line).collect::<Vec<_>>().join("\n")
            })
        }
        Dd::Show { reference } => {
            let shown = mandate(&open.desk, &open.by, &reference).await?;
            out.answer(&shown, || {
                let m = &shown.mandate;
                let mut words = format!("{} is {}: {} ending {}\n", m.reference, m.state, m.payer_name, m.shown);
                for c in &shown.collections {
                    words.push_str(&format!(
                        "  {} {} {} {}\n",
                        c.number,
                        c.notified_for,
                        Pence(c.amount_pence),
                        c.state
                    ));
                }
                words
            })
        }
        Dd::Act { reference, act, words, signed_on } => {
            let ask = MandateAct { key: shop.key(), reference, act, signed_on, words };
            let answer = act_on_mandate(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("{} is {}.", answer.reference, answer.state))
        }
        Dd::ChangeBank { reference, sort_code, account, evidence } => {
            let ask = ChangeMandateBank { key: shop.key(), reference, sort_code, account, evidence };
            let answer = change_mandate_bank(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("{} waits for a yes: {}.", answer.reference, answer.approval))
        }
        _ => Ok(()),
    }
}

async fn runs(shop: &Shop, ask: Dd, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    match ask {
        Dd::Run { entry_on, ask: false } => {
            let preview = preview_run(&open.desk, &open.by, entry_on).await?;
            out.answer(&preview, || preview_words(&preview))
        }
        Dd::Run { entry_on, .. } => {
            let ask = AskRun { key: shop.key(), entry_on, content_hash: String::new() };
            let answer = ask_run(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || {
                let sum = Pence(answer.pence);
                format!("{} of {sum} waits for a yes: {}.", answer.run, answer.approval)
            })
        }
        Dd::Release { run } => {
            let showing = busy("Releasing");
            let told = |done: i64, of: i64| showing.now(format!("Releasing {done} of {of}"));
            let answer = release_run(&open.desk, &open.by, ReleaseRun { run }, &told).await?;
            drop(showing);
            out.answer(&answer, || {
                let sum = Pence(answer.pence);
                format!(
                    "{}: {} collections, {sum}, in {} {}",
                    answer.run, answer.collections, answer.file_name, answer.file_sha256
                )
            })
        }
        Dd::File { run } => {
            let (_, bytes) = run_file(&open.desk, &open.by, &run).await?;
            out.write(&bytes)?;
            Ok(())
        }
        Dd::Sent { run, hash } => {
            let ask = MarkSent { key: shop.key(), run, file_sha256: hash };
            let answer = mark_run_sent(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("{} is {}.", answer.run, answer.state))
        }
        Dd::Bank { line, run } => {
            let ask = SettleBankLine { key: shop.key(), line, run };
            let answer = settle_bank_line(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("{}: {}.", answer.words, Pence(answer.amount_pence)))
        }
        _ => Ok(()),
    }
}

fn preview_words(p: &RunPreview) -> String {
    let sum = Pence(p.total_pence);
    let mut words = format!(
        "{}: {} collections, {sum}; {} instructions; the file goes in on {}. A preview: nothing was done.\n",
        p.entry_on,
        p.collections.len(),
        p.instructions,
        p.input_on
    );
    for (code, (count, pence)) in &p.by_code {
        words.push_str(&format!("  code {code}: {count}, {}\n", Pence(*pence)));
    }
    for one in &p.refusals {
        words.push_str(&format!(
            "  left out {} {}: {} ({})\n",
            one.number, one.reference, one.refusal.sentence, one.refusal.code
        ));
    }
    words
}

async fn reports(shop: &Shop, ask: Dd, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    match ask {
        Dd::Notify { due_by } => {
            let ask = NotifyCollections { key: shop.key_of(&format!("dd-notify/{due_by}")), due_by };
            let answer = notify_collections(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || {
                let sum = Pence(answer.pence);
                format!(
                    "{} collections of {sum} notified; {} payers cannot be reached.",
                    answer.collections, answer.unreachable
                )
            })
        }
        Dd::Withdraw { number, reason } => {
            let ask = WithdrawCollection { key: shop.key(), number, reason };
            let answer = withdraw_collection(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("{} is {}.", answer.number, answer.state))
        }
        Dd::Final { number, confirmed } => {
            let answer = mark_final(&open.desk, &open.by, MarkFinal { key: shop.key(), number, confirmed }).await?;
            out.answer(&answer, || format!("{} is the final collection.", answer.number))
        }
        Dd::Report { files } => taken(shop, &open, files, out).await,
        Dd::Held => {
            let rows = held_report_items(&open.desk, &open.by).await?;
            out.answer(&rows, || {
                rows.iter()
                    .map(|i| format!("{}\n  {} {}: {}", i.key, i.kind, i.reference, i.outcome))
                    .collect::<Vec<_>>()
                    .join("\n")
            })
        }
        Dd::Settle { item, words } => {
            let ask = SettleReportItem { key: shop.key(), item, words };
            let answer = settle_report_item(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || "Settled.".to_owned())
        }
        Dd::Again { number, entry_on, amount } => {
            let ask = RepresentCollection { key: shop.key(), number, entry_on, amount };
            let answer = represent_collection(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || {
                format!("{} on {}; the last day is {}.", answer.number, answer.entry_on, answer.last_day)
            })
        }
        Dd::Claims { state } => {
            let rows = claims(&open.desk, &open.by, &state).await?;
            out.answer(&rows, || {
                let line = |c: &sundry_store::collections::ClaimRow| {
                    format!("{} {} {}, challenge by {}", c.number, c.state, Pence(c.amount_pence), c.challenge_by)
                };
                rows.iter().map(line).collect::<Vec<_>>().join("\n")
            })
        }
        Dd::Decide { number, decision, words } => {
            let ask = DecideClaim { key: shop.key(), number, decision, words };
            let answer = decide_claim(&open.desk, &open.by, ask).await?;
            out.answer(&answer, || format!("{} is {}.", answer.number, answer.state))
        }
        Dd::Age { date } => {
            let answer = age_mandates(&open.desk, &open.by, date).await?;
            out.answer(&answer, || {
                format!("{} now active, {} now dormant.", answer.activated.len(), answer.dormant.len())
            })
        }
        _ => Ok(()),
    }
}

async fn taken(shop: &Shop, open: &super::Open, files: Vec<PathBuf>, out: &mut Out) -> Outcome<()> {
    let mut all = Vec::new();
    for path in files {
        let bytes = bytes_of(&path, "file")?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let key = shop.key_of(&format!("dd-report/{}", sundry_desk::core::vault::sha256_hex(&bytes)));
        let ask = ImportBacsReport { key, file_name: name, bytes };
        all.push(import_bacs_report(&open.desk, &open.by, ask).await?);
    }
    out.answer(&all, || {
        let reports = all.iter().flat_map(|file| &file.reports);
        let line = |r: &sundry_desk::cash::direct_debit::ReportTaken| {
            format!("{}: {} applied, {} wait, {} seen before", r.kind, r.applied, r.held, r.known)
        };
        reports.map(line).collect::<Vec<_>>().join("\n")
    })
}
