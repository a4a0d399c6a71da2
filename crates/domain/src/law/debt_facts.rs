//! What a person recorded of a debt with evidence, and what it comes to where an act is weighed (REC-05, SC-06).
use super::facts::{BenefitDebt, CareDebt, DebtFacts, OverpaidDebt};
use super::refusals;
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// A kind of debt that has rules of its own.
    DebtClass {
        /// Overpaid benefit.
        Benefit = "benefit", "Overpaid benefit";
        /// A charge for care.
        Care = "care", "Care charge";
        /// Pay that was too much.
        Salary = "salary", "Salary overpayment";
        /// A care provider was paid too much.
        Provider = "provider", "Care-provider overpayment";
        /// A direct payment that was not spent.
        DirectPayment = "direct_payment", "Direct-payment overpayment";
        /// Every other.
        Other = "other", "Other debt";
    }
}

/// Parts of debt types that sound like care and are not.
const NOT_CARE: [&str; 4] = ["career", "childcare", "child_care", "healthcare"];
/// Words of them: leases, and what developers and pension funds owe.
const NOT_CARE_WORDS: [&str; 8] = ["rent", "rents", "parking", "permit", "permits", "developer", "106", "pension"];

impl DebtClass {
    /// What a debt type of the ledger says, however it is written.
    pub fn of_debt_type(debt_type: &str) -> DebtClass {
        let plain = debt_type.to_lowercase().replace([' ', '-'], "_");
        let has = |all: &[&str]| all.iter().any(|one| plain.contains(one));
        let not_care = || has(&NOT_CARE) || plain.split('_').any(|word| NOT_CARE_WORDS.contains(&word));
        if has(&["housing_benefit", "benefit_overpay", "overpaid_benefit"]) {
            DebtClass::Benefit
        } else if has(&["salary", "payroll", "pay_over"]) {
            DebtClass::Salary
        } else if has(&["direct_payment"]) {
            DebtClass::DirectPayment
        } else if has(&["provider"]) {
            DebtClass::Provider
        } else if has(&["care", "contribution", "respite", "residential"]) && !not_care() {
            DebtClass::Care
        } else {
            DebtClass::Other
        }
    }
}

named! {
    /// A fact of a debt that somebody records.
    DebtFact {
        /// A valid decision notice was sent.
        BenefitNotice = "benefit_notice", "Decision notice sent";
        /// An appeal or a reconsideration was asked for.
        AppealLodged = "appeal_lodged", "Appeal or reconsideration asked for";
        /// It was decided, and the debt stands.
        AppealDecided = "appeal_decided", "Appeal or reconsideration decided";
        /// How it is recovered first.
        RecoveryMethod = "recovery_method", "Way of recovery chosen";
        /// A deferred payment agreement could be entered into.
        DeferralPossible = "deferral_possible", "Deferred payment is possible";
        /// None could be.
        DeferralNotPossible = "deferral_not_possible", "Deferred payment is not possible";
        /// The adult refused one.
        DeferralRefused = "deferral_refused", "Deferred payment offered and refused";
        /// The debt is deferred.
        Deferred = "deferred", "Debt deferred under an agreement";
        /// The agreement ended.
        DeferralEnded = "deferral_ended", "Deferred payment agreement ended";
        /// The letter with the calculation, net and gross.
        SalaryNotice = "salary_notice", "Calculation sent to the employee";
        /// The employee agreed in writing to recovery from pay.
        SalaryAgreement = "salary_agreement", "Recovery from pay agreed in writing";
        /// The provider was told that it is netted off, or invoiced.
        ProviderNotice = "provider_notice", "Notice sent to the provider";
        /// The statement of what was not spent.
        UnspentStatement = "unspent_statement", "Statement of the unspent sum sent";
    }
}

impl DebtFact {
    /// Which debts it is a fact of.
    pub fn class(self) -> DebtClass {
        match self {
            DebtFact::BenefitNotice | DebtFact::AppealLodged | DebtFact::AppealDecided | DebtFact::RecoveryMethod => {
                DebtClass::Benefit
            }
            DebtFact::DeferralPossible
            | DebtFact::DeferralNotPossible
            | DebtFact::DeferralRefused
            | DebtFact::Deferred
            | DebtFact::DeferralEnded => DebtClass::Care,
            DebtFact::SalaryNotice | DebtFact::SalaryAgreement => DebtClass::Salary,
            DebtFact::ProviderNotice => DebtClass::Provider,
            DebtFact::UnspentStatement => DebtClass::DirectPayment,
        }
    }

