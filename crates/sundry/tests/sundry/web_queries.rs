//! A service answers by its link: no session, one question, one answer, and nothing about anybody.
use crate::browser::{Browser, open};
use crate::web_cards::{form, stranger};
use crate::web_desk::{invoice, joyce};
use axum::body::Body;
use axum::http::Request;
use sundry_desk::core::testing::on_both;
use sundry_desk::setup::settings::{ChangeSettings, change_settings};
use sundry_domain::control::Role;
use sundry_store::delivery::outgoing::mails_in_state;

fn get(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).expect("a request")
}

fn with_file(path: &str, fields: &[(&str, &str)], file: (&str, &[u8])) -> Request<Body> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
    }
    let head = format!("--XX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\n", file.0);
    body.extend(head.into_bytes());
    body.extend(file.1);
    body.extend(b"\r\n--XX--\r\n");
    let kind = "multipart/form-data; boundary=XX";
    Request::post(path).header("content-type", kind).body(Body::from(body)).expect("a request")
}

#[tokio::test(flavor = "multi_thread")]
async fn qry_07_the_page_of_a_link_needs_no_account_and_takes_one_answer() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let changes = [("letters.pages_url".to_owned(), "https://sundry.example.gov.uk".to_owned())].into();
        let ask = ChangeSettings { key: "pages".into(), changes };
        change_settings(&t.desk, &t.role(Role::Administrator), ask).await.expect("sets");
        let account = joyce(&billing).await;
        let bill = invoice(&billing, &account).await;
        let number = bill.rsplit('/').next().unwrap_or_default().to_owned();
        let query = format!("{account}/query");
        let fields = [("invoice", number.as_str()), ("category", "service"), ("amount", "20"), ("says", "Nobody came")];
        let at = controller.fill(&query, &query, &fields).await.location;
        let asking = format!("{at}/ask");
        let wrong = controller.fill(&at, &asking, &[("to", "care"), ("question", "Was Joyce Pemberton in?")]).await;
        assert_eq!((wrong.status, wrong.value("to").as_str()), (422, "care"), "typed, kept: {}", wrong.words());
        let named =
            controller.fill(&at, &asking, &[("to", "care@example.gov.uk"), ("question", "Was Joyce in?")]).await;
        assert_eq!(named.status, 422, "{}", named.words());
        let asked = controller
            .fill(&at, &asking, &[("to", "care@example.gov.uk"), ("question", "Were both visits made?"), ("days", "5")])
            .await;
        assert_eq!(asked.status, 303, "{}", asked.words());
        let mut look = t.desk.look().await.expect("looks");
        let mail = mails_in_state(&mut look, t.org, "waiting", 10).await.expect("reads");
        drop(look);
        let link = mail[0].body.lines().find(|line| line.contains("/ask/")).expect("a link");
        let path = link.trim_start_matches("https://sundry.example.gov.uk").to_owned();

        for strange in ["/ask/x", "/ask/AAAAAAAAAAEAAAAAAAAAAgECAwQFBgcICQoLDA"] {
            let page = stranger(&router, get(strange)).await;
            assert!(page.status == 404 && page.words().contains("This link cannot be used"), "{}", page.words());
        }
        let page = stranger(&router, get(&path)).await;
        assert!(page.status == 200 && page.words().contains("Were both visits made?"), "{}", page.words());
        assert!(!page.text().contains("Joyce") && !page.text().contains("Pemberton"));
        let empty = stranger(&router, form(&path, &[("form_key", "k"), ("answer", ""), ("name", "Sam Reed")])).await;
        assert_eq!((empty.status, empty.value("name").as_str()), (422, "Sam Reed"), "{}", empty.words());
        assert_eq!(empty.errors().len(), 1);
        let fields = [("form_key", "k"), ("answer", "Both, and on time"), ("name", "Sam Reed")];
        let program = stranger(&router, with_file(&path, &fields, ("log.pdf", b"MZ"))).await;
        assert_eq!((program.status, program.errors().len()), (409, 1), "{}", program.words());
        let sent = stranger(&router, with_file(&path, &fields, ("log.pdf", b"%PDF-1.7 log"))).await;
        assert_eq!((sent.status, sent.location.as_str()), (303, path.as_str()), "{}", sent.words());
        assert!(stranger(&router, get(&path)).await.words().contains("Thank you"));
        let again = stranger(&router, form(&path, &[("form_key", "z"), ("answer", "No"), ("name", "Sam Reed")])).await;
        assert_eq!(again.status, 404, "{}", again.words());
        let seen = controller.get(&at).await;
        for there in ["Both, and on time", "log.pdf", "Sam Reed"] {
            assert!(seen.words().contains(there), "{there}: {}", seen.words());
        }
        // Tried again and again, the link rests for a minute.
        let mut last = 200;
        for _ in 0..40 {
            last = stranger(&router, get(&path)).await.status;
        }
        assert_eq!(last, 429);
    })
    .await;
}
