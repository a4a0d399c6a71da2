//! Once a day: services are reminded, links end, and queries that nobody settles go to somebody named.
use super::ask::send_link;
use super::escalate::{escalate, rules_of};
use super::raise::nation;
use crate::core::command::answer_before;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use sundry_domain::control::Duty;
use sundry_domain::ids::QueryId;
use sundry_domain::money::Pence;
use sundry_domain::queries::{escalation_due, refusals, reminder_due};
use sundry_store::queries::{self, escalations, questions};

/// What a day did to queries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueriesTended {
    /// Services that were reminded.
    pub reminded: i64,
    /// Links that ended without an answer.
    pub expired: i64,
    /// Query and rule of what was escalated.
    pub escalated: Vec<(String, String)>,
}

/// Tends queries for a day; asked again for the same day, it answers the same.
///
/// # Errors
/// Duty; a calendar that is not loaded.
pub async fn tend_queries(desk: &Desk, by: &Actor, day: NaiveDate) -> Outcome<QueriesTended> {
    by.must_hold(Duty::ReleaseRuns)?;
    let mut look = desk.look().await?;
    let questions = questions::questions_overdue(&mut look, by.org, day).await?;
    let overdue = escalations::overdue(&mut look, by.org, day).await?;
    drop(look);
    let key = format!("queries/tend/{day}");
    if questions.is_empty() && overdue.is_empty() {
        // Nothing is left to look at, perhaps since it was all settled after this very look.
        return Ok(answer_before(desk, by, "tend_queries", &key).await?.unwrap_or_default());
    }
    command!(desk, by, "tend_queries", &key, &day, |cmd| {
        let (org, mut tended) = (cmd.by.org, QueriesTended::default());
        let nation = nation(cmd).await?;
        let book = cmd.desk.book();
        for row in questions::questions_overdue(&mut cmd.tx, org, day).await? {
            let query = queries::query_of_id(&mut cmd.tx, org, QueryId(row.query_id)).await?;
            let Some(query) = query else { continue };
            if row.ends_on < day {
                questions::end_question(&mut cmd.tx, org, row.id, "expired").await?;
                cmd.tell("QuestionExpired", format!("query {}", query.number), row.id);
                tended.expired += 1;
            } else if reminder_due(book.calendar(nation), row.answer_by, (row.reminders, row.reminded_on), day)? {
                match send_link(cmd, &row, &query.number, true).await {
                    // Without an address nobody can be written to; the day goes on, and the query's own clock runs.
                    Err(no) if no.code() == Some(refusals::NO_ADDRESS.code) => continue,
                    sent => sent?,
                }
                questions::note_reminder(&mut cmd.tx, org, row.id, day).await?;
                cmd.tell("ServiceReminded", format!("query {}", query.number), row.id);
                tended.reminded += 1;
            }
        }
        let rules = rules_of(&mut cmd.tx, org, day).await?;
        let before: HashSet<(i64, String)> = escalations::escalated(&mut cmd.tx, org).await?.into_iter().collect();
        for (id, number, answer_by, disputed) in escalations::overdue(&mut cmd.tx, org, day).await? {
            for rule in &rules {
                let facts = (answer_by, Pence(disputed));
                let new = !before.contains(&(id, rule.code.clone()));
                if new && escalation_due(rule, facts, book.calendar(nation), day)? {
                    escalate(cmd, QueryId(id), rule, day).await?;
                    tended.escalated.push((number.clone(), rule.code.clone()));
                }
            }
        }
        cmd.tell("QueriesTended", format!("queries on {day}"), &tended);
        Ok(tended)
    })
}
