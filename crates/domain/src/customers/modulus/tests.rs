//! The published cases, on the rows they need; a site loads the whole table.
use super::*;
use chrono::NaiveDate;

const WEIGHTS: &str = "\
070116 070116 MOD11 0 0 7 6 5 8 9 4 5 6 7 8 9 -1 12\n\
070116 070116 MOD10 0 3 2 4 5 8 9 4 5 6 7 8 9 -1 13\n\
074456 074456 MOD11 0 0 7 6 5 8 9 4 5 6 7 8 9 -1 12\n\
074456 074456 MOD10 0 3 2 4 5 8 9 4 5 6 7 8 9 -1 13\n\
086090 086090 MOD10 0 0 3 7 1 3 7 1 3 7 1 3 7 1 8\n\
089000 089999 MOD10 0 0 0 0 0 0 7 1 3 7 1 3 7 1\n\
102400 107999 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1\n\
110000 119280 DBLAL 0 0 2 1 2 1 2 1 2 1 2 1 2 1 1\n\
134012 134020 MOD11 0 0 0 7 5 9 8 4 6 3 5 2 0 0 4\n\
180002 180002 MOD11 0 0 0 0 0 0 8 7 6 5 4 3 2 1 14\n\
200901 201159 MOD11 0 0 0 0 0 0 0 7 6 5 4 3 2 1 6\n\
200901 201159 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1 6\n\
202700 203239 MOD11 0 0 0 0 0 0 0 7 6 5 4 3 2 1 6\n\
202700 203239 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1 6\n\
309001 309633 MOD11 0 0 3 2 9 8 5 7 6 5 4 3 2 1 2\n\
309001 309633 MOD11 0 0 3 2 9 8 1 7 6 5 4 3 2 1 9\n\
771900 772799 MOD11 0 0 1 2 5 3 6 4 8 7 10 9 3 1 7\n\
820000 826097 MOD11 0 0 0 0 0 0 0 0 7 3 4 9 2 1\n\
820000 826097 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1 3\n\
826919 827999 MOD11 0 0 0 0 0 0 0 0 7 3 4 9 2 1\n\
826919 827999 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1 3\n\
870000 872791 MOD11 0 0 1 2 5 3 6 4 8 7 10 9 3 1 10\n\
870000 872791 MOD11 0 0 5 10 9 8 0 7 6 5 4 3 2 1 11\n\
938000 938696 MOD11 7 6 5 4 3 2 7 6 5 4 3 2 0 0 5\n\
938000 938696 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 0 5\n";

fn table() -> ModulusTable {
    let day = NaiveDate::from_ymd_opt(2024, 3, 25).unwrap();
    ModulusTable::parse("7.70", day, WEIGHTS, "938600 938611\n").unwrap()
}

