//! The bank's own line for a run, or for what came back: Direct Debit clearing goes to nil (GL-02 rows 14 and 15).
use super::common::changed;
use crate::cash::common::find_receipt;
use crate::core::actor::Actor;
use crate::ledger::post::{NewJournal, post};
use crate::{Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::cash::direct_debit::from_suspense;
use sundry_domain::cash::direct_debit::refusals::{BANK_DIFFERS, RUN_STATE};
use sundry_domain::control::Duty;
use sundry_domain::ids::BankLineId;
use sundry_domain::ledger::{direct_debit_banked, direct_debit_unpaid_banked};
use sundry_domain::money::Pence;
use sundry_store::collections;

/// Says which run a bank line is of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SettleBankLine {
    /// Idempotency key.
    pub key: String,
    /// The line.
    pub line: i64,
    /// The run whose money it is; empty for money out, which is what came back.
    #[serde(default)]
    pub run: String,
}

/// It is settled.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BankSettled {
    /// The line.
    pub line: i64,
    /// How much.
    pub amount_pence: i64,
    /// In words.
    pub words: String,
}

/// Settles a bank line against Direct Debit clearing.
///
/// # Errors
/// Duty; absent; `DD-09-BANK-DIFFERS` when the amount is not the run's; `DD-09-RUN-STATE` when it was settled before.
pub async fn settle_bank_line(desk: &Desk, by: &Actor, ask: SettleBankLine) -> Outcome<BankSettled> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "settle_dd_bank_line", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let line = sundry_store::cash::line(&mut cmd.tx, org, BankLineId(ask.line)).await?;
        let line = line.ok_or_else(|| No::Absent("bank line".into()))?;
        if line.reason.starts_with("Direct Debit") {
            return Err(RUN_STATE.because("This line was settled before").into());
        }
        let amount = Pence(line.amount_pence);
        let words = if amount < Pence::ZERO {
            "Direct Debit collections that came back".to_owned()
        } else {
            let run = collections::run_numbered(&mut cmd.tx, org, ask.run.trim()).await?;
            let mut run = run.ok_or_else(|| No::Absent(format!("collection run {}", ask.run)))?;
            if run.collections_pence - run.banked_pence != amount.0 {
                let left = Pence(run.collections_pence - run.banked_pence);
                return Err(BANK_DIFFERS
                    .because(format!("{left} of {} is awaited, and the line is {amount}", run.number))
                    .into());
            }
            run.banked_pence += amount.0;
            if !collections::change_run(&mut cmd.tx, org, &run).await? {
                return Err(changed(&run.number));
            }
            format!("Direct Debit run {}", run.number)
        };
        let lines = match (line.state.as_str(), amount < Pence::ZERO) {
            (_, true) => direct_debit_unpaid_banked(amount.size()),
            ("suspense", false) => {
                out_of_suspense(cmd, line.receipt_id, &words).await?;
                from_suspense(amount)
            }
            ("waiting" | "not_a_receipt", false) => direct_debit_banked(amount),
            (state, false) => {
                return Err(RUN_STATE.because(format!("The line is {state}: undo that first")).into());
            }
        };
        let journal = NewJournal {
            posted_on: cmd.today.max(line.posted_on),
            event: "DirectDebitBanked",
            source: format!("bank line {}", line.external_id),
            reason: words.clone(),
            customer: None,
            item: None,
            lines,
        };
        post(cmd, journal).await?;
        collections::settle_line(&mut cmd.tx, org, line.id, &words).await?;
        let answer = BankSettled { line: line.id, amount_pence: amount.0, words };
        cmd.tell("DirectDebitBanked", format!("bank line {}", line.external_id), &answer);
        Ok(answer)
    })
}

async fn out_of_suspense(cmd: &mut crate::core::command::Command, receipt: Option<i64>, words: &str) -> Outcome<()> {
    let org = cmd.by.org;
    let Some(id) = receipt else { return Ok(()) };
    let Some((number,)) = collections::receipt_number(&mut cmd.tx, org, id).await? else { return Ok(()) };
    let mut receipt = find_receipt(&mut cmd.tx, org, &number).await?;
    (receipt.state, receipt.reason) = ("reversed".into(), words.to_owned());
    if !sundry_store::cash::change_receipt(&mut cmd.tx, org, &receipt).await? {
        return Err(changed(&receipt.number));
    }
    Ok(())
}
