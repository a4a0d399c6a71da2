//! Billing runs: those there were, a preview, one with its progress and result; the evidence of an invoice; rate cards.

use super::contracts::{BilledLine, billed_table, places};
use super::plain::Plain;
use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// Billing runs and the preview of the next.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct BillingRuns {
    /// The frame; errors belong to `up_to`, `service` and `cycle`.
    pub frame: Frame,
    /// Day, service and cycle, as typed.
    pub typed: [String; 3],
    /// Cycles: value and words.
    pub cycles: Vec<(String, String)>,
    /// What a run would do, once a day is chosen.
    pub preview: Option<Preview>,
    /// The runs, newest first.
    pub runs: Vec<RunLine>,
    /// Whether the reader prepares runs.
    pub may_prepare: bool,
    /// A run that has not ended, which must end first; empty when there is none.
    pub unfinished: String,
}

/// One run of the list.
#[derive(Clone, Debug)]
pub struct RunLine {
    /// Number.
    pub number: String,
    /// Bills what is due by this day.
    pub up_to: NaiveDate,
    /// Invoices.
    pub invoices: i64,
    /// Their sum.
    pub gross: Pence,
    /// Left out.
    pub left: i64,
    /// Who prepared it.
    pub by: String,
    /// Where it stands.
    pub state: ui::Tag,
}

/// What a run would do.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Contracts, invoices, lines, new, changed, same, nothing due.
    pub counts: [i64; 7],
    /// Net, VAT, gross, net adjustments, credits.
    pub sums: [Pence; 5],
    /// What changed: contract, service user, what, before, now, why.
    pub changes: Vec<(String, String, ui::Tag, Pence, Pence, String)>,
    /// Left out: contract, service user, why, what to do.
    pub left: Vec<(String, String, String, String)>,
    /// Invoices: contract, customer, order, gross, and description, net and working of each line.
    pub invoices: Vec<PreviewInvoice>,
}

/// An invoice of a preview.
#[derive(Clone, Debug)]
pub struct PreviewInvoice {
    /// Contract.
    pub contract: String,
    /// Customer number and name.
    pub customer: (String, String),
    /// With VAT.
    pub gross: Pence,
    /// What it says, net, how it was worked out.
    pub lines: Vec<(String, Pence, String)>,
}

impl Preview {
    #[cfg(test)]
    fn sample() -> Self {
        let text = |words: &str| words.to_owned();
        Self {
            counts: [214, 231, 402, 3, 7, 203, 1],
            sums: [Pence(15_612_300), Pence(0), Pence(15_612_300), Pence(4_926), Pence(36_470)],
            changes: vec![(
                text("CON-000017"),
                text("P104482"),
                ui::tag("New", ui::TagColour::Blue),
                Pence::ZERO,
                Pence(49_495),
                text("Starts on 13 May 2026"),
            )],
            left: vec![(
                text("CON-000018"),
                text("P104483"),
                text("Residential care has no rate on 18 May 2026"),
                text("Enter the rate from that day on, or end the charge the day before"),
            )],
            invoices: vec![PreviewInvoice {
                contract: text("CON-000017"),
                customer: (text("C103316"), text("Fens Integrated Care Board")),
                gross: Pence(49_495),
                lines: vec![(
                    text("Residential care, P104482, 13 May 2026 to 31 May 2026, 19 days at £182.35 a week"),
                    Pence(49_495),
                    text("19 days at £182.35 a week: 19/7 × £182.35 = £494.95"),
                )],
            }],
        }
    }

    fn tiles(&self) -> Html {
        let [contracts, invoices, _, new, changed, same, nothing] = self.counts;
        let [_, _, gross, more, back] = self.sums;
        let tiles = ui::figures([
            ui::figure("Invoices", Some(ui::number(invoices)))
                .note(format!("from {}", ui::count_of(contracts, "contract", "contracts"))),
            ui::figure("To be billed", Some(ui::money(gross))),
            ui::figure("Adjustments", Some(ui::money(more))),
            ui::figure("Credits to approve", Some(ui::money(back))),
            ui::figure("Left out", Some(ui::number(self.left.len() as i64))).bad(!self.left.is_empty()),
        ]);
        Html::from(tiles).and(ui::para(format!(
            "{new} billed for the first time, {changed} changed, {same} as in the period before, {nothing} with nothing due."
        )))
    }

