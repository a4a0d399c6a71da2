//! Handlers: each reads the request, calls one desk function, and fills one page.
mod about;
mod account;
mod account_acts;
mod account_people;
mod activity;
mod admin;
mod agencies;
mod allowance;
mod amend;
mod approvals;
pub mod ask;
mod audit;
mod backing;
mod bank_files;
mod beside_court;
mod billing;
mod billing_runs;
mod cards;
mod cash;
mod cash_import;
mod close;
mod complaints;
mod completeness;
mod contract_fees;
mod contracts;
mod court;
mod court_answers;
mod court_forms;
mod csv_layouts;
mod customer_terms;
mod customers;
mod dashboard;
mod debt_facts;
mod delivery;
mod deposits;
mod desk_counter;
mod desk_refunds;
mod desk_suspense;
mod direct_debit;
mod direct_debit_runs;
mod explain;
mod export;
mod feeders;
mod form;
mod hand_receipt;
mod help;
mod hold_register;
mod imports;
mod interest;
mod invoices;
mod jobs;
mod late_charges;
mod letter_edit;
mod letters;
mod listing;
mod mail;
mod mailboxes;
mod matcher;
mod me;
mod merge;
mod notify;
mod pathway_choices;
mod pathway_edit;
mod pathway_for;
mod pathway_trials;
mod pathways;
pub mod pay;
mod pay_calculation;
mod payment_terms;
mod person_cases;
mod plan_links;
pub mod plan_online;
mod plan_policy;
mod plan_setup;
mod plan_weeks;
mod plans;
mod proof;
mod proofs;
mod queries;
mod query;
mod query_more;
mod rates;
mod receipt_acts;
mod receipt_queue;
mod receipts;
mod recovery;
pub mod refer;
mod remittance;
mod reports;
mod requests;
mod search;
mod security_code;
mod servicenow;
mod settings;
pub mod sign_in;
mod standing_orders;
mod statements;
mod taking_back;
mod time_limits;
mod traces;
mod uplifts;
mod vat;
mod worklist;
mod write_off;
mod write_off_lists;
mod write_off_schedules;

use crate::web::door::{Answer, Routes, Visitor, see_other};
use axum::routing::get;
use sundry_domain::control::Duty;

/// Every route behind the sign-in, with the duty it needs.
pub fn routes() -> Routes {
    let routes = Routes::default().add("/", &[], get(home));
    money_and_control(desk_work(routes))
}

/// Dashboard, worklist, customers, billing, queries, imports, search, your account.
fn desk_work(routes: Routes) -> Routes {
    let rooms = [
        dashboard::routes,
        worklist::routes,
        customers::routes,
        account::routes,
        account_acts::routes,
        account_people::routes,
        merge::routes,
        debt_facts::routes,
        time_limits::routes,
        contract_fees::routes,
        person_cases::routes,
        hold_register::routes,
        plan_setup::routes,
        plan_links::routes,
        plan_weeks::routes,
        plan_policy::routes,
        plans::routes,
        search::routes,
        billing::routes,
        billing_runs::routes,
        contracts::routes,
        feeders::routes,
        requests::routes,
        activity::routes,
        uplifts::routes,
        completeness::routes,
        invoices::routes,
        amend::routes,
        interest::routes,
        late_charges::routes,
        write_off::routes,
        write_off_lists::routes,
        write_off_schedules::routes,
        security_code::routes,
        hand_receipt::routes,
        queries::routes,
        imports::routes,
        me::routes,
    ];
    rooms.into_iter().fold(routes, |routes, room: fn(Routes) -> Routes| room(routes))
}

/// Cash, recovery, delivery, approvals, reports, close, jobs, administration, help.
fn money_and_control(routes: Routes) -> Routes {
    let rooms = [
        cash::routes,
        cards::routes,
        cash_import::routes,
        bank_files::routes,
        csv_layouts::routes,
        receipts::routes,
        receipt_acts::routes,
        direct_debit::routes,
        direct_debit_runs::routes,
        remittance::routes,
        matcher::routes,
        desk_suspense::routes,
        desk_refunds::routes,
        desk_counter::routes,
        approvals::routes,
        reports::routes,
        explain::routes,
        audit::routes,
        admin::routes,
        settings::routes,
        rates::routes,
        help::routes,
        recovery::routes,
        agencies::routes,
        traces::routes,
        court::routes,
        court_forms::routes,
        court_answers::routes,
        beside_court::routes,
        pathways::routes,
        pathway_edit::routes,
        pathway_for::routes,
        pathway_choices::routes,
        taking_back::routes,
        pay_calculation::routes,
        pathway_trials::routes,
        delivery::routes,
        notify::routes,
        letters::routes,
        letter_edit::routes,
        statements::routes,
        backing::routes,
        proof::routes,
        complaints::routes,
        mail::routes,
        mailboxes::routes,
        servicenow::routes,
        query_more::routes,
        close::routes,
        allowance::routes,
        listing::routes,
        proofs::routes,
        vat::routes,
        deposits::routes,
        payment_terms::routes,
        customer_terms::routes,
        standing_orders::routes,
        jobs::routes,
    ];
    rooms.into_iter().fold(routes, |routes, room: fn(Routes) -> Routes| room(routes))
}

/// Each role starts at its own work.
async fn home(visitor: Visitor) -> Answer {
    let homes = [
        (Duty::AllocateWork, "/dashboard"),
        (Duty::PostCash, "/cash"),
        (Duty::RaiseInvoice, "/billing"),
        (Duty::WorkCases, "/work"),
        (Duty::ApproveCredit, "/approvals"),
        (Duty::ManageUsers, "/admin"),
        (Duty::ReadAudit, "/audit"),
        (Duty::AnswerQueries, "/queries"),
    ];
    let to = homes.iter().find(|(duty, _)| visitor.actor.holds(*duty)).map_or("/dashboard", |(_, to)| *to);
    see_other(to)
}
