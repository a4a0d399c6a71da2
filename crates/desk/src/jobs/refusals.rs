//! Refusals of jobs.
use sundry_domain::refusal::RefusalKind;

/// The job was stopped, or another worker has it by now.
pub const NOT_YOURS: RefusalKind = RefusalKind {
    code: "JOB-NOT-YOURS",
    rule: "reliability P11",
    way_out: "Nothing is lost: what is done is done, and the job goes on from there when it is resumed.",
};
/// A job that has ended cannot be stopped, nor one that runs be resumed.
pub const STATE: RefusalKind = RefusalKind {
    code: "JOB-STATE",
    rule: "reliability P11",
    way_out: "Stop only what waits or runs; resume only what was stopped or failed.",
};
/// Nobody knows how to do such a job.
pub const UNKNOWN_KIND: RefusalKind = RefusalKind {
    code: "JOB-UNKNOWN-KIND",
    rule: "design 4",
    way_out: "Use one of the kinds of job that this program knows.",
};
/// All of the room.
pub const ALL: &[RefusalKind] = &[NOT_YOURS, STATE, UNKNOWN_KIND];
