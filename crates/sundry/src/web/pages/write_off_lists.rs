//! Small balances, everything written off, money that came, people there again, the register, the committee's report,
//! questions to services, criteria.

use super::plain::Plain;
use super::write_off::{debt_link, places, reason_words, referral_state};
use crate::web::door::path_part;
use crate::web::ui::{self, Frame, Html, TagColour};
use askama::Template;
use sundry_desk::writeoff::{
    CommitteeGroup, CommitteeReport, LossesRegister, MoneyWaiting, PolicyShown, Reappeared, SmallBalancesPreview,
    WriteOffsPage,
};
use sundry_domain::law::ServiceAnswer;
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_store::writeoff::referrals::ReferralRow;

fn customer_link(number: &str, name: &str) -> Html {
    ui::link(format!("/customers/{}", path_part(number)), name)
}

/// Small balances: what would go, what would stay.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct SmallBalances {
    /// The frame.
    pub frame: Frame,
    /// What would go; none where the maximum cannot be used.
    pub seen: Option<SmallBalancesPreview>,
    /// The maximum as typed.
    pub maximum: String,
    /// Whether the reader asks for it.
    pub may_ask: bool,
}

impl SmallBalances {
    /// The heading.
    pub fn heading(&self) -> String {
        "Small balances".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use sundry_desk::writeoff::{LeftOut, SmallOne};
        let seen = |count| SmallBalancesPreview {
            maximum_pence: 1_000,
            allowed_pence: 1_000,
            count,
            total_pence: 412 * count,
            customers: count,
            by_service: vec![("Halls".into(), count, 412 * count)],
            rows: (0..count)
                .map(|n| SmallOne {
                    number: format!("INV-00020{n}"),
                    customer_number: "C103933".into(),
                    customer_name: "Tidewater Scaffolding Ltd".into(),
                    service: "Halls".into(),
                    due_on: super::sampled::on(2026, 5, 1),
                    open_pence: 412,
                })
                .collect(),
            left_out: vec![LeftOut {
                why: "held".into(),
                words: "Disputed, or a hold stands".into(),
                count: 3,
                total_pence: 1_210,
            }],
        };
        let page = |frame, seen| Self { frame, seen, maximum: "10.00".into(), may_ask: true };
        let wrong = Frame::sample("Recovery").wrong("maximum", "The greatest small balance is £10.00, not £50.00");
        vec![
            ("full", page(Frame::sample("Recovery"), Some(seen(2)))),
            ("none", page(Frame::sample("Recovery"), Some(seen(0)))),
            ("error", page(wrong, None)),
        ]
    }

    fn found(&self, seen: &SmallBalancesPreview) -> Html {
        let figures = ui::figures([
            ui::figure("Would go", Some(ui::number(seen.count))).note(Pence(seen.total_pence).to_string()),
            ui::figure("Customers", Some(ui::number(seen.customers))),
            ui::figure("Greatest allowed", Some(Pence(seen.allowed_pence).to_string())),
        ]);
        let stay = seen
            .left_out
            .iter()
            .map(|one| ui::row().cell(&one.words).cell(ui::number(one.count)).cell(Pence(one.total_pence)));
        let stay = match seen.left_out.is_empty() {
            true => Html::from(ui::muted("Nothing that is small enough stays.")),
            false => ui::table("What stays, and why")
                .show_caption()
                .columns([ui::col("Why"), ui::num("Balances"), ui::num("Sum")])
                .rows(stay)
                .narrow()
                .into(),
        };
        if seen.count == 0 {
            return Html::from(figures)
                .and(ui::empty(
                    "Nothing would go",
                    "A balance goes when it is small, old and nothing holds it. Simulate another greatest balance.",
                ))
                .and(stay);
        }
        let by_service = seen
            .by_service
            .iter()
            .map(|(name, count, pence)| ui::row().cell(ui::or_dash(name)).cell(ui::number(*count)).cell(Pence(*pence)));
        let by_service = ui::table("By service")
            .show_caption()
            .columns([ui::col("Service"), ui::num("Balances"), ui::num("Sum")])
            .rows(by_service)
            .narrow();
        let rows = seen.rows.iter().map(|one| {
            ui::row()
                .cell(debt_link(&one.number))
                .cell(customer_link(&one.customer_number, &one.customer_name))
                .cell(&one.service)
                .cell(one.due_on)
                .cell(Pence(one.open_pence))
        });
        let list = ui::table("What would go, the largest first")
            .show_caption()
            .columns([
                ui::col("Debt").nowrap(),
                ui::col("Customer"),
                ui::col("Service"),
                ui::col("Due").nowrap(),
                ui::num("Open"),
            ])
            .rows(rows);
        let ask = match self.may_ask {
            false => Html::default(),
            true => {
                let body = ui::hidden("maximum_pence", seen.maximum_pence.to_string())
                    .and(ui::hidden("count", seen.count.to_string()))
                    .and(ui::hidden("total", seen.total_pence.to_string()))
                    .and(ui::muted(
                        "Someone else must approve it. Each balance is checked again then; what has changed stays.",
                    ))
                    .and(ui::button(format!(
                        "Ask to write off {} of {}",
                        ui::count_of(seen.count, "balance", "balances"),
                        Pence(seen.total_pence)
                    )));
                ui::post_form("/write-offs/small", self.frame.tokens("small"), body).into()
            }
        };
        Html::from(figures).and(ask).and(by_service).and(stay).and(list)
    }
}

