//! What can be done with a receipt besides allocating it: suspense, split, undo, reverse; and accepting
//! all strong matches at once.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::money::Pence;

/// What is to be done with a receipt, with a reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// It waits for its owner, and somebody looks after it.
    Suspense,
    /// What it paid is open again.
    Undo,
    /// The money went back.
    Reverse,
}

/// Asking for the reason of an act.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ReceiptAct {
    /// The frame; errors belong to `reason` and `owner`.
    pub frame: Frame,
    /// The act.
    pub act: Act,
    /// The receipt's number.
    pub number: String,
    /// `£1,284.50 from OKAFOR G, INV 7104213`.
    pub receipt: String,
    /// What it has paid, which would be open again.
    pub reopened: Pence,
    /// The reason typed.
    pub reason: String,
    /// Who looks after it, as typed.
    pub owner: String,
    /// What comes next, and when, as typed.
    pub next: (String, String),
    /// What would follow from it, in sentences.
    pub consequences: Vec<String>,
}

impl ReceiptAct {
    /// The heading.
    pub fn heading(&self) -> String {
        match self.act {
            Act::Suspense => format!("Put {} in suspense", self.number),
            Act::Undo => format!("Undo the allocation of {}", self.number),
            Act::Reverse => format!("Reverse {}", self.number),
        }
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, act| Self {
            frame,
            act,
            number: "RCT-000431".into(),
            receipt: "£1,284.50 from OKAFOR G, INV 7104213".into(),
            reopened: Pence(128_450),
            reason: String::new(),
            owner: "Tom Ashdown".into(),
            next: Default::default(),
            consequences: if act == Act::Reverse {
                vec!["£1,284.50 of 7104213 is owed again, due 25 October 2026: £1,284.50 in all.".into()]
            } else {
                Vec::new()
            },
        };
        let wrong = Frame::sample("Cash").wrong("reason", "Say why it is in suspense");
        vec![
            ("suspense-error", page(wrong, Act::Suspense)),
            ("undo", page(Frame::sample("Cash"), Act::Undo)),
            ("reverse", page(Frame::sample("Cash"), Act::Reverse)),
        ]
    }
}

impl Plain for ReceiptAct {
    fn above(&self) -> Html {
        let here = format!("/cash/receipts/{}", self.number);
        ui::breadcrumbs([("/cash".to_owned(), "Cash".to_owned()), (here, self.number.clone())]).into()
    }

    fn caption(&self) -> Html {
        (&self.receipt).into()
    }

    fn body(&self) -> Html {
        let errors = &self.frame.errors;
        let (address, says, verb) = match self.act {
            Act::Suspense => (
                "suspense",
                "It stays ours to place. It is shown under Suspense, by age, until it is.",
                "Put in suspense",
            ),
            Act::Undo => (
                "undo",
                "The items are open again and the money is on the customer's account. Both are kept in the books.",
                "Undo",
            ),
            Act::Reverse => (
                "reverse",
                "For money that went back: a cheque unpaid, a payment recalled. It cannot be undone.",
                "Reverse the receipt",
            ),
        };
        let reopened = if !self.consequences.is_empty() {
            let rows = self.consequences.iter().map(|one| (ui::Verdict::Look, one.as_str()));
            Html::from(ui::panel("What follows", ui::checks(rows)))
        } else if self.reopened > Pence::ZERO {
            ui::para(format!("{} that it has paid will be open again.", self.reopened)).into()
        } else {
            Html::default()
        };
        let reason = ui::textarea("reason", "Reason", &self.reason).rows(3).errors(errors);
        let owner = if self.act == Act::Suspense {
            let (next, on) = &self.next;
            Html::from(ui::input("owner", "Who looks after it", &self.owner).width(20).errors(errors))
                .and(ui::input("next_step", "What comes next", next).hint("Ask the bank who paid").errors(errors))
                .and(ui::date_input("next_on", "When", on).hint("19/11/26 or +14").errors(errors))
        } else {
            Html::default()
        };
        let verb = ui::button(verb);
        let verb = if self.act == Act::Reverse { verb.warning() } else { verb };
        let body = Html::from(reason).and(owner).and(verb);
        let form = ui::post_form(format!("/cash/receipts/{}/{address}", self.number), self.frame.tokens(address), body);
        Html::from(ui::para(says)).and(reopened).and(form)
    }
}

/// Splitting a receipt across customers.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct SplitReceipt {
    /// The frame; errors belong to `split`.
    pub frame: Frame,
    /// The receipt's number.
    pub number: String,
    /// `£1,284.50 from OKAFOR G, INV 7104213`.
    pub receipt: String,
    /// What there is to split.
    pub left: Pence,
    /// The rows as typed: customer, amount, invoice.
    pub rows: Vec<(String, String, String)>,
}

impl SplitReceipt {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("Split {} across customers", self.number)
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            number: "RCT-000431".into(),
            receipt: "£1,284.50 from OKAFOR G, INV 7104213".into(),
            left: Pence(128_450),
            rows: vec![("C100848".into(), "1,000".into(), "7104213".into()), Default::default()],
        };
        let wrong = Frame::sample("Cash")
            .wrong("split", "The shares add up to £1,000.00. That is £284.50 less than the receipt");
        vec![("empty", page(Frame::sample("Cash"))), ("error", page(wrong))]
    }
}

impl Plain for SplitReceipt {
    fn above(&self) -> Html {
        let here = format!("/cash/receipts/{}", self.number);
        ui::breadcrumbs([("/cash".to_owned(), "Cash".to_owned()), (here, self.number.clone())]).into()
    }

    fn caption(&self) -> Html {
        (&self.receipt).into()
    }

