//! What is done to a case: decisions, holds, promises, queries, flags, runs, closing.
use super::act::{Failed, same};
use super::script::Act;
use super::stage::Stage;
use chrono::NaiveDate;
use futures::FutureExt;
use std::panic::AssertUnwindSafe;
use sundry_desk::approvals::{DecideApproval, approval, decide_approval};
use sundry_desk::billing::CreditLine;
use sundry_desk::close::gl_batch::{MakeGlBatch, make_gl_batch};
use sundry_desk::close::period::{TurnPeriod, hard_close, soft_close};
use sundry_desk::court::{TendCourt, tend_court};
use sundry_desk::customers::{EndFlag, RecordCall, SetFlag, customer_account, end_flag, record_call, set_flag};
use sundry_desk::delivery::{ConfirmBatch, PrintLetters, batch, confirm_batch, print_letters};
use sundry_desk::plans::{
    AgreePlan, EndHold, PlaceHold, PlanAsk, PromiseToPay, agree_plan, end_hold, holds, place_hold, promise_to_pay,
};
use sundry_desk::queries::{
    ActOnQuery, AnswerQuery, RaiseQuery, ResolveQuery, act_on_query, answer_query, raise_query, resolve_query,
};
use sundry_desk::recovery::{ReleaseDay, preview_day, release_day, run as run_of_day};
use sundry_desk::writeoff::tend_referrals;
use sundry_desk::{No, Outcome};
use sundry_domain::customers::FlagKind;
use sundry_domain::ids::HoldId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::HoldReason;

/// Does what is done to a case.
pub async fn done(stage: &mut Stage, act: &Act) -> Outcome<Failed> {
    match act {
        Act::Debit(debit) => super::debit::done(stage, debit).await,
        Act::Decide { approval, approve, words } => decide(stage, approval, *approve, words).await,
        Act::Hold { nick, reason, invoice, until, words } => {
            hold(stage, (nick, *reason), invoice.as_deref(), *until, words).await
        }
        Act::EndHold { nick, reason } => lift(stage, nick, *reason).await,
        Act::Promise { nick, amount, by } => {
            let (customer, _) = stage.customer(nick)?;
            let (key, words) = (stage.key(), "Promised in the story.".to_owned());
            let ask = PromiseToPay { key, customer, amount_pence: *amount, due_on: *by, words };
            promise_to_pay(&stage.desk, &stage.by, ask).await?;
            Ok(None)
        }
        Act::Plan { plan, nicks, invoices, instalments, from, ours } => {
            agree(stage, (plan, nicks), invoices, (*instalments, *from, *ours)).await
        }
        Act::Query { query, invoice, category, disputed, words } => {
            let ask = RaiseQuery {
                key: stage.key(),
                customer: String::new(),
                item: invoice.clone(),
                category: category.clone(),
                disputed: *disputed,
                words: words.clone(),
                ..RaiseQuery::default()
            };
            Ok(same(query, &raise_query(&stage.desk, &stage.by, ask).await?.number))
        }
        Act::Answer { query, words } => {
            let ask = AnswerQuery { key: stage.key(), number: query.clone(), answer: words.clone() };
            answer_query(&stage.desk, &stage.by, ask).await?;
            Ok(None)
        }
        Act::Resolve { query, resolution, credit, words } => {
            resolve(stage, (query, resolution), credit.as_ref(), words).await
        }
        Act::Withdraw { query } => {
            let (key, number) = (stage.key(), query.clone());
            let ask = ActOnQuery { key, number, act: "withdraw".into(), ..ActOnQuery::default() };
            act_on_query(&stage.desk, &stage.by, ask).await?;
            Ok(None)
        }
        Act::Flag { .. } | Act::EndFlag { .. } | Act::Call { .. } => customer_case(stage, act).await,
        _ => daily(stage, act).await,
    }
}