    fn tables(&self) -> Html {
        let mut all = Html::default();
        let contract = |number: &str| ui::link(format!("/billing/contracts/{number}"), number);
        if !self.left.is_empty() {
            let rows = self.left.iter().map(|(number, user, why, instead)| {
                ui::row().cell(contract(number)).cell(ui::or_dash(user)).cell(why).cell(instead)
            });
            let table = ui::table("Left out until it is put right").show_caption().columns([
                ui::col("Contract").nowrap(),
                ui::col("Service user"),
                ui::col("Why"),
                ui::col("What to do"),
            ]);
            all = all.and(table.rows(rows));
        }
        if !self.changes.is_empty() {
            let rows = self.changes.iter().map(|(number, user, what, was, now, why)| {
                let row = ui::row().cell(contract(number)).cell(ui::or_dash(user)).cell(what);
                row.cell(*was).cell(*now).cell(ui::or_dash(why))
            });
            let table = ui::table("What differs from the period before, and why").show_caption().columns([
                ui::col("Contract").nowrap(),
                ui::col("Service user"),
                ui::col("What"),
                ui::num("Before"),
                ui::num("Now"),
                ui::col("Why"),
            ]);
            all = all.and(table.rows(rows));
        }
        if !self.invoices.is_empty() {
            let rows = self.invoices.iter().flat_map(|invoice| {
                invoice.lines.iter().map(move |(says, net, working)| {
                    let who = Html::from(&invoice.customer.1).and(ui::sub_line(invoice.customer.0.as_str()));
                    let line = Html::from(says).and(ui::sub_line(working.as_str()));
                    ui::row().cell(contract(&invoice.contract)).cell(who).cell(line).cell(*net)
                })
            });
            let title = match self.invoices.len() {
                1 => "The first invoice, line by line".to_owned(),
                many => format!("The first {many} invoices, line by line"),
            };
            let table = ui::table(title).show_caption().columns([
                ui::col("Contract").nowrap(),
                ui::col("Payer"),
                ui::col("Line"),
                ui::num("Net"),
            ]);
            all = all.and(table.rows(rows));
        }
        all
    }
}

impl BillingRuns {
    /// The heading.
    pub fn heading(&self) -> String {
        "Billing runs".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let run = RunLine {
            number: "BRN-000003".into(),
            up_to: on(2026, 4, 30),
            invoices: 228,
            gross: Pence(15_398_100),
            left: 2,
            by: "Tom Ashdown".into(),
            state: ui::tag("Done", ui::TagColour::Green),
        };
        let page = |frame, preview, runs| Self {
            frame,
            typed: ["31 May 2026".into(), String::new(), String::new()],
            cycles: vec![(String::new(), "Every cycle".into()), ("monthly".into(), "every month".into())],
            preview,
            runs,
            may_prepare: true,
            unfinished: String::new(),
        };
        let wrong = Frame::sample("Billing").wrong("up_to", "Enter a date such as 30/11/26");
        vec![
            ("full", page(Frame::sample("Billing"), Some(Preview::sample()), vec![run])),
            ("empty", page(Frame::sample("Billing"), None, Vec::new())),
            ("nothing-due", page(Frame::sample("Billing"), Some(Preview::default()), Vec::new())),
            ("error", page(wrong, None, Vec::new())),
        ]
    }

    fn prepare(&self) -> Html {
        if !self.unfinished.is_empty() {
            let link = ui::link(format!("/billing/runs/{}", self.unfinished), &self.unfinished);
            return Html::from(ui::para(Html::from("Another run has not ended: ").and(link)));
        }
        if !self.may_prepare {
            return Html::default();
        }
        let [up_to, service, cycle] = &self.typed;
        let says = "It waits until someone releases it. Nothing has been done yet.";
        let body = ui::hidden("up_to", up_to)
            .and(ui::hidden("service", service))
            .and(ui::hidden("cycle", cycle))
            .and(ui::button("Prepare the run"));
        let form = ui::post_form("/billing/runs/prepare", self.frame.tokens("prepare"), body);
        ui::boxed("Prepare", Html::from(ui::para(says)).and(form)).to_do().into()
    }

