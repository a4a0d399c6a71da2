//! The page on which a customer sets a plan by a link: who they are, what they owe, what they choose. No account.

use crate::web::ui::{self, Errors, Html};
use askama::Template;
use sundry_desk::plans::{OnlineChoices, OnlineDone, OnlineOffer};
use sundry_domain::money::Pence;

/// The fields of the page, as typed: who they are, then what they choose.
pub const FIELDS: [&str; 7] = ["account", "postcode", "every", "amount", "first_on", "day_of_month", "method"];

/// What who holds a link sees; nobody is signed in.
#[derive(Debug, Template)]
#[template(path = "pages/ask.html")]
pub struct PlanOnline {
    /// Who asks.
    pub organisation: String,
    /// The telephone.
    pub phone: String,
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
            OnlineState::Who => "Choose how you pay",
            OnlineState::Choose(_, Some(_)) => "Check your payment plan",
            OnlineState::Choose(_, None) => "Set up a payment plan",
            OnlineState::Closed(_) => "Call us about this account",
            OnlineState::Done(done) if done.waits => "We have your offer",
            OnlineState::Done(_) => "Your payment plan is set up",
            OnlineState::Ended(..) => "This link cannot be used",
        };
        words.to_owned()
    }

    /// Whether the title must start with "Error: ".
    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }

    /// Everything under the heading.
    pub fn body(&self) -> Html {
        match &self.what {
            OnlineState::Who => self.who(),
            OnlineState::Choose(choices, offer) => {
                let offered = offer.as_ref().map(|(offer, seen)| self.offered(choices, offer, seen));
                offered.unwrap_or_default().and(self.choose(choices, offer.is_some())).and(self.help())
            }
            OnlineState::Closed(code) => Html::from(ui::para(closed(code))).and(self.call()).and(self.help()),
            OnlineState::Done(done) => self.done(done).and(self.help()),
            OnlineState::Ended(why, way_out) => {
                Html::from(ui::para(format!("{why}."))).and(ui::para(format!("{way_out}.")))
            }
        }
    }

    fn of(&self, field: &str) -> &str {
        FIELDS.iter().position(|name| *name == field).map_or("", |at| self.typed[at].as_str())
    }

    fn form(&self, body: Html) -> Html {
        let at = format!("/plan-online/{}", self.token);
        ui::post_form(at, ui::hidden("form_key", &self.form_key), body).into()
    }

    fn call(&self) -> Html {
        ui::para(format!("Call us on {}.", self.phone)).into()
    }

    fn who(&self) -> Html {
        let fields = Html::from(
            ui::input("account", "Account number", self.of("account"))
                .hint("It is on our letter, for example C123456")
                .width(20)
                .errors(&self.errors),
        )
        .and(
            ui::input("postcode", "Postcode", self.of("postcode"))
                .hint("Where we write to you")
                .autocomplete("postal-code")
                .width(10)
                .errors(&self.errors),
        )
        .and(ui::button("Continue").named("do", "who"));
        Html::from(ui::para("You can choose here how to pay, without an account and without a call."))
            .and(ui::para("First we need to know that this link is yours."))
            .and(self.form(fields))
            .and(ui::muted(format!("If you would rather talk to somebody, call us on {}.", self.phone)))
    }

    fn owed(choices: &OnlineChoices) -> Html {
        let heads = [ui::col("Invoice"), ui::col("For"), ui::col("Was due").nowrap(), ui::num("You owe")];
        let rows = choices.debts.iter().map(|debt| {
            ui::row().cell(&debt.number).cell(&debt.service).cell(debt.due_on).cell(Pence(debt.open_pence))
        });
        let total: Html = Pence(choices.total_pence).into();
        ui::table("What you owe")
            .show_caption()
            .columns(heads)
            .rows(rows)
            .total([Html::from("Total"), Html::default(), Html::default(), total])
            .into()
    }

    /// Plans that can be set at once, each as a link that fills the form in.
    fn at_once(&self, choices: &OnlineChoices) -> Html {
        if choices.at_once.is_empty() {
            let says = "What you choose goes to our team first. They answer you in writing, and we send no reminders for 14 days.";
            return ui::para(says).into();
        }
        let one = |(count, pence): &(i64, i64)| {
            let (amount, months) = (Pence(*pence), ui::count_of(*count, "month", "months"));
            let href = format!("/plan-online/{}?every=month&amount={}", self.token, amount.pounds());
            Html::from(ui::para(ui::link(href, format!("{amount} a month for {months}"))))
        };
        let links = choices.at_once.iter().map(one).fold(Html::default(), |all, one| all.and(one));
        Html::from(ui::para("You can have one of these at once, or choose your own below.")).and(links)
    }

    fn choose(&self, choices: &OnlineChoices, again: bool) -> Html {
        let errors = &self.errors;
        let (month, week) = (Pence(choices.least_pence.0), Pence(choices.least_pence.1));
        let every = [
            ("week", "Every week"),
            ("fortnight", "Every 2 weeks"),
            ("four_weeks", "Every 4 weeks"),
            ("month", "Every month"),
        ];
        let mut methods = vec![("transfer", "Bank transfer"), ("standing_order", "Standing order"), ("card", "Card")];
        if choices.direct_debit {
            methods.insert(0, ("direct_debit", "The Direct Debit that you have with us"));
        }
        let day = |day: chrono::NaiveDate| day.format("%-d %B %Y").to_string();
        let days = format!("From {} to {}", day(choices.first_days.0), day(choices.first_days.1));
        let verb = if again { "Change it" } else { "See the plan" };
        let button = ui::button(verb).named("do", "show");
        let fields =
            Html::from(ui::radios("every", "How often do you want to pay?", self.of("every"), every).errors(errors))
                .and(
                    ui::amount_input("amount", "How much each time?", self.of("amount"))
                        .hint(format!("At least {month} a month or {week} a week"))
                        .errors(errors),
                )
                .and(
                    ui::date_input("first_on", "When do you want to pay first?", self.of("first_on"))
                        .hint(days)
                        .errors(errors),
                )
                .and(
                    ui::input("day_of_month", "Which day of the month after that?", self.of("day_of_month"))
                        .hint("Only if you pay every month, and the day is another one")
                        .input_mode("numeric")
                        .width(3)
                        .errors(errors),
                )
                .and(ui::radios("method", "How do you want to pay?", self.of("method"), methods).errors(errors))
                .and(if again { button.secondary() } else { button });
        let before = if again {
            Html::from(ui::heading("Change what you chose"))
        } else {
            Self::owed(choices).and(self.at_once(choices)).and(ui::heading("Choose your plan"))
        };
        before.and(self.form(fields))
    }

    /// What a choice comes to, what follows if a payment is missed, and the yes.
    fn offered(&self, choices: &OnlineChoices, offer: &OnlineOffer, seen: &str) -> Html {
        let payments: Vec<_> = offer.schedule.iter().map(|part| (part.due_on, part.amount)).collect();
        let kept = FIELDS[2..]
            .iter()
            .map(|field| ui::hidden(field, self.of(field)))
            .fold(Html::default(), |all, one| all.and(one));
        let kept = kept.and(ui::hidden("seen", seen));
        let (grace, cure) = choices.days;
        let missed = format!(
            "If you miss a payment, we write to you after {grace} days, and you have {cure} days to catch up. If you do not, the plan ends, and \
             we ask for all that is left. Call us before you miss one: we can change the plan."
        );
        let (says, verb, send) = match offer.at_once {
            true => ("We charge no interest and no fee for the plan.", "Set up this plan", "agree"),
            false => (
                "We cannot set up this plan online: it is for more, or for longer, than we can agree without looking at it. You can send it to \
                 us as your offer. We answer you in writing.",
                "Send this offer",
                "send",
            ),
        };
        schedule("Your payments", &payments, offer.total_pence)
            .and(ui::para(says))
            .and(ui::para(missed))
            .and(self.form(kept.and(ui::button(verb).named("do", send))))
    }

    fn done(&self, done: &OnlineDone) -> Html {
        let payments: Vec<_> = done.payments.iter().map(|(day, pence)| (*day, Pence(*pence))).collect();
        let total = payments.iter().fold(Pence::ZERO, |sum, (_, amount)| sum.plus(*amount));
        let next = match (done.waits, done.method.as_str()) {
            (true, _) => "Somebody of our team looks at it and answers you in writing. You need do nothing until then."
                .to_owned(),
            (false, "direct_debit") => "We collect each payment by Direct Debit. You need do nothing.".to_owned(),
            (false, "card") => format!("Pay each by card, with the reference {}.", done.account),
            (false, "standing_order") => {
                format!("Ask your bank for a standing order for these payments, with the reference {}.", done.account)
            }
            (false, _) => format!("Pay each by bank transfer, with the reference {}.", done.account),
        };
        let letter = if done.waits { Html::default() } else { ui::para("We write to you with all of this.").into() };
        Html::from(ui::para(format!("Its number is {}.", done.plan)))
            .and(ui::para(next))
            .and(letter)
            .and(schedule("Your payments", &payments, total))
            .and(ui::muted(format!("To change anything, call us on {}. You can close this page.", self.phone)))
    }

    fn help(&self) -> Html {
        Html::from(ui::heading("If you cannot pay"))
            .and(ui::para(format!("Call us on {}. We can talk about what you can manage.", self.phone)))
            .and(ui::para(
                "You can get free debt advice from National Debtline, 0808 808 4000, www.nationaldebtline.org, and from StepChange, \
                 0800 138 1111, www.stepchange.org.",
            ))
            .and(ui::para(
                "If you live in England or Wales, an adviser can also ask for breathing space. It can give you time without letters or \
                 charges.",
            ))
    }
}

