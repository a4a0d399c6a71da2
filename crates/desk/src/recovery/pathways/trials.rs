//! Two pathways compared on a random split of the customers, with the result measured (DUN-17).
use crate::approvals::{AskForApproval, PATHWAY_TRIAL, ask_for_approval};
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::recovery::refusals::{PATHWAY_NOT_LIVE, TRIAL_LATE, TRIAL_RUNS};
use sundry_domain::recovery::{PathwayVersion, difference_in_words, takes_challenger, trial_difference};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::control::ApprovalRow;
use sundry_store::recovery::pathways::{self as rows, TrialItemRow, TrialRow, TrialStepRow};
use sundry_store::{Tx, recovery};

/// Asks for a random split.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StartTrial {
    /// Idempotency key.
    pub key: String,
    /// The pathway that debts would begin on.
    pub champion: String,
    /// The one that a share of the customers begins on.
    pub challenger: String,
    /// The share, from 1 to 99 in a hundred.
    pub share_percent: i64,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub until_on: NaiveDate,
    /// What is to be learnt.
    pub reason: String,
}

/// A trial that waits for somebody else's yes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialAsked {
    /// Number of the approval.
    pub approval: String,
}

/// What a yes to a trial carries out.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct AskedTrial {
    champion: String,
    challenger: String,
    share_percent: i64,
    from_on: NaiveDate,
    until_on: NaiveDate,
    reason: String,
}

/// One side of a trial.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialArm {
    /// Customers.
    pub customers: i64,
    /// Debts that began on it.
    pub debts: i64,
    /// What they came to.
    pub billed_pence: Pence,
    /// What has come in.
    pub collected_pence: Pence,
    /// That, in hundredths of a per cent.
    pub collected_bp: i64,
    /// Customers who paid all of it.
    pub paid_customers: i64,
    /// Steps taken.
    pub steps: i64,
    /// Letters written.
    pub letters: i64,
    /// What letters and work cost.
    pub cost_pence: Pence,
    /// Complaints while it ran.
    pub complaints: i64,
    /// Debts that began on the other pathway, since somebody chose it: left out of the figures.
    pub left_out: i64,
}

/// A trial with its result so far.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrialShown {
    /// The trial.
    pub trial: TrialRow,
    /// The pathway as it is.
    pub champion: TrialArm,
    /// The one it is compared with.
    pub challenger: TrialArm,
    /// The difference and how sure it is, in words.
    #[serde(default)]
    pub says: String,
}

/// Asks for a trial: customers whose debts would begin on one pathway are split at random, and stay on their side. It
/// begins by somebody else's yes.
///
/// # Errors
/// Duty; shares and days that cannot be; `REC-PATHWAY-NOT-LIVE`; `DUN-17-TRIAL` while one runs over the pathway.
pub async fn start_trial(desk: &Desk, by: &Actor, ask: StartTrial) -> Outcome<TrialAsked> {
    by.must_hold(Duty::ManageSettings)?;
    refuse_cards(&[("reason", &ask.reason)])?;
    command!(desk, by, "start_pathway_trial", &ask.key, &ask, |cmd| {
        let wrong = faults(&ask, cmd.today);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let asked = AskedTrial {
            champion: ask.champion.clone(),
            challenger: ask.challenger.clone(),
            share_percent: ask.share_percent,
            from_on: ask.from_on,
            until_on: ask.until_on,
            reason: ask.reason.trim().to_owned(),
        };
        may_split(cmd, &asked).await?;
        let request = AskForApproval {
            command: PATHWAY_TRIAL,
            subject: format!("trial over pathway {}", asked.champion),
            summary: format!(
                "{} in a hundred customers of {} begin on {}, from {} to {}: {}",
                asked.share_percent,
                asked.champion,
                asked.challenger,
                written(asked.from_on),
                written(asked.until_on),
                asked.reason
            ),
            payload: serde_json::to_value(&asked)?,
            amount: Pence::ZERO,
        };
        let approval = ask_for_approval(cmd, request).await?;
        cmd.tell("PathwayTrialAsked", format!("approval {approval}"), &asked);
        Ok(TrialAsked { approval })
    })
}

