//! What the books say of a thing, as words and addresses for people.
use crate::web::door::invoice_at;
use crate::web::ui::count_of;
use serde_json::Value;
use sundry_desk::core::told::GIVEN;
use sundry_domain::money::Pence;

/// A subject of the audit trail, and the page about it; empty where there is none.
pub fn about(subject: &str) -> (String, String) {
    let pages = [
        ("receipt ", "/cash/receipts/"),
        ("refund ", "/cash/refunds/"),
        ("payment batch ", "/cash/payment-batches/"),
        ("payment ", "/cash/counter/"),
        ("paying in ", "/cash/paying-in/"),
        ("customer ", "/customers/"),
        ("query ", "/queries/"),
        ("plan ", "/plans/"),
        ("approval ", "/approvals/"),
        ("run ", "/recovery/runs/"),
        ("case ", "/recovery/cases/"),
        ("recovery ", "/recovery/overpayments/"),
        ("collection run ", "/direct-debits/runs/"),
        ("schedule ", "/approvals/writeoffs/"),
        ("mandate ", "/direct-debits/mandates/"),
        ("batch ", "/delivery/batches/"),
        ("gl batch ", "/close/gl-batches/"),
        ("template ", "/admin/letters/"),
    ];
    let plain = |rest: &str| rest.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    let page = pages.iter().find_map(|(kind, page)| {
        let rest = subject.strip_prefix(kind).filter(|rest| plain(rest))?;
        Some(format!("{page}{rest}"))
    });
    let of_document = ["credit note ", "invoice "].iter().find_map(|kind| subject.strip_prefix(kind));
    let document = of_document.filter(|rest| !rest.contains(' ')).map(invoice_at);
    let letter = subject.strip_prefix("letter ").filter(|rest| plain(rest)).map(|rest| format!("/letters/{rest}.pdf"));
    (without_id(subject).to_owned(), page.or(document).or(letter).unwrap_or_default())
}

/// `promise 912990928929554432` is a promise: the number is the program's, never shown to people.
fn without_id(subject: &str) -> &str {
    match subject.rsplit_once(' ') {
        Some((kind, id)) if id.parse().is_ok_and(is_id) => kind,
        _ => subject,
    }
}

/// Whether a number is one of the program's own ids, which are time-ordered and far above any count or sum of a line.
fn is_id(number: i64) -> bool {
    number > 1 << 52
}

/// The plain facts of a document: names in words, amounts in pounds; lists say how long they are.
pub fn facts(value: &Value) -> Vec<(String, String)> {
    let Value::Object(map) = value else { return Vec::new() };
    let hidden = |name: &str| {
        let tail = ["hash", "sha256", "_id"];
        name == "key" || name == "id" || tail.iter().any(|tail| name.ends_with(tail))
    };
    map.iter().filter(|(name, _)| !hidden(name)).filter_map(|(name, value)| fact(name, value)).collect()
}

fn fact(name: &str, value: &Value) -> Option<(String, String)> {
    let words = match value {
        Value::Null => return None,
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Number(number) => match (number.as_i64(), is_money(name)) {
            (Some(id), _) if is_id(id) => return None,
            (Some(pence), true) => Pence(pence).to_string(),
            _ => number.to_string(),
        },
        Value::String(text) if text.is_empty() => return None,
        Value::String(text) => text.clone(),
        Value::Array(all) if all.is_empty() => return None,
        Value::Array(all) => match all.iter().map(Value::as_str).collect::<Option<Vec<_>>>() {
            Some(texts) => texts.join(", "),
            None => count_of(all.len() as i64, "entry", "entries"),
        },
        Value::Object(inner) => count_of(inner.len() as i64, "entry", "entries"),
    };
    Some((super::form::plain(name.trim_end_matches("_pence")), words))
}

fn is_money(name: &str) -> bool {
    name.ends_with("_pence") || ["amount", "limit", "net", "vat", "gross", "total"].contains(&name)
}

/// The same in one line, cut short, and why where that is kept beside the trail.
pub fn line(json: &str, why: Option<&str>) -> String {
    let value: Value = serde_json::from_str(json).unwrap_or(Value::Null);
    let mut facts = facts(&value);
    if let Some(why) = why {
        facts.retain(|(name, value)| value != GIVEN || !matches!(name.as_str(), "Reason" | "Why"));
        facts.push(("Why".into(), why.to_owned()));
    }
    let words: Vec<String> = facts.into_iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let text = words.join("; ");
    match text.char_indices().nth(240) {
        Some((place, _)) => format!("{}…", &text[..place]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_lead_to_their_pages() {
        assert_eq!(about("customer C100001").1, "/customers/C100001");
        assert_eq!(about("invoice INV-000412/2").1, "/billing/invoices/INV-000412%2F2");
        assert_eq!(about("promise 912990928929554432").0, "promise");
        assert_eq!(about("letter LTR-000001").1, "/letters/LTR-000001.pdf");
        assert_eq!(about("run DAY-2026-05-01").1, "/recovery/runs/DAY-2026-05-01");
        for without in ["user priya", "receipts RCT-1 to RCT-2", "customer ../../x", "file 00ff"] {
            assert_eq!(about(without).1, "", "{without}");
        }
    }

    #[test]
    fn details_are_told_in_words() {
        let told = line(
            r#"{"key":"k","amount_pence":128450,"reason":"Wrong price","lines":[{"a":1}],"empty":"","customer":785792788099760128}"#,
            None,
        );
        assert_eq!(told, "Amount: £1,284.50; Lines: 1 entry; Reason: Wrong price");
        let told = line(r#"{"amount_pence":500,"reason":"given"}"#, Some("Wrong price"));
        assert_eq!(told, "Amount: £5.00; Why: Wrong price");
    }
}
