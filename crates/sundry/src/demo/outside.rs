//! What people outside the house do with what they are sent: pay, ask, ring, promise, forget.
use super::bank::{Line, plain};
use super::debts::{Books, Contract};
use super::dice::Dice;
use super::people::{Habit, Hand, Member};
use super::words;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;
use sundry_domain::calendar::add_days;

/// An invoice as the person who got it sees it.
#[derive(Clone, Debug)]
pub struct Bill {
    /// Its number.
    pub number: String,
    /// Who owes it.
    pub member: usize,
    /// Under which contract.
    pub contract: usize,
    /// Before VAT.
    pub net: i64,
    /// What they think they still owe.
    pub owed: i64,
    /// When it is due.
    pub due_on: NaiveDate,
}

/// Something that happens on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// Money is sent for these bills: so much of a hundred, and so much more.
    Pays {
        /// The bills.
        bills: Vec<usize>,
        /// Of a hundred.
        percent: i64,
        /// Pence on top.
        extra: i64,
        /// From somebody else's account.
        by_another: bool,
    },
    /// A cheque arrives in the post.
    SendsCheque {
        /// The bill.
        bill: usize,
        /// It will come back unpaid.
        bad: bool,
    },
    /// The bank returns a cheque.
    ChequeReturned {
        /// The receipt.
        receipt: String,
    },
    /// Pays all that is due, as once a month.
    PaysRun {
        /// Who.
        member: usize,
    },
    /// Rings, or is rung.
    Call {
        /// About which bill.
        bill: usize,
        /// Promises to pay on this day.
        promises: Option<NaiveDate>,
        /// What came of it.
        outcome: &'static str,
        /// In words.
        words: &'static str,
    },
    /// Questions or disputes a bill.
    Asks {
        /// The bill.
        bill: usize,
        /// The category.
        category: &'static str,
        /// In words.
        words: &'static str,
        /// How much of a hundred is disputed.
        percent: i64,
    },
    /// The service has answered.
    Settled {
        /// The query.
        query: String,
        /// The bill.
        bill: usize,
        /// How much of a hundred of the bill is credited.
        credit_percent: i64,
    },
    /// We learn something that changes what we do.
    Flagged {
        /// Whose.
        member: usize,
        /// What.
        kind: &'static str,
        /// How we know.
        evidence: &'static str,
        /// Until.
        days: Option<i64>,
    },
    /// Money comes from somebody nobody knows.
    Stranger {
        /// How much.
        pence: i64,
    },
    /// Nothing will come of what they owe.
    GivenUp {
        /// Whose.
        member: usize,
        /// Why, as write-offs name it.
        reason: &'static str,
    },
    /// We pause.
    Held {
        /// Whose.
        member: usize,
        /// Why.
        reason: &'static str,
        /// In words.
        words: &'static str,
        /// For so many days.
        days: i64,
    },
}

/// What is going to happen, by day.
#[derive(Clone, Debug, Default)]
pub struct Agenda(BTreeMap<NaiveDate, Vec<Happening>>);

impl Agenda {
    /// Something will happen.
    pub fn put(&mut self, on: NaiveDate, happening: Happening) {
        self.0.entry(on).or_default().push(happening);
    }

    /// What has come up to and on a day; it is taken out.
    pub fn due(&mut self, today: NaiveDate) -> Vec<Happening> {
        let later = self.0.split_off(&add_days(today, 1));
        std::mem::replace(&mut self.0, later).into_values().flatten().collect()
    }
}

