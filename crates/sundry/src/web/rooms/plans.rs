//! Payment plans: the list, one plan, and what is done to it.
use super::form::{Asked, again, amount_field, asked, date_field, onto, open_address, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::plan_forms::{CHANGE_FIELDS, ChangeForm, PlanActForm};
use crate::web::pages::plans::{PlanRow, PlanView, Plans, VersionLine};
use crate::web::ui::{Tag, TagColour, strip_part, tag};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::customers::customer_account;
use sundry_desk::plans::{
    CHANGES, ChangePlan, EndPlan, PlanLine, PlanShown, PlansAsk, ReviewPlan, WithdrawPlan, budget, change_plan,
    end_plan, plan, plans_list, review_plan, withdraw_plan,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::plans::{Every, PlanMethod};

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let agrees: &[Duty] = &[Duty::AgreePlans];
    routes
        .add("/plans", &[Duty::View], get(list))
        .add("/plans/{number}", &[Duty::View], get(view))
        .add("/plans/{number}/change", agrees, get(change_form).post(changed))
        .add("/plans/{number}/end", &[Duty::AgreePlans, Duty::ApprovePlans], get(end_form).post(ended))
        .add("/plans/{number}/review", agrees, get(review_form).post(reviewed))
        .add("/plans/{number}/withdraw", agrees, get(withdraw_form).post(withdrawn))
}

/// The views of the list: word in the address, words, state, standing.
const VIEWS: [(&str, &str, &str, &str); 6] = [
    ("behind", "Behind", "", "behind"),
    ("running", "Running", "active", ""),
    ("waiting", "Waiting for approval", "proposed", ""),
    ("broken", "Broken", "broken", ""),
    ("completed", "Paid", "completed", ""),
    ("all", "All", "", ""),
];
/// Plans on a page.
const PAGE: i64 = 100;

/// Where a plan stands, as a tag.
pub fn stands(line: &PlanLine) -> Tag {
    match (line.state.as_str(), line.standing.as_str()) {
        ("proposed", _) => tag("Waits for approval", TagColour::Yellow),
        ("active", "late") => tag("Late", TagColour::Orange),
        ("active", "missed" | "broken") => tag("Missed", TagColour::Red),
        ("active", "for_manager") => tag("For a manager", TagColour::Purple),
        ("active", _) => tag("Kept", TagColour::Green),
        ("suspended", _) => tag("Breathing space", TagColour::Purple),
        ("completed", _) => tag("Paid", TagColour::Green),
        ("broken", _) => tag("Broken", TagColour::Red),
        (other, _) => tag(plain(other), TagColour::Grey),
    }
}

/// A plan in a list. Nothing is next of a plan that has ended.
pub fn plan_row(line: &PlanLine) -> PlanRow {
    let runs = matches!(line.state.as_str(), "proposed" | "agreed" | "active" | "suspended");
    PlanRow {
        number: line.number.clone(),
        customer: (line.customer.clone(), line.name.clone()),
        stands: stands(line),
        total: Pence(line.total_pence),
        paid: Pence(line.paid_pence),
        behind: Pence(line.behind_pence),
        next: line.next_on.filter(|_| runs).map(|day| (day, Pence(line.next_pence))),
        last_on: line.last_on,
        method: PlanMethod::parse(&line.method).map_or("", PlanMethod::name).to_owned(),
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let wanted = match asked(&query, "view") {
        "" => "behind",
        view => view,
    };
    let view = VIEWS.iter().find(|(word, ..)| *word == wanted).unwrap_or(&VIEWS[0]);
    let before = asked(&query, "before").to_owned();
    let ask = PlansAsk { state: view.2.into(), standing: view.3.into(), before, limit: PAGE };
    let rows = plans_list(&doors.desk, &visitor.actor, &ask).await?;
    let full = rows.len() as i64 == PAGE;
    let next = rows.last().filter(|_| full);
    let next = next.map(|row| format!("{}before={}", open_address("/plans", &[("view", view.0)]), row.number));
    let tab = |(word, name, ..): &(&str, &str, &str, &str)| {
        ((*name).to_owned(), format!("/plans?view={word}"), *word == view.0)
    };
    let mut frame = doors.frame(&visitor, "Customers").await;
    frame.help = "rooms/plans".into();
    page(&Plans {
        frame,
        views: VIEWS.iter().map(tab).collect(),
        rows: rows.iter().map(plan_row).collect(),
        next: next.unwrap_or_default(),
        weeks: visitor.actor.holds(Duty::RunReports),
    })
}

fn facts(shown: &PlanShown) -> Vec<(String, String)> {
    let day = |day: chrono::NaiveDate| day.format("%-d %B %Y").to_string();
    let mut facts = Vec::new();
    let mut add = |key: &str, value: String| {
        if !value.is_empty() {
            facts.push((key.to_owned(), value));
        }
    };
    let evidence = match shown.evidence.as_str() {
        "call" => "on the telephone",
        "form" => "by a signed form",
        "sfs" => "by a Standard Financial Statement",
        "online" => "online, by a link",
        _ => "in writing",
    };
    let with = format!("with {} {evidence}", shown.agreed_with);
    match shown.granted_on {
        Some(on) => add("Agreed", format!("{} {with}", day(on))),
        None => add("Put forward", format!("With {} {evidence}", shown.agreed_with)),
    }
    add("Granted by", shown.granted_by.clone());
    let every = Every::parse(&shown.every).map_or("", Every::name).to_lowercase();
    let method = PlanMethod::parse(&shown.line.method).map_or("", PlanMethod::name);
    add("How it is paid", format!("{method}, every {every}"));
    add("Direct Debit", shown.mandate.clone());
    add("Version", shown.line.version.to_string());
    add("Looked at again", day(shown.line.review_on));
    add("Days of grace", shown.tolerance_days.to_string());
    add("What was said", shown.words.clone());
    if let Some(on) = shown.ended_on {
        add("Ended", format!("{}: {}", day(on), shown.end_reason));
    }
    facts
}

fn warning(shown: &PlanShown) -> String {
    match (shown.line.state.as_str(), shown.line.standing.as_str()) {
        ("proposed", _) => {
            format!("It waits for approval {}: it begins when somebody else has said yes.", shown.approval)
        }
        ("active", "for_manager") => {
            "It is behind, and the customer is vulnerable: it does not break by itself. A manager decides.".into()
        }
        ("suspended", _) => "Breathing space: nothing is asked for. What the customer offers may be taken.".into(),
        ("broken", _) if shown.claim_again => {
            "It broke after a letter of claim: a new letter of claim comes before any claim.".into()
        }
        _ => String::new(),
    }
}

/// The budget of a plan, for those who agree or approve plans.
async fn budget_of(doors: &Shared, visitor: &Visitor, shown: &PlanShown) -> Outcome<Vec<(String, String)>> {
    let may = [Duty::AgreePlans, Duty::ApprovePlans].iter().any(|duty| visitor.actor.holds(*duty));
    let Some(id) = shown.budget.filter(|_| may) else { return Ok(Vec::new()) };
    let found = budget(&doors.desk, &visitor.actor, id).await?;
    let sum = |pence: i64| Pence(pence).to_string();
    let mut facts = vec![
        ("Taken".to_owned(), format!("{} by {}", found.made_on.format("%-d %B %Y"), found.actor_name)),
        ("Income".to_owned(), format!("{} a month", sum(found.income_pence))),
        ("Costs".to_owned(), sum(found.costs_pence)),
        ("Left".to_owned(), sum(found.available_pence)),
        ("Offer to us".to_owned(), sum(found.offer_pence)),
    ];
    if found.floor_pence > 0 {
        facts.push(("Must stay".to_owned(), sum(found.floor_pence)));
    }
    facts.extend(found.findings.into_iter().map(|one| ("Talk about it".to_owned(), one)));
    Ok(facts)
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let shown = plan(&doors.desk, &visitor.actor, &number).await?;
    let mut frame = doors.frame(&visitor, "Customers").await;
    frame.help = "rooms/plans".into();
    let at = |act: &str| format!("/plans/{}/{act}", shown.line.number);
    let mut acts = Vec::new();
    if shown.may_change {
        acts.push(("Change the plan".to_owned(), at("change")));
        acts.push(("Record a review".to_owned(), at("review")));
    }
    if shown.may_change || shown.may_break {
        acts.push(("End the plan".to_owned(), at("end")));
    }
    if shown.line.state == "proposed" && visitor.actor.holds(Duty::AgreePlans) {
        acts.push(("Withdraw it".to_owned(), at("withdraw")));
    }
    let others = shown.people.iter().filter(|one| one.number != shown.line.customer);
    let strip = shown
        .instalments
        .iter()
        .map(|one| strip_part(one.due_on, Pence(one.amount_pence), Pence(one.paid_pence), &one.state));
    let version = |one: &sundry_desk::plans::PlanVersionShown| VersionLine {
        version: one.version,
        what: match CHANGES.iter().find(|(what, _)| *what == one.what) {
            Some((_, words)) => (*words).to_owned(),
            None if one.what == "agreed" && shown.granted_on.is_none() => "Put forward".to_owned(),
            None => plain(&one.what),
        },
        reason: one.reason.clone(),
        on: one.made_on,
        by: one.actor_name.clone(),
        letter: one.letter.clone(),
        parts: (one.schedule.len() as i64, Pence(one.schedule.iter().map(|part| part.amount.0).sum())),
    };
    page(&PlanView {
        frame,
        row: plan_row(&shown.line),
        facts: facts(&shown),
        others: others.map(|one| (one.number.clone(), one.name.clone())).collect(),
        balance: Pence(shown.balance_pence),
        ended: shown.ended_on.is_some(),
        monthly: Pence(shown.monthly_pence),
        strip: strip.collect(),
        covers: shown
            .covers
            .iter()
            .map(|one| {
                let sums = (Pence(one.share_pence), Pence(one.open_pence));
                (one.number.clone(), one.due_on, one.service.clone(), sums.0, sums.1)
            })
            .collect(),
        versions: shown.versions.iter().map(version).collect(),
        happened: shown
            .happened
            .iter()
            .map(|one| (one.on_day, format!("{}. {}", plain(&one.what), one.words), one.actor_name.clone()))
            .collect(),
        warning: warning(&shown),
        acts,
        budget: budget_of(&doors, &visitor, &shown).await?,
    })
}

// Changing -------------------------------------------------------------------------

async fn blank_change(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<ChangeForm> {
    let shown = plan(&doors.desk, &visitor.actor, number).await?;
    let account = customer_account(&doors.desk, &visitor.actor, &shown.line.customer).await?;
    let today = doors.desk.today();
    let covered = |number: &String| shown.covers.iter().any(|one| one.number == *number);
    let open = account.items.iter().filter(|item| item.open_pence > 0 && !covered(&item.number));
    let to_come = shown.instalments.iter().filter(|one| one.due_on >= today);
    let as_it_is = || std::iter::once((String::new(), "As it is".to_owned()));
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/plans".into();
    Ok(ChangeForm {
        frame,
        changes: CHANGES.iter().map(|(what, words)| ((*what).to_owned(), (*words).to_owned())).collect(),
        parts: to_come
            .map(|one| {
                let words =
                    format!("Instalment {}, {}, {}", one.part, one.due_on.format("%-d %B %Y"), Pence(one.amount_pence));
                (one.part.to_string(), words)
            })
            .collect(),
        open: open
            .map(|item| {
                let (due, left) = (item.due_on.format("%-d %B %Y"), Pence(item.open_pence));
                (item.number.clone(), format!("{}, due {due}, {left}", item.description), false)
            })
            .collect(),
        everys: as_it_is().chain(everys()).collect(),
        methods: as_it_is().chain(methods()).collect(),
        typed: CHANGE_FIELDS.iter().map(|field| (*field, String::new())).collect(),
        number: shown.line.number,
        customer: shown.line.name,
    })
}

/// How far apart instalments may be: value and words.
pub fn everys() -> impl Iterator<Item = (String, String)> {
    Every::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned()))
}

/// The ways to pay: value and words.
pub fn methods() -> impl Iterator<Item = (String, String)> {
    PlanMethod::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned()))
}

