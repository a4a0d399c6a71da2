//! One small book, and a line of every kind.
use super::*;
use crate::ids::{BankLineId, CustomerId, ItemId};
use crate::money::Pence;
use chrono::NaiveDate;
use proptest::prelude::*;

fn gbp(text: &str) -> Pence {
    Pence::parse(text).expect("an amount")
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).expect("a day")
}

fn item(id: i64, customer: i64, number: &str, month: u32, open: &str) -> OpenItemFacts {
    OpenItemFacts {
        item: ItemId(id),
        customer: CustomerId(customer),
        number: number.into(),
        invoice_on: day(month, 1),
        due_on: day(month, 28),
        open: gbp(open),
        po_number: String::new(),
        service: String::new(),
        later_part: false,
    }
}

fn customer(id: i64, number: &str, name: &str, print: &str) -> CustomerFacts {
    CustomerFacts {
        customer: CustomerId(id),
        number: number.into(),
        name: name.into(),
        account_prints: if print.is_empty() { vec![] } else { vec![print.into()] },
        references: vec![],
    }
}

/// Three named customers with numbers of three shapes, and a crowd so that rarity means something.
fn book() -> MatchBook {
    let mut items = vec![
        item(1, 1, "INV-204817", 3, "148.14"),
        item(2, 1, "INV-204951", 4, "77.30"),
        item(3, 1, "INV-206003", 5, "912.05"),
        item(4, 2, "7000123456", 3, "2310.00"),
        item(5, 2, "7000124871", 4, "415.99"),
        item(6, 3, "NM/26/88012", 4, "60.00"),
        item(7, 3, "NM/26/88950", 5, "61.50"),
    ];
    let mut customers = vec![
        customer(1, "K40017", "Tollgate Lettings Ltd", "print-tollgate"),
        customer(2, "K40102", "Saltmarsh Parish Council", "print-saltmarsh"),
        customer(3, "K40233", "Edith Marchbank", ""),
    ];
    for n in 0..400 {
        let (who, number) = (1000 + n, format!("INV-{}", 310_000 + 53 * n));
        customers.push(customer(who, &format!("K{}", 51_000 + 7 * n), &format!("Crowd {} House", spelt(n)), ""));
        items.push(item(5000 + n, who, &number, 5, &format!("{}.{:02}", 1_203 + 17 * n, n % 100)));
    }
    let learned = vec![LearnedPayer { print: "print-niece".into(), customer: CustomerId(3), times: 1 }];
    MatchBook::new(items, customers, learned)
}

/// A number in letters, so that the crowd's names differ.
fn spelt(n: i64) -> String {
    n.to_string().bytes().map(|b| char::from(b'a' + (b - b'0'))).collect()
}

fn line(payer: &str, print: Option<&str>, amount: &str, text: &str) -> BankLineFacts {
    BankLineFacts {
        line: BankLineId(1),
        bank_key: String::new(),
        on: day(6, 10),
        amount: gbp(amount),
        kind: "BGC".into(),
        payer_name: payer.into(),
        payer_print: print.map(str::to_string),
        text: text.into(),
    }
}

fn tollgate(amount: &str, text: &str) -> BankLineFacts {
    line("TOLLGATE LETTINGS", Some("print-tollgate"), amount, text)
}

/// What is posted: items and amounts, and what goes on account.
fn posted(line: &BankLineFacts) -> Option<(Vec<(i64, String)>, String)> {
    let verdict = book().match_line(line);
    let candidate = verdict.posted()?;
    let mut lines: Vec<(i64, String)> = candidate.lines.iter().map(|(i, a)| (i.0, a.pounds())).collect();
    lines.sort();
    Some((lines, candidate.on_account.pounds()))
}

fn in_full(items: &[(i64, &str)]) -> Option<(Vec<(i64, String)>, String)> {
    Some((items.iter().map(|(i, a)| (*i, (*a).to_string())).collect(), "0.00".to_string()))
}

