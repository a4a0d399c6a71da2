//! What steps of recovery may not charge, and a split of customers between pathways that comes too late.
use super::people::fee_not_charged;
use super::{Act, House, on_both};
use serde_json::{Value, json};
use sundry_domain::control::Role;

pub(super) const CODES: &[&str] = &["DUN-09-FEE-NOT-LATE", "DUN-09-FEE-FIXED-SUM", "DUN-17-LATE"];

/// A company of ours with a term for a fee: X-1 is overdue, X-2 is not.
async fn firm(h: &mut House) {
    let customers = "customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n\
                     K1,Example Haulage Ltd,company,1 High Street,Northmere,NM1 1AA,,30,,\n";
    let invoices = "invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\n\
                    X-1,K1,2026-02-02,2026-03-04,,1000.00,0.00,1000.00\n\
                    X-2,K1,2026-04-20,2026-06-30,,1000.00,0.00,1000.00\n";
    h.program.call("import_customers", "/imports/customers?file_name=firms.csv", json!(customers)).await;
    h.program.call("import_invoices", "/imports/invoices?file_name=firms-debts.csv", json!(invoices)).await;
    let term = json!({
        "fee_pence": 1_500, "term": "Haulage agreement 2026, clause 9", "from_on": "2026-01-01",
        "evidence": "Signed agreement of 2 January 2026",
    });
    let made = h.did(Role::CreditController, "record_contract_fee", "/customers/K1/contract-fees", term).await;
    h.approved(&made["approval"]).await;
}

/// Saying yes to a split whose first day has come.
async fn too_late(h: &mut House) {
    let split = json!({
        "champion": "individual", "challenger": "care", "share_percent": 20, "from_on": "2026-05-02",
        "until_on": "2026-08-31", "reason": "Do more days between letters lose money?",
    });
    let asked = h.did(Role::Administrator, "start_pathway_trial", "/pathway-trials", split).await;
    let number = asked["approval"].as_str().expect("a number").to_owned();
    h.go_to("2026-05-02").await;
    let page = format!("/approvals/{number}");
    let read = h.program.get("get_approval", &page).await;
    let hash = read["content_hash"].as_str().expect("a hash").to_owned();
    let decision = format!("{page}/decision");
    let act = Act {
        role: Role::Approver,
        page: (&page, &[("do", "approve"), ("content", hash.as_str()), ("reason", "")]),
        api: (&decision, json!({ "approve": true, "content_hash": hash.as_str() })),
        cli: &["approvals", "decide", &number, "--approve"],
    };
    h.refused("DUN-17-LATE", act).await;
}

#[test]
fn dun_09_dun_17_what_steps_may_not_charge_and_a_split_too_late_are_refused_at_every_door_and_noted() {
    on_both("2026-05-01", CODES, async |h: &mut House| {
        firm(h).await;
        fee_not_charged(h, "DUN-09-FEE-NOT-LATE", "X-2").await;
        h.did(Role::CreditController, "post_charges", "/invoices/X-1/charges", Value::Null).await;
        fee_not_charged(h, "DUN-09-FEE-FIXED-SUM", "X-1").await;
        too_late(h).await;
    });
}
