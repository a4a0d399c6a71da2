//! Giving debts up in stories: evidence, the month's schedule, money that came later.
use super::act::{Failed, same};
use super::phrase::{Phrase, Wrong};
use super::stage::Stage;
use sundry_desk::control::security_code::{
    begin_security_code, code_of_test_person, confirm_security_code, security_code,
};
use sundry_desk::writeoff::{
    AddDebtEvidence, DecideSchedule, LineDecision, ProposeWriteOffs, RequestWriteBack, add_debt_evidence,
    decide_schedule, losses_register, propose_write_offs, request_write_back, schedule, waiting_money,
};
use sundry_desk::{No, Outcome};
use sundry_domain::money::Pence;

/// What is done.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum GiveUp {
    Evidence { kind: String, debt: String, words: String },
    Propose { debt: String, amount: Pence, reason: String, words: String },
    Decide { number: String, debt: String, act: &'static str, words: String, code: Option<String> },
    Back { approval: String, write_off: String, amount: Pence, receipt: String, words: String },
}

/// What must be so.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum GivenUp {
    Line { number: String, debt: String, state: String },
    Loss { category: String, cases: i64, gross: Pence },
    Money { receipt: String, write_off: String },
}

/// Reads an action that begins with `give`.
pub fn parse(p: &mut Phrase) -> Result<GiveUp, Wrong> {
    if p.takes("evidence") {
        let kind = p.word("a kind of evidence")?;
        p.must("for")?;
        return Ok(GiveUp::Evidence { kind, debt: p.any_number()?, words: p.text("what it shows")? });
    }
    if p.takes("up") {
        let (debt, amount, reason) = (p.any_number()?, p.money()?, p.word("a reason to write off")?);
        return Ok(GiveUp::Propose { debt, amount, reason, words: p.text("what was done")? });
    }
    if p.takes("money") {
        let receipt = p.number("RCT")?;
        p.must("for")?;
        let (write_off, amount) = (p.number("WO")?, p.money()?);
        p.must("as")?;
        let approval = p.number("APP")?;
        return Ok(GiveUp::Back { approval, write_off, amount, receipt, words: p.text("why")? });
    }
    let act = match p.word("yes, back or no")?.as_str() {
        "yes" => "approve",
        "back" => "send_back",
        "no" => "refuse",
        other => return Err(format!("`{other}` is not yes, back or no")),
    };
    p.must("to")?;
    let debt = p.any_number()?;
    p.must("on")?;
    let number = p.word("a schedule like WO-2026-11")?;
    let code = if p.takes("with code") { Some(p.text("six digits")?) } else { None };
    Ok(GiveUp::Decide { number, debt, act, words: p.text_if_any().unwrap_or_default(), code })
}

/// Reads an expectation, if it is one of these.
pub fn parse_expect(p: &mut Phrase) -> Result<Option<GivenUp>, Wrong> {
    if p.takes("given up") {
        let debt = p.any_number()?;
        p.must("on")?;
        let number = p.word("a schedule like WO-2026-11")?;
        return Ok(Some(GivenUp::Line { number, debt, state: p.word("a state")? }));
    }
    if p.takes("losses") {
        let category = p.word("a category like 3c")?;
        return Ok(Some(GivenUp::Loss { category, cases: p.count()?, gross: p.money()? }));
    }
    if p.takes("money") {
        let receipt = p.number("RCT")?;
        p.must("for")?;
        return Ok(Some(GivenUp::Money { receipt, write_off: p.number("WO")? }));
    }
    Ok(None)
}

