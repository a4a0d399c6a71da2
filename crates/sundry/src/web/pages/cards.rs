//! Card payments: taking one, where it stands, lists, refunds, disputes, payouts, payment files.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html, Tag, TagColour};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The tabs of card payments.
const TABS: [(&str, &str); 5] = [
    ("Payments", "/cash/cards"),
    ("Refunds", "/cash/card-refunds"),
    ("Disputes", "/cash/card-disputes"),
    ("Payouts", "/cash/card-payouts"),
    ("Payment files", "/cash/card-files"),
];

fn tabs(here: &str) -> Html {
    let all = ui::sub_navigation("Card payments");
    TABS.iter().fold(all, |nav, (name, href)| nav.place(*name, *href, *name == here)).into()
}

/// The colour of a state.
fn state_tag(state: &str, name: &str) -> Tag {
    let colour = match state {
        "paid" | "in_bank" | "settled" | "won" => TagColour::Green,
        "failed" | "lost" | "refused" => TagColour::Red,
        "cancelled" | "expired" => TagColour::Grey,
        _ => TagColour::Yellow,
    };
    ui::tag(name, colour)
}

/// Choosing what is paid by card over the telephone.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct TakeCard {
    /// The frame; errors belong to `amount` and `items`.
    pub frame: Frame,
    /// `C103316`.
    pub account: String,
    /// The customer's name.
    pub customer: String,
    /// What is open: number, what it is due, what is open; and whether it is chosen.
    pub items: Vec<(String, NaiveDate, Pence, bool)>,
    /// The amount as typed.
    pub amount: String,
}

impl TakeCard {
    /// The heading.
    pub fn heading(&self) -> String {
        "Take a card payment".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, items| Self {
            frame,
            account: "C103316".into(),
            customer: "Joyce Pemberton".into(),
            items,
            amount: "120.02".into(),
        };
        let item = ("7104211".to_owned(), super::sampled::on(2026, 10, 3), Pence(12_002), true);
        let wrong = Frame::sample("Cash").wrong("amount", "Enter an amount above £0.00, such as 120.02");
        vec![("full", page(Frame::sample("Cash"), vec![item])), ("error", page(wrong, Vec::new()))]
    }
}

impl Plain for TakeCard {
    fn above(&self) -> Html {
        let here = format!("/customers/{}", self.account);
        ui::breadcrumbs([("/customers".to_owned(), "Customers".to_owned()), (here, self.customer.clone())]).into()
    }

    fn caption(&self) -> Html {
        format!("{}, {}", self.customer, self.account).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let rows = self.items.iter().map(|(number, due, open, chosen)| {
            ui::row().cell(number).cell(*due).cell(*open).select(number, number, *open).ticked(*chosen)
        });
        let items = if self.items.is_empty() {
            Html::from(ui::para("Nothing is open on this account: what is paid stays on the account."))
        } else {
            ui::table("What it pays")
                .columns([ui::col("Item"), ui::col("Due"), ui::num("Open")])
                .rows(rows)
                .selectable("item")
                .into()
        };
        let amount = ui::amount_input("amount", "How much is paid", &self.amount)
            .hint("Leave it empty for all that is chosen. More than that stays on the account.")
            .errors(errors);
        let says = "Ask the caller for the card only when the provider's page is open: type it there, never in Sundry.";
        let body = items.and(amount).and(ui::para(says)).and(ui::button("Open the card page"));
        ui::post_form(format!("/customers/{}/card", self.account), self.frame.tokens("card"), body).into()
    }
}

/// A row of any of the lists.
#[derive(Clone, Debug)]
pub struct CardRow {
    /// Its number.
    pub number: String,
    /// Where it leads.
    pub href: String,
    /// When.
    pub on: NaiveDate,
    /// Whose, or of what.
    pub whose: String,
    /// Where that leads; empty for nowhere.
    pub whose_href: String,
    /// How it came, or why.
    pub how: String,
    /// Amount.
    pub amount: Pence,
    /// Its state: stored and for people.
    pub state: (String, String),
    /// What else there is to say.
    pub note: String,
}

/// A list of payments, refunds, disputes or payouts.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CardList {
    /// The frame.
    pub frame: Frame,
    /// Which tab.
    pub tab: &'static str,
    /// Filters of payments: word, name, and whether it is chosen.
    pub views: Vec<(String, String, bool)>,
    /// The rows.
    pub rows: Vec<CardRow>,
    /// Whether the reader may read settlements.
    pub may_read: bool,
}

