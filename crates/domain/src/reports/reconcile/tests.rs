use super::*;
use crate::money::Pence;
use chrono::NaiveDate;
use proptest::prelude::*;

fn on(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn theirs(row: u32, reference: &str, pence: i64) -> TheirRow {
    TheirRow {
        row,
        reference: reference.into(),
        listed: Pence(pence),
        on: Some(on("2026-10-05")),
        ..TheirRow::default()
    }
}

fn ours(id: i64, number: &str, pence: i64) -> OurRow {
    OurRow {
        id,
        number: number.into(),
        account: "C000001".into(),
        on: on("2026-10-05"),
        original: Pence(pence),
        counts: Pence(pence),
        kind: if pence < 0 { OurKind::Credit } else { OurKind::Bill },
        ..OurRow::default()
    }
}

fn reconcile(theirs: Vec<TheirRow>, ours: Vec<OurRow>, rules: Rules) -> Reconciled {
    let book = Reconciler::new(theirs, ours, rules);
    let judged = book.judge(0..book.loose());
    book.finish(judged)
}

fn only(theirs: TheirRow, ours: OurRow) -> Line {
    let mut done = reconcile(vec![theirs], vec![ours], Rules::default());
    assert_eq!(done.proof.left(), Pence::ZERO);
    assert_eq!(done.lines.len(), 1, "{:#?}", done.lines);
    done.lines.remove(0)
}

#[test]
fn g7_each_difference_has_its_class_and_a_sentence() {
    let bill = || ours(1, "INV-000120", 12_000);
    let row = || theirs(2, "inv 000120", 12_000);
    let settled = OurRow { counts: Pence::ZERO, settled_on: Some(on("2026-11-03")), ..bill() };
    let partly = OurRow { counts: Pence(4_000), settled_on: Some(on("2026-11-03")), ..bill() };
    let paid = TheirRow { said: Said::Paid, paid_on: Some(on("2026-10-30")), ..row() };
    let cases: Vec<(TheirRow, OurRow, Class, i64, &str)> = vec![
        (row(), bill(), Class::Agreed, 0, "Both show £120.00."),
        (
            theirs(2, "INV-000120", 10_000),
            bill(),
            Class::AmountDiffers,
            2_000,
            "They show £100.00 and we show £120.00, £20.00 more.",
        ),
        (
            theirs(2, "INV-000120", 12_001),
            bill(),
            Class::Rounding,
            -1,
            "They show £120.01 and we show £120.00, £0.01 less.",
        ),
        (
            theirs(2, "INV-000120", -12_000),
            bill(),
            Class::Sign,
            24_000,
            "They show −£120.00 and we show £120.00: the same amount the other way.",
        ),
        (
            TheirRow { on: Some(on("2026-11-02")), ..row() },
            bill(),
            Class::DateDiffers,
            0,
            "The amounts agree; they date it 2 November 2026 and we date it 5 October 2026.",
        ),
        (
            row(),
            OurRow { outside: true, counts: Pence::ZERO, on: on("2026-11-02"), ..bill() },
            Class::DateDiffers,
            -12_000,
            "We dated it 2 November 2026, which is outside the period.",
        ),
        (
            TheirRow { said: Said::Disputed, ..row() },
            bill(),
            Class::Disputed,
            0,
            "They show it as disputed. The amounts agree.",
        ),
        (
            paid.clone(),
            bill(),
            Class::PaidNotReceived,
            12_000,
            "They show £120.00 of it as paid on 30 October 2026; it is not received against it here.",
        ),
        (
            TheirRow { paid: Some(Pence(5_000)), ..row() },
            bill(),
            Class::PaidNotReceived,
            5_000,
            "They show £50.00 of it as paid; it is not received against it here.",
        ),
        (paid, settled.clone(), Class::Agreed, 0, "Both show £0.00."),
        (
            row(),
            settled,
            Class::ReceivedNotShown,
            -12_000,
            "We have received or credited all of it, last on 3 November 2026; they still show £120.00 as owed.",
        ),
        (
            row(),
            partly,
            Class::ReceivedNotShown,
            -8_000,
            "We have received or credited £80.00 of £120.00, last on 3 November 2026; they still show £120.00 as owed.",
        ),
    ];
    for (row, item, class, difference, words) in cases {
        let line = only(row, item);
        assert_eq!((line.class, line.difference(), line.words.as_str()), (class, Pence(difference), words));
    }
}

#[test]
fn g7_what_stands_on_one_side_only_is_told() {
    let held = OurRow { kind: OurKind::Receipt, ..ours(9, "R-000003", -2_500) };
    let done = reconcile(
        vec![theirs(2, "INV-000001", 5_000), theirs(3, "INV-000001", 5_000), theirs(4, "X/77", 900)],
        vec![ours(1, "INV-000001", 5_000), ours(2, "INV-000002", 700), ours(3, "CRN-000001", -300), held],
        Rules::default(),
    );
    let told: Vec<(Class, i64, &str)> =
        done.lines.iter().map(|line| (line.class, line.difference().0, line.words.as_str())).collect();
    assert_eq!(
        told,
        [
            (Class::OnlyTheirs, -900, "Nothing of ours is X/77 or like it."),
            (Class::OnlyOurs, 700, "INV-000002 of 5 October 2026 is not on their list."),
            (Class::Duplicate, -5_000, "The same as row 2: they list it twice."),
            (Class::CreditNotTaken, -300, "Our credit CRN-000001 of £3.00 is not on their list."),
            (Class::CreditNotTaken, -2_500, "We hold £25.00 of their money that is set against no bill."),
            (Class::Agreed, 0, "Both show £50.00."),
        ]
    );
    assert_eq!((done.proof.theirs, done.proof.ours), (Pence(10_900), Pence(2_900)));
    assert_eq!((done.proof.explained(), done.proof.left()), (Pence(-8_000), Pence::ZERO));
}

#[test]
fn g7_a_bill_in_several_rows_and_a_row_for_several_bills_are_one_line() {
    let split = reconcile(
        vec![theirs(2, "INV-000001", 3_000), theirs(3, "INV-000001", 2_000)],
        vec![ours(1, "INV-000001", 5_000)],
        Rules::default(),
    );
    assert_eq!((split.lines.len(), split.lines[0].class), (1, Class::Agreed));
    assert_eq!(split.lines[0].words, "They list it in 2 rows. Both show £50.00.");
    let list = reconcile(
        vec![theirs(2, "INV-000001 / INV-000002", 5_700)],
        vec![ours(1, "INV-000001", 5_000), ours(2, "INV-000002", 700)],
        Rules::default(),
    );
    assert_eq!((list.lines.len(), list.lines[0].class), (1, Class::Agreed), "{:#?}", list.lines);
    assert_eq!(list.lines[0].our_ids, [1, 2]);
}

#[test]
fn g7_the_matcher_pairs_what_shares_no_whole_reference_and_says_why() {
    let name = |row: TheirRow, name: &str| TheirRow { name: name.into(), ..row };
    let held_by = |item: OurRow, name: &str| OurRow { name: name.into(), ..item };
    let mut items: Vec<OurRow> =
        (10..400).map(|n| held_by(ours(n, &format!("INV-{:06}", 20_000 + n), 1_000 + n * 7), "Mr A Other")).collect();
    items.push(held_by(ours(1, "INV-204817", 38_160), "Mrs Edith Pemberton"));
    items.push(held_by(ours(2, "INV-204921", 40_005), "Mr Harold Ashworth"));
    let rows = vec![
        name(theirs(2, "INV-204871", 38_160), "Pemberton E"),
        name(theirs(3, "Ashworth October", 40_005), "Harold Ashworth"),
        theirs(4, "no such thing", 77_777),
    ];
    let done = reconcile(rows, items, Rules::default());
    let of = |row: u32| done.lines.iter().find(|line| line.their_rows == [row]).expect("a line");
    assert_eq!((of(2).class, of(2).our_number.as_str()), (Class::Agreed, "INV-204817"));
    assert!(
        of(2).words.contains("Paired by likeness: The reference is invoice INV-204817 with one slip"),
        "{}",
        of(2).words
    );
    assert!(of(2).sure_ppm < 1_000_000);
    assert_eq!((of(3).class, of(3).our_number.as_str()), (Class::Agreed, "INV-204921"));
    assert_eq!(of(4).class, Class::OnlyTheirs);
}

#[test]
fn g7_a_number_inside_other_words_is_found_and_a_piece_of_a_longer_one_is_not() {
    let done = reconcile(
        vec![theirs(2, "Home care Oct INV-000001 Ward 3", 4_900), theirs(3, "9INV-0000021", 700)],
        vec![ours(1, "INV-000001", 5_000), ours(2, "INV-000002", 700)],
        Rules::default(),
    );
    let told: Vec<(Class, &[u32], &str)> =
        done.lines.iter().map(|line| (line.class, line.their_rows.as_slice(), line.our_number.as_str())).collect();
    assert_eq!(
        told,
        [
            (Class::OnlyTheirs, [3].as_slice(), ""),
            (Class::OnlyOurs, [].as_slice(), "INV-000002"),
            (Class::AmountDiffers, [2].as_slice(), "INV-000001"),
        ]
    );
}

#[test]
fn g7_next_month_shows_what_changed() {
    let month = |rows: Vec<TheirRow>| {
        reconcile(rows, vec![ours(1, "INV-000001", 5_000), ours(2, "INV-000002", 700)], Rules::default()).lines
    };
    let first = month(vec![theirs(2, "INV-000001", 4_000), theirs(3, "X1", 100), theirs(4, "X2", 200)]);
    let before = |lines: &[Line]| {
        let one = |line: &Line| Before { key: line.key.clone(), class: line.class, difference: line.difference() };
        lines.iter().filter(|line| line.class != Class::Agreed).map(one).collect::<Vec<_>>()
    };
    let mut second = month(vec![theirs(9, "INV-000001", 4_500), theirs(5, "X1", 100), theirs(6, "X3", 300)]);
    let gone = changes(&mut second, before(&first));
    let told: Vec<(&str, Change)> = second.iter().map(|line| (line.key.as_str(), line.change)).collect();
    assert_eq!(
        told,
        [
            ("T:X1:100", Change::Same),
            ("T:X3:300", Change::New),
            ("O:INV000002", Change::Same),
            ("O:INV000001", Change::Changed),
        ]
    );
    assert_eq!(gone.iter().map(|one| one.0.key.as_str()).collect::<Vec<_>>(), ["T:X2:200"]);
}

/// A list of `n` items and a funder's listing of it with slips of every kind.
fn lists(n: i64) -> (Vec<TheirRow>, Vec<OurRow>) {
    let items: Vec<OurRow> =
        (0..n).map(|i| ours(i, &format!("INV-{:06}", 100_000 + i), 5_000 + i % 977 * 13)).collect();
    let rows = (0..n).map(|i| {
        let reference = match i % 20 {
            0 => format!("INV-{:06}", 900_000 + i),
            1 => format!("Care INV-{:06} week", 100_000 + i),
            2 => format!("INV-1{:05}9", i),
            _ => format!("INV-{:06}", 100_000 + i),
        };
        theirs(i as u32 + 2, &reference, 5_000 + i % 977 * 13 + if i % 15 == 0 { 100 } else { 0 })
    });
    (rows.collect(), items)
}

#[test]
fn g7_work_grows_as_n_log_n() {
    let mixed = |n: i64| {
        let (rows, items) = lists(n);
        reconcile(rows, items, Rules::default()).steps
    };
    let one_reference = |n: i64| {
        let rows = (0..n).map(|i| theirs(i as u32 + 2, "INV-000001", 100 + i)).collect();
        let items = (0..n).map(|i| ours(i, "INV-000001", 90 + i)).collect();
        reconcile(rows, items, Rules::default()).steps
    };
    for steps in [mixed as fn(i64) -> u64, one_reference] {
        // Eight times the rows at twelve instead of nine halvings: under eleven times the work.
        let (small, large) = (steps(500), steps(4_000));
        assert!(large < small * 11, "{small} then {large}");
    }
}

fn any_row() -> impl Strategy<Value = (u8, i64, u8, u8)> {
    (0u8..12, -3_000i64..3_000, 0u8..5, 0u8..3)
}

proptest! {
    #[test]
    fn g7_the_totals_prove_and_every_row_is_in_one_line(
        their_side in prop::collection::vec(any_row(), 0..40),
        our_side in prop::collection::vec(any_row(), 0..40),
        billed in any::<bool>(),
    ) {
        let rows: Vec<TheirRow> = their_side.iter().zip(2u32..).map(|((number, pence, kind, said), row)| {
            let reference = match kind {
                0 => format!("INV-{number:06}"),
                1 => String::new(),
                2 => format!("care INV-{number:06} and INV-{:06}", number + 1),
                3 => format!("INV{number:05}7"),
                _ => format!("{number:06}"),
            };
            let said = [Said::Owed, Said::Paid, Said::Disputed][*said as usize];
            TheirRow { said, ..theirs(row, &reference, *pence) }
        }).collect();
        let items: Vec<OurRow> = our_side.iter().zip(1i64..).map(|((number, pence, kind, _), id)| {
            let item = ours(id, &format!("INV-{number:06}"), *pence);
            match kind {
                0 => OurRow { counts: Pence::ZERO, settled_on: Some(item.on), ..item },
                1 => OurRow { counts: Pence::ZERO, outside: true, ..item },
                2 => OurRow { kind: OurKind::Receipt, ..item },
                _ => item,
            }
        }).collect();
        let basis = if billed { Basis::Billed } else { Basis::Open };
        let done = reconcile(rows.clone(), items.clone(), Rules { basis, ..Rules::default() });
        prop_assert_eq!(done.proof.left(), Pence::ZERO);
        let mut seen: Vec<u32> = done.lines.iter().flat_map(|line| line.their_rows.clone()).collect();
        seen.sort_unstable();
        prop_assert_eq!(seen, rows.iter().map(|row| row.row).collect::<Vec<_>>());
        let mut told: Vec<i64> = done.lines.iter().flat_map(|line| line.our_ids.clone()).collect();
        told.sort_unstable();
        prop_assert!(told.windows(2).all(|pair| pair[0] != pair[1]));
        let keys: std::collections::BTreeSet<&str> = done.lines.iter().map(|line| line.key.as_str()).collect();
        prop_assert_eq!(keys.len(), done.lines.len());
    }
}
