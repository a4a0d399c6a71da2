//! Proofs of accounts: the bank, the control account, suspense and what should be clear, as at any day.
use super::ledger::{customers, day, owe, pay};
use sundry_desk::cash::import_bank_statement::{ImportBankStatement, import_bank_statement};
use sundry_desk::cash::match_cash::{MatchCash, match_cash};
use sundry_desk::close::proofs::{
    OwnLine, PrepareProof, ProveControls, ReviewProof, account_proof, control_nights, own_line, prepare_proof, proof,
    proof_pdf, proof_subjects, proofs, prove_controls, review_proof,
};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::ledger::post::{NewJournal, post};
use sundry_desk::{No, Outcome, command};
use sundry_domain::close::{Proof, ProofKind};
use sundry_domain::control::Role;
use sundry_domain::ledger::{direct_debit_banked, direct_debit_released, refund_approved, refund_paid};
use sundry_domain::money::Pence;

const STATEMENT: &str = ":20:S1\n:25:123456/12345678\n:28C:1/1\n:60F:C261001GBP1000,00\n\
    :61:2610051005C500,00NTRFINV-000001//B1\n:86:C1 INV-000001\n\
    :61:2610061006C60,00NTRFCOUNTER//B2\n:86:NOBODY KNOWN\n\
    :61:2610071007D12,50NCHGCHARGES//B3\n:86:BANK CHARGES\n\
    :62F:C261007GBP1547,50\n-\n";

async fn banked(t: &TestDesk) {
    let ids = customers(t, 2).await;
    owe(&t.desk, t.org, "INV-000001", ids["C1"], day("2026-10-01"), 50_000).await.expect("owes");
    owe(&t.desk, t.org, "INV-000002", ids["C2"], day("2026-10-01"), 9_000).await.expect("owes");
    t.go_to("2026-10-08");
    let ask = ImportBankStatement {
        key: "b".into(),
        file_name: "s.mt940".into(),
        bytes: STATEMENT.into(),
        bank_account: Some("Main account".into()),
        ..ImportBankStatement::default()
    };
    let cashier = t.role(Role::Cashier);
    let taken = import_bank_statement(&t.desk, &cashier, ask).await.expect("a statement");
    assert_eq!(taken.lines_new, 3);
    match_cash(&t.desk, &cashier, MatchCash { key: "m".into() }).await.expect("matched");
}

async fn seen(t: &TestDesk, kind: ProofKind, as_at: &str) -> Proof {
    let subjects = proof_subjects(&t.desk, &t.role(Role::Auditor)).await.expect("subjects");
    let one = subjects.into_iter().find(|one| one.kind == kind).expect("a subject");
    account_proof(&t.desk, &t.role(Role::Auditor), (kind, &one.subject), day(as_at)).await.expect("a proof")
}

fn told(proof: &Proof) -> Vec<(&str, i64)> {
    proof.groups.iter().map(|group| (group.title.as_str(), group.amount.0)).collect()
}

fn prepare(key: &str, kind: &str, subject: &str, as_at: &str, words: &str) -> PrepareProof {
    PrepareProof { key: key.into(), kind: kind.into(), subject: subject.into(), as_at: day(as_at), words: words.into() }
}

