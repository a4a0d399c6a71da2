//! More about queries: questions to services, escalation, complaints, causes.
use super::answer::{Answer, List, made, ok};
use super::queries::QueryEvent;
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::queries::{
    self as desk_queries, ActOnComplaint, AskService, CausesReport, ComplaintOpened, ComplaintStands, ComplaintsAsk,
    EscalationSet, OpenComplaint, ServiceAsked, SetEscalation, WithdrawQuestion,
};
use sundry_domain::calendar::add_months;
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::queries::EscalationRule;
use sundry_store::control::AuditRow;
use sundry_store::queries::complaints::ComplaintLine;
use utoipa::ToSchema;

const ROOM: &str = "Queries";
const WORKS: &[Duty] = &[Duty::WorkCases, Duty::AnswerQueries];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let table = table
        .add(
            post(ROOM, "/queries/{number}/questions", "ask_service", "Ask a service, by a link that needs no account")
                .needs(WORKS)
                .takes::<NewServiceQuestion>()
                .gives(201, desk::<ServiceAsked>),
            ask,
        )
        .add(
            post(
                ROOM,
                "/queries/{number}/questions/withdraw",
                "withdraw_question",
                "Take a question to a service back",
            )
            .needs(WORKS)
            .takes::<QuestionTakenBack>()
            .gives(200, own::<QuestionWithdrawn>),
            withdraw,
        )
        .add(
            get(ROOM, "/query-causes", "get_query_causes", "What queries came from, and what they cost, by month")
                .needs(&[Duty::RunReports])
                .asks("from", Holds::Day, "The first day; a year ago when not said")
                .asks("to", Holds::Day, "The last day; today when not said")
                .gives(200, desk::<CausesReport>),
            causes,
        )
        .add(
            get(ROOM, "/escalation-rules", "list_escalation_rules", "To whom queries go that nobody settles")
                .needs(&[Duty::View, Duty::ManageSettings])
                .listed(desk_list::<EscalationRule>),
            rules,
        )
        .add(
            post(ROOM, "/escalation-rules", "set_escalation_rule", "Set a rule of escalation from a day on")
                .needs(&[Duty::ManageSettings])
                .takes::<NewEscalationRule>()
                .gives(200, desk::<EscalationSet>),
            set_rule,
        );
    complaint_rows(table)
}

fn complaint_rows(table: Table) -> Table {
    table
        .add(
            get(ROOM, "/complaints", "list_complaints", "List complaints, the one to be answered first at the top")
                .asks("state", Holds::OneOf(&["open", "closed"]), "Only in this state; open when not said")
                .paged(desk_list::<ComplaintLine>),
            complaints,
        )
        .add(
            post(ROOM, "/complaints", "open_complaint", "Record a complaint, which holds the account")
                .needs(WORKS)
                .takes::<NewComplaint>()
                .gives(201, desk::<ComplaintOpened>),
            open,
        )
        .add(
            get(ROOM, "/complaints/{number}", "get_complaint", "Read a complaint with its stages and history")
                .gives(200, own::<ComplaintAnswer>),
            view,
        )
        .add(
            post(
                ROOM,
                "/complaints/{number}/acts",
                "act_on_complaint",
                "Acknowledge a complaint, take it to its next stage, hand it over, or close it",
            )
            .needs(WORKS)
            .takes::<ComplaintAct>()
            .gives(200, desk::<ComplaintStands>),
            act,
        )
}

/// A question to a service.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewServiceQuestion {
    /// The service; the query's when not said.
    #[serde(default)]
    pub service: String,
    /// The address the link goes to.
    pub to: String,
    /// The one question; it names the reference and nobody.
    pub question: String,
    /// Working days to answer; 5 when not said.
    #[serde(default)]
    pub days: Option<i64>,
}

/// A question to be taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionTakenBack {
    /// The question.
    pub question: i64,
}

/// A question that was taken back.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuestionWithdrawn {
    /// The question.
    pub question: i64,
}

/// A rule of escalation, from a day on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEscalationRule {
    /// Stable code.
    pub code: String,
    /// For people.
    pub name: String,
    /// Working days after the answer was due.
    pub after_days: i64,
    /// At least so much is in query.
    pub least_pence: i64,
    /// The role it goes to.
    pub to_role: String,
    /// The address it is written to.
    #[serde(default)]
    pub to_email: String,
    /// From which day; today when not said.
    #[serde(default)]
    pub from_on: Option<NaiveDate>,
    /// Whether it counts.
    pub active: bool,
}

/// A complaint to be recorded.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewComplaint {
    /// Customer number.
    pub customer: String,
    /// The query it came out of.
    #[serde(default)]
    pub query: String,
    /// What they say.
    pub words: String,
    /// Who looks after it; who records it when not said.
    #[serde(default)]
    pub owner: String,
}

/// An act on a complaint.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintAct {
    /// acknowledge, next_stage, hand_over or close.
    pub act: String,
    /// For next_stage why, for close what they are told.
    #[serde(default)]
    pub words: String,
    /// A new owner.
    #[serde(default)]
    pub owner: String,
    /// For close: upheld, partly_upheld, not_upheld or withdrawn.
    #[serde(default)]
    pub outcome: String,
    /// For close: what we learned.
    #[serde(default)]
    pub learning: String,
}

