//! Direct Debit: a circle from set-up to claim, and the books after each step.
use chrono::NaiveDate;
use std::collections::HashMap;
use sundry_desk::approvals::{DecideApproval, Decided, approval, decide_approval};
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::direct_debit::*;
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, reverse_receipt};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::ledger::post::{NewJournal, post_many};
use sundry_desk::ledger::verify::verify;
use sundry_desk::{Outcome, command};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::ledger::taken_on;
use sundry_domain::money::Pence;
use sundry_store::ledger::ItemRow;
use sundry_store::{args, collections, delivery, ledger, plans, proof};

const WEIGHTS: &str =
    "089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1\n102400 107999 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1\n";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Customers with an address or an e-mail, and what they owe: number, customer, due, pence.
async fn owe(t: &TestDesk, people: &[(&str, &str)], owed: &[(&str, &str, &str, i64)]) {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "number",
        "name",
        "search_name",
        "kind",
        "address1",
        "address2",
        "town",
        "postcode",
        "email",
        "phone",
        "terms_days",
        "channel",
        "language",
        "letter_format",
        "collector",
        "recorded_at",
        "version",
    ];
    let by = t.operator();
    let done: Outcome<i64> = command!(&t.desk, &by, "load", "load", &"load", |cmd| {
        let ids: HashMap<&str, i64> = people.iter().map(|p| (p.0, cmd.id::<CustomerId>().0)).collect();
        let rows = people.iter().map(|(number, email)| {
            let channel = if email.is_empty() { "post" } else { "email" };
            args![
                t.org,
                ids[number],
                *number,
                format!("Mrs {number} Patel"),
                "patel",
                "individual",
                "1 High Street",
                "",
                "Northmere",
                "NM1 1AA",
                *email,
                "",
                30i64,
                channel,
                "en",
                "",
                "",
                cmd.at,
                1i64
            ]
        });
        cmd.tx.insert("customer", COLUMNS, rows.collect()).await?;
        let (mut items, mut journals) = (Vec::new(), Vec::new());
        for (number, customer, due_on, pence) in owed {
            let (item, customer) = (cmd.id::<ItemId>(), ids[customer]);
            journals.push(NewJournal {
                posted_on: cmd.today,
                event: "ItemTakenOn",
                source: format!("invoice {number}"),
                reason: String::new(),
                customer: Some(CustomerId(customer)),
                item: Some(item),
                lines: taken_on(Pence(*pence)),
            });
            items.push(ItemRow {
                id: item.0,
                customer_id: customer,
                kind: "invoice".into(),
                number: (*number).into(),
                document_id: None,
                receipt_id: None,
                posted_on: cmd.today,
                dated_on: cmd.today,
                due_on: day(due_on),
                original_pence: *pence,
                open_pence: *pence,
                disputed_pence: 0,
                service: "Home care".into(),
                debt_type: String::new(),
                stage: String::new(),
                journal_id: 0,
                recorded_at: cmd.at,
            });
        }
        for (item, journal) in items.iter_mut().zip(post_many(cmd, journals).await?) {
            item.journal_id = journal.0;
        }
        ledger::add_items(&mut cmd.tx, t.org, items).await?;
        cmd.tell("Loaded", "test", ());
        Ok(0)
    });
    done.expect("loads");
}

async fn service(t: &TestDesk) {
    let by = t.operator();
    let agreed = Agreed { guarantee: "The words of the Guarantee.".into(), ..Agreed::default() };
    let ask = SetServiceUser {
        key: "su".into(),
        sun: "123456".into(),
        name: "Example NHS Trust".into(),
        account_name: "Example NHS Trust".into(),
        sort_code: "08-99-99".into(),
        account: "66374958".into(),
        agreed,
    };
    set_service_user(&t.desk, &by, ask).await.expect("a service user");
    let table = LoadModulusTable {
        key: "mod".into(),
        version: "test".into(),
        effective_on: day("2024-03-25"),
        weights: WEIGHTS.into(),
        substitutes: String::new(),
    };
    assert_eq!(load_modulus_table(&t.desk, &by, table).await.expect("a table").rows, 2);
}

fn set_up(key: &str, customer: &str, route: &str, account: (&str, &str)) -> SetUpMandate {
    SetUpMandate {
        key: key.into(),
        customer: customer.into(),
        route: route.into(),
        payer_name: String::new(),
        payer_address1: String::new(),
        payer_address2: String::new(),
        payer_town: String::new(),
        payer_postcode: String::new(),
        payer_email: String::new(),
        sort_code: account.0.into(),
        account: account.1.into(),
        reference: String::new(),
        signed_on: Some(day("2026-03-02")),
        evidence: "Call 1234".into(),
        sole_authority: true,
        replaces: String::new(),
    }
}

/// Asked by the cashier, approved by another, released.
async fn run(t: &TestDesk, key: &str, entry_on: &str) -> RunReleased {
    let (cashier, approver) = (t.role(Role::Cashier), t.role(Role::Approver));
    let ask = AskRun { key: key.into(), entry_on: day(entry_on), content_hash: String::new() };
    let asked = ask_run(&t.desk, &cashier, ask).await.expect("asked");
    decide(t, &format!("{key}-yes"), &asked.approval, true).await.expect("approved");
    release_run(&t.desk, &approver, ReleaseRun { run: asked.run }, &|_, _| {}).await.expect("released")
}

async fn decide(t: &TestDesk, key: &str, number: &str, approve: bool) -> Outcome<Decided> {
    let approver = t.role(Role::Approver);
    let shown = approval(&t.desk, &approver, number).await.expect("an approval");
    let ask = DecideApproval {
        key: key.into(),
        number: number.into(),
        approve,
        reason: "Looked at".into(),
        content_hash: shown.content_hash,
    };
    decide_approval(&t.desk, &approver, ask).await
}

async fn import(t: &TestDesk, key: &str, text: &str) -> Outcome<ReportsTaken> {
    let ask = ImportBacsReport { key: key.into(), file_name: format!("{key}.xml"), bytes: text.as_bytes().to_vec() };
    import_bacs_report(&t.desk, &t.role(Role::Cashier), ask).await
}

