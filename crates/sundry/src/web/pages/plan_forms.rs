//! Setting up a payment plan in steps (budget, offer, schedule), changing it, reviewing it and ending it.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

type Choices = Vec<(String, String)>;

/// Fields of the form of a plan, besides its invoices.
pub const FIELDS: [&str; 19] = [
    "budget",
    "with",
    "size",
    "instalments",
    "amount",
    "every",
    "first_on",
    "day_of_month",
    "method",
    "remainder",
    "asked_by",
    "agreed_with",
    "evidence",
    "words",
    "late_interest",
    "review_on",
    "interest_charged",
    "interest_in_writing",
    "interest_legal",
];

/// What a plan would be.
#[derive(Clone, Debug)]
pub struct Offered {
    /// Sum of it.
    pub total: Pence,
    /// Each instalment.
    pub parts: Vec<(NaiveDate, Pence)>,
    /// Months it takes.
    pub months: u32,
    /// Whether the reader may grant it at once, and why not.
    pub at_once: bool,
    /// Why not; empty where they may.
    pub why_not: String,
    /// The mandate; empty where there is none.
    pub mandate: String,
    /// When it is looked at again.
    pub review_on: NaiveDate,
    /// What to talk about in the budget.
    pub findings: Vec<String>,
    /// What was seen, sent back with the yes.
    pub seen: String,
}

/// The form of a plan.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PlanForm {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// Whether they are a person in law.
    pub individual: bool,
    /// Open invoices: number, words, whether chosen.
    pub open: Vec<(String, String, bool)>,
    /// Budgets: id and words.
    pub budgets: Choices,
    /// What the chosen budget offers a month; none without one.
    pub offers: Option<Pence>,
    /// What could be offered: address, why, how much each, how long, who grants.
    pub choices: Vec<(String, String, Pence, String, String)>,
    /// Field and what was typed.
    pub typed: Vec<(&'static str, String)>,
    /// What it comes to, once it was worked out.
    pub offered: Option<Offered>,
    /// Ways to pay.
    pub methods: Choices,
    /// How far apart.
    pub everys: Choices,
}

