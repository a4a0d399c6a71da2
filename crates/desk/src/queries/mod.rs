//! Questions and disputes: raised, held, asked about, answered, resolved; the clock, the evidence, the letter.
mod act;
mod categories;
mod evidence;
mod hold;
mod letter;
mod lines;
mod list;
mod raise;
mod resolve;

pub use act::{ActOnQuery, AnswerQuery, QueryStands, act_on_query, answer_query};
pub use categories::{CategorySet, SetCategory, query_categories, set_query_category};
pub use evidence::{AddEvidence, EvidenceAdded, NewFile, add_evidence, evidence_file};
pub use lines::LineLeft;
pub use list::{QueriesAsk, QueriesPage, QueryShown, queries_list, query};
pub use raise::{QueryRaised, RaiseQuery, raise_query};
pub use resolve::{ResolveQuery, resolve_query};

pub(crate) use hold::hold_ended;
pub(crate) use resolve::credit_decided;

use crate::{Actor, Outcome};
use sundry_domain::control::Duty;

/// Who works cases or answers queries may do either to a query.
fn may_work(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::WorkCases) { Ok(()) } else { Ok(by.must_hold(Duty::AnswerQueries)?) }
}
