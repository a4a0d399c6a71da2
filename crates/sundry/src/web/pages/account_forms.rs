//! What is done to one account on a page of its own: record a call, put on hold, raise a query.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::queries::Source;

type Choices = Vec<(String, String)>;

/// Recording a call: outcome, promise and what happens next, in one form.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct RecordCall {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// Outcomes to choose from: value and words.
    pub outcomes: Choices,
    /// Who may speak: number and words; the customer has none.
    pub speakers: Choices,
    /// Who spoke.
    pub talking_to: String,
    /// Why the customer may not be called now; empty where they may.
    pub not_now: String,
    /// What to say and to know.
    pub points: Vec<String>,
    /// Next steps to choose from: value and words.
    pub next_steps: Choices,
    /// Whether they may take a promise.
    pub may_promise: bool,
    /// Outcome chosen.
    pub outcome: String,
    /// What was said.
    pub said: String,
    /// Amount promised, as typed.
    pub promised: String,
    /// Promised by, as typed.
    pub promised_by: String,
    /// Debts that a promise can name: number and words.
    pub debts: Choices,
    /// Those it names.
    pub about: Vec<String>,
    /// Next step chosen.
    pub next_step: String,
    /// When, as typed.
    pub next_on: String,
}

impl RecordCall {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Record a call: {}", self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            outcomes: sample::choices(&["Spoke to the customer", "Left a message", "No answer"]),
            speakers: vec![(String::new(), "Joyce Pemberton".into()), ("REP-000004".into(), "Jan Webb".into())],
            talking_to: String::new(),
            not_now: String::new(),
            points: vec!["£450.00 overdue on 2 invoices, the oldest INV-7104211 due 1 October 2026".into()],
            next_steps: sample::choices(&["Wait for the promise", "Call again"]),
            may_promise: true,
            outcome: String::new(),
            said: String::new(),
            promised: "450".into(),
            promised_by: String::new(),
            debts: debts_sample(),
            about: Vec::new(),
            next_step: String::new(),
            next_on: String::new(),
        };
        let wrong = Frame::sample("Customers")
            .wrong("outcome", "Choose how the call went")
            .wrong("promised_by", "Enter the day by which they will pay, on or after 19 November 2026");
        let mut quiet = page(Frame::sample("Customers"));
        quiet.not_now = "It is after 8pm; again from 8am on Tuesday 24 November 2026 (DUN-19-QUIET).".into();
        vec![("empty", page(Frame::sample("Customers"))), ("quiet", quiet), ("error", page(wrong))]
    }
}

fn back(account: &str, customer: &str) -> Html {
    ui::breadcrumbs([("/customers".to_owned(), "Customers"), (format!("/customers/{account}"), customer)]).into()
}

/// Which debts a promise is about; nothing where the account has none to choose from.
fn about_field(debts: &[(String, String)], about: &[String], errors: &ui::Errors) -> Html {
    if debts.is_empty() {
        return Html::default();
    }
    let choice = |(value, words): &(String, String)| ui::choice(value, words).chosen(about.contains(value));
    ui::checkboxes("about", "For which debts?", debts.iter().map(choice))
        .hint("Tick none for the whole account.")
        .errors(errors)
        .into()
}

#[cfg(test)]
fn debts_sample() -> Choices {
    vec![("INV-7104211".into(), "INV-7104211, £450.00 due 1 October 2026".into())]
}

