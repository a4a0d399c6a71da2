//! Renders every sample of every page, checks what every page must have, and writes them to
//! `target/pages/` beside the assets, where the browser tests look at them.

use super::*;
use askama::Template;
use scraper::{Html, Selector};
use std::path::{Path, PathBuf};

fn rendered<T: Template>(page: &str, samples: Vec<(&'static str, T)>) -> Vec<(String, String)> {
    let one = |(state, sample): (&str, T)| (format!("{page}--{state}"), sample.render().expect("a sample renders"));
    samples.into_iter().map(one).collect()
}

fn all() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    pages.extend(rendered("sign_in", sign_in::SignIn::samples()));
    pages.extend(rendered("dashboard", dashboard::Dashboard::samples()));
    pages.extend(rendered("worklist", worklist::Worklist::samples()));
    pages.extend(rendered("bulk", bulk::Bulk::samples()));
    pages.extend(rendered("account", account::Account::samples()));
    pages.extend(rendered("allocation", allocation::Allocation::samples()));
    pages.extend(rendered("invoice_form", invoice_form::InvoiceForm::samples()));
    pages.extend(rendered("invoice_check", invoice_form::InvoiceCheck::samples()));
    pages.extend(rendered("record_call", account_forms::RecordCall::samples()));
    pages.extend(rendered("people_form", people_form::PeopleForm::samples()));
    pages.extend(rendered("account_people", account_people::AccountPeople::samples()));
    pages.extend(rendered("merge", merge::MergeAccounts::samples()));
    pages.extend(rendered("person_cases", person_cases::PersonCases::samples()));
    pages.extend(rendered("person_case", person_cases::PersonCase::samples()));
    pages.extend(rendered("hold_register", hold_register::Register::samples()));
    pages.extend(rendered("hold_week", hold_register::Week::samples()));
    pages.extend(rendered("call_list", hold_register::Calls::samples()));
    pages.extend(rendered("hold_form", account_forms::HoldForm::samples()));
    pages.extend(rendered("raise_query", account_forms::RaiseQuery::samples()));
    pages.extend(rendered("plans", plans::Plans::samples()));
    pages.extend(rendered("plan", plans::PlanView::samples()));
    pages.extend(rendered("plan_form", plan_forms::PlanForm::samples()));
    pages.extend(rendered("plan_budget", plan_forms::BudgetForm::samples()));
    pages.extend(rendered("plan_change", plan_forms::ChangeForm::samples()));
    pages.extend(rendered("plan_act", plan_forms::PlanActForm::samples()));
    pages.extend(rendered("plan_links", plan_links::PlanLinks::samples()));
    pages.extend(rendered("plan_policy", plan_policy::PlanPolicyPage::samples()));
    pages.extend(rendered("plan_weeks", plan_weeks::PlanWeeks::samples()));
    pages.extend(rendered("plan_online", plan_online::PlanOnline::samples()));
    pages.extend(rendered("promise_form", account_forms::PromiseForm::samples()));
    pages.extend(rendered("end_form", account_forms::EndForm::samples()));
    pages.extend(rendered("flag_form", account_forms::FlagForm::samples()));
    pages.extend(rendered("reference_form", account_forms::ReferenceForm::samples()));
    pages.extend(rendered("receipts", cash::Receipts::samples()));
    pages.extend(rendered("matching", cash::MatchingSummary::samples()));
    pages.extend(rendered("matcher-lessons", matcher::Lessons::samples()));
    pages.extend(rendered("matcher-policy", matcher::Policy::samples()));
    pages.extend(rendered("matcher-order", matcher::Order::samples()));
    pages.extend(rendered("remittance", remittance::Remittance::samples()));
    pages.extend(rendered("invoice", invoice_view::InvoiceView::samples()));
    pages.extend(rendered("credit_form", invoice_view::CreditForm::samples()));
    pages.extend(rendered("file_check", file_check::FileCheck::samples()));
    pages.extend(rendered("recovery_run", recovery_run::RunPreview::samples()));
    pages.extend(rendered("recovery_runs", recovery_run::RunList::samples()));
    pages.extend(rendered("agencies", agencies::Agencies::samples()));
    pages.extend(rendered("agency", agencies::Agency::samples()));
    pages.extend(rendered("agency_terms", agencies::AgencyTerms::samples()));
    pages.extend(rendered("place_debts", agencies::PlaceDebtsPage::samples()));
    pages.extend(rendered("placement", agencies::OnePlacement::samples()));
    pages.extend(rendered("agency_statement", agencies::AgencyStatement::samples()));
    pages.extend(rendered("traces", traces::Traces::samples()));
    pages.extend(rendered("trace", traces::OneTrace::samples()));
    pages.extend(rendered("customer_traces", traces::CustomerTraces::samples()));
    pages.extend(rendered("court_cases", court::Cases::samples()));
    pages.extend(rendered("court_case", court::OneCase::samples()));
    pages.extend(rendered("court_refer", court::ReferPage::samples()));
    pages.extend(rendered("court_claim", court::ClaimPage::samples()));
    pages.extend(rendered("court_diary", court::Diary::samples()));
    pages.extend(rendered("limitation", court::LimitationPage::samples()));
    pages.extend(rendered("court_files", court::CourtFiles::samples()));
    pages.extend(rendered("court_answers", court_answers::AnswerFiles::samples()));
    pages.extend(rendered("court_answer", court_answers::OneAnswerFile::samples()));
    pages.extend(rendered("court_register", beside_court::Register::samples()));
    pages.extend(rendered("insolvency", beside_court::OneInsolvency::samples()));
    pages.extend(rendered("estate", beside_court::OneEstate::samples()));
    pages.extend(rendered("charge", beside_court::OneCharge::samples()));
    pages.extend(rendered("beside_court_form", beside_court::NewRecord::samples()));
    pages.extend(rendered("pathway", pathway::Pathway::samples()));
    pages.extend(rendered("pathway_draft", pathway_edit::PathwayDraftPage::samples()));
    pages.extend(rendered("pathway_for", pathway_for::PathwayForPage::samples()));
    pages.extend(rendered("pathway_choices", pathway_choices::PathwayChoices::samples()));
    pages.extend(rendered("pathway_choose", pathway_choices::ChooseForAccount::samples()));
    pages.extend(rendered("overpayments_back", taking_back::OverpaymentsBack::samples()));
    pages.extend(rendered("overpayment_back", taking_back::OneOverpaymentBack::samples()));
    pages.extend(rendered("pay_calculation", pay_calculation::OnePayCalculation::samples()));
    pages.extend(rendered("pathway_trials", pathway_trials::PathwayTrials::samples()));
    pages.extend(rendered("pathway_trial", pathway_trials::PathwayTrialPage::samples()));
    pages.extend(rendered("pathway_step", pathway_edit::PathwayStepForm::samples()));
    pages.extend(rendered("pathway_check", pathway_edit::PathwayCheckPage::samples()));
    pages.extend(rendered("pathway_try", pathway_edit::PathwayTryPage::samples()));
    pages.extend(rendered("aged_debt", aged_debt::AgedDebt::samples()));
    pages.extend(rendered("approvals", approvals::Approvals::samples()));
    pages.extend(rendered("decide", approvals::Decide::samples()));
    pages.extend(rendered("jobs", jobs::Jobs::samples()));
    pages.extend(rendered("job", jobs::Job::samples()));
    pages.extend(rendered("queries", queries::Queries::samples()));
    pages.extend(rendered("query", query::Query::samples()));
    pages.extend(rendered("ask", ask::Ask::samples()));
    pages.extend(rendered("causes", causes::Causes::samples()));
    pages.extend(rendered("complaints", complaints::Complaints::samples()));
    pages.extend(rendered("complaint", complaints::Complaint::samples()));
    pages.extend(rendered("complaint_form", complaints::ComplaintForm::samples()));
    pages.extend(rendered("mail", mail::MailList::samples()));
    pages.extend(rendered("message", mail::Message::samples()));
    pages.extend(rendered("servicenow_settings", servicenow::ServiceNowSetUp::samples()));
    pages.extend(rendered("service_desk_cases", service_desk::ServiceDeskCases::samples()));
    pages.extend(rendered("service_desk_case", service_desk::ServiceDeskOne::samples()));
    pages.extend(rendered("escalation", escalation::Escalation::samples()));
    pages.extend(rendered("query_summary", escalation::Summary::samples()));
    pages.extend(rendered("query_categories", query_categories::Categories::samples()));
    pages.extend(rendered("delivery", delivery::Delivery::samples()));
    pages.extend(rendered("notify_settings", notify::NotifySettings::samples()));
    pages.extend(rendered("notify", notify::NotifyStands::samples()));
    pages.extend(rendered("not_received", proof::NotReceived::samples()));
    pages.extend(rendered("delivery_of", proof::DeliveryOf::samples()));
    pages.extend(rendered("einvoices", proof::Einvoices::samples()));
    pages.extend(rendered("receiver", receiver::Receiver::samples()));
    pages.extend(rendered("settle", delivery::SettleLetter::samples()));
    pages.extend(rendered("print_batch", delivery::PrintBatch::samples()));
    pages.extend(rendered("close", close::Close::samples()));
    pages.extend(rendered("turn_period", close::TurnPeriod::samples()));
    pages.extend(rendered("gl_batches", close::GlBatches::samples()));
    pages.extend(rendered("gl_batch", close::GlBatch::samples()));
    pages.extend(rendered("search", search::SearchResults::samples()));
    pages.extend(rendered("customers", customers::Customers::samples()));
    pages.extend(rendered("customer_form", customers::CustomerForm::samples()));
    pages.extend(rendered("backing", backing::BackingPage::samples()));
    pages.extend(rendered("statements", statements::Statements::samples()));
    pages.extend(rendered("letters", letters::Letters::samples()));
    pages.extend(rendered("letter", letters::LetterPage::samples()));
    pages.extend(rendered("letter_differences", letters::LetterDifferences::samples()));
    pages.extend(rendered("letter_edit", letter_edit::LetterEdit::samples()));
    pages.extend(rendered("letter_check", letter_edit::LetterCheck::samples()));
    pages.extend(rendered("letter_preview", letter_edit::LetterPreview::samples()));
    pages.extend(rendered("court_forms", court_forms::CourtForms::samples()));
    pages.extend(rendered("rates", rates::Rates::samples()));
    pages.extend(rendered("users", admin::Users::samples()));
    pages.extend(rendered("interest", interest::Interest::samples()));
    pages.extend(rendered("late_charges", late_charges::LateCharges::samples()));
    pages.extend(rendered("write_off_candidates", write_off::Candidates::samples()));
    pages.extend(rendered("write_off_debt", write_off::CasePage::samples()));
    pages.extend(rendered("write_off_schedules", write_off_schedules::Schedules::samples()));
    pages.extend(rendered("write_off_schedule", write_off_schedules::SchedulePage::samples()));
    pages.extend(rendered("write_off_confirm", write_off_schedules::ConfirmSchedule::samples()));
    pages.extend(rendered("small_balances", write_off_lists::SmallBalances::samples()));
    pages.extend(rendered("write_offs", write_off_lists::AllWriteOffs::samples()));
    pages.extend(rendered("write_off_money", write_off_lists::MoneyThatCame::samples()));
    pages.extend(rendered("reappeared", write_off_lists::ThereAgain::samples()));
    pages.extend(rendered("losses_register", write_off_lists::Register::samples()));
    pages.extend(rendered("committee_report", write_off_lists::Report::samples()));
    pages.extend(rendered("service_referrals", write_off_lists::Referrals::samples()));
    pages.extend(rendered("write_off_criteria", write_off_lists::Criteria::samples()));
    pages.extend(rendered("allowance", allowance::Allowance::samples()));
    pages.extend(rendered("security_code", security_code::SecurityCode::samples()));
    pages.extend(rendered("refer", refer::Refer::samples()));
    pages.extend(rendered("hand_receipt", hand_receipt::HandReceipt::samples()));
    pages.extend(rendered("settings", settings::Settings::samples()));
    pages.extend(rendered("audit", admin::Audit::samples()));
    pages.extend(rendered("explain", explain::Explain::samples()));
    pages.extend(rendered("reports", reports::Reports::samples()));
    pages.extend(rendered("receipt_act", receipt_acts::ReceiptAct::samples()));
    pages.extend(rendered("split", receipt_acts::SplitReceipt::samples()));
    pages.extend(rendered("accept", receipt_acts::AcceptStrong::samples()));
    pages.extend(rendered("take_card", cards::TakeCard::samples()));
    pages.extend(rendered("card_list", cards::CardList::samples()));
    pages.extend(rendered("card", cards::CardPage::samples()));
    pages.extend(rendered("card_back", cards::CardBack::samples()));
    pages.extend(rendered("card_payout", cards::PayoutPage::samples()));
    pages.extend(rendered("payment_files", cards::PaymentFiles::samples()));
    pages.extend(rendered("pay", cards::Pay::samples()));
    pages.extend(rendered("statement_check", statement_check::StatementCheck::samples()));
    pages.extend(rendered("direct_debits", direct_debit::DirectDebits::samples()));
    pages.extend(rendered("collection_run", direct_debit::CollectionRun::samples()));
    pages.extend(rendered("bacs_reports", direct_debit::Reports::samples()));
    pages.extend(rendered("mandate", mandate::Mandate::samples()));
    pages.extend(rendered("mandate_form", mandate::MandateForm::samples()));
    pages.extend(rendered("cash_desk", cash_desk::DeskPage::samples()));
    pages.extend(rendered("bank_files", bank_files::BankFiles::samples()));
    pages.extend(rendered("bank_file", bank_files::BankFile::samples()));
    pages.extend(rendered("csv_layouts", csv_layout::CsvLayouts::samples()));
    pages.extend(rendered("csv_layout", csv_layout::CsvLayoutForm::samples()));
    pages.extend(rendered("pathways", pathway::Pathways::samples()));
    pages.extend(rendered("help", help::Help::samples()));
    pages.extend(rendered("billing", billing::Billing::samples()));
    pages.extend(rendered("me", me::Me::samples()));
    pages.extend(rendered("problem", problem::Problem::samples()));
    pages.extend(rendered("listings", listing::Listings::samples()));
    pages.extend(rendered("bring_list", listing::BringList::samples()));
    pages.extend(rendered("list_columns", listing::ListColumns::samples()));
    pages.extend(rendered("amend_check", amendment::AmendCheck::samples()));
    pages.extend(rendered("deposits", deposits::Deposits::samples()));
    pages.extend(rendered("deposit_form", deposits::DepositForm::samples()));
    pages.extend(rendered("deposit", deposits::OneDeposit::samples()));
    pages.extend(rendered("mailboxes", mailboxes::Mailboxes::samples()));
    pages.extend(rendered("customer_terms", customer_terms::TermsOfCustomer::samples()));
    pages.extend(rendered("payment_terms", payment_terms::PaymentTerms::samples()));
    pages.extend(rendered("vat_return", vat::VatReturn::samples()));
    pages.extend(rendered("list_result", listing::ListResult::samples()));
    pages.extend(rendered("reconciliations", proofs::Reconciliations::samples()));
    pages.extend(rendered("account_proof", proofs::AccountProof::samples()));
    pages.extend(rendered("activity", activity::ActivityLines::samples()));
    pages.extend(rendered("activity_take", activity::TakeActivity::samples()));
    pages.extend(rendered("activity_line", activity::OneActivity::samples()));
    pages.extend(rendered("completeness", completeness::CompletenessPage::samples()));
    pages.extend(rendered("uplifts", uplifts::Uplifts::samples()));
    pages.extend(rendered("uplift", uplifts::OneUplift::samples()));
    pages.extend(rendered("contracts", contracts::Contracts::samples()));
    pages.extend(rendered("contract_new", contracts::NewContract::samples()));
    pages.extend(rendered("contract", contracts::OneContract::samples()));
    pages.extend(rendered("billing_runs", billing_runs::BillingRuns::samples()));
    pages.extend(rendered("billing_run", billing_runs::OneRun::samples()));
    pages.extend(rendered("invoice_evidence", billing_runs::InvoiceEvidence::samples()));
    pages.extend(rendered("feeders", feeder_setup::Feeders::samples()));
    pages.extend(rendered("feeder", feeder_setup::FeederForm::samples()));
    pages.extend(rendered("feeder_files", feeders::FeederFiles::samples()));
    pages.extend(rendered("feeder_file", feeders::OneFile::samples()));
    pages.extend(rendered("feeder_rejects", feeders::Rejects::samples()));
    pages.extend(rendered("requests", requests::Requests::samples()));
    pages.extend(rendered("request", request::OneRequest::samples()));
    pages.extend(rendered("request_new", request::NewRequest::samples()));
    pages.extend(rendered("person_services", requests::PeopleServices::samples()));
    pages.extend(rendered("rate_cards", billing_runs::RateCards::samples()));
    pages.extend(rendered("standing_orders", standing_orders::StandingOrders::samples()));
    pages.extend(rendered("standing_order_new", standing_orders::NewOrder::samples()));
    pages.extend(rendered("standing_order", standing_orders::OneOrder::samples()));
    pages.extend(rendered("standing_order_check", standing_orders::OrderCheck::samples()));
    pages.extend(rendered("standing_order_tasks", standing_orders::OrderTasks::samples()));
    pages.extend(rendered("standing_order_changes", standing_orders::OrderChanges::samples()));
    pages.extend(rendered("api_docs", api_docs::ApiDocs::samples()));
    pages
}

