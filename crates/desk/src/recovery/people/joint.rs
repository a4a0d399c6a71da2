//! Who owes a debt together with the customer on whose account it stands: by an agreement of their own, never as family.
use crate::core::actor::Actor;
use crate::core::typed::words_wrong;
use crate::customers::{find, refuse_cards};
use crate::{Desk, Fault, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::law::{OwesBecause, may_move_to_relative};
use sundry_domain::refusal::Invalid;
use sundry_store::people::{self, JointRow};
use sundry_store::{customers, ledger};

/// Somebody who is family, and no more.
const RELATIVE: &str = "relative";

/// Records that somebody else owes a debt too.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AddJoint {
    /// Idempotency key.
    pub key: String,
    /// Customer number of the account on which it stands.
    pub customer: String,
    /// Number of the debt.
    pub debt: String,
    /// Customer number of who owes it too.
    pub other: String,
    /// Stored name of the domain's `OwesBecause`; relative for family without an agreement, which is refused.
    pub because: String,
    /// The agreement: its date, where it is kept.
    pub evidence: String,
}

/// Who was recorded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JointAdded {
    /// Number of the debt.
    pub debt: String,
    /// Customer number of who owes it too.
    pub other: String,
}

/// Who owes with whom, as people see it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct JointShown {
    /// Number of the debt.
    pub debt: String,
    /// On whose account it stands: number.
    pub owner: String,
    /// Who owes it too: number.
    pub other: String,
    /// Their name.
    pub other_name: String,
    /// Why, for people.
    pub because: String,
    /// The agreement.
    pub evidence: String,
}

/// Records that somebody else owes a debt too.
///
/// # Errors
/// Duty; fields; absent; `BS-06-RELATIVE` for family without an agreement.
pub async fn add_joint(desk: &Desk, by: &Actor, ask: AddJoint) -> Outcome<JointAdded> {
    by.must_hold(Duty::SetFlags)?;
    let mut wrong = Vec::new();
    let because = OwesBecause::parse(&ask.because);
    let relative = ask.because == RELATIVE;
    if because.is_none() && !relative {
        wrong.push(Invalid::field("because", "Choose why they owe it too", &ask.because));
    }
    if ask.evidence.trim().is_empty() && !relative {
        let message = "Enter the agreement: its date, and where it is kept";
        wrong.push(Invalid::field("evidence", message, &ask.evidence));
    }
    if ask.customer.trim() == ask.other.trim() {
        wrong.push(Invalid::field("other", "Enter somebody else's customer number", &ask.other));
    }
    wrong.extend(words_wrong(&[("evidence", &ask.evidence)], 500));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("evidence", &ask.evidence)])?;
    command!(desk, by, "add_joint", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let owner = find(&mut cmd.tx, org, &ask.customer).await?;
        let other = find(&mut cmd.tx, org, &ask.other).await?;
        may_move_to_relative(because, &ask.evidence)?;
        // Two ways of writing one number are one customer.
        if owner.id == other.id {
            return Err(Invalid::field("other", "Enter somebody else's customer number", &ask.other).into());
        }
        let items = ledger::items_numbered(&mut cmd.tx, org, ask.debt.trim()).await?;
        let item = items.into_iter().find(|item| item.customer_id == owner.id && item.open_pence > 0);
        let say = || Invalid::field("debt", "Enter the number of an open debt on this account", &ask.debt);
        let item = item.ok_or_else(say)?;
        let row = JointRow {
            item_id: item.id,
            customer_id: other.id,
            owner_id: owner.id,
            because: ask.because.clone(),
            evidence: ask.evidence.trim().into(),
            recorded_by_name: cmd.by.name.clone(),
            recorded_on: cmd.today,
            recorded_at: cmd.at,
        };
        if !people::add_joint(&mut cmd.tx, org, &row).await? {
            let message = format!("{} is recorded for {} already", other.number, item.number);
            return Err(Invalid::field("other", message, &ask.other).into());
        }
        cmd.tell("JointDebtorAdded", format!("customer {}", owner.number), &ask);
        Ok(JointAdded { debt: item.number, other: other.number })
    })
}

/// Who owes with a customer, on their account or on another's.
///
/// # Errors
/// A customer that is not there.
pub async fn joints(desk: &Desk, by: &Actor, customer: &str) -> Outcome<Vec<JointShown>> {
    by.must_hold(Duty::View)?;
    let org = by.org;
    let mut look = desk.look().await?;
    let customer = find(&mut look, org, customer).await?;
    let mut shown = Vec::new();
    for row in people::joints_of(&mut look, org, CustomerId(customer.id)).await? {
        let item = ledger::item(&mut look, org, ItemId(row.item_id)).await?;
        let owner = customers::customer(&mut look, org, CustomerId(row.owner_id)).await?;
        let other = customers::customer(&mut look, org, CustomerId(row.customer_id)).await?;
        let (Some(item), Some(owner), Some(other)) = (item, owner, other) else {
            return Err(Fault::new("a joint debt names what is not there").into());
        };
        shown.push(JointShown {
            debt: item.number,
            owner: owner.number,
            other: other.number,
            other_name: other.name,
            because: OwesBecause::parse(&row.because).map_or_else(|| row.because.clone(), |why| why.name().into()),
            evidence: row.evidence,
        });
    }
    Ok(shown)
}
