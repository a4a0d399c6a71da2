//! Setting up a payment plan: the budget, the offer, the schedule, the yes.
use super::form::{Asked, address, again, amount_field, asked, date_field, onto};
use super::plans::{everys, methods, whole_field};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::plan_forms::{BUDGET_LINES, BudgetForm, FIELDS, Offered, PlanForm};
use crate::web::ui::count_of;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::customers::customer_account;
use sundry_desk::plans::{
    AgreePlan, PlanAgreed, PlanAsk, PlanChoice, PlanOffer, TakeBudget, agree_plan, agreed_before, budgets_of,
    offer_plan, plan_choices, take_budget,
};
use sundry_domain::control::Duty;
use sundry_domain::customers::CustomerKind;
use sundry_domain::money::Pence;
use sundry_domain::plans::{Approver, Budget, BudgetLine, BudgetPeriod, LineKind};

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let agrees: &[Duty] = &[Duty::AgreePlans];
    routes.add("/customers/{number}/plan", agrees, get(blank).post(worked)).add(
        "/customers/{number}/budget",
        agrees,
        get(budget_form).post(budget_taken),
    )
}

/// Which field of the page a "no" of the desk is about.
const NAMED: [(&str, &str); 18] = [
    ("amount_pence", "amount"),
    ("PP-02-AMOUNT", "amount"),
    ("PP-04-MINIMUM", "amount"),
    ("PP-02-NOTHING", "instalments"),
    ("PP-02-TOO-LONG", "instalments"),
    ("PP-06-PAST", "first_on"),
    ("PP-06-NO-ITEM", "items"),
    ("PP-06-DISPUTED", "items"),
    ("PP-06-SECOND-PLAN", "items"),
    ("PP-06-BREATHING-SPACE", "items"),
    ("PP-01-NOT-THEIRS", "items"),
    ("PP-01-NO-MANDATE", "method"),
    ("PP-04-INTEREST", "late_interest"),
    ("PP-03-ADVISER", "words"),
    ("PP-03-FLOOR", "amount"),
    ("PP-02-INTEREST", "interest_charged"),
    ("PP-02-INTEREST-WRITTEN", "interest_charged"),
    ("PP-06-SUM", "items"),
];

