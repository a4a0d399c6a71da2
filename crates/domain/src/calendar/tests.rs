use super::*;
use crate::reference::{ReferenceBook, shipped_rows};
use proptest::prelude::*;
use rstest::rstest;

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

fn calendar(nation: Nation) -> Calendar {
    ReferenceBook::from_rows(&shipped_rows()).calendar(nation).clone()
}

const EW: Nation = Nation::EnglandAndWales;
const SC: Nation = Nation::Scotland;
const NI: Nation = Nation::NorthernIreland;

#[rstest]
#[case::cal_e1("2026-12-23", 3, EW, "2026-12-30")]
#[case::cal_e2("2026-12-31", 1, EW, "2027-01-04")]
#[case::cal_e3("2026-12-31", 1, SC, "2027-01-05")]
#[case::cal_e4_ni("2026-07-10", 1, NI, "2026-07-14")]
#[case::cal_e4_ew("2026-07-10", 1, EW, "2026-07-13")]
#[case::cal_e5_sc("2026-06-12", 1, SC, "2026-06-16")]
#[case::cal_e5_ew("2026-06-12", 1, EW, "2026-06-15")]
#[case::cal_e6("2020-05-01", 1, EW, "2020-05-04")]
#[case::cal_e7("2020-05-04", 4, EW, "2020-05-11")]
#[case::cal_e8("2027-01-04", -1, EW, "2026-12-31")]
#[case::cal_e9("2026-04-02", 1, EW, "2026-04-07")]
#[case::nothing_added("2026-12-25", 0, EW, "2026-12-25")]
fn working_days_are_added(#[case] from: &str, #[case] n: i64, #[case] nation: Nation, #[case] to: &str) {
    assert_eq!(calendar(nation).add(d(from), n), Ok(d(to)));
}

#[test]
fn cal_e10_working_days_between() {
    assert_eq!(calendar(EW).between(d("2026-12-18"), d("2027-01-04")), Ok(8));
    assert_eq!(calendar(EW).between(d("2027-01-04"), d("2026-12-18")), Ok(-8));
}

#[test]
fn counts_of_every_year_and_nation() {
    for (nation, usual) in [(EW, 8), (SC, 9), (NI, 10)] {
        for year in 2015..=2028 {
            let more = match (year, nation) {
                (2022, _) => 2,
                (2023, _) | (2026, SC) => 1,
                _ => 0,
            };
            assert_eq!(calendar(nation).bank_holidays(year).len(), usual + more, "{year} {nation:?}");
        }
    }
}

/// Every bank holiday as month and day: England and Wales, Scotland, Northern Ireland.
const TABLE: [(i32, [&str; 3]); 14] = [
    (
        2015,
        [
            "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
            "01-01 01-02 04-03 05-04 05-25 08-03 11-30 12-25 12-28",
            "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28",
        ],
    ),
    (
        2016,
        [
            "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
            "01-01 01-04 03-25 05-02 05-30 08-01 11-30 12-26 12-27",
            "01-01 03-17 03-25 03-28 05-02 05-30 07-12 08-29 12-26 12-27",
        ],
    ),
    (
        2017,
        [
            "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
            "01-02 01-03 04-14 05-01 05-29 08-07 11-30 12-25 12-26",
            "01-02 03-17 04-14 04-17 05-01 05-29 07-12 08-28 12-25 12-26",
        ],
    ),
    (
        2018,
        [
            "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
            "01-01 01-02 03-30 05-07 05-28 08-06 11-30 12-25 12-26",
            "01-01 03-19 03-30 04-02 05-07 05-28 07-12 08-27 12-25 12-26",
        ],
    ),
    (
        2019,
        [
            "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
            "01-01 01-02 04-19 05-06 05-27 08-05 12-02 12-25 12-26",
            "01-01 03-18 04-19 04-22 05-06 05-27 07-12 08-26 12-25 12-26",
        ],
    ),
    (
        2020,
        [
            "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
            "01-01 01-02 04-10 05-08 05-25 08-03 11-30 12-25 12-28",
            "01-01 03-17 04-10 04-13 05-08 05-25 07-13 08-31 12-25 12-28",
        ],
    ),
    (
        2021,
        [
            "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
            "01-01 01-04 04-02 05-03 05-31 08-02 11-30 12-27 12-28",
            "01-01 03-17 04-02 04-05 05-03 05-31 07-12 08-30 12-27 12-28",
        ],
    ),
    (
        2022,
        [
            "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
            "01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-26 12-27",
            "01-03 03-17 04-15 04-18 05-02 06-02 06-03 07-12 08-29 09-19 12-26 12-27",
        ],
    ),
    (
        2023,
        [
            "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
            "01-02 01-03 04-07 05-01 05-08 05-29 08-07 11-30 12-25 12-26",
            "01-02 03-17 04-07 04-10 05-01 05-08 05-29 07-12 08-28 12-25 12-26",
        ],
    ),
    (
        2024,
        [
            "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
            "01-01 01-02 03-29 05-06 05-27 08-05 12-02 12-25 12-26",
            "01-01 03-18 03-29 04-01 05-06 05-27 07-12 08-26 12-25 12-26",
        ],
    ),
    (
        2025,
        [
            "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
            "01-01 01-02 04-18 05-05 05-26 08-04 12-01 12-25 12-26",
            "01-01 03-17 04-18 04-21 05-05 05-26 07-14 08-25 12-25 12-26",
        ],
    ),
    (
        2026,
        [
            "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
            "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-28",
            "01-01 03-17 04-03 04-06 05-04 05-25 07-13 08-31 12-25 12-28",
        ],
    ),
    (
        2027,
        [
            "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
            "01-01 01-04 03-26 05-03 05-31 08-02 11-30 12-27 12-28",
            "01-01 03-17 03-26 03-29 05-03 05-31 07-12 08-30 12-27 12-28",
        ],
    ),
    (
        2028,
        [
            "01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
            "01-03 01-04 04-14 05-01 05-29 08-07 11-30 12-25 12-26",
            "01-03 03-17 04-14 04-17 05-01 05-29 07-12 08-28 12-25 12-26",
        ],
    ),
];

