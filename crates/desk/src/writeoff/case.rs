//! One debt that may be given up: its checklist by reason, what is on file, what was asked of the service, its history.
use super::facts::{Debt, ReliefIfGivenUp, criteria_on, known_debt};
use super::write_off::{find_debit, wrong_day};
use crate::core::command::Command;
use crate::core::evidence::{NewFile, note, seal};
use crate::core::typed::{all_right, words_wrong};
use crate::customers::refuse_cards;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::ItemId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::writeoff::referral::service_of;
use sundry_domain::writeoff::{
    Evidence, LossCategory, Tier, WriteOffReason, category_of, checklist, in_the_way, missing, reason_name,
    schedule_number, suggested,
};
use sundry_store::billing::{AllocationSeen, StepSeen, allocations_seen, steps_seen};
use sundry_store::control::{KeptFileRow, kept_file};
use sundry_store::writeoff::referrals::{ReferralRow, referrals_of_item};
use sundry_store::writeoff::schedules::{LineRow, lines_of_item};
use sundry_store::writeoff::{self, DebtEvidenceRow};

/// A need of a checklist.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NeedShown {
    /// Stored name.
    pub kind: String,
    /// For people.
    pub name: String,
    /// What is on file; empty while it is missing.
    pub found: String,
}

/// The checklist of a reason.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReasonList {
    /// Stored name.
    pub reason: String,
    /// For people.
    pub name: String,
    /// The facts speak for it.
    pub suggested: bool,
    /// What it needs.
    pub needs: Vec<NeedShown>,
    /// What is missing, in words; empty when it is whole.
    pub missing: String,
}

/// One debt with all that it takes to decide whether it is given up.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DebtCase {
    /// Number of the debt.
    pub number: String,
    /// Account.
    pub customer_number: String,
    /// Name.
    pub customer_name: String,
    /// Service.
    pub service: String,
    /// Type.
    pub debt_type: String,
    /// When due.
    pub due_on: NaiveDate,
    /// At first.
    pub original_pence: i64,
    /// What is open.
    pub open_pence: i64,
    /// What the customer was let off in twelve months.
    pub before_pence: i64,
    /// Who decides.
    pub tier: String,
    /// Loss category.
    pub category: String,
    /// VAT relief.
    pub relief: ReliefIfGivenUp,
    /// The last day of a claim, as far as it is known.
    pub claim_until: Option<NaiveDate>,
    /// Codes and sentences of what stands in the way.
    pub in_the_way: Vec<(String, String)>,
    /// Checklists, the suggested reason first.
    pub reasons: Vec<ReasonList>,
    /// What people put on file, those taken off too.
    pub evidence: Vec<DebtEvidenceRow>,
    /// Questions to the service.
    pub referrals: Vec<ReferralRow>,
    /// What the service's kind would be.
    pub need: String,
    /// Where it stood on schedules.
    pub lines: Vec<LineRow>,
    /// The schedule it stands on; empty for none.
    pub schedule: String,
    /// The schedule of this month.
    pub this_month: String,
    /// Recovery steps.
    pub steps: Vec<StepSeen>,
    /// What was set against it.
    pub allocations: Vec<AllocationSeen>,
}