impl Plain for RecordCall {
    fn above(&self) -> Html {
        back(&self.account, &self.customer)
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let call = Html::from(
            ui::radios("outcome", "How did the call go?", &self.outcome, self.outcomes.clone()).errors(errors),
        )
        .and(ui::select("talking_to", "Who spoke?", &self.talking_to, self.speakers.clone()).errors(errors))
        .and(
            ui::textarea("said", "What was said", &self.said).hint("The customer can ask to see this.").errors(errors),
        );
        let points = self.points.iter().fold(Html::default(), |all, point| all.and(ui::para(point)));
        let before = match self.not_now.as_str() {
            "" => Html::default(),
            why => Html::from(ui::alert(ui::AlertKind::Warning, format!("Do not call now. {why}"))),
        };
        let promise = Html::from(ui::row_of([
            Html::from(ui::amount_input("promised", "Promised to pay", &self.promised).errors(errors)),
            ui::date_input("promised_by", "By", &self.promised_by).errors(errors).into(),
        ]))
        .and(about_field(&self.debts, &self.about, errors));
        let next = Html::from(
            ui::radios("next_step", "What happens next?", &self.next_step, self.next_steps.clone()).errors(errors),
        )
        .and(ui::date_input("next_on", "When", &self.next_on).hint("For example, 26/11/26 or +7").errors(errors));
        let promise = if self.may_promise {
            Html::from(ui::panel("A promise, if one was made", promise))
        } else {
            Html::default()
        };
        let body = ui::grid([
            (6, Html::from(ui::panel("The call", call))),
            (6, promise.and(ui::panel("Next", next)).and(ui::button("Save call"))),
        ]);
        let form = ui::post_form(format!("/customers/{}/call", self.account), self.frame.tokens("call"), body);
        let points = if self.points.is_empty() { points } else { ui::panel("What to say and to know", points).into() };
        before.and(points).and(form.guarded())
    }
}

/// Putting an account on hold: until, reason, comment.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct HoldForm {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// Reasons to choose from: value and words.
    pub reasons: Choices,
    /// Reason chosen.
    pub reason: String,
    /// Until, as typed.
    pub until: String,
    /// Comment.
    pub comment: String,
    /// The invoices it covers: id and number; none means the whole account.
    pub items: Choices,
}

impl HoldForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Put on hold: {}", self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, items| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            reasons: sample::choices(&["Waiting for another team", "In hospital", "Complaint"]),
            reason: String::new(),
            until: String::new(),
            comment: String::new(),
            items,
        };
        let mut refused = Frame::sample("Customers").wrong("until", "Enter a date on or after 19 November 2026");
        refused.refused = Some(ui::Refused {
            code: "REC-04-HOLD".into(),
            sentence: "A hold may last 90 days at most.".into(),
            citation: "Recovery policy, clause 7".into(),
            instead: "Choose a date up to 17 February 2027, or ask a team leader.".into(),
        });
        let items = vec![("i1".to_owned(), "7104211".to_owned())];
        vec![("account", page(Frame::sample("Customers"), Vec::new())), ("refused", page(refused, items))]
    }
}

impl Plain for HoldForm {
    fn above(&self) -> Html {
        back(&self.account, &self.customer)
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let covers = match self.items.as_slice() {
            [] => "This holds the whole account: no step is taken while it lasts.".to_owned(),
            items => format!(
                "This holds {}.",
                items.iter().map(|(_, number)| number.as_str()).collect::<Vec<_>>().join(", ")
            ),
        };
        let body = Html::from(ui::para(covers))
            .and(ui::parts(self.items.iter().map(|(id, _)| ui::hidden("item", id))))
            .and(ui::radios("reason", "Why?", &self.reason, self.reasons.clone()).errors(errors))
            .and(
                ui::date_input("until", "Until", &self.until)
                    .hint("For example, 17/12/26 or +30. Leave empty while it is not known.")
                    .errors(errors),
            )
            .and(
                ui::textarea("comment", "What should the next person know?", &self.comment)
                    .hint("The customer can ask to see this.")
                    .errors(errors),
            )
            .and(ui::button("Put on hold"));
        ui::post_form(format!("/customers/{}/hold", self.account), self.frame.tokens("hold"), body).guarded().into()
    }
}

/// Raising a query on invoices: the disputed part waits, the rest goes on.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct RaiseQuery {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// Invoices to choose from: number and words with the balance.
    pub invoices: Choices,
    /// Invoice chosen.
    pub invoice: String,
    /// Categories: value and words.
    pub categories: Choices,
    /// Category chosen.
    pub category: String,
    /// The amount in dispute as typed; empty means all of it.
    pub amount: String,
    /// What the customer says.
    pub says: String,
    /// Who is to answer, as typed.
    pub owner: String,
    /// The line of the invoice, as typed.
    pub line: String,
    /// How it came.
    pub source: String,
}

