//! A customer sets a plan by a link: inside policy with no clerk's hand, beyond it as a request, once and by nobody else
//! (PLN-10).
use crate::ledger::owe;
use crate::queries::pages_at;
use crate::recovery::{customer, flag};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use sundry_desk::approvals::{DecideApproval, approval, decide_approval};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::timeline;
use sundry_desk::delivery::letters_of_customer;
use sundry_desk::plans::{
    AgreePlan, EndPlan, Language, MakePlanLink, OnlineChoice, OnlineChoices, OnlineStage, PlanAgreed, PlanAsk,
    PlanLinkMade, PlanWeek, RevokePlanLink, SetPlanOnline, ShowWho, agree_plan, end_plan, make_plan_link, offer_online,
    online_plan, plan, plan_links, plan_weeks, plans_of, revoke_plan_link, set_plan_online, show_who_online,
};
use sundry_desk::setup::organisations::{OpenOrganisation, open_organisation};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_store::control::{AuditRow, audit_after};
use sundry_store::delivery::outgoing::mails_about;
use sundry_store::ledger;

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

/// Somebody who owes £900.00 by two invoices, and a place where our pages are reached.
async fn owing(t: &TestDesk) -> CustomerId {
    pages_at(t).await;
    let who = customer(t, "C100001", "individual", "joyce@example.org").await;
    owe(&t.desk, t.org, "INV-1", who, d("2025-11-01"), 60_000).await.expect("owes");
    owe(&t.desk, t.org, "INV-2", who, d("2025-12-01"), 30_000).await.expect("owes");
    who
}

async fn made(t: &TestDesk, key: &str, number: &str) -> Outcome<PlanLinkMade> {
    let ask = MakePlanLink { key: key.into(), customer: number.into(), email: false };
    make_plan_link(&t.desk, &t.role(Role::CreditController), ask).await
}

async fn token(t: &TestDesk, key: &str) -> String {
    token_of(&made(t, key, "C100001").await.expect("a link"))
}

fn token_of(link: &PlanLinkMade) -> String {
    let token = link.link.strip_prefix("https://sundry.example.gov.uk/plan-online/").expect("our address");
    token.to_owned()
}

fn who(key: &str, account: &str, postcode: &str) -> ShowWho {
    ShowWho { key: key.into(), account: account.into(), postcode: postcode.into() }
}

/// Shows who holds the link; what the browser carries from then on.
async fn shows(t: &TestDesk, token: &str, key: &str) -> String {
    show_who_online(&t.desk, token, "", who(key, "c100001", "nm1 1aa")).await.expect("it is theirs")
}

fn choice(pence: i64) -> OnlineChoice {
    OnlineChoice {
        every: "month".into(),
        amount_pence: Pence(pence),
        first_on: d("2026-01-01"),
        day_of_month: None,
        method: "transfer".into(),
    }
}

async fn set(t: &TestDesk, link: (&str, &str), key: &str, choice: OnlineChoice, send: bool) -> Outcome<PlanAgreed> {
    set_plan_online(&t.desk, link.0, (link.1, ""), SetPlanOnline { key: key.into(), choice, send }).await
}

async fn stage(t: &TestDesk, token: &str, pass: &str) -> OnlineStage {
    online_plan(&t.desk, token, pass).await.expect("opens").stage
}

async fn choices(t: &TestDesk, token: &str, pass: &str) -> OnlineChoices {
    match stage(t, token, pass).await {
        OnlineStage::Choose(choices) => *choices,
        other => panic!("nothing to choose: {other:?}"),
    }
}

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    outcome.expect_err("refused").code().expect("a code").to_owned()
}

async fn states(t: &TestDesk) -> Vec<(String, i64)> {
    let all = plan_links(&t.desk, &t.role(Role::CreditController), "C100001").await.expect("links");
    all.into_iter().map(|link| (link.state, link.wrong_tries)).collect()
}

