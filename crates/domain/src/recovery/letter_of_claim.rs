//! What a letter of claim says, what goes with it, and how long the customer has to answer (REC-02, LEG-02).
use crate::calendar::add_days;
use crate::law::Protocol;
use crate::refusal::Invalid;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

named! {
    /// What goes with a letter of claim.
    Enclosure {
        /// Every item, payment, interest and charge.
        StatementOfAccount = "statement_of_account", "Statement of account";
        /// The protocol's own words, never rewritten.
        InformationSheet = "information_sheet", "Information sheet";
        /// The protocol's own form.
        ReplyForm = "reply_form", "Reply form";
        /// Income and spending.
        FinancialStatement = "financial_statement", "Financial statement";
    }
}

/// What a letter of claim is about to say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LetterOfClaim {
    /// Its date.
    pub dated_on: Option<NaiveDate>,
    /// The day it is posted.
    pub posted_on: Option<NaiveDate>,
    /// The amount is stated.
    pub amount: bool,
    /// Whether interest or charges go on.
    pub interest: bool,
    /// For an oral agreement: who made it, what was said, when, where.
    pub oral_agreement: Option<bool>,
    /// For a written one: its date, its parties, and that a copy can be had.
    pub written_agreement: Option<bool>,
    /// For a debt under statute: the statute and the period of the charge.
    pub statutory_basis: Option<bool>,
    /// Where the debt was assigned: from whom, when.
    pub assigned: Option<bool>,
    /// Where instalments are paid or offered: why that is not enough.
    pub instalments_refused: Option<bool>,
    /// How to pay, and how to talk about it.
    pub how_to_pay: bool,
    /// Where the reply form goes.
    pub reply_address: bool,
    /// What goes with it.
    pub enclosures: Vec<Enclosure>,
}

/// What the rules ask to go with the letter.
pub fn enclosures(protocol: Protocol) -> &'static [Enclosure] {
    match protocol {
        Protocol::DebtClaims => Enclosure::ALL,
        Protocol::PracticeDirection => &[Enclosure::StatementOfAccount],
    }
}

/// The last day of the customer's time to answer: a claim may be issued from the day after.
pub fn reply_by(protocol: Protocol, dated_on: NaiveDate) -> NaiveDate {
    add_days(dated_on, protocol.letter_days())
}

/// Everything the letter lacks.
pub fn letter_faults(letter: &LetterOfClaim, protocol: Protocol) -> Vec<Invalid> {
    let said_if = |asked: Option<bool>| asked.unwrap_or(true);
    let basis = letter.oral_agreement.or(letter.written_agreement).or(letter.statutory_basis).is_some();
    let mut lacks = vec![
        (letter.dated_on.is_some(), "date", "Date the letter on its first page"),
        (letter.amount, "amount", "State the amount of the debt"),
        (letter.interest, "interest", "State whether interest or charges go on"),
        (letter.how_to_pay, "payment", "State how to pay, and how to talk about paying"),
    ];
    if protocol == Protocol::DebtClaims {
        lacks.extend([
            (basis, "agreement", "State the agreement, or the statute and the period of the charge"),
            (
                said_if(letter.oral_agreement),
                "agreement",
                "State who made the agreement, what was said, when and where",
            ),
            (
                said_if(letter.written_agreement),
                "agreement",
                "State the date and the parties, and that a copy can be had",
            ),
            (said_if(letter.statutory_basis), "agreement", "State the statute and the period of the charge"),
            (said_if(letter.assigned), "assignment", "State the first creditor, and when and to whom it was assigned"),
            (said_if(letter.instalments_refused), "instalments", "State why the instalments are not enough"),
            (letter.reply_address, "reply", "State where the reply form goes"),
        ]);
    }
    let mut wrong: Vec<Invalid> =
        lacks.into_iter().filter(|(said, _, _)| !said).map(|(_, field, say)| Invalid::field(field, say, "")).collect();
    let missing = enclosures(protocol).iter().filter(|one| !letter.enclosures.contains(one));
    wrong.extend(
        missing.map(|one| Invalid::field("enclosures", format!("Enclose the {}", one.name().to_lowercase()), "")),
    );
    if let (Some(dated), Some(posted)) = (letter.dated_on, letter.posted_on)
        && (posted < dated || posted > add_days(dated, 1))
    {
        wrong.push(Invalid::field(
            "date",
            "Post the letter on the day it is dated, or the day after",
            posted.to_string(),
        ));
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn letter() -> LetterOfClaim {
        LetterOfClaim {
            dated_on: Some(d("2026-06-01")),
            posted_on: Some(d("2026-06-02")),
            amount: true,
            interest: true,
            written_agreement: Some(true),
            how_to_pay: true,
            reply_address: true,
            enclosures: Enclosure::ALL.to_vec(),
            ..LetterOfClaim::default()
        }
    }

    fn fields(letter: &LetterOfClaim, protocol: Protocol) -> Vec<String> {
        letter_faults(letter, protocol).into_iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn leg_02_the_letter_of_the_protocol_is_whole() {
        assert_eq!(fields(&letter(), Protocol::DebtClaims), [""; 0]);
        let empty = LetterOfClaim::default();
        let told = fields(&empty, Protocol::DebtClaims);
        let expected = [
            "date",
            "amount",
            "interest",
            "payment",
            "agreement",
            "reply",
            "enclosures",
            "enclosures",
            "enclosures",
            "enclosures",
        ];
        assert_eq!(told, expected);
        let untold = LetterOfClaim {
            oral_agreement: Some(false),
            assigned: Some(false),
            instalments_refused: Some(false),
            ..letter()
        };
        assert_eq!(fields(&untold, Protocol::DebtClaims), ["agreement", "assignment", "instalments"]);
        let late = LetterOfClaim { posted_on: Some(d("2026-06-03")), ..letter() };
        assert_eq!(fields(&late, Protocol::DebtClaims), ["date"]);
        let statute = LetterOfClaim { written_agreement: None, statutory_basis: Some(true), ..letter() };
        assert_eq!(fields(&statute, Protocol::DebtClaims), [""; 0]);
    }

    #[test]
    fn leg_02_a_company_gets_a_shorter_letter_and_both_have_a_clock() {
        let short = LetterOfClaim {
            enclosures: vec![Enclosure::StatementOfAccount],
            reply_address: false,
            written_agreement: None,
            ..letter()
        };
        assert_eq!(fields(&short, Protocol::PracticeDirection), [""; 0]);
        assert_eq!(reply_by(Protocol::DebtClaims, d("2026-06-01")), d("2026-07-01"));
        assert_eq!(reply_by(Protocol::PracticeDirection, d("2026-11-12")), d("2026-11-26"));
    }
}
