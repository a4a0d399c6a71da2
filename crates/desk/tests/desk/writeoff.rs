//! Giving debts up: evidence, the service's view, schedules decided with the security code, small balances, losses,
//! write-backs for money that came, people there again, the loss allowance.
use crate::billing::{line, raised};
use crate::cash::{agrees, owe};
use crate::customers::customer;
use crate::ledger::{self, pay};
use crate::queries::pages_at;
use crate::recovery::release;
use sundry_desk::approvals::*;
use sundry_desk::close::allowance::*;
use sundry_desk::control::security_code::*;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::court::{
    DeclareDividend, EndInsolvency, LodgeProof, OpenInsolvency, ReceiveDividend, RecordLimit, declare_dividend,
    end_insolvency, insolvency, lodge_proof, open_insolvency, receive_dividend, record_limit,
};
use sundry_desk::customers::{SetFlag, customer_account, set_flag, timeline};
use sundry_desk::plans::{EndHold, PlaceHold, end_hold, place_hold};
use sundry_desk::recovery::preview_day;
use sundry_desk::writeoff::*;
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, HoldId};
use sundry_domain::law::WriteOffReason;
use sundry_domain::money::Pence;
use sundry_store::args;
use sundry_store::delivery::outgoing::mails_about;

fn code<T: std::fmt::Debug>(answer: Outcome<T>) -> String {
    match answer {
        Err(No::Refused(refusal)) => refusal.code,
        Err(No::Invalid(all)) => all.into_iter().map(|one| one.field).collect::<Vec<_>>().join(" "),
        Err(No::Absent(what)) => format!("absent {what}"),
        other => format!("{other:?}"),
    }
}

/// Raises an invoice without VAT on the day before 1 January, so that it is long overdue in November.
pub(super) async fn owed(t: &TestDesk, key: &str, customer: &str, pounds: &str) -> String {
    raised(t, key, customer, vec![line("1", pounds, "O")]).await.number
}

pub(super) async fn on_file(t: &TestDesk, debt: &str, kinds: &[&str]) {
    for kind in kinds {
        let ask = AddDebtEvidence {
            key: format!("{debt} {kind}"),
            debt: debt.into(),
            kind: (*kind).into(),
            words: "On the papers".into(),
            on: (*kind == "limitation_working").then(|| "2032-05-01".parse().expect("a date")),
        };
        add_debt_evidence(&t.desk, &t.role(Role::CreditController), ask, None).await.expect("on file");
    }
}

pub(super) const LOST: &[&str] = &["letters", "trace_proof", "service_answer"];

pub(super) fn propose(key: &str, debts: &[&str]) -> ProposeWriteOffs {
    ProposeWriteOffs {
        key: key.into(),
        debts: debts.iter().map(|debt| (*debt).to_owned()).collect(),
        amount: None,
        reason: "untraceable".into(),
        words: "Letters came back, two searches".into(),
    }
}

/// The approver with a security code that counts.
async fn approver(t: &TestDesk) -> Actor {
    let who = t.role(Role::Approver);
    begin_security_code(&t.desk, &who, "begin code", "").await.expect("begins");
    let first = code_of_test_person(&t.desk, &who).await.expect("a code");
    confirm_security_code(&t.desk, &who, "confirm code", &first).await.expect("confirms");
    who
}

fn decision(line: &LineShown, act: &str, reason: &str) -> LineDecision {
    LineDecision { line: line.line, version: line.version, act: act.into(), reason: reason.into() }
}

async fn yes(t: &TestDesk, key: &str, approval_number: &str) -> Outcome<Decided> {
    let shown = approval(&t.desk, &t.role(Role::Auditor), approval_number).await.expect("shows");
    let ask = DecideApproval {
        key: key.into(),
        number: approval_number.into(),
        approve: true,
        reason: String::new(),
        content_hash: shown.content_hash,
    };
    decide_approval(&t.desk, &t.role(Role::Approver), ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_01_a_debt_goes_on_the_schedule_when_its_evidence_is_whole() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let debt = owed(&t, "r1", &who, "900.00").await;
        t.go_to("2026-11-22");
        let controller = t.role(Role::CreditController);
        assert_eq!(code(propose_write_offs(&t.desk, &controller, propose("p0", &[&debt])).await), "REC-09-EVIDENCE");
        assert_eq!(
            code(propose_write_offs(&t.desk, &t.role(Role::Cashier), propose("p1", &[&debt])).await),
            "CTL-01-NO-DUTY"
        );
        on_file(&t, &debt, LOST).await;
        let wrong = ProposeWriteOffs { reason: "bored".into(), words: " ".into(), ..propose("p2", &[]) };
        assert_eq!(code(propose_write_offs(&t.desk, &controller, wrong).await), "reason words debts");
        let done = propose_write_offs(&t.desk, &controller, propose("p3", &[&debt])).await.expect("proposes");
        assert_eq!((done.schedule.as_str(), done.lines, done.total_pence), ("WO-2026-11", 1, 90_000));
        let again = propose_write_offs(&t.desk, &controller, propose("p3", &[&debt])).await.expect("the same key");
        assert_eq!(again.lines, 1);
        assert_eq!(code(propose_write_offs(&t.desk, &controller, propose("p4", &[&debt])).await), "REC-09-ON-SCHEDULE");
        let case = debt_case(&t.desk, &controller, &debt).await.expect("shows");
        assert_eq!(
            (case.schedule.as_str(), case.tier.as_str(), case.category.as_str()),
            ("WO-2026-11", "manager", "3c")
        );
        let list = case.reasons.iter().find(|list| list.reason == "untraceable").expect("a checklist");
        assert_eq!((list.missing.as_str(), case.evidence.len()), ("", 3));

        let line = &schedule(&t.desk, &controller, "WO-2026-11").await.expect("shows").lines[0];
        let off = WithdrawLine { key: "w".into(), schedule: "WO-2026-11".into(), line: line.line };
        assert_eq!(withdraw_line(&t.desk, &controller, off.clone()).await.expect("off").state, "withdrawn");
        let twice = WithdrawLine { key: "w2".into(), ..off };
        assert_eq!(code(withdraw_line(&t.desk, &controller, twice).await), "REC-09-LINE-STATE");
        propose_write_offs(&t.desk, &controller, propose("p5", &[&debt])).await.expect("on it again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bs_05_a_bankrupts_debt_waits_for_the_last_dividend() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let debt = owed(&t, "r1", &who, "900.00").await;
        t.go_to("2026-11-22");
        let order = OpenInsolvency {
            key: "i1".into(),
            customer: who,
            kind: "liquidation".into(),
            on: "2026-06-01".parse().expect("a date"),
            office_holder: "R. Keane".into(),
            reference: "LQ 41".into(),
            evidence: "Gazette of 3 June 2026".into(),
        };
        let order = open_insolvency(&t.desk, &t.operator(), order).await.expect("recorded").number;
        on_file(&t, &debt, &["office_holder_notice"]).await;
        let controller = t.role(Role::CreditController);
        let none_comes =
            |key: &str| ProposeWriteOffs { reason: "insolvent_no_dividend".into(), ..propose(key, &[&debt]) };
        let early = propose_write_offs(&t.desk, &controller, none_comes("p1")).await;
        assert_eq!(code(early), "BS-05-WRITE-OFF-EARLY");
        let end = EndInsolvency { key: "i2".into(), number: order.clone(), on: t.desk.today(), revoked: false };
        end_insolvency(&t.desk, &t.operator(), end).await.expect("ended");
        let mut tx = t.desk.db().begin().await.expect("begins");
        tx.run("update insolvency set final_dividend = true where org_id = $1", args![t.org]).await.expect("declared");
        tx.commit().await.expect("commits");
        let done = propose_write_offs(&t.desk, &controller, none_comes("p2")).await.expect("nothing more will come");
        assert_eq!((done.lines, done.total_pence), (1, 90_000));
    })
    .await;
}

