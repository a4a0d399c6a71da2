//! What becomes known of a document's way, and whether it may be chased as it stands.
use crate::Outcome;
use crate::core::command::Command;
use chrono::NaiveDate;
use sundry_domain::ids::DocumentId;
use sundry_store::delivery::proof::{
    DeliveryEventRow, UndeliveredRow, add_events, add_undelivered, change_undelivered, end_undelivered,
    undelivered_of_document,
};

/// Something that became known of a document.
pub(crate) struct Known {
    pub document: DocumentId,
    pub customer: i64,
    pub letter: Option<i64>,
    pub way: &'static str,
    pub outcome: &'static str,
    pub code: String,
    pub reference: String,
    pub words: String,
    /// When; today when not said.
    pub on_day: Option<NaiveDate>,
    pub file_sha256: String,
    pub source: &'static str,
    /// Whether the document is not chased until it was sent again.
    pub stops: bool,
}

impl Known {
    /// Something of a document, to be filled in.
    pub fn of(document: DocumentId, customer: i64) -> Known {
        Known {
            document,
            customer,
            letter: None,
            way: "post",
            outcome: "",
            code: String::new(),
            reference: String::new(),
            words: String::new(),
            on_day: None,
            file_sha256: String::new(),
            source: "server",
            stops: false,
        }
    }
}

/// Records what became known: the document stands as undelivered from now on, or no longer.
pub(crate) async fn note(cmd: &mut Command, known: Known) -> Outcome<()> {
    let (org, document) = (cmd.by.org, known.document);
    let words = known.words.clone();
    let row = DeliveryEventRow {
        id: cmd.id(),
        document_id: document.0,
        customer_id: known.customer,
        letter_id: known.letter,
        way: known.way.into(),
        outcome: known.outcome.into(),
        code: known.code,
        reference: known.reference,
        words: known.words,
        on_day: known.on_day.unwrap_or(cmd.today),
        file_sha256: known.file_sha256,
        source: known.source.into(),
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    };
    add_events(&mut cmd.tx, org, vec![row]).await?;
    if !known.stops {
        let ended = format!("{} ({})", known.outcome, known.way);
        end_undelivered(&mut cmd.tx, org, document, cmd.today, &ended).await?;
        return Ok(());
    }
    let before = undelivered_of_document(&mut cmd.tx, org, document).await?;
    if before.iter().any(|row| row.ended_on.is_none()) {
        let now = (known.way, known.outcome, words.as_str());
        return Ok(change_undelivered(&mut cmd.tx, org, document, now).await?);
    }
    let row = UndeliveredRow {
        document_id: document.0,
        seq: before.first().map_or(0, |newest| newest.seq) + 1,
        customer_id: known.customer,
        way: known.way.into(),
        outcome: known.outcome.into(),
        words,
        from_on: cmd.today,
        ended_on: None,
        ended_words: String::new(),
        recorded_at: cmd.at,
    };
    Ok(add_undelivered(&mut cmd.tx, org, &row).await?)
}