impl PlanForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Set up a payment plan: {}", self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let text = |pairs: &[(&str, &str)]| -> Choices {
            pairs.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned())).collect()
        };
        let page = |frame| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            individual: true,
            open: vec![
                ("INV-20691".into(), "Home care, due 30 August 2026, £600.00".into(), true),
                ("INV-20745".into(), "Home care, due 30 September 2026, £400.00".into(), true),
            ],
            budgets: text(&[("12", "19 November 2026: £40.83 a month for us")]),
            offers: Some(Pence(4_083)),
            choices: vec![(
                "/customers/C103316/plan?budget=12&instalments=25".into(),
                "What the budget leaves".into(),
                Pence(4_083),
                "25 instalments, 25 months".into(),
                "Head of service".into(),
            )],
            typed: FIELDS
                .iter()
                .map(|field| {
                    let value = match *field {
                        "size" => "amount",
                        "amount" => "40.83",
                        "first_on" => "01/12/2026",
                        "method" => "transfer",
                        "every" => "month",
                        "asked_by" => "customer",
                        "evidence" => "call",
                        "budget" => "12",
                        _ => "",
                    };
                    (*field, value.to_owned())
                })
                .collect(),
            offered: None,
            methods: text(&[("direct_debit", "Direct Debit"), ("transfer", "Bank transfer")]),
            everys: text(&[("week", "Week"), ("month", "Month")]),
        };
        let offered = |at_once: bool| Offered {
            total: Pence(100_000),
            // 24 of £40.83 are £979.92; the last is the rest of £1,000.00.
            parts: (0..25)
                .map(|n| (on(2026, 12, 1) + chrono::Months::new(n), Pence(if n < 24 { 4_083 } else { 2_008 })))
                .collect(),
            months: 25,
            at_once,
            why_not: if at_once {
                String::new()
            } else {
                "A plan of £1,000.00 over 25 months is for the head of service".into()
            },
            mandate: String::new(),
            review_on: on(2027, 5, 19),
            findings: vec!["Food and housekeeping of £339.50 is above the guideline of £338.50".into()],
            seen: "25".into(),
        };
        let mut worked = page(Frame::sample("Customers"));
        worked.offered = Some(offered(true));
        let mut beyond = page(Frame::sample("Customers"));
        beyond.offered = Some(offered(false));
        let wrong = Frame::sample("Customers")
            .wrong("items", "INV-20745 is in query. Decide the query first, or leave the invoice out")
            .wrong("first_on", "Enter a date such as 19/11/26, 19 Nov 2026 or +14");
        let mut nothing = page(Frame::sample("Customers"));
        nothing.open.clear();
        vec![
            ("empty", page(Frame::sample("Customers"))),
            ("error", page(wrong)),
            ("offered", worked),
            ("beyond", beyond),
            ("nothing", nothing),
        ]
    }

    fn of(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value)
    }

    fn text(&self, field: &str, label: &str, width: u8) -> ui::Input {
        ui::input(field, label, self.of(field)).width(width).errors(&self.frame.errors)
    }

    fn choose(&self, field: &str, label: &str, choices: &[(&str, &str)]) -> ui::Select {
        let choices = choices.iter().map(|(value, words)| ((*value).to_owned(), (*words).to_owned()));
        ui::select(field, label, self.of(field), choices).errors(&self.frame.errors)
    }

    fn budget_step(&self) -> Html {
        let none = (String::new(), "None".to_owned());
        let choices = std::iter::once(none).chain(self.budgets.clone());
        let field = ui::select("budget", "Budget", self.of("budget"), choices)
            .hint("A plan below the least instalment rests on a budget")
            .errors(&self.frame.errors);
        let offers = match self.offers {
            Some(pence) => ui::para(format!("The chosen budget offers {pence} a month.")),
            None => ui::muted("Without a budget the policy decides."),
        };
        let link = ui::link(format!("/customers/{}/budget", self.account), "Take a budget");
        let rows = self.choices.iter().map(|(href, because, each, long, who)| {
            ui::row().cell(ui::link(href, because)).cell(*each).cell(long).cell(who)
        });
        let heads = [ui::col("Could be offered"), ui::num("Each"), ui::col("How long"), ui::col("Granted by")];
        let choices = match self.choices.is_empty() {
            true => Html::default(),
            false => ui::table("What could be offered").columns(heads).rows(rows).into(),
        };
        Html::from(ui::heading("1. What they can afford")).and(field).and(offers).and(ui::para(link)).and(choices)
    }

    fn offer_step(&self) -> Html {
        let errors = &self.frame.errors;
        let items = self.open.iter().map(|(number, words, chosen)| {
            ui::choice(number.clone(), number.clone()).hint(words.clone()).chosen(*chosen)
        });
        let size = [("number", "So many instalments"), ("amount", "So much each")];
        let size = ui::radios("size", "How large?", self.of("size"), size).inline().errors(errors);
        let amounts = ui::row_of([
            Html::from(self.text("instalments", "How many", 5).input_mode("numeric")),
            ui::amount_input("amount", "How much each", self.of("amount")).errors(errors).into(),
            ui::select("every", "Every", self.of("every"), self.everys.clone()).errors(errors).into(),
        ]);
        let first = ui::date_input("first_on", "First instalment", self.of("first_on")).errors(errors);
        let dates = ui::row_of([
            Html::from(first),
            self.text("day_of_month", "Day of the month after that", 5).hint("Empty means the same day").into(),
        ]);
        let pennies = [
            ("", "As suits the way of paying"),
            ("first", "On the first instalment"),
            ("last", "On the last instalment"),
            ("spread", "A penny each on the first instalments"),
        ];
        let pay = ui::row_of([
            Html::from(ui::select("method", "Paid by", self.of("method"), self.methods.clone()).errors(errors)),
            self.choose("remainder", "Odd pennies", &pennies).into(),
        ]);
        Html::from(ui::heading("2. The offer"))
            .and(ui::checkboxes("items", "Which invoices does it cover?", items).errors(errors))
            .and(self.text("with", "Who owes it with them", 20).hint("Account numbers, where the debt is joint"))
            .and(size)
            .and(amounts)
            .and(dates)
            .and(pay)
    }

    fn agreement_step(&self) -> Html {
        let errors = &self.frame.errors;
        let who = [("customer", "The customer"), ("adviser", "A debt adviser"), ("us", "We")];
        let evidence = [
            ("call", "A call"),
            ("form", "A signed form"),
            ("sfs", "A Standard Financial Statement"),
            ("letter", "A letter or e-mail"),
        ];
        let late = [("", "Not decided"), ("waived", "Waived"), ("charged", "Charged")];
        let agreed = ui::row_of([
            Html::from(self.choose("asked_by", "Whose idea is it?", &who)),
            self.choose("evidence", "Agreed by", &evidence).into(),
            self.text("agreed_with", "Agreed with", 20).hint("Empty means the customer").into(),
        ]);
        let business = match self.individual {
            true => Html::default(),
            false => self.choose("late_interest", "Interest for late payment", &late).into(),
        };
        let ticked = |field: &str| !self.of(field).is_empty();
        let interest = ui::checkboxes(
            "interest_charged",
            "Interest or fees on the plan",
            [ui::choice("yes", "The plan bears interest or a fee").chosen(ticked("interest_charged"))],
        )
        .errors(errors);
        let written = ui::checkboxes(
            "interest_in_writing",
            "Agreed in writing",
            [ui::choice("yes", "That was agreed in writing").chosen(ticked("interest_in_writing"))],
        );
        let legal = ui::checkboxes(
            "interest_legal",
            "Legal services",
            [ui::choice("yes", "Legal services approved it").chosen(ticked("interest_legal"))],
        );
        let review = ui::date_input("review_on", "Look at it again", self.of("review_on"))
            .hint("Empty means by policy")
            .errors(errors);
        let words = ui::textarea("words", "What was said", self.of("words"))
            .hint("The customer can ask to see this.")
            .errors(errors);
        Html::from(ui::heading("3. The agreement"))
            .and(agreed)
            .and(business)
            .and(interest)
            .and(ui::row_of([Html::from(written), legal.into()]))
            .and(review)
            .and(words)
    }

    fn preview(offered: &Offered) -> Html {
        let rows = (1..).zip(&offered.parts).map(|(n, (day, amount)): (i64, &(NaiveDate, Pence))| {
            ui::row().cell(n.to_string()).cell(*day).cell(*amount)
        });
        let heads = [ui::col("Instalment"), ui::col("Due").nowrap(), ui::num("Amount")];
        let table = ui::table("The schedule")
            .columns(heads)
            .rows(rows)
            .total([Html::from("Total"), Html::default(), offered.total.into()])
            .narrow();
        let months = ui::count_of(i64::from(offered.months), "month", "months");
        let mut says =
            vec![format!("It takes {months}. We look at it again on {}.", offered.review_on.format("%-d %B %Y"))];
        if !offered.mandate.is_empty() {
            says.push(format!("It is collected by Direct Debit {}.", offered.mandate));
        }
        says.extend(offered.findings.iter().map(|one| format!("Talk about it: {one}.")));
        let says = says.into_iter().fold(Html::default(), |all, one| all.and(ui::para(one)));
        let verb = if offered.at_once { "Agree the plan" } else { "Send for approval" };
        let why = match offered.at_once {
            true => Html::from(ui::muted("You may grant it. The letter with the schedule is written at once.")),
            false => ui::alert(ui::AlertKind::Information, &*offered.why_not).into(),
        };
        Html::from(ui::heading("4. The schedule"))
            .and(table)
            .and(says)
            .and(why)
            .and(ui::hidden("seen", &offered.seen))
            .and(ui::button(verb).named("do", "agree"))
    }
}

