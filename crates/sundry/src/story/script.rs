//! The words of stories: what a line can say, and what is wrong with one that cannot be read.
use super::card::{self, CardAct};
use super::desk_words::{self, DeskAct, DeskExpect};
use super::phrase::{Phrase, Wrong};
use chrono::NaiveDate;
use sundry_domain::control::Role;
use sundry_domain::customers::{CustomerKind, FlagKind};
use sundry_domain::money::Pence;
use sundry_domain::recovery::HoldReason;

/// A line that says something.
#[derive(Clone, Debug)]
pub struct Line {
    /// Counted from 1.
    pub number: usize,
    /// As it is written.
    pub text: String,
    /// The day it moves to.
    pub day: Option<NaiveDate>,
    /// What it says, if more than a day.
    pub says: Option<Says>,
}

/// A whole story.
#[derive(Clone, Debug)]
pub struct Script {
    /// Its title.
    pub title: String,
    /// What kind of organisation it plays in.
    pub organisation: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 1.
    pub line: usize,
    /// In a sentence.
    pub sentence: String,
}

/// What a line says.
#[derive(Clone, Debug)]
pub enum Says {
    /// Who acts from here.
    As(Role, i64),
    /// Somebody does something.
    Act(Act),
    /// Something must be so.
    Expect(Expect),
}

/// A line of a bank statement.
#[derive(Clone, Debug)]
pub struct BankLine {
    /// Money in is positive.
    pub amount: Pence,
    /// Who paid.
    pub from: String,
    /// What they wrote.
    pub words: String,
    /// Sort code and account.
    pub account: Option<(String, String)>,
}

/// A customer to open an account for.
#[derive(Clone, Debug)]
pub struct NewCustomer {
    /// What the story calls them.
    pub nick: String,
    /// Name.
    pub name: String,
    /// What they are.
    pub kind: CustomerKind,
    /// E-mail, which they then prefer.
    pub email: String,
    /// Terms in days.
    pub terms_days: Option<i64>,
    /// Whether they read Welsh.
    pub welsh: bool,
    /// Whether we know where they live.
    pub address: bool,
    /// The postcode, where it matters.
    pub postcode: Option<String>,
}

/// An invoice to raise.
#[derive(Clone, Debug)]
pub struct NewInvoice {
    /// The number it must get.
    pub number: String,
    /// For whom.
    pub nick: String,
    /// Net.
    pub net: Pence,
    /// VAT code.
    pub vat_code: String,
    /// What kind of debt it is.
    pub debt_type: String,
    /// When it is due.
    pub due_on: Option<NaiveDate>,
    /// In how many instalments, and how far apart.
    pub instalments: Option<(u32, String)>,
    /// What for.
    pub words: String,
}

/// Something that somebody does.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum Act {
    Card(CardAct),
    Customer(NewCustomer),
    Invoice(NewInvoice),
    ProposeCredit { approval: String, invoice: String, net: Pence, words: String },
    ProposeWriteOff { approval: String, item: String, amount: Pence, reason: String, words: String },
    ProposeWriteBack { approval: String, write_off: String, amount: Pence, words: String },
    Decide { approval: String, approve: bool, words: String },
    Bank(BankLine),
    Import { again: bool },
    Match,
    Receive { receipt: String, method: String, nick: String, amount: Pence, invoice: Option<String> },
    Allocate { receipt: String, invoice: String, amount: Pence },
    Undo { receipt: String, invoice: String },
    Identify { receipt: String, nick: String },
    Bounce { receipt: String, words: String },
    Hold { nick: String, reason: HoldReason, invoice: Option<String>, until: Option<NaiveDate>, words: String },
    EndHold { nick: String, reason: HoldReason },
    Promise { nick: String, amount: Pence, by: NaiveDate },
    Plan { plan: String, nicks: Vec<String>, invoices: Vec<String>, instalments: u32, from: NaiveDate, ours: bool },
    Query { query: String, invoice: String, category: String, disputed: Option<Pence>, words: String },
    Answer { query: String, words: String },
    Resolve { query: String, resolution: String, credit: Option<(String, Pence)>, words: String },
    Withdraw { query: String },
    Flag { nick: String, kind: FlagKind, evidence: String, from: Option<NaiveDate>, until: Option<NaiveDate> },
    EndFlag { nick: String, kind: FlagKind, words: String },
    Call { nick: String, outcome: String, words: String },
    Run { release: bool },
    Print { cut: bool },
    SignBatch { batch: String, letters: Option<i64> },
    GlBatch,
    Close { year: i64, period: i64, hard: bool },
    Desk(DeskAct),
    Debit(Debit),
    Reconcile(super::reconcile::Reconcile),
    GiveUp(super::giving_up::GiveUp),
    Agency(super::agencies::AgencyAct),
    Court(super::court::CourtAct),
    Service(super::service::ServiceAct),
    Month(super::month::MonthAct),
    Person(super::people::PersonAct),
}

