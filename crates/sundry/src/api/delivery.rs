//! Delivery: letters and print batches.
use super::answer::{Answer, List, begun, file_as, made, ok};
use super::sent::{Asked, At, By, Key, Sent};
use super::table::{Holds, Table, desk, desk_list, get, own, post};
use crate::web::door::Shared;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sundry_desk::delivery::{
    self as desk_delivery, BatchView, ConfirmBatch, CopiesSent, Reprint, Reprinted, SendCopies, SettleLetter, Settled,
};
use sundry_desk::jobs::ask::{AddJob, JobAdded, add_job};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_store::delivery::{BatchRow, LetterRow};
use utoipa::ToSchema;

const ROOM: &str = "Delivery";

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    let release: &[Duty] = &[Duty::ReleaseRuns];
    table
        .add(
            get(ROOM, "/letters", "list_letters", "List letters since a day, or in a state")
                .asks("since", Holds::Day, "Dated on or after; the last 30 days when neither this nor a state is said")
                .asks("state", Holds::Text, "Only in this state: ready, held, failed, unknown and so on")
                .asks("channel", Holds::OneOf(&["post", "email"]), "With a state: only by this way; post when not said")
                .asks("limit", Holds::Whole(1, 200), "At most so many rows; 100 when not said")
                .listed(desk_list::<LetterRow>),
            letters,
        )
        .add(
            get(ROOM, "/letters/{number}", "get_letter", "Read a letter: its words and what it asks for")
                .gives(200, own::<LetterAnswer>),
            letter,
        )
        .add(
            get(ROOM, "/letters/{number}/pdf", "get_letter_pdf", "The letter as it was sent")
                .gives_file(&["application/pdf"]),
            pdf,
        )
        .add(
            post(ROOM, "/letters/{number}/reprint", "reprint_letter", "Make a copy of a letter, marked as one")
                .gives(200, desk::<Reprinted>),
            reprint,
        )
        .add(
            post(ROOM, "/copies", "send_copies", "Send copies of invoices and credit notes, each marked as one")
                .takes::<Copies>()
                .gives(201, desk::<CopiesSent>),
            copies,
        )
        .add(
            post(
                ROOM,
                "/letters/{number}/outcome",
                "settle_letter",
                "Say what became of a letter whose outcome is not known",
            )
            .needs(release)
            .takes::<Outcome>()
            .gives(200, desk::<Settled>),
            settle,
        )
        .add(
            get(ROOM, "/print-batches", "list_print_batches", "List print batches").listed(desk_list::<BatchRow>),
            batches,
        )
        .add(
            post(ROOM, "/print-batches", "print_letters", "Print what waits for the post: a job does it")
                .needs(release)
                .gives(202, desk::<JobAdded>),
            print,
        )
        .add(
            get(ROOM, "/print-batches/{number}", "get_print_batch", "Read a print batch with its control totals")
                .gives(200, desk::<BatchView>),
            batch,
        )
        .add(
            post(
                ROOM,
                "/print-batches/{number}/confirmation",
                "confirm_print_batch",
                "Confirm a print batch by its control totals",
            )
            .needs(release)
            .takes::<Confirmation>()
            .gives(200, desk::<BatchView>),
            confirm,
        )
}

/// Copies to be sent.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Copies {
    /// Numbers of invoices and credit notes.
    #[schema(min_items = 1, max_items = 200)]
    pub documents: Vec<String>,
}

/// What became of a letter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// sent or failed.
    pub outcome: String,
    /// How we know.
    pub words: String,
}

/// The totals of a print batch, as the printer counted them.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Confirmation {
    /// Letters.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub letters_count: i64,
    /// Sheets.
    #[schema(minimum = 0, maximum = 1_000_000_000)]
    pub sheets_count: i64,
    /// Sum of what the letters ask for.
    pub total_pence: i64,
}

/// A letter.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetterAnswer {
    /// The letter: number, kind, day, way, state, sum.
    #[schema(value_type = Object)]
    pub head: serde_json::Value,
    /// Its words, block by block.
    #[schema(value_type = Object)]
    pub content: serde_json::Value,
}

async fn letters(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let state = asked.text("state");
    let mut rows = if state.is_empty() {
        let since = asked.day("since").unwrap_or_else(|| doors.desk.today() - chrono::Days::new(30));
        desk_delivery::letters_since(&doors.desk, &by.0, since).await?
    } else {
        let channel = if asked.text("channel") == "email" { "email" } else { "post" };
        desk_delivery::letters_in_state(&doors.desk, &by.0, &state, channel, asked.limit()).await?
    };
    rows.truncate(asked.limit() as usize);
    List::whole("Letters", rows).send(&asked, &by, doors.desk.today())
}

async fn letter(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    let shown = desk_delivery::letter(&doors.desk, &by.0, &number).await?;
    let (head, content) = (serde_json::to_value(&shown.head)?, serde_json::to_value(&shown.content)?);
    ok(&LetterAnswer { head, content })
}

async fn pdf(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    file_as(&number, "pdf", desk_delivery::letter_pdf(&doors.desk, &by.0, &number).await?)
}

async fn reprint(State(doors): State<Shared>, by: By, At(number): At, Key(key): Key) -> Answer {
    ok(&desk_delivery::reprint(&doors.desk, &by.0, Reprint { key, number }).await?)
}

async fn copies(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<Copies>) -> Answer {
    let ask = SendCopies { key, documents: new.documents };
    made("letters", &desk_delivery::send_copies(&doors.desk, &by.0, ask).await?)
}

async fn settle(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<Outcome>,
) -> Answer {
    let ask = SettleLetter { key, number, outcome: sent.outcome, words: sent.words };
    ok(&desk_delivery::settle_letter(&doors.desk, &by.0, ask).await?)
}

async fn batches(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = desk_delivery::batches(&doors.desk, &by.0).await?;
    List::whole("Print batches", rows).send(&asked, &by, doors.desk.today())
}

async fn print(State(doors): State<Shared>, by: By, Key(key): Key) -> Answer {
    let dedupe_key = format!("print_letters/{key}");
    let job = add_job(&doors.desk, &by.0, AddJob { key, kind: "print_letters".into(), dedupe_key, request: json!({}) })
        .await?;
    begun(&format!("jobs/{}", job.job), &job)
}

async fn batch(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_delivery::batch(&doors.desk, &by.0, &number).await?.0)
}

async fn confirm(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<Confirmation>,
) -> Answer {
    let ask = ConfirmBatch {
        key,
        number,
        letters_count: sent.letters_count,
        sheets_count: sent.sheets_count,
        total_pence: Pence(sent.total_pence),
    };
    ok(&desk_delivery::confirm_batch(&doors.desk, &by.0, ask).await?)
}
