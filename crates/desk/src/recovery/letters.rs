//! From a decided step to the letter it sends.
use super::day::{PlannedItem, PlannedLetter, PlannedStep, clause_of};
use super::facts::{CustomerDay, DayContext};
use crate::delivery::NewLetter;
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::calendar::add_days;
use sundry_domain::delivery::{LetterKind, Way, way_to_send};
use sundry_domain::ids::{CustomerId, RunId};
use sundry_domain::law::DebtClass;
use sundry_domain::money::Pence;
use sundry_domain::recovery::{
    ChargePart, ClaimFacts, DebtNature, LetterDates, LetterSet, Protocol, StepGroup, StepKind, earliest_issue,
    letter_dates, letter_kind, protocol_for,
};
use sundry_domain::words::in_sentence;
use sundry_paper::{Language, LetterItem, long_date, pounds};
use sundry_store::recovery::CaseItemRow;

/// Code under which monthly statements are counted.
pub(super) const STATEMENT: &str = "STATEMENT";

/// Plans the letter of a step, and says of which set it is.
pub(super) fn of_group(
    context: &DayContext,
    customer: &CustomerDay<'_>,
    group: &StepGroup,
) -> (PlannedLetter, LetterSet) {
    let kind = letter_kind(group.step.kind);
    let mut rows: Vec<&CaseItemRow> = group.items.iter().map(|at| &customer.open[customer.places[*at]]).collect();
    if group.shows_credits {
        rows.extend(customer.open.iter().filter(|row| row.open_pence < 0 && row.kind == "credit_note"));
    }
    let first = group.items.first().map(|at| &customer.case.items[*at]);
    let dates = first.map(|item| letter_dates(item.pathway, &group.step, context.day));
    let set = group.set;
    let template = match protocol_for(customer.case.kind) {
        // Whatever pathway they came by, people get the letter of the protocol, with its forms (REC-01, REC-02).
        Protocol::DebtClaims if kind == LetterKind::LetterOfClaim => "letter_of_claim".to_owned(),
        _ => set.template(&group.step.template),
    };
    let mut letter = planned(context, customer, kind, &template, &rows);
    for at in &group.items {
        leave_out(&mut letter, customer.open[customer.places[*at]].id, customer.case.items[*at].in_query);
    }
    letter.step_code = group.step.code.clone();
    letter.step_name = group.step.name.clone();
    letter.pathway_code = group.pathway_code.clone();
    letter.pathway_version = i64::from(group.pathway_version);
    letter.clause = clause_of(customer, group);
    letter.next_letter_on = dates.map(|dates| dates.next_letter_on);
    letter.due_on = due_on(context.day, customer, group, dates);
    if kind == LetterKind::Reminder {
        (letter.due_on, letter.next_letter_on) =
            (letter.due_on.map(|on| set.pay_by(on)), letter.next_letter_on.map(|on| set.pay_by(on)));
    }
    if kind == LetterKind::LetterOfClaim {
        letter.earliest_issue_on = earliest_issue(protocol_for(customer.case.kind), &ClaimFacts::of(context.day)).ok();
    }
    (letter, set)
}

/// Puts a letter of an earlier stage into one of the same day to the same customer: one letter lists everything, and
/// each debt takes its own step.
pub(super) fn join(letter: &mut PlannedLetter, other: PlannedLetter) {
    letter.total_pence = letter.total_pence.plus(other.total_pence);
    letter.also.push(PlannedStep {
        step_code: other.step_code,
        step_name: other.step_name,
        pathway_code: other.pathway_code,
        pathway_version: other.pathway_version,
        clause: other.clause,
        items: other.items.iter().filter(|item| item.open_pence > Pence::ZERO).map(|item| item.item).collect(),
    });
    letter.items.extend(other.items);
}

/// A reminder asks for what nobody disputes.
fn leave_out(letter: &mut PlannedLetter, item: i64, in_query: Pence) {
    if let Some(planned) = letter.items.iter_mut().find(|planned| planned.item.0 == item) {
        planned.open_pence = planned.open_pence.minus(in_query);
        letter.total_pence = letter.total_pence.minus(in_query);
    }
}

