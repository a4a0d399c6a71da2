//! The loss allowance: what it must be, how it moves, its rates, and debts looked at one by one.

use super::plain::Plain;
use super::write_off::{capital, debt_link};
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_desk::close::allowance::{AllowancePreview, AllowanceSettings};
use sundry_domain::close::BUCKETS;
use sundry_domain::money::{BasisPoints, Pence};

/// The loss allowance.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Allowance {
    /// The frame.
    pub frame: Frame,
    /// What it must be; none where the day cannot be read.
    pub seen: Option<AllowancePreview>,
    /// Its rates.
    pub settings: AllowanceSettings,
    /// The day as typed.
    pub as_at: String,
    /// Whether the reader asks for runs and names debts.
    pub may_post: bool,
    /// Debt, amount and words as typed.
    pub typed: [String; 3],
}

impl Allowance {
    /// The heading.
    pub fn heading(&self) -> String {
        "Loss allowance".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        use sundry_domain::close::{AllowanceBook, AllowanceLine, AllowanceMovement, default_matrix};
        let seen = || AllowancePreview {
            as_at: on(2026, 10, 31),
            book: AllowanceBook {
                lines: vec![AllowanceLine {
                    class: "Individuals".into(),
                    bucket: "31 to 60 days".into(),
                    gross: Pence(62_000_000),
                    rate: BasisPoints(360),
                    allowance: Pence(2_232_000),
                }],
                gross: Pence(62_000_000),
                excluded: Pence::ZERO,
                allowance: Pence(2_232_000),
            },
            movement: AllowanceMovement {
                opening: Pence(2_000_000),
                used: Pence(90_000),
                charge: Pence(322_000),
                closing: Pence(2_232_000),
            },
            since: Some(on(2026, 9, 30)),
            runs: Vec::new(),
        };
        let settings =
            || AllowanceSettings { matrix: default_matrix(), from_on: None, matrices: Vec::new(), named: Vec::new() };
        let page = |frame, seen, may_post| Self {
            frame,
            seen,
            settings: settings(),
            as_at: "31 Oct 2026".into(),
            may_post,
            typed: [const { String::new() }; 3],
        };
        let wrong = Frame::sample("Close").wrong("amount", "Enter from nothing to the £100.00 that is open");
        vec![
            ("full", page(Frame::sample("Close"), Some(seen()), true)),
            ("read", page(Frame::sample("Close"), Some(seen()), false)),
            ("error", page(wrong, Some(seen()), true)),
            ("no_day", page(Frame::sample("Close").wrong("as_at", "Enter today or an earlier day"), None, true)),
        ]
    }

    fn found(&self, seen: &AllowancePreview) -> Html {
        let moved = &seen.movement;
        let facts = ui::summary_list()
            .fact("At the start", moved.opening)
            .fact("Used by write-offs, less what came back", moved.used)
            .fact("To charge", moved.charge)
            .fact("Needed", moved.closing)
            .fact("Gross", seen.book.gross)
            .fact("Of it with bodies on which no loss is expected", seen.book.excluded);
        let rows = seen.book.lines.iter().map(|line| {
            ui::row()
                .cell(&line.class)
                .cell(&line.bucket)
                .cell(line.gross)
                .cell(line.rate.to_string())
                .cell(line.allowance)
        });
        let table = ui::table("By class and age")
            .show_caption()
            .columns([
                ui::col("Class"),
                ui::col("Age").nowrap(),
                ui::num("Gross"),
                ui::num("Rate"),
                ui::num("Allowance"),
            ])
            .rows(rows)
            .total([
                Html::from("Total"),
                Html::default(),
                Html::from(seen.book.gross),
                Html::default(),
                Html::from(seen.book.allowance),
            ]);
        let waits = seen.runs.iter().any(|run| run.state == "waiting");
        let ask = match (self.may_post, waits) {
            (false, _) => Html::default(),
            (true, true) => ui::muted("A run waits for someone else's decision.").into(),
            (true, false) => {
                let body = ui::hidden("as_at", seen.as_at.to_string())
                    .and(ui::hidden("charge", moved.charge.0.to_string()))
                    .and(ui::button(format!("Ask for the charge of {} to be posted", moved.charge)));
                ui::post_form("/close/allowance", self.frame.tokens("run"), body).into()
            }
        };
        Html::from(ui::panel(format!("As at {}", seen.as_at.format("%-d %B %Y")), facts))
            .and(ask)
            .and(table)
            .and(Self::runs(seen))
    }

