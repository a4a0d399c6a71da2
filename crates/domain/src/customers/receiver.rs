//! What a customer asks of the documents they get, beyond the law: checked before anything is posted or sent (BIL-16).
use crate::refusal::Invalid;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The way invoices and credit notes go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentWay {
    /// As letters: by post or e-mail.
    #[default]
    Letters,
    /// Over the Peppol network.
    Peppol,
    /// A person uploads them to the buyer's portal.
    Portal,
}

impl DocumentWay {
    /// All ways.
    pub const ALL: [DocumentWay; 3] = [DocumentWay::Letters, DocumentWay::Peppol, DocumentWay::Portal];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            DocumentWay::Letters => "letters",
            DocumentWay::Peppol => "peppol",
            DocumentWay::Portal => "portal",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            DocumentWay::Letters => "As letters, by post or e-mail",
            DocumentWay::Peppol => "As e-invoices over Peppol",
            DocumentWay::Portal => "Through the customer's portal",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<DocumentWay> {
        DocumentWay::ALL.into_iter().find(|way| way.as_str() == text)
    }
}

/// What an invoice number may be made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NumberCharacters {
    /// Anything.
    #[default]
    Any,
    /// Digits only.
    Digits,
    /// Letters and digits only.
    LettersDigits,
}

impl NumberCharacters {
    /// All of them.
    pub const ALL: [NumberCharacters; 3] =
        [NumberCharacters::Any, NumberCharacters::Digits, NumberCharacters::LettersDigits];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            NumberCharacters::Any => "any",
            NumberCharacters::Digits => "digits",
            NumberCharacters::LettersDigits => "letters_digits",
        }
    }

    /// For people.
    pub fn name(self) -> &'static str {
        match self {
            NumberCharacters::Any => "Anything",
            NumberCharacters::Digits => "Digits only",
            NumberCharacters::LettersDigits => "Letters and digits only",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<NumberCharacters> {
        NumberCharacters::ALL.into_iter().find(|one| one.as_str() == text)
    }

    fn takes(self, number: &str) -> bool {
        match self {
            NumberCharacters::Any => true,
            NumberCharacters::Digits => number.bytes().all(|b| b.is_ascii_digit()),
            NumberCharacters::LettersDigits => number.bytes().all(|b| b.is_ascii_alphanumeric()),
        }
    }
}

/// A customer's own rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiverRules {
    /// The way documents go.
    pub way: DocumentWay,
    /// Whether they pay nothing without a purchase order.
    pub order_needed: bool,
    /// How their orders look: `#` a digit, `@` a letter, `?` either, `*` anything after; empty for any.
    pub order_pattern: String,
    /// Whether they pay nothing without their reference.
    pub reference_needed: bool,
    /// What they call it: buyer reference, XX reference, cost code.
    pub reference_name: String,
    /// How it looks.
    pub reference_pattern: String,
    /// The one that goes on where none is typed.
    pub reference_usual: String,
    /// What our numbers may be made of.
    pub number_characters: NumberCharacters,
    /// How long our numbers may be.
    pub number_longest: Option<i64>,
    /// How many days after the date of issue the day of supply may lie.
    pub future_days: Option<i64>,
    /// How large a PDF may be, in thousands of bytes.
    pub pdf_longest_kb: Option<i64>,
    /// Whether the PDF carries the invoice as data too.
    pub hybrid: bool,
}

/// What the rules ask of a document.
#[derive(Clone, Copy, Debug)]
pub struct DocumentAsked<'a> {
    /// Its number, or one of the series it will come from.
    pub number: &'a str,
    /// Date of issue.
    pub issue_on: NaiveDate,
    /// When supplied.
    pub supply_on: Option<NaiveDate>,
    /// Purchase order.
    pub order: &'a str,
    /// The customer's reference.
    pub reference: &'a str,
    /// Whether charges outside the scope of VAT stand beside others.
    pub mixes_outside_scope: bool,
}

impl ReceiverRules {
    /// What they call their reference.
    pub fn reference_called(&self) -> &str {
        if self.reference_name.trim().is_empty() { "buyer reference" } else { self.reference_name.trim() }
    }

