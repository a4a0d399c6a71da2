//! Money after a write-off: the exact debt is owed again and paid, relief repaid; and a debtor who comes back (WOF-04, WOF-09).
use super::refusals;
use crate::billing::{relief_repayment, vat_within};
use crate::customers::normalise_name;
use crate::money::{BasisPoints, Pence};
use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// A debt that was written off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrittenOff {
    /// Number of the invoice.
    pub number: String,
    /// How much.
    pub amount: Pence,
    /// Written back before.
    pub written_back: Pence,
    /// VAT relief that was claimed.
    pub relief_claimed: Pence,
    /// The VAT rate of it, where there is one.
    pub vat_rate: BasisPoints,
}

/// What a payment writes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WriteBack {
    /// Owed again and paid.
    pub amount: Pence,
    /// VAT to repay to HMRC.
    pub vat_repaid: Pence,
    /// Beyond what was written off: on account.
    pub left: Pence,
}

/// What money for a written-off debt does.
pub fn write_back(debt: &WrittenOff, received: Pence) -> Result<WriteBack, Refusal> {
    let open = debt.amount.minus(debt.written_back);
    if received <= Pence::ZERO || open <= Pence::ZERO {
        let sentence = format!("{} of {} can be written back, not {received}", open.max(Pence::ZERO), debt.number);
        return Err(refusals::WRITE_BACK_AMOUNT.because(sentence));
    }
    let amount = received.min(open);
    let vat = if debt.relief_claimed > Pence::ZERO { relief_repayment(amount, debt.vat_rate) } else { Pence::ZERO };
    let repaid_before = relief_before(debt);
    let vat_repaid = vat.min(debt.relief_claimed.minus(repaid_before)).max(Pence::ZERO);
    Ok(WriteBack { amount, vat_repaid, left: received.minus(amount) })
}

fn relief_before(debt: &WrittenOff) -> Pence {
    vat_within(debt.written_back, debt.vat_rate).min(debt.relief_claimed)
}

/// How somebody may be known again: never by the name alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Name.
    pub name: String,
    /// Date of birth or company number.
    pub born_or_number: Option<String>,
    /// Postcodes, former ones too.
    pub postcodes: Vec<String>,
}

/// Whether a new customer looks like one whose debt was written off: for a person to confirm.
pub fn may_be_the_same(new: &Known, old: &Known) -> bool {
    let plain =
        |text: &str| text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect::<String>();
    let same_name = !new.name.trim().is_empty() && normalise_name(&new.name) == normalise_name(&old.name);
    let same_born = matches!((&new.born_or_number, &old.born_or_number), (Some(a), Some(b)) if plain(a) == plain(b));
    let differs = matches!((&new.born_or_number, &old.born_or_number), (Some(a), Some(b)) if plain(a) != plain(b));
    let same_place = new.postcodes.iter().any(|a| old.postcodes.iter().any(|b| plain(a) == plain(b)));
    same_name && !differs && (same_born || same_place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn debt(written_back: i64) -> WrittenOff {
        WrittenOff {
            number: "INV-020817".into(),
            amount: Pence(12_000),
            written_back: Pence(written_back),
            relief_claimed: Pence(2_000),
            vat_rate: BasisPoints(2_000),
        }
    }

    #[test]
    fn wof_04_money_writes_back_the_exact_debt_and_repays_relief() {
        let some = write_back(&debt(0), Pence(6_000)).expect("written back");
        assert_eq!(some, WriteBack { amount: Pence(6_000), vat_repaid: Pence(1_000), left: Pence::ZERO });
        let rest = write_back(&debt(6_000), Pence(7_500)).expect("written back");
        assert_eq!(rest, WriteBack { amount: Pence(6_000), vat_repaid: Pence(1_000), left: Pence(1_500) });
        for (before, received) in [(12_000, 100), (0, 0), (0, -5)] {
            assert_eq!(write_back(&debt(before), Pence(received)).expect_err("refused").code, "WOF-04-AMOUNT");
        }
        let unclaimed = WrittenOff { relief_claimed: Pence::ZERO, ..debt(0) };
        assert_eq!(write_back(&unclaimed, Pence(6_000)).expect("written back").vat_repaid, Pence::ZERO);
    }

    #[test]
    fn wof_09_a_debtor_who_comes_back_is_noticed_and_never_by_name_alone() {
        let known = |name: &str, born: Option<&str>, postcode: &str| Known {
            name: name.into(),
            born_or_number: born.map(Into::into),
            postcodes: vec![postcode.into()],
        };
        let old = known("Adam Example", Some("1970-01-01"), "NE61 1AA");
        assert!(may_be_the_same(&known("ADAM  EXAMPLE", Some("1970-01-01"), "LS1 1AA"), &old));
        assert!(may_be_the_same(&known("Adam Example", None, "ne611aa"), &old));
        assert!(!may_be_the_same(&known("Adam Example", None, "LS1 1AA"), &old));
        assert!(!may_be_the_same(&known("Adam Example", Some("1980-01-01"), "NE61 1AA"), &old));
        assert!(!may_be_the_same(
            &known("", Some("1970-01-01"), "NE61 1AA"),
            &known("", Some("1970-01-01"), "NE61 1AA")
        ));
    }
}
