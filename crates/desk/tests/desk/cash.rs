//! Cash: statements in, matching, the workbench, and the books after each.
use chrono::NaiveDate;
use std::collections::HashMap;
use std::time::Instant;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::accept_strong_suggestions::{
    AcceptStrongSuggestions, accept_strong_suggestions, strong_suggestions,
};
use sundry_desk::cash::allocate_credit::{AllocateCredit, allocate_credit};
use sundry_desk::cash::allocate_receipt::{AllocateReceipt, AllocationSplit, allocate_receipt};
use sundry_desk::cash::cash_position::cash_position;
use sundry_desk::cash::export_allocations::{ExportedAllocation, export_allocations};
use sundry_desk::cash::import_bank_statement::{ImportBankStatement, StatementsTaken, import_bank_statement};
use sundry_desk::cash::match_cash::{CashMatched, MatchCash, match_cash};
use sundry_desk::cash::put_in_suspense::{PutInSuspense, put_in_suspense};
use sundry_desk::cash::receipt::receipt;
use sundry_desk::cash::receipts_waiting::{ReceiptsWaiting, receipts_waiting};
use sundry_desk::cash::record_receipt::{RecordReceipt, record_receipt};
use sundry_desk::cash::reverse_receipt::{ReverseReceipt, reverse_receipt};
use sundry_desk::cash::undo_allocation::{UndoAllocation, undo_allocation};
use sundry_desk::core::command::Command;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::ledger::post::{NewJournal, post_many};
use sundry_desk::ledger::verify::verify;
use sundry_desk::{No, Outcome, command};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::ledger::taken_on;
use sundry_domain::money::Pence;
use sundry_store::ledger::ItemRow;
use sundry_store::{args, ledger};

/// Number, name, sort code and account.
pub(crate) type Payer<'a> = (&'a str, &'a str, &'a str, &'a str);
/// Number, customer, date, due date, pence.
pub(crate) type Owed<'a> = (&'a str, &'a str, &'a str, &'a str, i64);

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Puts customers and what they owe into the books.
pub(crate) async fn owe(t: &TestDesk, key: &str, payers: &[Payer<'_>], owed: &[Owed<'_>]) {
    const CUSTOMER: &[&str] = &[
        "org_id",
        "id",
        "number",
        "name",
        "search_name",
        "kind",
        "address1",
        "address2",
        "town",
        "postcode",
        "email",
        "phone",
        "terms_days",
        "channel",
        "language",
        "letter_format",
        "collector",
        "recorded_at",
        "version",
    ];
    const BANK: &[&str] = &["org_id", "customer_id", "print", "sealed", "last_digits", "source", "recorded_at"];
    let (by, keyed) = (t.operator(), key.to_owned());
    let done: Outcome<i64> = command!(&t.desk, &by, "load", &keyed, &keyed, |cmd| {
        let ids: HashMap<&str, i64> = payers.iter().map(|p| (p.0, cmd.id::<CustomerId>().0)).collect();
        let rows = payers.iter().map(|(number, name, ..)| {
            args![
                t.org,
                ids[number],
                *number,
                *name,
                name.to_lowercase(),
                "unknown",
                "",
                "",
                "",
                "",
                "",
                "",
                30i64,
                "post",
                "en",
                "",
                "",
                cmd.at,
                1i64
            ]
        });
        cmd.tx.insert("customer", CUSTOMER, rows.collect()).await?;
        let prints = payers.iter().filter_map(|(number, _, sort_code, account)| {
            let print = t.desk.vault().bank_print(t.org.0, sort_code, account)?;
            Some(args![t.org, ids[number], print, "", "", "import", cmd.at])
        });
        let prints: Vec<_> = prints.collect();
        cmd.tx.insert("customer_bank", BANK, prints).await?;
        load_items(cmd, &ids, owed).await?;
        cmd.tell("Loaded", "test", ());
        Ok(0)
    });
    done.expect("loads");
}

