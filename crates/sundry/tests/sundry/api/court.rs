//! The examples of agencies, tracing and the court: people of their own, so that nothing before them changes.
use super::{Program, text};
use serde_json::{Value, json};
use sundry_desk::Actor;
use sundry_desk::recovery::tracing::trace_file;
use sundry_domain::ids::OrgId;
use sundry_store::recovery::{StepRow, add_steps};
use sundry_store::{args, ledger};

/// The organisation of the test.
async fn org(p: &Program) -> OrgId {
    let mut look = p.desk.look().await.expect("reads");
    let one: (i64,) = look.one("select org_id from customer where number = 'K91'", args![]).await.expect("an account");
    OrgId(one.0)
}

/// People who owe, whose letters of claim went on 25 March.
async fn people(p: &mut Program) {
    let mut customers =
        "customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n".to_owned();
    let mut invoices = "invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\n".to_owned();
    for (n, name) in [(90, "Adam Example"), (91, "Mary Holt"), (92, "John Dean"), (93, "Ann Falk"), (94, "Owen Rees")] {
        customers.push_str(&format!("K{n},{name},individual,{n} High Street,Northmere,NM1 1AA,,30,,\n"));
        invoices.push_str(&format!("X-{n},K{n},2026-02-02,2026-03-04,,1200.00,0.00,1200.00\n"));
    }
    p.call("import_customers", "/imports/customers?file_name=debtors.csv", json!(customers)).await;
    p.call("import_invoices", "/imports/invoices?file_name=debts.csv", json!(invoices)).await;
    p.call("match_cash", "/cash/match", Value::Null).await;
    let org = org(p).await;
    let mut tx = p.desk.db().begin().await.expect("begins");
    for (n, number) in ["X-90", "X-91", "X-92"].iter().enumerate() {
        let item = ledger::items_numbered(&mut tx, org, number).await.expect("reads").remove(0);
        let day = |text: &str| -> chrono::NaiveDate { text.parse().expect("a date") };
        let step = |seq: i64, code: &str, on: &str| StepRow {
            item_id: item.id,
            seq,
            customer_id: item.customer_id,
            pathway_code: "individual".into(),
            pathway_version: 1,
            step_code: code.into(),
            due_on: day(on),
            taken_on: day(on),
            letter_id: None,
            run_id: None,
            note: String::new(),
            letter_state: String::new(),
        };
        let rows = vec![step(1, "R3", "2026-03-18"), step(2, "R4", "2026-03-25")];
        add_steps(&mut tx, org, rows, p.desk.clock().now()).await.expect("steps");
        let at_claim = "update open_item set stage = 'R4' where org_id = $1 and id = $2";
        tx.run(at_claim, args![org, item.id]).await.expect("a stage");
        // The letter of claim: a letter that was printed, with another kind, account and day.
        let letter = "insert into letter (org_id, id, number, kind, customer_id, document_id, template_code, template_version, dated_on, channel, sent_to, state, total_pence, content, content_sha256, file_sha256, batch_id, run_id, attempts, state_reason, recorded_at) select org_id, $2, $3, 'letter_of_claim', $4, null, template_code, template_version, $5, 'post', sent_to, 'printed', total_pence, content, content_sha256, file_sha256, null, null, 0, '', recorded_at from letter where org_id = $1 and id = (select min(id) from letter where org_id = $1 and kind = 'reminder')";
        let (id, name) = (n as i64 + 1, format!("LTR-90000{}", n + 1));
        let values = args![org, id, &name, item.customer_id, day("2026-03-25")];
        assert_eq!(tx.run(letter, values).await.expect("a letter"), 1);
        let names = "insert into letter_item (org_id, letter_id, item_id, open_pence) values ($1, $2, $3, 120000)";
        tx.run(names, args![org, id, item.id]).await.expect("names the debt");
    }
    tx.commit().await.expect("commits");
}

