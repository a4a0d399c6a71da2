//! Who gets a letter in the customer's place: whoever acts for them, their personal representatives, who owes with them.
use super::compose::Recipient;
use chrono::NaiveDate;
use sundry_domain::law::RepresentativeRole;
use sundry_domain::words::written;
use sundry_store::delivery::RecipientRow;
use sundry_store::people::acting::ActingRow;

/// The recipient of a customer's letters. An authority that is over and was not renewed stops them until somebody has
/// looked: they may not go to who has no right to them, and the customer may not be able to deal with them (BS-07).
pub(super) fn addressed(to: Recipient, acts: &[ActingRow], is_dead: bool, day: NaiveDate) -> Recipient {
    let counts = |row: &&ActingRow| {
        // What was given by or for a living person ends with them; the grant begins then.
        let role = RepresentativeRole::parse(&row.authority);
        role.is_some_and(|role| (role == RepresentativeRole::PersonalRepresentative) == is_dead)
    };
    let in_force = |row: &&ActingRow| row.from_on <= day && row.to_on.is_none_or(|last| day <= last);
    if let Some(row) = acts.iter().filter(counts).find(in_force) {
        return Recipient { instead: Some(Box::new(acting(&to, row))), ..to };
    }
    if is_dead {
        return Recipient { instead: Some(Box::new(estate(&to))), ..to };
    }
    match acts.iter().filter(counts).find(|row| row.to_on.is_some_and(|last| last < day)) {
        Some(row) => {
            let last = row.to_on.unwrap_or(day);
            let waits = format!("The authority of {} ({}) ended on {}", row.name, row.number, written(last));
            Recipient { waits, ..to }
        }
        None => to,
    }
}

fn acting(to: &Recipient, row: &ActingRow) -> RecipientRow {
    let for_whom = if row.language == "cy" { ", ar ran " } else { ", for " };
    RecipientRow {
        name: format!("{}{for_whom}{}", row.name, to.row.name),
        address1: row.address1.clone(),
        address2: row.address2.clone(),
        town: row.town.clone(),
        postcode: row.postcode.clone(),
        email: row.email.clone(),
        channel: row.channel.clone(),
        language: row.language.clone(),
        letter_format: row.letter_format.clone(),
        ..to.row.clone()
    }
}

fn estate(to: &Recipient) -> RecipientRow {
    let name = match to.row.language.as_str() {
        "cy" => format!("Cynrychiolwyr personol {}", to.row.name),
        _ => format!("The personal representatives of {}", to.row.name),
    };
    // The e-mail address was the customer's own.
    RecipientRow { name, email: String::new(), channel: "post".into(), ..to.row.clone() }
}

/// The same recipient, written to as who owes with the customer.
pub(crate) fn to_joint_debtor(to: &Recipient, joint: &RecipientRow) -> Recipient {
    let face = RecipientRow { number: to.row.number.clone(), ..joint.clone() };
    Recipient { instead: Some(Box::new(face)), gone_away: false, waits: String::new(), row: to.row.clone() }
}
