//! Questions and disputes: raised, held, asked about, answered, resolved; the clock, the evidence, the letter.
mod act;
mod ask;
mod categories;
mod causes;
mod complaint;
mod escalate;
mod evidence;
mod hold;
mod letter;
mod lines;
mod list;
mod mail;
mod raise;
mod resolve;
mod servicenow;
mod tend;

pub use act::{ActOnQuery, AnswerQuery, QueryStands, act_on_query, answer_query};
pub use ask::{
    AnswerByLink, AskService, LinkedQuestion, ServiceAsked, WithdrawQuestion, answer_by_link, ask_service,
    linked_question, withdraw_question,
};
pub use categories::{CategorySet, SetCategory, query_categories, set_query_category};
pub use causes::{CauseRow, CausesReport, query_causes};
pub use complaint::{
    ActOnComplaint, ComplaintOpened, ComplaintShown, ComplaintStands, ComplaintsAsk, ComplaintsPage, OpenComplaint,
    act_on_complaint, complaint, complaints_list, open_complaint,
};
pub use escalate::{EscalationSet, SetEscalation, escalation_rules, set_escalation};
pub use evidence::{AddEvidence, EvidenceAdded, NewFile, add_evidence, evidence_file};
pub use lines::LineLeft;
pub use list::{QueriesAsk, QueriesPage, QueryShown, queries_list, query};
pub use mail::{
    KeepMailbox, MailAsk, MailCollected, MailPage, MailShown, MailSorted, MailTaken, Mailbox, MailboxVisited,
    PauseMailbox, SortMail, TakeMail, ask_for_due_mail, collect_mail, keep_mailbox, mail, mail_list, mail_source,
    mailboxes, pause_mailbox, sort_mail, take_mail,
};
pub use raise::{QueryRaised, RaiseQuery, raise_query};
pub use resolve::{ResolveQuery, resolve_query};
pub use servicenow::{
    AskServiceNow, CaseOfQuery, CheckServiceNow, ReadSheet, ServiceNowAsk, ServiceNowAsked, ServiceNowChecked,
    ServiceNowPage, ServiceNowSettings, ServiceNowShown, ServiceNowSorted, ServiceNowStands, ServiceNowSynced,
    SetServiceNow, SortServiceNow, SyncServiceNow, ask_for_due_servicenow, ask_servicenow, check_servicenow,
    servicenow_case, servicenow_cases, servicenow_settings, servicenow_stands, set_servicenow, sort_servicenow,
    sync_servicenow,
};
pub use tend::{QueriesTended, tend_queries};

pub(crate) use hold::hold_ended;
pub(crate) use resolve::credit_decided;

use crate::{Actor, Outcome};
use sundry_domain::control::Duty;

/// Who works cases or answers queries may do either to a query.
fn may_work(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::WorkCases) { Ok(()) } else { Ok(by.must_hold(Duty::AnswerQueries)?) }
}
