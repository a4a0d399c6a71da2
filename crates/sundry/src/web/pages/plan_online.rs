//! The page on which a customer sets a plan by a link: who they are, what they owe, what they choose. No account; in
//! English or in Welsh.

use super::plan_online_words as words;
use crate::web::door::form_encode;
use crate::web::ui::{self, Errors, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_desk::plans::{Language, OnlineChoices, OnlineDone, OnlineOffer, long_date, short_date};
use sundry_domain::money::Pence;

/// The fields of the page, as typed: who they are, then what they choose.
pub const FIELDS: [&str; 7] = ["account", "postcode", "every", "amount", "first_on", "day_of_month", "method"];
/// Of these, what they choose.
pub const CHOSEN: std::ops::Range<usize> = 2..7;

/// What who holds a link sees; nobody is signed in.
#[derive(Debug, Template)]
#[template(path = "pages/plan_online.html")]
pub struct PlanOnline {
    /// Who asks.
    pub organisation: String,
    /// The telephone; empty where nobody has said.
    pub phone: String,
    /// The language of the page.
    pub language: Language,
    /// The language as whoever reads it asked for: `en` or `cy`; empty for that of the customer's letters.
    pub asked: String,
    /// The token of the link.
    pub token: String,
    /// A fresh key, so that pressing twice sets one plan.
    pub form_key: String,
    /// What stands here.
    pub what: OnlineState,
    /// What is to be put right.
    pub errors: Errors,
    /// Each of [`FIELDS`] as typed.
    pub typed: [String; 7],
}

/// Where it stands.
#[derive(Clone, Debug)]
pub enum OnlineState {
    /// They have not shown who they are.
    Who,
    /// They may choose; what the choice comes to and its digest, once there is one.
    Choose(Box<OnlineChoices>, Option<(OnlineOffer, String)>),
    /// A rule is against any plan by a link: its code.
    Closed(String),
    /// The link is spent on a plan.
    Done(Box<OnlineDone>),
    /// The link cannot be used: why, and the way out.
    Ended(String, String),
}

impl PlanOnline {
    /// The heading.
    pub fn heading(&self) -> String {
        let words = match &self.what {
            OnlineState::Who => words::HEAD_WHO,
            OnlineState::Choose(_, Some(_)) => words::HEAD_CHECK,
            OnlineState::Choose(_, None) => words::HEAD_CHOOSE,
            OnlineState::Closed(_) => words::HEAD_CLOSED,
            OnlineState::Done(done) if done.waits => words::HEAD_OFFER,
            OnlineState::Done(_) => words::HEAD_DONE,
            OnlineState::Ended(..) => words::HEAD_ENDED,
        };
        self.say(words).to_owned()
    }

    /// Whether the title must start with "Error: ".
    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Words in the language of the page.
    fn say(&self, words: words::Said) -> &'static str {
        words.of(self.language)
    }

    fn lang(&self) -> &'static str {
        self.say(words::LANG)
    }

    fn skip(&self) -> &'static str {
        self.say(words::SKIP)
    }

    fn error(&self) -> &'static str {
        self.say(words::ERROR)
    }

    fn problem(&self) -> &'static str {
        self.say(words::PROBLEM)
    }

    fn other_lang(&self) -> &'static str {
        self.say(words::OTHER_LANG)
    }

    fn other_name(&self) -> &'static str {
        self.say(words::OTHER_NAME)
    }

    /// The same page in the other language, with what they chose so far; never who they are.
    fn other(&self) -> String {
        let at = format!("/plan-online/{}?lang={}", self.token, self.say(words::OTHER_CODE));
        let kept = CHOSEN.map(|field| (FIELDS[field], &self.typed[field])).filter(|(_, value)| !value.is_empty());
        kept.fold(at, |at, (field, value)| format!("{at}&{field}={}", form_encode(value)))
    }

    /// Everything under the heading.
    pub fn body(&self) -> Html {
        let body = match &self.what {
            OnlineState::Who => self.who(),
            OnlineState::Choose(choices, offer) => {
                let offered = offer.as_ref().map(|(offer, seen)| self.offered(choices, offer, seen));
                offered.unwrap_or_default().and(self.choose(choices, offer.is_some())).and(self.help())
            }
            OnlineState::Closed(code) => {
                Html::from(ui::para(self.say(closed(code)))).and(self.call(words::CALL)).and(self.help())
            }
            OnlineState::Done(done) => self.done(done).and(self.help()),
            OnlineState::Ended(why, way_out) => {
                Html::from(ui::para(format!("{why}."))).and(ui::para(format!("{way_out}.")))
            }
        };
        match self.language {
            Language::English => body,
            Language::Welsh => body.in_welsh(),
        }
    }

    fn of(&self, field: &str) -> &str {
        FIELDS.iter().position(|name| *name == field).map_or("", |at| self.typed[at].as_str())
    }

    fn form(&self, body: Html) -> Html {
        let at = format!("/plan-online/{}", self.token);
        let hidden = ui::hidden("form_key", &self.form_key).and(ui::hidden("lang", &self.asked));
        ui::post_form(at, hidden, body).into()
    }

    /// Words with whom to call in them.
    fn whom(&self, words: words::Said) -> String {
        let phone = if self.phone.is_empty() { self.say(words::PHONE_UNKNOWN) } else { self.phone.as_str() };
        words.with(self.language, &[("phone", phone)])
    }

    fn call(&self, words: words::Said) -> Html {
        ui::para(self.whom(words)).into()
    }

    /// A day in a table.
    fn day(&self, day: NaiveDate) -> Html {
        match self.language {
            Language::English => day.into(),
            Language::Welsh => short_date(day, Language::Welsh).into(),
        }
    }

    fn who(&self) -> Html {
        let fields = Html::from(
            ui::input("account", self.say(words::ACCOUNT), self.of("account"))
                .hint(self.say(words::ACCOUNT_HINT))
                .width(20)
                .errors(&self.errors),
        )
        .and(
            ui::input("postcode", self.say(words::POSTCODE), self.of("postcode"))
                .hint(self.say(words::POSTCODE_HINT))
                .autocomplete("postal-code")
                .width(10)
                .errors(&self.errors),
        )
        .and(ui::button(self.say(words::CONTINUE)).named("do", "who"));
        Html::from(ui::para(self.say(words::WHO_MAY)))
            .and(ui::para(self.say(words::WHO_FIRST)))
            .and(self.form(fields))
            .and(ui::muted(self.whom(words::WHO_TALK)))
    }

    fn owed(&self, choices: &OnlineChoices) -> Html {
        let heads = [
            ui::col(self.say(words::INVOICE)),
            ui::col(self.say(words::FOR)),
            ui::col(self.say(words::WAS_DUE)).nowrap(),
            ui::num(self.say(words::YOU_OWE)),
        ];
        let rows = choices.debts.iter().map(|debt| {
            ui::row().cell(&debt.number).cell(&debt.service).cell(self.day(debt.due_on)).cell(Pence(debt.open_pence))
        });
        let total: Html = Pence(choices.total_pence).into();
        ui::table(self.say(words::OWED))
            .show_caption()
            .columns(heads)
            .rows(rows)
            .total([Html::from(self.say(words::TOTAL)), Html::default(), Html::default(), total])
            .into()
    }

    /// Plans that can be set at once, each as a link that fills the form in.
    fn at_once(&self, choices: &OnlineChoices) -> Html {
        if choices.at_once.is_empty() {
            return ui::para(self.say(words::BEYOND)).into();
        }
        let asked = if self.asked.is_empty() { String::new() } else { format!("&lang={}", self.asked) };
        let one = |(count, pence): &(i64, i64)| {
            let amount = Pence(*pence);
            let months = ui::count_of(*count, self.say(words::MONTH), self.say(words::MONTHS));
            let href = format!("/plan-online/{}?every=month&amount={}{asked}", self.token, amount.pounds());
            let values = [("amount", amount.to_string()), ("months", months)];
            let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
            Html::from(ui::para(ui::link(href, words::ONE_AT_ONCE.with(self.language, &values))))
        };
        let links = choices.at_once.iter().map(one).fold(Html::default(), |all, one| all.and(one));
        Html::from(ui::para(self.say(words::AT_ONCE))).and(links)
    }

    fn choose(&self, choices: &OnlineChoices, again: bool) -> Html {
        let verb = if again { words::CHANGE_IT } else { words::SEE };
        let button = ui::button(self.say(verb)).named("do", "show");
        let fields =
            self.size(choices).and(self.days_and_method(choices)).and(if again { button.secondary() } else { button });
        let before = if again {
            Html::from(ui::heading(self.say(words::CHANGE)))
        } else {
            self.owed(choices).and(self.at_once(choices)).and(ui::heading(self.say(words::CHOOSE)))
        };
        before.and(self.form(fields))
    }

    /// How often and how much.
    fn size(&self, choices: &OnlineChoices) -> Html {
        let every = [
            ("week", self.say(words::EVERY_WEEK)),
            ("fortnight", self.say(words::EVERY_FORTNIGHT)),
            ("four_weeks", self.say(words::EVERY_FOUR_WEEKS)),
            ("month", self.say(words::EVERY_MONTH)),
        ];
        let least = least(words::AMOUNT_HINT, self.language, choices);
        Html::from(ui::radios("every", self.say(words::EVERY), self.of("every"), every).errors(&self.errors)).and(
            ui::amount_input("amount", self.say(words::AMOUNT), self.of("amount")).hint(least).errors(&self.errors),
        )
    }

    /// From which day, and by which way.
    fn days_and_method(&self, choices: &OnlineChoices) -> Html {
        let errors = &self.errors;
        let mut methods = vec![
            ("transfer", self.say(words::BY_TRANSFER)),
            ("standing_order", self.say(words::BY_ORDER)),
            ("card", self.say(words::BY_CARD)),
        ];
        if choices.direct_debit {
            methods.insert(0, ("direct_debit", self.say(words::BY_DEBIT)));
        }
        let days = within(words::FIRST_HINT, self.language, choices.first_days);
        Html::from(ui::date_input("first_on", self.say(words::FIRST), self.of("first_on")).hint(days).errors(errors))
            .and(
                ui::input("day_of_month", self.say(words::DAY), self.of("day_of_month"))
                    .hint(self.say(words::DAY_HINT))
                    .input_mode("numeric")
                    .width(3)
                    .errors(errors),
            )
            .and(ui::radios("method", self.say(words::METHOD), self.of("method"), methods).errors(errors))
    }

    /// What a choice comes to, what follows if a payment is missed, and the yes.
    fn offered(&self, choices: &OnlineChoices, offer: &OnlineOffer, seen: &str) -> Html {
        let payments: Vec<_> = offer.schedule.iter().map(|part| (part.due_on, part.amount)).collect();
        let kept = FIELDS[CHOSEN]
            .iter()
            .map(|field| ui::hidden(field, self.of(field)))
            .fold(Html::default(), |all, one| all.and(one));
        let kept = kept.and(ui::hidden("seen", seen));
        let (grace, cure) = choices.days;
        let (grace, cure) = (grace.to_string(), cure.to_string());
        let missed = words::MISSED.with(self.language, &[("grace", &grace), ("cure", &cure)]);
        let (says, verb, send) = match offer.at_once {
            true => (words::NO_CHARGE, words::SET_UP, "agree"),
            false => (words::NOT_ALONE, words::SEND, "send"),
        };
        self.schedule(&payments, offer.total_pence)
            .and(ui::para(self.say(says)))
            .and(ui::para(missed))
            .and(self.form(kept.and(ui::button(self.say(verb)).named("do", send))))
    }

    fn done(&self, done: &OnlineDone) -> Html {
        let payments: Vec<_> = done.payments.iter().map(|(day, pence)| (*day, Pence(*pence))).collect();
        let total = payments.iter().fold(Pence::ZERO, |sum, (_, amount)| sum.plus(*amount));
        let next = match (done.waits, done.method.as_str()) {
            (true, _) => words::WAITS,
            (false, "direct_debit") => words::PAY_DEBIT,
            (false, "card") => words::PAY_CARD,
            (false, "standing_order") => words::PAY_ORDER,
            (false, _) => words::PAY_TRANSFER,
        };
        let next = next.with(self.language, &[("account", &done.account)]);
        let letter = if done.waits { Html::default() } else { ui::para(self.say(words::LETTER)).into() };
        Html::from(ui::para(words::NUMBER.with(self.language, &[("plan", &done.plan)])))
            .and(ui::para(next))
            .and(letter)
            .and(self.schedule(&payments, total))
            .and(ui::muted(self.whom(words::CLOSE)))
    }

    fn help(&self) -> Html {
        Html::from(ui::heading(self.say(words::HELP)))
            .and(self.call(words::HELP_CALL))
            .and(ui::para(self.say(words::ADVICE)))
            .and(ui::para(self.say(words::BREATHING)))
    }

    /// Payments by day, with their sum.
    fn schedule(&self, payments: &[(NaiveDate, Pence)], total: Pence) -> Html {
        let rows = (1..).zip(payments).map(|(n, (day, amount)): (i64, &(NaiveDate, Pence))| {
            ui::row().cell(n.to_string()).cell(self.day(*day)).cell(*amount)
        });
        ui::table(self.say(words::PAYMENTS))
            .show_caption()
            .columns([
                ui::col(self.say(words::PAYMENT)),
                ui::col(self.say(words::ON)).nowrap(),
                ui::num(self.say(words::SUM)),
            ])
            .rows(rows)
            .total([Html::from(self.say(words::TOTAL)), Html::default(), total.into()])
            .narrow()
            .into()
    }
}