    /// The facts of a class, in their order.
    pub fn of_class(class: DebtClass) -> Vec<DebtFact> {
        DebtFact::ALL.iter().copied().filter(|fact| fact.class() == class).collect()
    }
}

named! {
    /// How overpaid benefit is recovered; all but the last need no court.
    RecoveryMethod {
        /// Taken from benefit that goes on.
        OngoingBenefit = "ongoing_benefit", "From ongoing benefit";
        /// By invoice.
        Invoice = "invoice", "By invoice";
        /// The department takes it from other benefits.
        OtherBenefits = "other_benefits", "Deductions from other benefits";
        /// The employer takes it from pay.
        Earnings = "earnings", "Direct earnings attachment";
        /// The decision is registered.
        CountyCourt = "county_court", "County court registration";
    }
}

/// A fact as it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactSeen {
    /// Which.
    pub fact: DebtFact,
    /// The day of it.
    pub on: NaiveDate,
}

/// What the law asks of a debt of a special kind; none where it is of no such kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SpecialDebt {
    /// A care charge.
    pub care: Option<CareDebt>,
    /// Overpaid benefit.
    pub benefit: Option<BenefitDebt>,
    /// Overpaid pay, or a direct payment that was not spent.
    pub overpaid: Option<OverpaidDebt>,
}

impl SpecialDebt {
    /// What a debt type and the facts recorded of the debt, in the order of recording, come to by a day. Overpaid
    /// benefit of which nothing is recorded has no notice, overpaid pay no calculation, a direct payment no statement.
    pub fn of(debt_type: &str, recorded: &[FactSeen], by: NaiveDate) -> SpecialDebt {
        let mut special = SpecialDebt::default();
        match DebtClass::of_debt_type(debt_type) {
            DebtClass::Benefit => special.benefit = Some(BenefitDebt::default()),
            DebtClass::Care => special.care = Some(CareDebt::default()),
            class @ (DebtClass::Salary | DebtClass::DirectPayment) => {
                special.overpaid = Some(OverpaidDebt { class, told_on: None });
            }
            _ => return special,
        }
        let mut known: Vec<FactSeen> = recorded.iter().copied().filter(|seen| seen.on <= by).collect();
        // Of two on one day the one recorded later counts; a notice recorded again puts the first right.
        known.sort_by_key(|seen| if seen.fact == DebtFact::BenefitNotice { NaiveDate::MIN } else { seen.on });
        for seen in known {
            if let Some(benefit) = &mut special.benefit {
                benefit.learn(seen);
            }
            if let Some(care) = &mut special.care {
                care.learn(seen);
            }
            if let Some(overpaid) = &mut special.overpaid {
                overpaid.learn(seen);
            }
        }
        special
    }

    /// The strictest of several debts, for an act about all of them.
    pub fn strictest(all: impl IntoIterator<Item = SpecialDebt>) -> SpecialDebt {
        let mut whole = SpecialDebt::default();
        for one in all {
            whole.benefit = match (whole.benefit, one.benefit) {
                (Some(a), Some(b)) => Some(BenefitDebt {
                    notice_on: a.notice_on.zip(b.notice_on).map(|(a, b)| a.max(b)),
                    appeal_open: a.appeal_open || b.appeal_open,
                }),
                (a, b) => a.or(b),
            };
            whole.care = match (whole.care, one.care) {
                (Some(a), Some(b)) => {
                    let stops = |care: &CareDebt| care.deferral_possible && care.deferral_refused_on.is_none();
                    let first = if stops(&b) && !stops(&a) { b } else { a };
                    Some(CareDebt { deferred: a.deferred || b.deferred, ..first })
                }
                (a, b) => a.or(b),
            };
            whole.overpaid = match (whole.overpaid, one.overpaid) {
                (Some(a), Some(b)) => {
                    // More waits for the statement of a direct payment than for the calculation of pay.
                    let rank = |debt: OverpaidDebt| (debt.told_on.is_none(), debt.class == DebtClass::DirectPayment);
                    Some(if rank(b) > rank(a) { b } else { a })
                }
                (a, b) => a.or(b),
            };
        }
        whole
    }

