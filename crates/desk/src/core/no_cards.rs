//! No card number in any request: every command's own words are looked through before it begins (CTL-06).
//!
//! A room may still refuse earlier and say which field; this is what makes a field that nobody thought of safe. It
//! sees file names, bank lines and references beside dates too, so it asks that the digits look like a card's.
use serde_json::Value;
use sundry_domain::control::{card_number_in, contains_printed_card_number};
use sundry_domain::refusal::Refusal;

/// Digits in a row before it is worth a look.
const FEWEST: usize = 13;

/// Fields that hold no words of a person: keys and hashes the program made, ids that are only looked up,
/// passwords that are only hashed, and bank account numbers, which have forms of their own.
fn is_machine(field: &str) -> bool {
    matches!(field, "key" | "dedupe_key" | "item" | "item_id" | "password" | "iban" | "account_number" | "token")
        || field.ends_with("hash")
        || field.ends_with("sha256")
        || field.ends_with("_key")
        || field.ends_with("_secret")
}

/// Refuses a request, written as JSON, that holds a card number in any text.
pub fn refuse_cards_in(request: &[u8]) -> Result<(), Refusal> {
    if !has_long_digits(request) {
        return Ok(());
    }
    match serde_json::from_slice(request) {
        Ok(value) => walk("request", &value),
        Err(_) => Ok(()),
    }
}

fn walk(field: &str, value: &Value) -> Result<(), Refusal> {
    match value {
        Value::String(text) if !is_machine(field) && contains_printed_card_number(text) => {
            Err(card_number_in(&field.replace('_', " ")))
        }
        Value::Array(all) => all.iter().try_for_each(|one| walk(field, one)),
        Value::Object(map) => map.iter().try_for_each(|(name, one)| {
            if contains_printed_card_number(name) {
                return Err(card_number_in("name of a field"));
            }
            walk(name, one)
        }),
        _ => Ok(()),
    }
}

/// Whether a text of the request has so many digits in a row, with spaces or hyphens between them: most have not.
fn has_long_digits(request: &[u8]) -> bool {
    let (mut inside, mut escaped, mut run) = (false, false, 0);
    for byte in request {
        if !inside {
            (inside, run) = (*byte == b'"', 0);
            continue;
        }
        match byte {
            _ if escaped => (escaped, run) = (false, 0),
            b'\\' => escaped = true,
            b'"' => inside = false,
            b'0'..=b'9' => run += 1,
            // A no-break space is written in two bytes.
            b' ' | b'-' | 0xc2 | 0xa0 => {}
            _ => run = 0,
        }
        if inside && run >= FEWEST {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn code(request: Value) -> Option<String> {
        refuse_cards_in(request.to_string().as_bytes()).err().map(|refusal| refusal.code)
    }

    #[test]
    fn q11_a_card_number_is_found_in_any_text_of_a_request() {
        let card = "4111 1111 1111 1111";
        for request in [
            json!({ "key": "k", "words": card }),
            json!({ "a": [{ "b": { "deep": format!("paid with {card}.") } }] }),
            json!([card]),
            json!({ "words": "4111\u{a0}1111\u{a0}1111\u{a0}1111" }),
            json!({ "words": "\"4111-1111-1111-1111\"" }),
            json!({ card: 1 }),
        ] {
            assert_eq!(code(request.clone()), Some("CTL-06-CARD-NUMBER".into()), "{request}");
        }
        let refusal = refuse_cards_in(json!({ "payer_name": card }).to_string().as_bytes()).expect_err("refused");
        assert_eq!(refusal.sentence, "The payer name holds a payment card number, which we never keep");
    }

    #[test]
    fn what_the_program_made_and_ordinary_numbers_pass() {
        for request in [
            json!({ "content_hash": "4111111111111111", "item": "4111111111111111", "id": 4111111111111111i64 }),
            json!({ "words": "Call 07700 900123 about INV-000001, £1,234.56, 2026-11-20" }),
            json!({ "words": "4111 1111 1111 1112" }),
            json!({ "words": "DirectDebitSent RUN-000001 2026-10-01", "name": "export.P000000027355791.csv" }),
            json!("4111 1111 1111"),
        ] {
            assert_eq!(code(request.clone()), None, "{request}");
        }
    }
}
