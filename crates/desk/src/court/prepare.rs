//! The claim: its debts, interest worked to the day of issue, the fee of that day, what it lacks; signed by a person (LEG-03).
use super::weigh::weigh_case;
use super::{find, happened, must_be, note, save};
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::recovery::{bears_fee, charged, frozen_of};
use crate::{Actor, Channel, Desk, Fault, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::refusals::CHANGED;
use sundry_domain::control::{Decider, Duty, may_approve};
use sundry_domain::court::refusals::SIGNATURE;
use sundry_domain::court::{
    ClaimInterest, ClaimPack, ClaimValue, ClaimedDebt, DefendantStatus, McolDefendant, McolFacts, claim_faults,
    claim_interest, claim_value, mcol_faults, one_ground,
};
use sundry_domain::customers::{CustomerKind, FlagKind, postcode};
use sundry_domain::ids::{CustomerId, ItemId, UserId};
use sundry_domain::law::{
    Act, DebtNature, LateFacts, PartPayment, Regime, RelevantDayFacts, in_claim_regime, may, relevant_day,
};
use sundry_domain::money::Pence;
use sundry_domain::recovery::ChargePart;
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::court::{self as store, CaseRow};
use sundry_store::people::frozen_spans;
use sundry_store::recovery::charges::charges_of;
use sundry_store::{control, ledger, recovery};

/// Who is sued.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defendant {
    /// Full name.
    pub name: String,
    /// Two to four lines of up to 30 characters.
    pub lines: Vec<String>,
    /// Postcode.
    pub postcode: String,
    /// A border address that a person confirmed to lie in England.
    #[serde(default)]
    pub confirmed_in_england: bool,
    /// Under eighteen.
    #[serde(default)]
    pub child: bool,
    /// A protected party.
    #[serde(default)]
    pub protected: bool,
}

/// Prepares a claim.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PrepareClaim {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// The day it is to be issued.
    pub issue_on: Option<NaiveDate>,
    /// individual, trading_as, company or llp.
    pub status: String,
    /// Company number, where there is one.
    #[serde(default)]
    pub company_number: String,
    /// Who is sued; one or two.
    pub defendants: Vec<Defendant>,
    /// The contract or the statute.
    pub basis: String,
    /// The particulars; they are written from the debts when none are given.
    #[serde(default)]
    pub particulars: String,
    /// They go to the court by another way.
    #[serde(default)]
    pub separately: bool,
    /// A legal representative acts for us.
    #[serde(default)]
    pub represented: bool,
}

/// A claim as it is kept with its case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimDraft {
    /// The day it is to be issued.
    pub issue_on: NaiveDate,
    /// What the defendant is in law.
    pub status: DefendantStatus,
    /// Company number.
    pub company_number: String,
    /// Who is sued.
    pub defendants: Vec<Defendant>,
    /// The contract or the statute.
    pub basis: String,
    /// The particulars.
    pub particulars: String,
    /// They go by another way.
    pub separately: bool,
    /// A legal representative acts for us.
    pub represented: bool,
    /// The debts.
    pub debts: Vec<ClaimedDebt>,
    /// The interest, worked out.
    pub interest: Option<ClaimInterest>,
    /// The value and the fee.
    pub value: ClaimValue,
}

impl ClaimDraft {
    /// Whether any defendant is a protected party.
    pub(super) fn is_against_protected(&self) -> bool {
        self.defendants.iter().any(|one| one.protected)
    }
}

/// A claim that was prepared.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// Number of the case.
    pub case: String,
    /// The claim.
    pub claim: ClaimDraft,
    /// What it lacks; nothing may be missing when it is signed.
    pub lacks: Vec<Refusal>,
    /// Why it cannot go online; it may still go on paper.
    pub not_online: Vec<Refusal>,
    /// Why it may not be issued today.
    pub not_yet: Option<Refusal>,
}

