//! Enforcement: every way with why it is open or not, the step with its fee put on the debt (CT-07, LEG-04).
use super::costs::{charge, pay};
use super::weigh::weigh_case;
use super::{due, find, happened, instalments, must_be, note};
use crate::core::typed::words_wrong;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::court::{CourtStep, court_fee};
use sundry_domain::ids::OrgId;
use sundry_domain::law::{Act, JudgmentFacts, Method, Work, may};
use sundry_domain::money::Pence;
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::Tx;
use sundry_store::court::CaseRow;

/// What is asked of a way to enforce.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Enforce {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// warrant, writ, attachment_of_earnings, charging_order, order_for_sale, third_party_debt, information or petition.
    pub method: String,
    /// How much the step is for; the whole when not said.
    #[serde(default)]
    pub amount: Option<Pence>,
    /// It is for one instalment.
    #[serde(default)]
    pub one_instalment: bool,
    /// The instalments the court ordered are kept, though the books do not show it: paid to the court, or varied.
    #[serde(default)]
    pub instalments_kept: bool,
    /// Regulated consumer credit.
    #[serde(default)]
    pub consumer_credit: bool,
    /// employed, self_employed, unemployed, armed_forces or not_known.
    #[serde(default)]
    pub work: String,
    /// The account is held with somebody who does not owe it.
    #[serde(default)]
    pub joint_account: bool,
    /// The court gave permission.
    #[serde(default)]
    pub permission: bool,
    /// Why the step is in proportion to the debt.
    #[serde(default)]
    pub proportion: String,
    /// What was found when their circumstances were looked at.
    #[serde(default)]
    pub circumstances: String,
}

/// A way to enforce, with why it is open or not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The way.
    pub method: String,
    /// For people.
    pub name: String,
    /// Its fee today; none where no row is confirmed.
    pub fee_pence: Option<i64>,
    /// Why not; none when it is open.
    pub refusal: Option<Refusal>,
}

fn step_of(method: Method) -> CourtStep {
    match method {
        Method::Warrant => CourtStep::Warrant,
        Method::Writ => CourtStep::Writ,
        Method::AttachmentOfEarnings => CourtStep::AttachmentOfEarnings,
        Method::ChargingOrder => CourtStep::ChargingOrder,
        Method::OrderForSale => CourtStep::ApplicationOnNotice,
        Method::ThirdPartyDebt => CourtStep::ThirdPartyDebt,
        Method::Information => CourtStep::Information,
        Method::Petition => CourtStep::Petition,
    }
}

async fn weighed(
    tx: &mut Tx,
    desk: &Desk,
    org: OrgId,
    row: &CaseRow,
    ask: &Enforce,
    method: Method,
) -> Outcome<(Pence, Option<Refusal>)> {
    let mut case = weigh_case(tx, desk, org, row).await?;
    // What the books say counts too: nobody is enforced against for an instalment that came in or is not due.
    let kept = instalments::kept(tx, org, row, desk.today()).await?;
    let balance = case.facts.balance;
    case.facts.step.judgment = row.judgment_on.map(|on| JudgmentFacts {
        on,
        balance,
        amount: ask.amount.unwrap_or(balance),
        instalments_kept: kept.map(|kept| kept || ask.instalments_kept),
        one_instalment: ask.one_instalment,
        consumer_credit: ask.consumer_credit,
        work: Work::parse(&ask.work).unwrap_or(Work::NotKnown),
        joint_account: ask.joint_account,
        permission: ask.permission,
        checked: !ask.proportion.trim().is_empty() && !ask.circumstances.trim().is_empty(),
        individual: case.facts.customer_kind.is_individual(),
        disputed: false,
    });
    Ok((balance, may(Act::Enforcement(method), &case.facts, desk.today()).err()))
}

