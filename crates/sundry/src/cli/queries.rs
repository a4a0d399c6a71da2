//! Queries and disputes, typed.
use super::input::{date, pounds, request};
use super::out::{Out, table};
use super::rooms::{Input, asked};
use super::{Shop, done, file_bytes};
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;
use sundry_desk::queries::{
    ActOnComplaint, ActOnQuery, AddEvidence, AnswerQuery, AskService, CauseRow, ComplaintsAsk, NewFile, OpenComplaint,
    QueriesAsk, RaiseQuery, ResolveQuery, SetCategory, SetEscalation, act_on_complaint, act_on_query, add_evidence,
    answer_query, ask_service, complaints_list, escalation_rules, open_complaint, queries_list, query as one_query,
    query_categories, query_causes, raise_query, resolve_query, set_escalation, set_query_category,
};
use sundry_desk::{Actor, Desk, Outcome};
use sundry_domain::calendar::add_months;
use sundry_domain::money::Pence;
use sundry_domain::queries::EscalationRule;
use sundry_domain::refusal::Invalid;
use sundry_store::queries::complaints::ComplaintLine;

/// Queries.
#[derive(Debug, Subcommand)]
pub enum Query {
    /// Raise a query; the disputed part is held
    Raise {
        /// Where the request comes from
        #[command(flatten)]
        from: Input,
        /// Number of the item it is about
        #[arg(long)]
        item: Option<String>,
        /// The line of the invoice, where it is about one
        #[arg(long)]
        line: Option<i64>,
        /// Customer number, where it is about no item
        #[arg(long)]
        customer: Option<String>,
        /// Code of a category, as `sundry query categories` lists them
        #[arg(long)]
        category: Option<String>,
        /// How much is disputed, in pounds
        #[arg(long, value_parser = pounds)]
        disputed: Option<Pence>,
        /// What the customer says
        #[arg(long)]
        words: Option<String>,
        /// Who must answer
        #[arg(long)]
        owner: Option<String>,
        /// call, email, letter, person, page, api or servicenow
        #[arg(long)]
        source: Option<String>,
    },
    /// List queries, the one to be answered first at the top
    List {
        /// Only in this state
        #[arg(long, default_value = "")]
        state: String,
        /// Only of the customer with this number
        #[arg(long, default_value = "")]
        customer: String,
    },
    /// Show a query with its files and its history
    Show {
        /// The query
        number: String,
    },
    /// Ask the customer, hand it over, move the end of its hold, withdraw or reopen it
    Act {
        /// The query
        number: String,
        /// ask_customer, customer_replied, hand_over, extend_hold, withdraw or reopen
        act: String,
        /// The new owner
        #[arg(long, default_value = "")]
        owner: String,
        /// The new last day of its hold
        #[arg(long, value_name = "DATE", value_parser = date)]
        until: Option<NaiveDate>,
    },
    /// Keep a file with a query as evidence
    File {
        /// The query
        number: String,
        /// The file
        file: PathBuf,
        /// What it shows
        #[arg(long, default_value = "")]
        words: String,
    },
    /// Answer a query
    Answer {
        /// The query
        number: String,
        /// The answer
        #[arg(long)]
        answer: String,
    },
    /// Resolve a query
    Resolve {
        /// Where the request comes from
        #[command(flatten)]
        from: Input,
        /// The query
        number: Option<String>,
        /// upheld, rebilled, charge_stands, explained, paid or other
        #[arg(long)]
        resolution: Option<String>,
        /// What the customer is told
        #[arg(long)]
        words: Option<String>,
        /// What had gone wrong
        #[arg(long)]
        cause: Option<String>,
        /// For rebilled: the invoice that took its place
        #[arg(long)]
        rebilled_as: Option<String>,
        /// Write no letter
        #[arg(long)]
        no_letter: bool,
    },
    /// Ask a service one question, by a link that needs no account
    Ask {
        /// The query
        number: String,
        /// The address the link goes to
        #[arg(long)]
        to: String,
        /// The question; it names the reference and nobody
        #[arg(long)]
        question: String,
        /// The service; the query's when not said
        #[arg(long, default_value = "")]
        service: String,
        /// Working days to answer
        #[arg(long)]
        days: Option<i64>,
    },
    /// What queries came from and what they cost
    Causes {
        /// The first day; a year ago when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        from: Option<NaiveDate>,
        /// The last day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        to: Option<NaiveDate>,
    },
    /// To whom queries go that nobody settles
    Escalation,
    /// Set a rule of escalation from a day on
    SetEscalation {
        /// The request as a JSON object; - is the standard input
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
    },
    /// Record a complaint, which holds the account
    Complain {
        /// Customer number
        customer: String,
        /// What they say
        #[arg(long)]
        words: String,
        /// The query it came out of
        #[arg(long, default_value = "")]
        query: String,
    },
    /// List complaints
    Complaints {
        /// open or closed
        #[arg(long, default_value = "open")]
        state: String,
    },
    /// Acknowledge a complaint, take it to its next stage, hand it over, or close it
    Complaint {
        /// The complaint
        number: String,
        /// acknowledge, next_stage, hand_over or close
        act: String,
        /// For next_stage why, for close what they are told
        #[arg(long, default_value = "")]
        words: String,
        /// For close: upheld, partly_upheld, not_upheld or withdrawn
        #[arg(long, default_value = "")]
        outcome: String,
        /// For close: what we learned
        #[arg(long, default_value = "")]
        learning: String,
        /// For hand_over: the new owner
        #[arg(long, default_value = "")]
        owner: String,
    },
    /// What queries may be about today
    Categories,
    /// Set a category from a day on
    SetCategory {
        /// The request as a JSON object; - is the standard input
        #[arg(long, value_name = "FILE")]
        input: PathBuf,
    },
}