#[test]
fn csh_03_the_number_is_found_however_it_is_written() {
    let texts = [
        "INV-204817",
        "inv204817",
        "INV 204817",
        "PAYMENT OF INV-204817 THANKS",
        "TOLLGATE INV/204817",
        "REFINV204817",
        "204817",
        "INV 204 817",
        "NO. 204817",
    ];
    for text in texts {
        assert_eq!(posted(&tollgate("148.14", text)), in_full(&[(1, "148.14")]), "{text}");
    }
    for text in ["NM/26/88012", "NM 26 88012", "nm2688012", "88012"] {
        let line = line("E MARCHBANK", None, "60.00", text);
        assert_eq!(posted(&line), in_full(&[(6, "60.00")]), "{text}");
    }
}

#[test]
fn pp_05_an_instalment_is_for_what_its_plan_covers() {
    let line = tollgate("50.00", "K40017");
    let first = |book: MatchBook| book.match_line(&line).candidates[0].lines.clone();
    assert_eq!(first(book()), [(ItemId(1), gbp("50.00"))], "oldest due first");
    let agreed = |on| Expectation {
        customer: CustomerId(1),
        amount: gbp("50.00"),
        due_on: on,
        what: "agreed in a plan".into(),
        items: vec![ItemId(3), ItemId(2)],
    };
    let with = |on| book().with_expectations(vec![agreed(on)]);
    assert_eq!(first(with(day(6, 8))), [(ItemId(2), gbp("50.00"))], "the oldest of what the plan covers");
    assert_eq!(first(with(day(5, 30))), [(ItemId(1), gbp("50.00"))], "an instalment of another time");
}

#[test]
fn csh_03_a_slip_needs_the_exact_amount() {
    for text in ["INV-204871", "INV-24817", "INV-2048I7", "INV 204816", "1NV-204817", "INV-2048177"] {
        assert_eq!(posted(&tollgate("148.14", text)), in_full(&[(1, "148.14")]), "{text}");
    }
    assert_eq!(posted(&tollgate("100.00", "INV-204871")), None);
}

#[test]
fn csh_03_never_a_piece_of_a_longer_number() {
    for text in ["12048179", "INV-2048170000", "07700012345699", "88INV99204817123"] {
        let verdict = book().match_line(&line("SOMEBODY ELSE", None, "5.00", text));
        assert_eq!((&verdict.decision, verdict.candidates.len()), (&Decision::Suspense, 0), "{text}");
    }
}

#[test]
fn csh_03_a_number_cut_at_the_end_of_its_field() {
    let cut = line("TOLLGATE LETTINGS", None, "148.14", "TOLLGATELEINV204");
    assert_eq!(posted(&cut), in_full(&[(1, "148.14")]));
    assert_eq!(posted(&line("", None, "148.14", "INV20")), None, "too short to be cut");
}

#[test]
fn csh_05_part_and_over_keep_the_rest_where_it_belongs() {
    assert_eq!(posted(&tollgate("500", "INV-206003 PART")), in_full(&[(3, "500.00")]));
    let over = posted(&tollgate("150.00", "INV-204817"));
    assert_eq!(over, Some((vec![(1, "148.14".into())], "1.86".into())));
}

#[test]
fn csh_06_a_learned_payer_is_recognised() {
    let niece = line("J OAKES", Some("print-niece"), "61.50", "88950 FOR AUNTIE");
    let verdict = book().match_line(&niece);
    let candidate = verdict.posted().expect("certain");
    assert!(candidate.reasons_for.contains(&"The payer's account has paid for this customer before.".to_string()));
    assert_eq!(candidate.lines, [(ItemId(7), gbp("61.50"))]);
}

#[test]
fn csh_07_a_list_of_numbers_clears_them_all() {
    for text in ["INV-204817,INV-204951,INV-206003", "INV204817 204951 6003", "INV-204817+4951+206003"] {
        let all = in_full(&[(1, "148.14"), (2, "77.30"), (3, "912.05")]);
        assert_eq!(posted(&tollgate("1137.49", text)), all, "{text}");
    }
    assert_eq!(posted(&tollgate("1137.48", "INV-204817,INV-204951,INV-206003")), None, "a penny short");
}

#[test]
fn csh_09_reasons_are_plain_sentences() {
    let verdict = book().match_line(&tollgate("148.14", "INV-204817"));
    let again = book().match_line(&tollgate("148.14", "INV-204817"));
    assert_eq!(verdict, again, "replay gives the same answer");
    let candidate = verdict.posted().expect("certain");
    let want = [
        "The reference contains invoice INV-204817, written with other spacing or marks.",
        "The amount equals what is open on it, £148.14.",
        "The payer's name is the customer's.",
        "The payer's account is the customer's.",
    ];
    assert_eq!(candidate.reasons_for[1..], want[1..]);
    assert_eq!(candidate.reasons_for[0], "The reference contains invoice INV-204817 exactly.");
    assert!(candidate.confidence_ppm > 990_000 && candidate.reasons_against.is_empty());
}

