//! What the trail and the outbox keep of every event: ids, codes and which fields were filled in (SEC-02).
use super::customers::customer;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use sundry_desk::core::testing::on_both;
use sundry_desk::core::told::{GIVEN, WHOLE, kept, why};
use sundry_desk::customers::{AddNote, add_note};
use sundry_domain::control::Role;
use sundry_store::args;
use sundry_store::control::audit_after;

/// The code of the desk, in which every event is named, but for the list of those that are kept whole.
fn code() -> Vec<String> {
    fn read(folder: &Path, all: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).expect("a folder of code") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                read(&path, all);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("core/told.rs") {
                all.push(std::fs::read_to_string(&path).expect("code is text"));
            }
        }
    }
    let mut all = Vec::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    all
}

/// Every event the desk can tell of: the texts in its code that are written as an event is.
fn events() -> BTreeSet<String> {
    let of_an_event = |text: &&str| {
        let capitals = text.bytes().filter(u8::is_ascii_uppercase).count();
        text.starts_with(|c: char| c.is_ascii_uppercase())
            && capitals > 1
            && text.bytes().all(|c| c.is_ascii_alphabetic())
            && text.bytes().any(|c| c.is_ascii_lowercase())
    };
    let all = code();
    all.iter().flat_map(|text| text.split('"')).filter(of_an_event).map(str::to_owned).collect()
}

/// What could be told of anything, with a person in every part of it.
fn full() -> Value {
    json!({
        "customer": "C100001", "number": "20481712", "pence": 12_000, "on": "2026-05-01", "state": "in_force",
        "name": "Jane", "payer_name": "jane", "address1": "14", "town": "Ely", "postcode": "CB74AA",
        "old": ["14 Low Road", "ely"], "email": "jane@example.org", "phone": "01353555010", "reason": "deceased",
        "words": ["ill"], "why": "Ill", "decision_words": "widow", "sort_code": "089999", "account_number": "66374958",
        "never_heard_of": "Jane is ill", "other": "66374958", "third": "08-99-99", "fourth": "Jane",
        "deep": [{ "note": "ill", "inner": { "unheard": "Low Road, Ely" } }], "Jane Smith": 3,
        "subject": "refund REF-000001", "about": "Jane of 14 Low Road",
    })
}

const PERSON: &[&str] = &[
    "Jane",
    "jane",
    "14",
    "Ely",
    "ely",
    "CB74AA",
    "example.org",
    "01353",
    "deceased",
    "ill",
    "Ill",
    "widow",
    "089999",
    "66374958",
    "08-99-99",
    "Low Road",
    "Smith",
];

#[test]
fn sec_02_no_event_of_the_desk_is_told_with_a_person_in_it() {
    let all = events();
    assert!(all.len() > 400, "the events are found: {}", all.len());
    for known in
        ["CustomerAdded", "CustomerChanged", "TraceAsked", "PlanAgreed", "FoundAddressUsed", "VatReliefClaimed"]
    {
        assert!(all.contains(known), "{known}");
    }
    for event in all.iter().map(String::as_str).filter(|event| !WHOLE.contains(event)) {
        let told = kept(event, full());
        let text = told.to_string().replace("20481712", "");
        for word in PERSON {
            assert!(
                !text.contains(&format!("\"{word}")) && !text.contains(&format!(" {word}")),
                "{event}: {word} in {text}"
            );
        }
        let known = ["customer", "number", "pence", "on", "state", "subject"];
        for field in known {
            assert_eq!(told[field], full()[field], "{event}: {field} stays");
        }
        assert_eq!((&told["name"], &told["reason"], &told["words"]), (&json!(GIVEN), &json!(GIVEN), &json!([GIVEN])));
        for alone in [json!("Nobody was at home"), json!("Jane"), json!([1, "She is ill"])] {
            let text = kept(event, alone).to_string();
            assert!(!text.contains("home") && !text.contains("Jane") && !text.contains("ill"), "{event}: {text}");
        }
    }
}

#[test]
fn sec_02_what_is_kept_whole_is_of_the_desk_and_of_no_customer() {
    let (all, code) = (events(), code());
    let close: Vec<String> = code.iter().map(|text| text.split_whitespace().collect()).collect();
    for event in WHOLE {
        assert!(all.contains(*event), "{event} is told nowhere");
        for thing in ["customer", "case", "plan", "hold", "promise", "mandate", "search", "receipt", "invoice", "query"]
        {
            let of_a_person = format!("tell(\"{event}\",format!(\"{thing}{{");
            assert!(!close.iter().any(|text| text.contains(&of_a_person)), "{event} is told of a {thing}");
        }
    }
}

#[test]
fn sec_02_days_sums_codes_and_hashes_stay() {
    let detail = json!({
        "key": "k-1", "version": 2, "asked": true, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "currency": "GBP", "changed": ["name", "terms_days"], "on": "2026-05-01", "at": "2026-05-01T08:00:00Z",
        "rate": "12.50%", "note": "", "ended_on": null,
    });
    assert_eq!(kept("InvoiceRaised", detail.clone()), detail);
    let sentence = json!({ "why": "An error of ours" });
    assert_eq!(kept("SettingsChanged", sentence.clone()), sentence, "what is set at the desk is kept whole");
}

#[test]
fn sec_02_the_reason_of_every_event_goes_beside_the_trail() {
    for field in ["reason", "why"] {
        assert_eq!(why("ReceiptReversed", &json!({ field: " Paid by Jane " })), "Paid by Jane");
    }
    let beside = json!([{ "receipt": "RCT-000001" }, "Forged notes"]);
    assert_eq!(why("ReceiptReversed", &beside), "Forged notes");
    assert_eq!(why("ReceiptReversed", &json!(["RCT-000001", 500])), "", "a number is no reason");
    assert_eq!(why("ReceiptReversed", &json!({ "words": "Paid by Jane", "reason": " " })), "");
    assert_eq!(why("SettingsChanged", &json!({ "reason": "Agreed in May" })), "", "the trail has it whole");
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_02_what_leaves_is_what_the_trail_keeps() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Jane Example").await;
        let note = AddNote { key: "n".into(), number, kind: String::new(), words: "She is ill".into(), pinned: false };
        add_note(&t.desk, &t.role(Role::CreditController), note).await.expect("kept");
        let mut look = t.desk.look().await.expect("looks");
        let trail = audit_after(&mut look, t.org, 0, 1_000).await.expect("reads");
        let told: Vec<&str> =
            trail.iter().filter(|row| row.event != "Refused").map(|row| row.detail.as_str()).collect();
        let sql = "select payload from outbox where org_id = $1 order by id";
        let left: Vec<(Value,)> = look.all(sql, args![t.org]).await.expect("reads");
        assert!(!left.is_empty());
        for (payload,) in &left {
            let text = payload.to_string();
            assert!(!text.contains("Jane") && !text.contains("ill\""), "{text}");
        }
        assert!(told.iter().all(|detail| !detail.contains("Jane Example") && !detail.contains("She is ill")));
    })
    .await;
}
