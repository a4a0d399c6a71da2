//! Dovecot on a free port of loopback, over TLS, for one mailbox; started and ended with a test. No service of the system.
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The name and the password that the server knows.
pub const USER: &str = "bills";
/// With a space and a quote in it, as passwords have.
pub const PASSWORD: &str = "right \"horse\" 7";

/// The server.
pub struct Dovecot {
    child: Child,
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// The certificate of the authority that signed its own.
    pub authority: String,
    home: tempfile::TempDir,
    owner: Option<String>,
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        // Its master ends its children when it is asked to end, not when it is killed.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        for _ in 0..50 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn said(command: &mut Command) -> Option<String> {
    let out = command.output().ok()?;
    out.status.success().then(|| String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

fn program() -> Option<PathBuf> {
    let own = std::env::var_os("SUNDRY_TEST_DOVECOT_BIN").map(PathBuf::from);
    let folders = own.into_iter().chain(["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from));
    folders.map(|folder| folder.join("dovecot")).find(|path| path.exists())
}

impl Dovecot {
    /// Starts it; as root its processes run as somebody else.
    pub fn start() -> Option<Dovecot> {
        let dovecot = program()?;
        let version = said(Command::new(&dovecot).arg("--version"))?;
        let root = said(Command::new("id").arg("-u"))? == "0";
        let (user, group) = match root {
            true => ("nobody".to_owned(), said(Command::new("id").args(["-gn", "nobody"]))?),
            false => (said(Command::new("id").arg("-un"))?, said(Command::new("id").arg("-gn"))?),
        };
        let home = tempfile::tempdir().ok()?;
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o755)).ok()?;
        let authority = certificates(&home)?;
        std::fs::write(home.path().join("users"), format!("{USER}:{{PLAIN}}{PASSWORD}\n")).ok()?;
        let port = TcpListener::bind("127.0.0.1:0").ok()?.local_addr().ok()?.port();
        let at = home.path().display().to_string();
        let common = common(&at, port, &user, &group);
        let by_version =
            if version.starts_with("2.3") { as_2_3(&at, &user, &group) } else { as_2_4(&at, &user, &group, &version) };
        // Dovecot 2.4 wants its version on the first line.
        let config = if version.starts_with("2.3") { common + &by_version } else { by_version + &common };
        std::fs::write(home.path().join("dovecot.conf"), config).ok()?;
        let owner = root.then(|| format!("{user}:{group}"));
        let server = Dovecot { child: spawn(&dovecot, &home)?, port, authority, home, owner };
        server.empty();
        for _ in 0..200 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Some(server);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        let log = std::fs::read_to_string(server.home.path().join("log")).unwrap_or_default();
        panic!("dovecot {version} does not answer: {log}");
    }

    fn mail(&self) -> PathBuf {
        self.home.path().join("mail").join(USER)
    }

    /// An empty mailbox, with an empty folder `Taken`, numbered anew.
    pub fn empty(&self) {
        let _ = std::fs::remove_dir_all(self.home.path().join("mail"));
        for folder in ["", ".Taken"] {
            for part in ["cur", "new", "tmp"] {
                std::fs::create_dir_all(self.mail().join(folder).join(part)).expect("a folder");
            }
        }
        self.give_away();
    }

    fn give_away(&self) {
        if let Some(owner) = &self.owner {
            said(Command::new("chown").args(["-R", owner]).arg(self.home.path().join("mail"))).expect("given away");
        }
    }

    /// Puts a message into the inbox, as a delivery does.
    pub fn deliver(&self, name: &str, bytes: &[u8]) {
        std::fs::write(self.mail().join("new").join(name), bytes).expect("delivered");
        self.give_away();
    }

    /// Forgets how the messages were numbered.
    pub fn number_anew(&self) {
        for name in ["dovecot-uidlist", "dovecot.index.log", "dovecot.index.cache", "dovecot.index"] {
            let _ = std::fs::remove_file(self.mail().join(name));
        }
    }

    /// Messages that nobody has looked at.
    pub fn unseen(&self) -> usize {
        std::fs::read_dir(self.mail().join("new")).expect("lists").count() + self.count("cur", |name| !seen(name))
    }

    /// Messages in the inbox that are marked as read.
    pub fn seen(&self) -> usize {
        self.count("cur", seen)
    }

    /// Messages in the folder `Taken`.
    pub fn moved(&self) -> usize {
        self.count(".Taken/cur", |_| true) + self.count(".Taken/new", |_| true)
    }

    fn count(&self, folder: &str, which: impl Fn(&str) -> bool) -> usize {
        let listed = std::fs::read_dir(self.mail().join(folder)).expect("lists");
        listed.filter_map(Result::ok).filter(|one| which(&one.file_name().to_string_lossy())).count()
    }
}

fn seen(name: &str) -> bool {
    name.rsplit_once(":2,").is_some_and(|(_, flags)| flags.contains('S'))
}

fn spawn(dovecot: &PathBuf, home: &tempfile::TempDir) -> Option<Child> {
    Command::new(dovecot)
        .args(["-F", "-c"])
        .arg(home.path().join("dovecot.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(home.path().join("stderr")).ok()?)
        .spawn()
        .ok()
}

/// An authority of its own, and a certificate for 127.0.0.1 signed by it.
fn certificates(home: &tempfile::TempDir) -> Option<String> {
    let openssl = |words: &str| {
        let mut command = Command::new("openssl");
        command.args(words.split(' ')).current_dir(home.path());
        said(&mut command)
    };
    std::fs::write(home.path().join("ext"), "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n").ok()?;
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj /CN=authority -days 2 -addext basicConstraints=critical,CA:TRUE",
    )?;
    openssl("req -newkey rsa:2048 -nodes -keyout leaf.key -out leaf.csr -subj /CN=127.0.0.1")?;
    openssl("x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out leaf.pem -days 2 -extfile ext")?;
    std::fs::read_to_string(home.path().join("ca.pem")).ok()
}

/// What every version understands.
fn common(at: &str, port: u16, user: &str, group: &str) -> String {
    format!(
        "base_dir = {at}/base\nstate_dir = {at}/state\nlog_path = {at}/log\nlisten = 127.0.0.1\nssl = required\n\
         default_login_user = {user}\ndefault_internal_user = {user}\ndefault_internal_group = {group}\nfirst_valid_uid = 1\n\
         namespace inbox {{\n  inbox = yes\n  separator = /\n}}\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = 0\n  }}\n  inet_listener imaps {{\n    port = {port}\n    ssl = yes\n  }}\n}}\n\
         service anvil {{\n  chroot =\n}}\nservice stats {{\n  chroot =\n}}\n"
    )
}

fn as_2_3(at: &str, user: &str, group: &str) -> String {
    format!(
        "protocols = imap\nssl_cert = <{at}/leaf.pem\nssl_key = <{at}/leaf.key\nmail_location = maildir:{at}/mail/%u\n\
         auth_mechanisms = plain\npassdb {{\n  driver = passwd-file\n  args = {at}/users\n}}\n\
         userdb {{\n  driver = static\n  args = uid={user} gid={group} home={at}/mail/%u\n}}\n"
    )
}

fn as_2_4(at: &str, user: &str, group: &str, version: &str) -> String {
    let version = version.split_whitespace().next().unwrap_or("2.4.0");
    format!(
        "dovecot_config_version = {version}\ndovecot_storage_version = {version}\nprotocols {{\n  imap = yes\n}}\n\
         ssl_server_cert_file = {at}/leaf.pem\nssl_server_key_file = {at}/leaf.key\n\
         mail_driver = maildir\nmail_path = {at}/mail/%{{user}}\nauth_mechanisms = plain\n\
         passdb passwd-file {{\n  passwd_file_path = {at}/users\n}}\n\
         userdb static {{\n  fields {{\n    uid = {user}\n    gid = {group}\n    home = {at}/mail/%{{user}}\n  }}\n}}\n"
    )
}