#[test]
fn csh_10_without_a_number_there_is_only_a_suggestion() {
    let named = book().match_line(&line("SALTMARSH PARISH C", None, "415.99", "THANK YOU"));
    assert_eq!((&named.decision, &named.candidates[0].lines), (&Decision::Suggest, &vec![(ItemId(5), gbp("415.99"))]));
    let sum = book().match_line(&tollgate("989.35", "PER REMITTANCE"));
    let lines: Vec<i64> = sum.candidates[0].lines.iter().map(|(i, _)| i.0).collect();
    assert_eq!((&sum.decision, lines), (&Decision::Suggest, vec![2, 3]));
    let all = book().match_line(&line("SALTMARSH PARISH C", None, "2725.99", "K40102"));
    assert_eq!((&all.decision, all.candidates[0].lines.len()), (&Decision::Suggest, 2));
}

#[test]
fn csh_10_a_wrong_reference_is_never_posted() {
    let wrong = line("SALTMARSH PARISH C", Some("print-saltmarsh"), "415.99", "INV-206003");
    let verdict = book().match_line(&wrong);
    assert_eq!(verdict.decision, Decision::Suggest);
    assert_eq!(verdict.candidates[0].lines, [(ItemId(5), gbp("415.99"))]);
    let doubt = "The reference names INV-206003, which is another customer's.".to_string();
    assert!(verdict.candidates[0].reasons_against.contains(&doubt));
}

#[test]
fn csh_10_the_customer_number_and_one_items_amount_are_enough() {
    let known = line("SOMEBODY", None, "415.99", "K40102");
    assert_eq!(posted(&known), in_full(&[(5, "415.99")]));
}

#[test]
fn csh_11_what_no_customer_paid_is_set_aside() {
    let charge = line("THE BANK PLC", None, "-4.20", "CHARGES");
    assert!(matches!(book().match_line(&charge).decision, Decision::NotAReceipt(_)));
    for (payer, text) in [("THE BANK PLC", "GROSS INTEREST"), ("HM REVENUE", "VAT"), ("POOL TREASURY", "1023")] {
        let verdict = book().match_line(&line(payer, None, "148.14", text));
        assert!(matches!(verdict.decision, Decision::NotAReceipt(_)) && verdict.candidates.is_empty(), "{text}");
    }
    assert_eq!(book().match_line(&line("UNKNOWN", None, "45.00", "CASH")).decision, Decision::Suspense);
}

#[test]
fn csh_13_a_second_payment_goes_on_the_account() {
    let mut book = book();
    let lines = [tollgate("148.14", "INV-204817"), tollgate("148.14", "INV 204817 AGAIN")];
    let verdicts = book.match_all(&lines);
    assert!(matches!(&verdicts[0].decision, Decision::Post(c) if c.lines.len() == 1));
    assert!(matches!(&verdicts[1].decision, Decision::OnAccount(c) if c.on_account == gbp("148.14")));
    assert_eq!(book.open(ItemId(1)), Some(Pence::ZERO));
}

#[test]
fn csh_13_the_banks_running_number_says_which_came_first() {
    let keyed = |key: &str, on| BankLineFacts { bank_key: key.into(), on, ..tollgate("148.14", "INV-204817") };
    let verdicts = book().match_all(&[keyed("B0000042", day(6, 1)), keyed("B0000007", day(6, 9))]);
    assert!(matches!(verdicts[0].decision, Decision::OnAccount(_)));
    assert!(matches!(verdicts[1].decision, Decision::Post(_)));
    let verdicts = book().match_all(&[keyed("", day(6, 9)), keyed("", day(6, 1))]);
    assert!(matches!(verdicts[0].decision, Decision::OnAccount(_)), "without numbers the date says it");
}

