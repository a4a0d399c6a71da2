//! Candidates for giving up, and one debt with its checklists, evidence and questions to the service.

use super::plain::Plain;
use crate::web::door::path_part;
use crate::web::ui::{self, Frame, Html, TagColour};
use askama::Template;
use sundry_desk::writeoff::{CandidateShown, CandidatesPage, DebtCase, ReasonList};
use sundry_domain::law::{ServiceAnswer, ServiceKind};
use sundry_domain::money::Pence;
use sundry_domain::recovery::stage_name;
use sundry_domain::writeoff::{Evidence, LineState, LossCategory, Tier, WriteOffReason, reason_name};

/// The pages of the room, as far as the reader may open them.
pub(super) fn places(frame: &Frame, current: &str) -> Html {
    let all = [
        ("Candidates", "/write-offs"),
        ("Schedules", "/approvals/writeoffs"),
        ("Small balances", "/write-offs/small"),
        ("Asked of services", "/write-offs/referrals"),
        ("Money that came", "/write-offs/money"),
        ("There again", "/write-offs/reappeared"),
        ("All write-offs", "/write-offs/all"),
        ("Losses register", "/write-offs/register"),
        ("Committee report", "/write-offs/report"),
        ("Criteria", "/write-offs/policy"),
    ];
    let shown: Vec<(&str, &str)> = all.into_iter().filter(|(_, href)| frame.opens(href)).collect();
    if shown.is_empty() {
        return Html::default();
    }
    let places = shown
        .into_iter()
        .fold(ui::sub_navigation("Write-off"), |all, (text, href)| all.place(text, href, href == current));
    places.into()
}

/// A debt by its number, linked to its page of the room.
pub(super) fn debt_link(number: &str) -> Html {
    ui::link(format!("/write-offs/debts/{}", path_part(number)), number)
}

/// The name of a stored reason.
pub(super) fn reason_words(stored: &str) -> &str {
    WriteOffReason::parse(stored).map_or(stored, |one| reason_name(one))
}

/// The name of a stored tier.
pub(super) fn tier_words(stored: &str) -> &str {
    Tier::parse(stored).map_or(stored, |one| one.name())
}

/// Where a question to a service stands.
pub(super) fn referral_state(stored: &str) -> &str {
    match stored {
        "open" => "Open",
        "answered" => "Answered",
        "defaulted" => "No answer",
        "withdrawn" => "Withdrawn",
        other => other,
    }
}

/// Debts that the criteria speak for.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Candidates {
    /// The frame.
    pub frame: Frame,
    /// What was found.
    pub found: CandidatesPage,
    /// Reason and service filtered by, and whether only what is ready.
    pub filter: (String, String, bool),
    /// Whether the reader puts debts on the schedule.
    pub may_propose: bool,
    /// What was done to recover them, as typed.
    pub words: String,
    /// Address for downloads, ready for one more field.
    pub download: String,
}

impl Candidates {
    /// The heading.
    pub fn heading(&self) -> String {
        "Debts to give up".to_owned()
    }

    fn row(&self, one: &CandidateShown) -> ui::Row {
        let open = Pence(one.open_pence);
        let state = match (one.in_the_way.first(), one.missing.as_str(), one.schedule.as_str()) {
            (_, _, on) if !on.is_empty() => ui::link(format!("/approvals/writeoffs/{on}"), format!("On {on}")),
            (Some((_, words)), ..) => Html::from(words),
            (None, "", _) => ui::tag("Ready", TagColour::Green).into(),
            (None, lacks, _) => Html::from(format!("Missing: {lacks}")),
        };
        let relief = match one.relief.amount_pence {
            0 => Html::from(ui::or_dash("")),
            pence => Html::from(Pence(pence)),
        };
        ui::row()
            .select(&one.number, format!("Choose {}", one.number), open)
            .locked(!one.is_ready() || !self.may_propose)
            .cell(debt_link(&one.number))
            .cell(ui::link(format!("/customers/{}", path_part(&one.customer_number)), &one.customer_name))
            .cell(&one.service)
            .cell(ui::number(one.days_overdue))
            .cell(open)
            .cell(relief)
            .cell(reason_words(&one.reason))
            .cell(tier_words(&one.tier))
            .cell(state)
    }

