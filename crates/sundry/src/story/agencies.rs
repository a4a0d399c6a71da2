//! Collection agencies in stories: every line begins with `agency`.
use super::act::Failed;
use super::phrase::{Phrase, Wrong};
use super::stage::Stage;
use chrono::NaiveDate;
use std::fmt::Write;
use sundry_desk::recovery::agencies::{
    BringRemittance, PlaceDebts, PlacementShown, RecallPlacement, SetAgency, TakeAgencyFile, TendAgencies,
    bring_remittance, place_debts, placement, recall_placement, set_agency, take_answers, tend_agencies,
};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Role;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// What is done.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum AgencyAct {
    Set { code: String },
    Place { code: String, nicks: Vec<String> },
    Accept { code: String, nick: String },
    Tell,
    Recall { nick: String, words: String },
    Pay(Statement),
}

/// A statement of an agency.
#[derive(Clone, Debug)]
pub struct Statement {
    /// The agency.
    pub code: String,
    /// Its number, as the agency counts them.
    pub number: i64,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// What they say they pay over.
    pub net: Pence,
    /// `NAME, DATE, AMOUNT, COMMISSION, VAT, AGENCY|CLIENT, LEFT`.
    pub rows: Vec<String>,
}

/// What must be so.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum AgencyExpect {
    Stands { nick: String, state: String, code: Option<String> },
    Told { nick: String, amount: Pence },
}

/// Reads the rest of a line that begins with `agency`.
pub fn parse(p: &mut Phrase) -> Result<AgencyAct, Wrong> {
    if p.takes("told") {
        return Ok(AgencyAct::Tell);
    }
    let code = p.word("the agency's code")?;
    if p.is_over() {
        return Ok(AgencyAct::Set { code });
    }
    if p.takes("pays") {
        return pays(p, code).map(AgencyAct::Pay);
    }
    let what = p.word("what the agency does")?;
    let nick = p.word("a customer")?;
    Ok(match what.as_str() {
        "gets" => {
            let mut nicks = vec![nick];
            while !p.is_over() {
                nicks.push(p.word("a customer")?);
            }
            AgencyAct::Place { code, nicks }
        }
        "accepts" => AgencyAct::Accept { code, nick },
        "returns" => AgencyAct::Recall { nick, words: p.text("why it is called back")? },
        _ => return Err(format!("`{what}` is not what an agency does")),
    })
}

fn pays(p: &mut Phrase, code: String) -> Result<Statement, Wrong> {
    let number = p.count()?;
    p.must("from")?;
    let from = p.date()?;
    p.must("to")?;
    let to = p.date()?;
    p.must("net")?;
    let net = p.money()?;
    let rows = std::iter::from_fn(|| p.text_if_any()).collect();
    Ok(Statement { code, number, from, to, net, rows })
}

/// Reads `placement NAME STATE [CODE]`, `placement NAME told AMOUNT`.
pub fn parse_expect(p: &mut Phrase) -> Result<AgencyExpect, Wrong> {
    let nick = p.word("a customer")?;
    if p.takes("told") {
        return Ok(AgencyExpect::Told { nick, amount: p.money()? });
    }
    let state = p.word("how it stands")?;
    let code = if p.is_over() { None } else { Some(p.word("a code")?) };
    Ok(AgencyExpect::Stands { nick, state, code })
}

/// Does it.
pub async fn done(stage: &mut Stage, act: &AgencyAct) -> Outcome<Failed> {
    match act {
        AgencyAct::Set { code } => set(stage, code).await?,
        AgencyAct::Place { code, nicks } => {
            let number = |nick: &String| stage.customer(nick).map(|(_, number)| number);
            let customers: Outcome<Vec<String>> = nicks.iter().map(number).collect();
            let customers = customers?;
            let ask = PlaceDebts { key: stage.key(), agency: code.clone(), customers };
            place_debts(&stage.desk, &stage.by, ask).await?;
        }
        AgencyAct::Accept { code, nick } => {
            let number = newest(stage, nick).await?.placement.number;
            let text = format!("account_number,agency_ref,status,reason\n{number},A-{number},ACCEPTED,\n");
            let key = stage.key();
            let file_name = format!("answer {key}.csv").replace('/', "-");
            let ask = TakeAgencyFile { key, agency: code.clone(), file_name, bytes: text.into_bytes() };
            take_answers(&stage.desk, &stage.by, ask).await?;
        }
        AgencyAct::Tell => {
            let key = stage.key();
            tend_agencies(&stage.desk, &stage.by, TendAgencies { key }).await?;
        }
        AgencyAct::Recall { nick, words } => {
            let placement = newest(stage, nick).await?.placement.number;
            let ask = RecallPlacement { key: stage.key(), placement, words: words.clone() };
            recall_placement(&stage.desk, &stage.by, ask).await?;
        }
        AgencyAct::Pay(statement) => pay(stage, statement).await?,
    }
    Ok(None)
}

