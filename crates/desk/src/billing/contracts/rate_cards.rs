//! Rate cards, from a form or a workbook, and dates of terms: every fault at once, by row.
use super::change::words;
use super::typed::{decimals, rate};
use crate::core::command::Command;
use crate::core::vault::sha256_hex;
use crate::customers::{keep_file, refuse_cards};
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::billing::VatCode;
use sundry_domain::billing::contracts::{DatedRate, Unit, check_rates};
use sundry_domain::control::Duty;
use sundry_domain::refusal::Invalid;
use sundry_formats::intake::read_rates;
use sundry_store::Tx;
use sundry_store::contracts::{self as rows, RateCardRow, RateLineRow};
use sundry_store::ledger::gl_codes;

/// A dated rate, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NewRate {
    /// Service code.
    pub service_code: String,
    /// What it is for.
    pub description: String,
    /// day, week, month, quarter, year, term, period or hour.
    pub unit: String,
    /// Pounds with up to four decimals.
    pub rate: String,
    /// S, R, Z, E or O.
    pub vat_code: String,
    /// Income code; the organisation's first when empty.
    pub income_code: String,
    /// First day.
    pub from_on: Option<NaiveDate>,
    /// Last day, where it is known; the next rate ends it too.
    pub to_on: Option<NaiveDate>,
}

/// Loads a rate card, or more rates into one there is. The same service and first day again puts a rate right.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LoadRateCard {
    /// Idempotency key.
    pub key: String,
    /// Code: `CARE-26`.
    pub code: String,
    /// Name; the card's own when empty and there is one.
    #[serde(default)]
    pub name: String,
    /// The decision behind the rates.
    pub reason: String,
    /// Rates, from a form or a program.
    #[serde(default)]
    pub rates: Vec<NewRate>,
    /// The file's name.
    #[serde(default)]
    pub file_name: String,
    /// Rates in a table with headings, in place of `rates`.
    #[serde(default)]
    pub file: Option<Vec<u8>>,
}

/// A rate card that was loaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateCardLoaded {
    /// Its code.
    pub code: String,
    /// Rates that are new.
    pub added: i64,
    /// Rates that were put right.
    pub corrected: i64,
    /// Rates that were there already.
    pub same: i64,
    /// Contracts billed for days that changed: the next run puts them right.
    pub contracts_touched: i64,
}

/// A fault of a rate, by row.
pub type RateFault = Invalid;

/// A rate card with its rates.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RateCardShown {
    /// The card.
    pub card: RateCardRow,
    /// Its rates, by service, oldest first.
    pub rates: Vec<RateLineRow>,
}

/// A term to date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewTerm {
    /// `Autumn 2026`.
    pub name: String,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
}

/// Dates terms.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetTerms {
    /// Idempotency key.
    pub key: String,
    /// The terms.
    pub terms: Vec<NewTerm>,
}

/// Terms that were dated.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TermsSet {
    /// How many.
    pub terms: i64,
}

#[derive(Serialize)]
struct Claim<'a> {
    code: &'a str,
    name: &'a str,
    reason: &'a str,
    rates: &'a [NewRate],
    file_sha256: Option<String>,
}

/// A rate with the row it came from.
type Rowed = (u64, NewRate);

/// Loads a rate card. Nothing is kept unless every row is right.
///
/// # Errors
/// Everything that is wrong, by row and field: rates that overlap, units and codes there are not, no reason.
pub async fn load_rate_card(desk: &Desk, by: &Actor, ask: LoadRateCard) -> Outcome<RateCardLoaded> {
    by.must_hold(Duty::RaiseInvoice)?;
    refuse_cards(&[("code", &ask.code), ("name", &ask.name), ("reason", &ask.reason)])?;
    let file_sha256 = ask.file.as_deref().map(sha256_hex);
    let claim = Claim {
        code: &ask.code,
        name: &ask.name,
        reason: &ask.reason,
        rates: &ask.rates,
        file_sha256: file_sha256.clone(),
    };
    let (sent, mut wrong) = sent(&ask);
    check_head(&ask, &mut wrong);
    command!(desk, by, "load_rate_card", &ask.key, &claim, |cmd| {
        let org = cmd.by.org;
        let card = rows::rate_card(&mut cmd.tx, org, &code(&ask)).await?;
        let there: Vec<RateLineRow> = match &card {
            Some(card) => {
                rows::rate_lines(&mut cmd.tx, org).await?.into_iter().filter(|l| l.card_id == card.id).collect()
            }
            None => Vec::new(),
        };
        let mut wrong = wrong.clone();
        let new = check(cmd, &ask, card.as_ref(), &sent, &there, &mut wrong).await?;
        if !wrong.is_empty() {
            wrong.sort_by_key(|one| one.row);
            return Err(wrong.into());
        }
        if let Some(file) = &ask.file {
            keep_file(cmd, &ask.file_name, file).await?;
        }
        let loaded = keep(cmd, &ask, (card, file_sha256.clone()), new, &there).await?;
        cmd.tell("RateCardLoaded", format!("rate card {}", loaded.code), &loaded);
        Ok(loaded)
    })
}