impl Plain for SmallBalances {
    fn above(&self) -> Html {
        places(&self.frame, "/write-offs/small")
    }

    fn body(&self) -> Html {
        let filters = ui::filters("/write-offs/small")
            .field(ui::amount_input("maximum", "Greatest balance", &self.maximum).errors(&self.frame.errors))
            .verb("Simulate");
        let found = self.seen.as_ref().map_or_else(Html::default, |seen| self.found(seen));
        Html::from(filters).and(found)
    }
}

/// Everything that was ever written off.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct AllWriteOffs {
    /// The frame.
    pub frame: Frame,
    /// What was found.
    pub found: WriteOffsPage,
    /// What was searched for.
    pub search: String,
    /// Address of the next page; empty for none.
    pub next: String,
}

impl AllWriteOffs {
    /// The heading.
    pub fn heading(&self) -> String {
        "All write-offs".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows, search: &str| Self {
            frame: Frame::sample("Recovery"),
            found: WriteOffsPage { rows, next: None },
            search: search.into(),
            next: String::new(),
        };
        vec![
            ("full", page(vec![sample_off()], "")),
            ("none", page(Vec::new(), "nobody")),
            ("empty", page(Vec::new(), "")),
        ]
    }
}

#[cfg(test)]
fn sample_off() -> sundry_store::writeoff::losses::WrittenOffRow {
    use super::sampled::on;
    sundry_store::writeoff::losses::WrittenOffRow {
        item_id: 1,
        number: "WO-000012".into(),
        posted_on: on(2026, 11, 20),
        customer_id: 1,
        customer_number: "C103933".into(),
        customer_name: "Tidewater Scaffolding Ltd".into(),
        debt_item_id: 2,
        debt_number: "INV-000123".into(),
        debt_due_on: on(2026, 2, 1),
        service: "Halls".into(),
        reason: "untraceable".into(),
        schedule: "WO-2026-11".into(),
        amount_pence: 55_000,
        restored_pence: 0,
    }
}

impl Plain for AllWriteOffs {
    fn above(&self) -> Html {
        places(&self.frame, "/write-offs/all")
    }

