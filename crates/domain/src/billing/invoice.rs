//! What an invoice must contain (INV-01 to INV-03): every fault is listed at once.
use super::{LineAsk, VatCode, refusals};
use crate::money::{LARGEST, divide_half_up};
use crate::refusal::{Invalid, Refusal};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Who raises the invoice.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplier {
    /// Legal name.
    pub name: String,
    /// Postal address.
    pub address: Vec<String>,
    /// VAT registration number; none for a body that is not registered.
    pub vat_number: Option<String>,
}

/// An invoice as asked for, before it has a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceAsk {
    /// Who raises it.
    pub supplier: Supplier,
    /// Who owes it.
    pub customer_name: String,
    /// Where they live or trade.
    pub customer_address: Vec<String>,
    /// Date of issue.
    pub issue_on: NaiveDate,
    /// When the service was completed or the goods made available.
    pub supply_on: Option<NaiveDate>,
    /// When it is due.
    pub due_on: NaiveDate,
    /// Purchase order number.
    pub po_number: String,
    /// Whether this customer will not pay without one.
    pub po_required: bool,
    /// The charges.
    pub lines: Vec<LineAsk>,
}

/// Everything wrong with an invoice; the row is the line number. Empty when it may be posted.
pub fn validate_invoice(ask: &InvoiceAsk) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let taxable = ask.lines.iter().any(|line| line.vat_code.is_taxable());
    if blank(&ask.supplier.name) || ask.supplier.address.iter().all(|line| blank(line)) {
        wrong.push(Invalid::field(
            "supplier",
            "Enter the organisation's name and address in settings",
            &ask.supplier.name,
        ));
    }
    if blank(&ask.customer_name) {
        wrong.push(Invalid::field("customer name", "Enter the customer's name", ""));
    }
    if ask.customer_address.iter().all(|line| blank(line)) {
        wrong.push(Invalid::field("customer address", "Enter the customer's address", ""));
    }
    if taxable && ask.supply_on.is_none() {
        wrong.push(Invalid::field("supply date", "Enter the day the service was completed", ""));
    }
    if ask.due_on < ask.issue_on {
        let message = format!("Enter a date on or after {}", ask.issue_on.format("%-d %B %Y"));
        wrong.push(Invalid::field("due date", message, ask.due_on.to_string()));
    }
    if ask.po_required && blank(&ask.po_number) {
        wrong.push(Invalid::field("purchase order", "Enter the purchase order number: this customer requires one", ""));
    }
    if ask.lines.is_empty() {
        wrong.push(Invalid::field("lines", "Enter at least one line", ""));
    }
    for (i, line) in ask.lines.iter().enumerate() {
        validate_line(i as u64 + 1, line, &mut wrong);
    }
    wrong
}

fn validate_line(row: u64, line: &LineAsk, wrong: &mut Vec<Invalid>) {
    if blank(&line.description) {
        wrong.push(Invalid::row(row, "description", "Enter what the charge is for", &line.description));
    }
    if line.quantity_e4 <= 0 {
        wrong.push(Invalid::row(row, "quantity", "Enter a quantity above zero", e4(line.quantity_e4)));
    }
    if line.unit_price_e4 <= 0 {
        let message = "Enter a price above zero; use a credit note to reduce a charge";
        wrong.push(Invalid::row(row, "unit price", message, e4(line.unit_price_e4)));
    }
    let pence = divide_half_up(i128::from(line.quantity_e4) * i128::from(line.unit_price_e4), 1_000_000);
    if pence > i128::from(LARGEST.0) {
        wrong.push(Invalid::row(
            row,
            "unit price",
            "Enter an amount of at most £10,000,000,000",
            e4(line.unit_price_e4),
        ));
    }
    if blank(&line.income_code) {
        wrong.push(Invalid::row(row, "income code", "Choose an income code", &line.income_code));
    }
}

/// A body with no VAT number may charge only exempt and outside-scope lines (INV-E12).
pub fn may_charge_vat(vat_number: Option<&str>, codes: impl IntoIterator<Item = VatCode>) -> Result<(), Refusal> {
    let registered = vat_number.is_some_and(|number| !blank(number));
    match codes.into_iter().find(|code| code.is_taxable()) {
        Some(code) if !registered => Err(refusals::NOT_REGISTERED.because(format!(
            "This organisation has no VAT number, so it cannot use VAT code {} ({})",
            code.as_str(),
            code.name()
        ))),
        _ => Ok(()),
    }
}

fn blank(text: &str) -> bool {
    text.trim().is_empty()
}

/// A number of ten-thousandths as it was typed.
fn e4(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    let text = format!("{sign}{}.{:04}", size / 10_000, size % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn good() -> InvoiceAsk {
        InvoiceAsk {
            supplier: Supplier {
                name: "Fenmarch Council".into(),
                address: vec!["Civic Hall".into()],
                vat_number: Some("GB123456789".into()),
            },
            customer_name: "Ash Ltd".into(),
            customer_address: vec!["1 Low Road".into()],
            issue_on: d("2026-11-21"),
            supply_on: Some(d("2026-11-20")),
            due_on: d("2026-12-21"),
            po_number: String::new(),
            po_required: false,
            lines: vec![LineAsk {
                description: "Skip hire".into(),
                quantity_e4: 10_000,
                unit_price_e4: 1_000_000,
                vat_code: VatCode::S,
                gross_entered: false,
                income_code: "4000".into(),
                cost_centre: String::new(),
            }],
        }
    }

    #[test]
    fn a_full_invoice_has_nothing_wrong() {
        assert_eq!(validate_invoice(&good()), []);
    }

    #[test]
    fn inv_01_every_fault_is_listed_at_once_by_line() {
        let mut ask = good();
        ask.customer_name = " ".into();
        ask.customer_address.clear();
        ask.supply_on = None;
        ask.due_on = d("2026-11-01");
        ask.po_required = true;
        ask.lines.push(LineAsk {
            description: String::new(),
            quantity_e4: 0,
            unit_price_e4: -5,
            ..ask.lines[0].clone()
        });
        let wrong = validate_invoice(&ask);
        let places: Vec<(Option<u64>, &str)> = wrong.iter().map(|one| (one.row, one.field.as_str())).collect();
        let expected = [
            (None, "customer name"),
            (None, "customer address"),
            (None, "supply date"),
            (None, "due date"),
            (None, "purchase order"),
            (Some(2), "description"),
            (Some(2), "quantity"),
            (Some(2), "unit price"),
        ];
        assert_eq!(places, expected);
        assert_eq!(wrong[7].typed, "-0.0005");
    }

    #[test]
    fn inv_e12_a_body_that_is_not_registered_may_not_charge_vat() {
        let refused = may_charge_vat(None, [VatCode::O, VatCode::S]).expect_err("not registered");
        assert_eq!(refused.code, "INV-03-NOT-REGISTERED");
        assert!(may_charge_vat(Some(""), [VatCode::Z]).is_err());
        assert_eq!(may_charge_vat(None, [VatCode::E, VatCode::O]), Ok(()));
        assert_eq!(may_charge_vat(Some("GB123456789"), [VatCode::S]), Ok(()));
    }
}