fn code(ask: &LoadRateCard) -> String {
    ask.code.trim().to_uppercase()
}

/// The rates as sent, and what of the file cannot be read.
fn sent(ask: &LoadRateCard) -> (Vec<Rowed>, Vec<Invalid>) {
    let Some(file) = &ask.file else {
        return ((1..).zip(ask.rates.iter().cloned()).collect(), Vec::new());
    };
    let (rows, problems) = read_rates(file);
    let fault = |one: sundry_formats::intake::RowProblem| {
        let row = (one.row > 0).then_some(one.row as u64);
        Invalid {
            row,
            field: if one.field.is_empty() { "file".into() } else { one.field },
            message: one.message,
            typed: one.typed,
        }
    };
    let row = |row: sundry_formats::intake::RateRow| {
        let rate = NewRate {
            service_code: row.service_code,
            description: row.description,
            unit: row.unit,
            rate: row.rate,
            vat_code: row.vat_code,
            income_code: row.income_code,
            from_on: row.from_on,
            to_on: row.to_on,
        };
        (row.row as u64, rate)
    };
    (rows.into_iter().map(row).collect(), problems.into_iter().map(fault).collect())
}

fn check_head(ask: &LoadRateCard, wrong: &mut Vec<Invalid>) {
    let code = code(ask);
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    if code.is_empty() || code.len() > 20 || code == "OWN" || !code.chars().all(fits) {
        wrong.push(Invalid::field("code", "Enter a code of at most 20 letters and digits", &ask.code));
    }
    if ask.reason.trim().is_empty() {
        wrong.push(Invalid::field("reason", "Enter the decision behind the rates", &ask.reason));
    }
    if ask.file.is_none() && ask.rates.is_empty() {
        wrong.push(Invalid::field("rates", "Enter at least one rate", ""));
    }
}

/// Reads every rate and holds it against what is there; what is wrong is told by row.
async fn check(
    cmd: &mut Command,
    ask: &LoadRateCard,
    card: Option<&RateCardRow>,
    sent: &[Rowed],
    there: &[RateLineRow],
    wrong: &mut Vec<Invalid>,
) -> Outcome<Vec<RateLineRow>> {
    if card.is_none() && ask.name.trim().is_empty() {
        wrong.push(Invalid::field("name", "Enter a name for the new rate card", &ask.name));
    }
    let income: Vec<String> = income_codes(&mut cmd.tx, cmd.by.org).await?;
    let mut new = Vec::with_capacity(sent.len());
    let mut of_service: BTreeMap<String, Vec<(Option<u64>, DatedRate)>> = BTreeMap::new();
    for (row, rate) in sent {
        let before = wrong.len();
        let read = read(cmd, ask, *row, rate, &income, wrong);
        if wrong.len() == before
            && let Some(line) = read
        {
            let same_service = there.iter().find(|old| old.service_code == line.service_code);
            if let Some(old) = same_service.filter(|old| old.unit != line.unit) {
                let say = format!("{} is charged by the {}: use another service code", old.service_code, old.unit);
                wrong.push(Invalid::row(*row, "unit", say, &rate.unit));
            }
            of_service.entry(line.service_code.clone()).or_default().push((Some(*row), dated(&line)));
            new.push(line);
        }
    }
    for (service, rates) in &mut of_service {
        let replaced: Vec<NaiveDate> = rates.iter().map(|(_, rate)| rate.from_on).collect();
        let kept = there.iter().filter(|old| old.service_code == *service && !replaced.contains(&old.from_on));
        // Those there already come first, so that a fault is told of the row that was sent.
        let mut all: Vec<(Option<u64>, DatedRate)> = kept.map(|old| (None, dated(old))).collect();
        all.append(rates);
        let plain: Vec<DatedRate> = all.iter().map(|(_, rate)| rate.clone()).collect();
        for fault in check_rates(&plain) {
            let place = fault.row.and_then(|row| all.get(row as usize - 1)).and_then(|(row, _)| *row);
            wrong.push(Invalid { row: place, ..fault });
        }
    }
    Ok(new)
}

