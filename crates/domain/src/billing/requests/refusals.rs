//! What requests for invoices refuse.
use crate::catalogue::refusals;

refusals! {
    /// A request is not in the state that the step needs.
    STATE = "BIL-02-STATE", "BIL-02", "Look at the request: it may be invoiced, sent back or withdrawn already";
    /// A service or cost centre that the person does not ask for.
    NOT_YOURS = "BIL-02-NOT-YOURS", "BIL-02; CTL-01", "Choose a service of yours, or ask an administrator to add it";
    /// Nobody has said which services the person asks for.
    NO_SERVICE = "BIL-02-NO-SERVICE", "BIL-02", "Ask an administrator to say which services you ask for";
    /// The request describes a customer whom nobody has found yet.
    NO_CUSTOMER = "BIL-02-NO-CUSTOMER", "BIL-02", "Find the customer, or open an account for them, and give its number";
    /// Someone else changed the request meanwhile.
    CHANGED = "BIL-02-CHANGED", "BIL-02", "Read the request again, then decide";
}