async fn agree(
    stage: &mut Stage,
    (plan, nicks): (&str, &[String]),
    invoices: &[String],
    (instalments, first_on, ours): (u32, NaiveDate, bool),
) -> Outcome<Failed> {
    let number = |nick: &String| stage.customer(nick).map(|(_, number)| number);
    let mut people: Vec<String> = nicks.iter().map(number).collect::<Outcome<_>>()?;
    let customer = people.remove(0);
    let ask = PlanAsk {
        customer,
        with: people,
        items: invoices.to_vec(),
        instalments: Some(instalments),
        amount_pence: None,
        parts: Vec::new(),
        every: "month".into(),
        first_on,
        day_of_month: None,
        remainder: String::new(),
        method: "transfer".into(),
        asked_by: if ours { "us" } else { "customer" }.into(),
        agreed_with: String::new(),
        evidence: "call".into(),
        words: "Agreed in the story.".into(),
        interest_charged: false,
        interest_in_writing: false,
        interest_legal: false,
        late_interest: "waived".into(),
        budget: None,
        review_on: None,
    };
    let ask = AgreePlan { key: stage.key(), ask };
    Ok(same(plan, &agree_plan(&stage.desk, &stage.by, ask).await?.number))
}

async fn decide(stage: &mut Stage, number: &str, approve: bool, words: &str) -> Outcome<Failed> {
    let shown = approval(&stage.desk, &stage.looker, number).await?;
    let ask = DecideApproval {
        key: stage.key(),
        number: number.to_owned(),
        approve,
        reason: words.to_owned(),
        content_hash: shown.content_hash,
    };
    decide_approval(&stage.desk, &stage.by, ask).await?;
    Ok(None)
}

async fn hold(
    stage: &mut Stage,
    (nick, reason): (&str, HoldReason),
    invoice: Option<&str>,
    until: Option<NaiveDate>,
    words: &str,
) -> Outcome<Failed> {
    let (customer, _) = stage.customer(nick)?;
    let item = invoice.map(|number| stage.invoice(number)).transpose()?.map(|(item, _)| item);
    let (key, words) = (stage.key(), words.to_owned());
    let ask = PlaceHold { key, customer, item, reason: reason.as_str().into(), until, words };
    place_hold(&stage.desk, &stage.by, ask).await?;
    Ok(None)
}

async fn lift(stage: &mut Stage, nick: &str, reason: HoldReason) -> Outcome<Failed> {
    let (customer, _) = stage.customer(nick)?;
    let all = holds(&stage.desk, &stage.looker, customer).await?;
    let live = all.iter().find(|row| row.reason == reason.as_str() && row.ended_on.is_none());
    let hold = HoldId(live.ok_or_else(|| No::Absent(format!("hold of {nick}")))?.id);
    let ask = EndHold { key: stage.key(), hold, words: "Ended in the story.".into() };
    end_hold(&stage.desk, &stage.by, ask).await?;
    Ok(None)
}

async fn resolve(
    stage: &mut Stage,
    (query, resolution): (&str, &str),
    credit: Option<&(String, Pence)>,
    words: &str,
) -> Outcome<Failed> {
    let lines = credit.map(|(_, net)| CreditLine { line: 1, net_pence: net.0 }).into_iter().collect();
    let ask = ResolveQuery {
        key: stage.key(),
        number: query.to_owned(),
        resolution: resolution.to_owned(),
        words: words.to_owned(),
        credit: lines,
        ..ResolveQuery::default()
    };
    let stands = resolve_query(&stage.desk, &stage.by, ask).await?;
    Ok(credit.and_then(|(approval, _)| same(approval, stands.approval.as_deref().unwrap_or("no approval"))))
}

async fn customer_case(stage: &mut Stage, act: &Act) -> Outcome<Failed> {
    match act {
        Act::Flag { nick, kind, evidence, from, until } => {
            let (_, number) = stage.customer(nick)?;
            let ask = SetFlag {
                key: stage.key(),
                number,
                kind: kind.as_str().into(),
                evidence: evidence.clone(),
                from_on: *from,
                to_on: *until,
                review_on: None,
            };
            set_flag(&stage.desk, &stage.by, ask).await?;
        }
        Act::EndFlag { nick, kind, words } => unflag(stage, nick, *kind, words).await?,
        Act::Call { nick, outcome, words } => {
            let (_, number) = stage.customer(nick)?;
            let ask = RecordCall {
                key: stage.key(),
                number,
                outcome: outcome.clone(),
                words: words.clone(),
                next_step: String::new(),
                next_on: None,
            };
            record_call(&stage.desk, &stage.by, ask).await?;
        }
        _ => {}
    }
    Ok(None)
}

