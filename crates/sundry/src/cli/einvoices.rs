//! `einvoice`: invoices over the Peppol network.
use super::out::{Out, busy, table};
use super::{Shop, done, file_bytes};
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::delivery::einvoice::{
    SendEinvoices, SettleEinvoice, TakeAnswer, collect_answers, einvoice, einvoice_xml, einvoices, preview_einvoice,
    send_einvoices, settle_einvoice, take_answer,
};
use sundry_desk::{No, Outcome};
use sundry_domain::delivery::einvoice::EState;
use sundry_domain::refusal::Invalid;

/// E-invoices.
#[derive(Debug, Subcommand)]
pub enum Einvoice {
    /// Take the answers that came, then write every e-invoice that waits for the access point
    Send {
        /// At most so many
        #[arg(long, default_value_t = 10_000)]
        limit: i64,
    },
    /// List e-invoices: the newest, or those in a state
    List {
        /// blocked, written, delivered, rejected, queried, refused, accepted, paid and so on
        #[arg(default_value = "")]
        state: String,
    },
    /// Show where one stands, and what is known of its way
    Show {
        /// Number of the invoice or credit note
        number: String,
    },
    /// Show what would be sent, and what stands in the way; nothing is kept
    Preview {
        /// Number of the invoice or credit note
        number: String,
    },
    /// The file as it was written, on the standard output
    File {
        /// Number of the invoice or credit note
        number: String,
    },
    /// Take a customer's answer from a file
    Answer {
        /// The file
        file: PathBuf,
    },
    /// Say what became of one, or what is to become of it
    Settle {
        /// Number of the invoice or credit note
        number: String,
        /// delivered, rejected, again or withdrawn
        outcome: String,
        /// How you know
        #[arg(long)]
        words: String,
    },
}

fn named(state: &str) -> &'static str {
    EState::parse(state).map_or("Not known", EState::name)
}

/// E-invoices.
pub async fn einvoice_of(shop: &Shop, ask: Einvoice, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Einvoice::Send { limit } => {
            let answers = collect_answers(desk, by).await?;
            let showing = busy("Writing");
            let told = |done: i64, of: i64| showing.now(format!("Writing {done} of {of}"));
            let sent = send_einvoices(desk, by, SendEinvoices { key: shop.key(), limit }, &told).await?;
            drop(showing);
            out.answer(&serde_json::json!({ "answers": answers, "sent": sent }), || {
                let (taken, refused) = (answers.taken.len(), answers.refused.len());
                let (written, blocked, unknown) = (sent.written, sent.blocked, sent.unknown);
                format!(
                    "Answers: {taken} taken, {refused} refused. Written: {written}; cannot be sent: {blocked}; not known: {unknown}."
                )
            })?;
        }
        Einvoice::List { state } => {
            let page = einvoices(desk, by, &state).await?;
            out.answer(&page, || {
                let line = |row: &sundry_store::delivery::einvoice::EinvoiceRow| {
                    vec![
                        row.document_number.clone(),
                        row.receiver.clone(),
                        named(&row.state).to_owned(),
                        row.settled_on.map(|day| day.to_string()).unwrap_or_default(),
                        row.reason.clone(),
                    ]
                };
                let rows: Vec<Vec<String>> = page.rows.iter().map(line).collect();
                table(&["document", "to", "state", "since", "why"], &[], &rows)
            })?;
        }
        Einvoice::Show { number } => {
            let shown = einvoice(desk, by, &number).await?;
            out.answer(&shown, || {
                let line = |e: &sundry_store::delivery::proof::DeliveryEventRow| {
                    vec![e.on_day.to_string(), named(&e.outcome).to_owned(), e.code.clone(), e.words.clone()]
                };
                let rows: Vec<Vec<String>> = shown.events.iter().map(line).collect();
                format!("{}: {}\n", shown.row.document_number, named(&shown.row.state))
                    + &table(&["day", "what", "code", "words"], &[], &rows)
            })?;
        }
        Einvoice::Preview { number } => {
            let made = preview_einvoice(desk, by, &number).await?;
            out.answer(&made, || {
                let wrong = made.problems.iter().map(|p| format!("{} {}: {}\n", p.code, p.about, p.words));
                wrong.collect::<String>() + &made.xml
            })?;
        }
        Einvoice::File { number } => out.write(&einvoice_xml(desk, by, &number).await?)?,
        Einvoice::Answer { file } => {
            let typed = file.display().to_string();
            let bytes = file_bytes(&file).map_err(|why| No::from(Invalid::field("file", why, &typed)))?;
            let file_name = file.file_name().and_then(|name| name.to_str()).unwrap_or("answer.xml").to_owned();
            let taken = take_answer(desk, by, TakeAnswer { key: shop.key(), file_name, bytes }).await?;
            out.answer(&taken, || format!("{} is now: {}.", taken.number, named(&taken.state)))?;
        }
        Einvoice::Settle { number, outcome, words } => {
            let ask = SettleEinvoice { key: shop.key(), number, outcome, words };
            let row = settle_einvoice(desk, by, ask).await?;
            out.answer(&row, || format!("{} is now: {}.", row.document_number, named(&row.state)))?;
        }
    }
    done()
}
