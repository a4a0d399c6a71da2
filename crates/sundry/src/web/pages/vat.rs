//! The figures of a VAT return, what they are made of, relief on bad debts, and recording it as filed.

use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// A VAT return.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct VatReturn {
    /// The frame; errors belong to the fields.
    pub frame: Frame,
    /// First and last day, as typed.
    pub days: (String, String),
    /// The figures; none where the days cannot be read.
    pub figures: Option<Figures>,
    /// Whether the reader claims relief.
    pub may_claim: bool,
    /// Whether the reader records a return as filed, and what was typed.
    pub may_file: bool,
    /// HMRC's receipt as typed.
    pub receipt: String,
}

/// The figures of a period.
#[derive(Clone, Debug)]
pub struct Figures {
    /// First and last day.
    pub period: (NaiveDate, NaiveDate),
    /// Boxes 1 and 4, and box 6 in whole pounds.
    pub boxes: (Pence, Pence, i64),
    /// Relief owed again, output VAT posted, and the difference in time.
    pub ledger: (Pence, Pence, Pence),
    /// Kind, code and rate in words, lines, net, VAT.
    pub sums: Vec<(String, String, i64, Pence, Pence)>,
    /// How many documents.
    pub documents: usize,
    /// Write-off, item, account, written off, relief, claimable from, state.
    pub relief: Vec<(String, String, String, Pence, Pence, NaiveDate, ui::Tag)>,
    /// Whether some of it is due.
    pub some_due: bool,
    /// Period, box 1, box 4, box 6, receipt, filed on, by whom.
    pub filed: Vec<(String, Pence, Pence, i64, String, NaiveDate, String)>,
    /// Why it cannot be filed today; empty where it can.
    pub why_not: String,
}

impl VatReturn {
    /// The heading.
    pub fn heading(&self) -> String {
        "VAT return".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let figures = Figures {
            period: (on(2026, 7, 1), on(2026, 9, 30)),
            boxes: (Pence(1_829_600), Pence(15_000), 91_480),
            ledger: (Pence(4_000), Pence(1_830_000), Pence(-400)),
            sums: vec![
                ("Invoices".into(), "Standard 20%".into(), 812, Pence(9_200_000), Pence(1_840_000)),
                ("Credit notes".into(), "Standard 20%".into(), 12, Pence(52_000), Pence(10_400)),
            ],
            documents: 640,
            relief: vec![(
                "WO-000004".into(),
                "INV-000123".into(),
                "C103933".into(),
                Pence(90_000),
                Pence(15_000),
                on(2026, 8, 9),
                ui::tag("Due", ui::TagColour::Green),
            )],
            some_due: true,
            filed: vec![(
                "1 April 2026 to 30 June 2026".into(),
                Pence(1_700_000),
                Pence::ZERO,
                85_000,
                "163000000011".into(),
                on(2026, 8, 6),
                "Priya Nair".into(),
            )],
            why_not: String::new(),
        };
        let page = |frame, figures| Self {
            frame,
            days: ("1 Jul 2026".into(), "30 Sep 2026".into()),
            figures,
            may_claim: true,
            may_file: true,
            receipt: String::new(),
        };
        let bare = Figures {
            sums: Vec::new(),
            relief: Vec::new(),
            filed: Vec::new(),
            some_due: false,
            documents: 0,
            why_not: "The period up to 31 December 2026 is not over".into(),
            ..figures.clone()
        };
        let wrong = Frame::sample("Billing").wrong("from_on", "Enter a date such as 19/11/26");
        let unsigned = Frame::sample("Billing").wrong("receipt", "Enter HMRC's receipt, up to 100 characters");
        vec![
            ("full", page(Frame::sample("Billing"), Some(figures.clone()))),
            ("open", page(Frame::sample("Billing"), Some(bare))),
            ("error", page(wrong, None)),
            ("unsigned", page(unsigned, Some(figures))),
        ]
    }

    fn boxes(figures: &Figures) -> Html {
        let (box1, box4, box6) = figures.boxes;
        let (repaid, posted, timing) = figures.ledger;
        let pounds = Html::from(Pence(box6.saturating_mul(100)).to_string().trim_end_matches(".00"));
        let boxes = ui::summary_list()
            .fact("Box 1, VAT due on sales", box1)
            .fact("Box 4, VAT reclaimed: relief on bad debts", box4)
            .fact("Box 6, sales before VAT in whole pounds", pounds);
        let ledger = ui::details_list()
            .fact("Output VAT posted in these days", posted)
            .fact("Tax points in other days than their posting", timing)
            .fact("Relief owed again, within box 1", repaid);
        Html::from(ui::panel("For the return", boxes)).and(ui::panel("Agreed to the ledger", ledger))
    }