async fn unflag(stage: &mut Stage, nick: &str, kind: FlagKind, words: &str) -> Outcome<()> {
    let (_, number) = stage.customer(nick)?;
    let account = customer_account(&stage.desk, &stage.looker, &number).await?;
    let live = account.flags.iter().find(|flag| flag.kind == kind.as_str() && flag.holds);
    let flag = live.ok_or_else(|| No::Absent(format!("flag of {nick}")))?.flag;
    let ask = EndFlag { key: stage.key(), number, flag, ended_on: None, reason: words.to_owned() };
    end_flag(&stage.desk, &stage.by, ask).await
}

async fn daily(stage: &mut Stage, act: &Act) -> Outcome<Failed> {
    match act {
        Act::Run { release } => run(stage, *release).await,
        Act::Print { cut } => print(stage, *cut).await,
        Act::SignBatch { batch: number, letters } => confirm(stage, number, *letters).await,
        Act::GlBatch => {
            let ask = MakeGlBatch { key: stage.key(), up_to: stage.desk.today() };
            make_gl_batch(&stage.desk, &stage.by, ask).await?;
            Ok(None)
        }
        Act::Close { year, period, hard } => {
            let ask = TurnPeriod { key: stage.key(), start_year: *year, number: *period, reason: "Month end".into() };
            if *hard {
                hard_close(&stage.desk, &stage.by, ask).await?;
            } else {
                soft_close(&stage.desk, &stage.by, ask).await?;
            }
            Ok(None)
        }
        _ => Ok(None),
    }
}

/// Prints what waits. When the power fails, nothing goes on after the first file of the batch: no more than of a
/// process that is killed.
async fn print(stage: &mut Stage, cut: bool) -> Outcome<Failed> {
    let ask = PrintLetters { key: stage.key(), limit: 1_000 };
    let power = |_, _| {
        if cut {
            std::panic::resume_unwind(Box::new("the power fails"));
        }
    };
    let printing = print_letters(&stage.desk, &stage.by, ask, &power);
    match AssertUnwindSafe(printing).catch_unwind().await {
        Err(_) => Ok(None),
        Ok(done) => {
            done?;
            Ok(cut.then(|| ("the power to fail before the batch ends".to_owned(), "it had ended".to_owned())))
        }
    }
}

async fn confirm(stage: &mut Stage, number: &str, letters: Option<i64>) -> Outcome<Failed> {
    let (view, _) = batch(&stage.desk, &stage.looker, number).await?;
    let ask = ConfirmBatch {
        key: stage.key(),
        number: number.to_owned(),
        letters_count: letters.unwrap_or(view.batch.letters_count),
        sheets_count: view.batch.sheets_count,
        total_pence: Pence(view.batch.total_pence),
    };
    confirm_batch(&stage.desk, &stage.by, ask).await?;
    Ok(None)
}

/// Previews or releases the day, and keeps what it refused for the story to ask about.
async fn run(stage: &mut Stage, release: bool) -> Outcome<Failed> {
    let date = stage.desk.today();
    if !release {
        let preview = preview_day(&stage.desk, &stage.by, date).await?;
        let refused = preview.refusals.into_iter().filter_map(|one| Some((one.item?.number, one.refusal.code)));
        stage.run_refusals = refused.collect();
        return Ok(None);
    }
    let ask = ReleaseDay { key: stage.key(), date };
    let court = TendCourt { key: format!("{}/court", ask.key) };
    let released = release_day(&stage.desk, &stage.by, ask, &|_, _| {}).await?;
    tend_referrals(&stage.desk, &stage.by, date).await?;
    tend_court(&stage.desk, &stage.by, court).await?;
    let (_, rows) = run_of_day(&stage.desk, &stage.looker, &released.number, 0, 10_000).await?;
    let number = |item: i64| stage.invoices.iter().find(|(_, (id, _))| id.0 == item).map(|(number, _)| number.clone());
    stage.run_refusals = rows.into_iter().filter_map(|row| Some((number(row.item_id?)?, row.code))).collect();
    Ok(None)
}
