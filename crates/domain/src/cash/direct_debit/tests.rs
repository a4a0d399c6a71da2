use super::*;
use crate::calendar::{Calendar, Nation};
use crate::money::Pence;
use crate::reference::ReferenceBook;
use chrono::NaiveDate;

fn d(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn england() -> Calendar {
    ReferenceBook::default().calendar(Nation::EnglandAndWales).clone()
}

fn days(wanted: &str) -> [String; 5] {
    let calendar = england();
    let dates = collection_dates(&calendar, d(wanted), 10).unwrap();
    let again = collection_dates(&calendar, d(wanted), REPRESENT_NOTICE_DAYS).unwrap();
    [dates.entry_on, dates.process_on, dates.input_on, dates.notice_by, again.notice_by].map(|day| day.to_string())
}

#[test]
fn dd_e1_christmas_day() {
    assert_eq!(days("2026-12-25"), ["2026-12-29", "2026-12-24", "2026-12-23", "2026-12-11", "2026-12-18"]);
}

#[test]
fn dd_e2_new_years_day() {
    assert_eq!(days("2027-01-01"), ["2027-01-04", "2026-12-31", "2026-12-30", "2026-12-16", "2026-12-23"]);
}

#[test]
fn dd_e3_easter_monday() {
    assert_eq!(days("2026-04-06"), ["2026-04-07", "2026-04-02", "2026-04-01", "2026-03-20", "2026-03-27"]);
}

#[test]
fn dd_e4_a_plain_friday() {
    assert_eq!(days("2026-05-01"), ["2026-05-01", "2026-04-30", "2026-04-29", "2026-04-17", "2026-04-24"]);
}

#[test]
fn dd_e5_good_friday() {
    assert_eq!(days("2027-03-26"), ["2027-03-30", "2027-03-25", "2027-03-24", "2027-03-12", "2027-03-19"]);
}

fn again() -> RepresentFacts {
    RepresentFacts {
        reason: "0".into(),
        first_presented_on: d("2026-05-01"),
        amount: Pence(15_000),
        asked: Pence(15_000),
        times_before: 0,
        most: 2,
        entry_on: d("2026-05-29"),
        today: d("2026-05-06"),
    }
}

#[test]
fn dd_e6_the_same_amount_within_a_month() {
    let calendar = england();
    assert_eq!(last_representation(&calendar, d("2026-05-01")), Ok(d("2026-05-29")));
    assert_eq!(may_represent(&again(), &calendar), Ok(()));
    let code = |facts: RepresentFacts| may_represent(&facts, &calendar).unwrap_err().code;
    assert_eq!(code(RepresentFacts { asked: Pence(17_000), ..again() }), "DD-07-AMOUNT");
    assert_eq!(code(RepresentFacts { entry_on: d("2026-06-01"), ..again() }), "DD-07-LATE");
    assert_eq!(code(RepresentFacts { times_before: 2, ..again() }), "DD-07-OFTEN");
    for reason in ["1", "2", "4", "5", "B", "Z"] {
        assert_eq!(code(RepresentFacts { reason: reason.into(), ..again() }), "DD-07-NOT-AGAIN", "{reason}");
    }
    // February: a month is shorter than 30 days.
    assert_eq!(last_representation(&calendar, d("2026-02-02")), Ok(d("2026-03-02")));
}

fn facts() -> CollectFacts {
    CollectFacts {
        reference: "DD000001".into(),
        state: MandateState::Active,
        state_reason: String::new(),
        lodged_on: Some(d("2026-03-02")),
        first_lead_days: 10,
        first_collected_on: Some(d("2026-04-01")),
        last_collected_on: Some(d("2026-04-01")),
        advice_waits: false,
        claim_open: false,
        held: None,
        notified_for: Some(d("2026-05-01")),
        notice_with_payer_on: Some(d("2026-04-17")),
        notice_days: 10,
        notified: Pence(15_000),
        open: Pence(15_000),
        entry_on: d("2026-05-01"),
        is_final: false,
        final_confirmed: false,
    }
}

#[test]
fn dd_e7_two_years_without_a_collection() {
    assert_eq!(dormant_from(d("2023-01-05"), Some(d("2024-11-20"))), d("2026-11-20"));
    assert_eq!(dormant_from(d("2025-01-05"), None), d("2027-01-05"));
    let late = CollectFacts {
        lodged_on: Some(d("2023-01-05")),
        last_collected_on: Some(d("2024-11-20")),
        entry_on: d("2026-11-23"),
        ..facts()
    };
    assert_eq!(may_collect(&late, &england()).unwrap_err().code, "DD-08-DORMANT");
}

#[test]
fn csh_19_first_regular_final() {
    let calendar = england();
    let code = |facts: CollectFacts| may_collect(&facts, &calendar).map(|code| code.as_str());
    assert_eq!(code(facts()), Ok("17"));
    assert_eq!(code(CollectFacts { first_collected_on: None, last_collected_on: None, ..facts() }), Ok("01"));
    assert_eq!(code(CollectFacts { is_final: true, final_confirmed: true, ..facts() }), Ok("19"));
    let refused = |facts| code(facts).unwrap_err().code;
    assert_eq!(refused(CollectFacts { is_final: true, ..facts() }), "DD-02-FINAL");
    assert_eq!(refused(CollectFacts { first_collected_on: Some(d("2026-04-29")), ..facts() }), "DD-02-FIRST-UNPAID");
}

#[test]
fn pln_07_the_amount_taken_is_the_amount_notified_on_the_day_notified() {
    let calendar = england();
    let refused = |facts: CollectFacts| may_collect(&facts, &calendar).unwrap_err().code;
    assert_eq!(refused(CollectFacts { open: Pence(14_999), ..facts() }), "DD-04-AMOUNT");
    assert_eq!(refused(CollectFacts { notified_for: None, ..facts() }), "DD-04-NO-NOTICE");
    assert_eq!(refused(CollectFacts { notice_with_payer_on: None, ..facts() }), "DD-04-NO-NOTICE");
    assert_eq!(refused(CollectFacts { notice_with_payer_on: Some(d("2026-04-20")), ..facts() }), "DD-04-SHORT-NOTICE");
    assert_eq!(refused(CollectFacts { notified_for: Some(d("2026-05-05")), ..facts() }), "DD-04-TOO-EARLY");
    assert_eq!(refused(CollectFacts { entry_on: d("2026-05-08"), ..facts() }), "DD-04-TOO-LATE");
    assert!(may_collect(&CollectFacts { entry_on: d("2026-05-07"), ..facts() }, &calendar).is_ok(), "three days after");
    let short = CollectFacts { notice_with_payer_on: Some(d("2026-04-20")), ..facts() };
    assert_eq!(may_collect(&short, &calendar).unwrap_err().allowed_from, Some(d("2026-05-05")));
}

#[test]
fn no_collection_from_a_mandate_that_does_not_stand() {
    let calendar = england();
    let refused = |facts: CollectFacts| may_collect(&facts, &calendar).unwrap_err().code;
    for state in MandateState::ALL.iter().filter(|s| !matches!(s, MandateState::Active | MandateState::Dormant)) {
        assert_eq!(refused(CollectFacts { state: *state, ..facts() }), "DD-01-NOT-ACTIVE");
    }
    assert_eq!(refused(CollectFacts { state: MandateState::Dormant, ..facts() }), "DD-08-DORMANT");
    let early = CollectFacts { first_collected_on: None, lodged_on: Some(d("2026-04-20")), ..facts() };
    assert_eq!(refused(early), "DD-03-LEAD-TIME");
    assert_eq!(refused(CollectFacts { advice_waits: true, ..facts() }), "DD-06-ADVICE-WAITS");
    assert_eq!(refused(CollectFacts { claim_open: true, ..facts() }), "DD-05-CLAIM-OPEN");
    assert_eq!(refused(CollectFacts { held: Some("Breathing space".into()), ..facts() }), "DD-05-HELD");
}

#[test]
fn every_arrow_of_a_mandates_life_and_no_other() {
    for from in MandateState::ALL {
        for event in MandateEvent::ALL {
            let to = TRANSITIONS.iter().find(|(f, e, _)| (f, e) == (from, event)).map(|(_, _, to)| *to);
            assert_eq!(from.after(*event).ok(), to, "{from:?} {event:?}");
        }
    }
    assert!(MandateState::Dormant.after(MandateEvent::Resume).is_err(), "a dormant instruction needs a new one");
    assert_eq!(MandateState::Cancelled.after(MandateEvent::Resume).unwrap_err().code, "DD-01-STATE");
}

#[test]
fn references_as_the_scheme_allows_them() {
    for good in ["SUN0000012345", "A12345", "AB/12-34.5&"] {
        assert_eq!(reference_problem(good), None, "{good}");
    }
    for bad in ["A1234", "A123456789012345678", "AAAAAA", "DDIC001", "A 12345", "A12345é", "-----A", "abc1234"] {
        assert!(reference_problem(bad).is_some(), "{bad}");
    }
}

#[test]
fn csh_20_each_code_of_each_report_has_its_action() {
    let all = |find: fn(&str) -> Option<&'static ReportCode>| -> String {
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ".chars().filter(|c| find(&c.to_string()).is_some()).collect()
    };
    assert_eq!(all(unpaid), "0123456789AB");
    assert_eq!(all(amended), "0123BCDER");
    assert_eq!(all(instruction_returned), "123567BCFGHIKLMNOPQ");
    assert_eq!(unpaid("2").unwrap().action, Action::Deceased);
    assert_eq!(amended("3").unwrap().action, Action::MovedBank);
    assert_eq!(amended("R").unwrap().action, Action::Reinstate);
    assert_eq!((ClaimReason::parse("5").unwrap().code, ClaimReason::parse("9")), ("5", None));
}

#[test]
fn a_claim_is_challenged_within_14_working_days() {
    assert_eq!(challenge_by(&england(), d("2026-12-15")), Ok(d("2027-01-07")));
}

#[test]
fn the_first_day_that_notice_and_lodging_allow() {
    let calendar = england();
    assert_eq!(earliest_entry(&calendar, d("2026-04-17"), 10, None, 10), Ok(d("2026-05-01")));
    assert_eq!(earliest_entry(&calendar, d("2026-04-17"), 10, Some(d("2026-04-24")), 10), Ok(d("2026-05-11")));
}