    fn before(&self) -> Html {
        if self.runs.is_empty() {
            return ui::empty("No runs yet", "Choose a day: the preview shows what is due by then.").into();
        }
        let rows = self.runs.iter().map(|run| {
            ui::row()
                .cell(ui::link(format!("/billing/runs/{}", run.number), &run.number))
                .cell(run.up_to)
                .cell(run.invoices)
                .cell(run.gross)
                .cell(run.left)
                .cell(&run.by)
                .cell(&run.state)
        });
        ui::table("Runs, newest first")
            .show_caption()
            .columns([
                ui::col("Run").nowrap(),
                ui::col("Due by").nowrap(),
                ui::num("Invoices"),
                ui::num("Total"),
                ui::num("Left out"),
                ui::col("Prepared by"),
                ui::col("State"),
            ])
            .rows(rows)
            .into()
    }
}

impl Plain for BillingRuns {
    fn body(&self) -> Html {
        let [up_to, service, cycle] = &self.typed;
        let errors = &self.frame.errors;
        let cycles = self.cycles.iter().map(|(value, words)| ui::choice(value, words));
        let filter = ui::filters("/billing/runs")
            .field(ui::date_input("up_to", "Due by", up_to).errors(errors))
            .field(ui::select("cycle", "Cycle", cycle, cycles).errors(errors))
            .field(ui::input("service", "Service", service).width(10).errors(errors))
            .verb("Preview");
        let top = places("Billing runs").and(filter);
        let Some(preview) = &self.preview else { return top.and(self.before()) };
        if preview.counts[0] == 0 {
            let text = "Every contract has been billed for the periods that are due by this day.";
            return top.and(ui::empty("Nothing is due", text)).and(self.before());
        }
        top.and(preview.tiles()).and(self.prepare()).and(preview.tables()).and(self.before())
    }
}

/// One billing run: progress, control totals, what was left out, its invoices.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct OneRun {
    /// The frame.
    pub frame: Frame,
    /// Number.
    pub number: String,
    /// Where it stands.
    pub state: (String, ui::Tag),
    /// Facts: key and value.
    pub facts: Vec<(String, String)>,
    /// Control totals: what, prepared, posted, in the ledger.
    pub totals: Vec<[String; 4]>,
    /// Contracts done, and in all.
    pub done: (i64, i64),
    /// Left out: contract, service user, why, what to do.
    pub left: Vec<(String, String, String, String)>,
    /// Invoices: number, customer number and name, order, gross.
    pub invoices: Vec<(String, String, String, String, Pence)>,
    /// The address of more of them; empty on the last page.
    pub next: String,
    /// Whether the reader releases and stops it.
    pub may_release: bool,
    /// Whether the reader withdraws it.
    pub may_withdraw: bool,
}

impl OneRun {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Billing run {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let page = |word: &str, state, totals: Vec<[&str; 4]>, left: Vec<_>, invoices: Vec<_>| Self {
            frame: Frame::sample("Billing"),
            number: "BRN-000004".into(),
            state: (word.into(), state),
            facts: vec![(text("Due by"), text("31 May 2026")), (text("Prepared by"), text("Tom Ashdown"))],
            totals: totals.into_iter().map(|row| row.map(text)).collect(),
            done: (500, 1_200),
            left,
            invoices,
            next: String::new(),
            may_release: true,
            may_withdraw: true,
        };
        let rows = vec![["Invoices", "231", "231", "231"], ["With VAT", "£156,123.00", "£156,123.00", "£156,123.00"]];
        let left = (text("CON-000018"), text("P104483"), text("There is no rate"), text("Enter the rate"));
        let invoice = (text("INV-000412"), text("C103316"), text("Fens ICB"), text("PO-1"), Pence(49_495));
        vec![
            ("prepared", page("prepared", ui::tag("Prepared", ui::TagColour::Blue), rows.clone(), vec![], vec![])),
            (
                "releasing",
                page("releasing", ui::tag("Being billed", ui::TagColour::Yellow), rows.clone(), vec![], vec![]),
            ),
            ("done", page("done", ui::tag("Done", ui::TagColour::Green), rows, vec![left], vec![invoice])),
        ]
    }

