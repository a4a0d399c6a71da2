//! Cases that stop recovery for a person: the list, and one with its debts, tasks and what can be done.

use super::account::Happening;
use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, TagColour};
use askama::Template;
use chrono::NaiveDate;
use sundry_desk::recovery::people::{CaseLine, LikelyCustomer};
use sundry_domain::money::Pence;
use sundry_domain::recovery::stage_name;
use sundry_store::people::{CaseTaskRow, StoppedDebtRow};

/// States, each with its tab.
const STATES: [(&str, &str); 4] =
    [("to_match", "To match"), ("in_force", "In force"), ("ended", "Ended"), ("not_ours", "Not ours")];

fn state_tag(state: &str) -> ui::Tag {
    let words = STATES.iter().find(|(code, _)| *code == state).map_or(state, |(_, words)| *words);
    let colour = match state {
        "in_force" => TagColour::Red,
        "to_match" => TagColour::Yellow,
        _ => TagColour::Grey,
    };
    ui::tag(words, colour)
}

fn day_or(day: Option<NaiveDate>, otherwise: &str) -> Html {
    day.map_or_else(|| Html::from(otherwise), ui::date)
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PersonCases {
    /// The frame.
    pub frame: Frame,
    /// to_match, in_force, ended or not_ours.
    pub state: String,
    /// The rows.
    pub rows: Vec<CaseLine>,
    /// The address of the next page; empty on the last.
    pub next: String,
    /// Whether the reader may take in a notice.
    pub may_take: bool,
}

impl PersonCases {
    /// The heading.
    pub fn heading(&self) -> String {
        "Breathing space, deaths and insolvencies".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let day = |month, day| super::sampled::on(2026, month, day);
        let line = CaseLine {
            number: "PC-000014".into(),
            kind: "breathing_space".into(),
            form_name: "Standard breathing space".into(),
            state: "in_force".into(),
            person: "Joyce Pemberton".into(),
            customer_number: "C103316".into(),
            received_on: day(11, 16),
            starts_on: day(11, 17),
            ends_on: Some(super::sampled::on(2027, 1, 15)),
            owner: "Priya Nair".into(),
            next_task: "Tell the debt adviser of every other debt we hold (reg 14): INV-7104211 £240.00".into(),
            next_task_on: Some(day(11, 17)),
        };
        let page = |rows| Self {
            frame: Frame::sample("Recovery"),
            state: "in_force".into(),
            rows,
            next: String::new(),
            may_take: true,
        };
        vec![("full", page(vec![line])), ("empty", page(Vec::new()))]
    }
}

impl PersonCases {
    /// An empty list: whether that is good, what would fill it and the next act.
    fn none(&self) -> Html {
        let (title, text) = match self.state.as_str() {
            "to_match" => {
                ("Every notice has its customer", "A notice without a customer number waits here to be matched.")
            }
            "in_force" => (
                "No case is in force",
                "Nobody's debts are stopped. A notice of breathing space, death or insolvency begins one.",
            ),
            "ended" => ("No case has ended", "A case comes here the day after its last day, or when it is ended."),
            _ => (
                "No notice was somebody else's",
                "A notice that is not about a customer of ours is kept here with how we know.",
            ),
        };
        let next = match self.may_take {
            true => ui::link("/recovery/cases/new", "Take in a notice"),
            false => Html::default(),
        };
        ui::empty(title, text).action(next).into()
    }
}

impl Plain for PersonCases {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery")]).into()
    }

    fn actions(&self) -> Html {
        if !self.may_take {
            return Html::default();
        }
        Html::from(ui::link_button("Take in a notice", "/recovery/cases/new"))
            .and(ui::link_button("Take in a file", "/recovery/cases/file"))
    }

    fn body(&self) -> Html {
        let tabs = STATES.iter().fold(ui::sub_navigation("Cases by state"), |tabs, (state, words)| {
            tabs.place(*words, format!("/recovery/cases?state={state}"), *state == self.state)
        });
        if self.rows.is_empty() {
            return Html::from(tabs).and(self.none());
        }
        let rows = self.rows.iter().map(|line| {
            let who = match line.customer_number.as_str() {
                "" => Html::from(&line.person),
                number => ui::link(format!("/customers/{number}"), &line.person),
            };
            let task = match line.next_task_on {
                Some(on) => Html::from(&line.next_task).and(ui::sub_line(ui::date(on))),
                None => Html::from("–"),
            };
            ui::row()
                .cell(ui::link(format!("/recovery/cases/{}", line.number), &line.number))
                .cell(&line.form_name)
                .cell(who)
                .cell(ui::date(line.starts_on))
                .cell(day_or(line.ends_on, "Not known"))
                .cell(task)
                .cell(&line.owner)
        });
        let table = ui::table("Cases, oldest first")
            .columns([
                ui::col("Case"),
                ui::col("What"),
                ui::col("Who"),
                ui::col("First day"),
                ui::col("Last day"),
                ui::col("Next task"),
                ui::col("Owner"),
            ])
            .rows(rows);
        let next = if self.next.is_empty() { Html::default() } else { ui::link(&self.next, "Next page") };
        Html::from(tabs).and(table).and(ui::para(next))
    }
}

