//! Payment files of collection agents, and every sample of a bank through the whole import.
use super::cash::{agrees, bring, matched, neutral, two_customers};
use std::io::Write;
use std::path::PathBuf;
use sundry_desk::No;
use sundry_desk::cash::bank_files::{bank_file_content, bank_files};
use sundry_desk::cash::import_bank_statement::ImportBankStatement;
use sundry_desk::cash::payment_layouts::{SavePaymentLayout, payment_layouts, save_payment_layout};
use sundry_desk::cash::takings::{TieTakings, takings, tie_takings};
use sundry_desk::cash::{AddBankAccount, add_bank_account};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_domain::control::Role;
use sundry_formats::bank_statement::{BankStatementFile, Layout, layouts, read};

/// Two cheques: one for an invoice by its number, one for another by number and name.
const LOCKBOX: &str = "DEPOSIT,2026-04-20,20112212345678\n\
    ITEM,100001,200000,12345678,TOLLGATE LETTINGS LTD,INV-204817,148.14\n\
    ITEM,100002,200001,87654321,ESME MARCHBANK-LUKASZ,INV-206003,912.05\n\
    END,2,1060.19\n";

fn lockbox(key: &str, text: &str) -> ImportBankStatement {
    ImportBankStatement {
        key: key.into(),
        file_name: format!("{key}.csv"),
        bytes: text.into(),
        format: Some("payment-file:lockbox-example".into()),
        ..ImportBankStatement::default()
    }
}

