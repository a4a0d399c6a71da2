//! Trials of two pathways: the list, starting one, what one shows so far, and its end.
use super::form::{again, date_field, onto};
use super::pathways::names;
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::pathway_edit::Typed;
use crate::web::pages::pathway_trials::{PathwayTrialPage, PathwayTrials, TrialLine};
use crate::web::ui::{Tag, TagColour, money, number, tag};
use axum::extract::{Path, State};
use axum::routing::{get, post};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_desk::Outcome;
use sundry_desk::recovery::pathways::{
    EndTrial, StartTrial, TrialArm, TrialShown, end_trial, start_trial, trial, trials,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_store::recovery::pathways::TrialRow;

const LOOK: &[Duty] = &[Duty::View, Duty::ManageSettings, Duty::ApproveSettings];
const HOME: &str = "/recovery/pathway-trials";
const FIELDS: [&str; 6] = ["champion", "challenger", "share_percent", "from_on", "until_on", "reason"];

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/recovery/pathway-trials", LOOK, get(list))
        .add("/recovery/pathway-trials/start", &[Duty::ManageSettings], post(start))
        .add("/recovery/pathway-trials/{number}", LOOK, get(one))
        .add("/recovery/pathway-trials/{number}/end", &[Duty::ManageSettings], post(end))
}

fn named(names: &BTreeMap<String, String>, code: &str) -> String {
    names.get(code).cloned().unwrap_or_else(|| code.to_owned())
}

fn state(trial: &TrialRow, today: NaiveDate) -> Tag {
    match trial.ended_on {
        Some(_) => tag("Ended", TagColour::Grey),
        None if trial.until_on < today => tag("Over", TagColour::Grey),
        None if trial.from_on > today => tag("To come", TagColour::Blue),
        None => tag("Runs", TagColour::Green),
    }
}

async fn shown(doors: &Shared, visitor: &Visitor, typed: Typed) -> Outcome<PathwayTrials> {
    let names = names(doors, visitor).await?;
    let today = doors.desk.today();
    let line = |one: TrialShown| TrialLine {
        state: state(&one.trial, today),
        pathways: (named(&names, &one.trial.champion), named(&names, &one.trial.challenger)),
        share_percent: one.trial.share_percent,
        days: (one.trial.from_on, one.trial.ended_on.unwrap_or(one.trial.until_on)),
        number: one.trial.number,
    };
    let rows = trials(&doors.desk, &visitor.actor).await?.into_iter().map(line).collect();
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/pathways".into();
    let may_start = visitor.actor.holds(Duty::ManageSettings);
    Ok(PathwayTrials { frame, rows, pathways: names.into_iter().collect(), typed, may_start })
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&shown(&doors, &visitor, Typed::new()).await?)
}

async fn start(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = FIELDS.iter().map(|field| ((*field).to_owned(), posted.get(field).to_owned())).collect();
    let mut form = shown(&doors, &visitor, typed).await?;
    let today = doors.desk.today();
    let from_on = date_field(&mut form.frame, "from_on", posted.get("from_on"), today);
    let until_on = date_field(&mut form.frame, "until_on", posted.get("until_on"), today);
    for (field, day) in [("from_on", from_on), ("until_on", until_on)] {
        if day.is_none() && posted.get(field).trim().is_empty() {
            form.frame.errors.add(field, "Enter a date such as 1 Dec 2026");
        }
    }
    let (Some(from_on), Some(until_on)) = (from_on, until_on) else { return again(&form) };
    let ask = StartTrial {
        key: posted.key(),
        champion: posted.get("champion").to_owned(),
        challenger: posted.get("challenger").to_owned(),
        // What is no number is no share: the desk says so at the field.
        share_percent: posted.get("share_percent").trim().parse().unwrap_or(0),
        from_on,
        until_on,
        reason: posted.get("reason").to_owned(),
    };
    match start_trial(&doors.desk, &visitor.actor, ask).await {
        Ok(asked) => told(HOME, &format!("{} waits for somebody else's yes; the trial begins with it", asked.approval)),
        Err(no) => {
            let fields = [("REC-PATHWAY-NOT-LIVE", "challenger"), ("DUN-17-TRIAL", "champion")];
            let status = onto(&mut form.frame, no, &fields)?;
            page_with(status, &form)
        }
    }
}

