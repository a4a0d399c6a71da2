//! `vat`: the figures of a VAT return, relief on bad debts, recording it as filed.
use super::input::{date, pounds};
use super::out::{Out, counted, table};
use super::{Shop, done};
use chrono::NaiveDate;
use clap::Subcommand;
use sundry_desk::Outcome;
use sundry_desk::billing::{
    AskVatReturn, ClaimVatRelief, FileVatReturn, VatReturnShown, claim_vat_relief, file_vat_return, vat_return,
};
use sundry_domain::money::Pence;

/// VAT.
#[derive(Debug, Subcommand)]
pub enum Vat {
    /// Work out the figures of a return; nothing is kept
    Show {
        /// First day; the day after the last return when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: Option<NaiveDate>,
        /// Last day; three months on when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        to: Option<NaiveDate>,
    },
    /// Claim relief on write-offs whose six months have passed
    Relief,
    /// Record a return as filed, which closes its tax points
    File {
        /// First day
        #[arg(value_name = "FROM", value_parser = date)]
        from: NaiveDate,
        /// Last day
        #[arg(value_name = "TO", value_parser = date)]
        to: NaiveDate,
        /// Box 1 as it was filed, in pounds
        #[arg(long, value_name = "POUNDS", value_parser = pounds, allow_hyphen_values = true)]
        box1: Pence,
        /// What HMRC answered
        #[arg(long)]
        receipt: String,
    },
}

/// VAT.
pub async fn vat(shop: &Shop, ask: Vat, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Vat::Show { from, to } => {
            let answer = vat_return(desk, by, AskVatReturn { from_on: from, to_on: to }).await?;
            out.answer(&answer, || words(&answer))?;
        }
        Vat::Relief => {
            let answer = claim_vat_relief(desk, by, ClaimVatRelief { key: shop.key() }).await?;
            let offs = counted(answer.write_offs as usize, "write-off", "write-offs");
            out.answer(&answer, || format!("{} claimed on {offs}.", Pence(answer.relief_pence)))?;
        }
        Vat::File { from, to, box1, receipt } => {
            let ask = FileVatReturn { key: shop.key(), from_on: from, to_on: to, box1_pence: box1.0, receipt };
            let answer = file_vat_return(desk, by, ask).await?;
            out.answer(&answer, || format!("The return up to {} is recorded as filed.", answer.to_on))?;
        }
    }
    done()
}

fn words(seen: &VatReturnShown) -> String {
    let rows: Vec<Vec<String>> = seen
        .sums
        .iter()
        .map(|sum| {
            let (net, vat) = (Pence(sum.net_pence).pounds(), Pence(sum.vat_pence).pounds());
            vec![sum.kind.replace('_', " "), sum.vat_code.clone(), sum.vat_bp.to_string(), net, vat]
        })
        .collect();
    let boxes = &seen.boxes;
    format!(
        "{} to {}\nbox 1: {}\nbox 4: {}\nbox 6: {}\n",
        seen.from_on, seen.to_on, boxes.box1, boxes.box4, boxes.box6_pounds
    ) + &table(&["what", "code", "rate", "net", "vat"], &[2, 3, 4], &rows)
}
