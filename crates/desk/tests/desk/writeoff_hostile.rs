//! Giving up and what comes back, as somebody who means ill tries them: others' numbers, texts, days, years and sums
//! nobody means.
use crate::customers::customer;
use crate::people::code;
use crate::queries::pages_at;
use crate::recovery_hostile::{absent, endless, far, stranger};
use crate::writeoff::{LOST, on_file, owed, propose};
use sundry_desk::core::testing::on_both;
use sundry_desk::queries::NewFile;
use sundry_desk::writeoff::*;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

fn evidence(key: &str, debt: &str) -> AddDebtEvidence {
    AddDebtEvidence {
        key: key.into(),
        debt: debt.into(),
        kind: "trace_proof".into(),
        words: "On the papers".into(),
        on: None,
    }
}

fn asked(key: &str, debt: &str) -> AskDecision {
    AskDecision {
        key: key.into(),
        debt: debt.into(),
        purpose: "recommendation".into(),
        to: "halls@example.gov.uk".into(),
        ..AskDecision::default()
    }
}

fn decide(key: &str, lines: Vec<LineDecision>) -> DecideSchedule {
    DecideSchedule {
        key: key.into(),
        schedule: "WO-2026-11".into(),
        lines,
        count: 0,
        total: Pence::ZERO,
        security_code: String::new(),
    }
}

fn give_up(key: &str, item: &str) -> RequestWriteOff {
    RequestWriteOff {
        key: key.into(),
        item: item.into(),
        amount: None,
        reason: "untraceable".into(),
        words: "Traced twice".into(),
        evidence: Vec::new(),
    }
}

fn back(key: &str, words: &str) -> RequestWriteBack {
    RequestWriteBack {
        key: key.into(),
        write_off: "WO-000001".into(),
        amount: Pence(i64::MAX),
        words: words.into(),
        receipt: String::new(),
    }
}