/// The share of what was billed that came in, as people read it; a dash where nothing was billed yet.
fn share_in(arm: &TrialArm) -> String {
    match arm.billed_pence {
        Pence::ZERO => "–".to_owned(),
        _ => format!("{}.{:02} %", arm.collected_bp / 100, arm.collected_bp % 100),
    }
}

/// What a trial says so far; one that is to come says when it begins.
fn says(found: &TrialShown, today: NaiveDate) -> String {
    let trial = &found.trial;
    match trial.ended_on {
        None if trial.from_on > today => format!("Not begun: it begins on {}.", written(trial.from_on)),
        _ => found.says.clone(),
    }
}

fn figures(champion: &TrialArm, challenger: &TrialArm) -> Vec<[String; 3]> {
    let row = |name: &str, of: &dyn Fn(&TrialArm) -> String| [name.to_owned(), of(champion), of(challenger)];
    vec![
        row("Customers", &|arm| number(arm.customers)),
        row("Customers who paid everything", &|arm| number(arm.paid_customers)),
        row("Debts", &|arm| number(arm.debts)),
        row("Billed", &|arm| money(arm.billed_pence)),
        row("Came in", &|arm| money(arm.collected_pence)),
        row("Share that came in", &share_in),
        row("Letters", &|arm| number(arm.letters)),
        row("Steps", &|arm| number(arm.steps)),
        row("Cost", &|arm| money(arm.cost_pence)),
        row("Complaints", &|arm| number(arm.complaints)),
        row("Left out: somebody chose another pathway", &|arm| number(arm.left_out)),
    ]
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(name): Path<String>) -> Answer {
    let found = trial(&doors.desk, &visitor.actor, &name).await?;
    let names = names(&doors, &visitor).await?;
    let row = &found.trial;
    let facts = vec![
        ("To be learnt", row.reason.clone()),
        ("State", state(row, doors.desk.today()).text),
        ("Days", format!("{} to {}", written(row.from_on), written(row.until_on))),
        ("Ended", row.ended_on.map(written).unwrap_or_default()),
        ("Share on the challenger", format!("{} in a hundred customers", row.share_percent)),
        ("Draw", format!("{}: kept, so that each customer stays on its side", row.id)),
        ("Asked by", row.asked_by_name.clone()),
        ("Approved by", row.approved_by_name.clone()),
    ];
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/pathways".into();
    page(&PathwayTrialPage {
        frame,
        number: row.number.clone(),
        facts,
        pathways: (named(&names, &row.champion), named(&names, &row.challenger)),
        figures: figures(&found.champion, &found.challenger),
        says: says(&found, doors.desk.today()),
        may_end: row.ended_on.is_none() && visitor.actor.holds(Duty::ManageSettings),
    })
}

async fn end(State(doors): State<Shared>, visitor: Visitor, Path(name): Path<String>, posted: Posted) -> Answer {
    end_trial(&doors.desk, &visitor.actor, EndTrial { key: posted.key(), number: name.clone() }).await?;
    told(&format!("{HOME}/{name}"), "The trial has ended")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dun_17_a_side_with_nothing_billed_has_no_share_that_came_in() {
        let arm = |billed: i64, collected_bp: i64| TrialArm {
            billed_pence: Pence(billed),
            collected_bp,
            ..TrialArm::default()
        };
        assert_eq!(share_in(&arm(0, 0)), "–");
        assert_eq!(share_in(&arm(10_000, 0)), "0.00 %", "billed, and nothing came");
        assert_eq!(share_in(&arm(10_000, 6_205)), "62.05 %");
    }
}
