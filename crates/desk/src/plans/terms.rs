//! What is asked of a plan, and what it comes to: weighed the same way before it is agreed, when, and when it is approved.
use super::policy::PlanSettings;
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::find;
use crate::delivery::freeze_of;
use crate::{Fault, Outcome};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};
use sundry_domain::calendar::add_months;
use sundry_domain::customers::{CustomerKind, FlagKind};
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::law::refusals::{DECEASED, INSOLVENT};
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::plans::running::refusals::{ABOVE_ADVISER, NO_MANDATE, NOT_THEIRS};
use sundry_domain::plans::{
    Approver, Budget, BudgetLine, BudgetPeriod, Every, Instalment, LineKind, PlanFacts, PlanInterest, PlanItem,
    PlanMethod, PlanTerms, Remainder, ScheduleAsk, Size, TOKEN_MONTHS, WhoAsked, approver_of, check_floor,
    check_minimum, may_agree, schedule, term_months,
};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_store::customers::CustomerRow;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::plans::budgets::{self, BudgetRow};
use sundry_store::plans::{agreed, standing};
use sundry_store::{Tx, control, delivery, people};

/// Most instalments of one plan.
pub(super) const MOST_INSTALMENTS: u32 = 240;

/// What is asked of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanAsk {
    /// Number of the customer whose plan it is.
    pub customer: String,
    /// Numbers of those who owe it with them.
    #[serde(default)]
    pub with: Vec<String>,
    /// Numbers of the invoices it covers.
    pub items: Vec<String>,
    /// By so many instalments.
    #[serde(default)]
    pub instalments: Option<u32>,
    /// By so much each.
    #[serde(default)]
    pub amount_pence: Option<Pence>,
    /// Or each typed: day and amount.
    #[serde(default)]
    pub parts: Vec<Instalment>,
    /// week, fortnight, four_weeks, month or quarter.
    pub every: String,
    /// Day of the first.
    pub first_on: NaiveDate,
    /// Day of the month for those after it.
    #[serde(default)]
    pub day_of_month: Option<u32>,
    /// first, last or spread; empty for what suits the way of paying.
    #[serde(default)]
    pub remainder: String,
    /// direct_debit, standing_order, card, transfer or cash.
    pub method: String,
    /// customer, adviser or us.
    pub asked_by: String,
    /// Who agreed it, where it is not the customer.
    #[serde(default)]
    pub agreed_with: String,
    /// call, form, sfs, letter or online.
    pub evidence: String,
    /// What was said.
    #[serde(default)]
    pub words: String,
    /// It bears interest or a fee.
    #[serde(default)]
    pub interest_charged: bool,
    /// That was agreed in writing.
    #[serde(default)]
    pub interest_in_writing: bool,
    /// Legal services approved it.
    #[serde(default)]
    pub interest_legal: bool,
    /// Interest for late payment of a business: waived, charged or empty.
    #[serde(default)]
    pub late_interest: String,
    /// The budget it rests on.
    #[serde(default)]
    pub budget: Option<i64>,
    /// When to look at it again; by policy where it is not said.
    #[serde(default)]
    pub review_on: Option<NaiveDate>,
}

impl PlanAsk {
    pub(super) fn check(&self, today: NaiveDate) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        let mut one_of = |field: &str, value: &str, ok: bool| {
            if !ok {
                wrong.push(Invalid::field(field, "Choose one from the list", value));
            }
        };
        one_of("every", &self.every, Every::parse(&self.every).is_some());
        one_of("remainder", &self.remainder, self.remainder.is_empty() || Remainder::parse(&self.remainder).is_some());
        one_of("method", &self.method, PlanMethod::parse(&self.method).is_some());
        one_of("asked_by", &self.asked_by, who_of(&self.asked_by).is_some());
        let evidence = matches!(self.evidence.as_str(), "call" | "form" | "sfs" | "letter" | "online");
        one_of("evidence", &self.evidence, evidence);
        one_of("late_interest", &self.late_interest, matches!(self.late_interest.as_str(), "" | "waived" | "charged"));
        let sizes = usize::from(self.instalments.is_some())
            + usize::from(self.amount_pence.is_some())
            + usize::from(!self.parts.is_empty());
        if sizes != 1 {
            let say = "Enter how many instalments, or how much each, or each of them";
            wrong.push(Invalid::field("instalments", say, ""));
        }
        if self.day_of_month.is_some_and(|day| !(1..=31).contains(&day)) {
            wrong.push(Invalid::field("day_of_month", "Enter a day from 1 to 31", ""));
        }
        if self.parts.len() > MOST_INSTALMENTS as usize || self.items.len() > 500 || self.with.len() > 10 {
            wrong.push(Invalid::field("items", "This is more than one plan can hold", ""));
        }
        let bounds = Pence(-LARGEST.0)..=LARGEST;
        for (row, part) in (1..).zip(&self.parts).filter(|(_, part)| !bounds.contains(&part.amount)) {
            wrong.push(Invalid::row(row, "parts", format!("Enter an amount up to {LARGEST}"), part.amount.pounds()));
        }
        wrong.extend(words_wrong(&[("words", &self.words)], 2_000));
        wrong.extend(lines_wrong(&[("agreed_with", &self.agreed_with)], 200));
        wrong.extend(days_wrong(&[("first_on", Some(self.first_on)), ("review_on", self.review_on)], today));
        for (row, part) in (1..).zip(&self.parts) {
            let far = days_wrong(&[("parts", Some(part.due_on))], today);
            wrong.extend(far.into_iter().map(|one| Invalid { row: Some(row), ..one }));
        }
        if let Some(review) = self.review_on.filter(|day| *day <= today) {
            wrong.push(Invalid::field("review_on", "Enter a day after today", review.to_string()));
        }
        wrong
    }

    pub(super) fn who(&self) -> WhoAsked {
        who_of(&self.asked_by).unwrap_or(WhoAsked::Us)
    }

    fn interest(&self) -> PlanInterest {
        PlanInterest {
            charged: self.interest_charged,
            in_writing: self.interest_in_writing,
            legal_approved: self.interest_legal,
        }
    }
}