/// Words with the least instalments in them.
pub fn least(said: words::Said, language: Language, choices: &OnlineChoices) -> String {
    let (month, week) = (Pence(choices.least_pence.0).to_string(), Pence(choices.least_pence.1).to_string());
    said.with(language, &[("month", &month), ("week", &week)])
}

/// Words with the first and the last day of a first payment in them, and the first as it may be typed.
pub fn within(said: words::Said, language: Language, (first, last): (NaiveDate, NaiveDate)) -> String {
    let numbers = first.format("%-d/%-m/%Y").to_string();
    let (first, last) = (long_date(first, language), long_date(last, language));
    said.with(language, &[("first", &first), ("last", &last), ("numbers", &numbers)])
}

/// Why there is no plan online, for the person: never what we know of them that they did not tell us.
fn closed(code: &str) -> words::Said {
    match code {
        "PP-06-BREATHING-SPACE" => words::IN_BREATHING,
        "PP-06-SECOND-PLAN" => words::HAS_PLAN,
        "PP-06-NO-ITEM" => words::NO_DEBT,
        _ => words::NOT_HERE,
    }
}

#[cfg(test)]
mod samples {
    use super::*;
    use crate::web::pages::sampled::on;
    use sundry_desk::plans::OnlineDebt;
    use sundry_domain::plans::Instalment;

