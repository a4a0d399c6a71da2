//! The three ways banks write `:86:`: free text, code words, and German structured pieces.

/// What a narrative says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Narrative {
    /// Remittance text.
    pub text: String,
    /// Ordering party.
    pub payer_name: Option<String>,
    /// Ordering party's account.
    pub payer_account: Option<String>,
    /// The bank's own code, such as `BGC`.
    pub code: Option<String>,
    /// End-to-end reference.
    pub reference: Option<String>,
    /// The raw lines and every other piece.
    pub other: Vec<(String, String)>,
}

/// Code words we split on; any other stays in the text.
const WORDS: [&str; 13] =
    ["CODE", "SVCL", "REMI", "ORDP", "BENM", "EREF", "PREF", "MREF", "NAME", "PT", "PY", "FT", "AC"];

/// UK statement codes that a free narrative may begin with.
pub(crate) const UK_CODES: [&str; 20] = [
    "BGC", "BACS", "FPI", "FPO", "CHP", "CHAPS", "DDR", "DD", "STO", "SO", "CHQ", "TFR", "INT", "CHG", "RTI", "UNP",
    "DDC", "BP", "DEP", "PAY",
];

/// Reads the lines of one `:86:`.
pub(crate) fn read(lines: &[&str]) -> Narrative {
    let mut narrative = match lines.first() {
        Some(first) if is_german(first) => german(&lines.concat()),
        Some(first) if starts_with_word(first) => code_words(&lines.concat()),
        Some(_) => free(lines),
        None => Narrative::default(),
    };
    let raw = lines.join("\n");
    if !raw.trim().is_empty() {
        narrative.other.push((":86:".to_owned(), raw));
    }
    narrative
}

/// Joins lines: no space after a full line (65 characters), one otherwise.
fn free(lines: &[&str]) -> Narrative {
    let mut text = String::new();
    let mut full = true;
    for line in lines {
        let shown = line.trim_end();
        if shown.is_empty() {
            continue;
        }
        if !full {
            text.push(' ');
        }
        text.push_str(if text.is_empty() { shown.trim_start() } else { shown });
        full = line.chars().count() >= 65;
    }
    let first = text.split_whitespace().next().unwrap_or("");
    let code = UK_CODES.contains(&first).then(|| first.to_owned());
    Narrative { text, code, ..Narrative::default() }
}

fn starts_with_word(line: &str) -> bool {
    line.strip_prefix('/').and_then(|l| l.split_once('/')).is_some_and(|(word, _)| WORDS.contains(&word))
}

/// `/CODE/BGC/REMI/...`: each known word holds what follows it up to the next.
fn code_words(text: &str) -> Narrative {
    let mut pieces: Vec<(&str, String)> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((word, after)) = rest.strip_prefix('/').and_then(|r| r.split_once('/'))
            && WORDS.contains(&word)
        {
            pieces.push((word, String::new()));
            // The slash that ends one word may begin the next: `/ORDP//AC/1234`.
            rest = after;
            if let Some(next) = WORDS.iter().find(|w| rest.strip_prefix(**w).is_some_and(|r| r.starts_with('/'))) {
                pieces.push((next, String::new()));
                rest = &rest[next.len() + 1..];
            }
            continue;
        }
        let end = rest.char_indices().skip(1).find(|(_, c)| *c == '/').map_or(rest.len(), |(i, _)| i);
        if let Some((_, value)) = pieces.last_mut() {
            value.push_str(&rest[..end]);
        }
        rest = &rest[end..];
    }
    gather(pieces)
}

fn gather(pieces: Vec<(&str, String)>) -> Narrative {
    let mut narrative = Narrative::default();
    for (word, value) in pieces {
        let value = value.trim().to_owned();
        if value.is_empty() {
            continue;
        }
        match word {
            "CODE" => narrative.code = Some(value),
            "REMI" | "PY" => push(&mut narrative.text, &value),
            "ORDP" | "NAME" => narrative.payer_name = Some(value),
            "AC" if narrative.payer_account.is_none() => narrative.payer_account = Some(value),
            "EREF" => narrative.reference = Some(value),
            _ => narrative.other.push((word.to_owned(), value)),
        }
    }
    narrative
}

