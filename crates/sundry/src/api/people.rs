//! The people's side of recovery: cases that stop it, who acts, needs, joint debtors, calls, the hold register, changes
//! that wait.
use super::answer::{Answer, List, made, ok};

use super::sent::{Asked, At, By, Key, Parcel, Sent, numbered};
use super::table::{Holds, Table, desk, desk_list, get, own, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::court::{AboutCustomer, about_customer};
use sundry_desk::customers::{self as accounts, AskForChange, ChangeAsked};
use sundry_desk::queries::NewFile;
use sundry_desk::recovery::people::{
    self as desk_people, ActOnCase, ActingAdded, ActingShown, AddActing, AddJoint, CallList, CallLogged, CallReady,
    CaseShown, CaseStands, CasesAsk, ConfirmCase, EndActing, HoldWeek, JointAdded, JointShown, LogCall, MarkNeed,
    NeedMarked, NeedShown, ProveActing, ReadNeeds, RegisterAsk, TakeNotice,
};
use sundry_domain::control::Duty;
use sundry_store::people::changes::HeldChangeRow;
use utoipa::ToSchema;

const ROOM: &str = "People";
const FLAGS: &[Duty] = &[Duty::SetFlags];
const SETS: &[Duty] = &[Duty::ManageCustomers, Duty::SetFlags];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    calls(acting(case_rows(table)))
}

fn case_rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/person-cases", "list_person_cases", "List cases that stop recovery for a person, oldest first")
                .asks("state", Holds::OneOf(&["to_match", "in_force", "ended", "not_ours"]), "in_force when not said")
                .asks("customer", Holds::Text, "Only this customer's, whatever their state")
                .paged(desk_list::<desk_people::CaseLine>),
            cases,
        )
        .add(
            post(
                ROOM,
                "/person-cases",
                "take_notice",
                "Take in a notice: breathing space, a death, an insolvency, gone away",
            )
            .needs(FLAGS)
            .takes::<NewNotice>()
            .gives(201, desk::<CaseStands>),
            take,
        )
        .add(
            get(ROOM, "/person-cases/{number}", "get_person_case", "Read a case with its debts, tasks and history")
                .gives(200, desk::<CaseShown>),
            view,
        )
        .add(
            post(
                ROOM,
                "/person-cases/{number}/confirm",
                "confirm_person_case",
                "Say whose a notice is, or that it is not about a customer of ours",
            )
            .needs(FLAGS)
            .takes::<NoticeMatched>()
            .gives(200, desk::<CaseStands>),
            confirm,
        )
        .add(
            post(
                ROOM,
                "/person-cases/{number}/acts",
                "act_on_person_case",
                "Do a task, set the end of treatment, add or free a debt, hand over, end",
            )
            .needs(&[Duty::SetFlags, Duty::AllocateWork])
            .takes::<PersonCaseAct>()
            .gives(200, desk::<CaseStands>),
            act,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/joint-debtors",
                "add_joint_debtor",
                "Record that somebody else owes a debt of this account too",
            )
            .needs(FLAGS)
            .takes::<NewJointDebtor>()
            .gives(201, desk::<JointAdded>),
            add_joint,
        )
        .add(
            get(ROOM, "/customers/{number}/joint-debtors", "list_joint_debtors", "Who owes with a customer")
                .listed(desk_list::<JointShown>),
            joints,
        )
}

