//! Letters printed and e-mailed: each once, each settled, what cannot be known left to a person.
use crate::recovery::{customer, open, pdf_words, release};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::customers::{ReceiverForm, SetReceiver, set_receiver};
use sundry_desk::delivery::{
    AttachBacking, ConfirmBatch, PrintLetters, Reprint, SendCopies, SendEmails, SendTestMessage, SettleLetter,
    attach_backing, batch, batches, confirm_batch, letter, letter_counts, letter_pdf, letters_in_state,
    letters_of_customer, print_letters, reprint, send_copies, send_emails, send_test_message, settle_letter,
};
use sundry_desk::plans::{PlaceHold, place_hold};
use sundry_desk::setup::settings::{ChangeSettings, change_settings};
use sundry_domain::control::Role;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_store::args;

fn print(key: &str) -> PrintLetters {
    PrintLetters { key: key.into(), limit: 10_000 }
}

async fn reminded(t: &TestDesk, count: usize, email: &str) -> Vec<CustomerId> {
    let mut all = Vec::new();
    for n in 0..count {
        let email = if email.is_empty() { String::new() } else { format!("{email}{n}@example.org") };
        let who = customer(t, &format!("C{}", 100_001 + n), "individual", &email).await;
        open(t, who, "invoice", &format!("INV-{n}"), "2026-05-02", 10_000 + n as i64).await;
        all.push(who);
    }
    release(t, "2026-05-11").await.expect("a day");
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn del_08_p14_a_batch_is_printed_once_with_control_totals_and_signed() {
    on_both("2026-05-11", async |t| {
        let who = reminded(&t, 3, "").await;
        let (leader, view) = (t.role(Role::TeamLeader), t.role(Role::CreditController));
        let frozen = PlaceHold {
            key: "hold".into(),
            customer: who[1],
            item: None,
            reason: "deceased".into(),
            until: None,
            words: "A call from the family".into(),
        };
        place_hold(&t.desk, &view, frozen).await.expect("a hold");
        let printed = print_letters(&t.desk, &leader, print("p"), &|_, _| {}).await.expect("prints");
        let again = print_letters(&t.desk, &leader, print("p"), &|_, _| {}).await.expect("the same answer");
        assert_eq!(printed.batch.number, again.batch.number);
        assert_eq!((printed.batch.letters_count, printed.batch.total_pence), (2, 20_002));
        assert_eq!(printed.parts.len(), 1);
        assert!(printed.batch.sheets_count >= 2);
        let nothing = print_letters(&t.desk, &leader, print("q"), &|_, _| {}).await.expect_err("nothing waits");
        assert_eq!(nothing.code(), Some("DLV-NOTHING-TO-PRINT"));
        let stopped = letters_of_customer(&t.desk, &view, who[1]).await.expect("letters");
        assert_eq!(stopped[0].state, "withdrawn");
        assert!(stopped[0].state_reason.starts_with("REC-04-HOLD-DECEASED"));
        let number = letters_of_customer(&t.desk, &view, who[0]).await.expect("letters")[0].number.clone();
        let head = letter(&t.desk, &view, &number).await.expect("a letter").head;
        assert_eq!(head.state, "printed");
        let kept = t.desk.files().get(t.org.0, &head.file_sha256).expect("kept");
        assert_eq!(kept, letter_pdf(&t.desk, &view, &number).await.expect("the same file"));
        let copy = reprint(&t.desk, &view, Reprint { key: "c".into(), number: number.clone() }).await.expect("a copy");
        let copy = t.desk.files().get(t.org.0, &copy.file_sha256).expect("kept");
        assert!(pdf_words(&copy).is_none_or(|words| words.contains("Copy")));
        let mut ask = ConfirmBatch {
            key: "wrong".into(),
            number: printed.batch.number.clone(),
            letters_count: 3,
            sheets_count: printed.batch.sheets_count,
            total_pence: Pence(20_002),
        };
        let no = confirm_batch(&t.desk, &leader, ask.clone()).await.expect_err("one letter too many");
        assert_eq!(no.code(), Some("DLV-TOTALS"));
        (ask.key, ask.letters_count) = ("right".into(), 2);
        let signed = confirm_batch(&t.desk, &leader, ask.clone()).await.expect("signs");
        assert_eq!((signed.batch.state.as_str(), signed.batch.checked_by.as_str()), ("checked", leader.name.as_str()));
        ask.key = "twice".into();
        let no = confirm_batch(&t.desk, &leader, ask).await.expect_err("signed for");
        assert_eq!(no.code(), Some("DLV-BATCH-STATE"));
        assert_eq!(batches(&t.desk, &view).await.expect("batches").len(), 1);
        assert_eq!(batch(&t.desk, &view, &printed.batch.number).await.expect("a batch").1.len(), 3);
        let no = print_letters(&t.desk, &view, print("r"), &|_, _| {}).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_08_p14_a_stopped_batch_goes_on_and_prints_nothing_twice() {
    on_both("2026-05-11", async |t| {
        reminded(&t, 203, "").await;
        let (desk, leader) = (t.desk.clone(), t.role(Role::TeamLeader));
        let by = leader.clone();
        let killed = tokio::spawn(async move {
            print_letters(&desk, &by, print("p"), &|done, _| assert!(done < 200, "killed")).await
        });
        assert!(killed.await.is_err());
        let printed = print_letters(&t.desk, &leader, print("another key"), &|_, _| {}).await.expect("goes on");
        assert_eq!((printed.batch.letters_count, printed.parts.len()), (203, 2));
        assert_eq!(printed.parts[0].letters_count, 200);
        assert_eq!(
            (printed.batch.first_number.as_str(), printed.batch.last_number.as_str()),
            ("LTR-000001", "LTR-000203")
        );
        let view = t.role(Role::CreditController);
        assert_eq!(letters_in_state(&t.desk, &view, "printed", "post", 1_000).await.expect("letters").len(), 203);
        assert!(letter_counts(&t.desk, &view).await.expect("counts").is_empty());
    })
    .await;
}

/// The real mail server, stopped by its process id when dropped.
struct MailServer {
    child: Child,
    port: u16,
    got: Arc<Mutex<Vec<serde_json::Value>>>,
}

impl MailServer {
    /// Starts it, or says visibly that it cannot.
    fn start() -> Option<MailServer> {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
        if !root.join("node_modules/smtp-server").exists() {
            eprintln!("SKIPPED: node_modules has no smtp-server; run npm ci");
            return None;
        }
        let script = root.join("tests/support/smtp.mjs");
        let mut child = Command::new("node").arg(script).stdout(Stdio::piped()).spawn().expect("node starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let port = lines.next().expect("a line").expect("a port").parse().expect("a number");
        let got = Arc::new(Mutex::new(Vec::new()));
        let keep = got.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let message = serde_json::from_str(&line).expect("JSON");
                keep.lock().expect("kept").push(message);
            }
        });
        Some(MailServer { child, port, got })
    }

    /// How many messages came since, once there are as many as there should be, or no more have come for a while.
    async fn came_since(&self, before: usize, expected: usize) -> usize {
        let come = || self.got.lock().expect("kept").len() - before;
        for _ in 0..100 {
            if come() >= expected {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        come()
    }

    fn to(&self, start: &str) -> Vec<String> {
        let got = self.got.lock().expect("kept");
        let of = |message: &serde_json::Value| message["to"][0].as_str().is_some_and(|to| to.starts_with(start));
        got.iter().filter(|m| of(m)).map(|m| m["message"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn mail_to(t: &TestDesk, port: u16) {
    let changes = [
        ("mail.host", "127.0.0.1".to_owned()),
        ("mail.port", port.to_string()),
        ("mail.from", "bills@northmere.example".to_owned()),
        ("mail.starttls", "no".to_owned()),
    ];
    let changes = changes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let ask = ChangeSettings { key: format!("mail {port}"), changes };
    change_settings(&t.desk, &t.role(Role::Administrator), ask).await.expect("set");
}

fn send(key: &str) -> SendEmails {
    SendEmails { key: key.into(), limit: 1_000 }
}

#[tokio::test(flavor = "multi_thread")]
async fn p16_e_mail_is_sent_refused_put_off_or_unknown_and_never_sent_twice() {
    let Some(server) = MailServer::start() else { return };
    on_both("2026-05-11", async |t| {
        let before = server.got.lock().expect("kept").len();
        let mut who = Vec::new();
        for (n, name) in ["ann", "refuse", "later", "vanish", "bob"].into_iter().enumerate() {
            let id = customer(&t, &format!("C10000{n}"), "individual", &format!("{name}@example.org")).await;
            open(&t, id, "invoice", &format!("INV-{n}"), "2026-05-02", 10_000).await;
            who.push(id);
        }
        release(&t, "2026-05-11").await.expect("a day");
        let (leader, view) = (t.role(Role::TeamLeader), t.role(Role::CreditController));
        let no = send_emails(&t.desk, &leader, send("early"), &|_, _| {}).await.expect_err("no server");
        assert_eq!(no.code(), Some("DLV-NO-MAIL-SERVER"));
        mail_to(&t, 1).await;
        let no = send_emails(&t.desk, &leader, send("down"), &|_, _| {}).await.expect_err("nobody there");
        assert_eq!(no.code(), Some("DLV-MAIL-SERVER-DOWN"));
        mail_to(&t, server.port).await;
        let sent = send_emails(&t.desk, &leader, send("s1"), &|_, _| {}).await.expect("sends");
        assert_eq!((sent.sent, sent.failed, sent.put_off, sent.unknown), (2, 1, 1, 1));
        let state = |n: usize| {
            let (desk, by, who) = (t.desk.clone(), view.clone(), who[n]);
            async move {
                let all = letters_of_customer(&desk, &by, who).await.expect("letters");
                (all[0].state.clone(), all[0].state_reason.clone(), all[0].number.clone())
            }
        };
        let (sent_state, message_id, number) = state(0).await;
        assert_eq!(sent_state, "sent");
        assert_eq!(message_id, format!("{number}.1@northmere.example"));
        assert!(state(1).await.1.contains("No such mailbox") && state(1).await.0 == "failed");
        assert_eq!((state(2).await.0, state(3).await.0), ("waiting".into(), "unknown".into()));
        let again = send_emails(&t.desk, &leader, send("s2"), &|_, _| {}).await.expect("sends");
        assert_eq!((again.sent, again.put_off, again.unknown), (0, 1, 0), "only what was put off is tried again");
        assert_eq!(server.came_since(before, 3).await, 3, "two sent, one vanished, none twice");
        let words = server.to("ann@").pop().expect("a message");
        assert!(words.contains(&message_id) && words.contains("multipart/alternative") && words.contains("100.00"));
        let settle = SettleLetter {
            key: "settle".into(),
            number: state(3).await.2,
            outcome: "sent".into(),
            words: "They rang: it has come".into(),
        };
        settle_letter(&t.desk, &leader, settle.clone()).await.expect("settled");
        assert_eq!(state(3).await.0, "sent");
        let twice = SettleLetter { key: "settle again".into(), ..settle };
        let no = settle_letter(&t.desk, &leader, twice).await.expect_err("settled before");
        assert_eq!(no.code(), Some("DLV-LETTER-STATE"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p16_what_a_dead_sender_left_is_unknown_and_two_senders_send_once() {
    let Some(server) = MailServer::start() else { return };
    on_both("2026-05-11", async |t| {
        let who = reminded(&t, 6, "carol").await;
        mail_to(&t, server.port).await;
        let before = server.got.lock().expect("kept").len();
        let leader = t.role(Role::TeamLeader);
        let head = letters_of_customer(&t.desk, &leader, who[0]).await.expect("letters")[0].clone();
        let mut tx = t.desk.db().begin().await.expect("begins");
        let begun = sundry_store::delivery::begin_sending(&mut tx, t.org, sundry_domain::ids::LetterId(head.id)).await;
        assert!(begun.expect("begun"), "a sender that died here");
        tx.commit().await.expect("commits");
        let started = Arc::new(AtomicBool::new(false));
        let both = ["a", "b"].map(|key| {
            let (desk, by, started) = (t.desk.clone(), leader.clone(), started.clone());
            tokio::spawn(async move {
                started.store(true, Ordering::Relaxed);
                send_emails(&desk, &by, send(key), &|_, _| {}).await.expect("sends")
            })
        });
        let mut sent = 0;
        for one in both {
            sent += one.await.expect("runs").sent;
        }
        assert_eq!(sent, 5);
        assert_eq!(server.came_since(before, 5).await, 5);
        let now = letter(&t.desk, &leader, &head.number).await.expect("a letter").head;
        assert_eq!(now.state, "unknown");
        let view = t.role(Role::CreditController);
        assert_eq!(letters_in_state(&t.desk, &view, "sent", "email", 100).await.expect("letters").len(), 5);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p16_a_test_message_is_sent_once_and_told_of() {
    let Some(server) = MailServer::start() else { return };
    on_both("2026-05-11", async |t| {
        let before = server.got.lock().expect("kept").len();
        let admin = t.role(Role::Administrator);
        let ask = |key: &str, to: &str| SendTestMessage { key: key.into(), to: to.into() };
        let no = send_test_message(&t.desk, &admin, ask("k", "ann@example.org")).await.expect_err("no server");
        assert_eq!(no.code(), Some("DLV-NO-MAIL-SERVER"));
        mail_to(&t, server.port).await;
        let leader = t.role(Role::TeamLeader);
        let no = send_test_message(&t.desk, &leader, ask("k", "ann@example.org")).await.expect_err("not theirs");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
        assert!(send_test_message(&t.desk, &admin, ask("k", "nobody")).await.is_err());
        let said = send_test_message(&t.desk, &admin, ask("k", "test@example.org")).await.expect("sends");
        assert!(said.taken, "{}", said.words);
        let again = send_test_message(&t.desk, &admin, ask("k", "test@example.org")).await.expect("answers");
        assert_eq!(again, said);
        assert_eq!(server.came_since(before, 1).await, 1);
        assert!(server.to("test@").pop().expect("a message").contains("A test message from Northmere Council"));
        let refused = send_test_message(&t.desk, &admin, ask("r", "refuse@example.org")).await.expect("answers");
        assert!(!refused.taken && refused.words.contains("No such mailbox"), "{}", refused.words);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p17_a_letter_that_cannot_be_set_is_parked_and_the_batch_goes_on() {
    on_both("2026-05-11", async |t| {
        let who = reminded(&t, 3, "").await;
        let (leader, view) = (t.role(Role::TeamLeader), t.role(Role::CreditController));
        let number = letters_of_customer(&t.desk, &view, who[1]).await.expect("letters")[0].number.clone();
        let set = async |sql: &'static str| {
            let mut tx = t.desk.db().begin().await.expect("begins");
            tx.run(sql, args![t.org, &number]).await.expect("runs");
            tx.commit().await.expect("commits");
        };
        set("update letter set content = content || ' ' where org_id = $1 and number = $2").await;
        let printed = print_letters(&t.desk, &leader, print("p"), &|_, _| {}).await.expect("prints the rest");
        assert_eq!((printed.batch.letters_count, printed.batch.total_pence, printed.parked), (2, 20_002, 1));
        let parked = letter(&t.desk, &view, &number).await;
        assert!(parked.is_err(), "its content is not what was written");
        let rows = letters_of_customer(&t.desk, &view, who[1]).await.expect("letters");
        assert_eq!(rows[0].state, "failed");
        assert!(rows[0].state_reason.starts_with("DLV-NOT-SET: It could not be set"), "{}", rows[0].state_reason);
        set("update letter set content = rtrim(content) where org_id = $1 and number = $2").await;
        let again = SettleLetter {
            key: "again".into(),
            number: number.clone(),
            outcome: "waiting".into(),
            words: "Put right".into(),
        };
        settle_letter(&t.desk, &leader, again).await.expect("tried again");
        let second = print_letters(&t.desk, &leader, print("q"), &|_, _| {}).await.expect("prints it");
        assert_eq!((second.batch.letters_count, second.parked), (1, 0));
        assert_ne!(second.batch.number, printed.batch.number);
        assert_eq!(letter(&t.desk, &view, &number).await.expect("a letter").head.state, "printed");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn del_09_a_copy_is_sent_again_in_one_action_by_todays_way() {
    on_both("2026-05-05", async |t| {
        let number = crate::customers::customer(&t, "c1", "Calder Ltd").await;
        let made = crate::billing::raised(&t, "r1", &number, crate::billing::standard()).await;
        let officer = t.role(Role::BillingOfficer);
        let copies = |key: &str, documents: &[&str]| SendCopies {
            key: key.into(),
            documents: documents.iter().map(|one| (*one).to_owned()).collect(),
        };
        let unsent = send_copies(&t.desk, &officer, copies("s0", &[&made.number])).await.expect("nothing to copy yet");
        assert_eq!((unsent.letters.len(), unsent.without.as_slice()), (0, [made.number.clone()].as_slice()));
        release(&t, "2026-05-05").await.expect("the day writes the invoice");
        let sent = send_copies(&t.desk, &officer, copies("s1", &[&made.number])).await.expect("sends");
        let again = send_copies(&t.desk, &officer, copies("s1", &[&made.number])).await.expect("the same answer");
        assert_eq!(sent.letters[0].number, again.letters[0].number);
        let copy = letter(&t.desk, &officer, &sent.letters[0].number).await.expect("a letter");
        assert!(copy.content.copy && copy.items.is_empty());
        assert_eq!((copy.head.state.as_str(), copy.head.total_pence), ("waiting", made.gross_pence));
        assert!(copy.head.state_reason.starts_with("Copy of LTR-"), "{}", copy.head.state_reason);
        let shown = sundry_desk::billing::invoice(&t.desk, &officer, &made.number).await.expect("shows");
        assert_eq!(shown.letters.len(), 2, "the copy is on the invoice's page");
        let printed = print_letters(&t.desk, &t.role(Role::TeamLeader), print("p"), &|_, _| {}).await.expect("prints");
        assert_eq!(printed.batch.letters_count, 2);
        let nobody = send_copies(&t.desk, &t.role(Role::Auditor), copies("s2", &[&made.number])).await;
        assert_eq!(nobody.expect_err("no duty").code(), Some("CTL-01-NO-DUTY"));
        let absent = send_copies(&t.desk, &officer, copies("s3", &["INV-999999"])).await.expect_err("not there");
        assert!(matches!(absent, sundry_desk::No::Absent(_)));
        assert!(send_copies(&t.desk, &officer, copies("s4", &[])).await.is_err());
    })
    .await;
}

/// The one PDF that is attached to a message.
fn attached_pdf(message: &str) -> Vec<u8> {
    use base64::Engine;
    let part = message.split("Content-Type: application/pdf").nth(1).expect("a PDF is attached");
    let body = part.split("\r\n\r\n").nth(1).expect("its bytes").split("\r\n--").next().unwrap_or_default();
    let text: String = body.split_whitespace().collect();
    base64::engine::general_purpose::STANDARD.decode(text).expect("base64")
}

#[tokio::test(flavor = "multi_thread")]
async fn del_07_an_invoice_and_what_backs_it_leave_as_one_pdf_no_larger_than_taken() {
    let Some(server) = MailServer::start() else { return };
    on_both("2026-05-12", async |t| {
        mail_to(&t, server.port).await;
        let (billing, view) = (t.role(Role::BillingOfficer), t.role(Role::CreditController));
        let mut who = Vec::new();
        for (n, name) in ["bundled", "narrow"].into_iter().enumerate() {
            let payer = format!("C10000{n}");
            who.push(customer(&t, &payer, "nhs_body", &format!("{name}{}@example.org", t.org.0)).await);
            let number = crate::billing::raised(&t, &format!("r{n}"), &payer, crate::billing::standard()).await.number;
            let (key, file) = (format!("b{n}"), "Ward log\nPatient: Ann Bell\nSeen: 943 476 5919 on 1 May\n");
            let attach = AttachBacking { key, number, name: "ward.txt".into(), looked_through: false };
            attach_backing(&t.desk, &billing, attach, file.into()).await.expect("kept");
        }
        let rules = ReceiverForm { way: "letters".into(), pdf_longest_kb: Some(10), ..ReceiverForm::default() };
        let rules = SetReceiver { key: "r".into(), number: "C100001".into(), version: 0, rules };
        set_receiver(&t.desk, &t.operator(), rules).await.expect("their rules");
        release(&t, "2026-05-12").await.expect("a day");
        let before = server.got.lock().expect("kept").len();
        let sent = send_emails(&t.desk, &t.role(Role::TeamLeader), send("s1"), &|_, _| {}).await.expect("sends");
        assert_eq!((sent.sent, sent.failed), (1, 1));
        assert_eq!(server.came_since(before, 1).await, 1, "what is too large never leaves");
        let message = server.to(&format!("bundled{}@", t.org.0)).pop().expect("a message");
        let pdf = attached_pdf(&message);
        let letters = letters_of_customer(&t.desk, &view, who[0]).await.expect("letters");
        let kept = letter_pdf(&t.desk, &view, &letters[0].number).await.expect("the letter as sent");
        assert!(pdf == kept, "what left is kept to the byte: {} and {}", pdf.len(), kept.len());
        assert_eq!(message.matches("Content-Type: application/pdf").count(), 1);
        if let Some(words) = pdf_words(&pdf) {
            assert!(words.contains("what backs it") && words.contains("Ward log"), "{words}");
            assert!(words.contains("Room hire") && !words.contains("Ann Bell"), "{words}");
        }
        let narrow = letters_of_customer(&t.desk, &view, who[1]).await.expect("letters");
        assert_eq!(narrow[0].state, "failed");
        assert!(narrow[0].state_reason.starts_with("DLV-PDF-SIZE"), "{}", narrow[0].state_reason);
    })
    .await;
}