/// The day a letter names to pay or answer by.
fn due_on(
    day: NaiveDate,
    customer: &CustomerDay<'_>,
    group: &StepGroup,
    dates: Option<LetterDates>,
) -> Option<NaiveDate> {
    match group.step.kind {
        StepKind::LetterOfClaim => Some(add_days(day, protocol_for(customer.case.kind).letter_days())),
        StepKind::Statement => None,
        // Before the due date a note asks for nothing earlier than that.
        _ => {
            let latest = group.items.iter().map(|at| customer.case.items[*at].due_on).max();
            dates.map(|dates| latest.filter(|due| *due >= day).unwrap_or(dates.pay_by))
        }
    }
}

/// Plans a statement of everything open; it asks for nothing.
pub(super) fn statement(context: &DayContext, customer: &CustomerDay<'_>) -> PlannedLetter {
    let rows: Vec<&CaseItemRow> = customer.open.iter().collect();
    let mut letter = planned(context, customer, LetterKind::Statement, "statement", &rows);
    letter.step_code = STATEMENT.into();
    letter.step_name = "Monthly statement".into();
    letter
}

fn planned(
    context: &DayContext,
    customer: &CustomerDay<'_>,
    kind: LetterKind,
    template: &str,
    rows: &[&CaseItemRow],
) -> PlannedLetter {
    let way = match way_to_send(kind, &customer.case.reach) {
        Way::Email => "email",
        Way::Post => "post",
        Way::Held => "held",
    };
    PlannedLetter {
        customer: CustomerId(customer.to.row.id),
        customer_number: customer.to.row.number.clone(),
        customer_name: customer.to.row.name.clone(),
        kind,
        template: template.to_owned(),
        way: way.into(),
        dated_on: context.day,
        total_pence: Pence(rows.iter().map(|row| row.open_pence).sum()),
        items: rows.iter().map(|row| PlannedItem::of(row)).collect(),
        step_code: String::new(),
        step_name: String::new(),
        pathway_code: String::new(),
        pathway_version: 0,
        clause: String::new(),
        due_on: None,
        next_letter_on: None,
        earliest_issue_on: None,
        late: None,
        also: Vec::new(),
    }
}

/// The letter to write.
pub(super) fn to_write(customer: &CustomerDay<'_>, planned: &PlannedLetter, run: RunId) -> NewLetter {
    let rows: BTreeMap<i64, &CaseItemRow> = customer.open.iter().map(|row| (row.id, row)).collect();
    let asked = |item: &PlannedItem| Some((*rows.get(&item.item.0)?, item.open_pence.0));
    let asked: Vec<(&CaseItemRow, i64)> = planned.items.iter().filter_map(asked).collect();
    let rows: Vec<&CaseItemRow> = asked.iter().map(|(row, _)| *row).collect();
    let mut fields = fields(customer, &rows);
    if planned.kind == LetterKind::LetterOfClaim {
        fields.extend(claimed(planned, &asked, customer.to.language()));
    }
    NewLetter {
        kind: planned.kind,
        template: planned.template.clone(),
        to: customer.to.clone(),
        dated_on: planned.dated_on,
        due_on: planned.due_on,
        next_letter_on: planned.next_letter_on,
        sum: planned.total_pence,
        items: asked.iter().map(|(row, asked)| line(row, *asked)).collect(),
        item_ids: asked.iter().map(|(row, asked)| (row.id, *asked)).collect(),
        document: None,
        invoice: None,
        fields,
        run: Some(run),
    }
}

fn line(row: &CaseItemRow, asked_pence: i64) -> LetterItem {
    LetterItem {
        number: row.number.clone(),
        dated_on: row.dated_on,
        due_on: Some(row.due_on).filter(|_| row.open_pence > 0),
        description: description(row),
        amount_pence: row.original_pence,
        charges_pence: 0,
        late: None,
        paid_pence: row.original_pence - row.open_pence,
        in_query_pence: row.open_pence - asked_pence,
        owed_pence: asked_pence,
    }
}

fn description(row: &CaseItemRow) -> String {
    match row.kind.as_str() {
        "credit_note" => "Credit note".into(),
        "receipt" => "Payment not yet set against an invoice".into(),
        _ => [&row.service, &row.debt_type].into_iter().find(|text| !text.is_empty()).cloned().unwrap_or_default(),
    }
}

