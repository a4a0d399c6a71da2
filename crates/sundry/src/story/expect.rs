//! Looking whether things are as a line of a story says.
use super::act::Failed;
use super::script::Expect;
use super::stage::{Stage, spoken};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_desk::approvals::approval;
use sundry_desk::billing::invoice;
use sundry_desk::cash::cash_position::cash_position;
use sundry_desk::customers::customer_account;
use sundry_desk::delivery::{batch, letter, letters_of_customer};
use sundry_desk::plans::{plan, promises};
use sundry_desk::reports::aged_debt::{AskAgedDebt, aged_debt};
use sundry_desk::reports::exports;
use sundry_desk::{No, Outcome};
use sundry_domain::money::Pence;

/// What was expected and found, where they differ.
pub async fn expect(stage: &mut Stage, wanted: &Expect) -> Outcome<Failed> {
    match wanted {
        Expect::Balance { nick, amount } => {
            let (_, number) = stage.customer(nick)?;
            let account = customer_account(&stage.desk, &stage.looker, &number).await?;
            Ok(pence(*amount, account.strip.balance_pence))
        }
        Expect::Unallocated { nick, amount } => {
            let (_, number) = stage.customer(nick)?;
            let account = customer_account(&stage.desk, &stage.looker, &number).await?;
            Ok(pence(*amount, account.strip.unallocated_pence))
        }
        Expect::Open { invoice: number, amount } => open(stage, number, *amount).await,
        Expect::Suspense(amount) => {
            let position = cash_position(&stage.desk, &stage.looker).await?;
            Ok(pence(*amount, position.suspense.sum_pence))
        }
        Expect::Refusal { code, invoice: None } => Ok(refused(stage, code)),
        Expect::Refusal { code, invoice: Some(number) } => Ok(refused_in_run(stage, code, number)),
        Expect::Invalid(field) => Ok(invalid(stage, field)),
        Expect::Seen(count) => Ok(differ(*count, stage.seen, "lines that came before")),
        Expect::Approval { approval: number, state } => {
            let shown = approval(&stage.desk, &stage.looker, number).await?;
            Ok(differ(state.clone(), shown.state, "the approval"))
        }
        Expect::Aged { nick, as_at, by_invoice, band, amount } => {
            aged(stage, nick, (*as_at, *by_invoice, band), *amount).await
        }
        Expect::OpenAsAt { invoice: number, as_at, amount } => open_as_at(stage, number, *as_at, *amount).await,
        Expect::Letter { template, invoice: number, there } => {
            letters(stage, template.as_deref(), number, *there).await
        }
        Expect::LetterTo { template, nick, there } => letter_to(stage, template, nick, *there).await,
        Expect::Step { step: code, invoice: number, on } => step(stage, code, number, *on).await,
        Expect::Promise { nick, state } => {
            let (customer, _) = stage.customer(nick)?;
            let newest = promises(&stage.desk, &stage.looker, customer).await?.into_iter().next();
            Ok(differ(state.clone(), newest.map_or_else(|| "no promise".into(), |row| row.state), "the promise"))
        }
        Expect::Plan { plan: number, state } => {
            let shown = plan(&stage.desk, &stage.looker, number).await?.line;
            let found = if shown.state == "active" { shown.standing } else { shown.state };
            Ok(differ(state.clone(), found, "the plan"))
        }
        Expect::Query { query, state } => {
            let shown = sundry_desk::queries::query(&stage.desk, &stage.looker, query).await?;
            Ok(differ(state.clone(), shown.query.state, "the query"))
        }
        Expect::Mandate { nick, state } => {
            let found = super::debit::of(stage, nick).await?.mandate.state;
            Ok(differ(state.clone(), found, "the mandate"))
        }
        Expect::Desk(wanted) => super::desk_words::expect(stage, wanted).await,
        Expect::Card { payment, state } => super::card::payment_stands(stage, payment, state).await,
        Expect::Payout { payout, net, state } => super::card::payout_stands(stage, payout, *net, state).await,
        Expect::Printed { batch, letters, sum, state } => printed(stage, batch, (*letters, *sum, state)).await,
        Expect::Journal { event, entries } => journal(stage, event, entries).await,
        Expect::Month(wanted) => super::month::expect(stage, wanted).await,
        Expect::Reconciled(wanted) => super::reconcile::expect(stage, wanted).await,
        Expect::GivenUp(wanted) => super::giving_up::expect(stage, wanted).await,
        Expect::Agency(wanted) => super::agencies::expect(stage, wanted).await,
        Expect::Court(wanted) => super::court::expect(stage, wanted).await,
        Expect::Service(wanted) => super::service::expect(stage, wanted).await,
    }
}

