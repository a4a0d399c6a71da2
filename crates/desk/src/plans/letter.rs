//! The letters of a plan: agreed or changed with its schedule, an instalment missed, ended, paid.
use super::assess::Assessed;
use super::terms::monthly;
use crate::core::command::Command;
use crate::delivery::{NewLetter, Recipient, add_missing_shipped, compose, recipients_of, stationery};
use crate::{Fault, Outcome};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::calendar::add_days;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_domain::plans::{Every, Instalment, PlanMethod};
use sundry_paper::{Language, LetterItem, long_date, pounds};
use sundry_store::plans::agreed::{self, CoveredRow, PlanRow};

/// Days to pay in full after a plan ended.
pub(super) const PAY_DAYS: i64 = 14;
const CODES: [&str; 4] = ["plan_agreed", "plan_missed", "plan_broken", "plan_completed"];

/// What a letter says.
#[derive(Clone, Debug)]
pub(super) enum Said {
    /// It is agreed.
    Agreed,
    /// It is another from now on.
    Changed,
    /// An instalment has not come in full: so much is behind, and may be caught up by a day.
    Missed { due_on: NaiveDate, behind: Pence, cure_by: NaiveDate },
    /// It is broken: so much is to be paid.
    Broken { balance: Pence },
    /// Everything came.
    Completed,
}

impl Said {
    fn template(&self) -> &'static str {
        match self {
            Said::Agreed | Said::Changed => CODES[0],
            Said::Missed { .. } => CODES[1],
            Said::Broken { .. } => CODES[2],
            Said::Completed => CODES[3],
        }
    }
}

/// Writes the letter to everyone on the plan; gives the first one's number, or nothing where none could be written:
/// then the trail says why.
pub(super) async fn write(cmd: &mut Command, plan: &PlanRow, said: Said) -> Outcome<String> {
    let (org, span) = (cmd.by.org, (plan.id, plan.id));
    add_missing_shipped(cmd, &CODES).await?;
    let covered = agreed::covered(&mut cmd.tx, org, span).await?;
    let rows = agreed::instalments_in_force(&mut cmd.tx, org, span).await?;
    let parts: Vec<Instalment> =
        rows.iter().map(|row| Instalment { due_on: row.due_on, amount: Pence(row.amount_pence) }).collect();
    let mut letters = Vec::new();
    for party in agreed::parties(&mut cmd.tx, org, plan.id).await? {
        let id = CustomerId(party.customer_id);
        let found = recipients_of(&mut cmd.tx, org, id, id, cmd.today).await?.remove(&party.customer_id);
        let to = found.ok_or_else(|| Fault::new("somebody on a plan is not there"))?;
        letters.push(letter(cmd, plan, &said, to, (&covered, &parts)));
    }
    let paper = stationery(&mut cmd.tx, org, cmd.today).await?;
    let mut first = String::new();
    for written in compose(cmd, &paper, letters).await? {
        match written {
            Ok(letter) if first.is_empty() => first = letter.number,
            Ok(_) => {}
            Err(why) => cmd.tell("PlanLetterNotWritten", format!("plan {}", plan.number), why),
        }
    }
    if matches!(said, Said::Agreed | Said::Changed) && !first.is_empty() {
        agreed::note_letter(&mut cmd.tx, org, (plan.id, plan.version), &first).await?;
    }
    Ok(first)
}

fn letter(
    cmd: &Command,
    plan: &PlanRow,
    said: &Said,
    to: Recipient,
    (covered, parts): (&[CoveredRow], &[Instalment]),
) -> NewLetter {
    let language = to.language();
    let paid = Pence(plan.paid_pence);
    let next = ahead(parts, paid);
    let (sum, due_on) = match said {
        Said::Agreed | Said::Changed => {
            (next.map_or(Pence::ZERO, |part| part.amount), next.map_or(cmd.today, |part| part.due_on))
        }
        Said::Missed { behind, cure_by, .. } => (*behind, *cure_by),
        Said::Broken { balance } => (*balance, add_days(cmd.today, PAY_DAYS)),
        Said::Completed => (Pence::ZERO, cmd.today),
    };
    let with_schedule = matches!(said, Said::Agreed | Said::Changed | Said::Missed { .. });
    let items = if with_schedule { schedule(parts, paid, language) } else { Vec::new() };
    let number = to.row.number.clone();
    NewLetter {
        kind: LetterKind::Plan,
        template: said.template().into(),
        to,
        dated_on: cmd.today,
        due_on: Some(due_on),
        next_letter_on: None,
        sum,
        items,
        item_ids: covered.iter().filter(|row| row.open_pence > 0).map(|row| (row.item_id, row.open_pence)).collect(),
        document: None,
        invoice: None,
        fields: fields(plan, said, (covered, parts), (&number, language)),
        run: None,
    }
}

