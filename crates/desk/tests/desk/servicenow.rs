//! ServiceNow against a stand-in: its cases become work once, ours are opened once, and every bad answer has its outcome.
use crate::billing::{raised, standard};
use crate::customers::{customer, fields as company};
use crate::servicenow_desk::{CLIENT, GROUP, Record, SECRET, StandIn, TABLE, Trouble, USER};
use futures::FutureExt;
use sundry_desk::billing::requests::*;
use sundry_desk::billing::{InvoiceLine, invoice};
use sundry_desk::control::people::{AddUser, add_user};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{AddCustomer, CustomerFields, add_customer};
use sundry_desk::jobs::ask::jobs_list;
use sundry_desk::queries::*;
use sundry_desk::work::dashboard::dashboard;
use sundry_desk::{No, Outcome};
use sundry_domain::billing::requests::OwnService;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;
use sundry_store::engine::tables::{read_rows, tables};

const TODAY: &str = "2026-05-01";
const NINE: &str = "2026-05-01T09:00:00Z";

fn set(base: &str) -> SetServiceNow {
    SetServiceNow {
        key: format!("set {base}"),
        base_url: base.into(),
        client_id: CLIENT.into(),
        client_secret: SECRET.into(),
        user_name: USER.into(),
        our_group: GROUP.into(),
        close_code: "Solved".into(),
        query_owner: "Income team".into(),
        in_use: true,
        ..SetServiceNow::default()
    }
}

async fn set_up(t: &TestDesk, ask: SetServiceNow) {
    set_servicenow(&t.desk, &t.role(Role::Administrator), ask).await.expect("is set up");
}

async fn started(t: &TestDesk) -> StandIn {
    let there = StandIn::start(NINE).await;
    set_up(t, set(&there.base)).await;
    there
}

async fn look(t: &TestDesk) -> Outcome<ServiceNowSynced> {
    let ask = SyncServiceNow { key: format!("look/{}", t.desk.id::<i64>()) };
    sync_servicenow(&t.desk, &t.operator(), ask, &|bytes: Vec<u8>| async { Ok(bytes) }.boxed()).await
}

async fn looked(t: &TestDesk) -> ServiceNowSynced {
    let done = look(t).await.expect("looks");
    assert!(!done.failed, "{done:?}");
    done
}

async fn cases(t: &TestDesk) -> Vec<ServiceNowShown> {
    let auditor = t.role(Role::Auditor);
    let listed = servicenow_cases(&t.desk, &auditor, ServiceNowAsk::default()).await.expect("lists");
    let mut all = Vec::new();
    for row in listed.rows.iter().rev() {
        all.push(servicenow_case(&t.desk, &auditor, &row.number).await.expect("shows"));
    }
    all
}

async fn last(t: &TestDesk) -> ServiceNowShown {
    cases(t).await.pop().expect("a case")
}

async fn query_of(t: &TestDesk, number: &str) -> QueryShown {
    query(&t.desk, &t.role(Role::Auditor), number).await.expect("shows")
}

fn there(desk: &StandIn, sys_id: &str) -> Record {
    desk.cases().into_iter().find(|one| one["sys_id"] == sys_id).expect("it is there")
}

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> Option<String> {
    outcome.expect_err("is refused").code().map(str::to_owned)
}

