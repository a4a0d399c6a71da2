//! Overpayments taken back from pay and from payments to providers: the list for payroll, one of them, and its forms.
use super::account_people::{filled, form_of, pairs, refused};
use super::export::{Sheet, wanted};
use super::form::{Asked, again, amount_field, asked, date_field, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, told};
use crate::web::pages::people_form::{Field, PeopleForm, Takes};
use crate::web::pages::taking_back::{OneOverpaymentBack, OverpaymentsBack, recovery_at};
use axum::extract::{Path, Query, State};
use axum::routing::get;
use sundry_desk::Outcome;
use sundry_desk::recovery::taking_back::{
    AgreeOverpaymentRecovery, DeductionDue, EndOverpaymentRecovery, OverpaymentRecoveryView, RecordOverpaymentTaken,
    UndoOverpaymentTaken, agree_overpayment_recovery, end_overpayment_recovery, overpayment_deductions,
    overpayment_recoveries, overpayment_recovery, record_overpayment_taken, undo_overpayment_taken,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::recovery::{PaidEvery, TakenBy, TakenFrom};
use sundry_domain::words::{counted, written};
use sundry_formats::csv_out::Cell;
use sundry_formats::xlsx_out::ColumnKind::{Date, Money, Text, Whole};

const WORK: &[Duty] = &[Duty::WorkCases];
const POST: &[Duty] = &[Duty::PostCash];

/// The rows of the duty table.
pub fn routes(routes: Routes) -> Routes {
    routes
        .add("/recovery/overpayments", &[Duty::View], get(list))
        .add("/recovery/overpayments/{number}", &[Duty::View], get(one))
        .add("/recovery/overpayments/{number}/taken", POST, get(ask_taken).post(taken))
        .add("/recovery/overpayments/{number}/undo", POST, get(ask_undo).post(undo))
        .add("/recovery/overpayments/{number}/end", WORK, get(ask_end).post(end))
        .add("/customers/{number}/overpayment", WORK, get(ask_agree).post(agree))
}

async fn list(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let (desk, by) = (&doors.desk, &visitor.actor);
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/recovery".into();
    let from = TakenFrom::parse(asked(&query, "from")).unwrap_or(TakenFrom::Pay);
    let typed = match asked(&query, "through") {
        "" => "+31".to_owned(),
        typed => typed.to_owned(),
    };
    let through = date_field(&mut frame, "through", &typed, desk.today());
    let found = match through {
        Some(through) => overpayment_deductions(desk, by, from, through).await,
        None => Ok(Vec::new()),
    };
    let due = match found {
        Ok(due) => due,
        Err(no) => {
            onto(&mut frame, no, &[])?;
            Vec::new()
        }
    };
    if wanted(asked(&query, "format")) && frame.errors.is_empty() {
        return sheet(due, from).file(asked(&query, "format"), &doors, &visitor);
    }
    let rows = overpayment_recoveries(desk, by).await?;
    let through = through.map_or(typed, |day| day.format("%d/%m/%y").to_string());
    page(&OverpaymentsBack { frame, rows, due, from, through })
}

/// What is handed to payroll, or to whoever pays providers.
fn sheet(due: Vec<DeductionDue>, from: TakenFrom) -> Sheet {
    let cells = |one: DeductionDue| {
        vec![
            Cell::Date(one.due_on),
            Cell::Text(one.tax_year),
            Cell::Whole(one.tax_week),
            Cell::Text(one.customer_number),
            Cell::Text(one.customer_name),
            Cell::Text(one.recovery),
            Cell::Whole(one.deduction),
            Cell::Text(one.debt),
            Cell::Pence(one.amount_pence),
            Cell::Text(one.stopped),
            Cell::Text(one.why),
        ]
    };
    Sheet {
        title: "Overpayment deductions",
        columns: vec![
            ("day", Date),
            ("tax_year", Text),
            ("tax_week", Whole),
            ("account", Text),
            ("name", Text),
            ("recovery", Text),
            ("deduction", Whole),
            ("debt", Text),
            ("keep", Money),
            ("stopped", Text),
            ("why", Text),
        ],
        rows: due.into_iter().map(cells).collect(),
        filters: vec![("from", from.name().to_owned())],
    }
}

async fn one(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    let view = overpayment_recovery(&doors.desk, &visitor.actor, &number).await?;
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/recovery".into();
    let (may_post, may_work) = (visitor.actor.holds(Duty::PostCash), visitor.actor.holds(Duty::WorkCases));
    page(&OneOverpaymentBack { frame, view, may_post, may_work })
}

// Forms of one recovery ------------------------------------------------------------

/// The address, the heading, the button and what to know before.
type Words = (&'static str, &'static str, &'static str, String);

async fn about(
    doors: &Shared,
    visitor: &Visitor,
    view: &OverpaymentRecoveryView,
    (path, title, verb, note): Words,
    fields: Vec<Field>,
) -> PeopleForm {
    let number = &view.recovery.number;
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/recovery".into();
    PeopleForm {
        frame,
        title: format!("{title}: {}", view.customer_name),
        back: (recovery_at(number), number.clone()),
        action: format!("{}/{path}", recovery_at(number)),
        verb,
        note,
        fields,
    }
}

/// The deductions of some states, to choose from.
fn deductions(view: &OverpaymentRecoveryView, states: &[&str]) -> Vec<(String, String)> {
    let wanted = view.deductions.iter().filter(|one| states.contains(&one.state.as_str()));
    let words = |pence: i64, day| format!("{} of {}", Pence(pence), written(day));
    wanted.map(|one| (one.line.to_string(), words(one.planned_pence, one.due_on))).collect()
}

async fn blank_taken(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let view = overpayment_recovery(&doors.desk, &visitor.actor, number).await?;
    let fields = vec![
        Field::of("line", "Which deduction?", Takes::One(deductions(&view, &["due"]))),
        Field::of("amount", "How much was kept?", Takes::Line).hint("In pounds; 0.00 where nothing was"),
        Field::of("on", "On which day?", Takes::Date),
        Field::of("reference", "Reference", Takes::Line)
            .hint("Payroll's or the remittance's; why, where less was kept"),
    ];
    let note = format!("{} is open of {}.", Pence(view.open_pence), view.debt);
    let words = ("taken", "What was kept", "Record what was kept", note);
    Ok(about(doors, visitor, &view, words, fields).await)
}

/// The form with the deduction that was asked for chosen.
fn chosen(mut form: PeopleForm, query: &Asked) -> PeopleForm {
    let line = asked(query, "deduction").to_owned();
    form.fields.iter_mut().filter(|field| field.name == "line").for_each(|field| field.typed = vec![line.clone()]);
    form
}

fn line_of(form: &mut PeopleForm, posted: &Posted) -> i64 {
    let line = posted.get("line").parse::<i64>();
    if line.is_err() {
        form.frame.errors.add("line", "Choose a deduction");
    }
    line.unwrap_or_default()
}

async fn ask_taken(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    page(&chosen(blank_taken(&doors, &visitor, &number).await?, &query))
}

async fn taken(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank_taken(&doors, &visitor, &number).await?, &posted);
    let amount = amount_field(&mut form.frame, "amount", posted.get("amount"));
    let on = date_field(&mut form.frame, "on", posted.get("on"), doors.desk.today());
    let line = line_of(&mut form, &posted);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let reference = posted.get("reference").to_owned();
    let ask = RecordOverpaymentTaken { key: posted.key(), recovery: number.clone(), line, amount, on, reference };
    match record_overpayment_taken(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => {
            let (kept, open) = (Pence(done.taken_pence), Pence(done.open_pence));
            let news = match done.letter.as_str() {
                "" => format!("{kept} kept, {open} open still"),
                letter => format!("{kept} kept, {open} open still; letter {letter} tells the provider"),
            };
            told(&recovery_at(&number), &news)
        }
        Err(no) => refused(form, no, &[("REC-05-MORE", "amount")]),
    }
}

async fn blank_undo(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let view = overpayment_recovery(&doors.desk, &visitor.actor, number).await?;
    let fields = vec![
        Field::of("line", "Which deduction?", Takes::One(deductions(&view, &["taken", "missed"]))),
        Field::of("reason", "Why was it wrong?", Takes::Lines),
    ];
    let note = "What was kept is owed again, and the deduction is to come again.".to_owned();
    let words = ("undo", "Undo a deduction", "Undo it", note);
    Ok(about(doors, visitor, &view, words, fields).await)
}

async fn ask_undo(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path(number): Path<String>,
    Query(query): Query<Asked>,
) -> Answer {
    page(&chosen(blank_undo(&doors, &visitor, &number).await?, &query))
}

async fn undo(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank_undo(&doors, &visitor, &number).await?, &posted);
    let line = line_of(&mut form, &posted);
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let reason = posted.get("reason").to_owned();
    let ask = UndoOverpaymentTaken { key: posted.key(), recovery: number.clone(), line, reason };
    match undo_overpayment_taken(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(&recovery_at(&number), &format!("Undone: {} is open", Pence(done.open_pence))),
        Err(no) => refused(form, no, &[]),
    }
}

