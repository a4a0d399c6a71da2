//! What is forbidden with collection agencies and in tracing.
use super::{Act, House, on_both};
use serde_json::{Value, json};
use sundry_domain::control::Role;

pub(super) const CODES: &[&str] = &[
    "REC-07-CHANGED",
    "REC-07-NOTHING",
    "REC-08-BASIS",
    "REC-08-SOURCE",
    "REC-08-DO-NOT-TRACE",
    "CUS-17-DECIDED",
    "CUS-17-CONFIDENCE",
    "CUS-17-CALL-BACK",
];

const BY: Role = Role::CreditController;
const WHY: &str = "Two letters came back";

fn terms(version: i64, least: &str) -> Value {
    let mut all = json!({
        "version": version, "name": "Mercia Collections Ltd", "first_bp": 1_200, "second_bp": 2_000, "vat_bp": 2_000,
        "settlement": "net", "agreement": "DSA 2026/14", "agreement_from": "2026-01-01", "active": true,
    });
    all[least] = json!(5_000);
    all
}

async fn placed(h: &mut House) {
    h.did(Role::Administrator, "set_agency", "/agencies/MERC", terms(0, "least_pence")).await;
    let fields = [
        ("version", "7"),
        ("name", "Mercia Collections Ltd"),
        ("first_bp", "12"),
        ("second_bp", "20"),
        ("vat_bp", "20"),
        ("settlement", "net"),
        ("least", "50.00"),
        ("agreement", "DSA 2026/14"),
        ("agreement_from", "01/01/2026"),
        ("active", "yes"),
    ];
    let mut typed = terms(7, "least");
    typed["code"] = json!("MERC");
    let file = h.request(&typed);
    let act = Act {
        role: Role::Administrator,
        page: ("/recovery/agencies/MERC/terms", &fields),
        api: ("/agencies/MERC", terms(7, "least_pence")),
        cli: &["agency", "set", file],
    };
    h.refused("REC-07-CHANGED", act).await;
    let act = Act {
        role: Role::Approver,
        page: ("/recovery/agencies/MERC/place", &[("customer", "K1")]),
        api: ("/agencies/MERC/placements", json!({ "customers": ["K1"] })),
        cli: &["agency", "place", "MERC", "K1"],
    };
    h.refused("REC-07-NOTHING", act).await;
}

fn search(customer: &str, source: &str, basis: &str) -> Value {
    json!({ "customer": customer, "source": source, "purpose": "TRACE", "lawful_basis": basis, "why": WHY })
}

async fn searched(h: &mut House, code: &'static str, customer: &str, (source, basis): (&str, &str)) {
    let page = format!("/customers/{customer}/traces");
    let fields = [("act", "ask"), ("source", source), ("purpose", "TRACE"), ("lawful_basis", basis), ("why", WHY)];
    let act = Act {
        role: BY,
        page: (&page, &fields),
        api: ("/traces", search(customer, source, basis)),
        cli: &["trace", "ask", customer, "--source", source, "--basis", basis, "--why", WHY],
    };
    h.refused(code, act).await;
}

async fn asked(h: &mut House, customer: &str, source: &str) -> String {
    let made = h.did(BY, "ask_for_trace", "/traces", search(customer, source, "public_task")).await;
    made["number"].as_str().expect("a number").to_owned()
}

async fn searches(h: &mut House) {
    searched(h, "REC-08-BASIS", "K1", ("own_records", "")).await;
    searched(h, "REC-08-SOURCE", "K1", ("council_tax", "public_task")).await;
    let mark = json!({ "mark": true, "why": "Safeguarding lead" });
    h.did(BY, "mark_not_traced", "/customers/K2/trace-mark", mark).await;
    searched(h, "REC-08-DO-NOT-TRACE", "K2", ("own_records", "public_task")).await;
    let number = asked(h, "K1", "own_records").await;
    let path = format!("/traces/{number}/cancel");
    h.did(BY, "cancel_trace", &path, json!({ "words": "They rang us" })).await;
    let page = format!("/recovery/traces/{number}");
    let act = Act {
        role: BY,
        page: (&page, &[("act", "cancel"), ("why", "They rang us")]),
        api: (&path, json!({ "words": "They rang us" })),
        cli: &["trace", "cancel", number.as_str(), "--words", "They rang us"],
    };
    h.refused("CUS-17-DECIDED", act).await;
}

/// Using an address that a search found: how sure it is, and what was said of the call back.
async fn used(h: &mut House, code: &'static str, (customer, result): (&str, &str), call_back: &str) {
    let number = asked(h, customer, "open_register").await;
    let sure = result == "FOUND_PROVEN";
    let found = json!({
        "result": result, "name_agrees": sure, "birth_agrees": sure, "linked_address": sure,
        "sources": if sure { 3 } else { 1 }, "last_seen_on": "2026-04-20", "address1": "14 Low Road",
        "town": "Alnwick", "postcode": "NE66 1AA", "words": "On the register", "cost_pence": 450,
    });
    h.did(BY, "record_trace", &format!("/traces/{number}/result"), found).await;
    let log = h.program.get("list_customer_traces", &format!("/customers/{customer}/traces")).await;
    let address = log["addresses"][0]["id"].as_i64().expect("a found address").to_string();
    let page = format!("/recovery/traces/{number}");
    let path = format!("/found-addresses/{address}/use");
    let act = Act {
        role: BY,
        page: (&page, &[("act", "use"), ("address", address.as_str()), ("call_back", call_back)]),
        api: (&path, json!({ "call_back": call_back })),
        cli: &["trace", "use", address.as_str(), "--call-back", call_back],
    };
    h.refused(code, act).await;
}

#[test]
fn cus_17_what_is_forbidden_with_agencies_and_traces_is_refused_at_every_door_and_noted() {
    on_both("2026-05-01", CODES, async |h: &mut House| {
        let all: Vec<(u32, &str, &str)> = (1..=4).map(|n| (n, "NM1 1AA", "1200.00")).collect();
        h.owe(&all).await;
        placed(h).await;
        searches(h).await;
        used(h, "CUS-17-CONFIDENCE", ("K3", "FOUND_UNPROVEN"), "Rang the number on file, 1 May").await;
        used(h, "CUS-17-CALL-BACK", ("K4", "FOUND_PROVEN"), "").await;
    });
}
