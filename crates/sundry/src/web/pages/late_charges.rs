//! What is charged on an invoice for paying late: worked out, posted, corrected, waived.

use super::interest::Working;
use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html, TagColour, tag};
use askama::Template;
use sundry_domain::money::Pence;
use sundry_domain::recovery::{ChargePart, FeeTerm, WaiveReason};
use sundry_domain::refusal::Refusal;
use sundry_store::recovery::charges::LateChargeRow;

/// The charges of an invoice.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct LateCharges {
    /// The frame.
    pub frame: Frame,
    /// The invoice.
    pub number: String,
    /// What the law gives today; none where it gives none.
    pub quoted: Option<Working>,
    /// Why it gives none.
    pub refusal: Option<Refusal>,
    /// The term by which the contract allows a fee today; none where it allows none.
    pub fee: Option<FeeTerm>,
    /// Why it allows none yet, where its term waits for somebody else's yes.
    pub fee_waits: Option<Refusal>,
    /// Why charging it now would be refused.
    pub stopped: Option<Refusal>,
    /// Posted, corrected and waived, oldest first.
    pub charges: Vec<LateChargeRow>,
    /// Charged less corrected; of that waived; of that still open.
    pub sums: [Pence; 3],
    /// Whether the reader charges, and waives.
    pub may: [bool; 2],
    /// What was typed: charge, amount, reason, words.
    pub typed: [String; 4],
}

impl LateCharges {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Charges for late payment of {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        use sundry_domain::recovery::HoldReason;
        let row = |id, act: &str, part: &str, pence, open_pence| LateChargeRow {
            id,
            invoice_item_id: 1,
            item_id: 2,
            item_number: format!("7104211/L{id}"),
            act: act.into(),
            part: part.into(),
            amount_pence: pence,
            as_at: on(2026, 11, 19),
            reason: if act == "waived" { "goodwill".into() } else { String::new() },
            words: if act == "waived" { "Goodwill. After a complaint".into() } else { String::new() },
            actor_id: 3,
            actor_name: "Priya Nair".into(),
            open_pence,
        };
        let working = Working {
            principal: Pence(1_000_000),
            starts_on: on(2026, 7, 16),
            rate: ("11.75% a year".into(), "Bank Rate on 30 June 2026 and eight per cent".into()),
            slices: vec![(on(2026, 7, 16), on(2026, 11, 19), 127, Pence(1_000_000))],
            interest: Pence(40_884),
            compensation: Pence(10_000),
        };
        let page = |frame, quoted: Option<Working>, charges: Vec<LateChargeRow>| Self {
            frame,
            number: "7104211".into(),
            refusal: quoted.is_none().then(|| Refusal {
                code: "LP-06-CONSUMER".into(),
                sentence: "A consumer owes this".into(),
                way_out: "Charge no interest under the Act".into(),
                rule: "Late Payment of Commercial Debts (Interest) Act 1998, section 2".into(),
                allowed_from: None,
            }),
            fee: quoted.as_ref().filter(|_| charges.is_empty()).map(|_| FeeTerm {
                debt_type: String::new(),
                fee: Pence(1_500),
                term: "Hire agreement 2026, clause 7.2".into(),
                from_on: on(2026, 4, 1),
                to_on: None,
                found_fair_by: String::new(),
                waits: false,
            }),
            fee_waits: quoted.is_none().then(|| {
                sundry_domain::recovery::refusals::FEE_WAITS.because("Nobody else has said yes to the term yet")
            }),
            quoted,
            stopped: None,
            sums: if charges.is_empty() { [Pence::ZERO; 3] } else { [Pence(50_884), Pence(5_000), Pence(45_884)] },
            charges,
            may: [true; 2],
            typed: Default::default(),
        };
        let all = vec![
            row(1, "posted", "interest", 40_884, 40_884),
            row(2, "posted", "compensation", 10_000, 5_000),
            row(2, "waived", "compensation", 5_000, 5_000),
        ];
        let wrong = Frame::sample("Billing").wrong("reason", "Choose a reason");
        let mut held = page(Frame::sample("Billing"), Some(working.clone()), Vec::new());
        held.stopped = Some(HoldReason::Complaint.refusal().because("A complaint is open"));
        vec![
            ("charged", page(Frame::sample("Billing"), Some(working.clone()), all.clone())),
            ("none", page(Frame::sample("Billing"), Some(working), Vec::new())),
            ("refused", page(Frame::sample("Billing"), None, Vec::new())),
            ("stopped", held),
            ("error", page(wrong, None, all)),
        ]
    }

    fn at(&self) -> String {
        format!("{}/charges", invoice_at(&self.number))
    }

