//! The acts that are forbidden: why, with code, sentence, rule, and the day from which they may.
use super::*;

pub(super) struct Forbidden {
    pub act: Act,
    pub because: fn(&mut CaseFacts),
    pub code: &'static str,
    pub sentence: &'static str,
    pub rule: &'static str,
    pub from: Option<&'static str>,
}

macro_rules! forbidden {
    ($($act:expr, $because:expr, $code:literal, $sentence:literal, $rule:literal, $from:expr;)*) => {
        vec![$(Forbidden { act: $act, because: $because, code: $code, sentence: $sentence, rule: $rule, from: $from }),*]
    };
}

pub(super) fn every_forbidden_act() -> Vec<Forbidden> {
    [of_freezes(), of_holds(), of_people(), of_debts(), of_interest(), of_agencies(), of_courts(), of_the_end()]
        .into_iter()
        .flatten()
        .collect()
}

fn of_freezes() -> Vec<Forbidden> {
    forbidden! {
        Act::Statement, |c| flag_it(c, FlagKind::BreathingSpace, Some("2026-12-30")), "BS-03-BREATHING-SPACE",
            "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11", Some("2026-12-31");
        Act::Chase, |c| flag_it(c, FlagKind::BreathingSpace, None), "BS-03-BREATHING-SPACE",
            "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11", None;
        Act::InterestDemand, |c| flag_it(c, FlagKind::BreathingSpace, Some("2026-12-30")), "BS-03-BREATHING-SPACE",
            "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11", Some("2026-12-31");
        Act::Fee, |c| flag_it(c, FlagKind::BreathingSpace, Some("2026-12-30")), "BS-03-BREATHING-SPACE",
            "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11", Some("2026-12-31");
        Act::SetOff, |c| flag_it(c, FlagKind::BreathingSpace, Some("2026-12-30")), "BS-03-BREATHING-SPACE",
            "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11", Some("2026-12-31");
        Act::CollectArrears, |c| flag_it(c, FlagKind::BreathingSpace, Some("2026-12-30")), "BS-03-BREATHING-SPACE",
            "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11", Some("2026-12-31");
        Act::Suspension, |c| flag_it(c, FlagKind::BreathingSpace, Some("2026-12-30")), "BS-03-BREATHING-SPACE",
            "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11", Some("2026-12-31");
        Act::PlanDefault, |c| flag_it(c, FlagKind::BreathingSpace, Some("2026-12-30")), "BS-03-BREATHING-SPACE",
            "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11", Some("2026-12-31");
        Act::ProposePlan, |c| flag_it(c, FlagKind::BreathingSpace, Some("2026-12-30")), "BS-03-BREATHING-SPACE",
            "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11", Some("2026-12-31");
        Act::JudgmentRequest, |c| flag_it(c, FlagKind::BreathingSpace, Some("2026-12-30")), "BS-03-BREATHING-SPACE",
            "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11", Some("2026-12-31");
        Act::Enforcement(Method::Warrant), |c| flag_it(c, FlagKind::BreathingSpace, Some("2026-12-30")),
            "BS-03-BREATHING-SPACE", "This debt is in breathing space", "BS-03; SI 2020/1311 regs 7, 11",
            Some("2026-12-31");
        Act::Court, |c| {
            flag_it(c, FlagKind::BreathingSpace, None);
            c.person.leave = Some(MoratoriumLeave { by_manager: false, ground: None, reason: String::new() });
        }, "BS-03-OVERRIDE", "Nobody who may has given leave with a ground of the regulations",
            "BS-03; SI 2020/1311 reg 11", None;
        Act::Agency, |c| c.debt.joint = Some(JointDebt { other_frozen: true, released: false }), "BS-03-JOINT",
            "Somebody who owes this debt too is in breathing space", "BS-03", None;
        Act::Call, |c| flag_it(c, FlagKind::Deceased, None), "BS-06-DECEASED", "The customer has died", "BS-06", None;
        Act::LetterOfClaim, |c| {
            flag_it(c, FlagKind::Deceased, None);
            let (on, told_on) = (d("2026-11-01"), d("2026-11-10"));
            c.person.death = Some(Death { on, told_on, source: "Family".into(), to_representatives: true });
        }, "BS-06-TOO-SOON", "The customer died on 1 November 2026: no demand before 8 December 2026", "BS-06",
            Some("2026-12-08");
        Act::MoveToRelative, |c| c.step.relative = None, "BS-06-RELATIVE",
            "Nothing shows that the relative owes this debt", "BS-06", None;
        Act::Chase, |c| flag_it(c, FlagKind::Insolvent, None), "BS-05-INSOLVENT", "The customer is insolvent", "BS-05", None;
        Act::CollectArrears, |c| {
            flag_it(c, FlagKind::Insolvent, None);
            c.person.insolvency = Some(order(InsolvencyKind::Bankruptcy, "2026-03-02"));
        }, "BS-05-INSOLVENT", "The customer is insolvent", "BS-05", None;
    }
}

