//! The pathways that come with the house (REC-04): policy, not law. A site replaces them with versions of its own.
use super::applies::{Applies, When};
use super::pathway::{Channel, PathwayVersion, Step, StepKind};
use super::step_charges::StepCharges;
use crate::customers::{CustomerKind, FlagKind};
use crate::money::Pence;

/// What a letter costs with its postage, until the site says otherwise.
const LETTER_COST: Pence = Pence(95);
/// What a call costs in time.
const CALL_COST: Pence = Pence(350);
/// People in law.
const PEOPLE: [CustomerKind; 4] =
    [CustomerKind::Individual, CustomerKind::SoleTrader, CustomerKind::Employee, CustomerKind::Unknown];

fn letter(code: &str, day: i32, name: &str, template: &str) -> Step {
    Step {
        code: code.into(),
        day,
        name: name.into(),
        kind: StepKind::Letter,
        template: template.into(),
        channel: Channel::Post,
        wait_days: 0,
        lapses_after_day: None,
        when: When::default(),
        cost: LETTER_COST,
        who: String::new(),
        clause: String::new(),
        charges: StepCharges::None,
    }
}

fn courtesy() -> Step {
    let note = letter("R0", -7, "Courtesy note", "courtesy");
    Step { lapses_after_day: Some(0), channel: Channel::Email, cost: Pence::ZERO, ..note }
}

fn task(code: &str, day: i32, name: &str, who: &str) -> Step {
    let step = letter(code, day, name, "");
    Step { kind: StepKind::Task, channel: Channel::None, cost: CALL_COST, who: who.into(), ..step }
}

fn call(day: i32, name: &str) -> Step {
    Step { channel: Channel::Phone, ..task("R2-CALL", day, name, "") }
}

fn claim(day: i32, name: &str, template: &str) -> Step {
    Step { kind: StepKind::LetterOfClaim, ..letter("R4", day, name, template) }
}

fn decide(day: i32, wait_days: i32) -> Step {
    let step = task("R5", day, "Decide: agency, court, plan or write-off", "");
    Step { kind: StepKind::Decision, wait_days, ..step }
}

fn ask_service(day: i32) -> Step {
    task("R3-SERVICE", day, "Ask the service before legal action", "The service")
}

fn pathway(code: &str, name: &str, rank: i32, when: When, words: &str, steps: Vec<Step>) -> PathwayVersion {
    PathwayVersion {
        code: code.into(),
        name: name.into(),
        version: 1,
        steps,
        applies: Applies { rank, when, services: Vec::new() },
        moves_open: false,
        words: words.into(),
    }
}

fn kinds(kinds: &[CustomerKind]) -> When {
    When { kinds: kinds.to_vec(), ..When::default() }
}

fn of_people(words: &[&str]) -> When {
    When { debt_types: words.iter().map(|word| (*word).to_owned()).collect(), ..kinds(&PEOPLE) }
}

fn reminders(call: Step) -> Vec<Step> {
    vec![
        courtesy(),
        letter("R1", 7, "First reminder", "reminder_1"),
        letter("R2", 21, "Second reminder", "reminder_2"),
        call,
        letter("R3", 35, "Final notice", "final_notice"),
        ask_service(36),
    ]
}

fn individual() -> PathwayVersion {
    let mut steps = reminders(call(28, "Call or visit"));
    steps.extend([claim(42, "Letter of claim", "letter_of_claim"), decide(73, 31)]);
    let words = "A week's grace, since most who forget pay within it; a fortnight between letters, since pay comes \
                 monthly or weekly; a call before the final notice, since a voice finds hardship that a letter does \
                 not. The protocol for debt claims gives thirty days after the letter of claim.";
    let name = "People: consumers, patients, service users";
    pathway("individual", name, 0, kinds(&PEOPLE), words, steps)
}

fn business() -> PathwayVersion {
    let mut steps = reminders(call(21, "Call accounts payable and check for queries"));
    for step in &mut steps {
        step.charges = match step.code.as_str() {
            "R1" => StepCharges::Quote,
            "R3" => StepCharges::Post,
            _ => StepCharges::None,
        };
    }
    steps.extend([claim(42, "Letter before action", "letter_before_action"), decide(57, 15)]);
    let words = "The same days for letters, and the call comes with the second reminder: most late business payments \
                 are a missing order number or an unanswered query, and a call finds it. The practice direction \
                 asks for a reasonable time after the letter before action: fourteen days. The first reminder says what \
                 paying late adds by law, the final notice charges it.";
    pathway("business", "Businesses and other organisations", 0, kinds(&[CustomerKind::Company]), words, steps)
}

