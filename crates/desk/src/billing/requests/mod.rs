//! Requests from services: asked on a form or in a workbook, answered by the desk with an invoice or a reason.
mod answer;
mod ask;
mod bring;
mod form;
mod services;
mod show;

pub use answer::{
    ApproveRequest, RequestApproved, RequestTurned, SendRequestBack, TakeRequest, approve_request, send_request_back,
    take_request,
};
pub use ask::{
    AddRequestFile, AskForInvoice, CorrectRequest, RequestFileAdded, RequestMade, WithdrawRequest, add_request_file,
    ask_for_invoice, correct_request, withdraw_request,
};
pub use bring::{BringRequests, RequestsBrought, bring_requests};
pub use form::{RequestForm, request_choices};
pub use services::{PersonServicesSet, SetPersonServices, person_services, set_person_services};
pub use show::{
    RequestFileSeen, RequestLineOfList, RequestShown, RequestsAsk, RequestsPage, invoice_request, invoice_requests,
    request_behind, request_file,
};
