//! Remittance advice: handed in, shown as it would be applied, applied.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::money::Pence;

/// Remittance advice for a receipt.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Remittance {
    /// The frame; errors belong to `file`.
    pub frame: Frame,
    /// The receipt's number.
    pub number: String,
    /// `£1,284.50 from OKAFOR G, INV 7104213`.
    pub receipt: String,
    /// Advice that was applied before: file, lines, who and when.
    pub before: Vec<(String, i64, String)>,
    /// What was read; nothing before a file is handed in.
    pub read: Option<Read>,
}

/// An advice as it would be applied.
#[derive(Clone, Debug)]
pub struct Read {
    /// The file's name.
    pub name: String,
    /// The hash under which it is kept until it is applied.
    pub kept: String,
    /// Its lines: as written, our number, customer, paid, taken off, open, what is to be said.
    pub lines: Vec<ReadLine>,
    /// Left of the receipt, to items, by credit notes, on the account.
    pub sums: (Pence, Pence, Pence, Pence),
    /// Rows with an amount that could not be read.
    pub left_out: Vec<String>,
    /// Why it cannot be applied as it is.
    pub problem: String,
    /// Whether the rest may stay on the account.
    pub may_keep: bool,
}

/// A line of it.
#[derive(Clone, Debug)]
pub struct ReadLine {
    /// As written.
    pub reference: String,
    /// Our number; empty where nothing was found.
    pub item: String,
    /// Whose.
    pub customer: String,
    /// Paid, taken off, open on it.
    pub sums: (Pence, Pence, Pence),
    /// What is to be said of it.
    pub note: String,
}

impl Remittance {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Remittance advice for {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = |reference: &str, item: &str, paid, off, note: &str| ReadLine {
            reference: reference.into(),
            item: item.into(),
            customer: if item.is_empty() { String::new() } else { "C100031".into() },
            sums: (Pence(paid), Pence(off), Pence(14_814)),
            note: note.into(),
        };
        let read = Read {
            name: "advice.csv".into(),
            kept: "9f2ac1".into(),
            lines: vec![
                line("204817", "INV-204817", 13_814, 1_000, "£10.00 was taken off and stays open."),
                line("INV-999999", "", 500, 0, "No bill of ours has this number."),
            ],
            sums: (Pence(14_314), Pence(13_814), Pence::ZERO, Pence(500)),
            left_out: vec!["Carriage 12.00".into()],
            problem: "One line of the advice names a bill that is not ours.".into(),
            may_keep: true,
        };
        let page = |frame, read| Self {
            frame,
            number: "RCT-000431".into(),
            receipt: "£143.14 from NORTHERN TRUST, RMT 771".into(),
            before: vec![("march.csv".into(), 12, "Ann Barker, 17 November 2026".into())],
            read,
        };
        let wrong = Frame::sample("Cash").wrong("file", "no line of it names a bill with an amount");
        vec![
            ("empty", page(Frame::sample("Cash"), None)),
            ("wrong", page(wrong, None)),
            ("read", page(Frame::sample("Cash"), Some(read))),
        ]
    }

    fn hand_in(&self) -> Html {
        let file = ui::file_field("file", "File", ".csv,.xlsx,.txt,.eml")
            .hint("CSV, a workbook, text or a saved e-mail, at most 10 MB. A PDF cannot be read: ask for the list itself.")
            .errors(&self.frame.errors);
        let body = Html::from(file).and(ui::button("Read it"));
        let address = format!("/cash/receipts/{}/remittance", self.number);
        ui::post_form(address, self.frame.tokens("remittance"), body).with_file().into()
    }

    fn result(&self, read: &Read) -> Html {
        let (left, items, credits, account) = read.sums;
        let tiles = ui::figures([
            ui::figure("Left of the receipt", Some(ui::money(left))),
            ui::figure("To items", Some(ui::money(items))),
            ui::figure("Credit notes used", Some(ui::money(credits))),
            ui::figure("Stays on account", Some(ui::money(account))),
        ]);
        let rows = read.lines.iter().map(|line| {
            let (paid, off, open) = line.sums;
            ui::row()
                .cell(&line.reference)
                .cell(ui::or_dash(&line.item))
                .cell(ui::or_dash(&line.customer))
                .cell(paid)
                .cell(off)
                .cell(open)
                .cell(&line.note)
                .wrong(line.item.is_empty())
        });
        let table = ui::table("Lines of the advice")
            .columns([
                ui::col("As written"),
                ui::col("Our number").nowrap(),
                ui::col("Customer").nowrap(),
                ui::num("Paid"),
                ui::num("Taken off"),
                ui::num("Open"),
                ui::col("Note"),
            ])
            .rows(rows);
        let left_out = if read.left_out.is_empty() {
            Html::default()
        } else {
            let rows = ui::parts(read.left_out.iter().map(ui::muted));
            ui::panel("Not read: no bill named beside the amount", rows).into()
        };
        let problem =
            if read.problem.is_empty() { Html::default() } else { ui::para(ui::strong(&read.problem, false)).into() };
        let apply = match (read.problem.is_empty(), read.may_keep) {
            (true, _) => self.apply(read, "Allocate as the advice says", false),
            (false, true) => self.apply(read, "Allocate what is found, keep the rest on the account", true),
            (false, false) => Html::default(),
        };
        Html::from(ui::muted(&read.name)).and(tiles).and(problem).and(table).and(left_out).and(apply)
    }

    fn apply(&self, read: &Read, words: &str, keep: bool) -> Html {
        let kept = ui::hidden("kept", &read.kept).and(ui::hidden("name", &read.name));
        let kept = if keep { kept.and(ui::hidden("keep_rest", "yes")) } else { kept };
        let address = format!("/cash/receipts/{}/remittance/apply", self.number);
        ui::post_form(address, self.frame.tokens("apply"), kept.and(ui::button(words))).into()
    }
}

impl Plain for Remittance {
    fn above(&self) -> Html {
        let here = format!("/cash/receipts/{}", self.number);
        ui::breadcrumbs([("/cash".to_owned(), "Cash".to_owned()), (here, self.number.clone())]).into()
    }

    fn caption(&self) -> Html {
        (&self.receipt).into()
    }

    fn body(&self) -> Html {
        let before = if self.before.is_empty() {
            Html::default()
        } else {
            let rows = self.before.iter().map(|(file, lines, who)| ui::row().cell(file).cell(*lines).cell(who));
            let columns = [ui::col("File"), ui::num("Lines"), ui::col("Applied by")];
            ui::table("Advice applied before").columns(columns).rows(rows).show_caption().into()
        };
        match &self.read {
            Some(read) => self.result(read).and(ui::panel("Hand in another file", self.hand_in())),
            None => {
                let says = "The payer's own list says which bills a payment is for. It is read and shown first; \
                            nothing is allocated until you say so.";
                Html::from(ui::para(says)).and(self.hand_in()).and(before)
            }
        }
    }
}