/// One case.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PersonCase {
    /// The frame.
    pub frame: Frame,
    /// Number.
    pub number: String,
    /// What it is, for people.
    pub form_name: String,
    /// to_match, in_force, ended or not_ours.
    pub state: String,
    /// Account and name, once somebody has said whose it is.
    pub customer: (String, String),
    /// Facts: key and value.
    pub facts: Vec<(String, String)>,
    /// Whom it may be about.
    pub likely: Vec<LikelyCustomer>,
    /// The debts it bears on.
    pub items: Vec<StoppedDebtRow>,
    /// What it makes somebody do.
    pub tasks: Vec<CaseTaskRow>,
    /// What happened, newest first.
    pub story: Vec<Happening>,
    /// Whether the reader may work on it.
    pub may_work: bool,
    /// Whether the reader may free a debt for who owes it too.
    pub may_free: bool,
    /// Whether it is a crisis that waits for the end of treatment.
    pub waits_for_treatment: bool,
    /// What the letter of such a case says; none where it has none.
    pub letter: Option<&'static str>,
    /// The letter, once it is written: number and date.
    pub written: Option<(String, NaiveDate)>,
    /// The act that was chosen; empty before one is.
    pub act: String,
    /// What was typed: customer, debts, words, on, debt, owner, task.
    pub typed: [String; 7],
}