/// An agency that keeps 12% with VAT and pays the rest over.
async fn set(stage: &mut Stage, code: &str) -> Outcome<()> {
    let ask = SetAgency {
        key: stage.key(),
        code: code.to_owned(),
        name: format!("{code} Collections Ltd"),
        first_bp: 1_200,
        second_bp: 2_000,
        vat_bp: 2_000,
        settlement: "net".into(),
        least: Pence(5_000),
        agreement: "The agreement of the story".into(),
        agreement_from: Some(stage.desk.today()),
        active: true,
        ..SetAgency::default()
    };
    let administrator = stage.person(Role::Administrator, 1);
    set_agency(&stage.desk, &administrator, ask).await.map(drop)
}

/// The newest placement of a customer: each round has a number of its own.
async fn newest(stage: &Stage, nick: &str) -> Outcome<PlacementShown> {
    let (_, customer) = stage.customer(nick)?;
    let mut found = None;
    for round in 1.. {
        match placement(&stage.desk, &stage.looker, &format!("{customer}-{round}")).await {
            Ok(shown) => found = Some(shown),
            Err(No::Absent(_)) => break,
            Err(no) => return Err(no),
        }
    }
    found.ok_or_else(|| No::Absent(format!("placement of {nick}")))
}

async fn pay(stage: &mut Stage, statement: &Statement) -> Outcome<()> {
    let mut text = format!("H,{},{},{},{}\n", statement.code, statement.number, statement.from, statement.to);
    let mut sums = [0_i64; 4];
    for row in &statement.rows {
        let cells: Vec<&str> = row.split(", ").collect();
        let [nick, on, gross, commission, vat, who, left] = cells.as_slice() else {
            let say = "A row has seven parts: customer, day, amount, commission, VAT, AGENCY or CLIENT, what is left";
            return Err(Invalid::field("row", say, row).into());
        };
        let number = newest(stage, nick).await?.placement.number;
        let _ = writeln!(text, "D,{number},A-{number},{on},{gross},{commission},{vat},{who},PAYMENT,{left}");
        let pence = |words: &str| Pence::parse(words).map_or(0, |amount| amount.0);
        let direct = if *who == "CLIENT" { pence(gross) } else { 0 };
        for (sum, more) in sums.iter_mut().zip([pence(gross), direct, pence(commission), pence(vat)]) {
            *sum += more;
        }
    }
    let [gross, direct, commission, vat] = sums.map(|sum| Pence(sum).pounds());
    let _ = writeln!(text, "T,{},{gross},{direct},{commission},{vat},{}", statement.rows.len(), statement.net.pounds());
    let ask = BringRemittance {
        key: stage.key(),
        agency: statement.code.clone(),
        file_name: format!("statement-{}.csv", statement.number),
        bytes: text.into_bytes(),
        ..BringRemittance::default()
    };
    bring_remittance(&stage.desk, &stage.by, ask).await.map(drop)
}

/// Looks whether it is so.
pub async fn expect(stage: &Stage, wanted: &AgencyExpect) -> Outcome<Failed> {
    let (expected, found) = match wanted {
        AgencyExpect::Told { nick, amount } => {
            let told = newest(stage, nick).await?.placement.told_paid_pence;
            (amount.to_string(), Pence(told).to_string())
        }
        AgencyExpect::Stands { nick, state, code } => {
            let row = newest(stage, nick).await?.placement;
            let stands = if row.held && row.state != "recalled" { "held".to_owned() } else { row.state };
            let why = if stands == "held" { row.held_code } else { row.recall_code };
            match code {
                Some(code) => (format!("{state} {code}"), format!("{stands} {why}")),
                None => (state.clone(), stands),
            }
        }
    };
    Ok((expected != found).then_some((expected, found)))
}
