//! Requests of a service in a workbook: a row for each line, rows of one request together.

use super::table::{Fields, RowProblem, Shape, read};
use chrono::NaiveDate;

const SHAPE: Shape = Shape {
    required: &["request", "description", "unit_price", "vat_code"],
    optional: &[
        "service",
        "cost_centre",
        "what_for",
        "customer_id",
        "customer",
        "quantity",
        "income_code",
        "supplied_on",
        "po_number",
    ],
};

/// One line of a request as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestLineRow {
    /// The row as a spreadsheet numbers it.
    pub row: usize,
    /// What holds the lines of one request together.
    pub request: String,
    /// Service.
    pub service: String,
    /// Cost centre.
    pub cost_centre: String,
    /// What it is for, to the desk.
    pub what_for: String,
    /// Customer number, where they were found.
    pub customer_id: String,
    /// The customer in words.
    pub customer: String,
    /// What the charge is for.
    pub description: String,
    /// Quantity.
    pub quantity: String,
    /// Pounds.
    pub unit_price: String,
    /// VAT code.
    pub vat_code: String,
    /// Income code.
    pub income_code: String,
    /// The day supplied, where there is one that can be read.
    pub supplied_on: Option<NaiveDate>,
    /// Purchase order.
    pub po_number: String,
}

/// Reads requests: every row, and everything about the file that cannot be read.
pub fn read_requests(bytes: &[u8]) -> (Vec<RequestLineRow>, Vec<RowProblem>) {
    let mut rows = Vec::new();
    let intake = read(bytes, &SHAPE, |fields| {
        let row = line(fields);
        rows.push(row);
        None::<()>
    });
    (rows, intake.problems)
}

fn line(fields: &mut Fields<'_>) -> RequestLineRow {
    let supplied_on = if fields.typed("supplied_on").is_empty() { None } else { fields.date("supplied_on") };
    RequestLineRow {
        row: fields.row,
        request: fields.identity("request"),
        service: fields.text("service"),
        cost_centre: fields.text("cost_centre"),
        what_for: fields.text("what_for"),
        customer_id: fields.text("customer_id"),
        customer: fields.text("customer"),
        description: fields.needed("description"),
        quantity: fields.text("quantity"),
        unit_price: fields.text("unit_price"),
        vat_code: fields.text("vat_code"),
        income_code: fields.text("income_code"),
        supplied_on,
        po_number: fields.text("po_number"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bil_02_a_workbook_of_requests_gives_every_row_and_every_fault() {
        let file = "request,customer_id,description,unit_price,vat_code,supplied_on\n\
                    A,C100001,Hall hire,100.00,S,2026-05-01\n\
                    ,C100001,,20.00,S,1 May\n";
        let (rows, problems) = read_requests(file.as_bytes());
        assert_eq!((rows.len(), rows[0].unit_price.as_str()), (2, "100.00"));
        let places: Vec<(usize, &str)> = problems.iter().map(|one| (one.row, one.field.as_str())).collect();
        assert_eq!(places, [(3, "supplied_on"), (3, "request"), (3, "description")]);
    }
}