    fn body(&self) -> Html {
        let filters = ui::filters("/write-offs/all")
            .field(
                ui::input("search", "Number of a write-off, a debt or an account, or a name", &self.search).width(20),
            )
            .clear("/write-offs/all")
            .verb("Search");
        if self.found.rows.is_empty() {
            let none = match self.search.is_empty() {
                true => ui::empty(
                    "Nothing was written off yet",
                    "A debt is listed here, for ever, once somebody approved that it is given up.",
                ),
                false => ui::empty(
                    format!("Nothing was found for {}", self.search),
                    "Search by the number of a write-off, a debt or an account, or by a name.",
                )
                .action(ui::link("/write-offs/all", "Show all write-offs")),
            };
            return Html::from(filters).and(none);
        }
        let rows = self.found.rows.iter().map(|one| {
            ui::row()
                .cell(&one.number)
                .cell(one.posted_on)
                .cell(debt_link(&one.debt_number))
                .cell(customer_link(&one.customer_number, &one.customer_name))
                .cell(reason_words(&one.reason))
                .cell(ui::or_dash(&one.schedule))
                .cell(Pence(one.amount_pence))
                .cell(Pence(one.restored_pence))
        });
        let table = ui::table("Write-offs, newest first")
            .columns([
                ui::col("Write-off").nowrap(),
                ui::col("On").nowrap(),
                ui::col("Debt").nowrap(),
                ui::col("Customer"),
                ui::col("Reason"),
                ui::col("Schedule or approval"),
                ui::num("Amount"),
                ui::num("Written back"),
            ])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        Html::from(filters).and(table).and(ui::para(next))
    }
}

/// Money that came for what was written off.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct MoneyThatCame {
    /// The frame.
    pub frame: Frame,
    /// Oldest first.
    pub found: MoneyWaiting,
    /// Whether the reader asks for write-backs.
    pub may_ask: bool,
}

impl MoneyThatCame {
    /// The heading.
    pub fn heading(&self) -> String {
        "Money that came after a write-off".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use sundry_desk::writeoff::WaitingMoney;
        let one = WaitingMoney {
            money: sundry_store::writeoff::losses::MoneyRow {
                item_id: 9,
                number: "RCT-000401".into(),
                dated_on: super::sampled::on(2026, 11, 21),
                left_pence: 20_000,
                customer_id: 1,
                customer_number: "C103933".into(),
                customer_name: "Tidewater Scaffolding Ltd".into(),
                words: "INV-000123".into(),
            },
            write_off: Some(sample_off()),
            why: "The payer names INV-000123".into(),
            restore_pence: 20_000,
        };
        let page = |rows: Vec<WaitingMoney>| Self {
            frame: Frame::sample("Recovery"),
            found: MoneyWaiting { total_pence: 20_000 * rows.len() as i64, rows },
            may_ask: true,
        };
        vec![("full", page(vec![one])), ("none", page(Vec::new()))]
    }
}

impl Plain for MoneyThatCame {
    fn above(&self) -> Html {
        places(&self.frame, "/write-offs/money")
    }

    fn body(&self) -> Html {
        if self.found.rows.is_empty() {
            let text =
                "Money for a debt that was written off waits on the account, and is listed here with the debt it pays.";
            let next = ui::link("/write-offs/all", "Look at all write-offs");
            return ui::empty("No money waits", text).action(next).into();
        }
        let rows = self.found.rows.iter().map(|one| {
            let off = one.write_off.as_ref();
            let debt = match off {
                Some(off) => debt_link(&off.debt_number).and(ui::sub_line(format!("{}: {}", off.number, one.why))),
                None => Html::from(ui::or_dash("")),
            };
            let act = match (off, self.may_ask) {
                (Some(off), true) => {
                    let body = ui::hidden("write_off", &off.number)
                        .and(ui::hidden("receipt", &one.money.number))
                        .and(ui::hidden("amount", one.restore_pence.to_string()))
                        .and(ui::button(format!("Write back {}", Pence(one.restore_pence))).secondary());
                    let form = format!("back-{}", one.money.item_id);
                    ui::post_form("/write-offs/money", self.frame.tokens(&form), body).into()
                }
                _ => Html::default(),
            };
            let at = format!("/cash/receipts/{}", path_part(&one.money.number));
            let receipt = match self.frame.opens(&at) {
                true => ui::link(at, &one.money.number),
                false => Html::from(&one.money.number),
            };
            ui::row()
                .cell(receipt)
                .cell(one.money.dated_on)
                .cell(customer_link(&one.money.customer_number, &one.money.customer_name))
                .cell(Pence(one.money.left_pence))
                .cell(debt)
                .cell(act)
        });
        ui::table("Money that waits, oldest first")
            .columns([
                ui::col("Receipt").nowrap(),
                ui::col("Came").nowrap(),
                ui::col("Customer"),
                ui::num("Not set against anything"),
                ui::col("The debt it pays"),
                ui::col("Do"),
            ])
            .rows(rows)
            .into()
    }
}

