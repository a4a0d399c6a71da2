//! Fetching files from a folder and from OpenSSH's SFTP server.
use futures::FutureExt;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use sundry_desk::Outcome;
use sundry_desk::cash::bank_files::bank_files;
use sundry_desk::cash::bank_sources::{BankSource, KeepBankSource, bank_pickups, bank_sources, keep_bank_source};
use sundry_desk::cash::collect_bank_files::{Collected, ask_for_due_collections, collect_bank_files};
use sundry_desk::core::testing::{TestDesk, on_both};
use sundry_desk::jobs::ask::jobs_list;
use sundry_domain::control::Role;

fn statement(number: u32, opening: u32, closing: u32) -> String {
    format!(
        ":20:STMT{number}\r\n:25:20112212345678\r\n:28C:{number}/1\r\n:60F:C2604{number}GBP{opening},00\r\n:61:2604{number}04{number}C{},00NTRFNONREF\r\n:86:PAYMENT {number}\r\n:62F:C2604{number}GBP{closing},00\r\n-\r\n",
        closing - opening
    )
}

fn folder_source(folder: &Path) -> KeepBankSource {
    KeepBankSource {
        key: "s".into(),
        name: "Bank drop".into(),
        kind: "folder".into(),
        folder: folder.display().to_string(),
        pattern: "*.sta".into(),
        every_minutes: 15,
        in_use: true,
        ..KeepBankSource::default()
    }
}

fn fresh_key() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(1);
    format!("look-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn collect(t: &TestDesk) -> Collected {
    let taste = |_: String, bytes: Vec<u8>| async { Ok(bytes) }.boxed();
    collect_bank_files(&t.desk, &t.operator(), (&fresh_key(), None), &taste).await.expect("an answer")
}

fn outcomes(collected: &Collected) -> Vec<(String, String)> {
    collected.sources.iter().flat_map(|s| &s.files).map(|f| (f.name.clone(), f.outcome.clone())).collect()
}

fn pair(name: &str, outcome: &str) -> (String, String) {
    (name.into(), outcome.into())
}

