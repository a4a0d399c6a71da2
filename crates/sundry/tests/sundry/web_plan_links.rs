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

#[tokio::test(flavor = "multi_thread")]
async fn pln_10_the_page_is_in_welsh_for_whose_letters_are_and_in_the_language_that_is_asked_for() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let changes = [("letters.pages_url".to_owned(), "https://sundry.example.gov.uk".to_owned())].into();
        let ask = ChangeSettings { key: "pages".into(), changes };
        change_settings(&t.desk, &t.role(Role::Administrator), ask).await.expect("sets");
        let account = welsh_joyce(&billing).await;
        let number = account.rsplit('/').next().unwrap_or_default().to_owned();
        invoice(&billing, &account).await;
        let links = format!("{account}/plan-links");
        let words = controller.fill(&links, &links, &[]).await.words();
        let link =
            words.split_whitespace().find(|word| word.starts_with("https://sundry.example.gov.uk/")).expect("a link");
        let path = link.trim_start_matches("https://sundry.example.gov.uk").to_owned();

        // In Welsh by itself, in English where that is asked for, and back; the language goes with every answer.
        let page = got(&router, &path, "").await;
        assert!(
            page.text().contains(r#"<html lang="cy""#) && page.words().contains("Rhif y cyfrif"),
            "{}",
            page.words()
        );
        assert!(page.text().contains(&format!(r#"href="{path}?lang=en"#)), "{}", page.text());
        let english = got(&router, &format!("{path}?lang=en"), "").await;
        assert!(english.words().contains("Account number") && english.value("lang") == "en", "{}", english.words());
        let empty = sent(&router, &path, "", &[("form_key", "w1"), ("do", "who")]).await;
        assert_eq!(empty.errors(), ["Rhowch rif eich cyfrif", "Rhowch eich cod post"]);
        assert!(empty.words().contains("Gwall:") && !empty.words().contains("Error:"), "{}", empty.words());
        let wrong = [("form_key", "w2"), ("do", "who"), ("account", number.as_str()), ("postcode", "NM1 1AA")];
        let wrong = sent(&router, &path, "", &wrong).await;
        assert!(wrong.errors()[0].starts_with("Nid dyma fanylion y cyfrif hwn"), "{:?}", wrong.errors());
        let right = [("form_key", "w3"), ("do", "who"), ("account", number.as_str()), ("postcode", "nm47qx")];
        let asks_english = [right.as_slice(), &[("lang", "en")]].concat();
        let shown = sent(&router, &path, "", &asks_english).await;
        assert_eq!(shown.location, format!("{path}?lang=en"));
        let cookie = shown.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let choose = got(&router, &path, &cookie).await;
        for there in ["Yr hyn sy'n ddyledus gennych", "O leiaf £20.00 y mis", "O 1 Mai 2026 i 1 Mehefin 2026"] {
            assert!(choose.words().contains(there), "{there}: {}", choose.words());
        }

        // What is wrong is said in Welsh at its field, from the page, the desk and the rules alike.
        let choice = [
            ("form_key", "c1"),
            ("every", "month"),
            ("amount", "40.01"),
            ("first_on", "15/5/2026"),
            ("day_of_month", ""),
            ("method", "transfer"),
        ];
        let with = |field: &'static str, value: &'static str| {
            let one =
                move |(name, typed): (&'static str, &'static str)| (name, if name == field { value } else { typed });
            let mut all: Vec<(&str, &str)> = choice.into_iter().map(one).collect();
            all.push(("do", "show"));
            all
        };
        for (field, value, said) in [
            ("amount", "lots", "Rhowch faint rydych eisiau ei dalu bob tro, er enghraifft 25.00"),
            ("first_on", "1/12/2026", "Rhowch ddiwrnod o 1 Mai 2026 i 1 Mehefin 2026"),
            ("every", "", "Dewiswch pa mor aml rydych eisiau talu"),
            ("amount", "15", "Y lleiaf yw £20.00 y mis neu £5.00 yr wythnos. Os na allwch dalu cymaint, ffoniwch ni"),
            ("method", "direct_debit", "Nid oes gennych Ddebyd Uniongyrchol gyda ni. Dewiswch ffordd arall"),
        ] {
            let answered = sent(&router, &path, &cookie, &with(field, value)).await;
            assert_eq!(answered.errors(), [said], "{field} {value}");
        }
        let check = sent(&router, &path, &cookie, &with("", "")).await;
        for there in ["Gwiriwch eich cynllun talu", "15 Mai 2026", "Os byddwch yn colli taliad", "Trefnu'r cynllun hwn"]
        {
            assert!(check.words().contains(there), "{there}: {}", check.words());
        }
        let other =
            format!("{path}?lang=en&amp;every=month&amp;amount=40.01&amp;first_on=15/5/2026&amp;method=transfer");
        let other_escaped = other.replace("&amp;", "&#38;");
        assert!(check.text().contains(&other) || check.text().contains(&other_escaped), "{}", check.text());
        let english = got(&router, &other.replace("&amp;", "&"), &cookie).await;
        assert_eq!((english.value("amount"), english.value("first_on")), ("40.01".into(), "15/5/2026".into()));
        let seen = check.value("seen");
        let yes = [choice.as_slice(), &[("do", "agree"), ("seen", seen.as_str()), ("lang", "cy")]].concat();
        let set = sent(&router, &path, &cookie, &yes).await;
        assert_eq!(set.location, format!("{path}?lang=cy"), "{}", set.words());
        let done = got(&router, &set.location, &cookie).await;
        assert!(done.words().contains("Mae eich cynllun talu wedi'i drefnu"), "{}", done.words());
        let late = got(&router, &format!("{path}?lang=cy"), "").await;
        assert!(late.status == 404 && late.words().contains("Ni ellir defnyddio'r ddolen hon"), "{}", late.words());
    })
    .await;
}

/// An account whose letters are in Welsh.
async fn welsh_joyce(billing: &Browser) -> String {
    let fields = [
        ("kind", "individual"),
        ("name", "Joyce Pemberton"),
        ("address1", "14 Ffordd y Bryn"),
        ("town", "Northmere"),
        ("postcode", "NM4 7QX"),
        ("terms_days", "28"),
        ("language", "cy"),
        ("channel", "post"),
        ("letter_format", "standard"),
    ];
    let added = billing.fill("/customers/new", "/customers/new", &fields).await;
    assert_eq!(added.status, 303, "{}", added.words());
    added.location
}