/// Both pathways are in force, and no other trial runs over the first on any of the days.
async fn may_split(cmd: &mut Command, asked: &AskedTrial) -> Outcome<()> {
    let (org, today) = (cmd.by.org, cmd.today);
    let all = recovery::pathways(&mut cmd.tx, org).await?;
    for code in [&asked.champion, &asked.challenger] {
        if !all.iter().any(|row| row.code == *code && super::in_force_on(row, today)) {
            return Err(PATHWAY_NOT_LIVE.because(format!("The pathway {code} is not in force")).into());
        }
    }
    let runs = |one: &TrialRow| one.champion == asked.champion && one.ended_on.is_none() && one.until_on >= today;
    if rows::trials(&mut cmd.tx, org).await?.iter().any(runs) {
        return Err(already_runs(&asked.champion));
    }
    Ok(())
}

fn already_runs(champion: &str) -> No {
    TRIAL_RUNS.because(format!("A trial over {champion} runs already")).into()
}

/// Begins a trial that somebody else said yes to, checked again against what holds by now; gives its number.
pub(crate) async fn trial_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let asked: AskedTrial = serde_json::from_value(approval.payload.clone())?;
    let (org, today) = (cmd.by.org, cmd.today);
    if asked.from_on <= today {
        let sentence = format!("The trial was to begin on {}, which is not after today", written(asked.from_on));
        return Err(TRIAL_LATE.because(sentence).into());
    }
    may_split(cmd, &asked).await?;
    // What is over by its days makes room by itself.
    let over = rows::trials(&mut cmd.tx, org).await?;
    for one in over.iter().filter(|one| one.ended_on.is_none() && one.until_on < today) {
        rows::end_trial(&mut cmd.tx, org, &one.number, one.until_on).await?;
    }
    let row = TrialRow {
        id: cmd.id(),
        number: format!("TRY-{:04}", cmd.next_number("TRY").await?),
        champion: asked.champion,
        challenger: asked.challenger,
        share_percent: asked.share_percent,
        from_on: asked.from_on,
        until_on: asked.until_on,
        ended_on: None,
        reason: asked.reason,
        asked_by_name: approval.asked_by_name.clone(),
        approved_by_name: cmd.by.name.clone(),
    };
    if !rows::add_trial(&mut cmd.tx, org, &row, cmd.at).await? {
        return Err(already_runs(&row.champion));
    }
    cmd.tell("PathwayTrialStarted", format!("trial {}", row.number), &row);
    Ok(row.number)
}

fn faults(ask: &StartTrial, today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if ask.champion == ask.challenger {
        wrong.push(Invalid::field("challenger", "Choose another pathway to compare with", &ask.challenger));
    }
    if !(1..=99).contains(&ask.share_percent) {
        wrong.push(Invalid::field("share_percent", "Enter a share from 1 to 99", ask.share_percent.to_string()));
    }
    if ask.from_on <= today {
        wrong.push(Invalid::field("from_on", "Enter a day after today", ask.from_on.to_string()));
    }
    if ask.until_on <= ask.from_on {
        wrong.push(Invalid::field("until_on", "Enter a day after the first", ask.until_on.to_string()));
    }
    if ask.reason.trim().is_empty() {
        wrong.push(Invalid::field("reason", "Enter what is to be learnt, in at most 500 characters", &ask.reason));
    }
    wrong.extend(words_wrong(&[("reason", &ask.reason)], 500));
    wrong.extend(lines_wrong(&[("champion", &ask.champion), ("challenger", &ask.challenger)], 40));
    wrong.extend(days_wrong(&[("from_on", Some(ask.from_on)), ("until_on", Some(ask.until_on))], today));
    wrong
}

/// Ends a trial before its time: what began goes on where it is.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndTrial {
    /// Idempotency key.
    pub key: String,
    /// Its number.
    pub number: String,
}

/// Ends a trial.
///
/// # Errors
/// Duty; absent when no such trial runs.
pub async fn end_trial(desk: &Desk, by: &Actor, ask: EndTrial) -> Outcome<()> {
    by.must_hold(Duty::ManageSettings)?;
    command!(desk, by, "end_pathway_trial", &ask.key, &ask, |cmd| {
        if !rows::end_trial(&mut cmd.tx, cmd.by.org, &ask.number, cmd.today).await? {
            return Err(No::Absent(format!("trial {}", ask.number)));
        }
        cmd.tell("PathwayTrialEnded", format!("trial {}", ask.number), ());
        Ok(())
    })
}

/// Every trial with its result so far, newest first.
pub async fn trials(desk: &Desk, by: &Actor) -> Outcome<Vec<TrialShown>> {
    super::may_look(by)?;
    let mut look = desk.look().await?;
    let trials = rows::trials(&mut look, by.org).await?;
    shown(&mut look, by, trials).await
}