async fn form(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PlanForm> {
    let account = customer_account(&doors.desk, &visitor.actor, number).await?;
    let budgets = budgets_of(&doors.desk, &visitor.actor, number).await?;
    let open = account.items.iter().filter(|item| item.open_pence > 0);
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/plans".into();
    let day = |day: chrono::NaiveDate| day.format("%-d %B %Y").to_string();
    Ok(PlanForm {
        frame,
        individual: CustomerKind::parse(&account.customer.kind).is_none_or(CustomerKind::is_individual),
        open: open
            .map(|item| {
                let words = format!("{}, due {}, {}", item.description, day(item.due_on), Pence(item.open_pence));
                (item.number.clone(), words.trim_start_matches(", ").to_owned(), false)
            })
            .collect(),
        budgets: budgets
            .iter()
            .map(|one| {
                let words = format!("{}: {} a month for us", day(one.made_on), Pence(one.offer_pence));
                (one.budget.to_string(), words)
            })
            .collect(),
        offers: None,
        choices: Vec::new(),
        typed: FIELDS.iter().map(|field| (*field, String::new())).collect(),
        offered: None,
        methods: methods().collect(),
        everys: everys().collect(),
        account: account.customer.number,
        customer: account.customer.name,
    })
}

fn set(form: &mut PlanForm, field: &str, value: &str) {
    if let Some(found) = form.typed.iter_mut().find(|(name, _)| *name == field) {
        found.1 = value.to_owned();
    }
}

/// What the chosen budget offers, where one is chosen.
async fn choose_budget(doors: &Shared, visitor: &Visitor, form: &mut PlanForm, chosen: &str) -> Outcome<()> {
    let budgets = budgets_of(&doors.desk, &visitor.actor, &form.account).await?;
    let found = budgets.iter().find(|one| one.budget.to_string() == chosen);
    form.offers = found.map(|one| Pence(one.offer_pence));
    Ok(())
}

/// What could be offered, each with the address that fills the form in; nothing where a rule is against any plan.
async fn choices(
    doors: &Shared,
    visitor: &Visitor,
    account: &str,
    budget: &str,
) -> Vec<(String, String, Pence, String, String)> {
    let found = plan_choices(&doors.desk, &visitor.actor, account, budget.parse().ok()).await.unwrap_or_default();
    let one = |choice: PlanChoice| {
        let count = choice.instalments.to_string();
        let href = address(&format!("/customers/{account}/plan"), &[("budget", budget), ("instalments", &count)]);
        let months = count_of(i64::from(choice.months), "month", "months");
        let long = format!("{}, {months}", count_of(choice.instalments, "instalment", "instalments"));
        let who = Approver::parse(&choice.granted_by).map_or("", Approver::name);
        let who = if choice.at_once { "You".to_owned() } else { who.to_owned() };
        (href, choice.because, Pence(choice.amount_pence), long, who)
    };
    found.into_iter().map(one).collect()
}

async fn blank(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let mut form = form(&doors, &visitor, &number).await?;
    for open in &mut form.open {
        open.2 = true;
    }
    let standing = [("size", "number"), ("every", "month"), ("method", "transfer"), ("asked_by", "customer")];
    for (field, value) in standing.into_iter().chain([("evidence", "call"), ("budget", asked(&query, "budget"))]) {
        set(&mut form, field, value);
    }
    choose_budget(&doors, &visitor, &mut form, asked(&query, "budget")).await?;
    form.choices = choices(&doors, &visitor, &form.account, asked(&query, "budget")).await;
    if let Some(offer) = form.offers.filter(|offer| *offer > Pence::ZERO) {
        set(&mut form, "size", "amount");
        set(&mut form, "amount", &offer.pounds());
    }
    if !asked(&query, "instalments").is_empty() {
        set(&mut form, "size", "number");
        set(&mut form, "instalments", asked(&query, "instalments"));
        set(&mut form, "first_on", "+14");
    }
    page(&form)
}

/// What the form asks; nothing where a field cannot be read: then it says so.
fn read(form: &mut PlanForm, posted: &Posted, doors: &Shared) -> Option<PlanAsk> {
    let today = doors.desk.today();
    let text = |name: &str| posted.get(name).trim().to_owned();
    let by_number = posted.get("size") != "amount";
    let instalments: Option<u32> = whole_field(&mut form.frame, "instalments", posted.get("instalments"));
    let amount = amount_field(&mut form.frame, "amount", posted.get("amount"));
    if by_number && text("instalments").is_empty() {
        form.frame.errors.add("instalments", "Enter how many instalments");
    }
    if !by_number && text("amount").is_empty() {
        form.frame.errors.add("amount", "Enter how much each");
    }
    let first_on = date_field(&mut form.frame, "first_on", posted.get("first_on"), today);
    if text("first_on").is_empty() {
        form.frame.errors.add("first_on", "Enter the day of the first instalment");
    }
    let day_of_month = whole_field(&mut form.frame, "day_of_month", posted.get("day_of_month"));
    let review_on = date_field(&mut form.frame, "review_on", posted.get("review_on"), today);
    if !form.frame.errors.is_empty() {
        return None;
    }
    let with = text("with").split([',', ' ', ';']).filter(|one| !one.is_empty()).map(str::to_owned).collect();
    Some(PlanAsk {
        customer: form.account.clone(),
        with,
        items: posted.all("items").map(str::to_owned).collect(),
        instalments: instalments.filter(|_| by_number),
        amount_pence: amount.filter(|_| !by_number),
        parts: Vec::new(),
        every: text("every"),
        first_on: first_on?,
        day_of_month,
        remainder: text("remainder"),
        method: text("method"),
        asked_by: text("asked_by"),
        agreed_with: text("agreed_with"),
        evidence: text("evidence"),
        words: posted.get("words").to_owned(),
        interest_charged: posted.has("interest_charged"),
        interest_in_writing: posted.has("interest_in_writing"),
        interest_legal: posted.has("interest_legal"),
        late_interest: text("late_interest"),
        budget: posted.get("budget").parse().ok(),
        review_on,
    })
}

/// What was seen of an offer: what is agreed is what was read.
fn seen(ask: &PlanAsk, offer: &PlanOffer) -> String {
    let sums: Vec<String> = offer.schedule.iter().map(|part| format!("{}={}", part.due_on, part.amount.0)).collect();
    let text = format!("{:?} {} {} {}", ask.items, ask.method, offer.at_once, sums.join(" "));
    sundry_desk::core::vault::sha256_hex(text.as_bytes())
}

async fn worked(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = form(&doors, &visitor, &number).await?;
    form.typed = FIELDS.iter().map(|field| (*field, posted.get(field).to_owned())).collect();
    let chosen: Vec<&str> = posted.all("items").collect();
    for (number, _, ticked) in &mut form.open {
        *ticked = chosen.contains(&number.as_str());
    }
    choose_budget(&doors, &visitor, &mut form, posted.get("budget")).await?;
    let Some(ask) = read(&mut form, &posted, &doors) else { return again(&form) };
    if posted.get("do") == "agree" {
        let sent = AgreePlan { key: posted.key(), ask: ask.clone() };
        if let Ok(Some(done)) = agreed_before(&doors.desk, &visitor.actor, &sent).await {
            return is_agreed(&done);
        }
    }
    let offer = match offer_plan(&doors.desk, &visitor.actor, &ask).await {
        Ok(offer) => offer,
        Err(no) => {
            let status = onto(&mut form.frame, no, &NAMED)?;
            return page_with(status, &form);
        }
    };
    let seen = seen(&ask, &offer);
    if posted.get("do") == "agree" && posted.get("seen") == seen {
        return agreed(&doors, &visitor, form, AgreePlan { key: posted.key(), ask }).await;
    }
    form.offered = Some(Offered {
        total: offer.total_pence,
        parts: offer.schedule.iter().map(|part| (part.due_on, part.amount)).collect(),
        months: offer.months,
        at_once: offer.at_once,
        why_not: offer.why_not,
        mandate: offer.mandate,
        review_on: offer.review_on,
        findings: offer.findings,
        seen,
    });
    page(&form)
}

fn is_agreed(done: &PlanAgreed) -> Answer {
    let news = match done.approval.as_str() {
        "" => format!("{} is agreed for {}", done.number, done.total_pence),
        approval => format!("{} waits for approval {approval}", done.number),
    };
    told(&format!("/plans/{}", done.number), &news)
}

async fn agreed(doors: &Shared, visitor: &Visitor, mut form: PlanForm, ask: AgreePlan) -> Answer {
    match agree_plan(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => is_agreed(&done),
        Err(no) => {
            let status = onto(&mut form.frame, no, &NAMED)?;
            page_with(status, &form)
        }
    }
}

// The budget -----------------------------------------------------------------------

/// The fields of the budget besides its lines.
const BUDGET_FIELDS: [&str; 6] = ["adults", "children", "owed_to_all", "creditors", "floor", "words"];

async fn blank_budget(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<BudgetForm> {
    let account = customer_account(&doors.desk, &visitor.actor, number).await?;
    let mut frame = doors.frame(visitor, "Customers").await;
    frame.help = "rooms/plans".into();
    Ok(BudgetForm {
        frame,
        owed: Pence(account.strip.balance_pence),
        account: account.customer.number,
        customer: account.customer.name,
        lines: BUDGET_LINES.iter().map(|_| (String::new(), "month".to_owned())).collect(),
        typed: ["1", "0", "", "1", "", ""].map(str::to_owned),
        from_adviser: false,
    })
}

async fn budget_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_budget(&doors, &visitor, &number).await?)
}

