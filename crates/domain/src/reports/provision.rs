//! Expected credit loss by provision matrix and flow rates (GL-07).
use super::measures::Hundredths;
use crate::money::{BasisPoints, Pence, divide_half_up};
use serde::{Deserialize, Serialize};

/// A bucket and what we expect to lose of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionRow {
    /// Gross balance of the bucket.
    pub gross: Pence,
    /// Loss rate.
    pub rate: BasisPoints,
}

/// A bucket with its allowance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvisionLine {
    /// The bucket.
    pub row: ProvisionRow,
    /// Its allowance, never below zero.
    pub allowance: Pence,
}

/// The matrix with the allowance of each bucket, and their sum.
pub fn provision_matrix(rows: &[ProvisionRow]) -> (Vec<ProvisionLine>, Pence) {
    let line = |row: &ProvisionRow| {
        let loss = divide_half_up(i128::from(row.gross.0) * i128::from(row.rate.0), 10_000).max(0);
        let allowance = Pence(i64::try_from(loss).expect("a rate of an amount bounded at the door fits"));
        ProvisionLine { row: *row, allowance }
    };
    let lines: Vec<ProvisionLine> = rows.iter().map(line).collect();
    let total = lines.iter().fold(Pence::ZERO, |sum, line| sum.plus(line.allowance));
    (lines, total)
}

/// The charge for the period: closing less opening allowance, and what was used.
pub fn allowance_charge(opening: Pence, used: Pence, closing: Pence) -> Pence {
    closing.minus(opening).plus(used)
}

/// Loss rates by flow, per cent: what was written off over what entered each bucket.
pub fn flow_loss_rates(entered: &[Pence], written_off: Pence) -> Vec<Option<Hundredths>> {
    let rate = |amount: &Pence| {
        let percent = (amount.0 > 0).then(|| divide_half_up(i128::from(written_off.0) * 10_000, i128::from(amount.0)));
        percent.and_then(|percent| i64::try_from(percent).ok()).map(Hundredths)
    };
    entered.iter().map(rate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gl_e8_the_provision_matrix() {
        let rows = [
            (4_200_000, 30, 12_600),
            (1_350_000, 160, 21_600),
            (620_000, 360, 22_320),
            (310_000, 660, 20_460),
            (240_000, 1_060, 25_440),
            (130_000, 3_500, 45_500),
            (90_000, 10_000, 90_000),
        ];
        let asked: Vec<ProvisionRow> = rows
            .iter()
            .map(|(gross, rate, _)| ProvisionRow { gross: Pence(gross * 100), rate: BasisPoints(*rate) })
            .collect();
        let (lines, total) = provision_matrix(&asked);
        for (line, (_, _, allowance)) in lines.iter().zip(rows) {
            assert_eq!(line.allowance, Pence(allowance * 100));
        }
        assert_eq!(total, Pence(23_792_000));
        assert_eq!(allowance_charge(Pence(22_134_000), Pence(3_120_077), total), Pence(4_778_077));
    }

    #[test]
    fn gl_e9_flow_rates() {
        let entered = [1_000_000, 380_000, 140_000, 65_000, 39_000, 21_000, 12_000].map(|pounds| Pence(pounds * 100));
        let rates: Vec<i64> =
            flow_loss_rates(&entered, Pence(900_000)).into_iter().flatten().map(|rate| rate.0).collect();
        assert_eq!(rates, [90, 237, 643, 1_385, 2_308, 4_286, 7_500]);
        assert_eq!(flow_loss_rates(&[Pence::ZERO], Pence(1)), [None]);
    }
}