/// Payments by day, with their sum.
fn schedule(caption: &str, payments: &[(chrono::NaiveDate, Pence)], total: Pence) -> Html {
    let rows = (1..).zip(payments).map(|(n, (day, amount)): (i64, &(chrono::NaiveDate, Pence))| {
        ui::row().cell(n.to_string()).cell(*day).cell(*amount)
    });
    ui::table(caption)
        .show_caption()
        .columns([ui::col("Payment"), ui::col("Day").nowrap(), ui::num("Amount")])
        .rows(rows)
        .total([Html::from("Total"), Html::default(), total.into()])
        .narrow()
        .into()
}

/// Why there is no plan online, for the person: never what we know of them that they did not tell us.
fn closed(code: &str) -> &'static str {
    match code {
        "PP-06-BREATHING-SPACE" => {
            "You are in breathing space. You do not have to pay this now, or agree to anything. If you want to pay something, we can take it."
        }
        "PP-06-SECOND-PLAN" => "You have a payment plan with us already. We can change it for you.",
        "PP-06-NO-ITEM" => {
            "There is nothing here to make a plan for. If you have asked us about an invoice, we answer that first."
        }
        _ => "We cannot set up a plan online for this account. We can talk with you about what happens next.",
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

    fn offer(at_once: bool) -> (OnlineOffer, String) {
        let part = |month| Instalment { due_on: on(2026, month, 1), amount: Pence(45_000) };
        let offer = OnlineOffer { total_pence: Pence(90_000), schedule: vec![part(11), part(12)], at_once };
        (offer, "s".into())
    }

    fn done(waits: bool) -> OnlineState {
        OnlineState::Done(Box::new(OnlineDone {
            plan: "PLAN-000012".into(),
            waits,
            payments: vec![(on(2026, 11, 30), 45_000), (on(2026, 12, 30), 45_000)],
            method: "standing_order".into(),
            account: "C103316".into(),
        }))
    }

    impl PlanOnline {
        /// What the page looks like in each state.
        pub fn samples() -> Vec<(&'static str, Self)> {
            let page = |what, errors| Self {
                organisation: "Northmere Council".into(),
                phone: "01632 960 100".into(),
                token: "t".into(),
                form_key: "k".into(),
                what,
                errors,
                typed: ["", "", "month", "150", "1 December 2026", "", "transfer"].map(str::to_owned),
            };
            let none = Errors::none;
            let who = none().with("account", "Enter your account number").with("postcode", "Enter your postcode");
            let wrong = none().with("every", "Choose how often you want to pay").with("amount", "Enter an amount");
            let ended = OnlineState::Ended("This link has ended".into(), "Call us for a new one".into());
            let both = || vec![(3, 30_000), (6, 15_000)];
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
            ]
        }
    }
}
