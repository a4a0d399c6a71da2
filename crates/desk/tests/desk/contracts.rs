//! Contracts opened and changed, and the periodic run that bills them.
use crate::customers::customer;
use std::sync::atomic::{AtomicI64, Ordering};
use sundry_desk::approvals::*;
use sundry_desk::billing::contracts::*;
use sundry_desk::billing::invoice;
use sundry_desk::close::advance::{MoveIncomeInAdvance, income_in_advance, move_income_in_advance};
use sundry_desk::close::period::{TurnPeriod, soft_close};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{ReceiverForm, SetReceiver, set_receiver};
use sundry_desk::ledger::verify::verify;
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_store::contracts as store;

fn d(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a date in a test")
}

pub fn charge(rate: &str, unit: &str) -> NewCharge {
    NewCharge {
        description: "Residential care".into(),
        unit: unit.into(),
        rate: rate.into(),
        vat_code: "O".into(),
        clause: "4.1".into(),
        ..NewCharge::default()
    }
}

pub fn payer(customer: &str, share: &str) -> NewPayer {
    NewPayer { customer: customer.into(), share: share.into(), ..NewPayer::default() }
}

/// A weekly charge of £182.35 from a day, four-weekly in arrears, to one payer.
pub fn care(key: &str, starts_on: &str, payers: Vec<NewPayer>) -> AddContract {
    AddContract {
        key: key.into(),
        service_user: "p104482".into(),
        service: "Residential care".into(),
        debt_type: "care".into(),
        cost_centre: "A1".into(),
        cycle: "four_weekly".into(),
        in_advance: false,
        starts_on: d(starts_on),
        ends_on: None,
        skip_first_day: false,
        skip_last_day: true,
        terms_days: None,
        reference: "Placement 77".into(),
        lines: vec![charge("182.35", "week")],
        payers,
    }
}