async fn resolve(t: &TestDesk, number: &str) {
    let end = ResolveQuery {
        key: format!("end {number}"),
        number: number.into(),
        resolution: "charge_stands".into(),
        words: "The hall was booked".into(),
        letter: Some(false),
        ..ResolveQuery::default()
    };
    resolve_query(&t.desk, &t.role(Role::CreditController), end).await.expect("ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_a_dispute_there_is_a_query_here_and_both_are_kept_in_step() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &who, standard()).await.number;
        let id = desk.open(
            "dispute",
            &format!("Dispute on invoice {item}"),
            "The room was not used. Card 4111 1111 1111 1111",
        );
        desk.attach(&id, "booking.pdf", 16, b"%PDF-1.7 booking");
        let first = looked(&t).await;
        assert_eq!((first.came, first.told), (1, 1), "{first:?}");
        let case = last(&t).await;
        let number = case.query.clone().expect("a query");
        let shown = query_of(&t, &number).await;
        assert_eq!((shown.query.source.as_str(), shown.query.category.as_str()), ("servicenow", "service"));
        assert_eq!((shown.query.disputed_pence, shown.query.owner.as_str()), (120_000, "Income team"));
        assert!(!shown.query.words.contains("4111 1111 1111 1111"), "{}", shown.query.words);
        assert_eq!((shown.evidence.len(), shown.evidence[0].name.as_str()), (1, "booking.pdf"));
        assert_eq!(shown.cases[0].their_number, there(&desk, &id)["number"]);
        // It is told by whom and until when; its assignment stays theirs.
        let told = there(&desk, &id);
        assert_eq!((told["state"].as_str(), told["assignment_group"].as_str()), ("10", GROUP));
        let due = shown.query.answer_by.format("%-d %B %Y");
        assert_eq!(desk.comments(&id), [format!("It is {number} with the income team, to be answered by {due}.")]);
        // The next look finds its own change, and raises nothing again.
        let second = looked(&t).await;
        assert_eq!((second.came, second.changed, second.told, second.again), (0, 0, 0, 1), "{second:?}");
        desk.turn(&id, &[("comments", "The keys were never collected.")]);
        let third = looked(&t).await;
        assert_eq!((third.changed, third.told), (1, 0), "{third:?}");
        assert_eq!(last(&t).await.comments[0].words, "The keys were never collected.");
        resolve(&t, &number).await;
        let fourth = looked(&t).await;
        assert_eq!(fourth.told, 1, "{fourth:?}");
        let ended = there(&desk, &id);
        assert_eq!((ended["state"].as_str(), ended["resolution_code"].as_str()), ("6", "Solved"));
        assert_eq!(ended["close_notes"], format!("{number} is resolved. The charge stands."));
        assert!(!format!("{ended:?}").contains("Calder"), "nobody is named there");
        assert_eq!(looked(&t).await.told, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_each_type_of_request_becomes_work_and_what_is_not_known_waits_for_a_person() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        let other = customer(&t, "c2", "Ash Ltd").await;
        let item = raised(&t, "r1", &who, standard()).await.number;
        for (kind, subject, state, words) in [
            ("enquiry", format!("What does {who} owe?"), "query", "names"),
            ("customer_change", format!("New address of account {other}"), "query", "names"),
            ("refund", format!("{other} paid twice"), "query", "names"),
            ("write_off", format!("Give up {item}"), "query", "names"),
            ("credit_note", format!("Credit invoice {item}"), "query", "is open about"),
            ("dispute", format!("{other} disputes"), "waiting", "names no invoice"),
            ("enquiry", format!("{who} or {other}?"), "waiting", "several accounts"),
            ("enquiry", "Who are you?".to_owned(), "waiting", "no invoice and no account"),
            ("hardware", format!("A mouse for {who}"), "waiting", "nothing that is known here"),
            ("raise_invoice", format!("Bill {who}"), "waiting", "no sheet"),
        ] {
            desk.open(kind, &subject, "");
            looked(&t).await;
            let case = last(&t).await;
            assert_eq!(case.case.state, state, "{subject}: {:?}", case.reasons);
            assert!(case.reasons.join(" ").contains(words), "{subject}: {:?}", case.reasons);
            assert_eq!(case.query.is_some(), state == "query");
        }
        let held = invoice(&t.desk, &t.role(Role::Auditor), &item).await.expect("shows").disputed_pence;
        assert_eq!(held, 0, "only a dispute holds");
        // A person says what becomes of the rest.
        let waiting: Vec<ServiceNowShown> =
            cases(&t).await.into_iter().filter(|one| one.case.state == "waiting").collect();
        let by = t.role(Role::CreditController);
        let sort = |at: usize, how: &str| SortServiceNow {
            key: format!("sort {at} {how}"),
            number: waiting[at].case.number.clone(),
            how: how.into(),
            customer: other.clone(),
            category: "other".into(),
            ..SortServiceNow::default()
        };
        let opened = sort_servicenow(&t.desk, &by, sort(0, "open")).await.expect("opens");
        let number = opened.query.clone().expect("a query");
        assert_eq!(query_of(&t, &number).await.query.source, "servicenow");
        assert_eq!(code(sort_servicenow(&t.desk, &by, sort(0, "hand_over")).await), None, "an owner is needed");
        assert_eq!(
            code(sort_servicenow(&t.desk, &by, SortServiceNow { query: number.clone(), ..sort(0, "join") }).await)
                .as_deref(),
            Some("SERVICENOW-SORTED")
        );
        let join = SortServiceNow { query: number.clone(), ..sort(1, "join") };
        assert_eq!(sort_servicenow(&t.desk, &by, join).await.expect("joins").query, Some(number));
        let bank = SortServiceNow { reason: "Pay 08-99-99 66374958".into(), ..sort(2, "set_aside") };
        assert!(matches!(sort_servicenow(&t.desk, &by, bank).await, Err(No::Invalid(_))));
        let aside = SortServiceNow { key: "aside".into(), reason: "Ask IT".into(), ..sort(3, "set_aside") };
        sort_servicenow(&t.desk, &by, aside).await.expect("is set aside");
        looked(&t).await;
        let case = there(&desk, &waiting[3].case.sys_id);
        assert_eq!((case["state"].as_str(), case["close_notes"].as_str()), ("6", "Nothing comes of it: Ask IT"));
        assert!(desk.comments(&waiting[1].case.sys_id)[0].starts_with("It is QRY-"));
    })
    .await;
}

async fn asker(t: &TestDesk) {
    let ask = AddUser {
        key: "snow".into(),
        sign_in_name: "snow".into(),
        display_name: "Service desk".into(),
        roles: vec!["service_manager".into()],
        limit: Pence::ZERO,
        password: "correct horse battery".into(),
    };
    add_user(&t.desk, &t.operator(), ask).await.expect("is added");
    let services = vec![OwnService { service: "Halls".into(), cost_centre: String::new() }];
    let ask = SetPersonServices { key: "halls".into(), sign_in_name: "snow".into(), services };
    set_person_services(&t.desk, &t.role(Role::Administrator), ask).await.expect("is set");
}

