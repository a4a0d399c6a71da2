//! Payment plans: budgets, offers, agreeing, changing, ending, and the site's policy.
use super::answer::{Answer, List, made, ok};
use super::problem::Problem;
use super::sent::{Asked, At, By, Key, Sent, numbered};
use super::table::{Holds, Table, desk, desk_list, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use sundry_desk::plans::{
    self, AgreePlan, ChangePlan, ChangePlanSettings, EndPlan, HouseGuideline, MakePlanLink, PlanAsk, PlanSettings,
    PlansAsk, ReviewPlan, RevokePlanLink, TakeBudget, WithdrawPlan,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::plans::{Approver, Budget, BudgetLine, BudgetPeriod, Instalment, LineKind, PlanBand, PlanPolicy};
use sundry_domain::refusal::Invalid;
use utoipa::ToSchema;

const ROOM: &str = "Payment plans";
const AGREE: &[Duty] = &[Duty::AgreePlans];
const AGREE_OR_APPROVE: &[Duty] = &[Duty::AgreePlans, Duty::ApprovePlans];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let state = "Only this state: proposed, active, suspended, completed, broken, cancelled or refused";
    let standing = "Only this standing: kept, late, missed, for_manager and so on; behind for all that are";
    let table = table
        .add(
            get(ROOM, "/plans", "list_plans", "List payment plans, newest first")
                .asks("state", Holds::Text, state)
                .asks("standing", Holds::Text, standing)
                .paged(desk_list::<plans::PlanLine>),
            list,
        )
        .add(
            post(ROOM, "/plans/offer", "offer_plan", "Work out a plan and who may grant it; nothing is kept")
                .looks_only()
                .needs(AGREE)
                .takes::<NewPaymentPlan>()
                .gives(200, desk::<plans::PlanOffer>),
            offer,
        )
        .add(
            post(ROOM, "/plans", "agree_plan", "Agree a plan, or send it for approval where it is beyond policy")
                .needs(AGREE)
                .takes::<NewPaymentPlan>()
                .gives(201, desk::<plans::PlanAgreed>),
            agree,
        )
        .add(
            get(ROOM, "/plans/{number}", "get_plan", "Read a plan: instalments, what it covers, versions, history")
                .gives(200, desk::<plans::PlanShown>),
            one,
        )
        .add(
            get(ROOM, "/customers/{number}/plans", "list_customer_plans", "Payment plans of a customer")
                .listed(desk_list::<plans::PlanLine>),
            of_customer,
        );
    let table = table.add(
        get(ROOM, "/customers/{number}/plan-offers", "list_plan_offers", "What could be offered to a customer")
            .needs(AGREE)
            .asks("budget", Holds::Text, "Id of the budget that it rests on")
            .listed(desk_list::<plans::PlanChoice>),
        choices,
    );
    settings_rows(acts_rows(link_rows(table))).add(
        get(ROOM, "/plan-weeks", "list_plan_weeks", "Plans by week: how many a customer set without staff")
            .needs(&[Duty::RunReports])
            .asks("on", Holds::Day, "Any day of the newest of the twelve weeks; today when not said")
            .listed(desk_list::<plans::PlanWeek>),
        weeks,
    )
}

fn link_rows(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/customers/{number}/plan-links",
                "list_plan_links",
                "Links by which a customer sets a plan online",
            )
            .needs(AGREE)
            .listed(desk_list::<plans::PlanLinkShown>),
            links,
        )
        .add(
            post(ROOM, "/customers/{number}/plan-links", "make_plan_link", "Make a link; the answer alone holds it")
                .needs(AGREE)
                .takes::<NewPlanLink>()
                .gives(201, desk::<plans::PlanLinkMade>),
            make_link,
        )
        .add(
            post(ROOM, "/plan-links/{link}/revoke", "revoke_plan_link", "Take a link back: it opens no more")
                .needs(AGREE)
                .gives(200, desk::<plans::PlanLinkShown>),
            revoke_link,
        )
}

