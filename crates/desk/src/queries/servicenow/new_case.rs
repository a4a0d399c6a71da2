//! A case that asks us for something: a query, requests for invoices, or work for a person, by the rules.
use super::files::Fetched;
use super::sheets::Brought;
use super::sync::{Run, Went};
use crate::core::command::Command;
use crate::core::evidence::note;
use crate::queries::mail::for_a_person;
use crate::queries::raise::{RaiseQuery, raise};
use crate::{Fault, Outcome, command};
use std::collections::BTreeMap;
use sundry_domain::control::mask_card_numbers;
use sundry_domain::customers::normalise_reference;
use sundry_domain::money::Pence;
use sundry_domain::queries::servicenow::{CaseNames, CasePlaced, CaseState, RequestType, TypeMeans, place_case};
use sundry_domain::queries::{Source, number_words};
use sundry_formats::servicenow::TheirCase;
use sundry_store::control::{KeptFileRow, add_kept_file};
use sundry_store::queries as query_rows;
use sundry_store::queries::mail_facts::{numbers_named, open_queries_about};
use sundry_store::queries::servicenow::{self as rows, ServiceNowCaseRow, ServiceNowFileRow};
use sundry_store::queries::servicenow_setting::ServiceNowSettingRow;

/// The longest text of a query, in characters.
const LONGEST: usize = 4_000;

/// What is known of a case before its transaction.
struct Given<'a> {
    case: &'a TheirCase,
    before: Option<&'a ServiceNowCaseRow>,
    means: Option<&'a TypeMeans>,
    files: &'a [Fetched],
    brought: &'a Brought,
    set: &'a ServiceNowSettingRow,
}

impl Run<'_> {
    /// Places a case that is new, or that waits and has changed.
    pub(super) async fn place(&mut self, before: Option<ServiceNowCaseRow>, case: TheirCase) -> Went<()> {
        let org = self.by.org;
        let known = match &before {
            Some(row) => rows::files_of(&mut self.desk.look().await?, org, row.id).await?,
            None => Vec::new(),
        };
        let files = self.fetch_files(&case, &known).await?;
        let category = case.fields.get(&self.row.category_field).cloned().unwrap_or_default();
        let means = self.types.iter().find(|one| one.there == category).cloned();
        let brought = match &means {
            Some(one) if one.means == RequestType::RaiseInvoice => self.bring(&case, &files).await?,
            _ => Brought::Nothing,
        };
        let given = Given {
            case: &case,
            before: before.as_ref(),
            means: means.as_ref(),
            files: &files,
            brought: &brought,
            set: &self.row,
        };
        let at = case.updated_at.map(|at| at.timestamp()).unwrap_or_default();
        // Their id is no part of the request: its digits can look like a card number.
        let key = format!("servicenow/{}/{at}/{}", case.sys_id, case.state);
        command!(self.desk, self.by, "take_servicenow_case", &key, &(&case.number, at, &case.state), |cmd| {
            taken(cmd, &given).await
        })?;
        Ok(())
    }
}

async fn taken(cmd: &mut Command, given: &Given<'_>) -> Outcome<()> {
    let org = cmd.by.org;
    let mut row = row_of(cmd, given).await?;
    let reasons = decide(cmd, &mut row, given).await?;
    row.reasons = serde_json::to_value(&reasons)?;
    if given.before.is_some() {
        if !rows::change_case(&mut cmd.tx, org, &row).await? {
            return Err(Fault::new(format!("{} was changed meanwhile", row.number)).into());
        }
    } else if !rows::add_case(&mut cmd.tx, org, &row).await? {
        return Err(Fault::new(format!("{} was taken meanwhile", row.their_number)).into());
    }
    for file in given.files {
        if let Some(kept) = &file.kept {
            add_kept_file(&mut cmd.tx, org, kept, cmd.at).await?;
        }
        rows::add_file(&mut cmd.tx, org, &ServiceNowFileRow { case_id: row.id, ..file.row.clone() }).await?;
    }
    if let Brought::Taken(numbers) = given.brought {
        for number in numbers {
            rows::add_request(&mut cmd.tx, org, row.id, number).await?;
        }
    }
    let detail = serde_json::json!({ "case": row.their_number, "state": row.state, "reasons": reasons });
    cmd.tell("ServiceNowCaseTaken", format!("service desk case {}", row.number), detail);
    Ok(())
}

