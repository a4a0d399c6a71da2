//! Standing orders: the list, one order, a period checked and released, tasks, new charges.
use super::export::{Sheet, wanted};
use super::form::{Asked, again, amount_field, asked, date_field, onto, read_date};
use crate::web::door::{Answer, Posted, Routes, Shared, Trouble, Visitor, page, page_with, told};
use crate::web::pages::standing_orders::{
    ChangeLine, CheckLine, NewOrder, OneOrder, OrderChanges, OrderCheck, OrderLine, OrderTasks, ReleasedCheck,
    StandingOrders, TaskLine,
};
use crate::web::ui::{Frame, Tag, TagColour, count_of, number, tag};
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use chrono::NaiveDate;
use sundry_desk::No;
use sundry_desk::cash::standing_orders::{
    AddStandingOrder, AmendStandingOrder, AskCheck, ChangeLetters, EndStandingOrder, EndTasks, NewCharge, ReleaseCheck,
    SetCharges, ShortfallLetters, StandingOrderFinding, StandingOrderShown, add_standing_order, amend_standing_order,
    check_standing_orders, end_standing_order, end_standing_order_tasks, rate_changes, release_standing_order_check,
    set_standing_order_charges, standing_order_checks, standing_order_tasks, standing_orders, write_change_letters,
    write_shortfall_letters,
};
use sundry_domain::cash::standing_orders::{Advice, Frequency};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind;
use sundry_store::standing_order::TaskRow;

const LOOK: &[Duty] = &[Duty::View];
const ACT: &[Duty] = &[Duty::PostCash];
const HOME: &str = "/cash/standing-orders";

/// The routes of standing orders.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/cash/standing-orders", LOOK, get(list))
        .add("/cash/standing-orders/new", ACT, get(form).post(add))
        .add("/cash/standing-orders/check", LOOK, get(check).post(release))
        .add("/cash/standing-orders/tasks", LOOK, get(tasks).post(act))
        .add("/cash/standing-orders/changes", LOOK, get(changes).post(write))
        .add("/cash/standing-orders/{number}", LOOK, get(one))
        .add("/cash/standing-orders/{number}/{verb}", ACT, post(turn))
}

async fn room(doors: &Shared, visitor: &Visitor) -> Frame {
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/standing-orders".into();
    frame
}

fn frequency_words(word: &str) -> String {
    Frequency::parse(word).map_or_else(|| word.to_owned(), |one| one.name().to_owned())
}

fn line(shown: &StandingOrderShown) -> OrderLine {
    let order = &shown.order;
    OrderLine {
        number: order.number.clone(),
        customer: (order.customer_number.clone(), order.customer_name.clone()),
        reference: order.reference.clone(),
        amount: (Pence(order.amount_pence), frequency_words(&order.frequency)),
        charge: (Pence(shown.weekly_pence), Pence(shown.right_pence)),
        days: (order.from_on, order.to_on),
        tolerance: Pence(order.tolerance_pence),
    }
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let rows: Vec<OrderLine> = standing_orders(&doors.desk, &visitor.actor).await?.iter().map(line).collect();
    if wanted(asked(&query, "format")) {
        return sheet_of_orders(rows).file(asked(&query, "format"), &doors, &visitor);
    }
    let may_set = visitor.actor.holds(Duty::PostCash);
    page(&StandingOrders { frame: room(&doors, &visitor).await, may_set, rows })
}

fn sheet_of_orders(rows: Vec<OrderLine>) -> Sheet {
    let cells = |row: OrderLine| {
        vec![
            Cell::Text(row.number),
            Cell::Text(row.customer.0),
            Cell::Text(row.customer.1),
            Cell::Text(row.reference),
            Cell::Pence(row.amount.0.0),
            Cell::Text(row.amount.1),
            Cell::Pence(row.charge.0.0),
            Cell::Pence(row.charge.1.0),
            Cell::Date(row.days.0),
            Cell::from(row.days.1),
        ]
    };
    Sheet {
        title: "Standing orders",
        columns: vec![
            ("order", ColumnKind::Text),
            ("customer", ColumnKind::Text),
            ("name", ColumnKind::Text),
            ("reference", ColumnKind::Text),
            ("amount", ColumnKind::Money),
            ("how_often", ColumnKind::Text),
            ("weekly_charge", ColumnKind::Money),
            ("must_send", ColumnKind::Money),
            ("from_on", ColumnKind::Date),
            ("to_on", ColumnKind::Date),
        ],
        rows: rows.into_iter().map(cells).collect(),
        filters: Vec::new(),
    }
}