fn pence(expected: Pence, found: i64) -> Failed {
    (expected.0 != found).then(|| (expected.to_string(), Pence(found).to_string()))
}

fn differ<T: PartialEq + std::fmt::Display>(expected: T, found: T, what: &str) -> Failed {
    (expected != found).then(|| (format!("{what} to be {expected}"), found.to_string()))
}

async fn printed(stage: &Stage, number: &str, (letters, sum, state): (i64, Pence, &str)) -> Outcome<Failed> {
    let (view, _) = batch(&stage.desk, &stage.looker, number).await?;
    let found =
        format!("{} letters, {}, {}", view.batch.letters_count, Pence(view.batch.total_pence), view.batch.state);
    Ok(differ(format!("{letters} letters, {sum}, {state}"), found, number))
}

async fn open(stage: &Stage, number: &str, amount: Pence) -> Outcome<Failed> {
    if number.starts_with("INV-") {
        let shown = invoice(&stage.desk, &stage.looker, number).await?;
        let part = shown.instalments.iter().find(|part| part.number == number);
        return Ok(pence(amount, part.map_or(shown.open_pence, |part| part.open_pence)));
    }
    let items = exports::items(&stage.desk, &stage.looker, None).await?;
    let item = items.rows.into_iter().find(|row| row.number == number);
    Ok(pence(amount, item.map_or(0, |row| row.open_pence)))
}

fn refused(stage: &mut Stage, code: &str) -> Failed {
    let found = match stage.refused.take() {
        Some(No::Refused(refusal)) if refusal.code == code => return None,
        Some(other) => spoken(&other),
        None => "it was done".into(),
    };
    Some((format!("a refusal {code}"), found))
}

fn invalid(stage: &mut Stage, field: &str) -> Failed {
    let found = match stage.refused.take() {
        Some(No::Invalid(all)) if all.iter().any(|one| one.field == field) => return None,
        Some(other) => spoken(&other),
        None => "it was done".into(),
    };
    Some((format!("{field} not to be understood"), found))
}

fn refused_in_run(stage: &Stage, code: &str, number: &str) -> Failed {
    let of_item: Vec<&str> =
        stage.run_refusals.iter().filter(|(item, _)| item == number).map(|(_, code)| code.as_str()).collect();
    if of_item.contains(&code) {
        return None;
    }
    let found = if of_item.is_empty() { "the run refused no step of it".into() } else { of_item.join(", ") };
    Some((format!("the run to refuse {number} with {code}"), found))
}

async fn aged(
    stage: &Stage,
    nick: &str,
    (as_at, by_invoice, band): (Option<NaiveDate>, bool, &str),
    amount: Pence,
) -> Outcome<Failed> {
    let (_, number) = stage.customer(nick)?;
    let ask = AskAgedDebt {
        as_at: as_at.unwrap_or_else(|| stage.desk.today()),
        basis: if by_invoice { "invoice".into() } else { "due".into() },
        by: "customer".into(),
    };
    let report = aged_debt(&stage.desk, &stage.looker, &ask).await?;
    let columns = sundry_desk::reports::aged_debt::amount_columns();
    let Some(place) = columns.iter().position(|column| column == band) else {
        return Ok(Some((format!("one of the bands {}", columns.join(", ")), band.to_owned())));
    };
    let row = report.rows.iter().find(|row| row.customer_id == number);
    Ok(pence(amount, row.map_or(0, |row| row.amounts()[place])))
}

async fn open_as_at(stage: &Stage, number: &str, as_at: NaiveDate, amount: Pence) -> Outcome<Failed> {
    let ask = AskAgedDebt { as_at, basis: "due".into(), by: "item".into() };
    let report = aged_debt(&stage.desk, &stage.looker, &ask).await?;
    let row = report.rows.iter().find(|row| row.key == number);
    Ok(pence(amount, row.map_or(0, |row| row.total_pence)))
}

