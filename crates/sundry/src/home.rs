//! A home: a folder with settings, keys, kept files and, unless it is on a server, the database.
use crate::config::{Config, whole_url};
use chrono::NaiveDate;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use sundry_desk::core::clock::Clock;
use sundry_desk::core::refusals::LIVE_DATE;
use sundry_desk::core::vault::{Vault, write_private};
use sundry_desk::setup::organisations::organisations;
use sundry_desk::{Actor, Desk, Mode, Outcome};
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::{Invalid, RefusalKind};
use sundry_store::control::OrganisationRow;
use sundry_store::engine::{MIGRATIONS, migrate, version};
use sundry_store::{Db, control};

/// There is a home already.
pub const HOME_THERE: RefusalKind = RefusalKind {
    code: "OPS-HOME-THERE",
    rule: "reliability",
    way_out: "Name another folder with --home, or use the home that is there.",
};
/// The database is of a newer program.
pub const NEWER_DATABASE: RefusalKind = RefusalKind {
    code: "OPS-NEWER-DATABASE",
    rule: "reliability",
    way_out: "Use the newer program, or restore a backup made with this one.",
};
/// All refusals of homes.
pub const REFUSALS: &[RefusalKind] = &[HOME_THERE, NEWER_DATABASE];

const BUSINESS_DATE: &str = "business_date";

/// Where a home is, and how it is to be opened.
#[derive(Clone, Debug)]
pub struct Home {
    folder: PathBuf,
    database: Option<String>,
}

impl Home {
    /// A home in a folder, on the database named, or on its own.
    pub fn at(folder: impl Into<PathBuf>, database: Option<String>) -> Home {
        Home { folder: folder.into(), database }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is a home there.
    ///
    /// # Errors
    /// Invalid when its settings cannot be understood.
    pub fn is_there(&self) -> Outcome<bool> {
        Ok(Config::read(&self.folder)?.is_some())
    }

    /// Makes the folder, its settings and its database. A home half made before is finished.
    ///
    /// # Errors
    /// `OPS-HOME-THERE` when there is a home of another kind; invalid where no folder can be.
    pub async fn create(&self, mode: Mode) -> Outcome<Desk> {
        make_private(&self.folder)?;
        match Config::read(&self.folder)? {
            Some(config) if config.mode() != mode => {
                let there = config.mode().as_str();
                return Err(HOME_THERE.because(format!("There is a {there} home in {}.", self.shown())).into());
            }
            Some(_) => {}
            None => {
                let database = self.database.as_deref().map(whole_url).transpose()?;
                Config::new(mode, database).write(&self.folder)?;
            }
        }
        self.desk().await
    }

    /// Opens the home as it stands, with its reference data, on its business date or the one given.
    ///
    /// # Errors
    /// Invalid when there is no home; `OPS-LIVE-DATE`, `OPS-NEWER-DATABASE`; faults of the database.
    pub async fn open(&self, today: Option<NaiveDate>) -> Outcome<Desk> {
        let config = self.config()?;
        if today.is_some() && config.mode() == Mode::Live {
            return Err(LIVE_DATE.because("A live home always works on today's date.").into());
        }
        let desk = self.desk().await?;
        desk.load_book().await?;
        on_its_day(&desk, today).await?;
        Ok(desk)
    }

    /// The home with its database, migrated, and nothing else.
    ///
    /// # Errors
    /// As [`Home::open`]; invalid when the keys of a ledger are missing.
    pub async fn desk(&self) -> Outcome<Desk> {
        let db = self.db().await?;
        bring_up(&db).await?;
        let keys = self.folder.join("keys");
        // New keys for an old ledger would hide that the old ones are lost.
        if !keys.join("home.key").exists() && !organisations_of(&db).await?.is_empty() {
            let say = "The keys of this home are missing; put home.key back into the folder";
            return Err(Invalid::field("keys", say, keys.display().to_string()).into());
        }
        let vault = Vault::open(&keys)?;
        make_private(&keys)?;
        Desk::new(db, &self.folder, self.config()?.mode(), Clock::System, vault)
    }

    /// The URL of the database of a home that is not there yet.
    ///
    /// # Errors
    /// Invalid when it is neither `sqlite:PATH` nor `postgres://…`.
    pub fn url_for_new(&self) -> Outcome<String> {
        whole_url(&Config::new(Mode::Live, None).url(&self.folder, self.database.as_deref()))
    }

    /// Makes a restored home this one: its settings name this database, and only its owner can look into it.
    ///
    /// # Errors
    /// Invalid when the backup had no settings that can be understood; faults of the file system.
    pub fn settle_restored(&self, key: Option<&[u8]>) -> Outcome<()> {
        let mode = self.config()?.mode();
        std::fs::remove_file(self.folder.join(crate::config::FILE))?;
        Config::new(mode, self.database.as_deref().map(whole_url).transpose()?).write(&self.folder)?;
        make_private(&self.folder)?;
        make_private(&self.folder.join("keys"))?;
        let place = self.folder.join("keys/home.key");
        match key {
            Some(bytes) if !place.exists() => Ok(write_private(&place, bytes)?),
            _ => Ok(()),
        }
    }

    /// The database alone, as it is.
    ///
    /// # Errors
    /// Invalid when there is no home or no such database.
    pub async fn db(&self) -> Outcome<Db> {
        let config = self.config()?;
        let url = whole_url(&config.url(&self.folder, self.database.as_deref()))?;
        Ok(Db::open(&url).await?)
    }

    fn config(&self) -> Outcome<Config> {
        let say = "There is no home in this folder. Make one with `sundry init`, or name it with --home";
        Ok(Config::read(&self.folder)?.ok_or_else(|| Invalid::field("home", say, self.shown()))?)
    }

    fn shown(&self) -> String {
        self.folder.display().to_string()
    }
}

async fn organisations_of(db: &Db) -> Outcome<Vec<OrganisationRow>> {
    Ok(control::organisations(&mut db.read().await?).await?)
}

/// Brings the database to this program's version; says which migrations ran.
///
/// A database that is there already is not written to, so that many programs may start at once.
///
/// # Errors
/// `OPS-NEWER-DATABASE`.
pub async fn bring_up(db: &Db) -> Outcome<Vec<&'static str>> {
    let newest = MIGRATIONS.last().map(|(name, _)| *name);
    match version(db).await {
        Ok(Some(has)) if Some(has.as_str()) == newest => Ok(Vec::new()),
        Ok(Some(has)) if !MIGRATIONS.iter().any(|(name, _)| *name == has) => {
            let sentence = format!("The database was migrated to {has} by a newer program than this one.");
            Err(NEWER_DATABASE.because(sentence).into())
        }
        // A database without the table of migrations is a new one.
        _ => Ok(migrate(db).await?),
    }
}

