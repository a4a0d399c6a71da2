//! E-invoices over the Peppol network, and the rules of those who receive documents.
use super::answer::{Answer, begun, file_as, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, get, post};
use crate::web::door::Shared;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sundry_desk::customers::{ReceiverForm, ReceiverSet, ReceiverShown, SetReceiver, receiver_rules, set_receiver};
use sundry_desk::delivery::einvoice::{
    self as desk_einvoice, AnswerTaken, EinvoiceShown, EinvoicesPage, Made, SettleEinvoice, TakeAnswer,
};
use sundry_desk::jobs::ask::{AddJob, JobAdded, add_job};
use sundry_domain::control::Duty;
use sundry_store::delivery::einvoice::EinvoiceRow;
use utoipa::ToSchema;

const ROOM: &str = "Delivery";

/// The rows of e-invoices.
pub fn rows(table: Table) -> Table {
    let release: &[Duty] = &[Duty::ReleaseRuns];
    let table = table
        .add(
            get(
                "Customers",
                "/customers/{number}/receiver",
                "get_receiver_rules",
                "A customer's own rules for documents",
            )
            .gives(200, desk::<ReceiverShown>),
            rules,
        )
        .add(
            post(
                "Customers",
                "/customers/{number}/receiver",
                "set_receiver_rules",
                "Set a customer's own rules for documents, and the way these go",
            )
            .replaces()
            .needs(&[Duty::ManageCustomers])
            .takes::<ReceiverRulesSent>()
            .gives(200, desk::<ReceiverSet>),
            set_rules,
        );
    table
        .add(
            get(
                ROOM,
                "/einvoices",
                "list_einvoices",
                "E-invoices: how many stand where, and the newest or one state's",
            )
            .asks("state", Holds::Text, "Only in this state: blocked, written, delivered, refused and so on")
            .gives(200, desk::<EinvoicesPage>),
            list,
        )
        .add(
            post(ROOM, "/einvoices", "send_einvoices", "Take answers and write what waits: a job does it")
                .needs(release)
                .gives(202, desk::<JobAdded>),
            send,
        )
        .add(
            get(
                ROOM,
                "/einvoices/{number}",
                "get_einvoice",
                "Where an e-invoice stands, with what is known of its way",
            )
            .gives(200, desk::<EinvoiceShown>),
            one,
        )
        .add(
            get(
                ROOM,
                "/einvoices/{number}/preview",
                "preview_einvoice",
                "What would be sent, and what stands in the way",
            )
            .gives(200, desk::<Made>),
            preview,
        )
        .add(
            get(ROOM, "/einvoices/{number}/xml", "get_einvoice_xml", "The file as it was written for the access point")
                .gives_file(&["application/xml"]),
            xml,
        )
        .add(
            post(ROOM, "/einvoices/{number}/outcome", "settle_einvoice", "Say what became of an e-invoice")
                .needs(release)
                .takes::<EinvoiceOutcome>()
                .gives(200, desk::<EinvoiceRow>),
            settle,
        )
        .add(
            post(ROOM, "/einvoice-answers", "take_einvoice_answer", "Take a customer's answer (Invoice Response)")
                .needs(release)
                .takes_file()
                .gives(200, desk::<AnswerTaken>),
            answer,
        )
}

/// A customer's own rules.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReceiverRulesSent {
    /// The version that was read; 0 where none were kept.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub version: i64,
    /// letters, peppol or portal.
    pub way: String,
    /// Their Peppol participant id: "0088:5790000435944".
    pub participant: String,
    /// Name of their portal.
    pub portal: String,
    /// Their VAT number.
    pub vat_number: String,
    /// Whether they pay nothing without a purchase order.
    pub order_needed: bool,
    /// How orders look: # a digit, @ a letter, ? either, * anything after.
    pub order_pattern: String,
    /// Whether they pay nothing without their reference.
    pub reference_needed: bool,
    /// What they call it.
    pub reference_name: String,
    /// How it looks.
    pub reference_pattern: String,
    /// The one that goes on where none is typed.
    pub reference_usual: String,
    /// any, digits or letters_digits.
    pub number_characters: String,
    /// How long our numbers may be.
    #[schema(minimum = 1, maximum = 40)]
    pub number_longest: Option<i64>,
    /// How many days after the date of issue the day of supply may lie.
    #[schema(minimum = 0, maximum = 366)]
    pub future_days: Option<i64>,
    /// How large a PDF may be, in thousands of bytes.
    #[schema(minimum = 10, maximum = 100_000)]
    pub pdf_longest_kb: Option<i64>,
    /// Whether the PDF of an invoice carries it as data too (Factur-X, EN 16931).
    pub hybrid: bool,
}

/// What became of an e-invoice.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EinvoiceOutcome {
    /// delivered, rejected, again or withdrawn.
    pub outcome: String,
    /// How we know.
    pub words: String,
}

async fn rules(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&receiver_rules(&doors.desk, &by.0, &number).await?)
}

async fn set_rules(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<ReceiverRulesSent>,
) -> Answer {
    let rules = ReceiverForm {
        way: sent.way,
        participant: sent.participant,
        portal: sent.portal,
        vat_number: sent.vat_number,
        order_needed: sent.order_needed,
        order_pattern: sent.order_pattern,
        reference_needed: sent.reference_needed,
        reference_name: sent.reference_name,
        reference_pattern: sent.reference_pattern,
        reference_usual: sent.reference_usual,
        number_characters: sent.number_characters,
        number_longest: sent.number_longest,
        future_days: sent.future_days,
        pdf_longest_kb: sent.pdf_longest_kb,
        hybrid: sent.hybrid,
    };
    ok(&set_receiver(&doors.desk, &by.0, SetReceiver { key, number, version: sent.version, rules }).await?)
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    ok(&desk_einvoice::einvoices(&doors.desk, &by.0, &asked.text("state")).await?)
}

async fn send(State(doors): State<Shared>, by: By, Key(key): Key) -> Answer {
    let dedupe_key = format!("send_einvoices/{key}");
    let ask = AddJob { key, kind: "send_einvoices".into(), dedupe_key, request: json!({}) };
    let job = add_job(&doors.desk, &by.0, ask).await?;
    begun(&format!("jobs/{}", job.job), &job)
}

async fn one(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_einvoice::einvoice(&doors.desk, &by.0, &number).await?)
}

async fn preview(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    ok(&desk_einvoice::preview_einvoice(&doors.desk, &by.0, &number).await?)
}

async fn xml(State(doors): State<Shared>, by: By, At(number): At) -> Answer {
    file_as(&number, "xml", desk_einvoice::einvoice_xml(&doors.desk, &by.0, &number).await?)
}

async fn settle(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(sent): Sent<EinvoiceOutcome>,
) -> Answer {
    let ask = SettleEinvoice { key, number, outcome: sent.outcome, words: sent.words };
    ok(&desk_einvoice::settle_einvoice(&doors.desk, &by.0, ask).await?)
}

async fn answer(State(doors): State<Shared>, by: By, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    let ask = TakeAnswer { key, file_name, bytes };
    ok(&desk_einvoice::take_answer(&doors.desk, &by.0, ask).await?)
}
