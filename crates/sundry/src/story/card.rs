//! Card payments in stories: every line begins with `card`, and the practice page is the provider.
use super::act::{Failed, same};
use super::phrase::{Phrase, Wrong};
use super::stage::Stage;
use sundry_desk::cash::AllocationLine;
use sundry_desk::cash::cards::{
    Practice, ReadSettlement, ReconcilePayout, RequestCardRefund, SetCardProvider, StartCardPayment, card_payment,
    card_payout, look_at_card_payment, pay_now, read_card_settlement, reconcile_payout, request_card_refund,
    set_card_provider, start_card_payment, tend_cards,
};
use sundry_desk::delivery::{letter, letters_of_customer};
use sundry_desk::{Actor, No, Outcome};
use sundry_domain::cash::cards::CardState;
use sundry_domain::control::Role;
use sundry_domain::money::Pence;

/// What a line that begins with `card` says.
#[derive(Clone, Debug)]
pub enum CardAct {
    /// `card page`: the practice page is set up, for the telephone and for links.
    Page,
    /// `card CP-1 from NAME AMOUNT [for INV-1]`.
    Take { payment: String, nick: String, amount: Pence, invoice: Option<String> },
    /// `card CP-1 from link on INV-1`.
    Link { payment: String, invoice: String },
    /// `card CP-1 paid`, `refused`, `expired`.
    End { payment: String, state: CardState },
    /// `card CP-1 disputed STATE`.
    Dispute { payment: String, state: String },
    /// `card CP-1 refund CR-1 AMOUNT by APP-1 "WHY"`.
    Refund { payment: String, refund: String, amount: Pence, approval: String, words: String },
    /// `card settlement FEE`: all is paid out today, with a charge for each payment.
    Settlement(Pence),
    /// `card payout PO-1 in bank`.
    Payout(String),
    /// `card tend`: the provider is asked about all that is open.
    Tend,
}

/// Reads the rest of such a line.
pub fn parse(p: &mut Phrase) -> Result<CardAct, Wrong> {
    if p.takes("page") {
        return Ok(CardAct::Page);
    }
    if p.takes("tend") {
        return Ok(CardAct::Tend);
    }
    if p.takes("settlement") {
        return Ok(CardAct::Settlement(p.money()?));
    }
    if p.takes("payout") {
        let payout = p.number("PO")?;
        p.must("in bank")?;
        return Ok(CardAct::Payout(payout));
    }
    let payment = p.number("CP")?;
    if p.takes("from link on") {
        return Ok(CardAct::Link { payment, invoice: p.any_number()? });
    }
    if p.takes("from") {
        let (nick, amount) = (p.word("a customer")?, p.money()?);
        let invoice = if p.takes("for") { Some(p.any_number()?) } else { None };
        return Ok(CardAct::Take { payment, nick, amount, invoice });
    }
    if p.takes("disputed") {
        return Ok(CardAct::Dispute { payment, state: p.word("a state")? });
    }
    if p.takes("refund") {
        let (refund, amount) = (p.number("CR")?, p.money()?);
        p.must("by")?;
        return Ok(CardAct::Refund { payment, refund, amount, approval: p.number("APP")?, words: p.text("why")? });
    }
    let ends = [("paid", CardState::Paid), ("refused", CardState::Failed), ("expired", CardState::Expired)];
    match ends.into_iter().find(|(word, _)| p.takes(word)) {
        Some((_, state)) => Ok(CardAct::End { payment, state }),
        None => Err(format!("`{}` is not what happens to a card payment", p.word("what happens")?)),
    }
}

