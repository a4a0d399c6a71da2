//! What the law allows and forbids, act by act.
use super::super::DebtNature;
use super::super::{
    Adjustment, AgencyFacts, Authority, BenefitDebt, CareDebt, ClaimAtCourt, ClaimFacts, ClaimResponse, ContactFacts,
    ContactPolicy, ContactWay, Death, DebtClass, GiveUp, HoldReason, HomeOfficeFacts, Insolvency, InsolvencyKind,
    JointDebt, JudgmentFacts, LimitFacts, LimitKind, Limitation, Method, MoratoriumLeave, Need, OverpaidDebt,
    OverseasInvoice, OwesBecause, PlanState, PreAction, RepresentativeRole, ServiceAnswer, ServiceFacts, ServiceKind,
    TraceFacts, UNECONOMIC_BELOW, Vulnerability, Work, WriteOffReason, limitation,
};
use super::*;
use std::collections::BTreeSet;

#[path = "may_forbidden.rs"]
mod forbidden;

fn d(text: &str) -> NaiveDate {
    text.parse().expect("a date in a test")
}

fn letter(on: &str) -> ClaimFacts {
    ClaimFacts::of(d(on))
}

fn in_time_until(due: &str) -> Limitation {
    limitation(&LimitFacts { kind: LimitKind::Contract, due_on: d(due), events: vec![], concealed_until: None })
}

fn facts() -> CaseFacts {
    let mut case = CaseFacts {
        minimum_to_chase: Pence(500),
        minimum_to_claim: Pence(5_000),
        ..CaseFacts::of(CustomerKind::SoleTrader, Pence(50_000))
    };
    case.step.decided_by_person = true;
    case.step.agency = Some(AgencyFacts { agreement: true, placed: false, steps_taken: true, address_held: true });
    let dates = letter("2026-06-01");
    case.step.pre_action = Some(PreAction { dates, reply_unclear: false, time_runs_out: None, plan_broke_on: None });
    case.debt.limitation = Some(in_time_until("2026-01-01"));
    case
}

fn flagged(kind: FlagKind) -> Flag {
    let (starts_on, ends_on) = (d("2026-09-14"), Some(d("2026-11-12")));
    Flag { kind, evidence: "Notice".into(), starts_on, ends_on, review_on: None }
}

fn held(reason: HoldReason) -> Hold {
    Hold { reason, starts_on: d("2026-09-01"), ends_on: None, part: false }
}

fn code(facts: &CaseFacts, act: Act) -> String {
    may(act, facts, d("2026-10-01")).map_or_else(|refusal| refusal.code, |()| "allowed".into())
}

const EVERY_ACT: [Act; 7] =
    [Act::Statement, Act::Chase, Act::LetterOfClaim, Act::InterestDemand, Act::Decision, Act::Agency, Act::Court];

#[test]
fn nothing_stands_in_the_way() {
    for act in EVERY_ACT {
        assert_eq!(code(&facts(), act), "allowed");
    }
}

#[test]
fn freezes_outrank_everything() {
    let mut case = facts();
    case.holds.push(held(HoldReason::Dispute));
    case.flags = vec![flagged(FlagKind::Insolvent), flagged(FlagKind::Deceased), flagged(FlagKind::BreathingSpace)];
    for act in EVERY_ACT {
        assert_eq!(code(&case, act), "BS-03-BREATHING-SPACE");
    }
    case.flags.pop();
    assert_eq!(code(&case, Act::Chase), "BS-06-DECEASED");
    case.flags.pop();
    assert_eq!(code(&case, Act::Chase), "BS-05-INSOLVENT");
    assert_eq!(code(&case, Act::Statement), "allowed");
}

#[test]
fn bs_03_leave_is_for_contact_and_proceedings_and_never_for_a_charge() {
    let mut case = facts();
    case.debt.contract_fee = true;
    let charges = [Act::InterestDemand, Act::Compensation, Act::Fee];
    for act in charges {
        assert_eq!(code(&case, act), "allowed", "{act:?}");
    }
    case.flags.push(flagged(FlagKind::BreathingSpace));
    let ground = Some(super::super::LeaveGround::Reg11Two);
    case.person.leave = Some(MoratoriumLeave { by_manager: true, ground, reason: "They asked for it".into() });
    assert_eq!(code(&case, Act::Chase), "allowed");
    for act in charges {
        assert_eq!(code(&case, act), "BS-03-BREATHING-SPACE", "{act:?}");
    }
}