fn arudd(reference: &str, code: &str, words: &str, process_on: &str, pounds: &str) -> String {
    format!(
        r#"<BACSDocument><Data><ARUDD><Header reportType="REFT1019" currentProcessingDate="2026-05-05"/>
        <ServiceLicenseInformation userNumber="123456"/><Advice><OriginatingAccountRecords><OriginatingAccountRecord>
        <ReturnedDebitItem ref="{reference}" transCode="01" returnCode="{code}" returnDescription="{words}"
         originalProcessingDate="{process_on}" valueOf="{pounds}" currency="GBP"/>
        <Totals numberOf="1" valueOf="{pounds}" currency="GBP"/>
        </OriginatingAccountRecord></OriginatingAccountRecords></Advice></ARUDD></Data></BACSDocument>"#
    )
}

fn advice(kind: &str, attributes: &str) -> String {
    format!(
        r#"<BACSDocument><Data><MessagingAdvices><MessagingHeader user-number="123456"/>
        <Header report-generation-date="2026-05-06"/>
        <MessagingAdvice user-number="123456" record-type="{kind}" file-type="LIVE" {attributes}/>
        </MessagingAdvices></Data></BACSDocument>"#
    )
}

fn ddica(reference: &str, taken_on: &str, pounds: &str) -> String {
    format!(
        "<VocaDocument><Data><Document><ServiceUserNumber>123456</ServiceUserNumber><NewAdvices>\
         <TotalValueOfDebits>{pounds}</TotalValueOfDebits><DateOfDebit>2026-06-10</DateOfDebit><DDICAdvice><SeqNo>1</SeqNo>\
         <PayingBankReference>PB77</PayingBankReference><SUReference>{reference}</SUReference><ReasonCode>5</ReasonCode>\
         <TotalAmount>{pounds}</TotalAmount><DDCollections><DDCollection><DateOfDirectDebit>{taken_on}</DateOfDirectDebit>\
         <Amount>{pounds}</Amount></DDCollection></DDCollections></DDICAdvice></NewAdvices></Document></Data></VocaDocument>"
    )
}

async fn open_of(t: &TestDesk, number: &str) -> i64 {
    let mut look = t.desk.look().await.expect("a look");
    ledger::items_numbered(&mut look, t.org, number).await.expect("items")[0].open_pence
}

async fn balance(t: &TestDesk, role: &str) -> i64 {
    let mut look = t.desk.look().await.expect("a look");
    let all = proof::balances_by_role(&mut look, t.org).await.expect("balances");
    all.iter().filter(|(name, _)| name == role).map(|(_, pence)| pence).sum()
}

async fn proved(t: &TestDesk) {
    let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("a proof");
    assert!(proof.passed, "{:?}", proof.failures());
}