async fn budget_taken(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let mut form = blank_budget(&doors, &visitor, &number).await?;
    form.typed = BUDGET_FIELDS.map(|field| posted.get(field).to_owned());
    form.from_adviser = posted.has("from_adviser");
    let mut lines = Vec::new();
    for (at, (field, kind, label)) in BUDGET_LINES.iter().enumerate() {
        let period = posted.get(&format!("{field}_period")).to_owned();
        form.lines[at] = (posted.get(field).to_owned(), period.clone());
        let amount = amount_field(&mut form.frame, field, posted.get(field));
        let (Some(kind), Some(amount)) = (LineKind::parse(kind), amount) else { continue };
        let period = BudgetPeriod::parse(&period).unwrap_or(BudgetPeriod::Month);
        lines.push(BudgetLine { kind, name: (*label).to_owned(), amount, period });
    }
    let adults = whole_field(&mut form.frame, "adults", posted.get("adults"));
    let children = whole_field(&mut form.frame, "children", posted.get("children"));
    let creditors = whole_field(&mut form.frame, "creditors", posted.get("creditors"));
    let owed_to_all = amount_field(&mut form.frame, "owed_to_all", posted.get("owed_to_all"));
    let floor = amount_field(&mut form.frame, "floor", posted.get("floor"));
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let budget = Budget {
        adults: adults.unwrap_or(0),
        children: children.unwrap_or(0),
        lines,
        owed_to_us: Pence::ZERO,
        owed_to_all: owed_to_all.unwrap_or(Pence::ZERO),
        creditors: creditors.unwrap_or(0),
        from_adviser: form.from_adviser,
    };
    let (customer, words) = (form.account.clone(), posted.get("words").to_owned());
    let floor_pence = floor.map_or(0, |floor| floor.0);
    let ask = TakeBudget { key: posted.key(), customer, budget, floor_pence, words };
    match take_budget(&doors.desk, &visitor.actor, ask).await {
        Ok(taken) => {
            let offer = Pence(taken.offer_pence);
            let news = format!("Budget kept: {} is left a month, {offer} of it for us", Pence(taken.available_pence));
            told(&format!("/customers/{}/plan?budget={}", form.account, taken.budget), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("floor_pence", "floor"), ("PP-03-BUDGET", "wages")])?;
            page_with(status, &form)
        }
    }
}
