//! Layouts of banks' CSV: the list, and writing one with what it makes of a sample in sight.
use super::form::{Asked, asked, onto};
use crate::web::door::{Answer, Posted, Routes, Shared, Visitor, page, page_with, told};
use crate::web::pages::csv_layout::{CsvLayoutForm, CsvLayouts, LayoutRead};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use std::collections::BTreeMap;
use sundry_desk::No;
use sundry_desk::cash::csv_profiles::{
    CsvProfile, SaveCsvProfile, csv_profiles, preview_csv_profile, sample_rows, save_csv_profile,
};
use sundry_domain::control::Duty;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_formats::bank_statement::{AmountShape, FIELDS, Preview, Profile, Prove};

/// The longest sample that is shown again, in bytes.
const LONGEST: usize = 64 * 1024;

/// The routes of layouts.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/cash/layouts", &[Duty::ImportFiles, Duty::ManageSettings], get(list)).add(
        "/cash/layouts/edit",
        &[Duty::ManageSettings],
        get(view).post(submit),
    )
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let all = csv_profiles(&doors.desk, &visitor.actor).await?;
    let row = |one: CsvProfile| {
        let whose = if one.ships {
            "Comes with the program".to_owned()
        } else {
            format!("Version {}, {}", one.version, one.written_by)
        };
        (one.profile.name.clone(), whose, one.profile.signatures.join("; "))
    };
    page(&CsvLayouts {
        frame: doors.frame(&visitor, "Cash").await,
        rows: all.into_iter().map(row).collect(),
        may_write: visitor.actor.holds(Duty::ManageSettings),
    })
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Query(query): Query<Asked>) -> Answer {
    let name = asked(&query, "name");
    let all = csv_profiles(&doors.desk, &visitor.actor).await?;
    let known = all.into_iter().find(|one| one.profile.name == name);
    let version = known.as_ref().map_or(0, |one| one.version);
    let profile = known.map(|one| one.profile);
    let profile = match (profile, name) {
        (Some(profile), _) => profile,
        (None, "") => blank(),
        (None, _) => return Err(No::Absent("layout".into()).into()),
    };
    page(&shown(&doors, &visitor, &profile, version, String::new()).await)
}

/// A layout with nothing in it but what most banks do.
fn blank() -> Profile {
    let usual = serde_json::json!({
        "name": "", "kind": "bank", "date_format": "%d/%m/%Y", "columns": {}, "amount": "two_columns", "match": [""]
    });
    serde_json::from_value(usual).expect("the usual layout is understood by its own reader")
}

async fn shown(doors: &Shared, visitor: &Visitor, profile: &Profile, version: i64, sample: String) -> CsvLayoutForm {
    let mut frame = doors.frame(visitor, "Cash").await;
    frame.help = "rooms/cash".into();
    let raw = if sample.is_empty() {
        Vec::new()
    } else {
        sample_rows(&visitor.actor, sample.as_bytes()).map(|(_, rows)| rows).unwrap_or_default()
    };
    let headed = !profile.headless();
    let chosen = |field: &str| profile.columns.get(field).cloned().unwrap_or_default();
    let fields = FIELDS.iter().map(|(field, label)| (*field, *label, chosen(field))).collect();
    CsvLayoutForm {
        frame,
        name: profile.name.clone(),
        columns: columns(profile, &raw, headed),
        raw,
        sample,
        fields,
        headed,
        date_format: profile.date_format.clone(),
        amount: word(&profile.amount),
        prove: word(&profile.prove),
        decimal: profile.decimal.to_string(),
        negate: profile.negate,
        skip_rows: profile.skip_rows.to_string(),
        footer: profile.footer.clone().unwrap_or_default(),
        currency: profile.currency.clone(),
        account: profile.account.clone().unwrap_or_default(),
        note: String::new(),
        seen_version: version.to_string(),
        read: None,
    }
}