/// What somebody does about a bill that has come.
pub fn react(place: usize, bill: &Bill, member: &Member, dice: &mut Dice, agenda: &mut Agenda) {
    if ask(place, bill, dice, agenda) {
        return;
    }
    let due = bill.due_on;
    let mut at = |days: i64, happening: Happening| agenda.put(add_days(due, days), happening);
    match member.habit {
        Habit::Prompt => at(dice.between(-9, 0), pays(place, dice)),
        Habit::Late => at(dice.between(1, 13), pays(place, dice)),
        Habit::WhenReminded => at(dice.between(9, 24), pays(place, dice)),
        Habit::AtTheLast => at(dice.between(36, 44), pays(place, dice)),
        Habit::Monthly => {}
        Habit::InParts => {
            at(dice.between(-4, 2), part(place, *dice.pick(&[30, 40, 50, 60])));
            if dice.chance(75) {
                at(dice.between(20, 45), part(place, 100));
            }
        }
        Habit::KeepsPromises => {
            let (rings, pays_in) = (dice.between(9, 25), dice.between(5, 12));
            at(rings, promise(place, add_days(due, rings + pays_in)));
            at(rings + pays_in - 1, part(place, 100));
        }
        Habit::BreaksPromises => {
            let (rings, pays_in) = (dice.between(9, 25), dice.between(5, 10));
            at(rings, promise(place, add_days(due, rings + pays_in)));
            if dice.chance(40) {
                at(rings + pays_in + dice.between(20, 40), part(place, 100));
            }
        }
        Habit::TooMuch => {
            let extra = if dice.chance(50) { (5_000 - bill.owed % 5_000) % 5_000 } else { 0 };
            let pays = Happening::Pays { bills: vec![place], percent: 100, extra, by_another: false };
            at(dice.between(-5, 6), pays.clone());
            if dice.chance(12) {
                // The same again, by mistake.
                at(
                    dice.between(7, 9),
                    Happening::Pays { bills: vec![place], percent: 0, extra: bill.owed, by_another: false },
                );
            }
        }
        Habit::ByCheque => at(dice.between(-3, 10), Happening::SendsCheque { bill: place, bad: false }),
        Habit::BadCheque => {
            at(dice.between(-2, 8), Happening::SendsCheque { bill: place, bad: dice.chance(45) });
            at(dice.between(30, 50), part(place, 100));
        }
        Habit::Never => {
            if dice.chance(25) {
                at(dice.between(10, 40), call(place, dice));
            }
        }
    }
    if matches!(member.habit, Habit::WhenReminded | Habit::AtTheLast | Habit::InParts) && dice.chance(20) {
        agenda.put(add_days(due, dice.between(8, 30)), call(place, dice));
    }
}

fn pays(place: usize, dice: &mut Dice) -> Happening {
    Happening::Pays { bills: vec![place], percent: 100, extra: 0, by_another: dice.chance(5) }
}

fn part(place: usize, percent: i64) -> Happening {
    Happening::Pays { bills: vec![place], percent, extra: 0, by_another: false }
}

fn promise(bill: usize, on: NaiveDate) -> Happening {
    Happening::Call { bill, promises: Some(on), outcome: "will_pay", words: "Will pay when wages come in." }
}

