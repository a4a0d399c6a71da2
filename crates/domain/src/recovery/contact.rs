//! How often and when a person is contacted, over all their debts and channels, and what follows from a call.
use crate::calendar::{Calendar, add_days};
use crate::refusal::Refusal;
use crate::words::{counted, named, written};
use chrono::{Datelike, NaiveDate, NaiveTime, Weekday};
use serde::{Deserialize, Serialize};

/// What contact refuses.
pub mod refusals {
    use crate::catalogue::refusals;
    refusals! {
        /// Enough contact for now.
        CONTACT_BUDGET = "REC-CONTACT-BUDGET", "DUN-19; Administration of Justice Act 1970 s40", "Wait for the day named, or answer what the customer asked";
        /// Not at this hour.
        QUIET_HOURS = "REC-QUIET-HOURS", "DUN-19; Administration of Justice Act 1970 s40", "Call between the hours named";
        /// The customer asked not to be called.
        NO_CALLS = "REC-NO-CALLS", "DUN-19; Equality Act 2010 s20", "Write instead";
    }
}

/// Days over which contact is counted.
pub const WINDOW_DAYS: i64 = 7;

/// The site's budget of chasing contact with one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactPolicy {
    /// At most so many in seven days, over all debts and channels.
    pub most_in_window: u32,
    /// First hour for calls and texts.
    pub opens_at: NaiveTime,
    /// From this hour on nobody is called.
    pub closes_at: NaiveTime,
}

impl Default for ContactPolicy {
    fn default() -> Self {
        let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN);
        ContactPolicy { most_in_window: 3, opens_at: hour(8), closes_at: hour(20) }
    }
}

/// Whether one more letter, message or call may chase this person today; answers to them are not counted.
///
/// # Errors
/// `REC-CONTACT-BUDGET`, with the day from which it may.
pub fn may_contact(policy: &ContactPolicy, contacts: &[NaiveDate], today: NaiveDate) -> Result<(), Refusal> {
    let first = add_days(today, 1 - WINDOW_DAYS);
    let mut counted_days: Vec<NaiveDate> =
        contacts.iter().copied().filter(|day| *day >= first && *day <= today).collect();
    counted_days.sort_unstable();
    let most = policy.most_in_window.max(1) as usize;
    if counted_days.len() < most {
        return Ok(());
    }
    // One more fits once the oldest that fills the budget has left the window.
    let leaves = counted_days[counted_days.len() - most];
    let sentence = format!(
        "There were {} in the last {WINDOW_DAYS} days, and the most is {most}",
        counted(counted_days.len() as i64, "contact")
    );
    Err(refusals::CONTACT_BUDGET.because(sentence).allowed_from(add_days(leaves, WINDOW_DAYS)))
}

/// Whether a person may be called or texted at this hour of this day.
///
/// # Errors
/// `REC-QUIET-HOURS`; `CAL-YEAR` where the calendar does not reach so far.
pub fn may_call_now(policy: &ContactPolicy, calendar: &Calendar, day: NaiveDate, at: NaiveTime) -> Result<(), Refusal> {
    let hours = format!("from {} to {}", clock(policy.opens_at), clock(policy.closes_at));
    if day.weekday() == Weekday::Sun {
        let sentence = format!("Nobody is called on a Sunday; call {hours} on another day");
        return Err(refusals::QUIET_HOURS.because(sentence).allowed_from(add_days(day, 1)));
    }
    calendar.require_loaded(day)?;
    if calendar.bank_holidays(day.year()).contains(&day) {
        let sentence = format!("{} is a bank holiday", written(day));
        return Err(refusals::QUIET_HOURS.because(sentence).allowed_from(calendar.next_or_same(day)?));
    }
    if at < policy.opens_at || at >= policy.closes_at {
        let next = if at < policy.opens_at { day } else { add_days(day, 1) };
        let sentence = format!("It is {}; people are called {hours}", clock(at));
        return Err(refusals::QUIET_HOURS.because(sentence).allowed_from(next));
    }
    Ok(())
}

fn clock(at: NaiveTime) -> String {
    at.format("%-I:%M%P").to_string().replace(":00", "")
}

named! {
    /// What came of a call.
    CallOutcome {
        /// We spoke.
        Spoke = "spoke", "Spoke to them";
        /// Nobody answered.
        NoAnswer = "no_answer", "No answer";
        /// A message was left.
        LeftMessage = "left_message", "Left a message";
        /// Not their number.
        WrongNumber = "wrong_number", "Wrong number";
        /// They refuse to pay.
        Refuses = "refuses", "Refuses to pay";
        /// They say it is not right.
        Disputes = "disputes", "Disputes the debt";
        /// They will pay.
        WillPay = "will_pay", "Will pay";
        /// They ask for another time.
        CallBack = "call_back", "Call back";
    }
}

/// What comes after a call, where the caller chose nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallNext {
    /// What to do.
    pub step: &'static str,
    /// When.
    pub on: NaiveDate,
}

/// Calls without an answer after which it is better to write.
const UNANSWERED: usize = 3;

