//! What goes out: debts placed, with a control file beside them, and changes to them day by day.
use crate::csv_out::{Cell, write};
use chrono::NaiveDate;

/// A debt that is placed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// Number of the case and the round.
    pub account_number: String,
    /// Debts without interest and costs.
    pub principal_pence: i64,
    /// Interest and compensation.
    pub interest_pence: i64,
    /// Costs.
    pub fees_pence: i64,
    /// First name; empty for a company.
    pub first_name: String,
    /// Last name, or all of it.
    pub last_name: String,
    /// Name of a company.
    pub company: String,
    /// Date of birth, where the agreement lets it go.
    pub dob: Option<NaiveDate>,
    /// E-mail address.
    pub email: String,
    /// Telephone as 447700900123.
    pub mobile: String,
    /// Another telephone.
    pub phone: String,
    /// Address lines, town, county, postcode.
    pub address: [String; 5],
    /// Newest invoice.
    pub last_invoice_on: Option<NaiveDate>,
    /// Newest payment.
    pub last_payment_on: Option<NaiveDate>,
    /// 1, 2, 3.
    pub placement_count: i64,
    /// `needs_care` where the agreement lets it be told; never what kind.
    pub tags: String,
    /// What the debt is for, without a service of a hospital.
    pub notes: String,
    /// What they call us.
    pub client_code: String,
}

const PLACEMENT: &[&str] = &[
    "account_number",
    "balance_total",
    "balance_principal",
    "balance_interest",
    "balance_fees",
    "first_name",
    "last_name",
    "company",
    "dob",
    "email",
    "mobile",
    "phone",
    "address1",
    "address2",
    "city",
    "county",
    "postcode",
    "country",
    "last_invoice_date",
    "last_payment_date",
    "placement_count",
    "tags",
    "notes",
    "currency",
    "client_code",
];

impl Placement {
    /// All of it.
    pub fn total_pence(&self) -> i64 {
        self.principal_pence + self.interest_pence + self.fees_pence
    }
}

/// The placement file: one row of headings, then a row a debt; no last row.
pub fn write_placements(rows: &[Placement]) -> Vec<u8> {
    let cells = rows.iter().map(|p| {
        let text = |text: &str| Cell::Text(text.to_owned());
        let [address1, address2, city, county, postcode] = &p.address;
        vec![
            text(&p.account_number),
            Cell::Pence(p.total_pence()),
            Cell::Pence(p.principal_pence),
            Cell::Pence(p.interest_pence),
            Cell::Pence(p.fees_pence),
            text(&p.first_name),
            text(&p.last_name),
            text(&p.company),
            p.dob.into(),
            text(&p.email),
            text(&p.mobile),
            text(&p.phone),
            text(address1),
            text(address2),
            text(city),
            text(county),
            text(postcode),
            text("GB"),
            p.last_invoice_on.into(),
            p.last_payment_on.into(),
            Cell::Whole(p.placement_count),
            text(&p.tags),
            text(&p.notes),
            text("GBP"),
            text(&p.client_code),
        ]
    });
    write(PLACEMENT, cells)
}

/// What a control file says of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ControlLine {
    /// The file's name.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Rows under the headings.
    pub rows: i64,
    /// Their sum.
    pub sum_pence: i64,
}

/// The control file that goes with a placement.
pub fn write_control(line: &ControlLine) -> Vec<u8> {
    let row = vec![
        Cell::Text(line.file.clone()),
        Cell::Text(line.sha256.clone()),
        Cell::Whole(line.rows),
        Cell::Pence(line.sum_pence),
    ];
    write(&["file", "sha256", "rows", "sum"], [row])
}

/// A change to a debt that is placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Number of the placement.
    pub account_number: String,
    /// PAYMENT, ADJUSTMENT, HOLD, RELEASE, RECALL or ADDRESS.
    pub kind: String,
    /// How much.
    pub amount_pence: i64,
    /// Its day.
    pub on: NaiveDate,
    /// Why.
    pub reason: String,
}

/// The file of changes of a day.
pub fn write_changes(rows: &[Change]) -> Vec<u8> {
    let cells = rows.iter().map(|c| {
        vec![
            Cell::Text(c.account_number.clone()),
            Cell::Text(c.kind.to_uppercase()),
            Cell::Pence(c.amount_pence),
            Cell::Date(c.on),
            Cell::Text(c.reason.clone()),
        ]
    });
    write(&["account_number", "type", "amount", "date", "reason"], cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placement_is_written_as_the_agency_reads_it() {
        let row = Placement {
            account_number: "10004711X-1".into(),
            principal_pence: 120_000,
            interest_pence: 3_692,
            first_name: "Adam".into(),
            last_name: "Example".into(),
            dob: NaiveDate::from_ymd_opt(1970, 1, 1),
            mobile: "447700900123".into(),
            address: ["1 High Street".into(), String::new(), "Morpeth".into(), String::new(), "NE61 1AA".into()],
            last_invoice_on: NaiveDate::from_ymd_opt(2026, 7, 1),
            placement_count: 1,
            ..Placement::default()
        };
        let text = String::from_utf8(write_placements(&[row])).expect("UTF-8");
        let second = text.lines().nth(1).expect("a row");
        assert!(
            text.starts_with("account_number,balance_total,balance_principal,balance_interest,balance_fees,first_name")
        );
        assert_eq!(
            second,
            "10004711X-1,1236.92,1200.00,36.92,0.00,Adam,Example,,1970-01-01,,447700900123,,1 High Street,,Morpeth,,\
             NE61 1AA,GB,2026-07-01,,1,,,GBP,"
        );
        let control = ControlLine { file: "f.csv".into(), sha256: "ab".into(), rows: 1, sum_pence: 123_692 };
        assert_eq!(write_control(&control), b"file,sha256,rows,sum\nf.csv,ab,1,1236.92\n");
        let on = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
        let recall = Change {
            account_number: "10004711X-1".into(),
            kind: "recall".into(),
            amount_pence: 0,
            on,
            reason: "Paid in full".into(),
        };
        let text = String::from_utf8(write_changes(&[recall])).expect("UTF-8");
        assert_eq!(text, "account_number,type,amount,date,reason\n10004711X-1,RECALL,0.00,2026-11-20,Paid in full\n");
    }
}
