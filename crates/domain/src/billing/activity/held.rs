//! Holds a line against the contracts: where it fits and what it comes to, or why it is held (BIL-05).
use super::told::{HeldBecause, Told};
use crate::billing::contracts::{Agreement, ChargeTerms, Delivered, priced, rate_in_words, worth_of};
use crate::money::Pence;
use crate::words::written;
use chrono::NaiveDate;

/// A charge by activity that a contract offers.
#[derive(Clone, Debug)]
pub struct OfferLine<'a> {
    /// Its terms.
    pub terms: &'a ChargeTerms,
    /// The rate card's code for it; empty for a rate of its own.
    pub service_code: &'a str,
    /// At most so many a week, in ten-thousandths.
    pub agreed_e4: Option<i64>,
}

/// A contract that activity may be billed under.
#[derive(Clone, Debug)]
pub struct Offer<'a> {
    /// Its id.
    pub id: i64,
    /// Its number.
    pub number: &'a str,
    /// Its service.
    pub service: &'a str,
    /// Its service user; empty for any.
    pub service_user: &'a str,
    /// Its terms.
    pub agreement: &'a Agreement,
    /// Its charges by activity.
    pub lines: Vec<OfferLine<'a>>,
}

/// Where a line fits, and what it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fit {
    /// The contract.
    pub contract: i64,
    /// Its charge.
    pub line: i64,
    /// At the approved rate.
    pub worth: Pence,
}

/// Why a line is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The reason.
    pub because: HeldBecause,
    /// In words.
    pub sentence: String,
    /// The contract and charge, where one was found.
    pub place: Option<(i64, i64)>,
    /// Pounds at stake: at the rate told, else the approved one; nothing where there is neither.
    pub worth: Pence,
}

