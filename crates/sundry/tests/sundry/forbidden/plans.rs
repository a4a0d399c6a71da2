//! What plans forbid.
use super::super::web_plans::form;
use super::{Act, House, on_both};
use serde_json::{Value, json};
use sundry_domain::control::Role;

pub(super) const CODES: &[&str] = &[
    "PP-06-NO-ITEM",
    "PP-06-PAST",
    "PP-04-MINIMUM",
    "PP-02-INTEREST",
    "PP-01-NO-MANDATE",
    "PP-06-DISPUTED",
    "PP-06-SECOND-PLAN",
    "PP-06-HISTORY",
    "PP-06-NOT-KEPT",
    "PP-05-NOT-BROKEN",
    "PP-01-STATE",
    "PP-01-OVER",
    "PP-06-BREATHING-SPACE",
    "PP-LINK-ADDRESS",
    "PP-LINK-EMAIL",
    "PP-LINK-POSTCODE",
    "PP-LINK-OVER",
];

const BY: Role = Role::CreditController;

fn body(customer: &str, item: &str, more: Value) -> Value {
    let mut plain = json!({
        "customer": customer, "items": [item], "instalments": 3, "every": "month", "first_on": "2026-06-01",
        "method": "transfer", "asked_by": "customer", "evidence": "call",
    });
    for (field, value) in more.as_object().expect("fields") {
        plain[field] = value.clone();
    }
    plain
}

const TERMS: [&str; 9] = ["plan", "agree", "K1", "--item", "X-1", "--first", "2026-06-01", "--instalments", "3"];

async fn not_agreed(h: &mut House, code: &'static str, typed: &[(&str, &str)], more: Value, cli: &[&str]) {
    let fields = form("X-1", typed);
    let act = Act { role: BY, page: ("/customers/K1/plan", &fields), api: ("/plans", body("K1", "X-1", more)), cli };
    h.refused(code, act).await;
}

async fn terms(h: &mut House) {
    let none = ["plan", "agree", "K1", "--first", "2026-06-01", "--instalments", "3"];
    not_agreed(h, "PP-06-NO-ITEM", &[("items", "")], json!({ "items": [] }), &none).await;
    let past = ["plan", "agree", "K1", "--item", "X-1", "--first", "2026-04-30", "--instalments", "3"];
    let sent = json!({ "first_on": "2026-04-30" });
    not_agreed(h, "PP-06-PAST", &[("first_on", "30/04/2026")], sent, &past).await;
    let many = ["plan", "agree", "K1", "--item", "X-1", "--first", "2026-06-01", "--instalments", "12"];
    not_agreed(h, "PP-04-MINIMUM", &[("instalments", "12")], json!({ "instalments": 12 }), &many).await;
    let interest = [TERMS.as_slice(), &["--interest"]].concat();
    let sent = json!({ "interest_charged": true });
    not_agreed(h, "PP-02-INTEREST", &[("interest_charged", "yes")], sent, &interest).await;
    let debit = [TERMS.as_slice(), &["--method", "direct_debit"]].concat();
    let sent = json!({ "method": "direct_debit" });
    not_agreed(h, "PP-01-NO-MANDATE", &[("method", "direct_debit")], sent, &debit).await;
}

async fn disputed(h: &mut House) {
    let fields = [("invoice", "X-2"), ("category", "service"), ("amount", "20"), ("says", "Nobody came")];
    let (status, words) = h.by_page(BY, ("/customers/K2/query", &fields)).await;
    assert_eq!(status, 303, "{words}");
    let fields = form("X-2", &[]);
    let act = Act {
        role: BY,
        page: ("/customers/K2/plan", &fields),
        api: ("/plans", body("K2", "X-2", json!({}))),
        cli: &["plan", "agree", "K2", "--item", "X-2", "--first", "2026-06-01", "--instalments", "3"],
    };
    h.refused("PP-06-DISPUTED", act).await;
}