fn fields(customer: &CustomerDay<'_>, rows: &[&CaseItemRow]) -> BTreeMap<&'static str, String> {
    let debits: Vec<&&CaseItemRow> = rows.iter().filter(|row| row.open_pence > 0).collect();
    let language = customer.to.language();
    BTreeMap::from([
        ("for_what", for_what(&debits, language)),
        ("claim_basis", claim_basis(&debits, language)),
        ("instalments", instalments(&debits, language)),
    ])
}

fn is_charge(kind: &str) -> bool {
    ChargePart::ALL.iter().any(|part| part.item_kind() == kind)
}

/// What a letter of claim says of interest and charges: those in its sum, and those that the law adds (REC-01, REC-02).
fn claimed(planned: &PlannedLetter, asked: &[(&CaseItemRow, i64)], language: Language) -> Vec<(&'static str, String)> {
    let mut said = Vec::new();
    let charges: i64 = asked.iter().filter(|(row, _)| is_charge(&row.kind)).map(|(_, pence)| *pence).sum();
    if charges > 0 {
        let sum = pounds(charges);
        let sentence = match language {
            Language::English => format!(" Of this, {sum} is interest and charges."),
            Language::Welsh => format!(" O'r swm hwn, mae {sum} yn llog a thaliadau."),
        };
        said.extend([("charges", sum), ("charges_sentence", sentence)]);
    }
    if let Some(late) = planned.late {
        let (interest, fixed, daily) = (pounds(late.interest.0), pounds(late.compensation.0), pounds(late.daily.0));
        let (continues, each_day) = match language {
            Language::English => (
                format!(
                    "Yes. Interest runs under the Late Payment of Commercial Debts (Interest) Act 1998. To the date of this \
                     letter it comes to {interest}, with a fixed sum of {fixed} for the cost of recovering the debt."
                ),
                format!(" Interest for each further day: {daily}."),
            ),
            Language::Welsh => (
                format!(
                    "Oes. Mae llog yn rhedeg o dan Ddeddf Talu Dyledion Masnachol yn Hwyr (Llog) 1998. Hyd at ddyddiad y \
                     llythyr hwn, {interest} ydyw, gyda swm penodol o {fixed} am gost adennill y ddyled."
                ),
                format!(" Llog am bob diwrnod pellach: {daily}."),
            ),
        };
        said.extend([
            ("interest_continues", continues),
            ("daily_interest_sentence", each_day),
            ("daily_interest", daily),
        ]);
    }
    said
}

fn services<'r>(debits: &'r [&&CaseItemRow]) -> Vec<&'r str> {
    let mut named: Vec<&str> = debits.iter().map(|row| row.service.as_str()).filter(|text| !text.is_empty()).collect();
    named.sort_unstable();
    named.dedup();
    named
}

/// The one or two services of the debts, as a sentence has them; none when there are others.
fn what(debits: &[&&CaseItemRow], language: Language) -> Option<String> {
    match (services(debits).as_slice(), language) {
        ([one], Language::English) => Some(in_sentence(one)),
        ([one], Language::Welsh) => Some((*one).to_owned()),
        ([one, two], Language::English) => Some(format!("{} and {}", in_sentence(one), in_sentence(two))),
        ([one, two], Language::Welsh) => {
            let and = if two.starts_with(['A', 'E', 'I', 'O', 'U', 'W', 'Y']) { "ac" } else { "a" };
            Some(format!("{one} {and} {two}"))
        }
        _ => None,
    }
}

fn for_what(debits: &[&&CaseItemRow], language: Language) -> String {
    what(debits, language).unwrap_or_else(|| match (debits.len(), language) {
        (1, Language::English) => "one invoice".into(),
        (many, Language::English) => format!("{many} invoices"),
        (1, Language::Welsh) => "un anfoneb".into(),
        (many, Language::Welsh) => format!("{many} anfoneb"),
    })
}

