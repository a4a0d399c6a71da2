//! The matcher among people: lessons, thresholds, looking again, differences, the order of allocation.
use super::cash::{agrees, allocate, bring, exported, five, matched, neutral, open, owe, owe_more, two_customers};
use super::plans::ask as plan_ask;
use sundry_desk::cash::accept_strong_suggestions::{AcceptStrongSuggestions, accept_strong_suggestions};
use sundry_desk::cash::allocate_receipt::allocate_receipt;
use sundry_desk::cash::allocation_order::{
    SetAllocationOrder, allocation_orders, proposed_order, set_allocation_order,
};
use sundry_desk::cash::lessons::{ForgetLesson, forget_lesson, lessons};
use sundry_desk::cash::match_policy::{SetMatchPolicy, match_policy, set_match_policy};
use sundry_desk::cash::put_in_suspense::{PutInSuspense, put_in_suspense};
use sundry_desk::cash::receipt::receipt;
use sundry_desk::cash::remittance::{ApplyRemittance, RemittanceFile, apply_remittance, read_remittance, remittances};
use sundry_desk::cash::standing_orders::{AddStandingOrder, add_standing_order};
use sundry_desk::cash::undo_allocation::{UndoAllocation, undo_allocation};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::plans::{AgreePlan, agree_plan};
use sundry_desk::{No, Outcome, command};
use sundry_domain::cash::order::{First, OrderPolicy};
use sundry_domain::control::Role;
use sundry_domain::money::Pence;
use sundry_store::args;

fn policy(key: &str, certain_ppm: i64, tolerance: i64) -> SetMatchPolicy {
    SetMatchPolicy { key: key.into(), certain_ppm, accept_ppm: 800_000, tolerance: Pence(tolerance) }
}

async fn set(t: &TestDesk, ask: SetMatchPolicy) {
    set_match_policy(&t.desk, &t.role(Role::Administrator), ask).await.expect("sets");
}

/// What is posted on a GL code's role, debits above nothing.
async fn posted(t: &TestDesk, role: &str) -> i64 {
    let mut look = t.desk.look().await.expect("reads");
    let (sum,): (i64,) = look
        .one(
            "select cast(coalesce(sum(e.debit_pence - e.credit_pence), 0) as bigint) from entry e join gl_code g on g.org_id = e.org_id and g.code = e.gl_code where e.org_id = $1 and g.role = $2",
            args![t.org, role],
        )
        .await
        .expect("sums");
    sum
}

