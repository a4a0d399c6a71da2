//! The owning service is asked whether to go on, to suspend, to give up or to go to court (REC-06): with a clock, a
//! hold in between, and what follows from silence.
use super::facts::{criteria_on, known_debt};
use super::write_off::find_debit;
use crate::core::command::{Command, request_hash};
use crate::core::signed_link::{pages_address, token};
use crate::core::typed::{lines_wrong, words_wrong};
use crate::customers::refuse_cards;
use crate::delivery::write_mail;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::{CustomerKind, is_email};
use sundry_domain::ids::{CustomerId, HoldId};
use sundry_domain::law::{HoldReason, ServiceAnswer, ServiceKind};
use sundry_domain::money::Pence;
use sundry_domain::queries::names_somebody;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_domain::writeoff::referral::{clock, may_default, may_suggest, refusals, remind_on, service_of};
use sundry_store::plans::HoldRow;
use sundry_store::writeoff::referrals::{self, ReferralRow, Settled};
use sundry_store::{customers, plans};

/// What the signature of a link is for.
pub(super) const PURPOSE: &str = "service-referral";

/// Asks the owning service what is to be done about a debt.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AskDecision {
    /// Idempotency key.
    pub key: String,
    /// Number of the debt.
    pub debt: String,
    /// recommendation, before a write-off; suspension, before court.
    pub purpose: String,
    /// Stored name of what the service gives; what the debt says when empty.
    pub need: String,
    /// The service; the debt's when empty.
    pub service: String,
    /// Where the link goes.
    pub to: String,
    /// What is asked beyond the standing question; names nobody.
    pub question: String,
    /// What follows if nobody answers: continue, write_off or court; continue when empty.
    pub default_answer: String,
    /// Answers that are suggested by who asks; only to be checked.
    pub suggest: String,
}

/// What was asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecisionAsked {
    /// Number of the question.
    pub referral: String,
    /// By when.
    pub answer_by: NaiveDate,
    /// The hold that stands until then.
    pub hold: i64,
}

/// Asks the owning service; recovery of the debt is held until the answer, or until the clock has run out.
///
/// # Errors
/// `REC-06-FORBIDDEN` where suspension is suggested and may not be; `REC-06-DEFAULT`, `REC-06-OPEN`, `REC-06-NO-ADDRESS`; invalid fields.
pub async fn ask_decision(desk: &Desk, by: &Actor, ask: AskDecision) -> Outcome<DecisionAsked> {
    may_ask(by)?;
    let wrong = wrong_fields(&ask);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("question", &ask.question), ("service", &ask.service)])?;
    command!(desk, by, "ask_decision", &ask.key, &ask, |cmd| {
        let item = find_debit(&mut cmd.tx, cmd.by.org, &ask.debt).await?;
        let debt = known_debt(&mut cmd.tx, cmd.by.org, cmd.today, item.id).await?;
        let debt = debt.ok_or_else(|| No::Absent(format!("item {}", ask.debt)))?;
        let need = need_of(&ask, &debt.row.debt_type, &debt.facts.holds);
        if let Some(suggested) = ServiceAnswer::parse(&ask.suggest) {
            may_suggest(need, suggested)?;
        }
        let default = ServiceAnswer::parse(&ask.default_answer).unwrap_or(ServiceAnswer::Continue);
        may_default(default)?;
        name_nobody(cmd, item.customer_id, &ask.question).await?;
        let before = referrals::referrals_of_item(&mut cmd.tx, cmd.by.org, item.id).await?;
        if let Some(open) = before.iter().find(|row| row.state == "open") {
            return Err(refusals::OPEN
                .because(format!("{} is open until {}", open.number, written(open.answer_by)))
                .into());
        }
        let days = criteria_on(&mut cmd.tx, cmd.by.org, cmd.today).await?.service_days;
        let (answer_by, ends_on) = clock(cmd.today, days);
        let number = format!("REF-{:06}", cmd.next_number("REF").await?);
        let hold = hold(cmd, (item.customer_id, item.id), &number, answer_by).await?;
        let row = ReferralRow {
            id: cmd.id(),
            number: number.clone(),
            customer_id: item.customer_id,
            customer_number: debt.row.customer_number.clone(),
            item_id: item.id,
            item_number: item.number.clone(),
            open_pence: item.open_pence,
            purpose: ask.purpose.clone(),
            need: need.as_str().into(),
            service: if ask.service.trim().is_empty() { item.service.clone() } else { ask.service.trim().into() },
            sent_to: ask.to.trim().into(),
            question: ask.question.trim().into(),
            default_answer: default.as_str().into(),
            state: "open".into(),
            asked_on: cmd.today,
            remind_on: remind_on(cmd.today, days),
            answer_by,
            ends_on,
            reminded_on: None,
            answer: String::new(),
            answer_words: String::new(),
            answered_by: String::new(),
            answered_on: None,
            hold_id: Some(hold),
            asked_by_id: cmd.by.user.0,
            asked_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        referrals::add_referral(&mut cmd.tx, cmd.by.org, &row).await?;
        send_link(cmd, &row, false).await?;
        cmd.tell("ServiceDecisionAsked", format!("invoice {}", item.number), &row);
        Ok(DecisionAsked { referral: number, answer_by, hold })
    })
}

