//! The people, businesses and bodies of the demo: made from word lists, none of them real.
use super::dice::Dice;
use super::words;
use sundry_desk::customers::CustomerFields;

/// How somebody pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// Before the day it is due.
    Prompt,
    /// Some days after.
    Late,
    /// When reminded.
    WhenReminded,
    /// When the final notice comes.
    AtTheLast,
    /// All that is due, once a month.
    Monthly,
    /// A part, and the rest weeks later.
    InParts,
    /// Promises, and keeps it.
    KeepsPromises,
    /// Promises, and does not.
    BreaksPromises,
    /// Rounds up.
    TooMuch,
    /// By cheque.
    ByCheque,
    /// A cheque that comes back, then the money.
    BadCheque,
    /// Not at all.
    Never,
}

/// What somebody writes on a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// The number as printed.
    Exact,
    /// The number without its noughts: `INV 412`.
    Short,
    /// The customer number.
    Account,
    /// What it is for: `CARE`.
    Words,
    /// Their own name.
    Name,
    /// Nothing.
    Nothing,
    /// The number, with one digit wrong.
    Typo,
}

/// Somebody outside the house.
#[derive(Clone, Debug)]
pub struct Member {
    /// What they tell us.
    pub fields: CustomerFields,
    /// Their sort code.
    pub sort_code: String,
    /// Their account number.
    pub account: String,
    /// Their name as their bank writes it.
    pub bank_name: String,
    /// How they pay.
    pub habit: Habit,
    /// What they write.
    pub hand: Hand,
    /// The number we gave them, once they have an account.
    pub number: String,
}

/// How people pay, of a hundred.
const PERSON: &[(Habit, i64)] = &[
    (Habit::Prompt, 50),
    (Habit::Late, 19),
    (Habit::WhenReminded, 13),
    (Habit::AtTheLast, 2),
    (Habit::InParts, 4),
    (Habit::KeepsPromises, 3),
    (Habit::BreaksPromises, 1),
    (Habit::TooMuch, 3),
    (Habit::ByCheque, 3),
    (Habit::BadCheque, 1),
    (Habit::Never, 1),
];
/// How businesses pay, of a hundred.
const FIRM: &[(Habit, i64)] = &[
    (Habit::Prompt, 45),
    (Habit::Late, 23),
    (Habit::WhenReminded, 10),
    (Habit::AtTheLast, 2),
    (Habit::Monthly, 14),
    (Habit::InParts, 2),
    (Habit::KeepsPromises, 2),
    (Habit::BreaksPromises, 1),
    (Habit::Never, 1),
];
/// How public bodies pay, of a hundred.
const BODY: &[(Habit, i64)] = &[(Habit::Monthly, 60), (Habit::Prompt, 20), (Habit::Late, 20)];

const HANDS: &[(Hand, i64)] = &[
    (Hand::Exact, 52),
    (Hand::Short, 18),
    (Hand::Account, 11),
    (Hand::Words, 6),
    (Hand::Name, 5),
    (Hand::Nothing, 5),
    (Hand::Typo, 3),
];

/// A person.
pub fn person(dice: &mut Dice) -> Member {
    let welsh = dice.chance(6);
    let (given, family) = if welsh {
        (*dice.pick(words::GIVEN_WELSH), *dice.pick(words::FAMILY_WELSH))
    } else {
        (*dice.pick(words::GIVEN), *dice.pick(words::FAMILY))
    };
    let name = format!("{given} {family}");
    let by_email = dice.chance(35);
    let mut fields = reached_at(dice, &name, by_email);
    fields.kind = "individual".into();
    fields.email = if by_email || dice.chance(20) {
        format!("{}.{}{}@post.example", plain(given), plain(family), dice.between(1, 99))
    } else {
        String::new()
    };
    fields.language = if welsh && dice.chance(70) { "cy".into() } else { "en".into() };
    fields.letter_format = if dice.chance(4) { "large_print".into() } else { "standard".into() };
    let initial: String = given.chars().take(1).collect();
    let bank_name = match dice.between(1, 3) {
        1 => format!("{initial} {family}"),
        2 => format!("{family} {initial}"),
        _ => format!("{given} {family}"),
    };
    member(dice, fields, &bank_name, PERSON)
}

/// A business, some of them one person in trade.
pub fn firm(dice: &mut Dice) -> Member {
    let (first, trade) = (*dice.pick(words::FIRMS), *dice.pick(words::TRADES));
    let sole = dice.chance(20);
    let name = if sole {
        format!("{} {} t/a {first} {trade}", dice.pick(words::GIVEN), dice.pick(words::FAMILY))
    } else {
        format!("{first} {trade} {}", dice.weighted(words::ENDINGS))
    };
    named(dice, &name, if sole { "sole_trader" } else { "company" })
}

/// A body, club or business of a given name.
pub fn named(dice: &mut Dice, name: &str, kind: &str) -> Member {
    let by_email = dice.chance(60);
    let mut fields = reached_at(dice, name, by_email);
    fields.kind = kind.into();
    let domain: String = name.chars().filter(char::is_ascii_alphanumeric).take(24).collect();
    fields.email = format!("accounts@{}.example", domain.to_lowercase());
    let public = matches!(kind, "public_body" | "nhs_body");
    member(dice, fields, name, if public { BODY } else { FIRM })
}

fn reached_at(dice: &mut Dice, name: &str, by_email: bool) -> CustomerFields {
    let letter =
        |dice: &mut Dice| *dice.pick(&['A', 'B', 'D', 'E', 'F', 'H', 'J', 'L', 'N', 'P', 'Q', 'R', 'S', 'T', 'W']);
    let (first, last) = (letter(dice), letter(dice));
    CustomerFields {
        name: name.to_owned(),
        address1: format!("{} {}", dice.between(1, 140), dice.pick(words::STREETS)),
        town: dice.weighted(words::TOWNS).to_owned(),
        // No post town has the letters ZZ.
        postcode: format!("ZZ{} {}{first}{last}", dice.between(1, 19), dice.between(1, 9)),
        phone: format!("01632 960{:03}", dice.between(0, 999)),
        channel: if by_email { "email".into() } else { "post".into() },
        ..CustomerFields::default()
    }
}

fn member(dice: &mut Dice, fields: CustomerFields, bank_name: &str, habits: &[(Habit, i64)]) -> Member {
    Member {
        bank_name: bank_name.to_uppercase().chars().take(35).collect(),
        // No bank has sort codes that begin with two noughts.
        sort_code: format!("00{:04}", dice.between(1, 9_999)),
        account: format!("{:08}", dice.between(10_000_000, 99_999_999)),
        habit: dice.weighted(habits),
        hand: dice.weighted(HANDS),
        number: String::new(),
        fields,
    }
}

fn plain(name: &str) -> String {
    name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_can_be_found_by_their_post_telephone_or_bank() {
        let mut dice = Dice::new(11);
        for at in 0..300 {
            let one = if at % 2 == 0 { person(&mut dice) } else { firm(&mut dice) };
            assert!(one.fields.postcode.starts_with("ZZ"));
            assert!(one.fields.phone.starts_with("01632 960"));
            assert!(one.fields.email.is_empty() || one.fields.email.ends_with(".example"));
            assert!(one.fields.channel != "email" || !one.fields.email.is_empty());
            assert_eq!((one.sort_code.len(), one.account.len(), &one.sort_code[..2]), (6, 8, "00"));
        }
    }
}
