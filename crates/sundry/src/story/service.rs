//! Questions to services, and who is there again after a write-off.
use super::act::{Failed, same};
use super::phrase::{Phrase, Wrong};
use super::stage::Stage;
use sundry_desk::Outcome;
use sundry_desk::setup::settings::{ChangeSettings, change_settings};
use sundry_desk::writeoff::{
    AskDecision, RecordAnswer, SeeSign, ask_decision, reappearances, record_answer, referral, see_sign,
};
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

/// What is done.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum ServiceAct {
    Ask { referral: String, invoice: String, purpose: String, need: String, suggest: String, default: String },
    Answer { referral: String, answer: String, words: String },
    Seen { nick: String, kind: String, words: String },
}

/// What must be so.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "each is explained in the handbook's page of stories, word by word")]
pub enum ServiceExpect {
    Referral { referral: String, state: String, answer: Option<String> },
    Again { nick: String, kind: String, left: Pence },
    NotAgain { nick: String },
}

/// Reads the rest of a line that begins with `service`.
pub fn service(p: &mut Phrase) -> Result<ServiceAct, Wrong> {
    let referral = p.number("REF")?;
    if p.takes("answers") {
        let answer = p.word("continue, suspend, write_off or court")?;
        return Ok(ServiceAct::Answer { referral, answer, words: p.text("why")? });
    }
    p.must("on")?;
    let (invoice, purpose) = (p.number("INV")?, p.word("recommendation or suspension")?);
    let word = |p: &mut Phrase, before: &str, wanted: &str| {
        if p.takes(before) { p.word(wanted) } else { Ok(String::new()) }
    };
    let need = word(p, "of", "what the service gives")?;
    let suggest = word(p, "suggests", "an answer")?;
    let default = word(p, "or else", "an answer")?;
    Ok(ServiceAct::Ask { referral, invoice, purpose, need, suggest, default })
}

/// Reads `looked NAME KIND "WHY"`.
pub fn looked(p: &mut Phrase) -> Result<ServiceAct, Wrong> {
    Ok(ServiceAct::Seen { nick: p.word("a customer")?, kind: p.word("a sign")?, words: p.text("why it stays")? })
}

/// Reads an expectation, if the word is one of these.
pub fn parse_expect(p: &mut Phrase, what: &str) -> Option<Result<ServiceExpect, Wrong>> {
    let asked = |p: &mut Phrase| {
        let (referral, state) = (p.number("REF")?, p.word("how it stands")?);
        let answer = if p.is_over() { None } else { Some(p.word("an answer")?) };
        Ok(ServiceExpect::Referral { referral, state, answer })
    };
    let again = |p: &mut Phrase| {
        let nick = p.word("a customer")?;
        p.must("by")?;
        Ok(ServiceExpect::Again { nick, kind: p.word("a sign")?, left: p.money()? })
    };
    match what {
        "referral" => Some(asked(p)),
        "again" => Some(again(p)),
        "nobody" => {
            let nick = p.must("again").and_then(|()| p.word("a customer"));
            Some(nick.map(|nick| ServiceExpect::NotAgain { nick }))
        }
        _ => None,
    }
}

/// Does it.
pub async fn done(stage: &mut Stage, act: &ServiceAct) -> Outcome<Failed> {
    match act {
        ServiceAct::Ask { referral, invoice, purpose, need, suggest, default } => {
            links(stage).await?;
            let ask = AskDecision {
                key: stage.key(),
                debt: invoice.clone(),
                purpose: purpose.clone(),
                need: need.clone(),
                to: "service@example.gov.uk".into(),
                default_answer: default.clone(),
                suggest: suggest.clone(),
                ..AskDecision::default()
            };
            Ok(same(referral, &ask_decision(&stage.desk, &stage.by, ask).await?.referral))
        }
        ServiceAct::Answer { referral, answer, words } => {
            let ask = RecordAnswer {
                key: stage.key(),
                referral: referral.clone(),
                answer: answer.clone(),
                words: words.clone(),
                name: "The service".into(),
            };
            record_answer(&stage.desk, &stage.by, ask).await?;
            Ok(None)
        }
        ServiceAct::Seen { nick, kind, words } => {
            let (_, customer) = stage.customer(nick)?;
            let all = reappearances(&stage.desk, &stage.by, &customer).await?;
            let signs = all.into_iter().flat_map(|one| one.signs);
            let what = signs.into_iter().find(|sign| sign.kind == *kind).map(|sign| sign.what).unwrap_or_default();
            let (key, kind, words) = (stage.key(), kind.clone(), words.clone());
            see_sign(&stage.desk, &stage.by, SeeSign { key, customer, kind, what, words }).await?;
            Ok(None)
        }
    }
}

/// Links to services need to know where the pages are.
async fn links(stage: &mut Stage) -> Outcome<()> {
    if stage.has_links {
        return Ok(());
    }
    let changes = [("letters.pages_url".to_owned(), "https://sundry.example.gov.uk".to_owned())].into();
    let ask = ChangeSettings { key: stage.key(), changes };
    let administrator = stage.person(Role::Administrator, 1);
    change_settings(&stage.desk, &administrator, ask).await?;
    stage.has_links = true;
    Ok(())
}

/// Looks whether it is so.
pub async fn expect(stage: &Stage, wanted: &ServiceExpect) -> Outcome<Failed> {
    let (desk, by) = (&stage.desk, &stage.looker);
    let (expected, found) = match wanted {
        ServiceExpect::Referral { referral: number, state, answer } => {
            let row = referral(desk, by, number).await?;
            match answer {
                Some(answer) => (format!("{state} {answer}"), format!("{} {}", row.state, row.answer)),
                None => (state.clone(), row.state),
            }
        }
        ServiceExpect::Again { nick, kind, left } => {
            let (_, customer) = stage.customer(nick)?;
            let all = reappearances(desk, by, &customer).await?;
            let found = all.iter().find(|one| one.signs.iter().any(|sign| sign.kind == *kind));
            let found = found.map_or_else(|| format!("no sign by {kind}"), |one| Pence(one.left_pence).to_string());
            (left.to_string(), found)
        }
        ServiceExpect::NotAgain { nick } => {
            let (_, customer) = stage.customer(nick)?;
            let signs: usize = reappearances(desk, by, &customer).await?.iter().map(|one| one.signs.len()).sum();
            ("0 signs".into(), format!("{signs} signs"))
        }
    };
    Ok((expected != found).then_some((expected, found)))
}