fn acting(table: Table) -> Table {
    table
        .add(
            get(
                ROOM,
                "/customers/{number}/representatives",
                "list_representatives",
                "Who acts or acted for a customer",
            )
            .listed(desk_list::<ActingShown>),
            acting_for,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/representatives",
                "add_representative",
                "Record who acts for a customer, with what their document lets them do",
            )
            .needs(SETS)
            .takes::<NewRepresentative>()
            .gives(201, desk::<ActingAdded>),
            add_acting,
        )
        .add(
            post(
                ROOM,
                "/representatives/{number}/document",
                "prove_representative",
                "Keep a copy of the document; letters follow from now on",
            )
            .needs(SETS)
            .asks("words", Holds::Text, "What the copy shows")
            .takes_file()
            .gives(200, desk::<ActingAdded>),
            prove,
        )
        .add(
            post(ROOM, "/representatives/{number}/end", "end_representative", "End an authority")
                .needs(SETS)
                .takes::<AuthorityEnd>()
                .gives(200, desk::<ActingAdded>),
            end_acting,
        )
        .add(
            post(ROOM, "/customers/{number}/needs", "mark_need", "Mark what a customer needs of us")
                .needs(FLAGS)
                .takes::<NewNeed>()
                .gives(201, desk::<NeedMarked>),
            mark,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/needs/read",
                "read_needs",
                "Read what is kept of a customer's needs; the trail remembers who did and why",
            )
            .takes::<NeedsWanted>()
            .gives(200, own::<NeedsRead>),
            read,
        )
        .add(
            post(
                ROOM,
                "/customers/{number}/changes",
                "ask_for_change",
                "Ask for a new address or bank account, which waits for a second person",
            )
            .needs(&[Duty::ManageCustomers, Duty::ChangeBankDetails])
            .takes::<NewChange>()
            .gives(201, desk::<ChangeAsked>),
            ask_change,
        )
        .add(
            get(
                ROOM,
                "/customers/{number}/standing",
                "get_customer_standing",
                "Insolvencies, estates, charges for late payment and facts of debts of a customer",
            )
            .gives(200, desk::<AboutCustomer>),
            standing,
        )
        .add(
            get(ROOM, "/customers/{number}/changes", "list_changes", "Addresses and bank accounts that wait or waited")
                .listed(desk_list::<HeldChangeRow>),
            changes,
        )
}

fn calls(table: Table) -> Table {
    table
        .add(
            post(
                ROOM,
                "/customers/{number}/calls",
                "log_call",
                "Record a call: what came of it, a promise, what comes next",
            )
            .needs(&[Duty::WorkCases, Duty::ManageCustomers, Duty::AnswerQueries, Duty::PostCash])
            .takes::<NewCall>()
            .gives(201, desk::<CallLogged>),
            log,
        )
        .add(
            get(
                ROOM,
                "/customers/{number}/calls/ready",
                "get_ready_to_call",
                "Whether a customer may be called now, and what to say",
            )
            .gives(200, desk::<CallReady>),
            ready,
        )
        .add(
            get(ROOM, "/call-list", "get_call_list", "Who is to be called, and who may not be, with why")
                .gives(200, desk::<CallList>),
            call_list,
        )
        .add(
            get(ROOM, "/hold-register", "get_hold_register", "Everything that stops recovery, with pounds at risk")
                .asks("what", Holds::OneOf(&["hold", "query", "freeze", "flag"]), "Only these")
                .asks("reason", Holds::Text, "Only this reason")
                .asks("owner", Holds::Text, "Only this owner's")
                .asks("within_days", Holds::Whole(0, 3_650), "Only what runs out within so many days")
                .listed(own_list::<StopLine>),
            register,
        )
        .add(
            get(ROOM, "/hold-register/week", "get_hold_week", "How a week of holds went, by reason and owner")
                .needs(&[Duty::RunReports])
                .asks("on", Holds::Day, "Any day of the week; today when not said")
                .gives(200, desk::<HoldWeek>),
            week,
        )
}

