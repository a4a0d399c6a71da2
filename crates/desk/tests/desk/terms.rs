//! Instalments of an invoice, payment terms with a discount, deposits.
use crate::billing::line;
use crate::cash::{bring, matched, neutral};
use crate::customers::customer;
use crate::ledger::pay;
use crate::recovery::release;
use sundry_desk::approvals::*;
use sundry_desk::billing::*;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::delivery::{letter, letters_of_customer};
use sundry_desk::ledger::verify::verify;
use sundry_desk::plans::{EndHold, end_hold, holds};
use sundry_desk::queries::{ActOnQuery, RaiseQuery, ResolveQuery, act_on_query, query, raise_query, resolve_query};
use sundry_desk::reports::aged_debt::{AskAgedDebt, aged_debt};
use sundry_desk::writeoff::{RequestWriteOff, evidence_in_words, request_write_off};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, HoldId};
use sundry_domain::money::Pence;
use sundry_store::args;

fn form(customer: &str, lines: Vec<InvoiceLine>) -> InvoiceForm {
    let supply_on = "2026-04-30".parse().ok();
    InvoiceForm { customer_number: customer.into(), supply_on, lines, ..InvoiceForm::default() }
}

/// An invoice of £1,200.00 with VAT, in three monthly instalments from 31 May.
fn in_three(customer: &str) -> InvoiceForm {
    InvoiceForm {
        due_on: "2026-05-31".parse().ok(),
        instalment_count: Some(3),
        instalment_every: "month".into(),
        ..form(customer, vec![line("1", "1000.00", "S")])
    }
}

async fn raise(t: &TestDesk, key: &str, form: InvoiceForm) -> Outcome<InvoiceRaised> {
    raise_invoice(&t.desk, &t.role(Role::BillingOfficer), RaiseInvoice { key: key.into(), form }).await
}

async fn open(t: &TestDesk, number: &str) -> Vec<(String, i64, i64)> {
    let shown = invoice(&t.desk, &t.role(Role::Auditor), number).await.expect("shows");
    shown.instalments.into_iter().map(|i| (i.number, i.open_pence, i.disputed_pence)).collect()
}

async fn agrees(t: &TestDesk) {
    let proof = verify(&t.desk, Some(t.org), |_, _| {}).await.expect("proves");
    assert_eq!(proof.failures(), Vec::<String>::new());
}

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome.expect_err("refused") {
        No::Refused(refusal) => refusal.code.to_string(),
        No::Invalid(all) => all.into_iter().map(|one| one.field).collect::<Vec<_>>().join(","),
        other => format!("{other:?}"),
    }
}

/// What stands on a GL role, debits above nothing.
async fn balance(t: &TestDesk, role: &str) -> i64 {
    let mut look = t.desk.look().await.expect("reads");
    let sum = "select cast(coalesce(sum(e.debit_pence - e.credit_pence), 0) as bigint) from entry e join gl_code g on g.org_id = e.org_id and g.code = e.gl_code where e.org_id = $1 and g.role = $2";
    look.one::<(i64,)>(sum, args![t.org, role]).await.expect("sums").0
}