    /// The reference of a document: what was typed, or the usual one.
    pub fn reference_of<'a>(&'a self, typed: &'a str) -> &'a str {
        if typed.trim().is_empty() { self.reference_usual.trim() } else { typed.trim() }
    }

    /// Everything of a document that this customer would send back, each at its field.
    pub fn faults(&self, asked: &DocumentAsked<'_>) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, message: String, typed: &str| wrong.push(Invalid::field(field, message, typed));
        let (order, reference) = (asked.order.trim(), self.reference_of(asked.reference));
        let called = self.reference_called();
        if self.order_needed && order.is_empty() {
            say("po_number", "Enter the purchase order number: this customer requires one".into(), "");
        } else if !order.is_empty() && !matches_pattern(&self.order_pattern, order) {
            say("po_number", format!("Enter a purchase order like {}", example(&self.order_pattern)), order);
        }
        if self.reference_needed && reference.is_empty() {
            say("buyer_reference", format!("Enter the {called}: this customer requires one"), "");
        } else if !reference.is_empty() && !matches_pattern(&self.reference_pattern, reference) {
            let like = example(&self.reference_pattern);
            say("buyer_reference", format!("Enter a {called} like {like}"), reference);
        }
        let named = self.order_needed || self.reference_needed || !order.is_empty() || !reference.is_empty();
        if self.way == DocumentWay::Peppol && !named {
            say("po_number", format!("Enter a purchase order number or a {called}: e-invoices need one"), "");
        }
        // EN 16931 has no word for both on one document, in whatever syntax.
        if (self.way == DocumentWay::Peppol || self.hybrid) && asked.mixes_outside_scope {
            let message = "Raise what is outside the scope of VAT as an invoice of its own: an e-invoice cannot mix it";
            say("lines", message.into(), "");
        }
        if !self.number_characters.takes(asked.number) {
            let takes = self.number_characters.name().to_lowercase();
            say("customer_number", format!("This customer takes {takes} in our numbers, not {}", asked.number), "");
        }
        if let Some(longest) = self.number_longest.filter(|longest| (asked.number.chars().count() as i64) > *longest) {
            let message =
                format!("This customer takes at most {longest} characters in our numbers, not {}", asked.number);
            say("customer_number", message, "");
        }
        if let (Some(days), Some(supply_on)) = (self.future_days, asked.supply_on)
            && (supply_on - asked.issue_on).num_days() > days
        {
            let message = match days {
                0 => "This customer takes no invoice before the day of supply".to_owned(),
                1 => "This customer takes an invoice at most 1 day before the day of supply".to_owned(),
                days => format!("This customer takes an invoice at most {days} days before the day of supply"),
            };
            say("supply_on", message, &supply_on.to_string());
        }
        wrong
    }
}

/// Whether a pattern can be read: at most 40 characters, `*` only at its end.
pub fn is_pattern(pattern: &str) -> bool {
    let pattern = pattern.trim();
    let star = pattern.find('*');
    pattern.chars().count() <= 40
        && !pattern.chars().any(char::is_control)
        && star.is_none_or(|at| at + 1 == pattern.len())
}

/// Whether a text has the form of a pattern; upper and lower case are the same.
pub fn matches_pattern(pattern: &str, text: &str) -> bool {
    let pattern = pattern.trim();
    if pattern.is_empty() {
        return true;
    }
    let (head, open) = pattern.strip_suffix('*').map_or((pattern, false), |head| (head, true));
    let mut left = text.trim().chars();
    for wanted in head.chars() {
        let Some(found) = left.next() else { return false };
        let right = match wanted {
            '#' => found.is_ascii_digit(),
            '@' => found.is_ascii_alphabetic(),
            '?' => found.is_ascii_alphanumeric(),
            other => other.eq_ignore_ascii_case(&found),
        };
        if !right {
            return false;
        }
    }
    open || left.next().is_none()
}