fn may_ask(by: &Actor) -> Outcome<()> {
    if by.holds(Duty::ProposeWriteOff) { Ok(()) } else { Ok(by.must_hold(Duty::WorkCases)?) }
}

fn wrong_fields(ask: &AskDecision) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if !matches!(ask.purpose.as_str(), "recommendation" | "suspension") {
        wrong.push(Invalid::field("purpose", "Choose what the question is for", &ask.purpose));
    }
    if !ask.need.is_empty() && ServiceKind::parse(&ask.need).is_none() {
        wrong.push(Invalid::field("need", "Choose what the service gives", &ask.need));
    }
    if !ask.default_answer.is_empty() && ServiceAnswer::parse(&ask.default_answer).is_none() {
        wrong.push(Invalid::field("default_answer", "Choose what follows if nobody answers", &ask.default_answer));
    }
    if !is_email(ask.to.trim()) {
        wrong.push(Invalid::field("to", "Enter an e-mail address, like halls@example.gov.uk", &ask.to));
    }
    wrong.extend(words_wrong(&[("question", &ask.question)], 1_000));
    wrong.extend(lines_wrong(&[("service", &ask.service)], 200));
    wrong.extend(lines_wrong(&[("to", &ask.to)], 254));
    wrong
}

/// What the service gives: what was said, unless the books know that it must go on.
fn need_of(ask: &AskDecision, debt_type: &str, holds: &[String]) -> ServiceKind {
    match service_of(debt_type, holds) {
        ServiceKind::Other => ServiceKind::parse(&ask.need).unwrap_or(ServiceKind::Other),
        known => known,
    }
}

async fn hold(cmd: &mut Command, (customer, item): (i64, i64), number: &str, until: NaiveDate) -> Outcome<i64> {
    let id: HoldId = cmd.id();
    let row = HoldRow {
        id: id.0,
        customer_id: customer,
        item_id: Some(item),
        reason: HoldReason::ServiceReferral.as_str().into(),
        words: format!("{number}: the service was asked"),
        from_on: cmd.today,
        until_on: Some(until),
        ended_on: None,
        owner: cmd.by.name.clone(),
        query_id: None,
        promise_id: None,
        recorded_at: cmd.at,
    };
    plans::add_hold(&mut cmd.tx, cmd.by.org, row).await?;
    cmd.tell("HoldPlaced", format!("hold {}", id.0), number);
    Ok(id.0)
}

/// A person's name, address or telephone has no place in what leaves: the reference is enough.
async fn name_nobody(cmd: &mut Command, customer: i64, question: &str) -> Outcome<()> {
    let customer = customers::customer(&mut cmd.tx, cmd.by.org, CustomerId(customer)).await?;
    let Some(customer) = customer else { return Ok(()) };
    if !CustomerKind::parse(&customer.kind).is_none_or(CustomerKind::is_individual) {
        return Ok(());
    }
    let known = [&customer.name, &customer.email, &customer.phone, &customer.postcode];
    if names_somebody(question, &known.map(String::as_str)) {
        let say = "Take out the customer's name, address and telephone: the service sees the reference";
        return Err(Invalid::field("question", say, question).into());
    }
    Ok(())
}

