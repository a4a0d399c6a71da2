use super::*;
use crate::billing::contracts::{Agreement, Break, ChargeTerms, Cycle, DatedRate, Payer, Share, Unit};
use crate::ids::CustomerId;
use crate::money::{BasisPoints, Pence};
use chrono::NaiveDate;

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

fn home_care() -> Agreement {
    let rate = |from: &str, rate_e4| DatedRate { from_on: d(from), to_on: None, rate_e4, source: "CARE-26 HC".into() };
    let line = ChargeTerms {
        line: 1,
        description: "Home care".into(),
        unit: Unit::Hour,
        quantity_e4: 10_000,
        from_on: d("2026-04-06"),
        to_on: None,
        rates: vec![rate("2026-04-06", 225_000), rate("2026-05-18", 231_000)],
        clause: "4.1".into(),
        activity: Some(Vec::new()),
    };
    let payer = Payer {
        customer: CustomerId(1),
        line: None,
        from_on: d("2026-04-06"),
        to_on: None,
        share: Share::Remainder,
        lead: true,
    };
    Agreement {
        cycle: Cycle::FourWeekly,
        in_advance: false,
        starts_on: d("2026-04-06"),
        ends_on: Some(d("2026-06-30")),
        charge_first_day: true,
        charge_last_day: true,
        lines: vec![line],
        breaks: vec![Break {
            from_on: d("2026-05-11"),
            to_on: Some(d("2026-05-12")),
            retained: BasisPoints(0),
            reason: "Hospital".into(),
        }],
        payers: vec![payer],
    }
}

fn offer(agreement: &Agreement, id: i64) -> Offer<'_> {
    let line = OfferLine { terms: &agreement.lines[0], service_code: "HC", agreed_e4: Some(140_000) };
    let (number, service) = (if id == 7 { "CON-000007" } else { "CON-000008" }, "Home care");
    Offer { id, number, service, service_user: "P104482", agreement, lines: vec![line] }
}

fn told(from: &str, to: &str, quantity_e4: i64) -> Told {
    Told {
        service: "hc".into(),
        service_user: "P104482".into(),
        contract: String::new(),
        funder: None,
        unit: Unit::Hour,
        from_on: d(from),
        to_on: d(to),
        quantity_e4,
        rate_e4: None,
        waived: false,
    }
}

#[test]
fn bil_05_a_line_in_contract_fits_and_has_its_worth() {
    let agreement = home_care();
    let good = told("2026-05-04", "2026-05-04", 7_500);
    let fit = hold_against(&good, &[&offer(&agreement, 7)], |_, _| 0);
    assert_eq!(fit, Ok(Fit { contract: 7, line: 1, worth: Pence(1_688) }));
    let full = Told { rate_e4: Some(225_000), funder: Some(CustomerId(1)), service: "Home Care ".into(), ..good };
    assert!(hold_against(&full, &[&offer(&agreement, 7)], |_, _| 132_500).is_ok());
}

#[test]
fn bil_05_every_reason_holds_a_line_in_its_order() {
    use HeldBecause::*;
    let agreement = home_care();
    let one = offer(&agreement, 7);
    let good = told("2026-05-04", "2026-05-04", 10_000);
    let cases: Vec<(Told, HeldBecause, &str, i64)> = vec![
        (
            Told { service: "Day care".into(), ..good.clone() },
            WrongService,
            "Day care is not a charge by activity of CON-000007",
            0,
        ),
        (
            Told { service_user: "P9".into(), ..good.clone() },
            WrongService,
            "CON-000007 is for another service user than P9",
            0,
        ),
        (Told { unit: Unit::Visit, ..good.clone() }, WrongUnit, "CON-000007 charges hc an hour, not a visit", 0),
        (
            told("2026-07-01", "2026-07-01", 10_000),
            OutsideDates,
            "CON-000007 is charged from 6 April 2026 to 30 June 2026",
            2_310,
        ),
        (
            Told { rate_e4: Some(240_000), ..good.clone() },
            WrongRate,
            "£24.00 an hour was told, £22.50 an hour is approved by CON-000007",
            2_400,
        ),
        (
            Told { funder: Some(CustomerId(2)), ..good.clone() },
            WrongFunder,
            "The funder told does not pay CON-000007 on 4 May 2026",
            2_250,
        ),
        (
            told("2026-05-12", "2026-05-12", 10_000),
            Suspended,
            "CON-000007 is suspended from 11 May 2026: Hospital",
            2_250,
        ),
        (
            told("2026-05-15", "2026-05-19", 60_000),
            Spans,
            "It crosses 18 May 2026: send the days before and after it in two lines",
            13_500,
        ),
        (told("2026-05-04", "2026-05-04", 80_000), AboveAgreed, "15 hours in this week, 14 hours agreed", 18_000),
    ];
    for (line, because, sentence, worth) in cases {
        let held = hold_against(&line, &[&one], |_, _| 70_000).expect_err(sentence);
        assert_eq!((held.because, held.sentence.as_str(), held.worth.0), (because, sentence, worth));
        let waived = Told { waived: true, ..line };
        assert_eq!(hold_against(&waived, &[&one], |_, _| 70_000).is_ok(), because.may_override());
        assert_eq!(because.may_override(), matches!(because, WrongRate | WrongFunder | Suspended | AboveAgreed));
    }
    let nobody = hold_against(&good, &[], |_, _| 0).expect_err("no contract");
    assert_eq!((nobody.because, nobody.sentence.as_str()), (OutOfContract, "No contract by activity is for P104482"));
    let two = hold_against(&good, &[&one, &offer(&agreement, 8)], |_, _| 0).expect_err("two");
    assert_eq!(two.sentence, "CON-000007 and CON-000008 both fit: assign the line to one");
}

#[test]
fn bil_05_units_as_providers_write_them() {
    for (typed, unit) in
        [("bed day", Unit::Day), ("Bed_Days", Unit::Day), ("HOURS", Unit::Hour), ("visit", Unit::Visit)]
    {
        assert_eq!(unit_of(typed), Some(unit), "{typed}");
    }
    assert_eq!((unit_of("week"), unit_of("km"), unit_of("")), (None, None, None));
    for because in HeldBecause::ALL {
        assert_eq!(HeldBecause::parse(because.as_str()), Some(*because));
    }
    for reason in NotBillable::ALL {
        assert_eq!(NotBillable::parse(reason.as_str()), Some(*reason));
    }
}

#[test]
fn bil_05_what_has_not_been_delivered_is_not_taken() {
    let today = d("2026-05-31");
    assert_eq!(check_told(2, &told("2026-05-04", "2026-05-04", 1), today), []);
    let fields = |line: &Told| check_told(2, line, today).into_iter().map(|one| one.field).collect::<Vec<_>>();
    assert_eq!(fields(&told("2026-06-01", "2026-06-01", 1)), ["to"]);
    assert_eq!(fields(&told("2026-05-04", "2026-05-03", 1)), ["to"]);
    assert_eq!(
        fields(&Told { service_user: String::new(), ..told("2012-05-04", "2012-05-04", 1) }),
        ["service_user", "from"]
    );
}
