//! What may come of a call, and what follows from it (DUN-13).
use crate::calendar::Calendar;
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

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