    /// Puts it with the facts of a debt.
    pub fn told_to(self, debt: &mut DebtFacts) {
        (debt.care, debt.benefit, debt.overpaid) = (self.care, self.benefit, self.overpaid);
    }

    /// A deferred debt has the interest of its agreement and no other.
    ///
    /// # Errors
    /// `LP-08-CARE`.
    pub fn may_bear_interest(self) -> Result<(), Refusal> {
        if self.care.is_some_and(|care| care.deferred) {
            return Err(refusals::CARE_INTEREST.because("The debt is deferred under the Care Act"));
        }
        Ok(())
    }
}

impl BenefitDebt {
    fn learn(&mut self, seen: FactSeen) {
        match seen.fact {
            DebtFact::BenefitNotice => self.notice_on = Some(seen.on),
            DebtFact::AppealLodged => self.appeal_open = true,
            DebtFact::AppealDecided => self.appeal_open = false,
            _ => {}
        }
    }
}

impl OverpaidDebt {
    fn learn(&mut self, seen: FactSeen) {
        let tells = matches!(seen.fact, DebtFact::SalaryNotice | DebtFact::UnspentStatement);
        if tells && seen.fact.class() == self.class {
            self.told_on = Some(seen.on);
        }
    }
}

impl CareDebt {
    fn learn(&mut self, seen: FactSeen) {
        match seen.fact {
            DebtFact::DeferralPossible => (self.deferral_possible, self.deferral_refused_on) = (true, None),
            DebtFact::DeferralNotPossible => self.deferral_possible = false,
            DebtFact::DeferralRefused => (self.deferral_possible, self.deferral_refused_on) = (true, Some(seen.on)),
            DebtFact::Deferred => self.deferred = true,
            DebtFact::DeferralEnded => self.deferred = false,
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn seen(fact: DebtFact, on: &str) -> FactSeen {
        FactSeen { fact, on: d(on) }
    }

    const HB: &str = "Housing benefit overpayment";

    #[test]
    fn rec_05_a_debt_type_says_which_rules_a_debt_has() {
        use DebtClass::*;
        for (debt_type, class) in [
            (HB, Benefit),
            ("housing-benefit", Benefit),
            ("Care contribution", Care),
            ("Client contribution", Care),
            ("salary_overpayment", Salary),
            ("Care provider overpayment", Provider),
            ("Direct payment clawback", DirectPayment),
            ("careers fair", Other),
            ("Childcare fees", Other),
            ("Residential rent", Other),
            ("Section 106 contribution", Other),
            ("Current care charges", Care),
            ("trade_waste", Other),
            ("", Other),
        ] {
            assert_eq!(DebtClass::of_debt_type(debt_type), class, "{debt_type}");
        }
        for fact in DebtFact::ALL {
            assert!(fact.class() != Other && DebtFact::of_class(fact.class()).contains(fact));
        }
    }

    #[test]
    fn rec_05_benefit_with_nothing_recorded_has_no_notice() {
        let today = d("2026-06-01");
        assert_eq!(SpecialDebt::of(HB, &[], today).benefit, Some(BenefitDebt::default()));
        assert_eq!(SpecialDebt::of("trade_waste", &[], today), SpecialDebt::default());
        let mut known = vec![seen(DebtFact::BenefitNotice, "2026-04-10"), seen(DebtFact::AppealLodged, "2026-05-02")];
        let open = BenefitDebt { notice_on: Some(d("2026-04-10")), appeal_open: true };
        assert_eq!(SpecialDebt::of(HB, &known, today).benefit, Some(open));
        assert_eq!(SpecialDebt::of(HB, &known, d("2026-05-01")).benefit.map(|b| b.appeal_open), Some(false));
        known.push(seen(DebtFact::AppealDecided, "2026-05-20"));
        known.push(seen(DebtFact::BenefitNotice, "2026-04-08"));
        let over = BenefitDebt { notice_on: Some(d("2026-04-08")), appeal_open: false };
        assert_eq!(SpecialDebt::of(HB, &known, today).benefit, Some(over));
    }

    #[test]
    fn sc_06_deferral_is_possible_until_it_is_refused() {
        let today = d("2026-06-01");
        let of = |known: &[FactSeen]| SpecialDebt::of("Care contribution", known, today).care.expect("care");
        assert_eq!(of(&[]), CareDebt::default());
        let possible = seen(DebtFact::DeferralPossible, "2026-04-10");
        assert!(of(&[possible]).deferral_possible);
        let refused = of(&[possible, seen(DebtFact::DeferralRefused, "2026-05-01")]);
        assert_eq!((refused.deferral_possible, refused.deferral_refused_on), (true, Some(d("2026-05-01"))));
        let again = of(&[seen(DebtFact::DeferralRefused, "2026-04-01"), possible]);
        assert_eq!(again.deferral_refused_on, None, "asked anew");
        assert!(!of(&[possible, seen(DebtFact::DeferralNotPossible, "2026-04-10")]).deferral_possible);
        let deferred = seen(DebtFact::Deferred, "2026-04-10");
        assert!(of(&[deferred]).deferred && !of(&[deferred, seen(DebtFact::DeferralEnded, "2026-05-10")]).deferred);
    }

    #[test]
    fn rec_05_the_strictest_of_several_debts_counts() {
        let today = d("2026-06-01");
        let noticed = SpecialDebt::of(HB, &[seen(DebtFact::BenefitNotice, "2026-04-10")], today);
        let later = SpecialDebt::of(HB, &[seen(DebtFact::BenefitNotice, "2026-05-10")], today);
        let none = SpecialDebt::of(HB, &[], today);
        let whole = |all: &[SpecialDebt]| SpecialDebt::strictest(all.iter().copied()).benefit.expect("benefit");
        assert_eq!(whole(&[noticed, later]).notice_on, Some(d("2026-05-10")));
        assert_eq!(whole(&[noticed, none]).notice_on, None);
        let care = |fact| SpecialDebt::of("care", &[seen(fact, "2026-04-10")], today);
        let both = SpecialDebt::strictest([care(DebtFact::DeferralRefused), care(DebtFact::DeferralPossible)]);
        let both = both.care.expect("care");
        assert!(both.deferral_possible && both.deferral_refused_on.is_none());
        assert_eq!(SpecialDebt::strictest([]), SpecialDebt::default());
    }

    #[test]
    fn rec_05_overpaid_pay_waits_for_its_calculation_and_a_direct_payment_for_its_statement() {
        let today = d("2026-06-01");
        let told = |debt_type: &str, known: &[FactSeen]| {
            SpecialDebt::of(debt_type, known, today).overpaid.expect("overpaid").told_on
        };
        let (pay, unspent) = ("Salary overpayment", "Direct payment clawback");
        assert_eq!((told(pay, &[]), told(unspent, &[])), (None, None));
        let calculation = seen(DebtFact::SalaryNotice, "2026-04-10");
        assert_eq!(told(pay, &[calculation]), Some(d("2026-04-10")));
        assert_eq!(told(unspent, &[calculation]), None, "a fact of another kind of debt");
        assert_eq!(SpecialDebt::of("Care provider overpayment", &[], today), SpecialDebt::default());
        let both = [SpecialDebt::of(pay, &[], today), SpecialDebt::of(unspent, &[], today)];
        let strictest = SpecialDebt::strictest(both).overpaid.expect("overpaid");
        assert_eq!(strictest.class, DebtClass::DirectPayment);
    }

    #[test]
    fn lp_08_a_deferred_care_charge_bears_the_agreements_interest_alone() {
        let known = [seen(DebtFact::Deferred, "2026-04-10")];
        let no = SpecialDebt::of("care", &known, d("2026-06-01")).may_bear_interest().expect_err("deferred");
        assert_eq!(no.code, "LP-08-CARE");
        assert_eq!(SpecialDebt::of("care", &[], d("2026-06-01")).may_bear_interest(), Ok(()));
    }
}
