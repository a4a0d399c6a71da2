//! What is done to one account on a page of its own: a call, a promise, a hold, a query, a flag, a reference.
use super::account::hold_words;
use super::form::{Asked, again, amount_field, asked, date_field, onto, plain};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::account_forms::{
    EndForm, FlagForm, HoldForm, PromiseForm, RaiseQuery, RecordCall, ReferenceForm,
};
use crate::web::ui::Frame;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::customers::{
    AccountItemShown, AddReference, CustomerAccount, EndFlag, SetFlag, add_reference, customer_account, end_flag,
    set_flag,
};
use sundry_desk::plans::{
    EndHold, PlaceHold, PromiseToPay, WithdrawPromise, end_hold, holds, place_hold, promise_to_pay_for, promises,
    withdraw_promise,
};
use sundry_desk::queries::{query_categories, raise_query};
use sundry_desk::recovery::people::{LogCall, log_call, ready_to_call};
use sundry_desk::{No, Outcome, queries};
use sundry_domain::control::Duty;
use sundry_domain::customers::FlagKind;
use sundry_domain::ids::{CustomerId, HoldId, ItemId};
use sundry_domain::money::Pence;
use sundry_domain::recovery::HoldReason;

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    let call: &[Duty] = &[Duty::WorkCases, Duty::ManageCustomers, Duty::AnswerQueries, Duty::PostCash];
    routes
        .add("/customers/{number}/call", call, get(call_form).post(call_made))
        .add("/customers/{number}/promise", &[Duty::WorkCases], get(promise_form).post(promised))
        .add("/customers/{number}/promises/{id}/withdraw", &[Duty::WorkCases], get(withdraw_form).post(withdrawn))
        .add("/customers/{number}/hold", &[Duty::WorkCases], get(hold_form).post(held))
        .add("/customers/{number}/holds/{id}/end", &[Duty::WorkCases], get(release_form).post(released))
        .add("/customers/{number}/query", &[Duty::WorkCases, Duty::AnswerQueries], get(query_form).post(queried))
        .add("/customers/{number}/flags", &[Duty::SetFlags], get(flag_form).post(flagged))
        .add("/customers/{number}/flags/{id}/end", &[Duty::SetFlags], get(unflag_form).post(unflagged))
        .add("/customers/{number}/references", &[Duty::ManageCustomers], get(reference_form).post(referenced))
}

/// The outcomes of a call that the desk knows.
const OUTCOMES: [(&str, &str); 8] = [
    ("spoke", "Spoke to the customer"),
    ("will_pay", "They will pay"),
    ("disputes", "They say it is wrong"),
    ("refuses", "They refuse to pay"),
    ("call_back", "They want to be called back"),
    ("left_message", "Left a message"),
    ("no_answer", "No answer"),
    ("wrong_number", "Wrong number"),
];

/// What may come next.
const NEXT: [&str; 5] =
    ["Call again", "Wait for the promise", "Send a copy of the invoice", "Ask the service", "Review the account"];

fn words_of(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
}

async fn whose(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<(Frame, CustomerAccount)> {
    let account = customer_account(&doors.desk, &visitor.actor, number).await?;
    Ok((doors.frame(visitor, "Customers").await, account))
}

// A call ---------------------------------------------------------------------------

async fn blank_call(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<RecordCall> {
    let (frame, account) = whose(doors, visitor, number).await?;
    let next = NEXT.iter().map(|words| ((*words).to_owned(), (*words).to_owned()));
    let ready = ready_to_call(&doors.desk, &visitor.actor, number).await?;
    let customer = (String::new(), account.customer.name.clone());
    let debts = debts_of(&account);
    let speakers = ready.may_speak.into_iter().map(|(number, name)| (number, format!("{name}, who acts for them")));
    Ok(RecordCall {
        frame,
        account: account.customer.number,
        customer: account.customer.name,
        outcomes: words_of(&OUTCOMES),
        speakers: std::iter::once(customer).chain(speakers).collect(),
        talking_to: String::new(),
        not_now: ready.refusal.map(|no| format!("{} ({}). {}", no.sentence, no.code, no.way_out)).unwrap_or_default(),
        points: ready.points,
        next_steps: std::iter::once((String::new(), "As the outcome says".to_owned())).chain(next).collect(),
        may_promise: visitor.actor.holds(Duty::WorkCases),
        outcome: String::new(),
        said: String::new(),
        promised: String::new(),
        promised_by: String::new(),
        debts,
        about: Vec::new(),
        next_step: String::new(),
        next_on: String::new(),
    })
}

async fn call_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_call(&doors, &visitor, &number).await?)
}

