//! Whether a plan may be agreed: what it covers, who asked, and that it bears no interest by mistake (PP-01, PP-02, PP-06).
use super::{check_schedule, refusals};
use crate::billing::Instalment;
use crate::money::Pence;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Something owed that a plan is to cover.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanItem {
    /// For people: the invoice or judgment.
    pub number: String,
    /// What is open of it.
    pub open: Pence,
    /// A query on it is open and was not decided.
    pub in_query: bool,
    /// The plan that already covers it, if one runs.
    pub in_plan: Option<String>,
    /// A moratorium freezes it.
    pub frozen: bool,
}

/// Whose idea the plan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoAsked {
    /// The customer, or somebody who may bind them.
    Customer,
    /// A debt adviser.
    Adviser,
    /// We.
    Us,
}

/// Interest or fees on a plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanInterest {
    /// The plan bears interest or a fee.
    pub charged: bool,
    /// It was agreed in writing.
    pub in_writing: bool,
    /// Legal services approved it for a person.
    pub legal_approved: bool,
}

/// What is known when a plan is agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanFacts {
    /// What it covers.
    pub items: Vec<PlanItem>,
    /// What they are paid by.
    pub schedule: Vec<Instalment>,
    /// Whose idea.
    pub asked_by: WhoAsked,
    /// The customer is a person in law.
    pub individual: bool,
    /// Interest and fees.
    pub interest: PlanInterest,
    /// Months it takes.
    pub months: u32,
    /// Months a business may have without a word on interest.
    pub business_months: u32,
    /// For a business: whether interest for late payment is charged or waived has been recorded.
    pub late_interest_decided: bool,
    /// The plan this one replaces, if it is a new version.
    pub replaces: Option<String>,
}

/// Whether it may be agreed today. The schedule covers exactly what is open on the chosen items.
pub fn may_agree(facts: &PlanFacts, today: NaiveDate) -> Result<(), Refusal> {
    if facts.items.is_empty() {
        return Err(refusals::NO_ITEM.because("The plan covers nothing"));
    }
    for item in &facts.items {
        covered(item, facts)?;
    }
    interest(facts)?;
    let total = facts.items.iter().fold(Pence::ZERO, |sum, item| sum.plus(item.open));
    check_schedule(&facts.schedule, total, today)
}

fn covered(item: &PlanItem, facts: &PlanFacts) -> Result<(), Refusal> {
    if item.frozen && facts.asked_by == WhoAsked::Us {
        return Err(refusals::MORATORIUM.because(format!("{} is in breathing space", item.number)));
    }
    if item.in_query {
        return Err(refusals::DISPUTED.because(format!("{} is in query", item.number)));
    }
    match &item.in_plan {
        Some(other) if facts.replaces.as_ref() != Some(other) => {
            Err(refusals::SECOND_PLAN.because(format!("{} is in plan {other}", item.number)))
        }
        _ => Ok(()),
    }
}

fn interest(facts: &PlanFacts) -> Result<(), Refusal> {
    let asked = facts.interest;
    if asked.charged && facts.individual && !asked.legal_approved {
        return Err(refusals::INTEREST.because("A plan with a person bears no interest and no fee"));
    }
    if asked.charged && !asked.in_writing {
        return Err(refusals::INTEREST_UNWRITTEN.because("Interest on the plan was not agreed in writing"));
    }
    if !facts.individual && facts.months > facts.business_months && !facts.late_interest_decided {
        let sentence = format!("A business pays over {} months and nothing is recorded on interest", facts.months);
        return Err(refusals::INTEREST_UNDECIDED.because(sentence));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn item(number: &str, open: i64) -> PlanItem {
        PlanItem { number: number.into(), open: Pence(open), in_query: false, in_plan: None, frozen: false }
    }

    fn facts() -> PlanFacts {
        let part = |due: &str, pence| Instalment { due_on: d(due), amount: Pence(pence) };
        PlanFacts {
            items: vec![item("INV-1", 6_000), item("INV-2", 4_000)],
            schedule: vec![part("2026-12-01", 5_000), part("2027-01-01", 5_000)],
            asked_by: WhoAsked::Customer,
            individual: true,
            interest: PlanInterest::default(),
            months: 2,
            business_months: 3,
            late_interest_decided: false,
            replaces: None,
        }
    }

    fn code(facts: &PlanFacts) -> String {
        may_agree(facts, d("2026-11-22")).map_or_else(|refusal| refusal.code, |()| "agreed".into())
    }

    #[test]
    fn pp_06_each_thing_a_plan_may_not_be() {
        assert_eq!(code(&facts()), "agreed");
        let mut case = facts();
        case.items[0].open = Pence(6_001);
        assert_eq!(code(&case), "PP-06-SUM");
        case.items[0].in_query = true;
        assert_eq!(code(&case), "PP-06-DISPUTED");
        let mut case = facts();
        case.items[1].in_plan = Some("PLAN-7".into());
        assert_eq!(code(&case), "PP-06-SECOND-PLAN");
        case.replaces = Some("PLAN-7".into());
        assert_eq!(code(&case), "agreed");
        let mut case = facts();
        case.items[0].frozen = true;
        assert_eq!(code(&case), "agreed");
        case.asked_by = WhoAsked::Us;
        assert_eq!(code(&case), "PP-06-BREATHING-SPACE");
        assert_eq!(code(&PlanFacts { items: vec![], ..facts() }), "PP-06-NO-ITEM");
        let refused = may_agree(&facts(), d("2026-12-02")).expect_err("past");
        assert_eq!((refused.code.as_str(), refused.allowed_from), ("PP-06-PAST", Some(d("2026-12-02"))));
    }

    #[test]
    fn pp_02_no_interest_on_a_plan_with_a_person() {
        let charged = PlanInterest { charged: true, in_writing: true, legal_approved: false };
        let person = PlanFacts { interest: charged, ..facts() };
        assert_eq!(code(&person), "PP-02-INTEREST");
        let approved = PlanFacts { interest: PlanInterest { legal_approved: true, ..charged }, ..facts() };
        assert_eq!(code(&approved), "agreed");
        let business = PlanFacts { individual: false, ..person };
        assert_eq!(code(&business), "agreed");
        let unwritten = PlanInterest { in_writing: false, ..charged };
        assert_eq!(code(&PlanFacts { interest: unwritten, ..business.clone() }), "PP-02-INTEREST-WRITTEN");
        let long = PlanFacts { months: 4, interest: PlanInterest::default(), ..business };
        assert_eq!(code(&long), "PP-04-INTEREST");
        assert_eq!(code(&PlanFacts { late_interest_decided: true, ..long }), "agreed");
    }
}
