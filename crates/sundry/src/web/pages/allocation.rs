//! The allocation workbench: receipts waiting, the receipt chosen, up to three explained matches,
//! an amount box for each open item, and what is left to allocate.

use crate::web::door::invoice_at;
use crate::web::ui::{self, Frame, Html, Tag, TagColour, tag};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The allocation workbench.
#[derive(Debug, Template)]
#[template(path = "pages/allocation.html")]
pub struct Allocation {
    /// The frame; an error on the amounts belongs to field `amounts`.
    pub frame: Frame,
    /// `Bank file of 18 November: 386 receipts, 243 allocated automatically`.
    pub source: String,
    /// How many receipts wait.
    pub waiting: i64,
    /// Their sum.
    pub waiting_sum: Pence,
    /// How much of the file matched itself, in thousandths.
    pub matched_permille: i64,
    /// How many strong matches could be accepted at once; 0 hides the button.
    pub strong: i64,
    /// Which of them are shown.
    pub sift: Sift,
    /// The receipts waiting.
    pub queue: Vec<Waiting>,
    /// The receipt chosen; none when nothing waits.
    pub receipt: Option<Receipt>,
}

/// Which receipts are shown: words or an amount, one bank account, and how old.
#[derive(Clone, Debug, Default)]
pub struct Sift {
    /// Words or an amount.
    pub find: String,
    /// Id of a bank account; empty for all.
    pub bank: String,
    /// So many days or older; empty for any.
    pub age: String,
    /// The bank accounts: id and name.
    pub banks: Vec<(String, String)>,
}

/// A receipt in the list.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// `R88431`.
    pub number: String,
    /// The payer as the bank writes it.
    pub payer: String,
    /// The reference as the bank writes it.
    pub reference: String,
    /// How much is still to allocate.
    pub amount: Pence,
    /// When it came.
    pub received: NaiveDate,
    /// Whether it is the one chosen.
    pub current: bool,
}

/// The receipt chosen.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// `RCT-088431`.
    pub number: String,
    /// The payer.
    pub payer: String,
    /// How much came.
    pub amount: Pence,
    /// How much is to allocate.
    pub left: Pence,
    /// Its place in the list; 0 where it is not in it.
    pub place: i64,
    /// The bank's reference.
    pub reference: String,
    /// `17 November 2026, bank, income account 2`.
    pub received: String,
    /// Where it is: in suspense and why, on an account, reversed.
    pub state: String,
    /// The customer suggested or chosen: account, name; none if nobody is.
    pub customer: Option<(String, String)>,
    /// Whether another customer may be chosen.
    pub choose: bool,
    /// The customer's number as typed.
    pub typed_customer: String,
    /// Their flags.
    pub tags: Vec<Tag>,
    /// Their balance.
    pub balance: Pence,
    /// What to mind: `She may pay during breathing space.`; may be empty.
    pub warning: String,
    /// Whether there is something to allocate, and the reader may.
    pub may_allocate: bool,
    /// Whether the rest may be left on the customer's account.
    pub may_credit: bool,
    /// Up to three matches, the best first.
    pub matches: Vec<Match>,
    /// The match chosen: `1`, `2`, `3` or empty.
    pub chosen: String,
    /// Their open items.
    pub items: Vec<Item>,
    /// What stands against items already.
    pub allocated: Vec<Allocated>,
    /// What else can be done: address and words.
    pub acts: Vec<(String, String)>,
    /// What will be remembered: `Sundry will remember that …`; may be empty.
    pub remember: String,
    /// The next receipt, for Skip; empty at the end.
    pub next: String,
    /// What keeps the list as it is on the next page: nothing, or `?age=30`.
    pub kept: String,
}

/// A part that stands against an item.
#[derive(Clone, Debug)]
pub struct Allocated {
    /// The item's number.
    pub number: String,
    /// When.
    pub on: NaiveDate,
    /// By whom: `person`, or how sure the machine was.
    pub by: String,
    /// Why.
    pub why: String,
    /// How much.
    pub amount: Pence,
}