fn who_of(text: &str) -> Option<WhoAsked> {
    match text {
        "customer" => Some(WhoAsked::Customer),
        "adviser" => Some(WhoAsked::Adviser),
        "us" => Some(WhoAsked::Us),
        _ => None,
    }
}

/// A month's worth of an instalment.
pub(super) fn monthly(amount: Pence, every: Every) -> Pence {
    let (amount, period) = match every {
        Every::Week => (amount, BudgetPeriod::Week),
        Every::Fortnight => (amount, BudgetPeriod::Fortnight),
        Every::FourWeeks => (amount, BudgetPeriod::FourWeeks),
        Every::Month => (amount, BudgetPeriod::Month),
        Every::Quarter => (Pence(amount.0.saturating_mul(4)), BudgetPeriod::Year),
    };
    BudgetLine { kind: LineKind::Fixed, name: String::new(), amount, period }.monthly()
}

/// The instalment that comes again and again: the least, the last one left out.
pub(super) fn usual(parts: &[Instalment]) -> Pence {
    let but_last = &parts[..parts.len().saturating_sub(1)];
    let least = but_last.iter().map(|part| part.amount).min();
    least.or_else(|| parts.first().map(|part| part.amount)).unwrap_or(Pence::ZERO)
}

/// Who is on a plan, and what the records say of them.
pub(super) struct People {
    pub(super) all: Vec<CustomerRow>,
    pub(super) individual: bool,
    /// Day from which breathing space freezes debts, for those whom it holds.
    frozen: HashMap<i64, NaiveDate>,
    /// Debts that a notice freezes.
    frozen_items: HashSet<i64>,
    pub(super) broke_one: bool,
}

impl People {
    pub(super) fn main(&self) -> &CustomerRow {
        &self.all[0]
    }

    /// Whether breathing space freezes a debt: by its notice, or by a flag that bears on the whole account.
    pub(super) fn is_frozen(&self, (customer, item): (i64, i64), dated_on: NaiveDate) -> bool {
        let by_flag = self.frozen.get(&customer).is_some_and(|from| dated_on <= *from);
        by_flag || self.frozen_items.contains(&item)
    }

    /// Loads them, the main one first; one who has died or is insolvent is refused.
    pub(super) async fn load(tx: &mut Tx, org: OrgId, numbers: &[&str], today: NaiveDate) -> Outcome<People> {
        let (mut all, mut frozen, mut broke_one) = (Vec::new(), HashMap::new(), false);
        let mut frozen_items = HashSet::new();
        let mut seen = HashSet::new();
        for number in numbers {
            let row = find(tx, org, number).await?;
            if !seen.insert(row.id) {
                continue;
            }
            let id = CustomerId(row.id);
            for flag in delivery::flags_of_range(tx, org, id, id, today).await? {
                let refused = |kind: sundry_domain::refusal::RefusalKind, why: &str| -> Refusal {
                    kind.because(format!("{} {why}", row.name))
                };
                match FlagKind::parse(&flag.kind) {
                    Some(FlagKind::Deceased) => return Err(refused(DECEASED, "has died").into()),
                    Some(FlagKind::Insolvent) => return Err(refused(INSOLVENT, "is insolvent").into()),
                    // A notice says of each debt whether it bears on it; a flag set by hand bears on all.
                    Some(FlagKind::BreathingSpace) if flag.case_id.is_none() => {
                        frozen.insert(row.id, flag.from_on);
                    }
                    _ => {}
                }
            }
            for one in people::case_items_of_range(tx, org, id, id).await? {
                let freeze = freeze_of(&one, today).filter(|freeze| freeze.starts_on <= today);
                if freeze.is_some_and(|freeze| freeze.ends_on.is_none_or(|last| today <= last)) {
                    frozen_items.insert(one.item_id);
                }
            }
            broke_one |= standing::broke_since(tx, org, id, add_months(today, -12)).await? > 0;
            all.push(row);
        }
        let kind = |row: &CustomerRow| CustomerKind::parse(&row.kind).unwrap_or(CustomerKind::Unknown);
        let individual = all.iter().any(|row| kind(row).is_individual());
        if all.is_empty() {
            return Err(Fault::new("a plan of nobody").into());
        }
        Ok(People { all, individual, frozen, frozen_items, broke_one })
    }

