//! Activity held against contracts, its exceptions, and completeness to the penny.
use crate::contracts::{billed, care, charge, payer};
use crate::customers::customer;
use sundry_desk::approvals::*;
use sundry_desk::billing::activity::*;
use sundry_desk::billing::contracts::*;
use sundry_desk::billing::invoice;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::ledger::verify::verify;
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::refusal::Invalid;

fn d(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a date in a test")
}

/// Home care by the hour at £22.50, at most 14 hours a week, four-weekly from 6 April.
pub fn home_care(key: &str, user: &str, payers: Vec<NewPayer>) -> AddContract {
    let mut ask = care(key, "2026-04-06", payers);
    ask.service_user = user.into();
    ask.service = "Home care".into();
    ask.skip_last_day = false;
    ask.lines = vec![NewCharge {
        description: "Home care".into(),
        by_activity: true,
        agreed: "14".into(),
        ..charge("22.50", "hour")
    }];
    ask
}

async fn opened(t: &TestDesk, ask: AddContract) -> String {
    add_contract(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("opens").number
}

pub fn visit(reference: &str, user: &str, from: &str, quantity: &str) -> NewActivity {
    NewActivity {
        reference: reference.into(),
        service: "Home care".into(),
        service_user: user.into(),
        unit: "hour".into(),
        from_on: Some(d(from)),
        quantity: quantity.into(),
        ..NewActivity::default()
    }
}

fn rows(key: &str, reason: &str, rows: Vec<NewActivity>) -> TakeInActivity {
    let (source, file_name) = ("CareRota".to_owned(), String::new());
    TakeInActivity { key: key.into(), source, reason: reason.into(), rows, file_name, file: None }
}

async fn taken(t: &TestDesk, ask: TakeInActivity) -> ActivityTaken {
    take_in_activity(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("is taken in")
}

async fn wrong(t: &TestDesk, ask: TakeInActivity) -> Vec<(Option<u64>, String, String)> {
    match take_in_activity(&t.desk, &t.role(Role::BillingOfficer), ask).await {
        Err(No::Invalid(all)) => {
            all.into_iter().map(|Invalid { row, field, message, .. }| (row, field, message)).collect()
        }
        other => panic!("not told: {other:?}"),
    }
}

async fn complete(t: &TestDesk, from: &str, to: &str) -> Completeness {
    let ask = CompletenessAsk { from_on: d(from), to_on: d(to) };
    let found = completeness(&t.desk, &t.role(Role::Auditor), ask).await.expect("completeness");
    assert_eq!((found.unexplained_pence, found.agrees), (0, true), "{found:?}");
    found
}

fn sums(found: &Completeness) -> [i64; 5] {
    [found.delivered_pence, found.billed_pence, found.exceptions_pence, found.explained_pence, found.not_yet_pence]
}

async fn approve(t: &TestDesk, key: &str, approve: bool) -> Outcome<Decided> {
    let leader = t.role(Role::TeamLeader);
    let asked = approvals_list(&t.desk, &leader, "").await.expect("approvals").rows.remove(0);
    let (number, content_hash) = (asked.number, asked.content_hash);
    let reason = if approve { String::new() } else { "Ask the provider".into() };
    decide_approval(&t.desk, &leader, DecideApproval { key: key.into(), number, approve, reason, content_hash }).await
}

async fn proved(t: &TestDesk) {
    let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("verifies");
    assert!(proof.passed, "{proof:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_05_good_lines_are_billed_and_open_to_their_activity() {
    on_both("2026-05-31", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let number = opened(&t, home_care("k1", "P104482", vec![payer(&someone, "")])).await;
        let lines = vec![
            visit("V-1", "p104482", "2026-05-04", "0.75"),
            NewActivity { rate: "£22.50".into(), ..visit("V-2", "P104482", "2026-05-05", "1.3333") },
            NewActivity { funder: someone.to_lowercase(), ..visit("V-3", "P104482", "2026-05-29", "2") },
        ];
        let done = taken(&t, rows("a1", "", lines)).await;
        assert_eq!((done.number.as_str(), done.lines, done.accepted, done.held), ("ACT-000001", 3, 3, 0));
        assert_eq!(done.worth_pence, 1_688 + 3_000 + 4_500);
        assert_eq!(sums(&complete(&t, "2026-05-04", "2026-05-31").await), [9_188, 0, 0, 0, 9_188]);
        let run = billed(&t, "2026-05-31").await;
        assert_eq!((run.totals.invoices, run.totals.gross_pence), (1, 9_188));
        let shown = invoice(&t.desk, &t.role(Role::Auditor), "INV-000001").await.expect("an invoice");
        let says = "Home care, P104482, 4 May 2026 to 31 May 2026, 4.0833 hours at £22.50 an hour";
        assert_eq!(shown.lines[0].description, says);
        let seen = evidence(&t.desk, &t.role(Role::Auditor), "INV-000001").await.expect("evidence");
        let behind: Vec<(&str, &str, i64)> = seen[0]
            .activity
            .iter()
            .map(|one| (one.number.as_str(), one.reference.as_str(), one.priced_pence))
            .collect();
        assert_eq!(
            behind,
            [("ACT-000001-1", "V-1", 1_688), ("ACT-000001-2", "V-2", 3_000), ("ACT-000001-3", "V-3", 4_500)]
        );
        assert_eq!(sums(&complete(&t, "2026-05-04", "2026-05-31").await), [9_188, 9_188, 0, 0, 0]);
        let ask = ActivityAsk { contract: number, ..ActivityAsk::default() };
        let page = activity_list(&t.desk, &t.role(Role::Auditor), ask).await.expect("a list");
        assert_eq!(page.rows[0].document, "INV-000001");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_05_lines_outside_the_contract_are_held_and_never_billed() {
    on_both("2026-05-31", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let other = customer(&t, "c2", "Low Council").await;
        let number = opened(&t, home_care("k1", "P104482", vec![payer(&someone, "")])).await;
        let pause = PauseContract {
            key: "p1".into(),
            number: number.clone(),
            kind: "absence".into(),
            from_on: d("2026-05-18"),
            to_on: Some(d("2026-05-19")),
            retained: String::new(),
            reason: "Hospital".into(),
        };
        pause_contract(&t.desk, &t.role(Role::BillingOfficer), pause).await.expect("pauses");
        let lines = vec![
            visit("V-1", "P104482", "2026-05-04", "10"),
            visit("V-2", "P104482", "2026-05-05", "5"),
            visit("V-3", "P999999", "2026-05-04", "1"),
            NewActivity { rate: "24".into(), ..visit("V-4", "P104482", "2026-05-11", "1") },
            NewActivity { funder: other, ..visit("V-5", "P104482", "2026-05-11", "1") },
            visit("V-6", "P104482", "2026-05-18", "1"),
            visit("V-7", "P104482", "2026-04-03", "1"),
            NewActivity { service: "Day care".into(), ..visit("V-8", "P104482", "2026-05-11", "1") },
            NewActivity { unit: "visit".into(), ..visit("V-9", "P104482", "2026-05-11", "1") },
            NewActivity { to_on: Some(d("2026-05-04")), ..visit("V-10", "P104482", "2026-05-02", "2") },
        ];
        let done = taken(&t, rows("a1", "", lines)).await;
        assert_eq!((done.accepted, done.held), (1, 9));
        let ask = ActivityAsk { state: "held".into(), ..ActivityAsk::default() };
        let mut held = activity_list(&t.desk, &t.role(Role::Auditor), ask).await.expect("a list").rows;
        held.sort_by_key(|one| one.reference[2..].parse::<i64>().expect("a number"));
        let because: Vec<&str> = held.iter().map(|one| one.held_because.as_str()).collect();
        let all = [
            "above_agreed",
            "out_of_contract",
            "wrong_rate",
            "wrong_funder",
            "suspended",
            "outside_dates",
            "wrong_service",
            "wrong_unit",
            "spans",
        ];
        assert_eq!(because, all);
        assert_eq!((held[0].worth_pence, held[2].worth_pence, held[1].worth_pence), (11_250, 2_400, 0));
        assert_eq!((held[0].owner_name.is_empty(), held[0].due_on), (false, Some(d("2026-06-05"))));
        let sums_of = activity_exceptions(&t.desk, &t.role(Role::Auditor)).await.expect("sums");
        assert_eq!((sums_of.len(), sums_of.iter().map(|one| one.at_stake_pence).sum::<i64>()), (9, done.held_pence));
        let run = billed(&t, "2026-05-31").await;
        assert_eq!(run.totals.net_pence, 22_500, "only the good line");
        let found = complete(&t, "2026-04-01", "2026-05-31").await;
        assert_eq!(sums(&found), [22_500 + done.held_pence, 22_500, done.held_pence, 0, 0]);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_05_exceptions_are_assigned_explained_corrected_or_let_through() {
    on_both("2026-05-31", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let one = opened(&t, home_care("k1", "P104482", vec![payer(&someone, "")])).await;
        let lines = vec![
            visit("V-1", "P999999", "2026-05-04", "1"),
            NewActivity { rate: "24".into(), ..visit("V-2", "P104482", "2026-05-11", "1") },
            NewActivity { rate: "90".into(), ..visit("V-3", "P104482", "2026-05-12", "10") },
            NewActivity { service: "Day care".into(), ..visit("V-4", "P104482", "2026-05-13", "1") },
            NewActivity { service: "Day care".into(), ..visit("V-5", "P104482", "2026-05-14", "1") },
        ];
        let done = taken(&t, rows("a1", "", lines)).await;
        assert_eq!((done.accepted, done.held), (0, 5));
        let line = |n: i64| format!("ACT-000001-{n}");
        // To a contract that is for somebody else, or that charges nothing by activity.
        let assign = |key: &str, n, contract: &str| AssignActivity {
            key: key.into(),
            number: line(n),
            contract: contract.into(),
            reason: "New reference".into(),
        };
        let still = assign_activity(&t.desk, &officer, assign("s1", 1, &one)).await.expect("is judged");
        assert_eq!(
            (still.state.as_str(), still.sentence.as_str()),
            ("held", "CON-000001 is for another service user than P999999")
        );
        let no = assign_activity(&t.desk, &officer, assign("s2", 1, "CON-9")).await.expect_err("no contract");
        assert!(matches!(no, No::Invalid(_)));
        let two = opened(&t, home_care("k2", "P999999", vec![payer(&someone, "")])).await;
        let fits = assign_activity(&t.desk, &officer, assign("s3", 1, &two)).await.expect("fits");
        assert_eq!((fits.state.as_str(), fits.worth_pence), ("accepted", 2_250));
        // Let through at the rate told; above the limit by someone else.
        let through = |key: &str, n, at_told_rate| OverrideActivity {
            key: key.into(),
            number: line(n),
            at_told_rate,
            reason: "Bank holiday rate, agreed by letter".into(),
        };
        let own = override_activity(&t.desk, &officer, through("o1", 2, true)).await.expect("is let through");
        assert_eq!((own.state.as_str(), own.worth_pence), ("accepted", 2_400));
        let asked = override_activity(&t.desk, &officer, through("o2", 3, true)).await.expect("is asked for");
        assert_eq!((asked.state.as_str(), asked.approval.is_empty()), ("asked", false));
        let no = override_activity(&t.desk, &officer, through("o3", 3, true)).await.expect_err("it waits");
        assert_eq!(no.code(), Some("BIL-05-WAITS"));
        approve(&t, "d1", false).await.expect("is refused");
        let back = activity_line(&t.desk, &officer, &line(3)).await.expect("a line").line;
        assert_eq!((back.state.as_str(), back.rate_e4, back.approval.as_str()), ("held", None, ""));
        override_activity(&t.desk, &officer, through("o4", 3, true)).await.expect("is asked for again");
        approve(&t, "d2", true).await.expect("is approved");
        // What no contract covers cannot be let through.
        let no = override_activity(&t.desk, &officer, through("o5", 4, false)).await.expect_err("no contract");
        assert_eq!(no.code(), Some("BIL-05-NO-OVERRIDE"));
        let explain = |key: &str, why: &str| ExplainActivity {
            key: key.into(),
            number: line(4),
            explained_as: why.into(),
            reason: "In the block contract".into(),
        };
        assert!(explain_activity(&t.desk, &officer, explain("e1", "because")).await.is_err());
        explain_activity(&t.desk, &officer, explain("e2", "block_contract")).await.expect("is explained");
        let no = explain_activity(&t.desk, &officer, explain("e3", "block_contract")).await.expect_err("is done");
        assert_eq!(no.code(), Some("BIL-05-NOT-HELD"));
        // Corrected: the same reference with a reason.
        let right =
            rows("a2", "The provider wrote the wrong service", vec![visit("V-5", "P104482", "2026-05-14", "1")]);
        let done = taken(&t, right).await;
        assert_eq!((done.accepted, done.replaced), (1, 1));
        let run = billed(&t, "2026-05-31").await;
        assert_eq!(run.totals.net_pence, 2_250 + 2_400 + 90_000 + 2_250);
        let found = complete(&t, "2026-05-01", "2026-05-31").await;
        assert_eq!((found.exceptions_pence, found.billed_pence), (0, 96_900));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_05_a_file_is_taken_whole_once_and_every_fault_is_told() {
    on_both("2026-05-31", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        opened(&t, home_care("k1", "P104482", vec![payer(&someone, "")])).await;
        let file = |text: &str| TakeInActivity {
            file_name: "may.csv".into(),
            file: Some(text.as_bytes().to_vec()),
            ..rows(&format!("f{}", text.len()), "", Vec::new())
        };
        let bad = "reference,service,service_user,unit,from,to,quantity,rate,funder\n\
                   V-1,Home care,Ann Clarke,hour,2026-05-04,,1,,\n\
                   V-2,Home care,P104482,mile,2026-05-04,,many,-1,C9\n\
                   V-3,Home care,P104482,hour,2026-06-04,,1,,\n\
                   V-3,Home care,P104482,hour,2026-05-04,2026-05-01,0,,\n";
        let told = wrong(&t, file(bad)).await;
        let places: Vec<(u64, &str)> =
            told.iter().map(|(row, field, _)| (row.expect("a row"), field.as_str())).collect();
        assert_eq!(places, [(2, "service_user"), (3, "unit"), (3, "quantity"), (3, "rate"), (4, "to"), (5, "to")]);
        let good = "reference,service,service_user,unit,from,quantity\nV-1,Home care,P104482,hour,2026-05-04,1\n";
        assert_eq!(taken(&t, file(good)).await.accepted, 1);
        let again = TakeInActivity { key: "again".into(), ..file(good) };
        let no = take_in_activity(&t.desk, &t.role(Role::BillingOfficer), again).await.expect_err("twice");
        assert_eq!(no.code(), Some("BIL-05-FILE-TWICE"));
        // Another file with the same reference: refused, unless it says why; just the same it is passed over.
        let other = "reference,service,service_user,unit,from,quantity\nV-1,Home care,P104482,hour,2026-05-04,2\n";
        let told = wrong(&t, file(&other.replace(",2\n", ",22\n"))).await;
        assert_eq!(told[0].2, "ACT-000001-2 has this reference: to put it right, send it with a reason");
        let done = taken(&t, rows("same", "", vec![visit("V-1", "P104482", "2026-05-04", "1")])).await;
        assert_eq!((done.lines, done.same), (0, 1));
        let no = take_in_activity(&t.desk, &t.role(Role::Auditor), file(other)).await.expect_err("no duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_05_late_and_corrected_activity_is_one_net_adjustment() {
    on_both("2026-05-31", async |t| {
        let (someone, other) = (customer(&t, "c1", "Ash Ltd").await, customer(&t, "c2", "Low Council").await);
        opened(&t, home_care("k1", "P104482", vec![payer(&someone, "60%"), payer(&other, "40%")])).await;
        let lines = vec![visit("V-1", "P104482", "2026-05-04", "10"), visit("V-2", "P104482", "2026-05-11", "4")];
        taken(&t, rows("a1", "", lines)).await;
        assert_eq!(billed(&t, "2026-05-31").await.totals.net_pence, 31_500);
        // Two hours more came late; V-2 was eight.
        let late = vec![visit("V-3", "P104482", "2026-05-13", "2"), visit("V-2", "P104482", "2026-05-11", "8")];
        let done = taken(&t, rows("a2", "Rota of 13 May", late)).await;
        assert_eq!((done.accepted, done.replaced), (2, 1));
        let found = complete(&t, "2026-05-01", "2026-05-31").await;
        assert_eq!(sums(&found), [45_000, 22_500, 0, 0, 22_500]);
        assert!(found.lines.iter().any(|line| line.why.starts_with("Came after its period was billed")));
        assert_eq!((found.differs.len(), found.differs[0].rechecked), (1, true));
        t.go_to("2026-06-28");
        let run = billed(&t, "2026-06-28").await;
        assert_eq!((run.totals.adjustments, run.totals.adjustments_pence, run.totals.invoices), (2, 13_500, 2));
        let found = complete(&t, "2026-05-01", "2026-05-31").await;
        assert_eq!((sums(&found), found.differs.len()), ([45_000, 45_000, 0, 0, 0], 0));
        // V-1 is taken back: a credit that waits for a yes, then is posted.
        let back = vec![visit("V-1", "P104482", "2026-05-04", "0")];
        taken(&t, rows("a3", "Not delivered: in hospital", back)).await;
        let run = billed(&t, "2026-06-28").await;
        assert_eq!((run.totals.credits, run.totals.credits_pence), (2, 22_500));
        let found = complete(&t, "2026-05-01", "2026-05-31").await;
        assert_eq!((found.proof.asked_pence, found.billed_pence, found.differs.len()), (-22_500, 22_500, 0));
        let approver = t.role(Role::Approver);
        for one in approvals_list(&t.desk, &approver, "").await.expect("approvals").rows {
            let (number, content_hash) = (one.number.clone(), one.content_hash);
            let ask = DecideApproval { key: one.number, number, approve: true, reason: String::new(), content_hash };
            decide_approval(&t.desk, &approver, ask).await.expect("is approved");
        }
        let found = complete(&t, "2026-05-01", "2026-05-31").await;
        assert_eq!((found.proof.asked_pence, found.proof.credits_pence), (0, -22_500));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_07_delivered_is_billed_held_explained_or_not_yet_billed() {
    on_both("2026-05-31", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let someone = customer(&t, "c1", "Ash Ltd").await;
        opened(&t, home_care("k1", "P104482", vec![payer(&someone, "")])).await;
        let no_rate = opened(&t, home_care("k2", "P222222", vec![payer(&someone, "")])).await;
        let mut lines: Vec<NewActivity> =
            (0..20).map(|n| visit(&format!("V-{n}"), "P104482", &format!("2026-05-{:02}", 4 + n), "1.1111")).collect();
        lines.push(visit("X-1", "P222222", "2026-05-20", "3"));
        lines.push(visit("X-2", "P333333", "2026-05-20", "3"));
        let done = taken(&t, rows("a1", "", lines)).await;
        assert_eq!((done.accepted, done.held), (21, 1));
        let found = complete(&t, "2026-05-01", "2026-05-31").await;
        assert_eq!(sums(&found), [20 * 2_500 + 6_750, 0, 0, 0, 56_750]);
        assert_eq!(found.lines.iter().map(|line| line.lines).sum::<i64>(), found.delivered_lines);
        billed(&t, "2026-05-31").await;
        let found = complete(&t, "2026-05-01", "2026-05-31").await;
        assert_eq!((found.billed_pence, found.proof.charges_pence, found.proof.ledger_pence), (56_750, 56_750, 56_750));
        // June: delivered, and its period not over; the rate of the second contract rises before it is billed.
        t.go_to("2026-06-10");
        taken(
            &t,
            rows(
                "a2",
                "",
                vec![visit("V-30", "P104482", "2026-06-02", "2"), visit("X-3", "P222222", "2026-06-02", "2")],
            ),
        )
        .await;
        let found = complete(&t, "2026-05-01", "2026-06-28").await;
        assert_eq!(found.not_yet_pence, 9_000);
        assert!(
            found.lines.iter().any(|line| line.why == "Its period is billed by a run from 28 June 2026"),
            "{found:?}"
        );
        let up = ChangeRate {
            key: "r1".into(),
            number: no_rate,
            line: 1,
            from_on: d("2026-06-01"),
            rate: "25".into(),
            reason: "Uplift".into(),
        };
        change_contract_rate(&t.desk, &officer, up).await.expect("a rate");
        t.go_to("2026-06-28");
        billed(&t, "2026-06-28").await;
        let found = complete(&t, "2026-05-01", "2026-06-28").await;
        assert_eq!((found.repriced_pence, found.billed_pence, found.not_yet_pence), (500, 56_750 + 4_500 + 5_000, 0));
        let bad = CompletenessAsk { from_on: d("2026-06-28"), to_on: d("2026-06-01") };
        assert!(completeness(&t.desk, &officer, bad).await.is_err());
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_05_exceptions_are_looked_at_again_once_the_contract_is_there() {
    on_both("2026-05-31", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let held = taken(&t, rows("a1", "", vec![visit("V-1", "P104482", "2026-05-04", "1")])).await;
        assert_eq!(held.held, 1);
        own_activity(
            &t.desk,
            &t.somebody(Role::BillingOfficer, 7),
            OwnActivity { key: "o".into(), number: "ACT-000001-1".into() },
        )
        .await
        .expect("is taken on");
        opened(&t, home_care("k1", "P104482", vec![payer(&someone, "")])).await;
        let done = recheck_activity(&t.desk, &officer, RecheckActivity { key: "r1".into() }).await.expect("looks");
        assert_eq!(done, ActivityRechecked { looked: 1, accepted: 1, held: 0 });
        // A contract by activity has a unit of activity, is billed afterwards, and says how much a week.
        let mut bad = home_care("k2", "P2", vec![payer(&someone, "")]);
        (bad.in_advance, bad.lines[0].unit, bad.lines[0].agreed) = (true, "week".into(), "-1".into());
        let Err(No::Invalid(all)) = add_contract(&t.desk, &officer, bad).await else { panic!("not told") };
        let fields: Vec<&str> = all.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["agreed", "unit", "by_activity"]);
    })
    .await;
}