impl Plain for PlanForm {
    fn above(&self) -> Html {
        let at = format!("/customers/{}/plans", self.account);
        ui::breadcrumbs([("/customers".to_owned(), "Customers".to_owned()), (at, self.customer.clone())]).into()
    }

    fn body(&self) -> Html {
        if self.open.is_empty() {
            let account = ui::link(format!("/customers/{}", self.account), "Back to the account");
            let text = "A plan covers open invoices, and this account has none.";
            return ui::empty("Nothing is owed", text).action(account).into();
        }
        let again = if self.offered.is_some() { "Work it out again" } else { "Work out the schedule" };
        let work = ui::button(again).named("do", "offer");
        let work = if self.offered.is_some() { work.secondary() } else { work };
        let last = self.offered.as_ref().map(PlanForm::preview).unwrap_or_default();
        let body = self.budget_step().and(self.offer_step()).and(self.agreement_step()).and(work).and(last);
        let action = format!("/customers/{}/plan", self.account);
        ui::post_form(action, self.frame.tokens("plan"), body).guarded().into()
    }
}

/// The lines of a budget: field, what it is, label. The shape is the Standard Financial Statement's.
pub const BUDGET_LINES: [(&str, &str, &str); 17] = [
    ("wages", "income", "Wages"),
    ("benefits", "income", "Benefits and tax credits"),
    ("pensions", "income", "Pensions"),
    ("other_income", "income", "Other income"),
    ("home", "fixed", "Rent or mortgage"),
    ("council_tax", "fixed", "Council tax"),
    ("fuel", "fixed", "Gas, electricity, water"),
    ("care", "fixed", "Care, health and children"),
    ("transport", "fixed", "Travel and car"),
    ("other_costs", "fixed", "Other fixed costs"),
    ("communications", "communications", "Telephone, leisure"),
    ("food", "food", "Food and housekeeping"),
    ("personal", "personal", "Clothes and personal costs"),
    ("rent_arrears", "priority_arrears", "Rent or mortgage arrears"),
    ("tax_arrears", "priority_arrears", "Council tax and fuel arrears"),
    ("other_arrears", "priority_arrears", "Other priority arrears"),
    ("savings", "savings", "Savings"),
];