/// Something of Direct Debit.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum Debit {
    Mandate { nick: String },
    Notice { due_by: NaiveDate },
    Collect { on: NaiveDate, approval: String },
    Release,
    Accepted,
    Unpaid { nick: String, reason: String },
    Advice { nick: String, reason: String },
    Claim { nick: String },
    Again { nick: String, on: NaiveDate },
}

/// Something that must be so.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum Expect {
    Card { payment: String, state: String },
    Payout { payout: String, net: Pence, state: String },
    Printed { batch: String, letters: i64, sum: Pence, state: String },
    Balance { nick: String, amount: Pence },
    Open { invoice: String, amount: Pence },
    Unallocated { nick: String, amount: Pence },
    Suspense(Pence),
    Letter { template: Option<String>, invoice: String, there: bool },
    LetterTo { template: String, nick: String, there: bool },
    Step { step: String, invoice: String, on: Option<NaiveDate> },
    Refusal { code: String, invoice: Option<String> },
    Invalid(String),
    Aged { nick: String, as_at: Option<NaiveDate>, by_invoice: bool, band: String, amount: Pence },
    OpenAsAt { invoice: String, as_at: NaiveDate, amount: Pence },
    Promise { nick: String, state: String },
    Plan { plan: String, state: String },
    Query { query: String, state: String },
    Mandate { nick: String, state: String },
    Approval { approval: String, state: String },
    Journal { event: String, entries: Vec<(String, bool, Pence)> },
    Desk(DeskExpect),
    Seen(i64),
    Reconciled(super::reconcile::Reconciled),
    GivenUp(super::giving_up::GivenUp),
    Agency(super::agencies::AgencyExpect),
    Court(super::court::CourtExpect),
    Service(super::service::ServiceExpect),
    Month(super::month::MonthExpect),
}

/// Reads a story; all that is wrong with it at once.
pub fn parse(text: &str) -> Result<Script, Vec<Problem>> {
    let mut script = Script { title: String::new(), organisation: "council".into(), lines: Vec::new() };
    let mut problems = Vec::new();
    let mut day: Option<NaiveDate> = None;
    for (number, raw) in (1..).zip(text.lines()) {
        let line = raw.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let mut problem = |sentence: String| problems.push(Problem { line: number, sentence });
        if let Some(title) = line.strip_prefix("story ") {
            script.title = title.trim().to_owned();
            continue;
        }
        if let Some(kind) = line.strip_prefix("in a ").or_else(|| line.strip_prefix("in an ")) {
            match organisation_of(kind.trim()) {
                Some(kind) => script.organisation = kind.into(),
                None => problem(format!("`{kind}` is not a council, nhs trust, care provider or independent provider")),
            }
            continue;
        }
        match parse_line(number, line) {
            Err(sentence) => problem(sentence),
            Ok(read) => {
                if day.is_none() && read.day.is_none() {
                    problem("the story has not said which day it is".into());
                }
                if read.day.is_some_and(|next| day.is_some_and(|before| next < before)) {
                    problem("the clock does not go back".into());
                }
                day = read.day.or(day);
                script.lines.push(read);
            }
        }
    }
    if script.title.is_empty() {
        problems.insert(0, Problem { line: 1, sentence: "the first line says `story` and its title".into() });
    }
    if problems.is_empty() { Ok(script) } else { Err(problems) }
}

fn organisation_of(words: &str) -> Option<&'static str> {
    match words {
        "council" => Some("council"),
        "nhs trust" => Some("nhs"),
        "care provider" => Some("care"),
        "independent provider" => Some("independent"),
        _ => None,
    }
}