/// A stage of a complaint.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintStage {
    /// stage_1, stage_2 or ombudsman.
    pub stage: String,
    /// When it began.
    pub opened_on: NaiveDate,
    /// By when it was to be answered.
    pub answer_by: NaiveDate,
    /// When it ended.
    pub ended_on: Option<NaiveDate>,
    /// Why it came to it.
    pub words: String,
}

/// A complaint.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintAnswer {
    /// Number.
    pub number: String,
    /// Customer number.
    pub customer_number: String,
    /// Customer name.
    pub customer_name: String,
    /// The query it came out of.
    pub query: String,
    /// open or closed.
    pub state: String,
    /// stage_1, stage_2 or ombudsman.
    pub stage: String,
    /// What they say.
    pub words: String,
    /// Who looks after it.
    pub owner: String,
    /// When it came.
    pub opened_on: NaiveDate,
    /// By when it is acknowledged.
    pub acknowledge_by: NaiveDate,
    /// When it was.
    pub acknowledged_on: Option<NaiveDate>,
    /// By when the stage is answered.
    pub answer_by: NaiveDate,
    /// When it ended.
    pub closed_on: Option<NaiveDate>,
    /// How.
    pub outcome: String,
    /// What we learned.
    pub learning: String,
    /// What they were told.
    pub answer: String,
    /// The letter that told them.
    pub letter: String,
    /// Its stages, in order.
    pub stages: Vec<ComplaintStage>,
    /// What was done to it.
    pub history: Vec<QueryEvent>,
}

async fn ask(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<NewServiceQuestion>,
) -> Answer {
    let at = number.clone();
    let ask = AskService { key, number, service: new.service, to: new.to, question: new.question, days: new.days };
    let asked = desk_queries::ask_service(&doors.desk, &by, ask).await?;
    made(&format!("queries/{at}"), &asked)
}

async fn withdraw(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<QuestionTakenBack>,
) -> Answer {
    let question = sent.question;
    desk_queries::withdraw_question(&doors.desk, &by, WithdrawQuestion { key, number, question }).await?;
    ok(&QuestionWithdrawn { question })
}

async fn causes(State(doors): State<Shared>, By(by): By, asked: Asked) -> Answer {
    let to = asked.day("to").unwrap_or_else(|| doors.desk.today());
    let from = asked.day("from").unwrap_or_else(|| add_months(to, -12));
    ok(&desk_queries::query_causes(&doors.desk, &by, (from, to)).await?)
}

async fn rules(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_queries::escalation_rules(&doors.desk, &by.0).await?;
    List { title: "Escalation rules", rows, next: None, count: None }.send(&asked, &by, doors.desk.today())
}

async fn set_rule(
    State(doors): State<Shared>,
    By(by): By,
    Key(key): Key,
    Sent(new): Sent<NewEscalationRule>,
) -> Answer {
    let ask = SetEscalation {
        key,
        code: new.code,
        name: new.name,
        after_days: new.after_days,
        least: Pence(new.least_pence),
        to_role: new.to_role,
        to_email: new.to_email,
        from_on: new.from_on,
        active: new.active,
    };
    ok(&desk_queries::set_escalation(&doors.desk, &by, ask).await?)
}

async fn complaints(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let ask = ComplaintsAsk { state: asked.text("state"), after: asked.text("after"), limit: Some(asked.limit()) };
    let page = desk_queries::complaints_list(&doors.desk, &by.0, ask).await?;
    List { title: "Complaints", rows: page.rows, next: page.next, count: None }.send(&asked, &by, doors.desk.today())
}

async fn open(State(doors): State<Shared>, By(by): By, Key(key): Key, Sent(new): Sent<NewComplaint>) -> Answer {
    let ask = OpenComplaint { key, customer: new.customer, query: new.query, words: new.words, owner: new.owner };
    let opened = desk_queries::open_complaint(&doors.desk, &by, ask).await?;
    made(&format!("complaints/{}", opened.number), &opened)
}

async fn view(State(doors): State<Shared>, By(by): By, At(number): At) -> Answer {
    let shown = desk_queries::complaint(&doors.desk, &by, &number).await?;
    let event = |row: AuditRow| QueryEvent { on: row.business_on, event: row.event, who: row.actor_name };
    let stage = |row: sundry_store::queries::complaints::StageRow| ComplaintStage {
        stage: row.stage,
        opened_on: row.opened_on,
        answer_by: row.answer_by,
        ended_on: row.ended_on,
        words: row.words,
    };
    let row = shown.complaint;
    ok(&ComplaintAnswer {
        number: row.number,
        customer_number: shown.customer_number,
        customer_name: shown.customer_name,
        query: shown.query,
        state: row.state,
        stage: row.stage,
        words: row.words,
        owner: row.owner,
        opened_on: row.opened_on,
        acknowledge_by: row.acknowledge_by,
        acknowledged_on: row.acknowledged_on,
        answer_by: row.answer_by,
        closed_on: row.closed_on,
        outcome: row.outcome,
        learning: row.learning,
        answer: row.answer,
        letter: row.letter,
        stages: shown.stages.into_iter().map(stage).collect(),
        history: shown.history.into_iter().map(event).collect(),
    })
}

async fn act(
    State(doors): State<Shared>,
    By(by): By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<ComplaintAct>,
) -> Answer {
    let ask = ActOnComplaint {
        key,
        number,
        act: sent.act,
        words: sent.words,
        owner: sent.owner,
        outcome: sent.outcome,
        learning: sent.learning,
    };
    ok(&desk_queries::act_on_complaint(&doors.desk, &by, ask).await?)
}