impl RaiseQuery {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Raise a query: {}", self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            invoices: sample::choices(&["7104396, £126.71", "7104544, £62.00"]),
            invoice: String::new(),
            categories: sample::choices(&["Service not received", "Wrong amount"]),
            category: String::new(),
            amount: "200".into(),
            says: String::new(),
            owner: String::new(),
            line: "2".into(),
            source: "call".into(),
        };
        let wrong = Frame::sample("Customers").wrong("amount", "Enter an amount up to £126.71, which is what is open");
        vec![("empty", page(Frame::sample("Customers"))), ("error", page(wrong))]
    }
}

impl Plain for RaiseQuery {
    fn above(&self) -> Html {
        back(&self.account, &self.customer)
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let body = Html::from(ui::select("invoice", "Invoice", &self.invoice, self.invoices.clone()).errors(errors))
            .and(
                ui::input("line", "Line, if it is about one", &self.line)
                    .hint("As numbered on the invoice. Leave empty for all of it.")
                    .input_mode("numeric")
                    .width(3)
                    .errors(errors),
            )
            .and(ui::radios("category", "What is wrong?", &self.category, self.categories.clone()).errors(errors))
            .and(
                ui::amount_input("amount", "How much is in query?", &self.amount)
                    .hint("Leave empty for all of it. Only this part waits.")
                    .errors(errors),
            )
            .and(ui::textarea("says", "What the customer says", &self.says).hint("In their words.").errors(errors))
            .and(
                ui::input("owner", "Who must answer?", &self.owner)
                    .hint("A service or a person. Leave empty to answer it yourself.")
                    .width(20)
                    .errors(errors),
            )
            .and(
                ui::select(
                    "source",
                    "How did it come?",
                    &self.source,
                    Source::ALL.iter().map(|one| (one.as_str(), one.name())),
                )
                .errors(errors),
            )
            .and(ui::button("Raise query"));
        ui::post_form(format!("/customers/{}/query", self.account), self.frame.tokens("query"), body).guarded().into()
    }
}

/// A promise to pay, without a call.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PromiseForm {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// Amount, as typed.
    pub amount: String,
    /// By when, as typed.
    pub by: String,
    /// Debts that it can name: number and words.
    pub debts: Choices,
    /// Those it names.
    pub about: Vec<String>,
    /// What was said.
    pub said: String,
}

impl PromiseForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Record a promise: {}", self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            amount: "45x".into(),
            by: "+8".into(),
            debts: debts_sample(),
            about: vec!["INV-7104211".into()],
            said: String::new(),
        };
        let wrong = Frame::sample("Customers").wrong("amount", "Enter an amount in pounds, such as 1284.50");
        vec![("empty", page(Frame::sample("Customers"))), ("error", page(wrong))]
    }
}

impl Plain for PromiseForm {
    fn above(&self) -> Html {
        back(&self.account, &self.customer)
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let day = ui::date_input("by", "By", &self.by).hint("For example, 26/11/26 or +7").errors(errors);
        let said =
            ui::textarea("said", "What was said", &self.said).hint("The customer can ask to see this.").errors(errors);
        let body = Html::from(ui::amount_input("amount", "Promised to pay", &self.amount).errors(errors))
            .and(day)
            .and(about_field(&self.debts, &self.about, errors))
            .and(said)
            .and(ui::muted("The account, or the debts you tick, are held until three working days after that day."))
            .and(ui::button("Record promise"));
        let action = format!("/customers/{}/promise", self.account);
        ui::post_form(action, self.frame.tokens("promise"), body).guarded().into()
    }
}

/// Ending something that is on an account: a hold, a promise, a flag. It asks why.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct EndForm {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// `End this hold`: the heading and the button.
    pub verb: String,
    /// What it is: key and value.
    pub facts: Choices,
    /// What follows from it.
    pub follows: String,
    /// Where it is sent.
    pub action: String,
    /// Why, as typed.
    pub words: String,
}

