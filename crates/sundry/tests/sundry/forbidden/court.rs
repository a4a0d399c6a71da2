//! What the law forbids on the way to court, at court, and after judgment.
use super::{Act, House, on_both};
use chrono::NaiveDate;
use serde_json::{Value, json};
use sundry_domain::control::Role;
use sundry_store::args;

pub(super) const CODES: &[&str] = &[
    "BS-03-BREATHING-SPACE",
    "BS-05-INSOLVENT",
    "BS-06-DECEASED",
    "REC-02-GONE-AWAY",
    "REC-04-HOLD-COMPLAINT",
    "REC-04-HOLD-LEGAL",
    "REC-04-HOLD-FUNDING",
    "REC-04-HOLD-CREDIT",
    "REC-04-HOLD-SAFEGUARDING",
    "REC-04-HOLD-VULNERABILITY",
    "REC-05-NOTICE",
    "REC-05-APPEAL",
    "REC-05-CALCULATION",
    "REC-05-UNSPENT",
    "SC-06-DPA",
    "CT-08-BARRED",
    "CT-00-OTHER-COURT",
    "CT-CASE-EMPTY",
    "CT-CASE-TWICE",
    "CT-CASE-NOT-NAMED",
    "CT-CASE-STATE",
    "CT-03-NO-NUMBER",
    "CT-05-TOO-EARLY",
    "CT-05-STAYED",
    "CT-05-ARMED-FORCES",
    "CT-05-ADMISSION",
    "CT-05-DEFENDED",
    "CT-07-PROPORTIONALITY",
    "CT-07-ATTACHMENT-WORK",
    "CT-07-WARRANT-LEAST",
    "CT-07-WARRANT-MOST",
    "CT-07-WRIT-LEAST",
    "CT-07-PERMISSION",
    "BS-05-PETITION-LEAST",
    "CT-07-JOINT-ACCOUNT",
    "CT-07-CONSUMER-CREDIT",
    "CT-07-INSTALMENTS",
    "BS-05-NO-PROOF",
    "BS-05-DIVIDEND",
    "BS-05-TWICE",
    "BS-06-TOO-SOON",
    "BS-06-STATE",
    "BS-06-TWICE",
    "CT-07-CHARGE-OWED",
    "CT-07-CHARGE-RELEASED",
];

const BY: Role = Role::CreditController;
const WHY: &str = "Three reminders, no answer, in work";
const HOLDS: [(u32, &str, &str); 6] = [
    (10, "complaint", "REC-04-HOLD-COMPLAINT"),
    (11, "legal", "REC-04-HOLD-LEGAL"),
    (12, "awaiting_funding", "REC-04-HOLD-FUNDING"),
    (13, "credit_pending", "REC-04-HOLD-CREDIT"),
    (14, "safeguarding", "REC-04-HOLD-SAFEGUARDING"),
    (15, "vulnerability_review", "REC-04-HOLD-VULNERABILITY"),
];

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

/// Sending a customer's debt to court.
async fn refers(h: &mut House, code: &'static str, n: u32, debt: &str) {
    let customer = format!("K{n}");
    let page = format!("/customers/{customer}/court");
    let sent = json!({ "customer": customer, "debts": [debt], "why": WHY });
    let act = Act {
        role: BY,
        page: (&page, &[("debts", debt), ("why", WHY)]),
        api: ("/court-cases", sent),
        cli: &["court", "refer", customer.as_str(), "--why", WHY, debt],
    };
    h.refused(code, act).await;
}

async fn flagged(h: &mut House, n: u32, kind: &str) {
    let flag = json!({ "kind": kind, "evidence": "Letter of 1 May 2026", "to_on": "2026-12-31" });
    h.did(BY, "set_flag", &format!("/customers/K{n}/flags"), flag).await;
}

