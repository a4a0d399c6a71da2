//! Invoices raised and taken on, credit notes and write-offs with someone else's yes.
use crate::cash::agrees;
use crate::customers::{customer, import};
use crate::ledger::pay;
use sundry_desk::No;
use sundry_desk::approvals::*;
use sundry_desk::billing::*;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{Imported, customer_account, search};
use sundry_desk::recovery::statutory_interest;
use sundry_desk::writeoff::{
    RequestWriteBack, RequestWriteOff, evidence_in_words, request_write_back, request_write_off,
};
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

pub fn line(quantity: &str, price: &str, code: &str) -> InvoiceLine {
    InvoiceLine {
        description: "Room hire".into(),
        quantity: quantity.into(),
        unit_price: price.into(),
        vat_code: code.into(),
        ..InvoiceLine::default()
    }
}

fn form(customer: &str, lines: Vec<InvoiceLine>) -> InvoiceForm {
    InvoiceForm {
        customer_number: customer.into(),
        supply_on: "2026-04-30".parse().ok(),
        lines,
        ..InvoiceForm::default()
    }
}

/// Raises an invoice and gives its number.
pub async fn raised(t: &TestDesk, key: &str, customer: &str, lines: Vec<InvoiceLine>) -> InvoiceRaised {
    let ask = RaiseInvoice { key: key.into(), form: form(customer, lines) };
    raise_invoice(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("raises")
}

pub fn standard() -> Vec<InvoiceLine> {
    vec![line("1", "1000.00", "S")]
}

async fn decide(t: &TestDesk, key: &str, number: &str, role: Role) -> Result<Decided, No> {
    let shown = approval(&t.desk, &t.role(Role::Auditor), number).await.expect("shows");
    let ask = DecideApproval {
        key: key.into(),
        number: number.into(),
        approve: true,
        reason: String::new(),
        content_hash: shown.content_hash,
    };
    decide_approval(&t.desk, &t.role(role), ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_01_inv_e2_is_previewed_and_raised_alike() {
    on_both("2026-05-01", async |t| {
        let (officer, number) = (t.role(Role::BillingOfficer), customer(&t, "c1", "Calder Ltd").await);
        let lines = vec![line("3", "3.33", "S"), line("7", "19.99", "s"), line("11", "£1.05", "S")];
        let preview = preview_invoice(&t.desk, &officer, form(&number, lines.clone())).await.expect("previews");
        assert_eq!((preview.net_pence, preview.vat_pence, preview.gross_pence), (16_147, 3_229, 19_376));
        let made = raised(&t, "r1", &number, lines.clone()).await;
        assert_eq!((made.number.as_str(), made.gross_pence), ("INV-000001", 19_376));
        assert_eq!(made.due_on.to_string(), "2026-05-31");
        assert_eq!(raised(&t, "r1", &number, lines).await.number, "INV-000001");
        let shown = invoice(&t.desk, &officer, "INV-000001").await.expect("shows");
        assert_eq!((shown.lines.len(), shown.open_pence, shown.journals.len()), (3, 19_376, 1));
        let (debits, credits) = shown.journals[0].entries.iter().fold((0, 0), |s, e| (s.0 + e.1, s.1 + e.2));
        assert_eq!((debits, credits), (19_376, 19_376));
        let found = search(&t.desk, &officer, "193.76").await.expect("searches");
        assert_eq!(found.items[0].number, "INV-000001");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inv_01_every_wrong_field_of_the_form_at_once() {
    on_both("2026-05-01", async |t| {
        let (officer, number) = (t.role(Role::BillingOfficer), customer(&t, "c1", "Calder Ltd").await);
        let lines = vec![line("x", "1000000000000000", "S"), line("1", "-5", "Q")];
        let no = preview_invoice(&t.desk, &officer, form(&number, lines)).await.expect_err("invalid");
        let No::Invalid(all) = no else { panic!("{no}") };
        let rows: Vec<_> = all.iter().map(|i| (i.row, i.field.as_str())).collect();
        assert!(rows.contains(&(Some(1), "quantity")) && rows.contains(&(Some(2), "vat_code")), "{rows:?}");
        let none = preview_invoice(&t.desk, &officer, form("C0", standard())).await.expect_err("no such customer");
        assert!(matches!(none, No::Invalid(_)));
        let ask = RaiseInvoice { key: "r".into(), form: form(&number, standard()) };
        let no = raise_invoice(&t.desk, &t.role(Role::Administrator), ask).await.expect_err("ctl_e8");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inv_04_many_at_once_leave_no_gap() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let tasks: Vec<_> = (0..16)
            .map(|n| {
                let (desk, by) = (t.desk.clone(), t.role(Role::BillingOfficer));
                let ask = RaiseInvoice { key: format!("r{n}"), form: form(&number, standard()) };
                tokio::spawn(async move { raise_invoice(&desk, &by, ask).await.map(|r| r.number) })
            })
            .collect();
        let mut numbers = Vec::new();
        for task in tasks {
            numbers.push(task.await.expect("runs").expect("raises"));
        }
        numbers.sort();
        assert_eq!(numbers, (1..=16).map(|n| format!("INV-{n:06}")).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_11_ctl_e1_a_credit_note_takes_someone_elses_yes() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let made = raised(&t, "r1", &number, standard()).await;
        let ask = |key: &str, net_pence| RequestCredit {
            key: key.into(),
            invoice: made.number.clone(),
            lines: vec![CreditLine { line: 1, net_pence }],
            reason: "wrong_price".into(),
            words: String::new(),
        };
        let officer = t.role(Role::BillingOfficer);
        let above = request_credit_note(&t.desk, &officer, ask("k0", 100_001)).await.expect_err("above the line");
        assert_eq!(above.code(), Some("INV-09-ABOVE-LINE"));
        let asked = request_credit_note(&t.desk, &officer, ask("k1", 25_000)).await.expect("asks");
        assert_eq!(asked.gross_pence, 30_000);
        let mut own = t.role(Role::Approver);
        own.user = officer.user;
        let shown = approval(&t.desk, &own, &asked.approval).await.expect("shows");
        assert!(shown.own && !shown.may_decide);
        let yes = |key: &str, hash: &str| DecideApproval {
            key: key.into(),
            number: asked.approval.clone(),
            approve: true,
            reason: String::new(),
            content_hash: hash.into(),
        };
        let no = decide_approval(&t.desk, &own, yes("d1", &shown.content_hash)).await.expect_err("own work");
        assert_eq!(no.code(), Some("CTL-01-OWN-WORK"));
        let no = decide_approval(&t.desk, &t.role(Role::Approver), yes("d2", "else")).await.expect_err("changed");
        assert_eq!(no.code(), Some("CTL-01-CHANGED"));
        let done = decide(&t, "d3", &asked.approval, Role::Approver).await.expect("approves");
        assert_eq!(done.made.as_deref(), Some("CRN-000001"));
        let twice = decide(&t, "d4", &asked.approval, Role::Approver).await.expect_err("decided");
        assert_eq!(twice.code(), Some("CTL-01-DECIDED"));
        let shown = invoice(&t.desk, &officer, &made.number).await.expect("shows");
        assert_eq!((shown.open_pence, shown.credit_notes.len(), shown.allocations.len()), (90_000, 1, 1));
        let note = invoice(&t.desk, &officer, "CRN-000001").await.expect("shows");
        assert_eq!((note.corrects.as_deref(), note.open_pence), (Some("INV-000001"), 0));
        let rest = request_credit_note(&t.desk, &officer, RequestCredit { lines: vec![], ..ask("k2", 0) }).await;
        assert_eq!(rest.expect("asks").gross_pence, 90_000);
        let leader = approvals_list(&t.desk, &t.role(Role::TeamLeader), "").await.expect("lists");
        assert_eq!((leader.rows.len(), leader.total_pence), (1, 90_000));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lp_04_no_interest_runs_on_what_a_credit_note_says_was_never_owed() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let made = raised(&t, "r1", &number, standard()).await;
        t.go_to("2026-07-30");
        let by = t.role(Role::CreditController);
        let today = "2026-07-30".parse().expect("a day");
        let whole = statutory_interest(&t.desk, &by, &made.number, today).await.expect("interest");
        assert_eq!((whole.working.interest, whole.working.compensation), (Pence(2_318), Pence(7_000)));
        let ask = RequestCredit {
            key: "k1".into(),
            invoice: made.number.clone(),
            lines: vec![CreditLine { line: 1, net_pence: 25_000 }],
            reason: "wrong_price".into(),
            words: String::new(),
        };
        let asked = request_credit_note(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("asks");
        decide(&t, "d", &asked.approval, Role::Approver).await.expect("approves");
        let left = statutory_interest(&t.desk, &by, &made.number, today).await.expect("interest");
        // £900.00 for 60 days, from the first: the credit note came on the sixtieth.
        assert_eq!((left.working.interest, left.working.compensation), (Pence(1_738), Pence(4_000)));
    })
    .await;
}

fn amendment(key: &str, invoice: &str, lines: Vec<InvoiceLine>, of_lines: Vec<Option<i64>>) -> AmendInvoice {
    AmendInvoice {
        key: key.into(),
        invoice: invoice.into(),
        reason: "wrong_price".into(),
        words: "The hall was cold".into(),
        form: form("", lines),
        of_lines,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_12_an_amended_invoice_shows_old_line_new_line_difference_and_reason() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let lines = vec![line("1", "1000.00", "S"), line("2", "10.00", "E")];
        let made = raised(&t, "r1", &number, lines.clone()).await;
        assert_eq!(made.gross_pence, 122_000);
        pay(&t, "PAID", &number, 30_000, Some((&made.number, 30_000))).await;
        let officer = t.role(Role::BillingOfficer);
        let with = |ask: AmendInvoice| AmendInvoice {
            form: InvoiceForm { customer_number: number.clone(), ..ask.form.clone() },
            ..ask
        };
        let same = request_amendment(&t.desk, &officer, with(amendment("a0", &made.number, lines, vec![]))).await;
        assert_eq!(same.expect_err("nothing would change").code(), Some("INV-09-SAME"));
        let wrong = amendment("a1", &made.number, vec![line("many", "1", "S")], vec![]);
        let wrong = request_amendment(&t.desk, &officer, with(wrong)).await.expect_err("not a quantity");
        assert!(matches!(wrong, No::Invalid(_)));
        let nobody = t.role(Role::Cashier);
        let new =
            vec![line("1", "800.00", "S"), InvoiceLine { description: "Chairs".into(), ..line("1", "5.00", "S") }];
        let ask = with(amendment("a2", &made.number, new, vec![Some(1), None]));
        assert_eq!(
            request_amendment(&t.desk, &nobody, ask.clone()).await.expect_err("no duty").code(),
            Some("CTL-01-NO-DUTY")
        );
        let asked = request_amendment(&t.desk, &officer, ask.clone()).await.expect("asks");
        assert_eq!((asked.credit_pence, asked.bill_pence), (122_000, 96_600));
        let again = request_amendment(&t.desk, &officer, ask).await.expect("the same key");
        assert_eq!(again.approval, asked.approval);
        let before = invoice(&t.desk, &officer, &made.number).await.expect("shows");
        assert!(before.amendment.is_none() && before.open_pence == 92_000, "nothing until it is approved");
        let done = decide(&t, "d1", &asked.approval, Role::Approver).await.expect("approves");
        assert_eq!(done.made.as_deref(), Some("CRN-000001 and INV-000002"));

        let old = invoice(&t.desk, &officer, &made.number).await.expect("shows");
        let new = invoice(&t.desk, &officer, "INV-000002").await.expect("shows");
        let note = invoice(&t.desk, &officer, "CRN-000001").await.expect("shows");
        assert_eq!((old.open_pence, note.open_pence, new.open_pence), (0, 0, 96_600 - 30_000));
        assert_eq!(new.corrects.as_deref(), Some("INV-000001"));
        assert_eq!(new.document.actor_id, officer.user.0, "who asked raised it, who approved did not");
        for seen in [&old, &new, &note] {
            let amended = seen.amendment.as_ref().expect("each of the three tells it");
            assert_eq!((amended.old.as_str(), amended.new.as_deref()), ("INV-000001", Some("INV-000002")));
            assert_eq!(amended.credit_notes, ["CRN-000001"]);
            assert_eq!((amended.old_pence, amended.new_pence), (122_000, 96_600));
            let told: Vec<_> = amended
                .lines
                .iter()
                .map(|l| {
                    let net =
                        |row: &Option<sundry_store::billing::DocumentLineRow>| row.as_ref().map(|row| row.net_pence);
                    (net(&l.old), net(&l.new), l.difference_pence, l.reason.as_str())
                })
                .collect();
            let why = "Wrong price or quantity";
            assert_eq!(
                told,
                [
                    (Some(100_000), Some(80_000), -24_000, why),
                    (Some(2_000), None, -2_000, why),
                    (None, Some(500), 600, why)
                ]
            );
        }
        let nothing = amendment("a3", &made.number, vec![line("1", "1.00", "S")], vec![]);
        let nothing = request_amendment(&t.desk, &officer, with(nothing)).await.expect_err("nothing left to credit");
        assert_eq!(nothing.code(), Some("INV-09-ABOVE-LINE"));
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_12_a_part_credit_shows_what_is_left_of_each_line() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let made = raised(&t, "r1", &number, vec![line("1", "1000.00", "S"), line("1", "10.00", "E")]).await;
        let ask = RequestCredit {
            key: "k".into(),
            invoice: made.number.clone(),
            lines: vec![CreditLine { line: 1, net_pence: 25_000 }],
            reason: "service_not_given".into(),
            words: String::new(),
        };
        let asked = request_credit_note(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("asks");
        decide(&t, "d", &asked.approval, Role::Approver).await.expect("approves");
        let shown = invoice(&t.desk, &t.role(Role::Auditor), &made.number).await.expect("shows");
        let amended = shown.amendment.expect("amended");
        assert_eq!((amended.new, amended.old_pence, amended.new_pence), (None, 121_000, 91_000));
        let told: Vec<_> = amended.lines.iter().map(|l| (l.difference_pence, l.reason.as_str())).collect();
        assert_eq!(told, [(-30_000, "Service not given"), (0, "")]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_14_a_vat_return_from_documents_to_filed() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let made = raised(&t, "r1", &number, vec![line("1", "1000.00", "S"), line("1", "500.00", "E")]).await;
        raised(&t, "r2", &number, vec![line("1", "70.00", "O")]).await;
        t.go_to("2026-06-20");
        let ask = RequestCredit {
            key: "k".into(),
            invoice: made.number.clone(),
            lines: vec![CreditLine { line: 1, net_pence: 10_000 }],
            reason: "wrong_price".into(),
            words: String::new(),
        };
        let asked = request_credit_note(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("asks");
        decide(&t, "d", &asked.approval, Role::Approver).await.expect("approves");
        t.go_to("2026-07-07");
        let auditor = t.role(Role::Auditor);
        let quarter = AskVatReturn { from_on: "2026-04-01".parse().ok(), to_on: None };
        let shown = vat_return(&t.desk, &auditor, quarter).await.expect("shows");
        assert_eq!(shown.to_on.to_string(), "2026-06-30");
        assert_eq!((shown.boxes.box1, shown.boxes.box4, shown.boxes.box6_pounds), (Pence(18_000), Pence::ZERO, 1_400));
        assert_eq!((shown.posted_pence, shown.timing_pence), (18_000, 0));
        let kinds: Vec<(&str, &str, i64)> =
            shown.sums.iter().map(|s| (s.kind.as_str(), s.vat_code.as_str(), s.net_pence)).collect();
        let expected = [
            ("invoice", "E", 50_000),
            ("invoice", "O", 7_000),
            ("invoice", "S", 100_000),
            ("credit_note", "S", 10_000),
        ];
        assert_eq!(kinds, expected, "exempt and outside the scope are never merged");
        assert_eq!(shown.documents.len(), 3);
        let file = |key: &str, box1_pence| FileVatReturn {
            key: key.into(),
            from_on: shown.from_on,
            to_on: shown.to_on,
            box1_pence,
            receipt: "163000000011".into(),
        };
        let no = file_vat_return(&t.desk, &t.role(Role::BillingOfficer), file("f0", 18_000)).await;
        assert_eq!(no.expect_err("no duty").code(), Some("CTL-01-NO-DUTY"));
        let approver = t.role(Role::Approver);
        let other = file_vat_return(&t.desk, &approver, file("f1", 20_000)).await.expect_err("not what the books say");
        assert_eq!(other.code(), Some("CTL-01-CHANGED"));
        file_vat_return(&t.desk, &approver, file("f2", 18_000)).await.expect("filed");
        file_vat_return(&t.desk, &approver, file("f2", 18_000)).await.expect("the same key");
        let twice = file_vat_return(&t.desk, &approver, file("f3", 18_000)).await.expect_err("filed already");
        assert_eq!(twice.code(), Some("INV-05-RETURN-GAP"));

        let late = |code: &str| RaiseInvoice {
            key: format!("late {code}"),
            form: InvoiceForm { supply_on: "2026-06-12".parse().ok(), ..form(&number, vec![line("1", "9.00", code)]) },
        };
        let officer = t.role(Role::BillingOfficer);
        let refused = raise_invoice(&t.desk, &officer, late("S")).await.expect_err("its return is filed");
        assert_eq!(refused.code(), Some("INV-05-PERIOD-FILED"));
        raise_invoice(&t.desk, &officer, late("E")).await.expect("no VAT, so no return is wrong");
        let next = vat_return(&t.desk, &auditor, AskVatReturn::default()).await.expect("shows");
        assert_eq!((next.from_on.to_string(), next.to_on.to_string()), ("2026-07-01".into(), "2026-09-30".into()));
        assert!(!next.why_not.is_empty() && next.filed.len() == 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn inv_e9_inv_e11_bil_14_relief_due_after_the_write_off_is_claimed_once() {
    on_both("2026-01-10", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let form = InvoiceForm { supply_on: "2026-01-10".parse().ok(), ..form(&number, standard()) };
        let ask = RaiseInvoice { key: "r".into(), form };
        let made = raise_invoice(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("raises");
        pay(&t, "PART", &number, 30_000, Some((&made.number, 30_000))).await;
        t.go_to("2026-04-20");
        let ask = RequestWriteOff {
            key: "w".into(),
            item: made.number.clone(),
            amount: None,
            reason: "untraceable".into(),
            words: "Gone, traced twice".into(),
            evidence: evidence_in_words("untraceable", "On the account", t.desk.today()),
        };
        let asked = request_write_off(&t.desk, &t.role(Role::CreditController), ask).await.expect("asks");
        decide(&t, "d", &asked.approval, Role::Approver).await.expect("approves");
        let (leader, auditor) = (t.role(Role::TeamLeader), t.role(Role::Auditor));
        let early =
            claim_vat_relief(&t.desk, &leader, ClaimVatRelief { key: "claim 0".into() }).await.expect("nothing yet");
        assert_eq!((early.write_offs, early.relief_pence), (0, 0));
        let shown = vat_return(&t.desk, &auditor, AskVatReturn::default()).await.expect("shows");
        let told = &shown.relief[0];
        assert_eq!((told.relief_pence, told.state.as_str()), (15_000, "early"));
        assert_eq!(
            (told.earliest_on.to_string(), told.latest_on.to_string()),
            ("2026-08-09".into(), "2030-08-09".into())
        );
        t.go_to("2026-08-09");
        let claimed =
            claim_vat_relief(&t.desk, &leader, ClaimVatRelief { key: "claim 1".into() }).await.expect("claims");
        assert_eq!((claimed.write_offs, claimed.relief_pence), (1, 15_000));
        let again = claim_vat_relief(&t.desk, &leader, ClaimVatRelief { key: "claim 2".into() }).await.expect("once");
        assert_eq!(again.write_offs, 0);
        let quarter = AskVatReturn { from_on: "2026-07-01".parse().ok(), to_on: None };
        let shown = vat_return(&t.desk, &auditor, quarter).await.expect("shows");
        assert_eq!((shown.boxes.box4, shown.boxes.box1), (Pence(15_000), Pence::ZERO));
        assert!(shown.relief.is_empty());

        let back = RequestWriteBack {
            key: "b".into(),
            write_off: "WO-000001".into(),
            amount: Pence(24_000),
            words: "Found and paying".into(),
            receipt: String::new(),
        };
        let asked = request_write_back(&t.desk, &t.role(Role::CreditController), back).await.expect("asks");
        decide(&t, "d2", &asked.approval, Role::Approver).await.expect("approves");
        let shown = vat_return(&t.desk, &auditor, quarter).await.expect("shows");
        assert_eq!((shown.boxes.box1, shown.repaid_pence), (Pence(4_000), 4_000), "the VAT in it is owed again");
        agrees(&t).await;
    })
    .await;
}

/// Gives all of a debt up, with someone else's yes.
async fn given_up(t: &TestDesk, key: &str, item: &str) {
    let ask = RequestWriteOff {
        key: key.into(),
        item: item.into(),
        amount: None,
        reason: "untraceable".into(),
        words: "Gone, traced twice".into(),
        evidence: evidence_in_words("untraceable", "On the account", t.desk.today()),
    };
    let asked = request_write_off(&t.desk, &t.role(Role::CreditController), ask).await.expect("asks");
    decide(t, &format!("{key} yes"), &asked.approval, Role::Approver).await.expect("approves");
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_05_relief_is_claimed_on_what_did_not_come_back_before_and_repaid_in_full() {
    on_both("2026-01-10", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let form = InvoiceForm { supply_on: "2026-01-10".parse().ok(), ..form(&number, standard()) };
        let ask = RaiseInvoice { key: "r".into(), form };
        let made = raise_invoice(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("raises");
        t.go_to("2026-04-20");
        given_up(&t, "w", &made.number).await;
        let back = async |key: &str, pence: i64| {
            let ask = RequestWriteBack {
                key: key.into(),
                write_off: "WO-000001".into(),
                amount: Pence(pence),
                words: "Found and paying".into(),
                receipt: String::new(),
            };
            let asked = request_write_back(&t.desk, &t.role(Role::CreditController), ask).await.expect("asks");
            decide(&t, &format!("{key} yes"), &asked.approval, Role::Approver).await.expect("approves");
        };
        back("b1", 60_000).await;
        t.go_to("2026-08-09");
        let leader = t.role(Role::TeamLeader);
        let claimed = claim_vat_relief(&t.desk, &leader, ClaimVatRelief { key: "claim".into() }).await.expect("claims");
        assert_eq!((claimed.write_offs, claimed.relief_pence), (1, 10_000), "on the £600.00 that are still given up");
        let quarter = AskVatReturn { from_on: "2026-07-01".parse().ok(), to_on: None };
        let repaid = async || vat_return(&t.desk, &t.role(Role::Auditor), quarter).await.expect("shows").repaid_pence;
        assert_eq!(repaid().await, 0, "nothing was claimed on what came back before");
        back("b2", 20_000).await;
        back("b3", 40_000).await;
        assert_eq!(repaid().await, 10_000, "all that was claimed");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wof_05_the_six_months_of_an_instalment_run_from_its_own_due_day() {
    on_both("2026-01-10", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let form = InvoiceForm {
            supply_on: "2026-01-10".parse().ok(),
            due_on: "2026-02-09".parse().ok(),
            instalment_count: Some(2),
            instalment_every: "quarter".into(),
            ..form(&number, standard())
        };
        let ask = RaiseInvoice { key: "r".into(), form };
        let made = raise_invoice(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("raises");
        t.go_to("2026-08-09");
        given_up(&t, "w1", &format!("{}/1", made.number)).await;
        given_up(&t, "w2", &format!("{}/2", made.number)).await;
        let shown = vat_return(&t.desk, &t.role(Role::Auditor), AskVatReturn::default()).await.expect("shows");
        let early: Vec<(&str, i64, &str, String)> = shown
            .relief
            .iter()
            .map(|one| (one.write_off.as_str(), one.relief_pence, one.state.as_str(), one.earliest_on.to_string()))
            .collect();
        assert_eq!(
            early,
            [("WO-000002", 10_000, "early", "2026-11-09".to_owned())],
            "the first had its relief at once"
        );
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctl_e2_and_gl_e1_a_write_off_within_the_limit_and_back() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let made = raised(&t, "r1", &number, standard()).await;
        t.go_to("2026-12-15");
        let controller = t.role(Role::CreditController);
        let ask = |key: &str, amount| RequestWriteOff {
            key: key.into(),
            item: made.number.clone(),
            amount: Some(Pence(amount)),
            reason: "untraceable".into(),
            words: "Traced twice".into(),
            evidence: evidence_in_words("untraceable", "On the account", t.desk.today()),
        };
        let asked = request_write_off(&t.desk, &controller, ask("w1", 90_000)).await.expect("asks");
        let no = decide(&t, "d0", &asked.approval, Role::TeamLeader).await.expect_err("no duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let mut small = t.role(Role::Approver);
        small.limit = Pence(80_000);
        let shown = approval(&t.desk, &small, &asked.approval).await.expect("shows");
        let yes = DecideApproval {
            key: "d1".into(),
            number: asked.approval.clone(),
            approve: true,
            reason: String::new(),
            content_hash: shown.content_hash,
        };
        let no = decide_approval(&t.desk, &small, yes).await.expect_err("above the limit");
        assert_eq!(no.code(), Some("CTL-02-ABOVE-LIMIT"));
        let done = decide(&t, "d2", &asked.approval, Role::Approver).await.expect("approves");
        assert_eq!(done.made.as_deref(), Some("WO-000001"));
        let account = customer_account(&t.desk, &controller, &number).await.expect("shows");
        assert_eq!(account.strip.balance_pence, 30_000);
        let back = RequestWriteBack {
            key: "b1".into(),
            write_off: "WO-000001".into(),
            amount: Pence(24_000),
            words: "Paying".into(),
            receipt: String::new(),
        };
        let asked = request_write_back(&t.desk, &controller, back.clone()).await.expect("asks");
        assert_eq!(
            decide(&t, "d3", &asked.approval, Role::Approver).await.expect("approves").made.as_deref(),
            Some("WB-000001")
        );
        let more = RequestWriteBack { key: "b2".into(), amount: Pence(66_001), ..back };
        let no = request_write_back(&t.desk, &controller, more).await.expect_err("above what was written off");
        assert_eq!(no.code(), Some("REC-09-AMOUNT"));
        let mut look = t.desk.look().await.expect("looks");
        let mut of_role = std::collections::BTreeMap::new();
        for journal in
            sundry_store::ledger::journals_of_source(&mut look, t.org, "write-off WO-000001").await.expect("reads")
        {
            for e in sundry_store::ledger::entries_of(&mut look, t.org, journal.id).await.expect("reads") {
                *of_role.entry(e.gl_code).or_insert(0) += e.debit_pence - e.credit_pence;
            }
        }
        // Net loss in allowance: 750 - 240 + 40 = 550.00.
        assert_eq!((of_role["1290"], of_role["2205"], of_role["1200"]), (55_000, 15_000, -66_000));
    })
    .await;
}

const HEAD: &str = "invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross";
const LINES: &str = "invoice_no,line_no,description,quantity,unit_price,vat_code,net,vat";

async fn take_on(t: &TestDesk, key: &str, rows: &str, lines: Option<&str>, accept_good: bool) -> Result<Imported, No> {
    let ask = ImportInvoices {
        key: key.into(),
        file_name: "invoices.csv".into(),
        bytes: format!("{HEAD}\n{rows}\n").into_bytes(),
        lines_name: "lines.csv".into(),
        lines: lines.map(|rows| format!("{LINES}\n{rows}\n").into_bytes()),
        dry_run: false,
        accept_good,
    };
    import_invoices(&t.desk, &t.role(Role::BillingOfficer), ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_open_invoices_are_taken_on_under_their_old_numbers_and_dates() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let rows = format!("SI1,{number},2025-03-14,2025-04-13,PO1,100.00,20.00,120.00\nSI2,{number},2026-02-30,2026-03-31,,1.00,0.00,1.00\nSI3,C9,2026-02-01,2026-03-03,,10.00,0.00,10.00\nSI4,{number},2026-02-01,2026-03-03,,10.00,0.00,10.00");
        let lines = "SI1,1,Catering,2,50.00,S,100.00,20.00\nSI4,1,Parking,1,9.00,O,9.00,0.00";
        let told = take_on(&t, "i1", &rows, Some(lines), false).await.expect("tells");
        assert_eq!((told.rows, told.taken), (4, 0));
        let at: Vec<_> = told.problems.iter().filter(|p| p.file == "invoices").map(|p| (p.row, p.field.as_str())).collect();
        assert_eq!(at, [(3, "invoice_date"), (4, "customer_id"), (5, "net")]);
        let kept = take_on(&t, "i2", &rows, Some(lines), true).await.expect("keeps the good");
        assert_eq!((kept.taken, kept.refused, kept.total_pence), (1, 3, 12_000));
        assert!(kept.bad_lines_csv.expect("lines back").contains("SI4"));
        let shown = invoice(&t.desk, &t.role(Role::Auditor), "SI1").await.expect("shows");
        assert_eq!((shown.document.origin.as_str(), shown.lines[0].vat_bp), ("taken_on", 2_000));
        assert_eq!(shown.journals[0].posted_on.to_string(), "2025-03-14");
        let again = take_on(&t, "i3", &rows, Some(lines), true).await.expect_err("the same file");
        assert_eq!(again.code(), Some("CUS-ALREADY-IMPORTED"));
        let credit = format!("SC1,{number},2026-02-01,2026-02-01,,-10.00,-2.00,-12.00");
        assert_eq!(take_on(&t, "i4", &credit, None, false).await.expect("takes").taken, 1);
        let account = customer_account(&t.desk, &t.role(Role::Auditor), &number).await.expect("shows");
        assert_eq!((account.strip.balance_pence, account.strip.unallocated_pence), (10_800, 1_200));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_a_large_ledger_is_taken_on_in_one_go() {
    on_both("2026-05-01", async |t| {
        let header = "customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n";
        let customers: String = (1..=200)
            .map(|n| format!("C{},Person {n},person,{n} Mill Lane,Ashford,ZZ1 1AA,,30,,\n", 100_000 + n))
            .collect();
        let done = import(&t, "c", format!("{header}{customers}").into_bytes(), false).await.expect("imports");
        assert_eq!(done.taken, 200);
        let (mut rows, mut lines) = (String::new(), String::new());
        for n in 1..=2_000 {
            let customer = 100_001 + n % 200;
            rows.push_str(&format!("SI{n},C{customer},2026-01-{:02},2026-03-01,,30.00,4.00,34.00\n", 1 + n % 28));
            lines.push_str(&format!("SI{n},1,Catering,1,20.00,S,20.00,4.00\nSI{n},2,Grant,1,10.00,O,10.00,0.00\n"));
        }
        let began = std::time::Instant::now();
        let done = take_on(&t, "i", rows.trim_end(), Some(lines.trim_end()), false).await.expect("imports");
        eprintln!("2,000 invoices taken on in {:?}", began.elapsed());
        assert_eq!((done.taken, done.total_pence, done.problems.len()), (2_000, 6_800_000, 0));
    })
    .await;
}
