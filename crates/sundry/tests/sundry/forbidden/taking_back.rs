//! Pay and payments that the rules do not let us keep for what was overpaid.
use super::{Act, House, on_both};
use serde_json::json;
use sundry_domain::control::Role;
use sundry_store::args;

pub(super) const CODES: &[&str] = &[
    "REC-05-CALCULATION",
    "REC-05-TOTAL",
    "REC-05-CALCULATED",
    "REC-05-AGREEMENT",
    "REC-05-TOO-FAST",
    "REC-05-SET-OFF-NOTICE",
    "REC-05-RUNS",
    "REC-05-MORE",
    "REC-05-STATE",
    "BS-03-BREATHING-SPACE",
];

const BY: Role = Role::CreditController;
const WHY: &str = "Form signed on 6 May 2026";

/// Agreeing that a debt of 120.00 is taken back, which arose in three months.
async fn agrees(h: &mut House, code: &'static str, n: u32, (from, by): (&str, &str), (each, pence): (&str, i64)) {
    let (page, debt) = (format!("/customers/K{n}/overpayment"), format!("X-{n}"));
    let fields = [
        ("debt", debt.as_str()),
        ("taken_from", from),
        ("taken_by", by),
        ("evidence", WHY),
        ("each", each),
        ("every", "month"),
        ("first_on", "29/05/2026"),
        ("arose_over", "3"),
        ("sooner", ""),
    ];
    let act = Act {
        role: BY,
        page: (&page, &fields),
        api: ("/overpayment-recoveries", body(&debt, from, by, pence)),
        cli: &[
            "overpayment",
            "agree",
            &debt,
            "--from",
            from,
            "--by",
            by,
            "--evidence",
            WHY,
            "--each",
            each,
            "--every",
            "month",
            "--first",
            "2026-05-29",
            "--arose-over",
            "3",
        ],
    };
    h.refused(code, act).await;
}

fn body(debt: &str, from: &str, by: &str, pence: i64) -> serde_json::Value {
    json!({
        "debt": debt, "taken_from": from, "taken_by": by, "evidence": WHY, "each_pence": pence, "every": "month",
        "first_on": "2026-05-29", "arose_over": 3,
    })
}

/// Working X-1 out by one pay period of the tax year before.
async fn works_out(h: &mut House, code: &'static str, (gross, pence): (&str, i64)) {
    let line = format!("2026-03-01; 2026-03-31; 2026-03-27; {gross}; 0; 0; 0; Paid twice");
    let typed = format!("01/03/2026; 31/03/2026; 27/03/2026; {gross}; 0; 0; 0; Paid twice");
    let period = json!({
        "from": "2026-03-01", "to": "2026-03-31", "paid_on": "2026-03-27", "gross_pence": pence, "reason": "Paid twice",
    });
    let fields = [
        ("debt", "X-1"),
        ("periods", typed.as_str()),
        ("repay_by", "30/06/2026"),
        ("paye_corrected", "yes"),
        ("evidence", WHY),
    ];
    let sent = json!({ "debt": "X-1", "periods": [period], "repay_by": "2026-06-30", "paye_corrected": true, "evidence": WHY });
    let act = Act {
        role: BY,
        page: ("/customers/K1/pay-calculation", &fields),
        api: ("/pay-calculations", sent),
        cli: &[
            "overpayment",
            "calculate",
            "X-1",
            "--period",
            &line,
            "--repay-by",
            "2026-06-30",
            "--paye-corrected",
            "--evidence",
            WHY,
        ],
    };
    h.refused(code, act).await;
}

/// Recording what was kept on the day.
async fn takes(h: &mut House, code: &'static str, number: &str, (amount, pence): (&str, i64)) {
    let page = format!("/recovery/overpayments/{number}/taken");
    let path = format!("/overpayment-recoveries/{number}/taken");
    let act = Act {
        role: Role::Cashier,
        page: (&page, &[("line", "1"), ("amount", amount), ("on", "20/05/2026"), ("reference", "Journal 5")]),
        api: (&path, json!({ "deduction": 1, "amount_pence": pence, "on": "2026-05-20", "reference": "Journal 5" })),
        cli: &["overpayment", "taken", number, "1", amount, "--on", "2026-05-20", "--reference", "Journal 5"],
    };
    h.refused(code, act).await;
}

async fn fact(h: &mut House, n: u32, which: &str) {
    let fact = json!({ "fact": which, "on": "2026-05-20", "evidence": "Letter of 20 May 2026" });
    h.did(BY, "record_debt_fact", &format!("/customers/K{n}/debts/X-{n}/facts"), fact).await;
}

#[test]
fn rec_05_what_may_not_be_kept_of_pay_and_payments_is_refused_at_every_door_and_noted() {
    on_both("2026-05-20", CODES, async |h: &mut House| {
        h.owe(&[(1, "NM1 1AA", "120.00"), (2, "NM1 1AA", "120.00")]).await;
        let typed = "update open_item set debt_type = $3 where org_id = $1 and number = $2";
        h.aged(typed, args![h.org, "X-1", "Salary overpayment"]).await;
        h.aged(typed, args![h.org, "X-2", "Care provider overpayment"]).await;
        let pay = ("pay", "agreement");
        agrees(h, "REC-05-CALCULATION", 1, pay, ("40.00", 4_000)).await;
        works_out(h, "REC-05-TOTAL", ("119.99", 11_999)).await;
        fact(h, 1, "salary_notice").await;
        works_out(h, "REC-05-CALCULATED", ("120.00", 12_000)).await;
        agrees(h, "REC-05-AGREEMENT", 1, pay, ("40.00", 4_000)).await;
        fact(h, 1, "salary_agreement").await;
        agrees(h, "REC-05-TOO-FAST", 1, pay, ("60.00", 6_000)).await;
        let path = "/overpayment-recoveries";
        h.did(BY, "agree_overpayment_recovery", path, body("X-1", "pay", "agreement", 4_000)).await;
        agrees(h, "REC-05-RUNS", 1, pay, ("40.00", 4_000)).await;
        takes(h, "REC-05-MORE", "OPR-000001", ("50.00", 5_000)).await;
        let taken = json!({ "deduction": 1, "amount_pence": 4_000, "on": "2026-05-20", "reference": "Journal 4" });
        h.did(Role::Cashier, "record_overpayment_taken", "/overpayment-recoveries/OPR-000001/taken", taken).await;
        takes(h, "REC-05-STATE", "OPR-000001", ("40.00", 4_000)).await;
        let provider = ("provider", "contract");
        agrees(h, "REC-05-SET-OFF-NOTICE", 2, provider, ("40.00", 4_000)).await;
        fact(h, 2, "provider_notice").await;
        h.did(BY, "agree_overpayment_recovery", path, body("X-2", "provider", "contract", 4_000)).await;
        let flag = json!({ "kind": "breathing_space", "evidence": "Notice of 20 May 2026", "to_on": "2026-07-19" });
        h.did(BY, "set_flag", "/customers/K2/flags", flag).await;
        takes(h, "BS-03-BREATHING-SPACE", "OPR-000002", ("40.00", 4_000)).await;
    });
}
