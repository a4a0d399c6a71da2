//! The register of charges on property: title, date, what it secures, equity, release (LEG-10).
use super::find;
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::{find as find_customer, refuse_cards};
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::court::case_refusals::{CHARGE_OWED, CHARGE_RELEASED};
use sundry_domain::ids::CustomerId;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::court_estates::{self as store, ChargeRow};
use sundry_store::{cash, ledger};

const KINDS: &[&str] = &["interim_charging_order", "final_charging_order", "voluntary", "deferred_payment"];

/// Records a charge, or what is known of it now.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct AddCharge {
    /// Idempotency key.
    pub key: String,
    /// Number of a charge that is known already; empty for a new one.
    #[serde(default)]
    pub number: String,
    /// Customer number.
    pub customer: String,
    /// The court case it comes from.
    #[serde(default)]
    pub case: String,
    /// interim_charging_order, final_charging_order, voluntary or deferred_payment.
    pub kind: String,
    /// The property.
    pub property: String,
    /// Its title number.
    pub title_number: String,
    /// Since when.
    pub charged_on: Option<NaiveDate>,
    /// When it was registered.
    #[serde(default)]
    pub registered_on: Option<NaiveDate>,
    /// What it secures.
    pub secured: Pence,
    /// What the property is worth.
    #[serde(default)]
    pub value: Option<Pence>,
    /// When it was valued.
    #[serde(default)]
    pub valued_on: Option<NaiveDate>,
    /// Charges before ours.
    #[serde(default)]
    pub prior: Option<Pence>,
}

impl AddCharge {
    fn title(&self) -> String {
        self.title_number.trim().to_uppercase()
    }

    fn check(&self, today: NaiveDate) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if !KINDS.contains(&self.kind.as_str()) {
            wrong.push(Invalid::field("kind", "Choose what kind of charge", &self.kind));
        }
        if self.property.trim().is_empty() {
            wrong.push(Invalid::field("property", "Enter the property, in up to 200 characters", &self.property));
        }
        wrong.extend(lines_wrong(&[("property", &self.property)], 200));
        let title = self.title();
        if title.is_empty() || title.len() > 15 || !title.chars().all(|c| c.is_ascii_alphanumeric()) {
            wrong.push(Invalid::field(
                "title_number",
                "Enter the title number, letters and digits",
                &self.title_number,
            ));
        }
        if self.charged_on.is_none_or(|day| day > today) {
            wrong.push(Invalid::field("charged_on", "Enter the day of the charge, up to today", ""));
        }
        let fits = |sum: Pence| sum >= Pence::ZERO && sum <= LARGEST;
        if self.secured <= Pence::ZERO || !fits(self.secured) {
            wrong.push(Invalid::field("secured", "Enter what it secures", self.secured.pounds()));
        }
        for (field, sum) in [("value", self.value), ("prior", self.prior)] {
            if sum.is_some_and(|sum| !fits(sum)) {
                wrong.push(Invalid::field(field, "Enter an amount of £0.00 or more", ""));
            }
        }
        if self.value.is_some() != self.valued_on.is_some() {
            wrong.push(Invalid::field("valued_on", "Enter the value and its day, or neither", ""));
        }
        let days =
            [("charged_on", self.charged_on), ("registered_on", self.registered_on), ("valued_on", self.valued_on)];
        wrong.extend(days_wrong(&days, today));
        for (field, day) in days.into_iter().skip(1).filter_map(|(field, day)| Some((field, day?))) {
            if day > today {
                wrong.push(Invalid::field(field, "Enter a day up to today", day.to_string()));
            }
        }
        wrong
    }
}

/// A charge as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeSet {
    /// Number.
    pub number: String,
    /// What is left of the property after charges before ours; none where it was not valued.
    pub equity_pence: Option<i64>,
    /// Whether that covers what is secured.
    pub covered: Option<bool>,
}

fn stands(row: &ChargeRow) -> ChargeSet {
    let equity = row.valued_on.map(|_| (row.value_pence - row.prior_pence).max(0));
    ChargeSet { number: row.number.clone(), equity_pence: equity, covered: equity.map(|sum| sum >= row.secured_pence) }
}