impl CallOutcome {
    /// Whether the form must say how much they promise, and by when.
    pub fn wants_promise(self) -> bool {
        self == CallOutcome::WillPay
    }

    /// Whether the form must say when to call back.
    pub fn wants_day(self) -> bool {
        self == CallOutcome::CallBack
    }

    /// The next step, where the caller chose none; `before` are the outcomes of earlier calls, newest first.
    ///
    /// # Errors
    /// `CAL-YEAR` where the calendar does not reach so far.
    pub fn next(
        self,
        before: &[CallOutcome],
        calendar: &Calendar,
        today: NaiveDate,
    ) -> Result<Option<CallNext>, Refusal> {
        let unanswered = |one: &&CallOutcome| matches!(one, CallOutcome::NoAnswer | CallOutcome::LeftMessage);
        let in_vain = before.iter().take_while(unanswered).count() + 1;
        let after = |step, days| Ok(Some(CallNext { step, on: calendar.add(today, days)? }));
        match self {
            CallOutcome::NoAnswer | CallOutcome::LeftMessage if in_vain >= UNANSWERED => {
                after("Write instead: three calls found nobody", 1)
            }
            CallOutcome::NoAnswer => after("Call again, at another time of day", 1),
            CallOutcome::LeftMessage => after("Call again if they have not called", 2),
            CallOutcome::WrongNumber => Ok(Some(CallNext { step: "Find another number", on: today })),
            CallOutcome::Refuses => after("Decide on the next step of the pathway", 1),
            CallOutcome::Disputes => Ok(Some(CallNext { step: "Raise a query for what they dispute", on: today })),
            CallOutcome::Spoke | CallOutcome::WillPay | CallOutcome::CallBack => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Nation;
    use crate::reference::ReferenceBook;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn at(text: &str) -> NaiveTime {
        text.parse().expect("a time in a test")
    }

    #[test]
    fn dun_19_three_contacts_in_seven_days_and_no_more() {
        let policy = ContactPolicy::default();
        let two = [d("2026-11-16"), d("2026-11-18")];
        assert_eq!(may_contact(&policy, &two, d("2026-11-20")), Ok(()));
        let three = [d("2026-11-20"), d("2026-11-16"), d("2026-11-18")];
        let no = may_contact(&policy, &three, d("2026-11-20")).expect_err("enough");
        assert_eq!((no.code.as_str(), no.allowed_from), ("REC-CONTACT-BUDGET", Some(d("2026-11-23"))));
        assert_eq!(may_contact(&policy, &three, d("2026-11-23")), Ok(()));
        let four = [d("2026-11-16"), d("2026-11-17"), d("2026-11-18"), d("2026-11-20")];
        let no = may_contact(&policy, &four, d("2026-11-20")).expect_err("over it");
        assert_eq!(no.allowed_from, Some(d("2026-11-24")));
    }

    #[test]
    fn dun_19_quiet_hours_sundays_and_bank_holidays() {
        let (book, policy) = (ReferenceBook::default(), ContactPolicy::default());
        let calendar = book.calendar(Nation::EnglandAndWales);
        let code = |day: &str, time: &str| {
            may_call_now(&policy, calendar, d(day), at(time)).map_or_else(|no| no.code, |()| "allowed".into())
        };
        assert_eq!(code("2026-11-20", "08:00:00"), "allowed");
        assert_eq!(code("2026-11-20", "19:59:59"), "allowed");
        assert_eq!(code("2026-11-20", "20:00:00"), "REC-QUIET-HOURS");
        assert_eq!(code("2026-11-20", "07:59:00"), "REC-QUIET-HOURS");
        assert_eq!(code("2026-11-21", "12:00:00"), "allowed", "a Saturday");
        assert_eq!(code("2026-11-22", "12:00:00"), "REC-QUIET-HOURS", "a Sunday");
        let no = may_call_now(&policy, calendar, d("2026-12-25"), at("12:00:00")).expect_err("Christmas");
        assert_eq!(no.allowed_from, Some(d("2026-12-29")));
    }

    #[test]
    fn dun_13_the_outcome_sets_the_next_step() {
        let book = ReferenceBook::default();
        let calendar = book.calendar(Nation::EnglandAndWales);
        let next = |outcome: CallOutcome, before: &[CallOutcome]| {
            let next = outcome.next(before, calendar, d("2026-11-20")).expect("a calendar");
            next.map(|next| (next.step, next.on))
        };
        use CallOutcome::*;
        assert_eq!(next(NoAnswer, &[]), Some(("Call again, at another time of day", d("2026-11-23"))));
        let third = next(NoAnswer, &[LeftMessage, NoAnswer, Spoke]);
        assert_eq!(third, Some(("Write instead: three calls found nobody", d("2026-11-23"))));
        assert_eq!(
            next(NoAnswer, &[Spoke, NoAnswer, NoAnswer]).map(|n| n.0),
            Some("Call again, at another time of day")
        );
        assert_eq!(next(Disputes, &[]).map(|n| n.1), Some(d("2026-11-20")));
        assert_eq!(next(WillPay, &[]), None);
        assert!(WillPay.wants_promise() && CallBack.wants_day());
    }
}
