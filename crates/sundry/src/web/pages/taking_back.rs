//! Overpayments taken back from pay and from payments to providers: what is to be kept, all of them, one with its
//! deductions.

use super::pathway::crumbs;
use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html, TagColour, tag};
use askama::Template;
use sundry_desk::recovery::taking_back::{DeductionDue, OverpaymentRecoveryView};
use sundry_domain::money::Pence;
use sundry_domain::recovery::{PaidEvery, TakenBy, TakenFrom};
use sundry_store::recovery::taking_back::{DeductionRow, ListedTakingRow};

/// Where a recovery is.
pub fn recovery_at(number: &str) -> String {
    format!("/recovery/overpayments/{number}")
}

/// What is to be kept up to a day, and every recovery.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OverpaymentsBack {
    /// The frame.
    pub frame: Frame,
    /// Recoveries, newest first.
    pub rows: Vec<ListedTakingRow>,
    /// What is to be kept.
    pub due: Vec<DeductionDue>,
    /// pay or provider.
    pub from: TakenFrom,
    /// Up to which day, as it was typed.
    pub through: String,
}

impl OverpaymentsBack {
    /// The heading.
    pub fn heading(&self) -> String {
        "Overpayments taken back".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let due = |stopped: &str| DeductionDue {
            recovery: "OPR-000004".into(),
            deduction: 2,
            customer_number: "C103316".into(),
            customer_name: "Joyce Pemberton".into(),
            debt: "INV-020817".into(),
            due_on: super::sampled::on(2026, 11, 27),
            tax_year: "2026/27".into(),
            tax_week: 34,
            amount_pence: if stopped.is_empty() { 30_000 } else { 0 },
            stopped: stopped.into(),
            why: if stopped.is_empty() { String::new() } else { "This debt is in breathing space".into() },
        };
        let row = |state: &str| ListedTakingRow {
            number: "OPR-000004".into(),
            customer_number: "C103316".into(),
            customer_name: "Joyce Pemberton".into(),
            debt: "INV-020817".into(),
            taken_from: "pay".into(),
            taken_by: "agreement".into(),
            each_pence: 30_000,
            taken_pence: 30_000,
            open_pence: 60_000,
            next_on: (state == "running").then(|| super::sampled::on(2026, 11, 27)),
            state: state.into(),
        };
        let page = |frame, rows, due| Self { frame, rows, due, from: TakenFrom::Pay, through: "30/11/26".into() };
        let wrong = Frame::sample("Recovery").wrong("through", "Enter a date such as 19/11/26, 19 Nov 2026 or +14");
        let all = vec![row("running"), row("ended")];
        let both = vec![due(""), due("BS-03-BREATHING-SPACE")];
        vec![
            ("full", page(Frame::sample("Recovery"), all, both)),
            ("empty", page(Frame::sample("Recovery"), Vec::new(), Vec::new())),
            ("error", page(wrong, Vec::new(), Vec::new())),
        ]
    }

    fn to_keep(&self) -> Html {
        let ways = TakenFrom::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned()));
        let from = ui::select("from", "Taken", self.from.as_str(), ways.collect::<Vec<_>>());
        let through = ui::date_input("through", "Up to", &self.through).errors(&self.frame.errors);
        let form = Html::from(
            ui::filters("/recovery/overpayments").field(from).field(through).verb("Show what is to be kept"),
        );
        if self.due.is_empty() {
            return form.and(ui::muted("Nothing is to be kept up to that day."));
        }
        let rows = self.due.iter().map(|one| {
            let keep = match one.stopped.as_str() {
                "" => Html::from(Pence(one.amount_pence)),
                code => Html::from(tag("Keep nothing", TagColour::Red))
                    .and(ui::sub_line(one.why.as_str()))
                    .and(ui::sub_line(code)),
            };
            ui::row()
                .cell(ui::date(one.due_on))
                .cell(format!("{} week {}", one.tax_year, one.tax_week))
                .cell(Html::from(&one.customer_name).and(ui::sub_line(one.customer_number.as_str())))
                .cell(ui::link(recovery_at(&one.recovery), format!("{} number {}", one.recovery, one.deduction)))
                .cell(ui::link(invoice_at(&one.debt), &one.debt))
                .cell(keep)
        });
        let columns = [
            ui::col("Day"),
            ui::col("Tax week"),
            ui::col("Who"),
            ui::col("Deduction"),
            ui::col("Debt"),
            ui::num("To keep"),
        ];
        form.and(ui::table("What payroll, or payments, are to keep").columns(columns).rows(rows).show_caption())
    }
}

