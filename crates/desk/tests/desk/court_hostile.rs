//! Court and what stands beside it as somebody who means ill tries it: others' numbers, keys sent again, texts, days and
//! sums nobody means.
use crate::court::{accept, claim, controller, d, export, issued, manager, owing, refer, signed, written_to};
use crate::people::code;
use crate::plans_hostile::{absent, elsewhere, endless, far};
use crate::recovery::customer;
use chrono::NaiveDate;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::court::*;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

const CASE: &str = "CRT-000001";

fn year_one() -> NaiveDate {
    d("0001-01-01")
}

fn decision(key: &str, words: &str) -> DecideReferral {
    DecideReferral { key: key.into(), case: CASE.into(), accept: false, words: words.into() }
}

fn reply(key: &str, on: &str) -> RecordReply {
    RecordReply {
        key: key.into(),
        case: CASE.into(),
        on: d(on),
        kind: "other".into(),
        documents: false,
        offer: false,
        words: "Cannot pay at the moment".into(),
    }
}

fn step(key: &str, what: &str, on: &str) -> CaseStep {
    CaseStep { key: key.into(), case: CASE.into(), step: what.into(), on: d(on), words: String::new() }
}

fn issue(key: &str) -> RecordIssue {
    RecordIssue {
        key: key.into(),
        case: CASE.into(),
        claim_number: "K1QZ12AB".into(),
        issued_on: d("2026-06-15"),
        fee: Pence(8_000),
        served: "online".into(),
    }
}

fn response(key: &str, on: &str) -> RecordResponse {
    RecordResponse {
        key: key.into(),
        case: CASE.into(),
        kind: "acknowledgment".into(),
        on: d(on),
        words: "By post".into(),
    }
}

fn judgment(key: &str, on: &str) -> EnterJudgment {
    EnterJudgment {
        key: key.into(),
        case: CASE.into(),
        on: d(on),
        kind: "default".into(),
        interest: None,
        instalment: None,
        every: String::new(),
        first_on: None,
    }
}

fn warrant(key: &str) -> Enforce {
    Enforce { key: key.into(), case: CASE.into(), method: "warrant".into(), ..Enforce::default() }
}

fn charge(key: &str, customer: &str) -> AddCharge {
    AddCharge {
        key: key.into(),
        customer: customer.into(),
        kind: "interim_charging_order".into(),
        property: "1 High Street, Morpeth".into(),
        title_number: "ND123456".into(),
        charged_on: Some(d("2026-05-01")),
        secured: Pence(120_000),
        ..AddCharge::default()
    }
}

fn insolvent(key: &str) -> OpenInsolvency {
    OpenInsolvency {
        key: key.into(),
        customer: "C100001".into(),
        kind: "bankruptcy".into(),
        on: d("2026-04-20"),
        office_holder: "Ms Trustee".into(),
        reference: "BKT 1".into(),
        evidence: "The Gazette of 21 April".into(),
    }
}

fn death(key: &str) -> OpenEstate {
    OpenEstate {
        key: key.into(),
        customer: "C100001".into(),
        died_on: d("2026-04-20"),
        told_on: None,
        source: "Tell Us Once".into(),
        representatives: String::new(),
        address: String::new(),
    }
}

fn searched(key: &str) -> ActOnEstate {
    ActOnEstate { key: key.into(), number: "EST-000001".into(), act: "searched".into(), ..ActOnEstate::default() }
}

fn dividend(key: &str) -> DeclareDividend {
    DeclareDividend {
        key: key.into(),
        number: "INS-000001".into(),
        on: d("2026-06-15"),
        pence_in_100: 1_250,
        admitted: None,
        last: false,
    }
}

fn limit(key: &str) -> RecordLimit {
    RecordLimit {
        key: key.into(),
        invoice: "INV-1".into(),
        kind: "unsigned".into(),
        on: d("2026-04-20"),
        evidence: "Letter in the file".into(),
    }
}

