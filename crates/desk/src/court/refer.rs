//! Referring debts to court, and deciding on the referral: somebody else, with what speaks for it and against (LEG-02).
use super::weigh::{debts_of, is_elsewhere, shortest};
use super::{due, find, happened, must_be, note, save};
use crate::core::command::Command;
use crate::core::typed::words_wrong;
use crate::customers::{find as find_customer, refuse_cards};
use crate::recovery::Restarts;
use crate::recovery::agencies::WeighedItem;
use crate::{Actor, Desk, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use sundry_domain::control::{Decider, Duty, LimitedAct, default_limits, limit_of, may_approve, may_decide};
use sundry_domain::court::case_refusals::{CASE_EMPTY, CASE_TWICE, NOT_NAMED};
use sundry_domain::court::issue_fee;
use sundry_domain::customers::FlagKind;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, ItemId, OrgId, UserId};
use sundry_domain::law::refusals::{AGENCY_PLACED, OTHER_COURT};
use sundry_domain::law::{Act, ClaimFacts, SpecialDebt, earliest_issue, may, protocol_for};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::court::{self as store, CaseItemRow, CaseRow};
use sundry_store::{Tx, agency, delivery};

/// Most debts that are named in one referral.
const MOST_DEBTS: usize = 500;

/// Refers debts of a customer to court.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReferToCourt {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// Numbers of the debts; all that are open when none is named.
    #[serde(default)]
    pub debts: Vec<String>,
    /// Why court, and not something milder.
    pub why: String,
    /// What is known of their income.
    #[serde(default)]
    pub means: String,
    /// What is known of what they own.
    #[serde(default)]
    pub assets: String,
}

impl ReferToCourt {
    fn check(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        if self.why.trim().is_empty() {
            wrong.push(Invalid::field("why", "Say why court, in up to 2,000 characters", &self.why));
        }
        let texts = [("why", self.why.as_str()), ("means", self.means.as_str()), ("assets", self.assets.as_str())];
        wrong.extend(words_wrong(&texts, 2_000));
        if self.debts.len() > MOST_DEBTS {
            let typed = self.debts.len().to_string();
            wrong.push(Invalid::field("debts", format!("Choose up to {MOST_DEBTS} debts"), typed));
        }
        wrong
    }
}

/// A case that was referred, or decided on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Referral {
    /// Number of the case.
    pub number: String,
    /// Where it stands.
    pub state: String,
    /// The letter of claim; empty before it.
    pub letter: String,
    /// The first day of a claim, where it is known.
    pub earliest_on: Option<NaiveDate>,
    /// What speaks for it and against: passed or look, and a sentence.
    pub checks: Vec<(String, String)>,
}

