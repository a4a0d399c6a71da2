//! The people's side as somebody who means ill tries it: others' numbers, keys sent again, texts and days nobody means.
use crate::people::{act, attorney, code, notice, pdf};
use crate::recovery::{customer, open};
use sundry_desk::control::audit_trail::audit_trail;
use sundry_desk::core::actor::Actor;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::*;
use sundry_desk::recovery::people::*;
use sundry_domain::control::Role;
use sundry_domain::ids::OrgId;
use sundry_store::args;

/// What is longer than any field, in more than one byte a letter.
fn endless() -> String {
    "Ŵ".repeat(5_000)
}

fn far() -> Option<chrono::NaiveDate> {
    "9999-12-31".parse().ok()
}

fn need(key: &str, customer: &str) -> MarkNeed {
    MarkNeed {
        key: key.into(),
        customer: customer.into(),
        need: "language".into(),
        adjustments: vec!["longer_deadlines".into()],
        reason: "Told us on a call".into(),
        basis: "Consent, 1 May 2026".into(),
        review_on: None,
    }
}

fn flag(key: &str, number: &str) -> SetFlag {
    SetFlag {
        key: key.into(),
        number: number.into(),
        kind: "gone_away".into(),
        evidence: "Post came back".into(),
        from_on: None,
        to_on: None,
        review_on: None,
    }
}

fn joint(key: &str, customer: &str, other: &str) -> AddJoint {
    AddJoint {
        key: key.into(),
        customer: customer.into(),
        debt: "INV-1".into(),
        other: other.into(),
        because: "joint".into(),
        evidence: "Tenancy of 2 May 2024".into(),
    }
}

fn new_address(key: &str, customer: &str) -> AskForChange {
    AskForChange {
        key: key.into(),
        customer: customer.into(),
        field: "address".into(),
        address1: "2 Mill Lane".into(),
        town: "Ashford".into(),
        postcode: "TN23 1AA".into(),
        source: "E-mail of 1 May 2026".into(),
        ..AskForChange::default()
    }
}

fn call(key: &str, customer: &str) -> LogCall {
    LogCall { key: key.into(), customer: customer.into(), outcome: "no_answer".into(), ..LogCall::default() }
}

/// A desk with a customer, a debt, a representative and a case; their numbers.
async fn with_people(t: &TestDesk) -> (String, String) {
    let by = t.role(Role::CreditController);
    let who = customer(t, "C100001", "individual", "").await;
    let other = customer(t, "C100002", "individual", "").await;
    open(t, other, "invoice", "INV-2", "2026-04-24", 9_000).await;
    open(t, who, "invoice", "INV-1", "2026-04-24", 12_000).await;
    let acting = add_acting(&t.desk, &by, attorney("a", "C100001")).await.expect("is recorded").number;
    let case = take_notice(&t.desk, &by, notice("1", "C100002", "standard", "2026-05-01")).await.expect("is taken in");
    (acting, case.number)
}

/// Somebody with every duty of a controller, in another organisation.
fn stranger(t: &TestDesk) -> Actor {
    let mut stranger = t.role(Role::CreditController);
    stranger.org = OrgId(t.org.0 + 1_000);
    stranger
}

