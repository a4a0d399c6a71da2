//! Questions and disputes: categories, states, causes, evidence, and the clock in working days.
mod category;
mod cause;
mod complaint;
mod escalation;
mod mail;
mod mail_words;
mod question;
pub mod refusals;
pub mod servicenow;
mod servicenow_told;

pub use crate::control::{EVIDENCE_KINDS, LARGEST_EVIDENCE, evidence_kind};
pub use category::{Category, category_of, in_force, is_code, shipped_categories};
pub use cause::Cause;
pub use complaint::{ComplaintOutcome, Stage, StageDays, StageTerms, terms_of};
pub use escalation::{EscalationRule, escalation_due, rules_in_force};
pub use mail::{
    AccountNamed, MailAct, MailFacts, MailPlaced, MailSort, MailState, MailWriter, NumberNamed, QueryTraced,
    REOPEN_DAYS, Trace, may_sort, place_mail,
};
pub use mail_words::{NumberWord, Place, number_words};
pub use question::{ANSWER_DAYS, LINK_DAYS, names_somebody, reminder_due};
pub use servicenow_told::{RequestFact, Telling, tell_of_query, tell_of_requests};

use crate::calendar::Calendar;
use crate::money::{Pence, divide_half_up};
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Where a query stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryState {
    /// With us, or with the service.
    Open,
    /// With the customer, whose information we need; the clock stands still.
    WaitingForCustomer,
    /// The service has answered; someone must close it.
    Answered,
    /// Closed: the charge stands, or was credited.
    Resolved,
    /// Taken back by the customer.
    Withdrawn,
}

/// What is done to a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryAct {
    /// Ask the customer for something.
    AskCustomer,
    /// The customer sent it.
    CustomerReplied,
    /// The service answers.
    Answer,
    /// Close it.
    Resolve,
    /// The customer takes it back.
    Withdraw,
    /// It was closed too soon.
    Reopen,
}

/// Every arrow there is.
const ARROWS: &[(QueryState, QueryAct, QueryState)] = &[
    (QueryState::Open, QueryAct::AskCustomer, QueryState::WaitingForCustomer),
    (QueryState::Open, QueryAct::Answer, QueryState::Answered),
    (QueryState::Open, QueryAct::Resolve, QueryState::Resolved),
    (QueryState::Open, QueryAct::Withdraw, QueryState::Withdrawn),
    (QueryState::WaitingForCustomer, QueryAct::CustomerReplied, QueryState::Open),
    (QueryState::WaitingForCustomer, QueryAct::Resolve, QueryState::Resolved),
    (QueryState::WaitingForCustomer, QueryAct::Withdraw, QueryState::Withdrawn),
    (QueryState::Answered, QueryAct::Resolve, QueryState::Resolved),
    (QueryState::Answered, QueryAct::Reopen, QueryState::Open),
    (QueryState::Answered, QueryAct::Withdraw, QueryState::Withdrawn),
    (QueryState::Resolved, QueryAct::Reopen, QueryState::Open),
];