async fn stopped(h: &mut House) {
    let notice = json!({
        "customer": "K3", "kind": "bankruptcy", "on": "2026-04-20", "office_holder": "Ms Trustee",
        "reference": "BKT 1", "evidence": "The Gazette of 21 April",
    });
    let made = h.did(BY, "open_insolvency", "/insolvencies", notice.clone()).await;
    refers(h, "BS-05-INSOLVENT", 3, "X-3").await;
    let fields = [("kind", "bankruptcy"), ("on", "20 April 2026"), ("evidence", "The Gazette of 21 April")];
    twice(h, "BS-05-TWICE", ("/customers/K3/insolvency", &fields), ("/insolvencies", notice), "insolvency").await;
    dividends(h, made["number"].as_str().expect("a number")).await;
    let death = json!({
        "form": "death", "customer": "K4", "source": "Tell Us Once", "reference": "TUO 4", "starts_on": "2026-04-28",
    });
    h.did(BY, "take_notice", "/person-cases", death).await;
    refers(h, "BS-06-DECEASED", 4, "X-4").await;
    flagged(h, 5, "breathing_space").await;
    refers(h, "BS-03-BREATHING-SPACE", 5, "X-5").await;
    flagged(h, 6, "gone_away").await;
    refers(h, "REC-02-GONE-AWAY", 6, "X-6").await;
    for (n, reason, code) in HOLDS {
        let hold = json!({ "reason": reason, "words": "Waits for an answer" });
        h.did(BY, "place_hold", &format!("/customers/K{n}/holds"), hold).await;
        refers(h, code, n, &format!("X-{n}")).await;
    }
    refers(h, "CT-00-OTHER-COURT", 2, "X-2").await;
    let older = "update open_item set due_on = $3 where org_id = $1 and number = $2";
    h.aged(older, args![h.org, "X-16", d("2019-03-04")]).await;
    refers(h, "CT-08-BARRED", 16, "X-16").await;
    special(h).await;
}

/// Overpaid benefit and care charges, which the law opens by what is recorded of them.
async fn special(h: &mut House) {
    let typed = "update open_item set debt_type = $3 where org_id = $1 and number = $2";
    h.aged(typed, args![h.org, "X-19", "Housing benefit overpayment"]).await;
    h.aged(typed, args![h.org, "X-20", "Care contribution"]).await;
    refers(h, "REC-05-NOTICE", 19, "X-19").await;
    let notice = json!({ "fact": "benefit_notice", "on": "2026-05-04", "evidence": "Notice of 4 May 2026" });
    h.did(BY, "record_debt_fact", "/customers/K19/debts/X-19/facts", notice).await;
    refers(h, "REC-05-APPEAL", 19, "X-19").await;
    let possible = json!({ "fact": "deferral_possible", "on": "2026-05-04", "evidence": "Owns the house" });
    h.did(BY, "record_debt_fact", "/customers/K20/debts/X-20/facts", possible).await;
    refers(h, "SC-06-DPA", 20, "X-20").await;
    h.aged(typed, args![h.org, "X-20", "Salary overpayment"]).await;
    refers(h, "REC-05-CALCULATION", 20, "X-20").await;
    h.aged(typed, args![h.org, "X-20", "Direct payment clawback"]).await;
    refers(h, "REC-05-UNSPENT", 20, "X-20").await;
}

/// What an approver does to a case, by the page's own act.
async fn acts(
    h: &mut House,
    code: &'static str,
    case: &str,
    fields: &[(&str, &str)],
    (path, sent): (&str, Value),
    cli: &[&str],
) {
    let page = format!("/court/{case}");
    let path = format!("/court-cases/{case}/{path}");
    h.refused(code, Act { role: Role::Approver, page: (&page, fields), api: (&path, sent), cli }).await;
}

async fn requests(h: &mut House, code: &'static str, case: &str) {
    let cli = ["court", "request", case];
    acts(h, code, case, &[("act", "request")], ("judgment-request", Value::Null), &cli).await;
}

async fn referred(h: &mut House, n: u32) -> String {
    let ask = json!({ "customer": format!("K{n}"), "why": WHY, "means": "Works at the mill" });
    let made = h.did(BY, "refer_to_court", "/court-cases", ask).await;
    made["number"].as_str().expect("a number").to_owned()
}

