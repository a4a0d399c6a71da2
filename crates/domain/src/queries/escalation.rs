//! When a query that nobody settles goes to somebody named, by its age and its value; once for each rule.
use crate::calendar::Calendar;
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// To whom a query goes, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EscalationRule {
    /// Stable code.
    pub code: String,
    /// For people.
    pub name: String,
    /// Working days after the day it should have been answered.
    pub after_days: i64,
    /// At least so much is in query.
    pub least: Pence,
    /// The role it goes to.
    pub to_role: String,
    /// The address it is written to; empty where the role's worklist is enough.
    pub to_email: String,
    /// From which day it is so.
    pub from_on: NaiveDate,
    /// Whether it counts.
    pub active: bool,
}

/// The rules that hold on a day: the organisation's own over those that came with the program.
pub fn rules_in_force(own: &[EscalationRule], day: NaiveDate) -> Vec<EscalationRule> {
    let shipped = |code: &str, name: &str, after_days, least, to_role: &str| EscalationRule {
        code: code.into(),
        name: name.into(),
        after_days,
        least: Pence(least),
        to_role: to_role.into(),
        to_email: String::new(),
        from_on: NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default(),
        active: true,
    };
    let mut all = vec![
        shipped("late", "Not answered in time", 5, 0, "team_leader"),
        shipped("large", "A large amount not answered", 10, 100_000, "approver"),
    ];
    let mut own: Vec<&EscalationRule> = own.iter().filter(|rule| rule.from_on <= day).collect();
    own.sort_by_key(|rule| rule.from_on);
    for rule in own {
        match all.iter_mut().find(|known| known.code == rule.code) {
            Some(known) => *known = rule.clone(),
            None => all.push(rule.clone()),
        }
    }
    all
}

/// Whether a query that should have been answered by a day goes to somebody by a rule today.
///
/// # Errors
/// A calendar that is not loaded.
pub fn escalation_due(
    rule: &EscalationRule,
    (answer_by, disputed): (NaiveDate, Pence),
    calendar: &Calendar,
    today: NaiveDate,
) -> Result<bool, Refusal> {
    if !rule.active || disputed < rule.least || today <= answer_by {
        return Ok(false);
    }
    Ok(today >= calendar.add(answer_by, rule.after_days)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Nation;
    use crate::reference::{ReferenceBook, shipped_rows};

    #[test]
    fn qry_04_by_age_and_by_value() {
        let book = ReferenceBook::from_rows(&shipped_rows());
        let calendar = book.calendar(Nation::EnglandAndWales);
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let rules = rules_in_force(&[], day("2026-05-01"));
        let codes = |pence, today: &str| -> Vec<String> {
            let due = |rule: &&EscalationRule| {
                escalation_due(rule, (day("2026-05-01"), Pence(pence)), calendar, day(today)).expect("loaded")
            };
            rules.iter().filter(due).map(|rule| rule.code.clone()).collect()
        };
        assert!(codes(500_000, "2026-05-08").is_empty(), "the bank holiday does not count");
        assert_eq!(codes(500_000, "2026-05-11"), ["late"]);
        assert_eq!(codes(500_000, "2026-05-18"), ["late", "large"]);
        assert_eq!(codes(99_999, "2026-06-30"), ["late"]);
        let own = EscalationRule { after_days: 0, from_on: day("2026-04-01"), ..rules[0].clone() };
        let off = EscalationRule { active: false, from_on: day("2026-06-01"), ..own.clone() };
        assert_eq!(rules_in_force(&[off.clone(), own.clone()], day("2026-05-01"))[0], own);
        assert!(!rules_in_force(&[off, own], day("2026-06-01"))[0].active);
    }
}