/// Public bodies get the business ladder as statements, and are escalated instead of claimed from (REC-04).
fn for_public(code: &str, name: &str, rank: i32, of: CustomerKind, escalate: Step, words: &str) -> PathwayVersion {
    let soften = |step: Step| match step.kind {
        StepKind::Decision => Step { name: "Decide: what the directors agreed, a plan or write-off".into(), ..step },
        StepKind::Letter => {
            Step { kind: StepKind::Statement, template: "statement".into(), charges: StepCharges::None, ..step }
        }
        StepKind::LetterOfClaim => escalate.clone(),
        _ => step,
    };
    let steps = business().steps.into_iter().map(soften).collect();
    pathway(code, name, rank, kinds(&[of]), words, steps)
}

fn public() -> PathwayVersion {
    let escalate = task("R4", 42, "Escalate to director level and agreement of balances", "Head of finance");
    let words = "Public money owed to public money: statements and a query list instead of demands, then the two \
                 heads of finance. Nobody is sent to an agency or to court.";
    for_public("public", "Councils and other public bodies", 0, CustomerKind::PublicBody, escalate, words)
}

fn nhs() -> PathwayVersion {
    let escalate = task("R4", 42, "Escalate to director level and agreement of balances", "Director of finance");
    let words = "NHS bodies agree balances every quarter and disputes go to the two directors of finance, so letters \
                 are statements that both sides can hold against their ledgers. No agency, no court.";
    for_public("nhs", "NHS bodies", 10, CustomerKind::NhsBody, escalate, words)
}

fn staff() -> PathwayVersion {
    let mut steps =
        reminders(task("R2-PAYROLL", 28, "Ask payroll for the figures and an offer by deduction", "Payroll"));
    steps.extend([claim(42, "Letter of claim", "letter_of_claim"), decide(73, 31)]);
    let words = "Pay that was too much: letters come from the set for staff, and before the final notice payroll says \
                 what is owed net and gross and whether it can be taken from pay in writing, over at least the time \
                 in which it arose.";
    pathway("staff", "Staff: pay that was too much", 30, of_people(&["salary", "payroll", "pay_over"]), words, steps)
}

fn housing_benefit() -> PathwayVersion {
    let steps = vec![
        task("R0-BENEFIT", 32, "Ask for deduction from ongoing benefit", "Benefits"),
        letter("R1", 35, "First reminder", "reminder_1"),
        task("R2-BENEFIT", 42, "Ask for deduction from other benefits or direct earnings attachment", "Benefits"),
        letter("R2", 56, "Second reminder", "reminder_2"),
        call(63, "Call or visit"),
        letter("R3", 77, "Final notice", "final_notice"),
        ask_service(78),
        decide(92, 14),
    ];
    let words = "Nothing is asked for in the month in which the decision can be appealed against. What can be taken \
                 from the benefit that goes on is asked first, and from other benefits or earnings after the first \
                 reminder, since neither needs a court; a letter of claim is not among the steps, since the debt is \
                 registered, not sued for.";
    // A landlord owes it too, and nobody is sued for it.
    let owes = [&PEOPLE[..], &[CustomerKind::Company]].concat();
    let when = When { kinds: owes, ..of_people(&["housing_benefit", "benefit_overpay", "overpaid_benefit"]) };
    pathway("housing_benefit", "Housing benefit that was too much", 30, when, words, steps)
}

fn care() -> PathwayVersion {
    let mut steps = vec![
        courtesy(),
        letter("R1", 7, "First reminder", "reminder_1"),
        call(21, "Call: is there a financial assessment, a deputy or an attorney?"),
        letter("R2", 35, "Second reminder", "reminder_2"),
        task("R3-SERVICE", 49, "Ask the social worker: means, capacity, deferred payment", "Social care"),
        letter("R3", 63, "Final notice", "final_notice"),
    ];
    let claim = claim(77, "Letter of claim", "letter_of_claim");
    steps.push(Step { when: When { without_flags: vec![FlagKind::Vulnerable], ..When::default() }, ..claim });
    steps.push(decide(108, 31));
    let words = "Letters from the set for care, three weeks and more apart, a call before the second: who does not \
                 pay for care often cannot, or somebody else holds the money. The social worker answers before the \
                 final notice. A deferred payment is offered before a claim, as the Care Act asks.";
    pathway("care", "Care charges", 20, of_people(&["care"]), words, steps)
}

fn overseas() -> PathwayVersion {
    let mut steps = reminders(call(28, "Call, with an interpreter where one is needed"));
    let tell = task("R3-HOME-OFFICE", 61, "Decide whether the Home Office is told", "Overseas visitors team");
    let over = When { least: Some(Pence(50_000)), ..When::default() };
    steps.push(Step { when: over, ..tell });
    steps.extend([claim(68, "Letter of claim", "letter_of_claim"), decide(99, 31)]);
    let words = "The patient may leave the country, so the first month is as for anyone here. After two months, from \
                 £500, somebody decides whether the Home Office is told: the invoice must say so, and nothing \
                 clinical goes with it. No letter goes to an address that we do not hold.";
    pathway("overseas", "Overseas visitors", 30, of_people(&["overseas"]), words, steps)
}