/// One debt that may be given up.
///
/// # Errors
/// Duty; absent debt.
pub async fn debt_case(desk: &Desk, by: &Actor, number: &str) -> Outcome<DebtCase> {
    by.must_hold(Duty::View)?;
    let today = desk.today();
    let mut look = desk.look().await?;
    let item = find_debit(&mut look, by.org, number).await?;
    let debt = known_debt(&mut look, by.org, today, item.id).await?;
    let debt = debt.ok_or_else(|| No::Absent(format!("item {number}")))?;
    let criteria = criteria_on(&mut look, by.org, today).await?;
    let first = suggested(&debt.facts, &criteria, today);
    let open = Pence(debt.row.open_pence);
    let reason = first.unwrap_or(WriteOffReason::Uneconomic);
    let mut reasons: Vec<ReasonList> =
        WriteOffReason::ALL.iter().map(|one| reason_list(&debt, *one, Some(*one) == first)).collect();
    reasons.sort_by_key(|list| !list.suggested);
    let tier: Tier = debt.tier(open, reason, &criteria);
    let category: LossCategory = category_of(&debt.row.debt_type);
    Ok(DebtCase {
        tier: tier.as_str().into(),
        category: category.as_str().into(),
        relief: debt.relief(open),
        claim_until: debt.facts.claim_until,
        in_the_way: in_the_way(&debt.facts).into_iter().map(|no| (no.code, no.sentence)).collect(),
        reasons,
        evidence: writeoff::evidence_of_debt(&mut look, by.org, ItemId(item.id)).await?,
        referrals: referrals_of_item(&mut look, by.org, item.id).await?,
        need: service_of(&debt.row.debt_type, &debt.facts.holds).as_str().into(),
        lines: lines_of_item(&mut look, by.org, item.id).await?,
        schedule: debt.schedule.clone().unwrap_or_default(),
        this_month: schedule_number(today),
        steps: steps_seen(&mut look, by.org, ItemId(item.id)).await?,
        allocations: allocations_seen(&mut look, by.org, ItemId(item.id)).await?,
        before_pence: debt.before.0,
        number: debt.row.number,
        customer_number: debt.row.customer_number,
        customer_name: debt.row.customer_name,
        service: debt.row.service,
        debt_type: debt.row.debt_type,
        due_on: debt.row.due_on,
        original_pence: debt.row.original_pence,
        open_pence: debt.row.open_pence,
    })
}

fn reason_list(debt: &Debt, reason: WriteOffReason, suggested: bool) -> ReasonList {
    let list = checklist(reason, &debt.on_file);
    ReasonList {
        reason: reason.as_str().into(),
        name: reason_name(reason).into(),
        suggested,
        missing: missing(&list),
        needs: list
            .into_iter()
            .map(|need| NeedShown {
                kind: need.kind.as_str().into(),
                name: need.kind.name().into(),
                found: need.found.unwrap_or_default(),
            })
            .collect(),
    }
}

/// Puts evidence on file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddDebtEvidence {
    /// Idempotency key.
    pub key: String,
    /// Number of the debt.
    pub debt: String,
    /// Stored name of the kind.
    pub kind: String,
    /// What it shows.
    pub words: String,
    /// Its day; for the limitation, the last day of a claim.
    #[serde(default)]
    pub on: Option<NaiveDate>,
}

/// What was put on file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DebtEvidenceAdded {
    /// Its id.
    pub evidence: i64,
    /// Number of the debt.
    pub debt: String,
}

/// Puts evidence on file for a debt, with a file or without.
///
/// # Errors
/// Duty; absent debt; invalid fields; `QRY-EVIDENCE-KIND`, `QRY-EVIDENCE-SIZE`.
pub async fn add_debt_evidence(
    desk: &Desk,
    by: &Actor,
    ask: AddDebtEvidence,
    file: Option<NewFile>,
) -> Outcome<DebtEvidenceAdded> {
    by.must_hold(Duty::ProposeWriteOff)?;
    let mut wrong = Vec::new();
    if Evidence::parse(&ask.kind).is_none() {
        wrong.push(Invalid::field("kind", "Choose what it is", &ask.kind));
    }
    if ask.words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Enter what it shows, in at most 1,000 characters", &ask.words));
    }
    wrong.extend(words_wrong(&[("words", &ask.words)], 1_000));
    wrong.extend(wrong_day(&ask.kind, ask.on, desk.today()));
    if ask.kind == Evidence::LimitationWorking.as_str() && ask.on.is_none() {
        wrong.push(Invalid::field("on", "Enter the last day of a claim", ""));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    if file.is_some() {
        // Nothing is kept for what is not there.
        find_debit(&mut desk.look().await?, by.org, &ask.debt).await?;
    }
    let kept = file.as_ref().map(|file| seal(desk, by.org.0, file)).transpose()?;
    let hash = kept.as_ref().map(|file| file.sha256.clone());
    command!(desk, by, "add_debt_evidence", &ask.key, &(&ask, &hash), |cmd| {
        let item = find_debit(&mut cmd.tx, cmd.by.org, &ask.debt).await?;
        let on = ask.on.unwrap_or(cmd.today);
        let of = (item.id, item.number.as_str());
        let evidence = record_evidence(cmd, of, (&ask.kind, &ask.words, on), kept.as_ref()).await?;
        Ok(DebtEvidenceAdded { evidence, debt: item.number })
    })
}