    fn body(&self) -> Html {
        let line = |(at, (customer, amount, invoice)): (usize, &(String, String, String))| {
            let n = at + 1;
            ui::row_of([
                Html::from(ui::input(format!("customer-{n}"), format!("Customer {n}"), customer).width(10)),
                ui::amount_input(format!("share-{n}"), format!("Share {n}"), amount).into(),
                ui::input(format!("invoice-{n}"), format!("Invoice {n}, empty for on account"), invoice)
                    .width(20)
                    .into(),
            ])
        };
        let rows = ui::parts(self.rows.iter().enumerate().map(line));
        let rows = ui::boxed(format!("{} to split", self.left), rows);
        let body = Html::from(rows).and(ui::button("Split and allocate"));
        let form = ui::post_form(format!("/cash/receipts/{}/split", self.number), self.frame.tokens("split"), body);
        form.id("split").into()
    }
}

/// A strong match.
#[derive(Clone, Debug)]
pub struct Strong {
    /// The receipt's number.
    pub receipt: String,
    /// `OKAFOR G, INV 7104213`.
    pub from: String,
    /// Number and name of the customer.
    pub customer: (String, String),
    /// What it would pay: number of the item, empty for the account, and how much.
    pub pays: Vec<(String, Pence)>,
    /// The receipt's amount.
    pub amount: Pence,
    /// How likely, in thousandths.
    pub permille: i64,
}

impl Strong {
    /// `£482.10 of 7104213; £5.00 on the account`.
    fn pays(&self) -> String {
        let one = |(item, amount): &(String, Pence)| match item.as_str() {
            "" => format!("{amount} on the account"),
            item => format!("{amount} of {item}"),
        };
        self.pays.iter().map(one).collect::<Vec<_>>().join("; ")
    }
}

/// All strong matches, before they are accepted.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct AcceptStrong {
    /// The frame.
    pub frame: Frame,
    /// From which likelihood on a match is strong, in thousandths.
    pub strong_permille: i64,
    /// The matches.
    pub rows: Vec<Strong>,
    /// Their sum.
    pub sum: Pence,
    /// What will not be allocated: receipt, payer, amount, why.
    pub left: Vec<(String, String, Pence, String)>,
}

impl AcceptStrong {
    /// The heading.
    pub fn heading(&self) -> String {
        "Accept strong matches".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let row = Strong {
            receipt: "RCT-000431".into(),
            from: "OKAFOR G, INV 7104213".into(),
            customer: ("C100848".into(), "Grace Okafor".into()),
            pays: vec![("7104213".into(), Pence(48_210)), (String::new(), Pence(80_240))],
            amount: Pence(128_450),
            permille: 981,
        };
        let left = ("RCT-000432".to_owned(), "N BODY".to_owned(), Pence(4_500), "Nobody fits".to_owned());
        let page = |rows, sum| Self {
            frame: Frame::sample("Cash"),
            strong_permille: 950,
            rows,
            sum,
            left: vec![left.clone()],
        };
        vec![("full", page(vec![row], Pence(128_450))), ("empty", page(Vec::new(), Pence::ZERO))]
    }
}

impl Plain for AcceptStrong {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash")]).into()
    }

    fn caption(&self) -> Html {
        "Preview: nothing has been allocated".into()
    }

    fn body(&self) -> Html {
        if self.rows.is_empty() {
            let back = ui::link_button("Allocate receipts", "/cash");
            let empty = ui::empty("No strong matches", "What waits needs a person to look.").action(back);
            return Html::from(empty).and(self.not_done());
        }
        let rows = self.rows.iter().map(|one| {
            let (number, name) = &one.customer;
            ui::row()
                .cell(ui::link(format!("/cash/receipts/{}", one.receipt), &one.receipt))
                .cell(&one.from)
                .cell(ui::link(format!("/customers/{number}"), format!("{name}, {number}")))
                .cell(one.pays())
                .cell(ui::percent(one.permille))
                .cell(one.amount)
                .select(&one.receipt, &one.receipt, one.amount)
                .ticked(true)
        });
        let table = ui::table("Strong matches")
            .columns([
                ui::col("Receipt").nowrap(),
                ui::col("Payer and reference"),
                ui::col("Customer"),
                ui::col("Pays"),
                ui::num("How likely"),
                ui::num("Amount"),
            ])
            .rows(rows)
            .selectable("receipt")
            .exclude()
            .total([
                Html::from("Total"),
                Html::default(),
                Html::default(),
                Html::default(),
                Html::default(),
                self.sum.into(),
            ]);
        let says = format!(
            "Each is {} likely or more. Take out what you want to look at first; you can undo each one afterwards.",
            ui::percent(self.strong_permille)
        );
        let bar = ui::sticky_bar("Matches chosen", ui::button("Allocate these receipts"));
        let body = Html::from(table).and(bar);
        let form = ui::post_form("/cash/accept", self.frame.tokens("accept"), body);
        Html::from(ui::para(says)).and(form).and(self.not_done())
    }
}

impl AcceptStrong {
    /// What waits and will not be touched, with the reason.
    fn not_done(&self) -> Html {
        if self.left.is_empty() {
            return Html::default();
        }
        let rows = self.left.iter().map(|(receipt, payer, amount, why)| {
            ui::row()
                .cell(ui::link(format!("/cash/receipts/{receipt}"), receipt))
                .cell(ui::or_dash(payer))
                .cell(why)
                .cell(*amount)
        });
        let table = ui::table("What will not be allocated")
            .columns([ui::col("Receipt"), ui::col("Payer"), ui::col("Why not"), ui::num("Amount")])
            .rows(rows);
        ui::panel("What will not be allocated, and why", table).into()
    }
}
