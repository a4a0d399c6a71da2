//! What is known of debts that may be given up, for one customer or for all of them, in a dozen statements.
use crate::Outcome;
use crate::billing::relief_on;
use crate::delivery::limitation_by;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::billing::vat_relief;
use sundry_domain::calendar::{add_days, add_months};
use sundry_domain::ids::{ItemId, OrgId};
use sundry_domain::law::{
    Insolvency, InsolvencyKind, LimitEvent, LimitEventKind, LimitFacts, LimitKind, ServiceAnswer, limitation,
    may_be_out_of_time,
};
use sundry_domain::money::Pence;
use sundry_domain::words::{counted, written};
use sundry_domain::writeoff::{Criteria, DebtFacts, Evidence, Tier, TierFacts, WriteOffReason, category_of, tier_now};
use sundry_store::Tx;
use sundry_store::writeoff::facts::{self, Customers, DebtRow, InsolvencyFact};
use sundry_store::writeoff::{self, DebtEvidenceRow};

/// VAT relief that a debt would bear if it were given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReliefIfGivenUp {
    /// How much; nothing where no VAT was charged.
    pub amount_pence: i64,
    /// First day of a claim.
    pub earliest_on: Option<NaiveDate>,
    /// Last day of a claim.
    pub latest_on: Option<NaiveDate>,
}

/// A debt with all that is known of it.
#[derive(Clone, Debug)]
pub(super) struct Debt {
    pub row: DebtRow,
    pub facts: DebtFacts,
    pub on_file: Vec<(Evidence, String)>,
    pub taxed: Vec<(i64, i64, i64)>,
    pub schedule: Option<String>,
    pub before: Pence,
    pub owes: Pence,
}

impl Debt {
    /// The relief on this much of it.
    pub fn relief(&self, amount: Pence) -> ReliefIfGivenUp {
        if self.taxed.is_empty() {
            return ReliefIfGivenUp::default();
        }
        let dates = (self.row.supply_on, self.row.due_on);
        let relief = vat_relief(&relief_on(&self.taxed, Pence(self.row.gross_pence), amount, dates));
        ReliefIfGivenUp {
            amount_pence: relief.amount.0,
            earliest_on: Some(relief.earliest_on),
            latest_on: Some(relief.latest_on),
        }
    }

    /// Who decides on this much of it, with what the customer was let off in twelve months.
    pub fn tier(&self, amount: Pence, reason: WriteOffReason, criteria: &Criteria) -> Tier {
        self.tier_after(amount, self.before, reason, criteria)
    }

    /// The same after other write-offs of the customer.
    pub fn tier_after(&self, amount: Pence, before: Pence, reason: WriteOffReason, criteria: &Criteria) -> Tier {
        let facts = TierFacts { amount, before, reason, class: self.row.debt_type.clone() };
        tier_now(&facts, criteria.committee_above)
    }
}

/// The criteria that hold on a day.
pub(super) async fn criteria_on(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Outcome<Criteria> {
    let mut criteria = Criteria::default();
    for row in writeoff::policies(tx, org).await?.into_iter().filter(|row| row.from_on <= day) {
        criteria.set(&row.name, row.value);
    }
    Ok(criteria)
}

/// The open debts of a range of customers that were due by a day.
pub(super) async fn known(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    due_by: NaiveDate,
    of: Customers,
) -> Outcome<Vec<Debt>> {
    let rows = facts::debts(tx, org, due_by, of).await?;
    with_facts(tx, org, today, rows, of).await
}

/// One debt with all that is known of it; open or not.
pub(super) async fn known_debt(tx: &mut Tx, org: OrgId, today: NaiveDate, item: i64) -> Outcome<Option<Debt>> {
    let Some(row) = facts::debt(tx, org, item).await? else { return Ok(None) };
    let of = (row.customer_id, row.customer_id);
    Ok(with_facts(tx, org, today, vec![row], of).await?.into_iter().next())
}

/// The debts of a schedule with all that is known of them.
pub(super) async fn known_of_schedule(tx: &mut Tx, org: OrgId, today: NaiveDate, schedule: i64) -> Outcome<Vec<Debt>> {
    let rows = facts::debts_of_schedule(tx, org, schedule).await?;
    let ids = rows.iter().map(|row| row.customer_id);
    let of = (ids.clone().min().unwrap_or(0), ids.max().unwrap_or(0));
    with_facts(tx, org, today, rows, of).await
}

async fn with_facts(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    rows: Vec<DebtRow>,
    of: Customers,
) -> Outcome<Vec<Debt>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut around = Around::of(tx, org, today, of).await?;
    for row in rows.iter().filter(|row| may_be_out_of_time(row.due_on, today)) {
        let worked = limitation_by(tx, org, ItemId(row.id), (&row.debt_type, row.due_on)).await?;
        around.limits.extend(worked.safe_on.map(|safe| (row.id, safe)));
    }
    Ok(rows.into_iter().map(|row| around.debt(row)).collect())
}

