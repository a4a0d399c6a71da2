//! Ways to enforce a judgment, with their limits (CT-07).
use super::insolvency::may_petition;
use super::refusals;
use crate::calendar::add_months;
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::{named, written};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Up to this a county court warrant.
pub const WARRANT_MOST: Pence = Pence(500_000);
/// From this a warrant, unless it is one instalment.
pub const WARRANT_LEAST: Pence = Pence(5_000);
/// From this a writ of control.
pub const WRIT_LEAST: Pence = Pence(60_000);
/// From this an attachment of earnings.
pub const ATTACHMENT_LEAST: Pence = Pence(5_000);
/// From this an order for sale under regulated credit.
pub const SALE_LEAST_CREDIT: Pence = Pence(100_000);
/// Years after which permission is needed.
const YEARS_WITHOUT_PERMISSION: i32 = 6;

named! {
    /// A way to enforce.
    Method {
        /// County court bailiff.
        Warrant = "warrant", "Warrant of control";
        /// High Court enforcement officer.
        Writ = "writ", "Writ of control";
        /// From wages.
        AttachmentOfEarnings = "attachment_of_earnings", "Attachment of earnings";
        /// On property.
        ChargingOrder = "charging_order", "Charging order";
        /// Sale under a charge.
        OrderForSale = "order_for_sale", "Order for sale";
        /// From a bank account.
        ThirdPartyDebt = "third_party_debt", "Third party debt order";
        /// Questions under oath: not enforcement, and the first step.
        Information = "information", "Order to obtain information";
        /// Bankruptcy or winding up.
        Petition = "petition", "Bankruptcy or winding-up petition";
    }
}

named! {
    /// How somebody earns.
    Work {
        /// By an employer.
        Employed = "employed", "Employed";
        /// For themselves.
        SelfEmployed = "self_employed", "Self-employed";
        /// Not.
        Unemployed = "unemployed", "Not working";
        /// In the armed forces.
        ArmedForces = "armed_forces", "Armed forces";
        /// We do not know.
        NotKnown = "not_known", "Not known";
    }
}

/// A judgment, and what is known when it is to be enforced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgmentFacts {
    /// When.
    pub on: NaiveDate,
    /// What is left of it.
    pub balance: Pence,
    /// What this step is for: the whole, a part, an instalment.
    pub amount: Pence,
    /// Instalments were ordered, and whether they are kept.
    pub instalments_kept: Option<bool>,
    /// The step is for one instalment.
    pub one_instalment: bool,
    /// Regulated consumer credit.
    pub consumer_credit: bool,
    /// How the debtor earns.
    pub work: Work,
    /// The account is held with somebody who does not owe it.
    pub joint_account: bool,
    /// The court gave permission.
    pub permission: bool,
    /// The proportionality check and the vulnerability check are recorded.
    pub checked: bool,
    /// A person in law, not a company.
    pub individual: bool,
    /// Something about it is disputed.
    pub disputed: bool,
}

/// Whether a way to enforce is open.
pub fn may_enforce(method: Method, judgment: &JudgmentFacts, today: NaiveDate) -> Result<(), Refusal> {
    if judgment.balance <= Pence::ZERO {
        return Err(refusals::NO_JUDGMENT.because("Nothing of the judgment is left"));
    }
    let until = add_months(judgment.on, 12 * YEARS_WITHOUT_PERMISSION);
    if today > until && !judgment.permission {
        let sentence = format!("The judgment of {} is more than six years old", written(judgment.on));
        return Err(refusals::JUDGMENT_OLD.because(sentence));
    }
    if judgment.instalments_kept == Some(true) && !matches!(method, Method::Information | Method::ChargingOrder) {
        return Err(refusals::JUDGMENT_INSTALMENTS.because("The instalments the court ordered are kept"));
    }
    limits(method, judgment)?;
    if !judgment.checked {
        return Err(refusals::NO_PROPORTIONALITY.because("Nobody recorded that this is in proportion"));
    }
    Ok(())
}

