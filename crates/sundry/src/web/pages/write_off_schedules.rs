//! The monthly schedules: the list, one with its lines, and the check page before a decision.

use super::plain::Plain;
use super::write_off::{debt_link, places, reason_words, tier_words};
use crate::web::door::path_part;
use crate::web::ui::{self, Frame, Html, TagColour, Verdict};
use askama::Template;
use sundry_desk::writeoff::{LineShown, ScheduleShown};
use sundry_domain::money::Pence;
use sundry_domain::writeoff::LineState;
use sundry_store::writeoff::schedules::ScheduleRow;

/// Every schedule.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Schedules {
    /// The frame.
    pub frame: Frame,
    /// Newest first.
    pub rows: Vec<ScheduleRow>,
}

impl Schedules {
    /// The heading.
    pub fn heading(&self) -> String {
        "Write-off schedules".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows| Self { frame: Frame::sample("Approvals"), rows };
        vec![("full", page(vec![sample_row()])), ("empty", page(Vec::new()))]
    }
}

#[cfg(test)]
fn sample_row() -> ScheduleRow {
    ScheduleRow {
        id: 1,
        number: "WO-2026-11".into(),
        month_on: super::sampled::on(2026, 11, 1),
        committee_on: None,
        committee_minute: String::new(),
        committee_by: String::new(),
        waiting: 2,
        waiting_pence: 110_000,
        approved: 4,
        approved_pence: 212_000,
        other: 1,
    }
}

impl Plain for Schedules {
    fn above(&self) -> Html {
        places(&self.frame, "/approvals/writeoffs")
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            let text =
                "A month's schedule opens with the first debt that is put on it, and then waits here for a decision.";
            let next = match self.frame.opens("/write-offs") {
                true => ui::link("/write-offs", "Look at the debts to give up"),
                false => Html::default(),
            };
            return ui::empty("There are no schedules", text).action(next).into();
        }
        let rows = self.rows.iter().map(|row| {
            ui::row()
                .cell(ui::link(format!("/approvals/writeoffs/{}", row.number), &row.number))
                .cell(ui::month(row.month_on))
                .cell(ui::number(row.waiting))
                .cell(Pence(row.waiting_pence))
                .cell(ui::number(row.approved))
                .cell(Pence(row.approved_pence))
                .cell(ui::number(row.other))
        });
        ui::table("By month, newest first")
            .columns([
                ui::col("Schedule").nowrap(),
                ui::col("Month").nowrap(),
                ui::num("Wait"),
                ui::num("Sum"),
                ui::num("Written off"),
                ui::num("Sum"),
                ui::num("Sent back, refused, withdrawn"),
            ])
            .rows(rows)
            .into()
    }
}

/// A schedule with its lines.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct SchedulePage {
    /// The frame.
    pub frame: Frame,
    /// The schedule.
    pub shown: ScheduleShown,
    /// When the committee met and its minute, as typed.
    pub committee: (String, String),
}