/// Collection agencies and tracing.
pub(super) async fn agencies(p: &mut Program) {
    people(p).await;
    let terms = json!({
        "version": 0, "name": "Mercia Collections Ltd", "first_bp": 1_200, "second_bp": 2_000, "vat_bp": 2_000,
        "settlement": "net", "least_pence": 5_000, "agreement": "DSA 2026/14", "agreement_from": "2026-01-01",
        "active": true,
    });
    p.call("set_agency", "/agencies/MERC", terms).await;
    p.get("list_agencies", "/agencies").await;
    let whom = json!({ "customers": ["K91", "K92"] });
    let seen = p.call("preview_placement", "/agencies/MERC/placement-preview", whom.clone()).await;
    assert_eq!(seen["count"], 2, "{seen}");
    let placed = p.call("place_debts", "/agencies/MERC/placements", whom).await;
    p.get("list_placements", "/placements?agency=MERC").await;
    p.get("get_agency_file", &format!("/agency-files/{}", text(&placed["file"]))).await;
    let answers = "account_number,agency_ref,status,reason\nK91-1,A1,ACCEPTED,\nK92-1,A2,ACCEPTED,\n";
    p.call("take_agency_answers", "/agencies/MERC/answers?file_name=ack.csv", json!(answers)).await;
    let stock = "account_number,balance,status\nK91-1,1200.00,open\nK92-1,1100.00,open\n";
    p.call("reconcile_agency_stock", "/agencies/MERC/stock?file_name=stock.csv", json!(stock)).await;
    let paid = "H,MERCIA,1,2026-05-01,2026-05-01\nD,K91-1,A1,2026-05-01,100.00,12.00,2.40,AGENCY,PAYMENT,1100.00\nT,1,100.00,0.00,12.00,2.40,85.60\n";
    p.call("check_agency_remittance", "/agencies/MERC/remittance-check?file_name=one.csv", json!(paid)).await;
    let taken = p.call("bring_agency_remittance", "/agencies/MERC/remittances?file_name=one.csv", json!(paid)).await;
    p.get("get_agency_remittance", &format!("/agency-remittances/{}", text(&taken["number"]))).await;
    p.call("tend_agencies", "/agency-changes", Value::Null).await;
    p.get("get_placement", "/placements/K91-1").await;
    let closed = "account_number,reason,note\nK92-1,DEC,Son called\n";
    p.call("take_agency_closures", "/agencies/MERC/closures?file_name=closed.csv", json!(closed)).await;
    p.call("recall_placement", "/placements/K91-1/recall", json!({ "words": "Court next" })).await;
    p.get("get_agency", "/agencies/MERC").await;
    p.get("compare_agencies", "/agency-comparison?from=2026-04-01&to=2026-05-01").await;
    let arranged =
        "account_number,amount,frequency,first_payment_date,payment_method\nK91-1,50.00,Monthly,2026-06-01,card\n";
    let arrangements = "/agencies/MERC/arrangements?file_name=arranged.csv";
    p.call("take_agency_arrangements", arrangements, json!(arranged)).await;
    traces(p).await;
}

async fn traces(p: &mut Program) {
    let search = |source: &str| {
        json!({
            "customer": "K91", "source": source, "purpose": "TRACE", "lawful_basis": "public_task",
            "why": "Two letters came back",
        })
    };
    let first = p.call("ask_for_trace", "/traces", search("bureau")).await;
    let sent = p.call("send_traces", "/trace-files", json!({ "bureau": "gbx" })).await;
    let by = Actor::operator(org(p).await, "Operator");
    let (_, bytes) = trace_file(&p.desk, &by, text(&sent["file_sha256"])).await.expect("the file");
    let asked = String::from_utf8(bytes).expect("UTF-8");
    let mut lines = asked.lines();
    let (head, row) = (lines.next().expect("headings"), lines.next().expect("a row"));
    let more = "result_code,confidence,new_flat,new_house_name,new_house_number,new_street,new_town,new_postcode,first_seen,last_seen,sources,phone,employer,deceased_date,insolvency_type,insolvency_date,note";
    let none = "NOT_FOUND,0,,,,,,,,,,,,,,,";
    // Its marks are made by chance, so what is brought in is no example to copy; a file of nobody's is.
    let unknown = format!("{head},{more}\nnobody{},{none}\nTOTAL,1\n", ",".repeat(row.matches(',').count()));
    p.call("take_traces", "/trace-answers?file_name=answer.csv&cost_each_pence=450", json!(unknown)).await;
    let second = p.call("ask_for_trace", "/traces", search("open_register")).await;
    let found = json!({
        "result": "FOUND_PROVEN", "name_agrees": true, "birth_agrees": true, "linked_address": true, "sources": 3,
        "last_seen_on": "2026-04-20", "address1": "14 Low Road", "town": "Alnwick", "postcode": "NE66 1AA",
        "words": "On the register", "cost_pence": 450,
    });
    p.call("record_trace", &format!("/traces/{}/result", text(&second["number"])), found).await;
    let third = p.call("ask_for_trace", "/traces", search("own_records")).await;
    let at = format!("/traces/{}", text(&third["number"]));
    p.call("cancel_trace", &format!("{at}/cancel"), json!({ "words": "They rang us" })).await;
    p.get("list_traces", "/traces").await;
    p.get("get_trace", &format!("/traces/{}", text(&first["number"]))).await;
    let log = p.get("list_customer_traces", "/customers/K91/traces").await;
    let address = log["addresses"][0]["id"].as_i64().expect("a found address");
    let call = json!({ "call_back": "Rang the number on file, 1 May, spoke to the customer" });
    p.call("use_found_address", &format!("/found-addresses/{address}/use"), call).await;
    let mark = json!({ "mark": true, "why": "Safeguarding lead" });
    p.call("mark_not_traced", "/customers/K92/trace-mark", mark).await;
}

