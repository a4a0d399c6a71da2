//! What each of the three organisations charges for, to whom and how often.
use super::dice::Dice;
use super::people::{Habit, Member, firm, named, person};
use super::words;
use chrono::{Datelike, Months, NaiveDate};
use sundry_domain::calendar::{Calendar, add_days};

/// How often something is charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cycle {
    /// On this day of each month.
    Monthly(u32),
    /// Every 28 days, from this many days after the first.
    FourWeekly(i64),
    /// This many times a year, on no regular day.
    Now(i64),
}

/// A thing that is charged for.
#[derive(Clone, Copy, Debug)]
pub struct Service {
    /// Code of the service.
    pub code: &'static str,
    /// What sort of debt it is.
    pub debt_type: &'static str,
    /// What stands on the invoice.
    pub words: &'static str,
    /// What the payer calls it.
    pub nickname: &'static str,
    /// Cost centre.
    pub cost_centre: &'static str,
    /// VAT code.
    pub vat_code: &'static str,
    /// Least and most net pence.
    pub pence: (i64, i64),
    /// To the nearest so many pence.
    pub step: i64,
    /// Days to pay.
    pub terms_days: i64,
}

/// An arrangement with somebody.
#[derive(Clone, Debug)]
pub struct Contract {
    /// Who pays: their place in the list of members.
    pub member: usize,
    /// For what.
    pub service: Service,
    /// How much each time, net.
    pub pence: i64,
    /// How often.
    pub cycle: Cycle,
    /// What the payer insists on.
    pub po_number: String,
    /// Whose care it is, as a reference; empty elsewhere.
    pub service_user: String,
}

/// Everybody, and what they have agreed.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// Everybody.
    pub members: Vec<Member>,
    /// What they have agreed.
    pub contracts: Vec<Contract>,
}

/// A charge on a day.
#[derive(Clone, Debug)]
pub struct Charge {
    /// Its place in the list of contracts.
    pub contract: usize,
    /// What stands on the invoice.
    pub words: String,
    /// Net.
    pub pence: i64,
}

