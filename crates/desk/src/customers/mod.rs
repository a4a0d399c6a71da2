//! Accounts: who deals with us, how they are found, what is known of them, what happened.
mod account;
mod alike;
mod balances;
mod change;
mod fields;
mod flags;
mod held_change;
mod import;
mod list;
mod merge;
mod notes;
pub(crate) mod receiver;
mod references;
mod search;
mod timeline;
mod unmerge;

pub use account::{
    AccountAddress, AccountBank, AccountFlag, AccountItemShown, AccountStrip, AgeBand, CustomerAccount,
    customer_account,
};
pub use alike::{AccountAlike, AlikeFound, AskAlike, Identity, find_alike};
pub use balances::balances;
pub use change::{AddCustomer, ChangeCustomer, CustomerAdded, CustomerChanged, add_customer, change_customer};
pub use fields::CustomerFields;
pub(crate) use fields::{CHOOSE_FORMAT, is_format};
pub(crate) use flags::told_of_flag;
pub use flags::{EndFlag, FlagSet, SetFlag, end_flag, set_flag};
pub use held_change::{AskForChange, ChangeAsked, ask_for_change, held_changes};
pub(crate) use held_change::{carry_out_change, turn_down_change};
pub use import::{ImportCustomers, Imported, Problem, import_customers};
pub use list::{CustomersAsk, CustomersPage, customers_list};
pub use merge::{
    MergeAsked, MergeCustomers, MergeForbidden, MergeMove, MergeParty, MergePreview, merge_customers, preview_merge,
};
pub(crate) use merge::{merge_approved, merge_refused};
pub(crate) use notes::told_of_note;
pub use notes::{AddNote, NoteAdded, RecordCall, add_note, record_call};
pub use receiver::{ReceiverForm, ReceiverSet, ReceiverShown, SetReceiver, receiver_rules, set_receiver};
pub use references::{AddReference, add_reference};
pub use search::{Exact, Found, FoundReference, search};
pub use timeline::{Timeline, TimelineEvent, timeline};
pub use unmerge::{MergedAccount, MergedAccounts, UndoAsked, UndoMerge, merged_accounts, undo_merge};
pub(crate) use unmerge::{undo_approved, undo_refused};

use crate::{No, Outcome};
use sundry_domain::control::refuse_card_number;
use sundry_domain::ids::OrgId;
use sundry_store::Tx;
use sundry_store::customers::{self, CustomerRow};

/// The customer with a number, or the same answer as for one that is not there.
pub(crate) async fn find(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<CustomerRow> {
    let row = customers::customer_numbered(tx, org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("customer {}", number.trim())))
}

/// Refuses a card number in any cell of a file of rows; our own marks, 32 hexadecimal digits, are none.
pub(crate) fn refuse_cards_in_file(bytes: &[u8]) -> Outcome<()> {
    let text = String::from_utf8_lossy(bytes);
    for cell in text.split([',', ';', '\n', '\r', '\t', '"']) {
        let ours = cell.len() == 32 && cell.bytes().all(|b| b.is_ascii_hexdigit());
        if !ours {
            refuse_card_number("file", cell)?;
        }
    }
    Ok(())
}

/// Refuses a card number in any of these texts.
pub(crate) fn refuse_cards(texts: &[(&str, &str)]) -> Outcome<()> {
    for (field, text) in texts {
        refuse_card_number(field, text)?;
    }
    Ok(())
}

pub(crate) use import::{answered_before, check_not_imported, drop_bad, keep_file, shown, text};