/// The e-mail with the link, or the reminder of it.
async fn send_link(cmd: &mut Command, row: &ReferralRow, again: bool) -> Outcome<()> {
    let base = pages_address(&mut cmd.tx, cmd.by.org).await?;
    let (base, site) =
        base.ok_or_else(|| refusals::NO_ADDRESS.because("Nobody has said where our pages are reached"))?;
    let link = format!("{base}/refer/{}", token(&cmd.desk, PURPOSE, cmd.by.org, row.id));
    let subject = format!("{}A decision about {}", if again { "Reminder: " } else { "" }, row.number);
    let silence = ServiceAnswer::parse(&row.default_answer).unwrap_or(ServiceAnswer::Continue).name().to_lowercase();
    let more = if row.question.is_empty() { String::new() } else { format!("{}\n\n", row.question) };
    let text = format!(
        "{site} asks {} what is to be done about {}, invoice {}, of which {} is not paid.\n\n{more}Please answer by {}, at this \
         address. You need no account and no password; anyone who has this message can answer, so do not pass it on outside \
         your service.\n\n{link}\n\nIf nobody answers by then, this follows: {silence}. Recovery waits until your answer.\n",
        row.service,
        row.number,
        row.item_number,
        Pence(row.open_pence),
        written(row.answer_by),
    );
    write_mail(cmd, &row.sent_to, (&subject, &text), &format!("referral {}", row.number)).await.map(drop)
}

/// An answer that came by telephone or letter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordAnswer {
    /// Idempotency key.
    pub key: String,
    /// Number of the question.
    pub referral: String,
    /// continue, suspend, write_off or court.
    pub answer: String,
    /// Why, as they said it.
    pub words: String,
    /// Who answered.
    pub name: String,
}

/// Records an answer that came another way.
///
/// # Errors
/// `REC-06-FORBIDDEN` where suspension may not be answered; `REC-06-OVER`; invalid fields; absent question.
pub async fn record_answer(desk: &Desk, by: &Actor, ask: RecordAnswer) -> Outcome<ReferralRow> {
    may_ask(by)?;
    let answer = understood(&ask.answer, &ask.words, &ask.name)?;
    refuse_cards(&[("words", &ask.words), ("name", &ask.name)])?;
    command!(desk, by, "record_service_answer", &ask.key, &ask, |cmd| {
        let row = find(cmd, &ask.referral).await?;
        let from = format!("{}, recorded by {}", ask.name.trim(), cmd.by.name);
        settle(cmd, &row, answer, (ask.words.trim(), &from)).await?;
        find(cmd, &ask.referral).await
    })
}

/// An answer with its reason and its name, as typed.
pub(super) fn understood(answer: &str, words: &str, name: &str) -> Outcome<ServiceAnswer> {
    let mut wrong = Vec::new();
    let read = ServiceAnswer::parse(answer);
    if read.is_none() {
        wrong.push(Invalid::field("answer", "Choose what is to be done", answer));
    }
    wrong.extend(words_wrong(&[("words", words)], 2_000));
    wrong.extend(lines_wrong(&[("name", name)], 100));
    if words.trim().is_empty() {
        wrong.push(Invalid::field("words", "Enter why, in at most 2,000 characters", words));
    }
    if name.trim().is_empty() {
        wrong.push(Invalid::field("name", "Enter who answers, in at most 100 characters", name));
    }
    match read {
        Some(answer) if wrong.is_empty() => Ok(answer),
        _ => Err(wrong.into()),
    }
}

async fn find(cmd: &mut Command, number: &str) -> Outcome<ReferralRow> {
    let row = referrals::referral(&mut cmd.tx, cmd.by.org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("referral {}", number.trim())))
}

/// Keeps an answer: the hold ends; an answer after the clock takes the place of what followed from silence.
pub(super) async fn settle(
    cmd: &mut Command,
    row: &ReferralRow,
    answer: ServiceAnswer,
    (words, by): (&str, &str),
) -> Outcome<()> {
    let need = ServiceKind::parse(&row.need).ok_or_else(|| Fault::new("what a service gives is unknown"))?;
    may_suggest(need, answer)?;
    let with = Settled { state: "answered", answer: answer.as_str(), words, by, on: cmd.today };
    let taken = match row.state.as_str() {
        "open" => referrals::settle_referral(&mut cmd.tx, cmd.by.org, row.id, with).await?,
        "defaulted" => referrals::answer_late(&mut cmd.tx, cmd.by.org, row.id, with).await?,
        _ => false,
    };
    if !taken {
        return Err(refusals::OVER.because(format!("{} has been settled", row.number)).into());
    }
    end_hold(cmd, row).await?;
    let detail = serde_json::json!({ "referral": row.number, "answer": answer.as_str(), "words": words, "by": by });
    cmd.tell("ServiceDecided", format!("invoice {}", row.item_number), detail);
    Ok(())
}

async fn end_hold(cmd: &mut Command, row: &ReferralRow) -> Outcome<()> {
    let Some(hold) = row.hold_id else { return Ok(()) };
    if plans::end_hold(&mut cmd.tx, cmd.by.org, HoldId(hold), cmd.today).await? {
        cmd.tell("HoldEnded", format!("hold {hold}"), &row.number);
    }
    Ok(())
}

