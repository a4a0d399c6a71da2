//! Payment plans through their pages, and every refusal of theirs through page, API and command line alike.
use super::api::Program;
use super::bin::on_both as on_both_places;
use super::browser::{Browser, open};
use super::files::taken_in;
use super::web_desk::{invoice, joyce};
use serde_json::{Value, json};
use sundry_desk::core::testing::on_both;
use sundry_domain::control::Role;

/// The form of a plan, filled in but for some fields.
pub fn form<'a>(bill: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let plain = [
        ("items", bill),
        ("size", "number"),
        ("instalments", "3"),
        ("every", "month"),
        ("first_on", "+30"),
        ("method", "transfer"),
        ("asked_by", "customer"),
        ("evidence", "call"),
        ("words", "Works part time now"),
        ("do", "offer"),
    ];
    let other = |(field, _): &&(&str, &str)| !more.iter().any(|(name, _)| name == field);
    let mut all: Vec<(&str, &str)> = plain.iter().filter(other).copied().collect();
    all.extend(more.iter().filter(|(_, value)| !value.is_empty()));
    all
}

fn last_part(address: &str) -> &str {
    address.rsplit('/').next().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_04_a_budget_an_offer_a_schedule_and_a_yes_through_the_pages() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let account = joyce(&billing).await;
        let bill = invoice(&billing, &account).await;
        let bill = last_part(&bill).to_owned();
        let budget = format!("{account}/budget");
        let wrong =
            controller.fill(&budget, &budget, &[("adults", "1"), ("wages", "lots"), ("owed_to_all", "500")]).await;
        assert_eq!((wrong.status, wrong.value("wages").as_str()), (422, "lots"));
        let fields = [
            ("adults", "1"),
            ("children", "0"),
            ("wages", "900"),
            ("home", "600"),
            ("food", "200"),
            ("owed_to_all", "500"),
        ];
        let kept = controller.fill(&budget, &budget, &fields).await;
        assert_eq!(kept.status, 303, "{}", kept.words());
        let set_up = controller.get(&kept.location).await;
        assert!(set_up.words().contains("offers £24.00 a month"), "{}", set_up.words());
        let plan = format!("{account}/plan");
        let worked = controller.submit(&set_up, &plan, &form(&bill, &[])).await;
        assert_eq!(worked.status, 200, "{}", worked.words());
        for wanted in ["£40.02", "£40.00", "31 May 2026", "You may grant it", "Agree the plan"] {
            assert!(worked.words().contains(wanted), "{wanted}: {}", worked.words());
        }
        let seen = worked.value("seen");
        // What is agreed is what was read.
        let moved = form(&bill, &[("do", "agree"), ("seen", &seen), ("instalments", "4")]);
        let moved = controller.submit(&worked, &plan, &moved).await;
        assert_eq!(moved.status, 200, "another schedule is shown first");
        let yes = form(&bill, &[("do", "agree"), ("seen", &seen)]);
        let agreed = controller.submit(&worked, &plan, &yes).await;
        assert_eq!((agreed.status, agreed.location.as_str()), (303, "/plans/PLAN-000001"), "{}", agreed.words());
        // The same form sent twice is one plan, and both times it says which.
        let twice = controller.submit(&worked, &plan, &yes).await;
        assert_eq!((twice.status, twice.location.as_str()), (303, "/plans/PLAN-000001"), "{}", twice.words());
        let shown = controller.get("/plans/PLAN-000001").await;
        for wanted in ["Joyce Pemberton", "£120.02", "To come", "What the plan covers", "Works part time now"] {
            assert!(shown.words().contains(wanted), "{wanted}: {}", shown.words());
        }
        assert!(controller.get(&format!("{account}/plans")).await.words().contains("PLAN-000001"));
        assert!(controller.get("/plans?view=running").await.words().contains("PLAN-000001"));
        let change = "/plans/PLAN-000001/change";
        let wrong = controller.fill(change, change, &[("asked_by", "customer")]).await;
        assert_eq!((wrong.status, wrong.errors().len()), (422, 2), "{}", wrong.words());
        let fields = [("what", "skip"), ("part", "2"), ("asked_by", "customer"), ("reason", "Away in June")];
        let changed = controller.fill(change, change, &fields).await;
        assert_eq!(changed.status, 303, "{}", changed.words());
        let review = "/plans/PLAN-000001/review";
        let reviewed = controller.fill(review, review, &[("words", "Nothing has changed"), ("next_on", "+90")]).await;
        assert_eq!(reviewed.status, 303, "{}", reviewed.words());
        let end = "/plans/PLAN-000001/end";
        let ways = controller.get(end).await;
        assert!(!ways.words().contains("It was not paid as agreed"), "it would be refused: {}", ways.words());
        assert!(ways.words().contains("once payments are missed"), "and says why: {}", ways.words());
        let ended = controller.fill(end, end, &[("how", "cancelled"), ("words", "She pays it all")]).await;
        assert_eq!(ended.status, 303, "{}", ended.words());
        let over = controller.get("/plans/PLAN-000001").await;
        assert!(over.words().contains("Cancelled") && !over.words().contains("Change the plan"), "{}", over.words());
        // Beyond policy the same page asks for approval, and somebody with the standing says yes.
        let other = invoice(&billing, &account).await;
        let both = [("items", bill.as_str()), ("items", last_part(&other))];
        let terms = [("instalments", "4"), ("every", "quarter"), ("first_on", "+40")];
        let long = form(&bill, &[both.as_slice(), &terms].concat());
        let offered = controller.fill(&plan, &plan, &long).await;
        assert!(offered.words().contains("Send for approval"), "{}", offered.words());
        let seen = offered.value("seen");
        let mut yes = long;
        yes.retain(|(field, _)| *field != "do");
        yes.extend([("do", "agree"), ("seen", seen.as_str())]);
        let asked = controller.submit(&offered, &plan, &yes).await;
        assert_eq!((asked.status, asked.location.as_str()), (303, "/plans/PLAN-000002"), "{}", asked.words());
        assert!(controller.get("/plans/PLAN-000002").await.words().contains("waits for approval APP-000001"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_06_every_refusal_through_page_and_api() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let account = joyce(&billing).await;
        let number = last_part(&account).to_owned();
        let bill = last_part(&invoice(&billing, &account).await).to_owned();
        let other = last_part(&invoice(&billing, &account).await).to_owned();
        let mut program = Program::of(&t).await;
        let body = |more: Value| {
            let mut plain = json!({
                "customer": number, "items": [bill], "instalments": 3, "every": "month", "first_on": "2026-06-01",
                "method": "transfer", "asked_by": "customer", "evidence": "call",
            });
            for (field, value) in more.as_object().expect("fields") {
                plain[field] = value.clone();
            }
            plain
        };
        let page = format!("{account}/plan");
        let by_role = Role::CreditController;
        // What the page says, what the API is sent, the code.
        type Case<'a> = (&'a [(&'a str, &'a str)], Value, &'a str, &'a str);
        let cases: [Case<'_>; 6] = [
            (&[("items", "")], json!({ "items": [] }), "PP-06-NO-ITEM", "covers nothing"),
            (&[("first_on", "30/04/2026")], json!({ "first_on": "2026-04-30" }), "PP-06-PAST", "has passed"),
            (&[("instalments", "12")], json!({ "instalments": 12 }), "PP-04-MINIMUM", "below the least instalment"),
            (
                &[("interest_charged", "yes")],
                json!({ "interest_charged": true }),
                "PP-02-INTEREST",
                "bears no interest",
            ),
            (&[("method", "direct_debit")], json!({ "method": "direct_debit" }), "PP-01-NO-MANDATE", "no Direct Debit"),
            (
                &[("instalments", "240"), ("every", "week")],
                json!({ "instalments": 240, "every": "week" }),
                "PP-04-MINIMUM",
                "below the least instalment",
            ),
        ];
        for (typed, sent, code, words) in cases {
            let said = controller.fill(&page, &page, &form(&bill, typed)).await;
            assert_eq!(said.status, 409, "{code}: {}", said.words());
            assert!(said.words().contains(words), "{code}: {}", said.words());
            assert_eq!(program.posted(by_role, "/plans", &body(sent)).await, (409, code.to_owned()));
        }
        let parts = json!([{ "due_on": "2026-06-01", "amount_pence": 6_000 }, { "due_on": "2026-07-01", "amount_pence": 6_001 }]);
        let sent = body(json!({ "parts": parts, "instalments": null }));
        assert_eq!(program.posted(by_role, "/plans", &sent).await, (409, "PP-06-SUM".to_owned()));
        // A dispute, a moratorium, a second plan, history, and a plan called kept.
        let query = format!("{account}/query");
        let fields = [("invoice", other.as_str()), ("category", "service"), ("amount", "20"), ("says", "Nobody came")];
        assert_eq!(controller.fill(&query, &query, &fields).await.status, 303);
        let said = controller.fill(&page, &page, &form(&other, &[])).await;
        assert!(said.status == 409 && said.words().contains("is in query"), "{}", said.words());
        let sent = body(json!({ "items": [other] }));
        assert_eq!(program.posted(by_role, "/plans", &sent).await, (409, "PP-06-DISPUTED".to_owned()));
        assert_eq!(program.posted(by_role, "/plans", &body(json!({}))).await.0, 201);
        let said = controller.fill(&page, &page, &form(&bill, &[])).await;
        assert!(said.status == 409 && said.words().contains("is in plan PLAN-000001"), "{}", said.words());
        assert_eq!(program.posted(by_role, "/plans", &body(json!({}))).await.1, "PP-06-SECOND-PLAN");
        t.go_to("2026-06-02");
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let change = json!({ "what": "skip", "part": 1, "asked_by": "customer", "reason": "Away" });
        assert_eq!(program.posted(by_role, "/plans/PLAN-000001/changes", &change).await.1, "PP-06-HISTORY");
        let at = "/plans/PLAN-000001/change";
        let fields = [("what", "skip"), ("part", "1"), ("asked_by", "customer"), ("reason", "Away")];
        let said = controller.fill(at, at, &fields).await;
        assert!(said.status == 409 && said.words().contains("is past"), "{}", said.words());
        let kept = json!({ "how": "completed", "reason": "They say so" });
        assert_eq!(program.posted(by_role, "/plans/PLAN-000001/end", &kept).await.1, "PP-06-NOT-KEPT");
        let at = "/plans/PLAN-000001/end";
        let said = controller.fill(at, at, &[("how", "completed"), ("words", "They say so")]).await;
        assert!(said.status == 409 && said.words().contains("PP-06-NOT-KEPT"), "{}", said.words());
        let flag = json!({ "kind": "breathing_space", "evidence": "Notice of 2 June", "to_on": "2026-08-01" });
        assert_eq!(program.posted(by_role, &format!("/customers/{number}/flags"), &flag).await.0, 201);
        let change = json!({ "what": "skip", "part": 2, "asked_by": "us", "reason": "We would rather" });
        assert_eq!(program.posted(by_role, "/plans/PLAN-000001/changes", &change).await.1, "PP-06-BREATHING-SPACE");
        let front = controller.get(&format!("{account}/items")).await.words();
        assert!(front.contains("Set up a plan") && front.contains("nobody may ask for one"), "{front}");
        let at = "/plans/PLAN-000001/change";
        let fields = [("what", "skip"), ("part", "2"), ("asked_by", "us"), ("reason", "We would rather")];
        let said = controller.fill(at, at, &fields).await;
        assert!(said.status == 409 && said.words().contains("PP-06-BREATHING-SPACE"), "{}", said.words());
    })
    .await;
}