fn parse_line(number: usize, text: &str) -> Result<Line, Wrong> {
    let mut phrase = Phrase::of(text)?;
    let day = phrase.date_if_any();
    let says = if phrase.is_over() { None } else { Some(parse_says(&mut phrase)?) };
    phrase.end()?;
    Ok(Line { number, text: text.to_owned(), day, says })
}

fn parse_says(p: &mut Phrase) -> Result<Says, Wrong> {
    if p.takes("as") {
        let nth = if p.takes("another") { 2 } else { 1 };
        return Ok(Says::As(role(p)?, nth));
    }
    if p.takes("expect") {
        return Ok(Says::Expect(parse_expect(p)?));
    }
    Ok(Says::Act(parse_act(p)?))
}

fn role(p: &mut Phrase) -> Result<Role, Wrong> {
    for role in Role::ALL {
        if p.takes(&role.name().to_lowercase()) {
            return Ok(*role);
        }
    }
    Err(format!("`{}` is not a role", p.word("a role")?))
}

fn parse_act(p: &mut Phrase) -> Result<Act, Wrong> {
    let verb = p.word("what happens")?;
    match verb.as_str() {
        "customer" => customer(p).map(Act::Customer),
        "invoice" => invoice(p).map(Act::Invoice),
        "credit" => propose_credit(p),
        "approve" | "refuse" => {
            let approval = p.number("APP")?;
            Ok(Act::Decide { approval, approve: verb == "approve", words: p.text_if_any().unwrap_or_default() })
        }
        "bank" => bank(p).map(Act::Bank),
        "import" => Ok(Act::Import { again: p.takes("again") }),
        "match" => Ok(Act::Match),
        "card" => card::parse(p).map(Act::Card),
        "cheque" | "cash" => receive(p, verb),
        "allocate" => allocate(p),
        "undo" => {
            let receipt = p.number("RCT")?;
            p.must("from")?;
            Ok(Act::Undo { receipt, invoice: p.any_number()? })
        }
        "identify" => {
            let receipt = p.number("RCT")?;
            p.must("as")?;
            Ok(Act::Identify { receipt, nick: p.word("a customer")? })
        }
        "bounce" => Ok(Act::Bounce { receipt: p.number("RCT")?, words: p.text("the reason")? }),
        "print" => Ok(Act::Print { cut: p.takes("until the power fails") }),
        "confirm" => {
            let batch = p.number("PRN")?;
            let letters = if p.takes("as") { Some(p.count()?) } else { None };
            Ok(Act::SignBatch { batch, letters })
        }
        _ => parse_case_act(p, &verb),
    }
}

/// The verbs of a billing month and of the cash desk.
fn desk_words_or_month(p: &mut Phrase, verb: &str) -> Option<Result<Act, Wrong>> {
    match super::month::parse_act(p, verb) {
        Some(act) => Some(act.map(Act::Month)),
        None => desk_words::parse_act(p, verb).map(|act| act.map(Act::Desk)),
    }
}

fn parse_case_act(p: &mut Phrase, verb: &str) -> Result<Act, Wrong> {
    match verb {
        "hold" => hold(p),
        "end" => end(p),
        "promise" => {
            let nick = p.word("a customer")?;
            let amount = p.money()?;
            p.must("by")?;
            Ok(Act::Promise { nick, amount, by: p.date()? })
        }
        "plan" => payment_plan(p),
        "query" => query(p),
        "answer" => Ok(Act::Answer { query: p.number("QRY")?, words: p.text("the answer")? }),
        "resolve" => resolve(p),
        "withdraw" => Ok(Act::Withdraw { query: p.number("QRY")? }),
        "flag" => flag(p),
        "call" => Ok(Act::Call {
            nick: p.word("a customer")?,
            outcome: p.word("what came of it")?,
            words: p.text_if_any().unwrap_or_default(),
        }),
        "run" | "preview" => {
            p.must("day")?;
            Ok(Act::Run { release: verb == "run" })
        }
        "debit" => debit(p).map(Act::Debit),
        "write" => write_off(p),
        "give" => super::giving_up::parse(p).map(Act::GiveUp),
        "gl" => {
            p.must("batch")?;
            Ok(Act::GlBatch)
        }
        "close" | "lock" => close(p, verb == "lock"),
        "notice" => super::people::notice(p).map(Act::Person),
        "joint" => super::people::joint(p).map(Act::Person),
        "merge" => super::people::merge(p).map(Act::Person),
        "unmerge" => super::people::unmerge(p).map(Act::Person),
        "fact" => super::people::fact(p).map(Act::Person),
        "agency" => super::agencies::parse(p).map(Act::Agency),
        "court" => super::court::court(p).map(Act::Court),
        "insolvency" => super::court::insolvent(p).map(Act::Court),
        "service" => super::service::service(p).map(Act::Service),
        "looked" => super::service::looked(p).map(Act::Service),
        _ => match desk_words_or_month(p, verb) {
            Some(act) => act,
            None => super::reconcile::parse(p, verb).map(Act::Reconcile),
        },
    }
}