pub(super) fn order(kind: InsolvencyKind, on: &str) -> Insolvency {
    Insolvency { kind, on: d(on), ended_on: None, revoked: false, final_dividend: false }
}

fn of_holds() -> Vec<Forbidden> {
    forbidden! {
        Act::Chase, |c| hold_it(c, HoldReason::Dispute), "REC-04-HOLD-DISPUTE", "On hold: dispute", "REC-04",
            Some("2026-12-25");
        Act::LetterOfClaim, |c| hold_it(c, HoldReason::Complaint), "REC-04-HOLD-COMPLAINT", "On hold: complaint", "REC-04",
            Some("2026-12-25");
        Act::Agency, |c| hold_it(c, HoldReason::Plan), "REC-04-HOLD-PLAN", "On hold: payment plan", "REC-04",
            Some("2026-12-25");
        Act::Court, |c| hold_it(c, HoldReason::Promise), "REC-04-HOLD-PROMISE", "On hold: payment promised", "REC-04",
            Some("2026-12-25");
        Act::InterestDemand, |c| hold_it(c, HoldReason::AwaitingFunding), "REC-04-HOLD-FUNDING",
            "On hold: awaiting funding decision", "REC-04", Some("2026-12-25");
        Act::Enforcement(Method::ChargingOrder), |c| hold_it(c, HoldReason::Safeguarding), "REC-04-HOLD-SAFEGUARDING",
            "On hold: safeguarding", "REC-04", Some("2026-12-25");
        Act::Statement, |c| hold_it(c, HoldReason::Deceased), "REC-04-HOLD-DECEASED", "On hold: deceased",
            "REC-04, BS-06", Some("2026-12-25");
        Act::ProposePlan, |c| hold_it(c, HoldReason::Dispute), "REC-04-HOLD-DISPUTE",
            "A disputed debt is not put into a plan", "REC-04", None;
    }
}