/// Queries.
pub async fn query(shop: &Shop, ask: Query, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Query::Raise { from, item, line, customer, category, disputed, words, owner, source } => {
            let typed = json!({
                "item": item, "line": line, "customer": customer, "category": category, "disputed": disputed,
                "words": words, "owner": owner, "source": source,
            });
            let answer = raise_query(desk, by, asked::<RaiseQuery>(shop, &from, typed)?).await?;
            let (number, held) = (&answer.number, Pence(answer.disputed_pence));
            out.answer(&answer, || format!("{number}: {held} held; to be answered by {}.", answer.answer_by))?;
        }
        Query::List { state, customer } => {
            let answer = queries_list(desk, by, QueriesAsk { state, customer, ..QueriesAsk::default() }).await?;
            out.answer(&answer, || {
                let row = |one: &sundry_store::queries::QueryLine| {
                    vec![
                        one.number.clone(),
                        one.customer_name.clone(),
                        one.item_number.clone(),
                        one.category.clone(),
                        Pence(one.disputed_pence).to_string(),
                        one.answer_by.to_string(),
                        one.state.clone(),
                    ]
                };
                let rows: Vec<Vec<String>> = answer.rows.iter().map(row).collect();
                table(&["query", "customer", "item", "category", "in query", "answer by", "state"], &[4], &rows)
            })?;
        }
        Query::Show { number } => {
            let answer = one_query(desk, by, &number).await?;
            let q = &answer.query;
            out.answer(&answer, || format!("{} is {}: {} in query.", q.number, q.state, Pence(q.disputed_pence)))?;
        }
        Query::Act { number, act, owner, until } => {
            let ask = ActOnQuery { key: shop.key(), number, act, owner, until };
            let answer = act_on_query(desk, by, ask).await?;
            out.answer(&answer, || format!("{} is {}.", answer.number, answer.state))?;
        }
        Query::File { number, file, words } => {
            let wrong = |why: String| Invalid::field("file", why, file.display().to_string());
            let bytes = file_bytes(&file).map_err(wrong)?;
            let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let ask = AddEvidence { key: shop.key(), number, words };
            let answer = add_evidence(desk, by, ask, NewFile { name, bytes }).await?;
            out.answer(&answer, || format!("{} is kept.", answer.name))?;
        }
        Query::Answer { number, answer } => {
            let answer = answer_query(desk, by, AnswerQuery { key: shop.key(), number, answer }).await?;
            out.answer(&answer, || format!("{} is {}.", answer.number, answer.state))?;
        }
        Query::Resolve { from, number, resolution, words, cause, rebilled_as, no_letter } => {
            let typed = json!({
                "number": number, "resolution": resolution, "words": words, "cause": cause,
                "rebilled_as": rebilled_as, "letter": !no_letter,
            });
            let answer = resolve_query(desk, by, asked::<ResolveQuery>(shop, &from, typed)?).await?;
            out.answer(&answer, || format!("{} is {}.", answer.number, answer.state))?;
        }
        other => return more(shop, (desk, by), other, out).await,
    }
    done()
}

