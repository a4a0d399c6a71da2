//! What is forbidden in giving debts up, and in asking the service.
use super::{Act, House, on_both};
use serde_json::{Value, json};
use sundry_domain::control::Role;

pub(super) const CODES: &[&str] = &[
    "REC-09-EVIDENCE",
    "REC-09-AMOUNT",
    "REC-09-NOT-UNECONOMIC",
    "REC-09-NOT-BARRED",
    "REC-09-HELD",
    "REC-09-MONEY-ON-ACCOUNT",
    "REC-09-ON-SCHEDULE",
    "REC-09-LINE-STATE",
    "REC-09-NOT-AS-READ",
    "CTL-07-CODE-NOT-SET",
    "REC-06-DEFAULT",
    "REC-06-NO-ADDRESS",
];

const BY: Role = Role::CreditController;
const WORDS: &str = "Letters came back, two searches";
const SCHEDULE: &str = "WO-2026-11";

/// Putting a debt on the schedule.
async fn proposes(h: &mut House, code: &'static str, debt: &str, (reason, amount): (&str, Option<(&str, i64)>)) {
    let page = format!("/write-offs/debts/{debt}/propose");
    let mut sent = json!({ "debts": [debt], "reason": reason, "words": WORDS });
    let mut fields = vec![("reason", reason), ("words", WORDS), ("how", "schedule")];
    let mut cli = vec!["write-off", "propose", debt, "--reason", reason, "--words", WORDS];
    if let Some((pounds, pence)) = amount {
        sent["amount_pence"] = json!(pence);
        fields.push(("amount", pounds));
        cli.extend(["--amount", pounds]);
    }
    let act = Act { role: BY, page: (&page, &fields), api: ("/write-off-schedules/lines", sent), cli: &cli };
    h.refused(code, act).await;
}

async fn on_file(h: &mut House, debt: &str, kinds: &[&str]) {
    for kind in kinds {
        let mut sent = json!({ "kind": kind, "words": "On the papers" });
        if *kind == "limitation_working" {
            sent["on"] = json!("2032-03-05");
        }
        h.did(BY, "add_debt_evidence", &format!("/debts/{debt}/evidence"), sent).await;
    }
}

async fn proposals(h: &mut House) {
    proposes(h, "REC-09-EVIDENCE", "X-1", ("untraceable", None)).await;
    proposes(h, "REC-09-AMOUNT", "X-1", ("untraceable", Some(("900.01", 90_001)))).await;
    on_file(h, "X-1", &["letters", "trace_proof", "service_answer", "cost_benefit", "limitation_working"]).await;
    proposes(h, "REC-09-NOT-UNECONOMIC", "X-1", ("uneconomic", None)).await;
    proposes(h, "REC-09-NOT-BARRED", "X-1", ("statute_barred", None)).await;
    let hold = json!({ "reason": "complaint", "words": "Waits for an answer" });
    h.did(BY, "place_hold", "/customers/K2/holds", hold).await;
    proposes(h, "REC-09-HELD", "X-2", ("untraceable", None)).await;
    let cheque = json!({ "method": "cheque", "customer": "K3", "amount_pence": 500, "payer_name": "A Example" });
    h.program.call("record_receipt", "/receipts", cheque).await;
    proposes(h, "REC-09-MONEY-ON-ACCOUNT", "X-3", ("untraceable", None)).await;
    let lines = json!({ "debts": ["X-1"], "reason": "untraceable", "words": WORDS });
    h.did(BY, "propose_write_offs", "/write-off-schedules/lines", lines).await;
    proposes(h, "REC-09-ON-SCHEDULE", "X-1", ("untraceable", None)).await;
}

/// Approving the one line of the schedule.
async fn approves(h: &mut House, code: &'static str, (line, version): (i64, i64), (pounds, pence): (&str, i64)) {
    let (id, total, seen) = (line.to_string(), pence.to_string(), version.to_string());
    let field = format!("version-{line}");
    let fields = [
        ("line", id.as_str()),
        (field.as_str(), seen.as_str()),
        ("count", "1"),
        ("total", total.as_str()),
        ("security_code", "123456"),
    ];
    let page = format!("/approvals/writeoffs/{SCHEDULE}/confirm");
    let path = format!("/write-off-schedules/{SCHEDULE}/decide");
    let sent = json!({
        "lines": [{ "line": line, "version": version, "act": "approve" }], "count": 1, "total_pence": pence,
        "security_code": "123456",
    });
    let act = Act {
        role: Role::Approver,
        page: (&page, &fields),
        api: (&path, sent),
        cli: &["write-off", "decide", SCHEDULE, "--approve", "X-1", "--total", pounds, "--code", "123456"],
    };
    h.refused(code, act).await;
}

async fn decisions(h: &mut House) {
    let shown = h.program.get("get_write_off_schedule", &format!("/write-off-schedules/{SCHEDULE}")).await;
    let line: &Value = &shown["lines"][0];
    let of = |field: &str| line[field].as_i64().expect("a whole number");
    let line = (of("line"), of("version"));
    approves(h, "REC-09-NOT-AS-READ", line, ("900.01", 90_001)).await;
    approves(h, "CTL-07-CODE-NOT-SET", line, ("900.00", 90_000)).await;
    let path = format!("/write-off-schedules/{SCHEDULE}/withdraw");
    h.did(BY, "withdraw_write_off_line", &path, json!({ "line": line.0 })).await;
    let id = line.0.to_string();
    let page = format!("/approvals/writeoffs/{SCHEDULE}/withdraw");
    let act = Act {
        role: BY,
        page: (&page, &[("line", id.as_str())]),
        api: (&path, json!({ "line": line.0 })),
        cli: &["write-off", "withdraw", SCHEDULE, id.as_str()],
    };
    h.refused("REC-09-LINE-STATE", act).await;
}

/// Asking the service, with what silence is to mean.
async fn asks(h: &mut House, code: &'static str, silence: &str) {
    let to = "halls@northmere.example";
    let fields = [("purpose", "recommendation"), ("to", to), ("default_answer", silence)];
    let act = Act {
        role: BY,
        page: ("/write-offs/debts/X-4/ask", &fields),
        api: ("/debts/X-4/referral", json!({ "purpose": "recommendation", "to": to, "default_answer": silence })),
        cli: &["write-off", "ask-service", "X-4", to, "--default", silence],
    };
    h.refused(code, act).await;
}

#[test]
fn wof_01_what_is_forbidden_in_giving_up_is_refused_at_every_door_and_noted() {
    on_both("2026-11-22", CODES, async |h: &mut House| {
        let all: Vec<(u32, &str, &str)> = (1..=4).map(|n| (n, "NM1 1AA", "900.00")).collect();
        h.owe(&all).await;
        proposals(h).await;
        decisions(h).await;
        asks(h, "REC-06-DEFAULT", "suspend").await;
        asks(h, "REC-06-NO-ADDRESS", "continue").await;
    });
}