fn of_people() -> Vec<Forbidden> {
    forbidden! {
        Act::Agency, |c| flag_it(c, FlagKind::Vulnerable, None), "BS-08-VULNERABLE",
            "The customer is flagged as vulnerable", "BS-08", None;
        Act::Court, |c| c.person.vulnerabilities = vec![Vulnerability {
            need: Need::Bereavement,
            adjustments: vec![],
            starts_on: d("2026-11-01"),
            review_on: None,
            manager_decided_on: None,
        }], "BS-08-VULNERABLE", "The customer is flagged as vulnerable", "BS-08", None;
        Act::PlanDefault, |c| flag_it(c, FlagKind::Vulnerable, None), "BS-08-VULNERABLE",
            "The customer is flagged as vulnerable", "BS-08", None;
        Act::LetterOfClaim, |c| flag_it(c, FlagKind::GoneAway, None), "REC-02-GONE-AWAY",
            "The customer has gone away from the address we hold", "REC-02", None;
        Act::Court, |c| c.customer_kind = CustomerKind::PublicBody, "REC-04-PUBLIC-BODY",
            "NHS bodies and councils are not sent to court or an agency", "REC-04", None;
        Act::Enforcement(Method::Writ), |c| c.customer_kind = CustomerKind::NhsBody, "REC-04-PUBLIC-BODY",
            "NHS bodies and councils are not sent to court or an agency", "REC-04", None;
        Act::Court, |c| c.step.decided_by_person = false, "CTL-05-PERSON", "No person decided this step",
            "CTL-05; UK GDPR Art 22", None;
        Act::Agency, |c| c.step.decided_by_person = false, "CTL-05-PERSON", "No person decided this step",
            "CTL-05; UK GDPR Art 22", None;
        Act::Suspension, |c| c.step.decided_by_person = false, "CTL-05-PERSON", "No person decided this step",
            "CTL-05; UK GDPR Art 22", None;
        Act::Chase, |c| lacks(c, vec![]), "BS-07-NO-REPRESENTATIVE",
            "The customer cannot manage this and nobody may act for them", "BS-07", None;
        Act::LetterOfClaim, |c| lacks(c, vec![Authority {
            role: RepresentativeRole::Attorney,
            seen: Some("Power of 2024".into()),
            ends_on: Some(d("2026-11-01")),
            except: vec![],
        }]), "BS-07-EXPIRED", "The authority ended on 1 November 2026", "BS-07", None;
        Act::JudgmentRequest, |c| lacks(c, vec![]), "BS-07-LITIGATION-FRIEND",
            "The customer is a protected party without a litigation friend", "BS-07; CPR 21", None;
        Act::Call, |c| reach(c, ContactWay::Call, &["2026-11-18", "2026-11-19", "2026-11-20"]), "DUN-19-BUDGET",
            "3 contacts in the last seven days is the most", "DUN-19", Some("2026-11-25");
        Act::Call, |c| {
            reach(c, ContactWay::Call, &[]);
            c.step.contact.as_mut().expect("set").at = d(TODAY).and_hms_opt(21, 5, 0);
        }, "DUN-19-QUIET", "It is after 8pm; again from 8am on Tuesday 24 November 2026", "DUN-19", Some("2026-11-24");
        Act::Chase, |c| {
            reach(c, ContactWay::Post, &[]);
            c.step.contact.as_mut().expect("set").adjustments = vec![Adjustment::NoPost];
        }, "BS-08-UNSAFE-CHANNEL", "Nothing by post: Post is not safe or not wanted", "BS-08", None;
        Act::Trace, |c| c.person.do_not_trace = true, "REC-08-DO-NOT-TRACE", "This person must not be traced",
            "REC-08, BS-08", None;
        Act::Trace, |c| c.step.trace = Some(TraceFacts::default()), "REC-08-BASIS",
            "No lawful basis is recorded for this source", "REC-08", None;
        Act::UseTracedAddress, |c| c.step.trace = Some(TraceFacts { basis: true, ..TraceFacts::default() }),
            "REC-08-UNPROVEN", "Nobody accepted the address that was found", "REC-08", None;
    }
}

