//! Direct Debit: mandates, notices, runs, the bank's reports, claims.
use super::answer::{Answer, List, file, made, ok};
use super::sent::{Asked, At, By, Key, Parcel, Sent};
use super::table::{Holds, Table, desk, get, own_list, post};
use crate::web::door::Shared;
use axum::extract::State;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_desk::cash::direct_debit::{
    Agreed, AskRun, BankChangeAsked, BankChecked, ChangeMandateBank, ClaimDecided, CollectionChanged, DecideClaim,
    ImportBacsReport, ItemSettled, LoadModulusTable, MandateAct, MandateActed, MandateSetUp, MarkSent, ModulusLoaded,
    Notified, NotifyCollections, ReleaseRun, ReportsTaken, RepresentCollection, Represented, RunAsked, RunMarked,
    RunPreview, RunReleased, ServiceUserSet, SetServiceUser, SetUpMandate, SettleReportItem, WithdrawCollection,
    act_on_mandate, ask_run, bacs_reports, change_mandate_bank, check_bank, claims, collection_runs, decide_claim,
    import_bacs_report, load_modulus_table, mandate, mandates_list, mark_run_sent, notify_collections, preview_run,
    release_run, represent_collection, run_file, set_service_user, set_up_mandate, settle_report_item,
    withdraw_collection,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use utoipa::ToSchema;

const ROOM: &str = "Direct Debit";
const STATES: &[&str] =
    &["draft", "awaiting_lodgement", "lodged", "active", "suspended", "cancelled", "dormant", "rejected"];
const CASH: &[Duty] = &[Duty::PostCash];
const BANK: &[Duty] = &[Duty::ChangeBankDetails];
const SETTINGS: &[Duty] = &[Duty::ManageSettings];

/// The rows of this room.
pub fn rows(table: Table) -> Table {
    report_rows(run_rows(mandate_rows(table)))
}

fn mandate_rows(table: Table) -> Table {
    table
        .add(
            post(ROOM, "/direct-debit/service-user", "set_service_user", "Set the service user up")
                .needs(SETTINGS)
                .takes::<NewServiceUser>()
                .gives(200, desk::<ServiceUserSet>),
            service_user,
        )
        .add(
            post(ROOM, "/direct-debit/modulus-tables", "load_modulus_table", "Load the published weight table")
                .needs(SETTINGS)
                .takes::<NewTable>()
                .gives(200, desk::<ModulusLoaded>),
            load_table,
        )
        .add(
            get(ROOM, "/direct-debit/bank-check", "check_bank", "Whether an account number is possible")
                .must("sort_code", Holds::Text, "Sort code")
                .must("account", Holds::Text, "Account number")
                .gives(200, desk::<BankChecked>),
            check,
        )
        .add(
            get(ROOM, "/mandates", "list_mandates", "Mandates, newest first, fifty a page")
                .asks("state", Holds::OneOf(STATES), "Only in this state")
                .asks("page", Holds::Whole(1, 100_000), "Page, from 1")
                .listed(own_list::<MandateLine>),
            list,
        )
        .add(
            post(ROOM, "/mandates", "set_up_mandate", "Set a mandate up")
                .needs(BANK)
                .takes::<NewMandate>()
                .gives(201, desk::<MandateSetUp>),
            set_up,
        )
        .add(
            get(ROOM, "/mandates/{reference}/collections", "list_mandate_collections", "Collections under a mandate")
                .listed(own_list::<CollectionLine>),
            collections,
        )
        .add(
            post(ROOM, "/mandates/{reference}/acts", "act_on_mandate", "Sign, cancel, suspend or resume a mandate")
                .needs(BANK)
                .takes::<NewAct>()
                .gives(200, desk::<MandateActed>),
            act,
        )
        .add(
            post(ROOM, "/mandates/{reference}/bank", "change_mandate_bank", "Ask for new bank details")
                .needs(BANK)
                .takes::<NewBank>()
                .gives(200, desk::<BankChangeAsked>),
            change,
        )
}

fn run_rows(table: Table) -> Table {
    table
        .add(
            post(ROOM, "/collections/notify", "notify_collections", "Write advance notice of what is due")
                .needs(CASH)
                .takes::<DueBy>()
                .gives(200, desk::<Notified>),
            notify,
        )
        .add(
            post(ROOM, "/collections/{number}/withdraw", "withdraw_collection", "Take a notified collection back")
                .needs(CASH)
                .takes::<WhyWithdrawn>()
                .gives(200, desk::<CollectionChanged>),
            withdraw,
        )
        .add(
            post(ROOM, "/collections/{number}/represent", "represent_collection", "Present an unpaid collection again")
                .needs(CASH)
                .takes::<Again>()
                .gives(200, desk::<Represented>),
            represent,
        )
        .add(
            get(ROOM, "/collection-runs/preview", "preview_collection_run", "What a run would take, and leave out")
                .must("entry_on", Holds::Day, "The collection day")
                .gives(200, desk::<RunPreview>),
            preview,
        )
        .add(
            get(ROOM, "/collection-runs", "list_collection_runs", "Collection runs, newest first")
                .listed(own_list::<RunLine>),
            runs,
        )
        .add(
            post(ROOM, "/collection-runs", "ask_collection_run", "Ask for a run: someone else says yes")
                .needs(CASH)
                .takes::<NewCollectionRun>()
                .gives(201, desk::<RunAsked>),
            ask,
        )
        .add(
            post(ROOM, "/collection-runs/{number}/release", "release_collection_run", "Release an approved run")
                .needs(&[Duty::ReleaseDirectDebit])
                .gives(200, desk::<RunReleased>),
            release,
        )
        .add(
            get(ROOM, "/collection-runs/{number}/file", "get_collection_file", "The file of a run")
                .needs(&[Duty::PostCash, Duty::ReleaseDirectDebit])
                .gives_file(&["text/plain"]),
            bytes,
        )
        .add(
            post(ROOM, "/collection-runs/{number}/sent", "mark_collection_run_sent", "The file was given to the bank")
                .needs(CASH)
                .takes::<SentFile>()
                .gives(200, desk::<RunMarked>),
            sent,
        )
}

fn report_rows(table: Table) -> Table {
    table
        .add(
            post(ROOM, "/bacs-reports", "import_bacs_report", "Take a report of the bank in: ARUDD, ADDACS and so on")
                .needs(&[Duty::ImportFiles])
                .takes_file()
                .gives(200, desk::<ReportsTaken>),
            report,
        )
        .add(
            get(ROOM, "/bacs-reports", "list_bacs_reports", "Reports, newest first").listed(own_list::<ReportLine>),
            reports,
        )
        .add(
            post(ROOM, "/bacs-reports/settle", "settle_report_item", "Say what was done about a held item")
                .needs(CASH)
                .takes::<Settled>()
                .gives(200, desk::<ItemSettled>),
            settle,
        )
        .add(
            get(ROOM, "/indemnity-claims", "list_claims", "Indemnity claims, those to be challenged first at the top")
                .listed(own_list::<ClaimLine>),
            claim_list,
        )
        .add(
            post(ROOM, "/indemnity-claims/{number}/decision", "decide_claim", "Accept or challenge a claim")
                .needs(&[Duty::WorkCases])
                .takes::<ClaimDecision>()
                .gives(200, desk::<ClaimDecided>),
            decide,
        )
}

macro_rules! bodies {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field:meta])* $key:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field])* pub $key: $type,)* }
    )*};
}

