//! The pages of the desk: customers, worklist, billing, queries, imports, search, your account.
use super::browser::{Browser, Page, open};
use sundry_desk::core::testing::on_both;
use sundry_domain::control::Role;

/// Opens an account through its form and gives its address.
pub async fn joyce(billing: &Browser) -> String {
    add_joyce(billing).await.location
}

async fn add_joyce(billing: &Browser) -> Page {
    let fields = [
        ("kind", "individual"),
        ("name", "Joyce Pemberton"),
        ("address1", "14 Ffordd y Bryn"),
        ("town", "Northmere"),
        ("postcode", "NM4 7QX"),
        ("terms_days", "28"),
        ("language", "en"),
        ("channel", "post"),
        ("letter_format", "standard"),
    ];
    let added = billing.fill("/customers/new", "/customers/new", &fields).await;
    assert_eq!(added.status, 303, "{}", added.words());
    added
}

#[tokio::test(flavor = "multi_thread")]
async fn news_waits_for_the_page_that_shows_it() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let added = add_joyce(&billing).await;
        assert!(added.location.starts_with("/customers/C"), "{}", added.location);
        let front = billing.get(&added.location).await;
        assert_eq!(front.status, 303, "the front of an account leads on to its open items");
        let shown = billing.follow(added).await;
        assert!(shown.words().contains("Joyce Pemberton added as C"), "{}", shown.words());
        assert!(shown.header("set-cookie").starts_with("sundry_news=;"), "told once: {}", shown.header("set-cookie"));
    })
    .await;
}

const LINE: [(&str, &str); 5] = [
    ("description-1", "Home care, 4 weeks"),
    ("quantity-1", "2"),
    ("price-1", "60.01"),
    ("vat-1", "E"),
    ("service", "Home care"),
];