fn of_debts() -> Vec<Forbidden> {
    forbidden! {
        Act::Court, |c| c.debt.limitation = Some(in_time_until("2019-06-30")), "CT-08-BARRED",
            "The last day for a claim was 30 June 2025", "CT-08; Limitation Act 1980", None;
        Act::LetterOfClaim, |c| c.debt.limitation = Some(in_time_until("2019-06-30")), "CT-08-BARRED",
            "The last day for a claim was 30 June 2025", "CT-08; Limitation Act 1980", None;
        Act::Chase, |c| {
            c.debt.limitation = Some(in_time_until("2019-06-30"));
            c.debt.refused_to_pay = true;
        }, "CT-08-SAID-NO", "The debt is out of time and the customer will not pay it", "CT-08", None;
        Act::Court, |c| c.debt.limitation = None, "CT-08-UNKNOWN", "No last day for a claim was worked out", "CT-08", None;
        Act::LetterOfClaim, |c| c.debt.care = Some(CareDebt { deferral_possible: true, ..CareDebt::default() }),
            "SC-06-DPA", "A deferred payment agreement is possible and was not refused",
            "SC-06; Care Act 2014 s69(2)", None;
        Act::Court, |c| c.debt.care = Some(CareDebt { deferral_possible: true, ..CareDebt::default() }),
            "SC-06-DPA", "A deferred payment agreement is possible and was not refused",
            "SC-06; Care Act 2014 s69(2)", None;
        Act::Chase, |c| c.debt.benefit = Some(BenefitDebt::default()), "REC-05-NOTICE", "No decision notice was sent",
            "REC-05", None;
        Act::Chase, |c| c.debt.benefit = Some(BenefitDebt { notice_on: Some(d("2026-11-10")), appeal_open: false }),
            "REC-05-APPEAL", "The decision can be appealed until 10 December 2026", "REC-05", Some("2026-12-11");
        Act::Agency, |c| c.debt.benefit = Some(BenefitDebt { notice_on: Some(d("2026-01-10")), appeal_open: true }),
            "REC-05-APPEAL", "An appeal is open", "REC-05", None;
        Act::Chase, |c| c.debt.overpaid = Some(OverpaidDebt { class: DebtClass::DirectPayment, told_on: None }),
            "REC-05-UNSPENT", "No statement of the unspent sum was sent", "REC-05", None;
        Act::LetterOfClaim, |c| c.debt.overpaid = Some(OverpaidDebt { class: DebtClass::Salary, told_on: None }),
            "REC-05-CALCULATION", "The calculation of the overpaid pay was not sent", "REC-05", None;
        Act::Chase, |c| c.unallocated = Pence(4_250), "REC-X7-CASH", "£42.50 of this customer waits to be allocated",
            "Cash before chase", None;
        Act::Chase, |c| c.bank_file_unposted = true, "REC-X7-BANK-FILE", "A bank file of today is not posted",
            "Cash before chase", None;
        Act::Chase, |c| c.balance = Pence(499), "REC-02-MINIMUM-BALANCE",
            "The balance of £4.99 is below the least amount of £5.00", "REC-02, REC-07", None;
        Act::Court, |c| c.balance = Pence(4_999), "REC-02-MINIMUM-BALANCE",
            "The balance of £49.99 is below the least amount of £50.00", "REC-02, REC-07", None;
        Act::HomeOffice, |c| c.step.home_office.as_mut().expect("ready").in_doubt = true, "NHS-03-QUERY",
            "A query, review or moratorium is open on these debts", "NHS-03", None;
        Act::HomeOffice, |c| c.step.home_office.as_mut().expect("ready").told = false, "NHS-03-NOT-TOLD",
            "The patient was not told by a notice on the invoice", "NHS-03", None;
        Act::HomeOffice, |c| c.step.home_office.as_mut().expect("ready").invoices[0].open = Pence(49_999),
            "NHS-03-NOT-RIPE", "£499.99 is two months old; it takes £500.00", "NHS-03", None;
    }
}

fn of_interest() -> Vec<Forbidden> {
    forbidden! {
        Act::InterestDemand, |c| c.customer_kind = CustomerKind::Individual, "LP-06-CONSUMER",
            "The customer is not acting in the course of a business", "LP-01; LPCDA 1998 s2", None;
        Act::Compensation, |c| c.customer_kind = CustomerKind::Individual, "LP-06-CONSUMER",
            "The customer is not acting in the course of a business", "LP-01; LPCDA 1998 s2", None;
        Act::InterestDemand, |c| c.debt.nature = DebtNature::StatutoryCharge, "LP-01-STATUTORY",
            "This is not a commercial debt", "LP-01; LPCDA 1998 s1", None;
        Act::InterestDemand, |c| c.debt.nature = DebtNature::SalaryOverpayment, "LP-01-EMPLOYEE",
            "This is not a commercial debt", "LP-01", None;
        Act::InterestDemand, |c| c.debt.nature = DebtNature::NhsContract, "LP-01-NHS",
            "This is a contract between NHS bodies", "LP-01; NHS Act 2006 s9", None;
        Act::Compensation, |c| c.debt.contract_interest = true, "LP-01-CONTRACT-RATE",
            "The contract has its own interest", "LP-01; LPCDA 1998 s8", None;
        Act::InterestDemand, |c| c.debt.relevant_day = Some(d("2026-11-30")), "LP-06-TOO-EARLY",
            "No interest runs before 1 December 2026", "LP-02, LP-06", Some("2026-12-01");
        Act::InterestDemand, |c| c.debt.interest.compound = true, "LP-06-COMPOUNDING",
            "Interest is not charged on interest", "LP-04, LP-06", None;
        Act::InterestDemand, |c| c.debt.interest.with_vat = true, "LP-06-VAT",
            "Interest and compensation bear no VAT", "LP-04, LP-06", None;
        Act::Compensation, |c| c.debt.interest.compensated = true, "LP-05-TWICE",
            "The fixed sum was charged on this invoice", "LP-05", None;
        Act::InterestDemand, |c| c.debt.care = Some(CareDebt { deferred: true, ..CareDebt::default() }), "LP-08-CARE",
            "The debt is deferred under the Care Act", "LP-08, SC-06", None;
        Act::CourtInterest, |c| c.customer_kind = CustomerKind::Individual, "LP-07-CLAIM-ONLY",
            "The court's interest is claimed, not charged", "LP-07; County Courts Act 1984 s69", None;
        Act::CourtInterest, |c| c.debt.interest.in_claim = true, "LP-07-TWICE",
            "Other interest already runs on this debt", "LP-07; County Courts Act 1984 s69(4)", None;
        Act::Fee, |c| c.debt.contract_fee = false, "REC-04-FEE", "The contract provides for no charge", "REC-04", None;
    }
}