bodies! {
    /// The service user.
    NewServiceUser {
        /// Six digits.
        sun: String,
        /// The name on customers' statements, at most 18.
        name: String,
        /// The collecting account's name, at most 18.
        account_name: String,
        /// Its sort code; left out, it stays as it is.
        #[serde(default)]
        sort_code: String,
        /// Its number; left out, it stays as it is.
        #[serde(default)]
        account: String,
        /// Working days' advance notice, 1 to 10.
        #[serde(default)]
        notice_days: Option<i64>,
        /// Where the bank agreed to fewer than 10.
        #[serde(default)]
        notice_agreement: String,
        /// Working days from the 0N to the first collection.
        #[serde(default)]
        first_lead_days: Option<i64>,
        /// The Guarantee word for word.
        guarantee: String,
    }
    /// The weight table.
    NewTable {
        /// As its publisher calls it.
        version: String,
        /// The day it counts from.
        effective_on: NaiveDate,
        /// The file of weights.
        weights: String,
        /// The file of substitutions.
        #[serde(default)]
        substitutes: String,
    }
    /// A mandate.
    NewMandate {
        /// Customer number.
        customer: String,
        /// paper, telephone, web or face_to_face.
        route: String,
        /// Account holder; left out, the customer.
        #[serde(default)]
        payer_name: String,
        /// Where the payer's letters go, if the payer is not the customer.
        #[serde(default)]
        payer_address1: String,
        /// Town.
        #[serde(default)]
        payer_town: String,
        /// Postcode.
        #[serde(default)]
        payer_postcode: String,
        /// E-mail.
        #[serde(default)]
        payer_email: String,
        /// Sort code.
        sort_code: String,
        /// Account number.
        account: String,
        /// Our reference; one is made when left out.
        #[serde(default)]
        reference: String,
        /// The day of the authority; left out while a paper form is out.
        #[serde(default)]
        signed_on: Option<NaiveDate>,
        /// Where the form or the record is kept.
        #[serde(default)]
        evidence: String,
        /// The payer alone can authorise payments.
        #[serde(default)]
        sole_authority: bool,
        /// The cancelled mandate it stands in for.
        #[serde(default)]
        replaces: String,
    }
    /// An act on a mandate.
    NewAct {
        /// sign, cancel, suspend or resume.
        act: String,
        /// Why; for a signature, where the form is kept.
        words: String,
        /// The day the form was signed.
        #[serde(default)]
        signed_on: Option<NaiveDate>,
    }
    /// New bank details.
    NewBank {
        /// Sort code.
        sort_code: String,
        /// Account number.
        account: String,
        /// How you know.
        evidence: String,
    }
    /// A day.
    DueBy {
        /// Debits due up to this day.
        due_by: NaiveDate,
    }
    /// Why.
    WhyWithdrawn {
        /// Why it is taken back.
        reason: String,
    }
    /// A collection presented again.
    Again {
        /// The day.
        entry_on: NaiveDate,
        /// Exactly what came back.
        amount_pence: i64,
    }
    /// A run.
    NewCollectionRun {
        /// The collection day.
        entry_on: NaiveDate,
        /// The hash of the preview that was read.
        #[serde(default)]
        content_hash: String,
    }
    /// A file that was sent.
    SentFile {
        /// Its hash, at least eight characters of it.
        file_sha256: String,
    }
    /// A held item.
    Settled {
        /// Its key.
        item: String,
        /// What was done.
        words: String,
    }
    /// A decision on a claim.
    ClaimDecision {
        /// accepted or challenged.
        decision: String,
        /// Why, and what was said to the payer.
        words: String,
    }
}

