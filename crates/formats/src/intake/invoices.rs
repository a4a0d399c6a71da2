//! `import invoices`, with or without lines.

use super::table::{Fields, Intake, Numbered, RowProblem, Shape, read};
use crate::money;
use chrono::NaiveDate;
use std::collections::{HashMap, HashSet};

const INVOICES: Shape = Shape {
    required: &["invoice_no", "customer_id", "invoice_date", "due_date", "po_number", "net", "vat", "gross"],
    optional: &["service", "debt_type", "income_code", "cost_centre", "reference"],
};

const LINES: Shape = Shape {
    required: &["invoice_no", "line_no", "description", "quantity", "unit_price", "vat_code", "net", "vat"],
    optional: &["income_code", "cost_centre"],
};

/// One invoice as sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceRow {
    /// The old ledger's number, kept.
    pub invoice_no: String,
    /// Whose it is.
    pub customer_id: String,
    /// Date of the invoice.
    pub invoice_date: NaiveDate,
    /// The day it falls due.
    pub due_date: NaiveDate,
    /// The customer's order number, or empty.
    pub po_number: String,
    /// Pence without VAT.
    pub net: i64,
    /// Pence of VAT.
    pub vat: i64,
    /// Pence in all.
    pub gross: i64,
    /// Service, or empty.
    pub service: String,
    /// Debt type, or empty.
    pub debt_type: String,
    /// Income code, or empty.
    pub income_code: String,
    /// Cost centre, or empty.
    pub cost_centre: String,
    /// Any other reference, or empty.
    pub reference: String,
}

/// One line of an invoice as sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvoiceLineRow {
    /// The invoice it belongs to.
    pub invoice_no: String,
    /// Its place on the invoice, from 1.
    pub line_no: u32,
    /// What it is for.
    pub description: String,
    /// Thousandths of a unit: 1.5 is 1500.
    pub quantity_thousandths: i64,
    /// Ten-thousandths of a pound: 1.2345 is 12345.
    pub unit_price_ten_thousandths: i64,
    /// VAT code, such as `S`, `R`, `Z`, `E`, `O`.
    pub vat_code: String,
    /// Pence without VAT.
    pub net: i64,
    /// Pence of VAT.
    pub vat: i64,
    /// Income code, or empty.
    pub income_code: String,
    /// Cost centre, or empty.
    pub cost_centre: String,
}

/// Reads invoices.
pub fn read_invoices(bytes: &[u8]) -> Intake<InvoiceRow> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    read(bytes, &INVOICES, |fields| {
        let invoice = invoice(fields);
        let number = fields.typed("invoice_no").to_owned();
        if !number.is_empty()
            && let Some(first) = seen.insert(number, fields.row)
        {
            fields.wrong("invoice_no", "duplicate", format!("is also on row {first}"));
        }
        invoice
    })
}

fn invoice(fields: &mut Fields<'_>) -> Option<InvoiceRow> {
    let invoice_no = fields.identity("invoice_no");
    let customer_id = fields.identity("customer_id");
    let (invoice_date, due_date) = (fields.date("invoice_date"), fields.date("due_date"));
    let (net, vat, gross) = (fields.pence("net"), fields.pence("vat"), fields.pence("gross"));
    if let (Some(raised), Some(due)) = (invoice_date, due_date)
        && due < raised
    {
        fields.wrong("due_date", "date.order", "is before the invoice date");
    }
    if let (Some(net), Some(vat), Some(gross)) = (net, vat, gross)
        && net + vat != gross
    {
        let message = format!("net and VAT come to {}", money::write_pounds(net + vat));
        fields.wrong("gross", "money.sum", message);
    }
    let mut text = |field: &str| fields.text(field);
    let (po_number, service, debt_type) = (text("po_number"), text("service"), text("debt_type"));
    let (income_code, cost_centre, reference) = (text("income_code"), text("cost_centre"), text("reference"));
    Some(InvoiceRow {
        invoice_no,
        customer_id,
        invoice_date: invoice_date?,
        due_date: due_date?,
        po_number,
        net: net?,
        vat: vat?,
        gross: gross?,
        service,
        debt_type,
        income_code,
        cost_centre,
        reference,
    })
}