    fn choices(at_once: Vec<(i64, i64)>) -> Box<OnlineChoices> {
        let debt = |number: &str, pence| OnlineDebt {
            number: number.into(),
            service: "Home care".into(),
            due_on: on(2026, 9, 1),
            open_pence: pence,
        };
        Box::new(OnlineChoices {
            account: "C103316".into(),
            debts: vec![debt("INV-000123", 60_000), debt("INV-000140", 30_000)],
            total_pence: 90_000,
            at_once,
            least_pence: (2_000, 500),
            first_days: (on(2026, 11, 23), on(2026, 12, 24)),
            direct_debit: true,
            days: (7, 14),
        })
    }

    /// £900.00 from 1 December: by £150.00 a month at once, by £90.00 as an offer.
    fn payments(at_once: bool) -> Vec<(NaiveDate, i64)> {
        let (count, pence) = if at_once { (6, 15_000) } else { (10, 9_000) };
        (0..count).map(|n| (on(2026, 12, 1) + chrono::Months::new(n), pence)).collect()
    }

    fn offer(at_once: bool) -> (OnlineOffer, String) {
        let part = |(due_on, pence)| Instalment { due_on, amount: Pence(pence) };
        let schedule = payments(at_once).into_iter().map(part).collect();
        (OnlineOffer { total_pence: Pence(90_000), schedule, at_once }, "s".into())
    }

