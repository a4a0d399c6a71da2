use super::*;
use crate::billing::contracts::{Cycle, Delivered, worth_of};
use proptest::prelude::*;

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

fn rate(from: &str, rate_e4: i64) -> DatedRate {
    DatedRate { from_on: d(from), to_on: None, rate_e4, source: "Care 2026/27".into() }
}

fn payer(n: i64, share: Share) -> Payer {
    Payer { customer: CustomerId(n), line: None, from_on: d("2020-01-01"), to_on: None, share, lead: n == 1 }
}

/// One weekly charge of £182.35, four-weekly in arrears, one payer.
fn care(starts_on: &str) -> Agreement {
    let line = ChargeTerms {
        line: 1,
        description: "Residential care".into(),
        unit: Unit::Week,
        quantity_e4: 10_000,
        from_on: d("2020-01-01"),
        to_on: None,
        rates: vec![rate("2020-01-01", 1_823_500)],
        clause: "4.1".into(),
        activity: None,
    };
    Agreement {
        cycle: Cycle::FourWeekly,
        in_advance: false,
        starts_on: d(starts_on),
        ends_on: None,
        charge_first_day: true,
        charge_last_day: false,
        lines: vec![line],
        breaks: Vec::new(),
        payers: vec![payer(1, Share::Remainder)],
    }
}

fn pause(from: &str, to: Option<&str>, retained: i64) -> Break {
    Break { from_on: d(from), to_on: to.map(d), retained: BasisPoints(retained), reason: "NHS continuing care".into() }
}

fn of_period(contract: &Agreement, day: &str) -> Vec<Charge> {
    let period = contract.cycle.period_of(d(day), &[]).expect("a period");
    charges_of_period(contract, period, &[]).expect("charges")
}

fn nets(charges: &[Charge]) -> Vec<i64> {
    charges.iter().map(|charge| charge.net.0).collect()
}

/// What is kept of a bill, for the next one.
fn keep(billed: &mut Vec<Billed>, due: &Due) {
    let run = billed.iter().map(|one| one.run).max().unwrap_or(0) + 1;
    for charge in &due.charges {
        billed.push(Billed {
            line: charge.line,
            customer: charge.customer,
            period_starts_on: charge.period.starts_on,
            net: charge.net,
            words: charge.working.words(),
            run,
            activity: charge.activity.iter().map(|(id, _)| *id).collect(),
        });
    }
    for (adjustment, change) in due.adjustments.iter().flat_map(|a| a.periods.iter().map(move |change| (a, change))) {
        billed.push(Billed {
            line: adjustment.line,
            customer: adjustment.customer,
            period_starts_on: change.period.starts_on,
            net: change.now.minus(change.was),
            words: "adjustment".into(),
            run,
            activity: change.activity.iter().map(|(id, _)| *id).collect(),
        });
    }
}

#[test]
fn cal_e15_a_contract_bills_four_weeks_and_accrues_at_the_year_end() {
    let charges = of_period(&care("2026-04-06"), "2027-03-08");
    assert_eq!(nets(&charges), [72_940]);
    assert_eq!((charges[0].from_on, charges[0].to_on), (d("2027-03-08"), d("2027-04-04")));
    assert_eq!(charges[0].working.words(), "28 days at £182.35 a week: 4 × £182.35 = £729.40");
    assert_eq!(earned_by(&charges[0], d("2027-03-31")), (Pence(62_520), Pence(10_420)));
    assert_eq!(nets(&of_period(&care("2026-04-06"), "2027-04-05")), [18_235], "the stub is one week");
}

#[test]
fn sc_e4_a_start_inside_a_period_is_charged_by_day() {
    let charges = of_period(&care("2026-05-13"), "2026-05-04");
    assert_eq!(nets(&charges), [49_495]);
    assert_eq!(charges[0].working.words(), "19 days at £182.35 a week: 19/7 × £182.35 = £494.95");
    let not_first = Agreement { charge_first_day: false, ..care("2026-05-13") };
    assert_eq!(of_period(&not_first, "2026-05-04")[0].working.days, 18);
}

#[test]
fn bil_06_the_day_of_discharge_is_charged_by_setting() {
    let ended = Agreement { ends_on: Some(d("2026-05-10")), ..care("2026-04-06") };
    assert_eq!(of_period(&ended, "2026-05-04")[0].working.days, 6);
    let with_last = Agreement { charge_last_day: true, ..ended.clone() };
    assert_eq!(of_period(&with_last, "2026-05-04")[0].working.days, 7);
    assert_eq!(of_period(&ended, "2026-06-01"), []);
}

