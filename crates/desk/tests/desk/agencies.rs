//! Collection agencies and tracing on both engines, with the books after each step.
use super::cards::{set_up, take};
use super::cash::{agrees, open, owe};
use super::govuk_pay::{SECRET, StandIn};
use super::recovery::release;
use chrono::NaiveDate;
use sundry_desk::approvals::{DecideApproval, approval, decide_approval};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::cards::{look_at_card_payment, start_card_payment};
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{SetFlag, customer_account, set_flag};
use sundry_desk::plans::{EndHold, PlaceHold, end_hold, place_hold};
use sundry_desk::recovery::agencies::{
    BringRemittance, PlaceDebts, Placed, RecallPlacement, SetAgency, TakeAgencyFile, TendAgencies, agencies_list,
    agency_file, bring_remittance, check_remittance, compare_agencies, place_debts, placement, placements_list,
    preview_placement, recall_placement, reconcile_stock, set_agency, take_answers, take_arrangements, take_closures,
    tend_agencies,
};
use sundry_desk::recovery::case;
use sundry_desk::recovery::tracing::{
    Finding, MarkNotTraced, RecordTrace, SendTraces, TakeTraces, TraceAsked, UseFoundAddress, ask_for_trace,
    mark_not_traced, record_trace, send_traces, take_traces, trace, trace_file, traces_of_customer, use_found_address,
};
use sundry_desk::work::worklist::{AskWorklist, worklist};
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::money::Pence;
use sundry_store::agency::{RemittanceRow, add_remittance, remittance};
use sundry_store::customers::{AddressRow, add_addresses};
use sundry_store::recovery::{StepRow, add_steps};
use sundry_store::{args, ledger};

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

/// Two people who owe, at an address, whose letter of claim went on a day.
pub(super) async fn ripe(t: &TestDesk) {
    let payers = [("C100001", "Mr Adam Example", "", ""), ("C100002", "Mrs Mary Holt", "", "")];
    let owed = [
        ("INV-1", "C100001", "2026-03-02", "2026-04-01", 120_000),
        ("INV-2", "C100002", "2026-03-09", "2026-04-08", 50_000),
    ];
    owe(t, "owe", &payers, &owed).await;
    let mut tx = t.desk.db().begin().await.expect("begins");
    let sql = "update customer set kind = 'individual', address1 = '1 High Street', town = 'Morpeth', postcode = 'NE61 1AA' where org_id = $1";
    tx.run(sql, args![t.org]).await.expect("an address");
    for number in ["INV-1", "INV-2"] {
        let item = ledger::items_numbered(&mut tx, t.org, number).await.expect("reads").remove(0);
        let step = |seq: i64, code: &str, day: &str| StepRow {
            item_id: item.id,
            seq,
            customer_id: item.customer_id,
            pathway_code: "individual".into(),
            pathway_version: 1,
            step_code: code.into(),
            due_on: d(day),
            taken_on: d(day),
            letter_id: None,
            run_id: None,
            note: String::new(),
            letter_state: String::new(),
        };
        let rows = vec![step(1, "R3", "2026-05-10"), step(2, "R4", "2026-05-15")];
        add_steps(&mut tx, t.org, rows, t.desk.clock().now()).await.expect("steps");
        tx.run("update open_item set stage = 'R4' where org_id = $1 and id = $2", args![t.org, item.id])
            .await
            .expect("a stage");
    }
    tx.commit().await.expect("commits");
}

pub(super) async fn agency(t: &TestDesk, settlement: &str) {
    let ask = SetAgency {
        key: format!("agency-{settlement}"),
        code: "MERC".into(),
        name: "Mercia Collections Ltd".into(),
        first_bp: 1_200,
        second_bp: 2_000,
        vat_bp: 2_000,
        settlement: settlement.into(),
        least: Pence(5_000),
        agreement: "DSA 2026/14".into(),
        agreement_from: Some(d("2026-01-01")),
        active: true,
        ..SetAgency::default()
    };
    set_agency(&t.desk, &t.role(Role::Administrator), ask).await.expect("an agency");
}

pub(super) async fn place(t: &TestDesk, key: &str, customers: &[&str]) -> Outcome<Placed> {
    let customers = customers.iter().map(|one| (*one).to_owned()).collect();
    place_debts(&t.desk, &t.role(Role::Approver), PlaceDebts { key: key.into(), agency: "MERC".into(), customers })
        .await
}

pub(super) async fn accept(t: &TestDesk, key: &str, rows: &str) {
    let ask = TakeAgencyFile {
        key: key.into(),
        agency: "MERC".into(),
        file_name: "ack.csv".into(),
        bytes: format!("account_number,agency_ref,status,reason\n{rows}").into_bytes(),
    };
    take_answers(&t.desk, &t.role(Role::CreditController), ask).await.expect("answers");
}

async fn tell(t: &TestDesk, key: &str) -> sundry_desk::recovery::agencies::AgenciesTended {
    tend_agencies(&t.desk, &t.role(Role::TeamLeader), TendAgencies { key: key.into() }).await.expect("tells")
}

async fn pay(t: &TestDesk, key: &str, customer: &str, pence: i64, item: &str) -> String {
    let ask = RecordReceipt {
        key: key.into(),
        method: "cash".into(),
        customer: customer.into(),
        amount: Pence(pence),
        received_on: t.desk.today(),
        payer_name: String::new(),
        words: "till".into(),
        lines: if item.is_empty() { vec![] } else { vec![AllocationLine { item: item.into(), amount: Pence(pence) }] },
    };
    record_receipt(&t.desk, &t.role(Role::Cashier), ask).await.expect("records").receipt
}

pub(super) fn statement(key: &str, text: &str) -> BringRemittance {
    BringRemittance {
        key: key.into(),
        agency: "MERC".into(),
        file_name: format!("{key}.csv"),
        bytes: text.as_bytes().to_vec(),
        ..BringRemittance::default()
    }
}