/// A claim at court, an insolvency, an estate and a charge of one customer: whatever there is of each.
async fn with_everything(t: &TestDesk) {
    issued(t).await;
    let by = t.operator();
    add_charge(&t.desk, &by, charge("charge", "C100001")).await.expect("is recorded");
    open_insolvency(&t.desk, &by, insolvent("insolvent")).await.expect("is recorded");
    open_estate(&t.desk, &by, death("death")).await.expect("is opened");
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_04_another_organisations_case_is_not_there_whatever_is_asked_of_it() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        let (desk, by) = (&t.desk, elsewhere(&t).await);
        assert!(absent(decide_referral(desk, &by, decision("s1", "No")).await));
        assert!(absent(record_reply(desk, &by, reply("s2", "2026-06-15")).await));
        for what in ["documents_sent", "write_notice", "notice_given", "offer_answered", "reply_cleared"] {
            assert!(absent(record_step(desk, &by, step(what, what, "2026-06-15")).await), "{what}");
        }
        assert!(absent(prepare_claim(desk, &by, claim("s3", "2026-06-15")).await));
        let sign = SignClaim { key: "s4".into(), case: CASE.into(), i_believe: true, version: None };
        assert!(absent(sign_claim(desk, &by, sign).await));
        let file = ExportClaims { key: "s5".into(), cases: vec![CASE.into()] };
        assert!(absent(export_claims(desk, &by, file).await), "though they have no number at the court");
        assert!(absent(record_issue(desk, &by, issue("s6")).await));
        assert!(absent(record_response(desk, &by, response("s7", "2026-06-15")).await));
        let wish = RequestJudgment { key: "s8".into(), case: CASE.into() };
        assert!(absent(request_judgment(desk, &by, wish).await));
        assert!(absent(enter_judgment(desk, &by, judgment("s9", "2026-06-15")).await));
        assert!(absent(enforce(desk, &by, warrant("s10")).await));
        let cost =
            AddCost { key: "s11".into(), case: CASE.into(), amount: Pence(1), charged: true, words: "Fee".into() };
        assert!(absent(add_cost(desk, &by, cost).await));
        let firm =
            HandToSolicitor { key: "s12".into(), case: CASE.into(), firm: "Hale LLP".into(), reference: String::new() };
        assert!(absent(hand_to_solicitor(desk, &by, firm).await));
        let end = EndCase { key: "s13".into(), case: CASE.into(), words: "Settled".into() };
        assert!(absent(end_case(desk, &by, end).await));
        assert!(absent(tell_court(desk, &by, TellCourt { key: "s14".into(), case: CASE.into() }).await));
        assert!(absent(case(desk, &by, CASE).await));
        assert!(absent(case_bundle(desk, &by, CASE).await));
        assert!(absent(choices(desk, &by, CASE, "").await));
        assert!(absent(judgment_not_yet(desk, &by, CASE).await));
        let debts = ReferToCourt {
            key: "s15".into(),
            customer: "C100001".into(),
            debts: Vec::new(),
            why: "Why not".into(),
            means: String::new(),
            assets: String::new(),
        };
        assert!(absent(refer_to_court(desk, &by, debts).await));
        let line = SettleCourtAnswer { key: "s16".into(), line: 1, words: "Done".into() };
        assert!(absent(settle_court_answer(desk, &by, line).await));
        let work = WorkCourtAnswers { key: "s17".into(), file: "CTA-000001".into() };
        assert!(absent(work_court_answers(desk, &by, work).await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_04_another_organisations_estates_insolvencies_and_charges_are_not_there() {
    on_both("2026-04-07", async |t| {
        with_everything(&t).await;
        let (desk, by) = (&t.desk, elsewhere(&t).await);
        assert!(absent(open_insolvency(desk, &by, insolvent("s1")).await));
        let proof = LodgeProof { key: "s2".into(), number: "INS-000001".into(), interest: None };
        assert!(absent(lodge_proof(desk, &by, proof).await));
        assert!(absent(declare_dividend(desk, &by, dividend("s3")).await));
        let money = ReceiveDividend {
            key: "s4".into(),
            number: "INS-000001".into(),
            seq: i64::MAX,
            receipt: "RCT-000001".into(),
        };
        assert!(absent(receive_dividend(desk, &by, money).await));
        let end = EndInsolvency { key: "s5".into(), number: "INS-000001".into(), on: year_one(), revoked: true };
        assert!(absent(end_insolvency(desk, &by, end).await), "though the day is no day of it");
        assert!(absent(insolvency(desk, &by, "INS-000001").await));
        assert!(absent(open_estate(desk, &by, death("s6")).await));
        for what in ["searched", "claim"] {
            let ask = ActOnEstate { act: what.into(), ..searched(what) };
            assert!(absent(act_on_estate(desk, &by, ask).await), "{what}");
        }
        assert!(absent(estate(desk, &by, "EST-000001").await));
        assert!(absent(add_charge(desk, &by, charge("s7", "C100001")).await));
        let free =
            ReleaseCharge { key: "s8".into(), number: "CHG-000001".into(), words: "DS1".into(), still_owed: false };
        assert!(absent(release_charge(desk, &by, free).await));
        assert!(absent(charge_shown(desk, &by, "CHG-000001").await));
        assert!(absent(charges_list(desk, &by, "C100001").await));
        assert!(absent(record_limit(desk, &by, limit("s9")).await));
        assert!(absent(limitation_of(desk, &by, "INV-1").await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_10_a_charge_comes_from_a_case_of_its_own_customer() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        customer(&t, "C100002", "individual", "").await;
        let (desk, by) = (&t.desk, controller(&t));
        let of = |key: &str, customer: &str, case: &str| AddCharge { case: case.into(), ..charge(key, customer) };
        assert!(absent(add_charge(desk, &by, of("c1", "C100001", "CRT-000009")).await));
        assert!(absent(add_charge(desk, &by, of("c2", "C100002", CASE)).await), "it is somebody else's");
        let made = add_charge(desk, &by, of("c3", "C100001", CASE)).await.expect("is recorded");
        assert_eq!(made.number, "CHG-000001");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_02_texts_without_end_and_days_nobody_means_are_refused_at_the_field_of_a_case() {
    on_both("2026-05-01", async |t| {
        owing(&t, "NE61 1AA").await;
        let (desk, by, approver) = (&t.desk, controller(&t), manager(&t));
        let why = ReferToCourt {
            key: "b1".into(),
            customer: "C100001".into(),
            debts: Vec::new(),
            why: endless(),
            means: "a\u{202e}b".into(),
            assets: "a\u{7}b".into(),
        };
        assert_eq!(code(refer_to_court(desk, &by, why.clone()).await), "invalid why means assets");
        let many = ReferToCourt { debts: vec!["INV-1".into(); 501], why: "Why".into(), ..why };
        assert_eq!(code(refer_to_court(desk, &by, many).await), "invalid means assets debts");
        assert_eq!(code(decide_referral(desk, &approver, decision("b2", &endless())).await), "invalid words");
        let nobody = t.role(Role::Cashier);
        assert_eq!(code(decide_referral(desk, &nobody, decision("b3", "No")).await), "CTL-01-NO-DUTY");
        let long = RecordReply { words: endless(), ..reply("b4", "9999-12-31") };
        assert_eq!(code(record_reply(desk, &by, long).await), "invalid on words");
        let long = CaseStep { words: endless(), ..step("b5", "documents_sent", "0001-01-01") };
        assert_eq!(code(record_step(desk, &by, long).await), "invalid words on");
        let odd = PrepareClaim {
            issue_on: far(),
            company_number: "1\n2".into(),
            defendants: vec![Defendant {
                name: "Mr\u{202e}Adam".into(),
                lines: vec![endless()],
                postcode: "NE61 1AA".into(),
                ..Defendant::default()
            }],
            basis: endless(),
            particulars: "a\u{7}b".into(),
            ..claim("b6", "2026-06-15")
        };
        let wanted = "invalid issue_on company_number name lines basis particulars";
        assert_eq!(code(prepare_claim(desk, &by, odd).await), wanted);
        let odd = RecordIssue {
            claim_number: "K1\u{202e}".into(),
            issued_on: year_one(),
            fee: Pence(i64::MAX),
            ..issue("b7")
        };
        assert_eq!(code(record_issue(desk, &by, odd).await), "invalid claim_number issued_on fee");
        let long = RecordResponse { words: endless(), ..response("b8", "2026-05-01") };
        assert_eq!(code(record_response(desk, &by, long).await), "invalid words");
        let odd = EnterJudgment {
            interest: Some(Pence(-1)),
            instalment: Some(Pence(i64::MAX)),
            every: "monthly".into(),
            first_on: far(),
            ..judgment("b9", "2026-05-01")
        };
        assert_eq!(code(enter_judgment(desk, &approver, odd).await), "invalid interest first_on instalment");
        let firm = HandToSolicitor { key: "b10".into(), case: CASE.into(), firm: "A\nB".into(), reference: endless() };
        assert_eq!(code(hand_to_solicitor(desk, &approver, firm).await), "invalid firm reference");
        let end = EndCase { key: "b11".into(), case: CASE.into(), words: endless() };
        assert_eq!(code(end_case(desk, &approver, end).await), "invalid words");
        let cost =
            AddCost { key: "b12".into(), case: CASE.into(), amount: Pence(i64::MAX), charged: false, words: endless() };
        assert_eq!(code(add_cost(desk, &approver, cost).await), "invalid amount words");
        let odd = Enforce { proportion: endless(), circumstances: "a\u{202e}b".into(), ..warrant("b13") };
        assert_eq!(code(enforce(desk, &approver, odd).await), "invalid proportion circumstances");
        let line = SettleCourtAnswer { key: "b14".into(), line: 1, words: endless() };
        assert_eq!(code(settle_court_answer(desk, &by, line).await), "invalid words");
        let file = TakeCourtAnswers { key: "b15".into(), file_name: endless(), bytes: Vec::new() };
        assert_eq!(code(take_court_answers(desk, &by, file).await), "invalid file");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_06_to_10_texts_days_and_sums_nobody_means_are_refused_beside_court() {
    on_both("2026-05-01", async |t| {
        owing(&t, "NE61 1AA").await;
        let (desk, by) = (&t.desk, t.operator());
        let odd = OpenInsolvency {
            on: year_one(),
            office_holder: "a\u{202e}b".into(),
            evidence: endless(),
            ..insolvent("b1")
        };
        assert_eq!(code(open_insolvency(desk, &by, odd).await), "invalid evidence office_holder on");
        let odd =
            OpenEstate { died_on: year_one(), source: endless(), representatives: "a\u{7}b".into(), ..death("b2") };
        assert_eq!(code(open_estate(desk, &by, odd).await), "invalid source representatives died_on");
        let odd = ActOnEstate {
            words: endless(),
            solicitor: "a\nb".into(),
            grant_on: far(),
            notice_by: far(),
            ..searched("b3")
        };
        assert_eq!(code(act_on_estate(desk, &by, odd).await), "invalid words solicitor grant_on notice_by grant_on");
        let odd = DeclareDividend {
            pence_in_100: i64::MAX,
            admitted: Some(Pence(-1)),
            on: d("9999-12-31"),
            ..dividend("b4")
        };
        assert_eq!(code(declare_dividend(desk, &by, odd).await), "invalid pence_in_100 on admitted");
        let odd = AddCharge {
            property: endless(),
            charged_on: Some(year_one()),
            registered_on: Some(d("2026-05-02")),
            value: Some(Pence(i64::MAX)),
            valued_on: far(),
            ..charge("b5", "C100001")
        };
        let wanted = "invalid property value charged_on valued_on registered_on valued_on";
        assert_eq!(code(add_charge(desk, &by, odd).await), wanted);
        let free = ReleaseCharge { key: "b6".into(), number: "CHG-000001".into(), words: endless(), still_owed: false };
        assert_eq!(code(release_charge(desk, &by, free).await), "invalid words");
        let odd = RecordLimit { on: year_one(), evidence: endless(), ..limit("b7") };
        assert_eq!(code(record_limit(desk, &by, odd).await), "invalid evidence on");
        // A grant before the death, and a dividend before the order, are of somebody else.
        open_estate(desk, &by, death("death")).await.expect("is opened");
        let early = ActOnEstate { grant_on: Some(d("2026-04-19")), ..searched("b8") };
        assert_eq!(code(act_on_estate(desk, &by, early).await), "invalid grant_on");
        open_insolvency(desk, &by, insolvent("order")).await.expect("is recorded");
        let proof = LodgeProof { key: "proof".into(), number: "INS-000001".into(), interest: None };
        lodge_proof(desk, &by, proof).await.expect("is lodged");
        let early = DeclareDividend { on: d("2026-04-19"), ..dividend("b9") };
        assert_eq!(code(declare_dividend(desk, &by, early).await), "invalid on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_03_a_step_is_not_older_than_the_letter_and_a_notice_has_its_first_answer_the_day_after() {
    on_both("2026-04-07", async |t| {
        signed(&t).await;
        let (desk, by) = (&t.desk, controller(&t));
        for what in ["documents_sent", "notice_given", "offer_answered", "reply_cleared"] {
            let early = record_step(desk, &by, step(what, what, "2026-05-12")).await;
            assert_eq!(code(early), "invalid on", "{what}: the letter of claim is of 13 May");
        }
        t.go_to("2026-06-16");
        record_reply(desk, &by, reply("reply", "2026-06-16")).await.expect("taken");
        t.go_to("2026-06-20");
        let first = record_step(desk, &by, step("n1", "write_notice", "2026-06-20")).await.expect("is written");
        t.go_to("2026-06-21");
        let again = record_step(desk, &by, step("n1", "write_notice", "2026-06-20")).await;
        assert_eq!(again.expect("the same request, a day later"), first);
        let late = record_step(desk, &by, step("n2", "write_notice", "2026-06-20")).await;
        assert_eq!(code(late), "invalid on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_a_key_of_a_case_has_its_first_answer_though_the_case_has_moved_on() {
    on_both("2026-04-07", async |t| {
        issued(&t).await;
        let (desk, by) = (&t.desk, controller(&t));
        assert_eq!(refer(&t, "r").await.expect("the same request").state, "referred");
        assert_eq!(accept(&t).await.expect("the same request").state, "accepted");
        let first = record_issue(desk, &by, issue("i")).await.expect("the same request");
        // Nobody answers what is not issued yet.
        assert_eq!(code(record_response(desk, &by, response("early", "2026-06-14")).await), "invalid on");
        record_response(desk, &by, response("on its day", "2026-06-15")).await.expect("is taken");
        assert_eq!(record_issue(desk, &manager(&t), issue("i")).await.expect("the same request"), first);
        let other = RecordIssue { fee: Pence(8_001), ..issue("i") };
        assert_eq!(code(record_issue(desk, &by, other).await), "OPS-KEY-REUSED");
        assert_eq!(code(record_issue(desk, &by, issue("i2")).await), "CT-CASE-STATE");
        // A key that is sent by somebody without the duty opens nothing.
        let nobody = t.role(Role::Cashier);
        let yes = DecideReferral { accept: true, ..decision("accept", "") };
        assert_eq!(code(decide_referral(desk, &nobody, yes).await), "CTL-01-NO-DUTY");
        assert_eq!(code(export(&t, "e").await), "CT-03-NO-NUMBER");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_03_of_two_who_refer_at_once_one_makes_the_case() {
    on_both("2026-04-07", async |t| {
        written_to(&t).await;
        t.go_to("2026-05-20");
        let by = controller(&t);
        let two = ["t1", "t2"].map(|key| {
            let (desk, by) = (t.desk.clone(), by.clone());
            let ask = ReferToCourt {
                key: key.into(),
                customer: "C100001".into(),
                debts: Vec::new(),
                why: "Three reminders, no answer, in work".into(),
                means: String::new(),
                assets: String::new(),
            };
            tokio::spawn(async move { refer_to_court(&desk, &by, ask).await })
        });
        let mut came = Vec::new();
        for one in two {
            came.push(code(one.await.expect("runs")));
        }
        came.sort();
        assert_eq!(came, ["CT-CASE-TWICE", "allowed"]);
    })
    .await;
}