/// Refers debts to court.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-EMPTY`, `CT-CASE-TWICE`, `CT-CASE-NOT-NAMED`, `REC-07-PLACED`, `CT-00-OTHER-COURT`;
/// whatever the law says of a letter of claim today.
pub async fn refer_to_court(desk: &Desk, by: &Actor, ask: ReferToCourt) -> Outcome<Referral> {
    by.must_hold(Duty::WorkCases)?;
    let wrong = ask.check();
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("why", &ask.why), ("means", &ask.means), ("assets", &ask.assets)])?;
    for number in &ask.debts {
        refuse_cards(&[("debts", number)])?;
    }
    command!(desk, by, "refer_to_court", &ask.key, &ask, |cmd| {
        let (org, desk, today) = (cmd.by.org, cmd.desk.clone(), cmd.today);
        let customer = find_customer(&mut cmd.tx, org, &ask.customer).await?;
        let debts = debts_of(&mut cmd.tx, &desk, org, customer.id, Vec::new()).await?;
        let Some(mut debts) = debts else {
            return Err(CASE_EMPTY.because("Nothing is open on this account").into());
        };
        if !ask.debts.is_empty() {
            let known = |named: &String| debts.items.iter().any(|item| item.number == named.trim());
            let strange = ask.debts.iter().find(|named| !known(named));
            if let Some(strange) = strange.filter(|_| ask.debts.iter().any(known)) {
                let message = "Enter numbers of debts that are open on this account";
                return Err(Invalid::field("debts", message, strange).into());
            }
            debts.items.retain(|item| ask.debts.iter().any(|named| named.trim() == item.number));
            if let Some(early) = debts.items.iter().find(|item| item.due_on >= today) {
                let sentence = format!("{} is not overdue: it is due on {}", early.number, written(early.due_on));
                return Err(CASE_EMPTY.because(sentence).into());
            }
        }
        debts.items.retain(|item| item.due_on < today);
        // Interest and costs that stand on the account are claimed anew, by the court's own rules.
        debts.items.retain(|item| !matches!(item.kind.as_str(), "interest" | "compensation" | "costs"));
        if debts.items.is_empty() {
            return Err(CASE_EMPTY.because("None of these debts is open and overdue on this account").into());
        }
        for item in &debts.items {
            if let Some(number) = agency::claimed_as(&mut cmd.tx, org, ItemId(item.id)).await? {
                return Err(CASE_TWICE.because(format!("{} is in case {number}", item.number)).into());
            }
            if let Some(number) = agency::placed_as(&mut cmd.tx, org, ItemId(item.id)).await? {
                return Err(AGENCY_PLACED.because(format!("{} is with an agency, as {number}", item.number)).into());
            }
        }
        if is_elsewhere(&mut cmd.tx, org, customer.id).await? {
            return Err(OTHER_COURT.because("The customer is not in England or Wales").into());
        }
        let overdue: Vec<i64> = debts.items.iter().map(|item| item.id).collect();
        let letters = letters_of(&mut cmd.tx, org, CustomerId(customer.id), &overdue).await?;
        debts.items = named_by(&letters, debts.items, !ask.debts.is_empty())?;
        let ids: Vec<i64> = debts.items.iter().map(|item| item.id).collect();
        let limitation = shortest(&mut cmd.tx, org, &ids).await?;
        // What bears on another debt of the account does not bear on these.
        let named = debts_of(&mut cmd.tx, &desk, org, customer.id, ids.clone()).await?;
        let mut facts = named.map_or_else(|| debts.case.clone(), |named| named.case);
        facts.balance = debts.items.iter().fold(Pence::ZERO, |sum, item| sum.plus(item.open));
        facts.debt.limitation = limitation.clone();
        SpecialDebt::strictest(debts.items.iter().map(|item| item.special)).told_to(&mut facts.debt);
        facts.step.decided_by_person = true;
        may(Act::LetterOfClaim, &facts, today)?;
        // The newest reaches the last of them; the clock runs from it.
        let newest = letters.into_values().max();
        let (letter_on, letter_number) = newest.map_or_else(Default::default, |(day, number)| (Some(day), number));
        let safe_on = limitation.and_then(|one| one.safe_on);
        let mut checks = Vec::new();
        let mut say = |good: bool, words: String| checks.push((if good { "passed" } else { "look" }.to_owned(), words));
        say(!ask.means.trim().is_empty(), or(&ask.means, "Nothing is known of their income"));
        say(!ask.assets.trim().is_empty(), or(&ask.assets, "Nothing is known of what they own"));
        let support = facts.flags.iter().any(|flag| flag.kind == FlagKind::ExtraSupport);
        say(!support, if support { "They need extra support".into() } else { "No vulnerability is recorded".into() });
        match issue_fee(&desk.book(), facts.balance, today) {
            Ok(fee) => {
                let worth = facts.balance.0 >= fee.amount.0 * 3;
                say(worth, format!("{} is owed; issuing costs {} at least", facts.balance, fee.amount));
            }
            Err(refusal) => say(false, refusal.sentence),
        }
        match safe_on {
            Some(day) => say((day - today).num_days() > 183, format!("A claim is safe until {}", written(day))),
            None => say(true, "Time does not run against this debt".into()),
        }
        let sent = letter_on.map_or_else(
            || "No letter of claim has gone yet".to_owned(),
            |day| format!("The letter of claim went on {}", written(day)),
        );
        say(letter_on.is_some(), sent);
        let row = CaseRow {
            id: cmd.id(),
            number: format!("CRT-{:06}", cmd.next_number("CRT").await?),
            customer_id: customer.id,
            state: "referred".into(),
            why: ask.why.trim().into(),
            means: ask.means.trim().into(),
            assets: ask.assets.trim().into(),
            checks: serde_json::to_value(&checks)?,
            referred_by: cmd.by.user.0,
            referred_by_name: cmd.by.name.clone(),
            referred_on: today,
            letter_number: letter_number.clone(),
            letter_on,
            safe_on,
            ..blank(cmd)
        };
        store::add_case(&mut cmd.tx, org, &row).await?;
        let items: Vec<CaseItemRow> = debts
            .items
            .iter()
            .map(|item| CaseItemRow {
                case_id: row.id,
                item_id: item.id,
                item_number: item.number.clone(),
                added_pence: item.open.0,
                due_on: item.due_on,
                part: "debt".into(),
                is_open: true,
            })
            .collect();
        store::add_items(&mut cmd.tx, org, &items).await?;
        let mut events = vec![happened("referred", ask.why.trim())];
        if let Some(day) = safe_on {
            events.push(due("limitation", day, "Last safe day for a claim"));
        }
        let protocol = protocol_for(facts.customer_kind);
        let earliest_on = letter_on.and_then(|letter_on| earliest_issue(protocol, &dates(letter_on)).ok());
        if let Some(day) = earliest_on {
            events.push(due("claim", day, "A claim may be issued from this day"));
        }
        note(cmd, row.id, events).await?;
        cmd.tell("CourtReferred", format!("court case {}", row.number), &ask);
        cmd.tell("CourtReferred", format!("customer {}", customer.number), serde_json::json!({ "case": row.number }));
        Ok(Referral { number: row.number, state: row.state, letter: letter_number, earliest_on, checks })
    })
}