/// The form of a budget.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct BudgetForm {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// What they owe us.
    pub owed: Pence,
    /// Amount and period of each of [`BUDGET_LINES`], as typed.
    pub lines: Vec<(String, String)>,
    /// adults, children, owed_to_all, creditors, floor, words, as typed.
    pub typed: [String; 6],
    /// Sent by a debt adviser.
    pub from_adviser: bool,
}

impl BudgetForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Take a budget: {}", self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, wages: &str| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            owed: Pence(90_000),
            lines: BUDGET_LINES
                .iter()
                .map(|(field, ..)| {
                    (if *field == "wages" { wages.to_owned() } else { String::new() }, "month".to_owned())
                })
                .collect(),
            typed: ["1", "0", "3600", "4", "", ""].map(str::to_owned),
            from_adviser: false,
        };
        let wrong = Frame::sample("Customers")
            .wrong("wages", "Enter an amount in pounds, such as 1284.50")
            .wrong("owed_to_all", "Enter what is owed to everyone");
        vec![("empty", page(Frame::sample("Customers"), "1420")), ("error", page(wrong, "lots"))]
    }
}

impl Plain for BudgetForm {
    fn above(&self) -> Html {
        let at = format!("/customers/{}/plan", self.account);
        ui::breadcrumbs([(at, format!("Payment plan, {}", self.customer))]).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let [adults, children, owed_to_all, creditors, floor, words] = &self.typed;
        let periods = [
            ("month", "a month"),
            ("four_weeks", "every four weeks"),
            ("fortnight", "every two weeks"),
            ("week", "a week"),
            ("year", "a year"),
        ];
        let line = |((field, _, label), (amount, period)): (&(&str, &str, &str), &(String, String))| {
            let how = ui::select(format!("{field}_period"), format!("{label}: how often"), period, periods);
            ui::row_of([Html::from(ui::amount_input(*field, *label, amount).errors(errors)), how.into()])
        };
        let of = |kinds: &[&str]| {
            let lines = BUDGET_LINES.iter().zip(&self.lines).filter(|((_, kind, _), _)| kinds.contains(kind));
            lines.map(line).fold(Html::default(), |all, one| all.and(one))
        };
        let household = ui::row_of([
            Html::from(ui::input("adults", "Adults", adults).width(3).input_mode("numeric").errors(errors)),
            ui::input("children", "Children", children).width(3).input_mode("numeric").errors(errors).into(),
        ]);
        let debts = ui::row_of([
            Html::from(
                ui::amount_input("owed_to_all", "Owed to everyone, ours too", owed_to_all)
                    .hint("Without priority arrears")
                    .errors(errors),
            ),
            ui::input("creditors", "How many are owed", creditors).width(3).input_mode("numeric").errors(errors).into(),
            ui::amount_input("floor", "Must stay each month", floor)
                .hint("For somebody who pays for care")
                .errors(errors)
                .into(),
        ]);
        let adviser = ui::choice("yes", "A debt adviser sent it").chosen(self.from_adviser);
        let body = Html::from(ui::heading("Household"))
            .and(household)
            .and(ui::heading("Income"))
            .and(of(&["income"]))
            .and(ui::heading("Costs"))
            .and(of(&["fixed", "communications", "food", "personal"]))
            .and(ui::heading("Priority arrears and savings"))
            .and(of(&["priority_arrears", "savings"]))
            .and(ui::heading("Debts"))
            .and(ui::para(format!("{} is owed to us.", self.owed)))
            .and(debts)
            .and(ui::checkboxes("from_adviser", "Adviser", [adviser]))
            .and(ui::textarea("words", "What was said", words).errors(errors))
            .and(ui::muted("Only those who agree or approve plans can read it."))
            .and(ui::button("Keep the budget"));
        let action = format!("/customers/{}/budget", self.account);
        ui::post_form(action, self.frame.tokens("budget"), body).guarded().into()
    }
}