#[test]
fn bs_e1_recovery_may_restart_the_day_after_the_last() {
    let mut case = facts();
    case.flags.push(flagged(FlagKind::BreathingSpace));
    let refused = may(Act::Chase, &case, d("2026-11-12")).expect_err("frozen");
    assert_eq!(refused.allowed_from, Some(d("2026-11-13")));
    assert_eq!(may(Act::Chase, &case, d("2026-11-13")), Ok(()));
}

#[test]
fn every_hold_stops_letters_by_its_own_code() {
    for reason in HoldReason::ALL {
        let mut case = facts();
        case.holds.push(held(*reason));
        assert_eq!(code(&case, Act::Chase), reason.refusal().code);
        assert_eq!(code(&case, Act::Court), reason.refusal().code);
    }
    let mut case = facts();
    case.holds = vec![held(HoldReason::GoneAway), held(HoldReason::Dispute)];
    assert_eq!(code(&case, Act::Chase), "REC-04-HOLD-DISPUTE");
    assert_eq!(code(&case, Act::Statement), "allowed");
}

#[test]
fn qry_02_a_part_in_query_stops_everything_but_the_reminder_of_the_rest() {
    let mut case = facts();
    case.holds.push(Hold { part: true, ..held(HoldReason::Dispute) });
    for act in EVERY_ACT {
        let stopped = !matches!(act, Act::Chase | Act::Statement);
        assert_eq!(code(&case, act), if stopped { "REC-04-HOLD-DISPUTE" } else { "allowed" }, "{act:?}");
    }
    case.holds.push(held(HoldReason::Complaint));
    assert_eq!(code(&case, Act::Chase), "REC-04-HOLD-COMPLAINT");
}

#[test]
fn who_the_customer_is() {
    let mut case = facts();
    case.flags = vec![flagged(FlagKind::GoneAway)];
    assert_eq!(code(&case, Act::LetterOfClaim), "REC-02-GONE-AWAY");
    assert_eq!(code(&case, Act::Chase), "allowed");
    case.flags = vec![flagged(FlagKind::Vulnerable)];
    assert_eq!(code(&case, Act::Court), "BS-08-VULNERABLE");
    case.flags.clear();
    case.customer_kind = CustomerKind::NhsBody;
    case.we_are_nhs = true;
    assert_eq!(code(&case, Act::Agency), "REC-04-PUBLIC-BODY");
    assert_eq!(code(&case, Act::Court), "REC-04-PUBLIC-BODY");
    assert_eq!(code(&case, Act::Chase), "allowed");
}

#[test]
fn cash_before_chase() {
    let mut case = facts();
    case.bank_file_unposted = true;
    assert_eq!(code(&case, Act::Chase), "REC-X7-BANK-FILE");
    case.unallocated = Pence(1);
    assert_eq!(code(&case, Act::Chase), "REC-X7-CASH");
    assert_eq!(code(&case, Act::Statement), "allowed");
}

#[test]
fn small_balances_are_not_taken_to_court() {
    let mut case = facts();
    case.balance = Pence(4_999);
    assert_eq!(code(&case, Act::LetterOfClaim), "REC-02-MINIMUM-BALANCE");
    assert_eq!(code(&case, Act::Chase), "allowed");
    case.balance = Pence(499);
    assert_eq!(code(&case, Act::Chase), "REC-02-MINIMUM-BALANCE");
}

/// Every act with an example of it.
const ACTS: [Act; 32] = super::super::EVERY_ACT;

/// The day of the table: a Monday.
const TODAY: &str = "2026-11-23";