/// Every way to enforce a judgment, with its fee and why it is open or not.
///
/// # Errors
/// Duty; absent; `CT-CASE-STATE`.
pub async fn choices(desk: &Desk, by: &Actor, number: &str, work: &str) -> Outcome<Vec<Choice>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, number).await?;
    must_be(&row, &["judgment"])?;
    let book = desk.book();
    let mut all = Vec::new();
    for method in Method::ALL.iter().copied() {
        // The checks are recorded with the step: what they would stop is not shown as closed.
        let ask = Enforce {
            work: work.into(),
            proportion: "later".into(),
            circumstances: "later".into(),
            ..Enforce::default()
        };
        let (_, refusal) = weighed(&mut look, desk, by.org, &row, &ask, method).await?;
        all.push(Choice {
            method: method.as_str().into(),
            name: method.name().into(),
            fee_pence: court_fee(&book, step_of(method), desk.today()).ok().map(|fee| fee.amount.0),
            refusal,
        });
    }
    Ok(all)
}

/// A step of enforcement that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enforced {
    /// Number of the case.
    pub case: String,
    /// The way.
    pub method: String,
    /// Its fee, which is now part of the debt.
    pub fee_pence: i64,
    /// The item of the fee.
    pub item: String,
}

/// Takes a step of enforcement: both checks are recorded first, the fee is paid and put on the debt.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`; `CT-01-CHECK-FEE`; whatever the law says of the way.
pub async fn enforce(desk: &Desk, by: &Actor, ask: Enforce) -> Outcome<Enforced> {
    by.must_hold(Duty::ReferToCourt)?;
    let Some(method) = Method::parse(&ask.method) else {
        return Err(Invalid::field("method", "Choose how to enforce", &ask.method).into());
    };
    if !ask.work.is_empty() && Work::parse(&ask.work).is_none() {
        return Err(Invalid::field("work", "Choose how they earn", &ask.work).into());
    }
    if ask.amount.is_some_and(|amount| amount <= Pence::ZERO) {
        return Err(Invalid::field("amount", "Enter an amount above £0.00", "").into());
    }
    let wrong = words_wrong(&[("proportion", &ask.proportion), ("circumstances", &ask.circumstances)], 1_000);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("proportion", &ask.proportion), ("circumstances", &ask.circumstances)])?;
    command!(desk, by, "enforce_judgment", &ask.key, &ask, |cmd| {
        let (org, desk) = (cmd.by.org, cmd.desk.clone());
        let row = find(&mut cmd.tx, org, &ask.case).await?;
        must_be(&row, &["judgment"])?;
        let (balance, refusal) = weighed(&mut cmd.tx, &desk, org, &row, &ask, method).await?;
        if let Some(amount) = ask.amount.filter(|amount| *amount > balance) {
            let message = format!("Enter no more than is owed: {balance}");
            return Err(Invalid::field("amount", message, amount.pounds()).into());
        }
        if let Some(refusal) = refusal {
            return Err(refusal.into());
        }
        let fee = court_fee(&desk.book(), step_of(method), cmd.today)?.amount;
        let what = format!("{}: fee", method.name());
        pay(cmd, &row, fee, &what).await?;
        let item = charge(cmd, &row, "enforcement", fee, &what).await?;
        let amount = ask.amount.unwrap_or(balance);
        let words = format!(
            "{} for {amount}. In proportion: {}. Circumstances: {}",
            method.name(),
            ask.proportion.trim(),
            ask.circumstances.trim()
        );
        let mut step = happened("enforcement", words);
        step.amount_pence = fee.0;
        sundry_store::court::meet(&mut cmd.tx, org, row.id, "enforcement", cmd.today).await?;
        note(cmd, row.id, vec![step, due("enforcement", add_days(cmd.today, 28), "Did it bring anything?")]).await?;
        cmd.tell("JudgmentEnforced", format!("court case {}", row.number), &ask);
        Ok(Enforced { case: row.number, method: ask.method.clone(), fee_pence: fee.0, item })
    })
}