async fn post(t: &TestDesk, ask: BringRemittance) -> Outcome<sundry_desk::recovery::agencies::RemittanceTaken> {
    bring_remittance(&t.desk, &t.role(Role::Cashier), ask).await
}

async fn posted(t: &TestDesk, role: &str) -> i64 {
    let mut look = t.desk.look().await.expect("reads");
    let roles = sundry_store::proof::balances_by_role(&mut look, t.org).await.expect("sums");
    roles.iter().filter(|(name, _)| name == role).map(|(_, sum)| sum).sum()
}

fn code<T: std::fmt::Debug>(answer: Outcome<T>) -> String {
    match answer.expect_err("refused") {
        No::Refused(refusal) => refusal.code,
        other => format!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_01_debts_go_out_in_a_file_with_its_control_and_never_twice() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        assert!(matches!(place(&t, "p0", &["C100001"]).await, Err(No::Absent(_))), "there is no agency");
        agency(&t, "net").await;
        let by = t.role(Role::CreditController);
        assert_eq!(
            code(
                place_debts(
                    &t.desk,
                    &by,
                    PlaceDebts { key: "p".into(), agency: "MERC".into(), customers: vec!["C100001".into()] }
                )
                .await
            ),
            "CTL-01-NO-DUTY"
        );
        let seen = preview_placement(&t.desk, &by, "MERC", &[]).await.expect("a preview");
        assert_eq!((seen.count, seen.total_pence), (2, 170_000));
        assert_eq!(seen.candidates[0].customer, "C100001");
        let placed = place(&t, "p1", &["C100001", "C100002"]).await.expect("placed");
        assert_eq!(placed.placements, ["C100001-1", "C100002-1"]);
        assert_eq!((placed.name.as_str(), placed.total_pence), ("20260701-placement.csv", 170_000));
        let (_, bytes) = agency_file(&t.desk, &by, &placed.file, false).await.expect("the file");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(text.contains("C100001-1,1200.00,1200.00,0.00,0.00,Adam,Example,"), "{text}");
        assert!(text.contains("1 High Street,,Morpeth,,NE61 1AA,GB") && text.contains("public services"), "{text}");
        let (name, control) = agency_file(&t.desk, &by, &placed.file, true).await.expect("its control file");
        assert_eq!(name, "20260701-placement.ctl");
        assert!(String::from_utf8(control).expect("UTF-8").ends_with(",2,1700.00\n"));
        assert_eq!(code(place(&t, "p2", &["C100001"]).await), "REC-07-NOTHING");
        let seen = preview_placement(&t.desk, &by, "MERC", &["C100001".into()]).await.expect("a preview");
        assert_eq!(seen.candidates[0].refusal.as_ref().map(|no| no.code.as_str()), Some("REC-07-PLACED"));
        accept(&t, "a1", "C100001-1,A99-1,ACCEPTED,\nC100002-1,,REJECTED,abroad\n").await;
        let one = placement(&t.desk, &by, "C100001-1").await.expect("reads");
        assert_eq!((one.placement.state.as_str(), one.placement.agency_ref.as_str()), ("with_agency", "A99-1"));
        assert_eq!(placement(&t.desk, &by, "C100002-1").await.expect("reads").placement.state, "rejected");
        let again = place(&t, "p3", &["C100002"]).await.expect("a second round");
        assert_eq!(again.placements, ["C100002-2"]);
        assert_eq!(placement(&t.desk, &by, "C100002-2").await.expect("reads").placement.rate_bp, 2_000);
        assert_eq!(agencies_list(&t.desk, &by).await.expect("lists")[0].open_count, 2);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_07_a_debt_whose_letter_of_claim_never_left_is_not_placed() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        let letter = "insert into letter (org_id, id, number, kind, customer_id, template_code, template_version, dated_on, channel, sent_to, state, total_pence, content, content_sha256, file_sha256, attempts, state_reason, recorded_at) select org_id, id, 'LTR-900001', 'letter_of_claim', customer_id, 'letter_of_claim', 1, $3, 'post', '', 'waiting', open_pence, '{}', '', '', 0, '', $4 from open_item where org_id = $1 and number = $2";
        tx.run(letter, args![t.org, "INV-1", d("2026-05-15"), t.desk.clock().now()]).await.expect("a letter");
        let item = "insert into letter_item (org_id, letter_id, item_id, open_pence) select org_id, id, id, open_pence from open_item where org_id = $1 and number = $2";
        tx.run(item, args![t.org, "INV-1"]).await.expect("names the debt");
        tx.commit().await.expect("commits");
        let by = t.role(Role::CreditController);
        let seen = preview_placement(&t.desk, &by, "MERC", &["C100001".into()]).await.expect("a preview");
        assert_eq!(seen.candidates[0].refusal.as_ref().map(|no| no.code.as_str()), Some("REC-07-STEPS"));
        let mut tx = t.desk.db().begin().await.expect("begins");
        tx.run("update letter set state = 'printed' where org_id = $1", args![t.org]).await.expect("it leaves");
        tx.commit().await.expect("commits");
        let seen = preview_placement(&t.desk, &by, "MERC", &["C100001".into()]).await.expect("a preview");
        assert_eq!(seen.candidates[0].refusal, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_01_who_an_agency_would_send_back_stays_here_and_the_others_go() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update customer set name = 'Holt' where org_id = $1 and number = 'C100002'";
        tx.run(sql, args![t.org]).await.expect("a name in one word");
        tx.commit().await.expect("commits");
        let by = t.role(Role::CreditController);
        let seen = preview_placement(&t.desk, &by, "MERC", &[]).await.expect("a preview");
        assert_eq!((seen.count, seen.candidates.len()), (1, 2));
        let why = seen.candidates[1].refusal.as_ref().expect("refused");
        assert_eq!(why.code, "REC-07-ROW-LACKS");
        assert!(why.sentence.contains("first_name is missing"), "{}", why.sentence);
        let placed = place(&t, "p1", &["C100001", "C100002"]).await.expect("placed");
        assert_eq!((placed.placements.len(), placed.left_out.len()), (1, 1));
        assert_eq!(code(place(&t, "p2", &["C100002"]).await), "REC-07-NOTHING");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_15_what_is_paid_held_or_frozen_reaches_the_agency_the_same_day() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001", "C100002"]).await.expect("placed");
        accept(&t, "a1", "C100001-1,A1,ACCEPTED,\nC100002-1,A2,ACCEPTED,\n").await;
        let nothing = tell(&t, "t0").await;
        assert_eq!((nothing.placements, nothing.files.len()), (2, 0));
        t.go_to("2026-07-10");
        pay(&t, "r1", "C100001", 20_000, "INV-1").await;
        let told = tell(&t, "t1").await;
        assert_eq!((told.payments, told.recalls, told.files.len()), (1, 0, 1));
        let (name, bytes) =
            agency_file(&t.desk, &t.role(Role::CreditController), &told.files[0], false).await.expect("a file");
        assert_eq!(name, "20260710-update.csv");
        assert!(String::from_utf8(bytes).expect("UTF-8").contains("C100001-1,PAYMENT,200.00,2026-07-10,Paid to us"));
        assert_eq!(tell(&t, "t2").await.files.len(), 0, "told once");
        // Money that waits makes the agency wait; it goes on when it is posted.
        let waits = pay(&t, "r2", "C100002", 1_000, "").await;
        assert_eq!(tell(&t, "t3").await.holds, 1);
        assert!(placement(&t.desk, &t.role(Role::Auditor), "C100002-1").await.expect("reads").placement.held);
        assert!(waits.starts_with("RCT-"));
        // A breathing space calls it home the same day; the agency has two working days to confirm.
        let flag = SetFlag {
            key: "f1".into(),
            number: "C100002".into(),
            kind: "breathing_space".into(),
            evidence: "Notice 4411".into(),
            from_on: None,
            to_on: Some(d("2026-09-07")),
            review_on: None,
        };
        set_flag(&t.desk, &t.role(Role::CreditController), flag).await.expect("a flag");
        let told = tell(&t, "t4").await;
        assert_eq!(told.recalls, 1);
        let back = placement(&t.desk, &t.role(Role::Auditor), "C100002-1").await.expect("reads");
        assert_eq!(
            (back.placement.state.as_str(), back.placement.recall_code.as_str()),
            ("recalled", "BS-03-BREATHING-SPACE")
        );
        assert_eq!(back.placement.confirm_by, Some(d("2026-07-14")));
        assert!(back.items.iter().all(|item| !item.is_open));
        // Paid in full: home.
        pay(&t, "r3", "C100001", 100_000, "INV-1").await;
        assert_eq!(tell(&t, "t5").await.recalls, 1);
        let paid = placement(&t.desk, &t.role(Role::Auditor), "C100001-1").await.expect("reads");
        assert_eq!(paid.placement.recall_code, "REC-07-PAID");
        let ask = RecallPlacement { key: "x".into(), placement: "C100001-1".into(), words: "Again".into() };
        assert_eq!(code(recall_placement(&t.desk, &t.role(Role::CreditController), ask).await), "REC-07-NOT-PLACED");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_15_a_card_taken_over_the_telephone_calls_the_debt_home_the_same_day() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001", "C100002"]).await.expect("placed");
        accept(&t, "a1", "C100001-1,A1,ACCEPTED,\nC100002-1,A2,ACCEPTED,\n").await;
        t.go_to("2026-07-10");
        let pay = StandIn::start().await;
        set_up(&t, &pay.base, SECRET).await;
        let cashier = t.role(Role::Cashier);
        let begun = start_card_payment(&t.desk, &cashier, take("card", 120_000, &[("INV-1", 120_000)])).await;
        let begun = begun.expect("begins");
        assert_eq!(tell(&t, "t1").await.recalls, 0, "nothing is paid yet");
        pay.pay(&pay.newest());
        look_at_card_payment(&t.desk, &cashier, &begun.payment).await.expect("looks");
        assert_eq!(tell(&t, "t2").await.recalls, 1);
        let state = async |number: &str| {
            let one = placement(&t.desk, &t.role(Role::Auditor), number).await.expect("reads").placement;
            (one.state, one.recall_code)
        };
        assert_eq!(state("C100001-1").await, ("recalled".to_owned(), "REC-07-PAID".to_owned()));
        assert_eq!(state("C100002-1").await, ("with_agency".to_owned(), String::new()), "who has not paid stays there");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_15_a_dispute_recalls_and_a_promise_only_holds() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001", "C100002"]).await.expect("placed");
        let by = t.role(Role::CreditController);
        let mut look = t.desk.look().await.expect("reads");
        let one =
            sundry_store::cash::customer_numbered(&mut look, t.org, "C100001").await.expect("reads").expect("one").0;
        let two =
            sundry_store::cash::customer_numbered(&mut look, t.org, "C100002").await.expect("reads").expect("two").0;
        drop(look);
        let hold = |key: &str, customer: i64, reason: &str| PlaceHold {
            key: key.into(),
            customer: CustomerId(customer),
            item: None,
            reason: reason.into(),
            until: None,
            words: "As said on the telephone".into(),
        };
        place_hold(&t.desk, &by, hold("h1", one, "dispute")).await.expect("held");
        let placed = place_hold(&t.desk, &by, hold("h2", two, "promise")).await.expect("held");
        let told = tell(&t, "t1").await;
        assert_eq!((told.recalls, told.holds), (1, 1));
        let all = placements_list(&t.desk, &by, ("", ""), None, 10).await.expect("lists");
        assert!(all.iter().all(|one| !one.code.is_empty() && !one.why.is_empty()), "a sentence beside each: {all:?}");
        let end = EndHold { key: "e1".into(), hold: placed.hold, words: "Broken".into() };
        end_hold(&t.desk, &by, end).await.expect("ended");
        assert_eq!(tell(&t, "t2").await.releases, 1);
        let all = placements_list(&t.desk, &by, ("", ""), None, 10).await.expect("lists");
        let runs: Vec<_> = all.iter().filter(|one| one.recalled_on.is_none()).collect();
        assert_eq!((runs.len(), runs[0].code.as_str(), runs[0].why.as_str()), (1, "", ""), "it goes on");
    })
    .await;
}

