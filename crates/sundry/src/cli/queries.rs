//! Queries and disputes, typed.
use super::input::{date, pounds, request};
use super::out::{Out, table};
use super::rooms::{Input, asked};
use super::{Shop, done, file_bytes};
use chrono::NaiveDate;
use clap::Subcommand;
use serde_json::json;
use std::path::PathBuf;
use sundry_desk::Outcome;
use sundry_desk::queries::{
    ActOnQuery, AddEvidence, AnswerQuery, NewFile, QueriesAsk, RaiseQuery, ResolveQuery, SetCategory, act_on_query,
    add_evidence, answer_query, queries_list, query as one_query, query_categories, raise_query, resolve_query,
    set_query_category,
};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

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
    }
    done()
}