/// A trader who owes £6,000, with everything in place for every act but the court's interest and a petition.
fn ready() -> CaseFacts {
    let mut case = CaseFacts { balance: Pence(600_000), ..facts() };
    case.debt.incurred_on = Some(d("2025-12-01"));
    case.debt.due_on = Some(d("2026-01-01"));
    case.debt.relevant_day = Some(d("2026-01-31"));
    case.debt.contract_fee = true;
    case.step.service = Some(ServiceFacts {
        kind: ServiceKind::Other,
        asked_on: Some(d("2026-11-01")),
        answer: Some(ServiceAnswer::Suspend),
    });
    case.step.claim = Some(ClaimAtCourt {
        issued_on: Some(d("2026-10-01")),
        respond_by: Some(d("2026-10-20")),
        defend_by: Some(d("2026-11-03")),
        ..ClaimAtCourt::default()
    });
    case.step.judgment = Some(JudgmentFacts {
        on: d("2026-05-01"),
        balance: Pence(100_000),
        amount: Pence(100_000),
        instalments_kept: None,
        one_instalment: false,
        consumer_credit: false,
        work: Work::Employed,
        joint_account: false,
        permission: false,
        checked: true,
        individual: true,
        disputed: false,
    });
    case.step.plan = Some(PlanState { behind: Pence(10_000), broken_from: Some(d("2026-11-01")) });
    case.step.give_up = Some(GiveUp {
        amount: Pence(600_000),
        reason: WriteOffReason::Untraceable,
        overridden: false,
        error: false,
        missing: vec![],
        uneconomic_below: UNECONOMIC_BELOW,
    });
    case.step.written_off = Pence(100);
    case.step.home_office = Some(HomeOfficeFacts {
        invoices: vec![OverseasInvoice { on: d("2026-07-10"), open: Pence(60_000) }],
        in_doubt: false,
        told: true,
        reported: false,
    });
    case.step.trace = Some(TraceFacts { basis: true, accepted: true, only_asks_who: false });
    case.step.relative = Some((OwesBecause::Guarantee, "Guarantee of 1 May 2025".into()));
    case
}

fn flag_it(case: &mut CaseFacts, kind: FlagKind, ends: Option<&str>) {
    let (starts_on, ends_on) = (d("2026-11-01"), ends.map(d));
    case.flags.push(Flag { kind, evidence: "Notice".into(), starts_on, ends_on, review_on: None });
}

fn hold_it(case: &mut CaseFacts, reason: HoldReason) {
    case.holds.push(Hold { reason, starts_on: d("2026-11-01"), ends_on: Some(d("2026-12-24")), part: false });
}

fn judge(case: &mut CaseFacts, change: impl Fn(&mut JudgmentFacts)) {
    change(case.step.judgment.as_mut().expect("ready"));
}

fn sue(case: &mut CaseFacts, change: impl Fn(&mut ClaimAtCourt)) {
    change(case.step.claim.as_mut().expect("ready"));
}

fn write_letter(case: &mut CaseFacts, change: impl Fn(&mut PreAction)) {
    change(case.step.pre_action.as_mut().expect("ready"));
}

fn give(case: &mut CaseFacts, change: impl Fn(&mut GiveUp)) {
    change(case.step.give_up.as_mut().expect("ready"));
}

fn reach(case: &mut CaseFacts, way: ContactWay, before: &[&str]) {
    case.step.contact = Some(ContactFacts {
        way,
        before: before.iter().map(|on| (d(on), ContactWay::Post)).collect(),
        adjustments: vec![],
        at: d(TODAY).and_hms_opt(10, 0, 0),
        bank_holidays: vec![],
        policy: ContactPolicy::default(),
    });
}

fn lacks(case: &mut CaseFacts, authorities: Vec<Authority>) {
    case.person.capacity.lacks = true;
    case.person.capacity.authorities = authorities;
}

#[test]
fn everything_is_allowed_where_everything_is_in_place() {
    for act in ACTS {
        let verdict = may(act, &ready(), d(TODAY)).map_err(|refusal| refusal.code);
        let expected = match act {
            Act::CourtInterest => Err("LP-07-CLAIM-ONLY".to_owned()),
            Act::Enforcement(Method::Petition) => Err("BS-05-PETITION-LEAST".to_owned()),
            _ => Ok(()),
        };
        assert_eq!(verdict, expected, "{act:?}");
    }
}

#[test]
fn every_forbidden_act_is_refused_with_code_sentence_rule_and_day() {
    let table = forbidden::every_forbidden_act();
    assert!(table.len() >= 60, "{} rows", table.len());
    for row in &table {
        let mut case = ready();
        (row.because)(&mut case);
        let told = may(row.act, &case, d(TODAY)).expect_err(row.code);
        assert_eq!((told.code.as_str(), told.sentence.as_str()), (row.code, row.sentence), "{:?}", row.act);
        assert_eq!((told.rule.as_str(), told.allowed_from), (row.rule, row.from.map(d)), "{}", row.code);
        assert!(!told.way_out.is_empty());
        assert_eq!(reasons(row.act, &case, d(TODAY)).first(), Some(&told));
        if let Some(from) = row.from {
            assert_eq!(may(row.act, &case, d(from)), Ok(()), "{} from {from}", row.code);
            assert_eq!(may_from(row.act, &case, d(TODAY)), Some(d(from)), "{}", row.code);
        }
    }
    let acts: BTreeSet<String> = table.iter().map(|row| format!("{:?}", row.act)).collect();
    assert!(ACTS.iter().all(|act| matches!(act, Act::Decision) || acts.contains(&format!("{act:?}"))), "{acts:?}");
    let codes: BTreeSet<&str> = table.iter().map(|row| row.code).collect();
    assert!(codes.len() >= 60, "{} codes", codes.len());
}

