//! How long a debt can be taken to court, what starts the time again, and what does not (CT-08).
use super::debt_facts::DebtClass;
use super::late_payment::DebtNature;
use super::refusals;
use crate::calendar::add_months;
use crate::refusal::Refusal;
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Months before the last safe day on which we say so.
pub const ALERT_MONTHS: [i32; 4] = [12, 6, 3, 2];

named! {
    /// What time runs against.
    LimitKind {
        /// A contract: six years from the due date.
        Contract = "contract", "Contract (Limitation Act 1980 s5)";
        /// A sum due under statute: six years from the day it could be recovered.
        StatutorySum = "statutory_sum", "Sum due under statute (s9)";
        /// Care charges: six years, three if due before 1 April 2015; nothing starts it again.
        CareCharge = "care_charge", "Care charge (Care Act 2014 s69(3))";
        /// A deed: twelve years.
        Deed = "deed", "Deed (s8)";
        /// Money secured on land: twelve years.
        Secured = "secured", "Secured on land (s20)";
        /// An action on a judgment: six years.
        Judgment = "judgment", "Judgment (s24)";
        /// Taken from benefit or earnings without a court: no limit.
        Deduction = "deduction", "Deduction from benefit or earnings";
    }
}

impl LimitKind {
    /// What time runs against, by the debt's type.
    pub fn of_debt_type(debt_type: &str) -> LimitKind {
        match (DebtClass::of_debt_type(debt_type), DebtNature::of_debt_type(debt_type)) {
            (DebtClass::Care, _) => LimitKind::CareCharge,
            (_, DebtNature::StatutoryCharge) => LimitKind::StatutorySum,
            _ => LimitKind::Contract,
        }
    }

    /// Years from the start; none where time does not run.
    fn years(self, due_on: NaiveDate) -> Option<i32> {
        let before_the_care_act = NaiveDate::from_ymd_opt(2015, 4, 1).is_some_and(|first| due_on < first);
        match self {
            LimitKind::CareCharge if before_the_care_act => Some(3),
            LimitKind::Contract | LimitKind::StatutorySum | LimitKind::CareCharge | LimitKind::Judgment => Some(6),
            LimitKind::Deed | LimitKind::Secured => Some(12),
            LimitKind::Deduction => None,
        }
    }

    fn restarts(self) -> bool {
        !matches!(self, LimitKind::CareCharge | LimitKind::Judgment | LimitKind::Deduction)
    }
}

named! {
    /// Something that happened to a debt and may start time again.
    LimitEventKind {
        /// Money paid for this debt, by the debtor or somebody who may act for them.
        PartPayment = "part_payment", "Part payment";
        /// Money the debtor tied to another debt.
        PaymentForOther = "payment_for_other", "Payment for another debt";
        /// Money from somebody without authority.
        PaymentByStranger = "payment_by_stranger", "Payment by somebody without authority";
        /// A letter that admits the debt, signed by the debtor or their agent.
        SignedLetter = "signed_letter", "Signed acknowledgment";
        /// An admission that nobody signed: a call, a text.
        Unsigned = "unsigned", "Admission without signature";
        /// A credit note, a write-off, an entry of an agency.
        OurEntry = "our_entry", "Our own entry";
    }
}

/// An event with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitEvent {
    /// What.
    pub kind: LimitEventKind,
    /// When.
    pub on: NaiveDate,
    /// The receipt, the letter: what would be shown to the court.
    pub evidence: String,
}

/// What decides the last safe day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LimitFacts {
    /// What time runs against.
    pub kind: LimitKind,
    /// When it was due, recoverable, or enforceable.
    pub due_on: NaiveDate,
    /// What happened since.
    pub events: Vec<LimitEvent>,
    /// When fraud or concealment was, or should have been, found: time starts no earlier.
    pub concealed_until: Option<NaiveDate>,
}

/// An event, and why it counts or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weighed {
    /// The event.
    pub event: LimitEvent,
    /// It started time again.
    pub counts: bool,
    /// In a sentence.
    pub why: String,
}

/// The limitation of a debt, with the working.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limitation {
    /// When the time that runs now started.
    pub starts_on: NaiveDate,
    /// A claim issued on or before this day is in time; none where time does not run.
    pub safe_on: Option<NaiveDate>,
    /// Every event, in order.
    pub events: Vec<Weighed>,
}

impl Limitation {
    /// The first day on which it is out of time.
    pub fn barred_on(&self, day: NaiveDate) -> bool {
        self.safe_on.is_some_and(|safe| day > safe)
    }