/// Records a charge, or changes what is known of one: a final order, a registration, a new valuation.
///
/// # Errors
/// Duty; fields; absent; `CT-07-CHARGE-RELEASED`.
pub async fn add_charge(desk: &Desk, by: &Actor, ask: AddCharge) -> Outcome<ChargeSet> {
    by.must_hold(Duty::WorkCases).or_else(|_| by.must_hold(Duty::ReferToCourt))?;
    let wrong = ask.check(desk.today());
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("property", &ask.property), ("case", &ask.case), ("title_number", &ask.title_number)])?;
    command!(desk, by, "add_charge", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let customer = find_customer(&mut cmd.tx, org, &ask.customer).await?;
        let known = match ask.number.trim() {
            "" => None,
            number => Some(
                store::charge(&mut cmd.tx, org, number)
                    .await?
                    .filter(|row| row.customer_id == customer.id)
                    .ok_or_else(|| No::Absent(format!("charge {number}")))?,
            ),
        };
        let case = ask.case.trim();
        if known.is_none() && !case.is_empty() {
            let of = find(&mut cmd.tx, org, case).await?;
            if of.customer_id != customer.id {
                return Err(No::Absent(format!("court case {case} of this customer")));
            }
        }
        if let Some(released) = known.as_ref().and_then(|row| row.released_on) {
            return Err(CHARGE_RELEASED.because(format!("This charge was released on {released}")).into());
        }
        let number = match &known {
            Some(row) => row.number.clone(),
            None => format!("CHG-{:06}", cmd.next_number("CHG").await?),
        };
        let row = ChargeRow {
            id: known.as_ref().map_or_else(|| cmd.id::<i64>(), |row| row.id),
            number,
            customer_id: customer.id,
            case_number: known.as_ref().map_or_else(|| ask.case.trim().to_owned(), |row| row.case_number.clone()),
            kind: ask.kind.clone(),
            property: ask.property.trim().into(),
            title_number: ask.title(),
            charged_on: ask.charged_on.unwrap_or(cmd.today),
            registered_on: ask.registered_on,
            secured_pence: ask.secured.0,
            value_pence: ask.value.unwrap_or(Pence::ZERO).0,
            valued_on: ask.valued_on,
            prior_pence: ask.prior.unwrap_or(Pence::ZERO).0,
            released_on: None,
            released_words: String::new(),
            recorded_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
            version: known.as_ref().map_or(1, |row| row.version),
        };
        if known.is_none() {
            store::add_charge(&mut cmd.tx, org, &row).await?;
        } else if !store::change_charge(&mut cmd.tx, org, &row).await? {
            return Err(CHARGE_RELEASED.because("This charge was changed meanwhile").into());
        }
        cmd.tell("ChargeRecorded", format!("charge {}", row.number), &ask);
        Ok(stands(&row))
    })
}

/// Releases a charge.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReleaseCharge {
    /// Idempotency key.
    pub key: String,
    /// Number of the charge.
    pub number: String,
    /// Who allows it, where something is still owed; what was done at the Land Registry.
    pub words: String,
    /// It is released though something is still owed.
    #[serde(default)]
    pub still_owed: bool,
}

/// Releases a charge: what it secures must be paid, or somebody with authority allows it.
///
/// # Errors
/// Duty; fields; absent; `CT-07-CHARGE-OWED`, `CT-07-CHARGE-RELEASED`.
pub async fn release_charge(desk: &Desk, by: &Actor, ask: ReleaseCharge) -> Outcome<ChargeSet> {
    by.must_hold(Duty::ReferToCourt)?;
    if ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Say why, in up to 500 characters", &ask.words).into());
    }
    let wrong = words_wrong(&[("words", &ask.words)], 500);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "release_charge", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let absent = || No::Absent(format!("charge {}", ask.number));
        let mut row = store::charge(&mut cmd.tx, org, ask.number.trim()).await?.ok_or_else(absent)?;
        if row.released_on.is_some() {
            return Err(CHARGE_RELEASED.because("This charge was released before").into());
        }
        let open = ledger::open_items_of(&mut cmd.tx, org, CustomerId(row.customer_id)).await?;
        let owed: i64 = open.iter().map(|item| item.open_pence).filter(|open| *open > 0).sum();
        if owed > 0 && !ask.still_owed {
            return Err(CHARGE_OWED.because(format!("{} is still open on this account", Pence(owed))).into());
        }
        row.released_on = Some(cmd.today);
        row.released_words = ask.words.trim().into();
        if !store::change_charge(&mut cmd.tx, org, &row).await? {
            return Err(CHARGE_RELEASED.because("This charge was changed meanwhile").into());
        }
        cmd.tell("ChargeReleased", format!("charge {}", row.number), &ask);
        Ok(stands(&row))
    })
}

/// The register: the newest charges, or those of a customer.
///
/// # Errors
/// Duty; absent.
pub async fn charges_list(desk: &Desk, by: &Actor, customer: &str) -> Outcome<Vec<ChargeRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    if customer.is_empty() {
        return Ok(store::charges(&mut look, by.org, 500).await?);
    }
    let who = find_customer(&mut look, by.org, customer).await?;
    Ok(store::charges_of(&mut look, by.org, CustomerId(who.id)).await?)
}

/// A charge with whose it is and what the property leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChargeShown {
    /// The charge.
    pub charge: ChargeRow,
    /// Customer number.
    pub customer: String,
    /// Their name.
    pub customer_name: String,
    /// What is left for us, and whether that covers it.
    pub stands: ChargeSet,
}

/// One charge.
///
/// # Errors
/// Duty; absent.
pub async fn charge_shown(desk: &Desk, by: &Actor, number: &str) -> Outcome<ChargeShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = store::charge(&mut look, by.org, number.trim()).await?;
    let row = row.ok_or_else(|| No::Absent(format!("charge {}", number.trim())))?;
    let who = cash::customer_name(&mut look, by.org, CustomerId(row.customer_id)).await?.unwrap_or_default();
    Ok(ChargeShown { stands: stands(&row), customer: who.0, customer_name: who.1, charge: row })
}
