//! The daily run: ladders by date, refusals by code, one letter a customer, and every kind of interruption.
use chrono::{Days, NaiveDate};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::court::{RecordLimit, record_limit};
use sundry_desk::delivery::{letter, letter_pdf, letters_of_customer, letters_since};
use sundry_desk::plans::{
    EndHold, PlaceHold, PromiseToPay, WithdrawPromise, end_hold, holds, place_hold, promise_to_pay, promises,
    withdraw_promise,
};
use sundry_desk::recovery::{
    DayReleased, ReleaseDay, case, pathway, pathways, preview_day, release_day, run, runs, statutory_interest,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, HoldId, ItemId};
use sundry_domain::money::Pence;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::{args, recovery as store};

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

/// A customer, put straight into the store.
pub(crate) async fn customer(t: &TestDesk, number: &str, kind: &str, email: &str) -> CustomerId {
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
    let id: CustomerId = t.desk.id();
    let name = format!("Siôn O'Dowd & Co {number}");
    let channel = if email.is_empty() { "post" } else { "email" };
    let row = args![
        t.org,
        id,
        number,
        name,
        number,
        kind,
        "1 Mere Road",
        "",
        "Northmere",
        "NM1 1AA",
        email,
        "",
        30i64,
        channel,
        "en",
        "",
        "",
        t.desk.clock().now(),
        1i64
    ];
    let mut tx = t.desk.db().begin().await.expect("begins");
    tx.insert("customer", COLUMNS, vec![row]).await.expect("a customer");
    tx.commit().await.expect("commits");
    id
}

/// Something open on an account, put straight into the store.
pub(crate) async fn open(
    t: &TestDesk,
    customer: CustomerId,
    kind: &str,
    number: &str,
    due: &str,
    pence: i64,
) -> ItemId {
    let id: ItemId = t.desk.id();
    let row = ItemRow {
        id: id.0,
        customer_id: customer.0,
        kind: kind.into(),
        number: number.into(),
        document_id: None,
        receipt_id: None,
        posted_on: d(due) - Days::new(30),
        dated_on: d(due) - Days::new(30),
        due_on: d(due),
        original_pence: pence,
        open_pence: pence,
        disputed_pence: 0,
        service: "trade waste".into(),
        debt_type: "trade_waste".into(),
        stage: String::new(),
        journal_id: 1,
        recorded_at: t.desk.clock().now(),
    };
    let mut tx = t.desk.db().begin().await.expect("begins");
    ledger::add_items(&mut tx, t.org, vec![row]).await.expect("an item");
    tx.commit().await.expect("commits");
    id
}

pub(crate) async fn flag(t: &TestDesk, customer: CustomerId, kind: &str, from: &str, to: &str) {
    const COLUMNS: &[&str] = &[
        "org_id",
        "id",
        "customer_id",
        "kind",
        "evidence",
        "from_on",
        "to_on",
        "review_on",
        "raised_by",
        "recorded_at",
    ];
    let none: Option<NaiveDate> = None;
    let id: i64 = t.desk.id();
    let row = args![t.org, id, customer, kind, "Notice", d(from), d(to), none, "Ann", t.desk.clock().now()];
    let mut tx = t.desk.db().begin().await.expect("begins");
    tx.insert("customer_flag", COLUMNS, vec![row]).await.expect("a flag");
    tx.commit().await.expect("commits");
}