impl PersonCase {
    /// The heading.
    pub fn heading(&self) -> String {
        let who = if self.customer.1.is_empty() { "not matched yet" } else { self.customer.1.as_str() };
        format!("{}: {who}", self.form_name)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let day = |month, day| super::sampled::on(2026, month, day);
        let debt = |number: &str, joint: Option<i64>| StoppedDebtRow {
            case_id: 1,
            item_id: 1,
            customer_id: 1,
            number: number.into(),
            kind: "breathing_space".into(),
            named: true,
            joint_customer_id: joint,
            open_pence: 24_000,
            stage: "R2".into(),
            starts_on: day(11, 17),
            ends_on: Some(super::sampled::on(2027, 1, 15)),
            freed_on: None,
            freed_by_name: String::new(),
            freed_why: String::new(),
        };
        let task = |seq, what: &str, done: Option<NaiveDate>| CaseTaskRow {
            case_id: 1,
            seq,
            code: "adviser".into(),
            what: what.into(),
            due_on: day(11, 17),
            done_on: done,
            done_by_name: if done.is_some() { "Priya Nair".into() } else { String::new() },
            words: if done.is_some() { "By e-mail".into() } else { String::new() },
        };
        let page = |frame, state: &str, customer: (&str, &str)| Self {
            frame,
            number: "PC-000014".into(),
            form_name: "Standard breathing space".into(),
            state: state.into(),
            customer: (customer.0.into(), customer.1.into()),
            facts: vec![
                ("Told by".into(), "Debt respite register, BSN-4411".into()),
                ("First day".into(), "17 November 2026".into()),
                ("Last day".into(), "15 January 2027".into()),
            ],
            likely: Vec::new(),
            items: vec![debt("INV-7104211", None), debt("INV-7104300", Some(2))],
            tasks: vec![
                task(1, "Tell the debt adviser that we hold no other debt (reg 14)", Some(day(11, 17))),
                task(2, "Tell every agency, solicitor and bailiff that the debts are frozen", None),
            ],
            story: Vec::new(),
            may_work: true,
            may_free: true,
            waits_for_treatment: false,
            letter: Some("It says that breathing space has begun, and what stops. It asks for no money."),
            written: (state == "ended").then(|| ("LTR-000104".to_owned(), day(11, 18))),
            act: String::new(),
            typed: Default::default(),
        };
        let act = |act: &str| Self {
            act: act.into(),
            ..page(Frame::sample("Recovery"), "in_force", ("C103316", "Joyce Pemberton"))
        };
        let mut open = page(Frame::sample("Recovery"), "to_match", ("", ""));
        (open.items, open.tasks) = (Vec::new(), Vec::new());
        open.likely = vec![LikelyCustomer {
            number: "C103316".into(),
            name: "Joyce Pemberton".into(),
            place: "Northmere NM1 1AA".into(),
            balance_pence: 48_000,
            why: vec!["our account number".into(), "name and postcode".into()],
            strong: true,
        }];
        let wrong = Frame::sample("Recovery").wrong("words", "Enter why, or how it was done");
        let mut written = act("");
        written.written = Some(("LTR-000104".to_owned(), day(11, 18)));
        vec![
            ("match", open),
            ("force", page(Frame::sample("Recovery"), "in_force", ("C103316", "Joyce Pemberton"))),
            ("written", written),
            ("free", act("free_joint")),
            ("end", act("end")),
            ("error", page(wrong, "in_force", ("C103316", "Joyce Pemberton"))),
            ("ended", page(Frame::sample("Recovery"), "ended", ("C103316", "Joyce Pemberton"))),
        ]
    }
}

fn letter_link(number: &str) -> Html {
    ui::link(format!("/letters/{number}.pdf"), number)
}

impl Plain for PersonCase {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/recovery", "Recovery"), ("/recovery/cases", "Cases")]).into()
    }

    fn caption(&self) -> Html {
        Html::from(&self.number)
    }

    fn body(&self) -> Html {
        let facts = ui::summary_list().fact("State", state_tag(&self.state));
        let facts = match self.customer.0.as_str() {
            "" => facts,
            number => facts.fact("Customer", ui::link(format!("/customers/{number}"), &self.customer.1)),
        };
        let facts = self.facts.iter().fold(facts, |list, (key, value)| list.fact(key.clone(), value));
        let works = self.state == "in_force" && self.may_work;
        let facts = match &self.written {
            Some((number, on)) if !works => facts.fact("Letter", letter_link(number).and(ui::sub_line(ui::date(*on)))),
            _ => facts,
        };
        let left = Html::from(facts)
            .and(self.debts())
            .and(self.to_do())
            .and(ui::panel("What happened", super::account::timeline(&self.story)));
        let forms = match self.state.as_str() {
            "to_match" if self.may_work => self.match_form(),
            "in_force" if self.may_work => self.act_forms().and(self.letter_form()),
            _ => return left,
        };
        ui::grid([(7, left), (5, forms)]).into()
    }
}

impl PersonCase {
    fn debts(&self) -> Html {
        if self.items.is_empty() {
            return Html::default();
        }
        let rows = self.items.iter().map(|item| {
            let stopped = match (item.freed_on, item.joint_customer_id) {
                (Some(on), _) => Html::from("Freed ").and(ui::date(on)).and(ui::sub_line(&item.freed_why)),
                (None, Some(_)) => Html::from("Stopped").and(ui::sub_line("Somebody else owes it too")),
                (None, None) => Html::from("Stopped"),
            };
            ui::row()
                .cell(ui::link(crate::web::door::invoice_at(&item.number), &item.number))
                .cell(Pence(item.open_pence))
                .cell(ui::or_dash(if item.stage.is_empty() { "" } else { stage_name(&item.stage) }))
                .cell(ui::date(item.starts_on))
                .cell(stopped)
        });
        let total = Pence(self.items.iter().map(|item| item.open_pence).sum());
        ui::table("The debts it bears on")
            .columns([
                ui::col("Debt"),
                ui::num("Open when it began"),
                ui::col("Step"),
                ui::col("Since"),
                ui::col("State"),
            ])
            .rows(rows)
            .total([Html::from("Total"), total.into(), Html::default(), Html::default(), Html::default()])
            .show_caption()
            .into()
    }