pub(super) const NET: &str = "H,MERCIA,2026-07,2026-07-01,2026-07-31\n\
    D,C100001-1,A1,2026-07-10,300.00,36.00,7.20,AGENCY,PAYMENT,900.00\nT,1,300.00,0.00,36.00,7.20,256.80\n";

#[tokio::test(flavor = "multi_thread")]
async fn rec_e8_a_net_remittance_that_disagrees_is_refused_and_nothing_is_posted() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001"]).await.expect("placed");
        t.go_to("2026-08-03");
        let wrong = NET.replace("256.80", "228.00");
        assert_eq!(code(post(&t, statement("s0", &wrong)).await), "REC-07-REMITTANCE");
        assert_eq!(open(&t, "INV-1").await, 120_000);
        let by = t.role(Role::Cashier);
        let seen = check_remittance(&t.desk, &by, &statement("s1", NET)).await.expect("checked");
        assert_eq!((seen.number.as_str(), seen.net_pence, seen.queries.len()), ("", 25_680, 0));
        assert_eq!(posted(&t, "COMM").await, 0);
        let taken = post(&t, statement("s1", NET)).await.expect("posted");
        assert_eq!((taken.number.as_str(), taken.receipts, taken.in_suspense), ("AGR-000001", 1, 0));
        assert_eq!(open(&t, "INV-1").await, 90_000, "the gross is credited");
        assert_eq!(
            (posted(&t, "COMM").await, posted(&t, "VATI").await, posted(&t, "BANK").await),
            (3_600, 720, 25_680)
        );
        assert_eq!(code(post(&t, statement("s2", NET)).await), "REC-07-STATEMENT-AGAIN");
        let cut = post(&t, statement("s2b", NET.split("T,").next().unwrap_or_default())).await;
        assert!(matches!(cut, Err(No::Invalid(wrong)) if wrong[0].typed == "agency.shape"), "a file cut short");
        let later = NET.replace("2026-07,", "2026-09,");
        assert_eq!(code(post(&t, statement("s3", &later)).await), "REC-07-STATEMENT-GAP");
        let accepted =
            BringRemittance { accept_gap: true, reason: "August was empty".into(), ..statement("s4", &later) };
        post(&t, accepted).await.expect("taken with a reason");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_07_a_statement_of_long_ago_and_a_file_of_another_agency_are_known_again() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001"]).await.expect("placed");
        t.go_to("2026-08-03");
        post(&t, statement("s1", NET)).await.expect("posted");
        let mut tx = t.desk.db().begin().await.expect("begins");
        let first = remittance(&mut tx, t.org, "AGR-000001").await.expect("reads").expect("is there");
        for count in 0..500 {
            let row = RemittanceRow {
                id: t.desk.id(),
                number: format!("LATER-{count}"),
                statement_no: format!("L{count}"),
                file_sha256: format!("later {count}"),
                ..first.clone()
            };
            add_remittance(&mut tx, t.org, &row).await.expect("a later statement");
        }
        tx.commit().await.expect("commits");
        let again = NET.replace(",A1,", ",A2,");
        assert_eq!(code(post(&t, statement("s2", &again)).await), "REC-07-STATEMENT-AGAIN", "the number, of long ago");
        let other = SetAgency {
            key: "other".into(),
            code: "OTHR".into(),
            name: "Other Collections Ltd".into(),
            vat_bp: 2_000,
            settlement: "net".into(),
            agreement: "DSA 2026/15".into(),
            agreement_from: Some(d("2026-01-01")),
            active: true,
            ..SetAgency::default()
        };
        set_agency(&t.desk, &t.role(Role::Administrator), other).await.expect("another agency");
        let theirs = BringRemittance { agency: "OTHR".into(), ..statement("s3", NET) };
        assert_eq!(code(post(&t, theirs).await), "REC-07-STATEMENT-AGAIN", "the file, of another agency");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_e7_commission_after_the_recall_is_queried_and_the_debtor_credited_all() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "invoiced").await;
        place(&t, "p1", &["C100001"]).await.expect("placed");
        accept(&t, "a1", "C100001-1,A1,ACCEPTED,\n").await;
        t.go_to("2026-07-20");
        pay(&t, "r1", "C100001", 20_000, "INV-1").await;
        assert_eq!(tell(&t, "t1").await.payments, 1);
        t.go_to("2026-08-01");
        let ask = RecallPlacement { key: "b1".into(), placement: "C100001-1".into(), words: "Court next".into() };
        recall_placement(&t.desk, &t.role(Role::Approver), ask).await.expect("recalled");
        t.go_to("2026-08-10");
        let rows = "H,MERCIA,8,2026-07-01,2026-08-09\n\
            D,C100001-1,A1,2026-07-10,300.00,36.00,7.20,AGENCY,PAYMENT,900.00\n\
            D,C100001-1,A2,2026-07-20,200.00,24.00,4.80,CLIENT,PAYMENT,700.00\n\
            D,C100001-1,A3,2026-08-05,700.00,84.00,16.80,AGENCY,PAYMENT,0.00\n\
            T,3,1000.00,200.00,144.00,28.80,1000.00\n";
        let taken = post(&t, statement("s1", rows)).await.expect("posted");
        assert_eq!((taken.commission_pence, taken.expected_commission_pence), (14_400, 6_000));
        assert_eq!(taken.queries.len(), 1);
        assert!(taken.queries[0].words.contains("after the recall of 1 August 2026"), "{:?}", taken.queries);
        assert_eq!(open(&t, "INV-1").await, 0, "the debtor is credited 1,200.00");
        assert_eq!((posted(&t, "BANK").await, posted(&t, "AP").await), (120_000, -17_280));
        let rows = compare_agencies(&t.desk, &t.role(Role::TeamLeader), d("2026-07-01"), d("2026-07-31"))
            .await
            .expect("compares");
        assert_eq!((rows[0].collected_pence, rows[0].direct_pence, rows[0].rate_bp), (100_000, 20_000, Some(10_000)));
        assert_eq!(rows[0].days_to_first, Some(9));
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_01_what_an_agency_arranged_or_ended_stands_on_the_account() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001", "C100002"]).await.expect("placed");
        accept(&t, "a1", "C100001-1,A1,ACCEPTED,\nC100002-1,A2,ACCEPTED,\n").await;
        let by = t.role(Role::CreditController);
        let file = |key: &str, rows: &str| TakeAgencyFile {
            key: key.into(),
            agency: "MERC".into(),
            file_name: format!("{key}.csv"),
            bytes: format!("account_number,amount,frequency,first_payment_date,payment_method,is_cancelled\n{rows}")
                .into_bytes(),
        };
        let rows = "C100001-1,50.00,Weekly,2026-07-06,Card,false\nC100002-1,,,,,true\nC9-1,5.00,Monthly,2026-07-06,,\n";
        let taken = take_arrangements(&t.desk, &by, file("r1", rows)).await.expect("taken");
        assert_eq!((taken.made, taken.ended, taken.held.len()), (1, 1, 1), "{:?}", taken.held);
        let note = async |customer: &str| {
            let account = customer_account(&t.desk, &by, customer).await.expect("an account");
            let last = account.notes.into_iter().find(|note| note.words.contains("arrange")).expect("a note");
            (last.words, last.next_on)
        };
        let made = "Mercia Collections Ltd arranged £50.00 each week for C100001-1 from 6 July 2026, by card";
        assert_eq!(note("C100001").await, (made.to_owned(), None));
        let over = "Mercia Collections Ltd ended its arrangement for C100002-1";
        assert_eq!(note("C100002").await, (over.to_owned(), Some(d("2026-07-01"))), "somebody asks what comes next");
        let shown = placement(&t.desk, &by, "C100001-1").await.expect("shown");
        assert_eq!(shown.placement.state, "with_agency", "the debt stays with them");
        assert_eq!(code(take_arrangements(&t.desk, &by, file("r2", rows)).await), "REC-07-FILE");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_01_a_new_address_is_told_once_and_a_refuge_never() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001", "C100002"]).await.expect("placed");
        accept(&t, "a1", "C100001-1,A1,ACCEPTED,\nC100002-1,A2,ACCEPTED,\n").await;
        assert_eq!(tell(&t, "t1").await.addresses, 0, "they have the address of the placement");
        t.go_to("2026-07-10");
        let mut tx = t.desk.db().begin().await.expect("begins");
        for (number, address) in [("C100001", "14 Low Road, Alnwick"), ("C100002", "The Refuge, Alnwick")] {
            let who = sundry_store::cash::customer_numbered(&mut tx, t.org, number).await.expect("reads");
            let row = AddressRow {
                from_on: d("2026-07-10"),
                seq: 9,
                address: address.into(),
                source: "call".into(),
                recorded_at: t.desk.clock().now(),
            };
            add_addresses(&mut tx, t.org, vec![(CustomerId(who.expect("one").0), row)]).await.expect("moves");
        }
        tx.commit().await.expect("commits");
        let told = tell(&t, "t2").await;
        assert_eq!((told.addresses, told.recalls), (1, 0));
        let by = t.role(Role::CreditController);
        let (_, bytes) = agency_file(&t.desk, &by, &told.files[0], false).await.expect("the file");
        let text = String::from_utf8(bytes).expect("UTF-8");
        assert!(text.contains("C100001-1,ADDRESS,,2026-07-10,\"14 Low Road, Alnwick\""), "{text}");
        assert!(!text.contains("Refuge"), "{text}");
        assert_eq!(tell(&t, "t3").await.addresses, 0, "once");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_07_a_recall_that_is_not_confirmed_in_two_working_days_is_on_the_worklist() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001"]).await.expect("placed");
        accept(&t, "a1", "C100001-1,A1,ACCEPTED,\n").await;
        t.go_to("2026-08-07");
        let ask = RecallPlacement { key: "b1".into(), placement: "C100001-1".into(), words: "Court next".into() };
        recall_placement(&t.desk, &t.role(Role::Approver), ask).await.expect("recalled on a Friday");
        let by = t.role(Role::CreditController);
        let waits = async || {
            let list = worklist(&t.desk, &by, &AskWorklist::default()).await.expect("a list");
            let words = list.rows.iter().flat_map(|row| std::iter::once(&row.why).chain(&row.also));
            words.filter(|why| why.contains("has not confirmed the recall of C100001-1")).count()
        };
        t.go_to("2026-08-11");
        assert_eq!(waits().await, 0, "they have until Tuesday");
        t.go_to("2026-08-12");
        assert_eq!(waits().await, 1);
        let ask = TakeAgencyFile {
            key: "c1".into(),
            agency: "MERC".into(),
            file_name: "closure.csv".into(),
            bytes: b"account_number,reason,note\nC100001-1,RTC,Stopped\n".to_vec(),
        };
        assert_eq!(take_closures(&t.desk, &by, ask).await.expect("taken").closed, 1);
        assert_eq!(waits().await, 0, "confirmed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_07_the_day_of_the_recall_earns_and_the_day_after_does_not() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001"]).await.expect("placed");
        accept(&t, "a1", "C100001-1,A1,ACCEPTED,\n").await;
        t.go_to("2026-08-03");
        let ask = RecallPlacement { key: "b1".into(), placement: "C100001-1".into(), words: "Court next".into() };
        recall_placement(&t.desk, &t.role(Role::Approver), ask).await.expect("recalled");
        let that_day = "H,MERCIA,2026-08,2026-08-01,2026-08-03\n\
            D,C100001-1,A1,2026-08-03,200.00,24.00,4.80,AGENCY,PAYMENT,1000.00\nT,1,200.00,0.00,24.00,4.80,171.20\n";
        let taken = post(&t, statement("s1", that_day)).await.expect("posted");
        assert_eq!((taken.commission_pence, taken.expected_commission_pence, taken.queries.len()), (2_400, 2_400, 0));
        assert_eq!(
            (open(&t, "INV-1").await, posted(&t, "BANK").await),
            (100_000, 17_120),
            "gross for them, net for us"
        );
        let after = "H,MERCIA,2026-09,2026-08-04,2026-09-01\n\
            D,C100001-1,A2,2026-08-04,100.00,12.00,2.40,AGENCY,PAYMENT,900.00\nT,1,100.00,0.00,12.00,2.40,85.60\n";
        t.go_to("2026-09-01");
        let taken = post(&t, statement("s2", after)).await.expect("posted");
        assert_eq!((taken.expected_commission_pence, taken.queries.len()), (0, 1));
        assert!(taken.queries[0].words.contains("after the recall of 3 August 2026"), "{:?}", taken.queries);
        assert_eq!((open(&t, "INV-1").await, posted(&t, "BANK").await), (90_000, 25_680));
        let shown = placement(&t.desk, &t.role(Role::Auditor), "C100001-1").await.expect("shown");
        assert_eq!((shown.placement.state.as_str(), shown.placement.recalled_on), ("recalled", Some(d("2026-08-03"))));
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_01_unknown_numbers_go_to_suspense_surplus_waits_and_reversals_need_a_payment() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100002"]).await.expect("placed");
        t.go_to("2026-08-03");
        let rows = "H,MERCIA,1,2026-07-01,2026-07-31\n\
            D,C100002-1,A1,2026-07-10,600.00,72.00,14.40,AGENCY,PAYMENT,0.00\n\
            D,C999999-1,A2,2026-07-11,40.00,4.80,0.96,AGENCY,PAYMENT,0.00\n\
            T,2,640.00,0.00,76.80,15.36,547.84\n";
        let taken = post(&t, statement("s1", rows)).await.expect("posted");
        assert_eq!((taken.receipts, taken.in_suspense, taken.over), (1, 1, 1));
        assert_eq!(
            (open(&t, "INV-2").await, posted(&t, "SUSP").await, posted(&t, "UNALL").await),
            (0, -4_000, -10_000)
        );
        agrees(&t).await;
        let back = "H,MERCIA,2,2026-08-01,2026-08-02\n\
            D,C100002-1,A1,2026-08-01,600.00,-72.00,-14.40,AGENCY,REVERSAL,600.00\n\
            T,1,-600.00,0.00,-72.00,-14.40,-513.60\n";
        let unknown = back
            .replace("600.00,-72", "601.00,-72")
            .replace("-600.00,0.00", "-601.00,0.00")
            .replace("-513.60", "-514.60");
        assert_eq!(code(post(&t, statement("s2", &unknown)).await), "REC-07-REVERSAL");
        post(&t, statement("s3", back)).await.expect("taken back");
        assert_eq!(open(&t, "INV-2").await, 50_000);
        assert_eq!(posted(&t, "BANK").await, 4_000 - 480 - 96);
        let twice = back.replace("H,MERCIA,2", "H,MERCIA,3");
        assert_eq!(code(post(&t, statement("s4", &twice)).await), "REC-07-REVERSAL");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_01_closures_hold_what_the_law_stops_and_stock_is_compared() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001", "C100002"]).await.expect("placed");
        accept(&t, "a1", "C100001-1,A1,ACCEPTED,\nC100002-1,A2,ACCEPTED,\n").await;
        let by = t.role(Role::CreditController);
        let file = |key: &str, text: &str| TakeAgencyFile {
            key: key.into(),
            agency: "MERC".into(),
            file_name: format!("{key}.csv"),
            bytes: text.as_bytes().to_vec(),
        };
        let stock = file("st", "account_number,balance,status\nC100001-1,1100.00,open\nC777-1,5.00,open\n");
        let found = reconcile_stock(&t.desk, &by, stock).await.expect("compares");
        let what: Vec<&str> = found.differences.iter().map(|one| one.what.as_str()).collect();
        assert_eq!(what, ["differs", "missing_there", "missing_here"]);
        let closed = file("cl", "account_number,reason,note\nC100001-1,DEC,Son called\nC100002-1,ZZZ,\nC5-1,RTC,\n");
        let taken = take_closures(&t.desk, &by, closed).await.expect("takes");
        assert_eq!((taken.closed, taken.held_accounts, taken.held.len()), (1, 1, 2));
        assert_eq!(placement(&t.desk, &by, "C100002-1").await.expect("reads").placement.state, "with_agency");
        let account = customer_account(&t.desk, &by, "C100001").await.expect("reads");
        assert!(account.notes.iter().any(|note| note.next_step == "Ask for the personal representatives"));
        let again = file("cl2", "account_number,reason,note\nC100001-1,DEC,Son called\nC100002-1,ZZZ,\nC5-1,RTC,\n");
        assert_eq!(code(take_closures(&t.desk, &by, again).await), "REC-07-FILE");
    })
    .await;
}