fn debit(p: &mut Phrase) -> Result<Debit, Wrong> {
    let what = p.word("what is done by Direct Debit")?;
    let nick = |p: &mut Phrase| p.word("a customer");
    Ok(match what.as_str() {
        "mandate" => Debit::Mandate { nick: nick(p)? },
        "notice" => Debit::Notice { due_by: p.date()? },
        "collect" => Debit::Collect { on: p.date()?, approval: p.number("APP")? },
        "release" => Debit::Release,
        "accepted" => Debit::Accepted,
        "unpaid" => Debit::Unpaid { nick: nick(p)?, reason: p.word("a reason code")? },
        "advice" => Debit::Advice { nick: nick(p)?, reason: p.word("a reason code")? },
        "claim" => Debit::Claim { nick: nick(p)? },
        "again" => Debit::Again { nick: nick(p)?, on: p.date()? },
        _ => return Err(format!("`{what}` is not done by Direct Debit")),
    })
}

/// `plan PLAN-1 for holt with alun of INV-1 INV-2 in 6 from 2026-05-01`: monthly instalments, by bank transfer.
fn payment_plan(p: &mut Phrase) -> Result<Act, Wrong> {
    let plan = p.number("PLAN")?;
    p.must("for")?;
    let mut nicks = vec![p.word("a customer")?];
    while p.takes("with") {
        nicks.push(p.word("a customer")?);
    }
    p.must("of")?;
    let mut invoices = vec![p.number("INV")?];
    while p.comes("INV") {
        invoices.push(p.number("INV")?);
    }
    p.must("in")?;
    let instalments = u32::try_from(p.count()?).map_err(|_| "a plan has from 1 to 240 instalments".to_owned())?;
    p.must("from")?;
    let from = p.date()?;
    Ok(Act::Plan { plan, nicks, invoices, instalments, from, ours: p.takes("asked by us") })
}

fn customer(p: &mut Phrase) -> Result<NewCustomer, Wrong> {
    let nick = p.word("a short name")?;
    let name = p.text("the customer's name")?;
    let kind = p.word("what the customer is")?;
    let kind = CustomerKind::parse(&kind).ok_or_else(|| format!("`{kind}` is not a kind of customer"))?;
    let mut new = NewCustomer {
        nick,
        name,
        kind,
        email: String::new(),
        terms_days: None,
        welsh: false,
        address: true,
        postcode: None,
    };
    loop {
        if p.takes("email") {
            new.email = p.word("an e-mail address")?;
        } else if p.takes("terms") {
            new.terms_days = Some(p.count()?);
        } else if p.takes("welsh") {
            new.welsh = true;
        } else if p.takes("no address") {
            new.address = false;
        } else if p.takes("at") {
            new.postcode = Some(p.text("a postcode")?);
        } else {
            return Ok(new);
        }
    }
}

fn invoice(p: &mut Phrase) -> Result<NewInvoice, Wrong> {
    let number = p.number("INV")?;
    p.must("for")?;
    let (nick, net) = (p.word("a customer")?, p.money()?);
    let mut new = NewInvoice {
        number,
        nick,
        net,
        vat_code: "O".into(),
        debt_type: "Sundry".into(),
        due_on: None,
        instalments: None,
        words: "Services".into(),
    };
    loop {
        if p.takes("vat") {
            new.vat_code = p.word("a VAT code")?;
        } else if p.takes("type") {
            new.debt_type = p.text("a kind of debt")?;
        } else if p.takes("due") {
            new.due_on = Some(p.date()?);
        } else if p.takes("in") {
            let count = u32::try_from(p.count()?).unwrap_or(0);
            p.must("parts")?;
            p.must("each")?;
            new.instalments = Some((count, p.word("how far apart")?));
        } else if let Some(words) = p.text_if_any() {
            new.words = words;
        } else {
            return Ok(new);
        }
    }
}

