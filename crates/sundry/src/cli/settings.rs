//! `settings show`, `settings set`, `settings test-message`.
use super::out::{Out, table};
use super::people::first_line;
use super::{Shop, done};
use clap::Subcommand;
use std::collections::BTreeMap;
use sundry_desk::delivery::{SendTestMessage, send_test_message};
use sundry_desk::setup::settings::{ChangeSettings, change_settings, settings as all_settings};
use sundry_desk::{No, Outcome};
use sundry_domain::refusal::Invalid;

/// What can be done with settings.
#[derive(Debug, Subcommand)]
pub enum Settings {
    /// Show every setting; of a secret only whether it is set
    Show,
    /// Change settings, all of them or none: letters.phone="01632 960100" mail.port=587
    Set {
        /// A name and its value; an empty value takes the setting away
        #[arg(value_name = "NAME=VALUE", required_unless_present = "secret_stdin")]
        pairs: Vec<String>,
        /// A secret, such as mail.password, whose value is the first line of the standard input
        #[arg(long, value_name = "NAME")]
        secret_stdin: Option<String>,
    },
    /// Send a test message over the mail server that is set
    TestMessage {
        /// To whom
        to: String,
    },
}

/// The settings of an organisation.
pub async fn settings(shop: &Shop, ask: Settings, out: &mut Out) -> Outcome<u8> {
    match ask {
        Settings::Show => show(shop, out).await,
        Settings::Set { pairs, secret_stdin } => set(shop, &pairs, secret_stdin, out).await,
        Settings::TestMessage { to } => {
            let open = shop.open().await?;
            let said = send_test_message(&open.desk, &open.by, SendTestMessage { key: shop.key(), to }).await?;
            out.answer(&said, || format!("{}: {}", said.to, said.words))?;
            done()
        }
    }
}

async fn show(shop: &Shop, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let all = all_settings(&open.desk, &open.by).await?;
    out.answer(&all, || {
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|one| {
                let from = if one.is_set || one.value.is_empty() { "" } else { "as shipped" };
                vec![one.name.clone(), one.value.replace('\n', ", "), from.into()]
            })
            .collect();
        table(&["setting", "value", ""], &[], &rows)
    })?;
    done()
}

async fn set(shop: &Shop, pairs: &[String], secret: Option<String>, out: &mut Out) -> Outcome<u8> {
    let mut changes = BTreeMap::new();
    for pair in pairs {
        let Some((name, value)) = pair.split_once('=') else {
            let say = "Name a setting and its value, as letters.phone=01632 960100";
            return Err(No::from(Invalid::field("settings", say, pair)));
        };
        changes.insert(name.trim().to_owned(), value.replace("\\n", "\n"));
    }
    if let Some(name) = secret {
        changes.insert(name, first_line()?);
    }
    let open = shop.open().await?;
    let done_now = change_settings(&open.desk, &open.by, ChangeSettings { key: shop.key(), changes }).await?;
    out.answer(&done_now, || {
        let line = |one: &sundry_desk::setup::settings::SettingChange| {
            format!("{}: {:?} is now {:?}\n", one.name, one.before, one.after)
        };
        let said: String = done_now.changes.iter().map(line).collect();
        if said.is_empty() { "Nothing is other than it was.".to_owned() } else { said }
    })?;
    done()
}
