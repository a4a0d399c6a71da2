//! The shared mailbox: messages join a query, open one, or wait for a person; each once, whatever happens.
use super::dovecot::{Dovecot, PASSWORD, USER};
use crate::billing::{raised, standard};
use crate::customers::fields;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{AddCustomer, CustomerFields, add_customer, customer_account};
use sundry_desk::jobs::ask::jobs_list;
use sundry_desk::queries::*;
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;

/// An account with an address; its number.
async fn account(t: &TestDesk, key: &str, name: &str, email: &str) -> String {
    let fields = CustomerFields { email: email.into(), ..fields(name) };
    let ask = AddCustomer { key: key.into(), fields, confirmed_alike: true, ..AddCustomer::default() };
    add_customer(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("opens").number
}

fn message(id: &str, from: &str, subject: &str, body: &str) -> Vec<u8> {
    format!(
        "From: Somebody <{from}>\r\nTo: bills@northmere.example\r\nMessage-ID: <{id}@mail.example>\r\nDate: Fri, 1 May 2026 09:30:00 +0100\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

fn answering(id: &str, answers: &str, from: &str, body: &str) -> Vec<u8> {
    let plain = String::from_utf8(message(id, from, "Re: your message", body)).expect("text");
    plain.replacen("To: ", &format!("In-Reply-To: <{answers}>\r\nTo: "), 1).into_bytes()
}

async fn take(t: &TestDesk, key: &str, bytes: Vec<u8>) -> MailTaken {
    let ask = TakeMail { key: key.into(), file_name: format!("{key}.eml"), bytes };
    take_mail(&t.desk, &t.role(Role::CreditController), ask).await.expect("takes")
}

async fn shown(t: &TestDesk, number: &str) -> QueryShown {
    query(&t.desk, &t.role(Role::Auditor), number).await.expect("shows")
}

async fn opened(t: &TestDesk) -> MailPage {
    let ask = MailAsk { state: "opened".into(), ..MailAsk::default() };
    mail_list(&t.desk, &t.role(Role::Auditor), ask).await.expect("lists")
}

fn events(shown: &QueryShown) -> Vec<&str> {
    shown.history.iter().map(|one| one.event.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_06_a_message_opens_a_query_on_the_right_account_and_holds_nothing() {
    on_both("2026-05-01", async |t| {
        let number = account(&t, "c1", "Calder Ltd", "Ann@Calder.example").await;
        account(&t, "c2", "Dale Ltd", "dale@example.org").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        let bytes = message("m1", "ann@calder.example", &format!("Invoice {item}"), "The hall was cold.");
        let taken = take(&t, "t1", bytes.clone()).await;
        assert_eq!((taken.state.as_str(), taken.customer.as_deref()), ("opened", Some(number.as_str())), "{taken:?}");
        let query_number = taken.query.clone().expect("a query");
        let one = shown(&t, &query_number).await;
        assert_eq!(one.query.words, format!("Invoice {item}\n\nThe hall was cold."));
        assert_eq!(
            (one.item_number.as_deref(), one.query.source.as_str(), one.held),
            (Some(item.as_str()), "email", false)
        );
        assert_eq!((one.query.disputed_pence, one.query.answer_by.to_string().as_str()), (0, "2026-05-18"));
        assert_eq!((one.evidence[0].name.as_str(), one.evidence.len()), ("MSG-000001.eml", 1));
        assert_eq!(events(&one), ["QueryRaised", "EvidenceAdded", "MailOpened"]);
        let (row, kept) =
            evidence_file(&t.desk, &t.role(Role::Auditor), &query_number, &one.evidence[0].sha256).await.expect("kept");
        assert_eq!((kept, row.came_from.as_str()), (bytes.clone(), "ann@calder.example"));
        // The same message again, by another way, does nothing.
        let again = take(&t, "t2", bytes.clone()).await;
        assert!(again.again && again.number == taken.number, "{again:?}");
        let received = [b"Received: from elsewhere\r\n".as_slice(), &bytes].concat();
        assert!(take(&t, "t3", received).await.again, "the same words under the same id");
        // A second message about the invoice is part of the query that is open about it.
        let more = take(&t, "t4", message("m2", "ann@calder.example", "Again", &format!("Still cold. {item}"))).await;
        assert_eq!((more.state.as_str(), more.query.as_deref()), ("joined", Some(query_number.as_str())), "{more:?}");
        let account = customer_account(&t.desk, &t.role(Role::Auditor), &number).await.expect("shows");
        assert_eq!((account.strip.balance_pence, account.strip.in_query_pence), (120_000, 0), "nothing moved");
        let page = opened(&t).await;
        assert_eq!((page.rows.len(), page.rows[0].answered_at), (1, None));
        let answer = AnswerQuery { key: "an".into(), number: query_number.clone(), answer: "We heated it".into() };
        answer_query(&t.desk, &t.role(Role::ServiceManager), answer).await.expect("answers");
        assert!(opened(&t).await.rows[0].answered_at.is_some(), "the first response is known");
        let no = take_mail(&t.desk, &t.role(Role::Cashier), TakeMail { key: "n".into(), ..TakeMail::default() }).await;
        assert_eq!(no.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_06_an_answer_joins_its_query_whose_clock_goes_on_or_which_opens_again() {
    on_both("2026-05-01", async |t| {
        let number = account(&t, "c1", "Calder Ltd", "ann@calder.example").await;
        let controller = t.role(Role::CreditController);
        let first = take(&t, "t1", message("m1", "ann@calder.example", "A question", "How do I pay?")).await;
        assert_eq!((first.state.as_str(), first.customer.as_deref()), ("opened", Some(number.as_str())));
        let query_number = first.query.expect("a query");
        let act = |key: &str, act: &str| ActOnQuery {
            key: key.into(),
            number: query_number.clone(),
            act: act.into(),
            ..ActOnQuery::default()
        };
        act_on_query(&t.desk, &controller, act("a1", "ask_customer")).await.expect("asks");
        t.go_to("2026-05-08");
        let subject = message("m2", "ann@calder.example", &format!("Re: {query_number}"), "By bank, then.");
        let joined = take(&t, "t2", subject).await;
        assert_eq!(
            (joined.state.as_str(), joined.query.as_deref()),
            ("joined", Some(query_number.as_str())),
            "{joined:?}"
        );
        let one = shown(&t, &query_number).await;
        assert_eq!((one.query.state.as_str(), one.query.answer_by.to_string().as_str()), ("open", "2026-05-22"));
        assert!(events(&one).ends_with(&["CustomerReplied", "EvidenceAdded", "MailJoined"]), "{:?}", events(&one));
        let end = ResolveQuery {
            key: "e".into(),
            number: query_number.clone(),
            resolution: "explained".into(),
            words: "By bank".into(),
            letter: Some(false),
            ..ResolveQuery::default()
        };
        resolve_query(&t.desk, &controller, end).await.expect("ends");
        // An answer on the thread opens it again; one whose writer is known nowhere, and has but the number, does not.
        let stranger = message("m3", "who@else.example", &format!("About {query_number}"), "Pay me.");
        assert_eq!(take(&t, "t3", stranger).await.state, "waiting");
        let thread = answering("m4", "m1@mail.example", "ann@calder.example", "It did not work.");
        let reopened = take(&t, "t4", thread).await;
        assert_eq!((reopened.state.as_str(), reopened.query.as_deref()), ("joined", Some(query_number.as_str())));
        assert_eq!(shown(&t, &query_number).await.query.state, "open");
        act_on_query(&t.desk, &controller, act("a2", "withdraw")).await.expect("withdrawn");
        let follows = take(&t, "t5", answering("m5", "m4@mail.example", "ann@calder.example", "One more thing.")).await;
        assert_eq!(follows.state, "opened");
        let new = shown(&t, &follows.query.expect("a new one")).await;
        assert!(new.query.words.starts_with(&format!("Follows {query_number}.")), "{}", new.query.words);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_06_what_does_not_agree_waits_for_a_person_who_sorts_it() {
    on_both("2026-05-01", async |t| {
        let one = account(&t, "c1", "Calder Ltd", "ann@calder.example").await;
        let two = account(&t, "c2", "Dale Ltd", "bo@dale.example").await;
        let item = raised(&t, "r1", &one, standard()).await.number;
        let controller = t.role(Role::CreditController);
        let contrary = take(&t, "t1", message("m1", "bo@dale.example", &format!("Invoice {item}"), "Not ours.")).await;
        assert_eq!((contrary.state.as_str(), contrary.query), ("waiting", None));
        let unknown = take(&t, "t2", message("m2", "who@else.example", "Hello", "Is this the right place?")).await;
        assert_eq!(unknown.state, "waiting");
        let auto =
            String::from_utf8(message("m3", "ann@calder.example", "Out of office", "Back on Monday")).expect("text");
        let auto = take(&t, "t3", format!("Auto-Submitted: auto-replied\r\n{auto}").into_bytes()).await;
        assert_eq!((auto.state.as_str(), auto.query), ("automatic", None));
        let seen = mail(&t.desk, &t.role(Role::Auditor), &contrary.number).await.expect("shows");
        let candidates: Vec<_> = seen.candidates.iter().map(|one| one.number.clone()).collect();
        assert_eq!(candidates, [one.clone(), two.clone()]);
        assert!(
            seen.reasons.iter().any(|why| why.starts_with("But bo@dale.example is known on")),
            "{:?}",
            seen.reasons
        );
        let sort = |key: &str, number: &str, how: &str| SortMail {
            key: key.into(),
            number: number.into(),
            how: how.into(),
            ..SortMail::default()
        };
        for (how, field) in
            [("", "how"), ("join", "query"), ("open", "customer"), ("set_aside", "reason"), ("hand_over", "owner")]
        {
            let no = sort_mail(&t.desk, &controller, sort("x", &contrary.number, how)).await.expect_err(how);
            assert!(matches!(&no, No::Invalid(wrong) if wrong[0].field == field), "{how}: {no:?}");
        }
        let handed = SortMail { owner: "Priya Nair".into(), ..sort("s0", &contrary.number, "hand_over") };
        assert_eq!(sort_mail(&t.desk, &controller, handed).await.expect("handed").state, "waiting");
        let list = mail_list(&t.desk, &controller, MailAsk::default()).await.expect("lists");
        assert_eq!((list.rows.len(), list.rows[0].owner.as_str()), (2, "Priya Nair"));
        let open =
            SortMail { item: item.clone(), category: "wrong_customer".into(), ..sort("s1", &contrary.number, "open") };
        let opened = sort_mail(&t.desk, &controller, open.clone()).await.expect("opens");
        assert_eq!(sort_mail(&t.desk, &controller, open).await.expect("the same answer"), opened);
        let query_number = opened.query.expect("a query");
        let new = shown(&t, &query_number).await;
        assert_eq!(
            (new.customer_number.as_str(), new.held, new.query.disputed_pence),
            (one.as_str(), true, 120_000),
            "a person may dispute"
        );
        assert_eq!(new.evidence.len(), 1);
        let twice = SortMail { query: query_number.clone(), ..sort("s2", &contrary.number, "join") };
        let no = sort_mail(&t.desk, &controller, twice).await.expect_err("sorted");
        assert_eq!(no.code(), Some("QRY-MAIL-SORTED"));
        let aside = SortMail { reason: "Not for us".into(), ..sort("s3", &unknown.number, "set_aside") };
        assert_eq!(sort_mail(&t.desk, &controller, aside).await.expect("aside").state, "set_aside");
        let join = SortMail { query: query_number.clone(), ..sort("s4", &unknown.number, "join") };
        assert_eq!(sort_mail(&t.desk, &controller, join).await.expect("joins").query, Some(query_number));
        let auditor = sort_mail(&t.desk, &t.role(Role::Auditor), sort("s5", &auto.number, "join")).await;
        assert_eq!(auditor.expect_err("reads only").code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_06_files_are_tasted_and_card_numbers_masked() {
    on_both("2026-05-01", async |t| {
        account(&t, "c1", "Calder Ltd", "ann@calder.example").await;
        let head = "From: ann@calder.example\r\nMessage-ID: <f1@x>\r\nSubject: Card 4111 1111 1111 1111\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n";
        let parts = "--b\r\nContent-Type: text/plain\r\n\r\nTake it from 4111-1111-1111-1111.\r\n--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"proof.pdf\"\r\n\r\n%PDF-1.7 x\r\n--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"run.exe\"\r\n\r\nMZ\r\n--b\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename=\"cards.csv\"\r\n\r\n4111111111111111\r\n--b--\r\n";
        let taken = take(&t, "t1", format!("{head}{parts}").into_bytes()).await;
        assert_eq!(taken.state, "opened", "{taken:?}");
        let one = shown(&t, &taken.query.expect("a query")).await;
        assert!(!one.query.words.contains("4111") && one.query.words.contains("1111"), "{}", one.query.words);
        let names: Vec<_> = one.evidence.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["MSG-000001.txt", "proof.pdf"]);
        let seen = mail(&t.desk, &t.role(Role::Auditor), &taken.number).await.expect("shows");
        let left: Vec<_> = seen.files.iter().map(|file| (file.name.as_str(), file.left_out.as_str())).collect();
        assert_eq!(left[0], ("proof.pdf", ""));
        assert!(left[1].1.contains("kind of file") && left[2].1.contains("card number"), "{left:?}");
        assert!(mail_source(&t.desk, &t.role(Role::Auditor), &taken.number, "").await.is_err(), "not as it came");
        let (name, _, bytes) =
            mail_source(&t.desk, &t.role(Role::Auditor), &taken.number, &seen.files[0].sha256).await.expect("a file");
        assert_eq!((name.as_str(), bytes.starts_with(b"%PDF")), ("proof.pdf", true));
        for (key, bytes) in [("u1", b"\xff\xfe\x00\x01garbage".to_vec()), ("u2", b"no headings at all".to_vec())] {
            let taken = take(&t, key, bytes).await;
            assert_eq!((taken.state.as_str(), taken.reasons.is_empty()), ("waiting", false), "{taken:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_06_what_came_back_goes_to_the_proof_of_arrival() {
    on_both("2026-05-01", async |t| {
        let number = account(&t, "c1", "Calder Ltd", "ann@calder.example").await;
        let asked = take(&t, "t1", message("m1", "ann@calder.example", "A question", "Why?")).await;
        let query_number = asked.query.expect("a query");
        crate::queries::pages_at(&t).await;
        let ask = AskService {
            key: "a".into(),
            number: query_number.clone(),
            service: "Lettings".into(),
            to: "Lettings@Service.example".into(),
            question: "Was it warm?".into(),
            days: None,
        };
        ask_service(&t.desk, &t.role(Role::CreditController), ask).await.expect("asks");
        let sent = crate::queries::mails(&t, &query_number).await.pop().expect("an e-mail");
        let back = |to: &str| {
            format!(
                "From: MAILER-DAEMON@mx.example\r\nMessage-ID: <{to}-9@mx>\r\nSubject: Undelivered\r\n\r\nFinal-Recipient: rfc822; lettings@service.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\nMessage-ID: <{to}>\r\n"
            )
            .into_bytes()
        };
        let came = take(&t, "b1", back(&format!("{}.1@northmere.example", sent.id))).await;
        assert_eq!((came.state.as_str(), came.query.as_deref()), ("came_back", Some(query_number.as_str())), "{came:?}");
        let other = take(&t, "b2", back("77.1@northmere.example")).await;
        assert_eq!((other.state.as_str(), other.query), ("came_back", None));
        assert!(events(&shown(&t, &query_number).await).contains(&"MailCameBack"));
        // The service answers by e-mail: it joins, and the customer has not replied.
        let act = ActOnQuery { key: "w".into(), number: query_number.clone(), act: "ask_customer".into(), ..ActOnQuery::default() };
        act_on_query(&t.desk, &t.role(Role::CreditController), act).await.expect("asks");
        let reply = answering("s1", &format!("{}.1@northmere.example", sent.id), "lettings@service.example", "It was.");
        let joined = take(&t, "t2", reply).await;
        assert_eq!((joined.state.as_str(), joined.customer.as_deref()), ("joined", Some(number.as_str())), "{joined:?}");
        assert_eq!(shown(&t, &query_number).await.query.state, "waiting_for_customer");
    })
    .await;
}

/// How a hundred messages land: right, waiting for a person, wrong.
async fn hundred(t: &TestDesk) -> (usize, usize, usize) {
    let mut people = Vec::new();
    for at in 0..20 {
        let email = format!("person{at}@example{at}.org");
        let number = account(t, &format!("c{at}"), &format!("Customer {at}"), &email).await;
        let item = raised(t, &format!("r{at}"), &number, standard()).await.number;
        people.push((number, email, item));
    }
    let (mut right, mut waiting, mut wrong) = (0, 0, 0);
    for at in 0..100 {
        let (number, email, item) = &people[at % 20];
        let digits = &item[item.len() - 4..];
        let other = &people[(at + 7) % 20];
        let id = format!("h{at}");
        let bytes = match at % 20 {
            0..=3 => message(&id, email, &format!("Invoice {item}"), "Why?"),
            4..=5 => message(&id, "accounts@agent.example", &format!("{item} not received"), "Where is it?"),
            6 => message(&id, email, "Hello", "Could somebody ring me about my bill?"),
            7 => message(&id, "me@home.example", "My account", &format!("My customer number is {number}.")),
            8 => message(&id, "me@work.example", "Bill", &format!("about invoice no. {digits} please")),
            9 => message(
                &id,
                email,
                "FW: reminder",
                &format!("See below\n\n-----Original Message-----\nFrom: you\n{item}"),
            ),
            10 => message(&id, email, "Ynglŷn â'r anfoneb", &format!("Anfoneb rhif {digits}: nid yw'n iawn.")),
            11 => message(&id, "pa@firm.example", "Statement", &format!("Account {number}\nInvoice {item}\n\nRegards")),
            12 => message(&id, email, &format!("RE: Your {}", item.to_lowercase()), "Paid last week."),
            13 => message(&id, email, "Complaint", "> quoted\nNobody rang.\nRing me."),
            14 => message(&id, "x@y.example", &item.replace('-', " "), "copy please"),
            15 => message(&id, "x@y.example", &item.replace('-', ""), "copy please"),
            16 => message(&id, email, "", &format!("({item})")),
            17 => message(&id, email, "Thanks", &format!("On Fri, Northmere wrote:\n> {} and {}", other.0, other.2)),
            18 => message(&id, email, "Order", &format!("£120.00 of 12/05/2026, tel 01632 960001, {item}.")),
            _ => message(&id, "x@y.example", "Payment", &format!("I paid\u{a0}{item}\u{a0}twice")),
        };
        let taken = take(t, &id, bytes).await;
        match taken.customer {
            Some(found) if found == *number => right += 1,
            None => waiting += 1,
            Some(_) if taken.state == "waiting" => waiting += 1,
            Some(_) => wrong += 1,
        }
    }
    (right, waiting, wrong)
}

#[tokio::test(flavor = "multi_thread")]
async fn wrk_09_of_a_hundred_mixed_messages_95_land_on_the_right_account_and_none_on_a_wrong_one() {
    on_both("2026-05-01", async |t| {
        let (right, waiting, wrong) = hundred(&t).await;
        assert!(right >= 95 && wrong == 0, "{right} right, {waiting} waiting, {wrong} wrong");
    })
    .await;
}

fn mailbox_at(server: &Dovecot) -> KeepMailbox {
    KeepMailbox {
        key: "k".into(),
        name: "Bills".into(),
        host: "127.0.0.1".into(),
        port: i64::from(server.port),
        user_name: USER.into(),
        password: PASSWORD.into(),
        certificate: server.authority.clone(),
        query_owner: "Billing team".into(),
        in_use: true,
        ..KeepMailbox::default()
    }
}

async fn keep(t: &TestDesk, ask: KeepMailbox) -> Outcome<Mailbox> {
    keep_mailbox(&t.desk, &t.role(Role::Administrator), ask).await
}

async fn collect(t: &TestDesk, key: &str) -> MailboxVisited {
    let mut all = collect_mail(&t.desk, &t.operator(), (key, None)).await.expect("an answer");
    all.mailboxes.remove(0)
}

fn counts(visited: &MailboxVisited) -> (usize, usize) {
    (visited.taken.iter().filter(|one| !one.again).count(), visited.taken.iter().filter(|one| one.again).count())
}

fn server() -> Dovecot {
    Dovecot::start().expect("dovecot and openssl are here: scripts/setup.sh installs dovecot-imapd")
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_06_messages_are_collected_from_an_imap_server_each_once() {
    let server = server();
    on_both("2026-05-01", async |t| {
        server.empty();
        let number = account(&t, "c1", "Calder Ltd", "ann@calder.example").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        server.deliver("1.a", &message("m1", "ann@calder.example", &format!("Invoice {item}"), "Cold."));
        server.deliver("2.a", &message("m2", "who@else.example", "Hello", "Who are you?"));
        server.deliver("3.a", b"\xff\xfe not a message");
        let mut large = message("m4", "ann@calder.example", "Large", "Photographs");
        large.resize(26 * 1024 * 1024, b'x');
        server.deliver("4.a", &large);
        keep(&t, mailbox_at(&server)).await.expect("kept");
        let first = collect(&t, "l1").await;
        assert_eq!((first.failed, counts(&first)), (false, (4, 0)), "{first:?}");
        let states: Vec<_> = first.taken.iter().map(|one| one.state.as_str()).collect();
        assert_eq!(states, ["opened", "waiting", "waiting", "waiting"]);
        assert!(first.taken[3].reasons[0].contains("only its beginning was fetched"), "{:?}", first.taken[3]);
        assert_eq!((server.seen(), server.unseen()), (4, 0), "marked once they are ours");
        let one = shown(&t, first.taken[0].query.as_deref().expect("a query")).await;
        assert_eq!(one.query.owner, "Billing team");
        server.deliver("5.a", &message("m5", "ann@calder.example", "More", &item));
        let second = collect(&t, "l2").await;
        assert_eq!((counts(&second), second.taken[0].state.as_str()), ((1, 0), "joined"), "{second:?}");
        // The same look asked for again is the same answer; another finds nothing new.
        assert_eq!(collect(&t, "l2").await, second);
        assert_eq!(counts(&collect(&t, "l3").await), (0, 0));
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        server.number_anew();
        let anew = collect(&t, "l4").await;
        assert_eq!(counts(&anew), (0, 5), "{anew:?}");
        assert!(anew.message.contains("numbered its messages anew"), "{}", anew.message);
        let seen = mailboxes(&t.desk, &t.role(Role::Auditor)).await.expect("lists").remove(0);
        assert!(!seen.failed && seen.looked_at.is_some() && seen.own_certificate);
        assert_eq!(ask_for_due_mail(&t.desk).await.expect("asked"), 0, "it was looked at just now");
        let off = KeepMailbox { key: "k2".into(), name: "Other".into(), ..mailbox_at(&server) };
        keep(&t, off).await.expect("kept");
        assert_eq!(ask_for_due_mail(&t.desk).await.expect("asked"), 1);
        assert_eq!(ask_for_due_mail(&t.desk).await.expect("asked again"), 0, "the same look is one job");
        let jobs = jobs_list(&t.desk, &t.operator()).await.expect("jobs");
        assert_eq!(jobs.iter().filter(|job| job.kind == "collect_mail").count(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_06_what_opens_a_query_is_acknowledged_where_the_mailbox_says_so() {
    let server = server();
    on_both("2026-05-01", async |t| {
        server.empty();
        let number = account(&t, "c1", "Calder Ltd", "ann@calder.example").await;
        let item = raised(&t, "r1", &number, standard()).await.number;
        let cold = |id: &str, words: &str| message(id, "ann@calder.example", words, &format!("Cold. {words}"));
        server.deliver("1.a", &cold("m1", "A question"));
        keep(&t, mailbox_at(&server)).await.expect("kept");
        let quiet = collect(&t, "l1").await.taken.remove(0).query.expect("a query");
        assert!(crate::queries::mails(&t, &quiet).await.is_empty(), "it was not asked to");
        let kept = keep(&t, KeepMailbox { key: "k2".into(), acknowledge: true, ..mailbox_at(&server) }).await;
        assert!(kept.expect("kept").acknowledge);
        server.deliver("2.a", &cold("m2", &format!("Invoice {item}")));
        server.deliver("3.a", &cold("m3", &format!("More about {item}")));
        let automatic = String::from_utf8(cold("m4", "Out of office")).expect("text");
        server.deliver("4.a", format!("Auto-Submitted: auto-replied\r\n{automatic}").as_bytes());
        let taken = collect(&t, "l2").await.taken;
        let states: Vec<&str> = taken.iter().map(|one| one.state.as_str()).collect();
        assert_eq!(states, ["opened", "joined", "automatic"]);
        let opened = taken[0].query.clone().expect("a query");
        let mails = crate::queries::mails(&t, &opened).await;
        assert_eq!((mails.len(), mails[0].sent_to.as_str()), (1, "ann@calder.example"), "once, for what opened it");
        assert_eq!(mails[0].subject, format!("{opened}: we have your message"));
        assert!(mails[0].body.contains("by 18 May 2026") && !mails[0].body.contains("Cold"), "{}", mails[0].body);
        assert!(events(&shown(&t, &opened).await).contains(&"MailAcknowledged"));
        // Paused, nothing is collected; the rest of it stays as it was.
        let pause = |key: &str, in_use| PauseMailbox { key: key.into(), name: "Bills".into(), in_use };
        let no = pause_mailbox(&t.desk, &t.role(Role::Cashier), pause("p0", false)).await.expect_err("not theirs");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let admin = t.role(Role::Administrator);
        let paused = pause_mailbox(&t.desk, &admin, pause("p1", false)).await.expect("pauses");
        assert!(!paused.in_use && paused.acknowledge && paused.own_certificate && paused.looked_at.is_some());
        let nothing = collect_mail(&t.desk, &t.operator(), ("l3", None)).await.expect("an answer");
        assert!(nothing.mailboxes.is_empty());
        assert!(pause_mailbox(&t.desk, &admin, pause("p2", true)).await.expect("uses").in_use);
        assert!(!collect(&t, "l4").await.failed, "its password is there still");
        let kept =
            KeepMailbox { key: "k3".into(), certificate: String::new(), keep_certificate: true, ..mailbox_at(&server) };
        assert!(keep(&t, kept).await.expect("kept").own_certificate);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_06_a_collection_that_is_cut_short_goes_on_and_takes_nothing_twice() {
    let server = server();
    on_both("2026-05-01", async |t| {
        server.empty();
        account(&t, "c1", "Calder Ltd", "ann@calder.example").await;
        for at in 0..30 {
            let bytes = message(&format!("m{at}"), "ann@calder.example", &format!("Question {at}"), "Why?");
            server.deliver(&format!("{at}.a"), &bytes);
        }
        keep(&t, KeepMailbox { moved_to: "Taken".into(), ..mailbox_at(&server) }).await.expect("kept");
        let (desk, by) = (t.desk.clone(), t.operator());
        let cut = tokio::spawn(async move { collect_mail(&desk, &by, ("cut", None)).await });
        let taken = async || {
            let page = mail_list(&t.desk, &t.operator(), MailAsk::default()).await.expect("lists");
            page.counts.iter().map(|(_, count)| *count).sum::<i64>()
        };
        while taken().await < 5 {
            tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        }
        cut.abort();
        let _ = cut.await;
        let before = taken().await;
        assert!((5..30).contains(&before), "{before} were taken before the cut");
        let rest = collect(&t, "again").await;
        assert_eq!((rest.failed, taken().await), (false, 30), "{}", rest.message);
        assert_eq!((server.moved(), server.unseen() + server.seen()), (30, 0), "{}", rest.message);
        assert_eq!(counts(&collect(&t, "nothing").await), (0, 0));
        let open = queries_list(&t.desk, &t.role(Role::Auditor), QueriesAsk::default()).await.expect("lists");
        assert_eq!(open.rows.len(), 30, "one query for each message");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_06_what_is_wrong_with_a_mailbox_is_told_in_words() {
    let server = server();
    on_both("2026-05-01", async |t| {
        server.empty();
        let right = mailbox_at(&server);
        for (field, ask) in [
            ("host", KeepMailbox { host: "a b".into(), ..right.clone() }),
            ("user_name", KeepMailbox { user_name: String::new(), ..right.clone() }),
            ("password", KeepMailbox { password: String::new(), ..right.clone() }),
            ("certificate", KeepMailbox { certificate: "nonsense".into(), ..right.clone() }),
            ("moved_to", KeepMailbox { moved_to: "INBOX".into(), ..right.clone() }),
            ("every_minutes", KeepMailbox { every_minutes: 2_000, ..right.clone() }),
        ] {
            let no = keep(&t, ask).await.expect_err(field);
            assert!(matches!(&no, No::Invalid(wrong) if wrong[0].field == field), "{field}: {no:?}");
        }
        assert!(keep_mailbox(&t.desk, &t.role(Role::Cashier), right.clone()).await.is_err(), "not their duty");
        let free =
            std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its address").port();
        for (at, (words, ask)) in [
            ("does not let bills in", KeepMailbox { password: "wrong".into(), ..right.clone() }),
            ("cannot be trusted", KeepMailbox { certificate: String::new(), ..right.clone() }),
            ("cannot be trusted", KeepMailbox { host: "localhost".into(), ..right.clone() }),
            ("127.0.0.1 said", KeepMailbox { folder: "Nowhere".into(), ..right.clone() }),
            ("cannot be reached", KeepMailbox { port: i64::from(free), ..right.clone() }),
        ]
        .into_iter()
        .enumerate()
        {
            keep(&t, KeepMailbox { key: format!("w{at}"), ..ask }).await.expect("kept");
            let visited = collect(&t, &format!("look{at}")).await;
            assert!(visited.failed && visited.message.contains(words), "{words}: {visited:?}");
            assert!(!visited.message.contains("wrong") && !visited.message.contains(PASSWORD), "{visited:?}");
        }
        let kept = keep(&t, KeepMailbox { key: "r".into(), ..right.clone() }).await.expect("kept");
        assert!(!serde_json::to_string(&kept).expect("JSON").contains(PASSWORD));
        assert!(!collect(&t, "right").await.failed);
        // Without a password the one there is stays, for the same server and name only.
        let same = KeepMailbox { key: "s".into(), password: String::new(), every_minutes: 10, ..right.clone() };
        keep(&t, same).await.expect("kept");
        assert!(!collect(&t, "same").await.failed);
        let moved = KeepMailbox { key: "m".into(), password: String::new(), host: "localhost".into(), ..right };
        assert!(matches!(keep(&t, moved).await, Err(No::Invalid(_))), "no password goes to another server");
    })
    .await;
}