    fn done(waits: bool) -> OnlineState {
        OnlineState::Done(Box::new(OnlineDone {
            plan: "PLAN-000012".into(),
            waits,
            payments: payments(!waits),
            method: "standing_order".into(),
            account: "C103316".into(),
        }))
    }

    fn page(what: OnlineState, errors: Errors) -> PlanOnline {
        let amount = match &what {
            OnlineState::Choose(_, Some((offer, _))) if !offer.at_once => "90",
            _ => "150",
        };
        PlanOnline {
            organisation: "Northmere Council".into(),
            phone: "01632 960 100".into(),
            language: Language::English,
            asked: String::new(),
            token: "t".into(),
            form_key: "k".into(),
            what,
            errors,
            typed: ["", "", "month", amount, "1 December 2026", "", "standing_order"].map(str::to_owned),
        }
    }

    fn welsh(what: OnlineState, errors: Errors) -> PlanOnline {
        let mut page = page(what, errors);
        (page.language, page.asked) = (Language::Welsh, "cy".into());
        page.typed[4] = "1/12/2026".into();
        page
    }

    impl PlanOnline {
        /// What the page looks like in each state.
        pub fn samples() -> Vec<(&'static str, Self)> {
            let none = Errors::none;
            let who = none().with("account", "Enter your account number").with("postcode", "Enter your postcode");
            let wrong = none().with("every", "Choose how often you want to pay").with("amount", "Enter an amount");
            let ended = OnlineState::Ended("This link has ended".into(), "Call us for a new one".into());
            let both = || vec![(3, 30_000), (6, 15_000)];
            let said = |field: &str, words: words::Said| none().with(field, words.of(Language::Welsh));
            vec![
                ("who", page(OnlineState::Who, none())),
                ("who-error", page(OnlineState::Who, who)),
                ("choose", page(OnlineState::Choose(choices(both()), None), none())),
                ("choose-error", page(OnlineState::Choose(choices(both()), None), wrong)),
                ("beyond", page(OnlineState::Choose(choices(Vec::new()), None), none())),
                ("check", page(OnlineState::Choose(choices(both()), Some(offer(true))), none())),
                ("send", page(OnlineState::Choose(choices(both()), Some(offer(false))), none())),
                ("closed", page(OnlineState::Closed("PP-06-BREATHING-SPACE".into()), none())),
                ("done", page(done(false), none())),
                ("sent", page(done(true), none())),
                ("ended", page(ended, none())),
                ("welsh-who", welsh(OnlineState::Who, none())),
                ("welsh-who-error", welsh(OnlineState::Who, said("account", words::ENTER_ACCOUNT))),
                ("welsh-choose", welsh(OnlineState::Choose(choices(both()), None), none())),
                ("welsh-check", welsh(OnlineState::Choose(choices(both()), Some(offer(true))), none())),
                ("welsh-done", welsh(done(false), none())),
            ]
        }
    }

