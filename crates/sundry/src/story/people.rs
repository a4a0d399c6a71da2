//! What happens to people: a notice that stops recovery, and who owes a debt too.
use super::act::{Failed, same};
use super::phrase::{Phrase, Wrong};
use super::stage::Stage;
use chrono::NaiveDate;
use sundry_desk::customers::{MergeCustomers, UndoMerge, merge_customers, undo_merge};
use sundry_desk::recovery::debt_facts::{RecordDebtFact, record_debt_fact};
use sundry_desk::recovery::people::{AddJoint, TakeNotice, add_joint, take_notice};
use sundry_desk::{No, Outcome};
use sundry_domain::recovery::EventForm;

/// What can happen.
#[derive(Clone, Debug)]
pub enum PersonAct {
    /// A notice with its customer.
    Notice { nick: String, form: EventForm, source: String, from: NaiveDate, invoices: Vec<String> },
    /// A dated fact of a debt.
    Fact { invoice: String, fact: String, on: NaiveDate, evidence: String },
    /// Somebody who owes a debt too.
    Joint { invoice: String, nick: String, because: String, evidence: String },
    /// Two accounts of one customer are to become one.
    Merge { approval: String, gone: String, stays: String, evidence: String },
    /// A merge is to be undone.
    Unmerge { approval: String, gone: String, reason: String },
}

/// Reads `notice holt standard "Register" from 2026-05-01 for INV-1 and INV-2`.
pub fn notice(p: &mut Phrase) -> Result<PersonAct, Wrong> {
    let (nick, word) = (p.word("a customer")?, p.word("what happened")?);
    let form = EventForm::parse(&word).ok_or_else(|| format!("`{word}` is not standard, crisis, death and so on"))?;
    let source = p.text("who told us")?;
    p.must("from")?;
    let from = p.date()?;
    let mut invoices = Vec::new();
    while p.takes("for") || p.takes("and") {
        invoices.push(p.number("INV")?);
    }
    Ok(PersonAct::Notice { nick, form, source, from, invoices })
}

/// Reads `fact benefit_notice INV-1 2026-04-20 "Decision notice"`.
pub fn fact(p: &mut Phrase) -> Result<PersonAct, Wrong> {
    let (fact, invoice) = (p.word("a fact of a debt")?, p.number("INV")?);
    Ok(PersonAct::Fact { invoice, fact, on: p.date()?, evidence: p.text("the document")? })
}

/// Reads `joint INV-3 alun joint "Both signed"`.
pub fn joint(p: &mut Phrase) -> Result<PersonAct, Wrong> {
    let (invoice, nick) = (p.number("INV")?, p.word("a customer")?);
    Ok(PersonAct::Joint { invoice, nick, because: p.word("why they owe it")?, evidence: p.text("the agreement")? })
}

/// Reads `merge APP-1 twin into holt "The same date of birth"`.
pub fn merge(p: &mut Phrase) -> Result<PersonAct, Wrong> {
    let (approval, gone) = (p.number("APP")?, p.word("a customer")?);
    p.must("into")?;
    Ok(PersonAct::Merge { approval, gone, stays: p.word("a customer")?, evidence: p.text("how they know")? })
}

/// Reads `unmerge APP-2 twin "Father and daughter"`.
pub fn unmerge(p: &mut Phrase) -> Result<PersonAct, Wrong> {
    let (approval, gone) = (p.number("APP")?, p.word("a customer")?);
    Ok(PersonAct::Unmerge { approval, gone, reason: p.text("why they are two")? })
}

/// Does what happens to people.
pub async fn done(stage: &mut Stage, act: &PersonAct) -> Outcome<Failed> {
    match act {
        PersonAct::Notice { nick, form, source, from, invoices } => {
            let (_, customer) = stage.customer(nick)?;
            let key = stage.key();
            let ask = TakeNotice {
                reference: format!("Notice {key}"),
                key,
                form: form.as_str().into(),
                customer,
                source: source.clone(),
                starts_on: Some(*from),
                debts: invoices.clone(),
                ..TakeNotice::default()
            };
            take_notice(&stage.desk, &stage.by, ask).await?;
        }
        PersonAct::Fact { invoice, fact, on, evidence } => {
            let (item, _) = stage.invoice(invoice)?;
            let ask = RecordDebtFact {
                key: stage.key(),
                item,
                fact: fact.clone(),
                on: Some(*on),
                method: String::new(),
                evidence: evidence.clone(),
            };
            record_debt_fact(&stage.desk, &stage.by, ask).await?;
        }
        PersonAct::Joint { invoice, nick, because, evidence } => {
            let (_, owner) = stage.invoice(invoice)?;
            let number = stage.customers.values().find(|(id, _)| *id == owner).map(|(_, number)| number.clone());
            let owner = number.ok_or_else(|| No::Absent(format!("customer of {invoice}")))?;
            let (_, other) = stage.customer(nick)?;
            let ask = AddJoint {
                key: stage.key(),
                customer: owner,
                debt: invoice.clone(),
                other,
                because: because.clone(),
                evidence: evidence.clone(),
            };
            add_joint(&stage.desk, &stage.by, ask).await?;
        }
        PersonAct::Merge { approval, gone, stays, evidence } => {
            let ((_, gone), (_, stays)) = (stage.customer(gone)?, stage.customer(stays)?);
            let ask = MergeCustomers { key: stage.key(), stays, gone, evidence: evidence.clone() };
            let asked = merge_customers(&stage.desk, &stage.by, ask).await?;
            return Ok(same(approval, &asked.approval));
        }
        PersonAct::Unmerge { approval, gone, reason } => {
            let (_, gone) = stage.customer(gone)?;
            let ask = UndoMerge { key: stage.key(), gone, reason: reason.clone() };
            let asked = undo_merge(&stage.desk, &stage.by, ask).await?;
            return Ok(same(approval, &asked.approval));
        }
    }
    Ok(None)
}