impl CardList {
    /// The heading.
    pub fn heading(&self) -> String {
        match self.tab {
            "Refunds" => "Refunds to cards",
            "Disputes" => "Card disputes",
            "Payouts" => "Card payouts",
            _ => "Card payments",
        }
        .to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = CardRow {
            number: "CP-000041".into(),
            href: "/cash/cards/CP-000041".into(),
            on: super::sampled::on(2026, 11, 17),
            whose: "Joyce Pemberton".into(),
            whose_href: "/customers/C103316".into(),
            how: "Telephone".into(),
            amount: Pence(12_002),
            state: ("paid".into(), "Paid, not in the bank yet".into()),
            note: "RCT-000431".into(),
        };
        let page = |tab, rows| Self {
            frame: Frame::sample("Cash"),
            tab,
            views: vec![(String::new(), "All".into(), true), ("look".into(), "To look at".into(), false)],
            rows,
            may_read: true,
        };
        vec![("full", page("Payments", vec![row])), ("empty", page("Payouts", Vec::new()))]
    }
}

impl Plain for CardList {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash")]).into()
    }

    fn actions(&self) -> Html {
        if self.tab != "Payouts" || !self.may_read {
            return Html::default();
        }
        let read = ui::button("Read the settlement now").secondary();
        ui::post_form("/cash/card-settlement", self.frame.tokens("settlement"), read).into()
    }

    fn body(&self) -> Html {
        let top = tabs(self.tab);
        let views = self.views.iter().fold(ui::sub_navigation("Payments by state"), |nav, (word, name, chosen)| {
            nav.place(name, format!("/cash/cards?state={word}"), *chosen)
        });
        let top = if self.views.is_empty() { top } else { top.and(views) };
        if self.rows.is_empty() {
            return top.and(ui::empty("Nothing here", "There is nothing in this list."));
        }
        let rows = self.rows.iter().map(|row| {
            let whose = if row.whose_href.is_empty() {
                Html::from(ui::or_dash(&row.whose))
            } else {
                ui::link(&row.whose_href, &row.whose)
            };
            ui::row()
                .cell(ui::link(&row.href, &row.number))
                .cell(row.on)
                .cell(whose)
                .cell(&row.how)
                .cell(state_tag(&row.state.0, &row.state.1))
                .cell(ui::or_dash(&row.note))
                .cell(row.amount)
        });
        let (whose, how, note) = match self.tab {
            "Refunds" | "Disputes" => ("Payment", "Why", "Note"),
            "Payouts" => ("Provider", "Made of", "Bank"),
            _ => ("Customer", "How", "Receipt or reason"),
        };
        let table = ui::table(self.heading())
            .columns([
                ui::col("Number"),
                ui::col("Date"),
                ui::col(whose),
                ui::col(how),
                ui::col("State"),
                ui::col(note),
                ui::num("Amount"),
            ])
            .rows(rows);
        top.and(table)
    }
}

/// One card payment.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CardPage {
    /// The frame.
    pub frame: Frame,
    /// `CP-000041`.
    pub number: String,
    /// Customer number and name; empty while nobody knows.
    pub customer: (String, String),
    /// Amount.
    pub amount: Pence,
    /// State, stored and for people.
    pub state: (String, String),
    /// Why a person should look; empty where none need.
    pub needs_look: String,
    /// Facts: key and value.
    pub facts: Vec<(String, String)>,
    /// The provider's page, while the card can be typed there.
    pub next_url: String,
    /// The receipt, once it is paid.
    pub receipt: String,
    /// What may be done: words and address.
    pub acts: Vec<(String, String)>,
    /// Refunds and disputes: number, words, state, amount.
    pub parts: Vec<(String, String, (String, String), Pence)>,
    /// Whether it is asked for again at a press.
    pub open: bool,
}

impl CardPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Card payment {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |state: (&str, &str), open: bool| Self {
            frame: Frame::sample("Cash"),
            number: "CP-000041".into(),
            customer: ("C103316".into(), "Joyce Pemberton".into()),
            amount: Pence(12_002),
            state: (state.0.into(), state.1.into()),
            needs_look: String::new(),
            facts: vec![("Taken".into(), "by telephone on 17 November 2026 by Tom Ashdown".into())],
            next_url: if open { "https://www.payments.service.gov.uk/secure/bb0a272c".into() } else { String::new() },
            receipt: if open { String::new() } else { "RCT-000431".into() },
            acts: if open { Vec::new() } else { vec![("Refund".into(), "/cash/cards/CP-000041/refund".into())] },
            parts: Vec::new(),
            open,
        };
        let look = Self {
            needs_look: "£120.02 was taken and £100.00 was asked for".into(),
            ..page(("paid", "Paid"), false)
        };
        vec![("open", page(("with_payer", "Waiting for the card"), true)), ("paid", look)]
    }
}

