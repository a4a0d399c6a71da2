//! `backing`: files behind invoices and credit notes.
use super::out::{Out, table};
use super::{Shop, bytes_of, done};
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::Outcome;
use sundry_desk::delivery::{
    AttachBacking, BackingShown, WithdrawBacking, attach_backing, backing_of, bundle_pdf, withdraw_backing,
};

/// Files behind documents.
#[derive(Debug, Subcommand)]
pub enum Backing {
    /// Put a PDF, a CSV file or a text behind a document; what names a patient is masked, or the file refused
    Attach {
        /// Number of the invoice or credit note
        number: String,
        /// The file
        file: PathBuf,
        /// Somebody looked through the PDF: it names no patient
        #[arg(long)]
        looked_through: bool,
    },
    /// List the files behind a document
    List {
        /// Number of the invoice or credit note
        number: String,
    },
    /// Take a file away from a document
    Withdraw {
        /// Number of the invoice or credit note
        number: String,
        /// The file, by the id that `list` shows
        file: i64,
    },
    /// Document and files as one PDF with an index, on the standard output
    Bundle {
        /// Number of the invoice or credit note
        number: String,
    },
}

/// Files behind documents.
pub async fn backing(shop: &Shop, ask: Backing, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    let shown = match ask {
        Backing::Attach { number, file, looked_through } => {
            let bytes = bytes_of(&file, "file")?;
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            attach_backing(desk, by, AttachBacking { key: shop.key(), number, name, looked_through }, bytes).await?
        }
        Backing::List { number } => backing_of(desk, by, &number).await?,
        Backing::Withdraw { number, file } => {
            withdraw_backing(desk, by, WithdrawBacking { key: shop.key(), number, file }).await?
        }
        Backing::Bundle { number } => {
            out.write(&bundle_pdf(desk, by, &number).await?)?;
            return done();
        }
    };
    out.answer(&shown, || words(&shown))?;
    done()
}

fn words(shown: &BackingShown) -> String {
    let rows: Vec<Vec<String>> = shown
        .files
        .iter()
        .map(|one| {
            let (size, masked) = (one.size_bytes.to_string(), one.masked_count.to_string());
            vec![one.id.to_string(), one.name.clone(), size, masked, one.added_on.to_string()]
        })
        .collect();
    format!("{}: {} bytes as one PDF\n", shown.number, shown.bundle_bytes)
        + &table(&["id", "file", "bytes", "masked", "added"], &[2, 3], &rows)
}
