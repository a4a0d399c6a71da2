//! The calculation of overpaid pay: each pay period with gross and net, and what is asked back of it by tax year (REC-05).
use super::refusals;
use super::taking_back::pay_week;
use crate::money::{LARGEST, Pence};
use crate::refusal::Refusal;
use crate::words::named;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Most pay periods in one calculation: ten years of months.
pub const MOST_PERIODS: usize = 120;

named! {
    /// Which sum is asked back.
    AskedAs {
        /// What was received: payroll corrects tax, National Insurance and pension.
        Net = "net", "Net";
        /// What was paid before deductions: the employee claims the tax back.
        Gross = "gross", "Gross";
    }
}

/// What was overpaid in one pay period, as payroll gives it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverpaidPeriod {
    /// First day of it.
    pub from: NaiveDate,
    /// Last day of it.
    pub to: NaiveDate,
    /// Its pay day, which says the tax year.
    pub paid_on: NaiveDate,
    /// Overpaid before deductions.
    pub gross: Pence,
    /// Tax taken from it.
    pub tax: Pence,
    /// National Insurance taken from it.
    pub insurance: Pence,
    /// Pension contributions taken from it.
    pub pension: Pence,
    /// Why it was overpaid.
    pub reason: String,
}

impl OverpaidPeriod {
    /// What the employee received of it.
    pub fn net(&self) -> Pence {
        self.gross.minus(self.tax).minus(self.insurance).minus(self.pension)
    }
}

/// A pay period with what is asked back of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskedPeriod {
    /// What was overpaid.
    pub period: OverpaidPeriod,
    /// The tax year of its pay day, such as `2026/27`.
    pub tax_year: String,
    /// Net or gross.
    pub asked_as: AskedAs,
    /// How much.
    pub asked: Pence,
}

/// The calculation with its totals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayCalculation {
    /// In the order of the periods.
    pub periods: Vec<AskedPeriod>,
    /// Overpaid before deductions.
    pub gross: Pence,
    /// Tax.
    pub tax: Pence,
    /// National Insurance.
    pub insurance: Pence,
    /// Pension contributions.
    pub pension: Pence,
    /// What was received.
    pub net: Pence,
    /// What is asked back.
    pub asked: Pence,
}

/// Works the calculation out. Net is asked for pay of the tax year in which it is paid back, where payroll can correct
/// the tax; else gross, and the employee claims the tax back from HM Revenue and Customs.
pub fn pay_calculation(periods: &[OverpaidPeriod], repay_by: NaiveDate, paye_corrected: bool) -> PayCalculation {
    let (year_back, _) = pay_week(repay_by);
    let asked = |period: &OverpaidPeriod| {
        let (tax_year, _) = pay_week(period.paid_on);
        let is_net = paye_corrected && tax_year == year_back;
        AskedPeriod {
            asked_as: if is_net { AskedAs::Net } else { AskedAs::Gross },
            asked: if is_net { period.net() } else { period.gross },
            tax_year,
            period: period.clone(),
        }
    };
    let mut periods: Vec<AskedPeriod> = periods.iter().map(asked).collect();
    periods.sort_by_key(|one| (one.period.from, one.period.paid_on));
    let sum = |of: fn(&AskedPeriod) -> Pence| periods.iter().fold(Pence::ZERO, |sum, one| sum.plus(of(one)));
    PayCalculation {
        gross: sum(|one| one.period.gross),
        tax: sum(|one| one.period.tax),
        insurance: sum(|one| one.period.insurance),
        pension: sum(|one| one.period.pension),
        net: sum(|one| one.period.net()),
        asked: sum(|one| one.asked),
        periods,
    }
}

/// What is wrong with pay periods as they were given, each fault with the place of its period, counted from 1.
pub fn period_faults(periods: &[OverpaidPeriod], today: NaiveDate) -> Vec<(usize, &'static str)> {
    let mut faults = Vec::new();
    for (place, one) in (1..).zip(periods) {
        let mut before = periods.iter().take(place - 1);
        let taken = [one.tax, one.insurance, one.pension];
        let too_large = [one.gross].iter().chain(&taken).any(|sum| *sum > LARGEST);
        let fault = if one.to < one.from {
            "the last day is before the first"
        } else if one.paid_on > today {
            "the pay day has not come"
        } else if one.gross <= Pence::ZERO || too_large {
            "enter the gross pay that was too much"
        } else if taken.iter().any(|sum| *sum < Pence::ZERO) {
            "a deduction is not less than nothing"
        } else if one.net() <= Pence::ZERO {
            "the deductions are as much as the pay"
        } else if one.reason.trim().is_empty() || one.reason.chars().count() > 200 {
            "say why it was overpaid, in at most 200 characters"
        } else if before.any(|other| other.from <= one.to && one.from <= other.to) {
            "it overlaps another period"
        } else {
            continue;
        };
        faults.push((place, fault));
    }
    faults
}

/// Whether so much may be asked back of a debt: what it was at first, or what is open.
///
/// # Errors
/// `REC-05-TOTAL`.
pub fn may_ask_back(asked: Pence, original: Pence, open: Pence) -> Result<(), Refusal> {
    if asked == original || asked == open {
        return Ok(());
    }
    let sentence = if original == open {
        format!("The calculation comes to {asked}, and the debt is {original}")
    } else {
        format!("The calculation comes to {asked}; the debt was {original}, of which {open} is open")
    };
    Err(refusals::PAY_TOTAL.because(sentence))
}