fn acts_rows(table: Table) -> Table {
    table
        .add(
            post(ROOM, "/plans/{number}/changes", "change_plan", "Change a plan: the new version takes its place")
                .needs(AGREE)
                .takes::<PlanChanged>()
                .gives(200, desk::<plans::PlanAgreed>),
            change,
        )
        .add(
            post(ROOM, "/plans/{number}/end", "end_plan", "End a plan: completed, broken or cancelled")
                .needs(AGREE_OR_APPROVE)
                .takes::<PlanEnd>()
                .gives(200, desk::<plans::PlanEnded>),
            end,
        )
        .add(
            post(ROOM, "/plans/{number}/withdraw", "withdraw_plan", "Withdraw a plan that waits for approval")
                .needs(AGREE)
                .takes::<PlanWithdrawn>()
                .gives(200, desk::<plans::PlanEnded>),
            withdraw,
        )
        .add(
            post(ROOM, "/plans/{number}/review", "review_plan", "Record a review of a plan")
                .needs(AGREE)
                .takes::<PlanReview>()
                .gives(200, desk::<plans::PlanReviewed>),
            review,
        )
}

fn settings_rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/customers/{number}/budgets", "list_budgets", "Budgets of a customer, newest first")
                .needs(AGREE_OR_APPROVE)
                .listed(desk_list::<plans::BudgetShown>),
            budgets,
        )
        .add(
            post(ROOM, "/customers/{number}/budgets", "take_budget", "Keep a budget, and work out what it offers")
                .needs(AGREE)
                .takes::<NewBudget>()
                .gives(201, desk::<plans::BudgetTaken>),
            take_budget,
        )
        .add(
            get(ROOM, "/budgets/{budget}", "get_budget", "Read a budget")
                .needs(AGREE_OR_APPROVE)
                .gives(200, desk::<plans::BudgetShown>),
            budget,
        )
        .add(
            get(ROOM, "/plan-settings", "get_plan_settings", "Read the policy on plans and the spending guidelines")
                .needs(&[Duty::View, Duty::ManageSettings])
                .gives(200, desk::<PlanSettings>),
            settings,
        )
        .add(
            post(ROOM, "/plan-settings", "change_plan_settings", "Change the policy on plans")
                .replaces()
                .needs(&[Duty::ManageSettings])
                .takes::<NewPlanSettings>()
                .gives(200, desk::<PlanSettings>),
            change_settings,
        )
}

/// A plan to be agreed: by a number of instalments, by an amount each, or each typed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPaymentPlan {
    /// Customer number.
    pub customer: String,
    /// Numbers of those who owe it with them.
    #[serde(default)]
    pub with: Vec<String>,
    /// Numbers of the open invoices it covers.
    pub items: Vec<String>,
    /// By so many instalments.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 240)]
    pub instalments: Option<u32>,
    /// By so much each, in pence; the last is the rest.
    #[serde(default)]
    pub amount_pence: Option<i64>,
    /// Or each instalment.
    #[serde(default)]
    pub parts: Vec<NewPlanInstalment>,
    /// week, fortnight, four_weeks, month or quarter.
    pub every: String,
    /// Day of the first.
    pub first_on: NaiveDate,
    /// Day of the month of those after it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 31)]
    pub day_of_month: Option<u32>,
    /// Where the odd pennies go: first, last or spread; what suits the way of paying when not said.
    #[serde(default)]
    pub remainder: String,
    /// direct_debit, standing_order, card, transfer or cash.
    pub method: String,
    /// customer, adviser or us.
    pub asked_by: String,
    /// Who agreed it, where it is not the customer.
    #[serde(default)]
    pub agreed_with: String,
    /// call, form, sfs or letter.
    pub evidence: String,
    /// What was said.
    #[serde(default)]
    pub words: String,
    /// It bears interest or a fee.
    #[serde(default)]
    pub interest_charged: bool,
    /// That was agreed in writing.
    #[serde(default)]
    pub interest_in_writing: bool,
    /// Legal services approved it.
    #[serde(default)]
    pub interest_legal: bool,
    /// Interest for late payment of a business: waived or charged.
    #[serde(default)]
    pub late_interest: String,
    /// The budget it rests on.
    #[serde(default)]
    pub budget: Option<i64>,
    /// When to look at it again; by policy when not said.
    #[serde(default)]
    pub review_on: Option<NaiveDate>,
}

/// An instalment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlanInstalment {
    /// Day.
    pub due_on: NaiveDate,
    /// How much, in pence.
    pub amount_pence: i64,
}