    fn runs(seen: &AllowancePreview) -> Html {
        if seen.runs.is_empty() {
            return ui::muted("No run was posted yet.").into();
        }
        let rows = seen.runs.iter().map(|run| {
            ui::row()
                .cell(&run.number)
                .cell(run.as_at)
                .cell(capital(&run.state))
                .cell(Pence(run.opening_pence))
                .cell(Pence(run.used_pence))
                .cell(Pence(run.charge_pence))
                .cell(Pence(run.closing_pence))
        });
        ui::table("Runs, newest first")
            .show_caption()
            .columns([
                ui::col("Run").nowrap(),
                ui::col("As at").nowrap(),
                ui::col("State"),
                ui::num("Opening"),
                ui::num("Used"),
                ui::num("Charged"),
                ui::num("Closing"),
            ])
            .rows(rows)
            .into()
    }

    fn rates(&self) -> Html {
        let heads = std::iter::once(ui::col("Class")).chain(BUCKETS.iter().map(|(_, name, _)| ui::num(*name)));
        let rows = self.settings.matrix.classes.iter().map(|class| {
            let rates = class.rates_bp.iter().map(|bp| match class.excluded {
                true => "None".to_owned(),
                false => BasisPoints(*bp).to_string(),
            });
            rates.fold(ui::row().cell(&class.class), ui::Row::cell)
        });
        let since = match self.settings.from_on {
            Some(day) => Html::from("These rates hold since ").and(ui::long_date(day)),
            None => Html::from(
                "These rates came with the program: replace them by your own history, through the API or the command line.",
            ),
        };
        let table = ui::table("Loss rates").show_caption().columns(heads).rows(rows);
        Html::from(table).and(ui::muted(since))
    }

    fn named(&self) -> Html {
        let rows = self.settings.named.iter().map(|one| {
            ui::row()
                .cell(debt_link(&one.item_number))
                .cell(&one.customer_name)
                .cell(Pence(one.open_pence))
                .cell(Pence(one.amount_pence))
                .cell(&one.words)
                .cell(&one.actor_name)
        });
        let table = match self.settings.named.is_empty() {
            true => Html::from(ui::muted("No debt is looked at by itself.")),
            false => ui::table("Debts looked at one by one")
                .show_caption()
                .columns([
                    ui::col("Debt").nowrap(),
                    ui::col("Customer"),
                    ui::num("Open"),
                    ui::num("Allowance"),
                    ui::col("Why"),
                    ui::col("By"),
                ])
                .rows(rows)
                .into(),
        };
        if !self.may_post {
            return table;
        }
        let errors = &self.frame.errors;
        let body = Html::from(ui::input("debt", "Number of the debt", &self.typed[0]).width(10).errors(errors))
            .and(
                ui::amount_input("amount", "What is expected to be lost", &self.typed[1])
                    .hint("Empty puts it back into the classes")
                    .errors(errors),
            )
            .and(ui::input("words", "Why", &self.typed[2]).width(30).errors(errors))
            .and(ui::button("Save").secondary());
        table.and(ui::boxed(
            "Look at a debt by itself",
            ui::post_form("/close/allowance/named", self.frame.tokens("named"), body),
        ))
    }
}

impl Plain for Allowance {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/close", "Close")]).into()
    }

    fn body(&self) -> Html {
        let filters = ui::filters("/close/allowance")
            .field(ui::date_input("as_at", "As at", &self.as_at).errors(&self.frame.errors))
            .verb("Work out");
        let found = self.seen.as_ref().map_or_else(Html::default, |seen| self.found(seen));
        Html::from(filters).and(found).and(self.named()).and(self.rates())
    }
}
