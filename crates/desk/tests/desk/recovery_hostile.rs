//! Agencies, tracing, pathways, charges and what is taken back, as somebody who means ill tries them: others' numbers,
//! keys sent again, sums, texts and days nobody means, files of others.
use crate::agencies::{NET, accept, agency, asked, place, ripe, statement, strong};
use crate::contract_fees::term;
use crate::pathways::draft_of;
use crate::people::code;
use crate::taking_back::{calculate, fact, from_pay, overpaid};
use chrono::NaiveDate;
use sundry_desk::Actor;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::customer_account;
use sundry_desk::recovery::agencies::*;
use sundry_desk::recovery::contract_fees::*;
use sundry_desk::recovery::debt_facts::*;
use sundry_desk::recovery::pathways::*;
use sundry_desk::recovery::taking_back::*;
use sundry_desk::recovery::tracing::*;
use sundry_desk::recovery::{PostCharges, WaiveCharge, post_charges, waive_charge};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::TakenFrom;

/// What is longer than any field, in more than one byte a letter.
pub(super) fn endless() -> String {
    "Ŵ".repeat(5_000)
}

/// A name that reads another way round than it is.
const TURNED: &str = "stock\u{202e}vsc.exe";

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

pub(super) fn far() -> NaiveDate {
    d("9999-12-31")
}

/// Somebody with every duty, in another organisation.
pub(super) fn stranger(t: &TestDesk) -> Actor {
    let mut stranger = t.operator();
    stranger.org = OrgId(t.org.0 + 1_000);
    stranger
}

pub(super) fn absent<T>(answer: Result<T, sundry_desk::No>) -> bool {
    matches!(answer, Err(sundry_desk::No::Absent(_)))
}

fn file(key: &str, bytes: &[u8]) -> TakeAgencyFile {
    TakeAgencyFile { key: key.into(), agency: "MERC".into(), file_name: format!("{key}.csv"), bytes: bytes.to_vec() }
}