/// The stored word of a choice.
fn word<T: serde::Serialize>(choice: &T) -> String {
    serde_json::to_value(choice).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// Columns to choose from: by heading, or by number with what stands there first.
fn columns(profile: &Profile, raw: &[Vec<String>], headed: bool) -> Vec<(String, String)> {
    let first = match (raw.first(), profile.signatures.first()) {
        (Some(row), _) => row.clone(),
        (None, Some(headings)) => headings.split(',').map(str::to_owned).collect(),
        (None, None) => Vec::new(),
    };
    let named = first.into_iter().enumerate().filter(|(_, cell)| !headed || !cell.trim().is_empty());
    named
        .map(|(at, cell)| {
            let cell = cell.trim().trim_start_matches('\u{FEFF}').to_owned();
            if headed { (cell.clone(), cell) } else { ((at + 1).to_string(), format!("{}: {cell}", at + 1)) }
        })
        .collect()
}

/// The layout as it was filled in, and everything that cannot be understood.
fn filled_in(posted: &Posted, raw: &[Vec<String>], delimiter: Option<char>) -> (Profile, Vec<Invalid>) {
    let mut wrong = Vec::new();
    let filled = |name: &str| Some(posted.get(name).to_owned()).filter(|text| !text.is_empty());
    let headed = posted.has("headed");
    let columns: BTreeMap<String, String> = posted
        .starting("column_")
        .filter(|(_, column)| !column.is_empty())
        .map(|(field, column)| (field.to_owned(), column.to_owned()))
        .collect();
    let heading = |cells: &Vec<String>| {
        let cells: Vec<String> = cells.iter().map(|c| c.trim_matches('\u{FEFF}').trim().to_lowercase()).collect();
        cells.join(",").trim_end_matches(',').to_owned()
    };
    let signatures = match (headed, raw.first()) {
        (false, _) => Vec::new(),
        (true, Some(first)) => vec![heading(first)],
        (true, None) => filled("headings").into_iter().collect(),
    };
    if headed && signatures.is_empty() {
        wrong.push(Invalid::field("sample", "Paste a sample with its headings", ""));
    }
    let skip_rows = posted.get("skip_rows").parse().unwrap_or_else(|_| {
        if !posted.get("skip_rows").is_empty() {
            wrong.push(Invalid::field("skip_rows", "Enter a number of rows", posted.get("skip_rows")));
        }
        0
    });
    let decimal = posted.get("decimal").chars().next().unwrap_or('.');
    let profile = Profile {
        name: posted.get("name").to_owned(),
        signatures,
        delimiter: delimiter.filter(|_| !raw.is_empty()),
        skip_rows,
        footer: filled("footer"),
        date_format: posted.get("date_format").to_owned(),
        columns,
        amount: match posted.get("amount_shape") {
            "signed" => AmountShape::Signed,
            "indicator" => AmountShape::Indicator,
            _ => AmountShape::TwoColumns,
        },
        negate: posted.has("negate"),
        decimal,
        thousands: if decimal == ',' { '.' } else { ',' },
        prove: match posted.get("prove") {
            "oldest_first" => Prove::OldestFirst,
            "newest_first" => Prove::NewestFirst,
            "either" => Prove::Either,
            _ => Prove::None,
        },
        account: filled("account"),
        currency: posted.get("currency").to_uppercase(),
        ..blank()
    };
    (profile, wrong)
}

async fn submit(State(doors): State<Shared>, visitor: Visitor, posted: Posted) -> Answer {
    let file = posted.files.iter().find(|file| file.field == "sample_file" && !file.bytes.is_empty());
    let bytes = file.map_or_else(|| posted.get("sample").as_bytes().to_vec(), |file| file.bytes.clone());
    let name = file.map_or("sample.csv", |file| file.name.as_str()).to_owned();
    let seen: i64 = posted.get("seen_version").parse().unwrap_or(0);
    let rows = if bytes.is_empty() { None } else { Some(sample_rows(&visitor.actor, &bytes)) };
    let (delimiter, raw, unread) = match rows {
        Some(Ok((delimiter, raw))) => (Some(delimiter), raw, None),
        Some(Err(no)) => (None, Vec::new(), Some(no)),
        None => (None, Vec::new(), None),
    };
    let (mut profile, wrong) = filled_in(&posted, &raw, delimiter);
    if profile.signatures.is_empty() && posted.has("headed") {
        // Changed without a sample: the headings stay those of the version that was seen.
        let all = csv_profiles(&doors.desk, &visitor.actor).await?;
        if let Some(known) = all.into_iter().find(|one| one.profile.name == profile.name) {
            profile.signatures = known.profile.signatures;
            profile.delimiter = known.profile.delimiter;
        }
    }
    let kept_sample = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST)]).into_owned();
    let mut form = shown(&doors, &visitor, &profile, seen, kept_sample).await;
    form.headed = posted.has("headed");
    posted.get("note").clone_into(&mut form.note);
    posted.get("skip_rows").clone_into(&mut form.skip_rows);
    if let Some(no) = unread {
        let status = onto(&mut form.frame, no, &[])?;
        return page_with(status, &form);
    }
    let wrong: Vec<Invalid> =
        wrong.into_iter().filter(|w| w.field != "sample" || profile.signatures.is_empty()).collect();
    if !wrong.is_empty() {
        let status = onto(&mut form.frame, wrong.into(), &[])?;
        return page_with(status, &form);
    }
    if posted.get("do") == "save" {
        let ask = SaveCsvProfile { key: posted.key(), profile, note: form.note.clone(), seen_version: Some(seen) };
        return match save_csv_profile(&doors.desk, &visitor.actor, ask).await {
            Ok(saved) => told("/cash/layouts", &format!("csv:{} is at version {}", saved.name, saved.version)),
            Err(No::Invalid(all)) => {
                all.into_iter().for_each(|one| form.frame.errors.add(place_of(&one.field), one.message));
                page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
            }
            Err(no) => {
                let status = onto(&mut form.frame, no, &[])?;
                page_with(status, &form)
            }
        };
    }
    // Before its columns are mapped a sample is only shown.
    let mapped = !profile.columns.is_empty();
    let wrong = profile.problems().into_iter().filter(|_| mapped);
    for problem in wrong {
        form.frame.errors.add(place_of(&problem.at), problem.message);
    }
    let unfinished = !form.frame.errors.is_empty();
    if mapped && !unfinished && !bytes.is_empty() {
        form.read = Some(read_of(preview_csv_profile(&visitor.actor, &name, &bytes, &profile)?));
    }
    let status = if unfinished { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    page_with(status, &form)
}

/// Where the page shows what is wrong with a key of the layout.
fn place_of(key: &str) -> String {
    if FIELDS.iter().any(|(field, _)| *field == key) { format!("column_{key}") } else { key.to_owned() }
}

fn read_of(seen: Preview) -> LayoutRead {
    let line = |entry: &sundry_formats::bank_statement::Entry| {
        let payer = entry.payer_name.clone().unwrap_or_default();
        (entry.booked_on, Pence(entry.amount), payer, entry.narrative(), entry.kind.clone())
    };
    LayoutRead {
        rows: i64::try_from(seen.rows).unwrap_or(i64::MAX),
        moved: (Pence(seen.credits), Pence(seen.debits)),
        balances: (seen.opening.map(Pence), seen.closing.map(Pence)),
        lines: seen.entries.iter().map(line).collect(),
        problems: seen.problems.into_iter().take(100).map(|p| (p.at, format!("{} ({})", p.message, p.code))).collect(),
    }
}