async fn approve(t: &TestDesk, key: &str, number: &str) {
    let shown = approval(&t.desk, &t.role(Role::Auditor), number).await.expect("shows");
    let (number, content_hash) = (number.into(), shown.content_hash);
    let ask = DecideApproval { key: key.into(), number, approve: true, reason: String::new(), content_hash };
    decide_approval(&t.desk, &t.role(Role::Approver), ask).await.expect("decides");
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_09_each_instalment_ages_on_its_own() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "who", "Calder Ltd").await;
        let made = raise(&t, "r1", in_three(&who)).await.expect("raises");
        let again = raise(&t, "r1", in_three(&who)).await.expect("the same answer");
        assert_eq!(
            (made.number.as_str(), again.number.as_str(), made.instalments.len()),
            ("INV-000001", "INV-000001", 3)
        );
        let shown = invoice(&t.desk, &t.role(Role::Auditor), "INV-000001/2").await.expect("shows the invoice");
        assert_eq!((shown.document.number.as_str(), shown.open_pence), ("INV-000001", 120_000));
        let days: Vec<String> = shown.instalments.iter().map(|i| format!("{} {}", i.number, i.due_on)).collect();
        assert_eq!(days, ["INV-000001/1 2026-05-31", "INV-000001/2 2026-06-30", "INV-000001/3 2026-07-31"]);
        // Payers quote the invoice: that means the first part that is open.
        let rows = "B0000001,2026-05-29,400.00,BGC,CALDER LTD,,,INV 000001\n";
        bring(&t, neutral("i1", rows)).await.expect("imports");
        t.go_to("2026-05-30");
        assert_eq!(matched(&t, "m1").await.posted, 1);
        assert_eq!(open(&t, "INV-000001").await[0], ("INV-000001/1".to_owned(), 0, 0));
        t.go_to("2026-07-20");
        let ask = AskAgedDebt { as_at: t.desk.today(), basis: "due".into(), by: "item".into() };
        let aged = aged_debt(&t.desk, &t.role(Role::Auditor), &ask).await.expect("answers");
        let csv = String::from_utf8(aged.to_csv()).expect("text");
        let rows: Vec<&str> = csv.lines().filter(|row| row.contains("INV-")).collect();
        assert_eq!(rows.len(), 2, "{csv}");
        assert!(rows[0].starts_with("INV-000001/2,") && rows[1].starts_with("INV-000001/3,"), "{csv}");
        assert_ne!(rows[0].find("400.00"), rows[1].find("400.00"), "one is overdue and one is not: {csv}");
        let list = DocumentsAsk { open_only: true, limit: Some(10), ..DocumentsAsk::default() };
        let listed = documents_list(&t.desk, &t.role(Role::Auditor), list).await.expect("lists").rows;
        assert_eq!(
            listed.iter().map(|d| (d.number.as_str(), d.open_pence)).collect::<Vec<_>>(),
            [("INV-000001", 80_000)]
        );
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_09_a_schedule_that_cannot_be_is_refused_at_its_field() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "who", "Calder Ltd").await;
        let with = |form: InvoiceForm| raise(&t, "wrong", form);
        let part = |day: &str, pence| ScheduleLine { due_on: day.parse().expect("a date"), amount: Pence(pence) };
        let short = vec![part("2026-05-31", 60_000), part("2026-06-30", 59_999)];
        assert_eq!(code(with(InvoiceForm { instalment_count: Some(61), ..in_three(&who) }).await), "instalment_count");
        assert_eq!(
            code(with(InvoiceForm { instalment_every: "moon".into(), ..in_three(&who) }).await),
            "instalment_every"
        );
        assert_eq!(code(with(InvoiceForm { schedule: short.clone(), ..in_three(&who) }).await), "instalment_count");
        let listed = InvoiceForm { schedule: short, instalment_count: None, ..in_three(&who) };
        assert_eq!(code(with(listed).await), "instalments");
        assert_eq!(
            code(with(InvoiceForm { terms: "NONE".into(), ..form(&who, vec![line("1", "9", "O")]) }).await),
            "terms"
        );
        let uneven = vec![part("2026-05-31", 100_000), part("2026-06-30", 20_000)];
        let good = InvoiceForm { schedule: uneven, instalment_count: None, ..in_three(&who) };
        assert_eq!(raise(&t, "good", good).await.expect("raises").due_on.to_string(), "2026-05-31");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_09_credits_queries_and_write_offs_know_the_parts() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "who", "Calder Ltd").await;
        raise(&t, "r1", in_three(&who)).await.expect("raises");
        let cases = t.role(Role::CreditController);
        let ask = RaiseQuery {
            key: "q1".into(),
            item: "INV-000001".into(),
            category: "price".into(),
            disputed: Some(Pence(90_000)),
            words: "It was to be £300".into(),
            ..RaiseQuery::default()
        };
        let asked = raise_query(&t.desk, &cases, ask).await.expect("asks");
        let parts = |rows: [(i64, i64); 3]| {
            (1..).zip(rows).map(|(n, (open, held))| (format!("INV-000001/{n}"), open, held)).collect::<Vec<_>>()
        };
        assert_eq!(open(&t, "INV-000001").await, parts([(40_000, 40_000), (40_000, 40_000), (40_000, 10_000)]));
        let stands = ResolveQuery {
            key: "a1".into(),
            number: asked.number,
            resolution: "charge_stands".into(),
            words: "It is what was ordered".into(),
            credit: Vec::new(),
            credit_reason: String::new(),
            cause: String::new(),
            rebilled_as: String::new(),
            letter: Some(false),
        };
        resolve_query(&t.desk, &t.role(Role::TeamLeader), stands).await.expect("resolves");
        assert_eq!(open(&t, "INV-000001").await, parts([(40_000, 0), (40_000, 0), (40_000, 0)]));

        let credit = RequestCredit {
            key: "c1".into(),
            invoice: "INV-000001".into(),
            lines: vec![CreditLine { line: 1, net_pence: 50_000 }],
            reason: "wrong_price".into(),
            words: "Half".into(),
        };
        let by_rule = RequestCredit { reason: "paid_early".into(), key: "c0".into(), ..credit.clone() };
        assert_eq!(code(request_credit_note(&t.desk, &t.role(Role::BillingOfficer), by_rule).await), "reason");
        let asked = request_credit_note(&t.desk, &t.role(Role::BillingOfficer), credit).await.expect("asks");
        approve(&t, "d1", &asked.approval).await;
        assert_eq!(open(&t, "INV-000001").await, parts([(0, 0), (20_000, 0), (40_000, 0)]));

        let give_up = |key: &str, item: &str| RequestWriteOff {
            key: key.into(),
            item: item.into(),
            amount: None,
            reason: "untraceable".into(),
            words: "Cannot be found".into(),
            evidence: evidence_in_words("untraceable", "On the account", t.desk.today()),
        };
        let whole = request_write_off(&t.desk, &cases, give_up("w1", "INV-000001")).await;
        assert_eq!(code(whole), "BIL-09-WHICH");
        let one = request_write_off(&t.desk, &cases, give_up("w2", "INV-000001/2")).await.expect("asks");
        assert_eq!(one.amount_pence, 20_000);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_03_the_hold_of_an_invoice_by_instalments_is_of_every_part() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "who", "Calder Ltd").await;
        raise(&t, "r1", in_three(&who)).await.expect("raises");
        release(&t, "2026-05-01").await.expect("a day");
        let cases = t.role(Role::CreditController);
        let ask = RaiseQuery {
            key: "q1".into(),
            item: "INV-000001".into(),
            category: "price".into(),
            disputed: Some(Pence(90_000)),
            words: "It was to be £300".into(),
            ..RaiseQuery::default()
        };
        let number = raise_query(&t.desk, &cases, ask).await.expect("asks").number;
        let customer = invoice(&t.desk, &cases, "INV-000001").await.expect("shows").document.customer_id;
        let live = async || {
            let all = holds(&t.desk, &cases, CustomerId(customer)).await.expect("holds");
            let live = all.into_iter().filter(|hold| hold.ended_on.is_none());
            live.map(|hold| (hold.id, hold.until_on.map(|day| day.to_string()))).collect::<Vec<_>>()
        };
        let act = async |key: &str, act: &str, until: &str| {
            let (key, number, act, until) = (key.into(), number.clone(), act.into(), until.parse().ok());
            act_on_query(&t.desk, &cases, ActOnQuery { key, number, act, until, ..ActOnQuery::default() }).await
        };
        assert_eq!(live().await.len(), 3, "one of each part");
        act("m1", "extend_hold", "2026-12-31").await.expect("moves");
        assert!(live().await.iter().all(|(_, until)| until.as_deref() == Some("2026-12-31")));
        // All of the second part is in query: it is not chased, though it is long overdue.
        let mut day: chrono::NaiveDate = "2026-06-30".parse().expect("a date");
        while day.to_string().as_str() <= "2026-07-24" {
            let run = release(&t, &day.to_string()).await.expect("a day");
            assert!(!run.totals.letters.contains_key("reminder"), "{day}: {:?}", run.totals);
            day = day.succ_opt().expect("a day after");
        }
        // Closed and opened again, it holds the same parts.
        let parts = [40_000, 40_000, 10_000];
        let disputed = async || open(&t, "INV-000001").await.into_iter().map(|part| part.2).collect::<Vec<_>>();
        assert_eq!(disputed().await, parts);
        let stands = ResolveQuery {
            key: "a1".into(),
            number: number.clone(),
            resolution: "charge_stands".into(),
            words: "It is what was ordered".into(),
            credit: Vec::new(),
            credit_reason: String::new(),
            cause: String::new(),
            rebilled_as: String::new(),
            letter: Some(false),
        };
        resolve_query(&t.desk, &t.role(Role::TeamLeader), stands).await.expect("resolves");
        assert_eq!((disputed().await, live().await), (vec![0, 0, 0], Vec::new()));
        act("o1", "reopen", "").await.expect("opens again");
        assert_eq!((disputed().await, live().await.len()), (parts.to_vec(), 3));
        // A person who ends one ends the hold: all of it is chased again, and given back once.
        let end = EndHold { key: "e1".into(), hold: HoldId(live().await[1].0), words: "Agreed by telephone".into() };
        end_hold(&t.desk, &cases, end).await.expect("ends");
        assert_eq!((disputed().await, live().await), (vec![0, 0, 0], Vec::new()));
        assert!(!query(&t.desk, &cases, &number).await.expect("shows").held);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_09_the_letter_shows_each_part_and_only_what_is_due_is_chased() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "who", "Calder Ltd").await;
        raise(&t, "r1", in_three(&who)).await.expect("raises");
        let id = CustomerId(
            invoice(&t.desk, &t.role(Role::Auditor), "INV-000001").await.expect("shows").document.customer_id,
        );
        let mut day: chrono::NaiveDate = "2026-05-01".parse().expect("a date");
        while day.to_string().as_str() <= "2026-06-12" {
            release(&t, &day.to_string()).await.expect("a day");
            day = day.succ_opt().expect("a day after");
        }
        let view = t.role(Role::CreditController);
        let all = letters_of_customer(&t.desk, &view, id).await.expect("letters");
        let of = |kind: &str| all.iter().find(|one| one.kind == kind).unwrap_or_else(|| panic!("a letter: {kind}"));
        let sent = letter(&t.desk, &view, &of("invoice").number).await.expect("a letter");
        assert_eq!(sent.head.template_code, "invoice_instalments");
        let table = sent.content.invoice.expect("its lines");
        assert_eq!(table.instalments.len(), 3);
        assert!(sent.content.title.contains("£1,200.00 in 3 instalments"), "{}", sent.content.title);
        let reminder = letter(&t.desk, &view, &of("reminder").number).await.expect("a letter");
        assert_eq!(reminder.head.total_pence, 40_000, "only what is due is asked for");
    })
    .await;
}

