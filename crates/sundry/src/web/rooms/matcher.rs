//! The matcher's own pages: lessons, thresholds, the order of allocation.
use super::form::{Asked, amount_field, asked, date_field, onto, page_number};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::matcher::{Lesson, Lessons, Order, OrderRow, OrderTyped, Policy};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use std::collections::BTreeMap;
use sundry_desk::No;
use sundry_desk::cash::allocation_order::{
    DatedOrder, SetAllocationOrder, allocation_orders, proposed_order, set_allocation_order,
};
use sundry_desk::cash::lessons::{ForgetLesson, forget_lesson, lessons};
use sundry_desk::cash::match_policy::{SetMatchPolicy, match_policy, set_match_policy};
use sundry_domain::cash::order::{First, OrderPolicy, example};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::cash::lessons::LessonRow;

/// Who may look at cash, or set it.
const LOOK: &[Duty] = &[Duty::PostCash, Duty::ReadAudit, Duty::AllocateWork, Duty::ManageSettings];

/// The routes of the matcher's pages.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/cash/matcher", LOOK, get(policy).post(set_policy))
        .add("/cash/matcher/lessons", &[Duty::View], get(learned))
        .add("/cash/matcher/lessons/{id}/forget", &[Duty::PostCash], post(forget))
        .add("/cash/matcher/order", LOOK, get(order).post(set_order))
}

async fn policy(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    page(&policy_page(&doors, &visitor).await?)
}

