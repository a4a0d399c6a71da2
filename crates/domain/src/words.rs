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

/// Words with which names of services begin and that are nobody's name: only these lose their capital in a sentence.
const ORDINARY: &str = "accommodation adult allotment allotments building burial care catering cemetery children's cleaning \
    commercial community day direct domestic equipment extra garden grounds hall halls highways home housing \
    laboratory land laundry lettings library licence licensing market markets meals music night nursing \
    overpaid parking payroll penalty pest pharmacy planning private property rent rents repairs residential \
    respite room rooms salary school secondment service services social staff street supported temporary \
    trade training transport waste works";

/// The name of a service, or a line of an invoice, inside an English sentence: `Home care` is `home care` there, while
/// `Northmere Hall`, `Home Care Direct` and `CHC packages` stay what they are called.
pub fn in_sentence(name: &str) -> String {
    let end = name.find(|c: char| !c.is_alphabetic() && c != '\'').unwrap_or(name.len());
    let (first, rest) = name.split_at(end);
    let titled = rest.trim_start_matches(' ').starts_with(char::is_uppercase);
    let said = first.to_lowercase();
    let ordinary = first.starts_with(char::is_uppercase) && ORDINARY.split(' ').any(|word| word == said);
    if ordinary && !titled { said + rest } else { name.to_owned() }
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
    fn names_of_services_lose_their_capital_in_a_sentence_and_names_of_places_keep_it() {
        for (name, said) in [
            ("Home care", "home care"),
            ("Home care, July 2026", "home care, July 2026"),
            ("Lettings", "lettings"),
            ("Trade waste", "trade waste"),
            ("Children's homes", "children's homes"),
            ("Northmere markets", "Northmere markets"),
            ("Market Harborough rents", "Market Harborough rents"),
            ("Home Care Direct", "Home Care Direct"),
            ("CHC packages", "CHC packages"),
            ("", ""),
        ] {
            assert_eq!(in_sentence(name), said);
        }
    }

    #[test]
    fn days_and_counts_read_as_english() {
        assert_eq!(written(NaiveDate::from_ymd_opt(2028, 2, 29).unwrap()), "29 February 2028");
        assert_eq!([0, 1, 2].map(|n| counted(n, "item")), ["0 items", "1 item", "2 items"]);
    }
}