/// The first instalment that is not paid, whole.
fn ahead(parts: &[Instalment], paid: Pence) -> Option<Instalment> {
    let mut to = Pence::ZERO;
    parts.iter().copied().find_map(|part| {
        to = to.plus(part.amount);
        (to > paid).then_some(Instalment { amount: to.minus(paid).min(part.amount), ..part })
    })
}

/// The instalments as the table of the letter: what each is, and what has come for it.
fn schedule(parts: &[Instalment], paid: Pence, language: Language) -> Vec<LetterItem> {
    let (count, mut left) = (parts.len(), paid);
    let line = |(n, part): (usize, &Instalment)| {
        let came = left.min(part.amount).max(Pence::ZERO);
        left = left.minus(came);
        LetterItem {
            number: n.to_string(),
            dated_on: part.due_on,
            due_on: Some(part.due_on),
            description: match language {
                Language::English => format!("Payment {n} of {count}"),
                Language::Welsh => format!("Taliad {n} o {count}"),
            },
            amount_pence: part.amount.0,
            charges_pence: 0,
            late: None,
            paid_pence: came.0,
            in_query_pence: 0,
            owed_pence: part.amount.minus(came).0,
        }
    };
    (1..).zip(parts).map(line).collect()
}

fn fields(
    plan: &PlanRow,
    said: &Said,
    (covered, parts): (&[CoveredRow], &[Instalment]),
    (customer, language): (&str, Language),
) -> BTreeMap<&'static str, String> {
    let every = Every::parse(&plan.every).unwrap_or(Every::Month);
    let to_come = ahead(parts, Pence(plan.paid_pence));
    let first = to_come.or_else(|| parts.first().copied());
    let day = |day: NaiveDate| long_date(day, language);
    let line = |row: &CoveredRow| {
        let what = if row.service.is_empty() { String::new() } else { format!(", {}", row.service) };
        format!("- {}{what}: {}", row.number, pounds(row.share_pence))
    };
    let missed_on = match said {
        Said::Missed { due_on, .. } => day(*due_on),
        _ => String::new(),
    };
    BTreeMap::from([
        ("plan", plan.number.clone()),
        ("changed", changed(said, plan, language)),
        ("total", pounds(plan.total_pence)),
        ("components", covered.iter().map(line).collect::<Vec<_>>().join("\n")),
        ("count", parts.len().to_string()),
        ("first_amount", pounds(first.map_or(0, |part| part.amount.0))),
        ("first_on", first.map_or_else(String::new, |part| day(part.due_on))),
        ("last_on", parts.last().map_or_else(String::new, |part| day(part.due_on))),
        ("frequency", what_follows(first, parts, every, language)),
        ("method", method(plan, customer, language)),
        ("missed_on", missed_on),
        ("review_on", day(plan.review_on)),
    ])
}

fn changed(said: &Said, plan: &PlanRow, language: Language) -> String {
    match (said, language) {
        (Said::Changed, Language::English) => {
            format!("This is version {} of the plan. It takes the place of the one before.", plan.version)
        }
        (Said::Changed, Language::Welsh) => {
            format!("Dyma fersiwn {} o'r cynllun. Mae'n cymryd lle'r un blaenorol.", plan.version)
        }
        (_, Language::English) => "Thank you for agreeing this plan with us.".into(),
        (_, Language::Welsh) => "Diolch am gytuno ar y cynllun hwn gyda ni.".into(),
    }
}

/// How often, and what each payment after the first comes to where that is another sum.
fn what_follows(first: Option<Instalment>, parts: &[Instalment], every: Every, language: Language) -> String {
    let often = frequency(every, language);
    let Some(first) = first else { return often.to_owned() };
    let rest: Vec<Pence> = parts.iter().filter(|part| part.due_on > first.due_on).map(|part| part.amount).collect();
    let (Some(next), Some(last)) = (rest.first().copied(), rest.last().copied()) else { return often.to_owned() };
    let alike = |some: &[Pence], amount: Pence| some.iter().all(|one| *one == amount);
    let sum = |amount: Pence| pounds(amount.0);
    match language {
        _ if alike(&rest, first.amount) => often.to_owned(),
        Language::English if alike(&rest, next) => format!("first, then {} {often}", sum(next)),
        Language::Welsh if alike(&rest, next) => format!("yn gyntaf, yna {} {often}", sum(next)),
        Language::English if alike(&rest[..rest.len() - 1], first.amount) => format!("{often}, the last {}", sum(last)),
        Language::Welsh if alike(&rest[..rest.len() - 1], first.amount) => format!("{often}, a'r olaf {}", sum(last)),
        Language::English => format!("first, then as listed, {often}"),
        Language::Welsh => format!("yn gyntaf, yna fel y rhestrir, {often}"),
    }
}