/// What we were told of a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNotice {
    /// standard or crisis (breathing space), death, bankruptcy, dro, iva, cva, administration, liquidation,
    /// receivership, part_a1, dissolved, sequestration or gone.
    pub form: String,
    /// Who told us.
    pub source: String,
    /// Their reference; needed for breathing space.
    #[serde(default)]
    pub reference: String,
    /// The customer, where it is known; else the notice is matched and somebody says whose it is.
    #[serde(default)]
    pub customer: String,
    /// The name as told.
    #[serde(default)]
    pub person: String,
    /// Their date of birth.
    #[serde(default)]
    pub born_on: Option<NaiveDate>,
    /// Their address as told.
    #[serde(default)]
    pub address: String,
    /// An account number or reference of ours, as told.
    #[serde(default)]
    pub account: String,
    /// debt adviser, trustee, executor and so on.
    #[serde(default)]
    pub contact_role: String,
    /// Their name.
    #[serde(default)]
    pub contact_name: String,
    /// Their address.
    #[serde(default)]
    pub contact_address: String,
    /// Their e-mail address.
    #[serde(default)]
    pub contact_email: String,
    /// When it came; today when not said.
    #[serde(default)]
    pub received_on: Option<NaiveDate>,
    /// First day, as the notice has it.
    #[serde(default)]
    pub starts_on: Option<NaiveDate>,
    /// Last day, where the notice names one.
    #[serde(default)]
    pub ends_on: Option<NaiveDate>,
    /// Numbers of the debts it names; all that were owed where it names none.
    #[serde(default)]
    pub debts: Vec<String>,
    /// The adviser has confirmed a second standard moratorium within twelve months.
    #[serde(default)]
    pub confirmed_by_adviser: bool,
    /// Anything else.
    #[serde(default)]
    pub words: String,
}

/// Whose a notice is.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoticeMatched {
    /// Customer number; empty where it is not about a customer of ours.
    #[serde(default)]
    pub customer: String,
    /// Numbers of the debts it names; all that were owed where it names none.
    #[serde(default)]
    pub debts: Vec<String>,
    /// The adviser has confirmed a second standard moratorium within twelve months.
    #[serde(default)]
    pub confirmed_by_adviser: bool,
    /// Why it is not about a customer of ours.
    #[serde(default)]
    pub words: String,
}

/// Something done to a case.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonCaseAct {
    /// do_task, write, treatment_ended, add_debt, free_joint, hand_over or end.
    pub act: String,
    /// For do_task: which.
    #[serde(default)]
    pub task: Option<i64>,
    /// For add_debt and free_joint: the number of the debt.
    #[serde(default)]
    pub debt: String,
    /// The day treatment ended, or the last day; today when not said.
    #[serde(default)]
    pub on: Option<NaiveDate>,
    /// For hand_over: who looks after it now.
    #[serde(default)]
    pub owner: String,
    /// Why, or how it was done.
    #[serde(default)]
    pub words: String,
}

/// Somebody who owes a debt too.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewJointDebtor {
    /// Number of the debt.
    pub debt: String,
    /// Customer number of who owes it too.
    pub other: String,
    /// contract, guarantee, joint or top_up; a relative without an agreement owes nothing.
    pub because: String,
    /// The agreement: its date, where it is kept.
    #[serde(default)]
    pub evidence: String,
}

/// Somebody who acts for a customer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRepresentative {
    /// attorney, enduring_attorney, deputy, appointee, litigation_friend, consent or personal_representative.
    pub authority: String,
    /// Their name.
    pub name: String,
    /// First line of the address.
    #[serde(default)]
    pub address1: String,
    /// Second line.
    #[serde(default)]
    pub address2: String,
    /// Town.
    #[serde(default)]
    pub town: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// E-mail.
    #[serde(default)]
    pub email: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
    /// post or email; post when not said.
    #[serde(default)]
    pub channel: String,
    /// en or cy; en when not said.
    #[serde(default)]
    pub language: String,
    /// standard, large_print, easy_read, braille or audio; standard when not said.
    #[serde(default)]
    pub letter_format: String,
    /// What they may do: speak, letters, pay, plan, direct_debit, deferred_payment, claim, estate.
    pub scope: Vec<String>,
    /// First day; today when not said.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Last day.
    #[serde(default)]
    pub to_on: Option<NaiveDate>,
    /// The document, in words.
    pub document: String,
}

