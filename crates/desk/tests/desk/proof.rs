//! Proof of arrival: what came back is known, stops the chase, and goes again.
use crate::customers::customer;
use crate::recovery::{customer as person, release};
use sundry_desk::No;
use sundry_desk::billing::{InvoiceForm, InvoiceLine, RaiseInvoice, raise_invoice};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{ReceiverForm, SetReceiver, customer_account, set_receiver, timeline};
use sundry_desk::delivery::{
    BounceTaken, ConfirmBatch, DeliveryShown, PrintLetters, RecordProof, SendAgain, SentAgain, TakeBounce,
    confirm_batch, delivery_of, letter, not_received, print_letters, record_proof, send_again, take_bounce,
};
use sundry_desk::recovery::preview_day;
use sundry_domain::control::Role;
use sundry_domain::ids::{LetterId, OrgId};
use sundry_domain::money::Pence;
use sundry_store::args;
use sundry_store::delivery::{begin_sending, letters_of_customer, settle_sent};

pub(crate) async fn raise(t: &TestDesk, customer: &str) -> String {
    let line = InvoiceLine {
        description: "Room hire".into(),
        quantity: "1".into(),
        unit_price: "120.00".into(),
        vat_code: "O".into(),
        ..InvoiceLine::default()
    };
    let form = InvoiceForm {
        customer_number: customer.into(),
        supply_on: "2026-04-30".parse().ok(),
        due_on: "2026-05-01".parse().ok(),
        lines: vec![line],
        ..InvoiceForm::default()
    };
    let ask = RaiseInvoice { key: format!("{customer}/{}", t.desk.id::<i64>()), form };
    raise_invoice(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("raises").number
}

async fn known(t: &TestDesk, number: &str) -> DeliveryShown {
    delivery_of(&t.desk, &t.role(Role::Auditor), number).await.expect("shows")
}

fn outcomes(shown: &DeliveryShown) -> Vec<&str> {
    shown.events.iter().map(|event| event.outcome.as_str()).collect()
}

async fn record(t: &TestDesk, number: &str, known: &str, words: &str, reference: &str) -> Result<DeliveryShown, No> {
    let ask = RecordProof {
        key: format!("{number}/{known}/{}", t.desk.id::<i64>()),
        number: number.into(),
        known: known.into(),
        on_day: None,
        reference: reference.into(),
        words: words.into(),
    };
    record_proof(&t.desk, &t.role(Role::TeamLeader), ask).await
}

async fn again(t: &TestDesk, number: &str) -> Result<SentAgain, No> {
    let ask = SendAgain { key: format!("again/{}", t.desk.id::<i64>()), number: number.into() };
    send_again(&t.desk, &t.role(Role::TeamLeader), ask).await
}

/// Prints what waits and signs for it.
async fn post(t: &TestDesk, key: &str) -> String {
    let leader = t.role(Role::TeamLeader);
    let ask = PrintLetters { key: key.into(), limit: 100 };
    let printed = print_letters(&t.desk, &leader, ask, &|_, _| {}).await.expect("prints").batch;
    let ask = ConfirmBatch {
        key: format!("{key}/signed"),
        number: printed.number.clone(),
        letters_count: printed.letters_count,
        sheets_count: printed.sheets_count,
        total_pence: Pence(printed.total_pence),
    };
    confirm_batch(&t.desk, &leader, ask).await.expect("signs");
    printed.number
}

/// Whether a day's run chases an invoice, and whether it leaves something out because it did not arrive.
async fn chased(t: &TestDesk, day: &str, number: &str) -> (bool, bool) {
    t.go_to(day);
    let ask = day.parse().expect("a date");
    let preview = preview_day(&t.desk, &t.role(Role::TeamLeader), ask).await.expect("previews");
    let left_out = preview.refusals.iter().any(|one| one.refusal.code == "REC-04-NOT-RECEIVED");
    (preview.letters.iter().any(|letter| letter.items.iter().any(|item| item.number == number)), left_out)
}

const YES: (bool, bool) = (true, false);
const LEFT_OUT: (bool, bool) = (false, true);

#[tokio::test(flavor = "multi_thread")]
async fn del_02_del_06_post_that_comes_back_stops_the_chase_until_it_goes_again() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let invoice = raise(&t, &number).await;
        let list = not_received(&t.desk, &t.role(Role::Auditor), 100).await.expect("lists");
        assert_eq!((list.len(), list[0].row.outcome.as_str()), (1, "not_written"));
        release(&t, "2026-05-01").await.expect("a day");
        let batch = post(&t, "p1").await;
        let shown = known(&t, &invoice).await;
        assert_eq!((outcomes(&shown), shown.events[0].reference.as_str()), (vec!["handed_over"], batch.as_str()));
        assert!(not_received(&t.desk, &t.role(Role::Auditor), 100).await.expect("lists").is_empty());
        assert_eq!(chased(&t, "2026-05-18", &invoice).await, YES);
        let back = record(&t, &invoice, "returned", "Addressee gone away", "").await.expect("records");
        assert!(back.stops_chasing);
        assert_eq!(chased(&t, "2026-05-18", &invoice).await, LEFT_OUT);
        let account = customer_account(&t.desk, &t.role(Role::Auditor), &number).await.expect("shows");
        let flag = &account.flags[0];
        assert_eq!(
            (flag.kind.as_str(), flag.review_on.map(|day| day.to_string())),
            ("gone_away", Some("2026-06-01".into()))
        );
        let list = not_received(&t.desk, &t.role(Role::Auditor), 100).await.expect("lists");
        assert_eq!((list.len(), list[0].row.stops_chasing), (1, true));
        assert_eq!(list[0].next_step, "Find the new address, then send it again");
        // No post goes there while the address is doubtful.
        let held = again(&t, &invoice).await.expect("writes");
        assert_eq!(held.state, "held");
        let words = |number: &str| format!("{number} by telephone");
        let has = record(&t, &invoice, "confirmed", &words("C. Calder"), "").await.expect("records");
        assert!(!has.stops_chasing);
        assert_eq!(chased(&t, "2026-05-18", &invoice).await, (false, false));
        assert_eq!(known(&t, &invoice).await.undelivered[0].ended_words, "confirmed (hand)");
        let told = timeline(&t.desk, &t.role(Role::Auditor), &number, "", 100).await.expect("a timeline").events;
        let told: Vec<&str> =
            told.iter().filter(|e| e.kind.starts_with("delivery.")).map(|e| e.words.as_str()).collect();
        assert_eq!(told.len(), 3, "{told:?}");
        assert!(told[2].starts_with(&format!("{invoice}: ")) && told[2].contains(&batch), "{told:?}");
        assert!(told[1].contains("Addressee gone away") && told[0].contains("by telephone"), "{told:?}");
    })
    .await;
}

