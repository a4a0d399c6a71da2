//! Files from the bank: continuity, corrections, what is kept of what is refused, and layouts that people write.
use sundry_desk::cash::bank_files::{bank_file_content, bank_files};
use sundry_desk::cash::csv_profiles::{
    EndCsvProfile, SaveCsvProfile, csv_profile_versions, csv_profiles, end_csv_profile, preview_csv_profile,
    save_csv_profile,
};
use sundry_desk::cash::import_bank_statement::{
    ImportBankStatement, StatementsTaken, check_bank_statement, import_bank_statement,
};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::ledger::verify::verify_by;
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_formats::bank_statement::Profile;

/// A statement of one day: number, day of April, opening, closing, lines as (amount, words).
fn mt940(number: u32, day: u32, opening: &str, closing: &str, lines: &[(&str, &str)]) -> Vec<u8> {
    let mut text =
        format!(":20:STMT{number}\r\n:25:20112212345678\r\n:28C:{number}/1\r\n:60F:C2604{day}GBP{opening}\r\n");
    for (amount, words) in lines {
        text.push_str(&format!(":61:2604{day}04{day}C{amount}NTRFNONREF\r\n:86:{words}\r\n"));
    }
    text.push_str(&format!(":62F:C2604{day}GBP{closing}\r\n-\r\n"));
    text.into_bytes()
}

fn ask(key: &str, bytes: Vec<u8>) -> ImportBankStatement {
    ImportBankStatement { key: key.into(), file_name: format!("{key}.sta"), bytes, ..ImportBankStatement::default() }
}

async fn bring(t: &TestDesk, ask: ImportBankStatement) -> Outcome<StatementsTaken> {
    import_bank_statement(&t.desk, &t.role(Role::Cashier), ask).await
}

/// Names, states, codes and how often each came, the oldest first.
async fn kept(t: &TestDesk) -> Vec<(String, String, String, i64)> {
    let found = bank_files(&t.desk, &t.role(Role::Auditor), "", None, 100).await.expect("files");
    let mut rows: Vec<_> = found.files.into_iter().map(|f| (f.name, f.state, f.code, f.times)).collect();
    rows.reverse();
    rows
}

