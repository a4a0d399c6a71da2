//! What happens to a person and stops recovery: breathing space, death, insolvency, gone away. Each opens a case with
//! its own tasks; the days are the law's (BS-01 to BS-06).
use crate::calendar::{Calendar, add_days, add_months};
use crate::customers::FlagKind;
use crate::law::{Death, Freeze, Insolvency, InsolvencyKind, Moratorium, MoratoriumKind};
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// What happened.
    EventKind {
        /// A moratorium under SI 2020/1311.
        BreathingSpace = "breathing_space", "Breathing space";
        /// Death.
        Deceased = "deceased", "Deceased";
        /// Insolvency of any kind.
        Insolvent = "insolvent", "Insolvent";
        /// Post comes back, nobody answers.
        GoneAway = "gone_away", "Gone away";
    }
}

named! {
    /// Which form it takes.
    EventForm {
        /// The moratorium of 60 days.
        Standard = "standard", "Standard breathing space";
        /// The moratorium while crisis treatment lasts.
        Crisis = "crisis", "Mental health crisis breathing space";
        /// A debt relief order.
        DebtRelief = "dro", "Debt relief order";
        /// An individual voluntary arrangement.
        Arrangement = "iva", "Individual voluntary arrangement";
        /// Bankruptcy.
        Bankruptcy = "bankruptcy", "Bankruptcy";
        /// A company voluntary arrangement.
        CompanyArrangement = "cva", "Company voluntary arrangement";
        /// Administration.
        Administration = "administration", "Administration";
        /// Liquidation.
        Liquidation = "liquidation", "Liquidation";
        /// Receivership.
        Receivership = "receivership", "Receivership";
        /// A moratorium of a company.
        CompanyMoratorium = "part_a1", "Company moratorium (Part A1)";
        /// Struck off the register.
        Dissolved = "dissolved", "Dissolved or struck off";
        /// Sequestration or trust deed in Scotland; the like in Northern Ireland.
        Sequestration = "sequestration", "Sequestration or trust deed";
        /// A death.
        Death = "death", "Death";
        /// Gone away.
        Gone = "gone", "Gone away";
    }
}

/// What cases refuse.
pub mod refusals {
    use crate::catalogue::refusals;
    refusals! {
        /// A case that is decided or over.
        CASE_STATE = "BS-CASE-STATE", "BS-03", "Open the case to see how it stands";
        /// A notice that was taken in before.
        NOTICE_TWICE = "BS-NOTICE-TWICE", "BS-03", "Nothing needs doing; open the case it made";
        /// A standard breathing space within twelve months of the last.
        TOO_SOON = "BS-01-TOO-SOON", "BS-01; SI 2020/1311", "Ask the debt adviser; record it once they have confirmed it";
        /// Only what is frozen for two can be freed for one, and only by a manager.
        NOT_JOINT = "BS-03-NOT-JOINT", "BS-03", "Record who else owes it, with the agreement, and ask a manager";
    }
}

impl EventForm {
    /// What it is a form of.
    pub fn kind(self) -> EventKind {
        match self {
            EventForm::Standard | EventForm::Crisis => EventKind::BreathingSpace,
            EventForm::Death => EventKind::Deceased,
            EventForm::Gone => EventKind::GoneAway,
            _ => EventKind::Insolvent,
        }
    }

    /// The forms of a kind.
    pub fn of(kind: EventKind) -> Vec<EventForm> {
        EventForm::ALL.iter().copied().filter(|form| form.kind() == kind).collect()
    }

    /// Its name for eyes that may not know of a health crisis (BS-03).
    pub fn name_for(self, sees_health: bool) -> &'static str {
        match self {
            EventForm::Crisis if !sees_health => EventKind::BreathingSpace.name(),
            form => form.name(),
        }
    }

    /// The moratorium of the law, if it is one.
    pub fn moratorium(self, starts_on: NaiveDate) -> Option<Moratorium> {
        let kind = match self {
            EventForm::Standard => MoratoriumKind::Standard,
            EventForm::Crisis => MoratoriumKind::MentalHealthCrisis,
            _ => return None,
        };
        Some(Moratorium { kind, starts_on, notified_end_on: None, treatment_ended_on: None })
    }

    /// The last day it stops recovery, where that is known from its first day; a notice that says otherwise wins.
    ///
    /// # Errors
    /// `CAL-YEAR` where the calendar does not reach so far.
    pub fn last_day(self, starts_on: NaiveDate, calendar: &Calendar) -> Result<Option<NaiveDate>, Refusal> {
        Ok(match self {
            EventForm::Standard | EventForm::Crisis => self.moratorium(starts_on).and_then(|one| one.last_day()),
            // Twenty business days that begin with the one after its first day (Insolvency Act 1986 sA9).
            EventForm::CompanyMoratorium => Some(calendar.add(starts_on, 20)?),
            _ => None,
        })
    }
}