async fn income_codes(tx: &mut Tx, org: sundry_domain::ids::OrgId) -> Outcome<Vec<String>> {
    let codes = gl_codes(tx, org).await?.into_iter();
    Ok(codes.filter(|code| code.role == "INC").map(|code| code.code).collect())
}

fn dated(line: &RateLineRow) -> DatedRate {
    DatedRate { from_on: line.from_on, to_on: line.to_on, rate_e4: line.rate_e4, source: String::new() }
}

fn read(
    cmd: &Command,
    ask: &LoadRateCard,
    row: u64,
    new: &NewRate,
    income: &[String],
    wrong: &mut Vec<Invalid>,
) -> Option<RateLineRow> {
    let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::row(row, field, message, typed));
    // What a file could not read has been told already.
    let typed_here = ask.file.is_none();
    if typed_here && (new.service_code.trim().is_empty() || new.service_code.len() > 40) {
        say("service_code", "Enter a service code of at most 40 characters", &new.service_code);
    }
    if typed_here && new.description.trim().is_empty() {
        say("description", "Enter what the rate is for", &new.description);
    }
    let unit = Unit::parse(&new.unit.trim().to_lowercase());
    if unit.is_none() {
        let known: Vec<&str> = Unit::ALL.iter().map(|unit| unit.as_str()).collect();
        say("unit", &format!("Enter one of {}", known.join(", ")), &new.unit);
    }
    let rate_e4 = rate(&new.rate);
    if rate_e4.is_none() {
        say("rate", "Enter a rate in pounds, above zero, with at most four decimals", &new.rate);
    }
    let vat_code = VatCode::parse(&new.vat_code);
    if vat_code.is_none() {
        say("vat_code", "Enter S, R, Z, E or O", &new.vat_code);
    }
    let income_code = match new.income_code.trim() {
        "" => income.first().cloned().unwrap_or_default(),
        typed => typed.to_owned(),
    };
    if !income.contains(&income_code) {
        say("income_code", "Enter an income code of yours, or leave it empty for the first", &new.income_code);
    }
    if typed_here && new.from_on.is_none() {
        say("from", "Enter the first day of the rate", "");
    }
    for (field, text) in [("description", &new.description), ("service_code", &new.service_code)] {
        if refuse_cards(&[(field, text)]).is_err() {
            say(field, "This holds a payment card number, which we never keep", "");
        }
    }
    Some(RateLineRow {
        card_id: 0,
        service_code: new.service_code.trim().to_uppercase(),
        from_on: new.from_on?,
        to_on: new.to_on,
        description: new.description.trim().into(),
        unit: unit?.as_str().into(),
        rate_e4: rate_e4?,
        vat_code: vat_code?.as_str().into(),
        income_code,
        why: ask.reason.trim().into(),
        actor_name: cmd.by.name.clone(),
        recorded_at: cmd.at,
    })
}

async fn keep(
    cmd: &mut Command,
    ask: &LoadRateCard,
    (card, file): (Option<RateCardRow>, Option<String>),
    new: Vec<RateLineRow>,
    there: &[RateLineRow],
) -> Outcome<RateCardLoaded> {
    let org = cmd.by.org;
    let mut loaded = RateCardLoaded { code: code(ask), added: 0, corrected: 0, same: 0, contracts_touched: 0 };
    let card_id = match card {
        Some(card) => {
            let name = if ask.name.trim().is_empty() { card.name.clone() } else { ask.name.trim().to_owned() };
            let file_sha256 = file.unwrap_or_else(|| card.file_sha256.clone());
            let id = card.id;
            rows::change_rate_card(&mut cmd.tx, org, &RateCardRow { name, file_sha256, ..card }).await?;
            id
        }
        None => {
            let row = RateCardRow {
                id: cmd.id(),
                code: loaded.code.clone(),
                name: ask.name.trim().into(),
                file_sha256: file.unwrap_or_default(),
                recorded_at: cmd.at,
                version: 1,
            };
            let id = row.id;
            rows::add_rate_cards(&mut cmd.tx, org, vec![row]).await?;
            id
        }
    };
    let mut kept = Vec::new();
    let mut touched: BTreeMap<String, (NaiveDate, i64)> = BTreeMap::new();
    for line in new {
        let old = there.iter().find(|old| old.service_code == line.service_code && old.from_on == line.from_on);
        match old {
            Some(old) if same(old, &line) => {
                loaded.same += 1;
                continue;
            }
            Some(old) => {
                loaded.corrected += 1;
                rows::drop_rate_line(&mut cmd.tx, org, (card_id, &old.service_code, old.from_on)).await?;
            }
            None => loaded.added += 1,
        }
        let first = touched.entry(line.service_code.clone()).or_insert((line.from_on, line.rate_e4));
        if line.from_on < first.0 {
            *first = (line.from_on, line.rate_e4);
        }
        kept.push(RateLineRow { card_id, ..line });
    }
    rows::add_rate_lines(&mut cmd.tx, org, kept).await?;
    for (service, (from_on, rate_e4)) in touched {
        let why = format!("{} {service} at £{} from {}", loaded.code, decimals(rate_e4, 2), words(from_on));
        let count = rows::touch_card(&mut cmd.tx, org, (card_id, &service), from_on, &why).await?;
        loaded.contracts_touched += count as i64;
    }
    Ok(loaded)
}