    fn acts(&self) -> Html {
        let form = |verb: &str, button: ui::Button| {
            let action = format!("/billing/runs/{}/{verb}", self.number);
            Html::from(ui::post_form(action, self.frame.tokens(verb), Html::from(button)))
        };
        let release = |words: &str| form("release", ui::button(words));
        let says = |words: &str| Html::from(ui::para(words));
        let body = match self.state.0.as_str() {
            "prepared" if self.may_release => {
                says("Every invoice is numbered and posted. Stopped or broken off, the run goes on where it was.")
                    .and(release("Release the run"))
            }
            "stopped" if self.may_release => says("What was billed stays billed.").and(release("Let it go on")),
            "releasing" if self.may_release => {
                says("It stops after the piece it is at.").and(form("stop", ui::button("Stop it").warning()))
            }
            _ => Html::default(),
        };
        let withdraw = match self.state.0.as_str() {
            "prepared" if self.may_withdraw => form("withdraw", ui::button("Withdraw it").secondary()),
            _ => Html::default(),
        };
        let body = body.and(withdraw);
        if body.is_empty() { body } else { ui::boxed("What to do", body).to_do().into() }
    }

    fn tables(&self) -> Html {
        let totals =
            self.totals.iter().map(|row| row.iter().fold(ui::row(), |line, cell| line.cell(ui::or_dash(cell))));
        let totals = ui::table("Control totals")
            .show_caption()
            .columns([ui::col("What"), ui::num("Prepared"), ui::num("Posted"), ui::num("In the ledger")])
            .rows(totals);
        let mut all = Html::from(totals);
        if !self.left.is_empty() {
            let rows = self.left.iter().map(|(number, user, why, instead)| {
                let number = ui::link(format!("/billing/contracts/{number}"), number);
                ui::row().cell(number).cell(ui::or_dash(user)).cell(why).cell(instead)
            });
            let table = ui::table("Left out: the next run bills what is put right").show_caption().columns([
                ui::col("Contract").nowrap(),
                ui::col("Service user"),
                ui::col("Why"),
                ui::col("What to do"),
            ]);
            all = all.and(table.rows(rows));
        }
        if self.invoices.is_empty() {
            return all;
        }
        let rows = self.invoices.iter().map(|(number, customer, name, order, gross)| {
            let who = ui::link(format!("/customers/{customer}"), format!("{name}, {customer}"));
            let number = ui::link(invoice_at(number), number);
            ui::row().cell(number).cell(who).cell(ui::or_dash(order)).cell(*gross)
        });
        let table = ui::table("Invoices")
            .show_caption()
            .columns([ui::col("Invoice").nowrap(), ui::col("Customer"), ui::col("Order"), ui::num("With VAT")])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "More invoices") };
        all.and(table).and(next)
    }
}

impl Plain for OneRun {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/billing", "Billing"), ("/billing/runs", "Billing runs")]).into()
    }

    fn body(&self) -> Html {
        let facts = ui::summary_list().fact("State", &self.state.1);
        let (done, all) = self.done;
        let moving = matches!(self.state.0.as_str(), "releasing" | "stopped");
        let facts = if moving {
            facts.fact("Contracts", format!("{} of {}", ui::number(done), ui::number(all)))
        } else {
            facts
        };
        let facts = self.facts.iter().fold(facts, |facts, (key, value)| facts.fact_if(key, value));
        Html::from(facts).and(self.acts()).and(self.tables())
    }
}

/// What stands behind the lines of an invoice.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct InvoiceEvidence {
    /// The frame.
    pub frame: Frame,
    /// The invoice.
    pub number: String,
    /// Evidence by line: the line's number and words, the contract, its clause, where the rate comes from, the rows.
    pub lines: Vec<EvidenceOfLine>,
    /// The request that it came from, and who asked.
    pub request: Option<(String, String)>,
    /// Rows of feeder files: line, feeder, file, row, reference, document, amount as sent.
    pub sent: Vec<(i64, String, String, i64, String, String, Pence)>,
}