const CARE: Service = Service {
    code: "Home care",
    debt_type: "Client contribution",
    words: "Contribution to care at home",
    nickname: "CARE",
    cost_centre: "ASC110",
    vat_code: "E",
    pence: (4_800, 41_000),
    step: 5,
    terms_days: 28,
};
const ROOMS: Service = Service {
    code: "Room hire",
    debt_type: "Hire of rooms",
    words: "Hire of the community hall",
    nickname: "HALL HIRE",
    cost_centre: "COM220",
    vat_code: "E",
    pence: (2_400, 22_000),
    step: 100,
    terms_days: 14,
};
const WASTE: Service = Service {
    code: "Commercial waste",
    debt_type: "Trade waste",
    words: "Commercial waste collection",
    nickname: "BINS",
    cost_centre: "ENV310",
    vat_code: "O",
    pence: (3_600, 29_000),
    step: 25,
    terms_days: 30,
};
const PESTS: Service = Service {
    code: "Pest control",
    debt_type: "Pest control",
    words: "Pest control visit",
    nickname: "PEST CONTROL",
    cost_centre: "ENV330",
    vat_code: "S",
    pence: (6_500, 18_500),
    step: 500,
    terms_days: 14,
};
const UNITS: Service = Service {
    code: "Estates",
    debt_type: "Rent of units",
    words: "Rent of workshop unit",
    nickname: "RENT",
    cost_centre: "EST400",
    vat_code: "S",
    pence: (32_000, 165_000),
    step: 500,
    terms_days: 30,
};
const OVERSEAS: Service = Service {
    code: "Overseas visitors",
    debt_type: "Overseas visitor",
    words: "Treatment of an overseas visitor",
    nickname: "HOSPITAL BILL",
    cost_centre: "OVM010",
    vat_code: "E",
    pence: (18_000, 940_000),
    step: 1,
    terms_days: 30,
};
const PRIVATE: Service = Service {
    code: "Private patients",
    debt_type: "Private patient",
    words: "Consultation and imaging",
    nickname: "CONSULTATION",
    cost_centre: "PPU100",
    vat_code: "E",
    pence: (16_000, 380_000),
    step: 500,
    terms_days: 14,
};
const MEALS: Service = Service {
    code: "Catering",
    debt_type: "Catering",
    words: "Catering concession fee",
    nickname: "CATERING",
    cost_centre: "FAC210",
    vat_code: "S",
    pence: (9_500, 88_000),
    step: 50,
    terms_days: 30,
};
const SALARY: Service = Service {
    code: "Payroll",
    debt_type: "Salary overpayment",
    words: "Salary paid after the last day of service",
    nickname: "SALARY",
    cost_centre: "HRD900",
    vat_code: "O",
    pence: (12_000, 310_000),
    step: 1,
    terms_days: 30,
};
const RESEARCH: Service = Service {
    code: "Research",
    debt_type: "Research recharge",
    words: "Research nurse time recharged",
    nickname: "RESEARCH RECHARGE",
    cost_centre: "RND500",
    vat_code: "S",
    pence: (95_000, 780_000),
    step: 100,
    terms_days: 30,
};
const DRUGS: Service = Service {
    code: "Pharmacy",
    debt_type: "NHS recharge",
    words: "Pharmacy services recharged",
    nickname: "PHARMACY SLA",
    cost_centre: "PHA120",
    vat_code: "O",
    pence: (180_000, 1_450_000),
    step: 100,
    terms_days: 30,
};
const ROOMS_FOR_STAFF: Service = Service {
    code: "Residences",
    debt_type: "Staff accommodation",
    words: "Staff accommodation",
    nickname: "RENT",
    cost_centre: "FAC330",
    vat_code: "E",
    pence: (38_000, 62_000),
    step: 500,
    terms_days: 14,
};
const PLACEMENT: Service = Service {
    code: "Residential",
    debt_type: "Placement",
    words: "Residential placement",
    nickname: "CARE HOME",
    cost_centre: "RES100",
    vat_code: "E",
    pence: (310_000, 640_000),
    step: 4,
    terms_days: 30,
};
const TOP_UP: Service = Service {
    code: "Residential",
    debt_type: "Third-party top-up",
    words: "Top-up of a residential placement",
    nickname: "MUM TOP UP",
    cost_centre: "RES110",
    vat_code: "E",
    pence: (16_000, 72_000),
    step: 4,
    terms_days: 14,
};
const SELF_FUNDER: Service = Service {
    code: "Residential",
    debt_type: "Self-funder",
    words: "Residential care, self-funded",
    nickname: "CARE HOME",
    cost_centre: "RES120",
    vat_code: "E",
    pence: (360_000, 590_000),
    step: 4,
    terms_days: 14,
};

/// Who makes a member.
type Maker = fn(&mut Dice, usize) -> Member;

fn of_people(dice: &mut Dice, _: usize) -> Member {
    person(dice)
}
fn of_firms(dice: &mut Dice, _: usize) -> Member {
    firm(dice)
}
fn of_staff(dice: &mut Dice, _: usize) -> Member {
    let mut one = person(dice);
    one.fields.kind = "employee".into();
    one
}
fn of_clubs(dice: &mut Dice, at: usize) -> Member {
    let name = format!("{} {}", dice.weighted(words::TOWNS), words::CLUBS[at % words::CLUBS.len()]);
    named(dice, &name, "company")
}
fn of_bodies(list: &[&str], kind: &str, dice: &mut Dice, at: usize) -> Member {
    let round = at / list.len();
    let name = list[at % list.len()];
    let name = if round == 0 { name.to_owned() } else { format!("{name} (area {})", round + 1) };
    named(dice, &name, kind)
}
fn of_councils(dice: &mut Dice, at: usize) -> Member {
    of_bodies(words::COUNCILS, "public_body", dice, at)
}
fn of_nhs(dice: &mut Dice, at: usize) -> Member {
    of_bodies(words::NHS_BODIES, "nhs_body", dice, at)
}
fn of_research(dice: &mut Dice, at: usize) -> Member {
    of_bodies(words::RESEARCHERS, "company", dice, at)
}
fn of_insurers(dice: &mut Dice, at: usize) -> Member {
    of_bodies(words::INSURERS, "company", dice, at)
}

