//! The people's side of recovery: what happens to a person and stops it, what they need, who owes with them, how often
//! they are contacted, and the register of all that holds money back.
mod act;
mod acting;
mod calls;
mod confirm;
mod joint;
mod letter;
mod matching;
mod needs;
mod notice;
mod notice_file;
mod register;
mod show;
mod tend;

pub use act::{ActOnCase, CaseActed, act_on_case};
pub use acting::{
    ActingAdded, ActingShown, AddActing, EndActing, ProveActing, acting_for, add_acting, end_acting, may_act_for,
    prove_acting,
};
pub use calls::{CallList, CallLogged, CallReady, LogCall, ToCall, call_list, log_call, ready_to_call};
pub(crate) use confirm::end_what_death_ends;
pub use confirm::{CaseStands, ConfirmCase, confirm_case};
pub use joint::{AddJoint, JointAdded, JointShown, add_joint, joints};
pub use matching::LikelyCustomer;
pub(crate) use needs::adjustments_of;
pub use needs::{MarkNeed, NeedMarked, NeedShown, ReadNeeds, mark_need, read_needs};
pub use notice::{TakeNotice, take_notice};
pub use notice_file::{NoticeFile, NoticeTaken, take_notices};
pub use register::{HoldRegister, HoldWeek, RegisterAsk, Stop, hold_register, hold_week};
pub use show::{CaseLetter, CaseLine, CaseShown, CasesAsk, CasesPage, cases, person_case};
pub use tend::{CasesTended, tend_cases};

use chrono::NaiveTime;
use sundry_domain::law::ContactPolicy;

/// The site's budget of contact: at most so many in a week, and the hours of calls.
pub(crate) fn contact_policy(settings: &serde_json::Value) -> ContactPolicy {
    let otherwise = ContactPolicy::default();
    let text = |name: &str| settings.get(name).and_then(serde_json::Value::as_str);
    let number = text("contact_most_in_week").and_then(|text| text.parse().ok());
    let hour = |name: &str| text(name).and_then(|text| NaiveTime::parse_from_str(text, "%H:%M").ok());
    ContactPolicy {
        most_a_week: number.unwrap_or(otherwise.most_a_week),
        from: hour("calls_from").unwrap_or(otherwise.from),
        until: hour("calls_until").unwrap_or(otherwise.until),
        ..otherwise
    }
}
