//! GOV.UK Notify through the pages: the administrator's form, how things stand, and the door of its calls.
use super::browser::{Browser, open};
use super::web_cards::stranger;
use axum::body::Body;
use axum::http::Request;
use sundry_desk::core::testing::on_both;
use sundry_domain::control::Role;

const KEY: &str = "desk-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
const TOKEN: &str = "0d9cb25dc7fd4f6fa2d5b8e1";

#[tokio::test(flavor = "multi_thread")]
async fn del_01_an_administrator_sets_notify_up_and_its_calls_are_known_by_our_token() {
    on_both("2026-05-12", async |t| {
        let router = open(&t);
        let admin = Browser::of(&t, &router, Role::Administrator).await;
        let fields = [
            ("carries_email", "yes"),
            ("carries_post", "no"),
            ("api_key", "not a key"),
            ("callback_token", TOKEN),
            ("email_template", "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"),
            ("reply_to", ""),
            ("postage", "first"),
            ("base_url", "http://127.0.0.1:1"),
        ];
        let wrong = admin.fill("/admin/notify", "/admin/notify", &fields).await;
        assert_eq!(wrong.status, 422, "{}", wrong.words());
        assert_eq!(wrong.errors().len(), 1, "{:?}", wrong.errors());
        assert_eq!(wrong.value("email_template"), "9d751e0e-f929-4891-82a1-a3e1c3c18ee3", "what was typed stays");
        assert!(!wrong.text().contains(TOKEN), "a secret is never given back");
        let right = fields.map(|(name, value)| (name, if name == "api_key" { KEY } else { value }));
        let set = admin.fill("/admin/notify", "/admin/notify", &right).await;
        assert_eq!((set.status, set.location.as_str()), (303, "/admin/notify"));
        let page = admin.get("/admin/notify").await;
        assert!(page.words().contains("/hooks/notify/NCC"), "{}", page.words());
        assert!(!page.text().contains("3d844edf"), "nor the key");
        let checked = admin.fill("/admin/notify", "/admin/notify/check", &[]).await;
        assert!(checked.words().contains("did not answer"), "{}", checked.words());

        let call = async |authorization: &str, body: &str| {
            let request = Request::post("/hooks/notify/NCC").header("authorization", authorization);
            stranger(&router, request.body(Body::from(body.to_owned())).expect("a request")).await.status
        };
        let body = r#"{"id":"740e5834-3a29-46b4-9a6f-16142fde533a","reference":"x","status":"delivered"}"#;
        assert_eq!(call("Bearer wrong", body).await, 401);
        assert_eq!(call(&format!("Bearer {TOKEN}"), "{").await, 400);
        assert_eq!(call(&format!("Bearer {TOKEN}"), body).await, 200, "one that is not ours is kept as unknown");
        let leader = Browser::of(&t, &router, Role::TeamLeader).await;
        let stands = leader.get("/delivery/notify").await;
        assert_eq!(stands.status, 200);
        assert!(stands.words().contains("1 call in its name did not carry our token"), "{}", stands.words());
        assert_eq!(leader.get("/admin/notify").await.status, 403);
    })
    .await;
}
