//! Estates: when a customer has died, who represents them, probate watched, the claim, the settlement (BS-06, LEG-08).
use super::{due, happened, note};
use crate::core::command::Command;
use crate::core::typed::{days_wrong, lines_wrong, words_wrong};
use crate::customers::{find as find_customer, refuse_cards, told_of_flag};
use crate::recovery::people::end_what_death_ends;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::court::case_refusals::{ESTATE_STATE, ESTATE_TWICE};
use sundry_domain::customers::FlagKind;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::law::Death;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_store::Tx;
use sundry_store::court::EventRow;
use sundry_store::court_estates::{self as store, EstateRow};
use sundry_store::customers::{self, FlagRow};
use sundry_store::{cash, court, ledger};

/// Records a death, and opens the estate.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenEstate {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub customer: String,
    /// When they died.
    pub died_on: NaiveDate,
    /// When we heard; today when not said.
    #[serde(default)]
    pub told_on: Option<NaiveDate>,
    /// From whom.
    pub source: String,
    /// Executors or administrators, where they are known.
    #[serde(default)]
    pub representatives: String,
    /// Where they are written to.
    #[serde(default)]
    pub address: String,
}

/// An estate as it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EstateStands {
    /// Number.
    pub number: String,
    /// open, claimed, settled or no_estate.
    pub state: String,
    /// The first day of a demand to the estate.
    pub demand_from: NaiveDate,
}

fn stands(row: &EstateRow) -> EstateStands {
    EstateStands { number: row.number.clone(), state: row.state.clone(), demand_from: row.demand_from }
}

/// Opens an estate: letters to the person stop today, Direct Debit and promises end, probate searches go into the diary.
///
/// # Errors
/// Duty; fields; absent; `BS-06-TWICE`.
pub async fn open_estate(desk: &Desk, by: &Actor, ask: OpenEstate) -> Outcome<EstateStands> {
    by.must_hold(Duty::SetFlags)?;
    let told_on = ask.told_on.unwrap_or_else(|| desk.today());
    let mut wrong = Vec::new();
    if ask.died_on > told_on || told_on > desk.today() {
        wrong.push(Invalid::field("died_on", "Enter the day of death, up to today", ask.died_on.to_string()));
    }
    if ask.source.trim().is_empty() {
        wrong.push(Invalid::field("source", "Say who told us, in up to 200 characters", &ask.source));
    }
    wrong.extend(words_wrong(&[("source", &ask.source)], 200));
    wrong.extend(words_wrong(&[("representatives", &ask.representatives), ("address", &ask.address)], 500));
    wrong.extend(days_wrong(&[("died_on", Some(ask.died_on)), ("told_on", ask.told_on)], desk.today()));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[("source", &ask.source), ("representatives", &ask.representatives), ("address", &ask.address)])?;
    command!(desk, by, "open_estate", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let customer = find_customer(&mut cmd.tx, org, &ask.customer).await?;
        let before = store::estates_of(&mut cmd.tx, org, CustomerId(customer.id)).await?;
        if let Some(one) = before.iter().find(|one| matches!(one.state.as_str(), "open" | "claimed")) {
            return Err(ESTATE_TWICE.because(format!("{} is {}", one.number, one.state)).into());
        }
        let death = Death { on: ask.died_on, told_on, source: ask.source.trim().into(), to_representatives: true };
        let flag = FlagRow {
            id: cmd.id(),
            customer_id: customer.id,
            kind: FlagKind::Deceased.as_str().into(),
            evidence: format!("Died on {}: {}", ask.died_on.format("%-d %B %Y"), death.source),
            from_on: told_on,
            to_on: None,
            review_on: None,
            raised_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
        };
        let flags = customers::flags_of(&mut cmd.tx, org, CustomerId(customer.id)).await?;
        let known = flags.iter().any(|one| one.kind == flag.kind && one.to_on.is_none());
        if !known {
            customers::add_flag(&mut cmd.tx, org, &flag).await?;
            cmd.tell("FlagSet", format!("customer {}", customer.number), told_of_flag(&flag));
        }
        let row = EstateRow {
            id: cmd.id(),
            number: format!("EST-{:06}", cmd.next_number("EST").await?),
            customer_id: customer.id,
            died_on: ask.died_on,
            told_on,
            source: death.source.clone(),
            state: "open".into(),
            representatives: ask.representatives.trim().into(),
            address: ask.address.trim().into(),
            solicitor: String::new(),
            grant_on: None,
            demand_from: death.demand_from(),
            claim_pence: 0,
            claimed_on: None,
            notice_by: None,
            settled_on: None,
            settled_pence: 0,
            words: String::new(),
            flag_id: (!known).then_some(flag.id),
            recorded_by: cmd.by.name.clone(),
            recorded_at: cmd.at,
            version: 1,
        };
        store::add_estate(&mut cmd.tx, org, &row).await?;
        end_what_death_ends(cmd, CustomerId(customer.id), &row.number).await?;
        let mut events = vec![happened("opened", format!("Died on {}", ask.died_on.format("%-d %B %Y")))];
        events.extend(death.probate_searches().map(|day| due("probate", day, "Search for a grant of probate")));
        events.push(due("demand", row.demand_from, "A demand to the estate may be made from this day"));
        note(cmd, row.id, events).await?;
        let detail = serde_json::json!({ "customer": customer.number, "died_on": row.died_on, "told_on": row.told_on });
        cmd.tell("EstateOpened", format!("estate {}", row.number), detail);
        Ok(stands(&row))
    })
}