    fn to_do(&self) -> Html {
        if self.tasks.is_empty() {
            return Html::default();
        }
        let rows = self.tasks.iter().map(|task| {
            let done = match task.done_on {
                Some(on) => ui::date(on).and(ui::sub_line(format!("{}: {}", task.done_by_name, task.words))),
                None => Html::from("Not yet"),
            };
            ui::row().cell(&task.what).cell(ui::date(task.due_on)).cell(done)
        });
        ui::table("What is to be done")
            .columns([ui::col("Task"), ui::col("By"), ui::col("Done")])
            .rows(rows)
            .show_caption()
            .into()
    }

    fn form(&self, act: &str, fields: Html) -> Html {
        let to = if act == "confirm" { "confirm" } else { "act" };
        let fields = ui::hidden("act", act).and(fields);
        let action = format!("/recovery/cases/{}/{to}", self.number);
        ui::post_form(action, self.frame.tokens(act), fields).guarded().into()
    }

    fn match_form(&self) -> Html {
        let errors = &self.frame.errors;
        let [customer, debts, words, ..] = &self.typed;
        let choices = self.likely.iter().map(|one| {
            let why = format!("{}; {}, owes {}", one.why.join(", "), one.place, Pence(one.balance_pence));
            ui::choice(one.number.clone(), format!("{} {}", one.number, one.name)).hint(why)
        });
        let nobody = ui::choice("none", "Not a customer of ours").hint("Say below how you know.");
        let all: Vec<ui::Choice> = choices.chain([nobody]).collect();
        let body = Html::from(ui::radios("customer", "Whose is it?", customer, all).errors(errors))
            .and(ui::input("other", "Another customer's number", "").width(10).hint("If they are not in the list."))
            .and(
                ui::input("debts", "Debts that the notice names", debts)
                    .hint("Their numbers with commas. Empty: all that were owed on the first day.")
                    .errors(errors),
            )
            .and(
                ui::textarea("words", "If they are no customer of ours, how do you know?", words)
                    .rows(2)
                    .errors(errors),
            )
            .and(ui::button("Say whose it is"));
        ui::panel("Match it today", self.form("confirm", body)).into()
    }

    fn letter_form(&self) -> Html {
        let Some(says) = self.letter else { return Html::default() };
        if let Some((number, on)) = &self.written {
            let words =
                letter_link(number).and("was written on").and(ui::long_date(*on)).and("and is not written twice.");
            return ui::panel("A letter", ui::para(words)).into();
        }
        let body = Html::from(ui::para(says)).and(ui::button("Write the letter").secondary());
        ui::panel("A letter", self.form("write", body)).into()
    }

    /// What can be done to a case in force: code and words.
    fn acts(&self) -> Vec<(&'static str, &'static str)> {
        let mut acts = Vec::new();
        if !self.waiting().is_empty() {
            acts.push(("do_task", "A task is done"));
        }
        if self.waits_for_treatment {
            acts.push(("treatment_ended", "Treatment has ended"));
        }
        acts.push(("add_debt", "The adviser adds a debt"));
        if self.may_free && !self.joint().is_empty() {
            acts.push(("free_joint", "Ask another person who owes a debt for it"));
        }
        acts.extend([("hand_over", "Somebody else looks after it"), ("end", "It has ended")]);
        acts
    }

    /// The act whose form is shown: the one that was chosen, else the task that waits.
    fn chosen(&self) -> Option<(&'static str, &'static str)> {
        let acts = self.acts();
        let of = |code: &str| acts.iter().copied().find(|(one, _)| *one == code);
        of(&self.act).or_else(|| of("do_task"))
    }

