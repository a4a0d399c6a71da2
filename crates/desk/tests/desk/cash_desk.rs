//! The cash desk: refunds, transfers, suspense, cheques and cash, on both engines, with the books after each step.
use super::cash::{agrees, allocate, bring, day, lines_of, matched, neutral, open, owe, owe_more, two_customers};
use chrono::NaiveDate;
use sundry_desk::approvals::{DecideApproval, Decided, approval, decide_approval};
use sundry_desk::cash::allocate_credit::{AllocateCredit, allocate_credit};
use sundry_desk::cash::allocate_receipt::{AllocateReceipt, allocate_receipt};
use sundry_desk::cash::counter::{CounterShare, FundShare, TakePayment, payment, register_of_payments, take_payment};
use sundry_desk::cash::overpayments::{DecideOverpayment, decide_overpayment, overpayments};
use sundry_desk::cash::paying_account::{PayingAccount, SetPayingAccount, set_paying_account};
use sundry_desk::cash::paying_in::{
    MakePayingIn, TiePayingIn, make_paying_in, paying_in, paying_in_slip, tie_paying_in,
};
use sundry_desk::cash::payment_batches::{
    MakePaymentBatch, MovePaymentBatch, PaymentBatchMoved, make_payment_batch, move_payment_batch, payment_batch,
    payment_file,
};
use sundry_desk::cash::put_in_suspense::{PutInSuspense, put_in_suspense};
use sundry_desk::cash::receipt::receipt;
use sundry_desk::cash::receipt_history::receipt_history;
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::cash::refunds::{refund, refunds};
use sundry_desk::cash::request_refund::{RefundAsked, RequestRefund, refund_look, request_refund};
use sundry_desk::cash::return_payment::{ReturnPayment, return_payment};
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, if_reversed, reverse_receipt};
use sundry_desk::cash::settle_refund::{TakeRefundBack, take_refund_back};
use sundry_desk::cash::suspense::{SuspenseAsk, TakeInHand, suspense, suspense_at_close, take_in_hand};
use sundry_desk::cash::transfers::{RequestTransfer, request_transfer, transfers};
use sundry_desk::cash::undo_allocation::{UndoAllocation, undo_allocation};
use sundry_desk::close::period::{TurnPeriod, soft_close};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::delivery::{letter, letter_pdf};
use sundry_desk::ledger::verify::verify;
use sundry_desk::plans::{DecidePromises, PromiseToPay, decide_promises, promise_to_pay, promises};
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::cash::counter::SlipTotals;
use sundry_domain::control::Role;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;

/// The check of this room in the proof, which knows refunds clearing.
async fn proved(t: &TestDesk) {
    agrees(t).await;
    let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("proves");
    for name in ["refunds_and_slips", "numbers_gapless", "receipts", "kept_files"] {
        assert!(proof.holds(name), "{name}: {:?}", proof.failures());
    }
}

async fn cash_in(t: &TestDesk, key: &str, customer: &str, pence: i64, lines: &[(&str, i64)]) -> String {
    by_hand(t, key, "cash", customer, pence, lines).await
}

async fn by_hand(t: &TestDesk, key: &str, way: &str, customer: &str, pence: i64, lines: &[(&str, i64)]) -> String {
    let ask = RecordReceipt {
        key: key.into(),
        method: way.into(),
        customer: customer.into(),
        amount: Pence(pence),
        received_on: t.desk.today(),
        payer_name: String::new(),
        words: "till 2".into(),
        lines: lines_of(lines),
    };
    record_receipt(&t.desk, &t.role(Role::Cashier), ask).await.expect("records").receipt
}

fn to_bank(key: &str, credit: &str) -> RequestRefund {
    RequestRefund {
        key: key.into(),
        credit: credit.into(),
        reason: "overpaid".into(),
        words: "Paid 200.00 for 148.14: letter of 3 May".into(),
        method: "bank".into(),
        sort_code: "08-99-99".into(),
        account: "66374958".into(),
        ..RequestRefund::default()
    }
}

async fn ask(t: &TestDesk, ask: RequestRefund) -> Outcome<RefundAsked> {
    request_refund(&t.desk, &t.role(Role::Cashier), ask).await
}

async fn decide(t: &TestDesk, by: &Actor, number: &str, approve: bool) -> Outcome<Decided> {
    let shown = approval(&t.desk, by, number).await?;
    let ask = DecideApproval {
        key: format!("decide/{number}/{approve}/{}", by.user.0),
        number: number.into(),
        approve,
        reason: "Not shown".into(),
        content_hash: shown.content_hash,
    };
    decide_approval(&t.desk, by, ask).await
}

async fn batch(t: &TestDesk, key: &str, method: &str) -> Outcome<PaymentBatchMoved> {
    let ask = MakePaymentBatch { key: key.into(), method: method.into(), ..MakePaymentBatch::default() };
    make_payment_batch(&t.desk, &t.role(Role::Cashier), ask).await
}

async fn step(t: &TestDesk, by: &Actor, number: &str, act: &str) -> Outcome<PaymentBatchMoved> {
    let (batch, act) = (number.to_owned(), act.to_owned());
    let ask = MovePaymentBatch { key: format!("{batch}/{act}/{}", by.user.0), batch, act, words: "as asked".into() };
    move_payment_batch(&t.desk, by, ask).await
}