async fn blank_end(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let view = overpayment_recovery(&doors.desk, &visitor.actor, number).await?;
    let fields = vec![Field::of("reason", "Why does it end?", Takes::Lines)];
    let note = format!("{} is open, and may be asked for again.", Pence(view.open_pence));
    let words = ("end", "End it", "End it", note);
    Ok(about(doors, visitor, &view, words, fields).await)
}

async fn ask_end(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_end(&doors, &visitor, &number).await?)
}

async fn end(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let form = filled(blank_end(&doors, &visitor, &number).await?, &posted);
    let reason = posted.get("reason").to_owned();
    let ask = EndOverpaymentRecovery { key: posted.key(), recovery: number.clone(), reason };
    match end_overpayment_recovery(&doors.desk, &visitor.actor, ask).await {
        Ok(done) => told(&recovery_at(&number), &format!("Ended: {} is open", Pence(done.open_pence))),
        Err(no) => refused(form, no, &[]),
    }
}

// The agreement --------------------------------------------------------------------

async fn blank_agree(doors: &Shared, visitor: &Visitor, number: &str) -> Outcome<PeopleForm> {
    let fields = vec![
        Field::of("debt", "Number of the debt", Takes::Line),
        Field::of(
            "taken_from",
            "What is it taken from?",
            Takes::One(pairs(TakenFrom::ALL.iter().map(|one| (one.as_str(), one.name())))),
        ),
        Field::of(
            "taken_by",
            "What allows it?",
            Takes::One(pairs(TakenBy::ALL.iter().map(|one| (one.as_str(), one.name())))),
        ),
        Field::of("evidence", "The document", Takes::Lines).hint("What it is, its date, and where it is kept"),
        Field::of("each", "How much each time?", Takes::Line).hint("In pounds"),
        Field::of(
            "every",
            "How often is there pay, or a payment?",
            Takes::One(pairs(PaidEvery::ALL.iter().map(|one| (one.as_str(), one.name())))),
        ),
        Field::of("first_on", "The first day", Takes::Date),
        Field::of("arose_over", "In how many pay periods was it overpaid?", Takes::Line).hint("For pay only"),
        Field::of("sooner", "Where the employee asked in writing for fewer deductions", Takes::Line)
            .hint("Leave empty if they did not"),
    ];
    let note = "Pay is taken back over no fewer periods than those in which it was overpaid. A provider is told first. \
                Nobody is chased for the debt meanwhile.";
    let words = ("Take an overpayment back", "Agree it", note);
    form_of(doors, visitor, (number, "overpayment"), words, fields).await
}

