//! What an uplift would do: every charge of the book with its old and its new rate, and what a year of it comes to.
use crate::billing::amounts::e4;
use crate::billing::contracts::rate_words;
use crate::customers::find;
use crate::{Actor, Desk, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::billing::contracts::{Cycle, Unit, Uplift, UpliftRounding, uplifted, yearly};
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::contracts::{self as rows, RateLineRow, UpliftedRow};

/// Which rates change, from when, by how much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpliftAsk {
    /// First day of the new rates.
    pub from_on: NaiveDate,
    /// `4.5%`, `-2%`, `1.25` more, or `=23.10` for a new rate.
    pub by: String,
    /// penny, `five_pence`, `ten_pence`, pound or exact; penny when empty.
    pub rounding: String,
    /// Code of one rate card; `own` for contracts' own rates; empty for both.
    pub card: String,
    /// One service code of a card, or contracts of one service; empty for all.
    pub service: String,
    /// Contracts that one customer pays, by number: rate cards stay as they are then.
    pub funder: String,
}

/// A charge whose rate would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpliftCharge {
    /// Number of the contract.
    pub contract: String,
    /// Its service user.
    pub service_user: String,
    /// Which charge.
    pub line: i64,
    /// What it is for.
    pub description: String,
    /// The rate card and its line; empty for a rate of its own.
    pub card: String,
    /// What the rate is for: `a week`.
    pub each: String,
    /// Before, in ten-thousandths of a pound.
    pub old_e4: i64,
    /// From the day on.
    pub new_e4: i64,
    /// A year of it before; nothing where what is delivered is charged.
    pub before_pence: i64,
    /// A year of it with the new rate.
    pub after_pence: i64,
    /// Billed beyond the day already: the next run adjusts it.
    pub adjusted: bool,
}

/// A rate that stays as it is, though it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpliftLeft {
    /// The rate card's line, or the contract and its charge.
    pub what: String,
    /// Why.
    pub why: String,
}

/// What an uplift would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpliftPreview {
    /// By how much, in words.
    pub by_words: String,
    /// Rates that change: lines of cards and contracts' own.
    pub rates: i64,
    /// Charges that have them.
    pub charges: i64,
    /// Contracts billed beyond the day already.
    pub adjusted: i64,
    /// A year of these charges before.
    pub before_pence: i64,
    /// A year with the new rates.
    pub after_pence: i64,
    /// Line by line.
    pub lines: Vec<UpliftCharge>,
    /// Rates that stay, with why, at most 500.
    pub left: Vec<UpliftLeft>,
}

/// A rate that changes.
pub(super) struct Change {
    pub(super) card_id: Option<i64>,
    pub(super) service_code: String,
    pub(super) contract_id: Option<i64>,
    pub(super) line: i64,
    pub(super) old_e4: i64,
    pub(super) new_e4: i64,
}

struct Terms {
    by: Uplift,
    round: UpliftRounding,
    from_on: NaiveDate,
}

impl Terms {
    /// The new rate; or why it stays.
    fn new_rate(&self, rate_e4: i64, from_on: NaiveDate, to_on: Option<NaiveDate>) -> Outcome<Result<i64, String>> {
        let day = |day: NaiveDate| day.format("%-d %B %Y").to_string();
        if from_on >= self.from_on {
            return Ok(Err(format!("It has a rate from {} already", day(from_on))));
        }
        if let Some(to) = to_on {
            return Ok(Err(format!("Its rate ends on {}: enter the next by hand", day(to))));
        }
        let new = uplifted(rate_e4, self.by, self.round)?;
        Ok(if new == rate_e4 { Err("It comes to the same rate".into()) } else { Ok(new) })
    }
}

/// By how much, as typed.
fn by(typed: &str) -> Option<Uplift> {
    let text = typed.trim();
    if let Some(rate) = text.strip_prefix('=') {
        return e4(rate).filter(|rate| (1..=1_000_000_000_000).contains(rate)).map(Uplift::New);
    }
    let small = |value: &i64| *value != 0 && value.abs() <= 1_000_000_000;
    match text.strip_suffix('%') {
        Some(part) => e4(part).filter(small).filter(|part| part.abs() <= 10_000_000).map(Uplift::Percent),
        None => e4(text).filter(small).map(Uplift::Amount),
    }
}

