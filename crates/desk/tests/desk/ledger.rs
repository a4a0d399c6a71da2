//! The proof: it passes on what the commands leave, and names each thing that was tampered with.
use chrono::NaiveDate;
use std::collections::HashMap;
use std::path::PathBuf;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::close::gl_batch::{
    AcknowledgeGlBatch, MakeGlBatch, acknowledge_gl_batch, gl_batch_file, gl_batches, make_gl_batch,
};
use sundry_desk::close::period::{TurnPeriod, hard_close, reopen_period, soft_close};
use sundry_desk::core::clock::Clock;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::core::vault::Vault;
use sundry_desk::jobs::ask::{AddJob, TurnJob, add_job, job, jobs_list, resume_job, stop_job};
use sundry_desk::jobs::worker::{Handlers, JobRun, claim_job, finish, heartbeat, work_once};
use sundry_desk::ledger::anchor::sign_audit_head;
use sundry_desk::ledger::post::{NewJournal, post};
use sundry_desk::ledger::verify::{Proof, verify, verify_by};
use sundry_desk::setup::backup::{backup, prove_backup, restore};
use sundry_desk::{Desk, Mode, No, Outcome, command};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::ledger::{IncomeShare, invoice};
use sundry_domain::money::Pence;
use sundry_store::engine::testing::{engines, fresh_url};
use sundry_store::ledger::ItemRow;
use sundry_store::{Db, Engine, Tx, args, control, ledger};

/// A date of a test.
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Puts customers `C1` to `Cn` into the books.
pub(crate) async fn customers(t: &TestDesk, n: i64) -> HashMap<String, CustomerId> {
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
    let ids: HashMap<String, CustomerId> = (1..=n).map(|i| (format!("C{i}"), t.desk.id())).collect();
    let at = t.desk.clock().now();
    let rows = ids.iter().map(|(number, id)| {
        let kind = if number.ends_with('1') { "company" } else { "individual" };
        args![
            t.org,
            *id,
            number,
            format!("=Ŵyn {number}"),
            "wyn",
            kind,
            "",
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
            at,
            1i64
        ]
    });
    let rows = rows.collect();
    let mut tx = t.desk.db().begin().await.expect("begins");
    tx.insert("customer", COLUMNS, rows).await.expect("inserts");
    tx.commit().await.expect("commits");
    ids
}

/// An invoice: item and journal, as billing posts them.
pub(crate) async fn owe(
    desk: &Desk,
    org: sundry_domain::ids::OrgId,
    number: &str,
    customer: CustomerId,
    posted_on: NaiveDate,
    pence: i64,
) -> Outcome<ItemId> {
    let by = sundry_desk::Actor::operator(org, "Operator");
    let key = format!("owe {number}");
    let due_on = posted_on + chrono::Days::new(30);
    command!(desk, &by, "owe", &key, &key, |cmd| {
        let item: ItemId = cmd.id();
        let share = IncomeShare { income_code: "4000".into(), cost_centre: "CC1".into(), net: Pence(pence) };
        let new = NewJournal {
            posted_on,
            event: "InvoiceRaised",
            source: format!("invoice {number}"),
            reason: "test".into(),
            customer: Some(customer),
            item: Some(item),
            lines: invoice(&[share], Pence::ZERO),
        };
        let journal = post(cmd, new).await?;
        let row = ItemRow {
            id: item.0,
            customer_id: customer.0,
            kind: "invoice".into(),
            number: number.into(),
            document_id: None,
            receipt_id: None,
            posted_on,
            dated_on: posted_on,
            due_on,
            original_pence: pence,
            open_pence: pence,
            disputed_pence: 0,
            service: "Care".into(),
            debt_type: "trade".into(),
            stage: String::new(),
            journal_id: journal.0,
            recorded_at: cmd.at,
        };
        ledger::add_items(&mut cmd.tx, org, vec![row]).await?;
        cmd.tell("InvoiceRaised", format!("invoice {number}"), ());
        Ok(item)
    })
}