/// A dividend of so many pence in a hundred pounds, declared, paid in and tied to its receipt.
async fn dividend(t: &TestDesk, (who, debt): (&str, &str), seq: i64, pence_in_100: i64, last: bool) -> i64 {
    let controller = t.role(Role::CreditController);
    let ask = DeclareDividend {
        key: format!("declare {seq}"),
        number: "INS-000001".into(),
        on: t.desk.today(),
        pence_in_100,
        admitted: None,
        last,
    };
    let told = declare_dividend(&t.desk, &controller, ask).await.expect("declared");
    assert_eq!(told.seq, seq);
    let receipt = pay(t, &format!("dividend {seq}"), who, told.expected_pence, Some((debt, told.expected_pence))).await;
    let ask = ReceiveDividend { key: format!("receive {seq}"), number: told.number, seq, receipt };
    receive_dividend(&t.desk, &controller, ask).await.expect("received").expected_pence
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_06_from_the_stop_over_proof_and_dividends_to_the_final_write_off() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let debt = owed(&t, "r1", &who, "900.00").await;
        t.go_to("2026-06-10");
        let controller = t.role(Role::CreditController);
        let order = OpenInsolvency {
            key: "i1".into(),
            customer: who.clone(),
            kind: "liquidation".into(),
            on: "2026-06-01".parse().expect("a date"),
            office_holder: "R. Keane".into(),
            reference: "LQ 41".into(),
            evidence: "Gazette of 3 June 2026".into(),
        };
        let order = open_insolvency(&t.desk, &controller, order).await.expect("recorded").number;
        let day = preview_day(&t.desk, &controller, t.desk.today()).await.expect("a preview");
        assert!(day.refusals.iter().any(|one| one.refusal.code == "BS-05-INSOLVENT"), "it stops the same day");
        assert_eq!(day.totals.letters.get("reminder"), None);
        let ask = LodgeProof { key: "proof".into(), number: order.clone(), interest: None };
        assert_eq!(lodge_proof(&t.desk, &controller, ask).await.expect("lodged").proof_pence, 90_000);

        t.go_to("2026-11-20");
        on_file(&t, &debt, &["office_holder_notice"]).await;
        let rest = |key: &str| ProposeWriteOffs { reason: "insolvent_no_dividend".into(), ..propose(key, &[&debt]) };
        assert_eq!(dividend(&t, (&who, &debt), 1, 1_000, false).await, 9_000);
        assert_eq!(
            code(propose_write_offs(&t.desk, &controller, rest("p1")).await),
            "BS-05-WRITE-OFF-EARLY",
            "more is to come"
        );
        assert_eq!(dividend(&t, (&who, &debt), 2, 500, true).await, 4_500);
        let end = EndInsolvency { key: "i2".into(), number: order.clone(), on: t.desk.today(), revoked: false };
        end_insolvency(&t.desk, &controller, end).await.expect("ended");
        let done = propose_write_offs(&t.desk, &controller, rest("p2")).await.expect("nothing more will come");
        assert_eq!((done.lines, done.total_pence), (1, 76_500));

        let by = approver(&t).await;
        let shown = schedule(&t.desk, &by, &done.schedule).await.expect("shows");
        let security_code = code_of_test_person(&t.desk, &by).await.expect("a code");
        let ask = DecideSchedule {
            key: "decide".into(),
            schedule: done.schedule,
            lines: vec![decision(&shown.lines[0], "approve", "")],
            count: 1,
            total: Pence(76_500),
            security_code,
        };
        assert_eq!(decide_schedule(&t.desk, &by, ask).await.expect("decides").write_offs, ["WO-000001"]);
        let told = insolvency(&t.desk, &controller, &order).await.expect("shows");
        let received: i64 = told.dividends.iter().map(|one| one.received_pence).sum();
        assert_eq!((told.insolvency.state.as_str(), received, told.open_pence), ("ended", 13_500, 0));
        let left = customer_account(&t.desk, &controller, &who).await.expect("shows").strip.balance_pence;
        assert_eq!(left, 0, "proof, dividends and write-off come to the debt");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bs_e5_a_debt_relief_order_freezes_a_debt_and_gives_it_up_after_twelve_months() {
    on_both("2026-03-02", async |t| {
        let who = crate::recovery::customer(&t, "C100001", "individual", "").await;
        let posted_on = "2026-01-05".parse().expect("a date");
        ledger::owe(&t.desk, t.org, "INV-1", who, posted_on, 84_000).await.expect("owes");
        let controller = t.role(Role::CreditController);
        let order = OpenInsolvency {
            key: "order".into(),
            customer: "C100001".into(),
            kind: "debt_relief_order".into(),
            on: "2026-03-02".parse().expect("a date"),
            office_holder: String::new(),
            reference: "DRO 7".into(),
            evidence: "The register of 2 March".into(),
        };
        open_insolvency(&t.desk, &controller, order).await.expect("recorded");
        let day = preview_day(&t.desk, &controller, t.desk.today()).await.expect("a preview");
        assert!(day.refusals.iter().any(|one| one.refusal.code == "BS-05-INSOLVENT"), "it stops the same day");
        assert_eq!(day.totals.letters.get("reminder"), None);
        t.go_to("2027-03-01");
        on_file(&t, "INV-1", &["office_holder_notice"]).await;
        let gone = |key: &str| ProposeWriteOffs { reason: "insolvent_no_dividend".into(), ..propose(key, &["INV-1"]) };
        let early = propose_write_offs(&t.desk, &controller, gone("p1")).await;
        assert_eq!(code(early), "BS-05-WRITE-OFF-EARLY");
        t.go_to("2027-03-02");
        let done = propose_write_offs(&t.desk, &controller, gone("p2")).await.expect("twelve months are over");
        assert_eq!((done.lines, done.total_pence), (1, 84_000));
        let by = approver(&t).await;
        let shown = schedule(&t.desk, &by, &done.schedule).await.expect("shows");
        let security_code = code_of_test_person(&t.desk, &by).await.expect("a code");
        let ask = DecideSchedule {
            key: "decide".into(),
            schedule: done.schedule,
            lines: vec![decision(&shown.lines[0], "approve", "")],
            count: 1,
            total: Pence(84_000),
            security_code,
        };
        assert_eq!(decide_schedule(&t.desk, &by, ask).await.expect("decides").write_offs, ["WO-000001"]);
        let left = customer_account(&t.desk, &controller, "C100001").await.expect("shows").strip.balance_pence;
        assert_eq!(left, 0);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_01_the_pack_of_a_debt_tells_its_steps_payments_questions_and_evidence() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let debt = owed(&t, "r1", &who, "900.00").await;
        release(&t, "2026-05-01").await.expect("a day");
        release(&t, "2026-06-08").await.expect("a day");
        pay(&t, "part", &who, 10_000, Some((&debt, 10_000))).await;
        let controller = t.role(Role::CreditController);
        pages_at(&t).await;
        t.go_to("2026-11-02");
        let ask = AskDecision {
            key: "ask".into(),
            debt: debt.clone(),
            purpose: "recommendation".into(),
            to: "halls@example.gov.uk".into(),
            ..AskDecision::default()
        };
        let asked = ask_decision(&t.desk, &controller, ask).await.expect("asks").referral;
        let answer = RecordAnswer {
            key: "answer".into(),
            referral: asked.clone(),
            answer: "write_off".into(),
            words: "The firm has gone".into(),
            name: "R. Hall".into(),
        };
        record_answer(&t.desk, &controller, answer).await.expect("answered");
        t.go_to("2026-11-22");
        on_file(&t, &debt, LOST).await;
        propose_write_offs(&t.desk, &controller, propose("p", &[&debt])).await.expect("proposes");
        let pack = debt_case(&t.desk, &t.role(Role::Approver), &debt).await.expect("shows");
        let steps: Vec<&str> = pack.steps.iter().map(|one| one.step_code.as_str()).collect();
        assert_eq!(steps, ["R1"]);
        assert!(pack.steps[0].letter_number.starts_with("LTR-"), "the letter that did it: {:?}", pack.steps);
        let paid: i64 = pack.allocations.iter().map(|one| one.amount_pence).sum();
        assert_eq!((pack.original_pence, paid, pack.open_pence), (90_000, 10_000, 80_000));
        let asked_of: Vec<(&str, &str)> =
            pack.referrals.iter().map(|one| (one.number.as_str(), one.answer.as_str())).collect();
        assert_eq!(asked_of, [(asked.as_str(), "write_off")]);
        assert_eq!((pack.evidence.len(), pack.lines.len(), pack.schedule.as_str()), (3, 1, "WO-2026-11"));
        let list = pack.reasons.iter().find(|list| list.reason == "untraceable").expect("a checklist");
        assert_eq!(list.missing, "", "the reason's checklist is whole");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_09_what_stands_in_the_way_is_refused() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let debt = owed(&t, "r1", &who, "900.00").await;
        t.go_to("2026-11-22");
        on_file(&t, &debt, LOST).await;
        on_file(&t, &debt, &["cost_benefit", "limitation_working"]).await;
        let controller = t.role(Role::CreditController);
        let for_reason = |key: &str, reason: &str| ProposeWriteOffs { reason: reason.into(), ..propose(key, &[&debt]) };
        assert_eq!(
            code(propose_write_offs(&t.desk, &controller, for_reason("p1", "uneconomic")).await),
            "REC-09-NOT-UNECONOMIC"
        );
        assert_eq!(
            code(propose_write_offs(&t.desk, &controller, for_reason("p2", "statute_barred")).await),
            "REC-09-NOT-BARRED"
        );
        let much = ProposeWriteOffs { amount: Some(Pence(90_001)), ..propose("p3", &[&debt]) };
        assert_eq!(code(propose_write_offs(&t.desk, &controller, much).await), "REC-09-AMOUNT");
        let id = customer_account(&t.desk, &controller, &who).await.expect("shows").customer.id;
        let hold = PlaceHold {
            key: "h".into(),
            customer: CustomerId(id),
            item: None,
            reason: "complaint".into(),
            until: None,
            words: "Waits for an answer".into(),
        };
        place_hold(&t.desk, &controller, hold).await.expect("holds");
        assert_eq!(code(propose_write_offs(&t.desk, &controller, propose("p4", &[&debt])).await), "REC-09-HELD");
        let other = customer(&t, "c2", "Rother Ltd").await;
        let second = owed(&t, "r2", &other, "50.00").await;
        pay(&t, "on account", &other, 1_000, None).await;
        on_file(&t, &second, LOST).await;
        let refused = propose_write_offs(&t.desk, &controller, propose("p5", &[&second])).await;
        assert_eq!(code(refused), "REC-09-MONEY-ON-ACCOUNT");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_02_ctl_07_a_schedule_is_decided_by_someone_else_with_the_security_code() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let other = customer(&t, "c2", "Rother Ltd").await;
        let one = owed(&t, "r1", &who, "900.00").await;
        let two = owed(&t, "r2", &other, "120.00").await;
        let three = owed(&t, "r3", &other, "60.00").await;
        t.go_to("2026-11-22");
        for debt in [&one, &two, &three] {
            on_file(&t, debt, LOST).await;
        }
        let controller = t.role(Role::CreditController);
        propose_write_offs(&t.desk, &controller, propose("p", &[&one, &two, &three])).await.expect("proposes");
        let who_decides = t.role(Role::Approver);
        let shown = schedule(&t.desk, &who_decides, "WO-2026-11").await.expect("shows");
        assert_eq!((shown.can_approve, shown.lines.len()), ((3, 108_000), 3));
        let of = |number: &str| shown.lines.iter().find(|line| line.number == number).expect("a line");
        let ask = |key: &str, code: &str| DecideSchedule {
            key: key.into(),
            schedule: "WO-2026-11".into(),
            lines: vec![
                decision(of(&one), "approve", ""),
                decision(of(&two), "send_back", "Ask the service again"),
                decision(of(&three), "refuse", "They answer the telephone"),
            ],
            count: 1,
            total: Pence(90_000),
            security_code: code.into(),
        };
        assert_eq!(code(decide_schedule(&t.desk, &t.role(Role::TeamLeader), ask("d0", "")).await), "CTL-01-NO-DUTY");
        assert_eq!(code(decide_schedule(&t.desk, &who_decides, ask("d1", "123456")).await), "CTL-07-CODE-NOT-SET");
        let who_decides = approver(&t).await;
        assert_eq!(code(decide_schedule(&t.desk, &who_decides, ask("d2", "")).await), "security_code");
        let much = DecideSchedule { total: Pence(90_001), ..ask("d3", "") };
        assert_eq!(code(decide_schedule(&t.desk, &who_decides, much).await), "REC-09-NOT-AS-READ");
        let digits = code_of_test_person(&t.desk, &who_decides).await.expect("a code");
        let wrong = if digits == "000000" { "000001" } else { "000000" };
        assert_eq!(code(decide_schedule(&t.desk, &who_decides, ask("d4", wrong)).await), "CTL-07-CODE-WRONG");
        let mut poor = who_decides.clone();
        poor.limit = Pence(80_000);
        assert_eq!(code(decide_schedule(&t.desk, &poor, ask("d5", &digits)).await), "CTL-02-ABOVE-LIMIT");
        let mute = DecideSchedule {
            lines: vec![decision(of(&two), "send_back", " ")],
            count: 0,
            total: Pence(0),
            ..ask("d6", "")
        };
        assert_eq!(code(decide_schedule(&t.desk, &who_decides, mute).await), "reason");

        let done = decide_schedule(&t.desk, &who_decides, ask("d7", &digits)).await.expect("decides");
        assert_eq!(
            (done.write_offs.as_slice(), done.sent_back, done.refused),
            (["WO-000001".to_owned()].as_slice(), 1, 1)
        );
        let again =
            decide_schedule(&t.desk, &who_decides, ask("d7", "")).await.expect("the same key, whatever the code");
        assert_eq!(again.write_offs, done.write_offs);
        assert_eq!(code(decide_schedule(&t.desk, &who_decides, ask("d8", &digits)).await), "CTL-01-CHANGED");
        let left = customer_account(&t.desk, &controller, &who).await.expect("shows").strip.balance_pence;
        assert_eq!(left, 0);
        let told = timeline(&t.desk, &controller, &who, "", 20).await.expect("tells");
        assert!(told.events.iter().any(|event| event.words.contains("written off (WO-000001)")), "{:?}", told.events);

        propose_write_offs(&t.desk, &controller, propose("p2", &[&two])).await.expect("what was sent back");
        assert_eq!(schedule(&t.desk, &controller, "WO-2026-11").await.expect("shows").lines.len(), 3);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctl_e1_ctl_e2_wof_02_own_work_splitting_and_the_committee() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let debts = [owed(&t, "r1", &who, "6000.00").await, owed(&t, "r2", &who, "6000.00").await];
        t.go_to("2026-11-22");
        for debt in &debts {
            on_file(&t, debt, LOST).await;
        }
        let mut both = t.role(Role::Approver);
        both.duties.push(sundry_domain::control::Duty::ProposeWriteOff);
        propose_write_offs(&t.desk, &both, propose("p", &[&debts[0], &debts[1]])).await.expect("proposes");
        let shown = schedule(&t.desk, &both, "WO-2026-11").await.expect("shows");
        assert!(shown.lines.iter().all(|line| line.own && line.why_not == "You proposed this"));
        let ask = |key: &str, lines: Vec<LineDecision>, pence, code: &str| DecideSchedule {
            key: key.into(),
            schedule: "WO-2026-11".into(),
            count: lines.len() as i64,
            lines,
            total: Pence(pence),
            security_code: code.into(),
        };
        let first = || vec![decision(&shown.lines[0], "approve", "")];
        assert_eq!(code(decide_schedule(&t.desk, &both, ask("d0", first(), 600_000, "1")).await), "CTL-01-OWN-WORK");

        let head = t.somebody(Role::Approver, 2);
        begin_security_code(&t.desk, &head, "b", "").await.expect("begins");
        let now = code_of_test_person(&t.desk, &head).await.expect("a code");
        confirm_security_code(&t.desk, &head, "c", &now).await.expect("confirms");
        let seen = schedule(&t.desk, &head, "WO-2026-11").await.expect("shows");
        assert_eq!(seen.lines[1].why_not, "Needs the committee's decision");
        let all = || seen.lines.iter().map(|line| decision(line, "approve", "")).collect::<Vec<_>>();
        let digits = code_of_test_person(&t.desk, &head).await.expect("a code");
        let refused = decide_schedule(&t.desk, &head, ask("d1", all(), 1_200_000, &digits)).await;
        assert_eq!(code(refused), "REC-09-COMMITTEE", "the first counts towards the second");
        let minute = RecordCommittee {
            key: "m".into(),
            schedule: "WO-2026-11".into(),
            on: "2026-11-20".parse().expect("a date"),
            minute: "Cabinet 41/26".into(),
        };
        record_committee(&t.desk, &head, minute).await.expect("records");
        let done = decide_schedule(&t.desk, &head, ask("d2", all(), 1_200_000, &digits)).await.expect("decides");
        assert_eq!(done.write_offs.len(), 2);
        let register = losses_register(&t.desk, &t.role(Role::Auditor), None).await.expect("shows");
        let minutes: Vec<&str> = register.rows.iter().map(|row| row.committee_minute.as_str()).collect();
        assert_eq!(minutes, ["", "Cabinet 41/26"]);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctl_07_codes_count_once_and_too_many_wrong_ones_lock() {
    on_both("2026-11-22", async |t| {
        let who = approver(&t).await;
        assert!(security_code(&t.desk, &who).await.expect("stands").confirmed);
        let begun = begin_security_code(&t.desk, &who, "again", "").await.map(|_| ());
        assert_eq!(code(begun), "security_code", "who has a code shows it first");
        for n in 0..5 {
            let wrong = begin_security_code(&t.desk, &who, &format!("wrong {n}"), "abcdef").await.map(|_| ());
            assert_eq!(code(wrong), "CTL-07-CODE-WRONG");
        }
        let right = code_of_test_person(&t.desk, &who).await.expect("a code");
        let locked = begin_security_code(&t.desk, &who, "locked", &right).await.map(|_| ());
        assert_eq!(code(locked), "CTL-07-CODE-LOCKED");
        let admin = t.role(Role::Administrator);
        assert_eq!(code(reset_security_code(&t.desk, &who, "r0", who.user).await), "CTL-01-NO-DUTY");
        assert!(reset_security_code(&t.desk, &admin, "r1", who.user).await.expect("resets"));
        assert!(!security_code(&t.desk, &who).await.expect("stands").confirmed);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_03_small_balances_are_simulated_then_go_in_bulk_with_a_maximum() {
    on_both("2026-05-01", async |t| {
        let mut debts = Vec::new();
        for (n, pounds) in ["4.12", "9.99", "10.00", "10.01"].iter().enumerate() {
            let who = customer(&t, &format!("c{n}"), &format!("Firm {n} Ltd")).await;
            debts.push((owed(&t, &format!("r{n}"), &who, pounds).await, who));
        }
        owed(&t, "more", &debts[1].1, "50.00").await;
        t.go_to("2026-11-22");
        let controller = t.role(Role::CreditController);
        let much = SmallBalancesAsk { maximum: Some(Pence(1_001)) };
        assert_eq!(code(preview_small_balances(&t.desk, &controller, much).await), "REC-09-SMALL-MAXIMUM");
        let seen = preview_small_balances(&t.desk, &controller, SmallBalancesAsk::default()).await.expect("previews");
        assert_eq!((seen.count, seen.total_pence, seen.customers), (2, 1_412, 2));
        assert_eq!(
            seen.left_out.iter().map(|one| (one.why.as_str(), one.count)).collect::<Vec<_>>(),
            [("owes_more", 1)]
        );
        let ask = |key: &str, count, total| RequestSmallBalances {
            key: key.into(),
            maximum: Pence(1_000),
            count,
            total: Pence(total),
        };
        assert_eq!(code(request_small_balances(&t.desk, &controller, ask("s0", 3, 1_412)).await), "REC-09-NOT-AS-READ");
        let asked = request_small_balances(&t.desk, &controller, ask("s1", 2, 1_412)).await.expect("asks");
        pay(&t, "paid meanwhile", &debts[0].1, 412, Some((&debts[0].0, 412))).await;
        let done = yes(&t, "y", &asked.approval).await.expect("approves");
        assert_eq!(done.made.as_deref(), Some("1 write-off, £10.00, 1 left as they changed"));
        let register = losses_register(&t.desk, &t.role(Role::Auditor), None).await.expect("shows");
        assert_eq!((register.rows.len(), register.rows[0].gross_pence), (1, 1_000));
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctl_e2_a_small_balance_counts_with_what_its_customer_was_let_off() {
    on_both("2026-05-01", async |t| {
        let (let_off, other) = (customer(&t, "c1", "Calder Ltd").await, customer(&t, "c2", "Rother Ltd").await);
        let large = owed(&t, "r1", &let_off, "9995.00").await;
        owed(&t, "r2", &let_off, "9.99").await;
        owed(&t, "r3", &other, "5.00").await;
        t.go_to("2026-11-22");
        let controller = t.role(Role::CreditController);
        let ask = RequestWriteOff {
            key: "w".into(),
            item: large,
            amount: None,
            reason: "untraceable".into(),
            words: "Gone".into(),
            evidence: evidence_in_words("untraceable", "On the papers", t.desk.today()),
        };
        let asked = request_write_off(&t.desk, &controller, ask).await.expect("asks");
        yes(&t, "y1", &asked.approval).await.expect("within the limit of £10,000.00");
        let small = RequestSmallBalances { key: "s".into(), maximum: Pence(1_000), count: 2, total: Pence(1_499) };
        let asked = request_small_balances(&t.desk, &controller, small).await.expect("asks");
        let done = yes(&t, "y2", &asked.approval).await.expect("approves");
        assert_eq!(done.made.as_deref(), Some("1 write-off, £5.00, 1 left above your limit"));
        let account = customer_account(&t.desk, &controller, &let_off).await.expect("shows");
        assert_eq!(account.strip.balance_pence, 999, "£10,004.99 in twelve months is not theirs to give up");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_04_gl_e1_money_writes_back_the_exact_debt_and_is_set_against_it() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let (one, two) = (owed(&t, "r1", &who, "900.00").await, owed(&t, "r2", &who, "120.00").await);
        t.go_to("2026-11-22");
        on_file(&t, &one, LOST).await;
        on_file(&t, &two, LOST).await;
        let controller = t.role(Role::CreditController);
        propose_write_offs(&t.desk, &controller, propose("p", &[&one, &two])).await.expect("proposes");
        let head = approver(&t).await;
        let shown = schedule(&t.desk, &head, "WO-2026-11").await.expect("shows");
        let ask = DecideSchedule {
            key: "d".into(),
            schedule: "WO-2026-11".into(),
            lines: shown.lines.iter().map(|line| decision(line, "approve", "")).collect(),
            count: 2,
            total: Pence(102_000),
            security_code: code_of_test_person(&t.desk, &head).await.expect("a code"),
        };
        decide_schedule(&t.desk, &head, ask).await.expect("decides");
        let found = write_offs_list(&t.desk, &controller, WriteOffsAsk { search: two.clone(), before: None })
            .await
            .expect("finds");
        assert_eq!((found.rows.len(), found.rows[0].amount_pence), (1, 12_000));
        let named = write_offs_list(&t.desk, &controller, WriteOffsAsk { search: "calder".into(), before: None }).await;
        assert_eq!(named.expect("finds").rows.len(), 2);

        t.go_to("2026-12-01");
        let receipt = pay(&t, "they are back", &who, 12_000, None).await;
        let waits = waiting_money(&t.desk, &controller).await.expect("looks");
        let first = &waits.rows[0];
        assert_eq!(
            (first.money.number.as_str(), first.restore_pence, waits.total_pence),
            (receipt.as_str(), 12_000, 12_000)
        );
        let off = first.write_off.as_ref().expect("a debt");
        assert_eq!(
            (off.debt_number.as_str(), first.why.as_str()),
            (two.as_str(), "The amount is exactly what was given up")
        );
        let back = |key: &str, pence, receipt: &str| RequestWriteBack {
            key: key.into(),
            write_off: off.number.clone(),
            amount: Pence(pence),
            words: "They paid".into(),
            receipt: receipt.into(),
        };
        assert_eq!(code(request_write_back(&t.desk, &controller, back("b0", 12_001, &receipt)).await), "REC-09-AMOUNT");
        assert_eq!(
            code(request_write_back(&t.desk, &controller, back("b1", 100, "RCT-999999")).await),
            "REC-09-NO-MONEY"
        );
        let asked = request_write_back(&t.desk, &controller, back("b2", 12_000, &receipt)).await.expect("asks");
        assert_eq!(yes(&t, "y", &asked.approval).await.expect("approves").made.as_deref(), Some("WB-000001"));
        assert!(waiting_money(&t.desk, &controller).await.expect("looks").rows.is_empty());
        let account = customer_account(&t.desk, &controller, &who).await.expect("shows");
        assert_eq!(account.strip.balance_pence, 0, "restored and paid");
        let register = losses_register(&t.desk, &t.role(Role::Auditor), None).await.expect("shows");
        assert_eq!(register.rows.iter().map(|row| row.recovered_pence).sum::<i64>(), 12_000);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_09_who_is_billed_again_is_noticed_looked_at_once_and_may_be_pursued_again() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let debt = owed(&t, "r1", &who, "900.00").await;
        t.go_to("2026-11-22");
        let controller = t.role(Role::CreditController);
        let ask = RequestWriteOff {
            key: "w".into(),
            item: debt.clone(),
            amount: None,
            reason: "untraceable".into(),
            words: "Gone".into(),
            evidence: evidence_in_words("untraceable", "On the papers", t.desk.today()),
        };
        let asked = request_write_off(&t.desk, &controller, ask).await.expect("asks");
        yes(&t, "y", &asked.approval).await.expect("approves");
        assert!(reappearances(&t.desk, &controller, "").await.expect("looks").is_empty());
        t.go_to("2026-11-23");
        let new = owed(&t, "r2", &who, "30.00").await;
        let twin = customer(&t, "c2", "Calder Ltd").await;
        let seen = reappearances(&t.desk, &controller, &who).await.expect("looks");
        assert_eq!((seen.len(), seen[0].left_pence), (1, 90_000));
        let signs: Vec<(&str, &str)> =
            seen[0].signs.iter().map(|sign| (sign.kind.as_str(), sign.what.as_str())).collect();
        assert!(signs.contains(&("invoice", new.as_str())) && signs.contains(&("account", twin.as_str())), "{signs:?}");
        let look = |key: &str, words: &str| SeeSign {
            key: key.into(),
            customer: who.clone(),
            kind: "account".into(),
            what: twin.clone(),
            words: words.into(),
        };
        assert_eq!(code(see_sign(&t.desk, &controller, look("s0", " ")).await), "words");
        see_sign(&t.desk, &controller, look("s1", "Another firm of the name")).await.expect("looked at");
        let left = reappearances(&t.desk, &controller, &who).await.expect("looks");
        assert_eq!(left[0].signs.len(), signs.len() - 1);
        assert!(code(see_sign(&t.desk, &controller, look("s2", "Again")).await).starts_with("absent"));
        // What was given up may be pursued again, without money, once somebody else agrees.
        let again = RequestWriteBack {
            key: "b".into(),
            write_off: "WO-000001".into(),
            amount: Pence(90_000),
            words: "Trading again from a new address".into(),
            receipt: String::new(),
        };
        let asked = request_write_back(&t.desk, &controller, again).await.expect("asks");
        let account = async || customer_account(&t.desk, &controller, &who).await.expect("shows").strip.balance_pence;
        assert_eq!(account().await, 3_000, "nothing is owed again before the yes");
        yes(&t, "y2", &asked.approval).await.expect("approves");
        assert_eq!(account().await, 93_000, "the debt is owed again");
        let report = async || committee_report(&t.desk, &t.role(Role::Auditor), None).await.expect("shows").total;
        let total = report().await;
        assert_eq!((total.gross_pence, total.recovered_pence, total.net_pence), (90_000, 0, 0), "no money has come");
        pay(&t, "they pay", &who, 60_000, Some(("WB-000001", 60_000))).await;
        assert_eq!(
            (report().await.recovered_pence, account().await),
            (60_000, 33_000),
            "what came counts when it comes"
        );
        assert_eq!(report().await.net_pence, 0);
        assert!(reappearances(&t.desk, &controller, &who).await.expect("looks").is_empty(), "nothing is left given up");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_08_dun_18_the_service_is_asked_by_link_with_a_hold_a_clock_and_a_default() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let (one, two) = (owed(&t, "r1", &who, "900.00").await, owed(&t, "r2", &who, "120.00").await);
        let three = owed(&t, "r3", &who, "80.00").await;
        t.go_to("2026-11-02");
        let controller = t.role(Role::CreditController);
        let ask = |key: &str, debt: &str| AskDecision {
            key: key.into(),
            debt: debt.into(),
            purpose: "suspension".into(),
            to: "halls@example.gov.uk".into(),
            ..AskDecision::default()
        };
        assert_eq!(code(ask_decision(&t.desk, &controller, ask("a0", &one)).await), "REC-06-NO-ADDRESS");
        pages_at(&t).await;
        let care = AskDecision { need: "eligible_care".into(), suggest: "suspend".into(), ..ask("a1", &one) };
        assert_eq!(code(ask_decision(&t.desk, &controller, care).await), "REC-06-FORBIDDEN");
        let silent = AskDecision { default_answer: "suspend".into(), ..ask("a2", &one) };
        assert_eq!(code(ask_decision(&t.desk, &controller, silent).await), "REC-06-DEFAULT");
        let wrong = AskDecision { purpose: String::new(), to: "nobody".into(), ..ask("a3", &one) };
        assert_eq!(code(ask_decision(&t.desk, &controller, wrong).await), "purpose to");
        let asked = ask_decision(&t.desk, &controller, ask("a4", &one)).await.expect("asks");
        assert_eq!((asked.referral.as_str(), asked.answer_by.to_string()), ("REF-000001", "2026-11-16".into()));
        assert_eq!(code(ask_decision(&t.desk, &controller, ask("a5", &one)).await), "REC-06-OPEN");
        let end = EndHold { key: "e0".into(), hold: HoldId(asked.hold), words: "Chase".into() };
        assert_eq!(code(end_hold(&t.desk, &controller, end).await), "PP-HOLD-OF-QUESTION");
        on_file(&t, &one, LOST).await;
        let held = propose_write_offs(&t.desk, &controller, propose("p0", &[&one])).await;
        assert_eq!(code(held), "REC-09-HELD", "recovery waits for the answer, and so does this");

        let mut look = t.desk.look().await.expect("looks");
        let mail = mails_about(&mut look, t.org, "referral REF-000001").await.expect("reads");
        drop(look);
        let body = &mail.last().expect("an e-mail").body;
        assert!(!body.contains("Calder"), "{body}");
        let link = body.lines().find(|line| line.contains("/refer/")).expect("a link");
        let token = link.rsplit('/').next().expect("a token");
        assert_eq!(code(linked_referral(&t.desk, "nonsense").await), "REC-06-LINK");
        let seen = linked_referral(&t.desk, token).await.expect("opens");
        assert_eq!((seen.open_pence, seen.answers.len(), seen.answered), (90_000, 4, false));
        let answer = |key: &str, answer: &str, words: &str| AnswerReferral {
            key: key.into(),
            answer: answer.into(),
            words: words.into(),
            name: "R. Hall".into(),
        };
        assert_eq!(code(answer_referral(&t.desk, token, answer("k0", "", "")).await), "answer words");
        answer_referral(&t.desk, token, answer("k1", "write_off", "The firm has gone")).await.expect("answers");
        answer_referral(&t.desk, token, answer("k1", "write_off", "The firm has gone")).await.expect("the same form");
        assert_eq!(code(answer_referral(&t.desk, token, answer("k2", "court", "No")).await), "REC-06-OVER");
        let told = referral(&t.desk, &controller, "REF-000001").await.expect("shows");
        assert_eq!((told.state.as_str(), told.answer.as_str()), ("answered", "write_off"));
        propose_write_offs(&t.desk, &controller, propose("p1", &[&one])).await.expect("the hold has ended");

        let second = ask_decision(&t.desk, &controller, ask("b1", &two)).await.expect("asks");
        let leader = t.role(Role::TeamLeader);
        let tend = |day: &str| day.parse().expect("a date");
        t.go_to("2026-11-09");
        assert_eq!(tend_referrals(&t.desk, &leader, tend("2026-11-09")).await.expect("tends").reminded, 1);
        t.go_to("2026-11-17");
        let done = tend_referrals(&t.desk, &leader, tend("2026-11-17")).await.expect("tends");
        assert_eq!(done.defaulted, [(second.referral.clone(), "continue".to_owned())]);
        let again = tend_referrals(&t.desk, &leader, tend("2026-11-17")).await.expect("again");
        assert_eq!(again, ReferralsTended::default());
        // Another is late by the time the same day is tended again.
        let third = ask_decision(&t.desk, &controller, ask("b2", &three)).await.expect("asks");
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update service_referral set answer_by = $2 where org_id = $1 and state = 'open'";
        tx.run(sql, args![t.org, tend("2026-11-16")]).await.expect("an earlier day");
        tx.commit().await.expect("commits");
        let more = tend_referrals(&t.desk, &leader, tend("2026-11-17")).await.expect("tends what came since");
        assert_eq!(more.defaulted, [(third.referral.clone(), "continue".to_owned())]);
        let late = RecordAnswer {
            key: "late".into(),
            referral: second.referral.clone(),
            answer: "court".into(),
            words: "They told us on the telephone".into(),
            name: "R. Hall".into(),
        };
        let told = record_answer(&t.desk, &controller, late).await.expect("takes the place of silence");
        assert_eq!((told.state.as_str(), told.answer.as_str()), ("answered", "court"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_01_candidates_come_from_flags_letters_and_dates() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let debt = owed(&t, "r1", &who, "900.00").await;
        let controller = t.role(Role::CreditController);
        let flag = SetFlag {
            key: "f".into(),
            number: who.clone(),
            kind: "gone_away".into(),
            evidence: "Post came back".into(),
            from_on: "2026-07-01".parse().ok(),
            to_on: None,
            review_on: None,
        };
        t.go_to("2026-07-01");
        set_flag(&t.desk, &controller, flag).await.expect("flags");
        let none = candidates(&t.desk, &controller, CandidatesAsk::default()).await.expect("looks");
        assert_eq!(none.count, 0, "not old enough");
        t.go_to("2026-11-22");
        let found = candidates(&t.desk, &controller, CandidatesAsk::default()).await.expect("looks");
        let row = &found.rows[0];
        assert_eq!(
            (row.number.as_str(), row.reason.as_str(), row.tier.as_str()),
            (debt.as_str(), "untraceable", "manager")
        );
        assert_eq!((row.missing.as_str(), row.is_ready()), ("letters and calls, trace proof, service's answer", false));
        on_file(&t, &debt, LOST).await;
        let ready = CandidatesAsk { ready: true, ..CandidatesAsk::default() };
        let found = candidates(&t.desk, &controller, ready).await.expect("looks");
        assert_eq!((found.count, found.ready_pence), (1, 90_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ct_08_what_a_signed_letter_keeps_in_time_is_not_given_up_as_out_of_time() {
    on_both("2026-09-02", async |t| {
        let owed = [
            ("INV-OLD", "C100001", "2020-08-01", "2020-09-01", 50_000),
            ("INV-OWN", "C100001", "2020-08-01", "2020-09-01", 50_000),
        ];
        owe(&t, "owe", &[("C100001", "Mr Adam Example", "", "")], &owed).await;
        let controller = t.role(Role::CreditController);
        let letter = RecordLimit {
            key: "own".into(),
            invoice: "INV-OWN".into(),
            kind: "signed_letter".into(),
            on: "2024-02-03".parse().expect("a date"),
            evidence: "Letter in the file".into(),
        };
        record_limit(&t.desk, &controller, letter).await.expect("recorded");
        let found = candidates(&t.desk, &controller, CandidatesAsk::default()).await.expect("looks");
        let barred = WriteOffReason::StatuteBarred.as_str();
        let of = found.rows.iter().filter(|row| row.reason == barred).map(|row| row.number.as_str());
        assert_eq!(of.collect::<Vec<_>>(), ["INV-OLD"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_05_vat_relief_is_shown_before_and_told_in_the_register() {
    on_both("2026-01-10", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let form = sundry_desk::billing::InvoiceForm {
            customer_number: who.clone(),
            supply_on: "2026-01-10".parse().ok(),
            lines: vec![line("1", "1000.00", "S")],
            ..Default::default()
        };
        let raise = sundry_desk::billing::RaiseInvoice { key: "r".into(), form };
        let made =
            sundry_desk::billing::raise_invoice(&t.desk, &t.role(Role::BillingOfficer), raise).await.expect("raises");
        pay(&t, "part", &who, 30_000, Some((&made.number, 30_000))).await;
        t.go_to("2026-08-09");
        let controller = t.role(Role::CreditController);
        let case = debt_case(&t.desk, &controller, &made.number).await.expect("shows");
        let days = (case.relief.earliest_on.map(|d| d.to_string()), case.relief.latest_on.map(|d| d.to_string()));
        assert_eq!((case.relief.amount_pence, days), (15_000, (Some("2026-08-09".into()), Some("2030-08-09".into()))));
        on_file(&t, &made.number, LOST).await;
        propose_write_offs(&t.desk, &controller, propose("p", &[&made.number])).await.expect("proposes");
        let head = approver(&t).await;
        let shown = schedule(&t.desk, &head, "WO-2026-08").await.expect("shows");
        assert_eq!(shown.relief_pence, 15_000);
        let ask = DecideSchedule {
            key: "d".into(),
            schedule: "WO-2026-08".into(),
            lines: vec![decision(&shown.lines[0], "approve", "")],
            count: 1,
            total: Pence(90_000),
            security_code: code_of_test_person(&t.desk, &head).await.expect("a code"),
        };
        decide_schedule(&t.desk, &head, ask).await.expect("decides");
        let register = losses_register(&t.desk, &t.role(Role::Auditor), None).await.expect("shows");
        assert_eq!((register.rows[0].gross_pence, register.rows[0].relief_pence), (90_000, 15_000));
        // A sixth of each pound that comes back is VAT: three pounds repay 50p, not three times 17p.
        let vat = async || {
            let mut look = t.desk.look().await.expect("reads");
            let roles = sundry_store::proof::balances_by_role(&mut look, t.org).await.expect("sums");
            roles.iter().filter(|(name, _)| name == "VATO").map(|(_, sum)| sum).sum::<i64>()
        };
        let before = vat().await;
        for n in 0..3 {
            let back = RequestWriteBack {
                key: format!("back {n}"),
                write_off: register.rows[0].case.clone(),
                amount: Pence(100),
                words: "Paid by instalments".into(),
                receipt: String::new(),
            };
            let asked = request_write_back(&t.desk, &controller, back).await.expect("asks");
            yes(&t, &format!("yes {n}"), &asked.approval).await.expect("approves");
        }
        assert_eq!(vat().await - before, -50);
        // What was repaid of the relief no longer stands, and what is pursued again has not come yet.
        let auditor = t.role(Role::Auditor);
        let register = losses_register(&t.desk, &auditor, None).await.expect("shows");
        assert_eq!((register.rows[0].relief_pence, register.rows[0].recovered_pence), (14_950, 0));
        let report = committee_report(&t.desk, &auditor, None).await.expect("shows");
        assert_eq!((report.total.relief_pence, report.total.net_pence), (14_950, 90_000 - 14_950 - 300));
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nhs_e9_wof_07_register_and_committee_report_come_from_the_same_rows() {
    on_both("2026-05-01", async |t| {
        let controller = t.role(Role::CreditController);
        for (n, (pounds, kind)) in [("12400.00", "private patient"), ("3150.00", "overseas visitor")].iter().enumerate()
        {
            let who = customer(&t, &format!("c{n}"), &format!("Payer {n} Ltd")).await;
            let debt = owed(&t, &format!("r{n}"), &who, pounds).await;
            let mut tx = t.desk.db().begin().await.expect("begins");
            let set = "update open_item set debt_type = $3 where org_id = $1 and number = $2";
            tx.run(set, sundry_store::args![t.org, &debt, *kind]).await.expect("sets");
            tx.commit().await.expect("keeps");
            let day = t.desk.today();
            let ask = RequestWriteOff {
                key: format!("w{n}"),
                item: debt,
                amount: None,
                reason: "untraceable".into(),
                words: "Gone".into(),
                evidence: evidence_in_words("untraceable", "On the papers", day),
            };
            let asked = request_write_off(&t.desk, &controller, ask).await.expect("asks");
            let done = yes(&t, &format!("y{n}"), &asked.approval).await;
            if n == 0 {
                assert_eq!(code(done), "CTL-02-ABOVE-LIMIT", "12,400.00 is the committee's: on a schedule");
                let mut lines = propose("p", &[]);
                lines.debts = vec![
                    approval(&t.desk, &controller, &asked.approval).await.expect("shows").payload["item"]
                        .as_str()
                        .expect("a number")
                        .to_owned(),
                ];
                propose_write_offs(&t.desk, &controller, lines).await.expect("proposes");
                let head = approver(&t).await;
                let minute =
                    RecordCommittee { key: "m".into(), schedule: "WO-2026-05".into(), on: day, minute: "12".into() };
                record_committee(&t.desk, &head, minute).await.expect("records");
                let shown = schedule(&t.desk, &head, "WO-2026-05").await.expect("shows");
                let ask = DecideSchedule {
                    key: "d".into(),
                    schedule: "WO-2026-05".into(),
                    lines: vec![decision(&shown.lines[0], "approve", "")],
                    count: 1,
                    total: Pence(1_240_000),
                    security_code: code_of_test_person(&t.desk, &head).await.expect("a code"),
                };
                decide_schedule(&t.desk, &head, ask).await.expect("decides");
            } else {
                done.expect("approves");
            }
        }
        let auditor = t.role(Role::Auditor);
        let register = losses_register(&t.desk, &auditor, Some(2026)).await.expect("shows");
        let totals: Vec<(&str, i64, i64)> =
            register.totals.iter().map(|one| (one.category.as_str(), one.cases, one.gross_pence)).collect();
        assert_eq!(totals, [("3a", 1, 1_240_000), ("3b", 1, 315_000)]);
        assert!(
            register
                .rows
                .iter()
                .all(|row| !row.disclosed && row.debtor.starts_with("D-") && row.serial.starts_with("2026/27-"))
        );
        let report = committee_report(&t.desk, &auditor, Some(2026)).await.expect("shows");
        assert_eq!((report.total.cases, report.total.gross_pence, report.cases.len()), (2, 1_555_000, 2));
        let refer = ReferLoss { key: "f".into(), write_off: register.rows[0].case.clone(), referred: true };
        refer_loss(&t.desk, &t.role(Role::Approver), refer).await.expect("refers");
        let again = losses_register(&t.desk, &auditor, Some(2026)).await.expect("shows");
        assert!(again.rows[0].counter_fraud);
        assert!(losses_register(&t.desk, &auditor, Some(2025)).await.expect("shows").rows.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_06_the_allowance_is_worked_out_asked_for_approved_and_posted() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "c1", "Calder Ltd").await;
        let one = owed(&t, "r1", &who, "1000.00").await;
        owed(&t, "r2", &who, "500.00").await;
        t.go_to("2026-11-22");
        let leader = t.role(Role::TeamLeader);
        let seen = allowance_preview(&t.desk, &leader, None).await.expect("previews");
        // Due 31 May 2026: 175 days, 10.6 per cent of 1,500.00.
        assert_eq!(
            (seen.book.gross, seen.movement.closing, seen.movement.charge),
            (Pence(150_000), Pence(15_900), Pence(15_900))
        );
        let name = NameDebt {
            key: "n".into(),
            debt: one.clone(),
            amount: Some(Pence(60_000)),
            words: "In liquidation".into(),
        };
        name_debt(&t.desk, &leader, name).await.expect("names");
        let seen = allowance_preview(&t.desk, &leader, None).await.expect("previews");
        assert_eq!(seen.movement.charge, Pence(65_300));
        let ask =
            |key: &str, charge| RequestAllowanceRun { key: key.into(), as_at: t.desk.today(), charge: Pence(charge) };
        assert_eq!(code(request_allowance_run(&t.desk, &leader, ask("a0", 1)).await), "GL-07-CHANGED");
        let asked = request_allowance_run(&t.desk, &leader, ask("a1", 65_300)).await.expect("asks");
        assert_eq!(code(request_allowance_run(&t.desk, &leader, ask("a2", 65_300)).await), "GL-07-RUN-WAITS");
        assert_eq!(yes(&t, "y", &asked.approval).await.expect("approves").made.as_deref(), Some("ECL-000001"));
        let after = allowance_preview(&t.desk, &leader, None).await.expect("previews");
        assert_eq!((after.movement.charge, after.runs[0].state.as_str()), (Pence::ZERO, "posted"));
        let admin = t.role(Role::Administrator);
        let mut matrix = allowance_settings(&t.desk, &admin).await.expect("shows").matrix;
        for class in matrix.classes.iter_mut().filter(|class| !class.excluded) {
            class.rates_bp[4] = 2_000;
        }
        let change =
            ChangeMatrix { key: "m".into(), from_on: t.desk.today(), matrix, words: "Three years of losses".into() };
        let asked = change_matrix(&t.desk, &admin, change).await.expect("asks");
        yes(&t, "y2", &asked.approval).await.expect("approves");
        let more = allowance_preview(&t.desk, &leader, None).await.expect("previews");
        assert_eq!(more.movement.charge, Pence(4_700), "20 per cent of 500.00 in place of 10.6");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_03_criteria_hold_from_their_day_once_someone_else_agrees() {
    on_both("2026-11-22", async |t| {
        let admin = t.role(Role::Administrator);
        let ask = |key: &str, name: &str, value| ChangePolicy {
            key: key.into(),
            from_on: "2026-12-01".parse().expect("a date"),
            values: vec![(name.into(), value)],
        };
        assert_eq!(code(change_policy(&t.desk, &admin, ask("c0", "colour", 1)).await), "colour");
        assert_eq!(
            code(change_policy(&t.desk, &t.role(Role::Approver), ask("c1", "small_maximum", 1)).await),
            "CTL-01-NO-DUTY"
        );
        let asked = change_policy(&t.desk, &admin, ask("c2", "small_maximum", 2_500)).await.expect("asks");
        yes(&t, "y", &asked.approval).await.expect("approves");
        let maximum = async |t: &TestDesk| {
            let all = policy(&t.desk, &t.role(Role::Auditor)).await.expect("shows");
            all.iter().find(|one| one.name == "small_maximum").map(|one| one.value)
        };
        assert_eq!(maximum(&t).await, Some(1_000));
        t.go_to("2026-12-01");
        assert_eq!(maximum(&t).await, Some(2_500));
    })
    .await;
}