fn call(bill: usize, dice: &mut Dice) -> Happening {
    let outcome = *dice.pick(&["spoke", "spoke", "left_message", "no_answer", "call_back"]);
    Happening::Call { bill, promises: None, outcome, words: dice.pick::<&'static str>(words::CALLS) }
}

/// Some bills are disputed or asked about; a disputed one is paid once it is settled.
fn ask(place: usize, bill: &Bill, dice: &mut Dice, agenda: &mut Agenda) -> bool {
    let on = add_days(bill.due_on, dice.between(-10, 16));
    if dice.chance(3) {
        let (category, words) = *dice.pick(words::DISPUTES);
        let percent = *dice.pick(&[25, 50, 100, 100]);
        agenda.put(on, Happening::Asks { bill: place, category, words, percent });
        return true;
    }
    if dice.chance(3) {
        let (category, words) = *dice.pick(words::QUESTIONS);
        agenda.put(on, Happening::Asks { bill: place, category, words, percent: 0 });
    }
    false
}

/// The year's strokes of fate: illness, death, moratoria, moves.
pub fn fate(books: &Books, first: NaiveDate, last: NaiveDate, dice: &mut Dice, agenda: &mut Agenda) {
    const FATES: &[(&str, &str, Option<i64>)] = &[
        ("breathing_space", "Notice from the Insolvency Service's debt respite register", Some(60)),
        ("deceased", "Death notice from the registrar's Tell Us Once list", None),
        ("gone_away", "Two letters came back marked gone away", Some(70)),
        ("in_hospital", "The ward rang", Some(30)),
        ("vulnerable", "Told us of a diagnosis; asked us to go slowly", None),
        ("extra_support", "Asked for large print and more time", None),
        ("insolvent", "Notice of a debt relief order", None),
    ];
    let people: Vec<usize> =
        (0..books.members.len()).filter(|at| books.members[*at].fields.kind == "individual").collect();
    if people.is_empty() {
        return;
    }
    let days = (last - first).num_days();
    let times = (people.len() / 30).max(1);
    for _ in 0..times * 7 {
        let on = add_days(first, dice.between(20, days - 2));
        agenda.put(on, Happening::Stranger { pence: dice.between(1_200, 46_000) });
    }
    for _ in 0..times {
        for (kind, evidence, length) in FATES {
            let on = add_days(first, dice.between(60, days - 20));
            let member = *dice.pick(&people);
            agenda.put(on, Happening::Flagged { member, kind, evidence, days: *length });
            let given_up = match *kind {
                "deceased" => "deceased_no_estate",
                "insolvent" => "insolvent_no_dividend",
                "gone_away" => "untraceable",
                _ => continue,
            };
            agenda.put(add_days(on, dice.between(50, 80)), Happening::GivenUp { member, reason: given_up });
        }
        const HOLDS: &[(&str, &str, i64)] = &[
            ("complaint", "Formal complaint with the ombudsman", 40),
            ("awaiting_funding", "Waits for the panel's funding decision", 45),
            ("vulnerability_review", "Social worker is visiting", 28),
        ];
        for (reason, words, length) in HOLDS {
            let on = add_days(first, dice.between(50, days - 20));
            agenda.put(on, Happening::Held { member: *dice.pick(&people), reason, words, days: *length });
        }
    }
    for (at, _) in books.members.iter().enumerate().filter(|(_, member)| member.habit == Habit::Monthly) {
        let day = 20 + (at as u32 % 8);
        let mut month = first;
        while month <= last {
            if let Some(on) = month.with_day(day).filter(|on| *on <= last) {
                agenda.put(on, Happening::PaysRun { member: at });
            }
            month = add_days(month, 32).with_day(1).unwrap_or(last);
        }
    }
}

/// A line that says nothing to anybody.
pub fn stranger_line(pence: i64, dice: &mut Dice) -> Line {
    const WORDS: [&str; 6] = ["REFUND", "AS AGREED", "WITH THANKS", "ACCOUNT", "BALANCE DUE", ""];
    Line {
        bank_reference: String::new(),
        pence,
        kind: "FPI",
        payer_name: format!("{} {}", dice.pick(words::FIRMS), dice.pick(words::FAMILY)).to_uppercase(),
        sort_code: format!("00{:04}", dice.between(1, 9_999)),
        account: format!("{:08}", dice.between(10_000_000, 99_999_999)),
        text: (*dice.pick(&WORDS)).to_owned(),
    }
}

/// The line that a payment leaves on our statement.
pub fn payment_line(
    member: &Member,
    contract: &Contract,
    bills: &[&Bill],
    pence: i64,
    by_another: bool,
    dice: &mut Dice,
) -> Line {
    let text = plain(&written(member, contract, bills, dice));
    let kind = match member.fields.kind.as_str() {
        "individual" | "employee" => *dice.pick(&["FPI", "FPI", "FPI", "STO"]),
        _ => *dice.pick(&["BGC", "BGC", "FPI"]),
    };
    let mut line = Line {
        bank_reference: String::new(),
        pence,
        kind,
        payer_name: plain(&member.bank_name),
        sort_code: member.sort_code.clone(),
        account: member.account.clone(),
        text,
    };
    if by_another {
        line.payer_name = format!("{} {}", dice.pick(words::GIVEN), dice.pick(words::FAMILY)).to_uppercase();
        line.sort_code = format!("00{:04}", dice.between(1, 9_999));
        line.account = format!("{:08}", dice.between(10_000_000, 99_999_999));
        if dice.chance(60) {
            contract.service.nickname.clone_into(&mut line.text);
        }
    }
    line
}

fn written(member: &Member, contract: &Contract, bills: &[&Bill], dice: &mut Dice) -> String {
    let Some(first) = bills.first() else { return String::new() };
    if bills.len() > 3 {
        return format!("{} INVOICES AS ADVICE {}", bills.len(), dice.between(10_000, 99_999));
    }
    let digits = |number: &str| number.chars().filter(char::is_ascii_digit).collect::<String>();
    let short = |number: &str| digits(number).trim_start_matches('0').to_owned();
    match member.hand {
        Hand::Exact => bills.iter().map(|bill| bill.number.clone()).collect::<Vec<_>>().join(" "),
        Hand::Short => format!("INV {}", bills.iter().map(|bill| short(&bill.number)).collect::<Vec<_>>().join(" ")),
        Hand::Account => member.number.clone(),
        Hand::Words => {
            format!("{} {}", contract.service.nickname, first.due_on.format("%b").to_string().to_uppercase())
        }
        Hand::Name => member.bank_name.chars().take(18).collect(),
        Hand::Nothing => String::new(),
        Hand::Typo => {
            let mut all: Vec<char> = first.number.chars().collect();
            if let Some(digit) = all.last_mut() {
                *digit = char::from_digit((digit.to_digit(10).unwrap_or(0) + 1 + first.due_on.day() % 8) % 10, 10)
                    .unwrap_or('0');
            }
            all.into_iter().collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_agenda_gives_each_thing_once_and_in_order() {
        let d = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let mut agenda = Agenda::default();
        agenda.put(d("2026-01-03"), Happening::PaysRun { member: 2 });
        agenda.put(d("2026-01-02"), Happening::PaysRun { member: 1 });
        agenda.put(d("2026-01-06"), Happening::PaysRun { member: 3 });
        assert_eq!(agenda.due(d("2026-01-01")), []);
        let two = [Happening::PaysRun { member: 1 }, Happening::PaysRun { member: 2 }];
        assert_eq!(agenda.due(d("2026-01-05")), two);
        assert_eq!(agenda.due(d("2026-01-06")), [Happening::PaysRun { member: 3 }]);
    }
}