macro_rules! lines {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field:meta])* $key:ident: $type:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Serialize, ToSchema)]
        pub struct $name { $($(#[$field])* pub $key: $type,)* }
    )*};
}

lines! {
    /// A mandate in a list.
    MandateLine {
        /// Reference.
        reference: String,
        /// Customer number.
        customer_number: String,
        /// Account holder.
        payer_name: String,
        /// Last digits of the account.
        account_ending: String,
        /// Where it stands.
        state: String,
        /// Why.
        state_reason: String,
        /// Since when.
        state_on: NaiveDate,
        /// Last collected from.
        last_collected_on: Option<NaiveDate>,
    }
    /// A collection in a list.
    CollectionLine {
        /// Number.
        number: String,
        /// The day notified.
        notified_for: NaiveDate,
        /// How much.
        amount_pence: i64,
        /// 01, 17, 18 or 19.
        code: String,
        /// Where it stands.
        state: String,
        /// Why it came back.
        reason: String,
        /// When it was taken.
        entry_on: Option<NaiveDate>,
    }
    /// A run in a list.
    RunLine {
        /// Number.
        number: String,
        /// The collection day.
        entry_on: NaiveDate,
        /// Where it stands.
        state: String,
        /// Collections.
        collections: i64,
        /// Their sum.
        total_pence: i64,
        /// Instructions.
        instructions: i64,
        /// Hash of its file.
        file_sha256: String,
        /// Seen on the bank statement.
        banked_pence: i64,
    }
    /// A report in a list.
    ReportLine {
        /// Its id.
        report: i64,
        /// Which.
        kind: String,
        /// The day it is of.
        report_on: Option<NaiveDate>,
        /// Items.
        items: i64,
        /// Waiting for a person.
        held: i64,
        /// Where it stands.
        state: String,
    }
    /// A claim in a list.
    ClaimLine {
        /// Number.
        number: String,
        /// How much.
        amount_pence: i64,
        /// 1 to 8.
        reason_code: String,
        /// The last day to challenge.
        challenge_by: NaiveDate,
        /// Where it stands.
        state: String,
    }
}