    /// Tasks that wait: number and words.
    fn waiting(&self) -> Vec<(String, String)> {
        let open = self.tasks.iter().filter(|task| task.done_on.is_none());
        open.map(|task| (task.seq.to_string(), task.what.clone())).collect()
    }

    /// Stopped debts that somebody else owes too: number and words.
    fn joint(&self) -> Vec<(String, String)> {
        let stopped = self.items.iter().filter(|item| item.joint_customer_id.is_some() && item.freed_on.is_none());
        stopped.map(|item| (item.number.clone(), format!("{}, {}", item.number, Pence(item.open_pence)))).collect()
    }

    /// Which act, sent by GET; under it the form of that act and of no other.
    fn act_forms(&self) -> Html {
        let chosen = self.chosen();
        let code = chosen.map_or("", |(code, _)| code);
        let acts = std::iter::once(("", "Choose")).chain(self.acts());
        let which = ui::select("act", "What happened?", code, acts).errors(&self.frame.errors);
        let at = format!("/recovery/cases/{}", self.number);
        let choose = ui::filters(at).field(which).label("Choose what happened").verb("Show its form");
        let next = Html::from(ui::panel("What comes next", choose));
        match chosen {
            Some((code, words)) => next.and(ui::panel(words, self.act_form(code))),
            None => next,
        }
    }

    fn act_form(&self, act: &'static str) -> Html {
        let errors = &self.frame.errors;
        let [_, _, words, on, debt, owner, task] = &self.typed;
        let why = |label: &str| Html::from(ui::textarea("words", label, words).rows(3).errors(errors));
        let day =
            |label: &str| Html::from(ui::date_input("on", label, on).hint("Leave empty for today.").errors(errors));
        let fields = match act {
            "do_task" => Html::from(ui::select("task", "Which task?", task, self.waiting()).errors(errors))
                .and(why("How was it done?"))
                .and(ui::button("Mark it as done")),
            "treatment_ended" => {
                day("When did it end?").and(why("How do we know?")).and(ui::button("Record the end of treatment"))
            }
            "add_debt" => {
                let hint = "One that was owed on the first day and does not stand in the list.";
                Html::from(ui::input("debt", "Number of the debt", debt).width(20).hint(hint).errors(errors))
                    .and(why("Why?"))
                    .and(ui::button("Add the debt"))
            }
            "free_joint" => Html::from(ui::select("debt", "Which debt?", debt, self.joint()).errors(errors))
                .and(why("Why may the other person be asked?"))
                .and(ui::button("Free the debt")),
            "hand_over" => Html::from(ui::input("owner", "Who looks after it now?", owner).width(20).errors(errors))
                .and(why("Why? (optional)"))
                .and(ui::button("Hand it over")),
            _ => day("Last day").and(why("Why did it end?")).and(ui::button("End the case").warning()),
        };
        self.form(act, fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bs_03_a_case_asks_only_for_what_the_chosen_act_needs() {
        let (_, mut case) = PersonCase::samples().into_iter().find(|(name, _)| *name == "force").expect("a sample");
        let fields = |case: &PersonCase| {
            let form = case.act_forms();
            let all = ["task", "debt", "on", "owner", "words"];
            all.into_iter().filter(|name| form.as_str().contains(&format!("name=\"{name}\""))).collect::<Vec<_>>()
        };
        for (act, wanted) in [
            ("", vec!["task", "words"]),
            ("do_task", vec!["task", "words"]),
            ("add_debt", vec!["debt", "words"]),
            ("free_joint", vec!["debt", "words"]),
            ("hand_over", vec!["owner", "words"]),
            ("end", vec!["on", "words"]),
        ] {
            act.clone_into(&mut case.act);
            assert_eq!(fields(&case), wanted, "{act}");
        }
        case.waits_for_treatment = true;
        "treatment_ended".clone_into(&mut case.act);
        assert_eq!(fields(&case), ["on", "words"]);
        case.tasks.clear();
        case.act.clear();
        assert!(fields(&case).is_empty(), "nothing is asked before an act is chosen");
    }
}