async fn find(tx: &mut Tx, org: OrgId, number: &str) -> Outcome<EstateRow> {
    let row = store::estate(tx, org, number.trim()).await?;
    row.ok_or_else(|| No::Absent(format!("estate {}", number.trim())))
}

/// Does something about an estate.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ActOnEstate {
    /// Idempotency key.
    pub key: String,
    /// Number of the estate.
    pub number: String,
    /// representatives, searched, claim, settle or no_estate.
    pub act: String,
    /// Executors or administrators.
    #[serde(default)]
    pub representatives: String,
    /// Where they are written to.
    #[serde(default)]
    pub address: String,
    /// Who acts for them.
    #[serde(default)]
    pub solicitor: String,
    /// When probate was granted.
    #[serde(default)]
    pub grant_on: Option<NaiveDate>,
    /// The last day of a notice to creditors.
    #[serde(default)]
    pub notice_by: Option<NaiveDate>,
    /// For how much it was settled.
    #[serde(default)]
    pub amount: Option<Pence>,
    /// What is known.
    #[serde(default)]
    pub words: String,
}

impl ActOnEstate {
    fn typed_wrong(&self, today: NaiveDate) -> Vec<Invalid> {
        let texts = [("representatives", &self.representatives), ("address", &self.address), ("words", &self.words)];
        let mut wrong = words_wrong(&texts.map(|(field, text)| (field, text.as_str())), 500);
        wrong.extend(lines_wrong(&[("solicitor", &self.solicitor)], 200));
        wrong.extend(days_wrong(&[("grant_on", self.grant_on), ("notice_by", self.notice_by)], today));
        if let Some(day) = self.grant_on.filter(|day| *day > today) {
            wrong.push(Invalid::field("grant_on", "Enter a day up to today", day.to_string()));
        }
        wrong
    }
}

/// Does something about an estate: representatives, a probate search, our claim, the settlement, or that there is none.
///
/// # Errors
/// Duty; fields; absent; `BS-06-STATE`; the day of a demand that has not come.
pub async fn act_on_estate(desk: &Desk, by: &Actor, ask: ActOnEstate) -> Outcome<EstateStands> {
    by.must_hold(Duty::WorkCases)?;
    let mut wrong = Vec::new();
    match ask.act.as_str() {
        "representatives" if ask.representatives.trim().is_empty() || ask.address.trim().is_empty() => {
            wrong.push(Invalid::field(
                "representatives",
                "Enter who represents them and where they are written to",
                "",
            ));
        }
        "settle" if ask.amount.is_none_or(|sum| sum < Pence::ZERO || sum > LARGEST) => {
            wrong.push(Invalid::field("amount", "Enter for how much it was settled", ""));
        }
        "no_estate" if ask.words.trim().is_empty() => {
            wrong.push(Invalid::field("words", "Say which searches showed that there is no estate", ""));
        }
        "representatives" | "searched" | "claim" | "settle" | "no_estate" => {}
        other => wrong.push(Invalid::field("act", "Choose what was done", other)),
    }
    wrong.extend(ask.typed_wrong(desk.today()));
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&[
        ("words", &ask.words),
        ("address", &ask.address),
        ("representatives", &ask.representatives),
        ("solicitor", &ask.solicitor),
    ])?;
    command!(desk, by, "act_on_estate", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let mut row = find(&mut cmd.tx, org, &ask.number).await?;
        if !matches!(row.state.as_str(), "open" | "claimed") {
            return Err(ESTATE_STATE.because(format!("{} is {}", row.number, row.state.replace('_', " "))).into());
        }
        if let Some(day) = ask.grant_on.filter(|day| *day < row.died_on) {
            return Err(Invalid::field("grant_on", "Enter a day after the death", day.to_string()).into());
        }
        let events = match ask.act.as_str() {
            "representatives" => {
                row.representatives = ask.representatives.trim().into();
                row.address = ask.address.trim().into();
                row.solicitor = ask.solicitor.trim().into();
                row.grant_on = ask.grant_on.or(row.grant_on);
                vec![happened("representatives", format!("{}, {}", row.representatives, row.address))]
            }
            "searched" => {
                row.grant_on = ask.grant_on.or(row.grant_on);
                row.words = ask.words.trim().into();
                meet_first(cmd, row.id, "probate").await?;
                let found = row
                    .grant_on
                    .map_or_else(|| "no grant found".to_owned(), |day| format!("granted on {}", written(day)));
                vec![happened("searched", format!("Probate searched: {found}. {}", row.words))]
            }
            "claim" => claim(cmd, &mut row, &ask).await?,
            "settle" => {
                row.state = "settled".into();
                row.settled_on = Some(today);
                row.settled_pence = ask.amount.unwrap_or(Pence::ZERO).0;
                court::meet_all(&mut cmd.tx, org, row.id, today).await?;
                vec![happened("settled", format!("Settled for {}. {}", Pence(row.settled_pence), ask.words.trim()))]
            }
            _ => {
                row.state = "no_estate".into();
                row.settled_on = Some(today);
                row.words = ask.words.trim().into();
                court::meet_all(&mut cmd.tx, org, row.id, today).await?;
                vec![happened("no_estate", ask.words.trim())]
            }
        };
        if !store::change_estate(&mut cmd.tx, org, &row).await? {
            return Err(ESTATE_STATE.because(format!("{} was changed meanwhile", row.number)).into());
        }
        note(cmd, row.id, events).await?;
        cmd.tell("EstateActedOn", format!("estate {}", row.number), told(&row, &ask.act));
        Ok(stands(&row))
    })
}