impl EventForm {
    /// Which insolvency it is, if it is one.
    fn insolvency(self) -> Option<InsolvencyKind> {
        Some(match self {
            EventForm::DebtRelief => InsolvencyKind::DebtReliefOrder,
            EventForm::Arrangement => InsolvencyKind::VoluntaryArrangement,
            EventForm::Bankruptcy => InsolvencyKind::Bankruptcy,
            EventForm::CompanyArrangement => InsolvencyKind::CompanyArrangement,
            EventForm::Administration => InsolvencyKind::Administration,
            EventForm::Liquidation => InsolvencyKind::Liquidation,
            EventForm::Receivership => InsolvencyKind::Receivership,
            EventForm::CompanyMoratorium => InsolvencyKind::CompanyMoratorium,
            EventForm::Dissolved => InsolvencyKind::Dissolved,
            EventForm::Sequestration => InsolvencyKind::OtherNation,
            EventForm::Standard | EventForm::Crisis | EventForm::Death | EventForm::Gone => return None,
        })
    }

    /// What its stop comes to, by its first and last day and the day we were told; none for who has gone away.
    pub fn freeze(self, starts_on: NaiveDate, ends_on: Option<NaiveDate>, told_on: NaiveDate) -> Option<Freeze> {
        if let Some(open) = self.moratorium(starts_on) {
            let by_day = Moratorium { notified_end_on: ends_on, ..open };
            return Some(by_day.freeze());
        }
        if self == EventForm::Death {
            let (source, to_representatives) = (String::new(), true);
            return Some(Death { on: starts_on, told_on, source, to_representatives }.freeze());
        }
        let kind = self.insolvency()?;
        let open = Insolvency { kind, on: starts_on, ended_on: None, revoked: false, final_dividend: false };
        Some(open.freeze())
    }
}

impl EventKind {
    /// The template of the letter that tells of it, where there is one (BS-03, BS-06).
    pub fn letter(self) -> Option<&'static str> {
        match self {
            EventKind::BreathingSpace => Some("breathing_space"),
            EventKind::Deceased => Some("condolence"),
            EventKind::Insolvent | EventKind::GoneAway => None,
        }
    }

    /// The flag that shows it on the account.
    pub fn flag(self) -> FlagKind {
        match self {
            EventKind::BreathingSpace => FlagKind::BreathingSpace,
            EventKind::Deceased => FlagKind::Deceased,
            EventKind::Insolvent => FlagKind::Insolvent,
            EventKind::GoneAway => FlagKind::GoneAway,
        }
    }
}

/// The last day of a crisis moratorium, once treatment has ended.
pub fn crisis_last_day(starts_on: NaiveDate, treatment_ended_on: NaiveDate) -> Option<NaiveDate> {
    let open = EventForm::Crisis.moratorium(starts_on)?;
    Moratorium { treatment_ended_on: Some(treatment_ended_on), ..open }.last_day()
}

/// Something a case makes somebody do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventTask {
    /// Stable code.
    pub code: &'static str,
    /// What to do.
    pub what: &'static str,
    /// By when.
    pub due_on: NaiveDate,
}

/// What a debt that is added to a moratorium makes people do: the same as those it began with, and a review of its own.
pub fn tasks_of_added(
    form: EventForm,
    number: &str,
    starts_on: NaiveDate,
    today: NaiveDate,
) -> Vec<(&'static str, String, NaiveDate)> {
    let mut all = vec![
        ("agents", format!("Tell every agency, solicitor and bailiff that {number} is frozen too"), today),
        ("court", format!("Tell the court, where proceedings for {number} are under way"), today),
    ];
    if let Some(standard) = form.moratorium(starts_on).filter(|one| one.kind == MoratoriumKind::Standard) {
        let words = format!("Decide whether to ask for a review of {number}: it can be asked for up to this day");
        all.push(("review", words, standard.review_by(Some(today))));
    }
    all
}

