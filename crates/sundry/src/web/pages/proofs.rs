//! Reconciliations: the accounts that are proved, one proof with what is open, a proof that was kept.

use super::plain::Plain;
use crate::web::door::form_encode;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use chrono::NaiveDate;
use sundry_domain::money::Pence;

/// The accounts that are proved.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Reconciliations {
    /// The frame; an error belongs to `as_at`.
    pub frame: Frame,
    /// As at which day, as typed.
    pub as_at: String,
    /// The accounts.
    pub rows: Vec<Account>,
    /// The last night that was proved.
    pub night: Option<NaiveDate>,
    /// Whether the reader may prove all now.
    pub may_prove: bool,
    /// Proofs kept, newest first.
    pub kept: Vec<KeptLine>,
}

/// An account that is proved.
#[derive(Clone, Debug)]
pub struct Account {
    /// Its name.
    pub title: String,
    /// Where its proof is.
    pub href: String,
    /// The ledger's balance and what is unexplained, at the last night.
    pub night: Option<(Pence, Pence)>,
    /// The proof kept as at the day: number and state.
    pub proof: Option<(String, ui::Tag)>,
}

/// A proof that was kept.
#[derive(Clone, Debug)]
pub struct KeptLine {
    /// Its number.
    pub number: String,
    /// The account.
    pub title: String,
    /// As at which day.
    pub as_at: NaiveDate,
    /// The ledger's balance, and what is unexplained.
    pub sums: (Pence, Pence),
    /// Lines open.
    pub lines: i64,
    /// Who prepared it, and who reviewed it.
    pub people: (String, String),
    /// Its state.
    pub state: ui::Tag,
}

impl Reconciliations {
    /// The heading.
    pub fn heading(&self) -> String {
        "Reconciliations".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let account = Account {
            title: "Bank, Main account".into(),
            href: "/cash/reconciliations/bank?subject=1000&as_at=2026-11-30".into(),
            night: Some((Pence(118_157_965), Pence::ZERO)),
            proof: Some(("PRF-000041".into(), ui::tag("To review", ui::TagColour::Yellow))),
        };
        let bare = Account { title: "Cash suspense".into(), night: None, proof: None, ..account.clone() };
        let kept = KeptLine {
            number: "PRF-000041".into(),
            title: "Bank, Main account".into(),
            as_at: super::sampled::on(2026, 11, 30),
            sums: (Pence(118_157_965), Pence::ZERO),
            lines: 3,
            people: ("Tom Ashdown".into(), String::new()),
            state: ui::tag("To review", ui::TagColour::Yellow),
        };
        let page = |frame, rows, kept| Self {
            frame,
            as_at: "30 Nov 2026".into(),
            rows,
            night: Some(super::sampled::on(2026, 11, 29)),
            may_prove: true,
            kept,
        };
        let wrong = Frame::sample("Cash").wrong("as_at", "Enter a date such as 30/11/26");
        vec![
            ("full", page(Frame::sample("Cash"), vec![account, bare], vec![kept])),
            ("error", page(wrong, Vec::new(), Vec::new())),
        ]
    }
}

impl Plain for Reconciliations {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash")]).into()
    }

    fn actions(&self) -> Html {
        Html::from(ui::link_button("Funders' lists", "/cash/listings").secondary())
            .and(ui::link_button("Standing orders", "/cash/standing-orders").secondary())
            .and(ui::downloads(|kind| format!("/cash/reconciliations?format={kind}")))
    }

    fn body(&self) -> Html {
        let filter = ui::filters("/cash/reconciliations")
            .field(ui::date_input("as_at", "As at the end of", &self.as_at).errors(&self.frame.errors))
            .verb("Look at that day");
        let dash = || ui::or_dash("");
        let rows = self.rows.iter().map(|row| {
            let (ledger, left): (Html, Html) = match row.night {
                Some((ledger, left)) => (ledger.into(), ui::strong(ui::money(left), left != Pence::ZERO)),
                None => (dash().into(), dash().into()),
            };
            let (number, state): (Html, Html) = match &row.proof {
                Some((number, state)) => (ui::link(format!("/cash/proofs/{number}"), number), state.into()),
                None => (dash().into(), ui::tag("Not prepared", ui::TagColour::Grey).into()),
            };
            ui::row().cell(ui::link(&row.href, &row.title)).cell(ledger).cell(left).cell(number).cell(state)
        });
        let table = ui::table("Accounts")
            .columns([
                ui::col("Account"),
                ui::num("In the ledger, last night"),
                ui::num("Left unexplained"),
                ui::col("Proof of the day"),
                ui::col("State"),
            ])
            .rows(rows);
        let last = self.night.map_or_else(
            || ui::para("No night has been proved yet."),
            |day| ui::para(format!("Last proved for {}.", day.format("%-d %B %Y"))),
        );
        let prove = if self.may_prove {
            Html::from(ui::post_form(
                "/cash/reconciliations/night",
                self.frame.tokens("night"),
                ui::button("Prove all accounts now").secondary(),
            ))
        } else {
            Html::default()
        };
        Html::from(filter).and(table).and(last).and(prove).and(self.kept())
    }
}

