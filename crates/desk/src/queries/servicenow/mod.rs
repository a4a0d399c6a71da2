//! ServiceNow: its cases become our work, and what only a service can answer becomes a case there.
//!
//! Each side owns its fields: they whom a case is given to and what they write, we the amount, the account and the
//! outcome. A look takes what changed there since the last one, five minutes over, so that nothing falls between
//! two; what was taken is known by its last change. What we write there may be lost on its way: it is looked for
//! before it is written again.
mod ask;
mod changed;
mod check;
mod client;
mod due;
mod files;
mod list;
mod new_case;
mod send;
mod settings;
mod sheets;
mod sort;
mod sync;
mod tell;

pub use ask::{AskServiceNow, ServiceNowAsked, ask_servicenow};
pub use check::{CheckServiceNow, ServiceNowChecked, check_servicenow};
pub use due::ask_for_due_servicenow;
pub use list::{
    CaseOfQuery, ServiceNowAsk, ServiceNowPage, ServiceNowShown, ServiceNowStands, servicenow_case, servicenow_cases,
    servicenow_stands,
};
pub use settings::{ServiceNowSettings, SetServiceNow, servicenow_settings, set_servicenow};
pub use sort::{ServiceNowSorted, SortServiceNow, sort_servicenow};
pub use sync::{ReadSheet, ServiceNowSynced, SyncServiceNow, sync_servicenow};

pub(super) use list::cases_of;
