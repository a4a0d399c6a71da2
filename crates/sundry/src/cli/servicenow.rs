//! `servicenow`: cases of the service desk, and ours there.
use super::input::request;
use super::out::{NOT_UNDERSTOOD, Out, busy, table, visible};
use super::{Shop, bytes_of, done};
use crate::child;
use clap::Subcommand;
use futures::FutureExt;
use std::path::{Path, PathBuf};
use sundry_desk::queries::{
    AskServiceNow, CheckServiceNow, ServiceNowAsk, SetServiceNow, SortServiceNow, SyncServiceNow, ask_servicenow,
    check_servicenow, servicenow_case, servicenow_cases, servicenow_settings, set_servicenow, sort_servicenow,
    sync_servicenow,
};
use sundry_desk::{Actor, Desk, Outcome};
use sundry_domain::queries::servicenow::CaseState;
use sundry_store::queries::servicenow::ServiceNowCaseLine;

/// What can be done with ServiceNow.
#[derive(Debug, Subcommand)]
pub enum ServiceNow {
    /// How it is set up, and how the last look went
    Settings,
    /// Set it up: base_url, client_id, user_name, in_use, and as needed the rest of what `settings` shows
    Set {
        /// A JSON file, or - for the standard input
        file: PathBuf,
        /// A file with the client secret on its first line; the one there is stays when not given
        #[arg(long, value_name = "FILE")]
        secret_file: Option<PathBuf>,
        /// A file with the technical user's password on its first line; the one there is stays when not given
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
    /// Ask it whether it lets us in and has the fields; nothing is changed there
    Check,
    /// Take what changed there, tell what changed here, open what waits
    Look,
    /// Cases, newest first
    List {
        /// Only in this state, such as waiting
        #[arg(long, default_value = "", hide_default_value = true)]
        state: String,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// Show a case, where it stands and why
    Show {
        /// Our number of it
        number: String,
    },
    /// Say what becomes of a case: join it to a query, open one, set it aside, or hand it to somebody
    Sort {
        /// Our number of it
        number: String,
        /// join, open, set_aside or hand_over
        how: String,
        /// For join: the query
        #[arg(long, default_value = "", hide_default_value = true)]
        query: String,
        /// For open: the customer
        #[arg(long, default_value = "", hide_default_value = true)]
        customer: String,
        /// For open: the invoice, where it is about one
        #[arg(long, default_value = "", hide_default_value = true)]
        item: String,
        /// For open: what it is about, as `query categories` lists it
        #[arg(long, default_value = "", hide_default_value = true)]
        category: String,
        /// For open and hand_over: who looks after it
        #[arg(long, default_value = "", hide_default_value = true)]
        owner: String,
        /// For set_aside: why; it is told there
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// Open a case there about a query
    Ask {
        /// The query
        query: String,
        /// The question; it names the reference and nobody
        #[arg(long)]
        question: String,
        /// Working days to answer
        #[arg(long)]
        days: Option<i64>,
    },
}

fn first_line(path: Option<&Path>, flag: &str) -> Outcome<String> {
    let Some(path) = path else { return Ok(String::new()) };
    let text = String::from_utf8_lossy(&bytes_of(path, flag)?).into_owned();
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

/// ServiceNow.
pub async fn servicenow(shop: &Shop, ask: ServiceNow, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        ServiceNow::Set { file, secret_file, password_file } => {
            let mut ask: SetServiceNow = request(&file, shop.key())?;
            if secret_file.is_some() {
                ask.client_secret = first_line(secret_file.as_deref(), "secret-file")?;
            }
            if password_file.is_some() {
                ask.password = first_line(password_file.as_deref(), "password-file")?;
            }
            let shown = set_servicenow(desk, by, ask).await?;
            out.answer(&shown, || format!("{} is looked at every {} minutes.", shown.base_url, shown.every_minutes))?;
        }
        ServiceNow::Check => {
            let checked = check_servicenow(desk, by, CheckServiceNow { key: shop.key() }).await?;
            out.answer(&checked, || match checked.right {
                true => "Nothing is wrong.".to_owned(),
                false => checked.findings.iter().map(|one| format!("{}.", visible(one))).collect::<Vec<_>>().join("\n"),
            })?;
            if !checked.right {
                return Ok(NOT_UNDERSTOOD);
            }
        }
        ServiceNow::Look => {
            let showing = busy("Looking");
            let sheet = |bytes: Vec<u8>| child::as_table(bytes).boxed();
            let done = sync_servicenow(desk, by, SyncServiceNow { key: shop.key() }, &sheet).await?;
            drop(showing);
            out.answer(&done, || format!("{}.", visible(&done.message())))?;
            if done.failed {
                return Ok(NOT_UNDERSTOOD);
            }
        }
        ServiceNow::Sort { number, how, query, customer, item, category, owner, reason } => {
            let ask = SortServiceNow { key: shop.key(), number, how, query, customer, item, category, owner, reason };
            let answer = sort_servicenow(desk, by, ask).await?;
            out.answer(&answer, || match &answer.query {
                Some(query) => format!("{} is part of {query}.", answer.number),
                None => format!("{} is {}.", answer.number, answer.state.replace('_', " ")),
            })?;
        }
        ServiceNow::Ask { query, question, days } => {
            let ask = AskServiceNow { key: shop.key(), number: query, question, days };
            let asked = ask_servicenow(desk, by, ask).await?;
            out.answer(&asked, || {
                format!("{} is opened at the next look, to be answered by {}.", asked.number, asked.answer_by)
            })?;
        }
        listed => lists((desk, by), listed, out).await?,
    }
    done()
}

/// What there is to see.
async fn lists((desk, by): (&Desk, &Actor), ask: ServiceNow, out: &mut Out) -> Outcome<()> {
    match ask {
        ServiceNow::List { state, limit } => {
            let found =
                servicenow_cases(desk, by, ServiceNowAsk { state, limit: Some(limit), ..ServiceNowAsk::default() });
            let found = found.await?;
            out.answer(&found, || {
                let row = |one: &ServiceNowCaseLine| {
                    let state = CaseState::parse(&one.state).map_or("", CaseState::name).to_owned();
                    let state = if one.removed_there { format!("{state}, removed there") } else { state };
                    let subject = visible(&one.subject);
                    vec![one.number.clone(), visible(&one.their_number), subject, state, one.query_number.clone()]
                };
                let rows: Vec<Vec<String>> = found.rows.iter().map(row).collect();
                table(&["case", "there", "subject", "stands", "query"], &[], &rows)
            })?;
        }
        ServiceNow::Show { number } => {
            let shown = servicenow_case(desk, by, &number).await?;
            out.answer(&shown, || {
                let case = &shown.case;
                let state = CaseState::parse(&case.state).map_or("", CaseState::name);
                let removed = if case.removed_there { " Removed there." } else { "" };
                let why: Vec<&str> = shown
                    .reasons
                    .iter()
                    .map(String::as_str)
                    .chain([case.error.as_str()])
                    .filter(|one| !one.is_empty())
                    .collect();
                let comments: Vec<String> =
                    shown.comments.iter().map(|one| format!("\n> {}", visible(&one.words))).collect();
                let head = format!("{} {}: {}", case.number, visible(&case.their_number), visible(&case.subject));
                format!("{head}\n{state}.{removed} {}{}", visible(&why.join(". ")), comments.concat())
            })?;
        }
        _ => {
            let shown = servicenow_settings(desk, by).await?;
            out.answer(&shown, || match &shown {
                None => "ServiceNow is not set up.".to_owned(),
                Some(one) => {
                    let used = if one.in_use { format!("every {} minutes", one.every_minutes) } else { "no".into() };
                    let rows = [
                        ("address", one.base_url.clone()),
                        ("way in", one.way_in.clone()),
                        ("technical user", visible(&one.user_name)),
                        ("table", one.case_table.clone()),
                        ("looked at", used),
                        ("asks for invoices", visible(&one.request_user)),
                        ("last look", visible(&one.result)),
                        ("stopped", visible(&one.stopped)),
                    ];
                    let rows: Vec<Vec<String>> = rows.into_iter().map(|(k, v)| vec![k.to_owned(), v]).collect();
                    table(&["what", "set to"], &[], &rows)
                }
            })?;
        }
    }
    Ok(())
}