fn of_agencies() -> Vec<Forbidden> {
    forbidden! {
        Act::Agency, |c| c.step.agency = None, "REC-07-AGREEMENT", "No data-sharing agreement is on file", "REC-07", None;
        Act::Agency, |c| c.step.agency.as_mut().expect("ready").placed = true, "REC-07-PLACED",
            "The debt is with an agency", "REC-07", None;
        Act::Agency, |c| c.step.agency.as_mut().expect("ready").steps_taken = false, "REC-07-STEPS",
            "The steps of the pathway were not taken", "REC-07", None;
        Act::Agency, |c| c.step.agency.as_mut().expect("ready").address_held = false, "REC-07-NO-ADDRESS",
            "We hold no address", "REC-07", None;
        Act::Agency, |c| c.debt.due_on = Some(d("2021-11-22")), "REC-07-TOO-OLD",
            "The debt was due more than 5 years ago", "REC-07", None;
        Act::Suspension, |c| c.step.service.as_mut().expect("ready").kind = ServiceKind::EligibleCare, "REC-06-FORBIDDEN",
            "Care that meets eligible needs is never suspended for a debt", "REC-06", None;
        Act::Suspension, |c| c.step.service.as_mut().expect("ready").kind = ServiceKind::UrgentTreatment,
            "REC-06-FORBIDDEN", "Urgent or immediately necessary treatment is never suspended for a debt", "REC-06", None;
        Act::Suspension, |c| c.step.service.as_mut().expect("ready").kind = ServiceKind::Safeguarding, "REC-06-FORBIDDEN",
            "Safeguarding is never suspended for a debt", "REC-06", None;
        Act::Suspension, |c| c.step.service.as_mut().expect("ready").kind = ServiceKind::StatutoryEducation,
            "REC-06-FORBIDDEN", "Statutory education is never suspended for a debt", "REC-06", None;
        Act::Suspension, |c| c.step.service.as_mut().expect("ready").answer = None, "REC-06-SERVICE",
            "The service has not answered", "REC-06", None;
        Act::Suspension, |c| c.step.service.as_mut().expect("ready").answer = Some(ServiceAnswer::Continue),
            "REC-06-SERVICE", "The service answered: continue", "REC-06", None;
        Act::PlanDefault, |c| c.step.plan.as_mut().expect("ready").broken_from = Some(d("2026-12-01")), "PP-05-KEPT",
            "£100.00 can be caught up before 1 December 2026", "PP-05", Some("2026-12-01");
        Act::PlanDefault, |c| c.step.plan.as_mut().expect("ready").broken_from = None, "PP-05-KEPT",
            "The plan is not broken", "PP-05", None;
    }
}