#[test]
fn csh_22_strong_evidence_is_not_robbed_by_weaker() {
    let mistyped = BankLineFacts { on: day(6, 1), ..line("", None, "148.14", "INV-204871") };
    let verdicts = book().match_all(&[mistyped, tollgate("148.14", "INV-204817")]);
    assert!(verdicts[1].posted().is_some_and(|c| c.lines == [(ItemId(1), gbp("148.14"))]));
    assert!(verdicts[0].posted().is_none());
}

/// A book as small as a village hall's, where a name that disagrees is enough to leave a line to a person.
fn small_book() -> MatchBook {
    let customers = vec![
        customer(1, "K1001", "Larkfield Joinery Ltd", "print-larkfield"),
        customer(2, "K1002", "The Quayside Pottery & Co", ""),
        customer(3, "K1003", "Rosalind Thwaite", ""),
        customer(4, "K1004", "St Bride's Primary School", ""),
    ];
    let items = vec![
        item(1, 1, "INV-500123", 4, "240.00"),
        item(2, 2, "INV-500248", 4, "118.50"),
        item(3, 3, "INV-500371", 5, "640.00"),
        item(4, 4, "INV-500490", 5, "75.25"),
    ];
    MatchBook::new(items, customers, Vec::new())
}

#[test]
fn csh_04_a_name_without_its_legal_form_agrees() {
    let cases = [
        ("LARKFIELD JOINERY", "240.00", "INV-500123"),
        ("LARKFIELD JOINERY LIMITED", "240.00", "INV-500123"),
        ("THE LARKFIELD JOINERY LT", "240.00", "INV-500123"),
        ("LARKFIELD-JOINERY (C.I.C.)", "240.00", "INV-500123"),
        ("LARKFIELD JOIN", "240.00", "INV-500123"),
        ("LARKFIELD", "240.00", "INV-500123"),
        ("QUAYSIDE POTTERY AND CO", "118.50", "INV-500248"),
        ("QUAYSIDE POTT", "118.50", "INV-500248"),
        ("MISS R J THWAITE", "640.00", "INV-500371"),
        ("ST BRIDES PRIM SCH", "75.25", "INV-500490"),
    ];
    for (payer, amount, text) in cases {
        let verdict = small_book().match_line(&line(payer, Some("print-new"), amount, text));
        let candidate = verdict.posted().unwrap_or_else(|| panic!("{payer}: {:?}", verdict.candidates));
        assert!(candidate.reasons_for.iter().any(|r| r.starts_with("The payer's")), "{payer}: {candidate:?}");
        assert!(!candidate.reasons_against.contains(&"The payer's name is not the customer's.".to_string()), "{payer}");
    }
}

#[test]
fn csh_04_only_a_clearly_different_name_speaks_against() {
    let doubt = "The payer's name is not the customer's.".to_string();
    for payer in ["", "NOT PROVIDED", "N/A", "THWAITE ROSALIND", "LARKFIELD JOINERY LEEDS"] {
        let (amount, text) =
            if payer.contains("THWAITE") { ("640.00", "INV-500371") } else { ("240.00", "INV-500123") };
        let verdict = small_book().match_line(&line(payer, Some("print-new"), amount, text));
        let candidate = verdict.posted().unwrap_or_else(|| panic!("{payer}: {:?}", verdict.candidates));
        assert!(!candidate.reasons_against.contains(&doubt), "{payer}");
    }
    for payer in ["HOLLIN HAULAGE LTD", "QUAYSIDE POTTERY", "LARKHILL JOINERY LTD", "JOINERS UNITED"] {
        let verdict = small_book().match_line(&line(payer, Some("print-new"), "240.00", "INV-500123"));
        assert_eq!(verdict.decision, Decision::Suggest, "{payer}");
        assert!(verdict.candidates[0].reasons_against.contains(&doubt), "{payer}");
    }
}