    /// The open debits with these numbers, as the rules take them, each with the plan it is in.
    pub(super) async fn items(
        &self,
        tx: &mut Tx,
        org: OrgId,
        numbers: &[String],
    ) -> Outcome<(Vec<ItemRow>, Vec<PlanItem>)> {
        let (mut theirs, mut in_plans) = (HashMap::new(), HashMap::new());
        for person in &self.all {
            let id = CustomerId(person.id);
            for row in ledger::open_items_of(tx, org, id).await? {
                if row.open_pence > 0 {
                    theirs.insert(row.number.clone(), row);
                }
            }
            in_plans.extend(agreed::items_in_plans(tx, org, id).await?);
        }
        let (mut rows, mut facts) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        for number in numbers.iter().map(|number| number.trim()).filter(|number| seen.insert(*number)) {
            let Some(row) = theirs.remove(number) else {
                let sentence = format!("{number} is not open on an account of this plan");
                return Err(NOT_THEIRS.because(sentence).into());
            };
            facts.push(PlanItem {
                number: row.number.clone(),
                open: Pence(row.open_pence),
                in_query: row.disputed_pence > 0,
                in_plan: in_plans.get(&row.id).cloned(),
                frozen: self.is_frozen((row.customer_id, row.id), row.dated_on),
            });
            rows.push(row);
        }
        rows.sort_by_key(|row| (row.due_on, row.id));
        Ok((rows, facts))
    }
}

/// A plan that may be agreed: its schedule, and who must grant it.
pub(super) struct Weighed {
    pub(super) people: People,
    pub(super) items: Vec<ItemRow>,
    pub(super) schedule: Vec<Instalment>,
    pub(super) total: Pence,
    pub(super) months: u32,
    pub(super) every: Every,
    pub(super) method: PlanMethod,
    pub(super) remainder: Remainder,
    pub(super) needed: Approver,
    pub(super) token: bool,
    pub(super) terms: PlanTerms,
    pub(super) settings: PlanSettings,
    pub(super) budget: Option<BudgetRow>,
    pub(super) mandate: String,
    pub(super) review_on: NaiveDate,
    pub(super) findings: Vec<String>,
    /// Leaves less than must stay of somebody who pays for care: for a manager.
    pub(super) below_floor: Option<Refusal>,
}

/// Weighs what is asked as at today.
pub(super) async fn weigh(tx: &mut Tx, org: OrgId, today: NaiveDate, ask: &PlanAsk) -> Outcome<Weighed> {
    let wrong = ask.check(today);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    weigh_known(tx, org, today, ask, None).await
}