/// Raises an invoice through the form and its check page, and gives its address.
pub async fn invoice(billing: &Browser, account: &str) -> String {
    let number = account.rsplit('/').next().unwrap_or_default();
    let form = billing.get(&format!("/billing/invoices/new?customer={number}")).await;
    let coding = form.value("coding-1");
    let mut fields = vec![("customer", number), ("do", "check"), ("supply_on", "today"), ("coding-1", coding.trim())];
    fields.retain(|(_, value)| !value.is_empty() && !value.contains(' '));
    fields.extend(LINE);
    let check = billing.submit(&form, "/billing/invoices/new", &fields).await;
    assert_eq!(check.status, 200, "{}", check.words());
    assert!(check.words().contains("£120.02"), "{}", check.words());
    fields.retain(|(name, _)| *name != "do");
    fields.push(("do", "raise"));
    let raised = billing.submit(&check, "/billing/invoices/new/check", &fields).await;
    assert_eq!(raised.status, 303, "{}", raised.words());
    raised.location
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_opened_billed_called_held_and_disputed_through_the_pages() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let account = joyce(&billing).await;
        let bill = invoice(&billing, &account).await;
        let seen = billing.get(&bill).await;
        assert!(
            seen.words().contains("Home care, 4 weeks") && seen.words().contains("To pay£120.02"),
            "{}",
            seen.words()
        );

        let items = controller.get(&format!("{account}/items")).await;
        assert!(items.words().contains("Joyce Pemberton") && items.words().contains("£120.02"), "{}", items.words());

        let call = format!("{account}/call");
        let wrong = controller.fill(&call, &call, &[("said", "Spoke about the bill"), ("promised", "50")]).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.errors(), ["Choose how the call went", "Enter the day by which they will pay"]);
        assert_eq!(wrong.value("said").trim(), "Spoke about the bill");
        assert_eq!(wrong.value("promised"), "50");
        let fields =
            [("outcome", "will_pay"), ("said", "Will pay by transfer"), ("promised", "50"), ("promised_by", "+5")];
        let saved = controller.fill(&call, &call, &fields).await;
        assert_eq!(saved.status, 303, "{}", saved.words());
        let plans = controller.get(&format!("{account}/plans")).await;
        assert!(plans.words().contains("£50.00") && plans.words().contains("Payment promised"), "{}", plans.words());

        let promise = format!("{account}/promise");
        let refused = controller.fill(&promise, &promise, &[("amount", "10"), ("by", "+5")]).await;
        assert_eq!(refused.status, 409);
        assert!(refused.words().contains("PP-PROMISE-OPEN"), "{}", refused.words());

        let hold = format!("{account}/hold");
        let held = controller
            .fill(&hold, &hold, &[("reason", "complaint"), ("comment", "Stage 1 complaint"), ("until", "+30")])
            .await;
        assert_eq!(held.status, 303, "{}", held.words());
        // What is no item of this account is not there: it does not become the whole account.
        let (csrf, _) = controller.get(&hold).await.tokens(&hold);
        for strange in ["abc", "1"] {
            assert_eq!(controller.get(&format!("{hold}?item={strange}")).await.status, 404, "{strange}");
            let named = [("csrf", csrf.as_str()), ("form_key", strange), ("item", strange)];
            let fields = [named.as_slice(), &[("reason", "complaint"), ("comment", "Stage 2")]].concat();
            assert_eq!(controller.send(&hold, &fields).await.status, 404, "{strange}");
        }
        let notes = format!("{account}/notes");
        let noted = controller.fill(&notes, &notes, &[("note", "Speak slowly"), ("pinned", "yes")]).await;
        assert_eq!(noted.status, 303, "{}", noted.words());
        let card = controller.fill(&notes, &notes, &[("note", "Card 4111 1111 1111 1111")]).await;
        assert_eq!(card.status, 409);
        assert!(card.words().contains("CTL-06-CARD-NUMBER"), "{}", card.words());

        let query = format!("{account}/query");
        let number = bill.rsplit('/').next().unwrap_or_default().to_owned();
        let raised = controller
            .fill(
                &query,
                &query,
                &[("invoice", &number), ("category", "service"), ("amount", "20"), ("says", "Nobody came")],
            )
            .await;
        assert_eq!(raised.status, 303, "{}", raised.words());
        let at = raised.location.clone();
        let empty = controller.fill(&at, &at, &[("act", "answer"), ("answer", "")]).await;
        assert_eq!((empty.status, empty.errors().len()), (422, 1), "{}", empty.words());
        let answered = controller.fill(&at, &at, &[("act", "answer"), ("answer", "They came twice")]).await;
        assert_eq!(answered.status, 303, "{}", answered.words());
        let resolved =
            controller.fill(&at, &at, &[("act", "resolve"), ("resolution", "explained"), ("words", "Told her")]).await;
        assert_eq!(resolved.status, 303, "{}", resolved.words());
        assert!(controller.get(&at).await.words().contains("Resolved"));

        let timeline = controller.get(&format!("{account}/timeline")).await.words();
        for happened in ["Call: will pay", "Promised £50.00", "Invoice", "Query"] {
            assert!(timeline.contains(happened), "{happened}: {timeline}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_is_kept_and_everything_wrong_is_told_at_once() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let fields =
            [("name", ""), ("kind", "individual"), ("postcode", "nowhere"), ("terms_days", "x"), ("town", "Tref <b>&")];
        let wrong = billing.fill("/customers/new", "/customers/new", &fields).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.errors().len(), 3, "{:?}", wrong.errors());
        assert_eq!((wrong.value("postcode").as_str(), wrong.value("town").as_str()), ("nowhere", "Tref <b>&"));
        assert!(wrong.text().contains("<title>Error: New customer"));

        let account = joyce(&billing).await;
        let again = billing
            .fill("/customers/new", "/customers/new", &[("kind", "individual"), ("name", "Joyce Pemberton")])
            .await;
        assert!(again.words().contains("Is it one of these?"), "{}", again.words());
        let sure = [("kind", "individual"), ("name", "Joyce Pemberton"), ("sure", "yes")];
        assert_eq!(billing.submit(&again, "/customers/new", &sure).await.status, 303);

        let form = [
            ("customer", "C999999"),
            ("do", "check"),
            ("description-1", "Meals"),
            ("quantity-1", "many"),
            ("price-1", "1"),
        ];
        let wrong = billing.fill("/billing/invoices/new", "/billing/invoices/new", &form).await;
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.value("quantity-1"), "many");
        let number = account.rsplit('/').next().unwrap_or_default();
        let form = [
            ("customer", number),
            ("do", "check"),
            ("description-2", "Meals"),
            ("quantity-2", "many"),
            ("price-2", "x"),
        ];
        let wrong = billing.fill("/billing/invoices/new", "/billing/invoices/new", &form).await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.text().contains("href=\"#quantity-2\"") && wrong.text().contains("href=\"#price-2\""),
            "{:?}",
            wrong.errors()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_checked_in_its_own_rows_and_nothing_is_kept_until_it_is_clean() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let head = "customer_id,name,kind,address1,town,postcode,email,terms_days,sort_code,account_no\n";
        let bad = format!("{head}C1,Ann Lee,person,1 High St,Northmere,NM1 1AA,,30,,\nC2,,person,2 High St,Northmere,NM1 1AA,not-mail,30,,\n");
        let checked = billing.upload("/imports/customers", &[("file", "customers.csv", bad.as_bytes())]).await;
        assert_eq!(checked.status, 422);
        assert!(checked.words().contains("not-mail"), "{}", checked.words());
        assert_eq!(billing.get("/search?q=C1").await.status, 200, "nothing is kept");
        let kept = checked.value("kept");
        let errors = billing.get(&format!("/imports/customers/errors?kept={kept}&of=rows")).await;
        assert_eq!(errors.status, 200);
        assert!(errors.text().contains("C2") && !errors.text().contains("Ann Lee"), "{}", errors.text());

        let good = format!("{head}C1,Ann Lee,person,1 High St,Northmere,NM1 1AA,,30,,\nC2,Bo Li,person,2 High St,Northmere,NM1 1AA,,30,,\n");
        let clean = billing.upload("/imports/customers", &[("file", "customers.csv", good.as_bytes())]).await;
        assert_eq!(clean.status, 200, "{}", clean.words());
        let kept = clean.value("kept");
        let fields = [("kept", kept.as_str()), ("name", "customers.csv"), ("do", "all")];
        let taken = billing.submit(&clean, "/imports/customers/release", &fields).await;
        assert_eq!((taken.status, taken.location.as_str()), (303, "/customers"), "{}", taken.words());
        let found = billing.get("/search?q=C1").await;
        assert_eq!((found.status, found.location.as_str()), (303, "/customers/C1"));
        let list = billing.get("/customers?format=csv").await;
        assert!(list.text().contains("C2,Bo Li"), "{}", list.text());
        assert!(list.header("content-disposition").contains("customers-2026-05-01.csv"));

        let invoices = b"invoice_no,customer_id,invoice_date,due_date,po_number,net,vat,gross\nA1,C1,2026-04-01,2026-05-01,,100.00,20.00,120.00\nA2,C9,2026-04-01,2026-05-01,,10.00,0.00,12.00\n";
        let checked = billing.upload("/imports/invoices", &[("file", "invoices.csv", invoices)]).await;
        assert_eq!(checked.status, 422);
        let kept = checked.value("kept");
        let fields = [("kept", kept.as_str()), ("name", "invoices.csv"), ("do", "good")];
        let taken = billing.submit(&checked, "/imports/invoices/release", &fields).await;
        assert_eq!(taken.status, 303, "{}", taken.words());
        assert!(billing.get("/billing/invoices/A1").await.words().contains("£120.00"));
        assert_eq!(billing.get("/imports/anything").await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn duties_organisations_and_tokens_are_kept_apart() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let auditor = Browser::of(&t, &router, Role::Auditor).await;
        let account = joyce(&billing).await;
        for path in
            ["/work", "/customers/new", "/imports/customers", "/billing/invoices/new", &format!("{account}/hold")]
        {
            let page = auditor.get(path).await;
            assert_eq!(page.status, 403, "{path}");
            assert!(page.words().contains("You may not open this page"), "{path}");
        }
        for path in [
            "/dashboard",
            "/customers",
            "/billing",
            "/queries",
            "/me",
            "/search?q=joyce",
            &format!("{account}/details"),
        ] {
            let page = auditor.get(path).await;
            assert!(page.status == 200 || page.status == 303, "{path}: {} {}", page.status, page.words());
        }
        assert_eq!(auditor.get("/customers/C000001").await.status, 303);
        for path in ["/customers/C000001/items", "/billing/invoices/INV-999999", "/queries/QRY-999999", "/work/nothing"]
        {
            assert_eq!(auditor.get(path).await.status, 404, "{path}");
        }
        let forged = billing.send(&format!("{account}/notes"), &[("note", "x"), ("csrf", "made-up")]).await;
        assert_eq!(forged.status, 409);
        assert!(forged.words().contains("SEC-FORM-OUT-OF-DATE"), "{}", forged.words());
        let note = auditor.get(&format!("{account}/notes")).await;
        assert!(!note.text().contains("Add note"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_accounts_are_noted_at_once_and_a_preference_is_kept() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let account = joyce(&billing).await;
        invoice(&billing, &account).await;
        t.go_to("2026-07-01");
        let leader = Browser::of(&t, &router, Role::TeamLeader).await;
        let list = leader.get("/work?view=all").await;
        assert!(list.words().contains("Joyce Pemberton"), "{}", list.words());
        let action = "/work?view=all&page=1";
        let nothing = leader.submit(&list, action, &[("do", "note")]).await;
        assert_eq!((nothing.status, nothing.errors()), (422, vec!["Select an account".to_owned()]));
        let number = account.rsplit('/').next().unwrap_or_default();
        let chosen = leader.submit(&list, action, &[("do", "note"), ("account", number)]).await;
        assert_eq!(chosen.location, format!("/work/note?account={number}"));
        let noted =
            leader.fill(&chosen.location, "/work/note", &[("account", number), ("words", "Seen together")]).await;
        assert_eq!((noted.status, noted.location.as_str()), (303, "/work"), "{}", noted.words());
        assert!(leader.get(&format!("{account}/notes")).await.words().contains("Seen together"));
        let csv = leader.get("/work?view=all&format=csv").await;
        assert!(csv.text().contains("Joyce Pemberton") && csv.text().contains("120.02"), "{}", csv.text());
        let rows = leader.fill("/me", "/me", &[("rows", "small")]).await;
        assert!(
            rows.headers.iter().any(|(name, value)| name == "set-cookie" && value.starts_with("sundry_rows=small"))
        );
        let board = leader.get("/dashboard").await;
        assert!(board.words().contains("Overdue") && board.words().contains("£120"), "{}", board.words());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_nobody_means_and_a_sign_no_database_keeps_are_told_at_their_field() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let account = joyce(&Browser::of(&t, &router, Role::BillingOfficer).await).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let form = format!("{account}/flags");
        let far = [("kind", "gone_away"), ("evidence", "Post came back"), ("review", "2999-01-01")];
        let page = controller.fill(&form, &form, &far).await;
        assert_eq!((page.status, page.errors()), (422, vec!["Enter a date within a hundred years".to_owned()]));
        let nul = [("kind", "gone_away"), ("evidence", "Post\0came back"), ("review", "")];
        let page = controller.fill(&form, &form, &nul).await;
        assert_eq!((page.status, page.errors()), (422, vec!["Enter text without NUL characters".to_owned()]));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn leg_09_what_starts_time_again_is_recorded_on_a_page_with_its_evidence() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let account = joyce(&billing).await;
        let bill = invoice(&billing, &account).await;
        let debt = bill.rsplit('/').next().unwrap_or_default();
        let people = controller.get(&format!("{account}/people")).await;
        assert!(people.words().contains("Record what starts time again"), "{}", people.words());
        let place = format!("{account}/time-limits");
        let blank = controller.fill(&place, &place, &[("debt", "INV-9"), ("kind", "signed_letter")]).await;
        assert_eq!((blank.status, blank.errors().len()), (422, 2), "{:?}", blank.errors());
        let signed = [("debt", debt), ("kind", "signed_letter"), ("on", "01/05/2026")];
        let bare = controller.fill(&place, &place, &signed).await;
        assert_eq!((bare.status, bare.value("debt").as_str()), (422, debt), "{}", bare.words());
        let shown = [signed.as_slice(), &[("evidence", "Her letter of 1 May 2026, in the file")]].concat();
        let done = controller.fill(&place, &place, &shown).await;
        assert_eq!((done.status, done.location.clone()), (303, format!("{account}/people")), "{}", done.words());
        let limit = sundry_desk::court::limitation_of(&t.desk, &t.role(Role::Auditor), debt).await.expect("worked out");
        assert_eq!(limit.working.events.len(), 1);
        assert_eq!(limit.working.events[0].event.evidence, "Her letter of 1 May 2026, in the file");
        let cashier = Browser::of(&t, &router, Role::Cashier).await;
        assert_eq!(cashier.get(&place).await.status, 403);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_05_a_fact_that_was_wrong_is_withdrawn_on_a_page_with_its_reason() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let account = joyce(&billing).await;
        let bill = invoice(&billing, &account).await;
        let debt = bill.rsplit('/').next().unwrap_or_default();
        let mut tx = t.desk.db().begin().await.expect("begins");
        let sql = "update open_item set debt_type = 'Care contribution' where org_id = $1";
        tx.run(sql, sundry_store::args![t.org]).await.expect("changes");
        tx.commit().await.expect("commits");
        let place = format!("{account}/debt-facts");
        let fields =
            [("debt", debt), ("fact", "deferral_possible"), ("on", "01/05/2026"), ("evidence", "Land Registry title")];
        let kept = controller.fill(&place, &place, &fields).await;
        assert_eq!(kept.status, 303, "{}", kept.words());
        let number = account.rsplit('/').next().unwrap_or_default();
        let facts = async || {
            let about = sundry_desk::court::about_customer(&t.desk, &t.role(Role::Auditor), number).await;
            about.expect("what stands").facts
        };
        let id = facts().await[0].id.to_string();
        let people = controller.get(&format!("{account}/people")).await;
        assert!(people.words().contains("Withdraw a fact that was wrong"), "{}", people.words());
        let place = format!("{account}/debt-facts/withdraw");
        let why = [("fact", id.as_str()), ("reason", "")];
        assert_eq!(controller.fill(&place, &place, &why).await.status, 422, "why is asked for");
        let why = [("fact", id.as_str()), ("reason", "The house was sold in March")];
        let done = controller.fill(&place, &place, &why).await;
        assert_eq!(done.status, 303, "{}", done.words());
        let stands = facts().await.remove(0);
        assert_eq!(stands.withdrawn_why, "The house was sold in March");
        assert!(stands.withdrawn_on.is_some(), "kept, and counts no longer");
        assert_eq!(controller.fill(&place, &place, &why).await.status, 422, "it is no longer there to choose");
    })
    .await;
}