/// The end of an authority.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuthorityEnd {
    /// Why.
    pub words: String,
}

/// What a customer needs of us.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNeed {
    /// The need: mental_health, capacity, bereavement, abuse and so on.
    pub need: String,
    /// What we change: large_print, email_only, no_email, no_calls, no_texts, no_post, no_visits, longer_deadlines or
    /// named_officer.
    #[serde(default)]
    pub adjustments: Vec<String>,
    /// How we know: the need, not the diagnosis.
    pub reason: String,
    /// By what right it is kept.
    pub basis: String,
    /// When to look again; in six months when not said.
    #[serde(default)]
    pub review_on: Option<NaiveDate>,
}

/// Why needs are to be read.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedsWanted {
    /// What for.
    pub why: String,
}

/// A need, for those who may know.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeedLine {
    /// The flag.
    pub flag: i64,
    /// The need, for people.
    pub need: String,
    /// What we change, for people.
    pub adjustments: Vec<String>,
    /// How we know.
    pub reason: String,
    /// By what right it is kept.
    pub basis: String,
    /// Whether only few may read it.
    pub restricted: bool,
    /// Since when.
    pub from_on: NaiveDate,
    /// Until when.
    pub to_on: Option<NaiveDate>,
    /// When to look again.
    pub review_on: Option<NaiveDate>,
}

/// The needs that were read.
#[derive(Debug, Serialize, ToSchema)]
pub struct NeedsRead {
    /// What may be read.
    pub needs: Vec<NeedLine>,
}

/// A new address or bank account.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewChange {
    /// address or bank.
    pub field: String,
    /// First line of the new address.
    #[serde(default)]
    pub address1: String,
    /// Second line.
    #[serde(default)]
    pub address2: String,
    /// Town.
    #[serde(default)]
    pub town: String,
    /// Postcode.
    #[serde(default)]
    pub postcode: String,
    /// New sort code.
    #[serde(default)]
    pub sort_code: String,
    /// New account number.
    #[serde(default)]
    pub account: String,
    /// Where we have it from.
    pub source: String,
}

/// A call.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCall {
    /// spoke, no_answer, left_message, wrong_number, refuses, disputes, will_pay or call_back.
    pub outcome: String,
    /// out or in; out when not said.
    #[serde(default)]
    pub direction: String,
    /// Number of who acts for the customer; empty for the customer.
    #[serde(default)]
    pub talking_to: String,
    /// What was said.
    #[serde(default)]
    pub words: String,
    /// What to do next; what the outcome says when not said.
    #[serde(default)]
    pub next_step: String,
    /// And when.
    #[serde(default)]
    pub next_on: Option<NaiveDate>,
    /// How much they promise.
    #[serde(default)]
    pub promise_pence: Option<i64>,
    /// By when.
    #[serde(default)]
    pub promise_on: Option<NaiveDate>,
    /// Numbers of the debts the promise names.
    #[serde(default)]
    pub promise_items: Vec<String>,
}

/// A line of the hold register.
#[derive(Debug, Serialize, ToSchema)]
pub struct StopLine {
    /// hold, query, freeze or flag.
    pub what: String,
    /// The number of a query, a case or a plan; empty for another hold or a flag.
    pub number: String,
    /// Customer number.
    pub customer: String,
    /// Their name.
    pub name: String,
    /// The debt, or every debt of a plan; empty where it is the whole account.
    pub debt: String,
    /// Why.
    pub reason: String,
    /// In words.
    pub words: String,
    /// Who looks after it.
    pub owner: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day; none where it is not known.
    pub until_on: Option<NaiveDate>,
    /// Whether it has run out: it comes back with the next run.
    pub expired: bool,
    /// Days since it began.
    pub days: i64,
    /// What it keeps from being asked for.
    pub risk_pence: i64,
}

