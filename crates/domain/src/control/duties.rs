//! Duties, and the roles that bundle them.
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// What a person may do.
    Duty {
        /// See accounts, documents and letters.
        View = "view", "See accounts";
        /// Open and change customers.
        ManageCustomers = "manage_customers", "Open and change customers";
        /// Set flags with their evidence.
        SetFlags = "set_flags", "Set flags";
        /// Read what is kept of a customer's health, safety or capacity.
        SeeSensitive = "see_sensitive", "See what is restricted";
        /// Ask for a change of bank details.
        ChangeBankDetails = "change_bank_details", "Change bank details";
        /// Confirm someone else's change of bank details.
        ConfirmBankDetails = "confirm_bank_details", "Confirm bank details";
        /// Ask for invoices of one's own service.
        RequestInvoice = "request_invoice", "Ask for invoices";
        /// Raise invoices.
        RaiseInvoice = "raise_invoice", "Raise invoices";
        /// Propose credit notes.
        ProposeCredit = "propose_credit", "Propose credit notes";
        /// Approve credit notes.
        ApproveCredit = "approve_credit", "Approve credit notes";
        /// Bring in files.
        ImportFiles = "import_files", "Import files";
        /// Post receipts and allocate.
        PostCash = "post_cash", "Post and allocate cash";
        /// Propose refunds.
        ProposeRefund = "propose_refund", "Propose refunds";
        /// Approve refunds.
        ApproveRefund = "approve_refund", "Approve refunds";
        /// Release payment files.
        ReleasePaymentFile = "release_payment_file", "Release payment files";
        /// Release Direct Debit files.
        ReleaseDirectDebit = "release_direct_debit", "Release Direct Debit files";
        /// Work cases: calls, promises, holds, tasks.
        WorkCases = "work_cases", "Work cases";
        /// Answer and resolve queries.
        AnswerQueries = "answer_queries", "Answer queries";
        /// Agree plans.
        AgreePlans = "agree_plans", "Agree plans";
        /// Approve plans beyond what somebody else may grant.
        ApprovePlans = "approve_plans", "Approve plans";
        /// Release recovery and letter runs.
        ReleaseRuns = "release_runs", "Release runs";
        /// Propose write-offs.
        ProposeWriteOff = "propose_write_off", "Propose write-offs";
        /// Approve write-offs.
        ApproveWriteOff = "approve_write_off", "Approve write-offs";
        /// Send debts to court or an agency.
        ReferToCourt = "refer_to_court", "Refer to court or agency";
        /// Post typed journals and GL batches.
        PostJournals = "post_journals", "Post journals";
        /// Close periods.
        ClosePeriods = "close_periods", "Close periods";
        /// See reports and export lists.
        RunReports = "run_reports", "Run reports";
        /// Read the audit trail.
        ReadAudit = "read_audit", "Read the audit trail";
        /// Give out work and set deadlines.
        AllocateWork = "allocate_work", "Allocate work";
        /// Users and roles.
        ManageUsers = "manage_users", "Manage users";
        /// Letters, pathways, reference data, interfaces.
        ManageSettings = "manage_settings", "Manage settings";
        /// Approve reference data someone else entered.
        ApproveSettings = "approve_settings", "Approve settings";
    }
}

named! {
    /// A bundle of duties.
    Role {
        /// Invoices, runs, credit notes, delivery.
        BillingOfficer = "billing_officer", "Billing officer";
        /// Bank statements, suspense, refunds.
        Cashier = "cashier", "Cashier";
        /// Worklist: calls, promises, plans, queries, next steps.
        CreditController = "credit_controller", "Credit controller";
        /// Client contributions and deferred payments.
        SocialCareFinanceOfficer = "social_care_finance_officer", "Social-care finance officer";
        /// Allocating work, deadlines, schedules.
        TeamLeader = "team_leader", "Team leader";
        /// Credit notes, refunds, write-offs, court.
        Approver = "approver", "Approver";
        /// Invoice requests and answers to queries.
        ServiceManager = "service_manager", "Service manager";
        /// Reads everything, changes nothing.
        Auditor = "auditor", "Auditor";
        /// Users, roles, letters, pathways; posts nothing.
        Administrator = "administrator", "Administrator";
        /// Sees what is owed and why.
        Customer = "customer", "Customer";
    }
}

impl Role {
    /// The duties of the role as seeded; a site may change them within the conflicts of CTL-01.
    pub fn duties(self) -> &'static [Duty] {
        use Duty::*;
        match self {
            Role::BillingOfficer => &[
                View,
                ManageCustomers,
                ChangeBankDetails,
                RaiseInvoice,
                ProposeCredit,
                ImportFiles,
                AnswerQueries,
                RunReports,
            ],
            Role::Cashier => &[View, ImportFiles, PostCash, ProposeRefund, RunReports],
            Role::CreditController => {
                &[View, WorkCases, SetFlags, AnswerQueries, AgreePlans, ProposeCredit, ProposeWriteOff, RunReports]
            }
            Role::SocialCareFinanceOfficer => &[
                View,
                ManageCustomers,
                ChangeBankDetails,
                RaiseInvoice,
                ProposeCredit,
                AnswerQueries,
                AgreePlans,
                SetFlags,
                SeeSensitive,
                RunReports,
            ],
            Role::TeamLeader => &[
                View,
                WorkCases,
                SetFlags,
                SeeSensitive,
                AnswerQueries,
                AgreePlans,
                ApprovePlans,
                AllocateWork,
                ReleaseRuns,
                ApproveCredit,
                ReleasePaymentFile,
                ConfirmBankDetails,
                ProposeWriteOff,
                RunReports,
                PostJournals,
            ],
            Role::Approver => &[
                View,
                ApproveCredit,
                ApproveRefund,
                ApproveWriteOff,
                ApprovePlans,
                ReferToCourt,
                ClosePeriods,
                ApproveSettings,
                ReleaseDirectDebit,
                RunReports,
                ReadAudit,
            ],
            Role::ServiceManager => &[View, AnswerQueries, RequestInvoice, RunReports],
            Role::Auditor => &[View, RunReports, ReadAudit],
            Role::Administrator => &[ManageUsers, ManageSettings, ReadAudit],
            Role::Customer => &[],
        }
    }
}