async fn service_user(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewServiceUser>) -> Answer {
    let usual = Agreed::default();
    let agreed = Agreed {
        notice_days: new.notice_days.unwrap_or(usual.notice_days),
        first_lead_days: new.first_lead_days.unwrap_or(usual.first_lead_days),
        notice_agreement: new.notice_agreement,
        guarantee: new.guarantee,
        ..usual
    };
    let (sort_code, account) = (new.sort_code, new.account);
    let ask = SetServiceUser {
        key,
        sun: new.sun,
        name: new.name,
        account_name: new.account_name,
        sort_code,
        account,
        agreed,
    };
    ok(&set_service_user(&doors.desk, &by.0, ask).await?)
}

async fn load_table(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewTable>) -> Answer {
    let (version, effective_on) = (new.version, new.effective_on);
    let ask = LoadModulusTable { key, version, effective_on, weights: new.weights, substitutes: new.substitutes };
    ok(&load_modulus_table(&doors.desk, &by.0, ask).await?)
}

async fn check(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    ok(&check_bank(&doors.desk, &by.0, &asked.text("sort_code"), &asked.text("account")).await?)
}

async fn list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let page = asked.whole("page").unwrap_or(1);
    let rows = mandates_list(&doors.desk, &by.0, &asked.text("state"), page).await?.into_iter();
    let rows = rows.map(|m| MandateLine {
        reference: m.reference,
        customer_number: m.customer_number,
        payer_name: m.payer_name,
        account_ending: m.shown,
        state: m.state,
        state_reason: m.state_reason,
        state_on: m.state_on,
        last_collected_on: m.last_collected_on,
    });
    List::whole("Mandates", rows.collect()).send(&asked, &by, doors.desk.today())
}

async fn set_up(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewMandate>) -> Answer {
    let ask = SetUpMandate {
        key,
        customer: new.customer,
        route: new.route,
        payer_name: new.payer_name,
        payer_address1: new.payer_address1,
        payer_address2: String::new(),
        payer_town: new.payer_town,
        payer_postcode: new.payer_postcode,
        payer_email: new.payer_email,
        sort_code: new.sort_code,
        account: new.account,
        reference: new.reference,
        signed_on: new.signed_on,
        evidence: new.evidence,
        sole_authority: new.sole_authority,
        replaces: new.replaces,
    };
    let made_up = set_up_mandate(&doors.desk, &by.0, ask).await?;
    made(
        &format!(
            "mandates/{}/collections",
            made_up.reference.replace('/', "%2F").replace(' ', "%20").replace('&', "%26")
        ),
        &made_up,
    )
}

async fn collections(State(doors): State<Shared>, by: By, At(reference): At, asked: Asked) -> Answer {
    let rows = mandate(&doors.desk, &by.0, &reference).await?.collections.into_iter();
    let rows = rows.map(|c| CollectionLine {
        number: c.number,
        notified_for: c.notified_for,
        amount_pence: c.amount_pence,
        code: c.code,
        state: c.state,
        reason: c.reason,
        entry_on: c.entry_on,
    });
    List::whole("Collections", rows.collect()).send(&asked, &by, doors.desk.today())
}

async fn act(State(doors): State<Shared>, by: By, At(reference): At, Key(key): Key, Sent(new): Sent<NewAct>) -> Answer {
    let ask = MandateAct { key, reference, act: new.act, signed_on: new.signed_on, words: new.words };
    ok(&act_on_mandate(&doors.desk, &by.0, ask).await?)
}

async fn change(
    State(doors): State<Shared>,
    by: By,
    At(reference): At,
    Key(key): Key,
    Sent(new): Sent<NewBank>,
) -> Answer {
    let ask =
        ChangeMandateBank { key, reference, sort_code: new.sort_code, account: new.account, evidence: new.evidence };
    ok(&change_mandate_bank(&doors.desk, &by.0, ask).await?)
}

