//! The demo home: three organisations that nobody will find on a map, and the year they lived.
//!
//! Everything in it came about through the same commands that a person uses, under the same roles, day
//! by day on a made clock. The same seed lives the same year: its exports are equal to the byte.
mod agreed;
pub mod bank;
mod debts;
mod dice;
mod office;
mod outside;
mod people;
mod plans;
mod staff;
mod taken_in;
mod terms;
mod words;
mod workbench;
mod year;

pub use staff::DemoPerson;
pub use year::Lived;

use crate::home::{Home, keep_day};
use bank::Style;
use chrono::NaiveDate;
use dice::Dice;
use office::Office;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use sundry_desk::core::clock::Clock;
use sundry_desk::core::vault::{Vault, write_private};
use sundry_desk::{Desk, Fault, Mode, Outcome};
use sundry_domain::calendar::{Nation, add_days};
use sundry_domain::refusal::Invalid;
use sundry_store::control;
use year::Life;

/// The first day of the year.
pub const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2025, 12, 1).expect("a day of the calendar");
/// The last day of the year; the home stands on it when it is made.
pub const LAST: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 30).expect("a day of the calendar");

/// The setting that says how a demo home was made; it is written last.
const MADE: &str = "demo";

/// How large.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoSize {
    /// Some 70 customers and 900 invoices in each organisation.
    Small,
    /// Ten times that.
    Medium,
    /// A hundred times that; nothing is printed.
    Large,
}

impl DemoSize {
    /// Reads `small`, `medium` or `large`.
    pub fn parse(text: &str) -> Option<DemoSize> {
        match text {
            "small" => Some(DemoSize::Small),
            "medium" => Some(DemoSize::Medium),
            "large" => Some(DemoSize::Large),
            _ => None,
        }
    }

    fn times(self) -> usize {
        match self {
            DemoSize::Small => 1,
            DemoSize::Medium => 10,
            DemoSize::Large => 100,
        }
    }
}

/// Told how many of how many days have been lived.
pub type DemoProgress = Arc<dyn Fn(i64, i64) + Send + Sync>;

/// What is wanted.
#[derive(Clone)]
pub struct DemoOptions {
    /// How large.
    pub size: DemoSize,
    /// The same seed lives the same year.
    pub seed: u64,
    /// Told as it goes.
    pub progress: DemoProgress,
    /// The last day; the whole year unless a test wants less.
    pub last: NaiveDate,
}

impl DemoOptions {
    /// A whole year of a size and seed.
    pub fn new(size: DemoSize, seed: u64, progress: DemoProgress) -> DemoOptions {
        DemoOptions { size, seed, progress, last: LAST }
    }
}

/// What an organisation of the demo came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoOrganisation {
    /// Code.
    pub code: String,
    /// Customers.
    pub customers: usize,
    /// Invoices.
    pub invoices: usize,
    /// Lines of bank statements.
    pub bank_lines: i64,
    /// A statement that came on the last day and waits to be imported.
    pub next_statement: Option<String>,
    /// What was tried and a rule forbade, by code.
    pub refused: std::collections::BTreeMap<String, i64>,
}

/// The demo home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoMade {
    /// Who can sign in.
    pub people: Vec<DemoPerson>,
    /// An API key of the first organisation.
    pub api_key: String,
    /// The organisations.
    pub organisations: Vec<DemoOrganisation>,
}

/// Whether a home holds a whole demo.
///
/// # Errors
/// Faults of the database.
pub async fn is_made(desk: &Desk) -> Outcome<bool> {
    let mut look = desk.look().await?;
    Ok(control::home_setting(&mut look, MADE).await?.is_some())
}

