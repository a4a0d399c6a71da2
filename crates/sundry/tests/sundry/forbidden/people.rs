//! What is forbidden with people: promises, holds, cases that stop recovery, who acts for them, their address.
use super::{Act, House, on_both};
use serde_json::json;
use sundry_domain::control::Role;

pub(super) const CODES: &[&str] = &[
    "PP-PROMISE-AMOUNT",
    "PP-PROMISE-DATE",
    "PP-PROMISE-OPEN",
    "PP-HOLD-ENDED",
    "BS-NOTICE-TWICE",
    "BS-01-TOO-SOON",
    "BS-CASE-STATE",
    "BS-03-NOT-JOINT",
    "BS-06-RELATIVE",
    "BS-07-NO-AUTHORITY",
    "BS-07-EXPIRED",
    "DUN-09-FEE-DEBT",
    "DUN-09-FEE-FAIR",
    "DUN-09-FEE-ONCE",
    "DUN-09-FEE-OVERLAPS",
    "DUN-09-FEE-WAITS",
    "DUN-09-FEE-WITHDRAWN",
    "REC-04-FEE",
    "CUS-06-NOT-MERGED",
    "CUS-06-SAME",
    "CUS-06-WAITS",
    "CUS-18-WAITS",
    "CUS-FLAG-ENDED",
    "CUS-FLAG-OF-CASE",
    "REC-05-OTHER-DEBT",
];

const BY: Role = Role::CreditController;

async fn promised(h: &mut House, code: &'static str, (pounds, pence): (&str, i64), (typed, due): (&str, &str)) {
    let act = Act {
        role: BY,
        page: ("/customers/K1/promise", &[("amount", pounds), ("by", typed), ("said", "Will pay")]),
        api: ("/customers/K1/promises", json!({ "amount_pence": pence, "due_on": due, "words": "Will pay" })),
        cli: &["promise", "K1", "--amount", pounds, "--due", due, "--words", "Will pay"],
    };
    h.refused(code, act).await;
}

async fn promises(h: &mut House) {
    let soon = ("06/05/2026", "2026-05-06");
    promised(h, "PP-PROMISE-AMOUNT", ("5000.00", 500_000), soon).await;
    promised(h, "PP-PROMISE-DATE", ("10.00", 1_000), ("30/04/2026", "2026-04-30")).await;
    let taken = json!({ "amount_pence": 1_000, "due_on": "2026-05-06", "words": "Will pay" });
    h.did(BY, "take_promise", "/customers/K1/promises", taken).await;
    promised(h, "PP-PROMISE-OPEN", ("10.00", 1_000), soon).await;
}

async fn holds(h: &mut House) {
    let hold = json!({ "reason": "complaint", "words": "Stage 1 complaint" });
    let placed = h.did(BY, "place_hold", "/customers/K2/holds", hold).await;
    let id = placed["hold"].as_i64().expect("a hold").to_string();
    let at = format!("/holds/{id}/end");
    h.did(BY, "end_hold", &at, json!({ "words": "Answered" })).await;
    let page = format!("/customers/K2/holds/{id}/end");
    let act = Act {
        role: BY,
        page: (&page, &[("words", "Answered")]),
        api: (&at, json!({ "words": "Answered" })),
        cli: &["hold", "end", &id, "--words", "Answered"],
    };
    h.refused("PP-HOLD-ENDED", act).await;
}

async fn noticed(h: &mut House, code: &'static str, reference: &str, (typed, starts): (&str, &str)) {
    let source = "Debt respite register";
    let fields =
        [("form", "standard"), ("customer", "K3"), ("source", source), ("reference", reference), ("starts_on", typed)];
    let sent = json!({
        "form": "standard", "customer": "K3", "source": source, "reference": reference, "starts_on": starts,
    });
    let act = Act {
        role: BY,
        page: ("/recovery/cases/new", &fields),
        api: ("/person-cases", sent),
        cli: &[
            "person",
            "notice",
            "--form",
            "standard",
            "--customer",
            "K3",
            "--source",
            source,
            "--reference",
            reference,
            "--starts",
            starts,
        ],
    };
    h.refused(code, act).await;
}