/// What a case makes people do, in order: on the day it is confirmed, and later.
pub fn tasks(form: EventForm, starts_on: NaiveDate, today: NaiveDate) -> Vec<EventTask> {
    let task = |code, what, due_on| EventTask { code, what, due_on };
    match form.kind() {
        EventKind::BreathingSpace => {
            let mut all = vec![
                task("adviser", "Tell the debt adviser of every other debt we hold (reg 14)", today),
                task("agents", "Tell every agency, solicitor and bailiff that the debts are frozen", today),
                task("court", "Tell the court of proceedings that are under way", today),
                task("legal", "Ask legal services: time limits of these debts may be longer (regs 8 and 9)", today),
            ];
            if let Some(standard) = form.moratorium(starts_on).filter(|one| one.kind == MoratoriumKind::Standard) {
                let review = "Decide whether to ask for a review: it can be asked for up to this day";
                all.push(task("review", review, standard.review_by(None)));
            } else {
                // Its code says nothing of health: everybody reads it.
                all.push(task("goes_on", "Ask the adviser whether it goes on", add_days(today, 30)));
            }
            all
        }
        EventKind::Deceased => {
            let death = Death { on: starts_on, told_on: today, source: String::new(), to_representatives: true };
            let [first, third, sixth] = death.probate_searches();
            vec![
                task("agents", "Call back what is with an agency or a solicitor", today),
                task("final_account", "Work out charges to the day of death, and credit the days after", today),
                task("executor", "Ask who is executor or administrator", today),
                task("probate_1", "Search for a grant of probate: first month", first),
                task("claim", "Claim from the estate: the first day we may ask", death.demand_from()),
                task("probate_3", "Search for a grant of probate: third month", third),
                task("probate_6", "Search for a grant of probate: sixth month", sixth),
            ]
        }
        EventKind::Insolvent if form == EventForm::DebtRelief => vec![
            task("agents", "Call back what is with an agency or a solicitor", today),
            task("discharge", "Write off what the order discharges, unless it was revoked", add_months(starts_on, 12)),
        ],
        EventKind::Insolvent => vec![
            task("agents", "Call back what is with an agency or a solicitor", today),
            task("split", "Split what was owed before the date from what came after", today),
            task("proof", "Send the proof of debt to the office-holder", add_days(today, 14)),
            task("relief", "Look at VAT relief on bad debt", add_months(starts_on, 6)),
        ],
        EventKind::GoneAway => vec![
            task("trace", "Trace the customer", today),
            task("review", "Decide what to do if nobody was found", add_months(today, 3)),
        ],
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
    fn bs_e1_and_e2_the_last_days_are_the_laws() {
        let book = ReferenceBook::default();
        let calendar = book.calendar(Nation::EnglandAndWales);
        assert_eq!(EventForm::Standard.last_day(d("2026-09-14"), calendar), Ok(Some(d("2026-11-12"))));
        assert_eq!(EventForm::Crisis.last_day(d("2026-09-14"), calendar), Ok(None));
        assert_eq!(crisis_last_day(d("2026-09-14"), d("2026-10-20")), Some(d("2026-11-18")));
        assert_eq!(EventForm::Crisis.name_for(false), "Breathing space");
        let stop = EventForm::Standard.freeze(d("2026-09-14"), None, d("2026-09-14")).expect("a stop");
        assert_eq!((stop.until_on, stop.recovery_from), (Some(d("2026-11-12")), Some(d("2026-11-20"))));
    }

    #[test]
    fn bs_05_a_companys_moratorium_has_twenty_business_days_after_its_first() {
        let book = ReferenceBook::default();
        let calendar = book.calendar(Nation::EnglandAndWales);
        for (first, last) in [("2026-06-01", "2026-06-29"), ("2026-06-05", "2026-07-03"), ("2026-12-14", "2027-01-14")]
        {
            assert_eq!(EventForm::CompanyMoratorium.last_day(d(first), calendar), Ok(Some(d(last))), "{first}");
        }
    }

    #[test]
    fn bs_03_a_debt_that_is_added_has_tasks_and_twenty_days_of_its_own() {
        let all = tasks_of_added(EventForm::Standard, "INV-B", d("2026-09-14"), d("2026-09-20"));
        let days: Vec<(&str, NaiveDate)> = all.iter().map(|(code, _, on)| (*code, *on)).collect();
        let today = d("2026-09-20");
        assert_eq!(days, [("agents", today), ("court", today), ("review", d("2026-10-09"))]);
        assert_eq!(tasks_of_added(EventForm::Crisis, "INV-B", d("2026-09-14"), today).len(), 2);
    }

    #[test]
    fn bs_08_no_task_of_a_crisis_says_that_it_is_one() {
        for one in tasks(EventForm::Crisis, d("2026-09-14"), d("2026-09-14")) {
            let words = format!("{} {}", one.code, one.what).to_lowercase();
            assert!(!["crisis", "treatment", "health"].iter().any(|word| words.contains(word)), "{words}");
        }
    }

    #[test]
    fn bs_e5_a_relief_order_is_written_off_after_twelve_months() {
        let all = tasks(EventForm::DebtRelief, d("2026-03-02"), d("2026-03-04"));
        assert_eq!(all.last().map(|task| (task.code, task.due_on)), Some(("discharge", d("2027-03-02"))));
    }

    #[test]
    fn cus_15_every_form_is_of_one_kind_and_makes_somebody_do_something_today() {
        for form in EventForm::ALL {
            assert!(EventForm::of(form.kind()).contains(form));
            let stop = form.freeze(d("2026-06-18"), None, d("2026-06-19"));
            assert_eq!(stop.is_none(), *form == EventForm::Gone, "{}", form.name());
            let all = tasks(*form, d("2026-06-18"), d("2026-06-19"));
            assert!(all.iter().any(|task| task.due_on == d("2026-06-19")), "{}", form.name());
        }
        let estate = tasks(EventForm::Death, d("2026-06-18"), d("2026-06-19"));
        let claim = estate.iter().find(|task| task.code == "claim").map(|task| task.due_on);
        assert_eq!(claim, Some(d("2026-07-17")), "no demand for 28 days");
    }
}
