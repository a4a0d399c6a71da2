//! How often, when and by which way we may reach a person, over all debts and channels (DUN-19).
use super::refusals;
use super::vulnerability::Adjustment;
use crate::calendar::add_days;
use crate::refusal::Refusal;
use crate::words::{counted, named};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

named! {
    /// A way to reach somebody.
    ContactWay {
        /// A letter.
        Post = "post", "Post";
        /// E-mail.
        Email = "email", "E-mail";
        /// A text message.
        Text = "text", "Text message";
        /// A call.
        Call = "call", "Call";
        /// A visit.
        Visit = "visit", "Visit";
    }
}

/// A site's policy on contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPolicy {
    /// Contacts of any kind in any seven days.
    pub most_a_week: usize,
    /// Of them, calls and visits.
    pub most_calls_a_week: usize,
    /// Calls, texts and visits from this time.
    pub from: NaiveTime,
    /// And not from this time on.
    pub until: NaiveTime,
    /// On Sundays and bank holidays too.
    pub on_days_of_rest: bool,
}

impl Default for ContactPolicy {
    fn default() -> Self {
        let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).expect("a full hour");
        Self { most_a_week: 3, most_calls_a_week: 2, from: at(8), until: at(20), on_days_of_rest: false }
    }
}

/// What is known when somebody is about to be reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactFacts {
    /// By which way.
    pub way: ContactWay,
    /// What was sent or tried before, over all debts of the person.
    pub before: Vec<(NaiveDate, ContactWay)>,
    /// What they asked for, or need.
    pub adjustments: Vec<Adjustment>,
    /// Local time, for ways that interrupt; none while it is only planned for a day.
    pub at: Option<NaiveDateTime>,
    /// Today is a bank holiday.
    pub bank_holiday: bool,
    /// The policy.
    pub policy: ContactPolicy,
}

/// Whether a person may be reached this way today.
pub fn may_contact(facts: &ContactFacts, today: NaiveDate) -> Result<(), Refusal> {
    safe(facts)?;
    budget(facts, today)?;
    quiet(facts, today)
}

fn safe(facts: &ContactFacts) -> Result<(), Refusal> {
    let barred = |adjustment: &&Adjustment| match adjustment {
        Adjustment::EmailOnly => facts.way != ContactWay::Email,
        Adjustment::NoEmail => facts.way == ContactWay::Email,
        Adjustment::NoCalls => facts.way == ContactWay::Call,
        Adjustment::NoTexts => facts.way == ContactWay::Text,
        Adjustment::NoPost => facts.way == ContactWay::Post,
        Adjustment::NoVisits => facts.way == ContactWay::Visit,
        Adjustment::LargePrint | Adjustment::LongerDeadlines | Adjustment::NamedOfficer => false,
    };
    match facts.adjustments.iter().find(barred) {
        Some(adjustment) => {
            let sentence = format!("{}: {} is not safe or not wanted", adjustment.name(), facts.way.name());
            Err(refusals::UNSAFE_CHANNEL.because(sentence))
        }
        None => Ok(()),
    }
}

fn interrupts(way: ContactWay) -> bool {
    matches!(way, ContactWay::Call | ContactWay::Visit)
}

fn budget(facts: &ContactFacts, today: NaiveDate) -> Result<(), Refusal> {
    over(facts, today, facts.policy.most_a_week, |_| true, "contact")?;
    if interrupts(facts.way) {
        over(facts, today, facts.policy.most_calls_a_week, interrupts, "call or visit")?;
    }
    Ok(())
}

/// Refuses one more than the most in seven days, and names the day on which the oldest of them falls out.
fn over(
    facts: &ContactFacts,
    today: NaiveDate,
    most: usize,
    counts: fn(ContactWay) -> bool,
    what: &str,
) -> Result<(), Refusal> {
    let week = add_days(today, -6);
    let mut days: Vec<NaiveDate> = facts
        .before
        .iter()
        .filter(|(on, way)| counts(*way) && *on >= week && *on <= today)
        .map(|(on, _)| *on)
        .collect();
    if days.len() < most {
        return Ok(());
    }
    days.sort_unstable();
    let number = i64::try_from(days.len()).unwrap_or(i64::MAX);
    let number = if what == "contact" { counted(number, what) } else { format!("{number} calls or visits") };
    let refusal = refusals::CONTACT_BUDGET.because(format!("{number} in the last seven days is the most"));
    Err(match days.get(days.len() - most) {
        Some(oldest) => refusal.allowed_from(add_days(*oldest, 7)),
        None => refusal,
    })
}

