//! The county court and insolvencies in stories: every line begins with `court` or `insolvency`.
use super::act::{Failed, same};
use super::phrase::{Phrase, Wrong};
use super::stage::Stage;
use chrono::NaiveDate;
use sundry_desk::court::{
    DecideReferral, DeclareDividend, Defendant, EndInsolvency, EnterJudgment, LodgeProof, OpenInsolvency, PrepareClaim,
    ReceiveDividend, RecordIssue, RecordResponse, ReferToCourt, RequestJudgment, SignClaim, TellCourt, case,
    decide_referral, declare_dividend, end_insolvency, enter_judgment, insolvency, lodge_proof, open_insolvency,
    prepare_claim, receive_dividend, record_issue, record_response, refer_to_court, request_judgment, sign_claim,
    tell_court,
};
use sundry_desk::customers::customer_account;
use sundry_desk::{No, Outcome};
use sundry_domain::money::Pence;

/// What is done.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum CourtAct {
    Refer { case: String, nick: String, words: String },
    Decide { case: String, accept: bool, words: String },
    Claim { case: String, basis: String },
    Sign { case: String },
    Issued { case: String, number: String, fee: Pence },
    Response { case: String, kind: String },
    Ask { case: String },
    Judgment { case: String, kind: String },
    Told { case: String },
    Insolvent { number: String, nick: String, kind: String, on: NaiveDate, evidence: String },
    Proof { number: String },
    Dividend { number: String, in_100: Pence, last: bool },
    Received { number: String, receipt: String },
    Over { number: String, revoked: bool },
}

/// What must be so.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum CourtExpect {
    Case { case: String, state: String },
    Register { case: String, state: String },
    Insolvency { number: String, state: String },
    Proof { number: String, amount: Pence },
}

/// Reads the rest of a line that begins with `court`.
pub fn court(p: &mut Phrase) -> Result<CourtAct, Wrong> {
    let case = p.number("CRT")?;
    if p.takes("send back") {
        return Ok(CourtAct::Decide { case, accept: false, words: p.text("why")? });
    }
    if p.takes("ask judgment") {
        return Ok(CourtAct::Ask { case });
    }
    let what = p.word("what is done with the case")?;
    Ok(match what.as_str() {
        "refer" => CourtAct::Refer { case, nick: p.word("a customer")?, words: p.text("why")? },
        "accept" => CourtAct::Decide { case, accept: true, words: String::new() },
        "claim" => CourtAct::Claim { case, basis: p.text("the contract or statute")? },
        "sign" => CourtAct::Sign { case },
        "issued" => {
            let number = p.text("the court's number")?;
            p.must("fee")?;
            CourtAct::Issued { case, number, fee: p.money()? }
        }
        "response" => CourtAct::Response { case, kind: p.word("what they filed")? },
        "judgment" => CourtAct::Judgment { case, kind: p.word("a kind of judgment")? },
        "told" => CourtAct::Told { case },
        _ => return Err(format!("`{what}` is not done with a court case")),
    })
}

/// Reads the rest of a line that begins with `insolvency`.
pub fn insolvent(p: &mut Phrase) -> Result<CourtAct, Wrong> {
    let number = p.number("INS")?;
    if p.takes("of") {
        let (nick, kind) = (p.word("a customer")?, p.word("a procedure")?);
        p.must("on")?;
        let on = p.date()?;
        return Ok(CourtAct::Insolvent { number, nick, kind, on, evidence: p.text("how we know")? });
    }
    let what = p.word("what is done in the insolvency")?;
    Ok(match what.as_str() {
        "proof" => CourtAct::Proof { number },
        "dividend" => {
            let in_100 = p.money()?;
            CourtAct::Dividend { number, in_100, last: p.takes("last") }
        }
        "received" => CourtAct::Received { number, receipt: p.number("RCT")? },
        "over" | "revoked" => CourtAct::Over { number, revoked: what == "revoked" },
        _ => return Err(format!("`{what}` is not done in an insolvency")),
    })
}

/// Reads an expectation, if the word is one of these.
pub fn parse_expect(p: &mut Phrase, what: &str) -> Option<Result<CourtExpect, Wrong>> {
    let of_case = |p: &mut Phrase| {
        let case = p.number("CRT")?;
        if p.takes("register") {
            return Ok(CourtExpect::Register { case, state: p.word("how it stands")? });
        }
        Ok(CourtExpect::Case { case, state: p.word("how it stands")? })
    };
    let of_insolvency = |p: &mut Phrase| {
        let number = p.number("INS")?;
        if p.takes("proof") {
            return Ok(CourtExpect::Proof { number, amount: p.money()? });
        }
        Ok(CourtExpect::Insolvency { number, state: p.word("how it stands")? })
    };
    match what {
        "case" => Some(of_case(p)),
        "insolvency" => Some(of_insolvency(p)),
        _ => None,
    }
}

/// Does it.
pub async fn done(stage: &mut Stage, act: &CourtAct) -> Outcome<Failed> {
    match act {
        CourtAct::Refer { case, nick, words } => {
            let (_, customer) = stage.customer(nick)?;
            let ask = ReferToCourt {
                key: stage.key(),
                customer,
                debts: Vec::new(),
                why: words.clone(),
                means: "In work, as told on the telephone".into(),
                assets: String::new(),
            };
            Ok(same(case, &refer_to_court(&stage.desk, &stage.by, ask).await?.number))
        }
        CourtAct::Decide { case, accept, words } => {
            let (key, case, words) = (stage.key(), case.clone(), words.clone());
            decide_referral(&stage.desk, &stage.by, DecideReferral { key, case, accept: *accept, words }).await?;
            Ok(None)
        }
        CourtAct::Claim { case, basis } => claim(stage, case, basis).await,
        CourtAct::Sign { case } => {
            let ask = SignClaim { key: stage.key(), case: case.clone(), i_believe: true, version: None };
            sign_claim(&stage.desk, &stage.by, ask).await?;
            Ok(None)
        }
        CourtAct::Issued { .. } | CourtAct::Response { .. } | CourtAct::Ask { .. } | CourtAct::Judgment { .. } => {
            at_court(stage, act).await
        }
        CourtAct::Told { case } => {
            let key = stage.key();
            tell_court(&stage.desk, &stage.by, TellCourt { key, case: case.clone() }).await?;
            Ok(None)
        }
        _ => insolvency_act(stage, act).await,
    }
}