impl Plain for CardPage {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/cards", "Card payments")]).into()
    }

    fn caption(&self) -> Html {
        format!("{} {}", self.amount, self.customer.1).into()
    }

    fn actions(&self) -> Html {
        ui::parts(self.acts.iter().map(|(words, href)| ui::link_button(words, href).secondary()))
    }

    fn body(&self) -> Html {
        let mut top = Html::default();
        if !self.needs_look.is_empty() {
            top = top.and(ui::alert(ui::AlertKind::Warning, &self.needs_look));
        }
        if self.open {
            let says = "The card is typed on the provider's page, never in Sundry. You come back here when it is done.";
            let go = ui::link_button("Open the provider's card page", &self.next_url);
            let go = if self.next_url.is_empty() {
                Html::from(ui::para("The provider has not answered yet."))
            } else {
                go.into()
            };
            let again = ui::button("Ask the provider now").secondary();
            let action = format!("/cash/cards/{}/look", self.number);
            let again = ui::post_form(action, self.frame.tokens("look"), again);
            top = top.and(ui::para(says)).and(go).and(again);
        }
        let customer = if self.customer.0.is_empty() {
            Html::from("Nobody knows yet")
        } else {
            ui::link(format!("/customers/{}", self.customer.0), format!("{}, {}", self.customer.1, self.customer.0))
        };
        let receipt = match self.receipt.as_str() {
            "" => Html::from("None yet"),
            number => ui::link(format!("/cash/receipts/{number}"), number),
        };
        let facts = ui::details_list()
            .fact("State", state_tag(&self.state.0, &self.state.1))
            .fact("Customer", customer)
            .fact("Amount", self.amount)
            .fact("Receipt", receipt);
        let facts = self.facts.iter().fold(facts, |list, (key, value)| list.fact(key, value.as_str()));
        top = top.and(facts);
        if self.parts.is_empty() {
            return top;
        }
        let rows = self.parts.iter().map(|(number, words, state, amount)| {
            ui::row().cell(number).cell(words).cell(state_tag(&state.0, &state.1)).cell(*amount)
        });
        let table = ui::table("Refunds and disputes")
            .columns([ui::col("Number"), ui::col("Why"), ui::col("State"), ui::num("Amount")])
            .rows(rows);
        top.and(table)
    }
}

/// Money that goes back: asking for a refund, or noting a dispute.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct CardBack {
    /// The frame; errors belong to `amount`, `reason`, `all_the_same`, `provider_ref` and `state`.
    pub frame: Frame,
    /// Whether it is a dispute.
    pub dispute: bool,
    /// `CP-000041`.
    pub number: String,
    /// What can still go back.
    pub left: Pence,
    /// As typed: amount, reason, why all the same, provider's reference, state.
    pub typed: [String; 5],
}

impl CardBack {
    /// The heading.
    pub fn heading(&self) -> String {
        if self.dispute { "Record a dispute".to_owned() } else { "Ask for a refund to the card".to_owned() }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, dispute| Self {
            frame,
            dispute,
            number: "CP-000041".into(),
            left: Pence(12_002),
            typed: ["50".into(), String::new(), String::new(), String::new(), String::new()],
        };
        let wrong = Frame::sample("Cash").wrong("reason", "Enter why the money goes back");
        vec![("refund-error", page(wrong, false)), ("dispute", page(Frame::sample("Cash"), true))]
    }
}

impl Plain for CardBack {
    fn above(&self) -> Html {
        let here = format!("/cash/cards/{}", self.number);
        ui::breadcrumbs([("/cash/cards".to_owned(), "Card payments".to_owned()), (here, self.number.clone())]).into()
    }