async fn cases(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let after = match asked.text("after").as_str() {
        "" => 0,
        text => numbered(text, "case")?,
    };
    let ask = CasesAsk { state: asked.text("state"), customer: asked.text("customer"), after, limit: asked.limit() };
    let page = desk_people::cases(&doors.desk, &by.0, ask).await?;
    let next = page.next.map(|id| id.to_string());
    List { title: "Cases of people", rows: page.rows, next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn take(State(doors): State<Shared>, By(by): By, Key(key): Key, Sent(new): Sent<NewNotice>) -> Answer {
    let ask = TakeNotice {
        key,
        form: new.form,
        person: new.person,
        born_on: new.born_on,
        address: new.address,
        account: new.account,
        customer: new.customer,
        source: new.source,
        reference: new.reference,
        contact_role: new.contact_role,
        contact_name: new.contact_name,
        contact_address: new.contact_address,
        contact_email: new.contact_email,
        received_on: new.received_on,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        debts: new.debts,
        confirmed_by_adviser: new.confirmed_by_adviser,
        words: new.words,
    };
    let stands = desk_people::take_notice(&doors.desk, &by, ask).await?;
    made(&format!("person-cases/{}", stands.number), &stands)
}

async fn view(State(doors): State<Shared>, By(by): By, At(number): At) -> Answer {
    ok(&desk_people::person_case(&doors.desk, &by, &number).await?)
}

async fn confirm(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<NoticeMatched>,
) -> Answer {
    let ask = ConfirmCase {
        key,
        number,
        customer: sent.customer,
        debts: sent.debts,
        confirmed_by_adviser: sent.confirmed_by_adviser,
        words: sent.words,
    };
    ok(&desk_people::confirm_case(&doors.desk, &by, ask).await?)
}

async fn act(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<PersonCaseAct>,
) -> Answer {
    let ask = ActOnCase {
        key,
        number,
        act: sent.act,
        task: sent.task,
        debt: sent.debt,
        on: sent.on,
        owner: sent.owner,
        words: sent.words,
    };
    ok(&desk_people::act_on_case(&doors.desk, &by, ask).await?)
}

async fn add_joint(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewJointDebtor>,
) -> Answer {
    let place = format!("customers/{number}/joint-debtors");
    let (debt, other, because, evidence) = (new.debt, new.other, new.because, new.evidence);
    let ask = AddJoint { key, customer: number, debt, other, because, evidence };
    made(&place, &desk_people::add_joint(&doors.desk, &by, ask).await?)
}

async fn joints(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let rows = desk_people::joints(&doors.desk, &by.0, &number).await?;
    List::whole("Joint debtors", rows).send(&asked, &by, doors.desk.today())
}

async fn acting_for(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let rows = desk_people::acting_for(&doors.desk, &by.0, &number).await?;
    List::whole("Representatives", rows).send(&asked, &by, doors.desk.today())
}

async fn add_acting(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewRepresentative>,
) -> Answer {
    let place = format!("customers/{number}/representatives");
    let ask = AddActing {
        key,
        customer: number,
        authority: new.authority,
        name: new.name,
        address1: new.address1,
        address2: new.address2,
        town: new.town,
        postcode: new.postcode,
        email: new.email,
        phone: new.phone,
        channel: new.channel,
        language: new.language,
        letter_format: new.letter_format,
        scope: new.scope,
        from_on: new.from_on,
        to_on: new.to_on,
        document: new.document,
    };
    made(&place, &desk_people::add_acting(&doors.desk, &by, ask).await?)
}

async fn prove(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    asked: Asked,
    parcel: Parcel,
) -> Answer {
    let (name, bytes) = parcel.file;
    let ask = ProveActing { key, number, words: asked.text("words") };
    ok(&desk_people::prove_acting(&doors.desk, &by, ask, NewFile { name, bytes }).await?)
}

async fn end_acting(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<AuthorityEnd>,
) -> Answer {
    ok(&desk_people::end_acting(&doors.desk, &by, EndActing { key, number, words: sent.words }).await?)
}

async fn mark(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewNeed>,
) -> Answer {
    let place = format!("customers/{number}");
    let ask = MarkNeed {
        key,
        customer: number,
        need: new.need,
        adjustments: new.adjustments,
        reason: new.reason,
        basis: new.basis,
        review_on: new.review_on,
    };
    made(&place, &desk_people::mark_need(&doors.desk, &by, ask).await?)
}

async fn read(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<NeedsWanted>,
) -> Answer {
    let needs = desk_people::read_needs(&doors.desk, &by, ReadNeeds { key, customer: number, why: sent.why }).await?;
    let line = |one: NeedShown| NeedLine {
        flag: one.flag,
        need: one.need,
        adjustments: one.adjustments,
        reason: one.reason,
        basis: one.basis,
        restricted: one.restricted,
        from_on: one.from_on,
        to_on: one.to_on,
        review_on: one.review_on,
    };
    ok(&NeedsRead { needs: needs.into_iter().map(line).collect() })
}

async fn ask_change(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewChange>,
) -> Answer {
    let place = format!("customers/{number}/changes");
    let ask = AskForChange {
        key,
        customer: number,
        field: new.field,
        address1: new.address1,
        address2: new.address2,
        town: new.town,
        postcode: new.postcode,
        sort_code: new.sort_code,
        account: new.account,
        source: new.source,
    };
    made(&place, &accounts::ask_for_change(&doors.desk, &by, ask).await?)
}

async fn standing(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&about_customer(&doors.desk, &by.0, &number).await?)
}

async fn changes(State(doors): State<Shared>, by: By, At(number): At, asked: Asked) -> Answer {
    let rows = accounts::held_changes(&doors.desk, &by.0, &number).await?;
    List::whole("Changes", rows).send(&asked, &by, doors.desk.today())
}

async fn log(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewCall>,
) -> Answer {
    let place = format!("customers/{number}");
    let ask = LogCall {
        key,
        customer: number,
        direction: new.direction,
        talking_to: new.talking_to,
        outcome: new.outcome,
        words: new.words,
        next_step: new.next_step,
        next_on: new.next_on,
        promise_pence: new.promise_pence,
        promise_on: new.promise_on,
        promise_items: new.promise_items,
    };
    made(&place, &desk_people::log_call(&doors.desk, &by, ask).await?)
}

async fn ready(State(doors): State<Shared>, By(by): By, At(number): At) -> Answer {
    ok(&desk_people::ready_to_call(&doors.desk, &by, &number).await?)
}

async fn call_list(State(doors): State<Shared>, By(by): By) -> Answer {
    ok(&desk_people::call_list(&doors.desk, &by).await?)
}

async fn register(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = RegisterAsk {
        what: asked.text("what"),
        reason: asked.text("reason"),
        owner: asked.text("owner"),
        within_days: asked.whole("within_days"),
    };
    let register = desk_people::hold_register(&doors.desk, &by.0, &ask).await?;
    let line = |one: desk_people::Stop| StopLine {
        what: one.row.what,
        number: one.row.number,
        customer: one.row.customer_number,
        name: one.row.customer_name,
        debt: one.row.item_number,
        reason: one.reason_name,
        words: one.row.words,
        owner: one.row.owner,
        from_on: one.row.from_on,
        until_on: one.row.until_on,
        expired: one.expired,
        days: one.days,
        risk_pence: one.row.risk_pence,
    };
    let rows = register.stops.into_iter().map(line).collect();
    List::whole("Hold register", rows).send(&asked, &by, doors.desk.today())
}

async fn week(State(doors): State<Shared>, By(by): By, asked: Asked) -> Answer {
    let day = asked.day("on").unwrap_or_else(|| doors.desk.today());
    ok(&desk_people::hold_week(&doors.desk, &by, day).await?)
}