/// What stands behind one line.
#[derive(Clone, Debug)]
pub struct EvidenceOfLine {
    /// Its number.
    pub line: i64,
    /// What it says.
    pub says: String,
    /// The contract.
    pub contract: String,
    /// The clause.
    pub clause: String,
    /// Where the rate comes from.
    pub source: String,
    /// Dates, days, rate, fraction, share.
    pub rows: Vec<BilledLine>,
    /// Activity behind it: line, reference, day, quantity, pounds.
    pub activity: Vec<(String, String, String, String, Pence)>,
}

impl InvoiceEvidence {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("What stands behind {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let line = EvidenceOfLine {
            line: 1,
            says: "Residential care, P104482, 13 May 2026 to 31 May 2026, 19 days at £182.35 a week".into(),
            contract: "CON-000017".into(),
            clause: "4.1".into(),
            source: "CARE-26 RES".into(),
            rows: vec![BilledLine::sample()],
            activity: vec![(
                "ACT-000004-12".into(),
                "V-2026-104482-17".into(),
                "11 May 2026".into(),
                "1.25 hours".into(),
                Pence(2_813),
            )],
        };
        let text = |words: &str| words.to_owned();
        let page = |lines| Self {
            frame: Frame::sample("Billing"),
            number: "INV-000412".into(),
            lines,
            request: None,
            sent: Vec::new(),
        };
        let row = (1, text("Licensing system"), text("FDR-000004"), 13, text("LIC/11"), text("D3"), Pence(11_100));
        vec![
            ("full", page(vec![line])),
            ("empty", page(Vec::new())),
            ("sent", Self { sent: vec![row], ..page(Vec::new()) }),
            ("asked", Self { request: Some((text("REQ-000007"), text("Ann Bell"))), ..page(Vec::new()) }),
        ]
    }
}

impl InvoiceEvidence {
    fn asked(&self) -> Html {
        let Some((number, who)) = &self.request else { return Html::default() };
        let link = ui::link(format!("/billing/requests/{number}"), number);
        ui::summary_list().fact("Request", link).fact("Asked by", who).into()
    }

    fn rows_sent(&self) -> Html {
        if self.sent.is_empty() {
            return Html::default();
        }
        let rows = self.sent.iter().map(|(line, feeder, file, row, reference, document, amount)| {
            let place = ui::link(format!("/billing/feeder-files/{file}"), format!("{file}, row {row}"));
            let charge = Html::from(reference).and(ui::sub_line(ui::or_dash(document).as_str()));
            ui::row().cell(*line).cell(feeder).cell(place).cell(charge).cell(*amount)
        });
        ui::table("Rows of the files that were sent")
            .show_caption()
            .columns([
                ui::num("Line"),
                ui::col("Feeder"),
                ui::col("File and row"),
                ui::col("Reference and document"),
                ui::num("As sent"),
            ])
            .rows(rows)
            .into()
    }
}

impl Plain for InvoiceEvidence {
    fn above(&self) -> Html {
        let invoice = invoice_at(&self.number);
        ui::breadcrumbs([("/billing".to_owned(), "Billing".to_owned()), (invoice, self.number.clone())]).into()
    }

    fn body(&self) -> Html {
        if self.lines.is_empty() && self.sent.is_empty() && self.request.is_none() {
            let text = "It was raised by hand or taken on: its lines say what they are for.";
            return ui::empty("No contract, request or file stands behind this invoice", text).into();
        }
        self.lines.iter().fold(self.asked().and(self.rows_sent()), |all, line| {
            let facts = ui::summary_list()
                .fact("The line", &line.says)
                .fact("Contract", ui::link(format!("/billing/contracts/{}", line.contract), &line.contract))
                .fact_if("Clause", &line.clause)
                .fact_if("The rate comes from", &line.source);
            let heading = ui::heading(format!("Line {}", line.line));
            let working = billed_table(&format!("Working of line {}", line.line), &line.rows);
            all.and(heading).and(facts).and(working).and(line.activity())
        })
    }
}

