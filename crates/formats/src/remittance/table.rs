//! Advice as a table: the headings say which column is which.
use super::{Advice, MOST_LINES, RemittanceLine, amount};

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Reference,
    Paid,
    Gross,
    Deducted,
    Reason,
    Kind,
}

/// Headings, as squeezed small letters, best first for each column.
const HEADINGS: &[(Column, &[&str])] = &[
    (
        Column::Reference,
        &[
            "invoicenumber",
            "invoiceno",
            "invoice",
            "invoiceref",
            "invoicereference",
            "yourinvoice",
            "yourinvoiceno",
            "supplierinvoice",
            "supplierinvoiceno",
            "supplierinvoicenumber",
            "supplierref",
            "supplierreference",
            "yourref",
            "yourreference",
            "documentnumber",
            "documentno",
            "docno",
            "document",
            "billnumber",
            "bill",
            "reference",
            "ref",
            "item",
            "details",
            "description",
        ],
    ),
    (
        Column::Paid,
        &[
            "amountpaid",
            "paid",
            "paidamount",
            "paymentamount",
            "netpaid",
            "netpayment",
            "netamount",
            "payment",
            "amounttopay",
            "allocated",
            "amount",
            "amountgbp",
            "value",
            "net",
            "total",
        ],
    ),
    (Column::Gross, &["gross", "grossamount", "invoiceamount", "invoicetotal", "invoicevalue", "originalamount"]),
    (
        Column::Deducted,
        &["deduction", "deductions", "deducted", "discount", "discounttaken", "adjustment", "withheld", "retention"],
    ),
    (Column::Reason, &["reason", "deductionreason", "comment", "comments", "note", "notes", "narrative", "remarks"]),
    (Column::Kind, &["type", "documenttype", "doctype", "transactiontype", "trantype"]),
];

/// Rows looked through for headings.
const HEAD_WITHIN: usize = 30;

/// The table, where there is a row of headings that names a bill and an amount.
pub(super) fn read(text: &str) -> Option<Advice> {
    let delimiter = delimiter_of(text);
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).has_headers(false).delimiter(delimiter).from_reader(text.as_bytes());
    let mut columns: Option<Vec<(Column, usize)>> = None;
    let mut advice = Advice::default();
    for (row, record) in (1..).zip(reader.records()) {
        let Ok(record) = record else { continue };
        let cells: Vec<&str> = record.iter().map(str::trim).collect();
        match &columns {
            None if row > HEAD_WITHIN => return None,
            None => columns = headings(&cells),
            Some(columns) => line(&mut advice, columns, &cells, row),
        }
        if advice.lines.len() > MOST_LINES {
            break;
        }
    }
    columns.is_some().then_some(advice)
}

fn delimiter_of(text: &str) -> u8 {
    let head: Vec<&str> = text.lines().take(HEAD_WITHIN).collect();
    let count = |mark: char| head.iter().map(|line| line.matches(mark).count()).sum::<usize>();
    let best = [',', '\t', ';', '|'].into_iter().max_by_key(|mark| (count(*mark), *mark == ','));
    best.map_or(b',', |mark| mark as u8)
}

fn headings(cells: &[&str]) -> Option<Vec<(Column, usize)>> {
    let squeezed: Vec<String> = cells
        .iter()
        .map(|cell| cell.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect())
        .collect();
    let mut columns: Vec<(Column, usize)> = Vec::new();
    for (column, words) in HEADINGS {
        let free = |at: &usize| !columns.iter().any(|(_, taken)| taken == at);
        let found = words.iter().find_map(|word| (0..squeezed.len()).find(|at| squeezed[*at] == *word && free(at)));
        columns.extend(found.map(|at| (*column, at)));
    }
    let has = |wanted| columns.iter().any(|(column, _)| *column == wanted);
    (has(Column::Reference) && (has(Column::Paid) || has(Column::Gross))).then_some(columns)
}

fn line(advice: &mut Advice, columns: &[(Column, usize)], cells: &[&str], row: usize) {
    let cell = |wanted: Column| {
        let at = columns.iter().find(|(column, _)| *column == wanted).map(|(_, at)| *at);
        at.and_then(|at| cells.get(at)).copied().unwrap_or("").trim_start_matches('\'')
    };
    let (reference, deducted) = (cell(Column::Reference), amount(cell(Column::Deducted)).unwrap_or(0).abs());
    let gross = amount(cell(Column::Gross));
    let paid = amount(cell(Column::Paid)).or_else(|| gross.map(|gross| gross - deducted));
    let is_total = cells.iter().any(|c| {
        let word = c.trim_end_matches(':').to_lowercase();
        matches!(word.as_str(), "total" | "grand total" | "total paid" | "payment total" | "total payment")
    });
    match paid {
        Some(paid) if is_total => advice.total_pence = Some(paid),
        Some(paid) if !reference.is_empty() => {
            let kind = cell(Column::Kind).to_lowercase();
            let credit = kind.contains("credit") || matches!(kind.as_str(), "cn" | "crn" | "cr");
            // What is short of the bill and not called a deduction is one, as the payer has shown both sums.
            let short =
                gross.filter(|gross| deducted == 0 && *gross > paid && paid > 0).map_or(0, |gross| gross - paid);
            advice.lines.push(RemittanceLine {
                row,
                reference: reference.to_owned(),
                paid_pence: if credit && paid > 0 { -paid } else { paid },
                deducted_pence: deducted + short,
                reason: cell(Column::Reason).to_owned(),
            });
        }
        Some(_) => advice.left_out.push(cells.join(" ").trim().to_owned()),
        None if cells.iter().any(|cell| !cell.is_empty() && amount(cell).is_some() && cell.contains('.')) => {
            advice.left_out.push(cells.join(" ").trim().to_owned());
        }
        None => {}
    }
}
