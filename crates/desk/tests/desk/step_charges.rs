//! What a step of a pathway charges for paying late: nothing, quoted in its letter, or posted with it (DUN-09).
use crate::dunning::paid;
use crate::pathways::{draft_of, put_live, set};
use crate::recovery::{customer, open, release};
use chrono::NaiveDate;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::delivery::{PrintLetters, letter, letters_of_customer, print_letters};
use sundry_desk::recovery::pathways::{check_pathway_draft, save_pathway_draft};
use sundry_desk::recovery::{PostCharges, case, charges, post_charges, preview_day};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{StepCharges, Verdict};
use sundry_paper::{LateLine, Letter};
use sundry_store::{args, ledger};

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

/// The one letter that a customer was written on a day.
async fn written(t: &TestDesk, who: CustomerId, day: &str) -> Letter {
    let by = t.role(Role::CreditController);
    let all = letters_of_customer(&t.desk, &by, who).await.expect("letters");
    let of_day: Vec<_> = all.into_iter().filter(|one| one.dated_on == d(day) && one.kind == "reminder").collect();
    assert_eq!(of_day.len(), 1, "letters of {day}");
    letter(&t.desk, &by, &of_day[0].number).await.expect("a letter").content
}

/// What was charged on an invoice, and what is open of it.
async fn charged(t: &TestDesk, invoice: &str) -> (i64, i64) {
    let seen = charges(&t.desk, &t.role(Role::CreditController), invoice).await.expect("what was charged");
    (seen.charged_pence.0, seen.open_pence.0)
}

