//! Whom a notice may be about: by our number, by name with postcode or date of birth, by name alone; a person says which.
use crate::Outcome;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::customers::{normalise_name, normalise_reference};
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_store::Tx;
use sundry_store::customers::merge::proofs_of_identity;
use sundry_store::customers::{self, CustomerLine};

/// The most that are shown.
const MOST: i64 = 10;
/// Words before a name that say nothing of who it is.
const TITLES: &[&str] = &["mr", "mrs", "ms", "miss", "mx", "dr", "rev", "sir", "dame", "prof"];

/// Somebody a notice may be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikelyCustomer {
    /// Customer number.
    pub number: String,
    /// Their name.
    pub name: String,
    /// Their town and postcode.
    pub place: String,
    /// What they owe.
    pub balance_pence: i64,
    /// Why they may be meant.
    pub why: Vec<String>,
    /// Whether it is beyond reasonable doubt.
    pub strong: bool,
}

/// Finds them, the likeliest first.
pub(super) async fn candidates(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    (person, address, account): (&str, &str, &str),
    born_on: Option<NaiveDate>,
) -> Outcome<Vec<LikelyCustomer>> {
    let mut found: Vec<LikelyCustomer> = Vec::new();
    if !account.trim().is_empty() {
        for line in customers::by_number_prefix(tx, org, today, account.trim(), 2).await? {
            if line.number == account.trim() {
                note(&mut found, &line, "our account number", true);
            }
        }
        let reference = normalise_reference(account);
        for (kind, known, number, _) in customers::by_reference(tx, org, &reference, MOST).await? {
            let exact = normalise_reference(&known) == reference;
            for line in customers::by_number_prefix(tx, org, today, &number, 1).await?.iter().filter(|_| exact) {
                note(&mut found, line, &format!("their {} reference", kind.replace('_', " ")), true);
            }
        }
    }
    let name = normalise_name(person);
    let words: Vec<&str> = name.split(' ').filter(|word| word.len() > 1 && !TITLES.contains(word)).collect();
    if !words.is_empty() {
        let wanted = compact(address);
        for line in customers::by_name_words(tx, org, today, &words, MOST).await? {
            let place = compact(&line.postcode);
            let same_place = !place.is_empty() && wanted.contains(&place);
            let same_day = match born_on {
                Some(day) => born_then(tx, org, line.id, day).await?,
                None => None,
            };
            // A surname in a postcode is a hint, a whole name there is enough; another birthday is somebody else's.
            let strong = words.len() > 1 && same_day.unwrap_or(same_place);
            let why = match (same_place, same_day) {
                (true, Some(true)) => "name, postcode and date of birth",
                (false, Some(true)) => "name and date of birth",
                (true, Some(false)) => "name and postcode, but another date of birth",
                (false, Some(false)) => "name, but another date of birth",
                (true, None) => "name and postcode",
                (false, None) => "name",
            };
            note(&mut found, &line, why, strong);
        }
    }
    found.sort_by_key(|one| (!one.strong, std::cmp::Reverse(one.why.len()), one.number.clone()));
    found.truncate(MOST as usize);
    Ok(found)
}

/// Whether a customer was born on the day we were told; none where we know of no date.
async fn born_then(tx: &mut Tx, org: OrgId, customer: i64, day: NaiveDate) -> Outcome<Option<bool>> {
    let proofs = proofs_of_identity(tx, org, CustomerId(customer)).await?;
    let dates: Vec<&str> =
        proofs.iter().filter(|(kind, _)| kind == "date_of_birth").map(|(_, known)| known.as_str()).collect();
    let wanted = normalise_reference(&day.to_string());
    if dates.iter().any(|known| normalise_reference(known) == wanted) {
        return Ok(Some(true));
    }
    // What was written in another way is not taken for another date.
    Ok(dates.iter().any(|known| known.trim().parse::<NaiveDate>().is_ok()).then_some(false))
}

fn note(found: &mut Vec<LikelyCustomer>, line: &CustomerLine, why: &str, strong: bool) {
    if let Some(known) = found.iter_mut().find(|one| one.number == line.number) {
        known.strong |= strong;
        if !known.why.iter().any(|one| one == why) {
            known.why.push(why.to_owned());
        }
        return;
    }
    let place = [&line.town, &line.postcode].into_iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<_>>();
    found.push(LikelyCustomer {
        number: line.number.clone(),
        name: line.name.clone(),
        place: place.join(" "),
        balance_pence: line.balance_pence,
        why: vec![why.to_owned()],
        strong,
    });
}

fn compact(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leg_07_the_same_customer_is_named_once_with_every_reason() {
        let line = |number: &str| CustomerLine {
            id: 1,
            number: number.into(),
            name: "Mary Holt".into(),
            search_name: "mary holt".into(),
            kind: "individual".into(),
            town: "Northmere".into(),
            postcode: "NM1 1AA".into(),
            balance_pence: 0,
            overdue_pence: 0,
        };
        let mut found = Vec::new();
        note(&mut found, &line("C1"), "name", false);
        note(&mut found, &line("C1"), "our account number", true);
        note(&mut found, &line("C2"), "name", false);
        assert_eq!(found.len(), 2);
        assert!(found[0].strong && found[0].why.len() == 2 && !found[1].strong);
        assert_eq!(compact("1 Mere Road, NM1 1aa"), "1MEREROADNM11AA");
    }
}
