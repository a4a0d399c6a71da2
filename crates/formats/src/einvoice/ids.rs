//! Numbers that name a party on the network.

use super::Endpoint;

/// Schemes of the list of electronic addresses (EAS) that the rules take.
const SCHEMES: &str = "0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177 0183 0184 0188 0190 0191 0192 0193 0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205 0208 0209 0210 0211 0212 0213 0215 0216 0217 0218 0221 0225 0230 0235 0240 9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 9952 9953 9957 9959";

/// The GLN scheme.
const GLN: &str = "0088";
/// UK VAT numbers.
const UK_VAT: &str = "9932";
/// DUNS numbers.
const DUNS: &str = "0060";

/// Whether a scheme is on the list.
pub fn is_endpoint_scheme(scheme: &str) -> bool {
    SCHEMES.split(' ').any(|one| one == scheme)
}

/// Whether a GLN has 13 digits of which the last checks the others (GS1 modulus 10).
pub fn gln_is_right(gln: &str) -> bool {
    let digits: Vec<u32> = gln.chars().filter_map(|c| c.to_digit(10)).collect();
    if gln.len() != 13 || digits.len() != 13 {
        return false;
    }
    let sum: u32 = digits.iter().zip([1, 3].into_iter().cycle()).map(|(digit, weight)| digit * weight).sum();
    sum.is_multiple_of(10)
}

/// Reads `0088:5790000435944`, with or without `iso6523-actorid-upis::` before it.
///
/// # Errors
/// What to enter instead.
pub fn read_endpoint(text: &str) -> Result<Endpoint, &'static str> {
    let text = text.trim();
    let text = text.strip_prefix("iso6523-actorid-upis::").unwrap_or(text);
    let (scheme, id) = text.split_once(':').ok_or("Enter the scheme and the id, like 0088:5790000435944")?;
    let (scheme, id) = (scheme.trim(), id.trim());
    if !is_endpoint_scheme(scheme) {
        return Err("Start with a scheme that Peppol knows: 0088 for a GLN, 9932 for a UK VAT number, 0060 for DUNS");
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
    if id.is_empty() || id.len() > 50 || !id.chars().all(plain) {
        return Err("After the colon enter the id: letters, digits, hyphens and dots, at most 50");
    }
    if scheme == GLN && !gln_is_right(id) {
        return Err("Enter a GLN of 13 digits: its last digit does not agree with the others");
    }
    if scheme == DUNS && !(id.len() == 9 && id.bytes().all(|b| b.is_ascii_digit())) {
        return Err("Enter a DUNS number of nine digits");
    }
    if scheme == UK_VAT && vat_number(id).is_none() {
        return Err("Enter a UK VAT number, like 9932:GB123456789");
    }
    Ok(Endpoint { scheme: scheme.to_owned(), id: id.to_owned() })
}

/// A UK VAT number as documents carry it: `GB` and 9 or 12 digits, or `GBGD` or `GBHA` and 3 digits for government
/// departments and health authorities; `XI` for Northern Ireland.
pub fn vat_number(text: &str) -> Option<String> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && !".-".contains(*c)).collect();
    let plain = plain.to_ascii_uppercase();
    let (country, rest) = match plain.get(..2) {
        Some(country @ ("GB" | "XI")) => (country, &plain[2..]),
        _ => ("GB", plain.as_str()),
    };
    let digits =
        |part: &str, counts: &[usize]| counts.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let body = rest.strip_prefix("GD").or_else(|| rest.strip_prefix("HA"));
    let right = body.map_or_else(|| digits(rest, &[9, 12]), |number| digits(number, &[3]));
    right.then(|| format!("{country}{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gln_is_checked_by_its_last_digit() {
        assert!(gln_is_right("5790000435944"));
        assert!(gln_is_right("5790000435951"));
        for wrong in ["5790000435945", "579000043594", "57900004359441", "579000043594A", ""] {
            assert!(!gln_is_right(wrong), "{wrong}");
        }
    }

    #[test]
    fn participants_are_read_or_told_what_to_enter() {
        for right in
            ["0088:5790000435944", "iso6523-actorid-upis::0088:5790000435944", "9932:GB123456789", "0060:123456789"]
        {
            assert!(read_endpoint(right).is_ok(), "{right}");
        }
        for wrong in ["5790000435944", "0088:5790000435940", "1234:5", "9932:12", "0060:1", "0002:", "0002:a b"] {
            assert!(read_endpoint(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn vat_numbers_take_their_country() {
        assert_eq!(vat_number("123 4567 89").as_deref(), Some("GB123456789"));
        assert_eq!(vat_number("gb123456789").as_deref(), Some("GB123456789"));
        assert_eq!(vat_number("GB GD 001").as_deref(), Some("GBGD001"));
        assert_eq!(vat_number("XI123456789012").as_deref(), Some("XI123456789012"));
        assert_eq!(vat_number("FR12345678901"), None);
        assert_eq!(vat_number("12345678"), None);
    }
}
