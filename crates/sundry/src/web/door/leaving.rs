//! A list on its way out as a file: what it is rides on the answer, and the door records it before it leaves.
use super::answer::Trouble;
use super::server::{Doors, Shared};
use super::visitor::Visitor;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sundry_desk::core::vault::{hex, random_bytes, sha256_hex};
use sundry_desk::reports::exports::{ExportLeft, record_export};
use sundry_desk::{Actor, Outcome};

/// What leaves.
#[derive(Clone, Debug)]
pub struct Leaving(ExportLeft);

impl Leaving {
    /// A list of so many rows, in these bytes.
    pub fn of(list: &str, format: &str, rows: usize, bytes: &[u8]) -> Leaving {
        Leaving(ExportLeft {
            key: hex(&random_bytes::<12>()),
            list: list.to_lowercase(),
            format: format.to_owned(),
            filters: Vec::new(),
            rows: i64::try_from(rows).unwrap_or(i64::MAX),
            sha256: sha256_hex(bytes),
        })
    }

    /// What it was narrowed to: `since`, a search, a state; nothing where it is empty.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Leaving {
        let value = value.into();
        if !value.is_empty() {
            self.0.filters.push((name.to_lowercase(), value));
        }
        self
    }

    /// The answer that carries it.
    pub fn on(self, mut response: Response) -> Response {
        response.extensions_mut().insert(self);
        response
    }

    /// What an answer carries.
    pub fn off(response: &mut Response) -> Option<Leaving> {
        response.extensions_mut().remove()
    }

    /// Records it.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn record(self, doors: &Doors, by: &Actor) -> Outcome<()> {
        record_export(&doors.desk, by, self.0).await
    }
}

/// Records each list that leaves by a page; one that cannot be recorded does not leave.
pub(super) async fn tell_exports(State(doors): State<Shared>, request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>().cloned();
    let mut response = next.run(request).await;
    match (Leaving::off(&mut response), visitor) {
        (Some(left), Some(visitor)) => match left.record(&doors, &visitor.actor).await {
            Ok(()) => response,
            Err(no) => Trouble(no).into_response(),
        },
        _ => response,
    }
}