impl From<NewPaymentPlan> for PlanAsk {
    fn from(new: NewPaymentPlan) -> PlanAsk {
        let part = |part: NewPlanInstalment| Instalment { due_on: part.due_on, amount: Pence(part.amount_pence) };
        PlanAsk {
            customer: new.customer,
            with: new.with,
            items: new.items,
            instalments: new.instalments,
            amount_pence: new.amount_pence.map(Pence),
            parts: new.parts.into_iter().map(part).collect(),
            every: new.every,
            first_on: new.first_on,
            day_of_month: new.day_of_month,
            remainder: new.remainder,
            method: new.method,
            asked_by: new.asked_by,
            agreed_with: new.agreed_with,
            evidence: new.evidence,
            words: new.words,
            interest_charged: new.interest_charged,
            interest_in_writing: new.interest_in_writing,
            interest_legal: new.interest_legal,
            late_interest: new.late_interest,
            budget: new.budget,
            review_on: new.review_on,
        }
    }
}

/// A link by which a customer sets a plan online.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlanLink {
    /// It goes to the customer by e-mail at once.
    #[serde(default)]
    pub email: bool,
}

/// A change of a plan that runs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanChanged {
    /// skip, sooner, smaller, add, reschedule or shift.
    pub what: String,
    /// Skip: which instalment, counted from 1.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 500)]
    pub part: Option<u32>,
    /// Sooner, smaller: how much came beyond the schedule. Reschedule: how much each. In pence.
    #[serde(default)]
    pub amount_pence: Option<i64>,
    /// Add: numbers of the invoices.
    #[serde(default)]
    pub items: Vec<String>,
    /// Shift: by how many days.
    #[serde(default)]
    pub days: Option<i64>,
    /// Shift: from which day on. Reschedule: day of the first.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Reschedule: by how many.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 240)]
    pub instalments: Option<u32>,
    /// Reschedule: how far apart; as it is when not said.
    #[serde(default)]
    pub every: String,
    /// Reschedule: how it is paid; as it is when not said.
    #[serde(default)]
    pub method: String,
    /// customer, adviser or us.
    pub asked_by: String,
    /// Why.
    pub reason: String,
}

/// The end of a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanEnd {
    /// completed, broken or cancelled.
    pub how: String,
    /// Why.
    pub reason: String,
}

/// Why a plan is withdrawn.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanWithdrawn {
    /// Why.
    pub reason: String,
}

/// A review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanReview {
    /// What was found.
    pub words: String,
    /// When to look again; by policy when not said.
    #[serde(default)]
    pub next_on: Option<NaiveDate>,
}

/// A month's income and spending, in the shape of the Standard Financial Statement.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBudget {
    /// Grown-ups in the household.
    #[schema(minimum = 1, maximum = 20)]
    pub adults: u32,
    /// Children.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 20)]
    pub children: u32,
    /// Income and spending.
    pub lines: Vec<NewBudgetLine>,
    /// Owed to everyone, without priority arrears, in pence; what is owed to us when less.
    #[serde(default)]
    pub owed_to_all_pence: i64,
    /// How many are owed.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1000)]
    pub creditors: u32,
    /// Sent by a debt adviser.
    #[serde(default)]
    pub from_adviser: bool,
    /// What must stay each month of somebody who pays for care, in pence.
    #[serde(default)]
    pub floor_pence: i64,
    /// What was said.
    #[serde(default)]
    pub words: String,
}

/// A line of a budget.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewBudgetLine {
    /// income, fixed, communications, food, personal, priority_arrears or savings.
    pub kind: String,
    /// In the person's words.
    #[serde(default)]
    pub name: String,
    /// How much each time, in pence.
    pub amount_pence: i64,
    /// week, fortnight, four_weeks, month or year.
    pub period: String,
}

