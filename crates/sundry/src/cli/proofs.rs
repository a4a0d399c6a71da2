//! `proof`: accounts proved as at any day.
use super::input::date;
use super::out::{Out, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::close::proofs::{
    PrepareProof, ProveControls, ReviewProof, account_proof, prepare_proof, proof_pdf, proof_subjects, proofs,
    prove_controls, review_proof,
};
use sundry_desk::{No, Outcome};
use sundry_domain::close::{Proof as Proved, ProofKind};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// Proofs of accounts.
#[derive(Debug, Subcommand)]
pub enum Proof {
    /// Prove one account, or every one, as at the end of a day; nothing is kept
    Show {
        /// bank, receivables, suspense, direct_debit or refunds; every account when not said
        kind: Option<String>,
        /// GL code of the bank, where there are several
        #[arg(long, default_value = "")]
        subject: String,
        /// As at the end of this day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        as_at: Option<NaiveDate>,
    },
    /// Prepare a proof: printed, and kept by its hash, for somebody else's review
    Prepare {
        /// bank, receivables, suspense, direct_debit or refunds
        kind: String,
        /// GL code of the bank, where there are several
        #[arg(long, default_value = "")]
        subject: String,
        /// As at the end of this day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        as_at: Option<NaiveDate>,
        /// What is said of it; needed where something is left unexplained
        #[arg(long, default_value = "")]
        words: String,
    },
    /// Review somebody else's proof
    Review {
        /// The proof
        number: String,
        /// It goes back
        #[arg(long)]
        send_back: bool,
        /// What is said
        #[arg(long, default_value = "")]
        words: String,
    },
    /// Prove every account as at today and keep the figures, as each night
    Night,
    /// List the proofs that were kept
    List,
    /// Write a proof's PDF
    Pdf {
        /// The proof
        number: String,
        /// Where
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// Proofs of accounts.
pub async fn proof(shop: &Shop, ask: Proof, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Proof::Show { kind, subject, as_at } => {
            let as_at = as_at.unwrap_or_else(|| desk.today());
            let wanted = kind.as_deref().map(read_kind).transpose()?;
            let mut told: Vec<(String, Proved)> = Vec::new();
            for one in proof_subjects(desk, by).await? {
                let asked_for =
                    wanted.is_none_or(|kind| kind == one.kind) && (subject.is_empty() || subject == one.subject);
                if asked_for {
                    let made = account_proof(desk, by, (one.kind, &one.subject), as_at).await?;
                    told.push((one.title, made));
                }
            }
            out.answer(&told, || told.iter().map(|(title, made)| shown(title, made)).collect::<Vec<_>>().join("\n"))?;
        }
        Proof::Prepare { kind, subject, as_at, words } => {
            let as_at = as_at.unwrap_or_else(|| desk.today());
            let subject = only_bank(&open, &kind, subject).await?;
            let ask = PrepareProof { key: shop.key(), kind, subject, as_at, words };
            let made = prepare_proof(desk, by, ask).await?;
            let left = Pence(made.unexplained_pence);
            out.answer(&made, || format!("{} is kept, {left} left unexplained.", made.number))?;
        }
        Proof::Review { number, send_back, words } => {
            let ask = ReviewProof { key: shop.key(), number, accept: !send_back, words };
            let answer = review_proof(desk, by, ask).await?;
            out.answer(&answer, || format!("{} is {}.", answer.number, answer.state.replace('_', " ")))?;
        }
        Proof::Night => {
            let answer = prove_controls(desk, by, ProveControls { key: shop.key(), as_at: desk.today() }).await?;
            out.answer(&answer, || {
                let wrong =
                    answer.unexplained.iter().map(|(title, pence)| format!("\n{title}: {} unexplained", Pence(*pence)));
                format!("{} accounts proved.", answer.accounts) + &wrong.collect::<String>()
            })?;
        }
        Proof::List => {
            let rows = proofs(desk, by, None).await?;
            out.answer(&rows, || {
                let line = |row: &sundry_store::control_proof::ProofRow| {
                    let sums = (Pence(row.ledger_pence).pounds(), Pence(row.unexplained_pence).pounds());
                    vec![row.number.clone(), row.kind.clone(), row.as_at.to_string(), sums.0, sums.1, row.state.clone()]
                };
                let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
                table(&["proof", "account", "as at", "ledger", "unexplained", "state"], &[3, 4], &lines)
            })?;
        }
        Proof::Pdf { number, out: path } => {
            let (name, bytes) = proof_pdf(desk, by, &number).await?;
            let typed = path.display().to_string();
            std::fs::write(&path, bytes)
                .map_err(|e| No::from(Invalid::field("out", format!("It cannot be written: {e}"), &typed)))?;
            out.answer(&serde_json::json!({ "file": typed, "name": name }), || format!("{name} is in {typed}."))?;
        }
    }
    done()
}

fn read_kind(text: &str) -> Outcome<ProofKind> {
    let say = "Enter bank, receivables, suspense, direct_debit or refunds";
    ProofKind::parse(text).ok_or_else(|| Invalid::field("kind", say, text).into())
}

/// The GL code of the one bank there is, where none is named.
async fn only_bank(open: &super::Open, kind: &str, subject: String) -> Outcome<String> {
    if kind != ProofKind::Bank.as_str() || !subject.is_empty() {
        return Ok(subject);
    }
    let all = proof_subjects(&open.desk, &open.by).await?;
    let mut banks = all.into_iter().filter(|one| one.kind == ProofKind::Bank);
    Ok(banks.next().map(|one| one.subject).unwrap_or_default())
}

fn shown(title: &str, made: &Proved) -> String {
    let row = |what: &str, count: String, pence: Pence| vec![what.to_owned(), count, pence.pounds()];
    let mut rows = vec![row(&made.other_name, String::new(), made.other)];
    rows.extend(made.groups.iter().map(|group| row(&group.title, group.count.to_string(), group.amount)));
    rows.push(row("balance in the ledger", String::new(), made.ledger));
    rows.push(row("left unexplained", String::new(), made.unexplained()));
    format!("{title}, as at {}\n", made.as_at) + &table(&["what", "lines", "amount"], &[1, 2], &rows)
}
