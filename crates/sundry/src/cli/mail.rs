//! `mail`: the shared mailbox, typed.
use super::input::request;
use super::out::{NOT_UNDERSTOOD, Out, table, visible};
use super::{Shop, bytes_of, done};
use clap::Subcommand;
use std::path::PathBuf;
use sundry_desk::queries::{
    KeepMailbox, MailAsk, MailTaken, Mailbox, SortMail, TakeMail, collect_mail, keep_mailbox, mail as one_mail,
    mail_list, mailboxes, sort_mail, take_mail,
};
use sundry_desk::{Actor, Desk, Outcome};
use sundry_domain::queries::MailState;
use sundry_store::queries::mail::InboundMailLine;

/// What can be done with the shared mailbox.
#[derive(Debug, Subcommand)]
pub enum Mail {
    /// Take a message, saved as a file: it joins a query, opens one, or waits to be sorted
    Take {
        /// The message (.eml)
        file: PathBuf,
    },
    /// Collect what is new in the mailboxes in use
    Collect {
        /// Only from this one
        #[arg(long, value_name = "NAME")]
        mailbox: Option<String>,
    },
    /// Messages, those that wait to be sorted first
    List {
        /// waiting, joined, opened, automatic, came_back or set_aside
        #[arg(long, default_value = "waiting")]
        state: String,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// Show a message, where it stands and why
    Show {
        /// Its number
        number: String,
    },
    /// Sort a message: join it to a query, open one, set it aside, or hand it to somebody
    Sort {
        /// Its number
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
        /// For set_aside: why
        #[arg(long, default_value = "", hide_default_value = true)]
        reason: String,
    },
    /// Mailboxes that messages are collected from
    Boxes,
    /// Add a mailbox, or change the one with its name
    Box {
        /// A JSON file: name, host, user_name, in_use, and as needed port, certificate, folder, moved_to, query_owner, query_category, every_minutes, acknowledge
        file: PathBuf,
        /// A file with the password on its first line; the one there is stays when not given
        #[arg(long, value_name = "FILE")]
        password_file: Option<PathBuf>,
    },
}

/// The shared mailbox.
pub async fn mail(shop: &Shop, ask: Mail, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Mail::Take { file } => {
            let bytes = bytes_of(&file, "file")?;
            let file_name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let taken = take_mail(desk, by, TakeMail { key: shop.key(), file_name, bytes }).await?;
            out.answer(&taken, || told(&taken))?;
        }
        Mail::Collect { mailbox } => {
            let answer = collect_mail(desk, by, (&shop.key(), mailbox.as_deref())).await?;
            out.answer(&answer, || {
                let line =
                    |one: &sundry_desk::queries::MailboxVisited| format!("{}: {}.", one.mailbox, visible(&one.message));
                let lines: Vec<String> = answer.mailboxes.iter().map(line).collect();
                if lines.is_empty() { "No mailbox is in use.".to_owned() } else { lines.join("\n") }
            })?;
            if answer.mailboxes.iter().any(|one| one.failed) {
                return Ok(NOT_UNDERSTOOD);
            }
        }
        Mail::Sort { number, how, query, customer, item, category, owner, reason } => {
            let ask = SortMail { key: shop.key(), number, how, query, customer, item, category, owner, reason };
            let answer = sort_mail(desk, by, ask).await?;
            out.answer(&answer, || match &answer.query {
                Some(query) => format!("{} is part of {query}.", answer.number),
                None => format!("{} is {}.", answer.number, answer.state.replace('_', " ")),
            })?;
        }
        Mail::Boxes | Mail::Box { .. } => boxes(shop, (desk, by), ask, out).await?,
        Mail::List { .. } | Mail::Show { .. } => looked(desk, by, ask, out).await?,
    }
    done()
}

/// The list, and one message.
async fn looked(desk: &Desk, by: &Actor, ask: Mail, out: &mut Out) -> Outcome<()> {
    match ask {
        Mail::List { state, limit } => {
            let answer = mail_list(desk, by, MailAsk { state, after: String::new(), limit: Some(limit) }).await?;
            out.answer(&answer, || {
                let row = |one: &InboundMailLine| {
                    vec![
                        one.number.clone(),
                        one.received_on.to_string(),
                        visible(&one.from_address),
                        visible(&one.subject),
                        one.customer_number.clone(),
                        one.query_number.clone(),
                        visible(&one.owner),
                    ]
                };
                let rows: Vec<Vec<String>> = answer.rows.iter().map(row).collect();
                table(&["message", "came", "from", "subject", "customer", "query", "owner"], &[], &rows)
            })?;
        }
        Mail::Show { number } => {
            let answer = one_mail(desk, by, &number).await?;
            out.answer(&answer, || {
                let state = MailState::parse(&answer.mail.state).map_or("", MailState::name);
                let m = &answer.mail;
                let (from, subject) = (visible(&m.from_address), visible(&m.subject));
                format!("{} from {from}: {subject}\n{state}. {}.", m.number, visible(&answer.reasons.join(". ")))
            })?;
        }
        _ => {}
    }
    Ok(())
}

/// Mailboxes.
async fn boxes(shop: &Shop, (desk, by): (&Desk, &Actor), ask: Mail, out: &mut Out) -> Outcome<()> {
    match ask {
        Mail::Boxes => {
            let answer = mailboxes(desk, by).await?;
            out.answer(&answer, || {
                let row = |one: &Mailbox| {
                    let place = format!("{}@{}:{}/{}", one.user_name, one.host, one.port, one.folder);
                    let used =
                        if one.in_use { format!("every {} minutes", one.every_minutes) } else { "not in use".into() };
                    vec![one.name.clone(), place, used, visible(&one.result)]
                };
                let rows: Vec<Vec<String>> = answer.iter().map(row).collect();
                table(&["mailbox", "place", "looked at", "last look"], &[], &rows)
            })?;
        }
        Mail::Box { file, password_file } => {
            let mut ask: KeepMailbox = request(&file, shop.key())?;
            if let Some(path) = password_file {
                let text = String::from_utf8_lossy(&bytes_of(&path, "password-file")?).into_owned();
                ask.password = text.lines().next().unwrap_or_default().to_owned();
            }
            let kept = keep_mailbox(desk, by, ask).await?;
            out.answer(&kept, || format!("{} is looked at every {} minutes.", kept.name, kept.every_minutes))?;
        }
        _ => {}
    }
    Ok(())
}

fn told(taken: &MailTaken) -> String {
    if taken.again {
        return format!("{} came before; nothing was done.", taken.number);
    }
    let state = MailState::parse(&taken.state).map_or("", MailState::name);
    let query = taken.query.as_ref().map(|query| format!(" {query}")).unwrap_or_default();
    format!("{}: {state}{query}. {}.", taken.number, visible(&taken.reasons.join(". ")))
}
