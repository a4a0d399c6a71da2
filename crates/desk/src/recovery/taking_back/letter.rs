//! The letter that tells a provider what was kept of a payment (REC-05, SC-04).
use crate::core::command::Command;
use crate::delivery::{NewLetter, SET_OFF, add_missing_templates, compose_all, recipients_of, stationery};
use crate::{Fault, Outcome};
use std::collections::BTreeMap;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_paper::{Language, long_date, pounds};
use sundry_store::ledger::ItemRow;
use sundry_store::recovery::taking_back::{self as rows, DeductionRow};

/// Writes the letter about what was kept, with what is open after it; it then waits to leave like any letter. Gives its
/// number.
pub(super) async fn write(cmd: &mut Command, item: &ItemRow, taken: &DeductionRow, open: Pence) -> Outcome<String> {
    let (org, customer) = (cmd.by.org, CustomerId(item.customer_id));
    add_missing_templates(cmd, &[SET_OFF]).await?;
    let to = recipients_of(&mut cmd.tx, org, customer, customer, cmd.today).await?.remove(&customer.0);
    let to = to.ok_or_else(|| Fault::new("a debt names a customer who is not there"))?;
    let all = rows::deductions_of(&mut cmd.tx, org, taken.recovery_id).await?;
    let next = all.iter().filter(|one| one.state == "due").min_by_key(|one| one.due_on);
    let language = to.language();
    let letter = NewLetter {
        kind: LetterKind::Receipt,
        template: "set_off".into(),
        to,
        dated_on: cmd.today,
        due_on: None,
        next_letter_on: None,
        sum: Pence(taken.taken_pence),
        items: Vec::new(),
        item_ids: Vec::new(),
        document: None,
        invoice: None,
        fields: BTreeMap::from([
            ("for_what", invoice(&item.number, language)),
            ("left", left(&invoice(&item.number, language), open, next, language)),
            ("number", taken.receipt.clone()),
            ("taken_on", long_date(taken.taken_on.unwrap_or(taken.due_on), language)),
        ]),
        run: None,
    };
    let paper = stationery(&mut cmd.tx, org, cmd.today).await?;
    let written = compose_all(cmd, &paper, vec![letter]).await?.into_iter().next();
    Ok(written.ok_or_else(|| Fault::new("no letter was written"))?.number)
}

fn invoice(number: &str, language: Language) -> String {
    match language {
        Language::English => format!("invoice {number}"),
        Language::Welsh => format!("anfoneb {number}"),
    }
}

/// What is open, and what is to be kept next.
fn left(invoice: &str, open: Pence, next: Option<&DeductionRow>, language: Language) -> String {
    let sum = pounds(open.0);
    let rest = match (open > Pence::ZERO, language) {
        (true, Language::English) => format!("{sum} is left of {invoice}."),
        (true, Language::Welsh) => format!("Mae {sum} ar ôl o {invoice}."),
        (false, Language::English) => format!("Nothing is left of {invoice}, and we keep nothing more for it."),
        (false, Language::Welsh) => {
            format!("Nid oes dim ar ôl o {invoice}, ac nid ydym yn cadw dim mwy ar ei chyfer.")
        }
    };
    let Some(next) = next.filter(|_| open > Pence::ZERO) else { return rest };
    let (amount, day) = (pounds(next.planned_pence.min(open.0)), long_date(next.due_on, language));
    match language {
        Language::English => format!("{rest} We plan to keep {amount} of our payment of {day}."),
        Language::Welsh => format!("{rest} Rydym yn bwriadu cadw {amount} o'n taliad ar {day}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn rec_05_a_provider_reads_what_is_left_and_what_is_kept_next_in_their_language() {
        let due_on: NaiveDate = "2026-06-15".parse().expect("a date");
        let next = DeductionRow {
            recovery_id: 1,
            line: 2,
            due_on,
            planned_pence: 50_000,
            state: "due".into(),
            taken_on: None,
            taken_pence: 0,
            receipt: String::new(),
            credit_item_id: None,
            reference: String::new(),
            letter: String::new(),
        };
        let said = |open: i64, language| left(&invoice("INV-2", language), Pence(open), Some(&next), language);
        assert_eq!(
            said(75_040, Language::English),
            "£750.40 is left of invoice INV-2. We plan to keep £500.00 of our payment of 15 June 2026."
        );
        assert_eq!(
            said(25_040, Language::Welsh),
            "Mae £250.40 ar ôl o anfoneb INV-2. Rydym yn bwriadu cadw £250.40 o'n taliad ar 15 Mehefin 2026."
        );
        assert!(!said(0, Language::English).contains("15 June"), "paid: nothing is kept next");
    }
}
