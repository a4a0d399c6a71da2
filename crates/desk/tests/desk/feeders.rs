//! Feeder files: judged whole, billed once, rejects kept until they are put right.
use crate::customers::customer;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicI64, Ordering};
use sundry_desk::Outcome;
use sundry_desk::billing::feeders::*;
use sundry_desk::billing::invoice;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::*;
use sundry_desk::ledger::verify::verify;
use sundry_domain::control::Role;

fn unique() -> i64 {
    static ASKED: AtomicI64 = AtomicI64::new(0);
    ASKED.fetch_add(1, Ordering::Relaxed)
}

/// A feeder of licences, whose file has these headings.
pub const HEADINGS: &str = "Charge no,Account,Document,What,Net,VAT,Income,Supplied,PO,Case";

pub fn licences() -> SetFeeder {
    let columns = [
        ("reference", "Charge no"),
        ("customer", "Account"),
        ("document", "Document"),
        ("description", "What"),
        ("amount", "Net"),
        ("vat_code", "VAT"),
        ("income_code", "Income"),
        ("supplied_on", "Supplied"),
        ("order", "PO"),
        ("service_user", "Case"),
    ];
    SetFeeder {
        key: format!("feeder {}", unique()),
        code: "licences".into(),
        name: "Licensing system".into(),
        columns: columns.into_iter().map(|(field, heading)| (field.to_owned(), heading.to_owned())).collect(),
        service: "Licensing".into(),
        rejects_to: "Licensing team".into(),
        ..SetFeeder::default()
    }
}

pub async fn set_up(t: &TestDesk) {
    set_feeder(&t.desk, &t.role(Role::Administrator), licences()).await.expect("is set up");
}

async fn sent(t: &TestDesk, text: &str, told: Option<(i64, i64)>) -> Outcome<FeederFileSent> {
    sent_to_correct(t, text, told, "").await
}

async fn sent_to_correct(
    t: &TestDesk,
    text: &str,
    told: Option<(i64, i64)>,
    corrects: &str,
) -> Outcome<FeederFileSent> {
    let ask = SendFeederFile {
        key: format!("send {}", unique()),
        feeder: "LICENCES".into(),
        file_name: "licences.csv".into(),
        file: text.as_bytes().to_vec(),
        told_rows: told.map(|told| told.0),
        told_pence: told.map(|told| told.1),
        corrects: corrects.into(),
    };
    send_feeder_file(&t.desk, &t.role(Role::BillingOfficer), ask).await
}