fn check(ask: &PrepareClaim, today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if ask.issue_on.is_none_or(|day| day < today) {
        let typed = ask.issue_on.map(|day| day.to_string()).unwrap_or_default();
        wrong.push(Invalid::field("issue_on", "Enter the day of issue, today or later", typed));
    }
    if DefendantStatus::parse(&ask.status).is_none() {
        wrong.push(Invalid::field("status", "Choose what the defendant is in law", &ask.status));
    }
    if ask.defendants.is_empty() || ask.defendants.len() > 4 {
        wrong.push(Invalid::field("defendants", "Enter who is sued", ask.defendants.len().to_string()));
    }
    wrong.extend(days_wrong(&[("issue_on", ask.issue_on)], today));
    wrong.extend(lines_wrong(&[("company_number", &ask.company_number)], 20));
    for one in &ask.defendants {
        let lines = one.lines.iter().map(|line| ("lines", line.as_str()));
        let texts: Vec<(&str, &str)> =
            [("name", one.name.as_str()), ("postcode", one.postcode.as_str())].into_iter().chain(lines).collect();
        wrong.extend(lines_wrong(&texts, 200));
        if one.lines.len() > 10 {
            wrong.push(Invalid::field("lines", "Enter an address of up to 10 lines", one.lines.len().to_string()));
        }
    }
    wrong.extend(words_wrong(&[("basis", &ask.basis)], 500));
    wrong.extend(words_wrong(&[("particulars", &ask.particulars)], 20_000));
    wrong
}

/// Prepares a claim: everything it lacks is told at once, and why it could not be issued today.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`; `CT-01-CHECK-FEE` and other missing reference data.
pub async fn prepare_claim(desk: &Desk, by: &Actor, ask: PrepareClaim) -> Outcome<Prepared> {
    by.must_hold(Duty::WorkCases)?;
    refuse_cards(&[("particulars", &ask.particulars), ("basis", &ask.basis), ("company_number", &ask.company_number)])?;
    for one in &ask.defendants {
        refuse_cards(&[("name", &one.name), ("postcode", &one.postcode), ("lines", &one.lines.join(" "))])?;
    }
    command!(desk, by, "prepare_claim", &ask.key, &ask, |cmd| {
        let wrong = check(&ask, cmd.today);
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let org = cmd.by.org;
        let mut row = find(&mut cmd.tx, org, &ask.case).await?;
        must_be(&row, &["accepted", "prepared", "signed"])?;
        let issue_on = ask.issue_on.unwrap_or(cmd.today);
        let owed: i64 = store::open_of(&mut cmd.tx, org, row.id).await?.iter().map(|(_, open)| open).sum();
        let mut claim = ClaimDraft {
            issue_on,
            status: DefendantStatus::parse(&ask.status).unwrap_or(DefendantStatus::Individual),
            company_number: ask.company_number.trim().into(),
            defendants: ask.defendants.iter().map(tidied).collect(),
            basis: ask.basis.trim().into(),
            particulars: ask.particulars.trim().into(),
            separately: ask.separately,
            represented: ask.represented,
            debts: Vec::new(),
            interest: None,
            value: claim_value(&cmd.desk.book(), Pence(owed), None, false, issue_on)?,
        };
        work_out(cmd, &row, &mut claim).await?;
        if claim.particulars.is_empty() {
            claim.particulars = particulars(&row, &claim);
        }
        let answer = weighed(cmd, &row, claim).await?;
        row.state = "prepared".into();
        row.prepared_by = Some(cmd.by.user.0);
        (row.signed_by, row.signed_on) = (String::new(), None);
        row.claim = Some(serde_json::to_value(&answer.claim)?);
        save(cmd, &mut row).await?;
        let words = format!("Claim of {}, fee {}", answer.claim.value.value, answer.claim.value.fee.amount);
        note(cmd, row.id, vec![happened("prepared", words)]).await?;
        let told = serde_json::json!({ "issue_on": issue_on, "value_pence": answer.claim.value.value, "lacks": answer.lacks.len() });
        cmd.tell("ClaimPrepared", format!("court case {}", row.number), told);
        Ok(answer)
    })
}

fn tidied(one: &Defendant) -> Defendant {
    let lines = one.lines.iter().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
    let code = postcode(&one.postcode).unwrap_or_else(|| one.postcode.trim().to_owned());
    Defendant { name: one.name.trim().into(), lines, postcode: code, ..one.clone() }
}

