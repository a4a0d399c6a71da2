//! ServiceNow through the pages: the administrator's form, a case about a query, and the list of cases.
use super::browser::{Browser, open};
use super::web_desk::{invoice, joyce};
use sundry_desk::core::testing::on_both;
use sundry_domain::control::Role;

const SECRET: &str = "right horse battery";

#[tokio::test(flavor = "multi_thread")]
async fn qry_07_an_administrator_sets_servicenow_up_and_a_query_is_asked_there() {
    on_both("2026-05-01", async |t| {
        let router = open(&t);
        let admin = Browser::of(&t, &router, Role::Administrator).await;
        let billing = Browser::of(&t, &router, Role::BillingOfficer).await;
        let controller = Browser::of(&t, &router, Role::CreditController).await;
        let account = joyce(&billing).await;
        let bill = invoice(&billing, &account).await;
        let number = bill.rsplit('/').next().unwrap_or_default().to_owned();
        let raise = format!("{account}/query");
        let fields = [("invoice", number.as_str()), ("category", "service"), ("amount", "20"), ("says", "Nobody came")];
        let at = controller.fill(&raise, &raise, &fields).await.location;
        assert!(!controller.get(&at).await.words().contains("Ask at ServiceNow"), "it is not set up");

        let fields = [
            ("in_use", "yes"),
            ("base_url", "example.service-now.com"),
            ("way_in", "client_credentials"),
            ("client_id", "6f1c2b7a9d0e"),
            ("client_secret", SECRET),
            ("user_name", "svc.sundry"),
            ("states", "1 new\n1 closed"),
            ("every_minutes", "5"),
        ];
        let wrong = admin.fill("/admin/servicenow", "/admin/servicenow", &fields).await;
        assert_eq!((wrong.status, wrong.errors().len()), (422, 2), "{:?}", wrong.errors());
        assert_eq!(wrong.value("base_url"), "example.service-now.com", "what was typed stays");
        assert!(wrong.text().contains("1 new\n1 closed") && !wrong.text().contains(SECRET), "but no secret");
        let right = fields.map(|(name, value)| match name {
            "base_url" => (name, "http://127.0.0.1:1"),
            "states" => (name, ""),
            _ => (name, value),
        });
        let set = admin.fill("/admin/servicenow", "/admin/servicenow", &right).await;
        assert_eq!((set.status, set.location.as_str()), (303, "/admin/servicenow"), "{}", set.words());
        let page = admin.get("/admin/servicenow").await;
        assert!(page.text().contains("18 on_hold") && !page.text().contains(SECRET), "{}", page.words());
        let checked = admin.fill("/admin/servicenow", "/admin/servicenow/check", &[]).await;
        assert!(checked.words().contains("ServiceNow did not answer"), "{}", checked.words());
        assert_eq!(controller.get("/admin/servicenow").await.status, 403);

        let asking = format!("{at}/servicenow");
        let named = controller.fill(&at, &asking, &[("desk_question", "Was Joyce in?"), ("desk_days", "many")]).await;
        assert_eq!((named.status, named.value("desk_days").as_str()), (422, "many"), "{}", named.words());
        let named = controller.fill(&at, &asking, &[("desk_question", "Was Joyce in?"), ("desk_days", "5")]).await;
        assert_eq!(named.status, 422, "{}", named.words());
        let asked = controller.fill(&at, &asking, &[("desk_question", "Was it cleaned?"), ("desk_days", "5")]).await;
        assert_eq!((asked.status, asked.location.as_str()), (303, at.as_str()), "{}", asked.words());
        let shown = controller.get(&at).await;
        assert!(shown.words().contains("SNC-000001: Waits to be opened there"), "{}", shown.words());
        assert!(!shown.words().contains("Ask at ServiceNow"), "one at a time");
        let list = controller.get("/service-desk-cases").await;
        assert!(list.words().contains("Waits to be opened there: 1"), "{}", list.words());
        let one = controller.get("/service-desk-cases/SNC-000001").await;
        assert!(
            one.words().contains("Was it cleaned?") && one.words().contains("To be answered by"),
            "{}",
            one.words()
        );
        assert!(!one.words().contains("Set it aside"), "nothing is to be sorted");
        let job = controller.fill("/service-desk-cases", "/service-desk-cases", &[]).await;
        assert!(job.status == 303 && job.location.starts_with("/jobs/"), "{}", job.words());
    })
    .await;
}
