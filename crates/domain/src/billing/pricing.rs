//! Line and VAT arithmetic: one method, no choices at entry (INV-08).
use super::{VatCode, refusals};
use crate::money::{BasisPoints, LARGEST, Pence, divide_half_up, spread};
use crate::reference::ReferenceBook;
use crate::refusal::Refusal;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A charge as asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineAsk {
    /// What it is for.
    pub description: String,
    /// Quantity in ten-thousandths: 10000 is one.
    pub quantity_e4: i64,
    /// Unit price in ten-thousandths of a pound: 10000 is £1.00.
    pub unit_price_e4: i64,
    /// Its VAT code.
    pub vat_code: VatCode,
    /// Whether the price already includes VAT.
    pub gross_entered: bool,
    /// The income code it posts to.
    pub income_code: String,
    /// The cost centre it posts to.
    pub cost_centre: String,
}

/// A line with its amounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedLine {
    /// Before VAT.
    pub net: Pence,
    /// Its share of the rate's VAT.
    pub vat: Pence,
    /// With VAT.
    pub gross: Pence,
    /// Its VAT code.
    pub vat_code: VatCode,
    /// The rate at the tax point.
    pub rate: BasisPoints,
}

/// What the document shows for one VAT code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateTotal {
    /// The code.
    pub vat_code: VatCode,
    /// Its rate.
    pub rate: BasisPoints,
    /// Sum of the nets.
    pub net: Pence,
    /// VAT on them, rounded once.
    pub vat: Pence,
}

/// A document with all its amounts; lines always add to the totals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedDocument {
    /// In the order asked.
    pub lines: Vec<PricedLine>,
    /// One for each code used.
    pub rates: Vec<RateTotal>,
    /// Sum before VAT.
    pub net: Pence,
    /// Sum of VAT.
    pub vat: Pence,
    /// What is owed.
    pub gross: Pence,
}

/// Prices lines at the rates of a tax point: net per line, VAT once for each code, spread back over its lines.
pub fn price_lines(lines: &[LineAsk], rates: &ReferenceBook, tax_point: NaiveDate) -> Result<PricedDocument, Refusal> {
    let mut priced = Vec::with_capacity(lines.len());
    for line in lines {
        let amount = line_amount(line)?;
        let rate = rates.vat_rate(line.vat_code, tax_point)?;
        priced.push(PricedLine { net: amount, vat: Pence::ZERO, gross: amount, vat_code: line.vat_code, rate });
    }
    let typed: i128 = priced.iter().map(|line| i128::from(line.net.0)).sum();
    if typed.abs() > i128::from(LARGEST.0) {
        return Err(refusals::TOO_LARGE.because("The document comes to more than £10,000,000,000"));
    }
    for code in VatCode::ALL {
        for gross_entered in [false, true] {
            let of_group: Vec<usize> = (0..lines.len())
                .filter(|i| lines[*i].vat_code == code && lines[*i].gross_entered == gross_entered)
                .collect();
            add_vat(&mut priced, &of_group, gross_entered);
        }
    }
    Ok(total(priced))
}

/// The VAT inside an amount that includes it: a sixth at 20%.
pub fn vat_within(gross: Pence, rate: BasisPoints) -> Pence {
    to_pence(divide_half_up(i128::from(gross.0) * i128::from(rate.0), i128::from(10_000 + rate.0)))
}

fn line_amount(line: &LineAsk) -> Result<Pence, Refusal> {
    let product = i128::from(line.quantity_e4) * i128::from(line.unit_price_e4);
    let pence = divide_half_up(product, 1_000_000);
    if pence.abs() > i128::from(LARGEST.0) {
        return Err(refusals::TOO_LARGE.because(format!("{} comes to more than £10,000,000,000", line.description)));
    }
    Ok(to_pence(pence))
}

fn add_vat(priced: &mut [PricedLine], group: &[usize], gross_entered: bool) {
    let Some(first) = group.first() else { return };
    let rate = priced[*first].rate;
    let sum: Pence = group.iter().fold(Pence::ZERO, |sum, i| sum.plus(priced[*i].net));
    let vat = if gross_entered { vat_within(sum, rate) } else { on_net(sum, rate) };
    for (i, share) in group.iter().zip(share_out(vat, group.iter().map(|i| priced[*i].net))) {
        let line = &mut priced[*i];
        line.vat = share;
        if gross_entered {
            line.net = line.gross.minus(share);
        } else {
            line.gross = line.net.plus(share);
        }
    }
}

/// Shares VAT over amounts. A group that mixes signs is weighed by size, which still adds up.
pub(super) fn share_out(vat: Pence, amounts: impl Iterator<Item = Pence>) -> Vec<Pence> {
    let weights: Vec<i64> = amounts.map(|amount| amount.size().0).collect();
    spread(vat, &weights)
}

/// VAT on an amount before VAT.
pub(super) fn on_net(net: Pence, rate: BasisPoints) -> Pence {
    to_pence(divide_half_up(i128::from(net.0) * i128::from(rate.0), 10_000))
}

fn total(lines: Vec<PricedLine>) -> PricedDocument {
    let mut rates: Vec<RateTotal> = Vec::new();
    for line in &lines {
        match rates.iter_mut().find(|total| total.vat_code == line.vat_code) {
            Some(total) => {
                total.net = total.net.plus(line.net);
                total.vat = total.vat.plus(line.vat);
            }
            None => rates.push(RateTotal { vat_code: line.vat_code, rate: line.rate, net: line.net, vat: line.vat }),
        }
    }
    rates.sort_by_key(|total| total.vat_code);
    let net = lines.iter().fold(Pence::ZERO, |sum, line| sum.plus(line.net));
    let vat = lines.iter().fold(Pence::ZERO, |sum, line| sum.plus(line.vat));
    PricedDocument { lines, rates, net, vat, gross: net.plus(vat) }
}

