//! Why a program gets no answer: RFC 9457 problem details, with the code and the way out.
use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Serialize;
use sundry_desk::No;
use sundry_desk::core::vault::{hex, random_bytes};
use sundry_domain::refusal::Invalid;
use utoipa::ToSchema;

/// One thing wrong at one place.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// Row of the file or place in the list, counted from 1; none for the whole.
    pub row: Option<u64>,
    /// The field.
    pub field: String,
    /// What to do.
    pub message: String,
    /// What was sent.
    pub typed: String,
}

impl From<Invalid> for FieldProblem {
    fn from(one: Invalid) -> FieldProblem {
        FieldProblem { row: one.row, field: one.field, message: one.message, typed: one.typed }
    }
}

/// Why there is no answer (RFC 9457).
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// Names the kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// In a few words.
    pub title: String,
    /// The status of the answer.
    pub status: u16,
    /// In a sentence.
    pub detail: String,
    /// Stable code of the refusal, such as `REC-04-HOLD`.
    pub code: String,
    /// The rule behind it, where there is one.
    pub rule: Option<String>,
    /// What can be done instead.
    pub way_out: Option<String>,
    /// The first day it would be allowed, where known.
    pub allowed_from: Option<NaiveDate>,
    /// Everything wrong with what was sent.
    pub errors: Vec<FieldProblem>,
    /// The number to quote when the fault is ours.
    pub reference: Option<String>,
}

/// Why there is no answer, small enough to be handed about.
#[derive(Clone, Debug)]
pub struct Problem(Box<Details>);

impl Problem {
    /// A problem of a kind.
    pub fn new(status: StatusCode, code: &str, title: &str, detail: impl Into<String>) -> Problem {
        Problem(Box::new(Details {
            kind: format!("urn:sundry:problem:{}", code.to_lowercase()),
            title: title.into(),
            status: status.as_u16(),
            detail: detail.into(),
            code: code.into(),
            ..Details::default()
        }))
    }

    /// Nobody known is asking.
    pub fn unknown_caller() -> Problem {
        let detail = "Send an API key of this home as a bearer token.";
        Problem::new(StatusCode::UNAUTHORIZED, "SEC-API-KEY", "Not signed in", detail)
    }

    /// There is no such thing, or it is another organisation's.
    pub fn absent(what: &str) -> Problem {
        let what = if what.is_empty() { "thing" } else { what };
        Problem::new(StatusCode::NOT_FOUND, "NOT-FOUND", "Not found", format!("There is no {what} here."))
    }
}

/// The same problem, with more said.
fn with(mut problem: Problem, say: impl FnOnce(&mut Details)) -> Problem {
    say(&mut problem.0);
    problem
}

impl<E: Into<No>> From<E> for Problem {
    fn from(no: E) -> Problem {
        match no.into() {
            No::Refused(refusal) => {
                let refusal = *refusal;
                let (status, title) = match refusal.code.as_str() {
                    "CTL-01-NO-DUTY" => (StatusCode::FORBIDDEN, "Not yours to do"),
                    "OPS-KEY-REUSED" => (StatusCode::UNPROCESSABLE_ENTITY, "Key used before"),
                    "OPS-NOT-KNOWN-YET" => (StatusCode::SERVICE_UNAVAILABLE, "Not known yet"),
                    _ => (StatusCode::CONFLICT, "A rule says no"),
                };
                with(Problem::new(status, &refusal.code, title, refusal.sentence), |details| {
                    details.rule = Some(refusal.rule);
                    details.way_out = Some(refusal.way_out);
                    details.allowed_from = refusal.allowed_from;
                })
            }
            No::Invalid(all) => {
                let detail = all.iter().map(|one| one.message.as_str()).collect::<Vec<_>>().join(". ");
                let title = "Not understood";
                with(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "INVALID", title, detail), |details| {
                    details.errors = all.into_iter().map(FieldProblem::from).collect()
                })
            }
            No::Absent(what) => Problem::absent(&what),
            No::Fault(fault) => {
                let reference = format!("F-{}", hex(&random_bytes::<4>()).to_uppercase());
                tracing::error!(reference, words = fault.words, "fault");
                let (status, detail) = if fault.class == sundry_store::engine::Class::Never {
                    (StatusCode::INTERNAL_SERVER_ERROR, "Something went wrong on our side.")
                } else {
                    let again = "The database did not answer. Send the request again with the same key.";
                    (StatusCode::SERVICE_UNAVAILABLE, again)
                };
                with(Problem::new(status, "FAULT", "Our fault", detail), |details| details.reference = Some(reference))
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(&*self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Sundry\""));
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}