/// Puts evidence on file inside a command; gives its id.
pub(super) async fn record_evidence(
    cmd: &mut Command,
    (item, number): (i64, &str),
    (kind, words, on): (&str, &str, NaiveDate),
    file: Option<&KeptFileRow>,
) -> Outcome<i64> {
    let subject = format!("invoice {number}");
    let by = cmd.by.name.clone();
    if let Some(file) = file {
        note(cmd, &subject, file, (words, &by)).await?;
    }
    let row = DebtEvidenceRow {
        id: cmd.id(),
        item_id: item,
        kind: kind.to_owned(),
        words: words.trim().to_owned(),
        on_day: on,
        file_name: file.map_or_else(String::new, |file| file.name.clone()),
        file_sha256: file.map_or_else(String::new, |file| file.sha256.clone()),
        ended_on: None,
        actor_name: by,
        recorded_at: cmd.at,
    };
    writeoff::add_debt_evidence(&mut cmd.tx, cmd.by.org, &row).await?;
    cmd.tell("DebtEvidenceAdded", subject, &row);
    Ok(row.id)
}

/// A file on file for a debt, proved by its hash: its name, its media type, its bytes.
///
/// # Errors
/// Duty; absent when the debt has no such file.
pub async fn debt_evidence_file(
    desk: &Desk,
    by: &Actor,
    number: &str,
    sha256: &str,
) -> Outcome<(String, String, Vec<u8>)> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let item = find_debit(&mut look, by.org, number).await?;
    let all = writeoff::evidence_of_debt(&mut look, by.org, ItemId(item.id)).await?;
    let absent = || No::Absent("file".into());
    let row =
        all.into_iter().find(|row| !row.file_sha256.is_empty() && row.file_sha256 == sha256).ok_or_else(absent)?;
    let kept = kept_file(&mut look, by.org, &row.file_sha256).await?.ok_or_else(absent)?;
    let bytes = desk.files().get(by.org.0, &kept.sha256)?;
    Ok((row.file_name, kept.media_type, bytes))
}

/// Takes evidence off a debt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EndDebtEvidence {
    /// Idempotency key.
    pub key: String,
    /// Number of the debt.
    pub debt: String,
    /// The evidence.
    pub evidence: i64,
    /// Why.
    pub words: String,
}

/// Takes evidence off a debt; it stays to be read.
///
/// # Errors
/// Duty; invalid without words; absent evidence.
pub async fn end_debt_evidence(desk: &Desk, by: &Actor, ask: EndDebtEvidence) -> Outcome<()> {
    by.must_hold(Duty::ProposeWriteOff)?;
    all_right(words_wrong(&[("words", &ask.words)], 1_000))?;
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "end_debt_evidence", &ask.key, &ask, |cmd| {
        let item = find_debit(&mut cmd.tx, cmd.by.org, &ask.debt).await?;
        if ask.words.trim().is_empty() {
            return Err(Invalid::field("words", "Enter why it is taken off", &ask.words).into());
        }
        let all = writeoff::evidence_of_debt(&mut cmd.tx, cmd.by.org, ItemId(item.id)).await?;
        let found = all.into_iter().find(|one| one.id == ask.evidence && one.ended_on.is_none());
        let absent = || No::Absent("evidence of this debt".into());
        found.ok_or_else(absent)?;
        writeoff::end_debt_evidence(&mut cmd.tx, cmd.by.org, ask.evidence, cmd.today).await?;
        cmd.tell_why("DebtEvidenceEnded", format!("invoice {}", item.number), &ask, &ask.words);
        Ok(())
    })
}