/// Does it.
pub async fn done(stage: &mut Stage, act: &CardAct) -> Outcome<Failed> {
    match act {
        CardAct::Page => page(stage).await,
        CardAct::Take { payment, nick, amount, invoice } => {
            let (_, customer) = stage.customer(nick)?;
            let line = |item: &String| AllocationLine { item: item.clone(), amount: *amount };
            let lines = invoice.iter().map(line).collect();
            let ask = StartCardPayment { key: stage.key(), customer, amount: *amount, lines };
            Ok(same(payment, &start_card_payment(&stage.desk, &stage.by, ask).await?.payment))
        }
        CardAct::Link { payment, invoice } => {
            let token = token_of(stage, invoice).await?;
            let key = stage.key();
            Ok(same(payment, &pay_now(&stage.desk, &token, &key).await?.payment))
        }
        CardAct::End { payment, state } => {
            let known = reference(stage, payment).await?;
            Practice::of(&stage.desk).end(&known, *state);
            look_at_card_payment(&stage.desk, &stage.by, payment).await?;
            Ok(None)
        }
        CardAct::Dispute { payment, state } => {
            let known = reference(stage, payment).await?;
            Practice::of(&stage.desk).dispute(&known, state, 1_500);
            settle(stage).await
        }
        CardAct::Refund { payment, refund, amount, approval, words } => {
            let (amount, reason) = (*amount, words.clone());
            let (key, all_the_same) = (stage.key(), String::new());
            let ask = RequestCardRefund { key, payment: payment.clone(), amount, reason, all_the_same };
            let asked = request_card_refund(&stage.desk, &stage.by, ask).await?;
            Ok(same(refund, &asked.refund).or_else(|| same(approval, &asked.approval)))
        }
        CardAct::Settlement(fee) => {
            Practice::of(&stage.desk).settle(stage.desk.today(), fee.0);
            settle(stage).await
        }
        CardAct::Payout(payout) => {
            let ask = ReconcilePayout { key: stage.key(), payout: payout.clone(), bank_line: None };
            reconcile_payout(&stage.desk, &stage.by, ask).await?;
            Ok(None)
        }
        CardAct::Tend => {
            tend_cards(&stage.desk, stage.looker.org).await?;
            Ok(None)
        }
    }
}

async fn page(stage: &mut Stage) -> Outcome<Failed> {
    let ask = SetCardProvider {
        key: stage.key(),
        provider: "practice".into(),
        public_url: "https://pay.fenmarch.example".into(),
        telephone: true,
        links: true,
        ..SetCardProvider::default()
    };
    let administrator: Actor = stage.person(Role::Administrator, 1);
    set_card_provider(&stage.desk, &administrator, ask).await?;
    Ok(None)
}

async fn settle(stage: &mut Stage) -> Outcome<Failed> {
    let today = stage.desk.today();
    let ask = ReadSettlement { key: stage.key(), provider: "practice".into(), from_on: Some(today), to_on: today };
    read_card_settlement(&stage.desk, &stage.by, ask).await?;
    Ok(None)
}

async fn reference(stage: &Stage, payment: &str) -> Outcome<String> {
    Ok(card_payment(&stage.desk, &stage.looker, payment).await?.provider_ref)
}

/// The token on the newest letter that names an invoice.
async fn token_of(stage: &Stage, invoice: &str) -> Outcome<String> {
    let (item, customer) = stage.invoice(invoice)?;
    for head in letters_of_customer(&stage.desk, &stage.looker, customer).await? {
        let view = letter(&stage.desk, &stage.looker, &head.number).await?;
        let names = view.content.number == invoice || view.items.iter().any(|(named, _)| *named == item.0);
        let link = view.content.payment.and_then(|payment| payment.link).filter(|_| names);
        if let Some(link) = link {
            return Ok(link.rsplit('/').next().unwrap_or_default().to_owned());
        }
    }
    Err(No::Absent(format!("letter with a link for {invoice}")))
}

/// `expect card CP-1 STATE`.
pub async fn payment_stands(stage: &Stage, payment: &str, state: &str) -> Outcome<Failed> {
    let found = card_payment(&stage.desk, &stage.looker, payment).await?.line.state;
    Ok((found != state).then(|| (format!("the card payment to be {state}"), format!("it is {found}"))))
}

/// `expect payout PO-1 NET STATE`.
pub async fn payout_stands(stage: &Stage, payout: &str, net: Pence, state: &str) -> Outcome<Failed> {
    let found = card_payout(&stage.desk, &stage.looker, payout).await?.payout;
    let is = format!("{} {}", Pence(found.net_pence), found.state);
    let wanted = format!("{net} {state}");
    Ok((is != wanted).then_some((wanted, is)))
}