fn of_courts() -> Vec<Forbidden> {
    forbidden! {
        Act::Court, |c| c.step.pre_action = None, "REC-03-NO-LETTER", "No letter of claim was sent", "REC-02, REC-03", None;
        Act::Court, |c| write_letter(c, |known| known.dates = letter("2026-11-01")), "REC-03-TOO-EARLY",
            "A claim may not be issued before 2 December 2026", "REC-03", Some("2026-12-02");
        Act::Court, |c| write_letter(c, |known| known.dates.documents_requested = true), "REC-03-DOCUMENTS",
            "The customer asked for documents that were not sent", "REC-03", None;
        Act::Court, |c| write_letter(c, |known| known.plan_broke_on = Some(d("2026-06-01"))), "REC-03-NO-LETTER",
            "A plan broke on 1 June 2026: no updated letter of claim was sent since", "REC-02, REC-03", None;
        Act::Court, |c| write_letter(c, |known| known.reply_unclear = true), "REC-03-REPLY",
            "The reply form is only partly completed", "REC-03", None;
        Act::Court, |c| write_letter(c, |known| known.dates.replied_on = Some(d("2026-06-20"))), "REC-03-NOTICE",
            "The customer replied and no fourteen days' notice was given", "REC-03", None;
        Act::LetterOfClaim, |c| write_letter(c, |known| known.dates.offer_unanswered = true), "REC-02-OFFER",
            "The customer's offer was not answered", "REC-02, REC-03", None;
        Act::Court, |c| c.person.outside_england_and_wales = true, "CT-00-OTHER-COURT",
            "The customer is not in England or Wales", "CT-03", None;
        Act::JudgmentRequest, |c| c.step.claim = None, "CT-05-NOT-ISSUED", "There is no claim", "CT-05", None;
        Act::JudgmentRequest, |c| sue(c, |claim| claim.respond_by = Some(d("2026-11-23"))), "CT-05-TOO-EARLY",
            "The defendant can answer until 23 November 2026", "CT-05; CPR 12.3", Some("2026-11-24");
        Act::JudgmentRequest, |c| sue(c, |claim| claim.responses = vec![(d("2026-10-12"), ClaimResponse::Defence)]),
            "CT-05-DEFENDED", "The defendant answered the claim", "CT-05; CPR 12.3", None;
        Act::JudgmentRequest, |c| sue(c, |claim| claim.admission_pending = true), "CT-05-ADMISSION",
            "An admission waits for a decision", "CT-05", None;
        Act::JudgmentRequest, |c| sue(c, |claim| claim.paid_in_full = true), "CT-05-PAID",
            "The claim was paid in full", "CT-05", None;
        Act::JudgmentRequest, |c| sue(c, |claim| claim.armed_forces_overseas = true), "CT-05-ARMED-FORCES",
            "The defendant serves overseas", "CT-05", None;
        Act::JudgmentRequest, |c| sue(c, |claim| claim.respond_by = Some(d("2026-05-20"))), "CT-05-STAYED",
            "The claim has been stayed since 20 November 2026", "CT-05; CPR 15.11", None;
        Act::Enforcement(Method::Warrant), |c| c.step.judgment = None, "CT-07-NO-JUDGMENT", "There is no judgment",
            "CT-07", None;
        Act::Enforcement(Method::Warrant), |c| judge(c, |j| j.balance = Pence(500_001)), "CT-07-WARRANT-MOST",
            "£5,000.01 is above £5,000.00", "CT-07", None;
        Act::Enforcement(Method::Warrant), |c| judge(c, |j| j.amount = Pence(4_999)), "CT-07-WARRANT-LEAST",
            "£49.99 is below £50.00", "CT-07", None;
        Act::Enforcement(Method::Writ), |c| judge(c, |j| j.balance = Pence(59_999)), "CT-07-WRIT-LEAST",
            "£599.99 is below £600.00", "CT-07", None;
        Act::Enforcement(Method::Writ), |c| judge(c, |j| j.consumer_credit = true), "CT-07-CONSUMER-CREDIT",
            "Regulated credit is not enforced in the High Court", "CT-07", None;
        Act::Enforcement(Method::AttachmentOfEarnings), |c| judge(c, |j| j.balance = Pence(4_999)),
            "CT-07-ATTACHMENT-LEAST", "£49.99 is below £50.00", "CT-07", None;
        Act::Enforcement(Method::AttachmentOfEarnings), |c| judge(c, |j| j.work = Work::SelfEmployed),
            "CT-07-ATTACHMENT-WORK", "The debtor's work: self-employed", "CT-07", None;
        Act::Enforcement(Method::OrderForSale), |c| judge(c, |j| {
            j.consumer_credit = true;
            j.balance = Pence(99_999);
        }), "CT-07-SALE-LEAST", "£999.99 is below £1,000.00", "CT-07", None;
        Act::Enforcement(Method::ThirdPartyDebt), |c| judge(c, |j| j.joint_account = true), "CT-07-JOINT-ACCOUNT",
            "The account is a joint one", "CT-07", None;
        Act::Enforcement(Method::Warrant), |c| judge(c, |j| j.instalments_kept = Some(true)), "CT-07-INSTALMENTS",
            "The instalments the court ordered are kept", "CT-07", None;
        Act::Enforcement(Method::Information), |c| judge(c, |j| j.on = d("2020-11-01")), "CT-07-PERMISSION",
            "The judgment of 1 November 2020 is more than six years old", "CT-07; CPR 83.2", None;
        Act::Enforcement(Method::ChargingOrder), |c| judge(c, |j| j.checked = false), "CT-07-PROPORTIONALITY",
            "Nobody recorded that this is in proportion", "CT-07; Equality Act 2010 s149", None;
        Act::Enforcement(Method::Petition), |_| {}, "BS-05-PETITION-LEAST",
            "£1,000.00 is owed; it takes £5,000.00 or more", "BS-05; Insolvency Act 1986", None;
        Act::StatutoryDemand, |c| c.balance = Pence(499_999), "BS-05-PETITION-LEAST",
            "£4,999.99 is owed; it takes £5,000.00 or more", "BS-05; Insolvency Act 1986", None;
    }
}

