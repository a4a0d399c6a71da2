//! Rate cards: a row for each service and the days its rate holds.

use super::table::{Fields, RowProblem, Shape, read};
use chrono::NaiveDate;

const SHAPE: Shape = Shape {
    required: &["service_code", "description", "unit", "rate", "vat_code", "from"],
    optional: &["to", "income_code"],
};

/// One rate as sent; what is typed in words is left for the desk to understand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateRow {
    /// The row as a spreadsheet numbers it.
    pub row: usize,
    /// Service code.
    pub service_code: String,
    /// What it is for.
    pub description: String,
    /// What the rate is for.
    pub unit: String,
    /// Pounds.
    pub rate: String,
    /// VAT code.
    pub vat_code: String,
    /// Income code.
    pub income_code: String,
    /// First day; none where it cannot be read.
    pub from_on: Option<NaiveDate>,
    /// Last day, where there is one that can be read.
    pub to_on: Option<NaiveDate>,
}

/// Reads a rate card: every row, and everything about the file that cannot be read.
pub fn read_rates(bytes: &[u8]) -> (Vec<RateRow>, Vec<RowProblem>) {
    let mut rows = Vec::new();
    let intake = read(bytes, &SHAPE, |fields| {
        let row = rate(fields);
        rows.push(row);
        None::<()>
    });
    (rows, intake.problems)
}

fn rate(fields: &mut Fields<'_>) -> RateRow {
    let to_on = if fields.typed("to").is_empty() { None } else { fields.date("to") };
    RateRow {
        row: fields.row,
        service_code: fields.identity("service_code"),
        description: fields.needed("description"),
        unit: fields.text("unit"),
        rate: fields.text("rate"),
        vat_code: fields.text("vat_code"),
        income_code: fields.text("income_code"),
        from_on: fields.date("from"),
        to_on,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bil_03_a_rate_card_gives_every_row_and_every_fault() {
        let file = "service_code,description,unit,rate,vat_code,from,to\n\
                    RES,Residential care,week,905.00,O,2026-04-06,\n\
                    ,Day care,day,41.5,O,2026-13-01,6 April\n";
        let (rows, problems) = read_rates(file.as_bytes());
        assert_eq!((rows.len(), rows[0].rate.as_str(), rows[1].from_on), (2, "905.00", None));
        let places: Vec<(usize, &str)> = problems.iter().map(|one| (one.row, one.field.as_str())).collect();
        assert_eq!(places, [(3, "to"), (3, "service_code"), (3, "from")]);
        let (rows, problems) = read_rates(b"service_code,rate\nRES,1\n");
        assert_eq!((rows.len(), problems.len()), (0, 4), "four columns are missing");
    }
}