impl Reconciliations {
    fn kept(&self) -> Html {
        if self.kept.is_empty() {
            return ui::empty("No proofs are kept yet", "Look at an account and prepare its proof.").into();
        }
        let rows = self.kept.iter().map(|row| {
            ui::row()
                .cell(ui::link(format!("/cash/proofs/{}", row.number), &row.number))
                .cell(&row.title)
                .cell(row.as_at)
                .cell(row.sums.0)
                .cell(row.sums.1)
                .cell(row.lines)
                .cell(&row.people.0)
                .cell(ui::or_dash(&row.people.1))
                .cell(&row.state)
        });
        ui::table("Proofs kept, newest first")
            .show_caption()
            .columns([
                ui::col("Proof"),
                ui::col("Account"),
                ui::col("As at").nowrap(),
                ui::num("In the ledger"),
                ui::num("Unexplained"),
                ui::num("Lines open"),
                ui::col("Prepared by"),
                ui::col("Reviewed by"),
                ui::col("State"),
            ])
            .rows(rows)
            .into()
    }
}

/// The proof of an account: as it is, or as it was kept.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct AccountProof {
    /// The frame; errors belong to `words`, `owner` and `as_at`.
    pub frame: Frame,
    /// The account.
    pub title: String,
    /// Its word in addresses, and its GL code where it is a bank.
    pub account: (String, String),
    /// As at which day.
    pub as_at: NaiveDate,
    /// What it starts from, and its balance.
    pub other: (String, Pence),
    /// What takes it to the ledger.
    pub groups: Vec<ProofGroup>,
    /// The balance in the ledger.
    pub ledger: Pence,
    /// What is left unexplained.
    pub unexplained: Pence,
    /// Lines open longer than the account's rule allows.
    pub late: i64,
    /// What can be prepared, with the words as typed.
    pub prepare: Option<String>,
    /// Owner and words as typed, and the line they were for.
    pub owner: (String, String, String),
    /// The proof as kept: number, state, words, who prepared and reviewed it and when, hash.
    pub kept: Option<Kept>,
}

/// What was kept of a proof.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Number.
    pub number: String,
    /// State.
    pub state: ui::Tag,
    /// What was said.
    pub words: String,
    /// Who prepared it, and when.
    pub prepared: (String, NaiveDate),
    /// Who reviewed it, when, and what they said.
    pub reviewed: Option<(String, NaiveDate, String)>,
    /// SHA-256 of the PDF.
    pub sha256: String,
    /// Whether the reader may review it, and what they typed.
    pub review: Option<String>,
}

/// Lines of one sort.
#[derive(Clone, Debug)]
pub struct ProofGroup {
    /// What they are.
    pub title: String,
    /// How many.
    pub count: i64,
    /// Their sum.
    pub amount: Pence,
    /// The lines.
    pub lines: Vec<ProofLine>,
}

/// An open line.
#[derive(Clone, Debug)]
pub struct ProofLine {
    /// By what it is remembered.
    pub key: String,
    /// Where it leads; may be empty.
    pub href: String,
    /// What it is.
    pub what: String,
    /// Why it is open.
    pub why: String,
    /// Since when.
    pub on: NaiveDate,
    /// How many days, and whether that is too long.
    pub age: (i64, bool),
    /// Who looks after it.
    pub owner: String,
    /// How much.
    pub amount: Pence,
}

/// Lines of a group that are shown on the page.
const SHOWN: usize = 200;

