//! Questions and disputes: categories, states, and the clock in working days.
use crate::calendar::Calendar;
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What queries refuse.
pub mod refusals {
    use crate::catalogue::refusals;
    refusals! {
        /// The query cannot go from where it is to where it was sent.
        STATE = "QRY-STATE", "Queries", "Look at the query again: someone has changed it";
        /// An amount is disputed and no item is named.
        NO_ITEM = "QRY-NO-ITEM", "Queries", "Name the invoice that is disputed";
        /// More is disputed than is open, or less than nothing.
        ABOVE_OPEN = "QRY-ABOVE-OPEN", "Queries", "Dispute at most what is open and not disputed yet";
        /// The item is a credit.
        NOT_OWED = "QRY-NOT-OWED", "Queries", "Only what is owed to us can be disputed";
    }
}

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

/// What a query is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueryCategory {
    /// The price or quantity.
    Price,
    /// The service was not given, or not well.
    Service,
    /// The purchase order is missing or wrong.
    PurchaseOrder,
    /// Someone else should pay.
    WrongCustomer,
    /// Says it is paid.
    AlreadyPaid,
    /// Wants a copy of the document.
    CopyWanted,
    /// Cannot pay.
    CannotPay,
    /// Anything else.
    Other,
}

impl QueryCategory {
    /// All categories.
    pub const ALL: [QueryCategory; 8] = [
        QueryCategory::Price,
        QueryCategory::Service,
        QueryCategory::PurchaseOrder,
        QueryCategory::WrongCustomer,
        QueryCategory::AlreadyPaid,
        QueryCategory::CopyWanted,
        QueryCategory::CannotPay,
        QueryCategory::Other,
    ];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            QueryCategory::Price => "price",
            QueryCategory::Service => "service",
            QueryCategory::PurchaseOrder => "purchase_order",
            QueryCategory::WrongCustomer => "wrong_customer",
            QueryCategory::AlreadyPaid => "already_paid",
            QueryCategory::CopyWanted => "copy_wanted",
            QueryCategory::CannotPay => "cannot_pay",
            QueryCategory::Other => "other",
        }
    }

    /// Reads a stored name.
    pub fn parse(text: &str) -> Option<QueryCategory> {
        QueryCategory::ALL.into_iter().find(|category| category.as_str() == text)
    }

    /// Refuses to pay with grounds: a dispute, which holds its part of the debt.
    pub fn is_dispute(self) -> bool {
        matches!(
            self,
            QueryCategory::Price | QueryCategory::Service | QueryCategory::WrongCustomer | QueryCategory::AlreadyPaid
        )
    }

    /// Working days in which it should be answered.
    pub fn target_days(self) -> i64 {
        match self {
            QueryCategory::CopyWanted | QueryCategory::AlreadyPaid => 2,
            QueryCategory::PurchaseOrder | QueryCategory::CannotPay => 5,
            _ => 10,
        }
    }
}

/// How much of an item a query disputes: what was said, or, for a dispute that names no amount, all that is left.
pub fn disputed_part(
    category: QueryCategory,
    said: Option<Pence>,
    item: Option<(Pence, Pence)>,
) -> Result<Pence, Refusal> {
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
        None if category.is_dispute() => Ok(left),
        None => Ok(Pence::ZERO),
    }
}

/// The day by which a query should be answered; days spent waiting for the customer do not count.
pub fn answer_by(
    category: QueryCategory,
    opened_on: NaiveDate,
    waited_working_days: i64,
    calendar: &Calendar,
) -> Result<NaiveDate, Refusal> {
    calendar.add(opened_on, category.target_days() + waited_working_days)
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
        let by = |waited| answer_by(QueryCategory::CopyWanted, opened, waited, calendar).map(|day| day.to_string());
        assert_eq!(by(0).as_deref(), Ok("2026-12-29"));
        assert_eq!(by(1).as_deref(), Ok("2026-12-30"));
        for category in QueryCategory::ALL {
            assert_eq!(QueryCategory::parse(category.as_str()), Some(category));
        }
    }

    #[test]
    fn c_disputes_hold_at_most_what_is_open() {
        let part = |category, said: Option<i64>, item: Option<(i64, i64)>| {
            let item = item.map(|(open, disputed)| (Pence(open), Pence(disputed)));
            disputed_part(category, said.map(Pence), item).map_err(|refusal| refusal.code)
        };
        assert_eq!(part(QueryCategory::Price, None, Some((1_000, 400))), Ok(Pence(600)));
        assert_eq!(part(QueryCategory::CopyWanted, None, Some((1_000, 0))), Ok(Pence::ZERO));
        assert_eq!(part(QueryCategory::Price, Some(601), Some((1_000, 400))), Err("QRY-ABOVE-OPEN".into()));
        assert_eq!(part(QueryCategory::Price, Some(-1), Some((1_000, 400))), Err("QRY-ABOVE-OPEN".into()));
        assert_eq!(part(QueryCategory::Price, Some(5), None), Err("QRY-NO-ITEM".into()));
        assert_eq!(part(QueryCategory::Price, None, Some((-5, 0))), Err("QRY-NOT-OWED".into()));
    }
}