fn push(text: &mut String, more: &str) {
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

/// Three digits, then `?` and two digits.
fn is_german(line: &str) -> bool {
    let bytes = line.as_bytes();
    bytes.len() >= 6
        && bytes[..3].iter().all(u8::is_ascii_digit)
        && bytes[3] == b'?'
        && bytes[4..6].iter().all(u8::is_ascii_digit)
}

/// `166?00...?20...?32name`: pieces by number.
fn german(text: &str) -> Narrative {
    let mut narrative = Narrative { code: text.get(..3).map(str::to_owned), ..Narrative::default() };
    let mut purpose = String::new();
    let mut name = String::new();
    for piece in text.get(4..).unwrap_or("").split('?') {
        let Some((number, value)) = piece.split_at_checked(2) else {
            continue;
        };
        match number {
            "20" | "21" | "22" | "23" | "24" | "25" | "26" | "27" | "28" | "29" | "60" | "61" | "62" | "63" => {
                purpose.push_str(value)
            }
            "31" if !value.trim().is_empty() => narrative.payer_account = Some(value.trim().to_owned()),
            "32" | "33" => name.push_str(value),
            _ => narrative.other.push((format!("?{number}"), value.to_owned())),
        }
    }
    narrative.payer_name = Some(name.trim().to_owned()).filter(|n| !n.is_empty());
    purposes(&purpose, &mut narrative);
    narrative
}

/// `EREF+...SVWZ+...` inside the purpose.
fn purposes(purpose: &str, narrative: &mut Narrative) {
    const MARKS: [&str; 6] = ["EREF+", "KREF+", "MREF+", "CRED+", "SVWZ+", "ABWA+"];
    let mut starts: Vec<(usize, &str)> = MARKS.iter().filter_map(|m| purpose.find(m).map(|at| (at, *m))).collect();
    starts.sort_unstable();
    let plain = starts.first().map_or(purpose.len(), |(at, _)| *at);
    purpose[..plain].trim().clone_into(&mut narrative.text);
    for (index, (at, mark)) in starts.iter().enumerate() {
        let end = starts.get(index + 1).map_or(purpose.len(), |(next, _)| *next);
        let value = purpose[at + mark.len()..end].trim();
        match *mark {
            "SVWZ+" => push(&mut narrative.text, value),
            "EREF+" if value != "NOTPROVIDED" && !value.is_empty() => narrative.reference = Some(value.to_owned()),
            mark => narrative.other.push((mark.trim_end_matches('+').to_owned(), value.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_words_of_a_uk_bank() {
        let read = read(&["/CODE/BGC/SVCL/BACS/REMI/1004211615 BACS BGC/ORDP//AC/2000001234567", " 8"]);
        assert_eq!(read.code.as_deref(), Some("BGC"));
        assert_eq!(read.text, "1004211615 BACS BGC");
        assert_eq!(read.payer_account.as_deref(), Some("2000001234567 8"));
    }

    #[test]
    fn a_slash_in_the_text_stays_in_it() {
        let read = read(&["/CODE/FPI/REMI/INV 12/26 JULY/ORDP/MRS A PATEL"]);
        assert_eq!((read.text.as_str(), read.payer_name.as_deref()), ("INV 12/26 JULY", Some("MRS A PATEL")));
    }

    #[test]
    fn german_pieces() {
        let read = read(&["166?00GUTSCHR?20EREF+A1SVWZ+Miete", " Juli?32ADA ?33ABBOTT?31DE12"]);
        assert_eq!(read.reference.as_deref(), Some("A1"));
        assert_eq!(read.text, "Miete Juli");
        assert_eq!(read.payer_name.as_deref(), Some("ADA ABBOTT"));
    }

    #[test]
    fn free_text_joins_full_lines_without_a_space() {
        let full = "X".repeat(65);
        assert_eq!(read(&[&full, "Y", "Z"]).text, format!("{full}Y Z"));
    }
}
