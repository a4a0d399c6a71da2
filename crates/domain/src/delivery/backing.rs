//! What backs a document, and whose names may not go with it: patients and service users are masked (NHS-02, DEL-07).
use crate::refusal::Refusal;

/// Files of at most this many bytes are kept.
pub const SIZE_MOST: usize = 10 * 1024 * 1024;
/// Rows of a table, or lines of a text, at most.
pub const ROWS_MOST: usize = 5_000;
/// Columns of a table at most.
pub const COLUMNS_MOST: usize = 20;

/// What stands where something was masked.
const MASK: &str = "***";

/// Headings of columns, and labels before a colon, that name a person. Written small and without signs.
const PERSONAL: [&str; 30] = [
    "patient",
    "patientname",
    "nameofpatient",
    "serviceuser",
    "serviceusername",
    "clientname",
    "residentname",
    "surname",
    "familyname",
    "lastname",
    "forename",
    "forenames",
    "firstname",
    "givenname",
    "fullname",
    "name",
    "dob",
    "dateofbirth",
    "birthdate",
    "nhsno",
    "nhsnumber",
    "nhs",
    "hospitalnumber",
    "hospitalno",
    "address",
    "addressline1",
    "patientaddress",
    "postcode",
    "patientpostcode",
    "nationalinsurancenumber",
];

fn bare(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// Whether a heading or a label names what tells who a person is.
pub fn is_personal(heading: &str) -> bool {
    PERSONAL.contains(&bare(heading).as_str())
}

/// Whether ten digits are an NHS number: eleven less the weighted sum, modulo eleven.
pub fn is_nhs_number(digits: &str) -> bool {
    let all: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    if all.len() != 10 || digits.len() != 10 || all.iter().all(|digit| *digit == all[0]) {
        return false;
    }
    let sum: u32 = all[..9].iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    match 11 - sum % 11 {
        10 => false,
        11 => all[9] == 0,
        check => all[9] == check,
    }
}

/// Where NHS numbers stand in a text, as bytes from and to: ten digits together, or in groups of three, three and four.
fn nhs_spans(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !digit(at) || (at > 0 && (digit(at - 1) || bytes[at - 1] == b'.')) {
            at += 1;
            continue;
        }
        match [&[10][..], &[3, 3, 4][..]].iter().find_map(|groups| grouped(bytes, at, groups)) {
            Some((digits, end)) if !digit(end) && is_nhs_number(&digits) => {
                found.push((at, end));
                at = end;
            }
            _ => at += 1,
        }
    }
    found
}

/// Digits in groups with one space or hyphen between them, from a place, and where they end.
fn grouped(bytes: &[u8], from: usize, groups: &[usize]) -> Option<(String, usize)> {
    let (mut digits, mut at) = (String::with_capacity(10), from);
    for (place, count) in groups.iter().enumerate() {
        if place > 0 {
            matches!(bytes.get(at), Some(b' ' | b'-')).then_some(())?;
            at += 1;
        }
        for _ in 0..*count {
            let byte = bytes.get(at).filter(|byte| byte.is_ascii_digit())?;
            digits.push(char::from(*byte));
            at += 1;
        }
    }
    Some((digits, at))
}

/// How many NHS numbers stand in a text.
pub fn nhs_numbers_in(text: &str) -> usize {
    nhs_spans(text).len()
}

/// The text with every NHS number masked, and how many there were.
pub fn mask_numbers(text: &str) -> (String, i64) {
    let spans = nhs_spans(text);
    let mut masked = String::with_capacity(text.len());
    let mut from = 0;
    for (start, end) in &spans {
        masked.push_str(&text[from..*start]);
        masked.push_str(MASK);
        from = *end;
    }
    masked.push_str(&text[from..]);
    (masked, spans.len() as i64)
}

/// A line of plain text with its NHS numbers, and what follows a label such as `Patient:`, masked.
pub fn mask_line(line: &str) -> (String, i64) {
    if let Some((label, rest)) = line.split_once(':')
        && is_personal(label)
        && !rest.trim().is_empty()
    {
        return (format!("{label}: {MASK}"), 1);
    }
    let (line, numbers) = mask_numbers(line);
    let mut words: Vec<String> = Vec::new();
    let mut titles = 0;
    for word in line.split(' ') {
        // A title and a name with a capital: "Mrs Pemberton", "Mr. J Pemberton".
        let after_title = words.last().is_some_and(|before| is_title(before) || before == MASK);
        let initial = word.trim_end_matches('.').len() == 1;
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        if after_title && capital && (titles > 0 || words.last().is_some_and(|before| is_title(before))) {
            titles += i64::from(words.last().is_some_and(|before| is_title(before)));
            let end: String = word.chars().filter(|c| ",;.)".contains(*c) && !initial).collect();
            words.push(format!("{MASK}{end}"));
        } else {
            words.push(word.to_owned());
        }
    }
    (words.join(" "), numbers + titles)
}