impl QueryState {
    /// All states.
    pub const ALL: [QueryState; 5] = [
        QueryState::Open,
        QueryState::WaitingForCustomer,
        QueryState::Answered,
        QueryState::Resolved,
        QueryState::Withdrawn,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            QueryState::Open => "open",
            QueryState::WaitingForCustomer => "waiting_for_customer",
            QueryState::Answered => "answered",
            QueryState::Resolved => "resolved",
            QueryState::Withdrawn => "withdrawn",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<QueryState> {
        QueryState::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether the disputed part is still held.
    pub fn holds(self) -> bool {
        !matches!(self, QueryState::Resolved | QueryState::Withdrawn)
    }
}

impl QueryAct {
    /// All acts.
    pub const ALL: [QueryAct; 6] = [
        QueryAct::AskCustomer,
        QueryAct::CustomerReplied,
        QueryAct::Answer,
        QueryAct::Resolve,
        QueryAct::Withdraw,
        QueryAct::Reopen,
    ];
}

/// The state an act leads to.
pub fn next_query_state(state: QueryState, act: QueryAct) -> Result<QueryState, Refusal> {
    match ARROWS.iter().find(|(from, by, _)| *from == state && *by == act) {
        Some((_, _, to)) => Ok(*to),
        None => Err(refusals::STATE.because(format!("A query that is {} cannot do that", state.as_str()))),
    }
}

named! {
    /// How a query came to us.
    Source {
        /// On the telephone.
        Call = "call", "Telephone call";
        /// By e-mail.
        Email = "email", "E-mail";
        /// On paper.
        Letter = "letter", "Letter";
        /// At the counter, or by word of mouth.
        Person = "person", "In person";
        /// On a page of ours.
        Page = "page", "Our pages";
        /// From a program.
        Api = "api", "Another system";
        /// A case of the service desk.
        ServiceNow = "servicenow", "Service desk case";
    }
}

named! {
    /// How a query ends.
    Resolution {
        /// The customer is right: the disputed part is credited.
        Upheld = "upheld", "The customer is right: credit the disputed part";
        /// It was billed again as it should have been; what was wrong is credited.
        Rebilled = "rebilled", "It has been billed again: credit the old charge";
        /// The charge stands.
        ChargeStands = "charge_stands", "The charge stands";
        /// It was a question, and it is answered.
        Explained = "explained", "The charge has been explained";
        /// It had been paid.
        Paid = "paid", "It has been paid";
        /// Anything else.
        Other = "other", "Something else";
    }
}

impl Resolution {
    /// Whether a credit note comes of it.
    pub fn credits(self) -> bool {
        matches!(self, Resolution::Upheld | Resolution::Rebilled)
    }
}

/// How much of an item a query disputes: what was said, or, for a dispute that names no amount, all that is left.
pub fn disputed_part(is_dispute: bool, said: Option<Pence>, item: Option<(Pence, Pence)>) -> Result<Pence, Refusal> {
    let Some((open, disputed)) = item else {
        return match said {
            Some(amount) if amount != Pence::ZERO => {
                Err(refusals::NO_ITEM.because(format!("{amount} is disputed, and no invoice is named")))
            }
            _ => Ok(Pence::ZERO),
        };
    };
    if open < Pence::ZERO {
        return Err(refusals::NOT_OWED.because("The item is a credit, which nobody owes"));
    }
    let left = open.minus(disputed).max(Pence::ZERO);
    match said {
        Some(amount) if amount > left || amount < Pence::ZERO => {
            Err(refusals::ABOVE_OPEN
                .because(format!("{amount} cannot be disputed where {left} is open and undisputed")))
        }
        Some(amount) => Ok(amount),
        None if is_dispute => Ok(left),
        None => Ok(Pence::ZERO),
    }
}

/// The day by which a query should be answered; days spent waiting for the customer do not count.
pub fn answer_by(
    target_days: i64,
    opened_on: NaiveDate,
    waited_working_days: i64,
    calendar: &Calendar,
) -> Result<NaiveDate, Refusal> {
    calendar.add(opened_on, target_days + waited_working_days)
}

/// The net amount of a line whose gross is disputed, at the line's own rate: half up, and never above what is left.
pub fn net_of_disputed(disputed: Pence, left_net: Pence, left_vat: Pence) -> Pence {
    let left = left_net.plus(left_vat);
    if disputed >= left || left <= Pence::ZERO {
        return left_net;
    }
    let net = divide_half_up(i128::from(disputed.0) * i128::from(left_net.0), i128::from(left.0));
    Pence(i64::try_from(net).unwrap_or(left_net.0)).min(left_net)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Nation;
    use crate::reference::ReferenceBook;

    #[test]
    fn every_arrow_and_no_other() {
        for state in QueryState::ALL {
            assert_eq!(QueryState::parse(state.as_str()), Some(state));
            for act in QueryAct::ALL {
                let arrow = ARROWS.iter().find(|(from, by, _)| (*from, *by) == (state, act));
                assert_eq!(next_query_state(state, act).ok(), arrow.map(|(_, _, to)| *to), "{state:?} {act:?}");
            }
        }
    }

    #[test]
    fn the_clock_counts_working_days() {
        let book = ReferenceBook::default();
        let calendar = book.calendar(Nation::EnglandAndWales);
        let opened = "2026-12-23".parse().expect("a date");
        let by = |waited| answer_by(2, opened, waited, calendar).map(|day| day.to_string());
        assert_eq!(by(0).as_deref(), Ok("2026-12-29"));
        assert_eq!(by(1).as_deref(), Ok("2026-12-30"));
        for source in Source::ALL {
            assert_eq!(Source::parse(source.as_str()), Some(*source));
        }
        for resolution in Resolution::ALL {
            assert_eq!(Resolution::parse(resolution.as_str()), Some(*resolution));
        }
    }

    #[test]
    fn c_disputes_hold_at_most_what_is_open() {
        let part = |is_dispute, said: Option<i64>, item: Option<(i64, i64)>| {
            let item = item.map(|(open, disputed)| (Pence(open), Pence(disputed)));
            disputed_part(is_dispute, said.map(Pence), item).map_err(|refusal| refusal.code)
        };
        assert_eq!(part(true, None, Some((1_000, 400))), Ok(Pence(600)));
        assert_eq!(part(false, None, Some((1_000, 0))), Ok(Pence::ZERO));
        assert_eq!(part(true, Some(601), Some((1_000, 400))), Err("QRY-ABOVE-OPEN".into()));
        assert_eq!(part(true, Some(-1), Some((1_000, 400))), Err("QRY-ABOVE-OPEN".into()));
        assert_eq!(part(true, Some(5), None), Err("QRY-NO-ITEM".into()));
        assert_eq!(part(true, None, Some((-5, 0))), Err("QRY-NOT-OWED".into()));
    }

    #[test]
    fn qry_05_a_disputed_gross_is_credited_at_the_rate_of_its_line() {
        assert_eq!(net_of_disputed(Pence(12_000), Pence(100_000), Pence(20_000)), Pence(10_000));
        assert_eq!(net_of_disputed(Pence(120_000), Pence(100_000), Pence(20_000)), Pence(100_000));
        assert_eq!(net_of_disputed(Pence(500_000), Pence(100_000), Pence(20_000)), Pence(100_000));
        assert_eq!(net_of_disputed(Pence(1), Pence(100_000), Pence(20_000)), Pence(1));
        assert_eq!(net_of_disputed(Pence(5), Pence(0), Pence(0)), Pence(0));
    }
}