/// A letter of claim has named one of two debts of an account.
async fn named(h: &mut House) {
    let same = "update open_item set customer_id = (select id from customer where org_id = $1 and number = $3) where org_id = $1 and number = $2";
    h.aged(same, args![h.org, "X-22", "K21"]).await;
    let letter = "insert into letter (org_id, id, number, kind, customer_id, template_code, template_version, dated_on, channel, sent_to, state, total_pence, content, content_sha256, file_sha256, attempts, state_reason, recorded_at) select org_id, id, 'LTR-900001', 'letter_of_claim', customer_id, 'letter-of-claim', 1, $3, 'post', '', 'printed', open_pence, '{}', '', '', 0, '', $4 from open_item where org_id = $1 and number = $2";
    let now = h.desk.clock().now();
    h.aged(letter, args![h.org, "X-21", d("2026-04-10"), now]).await;
    let item = "insert into letter_item (org_id, letter_id, item_id, open_pence) select org_id, id, id, open_pence from open_item where org_id = $1 and number = $2";
    h.aged(item, args![h.org, "X-21"]).await;
    let sent = json!({ "customer": "K21", "debts": ["X-21", "X-22"], "why": WHY });
    let act = Act {
        role: BY,
        page: ("/customers/K21/court", &[("debts", "X-21"), ("debts", "X-22"), ("why", WHY)]),
        api: ("/court-cases", sent),
        cli: &["court", "refer", "K21", "--why", WHY, "X-21", "X-22"],
    };
    h.refused("CT-CASE-NOT-NAMED", act).await;
}

async fn before_issue(h: &mut House) -> String {
    refers(h, "CT-CASE-EMPTY", 1, "NONE").await;
    let case = referred(h, 1).await;
    refers(h, "CT-CASE-TWICE", 1, "X-1").await;
    let act = Act {
        role: Role::Approver,
        page: ("/court/files", &[("case", case.as_str())]),
        api: ("/court-files", json!({ "cases": [case] })),
        cli: &["court", "export", case.as_str()],
    };
    h.refused("CT-03-NO-NUMBER", act).await;
    requests(h, "CT-CASE-STATE", &case).await;
    case
}

async fn at_court(h: &mut House, case: &str) {
    let issued = "update court_case set state = 'issued', claim_number = 'K1QZ12AB', issued_on = $3, served_on = $3, respond_by = $4, defend_by = $5 where org_id = $1 and number = $2";
    let days = args![h.org, case, d("2026-05-01"), d("2026-05-25"), d("2026-06-08")];
    h.aged(issued, days).await;
    requests(h, "CT-05-TOO-EARLY", case).await;
    let answer_by = "update court_case set respond_by = $3 where org_id = $1 and number = $2";
    h.aged(answer_by, args![h.org, case, d("2025-10-01")]).await;
    requests(h, "CT-05-STAYED", case).await;
    h.aged(answer_by, args![h.org, case, d("2026-05-25")]).await;
    let steps = format!("/court-cases/{case}/steps");
    for (step, words) in [("forces_overseas", "Letter of her regiment"), ("forces_home", "A call")] {
        h.did(BY, "record_case_step", &steps, json!({ "step": step, "on": "2026-05-20", "words": words })).await;
        if step == "forces_overseas" {
            requests(h, "CT-05-ARMED-FORCES", case).await;
        }
    }
    let responses = format!("/court-cases/{case}/responses");
    for (kind, code) in [("admission", "CT-05-ADMISSION"), ("defence", "CT-05-DEFENDED")] {
        let response = json!({ "kind": kind, "on": "2026-05-20", "words": "As filed" });
        h.did(BY, "record_response", &responses, response).await;
        requests(h, code, case).await;
    }
}

async fn judged(h: &mut House, case: &str, on: &str) {
    let judgment = "update court_case set state = 'judgment', judgment_on = $3, judgment_pence = 120000, judgment_kind = 'default' where org_id = $1 and number = $2";
    h.aged(judgment, args![h.org, case, d(on)]).await;
}

/// A step of enforcement: how, how they earn, for how much, and why it is in proportion.
async fn enforces(h: &mut House, code: &'static str, case: &str, (method, work, amount): (&str, &str, Option<i64>)) {
    let weighed = code != "CT-07-PROPORTIONALITY";
    let proportion = if weighed { "The debt is many times the fee" } else { "" };
    let circumstances = if weighed { "Called on 30 April: in work" } else { "" };
    let mut sent = json!({
        "method": method, "work": work, "proportion": proportion, "circumstances": circumstances,
    });
    let mut typed = sent.clone();
    typed["case"] = json!(case);
    if let Some(pence) = amount {
        (sent["amount_pence"], typed["amount"]) = (json!(pence), json!(pence));
    }
    let pounds = amount.map(|pence| (pence / 100).to_string()).unwrap_or_default();
    let fields = [
        ("act", "enforce"),
        ("method", method),
        ("work", work),
        ("amount", pounds.as_str()),
        ("proportion", proportion),
        ("circumstances", circumstances),
    ];
    let file = h.request(&typed);
    acts(h, code, case, &fields, ("enforcement", sent), &["court", "enforce", file]).await;
}