/// Two mandates, lodged in one file and accepted: references of the first and of the second.
async fn two_active(t: &TestDesk) -> (String, String) {
    service(t).await;
    let officer = t.role(Role::BillingOfficer);
    let first = set_up("m1", "P1", "telephone", ("10-79-99", "88837491"));
    let first = set_up_mandate(&t.desk, &officer, first).await.expect("a mandate");
    assert_eq!((first.state.as_str(), first.account_ending.as_str()), ("awaiting_lodgement", "7491"));
    assert!(first.letter.is_some(), "confirmed in writing");
    let paper = SetUpMandate { signed_on: None, ..set_up("m2", "P2", "paper", ("20-29-59", "63748472")) };
    let second = set_up_mandate(&t.desk, &officer, paper).await.expect("a form is out");
    assert_eq!((second.state.as_str(), second.letter.as_deref()), ("draft", None));
    let sign = MandateAct {
        key: "sign".into(),
        reference: second.reference.clone(),
        act: "sign".into(),
        signed_on: Some(day("2026-03-02")),
        words: "Box 7".into(),
    };
    act_on_mandate(&t.desk, &officer, sign).await.expect("signed");
    let lodged = run(t, "lodge", "2026-03-05").await;
    assert_eq!((lodged.collections, lodged.instructions), (0, 2));
    let (_, file) = run_file(&t.desk, &t.role(Role::Cashier), &lodged.run).await.expect("a file");
    let text = String::from_utf8(file).expect("ASCII");
    assert!(text.contains("1079998883749100N08999966374958") && text.contains(&first.reference), "{text}");
    let serial = text[4..10].to_owned();
    let accepted = format!("vol-serial-number=\"{serial}\" accepted-ddi=\"2\" rejected-ddi=\"0\"");
    let taken = import(t, "auddis", &advice("V", &accepted)).await.expect("taken in");
    assert_eq!((taken.reports[0].kind.as_str(), taken.reports[0].applied), ("auddis", 1));
    let state = mandate(&t.desk, &officer, &first.reference).await.expect("a mandate").mandate.state;
    assert_eq!(state, "active");
    (first.reference, second.reference)
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_19_csh_20_pln_07_a_direct_debit_month() {
    on_both("2026-03-02", async |t| {
        let owed = [("INV-1", "P1", "2026-05-01", 15_000), ("INV-2", "P2", "2026-05-01", 72_940)];
        owe(&t, &[("P1", "p1@example.org"), ("P2", "")], &owed).await;
        let (first, second) = two_active(&t).await;
        let (cashier, officer) = (t.role(Role::Cashier), t.role(Role::BillingOfficer));

        // Notice: proof that it was said, before anything is taken.
        t.go_to("2026-04-14");
        let empty = preview_run(&t.desk, &cashier, day("2026-05-01")).await.expect("a preview");
        assert_eq!((empty.collections.len(), empty.input_on), (0, day("2026-04-29")));
        let ask = NotifyCollections { key: "n".into(), due_by: day("2026-05-05") };
        let told = notify_collections(&t.desk, &cashier, ask).await.expect("told");
        assert_eq!((told.collections, told.pence), (2, 87_940));
        let ask = NotifyCollections { key: "n2".into(), due_by: day("2026-05-05") };
        assert_eq!(notify_collections(&t.desk, &cashier, ask).await.expect("nothing new").collections, 0);
        let preview = preview_run(&t.desk, &cashier, day("2026-05-01")).await.expect("a preview");
        assert_eq!((preview.collections.len(), preview.total_pence), (2, 87_940), "{:?}", preview.refusals);
        assert!(preview.collections.iter().all(|c| c.code.as_str() == "01"));

        // The amount taken is the amount notified, or it is refused.
        let paid = RecordReceipt {
            key: "part".into(),
            method: "cash".into(),
            customer: "P1".into(),
            amount: Pence(1_000),
            received_on: day("2026-04-14"),
            payer_name: String::new(),
            words: "till".into(),
            lines: vec![AllocationLine { item: "INV-1".into(), amount: Pence(1_000) }],
        };
        let paid = record_receipt(&t.desk, &cashier, paid).await.expect("paid");
        let less = preview_run(&t.desk, &cashier, day("2026-05-01")).await.expect("a preview");
        assert_eq!((less.collections.len(), less.refusals[0].refusal.code.as_str()), (1, "DD-04-AMOUNT"));
        let undo = ReverseReceipt { key: "back".into(), receipt: paid.receipt, reason: "Wrong customer".into() };
        reverse_receipt(&t.desk, &cashier, undo).await.expect("reversed");

        // Two people, then the file.
        t.go_to("2026-04-29");
        let ask = AskRun { key: "ask".into(), entry_on: day("2026-05-01"), content_hash: preview.content_hash };
        let asked = ask_run(&t.desk, &cashier, ask).await.expect("asked");
        let no = decide(&t, "no", &asked.approval, false).await.expect("refused");
        assert_eq!(no.state, "refused");
        let released = run(&t, "run", "2026-05-01").await;
        assert_eq!((released.collections, released.pence, released.state.as_str()), (2, 87_940, "written"));
        let again = ReleaseRun { run: released.run.clone() };
        let again = release_run(&t.desk, &t.role(Role::Approver), again, &|_, _| {}).await.expect("the same");
        assert_eq!(again.file_sha256, released.file_sha256);
        assert_eq!((open_of(&t, "INV-1").await, open_of(&t, "INV-2").await), (0, 0));
        assert_eq!(balance(&t, "DDC").await, 87_940);
        proved(&t).await;
        let shown = collection_run(&t.desk, &cashier, &released.run).await.expect("a run");
        let receipt = shown.lines[0].collection.receipt_id.expect("a receipt");
        let number = collections::receipt_number(&mut t.desk.look().await.expect("a look"), t.org, receipt).await;
        let number = number.expect("found").expect("there").0;
        let by_hand = ReverseReceipt { key: "hand".into(), receipt: number, reason: "No".into() };
        let no = reverse_receipt(&t.desk, &cashier, by_hand).await.expect_err("the report does");
        assert_eq!(no.code(), Some("DD-06-BY-REPORT"));
        let sent =
            MarkSent { key: "s".into(), run: released.run.clone(), file_sha256: released.file_sha256[..12].into() };
        assert_eq!(mark_run_sent(&t.desk, &cashier, sent).await.expect("sent").state, "sent");

        // Unpaid: the debt is open again, once, whatever file it comes in.
        t.go_to("2026-05-05");
        let unpaid = arudd(&first, "0", "REFER TO PAYER", "2026-04-30", "150.00");
        let taken = import(&t, "arudd", &unpaid).await.expect("taken in");
        assert_eq!((taken.reports[0].applied, taken.reports[0].held), (1, 0), "{taken:?}");
        assert_eq!(open_of(&t, "INV-1").await, 15_000);
        assert_eq!(balance(&t, "DDC").await, 72_940);
        assert!(import(&t, "arudd2", &unpaid).await.expect("seen").seen_before);
        let same = import(&t, "arudd3", &format!("{unpaid}\n")).await.expect("another file");
        assert_eq!((same.reports[0].known, same.reports[0].applied), (1, 0));
        assert_eq!(open_of(&t, "INV-1").await, 15_000);
        proved(&t).await;

        // Again: the same amount, within the month, under 18.
        let back = unpaid_collections(&t.desk, &cashier).await.expect("unpaid")[0].number.clone();
        let ask = |key: &str, on: &str, pence| RepresentCollection {
            key: key.into(),
            number: back.clone(),
            entry_on: day(on),
            amount: Pence(pence),
        };
        let no = represent_collection(&t.desk, &cashier, ask("r1", "2026-05-20", 17_000)).await.expect_err("more");
        assert_eq!(no.code(), Some("DD-07-AMOUNT"));
        let no = represent_collection(&t.desk, &cashier, ask("r2", "2026-06-01", 15_000)).await.expect_err("late");
        assert_eq!(no.code(), Some("DD-07-LATE"));
        let yes = represent_collection(&t.desk, &cashier, ask("r3", "2026-05-20", 15_000)).await.expect("again");
        assert_eq!((yes.last_day, yes.five_days_word), (day("2026-05-29"), true));
        let no = represent_collection(&t.desk, &cashier, ask("r4", "2026-05-21", 15_000)).await.expect_err("once");
        assert_eq!(no.code(), Some("DD-09-RUN-STATE"), "one return is presented again once: {no}");

        // An advice that waits stops the next file.
        let unknown = advice("A", "effective-date=\"2026-05-06\" reference=\"NOBODY123\" reason-code=\"1\"");
        let taken = import(&t, "addacs", &unknown).await.expect("taken in");
        assert_eq!(taken.reports[0].held, 1);
        t.go_to("2026-05-18");
        let wanted = AskRun { key: "w".into(), entry_on: day("2026-05-20"), content_hash: String::new() };
        let no = ask_run(&t.desk, &cashier, wanted).await.expect_err("an advice waits");
        assert_eq!(no.code(), Some("DD-06-ADVICE-WAITS"));
        let held = held_report_items(&t.desk, &cashier).await.expect("held");
        let settle = SettleReportItem { key: "st".into(), item: held[0].key.clone(), words: "Another body's".into() };
        settle_report_item(&t.desk, &cashier, settle).await.expect("settled");
        let again = run(&t, "again", "2026-05-20").await;
        let (_, file) = run_file(&t.desk, &cashier, &again.run).await.expect("a file");
        assert!(String::from_utf8(file).expect("ASCII").contains("1079998883749101808999966374958    00000015000"));
        assert_eq!(open_of(&t, "INV-1").await, 0);

        // Cancelled by the payer: nothing more is taken.
        t.go_to("2026-05-21");
        let cancel = format!("effective-date=\"2026-05-21\" reference=\"{first}\" reason-code=\"1\"");
        import(&t, "addacs2", &advice("A", &cancel)).await.expect("taken in");
        let gone = mandate(&t.desk, &officer, &first).await.expect("a mandate");
        assert_eq!((gone.mandate.state.as_str(), gone.mandate.sealed.as_str()), ("cancelled", ""));

        // DD-E8: a claim under the Guarantee.
        let claim = import(&t, "ddica", &ddica(&second, "2026-05-01", "729.40")).await.expect("taken in");
        assert_eq!(claim.reports[0].applied, 1, "{claim:?}");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dd_e8_a_claim_opens_the_debt_again_and_stops_recovery_and_collections() {
    on_both("2026-03-02", async |t| {
        owe(&t, &[("P1", "p1@example.org"), ("P2", "")], &[("INV-2", "P2", "2026-05-01", 72_940)]).await;
        let (_, second) = two_active(&t).await;
        let (cashier, controller) = (t.role(Role::Cashier), t.role(Role::CreditController));
        t.go_to("2026-04-14");
        let ask = NotifyCollections { key: "n".into(), due_by: day("2026-05-05") };
        notify_collections(&t.desk, &cashier, ask).await.expect("told");
        t.go_to("2026-04-29");
        run(&t, "run", "2026-05-01").await;
        let bank = balance(&t, "BANK").await;
        t.go_to("2026-05-20");
        import(&t, "ddica", &ddica(&second, "2026-05-01", "729.40")).await.expect("taken in");
        assert_eq!(open_of(&t, "INV-2").await, 72_940);
        assert_eq!(balance(&t, "BANK").await - bank, -72_940);
        let claimed = claims(&t.desk, &cashier, "open").await.expect("claims");
        assert_eq!((claimed[0].amount_pence, claimed[0].challenge_by), (72_940, day("2026-06-30")));
        let stopped = mandate(&t.desk, &cashier, &second).await.expect("a mandate").mandate;
        assert_eq!((stopped.state.as_str(), stopped.claim_open), ("suspended", true));
        let mut look = t.desk.look().await.expect("a look");
        let customer = CustomerId(claimed[0].customer_id);
        let holds = plans::holds_of_range(&mut look, t.org, customer, customer).await.expect("holds");
        assert_eq!((holds[0].reason.as_str(), holds[0].ended_on), ("indemnity_claim", None));
        drop(look);
        let go_on = MandateAct {
            key: "go".into(),
            reference: second.clone(),
            act: "resume".into(),
            signed_on: None,
            words: "Please".into(),
        };
        let no = act_on_mandate(&t.desk, &t.role(Role::BillingOfficer), go_on).await.expect_err("a claim waits");
        assert_eq!(no.code(), Some("DD-05-CLAIM-OPEN"));
        let decided = DecideClaim {
            key: "d".into(),
            number: claimed[0].number.clone(),
            decision: "accepted".into(),
            words: "No form is held".into(),
        };
        decide_claim(&t.desk, &controller, decided).await.expect("decided");
        let mut look = t.desk.look().await.expect("a look");
        let holds = plans::holds_of_range(&mut look, t.org, customer, customer).await.expect("holds");
        assert!(holds.is_empty(), "the hold has ended");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_11_a_failing_pair_cannot_be_saved_as_a_mandate() {
    on_both("2026-03-02", async |t| {
        owe(&t, &[("P1", "p1@example.org")], &[]).await;
        let officer = t.role(Role::BillingOfficer);
        let ask = || set_up("x", "P1", "telephone", ("107999", "88837491"));
        let no = set_up_mandate(&t.desk, &officer, ask()).await.expect_err("no service user");
        assert_eq!(no.code(), Some("DD-01-NO-SERVICE-USER"));
        service(&t).await;
        let bad = SetUpMandate { account: "88837493".into(), key: "bad".into(), ..ask() };
        let no = set_up_mandate(&t.desk, &officer, bad).await.expect_err("not possible");
        assert_eq!(no.code(), Some("DD-12-BAD-ACCOUNT"));
        assert!(mandates_of(&t.desk, &officer, "P1").await.expect("none").is_empty());
        let no = set_up_mandate(&t.desk, &t.role(Role::Cashier), ask()).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let named = SetUpMandate { reference: "dd-000001a".into(), key: "n1".into(), ..ask() };
        assert_eq!(set_up_mandate(&t.desk, &officer, named).await.expect("named").reference, "DD-000001A");
        let twice = SetUpMandate { reference: "DD-000001A".into(), key: "n2".into(), ..ask() };
        assert_eq!(set_up_mandate(&t.desk, &officer, twice).await.expect_err("used").code(), Some("DD-01-REFERENCE"));
        let mut look = t.desk.look().await.expect("a look");
        let letters = delivery::letters_since(&mut look, t.org, day("2026-03-01")).await.expect("letters");
        assert_eq!((letters.len(), letters[0].kind.as_str(), letters[0].total_pence), (1, "direct_debit", 0));
        let sealed = sundry_store::mandates::mandate_called(&mut look, t.org, "DD-000001A").await.expect("read");
        assert!(!sealed.expect("there").sealed.contains("88837491"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_bank_details_need_a_second_person_and_send_0c_and_0n() {
    on_both("2026-03-02", async |t| {
        owe(&t, &[("P1", "p1@example.org"), ("P2", "")], &[]).await;
        let (first, _) = two_active(&t).await;
        let officer = t.role(Role::BillingOfficer);
        let ask = ChangeMandateBank {
            key: "c".into(),
            reference: first.clone(),
            sort_code: "089999".into(),
            account: "66374958".into(),
            evidence: "Called back on the number we hold".into(),
        };
        let asked = change_mandate_bank(&t.desk, &officer, ask).await.expect("asked");
        let leader = t.role(Role::TeamLeader);
        let shown = approval(&t.desk, &leader, &asked.approval).await.expect("an approval");
        assert!(shown.may_decide, "{}", shown.why_not);
        let yes = DecideApproval {
            key: "y".into(),
            number: asked.approval,
            approve: true,
            reason: String::new(),
            content_hash: shown.content_hash,
        };
        decide_approval(&t.desk, &leader, yes).await.expect("confirmed");
        let changed = mandate(&t.desk, &officer, &first).await.expect("a mandate");
        assert_eq!((changed.mandate.state.as_str(), changed.mandate.shown.as_str()), ("awaiting_lodgement", "4958"));
        let waiting: Vec<_> = changed.instructions.iter().filter(|i| i.state == "waiting").collect();
        let codes: Vec<_> = waiting.iter().map(|i| (i.code.as_str(), i.shown.as_str())).collect();
        assert_eq!(codes, [("0N", "4958"), ("0C", "7491")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dd_e7_an_unused_mandate_sleeps_and_is_not_collected_from() {
    on_both("2026-03-02", async |t| {
        owe(&t, &[("P1", "p1@example.org"), ("P2", "")], &[]).await;
        let (first, _) = two_active(&t).await;
        let by = t.operator();
        assert_eq!(age_mandates(&t.desk, &by, day("2028-03-03")).await.expect("aged").dormant.len(), 0);
        let aged = age_mandates(&t.desk, &by, day("2028-03-06")).await.expect("aged");
        assert_eq!(aged.dormant.len(), 2);
        let asleep = mandate(&t.desk, &by, &first).await.expect("a mandate").mandate;
        assert_eq!(asleep.state, "dormant");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_19_a_release_cut_off_anywhere_goes_on_where_it_was() {
    const COUNT: usize = 230;
    on_both("2026-03-02", async |t| {
        service(&t).await;
        let names: Vec<(String, String)> = (0..COUNT).map(|n| (format!("P{n:03}"), format!("INV-{n:03}"))).collect();
        let people: Vec<(&str, &str)> = names.iter().map(|(who, _)| (who.as_str(), "p@example.org")).collect();
        let owed: Vec<_> = (0i64..)
            .zip(&names)
            .map(|(n, (who, invoice))| (invoice.as_str(), who.as_str(), "2026-05-01", 1_000 + n))
            .collect();
        owe(&t, &people, &owed).await;
        let (cashier, officer, approver) =
            (t.role(Role::Cashier), t.role(Role::BillingOfficer), t.role(Role::Approver));
        for (who, _) in &names {
            let ask = set_up(who, who, "telephone", ("107999", "88837491"));
            set_up_mandate(&t.desk, &officer, ask).await.expect("a mandate");
        }
        run(&t, "lodge", "2026-03-05").await;
        age_mandates(&t.desk, &t.operator(), day("2026-03-12")).await.expect("active");
        t.go_to("2026-04-14");
        let ask = NotifyCollections { key: "n".into(), due_by: day("2026-05-05") };
        let told = notify_collections(&t.desk, &cashier, ask).await.expect("told");
        assert_eq!(told.collections, COUNT as i64);
        t.go_to("2026-04-29");
        let ask = AskRun { key: "ask".into(), entry_on: day("2026-05-01"), content_hash: String::new() };
        let asked = ask_run(&t.desk, &cashier, ask).await.expect("asked");
        decide(&t, "yes", &asked.approval, true).await.expect("approved");
        let release = || ReleaseRun { run: asked.run.clone() };
        // Cut off after the first chunk, in the middle of the second.
        let (tell, heard) = tokio::sync::oneshot::channel();
        let tell = std::sync::Mutex::new(Some(tell));
        let told = |_: i64, _: i64| {
            if let Some(tell) = tell.lock().expect("nobody panics").take() {
                let _ = tell.send(());
            }
        };
        tokio::select! {
            _ = release_run(&t.desk, &approver, release(), &told) => {}
            _ = heard => {}
        }
        let done = release_run(&t.desk, &approver, release(), &|_, _| {}).await.expect("goes on");
        let sum: i64 = owed.iter().map(|one| one.3).sum();
        assert_eq!((done.collections, done.pence), (COUNT as i64, sum));
        assert_eq!(balance(&t, "DDC").await, sum, "each was posted once");
        let (_, file) = run_file(&t.desk, &cashier, &done.run).await.expect("a file");
        let file = sundry_formats::bacs::standard18::read(&file).expect("it proves");
        assert_eq!((file.records.len(), file.totals.debits_pence), (COUNT, sum));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_15_a_direct_debit_that_is_taken_stops_every_step_the_same_day() {
    on_both("2026-03-02", async |t| {
        let owed = [("INV-1", "P1", "2026-05-01", 12_000), ("INV-2", "P2", "2026-05-01", 9_000)];
        owe(&t, &[("P1", "p1@example.org"), ("P2", "")], &owed).await;
        two_active(&t).await;
        t.go_to("2026-04-14");
        let (cashier, controller) = (t.role(Role::Cashier), t.role(Role::CreditController));
        let ask = NotifyCollections { key: "n".into(), due_by: day("2026-05-05") };
        assert_eq!(notify_collections(&t.desk, &cashier, ask).await.expect("told").collections, 2);
        t.go_to("2026-04-29");
        let asked = async || {
            let seen = sundry_desk::recovery::preview_day(&t.desk, &controller, day("2026-05-08")).await;
            seen.expect("a preview").totals.letters.get("reminder").map_or(0, |sum| sum.count)
        };
        assert_eq!(asked().await, 2, "both would be asked a week after the due date");
        assert_eq!(run(&t, "run", "2026-05-01").await.collections, 2);
        assert_eq!((open_of(&t, "INV-1").await, open_of(&t, "INV-2").await), (0, 0));
        assert_eq!(asked().await, 0, "what is taken is not asked for");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_06_a_direct_debit_takes_the_instalments_of_a_plan() {
    on_both("2026-03-02", async |t| {
        let owed = [("INV-1", "P1", "2026-02-01", 60_000), ("INV-2", "P2", "2026-05-01", 72_940)];
        owe(&t, &[("P1", "p1@example.org"), ("P2", "")], &owed).await;
        let (first, _) = two_active(&t).await;
        t.go_to("2026-04-14");
        let (cashier, controller) = (t.role(Role::Cashier), t.role(Role::CreditController));
        let terms = serde_json::json!({
            "customer": "P1", "items": ["INV-1"], "instalments": 6, "every": "month", "first_on": "2026-05-01",
            "method": "direct_debit", "asked_by": "customer", "evidence": "call",
        });
        let ask =
            sundry_desk::plans::AgreePlan { key: "plan".into(), ask: serde_json::from_value(terms).expect("terms") };
        let plan = sundry_desk::plans::agree_plan(&t.desk, &controller, ask).await.expect("agreed");
        let shown = sundry_desk::plans::plan(&t.desk, &controller, &plan.number).await.expect("a plan");
        assert_eq!(shown.mandate, first);
        let notify = |key: &str, due_by: &str| NotifyCollections { key: key.into(), due_by: day(due_by) };
        let told = notify_collections(&t.desk, &cashier, notify("n", "2026-05-05")).await.expect("told");
        assert_eq!((told.collections, told.pence), (2, 10_000 + 72_940), "the instalment, not the invoice");
        let again = notify_collections(&t.desk, &cashier, notify("n2", "2026-05-05")).await.expect("told");
        assert_eq!(again.collections, 0);
        t.go_to("2026-04-29");
        let released = run(&t, "run", "2026-05-01").await;
        assert_eq!((released.collections, released.pence), (2, 82_940));
        assert_eq!(open_of(&t, "INV-1").await, 50_000);
        t.go_to("2026-05-04");
        let shown = sundry_desk::plans::plan(&t.desk, &controller, &plan.number).await.expect("a plan");
        assert_eq!((shown.line.paid_pence, shown.line.standing.as_str()), (10_000, "kept"));
        let told = notify_collections(&t.desk, &cashier, notify("n3", "2026-06-05")).await.expect("told");
        assert_eq!((told.collections, told.pence), (1, 10_000), "the next one, with notice of its own");
        // An instalment that goes takes its notice with it.
        let skip = sundry_desk::plans::ChangePlan {
            key: "skip".into(),
            number: plan.number.clone(),
            what: "skip".into(),
            part: Some(2),
            asked_by: "customer".into(),
            reason: "Away in June".into(),
            ..Default::default()
        };
        sundry_desk::plans::change_plan(&t.desk, &controller, skip).await.expect("skipped");
        let seen = preview_run(&t.desk, &cashier, day("2026-06-01")).await.expect("a preview");
        assert!(seen.collections.is_empty(), "{:?}", seen.collections);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_07_every_change_of_a_plan_has_notice_before_it_is_taken_and_a_claim_opens_the_debt_again() {
    on_both("2026-03-02", async |t| {
        owe(&t, &[("P1", "p1@example.org"), ("P2", "")], &[("INV-1", "P1", "2026-02-01", 60_000)]).await;
        let (first, _) = two_active(&t).await;
        t.go_to("2026-04-14");
        let (cashier, controller) = (t.role(Role::Cashier), t.role(Role::CreditController));
        let agreed = plan_by_debit("plan", ("P1", "INV-1"), "2026-05-01");
        let plan = sundry_desk::plans::agree_plan(&t.desk, &controller, agreed).await.expect("agreed");
        let told = notify_collections(&t.desk, &cashier, notice("n1", "2026-05-05")).await.expect("told");
        assert_eq!((told.collections, told.pence), (1, 10_000));
        assert_eq!(would_take(&t, "2026-05-01").await, 1);
        // What was agreed anew is not what was said: nothing is taken until it is.
        let change = sundry_desk::plans::ChangePlan {
            key: "sooner".into(),
            number: plan.number.clone(),
            what: "reschedule".into(),
            instalments: Some(3),
            from_on: Some(day("2026-05-01")),
            asked_by: "customer".into(),
            reason: "Can pay more".into(),
            ..Default::default()
        };
        sundry_desk::plans::change_plan(&t.desk, &controller, change).await.expect("agreed anew");
        assert_eq!(would_take(&t, "2026-05-01").await, 0, "the notice was of another amount");
        let told = notify_collections(&t.desk, &cashier, notice("n2", "2026-05-05")).await.expect("told");
        assert_eq!((told.collections, told.pence), (1, 20_000), "with notice of its own");
        t.go_to("2026-04-29");
        let released = run(&t, "run", "2026-05-01").await;
        assert_eq!((released.collections, released.pence), (1, 20_000));
        assert_eq!(open_of(&t, "INV-1").await, 40_000);
        t.go_to("2026-05-20");
        import(&t, "ddica", &ddica(&first, "2026-05-01", "200.00")).await.expect("taken in");
        assert_eq!(open_of(&t, "INV-1").await, 60_000);
        let claimed = claims(&t.desk, &cashier, "open").await.expect("claims");
        assert_eq!((claimed.len(), claimed[0].amount_pence), (1, 20_000));
        assert_eq!(stands(&t, &first).await, "suspended");
        let customer = CustomerId(claimed[0].customer_id);
        let mut look = t.desk.look().await.expect("a look");
        let holds = plans::holds_of_range(&mut look, t.org, customer, customer).await.expect("holds");
        drop(look);
        assert!(holds.iter().any(|hold| hold.reason == "indemnity_claim"), "nobody is chased for it meanwhile");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_14_who_reads_welsh_has_the_letters_of_direct_debit_in_welsh() {
    on_both("2026-03-02", async |t| {
        let owed = [("INV-1", "P1", "2026-05-01", 15_000), ("INV-2", "P2", "2026-05-01", 72_940)];
        owe(&t, &[("P1", "p1@example.org"), ("P2", "")], &owed).await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        tx.run("update customer set language = 'cy' where org_id = $1", args![t.org]).await.expect("changes");
        tx.commit().await.expect("commits");
        let (first, _) = two_active(&t).await;
        let cashier = t.role(Role::Cashier);
        t.go_to("2026-04-14");
        notify_collections(&t.desk, &cashier, notice("n1", "2026-05-05")).await.expect("told");
        t.go_to("2026-04-29");
        assert_eq!(run(&t, "run", "2026-05-01").await.pence, 87_940);
        t.go_to("2026-05-05");
        let poor = arudd(&first, "0", "REFER TO PAYER", "2026-04-30", "150.00");
        assert_eq!(import(&t, "poor", &poor).await.expect("taken in").reports[0].applied, 1);
        let back = unpaid_collections(&t.desk, &cashier).await.expect("unpaid");
        let customer = CustomerId(back[0].customer_id);
        let letters = sundry_desk::delivery::letters_of_customer(&t.desk, &cashier, customer).await.expect("letters");
        for (code, title, words) in [
            ("dd_confirmation", "Mae eich Debyd Uniongyrchol i", "2 Mawrth 2026, dros y ffôn"),
            ("dd_notice", "Hysbysiad ymlaen llaw o Ddebyd Uniongyrchol: £150.00", "pryd bynnag y bydd bil yn ddyledus"),
            ("dd_unpaid", "Ni thalwyd eich Debyd Uniongyrchol o £150.00", "cyfeirio at y talwr"),
        ] {
            let one = letters.iter().find(|letter| letter.template_code == code);
            let number = &one.unwrap_or_else(|| panic!("no {code}: {letters:?}")).number;
            let content = sundry_desk::delivery::letter(&t.desk, &cashier, number).await.expect("shows").content;
            assert!(content.title.starts_with(title), "{}", content.title);
            let said: Vec<String> = content
                .blocks
                .iter()
                .map(|block| format!("{} {}", block.heading.as_deref().unwrap_or_default(), block.text))
                .collect();
            let said = said.join(" ");
            assert!(said.contains(words), "{code}: {said}");
            for never in ["Call us", "collect", "working days", "refer to payer", "by telephone"] {
                assert!(!said.contains(never), "{code}: {never}: {said}");
            }
        }
        proved(&t).await;
    })
    .await;
}

async fn would_take(t: &TestDesk, entry_on: &str) -> usize {
    preview_run(&t.desk, &t.operator(), day(entry_on)).await.expect("a preview").collections.len()
}

async fn stands(t: &TestDesk, reference: &str) -> String {
    mandate(&t.desk, &t.operator(), reference).await.expect("a mandate").mandate.state
}

fn act(key: &str, reference: &str, what: &str) -> MandateAct {
    MandateAct {
        key: key.into(),
        reference: reference.into(),
        act: what.into(),
        signed_on: Some(day("2026-03-02")),
        words: "Box 7".into(),
    }
}

fn notice(key: &str, due_by: &str) -> NotifyCollections {
    NotifyCollections { key: key.into(), due_by: day(due_by) }
}

fn plan_by_debit(key: &str, (customer, invoice): (&str, &str), first_on: &str) -> sundry_desk::plans::AgreePlan {
    let terms = serde_json::json!({
        "customer": customer, "items": [invoice], "instalments": 6, "every": "month", "first_on": first_on,
        "method": "direct_debit", "asked_by": "customer", "evidence": "call",
    });
    sundry_desk::plans::AgreePlan { key: key.into(), ask: serde_json::from_value(terms).expect("terms") }
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_08_a_mandate_is_draft_valid_expired_cancelled_or_asleep_and_only_a_valid_one_collects() {
    on_both("2026-03-02", async |t| {
        let owed = [("INV-1", "P1", "2026-05-01", 15_000), ("INV-2", "P2", "2026-05-01", 72_940)];
        owe(&t, &[("P1", "p1@example.org"), ("P2", ""), ("P3", "")], &owed).await;
        service(&t).await;
        let (cashier, officer, controller) =
            (t.role(Role::Cashier), t.role(Role::BillingOfficer), t.role(Role::CreditController));

        // A form that is out is no authority: nothing is told, nothing goes on.
        let paper = SetUpMandate { signed_on: None, ..set_up("m1", "P1", "paper", ("10-79-99", "88837491")) };
        let first = set_up_mandate(&t.desk, &officer, paper).await.expect("a form is out").reference;
        assert_eq!(stands(&t, &first).await, "draft");
        let told = notify_collections(&t.desk, &cashier, notice("n0", "2026-05-05")).await.expect("nothing");
        assert_eq!(told.collections, 0);
        let no = act_on_mandate(&t.desk, &officer, act("a0", &first, "resume")).await.expect_err("not signed");
        assert_eq!(no.code(), Some("DD-01-STATE"));
        act_on_mandate(&t.desk, &officer, act("a1", &first, "sign")).await.expect("signed");
        assert_eq!(stands(&t, &first).await, "awaiting_lodgement");
        let no = act_on_mandate(&t.desk, &officer, act("a2", &first, "sign")).await.expect_err("signed before");
        assert_eq!(no.code(), Some("DD-01-STATE"));

        // Lodged; the bank says that one instruction has expired, and nobody returns the other.
        let third = set_up("m3", "P3", "telephone", ("10-79-99", "88837491"));
        let third = set_up_mandate(&t.desk, &officer, third).await.expect("a mandate").reference;
        assert_eq!(run(&t, "lodge", "2026-03-05").await.instructions, 2);
        assert_eq!(stands(&t, &first).await, "lodged");
        let expired = advice("N", &format!("reference=\"{third}\" reason-code=\"H\""));
        import(&t, "expired", &expired).await.expect("taken in");
        assert_eq!(stands(&t, &third).await, "rejected");
        let aged = age_mandates(&t.desk, &t.operator(), day("2026-03-31")).await.expect("aged");
        assert_eq!((aged.activated, aged.dormant.len()), (vec![first.clone()], 0));

        // Valid: it collects, stops while it is suspended, goes on, and ends for good.
        t.go_to("2026-04-14");
        let told = notify_collections(&t.desk, &cashier, notice("n1", "2026-05-05")).await.expect("told");
        assert_eq!((told.collections, told.pence), (1, 15_000));
        assert_eq!(would_take(&t, "2026-05-01").await, 1);
        act_on_mandate(&t.desk, &officer, act("a3", &first, "suspend")).await.expect("stopped");
        // Why it was stopped stands with the mandate, and the trail goes without.
        let seen = mandate(&t.desk, &officer, &first).await.expect("shows");
        let why = seen.history.last().map(|event| (event.event.clone(), seen.why(event)));
        assert_eq!(why, Some(("MandateChanged".to_owned(), "Box 7".to_owned())));
        super::court::trail_is_without(&t, &["Box 7"]).await;
        assert_eq!(would_take(&t, "2026-05-01").await, 0);
        act_on_mandate(&t.desk, &officer, act("a4", &first, "resume")).await.expect("goes on");
        assert_eq!(would_take(&t, "2026-05-01").await, 1);
        act_on_mandate(&t.desk, &officer, act("a5", &first, "cancel")).await.expect("cancelled");
        assert_eq!(would_take(&t, "2026-05-01").await, 0);
        let over = mandate(&t.desk, &officer, &first).await.expect("a mandate");
        assert_eq!(over.mandate.state, "cancelled");
        assert!(over.instructions.iter().any(|one| one.code == "0C"), "the bank is told");
        assert_eq!(open_of(&t, "INV-1").await, 15_000);
        let no = act_on_mandate(&t.desk, &officer, act("a6", &first, "resume")).await.expect_err("over");
        assert_eq!(no.code(), Some("DD-01-STATE"));

        // Asleep after two years without a collection: nothing is told, no plan leans on it, a new authority is needed.
        let second = set_up("m2", "P2", "telephone", ("20-29-59", "63748472"));
        let second = set_up_mandate(&t.desk, &officer, second).await.expect("a mandate").reference;
        run(&t, "lodge2", "2026-04-17").await;
        let aged = age_mandates(&t.desk, &t.operator(), day("2026-05-11")).await.expect("aged");
        assert_eq!(aged.activated, std::slice::from_ref(&second));
        t.go_to("2028-05-02");
        let aged = age_mandates(&t.desk, &t.operator(), day("2028-05-02")).await.expect("aged");
        assert_eq!(aged.dormant, std::slice::from_ref(&second));
        let told = notify_collections(&t.desk, &cashier, notice("n2", "2028-06-05")).await.expect("nothing");
        assert_eq!(told.collections, 0);
        let plan = plan_by_debit("p1", ("P2", "INV-2"), "2028-06-01");
        let no = sundry_desk::plans::agree_plan(&t.desk, &controller, plan).await.expect_err("no mandate");
        assert_eq!(no.code(), Some("PP-01-NO-MANDATE"));
        let no = act_on_mandate(&t.desk, &officer, act("a7", &second, "resume")).await.expect_err("asleep");
        assert_eq!(no.code(), Some("DD-01-STATE"));
        let anew = set_up("m4", "P2", "telephone", ("20-29-59", "63748472"));
        let anew = SetUpMandate { signed_on: Some(day("2028-05-02")), ..anew };
        let anew = set_up_mandate(&t.desk, &officer, anew).await.expect("a new authority").reference;
        let plan = plan_by_debit("p2", ("P2", "INV-2"), "2028-06-01");
        let plan = sundry_desk::plans::agree_plan(&t.desk, &controller, plan).await.expect("agreed");
        let shown = sundry_desk::plans::plan(&t.desk, &controller, &plan.number).await.expect("a plan");
        assert_eq!(shown.mandate, anew);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_09_a_failed_collection_has_its_reason_opens_the_debt_tells_the_payer_and_follows_its_rule() {
    on_both("2026-03-02", async |t| {
        let owed = [("INV-1", "P1", "2026-02-01", 60_000), ("INV-2", "P2", "2026-05-01", 72_940)];
        owe(&t, &[("P1", "p1@example.org"), ("P2", "")], &owed).await;
        let (first, second) = two_active(&t).await;
        t.go_to("2026-04-14");
        let (cashier, controller) = (t.role(Role::Cashier), t.role(Role::CreditController));
        let plan = plan_by_debit("plan", ("P1", "INV-1"), "2026-05-01");
        let plan = sundry_desk::plans::agree_plan(&t.desk, &controller, plan).await.expect("agreed").number;
        notify_collections(&t.desk, &cashier, notice("n1", "2026-05-05")).await.expect("told");
        t.go_to("2026-04-29");
        assert_eq!(run(&t, "run", "2026-05-01").await.pence, 82_940);
        assert_eq!((open_of(&t, "INV-1").await, open_of(&t, "INV-2").await), (50_000, 0));

        // Both come back: one for want of money, one since the account is closed. The debts are open again.
        t.go_to("2026-05-05");
        let poor = arudd(&first, "0", "REFER TO PAYER", "2026-04-30", "100.00");
        assert_eq!(import(&t, "poor", &poor).await.expect("taken in").reports[0].applied, 1);
        let closed = arudd(&second, "B", "ACCOUNT CLOSED", "2026-04-30", "729.40");
        assert_eq!(import(&t, "closed", &closed).await.expect("taken in").reports[0].applied, 1);
        assert_eq!((open_of(&t, "INV-1").await, open_of(&t, "INV-2").await), (60_000, 72_940));
        assert_eq!(balance(&t, "DDC").await, 0);
        let back = unpaid_collections(&t.desk, &cashier).await.expect("unpaid");
        let of = |pence: i64| back.iter().find(|row| row.amount_pence == pence).expect("it came back").clone();
        let (poor, closed) = (of(10_000), of(72_940));
        assert_eq!((poor.reason_code.as_str(), poor.reason.as_str()), ("0", "Refer to payer"));
        assert_eq!((closed.reason_code.as_str(), closed.reason.as_str()), ("B", "Account closed"));
        assert_eq!((stands(&t, &first).await, stands(&t, &second).await), ("active".into(), "cancelled".into()));

        // Each payer is told; the plan knows that its instalment is not paid.
        for row in [&poor, &closed] {
            let customer = CustomerId(row.customer_id);
            let letters = sundry_desk::delivery::letters_of_customer(&t.desk, &cashier, customer).await;
            let letters = letters.expect("letters");
            assert!(letters.iter().any(|letter| letter.template_code == "dd_unpaid"), "{}", row.number);
        }
        let shown = sundry_desk::plans::plan(&t.desk, &controller, &plan).await.expect("a plan");
        assert_eq!((shown.line.state.as_str(), shown.line.standing.as_str()), ("active", "late"));
        assert_eq!((shown.line.paid_pence, shown.line.behind_pence), (0, 10_000));

        // Again: the same amount, in time, and only where the reason allows it.
        let again = |key: &str, row: &collections::CollectionRow, on: &str, pence| RepresentCollection {
            key: key.into(),
            number: row.number.clone(),
            entry_on: day(on),
            amount: Pence(pence),
        };
        let no = represent_collection(&t.desk, &cashier, again("r1", &closed, "2026-05-20", 72_940)).await;
        assert_eq!(no.expect_err("an account that is closed").code(), Some("DD-07-NOT-AGAIN"));
        let no = represent_collection(&t.desk, &cashier, again("r2", &poor, "2026-05-20", 9_000)).await;
        assert_eq!(no.expect_err("another amount").code(), Some("DD-07-AMOUNT"));
        let no = represent_collection(&t.desk, &cashier, again("r3", &poor, "2026-06-15", 10_000)).await;
        assert_eq!(no.expect_err("too late").code(), Some("DD-07-LATE"));
        represent_collection(&t.desk, &cashier, again("r4", &poor, "2026-05-20", 10_000)).await.expect("once more");

        // Nothing more is told under the mandate that ended; the plan's next instalment is.
        let told = notify_collections(&t.desk, &cashier, notice("n2", "2026-06-05")).await.expect("told");
        assert_eq!((told.collections, told.pence), (1, 10_000));
        t.go_to("2026-05-18");
        let taken = run(&t, "again", "2026-05-20").await;
        assert_eq!((taken.collections, taken.pence), (1, 10_000));
        assert_eq!(open_of(&t, "INV-1").await, 50_000);
        t.go_to("2026-05-21");
        let shown = sundry_desk::plans::plan(&t.desk, &controller, &plan).await.expect("a plan");
        assert_eq!((shown.line.standing.as_str(), shown.line.behind_pence), ("kept", 0));
        proved(&t).await;
    })
    .await;
}
