//! LEG-05: what a judge asks for, in one file: contract, invoice, how it came, what was said, and an index.
use super::cash::owe_more;
use super::contracts::{billed, care, payer};
use super::court::{accept, controller, d, owing, refer};
use super::recovery::{live, pdf_words};
use sundry_desk::billing::contracts::add_contract;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::court::case_bundle;
use sundry_desk::customers::{AddNote, add_note};
use sundry_desk::delivery::{RecordProof, record_proof};
use sundry_desk::plans::{AgreePlan, agree_plan};
use sundry_desk::queries::{RaiseQuery, raise_query};
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

/// The same person by a contract: a month billed on 2 March, due with the other debt.
async fn by_contract(t: &TestDesk) {
    let mut ask = care("con", "2026-02-01", vec![payer("C100001", "")]);
    (ask.cycle, ask.debt_type, ask.service) = ("monthly".into(), "Sundry".into(), "Trade waste".into());
    let made = add_contract(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("opens");
    assert_eq!(made.number, "CON-000001");
    assert_eq!(billed(t, "2026-02-28").await.first_number, "INV-000001");
}

/// A call, a proof of delivery, a query and a plan, as an account of years has them.
async fn history(t: &TestDesk) -> (String, String) {
    let by = controller(t);
    let proof = RecordProof {
        key: "proof".into(),
        number: "INV-000001".into(),
        known: "confirmed".into(),
        on_day: Some(d("2026-03-09")),
        reference: "Call 71".into(),
        words: "Has it in front of him".into(),
    };
    record_proof(&t.desk, &by, proof).await.expect("recorded");
    let note = AddNote {
        key: "note".into(),
        number: "C100001".into(),
        kind: "visit".into(),
        words: "Came to the counter".into(),
        pinned: false,
    };
    add_note(&t.desk, &by, note).await.expect("noted");
    let others = [
        ("INV-8", "C100001", "2026-04-10", "2026-05-10", 5_000),
        ("INV-9", "C100001", "2026-04-10", "2026-05-10", 60_000),
    ];
    owe_more(t, "others", &others).await;
    let query = RaiseQuery {
        key: "query".into(),
        item: "INV-8".into(),
        category: "price".into(),
        disputed: Some(Pence(1_000)),
        words: "Charged twice".into(),
        owner: "Lettings".into(),
        ..RaiseQuery::default()
    };
    let query = raise_query(&t.desk, &by, query).await.expect("raised").number;
    let terms = serde_json::json!({
        "customer": "C100001", "items": ["INV-9"], "instalments": 6, "every": "month", "first_on": "2026-06-20",
        "method": "transfer", "asked_by": "customer", "evidence": "call",
    });
    let plan = AgreePlan { key: "plan".into(), ask: serde_json::from_value(terms).expect("terms") };
    (query, agree_plan(&t.desk, &by, plan).await.expect("agreed").number)
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_05_the_bundle_holds_contract_invoice_proof_contacts_queries_plans_and_an_index() {
    on_both("2026-03-02", async |t| {
        owing(&t, "NE61 1AA").await;
        by_contract(&t).await;
        live(&t, "2026-03-02", "2026-05-13").await;
        t.go_to("2026-05-20");
        refer(&t, "r").await.expect("referred");
        accept(&t).await.expect("accepted");
        let (query, plan) = history(&t).await;
        let (_, pdf) = case_bundle(&t.desk, &controller(&t), "CRT-000001").await.expect("a bundle");
        let Some(words) = pdf_words(&pdf) else { return };
        for index in ["and what backs it", "Pages of this file", "Debts of the claim", "The case"] {
            assert!(words.contains(index), "the index has {index}");
        }
        for agreed in ["Contract CON-000001", "£182.35 a week", "clause 4.1", "Placement 77", "in arrears"] {
            assert!(words.contains(agreed), "the contract says {agreed}");
        }
        assert!(words.contains("Invoice, LTR-"), "the invoice itself stands in the index");
        assert!(words.matches("INV-000001").count() >= 3, "in the debts, on its own page and in the history");
        for known in ["How each letter and invoice went", "confirmed", "Call 71"] {
            assert!(words.contains(known), "the proof says {known}");
        }
        for said in ["Came to the counter", query.as_str(), plan.as_str()] {
            assert!(words.contains(said), "the account says {said}");
        }
    })
    .await;
}