    fn caption(&self) -> Html {
        format!("{} can go back of {}", self.left, self.number).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let [amount, reason, all_the_same, provider_ref, state] = &self.typed;
        let amount = Html::from(ui::amount_input("amount", "How much", amount).errors(errors));
        let body = if self.dispute {
            let states = [
                ("needs_response", "It waits for our answer"),
                ("under_review", "The bank looks at it"),
                ("won", "We won: nothing changes"),
                ("lost", "We lost: the debt is owed again"),
            ];
            let states = states.map(|(value, words)| (value.to_owned(), words.to_owned()));
            amount
                .and(ui::input("provider_ref", "The provider's reference", provider_ref).width(20).errors(errors))
                .and(ui::radios("state", "How does it stand?", state, states).errors(errors))
                .and(ui::textarea("reason", "What the payer says", reason).rows(3).errors(errors))
                .and(ui::button("Record the dispute"))
        } else {
            amount
                .and(ui::textarea("reason", "Why it goes back", reason).rows(3).errors(errors))
                .and(
                    ui::textarea("all_the_same", "Why, although other debts are open", all_the_same)
                        .hint("Only where the customer owes other money.")
                        .rows(2)
                        .errors(errors),
                )
                .and(ui::button("Ask for the refund"))
        };
        let verb = if self.dispute { "dispute" } else { "refund" };
        ui::post_form(format!("/cash/cards/{}/{verb}", self.number), self.frame.tokens(verb), body).into()
    }
}

/// One payout with what it is made of, and the bank line it is or could be.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PayoutPage {
    /// The frame.
    pub frame: Frame,
    /// `PO-000007`.
    pub number: String,
    /// Whose, and of which day.
    pub of: String,
    /// State, stored and for people.
    pub state: (String, String),
    /// Gross, refunds, disputes, charges, net.
    pub figures: [Pence; 5],
    /// Its parts: number, address, what, amount, charge.
    pub parts: Vec<(String, String, String, Pence, Pence)>,
    /// Bank lines: id, day, words, amount.
    pub lines: Vec<(i64, NaiveDate, String, Pence)>,
    /// Whether the reader posts cash.
    pub may_post: bool,
}

impl PayoutPage {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Payout {}", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let day = super::sampled::on(2026, 11, 17);
        let page = |state: (&str, &str), lines| Self {
            frame: Frame::sample("Cash"),
            number: "PO-000007".into(),
            of: "GOV.UK Pay, 17 November 2026".into(),
            state: (state.0.into(), state.1.into()),
            figures: [Pence(25_102), Pence(5_000), Pence::ZERO, Pence(240), Pence(19_862)],
            parts: vec![(
                "CP-000041".into(),
                "/cash/cards/CP-000041".into(),
                "Payment".into(),
                Pence(12_002),
                Pence(80),
            )],
            lines,
            may_post: true,
        };
        let line = (7, day, "GOV.UK PAY STRIPE PAYOUT".to_owned(), Pence(19_862));
        vec![
            ("expected", page(("expected", "Expected"), vec![line])),
            ("none", page(("expected", "Expected"), Vec::new())),
        ]
    }
}

impl Plain for PayoutPage {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/card-payouts", "Card payouts")]).into()
    }

    fn caption(&self) -> Html {
        (&self.of).into()
    }

    fn body(&self) -> Html {
        let [gross, refunds, disputes, charges, net] = self.figures;
        let facts = ui::details_list()
            .fact("State", state_tag(&self.state.0, &self.state.1))
            .fact("Payments", gross)
            .fact("Less refunds", refunds)
            .fact("Less disputes", disputes)
            .fact("Less the provider's charges", charges)
            .fact("Should reach the bank", ui::strong(net.to_string(), false));
        let rows = self.parts.iter().map(|(number, href, what, amount, charge)| {
            let number = if href.is_empty() { Html::from(number) } else { ui::link(href, number) };
            ui::row().cell(number).cell(what).cell(*charge).cell(*amount)
        });
        let parts = ui::table("What it is made of")
            .columns([ui::col("Number"), ui::col("What"), ui::num("Charge"), ui::num("Amount")])
            .rows(rows);
        Html::from(facts).and(self.bank()).and(parts)
    }
}

impl PayoutPage {
    fn bank(&self) -> Html {
        let words = |(_, on, words, amount): &(i64, NaiveDate, String, Pence)| {
            format!("{} on {}: {words}", amount, on.format("%-d %B %Y"))
        };
        if self.state.0 == "in_bank" {
            let line = self.lines.first().map(words).unwrap_or_default();
            return ui::panel("In the bank", ui::para(line)).into();
        }
        if self.lines.is_empty() {
            let says = "No bank line of this amount has come since that day. Import the bank file first.";
            return ui::panel("In the bank?", ui::para(says)).into();
        }
        let choices = self.lines.iter().map(|line| (line.0.to_string(), words(line)));
        let first = self.lines.first().map(|line| line.0.to_string()).unwrap_or_default();
        let first = if self.lines.len() == 1 { first } else { String::new() };
        let body = Html::from(ui::radios("line", "Which bank line is it?", first, choices).errors(&self.frame.errors))
            .and(ui::button("Reconcile this payout"));
        if !self.may_post {
            return Html::default();
        }
        ui::post_form(format!("/cash/card-payouts/{}", self.number), self.frame.tokens("payout"), body).into()
    }
}