impl SchedulePage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Write-off schedule {}", self.shown.schedule.number)
    }

    fn at(&self) -> String {
        format!("/approvals/writeoffs/{}", self.shown.schedule.number)
    }

    fn waiting(&self) -> impl Iterator<Item = &LineShown> {
        self.shown.lines.iter().filter(|line| line.state == LineState::Proposed.as_str())
    }

    fn line(line: &LineShown) -> ui::Row {
        let amount = Pence(line.amount_pence);
        let why = match (line.why_not.as_str(), line.missing.as_str()) {
            ("", _) => Html::from(line.evidence.as_str()),
            (_, lacks) if !lacks.is_empty() => ui::cell_error(format!("Missing: {lacks}")),
            (why, _) => ui::cell_error(why),
        };
        let customer = ui::link(format!("/customers/{}", path_part(&line.customer_number)), &line.customer_name);
        let done = format!("{}, {}", ui::count_of(line.letters, "reminder", "reminders"), line.words);
        ui::row()
            .select(line.line.to_string(), format!("Approve {}", line.number), amount)
            .ticked(line.why_not.is_empty())
            .locked(!line.why_not.is_empty())
            .cell(customer)
            .cell(&line.customer_number)
            .cell(debt_link(&line.number))
            .cell(ui::number(line.days_overdue))
            .cell(amount)
            .cell(Html::from(line.reason_name.as_str()).and(ui::sub_line(tier_words(&line.tier))))
            .cell(done)
            .cell(why)
            .cell(&line.proposed_by)
    }

    fn columns() -> [ui::Column; 9] {
        [
            ui::col("Customer"),
            ui::col("Account").nowrap(),
            ui::col("Debt").nowrap(),
            ui::num("Days overdue"),
            ui::num("Amount"),
            ui::col("Reason, who decides"),
            ui::col("Steps done"),
            ui::col("Evidence"),
            ui::col("Proposed by"),
        ]
    }

    fn lines(&self) -> Html {
        if self.waiting().next().is_none() {
            let text = "Every line of this schedule has been decided or withdrawn: what was decided stands below.";
            let next = ui::link("/approvals/writeoffs", "Look at the other schedules");
            return ui::empty("Nothing waits", text).action(next).into();
        }
        let table =
            ui::table("Debts that wait for a decision").columns(Self::columns()).rows(self.waiting().map(Self::line));
        if !self.shown.may_decide {
            return table.into();
        }
        let (count, pence) = self.shown.can_approve;
        let bar = ui::sticky_bar(
            "Decide",
            ui::button(format!("Go on: up to {} of {}", ui::count_of(count, "debt", "debts"), Pence(pence))),
        );
        let body = Html::from(table.selectable("line").exclude()).and(bar);
        ui::post_form(self.at(), self.frame.tokens("decide"), body).into()
    }

    fn checks(&self) -> Html {
        let shown = &self.shown;
        let own = self.waiting().filter(|line| line.own).count() as i64;
        let lacking = self.waiting().filter(|line| !line.missing.is_empty()).count() as i64;
        let limit = match shown.limit_pence {
            Some(limit) => format!("Your limit is {} for one customer in twelve months", Pence(limit)),
            None => "You have no limit for write-offs: someone else decides".to_owned(),
        };
        let mut list = vec![(if shown.limit_pence.is_some() { Verdict::Passed } else { Verdict::Fix }, limit)];
        list.push(match own {
            0 => (Verdict::Passed, "Nobody decides on their own work".to_owned()),
            some => (
                Verdict::Fix,
                format!("You proposed {}: someone else decides on them", ui::count_of(some, "line", "lines")),
            ),
        });
        list.push(match lacking {
            0 => (Verdict::Passed, "Evidence is whole".to_owned()),
            some => {
                (Verdict::Fix, format!("{} without evidence cannot be approved", ui::count_of(some, "line", "lines")))
            }
        });
        list.push((Verdict::Look, "Holds, disputes and payments since are checked again when you approve".to_owned()));
        ui::checks(list).into()
    }

    fn committee_box(&self) -> Html {
        let shown = &self.shown;
        if let Some(on) = shown.schedule.committee_on {
            let facts = ui::details_list()
                .fact("Committee met", ui::long_date(on))
                .fact("Minute", &shown.schedule.committee_minute)
                .fact("Recorded by", &shown.schedule.committee_by);
            return ui::panel("The committee", facts).into();
        }
        let needs = shown.by_tier.iter().any(|(tier, ..)| tier == "committee");
        if !needs || !shown.may_decide {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let body = Html::from(ui::date_input("on", "When it met", &self.committee.0).errors(errors))
            .and(ui::input("minute", "Minute", &self.committee.1).width(20).errors(errors))
            .and(ui::button("Record its decision").secondary());
        let form = ui::post_form(format!("{}/committee", self.at()), self.frame.tokens("committee"), body);
        ui::boxed("The committee decides on some of this", form).into()
    }

    fn decided(&self) -> Html {
        let rows: Vec<ui::Row> = self
            .shown
            .lines
            .iter()
            .filter(|line| line.state != LineState::Proposed.as_str())
            .map(|line| {
                let state = LineState::parse(&line.state).map_or(line.state.as_str(), |one: LineState| one.name());
                let colour =
                    if line.state == LineState::Approved.as_str() { TagColour::Green } else { TagColour::Grey };
                ui::row()
                    .cell(debt_link(&line.number))
                    .cell(&line.customer_name)
                    .cell(Pence(line.amount_pence))
                    .cell(ui::tag(state, colour))
                    .cell(ui::or_dash(&line.write_off))
                    .cell(ui::or_dash(&line.decided_by))
                    .cell(line.decided_on.map_or_else(Html::default, ui::date))
                    .cell(&line.decision_words)
            })
            .collect();
        if rows.is_empty() {
            return Html::default();
        }
        ui::table("Decided")
            .show_caption()
            .columns([
                ui::col("Debt").nowrap(),
                ui::col("Customer"),
                ui::num("Amount"),
                ui::col("State"),
                ui::col("Write-off").nowrap(),
                ui::col("By"),
                ui::col("On").nowrap(),
                ui::col("Why"),
            ])
            .rows(rows)
            .into()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, shown| Self { frame, shown, committee: (String::new(), String::new()) };
        let gone = LineShown {
            state: "approved".into(),
            write_off: "WO-000012".into(),
            decided_by: "Jan Head".into(),
            decided_on: Some(super::sampled::on(2026, 11, 20)),
            ..sample_line(3, "")
        };
        let mut large = sample();
        large.by_tier.push(("committee".into(), "Committee".into(), 1, 1_200_000));
        large.lines.push(gone);
        let reader = ScheduleShown { may_decide: false, limit_pence: None, ..sample() };
        let wrong = Frame::sample("Approvals").wrong("minute", "Enter the minute, in at most 100 characters");
        vec![
            ("waiting", page(Frame::sample("Approvals"), sample())),
            ("committee", page(Frame::sample("Approvals"), large.clone())),
            ("read", page(Frame::sample("Approvals"), reader)),
            ("error", page(wrong, large)),
        ]
    }
}