#[test]
fn sc_e13_a_placement_made_free_inside_a_billed_period_is_credited_by_day() {
    let mut contract = care("2026-04-06");
    let p2 = contract.cycle.period_of(d("2026-05-04"), &[]).expect("a period");
    let first = due(&contract, &[], (d("2026-05-03"), None), p2.ends_on, &[]).expect("due");
    assert_eq!(nets(&first.charges), [72_940]);
    let mut billed = Vec::new();
    keep(&mut billed, &first);
    contract.breaks.push(pause("2026-05-18", None, 0));
    let again = due(&contract, &billed, (p2.ends_on, Some(d("2026-05-18"))), p2.ends_on, &[]).expect("due");
    assert_eq!(again.charges, []);
    let [one] = again.adjustments.as_slice() else { panic!("one net adjustment") };
    assert_eq!(one.net, Pence(-36_470));
    let [change] = one.periods.as_slice() else { panic!("one period") };
    assert_eq!((change.was, change.now), (Pence(72_940), Pence(36_470)));
    assert_eq!(change.was_words, ["28 days at £182.35 a week: 4 × £182.35 = £729.40"]);
    let now = "4 May 2026 to 17 May 2026, 14 days at £182.35 a week: 2 × £182.35 = £364.70";
    assert_eq!(change.now_words, [now]);
}

#[test]
fn nhs_e7_bed_days_split_sixty_forty() {
    let mut contract = care("2026-05-01");
    contract.cycle = Cycle::Monthly;
    contract.lines[0].unit = Unit::Day;
    contract.lines[0].rates = vec![rate("2020-01-01", 6_425_000)];
    contract.payers = vec![payer(1, Share::Percent(600_000)), payer(2, Share::Percent(400_000))];
    let charges = of_period(&contract, "2026-05-01");
    assert_eq!(nets(&charges), [1_195_050, 796_700]);
    assert_eq!(charges[0].working.whole, Pence(1_991_750));
    let words = "31 days at £642.50 a day: 31 × £642.50 = £19,917.50; of which 60% is £11,950.50";
    assert_eq!(charges[0].working.words(), words);
    assert_eq!(charges[0].working.short(), "31 days at £642.50 a day; of £19,917.50");
}

#[test]
fn bil_06_a_rate_change_inside_a_period_splits_the_line() {
    let mut contract = care("2026-04-06");
    contract.lines[0].rates.push(rate("2026-05-18", 1_905_600));
    let charges = of_period(&contract, "2026-05-04");
    assert_eq!(nets(&charges), [36_470, 38_112]);
    assert_eq!((charges[0].to_on, charges[1].from_on), (d("2026-05-17"), d("2026-05-18")));
}

#[test]
fn bil_06_an_absence_keeps_its_part_of_the_charge() {
    let mut contract = care("2026-04-06");
    contract.breaks.push(pause("2026-05-11", Some("2026-05-17"), 5_000));
    assert_eq!(nets(&of_period(&contract, "2026-05-04")), [18_235, 9_118, 36_470]);
}

#[test]
fn bil_06_no_rate_and_no_payer_stop_the_charge() {
    let mut contract = care("2026-04-06");
    contract.lines[0].rates[0].to_on = Some(d("2026-05-17"));
    let period = contract.cycle.period_of(d("2026-05-04"), &[]).expect("a period");
    let refused = charges_of_period(&contract, period, &[]).expect_err("no rate");
    assert_eq!(refused.code, "BIL-06-NO-RATE");
    assert_eq!(refused.sentence, "Residential care has no rate on 18 May 2026");
    contract = care("2026-04-06");
    contract.payers[0].to_on = Some(d("2026-05-17"));
    assert_eq!(charges_of_period(&contract, period, &[]).expect_err("no payer").code, "BIL-06-NO-PAYER");
}

#[test]
fn bil_06_a_change_of_payer_moves_the_charge_from_one_to_the_other() {
    let mut contract = care("2026-04-06");
    let p2 = contract.cycle.period_of(d("2026-05-04"), &[]).expect("a period");
    let mut billed = Vec::new();
    keep(&mut billed, &due(&contract, &[], (d("2026-05-03"), None), p2.ends_on, &[]).expect("due"));
    contract.payers[0].to_on = Some(d("2026-05-17"));
    contract.payers.push(Payer { from_on: d("2026-05-18"), ..payer(2, Share::Remainder) });
    let moved = due(&contract, &billed, (p2.ends_on, Some(d("2026-05-18"))), p2.ends_on, &[]).expect("due");
    let nets: Vec<(i64, i64)> = moved.adjustments.iter().map(|one| (one.customer.0, one.net.0)).collect();
    assert_eq!(nets, [(1, -36_470), (2, 36_470)]);
}