fn terms(ask: &UpliftAsk, today: NaiveDate) -> Outcome<Terms> {
    let mut wrong = Vec::new();
    let by = by(&ask.by);
    if by.is_none() {
        let say = "Enter a percentage such as 4.5%, pounds such as 1.25 or -0.50, or =23.10 for a new rate";
        wrong.push(Invalid::field("by", say, &ask.by));
    }
    let typed = if ask.rounding.trim().is_empty() { "penny" } else { ask.rounding.trim() };
    let round = UpliftRounding::parse(typed);
    if round.is_none() {
        wrong.push(Invalid::field("rounding", "Choose how rates are rounded", &ask.rounding));
    }
    if (ask.from_on - today).num_days().abs() > 1_100 {
        wrong.push(Invalid::field("from", "Enter a day within three years from today", ask.from_on.to_string()));
    }
    match (by, round) {
        (Some(by), Some(round)) if wrong.is_empty() => Ok(Terms { by, round, from_on: ask.from_on }),
        _ => Err(wrong.into()),
    }
}

/// What an uplift would do, line by line over the whole book. Nothing is kept.
///
/// # Errors
/// What cannot be read, at its field; `BIL-04-NOTHING` where a rate would not stay above zero.
pub async fn preview_uplift(desk: &Desk, by: &Actor, ask: &UpliftAsk) -> Outcome<UpliftPreview> {
    by.must_hold(Duty::RaiseInvoice).or_else(|no| by.must_hold(Duty::ReleaseRuns).map_err(|_| no))?;
    Ok(work_out(&mut desk.look().await?, by.org, desk.today(), ask).await?.0)
}

/// The preview, and the rates behind it.
pub(super) async fn work_out(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    ask: &UpliftAsk,
) -> Outcome<(UpliftPreview, Vec<Change>)> {
    let terms = terms(ask, today)?;
    let funder = match ask.funder.trim() {
        "" => None,
        number => match find(tx, org, number).await {
            Ok(customer) => Some(customer.id),
            Err(crate::No::Absent(_)) => {
                return Err(Invalid::field("funder", "Enter the number of a customer we have", number).into());
            }
            Err(other) => return Err(other),
        },
    };
    let (card, service) = (ask.card.trim().to_uppercase(), ask.service.trim());
    let cards: HashMap<i64, String> =
        rows::rate_cards(tx, org).await?.into_iter().map(|one| (one.id, one.code)).collect();
    if !card.is_empty() && card != "OWN" && !cards.values().any(|code| *code == card) {
        return Err(Invalid::field("card", "Choose a rate card from the list", &ask.card).into());
    }
    let mut found = Found { preview: UpliftPreview::default(), changes: Vec::new() };
    found.preview.by_words = format!("{}, {}", terms.by.words(), terms.round.name().to_lowercase());
    let mut of_card: HashMap<(i64, String), i64> = HashMap::new();
    if card != "OWN" && funder.is_none() {
        let lines = rows::rate_lines(tx, org).await?;
        let wanted = |line: &&RateLineRow| {
            (card.is_empty() || cards.get(&line.card_id) == Some(&card))
                && (service.is_empty() || line.service_code.eq_ignore_ascii_case(service))
        };
        found.cards(&terms, &cards, lines.iter().filter(wanted), &mut of_card)?;
    }
    let charges = rows::charges_in_force(tx, org, ask.from_on, (service, funder)).await?;
    for row in charges {
        let key = row.card_id.map(|card| (card, row.service_code.clone()));
        let new = match &key {
            Some(key) => of_card.get(key).copied(),
            None if card.is_empty() || card == "OWN" => found.own(&terms, &row)?,
            None => None,
        };
        if let Some(new) = new {
            let code = key.map_or_else(String::new, |(card, service)| format!("{} {service}", cards[&card]));
            let old = if code.is_empty() { row.rate_e4 } else { found.old_of(row.card_id, &row.service_code) };
            found.charge(&terms, row, (code, old.unwrap_or(0), new));
        }
    }
    found.preview.rates = found.changes.len() as i64;
    found.preview.charges = found.preview.lines.len() as i64;
    Ok((found.preview, found.changes))
}

