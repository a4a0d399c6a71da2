//! What stands about a customer beside the cases: insolvencies, estates, charges for late payment, fees by contract, facts of
//! debts.
use crate::{Actor, Desk, No, Outcome};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_store::billing::debt_facts::{CustomerFactRow, debt_facts_of_customer};
use sundry_store::court_estates::{self as store, DividendRow, EstateRow, InsolvencyRow};
use sundry_store::customers::customer_numbered;
use sundry_store::recovery::charges::{CustomerChargeRow, charges_of_customer};
use sundry_store::recovery::contract_fees::{ContractFeeRow, contract_fees_of};

/// An insolvency with its dividends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InsolvencyOf {
    /// The insolvency.
    pub insolvency: InsolvencyRow,
    /// Dividends, oldest first.
    pub dividends: Vec<DividendRow>,
}

/// What stands about a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AboutCustomer {
    /// Insolvencies, oldest first.
    pub insolvencies: Vec<InsolvencyOf>,
    /// Estates, oldest first.
    pub estates: Vec<EstateRow>,
    /// Charges for late payment, oldest first.
    pub late_charges: Vec<CustomerChargeRow>,
    /// What contracts say of fees for paying late, in the order of recording, withdrawn terms too.
    #[serde(default)]
    pub fees: Vec<ContractFeeRow>,
    /// Facts of debts in the order of recording, withdrawn ones too.
    pub facts: Vec<CustomerFactRow>,
}

/// What stands about a customer.
///
/// # Errors
/// Duty; absent.
pub async fn about_customer(desk: &Desk, by: &Actor, number: &str) -> Outcome<AboutCustomer> {
    by.must_hold(Duty::View)?;
    let org = by.org;
    let mut look = desk.look().await?;
    let found = customer_numbered(&mut look, org, number.trim()).await?;
    let customer = CustomerId(found.ok_or_else(|| No::Absent(format!("customer {}", number.trim())))?.id);
    let mut insolvencies = Vec::new();
    for insolvency in store::insolvencies_of(&mut look, org, customer).await? {
        let dividends = store::dividends_of(&mut look, org, insolvency.id).await?;
        insolvencies.push(InsolvencyOf { insolvency, dividends });
    }
    let mut facts = debt_facts_of_customer(&mut look, org, customer).await?;
    // Instalments share the facts of their invoice.
    facts.dedup_by_key(|fact| fact.id);
    Ok(AboutCustomer {
        insolvencies,
        estates: store::estates_of(&mut look, org, customer).await?,
        late_charges: charges_of_customer(&mut look, org, customer).await?,
        fees: contract_fees_of(&mut look, org, customer).await?,
        facts,
    })
}