/// People whose debts were given up and who are there again.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ThereAgain {
    /// The frame.
    pub frame: Frame,
    /// By account.
    pub found: Vec<Reappeared>,
    /// Whether the reader acts on it.
    pub may_act: bool,
    /// The field that was filled in, and what was typed in it.
    pub typed: (String, String),
}

impl ThereAgain {
    /// The heading.
    pub fn heading(&self) -> String {
        "There again after a write-off".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use sundry_desk::writeoff::Reappearance;
        let one = Reappeared {
            customer_number: "C103933".into(),
            customer_name: "Tidewater Scaffolding Ltd".into(),
            write_offs: vec![sample_off()],
            left_pence: 55_000,
            signs: vec![Reappearance {
                kind: "invoice".into(),
                what: "INV-000931".into(),
                words: "Billed again: INV-000931".into(),
                on: super::sampled::on(2026, 11, 21),
            }],
        };
        let page = |frame, found| Self { frame, found, may_act: true, typed: Default::default() };
        let wrong = Frame::sample("Recovery").wrong("words", "Enter why the debt stays written off");
        vec![
            ("full", page(Frame::sample("Recovery"), vec![one.clone()])),
            ("error", page(wrong, vec![one])),
            ("none", page(Frame::sample("Recovery"), Vec::new())),
        ]
    }

    fn one(&self, n: usize, one: &Reappeared) -> Html {
        let title = format!("{}: {} was written off", one.customer_name, Pence(one.left_pence));
        let signs = one.signs.iter().map(|sign| ui::row().cell(sign.on).cell(&sign.words));
        let signs = ui::table("Signs").columns([ui::col("Day").nowrap(), ui::col("Sign")]).rows(signs).narrow();
        let link = ui::para(customer_link(&one.customer_number, &format!("Open account {}", one.customer_number)));
        let body = Html::from(link).and(signs);
        if !self.may_act {
            return ui::panel(title, body).into();
        }
        let errors = &self.frame.errors;
        let open = one.write_offs.iter().map(|off| {
            let left = Pence(off.amount_pence - off.restored_pence);
            let body = ui::hidden("write_off", &off.number)
                .and(ui::hidden("amount", left.0.to_string()))
                .and(ui::button(format!("Open {} again: {left}", off.debt_number)).secondary());
            Html::from(ui::post_form("/write-offs/money", self.frame.tokens(&format!("open-{}", off.item_id)), body))
        });
        let open = open.fold(Html::default(), |all, one| all.and(one));
        let leave = one.signs.first().map_or_else(Html::default, |sign| {
            let field = if n == 0 { "words".to_owned() } else { format!("words-{n}") };
            let typed = if self.typed.0 == field { self.typed.1.as_str() } else { "" };
            let body = ui::hidden("customer", &one.customer_number)
                .and(ui::hidden("kind", &sign.kind))
                .and(ui::hidden("what", &sign.what))
                .and(ui::hidden("field", &field))
                .and(ui::input(field, "Why it stays written off", typed).width(30).errors(errors))
                .and(ui::button("Leave it written off").secondary());
            ui::post_form("/write-offs/reappeared", self.frame.tokens(&format!("seen-{n}")), body).into()
        });
        ui::panel(title, body.and(open).and(leave)).into()
    }
}

impl Plain for ThereAgain {
    fn above(&self) -> Html {
        places(&self.frame, "/write-offs/reappeared")
    }

    fn body(&self) -> Html {
        if self.found.is_empty() {
            let text = "Somebody whose debt was given up is listed here when they are billed again, open another account, pay from the same bank account or have a new address.";
            let next = ui::link("/write-offs/all", "Look at all write-offs");
            return ui::empty("Nobody is there again", text).action(next).into();
        }
        let all = self.found.iter().enumerate().map(|(n, one)| self.one(n, one));
        all.fold(Html::default(), |all, one| all.and(one))
    }
}

/// The losses and special payments register.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Register {
    /// The frame.
    pub frame: Frame,
    /// The register.
    pub found: LossesRegister,
    /// Whether the reader refers losses to counter-fraud.
    pub may_refer: bool,
}

