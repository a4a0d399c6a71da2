//! What an agency arranged with a debtor: noted on the account, so that nobody agrees something else (REC-07).
use super::answers::{TakeAgencyFile, may_take, named, not_understood, note_file, refuse_again};
use super::find;
use crate::core::command::Command;
use crate::core::typed::kept;
use crate::customers::refuse_cards;
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_formats::agency::{AgencyProfile, Terms, read_arrangements};
use sundry_store::agency::{AgencyRow, PlacementRow};
use sundry_store::customers::{NoteRow, add_note};

/// What became of a file of arrangements.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArrangementsTaken {
    /// Number of the file.
    pub file: String,
    /// Arrangements made.
    pub made: i64,
    /// Arrangements that ended.
    pub ended: i64,
    /// Rows that were held, with why.
    pub held: Vec<String>,
}

/// Takes in which arrangements an agency made or ended: each is noted on its account. The debt stays with the agency.
///
/// # Errors
/// Duty; absent; a file that is not understood; `REC-07-FILE` for one that came before.
pub async fn take_arrangements(desk: &Desk, by: &Actor, ask: TakeAgencyFile) -> Outcome<ArrangementsTaken> {
    may_take(desk, by, &ask).await?;
    let rows = read_arrangements(&ask.bytes, &AgencyProfile::default()).map_err(not_understood)?;
    for method in rows.iter().filter_map(|row| row.terms.as_ref()).map(|terms| terms.method.as_str()) {
        refuse_cards(&[("payment_method", method)])?;
    }
    command!(desk, by, "take_agency_arrangements", &ask.key, &ask.asked(), |cmd| {
        let agency = find(&mut cmd.tx, cmd.by.org, &ask.agency).await?;
        refuse_again(&mut cmd.tx, cmd.by.org, &ask.asked().sha256).await?;
        let (mut made, mut ended, mut held) = (0, 0, Vec::new());
        for row in &rows {
            let place = format!("Line {}: {}", row.line, row.account_number);
            let Some(placement) = named(cmd, &agency, &row.account_number).await? else {
                held.push(format!("{place} is not placed with this agency"));
                continue;
            };
            if !matches!(placement.state.as_str(), "sent" | "with_agency") {
                held.push(format!("{place} is {} already", placement.state.replace('_', " ")));
                continue;
            }
            note(cmd, &agency, &placement, row.terms.as_ref()).await?;
            let counted = if row.terms.is_some() { &mut made } else { &mut ended };
            *counted += 1;
        }
        let file = note_file(cmd, &agency, ("answer", &ask.file_name, &ask.bytes), rows.len()).await?;
        let answer = ArrangementsTaken { file, made, ended, held };
        cmd.tell("AgencyArrangementsTaken", format!("agency file {}", answer.file), &answer);
        Ok(answer)
    })
}

/// Writes an arrangement, or its end, on the account; an end is somebody's to follow up.
async fn note(cmd: &mut Command, agency: &AgencyRow, placement: &PlacementRow, terms: Option<&Terms>) -> Outcome<()> {
    let number = &placement.number;
    let words = match terms {
        Some(terms) => {
            let method = kept(&terms.method, 40);
            let by = if method.is_empty() { String::new() } else { format!(", by {}", method.to_lowercase()) };
            let (each, often) = (Pence(terms.amount), terms.often.name());
            format!("{} arranged {each} {often} for {number} from {}{by}", agency.name, written(terms.first_on))
        }
        None => format!("{} ended its arrangement for {number}", agency.name),
    };
    let over = terms.is_none();
    let row = NoteRow {
        id: cmd.id(),
        customer_id: placement.customer_id,
        kind: "note".into(),
        on_day: cmd.today,
        outcome: String::new(),
        words: words.clone(),
        pinned: false,
        next_step: if over { "Ask the agency what comes next".into() } else { String::new() },
        next_on: over.then_some(cmd.today),
        actor_id: cmd.by.user.0,
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    add_note(&mut cmd.tx, cmd.by.org, &row).await?;
    let event = if over { "AgencyArrangementEnded" } else { "AgencyArrangementMade" };
    cmd.tell(event, format!("placement {number}"), words);
    Ok(())
}