    fn list(&self) -> Html {
        let table = ui::table("Candidates, the largest first").columns([
            ui::col("Debt").nowrap(),
            ui::col("Customer"),
            ui::col("Service"),
            ui::num("Days overdue"),
            ui::num("Open"),
            ui::num("VAT relief"),
            ui::col("Reason"),
            ui::col("Decides"),
            ui::col("State"),
        ]);
        let table = table.rows(self.found.rows.iter().map(|one| self.row(one)));
        if !self.may_propose || self.filter.0.is_empty() {
            let why = match self.may_propose {
                true => "Choose one reason above to put debts on this month's schedule.",
                false => "Who works cases puts debts on the month's schedule.",
            };
            return Html::from(table).and(ui::muted(why));
        }
        let words =
            ui::textarea("words", "What was done to recover them", &self.words).rows(3).errors(&self.frame.errors);
        let bar = ui::sticky_bar("Put the chosen debts on this month's schedule", ui::button("Put on the schedule"));
        let body = Html::from(table.selectable("debt")).and(ui::hidden("reason", &self.filter.0)).and(words).and(bar);
        ui::post_form("/write-offs", self.frame.tokens("propose"), body).guarded().into()
    }

    fn nothing(&self) -> Html {
        let (reason, service, ready) = &self.filter;
        if !reason.is_empty() || !service.is_empty() || *ready {
            let text = "The criteria speak for other debts, or for none.";
            let clear = ui::link("/write-offs", "Clear the filters");
            return ui::empty("No debt fits these filters", text).action(clear).into();
        }
        let text = "A debt is listed here once the criteria speak for giving it up: nobody is found, nothing is left \
                    to take, its time is over or it is too small to pursue.";
        let look = match self.frame.opens("/write-offs/policy") {
            true => ui::link("/write-offs/policy", "Look at the criteria"),
            false => Html::default(),
        };
        ui::empty("No debt is to be given up", text).action(look).into()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let one = |number: &str, missing: &str| CandidateShown {
            number: number.into(),
            customer_number: "C103933".into(),
            customer_name: "Tidewater Scaffolding Ltd".into(),
            service: "Halls".into(),
            due_on: super::sampled::on(2026, 2, 1),
            days_overdue: 294,
            open_pence: 90_000,
            reason: "untraceable".into(),
            category: "3c".into(),
            tier: "manager".into(),
            relief: sundry_desk::writeoff::ReliefIfGivenUp { amount_pence: 15_000, earliest_on: None, latest_on: None },
            missing: missing.into(),
            in_the_way: Vec::new(),
            schedule: String::new(),
        };
        let found = |rows: Vec<CandidateShown>| CandidatesPage {
            count: rows.len() as i64,
            total_pence: 90_000 * rows.len() as i64,
            ready: 1,
            ready_pence: 90_000,
            relief_pence: 15_000,
            by_reason: vec![("untraceable".into(), 2, 180_000)],
            criteria: sundry_domain::writeoff::Criteria::default(),
            rows,
        };
        let page = |frame, rows, reason: &str| Self {
            frame,
            found: found(rows),
            filter: (reason.into(), String::new(), false),
            may_propose: true,
            words: String::new(),
            download: "/write-offs?".into(),
        };
        let rows = || vec![one("INV-000123", ""), one("INV-000140", "trace proof, service's answer")];
        let wrong =
            Frame::sample("Recovery").wrong("words", "Enter what was done to recover it, in at most 1,000 characters");
        vec![
            ("full", page(Frame::sample("Recovery"), rows(), "")),
            ("chosen", page(Frame::sample("Recovery"), rows(), "untraceable")),
            ("error", page(wrong, rows(), "untraceable")),
            ("empty", page(Frame::sample("Recovery"), Vec::new(), "")),
            ("filtered", page(Frame::sample("Recovery"), Vec::new(), "untraceable")),
        ]
    }
}

impl Plain for Candidates {
    fn above(&self) -> Html {
        places(&self.frame, "/write-offs")
    }

    fn actions(&self) -> Html {
        ui::downloads(|format| format!("{}format={format}", self.download))
    }