async fn row_of(cmd: &mut Command, given: &Given<'_>) -> Outcome<ServiceNowCaseRow> {
    let case = given.case;
    let request_type = given.means.map(|one| one.means.as_str().to_owned()).unwrap_or_default();
    let short = |text: &str, most: usize| mask_card_numbers(text).chars().take(most).collect::<String>();
    let (subject, words) = (short(&case.short_description, 160), short(&case.description, LONGEST));
    if let Some(before) = given.before {
        return Ok(ServiceNowCaseRow {
            request_type,
            subject,
            words,
            their_state: case.state.clone(),
            updated_at: case.updated_at,
            checked_at: Some(cmd.at),
            removed_there: false,
            ..before.clone()
        });
    }
    Ok(ServiceNowCaseRow {
        id: cmd.id(),
        number: format!("SNC-{:06}", cmd.next_number("SNC").await?),
        sys_id: case.sys_id.clone(),
        their_number: case.number.clone(),
        // Theirs is known by its own id; this only keeps the column's promise.
        correlation_id: format!("theirs:{}", case.sys_id),
        ours: false,
        request_type,
        subject,
        words,
        their_state: case.state.clone(),
        sent_state: String::new(),
        updated_at: case.updated_at,
        removed_there: false,
        state: CaseState::Waiting.as_str().into(),
        reasons: serde_json::Value::Null,
        query_id: None,
        told: String::new(),
        telling: String::new(),
        tell_now: String::new(),
        query_version: 0,
        tries: 0,
        error: String::new(),
        answer_by: None,
        owner: given.set.query_owner.clone(),
        decided_by_name: String::new(),
        checked_at: Some(cmd.at),
        came_on: cmd.today,
        recorded_at: cmd.at,
        version: 1,
    })
}

/// Does what the rules say; where the books refuse it, a person decides.
async fn decide(cmd: &mut Command, row: &mut ServiceNowCaseRow, given: &Given<'_>) -> Outcome<Vec<String>> {
    let was_sent_back = row.state == CaseState::SentBack.as_str();
    row.state = CaseState::Waiting.as_str().into();
    match given.brought {
        Brought::Person(why) => return Ok(vec![why.clone()]),
        Brought::SentBack(faults) => {
            row.state = CaseState::SentBack.as_str().into();
            row.tell_now = format!("on_hold\nThe sheet cannot be taken:\n{}", faults.join("\n"));
            return Ok(faults.clone());
        }
        Brought::Taken(numbers) => {
            row.state = CaseState::Requests.as_str().into();
            if let Some(first) = numbers.first() {
                keep_files(cmd, given.files, &format!("request {first}"), &row.their_number).await?;
            }
            return Ok(vec![format!("Its sheet asks for invoices: {}", numbers.join(", "))]);
        }
        Brought::Nothing if was_sent_back => {
            row.state = CaseState::SentBack.as_str().into();
            return Ok(vec!["No sheet that is put right has come yet".into()]);
        }
        Brought::Nothing => {}
    }
    let names = names(cmd, given).await?;
    match place_case(given.means, &names, false) {
        CasePlaced::Query { account, item, category } => query(cmd, row, given, (account, item, category)).await,
        CasePlaced::Requests => Ok(vec!["It asks for an invoice and no sheet came with it".into()]),
        CasePlaced::Person(why) => Ok(vec![why]),
    }
}

