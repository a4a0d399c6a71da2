//! Where a story plays: its home, its people, and what it calls things.
use super::script::BankLine;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use sundry_desk::core::clock::Clock;
use sundry_desk::core::vault::Vault;
use sundry_desk::setup::organisations::{OpenOrganisation, open_organisation, organisations};
use sundry_desk::{Actor, Channel, Desk, Mode, No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::ids::{CustomerId, ItemId, UserId};
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::Db;
use sundry_store::engine::migrate;

static NEXT: AtomicU32 = AtomicU32::new(0);

/// The codes of organisations that stories opened begin so.
const CODE: &str = "STORY-";

/// Where a story plays.
pub struct Stage {
    /// Its desk.
    pub desk: Desk,
    /// Who acts.
    pub by: Actor,
    /// Who looks.
    pub looker: Actor,
    /// Customers by the names the story gives them: id and number.
    pub customers: HashMap<String, (CustomerId, String)>,
    /// Invoices by number: their item and whose they are.
    pub invoices: HashMap<String, (ItemId, CustomerId)>,
    /// Bank lines that wait to be imported.
    pub bank: Vec<BankLine>,
    /// The last bank file: its name and bytes.
    pub last_file: Option<(String, Vec<u8>)>,
    /// Lines of the last bank file that had come before.
    pub seen: i64,
    /// The last refusal, if nobody has expected it yet.
    pub refused: Option<No>,
    /// Steps that the last run refused: item number and code.
    pub run_refusals: Vec<(String, String)>,
    /// The line that acts: its number and words.
    pub acting: (usize, String),
    /// The service of whoever asks for invoices.
    pub service: String,
    /// Those who ask, by sign-in name.
    pub managers: HashMap<String, Actor>,
    /// Whether services can be sent links.
    pub has_links: bool,
    /// How many bank lines there were.
    pub bank_lines: usize,
    keys: u32,
    folder: PathBuf,
}

impl Stage {
    /// Opens a home with one organisation. A database with anything but stories in it is refused.
    pub async fn open(url: &str, kind: &str, today: &chrono::NaiveDate) -> Outcome<Stage> {
        let nth = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("sundry-story-{}-{nth}", std::process::id()));
        std::fs::create_dir_all(&folder)?;
        let stage = Stage::in_folder(folder.clone(), url, kind, today).await;
        if stage.is_err() {
            let _ = std::fs::remove_dir_all(&folder);
        }
        stage
    }

    async fn in_folder(folder: PathBuf, url: &str, kind: &str, today: &chrono::NaiveDate) -> Outcome<Stage> {
        let db = Db::open(url).await?;
        migrate(&db).await?;
        let desk = Desk::new(db, &folder, Mode::Test, Clock::made(*today), Vault::from_words("story"))?;
        desk.set_today(*today)?;
        let there = organisations(&desk).await?;
        if let Some(other) = there.iter().find(|org| !org.code.starts_with(CODE)) {
            let say = format!("{} has its books in this database; stories need one of their own", other.name);
            return Err(Invalid::field("database", say, "").into());
        }
        let ask = OpenOrganisation {
            key: "open".into(),
            code: format!("{CODE}{}", there.len() + 1),
            name: "Fenmarch".into(),
            nation: "england-and-wales".into(),
            kind: kind.into(),
            vat_number: "GB123456789".into(),
            letterhead: serde_json::json!({ "address": ["Civic Hall", "1 Market Place", "Fenmarch", "ZZ1 1AA"] }),
        };
        let org = open_organisation(&desk, "Story", ask).await?.org;
        let looker = Actor::operator(org, "Story");
        Ok(Stage {
            by: looker.clone(),
            looker,
            desk,
            customers: HashMap::new(),
            invoices: HashMap::new(),
            bank: Vec::new(),
            last_file: None,
            seen: 0,
            refused: None,
            run_refusals: Vec::new(),
            acting: (0, String::new()),
            service: String::new(),
            managers: HashMap::new(),
            has_links: false,
            bank_lines: 0,
            keys: 0,
            folder,
        })
    }

    /// Closes the database and removes the folder.
    pub async fn close(self) {
        self.desk.db().close().await;
        let _ = std::fs::remove_dir_all(&self.folder);
    }

    /// A key that no other command had.
    pub fn key(&mut self) -> String {
        self.keys += 1;
        format!("story/{}", self.keys)
    }

    /// Somebody in a role; people of one role are told apart by number.
    pub fn person(&self, role: Role, nth: i64) -> Actor {
        let place = Role::ALL.iter().position(|one| *one == role).unwrap_or_default() as i64;
        Actor {
            org: self.looker.org,
            user: UserId(100 + place * 10 + nth),
            name: format!("{} {nth}", role.name()),
            roles: vec![role],
            duties: role.duties().to_vec(),
            limit: if role == Role::Approver { LARGEST } else { Pence(500_000) },
            channel: Channel::Cli,
        }
    }

    /// The customer that the story calls so.
    pub fn customer(&self, nick: &str) -> Outcome<(CustomerId, String)> {
        let say = format!("The story has no customer called {nick}");
        self.customers.get(nick).cloned().ok_or_else(|| Invalid::field("customer", say, nick).into())
    }

    /// The item of an invoice of the story, and whose it is.
    pub fn invoice(&self, number: &str) -> Outcome<(ItemId, CustomerId)> {
        let say = format!("The story has no invoice {number}");
        self.invoices.get(number).copied().ok_or_else(|| Invalid::field("invoice", say, number).into())
    }
}

/// A refusal in words.
pub fn spoken(no: &No) -> String {
    match no {
        No::Refused(refusal) => format!("refused: {} ({})", refusal.sentence, refusal.code),
        No::Invalid(all) => {
            let each: Vec<String> = all.iter().map(|one| format!("{}: {}", one.field, one.message)).collect();
            format!("not understood: {}", each.join("; "))
        }
        No::Absent(what) => format!("there is no {what}"),
        No::Fault(fault) => format!("a fault: {fault}"),
    }
}