/// What the trail keeps: neither names nor addresses nor words.
fn told(row: &EstateRow, act: &str) -> serde_json::Value {
    serde_json::json!({
        "act": act,
        "state": row.state,
        "grant_on": row.grant_on,
        "claim_pence": row.claim_pence,
        "notice_by": row.notice_by,
        "settled_pence": row.settled_pence,
    })
}

/// Of several open deadlines of a kind the first is met: one search is not all of them.
async fn meet_first(cmd: &mut Command, estate: i64, kind: &str) -> Outcome<()> {
    let all = court::events_of(&mut cmd.tx, cmd.by.org, estate).await?;
    let open = all.iter().filter(|one| one.kind == kind && one.due_on.is_some() && one.done_on.is_none());
    if let Some(first) = open.min_by_key(|one| one.due_on) {
        court::meet_one(&mut cmd.tx, cmd.by.org, first.id, cmd.today).await?;
    }
    Ok(())
}

async fn claim(cmd: &mut Command, row: &mut EstateRow, ask: &ActOnEstate) -> Outcome<Vec<super::Happened<'static>>> {
    let (org, today) = (cmd.by.org, cmd.today);
    let death = Death { on: row.died_on, told_on: row.told_on, source: row.source.clone(), to_representatives: true };
    death.may_demand(today)?;
    if row.representatives.is_empty() {
        let say = "Enter who represents them first";
        return Err(Invalid::field("representatives", say, "").into());
    }
    let open = ledger::open_items_of(&mut cmd.tx, org, CustomerId(row.customer_id)).await?;
    row.claim_pence = open.iter().map(|item| item.open_pence).sum::<i64>().max(0);
    row.claimed_on = Some(today);
    row.notice_by = ask.notice_by.or(row.notice_by);
    row.state = "claimed".into();
    court::meet(&mut cmd.tx, org, row.id, "demand", today).await?;
    let mut events = vec![happened("claim", format!("Claim of {} lodged", Pence(row.claim_pence)))];
    if let Some(day) = row.notice_by {
        events.push(due("notice", day, "Last day of the notice to creditors"));
    }
    Ok(events)
}

/// An estate with its diary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstateShown {
    /// The estate.
    pub estate: EstateRow,
    /// Customer number.
    pub customer: String,
    /// Their name.
    pub customer_name: String,
    /// What happened and what is due.
    pub events: Vec<EventRow>,
}

/// One estate.
///
/// # Errors
/// Duty; absent.
pub async fn estate(desk: &Desk, by: &Actor, number: &str) -> Outcome<EstateShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let row = find(&mut look, by.org, number).await?;
    let who = cash::customer_name(&mut look, by.org, CustomerId(row.customer_id)).await?.unwrap_or_default();
    let events = court::events_of(&mut look, by.org, row.id).await?;
    Ok(EstateShown { estate: row, customer: who.0, customer_name: who.1, events })
}

/// The newest estates.
///
/// # Errors
/// Duty.
pub async fn estates_list(desk: &Desk, by: &Actor) -> Outcome<Vec<EstateRow>> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    Ok(store::estates(&mut look, by.org, 200).await?)
}