async fn running(h: &mut House) {
    h.did(BY, "agree_plan", "/plans", body("K1", "X-1", json!({}))).await;
    not_agreed(h, "PP-06-SECOND-PLAN", &[], json!({}), &TERMS).await;
    h.go_to("2026-06-02").await;
    let end = |how: &'static str| Act {
        role: BY,
        page: ("/plans/PLAN-000001/end", if how == "broken" { &BROKEN } else { &KEPT }),
        api: ("/plans/PLAN-000001/end", json!({ "how": how, "reason": "They say so" })),
        cli: if how == "broken" { &END_BROKEN } else { &END_KEPT },
    };
    h.refused("PP-06-NOT-KEPT", end("completed")).await;
    h.refused("PP-05-NOT-BROKEN", end("broken")).await;
    let back = Act {
        role: BY,
        page: ("/plans/PLAN-000001/withdraw", &[("words", "Never mind")]),
        api: ("/plans/PLAN-000001/withdraw", json!({ "reason": "Never mind" })),
        cli: &["plan", "withdraw", "PLAN-000001", "--reason", "Never mind"],
    };
    h.refused("PP-01-STATE", back).await;
    skipped(h, "PP-06-HISTORY", "PLAN-000001", ("1", 1), "customer").await;
    let flag = json!({ "kind": "breathing_space", "evidence": "Notice of 2 June", "to_on": "2026-08-01" });
    h.did(BY, "set_flag", "/customers/K1/flags", flag).await;
    skipped(h, "PP-06-BREATHING-SPACE", "PLAN-000001", ("2", 2), "us").await;
}

const KEPT: [(&str, &str); 2] = [("how", "completed"), ("words", "They say so")];
const BROKEN: [(&str, &str); 2] = [("how", "broken"), ("words", "They say so")];
const END_KEPT: [&str; 7] = ["plan", "end", "PLAN-000001", "--how", "completed", "--reason", "They say so"];
const END_BROKEN: [&str; 7] = ["plan", "end", "PLAN-000001", "--how", "broken", "--reason", "They say so"];

async fn skipped(h: &mut House, code: &'static str, plan: &str, (typed, part): (&str, u32), by: &str) {
    let at = format!("/plans/{plan}/change");
    let fields = [("what", "skip"), ("part", typed), ("asked_by", by), ("reason", "Away")];
    let path = format!("/plans/{plan}/changes");
    let act = Act {
        role: BY,
        page: (&at, &fields),
        api: (&path, json!({ "what": "skip", "part": part, "asked_by": by, "reason": "Away" })),
        cli: &["plan", "change", plan, "--what", "skip", "--part", typed, "--asked-by", by, "--reason", "Away"],
    };
    h.refused(code, act).await;
}

async fn over(h: &mut House) {
    h.did(BY, "agree_plan", "/plans", body("K3", "X-3", json!({ "first_on": "2026-07-01" }))).await;
    let end = json!({ "how": "cancelled", "reason": "She pays it all" });
    h.did(BY, "end_plan", "/plans/PLAN-000002/end", end).await;
    skipped(h, "PP-01-OVER", "PLAN-000002", ("2", 2), "customer").await;
}

/// Links by which a customer would set a plan: to nowhere, to nobody, for somebody whose postcode is not known, and one
/// that is over.
async fn links(h: &mut House) {
    let make = |email: bool| Act {
        role: BY,
        page: ("/customers/K3/plan-links", if email { &[("email", "yes")] } else { &[] }),
        api: ("/customers/K3/plan-links", json!({ "email": email })),
        cli: if email { &["plan", "link", "K3", "--email"] } else { &["plan", "link", "K3"] },
    };
    h.refused("PP-LINK-ADDRESS", make(false)).await;
    let pages = json!({ "changes": [{ "name": "letters.pages_url", "value": "https://sundry.example.gov.uk" }] });
    h.did(Role::Administrator, "change_settings", "/settings", pages).await;
    h.refused("PP-LINK-EMAIL", make(true)).await;
    let unknown = Act {
        role: BY,
        page: ("/customers/K4/plan-links", &[]),
        api: ("/customers/K4/plan-links", json!({ "email": false })),
        cli: &["plan", "link", "K4"],
    };
    h.refused("PP-LINK-POSTCODE", unknown).await;
    let made = h.did(BY, "make_plan_link", "/customers/K3/plan-links", json!({ "email": false })).await;
    let link = made["number"].as_str().expect("a number").to_owned();
    let revoke = format!("/plan-links/{link}/revoke");
    h.did(BY, "revoke_plan_link", &revoke, Value::Null).await;
    let again = Act {
        role: BY,
        page: ("/customers/K3/plan-links/revoke", &[("link", &link)]),
        api: (&revoke, Value::Null),
        cli: &["plan", "unlink", &link],
    };
    h.refused("PP-LINK-OVER", again).await;
}

#[test]
fn pp_06_what_plans_forbid_is_refused_at_every_door_and_noted() {
    on_both("2026-05-01", CODES, async |h: &mut House| {
        let known = |n: u32| (n, "NM1 1AA", "120.00");
        h.owe(&[known(1), known(2), known(3), (4, "", "120.00")]).await;
        terms(h).await;
        links(h).await;
        disputed(h).await;
        running(h).await;
        over(h).await;
    });
}