/// A change that someone makes between two bills: the day it touches first, and the contract after it.
#[derive(Clone, Debug)]
enum Step {
    Rate(i64, i64),
    Pause(i64, i64, i64),
    End(i64),
    Move(i64),
    Half(i64),
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let day = 0i64..330;
    let step = prop_oneof![
        (day.clone(), 100i64..5_000_000).prop_map(|(day, rate)| Step::Rate(day, rate)),
        (day.clone(), 0i64..60, 0i64..=10_000).prop_map(|(day, length, kept)| Step::Pause(day, length, kept)),
        day.clone().prop_map(Step::End),
        day.clone().prop_map(Step::Move),
        day.clone().prop_map(Step::Half),
    ];
    proptest::collection::vec((0i64..12, step), 0..8)
}

/// Makes a change where the rules allow it; gives the first day it touches.
fn change(contract: &mut Agreement, step: &Step) -> Option<NaiveDate> {
    let on = |day: i64| add_days(d("2026-04-06"), day);
    let before = contract.clone();
    let touched = match *step {
        Step::Rate(day, rate_e4) => {
            contract.lines[0].rates.push(DatedRate { from_on: on(day), to_on: None, rate_e4, source: String::new() });
            on(day)
        }
        Step::Pause(day, length, kept) => {
            let to_on = Some(on(day + length));
            let retained = BasisPoints(kept);
            contract.breaks.push(Break { from_on: on(day), to_on, retained, reason: String::new() });
            on(day)
        }
        Step::End(day) => {
            let old = contract.ends_on.replace(on(day));
            add_days(on(day).min(old.unwrap_or(on(day))), -1)
        }
        Step::Move(day) => {
            let old = std::mem::replace(&mut contract.starts_on, on(day));
            on(day).min(old)
        }
        Step::Half(day) => {
            for payer in contract.payers.iter_mut().filter(|payer| payer.to_on.is_none()) {
                payer.to_on = Some(add_days(on(day), -1));
            }
            contract.payers.retain(|payer| payer.to_on.is_none_or(|to| to >= payer.from_on));
            for n in [1, 2] {
                contract.payers.push(Payer { from_on: on(day), ..payer(n, Share::Percent(500_000)) });
            }
            on(day)
        }
    };
    if super::super::check_agreement(contract).is_empty() {
        return Some(touched);
    }
    *contract = before;
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever changes between bills, and however far back, what was billed in the end is what billing it all at once
    /// comes to, for every charge, payer and period; and no day is charged twice.
    #[test]
    fn bil_03_bil_06_billed_period_by_period_comes_to_the_same_as_at_once(
        which in 0usize..8, advance in any::<bool>(), steps in steps(),
    ) {
        let mut contract = care("2026-04-20");
        (contract.cycle, contract.in_advance) = (Cycle::ALL[which], advance);
        let mut billed: Vec<Billed> = Vec::new();
        let mut at = (add_days(contract.starts_on, -1), None::<NaiveDate>);
        for month in 0..13 {
            for (_, step) in steps.iter().filter(|(when, _)| *when == month) {
                if let Some(day) = change(&mut contract, step) {
                    at.1 = Some(at.1.map_or(day, |before| before.min(day)));
                }
            }
            let up_to = add_days(d("2026-04-30"), month * 30);
            let Some(until) = contract.cycle.due_until(advance, up_to, &[]) else { continue };
            let found = due(&contract, &billed, at, until, &[]).expect("the contract is whole");
            let mut spans: Vec<_> = found.charges.iter().map(|c| (c.line, c.customer, c.from_on, c.to_on)).collect();
            spans.sort();
            for pair in spans.windows(2).filter(|pair| (pair[0].0, pair[0].1) == (pair[1].0, pair[1].1)) {
                prop_assert!(pair[0].3 < pair[1].2, "a day twice");
            }
            keep(&mut billed, &found);
            at = (until.max(at.0), None);
        }
        let mut sums: BTreeMap<(i64, CustomerId, NaiveDate), i64> = BTreeMap::new();
        for one in &billed {
            *sums.entry((one.line, one.customer, one.period_starts_on)).or_default() += one.net.0;
        }
        let first = add_days(d("2026-04-06"), -1);
        for period in contract.cycle.periods(first, at.0, &[]) {
            if period.ends_on > at.0 {
                continue;
            }
            for charge in charges_of_period(&contract, period, &[]).expect("charges") {
                *sums.entry((charge.line, charge.customer, period.starts_on)).or_default() -= charge.net.0;
            }
        }
        prop_assert!(sums.values().all(|sum| *sum == 0), "{sums:?}");
    }
}

