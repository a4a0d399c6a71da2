//! The desk: a database, the kept files, the keys, the clock.
use super::clock::{Clock, uk_day};
use super::files::Files;
use super::ids::Ids;
use super::outcome::{Fault, Outcome};
use super::vault::{Vault, random_bytes};
use chrono::NaiveDate;
use std::path::{Path, PathBuf};
use std::sync::{Arc, RwLock};
use sundry_domain::reference::ReferenceBook;
use sundry_store::{Db, Tx};

/// What kind of home it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Real money; the business date is today's.
    Live,
    /// Made people; the business date can be set.
    Demo,
    /// A copy to practise on; the business date can be set.
    Training,
    /// For tests; the business date can be set.
    Test,
}

impl Mode {
    /// As kept in the home's settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Mode::Live => "live",
            Mode::Demo => "demo",
            Mode::Training => "training",
            Mode::Test => "test",
        }
    }

    /// Reads it back.
    pub fn parse(text: &str) -> Option<Mode> {
        [Mode::Live, Mode::Demo, Mode::Training, Mode::Test].into_iter().find(|mode| mode.as_str() == text)
    }
}

/// Everything a use case needs. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    home: PathBuf,
    mode: Mode,
    clock: Clock,
    ids: Ids,
    files: Files,
    vault: Vault,
    book: RwLock<Arc<ReferenceBook>>,
    business_date: RwLock<Option<NaiveDate>>,
}

impl Desk {
    /// Puts a desk together; `business_date` is honoured unless the home is live.
    pub fn new(db: Db, home: &Path, mode: Mode, clock: Clock, vault: Vault) -> Outcome<Desk> {
        let files = Files::open(&home.join("files"), vault.clone())?;
        let tag = if matches!(clock, Clock::Made(_)) { 0 } else { random_bytes::<1>()[0] };
        let book = RwLock::new(Arc::new(ReferenceBook::from_rows(&[])));
        let business_date = RwLock::new(None);
        let inner =
            Inner { db, home: home.to_owned(), mode, clock, ids: Ids::new(tag), files, vault, book, business_date };
        Ok(Desk { inner: Arc::new(inner) })
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// The folder of the home.
    pub fn home(&self) -> &Path {
        &self.inner.home
    }

    /// What kind of home it is.
    pub fn mode(&self) -> Mode {
        self.inner.mode
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.inner.clock
    }

    /// The kept files.
    pub fn files(&self) -> &Files {
        &self.inner.files
    }

    /// The keys.
    pub fn vault(&self) -> &Vault {
        &self.inner.vault
    }

    /// The next id, as whichever kind is asked for.
    pub fn id<T: From<i64>>(&self) -> T {
        T::from(self.inner.ids.next(&self.inner.clock))
    }

    /// The reference data in force.
    pub fn book(&self) -> Arc<ReferenceBook> {
        self.inner.book.read().expect("no one panics while holding the book").clone()
    }

    /// Puts newly read reference data in force.
    pub fn set_book(&self, book: ReferenceBook) {
        *self.inner.book.write().expect("no one panics while holding the book") = Arc::new(book);
    }

    /// The business date: the UK's day, or the one set in a home that is not live.
    pub fn today(&self) -> NaiveDate {
        let set = *self.inner.business_date.read().expect("no one panics while holding the date");
        set.unwrap_or_else(|| uk_day(self.inner.clock.now()))
    }

    /// Sets the business date of a home that is not live.
    ///
    /// # Errors
    /// `OPS-LIVE-DATE` in a live home.
    pub fn set_today(&self, day: NaiveDate) -> Outcome<()> {
        if self.inner.mode == Mode::Live {
            return Err(super::refusals::LIVE_DATE.because("A live home always works on today's date.").into());
        }
        *self.inner.business_date.write().expect("no one panics while holding the date") = Some(day);
        self.inner.clock.move_to(day);
        Ok(())
    }

    /// A moment of the ledger to ask questions of.
    pub async fn look(&self) -> Outcome<Tx> {
        Ok(self.db().read().await?)
    }

    /// Reads the reference data from the database into force.
    pub async fn load_book(&self) -> Outcome<()> {
        let mut tx = self.look().await?;
        let rows = sundry_store::control::reference_rows(&mut tx).await?;
        if rows.is_empty() {
            return Err(Fault::new("the home has no reference data").into());
        }
        self.set_book(ReferenceBook::from_rows(&rows));
        Ok(())
    }
}