/// Holds a line against contracts. `in_week` says how much of a charge was accepted before in the week of a day.
///
/// # Errors
/// The first reason, in the order of [`HeldBecause`], for which it is not billed.
pub fn hold_against(told: &Told, offers: &[&Offer<'_>], in_week: impl Fn(i64, i64) -> i64) -> Result<Fit, Held> {
    let (offer, line) = find(told, offers)?;
    let place = (offer.id, line.terms.line);
    let held = |because, sentence, worth| Held { because, sentence, place: Some(place), worth };
    let one = delivered(told);
    let worth = match worth_of(offer.agreement, line.terms, &one) {
        Ok(worth) => worth,
        Err(refusal) => return Err(held(HeldBecause::NoRate, refusal.sentence, told_worth(told))),
    };
    let stake = if told.rate_e4.is_some() { told_worth(told) } else { worth };
    let approved = rate_on(line.terms, told.from_on);
    let strict = !told.waived;
    if let Some(rate) = told.rate_e4.filter(|rate| strict && Some(*rate) != approved) {
        let approved = approved.map_or_else(String::new, rate_in_words);
        let each = told.unit.each();
        let sentence =
            format!("{} {each} was told, {approved} {each} is approved by {}", rate_in_words(rate), offer.number);
        return Err(held(HeldBecause::WrongRate, sentence, stake));
    }
    if let Some(funder) = told.funder.filter(|_| strict) {
        let pays = |payer: &crate::billing::contracts::Payer| {
            payer.customer == funder && payer.pays(line.terms.line, told.from_on)
        };
        if !offer.agreement.payers.iter().any(pays) {
            let sentence = format!("The funder told does not pay {} on {}", offer.number, written(told.from_on));
            return Err(held(HeldBecause::WrongFunder, sentence, stake));
        }
    }
    let pauses = |pause: &&crate::billing::contracts::Break| {
        pause.from_on <= told.to_on && pause.to_on.is_none_or(|to| told.from_on <= to)
    };
    if let Some(pause) = offer.agreement.breaks.iter().find(pauses).filter(|_| strict) {
        let sentence = format!("{} is suspended from {}: {}", offer.number, written(pause.from_on), pause.reason);
        return Err(held(HeldBecause::Suspended, sentence, stake));
    }
    if let Some(day) = crosses(offer.agreement, line.terms, &one) {
        let sentence = format!("It crosses {}: send the days before and after it in two lines", written(day));
        return Err(held(HeldBecause::Spans, sentence, stake));
    }
    if let Some(agreed) = line.agreed_e4.filter(|_| strict) {
        let before = in_week(place.0, place.1);
        if before + told.quantity_e4 > agreed {
            let (unit, all) = (told.unit, before + told.quantity_e4);
            let sentence = format!("{} in this week, {} agreed", unit.counted(all), unit.counted(agreed));
            return Err(held(HeldBecause::AboveAgreed, sentence, stake));
        }
    }
    Ok(Fit { contract: place.0, line: place.1, worth })
}

fn delivered(told: &Told) -> Delivered {
    Delivered { id: 0, from_on: told.from_on, to_on: told.to_on, quantity_e4: told.quantity_e4, rate_e4: None }
}

fn told_worth(told: &Told) -> Pence {
    told.rate_e4.and_then(|rate| priced(rate, told.quantity_e4).ok()).unwrap_or(Pence::ZERO)
}

fn rate_on(terms: &ChargeTerms, day: NaiveDate) -> Option<i64> {
    let rate = terms.rates.iter().filter(|rate| rate.from_on <= day).max_by_key(|rate| rate.from_on)?;
    Some(rate.rate_e4)
}

/// The one charge that a line is for.
fn find<'a>(told: &Told, offers: &[&'a Offer<'a>]) -> Result<(&'a Offer<'a>, &'a OfferLine<'a>), Held> {
    let held = |because, sentence: String, place| Held { because, sentence, place, worth: told_worth(told) };
    let stake = |(offer, line): (&Offer<'_>, &OfferLine<'_>)| match told.rate_e4 {
        Some(_) => told_worth(told),
        None => worth_of(offer.agreement, line.terms, &delivered(told)).unwrap_or(Pence::ZERO),
    };
    if offers.is_empty() {
        let sentence = match (told.contract.as_str(), told.service_user.as_str()) {
            ("", user) => format!("No contract by activity is for {user}"),
            (contract, _) => format!("{contract} is no contract by activity of ours"),
        };
        return Err(held(HeldBecause::OutOfContract, sentence, None));
    }
    let same_user = |offer: &Offer<'_>| {
        told.service_user.is_empty() || offer.service_user.is_empty() || offer.service_user == told.service_user
    };
    let fits = |offer: &&'a Offer<'a>| {
        let offer: &'a Offer<'a> = offer;
        let lines = offer.lines.iter().filter(move |line| same_user(offer) && is_for(offer, line, &told.service));
        lines.map(move |line| (offer, line)).collect::<Vec<_>>()
    };
    let of_service: Vec<_> = offers.iter().flat_map(fits).collect();
    let Some(first) = of_service.first() else {
        let offer = offers[0];
        let sentence = if same_user(offer) {
            format!("{} is not a charge by activity of {}", told.service, offer.number)
        } else {
            format!("{} is for another service user than {}", offer.number, told.service_user)
        };
        return Err(held(HeldBecause::WrongService, sentence, None));
    };
    let of_unit: Vec<_> = of_service.iter().copied().filter(|(_, line)| line.terms.unit == told.unit).collect();
    if of_unit.is_empty() {
        let sentence = format!(
            "{} charges {} {}, not {}",
            first.0.number,
            told.service,
            first.1.terms.unit.each(),
            told.unit.each()
        );
        let place = Some((first.0.id, first.1.terms.line));
        return Err(held(HeldBecause::WrongUnit, sentence, place));
    }
    let in_dates: Vec<_> = of_unit.iter().copied().filter(|found| covers(*found, told)).collect();
    match in_dates.as_slice() {
        [] => {
            let (offer, line) = of_unit[0];
            let first = offer.agreement.charged_from().max(line.terms.from_on);
            let last = offer.agreement.charged_to().into_iter().chain(line.terms.to_on).min();
            let until = last.map_or_else(|| " on".to_owned(), |day| format!(" to {}", written(day)));
            let sentence = format!("{} is charged from {}{until}", offer.number, written(first));
            let worth = stake(of_unit[0]);
            Err(Held { because: HeldBecause::OutsideDates, sentence, place: Some((offer.id, line.terms.line)), worth })
        }
        [one] => Ok(*one),
        [one, other, ..] => {
            let sentence = format!("{} and {} both fit: assign the line to one", one.0.number, other.0.number);
            Err(Held { because: HeldBecause::Several, sentence, place: None, worth: stake(*one) })
        }
    }
}

fn is_for(offer: &Offer<'_>, line: &OfferLine<'_>, service: &str) -> bool {
    let same = |text: &str| !text.is_empty() && text.trim().eq_ignore_ascii_case(service.trim());
    same(line.service_code) || same(&line.terms.description) || same(offer.service)
}

fn covers((offer, line): (&Offer<'_>, &OfferLine<'_>), told: &Told) -> bool {
    let first = offer.agreement.charged_from().max(line.terms.from_on);
    let last = offer.agreement.charged_to().into_iter().chain(line.terms.to_on).min();
    first <= told.from_on && last.is_none_or(|last| told.to_on <= last)
}

/// The day of a change of rate or payer, or the first of a period, that a line which cannot be parted lies across.
fn crosses(agreement: &Agreement, terms: &ChargeTerms, one: &Delivered) -> Option<NaiveDate> {
    if one.is_daily() {
        return None;
    }
    let inside = |day: &NaiveDate| one.from_on < *day && *day <= one.to_on;
    let rates = terms.rates.iter().map(|rate| rate.from_on);
    let payers = agreement.payers.iter().map(|payer| payer.from_on);
    let periods = agreement.cycle.periods(one.from_on, one.to_on, &[]).into_iter().map(|period| period.starts_on);
    rates.chain(payers).chain(periods).filter(inside).min()
}