async fn policy_page(doors: &Shared, visitor: &Visitor) -> Result<Policy, Trouble> {
    let now = match_policy(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/matcher".into();
    Ok(Policy {
        frame,
        may_set: visitor.actor.holds(Duty::ManageSettings),
        certain: now.certain_ppm.to_string(),
        accept: now.accept_ppm.to_string(),
        tolerance: Pence(now.tolerance_pence).pounds(),
        measured: now.measured.iter().map(|m| (m.from_ppm, m.lines, m.wrong, m.error_ppm, m.at_most_ppm)).collect(),
    })
}

async fn set_policy(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut again = policy_page(&doors, &visitor).await?;
    again.certain = posted.get("certain").to_owned();
    again.accept = posted.get("accept").to_owned();
    again.tolerance = posted.get("tolerance").to_owned();
    let tolerance = amount_field(&mut again.frame, "tolerance", &again.tolerance).unwrap_or(Pence::ZERO);
    if !again.frame.errors.is_empty() {
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    }
    let ask = SetMatchPolicy {
        key: posted.key(),
        certain_ppm: again.certain.parse().unwrap_or_default(),
        accept_ppm: again.accept.parse().unwrap_or_default(),
        tolerance,
    };
    match set_match_policy(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told("/cash/matcher", "The matcher's settings are saved"),
        Err(no) => {
            let status = onto(&mut again.frame, no, &[("accept_ppm", "accept"), ("certain_ppm", "certain")])?;
            page_with(status, &again)
        }
    }
}

async fn learned(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    page(&lessons_page(&doors, &visitor, i64::from(page_number(&query))).await?)
}

async fn lessons_page(doors: &Shared, visitor: &Visitor, place: i64) -> Result<Lessons, Trouble> {
    let found = lessons(&doors.desk, &visitor.actor, place).await?;
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/matcher".into();
    Ok(Lessons {
        frame,
        counts: (found.accounts, found.names, found.wordings),
        rows: found.rows.into_iter().map(lesson).collect(),
        may_forget: visitor.actor.holds(Duty::PostCash),
        page: (found.page, found.more),
    })
}

fn lesson(row: LessonRow) -> Lesson {
    let is_wording = row.kind == "wording";
    Lesson {
        id: row.id,
        kind: row.kind,
        said: row.shown,
        means: if is_wording { row.service } else { row.customer_name.unwrap_or_default() },
        customer: row.customer_number.unwrap_or_default(),
        times: row.times,
        taught: (row.taught_by, row.taught_on),
        receipt: row.receipt,
        forgotten: row.forgotten_on.map(|on| (row.forgotten_by, on)),
    }
}

async fn forget(State(doors): State<Shared>, visitor: Visitor, Path(id): Path<i64>, posted: Posted) -> Answer {
    match forget_lesson(&doors.desk, &visitor.actor, ForgetLesson { key: posted.key(), lesson: id }).await {
        Ok(_) => told("/cash/matcher/lessons", "The lesson is forgotten"),
        Err(no) => {
            let mut again = lessons_page(&doors, &visitor, 1).await?;
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}

async fn order(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let mut shown = order_page(&doors, &visitor).await?;
    let (customer, sum) = (asked(&query, "customer"), asked(&query, "amount"));
    if customer.is_empty() {
        return page(&shown);
    }
    shown.looked = Some((customer.to_owned(), sum.to_owned(), Vec::new(), Pence::ZERO));
    let Some(amount) = amount_field(&mut shown.frame, "amount", sum) else {
        if shown.frame.errors.is_empty() {
            shown.frame.errors.add("amount", "Enter an amount in pounds");
        }
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown);
    };
    match proposed_order(&doors.desk, &visitor.actor, customer, amount, &[]).await {
        Ok(found) => {
            let lines = found.lines.into_iter().map(|line| (line.item, Pence(line.amount_pence), line.because));
            shown.looked = Some((found.customer, sum.to_owned(), lines.collect(), Pence(found.left_pence)));
            page(&shown)
        }
        Err(No::Absent(_)) => {
            shown.frame.errors.add("customer", "No customer has this number");
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown)
        }
        Err(no) => Err(no.into()),
    }
}

async fn order_page(doors: &Shared, visitor: &Visitor) -> Result<Order, Trouble> {
    let orders = allocation_orders(&doors.desk, &visitor.actor).await?;
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/matcher".into();
    let shipped = OrderPolicy::default();
    Ok(Order {
        frame,
        may_set: visitor.actor.holds(Duty::ManageSettings),
        orders: orders.iter().map(row).collect(),
        example: example(&shipped).0,
        typed: OrderTyped { first: "oldest_due".into(), rules: rules_of(&shipped), ..OrderTyped::default() },
        preview: String::new(),
        looked: None,
    })
}

fn row(order: &DatedOrder) -> OrderRow {
    let class = if order.debt_type.is_empty() { "Every other" } else { &order.debt_type };
    let from = order.from_on.map_or_else(|| "As shipped".to_owned(), |day| day.format("%-d %B %Y").to_string());
    let why =
        if order.set_by.is_empty() { order.reason.clone() } else { format!("{} ({})", order.reason, order.set_by) };
    (class.to_owned(), from, in_words(&order.policy), example(&order.policy).1, why, order.holds)
}

fn in_words(policy: &OrderPolicy) -> String {
    let mut words = Vec::new();
    if policy.exact_first {
        words.push("exact amount");
    }
    if policy.interest_first {
        words.push("interest and costs");
    }
    if policy.overdue_first {
        words.push("overdue");
    }
    words.push(match policy.first {
        First::OldestDue => "oldest due",
        First::Smallest => "smallest",
        First::Largest => "largest",
        First::NewestDue => "newest due",
    });
    if !policy.interest_first {
        words.push("interest and costs last");
    }
    words.push(if policy.in_part { "in part" } else { "only whole items" });
    words.join(", ")
}

fn rules_of(policy: &OrderPolicy) -> Vec<String> {
    let all = BTreeMap::from([
        ("exact_first", policy.exact_first),
        ("overdue_first", policy.overdue_first),
        ("in_part", policy.in_part),
        ("interest_first", policy.interest_first),
    ]);
    all.into_iter().filter(|(_, holds)| *holds).map(|(rule, _)| rule.to_owned()).collect()
}

fn policy_typed(typed: &OrderTyped) -> OrderPolicy {
    let has = |rule: &str| typed.rules.iter().any(|ticked| ticked == rule);
    OrderPolicy {
        exact_first: has("exact_first"),
        overdue_first: has("overdue_first"),
        interest_first: has("interest_first"),
        in_part: has("in_part"),
        first: match typed.first.as_str() {
            "smallest" => First::Smallest,
            "largest" => First::Largest,
            "newest_due" => First::NewestDue,
            _ => First::OldestDue,
        },
    }
}

async fn set_order(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let mut again = order_page(&doors, &visitor).await?;
    again.typed = OrderTyped {
        debt_type: posted.get("debt_type").to_owned(),
        from_on: posted.get("from_on").to_owned(),
        first: posted.get("first").to_owned(),
        rules: posted.all("rules").map(str::to_owned).collect(),
        reason: posted.get("reason").to_owned(),
    };
    let policy = policy_typed(&again.typed);
    again.preview = example(&policy).1;
    if posted.get("do") == "look" {
        return page(&again);
    }
    let from_on = date_field(&mut again.frame, "from_on", &again.typed.from_on, doors.desk.today());
    let Some(from_on) = from_on else {
        if again.frame.errors.is_empty() {
            again.frame.errors.add("from_on", "Enter from when the order holds");
        }
        return page_with(StatusCode::UNPROCESSABLE_ENTITY, &again);
    };
    let ask = SetAllocationOrder {
        key: posted.key(),
        debt_type: again.typed.debt_type.clone(),
        from_on,
        policy,
        reason: again.typed.reason.clone(),
    };
    match set_allocation_order(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told("/cash/matcher/order", "The order of allocation is set"),
        Err(no) => {
            let status = onto(&mut again.frame, no, &[])?;
            page_with(status, &again)
        }
    }
}
