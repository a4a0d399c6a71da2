//! The letter with the calculation of overpaid pay.
use crate::core::command::Command;
use crate::delivery::{
    Composed, NewLetter, SALARY_CALCULATION, add_missing_templates, compose_all, recipients_of, stationery,
};
use crate::{Fault, Outcome};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::recovery::{AskedAs, AskedPeriod, PayCalculation};
use sundry_paper::{Language, LetterItem, long_date, pounds};
use sundry_store::ledger::ItemRow;

/// Writes the letter; it then waits to leave like any letter.
pub(super) async fn write(
    cmd: &mut Command,
    debts: &[ItemRow],
    worked: &PayCalculation,
    repay_by: NaiveDate,
) -> Outcome<Composed> {
    let (org, id) = (cmd.by.org, debts[0].customer_id);
    add_missing_templates(cmd, &[SALARY_CALCULATION]).await?;
    let customer = CustomerId(id);
    let to = recipients_of(&mut cmd.tx, org, customer, customer, cmd.today).await?.remove(&id);
    let to = to.ok_or_else(|| Fault::new("a debt names a customer who is not there"))?;
    let language = to.language();
    let open: Vec<&ItemRow> = debts.iter().filter(|debt| debt.open_pence > 0).collect();
    let sum = Pence(open.iter().map(|debt| debt.open_pence).sum());
    let letter = NewLetter {
        kind: LetterKind::Notice,
        template: "salary_calculation".into(),
        to,
        dated_on: cmd.today,
        due_on: Some(repay_by),
        next_letter_on: None,
        sum,
        items: (1..).zip(&worked.periods).map(|numbered| line(numbered, language)).collect(),
        item_ids: open.iter().map(|debt| (debt.id, debt.open_pence)).collect(),
        document: None,
        invoice: None,
        fields: fields(worked, sum, repay_by, language),
        run: None,
    };
    let paper = stationery(&mut cmd.tx, org, cmd.today).await?;
    let written = compose_all(cmd, &paper, vec![letter]).await?.into_iter().next();
    Ok(written.ok_or_else(|| Fault::new("no letter was written"))?)
}

/// A pay period as a row of the letter's table.
fn line((number, one): (i64, &AskedPeriod), language: Language) -> LetterItem {
    let paid = &one.period;
    let day = |day: NaiveDate| long_date(day, language);
    let (from, to, paid_on) = (day(paid.from), day(paid.to), day(paid.paid_on));
    let [gross, tax, insurance, pension, net] =
        [paid.gross, paid.tax, paid.insurance, paid.pension, paid.net()].map(|sum| pounds(sum.0));
    let reason = paid.reason.trim().trim_end_matches('.');
    let year = &one.tax_year;
    let description = match language {
        Language::English => {
            let asked = if one.asked_as == AskedAs::Net { "net" } else { "gross" };
            format!(
                "{from} to {to}, paid on {paid_on}, tax year {year}. {reason}. Gross {gross}, tax {tax}, National \
                 Insurance {insurance}, pension {pension}, net {net}. Asked for: {asked}"
            )
        }
        Language::Welsh => {
            let asked = if one.asked_as == AskedAs::Net { "net" } else { "gros" };
            format!(
                "{from} i {to}, talwyd ar {paid_on}, blwyddyn dreth {year}. {reason}. Gros {gross}, treth {tax}, \
                 Yswiriant Gwladol {insurance}, pensiwn {pension}, net {net}. Gofynnir am: {asked}"
            )
        }
    };
    LetterItem {
        number: number.to_string(),
        dated_on: paid.paid_on,
        due_on: None,
        description,
        amount_pence: one.asked.0,
        charges_pence: 0,
        late: None,
        paid_pence: 0,
        in_query_pence: 0,
        owed_pence: one.asked.0,
    }
}

fn fields(
    worked: &PayCalculation,
    open: Pence,
    repay_by: NaiveDate,
    language: Language,
) -> BTreeMap<&'static str, String> {
    let names = match language {
        Language::English => ["Gross pay", "Tax", "National Insurance", "Pension contributions", "Net pay"],
        Language::Welsh => ["Cyflog gros", "Treth", "Yswiriant Gwladol", "Cyfraniadau pensiwn", "Cyflog net"],
    };
    let sums = [worked.gross, worked.tax, worked.insurance, worked.pension, worked.net];
    let lines: Vec<String> = names.iter().zip(sums).map(|(name, sum)| format!("- {name}: {}", pounds(sum.0))).collect();
    let (sum, on) = (pounds(open.0), long_date(repay_by, language));
    let left = match language {
        Language::English => format!("{sum} is left to pay by {on}."),
        Language::Welsh => format!("Mae {sum} ar ôl i'w dalu erbyn {on}."),
    };
    BTreeMap::from([
        ("components", lines.join("\n")),
        ("count", worked.periods.len().to_string()),
        ("left", left),
        ("tax_position", tax_position(worked, language).to_owned()),
        ("total", pounds(worked.asked.0)),
    ])
}

/// Why net or gross is asked, and what the employee can do about the tax.
fn tax_position(worked: &PayCalculation, language: Language) -> &'static str {
    let has = |asked_as: AskedAs| worked.periods.iter().any(|one| one.asked_as == asked_as);
    match (has(AskedAs::Net), has(AskedAs::Gross), language) {
        (true, false, Language::English) => {
            "We ask for the net pay, which is what you received. Payroll will correct your tax in this tax year."
        }
        (true, false, Language::Welsh) => {
            "Rydym yn gofyn am y cyflog net, sef yr hyn a gawsoch. Bydd y gyflogres yn cywiro eich treth yn y flwyddyn \
             dreth hon."
        }
        (true, true, Language::English) => {
            "For pay of the tax year in which you pay it back we ask for the net pay, and payroll will correct your tax. \
             For pay of another tax year we ask for the gross pay. You can claim the tax on it back from HM Revenue and \
             Customs."
        }
        (true, true, Language::Welsh) => {
            "Am gyflog y flwyddyn dreth yr ydych yn ei dalu'n ôl ynddi, rydym yn gofyn am y cyflog net, a bydd y \
             gyflogres yn cywiro eich treth. Am gyflog blwyddyn dreth arall, rydym yn gofyn am y cyflog gros. Gallwch \
             hawlio'r dreth arno yn ôl gan Gyllid a Thollau EF."
        }
        (false, _, Language::English) => {
            "We ask for the gross pay, because payroll cannot correct your tax. You can claim the tax on it back from \
             HM Revenue and Customs."
        }
        (false, _, Language::Welsh) => {
            "Rydym yn gofyn am y cyflog gros, oherwydd ni all y gyflogres gywiro eich treth. Gallwch hawlio'r dreth \
             arno yn ôl gan Gyllid a Thollau EF."
        }
    }
}
