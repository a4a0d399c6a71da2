//! Asking for someone else's yes, inside the command that needs it.
use crate::Outcome;
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use sundry_domain::money::Pence;
use sundry_store::control::{ApprovalRow, add_approval};

/// What is to be approved.
pub(crate) struct AskForApproval {
    /// Which command is carried out on a yes.
    pub command: &'static str,
    /// What it is about: "invoice INV-000001".
    pub subject: String,
    /// In one sentence, for the person who decides.
    pub summary: String,
    /// Everything the command needs.
    pub payload: serde_json::Value,
    /// The amount a limit is held against.
    pub amount: Pence,
}

/// Asks; gives the approval's number.
pub(crate) async fn ask_for_approval(cmd: &mut Command, ask: AskForApproval) -> Outcome<String> {
    let number = format!("APP-{:06}", cmd.next_number("APP").await?);
    let row = ApprovalRow {
        id: cmd.id(),
        number: number.clone(),
        command: ask.command.into(),
        content_hash: content_hash(ask.command, &ask.subject, ask.amount, &ask.payload),
        subject: ask.subject,
        summary: ask.summary,
        payload: ask.payload,
        amount_pence: ask.amount.0,
        asked_by: cmd.by.user.0,
        asked_by_name: cmd.by.name.clone(),
        asked_on: cmd.today,
        state: "waiting".into(),
        decided_by: None,
        decided_by_name: String::new(),
        decided_on: None,
        reason: String::new(),
    };
    add_approval(&mut cmd.tx, cmd.by.org, &row, cmd.at).await?;
    let detail =
        serde_json::json!({ "command": row.command, "subject": row.subject, "amount_pence": row.amount_pence });
    cmd.tell("ApprovalAsked", format!("approval {number}"), detail);
    Ok(number)
}

/// The hash that binds a yes to exactly what was read; the same however the database orders the payload's names.
pub(crate) fn content_hash(command: &str, subject: &str, amount: Pence, payload: &serde_json::Value) -> String {
    let mut text = format!("{command}\n{subject}\n{}\n", amount.0);
    write_sorted(payload, &mut text);
    sha256_hex(text.as_bytes())
}

fn write_sorted(value: &serde_json::Value, text: &mut String) {
    match value {
        serde_json::Value::Object(map) => {
            let mut names: Vec<&String> = map.keys().collect();
            names.sort();
            text.push('{');
            for name in names {
                text.push_str(&serde_json::Value::from(name.as_str()).to_string());
                text.push(':');
                write_sorted(&map[name], text);
                text.push(',');
            }
            text.push('}');
        }
        serde_json::Value::Array(all) => {
            text.push('[');
            for one in all {
                write_sorted(one, text);
                text.push(',');
            }
            text.push(']');
        }
        plain => text.push_str(&plain.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_does_not_mind_the_order_of_names_and_minds_everything_else() {
        let hash = |text: &str, amount| {
            content_hash("credit_note", "invoice X", Pence(amount), &serde_json::from_str(text).expect("JSON"))
        };
        assert_eq!(hash(r#"{"a":1,"b":[2,{"c":"d","e":null}]}"#, 5), hash(r#"{"b":[2,{"e":null,"c":"d"}],"a":1}"#, 5));
        assert_ne!(hash(r#"{"a":1}"#, 5), hash(r#"{"a":1}"#, 6));
        assert_ne!(hash(r#"{"a":1}"#, 5), hash(r#"{"a":"1"}"#, 5));
    }
}
