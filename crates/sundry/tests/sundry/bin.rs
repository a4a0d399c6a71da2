//! The real binary, in a home of its own.
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use sundry_store::Engine;
use sundry_store::engine::testing::{engines, fresh_url};

/// What a command did.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    /// The one document on the standard output.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("not one document: {e}\n{}\n{}", self.out, self.err))
    }

    /// Asserts the exit code.
    #[track_caller]
    pub fn code(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "out: {}\nerr: {}", self.out, self.err);
        self
    }

    /// The fields that were not understood, with their rows.
    pub fn invalid(&self) -> Vec<(Option<u64>, String)> {
        let all = self.json()["invalid"].as_array().expect("a list of what is invalid").clone();
        all.iter().map(|one| (one["row"].as_u64(), one["field"].as_str().unwrap_or_default().to_owned())).collect()
    }
}

/// A folder with a home in it, on an engine.
pub struct Place {
    pub folder: tempfile::TempDir,
    pub home: PathBuf,
    pub database: Option<String>,
}

impl Place {
    /// A folder without a home yet.
    pub fn empty(engine: Engine) -> Place {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().join("home");
        let database = (engine == Engine::Postgres).then(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(fresh_url(engine, folder.path()))
        });
        Place { folder, home, database }
    }

    /// A live home with one council.
    pub fn live(engine: Engine) -> Place {
        let place = Place::empty(engine);
        place.init().code(0);
        place
    }

    /// A test home, whose business date can be set.
    pub fn test(engine: Engine) -> Place {
        let place = Place::live(engine);
        let settings = place.home.join("sundry.toml");
        let text = std::fs::read_to_string(&settings).expect("the settings");
        std::fs::write(&settings, text.replace("\"live\"", "\"test\"")).expect("the settings are changed");
        place
    }

    /// Runs `init`.
    pub fn init(&self) -> Ran {
        let who = ["init", "--org", "NCC", "--name", "Northmere Council", "--vat-number", "GB123456789", "--json"];
        self.run(&[who.as_slice(), &["--nation", "england-and-wales", "--kind", "council"]].concat())
    }

    /// Runs the binary in the folder, on this home.
    pub fn run(&self, arguments: &[impl AsRef<OsStr>]) -> Ran {
        let mut command = sundry();
        command.current_dir(self.folder.path()).env("SUNDRY_HOME", &self.home).args(arguments);
        if let Some(url) = &self.database {
            command.env("SUNDRY_DATABASE", url);
        }
        let mut ran = ran(command);
        if ran.code == 1 {
            ran.err.push_str(&std::fs::read_to_string(self.home.join("sundry.log")).unwrap_or_default());
        }
        ran
    }

    /// Writes a file into the folder.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("a file is written");
        path
    }

    /// Reads a file of the folder.
    pub fn read(&self, name: impl AsRef<Path>) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).expect("a file is read")
    }
}

/// The binary, with nothing of the caller's shell.
pub fn sundry() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sundry"));
    for name in ["SUNDRY_HOME", "SUNDRY_DATABASE", "SUNDRY_ORG", "SUNDRY_LOG"] {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// What a prepared command did.
pub fn ran(mut command: Command) -> Ran {
    let output = command.output().expect("the binary runs");
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Runs a test's body on each engine.
pub fn on_both(body: impl Fn(Engine)) {
    for engine in engines() {
        body(engine);
    }
}