/// The court's word on a file: one claim is on its way, another is nobody's.
async fn answers(p: &mut Program, case: &str, reference: &str) {
    let item = |id: &str, status: &str| {
        format!(
            "<response requestId=\"{id}\" requestType=\"mcolClaim\"><responseDetail><mcolResponseDetail/>\
             </responseDetail><status code=\"{status}\"/></response>"
        )
    };
    let answer = format!(
        "<bulkFeedbackResponse><bulkRequestStatus><status code=\"Ok\"/><customerReference>{reference}\
         </customerReference><sdtService>mcol</sdtService><bulkStatus code=\"Validated\"/></bulkRequestStatus>\
         <responses>{}{}</responses></bulkFeedbackResponse>",
        item(case, "Forwarded"),
        item("CRT-999999", "Rejected")
    );
    let taken = p.call("take_court_answers", "/court-answers?file_name=feedback.xml", json!(answer)).await;
    assert_eq!((&taken["noted"], &taken["open"]), (&json!(1), &json!(1)), "{taken}");
    p.get("list_court_answers", "/court-answers").await;
    let at = format!("/court-answers/{}", text(&taken["file"]));
    let shown = p.get("get_court_answers", &at).await;
    p.call("work_court_answers", &format!("{at}/work"), Value::Null).await;
    let line = shown["lines"][1]["id"].as_i64().expect("a line");
    let why = json!({ "words": "Another council's claim; the court was told" });
    p.call("settle_court_answer", &format!("/court-answer-lines/{line}/settle"), why).await;
}