/// Fields of the form that changes a plan.
pub const CHANGE_FIELDS: [&str; 11] =
    ["what", "part", "amount", "days", "from_on", "instalments", "every", "method", "asked_by", "reason", "items"];

/// Changing a plan that runs.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ChangeForm {
    /// The frame.
    pub frame: Frame,
    /// Number of the plan.
    pub number: String,
    /// The customer's name.
    pub customer: String,
    /// Changes: value and words.
    pub changes: Choices,
    /// Instalments to come: part and words.
    pub parts: Choices,
    /// Open invoices that are in no plan: number, words, whether chosen.
    pub open: Vec<(String, String, bool)>,
    /// How far apart.
    pub everys: Choices,
    /// Ways to pay.
    pub methods: Choices,
    /// Field and what was typed.
    pub typed: Vec<(&'static str, String)>,
}

impl ChangeForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Change {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let pair = |value: &str, words: &str| (value.to_owned(), words.to_owned());
        let page = |frame| Self {
            frame,
            number: "PLAN-000012".into(),
            customer: "Joyce Pemberton".into(),
            changes: vec![
                pair("skip", "Skip an instalment"),
                pair("reschedule", "Agree new instalments for what is left"),
            ],
            parts: vec![pair("3", "Instalment 3, 1 December 2026, £83.33")],
            open: vec![("INV-20817".into(), "Mere Hall, due 19 December 2026, £120.00".into(), false)],
            everys: vec![pair("", "As it is"), pair("week", "Week")],
            methods: vec![pair("", "As it is"), pair("card", "Card")],
            typed: CHANGE_FIELDS.iter().map(|field| (*field, String::new())).collect(),
        };
        let wrong = Frame::sample("Customers")
            .wrong("what", "Choose one from the list")
            .wrong("reason", "Enter why, in up to 2,000 characters");
        vec![("empty", page(Frame::sample("Customers"))), ("error", page(wrong))]
    }

    fn of(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| *name == field).map_or("", |(_, value)| value)
    }
}

impl Plain for ChangeForm {
    fn above(&self) -> Html {
        ui::breadcrumbs([(format!("/plans/{}", self.number), self.number.clone())]).into()
    }

    fn caption(&self) -> Html {
        Html::from(&self.customer)
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let who = [("customer", "The customer"), ("adviser", "A debt adviser"), ("us", "We")];
        let none = std::iter::once((String::new(), "Choose an instalment".to_owned()));
        let items = self.open.iter().map(|(number, words, chosen)| {
            ui::choice(number.clone(), number.clone()).hint(words.clone()).chosen(*chosen)
        });
        let skip =
            ui::select("part", "Instalment to skip", self.of("part"), none.chain(self.parts.clone())).errors(errors);
        let money = ui::amount_input("amount", "How much", self.of("amount"))
            .hint("What came beyond the schedule, or how much each from now on")
            .errors(errors);
        let count = ui::input("instalments", "How many from now on", self.of("instalments"))
            .width(5)
            .input_mode("numeric")
            .errors(errors);
        let days =
            ui::input("days", "Move by so many days", self.of("days")).width(5).input_mode("numeric").errors(errors);
        let from = ui::date_input("from_on", "From", self.of("from_on"))
            .hint("First day of new instalments, or the first day that moves")
            .errors(errors);
        let more = match self.open.is_empty() {
            true => Html::default(),
            false => ui::checkboxes("items", "Invoices to add", items).errors(errors).into(),
        };
        let body =
            Html::from(ui::radios("what", "What changes?", self.of("what"), self.changes.clone()).errors(errors))
                .and(skip)
                .and(ui::row_of([Html::from(money), count.into(), days.into()]))
                .and(from)
                .and(ui::row_of([
                    Html::from(ui::select("every", "Every", self.of("every"), self.everys.clone()).errors(errors)),
                    ui::select("method", "Paid by", self.of("method"), self.methods.clone()).errors(errors).into(),
                ]))
                .and(more)
                .and(ui::select("asked_by", "Who asked?", self.of("asked_by"), who).errors(errors))
                .and(
                    ui::textarea("reason", "Why?", self.of("reason"))
                        .hint("The customer can ask to see this.")
                        .errors(errors),
                )
                .and(ui::muted("The new version takes the place of the old one. What is past stays as it was agreed."))
                .and(ui::button("Change the plan"));
        ui::post_form(format!("/plans/{}/change", self.number), self.frame.tokens("change"), body).guarded().into()
    }
}

