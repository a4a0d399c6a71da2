//! Cash: statements taken in, money matched, allocated, put in suspense, taken back.
mod bank_accounts;
mod bank_file;
pub mod bank_files;
pub mod bank_sources;
mod common;
mod consequences;
pub(crate) mod contra;
pub(crate) mod from_agency;
mod matching;
mod payment_file;
pub mod payment_layouts;
mod placing;
mod post_matches;
mod remittance_lines;
mod returned_letter;
mod slip_file;
mod teach;
mod tolerance;

pub mod accept_strong_suggestions;
pub mod allocate_credit;
pub mod allocate_receipt;
pub mod allocation_order;
pub mod cards;
pub mod cash_position;
pub mod collect_bank_files;
mod collect_place;
mod collect_sftp;
pub mod counter;
pub mod csv_profiles;
pub mod direct_debit;
pub mod export_allocations;
pub mod import_bank_statement;
pub mod lessons;
pub mod match_cash;
pub mod match_policy;
pub mod overpayments;
pub mod paying_account;
pub mod paying_in;
pub mod payment_batches;
pub mod put_in_suspense;
pub mod receipt;
pub mod receipt_history;
pub mod receipts_waiting;
pub mod record_receipt;
pub mod refunds;
pub mod remittance;
pub mod request_refund;
pub mod return_payment;
pub mod reverse_receipt;
pub mod settle_refund;
pub mod standing_orders;
pub mod suspense;
pub mod takings;
pub mod transfers;
pub mod undo_allocation;

pub use bank_accounts::{AddBankAccount, BankAccountAdded, add_bank_account, bank_accounts};
pub use placing::AllocationLine;
pub(crate) use settle_refund::{post_refund, turn_down_refund};
pub(crate) use suspense::unexplained_by;
pub(crate) use transfers::{post_transfer, turn_down_transfer};

use sundry_domain::ledger::GlRole;
use sundry_store::cash::BankAccountRow;

/// What the room puts into a newly opened organisation: one bank account, whose number the first file gives.
pub(crate) async fn seed(cmd: &mut crate::core::command::Command) -> crate::Outcome<()> {
    let org = cmd.by.org;
    let codes = sundry_store::ledger::gl_codes(&mut cmd.tx, org).await?;
    let bank = codes.into_iter().find(|code| code.role == GlRole::Bank.as_str()).map(|code| code.code);
    let row = BankAccountRow {
        id: cmd.id::<i64>(),
        name: "Main account".into(),
        print: String::new(),
        shown: String::new(),
        gl_code: bank.unwrap_or_default(),
    };
    sundry_store::cash::add_bank_account(&mut cmd.tx, org, &row).await?;
    direct_debit::seed(cmd).await
}