pub(super) fn asked(key: &str, source: &str) -> TraceAsked {
    TraceAsked {
        key: key.into(),
        customer: "C100001".into(),
        source: source.into(),
        purpose: "TRACE".into(),
        lawful_basis: "public_task".into(),
        why: "Two letters came back".into(),
        cost_pence: 0,
    }
}

pub(super) fn strong() -> Finding {
    Finding {
        result: "FOUND_PROVEN".into(),
        name_agrees: true,
        birth_agrees: true,
        sources: 2,
        last_seen_on: Some(d("2026-06-01")),
        address1: "14 Low Road".into(),
        town: "Alnwick".into(),
        postcode: "NE66 1AA".into(),
        words: "On the register".into(),
        cost_pence: 450,
        ..Finding::default()
    }
}

async fn decide(t: &TestDesk, by: &Actor, number: &str) -> Outcome<sundry_desk::approvals::Decided> {
    let shown = approval(&t.desk, by, number).await?;
    let ask = DecideApproval {
        key: format!("decide/{number}/{}", by.user.0),
        number: number.into(),
        approve: true,
        reason: String::new(),
        content_hash: shown.content_hash,
    };
    decide_approval(&t.desk, by, ask).await
}

/// The code of the next step of the first invoice.
async fn next(t: &TestDesk) -> String {
    let mut look = t.desk.look().await.expect("looks");
    let item = ledger::items_numbered(&mut look, t.org, "INV-1").await.expect("reads").remove(0);
    drop(look);
    let view = case(&t.desk, &t.role(Role::CreditController), ItemId(item.id)).await.expect("a case");
    view.next.map(|next| next.step_code).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_17_five_sources_with_ground_cost_and_result_and_an_address_only_above_the_level() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        let by = t.role(Role::CreditController);
        assert_eq!(code(ask_for_trace(&t.desk, &by, asked("k0", "council_tax")).await), "REC-08-SOURCE");
        let groundless = TraceAsked { lawful_basis: String::new(), ..asked("k1", "own_records") };
        assert_eq!(code(ask_for_trace(&t.desk, &by, groundless).await), "REC-08-BASIS");
        for (at, source) in
            ["own_records", "returned_post", "open_register", "insolvency_register", "probate"].iter().enumerate()
        {
            let made = ask_for_trace(&t.desk, &by, asked(&format!("a{at}"), source)).await.expect("asked");
            let found = match *source {
                "open_register" => strong(),
                _ => Finding { result: "NOT_FOUND".into(), cost_pence: 100, ..Finding::default() },
            };
            let ask = RecordTrace { key: format!("f{at}"), number: made.number, found };
            record_trace(&t.desk, &by, ask).await.expect("recorded");
        }
        let log = traces_of_customer(&t.desk, &by, "C100001").await.expect("the log");
        assert_eq!((log.traces.len(), log.cost_pence, log.addresses.len()), (5, 850, 1));
        assert!(log.traces.iter().all(|one| one.lawful_basis == "public_task" && !one.result.is_empty()));
        // A weak result is a candidate that may not be used.
        let made = ask_for_trace(&t.desk, &by, asked("w", "land_registry")).await.expect("asked");
        let weak = Finding { birth_agrees: false, address1: "9 Far Lane".into(), ..strong() };
        let weak =
            record_trace(&t.desk, &by, RecordTrace { key: "wf".into(), number: made.number.clone(), found: weak })
                .await
                .expect("recorded");
        assert_eq!(weak.result, "FOUND_UNPROVEN");
        let candidate = trace(&t.desk, &by, &made.number).await.expect("reads").addresses[0].id;
        let ask = |key: &str, address: i64, call_back: &str| UseFoundAddress {
            key: key.into(),
            address,
            call_back: call_back.into(),
        };
        assert_eq!(code(use_found_address(&t.desk, &by, ask("u0", candidate, "rang")).await), "CUS-17-CONFIDENCE");
        let good = log.addresses[0].id;
        assert_eq!(code(use_found_address(&t.desk, &by, ask("u1", good, " ")).await), "CUS-17-CALL-BACK");
        let waits =
            use_found_address(&t.desk, &by, ask("u2", good, "Rang 07700 900123 on 1 July, spoke to Mr Example"))
                .await
                .expect("asked");
        let before = customer_account(&t.desk, &by, "C100001").await.expect("reads").customer;
        assert_eq!(before.address1, "1 High Street", "held until somebody else says yes");
        assert_eq!(code(decide(&t, &by, &waits.approval).await), "CTL-01-OWN-WORK");
        assert_eq!(next(&t).await, "R5");
        decide(&t, &t.role(Role::TeamLeader), &waits.approval).await.expect("yes");
        let after = customer_account(&t.desk, &by, "C100001").await.expect("reads");
        assert_eq!((after.customer.address1.as_str(), after.customer.postcode.as_str()), ("14 Low Road", "NE66 1AA"));
        assert!(after.addresses.iter().any(|one| one.source.starts_with("traced")));
        let words = ["Low Road", "High Street", "NE66", "07700", "Two letters came back", "Mr Example"];
        super::court::trail_is_without(&t, &words).await;
        assert_eq!(next(&t).await, "R3", "the final notice goes to the new address before anything else (REC-08)");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_17_a_batch_to_a_bureau_and_nobody_who_may_not_be_traced() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        let by = t.role(Role::CreditController);
        ask_for_trace(&t.desk, &by, asked("b1", "bureau")).await.expect("asked");
        let other = TraceAsked { customer: "C100002".into(), ..asked("b2", "bureau") };
        ask_for_trace(&t.desk, &by, other).await.expect("asked");
        let mark = MarkNotTraced { key: "m1".into(), customer: "C100002".into(), mark: true, why: "Safeguarding lead".into() };
        mark_not_traced(&t.desk, &by, mark).await.expect("marked");
        let sent = send_traces(&t.desk, &by, SendTraces { key: "s1".into(), bureau: "gbx".into() }).await.expect("sent");
        assert_eq!((sent.searches.len(), sent.refused.len()), (1, 1));
        let refused = TraceAsked { customer: "C100002".into(), ..asked("b3", "open_register") };
        assert_eq!(code(ask_for_trace(&t.desk, &by, refused).await), "REC-08-DO-NOT-TRACE");
        let (_, bytes) = trace_file(&t.desk, &by, &sent.file_sha256).await.expect("the file");
        let text = String::from_utf8(bytes).expect("UTF-8");
        let row = text.lines().nth(1).expect("a row").to_owned();
        assert!(row.contains(",Adam,,Example,") && row.ends_with(",TRACE"), "{row}");
        let head = format!("{},result_code,confidence,new_flat,new_house_name,new_house_number,new_street,new_town,new_postcode,first_seen,last_seen,sources,phone,employer,deceased_date,insolvency_type,insolvency_date,note", text.lines().next().expect("headings"));
        let found = ",FOUND_PROVEN,92,,,14,Low Road,Alnwick,NE66 1AA,2025-02,2026-06,register;credit,,,,,,twice";
        let answer = format!("{head}\n{row}{found}\nnobody,x,,A,,B,,,,,,,,,TRACE{found}\nTOTAL,2\n");
        let ask = TakeTraces { key: "t1".into(), file_name: "answer.csv".into(), cost_each_pence: 450, bytes: answer.into_bytes() };
        let taken = take_traces(&t.desk, &by, ask).await.expect("taken");
        assert_eq!((taken.answered.len(), taken.held), (1, 1));
        let log = traces_of_customer(&t.desk, &by, "C100001").await.expect("the log");
        assert_eq!((log.traces[0].result.as_str(), log.traces[0].cost_pence), ("FOUND_PROVEN", 450));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_17_a_date_of_birth_that_differs_makes_a_proved_address_a_candidate() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        let by = t.role(Role::CreditController);
        for (key, customer) in [("b1", "C100001"), ("b2", "C100002")] {
            let ask = TraceAsked { customer: customer.into(), ..asked(key, "bureau") };
            ask_for_trace(&t.desk, &by, ask).await.expect("asked");
        }
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "insert into customer_reference (org_id, customer_id, kind, reference, search_reference) select org_id, id, 'date_of_birth', '1970-01-01', number || ' born' from customer where org_id = $1";
        tx.run(sql, args![t.org]).await.expect("dates of birth");
        tx.commit().await.expect("commits");
        let sent = send_traces(&t.desk, &by, SendTraces { key: "s1".into(), bureau: "gbx".into() }).await.expect("sent");
        let (_, bytes) = trace_file(&t.desk, &by, &sent.file_sha256).await.expect("the file");
        let text = String::from_utf8(bytes).expect("UTF-8");
        let head = format!("{},result_code,confidence,new_house_number,new_street,new_town,new_postcode,last_seen,sources", text.lines().next().expect("headings"));
        let found = ",FOUND_PROVEN,92,14,Low Road,Alnwick,NE66 1AA,2026-06,register;credit";
        let rows: Vec<&str> = text.lines().skip(1).take(2).collect();
        assert!(rows.iter().all(|row| row.contains(",1970-01-01,")), "what is known is asked for: {rows:?}");
        let other = rows[0].replace("1970-01-01", "1971-01-01");
        let answer = format!("{head}\n{other}{found}\n{}{found}\nTOTAL,2\n", rows[1]);
        let ask = TakeTraces { key: "t1".into(), file_name: "answer.csv".into(), cost_each_pence: 450, bytes: answer.into_bytes() };
        assert_eq!(take_traces(&t.desk, &by, ask).await.expect("taken").answered.len(), 2);
        let result = async |customer: &str| {
            let log = traces_of_customer(&t.desk, &by, customer).await.expect("the log");
            log.traces[0].result.clone()
        };
        let both = [result("C100001").await, result("C100002").await];
        let first_is_adam = rows[0].contains(",Adam,");
        let wanted = if first_is_adam { ["FOUND_UNPROVEN", "FOUND_PROVEN"] } else { ["FOUND_PROVEN", "FOUND_UNPROVEN"] };
        assert_eq!(both, wanted);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_17_a_search_has_its_time_from_the_day_it_is_sent_and_a_day_released_twice_tells_of_more() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        let by = t.role(Role::CreditController);
        let row = async |customer: &str| {
            let log = traces_of_customer(&t.desk, &by, customer).await.expect("the log");
            (log.traces[0].state.clone(), log.traces[0].answer_by)
        };
        ask_for_trace(&t.desk, &by, asked("b1", "bureau")).await.expect("asked");
        assert_eq!(row("C100001").await, ("asked".into(), d("2026-07-08")));
        // It waited here for three weeks: that is not the bureau's time.
        t.go_to("2026-07-20");
        send_traces(&t.desk, &by, SendTraces { key: "s1".into(), bureau: "gbx".into() }).await.expect("sent");
        release(&t, "2026-07-20").await.expect("released");
        assert_eq!(row("C100001").await, ("sent".into(), d("2026-07-27")));
        release(&t, "2026-07-28").await.expect("released");
        assert_eq!(row("C100001").await.0, "no_answer");
        // Another is late by the time the same day is released again.
        let other = TraceAsked { customer: "C100002".into(), ..asked("b2", "bureau") };
        ask_for_trace(&t.desk, &by, other).await.expect("asked");
        send_traces(&t.desk, &by, SendTraces { key: "s2".into(), bureau: "gbx".into() }).await.expect("sent");
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update trace set answer_by = $2 where org_id = $1 and state = 'sent'";
        tx.run(sql, args![t.org, d("2026-07-27")]).await.expect("an earlier day");
        tx.commit().await.expect("commits");
        release(&t, "2026-07-28").await.expect("released again");
        assert_eq!(row("C100002").await.0, "no_answer");
    })
    .await;
}