fn propose_credit(p: &mut Phrase) -> Result<Act, Wrong> {
    p.must("note")?;
    let approval = p.number("APP")?;
    p.must("for")?;
    let (invoice, net) = (p.number("INV")?, p.money()?);
    Ok(Act::ProposeCredit { approval, invoice, net, words: p.text("the reason")? })
}

fn write_off(p: &mut Phrase) -> Result<Act, Wrong> {
    let back = p.takes("back");
    if !back {
        p.must("off")?;
    }
    let approval = p.number("APP")?;
    p.must("of")?;
    if back {
        let (write_off, amount) = (p.number("WO")?, p.money()?);
        return Ok(Act::ProposeWriteBack { approval, write_off, amount, words: p.text("why")? });
    }
    let (item, amount) = (p.any_number()?, p.money()?);
    let reason = p.word("a reason to write off")?;
    Ok(Act::ProposeWriteOff { approval, item, amount, reason, words: p.text("the evidence")? })
}

fn bank(p: &mut Phrase) -> Result<BankLine, Wrong> {
    let amount = p.money()?;
    p.must("from")?;
    let (from, words) = (p.text("the payer's name")?, p.text_if_any().unwrap_or_default());
    let account = if p.takes("account") { Some((p.word("a sort code")?, p.word("an account number")?)) } else { None };
    Ok(BankLine { amount, from, words, account })
}

fn receive(p: &mut Phrase, method: String) -> Result<Act, Wrong> {
    let receipt = p.number("RCT")?;
    p.must("from")?;
    let (nick, amount) = (p.word("a customer")?, p.money()?);
    let invoice = if p.takes("for") { Some(p.number("INV")?) } else { None };
    Ok(Act::Receive { receipt, method, nick, amount, invoice })
}

fn allocate(p: &mut Phrase) -> Result<Act, Wrong> {
    let receipt = p.number("RCT")?;
    p.must("to")?;
    Ok(Act::Allocate { receipt, invoice: p.any_number()?, amount: p.money()? })
}

fn reason(p: &mut Phrase) -> Result<HoldReason, Wrong> {
    let word = p.word("a reason")?;
    HoldReason::parse(&word).ok_or_else(|| format!("`{word}` is not a reason to hold"))
}

fn hold(p: &mut Phrase) -> Result<Act, Wrong> {
    let nick = p.word("a customer")?;
    let invoice = if p.comes("INV") { Some(p.number("INV")?) } else { None };
    let reason = reason(p)?;
    let until = if p.takes("until") { Some(p.date()?) } else { None };
    let words = p.text_if_any().unwrap_or_else(|| "As the story says".into());
    Ok(Act::Hold { nick, reason, invoice, until, words })
}

fn flag_kind(p: &mut Phrase) -> Result<FlagKind, Wrong> {
    let word = p.word("a flag")?;
    FlagKind::parse(&word).ok_or_else(|| format!("`{word}` is not a flag"))
}

fn flag(p: &mut Phrase) -> Result<Act, Wrong> {
    let (nick, kind, evidence) = (p.word("a customer")?, flag_kind(p)?, p.text("the evidence")?);
    let from = if p.takes("from") { Some(p.date()?) } else { None };
    let until = if p.takes("until") { Some(p.date()?) } else { None };
    Ok(Act::Flag { nick, kind, evidence, from, until })
}

fn end(p: &mut Phrase) -> Result<Act, Wrong> {
    if p.takes("hold") {
        return Ok(Act::EndHold { nick: p.word("a customer")?, reason: reason(p)? });
    }
    p.must("flag")?;
    let (nick, kind) = (p.word("a customer")?, flag_kind(p)?);
    Ok(Act::EndFlag { nick, kind, words: p.text_if_any().unwrap_or_else(|| "It is over".into()) })
}

