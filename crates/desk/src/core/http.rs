//! Asking a provider over HTTPS: one client, every call ends, and only what is safe is sent again.
use super::vault::random_bytes;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, StatusCode};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A connection is there within this, or it is not.
const CONNECT: Duration = Duration::from_secs(5);
/// Every call ends within this.
const DEADLINE: Duration = Duration::from_secs(15);
/// How often a call that is safe is made.
const TRIES: u32 = 3;
/// The largest answer that is read.
const LARGEST: usize = 8 * 1024 * 1024;

/// Why there was no answer that we understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silence {
    /// For the log; never the key.
    pub words: String,
    /// It may have happened all the same.
    pub may_have_happened: bool,
}

/// A call.
pub(crate) struct Call<'a> {
    pub method: Method,
    pub url: String,
    pub headers: Vec<(&'static str, String)>,
    pub body: Option<String>,
    /// Sent again it does nothing twice: a question, or a request with a key that the provider honours.
    pub safe_again: bool,
    /// What it is, for the log.
    pub what: &'a str,
}

/// An answer.
pub(crate) struct Reply {
    pub status: StatusCode,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The client of this process: TLS by rustls and ring, trusting the roots that mail trusts, following nowhere.
fn client() -> Result<&'static Client, Silence> {
    static CLIENT: OnceLock<Result<Client, String>> = OnceLock::new();
    let made = CLIENT.get_or_init(|| {
        let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Client::builder()
            .tls_backend_preconfigured(tls)
            .connect_timeout(CONNECT)
            .timeout(DEADLINE)
            .redirect(Policy::none())
            .no_proxy()
            .user_agent("sundry")
            .build()
            .map_err(|e| e.to_string())
    });
    made.as_ref().map_err(|words| Silence { words: words.clone(), may_have_happened: false })
}

/// Makes a call. What is safe is made again after a silence, a 429 or a fault of theirs, a little later each time.
pub(crate) async fn call(call: Call<'_>) -> Result<Reply, Silence> {
    let mut tried = 0;
    loop {
        let answer = once(&call).await;
        tried += 1;
        let worth_it = match &answer {
            Ok(reply) => reply.status == StatusCode::TOO_MANY_REQUESTS || reply.status.is_server_error(),
            Err(silence) => call.safe_again || !silence.may_have_happened,
        };
        let again = match &answer {
            Ok(reply) if reply.status == StatusCode::TOO_MANY_REQUESTS => true,
            Ok(_) => call.safe_again,
            Err(_) => true,
        };
        if !worth_it || !again || tried >= TRIES {
            return answer;
        }
        let base = 150u64 << tried;
        tokio::time::sleep(Duration::from_millis(base + u64::from(random_bytes::<1>()[0]))).await;
    }
}

async fn once(call: &Call<'_>) -> Result<Reply, Silence> {
    fetch(call, LARGEST).await
}

/// One call, whose answer may be as large as is said: a file.
pub(crate) async fn fetch(call: &Call<'_>, largest: usize) -> Result<Reply, Silence> {
    let silence = |words: String, may_have_happened| Silence { words, may_have_happened };
    let mut headers = HeaderMap::new();
    for (name, value) in &call.headers {
        let mut value = HeaderValue::from_str(value).map_err(|_| silence(format!("{name} cannot be sent"), false))?;
        value.set_sensitive(*name == "authorization");
        headers.insert(HeaderName::from_static(name), value);
    }
    let mut request = client()?.request(call.method.clone(), &call.url).headers(headers);
    if let Some(body) = &call.body {
        request = request.body(body.clone());
    }
    let what = call.what;
    let sent = request.send().await;
    let mut response = sent.map_err(|e| {
        let happened = !e.is_connect();
        silence(format!("{what}: {}", e.without_url()), happened)
    })?;
    let status = response.status();
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(part)) if body.len() + part.len() <= largest => body.extend_from_slice(&part),
            Ok(Some(_)) => return Err(silence(format!("{what}: the answer is over {} MB", largest / 1_048_576), true)),
            Ok(None) => return Ok(Reply { status, body }),
            Err(e) => return Err(silence(format!("{what}: {}", e.without_url()), true)),
        }
    }
}
