//! How often, when and by which way we may reach a person, over all debts and channels (DUN-19).
use super::refusals;
use super::vulnerability::Adjustment;
use crate::calendar::add_days;
use crate::refusal::Refusal;
use crate::words::{counted, named, written};
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
    /// Bank holidays of this year and the next.
    pub bank_holidays: Vec<NaiveDate>,
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
    let policy = &facts.policy;
    let (why, first) = match facts.at.filter(|at| at.date() == today).map(|at| at.time()) {
        _ if is_rest(facts, today) => {
            ("Nobody is called or visited on a Sunday or bank holiday".into(), add_days(today, 1))
        }
        Some(at) if at < policy.from => (format!("It is before {}", hour(policy.from)), today),
        Some(at) if at >= policy.until => (format!("It is after {}", hour(policy.until)), add_days(today, 1)),
        _ => return Ok(()),
    };
    let mut on = first;
    while is_rest(facts, on) {
        on = add_days(on, 1);
    }
    let again = format!("{why}; again from {} on {} {}", hour(policy.from), on.format("%A"), written(on));
    Err(refusals::QUIET_HOURS.because(again).allowed_from(on))
}

/// A Sunday or bank holiday, where the policy keeps them.
fn is_rest(facts: &ContactFacts, day: NaiveDate) -> bool {
    !facts.policy.on_days_of_rest && (day.weekday() == Weekday::Sun || facts.bank_holidays.contains(&day))
}

/// `8am`, `7:30pm`.
fn hour(time: NaiveTime) -> String {
    time.format("%-I:%M%P").to_string().replace(":00", "")
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
            bank_holidays: vec![],
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
        call.bank_holidays = vec![d("2026-11-23")];
        assert!(may_contact(&call, d("2026-11-23")).is_err());
    }

    #[test]
    fn dun_19_quiet_hours_name_the_day_and_time_of_the_next_contact() {
        let told = |day: &str, hour: u32, holidays: &[&str]| {
            let mut call = facts(ContactWay::Call, &[]);
            call.at = d(day).and_hms_opt(hour, 30, 0);
            call.bank_holidays = holidays.iter().map(|day| d(day)).collect();
            may_contact(&call, d(day)).expect_err("quiet").sentence
        };
        let easter = ["2026-04-03", "2026-04-06"];
        assert_eq!(told("2026-11-23", 7, &[]), "It is before 8am; again from 8am on Monday 23 November 2026");
        assert_eq!(told("2026-04-02", 20, &easter), "It is after 8pm; again from 8am on Saturday 4 April 2026");
        let sunday = "Nobody is called or visited on a Sunday or bank holiday; again from 8am on Tuesday 7 April 2026";
        assert_eq!(told("2026-04-05", 12, &easter), sunday);
        assert_eq!(told("2026-04-04", 20, &easter), "It is after 8pm; again from 8am on Tuesday 7 April 2026");
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