/// Why it is owed: the agreement, or the law and the period of the charge (REC-02 items 3 and 4).
fn claim_basis(debits: &[&&CaseItemRow], language: Language) -> String {
    let (from, to, on, listed) = match language {
        Language::English => ("from", "to", "on", "what the invoices list"),
        Language::Welsh => ("o", "i", "ar", "yr hyn a restrir yn yr anfonebau"),
    };
    let what = what(debits, language).unwrap_or_else(|| listed.to_owned());
    let days = debits.iter().map(|row| row.dated_on);
    let period = match (days.clone().min(), days.max()) {
        (Some(first), Some(last)) if first != last => {
            format!("{from} {} {to} {}", long_date(first, language), long_date(last, language))
        }
        (Some(only), _) => format!("{on} {}", long_date(only, language)),
        _ => String::new(),
    };
    match (Basis::of(debits), language) {
        (Basis::Overpaid, Language::English) => format!(
            "This is money that we paid you beyond what was due to you ({what}), billed {period}. You can ask us for a \
             copy of the calculation and of the invoices."
        ),
        (Basis::Overpaid, Language::Welsh) => format!(
            "Mae hwn yn arian a dalwyd gennym i chi y tu hwnt i'r hyn oedd yn ddyledus i chi ({what}), a anfonebwyd \
             {period}. Gallwch ofyn i ni am gopi o'r cyfrifiad ac o'r anfonebau."
        ),
        (Basis::Statute, Language::English) => format!(
            "This is a charge that the law lets us make for {what}, billed {period}. You can ask us for a copy of the \
             decision behind it and of the invoices."
        ),
        (Basis::Statute, Language::Welsh) => format!(
            "Mae hwn yn dâl y mae'r gyfraith yn caniatáu i ni ei godi am {what}, a anfonebwyd {period}. Gallwch ofyn i \
             ni am gopi o'r penderfyniad y tu ôl iddo ac o'r anfonebau."
        ),
        (Basis::Agreement, Language::English) => format!(
            "We supplied {what} under our agreement with you, and billed it {period}. You can ask us for a copy of the \
             agreement, if it is in writing, and of the invoices."
        ),
        (Basis::Agreement, Language::Welsh) => format!(
            "Gwnaethom ddarparu {what} o dan ein cytundeb gyda chi, a'i anfonebu {period}. Gallwch ofyn i ni am gopi \
             o'r cytundeb, os yw'n ysgrifenedig, ac o'r anfonebau."
        ),
    }
}

/// What stands behind all of some debts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Basis {
    /// We paid too much: to staff, or to a provider.
    Overpaid,
    /// A law sets the charge.
    Statute,
    /// An agreement.
    Agreement,
}

impl Basis {
    fn of(debits: &[&&CaseItemRow]) -> Basis {
        let mut all = debits.iter().map(|row| Basis::of_debt_type(&row.debt_type));
        let first = all.next().unwrap_or(Basis::Agreement);
        if all.all(|other| other == first) { first } else { Basis::Agreement }
    }

    fn of_debt_type(debt_type: &str) -> Basis {
        let too_much = debt_type.to_lowercase().contains("overp");
        match (DebtClass::of_debt_type(debt_type), DebtNature::of_debt_type(debt_type)) {
            (DebtClass::Salary, _) => Basis::Overpaid,
            (DebtClass::Provider, _) if too_much => Basis::Overpaid,
            (_, DebtNature::StatutoryCharge) => Basis::Statute,
            _ => Basis::Agreement,
        }
    }
}

fn instalments(debits: &[&&CaseItemRow], language: Language) -> String {
    let paid: i64 = debits.iter().map(|row| row.original_pence - row.open_pence).sum();
    match (paid > 0, language) {
        (true, Language::English) => format!(
            "{} has been paid or credited towards these invoices. We have no agreement with you to pay the rest by \
             instalments; tell us on the reply form if you need one.",
            pounds(paid)
        ),
        (true, Language::Welsh) => format!(
            "Mae {} wedi'i dalu neu ei gredydu tuag at yr anfonebau hyn. Nid oes gennym gytundeb gyda chi i dalu'r \
             gweddill fesul rhandaliad; dywedwch wrthym ar y ffurflen ateb os oes angen un arnoch.",
            pounds(paid)
        ),
        (false, Language::English) => "No instalments have been offered or paid.".into(),
        (false, Language::Welsh) => "Nid oes unrhyw randaliadau wedi'u cynnig na'u talu.".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rec_02_what_stands_behind_a_debt_is_said_as_it_is() {
        for (debt_type, basis) in [
            ("Salary overpayment", Basis::Overpaid),
            ("Care provider overpayment", Basis::Overpaid),
            ("Client contribution", Basis::Statute),
            ("Overseas visitor", Basis::Statute),
            ("Direct payment clawback", Basis::Statute),
            ("Provider training", Basis::Agreement),
            ("trade_waste", Basis::Agreement),
            ("", Basis::Agreement),
        ] {
            assert_eq!(Basis::of_debt_type(debt_type), basis, "{debt_type}");
        }
    }
}