async fn add_terms(t: &TestDesk, code: &str, parts: &[(i64, i64)], discount: (i64, i64)) -> Outcome<PaymentTermsShown> {
    let parts = parts.iter().map(|(share_bp, days)| TermsPartAsked { share_bp: *share_bp, days: *days }).collect();
    let (discount_bp, discount_days) = discount;
    let (key, name) = (format!("terms/{code}"), "Terms".to_owned());
    let ask = AddPaymentTerms { key, code: code.into(), name, parts, discount_bp, discount_days };
    add_payment_terms(&t.desk, &t.role(Role::Administrator), ask).await
}

fn by_terms(customer: &str, terms: &str) -> InvoiceForm {
    InvoiceForm { terms: terms.into(), ..form(customer, vec![line("1", "1000.00", "S")]) }
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_18_terms_split_an_invoice_into_shares() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "who", "Calder Ltd").await;
        assert_eq!(code(add_terms(&t, "BAD", &[(5_000, 14), (4_999, 42)], (0, 0)).await), "parts");
        add_terms(&t, "HALVES", &[(5_000, 14), (5_000, 42)], (0, 0)).await.expect("adds");
        let officer = t.role(Role::BillingOfficer);
        let twice = AddPaymentTerms { key: "x".into(), code: "HALVES".into(), ..AddPaymentTerms::default() };
        assert_eq!(code(add_payment_terms(&t.desk, &officer, twice).await), "CTL-01-NO-DUTY");
        let dated = InvoiceForm { due_on: "2026-06-01".parse().ok(), ..by_terms(&who, "HALVES") };
        assert_eq!(code(raise(&t, "r0", dated).await), "due_on");
        raise(&t, "r1", by_terms(&who, "HALVES")).await.expect("raises");
        let shown = invoice(&t.desk, &officer, "INV-000001").await.expect("shows");
        let parts: Vec<(String, i64)> =
            shown.instalments.iter().map(|i| (i.due_on.to_string(), i.original_pence)).collect();
        assert_eq!(parts, [("2026-05-15".to_owned(), 60_000), ("2026-06-12".to_owned(), 60_000)]);
        let end = SetPaymentTerms { key: "end".into(), code: "HALVES".into(), active: false };
        set_payment_terms(&t.desk, &t.role(Role::Administrator), end).await.expect("ends");
        assert_eq!(code(raise(&t, "r2", by_terms(&who, "HALVES")).await), "terms");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_18_the_discount_is_given_once_and_only_for_paying_early() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "who", "Calder Ltd").await;
        add_terms(&t, "2PC", &[(10_000, 30)], (250, 10)).await.expect("adds");
        let preview =
            preview_invoice(&t.desk, &t.role(Role::BillingOfficer), by_terms(&who, "2PC")).await.expect("previews");
        assert_eq!(preview.discount_pence, 3_000);
        for key in ["early", "late", "short"] {
            raise(&t, key, by_terms(&who, "2PC")).await.expect("raises");
        }
        let cashier = t.role(Role::Cashier);
        let give = |key: &str, invoice: &str| GiveDiscount { key: key.into(), invoice: invoice.into() };
        assert_eq!(code(give_discount(&t.desk, &cashier, give("g0", "INV-000001")).await), "BIL-18-NOT-PAID");
        t.go_to("2026-05-11");
        pay(&t, "p1", &who, 117_000, Some(("INV-000001", 117_000))).await;
        pay(&t, "p3", &who, 116_999, Some(("INV-000003", 116_999))).await;
        release(&t, "2026-05-12").await.expect("a day");
        pay(&t, "p2", &who, 117_000, Some(("INV-000002", 117_000))).await;
        release(&t, "2026-05-13").await.expect("a day");
        let left = async |number: &str| invoice(&t.desk, &cashier, number).await.expect("shows").open_pence;
        assert_eq!([left("INV-000001").await, left("INV-000002").await, left("INV-000003").await], [0, 3_000, 3_001]);
        assert_eq!(code(give_discount(&t.desk, &cashier, give("g1", "INV-000001")).await), "BIL-18-NONE");
        assert_eq!(code(give_discount(&t.desk, &cashier, give("g2", "INV-000002")).await), "BIL-18-LATE");
        assert_eq!(code(give_discount(&t.desk, &cashier, give("g3", "INV-000003")).await), "BIL-18-NOT-PAID");
        let note = invoice(&t.desk, &cashier, "CRN-000001").await.expect("shows");
        assert_eq!((note.document.net_pence, note.document.vat_pence), (2_500, 500));
        assert!(invoice(&t.desk, &cashier, "INV-000001").await.expect("shows").amendment.is_none());
        assert_eq!(balance(&t, "VATO").await, -(3 * 20_000 - 500));
        agrees(&t).await;
    })
    .await;
}

