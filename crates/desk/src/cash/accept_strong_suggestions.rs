//! Accepting all strong suggestions at once: preview, then release.
use super::allocate_receipt::{AllocateReceipt, AllocationSplit, allocate_now};
use super::common::find_receipt;
use super::matching::strong_ppm;
use super::placing::{AllocationLine, Why};
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, No, Outcome, command};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::control::Duty;
use sundry_domain::ids::BankLineId;
use sundry_domain::money::Pence;
use sundry_store::{cash, cash_suspense};

/// How many are accepted in one command.
const MOST: i64 = 500;

/// Accepts the best suggestion of receipts where it is strong.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AcceptStrongSuggestions {
    /// Idempotency key.
    pub key: String,
    /// The receipts seen in the preview; empty for all that are strong.
    pub receipts: Vec<String>,
}

/// A strong suggestion.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StrongSuggestion {
    /// Receipt number.
    pub receipt: String,
    /// Customer number.
    pub customer_number: String,
    /// Customer name.
    pub customer_name: String,
    /// The receipt's amount.
    pub amount_pence: i64,
    /// How likely.
    pub confidence_ppm: i64,
    /// What it would pay: number of the item, empty for the account, and pence.
    #[serde(default)]
    pub pays: Vec<(String, i64)>,
    /// Why it was left; empty when accepted or in a preview.
    pub left_because: String,
}

/// Strong suggestions: to accept, or accepted.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StrongSuggestions {
    /// From this confidence on a suggestion is strong.
    pub strong_ppm: i64,
    /// Each of them.
    pub lines: Vec<StrongSuggestion>,
    /// How many (are to be) accepted.
    pub count: i64,
    /// Their sum.
    pub sum_pence: i64,
}

/// The preview: what accepting would allocate.
///
/// # Errors
/// Duty.
pub async fn strong_suggestions(desk: &Desk, by: &Actor) -> Outcome<StrongSuggestions> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    found(&mut look, by.org, &[]).await
}

async fn found(
    tx: &mut sundry_store::Tx,
    org: sundry_domain::ids::OrgId,
    only: &[String],
) -> Outcome<StrongSuggestions> {
    let strong_ppm = strong_ppm(tx, org).await?;
    let rows = cash::strong_suggestions(tx, org, strong_ppm, MOST).await?;
    let mut pays: HashMap<String, Vec<(String, i64)>> = HashMap::new();
    for (receipt, item, pence) in cash_suspense::strong_lines(tx, org, strong_ppm).await? {
        pays.entry(receipt).or_default().push((item.unwrap_or_default(), pence));
    }
    let lines: Vec<StrongSuggestion> = rows
        .into_iter()
        .filter(|row| only.is_empty() || only.contains(&row.0))
        .map(|(receipt, customer_number, customer_name, amount_pence, confidence_ppm)| StrongSuggestion {
            pays: pays.remove(&receipt).unwrap_or_default(),
            receipt,
            customer_number,
            customer_name,
            amount_pence,
            confidence_ppm,
            left_because: String::new(),
        })
        .collect();
    let (count, sum_pence) = (lines.len() as i64, lines.iter().map(|line| line.amount_pence).sum());
    Ok(StrongSuggestions { strong_ppm, lines, count, sum_pence })
}

/// Allocates each as its best suggestion says; one whose items have changed is left, with the reason.
///
/// # Errors
/// Duty.
pub async fn accept_strong_suggestions(
    desk: &Desk,
    by: &Actor,
    ask: AcceptStrongSuggestions,
) -> Outcome<StrongSuggestions> {
    by.must_hold(Duty::PostCash)?;
    command!(desk, by, "accept_strong_suggestions", &ask.key, &ask, |cmd| {
        let mut answer = found(&mut cmd.tx, cmd.by.org, &ask.receipts).await?;
        (answer.count, answer.sum_pence) = (0, 0);
        for line in &mut answer.lines {
            match accept(cmd, line).await {
                Ok(()) => {
                    answer.count += 1;
                    answer.sum_pence += line.amount_pence;
                }
                Err(No::Refused(refusal)) if refusal.code != "CSH-CHANGED" => line.left_because = refusal.sentence,
                Err(No::Invalid(_)) => line.left_because = "An item it would pay is not open any more.".into(),
                Err(no) => return Err(no),
            }
        }
        cmd.tell("StrongSuggestionsAccepted", "cash", (answer.count, answer.sum_pence));
        Ok(answer)
    })
}

async fn accept(cmd: &mut Command, strong: &StrongSuggestion) -> Outcome<()> {
    let receipt = find_receipt(&mut cmd.tx, cmd.by.org, &strong.receipt).await?;
    let line = BankLineId(receipt.bank_line_id.unwrap_or_default());
    let rows = cash::suggestions_of(&mut cmd.tx, cmd.by.org, line).await?;
    let mut split: Vec<AllocationSplit> = Vec::new();
    for row in rows.iter().filter(|row| row.rank == 1) {
        let (customer, amount) = (row.customer_number.clone().unwrap_or_default(), Pence(row.amount_pence));
        let at = split.iter().position(|part| part.customer == customer).unwrap_or_else(|| {
            split.push(AllocationSplit { customer, amount: Pence::ZERO, lines: Vec::new() });
            split.len() - 1
        });
        split[at].amount = split[at].amount.plus(amount);
        split[at].lines.extend(row.item_id.map(|item| AllocationLine { item: item.to_string(), amount }));
    }
    let one = if split.len() == 1 { split.pop() } else { None };
    let ask = AllocateReceipt {
        key: String::new(),
        receipt: strong.receipt.clone(),
        customer: one.as_ref().map(|part| part.customer.clone()).unwrap_or_default(),
        lines: one.map(|part| part.lines).unwrap_or_default(),
        split,
        reason: String::new(),
    };
    let why = Why { reason: "A strong suggestion, accepted by a person.", confidence_ppm: strong.confidence_ppm };
    allocate_now(cmd, receipt, &ask, &why).await.map(drop)
}