/// Taking a payment file in.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct PaymentFiles {
    /// The frame; errors belong to `file`.
    pub frame: Frame,
    /// What was wrong with the last one, row by row.
    pub wrong: Vec<(String, String)>,
}

impl PaymentFiles {
    /// The heading.
    pub fn heading(&self) -> String {
        "Take a payment file in".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let wrong = Frame::sample("Cash").wrong("file", "Nothing was taken from this file");
        let row = ("Row 3".to_owned(), "`120.001` has more decimal places than its currency".to_owned());
        vec![
            ("empty", Self { frame: Frame::sample("Cash"), wrong: Vec::new() }),
            ("error", Self { frame: wrong, wrong: vec![row] }),
        ]
    }
}

impl Plain for PaymentFiles {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash")]).into()
    }

    fn body(&self) -> Html {
        let says = "The transaction export of the payment screen: a header, a row for each payment, a trailer. It is \
                    taken in whole or not at all, and once.";
        let gap = [("yes".to_owned(), "The files between the last and this one will never come".to_owned())];
        let body = Html::from(ui::file_field("file", "Payment file", ".csv,.txt").errors(&self.frame.errors))
            .and(ui::checkboxes("gap", "Is a file missing?", gap))
            .and(ui::button("Take it in"));
        let form = ui::post_form("/cash/card-files", self.frame.tokens("payments"), body).with_file();
        let top = tabs("Payment files").and(ui::para(says));
        if self.wrong.is_empty() {
            return top.and(form);
        }
        let rows = self.wrong.iter().map(|(place, message)| ui::row().cell(place).cell(message));
        let table = ui::table("What is wrong").columns([ui::col("Where"), ui::col("What")]).rows(rows);
        top.and(table).and(form)
    }
}

/// What a payer with a link sees; nobody is signed in.
#[derive(Debug, Template)]
#[template(path = "pages/pay.html")]
pub struct Pay {
    /// The organisation.
    pub organisation: String,
    /// What stands here.
    pub what: PayState,
    /// The token of the link.
    pub token: String,
    /// A fresh key, so that pressing twice begins once.
    pub form_key: String,
}

/// Where a payer stands.
#[derive(Clone, Debug)]
pub enum PayState {
    /// May pay: amount, reference, what for.
    Ready(Pence, String, String),
    /// Nothing is left: the reference.
    Nothing(String),
    /// On the way to the provider's page.
    Going(String),
    /// Paid: amount and receipt.
    Paid(Pence, String),
    /// Not known yet.
    Waiting,
    /// Not paid: why.
    NotPaid(String),
    /// The link cannot be used: why, and the way out.
    Ended(String, String),
    /// A practice page: what for, how much, and where to go back to.
    Practice(String, Pence),
}

impl Pay {
    /// The heading.
    pub fn heading(&self) -> String {
        match &self.what {
            PayState::Ready(amount, ..) => format!("Pay {amount}"),
            PayState::Nothing(_) => "There is nothing left to pay".into(),
            PayState::Going(_) => "Go to the card page".into(),
            PayState::Paid(..) => "Payment received".into(),
            PayState::Waiting => "We are waiting for the payment".into(),
            PayState::NotPaid(_) => "The payment was not made".into(),
            PayState::Ended(..) => "This link cannot be used".into(),
            PayState::Practice(..) => "Practice card page".into(),
        }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page =
            |what| Self { organisation: "Northmere Council".into(), what, token: "t".into(), form_key: "k".into() };
        let reference = || "C103316".to_owned();
        vec![
            ("ready", page(PayState::Ready(Pence(12_002), reference(), "Invoice 7104211".into()))),
            ("nothing", page(PayState::Nothing(reference()))),
            ("going", page(PayState::Going("https://www.payments.service.gov.uk/secure/bb0a272c".into()))),
            ("paid", page(PayState::Paid(Pence(12_002), "RCT-000431".into()))),
            ("waiting", page(PayState::Waiting)),
            ("not-paid", page(PayState::NotPaid("Payment method rejected (P0010)".into()))),
            ("ended", page(PayState::Ended("This payment link cannot be used.".into(), "Telephone us".into()))),
        ]
    }
}
