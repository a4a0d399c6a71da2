//! Bank statements as banks write them, for the demo: camt.053, MT940 and CSV.
mod camt;
mod csv;
mod mt940;

use chrono::NaiveDate;

/// Which way a bank writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// ISO 20022 camt.053.
    Camt053,
    /// SWIFT MT940.
    Mt940,
    /// CSV with the bank's ids.
    Csv,
}

/// A line of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The bank's own reference, never given twice.
    pub bank_reference: String,
    /// Money in is positive.
    pub pence: i64,
    /// `FPI`, `BGC`, `STO`, `CHQ`, `UNP`.
    pub kind: &'static str,
    /// Who paid.
    pub payer_name: String,
    /// From which sort code; empty when the bank does not say.
    pub sort_code: String,
    /// From which account.
    pub account: String,
    /// What the payer wrote.
    pub text: String,
}

/// A day's statement of our account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Our sort code.
    pub sort_code: String,
    /// Our account number.
    pub account: String,
    /// Counted from 1.
    pub number: i64,
    /// The day.
    pub on: NaiveDate,
    /// Balance before.
    pub opening_pence: i64,
    /// The lines.
    pub lines: Vec<Line>,
}

impl Statement {
    /// Balance after.
    pub fn closing_pence(&self) -> i64 {
        self.opening_pence + self.lines.iter().map(|line| line.pence).sum::<i64>()
    }

    /// The file: its name and its bytes.
    pub fn file(&self, style: Style) -> (String, Vec<u8>) {
        let (ending, text) = match style {
            Style::Camt053 => ("camt053.xml", camt::write(self)),
            Style::Mt940 => ("mt940", mt940::write(self)),
            Style::Csv => ("csv", csv::write(self)),
        };
        (format!("statement-{}-{:04}.{ending}", self.on, self.number), text.into_bytes())
    }
}

/// What bank systems carry: no slashes, no ampersands, no line that looks like a tag.
pub fn plain(text: &str) -> String {
    let kept = |c: char| if c.is_ascii_alphanumeric() || " -.,'()+?".contains(c) { c } else { ' ' };
    text.chars().map(kept).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Pounds and pence with the sign apart.
fn size(pence: i64, point: char) -> String {
    let size = pence.unsigned_abs();
    format!("{}{point}{:02}", size / 100, size % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sundry_formats::bank_statement::read;

    fn line(reference: &str, pence: i64, kind: &'static str, text: &str) -> Line {
        Line {
            bank_reference: reference.into(),
            pence,
            kind,
            payer_name: "SHAW & SON <LTD>".into(),
            sort_code: "001122".into(),
            account: "12345678".into(),
            text: text.into(),
        }
    }

    #[test]
    fn what_is_written_is_read_back_to_the_penny() {
        let statement = Statement {
            sort_code: "009900".into(),
            account: "11223344".into(),
            number: 7,
            on: "2026-03-02".parse().expect("a date"),
            opening_pence: 100_000,
            lines: vec![
                line("N0001", 12_345, "FPI", "INV-000012, thanks \"Jo\""),
                line("N0002", -4_000, "UNP", "CHQ 000123 REFER TO DRAWER"),
            ],
        };
        for (style, format) in [(Style::Camt053, "camt.053"), (Style::Mt940, "mt940"), (Style::Csv, "csv:neutral")] {
            let (name, bytes) = statement.file(style);
            let file = read(&name, &bytes, None);
            assert_eq!(file.errors, [], "{name}");
            assert_eq!(file.format, format);
            let read = &file.statements[0];
            assert_eq!((read.credits(), read.debits()), (12_345, 4_000), "{name}");
            assert!(read.entries[0].narrative().contains("INV-000012"), "{name}: {:?}", read.entries[0]);
            assert!(read.entries[0].payer_name.as_deref().is_some_and(|n| n.starts_with("SHAW")), "{name}");
            if style != Style::Csv {
                assert_eq!((read.opening, read.closing), (Some(100_000), Some(108_345)));
            }
        }
    }
}
