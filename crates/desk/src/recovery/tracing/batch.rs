//! Searches that go to a tracing agency as a file, and its answer.
use super::ask::{answer_by, is_marked, wrong_cost};
use super::found::{Finding, write};
use crate::core::typed::{all_right, kept, lines_wrong};
use crate::customers::keep_file;
use crate::recovery::agencies::{names, not_understood};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use sundry_domain::control::Duty;
use sundry_domain::customers::normalise_name;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::recovery::agency_refusals::{AGENCY_FILE, NOTHING_TO_PLACE};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_formats::trace::{Purpose, TraceRequest, TraceResult, house, read_results, write_trace};
use sundry_store::Tx;
use sundry_store::customers::merge::proofs_of_identity;
use sundry_store::customers::{addresses_of, customer};
use sundry_store::trace::{self as store, TraceRow};

/// Most searches in one file.
const MOST: i64 = 5_000;

/// Sends every search that waits for the bureau.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendTraces {
    /// Idempotency key.
    pub key: String,
    /// The bureau's short name, for the file's name.
    pub bureau: String,
}

/// The file for the bureau.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TracesSent {
    /// Name of the file.
    pub file_name: String,
    /// Hash of its bytes.
    pub file_sha256: String,
    /// Searches in it.
    pub searches: Vec<String>,
    /// Searches that were refused before sending.
    pub refused: Vec<String>,
}

/// Writes the file of searches that wait for a tracing agency. Someone marked since is taken out before it goes.
///
/// # Errors
/// Duty; fields; `REC-07-NOTHING` when none waits.
pub async fn send_traces(desk: &Desk, by: &Actor, ask: SendTraces) -> Outcome<TracesSent> {
    by.must_hold(Duty::WorkCases)?;
    let bureau = ask.bureau.trim().to_lowercase();
    if bureau.is_empty() || bureau.len() > 20 || !bureau.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(Invalid::field("bureau", "Enter up to 20 letters and digits", &ask.bureau).into());
    }
    command!(desk, by, "send_traces", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let waiting = store::traces_in_state(&mut cmd.tx, org, "asked", MOST).await?;
        let waiting: Vec<TraceRow> = waiting.into_iter().filter(|row| row.source == "bureau").collect();
        let (mut rows, mut sent, mut refused) = (Vec::new(), Vec::new(), Vec::new());
        for mut row in waiting {
            if is_marked(&mut cmd.tx, org, row.customer_id).await? {
                (row.state, row.next_step) = ("cancelled".into(), "Ask the safeguarding lead".into());
                row.words = "Refused before sending: this person may not be traced".into();
                store::change_trace(&mut cmd.tx, org, &row).await?;
                refused.push(row.number);
                continue;
            }
            rows.push(request(&mut cmd.tx, org, &row).await?);
            sent.push(row);
        }
        if rows.is_empty() {
            return Err(NOTHING_TO_PLACE.because("No search waits for a tracing agency").into());
        }
        let seq = cmd.next_number("TRF").await?;
        let batch = write_trace(&bureau, today, u32::try_from(seq).unwrap_or(u32::MAX), &rows);
        let batch = batch.map_err(not_understood)?;
        let file_sha256 = keep_file(cmd, &batch.name, &batch.bytes).await?;
        let file_name = batch.name;
        let mut searches = Vec::new();
        // Their time runs from today, however long the search waited here.
        let due = answer_by(cmd).await?;
        for mut row in sent {
            (row.state, row.file_number, row.answer_by) = ("sent".into(), file_name.clone(), due);
            row.next_step = "Wait for the tracing agency".into();
            store::change_trace(&mut cmd.tx, org, &row).await?;
            searches.push(row.number);
        }
        let answer = TracesSent { file_name, file_sha256, searches, refused };
        cmd.tell("TracesSent", format!("file {}", answer.file_sha256), &answer);
        Ok(answer)
    })
}

/// The date of birth on file, where no second one differs from it.
async fn born_on(tx: &mut Tx, org: OrgId, customer: i64) -> Outcome<Option<NaiveDate>> {
    let proofs = proofs_of_identity(tx, org, CustomerId(customer)).await?;
    let born = proofs.iter().filter(|(kind, _)| kind == "date_of_birth");
    let days: BTreeSet<NaiveDate> = born.filter_map(|(_, day)| day.trim().parse().ok()).collect();
    Ok(days.first().copied().filter(|_| days.len() == 1))
}

/// The row of a search: the person, the address we have, the postcode before it.
async fn request(tx: &mut Tx, org: OrgId, row: &TraceRow) -> Outcome<TraceRequest> {
    let who = customer(tx, org, CustomerId(row.customer_id)).await?;
    let who = who.ok_or_else(|| Fault::new("a search names a customer who is not there"))?;
    let purpose = Purpose::parse(&row.purpose).ok_or_else(|| Fault::new("a search has a purpose no bureau knows"))?;
    let before = addresses_of(tx, org, CustomerId(who.id)).await?;
    let last_word = |address: &str| address.rsplit(", ").next().unwrap_or_default().to_owned();
    let (forename, surname) = names(&who.name);
    let (house_number, street) = house(&who.address1);
    Ok(TraceRequest {
        request_id: row.request_id.clone(),
        case_ref: row.number.clone(),
        purpose,
        legal_ground: row.lawful_basis.clone(),
        title: String::new(),
        forename,
        middle: String::new(),
        surname,
        born_on: born_on(tx, org, who.id).await?,
        flat: String::new(),
        house_name: String::new(),
        house_number: house_number.to_owned(),
        street: street.to_owned(),
        town: who.town.clone(),
        postcode: who.postcode.clone(),
        previous_postcode: before.get(1).map(|old| last_word(&old.address)).unwrap_or_default(),
        do_not_trace: false,
    })
}