/// An insolvency as the law reads it; later rows of a customer take the place of earlier ones.
fn insolvency(row: InsolvencyFact) -> Option<(i64, Insolvency)> {
    let known = Insolvency {
        kind: InsolvencyKind::parse(&row.kind)?,
        on: row.on_day,
        ended_on: row.ended_on,
        revoked: row.state == "revoked",
        final_dividend: row.final_dividend,
    };
    Some((row.customer_id, known))
}

/// What stands around debts, by customer and by item.
struct Around {
    letters: HashMap<i64, (i64, bool, NaiveDate)>,
    paid: HashMap<i64, NaiveDate>,
    /// Last days of claims of debts old enough to be out of time, by all that was paid and recorded.
    limits: HashMap<i64, NaiveDate>,
    holds: HashMap<i64, Vec<(i64, String)>>,
    flags: HashMap<i64, Vec<(String, NaiveDate, String)>>,
    insolvencies: HashMap<i64, Insolvency>,
    balances: HashMap<i64, (i64, i64)>,
    evidence: HashMap<i64, Vec<DebtEvidenceRow>>,
    answers: HashMap<i64, String>,
    waiting: HashMap<i64, String>,
    before: HashMap<i64, i64>,
    taxed: HashMap<i64, Vec<(i64, i64, i64)>>,
}

impl Around {
    async fn of(tx: &mut Tx, org: OrgId, today: NaiveDate, of: Customers) -> Outcome<Around> {
        let letters = facts::letters(tx, org, of).await?;
        let mut around = Around {
            letters: letters.into_iter().map(|(item, count, last, on)| (item, (count, last > 0, on))).collect(),
            paid: facts::last_paid(tx, org, of).await?.into_iter().collect(),
            limits: HashMap::new(),
            holds: HashMap::new(),
            flags: HashMap::new(),
            insolvencies: facts::insolvencies(tx, org, of).await?.into_iter().filter_map(insolvency).collect(),
            balances: HashMap::new(),
            evidence: HashMap::new(),
            answers: HashMap::new(),
            waiting: facts::waiting(tx, org, of).await?.into_iter().collect(),
            before: facts::written_off(tx, org, add_months(today, -12), of).await?.into_iter().collect(),
            taxed: HashMap::new(),
        };
        for (customer, item, reason) in facts::holds(tx, org, today, of).await? {
            around.holds.entry(customer).or_default().push((item, reason));
        }
        for (customer, kind, since, how) in facts::flags(tx, org, today, of).await? {
            around.flags.entry(customer).or_default().push((kind, since, how));
        }
        for (customer, owes, credit) in facts::balances(tx, org, of).await? {
            around.balances.insert(customer, (owes, credit));
        }
        for row in facts::evidence(tx, org, of).await? {
            around.evidence.entry(row.item_id).or_default().push(row);
        }
        for (item, state, answer, words, by, on) in facts::answers(tx, org, of).await? {
            around.answers.insert(item, answer_words(&state, &answer, &words, &by, on));
        }
        for (document, net, vat, bp) in facts::taxed(tx, org, of).await? {
            around.taxed.entry(document).or_default().push((net, vat, bp));
        }
        Ok(around)
    }

    fn debt(&self, row: DebtRow) -> Debt {
        let (owes, credit) = self.balances.get(&row.customer_id).copied().unwrap_or_default();
        let facts = self.facts(&row, credit);
        let on_file = self.on_file(&row, &facts);
        Debt {
            taxed: self.taxed.get(&row.document_id).cloned().unwrap_or_default(),
            schedule: self.waiting.get(&row.id).cloned(),
            before: Pence(self.before.get(&row.customer_id).copied().unwrap_or_default()),
            owes: Pence(owes),
            row,
            facts,
            on_file,
        }
    }

