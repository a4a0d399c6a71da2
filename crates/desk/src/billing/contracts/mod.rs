//! Contracts: open and change them, load rate cards, and bill what is due in periodic runs.
mod add;
mod change;
mod credits;
mod facts;
mod plan;
mod post;
mod preview;
mod rate_cards;
mod run;
mod show;
mod typed;

pub use add::{AddContract, ContractAdded, NewCharge, NewPayer, add_contract, check_contract};
pub use change::{
    BreakEnded, ChangeRate, ContractChanged, EndBreak, EndContract, PauseContract, SetPayers, change_contract_rate,
    end_contract, end_contract_break, pause_contract, set_contract_payers,
};
pub use plan::RunTotals;
pub use preview::{BillingPreview, ChangeSeen, PreviewAsk, PreviewInvoice, PreviewInvoiceLine, preview_billing};
pub use rate_cards::{
    LoadRateCard, NewRate, NewTerm, RateCardLoaded, RateCardShown, RateFault, SetTerms, TermsSet, load_rate_card,
    rate_cards, set_terms, terms,
};
pub use run::{
    BillingRunPrepared, BillingRunShown, BillingRunTurned, PrepareBillingRun, ReleaseBillingRun, TurnBillingRun,
    billing_run, billing_run_invoices, billing_runs, prepare_billing_run, release_billing_run, stop_billing_run,
    withdraw_billing_run,
};
pub use show::{
    ChargeSeen, ContractLineSeen, ContractPayerSeen, ContractShown, ContractsAsk, ContractsPage, NextInvoice, contract,
    contracts_list, evidence,
};

pub(crate) use credits::{credit_approved, credit_refused};
pub(super) use facts::{Loaded, Shared, load, shared};
pub(super) use typed::{decimals, rate};

/// A rate of so many ten-thousandths of a pound, with two to four decimals: `182.35`.
pub fn rate_words(rate_e4: i64) -> String {
    typed::decimals(rate_e4, 2)
}