fn recall(key: &str, words: &str) -> RecallPlacement {
    RecallPlacement { key: key.into(), placement: "C100001-1".into(), words: words.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_04_another_organisations_agencies_are_not_there_before_their_files_are_read() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        let placed = place(&t, "p1", &["C100001"]).await.expect("placed");
        let (desk, by) = (&t.desk, stranger(&t));
        // No file at all is sent: that it cannot be read is told to nobody who may not know of the agency.
        assert!(absent(take_answers(desk, &by, file("s1", b"MZ\x90")).await));
        assert!(absent(take_closures(desk, &by, file("s2", b"MZ\x90")).await));
        assert!(absent(reconcile_stock(desk, &by, file("s3", b"MZ\x90")).await));
        assert!(absent(take_arrangements(desk, &by, file("s9", b"MZ\x90")).await));
        assert!(absent(bring_remittance(desk, &by, statement("s4", "MZ")).await));
        assert!(absent(check_remittance(desk, &by, &statement("s5", "MZ")).await));
        assert!(absent(preview_placement(desk, &by, "MERC", &[]).await));
        let debts = PlaceDebts { key: "s6".into(), agency: "MERC".into(), customers: vec!["C100002".into()] };
        assert!(absent(place_debts(desk, &by, debts).await));
        assert!(absent(recall_placement(desk, &by, recall("s7", "Ours")).await));
        assert!(absent(placement(desk, &by, "C100001-1").await));
        assert!(absent(agency_file(desk, &by, &placed.file, false).await));
        let other = file("s8", b"account_number,agency_ref,status\nC100001-1,A,ACCEPTED\n");
        let clerk = t.role(Role::Cashier);
        assert_eq!(code(take_answers(desk, &clerk, other).await), "CTL-01-NO-DUTY", "nor does every role take it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_04_another_organisations_searches_and_charges_are_not_there() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        let clerk = t.role(Role::CreditController);
        let made = ask_for_trace(&t.desk, &clerk, asked("a", "open_register")).await.expect("asked");
        let found = RecordTrace { key: "f".into(), number: made.number.clone(), found: strong() };
        record_trace(&t.desk, &clerk, found.clone()).await.expect("recorded");
        let log = traces_of_customer(&t.desk, &clerk, "C100001").await.expect("the log");
        let (desk, by) = (&t.desk, stranger(&t));
        assert!(absent(ask_for_trace(desk, &by, asked("s1", "open_register")).await));
        assert!(absent(record_trace(desk, &by, RecordTrace { key: "s2".into(), ..found }).await));
        let words = "No more".to_owned();
        let cancel = CancelTrace { key: "s3".into(), number: made.number.clone(), words };
        assert!(absent(cancel_trace(desk, &by, cancel).await));
        // Without a call-back it would be refused, and yet not before it is known what is meant.
        let used = UseFoundAddress { key: "s4".into(), address: log.addresses[0].id, call_back: String::new() };
        assert!(absent(use_found_address(desk, &by, used).await));
        assert!(absent(trace(desk, &by, &made.number).await));
        assert!(absent(traces_of_customer(desk, &by, "C100001").await));
        assert!(absent(post_charges(desk, &by, PostCharges { key: "s5".into(), invoice: "INV-1".into() }).await));
        let fee = ChargeContractFee { key: "s6".into(), invoice: "INV-1".into() };
        assert!(absent(charge_contract_fee(desk, &by, fee).await));
        // A person's contract needs somebody who found it fair: that is told of nobody else's customers.
        assert!(absent(record_contract_fee(desk, &by, term("s7", "C100001", "", "")).await));
        assert!(absent(contract_fees(desk, &by, "C100001").await));
        let who = CustomerId(log.traces[0].customer_id);
        let choose = ChoosePathway {
            key: "s8".into(),
            customer: who,
            item: None,
            code: "business".into(),
            reason: "Asked for".into(),
            until_on: None,
        };
        assert!(absent(choose_pathway(desk, &by, choose).await));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sec_04_another_organisations_recoveries_are_not_there() {
    on_both("2026-05-06", async |t| {
        let [pay, ..] = overpaid(&t).await;
        fact(&t, pay, "salary_notice").await;
        fact(&t, pay, "salary_agreement").await;
        let clerk = t.role(Role::CreditController);
        let made = agree_overpayment_recovery(&t.desk, &clerk, from_pay("a")).await.expect("agreed");
        let (desk, by) = (&t.desk, stranger(&t));
        let (recovery, reason) = (made.number.clone(), "Wrong".to_owned());
        let end = EndOverpaymentRecovery { key: "s1".into(), recovery: recovery.clone(), reason: reason.clone() };
        assert!(absent(end_overpayment_recovery(desk, &by, end).await));
        let taken = RecordOverpaymentTaken {
            key: "s2".into(),
            recovery: recovery.clone(),
            line: 1,
            amount: Some(Pence(i64::MAX)),
            on: Some(d("2026-05-06")),
            reference: "Payroll".into(),
        };
        assert!(absent(record_overpayment_taken(desk, &by, taken.clone()).await));
        let cashier = t.role(Role::Cashier);
        let more = record_overpayment_taken(desk, &cashier, taken).await;
        assert_eq!(code(more), "REC-05-MORE", "here it is known, and refused for its sum");
        let undo = UndoOverpaymentTaken { key: "s3".into(), recovery: recovery.clone(), line: 1, reason };
        assert!(absent(undo_overpayment_taken(desk, &by, undo).await));
        assert!(absent(overpayment_recovery(desk, &by, &recovery).await));
        assert!(absent(debt_facts(desk, &by, pay).await));
        // A number typed on a form is the same to a stranger as one that nobody has.
        let (theirs, nobodys) = (from_pay("s4"), AgreeOverpaymentRecovery { debt: "INV-999".into(), ..from_pay("s5") });
        assert_eq!(code(agree_overpayment_recovery(desk, &by, theirs).await), "invalid debt");
        assert_eq!(code(agree_overpayment_recovery(desk, &by, nobodys).await), "invalid debt");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_07_what_nobody_means_of_an_agency_is_refused_at_its_field() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001"]).await.expect("placed");
        let (desk, by) = (&t.desk, t.role(Role::CreditController));
        let wide = SetAgency {
            key: "a".into(),
            code: "WIDE".into(),
            name: endless(),
            client_code: "A\u{7}B".into(),
            settlement: "net".into(),
            agreement: endless(),
            agreement_from: Some(d("0001-01-01")),
            agreement_to: Some(far()),
            ..SetAgency::default()
        };
        let no = set_agency(desk, &t.role(Role::Administrator), wide).await;
        assert_eq!(code(no), "invalid name agreement client_code agreement_from agreement_to");
        assert_eq!(code(recall_placement(desk, &by, recall("r", &endless())).await), "invalid words");
        let turned = TakeAgencyFile { file_name: TURNED.into(), ..file("t", b"") };
        assert_eq!(code(take_closures(desk, &by, turned).await), "invalid file_name");
        let cashier = t.role(Role::Cashier);
        let long = BringRemittance { accept_gap: true, reason: endless(), ..statement("b1", NET) };
        assert_eq!(code(bring_remittance(desk, &cashier, long).await), "invalid reason");
        let turned = BringRemittance { file_name: TURNED.into(), ..statement("b2", NET) };
        assert_eq!(code(bring_remittance(desk, &cashier, turned).await), "invalid file_name");
        let leader = t.role(Role::TeamLeader);
        let days = compare_agencies(desk, &leader, NaiveDate::MIN, NaiveDate::MAX).await;
        assert_eq!(code(days), "invalid from to");
        // A wholesome name of 255 letters is one like any other.
        let long = TakeAgencyFile {
            file_name: "n".repeat(255),
            ..file("l", b"account_number,agency_ref,status\nC100001-1,A,ACCEPTED\n")
        };
        assert_eq!(take_answers(desk, &by, long).await.expect("taken").accepted, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_07_what_an_agency_writes_is_kept_short_and_reads_one_way_and_a_line_counts_once() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        agency(&t, "net").await;
        place(&t, "p1", &["C100001", "C100002"]).await.expect("placed");
        accept(&t, "a1", "C100001-1,A1,ACCEPTED,\nC100002-1,A2,ACCEPTED,\n").await;
        let by = t.role(Role::CreditController);
        // A code that ends nothing, twice: one note on the account, not two.
        let note = format!("he\u{202e}said {}", endless());
        let twice = format!("account_number,reason,note\nC100002-1,HOLD,{note}\nC100002-1,HOLD,{note}\n");
        let taken = take_closures(&t.desk, &by, file("c", twice.as_bytes())).await.expect("taken");
        assert_eq!((taken.closed, taken.held.len()), (0, 1));
        let account = customer_account(&t.desk, &by, "C100002").await.expect("reads");
        let told: Vec<&str> =
            account.notes.iter().map(|note| note.words.as_str()).filter(|words| words.contains("said")).collect();
        assert_eq!(told.len(), 1, "once");
        assert!(told[0].chars().count() < 1_200 && !told[0].contains('\u{202e}'), "short, and read one way");
        t.go_to("2026-08-03");
        let text = NET.replace(",A1,", &format!(",{},", endless()));
        let posted = bring_remittance(&t.desk, &t.role(Role::Cashier), statement("s", &text)).await.expect("posted");
        let shown = agency_remittance(&t.desk, &by, &posted.number).await.expect("reads");
        assert_eq!(shown.lines[0].agency_ref.chars().count(), 40);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_08_what_nobody_means_of_a_search_is_refused_at_its_field() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        let (desk, by) = (&t.desk, t.role(Role::CreditController));
        let wide = TraceAsked { why: endless(), cost_pence: i64::MAX, ..asked("a", "open_register") };
        assert_eq!(code(ask_for_trace(desk, &by, wide).await), "invalid why cost_pence");
        let number = ask_for_trace(desk, &by, asked("b", "open_register")).await.expect("asked").number;
        let found = Finding {
            last_seen_on: Some(d("0001-01-01")),
            address1: endless(),
            town: "Aln\nwick".into(),
            words: endless(),
            cost_pence: i64::MAX,
            ..strong()
        };
        let wide = RecordTrace { key: "c".into(), number: number.clone(), found };
        assert_eq!(code(record_trace(desk, &by, wide).await), "invalid last_seen_on cost_pence address1 town words");
        let cancel = CancelTrace { key: "d".into(), number, words: endless() };
        assert_eq!(code(cancel_trace(desk, &by, cancel).await), "invalid words");
        let mark = MarkNotTraced { key: "e".into(), customer: "C100001".into(), mark: true, why: "a\u{0}".into() };
        assert_eq!(code(mark_not_traced(desk, &by, mark).await), "invalid why");
        let used = UseFoundAddress { key: "f".into(), address: 1, call_back: endless() };
        assert_eq!(code(use_found_address(desk, &by, used).await), "invalid call_back");
        // What each search cost adds up over a customer: no sum of it may pass what a sum can be.
        for cost_each_pence in [i64::MAX, -1] {
            let file_name = "answer.csv".to_owned();
            let dear = TakeTraces { key: "g".into(), file_name, cost_each_pence, bytes: b"TOTAL,0\n".to_vec() };
            assert_eq!(code(take_traces(desk, &by, dear).await), "invalid cost_each_pence");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_17_a_bureaus_address_without_end_is_refused_with_its_line_and_nothing_is_kept() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        let (desk, by) = (&t.desk, t.role(Role::CreditController));
        ask_for_trace(desk, &by, asked("b", "bureau")).await.expect("asked");
        let sent = send_traces(desk, &by, SendTraces { key: "s".into(), bureau: "gbx".into() }).await.expect("sent");
        let (_, bytes) = trace_file(desk, &by, &sent.file_sha256).await.expect("the file");
        let text = String::from_utf8(bytes).expect("UTF-8");
        let id = text.lines().nth(1).and_then(|row| row.split(',').next()).expect("a request");
        let answer = |key: &str, street: &str, end: &str| TakeTraces {
            key: key.into(),
            file_name: "answer.csv".into(),
            cost_each_pence: 450,
            bytes: format!(
                "request_id,result_code,new_house_number,new_street,new_town,new_postcode\n\
                 {id},FOUND_UNPROVEN,14,{street},Alnwick,NE66 1AA\n{end}"
            )
            .into_bytes(),
        };
        for street in [endless().as_str(), "Low\u{202e}Road"] {
            let no = take_traces(desk, &by, answer("w", street, "TOTAL,1\n")).await.expect_err("refused");
            let sundry_desk::No::Invalid(wrong) = no else { panic!("refused otherwise") };
            assert_eq!((wrong.len(), wrong[0].row), (1, Some(2)));
        }
        // Cut short, and with a row more than it says.
        assert_eq!(code(take_traces(desk, &by, answer("x", "Low Road", "")).await), "invalid file");
        assert_eq!(code(take_traces(desk, &by, answer("y", "Low Road", "TOTAL,9\n")).await), "invalid file");
        let log = traces_of_customer(desk, &by, "C100001").await.expect("the log");
        assert_eq!((log.traces[0].state.as_str(), log.addresses.len()), ("sent", 0));
        let taken = take_traces(desk, &by, answer("z", "Low Road", "TOTAL,1\n")).await.expect("taken");
        assert_eq!(taken.answered.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_17_of_two_who_ask_for_a_found_address_at_once_one_waits() {
    on_both("2026-07-01", async |t| {
        ripe(&t).await;
        let by = t.role(Role::CreditController);
        let number = ask_for_trace(&t.desk, &by, asked("a", "open_register")).await.expect("asked").number;
        record_trace(&t.desk, &by, RecordTrace { key: "f".into(), number, found: strong() }).await.expect("recorded");
        let log = traces_of_customer(&t.desk, &by, "C100001").await.expect("the log");
        let address = log.addresses[0].id;
        let two = ["t1", "t2"].map(|key| {
            let (desk, by) = (t.desk.clone(), by.clone());
            let ask = UseFoundAddress { key: key.into(), address, call_back: "Rang on 1 July".into() };
            tokio::spawn(async move { use_found_address(&desk, &by, ask).await })
        });
        let mut came = Vec::new();
        for one in two {
            came.push(code(one.await.expect("runs")));
        }
        came.sort();
        assert_eq!(came, ["CUS-17-DECIDED", "allowed"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_01_what_nobody_means_of_a_pathway_is_refused_at_its_field() {
    on_both("2026-05-11", async |t| {
        let (desk, admin) = (&t.desk, t.role(Role::Administrator));
        let mut draft = draft_of(&t, "individual").await;
        draft.name = "In\u{202e}dividual".into();
        draft.words = endless();
        draft.applies.services = vec![endless()];
        draft.steps[0].who = endless();
        draft.steps[0].lapses_after_day = Some(i32::MAX);
        assert_eq!(code(save_pathway_draft(desk, &admin, draft).await), "invalid name words services who lapses");
        let live = AskForPathway { key: "l".into(), code: "individual".into(), changes: 1, live_from: Some(far()) };
        assert_eq!(code(ask_for_pathway(desk, &admin, live).await), "invalid live_from");
        let trial = StartTrial {
            key: "t".into(),
            champion: "individual".into(),
            challenger: "business".into(),
            share_percent: 50,
            from_on: d("9999-12-30"),
            until_on: far(),
            reason: endless(),
        };
        assert_eq!(code(start_trial(desk, &admin, trial).await), "invalid reason from_on until_on");
        let choose = ChoosePathway {
            key: "c".into(),
            customer: CustomerId(1),
            item: None,
            code: endless(),
            reason: endless(),
            until_on: Some(far()),
        };
        let no = choose_pathway(desk, &t.role(Role::CreditController), choose).await;
        assert_eq!(code(no), "invalid reason code until_on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_what_nobody_means_of_a_debt_or_a_fee_is_refused_at_its_field() {
    on_both("2026-05-06", async |t| {
        let [pay, ..] = overpaid(&t).await;
        let (desk, by) = (&t.desk, t.role(Role::CreditController));
        let old = RecordDebtFact {
            key: "f".into(),
            item: pay,
            fact: "salary_notice".into(),
            on: Some(d("0001-01-01")),
            method: String::new(),
            evidence: endless(),
        };
        assert_eq!(code(record_debt_fact(desk, &by, old).await), "invalid evidence on");
        let gone = WithdrawDebtFact { key: "w".into(), item: pay, id: 1, reason: endless() };
        assert_eq!(code(withdraw_debt_fact(desk, &by, gone).await), "invalid reason");
        let wide = RecordContractFee {
            fee: Some(Pence(i64::MAX)),
            term: endless(),
            from_on: Some(far()),
            evidence: endless(),
            ..term("t", "C100001", "was\nte", &endless())
        };
        let no = record_contract_fee(desk, &by, wide).await;
        assert_eq!(code(no), "invalid fee term debt_type found_fair_by evidence from_on");
        let waiver = WaiveCharge {
            key: "v".into(),
            charge: "INV-1/L1".into(),
            amount: Some(Pence(i64::MIN)),
            reason: "goodwill".into(),
            words: endless(),
        };
        assert_eq!(code(waive_charge(desk, &t.role(Role::Approver), waiver).await), "invalid words amount");
        let wide =
            AgreeOverpaymentRecovery { first_on: Some(far()), evidence: endless(), sooner: endless(), ..from_pay("a") };
        assert_eq!(code(agree_overpayment_recovery(desk, &by, wide).await), "invalid evidence sooner first_on");
        fact(&t, pay, "salary_notice").await;
        fact(&t, pay, "salary_agreement").await;
        for each in [0, -1, 1, 90_001, i64::MAX, i64::MIN] {
            let odd = AgreeOverpaymentRecovery { each: Some(Pence(each)), ..from_pay("e") };
            assert_eq!(code(agree_overpayment_recovery(desk, &by, odd).await), "invalid each", "{each}");
        }
        let due = overpayment_deductions(desk, &by, TakenFrom::Pay, NaiveDate::MAX).await;
        assert_eq!(code(due), "invalid through");
        let taken = RecordOverpaymentTaken {
            key: "r".into(),
            recovery: "OPR-000001".into(),
            line: 1,
            amount: Some(Pence(-1)),
            on: Some(d("0001-01-01")),
            reference: "a\u{202e}b".into(),
        };
        let no = record_overpayment_taken(desk, &t.role(Role::Cashier), taken).await;
        assert_eq!(code(no), "invalid amount reference on");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_what_was_agreed_by_a_day_has_its_answer_again_when_the_day_is_over() {
    on_both("2026-05-06", async |t| {
        let [pay, ..] = overpaid(&t).await;
        let sent = calculate(&t, "c", "INV-1", "400.00").await.expect("sent");
        fact(&t, pay, "salary_agreement").await;
        let by = t.role(Role::CreditController);
        let agreed = agree_overpayment_recovery(&t.desk, &by, from_pay("a")).await.expect("agreed");
        // The first deduction and the day of repaying have passed: the same request is no new one.
        t.go_to("2026-07-01");
        assert_eq!(calculate(&t, "c", "INV-1", "400.00").await.expect("the same"), sent);
        let again = agree_overpayment_recovery(&t.desk, &by, from_pay("a")).await.expect("the same");
        assert_eq!(again, agreed);
        assert_eq!(code(agree_overpayment_recovery(&t.desk, &by, from_pay("b")).await), "invalid first_on");
        let other = AgreeOverpaymentRecovery { each: Some(Pence(1)), ..from_pay("a") };
        assert_eq!(code(agree_overpayment_recovery(&t.desk, &by, other).await), "OPS-KEY-REUSED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_of_two_who_take_back_one_debt_at_once_one_does() {
    on_both("2026-05-06", async |t| {
        let [pay, ..]: [ItemId; 3] = overpaid(&t).await;
        fact(&t, pay, "salary_notice").await;
        fact(&t, pay, "salary_agreement").await;
        let by = t.role(Role::CreditController);
        let two = ["t1", "t2"].map(|key| {
            let (desk, by) = (t.desk.clone(), by.clone());
            tokio::spawn(async move { agree_overpayment_recovery(&desk, &by, from_pay(key)).await })
        });
        let mut came = Vec::new();
        for one in two {
            came.push(code(one.await.expect("runs")));
        }
        came.sort();
        assert_eq!(came, ["REC-05-RUNS", "allowed"]);
    })
    .await;
}
