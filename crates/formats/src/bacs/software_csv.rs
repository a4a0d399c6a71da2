//! The simpler CSV forms that approved software and bureaux take instead of Standard 18.

use super::standard18::{Origin, Record, Submission};
use crate::money::write_pounds;
use serde::{Deserialize, Serialize};

/// Whose form it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Software {
    /// PayGate's payment editor: ten columns, pounds, dd/mm/yyyy, no header.
    PayGate,
    /// SDDirect (Access DDCMS): eleven columns with a header.
    SdDirect,
    /// EaziPay: fifteen columns, pence, no header.
    EaziPay,
    /// Refunds to AccessPay: sort code, account, name, pounds, reference.
    AccessPay,
}

/// The records in another program's form. The records are those [`super::standard18::write`] would take.
pub fn write(submission: &Submission, software: Software) -> Vec<u8> {
    let mut out = Vec::new();
    if software == Software::SdDirect {
        out.push(SDDIRECT_COLUMNS.map(str::to_owned).to_vec());
    }
    for record in &submission.records {
        out.push(row(record, &submission.origin, &submission.sun, software));
    }
    let mut text = String::new();
    for cells in out {
        text.push_str(&cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","));
        text.push_str("\r\n");
    }
    text.into_bytes()
}

const SDDIRECT_COLUMNS: [&str; 11] = [
    "Destination Account Name",
    "Destination Sort Code",
    "Destination Account Number",
    "Payment Reference",
    "Amount",
    "Transaction code",
    "Realtime Information Checksum",
    "Pay Date",
    "Originating Sort Code",
    "Originating Account Number",
    "Originating Account Name",
];

fn row(r: &Record, o: &Origin, sun: &str, software: Software) -> Vec<String> {
    let pounds = write_pounds(r.amount_pence);
    let code = r.code.as_str().to_owned();
    let day = |format: &str| r.process_on.format(format).to_string();
    let s = |text: &str| text.to_owned();
    match software {
        Software::PayGate => vec![
            s(&r.sort_code),
            s(&r.account),
            s(&r.name),
            pounds,
            code,
            s(&o.sort_code),
            s(&o.account),
            s(&o.name),
            s(&r.reference),
            day("%d/%m/%Y"),
        ],
        Software::SdDirect => vec![
            s(&r.name),
            s(&r.sort_code),
            s(&r.account),
            s(&r.reference),
            pounds,
            code,
            String::new(),
            day("%Y%m%d"),
            s(&o.sort_code),
            s(&o.account),
            s(&o.name),
        ],
        Software::EaziPay => vec![
            code,
            s(&o.sort_code),
            s(&o.account),
            s(&r.sort_code),
            s(&r.account),
            s(&r.name),
            s("0"),
            r.amount_pence.to_string(),
            day("%d/%m/%Y"),
            String::new(),
            s(&o.narrative),
            s(&r.reference),
            s(sun),
            String::new(),
            String::new(),
        ],
        Software::AccessPay => vec![s(&r.sort_code), s(&r.account), s(&r.name), pounds, s(&r.reference)],
    }
}

/// Bacs text has no comma or quotation mark; a leading `-` would be taken for a formula.
fn quoted(cell: &str) -> String {
    if cell.starts_with('-') { format!("\"'{cell}\"") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::super::standard18::{Code, Contra, LineEnd};
    use super::*;

    #[test]
    fn each_program_gets_its_columns() {
        let record = Record {
            code: Code::Regular,
            sort_code: "107999".into(),
            account: "88837491".into(),
            name: "MRS A PATEL".into(),
            reference: "SUN0000012345".into(),
            amount_pence: 4_550,
            process_on: chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        };
        let submission = Submission {
            serial: "325001".into(),
            sun: "123456".into(),
            created_on: record.process_on,
            expires_on: record.process_on,
            multi_day: false,
            origin: Origin {
                sort_code: "089999".into(),
                account: "66374958".into(),
                name: "EXAMPLE NHS TRUST".into(),
                narrative: "EXAMPLE NHS TRUST".into(),
            },
            records: vec![record],
            contra: Contra::Written,
            line_end: LineEnd::CrLf,
        };
        let text = |software| String::from_utf8(write(&submission, software)).unwrap();
        assert_eq!(
            text(Software::PayGate),
            "107999,88837491,MRS A PATEL,45.50,17,089999,66374958,EXAMPLE NHS TRUST,SUN0000012345,23/11/2026\r\n"
        );
        assert!(text(Software::SdDirect).ends_with(
            "\r\nMRS A PATEL,107999,88837491,SUN0000012345,45.50,17,,20261123,089999,66374958,EXAMPLE NHS TRUST\r\n"
        ));
        assert_eq!(
            text(Software::EaziPay),
            "17,089999,66374958,107999,88837491,MRS A PATEL,0,4550,23/11/2026,,EXAMPLE NHS TRUST,SUN0000012345,123456,,\r\n"
        );
        assert_eq!(text(Software::AccessPay), "107999,88837491,MRS A PATEL,45.50,SUN0000012345\r\n");
    }
}