    #[test]
    fn pln_10_the_payments_of_each_sample_add_up_to_what_is_owed() {
        for at_once in [true, false] {
            assert_eq!(payments(at_once).iter().map(|(_, pence)| pence).sum::<i64>(), 90_000);
        }
        assert_eq!(choices(Vec::new()).debts.iter().map(|debt| debt.open_pence).sum::<i64>(), 90_000);
    }

    #[test]
    fn pln_10_the_page_in_welsh_says_nothing_in_english() {
        let table = welsh(OnlineState::Choose(choices(vec![(6, 15_000)]), Some(offer(true))), Errors::none());
        let failed = welsh(OnlineState::Who, Errors::none().with("account", words::ENTER_ACCOUNT.of(Language::Welsh)));
        for page in [table.render().expect("renders"), failed.render().expect("renders")] {
            assert!(page.contains(r#"<html lang="cy""#) && page.contains(r#"lang="en-GB">English</a>"#), "{page}");
            for (name, said) in words::ALL {
                let english = said.of(Language::English);
                let long = english.split(' ').count() > 2 && !english.contains('[');
                assert!(!long || !page.contains(english), "{name}: {page}");
            }
            assert!(!page.contains("Error:") && !page.contains("December"), "{page}");
        }
        assert!(table.other().ends_with("?lang=en&every=month&amount=150&first_on=1/12/2026&method=standing_order"));
    }
}