fn same(a: &RateLineRow, b: &RateLineRow) -> bool {
    (a.to_on, a.rate_e4, &a.unit, &a.vat_code, &a.income_code, &a.description)
        == (b.to_on, b.rate_e4, &b.unit, &b.vat_code, &b.income_code, &b.description)
}

/// The rate cards with their rates.
pub async fn rate_cards(desk: &Desk, by: &Actor) -> Outcome<Vec<RateCardShown>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let mut lines: BTreeMap<i64, Vec<RateLineRow>> = BTreeMap::new();
    for line in rows::rate_lines(&mut look, by.org).await? {
        lines.entry(line.card_id).or_default().push(line);
    }
    let cards = rows::rate_cards(&mut look, by.org).await?.into_iter();
    Ok(cards.map(|card| RateCardShown { rates: lines.remove(&card.id).unwrap_or_default(), card }).collect())
}

/// Dates terms; those there already stay.
///
/// # Errors
/// A term that ends before it starts, or meets another.
pub async fn set_terms(desk: &Desk, by: &Actor, ask: SetTerms) -> Outcome<TermsSet> {
    by.must_hold(Duty::RaiseInvoice)?;
    command!(desk, by, "set_terms", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut all = rows::term_dates(&mut cmd.tx, org).await?;
        let mut wrong = Vec::new();
        if ask.terms.is_empty() {
            wrong.push(Invalid::field("terms", "Enter at least one term", ""));
        }
        for (row, term) in (1..).zip(&ask.terms) {
            refuse_cards(&[("name", &term.name)])?;
            if term.name.trim().is_empty() || term.name.len() > 60 {
                wrong.push(Invalid::row(row, "name", "Enter a name of at most 60 characters", &term.name));
            }
            if term.ends_on < term.starts_on {
                let say = format!("Enter a day on or after {}", words(term.starts_on));
                wrong.push(Invalid::row(row, "ends_on", say, term.ends_on.to_string()));
            }
            let meets = |other: &&(String, NaiveDate, NaiveDate)| other.1 <= term.ends_on && term.starts_on <= other.2;
            if let Some(other) = all.iter().find(meets) {
                let say = format!("{} lasts from {} to {}", other.0, words(other.1), words(other.2));
                wrong.push(Invalid::row(row, "starts_on", say, term.starts_on.to_string()));
            }
            all.push((term.name.trim().to_owned(), term.starts_on, term.ends_on));
        }
        if !wrong.is_empty() {
            return Err(wrong.into());
        }
        let new = all.split_off(all.len() - ask.terms.len());
        let first = new.iter().map(|term| term.1).min().unwrap_or(cmd.today);
        let at = cmd.at;
        rows::add_term_dates(&mut cmd.tx, org, new, at).await?;
        rows::wake_termly(&mut cmd.tx, org, first).await?;
        cmd.tell("TermsDated", "terms", &ask.terms);
        Ok(TermsSet { terms: ask.terms.len() as i64 })
    })
}

/// The terms that are dated.
pub async fn terms(desk: &Desk, by: &Actor) -> Outcome<Vec<NewTerm>> {
    by.must_hold(Duty::View)?;
    let term = |(name, starts_on, ends_on)| NewTerm { name, starts_on, ends_on };
    Ok(rows::term_dates(&mut desk.look().await?, by.org).await?.into_iter().map(term).collect())
}