/// Sets the business date of a home that is not live; `today` goes on from the one it had.
async fn on_its_day(desk: &Desk, today: Option<NaiveDate>) -> Outcome<()> {
    if desk.mode() == Mode::Live {
        return Ok(());
    }
    let mut look = desk.look().await?;
    let stored = control::home_setting(&mut look, BUSINESS_DATE).await?.and_then(|d| d.parse::<NaiveDate>().ok());
    drop(look);
    if let Some(day) = today.or(stored) {
        desk.set_today(day)?;
    }
    match today {
        Some(day) if stored.is_none_or(|before| day > before) => keep_day(desk, day).await,
        _ => Ok(()),
    }
}

/// Keeps the business date of a home that is not live, for those who open it next.
///
/// # Errors
/// Faults of the database.
pub async fn keep_day(desk: &Desk, day: NaiveDate) -> Outcome<()> {
    let mut tx = desk.db().begin().await?;
    control::set_home_setting(&mut tx, BUSINESS_DATE, &day.to_string()).await?;
    Ok(tx.commit().await?)
}

/// The organisation named, or the only one.
///
/// # Errors
/// Invalid, with the codes there are.
pub async fn organisation(desk: &Desk, code: Option<&str>) -> Outcome<OrganisationRow> {
    let mut all = organisations(desk).await?;
    let codes = all.iter().map(|o| o.code.clone()).collect::<Vec<_>>().join(", ");
    let say = match code {
        Some(code) => match all.iter().position(|o| o.code.eq_ignore_ascii_case(code)) {
            Some(place) => return Ok(all.swap_remove(place)),
            None => format!("There is no organisation with this code here; there is {codes}"),
        },
        None if all.len() == 1 => return Ok(all.swap_remove(0)),
        None if all.is_empty() => "This home has no organisation yet; run `sundry init` again".to_owned(),
        None => format!("Name one of the organisations of this home with --org: {codes}"),
    };
    Err(Invalid::field("org", say, code.unwrap_or_default()).into())
}

/// The person at this machine, in an organisation.
pub fn operator(org: &OrganisationRow) -> Actor {
    Actor::operator(OrgId(org.id), operator_name())
}

/// The name of the person at this machine.
pub fn operator_name() -> String {
    let user = std::env::var("USER").unwrap_or_default();
    let name: String = user.chars().filter(|c| !c.is_control()).take(100).collect();
    if name.trim().is_empty() { "operator".into() } else { name }
}

/// Makes a folder that only its owner can look into.
fn make_private(folder: &Path) -> Outcome<()> {
    let made = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)));
    made.map_err(|e| {
        Invalid::field("home", format!("This cannot be made a folder of our own: {e}"), folder.display().to_string())
            .into()
    })
}