impl EvidenceOfLine {
    fn activity(&self) -> Html {
        if self.activity.is_empty() {
            return Html::default();
        }
        let rows = self.activity.iter().map(|(number, reference, days, quantity, sum)| {
            let number = ui::link(format!("/billing/activity/{number}"), number);
            ui::row().cell(number).cell(reference).cell(days).cell(quantity).cell(*sum)
        });
        let columns = [
            ui::col("Line").nowrap(),
            ui::col("Reference"),
            ui::col("Delivered"),
            ui::col("Quantity"),
            ui::num("For all payers"),
        ];
        ui::table(format!("Activity behind line {}", self.line)).show_caption().columns(columns).rows(rows).into()
    }
}

/// Rate cards, and loading one.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct RateCards {
    /// The frame; errors belong to `file`, `code`, `name` and `reason`.
    pub frame: Frame,
    /// Code, name and reason, as typed.
    pub typed: [String; 3],
    /// Everything wrong with the file: row, field, message, what was typed.
    pub faults: Vec<(String, String, String, String)>,
    /// Cards: code, name, and service, what, rate in words, VAT, days, why of each rate.
    pub cards: Vec<(String, String, Vec<[String; 6]>)>,
    /// Whether the reader loads them.
    pub may_set: bool,
}

impl RateCards {
    /// The heading.
    pub fn heading(&self) -> String {
        "Rate cards".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = |words: &str| words.to_owned();
        let rate = ["RES", "Residential care", "£905.00 a week", "O", "from 6 April 2026", "Cabinet of 3 March"];
        let card = (text("CARE-26"), text("Care 2026/27"), vec![rate.map(text)]);
        let fault = (text("3"), text("from"), text("Another rate holds from 6 April 2026 on"), text("2026-04-06"));
        let page = |frame, faults, cards| Self { frame, typed: Default::default(), faults, cards, may_set: true };
        let wrong = Frame::sample("Billing").wrong("file", "Nothing was taken: put these right and send it again");
        vec![
            ("full", page(Frame::sample("Billing"), Vec::new(), vec![card])),
            ("error", page(wrong, vec![fault], Vec::new())),
            ("empty", page(Frame::sample("Billing"), Vec::new(), Vec::new())),
        ]
    }

    fn load(&self) -> Html {
        let [code, name, reason] = &self.typed;
        let errors = &self.frame.errors;
        let body = Html::from(
            ui::file_field("file", "Workbook or CSV", ".csv,.xlsx")
                .hint("Columns: service_code, description, unit, rate, vat_code, from; and if needed to, income_code")
                .errors(errors),
        )
        .and(ui::row_of([
            Html::from(ui::input("code", "Code of the card", code).width(10).errors(errors)),
            Html::from(ui::input("name", "Name, for a new card", name).width(20).errors(errors)),
        ]))
        .and(ui::input("reason", "The decision behind the rates", reason).errors(errors))
        .and(ui::button("Load the rates"));
        let form = ui::post_form("/billing/rate-cards/load", self.frame.tokens("load"), body).with_file();
        ui::boxed("Load a rate card", form).into()
    }

    fn faults(&self) -> Html {
        if self.faults.is_empty() {
            return Html::default();
        }
        let rows = self.faults.iter().map(|(row, field, message, typed)| {
            ui::row().cell(ui::or_dash(row)).cell(field).cell(message).cell(ui::or_dash(typed)).wrong(true)
        });
        ui::table("What is wrong with the file")
            .show_caption()
            .columns([ui::num("Row"), ui::col("Column"), ui::col("What to do"), ui::col("It says")])
            .rows(rows)
            .into()
    }
}

impl Plain for RateCards {
    fn body(&self) -> Html {
        let mut all = places("Rate cards").and(self.faults());
        if self.may_set {
            all = all.and(self.load());
        }
        if self.cards.is_empty() {
            return all.and(ui::empty("No rate cards", "Contracts may have rates of their own, or follow a card."));
        }
        for (code, name, rates) in &self.cards {
            let rows = rates.iter().map(|rate| rate.iter().fold(ui::row(), |row, cell| row.cell(ui::or_dash(cell))));
            let table = ui::table(format!("{code}, {name}"))
                .show_caption()
                .columns([
                    ui::col("Service"),
                    ui::col("What"),
                    ui::col("Rate"),
                    ui::col("VAT"),
                    ui::col("When"),
                    ui::col("Why"),
                ])
                .rows(rows);
            all = all.and(table);
        }
        all
    }
}