impl Plain for OverpaymentsBack {
    fn above(&self) -> Html {
        crumbs(&self.frame, &[("/recovery", "Recovery")])
    }

    fn actions(&self) -> Html {
        let through = crate::web::door::form_encode(&self.through);
        ui::downloads(|kind| {
            format!("/recovery/overpayments?from={}&through={through}&format={kind}", self.from.as_str())
        })
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            let says =
                "From an account, Take an overpayment back agrees what is kept of pay, or of a payment to a provider.";
            return self
                .to_keep()
                .and(ui::empty("Nothing is taken back", says).action(ui::link("/customers", "Find a customer")));
        }
        let rows = self.rows.iter().map(|row| {
            let from = TakenFrom::parse(&row.taken_from).map_or("", TakenFrom::name);
            ui::row()
                .cell(ui::link(recovery_at(&row.number), &row.number))
                .cell(
                    ui::link(format!("/customers/{}", row.customer_number), &row.customer_name)
                        .and(ui::sub_line(row.customer_number.as_str())),
                )
                .cell(Html::from(from).and(ui::sub_line(row.debt.as_str())))
                .cell(Pence(row.each_pence))
                .cell(Pence(row.taken_pence))
                .cell(Pence(row.open_pence))
                .cell(row.next_on.map_or_else(|| Html::from("–"), ui::date))
                .cell(stands(&row.state))
        });
        let columns = [
            ui::col("Number").nowrap(),
            ui::col("Who"),
            ui::col("Taken"),
            ui::num("Each time"),
            ui::num("So far"),
            ui::num("Open"),
            ui::col("Next"),
            ui::col("State"),
        ];
        self.to_keep().and(ui::table("All of them, the newest first").columns(columns).rows(rows).show_caption())
    }
}

fn stands(state: &str) -> ui::Tag {
    match state {
        "running" => tag("Runs", TagColour::Blue),
        "done" => tag("Paid", TagColour::Green),
        _ => tag("Ended", TagColour::Grey),
    }
}

/// The receipt for what was kept, and the letter that tells a provider of it.
fn receipt(one: &DeductionRow) -> Html {
    let number = Html::from(ui::or_dash(&one.receipt));
    if one.letter.is_empty() {
        return number;
    }
    number.and(ui::sub_line(ui::link(format!("/letters/{}.pdf", one.letter), format!("Letter {}", one.letter))))
}

/// One recovery with its deductions.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneOverpaymentBack {
    /// The frame.
    pub frame: Frame,
    /// What is known of it.
    pub view: OverpaymentRecoveryView,
    /// Whether the reader may record what was taken.
    pub may_post: bool,
    /// Whether the reader may end it.
    pub may_work: bool,
}