/// Letters that name the invoice, by the template they were written with.
async fn letters(stage: &Stage, template: Option<&str>, number: &str, there: bool) -> Outcome<Failed> {
    let (item, customer) = stage.invoice(number)?;
    let document = invoice(&stage.desk, &stage.looker, number).await?.document.id;
    let mut found = Vec::new();
    for row in letters_of_customer(&stage.desk, &stage.looker, customer).await? {
        let view = letter(&stage.desk, &stage.looker, &row.number).await?;
        if row.document_id == Some(document) || view.items.iter().any(|(id, _)| *id == item.0) {
            found.push(row.template_code);
        }
    }
    let chasing = |code: &&String| !code.starts_with("invoice") && !code.starts_with("plan_") && *code != "statement";
    let has = match template {
        Some(template) => found.iter().any(|code| code == template),
        None => found.iter().any(|code| chasing(&code)),
    };
    let what = template.unwrap_or("chasing letter");
    let expected = if there { format!("a {what}") } else { format!("no {what}") };
    let list = if found.is_empty() { "no letter".to_owned() } else { found.join(", ") };
    Ok((has != there).then_some((format!("{expected} for {number}"), list)))
}

/// Letters to the customer, whatever they name.
async fn letter_to(stage: &Stage, template: &str, nick: &str, there: bool) -> Outcome<Failed> {
    let (customer, _) = stage.customer(nick)?;
    let all = letters_of_customer(&stage.desk, &stage.looker, customer).await?;
    let found: Vec<String> = all.into_iter().map(|row| row.template_code).collect();
    let has = found.iter().any(|code| code == template);
    let expected = if there { format!("a {template}") } else { format!("no {template}") };
    let list = if found.is_empty() { "no letter".to_owned() } else { found.join(", ") };
    Ok((has != there).then_some((format!("{expected} to {nick}"), list)))
}

async fn step(stage: &Stage, code: &str, number: &str, on: Option<NaiveDate>) -> Outcome<Failed> {
    let shown = invoice(&stage.desk, &stage.looker, number).await?;
    let taken =
        |step: &sundry_store::billing::StepSeen| step.step_code == code && on.is_none_or(|on| step.taken_on == on);
    if shown.steps.iter().any(taken) {
        return Ok(None);
    }
    let each: Vec<String> = shown.steps.iter().map(|step| format!("{} on {}", step.step_code, step.taken_on)).collect();
    let expected = on.map_or_else(|| format!("step {code}"), |on| format!("step {code} on {on}"));
    Ok(Some((expected, if each.is_empty() { "no step".into() } else { each.join(", ") })))
}

/// A journal of the event with just these entries.
async fn journal(stage: &Stage, event: &str, wanted: &[(String, bool, Pence)]) -> Outcome<Failed> {
    let export = exports::journals(&stage.desk, &stage.looker, None).await?;
    let mut journals: BTreeMap<i64, Vec<(String, bool, Pence)>> = BTreeMap::new();
    for row in export.rows.into_iter().filter(|row| row.event == event) {
        let debit = row.debit_pence != 0;
        let amount = Pence(row.debit_pence + row.credit_pence);
        journals.entry(row.journal).or_default().push((row.gl_code, debit, amount));
    }
    let sorted = |mut entries: Vec<(String, bool, Pence)>| {
        entries.sort();
        entries
    };
    let wanted = sorted(wanted.to_vec());
    if journals.values().any(|entries| sorted(entries.clone()) == wanted) {
        return Ok(None);
    }
    let one = |entries: &Vec<(String, bool, Pence)>| {
        let each = entries
            .iter()
            .map(|(code, debit, amount)| format!("{code} {} {}", if *debit { "Dr" } else { "Cr" }, amount.pounds()));
        each.collect::<Vec<_>>().join(" ")
    };
    let found: Vec<String> = journals.values().map(one).collect();
    let found = if found.is_empty() { format!("no {event}") } else { found.join("; ") };
    Ok(Some((format!("{event} {}", one(&wanted)), found)))
}
