//! What write-off refuses beyond the law.
use crate::catalogue::refusals;

refusals! {
    /// Above the small-balance maximum.
    NOT_SMALL = "WOF-03-NOT-SMALL", "WOF-03", "Propose this debt on a schedule of its own";
    /// Nobody whose tier reaches.
    TIER = "WOF-02-TIER", "WOF-02, CTL-02", "Send it to the tier named";
    /// A line that was decided is locked.
    LOCKED = "WOF-02-LOCKED", "CTL-02", "Propose a new line; what was decided stays";
    /// More money than was written off.
    WRITE_BACK_AMOUNT = "WOF-04-AMOUNT", "WOF-04, GL-02", "Write back at most what was written off; the rest is money on account";
    /// The service was not asked, or has not answered in its time.
    SERVICE = "WOF-08-SERVICE", "WOF-08", "Ask the service; after fourteen days of silence go on without it";
}