async fn call_made(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let mut form = blank_call(&doors, &visitor, &number).await?;
    form.outcome = posted.get("outcome").to_owned();
    form.talking_to = posted.get("talking_to").to_owned();
    form.said = posted.get("said").to_owned();
    form.promised = posted.get("promised").to_owned();
    form.promised_by = posted.get("promised_by").to_owned();
    form.about = posted.all("about").map(str::to_owned).collect();
    form.next_step = posted.get("next_step").to_owned();
    form.next_on = posted.get("next_on").to_owned();
    let today = doors.desk.today();
    if !OUTCOMES.iter().any(|(value, _)| *value == form.outcome) {
        form.frame.errors.add("outcome", "Choose how the call went");
    }
    let amount = amount_field(&mut form.frame, "promised", &form.promised);
    let by = date_field(&mut form.frame, "promised_by", &form.promised_by, today);
    match (form.promised.is_empty(), form.promised_by.is_empty()) {
        (true, false) => form.frame.errors.add("promised", "Enter how much they promised"),
        (false, true) => form.frame.errors.add("promised_by", "Enter the day by which they will pay"),
        (true, true) if !form.about.is_empty() => form.frame.errors.add("promised", "Enter how much they promised"),
        _ => {}
    }
    let next_on = date_field(&mut form.frame, "next_on", &form.next_on, today);
    if next_on.is_some_and(|day| day < today) {
        form.frame.errors.add("next_on", format!("Enter a date on or after {}", today.format("%-d %B %Y")));
    }
    if next_on.is_some() && form.next_step.is_empty() {
        form.frame.errors.add("next_step", "Choose what happens next");
    }
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    match save_call(&doors, &visitor, &form, amount.zip(by), next_on, &posted.key()).await {
        Ok(()) => {
            told(&format!("/customers/{}/timeline", form.account), &format!("Call with {} recorded", form.customer))
        }
        Err(no) => {
            let fields =
                [("words", "said"), ("promise_on", "promised_by"), ("promise_pence", "promised"), ("items", "about")];
            let status = onto(&mut form.frame, no, &fields)?;
            page_with(status, &form)
        }
    }
}

/// Outcome, promise and next step in one transaction.
async fn save_call(
    doors: &Shared,
    visitor: &Visitor,
    form: &RecordCall,
    promise: Option<(Pence, chrono::NaiveDate)>,
    next_on: Option<chrono::NaiveDate>,
    key: &str,
) -> Outcome<()> {
    let ask = LogCall {
        key: key.to_owned(),
        customer: form.account.clone(),
        talking_to: form.talking_to.clone(),
        outcome: form.outcome.clone(),
        words: form.said.clone(),
        next_step: form.next_step.clone(),
        next_on,
        promise_pence: promise.map(|(amount, _)| amount.0),
        promise_on: promise.map(|(_, due_on)| due_on),
        promise_items: form.about.clone(),
        ..LogCall::default()
    };
    log_call(&doors.desk, &visitor.actor, ask).await.map(drop)
}

/// Fields of the command and of the form.
const PROMISE_FIELDS: [(&str, &str); 4] =
    [("words", "said"), ("due_on", "by"), ("amount_pence", "amount"), ("items", "about")];

/// How many debts a promise can choose from; a longer account is promised as a whole, or over the API.
const DEBTS_SHOWN: usize = 20;