/// How strong a match is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strength {
    /// Certain enough to accept at once.
    Strong,
    /// Look first.
    Possible,
    /// A rule of last resort.
    Weak,
}

/// A way to allocate it.
#[derive(Clone, Debug)]
pub struct Match {
    /// `3 oldest home care invoices, exact total`.
    pub title: String,
    /// How strong.
    pub strength: Strength,
    /// Reasons for.
    pub reasons_for: Vec<String>,
    /// Reasons against.
    pub reasons_against: Vec<String>,
    /// What it puts where, on the account shown: item id and amount.
    pub plan: Vec<(String, Pence)>,
}

/// An open item with its box.
#[derive(Clone, Debug)]
pub struct Item {
    /// What is sent: the box is named `amount-<id>`.
    pub id: String,
    /// The invoice number.
    pub number: String,
    /// What it is for.
    pub for_what: String,
    /// When it is due.
    pub due: NaiveDate,
    /// What is open.
    pub open: Pence,
    /// The amount as typed or proposed.
    pub typed: String,
}

impl Match {
    fn tag(&self) -> Tag {
        match self.strength {
            Strength::Strong => tag("Strong match", TagColour::Green),
            Strength::Possible => tag("Possible match", TagColour::Yellow),
            Strength::Weak => tag("Weak match", TagColour::Grey),
        }
    }

    /// The plan as the script reads it.
    fn plan_json(&self) -> String {
        let one = |(id, amount): &(String, Pence)| format!("\"amount-{id}\":\"{}\"", amount.pounds());
        format!("{{{}}}", self.plan.iter().map(one).collect::<Vec<_>>().join(","))
    }
}

impl Allocation {
    /// The heading.
    pub fn heading(&self) -> String {
        "Allocate receipts".to_owned()
    }

    fn bar(&self) -> Html {
        ui::bar(self.matched_permille, 2, None)
    }

    fn left(&self) -> Pence {
        let Some(receipt) = &self.receipt else {
            return Pence::ZERO;
        };
        let typed: Vec<Pence> = receipt.items.iter().filter_map(|item| Pence::parse(&item.typed)).collect();
        receipt.left.checked_add(Pence(-typed.iter().map(|sum| sum.0).sum::<i64>())).unwrap_or_default()
    }

    fn chooser(&self) -> Html {
        let Some(receipt) = &self.receipt else {
            return Html::default();
        };
        let field = ui::input("customer", "Another customer, by number or name", &receipt.typed_customer)
            .width(20)
            .errors(&self.frame.errors);
        let kept = [("find", &self.sift.find), ("bank", &self.sift.bank), ("age", &self.sift.age)];
        let kept = kept.into_iter().filter(|(_, value)| !value.is_empty());
        let chooser = ui::filters(format!("/cash/receipts/{}", receipt.number)).label("Choose another customer");
        let kept = ui::parts(kept.map(|(name, value)| ui::hidden(name, value)));
        chooser.field(field).field(kept).verb("Show their items").into()
    }

    /// Which receipts are in the list.
    fn sifter(&self) -> Html {
        let Some(receipt) = &self.receipt else {
            return Html::default();
        };
        let here = format!("/cash/receipts/{}", receipt.number);
        let any = |words: &str| std::iter::once((String::new(), words.to_owned()));
        let ages = [("", "Any age"), ("7", "7 days or older"), ("30", "30 days or older"), ("90", "90 days or older")];
        let mut sifter = ui::filters(&here)
            .label("Filter the receipts that wait")
            .field(ui::input("find", "Payer, reference or amount", &self.sift.find).width(20));
        if self.sift.banks.len() > 1 {
            let banks = any("All accounts").chain(self.sift.banks.iter().cloned());
            sifter = sifter.field(ui::select("bank", "Bank account", &self.sift.bank, banks));
        }
        sifter = sifter.field(ui::select("age", "Age", &self.sift.age, ages)).verb("Apply");
        if receipt.kept.is_empty() { sifter.into() } else { sifter.clear(here).into() }
    }

