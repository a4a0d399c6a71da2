//! A customer sets a plan by a link through its page: no account, nothing said before they show who they are, one plan.
use crate::browser::{Browser, Page, open};
use crate::web_cards::{form, stranger};
use crate::web_desk::{invoice, joyce};
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, header};
use sundry_desk::core::testing::on_both;
use sundry_desk::setup::settings::{ChangeSettings, change_settings};
use sundry_domain::control::Role;

/// Asks for a page as a browser that carries a cookie.
async fn got(router: &Router, path: &str, cookie: &str) -> Page {
    let request = Request::get(path).header(header::COOKIE, cookie);
    stranger(router, request.body(Body::empty()).expect("a request")).await
}

/// Sends a form as a browser that carries a cookie.
async fn sent(router: &Router, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Page {
    let mut request = form(path, fields);
    request.headers_mut().insert(header::COOKIE, HeaderValue::from_str(cookie).expect("a cookie"));
    stranger(router, request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_a_customer_sets_a_plan_on_the_page_of_a_link() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let account = joyce(&billing).await;
        let number = account.rsplit('/').next().unwrap_or_default().to_owned();
        invoice(&billing, &account).await;
        let links = format!("{account}/plan-links");
        let nowhere = controller.fill(&links, &links, &[]).await;
        assert!(nowhere.status == 409 && nowhere.words().contains("PP-LINK-ADDRESS"), "{}", nowhere.words());
        let changes = [("letters.pages_url".to_owned(), "https://sundry.example.gov.uk".to_owned())].into();
        let ask = ChangeSettings { key: "pages".into(), changes };
        change_settings(&t.desk, &t.role(Role::Administrator), ask).await.expect("sets");
        let made = controller.fill(&links, &links, &[]).await;
        assert_eq!(made.status, 200, "{}", made.words());
        let words = made.words();
        let link =
            words.split_whitespace().find(|word| word.starts_with("https://sundry.example.gov.uk/")).expect("a link");
        let path = link.trim_start_matches("https://sundry.example.gov.uk").to_owned();
        assert!(!controller.get(&links).await.text().contains(&path), "it is shown once");
        assert_eq!(billing.get(&links).await.status, 403);

        for strange in ["/plan-online/x", "/plan-online/AAAAAAAAAAEAAAAAAAAAAgECAwQFBgcICQoLDA"] {
            let page = got(&router, strange, "").await;
            assert!(page.status == 404 && page.words().contains("This link cannot be used"), "{}", page.words());
        }
        let page = got(&router, &path, "").await;
        assert_eq!(page.status, 200, "{}", page.words());
        let headers = [("cache-control", "no-store"), ("referrer-policy", "no-referrer")];
        for (name, value) in headers.into_iter().chain([("x-robots-tag", "noindex, nofollow")]) {
            assert_eq!(page.header(name), value, "{name}");
        }
        assert!(!page.text().contains("Joyce") && !page.text().contains("120.02") && !page.text().contains(&number));
        // What is sent before anybody has shown who they are leads back; empty and wrong details are said at the fields.
        let choice = [
            ("form_key", "c1"),
            ("every", "month"),
            ("amount", "40.01"),
            ("first_on", "+14"),
            ("day_of_month", ""),
            ("method", "transfer"),
        ];
        let early = [choice.as_slice(), &[("do", "agree"), ("seen", "x")]].concat();
        assert_eq!(sent(&router, &path, "", &early).await.location, path);
        let empty = sent(&router, &path, "", &[("form_key", "w1"), ("do", "who")]).await;
        assert_eq!((empty.status, empty.errors().len()), (422, 2), "{}", empty.words());
        let wrong = [("form_key", "w2"), ("do", "who"), ("account", number.as_str()), ("postcode", "NM1 1AA")];
        let wrong = sent(&router, &path, "", &wrong).await;
        assert_eq!((wrong.status, wrong.value("postcode").as_str()), (409, "NM1 1AA"), "{}", wrong.words());
        let right = [("form_key", "w3"), ("do", "who"), ("account", number.as_str()), ("postcode", "nm47qx")];
        let right = sent(&router, &path, "", &right).await;
        assert_eq!((right.status, right.location.as_str()), (303, path.as_str()), "{}", right.words());
        let carried = right.header("set-cookie");
        assert!(carried.contains("HttpOnly") && carried.contains("Path=/plan-online;"), "{carried}");
        let cookie = carried.split(';').next().unwrap_or_default().to_owned();

        let page = got(&router, &path, &cookie).await;
        for there in ["£120.02", "See the plan", "National Debtline", "At least £20.00 a month"] {
            assert!(page.words().contains(there), "{there}: {}", page.words());
        }
        let nothing = sent(&router, &path, &cookie, &[("form_key", "c0"), ("do", "show"), ("amount", "lots")]).await;
        assert_eq!((nothing.status, nothing.errors().len()), (422, 2), "{}", nothing.words());
        let little = [("amount", "2"), ("form_key", "c0"), ("do", "show"), ("every", "month"), ("first_on", "+14")];
        let little = sent(&router, &path, &cookie, &[little.as_slice(), &[("method", "transfer")]].concat()).await;
        assert_eq!((little.status, little.errors().len()), (409, 1), "{}", little.words());
        let show = [choice.as_slice(), &[("do", "show")]].concat();
        let shown = sent(&router, &path, &cookie, &show).await;
        for there in ["Check your payment plan", "15 May 2026", "£40.00", "If you miss a payment", "Set up this plan"]
        {
            assert!(shown.words().contains(there), "{there}: {}", shown.words());
        }
        let seen = shown.value("seen");
        let unseen = [choice.as_slice(), &[("do", "agree"), ("seen", "other")]].concat();
        assert_eq!(sent(&router, &path, &cookie, &unseen).await.status, 200, "what was not read is shown first");
        let yes = [choice.as_slice(), &[("do", "agree"), ("seen", seen.as_str())]].concat();
        for _ in 0..2 {
            let set = sent(&router, &path, &cookie, &yes).await;
            assert_eq!((set.status, set.location.as_str()), (303, path.as_str()), "{}", set.words());
        }
        let done = got(&router, &path, &cookie).await;
        assert!(done.words().contains("Your payment plan is set up") && done.words().contains("PLAN-000001"));
        assert_eq!(got(&router, &path, "").await.status, 404, "spent, for anybody else");
        let plan = controller.get("/plans/PLAN-000001").await;
        assert!(
            plan.words().contains("Customer online, LINK-000001") && plan.words().contains("Kept"),
            "{}",
            plan.words()
        );
        assert_eq!(controller.get("/plans/PLAN-000002").await.status, 404);
        // The week's figure counts it, on the page and as a file; who runs no reports sees none.
        let weeks = controller.get("/plans/weeks").await;
        for there in ["27 April to 3 May 2026 So far", "100%", "The last whole week: 20 April to 26 April 2026"] {
            assert!(weeks.words().contains(there), "{there}: {}", weeks.words());
        }
        let file = controller.get("/plans/weeks?format=csv").await.text();
        assert!(file.contains("2026-04-27,2026-05-03,1,1,1000,0,0,1"), "{file}");
        assert!(controller.get("/plans").await.words().contains("Week by week"));
        let administrator = Browser::of(&t, &router, Role::Administrator).await;
        assert_eq!(administrator.get("/plans/weeks").await.status, 403);
        let told = controller.get(&format!("{account}/timeline?sort=plan")).await;
        assert!(told.words().contains("Link LINK-000001 used"), "{}", told.words());
        let list = controller.get(&links).await;
        assert!(list.words().contains("Used") && list.words().contains("PLAN-000001"), "{}", list.words());
    })
    .await;
}
