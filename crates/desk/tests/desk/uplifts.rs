//! Uplifts over the whole book: previewed, approved, applied piece by piece, taken back.
use crate::contracts::{billed, care, charge, payer};
use crate::customers::customer;
use sundry_desk::approvals::*;
use sundry_desk::billing::contracts::*;
use sundry_desk::billing::uplifts::*;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::ledger::verify::verify;
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;

fn d(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a date in a test")
}

fn ask(by: &str, from: &str) -> UpliftAsk {
    UpliftAsk { from_on: d(from), by: by.into(), ..UpliftAsk::default() }
}

async fn seen(t: &TestDesk, ask: &UpliftAsk) -> UpliftPreview {
    preview_uplift(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("previews")
}

async fn proposed(t: &TestDesk, key: &str, uplift: UpliftAsk) -> Outcome<UpliftProposed> {
    let ask = ProposeUplift { key: key.into(), uplift, reason: "Cabinet of 3 March".into(), seen_pence: None };
    propose_uplift(&t.desk, &t.role(Role::BillingOfficer), ask).await
}

async fn decided(t: &TestDesk, key: &str, approve: bool) {
    let leader = t.role(Role::TeamLeader);
    let asked = approvals_list(&t.desk, &leader, "").await.expect("approvals").rows.remove(0);
    let (number, content_hash) = (asked.number, asked.content_hash);
    let reason = if approve { String::new() } else { "Not agreed".into() };
    let ask = DecideApproval { key: key.into(), number, approve, reason, content_hash };
    decide_approval(&t.desk, &leader, ask).await.expect("decides");
}

async fn applied(t: &TestDesk, key: &str, number: &str) -> Outcome<UpliftTurned> {
    let ask = ApplyUplift { key: key.into(), number: number.into() };
    apply_uplift(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await
}

/// A card for care with two contracts on it, one contract at rates of its own, one by the day.
async fn book(t: &TestDesk) -> String {
    let officer = t.role(Role::BillingOfficer);
    let someone = customer(t, "c1", "Ash Ltd").await;
    let other = customer(t, "c2", "Low Council").await;
    let rate = NewRate {
        service_code: "RES".into(),
        description: "Residential care".into(),
        unit: "week".into(),
        rate: "900.00".into(),
        vat_code: "O".into(),
        from_on: Some(d("2026-04-06")),
        ..NewRate::default()
    };
    let card = LoadRateCard {
        key: "card".into(),
        code: "CARE-26".into(),
        name: "Care".into(),
        reason: "Cabinet".into(),
        rates: vec![rate],
        file_name: String::new(),
        file: None,
    };
    load_rate_card(&t.desk, &officer, card).await.expect("a card");
    for n in 0..2 {
        let mut on_card = care(&format!("k{n}"), "2026-05-04", vec![payer(&someone, "")]);
        on_card.lines = vec![NewCharge { card: "CARE-26".into(), service_code: "RES".into(), ..NewCharge::default() }];
        add_contract(&t.desk, &officer, on_card).await.expect("opens");
    }
    let mut own = care("own", "2026-05-04", vec![payer(&other, "")]);
    own.lines.push(charge("12.50", "day"));
    add_contract(&t.desk, &officer, own).await.expect("opens").number
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_04_an_uplift_is_previewed_line_by_line_over_the_whole_book() {
    on_both("2026-05-31", async |t| {
        book(&t).await;
        let found = seen(&t, &ask("4.5%", "2026-07-06")).await;
        assert_eq!((found.rates, found.charges, found.adjusted), (3, 4, 0));
        assert_eq!(found.by_words, "4.5% more, to the penny");
        let of: Vec<(&str, i64, String, i64, i64)> = found
            .lines
            .iter()
            .map(|one| (one.contract.as_str(), one.line, one.rates().1, one.before_pence, one.after_pence))
            .collect();
        let year = |old: i64| (old * 365 * 2 + 7) / 14;
        assert_eq!(of[0], ("CON-000001", 1, "£940.50 a week".into(), year(90_000), year(94_050)));
        assert_eq!(of[2], ("CON-000003", 1, "£190.56 a week".into(), year(18_235), year(19_056)));
        assert_eq!(of[3], ("CON-000003", 2, "£13.06 a day".into(), 456_250, 476_690));
        assert_eq!(found.after_pence, of.iter().map(|one| one.4).sum::<i64>());
        // Only one card; only contracts' own; only one payer's, which leaves cards alone.
        let only = |card: &str, funder: &str| UpliftAsk {
            card: card.into(),
            funder: funder.into(),
            ..ask("=950", "2026-07-06")
        };
        assert_eq!(seen(&t, &only("care-26", "")).await.rates, 1);
        assert_eq!(seen(&t, &only("own", "")).await.rates, 2);
        let of_funder = seen(&t, &only("", "C100002")).await;
        assert_eq!((of_funder.rates, of_funder.charges), (2, 2), "{of_funder:?}");
        let of_service = UpliftAsk { service: "res".into(), ..ask("1.25", "2026-07-06") };
        assert_eq!(seen(&t, &of_service).await.lines[0].rates().1, "£901.25 a week");
        // A rate from that day or later already is left alone, with why.
        let early = seen(&t, &ask("4.5%", "2026-05-04")).await;
        assert_eq!((early.rates, early.left.len()), (1, 2));
        assert_eq!(early.left[0].why, "It has a rate from 4 May 2026 already");
        let bad = UpliftAsk { rounding: "up".into(), ..ask("lots", "2036-07-06") };
        let Err(No::Invalid(all)) = preview_uplift(&t.desk, &t.role(Role::BillingOfficer), &bad).await else {
            panic!("not told")
        };
        assert_eq!(all.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["by", "rounding", "from"]);
        let no = preview_uplift(&t.desk, &t.role(Role::BillingOfficer), &ask("-100%", "2026-07-06")).await;
        assert_eq!(no.expect_err("nothing left").code(), Some("BIL-04-NOTHING"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_04_an_uplift_needs_someone_elses_yes_and_adjusts_what_was_billed() {
    on_both("2026-05-31", async |t| {
        let own = book(&t).await;
        let run = billed(&t, "2026-05-31").await;
        let before = run.totals.net_pence;
        let stale = ProposeUplift {
            key: "p0".into(),
            uplift: ask("10%", "2026-05-18"),
            reason: "Cabinet".into(),
            seen_pence: Some(1),
        };
        let no = propose_uplift(&t.desk, &t.role(Role::BillingOfficer), stale).await.expect_err("not as seen");
        assert_eq!(no.code(), Some("BIL-04-CHANGED"));
        let first = proposed(&t, "p1", ask("10%", "2026-05-18")).await.expect("asks");
        assert_eq!(applied(&t, "a0", &first.number).await.expect_err("no yes yet").code(), Some("BIL-04-STATE"));
        decided(&t, "d1", false).await;
        assert_eq!(applied(&t, "a1", &first.number).await.expect_err("refused").code(), Some("BIL-04-STATE"));
        let second = proposed(&t, "p2", ask("10%", "2026-05-18")).await.expect("asks");
        decided(&t, "d2", true).await;
        // A rate that someone changes meanwhile is left alone.
        let up = ChangeRate {
            key: "r1".into(),
            number: own.clone(),
            line: 2,
            from_on: d("2026-06-01"),
            rate: "13".into(),
            reason: "Review".into(),
        };
        change_contract_rate(&t.desk, &t.role(Role::BillingOfficer), up).await.expect("a rate");
        let done = applied(&t, "a2", &second.number).await.expect("is applied");
        assert_eq!((done.state.as_str(), done.done, done.left), ("applied", 2, 1));
        assert_eq!(applied(&t, "a3", &second.number).await.expect("again"), done, "nothing is set twice");
        let shown = contract(&t.desk, &t.role(Role::Auditor), &own).await.expect("a contract");
        assert_eq!(shown.lines[0].rates[0].2, 2_005_900);
        assert_eq!(shown.lines[0].rates[0].3, "UPL-000002: Cabinet of 3 March");
        // Two weeks of three charges: 10% of £900 twice and £182.35, less the day of discharge that there is not.
        t.go_to("2026-06-28");
        let run = billed(&t, "2026-06-28").await;
        assert_eq!((run.totals.adjustments, run.totals.adjustments_pence), (3, 2 * 18_000 + 3_648));
        assert!(run.totals.net_pence > before);
        let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("verifies");
        assert!(proof.passed, "{proof:?}");
        let no =
            take_back_uplift(&t.desk, &t.role(Role::TeamLeader), TurnUplift { key: "b".into(), number: second.number })
                .await;
        assert_eq!(no.expect_err("in force").code(), Some("BIL-04-BEGUN"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_04_an_uplift_is_stopped_resumed_and_taken_back_before_its_day() {
    on_both("2026-05-31", async |t| {
        let leader = t.role(Role::TeamLeader);
        let own = book(&t).await;
        let asked = proposed(&t, "p1", ask("2.5%", "2026-07-06")).await.expect("asks");
        decided(&t, "d1", true).await;
        let turn = |key: &str| TurnUplift { key: key.into(), number: asked.number.clone() };
        let no = stop_uplift(&t.desk, &leader, turn("s0")).await.expect_err("not begun");
        assert_eq!(no.code(), Some("BIL-04-STATE"));
        assert_eq!(applied(&t, "a1", &asked.number).await.expect("is applied").done, 3);
        let found = uplift(&t.desk, &leader, &asked.number).await.expect("an uplift");
        assert!(found.lines.iter().all(|line| line.state == "done"), "{found:?}");
        let back = take_back_uplift(&t.desk, &leader, turn("b1")).await.expect("is taken back");
        assert_eq!(back.state, "taken_back");
        let shown = contract(&t.desk, &leader, &own).await.expect("a contract");
        assert_eq!((shown.lines[0].rates.len(), shown.lines[0].rates[0].2), (1, 1_823_500));
        assert_eq!(rate_cards(&t.desk, &leader).await.expect("cards")[0].rates.len(), 1);
        // What was taken back may be asked for anew; of nothing there is no uplift.
        assert_eq!(seen(&t, &ask("2.5%", "2026-07-06")).await.rates, 3);
        let same = proposed(&t, "p2", UpliftAsk { card: "CARE-26".into(), ..ask("=900", "2026-07-06") }).await;
        assert_eq!(same.expect_err("the same rate").code(), Some("BIL-04-NOTHING"));
    })
    .await;
}

/// A card of many services, each at £10.00.
async fn long_card(t: &TestDesk, services: usize) {
    let rate = |n: usize| NewRate {
        service_code: format!("S{n:05}"),
        description: "Session".into(),
        unit: "session".into(),
        rate: "10.00".into(),
        vat_code: "O".into(),
        from_on: Some(d("2026-04-06")),
        ..NewRate::default()
    };
    let card = LoadRateCard {
        key: "long card".into(),
        code: "LONG-26".into(),
        name: "Sessions".into(),
        reason: "Cabinet".into(),
        rates: (0..services).map(rate).collect(),
        file_name: String::new(),
        file: None,
    };
    load_rate_card(&t.desk, &t.role(Role::BillingOfficer), card).await.expect("a card");
}

/// Applies an uplift that someone stops as soon as its first piece is in force.
async fn stopped_midway(t: &TestDesk, key: &str, number: &str) -> No {
    let leader = t.role(Role::TeamLeader);
    let stop = |done: i64, of: i64| {
        assert_eq!((done, of), (1_000, 1_200));
        let ask = TurnUplift { key: format!("{key}/stop"), number: number.into() };
        let stopped = async { stop_uplift(&t.desk, &leader, ask).await.expect("is stopped") };
        let stopped = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(stopped));
        assert_eq!((stopped.state.as_str(), stopped.done), ("stopped", 1_000));
    };
    let ask = ApplyUplift { key: key.into(), number: number.into() };
    apply_uplift(&t.desk, &leader, ask, &stop).await.expect_err("it was stopped")
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_04_an_uplift_stopped_midway_goes_on_where_it_was_or_is_taken_back() {
    on_both("2026-05-31", async |t| {
        let leader = t.role(Role::TeamLeader);
        long_card(&t, 1_200).await;
        let states = async |number: &str| {
            let found = uplift(&t.desk, &leader, number).await.expect("an uplift");
            (found.uplift.state.clone(), found.uplift.done_count, found.uplift.left_count)
        };
        let in_force = async || {
            let cards = rate_cards(&t.desk, &leader).await.expect("cards");
            cards[0].rates.iter().filter(|rate| rate.from_on == d("2026-07-06")).count()
        };
        let first = proposed(&t, "p1", ask("10%", "2026-07-06")).await.expect("asks").number;
        decided(&t, "d1", true).await;
        assert_eq!(stopped_midway(&t, "a1", &first).await.code(), Some("BIL-04-STATE"));
        assert_eq!((states(&first).await, in_force().await), (("stopped".into(), 1_000, 0), 1_000));
        let turn = |key: &str| TurnUplift { key: key.into(), number: first.clone() };
        let no = stop_uplift(&t.desk, &leader, turn("s2")).await.expect_err("it is stopped");
        assert_eq!(no.code(), Some("BIL-04-STATE"));
        let done = applied(&t, "a2", &first).await.expect("goes on");
        assert_eq!((done.state.as_str(), done.done, done.left, in_force().await), ("applied", 1_200, 0, 1_200));
        take_back_uplift(&t.desk, &leader, turn("b1")).await.expect("is taken back");
        assert_eq!(in_force().await, 0);
        // Stopped again, and taken back from there: what was in force is not, and nothing more comes into force.
        let second = proposed(&t, "p2", ask("5%", "2026-07-06")).await.expect("asks").number;
        decided(&t, "d2", true).await;
        stopped_midway(&t, "a3", &second).await;
        assert_eq!(in_force().await, 1_000);
        let back = TurnUplift { key: "b2".into(), number: second.clone() };
        assert_eq!(take_back_uplift(&t.desk, &leader, back).await.expect("is taken back").state, "taken_back");
        assert_eq!(in_force().await, 0);
        assert_eq!(applied(&t, "a4", &second).await.expect_err("taken back").code(), Some("BIL-04-STATE"));
        let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("verifies");
        assert!(proof.passed, "{proof:?}");
    })
    .await;
}