/// A delivery status about one message of ours.
fn bounce(message_id: &str, action: &str) -> Vec<u8> {
    format!(
        "Message-ID: <1@mx>\n\nFinal-Recipient: rfc822; ann@example.org\nAction: {action}\nStatus: 5.1.1\nDiagnostic-Code: smtp; No such mailbox\n\nMessage-ID: <{message_id}>\n"
    )
    .into_bytes()
}

async fn came_back(t: &TestDesk, key: &str, bytes: Vec<u8>) -> Result<BounceTaken, No> {
    let ask = TakeBounce { key: key.into(), file_name: format!("{key}.eml"), bytes };
    take_bounce(&t.desk, &t.role(Role::TeamLeader), ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn del_01_a_bounce_is_kept_and_a_letter_that_failed_waits_for_a_person() {
    on_both("2026-05-01", async |t| {
        let whose = person(&t, "C100777", "individual", "ann@example.org").await;
        let mut tx = t.desk.db().begin().await.expect("begins");
        tx.run("update customer set channel = 'email' where org_id = $1", args![t.org]).await.expect("sets");
        tx.commit().await.expect("commits");
        let invoice = raise(&t, "C100777").await;
        release(&t, "2026-05-01").await.expect("a day");
        let number = sent(&t, t.org, whose, &invoice).await;
        let id = format!("{number}.1@example.gov.uk");
        let delayed = came_back(&t, "b0", bounce(&id, "delayed")).await.expect("takes");
        assert_eq!((delayed.known.as_str(), delayed.state.as_str()), ("delayed", "sent"));
        assert!(!known(&t, &invoice).await.stops_chasing);
        let failed = came_back(&t, "b1", bounce(&id, "failed")).await.expect("takes");
        assert_eq!((failed.known.as_str(), failed.state.as_str()), ("bounced", "failed"));
        let shown = known(&t, &invoice).await;
        assert_eq!((outcomes(&shown), shown.stops_chasing), (vec!["delayed", "bounced"], true));
        assert_eq!(shown.events[1].code, "5.1.1");
        assert_eq!(chased(&t, "2026-05-18", &invoice).await, LEFT_OUT);
        for (key, other) in [("b2", "LTR-999999.1@example.gov.uk"), ("b3", &*format!("{number}.2@example.gov.uk"))] {
            let no = came_back(&t, key, bounce(other, "failed")).await.expect_err("not ours");
            assert_eq!(no.code(), Some("DLV-BOUNCE-UNKNOWN"));
        }
        assert!(matches!(came_back(&t, "b4", b"Hello".to_vec()).await, Err(No::Invalid(_))));
        let next = again(&t, &invoice).await.expect("writes");
        assert_eq!((next.state.as_str(), next.channel.as_str()), ("waiting", "email"));
        let twice = again(&t, &invoice).await.expect_err("it waits");
        assert_eq!(twice.code(), Some("DLV-ON-ITS-WAY"));
        assert_eq!(letter(&t.desk, &t.role(Role::Auditor), &number).await.expect("shows").head.state, "withdrawn");
    })
    .await;
}

/// The invoice's letter, sent as the mail server's answer would have it; its number.
async fn sent(t: &TestDesk, org: OrgId, whose: sundry_domain::ids::CustomerId, invoice: &str) -> String {
    let mut tx = t.desk.db().begin().await.expect("begins");
    let letters = letters_of_customer(&mut tx, org, whose).await.expect("letters");
    let row = letters.into_iter().find(|row| row.document_id.is_some()).unwrap_or_else(|| panic!("{invoice} has none"));
    let id = LetterId(row.id);
    assert!(begin_sending(&mut tx, org, id).await.expect("begins"));
    let message_id = format!("{}.1@example.gov.uk", row.number);
    assert!(settle_sent(&mut tx, org, id, &message_id, "").await.expect("settles"));
    tx.commit().await.expect("commits");
    row.number
}

#[tokio::test(flavor = "multi_thread")]
async fn del_03_a_portal_takes_rejects_and_takes_again() {
    on_both("2026-05-01", async |t| {
        let number = customer(&t, "c1", "Calder Ltd").await;
        let rules = ReceiverForm { way: "portal".into(), portal: "Tradeshift".into(), ..ReceiverForm::default() };
        let ask = SetReceiver { key: "r".into(), number: number.clone(), version: 0, rules };
        set_receiver(&t.desk, &t.role(Role::BillingOfficer), ask).await.expect("sets");
        let invoice = raise(&t, &number).await;
        release(&t, "2026-05-01").await.expect("a day");
        let list = not_received(&t.desk, &t.role(Role::Auditor), 100).await.expect("lists");
        assert_eq!(
            (list[0].row.outcome.as_str(), list[0].row.words.as_str()),
            ("held", "To be uploaded to Tradeshift")
        );
        let up = record(&t, &invoice, "uploaded", "", "TS-8842").await.expect("records");
        assert_eq!(up.letters[0].1, "sent");
        assert!(not_received(&t.desk, &t.role(Role::Auditor), 100).await.expect("lists").is_empty());
        let no = record(&t, &invoice, "portal_rejected", "Order number missing", "").await.expect("records");
        assert!(no.stops_chasing);
        assert_eq!(chased(&t, "2026-05-18", &invoice).await, LEFT_OUT);
        record(&t, &invoice, "uploaded", "", "TS-8850").await.expect("records");
        let yes = record(&t, &invoice, "portal_accepted", "", "TS-8850").await.expect("records");
        assert_eq!(outcomes(&yes), ["uploaded", "portal_rejected", "uploaded", "portal_accepted"]);
        assert!(!yes.stops_chasing);
        assert_eq!(chased(&t, "2026-05-18", &invoice).await, YES);
        // What is not said, or cannot be, is told at its field.
        let fields = async |known: &str, words: &str| match record(&t, &invoice, known, words, "").await {
            Err(No::Invalid(all)) => all.into_iter().map(|one| one.field).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(fields("uploaded", "").await, ["reference"]);
        assert_eq!(fields("returned", " ").await, ["words"]);
        assert_eq!(fields("handed_over", "x").await, ["known"]);
        let ask =
            RecordProof { key: "n".into(), number: invoice.clone(), known: "opened".into(), ..RecordProof::default() };
        let no = record_proof(&t.desk, &t.role(Role::Auditor), ask).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}