    fn body(&self) -> Html {
        let found = &self.found;
        let reasons = WriteOffReason::ALL.iter().map(|one| (one.as_str().to_owned(), reason_name(*one).to_owned()));
        let reasons = std::iter::once((String::new(), "Every reason".to_owned())).chain(reasons);
        let ready = [("".to_owned(), "All".to_owned()), ("yes".to_owned(), "Ready for the schedule".to_owned())];
        let filters = ui::filters("/write-offs")
            .field(ui::select("reason", "Reason", &self.filter.0, reasons))
            .field(ui::input("service", "Service", &self.filter.1).width(10))
            .field(ui::select("ready", "Show", if self.filter.2 { "yes" } else { "" }, ready))
            .clear("/write-offs");
        let figures = ui::figures([
            ui::figure("Candidates", Some(ui::number(found.count))).note(Pence(found.total_pence).to_string()),
            ui::figure("Ready", Some(ui::number(found.ready))).note(Pence(found.ready_pence).to_string()),
            ui::figure("VAT relief", Some(Pence(found.relief_pence).to_string())),
        ]);
        let by_reason =
            found.by_reason.iter().fold(ui::bars("By reason", "Reason", "Open"), |bars, (reason, count, pence)| {
                let words = format!("{} ({})", Pence(*pence), ui::count_of(*count, "debt", "debts"));
                bars.row(reason_words(reason), words, *pence, 1)
            });
        let list = match found.rows.is_empty() {
            true => self.nothing(),
            false => Html::from(by_reason.table()).and(self.list()),
        };
        let more = match found.count as usize > found.rows.len() {
            true => Html::from(ui::muted(format!(
                "The first {} of {}. Download the rest.",
                found.rows.len(),
                ui::number(found.count)
            ))),
            false => Html::default(),
        };
        Html::from(figures).and(filters).and(list).and(more)
    }
}

/// One debt with all it takes to decide whether it is given up.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CasePage {
    /// The frame.
    pub frame: Frame,
    /// The debt.
    pub case: DebtCase,
    /// Whether the reader proposes write-offs; whether they ask services.
    pub may: (bool, bool),
    /// Field and what was typed.
    pub typed: Vec<(String, String)>,
}