    fn sums(figures: &Figures) -> Html {
        if figures.sums.is_empty() {
            return ui::empty("Nothing was billed", "No invoice has its tax point in these days.").into();
        }
        let rows = figures.sums.iter().map(|(kind, code, lines, net, vat)| {
            ui::row().cell(kind).cell(code).cell(ui::number(*lines)).cell(*net).cell(*vat)
        });
        let table = ui::table("By code and rate")
            .show_caption()
            .columns([ui::col("What"), ui::col("VAT"), ui::num("Lines"), ui::num("Net"), ui::num("VAT")])
            .rows(rows);
        let (from, to) = figures.period;
        let list = ui::downloads(|kind| format!("/billing/vat?from_on={from}&to_on={to}&format={kind}"));
        let count = format!("{} documents; outside the scope is in no box.", ui::number(figures.documents as i64));
        Html::from(table).and(ui::muted(count)).and(list)
    }

    fn relief(&self, figures: &Figures) -> Html {
        let rows = figures.relief.iter().map(|(off, item, account, written, relief, from, state)| {
            ui::row()
                .cell(off)
                .cell(ui::link(invoice_at(item), item))
                .cell(account)
                .cell(*written)
                .cell(*relief)
                .cell(*from)
                .cell(state)
        });
        let table = ui::table("Written off with VAT, relief not claimed yet").columns([
            ui::col("Write-off"),
            ui::col("Invoice"),
            ui::col("Account"),
            ui::num("Written off"),
            ui::num("VAT in it"),
            ui::col("From"),
            ui::col("State"),
        ]);
        let body = if figures.relief.is_empty() {
            Html::from(ui::muted("No write-off waits for relief."))
        } else {
            ui::scroll("Relief on bad debts", table.rows(rows)).into()
        };
        let claim = ui::post_form("/billing/vat/relief", self.frame.tokens("relief"), ui::button("Claim what is due"));
        let body = if self.may_claim && figures.some_due { body.and(claim) } else { body };
        ui::panel("Relief on bad debts", body).into()
    }

    fn filing(&self, figures: &Figures) -> Html {
        let rows = figures.filed.iter().map(|(period, box1, box4, box6, receipt, on, who)| {
            ui::row().cell(period).cell(*box1).cell(*box4).cell(ui::number(*box6)).cell(receipt).cell(*on).cell(who)
        });
        let table = ui::table("Returns that were filed").columns([
            ui::col("Period"),
            ui::num("Box 1"),
            ui::num("Box 4"),
            ui::num("Box 6"),
            ui::col("Receipt"),
            ui::col("Filed"),
            ui::col("By"),
        ]);
        let filed = if figures.filed.is_empty() {
            Html::from(ui::muted("No return is recorded as filed yet."))
        } else {
            ui::scroll("Returns that were filed", table.rows(rows)).into()
        };
        let body = match (self.may_file, figures.why_not.is_empty()) {
            (true, true) => filed.and(self.file_form(figures)),
            (true, false) => filed.and(ui::muted(&figures.why_not)),
            (false, _) => filed,
        };
        ui::panel("Filed", body).into()
    }

    fn file_form(&self, figures: &Figures) -> Html {
        let (from, to) = figures.period;
        let body = ui::hidden("from_on", from.to_string())
            .and(ui::hidden("to_on", to.to_string()))
            .and(ui::hidden("box1_pence", figures.boxes.0.0.to_string()))
            .and(
                ui::input("receipt", "HMRC's receipt", &self.receipt)
                    .hint("The form bundle number. From then on no VAT invoice can have its tax point in these days")
                    .errors(&self.frame.errors),
            )
            .and(ui::button("Record it as filed"));
        ui::post_form("/billing/vat", self.frame.tokens("file"), body).into()
    }
}

impl Plain for VatReturn {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing")]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let ask = ui::filters("/billing/vat")
            .field(ui::date_input("from_on", "From", &self.days.0).errors(errors))
            .field(ui::date_input("to_on", "To", &self.days.1).errors(errors))
            .verb("Work it out");
        let Some(figures) = &self.figures else { return ask.into() };
        Html::from(ask).and(ui::grid([
            (5, Self::boxes(figures)),
            (7, Self::sums(figures)),
            (12, self.relief(figures)),
            (12, self.filing(figures)),
        ]))
    }
}