/// A case at court, from the referral to its end.
pub(super) async fn court(p: &mut Program) {
    p.get("list_limitation", "/limitation").await;
    let letter = json!({ "kind": "signed_letter", "on": "2026-03-20", "evidence": "Letter in the file" });
    p.call("record_limit", "/invoices/X-90/limitation", letter).await;
    p.get("get_limitation", "/invoices/X-90/limitation").await;
    let referral =
        json!({ "customer": "K90", "why": "Three reminders, no answer, in work", "means": "Works at the mill" });
    let number = text(&p.call("refer_to_court", "/court-cases", referral).await["number"]).to_owned();
    let at = format!("/court-cases/{number}");
    p.call("decide_referral", &format!("{at}/decision"), json!({ "accept": true })).await;
    p.get("list_court_cases", "/court-cases").await;
    let reply = json!({ "on": "2026-03-28", "kind": "other", "words": "Cannot pay at the moment" });
    p.call("record_reply", &format!("{at}/reply"), reply).await;
    let notice = json!({ "step": "notice_given", "on": "2026-04-10" });
    p.call("record_case_step", &format!("{at}/steps"), notice).await;
    p.get("list_court_diary", "/court-diary").await;
    let claim = json!({
        "issue_on": "2026-05-01", "status": "individual", "basis": "a contract for trade waste of 2 February 2026",
        "defendants": [{ "name": "Mr Adam Example", "lines": ["90 High Street", "Northmere"], "postcode": "NM1 1AA" }],
    });
    let seen = p.call("prepare_claim", &format!("{at}/claim"), claim).await;
    assert_eq!((&seen["lacks"], &seen["not_yet"]), (&json!([]), &Value::Null), "{seen}");
    p.call("sign_claim", &format!("{at}/signature"), json!({ "i_believe": true })).await;
    let ours = json!({ "changes": [{ "name": "limits.sdt_customer_id", "value": "10009999" }] });
    p.call("change_settings", "/settings", ours).await;
    let filed = p.call("export_claims", "/court-files", json!({ "cases": [number.clone()] })).await;
    p.get("list_court_files", "/court-files").await;
    p.get("get_court_file", &format!("/court-files/{}", text(&filed["file"]))).await;
    p.get("get_court_bundle", &format!("{at}/bundle")).await;
    answers(p, &number, text(&filed["reference"])).await;
    let issue =
        json!({ "claim_number": "K1QZ12AB", "issued_on": "2026-05-01", "fee_pence": 8_000, "served": "online" });
    p.call("record_issue", &format!("{at}/issue"), issue).await;
    // The claim ages: it was issued in March, and nothing was filed in time.
    let mut tx = p.desk.db().begin().await.expect("begins");
    let older = "update court_case set issued_on = $2, respond_by = $3, defend_by = $4 where number = $1";
    let day = |text: &str| -> chrono::NaiveDate { text.parse().expect("a date") };
    let days = args![&number, day("2026-04-01"), day("2026-04-20"), day("2026-04-29")];
    tx.run(older, days).await.expect("ages");
    tx.commit().await.expect("commits");
    let response = json!({ "kind": "acknowledgment", "on": "2026-04-15" });
    p.call("record_response", &format!("{at}/responses"), response).await;
    p.call("request_judgment", &format!("{at}/judgment-request"), Value::Null).await;
    let judgment = json!({ "on": "2026-05-01", "kind": "default" });
    p.call("enter_judgment", &format!("{at}/judgment"), judgment).await;
    p.get("list_enforcement", &format!("{at}/enforcement?work=employed")).await;
    let warrant = json!({
        "method": "warrant", "proportion": "The debt is fifteen times the fee",
        "circumstances": "Called on 30 April: in work, no dependants",
    });
    p.call("enforce_judgment", &format!("{at}/enforcement"), warrant).await;
    let cost = json!({ "amount_pence": 5_000, "charged": false, "words": "Advice of counsel" });
    p.call("add_court_cost", &format!("{at}/costs"), cost).await;
    let firm = json!({ "firm": "Hale and Marsh LLP", "reference": "NC/77" });
    p.call("hand_to_solicitor", &format!("{at}/solicitor"), firm).await;
    p.get("get_court_case", &at).await;
    p.call("tend_court", "/court-day", Value::Null).await;
    let charge = json!({
        "customer": "K90", "case": number, "kind": "interim_charging_order", "property": "90 High Street, Northmere",
        "title_number": "ND123456", "charged_on": "2026-05-01", "secured_pence": 120_000, "value_pence": 18_000_000,
        "valued_on": "2026-04-20", "prior_pence": 10_000_000,
    });
    let charge = p.call("add_charge", "/charges", charge).await;
    p.get("list_charges", "/charges?customer=K90").await;
    let release = json!({ "words": "Head of service, e-mail of 1 May; form DS1 sent", "still_owed": true });
    p.call("release_charge", &format!("/charges/{}/release", text(&charge["number"])), release).await;
    p.call("end_court_case", &format!("{at}/end"), json!({ "words": "Settled on the steps of the court" })).await;
    p.call("tell_court", &format!("{at}/told"), Value::Null).await;
}

/// Insolvency and death.
pub(super) async fn ends(p: &mut Program) {
    let notice = json!({
        "customer": "K93", "kind": "bankruptcy", "on": "2026-04-20", "office_holder": "Ms Trustee",
        "reference": "BKT 1", "evidence": "The Gazette of 21 April",
    });
    let one = p.call("open_insolvency", "/insolvencies", notice).await;
    let at = format!("/insolvencies/{}", text(&one["number"]));
    p.get("list_insolvencies", "/insolvencies").await;
    p.call("lodge_proof", &format!("{at}/proof"), json!({})).await;
    let dividend = json!({ "on": "2026-05-01", "rate_in_100": 1_250, "last": true });
    p.call("declare_dividend", &format!("{at}/dividends"), dividend).await;
    let money = json!({
        "method": "cash", "customer": "K93", "amount_pence": 15_000, "payer_name": "Ms Trustee",
        "lines": [{ "item": "X-93", "amount_pence": 15_000 }],
    });
    let money = p.call("record_receipt", "/receipts", money).await;
    let tie = json!({ "seq": 1, "receipt": money["receipt"] });
    p.call("receive_dividend", &format!("{at}/receipts"), tie).await;
    p.get("get_insolvency", &at).await;
    p.call("end_insolvency", &format!("{at}/end"), json!({ "on": "2026-05-01" })).await;
    let death =
        json!({ "customer": "K94", "died_on": "2026-02-20", "told_on": "2026-03-01", "source": "Tell Us Once" });
    let one = p.call("open_estate", "/estates", death).await;
    let at = format!("/estates/{}", text(&one["number"]));
    p.get("list_estates", "/estates").await;
    let known = json!({
        "act": "representatives", "representatives": "Mrs Jane Rees, executor", "address": "2 Low Street, Northmere",
    });
    p.call("act_on_estate", &format!("{at}/acts"), known).await;
    p.get("get_estate", &at).await;
}
