//! Settings: read in one form, changed together, told of with what was before; secrets never shown.
use std::collections::BTreeMap;
use sundry_desk::No;
use sundry_desk::control::audit_trail::audit_trail;
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::setup::settings::{ChangeSettings, change_settings, settings};
use sundry_domain::control::Role;
use sundry_store::control;

fn change(key: &str, pairs: &[(&str, &str)]) -> ChangeSettings {
    let changes = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    ChangeSettings { key: key.into(), changes }
}

async fn shown(t: &TestDesk) -> BTreeMap<String, (String, bool)> {
    let all = settings(&t.desk, &t.role(Role::Administrator)).await.expect("settings");
    all.into_iter().map(|one| (one.name, (one.value, one.is_set))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_changed_together_and_told_of() {
    on_both("2026-05-01", async |t| {
        let admin = t.role(Role::Administrator);
        let first = shown(&t).await;
        assert_eq!(first["limits.minimum_to_chase"], ("5.00".into(), false));
        assert_eq!(first["letters.name"], ("Northmere Council".into(), true));
        let ask = change(
            "k1",
            &[
                ("bank.account_name", "Northmere Council"),
                ("bank.sort_code", "089999"),
                ("bank.account", "6637 4958"),
                ("letters.address", "Civic Hall\n1 Market Place"),
                ("limits.minimum_to_chase", "10"),
                ("limits.cash_certain", "99.9"),
            ],
        );
        let done = change_settings(&t.desk, &admin, ask.clone()).await.expect("changes");
        assert_eq!(done.changes.len(), 6);
        assert_eq!(change_settings(&t.desk, &admin, ask).await.expect("answers again"), done);
        let now = shown(&t).await;
        assert_eq!(now["bank.sort_code"].0, "08-99-99");
        assert_eq!(now["limits.minimum_to_chase"], ("10.00".into(), true));
        let row = control::organisation(&mut t.desk.look().await.expect("looks"), t.org).await.expect("asks");
        let row = row.expect("it is there");
        assert_eq!(row.letterhead["address"], serde_json::json!(["Civic Hall", "1 Market Place"]));
        assert_eq!(row.settings, serde_json::json!({"minimum_to_chase_pence": 1000, "cash_certain_ppm": 999_000}));
        let back = change("k2", &[("limits.minimum_to_chase", ""), ("limits.cash_certain", "99.9")]);
        assert_eq!(change_settings(&t.desk, &admin, back).await.expect("changes").changes.len(), 1);
        let trail = audit_trail(&t.desk, &t.role(Role::Auditor), "SettingsChanged", 1, 10).await.expect("reads");
        let told: serde_json::Value = serde_json::from_str(&trail.rows[0].detail).expect("JSON");
        assert_eq!(told, serde_json::json!({ "limits.minimum_to_chase": ["10.00", ""] }));
        assert_eq!(trail.count, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_in_settings_is_told_at_once_and_nothing_changes() {
    on_both("2026-05-01", async |t| {
        let admin = t.role(Role::Administrator);
        let before = shown(&t).await;
        let wrong = async |pairs: &[(&str, &str)]| match change_settings(&t.desk, &admin, change("k", pairs)).await {
            Err(No::Invalid(all)) => all.into_iter().map(|one| one.field).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        };
        assert_eq!(wrong(&[("bank.sort_code", "1"), ("no.such", "x"), ("letters.email", "x")]).await.len(), 3);
        assert_eq!(wrong(&[("bank.sort_code", "089999")]).await, ["bank.account_name", "bank.account"]);
        assert_eq!(wrong(&[("letters.name", "")]).await, ["letters.name"]);
        assert_eq!(wrong(&[("letters.web", "4111 1111 1111 1111")]).await, ["letters.web"]);
        assert_eq!(wrong(&[]).await, ["changes"]);
        assert_eq!(shown(&t).await, before);
        for role in [Role::TeamLeader, Role::Approver, Role::Auditor] {
            let no = change_settings(&t.desk, &t.role(role), change("d", &[("letters.web", "x")])).await;
            assert_eq!(no.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
            assert!(settings(&t.desk, &t.role(role)).await.is_err());
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn q09_a_password_is_sealed_and_never_shown() {
    on_both("2026-05-01", async |t| {
        let admin = t.role(Role::Administrator);
        let secret = "correct horse battery";
        let server = [
            ("mail.host", "smtp.example.gov.uk"),
            ("mail.port", "587"),
            ("mail.from", "bills@example.gov.uk"),
            ("mail.user", "bills"),
            ("mail.password", secret),
        ];
        let done = change_settings(&t.desk, &admin, change("k1", &server)).await.expect("changes");
        assert!(!format!("{done:?}").contains(secret));
        assert_eq!(shown(&t).await["mail.password"], ("set".into(), true));
        let keeps =
            change_settings(&t.desk, &admin, change("k2", &[("mail.password", ""), ("mail.port", "2525")])).await;
        assert_eq!(keeps.expect("changes").changes.len(), 1);
        assert_eq!(shown(&t).await["mail.password"], ("set".into(), true));
        let anew =
            change_settings(&t.desk, &admin, change("k3", &[("mail.password", "another")])).await.expect("changes");
        assert_eq!((anew.changes[0].before.as_str(), anew.changes[0].after.as_str()), ("set", "set anew"));
        let row = control::organisation(&mut t.desk.look().await.expect("looks"), t.org).await.expect("asks");
        let sealed = row.expect("it is there").settings.to_string();
        assert!(sealed.contains("password_sealed") && !sealed.contains("another") && !sealed.contains(secret));
        let trail = audit_trail(&t.desk, &t.role(Role::Auditor), "", 1, 100).await.expect("reads");
        assert!(trail.rows.iter().all(|row| !row.detail.contains(secret) && !row.detail.contains("another")));
        change_settings(&t.desk, &admin, change("k4", &[("mail.user", "")])).await.expect("changes");
        assert_eq!(shown(&t).await["mail.password"], (String::new(), false));
    })
    .await;
}