/// A receipt from a customer, set against an item up to an amount.
pub(crate) async fn pay(t: &TestDesk, key: &str, customer: &str, pence: i64, against: Option<(&str, i64)>) -> String {
    let ask = RecordReceipt {
        key: key.into(),
        method: "cheque".into(),
        customer: customer.into(),
        amount: Pence(pence),
        received_on: t.desk.today(),
        payer_name: String::new(),
        words: key.into(),
        lines: against.map(|(item, amount)| line(item, amount)).into_iter().collect(),
    };
    record_receipt(&t.desk, &t.role(Role::Cashier), ask).await.expect("records").receipt
}

fn line(item: &str, amount: i64) -> AllocationLine {
    AllocationLine { item: item.into(), amount: Pence(amount) }
}

async fn a_book(t: &TestDesk) {
    let ids = customers(t, 3).await;
    for (number, customer, pence) in [("A1", "C1", 50_000), ("A2", "C2", 12_000), ("A3", "C2", 8_000)] {
        owe(&t.desk, t.org, number, ids[customer], day("2026-04-10"), pence).await.expect("owes");
    }
    pay(t, "p1", "C1", 30_000, Some(("A1", 30_000))).await;
    pay(t, "p2", "C2", 15_000, Some(("A2", 12_000))).await;
}

async fn prove(desk: &Desk) -> Proof {
    verify(desk, None, |_, _| ()).await.expect("answers")
}