impl Register {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Losses and special payments register {}", self.found.year)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |rows| Self {
            frame: Frame::sample("Reports"),
            found: LossesRegister {
                start_year: 2026,
                year: "2026/27".into(),
                rows,
                totals: vec![sundry_desk::writeoff::CategoryTotal {
                    category: "3c".into(),
                    name: "Bad debts and claims abandoned: other".into(),
                    cases: 1,
                    gross_pence: 55_000,
                    relief_pence: 9_167,
                    recovered_pence: 0,
                }],
                disclosed_above_pence: 30_000_000,
            },
            may_refer: true,
        };
        vec![("full", page(vec![sample_line()])), ("none", page(Vec::new()))]
    }
}

#[cfg(test)]
fn sample_line() -> sundry_desk::writeoff::RegisterLine {
    use super::sampled::on;
    sundry_desk::writeoff::RegisterLine {
        serial: "2026/27-001".into(),
        category: "3c".into(),
        case: "WO-000012".into(),
        debtor: "D-4F1A09C2".into(),
        service: "Halls".into(),
        arisen_on: on(2026, 1, 2),
        approved_on: on(2026, 11, 20),
        gross_pence: 55_000,
        relief_pence: 9_167,
        recovered_pence: 0,
        reason: "Cannot be found".into(),
        actions: "Letters came back, two searches".into(),
        proposed_by: "Casey Moor".into(),
        approved_by: "Jan Head".into(),
        schedule: "WO-2026-11".into(),
        committee_on: None,
        committee_minute: String::new(),
        counter_fraud: false,
        disclosed: false,
    }
}

/// Years to choose from, newest first.
fn years(path: &str, start_year: i64) -> Html {
    let link = |year: i64| ui::link(format!("{path}?year={year}"), format!("{year}/{:02}", (year + 1) % 100));
    ui::toolbar(link(start_year - 1), link(start_year + 1)).into()
}

impl Plain for Register {
    fn above(&self) -> Html {
        places(&self.frame, "/write-offs/register")
    }

    fn actions(&self) -> Html {
        ui::downloads(|format| format!("/write-offs/register?year={}&format={format}", self.found.start_year))
    }

    fn body(&self) -> Html {
        let found = &self.found;
        let years = years("/write-offs/register", found.start_year);
        if found.rows.is_empty() {
            return years.and(ui::empty(
                "No losses in this year",
                "Each write-off that is posted adds a row. Choose another year above.",
            ));
        }
        let totals = found.totals.iter().map(|one| {
            ui::row()
                .cell(format!("{} {}", one.category, one.name))
                .cell(ui::number(one.cases))
                .cell(Pence(one.gross_pence))
                .cell(Pence(one.relief_pence))
                .cell(Pence(one.recovered_pence))
        });
        let totals = ui::table("By category")
            .show_caption()
            .columns([
                ui::col("Category"),
                ui::num("Cases"),
                ui::num("Gross"),
                ui::num("VAT relief"),
                ui::num("Recovered"),
            ])
            .rows(totals);
        let rows = found.rows.iter().map(|one| {
            let marks = match (one.disclosed, one.counter_fraud) {
                (true, _) => Html::from(ui::tag("Disclosed singly", TagColour::Yellow)),
                (_, true) => Html::from(ui::tag("Counter-fraud", TagColour::Red)),
                _ => Html::default(),
            };
            let refer = match self.may_refer {
                false => Html::default(),
                true => {
                    let words = if one.counter_fraud { "Not referred after all" } else { "Refer to counter-fraud" };
                    let body = ui::hidden("write_off", &one.case)
                        .and(ui::hidden("referred", if one.counter_fraud { "" } else { "yes" }))
                        .and(ui::button(words).secondary());
                    ui::post_form("/write-offs/register", self.frame.tokens(&format!("refer-{}", one.case)), body)
                        .into()
                }
            };
            ui::row()
                .cell(&one.serial)
                .cell(&one.category)
                .cell(&one.case)
                .cell(&one.debtor)
                .cell(one.approved_on)
                .cell(Pence(one.gross_pence))
                .cell(Pence(one.recovered_pence))
                .cell(&one.reason)
                .cell(&one.approved_by)
                .cell(marks.and(refer))
        });
        let table = ui::table("Cases, by serial")
            .show_caption()
            .columns([
                ui::col("Serial").nowrap(),
                ui::col("Category"),
                ui::col("Case").nowrap(),
                ui::col("Customer").nowrap(),
                ui::col("Approved").nowrap(),
                ui::num("Gross"),
                ui::num("Recovered"),
                ui::col("Reason"),
                ui::col("Approved by"),
                ui::col("Marks"),
            ])
            .rows(rows);
        let note = ui::muted(format!(
            "Gross, without any allowance. Cases above {} are disclosed one by one.",
            Pence(found.disclosed_above_pence)
        ));
        years.and(totals).and(table).and(note)
    }
}