/// Ending a plan, or recording a review of it.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PlanActForm {
    /// The frame.
    pub frame: Frame,
    /// Number of the plan.
    pub number: String,
    /// The customer's name.
    pub customer: String,
    /// `end`, `review` or `withdraw`.
    pub act: &'static str,
    /// How it may end: value and words; empty for a review.
    pub ways: Choices,
    /// Why it cannot end as broken by this reader; empty where it can, and for a review.
    pub not_broken: &'static str,
    /// The way chosen.
    pub how: String,
    /// When to look again, as typed.
    pub next_on: String,
    /// Why, or what was found.
    pub words: String,
}

impl PlanActForm {
    /// The heading.
    pub fn heading(&self) -> String {
        match self.act {
            "review" => format!("Record a review of {}", self.number),
            "withdraw" => format!("Withdraw {}", self.number),
            _ => format!("End {}", self.number),
        }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, act| Self {
            frame,
            number: "PLAN-000012".into(),
            customer: "Joyce Pemberton".into(),
            act,
            ways: if act == "end" {
                vec![
                    ("cancelled".into(), "The customer no longer wants it".into()),
                    ("completed".into(), "Everything was paid".into()),
                ]
            } else {
                Vec::new()
            },
            not_broken: match act {
                "end" => {
                    "That it was not paid as agreed can be chosen once payments are missed and the days to catch up are over."
                }
                _ => "",
            },
            how: String::new(),
            next_on: String::new(),
            words: String::new(),
        };
        let wrong = || {
            Frame::sample("Customers")
                .wrong("how", "Choose how it ends")
                .wrong("words", "Enter why, in up to 2,000 characters")
        };
        vec![
            ("end", page(Frame::sample("Customers"), "end")),
            ("end-error", page(wrong(), "end")),
            ("review", page(Frame::sample("Customers"), "review")),
            ("withdraw", page(Frame::sample("Customers"), "withdraw")),
        ]
    }
}

impl Plain for PlanActForm {
    fn above(&self) -> Html {
        ui::breadcrumbs([(format!("/plans/{}", self.number), self.number.clone())]).into()
    }

    fn caption(&self) -> Html {
        Html::from(&self.customer)
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let review = self.act == "review";
        let how = match self.ways.is_empty() {
            true => Html::default(),
            false => {
                let ways = ui::radios("how", "How does it end?", &self.how, self.ways.clone());
                match self.not_broken {
                    "" => ways.errors(errors).into(),
                    why => ways.hint(why).errors(errors).into(),
                }
            }
        };
        let label = if review { "What was found?" } else { "Why?" };
        let words = ui::textarea("words", label, &self.words).hint("The customer can ask to see this.").errors(errors);
        let next = match review {
            true => ui::date_input("next_on", "Look at it again", &self.next_on)
                .hint("Empty means by policy")
                .errors(errors)
                .into(),
            false => Html::default(),
        };
        let follows = match self.act {
            "review" => "A kept plan goes on whatever the review says.",
            "withdraw" => "Recovery goes on from today, and the approval can no longer be given.",
            _ => "Recovery goes on from today, at the step before the plan.",
        };
        let verb = match self.act {
            "review" => ui::button("Record the review"),
            "withdraw" => ui::button("Withdraw the plan").warning(),
            _ => ui::button("End the plan").warning(),
        };
        let body = how.and(words).and(next).and(ui::muted(follows)).and(verb);
        let action = format!("/plans/{}/{}", self.number, self.act);
        ui::post_form(action, self.frame.tokens(self.act), body).guarded().into()
    }
}
