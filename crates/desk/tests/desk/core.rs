//! The command itself: once only, whole or not at all, audited.
use sundry_desk::control::people::{AddUser, add_user};
use sundry_desk::core::testing::on_both;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

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