    /// The address that puts the receipt in suspense, where the reader may; it stands beside the buttons.
    fn suspense(&self) -> Html {
        let act = self.receipt.iter().flat_map(|receipt| &receipt.acts).find(|(href, _)| href.ends_with("/suspense"));
        match act {
            Some((href, words)) => ui::link_button(words, href).secondary().into(),
            None => Html::default(),
        }
    }

    /// What else can be done, beside what stands among the buttons.
    fn acts(&self) -> Vec<&(String, String)> {
        let Some(receipt) = &self.receipt else {
            return Vec::new();
        };
        receipt.acts.iter().filter(|(href, _)| !(receipt.may_allocate && href.ends_with("/suspense"))).collect()
    }

    fn allocations(&self) -> Html {
        let Some(receipt) = &self.receipt else {
            return Html::default();
        };
        let rows = receipt.allocated.iter().map(|part| {
            ui::row()
                .cell(ui::link(invoice_at(&part.number), &part.number))
                .cell(part.on)
                .cell(&part.by)
                .cell(ui::or_dash(&part.why))
                .cell(part.amount)
        });
        let sum = Pence(receipt.allocated.iter().map(|part| part.amount.0).sum());
        let blank = Html::default;
        let table = ui::table("What it has paid")
            .columns([ui::col("Invoice"), ui::col("On").nowrap(), ui::col("By"), ui::col("Why"), ui::num("Amount")])
            .rows(rows)
            .total([Html::from("Total"), blank(), blank(), blank(), sum.into()]);
        ui::panel("What it has paid", table).into()
    }

    fn nothing(&self) -> ui::Empty {
        ui::empty(
            "Nothing waits to be allocated",
            "Every receipt has been allocated, left on account or put in suspense.",
        )
        .action(ui::link_button("Import a bank file", "/cash/import"))
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let nothing = Self {
            waiting: 0,
            waiting_sum: Pence::ZERO,
            strong: 0,
            queue: Vec::new(),
            receipt: None,
            ..sample::full()
        };
        let mut wrong = sample::full();
        wrong.frame.errors.add("amounts", "The amounts add up to £1,300.00. That is £15.50 more than the receipt");
        if let Some(receipt) = &mut wrong.receipt {
            receipt.chosen.clear();
            receipt.items[0].typed = "497.60".into();
        }
        let mut unknown = sample::full();
        if let Some(receipt) = &mut unknown.receipt {
            receipt.customer = None;
            receipt.may_allocate = false;
            receipt.tags.clear();
            receipt.warning.clear();
            receipt.matches.clear();
            receipt.items.clear();
            receipt.remember.clear();
        }
        let mut paid = sample::full();
        if let Some(receipt) = &mut paid.receipt {
            receipt.may_allocate = false;
            receipt.choose = false;
            receipt.state = "On the account of Grace Okafor, all of it allocated".into();
            receipt.allocated = vec![Allocated {
                number: "7104213".into(),
                on: receipt.items[0].due,
                by: "Tom Ashdown".into(),
                why: "Allocated by hand.".into(),
                amount: Pence(128_450),
            }];
        }
        vec![("matched", sample::full()), ("paid", paid), ("nothing", nothing), ("error", wrong), ("unknown", unknown)]
    }
}

#[cfg(test)]
mod sample {
    use super::*;
    use crate::web::pages::sampled::on;