fn quiet(facts: &ContactFacts, today: NaiveDate) -> Result<(), Refusal> {
    if !interrupts(facts.way) && facts.way != ContactWay::Text {
        return Ok(());
    }
    let rest = facts.bank_holiday || today.weekday() == Weekday::Sun;
    if rest && !facts.policy.on_days_of_rest {
        let refusal = refusals::QUIET_HOURS.because("Nobody is called or visited on a Sunday or bank holiday");
        return Err(refusal.allowed_from(add_days(today, 1)));
    }
    match facts.at.filter(|at| at.date() == today).map(|at| at.time()) {
        Some(at) if at < facts.policy.from => {
            let sentence = format!("It is before {}", facts.policy.from.format("%-H:%M"));
            Err(refusals::QUIET_HOURS.because(sentence).allowed_from(today))
        }
        Some(at) if at >= facts.policy.until => {
            let sentence = format!("It is after {}", facts.policy.until.format("%-H:%M"));
            Err(refusals::QUIET_HOURS.because(sentence).allowed_from(add_days(today, 1)))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn facts(way: ContactWay, before: &[(&str, ContactWay)]) -> ContactFacts {
        ContactFacts {
            way,
            before: before.iter().map(|(on, way)| (d(on), *way)).collect(),
            adjustments: vec![],
            at: None,
            bank_holiday: false,
            policy: ContactPolicy::default(),
        }
    }

    #[test]
    fn dun_19_the_budget_counts_all_debts_and_channels() {
        let before =
            [("2026-11-16", ContactWay::Post), ("2026-11-18", ContactWay::Email), ("2026-11-20", ContactWay::Text)];
        let refused = may_contact(&facts(ContactWay::Post, &before), d("2026-11-21")).expect_err("a fourth");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("DUN-19-BUDGET", Some(d("2026-11-23"))));
        assert_eq!(refused.sentence, "3 contacts in the last seven days is the most");
        assert_eq!(may_contact(&facts(ContactWay::Post, &before), d("2026-11-23")), Ok(()));
        let calls = [("2026-11-17", ContactWay::Call), ("2026-11-19", ContactWay::Visit)];
        let refused = may_contact(&facts(ContactWay::Call, &calls), d("2026-11-20")).expect_err("a third call");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("DUN-19-BUDGET", Some(d("2026-11-24"))));
        assert_eq!(may_contact(&facts(ContactWay::Post, &calls), d("2026-11-20")), Ok(()));
    }

    #[test]
    fn dun_19_quiet_hours_and_days() {
        let sunday = may_contact(&facts(ContactWay::Call, &[]), d("2026-11-22")).expect_err("a Sunday");
        assert_eq!((sunday.code.as_str(), sunday.allowed_from), ("DUN-19-QUIET", Some(d("2026-11-23"))));
        assert_eq!(may_contact(&facts(ContactWay::Post, &[]), d("2026-11-22")), Ok(()));
        let mut call = facts(ContactWay::Call, &[]);
        for (hour, from) in [(7, Some("2026-11-23")), (20, Some("2026-11-24")), (8, None), (19, None)] {
            call.at = d("2026-11-23").and_hms_opt(hour, 0, 0);
            let told = may_contact(&call, d("2026-11-23")).err().and_then(|refusal| refusal.allowed_from);
            assert_eq!(told, from.map(d), "{hour}");
        }
        call.bank_holiday = true;
        assert!(may_contact(&call, d("2026-11-23")).is_err());
    }

    #[test]
    fn cus_13_a_way_that_is_not_safe_is_not_used() {
        for (adjustment, way) in [
            (Adjustment::NoPost, ContactWay::Post),
            (Adjustment::NoEmail, ContactWay::Email),
            (Adjustment::NoTexts, ContactWay::Text),
            (Adjustment::NoCalls, ContactWay::Call),
            (Adjustment::NoVisits, ContactWay::Visit),
            (Adjustment::EmailOnly, ContactWay::Post),
        ] {
            let mut case = facts(way, &[]);
            case.adjustments = vec![adjustment];
            let refused = may_contact(&case, d("2026-11-23")).expect_err("unsafe");
            assert_eq!(refused.code, "BS-08-UNSAFE-CHANNEL", "{adjustment:?}");
        }
    }
}