    /// The days on which we say that time is short, the first first.
    pub fn alerts(&self) -> Vec<NaiveDate> {
        self.safe_on.map_or_else(Vec::new, |safe| ALERT_MONTHS.map(|months| add_months(safe, -months)).to_vec())
    }
}

/// Works out the last safe day. An event counts only while time still runs, and only with its evidence.
pub fn limitation(facts: &LimitFacts) -> Limitation {
    let mut starts_on = facts.concealed_until.map_or(facts.due_on, |found| found.max(facts.due_on));
    let years = facts.kind.years(facts.due_on);
    let safe_from = |start: NaiveDate| years.map(|years| add_months(start, 12 * years));
    let mut safe_on = safe_from(starts_on);
    let mut events = facts.events.clone();
    events.sort_by_key(|event| event.on);
    let weighed = events.into_iter().map(|event| {
        let (counts, why) = match weigh(&event, facts, safe_on) {
            (true, _) if event.on < starts_on => (false, format!("Time runs from {} anyway", written(starts_on))),
            weighed => weighed,
        };
        if counts && event.on > starts_on {
            starts_on = event.on;
            safe_on = safe_from(starts_on);
        }
        Weighed { event, counts, why }
    });
    let events = weighed.collect();
    Limitation { starts_on, safe_on, events }
}

fn weigh(event: &LimitEvent, facts: &LimitFacts, safe_on: Option<NaiveDate>) -> (bool, String) {
    let no = |why: &str| (false, why.to_owned());
    if event.evidence.trim().is_empty() {
        return no("Nothing shows it");
    }
    match event.kind {
        LimitEventKind::PaymentForOther => return no("The payer tied it to another debt"),
        LimitEventKind::PaymentByStranger => return no("The payer had no authority"),
        LimitEventKind::Unsigned => return no("Nobody signed it"),
        LimitEventKind::OurEntry => return no("We made the entry, not the debtor"),
        LimitEventKind::PartPayment | LimitEventKind::SignedLetter => {}
    }
    if !facts.kind.restarts() {
        return no("Nothing starts this time again");
    }
    match safe_on {
        Some(safe) if event.on > safe => (false, format!("Time had run out on {}", written(safe))),
        _ => (true, format!("Time starts again on {}", written(event.on))),
    }
}

/// Whether a debt is old enough to be out of time: six years, or three that were over long before.
pub fn may_be_out_of_time(due_on: NaiveDate, on: NaiveDate) -> bool {
    due_on < add_months(on, -72)
}