/// Brings in a bureau's answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TakeTraces {
    /// Idempotency key.
    pub key: String,
    /// Name of the file.
    pub file_name: String,
    /// What each answered search cost, in pence.
    #[serde(default)]
    pub cost_each_pence: i64,
    /// Its bytes.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// What became of a bureau's answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TracesTaken {
    /// Searches that were answered.
    pub answered: Vec<String>,
    /// Rows that answer nothing we asked: held, and not shown.
    pub held: i64,
    /// Rows whose search was over.
    pub late: i64,
    /// The day.
    pub on: NaiveDate,
}

/// Takes in a bureau's answer. A row for a request we did not make may be somebody else's data: it is counted, not kept.
///
/// # Errors
/// Duty; a file that is not understood.
pub async fn take_traces(desk: &Desk, by: &Actor, ask: TakeTraces) -> Outcome<TracesTaken> {
    by.must_hold(Duty::WorkCases)?;
    let mut wrong = lines_wrong(&[("file_name", &ask.file_name)], 255);
    wrong.extend(wrong_cost("cost_each_pence", ask.cost_each_pence));
    all_right(wrong)?;
    crate::customers::refuse_cards_in_file(&ask.bytes)?;
    let asked = (&ask.file_name, crate::core::vault::sha256_hex(&ask.bytes), ask.cost_each_pence);
    command!(desk, by, "take_traces", &ask.key, &asked, |cmd| {
        let org = cmd.by.org;
        let known = store::requests_of_bureaux(&mut cmd.tx, org).await?;
        let known: BTreeSet<String> = known.into_iter().map(|(request,)| request).collect();
        let read = read_results(&ask.bytes, &known).map_err(not_understood)?;
        all_right(read.results.iter().flat_map(wrong_address).collect())?;
        if read.results.is_empty() && read.held.is_empty() {
            return Err(AGENCY_FILE.because("The file has no rows").into());
        }
        let (mut answered, held, mut late) = (Vec::new(), read.held.len() as i64, 0);
        for found in &read.results {
            let row = store::trace_requested(&mut cmd.tx, org, &found.request_id).await?;
            let row = row.ok_or_else(|| Fault::new("a search that was asked for is gone"))?;
            if !matches!(row.state.as_str(), "sent" | "no_answer") {
                late += 1;
                continue;
            }
            let who = customer(&mut cmd.tx, org, CustomerId(row.customer_id)).await?;
            let who = who.ok_or_else(|| Fault::new("a search names a customer who is not there"))?;
            let born = born_on(&mut cmd.tx, org, who.id).await?;
            let finding = finding(found, (&who.name, born), ask.cost_each_pence);
            answered.push(write(cmd, row, &finding, found.confidence).await?.number);
        }
        let answer = TracesTaken { answered, held, late, on: cmd.today };
        let told =
            serde_json::json!({ "file": ask.file_name, "answered": answer.answered.len(), "held": held, "late": late });
        cmd.tell("TracesTaken", format!("day {}", cmd.today), told);
        Ok(answer)
    })
}

/// What is wrong with an address that a bureau found: nobody lives at so long a one, and part of it is another.
fn wrong_address(found: &TraceResult) -> Vec<Invalid> {
    let (address1, address2) = found.found.lines();
    let mut wrong = lines_wrong(&[("file", &address1), ("file", &address2), ("file", &found.found.town)], 200);
    wrong.extend(lines_wrong(&[("file", &found.found.postcode)], 20));
    wrong.into_iter().map(|one| Invalid { row: Some(found.line as u64), ..one }).collect()
}

/// What a bureau found, as it is recorded.
fn finding(found: &TraceResult, (asked, born): (&str, Option<NaiveDate>), cost_pence: i64) -> Finding {
    let (forename, surname) = names(asked);
    let agrees = born.zip(found.born_on).map(|(ours, theirs)| ours == theirs);
    let came = normalise_name(&format!("{} {}", found.forename, found.surname));
    let sources = i64::try_from(found.found.source_count()).unwrap_or(i64::MAX);
    let (address1, address2) = found.found.lines();
    let mut words = vec![kept(&found.note, 800)];
    words.extend(found.died_on.map(|day| format!("Died on {}", written(day))));
    if let Some((kind, day)) = &found.insolvency {
        let since = day.map_or_else(String::new, |day| format!(" since {}", written(day)));
        words.push(format!("Insolvent: {}{since}", kept(kind, 100)));
    }
    words.retain(|one| !one.trim().is_empty());
    Finding {
        result: found.code.code().into(),
        name_agrees: normalise_name(&format!("{forename} {surname}")) == came,
        birth_agrees: agrees == Some(true),
        // A bureau links from the address we sent; somebody born on another day is somebody else.
        linked_address: sources >= 2 && agrees != Some(false),
        sources,
        last_seen_on: found.found.last_seen_on,
        address1,
        address2,
        town: found.found.town.clone(),
        postcode: found.found.postcode.to_uppercase(),
        words: words.join(". "),
        cost_pence,
    }
}

/// The file of searches with a hash: name and bytes.
///
/// # Errors
/// Duty; absent when no search went out in it.
pub async fn trace_file(desk: &Desk, by: &Actor, sha256: &str) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::WorkCases)?;
    let mut look = desk.look().await?;
    let kept = sundry_store::control::kept_file(&mut look, by.org, sha256).await?;
    let kept = kept.filter(|row| row.name.starts_with("trace_")).ok_or_else(|| No::Absent("file".into()))?;
    Ok((kept.name, desk.files().get(by.org.0, sha256)?))
}