fn frequency(every: Every, language: Language) -> &'static str {
    match (every, language) {
        (Every::Week, Language::English) => "every week",
        (Every::Fortnight, Language::English) => "every 2 weeks",
        (Every::FourWeeks, Language::English) => "every 4 weeks",
        (Every::Month, Language::English) => "every month",
        (Every::Quarter, Language::English) => "every 3 months",
        (Every::Week, Language::Welsh) => "bob wythnos",
        (Every::Fortnight, Language::Welsh) => "bob 2 wythnos",
        (Every::FourWeeks, Language::Welsh) => "bob 4 wythnos",
        (Every::Month, Language::Welsh) => "bob mis",
        (Every::Quarter, Language::Welsh) => "bob 3 mis",
    }
}

fn method(plan: &PlanRow, customer: &str, language: Language) -> String {
    let mandate = &plan.mandate_reference;
    match (PlanMethod::parse(&plan.method).unwrap_or(PlanMethod::Transfer), language) {
        (PlanMethod::DirectDebit, Language::English) => format!(
            "We will collect each payment by Direct Debit, with the reference {mandate}. You need do nothing. We will \
             write to you before each amount changes."
        ),
        (PlanMethod::DirectDebit, Language::Welsh) => format!(
            "Byddwn yn casglu pob taliad drwy Ddebyd Uniongyrchol, gyda'r cyfeirnod {mandate}. Nid oes angen i chi \
             wneud dim. Byddwn yn ysgrifennu atoch cyn i bob swm newid."
        ),
        (PlanMethod::StandingOrder, Language::English) => format!(
            "Ask your bank to set up a standing order for these amounts and days, with the reference {customer}."
        ),
        (PlanMethod::StandingOrder, Language::Welsh) => format!(
            "Gofynnwch i'ch banc drefnu archeb sefydlog ar gyfer y symiau a'r dyddiadau hyn, gyda'r cyfeirnod {customer}."
        ),
        (PlanMethod::Card, Language::English) => "Pay each by card, in one of the ways below.".into(),
        (PlanMethod::Card, Language::Welsh) => "Talwch bob un â cherdyn, yn un o'r ffyrdd isod.".into(),
        (PlanMethod::Transfer, Language::English) => {
            format!("Pay each by bank transfer, with the reference {customer}.")
        }
        (PlanMethod::Transfer, Language::Welsh) => {
            format!("Talwch bob un drwy drosglwyddiad banc, gyda'r cyfeirnod {customer}.")
        }
        (PlanMethod::Cash, Language::English) => {
            format!("Pay each at our counter or by cheque, with the reference {customer}.")
        }
        (PlanMethod::Cash, Language::Welsh) => {
            format!("Talwch bob un wrth ein cownter neu â siec, gyda'r cyfeirnod {customer}.")
        }
    }
}

/// What a reminder of a missed instalment says, and until when it can be caught up.
pub(super) fn missed(one: &Assessed, today: NaiveDate) -> Said {
    let more = if one.vulnerable { sundry_domain::law::MORE_DAYS } else { 0 };
    Said::Missed {
        due_on: one.behind_since.unwrap_or(today),
        behind: one.behind,
        cure_by: add_days(today, one.plan.cure_days + more),
    }
}

/// The usual instalment of a plan as a month's worth, for lists.
pub(super) fn a_month(plan: &PlanRow, parts: &[Instalment]) -> Pence {
    monthly(super::terms::usual(parts), Every::parse(&plan.every).unwrap_or(Every::Month))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pln_07_the_letter_names_what_follows_the_first_instalment() {
        let on = |month: u32| NaiveDate::from_ymd_opt(2026, month, 1).expect("a day");
        let said = |amounts: &[i64], language| {
            let part = |(month, pence): (u32, &i64)| Instalment { due_on: on(month), amount: Pence(*pence) };
            let parts: Vec<Instalment> = (1..).zip(amounts).map(part).collect();
            what_follows(parts.first().copied(), &parts, Every::Month, language)
        };
        assert_eq!(said(&[5_000, 5_000, 5_000], Language::English), "every month");
        assert_eq!(said(&[8_337, 8_333, 8_333], Language::English), "first, then £83.33 every month");
        assert_eq!(said(&[8_337, 8_333, 8_333], Language::Welsh), "yn gyntaf, yna £83.33 bob mis");
        assert_eq!(said(&[5_000, 5_000, 2_000], Language::English), "every month, the last £20.00");
        assert_eq!(said(&[5_000, 3_000, 2_000, 5_000], Language::English), "first, then as listed, every month");
        assert_eq!(said(&[5_000], Language::Welsh), "bob mis");
    }
}