#[test]
fn cal_01_every_bank_holiday_of_every_nation_is_the_published_one() {
    for (year, nations) in TABLE {
        for (nation, days) in [EW, SC, NI].into_iter().zip(nations) {
            let wanted: Vec<NaiveDate> = days.split(' ').map(|day| d(&format!("{year}-{day}"))).collect();
            assert_eq!(calendar(nation).bank_holidays(year), wanted, "{year} {nation:?}");
        }
    }
}

#[test]
fn no_bank_holiday_falls_at_a_weekend() {
    for nation in Nation::ALL {
        for year in 2015..=2028 {
            for day in calendar(nation).bank_holidays(year) {
                assert!(day.weekday().num_days_from_monday() < 5, "{day}");
            }
        }
    }
}

#[test]
fn one_off_days_that_a_formula_would_get_wrong() {
    let ew = calendar(EW);
    assert_eq!(ew.is_working_day(d("2020-05-04")), Ok(true));
    for day in ["2020-05-08", "2022-06-02", "2022-06-03", "2022-09-19", "2023-05-08"] {
        for nation in Nation::ALL {
            assert_eq!(calendar(nation).is_working_day(d(day)), Ok(false), "{day}");
        }
    }
    assert_eq!(calendar(SC).is_working_day(d("2026-06-15")), Ok(false));
    assert_eq!(calendar(NI).is_working_day(d("2026-06-15")), Ok(true));
}

#[test]
fn working_days_of_the_financial_years() {
    let ew = calendar(EW);
    for (year, count) in [(2024, 254), (2025, 253), (2026, 251), (2027, 256)] {
        let (after, until) = (d(&format!("{year}-03-31")), d(&format!("{}-03-31", year + 1)));
        assert_eq!(ew.between(after, until), Ok(count), "{year}");
    }
    let months = [20, 19, 22, 23, 20, 22, 22, 21, 21, 20, 20, 21];
    for (i, count) in months.into_iter().enumerate() {
        let (first, last) = period_days(2026, i as u32 + 1).expect("a monthly period");
        assert_eq!(ew.between(add_days(first, -1), last), Ok(count), "period {}", i + 1);
    }
}

#[test]
fn beyond_the_last_loaded_year_is_refused() {
    let ew = calendar(EW);
    assert_eq!(ew.add(d("2028-12-29"), 1).expect_err("2029 is not loaded").code, "CAL-01-YEAR-NOT-LOADED");
    assert!(ew.is_working_day(d("2014-12-31")).is_err());
    assert!(Calendar::new(EW, []).is_working_day(d("2026-01-05")).is_err());
}

#[test]
fn rolling_to_a_working_day() {
    let ew = calendar(EW);
    assert_eq!(ew.next_or_same(d("2026-12-25")), Ok(d("2026-12-29")));
    assert_eq!(ew.previous_or_same(d("2026-12-28")), Ok(d("2026-12-24")));
    assert_eq!(ew.next_or_same(d("2026-12-24")), Ok(d("2026-12-24")));
    let closed = ew.with_closures([d("2026-12-24")]);
    assert_eq!(closed.next_or_same(d("2026-12-24")), Ok(d("2026-12-29")));
}