async fn ask(t: &TestDesk, key: &str, who: &str, kind: &str, vat_code: &str) -> Outcome<DepositAsked> {
    let ask = AskDeposit {
        key: key.into(),
        customer_number: who.into(),
        kind: kind.into(),
        description: "Deposit for the hall".into(),
        amount: "500.00".into(),
        vat_code: vat_code.into(),
        ..AskDeposit::default()
    };
    ask_deposit(&t.desk, &t.role(Role::BillingOfficer), ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_15_a_deposit_is_paid_used_and_the_rest_given_back() {
    on_both("2026-05-01", async |t| {
        let (who, other) = (customer(&t, "who", "Calder Ltd").await, customer(&t, "other", "Tees Ltd").await);
        let officer = t.role(Role::BillingOfficer);
        let asked = ask(&t, "d1", &who, "advance", "S").await.expect("asks");
        assert_eq!((asked.number.as_str(), asked.gross_pence), ("INV-000001", 60_000));
        assert_eq!(
            [balance(&t, "DEF").await, balance(&t, "INC").await, balance(&t, "VATO").await],
            [-50_000, 0, -10_000]
        );
        raise(&t, "r1", form(&who, vec![line("1", "200.00", "S")])).await.expect("raises");
        raise(&t, "r2", form(&other, vec![line("1", "200.00", "S")])).await.expect("raises");
        let using = |key: &str, invoice: &str, pence: Option<i64>| {
            let (key, deposit, invoice) = (key.into(), "INV-000001".into(), invoice.into());
            use_deposit(&t.desk, &officer, UseDeposit { key, deposit, invoice, amount: pence.map(Pence) })
        };
        assert_eq!(code(using("u0", "INV-000002", Some(100)).await), "BIL-15-NOT-PAID");
        pay(&t, "p1", &who, 60_000, Some(("INV-000001", 60_000))).await;
        assert_eq!(code(using("u1", "INV-000003", None).await), "BIL-15-OTHER-ACCOUNT");
        assert_eq!(code(using("u2", "INV-000001", None).await), "BIL-15-OTHER-ACCOUNT");
        assert_eq!(code(using("u3", "INV-000002", Some(24_001)).await), "amount");
        let used = using("u4", "INV-000002", None).await.expect("uses");
        let again = using("u4", "INV-000002", None).await.expect("the same answer");
        assert_eq!((used.gross_pence, used.left_pence, used.credit_note.as_str()), (24_000, 36_000, "CRN-000001"));
        assert_eq!(again.credit_note, used.credit_note);
        // VAT is paid once on what was used, and still on what is held.
        assert_eq!([balance(&t, "DEF").await, balance(&t, "INC").await], [-30_000, -40_000]);
        assert_eq!(invoice(&t.desk, &officer, "INV-000002").await.expect("shows").open_pence, 0);

        let back = ReturnDeposit { key: "b1".into(), deposit: "INV-000001".into(), words: "Cancelled".into() };
        let back = return_deposit(&t.desk, &officer, back).await.expect("gives back");
        assert_eq!((back.gross_pence, back.left_pence), (36_000, 0));
        assert_eq!(balance(&t, "DEF").await, 0);
        let shown = deposit(&t.desk, &officer, "INV-000001").await.expect("shows");
        assert_eq!((shown.row.used_pence, shown.row.returned_pence, shown.uses.len()), (24_000, 36_000, 2));
        let credit = invoice(&t.desk, &officer, "CRN-000002").await.expect("shows");
        assert_eq!(credit.open_pence, -36_000, "it can be refunded");
        let none = ReturnDeposit { key: "b2".into(), deposit: "INV-000001".into(), words: String::new() };
        assert_eq!(code(return_deposit(&t.desk, &officer, none).await), "BIL-15-MORE-THAN-LEFT");
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_15_security_bears_no_vat_and_an_unpaid_deposit_is_let_go() {
    on_both("2026-05-01", async |t| {
        let who = customer(&t, "who", "Calder Ltd").await;
        let officer = t.role(Role::BillingOfficer);
        assert_eq!(code(ask(&t, "d0", &who, "returnable", "S").await), "BIL-15-RETURNABLE-VAT");
        assert_eq!(code(ask(&t, "d1", &who, "gift", "O").await), "kind");
        ask(&t, "d2", &who, "returnable", "O").await.expect("asks");
        let back = ReturnDeposit { key: "b1".into(), deposit: "INV-000001".into(), words: String::new() };
        let cashier = return_deposit(&t.desk, &t.role(Role::Cashier), back.clone()).await;
        assert_eq!(code(cashier), "CTL-01-NO-DUTY");
        let (one, two) = tokio::join!(
            return_deposit(&t.desk, &officer, back.clone()),
            return_deposit(&t.desk, &officer, ReturnDeposit { key: "b2".into(), ..back })
        );
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1, "two at once give back once");
        assert_eq!(deposits_list(&t.desk, &officer, None).await.expect("lists").rows[0].left_pence(), 0);
        assert_eq!([balance(&t, "DEF").await, balance(&t, "AR").await], [0, 0]);
        agrees(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_18_a_customers_own_terms_count_where_nothing_else_is_chosen() {
    on_both("2026-05-01", async |t| {
        let (who, other) = (customer(&t, "who", "Calder Ltd").await, customer(&t, "other", "Dale Ltd").await);
        let (admin, officer) = (t.role(Role::Administrator), t.role(Role::BillingOfficer));
        for (code, parts, discount_bp) in
            [("HALVES", vec![(5_000, 14), (5_000, 42)], 0), ("2PC", vec![(10_000, 60)], 200)]
        {
            let parts = parts.into_iter().map(|(share_bp, days)| TermsPartAsked { share_bp, days }).collect();
            let (code, name) = (code.to_owned(), format!("Terms {code}"));
            let discount_days = if discount_bp > 0 { 10 } else { 0 };
            let ask = AddPaymentTerms { key: code.clone(), code, name, parts, discount_bp, discount_days };
            add_payment_terms(&t.desk, &admin, ask).await.expect("adds");
        }
        let set = async |key: &str, terms: &str| {
            let ask = SetCustomerTerms { key: key.into(), customer: who.clone(), terms: terms.into() };
            set_customer_terms(&t.desk, &officer, ask).await
        };
        let plain = |who: &str| form(who, vec![line("1", "100.00", "O")]);
        let due = async |key: &str, form: InvoiceForm| {
            let made = raise(&t, key, form).await.expect("raises");
            (made.due_on.to_string(), made.instalments.len())
        };
        assert_eq!(code(set("s0", "NONE").await), "terms");
        let no = SetCustomerTerms { key: "s1".into(), customer: who.clone(), terms: "HALVES".into() };
        assert_eq!(code(set_customer_terms(&t.desk, &t.role(Role::Cashier), no).await), "CTL-01-NO-DUTY");
        assert_eq!(due("r0", plain(&who)).await, ("2026-05-31".to_owned(), 0));
        assert_eq!(set("s2", "HALVES").await.expect("sets").terms, "HALVES");
        assert_eq!(due("r1", plain(&who)).await, ("2026-05-15".to_owned(), 2));
        assert_eq!(due("r2", plain(&other)).await, ("2026-05-31".to_owned(), 0), "theirs alone");
        // What is chosen on the invoice comes first: a date, instalments, other terms.
        let dated = InvoiceForm { due_on: "2026-06-10".parse().ok(), ..plain(&who) };
        assert_eq!(due("r3", dated).await, ("2026-06-10".to_owned(), 0));
        let monthly = InvoiceForm { instalment_count: Some(4), instalment_every: "month".into(), ..plain(&who) };
        assert_eq!(due("r4", monthly).await.1, 4);
        let others = InvoiceForm { terms: "2PC".into(), ..plain(&who) };
        assert_eq!(due("r5", others).await, ("2026-06-30".to_owned(), 0));
        // A deposit is asked for whole.
        let deposit = AskDeposit {
            key: "d1".into(),
            customer_number: who.clone(),
            kind: "advance".into(),
            description: "Hire of the hall".into(),
            amount: "300.00".into(),
            vat_code: "O".into(),
            ..AskDeposit::default()
        };
        let asked = ask_deposit(&t.desk, &officer, deposit).await.expect("asks");
        assert_eq!(asked.due_on.to_string(), "2026-05-31");
        // Terms that are offered no longer count no longer; nor do terms that were taken off.
        let end = SetPaymentTerms { key: "e1".into(), code: "HALVES".into(), active: false };
        set_payment_terms(&t.desk, &admin, end).await.expect("ends");
        assert_eq!(due("r6", plain(&who)).await, ("2026-05-31".to_owned(), 0));
        set("s3", "2PC").await.expect("sets");
        assert_eq!(due("r7", plain(&who)).await, ("2026-06-30".to_owned(), 0));
        set("s4", "").await.expect("ends");
        assert_eq!(customer_terms(&t.desk, &officer, &who).await.expect("shows").terms, "");
        assert_eq!(due("r8", plain(&who)).await, ("2026-05-31".to_owned(), 0));
        agrees(&t).await;
    })
    .await;
}