    fn facts(&self, row: &DebtRow, credit: i64) -> DebtFacts {
        let (letters, final_sent, _) = self.letters.get(&row.id).copied().unwrap_or((0, false, row.due_on));
        let holds = self.holds.get(&row.customer_id).into_iter().flatten();
        let since = |kind: &str| {
            let flags = self.flags.get(&row.customer_id).into_iter().flatten();
            flags.filter(|(flag, ..)| flag == kind).map(|(_, on, _)| *on).min()
        };
        let on_file = || self.evidence.get(&row.id).into_iter().flatten();
        let count = |kind: Evidence| on_file().filter(|one| one.kind == kind.as_str()).count() as u32;
        let worked_out = on_file().filter(|one| one.kind == Evidence::LimitationWorking.as_str()).map(|one| one.on_day);
        let worked_out = worked_out.reduce(|_, later| later);
        let last_paid_on = self.paid.get(&row.id).copied();
        DebtFacts {
            open: Pence(row.open_pence),
            disputed: Pence(row.disputed_pence),
            due_on: row.due_on,
            last_paid_on,
            letters,
            final_sent,
            holds: holds.filter(|(item, _)| *item == 0 || *item == row.id).map(|(_, reason)| reason.clone()).collect(),
            money_held: Pence(credit),
            deceased_since: since("deceased"),
            insolvent_since: since("insolvent"),
            gone_away_since: since("gone_away"),
            claim_until: worked_out
                .or_else(|| self.limits.get(&row.id).copied())
                .or_else(|| claim_until(row, last_paid_on)),
            probate_searches: count(Evidence::ProbateSearches),
            sources_tried: count(Evidence::TraceProof),
            enforcement_failed: count(Evidence::EnforcementTried),
            insolvency: self.insolvencies.get(&row.customer_id).cloned(),
            compassionate: count(Evidence::Grounds) > 0,
        }
    }

    /// What is on file: what the books themselves say, and what people added.
    fn on_file(&self, row: &DebtRow, facts: &DebtFacts) -> Vec<(Evidence, String)> {
        let mut all = vec![
            (Evidence::History, format!("Kept since {}", written(row.dated_on))),
            (Evidence::LossCategory, category_of(&row.debt_type).name().to_owned()),
            (Evidence::VatRelief, "Worked out with the debt".to_owned()),
        ];
        if let Some((count, _, on)) = self.letters.get(&row.id) {
            all.push((Evidence::Letters, format!("{}, the last on {}", counted(*count, "reminder"), written(*on))));
        }
        let flags = self.flags.get(&row.customer_id).into_iter().flatten();
        let how = flags.filter(|(name, ..)| name == "deceased").map(|(_, _, how)| how.as_str()).next();
        if let (Some(how), Some(since)) = (how, facts.deceased_since) {
            all.push((Evidence::ProofOfDeath, format!("Since {}: {how}", written(since))));
        }
        if let Some(words) = self.answers.get(&row.id) {
            all.push((Evidence::ServiceAnswer, words.clone()));
        }
        for one in self.evidence.get(&row.id).into_iter().flatten() {
            if let Some(kind) = Evidence::parse(&one.kind) {
                let file = if one.file_name.is_empty() { String::new() } else { format!(" ({})", one.file_name) };
                all.push((kind, format!("{}, {}{file}", one.words, written(one.on_day))));
            }
        }
        all
    }
}

fn answer_words(state: &str, answer: &str, words: &str, by: &str, on: Option<NaiveDate>) -> String {
    let name = ServiceAnswer::parse(answer).map_or(answer, |one| one.name());
    let on = on.map_or_else(String::new, |day| format!(" on {}", written(day)));
    match state {
        "defaulted" => format!("No answer in time{on}: {}", name.to_lowercase()),
        _ if words.is_empty() => format!("{name}: {by}{on}"),
        _ => format!("{name}: {words} ({by}{on})"),
    }
}

/// The last day of a claim of a debt that is not old: nothing can have ended its time, whatever was recorded since.
fn claim_until(row: &DebtRow, last_paid_on: Option<NaiveDate>) -> Option<NaiveDate> {
    let paid = |on| LimitEvent { kind: LimitEventKind::PartPayment, on, evidence: "The receipt".into() };
    let facts = LimitFacts {
        kind: LimitKind::of_debt_type(&row.debt_type),
        due_on: row.due_on,
        events: last_paid_on.map(paid).into_iter().collect(),
        concealed_until: None,
    };
    limitation(&facts).safe_on
}

/// The last due date of what is so many days overdue.
pub(super) fn overdue_since(today: NaiveDate, days: i64) -> NaiveDate {
    add_days(today, -days)
}
