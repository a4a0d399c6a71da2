//! The bank's SFTP server: known by its pinned key, signed in to with a key from the vault.
use super::bank_sources::secret_row;
use super::collect_place::Listed;
use crate::{Desk, Fault, No, Outcome};
use russh::client::{self, AuthResult, Handle};
use russh::keys::ssh_key::LineEnding;
use russh::keys::ssh_key::private::Ed25519Keypair;
use russh::keys::{HashAlg, PrivateKey, PrivateKeyWithHashAlg, PublicKey, PublicKeyOrCertificate, decode_secret_key};
use russh_sftp::client::SftpSession;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sundry_domain::cash::statements::{HOST_KEY, NOT_REACHED};
use sundry_domain::ids::OrgId;
use sundry_store::bank_files::BankSourceRow;
use tokio::io::AsyncReadExt;

/// How long each step with the server may take.
const LONGEST: Duration = Duration::from_secs(60);

/// A private key of ours.
pub(super) struct Key(PrivateKey);

impl Key {
    /// A key nobody has seen.
    pub fn fresh() -> Outcome<Key> {
        Ok(Key(PrivateKey::from(Ed25519Keypair::from_seed(&crate::core::vault::random_bytes()))))
    }

    /// Reads one as OpenSSH writes it.
    pub fn read(pem: &str) -> Outcome<Key> {
        let read = decode_secret_key(pem.trim(), None);
        read.map(Key).map_err(|e| Fault::new(format!("a private key cannot be read: {e}")).into())
    }

    /// Seals it for its place.
    pub fn sealed(&self, desk: &Desk, org: OrgId, id: i64) -> Outcome<String> {
        let pem = self.0.to_openssh(LineEnding::LF).map_err(|e| Fault::new(format!("a key cannot be written: {e}")))?;
        desk.vault().seal_text(org.0, &secret_row(id), &pem)
    }

    /// Opens the one sealed for a place.
    pub fn opened(desk: &Desk, org: OrgId, id: i64, sealed: &str) -> Outcome<Key> {
        Key::read(&desk.vault().open_text(org.0, &secret_row(id), sealed)?)
    }

    /// Its public half, as the bank wants it.
    pub fn public(&self) -> Outcome<String> {
        self.0.public_key().to_openssh().map_err(|e| Fault::new(format!("a key cannot be written: {e}")).into())
    }
}

/// A server's key: `ssh-ed25519 AAAA…`, also with the host before it, as `ssh-keyscan` prints it.
pub(super) fn read_host_key(text: &str) -> Option<PublicKey> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'))?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let from = words.iter().position(|word| word.starts_with("ssh-") || word.starts_with("ecdsa-"))?;
    PublicKey::from_openssh(&words.get(from..from + 2)?.join(" ")).ok()
}

/// Lets only the pinned server in, and remembers what another one showed.
struct Pinned {
    key: PublicKey,
    shown: Arc<Mutex<Option<String>>>,
}

impl client::Handler for Pinned {
    type Error = russh::Error;

    async fn check_server_key(&mut self, shown: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        let key = shown.public_key();
        let known = key.key_data() == self.key.key_data();
        if !known && let Ok(mut place) = self.shown.lock() {
            *place = Some(key.fingerprint(HashAlg::Sha256).to_string());
        }
        Ok(known)
    }
}

/// A session with the server.
pub(super) struct Sftp {
    // Dropped, the connection ends.
    _ssh: Handle<Pinned>,
    files: SftpSession,
    folder: String,
}

impl Sftp {
    /// Signs in.
    pub async fn open(desk: &Desk, org: OrgId, source: &BankSourceRow) -> Outcome<Sftp> {
        let key = read_host_key(&source.host_key)
            .ok_or_else(|| No::from(HOST_KEY.because("No key is pinned for the server.")))?;
        let ours = Key::opened(desk, org, source.id, &source.secret)?;
        let shown = Arc::new(Mutex::new(None));
        let pinned = Pinned { key, shown: shown.clone() };
        let address = (source.host.clone(), u16::try_from(source.port).unwrap_or(22));
        let config = client::Config { inactivity_timeout: Some(LONGEST), ..client::Config::default() };
        let connected = timely(client::connect(Arc::new(config), address, pinned)).await;
        let other = shown.lock().ok().and_then(|mut place| place.take());
        if let Some(fingerprint) = other {
            let sentence = format!("The server {} shows a key that is not the pinned one: {fingerprint}.", source.host);
            return Err(HOST_KEY.because(sentence).into());
        }
        let mut ssh = connected?;
        let key = PrivateKeyWithHashAlg::new(Arc::new(ours.0), None);
        match timely(ssh.authenticate_publickey(source.user_name.clone(), key)).await? {
            AuthResult::Success => {}
            AuthResult::Failure { .. } => {
                let sentence = format!("The server {} does not accept our key for {}.", source.host, source.user_name);
                return Err(NOT_REACHED.because(sentence).into());
            }
        }
        let channel = timely(ssh.channel_open_session()).await?;
        timely(channel.request_subsystem(true, "sftp")).await?;
        let files = timely(SftpSession::new(channel.into_stream())).await?;
        Ok(Sftp { _ssh: ssh, files, folder: source.folder.trim_end_matches('/').to_owned() })
    }

    fn path(&self, name: &str) -> String {
        if self.folder.is_empty() { format!("/{name}") } else { format!("{}/{name}", self.folder) }
    }

    /// Plain files in the folder.
    pub async fn list(&self) -> Outcome<Vec<Listed>> {
        let folder = if self.folder.is_empty() { "/".to_owned() } else { self.folder.clone() };
        let entries = timely(self.files.read_dir(folder)).await?;
        let plain = entries.filter(|entry| entry.file_type().is_file());
        Ok(plain.map(|entry| Listed { name: entry.file_name(), size: entry.metadata().len() }).collect())
    }

    /// The bytes of a file, at most so many and one more.
    pub async fn read(&self, name: &str, most: u64) -> Outcome<Vec<u8>> {
        let file = timely(self.files.open(self.path(name))).await?;
        let mut bytes = Vec::new();
        timely(file.take(most + 1).read_to_end(&mut bytes)).await?;
        Ok(bytes)
    }

    /// Moves a file into a folder beside it, made if absent.
    pub async fn put_away(&self, name: &str, into: &str, new_name: &str) -> Outcome<()> {
        // There already, or not to be made: renaming tells.
        let _ = timely(self.files.create_dir(self.path(into))).await;
        timely(self.files.rename(self.path(name), self.path(&format!("{into}/{new_name}")))).await
    }
}

/// A step with the server, in time, its failure in words.
async fn timely<T, E: std::fmt::Display>(step: impl Future<Output = Result<T, E>>) -> Outcome<T> {
    let words = match tokio::time::timeout(LONGEST, step).await {
        Ok(Ok(done)) => return Ok(done),
        Ok(Err(e)) => format!("The server said: {e}."),
        Err(_) => "The server did not answer within a minute.".to_owned(),
    };
    Err(NOT_REACHED.because(words).into())
}