/// Sort code, account, whether it is valid, and total, modulus and remainder of each row tried.
type Case = (&'static str, &'static str, bool, &'static [(i32, i32, i32)]);

const CASES: [Case; 34] = [
    ("089999", "66374958", true, &[(180, 10, 0)]),
    ("107999", "88837491", true, &[(242, 11, 0)]),
    ("202959", "63748472", true, &[(143, 11, 0), (60, 10, 0)]),
    ("871427", "46238510", true, &[(253, 11, 0)]),
    ("872427", "46238510", true, &[(254, 11, 1), (242, 11, 0)]),
    ("871427", "09123496", true, &[(121, 11, 0)]),
    ("871427", "99123496", true, &[(121, 11, 0)]),
    ("820000", "73688637", true, &[(165, 11, 0)]),
    ("827999", "73988638", true, &[(187, 11, 0)]),
    ("827101", "28748352", true, &[(132, 11, 0), (50, 10, 0)]),
    ("134020", "63849203", true, &[(179, 11, 3)]),
    ("118765", "64371389", true, &[(90, 10, 0)]),
    ("200915", "41011166", true, &[]),
    ("938611", "07806039", true, &[(250, 11, 8), (51, 10, 1)]),
    ("938600", "42368003", true, &[(253, 11, 0), (57, 10, 7)]),
    ("938063", "55065200", true, &[(253, 11, 0), (40, 10, 0)]),
    ("772798", "99345694", true, &[(187, 11, 0)]),
    ("086090", "06774744", true, &[(160, 10, 0)]),
    ("309070", "02355688", true, &[(209, 11, 0)]),
    ("309070", "12345668", true, &[(240, 11, 9), (209, 11, 0)]),
    ("309070", "12345677", true, &[(242, 11, 0)]),
    ("309070", "99345694", true, &[(187, 11, 0)]),
    ("938063", "15764273", false, &[(257, 11, 4), (58, 10, 8)]),
    ("938063", "15764264", false, &[(257, 11, 4)]),
    ("938063", "15763217", false, &[(254, 11, 1)]),
    ("118765", "64371388", false, &[(89, 10, 9)]),
    ("203099", "66831036", false, &[(121, 11, 0), (61, 10, 1)]),
    ("203099", "58716970", false, &[(168, 11, 3)]),
    ("089999", "66374959", false, &[(181, 10, 1)]),
    ("107999", "88837493", false, &[(244, 11, 2)]),
    ("074456", "12345112", true, &[(231, 11, 0)]),
    ("070116", "34012583", true, &[(231, 11, 0)]),
    ("074456", "11104102", true, &[(177, 11, 1), (170, 10, 0)]),
    ("180002", "00000190", true, &[(21, 11, 10), (11, 11, 0)]),
];

#[test]
fn cus_11_dd_12_all_34_published_cases_with_their_arithmetic() {
    let table = table();
    for (number, (sort, account, valid, steps)) in (1..).zip(CASES) {
        let checked = table.check(sort, account);
        let found: Vec<_> = checked.steps.iter().map(|s| (s.total, s.modulus, s.remainder)).collect();
        assert_eq!(found, steps, "case {number}");
        assert_eq!(checked.verdict == Verdict::Valid, valid, "case {number}");
    }
    let extra = table.check("180002", "98093517");
    assert_eq!((extra.verdict, extra.steps[0].total), (Verdict::Valid, 209));
}

#[test]
fn cus_11_a_sort_code_without_a_row_cannot_be_checked() {
    assert_eq!(table().check("499273", "12345678").verdict, Verdict::NotCheckable);
    assert_eq!(table().check("49927", "12345678").verdict, Verdict::Invalid);
    let day = NaiveDate::from_ymd_opt(2024, 3, 25).unwrap();
    let example = "499273 499273 DBLAL 2 1 2 1 2 1 2 1 2 1 2 1 2 1";
    let checked = ModulusTable::parse("x", day, example, "").unwrap().check("499273", "12345678");
    assert_eq!((checked.verdict, checked.steps[0].total), (Verdict::Valid, 70));
}

#[test]
fn accounts_of_other_lengths_are_made_eight() {
    let made = |sort, account| normalised(sort, account).unwrap();
    let pair = |sort: &str, account: &str| (sort.to_owned(), account.to_owned());
    assert_eq!(made("10-79-99", "8883 7491"), pair("107999", "88837491"));
    assert_eq!(made("107999", "837491"), pair("107999", "00837491"));
    assert_eq!(made("107999", "8837491"), pair("107999", "08837491"));
    assert_eq!(made("602345", "1288837491"), pair("602345", "88837491"));
    assert_eq!(made("089999", "6637495812"), pair("089999", "66374958"));
    assert_eq!(made("721234", "912345678"), pair("721239", "12345678"));
    let fields =
        |sort, account| normalised(sort, account).unwrap_err().into_iter().map(|i| i.field).collect::<Vec<_>>();
    assert_eq!(fields("1079", "12345678901"), ["sort_code", "account"]);
    assert_eq!(fields("107999", "ABC45678"), ["account"]);
}

#[test]
fn a_table_with_one_wrong_line_is_refused_whole() {
    let day = NaiveDate::from_ymd_opt(2024, 3, 25).unwrap();
    let wrong =
        ModulusTable::parse("7.70", day, "010004 016715 MOD11 0 0\n010004 016715 MOD12 0 0", "1 2\n").unwrap_err();
    assert_eq!(wrong.iter().map(|w| w.row).collect::<Vec<_>>(), [Some(1), Some(2), Some(1)]);
    assert!(ModulusTable::parse("", day, "", "").is_err());
}