impl OneOverpaymentBack {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: {}", self.view.recovery.number, self.view.customer_name)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let on = |month, day| super::sampled::on(2026, month, day);
        let line = |number: i64, month: u32, state: &str, taken: i64| DeductionRow {
            recovery_id: 1,
            line: number,
            due_on: on(month, 27),
            planned_pence: 30_000,
            state: state.into(),
            taken_on: (state != "due").then(|| on(month, 27)),
            taken_pence: taken,
            receipt: if taken > 0 { "STF-000012".into() } else { String::new() },
            credit_item_id: (taken > 0).then_some(7),
            reference: if state == "due" { String::new() } else { "Payroll journal 2026/09".into() },
            letter: if taken > 0 { "LTR-000118".into() } else { String::new() },
        };
        let recovery = sundry_store::recovery::taking_back::TakingRow {
            id: 1,
            number: "OPR-000004".into(),
            item_id: 2,
            taken_from: "pay".into(),
            taken_by: "agreement".into(),
            evidence: "Form signed on 6 September 2026".into(),
            every: "month".into(),
            each_pence: 30_000,
            first_on: on(9, 27),
            arose_over: 3,
            sooner: String::new(),
            state: "running".into(),
            hold_id: Some(3),
            agreed_on: on(9, 6),
            agreed_by: "Priya Nair".into(),
            ended_on: None,
            ended_by: String::new(),
            ended_why: String::new(),
        };
        let refusal = sundry_domain::law::refusals::BREATHING_SPACE.because("This debt is in breathing space");
        let view = |stopped| OverpaymentRecoveryView {
            recovery: recovery.clone(),
            customer_number: "C103316".into(),
            customer_name: "Joyce Pemberton".into(),
            debt: "INV-020817".into(),
            open_pence: 60_000,
            deductions: vec![line(1, 9, "taken", 30_000), line(2, 10, "missed", 0), line(3, 11, "due", 0)],
            stopped,
        };
        let page =
            |stopped, may| Self { frame: Frame::sample("Recovery"), view: view(stopped), may_post: may, may_work: may };
        vec![("full", page(None, true)), ("stopped", page(Some(refusal), false))]
    }

    fn runs(&self) -> bool {
        self.view.recovery.state == "running"
    }

    fn facts(&self) -> Html {
        let row = &self.view.recovery;
        let every = PaidEvery::parse(&row.every).map_or("", PaidEvery::name);
        let mut facts = ui::summary_list()
            .fact("Taken", TakenFrom::parse(&row.taken_from).map_or("", TakenFrom::name))
            .fact("Allowed by", TakenBy::parse(&row.taken_by).map_or("", TakenBy::name))
            .fact("Document", &row.evidence)
            .fact("Each time", format!("{}, {}", Pence(row.each_pence), every.to_lowercase()))
            .fact("Debt", ui::link(invoice_at(&self.view.debt), &self.view.debt))
            .fact("Open", Pence(self.view.open_pence))
            .fact("Agreed", ui::date(row.agreed_on).and(ui::sub_line(row.agreed_by.as_str())))
            .fact("State", stands(&row.state))
            .fact_if("Fewer deductions than periods", &row.sooner)
            .fact_if("Why it ended", &row.ended_why);
        if row.arose_over > 0 {
            facts = facts.fact("Overpaid in", sundry_domain::words::counted(row.arose_over, "pay period"));
        }
        facts.into()
    }

    fn acts(&self, one: &DeductionRow) -> Html {
        let at = |act: &str| format!("{}/{act}?deduction={}", recovery_at(&self.view.recovery.number), one.line);
        match one.state.as_str() {
            "due" if self.may_post && self.runs() => {
                ui::link(at("taken"), format!("Record what was kept on {}", sundry_domain::words::written(one.due_on)))
            }
            "taken" | "missed" if self.may_post => ui::link(at("undo"), format!("Undo deduction {}", one.line)),
            _ => Html::from("–"),
        }
    }
}

impl Plain for OneOverpaymentBack {
    fn above(&self) -> Html {
        crumbs(&self.frame, &[("/recovery", "Recovery"), ("/recovery/overpayments", "Overpayments taken back")])
    }

    fn actions(&self) -> Html {
        if self.may_work && self.runs() {
            return ui::link_button("End it", format!("{}/end", recovery_at(&self.view.recovery.number)))
                .secondary()
                .into();
        }
        Html::default()
    }

    fn body(&self) -> Html {
        let stopped = match &self.view.stopped {
            Some(refusal) => {
                let why = format!("Nothing may be kept today: {}. {}.", refusal.sentence, refusal.way_out);
                Html::from(ui::para(ui::with_code(&why, &refusal.code)))
            }
            None => Html::default(),
        };
        let rows = self.view.deductions.iter().map(|one| {
            let state = match one.state.as_str() {
                "taken" => tag("Kept", TagColour::Green),
                "missed" => tag("Nothing kept", TagColour::Yellow),
                _ => tag("To come", TagColour::Grey),
            };
            ui::row()
                .cell(one.line)
                .cell(ui::date(one.due_on))
                .cell(Pence(one.planned_pence))
                .cell(if one.state == "due" { Html::from("–") } else { Html::from(Pence(one.taken_pence)) })
                .cell(Html::from(state).and(ui::sub_line(one.reference.as_str())))
                .cell(receipt(one))
                .cell(self.acts(one))
        });
        let columns = [
            ui::col("Deduction"),
            ui::col("Day"),
            ui::num("Planned"),
            ui::num("Kept"),
            ui::col("State"),
            ui::col("Receipt"),
            ui::col("Change"),
        ];
        stopped.and(self.facts()).and(ui::table("Deductions").columns(columns).rows(rows).show_caption())
    }
}
