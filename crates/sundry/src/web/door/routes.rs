//! The table of routes: each with the duty it needs. A route without a row does not exist (Q01).
use super::answer::Trouble;
use super::server::Shared;
use super::visitor::Visitor;
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use sundry_desk::{Actor, No};
use sundry_domain::control::Duty;

/// A row of the duty table.
#[derive(Clone, Copy, Debug)]
pub struct RouteRow {
    /// The path, with its `{parts}`.
    pub path: &'static str,
    /// The duties, any one of which opens it; none means anyone signed in.
    pub duties: &'static [Duty],
}

impl RouteRow {
    /// Whether somebody may open it: the question of the guard and of links.
    pub fn opens_for(&self, actor: &Actor) -> bool {
        self.opens_with(|duty| actor.holds(duty))
    }

    /// Whether these duties open it. Who reads the trail reads others' work only where they see the accounts too: an
    /// administrator does not.
    pub fn opens_with(&self, holds: impl Fn(Duty) -> bool) -> bool {
        let reads_all = self.duties == [Duty::ReadAudit] || holds(Duty::View);
        let opens = |duty: &Duty| holds(*duty) && (*duty != Duty::ReadAudit || reads_all);
        self.duties.is_empty() || self.duties.iter().any(opens)
    }
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
        let row = RouteRow { path, duties };
        let guard = from_fn(move |request: Request, next: Next| guard(row, request, next));
        self.router = self.router.route(path, methods.route_layer(guard));
        self.table.push(row);
        self
    }

    /// The router.
    pub fn into_router(self) -> Router<Shared> {
        self.router
    }
}

async fn guard(row: RouteRow, request: Request, next: Next) -> Response {
    let Some(visitor) = request.extensions().get::<Visitor>() else {
        return Trouble(No::Absent("page".into())).into_response();
    };
    if row.opens_for(&visitor.actor) {
        return next.run(request).await;
    }
    // Each of the duties opens it; the first is the one to ask for.
    match row.duties.first().map_or(Ok(()), |duty| visitor.actor.must_hold(*duty)) {
        Err(refusal) => Trouble(refusal.into()).into_response(),
        Ok(()) => next.run(request).await,
    }
}
