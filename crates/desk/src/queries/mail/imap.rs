//! The mail server: IMAP, always over TLS, its certificate checked before a password is sent.
use super::mailboxes::secret_row;
use crate::{Desk, Fault, No, Outcome};
use async_imap::error::Error;
use async_imap::{Client, Session};
use futures::TryStreamExt;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use sundry_domain::ids::OrgId;
use sundry_domain::queries::refusals::{MAILBOX, MAILBOX_CERTIFICATE};
use sundry_formats::mail::{BEGINNING, LARGEST_MESSAGE};
use sundry_store::queries::mailboxes::MailboxRow;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How long each step with the server may take.
const LONGEST: Duration = Duration::from_secs(60);
/// How long it may take to be reached.
const DIAL: Duration = Duration::from_secs(15);

/// A mailbox whose folder is open.
pub(super) struct Imap {
    session: Session<TlsStream<TcpStream>>,
    host: String,
    /// How the server numbers the messages of this folder.
    pub uid_validity: i64,
    moves: bool,
}

/// Certificates in a text; none where it holds none, or one that cannot be read.
pub(super) fn read_certificates(text: &str) -> Option<Vec<CertificateDer<'static>>> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let read = read.ok().filter(|all| !all.is_empty())?;
    let mut store = RootCertStore::empty();
    read.iter().all(|one| store.add(one.clone()).is_ok()).then_some(read)
}