#[test]
fn csh_11_a_persons_fees_and_charges_are_not_the_banks() {
    let texts = ["CARE FEES AUG", "FEES", "CHARGES", "SERVICE CHARGE", "INTEREST", "TRANSFER", "DEPOSIT", "WAGES"];
    for text in texts {
        for (payer, print) in [
            ("MRS O PENHALIGON", None),
            ("OLIVE PENHALIGON", Some("print-new")),
            ("ROSALIND THWAITE", None),
            ("R THWAITE", Some("print-new")),
            ("LARKFIELD JOINERY", None),
            ("", Some("print-larkfield")),
        ] {
            let decision = small_book().match_line(&line(payer, print, "31.40", text)).decision;
            assert!(matches!(decision, Decision::Suspense | Decision::Suggest), "{payer} {text}: {decision:?}");
        }
    }
    for text in ["FEES K1003", "CHARGES INV-500371", "CARE FEES AUG", "FEES", "TRANSFER"] {
        let decision = small_book().match_line(&line("", None, "31.40", text)).decision;
        assert!(!matches!(decision, Decision::NotAReceipt(_)), "{text}: {decision:?}");
    }
}

#[test]
fn csh_11_the_banks_own_lines_need_no_payer() {
    for text in ["CREDIT INTEREST", "GROSS INTEREST TO 31AUG", "BANK CHARGES REFUND", "TRANSFER FROM RESERVE A/C"] {
        let decision = small_book().match_line(&line("", None, "31.40", text)).decision;
        assert!(matches!(decision, Decision::NotAReceipt(_)), "{text}: {decision:?}");
    }
    let coded = BankLineFacts { kind: "INT".into(), ..line("", None, "3.14", "TO 30JUN") };
    assert!(matches!(small_book().match_line(&coded).decision, Decision::NotAReceipt(_)));
    let named = BankLineFacts { kind: "INT".into(), ..line("OLIVE PENHALIGON", None, "3.14", "TO 30JUN") };
    assert_eq!(small_book().match_line(&named).decision, Decision::Suspense);
}

proptest! {
    #[test]
    fn csh_03_any_text_and_amount_keeps_its_sums(
        text in "\\PC{0,40}|(INV|inv|K|NM/26/)?[ -]?(204817|7000123456|88012|4[0-9]{4})[ ,+]?[0-9OIl]{0,7}",
        payer in "\\PC{0,20}|TOLLGATE LETTINGS|E MARCHBANK",
        pence in -5_000i64..400_000,
        same in any::<bool>(),
    ) {
        let mut book = book();
        let amount = if same { gbp("148.14") } else { Pence(pence) };
        let line = BankLineFacts { amount, ..line(&payer, None, "1", &text) };
        let verdicts = book.match_all(std::slice::from_ref(&line));
        prop_assert!(verdicts[0].candidates.len() <= 3);
        for candidate in &verdicts[0].candidates {
            let total = candidate.lines.iter().fold(candidate.on_account, |sum, (_, part)| sum.plus(*part));
            prop_assert_eq!(total, amount);
            prop_assert!(candidate.lines.iter().all(|(_, part)| *part > Pence::ZERO));
            prop_assert!((0..=1_000_000).contains(&candidate.confidence_ppm));
        }
    }
}

/// How long it takes stands in the bench, beside its floor; here, that a whole morning's file loses nobody.
#[test]
fn csh_23_ten_thousand_receipts_find_their_ten_thousand_items() {
    const MANY: i64 = 10_000;
    let amount = |n: i64| format!("{}.{:02}", 20 + 7 * n % 1_900, n % 100);
    let name = |n: i64| format!("Tenant {} Limited", spelt(n));
    let number = |n: i64| format!("INV-{}", 3_000_000 + 37 * n);
    let customers = (0..MANY).map(|n| customer(1 + n, &format!("K{}", 70_000 + 11 * n), &name(n), "")).collect();
    let items = (0..MANY).map(|n| item(1 + n, 1 + n, &number(n), 5, &amount(n))).collect();
    let lines: Vec<BankLineFacts> = (0..MANY)
        .map(|n| BankLineFacts { line: BankLineId(1 + n), ..line(&name(n), None, &amount(n), &number(n)) })
        .collect();
    let verdicts = MatchBook::new(items, customers, Vec::new()).match_all(&lines);
    assert_eq!(verdicts.len() as i64, MANY);
    for (n, verdict) in (0..MANY).zip(&verdicts) {
        let candidate = verdict.posted().unwrap_or_else(|| panic!("{}: {:?}", number(n), verdict.candidates));
        let paid: Vec<(i64, String)> = candidate.lines.iter().map(|(item, sum)| (item.0, sum.pounds())).collect();
        assert_eq!((paid, candidate.on_account), (vec![(1 + n, amount(n))], Pence(0)), "{}", number(n));
    }
}
