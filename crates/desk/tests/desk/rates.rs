//! Dated rates and fees: asked for by one person, let in by another, read on their day.
use sundry_desk::approvals::{DecideApproval, Decided, approval, decide_approval};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::setup::rates::{AskRates, RatesAsked, ask_rates, rates};
use sundry_desk::work::dashboard::dashboard;
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::court::{CourtStep, court_fee};
use sundry_domain::money::Pence;
use sundry_domain::reference::AskedRate;

async fn ask(t: &TestDesk, key: &str, kind: &str, from: &str, figure: (&str, &str)) -> Outcome<RatesAsked> {
    let rates = vec![AskedRate { key: figure.0.into(), figure: figure.1.into() }];
    let from_on = Some(from.parse().expect("a date in a test"));
    let (source, kind) = ("The court's list of fees, EX50".to_owned(), kind.to_owned());
    let ask = AskRates { key: key.into(), kind, from_on, rates, source, ..AskRates::default() };
    ask_rates(&t.desk, &t.role(Role::Administrator), ask).await
}

async fn yes(t: &TestDesk, by: &Actor, number: &str) -> Outcome<Decided> {
    let shown = approval(&t.desk, &t.role(Role::Approver), number).await?;
    let ask = DecideApproval {
        key: format!("yes/{number}/{}", by.user.0),
        number: number.into(),
        approve: true,
        reason: String::new(),
        content_hash: shown.content_hash,
    };
    decide_approval(&t.desk, by, ask).await
}

fn code<T: std::fmt::Debug>(said: Outcome<T>) -> String {
    match said {
        Err(No::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ct_02_a_fee_that_somebody_else_approved_is_read_from_then_on() {
    on_both("2026-11-22", async |t| {
        let fee = |day: &str| court_fee(&t.desk.book(), CourtStep::Warrant, day.parse().expect("a date"));
        let day = t.desk.today().to_string();
        assert_eq!(fee(&day).expect_err("nobody confirmed it").code, "CT-01-CHECK-FEE");
        let asked = ask(&t, "a", "court_fee", "2026-07-13", ("warrant", "97.00")).await.expect("is asked");
        assert_eq!(asked.rows, 1);
        assert!(fee(&day).is_err(), "not before it is approved");

        let own = yes(&t, &t.role(Role::Administrator), &asked.approval).await;
        assert_eq!(code(own), "CTL-01-OWN-WORK");
        let approver = t.role(Role::Approver);
        let decided = yes(&t, &approver, &asked.approval).await.expect("is approved");
        assert_eq!(decided.made.as_deref(), Some("Fees of steps at court from 13 July 2026"));
        assert_eq!(fee(&day).map(|fee| fee.amount), Ok(Pence(9_700)));
        assert_eq!(fee("2026-07-12").map(|fee| fee.amount), Ok(Pence(9_400)));

        let shown = rates(&t.desk, &t.role(Role::Administrator)).await.expect("are listed");
        let warrant = shown.iter().find(|row| row.key == "warrant").expect("the newest");
        assert_eq!((warrant.state.as_str(), warrant.value), ("in_force", 9_700));
        assert_eq!((warrant.entered_by.as_str(), warrant.approved_by.as_str()), ("Administrator 1", "Approver 1"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lp_03_the_rate_of_a_half_year_is_asked_for_from_the_day_on_which_it_is_known() {
    on_both("2026-12-30", async |t| {
        let wanted = async || {
            let shown = dashboard(&t.desk, &t.role(Role::TeamLeader)).await.expect("shows").attention;
            shown.into_iter().map(|one| one.what).filter(|what| what.ends_with("_wanted")).collect::<Vec<_>>()
        };
        assert_eq!(wanted().await, Vec::<String>::new());
        t.go_to("2026-12-31");
        assert_eq!(wanted().await, ["rate_wanted"]);
        let asked = ask(&t, "b", "late_payment_rate", "2027-01-01", ("", "3.75")).await.expect("is asked");
        assert_eq!(wanted().await, ["rate_wanted"], "until somebody else says yes");
        yes(&t, &t.role(Role::Approver), &asked.approval).await.expect("is approved");
        assert_eq!(wanted().await, Vec::<String>::new());
        t.go_to("2028-10-05");
        assert_eq!(wanted().await, ["rate_wanted", "holidays_wanted"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_let_in_meanwhile_is_not_let_in_twice() {
    on_both("2026-11-22", async |t| {
        let first = ask(&t, "a", "court_fee", "2026-07-13", ("warrant", "97.00")).await.expect("is asked");
        let second = ask(&t, "b", "court_fee", "2026-07-13", ("warrant", "98.00")).await.expect("is asked");
        let approver = t.role(Role::Approver);
        yes(&t, &approver, &first.approval).await.expect("is approved");
        assert_eq!(code(yes(&t, &approver, &second.approval).await), "REF-OVERLAP");
        assert_eq!(code(ask(&t, "c", "court_fee", "2026-11-01", ("warrant", "99")).await), "REF-BACKDATED");
        assert_eq!(code(ask(&t, "d", "parking", "2026-12-01", ("", "1")).await), "REF-UNKNOWN-KIND");
        assert_eq!(code(ask(&t, "e", "court_fee", "2026-12-01", ("warrant", "-97")).await), "REF-FIGURE");
        assert_eq!(code(ask(&t, "f", "court_issue_fee", "2026-07-13", ("300", "37")).await), "REF-INCOMPLETE");
        assert_eq!(code(ask(&t, "g", "late_payment_rate", "2027-01-01", ("", "3.5")).await), "REF-TOO-SOON");
    })
    .await;
}