#[cfg(test)]
fn sample_line(line: i64, missing: &str) -> LineShown {
    use super::sampled::on;
    LineShown {
        line,
        version: 1,
        number: format!("INV-00012{line}"),
        customer_number: "C103933".into(),
        customer_name: "Tidewater Scaffolding Ltd".into(),
        service: "Halls".into(),
        due_on: on(2026, 2, 1),
        days_overdue: 294,
        amount_pence: 55_000,
        open_pence: 55_000,
        reason: "untraceable".into(),
        reason_name: "Cannot be found".into(),
        words: "Letters came back, two searches".into(),
        letters: 4,
        stage: "R3".into(),
        evidence: "4 reminders; agency found nobody".into(),
        missing: missing.into(),
        category: "3c".into(),
        tier: "manager".into(),
        cumulative_pence: 55_000,
        relief: sundry_desk::writeoff::ReliefIfGivenUp::default(),
        state: "proposed".into(),
        proposed_by: "Casey Moor".into(),
        proposed_on: on(2026, 11, 18),
        decided_by: String::new(),
        decided_on: None,
        decision_words: String::new(),
        write_off: String::new(),
        own: false,
        why_not: if missing.is_empty() { String::new() } else { format!("Missing: {missing}") },
    }
}

#[cfg(test)]
fn sample() -> ScheduleShown {
    ScheduleShown {
        schedule: sample_row(),
        lines: vec![sample_line(1, ""), sample_line(2, "trace proof")],
        by_reason: vec![("untraceable".into(), "Cannot be found".into(), 2, 110_000)],
        by_tier: vec![("manager".into(), "Manager".into(), 2, 110_000)],
        relief_pence: 0,
        can_approve: (1, 55_000),
        limit_pence: Some(1_000_000),
        may_decide: true,
    }
}

impl Plain for SchedulePage {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/approvals/writeoffs", "Write-off schedules")]).into()
    }

    fn actions(&self) -> Html {
        ui::downloads(|format| format!("{}?format={format}", self.at()))
    }

    fn body(&self) -> Html {
        let shown = &self.shown;
        let figures = ui::figures([
            ui::figure("Wait for a decision", Some(ui::number(shown.schedule.waiting)))
                .note(Pence(shown.schedule.waiting_pence).to_string()),
            ui::figure("VAT relief in them", Some(Pence(shown.relief_pence).to_string())),
            ui::figure("Written off", Some(ui::number(shown.schedule.approved)))
                .note(Pence(shown.schedule.approved_pence).to_string()),
        ]);
        let bars = |caption: &str, heading: &str, rows: &[(String, String, i64, i64)]| {
            let bars = rows.iter().fold(ui::bars(caption, heading, "Sum"), |bars, (_, name, count, pence)| {
                let words = format!("{} ({})", Pence(*pence), ui::count_of(*count, "debt", "debts"));
                bars.row(name.as_str(), words, *pence, 1)
            });
            Html::from(bars.table().show_caption())
        };
        let side = match shown.by_reason.is_empty() {
            true => Html::default(),
            false => ui::row_of([
                bars("Sum by reason", "Reason", &shown.by_reason),
                bars("Sum by who decides", "Who decides", &shown.by_tier),
            ])
            .into(),
        };
        Html::from(figures).and(self.checks()).and(side).and(self.committee_box()).and(self.lines()).and(self.decided())
    }
}

/// What is done to a line that is not approved.
#[derive(Clone, Debug)]
pub struct Rest {
    /// The line.
    pub line: LineShown,
    /// leave, send_back or refuse.
    pub act: String,
    /// Why, as typed.
    pub reason: String,
}