async fn released(t: &TestDesk, number: &str) -> Outcome<FeederFileShown> {
    let ask = ReleaseFeederFile { key: format!("release {}", unique()), number: number.into() };
    release_feeder_file(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await
}

async fn proved(t: &TestDesk) {
    let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("verifies");
    assert!(proof.passed, "{proof:?}");
}

async fn shown(t: &TestDesk, number: &str) -> FeederFileShown {
    feeder_file(&t.desk, &t.role(Role::Auditor), number).await.expect("is shown")
}

/// Customers C…, in one file.
async fn customers(t: &TestDesk, count: usize) {
    let mut text = String::from("customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n");
    for i in 0..count {
        let _ = writeln!(text, "L{i:04},Trader Q{i},company,{i} Mill Lane,Oakham,ZZ1 1ZZ,,30,,");
    }
    let ask = ImportCustomers {
        key: format!("customers {}", unique()),
        file_name: "customers.csv".into(),
        bytes: text.into_bytes(),
        dry_run: false,
        accept_good: false,
    };
    import_customers(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("are taken in");
}

/// A row as the licensing system writes it; every field as text, the amount in pence.
#[derive(Clone)]
struct Row {
    reference: String,
    account: String,
    document: String,
    what: String,
    net: String,
    vat: String,
    income: String,
    supplied: String,
    order: String,
    case: String,
}

fn row(i: usize) -> Row {
    Row {
        reference: format!("LIC/{i:06}"),
        account: format!("L{:04}", i / 3 % 1_000),
        document: format!("D{}", i / 3),
        what: "Premises licence".into(),
        net: format!("{}.{:02}", 100 + i % 400, i % 100),
        vat: ["O", "S", "E"][i % 3].into(),
        income: String::new(),
        supplied: "2026-04-30".into(),
        order: String::new(),
        case: if i.is_multiple_of(5) { format!("P{i:06}") } else { String::new() },
    }
}

fn pence(row: &Row) -> i64 {
    sundry_domain::money::Pence::parse(&row.net).map_or(0, |amount| amount.0)
}

fn written(rows: &[Row], totals: bool) -> String {
    let mut text = format!("{HEADINGS}\n");
    for r in rows {
        let _ = writeln!(
            text,
            "{},{},{},{},{},{},{},{},{},{}",
            r.reference, r.account, r.document, r.what, r.net, r.vat, r.income, r.supplied, r.order, r.case
        );
    }
    if totals {
        let sum = sundry_domain::money::Pence(rows.iter().map(pence).sum());
        let _ = writeln!(text, "#TOTAL,{},{}", rows.len(), sum.pounds());
    }
    text
}

/// The eleven ways of being wrong, each with the fields it spoils.
fn spoil(way: usize, row: &mut Row) -> (&'static str, &'static str) {
    match way {
        0 => {
            row.reference = String::new();
            ("reference", "missing")
        }
        1 => {
            row.account = "L9999".into();
            ("customer", "customer")
        }
        2 => {
            row.what = String::new();
            ("description", "missing")
        }
        3 => {
            row.net = "12.5O".into();
            ("amount", "amount")
        }
        4 => {
            row.net = "-45.00".into();
            ("amount", "not_above_zero")
        }
        5 => {
            row.vat = "V20".into();
            ("vat_code", "vat_code")
        }
        6 => {
            row.income = "9999".into();
            ("income_code", "income_code")
        }
        7 => {
            row.supplied = "2026-04-31".into();
            ("supplied_on", "date")
        }
        8 => {
            row.case = "Mary Smith".into();
            ("service_user", "name")
        }
        9 => {
            row.what = "Paid by card 4111 1111 1111 1111".into();
            ("description", "card_number")
        }
        _ => {
            row.reference = "1.00E+11".into();
            ("reference", "damaged")
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_08_ten_thousand_rows_of_which_37_are_wrong_come_back_with_exactly_those() {
    on_both("2026-05-01", async |t| {
        customers(&t, 1_000).await;
        set_up(&t).await;
        let right: Vec<Row> = (0..10_000).map(row).collect();
        let mut file = right.clone();
        let mut expected: BTreeMap<i64, (&str, &str)> = BTreeMap::new();
        for n in 0..37 {
            let at = n * 269 + 11;
            expected.insert(at as i64 + 2, spoil(n % 11, &mut file[at]));
        }
        let answer = sent(&t, &written(&file, true), None).await.expect("is judged");
        assert_eq!((answer.rows, answer.good, answer.before, answer.rejected), (10_000, 9_963, 0, 37));
        let seen = shown(&t, &answer.number).await;
        let found: BTreeMap<i64, (&str, &str)> =
            seen.faults.iter().map(|one| (one.row, (one.field.as_str(), one.code.as_str()))).collect();
        assert_eq!(found, expected);
        assert_eq!((seen.faults.len(), seen.kinds.len(), seen.waiting), (37, 11, 37));
        for fault in &seen.faults {
            assert!(!fault.right.is_empty(), "{fault:?}");
            assert!(fault.given.is_empty() == (fault.code == "missing"), "{fault:?}");
            assert!(!fault.given.contains("4111 1111"), "{fault:?}");
        }
        let done = released(&t, &answer.number).await.expect("is billed");
        assert_eq!((done.state.as_str(), done.totals.lines, done.totals.left), ("done", 9_963, 0));
        assert_eq!(done.prepared, done.totals, "what the preview said");
        assert_eq!(done.ledger_pence, Some(done.totals.gross_pence));
        assert_eq!(done.last_number, format!("INV-{:06}", done.totals.invoices), "gapless");
        // The rejects come out as they were sent, with what is wrong; only these, put right, are sent again.
        let table = rejects_table(&t.desk, &t.role(Role::BillingOfficer), &answer.number).await.expect("a table");
        assert_eq!((table.rows.len(), table.headings.len()), (37, 14));
        assert!(!table.rows.iter().flatten().any(|cell| cell.contains("4111 1111")), "no card number goes out");
        let only: Vec<Row> = (0..37).map(|n| right[n * 269 + 11].clone()).collect();
        let back = sent_to_correct(&t, &written(&only, true), None, &answer.number).await.expect("is judged");
        assert_eq!((back.good, back.before, back.rejected), (37, 0, 0));
        assert_eq!(released(&t, &back.number).await.expect("is billed").totals.lines, 37);
        assert_eq!(shown(&t, &answer.number).await.waiting, 0, "they are put right");
        // The whole file, put right: every charge of it was billed already, and nothing is billed twice.
        let whole = sent(&t, &written(&right, true), None).await.expect("is judged");
        assert_eq!((whole.good, whole.before, whole.rejected), (0, 10_000, 0));
        let no = released(&t, &whole.number).await.expect_err("there is nothing to bill");
        assert_eq!(no.code(), Some("BIL-08-NOTHING"));
        let net: i64 = right.iter().map(pence).sum();
        let billed = [&answer.number, &back.number].map(|number| number.clone());
        let mut sum = 0;
        for number in billed {
            sum += shown(&t, &number).await.totals.net_pence;
        }
        assert_eq!(sum, net, "every charge once");
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_08_totals_that_disagree_refuse_the_file_and_the_same_file_is_refused_again() {
    on_both("2026-05-01", async |t| {
        customers(&t, 3).await;
        set_up(&t).await;
        let rows: Vec<Row> = (0..4).map(row).collect();
        let sum: i64 = rows.iter().map(pence).sum();
        let text = written(&rows, false);
        let Err(sundry_desk::No::Invalid(wrong)) = sent(&t, &text, None).await else { panic!("no totals") };
        assert_eq!(wrong.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["told_rows", "told_sum"]);
        for (told, says) in [((5, sum), "says 5 rows; the file has 4"), ((4, sum + 1), "the rows come to £")] {
            let no = sent(&t, &text, Some(told)).await.expect_err("disagrees");
            assert_eq!(no.code(), Some("BIL-08-CONTROL-TOTALS"));
            assert!(no.to_string().contains(says), "{no}");
        }
        let first = sent(&t, &text, Some((4, sum))).await.expect("agrees");
        let no = sent(&t, &text, Some((4, sum))).await.expect_err("the same file");
        assert_eq!(no.code(), Some("BIL-08-SEEN"));
        // Another file with the same charges: they wait already, so there is nothing in it to bill.
        let again = sent(&t, &written(&rows, true), None).await.expect("is judged");
        assert_eq!((again.good, again.before), (0, 4));
        // Withdrawn, the file may be sent again.
        let turn = TurnFeederFile { key: "w".into(), number: first.number.clone() };
        withdraw_feeder_file(&t.desk, &t.role(Role::BillingOfficer), turn).await.expect("withdraws");
        assert_eq!(released(&t, &first.number).await.expect_err("withdrawn").code(), Some("BIL-08-STATE"));
        let third = sent(&t, &text, Some((4, sum))).await.expect("once more");
        assert_eq!(third.good, 4);
        released(&t, &third.number).await.expect("is billed");
        // The same reference with another amount is no correction.
        let dearer = Row { net: "999.00".into(), ..rows[0].clone() };
        let differs = sent(&t, &written(&[dearer], true), None).await.expect("is judged");
        let fault = &shown(&t, &differs.number).await.faults[0];
        assert_eq!((fault.field.as_str(), fault.code.as_str()), ("reference", "billed_before"));
        assert!(fault.right.contains("was billed on INV-000001"), "{}", fault.right);
        let aside = SetRejectAside { key: "a".into(), number: differs.number.clone(), row: 2, reason: String::new() };
        let by = t.role(Role::BillingOfficer);
        assert!(set_reject_aside(&t.desk, &by, aside.clone()).await.is_err(), "no reason");
        let aside = SetRejectAside { key: "b".into(), reason: "Sent in error".into(), ..aside };
        set_reject_aside(&t.desk, &by, aside.clone()).await.expect("is set aside");
        let aside = SetRejectAside { key: "c".into(), ..aside };
        let no = set_reject_aside(&t.desk, &by, aside).await.expect_err("once");
        assert_eq!(no.code(), Some("BIL-08-NO-REJECT"));
        assert_eq!(rejects_list(&t.desk, &by, "").await.expect("a list"), []);
        proved(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_08_rows_of_a_customer_and_document_make_one_invoice_that_opens_to_them() {
    on_both("2026-05-01", async |t| {
        let someone = customer(&t, "c1", "Ash Ltd").await;
        set_up(&t).await;
        let of = |i: usize| Row { account: someone.clone(), document: "D1".into(), vat: "S".into(), ..row(i) };
        let other = Row { document: "D2".into(), ..of(2) };
        let disagrees = Row { order: "PO-9".into(), ..of(3) };
        let answer = sent(&t, &written(&[of(0), other, of(1), disagrees], true), None).await.expect("is judged");
        assert_eq!((answer.good, answer.rejected, answer.totals.invoices), (3, 1, 2));
        let fault = shown(&t, &answer.number).await.faults[0].clone();
        assert_eq!((fault.row, fault.field.as_str(), fault.given.as_str()), (5, "order", "PO-9"));
        let done = released(&t, &answer.number).await.expect("is billed");
        let first = invoice(&t.desk, &t.role(Role::Auditor), &done.first_number).await.expect("is there");
        assert_eq!(first.lines.len(), 2);
        assert_eq!(first.lines[0].description, "Premises licence, P000000", "the person by reference only");
        assert_eq!(first.lines[0].vat_pence, 2_000);
        let behind = behind_invoice(&t.desk, &t.role(Role::Auditor), &done.first_number).await.expect("evidence");
        let rows: Vec<(i64, i64, &str)> =
            behind.iter().map(|one| (one.line, one.row_number, one.reference.as_str())).collect();
        assert_eq!(rows, [(1, 2, "LIC/000000"), (2, 4, "LIC/000001")]);
        let invoices =
            feeder_file_invoices(&t.desk, &t.role(Role::Auditor), &answer.number, (0, 10)).await.expect("listed");
        assert_eq!(invoices.iter().map(|one| one.lines_count).collect::<Vec<_>>(), [2, 1]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_08_who_may_do_what() {
    on_both("2026-05-01", async |t| {
        customers(&t, 3).await;
        let officer = t.role(Role::BillingOfficer);
        assert_eq!(set_feeder(&t.desk, &officer, licences()).await.expect_err("duty").code(), Some("CTL-01-NO-DUTY"));
        let mut wrong = licences();
        wrong.columns.remove("amount");
        wrong.columns.insert("document".into(), "charge NO".into());
        (wrong.income_code, wrong.rejects_to) = ("9999".into(), String::new());
        let Err(sundry_desk::No::Invalid(wrong)) = set_feeder(&t.desk, &t.role(Role::Administrator), wrong).await
        else {
            panic!("it is wrong")
        };
        let fields: Vec<&str> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["rejects_to", "income_code", "document", "amount"]);
        set_up(&t).await;
        let changed = SetFeeder { name: "Licences".into(), ..licences() };
        let no = set_feeder(&t.desk, &t.role(Role::Administrator), changed.clone()).await.expect_err("not as read");
        assert_eq!(no.code(), Some("BIL-08-CHANGED"));
        let off = SetFeeder { key: "off".into(), seen_version: Some(1), off: true, ..changed };
        set_feeder(&t.desk, &t.role(Role::Administrator), off.clone()).await.expect("is switched off");
        let text = written(&[row(0)], true);
        assert_eq!(sent(&t, &text, None).await.expect_err("is off").code(), Some("BIL-08-SWITCHED-OFF"));
        let on = SetFeeder { key: "on".into(), seen_version: Some(2), off: false, ..off };
        set_feeder(&t.desk, &t.role(Role::Administrator), on).await.expect("is switched on");
        let no = sent(&t, "Charge no,What\n1,2\n", Some((1, 1))).await.expect_err("headings");
        assert_eq!(no.code(), Some("BIL-08-UNREADABLE"));
        let answer = sent(&t, &text, None).await.expect("is judged");
        let ask = ReleaseFeederFile { key: "r".into(), number: answer.number.clone() };
        let no = release_feeder_file(&t.desk, &officer, ask, &|_, _| {}).await.expect_err("duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let turn = TurnFeederFile { key: "s".into(), number: answer.number.clone() };
        let no = stop_feeder_file(&t.desk, &t.role(Role::TeamLeader), turn).await.expect_err("is not being billed");
        assert_eq!(no.code(), Some("BIL-08-STATE"));
        let set = sundry_desk::setup::settings::ChangeSettings {
            key: "s1".into(),
            changes: [("limits.bulk_second_person".to_owned(), "yes".to_owned())].into(),
        };
        let everything = t.operator();
        sundry_desk::setup::settings::change_settings(&t.desk, &everything, set).await.expect("sets");
        let ask = SendFeederFile {
            key: "own".into(),
            feeder: "licences".into(),
            file_name: "own.csv".into(),
            file: written(&[row(1)], true).into_bytes(),
            ..SendFeederFile::default()
        };
        let own = send_feeder_file(&t.desk, &everything, ask).await.expect("is judged").number;
        let ask = ReleaseFeederFile { key: "r3".into(), number: own.clone() };
        let no = release_feeder_file(&t.desk, &everything, ask, &|_, _| {}).await.expect_err("their own");
        assert_eq!(no.code(), Some("CTL-01-OWN-WORK"));
        released(&t, &own).await.expect("someone else's yes");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_08_a_file_killed_anywhere_goes_on_where_it_was() {
    on_both("2026-05-01", async |t| {
        let rows: Vec<Row> = (0..1_500).map(row).collect();
        let text = written(&rows, true);
        let quiet = TestDesk::on(t.desk.db().engine(), "2026-05-01").await;
        for desk in [&t, &quiet] {
            customers(desk, 500).await;
            set_up(desk).await;
        }
        let number = sent(&quiet, &text, None).await.expect("is judged").number;
        let expected = released(&quiet, &number).await.expect("is billed");
        assert_eq!(sent(&t, &text, None).await.expect("is judged").number, number);
        for dies_after in [1i64, 1] {
            let (desk, by, number) = (t.desk.clone(), t.role(Role::TeamLeader), number.clone());
            let killed = tokio::spawn(async move {
                let told = AtomicI64::new(0);
                let ask = ReleaseFeederFile { key: format!("release {number}"), number };
                let die = |_: i64, _: i64| assert!(told.fetch_add(1, Ordering::Relaxed) + 1 < dies_after, "killed");
                release_feeder_file(&desk, &by, ask, &die).await
            });
            assert!(killed.await.is_err(), "it was killed");
        }
        let turn = TurnFeederFile { key: "stop".into(), number: number.clone() };
        stop_feeder_file(&t.desk, &t.role(Role::TeamLeader), turn).await.expect("stops");
        let halfway = shown(&t, &number).await;
        assert!(halfway.done_count > 0 && halfway.done_count < halfway.total_count, "{halfway:?}");
        let finished = released(&t, &number).await.expect("goes on");
        let trace = async |t: &TestDesk| {
            let by = t.role(Role::Auditor);
            let all = feeder_file_invoices(&t.desk, &by, &number, (0, 1_000)).await.expect("invoices");
            let one = |one: sundry_store::feeders::files::FileInvoice| {
                (one.number, one.customer_number, one.document, one.lines_count, one.gross_pence)
            };
            all.into_iter().map(one).collect::<Vec<_>>()
        };
        assert_eq!((finished.state.as_str(), &finished.totals), ("done", &expected.totals));
        assert_eq!(trace(&t).await, trace(&quiet).await, "the same invoices as undisturbed");
        assert_eq!(finished.last_number, format!("INV-{:06}", finished.totals.invoices), "gapless");
        proved(&t).await;
        quiet.desk.db().clone().close().await;
    })
    .await;
}