/// A whole number of a form: empty is none; what cannot be read is told at the field.
pub fn whole_field<T: std::str::FromStr>(frame: &mut crate::web::ui::Frame, field: &str, typed: &str) -> Option<T> {
    let read = typed.trim().parse().ok();
    if read.is_none() && !typed.trim().is_empty() {
        frame.errors.add(field, "Enter a whole number");
    }
    read
}

async fn change_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_change(&doors, &visitor, &number).await?)
}

async fn changed(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = blank_change(&doors, &visitor, &number).await?;
    form.typed = CHANGE_FIELDS.iter().map(|field| (*field, posted.get(field).to_owned())).collect();
    let chosen: Vec<String> = posted.all("items").map(str::to_owned).collect();
    for (number, _, ticked) in &mut form.open {
        *ticked = chosen.contains(number);
    }
    let today = doors.desk.today();
    let amount_pence = amount_field(&mut form.frame, "amount", posted.get("amount"));
    let part = whole_field(&mut form.frame, "part", posted.get("part"));
    let days = whole_field(&mut form.frame, "days", posted.get("days"));
    let instalments = whole_field(&mut form.frame, "instalments", posted.get("instalments"));
    let from_on = date_field(&mut form.frame, "from_on", posted.get("from_on"), today);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let text = |name: &str| posted.get(name).to_owned();
    let ask = ChangePlan {
        key: posted.key(),
        number: form.number.clone(),
        what: text("what"),
        part,
        amount_pence,
        items: chosen,
        days,
        from_on,
        instalments,
        every: text("every"),
        method: text("method"),
        asked_by: text("asked_by"),
        reason: text("reason"),
    };
    match change_plan(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let news = match done.approval.as_str() {
                "" => format!("{} is changed: version {}", done.number, done.version),
                approval => format!("The change of {} waits for approval {approval}", done.number),
            };
            told(&format!("/plans/{}", done.number), &news)
        }
        Err(no) => {
            let fields = [
                ("amount_pence", "amount"),
                ("PP-06-HISTORY", "part"),
                ("PP-02-AMOUNT", "amount"),
                ("PP-02-NOTHING", "instalments"),
                ("PP-02-TOO-LONG", "instalments"),
                ("PP-06-PAST", "from_on"),
                ("PP-06-DISPUTED", "items"),
                ("PP-06-SECOND-PLAN", "items"),
                ("PP-01-NO-MANDATE", "method"),
            ];
            let status = onto(&mut form.frame, no, &fields)?;
            page_with(status, &form)
        }
    }
}

