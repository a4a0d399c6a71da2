//! Rates and fees by date, and the forms of a letter of claim, through the pages of an administrator.
use super::browser::{Browser, open};
use sundry_desk::core::testing::on_both;
use sundry_domain::control::Role;

#[tokio::test(flavor = "multi_thread")]
async fn ct_02_an_administrator_asks_for_a_fee_and_what_was_typed_stays_where_it_is_wrong() {
    on_both("2026-11-22", async |t| {
        let router = open(&t);
        let admin = Browser::of(&t, &router, Role::Administrator).await;
        let page = admin.get("/admin/rates").await;
        assert!(page.words().contains("Ends soon") && page.words().contains("Missing"), "{}", page.words());
        let fields = [
            ("kind", "court_fee"),
            ("from_on", "13/7/26"),
            ("to_on", ""),
            ("rates", "warrant=97.00\nwrit=-1"),
            ("source", "The court's list of fees, EX50"),
            ("note", ""),
        ];
        let wrong = admin.fill("/admin/rates", "/admin/rates", &fields).await;
        assert_eq!((wrong.status, wrong.errors().len()), (409, 1), "{}", wrong.words());
        assert_eq!(wrong.value("source"), "The court's list of fees, EX50");
        let right = fields.map(|(name, value)| if name == "rates" { (name, "warrant=97.00") } else { (name, value) });
        let asked = admin.fill("/admin/rates", "/admin/rates", &right).await;
        assert_eq!((asked.status, asked.location.as_str()), (303, "/admin/rates"), "{}", asked.words());
        let approver = Browser::of(&t, &router, Role::Approver).await;
        assert!(approver.get("/approvals").await.words().contains("Fees of steps at court"));
        assert!(!approver.get("/admin/rates").await.words().contains("Ask for approval"), "they may only look");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rec_02_the_forms_of_a_home_of_made_people_are_marked() {
    on_both("2026-11-22", async |t| {
        let router = open(&t);
        let admin = Browser::of(&t, &router, Role::Administrator).await;
        let page = admin.get("/admin/court-forms").await;
        assert!(page.words().contains("Demonstration form"), "{}", page.words());
        assert!(!page.words().contains("No letter of claim is written"), "none is missing");
    })
    .await;
}
