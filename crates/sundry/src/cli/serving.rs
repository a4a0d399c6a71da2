//! `demo` and `serve`: the demo home made, the doors opened, the jobs worked.
use super::out::{Out, busy, say, table};
use super::{Shop, done};
use crate::config::{Config, FILE};
use crate::demo::{DemoMade, DemoOptions, DemoSize, is_made, make};
use crate::home::Home;
use crate::web::door::{self, Doors};
use crate::web::pages::sign_in::DemoPerson;
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::Path;
use std::sync::{Arc, Mutex};
use sundry_desk::core::vault::write_private;
use sundry_desk::{Desk, Mode, No, Outcome};
use sundry_domain::refusal::Invalid;
use tokio::net::TcpListener;

/// What the demo is to be.
#[derive(Debug, Args)]
pub struct Demo {
    /// small, medium or large
    #[arg(long, default_value = "small")]
    size: String,
    /// The same seed lives the same year
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Make it and no more
    #[arg(long)]
    no_serve: bool,
    /// Where to serve it
    #[arg(long, value_name = "ADDRESS", default_value = LISTEN)]
    listen: String,
}

/// Opens the doors.
#[derive(Debug, Args)]
pub struct Serve {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = LISTEN)]
    listen: String,
    /// A web server in front of it speaks TLS, so cookies may be kept to it
    #[arg(long)]
    behind_tls: bool,
}

const LISTEN: &str = "127.0.0.1:8080";
/// Who can sign in to a demo, kept in its home.
const PEOPLE: &str = "demo.json";

/// Someone who can sign in to the demo.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Person {
    user: String,
    password: String,
    role: String,
    organisation: String,
    name: String,
}

/// Makes the demo home, unless it is there, and serves it.
pub async fn demo(shop: &Shop, ask: Demo, out: &mut Out) -> Outcome<u8> {
    let Some(size) = DemoSize::parse(&ask.size) else {
        return Err(Invalid::field("size", "Enter small, medium or large", &ask.size).into());
    };
    let home = shop.home();
    // A port that is taken is better known before a year is lived than after.
    let listener = if ask.no_serve { None } else { Some(listen(&ask.listen).await?) };
    if !stands(&home).await? {
        let made = lived(&home, size, ask.seed).await?;
        keep_people(home.folder(), &made)?;
    }
    let people = people_of(home.folder());
    let document = json!({ "home": home.folder().display().to_string(), "people": people });
    out.answer(&document, || sign_ins(&people))?;
    match listener {
        Some(listener) => open_doors(shop.desk().await?, listener, false).await,
        None => done(),
    }
}

/// Whether the demo is there and whole. One that was cut off is cleared away; any other home is left alone.
async fn stands(home: &Home) -> Outcome<bool> {
    let Some(config) = Config::read(home.folder())? else { return Ok(false) };
    if config.mode() != Mode::Demo {
        let say = format!("There is a {} home in this folder; name another with --home", config.mode().as_str());
        return Err(Invalid::field("home", say, home.folder().display().to_string()).into());
    }
    let desk = home.desk().await?;
    let whole = is_made(&desk).await?;
    let on_its_own = desk.db().url() == home.url_for_new()? && config.database.is_none();
    desk.db().close().await;
    if !whole && !on_its_own {
        let say = "The making of this demo was cut off; empty its database and its folder, and begin again";
        return Err(Invalid::field("home", say, home.folder().display().to_string()).into());
    }
    if !whole {
        say("The making of the demo was cut off before; beginning again.");
        clear(home.folder())?;
    }
    Ok(whole)
}

/// Removes what a demo is made of, and nothing else.
fn clear(folder: &Path) -> Outcome<()> {
    let files = ["sundry.sqlite", "sundry.sqlite-wal", "sundry.sqlite-shm", PEOPLE];
    let folders = ["files", "keys", "audit", "to-import"];
    for path in folders.map(|name| folder.join(name)) {
        if path.is_dir() {
            std::fs::remove_dir_all(path)?;
        }
    }
    for path in files.into_iter().chain([FILE]).map(|name| folder.join(name)) {
        if path.is_file() {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

async fn lived(home: &Home, size: DemoSize, seed: u64) -> Outcome<DemoMade> {
    say("Living a year in three organisations, day by day");
    let showing = busy("0 days");
    let last = Mutex::new(0);
    let bar = Mutex::new(showing);
    let progress = move |lived: i64, of: i64| {
        if let Ok(bar) = bar.lock() {
            bar.now(format!("{lived} of {of} days"));
        }
        // Where there is no terminal, a line now and then shows that it goes on.
        if let Ok(mut last) = last.lock()
            && lived * 10 / of.max(1) > *last
        {
            *last = lived * 10 / of.max(1);
            say(&format!("demo: {lived} of {of} days"));
        }
    };
    make(home, DemoOptions::new(size, seed, Arc::new(progress))).await
}

fn keep_people(folder: &Path, made: &DemoMade) -> Outcome<()> {
    Ok(write_private(&folder.join(PEOPLE), &serde_json::to_vec_pretty(made)?)?)
}

/// Who can sign in; nobody where it is no demo.
fn people_of(folder: &Path) -> Vec<Person> {
    #[derive(Deserialize)]
    struct Kept {
        people: Vec<Person>,
    }
    let kept = std::fs::read(folder.join(PEOPLE)).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
    kept.map(|kept| kept.people).unwrap_or_default()
}

fn sign_ins(people: &[Person]) -> String {
    let line = |p: &Person| vec![p.organisation.clone(), p.role.clone(), p.user.clone(), p.password.clone()];
    let rows: Vec<Vec<String>> = people.iter().map(line).collect();
    table(&["organisation", "role", "sign in as", "password"], &[], &rows)
}

/// Serves the home until told to stop.
pub async fn serve(shop: &Shop, ask: Serve) -> Outcome<u8> {
    let desk = shop.desk().await?;
    let listener = listen(&ask.listen).await?;
    open_doors(desk, listener, ask.behind_tls).await
}

async fn listen(address: &str) -> Outcome<TcpListener> {
    let wrong =
        |e: std::io::Error| No::from(Invalid::field("listen", format!("It cannot be listened on: {e}"), address));
    TcpListener::bind(address).await.map_err(wrong)
}

async fn open_doors(desk: Desk, listener: TcpListener, tls: bool) -> Outcome<u8> {
    let people = if desk.mode() == Mode::Demo { people_of(desk.home()) } else { Vec::new() };
    let shown = people
        .into_iter()
        .map(|p| DemoPerson { user: p.user, password: p.password, role: p.role, organisation: p.organisation })
        .collect();
    say(&format!("Serving http://{} (stop with Ctrl-C)", listener.local_addr()?));
    let (worker, stop) = crate::jobs::start(desk.clone());
    let served = door::serve(Doors::new(desk.clone(), shown, tls), listener).await;
    // The doors are shut: the job under way ends its part, and whoever comes next goes on with it.
    let _ = stop.send(true);
    let _ = tokio::time::timeout(std::time::Duration::from_secs(10), worker).await;
    desk.db().close().await;
    served?;
    done()
}
