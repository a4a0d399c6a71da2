//! How names and references are made alike for searching, and the checks on postcodes and e-mail addresses.

/// A name for searching: lower case, letters and digits, words apart by one space, without titles and `ltd`.
pub fn normalise_name(name: &str) -> String {
    const NOISE: [&str; 12] = ["mr", "mrs", "miss", "ms", "dr", "prof", "the", "ltd", "limited", "plc", "llp", "and"];
    let plain: String =
        name.to_lowercase().chars().filter(|c| !matches!(c, '\'' | '’' | '.')).map(plain_letter).collect();
    let words: Vec<&str> = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let telling: Vec<&str> = words.iter().copied().filter(|word| !NOISE.contains(word)).collect();
    if telling.is_empty() { words.join(" ") } else { telling.join(" ") }
}

/// A reference for searching: upper case letters and digits only.
pub fn normalise_reference(reference: &str) -> String {
    reference.chars().flat_map(char::to_uppercase).filter(|c| c.is_alphanumeric()).collect()
}

/// A UK postcode as it is written, `SW1A 1AA`, or none if it is not one.
pub fn postcode(typed: &str) -> Option<String> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
    if !text.is_ascii() || !(5..=7).contains(&text.len()) {
        return None;
    }
    let (outward, inward) = text.split_at(text.len() - 3);
    let shape = |part: &str| -> String {
        part.chars()
            .map(|c| {
                if c.is_ascii_digit() {
                    '9'
                } else if c.is_ascii_uppercase() {
                    'A'
                } else {
                    '?'
                }
            })
            .collect()
    };
    let known = matches!(shape(outward).as_str(), "A9" | "A99" | "A9A" | "AA9" | "AA99" | "AA9A") || text == "GIR0AA";
    let inward_letters_fit = inward.chars().skip(1).all(|c| !"CIKMOV".contains(c));
    (known && shape(inward) == "9AA" && inward_letters_fit).then(|| format!("{outward} {inward}"))
}

/// Whether an address can be written to: one `@`, a name before it, a dotted domain after it.
pub fn is_email(address: &str) -> bool {
    let Some((name, domain)) = address.split_once('@') else {
        return false;
    };
    let name_fits = !name.is_empty()
        && name.len() <= 64
        && name.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+/=?^_`{|}~.-".contains(c))
        && !name.starts_with('.')
        && !name.ends_with('.')
        && !name.contains("..");
    let label_fits = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    name_fits && address.len() <= 254 && domain.contains('.') && domain.split('.').all(label_fits)
}

fn plain_letter(letter: char) -> char {
    match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ŵ' => 'w',
        'ŷ' | 'ý' | 'ÿ' => 'y',
        'ç' => 'c',
        'ñ' => 'n',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_found_however_they_are_written() {
        assert_eq!(normalise_name("Mr. Siôn O’Dowd"), "sion odowd");
        assert_eq!(normalise_name("THE ASH & OAK CO LTD"), "ash oak co");
        assert_eq!(normalise_name("Ms"), "ms");
        assert_eq!(normalise_reference("inv-0001/23 "), "INV000123");
    }

    #[test]
    fn postcodes() {
        for (typed, written) in
            [("sw1a1aa", "SW1A 1AA"), ("M1 1AE", "M1 1AE"), ("cf10 3at", "CF10 3AT"), ("W1T4TJ", "W1T 4TJ")]
        {
            assert_eq!(postcode(typed).as_deref(), Some(written));
        }
        for typed in ["", "12345", "SW1A 1CI", "ABC 1AA", "É1 1AA", "SW1A 1A"] {
            assert_eq!(postcode(typed), None, "{typed}");
        }
    }

    #[test]
    fn e_mail_addresses() {
        for address in ["ann@example.org", "a.b+c@sub.example.co.uk", "o'dowd@example.com"] {
            assert!(is_email(address), "{address}");
        }
        for address in [
            "",
            "ann",
            "ann@",
            "@example.org",
            "ann@example",
            "a b@example.org",
            "a@@example.org",
            ".a@b.cd",
            "a@-b.cd",
        ] {
            assert!(!is_email(address), "{address}");
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in "\\PC{0,40}") {
            let once = normalise_reference(&text);
            prop_assert_eq!(normalise_reference(&once), once.clone());
            let _ = (postcode(&text), is_email(&text), normalise_name(&text));
        }
    }
}