// Ending, reviewing, withdrawing ---------------------------------------------------

async fn blank_act(doors: &Shared, visitor: &Visitor, number: &str, act: &'static str) -> Outcome<PlanActForm> {
    let shown = plan(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/plans".into();
    let mut ways = vec![
        ("cancelled".to_owned(), "The customer no longer wants it".to_owned()),
        ("completed".to_owned(), "Everything was paid".to_owned()),
    ];
    // What is left of it would refuse that everything was paid.
    if !shown.may_change {
        ways.clear();
    } else if shown.balance_pence > 0 {
        ways.retain(|(how, _)| how != "completed");
    }
    if shown.may_break {
        ways.push(("broken".to_owned(), "It was not paid as agreed".to_owned()));
    }
    let not_broken = match (shown.may_break, shown.line.standing.as_str()) {
        (true, _) => "",
        (false, "for_manager") => "The customer is vulnerable: that it was not paid as agreed is for a manager to say.",
        (false, _) => {
            "That it was not paid as agreed can be chosen once payments are missed and the days to catch up are over."
        }
    };
    Ok(PlanActForm {
        frame,
        number: shown.line.number,
        customer: shown.line.name,
        act,
        ways: if act == "end" { ways } else { Vec::new() },
        not_broken: if act == "end" { not_broken } else { "" },
        how: String::new(),
        next_on: String::new(),
        words: String::new(),
    })
}

async fn end_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_act(&doors, &visitor, &number, "end").await?)
}