/// One trial with its result so far.
///
/// # Errors
/// Absent when there is no trial of the number.
pub async fn trial(desk: &Desk, by: &Actor, number: &str) -> Outcome<TrialShown> {
    super::may_look(by)?;
    let mut look = desk.look().await?;
    let mut trials = rows::trials(&mut look, by.org).await?;
    trials.retain(|one| one.number == number);
    let found = shown(&mut look, by, trials).await?.pop();
    found.ok_or_else(|| No::Absent(format!("trial {number}")))
}

async fn shown(tx: &mut Tx, by: &Actor, trials: Vec<TrialRow>) -> Outcome<Vec<TrialShown>> {
    let mut versions = HashMap::new();
    for row in recovery::pathways(tx, by.org).await? {
        let pathway: PathwayVersion = serde_json::from_value(row.body)?;
        versions.insert((row.code, row.version), pathway);
    }
    let mut all = Vec::with_capacity(trials.len());
    for trial in trials {
        let last = trial.ended_on.map_or(trial.until_on, |ended| ended.min(trial.until_on));
        let codes = (trial.champion.as_str(), trial.challenger.as_str());
        let days = (trial.from_on, last);
        let items = rows::trial_items(tx, by.org, codes, days).await?;
        let steps = rows::trial_steps(tx, by.org, codes, days).await?;
        let complaints = rows::complaints_between(tx, by.org, days).await?;
        all.push(measured(trial, &items, &costed(&steps, &versions), &complaints));
    }
    Ok(all)
}

/// What a customer of a trial was sent, and what it cost.
struct Sent<'s> {
    customer: i64,
    began_on: &'s str,
    letters: i64,
    cost: Pence,
}

/// A letter costs once, however many debts are in it; work costs for each debt.
fn costed<'s>(steps: &'s [TrialStepRow], versions: &HashMap<(String, i64), PathwayVersion>) -> Vec<Sent<'s>> {
    let one = |row: &'s TrialStepRow| {
        let version = versions.get(&(row.pathway_code.clone(), row.pathway_version));
        let each = version.and_then(|version| version.step(&row.step_code)).map_or(0, |step| step.cost.0);
        let times = if row.letters > 0 { row.letters } else { row.debts };
        let cost = Pence(each.saturating_mul(times));
        Sent { customer: row.customer_id, began_on: &row.began_on, letters: row.letters, cost }
    };
    steps.iter().map(one).collect()
}

/// Each side by the customers that the split gave it; what is not on its own side is left out and counted.
fn measured(trial: TrialRow, items: &[TrialItemRow], sent: &[Sent<'_>], complaints: &[(i64, i64)]) -> TrialShown {
    let mut arms = [TrialArm::default(), TrialArm::default()];
    // What is open of each customer of a side.
    let mut customers: [BTreeMap<i64, i64>; 2] = [BTreeMap::new(), BTreeMap::new()];
    let side_of = |customer: i64| usize::from(takes_challenger(trial.id, customer, trial.share_percent));
    let own = [trial.champion.as_str(), trial.challenger.as_str()];
    for item in items {
        let side = side_of(item.customer_id);
        let arm = &mut arms[side];
        if item.pathway_code != own[side] {
            arm.left_out += 1;
            continue;
        }
        *customers[side].entry(item.customer_id).or_default() += item.open_pence;
        arm.debts += 1;
        arm.steps += item.steps;
        arm.billed_pence = arm.billed_pence.plus(Pence(item.original_pence));
        arm.collected_pence = arm.collected_pence.plus(Pence(item.original_pence - item.open_pence));
    }
    for one in sent {
        let side = side_of(one.customer);
        if one.began_on == own[side] {
            arms[side].letters += one.letters;
            arms[side].cost_pence = arms[side].cost_pence.plus(one.cost);
        }
    }
    for (customer, count) in complaints {
        let side = side_of(*customer);
        arms[side].complaints += if customers[side].contains_key(customer) { *count } else { 0 };
    }
    for (arm, customers) in arms.iter_mut().zip(&customers) {
        arm.customers = customers.len() as i64;
        arm.paid_customers = customers.values().filter(|open| **open <= 0).count() as i64;
        let (part, whole) = (i128::from(arm.collected_pence.0) * 10_000, i128::from(arm.billed_pence.0));
        arm.collected_bp = if whole > 0 { i64::try_from(part / whole).unwrap_or(0) } else { 0 };
    }
    let [champion, challenger] = arms;
    let paid = |arm: TrialArm| (arm.paid_customers, arm.customers);
    let says = difference_in_words(trial_difference(paid(champion), paid(challenger)));
    TrialShown { trial, champion, challenger, says }
}
