//! `notify`: letters and e-mails by GOV.UK Notify.
use super::input::request;
use super::out::{NOT_UNDERSTOOD, Out, busy, table, visible};
use super::{Shop, bytes_of, done};
use clap::Subcommand;
use std::path::{Path, PathBuf};
use sundry_desk::delivery::notify::{
    CheckNotify, SendByNotify, SetNotify, TrustEmail, check_notify, failed_emails_list, notify_left_out,
    notify_messages, notify_shown, poll_notify, send_by_notify, set_notify, trust_email,
};
use sundry_desk::{Actor, Desk, Outcome};
use sundry_domain::delivery::notify::status_name;

/// What can be done with GOV.UK Notify.
#[derive(Debug, Subcommand)]
pub enum Notify {
    /// How it is set up
    Show,
    /// Set it up: carries_email, carries_post, email_template, and as needed base_url, reply_to, postage
    Set {
        /// A JSON file, or - for the standard input
        file: PathBuf,
        /// A file with the API key on its first line; the one there is stays when not given
        #[arg(long, value_name = "FILE")]
        key_file: Option<PathBuf>,
        /// A file with the token of its calls on its first line; the one there is stays when not given
        #[arg(long, value_name = "FILE")]
        token_file: Option<PathBuf>,
    },
    /// Ask it whether the key and the template are right; nothing is sent
    Check,
    /// Send what waits
    Send {
        /// At most so many of each kind
        #[arg(long, default_value_t = 10_000)]
        limit: i64,
        /// Only what was begun before
        #[arg(long)]
        begun_only: bool,
    },
    /// Ask where messages stand of which no call told us
    Ask,
    /// Messages, newest first
    Messages {
        /// sending, unknown, put_off, with_notify, failed or done
        #[arg(long, default_value = "", hide_default_value = true)]
        state: String,
        /// At most so many
        #[arg(long, default_value_t = 50)]
        limit: i64,
    },
    /// Waiting letters that it does not carry, with the reasons
    LeftOut,
    /// E-mail addresses that take no mail
    FailedEmails,
    /// Let an e-mail address be used again
    Trust {
        /// The address
        address: String,
    },
}

fn first_line(path: Option<&Path>, flag: &str) -> Outcome<String> {
    let Some(path) = path else { return Ok(String::new()) };
    let text = String::from_utf8_lossy(&bytes_of(path, flag)?).into_owned();
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

/// GOV.UK Notify.
pub async fn notify(shop: &Shop, ask: Notify, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        Notify::Set { file, key_file, token_file } => {
            let mut ask: SetNotify = request(&file, shop.key())?;
            if key_file.is_some() {
                ask.api_key = first_line(key_file.as_deref(), "key-file")?;
            }
            if token_file.is_some() {
                ask.callback_token = first_line(token_file.as_deref(), "token-file")?;
            }
            let shown = set_notify(desk, by, ask).await?;
            out.answer(&shown, || format!("Service {}. Its calls go to {}.", shown.service_id, shown.callback_path))?;
        }
        Notify::Check => {
            let checked = check_notify(desk, by, CheckNotify { key: shop.key() }).await?;
            out.answer(&checked, || match checked.right {
                true => "Nothing is wrong.".to_owned(),
                false => checked.findings.iter().map(|one| format!("{}.", visible(one))).collect::<Vec<_>>().join("\n"),
            })?;
            if !checked.right {
                return Ok(NOT_UNDERSTOOD);
            }
        }
        Notify::Send { limit, begun_only } => {
            let showing = busy("Sending");
            let told = |at: i64, of: i64| showing.now(format!("Sending {at} of {of}"));
            let sent = send_by_notify(desk, by, SendByNotify { key: shop.key(), limit, begun_only }, &told).await?;
            drop(showing);
            out.answer(&sent, || {
                let held = sent.held_until.map(|until| format!(" The rest waits until {until}.")).unwrap_or_default();
                format!(
                    "{} sent, {} failed, {} not known, {} put off, {} withdrawn, {} to be printed or mailed here.{held}",
                    sent.sent, sent.failed, sent.unknown, sent.put_off, sent.withdrawn, sent.left_out
                )
            })?;
        }
        Notify::Ask => {
            let polled = poll_notify(desk, by).await?;
            out.answer(&polled, || format!("{} asked about, {} changed.", polled.asked, polled.changed))?;
        }
        Notify::Trust { address } => {
            let trusted = trust_email(desk, by, TrustEmail { key: shop.key(), address }).await?;
            out.answer(&trusted, || format!("{} is used again.", visible(&trusted.address)))?;
        }
        listed => lists((desk, by), listed, out).await?,
    }
    done()
}

/// What there is to see.
async fn lists((desk, by): (&Desk, &Actor), ask: Notify, out: &mut Out) -> Outcome<()> {
    match ask {
        Notify::Show => {
            let shown = notify_shown(desk, by).await?;
            out.answer(&shown, || match &shown {
                None => "GOV.UK Notify is not set up.".to_owned(),
                Some(one) => {
                    let yes = |carried: bool| if carried { "yes" } else { "no" };
                    let rows = [
                        ("address", one.base_url.clone()),
                        ("service", one.service_id.clone()),
                        ("e-mail", yes(one.carries_email).to_owned()),
                        ("post", yes(one.carries_post).to_owned()),
                        ("template", one.email_template.clone()),
                        ("postage", one.postage.clone()),
                        ("its calls go to", one.callback_path.clone()),
                    ];
                    let rows: Vec<Vec<String>> = rows.into_iter().map(|(k, v)| vec![k.to_owned(), v]).collect();
                    table(&["what", "set to"], &[], &rows)
                }
            })?;
        }
        Notify::Messages { state, limit } => {
            let all = notify_messages(desk, by, &state, limit).await?;
            out.answer(&all, || {
                let rows = all.iter().map(|one| {
                    let stands = if one.reason.is_empty() { status_name(&one.status) } else { one.reason.as_str() };
                    let kind = one.kind.clone();
                    vec![one.letter.clone(), kind, visible(&one.sent_to), one.state.clone(), visible(stands)]
                });
                table(&["letter", "by", "to", "state", "stands"], &[], &rows.collect::<Vec<_>>())
            })?;
        }
        Notify::LeftOut => {
            let all = notify_left_out(desk, by, 1_000).await?;
            out.answer(&all, || {
                let rows = all.iter().map(|one| vec![one.letter.clone(), visible(&one.sent_to), visible(&one.reasons)]);
                table(&["letter", "to", "why"], &[], &rows.collect::<Vec<_>>())
            })?;
        }
        _ => {
            let all = failed_emails_list(desk, by, 1_000).await?;
            out.answer(&all, || {
                let rows =
                    all.iter().map(|one| vec![visible(&one.address), one.from_on.to_string(), visible(&one.words)]);
                table(&["address", "since", "why"], &[], &rows.collect::<Vec<_>>())
            })?;
        }
    }
    Ok(())
}
