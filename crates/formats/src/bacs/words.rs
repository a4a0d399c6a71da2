//! The Bacs character set: capitals, digits, `. & / -` and space.

/// Whether every character may stand in a Bacs field.
pub fn is_clean(text: &str) -> bool {
    text.chars().all(allowed)
}

pub(super) fn allowed(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '.' | '&' | '/' | '-' | ' ')
}

/// A text as Bacs will carry it: capitals, accents by the table, no apostrophes, a space for what is left.
///
/// Show it to the person before it is used: `José O'Brien (Ltd)` becomes `JOSE OBRIEN  LTD`.
pub fn convert(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.trim().chars() {
        let upper = c.to_uppercase().next().unwrap_or(c);
        match upper {
            '\'' | '’' | '‘' | 'ʼ' | '`' | '´' | '\u{300}'..='\u{36F}' => {}
            _ if c == 'ß' || c == 'ẞ' => out.push_str("SS"),
            _ if allowed(upper) => out.push(upper),
            _ => out.push_str(plain(upper)),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A converted text cut to the width of a field; the person is shown the cut form.
pub fn fit(text: &str, width: usize) -> String {
    let mut out = convert(text);
    out.truncate(width);
    out.truncate(out.trim_end().len());
    out
}

/// The letters of the table.
fn plain(upper: char) -> &'static str {
    match upper {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'Æ' => "AE",
        'Ç' | 'Ć' | 'Č' | 'Ċ' => "C",
        'Ď' | 'Ð' | 'Đ' => "D",
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' => "E",
        'Ğ' | 'Ġ' | 'Ģ' => "G",
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ī' | 'Į' | 'İ' => "I",
        'Ķ' => "K",
        'Ł' | 'Ľ' | 'Ĺ' | 'Ļ' => "L",
        'Ñ' | 'Ń' | 'Ň' | 'Ņ' => "N",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' | 'Ō' | 'Ő' => "O",
        'Œ' => "OE",
        'Ř' | 'Ŕ' => "R",
        'Ś' | 'Š' | 'Ş' | 'Ș' => "S",
        'Ť' | 'Ţ' | 'Ț' => "T",
        'Þ' => "TH",
        'Ù' | 'Ú' | 'Û' | 'Ü' | 'Ū' | 'Ů' | 'Ű' | 'Ų' => "U",
        'Ŵ' | 'Ẁ' | 'Ẃ' | 'Ẅ' => "W",
        'Ý' | 'Ÿ' | 'Ŷ' => "Y",
        'Ź' | 'Ž' | 'Ż' => "Z",
        _ => " ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn accents_by_the_table_apostrophes_to_nothing_the_rest_to_space() {
        for (text, plain) in [
            ("É", "E"),
            ("Weiß", "WEISS"),
            ("Ærø", "AERO"),
            ("O'Brien", "OBRIEN"),
            ("O’Brien", "OBRIEN"),
            ("Llŷr & Sŵn", "LLYR & SWN"),
            ("Jones (Wales) Ltd", "JONES  WALES  LTD"),
            ("a_b", "A B"),
            ("e\u{301}", "E"),
            ("  A.B/C-1 ", "A.B/C-1"),
        ] {
            assert_eq!(convert(text), plain, "{text}");
        }
        assert_eq!(fit("Example NHS Foundation Trust", 18), "EXAMPLE NHS FOUNDA");
    }

    proptest! {
        #[test]
        fn whatever_is_typed_comes_out_clean(text in "\\PC{0,60}") {
            let once = convert(&text);
            prop_assert!(is_clean(&once), "{once:?}");
            prop_assert_eq!(convert(&once), once.trim());
        }
    }
}