/// Weighs what was asked when its fields were right, as at today. `replaces` is the plan of which this is a new version,
/// or which waits for its yes.
pub(super) async fn weigh_known(
    tx: &mut Tx,
    org: OrgId,
    today: NaiveDate,
    ask: &PlanAsk,
    replaces: Option<&str>,
) -> Outcome<Weighed> {
    let site = control::organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let settings = PlanSettings::of(&site)?;
    let numbers: Vec<&str> =
        std::iter::once(ask.customer.as_str()).chain(ask.with.iter().map(String::as_str)).collect();
    let people = People::load(tx, org, &numbers, today).await?;
    let (items, facts) = people.items(tx, org, &ask.items).await?;
    let total = facts.iter().fold(Pence::ZERO, |sum, item| sum.plus(item.open));
    let every = Every::parse(&ask.every).ok_or_else(|| Fault::new("checked above"))?;
    let method = PlanMethod::parse(&ask.method).ok_or_else(|| Fault::new("checked above"))?;
    let fixed = if method == PlanMethod::StandingOrder { Remainder::Last } else { Remainder::First };
    let remainder = Remainder::parse(&ask.remainder).unwrap_or(fixed);
    let parts = if facts.is_empty() { Vec::new() } else { parts_of(ask, total, every, remainder)? };
    let months = term_months(&parts);
    may_agree(
        &PlanFacts {
            items: facts,
            schedule: parts.clone(),
            asked_by: ask.who(),
            individual: people.individual,
            interest: ask.interest(),
            months,
            business_months: settings.policy.business_months,
            late_interest_decided: !ask.late_interest.is_empty(),
            replaces: replaces.map(str::to_owned),
        },
        today,
    )?;
    let mandate = mandate_of(tx, org, &people, method).await?;
    let budget = match ask.budget {
        Some(id) => budgets::budget(tx, org, id).await?,
        None => None,
    };
    let budget = budget.filter(|row| people.all.iter().any(|person| person.id == row.customer_id));
    if ask.budget.is_some() && budget.is_none() {
        return Err(Invalid::field("budget", "Choose a budget of this customer", "").into());
    }
    let grant = Grant { usual: usual(&parts), several: parts.len() > 1, every, total, months };
    let (terms, below_floor, findings) = grant.judge(&people, &settings, budget.as_ref(), &ask.words)?;
    let mut needed = approver_of(&settings.policy, &terms);
    if below_floor.is_some() {
        needed = needed.max(Approver::Manager);
    }
    let review = if terms.token { TOKEN_MONTHS } else { settings.policy.review_months };
    Ok(Weighed {
        review_on: ask.review_on.unwrap_or_else(|| add_months(today, review)),
        token: terms.token,
        schedule: parts,
        people,
        items,
        total,
        months,
        every,
        method,
        remainder,
        needed,
        terms,
        settings,
        budget,
        mandate,
        findings,
        below_floor,
    })
}

fn parts_of(ask: &PlanAsk, total: Pence, every: Every, remainder: Remainder) -> Result<Vec<Instalment>, Refusal> {
    let size = match (ask.instalments, ask.amount_pence) {
        (Some(count), _) => Size::Number(count),
        (_, Some(amount)) => Size::Amount(amount),
        _ => return Ok(ask.parts.clone()),
    };
    schedule(&ScheduleAsk {
        total,
        size,
        every,
        first_on: ask.first_on,
        day_of_month: ask.day_of_month,
        remainder,
        most: MOST_INSTALMENTS,
    })
}

/// The mandate of a Direct Debit plan; empty for the other ways.
pub(super) async fn mandate_of(tx: &mut Tx, org: OrgId, people: &People, method: PlanMethod) -> Outcome<String> {
    if method != PlanMethod::DirectDebit {
        return Ok(String::new());
    }
    let main = people.main();
    let found = standing::mandate_for(tx, org, CustomerId(main.id)).await?;
    Ok(found.ok_or_else(|| NO_MANDATE.because(format!("{} has no Direct Debit", main.name)))?)
}

/// What decides who grants.
pub(super) struct Grant {
    pub(super) usual: Pence,
    /// More than one: what is paid at once is no small instalment.
    pub(super) several: bool,
    pub(super) every: Every,
    pub(super) total: Pence,
    pub(super) months: u32,
}

impl Grant {
    /// The terms for the matrix, the floor of care if it is broken, and what there is to say of the budget.
    pub(super) fn judge(
        &self,
        people: &People,
        settings: &PlanSettings,
        budget: Option<&BudgetRow>,
        words: &str,
    ) -> Outcome<(PlanTerms, Option<Refusal>, Vec<String>)> {
        let a_month = monthly(self.usual, self.every);
        let says_so = budget.is_some_and(|row| row.offer_pence <= a_month.0);
        check_minimum(&settings.policy, self.usual, self.every, says_so || !self.several)?;
        let token = self.several && a_month < settings.policy.token_below;
        let terms = PlanTerms {
            months: self.months,
            total: self.total,
            token,
            broke_one: people.broke_one,
            business: !people.individual,
        };
        let (mut below, mut findings) = (None, Vec::new());
        if let Some(row) = budget {
            let body: Budget = serde_json::from_value(row.body.clone())?;
            findings = settings.findings(&body);
            if row.from_adviser && a_month.0 > row.offer_pence && words.trim().is_empty() {
                let offered = Pence(row.offer_pence);
                let sentence = format!("The adviser's statement offers {offered} a month, and {a_month} is asked");
                return Err(ABOVE_ADVISER.because(sentence).into());
            }
            if row.floor_pence > 0 {
                let floor = Pence(row.floor_pence);
                below = check_floor(body.of(LineKind::Income), floor, a_month, false).err();
            }
        }
        Ok((terms, below, findings))
    }
}