impl EndForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}: {}", self.verb, self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            verb: "End this hold".into(),
            facts: vec![("Reason".into(), "Complaint".into()), ("From".into(), "1 November 2026".into())],
            follows: "Recovery goes on from today.".into(),
            action: "/customers/C103316/holds/1/end".into(),
            words: String::new(),
        };
        let wrong = Frame::sample("Customers").wrong("words", "Enter why it ends");
        vec![("empty", page(Frame::sample("Customers"))), ("error", page(wrong))]
    }
}

impl Plain for EndForm {
    fn above(&self) -> Html {
        back(&self.account, &self.customer)
    }

    fn body(&self) -> Html {
        let facts = self.facts.iter().fold(ui::summary_list(), |list, (key, value)| list.fact(key, value));
        let why = ui::textarea("words", "Why?", &self.words)
            .hint("The customer can ask to see this.")
            .errors(&self.frame.errors);
        let body = Html::from(why).and(ui::muted(&self.follows)).and(ui::button(&self.verb).warning());
        Html::from(facts).and(ui::post_form(&self.action, self.frame.tokens("end"), body).guarded())
    }
}

/// Setting a flag that changes what we do.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct FlagForm {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// Flags to choose from: value and words.
    pub kinds: Choices,
    /// The flag chosen.
    pub kind: String,
    /// How we know.
    pub evidence: String,
    /// First day, as typed.
    pub from: String,
    /// Last day, as typed.
    pub until: String,
    /// When to look again, as typed.
    pub review: String,
}

impl FlagForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Set a flag: {}", self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            kinds: sample::choices(&["Breathing space", "Extra support", "Deceased"]),
            kind: String::new(),
            evidence: String::new(),
            from: "today".into(),
            until: String::new(),
            review: String::new(),
        };
        let wrong = Frame::sample("Customers").wrong("evidence", "Enter how we know: a notice, a letter, a call");
        vec![("empty", page(Frame::sample("Customers"))), ("error", page(wrong))]
    }
}

impl Plain for FlagForm {
    fn above(&self) -> Html {
        back(&self.account, &self.customer)
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let evidence = ui::textarea("evidence", "How do we know?", &self.evidence)
            .hint("A notice, a letter, a call, and its date. Say what to do, not what is wrong with them.")
            .errors(errors);
        let days = ui::row_of([
            Html::from(ui::date_input("from", "From", &self.from).hint("Leave empty for today").errors(errors)),
            ui::date_input("until", "Until", &self.until).hint("If it is known").errors(errors).into(),
            ui::date_input("review", "Look again on", &self.review).hint("For example, +90").errors(errors).into(),
        ]);
        let body = Html::from(ui::radios("kind", "What?", &self.kind, self.kinds.clone()).errors(errors))
            .and(evidence)
            .and(days)
            .and(ui::button("Set flag"));
        let action = format!("/customers/{}/flags", self.account);
        ui::post_form(action, self.frame.tokens("flag"), body).guarded().into()
    }
}

/// One more reference a customer is known by.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ReferenceForm {
    /// The frame.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// What sort, as typed.
    pub kind: String,
    /// The reference, as typed.
    pub reference: String,
}

impl ReferenceForm {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Add a reference: {}", self.customer)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            kind: "service_user".into(),
            reference: String::new(),
        };
        let wrong = Frame::sample("Customers").wrong("reference", "Enter a reference of at most 40 letters and digits");
        vec![("empty", page(Frame::sample("Customers"))), ("error", page(wrong))]
    }
}

impl Plain for ReferenceForm {
    fn above(&self) -> Html {
        back(&self.account, &self.customer)
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let kind = ui::input("kind", "What sort of reference is it?", &self.kind)
            .hint("For example, service_user, case or payment")
            .width(20)
            .errors(errors);
        let reference = ui::input("reference", "Reference", &self.reference)
            .hint("Searches find the customer by it, and so does their money")
            .width(20)
            .errors(errors);
        let body = Html::from(kind).and(reference).and(ui::button("Add reference"));
        let action = format!("/customers/{}/references", self.account);
        ui::post_form(action, self.frame.tokens("reference"), body).guarded().into()
    }
}

#[cfg(test)]
mod sample {
    pub fn choices(words: &[&str]) -> Vec<(String, String)> {
        words.iter().map(|word| (word.to_lowercase().replace(' ', "-"), (*word).to_owned())).collect()
    }
}