struct Found {
    preview: UpliftPreview,
    changes: Vec<Change>,
}

impl Found {
    /// The newest rate of each of a card's services.
    fn cards<'a>(
        &mut self,
        terms: &Terms,
        cards: &HashMap<i64, String>,
        lines: impl Iterator<Item = &'a RateLineRow>,
        of_card: &mut HashMap<(i64, String), i64>,
    ) -> Outcome<()> {
        let mut newest: Vec<&RateLineRow> = Vec::new();
        for line in lines {
            match newest.last_mut() {
                Some(last) if (last.card_id, &last.service_code) == (line.card_id, &line.service_code) => *last = line,
                _ => newest.push(line),
            }
        }
        for line in newest {
            let (card_id, service_code) = (line.card_id, line.service_code.clone());
            match terms.new_rate(line.rate_e4, line.from_on, line.to_on)? {
                Ok(new_e4) => {
                    of_card.insert((card_id, service_code.clone()), new_e4);
                    let old_e4 = line.rate_e4;
                    let card_id = Some(card_id);
                    self.changes.push(Change { card_id, service_code, contract_id: None, line: 0, old_e4, new_e4 });
                }
                Err(why) => self.leave(format!("{} {service_code}", cards[&card_id]), why),
            }
        }
        Ok(())
    }

    fn own(&mut self, terms: &Terms, row: &UpliftedRow) -> Outcome<Option<i64>> {
        let (Some(old_e4), Some(from_on)) = (row.rate_e4, row.rate_from) else { return Ok(None) };
        match terms.new_rate(old_e4, from_on, row.rate_to)? {
            Ok(new_e4) => {
                let (contract_id, service_code) = (Some(row.contract_id), String::new());
                self.changes.push(Change { card_id: None, service_code, contract_id, line: row.line, old_e4, new_e4 });
                Ok(Some(new_e4))
            }
            Err(why) => {
                self.leave(format!("{} charge {}", row.number, row.line), why);
                Ok(None)
            }
        }
    }

    fn leave(&mut self, what: String, why: String) {
        if self.preview.left.len() < 500 {
            self.preview.left.push(UpliftLeft { what, why });
        }
    }

    fn old_of(&self, card: Option<i64>, service_code: &str) -> Option<i64> {
        let same = |one: &&Change| one.card_id == card && one.service_code == service_code;
        self.changes.iter().take_while(|one| one.card_id.is_some()).find(same).map(|one| one.old_e4)
    }

    fn charge(&mut self, terms: &Terms, row: UpliftedRow, (card, old_e4, new_e4): (String, i64, i64)) {
        let unit = Unit::parse(&row.unit);
        let of_year = |rate_e4| match (unit, Cycle::parse(&row.cycle)) {
            (Some(unit), Some(cycle)) if !row.by_activity => yearly(rate_e4, row.quantity_e4, unit, cycle).0,
            _ => 0,
        };
        let line = UpliftCharge {
            before_pence: of_year(old_e4),
            after_pence: of_year(new_e4),
            contract: row.number,
            service_user: row.service_user,
            line: row.line,
            description: row.description,
            card,
            each: unit.map_or("", Unit::each).to_owned(),
            old_e4,
            new_e4,
            adjusted: row.billed_to >= terms.from_on,
        };
        let preview = &mut self.preview;
        preview.before_pence += line.before_pence;
        preview.after_pence += line.after_pence;
        preview.adjusted += i64::from(line.adjusted);
        preview.lines.push(line);
    }
}

impl UpliftCharge {
    /// `£182.35 a week`, before and after.
    pub fn rates(&self) -> (String, String) {
        let words = |e4: i64| format!("£{} {}", rate_words(e4), self.each);
        (words(self.old_e4), words(self.new_e4))
    }
}