#[rstest]
#[case::cal_e11("2026-04-01", false, "2026/27", 1)]
#[case::cal_e12("2027-03-31", false, "2026/27", 12)]
#[case::cal_e13("2026-12-31", false, "2026/27", 9)]
#[case::cal_e14("2026-03-31", true, "2025/26", 13)]
fn periods_of_the_year(#[case] day: &str, #[case] adjustment: bool, #[case] year: &str, #[case] period: u32) {
    let (start, number) = posting_period(d(day), adjustment);
    assert_eq!((fin_year_name(start).as_str(), number), (year, period));
}

#[rstest]
#[case("2026-04-06", 2026, 1)]
#[case("2026-04-12", 2026, 1)]
#[case("2026-04-13", 2026, 2)]
#[case("2026-11-21", 2026, 33)]
#[case("2026-04-05", 2025, 53)]
#[case::the_last_day_of_week_52("2028-04-03", 2027, 52)]
#[case::two_days_of_week_53_after_a_leap_day("2028-04-04", 2027, 53)]
#[case("2028-04-05", 2027, 53)]
#[case("2028-04-06", 2028, 1)]
fn tax_weeks(#[case] day: &str, #[case] year: i32, #[case] week: u32) {
    assert_eq!(tax_week(d(day)), (year, week));
}

#[test]
fn four_weekly_years() {
    let years = [
        (2024, "2024-04-08", 52),
        (2025, "2025-04-07", 52),
        (2026, "2026-04-06", 53),
        (2027, "2027-04-12", 52),
        (2028, "2028-04-10", 52),
    ];
    for (year, anchor, weeks) in years {
        assert_eq!((four_weekly_anchor(year), four_weekly_weeks(year)), (d(anchor), weeks));
    }
    let periods = four_weekly_periods(2026, OddWeek::Stub);
    assert_eq!(periods.len(), 14);
    let starts = [
        "2026-04-06",
        "2026-05-04",
        "2026-06-01",
        "2026-06-29",
        "2026-07-27",
        "2026-08-24",
        "2026-09-21",
        "2026-10-19",
        "2026-11-16",
        "2026-12-14",
        "2027-01-11",
        "2027-02-08",
        "2027-03-08",
        "2027-04-05",
    ];
    assert_eq!(periods.iter().map(|period| period.starts_on).collect::<Vec<_>>(), starts.map(d));
    assert_eq!((periods[9].starts_on, periods[9].ends_on), (d("2026-12-14"), d("2027-01-10")));
    assert_eq!((periods[13].starts_on, periods[13].ends_on), (d("2027-04-05"), d("2027-04-11")));
    assert_eq!(four_weekly_periods(2026, OddWeek::LongLastPeriod)[12].days(), 35);
    assert_eq!(four_weekly_periods(2027, OddWeek::Stub).len(), 13);
}

#[test]
fn cal_e15_a_four_weekly_charge_across_the_year_end() {
    let last = four_weekly_periods(2026, OddWeek::Stub)[12].clone();
    let charge = Pence(4 * 18_235);
    assert_eq!(charge, Pence(72_940));
    assert_eq!(last.split(charge, d("2027-03-31")), (Pence(62_520), Pence(10_420)));
}

#[test]
fn months_keep_to_the_end_of_the_month() {
    assert_eq!(add_months(d("2026-01-31"), 1), d("2026-02-28"));
    assert_eq!(add_months(d("2026-02-09"), 54), d("2030-08-09"));
    assert_eq!(add_months(d("2026-03-31"), -1), d("2026-02-28"));
}

#[test]
fn nations_read_back() {
    for nation in Nation::ALL {
        assert_eq!(Nation::parse(nation.as_str()), Some(nation));
    }
    assert_eq!(Nation::parse("wales"), None);
}

proptest! {
    #[test]
    fn between_undoes_add(offset in 0i64..3_000, count in 1i64..200) {
        let ew = calendar(EW);
        let from = add_days(d("2015-02-01"), offset);
        let to = ew.add(from, count).expect("loaded years");
        prop_assert_eq!(ew.between(from, to), Ok(count));
    }

    #[test]
    fn every_day_has_one_four_weekly_period(offset in 0i64..4_000) {
        let day = add_days(d("2020-04-06"), offset);
        let found = (2018..2033)
            .flat_map(|year| four_weekly_periods(year, OddWeek::Stub))
            .filter(|p| (p.starts_on..=p.ends_on).contains(&day))
            .count();
        prop_assert_eq!(found, 1);
    }
}