/// The policy on plans.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlanSettings {
    /// Up to how long and how much each standing may grant, the least first.
    pub bands: Vec<NewPlanBand>,
    /// Least instalment a week, in pence.
    pub least_weekly_pence: i64,
    /// Least instalment a month, in pence.
    pub least_monthly_pence: i64,
    /// Below this a month it is a token payment, in pence.
    pub token_below_pence: i64,
    /// Months a business may have before a manager is asked.
    #[schema(minimum = 0, maximum = 60)]
    pub business_months: u32,
    /// Days of grace after an instalment.
    pub tolerance_days: i64,
    /// Days to catch up after a reminder.
    pub cure_days: i64,
    /// Days behind before a plan can break.
    pub break_days: i64,
    /// Months between reviews.
    #[schema(minimum = 1, maximum = 24)]
    pub review_months: i32,
    /// The site's own spending guidelines.
    #[serde(default)]
    pub guidelines: Vec<NewGuideline>,
    /// Savings up to this share of what a month leaves are not asked about, in hundredths of a per cent; 1000 where it
    /// is not said.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10000)]
    pub savings_basis_points: Option<i64>,
}

/// Up to how long and how much a standing may grant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlanBand {
    /// clerk, team_leader, manager or head.
    pub approver: String,
    /// Months at most.
    #[schema(minimum = 1, maximum = 240)]
    pub months: u32,
    /// Pence at most.
    pub up_to_pence: i64,
}

/// A month's guideline for a kind of spending.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGuideline {
    /// communications, food or personal.
    pub kind: String,
    /// Grown-ups in the household.
    #[schema(minimum = 1, maximum = 20)]
    pub adults: u32,
    /// Children.
    #[schema(minimum = 0, maximum = 20)]
    pub children: u32,
    /// A month, in pence.
    pub monthly_pence: i64,
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let limit = asked.limit();
    let ask =
        PlansAsk { state: asked.text("state"), standing: asked.text("standing"), before: asked.text("after"), limit };
    let rows = plans::plans_list(&doors.desk, &by.0, &ask).await?;
    let full = rows.len() as i64 == limit;
    let next = rows.last().filter(|_| full).map(|row| row.number.clone());
    List { title: "Payment plans", rows, next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn of_customer(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let rows = plans::plans_of(&doors.desk, &by.0, &number).await?;
    List::whole("Payment plans", rows).send(&asked, &by, doors.desk.today())
}

async fn choices(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let budget = match asked.text("budget").as_str() {
        "" => None,
        id => Some(numbered(id, "budget")?),
    };
    let rows = plans::plan_choices(&doors.desk, &by.0, &number, budget).await?;
    List::whole("Plans to offer", rows).send(&asked, &by, doors.desk.today())
}

async fn links(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let rows = plans::plan_links(&doors.desk, &by.0, &number).await?;
    List::whole("Plan links", rows).send(&asked, &by, doors.desk.today())
}

async fn weeks(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let day = asked.day("on").unwrap_or_else(|| doors.desk.today());
    let rows = plans::plan_weeks(&doors.desk, &by.0, day).await?;
    List::whole("Plans by week", rows).send(&asked, &by, doors.desk.today())
}

async fn make_link(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewPlanLink>,
) -> Answer {
    let ask = MakePlanLink { key, customer: number.clone(), email: new.email };
    let link = plans::make_plan_link(&doors.desk, &by.0, ask).await?;
    made(&format!("customers/{number}/plan-links"), &link)
}

async fn revoke_link(State(doors): State<Shared>, by: By, At(link): At, Key(key): Key) -> Answer {
    ok(&plans::revoke_plan_link(&doors.desk, &by.0, RevokePlanLink { key, number: link }).await?)
}

async fn one(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&plans::plan(&doors.desk, &by.0, &number).await?)
}

async fn offer(State(doors): State<Shared>, by: By, Sent(new): Sent<NewPaymentPlan>) -> Answer {
    ok(&plans::offer_plan(&doors.desk, &by.0, &PlanAsk::from(new)).await?)
}

async fn agree(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewPaymentPlan>) -> Answer {
    let agreed = plans::agree_plan(&doors.desk, &by.0, AgreePlan { key, ask: PlanAsk::from(new) }).await?;
    made(&format!("plans/{}", agreed.number), &agreed)
}

async fn change(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<PlanChanged>,
) -> Answer {
    let ask = ChangePlan {
        key,
        number,
        what: new.what,
        part: new.part,
        amount_pence: new.amount_pence.map(Pence),
        items: new.items,
        days: new.days,
        from_on: new.from_on,
        instalments: new.instalments,
        every: new.every,
        method: new.method,
        asked_by: new.asked_by,
        reason: new.reason,
    };
    ok(&plans::change_plan(&doors.desk, &by.0, ask).await?)
}