async fn trail(t: &TestDesk) -> Vec<AuditRow> {
    let mut look = t.desk.look().await.expect("looks");
    audit_after(&mut look, t.org, 0, 1_000).await.expect("reads")
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_inside_policy_it_is_granted_without_staff_with_letter_schedule_and_trail() {
    on_both("2025-12-15", async |t| {
        let id = owing(&t).await;
        let link = made(&t, "l1", "C100001").await.expect("a link");
        assert_eq!((link.number.as_str(), link.ends_on), ("LINK-000001", d("2026-01-12")));
        assert_eq!(made(&t, "l1", "C100001").await.expect("the same form"), link);
        let token = token_of(&link);
        // Nothing is said of anybody until somebody shows who they are.
        let seen = online_plan(&t.desk, &token, "").await.expect("opens");
        assert_eq!(seen.stage, OnlineStage::Who);
        let said = serde_json::to_string(&seen).expect("JSON");
        assert!(["O'Dowd", "C100001", "INV-1", "600"].iter().all(|word| !said.contains(word)), "{said}");
        assert_eq!(code(offer_online(&t.desk, &token, "guess", &choice(15_000)).await), "PP-LINK-PERSON");
        let pass = shows(&t, &token, "w1").await;
        assert_eq!(shows(&t, &token, "w1").await, pass, "pressed twice, it is the same");
        let seen = choices(&t, &token, &pass).await;
        assert_eq!((seen.total_pence, seen.debts.len(), seen.direct_debit), (90_000, 2, false));
        assert_eq!(seen.at_once, [(3, 30_000), (6, 15_000)]);
        let offer = offer_online(&t.desk, &token, &pass, &choice(15_000)).await.expect("an offer");
        assert!(offer.at_once && offer.schedule.len() == 6);
        let set_one = set(&t, (&token, &pass), "s1", choice(15_000), false).await.expect("granted");
        assert_eq!((set_one.state.as_str(), set_one.approval.as_str()), ("active", ""));
        let by = t.role(Role::CreditController);
        let shown = plan(&t.desk, &by, &set_one.number).await.expect("a plan");
        assert_eq!((shown.granted_by.as_str(), shown.evidence.as_str()), ("Customer online, LINK-000001", "online"));
        assert_eq!((shown.asked_by.as_str(), shown.words.as_str()), ("customer", "Set online, by LINK-000001"));
        let days: Vec<String> = shown.instalments.iter().map(|part| part.due_on.to_string()).collect();
        assert_eq!((days.len(), days[5].as_str()), (6, "2026-06-01"));
        let letters = letters_of_customer(&t.desk, &by, id).await.expect("letters");
        assert_eq!(letters.iter().map(|one| one.template_code.as_str()).collect::<Vec<_>>(), ["plan_agreed"]);
        let told = trail(&t).await;
        let online =
            |event: &str| told.iter().any(|one| one.event == event && one.actor_name == "Customer online, LINK-000001");
        assert!(["PlanLinkConfirmed", "PlanAgreed", "PlanSetOnline"].into_iter().all(online), "{told:?}");
        super::court::trail_is_without(&t, &["O'Dowd", "Set online, by"]).await;
        // Sent again it is the same plan; another form finds the link spent, and a stranger finds nothing.
        let again = set(&t, (&token, &pass), "s1", choice(15_000), false).await.expect("the same form");
        assert_eq!(again, set_one);
        assert_eq!(code(set(&t, (&token, &pass), "s2", choice(15_000), false).await), "PP-LINK");
        assert_eq!(plans_of(&t.desk, &by, "C100001").await.expect("plans").len(), 1);
        assert!(
            matches!(stage(&t, &token, &pass).await, OnlineStage::Done(done) if !done.waits && done.payments.len() == 6)
        );
        assert_eq!(code(online_plan(&t.desk, &token, "").await), "PP-LINK");
        assert_eq!(states(&t).await, [("used".to_owned(), 0)]);
    })
    .await;
}

/// A team leader says yes.
async fn approved(t: &TestDesk, number: &str) {
    let read = approval(&t.desk, &t.role(Role::Auditor), number).await.expect("an approval");
    let ask = DecideApproval {
        key: "yes".into(),
        number: number.to_owned(),
        approve: true,
        reason: String::new(),
        content_hash: read.content_hash,
    };
    decide_approval(&t.desk, &t.role(Role::TeamLeader), ask).await.expect("granted");
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_beyond_policy_it_is_a_request_that_somebody_else_decides() {
    on_both("2025-12-15", async |t| {
        owing(&t).await;
        let token = token(&t, "l1").await;
        let pass = shows(&t, &token, "w1").await;
        let offer = offer_online(&t.desk, &token, &pass, &choice(9_000)).await.expect("an offer");
        assert!(!offer.at_once && offer.schedule.len() == 10);
        assert_eq!(code(set(&t, (&token, &pass), "s1", choice(9_000), false).await), "PP-04-APPROVER");
        assert_eq!(states(&t).await[0].0, "open", "nothing was spent");
        let sent = set(&t, (&token, &pass), "s2", choice(9_000), true).await.expect("sent");
        assert_eq!((sent.state.as_str(), sent.approval.as_str(), sent.letter.as_str()), ("proposed", "APP-000001", ""));
        assert!(matches!(stage(&t, &token, &pass).await, OnlineStage::Done(done) if done.waits));
        approved(&t, &sent.approval).await;
        let shown = plan(&t.desk, &t.role(Role::TeamLeader), &sent.number).await.expect("a plan");
        assert_eq!((shown.line.state.as_str(), shown.asked_by.as_str()), ("active", "customer"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_a_link_that_ended_opens_nothing() {
    on_both("2025-12-15", async |t| {
        owing(&t).await;
        let opens = async |token: &str| online_plan(&t.desk, token, "").await;
        let first = token(&t, "l1").await;
        let mut forged = first.clone().into_bytes();
        forged[3] = if forged[3] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("text");
        for strange in [String::new(), "x".to_owned(), first[..20].to_owned(), forged, format!("{first}A")] {
            assert_eq!(code(opens(&strange).await), "PP-LINK", "{strange}");
        }
        // A newer link ends the one before; one that is taken back opens no more, and is taken back once.
        let second = token(&t, "l2").await;
        assert_eq!(code(opens(&first).await), "PP-LINK");
        let pass = shows(&t, &second, "w1").await;
        let by = t.role(Role::CreditController);
        let back = |key: &str| RevokePlanLink { key: key.into(), number: "LINK-000002".into() };
        revoke_plan_link(&t.desk, &by, back("b1")).await.expect("taken back");
        assert_eq!(code(revoke_plan_link(&t.desk, &by, back("b2")).await), "PP-LINK-OVER");
        assert_eq!(code(set(&t, (&second, &pass), "s1", choice(15_000), false).await), "PP-LINK");
        // Another home's organisation is never reached by a link of this one.
        let other = OpenOrganisation {
            key: "other".into(),
            code: "OTH".into(),
            name: "Other Council".into(),
            nation: "england-and-wales".into(),
            kind: "council".into(),
            vat_number: String::new(),
            letterhead: serde_json::json!({}),
        };
        let org = open_organisation(&t.desk, "Test", other).await.expect("opens").org;
        let elsewhere = sundry_desk::Actor { org, ..by.clone() };
        let no = revoke_plan_link(&t.desk, &elsewhere, back("b3")).await.expect_err("not theirs");
        assert!(matches!(no, No::Absent(_)));
        assert!(matches!(plan_links(&t.desk, &elsewhere, "C100001").await, Err(No::Absent(_))));
        // The last day still opens; the day after does not.
        let third = token(&t, "l3").await;
        t.go_to("2026-01-12");
        opens(&third).await.expect("opens on its last day");
        t.go_to("2026-01-13");
        assert_eq!(code(opens(&third).await), "PP-LINK");
        let ended: Vec<String> = states(&t).await.into_iter().map(|(state, _)| state).collect();
        assert_eq!(ended, ["expired", "revoked", "revoked"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_five_wrong_tries_lock_a_link_and_much_in_a_short_time_waits() {
    on_both("2025-12-15", async |t| {
        owing(&t).await;
        let locked = token(&t, "l1").await;
        for n in 1..=5 {
            let ask = who(&format!("w{n}"), "C100001", &format!("NM1 1A{n}"));
            let no = code(show_who_online(&t.desk, &locked, "", ask).await);
            assert_eq!(no, "PP-LINK-PERSON", "the same words for each: {n}");
        }
        assert_eq!(states(&t).await, [("locked".to_owned(), 5)]);
        let right = who("w9", "C100001", "NM1 1AA");
        assert_eq!(code(show_who_online(&t.desk, &locked, "", right).await), "PP-LINK");
        assert!(matches!(show_who_online(&t.desk, &token(&t, "l2").await, "", who("e", " ", "")).await, Err(No::Invalid(all)) if all.len() == 2));
        // The same form again counts no second wrong try, and all that is sent is counted where a restart keeps it.
        let busy = token(&t, "l3").await;
        let mut seen = BTreeSet::new();
        for _ in 0..31 {
            let ask = who("same", "C100001", "NM9 9ZZ");
            seen.insert(code(show_who_online(&t.desk, &busy, "", ask).await));
        }
        assert_eq!(states(&t).await[0], ("open".to_owned(), 1));
        assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["PP-LINK-OFTEN", "PP-LINK-PERSON"]);
        // An address that tries many links waits too.
        let mut last = String::new();
        for n in 0..3 {
            let next = token(&t, &format!("m{n}")).await;
            for _ in 0..25 {
                let ask = who("same", "C100001", "NM9 9ZZ");
                last = code(show_who_online(&t.desk, &next, "203.0.113.9", ask).await);
            }
        }
        assert_eq!(last, "PP-LINK-OFTEN");
    })
    .await;
}

/// What the account's timeline says of links, oldest first: the day, what happened, and who.
async fn told_of_links(t: &TestDesk) -> Vec<(String, String, String)> {
    let events = timeline(&t.desk, &t.role(Role::Auditor), "C100001", "", 100).await.expect("a timeline").events;
    let links = events.into_iter().rev().filter(|one| one.kind.starts_with("link."));
    links
        .map(|one| {
            assert_eq!(one.group, "plan", "{one:?}");
            (one.on.to_string(), one.words, one.who)
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_what_became_of_each_link_stands_on_the_timeline_of_the_account() {
    on_both("2025-12-15", async |t| {
        owing(&t).await;
        let by = t.role(Role::CreditController);
        let event = |on: &str, words: &str, who: &str| (on.to_owned(), words.to_owned(), who.to_owned());
        // One by e-mail that a newer one takes the place of; its address is not told.
        let ask = MakePlanLink { key: "l1".into(), customer: "C100001".into(), email: true };
        make_plan_link(&t.desk, &by, ask).await.expect("sent");
        t.go_to("2025-12-16");
        let locked = token(&t, "l2").await;
        let first = "Link LINK-000001 made, to set a plan online, sent by e-mail, until 12 January 2026";
        let second = "Link LINK-000002 made, to set a plan online, until 13 January 2026";
        let mut wanted = vec![
            event("2025-12-15", first, &by.name),
            event("2025-12-16", "Link LINK-000001 taken back", &by.name),
            event("2025-12-16", second, &by.name),
        ];
        assert_eq!(told_of_links(&t).await, wanted);
        // Five wrong tries lock it; who only opens it leaves no trace.
        online_plan(&t.desk, &locked, "").await.expect("opens");
        for n in 1..=5 {
            let ask = who(&format!("w{n}"), "C100001", &format!("NM1 1A{n}"));
            show_who_online(&t.desk, &locked, "", ask).await.expect_err("not theirs");
        }
        let words = "Link LINK-000002 locked. Somebody came too often with other details";
        wanted.push(event("2025-12-16", words, ""));
        assert_eq!(told_of_links(&t).await, wanted);
        // One that nobody uses runs out with its last day, stays so when another is made, and cannot be taken back.
        token(&t, "l3").await;
        t.go_to("2026-01-13");
        assert_eq!(told_of_links(&t).await.len(), 5, "on its last day it opens");
        t.go_to("2026-01-14");
        let back = RevokePlanLink { key: "b1".into(), number: "LINK-000003".into() };
        assert_eq!(code(revoke_plan_link(&t.desk, &by, back).await), "PP-LINK-OVER");
        let used = token(&t, "l4").await;
        let pass = shows(&t, &used, "w9").await;
        let choice = OnlineChoice { first_on: d("2026-02-01"), ..choice(15_000) };
        set(&t, (&used, &pass), "s1", choice, false).await.expect("granted");
        let third = "Link LINK-000003 made, to set a plan online, until 13 January 2026";
        let fourth = "Link LINK-000004 made, to set a plan online, until 11 February 2026";
        wanted.extend([
            event("2025-12-16", third, &by.name),
            event("2026-01-13", "Link LINK-000003 ran out. No plan was set by it", ""),
            event("2026-01-14", fourth, &by.name),
            event("2026-01-14", "Link LINK-000004 opened. They showed who they are", ""),
            event("2026-01-14", "Link LINK-000004 used. They chose PLAN-000001", ""),
        ]);
        assert_eq!(told_of_links(&t).await, wanted);
        let ended: Vec<String> = states(&t).await.into_iter().map(|(state, _)| state).collect();
        assert_eq!(ended, ["used", "expired", "locked", "revoked"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_each_week_says_how_many_plans_were_set_with_nobody_of_ours() {
    on_both("2025-12-15", async |t| {
        owing(&t).await;
        for number in ["C100002", "C100003"] {
            let other = customer(&t, number, "individual", "").await;
            owe(&t.desk, t.org, &format!("INV-{number}"), other, d("2025-11-01"), 90_000).await.expect("owes");
        }
        // One by a link at once; one by a link that somebody decides a week later; one by a clerk, who may say that it
        // was online: the link decides.
        let first = token(&t, "l1").await;
        let pass = shows(&t, &first, "w1").await;
        let set_one = set(&t, (&first, &pass), "s1", choice(15_000), false).await.expect("granted");
        let second = token_of(&made(&t, "l2", "C100002").await.expect("a link"));
        let pass = show_who_online(&t.desk, &second, "", who("w2", "C100002", "NM1 1AA")).await.expect("theirs");
        let sent = set(&t, (&second, &pass), "s2", choice(9_000), true).await.expect("sent");
        let terms = crate::plans::ask(&["INV-C100003"], 6, "2026-01-01");
        let terms = PlanAsk { customer: "C100003".into(), evidence: "online".into(), ..terms };
        let clerk = AgreePlan { key: "a".into(), ask: terms };
        agree_plan(&t.desk, &t.role(Role::CreditController), clerk).await.expect("agreed");
        t.go_to("2025-12-22");
        approved(&t, &sent.approval).await;
        // A plan that ends counts where it began.
        let over = EndPlan { key: "e".into(), number: set_one.number, how: "cancelled".into(), reason: "Paid".into() };
        end_plan(&t.desk, &t.role(Role::CreditController), over).await.expect("ended");
        let weeks = plan_weeks(&t.desk, &t.role(Role::TeamLeader), d("2025-12-24")).await.expect("weeks");
        let week = |from: &str, to: &str, is_over, links, [untouched, offered, by_staff]: [i64; 3], share| PlanWeek {
            from: d(from),
            to: d(to),
            is_over,
            links,
            agreed: untouched + offered + by_staff,
            untouched,
            untouched_permille: share,
            offered,
            by_staff,
        };
        assert_eq!(weeks.len(), 12);
        let newest = [
            week("2025-12-22", "2025-12-28", false, 0, [0, 1, 0], Some(0)),
            week("2025-12-15", "2025-12-21", true, 2, [1, 0, 1], Some(500)),
            week("2025-12-08", "2025-12-14", true, 0, [0, 0, 0], None),
        ];
        assert_eq!(weeks[..3], newest);
        let no = plan_weeks(&t.desk, &t.role(Role::Administrator), d("2025-12-24")).await;
        assert_eq!(code(no), "CTL-01-NO-DUTY");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_two_at_once_make_one_plan() {
    on_both("2025-12-15", async |t| {
        owing(&t).await;
        let token = token(&t, "l1").await;
        let pass = shows(&t, &token, "w1").await;
        let (one, two) = tokio::join!(
            set(&t, (&token, &pass), "s1", choice(15_000), false),
            set(&t, (&token, &pass), "s2", choice(30_000), false),
        );
        assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
        let late = if one.is_ok() { two } else { one };
        assert_eq!(code(late), "PP-LINK");
        let plans = plans_of(&t.desk, &t.role(Role::CreditController), "C100001").await.expect("plans");
        assert_eq!(plans.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_what_the_law_or_a_plan_forbids_is_refused_when_it_is_made_and_when_it_is_used() {
    on_both("2025-12-15", async |t| {
        let id = owing(&t).await;
        let closed = async |token: &str, pass: &str| match stage(&t, token, pass).await {
            OnlineStage::Closed(refusal) => refusal.code,
            other => panic!("open: {other:?}"),
        };
        let first = token(&t, "l1").await;
        let pass = shows(&t, &first, "w1").await;
        let item = ledger::items_numbered(&mut t.desk.look().await.expect("a look"), t.org, "INV-2").await;
        let item = sundry_domain::ids::ItemId(item.expect("reads")[0].id);
        let mut tx = t.desk.db().begin().await.expect("begins");
        ledger::set_disputed(&mut tx, t.org, item, Pence(1_000)).await.expect("disputed");
        tx.commit().await.expect("commits");
        assert_eq!(choices(&t, &first, &pass).await.total_pence, 60_000, "what is in query stays out");
        // Fields that no policy bends for.
        let early = OnlineChoice { first_on: d("2025-12-14"), ..choice(15_000) };
        let late = OnlineChoice { first_on: d("2026-01-16"), method: "cash".into(), ..choice(15_000) };
        let fields = async |choice: &OnlineChoice| match offer_online(&t.desk, &first, &pass, choice).await {
            Err(No::Invalid(all)) => all.len(),
            other => panic!("{other:?}"),
        };
        assert_eq!((fields(&early).await, fields(&late).await), (1, 2));
        let small = offer_online(&t.desk, &first, &pass, &choice(1_500)).await;
        assert_eq!(code(small), "PP-04-MINIMUM");
        assert_eq!(code(offer_online(&t.desk, &first, &pass, &choice(60_001)).await), "PP-02-AMOUNT");
        let debit = OnlineChoice { method: "direct_debit".into(), ..choice(15_000) };
        assert_eq!(code(offer_online(&t.desk, &first, &pass, &debit).await), "PP-01-NO-MANDATE");
        // A plan that a clerk agreed meanwhile.
        let clerk = AgreePlan { key: "a".into(), ask: crate::plans::ask(&["INV-1"], 6, "2026-01-01") };
        agree_plan(&t.desk, &t.role(Role::CreditController), clerk).await.expect("agreed");
        assert_eq!(closed(&first, &pass).await, "PP-06-SECOND-PLAN");
        assert_eq!(code(set(&t, (&first, &pass), "s1", choice(15_000), false).await), "PP-06-SECOND-PLAN");
        assert_eq!(code(made(&t, "l2", "C100001").await), "PP-06-SECOND-PLAN");
        // Breathing space and death: nothing is made, and nothing is used that was made before.
        for (number, kind, wanted) in [
            ("C100002", "breathing_space", "PP-06-BREATHING-SPACE"),
            ("C100003", "deceased", "BS-06-DECEASED"),
            ("C100004", "insolvent", "BS-05-INSOLVENT"),
        ] {
            let other = customer(&t, number, "individual", "").await;
            owe(&t.desk, t.org, &format!("INV-{number}"), other, d("2025-11-01"), 60_000).await.expect("owes");
            let link = token_of(&made(&t, number, number).await.expect("a link"));
            let pass = show_who_online(&t.desk, &link, "", who("w", number, "NM1 1AA")).await.expect("theirs");
            flag(&t, other, kind, "2025-12-15", "2030-01-01").await;
            assert_eq!(closed(&link, &pass).await, wanted);
            assert_eq!(code(set(&t, (&link, &pass), "s", choice(15_000), true).await), wanted);
            assert_eq!(code(made(&t, &format!("{number} again"), number).await), wanted);
        }
        let nothing = customer(&t, "C100005", "individual", "").await;
        assert_ne!(nothing, id);
        assert_eq!(code(made(&t, "n", "C100005").await), "PP-06-NO-ITEM");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_a_link_goes_by_e_mail_without_a_sum_and_only_by_who_agrees_plans() {
    on_both("2025-12-15", async |t| {
        let who = customer(&t, "C100001", "individual", "joyce@example.org").await;
        owe(&t.desk, t.org, "INV-1", who, d("2025-11-01"), 60_000).await.expect("owes");
        let by = t.role(Role::CreditController);
        assert_eq!(code(made(&t, "l0", "C100001").await), "PP-LINK-ADDRESS");
        pages_at(&t).await;
        let ask = |key: &str, customer: &str| MakePlanLink { key: key.into(), customer: customer.into(), email: true };
        assert_eq!(code(make_plan_link(&t.desk, &t.role(Role::Cashier), ask("l1", "C100001")).await), "CTL-01-NO-DUTY");
        let sent = make_plan_link(&t.desk, &by, ask("l2", "C100001")).await.expect("sent");
        assert_eq!(sent.sent_to, "joyce@example.org");
        let mut look = t.desk.look().await.expect("looks");
        let mail = mails_about(&mut look, t.org, "plan link LINK-000001").await.expect("reads");
        drop(look);
        assert!(mail.len() == 1 && mail[0].body.contains(&sent.link), "{mail:?}");
        let says = mail[0].body.replace(&sent.link, "");
        assert!(!says.contains('£') && !says.contains("owe") && !says.contains("C100001"), "{says}");
        let poor = customer(&t, "C100002", "individual", "").await;
        owe(&t.desk, t.org, "INV-2", poor, d("2025-11-01"), 60_000).await.expect("owes");
        assert_eq!(code(make_plan_link(&t.desk, &by, ask("l3", "C100002")).await), "PP-LINK-EMAIL");
        // Whose letters are in Welsh is written to in Welsh, and the page is told so.
        let welsh = customer(&t, "C100003", "individual", "mair@example.org").await;
        owe(&t.desk, t.org, "INV-3", welsh, d("2025-11-01"), 60_000).await.expect("owes");
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update customer set language = 'cy' where org_id = $1 and id = $2";
        tx.run(sql, sundry_store::args![t.org, welsh]).await.expect("changes");
        tx.commit().await.expect("commits");
        let by_letters = make_plan_link(&t.desk, &by, ask("l4", "C100003")).await.expect("sent");
        let about = format!("plan link {}", by_letters.number);
        let mail = mails_about(&mut t.desk.look().await.expect("looks"), t.org, &about).await.expect("reads");
        assert!(mail[0].body.contains(&by_letters.link) && mail[0].body.contains("tan 12 Ionawr 2026"), "{mail:?}");
        assert!(!mail[0].body.contains("You") && !mail[0].body.contains('£'), "{mail:?}");
        let of = async |link: &PlanLinkMade| online_plan(&t.desk, &token_of(link), "").await.expect("opens").language;
        assert_eq!((of(&by_letters).await, of(&sent).await), (Language::Welsh, Language::English));
        // The link itself is in no answer that is kept, and in no line of the trail.
        let token = token_of(&sent);
        assert!(trail(&t).await.iter().all(|one| !one.detail.contains(&token) && !one.subject.contains(&token)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_debts_at_court_or_with_an_agency_are_no_plan_of_a_link() {
    on_both("2026-04-07", async |t| {
        crate::court::signed(&t).await;
        pages_at(&t).await;
        let no = made(&t, "l1", "C100001").await.expect_err("at court");
        assert_eq!(no.code(), Some("PP-LINK-ELSEWHERE"));
        assert!(no.to_string().contains("at court: CRT-000001"), "{no}");
    })
    .await;
    on_both("2026-07-01", async |t| {
        crate::agencies::ripe(&t).await;
        crate::agencies::agency(&t, "net").await;
        pages_at(&t).await;
        let link = token_of(&made(&t, "l1", "C100001").await.expect("still with us"));
        let pass = show_who_online(&t.desk, &link, "", who("w", "C100001", "NE61 1AA")).await.expect("theirs");
        crate::agencies::place(&t, "p", &["C100001"]).await.expect("placed");
        let closed = stage(&t, &link, &pass).await;
        assert!(matches!(closed, OnlineStage::Closed(refusal) if refusal.code == "PP-LINK-ELSEWHERE"));
        assert_eq!(code(made(&t, "l2", "C100001").await), "PP-LINK-ELSEWHERE");
    })
    .await;
}