/// Services, causes, escalation, complaints, categories.
async fn more(shop: &Shop, (desk, by): (&Desk, &Actor), ask: Query, out: &mut Out) -> Outcome<u8> {
    match ask {
        Query::Ask { number, to, question, service, days } => {
            let ask = AskService { key: shop.key(), number, service, to, question, days };
            let answer = ask_service(desk, by, ask).await?;
            out.answer(&answer, || format!("Asked; to be answered by {}.", answer.answer_by))?;
        }
        Query::Causes { from, to } => {
            let to = to.unwrap_or_else(|| desk.today());
            let from = from.unwrap_or_else(|| add_months(to, -12));
            let answer = query_causes(desk, by, (from, to)).await?;
            out.answer(&answer, || {
                let row = |one: &CauseRow| {
                    let credited = Pence(one.credited_pence).to_string();
                    vec![one.service.clone(), one.cause_name.clone(), one.count.to_string(), credited]
                };
                let rows: Vec<Vec<String>> = answer.rows.iter().map(row).collect();
                table(&["service", "cause", "queries", "credited"], &[2, 3], &rows)
            })?;
        }
        Query::Escalation => {
            let answer = escalation_rules(desk, by).await?;
            out.answer(&answer, || {
                let row = |one: &EscalationRule| {
                    vec![one.code.clone(), one.name.clone(), one.after_days.to_string(), one.to_role.clone()]
                };
                let rows: Vec<Vec<String>> = answer.iter().map(row).collect();
                table(&["code", "name", "working days late", "to"], &[2], &rows)
            })?;
        }
        Query::SetEscalation { input } => {
            let answer = set_escalation(desk, by, request::<SetEscalation>(&input, shop.key())?).await?;
            out.answer(&answer, || format!("{} is set from {}.", answer.code, answer.from_on))?;
        }
        Query::Complain { customer, words, query } => {
            let ask = OpenComplaint { key: shop.key(), customer, query, words, owner: String::new() };
            let answer = open_complaint(desk, by, ask).await?;
            out.answer(&answer, || format!("{}: to be answered by {}.", answer.number, answer.answer_by))?;
        }
        Query::Complaints { state } => {
            let answer = complaints_list(desk, by, ComplaintsAsk { state, ..ComplaintsAsk::default() }).await?;
            out.answer(&answer, || {
                let row = |one: &ComplaintLine| {
                    vec![one.number.clone(), one.customer_name.clone(), one.stage.clone(), one.answer_by.to_string()]
                };
                let rows: Vec<Vec<String>> = answer.rows.iter().map(row).collect();
                table(&["complaint", "customer", "stage", "answer by"], &[], &rows)
            })?;
        }
        Query::Complaint { number, act, words, outcome, learning, owner } => {
            let ask = ActOnComplaint { key: shop.key(), number, act, words, owner, outcome, learning };
            let answer = act_on_complaint(desk, by, ask).await?;
            out.answer(&answer, || format!("{} is {} at {}.", answer.number, answer.state, answer.stage))?;
        }
        Query::Categories => {
            let answer = query_categories(desk, by).await?;
            out.answer(&answer, || {
                let row = |one: &sundry_domain::queries::Category| {
                    let held = if one.dispute { "held" } else { "" };
                    vec![one.code.clone(), one.name.clone(), one.target_days.to_string(), held.to_owned()]
                };
                let rows: Vec<Vec<String>> = answer.iter().map(row).collect();
                table(&["code", "name", "working days", "its part"], &[2], &rows)
            })?;
        }
        Query::SetCategory { input } => {
            let answer = set_query_category(desk, by, request::<SetCategory>(&input, shop.key())?).await?;
            out.answer(&answer, || format!("{} is set from {}.", answer.code, answer.from_on))?;
        }
        // What is left is carried out before this is asked.
        _ => {}
    }
    done()
}