impl CasePage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Giving up {}", self.case.number)
    }

    fn of(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value)
    }

    fn at(&self, act: &str) -> String {
        format!("/write-offs/debts/{}/{act}", path_part(&self.case.number))
    }

    fn facts(&self) -> Html {
        let case = &self.case;
        let relief = match (case.relief.amount_pence, case.relief.earliest_on, case.relief.latest_on) {
            (0, ..) => Html::from("None: no VAT was charged"),
            (pence, Some(from), Some(to)) => Html::from(format!("{}, to be claimed from", Pence(pence)))
                .and(ui::long_date(from))
                .and("to")
                .and(ui::long_date(to)),
            (pence, ..) => Html::from(Pence(pence)),
        };
        let category = LossCategory::parse(&case.category).map_or(case.category.as_str(), |one| one.name());
        let facts = ui::summary_list()
            .fact("Customer", ui::link(format!("/customers/{}", path_part(&case.customer_number)), &case.customer_name))
            .fact("Open", Html::from(Pence(case.open_pence)).and(" of ").and(Pence(case.original_pence)))
            .fact("Due", ui::long_date(case.due_on))
            .fact_if("Service", &case.service)
            .fact_if("Type of debt", &case.debt_type)
            .fact("Let off in twelve months", Pence(case.before_pence))
            .fact("Who decides", tier_words(&case.tier))
            .fact("Loss category", category)
            .fact("VAT relief", relief);
        match case.claim_until {
            Some(last) => facts.fact("Last day of a claim", ui::long_date(last)).into(),
            None => facts.into(),
        }
    }

    fn checks(&self) -> Html {
        let case = &self.case;
        let mut list: Vec<(ui::Verdict, Html)> =
            case.in_the_way.iter().map(|(_, words)| (ui::Verdict::Fix, Html::from(words))).collect();
        if list.is_empty() {
            list.push((
                ui::Verdict::Passed,
                Html::from("Nothing stands in the way: no hold, no dispute, no money on the account"),
            ));
        }
        if !case.schedule.is_empty() {
            let at = format!("/approvals/writeoffs/{}", case.schedule);
            let on = match self.frame.opens(&at) {
                true => ui::link(at, &case.schedule),
                false => Html::from(&case.schedule),
            };
            list.push((ui::Verdict::Look, Html::from("It stands on schedule ").and(on)));
        }
        ui::checks(list).into()
    }

    fn reason(list: &ReasonList) -> Html {
        let rows = list.needs.iter().map(|need| {
            let found = match need.found.as_str() {
                "" => ui::cell_error("Missing"),
                words => Html::from(words),
            };
            ui::row().cell(Html::from(capital(&need.name))).cell(found).wrong(need.found.is_empty())
        });
        let title = if list.suggested { format!("{} (the facts speak for it)", list.name) } else { list.name.clone() };
        let table = ui::table(title).show_caption().columns([ui::col("Evidence"), ui::col("On file")]).rows(rows);
        Html::from(table.narrow())
    }

    fn evidence(&self) -> Html {
        let case = &self.case;
        let rows = case.evidence.iter().map(|one| {
            let kind = Evidence::parse(&one.kind).map_or(one.kind.as_str(), |one| one.name());
            let file = match one.file_name.as_str() {
                "" => Html::from(ui::or_dash("")),
                name => ui::link(self.at(&format!("files/{}", one.file_sha256)), name),
            };
            let state = match (one.ended_on, self.may.0) {
                (Some(on), _) => Html::from("Taken off on ").and(ui::long_date(on)),
                (None, false) => Html::from("On file"),
                (None, true) => {
                    let body = ui::hidden("evidence", one.id.to_string())
                        .and(ui::hidden("words", "Taken off by who put it there"))
                        .and(ui::button("Take off").secondary());
                    ui::post_form(self.at("evidence-end"), self.frame.tokens(&format!("end-{}", one.id)), body).into()
                }
            };
            ui::row().cell(capital(kind)).cell(&one.words).cell(one.on_day).cell(file).cell(&one.actor_name).cell(state)
        });
        let table = match case.evidence.is_empty() {
            true => Html::from(ui::muted("Nobody put evidence on file yet. Each reason above says what it needs.")),
            false => ui::table("Evidence on file")
                .show_caption()
                .columns([
                    ui::col("What"),
                    ui::col("It shows"),
                    ui::col("Day").nowrap(),
                    ui::col("File"),
                    ui::col("By"),
                    ui::col("State"),
                ])
                .rows(rows)
                .into(),
        };
        if !self.may.0 {
            return table;
        }
        let errors = &self.frame.errors;
        let kept_by_the_books =
            [Evidence::History, Evidence::LossCategory, Evidence::VatRelief, Evidence::ServiceAnswer];
        let kinds = Evidence::ALL.iter().filter(|kind| !kept_by_the_books.contains(kind));
        let kinds = kinds.map(|kind| (kind.as_str().to_owned(), capital(kind.name())));
        let kinds = std::iter::once((String::new(), "Choose".to_owned())).chain(kinds);
        let body = Html::from(ui::select("kind", "What is it?", self.of("kind"), kinds).errors(errors))
            .and(ui::textarea("evidence_words", "What it shows", self.of("evidence_words")).rows(2).errors(errors))
            .and(
                ui::date_input("on", "Its day", self.of("on"))
                    .hint("For the limitation date, the last day of a claim. Leave empty for today.")
                    .errors(errors),
            )
            .and(
                ui::file_field(
                    "file",
                    "A file that shows it, if there is one",
                    ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.eml,.csv,.txt",
                )
                .errors(errors),
            )
            .and(ui::button("Put on file").secondary());
        let form = ui::post_form(self.at("evidence"), self.frame.tokens("evidence"), body).with_file();
        table.and(ui::boxed("Put evidence on file", form))
    }

    fn services(&self) -> Html {
        let case = &self.case;
        let rows = case.referrals.iter().map(|one| {
            let answer = match (one.state.as_str(), ServiceAnswer::parse(&one.answer)) {
                ("open", _) => Html::from("Until ").and(ui::long_date(one.answer_by)),
                (_, Some(answer)) => Html::from(answer.name()).and(ui::sub_line(one.answer_words.as_str())),
                _ => Html::from(ui::or_dash("")),
            };
            let state = referral_state(&one.state);
            ui::row().cell(&one.number).cell(&one.service).cell(one.asked_on).cell(state).cell(answer)
        });
        let table = match case.referrals.is_empty() {
            true => Html::from(ui::muted("The service was not asked yet.")),
            false => ui::table("Asked of the service")
                .show_caption()
                .columns([
                    ui::col("Question").nowrap(),
                    ui::col("Service"),
                    ui::col("Asked").nowrap(),
                    ui::col("State"),
                    ui::col("Answer"),
                ])
                .rows(rows)
                .into(),
        };
        let open = case.referrals.iter().any(|one| one.state == "open");
        if !self.may.1 || open || case.open_pence == 0 {
            return table;
        }
        let errors = &self.frame.errors;
        let purposes = [
            ("recommendation", "Its view before the debt is given up"),
            ("suspension", "Whether to go on or to suspend, before court"),
        ];
        let chosen = if self.of("purpose").is_empty() { "recommendation" } else { self.of("purpose") };
        let needs = ServiceKind::ALL.iter().map(|kind| (kind.as_str().to_owned(), kind.name().to_owned()));
        let need = if self.of("need").is_empty() { case.need.as_str() } else { self.of("need") };
        let silent = ServiceAnswer::ALL.iter().filter(|answer| **answer != ServiceAnswer::Suspend);
        let silent = silent.map(|answer| (answer.as_str().to_owned(), answer.name().to_owned()));
        let default = if self.of("default_answer").is_empty() { "continue" } else { self.of("default_answer") };
        let body = Html::from(ui::radios("purpose", "What is asked?", chosen, purposes).errors(errors))
            .and(ui::input("to", "E-mail of who answers", self.of("to")).kind("email").width(30).errors(errors))
            .and(
                ui::select("need", "What the service gives", need, needs)
                    .hint("What must go on is never suspended for a debt, and is not offered.")
                    .errors(errors),
            )
            .and(ui::textarea("question", "More to ask; name nobody", self.of("question")).rows(2).errors(errors))
            .and(ui::select("default_answer", "If nobody answers", default, silent).errors(errors))
            .and(ui::muted("Recovery of this debt is held until the answer, or until the clock has run out."))
            .and(ui::button("Ask the service").secondary());
        table.and(ui::boxed("Ask the service", ui::post_form(self.at("ask"), self.frame.tokens("ask"), body).guarded()))
    }

    fn propose(&self) -> Html {
        let case = &self.case;
        if !self.may.0 || case.open_pence == 0 || !case.schedule.is_empty() {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let suggested = case.reasons.iter().find(|list| list.suggested).map_or("", |list| &list.reason);
        let reason = if self.of("reason").is_empty() { suggested } else { self.of("reason") };
        let reasons = case.reasons.iter().map(|list| (list.reason.clone(), list.name.clone()));
        let amount =
            if self.of("amount").is_empty() { Pence(case.open_pence).pounds() } else { self.of("amount").to_owned() };
        let how = if self.of("how").is_empty() { "schedule" } else { self.of("how") };
        let hows = [
            ("schedule", format!("On schedule {}", case.this_month)),
            ("alone", "By itself, for approval now".to_owned()),
        ];
        let body = Html::from(ui::radios("reason", "Why?", reason, reasons).errors(errors))
            .and(
                ui::amount_input("amount", "How much", amount)
                    .hint(format!("{} is open", Pence(case.open_pence)))
                    .errors(errors),
            )
            .and(ui::textarea("words", "What was done to recover it", self.of("words")).errors(errors))
            .and(ui::radios("how", "How?", how, hows).errors(errors))
            .and(ui::muted("Someone else must approve it. Until then the debt stays as it is."))
            .and(ui::button("Propose"));
        ui::boxed("Propose it", ui::post_form(self.at("propose"), self.frame.tokens("propose"), body).guarded()).into()
    }

    fn history(&self) -> Html {
        let case = &self.case;
        let steps =
            case.steps.iter().map(|one| ui::row().cell(one.taken_on).cell(stage_name(&one.step_code)).cell(&one.note));
        let steps = match case.steps.is_empty() {
            true => Html::from(ui::muted("No step was taken.")),
            false => ui::table("Recovery steps")
                .show_caption()
                .columns([ui::col("Day").nowrap(), ui::col("Step"), ui::col("Note")])
                .rows(steps)
                .into(),
        };
        let paid = case.allocations.iter().map(|one| {
            ui::row()
                .cell(one.allocated_on)
                .cell(&one.other_number)
                .cell(capital(&one.other_kind))
                .cell(Pence(one.amount_pence))
        });
        let paid = match case.allocations.is_empty() {
            true => Html::from(ui::muted("Nothing was set against it.")),
            false => ui::table("Set against it")
                .show_caption()
                .columns([ui::col("Day").nowrap(), ui::col("Number"), ui::col("What"), ui::num("Amount")])
                .rows(paid)
                .into(),
        };
        let lines = case.lines.iter().map(|one| {
            let words = if one.decision_words.is_empty() { one.words.as_str() } else { one.decision_words.as_str() };
            ui::row()
                .cell(one.proposed_on)
                .cell(&one.proposed_by_name)
                .cell(LineState::parse(&one.state).map_or(one.state.as_str(), |state| state.name()))
                .cell(ui::or_dash(&one.decided_by_name))
                .cell(words)
        });
        let lines = match case.lines.is_empty() {
            true => Html::default(),
            false => ui::table("Proposed before")
                .show_caption()
                .columns([
                    ui::col("Day").nowrap(),
                    ui::col("By"),
                    ui::col("State"),
                    ui::col("Decided by"),
                    ui::col("Words"),
                ])
                .rows(lines)
                .into(),
        };
        steps.and(paid).and(lines)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        use sundry_desk::writeoff::NeedShown;
        let need = |kind: &str, found: &str| NeedShown {
            kind: kind.into(),
            name: kind.replace('_', " "),
            found: found.into(),
        };
        let list = |reason: &str, name: &str, suggested, needs: Vec<NeedShown>| ReasonList {
            missing: needs
                .iter()
                .filter(|one| one.found.is_empty())
                .map(|one| one.name.clone())
                .collect::<Vec<_>>()
                .join(", "),
            reason: reason.into(),
            name: name.into(),
            suggested,
            needs,
        };
        let case = || DebtCase {
            number: "INV-000123".into(),
            customer_number: "C103933".into(),
            customer_name: "Tidewater Scaffolding Ltd".into(),
            service: "Halls".into(),
            debt_type: "hall hire".into(),
            due_on: on(2026, 2, 1),
            original_pence: 120_000,
            open_pence: 90_000,
            before_pence: 0,
            tier: "manager".into(),
            category: "3c".into(),
            relief: sundry_desk::writeoff::ReliefIfGivenUp {
                amount_pence: 15_000,
                earliest_on: Some(on(2026, 8, 1)),
                latest_on: Some(on(2030, 8, 1)),
            },
            claim_until: Some(on(2032, 2, 1)),
            in_the_way: Vec::new(),
            reasons: vec![
                list(
                    "untraceable",
                    "Cannot be found",
                    true,
                    vec![need("letters", "4 reminders"), need("trace_proof", "")],
                ),
                list("uneconomic", "Too small to pursue", false, vec![need("cost_benefit", "")]),
            ],
            evidence: Vec::new(),
            referrals: Vec::new(),
            need: "other".into(),
            lines: Vec::new(),
            schedule: String::new(),
            this_month: "WO-2026-11".into(),
            steps: Vec::new(),
            allocations: Vec::new(),
        };
        let page = |frame, case, may| Self { frame, case, may, typed: Vec::new() };
        let held = DebtCase {
            in_the_way: vec![(
                "REC-09-MONEY-ON-ACCOUNT".into(),
                "£20.00 of the customer is not set against anything".into(),
            )],
            ..case()
        };
        let wrong = Frame::sample("Recovery")
            .wrong("kind", "Choose what it is")
            .wrong("to", "Enter an e-mail address, like halls@example.gov.uk")
            .wrong("words", "Enter what was done to recover it");
        vec![
            ("open", page(Frame::sample("Recovery"), case(), (true, true))),
            ("held", page(Frame::sample("Recovery"), held, (true, true))),
            ("read", page(Frame::sample("Recovery"), case(), (false, false))),
            ("error", page(wrong, case(), (true, true))),
        ]
    }
}

/// `trace_proof` or `trace proof` as people read it.
pub(super) fn capital(words: &str) -> String {
    let words = words.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl Plain for CasePage {
    fn above(&self) -> Html {
        let customer = format!("/customers/{}", path_part(&self.case.customer_number));
        let mut places = vec![(customer, self.case.customer_name.clone())];
        if self.frame.opens("/write-offs") {
            places.insert(0, ("/write-offs".to_owned(), "Debts to give up".to_owned()));
        }
        ui::breadcrumbs(places).into()
    }

    fn body(&self) -> Html {
        let lists = self.case.reasons.iter().fold(Html::default(), |all, list| all.and(Self::reason(list)));
        let left = self.facts().and(self.checks()).and(lists).and(self.evidence()).and(self.history());
        let right = self.propose().and(self.services());
        ui::grid([(7, left), (5, right)]).into()
    }
}