async fn cases(h: &mut House) {
    let first = json!({
        "form": "standard", "customer": "K3", "source": "Debt respite register", "reference": "BSN-1",
        "starts_on": "2026-04-20", "debts": ["X-3"],
    });
    let taken = h.did(BY, "take_notice", "/person-cases", first).await;
    let number = taken["number"].as_str().expect("a number").to_owned();
    noticed(h, "BS-NOTICE-TWICE", "BSN-1", ("20/04/2026", "2026-04-20")).await;
    noticed(h, "BS-01-TOO-SOON", "BSN-2", ("01/05/2026", "2026-05-01")).await;
    let page = format!("/recovery/cases/{number}/act");
    let path = format!("/person-cases/{number}/acts");
    let ended = Act {
        role: BY,
        page: (&page, &[("act", "treatment_ended"), ("words", "They rang us")]),
        api: (&path, json!({ "act": "treatment_ended", "words": "They rang us" })),
        cli: &["person", "act", &number, "treatment_ended", "--words", "They rang us"],
    };
    h.refused("BS-CASE-STATE", ended).await;
    let freed = Act {
        role: Role::TeamLeader,
        page: (&page, &[("act", "free_joint"), ("debt", "X-3"), ("words", "Legal advice of 1 May")]),
        api: (&path, json!({ "act": "free_joint", "debt": "X-3", "words": "Legal advice of 1 May" })),
        cli: &["person", "act", &number, "free_joint", "--debt", "X-3", "--words", "Legal advice of 1 May"],
    };
    h.refused("BS-03-NOT-JOINT", freed).await;
    let relative = Act {
        role: BY,
        page: ("/customers/K4/joint-debtors", &[("debt", "X-4"), ("other", "K5"), ("because", "relative")]),
        api: ("/customers/K4/joint-debtors", json!({ "debt": "X-4", "other": "K5", "because": "relative" })),
        cli: &["person", "joint", "K4", "--debt", "X-4", "--other", "K5", "--because", "relative"],
    };
    h.refused("BS-06-RELATIVE", relative).await;
}

async fn unflagged(h: &mut House, code: &'static str, customer: &str, flag: &str) {
    let at = format!("/customers/{customer}/flags/{flag}/end");
    let act = Act {
        role: BY,
        page: (&at, &[("words", "They rang us")]),
        api: (&at, json!({ "reason": "They rang us" })),
        cli: &["flag", "end", customer, flag, "--reason", "They rang us"],
    };
    h.refused(code, act).await;
}

async fn flags(h: &mut House) {
    let gone = json!({ "kind": "gone_away", "evidence": "Post came back on 28 April" });
    let set = h.did(BY, "set_flag", "/customers/K2/flags", gone).await;
    let flag = set["flag"].as_i64().expect("a flag").to_string();
    let end = json!({ "reason": "They rang us" });
    h.did(BY, "end_flag", &format!("/customers/K2/flags/{flag}/end"), end).await;
    unflagged(h, "CUS-FLAG-ENDED", "K2", &flag).await;
    let account = h.program.get("get_customer", "/customers/K3").await;
    let flag = account["flags"][0]["flag"].as_i64().expect("the case set a flag").to_string();
    unflagged(h, "CUS-FLAG-OF-CASE", "K3", &flag).await;
}