impl AccountProof {
    /// The heading.
    pub fn heading(&self) -> String {
        format!("{}, at {}", self.title, self.as_at.format("%-d %B %Y"))
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let on = super::sampled::on;
        let line = ProofLine {
            key: "receipt RCT-000041".into(),
            href: "/cash/receipts/RCT-000041".into(),
            what: "receipt RCT-000041".into(),
            why: "A cheque that the bank has not cleared".into(),
            on: on(2026, 10, 20),
            age: (41, true),
            owner: String::new(),
            amount: Pence(12_050),
        };
        let page = |frame, unexplained, prepare, kept| Self {
            frame,
            title: "Bank, Main account".into(),
            account: ("bank".into(), "1000".into()),
            as_at: on(2026, 11, 30),
            other: ("Balance on the bank statement of 30 November 2026".into(), Pence(118_240_015)),
            groups: vec![ProofGroup {
                title: "In the ledger, not on the statement".into(),
                count: 1,
                amount: Pence(12_050),
                lines: vec![line.clone()],
            }],
            ledger: Pence(118_252_065),
            unexplained,
            late: 1,
            prepare,
            owner: (String::new(), String::new(), String::new()),
            kept,
        };
        let kept = Kept {
            number: "PRF-000041".into(),
            state: ui::tag("To review", ui::TagColour::Yellow),
            words: "The cheque shows on 2 December.".into(),
            prepared: ("Tom Ashdown".into(), on(2026, 12, 1)),
            reviewed: None,
            sha256: "9f2ac1".into(),
            review: Some(String::new()),
        };
        let reviewed = Kept {
            reviewed: Some(("Priya Nair".into(), on(2026, 12, 2), "Seen".into())),
            review: None,
            ..kept.clone()
        };
        let wrong = Frame::sample("Cash").wrong("words", "Enter at most 1,000 characters");
        vec![
            ("full", page(Frame::sample("Cash"), Pence::ZERO, Some(String::new()), None)),
            ("error", page(wrong, Pence(1), Some("x".into()), None)),
            ("kept", page(Frame::sample("Cash"), Pence::ZERO, None, Some(kept))),
            ("reviewed", page(Frame::sample("Cash"), Pence::ZERO, None, Some(reviewed))),
        ]
    }

    fn address(&self) -> String {
        let (kind, subject) = &self.account;
        format!("/cash/reconciliations/{kind}?subject={}&as_at={}", form_encode(subject), self.as_at)
    }

    fn hidden(&self) -> Html {
        ui::hidden("subject", &self.account.1).and(ui::hidden("as_at", self.as_at.to_string()))
    }

    fn summary(&self) -> Html {
        let blank = Html::default;
        let count = |group: &ProofGroup| if group.count == 0 { blank() } else { group.count.into() };
        let start = ui::row().cell(&self.other.0).cell(blank()).cell(self.other.1);
        let rows = std::iter::once(start)
            .chain(self.groups.iter().map(|group| ui::row().cell(&group.title).cell(count(group)).cell(group.amount)));
        let left = ui::row()
            .cell("Left unexplained")
            .cell(blank())
            .cell(ui::strong(ui::money(self.unexplained), self.unexplained != Pence::ZERO));
        ui::table("From one balance to the other")
            .show_caption()
            .columns([ui::col("What"), ui::num("Lines"), ui::num("Amount")])
            .rows(rows.chain([left]))
            .total([Html::from("Balance in the ledger"), blank(), self.ledger.into()])
            .into()
    }

    fn group(&self, group: &ProofGroup) -> Html {
        let rows = group.lines.iter().take(SHOWN).map(|line| {
            let what = if line.href.is_empty() { Html::from(&line.what) } else { ui::link(&line.href, &line.what) };
            let age = ui::strong(ui::number(line.age.0), line.age.1);
            ui::row()
                .cell(what)
                .cell(&line.why)
                .cell(line.on)
                .cell(age)
                .cell(ui::or_dash(&line.owner))
                .cell(line.amount)
        });
        let more = group.lines.len().saturating_sub(SHOWN);
        let more = if more > 0 {
            Html::from(ui::muted(format!("{} more lines are in the download.", ui::number(more as i64))))
        } else {
            Html::default()
        };
        let blank = Html::default;
        let table = ui::table(&group.title)
            .show_caption()
            .columns([
                ui::col("What"),
                ui::col("Why it is open"),
                ui::col("Since").nowrap(),
                ui::num("Days"),
                ui::col("Owner"),
                ui::num("Amount"),
            ])
            .rows(rows)
            .total([Html::from("Total"), blank(), blank(), blank(), blank(), group.amount.into()]);
        Html::from(table).and(more)
    }