    fn charging(&self) -> Html {
        // Where the law gives nothing, the working beside it says why.
        if !self.may[0] || self.quoted.is_none() {
            return Html::default();
        }
        if let Some(no) = &self.stopped {
            let why = ui::with_code(&format!("{}. {}.", no.sentence, no.way_out), &no.code);
            return ui::boxed("Nothing to charge now", ui::para(why)).into();
        }
        let words = "What the law gives to today is charged, less what was charged before. Where a payment turned out to be \
                     older, what is too much is taken off.";
        let body = ui::hidden("act", "charge").and(ui::muted(words)).and(ui::button("Charge or correct to today"));
        ui::boxed("Charge", ui::post_form(self.at(), self.frame.tokens("charge"), body)).into()
    }

    fn fee(&self) -> Html {
        if let Some(no) = self.fee_waits.as_ref().filter(|_| self.may[0]) {
            let why = ui::with_code(&format!("{}. {}.", no.sentence, no.way_out), &no.code);
            return ui::boxed("No fee by contract yet", ui::para(why)).into();
        }
        let Some(term) = self.fee.as_ref().filter(|_| self.may[0]) else { return Html::default() };
        let words = format!("{} sets a fee of {}, once for an invoice, without VAT.", term.term, term.fee);
        let body =
            ui::hidden("act", "fee").and(ui::muted(words)).and(ui::button("Charge the contract's fee").secondary());
        ui::boxed("Fee by contract", ui::post_form(self.at(), self.frame.tokens("fee"), body)).into()
    }

    fn waiving(&self) -> Html {
        let open = self.charges.iter().filter(|row| row.act == "posted" && row.open_pence > 0);
        let open: Vec<(String, String)> = open
            .map(|row| (row.item_number.clone(), format!("{}, {} open", row.item_number, Pence(row.open_pence))))
            .collect();
        if !self.may[1] || open.is_empty() {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let [charge, amount, reason, words] = &self.typed;
        // Nothing is chosen at first: a reason is somebody's, not the first of the list.
        let none = std::iter::once((String::new(), "Choose a reason".to_owned()));
        let reasons = none.chain(WaiveReason::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned())));
        let body = ui::hidden("act", "waive")
            .and(ui::select("charge", "Which charge?", charge, open).errors(errors))
            .and(
                ui::amount_input("amount", "How much?", amount)
                    .hint("Leave empty to waive all that is open")
                    .errors(errors),
            )
            .and(ui::select("reason", "Why?", reason, reasons).errors(errors))
            .and(ui::textarea("words", "More about why (optional)", words).errors(errors))
            .and(ui::button("Waive the charge").warning());
        ui::boxed("Waive a charge", ui::post_form(self.at(), self.frame.tokens("waive"), body).guarded()).into()
    }

    fn charged(&self) -> Html {
        if self.charges.is_empty() {
            return ui::empty("Nothing was charged", "Interest is owed only once it was charged.").into();
        }
        let rows = self.charges.iter().map(|row| {
            let (words, colour) = match row.act.as_str() {
                "posted" => ("Charged", TagColour::Blue),
                "corrected" => ("Corrected", TagColour::Grey),
                _ => ("Waived", TagColour::Green),
            };
            let amount = if row.act == "posted" { Pence(row.amount_pence) } else { Pence(-row.amount_pence) };
            let open = if row.act == "posted" { Html::from(Pence(row.open_pence)) } else { Html::from("–") };
            ui::row()
                .cell(row.as_at)
                .cell(Html::from(&row.item_number).and(ui::sub_line(&row.words)))
                .cell(ChargePart::parse(&row.part).map_or("", ChargePart::name))
                .cell(tag(words, colour))
                .cell(amount)
                .cell(open)
                .cell(&row.actor_name)
        });
        let table = ui::table("What was charged, oldest first")
            .columns([
                ui::col("To the end of").nowrap(),
                ui::col("Charge"),
                ui::col("What"),
                ui::col("Act"),
                ui::num("Amount"),
                ui::num("Open"),
                ui::col("By"),
            ])
            .rows(rows)
            .show_caption();
        let [charged, waived, open] = self.sums;
        let sums = ui::summary_list()
            .fact("Charged, less what was corrected", charged)
            .fact("Of that waived", waived)
            .fact("Of that open", open);
        Html::from(table).and(sums)
    }
}

impl Plain for LateCharges {
    fn above(&self) -> Html {
        ui::breadcrumbs([
            ("/billing".to_owned(), "Billing".to_owned()),
            (invoice_at(&self.number), self.number.clone()),
        ])
        .into()
    }

    fn body(&self) -> Html {
        let today = match (&self.quoted, &self.refusal) {
            (Some(working), _) => working.steps(),
            (None, Some(no)) => {
                let why = format!("The law gives nothing today: {}. {}.", no.sentence, no.way_out);
                ui::para(ui::with_code(&why, &no.code)).into()
            }
            (None, None) => Html::default(),
        };
        let left = Html::from(ui::panel("What the law gives to today", today)).and(self.charged());
        ui::grid([(8, left), (4, self.charging().and(self.fee()).and(self.waiving()))]).into()
    }
}