/// Reads invoice lines.
pub fn read_invoice_lines(bytes: &[u8]) -> Intake<InvoiceLineRow> {
    let mut seen: HashSet<(String, u32)> = HashSet::new();
    read(bytes, &LINES, |fields| {
        let line = line(fields);
        if let Some(line) = &line
            && !seen.insert((line.invoice_no.clone(), line.line_no))
        {
            fields.wrong("line_no", "duplicate", "this line of this invoice is in the file twice");
        }
        line
    })
}

fn line(fields: &mut Fields<'_>) -> Option<InvoiceLineRow> {
    let invoice_no = fields.identity("invoice_no");
    let line_no = fields.whole("line_no", 1, 100_000);
    let description = fields.needed("description");
    let quantity = decimal(fields, "quantity", 3);
    let unit_price = decimal(fields, "unit_price", 4);
    let vat_code = fields.needed("vat_code");
    let (net, vat) = (fields.pence("net"), fields.pence("vat"));
    let (income_code, cost_centre) = (fields.text("income_code"), fields.text("cost_centre"));
    Some(InvoiceLineRow {
        invoice_no,
        line_no: line_no?,
        description,
        quantity_thousandths: quantity?,
        unit_price_ten_thousandths: unit_price?,
        vat_code,
        net: net?,
        vat: vat?,
        income_code,
        cost_centre,
    })
}

/// A signed decimal with at most so many places, scaled to a whole number.
fn decimal(fields: &mut Fields<'_>, field: &str, places: u32) -> Option<i64> {
    let typed = fields.typed(field);
    let (negative, rest) = typed.strip_prefix('-').map_or((false, typed), |rest| (true, rest));
    match money::unsigned(rest, places, '.') {
        Ok(scaled) => Some(if negative { -scaled } else { scaled }),
        Err(money::MoneyError::Precision) => {
            fields.wrong(field, "number.precision", format!("has more than {places} decimal places"));
            None
        }
        Err(_) => {
            fields.wrong(field, "number", "is not a number, or is too large");
            None
        }
    }
}

/// Checks lines against their invoices: each line belongs to an invoice, and lines come to the invoice's net and VAT.
///
/// Gives problems of the invoice file and problems of the lines file. An invoice without lines is not a problem.
pub fn check_lines(
    invoices: &[Numbered<InvoiceRow>],
    lines: &[Numbered<InvoiceLineRow>],
) -> (Vec<RowProblem>, Vec<RowProblem>) {
    let known: HashSet<&str> = invoices.iter().map(|i| i.value.invoice_no.as_str()).collect();
    let mut sums: HashMap<&str, (i64, i64)> = HashMap::new();
    let mut of_lines = Vec::new();
    for line in lines {
        let number = line.value.invoice_no.as_str();
        if known.contains(number) {
            let sum = sums.entry(number).or_default();
            sum.0 += line.value.net;
            sum.1 += line.value.vat;
        } else {
            of_lines.push(RowProblem::new(
                line.row,
                "invoice_no",
                "invoice.unknown",
                "no invoice of this number is in the invoice file",
                number,
            ));
        }
    }
    let mut of_invoices = Vec::new();
    for invoice in invoices {
        let Some((net, vat)) = sums.get(invoice.value.invoice_no.as_str()) else {
            continue;
        };
        for (field, sum, stated) in [("net", *net, invoice.value.net), ("vat", *vat, invoice.value.vat)] {
            if sum != stated {
                let message = format!("its lines come to {}", money::write_pounds(sum));
                of_invoices.push(RowProblem::new(
                    invoice.row,
                    field,
                    "money.sum",
                    message,
                    &money::write_pounds(stated),
                ));
            }
        }
    }
    (of_invoices, of_lines)
}