/// The committee's report.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Report {
    /// The frame.
    pub frame: Frame,
    /// The report.
    pub found: CommitteeReport,
}

impl Report {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Write-offs of {} for the committee", self.found.year)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let group = |name: &str| CommitteeGroup {
            name: name.into(),
            cases: 1,
            gross_pence: 55_000,
            relief_pence: 9_167,
            recovered_pence: 0,
            net_pence: 45_833,
        };
        let found = CommitteeReport {
            start_year: 2026,
            year: "2026/27".into(),
            by_reason: vec![group("Cannot be found")],
            by_service: vec![group("Halls")],
            total: group("All"),
            cases: vec![(sample_line(), "A person".into())],
        };
        vec![("full", Self { frame: Frame::sample("Reports"), found })]
    }

    fn groups(title: &str, rows: &[CommitteeGroup], total: &CommitteeGroup) -> Html {
        let cells = |one: &CommitteeGroup| {
            let money = [one.gross_pence, one.relief_pence, one.recovered_pence, one.net_pence];
            let head = [Html::from(one.name.as_str()), Html::from(ui::number(one.cases))];
            head.into_iter().chain(money.map(|pence| Html::from(Pence(pence)))).collect::<Vec<Html>>()
        };
        let row = |one: &CommitteeGroup| cells(one).into_iter().fold(ui::row(), ui::Row::cell);
        ui::table(format!("By {}", title.to_lowercase()))
            .show_caption()
            .columns([
                ui::col(title),
                ui::num("Cases"),
                ui::num("Gross"),
                ui::num("VAT relief"),
                ui::num("Recovered"),
                ui::num("Net"),
            ])
            .rows(rows.iter().map(row))
            .total(cells(total))
            .into()
    }
}

impl Plain for Report {
    fn above(&self) -> Html {
        places(&self.frame, "/write-offs/report")
    }

    fn actions(&self) -> Html {
        ui::downloads(|format| format!("/write-offs/report?year={}&format={format}", self.found.start_year))
    }

    fn body(&self) -> Html {
        let found = &self.found;
        let cases = found.cases.iter().map(|(one, name)| {
            let minute = match one.committee_on {
                Some(on) => ui::long_date(on).and(ui::sub_line(one.committee_minute.as_str())),
                None => Html::from(ui::or_dash("")),
            };
            ui::row()
                .cell(&one.case)
                .cell(name)
                .cell(&one.service)
                .cell(&one.reason)
                .cell(Pence(one.gross_pence))
                .cell(&one.approved_by)
                .cell(minute)
        });
        let cases = match found.cases.is_empty() {
            true => Html::from(ui::muted("No case of £1,000.00 or more.")),
            false => ui::table("Cases of £1,000.00 or more, and those the committee decided")
                .show_caption()
                .columns([
                    ui::col("Case").nowrap(),
                    ui::col("Customer"),
                    ui::col("Service"),
                    ui::col("Reason"),
                    ui::num("Gross"),
                    ui::col("Approved by"),
                    ui::col("Committee"),
                ])
                .rows(cases)
                .into(),
        };
        years("/write-offs/report", found.start_year)
            .and(Self::groups("Reason", &found.by_reason, &found.total))
            .and(Self::groups("Service", &found.by_service, &found.total))
            .and(cases)
            .and(ui::muted("People are not named here; organisations are."))
    }
}

