//! Two accounts of one customer become one (CUS-06): plans go on, old numbers lead to the account that stays, nothing that
//! protects is lost, and the books agree.
use crate::cash::{bring, matched, neutral, open};
use crate::customers::customer as company;
use crate::ledger::{owe, pay};
use crate::plans::ask as plan_ask;
use crate::recovery::{customer, flag};
use chrono::NaiveDate;
use sundry_desk::No;
use sundry_desk::approvals::{DecideApproval, Decided, approval, decide_approval};
use sundry_desk::billing::feeders::{ReleaseFeederFile, SendFeederFile, release_feeder_file, send_feeder_file};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::court::{DecideReferral, ReferToCourt, decide_referral, refer_to_court};
use sundry_desk::customers::*;
use sundry_desk::ledger::verify::verify;
use sundry_desk::plans::{AgreePlan, PlanAsk, agree_plan, plan};
use sundry_desk::reports::aged_debt::{AskAgedDebt, aged_debt};
use sundry_domain::control::Role;
use sundry_domain::ids::CustomerId;
use sundry_store::args;

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

fn code<T>(answer: Result<T, No>) -> String {
    match answer {
        Ok(_) => "allowed".into(),
        Err(No::Invalid(_)) => "invalid".into(),
        Err(no) => no.code().unwrap_or("fault").to_owned(),
    }
}

fn two_into_one(key: &str) -> MergeCustomers {
    MergeCustomers {
        key: key.into(),
        stays: "C100001".into(),
        gone: "C100002".into(),
        evidence: "The same date of birth, told on a call of 1 May 2026".into(),
    }
}

async fn ask(t: &TestDesk, key: &str) -> Result<MergeAsked, No> {
    merge_customers(&t.desk, &t.role(Role::BillingOfficer), two_into_one(key)).await
}

async fn decide(t: &TestDesk, key: &str, number: &str, approve: bool) -> Result<Decided, No> {
    let leader = t.role(Role::TeamLeader);
    let read = approval(&t.desk, &leader, number).await.expect("an approval");
    let reason = if approve { "" } else { "They are brothers" };
    let ask = DecideApproval {
        key: key.into(),
        number: number.into(),
        approve,
        reason: reason.into(),
        content_hash: read.content_hash,
    };
    decide_approval(&t.desk, &leader, ask).await
}

async fn merged(t: &TestDesk) {
    let asked = ask(t, "merge").await.expect("asked");
    let done = decide(t, "yes", &asked.approval, true).await.expect("a yes");
    assert_eq!(done.made.as_deref(), Some("C100001"));
}

async fn account(t: &TestDesk, number: &str) -> CustomerAccount {
    customer_account(&t.desk, &t.role(Role::Auditor), number).await.expect("an account")
}

async fn proved(t: &TestDesk) {
    let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("verifies");
    assert!(proof.passed, "{:?}", proof.failures());
}

async fn two(t: &TestDesk) -> (CustomerId, CustomerId) {
    (customer(t, "C100001", "individual", "").await, customer(t, "C100002", "individual", "").await)
}

fn in_six(item: &str) -> PlanAsk {
    PlanAsk { customer: "C100002".into(), ..plan_ask(&[item], 6, "2026-05-31") }
}