async fn opened(t: &TestDesk, ask: AddContract) -> String {
    add_contract(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("opens").number
}

async fn preview(t: &TestDesk, up_to: &str) -> BillingPreview {
    let ask = PreviewAsk { up_to: d(up_to), show: 50, ..PreviewAsk::default() };
    preview_billing(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("previews")
}

async fn prepared(t: &TestDesk, up_to: &str) -> Outcome<BillingRunPrepared> {
    static ASKED: AtomicI64 = AtomicI64::new(0);
    let key = format!("prepare {up_to} {}", ASKED.fetch_add(1, Ordering::Relaxed));
    let (service, cycle) = (String::new(), String::new());
    let ask = PrepareBillingRun { key, up_to: d(up_to), service, cycle };
    prepare_billing_run(&t.desk, &t.role(Role::BillingOfficer), ask).await
}

async fn released(t: &TestDesk, number: &str) -> Outcome<BillingRunShown> {
    let ask = ReleaseBillingRun { key: format!("release {number}"), number: number.into() };
    release_billing_run(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await
}

/// Prepares and releases a run, and gives it as it ended.
pub async fn billed(t: &TestDesk, up_to: &str) -> BillingRunShown {
    let number = prepared(t, up_to).await.expect("prepares").number;
    let done = released(t, &number).await.expect("is released");
    assert_eq!(done.state, "done");
    assert_eq!(done.ledger_pence, Some(done.totals.gross_pence));
    assert_eq!(done.prepared, done.totals, "what was prepared is what was posted");
    done
}

async fn lines(t: &TestDesk, number: &str) -> Vec<(String, i64)> {
    let shown = invoice(&t.desk, &t.role(Role::Auditor), number).await.expect("an invoice");
    shown.lines.into_iter().map(|line| (line.description, line.net_pence)).collect()
}

async fn proved(t: &TestDesk) {
    let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("verifies");
    assert!(proof.passed, "{proof:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sc_e4_a_contract_is_billed_by_day_and_once() {
    on_both("2026-05-31", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let number = opened(&t, care("k1", "2026-05-13", vec![payer(&someone, "rest")])).await;
        assert_eq!(number, "CON-000001");
        let seen = preview(&t, "2026-05-31").await;
        assert_eq!((seen.totals.invoices, seen.totals.gross_pence, seen.new_contracts), (1, 49_495, 1));
        assert_eq!(seen.invoices[0].lines[0].working, "19 days at £182.35 a week: 19/7 × £182.35 = £494.95");
        let run = billed(&t, "2026-05-31").await;
        assert_eq!((run.first_number.as_str(), run.totals.gross_pence), ("INV-000001", 49_495));
        let says = "Residential care, P104482, 13 May 2026 to 31 May 2026, 19 days at £182.35 a week";
        assert_eq!(lines(&t, "INV-000001").await, [(says.to_owned(), 49_495)]);
        // The same day again bills nothing.
        assert_eq!(billed(&t, "2026-05-31").await.totals, RunTotals::default());
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_03_the_odd_week_of_a_year_of_53_is_a_period_or_a_fifth_week() {
    on_both("2027-04-12", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let whole = || vec![payer(&someone, "")];
        opened(&t, care("k1", "2027-03-08", whole())).await;
        let long = AddContract { cycle: "four_weekly_long".into(), ..care("k2", "2027-03-08", whole()) };
        let long = opened(&t, long).await;
        // On the last day of the thirteenth period only the one that ends then is due.
        let early = preview(&t, "2027-04-04").await;
        assert_eq!((early.totals.invoices, early.totals.gross_pence), (1, 4 * 18_235));
        let run = billed(&t, "2027-04-11").await;
        assert_eq!((run.totals.invoices, run.totals.lines), (2, 3));
        assert_eq!(run.totals.gross_pence, 2 * 5 * 18_235);
        let invoices = preview(&t, "2027-04-11").await.invoices;
        assert!(invoices.iter().all(|one| one.contract != long), "billed once");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gl_02_income_billed_in_advance_is_deferred_at_the_periods_end_and_released() {
    on_both("2027-03-08", async |t| {
        let (head, auditor) = (t.role(Role::Approver), t.role(Role::Auditor));
        let someone = customer(&t, "c1", "Ash Ltd").await;
        opened(&t, AddContract { in_advance: true, ..care("k1", "2027-03-08", vec![payer(&someone, "")]) }).await;
        // CAL-E15: four weeks of which 24 days lie in March and 4 in April.
        assert_eq!(billed(&t, "2027-03-08").await.totals.net_pence, 72_940);
        let (march, april) = ((2026, 12), (2027, 1));
        let moved = async |key: &str, (start_year, number): (i64, i64)| {
            let ask = MoveIncomeInAdvance { key: key.into(), start_year, number };
            move_income_in_advance(&t.desk, &head, ask).await
        };
        let closed = async |key: &str, (start_year, number): (i64, i64)| {
            let ask = TurnPeriod { key: key.into(), start_year, number, reason: String::new() };
            soft_close(&t.desk, &head, ask).await
        };
        assert_eq!(moved("m0", march).await.expect_err("not over").code(), Some("GL-04-NOT-ENDED"));
        t.go_to("2027-04-01");
        let seen = income_in_advance(&t.desk, &auditor, march).await.expect("previews");
        assert_eq!((seen.ahead_pence, seen.deferred_pence, seen.released_pence), (10_420, 10_420, 0));
        assert_eq!((seen.moves.len(), seen.moves[0].cost_centre.as_str()), (1, "A1"));
        assert_eq!(moved("m1", march).await.expect("moves"), seen);
        assert_eq!(moved("m1", march).await.expect("the same again"), seen);
        let again = moved("m2", march).await.expect("nothing more");
        assert_eq!((again.ahead_pence, again.deferred_pence, again.released_pence), (10_420, 0, 0));
        closed("s1", march).await.expect("closes");
        t.go_to("2027-05-01");
        let seen = income_in_advance(&t.desk, &auditor, april).await.expect("previews");
        assert_eq!((seen.ahead_pence, seen.deferred_pence, seen.released_pence), (0, 0, 10_420));
        // Once begun, no period closes without it.
        assert_eq!(closed("s2", april).await.expect_err("not moved").code(), Some("GL-02-NOT-MOVED"));
        moved("m3", april).await.expect("moves");
        closed("s3", april).await.expect("closes");
        assert_eq!(moved("m4", march).await.expect_err("April is done").code(), Some("GL-02-LATER-MOVED"));
        let mut look = t.desk.look().await.expect("a look");
        let left = sundry_store::close::advance::deferred_by(&mut look, t.org, d("2027-04-30")).await.expect("reads");
        assert_eq!(left, []);
        proved(&t).await;
        let again = MoveIncomeInAdvance { key: "m5".into(), start_year: 2027, number: 1 };
        let no = move_income_in_advance(&t.desk, &t.role(Role::BillingOfficer), again).await;
        assert_eq!(no.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cus_16_a_funders_invoice_shows_a_reference_and_no_name() {
    on_both("2026-05-31", async |t| {
        let funder = customer(&t, "c1", "Fenmarch Health Board").await;
        let mut named = care("named", "2026-05-13", vec![payer(&funder, "")]);
        named.service_user = "Ann Clarke".into();
        let Err(No::Invalid(wrong)) = add_contract(&t.desk, &t.role(Role::BillingOfficer), named).await else {
            panic!("a name is refused")
        };
        assert_eq!(wrong.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["service_user"]);
        // The person has an account of their own, which the funder's invoice knows nothing of.
        let person = customer(&t, "c2", "Ann Clarke").await;
        opened(&t, care("k1", "2026-05-13", vec![payer(&funder, "")])).await;
        billed(&t, "2026-05-31").await;
        let shown = invoice(&t.desk, &t.role(Role::Auditor), "INV-000001").await.expect("an invoice");
        let said: Vec<&str> = shown.lines.iter().map(|line| line.description.as_str()).collect();
        assert!(said[0].contains("P104482"), "{said:?}");
        assert!(said.iter().all(|words| !words.contains("Clarke") && !words.contains(person.as_str())), "{said:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_17_a_line_opens_to_its_evidence() {
    on_both("2026-05-31", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let number = opened(&t, care("k1", "2026-05-13", vec![payer(&someone, "")])).await;
        billed(&t, "2026-05-31").await;
        let seen = evidence(&t.desk, &t.role(Role::Auditor), "INV-000001").await.expect("evidence");
        let [one] = seen.as_slice() else { panic!("one line: {seen:?}") };
        assert_eq!((one.contract.as_str(), one.clause.as_str(), one.document_line), (number.as_str(), "4.1", Some(1)));
        assert_eq!((one.from_on, one.to_on, one.source.as_str()), (d("2026-05-13"), d("2026-05-31"), "Placement 77"));
        assert_eq!(one.words, "19 days at £182.35 a week: 19/7 × £182.35 = £494.95");
        let shown = contract(&t.desk, &t.role(Role::Auditor), &number).await.expect("a contract");
        assert_eq!((shown.charges.len(), shown.next.len()), (1, 3));
        assert_eq!((shown.next[0].from_on, shown.next[0].net_pence), (d("2026-06-01"), 72_940));
        assert!(matches!(evidence(&t.desk, &t.role(Role::Auditor), "INV-9").await, Err(No::Absent(_))));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nhs_e7_bed_days_are_billed_to_two_funders_with_their_orders() {
    on_both("2026-05-31", async |t| {
        let (icb, council) = (customer(&t, "c1", "Fens ICB").await, customer(&t, "c2", "Low Council").await);
        let funder = |who: &str, share: &str, po: &str| NewPayer { po_number: po.into(), ..payer(who, share) };
        let payers = vec![funder(&icb, "60%", "PO-1"), funder(&council, "40%", "PO-2")];
        let mut ask = care("k1", "2026-05-01", payers);
        (ask.cycle, ask.lines) = ("monthly".into(), vec![charge("642.50", "day")]);
        opened(&t, ask).await;
        let run = billed(&t, "2026-05-31").await;
        assert_eq!((run.totals.invoices, run.totals.gross_pence), (2, 1_991_750));
        for (number, net, po) in [("INV-000001", 1_195_050, "PO-1"), ("INV-000002", 796_700, "PO-2")] {
            let shown = invoice(&t.desk, &t.role(Role::Auditor), number).await.expect("an invoice");
            assert_eq!((shown.document.net_pence, shown.document.po_number.as_str()), (net, po));
        }
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nhs_e8_three_equal_funders_pay_a_thousand_between_them() {
    on_both("2026-05-31", async |t| {
        let mut payers = Vec::new();
        for name in ["One ICB", "Two ICB", "Three ICB"] {
            payers.push(payer(&customer(&t, name, name).await, "rest"));
        }
        let mut ask = care("k1", "2026-05-01", payers);
        (ask.cycle, ask.lines) = ("monthly".into(), vec![charge("1000", "month")]);
        opened(&t, ask).await;
        billed(&t, "2026-05-31").await;
        for (number, net) in [("INV-000001", 33_334), ("INV-000002", 33_333), ("INV-000003", 33_333)] {
            assert_eq!(lines(&t, number).await[0].1, net);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sc_e13_days_made_free_later_are_credited_with_someone_elses_yes() {
    on_both("2026-05-31", async |t| {
        let (officer, leader) = (t.role(Role::BillingOfficer), t.role(Role::TeamLeader));
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let number = opened(&t, care("k1", "2026-05-04", vec![payer(&someone, "")])).await;
        billed(&t, "2026-05-31").await;
        let free = PauseContract {
            key: "p1".into(),
            number: number.clone(),
            kind: "free".into(),
            from_on: d("2026-05-18"),
            to_on: None,
            retained: String::new(),
            reason: "NHS continuing healthcare".into(),
        };
        let changed = pause_contract(&t.desk, &officer, free).await.expect("pauses");
        assert_eq!(changed.recheck_from, Some(d("2026-05-18")));
        let seen = preview(&t, "2026-05-31").await;
        assert_eq!((seen.changes[0].what.as_str(), seen.changes[0].now_pence), ("credited", -36_470));
        assert_eq!(seen.changes[0].why, "Free from 18 May 2026 on");
        let run = billed(&t, "2026-05-31").await;
        assert_eq!((run.totals.invoices, run.totals.credits, run.totals.credits_pence), (0, 1, 36_470));
        let waits = approvals_list(&t.desk, &leader, "").await.expect("approvals").rows;
        let [asked] = waits.as_slice() else { panic!("one credit") };
        assert_eq!((asked.amount_pence, asked.own), (36_470, true), "who released it does not decide it");
        let words = "Contract CON-000001, adjustment for 4 May 2026 to 31 May 2026: £364.70 now, £729.40 billed before";
        assert_eq!(asked.payload["words"], words);
        let decide = DecideApproval {
            key: "d1".into(),
            number: asked.number.clone(),
            approve: true,
            reason: String::new(),
            content_hash: asked.content_hash.clone(),
        };
        decide_approval(&t.desk, &t.role(Role::Approver), decide).await.expect("decides");
        let shown = invoice(&t.desk, &t.role(Role::Auditor), "INV-000001").await.expect("an invoice");
        assert_eq!((shown.open_pence, shown.credit_notes.len()), (36_470, 1));
        // Nothing more is owed back, and nothing is charged for June.
        t.go_to("2026-06-28");
        assert_eq!(billed(&t, "2026-06-28").await.totals, RunTotals { contracts: 1, ..RunTotals::default() });
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_06_a_credit_that_is_refused_is_asked_for_again() {
    on_both("2026-05-31", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let number = opened(&t, care("k1", "2026-05-04", vec![payer(&someone, "")])).await;
        billed(&t, "2026-05-31").await;
        let (key, reason) = ("e1".into(), "Left early".into());
        let end = EndContract { key, number, ends_on: Some(d("2026-05-25")), reason };
        end_contract(&t.desk, &t.role(Role::BillingOfficer), end).await.expect("ends");
        assert_eq!(billed(&t, "2026-05-31").await.totals.credits_pence, 18_235);
        assert_eq!(billed(&t, "2026-05-31").await.totals.credits, 0, "what was asked for is not asked for twice");
        let asked = approvals_list(&t.desk, &t.role(Role::Approver), "").await.expect("approvals").rows.remove(0);
        let no = DecideApproval {
            key: "d1".into(),
            number: asked.number,
            approve: false,
            reason: "Ask the ward".into(),
            content_hash: asked.content_hash,
        };
        decide_approval(&t.desk, &t.role(Role::Approver), no).await.expect("decides");
        assert_eq!(billed(&t, "2026-05-31").await.totals.credits_pence, 18_235);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_06_a_late_rate_makes_one_net_line_with_both_workings() {
    on_both("2026-06-28", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let number = opened(&t, care("k1", "2026-05-04", vec![payer(&someone, "")])).await;
        assert_eq!(billed(&t, "2026-06-28").await.totals.lines, 2, "two periods are due");
        let rate = ChangeRate {
            key: "r1".into(),
            number,
            line: 1,
            from_on: d("2026-05-18"),
            rate: "190.56".into(),
            reason: "Review of 1 June".into(),
        };
        change_contract_rate(&t.desk, &t.role(Role::BillingOfficer), rate).await.expect("changes");
        t.go_to("2026-07-26");
        let run = billed(&t, "2026-07-26").await;
        // £8.21 more for two weeks and for four.
        assert_eq!((run.totals.adjustments, run.totals.adjustments_pence), (1, 4_926));
        let lines = lines(&t, "INV-000002").await;
        let says = "Residential care, P104482, adjustment for 4 May 2026 to 28 June 2026: £1,508.06 now, £1,458.80 billed before";
        assert_eq!(lines[0], (says.to_owned(), 4_926));
        assert_eq!(lines[1].1, 4 * 19_056);
        let seen = evidence(&t.desk, &t.role(Role::Auditor), "INV-000002").await.expect("evidence");
        assert_eq!(seen.iter().filter(|one| one.kind == "adjustment").count(), 2, "period by period");
        assert!(seen[0].was_words.starts_with("£729.40 before: 28 days at £182.35 a week"), "{}", seen[0].was_words);
        assert!(seen[0].words.contains("18 May 2026 to 31 May 2026, 14 days at £190.56 a week"), "{}", seen[0].words);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_03_bad_contracts_are_refused_field_by_field() {
    on_both("2026-05-01", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let mut ask = care("k1", "2026-05-13", vec![payer(&someone, "60%"), payer("NOBODY", "half")]);
        (ask.service_user, ask.ends_on) = ("Ann Clarke".into(), Some(d("2026-05-01")));
        (ask.cycle, ask.lines[0].rate) = ("often".into(), "-5".into());
        ask.lines.push(NewCharge { card: "NONE".into(), ..charge("", "") });
        let Err(No::Invalid(wrong)) = add_contract(&t.desk, &t.role(Role::BillingOfficer), ask).await else {
            panic!("refused")
        };
        let places: Vec<(Option<u64>, &str)> = wrong.iter().map(|one| (one.row, one.field.as_str())).collect();
        for place in [
            (None, "service_user"),
            (None, "cycle"),
            (None, "ends_on"),
            (Some(1), "rate"),
            (Some(2), "card"),
            (Some(2), "customer"),
            (Some(2), "share"),
        ] {
            assert!(places.contains(&place), "{place:?} in {places:?}");
        }
        let ask = care("k2", "2026-05-13", vec![payer(&someone, "60%")]);
        let Err(No::Invalid(wrong)) = add_contract(&t.desk, &t.role(Role::BillingOfficer), ask).await else {
            panic!("refused")
        };
        assert!(wrong[0].message.contains("come to 60%: make them 100%"), "{}", wrong[0].message);
        let by = t.role(Role::Cashier);
        let no = add_contract(&t.desk, &by, care("k3", "2026-05-13", vec![payer(&someone, "")])).await;
        assert_eq!(no.expect_err("no duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

fn card(key: &str, file: &str) -> LoadRateCard {
    LoadRateCard {
        key: key.into(),
        code: "care-26".into(),
        name: "Care 2026/27".into(),
        reason: "Cabinet of 3 March 2026".into(),
        rates: Vec::new(),
        file_name: "rates.csv".into(),
        file: Some(format!("service_code,description,unit,rate,vat_code,from,to\n{file}").into_bytes()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_03_a_rate_card_is_loaded_whole_or_told_every_fault_by_row() {
    on_both("2026-05-31", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let bad = "RES,Residential care,week,905.00,O,2026-04-06,2026-12-31\n\
                   RES,Residential care,week,940.00,O,2026-12-31,\n\
                   DAY,Day care,hours,41.5,Q,2026-04-06,\n\
                   X,,week,-1,O,2026-13-01,\n";
        let Err(No::Invalid(wrong)) = load_rate_card(&t.desk, &officer, card("k1", bad)).await else {
            panic!("refused")
        };
        let places: Vec<(Option<u64>, &str)> = wrong.iter().map(|one| (one.row, one.field.as_str())).collect();
        let expected = [
            (Some(3), "from"),
            (Some(4), "unit"),
            (Some(4), "vat_code"),
            (Some(5), "description"),
            (Some(5), "from"),
            (Some(5), "rate"),
        ];
        assert_eq!(places, expected);
        let good = "RES,Residential care,week,905.00,O,2026-04-06,\nDAY,Day care,day,41.5,O,2026-04-06,\n";
        let loaded = load_rate_card(&t.desk, &officer, card("k2", good)).await.expect("loads");
        assert_eq!((loaded.added, loaded.same), (2, 0));
        let again = load_rate_card(&t.desk, &officer, card("k3", good)).await.expect("loads");
        assert_eq!((again.added, again.same), (0, 2));
        // A contract at the card's rate, billed; then the rate is put right.
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let mut ask = care("k4", "2026-05-04", vec![payer(&someone, "")]);
        ask.lines = vec![NewCharge { card: "CARE-26".into(), service_code: "res".into(), ..NewCharge::default() }];
        let number = opened(&t, ask).await;
        assert_eq!(billed(&t, "2026-05-31").await.totals.gross_pence, 362_000);
        let right = card("k5", "RES,Residential care,week,910.00,O,2026-05-18,\n");
        let loaded = load_rate_card(&t.desk, &officer, right).await.expect("loads");
        assert_eq!((loaded.added, loaded.contracts_touched), (1, 1));
        let seen = preview(&t, "2026-05-31").await;
        assert_eq!(seen.totals.adjustments_pence, 1_000);
        assert_eq!(seen.changes[0].why, "CARE-26 RES at £910.00 from 18 May 2026");
        assert_eq!(billed(&t, "2026-05-31").await.totals.adjustments_pence, 1_000);
        let shown = contract(&t.desk, &officer, &number).await.expect("a contract");
        assert_eq!((shown.lines[0].card.as_str(), shown.lines[0].rates.len()), ("CARE-26", 2));
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_10_what_cannot_be_billed_is_left_out_with_its_reason_and_billed_later() {
    on_both("2026-05-31", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        let good = opened(&t, care("k1", "2026-05-04", vec![payer(&someone, "")])).await;
        let mut lacking = care("k2", "2026-05-04", vec![payer(&someone, "")]);
        let rates = "RES,Residential care,week,905.00,O,2026-04-06,2026-05-17\n";
        let officer = t.role(Role::BillingOfficer);
        load_rate_card(&t.desk, &officer, card("k3", rates)).await.expect("loads");
        lacking.lines = vec![NewCharge { card: "CARE-26".into(), service_code: "RES".into(), ..NewCharge::default() }];
        let lacking = opened(&t, lacking).await;
        let run = billed(&t, "2026-05-31").await;
        assert_eq!((run.totals.contracts, run.totals.left, run.totals.invoices), (2, 1, 1), "{good}");
        let [left] = run.left.as_slice() else { panic!("one left out") };
        assert_eq!((left.number.as_str(), left.code.as_str()), (lacking.as_str(), "BIL-06-NO-RATE"));
        assert_eq!(left.sentence, "Residential care has no rate on 18 May 2026");
        let more = card("k4", "RES,Residential care,week,940.00,O,2026-05-18,\n");
        load_rate_card(&t.desk, &officer, more).await.expect("loads");
        assert_eq!(billed(&t, "2026-05-31").await.totals.gross_pence, 2 * 90_500 + 2 * 94_000);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_16_a_run_leaves_out_what_the_customer_would_send_back() {
    on_both("2026-05-31", async |t| {
        let officer = t.role(Role::BillingOfficer);
        let (strict, other) = (customer(&t, "c1", "Calder Ltd").await, customer(&t, "c2", "Ash Ltd").await);
        let set = async |version: i64, rules: ReceiverForm| {
            let ask = SetReceiver { key: format!("r{version}"), number: strict.clone(), version, rules };
            set_receiver(&t.desk, &officer, ask).await.expect("sets");
        };
        let rules = ReceiverForm {
            order_needed: true,
            order_pattern: "PO####".into(),
            number_characters: "digits".into(),
            reference_usual: "XX-1".into(),
            ..ReceiverForm::default()
        };
        set(0, rules.clone()).await;
        let wanting = opened(&t, care("k1", "2026-05-04", vec![payer(&strict, "")])).await;
        opened(&t, care("k2", "2026-05-04", vec![payer(&other, "")])).await;
        let seen = preview(&t, "2026-05-31").await;
        let [left] = seen.left.as_slice() else { panic!("one is missing: {:?}", seen.left) };
        assert_eq!((left.number.as_str(), left.code.as_str()), (wanting.as_str(), "BIL-16-RECEIVER"));
        assert!(left.sentence.starts_with(&format!("Customer {strict} would send it back.")), "{}", left.sentence);
        for part in ["purchase order", "digits only in our numbers, not INV-000001"] {
            assert!(left.sentence.contains(part), "{part}: {}", left.sentence);
        }
        let run = billed(&t, "2026-05-31").await;
        assert_eq!((run.totals.left, run.totals.invoices, run.left.len()), (1, 1, 1));
        // What they asked for is met: the next run bills it, with their usual reference.
        set(1, ReceiverForm { order_needed: false, number_characters: String::new(), ..rules }).await;
        let run = billed(&t, "2026-05-31").await;
        assert_eq!((run.totals.left, run.totals.invoices), (0, 1));
        let carried = invoice(&t.desk, &officer, &run.first_number).await.expect("shows");
        assert_eq!(carried.document.number, run.first_number);
        let mut look = t.desk.look().await.expect("a look");
        let id = sundry_domain::ids::DocumentId(carried.document.id);
        let reference = sundry_store::billing::reference::reference_of(&mut look, t.org, id).await.expect("reads");
        assert_eq!(reference.expect("carried").buyer_reference, "XX-1");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_10_a_run_has_one_state_at_a_time_and_two_people_where_asked() {
    on_both("2026-05-31", async |t| {
        let (officer, leader) = (t.role(Role::BillingOfficer), t.role(Role::TeamLeader));
        let someone = customer(&t, "c1", "Ash Ltd").await;
        opened(&t, care("k1", "2026-05-04", vec![payer(&someone, "")])).await;
        let run = prepared(&t, "2026-05-31").await.expect("prepares").number;
        let other = PrepareBillingRun { key: "x".into(), up_to: d("2026-05-31"), service: "".into(), cycle: "".into() };
        let no = prepare_billing_run(&t.desk, &officer, other.clone()).await.expect_err("one waits");
        assert_eq!(no.code(), Some("BIL-10-UNFINISHED"));
        let release = |by: &sundry_desk::Actor, key: &str, number: &str| {
            let ask = ReleaseBillingRun { key: key.into(), number: number.into() };
            let (desk, by) = (t.desk.clone(), by.clone());
            async move { release_billing_run(&desk, &by, ask, &|_, _| {}).await }
        };
        let no = release(&officer, "r1", &run).await.expect_err("no duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let turn = |key: &str| TurnBillingRun { key: key.into(), number: run.clone() };
        withdraw_billing_run(&t.desk, &officer, turn("w1")).await.expect("withdraws");
        let no = release(&leader, "r2", &run).await.expect_err("withdrawn");
        assert_eq!(no.code(), Some("BIL-10-RUN-STATE"));
        // One person with every duty, and a setting that asks for two.
        let everything = t.operator();
        let set = sundry_desk::setup::settings::ChangeSettings {
            key: "s1".into(),
            changes: [("limits.bulk_second_person".to_owned(), "yes".to_owned())].into(),
        };
        sundry_desk::setup::settings::change_settings(&t.desk, &everything, set).await.expect("sets");
        let mine = prepare_billing_run(&t.desk, &everything, other.clone()).await.expect("prepares").number;
        let no = release(&everything, "r3", &mine).await.expect_err("their own");
        assert_eq!(no.code(), Some("CTL-01-OWN-WORK"));
        assert_eq!(release(&leader, "r4", &mine).await.expect("is released").totals.invoices, 1);
        t.go_to("2037-05-31");
        let later = prepare_billing_run(&t.desk, &everything, other).await.expect("the same request").number;
        assert_eq!(later, mine, "the same key has its first answer, though its day is long over (P02)");
    })
    .await;
}

/// Contracts of two charges each, at one of two cycles, every third to two payers.
pub async fn many(t: &TestDesk, count: usize) {
    let someone = customer(t, "m1", "Ash Ltd").await;
    let other = customer(t, "m2", "Low Council").await;
    for i in 0..count {
        let payers = match i % 3 {
            0 => vec![payer(&someone, "60%"), payer(&other, "40%")],
            _ => vec![payer(&someone, "")],
        };
        let mut ask = care(&format!("many {i}"), "2026-05-13", payers);
        ask.service_user = format!("P{i:06}");
        ask.cycle = ["four_weekly", "monthly"][i % 2].into();
        ask.lines.push(NewCharge { description: "Transport".into(), ..charge("12.5", "day") });
        opened(t, ask).await;
    }
}

/// What a run left behind: its totals, and every invoice with its lines, numbers and open item.
async fn trace(
    t: &TestDesk,
    run: &BillingRunShown,
) -> (RunTotals, Vec<(String, String, i64)>, Vec<(i64, i64, String)>) {
    let by = t.role(Role::Auditor);
    let all = billing_run_invoices(&t.desk, &by, &run.number, (0, 1_000)).await.expect("invoices");
    let invoices = all.into_iter().map(|one| (one.number, one.customer_number, one.gross_pence)).collect();
    let mut tx = t.desk.look().await.expect("looks");
    let mut charges = Vec::new();
    for row in store::contracts_page(&mut tx, t.org, &Default::default(), (d("2026-05-31"), i64::MAX, 10_000))
        .await
        .expect("contracts")
    {
        for charge in store::charges_of_contract(&mut tx, t.org, row.id, 100).await.expect("charges") {
            charges.push((charge.line, charge.net_pence, format!("{} {}", row.number, charge.from_on)));
        }
    }
    charges.sort();
    (run.totals.clone(), invoices, charges)
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_10_a_run_killed_anywhere_goes_on_where_it_was() {
    on_both("2026-05-31", async |t| {
        many(&t, 120).await;
        let quiet = TestDesk::on(t.desk.db().engine(), "2026-05-31").await;
        many(&quiet, 120).await;
        let expected = billed(&quiet, "2026-05-31").await;
        let number = prepared(&t, "2026-05-31").await.expect("prepares").number;
        for dies_after in [1i64, 2, 1] {
            let (desk, by, number) = (t.desk.clone(), t.role(Role::TeamLeader), number.clone());
            let killed = tokio::spawn(async move {
                let told = AtomicI64::new(0);
                let ask = ReleaseBillingRun { key: format!("release {number}"), number };
                let die = |_: i64, _: i64| assert!(told.fetch_add(1, Ordering::Relaxed) + 1 < dies_after, "killed");
                release_billing_run(&desk, &by, ask, &die).await
            });
            let _ = killed.await;
        }
        let finished = released(&t, &number).await.expect("goes on");
        assert_eq!(finished.state, "done");
        assert_eq!(trace(&t, &finished).await, trace(&quiet, &expected).await);
        assert_eq!(finished.last_number, format!("INV-{:06}", finished.totals.invoices), "gapless");
        proved(&t).await;
        quiet.desk.db().clone().close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_10_a_run_stopped_midway_goes_on_where_it_was() {
    on_both("2026-05-31", async |t| {
        many(&t, 520).await;
        let number = prepared(&t, "2026-05-31").await.expect("prepares").number;
        let leader = t.role(Role::TeamLeader);
        // Someone presses stop while the first piece of 500 is being told.
        let stop = |done: i64, _: i64| {
            let turn = TurnBillingRun { key: format!("stop {done}"), number: number.clone() };
            let stopped = tokio::task::block_in_place(|| {
                tokio::runtime::Handle::current().block_on(stop_billing_run(&t.desk, &leader, turn))
            });
            assert_eq!(stopped.expect("stops").state, "stopped");
        };
        let ask = ReleaseBillingRun { key: "r1".into(), number: number.clone() };
        let no = release_billing_run(&t.desk, &leader, ask, &stop).await.expect_err("it was stopped");
        assert_eq!(no.code(), Some("BIL-10-TAKEN-OVER"));
        let at = billing_run(&t.desk, &leader, &number).await.expect("a run");
        assert_eq!((at.state.as_str(), at.done_count, at.total_count), ("stopped", 500, 520));
        let raised = at.totals.invoices;
        let done = released(&t, &number).await.expect("goes on");
        assert_eq!((done.state.as_str(), done.done_count, &done.totals), ("done", 520, &done.prepared));
        assert!(raised < done.totals.invoices);
        assert_eq!(done.last_number, format!("INV-{:06}", done.totals.invoices), "gapless");
        assert_eq!(done.ledger_pence, Some(done.totals.gross_pence));
        proved(&t).await;
    })
    .await;
}
