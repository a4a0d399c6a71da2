//! The table of routes: each with the duty it needs. A route without a row does not exist (Q01).
use super::answer::Trouble;
use super::server::Shared;
use super::visitor::Visitor;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use sundry_domain::control::Duty;

/// A row of the duty table.
#[derive(Clone, Copy, Debug)]
pub struct RouteRow {
    /// The path, with its `{parts}`.
    pub path: &'static str,
    /// The duties, any one of which opens it; none means anyone signed in.
    pub duties: &'static [Duty],
}

/// Routes under construction, with their table.
#[derive(Default)]
pub struct Routes {
    router: Router<Shared>,
    /// The duty table.
    pub table: Vec<RouteRow>,
}

impl Routes {
    /// Adds a route that needs one of the duties.
    #[must_use]
    pub fn add(mut self, path: &'static str, duties: &'static [Duty], methods: MethodRouter<Shared>) -> Routes {
        let guard = from_fn(move |request: Request, next: Next| guard(duties, request, next));
        self.router = self.router.route(path, methods.route_layer(guard));
        self.table.push(RouteRow { path, duties });
        self
    }

    /// The router.
    pub fn into_router(self) -> Router<Shared> {
        self.router
    }
}

async fn guard(duties: &'static [Duty], request: Request, next: Next) -> Response {
    let visitor = request.extensions().get::<Visitor>();
    let may = visitor.is_some_and(|v| duties.is_empty() || duties.iter().any(|d| v.actor.holds(*d)));
    if may {
        return next.run(request).await;
    }
    match (visitor, duties.first()) {
        (Some(visitor), Some(duty)) => match visitor.actor.must_hold(*duty) {
            Err(refusal) => Trouble(refusal.into()).into_response(),
            Ok(()) => next.run(request).await,
        },
        _ => Trouble(sundry_desk::No::Absent("page".into())).into_response(),
    }
}
