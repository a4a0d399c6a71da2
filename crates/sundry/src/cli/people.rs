//! `user add`, `user list`, `user disable`.
use super::out::{Out, table};
use super::{Shop, done};
use clap::Subcommand;
use serde_json::json;
use std::io::BufRead;
use sundry_desk::control::people::{
    AddUser, DisableUser, GiveApiKey, add_user, disable_user, give_api_key, made_password, users,
};
use sundry_desk::{No, Outcome};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// What can be done with people.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Add someone; a password is made up and shown once, unless one is given
    Add {
        /// Sign-in name
        sign_in_name: String,
        /// Name as others see it
        #[arg(long)]
        name: Option<String>,
        /// A role, such as cashier; give it again for another
        #[arg(long = "role", required = true, value_name = "ROLE")]
        roles: Vec<String>,
        /// Up to how many pounds they may approve
        #[arg(long, default_value = "0", value_name = "POUNDS")]
        limit: String,
        /// Read the password from the first line of the standard input
        #[arg(long)]
        password_stdin: bool,
    },
    /// List who may sign in
    List,
    /// Disable someone, and end their sessions at once
    Disable {
        /// Sign-in name
        sign_in_name: String,
    },
    /// Give a program a key to the API, with which it acts as someone; shown once
    Key {
        /// Sign-in name of whom it acts as
        sign_in_name: String,
        /// What the key is for
        #[arg(long, default_value = "API")]
        name: String,
    },
}

/// People who may sign in.
pub async fn user(shop: &Shop, ask: User, out: &mut Out) -> Outcome<u8> {
    match ask {
        User::Add { sign_in_name, name, roles, limit, password_stdin } => {
            let limit = Pence::parse(&limit)
                .filter(|pence| pence.0 >= 0)
                .ok_or_else(|| No::from(Invalid::field("limit", "Enter an amount in pounds", &limit)))?;
            let given = if password_stdin { Some(first_line()?) } else { None };
            let password = given.clone().unwrap_or_else(made_password);
            let name = name.unwrap_or_else(|| sign_in_name.clone());
            let ask = AddUser { key: shop.key(), sign_in_name, display_name: name, roles, limit, password };
            add(shop, ask, given.is_none(), out).await
        }
        User::List => list(shop, out).await,
        User::Disable { sign_in_name } => {
            let open = shop.open().await?;
            let ask = DisableUser { key: shop.key(), sign_in_name: sign_in_name.clone() };
            disable_user(&open.desk, &open.by, ask).await?;
            out.answer(&json!({ "disabled": sign_in_name }), || format!("{sign_in_name} can no longer sign in."))?;
            done()
        }
        User::Key { sign_in_name, name } => {
            let open = shop.open().await?;
            let ask = GiveApiKey { key: shop.key(), sign_in_name: sign_in_name.clone(), name };
            let secret = give_api_key(&open.desk, &open.by, ask).await?;
            let document = json!({ "sign_in_name": sign_in_name, "api_key": secret });
            out.answer(&document, || format!("The key, shown only once: {secret}"))?;
            done()
        }
    }
}

async fn add(shop: &Shop, ask: AddUser, show: bool, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    add_user(&open.desk, &open.by, ask.clone()).await?;
    let mut document = json!({ "sign_in_name": ask.sign_in_name, "roles": ask.roles, "limit_pence": ask.limit });
    if show {
        document["password"] = json!(ask.password);
    }
    out.answer(&document, || {
        let shown = if show { format!(" with the password {}, shown only once", ask.password) } else { String::new() };
        format!("{} may sign in{shown}.", ask.sign_in_name)
    })?;
    done()
}

async fn list(shop: &Shop, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let rows = users(&open.desk, &open.by).await?;
    let document: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "sign_in_name": row.sign_in_name,
                "name": row.display_name,
                "roles": row.roles.split_whitespace().collect::<Vec<_>>(),
                "limit_pence": row.limit_pence,
                "disabled": row.disabled_at.is_some(),
            })
        })
        .collect();
    out.answer(&document, || {
        let lines: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let state = if row.disabled_at.is_some() { "disabled" } else { "" };
                let limit = Pence(row.limit_pence).pounds();
                vec![row.sign_in_name.clone(), row.display_name.clone(), row.roles.clone(), limit, state.into()]
            })
            .collect();
        table(&["sign-in name", "name", "roles", "limit", ""], &[3], &lines)
    })?;
    done()
}

/// The first line of the standard input: a secret that is not to be seen in a list of processes.
pub fn first_line() -> Outcome<String> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|e| No::from(Invalid::field("password", format!("It cannot be read: {e}"), "")))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