async fn review_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_act(&doors, &visitor, &number, "review").await?)
}

async fn withdraw_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_act(&doors, &visitor, &number, "withdraw").await?)
}

/// After an act: the plan with the news, or the form again.
fn after(mut form: PlanActForm, done: Outcome<String>) -> Answer {
    match done {
        Ok(news) => told(&format!("/plans/{}", form.number), &news),
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("reason", "words")])?;
            page_with(status, &form)
        }
    }
}

async fn ended(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = blank_act(&doors, &visitor, &number, "end").await?;
    (form.how, form.words) = (posted.get("how").to_owned(), posted.get("words").to_owned());
    let (how, reason) = (form.how.clone(), form.words.clone());
    let ask = EndPlan { key: posted.key(), number: form.number.clone(), how, reason };
    let done = end_plan(&doors.desk, &visitor.actor, ask).await;
    after(form, done.map(|done| format!("{} is {}", done.number, done.state)))
}

async fn reviewed(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = blank_act(&doors, &visitor, &number, "review").await?;
    (form.next_on, form.words) = (posted.get("next_on").to_owned(), posted.get("words").to_owned());
    let next_on = date_field(&mut form.frame, "next_on", posted.get("next_on"), doors.desk.today());
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let words = form.words.clone();
    let ask = ReviewPlan { key: posted.key(), number: form.number.clone(), next_on, words };
    let done = review_plan(&doors.desk, &visitor.actor, ask).await;
    let news = |day: chrono::NaiveDate| day.format("%-d %B %Y").to_string();
    after(
        form,
        done.map(|done| format!("Review recorded; {} is looked at again on {}", done.number, news(done.review_on))),
    )
}

async fn withdrawn(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let mut form = blank_act(&doors, &visitor, &number, "withdraw").await?;
    form.words = posted.get("words").to_owned();
    let ask = WithdrawPlan { key: posted.key(), number: form.number.clone(), reason: form.words.clone() };
    let done = withdraw_plan(&doors.desk, &visitor.actor, ask).await;
    after(form, done.map(|done| format!("{} is withdrawn", done.number)))
}