fn limits(method: Method, judgment: &JudgmentFacts) -> Result<(), Refusal> {
    let owed = judgment.balance;
    match method {
        Method::Warrant if owed > WARRANT_MOST && !judgment.consumer_credit => {
            Err(refusals::WARRANT_TOO_MUCH.because(format!("{owed} is above {WARRANT_MOST}")))
        }
        Method::Warrant if judgment.amount < WARRANT_LEAST && !judgment.one_instalment => {
            Err(refusals::WARRANT_TOO_LITTLE.because(format!("{} is below {WARRANT_LEAST}", judgment.amount)))
        }
        Method::Writ if judgment.consumer_credit => {
            Err(refusals::CONSUMER_CREDIT.because("Regulated credit is not enforced in the High Court"))
        }
        Method::Writ if owed < WRIT_LEAST => {
            Err(refusals::WRIT_TOO_LITTLE.because(format!("{owed} is below {WRIT_LEAST}")))
        }
        Method::AttachmentOfEarnings if owed < ATTACHMENT_LEAST => {
            Err(refusals::ATTACHMENT_TOO_LITTLE.because(format!("{owed} is below {ATTACHMENT_LEAST}")))
        }
        Method::AttachmentOfEarnings if judgment.work != Work::Employed => {
            Err(refusals::ATTACHMENT_WORK
                .because(format!("The debtor's work: {}", judgment.work.name().to_lowercase())))
        }
        Method::OrderForSale if judgment.consumer_credit && owed < SALE_LEAST_CREDIT => {
            Err(refusals::SALE_TOO_LITTLE.because(format!("{owed} is below {SALE_LEAST_CREDIT}")))
        }
        Method::ThirdPartyDebt if judgment.joint_account => {
            Err(refusals::JOINT_ACCOUNT.because("The account is a joint one"))
        }
        Method::Petition => may_petition(judgment.individual, owed, judgment.disputed),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn judgment(pence: i64) -> JudgmentFacts {
        JudgmentFacts {
            on: d("2026-05-01"),
            balance: Pence(pence),
            amount: Pence(pence),
            instalments_kept: None,
            one_instalment: false,
            consumer_credit: false,
            work: Work::Employed,
            joint_account: false,
            permission: false,
            checked: true,
            individual: true,
            disputed: false,
        }
    }

    fn code(method: Method, facts: &JudgmentFacts) -> String {
        may_enforce(method, facts, d("2026-11-22")).map_or_else(|refusal| refusal.code, |()| "may".into())
    }

    #[test]
    fn ct_e13_each_way_has_its_limits() {
        assert_eq!(code(Method::Writ, &judgment(59_999)), "CT-07-WRIT-LEAST");
        assert_eq!(code(Method::Writ, &judgment(60_000)), "may");
        assert_eq!(code(Method::Warrant, &judgment(500_001)), "CT-07-WARRANT-MOST");
        assert_eq!(code(Method::Warrant, &judgment(500_000)), "may");
        assert_eq!(code(Method::AttachmentOfEarnings, &judgment(4_999)), "CT-07-ATTACHMENT-LEAST");
        assert_eq!(code(Method::AttachmentOfEarnings, &judgment(5_000)), "may");
    }

    #[test]
    fn ct_07_each_way_has_its_conditions() {
        assert_eq!(
            code(Method::Warrant, &JudgmentFacts { amount: Pence(4_999), ..judgment(60_000) }),
            "CT-07-WARRANT-LEAST"
        );
        let part = JudgmentFacts { amount: Pence(2_000), one_instalment: true, ..judgment(60_000) };
        assert_eq!(code(Method::Warrant, &part), "may");
        let credit = |pence| JudgmentFacts { consumer_credit: true, ..judgment(pence) };
        assert_eq!(code(Method::Warrant, &credit(600_000)), "may");
        assert_eq!(code(Method::Writ, &credit(600_000)), "CT-07-CONSUMER-CREDIT");
        assert_eq!(code(Method::OrderForSale, &credit(99_999)), "CT-07-SALE-LEAST");
        for work in [Work::SelfEmployed, Work::Unemployed, Work::ArmedForces, Work::NotKnown] {
            let facts = JudgmentFacts { work, ..judgment(60_000) };
            assert_eq!(code(Method::AttachmentOfEarnings, &facts), "CT-07-ATTACHMENT-WORK");
        }
        assert_eq!(
            code(Method::ThirdPartyDebt, &JudgmentFacts { joint_account: true, ..judgment(1) }),
            "CT-07-JOINT-ACCOUNT"
        );
        assert_eq!(code(Method::Petition, &judgment(499_999)), "BS-05-PETITION-LEAST");
        assert_eq!(
            code(Method::Petition, &JudgmentFacts { disputed: true, ..judgment(600_000) }),
            "BS-05-PETITION-DISPUTED"
        );
        let kept = JudgmentFacts { instalments_kept: Some(true), ..judgment(60_000) };
        assert_eq!(code(Method::OrderForSale, &kept), "CT-07-INSTALMENTS");
        assert_eq!(code(Method::ChargingOrder, &kept), "may");
        let old = JudgmentFacts { on: d("2020-11-21"), ..judgment(60_000) };
        assert_eq!(code(Method::Information, &old), "CT-07-PERMISSION");
        assert_eq!(code(Method::Information, &JudgmentFacts { permission: true, ..old }), "may");
        assert_eq!(code(Method::Information, &judgment(0)), "CT-07-NO-JUDGMENT");
        assert_eq!(
            code(Method::Information, &JudgmentFacts { checked: false, ..judgment(1) }),
            "CT-07-PROPORTIONALITY"
        );
    }
}