fn connector(certificate: &str) -> Outcome<TlsConnector> {
    let mut roots = RootCertStore::empty();
    match certificate {
        "" => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        text => {
            let read = read_certificates(text).ok_or_else(|| Fault::new("a mailbox's certificate cannot be read"))?;
            for one in read {
                roots.add(one).map_err(|e| Fault::new(format!("a certificate cannot be used: {e}")))?;
            }
        }
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| Fault::new(format!("TLS cannot be set up: {e}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

fn no(words: String) -> No {
    MAILBOX.because(words).into()
}

/// A step with the server, in time, its failure in words.
async fn timely<T>(host: &str, step: impl Future<Output = Result<T, Error>>) -> Outcome<T> {
    match tokio::time::timeout(LONGEST, step).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(Error::No(said) | Error::Bad(said))) => Err(no(format!("{host} said: {}", plain(&said)))),
        Ok(Err(Error::ConnectionLost)) => Err(no(format!("{host} ended the connection"))),
        Ok(Err(e)) => Err(no(format!("{host} cannot be understood: {}", plain(&e.to_string())))),
        Err(_) => Err(no(format!("{host} did not answer within a minute"))),
    }
}

/// What a server said, on one line and short.
fn plain(said: &str) -> String {
    let words: String = said.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn dial(row: &MailboxRow) -> Outcome<TlsStream<TcpStream>> {
    let (host, port) = (row.host.as_str(), u16::try_from(row.port).unwrap_or(993));
    let place = format!("{host}:{port}");
    let connected = tokio::time::timeout(DIAL, TcpStream::connect((host, port))).await;
    let stream = connected.map_err(|_| no(format!("{place} does not answer")))?;
    let stream = stream.map_err(|e| no(format!("{place} cannot be reached: {e}")))?;
    let name = ServerName::try_from(host.to_owned()).map_err(|_| no(format!("{host} is not the name of a server")))?;
    let connector = connector(&row.certificate)?;
    let shaken = tokio::time::timeout(DIAL, connector.connect(name, stream)).await;
    shaken.map_err(|_| no(format!("{place} does not speak TLS")))?.map_err(|e| {
        let inner = e.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
        match inner {
            Some(rustls::Error::InvalidCertificate(why)) => {
                let words = format!("The certificate of {host} cannot be trusted: {}", plain(&why.to_string()));
                MAILBOX_CERTIFICATE.because(words).into()
            }
            _ => no(format!("{place} does not speak TLS: {}", plain(&e.to_string()))),
        }
    })
}

impl Imap {
    /// Signs in and opens the folder.
    pub async fn open(desk: &Desk, org: OrgId, row: &MailboxRow) -> Outcome<Imap> {
        let password = desk.vault().open_text(org.0, &secret_row(row.id), &row.secret)?;
        let mut client = Client::new(dial(row).await?);
        let host = row.host.clone();
        let greeted = timely(&host, async { Ok(client.read_response().await?) }).await?;
        if greeted.is_none() {
            return Err(no(format!("{host} ended the connection")));
        }
        let login = client.login(&row.user_name, &password);
        let mut session = match tokio::time::timeout(LONGEST, login).await {
            Ok(Ok(session)) => session,
            Ok(Err((Error::No(said), _))) => {
                let words = format!("{host} does not let {} in: {}", row.user_name, plain(&said));
                return Err(no(words));
            }
            Ok(Err((e, _))) => return Err(no(format!("{host} cannot be understood: {}", plain(&e.to_string())))),
            Err(_) => return Err(no(format!("{host} did not answer within a minute"))),
        };
        let known = timely(&host, session.capabilities()).await?;
        let moves = known.has_str("MOVE");
        let folder = timely(&host, session.select(&row.folder)).await?;
        let uid_validity = folder.uid_validity.ok_or_else(|| no(format!("{host} does not number its messages")))?;
        Ok(Imap { session, host, uid_validity: i64::from(uid_validity), moves })
    }

    /// The server's numbers of the messages in the folder, in order.
    pub async fn uids(&mut self) -> Outcome<Vec<i64>> {
        let found = timely(&self.host, self.session.uid_search("NOT DELETED")).await?;
        let mut found: Vec<i64> = found.into_iter().map(i64::from).collect();
        found.sort_unstable();
        Ok(found)
    }

    /// The size of a message and its bytes, or its beginning where it is too large; none where it is gone.
    ///
    /// `PEEK` leaves it unread: it is marked only when it is ours for good.
    pub async fn fetch(&mut self, uid: i64) -> Outcome<Option<(i64, Vec<u8>)>> {
        let size = self.one(uid, "(UID RFC822.SIZE)").await?.and_then(|(size, _)| size);
        let Some(size) = size else { return Ok(None) };
        let what = if size as usize > LARGEST_MESSAGE {
            format!("(UID BODY.PEEK[]<0.{BEGINNING}>)")
        } else {
            "(UID BODY.PEEK[])".to_owned()
        };
        let bytes = self.one(uid, &what).await?.and_then(|(_, bytes)| bytes);
        Ok(bytes.map(|bytes| (i64::from(size), bytes)))
    }

    async fn one(&mut self, uid: i64, what: &str) -> Outcome<Option<(Option<u32>, Option<Vec<u8>>)>> {
        let session = &mut self.session;
        let step = async {
            let answers: Vec<_> = session.uid_fetch(uid.to_string(), what).await?.try_collect().await?;
            let ours = answers.iter().find(|one| one.uid.map(i64::from) == Some(uid));
            Ok(ours.map(|one| (one.size, one.body().map(<[u8]>::to_vec))))
        };
        timely(&self.host, step).await
    }

    /// Marks messages as read and, where a folder is given, moves them there.
    pub async fn put_away(&mut self, uids: &[i64], moved_to: &str) -> Outcome<()> {
        let all = uids.iter().map(i64::to_string).collect::<Vec<_>>().join(",");
        let session = &mut self.session;
        let step = async {
            let marked: Vec<_> = session.uid_store(&all, "+FLAGS.SILENT (\\Seen)").await?.try_collect().await?;
            drop(marked);
            Ok(())
        };
        timely(&self.host, step).await?;
        if moved_to.is_empty() {
            return Ok(());
        }
        if !self.moves {
            return Err(no(format!("{} cannot move messages, so they stay where they are", self.host)));
        }
        match timely(&self.host, self.session.uid_mv(&all, moved_to)).await {
            // The folder may not be there yet.
            Err(No::Refused(_)) => {
                timely(&self.host, self.session.create(moved_to)).await?;
                timely(&self.host, self.session.uid_mv(&all, moved_to)).await
            }
            other => other,
        }
    }

    /// Says goodbye; what is not said does no harm.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(DIAL, self.session.logout()).await;
    }
}