async fn keep(t: &TestDesk, ask: KeepBankSource) -> Outcome<BankSource> {
    keep_bank_source(&t.desk, &t.role(Role::Administrator), ask).await
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_a_watched_folder_brings_each_file_once_in_the_order_in_which_they_follow() {
    on_both("2026-05-01", async |t| {
        let place = tempfile::tempdir().expect("a folder");
        let write = |name: &str, text: &str| std::fs::write(place.path().join(name), text).expect("written");
        // By name the newest comes first.
        write("a-newest.sta", &statement(22, 115, 120));
        write("b-oldest.sta", &statement(20, 100, 110));
        write("c-middle.sta", &statement(21, 110, 115));
        write("d-wrong.sta", "not a statement");
        write("e-late.sta.part", &statement(23, 120, 121));
        write("note.txt", "not meant");
        keep(&t, folder_source(place.path())).await.expect("kept");
        let first = collect(&t).await;
        let mut found = outcomes(&first);
        found.sort();
        let wanted = [
            pair("a-newest.sta", "accepted"),
            pair("b-oldest.sta", "accepted"),
            pair("c-middle.sta", "accepted"),
            pair("d-wrong.sta", "rejected"),
        ];
        assert_eq!(found, wanted, "{first:?}");
        assert_eq!(first.sources[0].message, "3 imported, 0 known already, 1 refused");
        assert!(place.path().join("done/a-newest.sta").exists() && place.path().join("refused/d-wrong.sta").exists());
        assert!(place.path().join("e-late.sta.part").exists() && place.path().join("note.txt").exists());
        assert_eq!(outcomes(&collect(&t).await), []);
        write("b-oldest.sta", &statement(20, 100, 110));
        write("again.sta", &statement(20, 100, 110));
        let again = outcomes(&collect(&t).await);
        assert_eq!(again, [pair("again.sta", "again"), pair("b-oldest.sta", "again")]);
        write("gap.sta", &statement(25, 200, 201));
        assert_eq!(outcomes(&collect(&t).await), [pair("gap.sta", "held")]);
        let files = bank_files(&t.desk, &t.operator(), "", None, 100).await.expect("files").files;
        let gap = files.iter().find(|f| f.name == "gap.sta").expect("kept");
        assert_eq!((gap.source_name.as_str(), gap.code.as_str(), gap.times), ("Bank drop", "CSH-GAP", 1));
        let picked = bank_pickups(&t.desk, &t.operator(), "Bank drop").await.expect("pick-ups");
        assert_eq!(picked.len(), 6, "{picked:?}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_a_place_that_is_not_there_says_so_and_is_tried_again() {
    on_both("2026-05-01", async |t| {
        let place = tempfile::tempdir().expect("a folder");
        let gone = place.path().join("gone");
        let source = folder_source(&gone);
        assert!(keep_bank_source(&t.desk, &t.role(Role::Cashier), source.clone()).await.is_err(), "not their duty");
        for (field, ask) in [
            ("folder", KeepBankSource { folder: "relative".into(), ..source.clone() }),
            ("pattern", KeepBankSource { pattern: "../*".into(), ..source.clone() }),
            ("every_minutes", KeepBankSource { every_minutes: 0, ..source.clone() }),
            ("kind", KeepBankSource { kind: "ftp".into(), ..source.clone() }),
            (
                "host_key",
                KeepBankSource { kind: "sftp".into(), host: "h".into(), user_name: "u".into(), ..source.clone() },
            ),
        ] {
            let no = keep(&t, ask).await.expect_err(field);
            assert!(matches!(&no, sundry_desk::No::Invalid(wrong) if wrong[0].field == field), "{field}: {no:?}");
        }
        keep(&t, source).await.expect("kept");
        let visited = collect(&t).await.sources.remove(0);
        assert!(visited.failed && visited.message.contains("is not there"), "{visited:?}");
        let seen = bank_sources(&t.desk, &t.operator()).await.expect("places").remove(0);
        assert!(seen.failed && seen.looked_at.is_some());
        std::fs::create_dir(&gone).expect("made");
        assert!(!collect(&t).await.sources[0].failed);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_a_place_whose_time_has_come_is_one_job() {
    on_both("2026-05-01", async |t| {
        let place = tempfile::tempdir().expect("a folder");
        keep(&t, folder_source(place.path())).await.expect("kept");
        assert_eq!(ask_for_due_collections(&t.desk).await.expect("asked"), 1);
        assert_eq!(ask_for_due_collections(&t.desk).await.expect("asked again"), 0, "the same look is one job");
        let jobs = jobs_list(&t.desk, &t.operator()).await.expect("jobs");
        assert_eq!(jobs.iter().filter(|j| j.kind == "collect_bank_files").count(), 1);
        collect(&t).await;
        assert_eq!(ask_for_due_collections(&t.desk).await.expect("asked"), 0, "it was looked at");
        let off = KeepBankSource { key: "off".into(), in_use: false, ..folder_source(place.path()) };
        assert!(!keep(&t, off).await.expect("kept").in_use);
    })
    .await;
}

/// OpenSSH's server on a free port, for one user and one key; ended with the test.
struct Sshd {
    child: Child,
    port: u16,
    home: tempfile::TempDir,
    user: String,
    host_key: String,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn program(name: &str) -> Option<PathBuf> {
    let own = std::env::var_os("SUNDRY_TEST_SSHD_BIN").map(PathBuf::from);
    let folders =
        own.into_iter().chain(["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/lib/openssh"].map(PathBuf::from));
    folders.map(|folder| folder.join(name)).find(|path| path.exists())
}

fn said(command: &mut Command) -> Option<String> {
    let out = command.output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

impl Sshd {
    /// Starts it; as root it runs as somebody else, because root's would want a system user of its own.
    fn start() -> Option<Sshd> {
        let (sshd, keygen, server) = (program("sshd")?, program("ssh-keygen")?, program("sftp-server")?);
        let root = said(Command::new("id").arg("-u"))? == "0";
        let user = if root { "postgres".to_owned() } else { said(Command::new("id").arg("-un"))? };
        let home = tempfile::tempdir().ok()?;
        let at = home.path().display().to_string();
        std::fs::create_dir(home.path().join("drop")).ok()?;
        std::fs::write(home.path().join("authorized_keys"), "").ok()?;
        let key = home.path().join("host_key");
        said(Command::new(keygen).args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&key))?;
        let host_key = std::fs::read_to_string(key.with_extension("pub")).ok()?;
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {at}/host_key\nPidFile none\nUsePAM no\nStrictModes no\nAuthorizedKeysFile {at}/authorized_keys\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nSubsystem sftp {}\n",
            server.display()
        );
        std::fs::write(home.path().join("sshd_config"), config).ok()?;
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o755)).ok()?;
        if root {
            said(Command::new("chown").args(["-R", &user]).arg(home.path()))?;
        }
        let mut command = if root { Command::new("runuser") } else { Command::new(&sshd) };
        if root {
            command.args(["-u", &user, "--"]).arg(&sshd);
        }
        let child = command
            .args(["-D", "-e", "-f"])
            .arg(home.path().join("sshd_config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(home.path().join("log")).ok()?)
            .spawn()
            .ok()?;
        let server = Sshd { child, port, home, user, host_key: host_key.trim().to_owned() };
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(server);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = std::fs::read_to_string(server.home.path().join("log")).unwrap_or_default();
        panic!("sshd does not answer: {log}");
    }

    fn allow(&self, public_key: &str) {
        std::fs::write(self.home.path().join("authorized_keys"), format!("{public_key}\n")).expect("written");
    }

    fn put(&self, name: &str, text: &str) {
        let path = self.home.path().join("drop").join(name);
        std::fs::write(&path, text).expect("written");
        if self.user == "postgres" {
            said(Command::new("chown").arg(&self.user).arg(&path)).expect("given away");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn csh_01_files_are_fetched_from_opensshs_sftp_server_by_pinned_key() {
    let Some(server) = Sshd::start() else {
        // Straight to the terminal: what `println!` says is kept from whoever runs the tests.
        let words = "skipped: no sshd, ssh-keygen or sftp-server (Debian: openssh-server)\n";
        let _ = std::io::Write::write_all(&mut std::io::stderr(), words.as_bytes());
        return;
    };
    on_both("2026-05-01", async |t| {
        for stale in ["drop/done", "drop/refused"] {
            let _ = std::fs::remove_dir_all(server.home.path().join(stale));
        }
        server.put("b.sta", &statement(21, 110, 115));
        server.put("c.sta", &statement(20, 100, 110));
        server.put("d.sta", "%PDF-1.7");
        let source = KeepBankSource {
            kind: "sftp".into(),
            host: "127.0.0.1".into(),
            port: i64::from(server.port),
            user_name: server.user.clone(),
            host_key: server.host_key.clone(),
            folder: server.home.path().join("drop").display().to_string(),
            ..folder_source(Path::new("/"))
        };
        let kept = keep(&t, source.clone()).await.expect("kept");
        assert!(kept.public_key.starts_with("ssh-ed25519 "), "a key of our own was made");
        server.allow("");
        let shut = collect(&t).await.sources.remove(0);
        assert!(shut.failed && shut.message.contains("does not accept our key"), "{shut:?}");
        server.allow(&kept.public_key);
        let found = outcomes(&collect(&t).await);
        assert_eq!(found, [pair("b.sta", "accepted"), pair("c.sta", "accepted"), pair("d.sta", "rejected")]);
        let at = |name: &str| server.home.path().join("drop").join(name);
        assert!(at("done/b.sta").exists() && at("refused/d.sta").exists() && !at("b.sta").exists());
        assert_eq!(outcomes(&collect(&t).await), []);
        let other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4wZ7v0K0Ws0Qm1sQy4oM3nB9sZkO1mZ0yq8b0mC0kF";
        let swapped = KeepBankSource { key: "swap".into(), host_key: other.into(), ..source };
        let again = keep(&t, swapped).await.expect("kept");
        assert_eq!(again.public_key, kept.public_key, "our key stays");
        let refused = collect(&t).await.sources.remove(0);
        assert!(refused.failed && refused.message.contains("not the pinned one: SHA256:"), "{refused:?}");
    })
    .await;
}
