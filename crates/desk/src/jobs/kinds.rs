//! The kinds of job there are, each with the duty of the work it does.
use sundry_domain::control::Duty;

/// Every kind: its stored name, and the duty without which nobody turns it.
pub const KINDS: &[(&str, Duty)] = &[
    ("release_day", Duty::ReleaseRuns),
    ("match_cash", Duty::PostCash),
    ("collect_bank_files", Duty::ImportFiles),
    ("print_letters", Duty::ReleaseRuns),
    ("send_emails", Duty::ReleaseRuns),
    ("send_einvoices", Duty::ReleaseRuns),
    ("send_statements", Duty::ReleaseRuns),
    ("reconcile_listing", Duty::RunReports),
    ("bill_contracts", Duty::ReleaseRuns),
    ("bill_feeder_file", Duty::ReleaseRuns),
    ("apply_uplift", Duty::ReleaseRuns),
    ("tend_cards", Duty::PostCash),
    ("collect_mail", Duty::WorkCases),
    ("send_by_notify", Duty::ReleaseRuns),
    ("sync_servicenow", Duty::WorkCases),
    ("simulate_pathway", Duty::ManageSettings),
];

/// The duty of the work that a kind of job does; a kind that nobody knows is an administrator's to end.
pub fn duty_of(kind: &str) -> Duty {
    KINDS.iter().find(|(name, _)| *name == kind).map_or(Duty::ManageSettings, |(_, duty)| *duty)
}
