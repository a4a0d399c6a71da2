//! Letters as an administrator edits them: versions, a draft, checks, a preview, someone else's yes (DEL-10).
mod approve;
mod check;
mod draft;
mod preview;
mod show;

pub use approve::{AskForDraft, AskedForDraft, ask_for_draft};
pub(crate) use approve::{go_live, turn_down_draft};
pub use check::{DraftCheck, check_draft};
pub use draft::{DraftBlock, DraftSaved, SaveDraft, WithdrawDraft, save_draft, withdraw_draft};
pub use preview::{PreviewTemplate, Previewed, SampleAccount, preview_template, sample_accounts};
pub use show::{
    DraftShown, FieldMeant, TemplateLine, TemplateShown, VersionShown, template, template_differences,
    template_version, templates,
};

pub use sundry_paper::editor::Difference;
pub use sundry_paper::{Template as Wording, TemplateBlock as Block};

use crate::{Actor, Outcome};
use sundry_domain::control::Duty;

/// Templates, as kept in an approval.
pub(crate) const LETTER_TEMPLATE: &str = "letter_template";

/// Whoever edits letters, approves them or audits may read them.
fn may_look(by: &Actor) -> Outcome<()> {
    if [Duty::ApproveSettings, Duty::ReadAudit, Duty::View].iter().any(|duty| by.holds(*duty)) {
        return Ok(());
    }
    Ok(by.must_hold(Duty::ManageSettings)?)
}