async fn query(
    cmd: &mut Command,
    row: &mut ServiceNowCaseRow,
    given: &Given<'_>,
    (customer, item, category): (String, Option<String>, String),
) -> Outcome<Vec<String>> {
    let org = cmd.by.org;
    if let Some(item) = &item {
        let open = open_queries_about(&mut cmd.tx, org, std::slice::from_ref(item)).await?;
        if let Some((_, number)) = open.into_iter().next() {
            return joined(cmd, row, given.files, &number).await;
        }
    }
    let typed = given.case.fields.get(&given.set.amount_field).map(|text| text.trim()).unwrap_or_default();
    let disputed = match (typed, given.set.amount_field.as_str()) {
        ("", _) | (_, "") => None,
        (typed, field) => match Pence::parse(typed) {
            Some(amount) => Some(amount),
            None => return Ok(vec![format!("Its field {field} holds no amount")]),
        },
    };
    let about = item.clone().unwrap_or_else(|| customer.clone());
    let ask = RaiseQuery {
        customer,
        item: item.unwrap_or_default(),
        category,
        disputed,
        words: words(row),
        owner: given.set.query_owner.clone(),
        ..RaiseQuery::default()
    };
    match raise(cmd, &ask, Source::ServiceNow).await {
        Ok(raised) => {
            joined(cmd, row, given.files, &raised.number).await?;
            Ok(vec![format!("It names {about} and asks: {}", given.means.map_or("", |one| one.means.name()))])
        }
        Err(no) => Ok(vec![for_a_person(no)?]),
    }
}

/// What a query says that comes of a case.
pub(super) fn words(row: &ServiceNowCaseRow) -> String {
    let all = format!("{}: {}\n\n{}", row.their_number, row.subject, row.words);
    all.trim().chars().take(LONGEST).collect()
}

/// Makes a case part of a query, with its files.
async fn joined(
    cmd: &mut Command,
    row: &mut ServiceNowCaseRow,
    files: &[Fetched],
    number: &str,
) -> Outcome<Vec<String>> {
    let query = query_rows::query_numbered(&mut cmd.tx, cmd.by.org, number).await?;
    let query = query.ok_or_else(|| Fault::new(format!("query {number} is not there")))?;
    (row.query_id, row.state) = (Some(query.id), CaseState::Query.as_str().into());
    keep_files(cmd, files, &format!("query {number}"), &row.their_number).await?;
    let detail = serde_json::json!({ "case": row.their_number, "subject": row.subject });
    cmd.tell("ServiceNowCaseJoined", format!("query {number}"), detail);
    Ok(vec![format!("It is about what {number} is open about")])
}

async fn keep_files(cmd: &mut Command, files: &[Fetched], subject: &str, from: &str) -> Outcome<()> {
    let kept: Vec<KeptFileRow> = files.iter().filter_map(|file| file.kept.clone()).collect();
    for file in kept {
        note(cmd, subject, &file, (&format!("Came with {from}"), "ServiceNow")).await?;
    }
    Ok(())
}

/// The accounts and invoices that a case names: in the fields for them, or anywhere in its words.
async fn names(cmd: &mut Command, given: &Given<'_>) -> Outcome<Vec<CaseNames>> {
    let field = |name: &str| given.case.fields.get(name).map(String::as_str).unwrap_or_default().to_owned();
    let own = format!("{} {}", field(&given.set.invoice_field), field(&given.set.account_field));
    let (subject, text) = match own.trim() {
        "" => (given.case.short_description.clone(), given.case.description.clone()),
        own => (own.to_owned(), String::new()),
    };
    let mut forms: Vec<String> = Vec::new();
    for form in number_words(&subject, &text, "").into_iter().flat_map(|word| word.forms) {
        forms.extend([normalise_reference(&form), form]);
    }
    forms.sort();
    forms.dedup();
    let mut all: BTreeMap<i64, CaseNames> = BTreeMap::new();
    for one in numbers_named(&mut cmd.tx, cmd.by.org, &forms).await? {
        let named = all
            .entry(one.customer_id)
            .or_insert_with(|| CaseNames { account: one.customer_number.clone(), invoices: Vec::new() });
        if one.kind == "invoice" && !named.invoices.contains(&one.number) {
            named.invoices.push(one.number);
        }
    }
    Ok(all.into_values().collect())
}
