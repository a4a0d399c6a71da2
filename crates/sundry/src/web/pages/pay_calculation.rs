//! The calculation of overpaid pay as it was sent.

use super::pathway::crumbs;
use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_desk::recovery::pay_calculation::PayCalculationView;
use sundry_domain::money::Pence;
use sundry_domain::recovery::AskedAs;

/// Where the calculation of a debt is.
pub fn calculation_at(debt: &str) -> String {
    format!("/recovery/pay-calculations/{debt}")
}

/// The calculation with its pay periods.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OnePayCalculation {
    /// The frame.
    pub frame: Frame,
    /// What is known of it.
    pub view: PayCalculationView,
}

impl OnePayCalculation {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Overpaid pay: {}", self.view.debt)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use sundry_store::recovery::pay_calculation::{CalculationRow, PeriodRow};
        let on = |month, day| super::sampled::on(2026, month, day);
        let view = |fact_id| PayCalculationView {
            debt: "INV-020817".into(),
            open_pence: 34_331,
            calculation: CalculationRow {
                id: 1,
                item_id: 2,
                version: 1,
                repay_by: on(12, 31),
                paye_corrected: true,
                gross_pence: 51_240,
                tax_pence: 10_248,
                insurance_pence: 4_099,
                pension_pence: 2_562,
                net_pence: 34_331,
                asked_pence: 34_331,
                evidence: "Payroll's sheet of 2 November 2026".into(),
                letter: "LTR-000412".into(),
                fact_id,
                recorded_by: "Priya Nair".into(),
                recorded_on: on(11, 3),
            },
            periods: vec![PeriodRow {
                line: 1,
                from_on: on(9, 1),
                to_on: on(9, 30),
                paid_on: on(9, 28),
                gross_pence: 51_240,
                tax_pence: 10_248,
                insurance_pence: 4_099,
                pension_pence: 2_562,
                tax_year: "2026/27".into(),
                asked_as: "net".into(),
                asked_pence: 34_331,
                reason: "Left on 31 August".into(),
            }],
        };
        let page = |fact_id| Self { frame: Frame::sample("Recovery"), view: view(fact_id) };
        vec![("full", page(Some(3))), ("held", page(None))]
    }

    fn facts(&self) -> Html {
        let row = &self.view.calculation;
        let sent = if row.fact_id.is_some() { "Recorded as sent" } else { "Held: record the fact when it has gone" };
        let corrected = if row.paye_corrected { "Yes" } else { "No" };
        ui::summary_list()
            .fact("Debt", ui::link(invoice_at(&self.view.debt), &self.view.debt))
            .fact("Asked back", Pence(row.asked_pence))
            .fact("Open", Pence(self.view.open_pence))
            .fact("To be paid back by", ui::date(row.repay_by))
            .fact("Payroll can correct the tax", corrected)
            .fact("Letter", ui::link(format!("/letters/{}.pdf", row.letter), &row.letter))
            .fact("Stands", sent)
            .fact("Payroll's document", &row.evidence)
            .fact("Worked out", ui::date(row.recorded_on).and(ui::sub_line(row.recorded_by.as_str())))
            .into()
    }
}

impl Plain for OnePayCalculation {
    fn above(&self) -> Html {
        crumbs(&self.frame, &[("/recovery", "Recovery"), ("/recovery/overpayments", "Overpayments taken back")])
    }

    fn body(&self) -> Html {
        let rows = self.view.periods.iter().map(|one| {
            let deducted = Pence(one.gross_pence - one.tax_pence - one.insurance_pence - one.pension_pence);
            let asked_as = AskedAs::parse(&one.asked_as).map_or("", AskedAs::name);
            ui::row()
                .cell(ui::date(one.from_on).and(ui::sub_line(one.reason.as_str())))
                .cell(ui::date(one.to_on))
                .cell(ui::date(one.paid_on).and(ui::sub_line(one.tax_year.as_str())))
                .cell(Pence(one.gross_pence))
                .cell(Pence(one.tax_pence))
                .cell(Pence(one.insurance_pence))
                .cell(Pence(one.pension_pence))
                .cell(deducted)
                .cell(Html::from(Pence(one.asked_pence)).and(ui::sub_line(asked_as)))
        });
        let columns = [
            ui::col("From"),
            ui::col("To"),
            ui::col("Paid"),
            ui::num("Gross"),
            ui::num("Tax"),
            ui::num("National Insurance"),
            ui::num("Pension"),
            ui::num("Net"),
            ui::num("Asked back"),
        ];
        self.facts().and(ui::table("Pay periods").columns(columns).rows(rows).show_caption())
    }
}