/// Takes a question back.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WithdrawReferral {
    /// Idempotency key.
    pub key: String,
    /// Number of the question.
    pub referral: String,
}

/// Takes a question back: its link opens no more, and its hold ends.
///
/// # Errors
/// `REC-06-OVER`; absent question.
pub async fn withdraw_referral(desk: &Desk, by: &Actor, ask: WithdrawReferral) -> Outcome<()> {
    may_ask(by)?;
    command!(desk, by, "withdraw_referral", &ask.key, &ask, |cmd| {
        let row = find(cmd, &ask.referral).await?;
        let by = cmd.by.name.clone();
        let with = Settled { state: "withdrawn", answer: "", words: "", by: &by, on: cmd.today };
        if !referrals::settle_referral(&mut cmd.tx, cmd.by.org, row.id, with).await? {
            return Err(refusals::OVER.because(format!("{} has been settled", row.number)).into());
        }
        end_hold(cmd, &row).await?;
        cmd.tell("ServiceDecisionWithdrawn", format!("invoice {}", row.item_number), &row.number);
        Ok(())
    })
}

/// What a day did to questions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferralsTended {
    /// Services that were reminded.
    pub reminded: i64,
    /// Questions whose clock ran out: number, and what follows.
    pub defaulted: Vec<(String, String)>,
}

/// Tends questions for a day: reminds, and lets silence have its answer, which is told to who asked.
///
/// # Errors
/// Duty.
pub async fn tend_referrals(desk: &Desk, by: &Actor, day: NaiveDate) -> Outcome<ReferralsTended> {
    by.must_hold(Duty::ReleaseRuns)?;
    let waiting = referrals::referrals_to_tend(&mut desk.look().await?, by.org, day).await?;
    if waiting.is_empty() {
        return Ok(ReferralsTended::default());
    }
    let numbers: Vec<&str> = waiting.iter().map(|row| row.number.as_str()).collect();
    // A day may be tended twice, and others may wait by then.
    let key = format!("referrals/tend/{day}/{}", request_hash(&numbers)?);
    command!(desk, by, "tend_referrals", &key, &(day, &numbers), |cmd| {
        let mut tended = ReferralsTended::default();
        for row in referrals::referrals_to_tend(&mut cmd.tx, cmd.by.org, day).await? {
            if row.answer_by < day {
                silence(cmd, &row).await?;
                tended.defaulted.push((row.number.clone(), row.default_answer.clone()));
                continue;
            }
            match send_link(cmd, &row, true).await {
                // Without an address nobody can be reminded; the clock runs all the same.
                Err(no) if no.code() == Some(refusals::NO_ADDRESS.code) => continue,
                sent => sent?,
            }
            referrals::note_referral_reminder(&mut cmd.tx, cmd.by.org, row.id, day).await?;
            cmd.tell("ServiceReminded", format!("referral {}", row.number), row.id);
            tended.reminded += 1;
        }
        cmd.tell("ReferralsTended", format!("referrals on {day}"), &tended);
        Ok(tended)
    })
}

/// Nobody answered: what was said follows, and the hold ends.
async fn silence(cmd: &mut Command, row: &ReferralRow) -> Outcome<()> {
    let words = format!("Nobody answered by {}", written(row.answer_by));
    let with = Settled { state: "defaulted", answer: &row.default_answer, words: &words, by: "", on: cmd.today };
    if referrals::settle_referral(&mut cmd.tx, cmd.by.org, row.id, with).await? {
        end_hold(cmd, row).await?;
        let detail =
            serde_json::json!({ "referral": row.number, "answer": row.default_answer, "escalated_to": row.asked_by });
        cmd.tell("ServiceDidNotDecide", format!("invoice {}", row.item_number), detail);
    }
    Ok(())
}

/// Questions to services in a state: open, answered, defaulted, withdrawn; all when it is empty.
///
/// # Errors
/// Duty.
pub async fn referrals_list(desk: &Desk, by: &Actor, state: &str) -> Outcome<Vec<ReferralRow>> {
    by.must_hold(Duty::View)?;
    Ok(referrals::referrals(&mut desk.look().await?, by.org, state, 500).await?)
}

/// One question.
///
/// # Errors
/// Duty; absent question.
pub async fn referral(desk: &Desk, by: &Actor, number: &str) -> Outcome<ReferralRow> {
    by.must_hold(Duty::View)?;
    let row = referrals::referral(&mut desk.look().await?, by.org, number).await?;
    row.ok_or_else(|| No::Absent(format!("referral {number}")))
}