async fn who_acts(h: &mut House) {
    let attorney = json!({
        "authority": "attorney", "name": "Jan Webb", "address1": "9 Hill Rise", "town": "Ashford",
        "postcode": "TN23 1AA", "scope": ["letters", "speak"], "from_on": "2026-04-01", "to_on": "2026-12-31",
        "document": "Lasting power of attorney of 3 March 2026, stamped",
    });
    let added = h.did(BY, "add_representative", "/customers/K4/representatives", attorney).await;
    let number = added["number"].as_str().expect("a number").to_owned();
    let called = Act {
        role: BY,
        page: (
            "/customers/K4/call",
            &[("outcome", "spoke"), ("talking_to", number.as_str()), ("said", "About the bill")],
        ),
        api: ("/customers/K4/calls", json!({ "outcome": "spoke", "talking_to": number, "words": "About the bill" })),
        cli: &["person", "call", "K4", "spoke", "--talking-to", &number, "--words", "About the bill"],
    };
    h.refused("BS-07-NO-AUTHORITY", called).await;
    let path = format!("/representatives/{number}/end");
    h.did(BY, "end_representative", &path, json!({ "words": "Revoked" })).await;
    let page = format!("/customers/K4/representatives/{number}/end");
    let ended = Act {
        role: BY,
        page: (&page, &[("words", "Revoked")]),
        api: (&path, json!({ "words": "Revoked" })),
        cli: &["person", "end-authority", &number, "--words", "Revoked"],
    };
    h.refused("BS-07-EXPIRED", ended).await;
}

async fn addresses(h: &mut House) {
    let moved = json!({
        "field": "address", "address1": "2 Mill Lane", "address2": "", "town": "Ashford", "postcode": "TN23 1AA",
        "sort_code": "", "account": "", "source": "E-mail of 1 May 2026",
    });
    h.did(Role::BillingOfficer, "ask_for_change", "/customers/K5/changes", moved.clone()).await;
    let mut typed = moved.clone();
    typed["customer"] = json!("K5");
    let file = h.request(&typed);
    let fields = [
        ("field", "address"),
        ("address1", "2 Mill Lane"),
        ("town", "Ashford"),
        ("postcode", "TN23 1AA"),
        ("source", "E-mail of 1 May 2026"),
    ];
    let act = Act {
        role: Role::BillingOfficer,
        page: ("/customers/K5/new-details", &fields),
        api: ("/customers/K5/changes", moved),
        cli: &["person", "change", "--input", file],
    };
    h.refused("CUS-18-WAITS", act).await;
}

async fn merge_refused(h: &mut House, code: &'static str, gone: &str, into: &str) {
    let told = "The same date of birth, told on a call of 1 May 2026";
    let (page, api) = (format!("/customers/{into}/merge"), format!("/customers/{into}/merges"));
    let act = Act {
        role: Role::BillingOfficer,
        page: (&page, &[("gone", gone), ("evidence", told)]),
        api: (&api, json!({ "gone": gone, "evidence": told })),
        cli: &["customer", "merge", gone, "--into", into, "--evidence", told],
    };
    h.refused(code, act).await;
}

async fn merges(h: &mut House) {
    merge_refused(h, "CUS-06-SAME", "K4", "K4").await;
    let merge = json!({ "gone": "K2", "evidence": "Told on a call of 1 May 2026" });
    h.did(Role::BillingOfficer, "merge_customers", "/customers/K1/merges", merge).await;
    merge_refused(h, "CUS-06-WAITS", "K2", "K1").await;
    let told = "Father and daughter, told on a call of 2 May 2026";
    let act = Act {
        role: Role::BillingOfficer,
        page: ("/customers/K4/unmerge", &[("undo", "K4"), ("reason", told)]),
        api: ("/customers/K4/merges/undo", json!({ "reason": told })),
        cli: &["customer", "unmerge", "K4", "--reason", told],
    };
    h.refused("CUS-06-NOT-MERGED", act).await;
}

async fn facts_of_debts(h: &mut House) {
    let evidence = "Notice of 1 May 2026";
    let fields = [("debt", "X-5"), ("fact", "benefit_notice"), ("on", "01/05/2026"), ("evidence", evidence)];
    let sent = json!({ "fact": "benefit_notice", "on": "2026-05-01", "evidence": evidence });
    let act = Act {
        role: BY,
        page: ("/customers/K5/debt-facts", &fields),
        api: ("/customers/K5/debts/X-5/facts", sent),
        cli: &["debt-fact", "record", "K5", "X-5", "benefit_notice", "--on", "2026-05-01", "--evidence", evidence],
    };
    h.refused("REC-05-OTHER-DEBT", act).await;
}