fn of_the_end() -> Vec<Forbidden> {
    forbidden! {
        Act::WriteOff, |c| c.step.give_up = None, "REC-09-EVIDENCE", "Nothing says how much is given up, and why",
            "REC-09, WOF-01", None;
        Act::WriteOff, |c| give(c, |asked| asked.missing = vec!["trace proof".into(), "service's answer".into()]),
            "REC-09-EVIDENCE", "The pack lacks: trace proof, service's answer", "REC-09, WOF-01", None;
        Act::WriteOff, |c| give(c, |asked| asked.error = true), "REC-09-ERROR", "The debt was never owed",
            "REC-09, NHS-05", None;
        Act::WriteOff, |c| give(c, |asked| asked.amount = Pence(600_001)), "REC-09-AMOUNT",
            "£6,000.01 cannot be written off where £6,000.00 is open", "GL-02", None;
        Act::WriteOff, |c| hold_it(c, HoldReason::Dispute), "REC-09-DISPUTED", "The item is disputed", "GL-02", None;
        Act::WriteOff, |c| hold_it(c, HoldReason::Plan), "REC-09-IN-PLAN", "The item is in a payment plan", "GL-02", None;
        Act::WriteOff, |c| give(c, |asked| asked.reason = WriteOffReason::Uneconomic), "REC-09-NOT-UNECONOMIC",
            "£6,000.00 is worth pursuing", "REC-09", None;
        Act::WriteOff, |c| {
            give(c, |asked| asked.reason = WriteOffReason::InsolventNoDividend);
            c.person.insolvency = Some(order(InsolvencyKind::DebtReliefOrder, "2026-03-02"));
        }, "BS-05-WRITE-OFF-EARLY", "The debt relief order of 2 March 2026 runs", "BS-05", Some("2027-03-02");
        Act::WriteOff, |c| c.unallocated = Pence(100), "REC-X7-CASH", "£1.00 of this customer waits to be allocated",
            "Cash before chase", None;
        Act::WriteBack, |c| c.step.written_off = Pence::ZERO, "GL-02-WRITE-BACK",
            "Nothing of this debt was written off", "GL-02, WOF-04", None;
    }
}