/// Questions to services.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Referrals {
    /// The frame.
    pub frame: Frame,
    /// Those that end first at the top.
    pub rows: Vec<ReferralRow>,
    /// The state filtered by.
    pub state: String,
    /// Whether the reader records answers.
    pub may_act: bool,
    /// Field and what was typed: referral, answer, words, name.
    pub typed: [String; 4],
}

impl Referrals {
    /// The heading.
    pub fn heading(&self) -> String {
        "Asked of services".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        use super::sampled::on;
        let one = |state: &str, answer: &str| ReferralRow {
            id: 1,
            number: "REF-000004".into(),
            customer_id: 1,
            customer_number: "C103933".into(),
            item_id: 2,
            item_number: "INV-000123".into(),
            open_pence: 90_000,
            purpose: "recommendation".into(),
            need: "other".into(),
            service: "Halls".into(),
            sent_to: "halls@example.gov.uk".into(),
            question: String::new(),
            default_answer: "continue".into(),
            state: state.into(),
            asked_on: on(2026, 11, 10),
            remind_on: on(2026, 11, 17),
            answer_by: on(2026, 11, 24),
            ends_on: on(2026, 12, 22),
            reminded_on: None,
            answer: answer.into(),
            answer_words: "The firm has gone".into(),
            answered_by: "Halls, by link".into(),
            answered_on: None,
            hold_id: Some(7),
            asked_by_id: 5,
            asked_by: "Casey Moor".into(),
            recorded_at: chrono::DateTime::UNIX_EPOCH,
        };
        let page = |frame, rows| Self {
            frame,
            rows,
            state: String::new(),
            may_act: true,
            typed: [const { String::new() }; 4],
        };
        let wrong = Frame::sample("Recovery")
            .wrong("answer", "Choose what is to be done")
            .wrong("name", "Enter who answers, in at most 100 characters");
        vec![
            ("full", page(Frame::sample("Recovery"), vec![one("open", ""), one("answered", "write_off")])),
            ("error", page(wrong, vec![one("open", "")])),
            ("none", page(Frame::sample("Recovery"), Vec::new())),
        ]
    }
}

impl Plain for Referrals {
    fn above(&self) -> Html {
        places(&self.frame, "/write-offs/referrals")
    }

    fn body(&self) -> Html {
        let states = [
            ("", "All"),
            ("open", "Open"),
            ("answered", "Answered"),
            ("defaulted", "No answer"),
            ("withdrawn", "Withdrawn"),
        ];
        let filters = ui::filters("/write-offs/referrals").field(ui::select("state", "Show", &self.state, states));
        if self.rows.is_empty() {
            let text = "A service is asked for its decision from the page of a debt, and its question stands here.";
            let none = match self.state.is_empty() {
                true => ui::empty("Nothing was asked", text).action(match self.frame.opens("/write-offs") {
                    true => ui::link("/write-offs", "Look at the debts to give up"),
                    false => Html::default(),
                }),
                false => ui::empty("No question stands so", text)
                    .action(ui::link("/write-offs/referrals", "Show all questions")),
            };
            return Html::from(filters).and(none);
        }
        let rows = self.rows.iter().map(|one| {
            let answer = match ServiceAnswer::parse(&one.answer) {
                Some(answer) => Html::from(answer.name()).and(ui::sub_line(one.answer_words.as_str())),
                None if one.state == "open" => Html::from("Until ").and(ui::long_date(one.answer_by)),
                None => Html::from(ui::or_dash("")),
            };
            let act = match (one.state.as_str(), self.may_act) {
                ("open", true) => {
                    let at = format!("/write-offs/referrals/{}/withdraw", one.number);
                    let form = format!("withdraw-{}", one.id);
                    ui::post_form(at, self.frame.tokens(&form), ui::button("Take back").secondary()).into()
                }
                _ => Html::default(),
            };
            ui::row()
                .cell(&one.number)
                .cell(debt_link(&one.item_number))
                .cell(&one.service)
                .cell(one.asked_on)
                .cell(referral_state(&one.state))
                .cell(answer)
                .cell(act)
        });
        let table = ui::table("Questions, those that end first at the top")
            .columns([
                ui::col("Question").nowrap(),
                ui::col("Debt").nowrap(),
                ui::col("Service"),
                ui::col("Asked").nowrap(),
                ui::col("State"),
                ui::col("Answer"),
                ui::col("Do"),
            ])
            .rows(rows);
        let open: Vec<(String, String)> = self
            .rows
            .iter()
            .filter(|one| matches!(one.state.as_str(), "open" | "defaulted"))
            .map(|one| (one.number.clone(), format!("{}, {}", one.number, one.item_number)))
            .collect();
        let record = match (self.may_act, open.is_empty()) {
            (true, false) => {
                let errors = &self.frame.errors;
                let answers = ServiceAnswer::ALL.iter().map(|one| (one.as_str().to_owned(), one.name().to_owned()));
                let body = Html::from(ui::select("referral", "Question", &self.typed[0], open).errors(errors))
                    .and(ui::radios("answer", "What is to be done?", &self.typed[1], answers).errors(errors))
                    .and(ui::textarea("words", "Why, as they said it", &self.typed[2]).rows(2).errors(errors))
                    .and(ui::input("name", "Who answered", &self.typed[3]).width(20).errors(errors))
                    .and(ui::button("Record the answer").secondary());
                let form = ui::post_form("/write-offs/referrals", self.frame.tokens("answer"), body);
                ui::boxed("An answer that came another way", form).into()
            }
            _ => Html::default(),
        };
        Html::from(filters).and(table).and(record)
    }
}

