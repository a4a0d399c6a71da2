//! The loss allowance: rates by class and age as dated data, debts looked at one by one, a run that is previewed, asked
//! for, approved by someone else and posted (GL-07, GL-02 row 26).
use crate::approvals::{ALLOWANCE_MATRIX, ALLOWANCE_RUN, AskForApproval, ask_for_approval};
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::ledger::post::{NewJournal, post};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::add_days;
use sundry_domain::close::refusals::{ALLOWANCE_AGAIN, ALLOWANCE_CHANGED};
use sundry_domain::close::{AllowanceBook, AllowanceMovement, DebtToCover, Matrix, book, default_matrix, movement};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::ledger::allowance_change;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::allowance::{self as rows, AllowanceRunRow, MatrixRow, NamedRow};
use sundry_store::control::ApprovalRow;
use sundry_store::{Tx, control_proof, ledger};

/// The loss rates that hold, those to come, and debts looked at one by one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllowanceSettings {
    /// The rates that hold today.
    pub matrix: Matrix,
    /// Since when; none while those that come with the program hold.
    pub from_on: Option<NaiveDate>,
    /// Every set of rates, newest first.
    pub matrices: Vec<MatrixRow>,
    /// Debts with an allowance of their own today.
    pub named: Vec<NamedRow>,
}

async fn matrix_on(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Outcome<(Matrix, Option<NaiveDate>, Vec<MatrixRow>)> {
    let all = rows::matrices(tx, org).await?;
    let holds = all.iter().find(|row| row.from_on <= day);
    let matrix = match holds {
        Some(row) => serde_json::from_value(row.body.clone())?,
        None => default_matrix(),
    };
    let from_on = holds.map(|row| row.from_on);
    Ok((matrix, from_on, all))
}

/// The loss rates and the debts looked at one by one.
///
/// # Errors
/// Duty.
pub async fn allowance_settings(desk: &Desk, by: &Actor) -> Outcome<AllowanceSettings> {
    by.must_hold(Duty::RunReports).or_else(|no| by.must_hold(Duty::ManageSettings).map_err(|_| no))?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let (matrix, from_on, matrices) = matrix_on(&mut look, by.org, today).await?;
    Ok(AllowanceSettings { matrix, from_on, matrices, named: rows::named(&mut look, by.org, today).await? })
}

/// Asks for other loss rates from a day on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChangeMatrix {
    /// Idempotency key.
    pub key: String,
    /// First day.
    pub from_on: NaiveDate,
    /// The rates.
    pub matrix: Matrix,
    /// The history and the outlook they rest on.
    pub words: String,
}

/// What waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MatrixAsked {
    /// Approval number.
    pub approval: String,
}

/// Asks for other loss rates from a day on.
///
/// # Errors
/// Duty; invalid fields.
pub async fn change_matrix(desk: &Desk, by: &Actor, ask: ChangeMatrix) -> Outcome<MatrixAsked> {
    by.must_hold(Duty::ManageSettings)?;
    let mut wrong = ask.matrix.wrong();
    if ask.words.trim().is_empty() || ask.words.chars().count() > 2_000 {
        wrong.push(Invalid::field("words", "Enter the history and the outlook that the rates rest on", &ask.words));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "change_loss_rates", &ask.key, &ask, |cmd| {
        let request = AskForApproval {
            command: ALLOWANCE_MATRIX,
            summary: format!("Loss rates from {}: {}", written(ask.from_on), ask.words.trim()),
            subject: format!("loss rates from {}", written(ask.from_on)),
            payload: serde_json::to_value(&ask)?,
            amount: Pence::ZERO,
        };
        let approval = ask_for_approval(cmd, request).await?;
        cmd.tell("LossRatesAsked", format!("approval {approval}"), &ask);
        Ok(MatrixAsked { approval })
    })
}

/// Lets approved loss rates hold.
pub(crate) async fn matrix_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let ask: ChangeMatrix = serde_json::from_value(approval.payload.clone())?;
    let row = MatrixRow {
        from_on: ask.from_on,
        body: serde_json::to_value(&ask.matrix)?,
        words: ask.words.trim().to_owned(),
        entered_by: approval.asked_by_name.clone(),
        approved_by: cmd.by.name.clone(),
    };
    rows::set_matrix(&mut cmd.tx, cmd.by.org, &row, cmd.at).await?;
    cmd.tell("LossRatesSet", "loss rates".to_owned(), &row);
    Ok(format!("from {}", written(ask.from_on)))
}

/// Gives a debt an allowance of its own, or takes it away.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NameDebt {
    /// Idempotency key.
    pub key: String,
    /// Number of the debt.
    pub debt: String,
    /// What is expected to be lost; none puts it back into the matrix.
    pub amount: Option<Pence>,
    /// Why.
    pub words: String,
}

/// What a debt's own allowance is from today.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DebtNamed {
    /// Number of the debt.
    pub debt: String,
    /// Its own allowance.
    pub amount_pence: Option<i64>,
}

