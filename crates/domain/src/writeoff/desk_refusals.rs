//! What schedules, bulk write-offs and write-backs refuse.
use crate::catalogue::refusals;
refusals! {
    /// A hold or a freeze stands.
    HELD = "REC-09-HELD", "REC-09", "End the hold first, or wait until it has ended";
    /// Money on the account is not set against anything.
    MONEY_HELD = "REC-09-MONEY-ON-ACCOUNT", "DUN-15", "Allocate the money first; write off only what is left";
    /// It is on a schedule already.
    ON_SCHEDULE = "REC-09-ON-SCHEDULE", "REC-09", "Open the schedule that it stands on";
    /// A line is not in the state that the act takes.
    LINE_STATE = "REC-09-LINE-STATE", "REC-09", "Open the schedule again: the line has moved on";
    /// A claim is still in time.
    NOT_BARRED = "REC-09-NOT-BARRED", "CT-LIM", "Choose the reason that fits; the debt can still be claimed";
    /// It is above what officers may decide.
    COMMITTEE = "REC-09-COMMITTEE", "CTL-02", "Record the committee's decision on the schedule first";
    /// The total or the count is not what was read.
    NOT_AS_READ = "REC-09-NOT-AS-READ", "CTL-01", "Read the schedule again and confirm its count and sum";
    /// Above the greatest small balance.
    SMALL_MAXIMUM = "REC-09-SMALL-MAXIMUM", "WOF-03", "Choose a smaller maximum, or put larger debts on a schedule";
    /// Nothing fits.
    NOTHING = "REC-09-NOTHING", "WOF-03", "Look at what was left out and why";
    /// A write-back names money that is not there.
    NO_MONEY = "REC-09-NO-MONEY", "GL-02", "Choose a receipt of the customer that is not set against anything";
    /// A policy change that nobody else may make.
    POLICY = "REC-09-POLICY", "CTL-02", "Enter each value as a whole number from a day that has not passed";
}