fn absent<T>(answer: Result<T, sundry_desk::No>) -> bool {
    matches!(answer, Err(sundry_desk::No::Absent(_)))
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_04_another_organisations_people_are_not_there_whatever_is_asked_of_them() {
    on_both("2026-05-01", async |t| {
        let (acting, case) = with_people(&t).await;
        let (desk, by) = (&t.desk, stranger(&t));
        assert!(absent(add_acting(desk, &by, attorney("s1", "C100001")).await));
        let prove = ProveActing { key: "s2".into(), number: acting.clone(), words: "Stamped".into() };
        // Absent before its file is looked at: a program is no evidence, and nobody is told so.
        let program = sundry_desk::queries::NewFile { name: "a.exe".into(), bytes: b"MZ".to_vec() };
        assert!(absent(prove_acting(desk, &by, prove, program).await));
        let end = EndActing { key: "s3".into(), number: acting, words: "Revoked".into() };
        assert!(absent(end_acting(desk, &by, end).await));
        assert!(absent(mark_need(desk, &by, need("s4", "C100001")).await));
        let read = ReadNeeds { key: "s5".into(), customer: "C100001".into(), why: "A call".into() };
        assert!(absent(read_needs(desk, &by, read).await));
        for what in ["do_task", "treatment_ended", "add_debt", "hand_over", "end", "write"] {
            let ask = ActOnCase { task: Some(1), owner: "priya".into(), ..act(&format!("s-{what}"), &case, what) };
            assert!(absent(act_on_case(desk, &by, ask).await), "{what}");
        }
        let confirm =
            ConfirmCase { key: "s6".into(), number: case, customer: "C100001".into(), ..ConfirmCase::default() };
        assert!(absent(confirm_case(desk, &by, confirm).await));
        // Family without an agreement is refused by law, and yet not before it is known who is meant.
        let family = AddJoint { because: "relative".into(), ..joint("s7", "C100001", "C100002") };
        assert!(absent(add_joint(desk, &by, family).await));
        assert!(absent(set_flag(desk, &by, flag("s8", "C100001")).await));
        assert!(absent(take_notice(desk, &by, notice("1", "C100001", "standard", "2026-05-01")).await));
        assert!(absent(log_call(desk, &by, call("s9", "C100001")).await));
        let mut officer = t.role(Role::BillingOfficer);
        officer.org = by.org;
        assert!(absent(ask_for_change(desk, &officer, new_address("s10", "C100001")).await));
        assert!(absent(ready_to_call(desk, &by, "C100001").await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_a_customer_that_is_not_there_is_said_before_what_a_case_or_a_notice_refuses() {
    on_both("2026-05-01", async |t| {
        let (_, case) = with_people(&t).await;
        let by = t.role(Role::CreditController);
        let confirm =
            ConfirmCase { key: "c1".into(), number: case, customer: "C999999".into(), ..ConfirmCase::default() };
        assert!(absent(confirm_case(&t.desk, &by, confirm).await), "though the case is in force");
        let twice =
            TakeNotice { key: "n2".into(), customer: "C999999".into(), ..notice("1", "x", "standard", "2026-05-01") };
        assert!(absent(take_notice(&t.desk, &by, twice).await), "though its reference came before");
        let family = AddJoint { because: "relative".into(), ..joint("j1", "C100001", "C999999") };
        assert!(absent(add_joint(&t.desk, &by, family).await), "though family never owes");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_12_to_18_texts_without_end_and_days_nobody_means_are_refused_at_their_field() {
    on_both("2026-05-01", async |t| {
        let (acting, case) = with_people(&t).await;
        let (desk, by) = (&t.desk, t.role(Role::CreditController));
        let long = AddActing {
            name: endless(),
            phone: "1\u{7}2".into(),
            document: endless(),
            to_on: far(),
            ..attorney("b1", "C100001")
        };
        assert_eq!(code(add_acting(desk, &by, long).await), "invalid name phone document to_on");
        let end = EndActing { key: "b2".into(), number: acting.clone(), words: endless() };
        assert_eq!(code(end_acting(desk, &by, end).await), "invalid words");
        let prove = ProveActing { key: "b3".into(), number: acting, words: endless() };
        assert_eq!(code(prove_acting(desk, &by, prove, pdf()).await), "invalid words");
        let sure = MarkNeed { basis: endless(), review_on: far(), ..need("b4", "C100001") };
        assert_eq!(code(mark_need(desk, &by, sure).await), "invalid basis review_on");
        let read = ReadNeeds { key: "b5".into(), customer: "C100001".into(), why: endless() };
        assert_eq!(code(read_needs(desk, &by, read).await), "invalid why");
        let done = ActOnCase { words: endless(), owner: "a\nb".into(), ..act("b6", &case, "hand_over") };
        assert_eq!(code(act_on_case(desk, &by, done).await), "invalid words owner");
        let confirm = ConfirmCase { key: "b7".into(), number: case, words: endless(), ..ConfirmCase::default() };
        assert_eq!(code(confirm_case(desk, &by, confirm).await), "invalid words");
        let told = TakeNotice {
            person: "Mary\u{202e}Holt".into(),
            contact_role: endless(),
            born_on: far(),
            starts_on: far(),
            ..notice("9", "C100001", "bankruptcy", "2026-05-01")
        };
        assert_eq!(code(take_notice(desk, &by, told).await), "invalid born_on person contact_role starts_on");
        let other = AddJoint { evidence: endless(), ..joint("b8", "C100001", "C100002") };
        assert_eq!(code(add_joint(desk, &by, other).await), "invalid evidence");
        let set = SetFlag { evidence: endless(), review_on: far(), ..flag("b9", "C100001") };
        assert_eq!(code(set_flag(desk, &by, set).await), "invalid evidence review_on");
        let end = EndFlag { key: "b10".into(), number: "C100001".into(), flag: 1, ended_on: far(), reason: endless() };
        assert_eq!(code(end_flag(desk, &by, end).await), "invalid reason ended_on");
        let rang = LogCall { next_step: endless(), next_on: far(), ..call("b11", "C100001") };
        assert_eq!(code(log_call(desk, &by, rang).await), "invalid next_step next_on");
        let wide = LogCall { promise_pence: Some(i64::MAX), promise_on: far(), ..call("b12", "C100001") };
        assert_eq!(code(log_call(desk, &by, wide).await), "invalid promise_on");
        let officer = t.role(Role::BillingOfficer);
        let moved = AskForChange { source: endless(), ..new_address("b13", "C100001") };
        assert_eq!(code(ask_for_change(desk, &officer, moved).await), "invalid source");
        let odd = AddReference {
            key: "b14".into(),
            number: "C100001".into(),
            kind: "case".into(),
            reference: "A\u{1}B".into(),
        };
        assert_eq!(code(add_reference(desk, &officer, odd).await), "invalid reference");
        // What no database keeps is refused at every door, in any field.
        let nul = AddNote {
            key: "b15".into(),
            number: "C100001".into(),
            kind: String::new(),
            words: "a\0b".into(),
            pinned: false,
        };
        assert_eq!(code(add_note(desk, &by, nul).await), "invalid words");
        // A notice of 29 February, and of some lines, is one like any other.
        let leap =
            TakeNotice { words: "One line\nand another".into(), ..notice("10", "C100001", "bankruptcy", "2024-02-29") };
        assert_eq!(take_notice(desk, &by, leap).await.expect("is taken in").state, "in_force");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_a_key_of_the_people_sent_again_for_something_else_is_refused() {
    on_both("2026-05-01", async |t| {
        with_people(&t).await;
        let (desk, by, officer) = (&t.desk, t.role(Role::CreditController), t.role(Role::BillingOfficer));
        assert_eq!(code(add_acting(desk, &by, attorney("a", "C100002")).await), "OPS-KEY-REUSED");
        let marked = mark_need(desk, &by, need("n", "C100001")).await.expect("is marked");
        assert_eq!(mark_need(desk, &by, need("n", "C100001")).await.expect("the same").flag, marked.flag);
        assert_eq!(code(mark_need(desk, &by, need("n", "C100002")).await), "OPS-KEY-REUSED");
        let bank = |digits: &str| AskForChange {
            field: "bank".into(),
            sort_code: "08-99-99".into(),
            account: digits.into(),
            ..new_address("k", "C100001")
        };
        ask_for_change(desk, &officer, bank("66374958")).await.expect("waits");
        assert_eq!(code(ask_for_change(desk, &officer, bank("66374959")).await), "OPS-KEY-REUSED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_18_of_two_who_ask_at_once_one_waits() {
    on_both("2026-05-01", async |t| {
        with_people(&t).await;
        let officer = t.role(Role::BillingOfficer);
        let two = ["t1", "t2"].map(|key| {
            let (desk, officer) = (t.desk.clone(), officer.clone());
            tokio::spawn(async move { ask_for_change(&desk, &officer, new_address(key, "C100001")).await })
        });
        let mut came = Vec::new();
        for one in two {
            came.push(code(one.await.expect("runs")));
        }
        came.sort();
        assert_eq!(came, ["CUS-18-WAITS", "allowed"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_06_why_somebody_read_of_a_need_stands_beside_the_trail_and_leaves_nowhere() {
    on_both("2026-05-01", async |t| {
        with_people(&t).await;
        mark_need(&t.desk, &t.role(Role::CreditController), need("n", "C100001")).await.expect("is marked");
        let why = "Their daughter rang about the deadline";
        let read = ReadNeeds { key: "r".into(), customer: "C100001".into(), why: why.into() };
        let leader = t.role(Role::TeamLeader);
        assert_eq!(read_needs(&t.desk, &leader, read.clone()).await.expect("reads").len(), 1);
        assert_eq!(read_needs(&t.desk, &leader, read.clone()).await.expect("the same").len(), 1);
        // Somebody else's key opens nothing, and under it nothing is kept of what was read.
        assert_eq!(code(read_needs(&t.desk, &t.role(Role::CreditController), read).await), "OPS-KEY-REUSED");
        let mut look = t.desk.look().await.expect("looks");
        let sql = "select answer from idempotency where org_id = $1 and key = 'r'";
        let kept: Vec<(serde_json::Value,)> = look.all(sql, args![t.org]).await.expect("reads");
        drop(look);
        assert!(kept.len() == 1 && !kept[0].0.to_string().contains("Told us"), "{kept:?}");
        let trail = audit_trail(&t.desk, &t.role(Role::Auditor), "NeedsRead", 1, 10).await.expect("reads");
        assert_eq!(trail.rows.len(), 1);
        assert_eq!(trail.words.get(&trail.rows[0].seq).map(String::as_str), Some(why));
        super::court::trail_is_without(&t, &[why, "Told us on a call", "Consent"]).await;
    })
    .await;
}
