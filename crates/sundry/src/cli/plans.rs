//! `plan`: work out, agree, change, review and end payment plans; budgets from a file.
use super::input::{date, pounds, request};
use super::out::{Out, table};
use super::{Open, Shop, done};
use chrono::NaiveDate;
use clap::{Args, Subcommand};
use std::path::PathBuf;
use sundry_desk::Outcome;
use sundry_desk::plans::{
    AgreePlan, ChangePlan, ChangePlanSettings, EndPlan, MakePlanLink, PlanAsk, PlanLine, PlanLinkShown, PlanSettings,
    PlanShown, PlanWeek, PlansAsk, ReviewPlan, RevokePlanLink, TakeBudget, WithdrawPlan, agree_plan, budgets_of,
    change_plan, change_plan_settings, end_plan, make_plan_link, offer_plan, plan, plan_links, plan_settings,
    plan_weeks, plans_list, plans_of, review_plan, revoke_plan_link, take_budget, withdraw_plan,
};
use sundry_domain::money::Pence;

/// Payment plans.
#[derive(Debug, Subcommand)]
pub enum Plan {
    /// Work out a plan and who may grant it; nothing is kept
    Offer(Terms),
    /// Agree a plan, or send it for approval where it is beyond policy
    Agree(Terms),
    /// Change a plan that runs: skip, sooner, smaller, add, reschedule or shift
    Change(Change),
    /// End a plan: completed, broken or cancelled
    End {
        /// Number of the plan
        number: String,
        /// completed, broken or cancelled
        #[arg(long)]
        how: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Withdraw a plan that waits for approval
    Withdraw {
        /// Number of the plan
        number: String,
        /// Why
        #[arg(long)]
        reason: String,
    },
    /// Record a review
    Review {
        /// Number of the plan
        number: String,
        /// What was found
        #[arg(long)]
        words: String,
        /// When to look again; by policy when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        next: Option<NaiveDate>,
    },
    /// Keep a budget from a JSON file, and say what it offers; without a file list those of a customer
    Budget {
        /// Customer number
        customer: String,
        /// The budget: {"budget": {...}, "floor_pence": 0, "words": ""}
        #[arg(long, value_name = "FILE")]
        input: Option<PathBuf>,
    },
    /// Make a link by which a customer sets a plan online; it is shown this once
    Link {
        /// Customer number
        customer: String,
        /// Send it to them by e-mail
        #[arg(long)]
        email: bool,
    },
    /// List the links that were made for a customer
    Links {
        /// Customer number
        customer: String,
    },
    /// Take a link back: it opens no more
    Unlink {
        /// Number of the link
        link: String,
    },
    /// How the plans of twelve weeks came about, and how many a customer set without staff
    Weeks {
        /// Any day of the newest week; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        on: Option<NaiveDate>,
    },
    /// The policy on plans as JSON; with a file, all of it changed to what the file says
    Settings {
        /// The policy, as this command shows it; - is the standard input
        #[arg(long, value_name = "FILE")]
        input: Option<PathBuf>,
    },
    /// Read a plan
    Show {
        /// Number of the plan
        number: String,
    },
    /// List plans: of a customer, of a state, or those that are behind
    List {
        /// Customer number
        #[arg(long)]
        customer: Option<String>,
        /// proposed, active, suspended, completed, broken, cancelled or refused
        #[arg(long, default_value = "")]
        state: String,
        /// Only those that are behind
        #[arg(long)]
        behind: bool,
    },
}

/// What is agreed.
#[derive(Debug, Args)]
pub struct Terms {
    /// Customer number
    customer: String,
    /// Somebody who owes it with them; may be given more than once
    #[arg(long = "with", value_name = "CUSTOMER")]
    with: Vec<String>,
    /// An invoice it covers; may be given more than once
    #[arg(long = "item", value_name = "NUMBER")]
    items: Vec<String>,
    /// By so many instalments
    #[arg(long)]
    instalments: Option<u32>,
    /// By so much each, in pounds
    #[arg(long, value_parser = pounds, conflicts_with = "instalments")]
    amount: Option<Pence>,
    /// week, fortnight, four_weeks, month or quarter
    #[arg(long, default_value = "month")]
    every: String,
    /// Day of the first
    #[arg(long, value_name = "DATE", value_parser = date)]
    first: NaiveDate,
    /// Day of the month of those after it
    #[arg(long)]
    day_of_month: Option<u32>,
    /// Where the odd pennies go: first, last or spread
    #[arg(long, default_value = "")]
    remainder: String,
    /// direct_debit, standing_order, card, transfer or cash
    #[arg(long, default_value = "transfer")]
    method: String,
    /// customer, adviser or us
    #[arg(long, default_value = "customer")]
    asked_by: String,
    /// Who agreed it, where it is not the customer
    #[arg(long, default_value = "")]
    agreed_with: String,
    /// call, form, sfs or letter
    #[arg(long, default_value = "call")]
    evidence: String,
    /// What was said
    #[arg(long, default_value = "")]
    words: String,
    /// It bears interest or a fee
    #[arg(long)]
    interest: bool,
    /// That was agreed in writing
    #[arg(long, requires = "interest")]
    in_writing: bool,
    /// Interest for late payment of a business: waived or charged
    #[arg(long, default_value = "")]
    late_interest: String,
    /// The budget it rests on
    #[arg(long)]
    budget: Option<i64>,
    /// When to look at it again; by policy when not said
    #[arg(long, value_name = "DATE", value_parser = date)]
    review: Option<NaiveDate>,
}

impl From<Terms> for PlanAsk {
    fn from(terms: Terms) -> PlanAsk {
        PlanAsk {
            customer: terms.customer,
            with: terms.with,
            items: terms.items,
            instalments: terms.instalments,
            amount_pence: terms.amount,
            parts: Vec::new(),
            every: terms.every,
            first_on: terms.first,
            day_of_month: terms.day_of_month,
            remainder: terms.remainder,
            method: terms.method,
            asked_by: terms.asked_by,
            agreed_with: terms.agreed_with,
            evidence: terms.evidence,
            words: terms.words,
            interest_charged: terms.interest,
            interest_in_writing: terms.in_writing,
            interest_legal: false,
            late_interest: terms.late_interest,
            budget: terms.budget,
            review_on: terms.review,
        }
    }
}

/// A change.
#[derive(Debug, Args)]
pub struct Change {
    /// Number of the plan
    number: String,
    /// skip, sooner, smaller, add, reschedule or shift
    #[arg(long)]
    what: String,
    /// Skip: which instalment, counted from 1
    #[arg(long)]
    part: Option<u32>,
    /// Sooner, smaller: how much came beyond the schedule; reschedule: how much each
    #[arg(long, value_parser = pounds)]
    amount: Option<Pence>,
    /// Add: an invoice; may be given more than once
    #[arg(long = "item", value_name = "NUMBER")]
    items: Vec<String>,
    /// Shift: by how many days
    #[arg(long)]
    days: Option<i64>,
    /// Shift: from which day on; reschedule: day of the first
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<NaiveDate>,
    /// Reschedule: by how many
    #[arg(long)]
    instalments: Option<u32>,
    /// Reschedule: how far apart
    #[arg(long, default_value = "")]
    every: String,
    /// Reschedule: how it is paid
    #[arg(long, default_value = "")]
    method: String,
    /// customer, adviser or us
    #[arg(long, default_value = "customer")]
    asked_by: String,
    /// Why
    #[arg(long)]
    reason: String,
}

/// Shows the policy on plans, or changes it.
async fn settings(open: &Open, key: String, input: Option<PathBuf>, out: &mut Out) -> Outcome<()> {
    let stands = match input {
        None => plan_settings(&open.desk, &open.by).await?,
        Some(path) => {
            let settings: PlanSettings = request(&path, String::new())?;
            change_plan_settings(&open.desk, &open.by, ChangePlanSettings { key, settings }).await?
        }
    };
    let text = serde_json::to_string_pretty(&stands)?;
    out.answer(&stands, || text)
}

/// Payment plans.
pub async fn plans(shop: &Shop, ask: Plan, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by, key) = (&open.desk, &open.by, shop.key());
    match ask {
        Plan::Settings { input } => settings(&open, key, input, out).await?,
        Plan::Offer(terms) => {
            let offered = offer_plan(desk, by, &PlanAsk::from(terms)).await?;
            out.answer(&offered, || {
                let line =
                    |part: &sundry_domain::plans::Instalment| vec![part.due_on.to_string(), part.amount.pounds()];
                let lines: Vec<Vec<String>> = offered.schedule.iter().map(line).collect();
                let who = offered.granted_by.replace('_', " ");
                let once = if offered.at_once { "you may grant it" } else { "it goes for approval" };
                let head = format!("{} over {} months; for the {who}: {once}.\n", offered.total_pence, offered.months);
                head + &table(&["due", "amount"], &[1], &lines)
            })?;
        }
        Plan::Agree(terms) => {
            let agreed = agree_plan(desk, by, AgreePlan { key, ask: PlanAsk::from(terms) }).await?;
            out.answer(&agreed, || match agreed.approval.as_str() {
                "" => format!("{} is agreed for {}; letter {}.", agreed.number, agreed.total_pence, agreed.letter),
                approval => format!("{} waits for {approval}.", agreed.number),
            })?;
        }
        Plan::Change(ask) => change(&open, key, ask, out).await?,
        Plan::End { number, how, reason } => {
            let ended = end_plan(desk, by, EndPlan { key, number, how, reason }).await?;
            out.answer(&ended, || format!("{} is {}.", ended.number, ended.state))?;
        }
        Plan::Withdraw { number, reason } => {
            let ended = withdraw_plan(desk, by, WithdrawPlan { key, number, reason }).await?;
            out.answer(&ended, || format!("{} is withdrawn.", ended.number))?;
        }
        Plan::Review { number, words, next } => {
            let reviewed = review_plan(desk, by, ReviewPlan { key, number, next_on: next, words }).await?;
            out.answer(&reviewed, || format!("{} is looked at again on {}.", reviewed.number, reviewed.review_on))?;
        }
        Plan::Link { customer, email } => {
            let made = make_plan_link(desk, by, MakePlanLink { key, customer, email }).await?;
            out.answer(&made, || format!("{} opens until {}:\n{}", made.number, made.ends_on, made.link))?;
        }
        Plan::Links { customer } => {
            let rows = plan_links(desk, by, &customer).await?;
            out.answer(&rows, || lines_of_links(&rows))?;
        }
        Plan::Unlink { link } => {
            let ended = revoke_plan_link(desk, by, RevokePlanLink { key, number: link }).await?;
            out.answer(&ended, || format!("{} opens no more.", ended.number))?;
        }
        Plan::Weeks { on } => {
            let rows = plan_weeks(desk, by, on.unwrap_or_else(|| desk.today())).await?;
            out.answer(&rows, || lines_of_weeks(&rows))?;
        }
        Plan::Budget { customer, input } => budget(&open, key, (customer, input), out).await?,
        Plan::Show { number } => {
            let shown = plan(desk, by, &number).await?;
            out.answer(&shown, || in_words(&shown))?;
        }
        Plan::List { customer, state, behind } => {
            let rows = match customer {
                Some(customer) => plans_of(desk, by, &customer).await?,
                None => {
                    let standing = if behind { "behind".to_owned() } else { String::new() };
                    plans_list(desk, by, &PlansAsk { state, standing, before: String::new(), limit: 500 }).await?
                }
            };
            out.answer(&rows, || lines_of(&rows))?;
        }
    }
    done()
}

