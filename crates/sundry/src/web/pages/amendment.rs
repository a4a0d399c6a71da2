//! An invoice as it was and as it is, line by line, and the check before it is put right.

use super::invoice_form::Totals;
use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::money::Pence;

/// What became of an invoice.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The invoice as first raised.
    pub old: String,
    /// The invoice in its place.
    pub new: Option<String>,
    /// The credit notes.
    pub credit_notes: Vec<String>,
    /// Line by line.
    pub lines: Vec<ComparedLine>,
    /// What it came to and comes to.
    pub sums: (Pence, Pence),
}

/// A line as it was and as it is.
#[derive(Clone, Debug)]
pub struct ComparedLine {
    /// As it was: what, and the sum in words. None for a line that was added.
    pub old: Option<(String, String)>,
    /// As it is; none for a line that was taken out.
    pub new: Option<(String, String)>,
    /// Now less before, with VAT.
    pub difference: Pence,
    /// Why.
    pub reason: String,
}

/// Old line, new line, difference, reason.
pub fn comparison_table(compared: &Comparison) -> Html {
    let side = |side: &Option<(String, String)>, none: &str| match side {
        Some((what, sum)) => Html::from(what.as_str()).and(ui::sub_line(sum)),
        None => ui::muted(none).into(),
    };
    let rows = compared.lines.iter().map(|line| {
        ui::row()
            .cell(side(&line.old, "Not billed before"))
            .cell(side(&line.new, "Taken out"))
            .cell(line.difference)
            .cell(ui::or_dash(&line.reason))
    });
    let (was, is) = compared.sums;
    ui::table("What was billed, what is billed now, and why")
        .show_caption()
        .columns([ui::col("As it was"), ui::col("As it is"), ui::num("Difference"), ui::col("Why")])
        .rows(rows)
        .total([Html::from(was), Html::from(is), Html::from(is.minus(was)), Html::default()])
        .into()
}

/// The panel on the page of any of the documents.
pub fn comparison_panel(compared: &Comparison) -> Html {
    let to = |number: &String| ui::link(invoice_at(number), number);
    let documents = ui::summary_list().fact("First raised as", to(&compared.old));
    let notes = compared.credit_notes.iter().map(|note| to(note).and(" "));
    let documents = documents.fact("Credited by", ui::parts(notes));
    let documents = compared.new.iter().fold(documents, |list, new| list.fact("Billed anew as", to(new)));
    ui::panel("Amended", Html::from(documents).and(comparison_table(compared))).into()
}

/// The check before an amendment is asked for.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct AmendCheck {
    /// The frame.
    pub frame: Frame,
    /// The invoice.
    pub number: String,
    /// What would become of it.
    pub compared: Comparison,
    /// Totals of the new invoice.
    pub totals: Totals,
    /// Reason and words.
    pub why: (String, String),
    /// Everything that was typed, sent again: name and value.
    pub typed: Vec<(String, String)>,
}

impl AmendCheck {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Check what becomes of {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            number: "INV-000123".into(),
            compared: sample::comparison(),
            totals: Totals { net: Pence(22_080), vat: Pence(4_416), gross: Pence(26_496) },
            why: ("Wrong price or quantity".into(), "One bin was not collected".into()),
            typed: vec![("customer".into(), "C103933".into())],
        };
        let refused = Frame::sample("Billing").wrong("reason", "Choose why from the list");
        vec![("ready", page(Frame::sample("Billing"))), ("error", page(refused))]
    }
}

impl Plain for AmendCheck {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/billing".to_owned(), "Billing".to_owned()),
            (invoice_at(&self.number), self.number.clone()),
        ])
        .into()
    }

    fn caption(&self) -> Html {
        "Nothing has been changed yet".into()
    }

    fn body(&self) -> Html {
        let totals = ui::details_list()
            .fact("Credited, with VAT", self.compared.sums.0)
            .fact("Billed anew before VAT", self.totals.net)
            .fact("VAT", self.totals.vat)
            .fact("Billed anew, with VAT", self.totals.gross)
            .fact("Why", &self.why.0);
        let totals = if self.why.1.is_empty() { totals } else { totals.fact("In words", &self.why.1) };
        let kept = ui::parts(self.typed.iter().map(|(name, value)| ui::hidden(name, value)));
        let buttons = Html::from(ui::button("Ask for approval").named("do", "ask"))
            .and(ui::button("Change it").secondary().named("do", "change"));
        let action = format!("{}/amend", invoice_at(&self.number));
        comparison_table(&self.compared)
            .and(totals)
            .and(ui::para("Someone else must approve it. Then the old invoice is credited in full and the new one is raised; what was paid on the old one pays the new."))
            .and(ui::post_form(action, self.frame.tokens("amend"), kept.and(buttons)).id("reason"))
    }
}

/// Comparisons for samples.
#[cfg(test)]
pub mod sample {
    use super::*;

    /// One line with another price, one taken out, one added.
    pub fn comparison() -> Comparison {
        let line = |old: Option<(&str, &str)>, new: Option<(&str, &str)>, difference, reason: &str| ComparedLine {
            old: old.map(|(what, sum)| (what.to_owned(), sum.to_owned())),
            new: new.map(|(what, sum)| (what.to_owned(), sum.to_owned())),
            difference: Pence(difference),
            reason: reason.into(),
        };
        let bin = "Trade waste, 1,100 litre bin, weekly";
        Comparison {
            old: "INV-000123".into(),
            new: Some("INV-000140".into()),
            credit_notes: vec!["CRN-000009".into()],
            lines: vec![
                line(
                    Some((bin, "13 at £18.40, £239.20 and £47.84 VAT")),
                    Some((bin, "12 at £18.40, £220.80 and £44.16 VAT")),
                    -2_208,
                    "Wrong price or quantity",
                ),
                line(Some(("Lock", "1 at £5.00, £5.00 and £1.00 VAT")), None, -600, "Wrong price or quantity"),
                line(None, Some(("Delivery", "1 at £2.00, £2.00 and £0.40 VAT")), 240, ""),
            ],
            sums: (Pence(28_704), Pence(26_496)),
        }
    }
}