async fn notify(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<DueBy>) -> Answer {
    ok(&notify_collections(&doors.desk, &by.0, NotifyCollections { key, due_by: new.due_by }).await?)
}

async fn withdraw(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(why): Sent<WhyWithdrawn>,
) -> Answer {
    ok(&withdraw_collection(&doors.desk, &by.0, WithdrawCollection { key, number, reason: why.reason }).await?)
}

async fn represent(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<Again>,
) -> Answer {
    let ask = RepresentCollection { key, number, entry_on: new.entry_on, amount: Pence(new.amount_pence) };
    ok(&represent_collection(&doors.desk, &by.0, ask).await?)
}

async fn preview(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let day = asked.day("entry_on").unwrap_or_else(|| doors.desk.today());
    ok(&preview_run(&doors.desk, &by.0, day).await?)
}

async fn runs(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = collection_runs(&doors.desk, &by.0).await?.into_iter();
    let rows = rows.map(|r| RunLine {
        number: r.number,
        entry_on: r.entry_on,
        state: r.state,
        collections: r.collections_count,
        total_pence: r.collections_pence,
        instructions: r.instructions_count,
        file_sha256: r.file_sha256,
        banked_pence: r.banked_pence,
    });
    List::whole("Collection runs", rows.collect()).send(&asked, &by, doors.desk.today())
}

async fn ask(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<NewCollectionRun>) -> Answer {
    let ask = AskRun { key, entry_on: new.entry_on, content_hash: new.content_hash };
    made("collection-runs", &ask_run(&doors.desk, &by.0, ask).await?)
}

async fn release(State(doors): State<Shared>, by: By, At(run): At, Key(_): Key) -> Answer {
    ok(&release_run(&doors.desk, &by.0, ReleaseRun { run }, &|_, _| {}).await?)
}

async fn bytes(State(doors): State<Shared>, by: By, At(run): At) -> Answer {
    let (name, bytes) = run_file(&doors.desk, &by.0, &run).await?;
    file(&name, "text/plain; charset=us-ascii", bytes)
}

async fn sent(State(doors): State<Shared>, by: By, At(run): At, Key(key): Key, Sent(new): Sent<SentFile>) -> Answer {
    ok(&mark_run_sent(&doors.desk, &by.0, MarkSent { key, run, file_sha256: new.file_sha256 }).await?)
}

async fn report(State(doors): State<Shared>, by: By, Key(key): Key, parcel: Parcel) -> Answer {
    let (file_name, bytes) = parcel.file;
    ok(&import_bacs_report(&doors.desk, &by.0, ImportBacsReport { key, file_name, bytes }).await?)
}

async fn reports(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = bacs_reports(&doors.desk, &by.0).await?.into_iter();
    let rows = rows.map(|r| ReportLine {
        report: r.id,
        kind: r.kind,
        report_on: r.report_on,
        items: r.items_count,
        held: r.held_count,
        state: r.state,
    });
    List::whole("Bacs reports", rows.collect()).send(&asked, &by, doors.desk.today())
}

async fn settle(State(doors): State<Shared>, by: By, Key(key): Key, Sent(new): Sent<Settled>) -> Answer {
    ok(&settle_report_item(&doors.desk, &by.0, SettleReportItem { key, item: new.item, words: new.words }).await?)
}

async fn claim_list(State(doors): State<Shared>, by: By, asked: Asked) -> Answer {
    let rows = claims(&doors.desk, &by.0, "").await?.into_iter();
    let rows = rows.map(|c| ClaimLine {
        number: c.number,
        amount_pence: c.amount_pence,
        reason_code: c.reason_code,
        challenge_by: c.challenge_by,
        state: c.state,
    });
    List::whole("Indemnity claims", rows.collect()).send(&asked, &by, doors.desk.today())
}

async fn decide(
    State(doors): State<Shared>,
    by: By,
    At(number): At,
    Key(key): Key,
    Sent(new): Sent<ClaimDecision>,
) -> Answer {
    let ask = DecideClaim { key, number, decision: new.decision, words: new.words };
    ok(&decide_claim(&doors.desk, &by.0, ask).await?)
}