/// The check page: what is approved, what becomes of the rest, and the security code.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ConfirmSchedule {
    /// The frame.
    pub frame: Frame,
    /// Number of the schedule.
    pub number: String,
    /// Lines to approve.
    pub approve: Vec<LineShown>,
    /// The others.
    pub rest: Vec<Rest>,
}

impl ConfirmSchedule {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Check your decision on {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, approve| Self {
            frame,
            number: "WO-2026-11".into(),
            approve,
            rest: vec![Rest {
                line: sample_line(2, "trace proof"),
                act: "send_back".into(),
                reason: "Missing: trace proof".into(),
            }],
        };
        let wrong = Frame::sample("Approvals")
            .wrong("security_code", "The security code is not right, or it has been used")
            .wrong("reason-2", "Enter why, in at most 1,000 characters");
        vec![
            ("approve", page(Frame::sample("Approvals"), vec![sample_line(1, "")])),
            ("send_back", page(Frame::sample("Approvals"), Vec::new())),
            ("error", page(wrong, vec![sample_line(1, "")])),
        ]
    }

    fn sum(&self) -> Pence {
        Pence(self.approve.iter().map(|line| line.amount_pence).sum())
    }

    fn approved(&self) -> Html {
        if self.approve.is_empty() {
            return ui::para("Nothing is approved. What you send back or refuse is told to who proposed it.").into();
        }
        let rows = self.approve.iter().map(|line| {
            ui::row()
                .cell(debt_link(&line.number))
                .cell(&line.customer_name)
                .cell(reason_words(&line.reason))
                .cell(Pence(line.amount_pence))
        });
        let count = self.approve.len() as i64;
        let table = ui::table(format!("To be written off: {}", ui::count_of(count, "debt", "debts")))
            .show_caption()
            .columns([ui::col("Debt").nowrap(), ui::col("Customer"), ui::col("Reason"), ui::num("Amount")])
            .rows(rows)
            .total([Html::from("Sum"), Html::default(), Html::default(), Html::from(self.sum())]);
        let hidden = self.approve.iter().fold(Html::default(), |all, line| {
            all.and(ui::hidden("line", line.line.to_string()))
                .and(ui::hidden(format!("version-{}", line.line), line.version.to_string()))
        });
        Html::from(table).and(hidden)
    }

    fn others(&self) -> Html {
        if self.rest.is_empty() {
            return Html::default();
        }
        let acts = [("leave", "Leave it for now"), ("send_back", "Send it back"), ("refuse", "Refuse it")];
        let errors = &self.frame.errors;
        let rest = self.rest.iter().map(|one| {
            let id = one.line.line;
            let what = format!("{}, {}, {}", one.line.number, one.line.customer_name, Pence(one.line.amount_pence));
            let fields = Html::from(ui::select(format!("act-{id}"), what, &one.act, acts).errors(errors))
                .and(
                    ui::input(format!("reason-{id}"), format!("Why, for {}", one.line.number), &one.reason)
                        .width(30)
                        .errors(errors),
                )
                .and(ui::hidden("rest", id.to_string()))
                .and(ui::hidden(format!("version-{id}"), one.line.version.to_string()));
            if one.line.why_not.is_empty() { fields } else { fields.and(ui::muted(one.line.why_not.as_str())) }
        });
        ui::panel("The rest", rest.fold(Html::default(), |all, one| all.and(one))).into()
    }
}

impl Plain for ConfirmSchedule {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/approvals/writeoffs".to_owned(), "Write-off schedules".to_owned()),
            (format!("/approvals/writeoffs/{}", self.number), self.number.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let count = self.approve.len() as i64;
        let code = match count {
            0 => Html::default(),
            _ => ui::input("security_code", "Security code", "")
                .hint("The six digits that your authenticator shows now. Set one up under Your account.")
                .width(10)
                .input_mode("numeric")
                .autocomplete("one-time-code")
                .errors(errors)
                .into(),
        };
        let button = match count {
            0 => ui::button("Send the decision"),
            _ => ui::button(format!("Write off {} of {}", ui::count_of(count, "debt", "debts"), self.sum())).warning(),
        };
        let body = self
            .approved()
            .and(ui::hidden("count", count.to_string()))
            .and(ui::hidden("total", self.sum().0.to_string()))
            .and(self.others())
            .and(code)
            .and(button);
        let at = format!("/approvals/writeoffs/{}/confirm", self.number);
        ui::post_form(at, self.frame.tokens("confirm"), body).guarded().into()
    }
}
