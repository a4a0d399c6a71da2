//! The command itself: once only, whole or not at all, audited.
use sundry_desk::control::people::{AddUser, DisableUser, GiveApiKey, add_user, disable_user, give_api_key};
use sundry_desk::control::sign_in::actor_of_key;
use sundry_desk::core::met::{note_met, watched};
use sundry_desk::core::testing::on_both;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;
use sundry_store::control;

fn ask(key: &str, name: &str) -> AddUser {
    AddUser {
        key: key.into(),
        sign_in_name: name.into(),
        display_name: "Priya Nair".into(),
        roles: vec!["credit_controller".into()],
        limit: Pence::ZERO,
        password: "a long enough one".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_the_same_key_gives_the_same_answer() {
    on_both("2026-05-01", async |t| {
        let admin = t.role(Role::Administrator);
        let first = add_user(&t.desk, &admin, ask("k1", "priya")).await.expect("adds");
        let again = add_user(&t.desk, &admin, ask("k1", "priya")).await.expect("answers again");
        assert_eq!(first.user, again.user);
        let other = add_user(&t.desk, &admin, ask("k1", "someone")).await.expect_err("another request");
        assert_eq!(other.code(), Some("OPS-KEY-REUSED"));
        let taken = add_user(&t.desk, &admin, ask("k2", "priya")).await.expect_err("the name is taken");
        assert!(matches!(taken, sundry_desk::No::Invalid(_)));
        let no = add_user(&t.desk, &t.role(Role::Cashier), ask("k3", "x")).await.expect_err("not their duty");
        assert_eq!(no.code(), Some("CTL-01-NO-DUTY"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ctl_01_what_is_refused_before_a_command_begins_leaves_one_row_in_the_trail() {
    on_both("2026-05-01", async |t| {
        let cashier = t.role(Role::Cashier);
        let (answer, met) = watched(add_user(&t.desk, &cashier, ask("k1", "x"))).await;
        assert_eq!(answer.expect_err("not their duty").code(), Some("CTL-01-NO-DUTY"));
        note_met(&t.desk, &cashier, "POST /users", &met.expect("no command noted it")).await.expect("is noted");
        let (answer, met) = watched(add_user(&t.desk, &t.role(Role::Administrator), ask("k2", "priya"))).await;
        assert!(answer.is_ok() && met.is_none());
        let mut look = t.desk.look().await.expect("looks");
        let rows = control::audit_after(&mut look, t.org, 0, 1_000).await.expect("reads");
        let refused: Vec<_> = rows.iter().filter(|row| row.event == "Refused").collect();
        assert_eq!(refused.len(), 1);
        assert_eq!((refused[0].subject.as_str(), &refused[0].actor_name), ("refusal CTL-01-NO-DUTY", &cashier.name));
        assert!(refused[0].detail.contains("POST /users"), "{}", refused[0].detail);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn p02_a_hundred_copies_at_once_do_it_once() {
    on_both("2026-05-01", async |t| {
        let admin = t.role(Role::Administrator);
        let copies = (0..40).map(|_| {
            let (desk, admin) = (t.desk.clone(), admin.clone());
            tokio::spawn(async move { add_user(&desk, &admin, ask("k1", "priya")).await.map(|a| a.user) })
        });
        let mut users = Vec::new();
        for copy in copies.collect::<Vec<_>>() {
            users.push(copy.await.expect("runs").expect("answers"));
        }
        users.dedup();
        assert_eq!(users.len(), 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_key_is_told_once_and_dies_with_its_user() {
    on_both("2026-05-01", async |t| {
        let admin = t.role(Role::Administrator);
        let added = add_user(&t.desk, &admin, ask("k1", "priya")).await.expect("adds");
        let give = GiveApiKey { key: "k2".into(), sign_in_name: "priya".into(), name: "feeder".into() };
        let secret = give_api_key(&t.desk, &admin, give.clone()).await.expect("a key");
        let actor = actor_of_key(&t.desk, &secret).await.expect("asked").expect("known");
        assert_eq!((actor.user, actor.org), (added.user, t.org));
        let again = give_api_key(&t.desk, &admin, give).await.expect_err("told once");
        assert_eq!(again.code(), Some("OPS-KEY-REUSED"));
        let absent = GiveApiKey { key: "k3".into(), sign_in_name: "nobody".into(), name: "x".into() };
        assert!(matches!(give_api_key(&t.desk, &admin, absent).await, Err(sundry_desk::No::Absent(_))));
        let leave = DisableUser { key: "k4".into(), sign_in_name: "priya".into() };
        disable_user(&t.desk, &admin, leave).await.expect("disabled");
        assert!(actor_of_key(&t.desk, &secret).await.expect("asked").is_none());
    })
    .await;
}