/// The debts a promise can name, oldest due first.
fn debts_of(account: &CustomerAccount) -> Vec<(String, String)> {
    let words = |item: &AccountItemShown| {
        let due = item.due_on.format("%-d %B %Y");
        (item.number.clone(), format!("{}, {} due {due}", item.number, Pence(item.open_pence)))
    };
    account.items.iter().filter(|item| item.open_pence > 0).take(DEBTS_SHOWN).map(words).collect()
}

// A promise ------------------------------------------------------------------------

async fn blank_promise(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<(PromiseForm, CustomerId)> {
    let (frame, account) = whose(doors, visitor, number).await?;
    let id = CustomerId(account.customer.id);
    let form = PromiseForm {
        frame,
        debts: debts_of(&account),
        account: account.customer.number,
        customer: account.customer.name,
        amount: String::new(),
        by: String::new(),
        about: Vec::new(),
        said: String::new(),
    };
    Ok((form, id))
}

async fn promise_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_promise(&doors, &visitor, &number).await?.0)
}

async fn promised(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let (mut form, customer) = blank_promise(&doors, &visitor, &number).await?;
    form.amount = posted.get("amount").to_owned();
    form.by = posted.get("by").to_owned();
    form.about = posted.all("about").map(str::to_owned).collect();
    form.said = posted.get("said").to_owned();
    let amount = amount_field(&mut form.frame, "amount", &form.amount);
    if form.amount.is_empty() {
        form.frame.errors.add("amount", "Enter how much they promised");
    }
    let by = date_field(&mut form.frame, "by", &form.by, doors.desk.today());
    if form.by.is_empty() {
        form.frame.errors.add("by", "Enter the day by which they will pay");
    }
    let (Some(amount_pence), Some(due_on)) = (amount, by) else { return again(&form) };
    let ask = PromiseToPay { key: posted.key(), customer, amount_pence, due_on, words: form.said.clone() };
    match promise_to_pay_for(&doors.desk, &visitor.actor, ask, &form.about).await {
        Ok(_) => {
            let news =
                format!("Promise of {amount_pence} by {} recorded for {}", due_on.format("%-d %B %Y"), form.customer);
            told(&format!("/customers/{}/plans", form.account), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &PROMISE_FIELDS)?;
            page_with(status, &form)
        }
    }
}

async fn blank_withdraw(doors: &Shared, visitor: &Visitor, number: &str, id: i64) -> Outcome<EndForm> {
    let (frame, account) = whose(doors, visitor, number).await?;
    let all = promises(&doors.desk, &visitor.actor, CustomerId(account.customer.id)).await?;
    let promise = all.into_iter().find(|row| row.id == id).ok_or_else(|| No::Absent("promise".into()))?;
    Ok(EndForm {
        frame,
        action: format!("/customers/{number}/promises/{id}/withdraw"),
        account: account.customer.number,
        customer: account.customer.name,
        verb: "Take back this promise".into(),
        facts: vec![
            ("Promised".into(), Pence(promise.amount_pence).to_string()),
            ("By".into(), promise.due_on.format("%-d %B %Y").to_string()),
        ],
        follows: "The hold that the promise placed ends today.".into(),
        words: String::new(),
    })
}

async fn withdraw_form(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, id)): Path<(String, i64)>,
) -> Answer {
    page(&blank_withdraw(&doors, &visitor, &number, id).await?)
}

async fn withdrawn(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, promise)): Path<(String, i64)>,
    posted: Posted,
) -> Answer {
    let form = blank_withdraw(&doors, &visitor, &number, promise).await?;
    let ask = WithdrawPromise { key: posted.key(), promise, words: posted.get("words").to_owned() };
    let done = withdraw_promise(&doors.desk, &visitor.actor, ask).await.map(drop);
    ended(form, done, "Promise taken back", "plans", &posted)
}

/// After ending something: back to the account, or the form again.
fn ended(mut form: EndForm, done: Outcome<()>, news: &str, tab: &str, posted: &Posted) -> Answer {
    match done {
        Ok(()) => told(&format!("/customers/{}/{tab}", form.account), &format!("{news}: {}", form.customer)),
        Err(no) => {
            form.words = posted.get("words").to_owned();
            let status = onto(&mut form.frame, no, &[("reason", "words")])?;
            page_with(status, &form)
        }
    }
}