/// A claim against the customer of the case, to be issued today. What stands in its way is a refusal of the line.
async fn claim(stage: &mut Stage, number: &str, basis: &str) -> Outcome<Failed> {
    let shown = case(&stage.desk, &stage.looker, number).await?;
    let customer = customer_account(&stage.desk, &stage.looker, &shown.customer).await?.customer;
    let defendant = Defendant {
        name: customer.name.clone(),
        lines: vec![customer.address1.clone(), customer.town.clone()],
        postcode: customer.postcode.clone(),
        ..Defendant::default()
    };
    let ask = PrepareClaim {
        key: stage.key(),
        case: number.to_owned(),
        issue_on: Some(stage.desk.today()),
        status: "individual".into(),
        defendants: vec![defendant],
        basis: basis.to_owned(),
        ..PrepareClaim::default()
    };
    let prepared = prepare_claim(&stage.desk, &stage.by, ask).await?;
    match prepared.not_yet.or_else(|| prepared.lacks.into_iter().next()) {
        Some(refusal) => Err(No::from(refusal)),
        None => Ok(None),
    }
}

async fn at_court(stage: &mut Stage, act: &CourtAct) -> Outcome<Failed> {
    let (key, today) = (stage.key(), stage.desk.today());
    match act {
        CourtAct::Issued { case, number, fee } => {
            let ask = RecordIssue {
                key,
                case: case.clone(),
                claim_number: number.clone(),
                issued_on: today,
                fee: *fee,
                served: "online".into(),
            };
            record_issue(&stage.desk, &stage.by, ask).await?;
        }
        CourtAct::Response { case, kind } => {
            let (case, kind) = (case.clone(), kind.clone());
            let ask = RecordResponse { key, case, kind, on: today, words: "As the story says".into() };
            record_response(&stage.desk, &stage.by, ask).await?;
        }
        CourtAct::Ask { case } => {
            request_judgment(&stage.desk, &stage.by, RequestJudgment { key, case: case.clone() }).await?;
        }
        CourtAct::Judgment { case, kind } => {
            let ask = EnterJudgment {
                key,
                case: case.clone(),
                on: today,
                kind: kind.clone(),
                interest: None,
                instalment: None,
                every: String::new(),
                first_on: None,
            };
            enter_judgment(&stage.desk, &stage.by, ask).await?;
        }
        _ => {}
    }
    Ok(None)
}

async fn insolvency_act(stage: &mut Stage, act: &CourtAct) -> Outcome<Failed> {
    let (key, on) = (stage.key(), stage.desk.today());
    match act {
        CourtAct::Insolvent { number, nick, kind, on, evidence } => {
            let (_, customer) = stage.customer(nick)?;
            let ask = OpenInsolvency {
                key,
                customer,
                kind: kind.clone(),
                on: *on,
                office_holder: "Ms Trustee".into(),
                reference: String::new(),
                evidence: evidence.clone(),
            };
            return Ok(same(number, &open_insolvency(&stage.desk, &stage.by, ask).await?.number));
        }
        CourtAct::Proof { number } => {
            let ask = LodgeProof { key, number: number.clone(), interest: None };
            lodge_proof(&stage.desk, &stage.by, ask).await?;
        }
        CourtAct::Dividend { number, in_100, last } => {
            let ask = DeclareDividend {
                key,
                number: number.clone(),
                on,
                pence_in_100: in_100.0,
                admitted: None,
                last: *last,
            };
            declare_dividend(&stage.desk, &stage.by, ask).await?;
        }
        CourtAct::Received { number, receipt } => {
            let newest = insolvency(&stage.desk, &stage.looker, number).await?.dividends.len() as i64;
            let ask = ReceiveDividend { key, number: number.clone(), seq: newest, receipt: receipt.clone() };
            receive_dividend(&stage.desk, &stage.by, ask).await?;
        }
        CourtAct::Over { number, revoked } => {
            let ask = EndInsolvency { key, number: number.clone(), on, revoked: *revoked };
            end_insolvency(&stage.desk, &stage.by, ask).await?;
        }
        _ => {}
    }
    Ok(None)
}

/// Looks whether it is so.
pub async fn expect(stage: &Stage, wanted: &CourtExpect) -> Outcome<Failed> {
    let (desk, by) = (&stage.desk, &stage.looker);
    let (expected, found) = match wanted {
        CourtExpect::Case { case: number, state } => (state.clone(), case(desk, by, number).await?.case.state),
        CourtExpect::Register { case: number, state } => (state.clone(), case(desk, by, number).await?.register),
        CourtExpect::Insolvency { number, state } => {
            (state.clone(), insolvency(desk, by, number).await?.insolvency.state)
        }
        CourtExpect::Proof { number, amount } => {
            let proved = insolvency(desk, by, number).await?.insolvency.proof_pence;
            (amount.to_string(), Pence(proved).to_string())
        }
    };
    Ok((expected != found).then_some((expected, found)))
}