#[tokio::test(flavor = "multi_thread")]
async fn bil_02_a_case_with_a_sheet_is_requests_for_invoices_and_is_told_what_became_of_them() {
    on_both(TODAY, async |t| {
        let desk = StandIn::start(NINE).await;
        asker(&t).await;
        set_up(&t, SetServiceNow { request_user: "snow".into(), ..set(&desk.base) }).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        let sheet = |price: &str, service: &str| {
            format!("request,service,customer_id,description,unit_price,vat_code,supplied_on\n1,{service},{who},Hall hire,{price},S,2026-04-30\n")
        };
        let id = desk.open("raise_invoice", "Hire of the hall", "See the sheet");
        let wrong = sheet("a hundred", "Halls");
        desk.attach(&id, "hire.csv", wrong.len(), wrong.as_bytes());
        looked(&t).await;
        assert_eq!(last(&t).await.case.state, "sent_back");
        let said = desk.comments(&id);
        assert!(said.len() == 1 && said[0].contains("hire.csv, row 2, unit_price"), "{said:?}");
        assert!(!said[0].contains("a hundred"), "what was typed is not sent out");
        assert_eq!(there(&desk, &id)["state"], "18");
        // Put right there: a new sheet, and the case goes on.
        let right = sheet("100.00", "Halls");
        desk.attach(&id, "hire 2.csv", right.len(), right.as_bytes());
        desk.turn(&id, &[("state", "10"), ("comments", "Here it is")]);
        looked(&t).await;
        let case = last(&t).await;
        assert_eq!((case.case.state.as_str(), case.requests.len()), ("requests", 1), "{:?}", case.reasons);
        let number = case.requests[0].number.clone();
        let officer = t.role(Role::BillingOfficer);
        let shown = invoice_request(&t.desk, &officer, &number).await.expect("shows");
        assert_eq!((shown.line.asked_by.as_str(), shown.line.gross_pence), ("Service desk", 12_000));
        assert!(shown.batch.starts_with(&case.case.their_number), "{}", shown.batch);
        assert_eq!(desk.comments(&id).last().map(String::as_str), Some(format!("{number} waits for the income team.").as_str()));
        let back = SendRequestBack {
            key: "back".into(),
            number: number.clone(),
            seen_version: shown.version,
            reason: "Which hall?".into(),
        };
        send_request_back(&t.desk, &officer, back).await.expect("sends back");
        looked(&t).await;
        assert_eq!(desk.comments(&id).last().map(String::as_str), Some(format!("{number} is sent back: Which hall?").as_str()));
        assert_eq!(there(&desk, &id)["state"], "18");
        let shown = invoice_request(&t.desk, &officer, &number).await.expect("shows");
        let form = RequestForm { what_for: "Town Hall".into(), lines: vec![line()], ..shown.form };
        let correct = CorrectRequest { key: "right".into(), number: number.clone(), seen_version: shown.version, form };
        let snow = sundry_desk::control::sign_in::actor_of(
            &sundry_store::control::user_by_name(&mut t.desk.look().await.expect("looks"), "snow").await.expect("reads").expect("is there"),
            sundry_desk::Channel::Web,
        );
        correct_request(&t.desk, &snow, correct, vec![]).await.expect("corrects");
        let shown = invoice_request(&t.desk, &officer, &number).await.expect("shows");
        let approve = ApproveRequest { key: "yes".into(), number: number.clone(), seen_version: shown.version, customer_number: String::new() };
        let made = approve_request(&t.desk, &officer, approve).await.expect("approves").invoice.number;
        looked(&t).await;
        let ended = there(&desk, &id);
        assert_eq!((ended["state"].as_str(), ended["close_notes"].as_str()), ("6", format!("{number} is invoice {made}.").as_str()));
        // A service that is not theirs is at its row; nobody set up is for a person.
        let id = desk.open("raise_invoice", "Care", "");
        let other = sheet("50.00", "Care");
        desk.attach(&id, "care.csv", other.len(), other.as_bytes());
        looked(&t).await;
        assert!(desk.comments(&id)[0].contains("You do not ask for invoices of"), "{:?}", desk.comments(&id));
        set_up(&t, SetServiceNow { key: "nobody".into(), ..set(&desk.base) }).await;
        let id = desk.open("raise_invoice", "Hall", "");
        desk.attach(&id, "hall.csv", right.len(), right.as_bytes());
        looked(&t).await;
        let case = last(&t).await;
        assert_eq!((case.case.state.as_str(), case.requests.len()), ("waiting", 0));
        assert!(case.reasons[0].contains("Nobody is set up"), "{:?}", case.reasons);
    })
    .await;
}

fn line() -> InvoiceLine {
    InvoiceLine {
        description: "Town Hall".into(),
        quantity: "1".into(),
        unit_price: "100.00".into(),
        vat_code: "S".into(),
        ..InvoiceLine::default()
    }
}