fn or(text: &str, otherwise: &str) -> String {
    if text.trim().is_empty() { otherwise.to_owned() } else { text.trim().to_owned() }
}

pub(super) fn dates(letter_on: NaiveDate) -> ClaimFacts {
    ClaimFacts {
        letter_on,
        replied_on: None,
        documents_requested: false,
        documents_sent_on: None,
        notice_on: None,
        offer_unanswered: false,
    }
}

/// A case of which nothing is known.
fn blank(cmd: &Command) -> CaseRow {
    CaseRow {
        id: 0,
        number: String::new(),
        customer_id: 0,
        state: String::new(),
        why: String::new(),
        means: String::new(),
        assets: String::new(),
        checks: serde_json::json!([]),
        referred_by: 0,
        referred_by_name: String::new(),
        referred_on: cmd.today,
        decided_by_name: String::new(),
        decided_on: None,
        decision_words: String::new(),
        letter_number: String::new(),
        letter_on: None,
        replied_on: None,
        reply_kind: String::new(),
        reply_unclear: false,
        documents_requested: false,
        documents_sent_on: None,
        notice_on: None,
        offer_unanswered: false,
        time_runs_out: String::new(),
        safe_on: None,
        claim: None,
        prepared_by: None,
        signed_by: String::new(),
        signed_on: None,
        file_id: None,
        claim_number: String::new(),
        issued_on: None,
        issue_fee_pence: 0,
        served_on: None,
        respond_by: None,
        defend_by: None,
        stayed_after: None,
        responses: serde_json::json!([]),
        admission_pending: false,
        requested_on: None,
        judgment_on: None,
        judgment_pence: 0,
        judgment_kind: String::new(),
        terms: None,
        satisfied_on: None,
        told_court_on: None,
        solicitor: String::new(),
        solicitor_ref: String::new(),
        solicitor_on: None,
        closed_on: None,
        closed_words: String::new(),
        recorded_at: cmd.at,
        version: 1,
    }
}