#[tokio::test(flavor = "multi_thread")]
async fn led_04_the_bank_is_proved_against_its_statement_with_items_in_transit() {
    on_both("2026-10-01", async |t| {
        banked(&t).await;
        pay(&t, "a cheque", "C2", 4_000, Some(("INV-000002", 4_000))).await;
        let bank = seen(&t, ProofKind::Bank, "2026-10-08").await;
        assert_eq!((bank.other, bank.unexplained()), (Pence(154_750), Pence::ZERO), "{bank:#?}");
        assert_eq!(bank.other_name, "Balance on the bank statement of 7 October 2026");
        let line = |group: usize| (bank.groups[group].lines[0].amount.0, bank.groups[group].lines[0].why.as_str());
        assert_eq!(line(0), (4_000, "A cheque that the bank has not cleared"));
        assert_eq!(line(1).0, 1_250);
        assert!(line(1).1.starts_with("Not a customer's money"), "{}", line(1).1);
        assert_eq!(bank.ledger, Pence(60_000), "500 and 60 from the bank, 40 by cheque");
        let before = seen(&t, ProofKind::Bank, "2026-09-30").await;
        assert_eq!((before.ledger, before.other, before.unexplained()), (Pence::ZERO, Pence::ZERO, Pence::ZERO));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn led_01_control_and_suspense_are_proved_as_at_any_day() {
    on_both("2026-10-01", async |t| {
        banked(&t).await;
        let control = seen(&t, ProofKind::Receivables, "2026-10-04").await;
        assert_eq!((control.ledger, control.other, control.unexplained()), (Pence(59_000), Pence(59_000), Pence::ZERO));
        let today = seen(&t, ProofKind::Receivables, "2026-10-08").await;
        assert_eq!(today.unexplained(), Pence::ZERO);
        let suspense = seen(&t, ProofKind::Suspense, "2026-10-08").await;
        assert_eq!((suspense.ledger, suspense.unexplained()), (Pence(-6_000), Pence::ZERO), "{suspense:#?}");
        let line = &suspense.groups[0].lines[0];
        assert_eq!((line.on, line.age(day("2026-10-08"))), (day("2026-10-06"), 2));
        let ask = OwnLine {
            key: "o".into(),
            kind: "suspense".into(),
            line: line.key.clone(),
            owner: "Tom Ashdown".into(),
            words: "Asked the bank".into(),
        };
        own_line(&t.desk, &t.role(Role::Cashier), ask).await.expect("owned");
        let owned = seen(&t, ProofKind::Suspense, "2026-10-08").await;
        assert_eq!(owned.groups[0].lines[0].owner, "Tom Ashdown");
        assert!(owned.groups[0].lines[0].why.ends_with("Asked the bank"));
    })
    .await;
}

async fn moved(
    t: &TestDesk,
    event: &'static str,
    source: &str,
    on: &str,
    lines: Vec<sundry_domain::ledger::EntryLine>,
) {
    let by = t.operator();
    let key = format!("{event} {source} {on}");
    let done: Outcome<i64> = command!(&t.desk, &by, "move", &key, &key, |cmd| {
        let new = NewJournal {
            posted_on: day(on),
            event,
            source: source.into(),
            reason: "test".into(),
            customer: None,
            item: None,
            lines: lines.clone(),
        };
        let journal = post(cmd, new).await?;
        cmd.tell(event, source, ());
        Ok(journal.0)
    });
    done.expect("posted");
}

#[tokio::test(flavor = "multi_thread")]
async fn led_04_clearing_accounts_show_what_is_open_with_its_age() {
    on_both("2026-10-01", async |t| {
        customers(&t, 1).await;
        moved(&t, "CollectionReleased", "collection DDR-000001", "2026-10-01", direct_debit_released(Pence(9_000)))
            .await;
        moved(&t, "CollectionReleased", "collection DDR-000002", "2026-10-05", direct_debit_released(Pence(7_000)))
            .await;
        moved(&t, "CollectionBanked", "bank line 77", "2026-10-03", direct_debit_banked(Pence(9_000))).await;
        for (number, pence) in [("REF-000001", 1_500), ("REF-000002", 2_500)] {
            let lines = refund_approved(Pence(pence), false);
            moved(&t, "RefundApproved", &format!("refund {number}"), "2026-10-02", lines).await;
        }
        moved(&t, "RefundPaid", "refund REF-000001", "2026-10-06", refund_paid(Pence(1_500))).await;
        t.go_to("2026-10-20");
        let clearing = seen(&t, ProofKind::DirectDebit, "2026-10-20").await;
        assert_eq!(told(&clearing), [("Collections that the bank has not settled", 7_000)]);
        assert_eq!((clearing.groups[0].lines[0].what.as_str(), clearing.late()), ("collection DDR-000002", 1));
        let then = seen(&t, ProofKind::DirectDebit, "2026-10-02").await;
        assert_eq!((then.ledger, then.late()), (Pence(9_000), 0));
        let refunds = seen(&t, ProofKind::Refunds, "2026-10-20").await;
        assert_eq!((refunds.ledger, refunds.unexplained()), (Pence(-2_500), Pence::ZERO));
        assert_eq!(refunds.groups[0].lines[0].what, "refund REF-000002");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn led_04_a_proof_is_prepared_by_one_reviewed_by_another_and_kept_by_hash() {
    on_both("2026-10-01", async |t| {
        banked(&t).await;
        let (leader, approver) = (t.role(Role::TeamLeader), t.role(Role::Approver));
        let early = prepare_proof(&t.desk, &leader, prepare("p0", "suspense", "", "2026-10-09", "")).await;
        assert_eq!(early.expect_err("a day to come").code(), Some("GL-03-PROOF-TOO-EARLY"));
        let nowhere = prepare_proof(&t.desk, &leader, prepare("p1", "bank", "9999", "2026-10-08", "")).await;
        assert!(matches!(nowhere, Err(No::Absent(_))));
        let made =
            prepare_proof(&t.desk, &leader, prepare("p2", "suspense", "", "2026-10-08", "")).await.expect("made");
        assert_eq!((made.number.as_str(), made.unexplained_pence), ("PRF-000001", 0));
        let review = |key: &str, accept, words: &str| ReviewProof {
            key: key.into(),
            number: "PRF-000001".into(),
            accept,
            words: words.into(),
        };
        let own = review_proof(&t.desk, &leader, review("r0", true, "")).await.expect_err("own work");
        assert_eq!(own.code(), Some("GL-03-OWN-PROOF"));
        assert!(matches!(review_proof(&t.desk, &approver, review("r1", false, " ")).await, Err(No::Invalid(_))));
        let done = review_proof(&t.desk, &approver, review("r2", true, "Seen")).await.expect("reviewed");
        assert_eq!(done.state, "reviewed");
        let again = review_proof(&t.desk, &approver, review("r3", true, "")).await.expect_err("decided");
        assert_eq!(again.code(), Some("GL-03-PROOF-DECIDED"));
        let (row, kept) = proof(&t.desk, &t.role(Role::Auditor), "PRF-000001").await.expect("kept");
        assert_eq!((row.reviewed_by_name.as_str(), kept.ledger), ("Approver 1", Pence(-6_000)));
        let (name, pdf) = proof_pdf(&t.desk, &t.role(Role::Auditor), "PRF-000001").await.expect("a PDF");
        assert!(name == "PRF-000001.pdf" && pdf.starts_with(b"%PDF"));
        assert_eq!(sundry_desk::core::vault::sha256_hex(&pdf), row.file_sha256);
        assert_eq!(proofs(&t.desk, &leader, Some(day("2026-10-08"))).await.expect("listed").len(), 1);
        let cashier = review_proof(&t.desk, &t.role(Role::Cashier), review("r4", true, "")).await;
        assert_eq!(cashier.expect_err("no duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn led_01_every_night_proves_every_account_and_names_a_difference() {
    on_both("2026-10-01", async |t| {
        banked(&t).await;
        let auditor = t.role(Role::Auditor);
        let ask = ProveControls { key: "n".into(), as_at: day("2026-10-08") };
        let night = prove_controls(&t.desk, &auditor, ask).await.expect("proved");
        assert_eq!((night.accounts, night.unexplained), (5, Vec::new()));
        // Money that went from the bank to nowhere that a statement or a receipt knows of.
        let lines = refund_paid(Pence(123));
        moved(&t, "RefundPaid", "refund REF-000009", "2026-10-08", lines).await;
        let ask = ProveControls { key: "n2".into(), as_at: day("2026-10-08") };
        let night = prove_controls(&t.desk, &auditor, ask).await.expect("proved");
        assert_eq!(night.unexplained, Vec::new(), "it is open, and told as open");
        let bank = seen(&t, ProofKind::Bank, "2026-10-08").await;
        assert_eq!(bank.groups[0].lines[0].why, "Paid out, and not seen at the bank");
        let rows = control_nights(&t.desk, &auditor, day("2026-10-01")).await.expect("nights");
        assert_eq!(rows.len(), 5, "one a day and account");
    })
    .await;
}