/// Gives a debt an allowance of its own from today, which takes it out of the matrix, or puts it back.
///
/// # Errors
/// Duty; absent debt; invalid fields.
pub async fn name_debt(desk: &Desk, by: &Actor, ask: NameDebt) -> Outcome<DebtNamed> {
    by.must_hold(Duty::PostJournals)?;
    if ask.words.trim().is_empty() || ask.words.chars().count() > 1_000 {
        return Err(Invalid::field("words", "Enter why, in at most 1,000 characters", &ask.words).into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "name_debt_for_allowance", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let items = ledger::items_numbered(&mut cmd.tx, org, ask.debt.trim()).await?;
        let item = items.into_iter().find(|item| item.original_pence > 0 && item.number == ask.debt.trim());
        let item = item.ok_or_else(|| No::Absent(format!("item {}", ask.debt.trim())))?;
        let too_much = ask.amount.filter(|amount| *amount < Pence::ZERO || amount.0 > item.open_pence);
        if let Some(amount) = too_much {
            let say = format!("Enter from nothing to the {} that is open", Pence(item.open_pence));
            return Err(Invalid::field("amount", say, amount.pounds()).into());
        }
        let (id, today, at, name): (i64, _, _, _) = (cmd.id(), cmd.today, cmd.at, cmd.by.name.clone());
        let what = (id, item.id, ask.amount.map(|amount| amount.0));
        let days = (today, add_days(today, -1));
        rows::set_named(&mut cmd.tx, org, what, days, (ask.words.trim(), &name, at)).await?;
        let answer = DebtNamed { debt: item.number.clone(), amount_pence: what.2 };
        cmd.tell("DebtNamedForAllowance", format!("invoice {}", item.number), &ask);
        Ok(answer)
    })
}

/// What the books need on a day, and what must be charged.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllowancePreview {
    /// As at.
    pub as_at: NaiveDate,
    /// Class by class, age by age.
    pub book: AllowanceBook,
    /// How the allowance moves.
    pub movement: AllowanceMovement,
    /// The day from which it moves: the last run's, or the beginning.
    pub since: Option<NaiveDate>,
    /// Runs so far, newest first.
    pub runs: Vec<AllowanceRunRow>,
}

/// What the books need as at a day, today when not said; nothing is kept.
///
/// # Errors
/// Duty; `GL-07-MATRIX`.
pub async fn allowance_preview(desk: &Desk, by: &Actor, as_at: Option<NaiveDate>) -> Outcome<AllowancePreview> {
    by.must_hold(Duty::RunReports)?;
    let as_at = as_at.unwrap_or_else(|| desk.today());
    if as_at > desk.today() {
        return Err(Invalid::field("as_at", "Enter today or an earlier day", as_at.to_string()).into());
    }
    preview(&mut desk.look().await?, by.org, as_at).await
}

async fn preview(tx: &mut Tx, org: OrgId, as_at: NaiveDate) -> Outcome<AllowancePreview> {
    let (matrix, ..) = matrix_on(tx, org, as_at).await?;
    let mut debts: Vec<DebtToCover> = rows::open_sums(tx, org, as_at)
        .await?
        .into_iter()
        .map(|sum| DebtToCover {
            customer_kind: sum.customer_kind,
            debt_type: sum.debt_type,
            due_on: sum.due_on,
            open: Pence(sum.open_pence),
            own: None,
        })
        .collect();
    debts.extend(rows::open_named(tx, org, as_at).await?.into_iter().map(|(_, open, own)| DebtToCover {
        customer_kind: String::new(),
        debt_type: String::new(),
        due_on: as_at,
        open: Pence(open),
        own: Some(Pence(own)),
    }));
    let book = book(&matrix, &debts, as_at)?;
    let runs = rows::runs(tx, org, 100).await?;
    let since = runs.iter().filter(|run| run.state == "posted" && run.as_at <= as_at).map(|run| run.as_at).max();
    let held = Pence(-held(tx, org, as_at).await?);
    let after = since.unwrap_or(NaiveDate::MIN);
    let used = Pence(rows::used_between(tx, org, (after.max(long_ago()), as_at)).await?);
    // What the account holds is what it opened with, less what was used: so the charge is what is missing today.
    let movement = movement(held.plus(used), used, book.allowance);
    Ok(AllowancePreview { as_at, book, movement, since, runs })
}

fn long_ago() -> NaiveDate {
    NaiveDate::from_ymd_opt(1900, 1, 1).unwrap_or_default()
}

/// Debits less credits of the allowance at the end of a day.
async fn held(tx: &mut Tx, org: OrgId, as_at: NaiveDate) -> Outcome<i64> {
    let codes = ledger::gl_codes(tx, org).await?;
    let code = codes.into_iter().find(|row| row.role == "ALLOW").map(|row| row.code);
    let code = code.ok_or_else(|| Fault::new("no GL code has the role ALLOW"))?;
    Ok(control_proof::balance(tx, org, &code, as_at).await?)
}

/// Asks for the charge as at a day to be posted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RequestAllowanceRun {
    /// Idempotency key.
    pub key: String,
    /// As at.
    pub as_at: NaiveDate,
    /// The charge as it was read.
    pub charge: Pence,
}