/// Day and number of the newest letter of claim of each debt of a customer that has one which was not withdrawn, and
/// after which no plan broke and nobody was found elsewhere.
pub(super) async fn letters_of(
    tx: &mut Tx,
    org: OrgId,
    whose: CustomerId,
    items: &[i64],
) -> Outcome<BTreeMap<i64, (NaiveDate, String)>> {
    let restarts = Restarts::of_range(tx, org, (whose, whose)).await?;
    let mut found = BTreeMap::new();
    for &item in items {
        let all = delivery::letters_of_item(tx, org, item).await?;
        // A letter that is held for want of an address has not gone: no clock runs from it.
        let gone = |state: &str| !matches!(state, "withdrawn" | "held");
        let counts = all.into_iter().filter(|row| row.kind == LetterKind::LetterOfClaim.as_str() && gone(&row.state));
        let over = restarts.of(item, whose.0);
        let newest = counts.map(|row| (row.dated_on, row.number)).max();
        if let Some(newest) = newest.filter(|(day, _)| !over.iter().any(|restart| restart.undoes(*day))) {
            found.insert(item, newest);
        }
    }
    Ok(found)
}

/// The debts that a letter of claim names, once any has one: what no letter reached waits for its own, and is refused
/// where it was chosen.
fn named_by(
    letters: &BTreeMap<i64, (NaiveDate, String)>,
    items: Vec<WeighedItem>,
    chosen: bool,
) -> Outcome<Vec<WeighedItem>> {
    if letters.is_empty() {
        return Ok(items);
    }
    let (named, strange): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| letters.contains_key(&item.id));
    match strange.first().filter(|_| chosen) {
        Some(first) => {
            Err(NOT_NAMED.because(format!("No letter of claim names {}; others here have theirs", first.number)).into())
        }
        None => Ok(named),
    }
}

/// Decides on a referral.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DecideReferral {
    /// Idempotency key.
    pub key: String,
    /// Number of the case.
    pub case: String,
    /// Yes: a claim may be prepared. No: it goes back.
    pub accept: bool,
    /// Why; needed for a no.
    #[serde(default)]
    pub words: String,
}

/// Decides on a referral: somebody other than who made it, and within what they may send to court (CTL-02).
///
/// # Errors
/// Duty; `CTL-01-OWN-WORK`; `CTL-02-ABOVE-LIMIT` of a yes; absent; `CT-CASE-STATE`.
pub async fn decide_referral(desk: &Desk, by: &Actor, ask: DecideReferral) -> Outcome<Referral> {
    // Who may do neither is told nothing of the case, nor of an answer that was given before.
    by.must_hold(Duty::WorkCases).or_else(|_| by.must_hold(Duty::ReferToCourt))?;
    if !ask.accept && ask.words.trim().is_empty() {
        return Err(Invalid::field("words", "Say why it goes back", &ask.words).into());
    }
    let wrong = words_wrong(&[("words", &ask.words)], 2_000);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("words", &ask.words)])?;
    command!(desk, by, "decide_referral", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let mut row = find(&mut cmd.tx, org, &ask.case).await?;
        let decider = Decider { user: cmd.by.user, duties: cmd.by.duties.clone() };
        may_approve(UserId(row.referred_by), &decider, Duty::ReferToCourt)?;
        must_be(&row, &["referred"])?;
        if ask.accept {
            let open: i64 = store::open_of(&mut cmd.tx, org, row.id).await?.iter().map(|(_, open)| open).sum();
            let limit = limit_of(&cmd.by.roles, LimitedAct::Court, cmd.by.limit, &default_limits());
            may_decide(LimitedAct::Court, Pence(open), Pence::ZERO, limit)?;
        }
        row.state = if ask.accept { "accepted" } else { "sent_back" }.into();
        row.decided_by_name = cmd.by.name.clone();
        row.decided_on = Some(cmd.today);
        row.decision_words = ask.words.trim().into();
        if !ask.accept {
            store::free_items(&mut cmd.tx, org, row.id).await?;
            store::meet_all(&mut cmd.tx, org, row.id, cmd.today).await?;
        }
        save(cmd, &mut row).await?;
        let kind = if ask.accept { "accepted" } else { "sent_back" };
        note(cmd, row.id, vec![happened(kind, ask.words.trim())]).await?;
        cmd.tell("CourtReferralDecided", format!("court case {}", row.number), &ask);
        let checks = serde_json::from_value(row.checks.clone()).unwrap_or_default();
        Ok(Referral { number: row.number, state: row.state, letter: row.letter_number, earliest_on: None, checks })
    })
}