// A hold ---------------------------------------------------------------------------

/// The reasons a person may choose: plans and promises place their own holds, queries theirs.
pub fn hold_reasons() -> Vec<(String, String)> {
    let own = [HoldReason::Promise, HoldReason::Plan, HoldReason::Dispute];
    let free = HoldReason::ALL.iter().filter(|reason| !own.contains(reason));
    free.map(|reason| (reason.as_str().to_owned(), reason.name().to_owned())).collect()
}

async fn blank_hold(doors: &Shared, visitor: &Visitor, number: &str, items: &[i64]) -> Outcome<(HoldForm, CustomerId)> {
    let (frame, account) = whose(doors, visitor, number).await?;
    let id = CustomerId(account.customer.id);
    let chosen = account.items.iter().filter(|item| items.contains(&item.item));
    let items = chosen.map(|item| (item.item.to_string(), item.number.clone())).collect();
    let form = HoldForm {
        frame,
        account: account.customer.number,
        customer: account.customer.name,
        reasons: hold_reasons(),
        reason: String::new(),
        until: String::new(),
        comment: String::new(),
        items,
    };
    Ok((form, id))
}

/// The items that are named; none for the whole account. What is no item is not there: it must not become all of them.
fn ids<'a>(words: impl Iterator<Item = &'a str>) -> Outcome<Vec<i64>> {
    let mut found = Vec::new();
    for word in words.flat_map(str::split_whitespace).take(200) {
        let id: i64 = word.parse().map_err(|_| No::Absent("item".into()))?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

async fn hold_form(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let items = ids(std::iter::once(asked(&query, "item")))?;
    let (form, _) = blank_hold(&doors, &visitor, &number, &items).await?;
    if form.items.len() < items.len() {
        return Err(No::Absent("item".into()).into());
    }
    page(&form)
}

async fn held(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let items = ids(posted.all("item"))?;
    let (mut form, customer) = blank_hold(&doors, &visitor, &number, &items).await?;
    for id in items.iter().map(i64::to_string) {
        if !form.items.iter().any(|(known, _)| *known == id) {
            form.items.push((id, "one that is not open any more".into()));
        }
    }
    form.reason = posted.get("reason").to_owned();
    form.until = posted.get("until").to_owned();
    form.comment = posted.get("comment").to_owned();
    let until = date_field(&mut form.frame, "until", &form.until, doors.desk.today());
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let items: Vec<Option<ItemId>> = match items.as_slice() {
        [] => vec![None],
        items => items.iter().map(|id| Some(ItemId(*id))).collect(),
    };
    for (n, item) in items.into_iter().enumerate() {
        let (reason, words) = (form.reason.clone(), form.comment.clone());
        let ask = PlaceHold { key: format!("{}/{n}", posted.key()), customer, item, reason, until, words };
        if let Err(no) = place_hold(&doors.desk, &visitor.actor, ask).await {
            let status = onto(&mut form.frame, no, &[("words", "comment")])?;
            return page_with(status, &form);
        }
    }
    told(&format!("/customers/{}/plans", form.account), &format!("{} put on hold", form.customer))
}

async fn blank_release(doors: &Shared, visitor: &Visitor, number: &str, id: i64) -> Outcome<EndForm> {
    let (frame, account) = whose(doors, visitor, number).await?;
    let all = holds(&doors.desk, &visitor.actor, CustomerId(account.customer.id)).await?;
    let hold = all.into_iter().find(|row| row.id == id).ok_or_else(|| No::Absent("hold".into()))?;
    Ok(EndForm {
        frame,
        action: format!("/customers/{number}/holds/{id}/end"),
        account: account.customer.number,
        customer: account.customer.name,
        verb: "End this hold".into(),
        facts: vec![
            ("Reason".into(), format!("{}: {}", hold_words(&hold.reason), hold.words)),
            ("From".into(), hold.from_on.format("%-d %B %Y").to_string()),
        ],
        follows: "From today it holds no more. No step is skipped: recovery goes on with the next one when it is due."
            .into(),
        words: String::new(),
    })
}

async fn release_form(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, id)): Path<(String, i64)>,
) -> Answer {
    page(&blank_release(&doors, &visitor, &number, id).await?)
}