    fn owner_form(&self) -> Html {
        let lines: Vec<&ProofLine> = self.groups.iter().flat_map(|group| &group.lines).take(SHOWN).collect();
        if lines.is_empty() || self.prepare.is_none() {
            return Html::default();
        }
        let errors = &self.frame.errors;
        let choices =
            lines.iter().map(|line| ui::choice(&line.key, format!("{}, {}", line.what, ui::money(line.amount))));
        let body = Html::from(ui::select("line", "Line", &self.owner.0, choices).errors(errors))
            .and(ui::input("owner", "Who looks after it", &self.owner.1).errors(errors))
            .and(ui::input("known", "What is known", &self.owner.2).errors(errors))
            .and(self.hidden())
            .and(ui::button("Give it an owner").secondary());
        let form =
            ui::post_form(format!("/cash/reconciliations/{}/owner", self.account.0), self.frame.tokens("owner"), body);
        ui::panel("An owner for a line", form).into()
    }

    fn side(&self) -> Html {
        let errors = &self.frame.errors;
        let mut side = Html::default();
        if let Some(kept) = &self.kept {
            let facts = ui::summary_list()
                .fact("State", &kept.state)
                .fact("Prepared by", format!("{}, {}", kept.prepared.0, kept.prepared.1.format("%-d %B %Y")))
                .fact_if("Said", &kept.words)
                .fact("SHA-256 of the PDF", ui::code(&kept.sha256));
            side = side.and(facts);
            if let Some((name, on, words)) = &kept.reviewed {
                let facts = ui::summary_list()
                    .fact("Reviewed by", format!("{name}, {}", on.format("%-d %B %Y")))
                    .fact_if("With the words", words);
                side = side.and(facts);
            }
            if let Some(typed) = &kept.review {
                let body = Html::from(ui::textarea("words", "What is said", typed).rows(3).errors(errors))
                    .and(ui::button("Reviewed").named("do", "accept"))
                    .and(ui::button("Send it back").warning().named("do", "send_back"));
                let form =
                    ui::post_form(format!("/cash/proofs/{}/review", kept.number), self.frame.tokens("review"), body);
                side = side.and(ui::boxed("Review", form).to_do());
            }
        }
        if let Some(typed) = &self.prepare {
            let says = if self.unexplained == Pence::ZERO {
                "The proof is printed and kept by its hash, and waits for somebody else's review."
            } else {
                "Something is left unexplained: say what it is, or find it first."
            };
            let body = Html::from(ui::textarea("words", "What is said of it", typed).rows(3).errors(errors))
                .and(self.hidden())
                .and(ui::button("Prepare the proof"));
            let form =
                ui::post_form(format!("/cash/reconciliations/{}", self.account.0), self.frame.tokens("prepare"), body);
            side = side.and(ui::boxed("Prepare", Html::from(ui::para(says)).and(form)).to_do());
        }
        side
    }
}

impl Plain for AccountProof {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/cash", "Cash"), ("/cash/reconciliations", "Reconciliations")]).into()
    }

    fn caption(&self) -> Html {
        self.kept.as_ref().map_or_else(Html::default, |kept| kept.number.as_str().into())
    }

    fn actions(&self) -> Html {
        match &self.kept {
            Some(kept) => ui::link_button("Download the PDF", format!("/cash/proofs/{}/pdf", kept.number)).into(),
            None => ui::downloads(|kind| format!("{}&format={kind}", self.address())),
        }
    }

    fn body(&self) -> Html {
        let count: i64 = self.groups.iter().map(|group| group.lines.len() as i64).sum();
        let tiles = ui::figures([
            ui::figure("In the ledger", Some(ui::money(self.ledger))),
            ui::figure("Left unexplained", Some(ui::money(self.unexplained))).bad(self.unexplained != Pence::ZERO),
            ui::figure("Lines open", Some(ui::number(count))),
            ui::figure("Open too long", Some(ui::number(self.late))).bad(self.late > 0),
        ]);
        let groups =
            ui::parts(self.groups.iter().filter(|group| !group.lines.is_empty()).map(|group| self.group(group)));
        Html::from(tiles).and(ui::grid([(8, self.summary()), (4, self.side())])).and(groups).and(self.owner_form())
    }
}