const NEW: [&str; 8] = ["customer", "reference", "amount", "frequency", "from_on", "to_on", "weekly", "tolerance"];

async fn new_page(doors: &Shared, visitor: &Visitor, typed: [String; 8]) -> NewOrder {
    let frequencies = Frequency::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned())).collect();
    NewOrder { frame: room(doors, visitor).await, typed, frequencies }
}

async fn form(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let mut typed: [String; 8] = Default::default();
    typed[0] = asked(&query, "customer").to_owned();
    typed[3] = "four_weekly".into();
    typed[7] = "0.00".into();
    page(&new_page(&doors, &visitor, typed).await)
}

async fn add(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let typed = NEW.map(|field| posted.get(field).to_owned());
    let mut shown = new_page(&doors, &visitor, typed.clone()).await;
    let today = doors.desk.today();
    let from_on = date_field(&mut shown.frame, "from_on", &typed[4], today);
    if typed[4].is_empty() {
        shown.frame.errors.add("from_on", "Enter the day of the first payment");
    }
    let to_on = date_field(&mut shown.frame, "to_on", &typed[5], today);
    let mut amount = |field: &str, text: &str| amount_field(&mut shown.frame, field, text);
    let (sends, weekly, tolerance) =
        (amount("amount", &typed[2]), amount("weekly", &typed[6]), amount("tolerance", &typed[7]));
    if typed[6].is_empty() {
        shown.frame.errors.add("weekly", "Enter the charge for a week");
    }
    let (Some(from_on), true) = (from_on, shown.frame.errors.is_empty()) else { return again(&shown) };
    let ask = AddStandingOrder {
        key: posted.key(),
        customer: typed[0].clone(),
        reference: typed[1].clone(),
        amount: sends.unwrap_or_default(),
        frequency: typed[3].clone(),
        from_on,
        to_on,
        weekly: weekly.unwrap_or_default(),
        tolerance: tolerance.unwrap_or_default(),
    };
    match add_standing_order(&doors.desk, &visitor.actor, ask).await {
        Ok(set) => told(&format!("{HOME}/{}", set.number), &format!("{} is noted", set.number)),
        Err(No::Absent(_)) => {
            shown.frame.errors.add("customer", "No customer has this number");
            again(&shown)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

async fn order_page(doors: &Shared, visitor: &Visitor, wanted: &str) -> Result<OneOrder, Trouble> {
    let all = standing_orders(&doors.desk, &visitor.actor).await?;
    let found = all.iter().find(|one| one.order.number == wanted);
    let found = found.ok_or_else(|| No::Absent("standing order".into()))?;
    Ok(OneOrder {
        frame: room(doors, visitor).await,
        order: line(found),
        ended: found.order.end_reason.clone(),
        may_set: visitor.actor.holds(Duty::PostCash),
        typed: Default::default(),
    })
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(wanted): Path<String>) -> Answer {
    page(&order_page(&doors, &visitor, &wanted).await?)
}

async fn turn(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((wanted, verb)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let mut shown = order_page(&doors, &visitor, &wanted).await?;
    shown.typed = ["amount", "weekly", "from_on", "why", "to_on", "reason"].map(|field| posted.get(field).to_owned());
    let typed = shown.typed.clone();
    let (desk, by, key, today) = (&doors.desk, &visitor.actor, posted.key(), doors.desk.today());
    let missing = |frame: &mut Frame, field: &str, text: &str, words: &str| {
        if text.is_empty() {
            frame.errors.add(field, words);
        }
    };
    let outcome = match verb.as_str() {
        "amend" => {
            missing(&mut shown.frame, "amount", &typed[0], "Enter what their bank sends now");
            let amount = amount_field(&mut shown.frame, "amount", &typed[0]);
            let Some(amount) = amount.filter(|_| shown.frame.errors.is_empty()) else { return again(&shown) };
            amend_standing_order(desk, by, AmendStandingOrder { key, number: wanted.clone(), amount }).await.map(drop)
        }
        "charge" => {
            missing(&mut shown.frame, "weekly", &typed[1], "Enter the new charge for a week");
            missing(&mut shown.frame, "from_on", &typed[2], "Enter the first day of the new charge");
            let weekly = amount_field(&mut shown.frame, "weekly", &typed[1]);
            let from_on = date_field(&mut shown.frame, "from_on", &typed[2], today);
            let (Some(weekly), Some(from_on), true) = (weekly, from_on, shown.frame.errors.is_empty()) else {
                return again(&shown);
            };
            let charges = vec![NewCharge { number: wanted.clone(), weekly }];
            set_standing_order_charges(desk, by, SetCharges { key, from_on, why: typed[3].clone(), charges })
                .await
                .map(drop)
        }
        "end" => {
            missing(&mut shown.frame, "to_on", &typed[4], "Enter the last day of the charge");
            let to_on = date_field(&mut shown.frame, "to_on", &typed[4], today);
            let Some(to_on) = to_on.filter(|_| shown.frame.errors.is_empty()) else { return again(&shown) };
            let ask = EndStandingOrder { key, number: wanted.clone(), to_on, reason: typed[5].clone() };
            end_standing_order(desk, by, ask).await.map(drop)
        }
        _ => return Err(No::Absent("page".into()).into()),
    };
    match outcome {
        Ok(()) if verb == "end" => told(HOME, &format!("{wanted} has its last day")),
        Ok(()) => told(&format!("{HOME}/{wanted}"), &format!("{wanted} is changed")),
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

fn advice_tag(word: &str) -> Tag {
    let colour = match Advice::parse(word) {
        Some(Advice::Nothing | Advice::Swings) => TagColour::Green,
        Some(Advice::AskForShortfall) => TagColour::Yellow,
        _ => TagColour::Blue,
    };
    tag(Advice::parse(word).map_or_else(|| word.to_owned(), |advice| advice.name().to_owned()), colour)
}

fn check_line(found: &StandingOrderFinding) -> CheckLine {
    let sums = [found.due_pence, found.received_pence, found.difference_pence, found.running_pence].map(Pence);
    CheckLine {
        number: found.number.clone(),
        customer: (found.customer.clone(), found.name.clone()),
        frequency: frequency_words(&found.frequency),
        payments: found.payments_expected,
        sums,
        advice: advice_tag(&found.advice),
    }
}

async fn check_page(
    doors: &Shared,
    visitor: &Visitor,
    typed: (String, String),
) -> Result<(OrderCheck, Option<AskCheck>), Trouble> {
    let (desk, by, today) = (&doors.desk, &visitor.actor, doors.desk.today());
    let before = standing_order_checks(desk, by).await?.into_iter().map(|row| ReleasedCheck {
        number: row.number,
        days: (row.from_on, row.to_on),
        counts: [row.orders_count, row.shortfalls_count, row.excesses_count],
        by: row.run_by,
    });
    let mut shown = OrderCheck {
        frame: room(doors, visitor).await,
        typed: typed.clone(),
        sums: None,
        rows: Vec::new(),
        may_release: false,
        before: before.collect(),
    };
    let from_on = date_field(&mut shown.frame, "from_on", &typed.0, today);
    let to_on = date_field(&mut shown.frame, "to_on", &typed.1, today);
    let (Some(from_on), Some(to_on)) = (from_on, to_on) else { return Ok((shown, None)) };
    let ask = AskCheck { from_on, to_on };
    match check_standing_orders(desk, by, ask).await {
        Ok(found) => {
            let quiet = [Advice::Nothing.as_str(), Advice::Swings.as_str()];
            let count = |short: bool| {
                let all = found.findings.iter().filter(|one| !quiet.contains(&one.advice.as_str()));
                all.filter(|one| (one.difference_pence < 0) == short).count() as i64
            };
            shown.sums = Some((Pence(found.due_pence), Pence(found.received_pence), count(true), count(false)));
            shown.rows = found.findings.iter().map(check_line).collect();
            shown.may_release = by.holds(Duty::PostCash) && to_on < today;
            Ok((shown, Some(ask)))
        }
        Err(no) => {
            onto(&mut shown.frame, no, &[])?;
            Ok((shown, None))
        }
    }
}

async fn check(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let typed = (asked(&query, "from_on").to_owned(), asked(&query, "to_on").to_owned());
    let (shown, ask) = check_page(&doors, &visitor, typed).await?;
    if let Some(ask) = ask.filter(|_| wanted(asked(&query, "format"))) {
        return sheet_of_check(shown.rows, ask).file(asked(&query, "format"), &doors, &visitor);
    }
    if shown.frame.failed() { again(&shown) } else { page(&shown) }
}

fn sheet_of_check(rows: Vec<CheckLine>, ask: AskCheck) -> Sheet {
    let cells = |row: CheckLine| {
        let [due, received, gap, running] = row.sums;
        vec![
            Cell::Text(row.number),
            Cell::Text(row.customer.0),
            Cell::Text(row.customer.1),
            Cell::Text(row.frequency),
            Cell::Whole(row.payments),
            Cell::Pence(due.0),
            Cell::Pence(received.0),
            Cell::Pence(gap.0),
            Cell::Pence(running.0),
        ]
    };
    Sheet {
        title: "Standing orders checked",
        columns: vec![
            ("order", ColumnKind::Text),
            ("customer", ColumnKind::Text),
            ("name", ColumnKind::Text),
            ("how_often", ColumnKind::Text),
            ("payments", ColumnKind::Whole),
            ("due", ColumnKind::Money),
            ("received", ColumnKind::Money),
            ("difference", ColumnKind::Money),
            ("since_april", ColumnKind::Money),
        ],
        rows: rows.into_iter().map(cells).collect(),
        filters: vec![("From", ask.from_on.to_string()), ("To", ask.to_on.to_string())],
    }
}

async fn release(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    visitor.actor.must_hold(Duty::PostCash).map_err(No::from)?;
    let typed = (posted.get("from_on").to_owned(), posted.get("to_on").to_owned());
    let (mut shown, ask) = check_page(&doors, &visitor, typed).await?;
    let Some(AskCheck { from_on, to_on }) = ask else { return again(&shown) };
    let ask = ReleaseCheck { key: posted.key(), from_on, to_on };
    match release_standing_order_check(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let tasks = done.shortfalls + done.excesses;
            let words =
                format!("{}: {} allocated, {} new tasks", done.number, Pence(done.allocated_pence), number(tasks));
            told(&format!("{HOME}/tasks"), &words)
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[])?;
            page_with(status, &shown)
        }
    }
}

fn task_line(row: &TaskRow) -> TaskLine {
    let kind = match row.kind.as_str() {
        "rate_change" => tag("New charge", TagColour::Grey),
        _ => advice_tag(&row.advice),
    };
    let on = row.done_on.map(|on| on.format("%-d %b %Y").to_string()).unwrap_or_default();
    TaskLine {
        id: row.id.to_string(),
        order: row.order_number.clone(),
        customer: (row.customer_number.clone(), row.customer_name.clone()),
        kind,
        words: row.words.clone(),
        amount: Pence(row.difference_pence),
        done: if row.done_how.is_empty() {
            String::new()
        } else {
            format!("{}, {on}, {}", row.done_how, row.done_by_name)
        },
    }
}

async fn tasks_page(doors: &Shared, visitor: &Visitor, view: &str) -> Result<OrderTasks, Trouble> {
    let view = if view == "done" { "done" } else { "open" };
    let rows = standing_order_tasks(&doors.desk, &visitor.actor, view).await?;
    Ok(OrderTasks {
        frame: room(doors, visitor).await,
        view: view.to_owned(),
        rows: rows.iter().map(task_line).collect(),
        may_act: visitor.actor.holds(Duty::PostCash),
        typed: Default::default(),
    })
}

async fn tasks(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let shown = tasks_page(&doors, &visitor, asked(&query, "view")).await?;
    if wanted(asked(&query, "format")) {
        return sheet_of_tasks(shown).file(asked(&query, "format"), &doors, &visitor);
    }
    page(&shown)
}

fn sheet_of_tasks(shown: OrderTasks) -> Sheet {
    let cells = |row: TaskLine| {
        vec![
            Cell::Text(row.order),
            Cell::Text(row.customer.0),
            Cell::Text(row.customer.1),
            Cell::Text(row.words),
            Cell::Pence(row.amount.0),
            Cell::Text(row.done),
        ]
    };
    Sheet {
        title: "Standing order tasks",
        columns: vec![
            ("order", ColumnKind::Text),
            ("customer", ColumnKind::Text),
            ("name", ColumnKind::Text),
            ("in_words", ColumnKind::Text),
            ("amount", ColumnKind::Money),
            ("how_it_ended", ColumnKind::Text),
        ],
        rows: shown.rows.into_iter().map(cells).collect(),
        filters: vec![("State", shown.view)],
    }
}

async fn act(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    visitor.actor.must_hold(Duty::PostCash).map_err(No::from)?;
    let chosen: Vec<i64> = posted.all("task").filter_map(|id| id.parse().ok()).collect();
    let (desk, by, key) = (&doors.desk, &visitor.actor, posted.key());
    let outcome = if posted.get("do") == "letter" {
        write_shortfall_letters(desk, by, ShortfallLetters { key, tasks: chosen }).await
    } else {
        let (how, words) = (posted.get("how").to_owned(), posted.get("words").to_owned());
        end_standing_order_tasks(desk, by, EndTasks { key, tasks: chosen, how, words }).await
    };
    match outcome {
        Ok(done) => {
            let held =
                if done.held > 0 { format!("; {} held for want of an address", done.held) } else { String::new() };
            let (tasks, letters) = (count_of(done.tasks, "task", "tasks"), count_of(done.letters, "letter", "letters"));
            told(&format!("{HOME}/tasks"), &format!("{tasks} ended, {letters} written{held}"))
        }
        Err(no) => {
            let mut shown = tasks_page(&doors, &visitor, "open").await?;
            shown.typed = (posted.get("how").to_owned(), posted.get("words").to_owned());
            let status = onto(&mut shown.frame, no, &[("tasks", "task")])?;
            page_with(status, &shown)
        }
    }
}

async fn changes_page(
    doors: &Shared,
    visitor: &Visitor,
    typed: &str,
) -> Result<(OrderChanges, Option<NaiveDate>), Trouble> {
    let mut shown = OrderChanges {
        frame: room(doors, visitor).await,
        from_on: typed.to_owned(),
        write_by: None,
        rows: Vec::new(),
        may_write: visitor.actor.holds(Duty::PostCash),
    };
    let today = doors.desk.today();
    let Some(from_on) = read_date(typed, today) else {
        if !typed.is_empty() {
            shown.frame.errors.add("from_on", "Enter a date such as 6/4/26");
        }
        return Ok((shown, None));
    };
    let found = rate_changes(&doors.desk, &visitor.actor, from_on).await?;
    shown.write_by = Some((found.write_by, today > found.write_by));
    shown.rows = found
        .orders
        .into_iter()
        .map(|one| ChangeLine {
            number: one.number,
            customer: (one.customer, one.name),
            frequency: frequency_words(&one.frequency),
            sums: [one.weekly_before_pence, one.weekly_pence, one.amount_pence, one.right_pence].map(Pence),
            written: one.written,
        })
        .collect();
    Ok((shown, Some(from_on)))
}

async fn changes(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (shown, _) = changes_page(&doors, &visitor, asked(&query, "from_on")).await?;
    if shown.frame.failed() { again(&shown) } else { page(&shown) }
}

async fn write(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    visitor.actor.must_hold(Duty::PostCash).map_err(No::from)?;
    let (mut shown, from_on) = changes_page(&doors, &visitor, posted.get("from_on")).await?;
    let Some(from_on) = from_on else { return again(&shown) };
    let numbers: Vec<String> = posted.all("order").map(str::to_owned).collect();
    if numbers.is_empty() {
        shown.frame.errors.add("order", "Select a standing order");
        return again(&shown);
    }
    let ask = ChangeLetters { key: posted.key(), from_on, numbers, late_known: posted.get("late") == "yes" };
    match write_change_letters(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let held =
                if done.held > 0 { format!("; {} held for want of an address", done.held) } else { String::new() };
            let letters = count_of(done.letters, "letter", "letters");
            told(&format!("{HOME}/changes?from_on={from_on}"), &format!("{letters} written{held}"))
        }
        Err(no) => {
            let status = onto(&mut shown.frame, no, &[("numbers", "order")])?;
            page_with(status, &shown)
        }
    }
}