async fn released(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, id)): Path<(String, i64)>,
    posted: Posted,
) -> Answer {
    let form = blank_release(&doors, &visitor, &number, id).await?;
    let ask = EndHold { key: posted.key(), hold: HoldId(id), words: posted.get("words").to_owned() };
    let done = end_hold(&doors.desk, &visitor.actor, ask).await.map(drop);
    ended(form, done, "Hold ended", "plans", &posted)
}

// A query --------------------------------------------------------------------------

async fn blank_query(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<RaiseQuery> {
    let (frame, account) = whose(doors, visitor, number).await?;
    let debits = account.items.iter().filter(|item| item.open_pence > 0);
    let words = |item: &sundry_desk::customers::AccountItemShown| {
        format!("{}, {}, {}", item.number, item.description, Pence(item.open_pence))
    };
    let invoices = debits.map(|item| (item.number.clone(), words(item)));
    let whole = (String::new(), "No invoice: about the account".to_owned());
    let categories = query_categories(&doors.desk, &visitor.actor).await?;
    let categories = categories.into_iter().filter(|one| one.active).map(|one| (one.code, one.name));
    Ok(RaiseQuery {
        frame,
        account: account.customer.number,
        customer: account.customer.name,
        invoices: std::iter::once(whole).chain(invoices).collect(),
        invoice: String::new(),
        categories: categories.collect(),
        category: String::new(),
        amount: String::new(),
        says: String::new(),
        owner: String::new(),
        line: String::new(),
        source: "call".into(),
    })
}

async fn query_form(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    let mut form = blank_query(&doors, &visitor, &number).await?;
    form.invoice = asked(&query, "invoice").to_owned();
    if let Some(item) = ids(std::iter::once(asked(&query, "item")))?.first() {
        let account = customer_account(&doors.desk, &visitor.actor, &number).await?;
        let chosen = account.items.iter().find(|one| one.item == *item);
        form.invoice = chosen.map(|one| one.number.clone()).unwrap_or_default();
    }
    page(&form)
}

async fn queried(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = blank_query(&doors, &visitor, &number).await?;
    form.invoice = posted.get("invoice").to_owned();
    form.category = posted.get("category").to_owned();
    form.amount = posted.get("amount").to_owned();
    form.says = posted.get("says").to_owned();
    form.owner = posted.get("owner").to_owned();
    form.line = posted.get("line").to_owned();
    form.source = posted.get("source").to_owned();
    let line = form.line.parse::<i64>().ok();
    if line.is_none() && !form.line.is_empty() {
        form.frame.errors.add("line", "Enter the number of the line, such as 2");
    }
    let disputed = amount_field(&mut form.frame, "amount", &form.amount);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let ask = queries::RaiseQuery {
        key: posted.key(),
        customer: form.account.clone(),
        item: form.invoice.clone(),
        category: form.category.clone(),
        disputed,
        words: form.says.clone(),
        owner: form.owner.clone(),
        line,
        source: form.source.clone(),
        service: String::new(),
    };
    match raise_query(&doors.desk, &visitor.actor, ask).await {
        Ok(raised) => {
            let day = raised.answer_by.format("%-d %B %Y");
            told(
                &format!("/queries/{}", raised.number),
                &format!("Query {} raised, to be answered by {day}", raised.number),
            )
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[("words", "says"), ("disputed", "amount"), ("item", "invoice")])?;
            page_with(status, &form)
        }
    }
}

// Flags and references -------------------------------------------------------------

async fn blank_flag(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<FlagForm> {
    let (frame, account) = whose(doors, visitor, number).await?;
    Ok(FlagForm {
        frame,
        account: account.customer.number,
        customer: account.customer.name,
        kinds: FlagKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.name().to_owned())).collect(),
        kind: String::new(),
        evidence: String::new(),
        from: String::new(),
        until: String::new(),
        review: String::new(),
    })
}