/// The debts as they are today, interest to the day of issue, value and fee.
pub(super) async fn work_out(cmd: &mut Command, row: &CaseRow, claim: &mut ClaimDraft) -> Outcome<()> {
    let (org, book) = (cmd.by.org, cmd.desk.book());
    let site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let customer = sundry_store::customers::customer(&mut cmd.tx, org, CustomerId(row.customer_id)).await?;
    let kind = customer.and_then(|one| CustomerKind::parse(&one.kind)).unwrap_or(CustomerKind::Unknown);
    let spans =
        recovery::flag_spans(&mut cmd.tx, org, CustomerId(row.customer_id), FlagKind::BreathingSpace.as_str()).await?;
    let (mut debts, mut grounds) = (Vec::new(), Vec::new());
    for part in store::items_of(&mut cmd.tx, org, row.id).await?.into_iter().filter(|part| part.part == "debt") {
        let Some(item) = ledger::item(&mut cmd.tx, org, ItemId(part.item_id)).await? else { continue };
        if item.open_pence <= 0 {
            continue;
        }
        let regime = in_claim_regime(&LateFacts {
            customer_kind: kind,
            nature: DebtNature::of_debt_type(&item.debt_type),
            contract_interest: false,
            we_are_nhs: site.kind == "nhs",
            disputed: false,
        });
        let dates = match item.document_id {
            Some(document) => recovery::document_dates(&mut cmd.tx, org, document).await?,
            None => None,
        };
        let (performed_on, notice_on) = dates.unwrap_or((item.dated_on, item.dated_on));
        let from_on = match regime {
            Regime::LatePaymentAct => relevant_day(&RelevantDayFacts {
                agreed_on: Some(item.due_on),
                performed_on,
                notice_on,
                accepted_on: None,
                public_authority: kind.is_public_authority(),
                later_day_is_fair: false,
            }),
            _ => item.due_on,
        };
        let paid = recovery::payments_of(&mut cmd.tx, org, ItemId(item.id)).await?;
        let paid = paid.into_iter().filter(|(_, amount)| *amount > 0);
        let cases = frozen_spans(&mut cmd.tx, org, ItemId(item.id)).await?;
        let before = charges_of(&mut cmd.tx, org, ItemId(item.id)).await?;
        // What was charged by the run and is open gives way to the judgment; what was paid or waived is not claimed again.
        let settled = |part| {
            let of = charged(&before, part);
            of.net.minus(of.open).max(Pence::ZERO)
        };
        debts.push(ClaimedDebt {
            number: item.number.clone(),
            principal: Pence(item.open_pence),
            from_on,
            payments: paid.map(|(on, amount)| PartPayment { on, amount: Pence(amount) }).collect(),
            frozen: frozen_of(item.dated_on, &spans, &cases, claim.issue_on),
            bears_fee: bears_fee(&before),
            interest_settled: settled(ChargePart::Interest),
            fixed_sum_settled: settled(ChargePart::Compensation),
        });
        grounds.push((regime, item.due_on));
    }
    let regime = one_ground(&mut debts, &grounds);
    claim.interest = claim_interest(&book, regime, &debts, None, claim.issue_on)?;
    let principal = debts.iter().fold(Pence::ZERO, |sum, debt| sum.plus(debt.principal));
    claim.value = claim_value(&book, principal, claim.interest.as_ref(), claim.represented, claim.issue_on)?;
    claim.debts = debts;
    Ok(())
}

/// The particulars from the debts, where none were written.
fn particulars(row: &CaseRow, claim: &ClaimDraft) -> String {
    let mut text = format!("The claimant claims sums due under {}: ", claim.basis);
    let debts: Vec<String> = claim
        .debts
        .iter()
        .map(|debt| {
            format!(
                "invoice {} of which {} is owed since {}",
                debt.number,
                debt.principal,
                debt.from_on.format("%-d %B %Y")
            )
        })
        .collect();
    text.push_str(&debts.join(", "));
    text.push('.');
    if let Some(day) = row.letter_on {
        let rules = match claim.status {
            DefendantStatus::Individual | DefendantStatus::TradingAs => "the Pre-Action Protocol for Debt Claims",
            DefendantStatus::Company | DefendantStatus::Llp => "the Practice Direction on Pre-Action Conduct",
        };
        let sent = day.format("%-d %B %Y");
        text.push_str(&format!(" The claimant followed {rules}: a letter of claim was sent on {sent} and not paid."));
    }
    if let Some(interest) = &claim.interest {
        text.push(' ');
        text.push_str(&interest.paragraph());
    }
    text
}

pub(super) fn mcol_facts(claim: &ClaimDraft) -> McolFacts {
    McolFacts {
        sum: claim.value.principal,
        defendants: claim
            .defendants
            .iter()
            .map(|one| McolDefendant {
                postcode: one.postcode.clone(),
                abroad: one.postcode.trim().is_empty(),
                confirmed_in_england: one.confirmed_in_england,
                child: one.child,
                protected: one.protected,
                crown: false,
            })
            .collect(),
        same_sum: true,
        particulars: claim.particulars.chars().count(),
        separately: claim.separately,
    }
}

