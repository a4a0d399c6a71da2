//! The server: routes, layers in their order, and stopping gently.
use super::answer::{Carried, status_of};
use super::leaving::tell_exports;
use super::routes::RouteRow;
use super::visitor::{Visitor, form_encode, know};
use super::{answer, safety};
use crate::web::assets;
use crate::web::pages::problem::{Kind, Problem};
use crate::web::pages::sign_in::DemoPerson;
use crate::web::ui::{Frame, Refused};
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, MatchedPath, Path, Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::sync::Arc;
use sundry_desk::core::met::{note_met, watched};
use sundry_desk::core::vault::{hex, random_bytes};
use sundry_desk::{Desk, Mode, No};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// The largest thing that may be sent: a bank file of a busy month.
const LARGEST_BODY: usize = 64 * 1024 * 1024;

/// What the handlers share.
pub struct Doors {
    /// The desk.
    pub desk: Desk,
    /// In a demo home: whom to sign in as.
    pub demo_people: Vec<DemoPerson>,
    /// Served over TLS, so that the cookie can be `__Host-`.
    pub tls: bool,
    /// Every page behind the sign-in, with the duties that open it.
    pub pages: Vec<RouteRow>,
    /// How often links without a session were tried of late.
    pub tries: crate::web::rooms::ask::Tries,
}

/// What the handlers are given.
pub type Shared = Arc<Doors>;

impl Doors {
    /// Doors of a desk.
    pub fn new(desk: Desk, demo_people: Vec<DemoPerson>, tls: bool) -> Shared {
        Arc::new(Doors { desk, demo_people, tls, pages: crate::web::rooms::routes().table, tries: Default::default() })
    }

    /// The name of the session cookie.
    pub fn cookie_name(&self) -> &'static str {
        if self.tls { "__Host-sundry" } else { "sundry" }
    }
}

/// Every page and the API, with the layers each passes through.
pub fn router(doors: Shared) -> Router {
    let pages = crate::web::rooms::routes().into_router();
    let pages = pages
        .fallback(async || answer::Trouble(No::Absent("page".into())))
        .layer(from_fn_with_state(doors.clone(), tell_exports))
        .layer(from_fn_with_state(doors.clone(), problem_pages))
        .layer(from_fn_with_state(doors.clone(), note_refusals))
        .layer(from_fn_with_state(doors.clone(), know));
    let open = Router::new().route("/assets/{name}", get(asset)).merge(crate::web::rooms::sign_in::routes());
    let open = open
        .merge(crate::web::rooms::pay::routes())
        .merge(crate::web::rooms::ask::routes())
        .merge(crate::web::rooms::refer::routes())
        .merge(crate::web::rooms::plan_online::routes());
    let api = crate::api::router(doors.clone());
    Router::new()
        .merge(open)
        .nest("/api/v1", api)
        .merge(pages)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(safety::own_site))
        .layer(from_fn(safety::no_nul))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::new())
        .layer(from_fn(safety::headers))
        .with_state(doors)
}

/// Serves until told to stop, then lets what is under way end.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(doors: Shared, listener: tokio::net::TcpListener) -> std::io::Result<()> {
    let service = router(doors).into_make_service_with_connect_info::<std::net::SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(asked_to_stop()).await
}

async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = term.recv() => {}
    }
}

async fn asset(Path(name): Path<String>) -> Response {
    match assets::find(&name) {
        Some(asset) => {
            let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
            let kind = HeaderValue::from_static(asset.media_type);
            ([(header::CACHE_CONTROL, kept), (header::CONTENT_TYPE, kind)], asset.bytes).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Notes what somebody signed in was refused before a command began; a page that is only looked at is no act.
async fn note_refusals(State(doors): State<Shared>, request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>().cloned();
    let Some(visitor) = visitor.filter(|_| changes(&request)) else { return next.run(request).await };
    let asked = asked_for(&request);
    let (response, met) = watched(next.run(request)).await;
    match met.filter(|_| response.status().is_client_error()) {
        Some(refusal) => match note_met(&doors.desk, &visitor.actor, &asked, &refusal).await {
            Ok(()) => response,
            Err(no) => answer::Trouble(no).into_response(),
        },
        None => response,
    }
}

/// Whether a request asks for more than to be shown something.
pub fn changes(request: &Request) -> bool {
    !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS)
}

/// What is asked for, as the trail names it: the method, and the address without what identifies anybody.
pub fn asked_for(request: &Request) -> String {
    let path = request.extensions().get::<MatchedPath>().map_or("", |matched| matched.as_str());
    format!("{} {path}", request.method())
}

/// Makes a full page of a problem, and logs what is our fault, once, with a number to quote.
async fn problem_pages(State(doors): State<Shared>, request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>().cloned();
    let path = request.uri().path().to_owned();
    let response = next.run(request).await;
    let Some(Carried(no)) = response.extensions().get::<Carried>().cloned() else {
        return response;
    };
    let frame = match &visitor {
        Some(visitor) => doors.frame(visitor, "").await,
        None => Frame::default(),
    };
    let status = status_of(&no);
    let kind = match &*no {
        No::Refused(refusal) if refusal.code == "CTL-01-NO-DUTY" => {
            Kind::NotAllowed { duty: refusal.sentence.clone(), granted_by: "An administrator".into() }
        }
        No::Refused(refusal) => {
            let refused = Refused {
                code: refusal.code.clone(),
                sentence: refusal.sentence.clone(),
                citation: refusal.rule.clone(),
                instead: refusal.way_out.clone(),
            };
            Kind::Refused(refused, path)
        }
        No::Invalid(all) => {
            let sentence = all.iter().map(|i| i.message.clone()).collect::<Vec<_>>().join(". ");
            let (code, citation) = (String::new(), String::new());
            Kind::Refused(Refused { code, sentence, citation, instead: "Go back and put it right.".into() }, path)
        }
        No::Absent(what) => Kind::not_found(&frame, &path, what),
        No::Fault(fault) => Kind::Fault(log_fault(&doors, &path, &fault.words)),
    };
    match answer::page_with(status, &Problem { frame, kind }) {
        Ok(page) => page,
        Err(_) => (status, Body::from("Something went wrong on our side.")).into_response(),
    }
}

/// Logs a fault and gives the number to quote.
pub fn log_fault(doors: &Doors, path: &str, words: &str) -> String {
    let number = format!("F-{}", hex(&random_bytes::<4>()).to_uppercase());
    let live = doors.desk.mode() == Mode::Live;
    tracing::error!(number, path = form_encode(path), words, live, "fault");
    number
}
