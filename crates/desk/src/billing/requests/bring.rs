//! Many requests in one workbook: all of them are taken, or every fault is told by row.
use super::ask::{add, new_row};
use super::form::{RequestForm, check};
use crate::core::vault::sha256_hex;
use crate::customers::{check_not_imported, keep_file, refuse_cards};
use crate::{Actor, Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_formats::intake::{RequestLineRow, read_requests};

use super::super::InvoiceLine;

/// Requests of one workbook at most.
const MOST: usize = 500;

/// Sends a workbook of requests.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct BringRequests {
    /// Idempotency key.
    pub key: String,
    /// The file's name, for people.
    pub file_name: String,
    /// The file: CSV, or a workbook as CSV.
    pub file: Vec<u8>,
    /// Service of rows that name none.
    pub service: String,
}

/// Requests that were taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestsBrought {
    /// Their numbers.
    pub numbers: Vec<String>,
    /// What they come to with VAT.
    pub gross_pence: i64,
}

#[derive(Serialize)]
struct Claim<'a> {
    file_name: &'a str,
    file_sha256: &'a str,
    service: &'a str,
}

/// The lines of one request, with the rows they came from.
struct Bundle {
    form: RequestForm,
    rows: Vec<u64>,
}

/// Sends a workbook of requests.
///
/// # Errors
/// Every fault by row; `CUS-ALREADY-IMPORTED` for a file sent before; a service that is not theirs.
pub async fn bring_requests(desk: &Desk, by: &Actor, ask: BringRequests) -> Outcome<RequestsBrought> {
    by.must_hold(Duty::RequestInvoice)?;
    refuse_cards(&[("file name", &ask.file_name), ("service", &ask.service)])?;
    let sha256 = sha256_hex(&ask.file);
    let claim = Claim { file_name: &ask.file_name, file_sha256: &sha256, service: &ask.service };
    let (lines, problems) = read_requests(&ask.file);
    let unread: Vec<Invalid> = problems
        .into_iter()
        .map(|one| Invalid {
            row: (one.row > 0).then_some(one.row as u64),
            field: if one.field.is_empty() { "file".into() } else { one.field },
            message: one.message,
            typed: one.typed,
        })
        .collect();
    let bundles = bundled(lines, &ask.service);
    if bundles.len() > MOST {
        let say = format!("Send at most {MOST} requests in one file");
        return Err(Invalid::field("file", say, bundles.len().to_string()).into());
    }
    command!(desk, by, "bring_requests", &ask.key, &claim, |cmd| {
        check_not_imported(&mut cmd.tx, cmd.by.org, &sha256).await?;
        let mut wrong = unread.clone();
        let (mut rows, mut gross_pence) = (Vec::with_capacity(bundles.len()), 0);
        for bundle in &bundles {
            match check(&mut cmd.tx, desk, by, &bundle.form).await {
                Ok(gross) => {
                    gross_pence += gross.0;
                    rows.push(new_row(cmd, &bundle.form, gross.0, &ask.file_name).await?);
                }
                Err(no) => at_rows(no, bundle, &mut wrong)?,
            }
        }
        if !wrong.is_empty() {
            wrong.sort_by_key(|one| one.row);
            wrong.dedup_by(|a, b| a.row == b.row && a.field == b.field);
            return Err(wrong.into());
        }
        let numbers: Vec<String> = rows.iter().map(|row| row.number.clone()).collect();
        keep_file(cmd, &ask.file_name, &ask.file).await?;
        add(cmd, rows).await?;
        let brought = RequestsBrought { numbers, gross_pence };
        cmd.tell("RequestsBrought", format!("file {sha256}"), &brought);
        Ok(brought)
    })
}

/// Rows with the same word under `request` are one request; what stands once is read from its first row.
fn bundled(lines: Vec<RequestLineRow>, service: &str) -> Vec<Bundle> {
    let mut order: Vec<(String, Bundle)> = Vec::new();
    for line in lines {
        let charge = InvoiceLine {
            description: line.description,
            quantity: line.quantity,
            unit_price: line.unit_price,
            vat_code: line.vat_code,
            income_code: line.income_code,
            gross_entered: false,
        };
        if let Some((_, bundle)) = order.iter_mut().find(|(word, _)| *word == line.request) {
            bundle.form.lines.push(charge);
            bundle.rows.push(line.row as u64);
            continue;
        }
        let own = |text: String, default: &str| if text.is_empty() { default.trim().to_owned() } else { text };
        let what_for = own(line.what_for, &charge.description);
        let form = RequestForm {
            service: own(line.service, service),
            cost_centre: line.cost_centre,
            what_for,
            customer_number: line.customer_id,
            customer_words: line.customer,
            supply_on: line.supplied_on,
            po_number: line.po_number,
            lines: vec![charge],
        };
        order.push((line.request, Bundle { form, rows: vec![line.row as u64] }));
    }
    order.into_iter().map(|(_, bundle)| bundle).collect()
}

/// Puts what is wrong with a request at the rows of the file; a rule that refuses one stands at its first row.
fn at_rows(no: No, bundle: &Bundle, wrong: &mut Vec<Invalid>) -> Outcome<()> {
    let first = bundle.rows.first().copied();
    match no {
        No::Invalid(all) => wrong.extend(all.into_iter().map(|one| {
            let of_line = one.row.and_then(|line| bundle.rows.get(usize::try_from(line).ok()?.checked_sub(1)?));
            Invalid { row: of_line.copied().or(first), ..one }
        })),
        No::Refused(refusal) => wrong.push(Invalid {
            row: first,
            field: if refusal.code.starts_with("BIL-02") { "service" } else { "request" }.into(),
            message: format!("{}. {}", refusal.sentence, refusal.way_out),
            typed: bundle.form.service.clone(),
        }),
        other => return Err(other),
    }
    Ok(())
}