async fn end(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key, Sent(new): Sent<PlanEnd>) -> Answer {
    let ask = EndPlan { key, number, how: new.how, reason: new.reason };
    ok(&plans::end_plan(&doors.desk, &by.0, ask).await?)
}

async fn withdraw(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<PlanWithdrawn>,
) -> Answer {
    ok(&plans::withdraw_plan(&doors.desk, &by.0, WithdrawPlan { key, number, reason: new.reason }).await?)
}

async fn review(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<PlanReview>,
) -> Answer {
    let ask = ReviewPlan { key, number, next_on: new.next_on, words: new.words };
    ok(&plans::review_plan(&doors.desk, &by.0, ask).await?)
}

async fn budgets(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let rows = plans::budgets_of(&doors.desk, &by.0, &number).await?;
    List::whole("Budgets", rows).send(&asked, &by, doors.desk.today())
}

async fn budget(State(doors): State<Shared>, by: By, At(budget): At) -> Answer {
    ok(&plans::budget(&doors.desk, &by.0, numbered(&budget, "budget")?).await?)
}

async fn take_budget(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewBudget>,
) -> Answer {
    let mut lines = Vec::with_capacity(new.lines.len());
    for line in new.lines {
        let (Some(kind), Some(period)) = (LineKind::parse(&line.kind), BudgetPeriod::parse(&line.period)) else {
            let typed = format!("{} {}", line.kind, line.period);
            let say = "Enter income, fixed, communications, food, personal, priority_arrears or savings; and week, \
                       fortnight, four_weeks, month or year";
            return Err(Problem::from(vec![Invalid::field("lines", say, typed)]));
        };
        lines.push(BudgetLine { kind, name: line.name, amount: Pence(line.amount_pence), period });
    }
    let budget = Budget {
        adults: new.adults,
        children: new.children,
        lines,
        owed_to_us: Pence::ZERO,
        owed_to_all: Pence(new.owed_to_all_pence),
        creditors: new.creditors,
        from_adviser: new.from_adviser,
    };
    let customer = number.clone();
    let ask = TakeBudget { key, customer, budget, floor_pence: new.floor_pence, words: new.words };
    let taken = plans::take_budget(&doors.desk, &by.0, ask).await?;
    made(&format!("budgets/{}", taken.budget), &taken)
}

async fn settings(State(doors): State<Shared>, by: By) -> Answer {
    ok(&plans::plan_settings(&doors.desk, &by.0).await?)
}

async fn change_settings(
    State(doors): State<Shared>,
    by: By,
    Key(key): Key,
    Sent(new): Sent<NewPlanSettings>,
) -> Answer {
    let mut bands = Vec::with_capacity(new.bands.len());
    for band in new.bands {
        let Some(approver) = Approver::parse(&band.approver) else {
            let say = "Enter clerk, team_leader, manager or head";
            return Err(Problem::from(vec![Invalid::field("bands", say, &band.approver)]));
        };
        bands.push(PlanBand { approver, months: band.months, up_to: Pence(band.up_to_pence) });
    }
    let guideline = |one: NewGuideline| HouseGuideline {
        kind: one.kind,
        adults: one.adults,
        children: one.children,
        monthly_pence: one.monthly_pence,
    };
    let policy = PlanPolicy {
        bands,
        least_weekly: Pence(new.least_weekly_pence),
        least_monthly: Pence(new.least_monthly_pence),
        token_below: Pence(new.token_below_pence),
        business_months: new.business_months,
        tolerance_days: new.tolerance_days,
        cure_days: new.cure_days,
        break_days: new.break_days,
        review_months: new.review_months,
    };
    let guidelines = new.guidelines.into_iter().map(guideline).collect();
    let usual = PlanSettings::default().savings_basis_points;
    let settings = PlanSettings { policy, guidelines, savings_basis_points: new.savings_basis_points.unwrap_or(usual) };
    ok(&plans::change_plan_settings(&doors.desk, &by.0, ChangePlanSettings { key, settings }).await?)
}