/// The accounts that owe at the end of a day.
async fn owing(t: &TestDesk, as_at: &str) -> Vec<String> {
    let ask = AskAgedDebt::by_customer(d(as_at));
    let report = aged_debt(&t.desk, &t.role(Role::Auditor), &ask).await.expect("a report");
    let text = String::from_utf8(report.to_csv()).expect("text");
    ["C100001", "C100002"].into_iter().filter(|number| text.contains(number)).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_a_plan_goes_on_and_money_by_the_old_number_reaches_the_account_that_stays() {
    on_both("2026-05-01", async |t| {
        let (_, gone) = two(&t).await;
        owe(&t.desk, t.org, "INV-204817", gone, d("2026-03-01"), 60_000).await.expect("owes");
        owe(&t.desk, t.org, "INV-204951", gone, d("2026-03-02"), 14_814).await.expect("owes");
        pay(&t, "p0", "C100002", 5_000, None).await;
        let (controller, plan_ask) = (t.role(Role::CreditController), in_six("INV-204817"));
        let made = agree_plan(&t.desk, &controller, AgreePlan { key: "plan".into(), ask: plan_ask }).await;
        let made = made.expect("a plan");
        let seen = preview_merge(&t.desk, &controller, "C100001", "C100002").await.expect("a preview");
        let what = |name: &str| seen.moves.iter().find(|one| one.what == name).map(|one| (one.count, one.pence));
        assert_eq!((what("debts"), what("unallocated")), (Some((2, 74_814)), Some((1, -5_000))));
        assert_eq!((what("plans"), what("holds"), what("queries")), (Some((1, 60_000)), Some((1, 0)), None));
        assert!(seen.forbids.is_empty(), "{:?}", seen.forbids);
        merged(&t).await;
        let after = account(&t, "C100002").await;
        assert_eq!((after.customer.number.as_str(), after.strip.balance_pence), ("C100001", 69_814));
        assert!(after.notes[0].pinned && after.notes[0].words.contains("C100002"), "{:?}", after.notes);
        proved(&t).await;
        let running = plan(&t.desk, &controller, &made.number).await.expect("the plan");
        assert_eq!((running.line.state.as_str(), running.balance_pence, running.covers.len()), ("active", 60_000, 1));
        // By the old number from the bank, and by it at the counter.
        let row = "B0000001,2026-04-30,148.14,FPI,SOMEBODY,,,C100002 INV-204951\n";
        bring(&t, neutral("i1", row)).await.expect("imports");
        assert_eq!((matched(&t, "m1").await.posted, open(&t, "INV-204951").await), (1, 0));
        pay(&t, "p1", "C100002", 10_000, Some(("INV-204817", 10_000))).await;
        let running = plan(&t.desk, &controller, &made.number).await.expect("the plan");
        assert_eq!((running.line.state.as_str(), running.balance_pence), ("active", 50_000));
        assert_eq!(account(&t, "C100001").await.strip.balance_pence, 45_000);
        // Before it the debts stood where they stood.
        assert_eq!(owing(&t, "2026-04-15").await, ["C100002"]);
        assert_eq!(owing(&t, "2026-05-01").await, ["C100001"]);
        proved(&t).await;
    })
    .await;
}

async fn ask_undo(t: &TestDesk, key: &str) -> Result<UndoAsked, No> {
    let ask = UndoMerge { key: key.into(), gone: "C100002".into(), reason: "Father and daughter".into() };
    undo_merge(&t.desk, &t.role(Role::BillingOfficer), ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_a_merge_that_was_wrong_is_undone_and_each_account_has_its_own_again() {
    on_both("2026-05-01", async |t| {
        let (stays, gone) = two(&t).await;
        owe(&t.desk, t.org, "INV-1", gone, d("2026-03-01"), 60_000).await.expect("owes");
        owe(&t.desk, t.org, "INV-2", stays, d("2026-03-02"), 5_000).await.expect("owes");
        pay(&t, "p0", "C100002", 2_000, None).await;
        flag(&t, gone, "vulnerable", "2026-04-01", "2026-12-31").await;
        assert_eq!(code(ask_undo(&t, "early").await), "CUS-06-NOT-MERGED");
        merged(&t).await;
        assert_eq!(account(&t, "C100001").await.strip.balance_pence, 63_000);
        // While they are one: part of the debt is paid, and a new one arises.
        t.desk.set_today(d("2026-05-10")).expect("a date");
        pay(&t, "p1", "C100001", 10_000, Some(("INV-1", 10_000))).await;
        owe(&t.desk, t.org, "INV-3", stays, d("2026-05-10"), 700).await.expect("owes");
        let seen = merged_accounts(&t.desk, &t.role(Role::Auditor), "C100002").await.expect("a list");
        assert_eq!((seen.stays.as_str(), seen.merged.len()), ("C100001", 1));
        t.desk.set_today(d("2026-05-20")).expect("a date");
        let asked = ask_undo(&t, "undo").await.expect("asked");
        assert_eq!(code(ask_undo(&t, "again").await), "CUS-06-WAITS");
        let done = decide(&t, "undone", &asked.approval, true).await.expect("a yes");
        assert_eq!(done.made.as_deref(), Some("C100002"));
        let (one, other) = (account(&t, "C100001").await, account(&t, "C100002").await);
        assert_eq!((one.customer.number.as_str(), one.strip.balance_pence), ("C100001", 5_700));
        assert_eq!((other.customer.number.as_str(), other.strip.balance_pence), ("C100002", 48_000));
        assert!(one.flags.is_empty() && other.flags.iter().any(|one| one.holds), "the flag is on its own account");
        assert!(one.references.iter().all(|kept| kept.kind != "old_account"), "{:?}", one.references);
        proved(&t).await;
        // Before, between and after.
        assert_eq!(owing(&t, "2026-04-15").await, ["C100001", "C100002"]);
        assert_eq!(owing(&t, "2026-05-15").await, ["C100001"]);
        assert_eq!(owing(&t, "2026-05-20").await, ["C100001", "C100002"]);
        // Once undone, the same two may be merged again.
        assert_eq!(code(ask_undo(&t, "twice").await), "CUS-06-NOT-MERGED");
        assert_eq!(code(ask(&t, "anew").await), "allowed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_money_on_debts_of_both_accounts_forbids_undoing_and_a_no_leaves_the_merge() {
    on_both("2026-05-01", async |t| {
        let (stays, gone) = two(&t).await;
        owe(&t.desk, t.org, "INV-1", gone, d("2026-03-01"), 10_000).await.expect("owes");
        owe(&t.desk, t.org, "INV-2", stays, d("2026-03-02"), 5_000).await.expect("owes");
        merged(&t).await;
        let asked = ask_undo(&t, "first").await.expect("asked");
        assert_eq!(decide(&t, "no", &asked.approval, false).await.expect("a no").state, "refused");
        assert_eq!(account(&t, "C100002").await.customer.number, "C100001", "a no leaves the merge");
        // More than the debt: what is left over of the receipt stays with the account that took it in.
        pay(&t, "p1", "C100001", 12_000, Some(("INV-1", 10_000))).await;
        assert_eq!(code(ask_undo(&t, "joined").await), "CUS-06-JOINED");
        proved(&t).await;
    })
    .await;
}

/// Story: a customer is merged while a debt of theirs is on its way to court.
#[tokio::test(flavor = "multi_thread")]
async fn cus06_story_a_debt_on_its_way_to_court_forbids_a_merge_until_the_case_is_over() {
    on_both("2026-05-01", async |t| {
        let (controller, manager) = (t.role(Role::CreditController), t.role(Role::Approver));
        let (stays, gone) = two(&t).await;
        owe(&t.desk, t.org, "INV-1", gone, d("2026-03-01"), 60_000).await.expect("owes");
        owe(&t.desk, t.org, "INV-2", stays, d("2026-03-01"), 5_000).await.expect("owes");
        // Asked for before the referral, decided after it: the law is asked again at the yes.
        let asked = ask(&t, "merge").await.expect("asked");
        let refer = ReferToCourt {
            key: "refer".into(),
            customer: "C100002".into(),
            debts: Vec::new(),
            why: "Three reminders, no answer".into(),
            means: String::new(),
            assets: String::new(),
        };
        let case = refer_to_court(&t.desk, &controller, refer).await.expect("referred").number;
        let seen = preview_merge(&t.desk, &controller, "C100001", "C100002").await.expect("a preview");
        let codes: Vec<&str> = seen.forbids.iter().map(|one| one.code.as_str()).collect();
        assert!(codes.contains(&"CUS-06-COURT"), "{codes:?}");
        assert_eq!(code(decide(&t, "early", &asked.approval, true).await), "CUS-06-COURT");
        assert_eq!(account(&t, "C100002").await.customer.number, "C100002", "nothing moved");
        let back = DecideReferral { key: "back".into(), case, accept: false, words: "A plan first".into() };
        decide_referral(&t.desk, &manager, back).await.expect("sent back");
        let done = decide(&t, "yes", &asked.approval, true).await.expect("a yes");
        assert_eq!(done.made.as_deref(), Some("C100001"));
        let after = account(&t, "C100002").await;
        assert_eq!((after.customer.number.as_str(), after.strip.balance_pence), ("C100001", 65_000));
        // The debt may be referred again, on the account that stays.
        let again = ReferToCourt {
            key: "again".into(),
            customer: "C100001".into(),
            debts: vec!["INV-1".into()],
            why: "No answer to the offer of a plan".into(),
            means: String::new(),
            assets: String::new(),
        };
        assert_eq!(code(refer_to_court(&t.desk, &controller, again).await), "allowed");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_what_protects_either_account_protects_the_one_that_stays() {
    on_both("2026-05-01", async |t| {
        let (stays, gone) = two(&t).await;
        flag(&t, stays, "vulnerable", "2026-04-01", "2026-12-31").await;
        flag(&t, gone, "breathing_space", "2026-04-20", "2026-06-18").await;
        flag(&t, gone, "in_hospital", "2026-04-20", "2026-12-31").await;
        merged(&t).await;
        let after = account(&t, "C100001").await;
        let mut kinds: Vec<&str> = after.flags.iter().filter(|one| one.holds).map(|one| one.kind.as_str()).collect();
        kinds.sort_unstable();
        assert_eq!(kinds, ["breathing_space", "in_hospital", "vulnerable"]);
        let page = customers_list(&t.desk, &t.role(Role::Auditor), CustomersAsk::default()).await.expect("a list");
        let numbers: Vec<&str> = page.rows.iter().map(|row| row.number.as_str()).collect();
        assert_eq!(numbers, ["C100001"], "the account that was merged is in no list");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_a_feeders_row_with_the_old_number_is_billed_to_the_account_that_stays() {
    on_both("2026-05-01", async |t| {
        for key in ["c1", "c2"] {
            company(&t, key, "Calder Ltd").await;
        }
        merged(&t).await;
        crate::feeders::set_up(&t).await;
        let row = "LIC/1,C100002,D1,Premises licence,100.00,O,,2026-04-30,,";
        let file = SendFeederFile {
            key: "send".into(),
            feeder: "LICENCES".into(),
            file_name: "licences.csv".into(),
            file: format!("{}\n{row}\n", crate::feeders::HEADINGS).into_bytes(),
            told_rows: Some(1),
            told_pence: Some(10_000),
            corrects: String::new(),
        };
        let sent = send_feeder_file(&t.desk, &t.role(Role::BillingOfficer), file).await.expect("is judged");
        assert_eq!((sent.good, sent.rejected), (1, 0));
        let release = ReleaseFeederFile { key: "release".into(), number: sent.number };
        release_feeder_file(&t.desk, &t.role(Role::TeamLeader), release, &|_, _| {}).await.expect("is billed");
        assert_eq!(account(&t, "C100001").await.strip.balance_pence, 10_000);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_of_two_who_ask_at_once_one_waits_and_the_same_key_gives_the_same_answer() {
    on_both("2026-05-01", async |t| {
        two(&t).await;
        let (one, other) = tokio::join!(ask(&t, "a"), ask(&t, "b"));
        let mut codes = [code(one), code(other)];
        codes.sort();
        assert_eq!(codes, ["CUS-06-WAITS", "allowed"]);
        let approvals = sundry_desk::approvals::approvals_list(&t.desk, &t.role(Role::TeamLeader), "").await;
        let waits = approvals.expect("a list").rows.remove(0).number;
        assert_eq!(decide(&t, "no", &waits, false).await.expect("a no").state, "refused");
        assert_eq!(account(&t, "C100002").await.customer.number, "C100002", "a no leaves nothing");
        let asked = ask(&t, "c").await.expect("asked again");
        assert_eq!(ask(&t, "c").await.expect("the same").approval, asked.approval);
        let made = decide(&t, "yes", &asked.approval, true).await.expect("a yes");
        assert_eq!(decide(&t, "yes", &asked.approval, true).await.expect("the same").made, made.made);
        assert_eq!(code(ask(&t, "d").await), "CUS-06-MERGED");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_what_tells_two_customers_apart_is_refused() {
    on_both("2026-05-01", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let (_, gone) = two(&t).await;
        customer(&t, "C100003", "company", "").await;
        let merge = async |key: &str, gone: &str| {
            let ask = MergeCustomers { gone: gone.into(), ..two_into_one(key) };
            code(merge_customers(&t.desk, &officer, ask).await)
        };
        assert_eq!(merge("same", "C100001").await, "CUS-06-SAME");
        assert_eq!(merge("kind", "C100003").await, "CUS-06-KIND");
        let silent = MergeCustomers { evidence: " ".into(), ..two_into_one("silent") };
        assert_eq!(code(merge_customers(&t.desk, &officer, silent).await), "invalid");
        let clerk = t.role(Role::Cashier);
        assert_eq!(code(merge_customers(&t.desk, &clerk, two_into_one("clerk")).await), "CTL-01-NO-DUTY");
        for (key, number, born) in [("b1", "C100001", "1950-01-02"), ("b2", "C100002", "1951-01-02")] {
            let ask = AddReference {
                key: key.into(),
                number: number.into(),
                kind: "date_of_birth".into(),
                reference: born.into(),
            };
            add_reference(&t.desk, &officer, ask).await.expect("a reference");
        }
        assert_eq!(merge("born", "C100002").await, "CUS-06-NOT-SAME");
        flag(&t, gone, "deceased", "2026-04-01", "2099-12-31").await;
        let seen = preview_merge(&t.desk, &officer, "C100001", "C100002").await.expect("a preview");
        let codes: Vec<&str> = seen.forbids.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(codes, ["CUS-06-NOT-SAME", "CUS-06-DECEASED"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_an_allocation_moves_with_a_recorded_merge_and_with_nothing_else() {
    on_both("2026-05-01", async |t| {
        let (_, gone) = two(&t).await;
        owe(&t.desk, t.org, "INV-1", gone, d("2026-03-01"), 10_000).await.expect("owes");
        pay(&t, "p1", "C100002", 10_000, Some(("INV-1", 10_000))).await;
        for change in ["customer_id = customer_id + 1", "amount_pence = 1"] {
            let mut tx = t.desk.db().begin().await.expect("begins");
            let sql = format!("update allocation set {change} where org_id = $1");
            assert!(tx.all_built::<(i64,)>(sql, args![t.org]).await.is_err(), "{change}");
            tx.rollback().await.expect("rolls back");
        }
        merged(&t).await;
        assert_eq!(account(&t, "C100001").await.strip.balance_pence, 0);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_an_account_is_opened_beside_one_that_looks_the_same_only_when_somebody_says_so() {
    on_both("2026-05-01", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let known = |name: &str, address1: &str, number: &str, confirmed_alike| AddCustomer {
            key: format!("{name}{address1}{number}{confirmed_alike}"),
            fields: CustomerFields { address1: address1.into(), ..crate::customers::fields(name) },
            identity: Identity { company_number: number.into(), ..Identity::default() },
            confirmed_alike,
        };
        let add = async |ask| code(add_customer(&t.desk, &officer, ask).await);
        assert_eq!(add(known("Calder Ltd", "1 High Street", "01234567", false)).await, "allowed");
        assert_eq!(add(known("CALDER", "9 Low Road", "", false)).await, "CUS-06-ALIKE", "name and postcode");
        assert_eq!(add(known("Rother Ltd", "1 HIGH STREET", "", false)).await, "CUS-06-ALIKE", "address");
        assert_eq!(add(known("Mersey Ltd", "9 Low Road", "0123 4567", false)).await, "CUS-06-ALIKE", "number");
        assert_eq!(add(known("Mersey Ltd", "9 Low Road", "07654321", false)).await, "allowed");
        assert_eq!(add(known("CALDER", "1 High Street", "01234567", true)).await, "allowed");
        let ask = AskAlike {
            identity: Identity { company_number: "01234567".into(), ..Identity::default() },
            ..AskAlike::default()
        };
        let found = find_alike(&t.desk, &officer, ask).await.expect("an answer").accounts;
        let same: Vec<(&str, String)> = found.iter().map(|one| (one.number.as_str(), one.words())).collect();
        let number = "company number".to_owned();
        assert_eq!(same, [("C100001", number.clone()), ("C100003", number)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_an_account_with_the_name_of_another_says_which() {
    on_both("2026-05-01", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let add = async |key: &str, name: &str| {
            let ask = AddCustomer {
                key: key.into(),
                fields: crate::customers::fields(name),
                confirmed_alike: true,
                ..AddCustomer::default()
            };
            add_customer(&t.desk, &officer, ask).await.expect("opens").alike
        };
        assert!(add("c1", "Calder Ltd").await.is_empty());
        assert_eq!(add("c2", "CALDER LTD").await, ["C100001"]);
        merged(&t).await;
        assert_eq!(add("c3", "Calder Ltd").await, ["C100001"], "the account that was merged is asked for no more");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus06_the_two_numbers_of_one_customer_owe_nothing_with_each_other() {
    on_both("2026-05-01", async |t| {
        two(&t).await;
        merged(&t).await;
        let ask = sundry_desk::recovery::people::AddJoint {
            key: "j".into(),
            customer: "C100001".into(),
            debt: "INV-1".into(),
            other: "C100002".into(),
            because: "joint".into(),
            evidence: "Tenancy of 2 May 2024".into(),
        };
        let no = sundry_desk::recovery::people::add_joint(&t.desk, &t.role(Role::CreditController), ask).await;
        let Err(No::Invalid(all)) = no else { panic!("{no:?}") };
        assert_eq!(all[0].field, "other");
    })
    .await;
}