/// A query about a person's invoice.
async fn disputed(t: &TestDesk) -> String {
    let fields = CustomerFields { name: "Joyce Pemberton".into(), kind: "individual".into(), ..company("") };
    let ask = AddCustomer { key: "joyce".into(), fields, confirmed_alike: true, ..AddCustomer::default() };
    let who = add_customer(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("opens").number;
    let item = raised(t, "r1", &who, standard()).await.number;
    let ask = RaiseQuery {
        key: "q1".into(),
        item,
        category: "price".into(),
        disputed: Some(Pence(2_500)),
        words: "I was in hospital".into(),
        ..RaiseQuery::default()
    };
    raise_query(&t.desk, &t.role(Role::CreditController), ask).await.expect("raises").number
}

fn asks(key: &str, number: &str) -> AskServiceNow {
    AskServiceNow {
        key: key.into(),
        number: number.into(),
        question: "Was the room used on 30 April?".into(),
        days: None,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_07_a_question_becomes_a_case_there_and_its_answer_comes_back() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let number = disputed(&t).await;
        let by = t.role(Role::CreditController);
        for (at, question) in
            ["Was Mrs Pemberton there?", "Did she pay to 08-99-99 66374958?", "Is 943 476 5919 hers?", ""]
                .iter()
                .enumerate()
        {
            let ask = AskServiceNow { question: (*question).into(), ..asks(&format!("no {at}"), &number) };
            assert!(matches!(ask_servicenow(&t.desk, &by, ask).await, Err(No::Invalid(_))), "{question}");
        }
        let asked = ask_servicenow(&t.desk, &by, asks("a1", &number)).await.expect("asks");
        assert_eq!(asked, ask_servicenow(&t.desk, &by, asks("a1", &number)).await.expect("the same key"));
        assert_eq!(
            code(ask_servicenow(&t.desk, &by, asks("a2", &number)).await).as_deref(),
            Some("SERVICENOW-CASE-OPEN")
        );
        assert_eq!(ask_for_due_servicenow(&t.desk).await.expect("asks"), 1);
        assert_eq!(ask_for_due_servicenow(&t.desk).await.expect("asks"), 0, "the same look is one job");
        assert!(jobs_list(&t.desk, &t.operator()).await.expect("jobs").iter().any(|job| job.kind == "sync_servicenow"));
        assert_eq!(looked(&t).await.opened, 1);
        let sent = desk.cases().pop().expect("a case");
        assert!(sent["correlation_id"].starts_with("sundry:") && sent["correlation_id"].len() == 43, "{sent:?}");
        assert_eq!(sent["short_description"], "Query QRY-000001 about INV-000001");
        assert_eq!(sent["correlation_display"], "Sundry query QRY-000001");
        assert!(sent["description"].contains("In query: 25.00 GBP."), "{sent:?}");
        assert!(sent["description"].contains("Please answer by 11 May 2026"), "{sent:?}");
        for secret in ["Pemberton", "Joyce", "hospital", "Ashford"] {
            assert!(!format!("{sent:?}").contains(secret), "{secret} leaves");
        }
        // Our own change comes back with the next look: the loop ends there.
        let next = looked(&t).await;
        assert_eq!((next.came, next.changed, desk.cases().len()), (0, 0, 1), "{next:?}");
        desk.turn(&sent["sys_id"], &[("state", "6"), ("close_notes", "It was used all day.")]);
        looked(&t).await;
        let shown = query_of(&t, &number).await;
        assert_eq!((shown.query.state.as_str(), shown.query.answer.as_str()), ("answered", "It was used all day."));
        assert_eq!(shown.cases[0].state, "answered");
        // Asked again, cancelled there: the query waits on us, and says so.
        let act = ActOnQuery { key: "r".into(), number: number.clone(), act: "reopen".into(), ..ActOnQuery::default() };
        act_on_query(&t.desk, &by, act).await.expect("opens again");
        ask_servicenow(&t.desk, &by, asks("a3", &number)).await.expect("asks again");
        looked(&t).await;
        let sent = desk.cases().pop().expect("a case");
        desk.turn(&sent["sys_id"], &[("state", "3"), ("close_notes", "")]);
        looked(&t).await;
        let shown = query_of(&t, &number).await;
        assert_eq!((shown.query.state.as_str(), shown.cases[1].state.as_str()), ("open", "ended"));
        assert!(shown.history.iter().any(|event| event.event == "ServiceNowCaseEndedThere"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_07_after_no_answer_a_case_is_looked_for_before_it_is_opened_again() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let number = disputed(&t).await;
        let by = t.role(Role::CreditController);
        ask_servicenow(&t.desk, &by, asks("a1", &number)).await.expect("asks");
        // The list comes; the case is made, and its answer is cut off.
        fail_post(&desk, Trouble::Cut);
        let done = look(&t).await.expect("an answer");
        assert!(done.failed && done.opened == 0, "{done:?}");
        assert_eq!((desk.cases().len(), last(&t).await.case.state.as_str()), (1, "unsure"));
        // It lies further back than a look goes: only its correlation id finds it.
        desk.with(|m| {
            let cases = m.tables.get_mut(TABLE).expect("cases");
            cases[0].insert("sys_updated_on".into(), "2026-04-30 08:00:00".into());
        });
        let held = servicenow_stands(&t.desk, &by).await.expect("stands").held_until;
        assert!(held.is_some(), "it waits before it asks again");
        assert_eq!(look(&t).await.expect("an answer").held_until, held, "and nothing is asked before");
        t.go_to("2026-05-05");
        desk.with(|m| m.calls.clear());
        let done = looked(&t).await;
        assert_eq!((desk.cases().len(), last(&t).await.case.state.as_str()), (1, "asked"), "{done:?}");
        let called = |word: &str| desk.with(|m| m.calls.iter().any(|call| call.contains(word)));
        assert!(called("correlation_id=sundry:") && !called("POST sn_"), "it is looked for, and not opened twice");
        // One that never arrived is opened, under the same id.
        let before = last(&t).await.case.correlation_id;
        desk.turn(&desk.cases()[0]["sys_id"], &[("state", "3"), ("close_notes", "")]);
        looked(&t).await;
        ask_servicenow(&t.desk, &by, asks("a2", &number)).await.expect("asks again");
        let kept = last(&t).await.case.correlation_id;
        assert_ne!(before, kept);
        fail_post(&desk, Trouble::Status(503));
        let stopped = look(&t).await.expect("an answer");
        assert!(stopped.failed && desk.cases().len() == 1, "{stopped:?}");
        t.go_to("2026-05-06");
        looked(&t).await;
        assert_eq!(desk.cases().len(), 2);
        assert_eq!(desk.cases()[1]["correlation_id"], kept);
    })
    .await;
}

/// The next look: its questions are answered, the first writing goes wrong.
fn fail_post(desk: &StandIn, trouble: Trouble) {
    desk.with(|m| m.on_write = Some(trouble));
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_what_was_told_and_lost_its_answer_is_not_told_twice() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        let id = desk.open("enquiry", &format!("What does {who} owe?"), "");
        fail_post(&desk, Trouble::Cut);
        assert!(look(&t).await.expect("an answer").failed);
        assert_eq!(desk.comments(&id).len(), 1, "it was told, and the answer was lost");
        t.go_to("2026-05-05");
        assert_eq!(looked(&t).await.told, 1);
        assert_eq!(desk.comments(&id).len(), 1);
        assert_eq!(looked(&t).await.told, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_bad_input_401_and_403_stop_the_queue_until_somebody_looked() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        for status in [401, 403] {
            desk.open("enquiry", &format!("What does {who} owe?"), "");
            desk.fail(&[Trouble::Status(status), Trouble::Status(status)]);
            assert_eq!(code(look(&t).await).as_deref(), Some("SERVICENOW-NOT-LET-IN"), "{status}");
            desk.with(|m| m.trouble.clear());
            let stands = servicenow_stands(&t.desk, &t.role(Role::Auditor)).await.expect("stands");
            assert!(stands.stopped.contains(&status.to_string()) && stands.failed, "{stands:?}");
            let alarm = dashboard(&t.desk, &t.role(Role::TeamLeader)).await.expect("shows").attention;
            assert!(alarm.iter().any(|one| one.what == "servicenow_stopped"), "{alarm:?}");
            let calls = desk.with(|m| m.calls.len());
            assert_eq!(code(look(&t).await).as_deref(), Some("SERVICENOW-NOT-LET-IN"));
            assert_eq!(desk.with(|m| m.calls.len()), calls, "nothing more is asked");
            t.go_to(if status == 401 { "2026-05-02" } else { "2026-05-03" });
            assert_eq!(ask_for_due_servicenow(&t.desk).await.expect("asks"), 0);
            let ask = CheckServiceNow { key: format!("check {status}") };
            check_servicenow(&t.desk, &t.role(Role::Administrator), ask).await.expect("is checked");
            let done = looked(&t).await;
            assert_eq!(done.came, 1, "nothing is lost: {done:?}");
        }
        let wrong = SetServiceNow { key: "wrong".into(), client_secret: "wrong".into(), ..set(&desk.base) };
        set_up(&t, wrong).await;
        assert_eq!(code(look(&t).await).as_deref(), Some("SERVICENOW-NOT-LET-IN"), "a wrong secret");
        let stands = servicenow_stands(&t.desk, &t.role(Role::Auditor)).await.expect("stands");
        assert!(stands.stopped.contains("access_denied: wrong secret"), "{stands:?}");
        // A token that has run out is asked for anew.
        set_up(&t, SetServiceNow { key: "right".into(), ..set(&desk.base) }).await;
        looked(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_bad_input_404_on_a_case_that_we_know_shows_it_removed_there() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        let id = desk.open("enquiry", &format!("What does {who} owe?"), "");
        let second = desk.open("enquiry", "Who are you?", "");
        looked(&t).await;
        let number = cases(&t).await[0].query.clone().expect("a query");
        desk.remove(&id);
        desk.remove(&second);
        resolve(&t, &number).await;
        let done = looked(&t).await;
        assert_eq!((done.removed, done.told), (1, 0), "{done:?}");
        assert!(cases(&t).await[0].case.removed_there);
        assert!(query_of(&t, &number).await.cases[0].removed_there);
        assert_eq!(looked(&t).await.removed, 0, "it is said once");
        // One of which nothing was to be said is looked for once a day.
        t.go_to("2026-05-05");
        assert_eq!(looked(&t).await.removed, 1);
        assert!(cases(&t).await[1].case.removed_there);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_bad_input_429_and_5xx_back_off_and_keep_the_order() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        let id = desk.open("enquiry", &format!("What does {who} owe?"), "");
        let mut before = t.desk.clock().now();
        for (day, status, least) in [("2026-05-02", 429, 1), ("2026-05-03", 500, 2), ("2026-05-04", 503, 4)] {
            desk.fail(&[Trouble::Status(status), Trouble::Status(status), Trouble::Status(status)]);
            let done = look(&t).await.expect("an answer");
            let until = done.held_until.expect("it is held");
            assert!(done.failed && (until - before).num_minutes() >= least, "{status}: {done:?}");
            assert_eq!(ask_for_due_servicenow(&t.desk).await.expect("asks"), 0, "not before then");
            t.go_to(day);
            before = t.desk.clock().now();
        }
        looked(&t).await;
        let number = last(&t).await.query.expect("a query");
        // Resolved and opened again while they are busy: what it is told is what holds now, and in that order.
        resolve(&t, &number).await;
        fail_post(&desk, Trouble::Status(503));
        assert!(look(&t).await.expect("an answer").failed);
        let by = t.role(Role::CreditController);
        let act =
            ActOnQuery { key: "again".into(), number: number.clone(), act: "reopen".into(), ..ActOnQuery::default() };
        act_on_query(&t.desk, &by, act).await.expect("opens again");
        t.go_to("2026-05-06");
        looked(&t).await;
        let said = desk.comments(&id);
        assert!(said.iter().all(|one| !one.contains("resolved")), "{said:?}");
        assert_eq!(there(&desk, &id)["state"], "10");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_bad_input_an_error_is_shown_as_it_is() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let number = disputed(&t).await;
        let by = t.role(Role::CreditController);
        ask_servicenow(&t.desk, &by, asks("a1", &number)).await.expect("asks");
        fail_post(&desk, Trouble::No("Data Policy Exception", "Contact is mandatory"));
        let done = look(&t).await.expect("an answer");
        assert!(!done.failed, "only this one is not taken: {done:?}");
        let case = last(&t).await.case;
        assert_eq!(
            (case.state.as_str(), case.error.as_str()),
            ("not_taken", "Data Policy Exception: Contact is mandatory")
        );
        assert_eq!(query_of(&t, &number).await.cases[0].error, "Data Policy Exception: Contact is mandatory");
        assert_eq!(looked(&t).await.opened, 0, "it is not tried again by itself");
        ask_servicenow(&t.desk, &by, asks("a2", &number)).await.expect("another may be opened");
        assert_eq!(looked(&t).await.opened, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_bad_input_one_thing_where_a_list_is_asked_for_is_an_error() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        desk.open("enquiry", &format!("What does {who} owe?"), "");
        desk.fail(&[Trouble::Object]);
        assert_eq!(code(look(&t).await).as_deref(), Some("SERVICENOW-UNEXPECTED"));
        assert!(cases(&t).await.is_empty(), "nothing is guessed");
        t.go_to("2026-05-02");
        assert_eq!(looked(&t).await.came, 1);
        // A record without a number or a time is told, and does not stop the others.
        desk.with(|m| {
            let broken: Record = [("assignment_group".to_owned(), GROUP.to_owned())].into();
            let id = m.add(TABLE, broken, "abel.tuter");
            let cases = m.tables.get_mut(TABLE).expect("cases");
            cases.iter_mut().find(|one| one["sys_id"] == id).expect("it").insert("number".into(), String::new());
        });
        desk.open("enquiry", &format!("What does {who} owe now?"), "");
        let done = looked(&t).await;
        assert_eq!(done.came, 1);
        assert!(done.notes.iter().any(|note| note.contains("has no number")), "{done:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_bad_input_a_page_instead_of_data_is_not_json() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        desk.fail(&[Trouble::Page]);
        assert_eq!(code(look(&t).await).as_deref(), Some("SERVICENOW-NOT-JSON"));
        let stands = servicenow_stands(&t.desk, &t.role(Role::Auditor)).await.expect("stands");
        assert!(stands.failed && stands.stopped.is_empty() && stands.held_until.is_some(), "{stands:?}");
        desk.fail(&[Trouble::Page]);
        let ask = CheckServiceNow { key: "check".into() };
        let checked = check_servicenow(&t.desk, &t.role(Role::Administrator), ask).await.expect("is checked");
        assert!(checked.findings[0].contains("with a page"), "{checked:?}");
        t.go_to("2026-05-02");
        looked(&t).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_bad_input_a_file_that_is_not_kept_is_left_there_with_its_link() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        let id = desk.open("enquiry", &format!("What does {who} owe?"), "");
        desk.attach(&id, "film.mov", 10, b"moov");
        desk.attach(&id, "plans.pdf", 20 * 1024 * 1024 + 1, b"%PDF-");
        desk.attach(&id, "letter.pdf", 4, b"MZ..");
        desk.attach(&id, "note.txt", 5, b"Hello");
        // Larger than its list says: it is not read beyond what is kept.
        looked(&t).await;
        let case = last(&t).await;
        let left: Vec<(String, String)> =
            case.files.iter().map(|file| (file.name.clone(), file.left_there.clone())).collect();
        let why = |name: &str| left.iter().find(|one| one.0 == name).map(|one| one.1.as_str()).expect("a file");
        assert_eq!(why("film.mov"), "This kind of file is not kept as evidence");
        assert_eq!(why("plans.pdf"), "It is over 20 MB");
        assert!(why("letter.pdf").contains("is not what its ending"), "{left:?}");
        assert_eq!(why("note.txt"), "");
        assert!(case.address.contains(&id), "{}", case.address);
        let fetched = desk.with(|m| m.calls.iter().filter(|call| call.starts_with("GET file ")).count());
        assert_eq!(fetched, 2, "what is left there is not fetched");
        assert_eq!(query_of(&t, &case.query.expect("a query")).await.evidence.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_bad_input_our_own_change_that_comes_back_is_ignored() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        // A case of the technical user's that we do not know asks for nothing.
        let fields = [("category", "enquiry"), ("short_description", who.as_str()), ("assignment_group", GROUP)];
        let record: Record = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        desk.with(|m| m.add(TABLE, record, USER));
        let done = looked(&t).await;
        assert_eq!((done.own, done.came, cases(&t).await.len()), (1, 0, 0), "{done:?}");
        let id = desk.open("enquiry", &format!("What does {who} owe?"), "");
        looked(&t).await;
        // Something of ours is written there without us: it is passed over, and not told again.
        desk.with(|m| {
            let cases = m.tables.get_mut(TABLE).expect("cases");
            let one = cases.iter_mut().find(|one| one["sys_id"] == id).expect("it");
            one.insert("sys_updated_on".into(), "2026-05-01 09:30:00".into());
        });
        let done = looked(&t).await;
        assert_eq!((done.changed, done.told), (0, 0), "{done:?}");
        assert!(done.own >= 1, "{done:?}");
        // They end it, and a comment of ours is the last change: the end is seen all the same.
        desk.turn(&id, &[("state", "3")]);
        desk.with(|m| {
            let cases = m.tables.get_mut(TABLE).expect("cases");
            let one = cases.iter_mut().find(|one| one["sys_id"] == id).expect("it");
            one.insert("sys_updated_by".into(), USER.into());
            one.insert("sys_updated_on".into(), "2026-05-01 09:40:00".into());
        });
        let done = looked(&t).await;
        assert_eq!(done.changed, 1, "{done:?}");
        let number = last(&t).await.query.expect("a query");
        let shown = query_of(&t, &number).await;
        assert!(shown.history.iter().any(|event| event.event == "ServiceNowCaseEndedThere"));
        assert_eq!(shown.query.state, "open", "whether the query ends is for who works it");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_a_look_takes_five_minutes_over_and_many_pages_and_each_case_once() {
    on_both(TODAY, async |t| {
        let desk = started(&t).await;
        desk.pass(60);
        desk.with(|m| {
            for at in 0..250 {
                let fields = [("category", "enquiry"), ("short_description", "Who?"), ("assignment_group", GROUP)];
                let record: Record = fields.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
                let id = m.add(TABLE, record, "abel.tuter");
                if at >= 100 {
                    // Written in bulk: more than a page of them in the same second.
                    let cases = m.tables.get_mut(TABLE).expect("cases");
                    let one = cases.iter_mut().find(|one| one["sys_id"] == id).expect("it");
                    one.insert("sys_updated_on".into(), "2026-05-01 10:10:00".into());
                }
            }
        });
        let done = looked(&t).await;
        assert_eq!((done.came, done.notes.len()), (250, 0), "{done:?}");
        // One that was committed late, with an earlier time, is found within five minutes; the others are known.
        let id = desk.open("enquiry", "Late", "");
        let stamp = |at: &str| {
            let at = at.to_owned();
            desk.with(|m| {
                let cases = m.tables.get_mut(TABLE).expect("cases");
                cases.iter_mut().find(|one| one["sys_id"] == id).expect("it").insert("sys_updated_on".into(), at);
            });
        };
        stamp("2026-05-01 10:05:30");
        let done = looked(&t).await;
        assert_eq!((done.came, done.again), (1, 150), "{done:?}");
        assert!(desk.with(|m| m.calls.iter().any(|call| call.contains("dateGenerate('2026-05-01','10:05:00')"))));
        // Another group's cases are none of ours.
        desk.pass(30);
        let other = desk.open("enquiry", "Other", "");
        desk.turn(&other, &[("assignment_group", "00000000000000000000000000000000")]);
        assert_eq!(looked(&t).await.came, 0);
    })
    .await;
}

/// Every row of every table, as text.
async fn everything(t: &TestDesk) -> String {
    let mut look = t.desk.look().await.expect("looks");
    let mut text = String::new();
    for table in tables() {
        let rows = read_rows(&mut look, table, None, 100_000).await.expect("rows");
        text.push_str(&format!("{rows:?}"));
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_01_the_set_up_says_everything_wrong_at_once_and_keeps_its_secrets() {
    on_both(TODAY, async |t| {
        let admin = t.role(Role::Administrator);
        let wrong = SetServiceNow {
            key: "w".into(),
            base_url: "http://example.service-now.com".into(),
            states: "1 new".into(),
            types: "dispute".into(),
            our_group: "income".into(),
            invoice_field: "u invoice".into(),
            every_minutes: 5_000,
            ..SetServiceNow::default()
        };
        let Err(No::Invalid(all)) = set_servicenow(&t.desk, &admin, wrong).await else { panic!("it is invalid") };
        let mut fields: Vec<&str> = all.iter().map(|one| one.field.as_str()).collect();
        fields.sort_unstable();
        let expected = [
            "base_url",
            "client_id",
            "client_secret",
            "every_minutes",
            "invoice_field",
            "our_group",
            "states",
            "types",
            "user_name",
        ];
        assert_eq!(fields, expected);
        let desk = StandIn::start(NINE).await;
        let unknown =
            SetServiceNow { types: "dispute dispute nothing".into(), request_user: "nobody".into(), ..set(&desk.base) };
        let Err(No::Invalid(all)) = set_servicenow(&t.desk, &admin, unknown).await else { panic!("it is invalid") };
        assert_eq!(all.iter().map(|one| one.field.as_str()).collect::<Vec<_>>(), ["types", "request_user"]);
        assert_eq!(code(look(&t).await).as_deref(), Some("SERVICENOW-NOT-SET"));
        set_up(&t, SetServiceNow { key: "s1".into(), ..set(&desk.base) }).await;
        let shown = servicenow_settings(&t.desk, &admin).await.expect("shows").expect("is set");
        assert!(shown.has_secret && !shown.has_password && !format!("{shown:?}").contains(SECRET));
        assert!(!everything(&t).await.contains(SECRET), "it is sealed, and in no request that is kept");
        // Kept for the same place; another place is not shown it.
        let again = SetServiceNow { key: "s2".into(), client_secret: String::new(), ..set(&desk.base) };
        set_up(&t, again.clone()).await;
        looked(&t).await;
        let elsewhere = SetServiceNow { key: "s3".into(), base_url: "https://other.service-now.com".into(), ..again };
        assert!(matches!(set_servicenow(&t.desk, &admin, elsewhere).await, Err(No::Invalid(_))));
        assert_eq!(
            code(set_servicenow(&t.desk, &t.role(Role::CreditController), set(&desk.base)).await).as_deref(),
            Some("CTL-01-NO-DUTY")
        );
        let ask = CheckServiceNow { key: "c".into() };
        let checked = check_servicenow(&t.desk, &admin, ask).await.expect("is checked");
        assert!(checked.findings.iter().any(|one| one.contains("no case that we see")), "{checked:?}");
        desk.open("enquiry", "Who?", "");
        let fielded = SetServiceNow { key: "s4".into(), invoice_field: "u_invoice".into(), ..set(&desk.base) };
        set_up(&t, fielded).await;
        let ask = CheckServiceNow { key: "c2".into() };
        let checked = check_servicenow(&t.desk, &admin, ask).await.expect("is checked");
        assert!(checked.findings.iter().any(|one| one.contains("no field u_invoice")), "{checked:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_02_a_field_there_says_how_much_is_disputed() {
    on_both(TODAY, async |t| {
        let desk = StandIn::start(NINE).await;
        let fields = SetServiceNow {
            invoice_field: "u_invoice".into(),
            account_field: "u_account".into(),
            amount_field: "u_amount".into(),
            ..set(&desk.base)
        };
        set_up(&t, fields).await;
        let who = customer(&t, "c1", "Calder Ltd").await;
        let item = raised(&t, "r1", &who, standard()).await.number;
        for (amount, state, reason) in [("25.00", "query", ""), ("lots", "waiting", "u_amount holds no amount")] {
            let id = desk.open("dispute", "The room was not used", "");
            desk.turn(&id, &[("u_invoice", &item), ("u_account", &who), ("u_amount", amount)]);
            looked(&t).await;
            let case = last(&t).await;
            if state == "query" {
                let number = case.query.expect("a query");
                assert_eq!(query_of(&t, &number).await.query.disputed_pence, 2_500);
                resolve(&t, &number).await;
                continue;
            }
            assert_eq!(case.case.state, state);
            assert!(case.reasons[0].contains(reason), "{:?}", case.reasons);
        }
        let id = desk.open("dispute", "Too much", "");
        desk.turn(&id, &[("u_invoice", &item), ("u_amount", "99999.00")]);
        looked(&t).await;
        let case = last(&t).await;
        assert_eq!(case.case.state, "waiting");
        assert!(case.reasons[0].contains("QRY-ABOVE-OPEN"), "{:?}", case.reasons);
    })
    .await;
}
