//! Questions and disputes: raised, held, answered, resolved; the clock.
mod act;
mod list;
mod raise;

pub use act::{ActOnQuery, AnswerQuery, QueryStands, ResolveQuery, act_on_query, answer_query, resolve_query};
pub use list::{QueriesAsk, QueriesPage, QueryShown, queries_list, query};
pub use raise::{QueryRaised, RaiseQuery, raise_query};

use crate::{Actor, Outcome};
use sundry_domain::control::Duty;

/// Who works cases or answers queries may do either to a query.
fn may_work(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::WorkCases) { Ok(()) } else { Ok(by.must_hold(Duty::AnswerQueries)?) }
}
