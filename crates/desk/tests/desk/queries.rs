//! Queries: the disputed part, the clock, the hold, the end.
use crate::billing::{raised, standard};
use crate::customers::customer;
use sundry_desk::No;
use sundry_desk::approvals::approvals_list;
use sundry_desk::billing::invoice;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::customer_account;
use sundry_desk::queries::*;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

fn ask(key: &str, item: &str, disputed: Option<i64>) -> RaiseQuery {
    RaiseQuery {
        key: key.into(),
        customer: String::new(),
        item: item.into(),
        category: "price".into(),
        disputed: disputed.map(Pence),
        words: "Charged twice".into(),
        owner: "Lettings".into(),
    }
}

async fn held(t: &TestDesk, item: &str) -> i64 {
    invoice(&t.desk, &t.role(Role::Auditor), item).await.expect("shows").disputed_pence
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_the_disputed_part_is_held_until_it_is_resolved() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        let controller = t.role(Role::CreditController);
        let no = raise_query(&t.desk, &controller, ask("q0", &item, Some(120_001))).await.expect_err("above open");
        assert_eq!(no.code(), Some("QRY-ABOVE-OPEN"));
        let query_made = raise_query(&t.desk, &controller, ask("q1", &item, Some(50_000))).await.expect("raises");
        // Ten working days from Friday 1 May 2026, over the early May bank holiday.
        assert_eq!(query_made.answer_by.to_string(), "2026-05-18");
        assert_eq!(held(&t, &item).await, 50_000);
        let account = customer_account(&t.desk, &controller, &number).await.expect("shows");
        assert_eq!(account.strip.in_query_pence, 50_000);
        let act = |key: &str, act: &str| ActOnQuery {
            key: key.into(),
            number: query_made.number.clone(),
            act: act.into(),
            owner: String::new(),
        };
        act_on_query(&t.desk, &controller, act("a1", "ask_customer")).await.expect("asks");
        t.go_to("2026-05-08");
        let stands = act_on_query(&t.desk, &controller, act("a2", "customer_replied")).await.expect("replies");
        assert_eq!(stands.answer_by.to_string(), "2026-05-22");
        let answer = AnswerQuery { key: "an".into(), number: query_made.number.clone(), answer: "We agree".into() };
        answer_query(&t.desk, &t.role(Role::ServiceManager), answer).await.expect("answers");
        let end = ResolveQuery {
            key: "e".into(),
            number: query_made.number.clone(),
            resolution: "upheld".into(),
            words: String::new(),
            credit: Vec::new(),
            credit_reason: String::new(),
        };
        let no = resolve_query(&t.desk, &t.role(Role::ServiceManager), end.clone()).await.expect_err("no credit duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        assert_eq!(held(&t, &item).await, 50_000);
        let ended =
            resolve_query(&t.desk, &controller, ResolveQuery { key: "e2".into(), ..end.clone() }).await.expect("ends");
        assert_eq!((ended.state.as_str(), ended.approval.is_some()), ("resolved", true));
        assert_eq!(held(&t, &item).await, 0);
        let twice =
            resolve_query(&t.desk, &controller, ResolveQuery { key: "e3".into(), ..end }).await.expect_err("is over");
        assert_eq!(twice.code(), Some("QRY-STATE"));
        assert_eq!(approvals_list(&t.desk, &controller, "").await.expect("lists").rows.len(), 1);
        let shown = query(&t.desk, &controller, &query_made.number).await.expect("shows");
        assert_eq!((shown.query.resolution.as_str(), shown.history.len()), ("upheld", 5));
        assert!(queries_list(&t.desk, &controller, QueriesAsk::default()).await.expect("lists").rows.is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn c1_two_disputes_never_hold_more_than_is_open() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        let tasks: Vec<_> = (0..4)
            .map(|n| {
                let (desk, by, ask) =
                    (t.desk.clone(), t.role(Role::CreditController), ask(&format!("q{n}"), &item, Some(50_000)));
                tokio::spawn(async move { raise_query(&desk, &by, ask).await })
            })
            .collect();
        let mut raised = 0;
        for task in tasks {
            match task.await.expect("runs") {
                Ok(_) => raised += 1,
                Err(no) => assert_eq!(no.code(), Some("QRY-ABOVE-OPEN")),
            }
        }
        assert_eq!((raised, held(&t, &item).await), (2, 100_000));
        let first = QueriesAsk { limit: Some(1), ..QueriesAsk::default() };
        let listed = queries_list(&t.desk, &t.role(Role::Auditor), first).await.expect("lists");
        assert!(listed.rows.len() == 1 && listed.next.is_some());
        let no =
            raise_query(&t.desk, &t.role(Role::Cashier), ask("q9", &item, None)).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let absent = raise_query(&t.desk, &t.role(Role::CreditController), ask("q8", "INV-999999", None)).await;
        assert!(matches!(absent.expect_err("not there"), No::Absent(_)));
    })
    .await;
}