fn late(posted: bool, interest_pence: i64, compensation_pence: i64) -> Option<LateLine> {
    let rate = "11.75%".into();
    Some(LateLine { posted, rate, interest_pence, compensation_pence, ..LateLine::default() })
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_the_first_reminder_quotes_and_the_final_notice_posts_once() {
    on_both("2026-04-07", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        release(&t, "2026-04-07").await.expect("a first reminder");
        let first = written(&t, firm, "2026-04-07").await;
        assert_eq!(first.items[0].late, late(false, 225, 7_000));
        assert_eq!((first.sum_pence, first.items[0].owed_pence), (100_000, 100_000), "what is quoted is not asked for");
        assert_eq!(charged(&t, "INV-1").await, (0, 0), "a quotation posts nothing");
        for day in ["2026-04-21", "2026-04-22"] {
            release(&t, day).await.expect("a day");
        }
        assert_eq!(written(&t, firm, "2026-04-21").await.items[0].late, None, "the second says nothing of it");
        t.go_to("2026-05-05");
        let by = t.role(Role::CreditController);
        let preview = preview_day(&t.desk, &by, d("2026-05-05")).await.expect("a preview");
        let planned = preview.letters[0].items[0].charge.clone().expect("it will be charged");
        assert_eq!((planned.does, planned.sum()), (StepCharges::Post, Pence(8_127)));
        assert_eq!(charged(&t, "INV-1").await, (0, 0), "a preview posts nothing");
        let done = release(&t, "2026-05-05").await.expect("a final notice");
        assert_eq!(done.totals, preview.totals);
        let last = written(&t, firm, "2026-05-05").await;
        assert_eq!(last.items[0].late, late(true, 1_127, 7_000));
        let asked = &last.items[0];
        assert_eq!((asked.charges_pence, asked.owed_pence, last.sum_pence), (8_127, 108_127, 108_127));
        assert_eq!(charged(&t, "INV-1").await, (8_127, 8_127));
        assert_eq!(release(&t, "2026-05-05").await.expect("the same day"), done);
        assert_eq!(charged(&t, "INV-1").await, (8_127, 8_127), "never twice");
        let again = PostCharges { key: "again".into(), invoice: "INV-1".into() };
        let no = post_charges(&t.desk, &by, again).await.expect_err("all of it was charged");
        assert_eq!(no.code(), Some("DUN-11-SAME"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_what_was_charged_before_and_is_open_is_asked_for_again_and_not_charged_twice() {
    on_both("2026-04-07", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        for day in ["2026-04-07", "2026-04-21", "2026-04-22"] {
            release(&t, day).await.expect("a day");
        }
        t.go_to("2026-05-05");
        let by_hand = PostCharges { key: "by hand".into(), invoice: "INV-1".into() };
        post_charges(&t.desk, &t.role(Role::CreditController), by_hand).await.expect("posted");
        release(&t, "2026-05-05").await.expect("a final notice");
        let last = written(&t, firm, "2026-05-05").await;
        let lines: Vec<(&str, i64)> = last.items.iter().map(|line| (line.number.as_str(), line.owed_pence)).collect();
        assert_eq!(lines, [("INV-1", 100_000), ("INV-1/L1", 1_127), ("INV-1/L2", 7_000)]);
        assert!(last.items.iter().all(|line| line.late.is_none()), "nothing more is charged");
        assert_eq!((last.sum_pence, charged(&t, "INV-1").await), (108_127, (8_127, 8_127)));
    })
    .await;
}

/// The steps that an item took.
async fn taken(t: &TestDesk, number: &str) -> Vec<(String, String)> {
    let mut look = t.desk.look().await.expect("looks");
    let row = ledger::items_numbered(&mut look, t.org, number).await.expect("reads").remove(0);
    drop(look);
    let view = case(&t.desk, &t.role(Role::CreditController), ItemId(row.id)).await.expect("a case");
    view.steps.into_iter().map(|step| (step.step_code, step.taken_on.to_string())).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_charges_go_with_their_invoice_and_on_from_there_when_it_is_paid() {
    on_both("2026-04-07", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        let item = open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        for day in ["2026-04-07", "2026-04-21", "2026-04-22", "2026-05-05", "2026-05-06", "2026-05-12"] {
            release(&t, day).await.expect("a day");
        }
        let by = t.role(Role::CreditController);
        let all = letters_of_customer(&t.desk, &by, firm).await.expect("letters");
        let of_day: Vec<_> = all.iter().filter(|one| one.dated_on == d("2026-05-12")).collect();
        assert_eq!(of_day.len(), 1, "one letter before action, and no reminder of the charges");
        assert_eq!(of_day[0].kind, "letter_of_claim");
        let claim = letter(&t.desk, &by, &of_day[0].number).await.expect("a letter").content;
        let mut lines: Vec<(&str, i64)> =
            claim.items.iter().map(|line| (line.number.as_str(), line.owed_pence)).collect();
        lines.sort_unstable();
        assert_eq!(lines, [("INV-1", 100_000), ("INV-1/L1", 1_127), ("INV-1/L2", 7_000)]);
        assert_eq!(claim.sum_pence, 108_127);
        let said: String = claim.blocks.iter().map(|block| format!("{}\n", block.text)).collect();
        assert!(said.contains("Of this, £81.27 is interest and charges."), "{said}");
        assert!(said.contains("it comes to £13.52, with a fixed sum of £70.00"), "{said}");
        assert!(said.contains("Interest for each further day: £0.32."), "{said}");
        let (invoice, charge) = (taken(&t, "INV-1").await, taken(&t, "INV-1/L1").await);
        assert_eq!(
            charge.first(),
            Some(&("R3".to_owned(), "2026-05-05".to_owned())),
            "with the letter that charged it"
        );
        assert_eq!(charge.last(), Some(&("R4".to_owned(), "2026-05-12".to_owned())));
        assert!(invoice.ends_with(&charge), "{invoice:?} {charge:?}");
        t.go_to("2026-05-13");
        paid(&t, firm, item, "RCT-1", 100_000, "2026-05-13").await;
        for day in ["2026-05-13", "2026-05-20", "2026-05-27"] {
            release(&t, day).await.expect("a day");
        }
        let alone = taken(&t, "INV-1/L1").await;
        assert!(alone.starts_with(&charge) && alone.iter().all(|(code, _)| code != "R1"), "not begun anew: {alone:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_02_a_letter_of_claim_without_interest_leaves_its_sentences_out() {
    on_both("2026-04-07", async |t| {
        let person = customer(&t, "C100001", "individual", "").await;
        open(&t, person, "invoice", "INV-1", "2026-03-31", 100_000).await;
        for day in ["2026-04-07", "2026-04-21", "2026-04-28", "2026-05-05", "2026-05-06", "2026-05-12"] {
            release(&t, day).await.expect("a day");
        }
        let by = t.role(Role::CreditController);
        let all = letters_of_customer(&t.desk, &by, person).await.expect("letters");
        let one = all.iter().find(|one| one.kind == "letter_of_claim").expect("a letter of claim");
        let claim = letter(&t.desk, &by, &one.number).await.expect("a letter").content;
        let said: String = claim.blocks.iter().map(|block| format!("{}\n", block.text)).collect();
        assert!(said.contains("We are not adding interest or charges."), "{said}");
        assert!(!said.contains("£0.00") && !said.contains("further day"), "{said}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_15_money_that_waits_to_be_allocated_stops_a_letter_that_was_decided() {
    on_both("2026-04-07", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        release(&t, "2026-04-07").await.expect("a first reminder");
        open(&t, firm, "receipt", "RCT-1", "2026-05-07", -30_000).await;
        let print = PrintLetters { key: "print".into(), limit: 10 };
        drop(print_letters(&t.desk, &t.role(Role::TeamLeader), print, &|_, _| {}).await);
        let by = t.role(Role::CreditController);
        let all = letters_of_customer(&t.desk, &by, firm).await.expect("letters");
        let one = all.iter().find(|one| one.kind == "reminder").expect("a reminder");
        assert_eq!(one.state, "withdrawn");
        assert!(one.state_reason.starts_with("REC-X7-CASH"), "{}", one.state_reason);
        let again = release(&t, "2026-04-08").await.expect("a day");
        assert_eq!(again.totals.refused.get("REC-X7-CASH"), Some(&1), "{:?}", again.totals.refused);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_01_a_trader_who_was_taken_for_a_company_gets_the_letter_of_the_protocol_and_its_time() {
    on_both("2026-04-07", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        for day in ["2026-04-07", "2026-04-21", "2026-04-22", "2026-05-05", "2026-05-06"] {
            release(&t, day).await.expect("a day");
        }
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update customer set kind = 'sole_trader' where org_id = $1 and id = $2";
        tx.run(sql, args![t.org, firm]).await.expect("put right");
        tx.commit().await.expect("commits");
        release(&t, "2026-05-12").await.expect("a day");
        let by = t.role(Role::CreditController);
        let all = letters_of_customer(&t.desk, &by, firm).await.expect("letters");
        let claim = all.iter().find(|one| one.kind == "letter_of_claim").expect("a letter of claim");
        assert_eq!(claim.template_code, "letter_of_claim", "not the letter before action of companies");
        let content = letter(&t.desk, &by, &claim.number).await.expect("a letter").content;
        assert_eq!(content.due_on, Some(d("2026-06-11")), "thirty days");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_02_a_letter_of_claim_not_posted_by_the_next_day_is_written_anew_with_its_new_time() {
    on_both("2026-04-07", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        for day in ["2026-04-07", "2026-04-21", "2026-04-22", "2026-05-05", "2026-05-06", "2026-05-12"] {
            release(&t, day).await.expect("a day");
        }
        // It waits over a weekend and more: the customer would lose these days of the fourteen.
        t.go_to("2026-05-14");
        let print = |key: &str| PrintLetters { key: key.into(), limit: 100 };
        let leader = t.role(Role::TeamLeader);
        drop(print_letters(&t.desk, &leader, print("late"), &|_, _| {}).await);
        release(&t, "2026-05-14").await.expect("written anew");
        t.go_to("2026-05-15");
        print_letters(&t.desk, &leader, print("the day after"), &|_, _| {}).await.expect("leaves");
        let all = letters_of_customer(&t.desk, &t.role(Role::CreditController), firm).await.expect("letters");
        let mut claims: Vec<(String, String, String)> = all
            .into_iter()
            .filter(|one| one.kind == "letter_of_claim")
            .map(|one| (one.dated_on.to_string(), one.state, one.state_reason))
            .collect();
        claims.sort();
        let states: Vec<(&str, &str)> = claims.iter().map(|one| (one.0.as_str(), one.1.as_str())).collect();
        assert_eq!(states, [("2026-05-12", "withdrawn"), ("2026-05-14", "printed")], "{claims:?}");
        assert!(claims[0].2.contains("dated 12 May 2026"), "{claims:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_15_a_payment_before_the_letter_leaves_stops_it_and_the_next_is_worked_out_anew() {
    on_both("2026-04-07", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        let item = open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        release(&t, "2026-04-07").await.expect("a first reminder");
        t.go_to("2026-04-08");
        paid(&t, firm, item, "RCT-1", 40_000, "2026-04-08").await;
        let print = PrintLetters { key: "print".into(), limit: 10 };
        drop(print_letters(&t.desk, &t.role(Role::TeamLeader), print, &|_, _| {}).await);
        let by = t.role(Role::CreditController);
        let all = letters_of_customer(&t.desk, &by, firm).await.expect("letters");
        let states: Vec<&str> = all.iter().filter(|one| one.kind == "reminder").map(|one| one.state.as_str()).collect();
        assert_eq!(states, ["withdrawn"]);
        release(&t, "2026-04-08").await.expect("asked anew");
        let anew = written(&t, firm, "2026-04-08").await;
        assert_eq!((anew.sum_pence, anew.items[0].late.clone()), (60_000, late(false, 258, 7_000)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_who_bears_no_interest_gets_the_letter_without_it() {
    on_both("2026-04-07", async |t| {
        let person = customer(&t, "C100001", "individual", "").await;
        open(&t, person, "invoice", "INV-1", "2026-03-31", 100_000).await;
        let firm = customer(&t, "C100002", "company", "").await;
        let penalty = open(&t, firm, "invoice", "INV-2", "2026-03-31", 100_000).await;
        set(&t, penalty, "debt_type", "Penalty charge").await;
        release(&t, "2026-04-07").await.expect("first reminders");
        for who in [person, firm] {
            assert_eq!(written(&t, who, "2026-04-07").await.items[0].late, None);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dun_09_each_step_of_a_draft_says_what_it_charges_and_the_law_is_checked() {
    on_both("2026-04-01", async |t| {
        let firm = customer(&t, "C100001", "company", "").await;
        open(&t, firm, "invoice", "INV-1", "2026-03-31", 100_000).await;
        let mut business = draft_of(&t, "business").await;
        for step in &mut business.steps {
            step.charges = if step.code == "R1" { StepCharges::Post } else { StepCharges::None };
        }
        put_live(&t, business, None).await;
        release(&t, "2026-04-07").await.expect("a first reminder");
        assert_eq!(written(&t, firm, "2026-04-07").await.items[0].late, late(true, 225, 7_000));
        assert_eq!(charged(&t, "INV-1").await, (7_225, 7_225));
        let mut people = draft_of(&t, "individual").await;
        people.steps[1].charges = StepCharges::Quote;
        let admin = t.role(Role::Administrator);
        save_pathway_draft(&t.desk, &admin, people).await.expect("kept");
        let found = check_pathway_draft(&t.desk, &admin, "individual").await.expect("checked");
        let fix = found.iter().find(|one| one.verdict == Verdict::Fix && one.words.contains("LP-06-CONSUMER"));
        assert!(fix.is_some_and(|one| one.words.starts_with("R1 (First reminder)")), "{found:?}");
    })
    .await;
}