/// Back to pence.
pub(super) fn to_pence(amount: i128) -> Pence {
    Pence(i64::try_from(amount).expect("a rate of an amount bounded at the door fits"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(quantity: i64, price_pence: i64, vat_code: VatCode) -> LineAsk {
        LineAsk {
            description: "Charge".into(),
            quantity_e4: quantity * 10_000,
            unit_price_e4: price_pence * 100,
            vat_code,
            gross_entered: false,
            income_code: "4000".into(),
            cost_centre: String::new(),
        }
    }

    fn price(lines: &[LineAsk]) -> PricedDocument {
        let day = "2026-11-21".parse().expect("a date");
        price_lines(lines, &ReferenceBook::default(), day).expect("priced")
    }

    fn gross(pence: i64, vat_code: VatCode) -> LineAsk {
        LineAsk { gross_entered: true, ..line(1, pence, vat_code) }
    }

    #[test]
    fn inv_e1_one_line() {
        let priced = price(&[line(1, 12_345, VatCode::S)]);
        assert_eq!((priced.vat, priced.gross), (Pence(2_469), Pence(14_814)));
    }

    #[test]
    fn inv_e2_vat_is_rounded_once_for_the_rate() {
        let priced = price(&[line(3, 333, VatCode::S), line(7, 1_999, VatCode::S), line(11, 105, VatCode::S)]);
        let nets: Vec<i64> = priced.lines.iter().map(|line| line.net.0).collect();
        assert_eq!(nets, [999, 13_993, 1_155]);
        assert_eq!((priced.net, priced.vat, priced.gross), (Pence(16_147), Pence(3_229), Pence(19_376)));
    }

    #[test]
    fn inv_e3_vat_is_spread_by_largest_remainder() {
        let priced = price(&vec![line(1, 113, VatCode::S); 5]);
        assert_eq!((priced.net, priced.vat), (Pence(565), Pence(113)));
        let shares: Vec<i64> = priced.lines.iter().map(|line| line.vat.0).collect();
        assert_eq!(shares, [23, 23, 23, 22, 22]);
    }

    #[test]
    fn inv_e4_small_lines() {
        let priced = price(&vec![line(1, 12, VatCode::S); 4]);
        assert_eq!((priced.net, priced.vat), (Pence(48), Pence(10)));
    }

    #[test]
    fn inv_e5_gross_entered_at_the_standard_rate() {
        let standard = price(&[gross(100_000, VatCode::S)]);
        assert_eq!((standard.vat, standard.net, standard.gross), (Pence(16_667), Pence(83_333), Pence(100_000)));
    }

    #[test]
    fn inv_e6_gross_entered_at_the_reduced_rate() {
        let reduced = price(&[gross(10_500, VatCode::R)]);
        assert_eq!((reduced.vat, reduced.net), (Pence(500), Pence(10_000)));
    }

    #[test]
    fn inv_e7_mixed_treatments_are_kept_apart() {
        let priced = price(&[line(1, 100_000, VatCode::S), line(1, 50_000, VatCode::E)]);
        assert_eq!((priced.vat, priced.gross), (Pence(20_000), Pence(170_000)));
        assert_eq!(priced.rates.len(), 2);
        let apart = price(&[line(1, 100, VatCode::E), line(1, 100, VatCode::O), line(1, 100, VatCode::Z)]);
        assert_eq!(apart.rates.len(), 3);
    }

    #[test]
    fn unit_prices_carry_four_decimals() {
        let mut ask = line(1_000, 0, VatCode::O);
        ask.unit_price_e4 = 1_235;
        assert_eq!(price(&[ask.clone()]).net, Pence(12_350));
        ask.quantity_e4 = 10_000;
        assert_eq!(price(&[ask]).net, Pence(12));
    }

    #[test]
    fn amounts_beyond_the_door_are_refused() {
        let mut ask = line(1, 0, VatCode::S);
        ask.quantity_e4 = i64::MAX;
        ask.unit_price_e4 = i64::MAX;
        let day = "2026-11-21".parse().expect("a date");
        let refused = price_lines(&[ask], &ReferenceBook::default(), day).expect_err("too large");
        assert_eq!(refused.code, "INV-08-TOO-LARGE");
    }

    proptest! {
        #[test]
        fn lines_always_add_to_the_totals(
            asks in prop::collection::vec((1i64..500, 0i64..1_000_000, 0usize..5, any::<bool>()), 1..30)
        ) {
            let lines: Vec<LineAsk> = asks
                .into_iter()
                .map(|(q, p, code, gross)| LineAsk { gross_entered: gross, ..line(q, p, VatCode::ALL[code]) })
                .collect();
            let priced = price(&lines);
            let sum = |of: fn(&PricedLine) -> Pence| priced.lines.iter().fold(Pence::ZERO, |s, l| s.plus(of(l)));
            prop_assert_eq!(sum(|l| l.net), priced.net);
            prop_assert_eq!(sum(|l| l.vat), priced.vat);
            prop_assert_eq!(sum(|l| l.gross), priced.gross);
            prop_assert_eq!(priced.rates.iter().fold(Pence::ZERO, |s, r| s.plus(r.vat)), priced.vat);
            for (ask, out) in lines.iter().zip(&priced.lines) {
                prop_assert_eq!(out.net.plus(out.vat), out.gross);
                if ask.gross_entered {
                    prop_assert_eq!(out.gross, Pence(ask.quantity_e4 / 10_000 * ask.unit_price_e4 / 100));
                }
            }
        }
    }
}