/// Charging the fee by contract on an invoice.
pub(super) async fn fee_not_charged(h: &mut House, code: &'static str, invoice: &str) {
    let (page, path) = (format!("/billing/invoices/{invoice}/charges"), format!("/invoices/{invoice}/charges/fee"));
    let act = Act {
        role: BY,
        page: (&page, &[("act", "fee")]),
        api: (&path, serde_json::Value::Null),
        cli: &["contract-fee", "charge", invoice],
    };
    h.refused(code, act).await;
}

const TERM: &str = "Hire agreement 2026, clause 7.2";
const SIGNED: &str = "Signed agreement of 2 January 2026";

async fn fee_not_recorded(h: &mut House, code: &'static str, debt_type: &str, fair: &str) {
    let fields = [
        ("fee", "15.00"),
        ("term", TERM),
        ("debt_type", debt_type),
        ("from_on", "01/01/2026"),
        ("found_fair_by", fair),
        ("evidence", SIGNED),
    ];
    let sent = json!({
        "fee_pence": 1_500, "term": TERM, "debt_type": debt_type, "from_on": "2026-01-01", "found_fair_by": fair,
        "evidence": SIGNED,
    });
    let act = Act {
        role: BY,
        page: ("/customers/K6/contract-fees", &fields),
        api: ("/customers/K6/contract-fees", sent),
        cli: &[
            "contract-fee",
            "record",
            "K6",
            "15.00",
            "--term",
            TERM,
            "--debt-type",
            debt_type,
            "--from",
            "2026-01-01",
            "--found-fair-by",
            fair,
            "--evidence",
            SIGNED,
        ],
    };
    h.refused(code, act).await;
}

async fn fees_by_contract(h: &mut House) {
    fee_not_charged(h, "REC-04-FEE", "X-6").await;
    fee_not_recorded(h, "DUN-09-FEE-DEBT", "Care charge", "J Hale, solicitor").await;
    fee_not_recorded(h, "DUN-09-FEE-FAIR", "", "").await;
    let stands = json!({
        "fee_pence": 1_500, "term": TERM, "from_on": "2026-01-01", "found_fair_by": "J Hale, solicitor",
        "evidence": SIGNED,
    });
    let made = h.did(BY, "record_contract_fee", "/customers/K6/contract-fees", stands).await;
    let id = made["id"].as_i64().expect("an id");
    fee_not_charged(h, "DUN-09-FEE-WAITS", "X-6").await;
    h.approved(&made["approval"]).await;
    fee_not_recorded(h, "DUN-09-FEE-OVERLAPS", "", "J Hale, solicitor").await;
    h.did(BY, "charge_contract_fee", "/invoices/X-6/charges/fee", serde_json::Value::Null).await;
    fee_not_charged(h, "DUN-09-FEE-ONCE", "X-6").await;
    let wrong = json!({ "id": id, "reason": "Another agreement" });
    h.did(BY, "withdraw_contract_fee", "/customers/K6/contract-fees/withdraw", wrong.clone()).await;
    let (page, typed) = (format!("/customers/K6/contract-fees/{id}/withdraw"), id.to_string());
    let act = Act {
        role: BY,
        page: (&page, &[("reason", "Another agreement")]),
        api: ("/customers/K6/contract-fees/withdraw", wrong),
        cli: &["contract-fee", "withdraw", "K6", &typed, "--reason", "Another agreement"],
    };
    h.refused("DUN-09-FEE-WITHDRAWN", act).await;
}

#[test]
fn cus_12_what_is_forbidden_with_people_is_refused_at_every_door_and_noted() {
    on_both("2026-05-01", CODES, async |h: &mut House| {
        let all: Vec<(u32, &str, &str)> = (1..=6).map(|n| (n, "NM1 1AA", "120.00")).collect();
        h.owe(&all).await;
        promises(h).await;
        holds(h).await;
        cases(h).await;
        flags(h).await;
        who_acts(h).await;
        addresses(h).await;
        merges(h).await;
        facts_of_debts(h).await;
        fees_by_contract(h).await;
    });
}