#[test]
fn several_reasons_are_all_told_and_the_last_day_counts() {
    let mut case = ready();
    flag_it(&mut case, FlagKind::BreathingSpace, Some("2026-12-01"));
    hold_it(&mut case, HoldReason::Promise);
    let told: Vec<String> = reasons(Act::Chase, &case, d(TODAY)).into_iter().map(|refusal| refusal.code).collect();
    assert_eq!(told, ["BS-03-BREATHING-SPACE", "REC-04-HOLD-PROMISE"]);
    assert_eq!(may_from(Act::Chase, &case, d(TODAY)), Some(d("2026-12-25")));
    case.unallocated = Pence(1);
    assert_eq!(may_from(Act::Chase, &case, d(TODAY)), None);
}

#[test]
fn lp_01_interest_is_demanded_again_when_the_dispute_is_over() {
    let mut case = ready();
    let over = |ends_on: &str| {
        vec![Hold { reason: HoldReason::Dispute, starts_on: d("2026-10-01"), ends_on: Some(d(ends_on)), part: false }]
    };
    let yesterday = crate::calendar::add_days(d(TODAY), -1).to_string();
    for act in [Act::InterestDemand, Act::Compensation, Act::StatutoryDemand] {
        case.holds = over(TODAY);
        assert!(may(act, &case, d(TODAY)).is_err(), "{act:?} on its last day");
        case.holds = over(&yesterday);
        assert_eq!(may(act, &case, d(TODAY)), Ok(()), "{act:?} the day after");
    }
}

#[test]
fn bs_e4_the_moratorium_stops_the_old_debt_and_not_the_new_one() {
    let mut case = ready();
    flag_it(&mut case, FlagKind::BreathingSpace, Some("2026-12-30"));
    assert!(may(Act::Chase, &case, d(TODAY)).is_err());
    case.flags = super::super::flags_that_bear(&case.flags, d("2026-11-02"));
    assert_eq!(may(Act::Chase, &case, d(TODAY)), Ok(()));
}

#[test]
fn bs_05_a_debt_after_the_order_is_a_new_debt() {
    let mut case = ready();
    flag_it(&mut case, FlagKind::Insolvent, None);
    case.person.insolvency = Some(forbidden::order(InsolvencyKind::Bankruptcy, "2025-11-30"));
    assert_eq!(may(Act::Chase, &case, d(TODAY)), Ok(()));
    case.debt.incurred_on = Some(d("2025-11-30"));
    assert!(may(Act::Chase, &case, d(TODAY)).is_err());
    case.debt.fraud = true;
    assert_eq!(may(Act::Chase, &case, d(TODAY)), Ok(()));
}

#[test]
fn rec_03_a_manager_may_issue_early_when_time_runs_out() {
    let mut case = ready();
    write_letter(&mut case, |known| known.dates = letter("2026-11-20"));
    case.debt.limitation = Some(in_time_until("2020-12-01"));
    assert_eq!(may(Act::Court, &case, d(TODAY)).expect_err("early").code, "REC-03-TOO-EARLY");
    write_letter(&mut case, |known| known.time_runs_out = Some("Out of time on 1 December 2026".into()));
    assert_eq!(may(Act::Court, &case, d(TODAY)), Ok(()));
    case.debt.limitation = Some(in_time_until("2021-06-01"));
    assert_eq!(may(Act::Court, &case, d(TODAY)).expect_err("there is time").code, "REC-03-TOO-EARLY");
}

#[test]
fn a_case_survives_json_and_old_cases_are_read() {
    let text = serde_json::to_string(&ready()).expect("json");
    assert_eq!(serde_json::from_str::<CaseFacts>(&text).expect("json"), ready());
    let old = r#"{"customer_kind":"individual","flags":[],"holds":[],"balance":100,"minimum_to_chase":0,
        "minimum_to_claim":0,"unallocated":0,"bank_file_unposted":false,"we_are_nhs":false}"#;
    let read: CaseFacts = serde_json::from_str(old).expect("json");
    assert_eq!(read, CaseFacts::of(CustomerKind::Individual, Pence(100)));
}