async fn posted(t: &TestDesk, role: &str) -> i64 {
    let mut look = t.desk.look().await.expect("reads");
    let roles = sundry_store::proof::balances_by_role(&mut look, t.org).await.expect("sums");
    roles.iter().filter(|(name, _)| name == role).map(|(_, sum)| sum).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_13_a_refund_from_asking_to_paid_and_back() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let paid = cash_in(&t, "r1", "C100001", 20_000, &[("INV-204817", 14_814)]).await;
        let no = ask(&t, to_bank("a0", &paid)).await.expect_err("77.30 is still owed");
        assert_eq!(no.code(), Some("GL-02-REFUND-OPEN-DEBTS"));
        let allowed =
            |key: &str| RequestRefund { authority: "Head of service, e-mail of 4 May".into(), ..to_bank(key, &paid) };
        let more = RequestRefund { amount: Some(Pence(5_187)), ..allowed("a1") };
        assert_eq!(ask(&t, more).await.expect_err("more than is there").code(), Some("CSH-REFUND-AMOUNT"));
        let elsewhere = RequestRefund { account: "12345678".into(), ..allowed("a2") };
        assert_eq!(ask(&t, elsewhere).await.expect_err("nobody rang").code(), Some("CTL-01-CALL-BACK"));
        let nonsense =
            RequestRefund { reason: "because".into(), sort_code: "08".into(), words: " ".into(), ..allowed("a3") };
        let Err(No::Invalid(wrong)) = ask(&t, nonsense).await else { panic!("fields") };
        assert_eq!(wrong.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["reason", "words", "sort_code"]);
        let asked = ask(&t, allowed("a4")).await.expect("the account on file is known");
        assert_eq!((asked.refund.as_str(), asked.amount_pence, asked.warnings.len()), ("RFD-000001", 5_186, 0));
        assert_eq!((open(&t, &paid).await, posted(&t, "REF").await), (-5_186, 0), "asked is not posted");
        let shown = approval(&t.desk, &t.role(Role::Approver), &asked.approval).await.expect("reads");
        let payload = shown.payload.to_string();
        assert!(payload.contains("ending 4958") && !payload.contains("66374958"), "{payload}");
        let no = decide(&t, &t.role(Role::Cashier), &asked.approval, true).await.expect_err("their own");
        assert_eq!(no.code(), Some("CTL-01-OWN-WORK"));
        assert_eq!(batch(&t, "b0", "list").await.expect_err("nothing yet").code(), Some("CSH-BATCH-EMPTY"));
        decide(&t, &t.role(Role::Approver), &asked.approval, true).await.expect("approves");
        assert_eq!((open(&t, &paid).await, open(&t, "RFD-000001").await, posted(&t, "REF").await), (0, 0, -5_186));
        proved(&t).await;
        let undo =
            UndoAllocation { key: "u".into(), allocation: None, receipt: Some(paid.clone()), reason: "x".into() };
        undo_allocation(&t.desk, &t.role(Role::Cashier), undo.clone()).await.expect("what is not refunded");
        assert_eq!((open(&t, "INV-204817").await, open(&t, &paid).await), (14_814, -14_814));
        let no = undo_allocation(&t.desk, &t.role(Role::Cashier), UndoAllocation { key: "u2".into(), ..undo }).await;
        assert_eq!(no.expect_err("only the refund stands").code(), Some("CSH-REFUNDED"));
        let away = PutInSuspense {
            key: "s".into(),
            receipt: paid.clone(),
            reason: "x".into(),
            owner: "Tom".into(),
            next_step: String::new(),
            next_on: None,
        };
        let no = put_in_suspense(&t.desk, &t.role(Role::Cashier), away).await.expect_err("part of it went out");
        assert_eq!(no.code(), Some("CSH-REFUNDED"));

        let made = batch(&t, "b1", "list").await.expect("a draft");
        assert_eq!((made.batch.as_str(), made.payments, made.total_pence), ("PMT-000001", 1, 5_186));
        let (leader, approver) = (t.role(Role::TeamLeader), t.role(Role::Approver));
        let operator = t.operator();
        assert_eq!(
            step(&t, &approver, &made.batch, "approve").await.expect_err("no duty").code(),
            Some("CTL-01-NO-DUTY")
        );
        let mut both = approver.clone();
        both.duties.push(sundry_domain::control::Duty::ReleasePaymentFile);
        let no = step(&t, &both, &made.batch, "approve").await.expect_err("approved the refund");
        assert_eq!(no.code(), Some("CTL-01-CONFLICT"));
        assert_eq!(
            step(&t, &leader, &made.batch, "write").await.expect_err("out of turn").code(),
            Some("CSH-BATCH-STATE")
        );
        step(&t, &leader, &made.batch, "approve").await.expect("released");
        step(&t, &leader, &made.batch, "write").await.expect("written");
        let (name, bytes) = payment_file(&t.desk, &leader, &made.batch).await.expect("the file");
        let text = String::from_utf8(bytes).expect("text");
        assert!(name == "PMT-000001.csv" && text.contains("089999,66374958,51.86"), "{text}");
        assert!(payment_file(&t.desk, &t.role(Role::Cashier), &made.batch).await.is_err(), "accounts are not for all");
        let view = payment_batch(&t.desk, &t.role(Role::Cashier), &made.batch).await.expect("reads");
        assert!(view.refunds.iter().all(|one| one.bank_sealed.is_empty()));
        proved(&t).await;
        step(&t, &leader, &made.batch, "send").await.expect("sent");
        assert_eq!(posted(&t, "REF").await, 0, "clearing is clear");
        proved(&t).await;
        step(&t, &operator, &made.batch, "acknowledge").await.expect("paid");
        assert_eq!(refund(&t.desk, &leader, "RFD-000001").await.expect("reads").refund.state, "paid");

        let back = TakeRefundBack {
            key: "t1".into(),
            refund: "RFD-000001".into(),
            reason: "Account closed".into(),
            came_back_as: None,
        };
        let done = take_refund_back(&t.desk, &t.role(Role::Cashier), back.clone()).await.expect("comes back");
        assert_eq!((done.state.as_str(), done.amount_pence), ("returned", 5_186));
        assert!(done.consequences[0].contains("in credit on the account again"));
        assert_eq!((open(&t, &paid).await, posted(&t, "REF").await), (-20_000, 0));
        proved(&t).await;
        let again =
            take_refund_back(&t.desk, &t.role(Role::Cashier), TakeRefundBack { key: "t2".into(), ..back }).await;
        assert_eq!(again.expect_err("once").code(), Some("CSH-REFUND-STATE"));
        assert_eq!(refunds(&t.desk, &leader, "closed", 1, 0).await.expect("reads").count, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dd_05_and_csh_13_warnings_stop_until_they_are_seen() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let row = "B1,2026-04-20,800.00,DD,TOLLGATE LETTINGS,08-99-99,66374958,INV-204817\n";
        bring(&t, neutral("i1", row)).await.expect("imports");
        matched(&t, "m1").await;
        let cashier = t.role(Role::Cashier);
        let take = allocate("a1", "RCT-000001", "C100001", &[("INV-204817", 14_814), ("INV-204951", 7_730)]);
        allocate_receipt(&t.desk, &cashier, take).await.expect("allocates");
        let look = refund_look(&t.desk, &cashier, "RCT-000001").await.expect("looks");
        assert_eq!((look.came_by.as_str(), look.available_pence, look.open_debts_pence), ("direct_debit", 57_456, 0));
        let no = ask(&t, to_bank("r1", "RCT-000001")).await.expect_err("look first");
        assert_eq!(no.code(), Some("CSH-REFUND-WARNING"));
        assert!(no.to_string().contains("Direct Debit"));
        let part = RequestRefund { amount: Some(Pence(10_000)), seen_warnings: true, ..to_bank("r2", "RCT-000001") };
        let first = ask(&t, part.clone()).await.expect("seen");
        assert_eq!(first.warnings.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["direct_debit"]);
        let twice = RequestRefund { key: "r3".into(), seen_warnings: false, ..part.clone() };
        let no = ask(&t, twice).await.expect_err("a duplicate");
        assert!(no.to_string().contains("RFD-000001"), "{no}");
        decide(&t, &t.role(Role::Approver), &first.approval, false).await.expect("refused");
        assert_eq!(refund(&t.desk, &cashier, &first.refund).await.expect("reads").refund.state, "refused");
        let card = by_hand(&t, "c1", "card", "C100001", 3_000, &[]).await;
        let codes = refund_look(&t.desk, &cashier, &card).await.expect("looks").warnings;
        assert!(codes.is_empty(), "back to the card there is nothing to look at");
        let no = ask(&t, RequestRefund { ..to_bank("r4", &card) }).await.expect_err("to a bank there is");
        assert!(no.to_string().contains("came by card"));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_13_files_for_the_bank_and_a_batch_that_is_rejected() {
    on_both("2026-05-01", async |t| {
        owe(&t, "o", &[("C100001", "José O'Brien Ltd", "08-99-99", "66374958")], &[]).await;
        let account = PayingAccount {
            name: "Northmere Council".into(),
            sort_code: "20-11-22".into(),
            account: "12345678".into(),
            sun: "123456".into(),
            ..PayingAccount::default()
        };
        let (leader, mut admin) = (t.role(Role::TeamLeader), t.role(Role::Administrator));
        admin.duties.push(sundry_domain::control::Duty::View);
        for (n, method) in ["bacs", "pain001"].into_iter().enumerate() {
            let paid = cash_in(&t, &format!("c{n}"), "C100001", 10_000 + n as i64, &[]).await;
            let asked = ask(&t, to_bank(&format!("r{n}"), &paid)).await.expect("asks");
            decide(&t, &t.role(Role::Approver), &asked.approval, true).await.expect("approves");
            let early = MakePaymentBatch {
                key: format!("e{n}"),
                method: method.into(),
                pay_on: Some(day("2026-05-02")),
                ..MakePaymentBatch::default()
            };
            let no = make_payment_batch(&t.desk, &t.role(Role::Cashier), early).await.expect_err("a Saturday");
            assert!(matches!(&no, No::Invalid(all) if all[0].message.contains("6 May 2026")), "{no:?}");
            let made = batch(&t, &format!("b{n}"), method).await.expect("a draft");
            step(&t, &leader, &made.batch, "approve").await.expect("released");
            if n == 0 {
                let no = step(&t, &leader, &made.batch, "write").await.expect_err("no account of ours yet");
                assert_eq!(no.code(), Some("CSH-PAYMENT-FILE"));
                let set = SetPayingAccount { key: "set".into(), account: account.clone() };
                set_paying_account(&t.desk, &admin, set).await.expect("set");
                let again = MovePaymentBatch {
                    key: "again".into(),
                    batch: made.batch.clone(),
                    act: "write".into(),
                    words: String::new(),
                };
                move_payment_batch(&t.desk, &leader, again).await.expect("written");
            } else {
                step(&t, &leader, &made.batch, "write").await.expect("written");
            }
            let (_, bytes) = payment_file(&t.desk, &leader, &made.batch).await.expect("the file");
            let text = String::from_utf8(bytes).expect("text");
            if method == "bacs" {
                let credit = text.lines().find(|line| line.starts_with("08999966374958099")).expect("a credit");
                assert!(credit.contains("00000010000") && credit.contains("JOSE OBRIEN LTD"), "{credit}");
                assert!(
                    text.contains("CONTRA") && text.contains("UTL10000000010000000000001000000000010000001"),
                    "{text}"
                );
            } else {
                assert!(text.contains("<CtrlSum>100.01</CtrlSum>") && text.contains("RFD-000002"), "{text}");
            }
            step(&t, &leader, &made.batch, "send").await.expect("sent");
            proved(&t).await;
            step(&t, &leader, &made.batch, "reject").await.expect("the bank says no");
            assert_eq!(posted(&t, "REF").await, -10_000 - n as i64);
            proved(&t).await;
            let state = refund(&t.desk, &leader, &asked.refund).await.expect("reads").refund.state;
            assert_eq!(state, "approved", "it waits for another batch");
            let gone = TakeRefundBack {
                key: format!("w{n}"),
                refund: asked.refund,
                reason: "Not needed after all".into(),
                came_back_as: None,
            };
            let done = take_refund_back(&t.desk, &t.role(Role::Cashier), gone).await.expect("withdrawn");
            assert_eq!((done.state.as_str(), open(&t, &paid).await), ("withdrawn", -10_000 - n as i64));
            proved(&t).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gl_02_row_17_a_receipt_that_bounces_after_its_refund_is_owed_to_us() {
    on_both("2026-05-01", async |t| {
        owe(&t, "o", &[("C100001", "Tollgate Lettings Ltd", "08-99-99", "66374958")], &[]).await;
        let paid = by_hand(&t, "c", "cheque", "C100001", 10_000, &[]).await;
        let no = ask(&t, to_bank("r0", &paid)).await.expect_err("the cheque is young");
        assert!(no.to_string().contains("not been cleared"), "{no}");
        let asked = ask(&t, RequestRefund { seen_warnings: true, ..to_bank("r1", &paid) }).await.expect("asks");
        decide(&t, &t.role(Role::Approver), &asked.approval, true).await.expect("approves");
        let cashier = t.role(Role::Cashier);
        let told = if_reversed(&t.desk, &cashier, &paid).await.expect("says");
        assert!(told.iter().any(|one| one.contains("what was refunded is owed to us")), "{told:?}");
        let bounce = ReverseReceipt { key: "b".into(), receipt: paid.clone(), reason: "Refer to drawer".into() };
        reverse_receipt(&t.desk, &cashier, bounce).await.expect("bounces");
        assert_eq!((open(&t, &paid).await, open(&t, &asked.refund).await), (0, 10_000));
        proved(&t).await;
        let back = TakeRefundBack {
            key: "w".into(),
            refund: asked.refund.clone(),
            reason: "The cheque bounced".into(),
            came_back_as: None,
        };
        take_refund_back(&t.desk, &cashier, back).await.expect("stopped in time");
        assert_eq!(open(&t, &asked.refund).await, 0, "nothing is owed any more");
        proved(&t).await;
    })
    .await;
}

const TWO: &str =
    "B1,2026-04-02,45.00,CSH,,,,CASH\nB2,2026-04-20,60.00,FPI,N BODY,20-00-00,12345678,COUNCIL TAX 4471\n";

#[tokio::test(flavor = "multi_thread")]
async fn csh_11_every_pound_in_suspense_has_age_owner_reason_and_next_step() {
    on_both("2026-05-01", async |t| {
        bring(&t, neutral("i1", TWO)).await.expect("imports");
        matched(&t, "m1").await;
        let cashier = t.role(Role::Cashier);
        let look = async |ask: SuspenseAsk| suspense(&t.desk, &cashier, ask).await.expect("reads");
        let all = look(SuspenseAsk::default()).await;
        assert_eq!((all.count, all.sum_pence, all.unexplained), (2, 10_500, (2, 10_500)));
        assert_eq!((all.rows[0].age_days, all.rows[0].band.as_str()), (29, "8 to 30 days"));
        assert_eq!(
            all.owners,
            [sundry_desk::cash::suspense::SuspenseOwner {
                owner: String::new(),
                count: 2,
                sum_pence: 10_500,
                due: 2,
                oldest_days: 29,
            }]
        );
        for (search, count) in [("council", 1), ("60.00", 1), ("£45", 1), ("RCT-000002", 1), ("nowhere", 0), ("%", 0)]
        {
            assert_eq!(
                look(SuspenseAsk { search: search.into(), ..SuspenseAsk::default() }).await.count,
                count,
                "{search}"
            );
        }
        let close = TurnPeriod { key: "c0".into(), start_year: 2026, number: 1, reason: "month end".into() };
        let no = soft_close(&t.desk, &t.role(Role::Approver), close.clone()).await.expect_err("unexplained");
        assert_eq!(no.code(), Some("GL-04-SUSPENSE"));
        let hand = TakeInHand {
            key: "h1".into(),
            receipts: vec!["RCT-000001".into(), "RCT-000002".into()],
            owner: "Tom Ashdown".into(),
            reason: String::new(),
            next_step: "Ask the bank who paid".into(),
            next_on: Some(day("2026-05-05")),
        };
        let late =
            TakeInHand { key: "h0".into(), next_on: Some(day("2026-04-30")), owner: String::new(), ..hand.clone() };
        let Err(No::Invalid(wrong)) = take_in_hand(&t.desk, &cashier, late).await else { panic!("fields") };
        assert_eq!(wrong.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["owner", "next_on"]);
        let done = take_in_hand(&t.desk, &cashier, hand).await.expect("in hand");
        assert_eq!((done.count, done.sum_pence), (2, 10_500));
        let mine = look(SuspenseAsk { owner: "Tom Ashdown".into(), ..SuspenseAsk::default() }).await;
        assert_eq!((mine.count, mine.unexplained, mine.owners[0].due), (2, (0, 0), 0));
        assert_eq!(mine.rows[0].row.next_step.as_deref(), Some("Ask the bank who paid"));
        assert_eq!(look(SuspenseAsk { due: true, ..SuspenseAsk::default() }).await.count, 0);
        assert_eq!(look(SuspenseAsk { owner: "-".into(), ..SuspenseAsk::default() }).await.count, 0);
        let told = suspense_at_close(&t.desk, &cashier, day("2026-04-30")).await.expect("reads");
        assert_eq!((told.count, told.sum_pence, told.unexplained_count), (2, 10_500, 0));
        soft_close(&t.desk, &t.role(Role::Approver), TurnPeriod { key: "c1".into(), ..close })
            .await
            .expect("explained");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gl_02_row_12_suspense_is_returned_or_transferred_with_someone_elses_yes() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        bring(&t, neutral("i1", TWO)).await.expect("imports");
        matched(&t, "m1").await;
        let (cashier, approver) = (t.role(Role::Cashier), t.role(Role::Approver));
        let fund = |key: &str, to: &str| RequestTransfer {
            key: key.into(),
            credit: "RCT-000002".into(),
            to_fund: to.into(),
            words: "It is council tax".into(),
            ..RequestTransfer::default()
        };
        let no = request_transfer(&t.desk, &cashier, fund("t0", "4000")).await.expect_err("income is no fund");
        assert_eq!(no.code(), Some("CSH-TRANSFER-TO"));
        let customer = RequestTransfer {
            to_customer: "C100002".into(),
            to_fund: String::new(),
            authority: "Letter".into(),
            ..fund("t1", "")
        };
        let no = request_transfer(&t.desk, &cashier, customer).await.expect_err("allocate it instead");
        assert_eq!(no.code(), Some("CSH-TRANSFER-TO"));
        let asked = request_transfer(&t.desk, &cashier, fund("t2", "2960")).await.expect("asks");
        decide(&t, &approver, &asked.approval, true).await.expect("approves");
        assert_eq!((posted(&t, "FUND").await, posted(&t, "SUSP").await), (-6_000, -4_500));
        proved(&t).await;
        assert_eq!(transfers(&t.desk, &cashier).await.expect("reads")[0].state, "done");

        let back = RequestRefund {
            reason: "not_ours".into(),
            method: "cheque".into(),
            payee_name: "The Payer".into(),
            payee_address: "1 Mill Lane, Fenmarch".into(),
            ..to_bank("r1", "RCT-000001")
        };
        let part = RequestRefund { amount: Some(Pence(1_000)), key: "r0".into(), ..back.clone() };
        assert_eq!(ask(&t, part).await.expect_err("whole").code(), Some("CSH-REFUND-AMOUNT"));
        let asked = ask(&t, back).await.expect("asks");
        decide(&t, &approver, &asked.approval, true).await.expect("approves");
        assert_eq!((posted(&t, "SUSP").await, posted(&t, "REF").await), (0, -4_500));
        assert_eq!(receipt(&t.desk, &cashier, "RCT-000001").await.expect("reads").receipt.state, "reversed");
        proved(&t).await;
        let made = batch(&t, "b", "list").await.expect("a draft");
        let leader = t.role(Role::TeamLeader);
        for act in ["approve", "write", "send"] {
            step(&t, &leader, &made.batch, act).await.expect(act);
        }
        // It comes back on the bank statement, and waits in suspense as new money until somebody says what it is.
        bring(&t, neutral("i2", "B9,2026-04-30,45.00,FPI,THE PAYER,,,NOT MINE\n")).await.expect("imports");
        matched(&t, "m2").await;
        let other = TakeRefundBack {
            key: "x0".into(),
            refund: asked.refund.clone(),
            reason: "Returned".into(),
            came_back_as: Some("RCT-000002".into()),
        };
        let no = take_refund_back(&t.desk, &cashier, other.clone()).await.expect_err("another amount");
        assert_eq!(no.code(), Some("CSH-16-TIE"));
        let right = TakeRefundBack { key: "x1".into(), came_back_as: Some("RCT-000003".into()), ..other };
        let done = take_refund_back(&t.desk, &cashier, right).await.expect("it is that money");
        assert_eq!(done.consequences, ["RCT-000001 waits in suspense again."]);
        assert_eq!((posted(&t, "SUSP").await, posted(&t, "REF").await), (-4_500, 0));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gl_02_row_20_money_moves_between_accounts_with_authority() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let (cashier, approver) = (t.role(Role::Cashier), t.role(Role::Approver));
        let paid = cash_in(&t, "c", "C100001", 30_000, &[]).await;
        let move_it = |key: &str, credit: &str, pence| RequestTransfer {
            key: key.into(),
            credit: credit.into(),
            amount: Some(Pence(pence)),
            to_customer: "C100002".into(),
            words: "She paid on her landlord's reference".into(),
            authority: "Both agreed in writing, 2 May".into(),
            ..RequestTransfer::default()
        };
        let silent = RequestTransfer { authority: String::new(), ..move_it("t0", &paid, 10_000) };
        assert!(matches!(request_transfer(&t.desk, &cashier, silent).await, Err(No::Invalid(_))));
        let asked = request_transfer(&t.desk, &cashier, move_it("t1", &paid, 10_000)).await.expect("asks");
        decide(&t, &approver, &asked.approval, true).await.expect("approves");
        assert_eq!((open(&t, &paid).await, posted(&t, "UNALL").await), (-20_000, -30_000));
        proved(&t).await;
        let use_it = AllocateCredit {
            key: "u".into(),
            credit: asked.transfer.clone(),
            lines: lines_of(&[("INV-206003", 10_000)]),
            reason: String::new(),
        };
        allocate_credit(&t.desk, &cashier, use_it).await.expect("it is hers now");
        assert_eq!(open(&t, "INV-206003").await, 81_205);
        proved(&t).await;
        let bounce = ReverseReceipt { key: "b".into(), receipt: paid.clone(), reason: "Forged notes".into() };
        reverse_receipt(&t.desk, &cashier, bounce).await.expect("it goes back whole");
        assert_eq!(posted(&t, "UNALL").await, 0);
        proved(&t).await;

        owe(
            &t,
            "o2",
            &[("C100003", "Ada Wray", "", "")],
            &[("CRN-OLD-1", "C100003", "2026-04-01", "2026-04-01", -5_000)],
        )
        .await;
        let asked = request_transfer(&t.desk, &cashier, move_it("t2", "CRN-OLD-1", 5_000)).await.expect("asks");
        decide(&t, &approver, &asked.approval, true).await.expect("approves");
        assert_eq!(open(&t, "CRN-OLD-1").await, 0);
        proved(&t).await;
        let asked = request_transfer(
            &t.desk,
            &cashier,
            RequestTransfer {
                to_customer: String::new(),
                to_fund: "2960".into(),
                ..move_it("t3", &format!("{}/to", asked.transfer), 2_000)
            },
        );
        let asked = asked.await.expect("asks");
        decide(&t, &approver, &asked.approval, true).await.expect("approves");
        assert_eq!(posted(&t, "FUND").await, -2_000);
        proved(&t).await;
    })
    .await;
}

fn slip(cheques: i64, cheques_sum: i64, cash_sum: i64) -> SlipTotals {
    SlipTotals { cheques, cheques_sum: Pence(cheques_sum), cash_sum: Pence(cash_sum) }
}

fn cheque(key: &str, number: &str, pence: i64, on: NaiveDate) -> TakePayment {
    TakePayment {
        key: key.into(),
        method: "cheque".into(),
        payer_name: "Tollgate Lettings".into(),
        cheque_number: number.into(),
        drawer_bank: "Fenmarch Bank".into(),
        amount: Pence(pence),
        received_on: on,
        words: String::new(),
        shares: Vec::new(),
        funds: Vec::new(),
    }
}

fn share(customer: &str, pence: i64, lines: &[(&str, i64)]) -> CounterShare {
    CounterShare { customer: customer.into(), amount: Pence(pence), lines: lines_of(lines) }
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_16_a_cheque_from_register_to_bank_line_to_unpaid() {
    on_both("2026-04-20", async |t| {
        two_customers(&t).await;
        let (cashier, today) = (t.role(Role::Cashier), t.desk.today());
        let whole = TakePayment {
            shares: vec![share("C100001", 14_814, &[("INV-204817", 14_814)]), share("C100002", 5_000, &[])],
            funds: vec![FundShare { fund: "2960".into(), amount: Pence(2_186), words: "Council tax".into() }],
            ..cheque("p1", "000431", 22_000, today)
        };
        let short = TakePayment { key: "p0".into(), amount: Pence(22_001), ..whole.clone() };
        assert_eq!(take_payment(&t.desk, &cashier, short).await.expect_err("a penny").code(), Some("CSH-16-SHARES"));
        let taken = take_payment(&t.desk, &cashier, whole.clone()).await.expect("takes");
        assert_eq!((taken.payment.as_str(), taken.receipt.as_str()), ("PAY-000001", "RCT-000001"));
        assert_eq!((taken.allocated_pence, taken.on_account_pence, taken.funds_pence), (14_814, 5_000, 2_186));
        assert_eq!((posted(&t, "BANK").await, posted(&t, "FUND").await), (22_000, -2_186));
        proved(&t).await;
        let twice = take_payment(&t.desk, &cashier, TakePayment { key: "p2".into(), ..whole }).await;
        assert!(matches!(twice, Err(No::Invalid(all)) if all[0].message.contains("PAY-000001")));
        cash_in(&t, "c1", "C100001", 2_000, &[]).await;
        let miscounted = MakePayingIn {
            key: "s0".into(),
            slip: "000077".into(),
            counted: slip(1, 22_000, 1_999),
            ..MakePayingIn::default()
        };
        let no = make_paying_in(&t.desk, &cashier, miscounted).await.expect_err("count again");
        assert_eq!(no.code(), Some("CSH-16-SLIP-TOTAL"));
        let counted = slip(1, 22_000, 2_000);
        let ask = MakePayingIn { key: "s1".into(), slip: "000077".into(), counted, ..MakePayingIn::default() };
        let made = make_paying_in(&t.desk, &cashier, ask).await.expect("a slip");
        assert_eq!((made.batch.as_str(), made.payments, made.total_pence), ("PIB-000001", 2, 24_000));
        let no =
            make_paying_in(&t.desk, &cashier, MakePayingIn { key: "s2".into(), counted, ..MakePayingIn::default() })
                .await;
        assert_eq!(no.expect_err("nothing is left").code(), Some("CSH-16-SLIP-EMPTY"));
        let (name, csv) = paying_in_slip(&t.desk, &cashier, &made.batch, "csv").await.expect("csv");
        let csv = String::from_utf8(csv).expect("text");
        assert!(
            name == "PIB-000001.csv"
                && csv.contains("cheque,000431,Tollgate Lettings,Fenmarch Bank,RCT-000001,PAY-000001,220.00"),
            "{csv}"
        );
        let (_, pdf) = paying_in_slip(&t.desk, &cashier, &made.batch, "pdf").await.expect("pdf");
        assert!(pdf.starts_with(b"%PDF"));
        proved(&t).await;

        let early =
            ReturnPayment { key: "x0".into(), payment: "PAY-000001".into(), reason: "Unpaid".into(), letter: true };
        let no = return_payment(&t.desk, &cashier, early.clone()).await.expect_err("the bank has not had it");
        assert_eq!(no.code(), Some("CSH-16-STATE"));
        let rows =
            "B1,2026-04-21,240.01,BGC,COUNTER,,,PAYING IN 77\nB2,2026-04-21,240.00,BGC,COUNTER,,,PAYING IN 000077\n";
        bring(&t, neutral("i1", rows)).await.expect("imports");
        let counts = matched(&t, "m1").await;
        assert_eq!((counts.lines, counts.suspense), (1, 1), "another amount is another's: {counts:?}");
        let tied = paying_in(&t.desk, &cashier, &made.batch).await.expect("reads");
        assert_eq!((tied.batch.state.as_str(), tied.batch.banked_on), ("banked", Some(day("2026-04-21"))));
        assert!(tied.payments.iter().all(|payment| payment.state == "banked"));
        assert_eq!(posted(&t, "BANK").await, 24_000 + 24_001, "not counted twice");
        proved(&t).await;
        t.go_to("2026-04-28");
        matched(&t, "m2").await;
        assert_eq!(paying_in(&t.desk, &cashier, &made.batch).await.expect("reads").batch.state, "cleared");
        let register = register_of_payments(&t.desk, &cashier, ("cleared", "000431"), 1, 0).await.expect("reads");
        assert_eq!((register.count, register.sum_pence), (1, 22_000));

        let told = payment(&t.desk, &cashier, "PAY-000001").await.expect("reads").if_returned;
        assert!(told.iter().any(|one| one.starts_with("£148.14 of INV-204817 is owed again")), "{told:?}");
        let done =
            return_payment(&t.desk, &cashier, ReturnPayment { key: "x1".into(), ..early }).await.expect("unpaid");
        assert_eq!((done.reopened_pence, done.letters.len()), (14_814, 2));
        assert_eq!(done.consequences, told);
        assert_eq!((open(&t, "INV-204817").await, posted(&t, "FUND").await), (14_814, 0));
        let view = letter(&t.desk, &cashier, &done.letters[0]).await.expect("a letter");
        assert_eq!((view.head.template_code.as_str(), view.head.total_pence), ("payment_returned", 14_814));
        assert!(
            view.content.blocks[0].text.contains("cheque 000431 for £148.14 on 20 April 2026"),
            "{:?}",
            view.content.blocks[0]
        );
        assert!(letter_pdf(&t.desk, &cashier, &done.letters[0]).await.expect("pdf").starts_with(b"%PDF"));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_16_a_slip_whose_number_the_bank_left_out_is_tied_by_hand() {
    on_both("2026-04-20", async |t| {
        two_customers(&t).await;
        let cashier = t.role(Role::Cashier);
        cash_in(&t, "c1", "C100001", 2_000, &[]).await;
        let ask = MakePayingIn { key: "s".into(), counted: slip(0, 0, 2_000), ..MakePayingIn::default() };
        let made = make_paying_in(&t.desk, &cashier, ask).await.expect("a slip");
        assert_eq!(made.slip, made.batch, "no slip number: the batch's own");
        bring(
            &t,
            neutral("i", "B1,2026-04-20,20.00,BGC,,,,COUNTER CREDIT\nB2,2026-04-20,21.00,BGC,,,,COUNTER CREDIT\n"),
        )
        .await
        .expect("imports");
        matched(&t, "m").await;
        let tie = |key: &str, receipt: &str| TiePayingIn {
            key: key.into(),
            batch: made.batch.clone(),
            receipt: receipt.into(),
        };
        let no = tie_paying_in(&t.desk, &cashier, tie("t0", "RCT-000003")).await.expect_err("a pound more");
        assert_eq!(no.code(), Some("CSH-16-TIE"));
        tie_paying_in(&t.desk, &cashier, tie("t1", "RCT-000002")).await.expect("ties");
        assert_eq!((posted(&t, "BANK").await, posted(&t, "SUSP").await), (4_100, -2_100));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_12_a_promise_that_a_returned_cheque_kept_is_broken() {
    on_both("2026-04-20", async |t| {
        two_customers(&t).await;
        let (cashier, clerk) = (t.role(Role::Cashier), t.role(Role::CreditController));
        let mut look = t.desk.look().await.expect("reads");
        let (id, ..) =
            sundry_store::cash::customer_numbered(&mut look, t.org, "C100001").await.expect("reads").expect("there");
        drop(look);
        let customer = CustomerId(id);
        let promise = PromiseToPay {
            key: "p".into(),
            customer,
            amount_pence: Pence(14_814),
            due_on: day("2026-04-24"),
            words: "By cheque".into(),
        };
        promise_to_pay(&t.desk, &clerk, promise).await.expect("promised");
        t.go_to("2026-04-22");
        by_hand(&t, "c", "cheque", "C100001", 14_814, &[("INV-204817", 14_814)]).await;
        decide_promises(&t.desk, &t.operator(), DecidePromises { key: "d".into(), on: t.desk.today() })
            .await
            .expect("decided");
        let state = async || promises(&t.desk, &clerk, customer).await.expect("reads")[0].state.clone();
        assert_eq!(state().await, "kept");
        let told = payment(&t.desk, &cashier, "PAY-000001").await.expect("reads").if_returned;
        assert!(told.iter().any(|one| one == "A promise that it kept becomes broken."), "{told:?}");
        let back = ReturnPayment {
            key: "x".into(),
            payment: "PAY-000001".into(),
            reason: "Refer to drawer".into(),
            letter: false,
        };
        return_payment(&t.desk, &cashier, back).await.expect("unpaid");
        assert_eq!(state().await, "broken");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_12_the_history_of_a_receipt_leaves_nothing_out() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let cashier = t.role(Role::Cashier);
        let paid = cash_in(&t, "c", "C100001", 14_814, &[("INV-204817", 14_814)]).await;
        let undo = UndoAllocation {
            key: "u".into(),
            allocation: None,
            receipt: Some(paid.clone()),
            reason: "Wrong invoice".into(),
        };
        undo_allocation(&t.desk, &cashier, undo).await.expect("undone");
        let again = allocate("a", &paid, "C100001", &[("INV-204951", 7_730)]);
        allocate_receipt(&t.desk, &cashier, again).await.expect("allocated");
        let bounce = ReverseReceipt { key: "b".into(), receipt: paid.clone(), reason: "Forged notes".into() };
        reverse_receipt(&t.desk, &cashier, bounce).await.expect("reversed");
        let history = receipt_history(&t.desk, &t.role(Role::Auditor), &paid).await.expect("reads");
        let moves: Vec<(&str, i64)> =
            history.movements.iter().map(|m| (m.item_number.as_str(), m.amount_pence)).collect();
        assert_eq!(
            moves[..4],
            [("INV-204817", 14_814), ("INV-204817", -14_814), ("INV-204951", 7_730), ("INV-204951", -7_730)]
        );
        assert_eq!(moves[4].1, 14_814, "the debit that took it off");
        let told: Vec<&str> = history.events.iter().map(|one| one.event.as_str()).collect();
        assert_eq!(told, ["ReceiptRecorded", "AllocationUndone", "ReceiptAllocated", "ReceiptReversed"]);
        assert_eq!((history.events[1].why.as_str(), history.events[3].why.as_str()), ("Wrong invoice", "Forged notes"));
        assert!(history.events.iter().all(|one| !one.detail.contains("Forged")), "beside the trail, not in it");
        let (debits, credits) = history.entries.iter().fold((0, 0), |s, e| (s.0 + e.debit_pence, s.1 + e.credit_pence));
        assert!(debits == credits && history.entries.len() >= 8, "{}", history.entries.len());
        assert_eq!(history.payment.map(|one| one.state).as_deref(), Some("returned"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_07_one_receipt_clears_many_and_many_receipts_clear_one() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        owe(
            &t,
            "o2",
            &[("C100003", "Ada Wray", "", "")],
            &[
                ("INV-1", "C100003", "2026-03-01", "2026-04-01", 10_000),
                ("INV-2", "C100003", "2026-03-02", "2026-04-02", 5_000),
                ("INV-3", "C100003", "2026-03-03", "2026-04-03", 2_500),
                ("CRN-1", "C100003", "2026-03-04", "2026-03-04", -3_000),
            ],
        )
        .await;
        let cashier = t.role(Role::Cashier);
        let offset = AllocateCredit {
            key: "o".into(),
            credit: "CRN-1".into(),
            lines: lines_of(&[("INV-1", 3_000)]),
            reason: String::new(),
        };
        allocate_credit(&t.desk, &cashier, offset).await.expect("a credit against a debit");
        let paid = cash_in(&t, "c1", "C100003", 14_500, &[("INV-1", 7_000), ("INV-2", 5_000), ("INV-3", 2_500)]).await;
        for number in ["INV-1", "INV-2", "INV-3", "CRN-1", &paid] {
            assert_eq!(open(&t, number).await, 0, "{number}");
        }
        for (n, pence) in [50_000, 40_000, 1_205].into_iter().enumerate() {
            cash_in(&t, &format!("m{n}"), "C100002", pence, &[("INV-206003", pence)]).await;
        }
        assert_eq!(open(&t, "INV-206003").await, 0);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_13_and_csh_24_a_credit_waits_with_a_reason_or_is_offset_with_authority() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let cashier = t.role(Role::Cashier);
        let paid = cash_in(&t, "c", "C100001", 50_000, &[]).await;
        let look = async |undecided| overpayments(&t.desk, &cashier, undecided, 1, 0).await.expect("reads");
        let all = look(true).await;
        assert_eq!(
            (all.count, all.sum_pence, all.rows[0].owes_pence),
            (1, 50_000, 22_544),
            "paid before any invoice asked"
        );
        let stay = DecideOverpayment {
            key: "d1".into(),
            credit: paid.clone(),
            choice: "on_account".into(),
            words: "Deposit for the hall in June".into(),
            review_on: Some(day("2026-06-15")),
            ..DecideOverpayment::default()
        };
        let never = DecideOverpayment { key: "d0".into(), review_on: None, ..stay.clone() };
        assert!(matches!(decide_overpayment(&t.desk, &cashier, never).await, Err(No::Invalid(_))));
        decide_overpayment(&t.desk, &cashier, stay).await.expect("stays");
        assert_eq!((look(true).await.count, look(false).await.count), (0, 1));
        t.go_to("2026-06-15");
        assert_eq!(look(true).await.count, 1, "to be looked at again");
        let offset = DecideOverpayment {
            key: "d2".into(),
            credit: paid.clone(),
            choice: "offset".into(),
            words: "Clause 9 of the lease".into(),
            lines: lines_of(&[("INV-204817", 14_814), ("INV-204951", 7_730)]),
            ..DecideOverpayment::default()
        };
        let no = decide_overpayment(&t.desk, &cashier, offset.clone()).await.expect_err("on whose word");
        assert_eq!(no.code(), Some("CSH-13-AUTHORITY"));
        let agreed = DecideOverpayment { key: "d3".into(), authority: "contract".into(), ..offset };
        let done = decide_overpayment(&t.desk, &cashier, agreed).await.expect("offset");
        assert_eq!((done.offset_pence, done.left_pence), (22_544, 27_456));
        let why = receipt(&t.desk, &cashier, &paid).await.expect("reads").allocations[0].reason.clone();
        assert_eq!(why, "Offset: A term of the contract. Clause 9 of the lease");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_the_cash_desk_answers_the_same_request_the_same_on_a_later_day() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let cashier = t.role(Role::Cashier);
        let (first, second) =
            (cash_in(&t, "c1", "C100001", 10_000, &[]).await, cash_in(&t, "c2", "C100001", 20_000, &[]).await);
        let put = PutInSuspense {
            key: "s".into(),
            receipt: first.clone(),
            reason: "Not theirs".into(),
            owner: "Tom".into(),
            next_step: "Ask the payer".into(),
            next_on: Some(day("2026-05-05")),
        };
        let hand = TakeInHand {
            key: "h".into(),
            receipts: vec![first],
            owner: "Tom".into(),
            next_step: "Ask the bank".into(),
            next_on: Some(day("2026-05-05")),
            ..TakeInHand::default()
        };
        let stay = DecideOverpayment {
            key: "d".into(),
            credit: second,
            choice: "on_account".into(),
            words: "Deposit for the hall in June".into(),
            review_on: Some(day("2026-06-15")),
            ..DecideOverpayment::default()
        };
        let answers = async || {
            let put = put_in_suspense(&t.desk, &cashier, put.clone()).await.expect("in suspense");
            let hand = take_in_hand(&t.desk, &cashier, hand.clone()).await.expect("in hand");
            let stay = decide_overpayment(&t.desk, &cashier, stay.clone()).await.expect("stays");
            serde_json::to_string(&(put, hand, stay)).expect("is JSON")
        };
        let then = answers().await;
        t.go_to("2026-07-01");
        assert_eq!(answers().await, then, "though their days are over");
        let late = TakeInHand { key: "late".into(), ..hand.clone() };
        assert!(matches!(take_in_hand(&t.desk, &cashier, late).await, Err(No::Invalid(_))), "another request is new");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_22_split_then_undo_then_split_again() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        bring(&t, neutral("i", "B1,2026-04-20,500.00,FPI,AN AGENT,20-00-00,12345678,VARIOUS\n"))
            .await
            .expect("imports");
        matched(&t, "m").await;
        let cashier = t.role(Role::Cashier);
        let part =
            |customer: &str, pence, lines: &[(&str, i64)]| sundry_desk::cash::allocate_receipt::AllocationSplit {
                customer: customer.into(),
                amount: Pence(pence),
                lines: lines_of(lines),
            };
        let ask = AllocateReceipt {
            key: "s".into(),
            receipt: "RCT-000001".into(),
            customer: String::new(),
            lines: Vec::new(),
            split: vec![
                part("C100001", 22_544, &[("INV-204817", 14_814), ("INV-204951", 7_730)]),
                part("C100002", 27_456, &[("INV-206003", 27_456)]),
            ],
            reason: "The agent's list".into(),
        };
        allocate_receipt(&t.desk, &cashier, ask).await.expect("split");
        assert_eq!(open(&t, "INV-206003").await, 63_749);
        proved(&t).await;
        let undo = UndoAllocation {
            key: "u".into(),
            allocation: None,
            receipt: Some("RCT-000001".into()),
            reason: "Wrong list".into(),
        };
        assert_eq!(undo_allocation(&t.desk, &cashier, undo).await.expect("undone").count, 3);
        assert_eq!(open(&t, "INV-206003").await, 91_205);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_24_money_before_its_invoice_waits_on_the_account_and_pays_it_later() {
    on_both("2026-05-01", async |t| {
        owe(&t, "o", &[("C100009", "Nora Quill", "", "")], &[]).await;
        let cashier = t.role(Role::Cashier);
        let early = cash_in(&t, "c1", "C100009", 5_000, &[]).await;
        let held = receipt(&t.desk, &cashier, &early).await.expect("reads");
        assert_eq!((held.left_pence, held.allocations.len()), (5_000, 0), "all of it is on the account");
        assert_eq!(open(&t, &early).await, -5_000);
        proved(&t).await;
        t.go_to("2026-05-20");
        owe_more(&t, "o2", &[("INV-900001", "C100009", "2026-05-20", "2026-06-19", 3_000)]).await;
        let ask = |key: &str, pence| AllocateCredit {
            key: key.into(),
            credit: early.clone(),
            lines: lines_of(&[("INV-900001", pence)]),
            reason: "Paid before it was billed".into(),
        };
        let more = allocate_credit(&t.desk, &cashier, ask("a0", 3_001)).await.expect_err("more than is open");
        assert_eq!(more.code(), Some("GL-E12-MORE-THAN-OPEN"));
        allocate_credit(&t.desk, &cashier, ask("a1", 3_000)).await.expect("pays it");
        assert_eq!((open(&t, "INV-900001").await, open(&t, &early).await), (0, -2_000));
        proved(&t).await;
    })
    .await;
}