/// Reads a pay period from a line: first day, last day, pay day, gross, tax, National Insurance, pension, reason, parted
/// by semicolons or tabs. Dates are read as the caller reads them.
///
/// # Errors
/// What cannot be read, in words.
pub fn read_period(line: &str, date: impl Fn(&str) -> Option<NaiveDate>) -> Result<OverpaidPeriod, &'static str> {
    let part = if line.contains('\t') { '\t' } else { ';' };
    let all: Vec<&str> = line.splitn(8, part).map(str::trim).collect();
    let [from, to, paid_on, gross, tax, insurance, pension, reason] = all.as_slice() else {
        return Err("give eight parts: first day; last day; pay day; gross; tax; National Insurance; pension; reason");
    };
    let day = |text: &str| date(text).ok_or("a date cannot be read");
    let sum = |text: &str| Pence::parse(text).ok_or("an amount cannot be read");
    Ok(OverpaidPeriod {
        from: day(from)?,
        to: day(to)?,
        paid_on: day(paid_on)?,
        gross: sum(gross)?,
        tax: sum(tax)?,
        insurance: sum(insurance)?,
        pension: sum(pension)?,
        reason: (*reason).to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().expect("a date in a test")
    }

    fn read(line: &str) -> OverpaidPeriod {
        read_period(line, |text| text.parse().ok()).expect("a period in a test")
    }

    /// March is of the tax year before, April and May of this one.
    fn three() -> Vec<OverpaidPeriod> {
        vec![
            read("2026-03-01; 2026-03-31; 2026-03-27; 512.40; 102.40; 40.99; 25.62; Left on 28 February"),
            read("2026-04-01; 2026-04-30; 2026-04-28; 512.40; 102.48; 40.99; 25.62; Left on 28 February"),
            read("2026-05-01; 2026-05-31; 2026-05-28; 100.01; 20.00; 8.00; 0.00; Left on 28 February"),
        ]
    }

    #[test]
    fn rec_05_net_is_asked_in_the_same_tax_year_and_gross_after_it() {
        let plain = |repay_by: &str, corrected: bool| {
            let all = pay_calculation(&three(), d(repay_by), corrected);
            let asked: Vec<(String, &str, i64)> =
                all.periods.into_iter().map(|one| (one.tax_year, one.asked_as.as_str(), one.asked.0)).collect();
            (asked, all.asked.0)
        };
        let (last, this) = ("2025/26".to_owned(), "2026/27".to_owned());
        let rows = |all: [(&'static str, i64); 3]| {
            let years = [last.clone(), this.clone(), this.clone()];
            years.into_iter().zip(all).map(|(year, (asked_as, pence))| (year, asked_as, pence)).collect::<Vec<_>>()
        };
        let mixed = rows([("gross", 51_240), ("net", 34_331), ("net", 7_201)]);
        assert_eq!(plain("2026-06-30", true), (mixed.clone(), 92_772));
        assert_eq!(plain("2027-04-05", true), (mixed, 92_772), "the last day of the year");
        let gross = rows([("gross", 51_240), ("gross", 51_240), ("gross", 10_001)]);
        assert_eq!(plain("2027-04-06", true), (gross.clone(), 112_481), "the first of the next");
        assert_eq!(plain("2026-06-30", false), (gross, 112_481), "payroll cannot correct it");
    }

    #[test]
    fn rec_05_totals_of_a_calculation_agree_with_its_periods() {
        let all = pay_calculation(&three(), d("2026-06-30"), true);
        let sums = [all.gross, all.tax, all.insurance, all.pension, all.net].map(|sum| sum.0);
        assert_eq!(sums, [112_481, 22_488, 8_998, 5_124, 75_871]);
        assert_eq!(all.gross.minus(all.tax).minus(all.insurance).minus(all.pension), all.net);
        let code = |asked, original, open| {
            may_ask_back(Pence(asked), Pence(original), Pence(open)).err().map(|refusal| refusal.code)
        };
        assert_eq!(code(92_772, 92_772, 92_772), None);
        assert_eq!(code(92_772, 92_772, 50_000), None, "part has come");
        assert_eq!(code(50_000, 92_772, 50_000), None, "only what is open");
        assert_eq!(code(92_771, 92_772, 92_772).as_deref(), Some("REC-05-TOTAL"));
    }

    #[test]
    fn rec_05_faults_of_pay_periods_name_their_place() {
        assert!(period_faults(&three(), d("2026-06-01")).is_empty());
        let faults = |change: &dyn Fn(&mut Vec<OverpaidPeriod>)| {
            let mut all = three();
            change(&mut all);
            period_faults(&all, d("2026-06-01"))
        };
        assert_eq!(faults(&|all| all[1].to = d("2026-03-31")), [(2, "the last day is before the first")]);
        assert_eq!(faults(&|all| all[2].paid_on = d("2026-06-02")), [(3, "the pay day has not come")]);
        assert_eq!(faults(&|all| all[0].gross = Pence(0)), [(1, "enter the gross pay that was too much")]);
        assert_eq!(faults(&|all| all[0].tax = Pence(-1)), [(1, "a deduction is not less than nothing")]);
        assert_eq!(faults(&|all| all[2].pension = Pence(7_201)), [(3, "the deductions are as much as the pay")]);
        assert_eq!(faults(&|all| all[2].from = d("2026-04-30")), [(3, "it overlaps another period")]);
        let unexplained = faults(&|all| all[0].reason = " ".into());
        assert_eq!(unexplained, [(1, "say why it was overpaid, in at most 200 characters")]);
        let by_tab = read("2026-03-01\t2026-03-31\t2026-03-27\t1,512.40\t0\t0\t0\tPaid twice; found in audit");
        assert_eq!((by_tab.gross, by_tab.reason.as_str()), (Pence(151_240), "Paid twice; found in audit"));
        assert!(read_period("2026-03-01; 2026-03-31", |text| text.parse().ok()).is_err());
    }
}
