//! Quantities and prices as typed.
use sundry_formats::money::unsigned;

/// Reads a quantity or a unit price of up to four decimals into ten-thousandths: `1,234.5`, `£3.20`, `0.0025`.
pub(super) fn e4(typed: &str) -> Option<i64> {
    let text: String = typed.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    let (negative, text) = text.strip_prefix(['-', '\u{2212}']).map_or((false, text.as_str()), |rest| (true, rest));
    let value = unsigned(text.strip_prefix('£').unwrap_or(text), 4, '.').ok()?;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::e4;

    #[test]
    fn quantities_and_prices_as_people_type_them() {
        for (typed, value) in
            [("1", 10_000), ("1,234.5", 12_345_000), ("£3.20", 32_000), (" 0.0025 ", 25), ("-2", -20_000)]
        {
            assert_eq!(e4(typed), Some(value), "{typed}");
        }
        for typed in ["", "abc", "1.00001", "1e3", "--1", "99999999999999999999"] {
            assert_eq!(e4(typed), None, "{typed}");
        }
    }
}