fn row(name: &str, state: &str, code: &str, times: i64) -> (String, String, String, i64) {
    (name.into(), state.into(), code.into(), times)
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_02_a_missing_number_is_a_refusal_until_the_file_comes_or_somebody_says_why() {
    on_both("2026-05-01", async |t| {
        bring(&t, ask("a", mt940(20, 20, "100,00", "110,00", &[("10,00", "ONE")]))).await.expect("the first");
        // 21 moved nothing, so the balance follows and only the number tells.
        let third = mt940(22, 22, "110,00", "115,00", &[("5,00", "THREE")]);
        let no = bring(&t, ask("c", third.clone())).await.expect_err("21 is missing");
        assert_eq!(no.code(), Some("CSH-NUMBER-GAP"));
        let No::Refused(refusal) = no else { panic!("a refusal") };
        assert_eq!(
            refusal.sentence,
            "The last statement was number 20 and this one is number 22: number 21 is missing."
        );
        bring(&t, ask("b", mt940(21, 21, "110,00", "110,00", &[]))).await.expect("the missing one");
        let taken = bring(&t, ask("d", third)).await.expect("now it follows");
        assert_eq!(taken.lines_new, 1);
        let rows = kept(&t).await;
        assert_eq!(rows[1], row("c.sta", "accepted", "", 2), "it was held, and came again");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_02_a_late_statement_that_closes_the_gap_exactly_is_taken() {
    on_both("2026-05-01", async |t| {
        bring(&t, ask("a", mt940(20, 20, "100,00", "110,00", &[("10,00", "ONE")]))).await.expect("the first");
        let why = "Tuesday's file comes later".to_owned();
        let third = ask("c", mt940(22, 22, "113,00", "115,00", &[("2,00", "THREE")]));
        assert_eq!(bring(&t, third.clone()).await.expect_err("a gap").code(), Some("CSH-GAP"));
        let clerk = t.role(Role::BillingOfficer);
        let anyway = ImportBankStatement { accept_gap: true, reason: why, ..third };
        assert!(import_bank_statement(&t.desk, &clerk, anyway.clone()).await.is_err(), "not their duty");
        bring(&t, ImportBankStatement { key: "c2".into(), ..anyway }).await.expect("anyway, with a reason");
        let wrong = mt940(21, 21, "110,00", "112,00", &[("2,00", "TWO")]);
        assert_eq!(bring(&t, ask("b1", wrong)).await.expect_err("it does not fit").code(), Some("CSH-GAP"));
        let late = mt940(21, 21, "110,00", "113,00", &[("3,00", "TWO")]);
        assert_eq!(bring(&t, ask("b2", late)).await.expect("it fits exactly").lines_new, 1);
        bring(&t, ask("d", mt940(23, 23, "115,00", "116,00", &[("1,00", "FOUR")])))
            .await
            .expect("the newest still counts");
        let file = bank_files(&t.desk, &t.operator(), "accepted", None, 10).await.expect("files").files;
        let decided = file.iter().find(|f| f.name == "c.sta").expect("the third");
        assert_eq!(
            (decided.decided_reason.as_str(), decided.decided_by_name.as_str()),
            ("Tuesday's file comes later", "Cashier 1")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_02_the_same_statement_in_other_bytes_is_held_when_it_says_something_else() {
    on_both("2026-05-01", async |t| {
        let first = mt940(20, 20, "100,00", "110,00", &[("10,00", "ONE")]);
        bring(&t, ask("a", first.clone())).await.expect("the first");
        let spaced = [first.as_slice(), b"\r\n"].concat();
        let same = bring(&t, ask("b", spaced)).await.expect("other bytes, nothing else");
        assert_eq!((same.lines_new, same.lines_seen), (0, 1));
        let other = mt940(20, 20, "100,00", "112,00", &[("10,00", "ONE"), ("2,00", "TWO")]);
        let no = bring(&t, ask("c", other.clone())).await.expect_err("it says something else");
        assert_eq!(no.code(), Some("CSH-CORRECTION"));
        let why = "The bank sent it again with the line it had left out".to_owned();
        let taken = bring(&t, ImportBankStatement { accept_gap: true, reason: why, ..ask("d", other) }).await;
        assert_eq!(taken.expect("with a reason").lines_new, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_02_overlapping_files_bring_each_line_once_and_equal_payments_both_stand() {
    on_both("2026-05-01", async |t| {
        let twins = mt940(20, 20, "100,00", "120,00", &[("10,00", "STANDING ORDER"), ("10,00", "STANDING ORDER")]);
        assert_eq!(bring(&t, ask("a", twins.clone())).await.expect("both").lines_new, 2);
        let next = mt940(21, 21, "120,00", "125,00", &[("5,00", "TWO")]);
        let both = [twins.as_slice(), next.as_slice()].concat();
        let taken = bring(&t, ask("b", both.clone())).await.expect("overlapping");
        assert_eq!((taken.lines_new, taken.lines_seen), (1, 2));
        assert_eq!(taken.message, "1 new lines; 2 came before and were left alone");
        let again = bring(&t, ask("c", both)).await.expect("the same bytes");
        assert_eq!(again.message, "Already imported on 1 May 2026");
        assert_eq!(kept(&t).await, [row("a.sta", "accepted", "", 1), row("b.sta", "accepted", "", 2)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_an_advice_before_the_statement_posts_nothing_and_the_statement_all() {
    let camt = |message: &str, part: &str, balances: &str| {
        format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.{message}.001.08\"><{part}><GrpHdr><MsgId>M</MsgId></GrpHdr><{inner}><Id>S</Id><Acct><Id><Othr><Id>20112212345678</Id></Othr></Id><Ccy>GBP</Ccy></Acct>{balances}<Ntry><Amt Ccy=\"GBP\">10.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-04-20</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef></Ntry></{inner}></{part}></Document>",
            inner = if part.ends_with("Stmt") { "Stmt" } else if part.ends_with("Rpt") { "Rpt" } else { "Ntfctn" }
        )
        .into_bytes()
    };
    let balance = |code: &str, amount: &str| {
        format!(
            "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"GBP\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-04-20</Dt></Dt></Bal>"
        )
    };
    on_both("2026-05-01", async |t| {
        for (key, message, part) in [("a", "052", "BkToCstmrAcctRpt"), ("b", "054", "BkToCstmrDbtCdtNtfctn")] {
            let no = bring(&t, ask(key, camt(message, part, ""))).await.expect_err("not final");
            assert_eq!(no.code(), Some("CSH-NOT-BOOKED"));
        }
        let whole = camt("053", "BkToCstmrStmt", &(balance("OPBD", "100.00") + &balance("CLBD", "110.00")));
        assert_eq!(bring(&t, ask("c", whole)).await.expect("the statement").lines_new, 1);
        let states: Vec<String> = kept(&t).await.into_iter().map(|f| f.1).collect();
        assert_eq!(states, ["rejected", "rejected", "accepted"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_02_what_is_refused_is_kept_with_who_brought_it_and_why_not() {
    on_both("2026-05-01", async |t| {
        let wrong = mt940(20, 20, "100,00", "111,00", &[("10,00", "ONE")]);
        assert!(matches!(bring(&t, ask("a", wrong.clone())).await, Err(No::Invalid(_))));
        assert!(matches!(bring(&t, ask("a", wrong.clone())).await, Err(No::Invalid(_))), "and again");
        assert!(bring(&t, ask("b", b"<html>Sign in</html>".to_vec())).await.is_err());
        let far = String::from_utf8(mt940(20, 20, "100,00", "110,00", &[("10,00", "ONE")])).expect("text");
        let far = far.replace("2604200420", "2804200420").into_bytes();
        assert_eq!(bring(&t, ask("c", far)).await.expect_err("far ahead").code(), Some("CSH-FAR-AHEAD"));
        let list = b"Ordercode,Date,Amount\n13131313,28/01/2026,100\n".to_vec();
        assert_eq!(
            bring(&t, ImportBankStatement { file_name: "d.csv".into(), ..ask("d", list) })
                .await
                .expect_err("takings")
                .code(),
            Some("CSH-NOT-A-STATEMENT")
        );
        let dry = ImportBankStatement { dry_run: true, ..ask("e", b"nothing".to_vec()) };
        assert!(bring(&t, dry).await.is_err(), "a look keeps nothing");
        let good = mt940(20, 20, "100,00", "110,00", &[("10,00", "ONE")]);
        check_bank_statement(&t.desk, &t.role(Role::Cashier), ask("f", good)).await.expect("a good one, looked at");
        assert_eq!(
            kept(&t).await,
            [
                row("a.sta", "held", "mt940.balance", 2),
                row("b.sta", "rejected", "camt.not_xml", 1),
                row("c.sta", "held", "CSH-FAR-AHEAD", 1),
                row("d.csv", "rejected", "CSH-NOT-A-STATEMENT", 1),
                row("f.sta", "checked", "", 1),
            ]
        );
        let found = bank_files(&t.desk, &t.operator(), "held", None, 10).await.expect("held ones");
        let file = found.files.iter().find(|f| f.name == "a.sta").expect("the first");
        assert_eq!((file.brought_by_name.as_str(), file.channel.as_str()), ("Cashier 1", "web"));
        assert_eq!(file.problems[0]["code"], "mt940.balance");
        let (name, bytes) = bank_file_content(&t.desk, &t.role(Role::Cashier), file.id).await.expect("as it arrived");
        assert_eq!((name.as_str(), bytes), ("a.sta", wrong));
        assert!(bank_file_content(&t.desk, &t.role(Role::Auditor), file.id).await.is_err(), "not their duty");
        assert!(bank_files(&t.desk, &t.operator(), "lost", None, 10).await.is_err());
        let proof = verify_by(&t.desk, &t.operator()).await.expect("a proof");
        assert_eq!(proof.failures(), Vec::<String>::new());
    })
    .await;
}

fn layout(date_format: &str) -> Profile {
    serde_json::from_value(serde_json::json!({
        "name": "our-bank", "kind": "bank", "match": ["when,what,in,out"], "date_format": date_format,
        "columns": { "date": "When", "text": "What", "credit": "In", "debit": "Out" }, "amount": "two_columns",
        "account": "20112212345678"
    }))
    .expect("a layout")
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_a_layout_that_somebody_wrote_is_a_version_and_reads_the_banks_file() {
    const SHEET: &str = "When,What,In,Out\n20.04.2026,MRS A PATEL SI0004521,245.50,\n21.04.2026,WATER,,50.00\n";
    on_both("2026-05-01", async |t| {
        let admin = t.role(Role::Administrator);
        let file = |key: &str| ImportBankStatement { format: Some("csv:our-bank".into()), ..ask(key, SHEET.into()) };
        assert!(matches!(bring(&t, file("a")).await, Err(No::Invalid(_))), "no such layout");
        let save = |key: &str, format: &str, seen| SaveCsvProfile {
            key: key.into(),
            profile: layout(format),
            note: "New contract".into(),
            seen_version: seen,
        };
        assert!(save_csv_profile(&t.desk, &t.role(Role::Cashier), save("p0", "%d.%m.%Y", None)).await.is_err());
        let bad = save_csv_profile(&t.desk, &admin, save("p1", "%d.%Y", None)).await;
        assert!(matches!(bad, Err(No::Invalid(wrong)) if wrong[0].field == "date_format"));
        let first = save_csv_profile(&t.desk, &admin, save("p2", "%d/%m/%Y", Some(0))).await.expect("kept");
        assert_eq!((first.version, first.changed), (1, true));
        let seen = preview_csv_profile(&admin, "a.csv", SHEET.as_bytes(), &layout("%d/%m/%Y")).expect("a preview");
        assert_eq!((seen.rows, seen.problems.len()), (0, 2), "two dates of another form");
        let same = save_csv_profile(&t.desk, &admin, save("p3", "%d/%m/%Y", None)).await.expect("the same");
        assert_eq!((same.version, same.changed), (1, false));
        let stale = save_csv_profile(&t.desk, &admin, save("p4", "%d.%m.%Y", Some(0))).await;
        assert!(matches!(stale, Err(No::Invalid(_))), "somebody wrote version 1");
        let second = save_csv_profile(&t.desk, &admin, save("p5", "%d.%m.%Y", Some(1))).await.expect("the next");
        assert_eq!(second.version, 2);
        let taken = bring(&t, file("b")).await.expect("now it reads");
        assert_eq!((taken.lines_new, taken.credits_pence, taken.debits_pence), (2, 24_550, 5_000));
        let all = csv_profiles(&t.desk, &admin).await.expect("layouts");
        assert!(all[0].profile.name == "our-bank" && !all[0].ships && all.iter().any(|p| p.profile.name == "lloyds"));
        let versions = csv_profile_versions(&t.desk, &admin, "our-bank").await.expect("versions");
        assert_eq!(versions.iter().map(|v| v.version).collect::<Vec<_>>(), [2, 1]);
        let end = EndCsvProfile { key: "e".into(), name: "our-bank".into(), note: "Contract ended".into() };
        end_csv_profile(&t.desk, &admin, end).await.expect("ended");
        assert!(csv_profiles(&t.desk, &admin).await.expect("layouts").iter().all(|p| p.ships));
    })
    .await;
}