/// The criteria and limits.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Criteria {
    /// The frame.
    pub frame: Frame,
    /// As they hold today.
    pub rows: Vec<PolicyShown>,
    /// Whether the reader asks to change them.
    pub may_change: bool,
    /// First day, name and value as typed.
    pub typed: [String; 3],
}

impl Criteria {
    /// The heading.
    pub fn heading(&self) -> String {
        "Criteria of write-offs".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let rows = || {
            let all = sundry_domain::writeoff::Criteria::default().named();
            let shown = |(name, words, value): (&str, &str, i64)| PolicyShown {
                name: name.into(),
                words: words.into(),
                value,
                rows: Vec::new(),
            };
            all.into_iter().map(shown).collect::<Vec<_>>()
        };
        let page = |frame, may_change| Self { frame, rows: rows(), may_change, typed: [const { String::new() }; 3] };
        let wrong = Frame::sample("Admin").wrong("value", "Enter a whole number from 0, or an amount in pounds");
        vec![("read", page(Frame::sample("Recovery"), false)), ("change", page(wrong, true))]
    }
}

impl Plain for Criteria {
    fn above(&self) -> Html {
        places(&self.frame, "/write-offs/policy")
    }

    fn body(&self) -> Html {
        let said = |one: &PolicyShown, value: i64| match one.is_money() {
            true => Pence(value).to_string(),
            false => ui::number(value),
        };
        let rows = self.rows.iter().map(|one| {
            let to_come: Vec<String> = one
                .rows
                .iter()
                .map(|row| format!("{} from {} ({})", said(one, row.value), written(row.from_on), row.approved_by))
                .collect();
            ui::row().cell(one.title()).cell(said(one, one.value)).cell(ui::or_dash(to_come.join("; ")))
        });
        let table = ui::table("Criteria as they hold today")
            .columns([ui::col("Criterion"), ui::num("Today"), ui::col("Set, from when, by whom")])
            .rows(rows);
        if !self.may_change {
            return table.into();
        }
        let errors = &self.frame.errors;
        let names = self.rows.iter().map(|one| (one.name.clone(), one.title().to_owned()));
        let body = Html::from(ui::select("name", "Criterion", &self.typed[1], names).errors(errors))
            .and(
                ui::input("value", "New value", &self.typed[2])
                    .hint("Pounds for an amount, otherwise days, months or how many")
                    .width(10)
                    .input_mode("decimal")
                    .errors(errors),
            )
            .and(ui::date_input("from_on", "From", &self.typed[0]).errors(errors))
            .and(ui::muted("Someone else must approve it."))
            .and(ui::button("Ask for the change").secondary());
        let form = ui::post_form("/write-offs/policy", self.frame.tokens("policy"), body);
        Html::from(table).and(ui::boxed("Change a criterion", form))
    }
}