/// Makes a demo home and lives its year.
///
/// # Errors
/// A home that is there already; faults of the database or the disk.
pub async fn make(home: &Home, options: DemoOptions) -> Outcome<DemoMade> {
    if home.is_there()? {
        let say = "There is a home in this folder already; name another folder with --home";
        return Err(Invalid::field("home", say, home.folder().display().to_string()).into());
    }
    let words = format!("demo/{}", options.seed);
    keep_key(&home.folder().join("keys"), &words)?;
    home.create(Mode::Demo).await?.db().close().await;
    let db = home.db().await?;
    let desk_on =
        |day: NaiveDate| Desk::new(db.clone(), home.folder(), Mode::Demo, Clock::made(day), Vault::from_words(&words));
    // The eve: what is set up then has older ids than anything of the year.
    let eve = desk_on(add_days(FIRST, -1))?;
    eve.set_today(add_days(FIRST, -1))?;
    let (mut lives, mut people, mut api_key) = (Vec::new(), Vec::new(), String::new());
    for (nth, site) in staff::SITES.iter().enumerate() {
        let (staff, shown) = staff::open(&eve, nth).await?;
        if nth == 0 {
            api_key = staff::api_key(&eve, &staff).await?;
        }
        people.extend(shown);
        let desk = desk_on(FIRST)?;
        desk.load_book().await?;
        let dice = Dice::new(options.seed).fork(site.code);
        let books = debts::books(site.code, options.size.times(), &mut dice.fork("books"));
        let style = [Style::Camt053, Style::Mt940, Style::Csv][nth];
        let prints = options.size != DemoSize::Large;
        lives.push(Life::new(Office::new(desk, staff), site, style, books, dice, prints));
    }
    let lived = live_all(lives, &options).await?;
    let organisations = tell(home.folder(), lived)?;
    keep_day(&eve, options.last).await?;
    let mut tx = db.begin().await?;
    control::set_home_setting(&mut tx, MADE, &format!("seed {}", options.seed)).await?;
    tx.commit().await?;
    db.close().await;
    Ok(DemoMade { people, api_key, organisations })
}

/// The three years run side by side: no organisation sees another, so none waits for another.
async fn live_all(lives: Vec<Life>, options: &DemoOptions) -> Outcome<Vec<Lived>> {
    let calendar = sundry_domain::reference::ReferenceBook::from_rows(&sundry_domain::reference::shipped_rows());
    let calendar = Arc::new(calendar.calendar(Nation::EnglandAndWales).clone());
    let total = calendar.between(add_days(FIRST, -1), options.last)? * lives.len() as i64;
    let done = Arc::new(AtomicI64::new(0));
    let mut running = Vec::new();
    for life in lives {
        let (calendar, done, progress, last) = (calendar.clone(), done.clone(), options.progress.clone(), options.last);
        running.push(tokio::spawn(async move {
            let told = || progress(done.fetch_add(1, Ordering::Relaxed) + 1, total);
            life.live((FIRST, last), &calendar, told).await
        }));
    }
    let mut all = Vec::new();
    for one in running {
        all.push(one.await.map_err(|error| Fault::new(format!("a year of the demo stopped: {error}")))??);
    }
    Ok(all)
}

/// Keeps the statements that wait, where a person finds them to import.
fn tell(folder: &Path, lived: Vec<Lived>) -> Outcome<Vec<DemoOrganisation>> {
    let mut organisations = Vec::new();
    for (site, lived) in staff::SITES.iter().zip(lived) {
        let mut next_statement = None;
        if let Some((name, bytes)) = lived.next_statement {
            let path = folder.join("to-import").join(site.code.to_lowercase());
            std::fs::create_dir_all(&path)?;
            std::fs::write(path.join(&name), bytes)?;
            next_statement = Some(path.join(name).display().to_string());
        }
        organisations.push(DemoOrganisation {
            code: site.code.into(),
            customers: lived.customers,
            invoices: lived.invoices,
            bank_lines: lived.bank_lines,
            refused: lived.refused,
            next_statement,
        });
    }
    Ok(organisations)
}

/// A demo's keys come from its seed, so that the same seed gives the same fingerprints.
fn keep_key(folder: &Path, words: &str) -> Outcome<()> {
    std::fs::create_dir_all(folder)?;
    let path = folder.join("home.key");
    if !path.exists() {
        write_private(&path, Sha256::digest(words.as_bytes()).as_slice())?;
    }
    Ok(())
}