async fn change(open: &Open, key: String, ask: Change, out: &mut Out) -> Outcome<()> {
    let ask = ChangePlan {
        key,
        number: ask.number,
        what: ask.what,
        part: ask.part,
        amount_pence: ask.amount,
        items: ask.items,
        days: ask.days,
        from_on: ask.from,
        instalments: ask.instalments,
        every: ask.every,
        method: ask.method,
        asked_by: ask.asked_by,
        reason: ask.reason,
    };
    let changed = change_plan(&open.desk, &open.by, ask).await?;
    out.answer(&changed, || match changed.approval.as_str() {
        "" => format!("{} is at version {}; letter {}.", changed.number, changed.version, changed.letter),
        approval => format!("The change of {} waits for {approval}.", changed.number),
    })
}

async fn budget(open: &Open, key: String, (customer, input): (String, Option<PathBuf>), out: &mut Out) -> Outcome<()> {
    let Some(path) = input else {
        let rows = budgets_of(&open.desk, &open.by, &customer).await?;
        return out.answer(&rows, || {
            let line = |row: &sundry_desk::plans::BudgetShown| {
                let pounds = |pence: i64| Pence(pence).pounds();
                let (left, offer) = (pounds(row.available_pence), pounds(row.offer_pence));
                vec![row.budget.to_string(), row.made_on.to_string(), left, offer, row.actor_name.clone()]
            };
            let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
            table(&["budget", "taken", "left a month", "offer", "by"], &[2, 3], &lines)
        });
    };
    let mut ask: TakeBudget = request(&path, key)?;
    ask.customer = customer;
    let taken = take_budget(&open.desk, &open.by, ask).await?;
    out.answer(&taken, || {
        let left = Pence(taken.available_pence);
        format!("Budget {}: {left} is left a month, {} of it for us.", taken.budget, Pence(taken.offer_pence))
    })
}