/// Says what items are for.
async fn serve(t: &TestDesk, key: &str, number: &str, service: &str) {
    let (by, keyed, number, service) = (t.operator(), key.to_owned(), number.to_owned(), service.to_owned());
    let done: Outcome<i64> = command!(&t.desk, &by, "serve", &keyed, &keyed, |cmd| {
        let values = args![t.org, &number, &service];
        cmd.tx.run("update open_item set service = $3 where org_id = $1 and number = $2", values).await?;
        cmd.tell("Served", "test", ());
        Ok(0)
    });
    done.expect("serves");
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_05_a_difference_within_the_tolerance_is_cleared_to_its_own_account() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        set(&t, policy("p1", 990_000, 5)).await;
        let rows = "B0000001,2026-04-20,148.10,BGC,TOLLGATE LETTINGS,08-99-99,66374958,INV-204817\n\
            B0000002,2026-04-20,77.33,BGC,TOLLGATE LETTINGS,08-99-99,66374958,INV-204951\n\
            B0000003,2026-04-20,911.99,BGC,ESME MARCHBANK-ŁUK,,,INV-206003\n";
        bring(&t, neutral("i1", rows)).await.expect("imports");
        let done = matched(&t, "m1").await;
        assert_eq!((done.posted, done.posted_pence, done.suggested), (2, 22_543, 1));
        assert_eq!((open(&t, "INV-204817").await, open(&t, "INV-204951").await), (0, 0), "4p short, 3p over");
        assert_eq!(open(&t, "INV-206003").await, 91_205, "6p is beyond the tolerance: a person looks");
        assert_eq!(open(&t, "RCT-000002").await, 0, "nothing stays on the account");
        assert_eq!(posted(&t, "TOL").await, 4 - 3);
        let view = receipt(&t.desk, &t.role(Role::Auditor), "RCT-000001").await.expect("a receipt");
        assert!(view.receipt.reason.contains("differences up to £0.05 are cleared by rule"), "{}", view.receipt.reason);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_06_corrections_teach_and_a_lesson_can_be_forgotten() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        owe(
            &t,
            "owe2",
            &[("C100003", "Olive Penhaligon", "", "")],
            &[
                ("CARE-1", "C100003", "2026-03-01", "2026-04-01", 5_000),
                ("CARE-2", "C100003", "2026-04-01", "2026-05-01", 5_100),
                ("CARE-3", "C100003", "2026-04-02", "2026-05-02", 5_200),
            ],
        )
        .await;
        serve(&t, "s1", "CARE-1", "Care at home").await;
        serve(&t, "s2", "CARE-2", "Care at home").await;
        let pays = |id: &str, amount: &str| {
            format!("{id},2026-04-20,{amount},FPI,S GREENWOOD,20-00-00,87654321,CARE FEES FOR MUM\n")
        };
        bring(&t, neutral("i1", &pays("B0000001", "50.00"))).await.expect("imports");
        assert_eq!(matched(&t, "m1").await.suspense, 1, "nobody knows S Greenwood");
        let cashier = t.role(Role::Cashier);
        let ask = allocate("a1", "RCT-000001", "C100003", &[("CARE-1", 5_000)]);
        let done = allocate_receipt(&t.desk, &cashier, ask).await.expect("allocates");
        assert!(done.learned);
        let page = lessons(&t.desk, &cashier, 1).await.expect("lessons");
        assert_eq!((page.accounts, page.names, page.wordings), (1, 1, 1));
        let words = page.rows.iter().find(|row| row.kind == "wording").expect("a wording");
        assert_eq!((words.shown.as_str(), words.service.as_str()), ("CARE FEES MUM", "Care at home"));
        assert_eq!(words.taught_by, cashier.name);

        bring(&t, neutral("i2", &pays("B0000002", "51.00"))).await.expect("imports");
        assert_eq!(matched(&t, "m2").await.suggested, 1);
        let view = receipt(&t.desk, &cashier, "RCT-000002").await.expect("a receipt");
        let best = &view.suggestions[0];
        assert_eq!((best.customer_number.as_str(), best.lines[0].number.as_str()), ("C100003", "CARE-2"));
        for reason in
            ["account has paid for this customer before", "said before that this payer's name", "Care at home"]
        {
            assert!(best.reasons_for.iter().any(|r| r.contains(reason)), "{reason}: {:?}", best.reasons_for);
        }
        for lesson in page.rows.iter().filter(|row| row.kind != "wording") {
            let ask = ForgetLesson { key: format!("f{}", lesson.id), lesson: lesson.id };
            forget_lesson(&t.desk, &cashier, ask).await.expect("forgets");
        }
        let again = ForgetLesson { key: "f9".into(), lesson: page.rows[0].id };
        let twice = forget_lesson(&t.desk, &cashier, again.clone()).await;
        let gone = page.rows[0].kind != "wording";
        assert_eq!(matches!(twice, Err(No::Absent(_))), gone);
        let done = matched(&t, "m3").await;
        assert_eq!((done.looked_again, done.suggested_again), (1, 1), "without the lesson nobody is known");
        let view = receipt(&t.desk, &cashier, "RCT-000002").await.expect("a receipt");
        assert!(view.suggestions.is_empty());
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_04_a_standing_order_that_is_due_is_evidence() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        owe(
            &t,
            "owe2",
            &[("C100003", "Olive Penhaligon", "", "")],
            &[("CARE-1", "C100003", "2026-03-01", "2026-04-01", 5_000)],
        )
        .await;
        let cashier = t.role(Role::Cashier);
        let ask = AddStandingOrder {
            key: "so".into(),
            customer: "C100003".into(),
            reference: "MUM 77120345".into(),
            amount: Pence(5_000),
            frequency: "monthly".into(),
            from_on: "2026-03-20".parse().expect("a date"),
            to_on: None,
            weekly: Pence(1_154),
            tolerance: Pence::ZERO,
        };
        add_standing_order(&t.desk, &cashier, ask).await.expect("set up");
        let pays = "B0000001,2026-04-22,50.00,STO,S GREENWOOD,20-00-00,87654321,MUM 77120345\n\
            B0000002,2026-04-02,50.00,STO,O PENHALIGON,20-00-00,87654399,CARE\n";
        bring(&t, neutral("i1", pays)).await.expect("imports");
        assert_eq!(matched(&t, "m1").await.posted, 1);
        assert_eq!(open(&t, "CARE-1").await, 0, "nobody knew S Greenwood but by the order's reference");
        let view = receipt(&t.desk, &cashier, "RCT-000002").await.expect("a receipt");
        assert_eq!(view.receipt.amount_pence, 5_000);
        let why = format!("{} {:?}", view.receipt.reason, view.suggestions);
        assert!(why.contains("A payment of £50.00 was due by standing order for 20 April 2026."), "{why}");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_10_suspense_is_looked_at_again_when_an_invoice_arrives() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let rows = "B0000001,2026-04-20,40.00,BGC,TOLLGATE LETTINGS,08-99-99,66374958,INV-300001\n\
            B0000002,2026-04-20,41.00,BGC,TOLLGATE LETTINGS,08-99-99,66374958,INV-300002\n";
        bring(&t, neutral("i1", rows)).await.expect("imports");
        let first = matched(&t, "m1").await;
        assert_eq!(first.posted, 0);
        let owner = PutInSuspense {
            key: "s1".into(),
            receipt: "RCT-000002".into(),
            reason: "Asked the payer".into(),
            owner: "Tom".into(),
            next_step: String::new(),
            next_on: None,
        };
        put_in_suspense(&t.desk, &t.role(Role::Cashier), owner).await.expect("in suspense");
        let owed = [
            ("INV-300001", "C100001", "2026-04-28", "2026-05-28", 4_000),
            ("INV-300002", "C100001", "2026-04-28", "2026-05-28", 4_100),
        ];
        owe_more(&t, "late", &owed).await;
        let again = matched(&t, "m2").await;
        assert_eq!((again.lines, again.looked_again, again.posted_again), (0, 2, 1));
        assert_eq!((open(&t, "INV-300001").await, open(&t, "INV-300002").await), (0, 4_100));
        let view = receipt(&t.desk, &t.role(Role::Auditor), "RCT-000002").await.expect("a receipt");
        assert_eq!((view.receipt.state.as_str(), view.receipt.owner.as_str()), ("suspense", "Tom"));
        assert_eq!(view.suggestions[0].lines[0].number, "INV-300002", "a person decides: only suggested");
        let still = matched(&t, "m3").await;
        assert_eq!((still.posted_again, still.suggested_again), (0, 0), "nothing is new");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_10_the_threshold_is_a_setting_with_its_measured_error() {
    on_both("2026-05-01", async |t| {
        five(&t).await;
        let (cashier, admin) = (t.role(Role::Cashier), t.role(Role::Administrator));
        let at = |measured: &[sundry_desk::cash::match_policy::Measured], from: i64| {
            measured.iter().find(|m| m.from_ppm == from).map(|m| (m.lines, m.wrong, m.error_ppm)).expect("measured")
        };
        let before = match_policy(&t.desk, &cashier).await.expect("the policy");
        assert_eq!((before.certain_ppm, before.tolerance_pence), (990_000, 0));
        let (lines, wrong, error) = at(&before.measured, 990_000);
        assert_eq!((lines, wrong, error), (1, 0, Some(0)), "one line was posted");
        let undo = UndoAllocation {
            key: "u1".into(),
            allocation: None,
            receipt: Some("RCT-000001".into()),
            reason: "It was for another invoice".into(),
        };
        undo_allocation(&t.desk, &cashier, undo).await.expect("undone");
        let ask = allocate("a1", "RCT-000003", "C100002", &[("INV-206003", 91_205)]);
        allocate_receipt(&t.desk, &cashier, ask).await.expect("as suggested");
        let now = match_policy(&t.desk, &cashier).await.expect("the policy");
        let (lines, wrong, _) = at(&now.measured, 900_000);
        assert!((1..=2).contains(&lines) && wrong == 1, "one taken back, of {lines}");
        assert!(now.measured.iter().all(|m| m.lines == 0 || m.at_most_ppm >= m.error_ppm));

        let no = set_match_policy(&t.desk, &cashier, policy("p0", 990_000, 0)).await.expect_err("not a cashier's");
        assert!(matches!(no, No::Refused(_)), "{no:?}");
        let no = set_match_policy(&t.desk, &admin, policy("p1", 985_123, 0)).await.expect_err("not measured");
        assert_eq!(no.code(), Some("CSH-10-THRESHOLD"));
        let much = set_match_policy(&t.desk, &admin, policy("p2", 990_000, 501)).await;
        assert!(matches!(much, Err(No::Invalid(_))));
        set(&t, policy("p3", 999_900, 2)).await;
        let now = match_policy(&t.desk, &cashier).await.expect("the policy");
        assert_eq!((now.certain_ppm, now.accept_ppm, now.tolerance_pence), (999_900, 800_000, 2));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_22_stale_suggestions_go_and_what_a_person_allocated_stays() {
    on_both("2026-05-01", async |t| {
        five(&t).await;
        let ask = allocate("a1", "RCT-000003", "C100002", &[("INV-206003", 1_000)]);
        allocate_receipt(&t.desk, &t.role(Role::Cashier), ask).await.expect("part of it");
        let mut look = t.desk.look().await.expect("reads");
        let (left,): (i64,) = look
            .one(
                "select count(*) from suggestion s join bank_line b on b.org_id = s.org_id and b.id = s.bank_line_id where s.org_id = $1 and b.state = 'posted'",
                args![t.org],
            )
            .await
            .expect("counts");
        drop(look);
        assert_eq!(left, 0, "a settled line has no suggestions");
        let before = exported(&t).await;
        let again = matched(&t, "m2").await;
        assert_eq!((again.posted_again, again.posted), (0, 0));
        assert_eq!(exported(&t).await, before);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_09_one_payer_for_several_people_is_suggested_and_split() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let rows = "B0000001,2026-04-20,1060.19,BGC,GREENHALGH & ROE LL,,,INV-204817 INV-206003\n";
        bring(&t, neutral("i1", rows)).await.expect("imports");
        assert_eq!(matched(&t, "m1").await.suggested, 1);
        let cashier = t.role(Role::Cashier);
        let view = receipt(&t.desk, &cashier, "RCT-000001").await.expect("a receipt");
        assert_eq!(view.suggestions[0].lines.len(), 2);
        assert!(view.suggestions[0].reasons_against.iter().any(|r| r.contains("split between 2 customers")));
        let ask = AcceptStrongSuggestions { key: "s1".into(), receipts: vec!["RCT-000001".into()] };
        let done = accept_strong_suggestions(&t.desk, &cashier, ask).await.expect("accepts");
        assert_eq!((done.count, done.sum_pence), (1, 106_019), "{done:?}");
        assert_eq!((open(&t, "INV-204817").await, open(&t, "INV-206003").await), (0, 0));
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pp_05_an_instalment_pays_what_its_plan_covers_before_older_debts() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let ask = AgreePlan { key: "plan".into(), ask: plan_ask(&["INV-204951"], 2, "2026-05-05") };
        agree_plan(&t.desk, &t.role(Role::TeamLeader), ask).await.expect("two of £38.65");
        let cashier = t.role(Role::Cashier);
        let first = async |pence: i64, named: &[String]| {
            let asked = proposed_order(&t.desk, &cashier, "C100001", Pence(pence), named).await.expect("an order");
            asked.lines.into_iter().map(|line| (line.item, line.amount_pence)).next().expect("a line")
        };
        assert_eq!(first(3_865, &[]).await, ("INV-204951".to_owned(), 3_865), "the instalment of 5 May");
        assert_eq!(first(3_866, &[]).await, ("INV-204817".to_owned(), 3_866), "no instalment: oldest due first");
        let named = ["INV-204817".to_owned()];
        assert_eq!(first(3_865, &named).await, ("INV-204817".to_owned(), 3_865), "the payer's word wins");
        t.go_to("2026-05-16");
        assert_eq!(first(3_865, &[]).await.0, "INV-204817", "eleven days after");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_08_the_order_of_allocation_is_dated_policy() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let (admin, cashier) = (t.role(Role::Administrator), t.role(Role::Cashier));
        let lines = async |named: &[String]| {
            let asked = proposed_order(&t.desk, &cashier, "C100001", Pence(10_000), named).await.expect("an order");
            let lines: Vec<(String, i64)> = asked.lines.into_iter().map(|l| (l.item, l.amount_pence)).collect();
            (lines, asked.left_pence)
        };
        assert_eq!(lines(&[]).await, (vec![("INV-204817".into(), 10_000)], 0), "oldest due first");
        let first =
            OrderPolicy { first: First::Smallest, exact_first: false, in_part: false, ..OrderPolicy::default() };
        let ask = |key: &str, from_on: &str| SetAllocationOrder {
            key: key.into(),
            debt_type: String::new(),
            from_on: from_on.parse().expect("a date"),
            policy: first,
            reason: "Clear as many bills as we can".into(),
        };
        let no = set_allocation_order(&t.desk, &admin, ask("o1", "2026-04-30")).await.expect_err("yesterday");
        assert_eq!(no.code(), Some("CSH-08-ORDER-PAST"));
        set_allocation_order(&t.desk, &admin, ask("o2", "2026-05-10")).await.expect("to come");
        assert_eq!(lines(&[]).await.0.len(), 1, "not yet");
        t.go_to("2026-05-10");
        assert_eq!(lines(&[]).await, (vec![("INV-204951".into(), 7_730)], 2_270), "smallest first, none in part");
        let named = ["INV-204817".to_owned()];
        assert_eq!(lines(&named).await, (vec![("INV-204817".into(), 10_000)], 0), "the payer's word wins");
        let orders = allocation_orders(&t.desk, &cashier).await.expect("orders");
        let holds: Vec<bool> = orders.iter().map(|order| order.holds).collect();
        assert_eq!(holds, [true, false], "the shipped order holds no more");
        t.go_to("2026-06-01");
        let later = set_allocation_order(&t.desk, &admin, ask("o2", "2026-05-10")).await.expect("the same request");
        assert_eq!(
            later.from_on.to_string(),
            "2026-05-10",
            "the same key has its first answer, though its day is over (P02)"
        );
    })
    .await;
}

fn advice(receipt: &str, name: &str, text: &str) -> RemittanceFile {
    RemittanceFile { receipt: receipt.into(), file_name: name.into(), bytes: text.as_bytes().to_vec() }
}

fn apply(key: &str, file: RemittanceFile, keep_rest: bool) -> ApplyRemittance {
    ApplyRemittance { key: key.into(), file, original: Vec::new(), keep_rest }
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_04_the_payers_advice_says_what_a_receipt_pays() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        owe_more(&t, "credit", &[("CN-000007", "C100001", "2026-03-30", "2026-03-30", -2_000)]).await;
        let rows = "B0000001,2026-04-20,192.44,BGC,TOLLGATE LETTINGS,08-99-99,66374958,RMT 771\n\
            B0000002,2026-04-21,912.05,BGC,SOMEBODY,,,RMT 772\n";
        bring(&t, neutral("i1", rows)).await.expect("imports");
        matched(&t, "m1").await;
        let cashier = t.role(Role::Cashier);
        let text = "Supplier ref,Gross,Deductions,Amount paid,Reason\nINV-204817,148.14,10.00,138.14,Chairs broken\n\
            inv204951,77.30,,77.30,\nCN-000007,,,-20.00,\nINV-999999,,,-3.00,\nTotal,,,192.44,\n";
        let read = read_remittance(&t.desk, &cashier, &advice("RCT-000001", "a.csv", text)).await.expect("reads");
        assert_eq!((read.sum_pence, read.not_found, read.deductions_pence), (19_244, 1, 1_000));
        assert_eq!(read.lines[1].item, "INV-204951", "found among what the payer owes, squeezed");
        assert_eq!(read.lines[0].note, "£10.00 was taken off and stays open.");
        let strict = apply("r1", advice("RCT-000001", "a.csv", text), false);
        let no = apply_remittance(&t.desk, &cashier, strict).await.expect_err("a bill that is not ours");
        assert_eq!(no.code(), Some("CSH-04-NOT-THE-SUM"));

        let text = text.replace("INV-999999,,,-3.00,\n", "").replace("192.44", "195.44");
        let no = apply("r2", advice("RCT-000001", "a.csv", &text), false);
        let no = apply_remittance(&t.desk, &cashier, no).await.expect_err("another sum");
        assert_eq!(no.code(), Some("CSH-04-NOT-THE-SUM"));
        let text = text.replace("138.14", "135.14").replace("195.44", "192.44");
        let ask = apply("r3", advice("RCT-000001", "a.csv", &text), false);
        let done = apply_remittance(&t.desk, &cashier, ask.clone()).await.expect("applies");
        assert_eq!((done.allocated_pence, done.credits_pence, done.on_account_pence), (19_244, 2_000, 0));
        assert_eq!(apply_remittance(&t.desk, &cashier, ask).await.expect("again").lines, 3, "the same answer");
        assert_eq!(open(&t, "INV-204817").await, 1_300, "the deduction stays open");
        assert_eq!((open(&t, "INV-204951").await, open(&t, "CN-000007").await), (0, 0));
        let kept = remittances(&t.desk, &cashier, "RCT-000001").await.expect("kept");
        assert_eq!((kept.len(), kept[0].lines_count, kept[0].applied_by.as_str()), (1, 3, cashier.name.as_str()));

        let mail = "From: pay@trust.example\nSubject: Remittance\nDate: today\nContent-Type: text/plain\n\n\
            Invoice INV-206003 has been paid 900.00\n";
        let ask = apply("r4", advice("RCT-000002", "a.eml", mail), true);
        let done = apply_remittance(&t.desk, &cashier, ask).await.expect("applies");
        assert_eq!((done.allocated_pence, done.on_account_pence), (90_000, 1_205));
        let no = apply("r5", advice("RCT-000002", "a.txt", "INV-555555 12.00\n"), true);
        let no = apply_remittance(&t.desk, &cashier, no).await.expect_err("nothing of ours");
        assert_eq!(no.code(), Some("CSH-04-NOTHING-FOUND"));
        let pdf = apply("r6", advice("RCT-000002", "a.pdf", "%PDF-1.7"), true);
        assert!(matches!(apply_remittance(&t.desk, &cashier, pdf).await, Err(No::Invalid(_))));
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_04_an_advice_of_800_lines_takes_less_than_a_second() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let numbers: Vec<String> = (0..800).map(|n| format!("INV-{}", 300_000 + n * 3)).collect();
        let owed: Vec<super::cash::Owed<'_>> =
            numbers.iter().map(|n| (n.as_str(), "C100001", "2026-03-02", "2026-04-01", 1_250)).collect();
        owe_more(&t, "many", &owed).await;
        let row = "B0000001,2026-04-20,10000.00,BGC,TOLLGATE LETTINGS,08-99-99,66374958,RMT 900\n";
        bring(&t, neutral("i1", row)).await.expect("imports");
        matched(&t, "m1").await;
        let lines: String = numbers.iter().map(|n| format!("{n},12.50\n")).collect();
        let text = format!("Invoice,Amount\n{lines}Total,10000.00\n");
        let started = std::time::Instant::now();
        let ask = apply("r1", advice("RCT-000001", "a.csv", &text), false);
        let done = apply_remittance(&t.desk, &t.role(Role::Cashier), ask).await.expect("applies");
        let took = started.elapsed();
        println!("800 lines applied in {took:?}");
        assert_eq!((done.lines, done.allocated_pence), (800, 1_000_000));
        // Without optimising and on a machine that others share; the release figure is in the handbook.
        assert!(took.as_millis() < 5_000, "{took:?}");
        agrees(&t).await;
    })
    .await;
}
