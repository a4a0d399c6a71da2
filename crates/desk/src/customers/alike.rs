//! Accounts that look the same as one about to be opened (CUS-06): by name and postcode, address, numbers or bank account.
use super::fields::CustomerFields;
use super::refuse_cards;
use crate::{Actor, Desk, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::{normalise_name, normalise_reference, postcode};
use sundry_domain::ids::OrgId;
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::customers::alike::{self, AlikeMarks};

/// Numbers that tell one customer from another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Identity {
    /// Company number; empty where there is none.
    pub company_number: String,
    /// NHS number; empty where it is not known.
    pub nhs_number: String,
    /// VAT number; empty where there is none.
    pub vat_number: String,
}

impl Identity {
    /// Each with its kind, those that are known.
    pub(super) fn known(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let all = [
            ("company_number", self.company_number.trim()),
            ("nhs_number", self.nhs_number.trim()),
            ("vat_number", self.vat_number.trim()),
        ];
        all.into_iter().filter(|(_, number)| !number.is_empty())
    }

    /// Everything wrong with them.
    pub(super) fn check(&self) -> Vec<Invalid> {
        let wrong = |number: &str| normalise_reference(number).is_empty() || number.chars().count() > 40;
        let say = "Enter at most 40 letters and digits";
        self.known()
            .filter(|(_, number)| wrong(number))
            .map(|(kind, number)| Invalid::field(kind, say, number))
            .collect()
    }
}

/// What is known of a customer who may have an account already.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct AskAlike {
    /// Name.
    pub name: String,
    /// First line of the address.
    pub address1: String,
    /// Postcode.
    pub postcode: String,
    /// Their numbers.
    #[serde(flatten)]
    pub identity: Identity,
    /// Sort code of a bank account they pay from or are paid to.
    pub sort_code: String,
    /// Its account number.
    pub account_no: String,
}

/// An account that looks the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AccountAlike {
    /// Number.
    pub number: String,
    /// Name.
    pub name: String,
    /// Town.
    pub town: String,
    /// Postcode.
    pub postcode: String,
    /// In what: name, address, `company_number`, `nhs_number`, `vat_number`, bank.
    pub same: Vec<String>,
}

/// The accounts that look the same.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AlikeFound {
    /// In the order of their numbers.
    pub accounts: Vec<AccountAlike>,
}

impl AccountAlike {
    /// In what it is the same, for people: "name, bank account".
    pub fn words(&self) -> String {
        let word = |what: &String| match what.as_str() {
            "company_number" => "company number",
            "nhs_number" => "NHS number",
            "vat_number" => "VAT number",
            "bank" => "bank account",
            "address" => "address",
            _ => "name",
        };
        self.same.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

/// The accounts that look the same as what is known.
///
/// # Errors
/// Duty; a card number in a text.
pub async fn find_alike(desk: &Desk, by: &Actor, ask: AskAlike) -> Outcome<AlikeFound> {
    by.must_hold(Duty::View)?;
    refuse_cards(&[("name", &ask.name), ("address1", &ask.address1)])?;
    let print = desk.vault().bank_print(by.org.0, &ask.sort_code, &ask.account_no).unwrap_or_default();
    let mut look = desk.look().await?;
    Ok(AlikeFound { accounts: look_alike(&mut look, by.org, &ask, print).await? })
}

/// The accounts that look the same as one to be opened.
pub(super) async fn alike_to(
    tx: &mut Tx,
    org: OrgId,
    fields: &CustomerFields,
    identity: &Identity,
) -> Outcome<Vec<AccountAlike>> {
    let ask = AskAlike {
        name: fields.name.clone(),
        address1: fields.address1.clone(),
        postcode: fields.postcode.clone(),
        identity: identity.clone(),
        ..AskAlike::default()
    };
    look_alike(tx, org, &ask, String::new()).await
}

async fn look_alike(tx: &mut Tx, org: OrgId, ask: &AskAlike, print: String) -> Outcome<Vec<AccountAlike>> {
    let marks = AlikeMarks {
        search_name: normalise_name(ask.name.trim()),
        postcode: postcode(&ask.postcode).unwrap_or_default(),
        address1: ask.address1.trim().to_lowercase(),
        company_number: normalise_reference(&ask.identity.company_number),
        nhs_number: normalise_reference(&ask.identity.nhs_number),
        vat_number: normalise_reference(&ask.identity.vat_number),
        print,
    };
    let mut found: Vec<AccountAlike> = Vec::new();
    for row in alike::accounts_alike(tx, org, &marks).await? {
        match found.last_mut().filter(|last| last.number == row.number) {
            Some(last) => last.same.push(row.why),
            None => found.push(AccountAlike {
                number: row.number,
                name: row.name,
                town: row.town,
                postcode: row.postcode,
                same: vec![row.why],
            }),
        }
    }
    Ok(found)
}