fn lines_of(rows: &[PlanLine]) -> String {
    let line = |row: &PlanLine| {
        let pounds = |pence: i64| Pence(pence).pounds();
        let sums = (pounds(row.total_pence), pounds(row.paid_pence), pounds(row.behind_pence));
        let next = row.next_on.map_or_else(String::new, |day| day.to_string());
        let stands = if row.standing.is_empty() { &row.state } else { &row.standing };
        vec![row.number.clone(), row.customer.clone(), stands.replace('_', " "), sums.0, sums.1, sums.2, next]
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    table(&["plan", "customer", "stands", "total", "paid", "behind", "next"], &[3, 4, 5], &lines)
}

fn lines_of_links(rows: &[PlanLinkShown]) -> String {
    let line = |row: &PlanLinkShown| {
        let (made, ends) = (row.made_on.to_string(), row.ends_on.to_string());
        let tries = row.wrong_tries.to_string();
        vec![row.number.clone(), row.state.clone(), made, row.made_by.clone(), ends, row.plan.clone(), tries]
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    table(&["link", "state", "made", "by", "until", "plan", "wrong tries"], &[6], &lines)
}

fn lines_of_weeks(rows: &[PlanWeek]) -> String {
    let line = |row: &PlanWeek| {
        let share = row.untouched_permille.map_or_else(String::new, |share| format!("{}.{}%", share / 10, share % 10));
        let counts = [row.agreed, row.offered, row.by_staff, row.links].map(|n| n.to_string());
        let [agreed, offered, by_staff, links] = counts;
        vec![row.from.to_string(), agreed, row.untouched.to_string(), share, offered, by_staff, links]
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    let heads = ["week from", "agreed", "without staff", "share", "offered online", "by us", "links"];
    table(&heads, &[1, 2, 3, 4, 5, 6], &lines)
}

fn in_words(shown: &PlanShown) -> String {
    let line = |one: &sundry_desk::plans::InstalmentShown| {
        let (amount, paid) = (Pence(one.amount_pence).pounds(), Pence(one.paid_pence).pounds());
        vec![one.part.to_string(), one.due_on.to_string(), amount, paid, one.state.replace('_', " ")]
    };
    let lines: Vec<Vec<String>> = shown.instalments.iter().map(line).collect();
    let row = &shown.line;
    let head = format!(
        "{} of {}: {}, version {}. {} of {} paid, {} behind.\n",
        row.number,
        row.name,
        row.state,
        row.version,
        Pence(row.paid_pence),
        Pence(row.total_pence),
        Pence(row.behind_pence)
    );
    head + &table(&["part", "due", "amount", "paid", "stands"], &[2, 3], &lines)
}
