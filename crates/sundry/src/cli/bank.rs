//! `bank`: files from the bank, places to fetch them from, layouts of CSV.
use super::out::{DONE, NOT_UNDERSTOOD, Out, busy, counted, visible};
use super::{Shop, bytes_of, done};
use crate::child;
use clap::Subcommand;
use futures::FutureExt;
use serde_json::json;
use std::path::PathBuf;
use sundry_desk::Outcome;
use sundry_desk::cash::bank_files::{bank_file_content, bank_files};
use sundry_desk::cash::bank_sources::{KeepBankSource, bank_sources, keep_bank_source};
use sundry_desk::cash::collect_bank_files::collect_bank_files;
use sundry_desk::cash::csv_profiles::{
    EndCsvProfile, SaveCsvProfile, csv_profiles, end_csv_profile, preview_csv_profile, save_csv_profile,
};
use sundry_desk::cash::payment_layouts::{SavePaymentLayout, save_payment_layout};
use sundry_desk::cash::takings::{TieTakings, takings, tie_takings};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_formats::bank_statement::{Profile, profiles};

/// What can be done with files from the bank.
#[derive(Debug, Subcommand)]
pub enum Bank {
    /// Files that arrived, refused ones too, newest first
    Files {
        /// checked, accepted, warned, held or rejected; all when not said
        #[arg(long, default_value = "", hide_default_value = true)]
        state: String,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// Write a file as it arrived
    File {
        /// Its id, as `bank files` shows it
        id: i64,
        /// Where to
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Fetch what lies at the places in use
    Collect {
        /// Only this place
        #[arg(long, value_name = "NAME")]
        source: Option<String>,
    },
    /// Places where files are fetched
    Sources,
    /// Add a place, or change the one with its name
    Source {
        /// A JSON file: name, kind (folder or sftp), folder, pattern, every_minutes, in_use, and for sftp host, port, user_name, host_key
        file: PathBuf,
        /// An OpenSSH private key without a passphrase; one is made when not given
        #[arg(long, value_name = "FILE")]
        private_key: Option<PathBuf>,
    },
    /// Layouts of banks' CSV: one's own, then those that ship
    Layouts {
        /// One layout whole, as JSON
        name: Option<String>,
    },
    /// Payment files of agents, and whether the bank has shown their credit
    Takings,
    /// Say which receipt in suspense is the bank's credit for a payment file
    Tie {
        /// Its id, as `bank takings` shows it
        id: i64,
        /// Number of the receipt
        receipt: String,
    },
    /// Keep a layout as a new version (of CSV, or with `records` of an agent's payment file), or look at what it makes of a sample
    Layout {
        /// A JSON file; `bank layouts NAME --json` shows how one looks
        file: PathBuf,
        /// A sample to read by it; nothing is kept then
        #[arg(long, value_name = "FILE")]
        preview: Option<PathBuf>,
        /// What changed, or why
        #[arg(long, default_value = "", hide_default_value = true)]
        note: String,
    },
    /// End a layout of one's own
    EndLayout {
        /// Its name
        name: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
}

/// Files from the bank.
pub async fn bank(shop: &Shop, ask: Bank, out: &mut Out) -> Outcome<u8> {
    match ask {
        Bank::Files { state, limit } => files(shop, &state, limit, out).await?,
        Bank::File { id, out: to } => {
            let open = shop.open().await?;
            let (name, bytes) = bank_file_content(&open.desk, &open.by, id).await?;
            let wrong = |e| Invalid::field("out", format!("It cannot be written: {e}"), to.display().to_string());
            std::fs::write(&to, &bytes).map_err(wrong)?;
            let document = json!({ "name": name, "bytes": bytes.len(), "file": to.display().to_string() });
            out.answer(&document, || format!("{} is in {}.", visible(&name), to.display()))?;
        }
        Bank::Collect { source } => return collect(shop, source.as_deref(), out).await,
        Bank::Sources => sources(shop, out).await?,
        Bank::Source { file, private_key } => {
            let open = shop.open().await?;
            let mut ask: KeepBankSource = read_json(&file)?;
            ask.key = shop.key();
            if let Some(path) = private_key {
                ask.private_key = String::from_utf8_lossy(&bytes_of(&path, "private-key")?).into_owned();
            }
            let kept = keep_bank_source(&open.desk, &open.by, ask).await?;
            out.answer(&kept, || {
                let key = if kept.public_key.is_empty() {
                    String::new()
                } else {
                    format!("\nGive the bank our public key: {}", kept.public_key)
                };
                format!("{} is looked at every {} minutes.{key}", kept.name, kept.every_minutes)
            })?;
        }
        Bank::Layouts { name } => return layouts(shop, name.as_deref(), out).await,
        Bank::Layout { file, preview: Some(sample), .. } => return preview(shop, &file, &sample, out).await,
        Bank::Takings => agents_files(shop, out).await?,
        Bank::Tie { id, receipt } => {
            let open = shop.open().await?;
            let ask = TieTakings { key: shop.key(), takings: id, receipt };
            let tied = tie_takings(&open.desk, &open.by, ask).await?;
            out.answer(&tied, || format!("{} came on {}.", visible(&tied.name), tied.shown_on))?;
        }
        Bank::Layout { file, note, .. } => {
            let open = shop.open().await?;
            let read: serde_json::Value = read_json(&file)?;
            if read.get("records").is_some() {
                let ask = SavePaymentLayout { key: shop.key(), layout: read_json(&file)?, note };
                let saved = save_payment_layout(&open.desk, &open.by, ask).await?;
                out.answer(&saved, || format!("payment-file:{} is at version {}.", saved.name, saved.version))?;
                return done();
            }
            let profile: Profile = read_json(&file)?;
            let ask = SaveCsvProfile { key: shop.key(), profile, note, seen_version: None };
            let saved = save_csv_profile(&open.desk, &open.by, ask).await?;
            out.answer(&saved, || format!("csv:{} is at version {}.", saved.name, saved.version))?;
        }
        Bank::EndLayout { name, reason } => {
            let open = shop.open().await?;
            let ask = EndCsvProfile { key: shop.key(), name, note: reason };
            let ended = end_csv_profile(&open.desk, &open.by, ask).await?;
            out.answer(&ended, || format!("csv:{} is no longer used.", ended.name))?;
        }
    }
    done()
}

fn read_json<T: serde::de::DeserializeOwned>(path: &std::path::Path) -> Outcome<T> {
    let bytes = bytes_of(path, "file")?;
    let read = serde_json::from_slice(&bytes);
    read.map_err(|e| Invalid::field("file", format!("It is not understood: {e}"), path.display().to_string()).into())
}

async fn files(shop: &Shop, state: &str, limit: i64, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    let found = bank_files(&open.desk, &open.by, state, None, limit).await?;
    out.answer(&found, || {
        let line = |f: &sundry_store::bank_files::BankFileRow| {
            let times = if f.times > 1 { format!(", came {} times", f.times) } else { String::new() };
            let code = if f.code.is_empty() { String::new() } else { format!(" ({})", f.code) };
            format!(
                "{} {} {} {} by {} ({}){times}: {}{code}\n",
                f.id,
                f.arrived_at.format("%Y-%m-%d %H:%M"),
                f.state,
                visible(&f.name),
                visible(&f.brought_by_name),
                if f.source_name.is_empty() { f.channel.as_str() } else { f.source_name.as_str() },
                visible(&f.message),
            )
        };
        if found.files.is_empty() { "No file has arrived.".into() } else { found.files.iter().map(line).collect() }
    })
}

async fn collect(shop: &Shop, source: Option<&str>, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let showing = busy("Fetching");
    let taste = |name: String, bytes: Vec<u8>| async move { child::statement_bytes(&name, bytes).await }.boxed();
    let answer = collect_bank_files(&open.desk, &open.by, (&shop.key(), source), &taste).await?;
    drop(showing);
    out.answer(&answer, || {
        let mut words = String::new();
        for one in &answer.sources {
            words.push_str(&format!("{}: {}\n", one.source, visible(&one.message)));
            for file in &one.files {
                words.push_str(&format!("  {} {}: {}\n", file.outcome, visible(&file.name), visible(&file.message)));
            }
        }
        if words.is_empty() { "No place is in use.".into() } else { words }
    })?;
    Ok(if answer.sources.iter().any(|one| one.failed) { NOT_UNDERSTOOD } else { DONE })
}

async fn sources(shop: &Shop, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    let found = bank_sources(&open.desk, &open.by).await?;
    out.answer(&found, || {
        let line = |s: &sundry_desk::cash::bank_sources::BankSource| {
            let place =
                if s.kind == "sftp" { format!("{}@{}:{}", s.user_name, s.host, s.folder) } else { s.folder.clone() };
            let state = if s.in_use { "in use" } else { "not in use" };
            format!(
                "{}: {} {place} {}, every {} minutes, {state}. {}\n",
                s.name, s.kind, s.pattern, s.every_minutes, s.result
            )
        };
        if found.is_empty() { "No place is named.".into() } else { found.iter().map(line).collect() }
    })
}

async fn agents_files(shop: &Shop, out: &mut Out) -> Outcome<()> {
    let open = shop.open().await?;
    let found = takings(&open.desk, &open.by).await?;
    out.answer(&found, || {
        let line = |one: &sundry_store::takings::TakingsFileRow| {
            let came = one.shown_on.map_or_else(|| "not yet shown".to_owned(), |day| format!("shown on {day}"));
            let (name, sum) = (visible(&one.name), Pence(one.total_pence));
            format!(
                "{} {} {name}: {}, {sum}, {came}\n",
                one.id,
                one.dated_on,
                counted(usize::try_from(one.payments_count).unwrap_or(0), "payment", "payments")
            )
        };
        if found.is_empty() { "No payment file has come.".into() } else { found.iter().map(line).collect() }
    })
}

async fn layouts(shop: &Shop, name: Option<&str>, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let all = csv_profiles(&open.desk, &open.by).await?;
    if let Some(name) = name {
        let found = all.iter().find(|one| one.profile.name == name).map(|one| one.profile.clone());
        let found = found.or_else(|| profiles().iter().find(|p| p.name == name).cloned());
        let wrong = || Invalid::field("name", "There is no such layout", name);
        let profile = found.ok_or_else(wrong)?;
        let text = serde_json::to_string_pretty(&profile)?;
        out.answer(&profile, || text)?;
        return done();
    }
    out.answer(&all, || {
        let line = |one: &sundry_desk::cash::csv_profiles::CsvProfile| {
            let whose =
                if one.ships { "ships".to_owned() } else { format!("version {} by {}", one.version, one.written_by) };
            format!("csv:{} ({whose})\n", one.profile.name)
        };
        all.iter().map(line).collect()
    })?;
    done()
}

async fn preview(shop: &Shop, file: &std::path::Path, sample: &std::path::Path, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let profile: Profile = read_json(file)?;
    let bytes = child::as_table(bytes_of(sample, "preview")?).await?;
    let name = sample.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let seen = preview_csv_profile(&open.by, &name, &bytes, &profile)?;
    out.answer(&seen, || {
        let mut words =
            format!("{}; in {}, out {}\n", counted(seen.rows, "row", "rows"), Pence(seen.credits), Pence(seen.debits));
        for entry in &seen.entries {
            words.push_str(&format!("  {} {} {}\n", entry.booked_on, Pence(entry.amount), visible(&entry.narrative())));
        }
        for problem in &seen.problems {
            words.push_str(&format!("  {}\n", visible(&problem.to_string())));
        }
        words
    })?;
    Ok(if seen.problems.is_empty() { DONE } else { NOT_UNDERSTOOD })
}