async fn flag_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_flag(&doors, &visitor, &number).await?)
}

async fn flagged(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = blank_flag(&doors, &visitor, &number).await?;
    form.kind = posted.get("kind").to_owned();
    form.evidence = posted.get("evidence").to_owned();
    form.from = posted.get("from").to_owned();
    form.until = posted.get("until").to_owned();
    form.review = posted.get("review").to_owned();
    let today = doors.desk.today();
    let from_on = date_field(&mut form.frame, "from", &form.from, today);
    let to_on = date_field(&mut form.frame, "until", &form.until, today);
    let review_on = date_field(&mut form.frame, "review", &form.review, today);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let (kind, evidence) = (form.kind.clone(), form.evidence.clone());
    let ask = SetFlag { key: posted.key(), number: form.account.clone(), kind, evidence, from_on, to_on, review_on };
    match set_flag(&doors.desk, &visitor.actor, ask).await {
        Ok(_) => told(&format!("/customers/{}/details", form.account), &format!("Flag set: {}", form.customer)),
        Err(no) => {
            let fields = [
                ("from_on", "from"),
                ("end date", "until"),
                ("to_on", "until"),
                ("review date", "review"),
                ("review_on", "review"),
            ];
            let status = onto(&mut form.frame, no, &fields)?;
            page_with(status, &form)
        }
    }
}

async fn blank_unflag(doors: &Shared, visitor: &Visitor, number: &str, id: i64) -> Outcome<EndForm> {
    let (frame, account) = whose(doors, visitor, number).await?;
    let flag = account.flags.into_iter().find(|flag| flag.flag == id).ok_or_else(|| No::Absent("flag".into()))?;
    Ok(EndForm {
        frame,
        action: format!("/customers/{number}/flags/{id}/end"),
        account: account.customer.number,
        customer: account.customer.name,
        verb: "End this flag".into(),
        facts: vec![("Flag".into(), flag.name), ("How we know".into(), flag.evidence)],
        follows: "Today is its last day.".into(),
        words: String::new(),
    })
}

async fn unflag_form(State(doors): State<Shared>, visitor: Visitor, Path((number, id)): Path<(String, i64)>) -> Answer {
    page(&blank_unflag(&doors, &visitor, &number, id).await?)
}

async fn unflagged(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((number, flag)): Path<(String, i64)>,
    posted: Posted,
) -> Answer {
    let form = blank_unflag(&doors, &visitor, &number, flag).await?;
    let reason = posted.get("words").to_owned();
    let ask = EndFlag { key: posted.key(), number: form.account.clone(), flag, ended_on: None, reason };
    let done = end_flag(&doors.desk, &visitor.actor, ask).await;
    ended(form, done, "Flag ended", "details", &posted)
}

async fn blank_reference(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<ReferenceForm> {
    let (frame, account) = whose(doors, visitor, number).await?;
    let (account, customer) = (account.customer.number, account.customer.name);
    Ok(ReferenceForm { frame, account, customer, kind: String::new(), reference: String::new() })
}

async fn reference_form(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_reference(&doors, &visitor, &number).await?)
}

async fn referenced(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    posted: Posted,
) -> Answer {
    let mut form = blank_reference(&doors, &visitor, &number).await?;
    form.kind = posted.get("kind").to_owned();
    form.reference = posted.get("reference").to_owned();
    let (kind, reference) = (form.kind.clone(), form.reference.clone());
    let ask = AddReference { key: posted.key(), number: form.account.clone(), kind, reference };
    match add_reference(&doors.desk, &visitor.actor, ask).await {
        Ok(()) => {
            let news = format!("{} {} added to {}", plain(&form.kind), form.reference, form.customer);
            told(&format!("/customers/{}/details", form.account), &news)
        }
        Err(no) => {
            let status = onto(&mut form.frame, no, &[])?;
            page_with(status, &form)
        }
    }
}
