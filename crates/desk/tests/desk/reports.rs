//! Figures: the same on every day for ever, and adding up to the ledger.
use super::ledger::{customers, day, owe, pay};
use chrono::{Days, NaiveDate};
use sundry_desk::No;
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, reverse_receipt};
use sundry_desk::cash::undo_allocation::{UndoAllocation, undo_allocation};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::core::vault::sha256_hex;
use sundry_desk::reports::aged_debt::{AgedDebt, AskAgedDebt, aged_debt};
use sundry_desk::reports::explain::{balance_series, explain};
use sundry_desk::reports::exports;
use sundry_desk::work::dashboard::dashboard;
use sundry_desk::work::worklist::{AskWorklist, VIEWS, worklist, worklist_counts};
use sundry_domain::control::Role;

async fn aged(t: &TestDesk, as_at: NaiveDate, basis: &str, by: &str) -> AgedDebt {
    let ask = AskAgedDebt { as_at, basis: basis.into(), by: by.into() };
    aged_debt(&t.desk, &t.role(Role::Auditor), &ask).await.expect("answers")
}

fn cells(report: &AgedDebt) -> Vec<String> {
    String::from_utf8(report.to_csv()).expect("text").lines().map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn gl_e2_gl_e3_aged_debt_as_at_a_past_day() {
    on_both("2026-09-10", async |t| {
        let ids = customers(&t, 1).await;
        owe(&t.desk, t.org, "A1", ids["C1"], day("2026-09-10"), 50_000).await.expect("owes");
        t.go_to("2026-11-05");
        pay(&t, "p", "C1", 50_000, Some(("A1", 50_000))).await;
        let october = aged(&t, day("2026-10-31"), "due", "customer").await;
        let header = "customer_id,name,not_due,1_30,31_60,61_90,91_180,181_365,over_365,unallocated,total";
        let row = "C1,'=Ŵyn C1,0.00,500.00,0.00,0.00,0.00,0.00,0.00,0.00,500.00";
        assert_eq!(cells(&october), [header, row], "due 10 October, 21 days");
        assert_eq!(cells(&aged(&t, day("2026-11-30"), "due", "customer").await), [header]);
        assert_eq!(cells(&aged(&t, day("2026-09-09"), "due", "customer").await), [header]);
        let invoice = aged(&t, day("2026-10-31"), "invoice", "item").await;
        assert_eq!(cells(&invoice)[0].split(',').take(3).collect::<Vec<_>>(), ["item", "customer_id", "name"]);
        assert_eq!(invoice.rows[0].days_31_60_pence, 50_000);
        assert_eq!(aged(&t, day("2026-10-31"), "due", "service").await.rows[0].key, "Care");
        assert_eq!(aged(&t, day("2026-10-31"), "due", "debt-type").await.rows[0].key, "trade");
        assert!(october.to_xlsx("An auditor").expect("a workbook").starts_with(b"PK"));
        let ask = AskAgedDebt { as_at: day("2026-10-31"), basis: "x".into(), by: "y".into() };
        assert!(
            matches!(aged_debt(&t.desk, &t.role(Role::Auditor), &ask).await, Err(No::Invalid(all)) if all.len() == 2)
        );
        let ask = AskAgedDebt::by_customer(day("2026-10-31"));
        assert!(aged_debt(&t.desk, &t.role(Role::Administrator), &ask).await.is_err());
    })
    .await;
}

/// The same dice each time.
fn dice(state: &mut u64, sides: u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state % sides
}

#[tokio::test(flavor = "multi_thread")]
async fn p07_every_figure_as_at_a_past_day_equals_the_control_account_and_never_moves() {
    on_both("2026-05-01", async |t| {
        let seed = 20_261_121;
        let (mut state, ids) = (seed, customers(&t, 4).await);
        let (first, cashier) = (day("2026-05-01"), t.role(Role::Cashier));
        let mut open: Vec<(String, String, i64)> = Vec::new();
        let mut receipts: Vec<String> = Vec::new();
        let mut told: Vec<(NaiveDate, String)> = Vec::new();
        for n in 0..60u64 {
            let today = first + Days::new(n);
            t.go_to(&today.to_string());
            for event in 0..dice(&mut state, 3) {
                let customer = format!("C{}", 1 + dice(&mut state, 4));
                let pence = 100 + dice(&mut state, 90_000) as i64;
                let key = format!("{n}-{event}");
                match dice(&mut state, 6) {
                    0..=2 => {
                        owe(&t.desk, t.org, &format!("I{key}"), ids[&customer], today, pence).await.expect("owes");
                        open.push((customer, format!("I{key}"), pence));
                    }
                    3 | 4 if !open.is_empty() => {
                        let (customer, item, left) = open.swap_remove(dice(&mut state, open.len() as u64) as usize);
                        let amount = left.min(pence);
                        receipts.push(
                            pay(&t, &key, &customer, amount + dice(&mut state, 2) as i64 * 500, Some((&item, amount)))
                                .await,
                        );
                    }
                    _ if !receipts.is_empty() => {
                        let receipt = receipts.swap_remove(dice(&mut state, receipts.len() as u64) as usize);
                        if dice(&mut state, 2) == 0 {
                            let ask = ReverseReceipt { key, receipt, reason: "refer to drawer".into() };
                            reverse_receipt(&t.desk, &cashier, ask).await.expect("reverses");
                        } else {
                            let ask = UndoAllocation {
                                key,
                                allocation: None,
                                receipt: Some(receipt),
                                reason: "wrong item".into(),
                            };
                            undo_allocation(&t.desk, &cashier, ask).await.expect("undoes");
                        }
                    }
                    _ => {}
                }
            }
            told.push((today, sha256_hex(&aged(&t, today, "due", "item").await.to_csv())));
        }
        for (on, hash) in told {
            let report = aged(&t, on, "due", "item").await;
            assert_eq!(sha256_hex(&report.to_csv()), hash, "seed {seed}: the figure as at {on} moved");
            let mut look = t.desk.look().await.expect("looks");
            let control = sundry_store::reports::control_as_at(&mut look, t.org, on).await.expect("asks");
            for by in ["customer", "service", "debt-type", "item"] {
                assert_eq!(
                    aged(&t, on, "invoice", by).await.total.total_pence,
                    control,
                    "seed {seed}: {by} as at {on}"
                );
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x1_explain_adds_up_to_the_figure_then_and_now() {
    on_both("2026-04-10", async |t| {
        let ids = customers(&t, 2).await;
        owe(&t.desk, t.org, "A1", ids["C1"], day("2026-04-10"), 50_000).await.expect("owes");
        t.go_to("2026-05-01");
        let receipt = pay(&t, "p", "C1", 30_000, Some(("A1", 20_000))).await;
        let by = t.role(Role::CreditController);
        let now = explain(&t.desk, &by, "A1", None).await.expect("explains");
        assert_eq!((now.figure_pence, now.subject.as_str(), now.customer.as_str()), (30_000, "invoice A1", "C1"));
        assert_eq!(now.rows.last().expect("rows").balance_pence, 30_000);
        assert!(now.rows.iter().any(|row| row.what == "allocated" && row.words.contains(&receipt)), "{:?}", now.rows);
        let then = explain(&t.desk, &by, "A1", Some(day("2026-04-30"))).await.expect("explains");
        assert_eq!(then.figure_pence, 50_000);
        assert_eq!(explain(&t.desk, &by, &receipt, None).await.expect("explains").figure_pence, -10_000);
        assert_eq!(explain(&t.desk, &by, "C1", None).await.expect("explains").figure_pence, 20_000);
        assert!(matches!(explain(&t.desk, &by, "NONE", None).await, Err(No::Absent(_))));
        assert!(matches!(explain(&t.desk, &by, "🎉🎉", None).await, Err(No::Absent(_))));
        let series =
            balance_series(&t.desk, &by, "C1", &[day("2026-04-09"), day("2026-04-30"), day("2026-05-01")]).await;
        assert_eq!(series.expect("a series").iter().map(|(_, p)| *p).collect::<Vec<_>>(), [0, 50_000, 20_000]);
        let other = sundry_desk::Actor { org: sundry_domain::ids::OrgId(1), ..by.clone() };
        assert!(matches!(explain(&t.desk, &other, "A1", None).await, Err(No::Absent(_))), "another organisation's");
        let items = exports::items(&t.desk, &t.role(Role::Auditor), None).await.expect("exports");
        assert_eq!(items.rows.len(), 2);
        let journals =
            exports::journals(&t.desk, &t.role(Role::Auditor), Some(day("2026-05-01"))).await.expect("exports");
        assert_eq!(journals.rows.iter().map(|r| r.debit_pence - r.credit_pence).sum::<i64>(), 0);
        assert!(exports::letters(&t.desk, &t.role(Role::Auditor), None).await.expect("exports").rows.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_worklist_show_everyone_once_and_those_alike_by_number() {
    on_both("2026-05-13", async |t| {
        let by = t.role(Role::CreditController);
        // Kept in another order than their numbers'; four owe the same since the same day, one owes more.
        for (number, pence) in [("W5", 5_000), ("W3", 5_000), ("W4", 900_000), ("W1", 5_000), ("W2", 5_000)] {
            let id = crate::recovery::customer(&t, number, "individual", "").await;
            crate::recovery::open(&t, id, "invoice", &format!("I-{number}"), "2026-04-01", pence).await;
        }
        let ask = |page: i64| AskWorklist { view: "all".into(), page, page_size: 2, ..AskWorklist::default() };
        let mut seen = Vec::new();
        for page in 1..=3 {
            let list = worklist(&t.desk, &by, &ask(page)).await.expect("a page");
            assert_eq!((list.total_count, list.total_overdue_pence, list.pages), (5, 920_000, 3));
            seen.extend(list.rows.into_iter().map(|row| (row.customer_id, row.why)));
        }
        let numbers: Vec<&str> = seen.iter().map(|(number, _)| number.as_str()).collect();
        assert_eq!(numbers, ["W4", "W1", "W2", "W3", "W5"]);
        assert_eq!(seen[0].1, "£9,000.00 overdue");
        let found = AskWorklist { find: "w3".into(), ..ask(1) };
        let found = worklist(&t.desk, &by, &found).await.expect("a page");
        assert_eq!((found.rows[0].customer_id.as_str(), found.total_count), ("W3", 1));
        let nobody = AskWorklist { collector: "nobody".into(), ..ask(1) };
        let nobody = worklist(&t.desk, &by, &nobody).await.expect("a page");
        assert_eq!((nobody.rows.len(), nobody.total_count, nobody.pages), (0, 0, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worklist_says_why_and_the_dashboard_adds_up() {
    on_both("2026-04-10", async |t| {
        let by = t.role(Role::CreditController);
        let empty = dashboard(&t.desk, &by).await.expect("answers");
        assert_eq!((empty.debt.now_pence, empty.days_to_collect.as_deref()), (0, None));
        let ids = customers(&t, 3).await;
        for (number, customer, pence) in [("A1", "C1", 50_000), ("A2", "C2", 2_000_000), ("A3", "C3", 700)] {
            owe(&t.desk, t.org, number, ids[customer], day("2026-04-10"), pence).await.expect("owes");
        }
        t.go_to("2026-05-13");
        pay(&t, "p", "C1", 10_000, None).await;
        let ask = |view: &str| AskWorklist { view: view.into(), ..AskWorklist::default() };
        let new = worklist(&t.desk, &by, &ask("newly-overdue")).await.expect("a list");
        assert_eq!(new.rows.iter().map(|r| r.customer_id.as_str()).collect::<Vec<_>>(), ["C2", "C1", "C3"]);
        assert_eq!(new.total_overdue_pence, 2_050_700);
        assert_eq!(new.rows[0].score.parts.iter().map(|p| p.points).sum::<i64>(), new.rows[0].score.total);
        let today = worklist(&t.desk, &by, &ask("today")).await.expect("a list");
        assert_eq!(today.rows.len(), 1);
        assert_eq!(today.rows[0].why, "£100.00 is not allocated and items are overdue");
        assert_eq!(worklist(&t.desk, &by, &ask("all")).await.expect("a list").total_count, 3);
        let found = AskWorklist { find: "c2".into(), page_size: 1, page: 9, ..ask("all") };
        assert_eq!(worklist(&t.desk, &by, &found).await.expect("a list").rows[0].customer_id, "C2");
        assert!(matches!(worklist(&t.desk, &by, &ask("nothing")).await, Err(No::Invalid(_))));
        let counts = worklist_counts(&t.desk, &by).await.expect("counts");
        assert_eq!(counts.len(), VIEWS.len());
        assert_eq!(counts.iter().find(|(v, _)| v == "all").map(|(_, n)| *n), Some(3));
        let board = dashboard(&t.desk, &by).await.expect("answers");
        assert_eq!(board.debt.now_pence, 2_040_700);
        assert_eq!(board.debt.before_pence, 2_050_700, "at the end of April");
        assert_eq!((board.overdue.now_pence, board.not_allocated.now_pence), (2_050_700, 10_000));
        assert_eq!(board.collected.now_pence, 10_000);
        let ages: i64 = board.by_age_and_kind.iter().flat_map(|k| k.ages_pence).sum();
        assert_eq!(ages, board.overdue.now_pence);
        assert_eq!((board.over_90_trend.len(), board.collected_running.last().map(|m| m.pence)), (13, Some(10_000)));
        assert_eq!(board.overdue_share.as_deref(), Some("100.00"));
    })
    .await;
}
