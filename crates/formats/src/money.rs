//! Exact money as text: decimals to minor units and back, never through binary fractions.

/// The largest amount any file may carry, in minor units: ten billion pounds.
pub const LARGEST: i64 = 1_000_000_000_000;

/// Why a text is not an amount we accept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Not written as an amount.
    Format,
    /// More decimal places than the currency has, and they are not zeros.
    Precision,
    /// Over [`LARGEST`].
    TooLarge,
}

impl MoneyError {
    /// The stable code of this error.
    pub fn code(self) -> &'static str {
        match self {
            Self::Format => "money.format",
            Self::Precision => "money.precision",
            Self::TooLarge => "money.too_large",
        }
    }

    /// The rest of a sentence that starts with the amount as found.
    pub fn words(self) -> &'static str {
        match self {
            Self::Format => "is not an amount",
            Self::Precision => "has more decimal places than its currency",
            Self::TooLarge => "is over 10,000,000,000.00, the largest amount accepted",
        }
    }
}

/// How many decimal places a currency has (ISO 4217); two unless known otherwise.
pub fn decimals_of(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "VND" | "VUV"
        | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// An unsigned decimal such as `1234.5`, to minor units. Digits before the point are required; after it they are not.
///
/// # Errors
/// When it is not written so, is too precise or is too large.
pub fn unsigned(text: &str, decimals: u32, point: char) -> Result<i64, MoneyError> {
    let (whole, fraction) = text.split_once(point).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(MoneyError::Format);
    }
    let fraction = fraction.trim_end_matches('0');
    let places = decimals as usize;
    if fraction.len() > places {
        return Err(MoneyError::Precision);
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() > 15 {
        return Err(MoneyError::TooLarge);
    }
    let padded = format!("0{whole}{fraction:0<places$}");
    let minor: i64 = padded.parse().map_err(|_| MoneyError::TooLarge)?;
    if minor > LARGEST { Err(MoneyError::TooLarge) } else { Ok(minor) }
}

/// A signed amount in pounds as a person or a spreadsheet writes it: `-1234.56`, `1,234.50`, `£12`.
///
/// Commas must stand between groups of three. Nothing else is guessed.
///
/// # Errors
/// When it is not written so, is too precise or is too large.
pub fn pounds(text: &str) -> Result<i64, MoneyError> {
    plain(text.trim(), Style::POUNDS)
}

/// How a file writes its amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Decimal places of the currency.
    pub decimals: u32,
    /// What stands before the decimals.
    pub point: char,
    /// What stands between thousands.
    pub group: char,
    /// The currency's own sign, where it may stand before the digits.
    pub symbol: Option<char>,
}

impl Style {
    /// Pounds as they are written here.
    pub const POUNDS: Self = Self { decimals: 2, point: '.', group: ',', symbol: Some('£') };

    /// The style of a currency, with its own places and sign.
    pub fn of(currency: &str, point: char, group: char) -> Self {
        let symbol = match currency {
            "GBP" => Some('£'),
            "EUR" => Some('€'),
            "USD" | "CAD" | "AUD" | "NZD" => Some('$'),
            _ => None,
        };
        Self { decimals: decimals_of(currency), point, group, symbol }
    }
}

/// As [`pounds`], and the ways banks write money out: `(12.00)`, `12.00-`, `12.00 CR`, `12.00 DR`.
///
/// # Errors
/// When it is not written so, is too precise or is too large.
pub fn bank_pounds(text: &str) -> Result<i64, MoneyError> {
    bank_amount(text, Style::POUNDS)
}

/// As [`bank_pounds`], in another style.
///
/// # Errors
/// When it is not written so, is too precise or is too large.
pub fn bank_amount(text: &str, style: Style) -> Result<i64, MoneyError> {
    let text = text.trim();
    let upper = text.to_ascii_uppercase();
    let turned = if let Some(inner) = text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some((inner, true))
    } else if let Some(inner) = text.strip_suffix('-') {
        Some((inner, true))
    } else if upper.ends_with("DR") {
        text.get(..text.len() - 2).map(|t| (t, true))
    } else if upper.ends_with("CR") {
        text.get(..text.len() - 2).map(|t| (t, false))
    } else {
        None
    };
    match turned {
        Some((inner, negative)) => {
            let inner = inner.trim();
            if inner.starts_with(['-', '(']) {
                return Err(MoneyError::Format);
            }
            plain(inner, style).map(|p| if negative { -p } else { p })
        }
        None => plain(text.strip_prefix('+').unwrap_or(text), style),
    }
}

/// A sign before the digits, and nothing else.
fn plain(text: &str, style: Style) -> Result<i64, MoneyError> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let rest = style.symbol.and_then(|symbol| rest.strip_prefix(symbol)).unwrap_or(rest);
    let bare = without_grouping(rest, style.group, style.point).ok_or(MoneyError::Format)?;
    let minor = unsigned(&bare, style.decimals, style.point)?;
    Ok(if negative { -minor } else { minor })
}

/// The digits without their thousands marks, or nothing when a mark is out of place.
fn without_grouping(text: &str, group: char, point: char) -> Option<String> {
    if !text.contains(group) {
        return Some(text.to_owned());
    }
    let (whole, fraction) = text.split_once(point).map_or((text, None), |(w, f)| (w, Some(f)));
    let mut groups = whole.split(group);
    let first = groups.next()?;
    let well_placed = (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3);
    if !well_placed || fraction.is_some_and(|f| f.contains(group)) {
        return None;
    }
    Some(text.replace(group, ""))
}

/// Pence as pounds with two decimals and no symbol: `-1234.50`.
pub fn write_pounds(pence: i64) -> String {
    write_minor(pence, 2)
}

/// Minor units as a decimal with the given number of places.
pub fn write_minor(minor: i64, decimals: u32) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let size = minor.unsigned_abs();
    let unit = 10u64.pow(decimals.min(6));
    if decimals == 0 {
        return format!("{sign}{size}");
    }
    format!("{sign}{}.{:0width$}", size / unit, size % unit, width = decimals.min(6) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_people_and_banks_write_them() {
        for (text, pence) in [("0", 0), ("12.5", 1250), ("-1,234.50", -123_450), ("£12", 1200), ("1.2300", 123)] {
            assert_eq!(pounds(text), Ok(pence), "{text}");
        }
        for (text, pence) in [("(12.00)", -1200), ("12.00-", -1200), ("12.00 CR", 1200), ("£5 DR", -500), ("+1", 100)]
        {
            assert_eq!(bank_pounds(text), Ok(pence), "{text}");
        }
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in ["", ".5", "1,23", "1,2345", "12.345.6", "1e5", "--1", "null", "１２", "1 2", "(-5)"] {
            assert_eq!(bank_pounds(text), Err(MoneyError::Format), "{text}");
        }
        assert_eq!(pounds("1.005"), Err(MoneyError::Precision));
        assert_eq!(pounds("1000000000000000"), Err(MoneyError::TooLarge));
        assert_eq!(pounds("10000000000.01"), Err(MoneyError::TooLarge));
        assert_eq!(pounds("10000000000.00"), Ok(LARGEST));
        assert_eq!(unsigned("2700", decimals_of("JPY"), '.'), Ok(2700));
        assert_eq!(unsigned("8,", 2, ','), Ok(800));
    }

    #[test]
    fn what_is_written_reads_back() {
        for pence in [0, 5, -5, 99, 100, -123_456_789, LARGEST] {
            assert_eq!(pounds(&write_pounds(pence)), Ok(pence));
        }
    }
}
