//! Refusals of the house itself.
use sundry_domain::refusal::RefusalKind;

/// A live home's date cannot be set.
pub const LIVE_DATE: RefusalKind =
    RefusalKind { code: "OPS-LIVE-DATE", rule: "reliability P24", way_out: "Use a demo, training or test home." };
/// An idempotency key was used before with another request.
pub const KEY_REUSED: RefusalKind =
    RefusalKind { code: "OPS-KEY-REUSED", rule: "reliability P02", way_out: "Send the request again with a new key." };
/// The answer of a command is not known yet.
pub const NOT_KNOWN_YET: RefusalKind = RefusalKind {
    code: "OPS-NOT-KNOWN-YET",
    rule: "reliability P03",
    way_out: "Ask again with the same key: you will get the answer, and nothing is done twice.",
};
/// A day lies in no accounting period.
pub const NO_PERIOD: RefusalKind = RefusalKind {
    code: "GL-04-NO-PERIOD",
    rule: "domain GL-04",
    way_out: "Use a day inside a loaded financial year, or add the year's periods.",
};
/// A form that does not carry the token of this session.
pub const FOREIGN_FORM: RefusalKind = RefusalKind {
    code: "SEC-FORM-OUT-OF-DATE",
    rule: "security: forms carry a token of the session",
    way_out: "Go back, load the page again, and send the form once more.",
};
/// All the house's own.
pub const ALL: &[RefusalKind] = &[NO_PERIOD, FOREIGN_FORM, LIVE_DATE, KEY_REUSED, NOT_KNOWN_YET];
