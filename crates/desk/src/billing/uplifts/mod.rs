//! Uplifts over the whole book: previewed line by line, applied by someone else's yes, taken back before their day.
mod apply;
mod preview;
mod propose;

pub use apply::{ApplyUplift, TurnUplift, UpliftTurned, apply_uplift, stop_uplift, take_back_uplift};
pub use preview::{UpliftAsk, UpliftCharge, UpliftLeft, UpliftPreview, preview_uplift};
pub use propose::{ProposeUplift, UpliftProposed, UpliftShown, propose_uplift, uplift, uplifts};

pub(crate) use propose::{uplift_approved, uplift_refused};
