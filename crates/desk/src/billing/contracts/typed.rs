//! Rates, quantities, percentages and shares as typed.
use super::super::amounts::e4;
use sundry_domain::billing::contracts::Share;

/// A rate in pounds with up to four decimals.
pub(in crate::billing) fn rate(typed: &str) -> Option<i64> {
    e4(typed).filter(|rate| *rate > 0 && *rate <= 1_000_000_000_000)
}

/// A quantity with up to four decimals; one when nothing is typed.
pub(super) fn quantity(typed: &str) -> Option<i64> {
    if typed.trim().is_empty() { Some(10_000) } else { e4(typed).filter(|many| *many > 0 && *many <= 10_000_000_000) }
}

/// A percentage with up to two decimals, in basis points: `50`, `12.5%`; nothing when nothing is typed.
pub(super) fn basis_points(typed: &str) -> Option<i64> {
    let text = typed.trim().trim_end_matches('%');
    let part = if text.is_empty() { 0 } else { e4(text)? };
    (part % 100 == 0 && (0..=1_000_000).contains(&part)).then_some(part / 100)
}

/// `60%`, `£20.00`, or `rest`: also when nothing is typed.
pub(super) fn share(typed: &str) -> Option<Share> {
    let text = typed.trim();
    if matches!(text.to_lowercase().as_str(), "" | "rest" | "the rest" | "remainder") {
        return Some(Share::Remainder);
    }
    match text.strip_suffix('%') {
        Some(part) => e4(part).filter(|part| (1..=1_000_000).contains(part)).map(Share::Percent),
        None => rate(text).map(Share::Fixed),
    }
}

/// A share as it is stored.
pub(super) fn stored(share: Share) -> (String, i64) {
    match share {
        Share::Fixed(rate_e4) => ("fixed".into(), rate_e4),
        Share::Percent(part_e4) => ("percent".into(), part_e4),
        Share::Remainder => ("remainder".into(), 0),
    }
}

/// A stored share.
pub(super) fn of_stored(kind: &str, value: i64) -> Share {
    match kind {
        "fixed" => Share::Fixed(value),
        "percent" => Share::Percent(value),
        _ => Share::Remainder,
    }
}

/// A number of ten-thousandths with as many decimals as it needs, and at least `least`.
pub(in crate::billing) fn decimals(e4: i64, least: usize) -> String {
    let text = format!("{}.{:04}", e4 / 10_000, e4 % 10_000);
    let keep = text.trim_end_matches('0').len().max(text.len() - 4 + least);
    text[..keep].trim_end_matches('.').to_owned()
}

/// A stored share for people: `60%`, `£20.00`, `the rest`.
pub(super) fn share_words(kind: &str, value: i64) -> String {
    match of_stored(kind, value) {
        Share::Fixed(rate_e4) => format!("£{}", decimals(rate_e4, 2)),
        Share::Percent(part_e4) => format!("{}%", decimals(part_e4, 0)),
        Share::Remainder => "the rest".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_as_people_type_them() {
        assert_eq!(share("60%"), Some(Share::Percent(600_000)));
        assert_eq!(share("33.3333%"), Some(Share::Percent(333_333)));
        assert_eq!(share("£182.35"), Some(Share::Fixed(1_823_500)));
        assert_eq!(share(" rest "), Some(Share::Remainder));
        for typed in ["0%", "101%", "half", "-5", "£0"] {
            assert_eq!(share(typed), None, "{typed}");
        }
        assert_eq!((basis_points("12.5%"), basis_points("101"), basis_points("")), (Some(1_250), None, Some(0)));
    }

    #[test]
    fn shares_for_people() {
        let words: Vec<String> =
            [("percent", 333_333), ("fixed", 1_823_500), ("fixed", 12_345), ("remainder", 0), ("percent", 1_000_000)]
                .map(|(kind, value)| share_words(kind, value))
                .into();
        assert_eq!(words, ["33.3333%", "£182.35", "£1.2345", "the rest", "100%"]);
    }
}