/// A step of enforcement that something known of it forbids: the page's field and its answer, and what programs say.
async fn known(h: &mut House, code: &'static str, case: &str, method: &str, (field, answer, said): (&str, &str, &str)) {
    let mut sent = json!({
        "method": method, "work": "employed", "proportion": "The debt is many times the fee",
        "circumstances": "Called on 30 April: in work",
    });
    sent[said] = json!(true);
    let mut typed = sent.clone();
    typed["case"] = json!(case);
    let fields = [
        ("act", "enforce"),
        ("method", method),
        ("work", "employed"),
        (field, answer),
        ("proportion", "The debt is many times the fee"),
        ("circumstances", "Called on 30 April: in work"),
    ];
    let file = h.request(&typed);
    acts(h, code, case, &fields, ("enforcement", sent), &["court", "enforce", file]).await;
}

async fn answered(h: &mut House, case: &str) {
    let joint = ("facts", "joint_account", "joint_account");
    known(h, "CT-07-JOINT-ACCOUNT", case, "third_party_debt", joint).await;
    let credit = ("facts", "consumer_credit", "consumer_credit");
    known(h, "CT-07-CONSUMER-CREDIT", case, "writ", credit).await;
    let terms = "update court_case set terms = '{\"amount_pence\":5000,\"every\":\"monthly\",\"first_on\":\"2026-06-01\"}' where org_id = $1 and number = $2";
    h.aged(terms, args![h.org, case]).await;
    known(h, "CT-07-INSTALMENTS", case, "warrant", ("instalments_kept", "yes", "instalments_kept")).await;
}

async fn insolvent(h: &mut House) {
    let order = json!({
        "customer": "K7", "kind": "debt_relief_order", "on": "2026-04-20", "evidence": "Notice of the Insolvency Service",
    });
    let made = h.did(BY, "open_insolvency", "/insolvencies", order).await;
    let number = made["number"].as_str().expect("a number").to_owned();
    let act = Act {
        role: BY,
        page: (&format!("/insolvencies/{number}"), &[("act", "prove")]),
        api: (&format!("/insolvencies/{number}/proof"), json!({})),
        cli: &["insolvency", "prove", &number],
    };
    h.refused("BS-05-NO-PROOF", act).await;
}

/// The same matter recorded once more while it is open.
async fn twice(
    h: &mut House,
    code: &'static str,
    page: (&str, &[(&str, &str)]),
    (path, sent): (&str, Value),
    command: &'static str,
) {
    let file = h.request(&sent);
    h.refused(code, Act { role: BY, page, api: (path, sent), cli: &[command, "open", file] }).await;
}

/// The last dividend was declared: there is no other.
async fn dividends(h: &mut House, number: &str) {
    let at = format!("/insolvencies/{number}");
    h.did(BY, "lodge_proof", &format!("{at}/proof"), json!({})).await;
    let dividends = format!("{at}/dividends");
    let last = json!({ "on": "2026-05-01", "rate_in_100": 1_250, "last": true });
    h.did(BY, "declare_dividend", &dividends, last).await;
    let file = h.request(&json!({ "number": number, "on": "2026-05-02", "pence_in_100": 100 }));
    let act = Act {
        role: BY,
        page: (&at, &[("act", "declare"), ("on", "2 May 2026"), ("rate", "100")]),
        api: (&dividends, json!({ "on": "2026-05-02", "rate_in_100": 100 })),
        cli: &["insolvency", "dividend", file],
    };
    h.refused("BS-05-DIVIDEND", act).await;
}

/// Something done about an estate, by the page's own field for its words.
async fn of_estate(h: &mut House, code: &'static str, number: &str, (act, field): (&str, &str)) {
    let words = "Searched on 19 May";
    let sent = json!({ "act": act, "words": words });
    let file = h.request(&json!({ "number": number, "act": act, "words": words }));
    let tried = Act {
        role: BY,
        page: (&format!("/estates/{number}"), &[("act", act), (field, words)]),
        api: (&format!("/estates/{number}/acts"), sent),
        cli: &["estate", "act", file],
    };
    h.refused(code, tried).await;
}