/// The same contract, charged by what was delivered at £22.50 an hour from April and £23.10 from June.
fn by_hour(activity: Vec<Delivered>) -> Agreement {
    let mut contract = care("2026-04-06");
    contract.charge_last_day = true;
    contract.lines[0].unit = Unit::Hour;
    contract.lines[0].rates = vec![rate("2020-01-01", 225_000), rate("2026-05-18", 231_000)];
    contract.lines[0].activity = Some(activity);
    contract
}

fn delivered(id: i64, from: &str, to: &str, quantity_e4: i64) -> Delivered {
    Delivered { id, from_on: d(from), to_on: d(to), quantity_e4, rate_e4: None }
}

#[test]
fn bil_05_a_contract_by_activity_charges_what_was_delivered() {
    let mut contract = by_hour(vec![
        delivered(1, "2026-05-04", "2026-05-04", 7_500),
        delivered(2, "2026-05-05", "2026-05-05", 13_333),
        delivered(3, "2026-05-20", "2026-05-20", 10_000),
    ]);
    let charges = of_period(&contract, "2026-05-04");
    // 0.75 and 1.3333 hours at £22.50 are £16.88 and £30.00, each rounded once; an hour at £23.10 from 18 May.
    assert_eq!(nets(&charges), [4_688, 2_310]);
    assert_eq!(charges[0].working.short(), "2.0833 hours at £22.50 an hour");
    assert_eq!(charges[0].working.words(), "2.0833 hours at £22.50 an hour in 2 lines = £46.88");
    assert_eq!(charges[0].activity, [(1, Pence(1_688)), (2, Pence(3_000))]);
    // A suspension of the plan does not take back what was delivered and let through.
    contract.breaks.push(pause("2026-05-05", Some("2026-05-10"), 0));
    assert_eq!(nets(&of_period(&contract, "2026-05-04")), [4_688, 2_310]);
    // A rate that was let through for one line is a charge of its own.
    contract.lines[0].activity.as_mut().expect("activity")[1].rate_e4 = Some(300_000);
    let charges = of_period(&contract, "2026-05-04");
    assert_eq!(
        charges.iter().map(|one| (one.part, one.net.0)).collect::<Vec<_>>(),
        [(0, 1_688), (1, 4_000), (0, 2_310)]
    );
    assert_eq!(of_period(&contract, "2026-06-01"), [], "nothing delivered, nothing charged");
}

#[test]
fn bil_05_bed_days_are_parted_by_day_and_shares_add_up() {
    let mut contract = by_hour(vec![delivered(1, "2026-05-16", "2026-05-19", 40_000)]);
    contract.lines[0].unit = Unit::Day;
    contract.payers = vec![payer(1, Share::Percent(333_333)), payer(2, Share::Remainder)];
    let charges = of_period(&contract, "2026-05-04");
    assert_eq!(nets(&charges), [1_499, 3_001, 1_539, 3_081]);
    assert_eq!(charges[2].working.words(), "2 days at £23.10 a day in 1 line = £46.20; of which 33.3333% is £15.39");
    let one = &contract.lines[0].activity.clone().expect("activity")[0];
    assert_eq!(worth_of(&contract, &contract.lines[0], one), Ok(Pence(9_120)));
}

#[test]
fn bil_05_late_and_changed_activity_is_one_net_adjustment() {
    let mut contract = by_hour(vec![delivered(1, "2026-05-04", "2026-05-04", 10_000)]);
    let mut billed = Vec::new();
    let (until, from) = (d("2026-05-31"), d("2026-05-03"));
    let first = due(&contract, &billed, (from, None), until, &[]).expect("due");
    assert_eq!(nets(&first.charges), [2_250]);
    keep(&mut billed, &first);
    contract.lines[0].activity =
        Some(vec![delivered(2, "2026-05-04", "2026-05-04", 20_000), delivered(3, "2026-05-06", "2026-05-06", 10_000)]);
    let late = due(&contract, &billed, (until, Some(d("2026-05-04"))), until, &[]).expect("due");
    assert_eq!((late.charges.len(), late.adjustments[0].net), (0, Pence(4_500)));
    assert_eq!(late.adjustments[0].periods[0].activity, [(2, Pence(4_500)), (3, Pence(2_250))]);
    keep(&mut billed, &late);
    let again = due(&contract, &billed, (until, Some(d("2026-05-04"))), until, &[]).expect("due");
    assert_eq!(again, Due::default(), "nothing is billed twice");
    // Another line that comes to the same is told, with nothing to pay.
    contract.lines[0].activity.as_mut().expect("activity")[1].id = 4;
    let same = due(&contract, &billed, (until, Some(d("2026-05-04"))), until, &[]).expect("due");
    assert_eq!((same.adjustments[0].net, same.adjustments[0].periods[0].was), (Pence::ZERO, Pence(6_750)));
}