async fn states(t: &TestDesk) -> Vec<(i64, String)> {
    let all = takings(&t.desk, &t.role(Role::Auditor)).await.expect("files");
    all.into_iter().rev().map(|one| (one.total_pence, one.state)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_an_agents_payments_are_receipts_and_the_banks_one_credit_for_them_is_none() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let taken = bring(&t, lockbox("a", LOCKBOX)).await.expect("imports");
        assert_eq!((taken.lines_new, taken.credits_pence), (2, 106_019));
        let done = matched(&t, "m1").await;
        assert_eq!((done.lines, done.posted, done.posted_pence), (2, 2, 106_019), "by the references alone: {done:?}");
        assert_eq!(states(&t).await, [(106_019, "expected".to_owned())]);
        assert!(bring(&t, lockbox("b", LOCKBOX)).await.expect("again").already_on.is_some());
        let more =
            LOCKBOX.replace("END,2,1060.19", "ITEM,100003,200002,11112222,TOLLGATE,INV-204951,77.30\nEND,3,1137.49");
        let taken = bring(&t, lockbox("c", &more)).await.expect("one more");
        assert_eq!((taken.lines_new, taken.lines_seen, taken.credits_pence), (1, 2, 7_730), "each payment comes once");
        let bank = "B1,2026-04-21,1060.19,BGC,LOCKBOX SERVICES,,,DEPOSIT 20APR\n";
        bring(&t, neutral("s", bank)).await.expect("the bank's statement");
        let done = matched(&t, "m2").await;
        assert_eq!((done.lines, done.posted), (1, 1), "the sum is no receipt: {done:?}");
        assert_eq!(states(&t).await, [(106_019, "shown".to_owned()), (7_730, "expected".to_owned())]);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_a_credit_that_came_before_its_payment_file_is_tied_by_a_person() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        bring(&t, neutral("s", "B1,2026-04-21,1060.19,BGC,LOCKBOX SERVICES,,,DEPOSIT 20APR\n")).await.expect("imports");
        assert_eq!(matched(&t, "m1").await.suspense, 1);
        bring(&t, ImportBankStatement { bank_account: Some("Main account".into()), ..lockbox("a", LOCKBOX) })
            .await
            .expect("the payments");
        assert_eq!(matched(&t, "m2").await.posted, 2);
        let cashier = t.role(Role::Cashier);
        let file = takings(&t.desk, &cashier).await.expect("files").remove(0);
        let tie = |key: &str, receipt: &str| TieTakings { key: key.into(), takings: file.id, receipt: receipt.into() };
        assert!(tie_takings(&t.desk, &t.role(Role::Auditor), tie("t0", "RCT-000001")).await.is_err(), "not their duty");
        let no = tie_takings(&t.desk, &cashier, tie("t1", "RCT-000002")).await.expect_err("a cheque of the file");
        assert_eq!(no.code(), Some("CSH-TAKINGS-TIE"));
        let tied = tie_takings(&t.desk, &cashier, tie("t2", "RCT-000001")).await.expect("ties");
        assert_eq!(tie_takings(&t.desk, &cashier, tie("t2", "RCT-000001")).await.expect("the same answer"), tied);
        assert_eq!(states(&t).await, [(106_019, "shown".to_owned())]);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_02_an_agents_file_that_is_old_cut_or_takes_back_brings_nothing() {
    on_both("2026-07-01", async |t| {
        two_customers(&t).await;
        let no = bring(&t, lockbox("a", LOCKBOX)).await.expect_err("old");
        assert_eq!(no.code(), Some("CSH-TAKINGS-OLD"));
        let cut = LOCKBOX.replace("END,2,1060.19\n", "");
        let no = bring(&t, lockbox("b", &cut)).await.expect_err("cut");
        assert!(matches!(&no, No::Invalid(all) if all[0].field == "payfile.total"), "{no:?}");
        assert_eq!(states(&t).await, []);
        let anyway =
            ImportBankStatement { accept_gap: true, reason: "The agent lost it".into(), ..lockbox("c", LOCKBOX) };
        assert_eq!(bring(&t, anyway).await.expect("with a reason").lines_new, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_a_layout_of_an_agent_that_somebody_wrote_reads_its_file() {
    on_both("2026-05-01", async |t| {
        two_customers(&t).await;
        let shipped = layouts().iter().find(|one| one.name == "lockbox-example").expect("ships");
        let own = Layout {
            name: "our-agent".into(),
            delimiter: Some(';'),
            reversal_words: vec!["R".into()],
            ..shipped.clone()
        };
        let save = |key: &str, layout: &Layout| SavePaymentLayout {
            key: key.into(),
            layout: layout.clone(),
            note: String::new(),
        };
        let administrator = t.role(Role::Administrator);
        assert!(save_payment_layout(&t.desk, &t.role(Role::Cashier), save("l0", &own)).await.is_err());
        let nameless = Layout { name: String::new(), ..own.clone() };
        assert!(save_payment_layout(&t.desk, &administrator, save("l1", &nameless)).await.is_err());
        assert_eq!(save_payment_layout(&t.desk, &administrator, save("l2", &own)).await.expect("kept").version, 1);
        assert!(!save_payment_layout(&t.desk, &administrator, save("l3", &own)).await.expect("the same").changed);
        let names: Vec<String> = payment_layouts(&t.desk, &t.role(Role::Cashier))
            .await
            .expect("layouts")
            .into_iter()
            .map(|l| l.name)
            .collect();
        assert_eq!(names[0], "our-agent");
        let ask = ImportBankStatement {
            format: Some("payment-file:our-agent".into()),
            ..lockbox("a", &LOCKBOX.replace(',', ";"))
        };
        assert_eq!(bring(&t, ask).await.expect("imports").lines_new, 2);
    })
    .await;
}

/// The samples of `expected.json` that are files of banks; none, told on the terminal, where they are not there.
fn samples() -> Vec<(String, PathBuf)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("SUNDRY_SAMPLES").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let Ok(text) = std::fs::read(folder.join("expected.json")) else {
        let words = "skipped: no samples to import (set SUNDRY_SAMPLES to their folder)\n";
        let _ = std::io::stderr().write_all(words.as_bytes());
        return Vec::new();
    };
    let known: serde_json::Value = serde_json::from_slice(&text).expect("what is expected");
    let names = known.as_object().expect("an object").keys().filter(|name| name.starts_with("bank/"));
    names.map(|name| (name.clone(), folder.join(name))).filter(|(_, path)| path.is_file()).collect()
}

/// What the import must make of a file, told from what its reader made of it.
fn deserved(file: &BankStatementFile) -> &'static str {
    let pounds = file.statements.iter().all(|one| one.currency == "GBP");
    match () {
        () if !file.errors.is_empty() => "",
        () if !matches!(file.kind.as_str(), "" | "bank") => "CSH-NOT-A-STATEMENT",
        () if !file.moves_cash() => "CSH-NOT-BOOKED",
        () if !pounds => "CSH-CURRENCY",
        () => "taken",
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_csh_02_every_sample_is_imported_or_refused_for_the_reason_it_deserves() {
    let samples = samples();
    if samples.is_empty() {
        return;
    }
    on_both("2026-05-01", async |t| {
        let (mut taken, mut refused, mut faults) = (0, 0, Vec::new());
        for (nth, (name, path)) in samples.iter().enumerate() {
            let account = format!("Account {nth}");
            let new = AddBankAccount {
                key: account.clone(),
                name: account.clone(),
                sort_code: String::new(),
                account: String::new(),
            };
            add_bank_account(&t.desk, &t.role(Role::Administrator), new).await.expect("an account");
            let bytes = std::fs::read(path).expect("a sample");
            let file = read(name, &bytes, None);
            // Samples of several statements were put together by hand: their order is not the question here.
            let ask = ImportBankStatement {
                key: name.clone(),
                file_name: name.clone(),
                bytes: bytes.clone(),
                bank_account: Some(account),
                accept_gap: true,
                reason: "A sample".into(),
                ..ImportBankStatement::default()
            };
            let came = bring(&t, ask).await;
            let wanted = deserved(&file);
            match (&came, wanted) {
                (Ok(answer), "taken") => {
                    taken += 1;
                    let credits: i64 = file.statements.iter().map(|one| one.credits()).sum();
                    let seen = answer.already_on.is_some() || answer.lines_seen > 0;
                    if !seen && answer.credits_pence > credits {
                        faults.push(format!("{name}: {} in, and the file has {credits}", answer.credits_pence));
                    }
                }
                (Err(No::Invalid(all)), "") if all[0].field == file.errors[0].code => refused += 1,
                // Files whose statements are of several accounts, or of days to come, are told so.
                (Err(No::Refused(why)), code) if why.code == code => refused += 1,
                (Err(No::Refused(why)), "taken") if ["CSH-ACCOUNT", "CSH-FAR-AHEAD"].contains(&why.code.as_str()) => {
                    refused += 1;
                }
                (came, wanted) => faults.push(format!("{name}: {came:?}, and {wanted:?} was deserved")),
            }
        }
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        println!("samples: {taken} taken, {refused} refused");
        assert!(taken + refused >= 90, "{taken} taken and {refused} refused of {}", samples.len());
        let kept = bank_files(&t.desk, &t.operator(), "", None, 1_000).await.expect("files").files;
        let (_, bytes) = bank_file_content(&t.desk, &t.operator(), kept[0].id).await.expect("its bytes");
        assert!(samples.iter().any(|(_, path)| std::fs::read(path).expect("a sample") == bytes), "kept as it arrived");
    })
    .await;
}