fn query(p: &mut Phrase) -> Result<Act, Wrong> {
    let query = p.number("QRY")?;
    p.must("on")?;
    let (invoice, category) = (p.number("INV")?, p.word("a category")?);
    let disputed = p.money_if_any();
    Ok(Act::Query { query, invoice, category, disputed, words: p.text("what is asked")? })
}

fn resolve(p: &mut Phrase) -> Result<Act, Wrong> {
    let (query, resolution) = (p.number("QRY")?, p.word("what came of it")?);
    let credit = if p.comes("APP") { Some((p.number("APP")?, p.money()?)) } else { None };
    Ok(Act::Resolve { query, resolution, credit, words: p.text_if_any().unwrap_or_default() })
}

fn close(p: &mut Phrase, hard: bool) -> Result<Act, Wrong> {
    p.must("period")?;
    let word = p.word("a year like 2026/27")?;
    let year = word.get(..4).and_then(|year| year.parse().ok()).filter(|_| word.len() == 7);
    let year = year.ok_or_else(|| format!("`{word}` is not a year like 2026/27"))?;
    let word = p.word("a period like P1")?;
    let period = word.strip_prefix('P').and_then(|n| n.parse().ok());
    Ok(Act::Close { year, period: period.ok_or_else(|| format!("`{word}` is not a period like P1"))?, hard })
}

fn parse_expect(p: &mut Phrase) -> Result<Expect, Wrong> {
    if let Some(reconciled) = super::reconcile::parse_expect(p)? {
        return Ok(Expect::Reconciled(reconciled));
    }
    if let Some(given_up) = super::giving_up::parse_expect(p)? {
        return Ok(Expect::GivenUp(given_up));
    }
    let what = p.word("what is expected")?;
    match what.as_str() {
        "balance" => Ok(Expect::Balance { nick: p.word("a customer")?, amount: p.money()? }),
        "open" => Ok(Expect::Open { invoice: p.any_number()?, amount: p.money()? }),
        "unallocated" => Ok(Expect::Unallocated { nick: p.word("a customer")?, amount: p.money()? }),
        "suspense" => Ok(Expect::Suspense(p.money()?)),
        "mandate" => Ok(Expect::Mandate { nick: p.word("a customer")?, state: p.word("a state")? }),
        "no" => {
            let template = if p.takes("letter") { None } else { Some(p.word("a letter")?.replace('-', "_")) };
            if let Some(template) = template.clone().filter(|_| p.takes("to")) {
                return Ok(Expect::LetterTo { template, nick: p.word("a customer")?, there: false });
            }
            p.must("for")?;
            Ok(Expect::Letter { template, invoice: p.number("INV")?, there: false })
        }
        "letter" => {
            let template = p.word("a letter")?.replace('-', "_");
            if p.takes("to") {
                return Ok(Expect::LetterTo { template, nick: p.word("a customer")?, there: true });
            }
            p.must("for")?;
            Ok(Expect::Letter { template: Some(template), invoice: p.number("INV")?, there: true })
        }
        "step" => {
            let step = p.word("a step")?;
            p.must("for")?;
            let invoice = p.number("INV")?;
            let on = if p.takes("on") { Some(p.date()?) } else { None };
            Ok(Expect::Step { step, invoice, on })
        }
        "refusal" => {
            let code = p.word("a code")?;
            let invoice = if p.takes("for") { Some(p.number("INV")?) } else { None };
            Ok(Expect::Refusal { code, invoice })
        }
        "invalid" => Ok(Expect::Invalid(p.word("a field")?)),
        _ => parse_expect_more(p, &what),
    }
}