/// The ladders of REC-04, by whom and what they are for.
pub fn seeded_pathways() -> Vec<PathwayVersion> {
    vec![individual(), business(), public(), nhs(), staff(), housing_benefit(), care(), overseas()]
}

#[cfg(test)]
mod tests {
    use super::super::applies::DebtSeen;
    use super::super::pathway_choice::{choose, code_of};
    use super::*;

    #[test]
    fn dun_03_each_debt_has_its_own_pathway_and_every_kind_has_one() {
        let all = seeded_pathways();
        let live: Vec<&PathwayVersion> = all.iter().collect();
        let of = |kind, debt_type| {
            let debt = DebtSeen { kind, debt_type, service: "", open: Pence(9_000), flags: &[], score: None };
            code_of(choose(&live, &debt), kind)
        };
        use CustomerKind::*;
        for kind in CustomerKind::ALL {
            assert_eq!(of(kind, "trade_waste"), of(kind, ""), "{kind:?}");
        }
        assert_eq!(of(Individual, "trade_waste"), "individual");
        assert_eq!(of(Unknown, "Care contribution"), "care");
        assert_eq!(
            (of(Individual, "Client contribution"), of(Individual, "Respite stay")),
            ("care".to_owned(), "care".to_owned())
        );
        assert_eq!(of(Company, "Care fees"), "business");
        assert_eq!(of(Employee, "Salary overpayment"), "staff");
        assert_eq!(of(Individual, "Housing benefit overpayment"), "housing_benefit");
        assert_eq!(of(Company, "Housing benefit overpayment"), "housing_benefit", "a landlord");
        assert_eq!(of(Individual, "Overseas visitor"), "overseas");
        assert_eq!((of(NhsBody, "rent"), of(PublicBody, "rent")), ("nhs".to_owned(), "public".to_owned()));
    }

    fn days(code: &str) -> Vec<(String, i32)> {
        let found = seeded_pathways().into_iter().find(|pathway| pathway.code == code).expect("a default");
        found.steps.into_iter().map(|step| (step.code, step.day)).collect()
    }

    fn are(code: &str, wanted: &[(&str, i32)]) {
        let wanted: Vec<(String, i32)> = wanted.iter().map(|(step, day)| ((*step).to_owned(), *day)).collect();
        assert_eq!(days(code), wanted, "{code}");
    }

    #[test]
    fn rec_04_each_default_has_its_days() {
        let people = [("R0", -7), ("R1", 7), ("R2", 21), ("R2-CALL", 28), ("R3", 35), ("R3-SERVICE", 36)];
        are("individual", &[&people[..], &[("R4", 42), ("R5", 73)]].concat());
        let firms = [("R0", -7), ("R1", 7), ("R2", 21), ("R2-CALL", 21), ("R3", 35), ("R3-SERVICE", 36)];
        for code in ["business", "public", "nhs"] {
            are(code, &[&firms[..], &[("R4", 42), ("R5", 57)]].concat());
        }
        let staff = [("R0", -7), ("R1", 7), ("R2", 21), ("R2-PAYROLL", 28), ("R3", 35), ("R3-SERVICE", 36)];
        are("staff", &[&staff[..], &[("R4", 42), ("R5", 73)]].concat());
        are("overseas", &[&people[..], &[("R3-HOME-OFFICE", 61), ("R4", 68), ("R5", 99)]].concat());
        let care = [("R0", -7), ("R1", 7), ("R2-CALL", 21), ("R2", 35), ("R3-SERVICE", 49), ("R3", 63)];
        are("care", &[&care[..], &[("R4", 77), ("R5", 108)]].concat());
    }

    #[test]
    fn rec_05_benefit_is_asked_of_benefit_before_anything_is_asked_of_the_person() {
        let steps = days("housing_benefit");
        assert_eq!(steps.first(), Some(&("R0-BENEFIT".to_owned(), 32)));
        assert!(steps.iter().all(|(_, day)| *day > 31), "nothing in the month of appeal");
    }

    #[test]
    fn rec_04_nobody_is_offered_court_or_agency_against_a_public_body() {
        for pathway in seeded_pathways() {
            let names = pathway.steps.iter().any(|step| step.name.contains("court") || step.name.contains("agency"));
            assert_eq!(names, !["public", "nhs"].contains(&pathway.code.as_str()), "{}", pathway.code);
        }
    }

    #[test]
    fn no_default_claims_from_a_public_body_or_sues_for_benefit() {
        for pathway in seeded_pathways() {
            let claims = pathway.steps.iter().any(|step| step.kind == StepKind::LetterOfClaim);
            assert_eq!(claims, !["public", "nhs", "housing_benefit"].contains(&pathway.code.as_str()));
            assert!(pathway.words.len() > 80, "{} is explained", pathway.code);
        }
    }
}
