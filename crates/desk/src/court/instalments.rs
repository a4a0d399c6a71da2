//! Judgments by instalments: how they stand by what came in, and each in the diary (CT-06, CT-07).
use super::{due, note};
use crate::Outcome;
use crate::core::command::Command;
use chrono::NaiveDate;
use sundry_domain::court::JudgmentTerms;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_store::Tx;
use sundry_store::court::{self as store, CaseRow};

async fn next(tx: &mut Tx, org: OrgId, row: &CaseRow) -> Outcome<Option<(NaiveDate, Pence)>> {
    let (Some(terms), Some(on)) = (&row.terms, row.judgment_on) else { return Ok(None) };
    let terms: JudgmentTerms = serde_json::from_value(terms.clone())?;
    let paid = store::received_since(tx, org, row.id, on).await?;
    Ok(terms.next(Pence(paid), Pence(row.judgment_pence)))
}

/// Whether the instalments that the court ordered are kept, by what came in; none where it ordered none.
pub(super) async fn kept(tx: &mut Tx, org: OrgId, row: &CaseRow, today: NaiveDate) -> Outcome<Option<bool>> {
    if row.terms.is_none() {
        return Ok(None);
    }
    Ok(Some(next(tx, org, row).await?.is_none_or(|(on, _)| today <= on)))
}

/// Keeps the next instalment in the diary; one that was missed stays there as work until it is paid.
pub(super) async fn tend(cmd: &mut Command, row: &CaseRow) -> Outcome<()> {
    let (org, today) = (cmd.by.org, cmd.today);
    let Some((on, left)) = next(&mut cmd.tx, org, row).await? else { return Ok(()) };
    let events = store::events_of(&mut cmd.tx, org, row.id).await?;
    let open = |kind: &str| {
        events.iter().find(|event| event.kind == kind && event.due_on.is_some() && event.done_on.is_none())
    };
    let (there, missed) = (open("instalment").and_then(|event| event.due_on), open("missed").is_some());
    let mut more = Vec::new();
    if there != Some(on) {
        store::meet(&mut cmd.tx, org, row.id, "instalment", today).await?;
        store::meet(&mut cmd.tx, org, row.id, "missed", today).await?;
        more.push(due("instalment", on, format!("Instalment of the judgment: {left}")));
    }
    if on < today && (there != Some(on) || !missed) {
        let words =
            format!("{left} due on {} did not come: what is in arrear, or the whole, may be enforced", written(on));
        more.push(due("missed", today, words));
    }
    if more.is_empty() { Ok(()) } else { note(cmd, row.id, more).await }
}