async fn died(h: &mut House) {
    let death = json!({
        "customer": "K8", "died_on": "2026-05-10", "told_on": "2026-05-12", "source": "Tell Us Once",
        "representatives": "Mrs Jane Rees, executor", "address": "2 Low Street, Northmere",
    });
    let made = h.did(BY, "open_estate", "/estates", death.clone()).await;
    let number = made["number"].as_str().expect("a number").to_owned();
    let fields = [("died_on", "10 May 2026"), ("told_on", "12 May 2026"), ("source", "Tell Us Once")];
    twice(h, "BS-06-TWICE", ("/customers/K8/estate", &fields), ("/estates", death), "estate").await;
    of_estate(h, "BS-06-TOO-SOON", &number, ("claim", "none_words")).await;
    let nothing = json!({ "act": "no_estate", "words": "Searched on 19 May" });
    h.did(BY, "act_on_estate", &format!("/estates/{number}/acts"), nothing).await;
    of_estate(h, "BS-06-STATE", &number, ("no_estate", "none_words")).await;
}

async fn released(h: &mut House, code: &'static str, number: &str) {
    let act = Act {
        role: Role::Approver,
        page: (&format!("/charges/{number}"), &[("act", "release"), ("release_words", "Form DS1 sent")]),
        api: (&format!("/charges/{number}/release"), json!({ "words": "Form DS1 sent" })),
        cli: &["charge", "release", number, "--words", "Form DS1 sent"],
    };
    h.refused(code, act).await;
}

async fn charged(h: &mut House) {
    let charge = json!({
        "customer": "K9", "kind": "voluntary", "property": "9 High Street, Northmere", "title_number": "ND123456",
        "charged_on": "2026-05-01", "secured_pence": 120_000,
    });
    let made = h.did(BY, "add_charge", "/charges", charge).await;
    let number = made["number"].as_str().expect("a number").to_owned();
    released(h, "CT-07-CHARGE-OWED", &number).await;
    let allowed = json!({ "words": "Head of service, e-mail of 1 May", "still_owed": true });
    h.did(Role::Approver, "release_charge", &format!("/charges/{number}/release"), allowed).await;
    released(h, "CT-07-CHARGE-RELEASED", &number).await;
}

async fn after_judgment(h: &mut House, case: &str) {
    judged(h, case, "2026-05-01").await;
    enforces(h, "CT-07-PROPORTIONALITY", case, ("warrant", "", None)).await;
    enforces(h, "CT-07-ATTACHMENT-WORK", case, ("attachment_of_earnings", "self_employed", None)).await;
    enforces(h, "CT-07-WARRANT-LEAST", case, ("warrant", "", Some(1_000))).await;
    enforces(h, "BS-05-PETITION-LEAST", case, ("petition", "", None)).await;
    judged(h, case, "2019-05-01").await;
    enforces(h, "CT-07-PERMISSION", case, ("warrant", "", None)).await;
    let large = referred(h, 17).await;
    judged(h, &large, "2026-05-01").await;
    enforces(h, "CT-07-WARRANT-MOST", &large, ("warrant", "", None)).await;
    let small = referred(h, 18).await;
    judged(h, &small, "2026-05-01").await;
    enforces(h, "CT-07-WRIT-LEAST", &small, ("writ", "", None)).await;
    answered(h, &small).await;
}

#[test]
fn leg_01_what_the_law_forbids_at_court_is_refused_at_every_door_and_noted() {
    on_both("2026-05-20", CODES, async |h: &mut House| {
        let mut all = vec![(1, "NM1 1AA", "1200.00"), (2, "EH1 1AA", "1200.00")];
        all.extend((3..=16).map(|n| (n, "NM1 1AA", "1200.00")));
        all.extend([(17, "NM1 1AA", "6000.00"), (18, "NM1 1AA", "590.00")]);
        all.extend([(19, "NM1 1AA", "900.00"), (20, "NM1 1AA", "900.00")]);
        all.extend([(21, "NM1 1AA", "900.00"), (22, "NM1 1AA", "400.00")]);
        h.owe(&all).await;
        stopped(h).await;
        named(h).await;
        let case = before_issue(h).await;
        at_court(h, &case).await;
        after_judgment(h, &case).await;
        insolvent(h).await;
        died(h).await;
        charged(h).await;
    });
}