fn find<'a>(page: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    page.select(&Selector::parse(selector).expect("a selector")).collect()
}

fn words(element: &scraper::ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Everything that every page must have; what is missing, in words.
fn faults(name: &str, html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let mut faults = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            faults.push(format!("{name}: {what}"));
        }
    };
    let heads = find(&page, "h1");
    must(heads.len() == 1, format!("{} h1", heads.len()));
    let title = find(&page, "title").first().map(words).unwrap_or_default();
    let h1 = heads.first().map(words).unwrap_or_default();
    let fails = title.starts_with("Error: ") || title.starts_with("Gwall: ");
    must(
        !h1.is_empty() && title.trim_start_matches("Error: ").trim_start_matches("Gwall: ").starts_with(&h1),
        format!("title {title:?} and h1 {h1:?}"),
    );
    let labelled: Vec<&str> = find(&page, "label").iter().filter_map(|label| label.attr("for")).collect();
    for field in find(&page, "input, select, textarea") {
        let hidden = field.attr("type") == Some("hidden");
        let named = field.attr("aria-label").is_some() || field.attr("id").is_some_and(|id| labelled.contains(&id));
        must(hidden || named, format!("no label for {}", field.html()));
    }
    must(
        !html.contains(" style=") && !html.contains("<style") && !html.contains(" onclick="),
        "inline style or script".into(),
    );
    for script in find(&page, "script") {
        must(script.attr("src").is_some(), "inline script".into());
    }
    for link in find(&page, "a") {
        must(link.attr("href").is_some(), format!("no address in {}", link.html()));
    }
    let ids: Vec<&str> = find(&page, "[id]").iter().filter_map(|element| element.attr("id")).collect();
    for (place, id) in ids.iter().enumerate() {
        must(!ids[..place].contains(id), format!("id {id} twice"));
    }
    for link in find(&page, ".govuk-error-summary__list a") {
        let target = link.attr("href").unwrap_or_default().trim_start_matches('#');
        must(ids.contains(&target), format!("the error links to #{target}, which is not there"));
        must(fails, "title without Error:".into());
    }
    for form in find(&page, "form[method=post]") {
        let has = |name: &str| {
            form.select(&Selector::parse(&format!("input[name={name}]")).expect("a selector")).count() == 1
        };
        // A stranger's page has no session whose token a form could carry.
        let stranger = form.attr("action").is_some_and(|to| {
            ["/pay/", "/practice-card/", "/ask/", "/refer/", "/plan-online/"].iter().any(|one| to.starts_with(one))
        });
        must(stranger || has("csrf") && has("form_key"), format!("tokens missing in form {:?}", form.attr("action")));
    }
    for table in find(&page, "table") {
        must(
            table.select(&Selector::parse("caption").expect("a selector")).count() == 1,
            "table without caption".into(),
        );
    }
    faults
}

#[test]
fn every_sample_has_what_every_page_must_have() {
    let faults: Vec<String> = all().iter().flat_map(|(name, html)| faults(name, html)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The folder of the samples: `target/pages` of the workspace.
fn folder() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    target.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target")).join("pages")
}

#[test]
fn samples_are_written_for_the_browser() {
    let folder = folder();
    let assets = folder.join("assets");
    std::fs::create_dir_all(&assets).unwrap();
    for (name, html) in all() {
        std::fs::write(folder.join(format!("{name}.html")), html).unwrap();
    }
    for asset in crate::web::assets::ASSETS {
        std::fs::write(assets.join(asset.served_as), asset.bytes).unwrap();
    }
    let policy = crate::web::assets::CONTENT_SECURITY_POLICY;
    std::fs::write(folder.join("policy.txt"), policy).unwrap();
    let names: Vec<String> = all().into_iter().map(|(name, _)| name).collect();
    std::fs::write(folder.join("pages.txt"), names.join("\n")).unwrap();
}