/// What waits for someone else's yes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AllowanceRunAsked {
    /// Number of the run.
    pub run: String,
    /// Approval number.
    pub approval: String,
    /// What would be charged; below zero where it is released.
    pub charge_pence: i64,
}

#[derive(Serialize, Deserialize)]
struct RunPayload {
    run: String,
    as_at: NaiveDate,
    charge_pence: i64,
    closing_pence: i64,
}

/// Asks for the charge as at a day to be posted; one run waits at a time.
///
/// # Errors
/// Duty; `GL-07-RUN-WAITS`, `GL-07-CHANGED`, `GL-07-MATRIX`.
pub async fn request_allowance_run(desk: &Desk, by: &Actor, ask: RequestAllowanceRun) -> Outcome<AllowanceRunAsked> {
    by.must_hold(Duty::PostJournals)?;
    command!(desk, by, "request_allowance_run", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let seen = preview(&mut cmd.tx, org, ask.as_at).await?;
        if let Some(waits) = seen.runs.iter().find(|run| run.state == "waiting") {
            return Err(ALLOWANCE_AGAIN.because(format!("{} waits for a decision", waits.number)).into());
        }
        if seen.movement.charge != ask.charge {
            return Err(ALLOWANCE_CHANGED.because(format!("The charge is {} by now", seen.movement.charge)).into());
        }
        let number = format!("ECL-{:06}", cmd.next_number("ECL").await?);
        let payload = RunPayload {
            run: number.clone(),
            as_at: ask.as_at,
            charge_pence: ask.charge.0,
            closing_pence: seen.movement.closing.0,
        };
        let request = AskForApproval {
            command: ALLOWANCE_RUN,
            summary: format!(
                "Loss allowance of {} as at {}: charge {}",
                seen.movement.closing,
                written(ask.as_at),
                ask.charge
            ),
            subject: format!("allowance run {number}"),
            payload: serde_json::to_value(&payload)?,
            amount: ask.charge.size(),
        };
        let approval = ask_for_approval(cmd, request).await?;
        let row = AllowanceRunRow {
            id: cmd.id(),
            number: number.clone(),
            as_at: ask.as_at,
            state: "waiting".into(),
            opening_pence: seen.movement.opening.0,
            used_pence: seen.movement.used.0,
            charge_pence: ask.charge.0,
            closing_pence: seen.movement.closing.0,
            gross_pence: seen.book.gross.0,
            body: serde_json::to_value(&seen.book)?,
            approval: approval.clone(),
            journal_id: None,
            made_by: cmd.by.name.clone(),
        };
        rows::add_run(&mut cmd.tx, org, &row, cmd.at).await?;
        let answer = AllowanceRunAsked { run: number.clone(), approval, charge_pence: ask.charge.0 };
        cmd.tell("AllowanceRunAsked", format!("allowance run {number}"), &answer);
        Ok(answer)
    })
}

async fn waiting_run(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<(AllowanceRunRow, RunPayload)> {
    let payload: RunPayload = serde_json::from_value(approval.payload.clone())?;
    let row = rows::run(&mut cmd.tx, cmd.by.org, &payload.run).await?;
    Ok((row.ok_or_else(|| Fault::new("an approval names a run that is not there"))?, payload))
}

/// Posts an approved run, unless the books have moved since.
pub(crate) async fn run_approved(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<String> {
    let (row, payload) = waiting_run(cmd, approval).await?;
    let seen = preview(&mut cmd.tx, cmd.by.org, row.as_at).await?;
    if seen.movement.charge.0 != payload.charge_pence || seen.movement.closing.0 != payload.closing_pence {
        let sentence = format!("The charge is {} by now, not {}", seen.movement.charge, Pence(payload.charge_pence));
        return Err(ALLOWANCE_CHANGED.because(sentence).into());
    }
    let charge = Pence(payload.charge_pence);
    let journal = match charge {
        Pence::ZERO => None,
        charge => {
            let journal = NewJournal {
                posted_on: row.as_at,
                event: "AllowanceChanged",
                source: format!("allowance run {}", row.number),
                reason: format!("Loss allowance as at {}", written(row.as_at)),
                customer: None,
                item: None,
                lines: allowance_change(charge),
            };
            Some(post(cmd, journal).await?.0)
        }
    };
    rows::settle_run(&mut cmd.tx, cmd.by.org, row.id, "posted", journal).await?;
    cmd.tell("AllowanceChanged", format!("allowance run {}", row.number), &row);
    Ok(row.number)
}

/// Closes a run that was refused.
pub(crate) async fn run_refused(cmd: &mut Command, approval: &ApprovalRow) -> Outcome<()> {
    let (row, _) = waiting_run(cmd, approval).await?;
    rows::settle_run(&mut cmd.tx, cmd.by.org, row.id, "refused", None).await?;
    cmd.tell("AllowanceRunRefused", format!("allowance run {}", row.number), &row.number);
    Ok(())
}