async fn weighed(cmd: &mut Command, row: &CaseRow, claim: ClaimDraft) -> Outcome<Prepared> {
    let (org, desk) = (cmd.by.org, cmd.desk.clone());
    let site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let first = claim.defendants.first().cloned().unwrap_or_default();
    let pack = ClaimPack {
        claimant: site.name,
        defendant: first.name.clone(),
        status: claim.status,
        company_number: Some(claim.company_number.clone()),
        service_address: [first.lines.join(", "), first.postcode].join(" ").trim().to_owned(),
        basis: claim.basis.clone(),
        debts: claim.debts.clone(),
        letter_on: row.letter_on,
        // The signature comes last: nobody signs what is not prepared.
        signatory: cmd.by.name.clone(),
    };
    let lacks = claim_faults(&pack);
    let not_online = mcol_faults(&mcol_facts(&claim));
    let mut case = weigh_case(&mut cmd.tx, &desk, org, row).await?;
    case.facts.person.capacity.lacks |= claim.is_against_protected();
    let not_yet = may(Act::Court, &case.facts, claim.issue_on.max(cmd.today)).err();
    Ok(Prepared { case: row.number.clone(), claim, lacks, not_online, not_yet })
}

/// Signs the statement of truth: a person, and not who prepared the claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignClaim {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// "The facts stated in this claim are true."
    pub i_believe: bool,
    /// The version of the case as it was read: a claim that was prepared anew since is not what they sign.
    #[serde(default)]
    pub version: Option<i64>,
}

/// A claim that is signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Number of the case.
    pub case: String,
    /// Who signs.
    pub signed_by: String,
    /// What is claimed, with interest to the day of issue.
    pub value_pence: i64,
    /// The fee.
    pub fee_pence: i64,
}

/// Signs a claim after it was worked out once more; it may be issued from now on.
///
/// # Errors
/// Duty; `CTL-01-OWN-WORK`; `CTL-01-CHANGED`; `CT-04-SIGNATURE`, `CT-04-LACKS`; `CT-CASE-STATE`; whatever the law says of a
/// claim.
pub async fn sign_claim(desk: &Desk, by: &Actor, ask: SignClaim) -> Outcome<Signed> {
    by.must_hold(Duty::ReferToCourt)?;
    if by.channel == Channel::Job {
        return Err(SIGNATURE.because("A program cannot sign a statement of truth").into());
    }
    if !ask.i_believe {
        return Err(
            Invalid::field("i_believe", "Say that you believe the facts stated in this claim are true", "").into()
        );
    }
    command!(desk, by, "sign_claim", &ask.key, &ask, |cmd| {
        let mut row = find(&mut cmd.tx, cmd.by.org, &ask.case).await?;
        must_be(&row, &["prepared"])?;
        let decider = Decider { user: cmd.by.user, duties: cmd.by.duties.clone() };
        may_approve(UserId(row.prepared_by.unwrap_or(0)), &decider, Duty::ReferToCourt)?;
        if ask.version.is_some_and(|read| read != row.version) {
            return Err(CHANGED.because(format!("The claim of {} is not what you read", row.number)).into());
        }
        let mut claim: ClaimDraft = serde_json::from_value(row.claim.clone().unwrap_or_default())?;
        // Particulars that were written from the debts say what the debts are on the day they are signed.
        let from_debts = claim.particulars == particulars(&row, &claim);
        claim.issue_on = claim.issue_on.max(cmd.today);
        work_out(cmd, &row, &mut claim).await?;
        if from_debts {
            claim.particulars = particulars(&row, &claim);
        }
        let answer = weighed(cmd, &row, claim).await?;
        if let Some(refusal) = answer.not_yet.clone().into_iter().chain(answer.lacks.clone()).next() {
            return Err(refusal.into());
        }
        row.state = "signed".into();
        row.signed_by = cmd.by.name.clone();
        row.signed_on = Some(cmd.today);
        row.claim = Some(serde_json::to_value(&answer.claim)?);
        save(cmd, &mut row).await?;
        note(cmd, row.id, vec![happened("signed", format!("Statement of truth signed by {}", row.signed_by))]).await?;
        let told = serde_json::json!({ "signed_by": row.signed_by, "value_pence": answer.claim.value.value });
        cmd.tell("ClaimSigned", format!("court case {}", row.number), told);
        Ok(Signed {
            case: row.number,
            signed_by: row.signed_by,
            value_pence: answer.claim.value.value.0,
            fee_pence: answer.claim.value.fee.amount.0,
        })
    })
}