/// Refuses court, and any letter that names it, once the safe day has passed.
pub fn in_time(limitation: &Limitation, on: NaiveDate) -> Result<(), Refusal> {
    match limitation.safe_on {
        Some(safe) if on > safe => {
            Err(refusals::STATUTE_BARRED.because(format!("The last day for a claim was {}", written(safe))))
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

    fn event(kind: LimitEventKind, on: &str) -> LimitEvent {
        LimitEvent { kind, on: d(on), evidence: "Receipt 20417".into() }
    }

    fn of(kind: LimitKind, due: &str, events: &[LimitEvent]) -> Limitation {
        limitation(&LimitFacts { kind, due_on: d(due), events: events.to_vec(), concealed_until: None })
    }

    #[test]
    fn ct_e9_a_payment_and_a_letter_start_time_again() {
        let events =
            [event(LimitEventKind::SignedLetter, "2025-01-15"), event(LimitEventKind::PartPayment, "2022-05-10")];
        let worked = of(LimitKind::Contract, "2020-03-31", &events);
        assert_eq!((worked.starts_on, worked.safe_on), (d("2025-01-15"), Some(d("2031-01-15"))));
        assert!(worked.events.iter().all(|one| one.counts));
        let alerts = ["2030-01-15", "2030-07-15", "2030-10-15", "2030-11-15"];
        assert_eq!(worked.alerts(), alerts.map(d));
    }

    #[test]
    fn ct_e10_what_is_barred_is_not_revived() {
        let worked = of(LimitKind::Contract, "2019-06-30", &[event(LimitEventKind::PartPayment, "2025-07-05")]);
        assert_eq!(worked.safe_on, Some(d("2025-06-30")));
        assert_eq!(worked.events[0].why, "Time had run out on 30 June 2025");
        assert_eq!(in_time(&worked, d("2025-06-30")), Ok(()));
        let refused = in_time(&worked, d("2025-07-01")).expect_err("barred");
        assert_eq!(
            (refused.code.as_str(), refused.sentence.as_str()),
            ("CT-08-BARRED", "The last day for a claim was 30 June 2025")
        );
        assert!(worked.barred_on(d("2026-11-22")));
    }

    #[test]
    fn ct_e11_a_care_charge_does_not_restart() {
        let paid = event(LimitEventKind::PartPayment, "2023-01-01");
        assert_eq!(of(LimitKind::CareCharge, "2020-11-20", std::slice::from_ref(&paid)).safe_on, Some(d("2026-11-20")));
        assert_eq!(of(LimitKind::CareCharge, "2015-03-31", &[]).safe_on, Some(d("2018-03-31")));
        assert_eq!(of(LimitKind::CareCharge, "2015-04-01", &[paid]).safe_on, Some(d("2021-04-01")));
    }

    #[test]
    fn ct_08_the_debt_type_says_what_time_runs_against() {
        for (debt_type, kind) in [
            ("Care contribution", LimitKind::CareCharge),
            ("Client contribution", LimitKind::CareCharge),
            ("residential", LimitKind::CareCharge),
            ("Care provider overpayment", LimitKind::StatutorySum),
            ("Housing benefit overpayment", LimitKind::StatutorySum),
            ("Overseas NHS charge, statutory", LimitKind::StatutorySum),
            ("Careers fair", LimitKind::Contract),
            ("trade_waste", LimitKind::Contract),
        ] {
            assert_eq!(LimitKind::of_debt_type(debt_type), kind, "{debt_type}");
        }
    }

    #[test]
    fn ct_08_only_old_debts_are_looked_at_and_none_that_is_out_of_time_is_missed() {
        for (due, last) in [("2020-05-01", "2026-05-01"), ("2020-02-29", "2026-02-28")] {
            let worked = of(LimitKind::Contract, due, &[]);
            assert_eq!(worked.safe_on, Some(d(last)));
            assert!(worked.barred_on(d(last) + chrono::Days::new(1)));
            assert!(may_be_out_of_time(d(due), d(last) + chrono::Days::new(1)), "{due}");
            assert!(!may_be_out_of_time(d(due), d(last)), "{due}");
        }
    }

    #[test]
    fn ct_08_what_was_paid_before_it_was_due_starts_nothing() {
        let early = event(LimitEventKind::PartPayment, "2020-03-30");
        let worked = of(LimitKind::Contract, "2020-03-31", &[early, event(LimitEventKind::PartPayment, "2020-03-31")]);
        assert_eq!(worked.safe_on, Some(d("2026-03-31")));
        assert_eq!(
            (worked.events[0].counts, worked.events[0].why.as_str()),
            (false, "Time runs from 31 March 2020 anyway")
        );
        assert!(worked.events[1].counts);
    }

    #[test]
    fn ct_08_each_kind_has_its_years() {
        for (kind, safe) in [
            (LimitKind::StatutorySum, Some("2026-02-28")),
            (LimitKind::Deed, Some("2032-02-29")),
            (LimitKind::Secured, Some("2032-02-29")),
            (LimitKind::Judgment, Some("2026-02-28")),
            (LimitKind::Deduction, None),
        ] {
            assert_eq!(of(kind, "2020-02-29", &[]).safe_on, safe.map(d), "{kind:?}");
        }
    }

    #[test]
    fn leg_09_what_does_not_count_says_why() {
        let kinds = [
            LimitEventKind::PaymentForOther,
            LimitEventKind::PaymentByStranger,
            LimitEventKind::Unsigned,
            LimitEventKind::OurEntry,
        ];
        let mut events: Vec<LimitEvent> = kinds.map(|kind| event(kind, "2022-01-01")).to_vec();
        events.push(LimitEvent { evidence: " ".into(), ..event(LimitEventKind::SignedLetter, "2022-02-01") });
        let worked = of(LimitKind::Contract, "2020-03-31", &events);
        assert_eq!(worked.safe_on, Some(d("2026-03-31")));
        let whys: Vec<&str> = worked.events.iter().map(|one| one.why.as_str()).collect();
        assert_eq!(
            whys,
            [
                "The payer tied it to another debt",
                "The payer had no authority",
                "Nobody signed it",
                "We made the entry, not the debtor",
                "Nothing shows it"
            ]
        );
        let hidden = LimitFacts {
            kind: LimitKind::Contract,
            due_on: d("2018-01-01"),
            events: vec![],
            concealed_until: Some(d("2021-01-01")),
        };
        assert_eq!(limitation(&hidden).safe_on, Some(d("2027-01-01")));
    }
}