/// One kind of business: so many members, each with so many contracts.
struct Line(Service, Maker, usize, usize, &'static [Cycle]);

const MONTHLY: &[Cycle] = &[Cycle::Monthly(1), Cycle::Monthly(8), Cycle::Monthly(15)];
const FOUR_WEEKS: &[Cycle] = &[Cycle::FourWeekly(6), Cycle::FourWeekly(13)];

fn lines(code: &str) -> Vec<Line> {
    match code {
        "NMC" => vec![
            Line(CARE, of_people, 34, 1, FOUR_WEEKS),
            Line(ROOMS, of_clubs, 10, 1, &[Cycle::Now(12), Cycle::Now(8)]),
            Line(WASTE, of_firms, 14, 1, MONTHLY),
            Line(PESTS, of_people, 14, 1, &[Cycle::Now(1), Cycle::Now(2)]),
            Line(UNITS, of_firms, 8, 1, &[Cycle::Monthly(1)]),
        ],
        "EVT" => vec![
            Line(OVERSEAS, of_people, 16, 1, &[Cycle::Now(1), Cycle::Now(2), Cycle::Now(3)]),
            Line(PRIVATE, of_people, 16, 1, &[Cycle::Now(5), Cycle::Now(7)]),
            Line(PRIVATE, of_insurers, 4, 1, &[Cycle::Now(30)]),
            Line(MEALS, of_firms, 7, 1, MONTHLY),
            Line(SALARY, of_staff, 8, 1, &[Cycle::Now(1)]),
            Line(RESEARCH, of_research, 8, 1, &[Cycle::Monthly(5)]),
            Line(DRUGS, of_nhs, 10, 1, &[Cycle::Monthly(3)]),
            Line(ROOMS_FOR_STAFF, of_staff, 16, 1, &[Cycle::Monthly(1)]),
        ],
        _ => vec![
            Line(PLACEMENT, of_councils, 7, 3, FOUR_WEEKS),
            Line(PLACEMENT, of_nhs, 4, 3, &[Cycle::FourWeekly(6)]),
            Line(TOP_UP, of_people, 24, 1, MONTHLY),
            Line(SELF_FUNDER, of_people, 22, 1, FOUR_WEEKS),
        ],
    }
}

/// The members and contracts of an organisation, so many times the small size.
pub fn books(code: &str, times: usize, dice: &mut Dice) -> Books {
    let mut books = Books::default();
    for Line(service, maker, members, contracts, cycles) in lines(code) {
        for at in 0..members * times {
            let mut member = maker(dice, at);
            member.fields.terms_days = Some(service.terms_days);
            books.members.push(member);
            for nth in 0..contracts {
                let cycle = cycles[(at + nth) % cycles.len()];
                let contract =
                    contract(dice, books.members.len() - 1, service, cycle, &books.members[books.members.len() - 1]);
                books.contracts.push(contract);
            }
        }
    }
    spread_habits(&mut books);
    books
}

/// However few people there are, each behaviour is shown by somebody.
fn spread_habits(books: &mut Books) {
    const SHOWN: [Habit; 8] = [
        Habit::BadCheque,
        Habit::BreaksPromises,
        Habit::KeepsPromises,
        Habit::Never,
        Habit::InParts,
        Habit::TooMuch,
        Habit::ByCheque,
        Habit::AtTheLast,
    ];
    let people: Vec<usize> = (0..books.members.len())
        .filter(|at| matches!(books.members[*at].fields.kind.as_str(), "individual" | "company"))
        .collect();
    for (habit, at) in SHOWN.into_iter().zip(people.into_iter().step_by(3)) {
        books.members[at].habit = habit;
    }
}

fn contract(dice: &mut Dice, member: usize, service: Service, cycle: Cycle, payer: &Member) -> Contract {
    let (low, high) = service.pence;
    // Most charges are small and a few are large.
    let pence = dice.between(low, high).min(dice.between(low, high));
    let public = matches!(payer.fields.kind.as_str(), "public_body" | "nhs_body");
    Contract {
        member,
        service,
        pence: pence / service.step * service.step,
        cycle,
        po_number: if public { format!("PO{}", dice.between(400_000, 499_999)) } else { String::new() },
        service_user: if service.debt_type == "Placement" {
            format!("SU{}", dice.between(20_000, 29_999))
        } else {
            String::new()
        },
    }
}

/// Every charge of a span of days, by the working day on which it is raised.
pub fn charges(
    books: &Books,
    first: NaiveDate,
    last: NaiveDate,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<(NaiveDate, Charge)> {
    let mut all = Vec::new();
    for (at, contract) in books.contracts.iter().enumerate() {
        for day in days_of(contract.cycle, first, last, dice) {
            let Ok(on) = calendar.next_or_same(day) else { continue };
            if on > last {
                continue;
            }
            let pence = match contract.cycle {
                Cycle::Now(_) => varied(contract, dice),
                _ => contract.pence,
            };
            all.push((on, Charge { contract: at, words: words_of(contract, day), pence }));
        }
    }
    all.sort_by_key(|(on, charge)| (*on, charge.contract));
    all
}

fn varied(contract: &Contract, dice: &mut Dice) -> i64 {
    let step = contract.service.step;
    (contract.pence * dice.between(70, 140) / 100 / step * step).max(step)
}

fn days_of(cycle: Cycle, first: NaiveDate, last: NaiveDate, dice: &mut Dice) -> Vec<NaiveDate> {
    match cycle {
        Cycle::Monthly(day) => (0..13)
            .filter_map(|month| first.with_day(day)?.checked_add_months(Months::new(month)))
            .filter(|day| (first..=last).contains(day))
            .collect(),
        Cycle::FourWeekly(after) => {
            (0..14).map(|n| add_days(first, after + n * 28)).filter(|day| *day <= last).collect()
        }
        Cycle::Now(times) => {
            let days = (last - first).num_days();
            let mut some: Vec<i64> = (0..times).map(|_| dice.between(0, days)).collect();
            some.sort_unstable();
            some.dedup();
            some.into_iter().map(|after| add_days(first, after)).collect()
        }
    }
}

fn words_of(contract: &Contract, day: NaiveDate) -> String {
    let whose = if contract.service_user.is_empty() { String::new() } else { format!(" ({})", contract.service_user) };
    let when = match contract.cycle {
        Cycle::Monthly(_) => day.format("%B %Y").to_string(),
        Cycle::FourWeekly(_) => {
            format!("{} to {}", add_days(day, -28).format("%-d %b"), add_days(day, -1).format("%-d %b %Y"))
        }
        Cycle::Now(_) => add_days(day, -3).format("%-d %B %Y").to_string(),
    };
    format!("{}{whose}, {when}", contract.service.words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sundry_domain::calendar::Nation;
    use sundry_domain::reference::{ReferenceBook, shipped_rows};

    #[test]
    fn a_small_year_has_some_nine_hundred_charges_each() {
        let d = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let book = ReferenceBook::from_rows(&shipped_rows());
        let calendar = book.calendar(Nation::EnglandAndWales);
        for code in ["NMC", "EVT", "LKF"] {
            let mut dice = Dice::new(1);
            let books = books(code, 1, &mut dice);
            assert!((55..=90).contains(&books.members.len()), "{code} {}", books.members.len());
            let all = charges(&books, d("2025-12-01"), d("2026-11-30"), calendar, &mut dice);
            assert!((700..=1_150).contains(&all.len()), "{code} {}", all.len());
            assert!(all.iter().all(|(on, charge)| charge.pence > 0 && calendar.is_working_day(*on) == Ok(true)));
        }
    }
}