pub(crate) async fn release(t: &TestDesk, day: &str) -> Outcome<DayReleased> {
    t.go_to(day);
    let ask = ReleaseDay { key: format!("release {day}"), date: d(day) };
    release_day(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await
}

pub(crate) async fn live(t: &TestDesk, from: &str, to: &str) {
    let mut day = d(from);
    while day <= d(to) {
        release(t, &day.to_string()).await.expect("a day is released");
        day = day + Days::new(1);
    }
}

async fn steps(t: &TestDesk, item: ItemId) -> Vec<(String, String)> {
    let view = case(&t.desk, &t.role(Role::CreditController), item).await.expect("a case");
    view.steps.into_iter().map(|step| (step.step_code, step.taken_on.to_string())).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(code, day)| ((*code).to_owned(), (*day).to_owned())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_e5_the_ladder_day_by_day() {
    on_both("2026-09-20", async |t| {
        let person = customer(&t, "C100001", "individual", "").await;
        let firm = customer(&t, "C100002", "company", "ap@example.org").await;
        let council = customer(&t, "C100003", "public_body", "").await;
        let mut items = Vec::new();
        for (who, number) in [(person, "INV-1"), (firm, "INV-2"), (council, "INV-3")] {
            items.push(open(&t, who, "invoice", number, "2026-10-01", 12_000).await);
        }
        live(&t, "2026-09-21", "2026-12-14").await;
        let ladder = |r0: bool, call: &str, decision: &str| {
            let courtesy = [("R0", "2026-09-24")];
            let rest = [
                ("R1", "2026-10-08"),
                ("R2", "2026-10-22"),
                ("R2-CALL", call),
                ("R3", "2026-11-05"),
                ("R3-SERVICE", "2026-11-06"),
                ("R4", "2026-11-12"),
                ("R5", decision),
            ];
            let mut all = if r0 { pairs(&courtesy) } else { Vec::new() };
            all.extend(pairs(&rest));
            all
        };
        assert_eq!(steps(&t, items[0]).await, ladder(false, "2026-10-29", "2026-12-13"));
        assert_eq!(steps(&t, items[1]).await, ladder(true, "2026-10-23", "2026-11-27"));
        assert_eq!(steps(&t, items[2]).await, ladder(false, "2026-10-23", "2026-11-27"));
        let by = t.role(Role::CreditController);
        let claims = |who| {
            let (desk, by) = (t.desk.clone(), by.clone());
            async move {
                let all = letters_of_customer(&desk, &by, who).await.expect("letters");
                all.into_iter().find(|one| one.kind == "letter_of_claim")
            }
        };
        let claim = claims(person).await.expect("a letter of claim");
        assert_eq!((claim.template_code.as_str(), claim.dated_on), ("letter_of_claim", d("2026-11-12")));
        assert_eq!(claims(firm).await.expect("one").template_code, "letter_before_action");
        assert!(claims(council).await.is_none(), "nobody claims from a council");
        let note = |item| {
            let (desk, by) = (t.desk.clone(), by.clone());
            async move {
                let view = case(&desk, &by, item).await.expect("a case");
                view.steps.into_iter().find(|step| step.step_code == "R4").expect("R4").note
            }
        };
        assert!(note(items[0]).await.ends_with("a claim may be issued from 13 December 2026"));
        assert!(note(items[1]).await.ends_with("a claim may be issued from 27 November 2026"));
        let ended = case(&t.desk, &by, items[0]).await.expect("a case");
        assert!(ended.next.is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_e6_a_dispute_stops_the_clock_and_gives_grace() {
    on_both("2026-10-07", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        let item = open(&t, who, "invoice", "INV-1", "2026-10-01", 12_000).await;
        let controller = t.role(Role::CreditController);
        live(&t, "2026-10-08", "2026-10-19").await;
        t.go_to("2026-10-20");
        let ask = PlaceHold {
            key: "hold".into(),
            customer: who,
            item: Some(item),
            reason: "dispute".into(),
            until: None,
            words: "Says two visits were missed".into(),
        };
        let hold = place_hold(&t.desk, &controller, ask).await.expect("a hold").hold;
        live(&t, "2026-10-20", "2026-11-09").await;
        let view = case(&t.desk, &controller, item).await.expect("a case");
        assert_eq!(view.next.expect("R2").refusal.expect("refused").code, "REC-04-HOLD-DISPUTE");
        t.go_to("2026-11-10");
        let ask = EndHold { key: "end".into(), hold, words: "Resolved: upheld in part".into() };
        end_hold(&t.desk, &controller, ask).await.expect("ends");
        live(&t, "2026-11-10", "2026-11-24").await;
        assert_eq!(steps(&t, item).await, pairs(&[("R1", "2026-10-08"), ("R2", "2026-11-24")]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn missed_days_are_caught_up_a_step_at_a_time() {
    on_both("2026-03-01", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        let item = open(&t, who, "invoice", "INV-1", "2026-03-01", 12_000).await;
        release(&t, "2026-03-08").await.expect("a day");
        // Ten days and more without a run: nothing is skipped, and letters stay a week apart.
        release(&t, "2026-04-13").await.expect("a day");
        live(&t, "2026-04-14", "2026-04-28").await;
        let expected = [
            ("R1", "2026-03-08"),
            ("R2", "2026-04-13"),
            ("R2-CALL", "2026-04-14"),
            ("R3", "2026-04-20"),
            ("R3-SERVICE", "2026-04-21"),
            ("R4", "2026-04-27"),
        ];
        assert_eq!(steps(&t, item).await, pairs(&expected));
        let early = release(&t, "2026-04-01").await.expect_err("an earlier day");
        assert_eq!(early.code(), Some("REC-RUN-ORDER"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reason_to_wait_refuses_with_its_own_code() {
    on_both("2026-05-11", async |t| {
        let controller = t.role(Role::CreditController);
        let due = "2026-05-01";
        let mut who = Vec::new();
        for n in 1..=6 {
            let id = customer(&t, &format!("C10000{n}"), "individual", "").await;
            open(&t, id, "invoice", &format!("INV-{n}"), due, 12_000).await;
            who.push(id);
        }
        let ask = PlaceHold {
            key: "complaint".into(),
            customer: who[0],
            item: None,
            reason: "complaint".into(),
            until: Some(d("2026-05-20")),
            words: "Stage 2".into(),
        };
        place_hold(&t.desk, &controller, ask).await.expect("a hold");
        flag(&t, who[1], "breathing_space", "2026-05-02", "2026-06-30").await;
        let ask = PromiseToPay {
            key: "promise".into(),
            customer: who[2],
            amount_pence: Pence(12_000),
            due_on: d("2026-05-15"),
            words: "On pay day".into(),
        };
        let taken = promise_to_pay(&t.desk, &controller, ask).await.expect("a promise");
        assert_eq!(taken.held_until, d("2026-05-20"));
        open(&t, who[3], "receipt", "RCT-1", due, -4_000).await;
        flag(&t, who[4], "deceased", "2026-05-02", "2027-06-30").await;
        let preview = preview_day(&t.desk, &controller, d("2026-05-11")).await.expect("a preview");
        let released = release(&t, "2026-05-11").await.expect("a day");
        assert_eq!(preview.totals.refused, released.totals.refused);
        let (_, refused) = run(&t.desk, &controller, "DAY-2026-05-11", 0, 100).await.expect("a run");
        let by_customer: BTreeMap<i64, (&str, Option<NaiveDate>)> =
            refused.iter().map(|row| (row.customer_id, (row.code.as_str(), row.allowed_from))).collect();
        let expected = [
            ("REC-04-HOLD-COMPLAINT", Some(d("2026-05-21"))),
            ("BS-03-BREATHING-SPACE", Some(d("2026-07-01"))),
            ("REC-04-HOLD-PROMISE", Some(d("2026-05-21"))),
            ("REC-X7-CASH", None),
            ("BS-06-DECEASED", Some(d("2027-07-01"))),
        ];
        for (who, expected) in who.iter().zip(expected) {
            assert_eq!(by_customer[&who.0], expected);
        }
        assert!(refused.iter().any(|row| row.sentence.contains("£40.00")), "the cash refusal names how much");
        assert_eq!(released.totals.letters["reminder"].count, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bank_file_that_waits_stops_the_chase_for_everyone() {
    on_both("2026-05-11", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-05-01", 12_000).await;
        const COLUMNS: &[&str] = &[
            "org_id",
            "id",
            "bank_statement_id",
            "bank_account_id",
            "external_id",
            "line_key",
            "posted_on",
            "amount_pence",
            "kind",
            "payer_name",
            "payer_print",
            "payer_shown",
            "words",
            "state",
            "receipt_id",
            "reason",
            "recorded_at",
        ];
        let none: Option<i64> = None;
        let now = t.desk.clock().now();
        let row = args![
            t.org,
            1i64,
            1i64,
            1i64,
            "x",
            "x",
            d("2026-05-11"),
            500i64,
            "credit",
            "",
            "",
            "",
            "",
            "waiting",
            none,
            "",
            now
        ];
        let mut tx = t.desk.db().begin().await.expect("begins");
        tx.insert("bank_line", COLUMNS, vec![row]).await.expect("a line");
        tx.commit().await.expect("commits");
        let released = release(&t, "2026-05-11").await.expect("a day");
        assert_eq!(released.totals.refused, BTreeMap::from([("REC-X7-BANK-FILE".to_owned(), 1)]));
        assert_eq!((released.totals.bank_lines_waiting, released.totals.bank_waiting_pence), (1, Pence(500)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_letter_a_customer_a_step_with_part_payments_and_credits() {
    on_both("2026-05-11", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        let part_paid = open(&t, who, "invoice", "INV-1", "2026-05-01", 12_000).await;
        open(&t, who, "invoice", "INV-2", "2026-05-03", 3_000).await;
        open(&t, who, "credit_note", "CRN-1", "2026-05-03", -1_000).await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        assert!(ledger::reduce_debit(&mut tx, t.org, part_paid, Pence(2_000)).await.expect("paid in part"));
        tx.commit().await.expect("commits");
        let released = release(&t, "2026-05-11").await.expect("a day");
        let reminders = released.totals.letters["reminder"];
        assert_eq!((reminders.count, reminders.total_pence), (1, Pence(12_000)));
        assert_eq!(released.totals.steps["R1"], 2);
        let by = t.role(Role::CreditController);
        let all = letters_of_customer(&t.desk, &by, who).await.expect("letters");
        let view = letter(&t.desk, &by, &all[0].number).await.expect("a letter");
        assert_eq!(view.content.items.len(), 3);
        assert_eq!(view.content.sum_pence, 12_000);
        assert!(view.content.items.iter().any(|row| row.owed_pence == 10_000 && row.paid_pence == 2_000));
        let pdf = letter_pdf(&t.desk, &by, &all[0].number).await.expect("a PDF");
        let words = pdf_words(&pdf);
        assert!(words.is_none_or(|words| words.contains("£120.00") && words.contains("C100001")));
        let absent = letter(&t.desk, &by, "LTR-999999").await.expect_err("no such letter");
        assert!(matches!(absent, No::Absent(_)));
    })
    .await;
}

/// The words of a PDF, or nothing where the tool is not installed.
pub(crate) fn pdf_words(pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("letter.pdf");
    std::fs::write(&path, pdf).expect("writes");
    match std::process::Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).into_owned()),
        Err(_) => {
            eprintln!("SKIPPED: pdftotext is not installed, so the words of the PDF are not read");
            None
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_go_on_the_first_working_day_and_ask_for_nothing() {
    on_both("2026-05-30", async |t| {
        let who = customer(&t, "C100001", "individual", "").await;
        open(&t, who, "invoice", "INV-1", "2026-06-20", 12_000).await;
        open(&t, who, "receipt", "RCT-1", "2026-06-20", -2_000).await;
        live(&t, "2026-05-30", "2026-06-03").await;
        let by = t.role(Role::CreditController);
        let all = letters_of_customer(&t.desk, &by, who).await.expect("letters");
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].kind.as_str(), all[0].dated_on, all[0].total_pence), ("statement", d("2026-06-01"), 10_000));
        let view = letter(&t.desk, &by, &all[0].number).await.expect("a letter");
        assert!(view.content.due_on.is_none() && !view.content.title.contains("You owe"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn promises_are_kept_or_broken_by_what_came_in() {
    on_both("2026-05-11", async |t| {
        let controller = t.role(Role::CreditController);
        let mut who = Vec::new();
        for n in 1..=3 {
            let id = customer(&t, &format!("C10000{n}"), "individual", "").await;
            open(&t, id, "invoice", &format!("INV-{n}"), "2026-05-01", 12_000).await;
            who.push(id);
        }
        let promise = |n: usize, pence: i64| PromiseToPay {
            key: format!("p{n}"),
            customer: who[n],
            amount_pence: Pence(pence),
            due_on: d("2026-05-15"),
            words: "By Friday".into(),
        };
        let mut taken = Vec::new();
        for n in 0..3 {
            taken.push(promise_to_pay(&t.desk, &controller, promise(n, 12_000)).await.expect("a promise").promise);
        }
        let mut again = promise(0, 100);
        again.key = "another".into();
        let no = promise_to_pay(&t.desk, &controller, again.clone()).await.expect_err("one is open");
        assert_eq!(no.code(), Some("PP-PROMISE-OPEN"));
        let ask = WithdrawPromise { key: "w".into(), promise: taken[2], words: "Misheard".into() };
        withdraw_promise(&t.desk, &controller, ask.clone()).await.expect("withdrawn");
        let ask = WithdrawPromise { key: "w2".into(), ..ask };
        let no = withdraw_promise(&t.desk, &controller, ask).await.expect_err("decided");
        assert_eq!(no.code(), Some("PP-PROMISE-DECIDED"));
        let absurd = PromiseToPay { key: "z".into(), customer: who[2], amount_pence: Pence(10i64.pow(15)), ..again };
        let no = promise_to_pay(&t.desk, &controller, absurd).await.expect_err("too much");
        assert_eq!(no.code(), Some("PP-PROMISE-AMOUNT"));
        t.go_to("2026-05-14");
        // Dated thirty days before it is due: 13 May.
        open(&t, who[0], "receipt", "RCT-1", "2026-06-12", -12_000).await;
        let released = release(&t, "2026-05-14").await.expect("a day");
        assert_eq!((released.totals.promises_kept, released.totals.promises_broken), (1, 0));
        let released = release(&t, "2026-05-21").await.expect("a day");
        assert_eq!((released.totals.promises_kept, released.totals.promises_broken), (0, 1));
        let state = |n: usize| {
            let (desk, by, who) = (t.desk.clone(), controller.clone(), who[n]);
            async move { promises(&desk, &by, who).await.expect("promises")[0].state.clone() }
        };
        assert_eq!(
            (state(0).await, state(1).await, state(2).await),
            ("kept".into(), "broken".into(), "withdrawn".into())
        );
        let ended = holds(&t.desk, &controller, who[1]).await.expect("holds");
        assert_eq!(ended[0].ended_on, Some(d("2026-05-21")));
        assert_eq!(released.totals.letters["reminder"].count, 1, "the broken promise is chased the same day");
    })
    .await;
}

async fn many(t: &TestDesk, count: usize) {
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
    let now = t.desk.clock().now();
    let (mut customers, mut items) = (Vec::new(), Vec::new());
    for n in 0..count as i64 {
        let id = 1_000 + n;
        let number = format!("C{}", 200_000 + n);
        let address = if n % 7 == 0 { "" } else { "1 Mere Road" };
        customers.push(args![
            t.org,
            id,
            &number,
            &number,
            &number,
            "individual",
            address,
            "",
            "",
            "",
            "",
            "",
            30i64,
            "post",
            "en",
            "",
            "",
            now,
            1i64
        ]);
        for k in 0..5 {
            items.push(ItemRow {
                id: 100_000 + n * 10 + k,
                customer_id: id,
                kind: "invoice".into(),
                number: format!("INV-{n}-{k}"),
                document_id: None,
                receipt_id: None,
                posted_on: d("2026-04-01"),
                dated_on: d("2026-04-01"),
                due_on: d("2026-05-01") - Days::new((k as u64) * 4),
                original_pence: 5_000 + n * 10 + k,
                open_pence: 5_000 + n * 10 + k,
                disputed_pence: 0,
                service: String::new(),
                debt_type: String::new(),
                stage: String::new(),
                journal_id: 1,
                recorded_at: now,
            });
        }
    }
    let mut tx = t.desk.db().begin().await.expect("begins");
    tx.insert("customer", COLUMNS, customers).await.expect("customers");
    ledger::add_items(&mut tx, t.org, items).await.expect("items");
    tx.commit().await.expect("commits");
}

/// A worker that dies after so many of its chunks.
async fn dies(t: &TestDesk, day: &'static str, dies_after: i64) {
    let (desk, by) = (t.desk.clone(), t.role(Role::TeamLeader));
    let killed = tokio::spawn(async move {
        let told = AtomicI64::new(0);
        let ask = ReleaseDay { key: format!("release {day}"), date: d(day) };
        let die = |_: i64, _: i64| assert!(told.fetch_add(1, Ordering::Relaxed) + 1 < dies_after, "killed");
        release_day(&desk, &by, ask, &die).await
    });
    assert!(killed.await.is_err(), "the worker died after chunk {dies_after}");
}

/// How many items took a step, each of them at the stage of its last.
async fn staged(t: &TestDesk) -> usize {
    let mut tx = t.desk.look().await.expect("looks");
    let (first, last) = (CustomerId(0), CustomerId(i64::MAX));
    let taken = store::steps_of_range(&mut tx, t.org, first, last).await.expect("steps");
    let last_of: BTreeMap<i64, String> = taken.into_iter().map(|step| (step.item_id, step.step_code)).collect();
    let items = ledger::all_open_items(&mut tx, t.org).await.expect("items");
    let at: BTreeMap<i64, String> =
        items.into_iter().filter(|item| !item.stage.is_empty()).map(|item| (item.id, item.stage)).collect();
    assert_eq!(at, last_of);
    at.len()
}

/// Everything a run leaves behind, without ids and instants.
async fn trace(t: &TestDesk, day: &str) -> (DayReleased, Vec<(String, i64, i64)>, Vec<(i64, String, String)>, i64) {
    let by = t.role(Role::CreditController);
    let again = release(t, day).await.expect("done");
    let letters = letters_since(&t.desk, &by, d(day)).await.expect("letters");
    let letters = letters.into_iter().map(|one| (one.number, one.customer_id, one.total_pence)).collect();
    let mut tx = t.desk.look().await.expect("looks");
    let (first, last) = (CustomerId(0), CustomerId(i64::MAX));
    let taken = store::steps_of_range(&mut tx, t.org, first, last).await.expect("steps");
    let taken = taken.into_iter().map(|step| (step.item_id, step.step_code, step.taken_on.to_string())).collect();
    let (_, refused) = run(&t.desk, &by, &again.number, 0, 100_000).await.expect("a run");
    (again, letters, taken, refused.len() as i64)
}

#[tokio::test(flavor = "multi_thread")]
async fn p10_a_run_killed_anywhere_goes_on_where_it_was() {
    on_both("2026-05-11", async |t| {
        many(&t, 650).await;
        let undisturbed = TestDesk::on(t.desk.db().engine(), "2026-05-11").await;
        many(&undisturbed, 650).await;
        let expected = release(&undisturbed, "2026-05-11").await.expect("a day");
        assert_eq!(expected.chunks, 8);
        // The last of them dies with every customer done and no stage set.
        for dies_after in [1i64, 2, 2, 2] {
            dies(&t, "2026-05-11", dies_after).await;
        }
        let finished = release(&t, "2026-05-11").await.expect("goes on");
        assert_eq!(finished.totals, expected.totals);
        let (mine, theirs) = (trace(&t, "2026-05-11").await, trace(&undisturbed, "2026-05-11").await);
        assert_eq!(mine, theirs);
        assert!(mine.3 > 0 && !mine.1.is_empty());
        assert_eq!(staged(&t).await, mine.2.len());
        undisturbed.desk.db().clone().close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_never_ended_leaves_the_stages_of_the_steps_it_took() {
    on_both("2026-05-11", async |t| {
        many(&t, 450).await;
        dies(&t, "2026-05-11", 6).await;
        t.go_to("2026-05-12");
        release(&t, "2026-05-12").await.expect("the next day catches up");
        let by = t.role(Role::CreditController);
        assert_eq!(run(&t.desk, &by, "DAY-2026-05-11", 0, 1).await.expect("a run").0.state, "stopped");
        assert!(staged(&t).await > 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p11_two_workers_do_a_run_once_and_a_stale_one_is_refused() {
    on_both("2026-05-11", async |t| {
        many(&t, 450).await;
        let naps = Arc::new(AtomicI64::new(0));
        let start = |key: &'static str, nap: Duration| {
            let (desk, by, naps) = (t.desk.clone(), t.role(Role::TeamLeader), naps.clone());
            tokio::spawn(async move {
                let ask = ReleaseDay { key: key.into(), date: d("2026-05-11") };
                let told = AtomicI64::new(0);
                let progress = |_: i64, _: i64| {
                    if told.fetch_add(1, Ordering::Relaxed) == 3 && !nap.is_zero() {
                        naps.fetch_add(1, Ordering::Relaxed);
                        tokio::task::block_in_place(|| std::thread::sleep(nap));
                    }
                };
                release_day(&desk, &by, ask, &progress).await
            })
        };
        let frozen = start("one", Duration::from_secs(8));
        while naps.load(Ordering::Relaxed) == 0 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let quick = start("two", Duration::ZERO).await.expect("runs").expect("finishes");
        let frozen = frozen.await.expect("wakes").expect_err("its fence is stale");
        assert_eq!(frozen.code(), Some("REC-RUN-TAKEN-OVER"));
        let (again, letters, taken, _) = trace(&t, "2026-05-11").await;
        assert_eq!(again.totals, quick.totals);
        let reminders: i64 = again.totals.letters.values().map(|total| total.count).sum();
        assert_eq!(letters.len() as i64, reminders);
        assert_eq!(taken.len() as i64, again.totals.steps.values().sum::<i64>());
        let both = [start("three", Duration::ZERO), start("four", Duration::ZERO)];
        for one in both {
            assert_eq!(one.await.expect("runs").expect("answers").totals, again.totals);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_is_the_release_and_changes_nothing() {
    on_both("2026-05-11", async |t| {
        many(&t, 250).await;
        let by = t.role(Role::CreditController);
        let preview = preview_day(&t.desk, &by, d("2026-05-11")).await.expect("a preview");
        assert_eq!(preview, preview_day(&t.desk, &by, d("2026-05-11")).await.expect("the same again"));
        assert!(runs(&t.desk, &by, 10).await.expect("runs").is_empty());
        let released = release(&t, "2026-05-11").await.expect("a day");
        assert_eq!(preview.totals, released.totals);
        let letters = letters_since(&t.desk, &by, d("2026-05-11")).await.expect("letters");
        assert_eq!(letters.len(), preview.letters.len());
        for (planned, written) in preview.letters.iter().zip(&letters) {
            assert_eq!((planned.customer.0, planned.total_pence.0), (written.customer_id, written.total_pence));
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_release_and_when() {
    on_both("2026-05-11", async |t| {
        let ask = ReleaseDay { key: "k".into(), date: d("2026-05-11") };
        let no = release_day(&t.desk, &t.role(Role::CreditController), ask.clone(), &|_, _| {}).await;
        assert_eq!(no.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
        let future = ReleaseDay { date: d("2026-05-12"), ..ask };
        let no = release_day(&t.desk, &t.role(Role::TeamLeader), future, &|_, _| {}).await;
        assert_eq!(no.expect_err("not come yet").code(), Some("REC-RUN-FUTURE"));
        let by = t.role(Role::CreditController);
        assert_eq!(pathways(&t.desk, &by).await.expect("pathways").len(), 8);
        assert_eq!(pathway(&t.desk, &by, "individual", 1).await.expect("one").state, "live");
        let who = customer(&t, "C100001", "individual", "").await;
        let item = open(&t, who, "invoice", "INV-1", "2026-05-01", 12_000).await;
        let mut stranger = t.role(Role::CreditController);
        stranger.org = sundry_domain::ids::OrgId(77);
        assert!(matches!(case(&t.desk, &stranger, item).await, Err(No::Absent(_))));
        let hold = PlaceHold {
            key: "h".into(),
            customer: who,
            item: None,
            reason: "because".into(),
            until: Some(d("2026-01-01")),
            words: String::new(),
        };
        match place_hold(&t.desk, &by, hold.clone()).await {
            Err(No::Invalid(all)) => assert_eq!(all.len(), 3),
            other => panic!("three fields are wrong: {other:?}"),
        }
        let theirs = PlaceHold { key: "h2".into(), reason: "legal".into(), until: None, words: "Ask".into(), ..hold };
        assert!(place_hold(&t.desk, &stranger, theirs).await.is_err());
        let absent = EndHold { key: "e".into(), hold: HoldId(5), words: "x".into() };
        assert!(matches!(end_hold(&t.desk, &by, absent).await, Err(No::Absent(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lp_06_interest_with_its_working() {
    on_both("2026-06-30", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        let person = customer(&t, "C100002", "individual", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-05-01", 100_000).await;
        open(&t, person, "invoice", "INV-2", "2026-05-01", 100_000).await;
        let by = t.role(Role::CreditController);
        let view = statutory_interest(&t.desk, &by, "INV-1", d("2026-05-31")).await.expect("interest");
        assert_eq!((view.relevant_day, view.working.slices[0].days), (d("2026-05-01"), 30));
        assert_eq!(view.working.interest.0, (100_000 * 30 * view.working.rate.rate.0 + 1_825_000) / 3_650_000);
        assert_eq!(view.working.compensation, Pence(7_000));
        let no = statutory_interest(&t.desk, &by, "INV-2", d("2026-05-31")).await.expect_err("a consumer");
        assert_eq!(no.code(), Some("LP-06-CONSUMER"));
        let no = statutory_interest(&t.desk, &by, "INV-1", d("2026-05-01")).await.expect_err("too early");
        assert_eq!(no.code(), Some("LP-06-TOO-EARLY"));
    })
    .await;
}

async fn spoil(t: &TestDesk, sql: &'static str) {
    let mut tx = t.desk.db().begin().await.expect("begins");
    assert!(tx.run(sql, args![t.org]).await.expect("runs") > 0, "{sql}");
    tx.commit().await.expect("commits");
}

#[tokio::test(flavor = "multi_thread")]
async fn p17_one_bad_customer_or_letter_stops_only_itself() {
    on_both("2026-09-20", async |t| {
        let person = customer(&t, "C100001", "individual", "").await;
        let firm = customer(&t, "C100002", "company", "").await;
        let council = customer(&t, "C100003", "public_body", "").await;
        let first = open(&t, person, "invoice", "INV-1", "2026-10-15", 12_000).await;
        let second = open(&t, firm, "invoice", "INV-2", "2026-10-01", 12_000).await;
        let third = open(&t, council, "invoice", "INV-3", "2026-10-01", 12_000).await;
        live(&t, "2026-10-07", "2026-10-08").await;
        spoil(&t, "update letter_template set state = 'ended' where org_id = $1 and code = 'reminder_2'").await;
        spoil(
            &t,
            "update step_taken set pathway_version = 99 where org_id = $1 and customer_id in (select id from customer where org_id = $1 and number = 'C100003')",
        )
        .await;
        let day = "2026-10-22";
        t.go_to(day);
        let seen = preview_day(&t.desk, &t.role(Role::TeamLeader), d(day)).await.expect("a preview");
        assert_eq!(seen.refusals.iter().filter(|one| one.refusal.code == "REC-PARKED").count(), 1);
        let done = release(&t, day).await.expect("the rest is released");
        assert_eq!(done.totals.refused.get("REC-PARKED"), Some(&2), "{:?}", done.totals);
        assert_eq!(done.totals.letters["reminder"].count, 1);
        let (_, refused) =
            run(&t.desk, &t.role(Role::CreditController), &done.number, 0, 100).await.expect("a run");
        let said: Vec<&str> = refused.iter().map(|row| row.sentence.as_str()).collect();
        assert!(said.iter().any(|words| words.contains("version 99")), "{said:?}");
        assert!(said.iter().any(|words| words.contains("no live template reminder_2")), "{said:?}");
        assert_eq!(steps(&t, first).await, pairs(&[("R1", day)]));
        assert_eq!(steps(&t, second).await, pairs(&[("R1", "2026-10-08")]), "its step is not taken");
        let one = case(&t.desk, &t.role(Role::CreditController), third).await.expect_err("it cannot be decided");
        assert_eq!(one.code(), Some("REC-PARKED"));
        spoil(&t, "update letter_template set state = 'live' where org_id = $1 and code = 'reminder_2'").await;
        spoil(&t, "update step_taken set pathway_version = 1 where org_id = $1 and pathway_version = 99").await;
        let next = release(&t, "2026-10-23").await.expect("put right, tried again");
        assert_eq!(next.totals.refused.get("REC-PARKED"), None, "{:?}", next.totals);
        case(&t.desk, &t.role(Role::CreditController), third).await.expect("it is decided again");
        assert_eq!(steps(&t, second).await, pairs(&[("R1", "2026-10-08"), ("R2", "2026-10-23")]));
        let letters = letters_since(&t.desk, &t.role(Role::CreditController), d("2026-01-01")).await;
        let mut numbers: Vec<String> = letters.expect("letters").into_iter().map(|row| row.number).collect();
        numbers.sort();
        let expected: Vec<String> = (1..=numbers.len()).map(|n| format!("LTR-{n:06}")).collect();
        assert_eq!(numbers, expected, "what could not be written took no number");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ct_08_what_is_out_of_time_is_asked_for_and_never_threatened_with_a_court() {
    on_both("2026-04-20", async |t| {
        let (who, other) =
            (customer(&t, "C100001", "individual", "").await, customer(&t, "C100002", "individual", "").await);
        let old = open(&t, who, "invoice", "INV-OLD", "2020-04-15", 12_000).await;
        let owned = open(&t, other, "invoice", "INV-OWNED", "2020-04-15", 12_000).await;
        let letter = RecordLimit {
            key: "owned".into(),
            invoice: "INV-OWNED".into(),
            kind: "signed_letter".into(),
            on: d("2024-02-03"),
            evidence: "Letter in the file".into(),
        };
        record_limit(&t.desk, &t.role(Role::CreditController), letter).await.expect("recorded");
        live(&t, "2026-04-20", "2026-06-20").await;
        let taken =
            async |item: ItemId| -> Vec<String> { steps(&t, item).await.into_iter().map(|(code, _)| code).collect() };
        let (of_old, of_owned) = (taken(old).await, taken(owned).await);
        assert!(of_owned.contains(&"R3".to_owned()) && of_owned.contains(&"R4".to_owned()), "{of_owned:?}");
        assert!(of_old.contains(&"R2".to_owned()), "it may still be asked for: {of_old:?}");
        assert!(!of_old.contains(&"R3".to_owned()) && !of_old.contains(&"R4".to_owned()), "{of_old:?}");
        let seen = preview_day(&t.desk, &t.role(Role::TeamLeader), d("2026-06-20")).await.expect("previews");
        let codes: Vec<&str> = seen.refusals.iter().map(|one| one.refusal.code.as_str()).collect();
        assert!(codes.contains(&"CT-08-BARRED"), "{codes:?}");
    })
    .await;
}
