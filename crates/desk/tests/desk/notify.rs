//! GOV.UK Notify against a stand-in: each letter once, whatever is lost; what is told is proof; what fails goes by post.
use crate::govuk_notify::{SECRET, SERVICE, StandIn, TEMPLATE, Trouble, key};
use crate::recovery::{customer as person, release};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sundry_desk::billing::{InvoiceForm, InvoiceLine, RaiseInvoice, raise_invoice};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::customer_account;
use sundry_desk::delivery::notify::{
    CheckNotify, NotifyHeard, NotifySent, SendByNotify, SetNotify, TrustEmail, ask_for_due_notify, check_notify,
    failed_emails_list, notify_left_out, notify_messages, notify_shown, notify_state, poll_notify, send_by_notify,
    set_notify, take_notify_callback, trust_email,
};
use sundry_desk::delivery::{
    PrintLetters, SendEmails, delivery_of, letter_counts, letters_in_state, letters_of_customer, print_letters,
    send_emails,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::CustomerId;
use sundry_store::args;
use sundry_store::delivery::LetterRow;
use sundry_store::engine::tables::{read_rows, tables};

const TODAY: &str = "2026-05-12";
const TOKEN: &str = "0d9cb25dc7fd4f6fa2d5b8e1";

async fn set_up(t: &TestDesk, base: &str, carries_email: bool, carries_post: bool) {
    let ask = SetNotify {
        key: format!("notify-{base}-{carries_email}-{carries_post}"),
        base_url: base.into(),
        api_key: key(),
        callback_token: TOKEN.into(),
        carries_email,
        carries_post,
        email_template: TEMPLATE.into(),
        ..SetNotify::default()
    };
    set_notify(&t.desk, &t.role(Role::Administrator), ask).await.expect("is set up");
}

/// An invoice of today over £120.00, of which no reminder is due yet.
async fn raise(t: &TestDesk, customer: &str) -> String {
    let line = InvoiceLine {
        description: "Room hire".into(),
        quantity: "1".into(),
        unit_price: "120.00".into(),
        vat_code: "O".into(),
        ..InvoiceLine::default()
    };
    let form = InvoiceForm {
        customer_number: customer.into(),
        supply_on: Some(t.desk.today()),
        lines: vec![line],
        ..InvoiceForm::default()
    };
    let ask = RaiseInvoice { key: format!("{customer}/{}", t.desk.id::<i64>()), form };
    raise_invoice(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("raises").number
}

/// Customers who each wait for an invoice by a channel.
async fn invoiced(t: &TestDesk, count: usize, email: bool) -> Vec<(CustomerId, String)> {
    let mut all = Vec::new();
    for n in 0..count {
        let number = format!("C{}", 100_001 + n);
        let address = if email { format!("joyce{n}@example.org") } else { String::new() };
        let who = person(t, &number, "company", &address).await;
        all.push((who, raise(t, &number).await));
    }
    release(t, TODAY).await.expect("a day");
    all
}

/// A run on a day, with the stand-in's clock at ours.
async fn sent_on(t: &TestDesk, notify: &StandIn, day: &str) -> Outcome<NotifySent> {
    t.go_to(day);
    notify.with(|m| m.now = t.desk.clock().now().timestamp());
    let ask = SendByNotify { key: format!("send/{}", t.desk.id::<i64>()), limit: 1_000, begun_only: false };
    send_by_notify(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await
}

async fn letters(t: &TestDesk, who: CustomerId) -> Vec<LetterRow> {
    letters_of_customer(&t.desk, &t.role(Role::Auditor), who).await.expect("letters")
}

async fn outcomes(t: &TestDesk, invoice: &str) -> Vec<String> {
    let shown = delivery_of(&t.desk, &t.role(Role::Auditor), invoice).await.expect("shows");
    shown.events.into_iter().map(|event| event.outcome).collect()
}

/// A call of theirs about a message.
fn told(message: &Value, status: &str, at: &str) -> Vec<u8> {
    json!({ "id": message["id"], "reference": message["reference"], "to": "joyce0@example.org", "status": status,
        "created_at": at, "completed_at": at, "sent_at": at, "notification_type": "email",
        "template_id": TEMPLATE, "template_version": 1 })
    .to_string()
    .into_bytes()
}

async fn call(t: &TestDesk, token: &str, body: &[u8]) -> NotifyHeard {
    take_notify_callback(&t.desk, "ncc", token, body).await.expect("takes")
}

async fn tell(t: &TestDesk, message: &Value, status: &str, at: &str) {
    let heard = call(t, &format!("Bearer {TOKEN}"), &told(message, status, at)).await;
    assert_eq!(heard, NotifyHeard::Kept);
}

/// Every row of every table, as text.
async fn everything(t: &TestDesk) -> String {
    let mut look = t.desk.look().await.expect("looks");
    let mut text = String::new();
    for table in tables() {
        let rows = read_rows(&mut look, table, None, 100_000).await.expect("rows");
        text.push_str(&serde_json::to_string(&rows).expect("JSON"));
    }
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_an_email_goes_once_with_its_file_and_what_is_told_is_proof() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        set_up(&t, &notify.base, true, false).await;
        let who = invoiced(&t, 1, true).await;
        let sent = sent_on(&t, &notify, TODAY).await.expect("sends");
        assert_eq!((sent.sent, sent.left_out, notify.count()), (1, 0, 1));
        assert_eq!(sent_on(&t, &notify, TODAY).await.expect("again"), NotifySent::default());
        let message = notify.message(0);
        let ask = &message["ask"];
        assert_eq!(ask["email_address"], "joyce0@example.org");
        assert_eq!(ask["sanitise_content_for"], json!(["subject", "message"]));
        let file = &ask["personalisation"]["file"];
        assert_eq!(file["confirm_email_before_download"], true);
        let pdf = STANDARD.decode(file["file"].as_str().expect("base64")).expect("base64");
        let row = letters(&t, who[0].0).await.remove(0);
        assert_eq!((row.state.as_str(), pdf), ("sent", t.desk.files().get(t.org.0, &row.file_sha256).expect("kept")));
        assert!(ask["personalisation"]["message"].as_str().expect("words").contains("120.00"));
        assert!(outcomes(&t, &who[0].1).await.is_empty(), "taken by Notify is no proof of arrival");

        let at = "2026-05-12T09:00:03.000000Z";
        for wrong in ["", "Bearer", "Bearer wrong", TOKEN] {
            assert_eq!(call(&t, wrong, &told(&message, "delivered", at)).await, NotifyHeard::Stranger);
        }
        assert!(outcomes(&t, &who[0].1).await.is_empty());
        assert_eq!(call(&t, &format!("Bearer {TOKEN}"), b"{").await, NotifyHeard::Unreadable);
        tell(&t, &message, "delivered", at).await;
        tell(&t, &message, "delivered", at).await;
        assert_eq!(outcomes(&t, &who[0].1).await, ["server_accepted"]);
        let stranger = json!({ "id": "00000000-0000-4000-8000-000000000001", "reference": "not ours" });
        tell(&t, &stranger, "delivered", at).await;
        let state = notify_state(&t.desk, &t.role(Role::Auditor)).await.expect("a state").expect("is set up");
        assert_eq!((state.strangers, state.unknown.len()), (4, 1));
        let all = everything(&t).await;
        for secret in [SECRET, TOKEN] {
            assert!(!all.contains(secret), "{secret} is kept");
        }
        // Its e-mail goes no other way.
        let ask = SendEmails { key: "smtp".into(), limit: 10 };
        let no = send_emails(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await.expect_err("refused");
        assert_eq!(no.code(), Some("DLV-NOTIFY-CARRIES"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_p16_a_lost_answer_is_asked_about_and_nothing_goes_twice() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        set_up(&t, &notify.base, true, false).await;
        let who = invoiced(&t, 2, true).await;
        notify.with(|m| m.trouble = vec![Trouble::Lost, Trouble::Fault]);
        let sent = sent_on(&t, &notify, TODAY).await.expect("goes on");
        assert_eq!((sent.sent, sent.unknown, notify.count()), (0, 2, 1));
        assert_eq!(letters(&t, who[0].0).await[0].state, "sending");
        // At once nobody else takes them; in five minutes they are asked about.
        assert_eq!(sent_on(&t, &notify, TODAY).await.expect("waits"), NotifySent::default());
        let first = notify.message(0)["reference"].clone();
        let sent = sent_on(&t, &notify, "2026-05-13").await.expect("asks");
        assert_eq!((sent.sent, sent.found, notify.count()), (2, 1, 2));
        let references: Vec<Value> = notify.with(|m| m.messages.iter().map(|one| one["reference"].clone()).collect());
        assert_eq!(references[0], first);
        assert_ne!(references[1], first, "each message has its own");
        for (who, _) in &who {
            assert_eq!(letters(&t, *who).await[0].state, "sent");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_p16_killed_while_sending_it_goes_on_and_sends_nothing_twice() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        set_up(&t, &notify.base, true, false).await;
        let who = invoiced(&t, 4, true).await;
        for at in 0..who.len() {
            // The stand-in has this one, and its answer is on the way when the sender dies.
            notify.with(|m| m.trouble = vec![Trouble::Slow]);
            let (desk, by) = (t.desk.clone(), t.role(Role::TeamLeader));
            let key = format!("killed/{at}");
            let sender = tokio::spawn(async move {
                send_by_notify(&desk, &by, SendByNotify { key, limit: 1, begun_only: false }, &|_, _| {}).await
            });
            for _ in 0..400 {
                if notify.count() > at {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(25)).await;
            }
            sender.abort();
            assert!(sender.await.is_err());
            assert_eq!(notify.count(), at + 1);
        }
        let sent = sent_on(&t, &notify, "2026-05-13").await.expect("goes on");
        assert_eq!((sent.sent, sent.found, notify.count()), (4, 4, 4));
        let counts = letter_counts(&t.desk, &t.role(Role::Auditor)).await.expect("counts");
        assert!(counts.is_empty(), "{counts:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_a_day_that_is_full_holds_the_queue_until_midnight() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        set_up(&t, &notify.base, true, false).await;
        invoiced(&t, 3, true).await;
        notify.with(|m| m.trouble = vec![Trouble::Full; 3]);
        let sent = sent_on(&t, &notify, TODAY).await.expect("is held");
        assert_eq!((sent.sent, sent.put_off, notify.count()), (0, 1, 0));
        let until = sent.held_until.expect("held").to_rfc3339();
        assert!(until.starts_with("2026-05-13T00:00:00"), "{until}");
        let calls = notify.with(|m| m.calls.len());
        assert_eq!(sent_on(&t, &notify, TODAY).await.expect("is held").sent, 0);
        assert_eq!(notify.with(|m| m.calls.len()), calls, "nothing is asked while it is held");
        assert_eq!(ask_for_due_notify(&t.desk).await.expect("asks"), 0);
        t.go_to("2026-05-13");
        assert_eq!(ask_for_due_notify(&t.desk).await.expect("asks"), 1);
        let sent = sent_on(&t, &notify, "2026-05-13").await.expect("goes on");
        assert_eq!((sent.sent, sent.held_until, notify.count()), (3, None, 3));
        // Too fast: a minute.
        invoiced_later(&t).await;
        notify.with(|m| m.trouble = vec![Trouble::Fast; 3]);
        let sent = sent_on(&t, &notify, "2026-05-14").await.expect("is held");
        let left = sent.held_until.expect("held") - t.desk.clock().now();
        assert!((30..=60).contains(&left.num_seconds()), "{left}");
        assert_eq!(sent_on(&t, &notify, "2026-05-15").await.expect("goes on").sent, 1);
    })
    .await;
}

async fn invoiced_later(t: &TestDesk) {
    person(t, "C100900", "company", "late@example.org").await;
    raise(t, "C100900").await;
    release(t, "2026-05-14").await.expect("a day");
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_a_set_up_that_is_wrong_stops_the_run_and_one_message_only_itself() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        set_up(&t, &notify.base, true, false).await;
        invoiced(&t, 5, true).await;
        notify.with(|m| m.trouble = vec![Trouble::Wrong, Trouble::Trial, Trouble::Trial, Trouble::Trial]);
        let no = sent_on(&t, &notify, TODAY).await.expect_err("stops");
        assert_eq!(no.code(), Some("DLV-NOTIFY-NO"));
        let view = t.role(Role::Auditor);
        let failed = letters_in_state(&t.desk, &view, "failed", "email", 10).await.expect("letters");
        assert_eq!(failed.len(), 1);
        assert!(failed[0].state_reason.contains("Not a valid email address"));
        assert_eq!(letters_in_state(&t.desk, &view, "waiting", "email", 10).await.expect("letters").len(), 4);
        assert_eq!(sent_on(&t, &notify, "2026-05-13").await.expect("is mended").sent, 4);
        // A clock that is a minute off: not one message leaves.
        invoiced_later(&t).await;
        t.go_to("2026-05-14");
        notify.with(|m| m.now = t.desk.clock().now().timestamp() + 60);
        let ask = SendByNotify { key: "clock".into(), limit: 10, begun_only: false };
        let no = send_by_notify(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await.expect_err("stops");
        assert_eq!((no.code(), notify.count()), (Some("DLV-NOTIFY-NO"), 4));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_where_nobody_answers_everything_waits() {
    on_both(TODAY, async |t| {
        set_up(&t, "http://127.0.0.1:1", true, false).await;
        let who = invoiced(&t, 2, true).await;
        let ask = SendByNotify { key: "nobody".into(), limit: 10, begun_only: false };
        let no = send_by_notify(&t.desk, &t.role(Role::TeamLeader), ask, &|_, _| {}).await.expect_err("stops");
        assert_eq!(no.code(), Some("DLV-NOTIFY-SILENT"));
        for (who, _) in &who {
            assert_eq!(letters(&t, *who).await[0].state, "waiting");
        }
        let checked = check_notify(&t.desk, &t.role(Role::Administrator), CheckNotify { key: "c".into() }).await;
        assert!(!checked.expect("answers").right);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_del_06_an_address_that_takes_no_mail_is_marked_and_the_letter_goes_by_post() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        set_up(&t, &notify.base, true, false).await;
        let who = invoiced(&t, 1, true).await;
        sent_on(&t, &notify, TODAY).await.expect("sends");
        tell(&t, &notify.message(0), "permanent-failure", "2026-05-12T09:01:00.000000Z").await;
        let rows = letters(&t, who[0].0).await;
        let stand = |row: &LetterRow| (row.channel.clone(), row.state.clone());
        assert_eq!(rows.len(), 2);
        assert_eq!(stand(&rows[0]), ("post".into(), "waiting".into()), "newest first");
        assert_eq!(stand(&rows[1]), ("email".into(), "withdrawn".into()));
        assert!(rows[1].state_reason.contains(&rows[0].number));
        assert_eq!(outcomes(&t, &who[0].1).await, ["bounced"]);
        let view = t.role(Role::CreditController);
        let marked = failed_emails_list(&t.desk, &view, 10).await.expect("lists");
        assert_eq!((marked.len(), marked[0].address.as_str()), (1, "joyce0@example.org"));
        // The next invoice goes by post of itself, until a person knows better.
        raise(&t, "C100001").await;
        release(&t, "2026-05-13").await.expect("a day");
        assert_eq!(letters(&t, who[0].0).await[0].channel, "post");
        let ask = TrustEmail { key: "t".into(), address: "Joyce0@example.org".into() };
        trust_email(&t.desk, &view, ask.clone()).await.expect("trusts");
        let no = trust_email(&t.desk, &view, TrustEmail { key: "t2".into(), ..ask }).await.expect_err("not marked");
        assert!(matches!(no, No::Absent(_)));
        raise(&t, "C100001").await;
        release(&t, "2026-05-14").await.expect("a day");
        assert_eq!(letters(&t, who[0].0).await[0].channel, "email");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_a_full_mailbox_is_tried_once_more_after_four_working_hours_then_it_goes_by_post() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        set_up(&t, &notify.base, true, false).await;
        let who = invoiced(&t, 1, true).await;
        sent_on(&t, &notify, TODAY).await.expect("sends");
        // A Friday at four in London; it is asked for, since no call came.
        notify.turn(0, "temporary-failure", "2026-05-15T15:00:00.000000Z");
        t.go_to("2026-05-16");
        notify.with(|m| m.now = t.desk.clock().now().timestamp());
        let polled = poll_notify(&t.desk, &t.role(Role::TeamLeader)).await.expect("asks");
        assert_eq!((polled.asked, polled.changed), (1, 1));
        assert_eq!(sent_on(&t, &notify, "2026-05-16").await.expect("waits").sent, 0, "a Saturday");
        assert_eq!(sent_on(&t, &notify, "2026-05-19").await.expect("tries").sent, 1);
        assert_eq!(notify.count(), 2);
        assert_ne!(notify.message(0)["reference"], notify.message(1)["reference"]);
        tell(&t, &notify.message(1), "temporary-failure", "2026-05-19T12:00:00.000000Z").await;
        let rows = letters(&t, who[0].0).await;
        assert_eq!((rows.len(), rows[0].channel.as_str(), rows[1].state.as_str()), (2, "post", "withdrawn"));
        assert_eq!(outcomes(&t, &who[0].1).await, ["delayed", "bounced"]);
        assert!(failed_emails_list(&t.desk, &t.role(Role::Auditor), 10).await.expect("lists").is_empty());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_two_ends_of_one_message_are_both_kept_and_the_later_stands() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        set_up(&t, &notify.base, true, false).await;
        let who = invoiced(&t, 1, true).await;
        sent_on(&t, &notify, TODAY).await.expect("sends");
        let message = notify.message(0);
        tell(&t, &message, "delivered", "2026-05-12T10:00:00.000000Z").await;
        tell(&t, &message, "temporary-failure", "2026-05-12T09:30:00.000000Z").await;
        let lines = notify_messages(&t.desk, &t.role(Role::Auditor), "done", 10).await.expect("lists");
        assert_eq!((lines.len(), lines[0].status.as_str()), (1, "delivered"));
        assert_eq!(outcomes(&t, &who[0].1).await, ["server_accepted", "delayed"]);
        assert_eq!(letters(&t, who[0].0).await[0].state, "sent");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_02_our_letters_are_printed_there_and_what_cannot_be_is_printed_here() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        set_up(&t, &notify.base, false, true).await;
        let who = invoiced(&t, 2, false).await;
        // The second address begins a line with a sign that may not stand there.
        let third = person(&t, "C100500", "company", "").await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update customer set address1 = '(Flat 2) Mill Road' where org_id = $1 and id = $2";
        tx.run(sql, args![t.org, third]).await.expect("sets");
        tx.commit().await.expect("commits");
        raise(&t, "C100500").await;
        release(&t, "2026-05-13").await.expect("a day");
        let sent = sent_on(&t, &notify, "2026-05-13").await.expect("sends");
        assert_eq!((sent.sent, sent.left_out, notify.count()), (2, 1, 2));
        let ask = notify.message(0)["ask"].clone();
        assert_eq!(ask["postage"], "second");
        let pdf = STANDARD.decode(ask["content"].as_str().expect("base64")).expect("base64");
        let row = letters(&t, who[0].0).await.remove(0);
        assert_eq!(pdf, t.desk.files().get(t.org.0, &row.file_sha256).expect("kept"));
        let view = t.role(Role::Auditor);
        let left = notify_left_out(&t.desk, &view, 10).await.expect("lists");
        assert_eq!(left.len(), 1);
        assert!(left[0].reasons.contains("(Flat 2) Mill Road"), "{}", left[0].reasons);
        let print = PrintLetters { key: "p".into(), limit: 100 };
        let printed = print_letters(&t.desk, &t.role(Role::TeamLeader), print, &|_, _| {}).await.expect("prints");
        assert_eq!((printed.batch.letters_count, printed.batch.first_number.as_str()), (1, left[0].letter.as_str()));
        // Printed and posted there is what a signed batch is here.
        tell(&t, &notify.message(0), "received", "2026-05-15T10:00:00.000000Z").await;
        assert_eq!(outcomes(&t, &who[0].1).await, ["handed_over"]);
        tell(&t, &notify.message(1), "validation-failed", "2026-05-13T10:00:00.000000Z").await;
        assert_eq!(letters(&t, who[1].0).await[0].state, "failed");
        assert_eq!(outcomes(&t, &who[1].1).await, ["not_sent"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_02_del_06_a_returned_letter_marks_the_address_and_stops_the_chase() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        set_up(&t, &notify.base, false, true).await;
        let who = invoiced(&t, 1, false).await;
        sent_on(&t, &notify, TODAY).await.expect("sends");
        let message = notify.message(0);
        tell(&t, &message, "received", "2026-05-12T12:00:00.000000Z").await;
        let body = json!({ "notification_id": message["id"], "reference": message["reference"],
            "date_sent": "2026-05-12T12:00:00.000000Z", "sent_by": null, "template_name": "x" });
        let body = body.to_string().into_bytes();
        for _ in 0..2 {
            assert_eq!(call(&t, &format!("Bearer {TOKEN}"), &body).await, NotifyHeard::Kept);
        }
        assert_eq!(outcomes(&t, &who[0].1).await, ["handed_over", "returned"]);
        let view = t.role(Role::Auditor);
        let account = customer_account(&t.desk, &view, "C100001").await.expect("shows");
        let flags: Vec<&str> = account.flags.iter().map(|flag| flag.kind.as_str()).collect();
        assert_eq!(flags, ["gone_away"]);
        assert!(delivery_of(&t.desk, &view, &who[0].1).await.expect("shows").stops_chasing);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_it_is_set_up_with_every_fault_at_its_field_and_checked() {
    on_both(TODAY, async |t| {
        let notify = StandIn::start().await;
        let admin = t.role(Role::Administrator);
        let ask = SetNotify {
            key: "wrong".into(),
            base_url: "http://notify.example".into(),
            api_key: "my key".into(),
            callback_token: "short".into(),
            carries_email: true,
            email_template: "x".into(),
            reply_to: "y".into(),
            postage: "third".into(),
            ..SetNotify::default()
        };
        let No::Invalid(wrong) = set_notify(&t.desk, &admin, ask.clone()).await.expect_err("wrong") else {
            panic!("fields")
        };
        let fields: Vec<&str> = wrong.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["base_url", "api_key", "callback_token", "email_template", "reply_to", "postage"]);
        let no = set_notify(&t.desk, &t.role(Role::TeamLeader), ask).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        let no = sent_on(&t, &notify, TODAY).await.expect_err("is not set up");
        assert_eq!(no.code(), Some("DLV-NO-NOTIFY"));
        set_up(&t, &notify.base, true, true).await;
        let shown = notify_shown(&t.desk, &admin).await.expect("shows").expect("is set up");
        assert_eq!((shown.service_id.as_str(), shown.postage.as_str(), shown.has_token), (SERVICE, "second", true));
        assert_eq!(shown.callback_path, "/hooks/notify/NCC");
        notify.with(|m| m.now = t.desk.clock().now().timestamp());
        let checked = check_notify(&t.desk, &admin, CheckNotify { key: "c".into() }).await.expect("checks");
        assert!(checked.right, "{:?}", checked.findings);
        // Set anew, so that nobody answers: the same key has its first answer (P02), another asks again.
        set_up(&t, "http://127.0.0.1:1", true, true).await;
        let same = check_notify(&t.desk, &admin, CheckNotify { key: "c".into() }).await.expect("the same request");
        assert_eq!(same, checked);
        let new = check_notify(&t.desk, &admin, CheckNotify { key: "c2".into() }).await.expect("checks");
        assert!(!new.right);
        // Another address wants the key again: it is not shown to a stranger.
        let moved = SetNotify {
            key: "moved".into(),
            base_url: "https://notify.example".into(),
            carries_email: true,
            email_template: TEMPLATE.into(),
            ..SetNotify::default()
        };
        let No::Invalid(wrong) = set_notify(&t.desk, &admin, moved).await.expect_err("wrong") else { panic!("fields") };
        assert_eq!((wrong.len(), wrong[0].field.as_str()), (1, "api_key"));
    })
    .await;
}