    pub fn full() -> Allocation {
        let payers = [
            ("OKAFOR G", "INV 7104213", 128_450),
            ("TIDEWATER SCAFF", "REMIT 441", 901_157),
            ("UNKNOWN", "CASH COUNTER 2", 4_500),
        ];
        let queue = (0..14).map(|n: i64| {
            let (payer, reference, pence) = payers[usize::try_from(n % 3).unwrap_or(0)];
            Waiting {
                number: format!("R{}", 88_431 + n),
                payer: payer.into(),
                reference: reference.into(),
                amount: Pence(pence + n),
                received: on(2026, 11, 17),
                current: n == 0,
            }
        });
        let item = |id: &str, for_what: &str, month, pence, typed: &str| Item {
            id: id.into(),
            number: id.into(),
            for_what: for_what.into(),
            due: on(2026, month, 25),
            open: Pence(pence),
            typed: typed.into(),
        };
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let matches = vec![
            Match {
                title: "3 oldest home care invoices, exact total".into(),
                strength: Strength::Strong,
                reasons_for: words(&[
                    "Bank reference contains invoice 7104213",
                    "£1,284.50 is exactly the total of 3 invoices",
                ]),
                reasons_against: Vec::new(),
                plan: vec![
                    ("7104213".into(), Pence(48_210)),
                    ("7104301".into(), Pence(48_210)),
                    ("7104388".into(), Pence(32_030)),
                ],
            },
            Match {
                title: "2 invoices in full and part of the newest".into(),
                strength: Strength::Possible,
                reasons_for: words(&["Same payer and account"]),
                reasons_against: words(&["Leaves an older invoice unpaid"]),
                plan: vec![
                    ("7104213".into(), Pence(48_210)),
                    ("7104301".into(), Pence(48_210)),
                    ("7104475".into(), Pence(32_030)),
                ],
            },
            Match {
                title: "Oldest debt first, in date order".into(),
                strength: Strength::Weak,
                reasons_for: words(&["Standing rule when the customer does not say"]),
                reasons_against: words(&["The reference names home care, not telecare"]),
                plan: vec![("7104213".into(), Pence(48_210))],
            },
        ];
        let receipt = Receipt {
            number: "R88431".into(),
            payer: "OKAFOR G".into(),
            amount: Pence(128_450),
            left: Pence(128_450),
            state: "In suspense: 3 possible matches".into(),
            choose: true,
            typed_customer: String::new(),
            may_allocate: true,
            may_credit: true,
            allocated: Vec::new(),
            acts: vec![("/cash/receipts/R88431/suspense".into(), "Put in suspense".into())],
            place: 1,
            reference: "INV 7104213".into(),
            received: "17 November 2026, Faster Payment, income account 2".into(),
            customer: Some(("C100848".into(), "Grace Okafor".into())),
            tags: vec![tag("Breathing space", TagColour::Purple)],
            balance: Pence(197_660),
            warning: "She may pay during breathing space. Do not ask her for more.".into(),
            matches,
            chosen: "1".into(),
            items: vec![
                item("7104213", "Home care, 4 weeks to 2 Aug", 8, 48_210, "482.10"),
                item("7104301", "Home care, 4 weeks to 30 Aug", 9, 48_210, "482.10"),
                item("7104388", "Home care, 4 weeks to 27 Sep", 10, 32_030, "320.30"),
                item("7104475", "Home care, 4 weeks to 25 Oct", 11, 48_210, ""),
            ],
            remember: "When you allocate, Sundry remembers that the account ending 4471 pays for C100848.".into(),
            next: "R88432".into(),
            kept: String::new(),
        };
        Allocation {
            frame: Frame::sample("Cash"),
            sift: Sift { banks: vec![("1".into(), "Main".into()), ("2".into(), "Income 2".into())], ..Sift::default() },
            source: "Bank file of 18 November: 386 receipts, 243 allocated automatically".into(),
            waiting: 143,
            waiting_sum: Pence(8_620_419),
            matched_permille: 630,
            strong: 61,
            queue: queue.collect(),
            receipt: Some(receipt),
        }
    }
}
