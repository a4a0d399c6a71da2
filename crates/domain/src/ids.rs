//! Ids are made by the program, time-ordered, and never shown to people.
use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
        impl From<i64> for $name {
            fn from(raw: i64) -> Self { Self(raw) }
        }
    )*};
}

ids! {
    /// An organisation: its ledger is its own.
    OrgId,
    /// A person, or a program, that signs in.
    UserId,
    /// A customer and their one running account.
    CustomerId,
    /// An invoice or a credit note.
    DocumentId,
    /// One posted debit or credit on an account, not yet cleared.
    ItemId,
    /// A balanced set of entries.
    JournalId,
    /// Money in.
    ReceiptId,
    /// A line of a bank statement.
    BankLineId,
    /// A part of a credit set against a debit.
    AllocationId,
    /// A question or a dispute.
    QueryId,
    /// A pause that we chose.
    HoldId,
    /// A letter, by post or e-mail.
    LetterId,
    /// A run: preview then release.
    RunId,
    /// A piece of durable work.
    JobId,
    /// Something that waits for someone else's yes.
    ApprovalId,
    /// A batch of letters to print, or of journals to post out.
    BatchId,
}