fn parse_expect_more(p: &mut Phrase, what: &str) -> Result<Expect, Wrong> {
    match what {
        "aged" => {
            let nick = p.word("a customer")?;
            let as_at = if p.takes("as at") { Some(p.date()?) } else { None };
            let by_invoice = p.takes("by invoice date");
            Ok(Expect::Aged { nick, as_at, by_invoice, band: p.word("a band")?, amount: p.money()? })
        }
        "as" => {
            p.must("at")?;
            let as_at = p.date()?;
            p.must("open")?;
            Ok(Expect::OpenAsAt { invoice: p.number("INV")?, as_at, amount: p.money()? })
        }
        "plan" => Ok(Expect::Plan { plan: p.number("PLAN")?, state: p.word("a state")? }),
        "promise" => Ok(Expect::Promise { nick: p.word("a customer")?, state: p.word("a state")? }),
        "query" => Ok(Expect::Query { query: p.number("QRY")?, state: p.word("a state")? }),
        "approval" => Ok(Expect::Approval { approval: p.number("APP")?, state: p.word("a state")? }),
        "card" => Ok(Expect::Card { payment: p.number("CP")?, state: p.word("a state")? }),
        "payout" => Ok(Expect::Payout { payout: p.number("PO")?, net: p.money()?, state: p.word("a state")? }),
        "printed" => {
            let (batch, letters) = (p.number("PRN")?, p.count()?);
            Ok(Expect::Printed { batch, letters, sum: p.money()?, state: p.word("a state")? })
        }
        "journal" => journal(p),
        "seen" => {
            p.must("before")?;
            Ok(Expect::Seen(p.count()?))
        }
        "placement" => super::agencies::parse_expect(p).map(Expect::Agency),
        _ => parse_expect_of_a_room(p, what),
    }
}

/// Words that belong to one room each.
fn parse_expect_of_a_room(p: &mut Phrase, what: &str) -> Result<Expect, Wrong> {
    if let Some(wanted) = desk_words::parse_expect(p, what) {
        return wanted.map(Expect::Desk);
    }
    if let Some(wanted) = super::month::parse_expect(p, what) {
        return wanted.map(Expect::Month);
    }
    if let Some(wanted) = super::court::parse_expect(p, what) {
        return wanted.map(Expect::Court);
    }
    match super::service::parse_expect(p, what) {
        Some(wanted) => wanted.map(Expect::Service),
        None => Err(format!("`expect {what}` is not understood")),
    }
}

fn journal(p: &mut Phrase) -> Result<Expect, Wrong> {
    let event = p.word("an event")?;
    let mut entries = Vec::new();
    while !p.is_over() {
        let code = p.word("a GL code")?;
        let debit = p.takes("Dr");
        if !debit {
            p.must("Cr")?;
        }
        entries.push((code, debit, p.money()?));
    }
    Ok(Expect::Journal { event, entries })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_read() {
        let text = "story One line\nin a care provider\n# a remark\n2026-05-01 as billing officer\n\
                    customer holt \"Mrs Mary Holt\" individual email m@x.example\ninvoice INV-1 for holt 120.00 vat S\n\
                    2026-05-02 run day\nexpect refusal REC-04-HOLD-DISPUTE for INV-1\n";
        let script = parse(text).expect("it reads");
        assert_eq!((script.title.as_str(), script.organisation.as_str()), ("One line", "care"));
        assert_eq!(script.lines.len(), 5);
        assert!(matches!(&script.lines[0].says, Some(Says::As(Role::BillingOfficer, 1))));
        let Some(Says::Act(Act::Invoice(invoice))) = &script.lines[2].says else { panic!("an invoice") };
        assert_eq!(
            (invoice.number.as_str(), invoice.net, invoice.vat_code.as_str()),
            ("INV-000001", Pence(12_000), "S")
        );
    }

    #[test]
    fn everything_wrong_is_named_with_its_line() {
        let text =
            "2026-05-02 as wizard\ndance\n2026-05-01 match\ninvoice INV-1 for x 12\nbank 1.00 from \"A\nexpect luck\n";
        let problems = parse(text).expect_err("it does not read");
        let said: Vec<(usize, &str)> = problems.iter().map(|p| (p.line, p.sentence.as_str())).collect();
        assert_eq!(said[0], (1, "the first line says `story` and its title"));
        assert_eq!(said[1], (1, "`wizard` is not a role"));
        assert!(said.contains(&(2, "`dance` is not a word of stories")));
        assert!(said.contains(&(4, "`12` is not an amount like 120.00")));
        assert!(said.contains(&(5, "a quotation mark is not closed")));
        assert!(said.contains(&(6, "`expect luck` is not understood")));
    }

    #[test]
    fn the_clock_does_not_go_back() {
        let problems = parse("story Back\n2026-05-02\n2026-05-01\n").expect_err("it does not read");
        assert_eq!(problems, [Problem { line: 3, sentence: "the clock does not go back".into() }]);
        let problems = parse("story No day\nmatch\n").expect_err("it does not read");
        assert_eq!(problems[0].sentence, "the story has not said which day it is");
    }
}