fn answer(key: &str, name: &str, words: &str) -> RecordAnswer {
    RecordAnswer {
        key: key.into(),
        referral: "REF-000001".into(),
        answer: "continue".into(),
        words: words.into(),
        name: name.into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_04_another_organisations_schedules_and_questions_are_not_there() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let (one, two) = (owed(&t, "r1", &who, "900.00").await, owed(&t, "r2", &who, "120.00").await);
        t.go_to("2026-11-22");
        pages_at(&t).await;
        let controller = t.role(Role::CreditController);
        on_file(&t, &one, LOST).await;
        propose_write_offs(&t.desk, &controller, propose("p", &[&one])).await.expect("proposes");
        ask_decision(&t.desk, &controller, asked("a", &two)).await.expect("asks");
        let line = schedule(&t.desk, &controller, "WO-2026-11").await.expect("shows").lines[0].line;
        let (desk, by) = (&t.desk, stranger(&t));
        assert!(absent(debt_case(desk, &by, &one).await));
        assert!(absent(schedule(desk, &by, "WO-2026-11").await));
        assert!(absent(referral(desk, &by, "REF-000001").await));
        assert!(absent(propose_write_offs(desk, &by, propose("s1", &[&two])).await));
        let off = WithdrawLine { key: "s2".into(), schedule: "WO-2026-11".into(), line };
        assert!(absent(withdraw_line(desk, &by, off).await));
        let no = LineDecision { line, version: 1, act: "refuse".into(), reason: "Too soon".into() };
        assert!(absent(decide_schedule(desk, &by, decide("s3", vec![no])).await));
        let met = RecordCommittee {
            key: "s4".into(),
            schedule: "WO-2026-11".into(),
            on: t.desk.today(),
            minute: "4.2".into(),
        };
        assert!(absent(record_committee(desk, &by, met).await));
        // Absent before its file is looked at: a program is no evidence, and nobody is told so.
        let program = NewFile { name: "a.exe".into(), bytes: b"MZ".to_vec() };
        assert!(absent(add_debt_evidence(desk, &by, evidence("s5", &one), Some(program)).await));
        let end = EndDebtEvidence { key: "s6".into(), debt: one.clone(), evidence: 1, words: String::new() };
        assert!(absent(end_debt_evidence(desk, &by, end).await));
        assert!(absent(request_write_off(desk, &by, give_up("s7", &two)).await));
        assert!(absent(request_write_back(desk, &by, back("s8", "Paying")).await));
        assert!(absent(ask_decision(desk, &by, asked("s9", &two)).await));
        assert!(absent(record_answer(desk, &by, answer("s10", "R. Hall", "Go on")).await));
        let withdraw = WithdrawReferral { key: "s11".into(), referral: "REF-000001".into() };
        assert!(absent(withdraw_referral(desk, &by, withdraw).await));
        let lost = ReferLoss { key: "s12".into(), write_off: "WO-000001".into(), referred: true };
        assert!(absent(refer_loss(desk, &by, lost).await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_09_texts_without_end_and_days_nobody_means_are_refused_at_their_field() {
    on_both("2026-11-22", async |t| {
        let (desk, by, approver) = (&t.desk, t.role(Role::CreditController), t.role(Role::Approver));
        let long = ProposeWriteOffs { words: endless(), ..propose("a", &["INV-000001"]) };
        assert_eq!(code(propose_write_offs(desk, &by, long).await), "invalid words");
        let long = AddDebtEvidence { words: endless(), on: Some(far()), ..evidence("b", "INV-000001") };
        assert_eq!(code(add_debt_evidence(desk, &by, long, None).await), "invalid words on");
        // Nothing was seen tomorrow; only the last day of a claim is to come, and not in a hundred years.
        let tomorrow = "2026-11-23".parse().ok();
        let seen = AddDebtEvidence { on: tomorrow, ..evidence("b1", "INV-000001") };
        assert_eq!(code(add_debt_evidence(desk, &by, seen.clone(), None).await), "invalid on");
        let claim = AddDebtEvidence { key: "b2".into(), kind: "limitation_working".into(), ..seen };
        assert!(absent(add_debt_evidence(desk, &by, claim.clone(), None).await), "the day is one like any other");
        let claim = AddDebtEvidence { on: Some(far()), ..claim };
        assert_eq!(code(add_debt_evidence(desk, &by, claim, None).await), "invalid on");
        let end = EndDebtEvidence { key: "c".into(), debt: "INV-000001".into(), evidence: 1, words: endless() };
        assert_eq!(code(end_debt_evidence(desk, &by, end).await), "invalid words");
        let given = EvidenceGiven { kind: "trace_proof".into(), words: endless(), on: Some(far()) };
        let long = RequestWriteOff { words: endless(), evidence: vec![given], ..give_up("d", "INV-000001") };
        assert_eq!(code(request_write_off(desk, &by, long).await), "invalid words words on");
        assert_eq!(code(request_write_back(desk, &by, back("e", &endless())).await), "invalid words");
        let sign = SeeSign {
            key: "f".into(),
            customer: "C100001".into(),
            kind: "account".into(),
            what: "C100002".into(),
            words: "a\u{202e}b".into(),
        };
        assert_eq!(code(see_sign(desk, &by, sign).await), "invalid words");
        let long = AskDecision { question: endless(), service: "Halls\nBcc: all".into(), ..asked("g", "INV-000001") };
        assert_eq!(code(ask_decision(desk, &by, long).await), "invalid question service");
        let long = answer("h", "R.\u{7}Hall", &endless());
        assert_eq!(code(record_answer(desk, &by, long).await), "invalid words name");
        let no = LineDecision { line: 1, version: 1, act: "refuse".into(), reason: endless() };
        assert_eq!(code(decide_schedule(desk, &approver, decide("i", vec![no])).await), "invalid reason");
        let met = RecordCommittee {
            key: "j".into(),
            schedule: "WO-2026-11".into(),
            on: "0001-01-01".parse().expect("a date"),
            minute: endless(),
        };
        assert_eq!(code(record_committee(desk, &approver, met).await), "invalid minute on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_03_wof_07_criteria_years_and_sums_nobody_means_are_refused() {
    on_both("2026-11-22", async |t| {
        let (desk, admin) = (&t.desk, t.role(Role::Administrator));
        let criteria = |key: &str, name: &str, value: i64| ChangePolicy {
            key: key.into(),
            from_on: "2026-12-01".parse().expect("a date"),
            values: vec![(name.into(), value)],
        };
        // A debt is never a thousand years overdue: every list of candidates would count back to it.
        for name in ["age_days", "small_age_days", "service_days", "gone_away_months"] {
            let no = change_policy(desk, &admin, criteria(name, name, 36_601)).await;
            assert_eq!(code(no), format!("invalid {name}"));
        }
        let no = change_policy(desk, &admin, criteria("m", "small_maximum", i64::MAX)).await;
        assert_eq!(code(no), "invalid small_maximum");
        let late = ChangePolicy { from_on: far(), ..criteria("l", "age_days", -1) };
        assert_eq!(code(change_policy(desk, &admin, late).await), "invalid age_days from_on");
        change_policy(desk, &admin, criteria("c", "age_days", 36_600)).await.expect("a hundred years may be asked for");
        let auditor = t.role(Role::Auditor);
        for year in [i64::from(i32::MAX), i64::MAX, i64::MIN, 1, 9_999] {
            assert_eq!(code(losses_register(desk, &auditor, Some(year)).await), "invalid year", "{year}");
            assert_eq!(code(committee_report(desk, &auditor, Some(year)).await), "invalid year", "{year}");
        }
        let by = t.role(Role::CreditController);
        for maximum in [0, -1, i64::MIN, i64::MAX] {
            let (maximum, total) = (Pence(maximum), Pence(i64::MAX));
            let ask = RequestSmallBalances { key: "s".into(), maximum, count: i64::MAX, total };
            assert_eq!(code(request_small_balances(desk, &by, ask).await), "REC-09-SMALL-MAXIMUM");
        }
    })
    .await;
}