fn is_title(word: &str) -> bool {
    let plain = word.trim_start_matches('(').trim_end_matches('.');
    ["Mr", "Mrs", "Ms", "Miss", "Mx", "Master"].contains(&plain)
}

/// A table with its personal columns and its NHS numbers masked, and how many cells and numbers that were.
///
/// The first row has the headings; a cell that is empty has nothing to mask.
pub fn mask_table(rows: &mut [Vec<String>]) -> i64 {
    let Some((head, rest)) = rows.split_first_mut() else { return 0 };
    let personal: Vec<bool> = head.iter().map(|heading| is_personal(heading)).collect();
    let mut count = 0;
    for row in rest {
        for (at, cell) in row.iter_mut().enumerate() {
            if cell.trim().is_empty() {
                continue;
            }
            if personal.get(at).copied().unwrap_or(false) {
                *cell = MASK.to_owned();
                count += 1;
            } else {
                let (masked, numbers) = mask_line(cell);
                *cell = masked;
                count += numbers;
            }
        }
    }
    count
}

/// Refuses a PDF in which an NHS number can be read, or that nobody looked through: what it shows cannot be masked here.
pub fn may_go_with(numbers: usize, page: Option<usize>, looked_through: bool) -> Result<(), Refusal> {
    if numbers > 0 {
        let page = page.map_or_else(String::new, |page| format!(", first on page {page}"));
        let count = crate::words::counted(numbers as i64, "NHS number");
        return Err(super::refusals::BACKING_NAMES_SOMEONE.because(format!("{count} can be read in the PDF{page}")));
    }
    if !looked_through {
        return Err(super::refusals::BACKING_NOT_LOOKED_AT
            .because("A PDF can show who a patient is in ways that no program reads"));
    }
    Ok(())
}

/// Refuses a PDF that is larger than its receiver takes (BIL-16).
pub fn fits(size_bytes: usize, longest_kb: Option<i64>) -> Result<(), Refusal> {
    let Some(most) = longest_kb else { return Ok(()) };
    if size_bytes as i64 <= most.saturating_mul(1_000) {
        return Ok(());
    }
    let size = size_bytes.div_ceil(1_000);
    Err(super::refusals::PDF_TOO_LARGE
        .because(format!("The PDF has {size} kB, and the customer takes {most} kB at most")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn del_07_nhs_numbers_are_known_by_their_check_digit() {
        // 9434765919 is the example number of the NHS data dictionary.
        assert!(is_nhs_number("9434765919"));
        for wrong in ["9434765918", "943476591", "94347659190", "1111111111", "abcdefghij"] {
            assert!(!is_nhs_number(wrong), "{wrong}");
        }
        let text = "NHS 943 476 5919, order 943-476-5919; 9434765919. Phone 01632 960 101, sum 19434765919";
        assert_eq!(nhs_numbers_in(text), 3);
        let (masked, count) = mask_numbers(text);
        assert_eq!(masked, "NHS ***, order ***; ***. Phone 01632 960 101, sum 19434765919");
        assert_eq!(count, 3);
    }

    #[test]
    fn del_07_labels_titles_and_columns_that_name_a_person_are_masked() {
        assert_eq!(mask_line("Patient: Ann Bell"), ("Patient: ***".into(), 1));
        assert_eq!(mask_line("Total: £12.00"), ("Total: £12.00".into(), 0));
        assert_eq!(mask_line("Visit to Mrs J Pemberton, 2 hours").0, "Visit to Mrs *** ***, 2 hours");
        let mut rows: Vec<Vec<String>> = [
            ["Date", "Patient Name", "D.O.B.", "Hours", "Note"],
            ["2026-05-01", "Ann Bell", "1/2/1940", "2", "NHS 943 476 5919"],
            ["2026-05-02", "", "", "3", "Ward 4"],
        ]
        .map(|row| row.map(str::to_owned).to_vec())
        .to_vec();
        assert_eq!(mask_table(&mut rows), 3);
        assert_eq!(rows[1], ["2026-05-01", "***", "***", "2", "NHS ***"]);
        assert_eq!(rows[2][4], "Ward 4");
    }

    #[test]
    fn bil_16_a_pdf_larger_than_its_receiver_takes_is_refused() {
        assert!(fits(5_000_000, None).is_ok());
        assert!(fits(500_000, Some(500)).is_ok());
        let no = fits(500_001, Some(500)).expect_err("too large");
        assert_eq!(no.code, "DLV-PDF-SIZE");
        assert_eq!(no.sentence, "The PDF has 501 kB, and the customer takes 500 kB at most");
        assert_eq!(may_go_with(1, Some(2), true).expect_err("a number").code, "DLV-BACKING-NAMES");
        assert_eq!(may_go_with(0, None, false).expect_err("not looked at").code, "DLV-BACKING-UNSEEN");
    }
}