/// Does it.
pub async fn done(stage: &mut Stage, act: &GiveUp) -> Outcome<Failed> {
    match act {
        GiveUp::Evidence { kind, debt, words } => {
            let (kind, debt, words) = (kind.clone(), debt.clone(), words.clone());
            let ask = AddDebtEvidence { key: stage.key(), debt, kind, words, on: None };
            add_debt_evidence(&stage.desk, &stage.by, ask, None).await?;
        }
        GiveUp::Propose { debt, amount, reason, words } => {
            let (reason, words) = (reason.clone(), words.clone());
            let (debts, amount) = (vec![debt.clone()], Some(*amount));
            let ask = ProposeWriteOffs { key: stage.key(), debts, amount, reason, words };
            propose_write_offs(&stage.desk, &stage.by, ask).await?;
        }
        GiveUp::Decide { number, debt, act, words, code } => {
            decide(stage, (number, debt), act, words, code.as_deref()).await?;
        }
        GiveUp::Back { approval, write_off, amount, receipt, words } => {
            let (write_off, receipt, words) = (write_off.clone(), receipt.clone(), words.clone());
            let ask = RequestWriteBack { key: stage.key(), write_off, amount: *amount, words, receipt };
            return Ok(same(approval, &request_write_back(&stage.desk, &stage.by, ask).await?.approval));
        }
    }
    Ok(None)
}

async fn decide(
    stage: &mut Stage,
    (number, debt): (&str, &str),
    act: &str,
    words: &str,
    typed: Option<&str>,
) -> Outcome<()> {
    let shown = schedule(&stage.desk, &stage.by, number).await?;
    let line = shown.lines.iter().find(|line| line.number == debt && line.state == "proposed");
    let line = line.ok_or_else(|| No::Absent(format!("{debt} on {number}")))?;
    let approves = act == "approve";
    let mut security_code_now = String::new();
    if approves {
        if !security_code(&stage.desk, &stage.by).await?.confirmed {
            let (begin, confirm) = (stage.key(), stage.key());
            begin_security_code(&stage.desk, &stage.by, &begin, "").await?;
            let first = code_of_test_person(&stage.desk, &stage.by).await?;
            confirm_security_code(&stage.desk, &stage.by, &confirm, &first).await?;
        }
        security_code_now = match typed {
            Some(typed) => typed.to_owned(),
            None => code_of_test_person(&stage.desk, &stage.by).await?,
        };
    }
    let one = LineDecision { line: line.line, version: line.version, act: act.to_owned(), reason: words.to_owned() };
    let ask = DecideSchedule {
        key: stage.key(),
        schedule: number.to_owned(),
        lines: vec![one],
        count: i64::from(approves),
        total: if approves { Pence(line.amount_pence) } else { Pence::ZERO },
        security_code: security_code_now,
    };
    decide_schedule(&stage.desk, &stage.by, ask).await.map(drop)
}

/// Looks whether it is so.
pub async fn expect(stage: &Stage, wanted: &GivenUp) -> Outcome<Failed> {
    let (desk, by) = (&stage.desk, &stage.looker);
    let differs = |expected: String, found: String| (expected != found).then_some((expected, found));
    match wanted {
        GivenUp::Line { number, debt, state } => {
            let shown = schedule(desk, by, number).await?;
            let found = shown.lines.iter().rev().find(|line| line.number == *debt);
            Ok(differs(state.clone(), found.map_or_else(|| "not on it".into(), |line| line.state.clone())))
        }
        GivenUp::Loss { category, cases, gross } => {
            let register = losses_register(desk, by, None).await?;
            let told = |cases: i64, gross: Pence| format!("{cases} with {gross}");
            let found = register.totals.iter().find(|total| total.category == *category);
            let found = found.map_or_else(|| "none".into(), |total| told(total.cases, Pence(total.gross_pence)));
            Ok(differs(told(*cases, *gross), found))
        }
        GivenUp::Money { receipt, write_off } => {
            let waits = waiting_money(desk, by).await?;
            let found = waits.rows.iter().find(|row| row.money.number == *receipt);
            let found = found.and_then(|row| row.write_off.as_ref()).map(|off| off.number.clone());
            Ok(differs(write_off.clone(), found.unwrap_or_else(|| "no write-off".into())))
        }
    }
}