/// More that customers who are there already owe.
pub(crate) async fn owe_more(t: &TestDesk, key: &str, owed: &[Owed<'_>]) {
    let mut look = t.desk.look().await.expect("reads");
    let mut ids = HashMap::new();
    for (_, customer, ..) in owed {
        let row = sundry_store::cash::customer_numbered(&mut look, t.org, customer).await.expect("reads");
        ids.insert(*customer, row.expect("a customer").0);
    }
    drop(look);
    let (by, keyed) = (t.operator(), key.to_owned());
    let done: Outcome<i64> = command!(&t.desk, &by, "load", &keyed, &keyed, |cmd| {
        load_items(cmd, &ids, owed).await?;
        cmd.tell("Loaded", "test", ());
        Ok(0)
    });
    done.expect("loads");
}

/// Journals and items of what is owed.
async fn load_items(cmd: &mut Command, ids: &HashMap<&str, i64>, owed: &[Owed<'_>]) -> Outcome<()> {
    let mut items = Vec::new();
    let mut journals = Vec::new();
    for (number, customer, dated_on, due_on, pence) in owed {
        let (item, customer) = (cmd.id::<ItemId>(), ids[customer]);
        journals.push(NewJournal {
            posted_on: day(dated_on),
            event: "ItemTakenOn",
            source: format!("invoice {number}"),
            reason: String::new(),
            customer: Some(CustomerId(customer)),
            item: Some(item),
            lines: taken_on(Pence(*pence)),
        });
        items.push(ItemRow {
            id: item.0,
            customer_id: customer,
            kind: if *pence > 0 { "invoice" } else { "credit_note" }.into(),
            number: (*number).into(),
            document_id: None,
            receipt_id: None,
            posted_on: day(dated_on),
            dated_on: day(dated_on),
            due_on: day(due_on),
            original_pence: *pence,
            open_pence: *pence,
            disputed_pence: 0,
            service: String::new(),
            debt_type: String::new(),
            stage: String::new(),
            journal_id: 0,
            recorded_at: cmd.at,
        });
    }
    for (item, journal) in items.iter_mut().zip(post_many(cmd, journals).await?) {
        item.journal_id = journal.0;
    }
    let org = cmd.by.org;
    Ok(ledger::add_items(&mut cmd.tx, org, items).await?)
}

pub(crate) async fn two_customers(t: &TestDesk) {
    let payers =
        [("C100001", "Tollgate Lettings Ltd", "08-99-99", "66374958"), ("C100002", "Esme Marchbank-Łukasz", "", "")];
    let owed = [
        ("INV-204817", "C100001", "2026-03-02", "2026-04-01", 14_814),
        ("INV-204951", "C100001", "2026-03-09", "2026-04-08", 7_730),
        ("INV-206003", "C100002", "2026-03-20", "2026-04-19", 91_205),
    ];
    owe(t, "owe", &payers, &owed).await;
}

const HEAD: &str = "bank_line_id,date,amount,type,payer_name,payer_sort_code,payer_account,reference\n";

pub(crate) fn neutral(key: &str, rows: &str) -> ImportBankStatement {
    ImportBankStatement {
        key: key.into(),
        file_name: "bank.csv".into(),
        bytes: format!("{HEAD}{rows}").into_bytes(),
        format: Some("csv:neutral".into()),
        ..ImportBankStatement::default()
    }
}

pub(crate) async fn bring(t: &TestDesk, ask: ImportBankStatement) -> Outcome<StatementsTaken> {
    import_bank_statement(&t.desk, &t.role(Role::Cashier), ask).await
}

pub(crate) async fn matched(t: &TestDesk, key: &str) -> CashMatched {
    match_cash(&t.desk, &t.role(Role::Cashier), MatchCash { key: key.into() }).await.expect("matches")
}

const FIVE: &str = "B0000001,2026-04-20,148.14,BGC,TOLLGATE LETTINGS,08-99-99,66374958,INV-204817\n\
    B0000002,2026-04-20,100.00,FPI,TOLLGATE LETTINGS,08-99-99,66374958,INV-204817 AGAIN\n\
    B0000003,2026-04-21,912.05,FPI,ESME MARCHBANK-ŁUK,20-00-00,12345678,THANK YOU\n\
    B0000004,2026-04-21,45.00,CSH,,,,CASH\n\
    B0000005,2026-04-21,-4.20,CHG,OUR BANK PLC,,,CHARGES\n";

pub(crate) async fn five(t: &TestDesk) -> CashMatched {
    two_customers(t).await;
    bring(t, neutral("i1", FIVE)).await.expect("imports");
    matched(t, "m1").await
}

pub(crate) fn allocate(key: &str, receipt: &str, customer: &str, lines: &[(&str, i64)]) -> AllocateReceipt {
    AllocateReceipt {
        key: key.into(),
        receipt: receipt.into(),
        customer: customer.into(),
        lines: lines_of(lines),
        split: Vec::new(),
        reason: String::new(),
    }
}

pub fn lines_of(lines: &[(&str, i64)]) -> Vec<AllocationLine> {
    lines.iter().map(|(item, pence)| AllocationLine { item: (*item).into(), amount: Pence(*pence) }).collect()
}

/// Control account, unallocated, suspense: what the journals say against what the rooms say.
pub(crate) async fn agrees(t: &TestDesk) {
    let mut look = t.desk.look().await.expect("reads");
    let journals: Vec<(String, i64)> = look
        .all(
            "select g.role, cast(sum(e.debit_pence - e.credit_pence) as bigint) from entry e join gl_code g on g.org_id = e.org_id and g.code = e.gl_code where e.org_id = $1 group by g.role",
            args![t.org],
        )
        .await
        .expect("sums");
    let posted = |role: &str| journals.iter().find(|row| row.0 == role).map_or(0, |row| row.1);
    let sums: (i64, i64, i64) = look
        .one(
            "select (select cast(coalesce(sum(open_pence), 0) as bigint) from open_item where org_id = $1 and kind <> 'receipt'), (select cast(coalesce(sum(open_pence), 0) as bigint) from open_item where org_id = $1 and kind = 'receipt'), (select cast(coalesce(sum(amount_pence), 0) as bigint) from receipt where org_id = $1 and state = 'suspense')",
            args![t.org],
        )
        .await
        .expect("sums");
    assert_eq!((posted("AR"), posted("UNALL"), -posted("SUSP")), sums, "AR, UNALL, SUSP");
    let wrong: Vec<(String, i64)> = look
        .all(
            "select i.number, i.open_pence from open_item i where i.org_id = $1 and i.open_pence <> i.original_pence - (select coalesce(sum(a.amount_pence), 0) from allocation a where a.org_id = i.org_id and a.debit_item_id = i.id) + (select coalesce(sum(a.amount_pence), 0) from allocation a where a.org_id = i.org_id and a.credit_item_id = i.id)",
            args![t.org],
        )
        .await
        .expect("compares");
    assert!(wrong.is_empty(), "items against their allocations: {wrong:?}");
    let wrong: Vec<(String, String, i64)> = look
        .all(
            "select r.number, r.state, (select cast(coalesce(sum(i.original_pence), 0) as bigint) from open_item i where i.org_id = r.org_id and i.receipt_id = r.id) from receipt r where r.org_id = $1 and (case when r.state = 'identified' then r.amount_pence else 0 end) + (select coalesce(sum(i.original_pence), 0) from open_item i where i.org_id = r.org_id and i.receipt_id = r.id) <> 0",
            args![t.org],
        )
        .await
        .expect("compares");
    assert!(wrong.is_empty(), "receipts against their items: {wrong:?}");
    drop(look);
    let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("proves");
    // What was loaded here has no documents behind it; receipts are proved above, split ones too.
    let elsewhere = |f: &String| !f.starts_with("documents") && !f.starts_with("receipts");
    let failed: Vec<String> = proof.failures().into_iter().filter(elsewhere).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

pub(crate) async fn open(t: &TestDesk, number: &str) -> i64 {
    let mut look = t.desk.look().await.expect("reads");
    let items = ledger::items_numbered(&mut look, t.org, number).await.expect("reads");
    items.iter().map(|item| item.open_pence).sum()
}

pub(crate) async fn exported(t: &TestDesk) -> Vec<ExportedAllocation> {
    export_allocations(&t.desk, &t.role(Role::Cashier), None).await.expect("exports")
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_a_statements_key_gives_its_first_answer_and_no_other() {
    on_both("2026-05-01", async |t| {
        let first = bring(&t, neutral("k", FIVE)).await.expect("imports");
        assert_eq!(bring(&t, neutral("k", FIVE)).await.expect("answers again"), first);
        let other = "B0000009,2026-04-22,45.00,CSH,,,,CASH";
        let reused = bring(&t, neutral("k", other)).await.expect_err("another file with the key");
        assert_eq!(reused.code(), Some("OPS-KEY-REUSED"));
        let otherwise = ImportBankStatement { accept_gap: true, reason: "Because".into(), ..neutral("k", FIVE) };
        assert_eq!(bring(&t, otherwise).await.expect_err("another request").code(), Some("OPS-KEY-REUSED"));
        let known = bring(&t, neutral("k2", FIVE)).await.expect("knows the file");
        assert_eq!((known.message.as_str(), known.lines_new), ("Already imported on 1 May 2026", 0));
        assert_eq!(bring(&t, neutral("k2", FIVE)).await.expect("answers again"), known);
        let reused = bring(&t, neutral("k2", other)).await.expect_err("that key is used too");
        assert_eq!(reused.code(), Some("OPS-KEY-REUSED"));
        assert_eq!(bring(&t, neutral("k3", other)).await.expect("imports").lines_new, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p12_a_file_twice_changes_nothing_and_equal_payments_both_stand() {
    on_both("2026-05-01", async |t| {
        let first = bring(&t, neutral("i1", FIVE)).await.expect("imports");
        assert_eq!((first.lines_new, first.credits_pence, first.debits_pence), (5, 120_519, 420));
        let again = bring(&t, ImportBankStatement { file_name: "renamed.csv".into(), ..neutral("i2", FIVE) }).await;
        assert_eq!(again.expect("answers").message, "Already imported on 1 May 2026");
        let mut rows: Vec<&str> = FIVE.lines().collect();
        rows.reverse();
        rows.push("B0000006,2026-04-22,45.00,CSH,,,,CASH");
        let overlap = bring(&t, neutral("i3", &rows.join("\n"))).await.expect("imports");
        assert_eq!((overlap.lines_new, overlap.lines_seen), (1, 5));

        let lloyds = "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,Credit Amount,Balance\n\
            22/04/2026,FPI,'20-11-22,12345678,SAME,,10.00,120.00\n22/04/2026,FPI,'20-11-22,12345678,SAME,,10.00,110.00\n";
        let ask = |key: &str, text: &str| ImportBankStatement {
            bytes: text.as_bytes().to_vec(),
            format: Some("csv:lloyds".into()),
            ..neutral(key, "")
        };
        let equal = bring(&t, ask("i4", lloyds)).await.expect("imports");
        assert_eq!((equal.lines_new, equal.credits_pence), (2, 2_000), "both stand");
        let more = lloyds.replace("Balance\n", "Balance\n23/04/2026,FPI,'20-11-22,12345678,SAME,,10.00,130.00\n");
        let more = bring(&t, ask("i5", &more)).await.expect("overlaps");
        assert_eq!((more.lines_new, more.lines_seen), (1, 2));
        let other = lloyds.replace("12345678", "87654321").replace("SAME", "OTHER");
        assert_eq!(bring(&t, ask("i6", &other)).await.expect_err("another account").code(), Some("CSH-ACCOUNT"));
        let mut look = t.desk.look().await.expect("reads");
        let accounts = sundry_store::cash::bank_accounts(&mut look, t.org).await.expect("reads");
        assert_eq!((accounts.len(), accounts[0].shown.as_str()), (1, "5678"));
        assert!(!accounts[0].print.contains("12345678"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_a_statement_that_does_not_follow_is_refused() {
    let mt940 = |from: &str, to: &str, day: &str, amount: &str| {
        format!(
            ":20:STMT\r\n:25:20112212345678\r\n:28C:1/1\r\n:60F:C2604{day}GBP{from}\r\n:61:2604{day}04{day}C{amount}NTRFNONREF\r\n:86:PAYMENT\r\n:62F:C2604{day}GBP{to}\r\n-\r\n"
        )
    };
    on_both("2026-05-01", async |t| {
        let ask = |key: &str, text: String, accept_gap| ImportBankStatement {
            file_name: "day.sta".into(),
            bytes: text.into_bytes(),
            format: Some("mt940".into()),
            accept_gap,
            ..neutral(key, "")
        };
        bring(&t, ask("a", mt940("100,00", "110,00", "20", "10,00"), false)).await.expect("the first");
        bring(&t, ask("b", mt940("110,00", "115,00", "21", "5,00"), false)).await.expect("follows");
        let gap = mt940("120,00", "121,00", "23", "1,00");
        let no = bring(&t, ask("c", gap.clone(), false)).await.expect_err("a gap");
        assert_eq!(no.code(), Some("CSH-GAP"));
        assert!(bring(&t, ImportBankStatement { dry_run: true, ..ask("d", gap.clone(), false) }).await.is_err());
        let unsaid = bring(&t, ask("e0", gap.clone(), true)).await.expect_err("nobody said why");
        assert!(matches!(unsaid, No::Invalid(wrong) if wrong[0].field == "reason"));
        let why = "The bank confirms that 22 April had no statement";
        let taken = bring(&t, ImportBankStatement { reason: why.into(), ..ask("e", gap, true) }).await;
        let taken = taken.expect("a person accepts it");
        assert_eq!(taken.lines_new, 1);
        let bad =
            bring(&t, ask("f", mt940("121,00", "999,00", "24", "1,00"), false)).await.expect_err("does not add up");
        assert!(matches!(bad, No::Invalid(_)));
        let clerk = t.role(Role::Auditor);
        let no = import_bank_statement(&t.desk, &clerk, neutral("g", FIVE)).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gl_02_rows_7_8_10_the_matcher_posts_what_is_certain_and_says_why() {
    on_both("2026-05-01", async |t| {
        let counts = five(&t).await;
        assert_eq!((counts.lines, counts.posted, counts.not_receipts), (5, 1, 1), "{counts:?}");
        assert_eq!(counts.posted + counts.on_account + counts.suggested + counts.suspense, 4);
        agrees(&t).await;
        assert_eq!(open(&t, "INV-204817").await, 0);
        assert_eq!(matched(&t, "m1").await, counts, "the same key, the same answer");
        assert_eq!(matched(&t, "m2").await, CashMatched { looked_again: 3, ..CashMatched::default() }, "nothing waits");
        let rows = exported(&t).await;
        let first = &rows[0];
        assert_eq!((first.bank_line_id.as_str(), first.invoice_no.as_str()), ("B0000001", "INV-204817"));
        assert_eq!((first.state.as_str(), first.amount_pence, first.rank), ("posted", 14_814, 1));
        assert!(first.reason.contains("INV-204817") && first.confidence_ppm >= 990_000);
        assert_eq!(first.cells()[3], "148.14");
        assert!(first.cells()[6].as_str() >= "0.9900" && first.cells()[6].len() == 6);
        let suggested: Vec<_> = rows.iter().filter(|r| r.bank_line_id == "B0000003").collect();
        assert_eq!((suggested[0].state.as_str(), suggested[0].invoice_no.as_str()), ("suggested", "INV-206003"));
        for id in ["B0000004", "B0000005"] {
            let row = rows.iter().find(|r| r.bank_line_id == id).expect("a row");
            assert_eq!((row.state.as_str(), row.customer_id.as_str(), row.invoice_no.as_str()), ("posted", "", ""));
        }
        let view = receipt(&t.desk, &t.role(Role::Auditor), "RCT-000003").await.expect("a receipt");
        assert_eq!(view.suggestions[0].lines[0].number, "INV-206003");
        assert!(!view.suggestions[0].reasons_for.is_empty());
        assert_eq!((view.left_pence, view.open_items.len()), (91_205, 1));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn x8_a_person_allocates_and_the_machine_never_moves_it() {
    on_both("2026-05-01", async |t| {
        five(&t).await;
        let cashier = t.role(Role::Cashier);
        let too_much = allocate("a0", "RCT-000003", "C100002", &[("INV-206003", 91_206)]);
        let no = allocate_receipt(&t.desk, &cashier, too_much).await.expect_err("more than open");
        assert_eq!(no.code(), Some("GL-E12-MORE-THAN-OPEN"));
        let absurd = allocate("a1", "RCT-000003", "C100002", &[("INV-206003", i64::MAX), ("INV-206003", i64::MAX)]);
        assert!(allocate_receipt(&t.desk, &cashier, absurd).await.is_err());
        let unknown = allocate("a2", "RCT-000003", "C100002", &[("INV-204951", 1)]);
        assert!(matches!(allocate_receipt(&t.desk, &cashier, unknown).await, Err(No::Invalid(_))));
        let absent = allocate("a3", "RCT-999999", "C100002", &[]);
        assert!(matches!(allocate_receipt(&t.desk, &cashier, absent).await, Err(No::Absent(_))));
        let ask = allocate("a4", "RCT-000003", "C100002", &[("INV-206003", 90_000)]);
        let done = allocate_receipt(&t.desk, &cashier, ask.clone()).await.expect("allocates");
        assert_eq!((done.allocated_pence, done.on_account_pence, done.learned), (90_000, 1_205, true));
        let again = allocate_receipt(&t.desk, &cashier, ask).await.expect("the same answer");
        assert_eq!(again.allocated_pence, 90_000);
        agrees(&t).await;
        let rest = allocate("a5", "RCT-000003", "C100002", &[("INV-206003", 1_205)]);
        allocate_receipt(&t.desk, &cashier, rest).await.expect("later, from the account");
        assert_eq!((open(&t, "INV-206003").await, open(&t, "RCT-000003").await), (0, 0));
        let elsewhere = allocate("a6", "RCT-000003", "C100001", &[("INV-204951", 1)]);
        let no = allocate_receipt(&t.desk, &cashier, elsewhere).await.expect_err("another's money");
        assert_eq!(no.code(), Some("CSH-OTHER-CUSTOMER"));
        let before = exported(&t).await;
        matched(&t, "m9").await;
        assert_eq!(exported(&t).await, before);
        agrees(&t).await;
        let merged = before.iter().filter(|r| r.bank_line_id == "B0000003").count();
        assert_eq!(merged, 1, "one row for a line and an invoice");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gl_02_rows_9_11_12_17_and_back() {
    on_both("2026-05-01", async |t| {
        five(&t).await;
        let cashier = t.role(Role::Cashier);
        let split = AllocateReceipt {
            split: vec![
                AllocationSplit {
                    customer: "C100001".into(),
                    amount: Pence(1_000),
                    lines: lines_of(&[("INV-204951", 400)]),
                },
                AllocationSplit { customer: "C100002".into(), amount: Pence(3_500), lines: Vec::new() },
            ],
            ..allocate("s1", "RCT-000004", "", &[])
        };
        let mut short = split.clone();
        (short.key, short.split[1].amount) = ("s0".into(), Pence(3_499));
        let no = allocate_receipt(&t.desk, &cashier, short).await.expect_err("a penny short");
        assert_eq!(no.code(), Some("CSH-SPLIT"));
        allocate_receipt(&t.desk, &cashier, split).await.expect("splits");
        assert_eq!((open(&t, "RCT-000004").await, open(&t, "RCT-000004/2").await), (-600, -3_500));
        agrees(&t).await;
        let undo = |key: &str, number: &str| UndoAllocation {
            key: key.into(),
            allocation: None,
            receipt: Some(number.into()),
            reason: "Wrong customer".into(),
        };
        let undone = undo_allocation(&t.desk, &cashier, undo("u1", "RCT-000004")).await.expect("undoes");
        assert_eq!((undone.count, undone.undone_pence), (1, 400));
        let no = undo_allocation(&t.desk, &cashier, undo("u2", "RCT-000004")).await.expect_err("nothing stands");
        assert_eq!(no.code(), Some("GL-02-NOTHING-TO-ALLOCATE"));
        agrees(&t).await;
        let suspense = PutInSuspense {
            key: "p1".into(),
            receipt: "RCT-000001".into(),
            reason: "Paid for a neighbour".into(),
            owner: "Cashiers".into(),
            next_step: "Ask the bank who paid".into(),
            next_on: None,
        };
        let put = put_in_suspense(&t.desk, &cashier, suspense).await.expect("to suspense");
        assert_eq!((put.reopened_pence, open(&t, "INV-204817").await), (14_814, 14_814));
        agrees(&t).await;
        let reverse = |key: &str, number: &str| ReverseReceipt {
            key: key.into(),
            receipt: number.into(),
            reason: "Recalled".into(),
        };
        reverse_receipt(&t.desk, &cashier, reverse("r1", "RCT-000001")).await.expect("row 12");
        agrees(&t).await;
        let no = reverse_receipt(&t.desk, &cashier, reverse("r2", "RCT-000001")).await.expect_err("twice");
        assert_eq!(no.code(), Some("CSH-STATE"));
        let position = cash_position(&t.desk, &cashier).await.expect("a position");
        assert_eq!(position.suspense.sum_pence, position.suspense_by_age.iter().map(|a| a.heap.sum_pence).sum::<i64>());
        assert!(position.unallocated.sum_pence >= 4_500);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn gl_02_row_17_a_bounced_cheque_opens_what_it_paid() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        owe(
            &t,
            "more",
            &[("C100003", "Żaneta O’Brien", "", "")],
            &[
                ("204", "C100003", "2026-04-01", "2026-04-29", 5_000),
                ("CRN-1", "C100003", "2026-04-02", "2026-04-02", -1_500),
            ],
        )
        .await;
        let cashier = t.role(Role::Cashier);
        let cheque = RecordReceipt {
            key: "c1".into(),
            method: "cheque".into(),
            customer: "C100003".into(),
            amount: Pence(6_000),
            received_on: day("2026-04-30"),
            payer_name: String::new(),
            words: "000123".into(),
            lines: lines_of(&[("204", 3_500)]),
        };
        let bad = RecordReceipt {
            key: "c0".into(),
            amount: Pence(1_000_000_000_000_000),
            method: "gold".into(),
            ..cheque.clone()
        };
        let Err(No::Invalid(wrong)) = record_receipt(&t.desk, &cashier, bad).await else { panic!("invalid") };
        assert_eq!(wrong.len(), 2);
        let card = RecordReceipt { key: "c2".into(), words: "4111 1111 1111 1111".into(), ..cheque.clone() };
        assert_eq!(record_receipt(&t.desk, &cashier, card).await.expect_err("card").code(), Some("CTL-06-CARD-NUMBER"));
        let done = record_receipt(&t.desk, &cashier, cheque).await.expect("records");
        assert_eq!((done.receipt.as_str(), done.on_account_pence), ("RCT-000001", 2_500));
        let credit = AllocateCredit {
            key: "k".into(),
            credit: "CRN-1".into(),
            lines: lines_of(&[("204", 1_500)]),
            reason: String::new(),
        };
        let set = allocate_credit(&t.desk, &cashier, credit).await.expect("sets the credit note");
        assert_eq!((set.left_pence, open(&t, "204").await), (0, 0));
        agrees(&t).await;
        t.go_to("2026-05-06");
        let ask = ReverseReceipt { key: "r".into(), receipt: "RCT-000001".into(), reason: "Refer to drawer".into() };
        let back = reverse_receipt(&t.desk, &cashier, ask).await.expect("bounces");
        assert_eq!((back.reopened_pence, open(&t, "204").await, open(&t, "CRN-1").await), (3_500, 3_500, 0));
        agrees(&t).await;
        let mut look = t.desk.look().await.expect("reads");
        let journals = ledger::journals_of_source(&mut look, t.org, "receipt RCT-000001").await.expect("reads");
        assert_eq!(journals.len(), 2);
        assert_eq!(journals[1].posted_on, day("2026-05-06"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_10_strong_suggestions_are_previewed_then_accepted() {
    on_both("2026-05-01", async |t| {
        five(&t).await;
        let cashier = t.role(Role::Cashier);
        let mut look = t.desk.look().await.expect("reads");
        let all = sundry_store::cash::strong_suggestions(&mut look, t.org, 0, 10).await.expect("reads");
        drop(look);
        let preview = strong_suggestions(&t.desk, &cashier).await.expect("a preview");
        assert_eq!(preview.count, all.iter().filter(|s| s.4 >= preview.strong_ppm).count() as i64);
        let ask = AcceptStrongSuggestions { key: "s".into(), receipts: Vec::new() };
        let accepted = accept_strong_suggestions(&t.desk, &cashier, ask).await.expect("accepts");
        assert_eq!((accepted.count, accepted.sum_pence), (preview.count, preview.sum_pence));
        agrees(&t).await;
        let list = receipts_waiting(&t.desk, &cashier, ReceiptsWaiting::default()).await.expect("a list");
        let all = receipts_waiting(&t.desk, &cashier, ReceiptsWaiting { view: "all".into(), ..Default::default() });
        assert_eq!((all.await.expect("a list").count, list.rows.len() as i64), (4, list.count));
        let by_amount = ReceiptsWaiting { view: "all".into(), search: "148.14".into(), ..Default::default() };
        assert_eq!(receipts_waiting(&t.desk, &cashier, by_amount).await.expect("a list").rows[0].number, "RCT-000001");
        let by_words = ReceiptsWaiting { view: "all".into(), search: "100%_'".into(), ..Default::default() };
        assert_eq!(receipts_waiting(&t.desk, &cashier, by_words).await.expect("a list").count, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p04_eight_at_once_never_allocate_more_than_is_there() {
    on_both("2026-05-01", async |t| {
        five(&t).await;
        let cashier = t.role(Role::Cashier);
        let takes = (0..8).map(|n| {
            let (desk, by) = (t.desk.clone(), cashier.clone());
            let ask = allocate(&format!("t{n}"), "RCT-000003", "C100002", &[("INV-206003", 50_000)]);
            tokio::spawn(async move { allocate_receipt(&desk, &by, ask).await.is_ok() })
        });
        let mut done = 0;
        for take in takes.collect::<Vec<_>>() {
            done += u32::from(take.await.expect("runs"));
        }
        assert_eq!(done, 1, "the second finds 412.05 open and less left");
        agrees(&t).await;
    })
    .await;
}

/// Rows of a file by column name; the neutral files quote nothing but names.
fn table(dir: &str, file: &str) -> Vec<HashMap<String, String>> {
    let text = std::fs::read_to_string(format!("{dir}/{file}")).expect("a readable file");
    let mut lines = text.lines();
    let header: Vec<String> = lines.next().expect("a header").split(',').map(str::to_owned).collect();
    lines
        .map(|line| {
            let mut cells = vec![String::new()];
            let mut quoted = false;
            for c in line.chars() {
                match c {
                    '"' => quoted = !quoted,
                    ',' if !quoted => cells.push(String::new()),
                    other => cells.last_mut().expect("never empty").push(other),
                }
            }
            header.iter().cloned().zip(cells).collect()
        })
        .collect()
}

/// Neutral data, where `SUNDRY_NEUTRAL` names a directory of it.
#[tokio::test(flavor = "multi_thread")]
async fn csh_03_the_neutral_set_posts_right_and_fast() {
    let Ok(dir) = std::env::var("SUNDRY_NEUTRAL") else {
        println!("SKIPPED: SUNDRY_NEUTRAL names no directory of neutral data.");
        return;
    };
    on_both("2026-11-30", async |t| {
        let (customers, invoices) = (table(&dir, "customers.csv"), table(&dir, "invoices.csv"));
        let payers: Vec<Payer<'_>> =
            customers.iter().map(|c| (&*c["customer_id"], &*c["name"], &*c["sort_code"], &*c["account_no"])).collect();
        let pence = |text: &str| Pence::parse(text).expect("an amount").0;
        let owed: Vec<Owed<'_>> = invoices
            .iter()
            .map(|i| (&*i["invoice_no"], &*i["customer_id"], &*i["invoice_date"], &*i["due_date"], pence(&i["gross"])))
            .collect();
        let clock = Instant::now();
        owe(&t, "owe", &payers, &owed).await;
        println!("{:?}: loaded {} items in {:?}", t.desk.db().engine(), owed.len(), clock.elapsed());
        let clock = Instant::now();
        let bytes = std::fs::read(format!("{dir}/bank.csv")).expect("a file");
        let taken = bring(&t, ImportBankStatement { bytes, ..neutral("i", "") }).await.expect("imports");
        println!("  imported {} lines in {:?}", taken.lines_new, clock.elapsed());
        let clock = Instant::now();
        let counts = matched(&t, "m").await;
        println!("  matched in {:?}: {counts:?}", clock.elapsed());
        agrees(&t).await;
        let clock = Instant::now();
        let rows = exported(&t).await;
        println!("  exported {} rows in {:?}", rows.len(), clock.elapsed());
        let mut truth: HashMap<String, Vec<(String, String, i64)>> = HashMap::new();
        for row in table(&dir, "bank_truth.csv") {
            let part = (row["customer_id"].clone(), row["invoice_no"].clone(), pence(&row["amount"]));
            truth.entry(row["bank_line_id"].clone()).or_default().push(part);
        }
        let mut posted: HashMap<String, Vec<(String, String, i64)>> = HashMap::new();
        for row in rows.into_iter().filter(|r| r.state == "posted" && !r.customer_id.is_empty()) {
            posted.entry(row.bank_line_id).or_default().push((row.customer_id, row.invoice_no, row.amount_pence));
        }
        let mut wrong = 0;
        for (line, parts) in &mut posted {
            parts.sort();
            let right = truth.get_mut(line).expect("an answer");
            right.sort();
            wrong += usize::from(right != parts);
        }
        println!("  {} lines posted to customers, {wrong} wrong", posted.len());
        assert_eq!(posted.len() as i64, counts.posted + counts.on_account);
        assert!(wrong * 1000 <= posted.len().max(1000), "{wrong} of {}", posted.len());
    })
    .await;
}
