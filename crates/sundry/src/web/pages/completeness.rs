//! Completeness: what was delivered is billed, in exceptions, explained or not yet billed, to the penny.

use super::contracts::places;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::money::Pence;

/// What was delivered in some days, and what became of it.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CompletenessPage {
    /// The frame; errors belong to `from` and `to`.
    pub frame: Frame,
    /// From and to, as typed.
    pub typed: [String; 2],
    /// What was found; none until days are chosen that can be read.
    pub found: Option<CompleteShown>,
    /// The address of this page, ready for one more field.
    pub address: String,
}

/// Delivered against billed.
#[derive(Clone, Debug)]
pub struct CompleteShown {
    /// Lines delivered.
    pub lines: i64,
    /// Delivered, priced anew, billed, not yet billed, in exceptions, explained, unexplained.
    pub sums: [Pence; 7],
    /// What became of it: fate, contract, service user, why, lines, pounds.
    pub rows: Vec<(ui::Tag, String, String, String, i64, Pence)>,
    /// The proof: what, pounds.
    pub proof: Vec<(String, Pence)>,
    /// Whether charges, invoices and ledger agree.
    pub agrees: bool,
    /// Periods that differ: contract, first day, billed, activity, what happens.
    pub differs: Vec<(String, String, Pence, Pence, String)>,
}

impl CompletenessPage {
    /// The heading.
    pub fn heading(&self) -> String {
        "Completeness".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let found = CompleteShown {
            lines: 419,
            sums: [1_332_800, 500, 1_200_050, 84_500, 48_250, 500, 0].map(Pence),
            rows: vec![(
                ui::tag("Not yet billed", ui::TagColour::Yellow),
                text("CON-000017"),
                text("P104482"),
                text("Its period is billed by a run from 28 June 2026"),
                12,
                Pence(84_500),
            )],
            proof: vec![
                (text("Charges of contracts"), Pence(1_200_050)),
                (text("Lines of invoices"), Pence(1_200_050)),
            ],
            agrees: true,
            differs: vec![(
                text("CON-000018"),
                text("4 May 2026"),
                Pence(31_500),
                Pence(45_000),
                text("The next run adjusts it"),
            )],
        };
        let page = |frame, found| Self {
            frame,
            typed: ["1 May 2026".into(), "31 May 2026".into()],
            found,
            address: "/billing/completeness?from=1+May+2026&to=31+May+2026&".into(),
        };
        let wrong = Frame::sample("Billing").wrong("to", "Enter a day on or after the first, at most two years later");
        vec![("full", page(Frame::sample("Billing"), Some(found))), ("error", page(wrong, None))]
    }
}

impl CompleteShown {
    fn html(&self) -> Html {
        let [delivered, repriced, billed, not_yet, exceptions, explained, unexplained] = self.sums;
        let tiles = ui::figures([
            ui::figure("Delivered", Some(ui::money(delivered))).note(ui::count_of(self.lines, "line", "lines")),
            ui::figure("Billed", Some(ui::money(billed))),
            ui::figure("Not yet billed", Some(ui::money(not_yet))),
            ui::figure("In exceptions", Some(ui::money(exceptions))).bad(exceptions != Pence::ZERO),
            ui::figure("Explained", Some(ui::money(explained))),
            ui::figure("Unexplained", Some(ui::money(unexplained))).bad(unexplained != Pence::ZERO),
        ]);
        let repriced = match repriced {
            Pence::ZERO => Html::default(),
            sum => {
                let words =
                    format!("Rates changed after lines were taken in: {} is in what was billed.", ui::money(sum));
                Html::from(ui::para(words))
            }
        };
        let (verdict, kind) = if self.agrees {
            ("Contracts, invoices and ledger hold the same sums.", ui::AlertKind::Success)
        } else {
            ("Contracts, invoices and ledger do not hold the same sums.", ui::AlertKind::Error)
        };
        let proof = self.proof.iter().map(|(what, sum)| ui::row().cell(what).cell(*sum));
        let proof = ui::table("The same from invoices and ledger, for the periods that these days touch")
            .show_caption()
            .narrow()
            .columns([ui::col("What"), ui::num("Pounds")])
            .rows(proof);
        Html::from(tiles).and(repriced).and(self.table()).and(ui::alert(kind, verdict)).and(proof).and(self.differs())
    }

    fn table(&self) -> Html {
        if self.rows.is_empty() {
            return ui::empty("Nothing was delivered", "No line of activity falls on these days.").into();
        }
        let rows = self.rows.iter().map(|(fate, contract, user, why, lines, sum)| {
            let contract = match contract.as_str() {
                "" => Html::from(ui::or_dash("")),
                number => ui::link(format!("/billing/contracts/{number}"), number),
            };
            ui::row().cell(fate).cell(contract).cell(ui::or_dash(user)).cell(ui::or_dash(why)).cell(*lines).cell(*sum)
        });
        let columns = [
            ui::col("What became of it"),
            ui::col("Contract").nowrap(),
            ui::col("Service user"),
            ui::col("Why"),
            ui::num("Lines"),
            ui::num("Pounds"),
        ];
        ui::table("By contract and reason").show_caption().columns(columns).rows(rows).into()
    }

    fn differs(&self) -> Html {
        if self.differs.is_empty() {
            return Html::default();
        }
        let rows = self.differs.iter().map(|(contract, period, billed, activity, what)| {
            let contract = ui::link(format!("/billing/contracts/{contract}"), contract);
            ui::row().cell(contract).cell(period).cell(*billed).cell(*activity).cell(what)
        });
        let columns = [
            ui::col("Contract").nowrap(),
            ui::col("Period from"),
            ui::num("Billed"),
            ui::num("Activity behind it"),
            ui::col("What happens"),
        ];
        ui::table("Periods whose bill is not what their activity comes to")
            .show_caption()
            .columns(columns)
            .rows(rows)
            .into()
    }
}

impl Plain for CompletenessPage {
    fn actions(&self) -> Html {
        ui::downloads(|kind| format!("{}format={kind}", self.address))
    }

    fn body(&self) -> Html {
        let [from, to] = &self.typed;
        let errors = &self.frame.errors;
        let filter = ui::filters("/billing/completeness")
            .field(ui::date_input("from", "Delivered from", from).errors(errors))
            .field(ui::date_input("to", "To", to).errors(errors))
            .verb("Show");
        let top = places("Completeness").and(filter);
        self.found.as_ref().map_or_else(|| top.clone(), |found| top.clone().and(found.html()))
    }
}
