//! Dates and counts as sentences write them, and enums with words for people.
use chrono::NaiveDate;

/// `1 June 2026`.
pub fn written(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// `1 item`, `2 items`: for words whose plural ends in s.
pub fn counted(count: i64, one: &str) -> String {
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

/// An enum of stored names, each with what people read: `Name = "stored", "For people";`.
macro_rules! named {
    ($(#[$outer:meta])* $type:ident { $($(#[$doc:meta])* $name:ident = $text:literal, $title:literal;)* }) => {
        $(#[$outer])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $type {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl $type {
            /// All of them.
            pub const ALL: &'static [$type] = &[$($type::$name),*];

            /// The stored name.
            pub fn as_str(self) -> &'static str {
                match self { $($type::$name => $text,)* }
            }

            /// For people.
            pub fn name(self) -> &'static str {
                match self { $($type::$name => $title,)* }
            }

            /// Reads a stored name.
            pub fn parse(text: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|one| one.as_str() == text)
            }
        }
    };
}
pub(crate) use named;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_counts_read_as_english() {
        assert_eq!(written(NaiveDate::from_ymd_opt(2028, 2, 29).unwrap()), "29 February 2028");
        assert_eq!([0, 1, 2].map(|n| counted(n, "item")), ["0 items", "1 item", "2 items"]);
    }
}