async fn ask_agree(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>) -> Answer {
    page(&blank_agree(&doors, &visitor, &number).await?)
}

async fn agree(State(doors): State<Shared>, visitor: Visitor, Path(number): Path<String>, posted: Posted) -> Answer {
    let mut form = filled(blank_agree(&doors, &visitor, &number).await?, &posted);
    let text = |field: &str| posted.get(field).to_owned();
    let each = amount_field(&mut form.frame, "each", posted.get("each"));
    let first_on = date_field(&mut form.frame, "first_on", posted.get("first_on"), doors.desk.today());
    let arose_over = posted.get("arose_over");
    let periods = if arose_over.is_empty() { Ok(0) } else { arose_over.parse::<i64>() };
    if periods.is_err() {
        form.frame.errors.add("arose_over", "Enter a number of pay periods, such as 3");
    }
    let account = sundry_desk::customers::customer_account(&doors.desk, &visitor.actor, &number).await?;
    let debt = text("debt");
    if !account.items.iter().any(|item| item.number == debt && item.original_pence > 0) {
        form.frame.errors.add("debt", "Enter the number of a debt on this account");
    }
    if !form.frame.errors.is_empty() {
        return again(&form);
    }
    let ask = AgreeOverpaymentRecovery {
        key: posted.key(),
        debt,
        taken_from: text("taken_from"),
        taken_by: text("taken_by"),
        evidence: text("evidence"),
        each,
        every: text("every"),
        first_on,
        arose_over: periods.unwrap_or_default(),
        sooner: text("sooner"),
    };
    match agree_overpayment_recovery(&doors.desk, &visitor.actor, ask).await {
        Ok(agreed) => {
            let sum = Pence(agreed.total_pence);
            let news = format!("{sum} is taken back in {}", counted(agreed.deductions, "deduction"));
            told(&recovery_at(&agreed.number), &news)
        }
        Err(no) => refused(form, no, &[("REC-05-TOO-FAST", "each"), ("REC-05-OTHER-DEBT", "taken_from")]),
    }
}
