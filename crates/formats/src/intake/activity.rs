//! Activity: a row for each piece of service that was delivered.

use super::table::{Fields, RowProblem, Shape, read};
use chrono::NaiveDate;

const SHAPE: Shape = Shape {
    required: &["reference", "service", "unit", "from", "quantity"],
    optional: &["service_user", "contract", "funder", "to", "rate"],
};

/// One row as sent; what is typed in words is left for the desk to understand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivityLine {
    /// The row as a spreadsheet numbers it.
    pub row: usize,
    /// Its reference in the system it comes from.
    pub reference: String,
    /// Service code or words.
    pub service: String,
    /// Reference of the service user.
    pub service_user: String,
    /// Number of the contract.
    pub contract: String,
    /// Customer number of who is to pay.
    pub funder: String,
    /// What is counted.
    pub unit: String,
    /// First day; none where it cannot be read.
    pub from_on: Option<NaiveDate>,
    /// Last day, where there is one that can be read.
    pub to_on: Option<NaiveDate>,
    /// How many.
    pub quantity: String,
    /// Pounds each.
    pub rate: String,
}

/// Reads activity: every row, and everything about the file that cannot be read.
pub fn read_activity(bytes: &[u8]) -> (Vec<ActivityLine>, Vec<RowProblem>) {
    let mut rows = Vec::new();
    let intake = read(bytes, &SHAPE, |fields| {
        let row = line(fields);
        rows.push(row);
        None::<()>
    });
    (rows, intake.problems)
}

fn line(fields: &mut Fields<'_>) -> ActivityLine {
    let to_on = if fields.typed("to").is_empty() { None } else { fields.date("to") };
    ActivityLine {
        row: fields.row,
        reference: fields.identity("reference"),
        service: fields.needed("service"),
        service_user: fields.text("service_user"),
        contract: fields.text("contract"),
        funder: fields.text("funder"),
        unit: fields.text("unit"),
        from_on: fields.date("from"),
        to_on,
        quantity: fields.text("quantity"),
        rate: fields.text("rate"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bil_05_activity_gives_every_row_and_every_fault() {
        let file = "reference,service,service_user,unit,from,to,quantity\n\
                    V-1,Home care,P104482,hour,2026-05-04,,0.75\n\
                    ,,P104482,hour,4 May,2026-13-01,x\n";
        let (rows, problems) = read_activity(file.as_bytes());
        assert_eq!((rows.len(), rows[0].quantity.as_str(), rows[1].from_on), (2, "0.75", None));
        let places: Vec<(usize, &str)> = problems.iter().map(|one| (one.row, one.field.as_str())).collect();
        assert_eq!(places, [(3, "to"), (3, "reference"), (3, "service"), (3, "from")]);
        let (rows, problems) = read_activity(b"reference,service\nV-1,Home care\n");
        assert_eq!((rows.len(), problems.len()), (0, 3), "three columns are missing");
    }
}