#[test]
fn pp_06_every_refusal_through_the_command_line() {
    on_both_places(|engine| {
        let place = taken_in(engine);
        let refused = |more: &[&str]| {
            let mut all = vec!["plan", "agree", "C100002", "--json"];
            all.extend(more);
            place.run(&all).code(3).json()["refused"]["code"].as_str().unwrap_or_default().to_owned()
        };
        let item = ["--item", "SI1000003", "--first", "2026-06-01"];
        let with = |more: &[&'static str]| [item.as_slice(), more].concat();
        assert_eq!(refused(&["--first", "2026-06-01", "--instalments", "1"]), "PP-06-NO-ITEM");
        assert_eq!(refused(&["--item", "SI1000003", "--first", "2026-04-30", "--instalments", "1"]), "PP-06-PAST");
        assert_eq!(refused(&with(&["--instalments", "3"])), "PP-04-MINIMUM");
        assert_eq!(refused(&with(&["--amount", "40.00"])), "PP-02-AMOUNT");
        assert_eq!(refused(&with(&["--instalments", "1", "--interest", "--in-writing"])), "PP-02-INTEREST");
        assert_eq!(refused(&with(&["--instalments", "1", "--method", "direct_debit"])), "PP-01-NO-MANDATE");
        let mut agree = vec!["plan", "agree", "C100002", "--json"];
        agree.extend(with(&["--instalments", "1"]));
        let made = place.run(&agree).code(0).json();
        assert_eq!(made["number"], "PLAN-000001");
        assert_eq!(refused(&with(&["--instalments", "1"])), "PP-06-SECOND-PLAN");
        let end = ["plan", "end", "PLAN-000001", "--how", "completed", "--reason", "They say so", "--json"];
        assert_eq!(place.run(&end).code(3).json()["refused"]["code"], "PP-06-NOT-KEPT");
        let shown = place.run(&["plan", "show", "PLAN-000001", "--json"]).code(0).json();
        assert_eq!(shown["instalments"][0]["amount_pence"], 3_333);
        let change = ["--today", "2026-06-02", "plan", "change", "PLAN-000001", "--what", "skip", "--part", "1"];
        let change = [change.as_slice(), &["--reason", "Away", "--json"]].concat();
        assert_eq!(place.run(&change).code(3).json()["refused"]["code"], "PP-01-OVER");
        place.run(&["plan", "list", "--json"]).code(0);
        let weeks = place.run(&["plan", "weeks", "--json"]).code(0).json();
        let began: Vec<&Value> =
            weeks.as_array().expect("weeks").iter().filter(|week| week["agreed"] != json!(0)).collect();
        let [week] = began.as_slice() else { panic!("one week in which a plan began: {weeks}") };
        assert_eq!(
            (&week["from"], &week["by_staff"], &week["untouched"]),
            (&json!("2026-04-27"), &json!(1), &json!(0))
        );
        place.run(&["verify"]).code(0);
    });
}
