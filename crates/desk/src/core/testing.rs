//! A desk for tests: a fresh home with one organisation and a person in each role.
use super::actor::{Actor, Channel};
use super::clock::Clock;
use super::desk::{Desk, Mode};
use super::vault::Vault;
use crate::setup::organisations::{OpenOrganisation, open_organisation};
use chrono::NaiveDate;
use sundry_domain::control::Role;
use sundry_domain::ids::{OrgId, UserId};
use sundry_domain::money::{LARGEST, Pence};
use sundry_store::Engine;
use sundry_store::engine::testing::{engines, fresh};

/// A fresh home for one test.
pub struct TestDesk {
    /// The desk.
    pub desk: Desk,
    /// Its organisation.
    pub org: OrgId,
    _folder: tempfile::TempDir,
}

impl TestDesk {
    /// A home on an engine, on a day, with an English council.
    pub async fn on(engine: Engine, today: &str) -> TestDesk {
        let folder = tempfile::tempdir().expect("a folder");
        let db = fresh(engine, folder.path()).await;
        let day: NaiveDate = today.parse().expect("a date");
        let desk =
            Desk::new(db, folder.path(), Mode::Test, Clock::made(day), Vault::from_words("test")).expect("a desk");
        desk.set_today(day).expect("a test home's date can be set");
        let ask = OpenOrganisation {
            key: "open".into(),
            code: "NCC".into(),
            name: "Northmere Council".into(),
            nation: "england-and-wales".into(),
            kind: "council".into(),
            vat_number: "GB123456789".into(),
            letterhead: serde_json::json!({}),
        };
        let opened = open_organisation(&desk, "Test", ask).await.expect("an organisation opens");
        TestDesk { desk, org: opened.org, _folder: folder }
    }

    /// Somebody in a role; each role is another person, and `n` tells people of one role apart.
    pub fn somebody(&self, role: Role, n: i64) -> Actor {
        let place = Role::ALL.iter().position(|r| *r == role).expect("a role") as i64;
        Actor {
            org: self.org,
            user: UserId(100 + place * 10 + n),
            name: format!("{} {n}", role.name()),
            roles: vec![role],
            duties: role.duties().to_vec(),
            limit: if role == Role::Approver { LARGEST } else { Pence(500_000) },
            channel: Channel::Web,
        }
    }

    /// The first person of a role.
    pub fn role(&self, role: Role) -> Actor {
        self.somebody(role, 1)
    }

    /// The operator, with every duty.
    pub fn operator(&self) -> Actor {
        Actor::operator(self.org, "Operator")
    }

    /// Moves the business date.
    pub fn go_to(&self, day: &str) {
        self.desk.set_today(day.parse().expect("a date")).expect("a test home's date can be set");
    }
}

/// Runs a test's body on each engine, on a day.
pub async fn on_both(today: &str, body: impl AsyncFn(TestDesk)) {
    for engine in engines() {
        let test = TestDesk::on(engine, today).await;
        let db = test.desk.db().clone();
        body(test).await;
        db.close().await;
    }
}