/// What a pattern asks for, as something one could type.
pub fn example(pattern: &str) -> String {
    let mut digits = ('1'..='9').chain(['0']).cycle();
    let mut letters = ('A'..='Z').cycle();
    let one = |c: char| match c {
        '#' => digits.next().unwrap_or('1'),
        '@' | '?' => letters.next().unwrap_or('A'),
        '*' => '…',
        other => other,
    };
    pattern.trim().chars().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn asked<'a>(order: &'a str, reference: &'a str) -> DocumentAsked<'a> {
        DocumentAsked {
            number: "INV-000001",
            issue_on: d("2026-11-22"),
            supply_on: Some(d("2026-11-29")),
            order,
            reference,
            mixes_outside_scope: false,
        }
    }

    fn fields(rules: &ReceiverRules, asked: &DocumentAsked<'_>) -> Vec<String> {
        rules.faults(asked).into_iter().map(|one| one.field).collect()
    }

    #[test]
    fn bil_13_an_order_and_a_reference_are_asked_for_where_the_customer_requires_them() {
        let rules = ReceiverRules {
            order_needed: true,
            order_pattern: "PO#######".into(),
            reference_needed: true,
            reference_name: "XX reference".into(),
            reference_pattern: "@@-*".into(),
            ..ReceiverRules::default()
        };
        assert_eq!(fields(&rules, &asked("", "")), ["po_number", "buyer_reference"]);
        assert_eq!(
            rules.faults(&asked("PO1234567", ""))[0].message,
            "Enter the XX reference: this customer requires one"
        );
        assert_eq!(rules.faults(&asked("4500", "XX-1"))[0].message, "Enter a purchase order like PO1234567");
        assert_eq!(fields(&rules, &asked("po 123", "X1")), ["po_number", "buyer_reference"]);
        assert_eq!(fields(&rules, &asked("po1234567", "xx-44")), Vec::<String>::new());
        let usual = ReceiverRules { reference_usual: "XX-1".into(), ..rules };
        assert_eq!(fields(&usual, &asked("PO1234567", " ")), Vec::<String>::new());
        assert_eq!(fields(&ReceiverRules::default(), &asked("", "")), Vec::<String>::new());
    }

    #[test]
    fn bil_16_numbers_and_dates_are_held_against_the_receivers_rules() {
        let rules = |change: fn(&mut ReceiverRules)| {
            let mut rules = ReceiverRules::default();
            change(&mut rules);
            fields(&rules, &asked("", ""))
        };
        assert_eq!(rules(|r| r.number_characters = NumberCharacters::Digits), ["customer_number"]);
        assert_eq!(rules(|r| r.number_characters = NumberCharacters::LettersDigits), ["customer_number"]);
        assert_eq!(rules(|r| r.number_longest = Some(9)), ["customer_number"]);
        assert_eq!(rules(|r| r.number_longest = Some(10)), Vec::<String>::new());
        assert_eq!(rules(|r| r.future_days = Some(6)), ["supply_on"]);
        assert_eq!(rules(|r| r.future_days = Some(7)), Vec::<String>::new());
    }

    #[test]
    fn del_04_an_e_invoice_needs_a_reference_and_one_sort_of_vat() {
        let rules = ReceiverRules { way: DocumentWay::Peppol, ..ReceiverRules::default() };
        assert_eq!(fields(&rules, &asked("", "")), ["po_number"]);
        assert_eq!(fields(&rules, &asked("", "XX-1")), Vec::<String>::new());
        let mixed = DocumentAsked { mixes_outside_scope: true, ..asked("PO1", "") };
        assert_eq!(fields(&rules, &mixed), ["lines"]);
        assert_eq!(fields(&ReceiverRules::default(), &mixed), Vec::<String>::new());
        // Data inside a PDF needs no reference, and can mix no more than the other.
        let hybrid = ReceiverRules { hybrid: true, ..ReceiverRules::default() };
        assert_eq!(fields(&hybrid, &mixed), ["lines"]);
        assert_eq!(fields(&hybrid, &asked("", "")), Vec::<String>::new());
    }

    #[test]
    fn patterns_are_read() {
        for (pattern, text, right) in [
            ("", "anything", true),
            ("##", "12", true),
            ("##", "123", false),
            ("##", "1", false),
            ("@#?", "a1Z", true),
            ("@#?", "a1-", false),
            ("PO*", "po-99", true),
            ("PO*", "p", false),
        ] {
            assert_eq!(matches_pattern(pattern, text), right, "{pattern} {text}");
        }
        assert!(is_pattern("PO#*") && !is_pattern("P*O") && !is_pattern(&"#".repeat(41)));
        assert_eq!(example("PO-##@*"), "PO-12A…");
    }
}