/// Changes what nobody may change, behind the triggers' back (SQLite).
async fn tamper(t: &TestDesk, trigger: &str, sql: &'static str) {
    let mut tx = t.desk.db().begin().await.expect("begins");
    if !trigger.is_empty() {
        tx.all_built::<(i64,)>(format!("drop trigger {trigger}"), args![]).await.expect("drops");
    }
    assert!(tx.run(sql, args![t.org]).await.expect("tampers") > 0, "{sql}");
    tx.commit().await.expect("commits");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_proof_passes_on_what_the_commands_leave() {
    on_both("2026-05-01", async |t| {
        a_book(&t).await;
        sign_audit_head(&t.desk, t.org).await.expect("signs");
        let team = t.role(Role::TeamLeader);
        make_gl_batch(&t.desk, &team, MakeGlBatch { key: "g".into(), up_to: day("2026-05-01") }).await.expect("makes");
        let proof = prove(&t.desk).await;
        assert!(proof.passed, "{:?}", proof.failures());
        assert!(proof.checks.len() >= 14);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn q10_p23_each_check_can_fail_and_names_the_thing() {
    let cases: &[(&str, &str, &str, &str)] = &[
        (
            "entry_kept_u",
            "update entry set debit_pence = debit_pence + 1 where org_id = $1 and line = 1 and debit_pence > 0 and journal_id = (select min(id) from journal where org_id = $1)",
            "journals_balance",
            "journal 1",
        ),
        (
            "journal_kept_u",
            "update journal set posted_on = '2025-01-01' where org_id = $1 and number = 2",
            "journals_in_period",
            "journal 2",
        ),
        (
            "",
            "update open_item set open_pence = open_pence - 1 where org_id = $1 and number = 'A3'",
            "open_items",
            "A3",
        ),
        (
            "",
            "update open_item set open_pence = open_pence - 1 where org_id = $1 and number = 'A3'",
            "control_account",
            "difference",
        ),
        (
            "",
            "update open_item set open_pence = open_pence - 1 where org_id = $1 and number = 'A3'",
            "customer_accounts",
            "C2",
        ),
        (
            "allocation_kept_u",
            "update allocation set debit_item_id = credit_item_id where org_id = $1",
            "allocations",
            "RCT-000001",
        ),
        (
            "",
            "update receipt set amount_pence = amount_pence + 1 where org_id = $1 and number = 'RCT-000002'",
            "receipts",
            "RCT-000002",
        ),
        (
            "",
            "delete from receipt where org_id = $1 and number = 'RCT-000001'",
            "numbers_gapless",
            "RCT-000001 is missing",
        ),
        (
            "",
            "update counter set next = next + 1 where org_id = $1 and series = 'journal'",
            "numbers_gapless",
            "journal ends at",
        ),
        ("audit_kept_u", "update audit set detail = '{}' where org_id = $1 and seq = 3", "audit_chain", "event 3"),
        ("audit_kept_d", "delete from audit where org_id = $1 and seq = 4", "audit_chain", "event 4 is missing"),
        (
            "audit_kept_u",
            "update audit set subject = case when subject = 'invoice A1' then 'invoice A2' else 'invoice A1' end where org_id = $1 and subject in ('invoice A1','invoice A2')",
            "audit_chain",
            "invoice A2",
        ),
        (
            "audit_kept_d",
            "delete from audit where org_id = $1 and seq = (select max(seq) from audit where org_id = $1)",
            "audit_chain",
            "the trail ends at",
        ),
        ("", "update gl_batch set debit_pence = debit_pence + 1 where org_id = $1", "gl_batches", "gl batch 1"),
    ];
    for (trigger, sql, check, named) in cases {
        let t = TestDesk::on(Engine::Sqlite, "2026-05-01").await;
        a_book(&t).await;
        let team = t.role(Role::TeamLeader);
        make_gl_batch(&t.desk, &team, MakeGlBatch { key: "g".into(), up_to: day("2026-05-01") }).await.expect("makes");
        tamper(&t, trigger, sql).await;
        let proof = prove(&t.desk).await;
        let failed = proof.checks.iter().find(|c| c.name == *check).expect("a check");
        assert!(!failed.passed, "{check} passed after {sql}");
        assert!(failed.failures.iter().any(|f| f.contains(named)), "{check} says {:?}, not {named}", failed.failures);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p21_a_shorter_trail_than_was_signed_is_named() {
    let t = TestDesk::on(Engine::Sqlite, "2026-05-01").await;
    a_book(&t).await;
    let signed = sign_audit_head(&t.desk, t.org).await.expect("signs");
    tamper(&t, "audit_kept_d", "delete from audit where org_id = $1 and seq > 2").await;
    let mut tx = t.desk.db().begin().await.expect("begins");
    let hash = sundry_store::proof::audit_hash_at(&mut tx, t.org, 2).await.expect("asks").expect("there");
    control::set_audit_head(&mut tx, t.org, 2, &hash).await.expect("sets");
    tx.commit().await.expect("commits");
    let proof = prove(&t.desk).await;
    assert!(proof.holds("audit_chain"), "what is left is whole");
    let named = format!("{} events are missing", signed.seq - 2);
    assert!(
        proof.failures().iter().any(|f| f.contains("signed_heads") && f.contains(&named)),
        "{:?}",
        proof.failures()
    );
    // A forged head is not genuine.
    let path = t.desk.home().join("audit").join(format!("{}-2026-05-01.sig", t.org.0));
    let text =
        std::fs::read_to_string(&path).expect("reads").replace(&format!("\"seq\": {}", signed.seq), "\"seq\": 2");
    std::fs::write(&path, text).expect("writes");
    assert!(prove(&t.desk).await.failures().iter().any(|f| f.contains("is not genuine")));
}

fn kept_path(t: &TestDesk, sha256: &str) -> PathBuf {
    t.desk.home().join("files").join(t.org.0.to_string()).join(&sha256[..2]).join(sha256)
}

#[tokio::test(flavor = "multi_thread")]
async fn p23_a_kept_file_that_is_gone_or_changed_is_named() {
    on_both("2026-05-01", async |t| {
        a_book(&t).await;
        let team = t.role(Role::TeamLeader);
        let made = make_gl_batch(&t.desk, &team, MakeGlBatch { key: "g".into(), up_to: day("2026-05-01") })
            .await
            .expect("makes");
        let path = kept_path(&t, &made.batches[0].file_sha256);
        let mut bytes = std::fs::read(&path).expect("reads");
        bytes[20] ^= 1;
        std::fs::write(&path, &bytes).expect("writes");
        assert!(!prove(&t.desk).await.holds("kept_files"));
        std::fs::remove_file(&path).expect("removes");
        let proof = prove(&t.desk).await;
        assert!(proof.failures().iter().any(|f| f.contains("SUNDRY_GL_NCC_2026")), "{:?}", proof.failures());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p15_each_journal_is_in_one_batch_and_the_file_stays_the_same() {
    on_both("2026-05-01", async |t| {
        a_book(&t).await;
        let team = t.role(Role::TeamLeader);
        let ask = |key: &str| MakeGlBatch { key: key.into(), up_to: day("2026-05-01") };
        assert_eq!(
            make_gl_batch(&t.desk, &t.role(Role::Cashier), ask("no")).await.expect_err("no duty").code(),
            Some("CTL-01-NO-DUTY")
        );
        let made = make_gl_batch(&t.desk, &team, ask("g1")).await.expect("makes");
        assert_eq!(made.batches.len(), 2, "April and May");
        assert_eq!(made.batches.iter().map(|b| b.number).collect::<Vec<_>>(), [1, 2]);
        let again = make_gl_batch(&t.desk, &team, ask("g1")).await.expect("answers again");
        assert_eq!(again.batches[0].file_sha256, made.batches[0].file_sha256);
        assert_eq!(
            make_gl_batch(&t.desk, &team, ask("g2")).await.expect_err("sent").code(),
            Some("GL-03-NOTHING-TO-SEND")
        );
        let (name, bytes) = gl_batch_file(&t.desk, &team, 1).await.expect("a file");
        assert_eq!(name, "SUNDRY_GL_NCC_202604_000001_1.csv");
        let read = sundry_formats::gl::read(&bytes).expect("reads back");
        assert_eq!(read.period, "202604");
        let journals: i64 = made.batches.iter().map(|b| b.journals_count).sum();
        let all =
            sundry_store::proof::journal_figures(&mut t.desk.look().await.expect("looks"), t.org).await.expect("asks");
        assert_eq!(journals, all.count);
        assert_eq!(made.batches.iter().map(|b| b.debit_pence).sum::<i64>(), all.sum);
        let answer = |key: &str, accepted| AcknowledgeGlBatch {
            key: key.into(),
            number: 1,
            accepted,
            ledger_reference: "J-9".into(),
            message: String::new(),
        };
        let rejected = acknowledge_gl_batch(&t.desk, &team, answer("a0", false)).await.expect("answers");
        assert_eq!(rejected.state, "rejected");
        acknowledge_gl_batch(&t.desk, &team, answer("a1", true)).await.expect("answers");
        let twice = acknowledge_gl_batch(&t.desk, &team, answer("a2", false)).await.expect_err("answered");
        assert_eq!(twice.code(), Some("GL-03-BATCH-ANSWERED"));
        assert_eq!(gl_batches(&t.desk, &team).await.expect("lists").len(), 2);
    })
    .await;
}

fn turn(key: &str, reason: &str) -> TurnPeriod {
    TurnPeriod { key: key.into(), start_year: 2026, number: 1, reason: reason.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn gl_04_a_period_closes_when_it_is_proved_and_its_snapshot_never_moves() {
    on_both("2026-04-30", async |t| {
        a_book(&t).await;
        let (head, team) = (t.role(Role::Approver), t.role(Role::TeamLeader));
        assert_eq!(soft_close(&t.desk, &head, turn("e", "")).await.expect_err("early").code(), Some("GL-04-NOT-ENDED"));
        t.go_to("2026-05-04");
        assert!(soft_close(&t.desk, &team, turn("n", "")).await.is_err(), "not their duty");
        let closed = soft_close(&t.desk, &head, turn("s", "month end")).await.expect("closes");
        assert_eq!(
            hard_close(&t.desk, &head, turn("h0", "")).await.expect_err("unsent").code(),
            Some("GL-03-NOT-ACCEPTED")
        );
        make_gl_batch(&t.desk, &team, MakeGlBatch { key: "g".into(), up_to: day("2026-04-30") }).await.expect("makes");
        assert_eq!(
            hard_close(&t.desk, &head, turn("h1", "")).await.expect_err("unaccepted").code(),
            Some("GL-03-NOT-ACCEPTED")
        );
        let answer = AcknowledgeGlBatch {
            key: "a".into(),
            number: 1,
            accepted: true,
            ledger_reference: String::new(),
            message: String::new(),
        };
        acknowledge_gl_batch(&t.desk, &team, answer).await.expect("answers");
        let hard = hard_close(&t.desk, &head, turn("h2", "")).await.expect("closes");
        let ids: Vec<i64> =
            sundry_store::reports::customer_numbered(&mut t.desk.look().await.expect("looks"), t.org, "C1")
                .await
                .expect("asks")
                .map(|c| c.0)
                .into_iter()
                .collect();
        let late = owe(&t.desk, t.org, "LATE", CustomerId(ids[0]), day("2026-04-20"), 100).await.expect_err("closed");
        assert_eq!(late.code(), Some("GL-04-PERIOD-CLOSED"));
        pay(&t, "p9", "C2", 8_000, Some(("A3", 8_000))).await;
        assert_eq!(closed.snapshot_sha256, hard.snapshot_sha256, "P07: the figure as at 30 April does not move");
        assert!(matches!(reopen_period(&t.desk, &head, turn("r0", " ")).await, Err(No::Invalid(_))));
        let open = reopen_period(&t.desk, &head, turn("r1", "audit adjustment")).await.expect("opens");
        assert_eq!(open.state, "open");
        assert!(prove(&t.desk).await.passed);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p08_eight_posters_race_the_lock_and_none_posts_after_it() {
    on_both("2026-05-04", async |t| {
        let ids = customers(&t, 1).await;
        owe(&t.desk, t.org, "B0", ids["C1"], day("2026-04-20"), 100).await.expect("owes");
        let other_db = Db::open(t.desk.db().url()).await.expect("a second program");
        let other = Desk::new(other_db.clone(), t.desk.home(), Mode::Test, Clock::System, Vault::from_words("test"))
            .expect("a desk");
        other.set_today(day("2026-05-04")).expect("a date");
        let (org, customer) = (t.org, ids["C1"]);
        let posters = (0..8).map(|poster| {
            let other = other.clone();
            tokio::spawn(async move {
                let mut done = 0;
                for n in 0..200 {
                    match owe(&other, org, &format!("B{poster}-{n}"), customer, day("2026-04-20"), 100).await {
                        Ok(_) => done += 1,
                        Err(no) if no.code() == Some("GL-04-PERIOD-CLOSED") => return done,
                        Err(No::Fault(fault)) => assert_ne!(fault.class, sundry_store::engine::Class::Never, "{fault}"),
                        Err(no) => panic!("{no:?}"),
                    }
                }
                done
            })
        });
        let posters: Vec<_> = posters.collect();
        tokio::time::sleep(std::time::Duration::from_millis(150)).await;
        let mut closed = Err(No::Absent(String::new()));
        for n in 0..20 {
            closed = soft_close(&t.desk, &t.role(Role::Approver), turn(&format!("s{n}"), "")).await;
            if closed.is_ok() {
                break;
            }
        }
        closed.expect("closes");
        let count = async || {
            let mut look = t.desk.look().await.expect("looks");
            sundry_store::close::journals_in_period(&mut look, t.org, 2026, 1).await.expect("counts")
        };
        let at_close = count().await;
        let mut done = 1;
        for poster in posters {
            done += poster.await.expect("ends");
        }
        assert_eq!(count().await, at_close);
        assert_eq!(at_close, done);
        assert!(prove(&t.desk).await.holds("control_account"));
        other_db.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p11_the_stale_worker_is_refused_by_its_fence() {
    on_both("2026-05-01", async |t| {
        let by = t.operator();
        let ask = |key: &str| AddJob {
            key: key.into(),
            kind: "count".into(),
            dedupe_key: "one".into(),
            request: serde_json::json!({"n": 3}),
        };
        let added = add_job(&t.desk, &by, ask("k1")).await.expect("adds");
        let same = add_job(&t.desk, &by, ask("k2")).await.expect("finds");
        assert!(same.was_there && same.job == added.job);
        let first = claim_job(&t.desk, t.org, "A").await.expect("asks").expect("a job");
        assert!(claim_job(&t.desk, t.org, "B").await.expect("asks").is_none(), "it is leased");
        assert!(heartbeat(&t.desk, &first, (1, 3), "one").await.expect("beats"));
        t.go_to("2026-05-02");
        let second = claim_job(&t.desk, t.org, "B").await.expect("asks").expect("the lease ran out");
        assert!(second.fence > first.fence);
        assert!(!heartbeat(&t.desk, &first, (2, 3), "two").await.expect("answers"), "the stale one is refused");
        assert!(!finish(&t.desk, &first, Ok(serde_json::json!(1))).await.expect("answers"));
        assert!(finish(&t.desk, &second, Ok(serde_json::json!(2))).await.expect("ends"));
        let ended = job(&t.desk, &by, added.job).await.expect("a job");
        assert_eq!((ended.state.as_str(), ended.result), ("done", Some(serde_json::json!(2))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_tells_progress_stops_and_goes_on() {
    on_both("2026-05-01", async |t| {
        let by = t.operator();
        let add = |key: &str, kind: &str| AddJob {
            key: key.into(),
            kind: kind.into(),
            dedupe_key: key.into(),
            request: serde_json::json!({}),
        };
        let handlers = Handlers::new().on("import_*", async |run: JobRun| {
            run.beat(1, 2, "half").await?;
            if run.job.fence == 1 {
                let ask = TurnJob { key: format!("stop {}", run.job.id), job: run.job.id };
                stop_job(&run.desk, &run.by, ask).await?;
            }
            run.beat(2, 2, "all").await?;
            Ok(serde_json::json!("done"))
        });
        let id = add_job(&t.desk, &by, add("a", "import_customers")).await.expect("adds").job;
        assert!(work_once(&t.desk, &handlers, "W").await.expect("works"));
        assert_eq!(job(&t.desk, &by, id).await.expect("a job").state, "stopped");
        resume_job(&t.desk, &by, TurnJob { key: "r".into(), job: id }).await.expect("resumes");
        assert!(work_once(&t.desk, &handlers, "W").await.expect("works"));
        let ended = job(&t.desk, &by, id).await.expect("a job");
        assert_eq!((ended.state.as_str(), ended.done_count), ("done", 2));
        add_job(&t.desk, &by, add("b", "nobody knows")).await.expect("adds");
        assert!(work_once(&t.desk, &handlers, "W").await.expect("works"));
        assert_eq!(jobs_list(&t.desk, &by).await.expect("lists")[0].state, "failed");
        assert!(!work_once(&t.desk, &handlers, "W").await.expect("nothing waits"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctl_01_a_job_is_turned_by_those_who_may_do_its_work() {
    on_both("2026-05-01", async |t| {
        let leader = t.role(Role::TeamLeader);
        let ask = AddJob {
            key: "a".into(),
            kind: "release_day".into(),
            dedupe_key: "one".into(),
            request: serde_json::json!({"date": "2026-05-01"}),
        };
        let id = add_job(&t.desk, &leader, ask).await.expect("adds").job;
        let turn = |key: &str| TurnJob { key: key.into(), job: id };
        for role in [Role::Cashier, Role::Auditor, Role::BillingOfficer] {
            let no = stop_job(&t.desk, &t.role(role), turn("s")).await.expect_err("not their work");
            assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        }
        stop_job(&t.desk, &leader, turn("s")).await.expect("stops");
        let no = resume_job(&t.desk, &t.role(Role::Auditor), turn("r")).await.expect_err("not their work");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        resume_job(&t.desk, &leader, turn("r")).await.expect("goes on");
        for role in [Role::Auditor, Role::Approver, Role::TeamLeader, Role::Administrator] {
            assert!(verify_by(&t.desk, &t.role(role)).await.expect("proves").passed);
        }
        let no = verify_by(&t.desk, &t.role(Role::Cashier)).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

async fn heads(desk: &Desk, t: &TestDesk) -> Option<(i64, String)> {
    let mut look: Tx = desk.look().await.expect("looks");
    control::audit_head(&mut look, t.org).await.expect("asks")
}

#[tokio::test(flavor = "multi_thread")]
async fn p27_a_restore_is_exact_on_either_engine() {
    for from in engines() {
        for to in engines() {
            let t = TestDesk::on(from, "2026-05-01").await;
            a_book(&t).await;
            let team = t.role(Role::TeamLeader);
            make_gl_batch(&t.desk, &team, MakeGlBatch { key: "g".into(), up_to: day("2026-05-01") })
                .await
                .expect("makes");
            sign_audit_head(&t.desk, t.org).await.expect("signs");
            let folder = tempfile::tempdir().expect("a folder");
            let file = folder.path().join("home.backup");
            let made = backup(&t.desk, &file, true).await.expect("backs up");
            assert!(made.rows > 50 && made.files >= 2);
            assert_eq!(prove_backup(&file).expect("proves"), made);
            assert!(backup(&t.desk, &file, true).await.is_err(), "never over another");
            let home = folder.path().join("home");
            let url = fresh_url(to, folder.path()).await;
            assert_eq!(restore(&file, &home, &url).await.expect("restores"), made);
            let db = Db::open(&url).await.expect("opens");
            let desk =
                Desk::new(db.clone(), &home, Mode::Test, Clock::made(day("2026-05-01")), Vault::from_words("test"))
                    .expect("a desk");
            let proof = prove(&desk).await;
            assert!(proof.passed, "{from:?} to {to:?}: {:?}", proof.failures());
            assert_eq!(heads(&desk, &t).await, heads(&t.desk, &t).await);
            let second = folder.path().join("again.backup");
            assert_eq!(backup(&desk, &second, true).await.expect("backs up").rows, made.rows);
            assert!(restore(&file, &home, &url).await.is_err(), "only into an empty home");
            db.close().await;
            t.desk.db().close().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p23_a_spoilt_backup_is_refused_before_anything_is_written() {
    let t = TestDesk::on(Engine::Sqlite, "2026-05-01").await;
    a_book(&t).await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("home.backup");
    backup(&t.desk, &file, false).await.expect("backs up");
    let whole = std::fs::read(&file).expect("reads");
    let (home, url) = (folder.path().join("home"), fresh_url(Engine::Sqlite, folder.path()).await);
    let mut spoilt = vec![whole[..whole.len() / 2].to_vec(), whole[..whole.len() - 1].to_vec()];
    for place in (20..whole.len()).step_by(whole.len() / 40) {
        let mut flipped = whole.clone();
        flipped[place] ^= 4;
        spoilt.push(flipped);
    }
    for bytes in spoilt {
        std::fs::write(&file, bytes).expect("writes");
        assert!(restore(&file, &home, &url).await.is_err());
        assert!(!home.exists());
    }
}
