//! The door by which a customer sets a plan: a link, who they are, what they choose inside policy (PLN-10, PP-04).
use super::agree::{PlanAgreed, agreed_or_asked, may_at_once};
use super::links::PURPOSE;
use super::policy::PlanSettings;
use super::terms::{People, PlanAsk, Weighed, weigh};
use crate::core::command::again;
use crate::core::signed_link::{holder, read_token};
use crate::core::vault::{hex, sha256_hex};
use crate::{Actor, Desk, Fault, No, Outcome, command};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::add_months;
use sundry_domain::control::Duty;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::money::Pence;
use sundry_domain::plans::online::refusals::{LINK, LINK_ELSEWHERE, LINK_OFTEN, LINK_PERSON};
use sundry_domain::plans::online::{
    COUNTED_MINUTES, EVERY, MOST_OF_ADDRESS, MOST_OF_LINK, MOST_WRONG, ONLINE, PASS_MINUTES, each_of, first_days,
    shows_who,
};
use sundry_domain::plans::{
    Every, Instalment, OfferAsk, PlanFacts, PlanInterest, PlanMethod, Remainder, WhoAsked, may_agree, plan_offers,
};
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_domain::words::written;
use sundry_paper::Language;
use sundry_store::Tx;
use sundry_store::control::{OrganisationRow, organisation};
use sundry_store::customers;
use sundry_store::ledger::{self, ItemRow};
use sundry_store::plans::links::{self, LinkTry, PlanLinkRow};
use sundry_store::plans::{agreed, budgets, standing};

/// Months after which a budget says nothing of what somebody can pay now.
const BUDGET_MONTHS: i32 = 12;
/// Minutes for which it is kept what was sent.
const KEPT_MINUTES: i64 = 24 * 60;

// What a plan of a link covers ----------------------------------------------------------

/// What is open on the account and not in query, oldest due first. Refused where we may not ask for a plan: in
/// breathing space, beside another plan, at court, with an agency.
pub(super) async fn covered(tx: &mut Tx, org: OrgId, people: &People, today: NaiveDate) -> Outcome<Vec<ItemRow>> {
    let customer = CustomerId(people.main().id);
    if let Some((what, number)) = links::debts_elsewhere(tx, org, customer).await? {
        let place = if what == "court" { "at court" } else { "with an agency" };
        return Err(LINK_ELSEWHERE.because(format!("Debts of {} are {place}: {number}", people.main().name)).into());
    }
    let open = ledger::open_items_of(tx, org, customer).await?;
    let free = open.iter().filter(|row| row.open_pence > 0 && row.disputed_pence == 0);
    let numbers: Vec<String> = free.map(|row| row.number.clone()).collect();
    let (rows, items) = people.items(tx, org, &numbers).await?;
    let total = items.iter().fold(Pence::ZERO, |sum, item| sum.plus(item.open));
    // A link is ours, so a plan by it is one that we ask for. What they choose is weighed again as a whole.
    let at_once = PlanFacts {
        items,
        schedule: vec![Instalment { due_on: today, amount: total }],
        asked_by: WhoAsked::Us,
        individual: people.individual,
        interest: PlanInterest::default(),
        months: 1,
        business_months: 1,
        late_interest_decided: true,
        replaces: None,
    };
    may_agree(&at_once, today)?;
    Ok(rows)
}

// Who holds the link --------------------------------------------------------------------

/// A link that has not ended, with who it is of.
struct Linked {
    org: OrgId,
    row: PlanLinkRow,
    site: OrganisationRow,
}

async fn linked(desk: &Desk, text: &str) -> Outcome<Linked> {
    let no = |why: &str| No::from(LINK.because(why));
    let (org, id) = read_token(desk, PURPOSE, text).ok_or_else(|| no("This link cannot be used"))?;
    let mut look = desk.look().await?;
    let row = links::link(&mut look, org, id).await?.ok_or_else(|| no("This link cannot be used"))?;
    let runs = row.state == "open" && desk.today() <= row.ends_on;
    if !runs && row.state != "used" {
        return Err(no("This link has ended"));
    }
    let site = organisation(&mut look, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    Ok(Linked { org, row, site })
}

impl Linked {
    /// Whether a browser carries what it was given when somebody showed who they are.
    fn knows(&self, desk: &Desk, pass: &str) -> bool {
        let in_time = self.row.pass_until.is_some_and(|until| desk.clock().now() <= until);
        in_time && !pass.is_empty() && self.row.pass_hash == sha256_hex(pass.as_bytes())
    }

    fn by(&self) -> Actor {
        holder(self.org, &format!("Customer online, {}", self.row.number), Duty::AgreePlans)
    }

    fn key(&self, form_key: &str) -> String {
        format!("plan-online/{}/{form_key}", self.row.id)
    }

    /// The link, where the browser knows whose it is.
    async fn known(desk: &Desk, token: &str, pass: &str) -> Outcome<Linked> {
        let link = linked(desk, token).await?;
        if link.knows(desk, pass) {
            return Ok(link);
        }
        Err(LINK_PERSON.because("We need to know again who you are").into())
    }
}

/// What a browser is given: nobody else can make it, and the link keeps its hash alone.
fn pass_of(desk: &Desk, link: &Linked, form_key: &str) -> String {
    hex(&desk.vault().mark(link.org.0, "plan-online-pass", link.key(form_key).as_bytes()))
}

/// Counts what is sent to a link, in the database, so that a restart forgets nothing.
async fn count(desk: &Desk, link: &Linked, address: &str) -> Outcome<()> {
    let mark = match address {
        "" => String::new(),
        known => hex(&desk.vault().mark(link.org.0, "plan-online-address", known.as_bytes())),
    };
    let mut attempt = 0u32;
    let (of_link, of_address) = loop {
        let no = match counted(desk, link, &mark).await {
            Ok(counts) => break counts,
            Err(no) => no,
        };
        if !again(&no, &mut attempt).await {
            return Err(no);
        }
    };
    if of_link > MOST_OF_LINK || of_address > MOST_OF_ADDRESS {
        return Err(LINK_OFTEN.because("This was tried too often").into());
    }
    Ok(())
}

async fn counted(desk: &Desk, link: &Linked, mark: &str) -> Outcome<(i64, i64)> {
    let minute = desk.clock().now().timestamp() / 60;
    let one = LinkTry { id: desk.id(), link: link.row.id, address: mark, minute };
    let mut tx = desk.db().begin().await?;
    links::add_try(&mut tx, link.org, one, minute - KEPT_MINUTES).await?;
    let counts = links::tries_since(&mut tx, link.org, (link.row.id, mark), minute - COUNTED_MINUTES).await?;
    tx.commit().await?;
    Ok(counts)
}

/// Shows who somebody is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ShowWho {
    /// The key of the form.
    pub key: String,
    /// The account number.
    pub account: String,
    /// The postcode.
    pub postcode: String,
}

/// Takes who somebody says they are; gives what their browser carries from then on. Five wrong tries lock the link.
///
/// # Errors
/// `PP-LINK`, `PP-LINK-PERSON`, `PP-LINK-OFTEN`; empty fields.
pub async fn show_who_online(desk: &Desk, token: &str, address: &str, ask: ShowWho) -> Outcome<String> {
    let link = linked(desk, token).await?;
    count(desk, &link, address).await?;
    let mut wrong = Vec::new();
    for (field, value, say) in
        [("account", &ask.account, "Enter your account number"), ("postcode", &ask.postcode, "Enter your postcode")]
    {
        if value.trim().is_empty() || value.chars().count() > 60 {
            wrong.push(Invalid::field(field, say, value.chars().take(60).collect::<String>()));
        }
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let pass = pass_of(desk, &link, &ask.key);
    let hash = sha256_hex(pass.as_bytes());
    let by = link.by();
    let right: Outcome<bool> = command!(desk, &by, "show_who_online", &link.key(&ask.key), &ask, |cmd| {
        let customer = customers::customer(&mut cmd.tx, link.org, CustomerId(link.row.customer_id)).await?;
        let customer = customer.ok_or_else(|| Fault::new("a link of nobody"))?;
        let right = shows_who((&customer.number, &customer.postcode), (&ask.account, &ask.postcode));
        let until = cmd.at + TimeDelta::minutes(PASS_MINUTES);
        let is_open = match right {
            true => links::confirm_link(&mut cmd.tx, link.org, link.row.id, (&hash, until, cmd.today)).await?,
            false => links::count_wrong(&mut cmd.tx, link.org, link.row.id, (MOST_WRONG, cmd.today)).await?,
        };
        if !is_open {
            return Err(LINK.because("This link has ended").into());
        }
        let event = if right { "PlanLinkConfirmed" } else { "PlanLinkTried" };
        cmd.tell(event, format!("plan link {}", link.row.number), serde_json::json!({ "right": right }));
        Ok(right)
    });
    match right? {
        true => Ok(pass),
        false => Err(LINK_PERSON.because("These are not the details of this account").into()),
    }
}

// What they see -------------------------------------------------------------------------

/// What who holds a link sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnlinePlan {
    /// Who asks.
    pub organisation: String,
    /// The telephone; empty where nobody has said.
    pub phone: String,
    /// The language of the customer's letters.
    pub language: Language,
    /// Where it stands.
    pub stage: OnlineStage,
}

/// Where a plan by a link stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum OnlineStage {
    /// They have not shown who they are: nothing is said of anybody.
    Who,
    /// They may choose.
    Choose(Box<OnlineChoices>),
    /// The law or a rule is against any plan by a link: by which.
    Closed(Box<Refusal>),
    /// The link is spent on a plan.
    Done(Box<OnlineDone>),
}

/// A debt of theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnlineDebt {
    /// Number of the invoice.
    pub number: String,
    /// What it is for.
    pub service: String,
    /// When it was due.
    pub due_on: NaiveDate,
    /// What is open of it.
    pub open_pence: i64,
}

/// What they may choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnlineChoices {
    /// Number of the account, for the reference of payments.
    pub account: String,
    /// What the plan covers.
    pub debts: Vec<OnlineDebt>,
    /// Its sum.
    pub total_pence: i64,
    /// Plans that need nobody: how many payments a month apart, and how much each.
    pub at_once: Vec<(i64, i64)>,
    /// Least a month and least a week.
    pub least_pence: (i64, i64),
    /// The first and the last day of the first payment.
    pub first_days: (NaiveDate, NaiveDate),
    /// They have a Direct Debit that can take it.
    pub direct_debit: bool,
    /// Days of grace after a payment, and days to catch up after our letter.
    pub days: (i64, i64),
}

/// A plan that was set, or asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnlineDone {
    /// Number.
    pub plan: String,
    /// It waits for somebody's yes.
    pub waits: bool,
    /// Each payment: day and pence.
    pub payments: Vec<(NaiveDate, i64)>,
    /// How it is paid.
    pub method: String,
    /// Number of the account.
    pub account: String,
}

/// What who holds a link sees: nothing of anybody, until they have shown who they are.
///
/// # Errors
/// `PP-LINK` when the link was not made by us, or has ended.
pub async fn online_plan(desk: &Desk, token: &str, pass: &str) -> Outcome<OnlinePlan> {
    let link = linked(desk, token).await?;
    let stage = match (link.knows(desk, pass), link.row.state.as_str()) {
        (true, "used") => OnlineStage::Done(Box::new(done(desk, &link).await?)),
        (false, "used") => return Err(LINK.because("This link has been used").into()),
        (false, _) => OnlineStage::Who,
        (true, _) => match choices(desk, &link).await {
            Ok(choices) => OnlineStage::Choose(Box::new(choices)),
            Err(No::Refused(refusal)) => OnlineStage::Closed(refusal),
            Err(no) => return Err(no),
        },
    };
    let phone = link.site.letterhead.get("phone").and_then(|phone| phone.as_str()).map(str::trim);
    let phone = phone.unwrap_or_default().to_owned();
    let language = language_of(desk, &link).await?;
    Ok(OnlinePlan { organisation: link.site.name, phone, language, stage })
}

async fn language_of(desk: &Desk, link: &Linked) -> Outcome<Language> {
    let mut look = desk.look().await?;
    let customer = customers::customer(&mut look, link.org, CustomerId(link.row.customer_id)).await?;
    let is_welsh = customer.is_some_and(|one| one.language == "cy");
    Ok(if is_welsh { Language::Welsh } else { Language::English })
}

async fn choices(desk: &Desk, link: &Linked) -> Outcome<OnlineChoices> {
    let (today, settings) = (desk.today(), PlanSettings::of(&link.site)?);
    let mut look = desk.look().await?;
    let number = number_of(&mut look, link.org, &link.row).await?;
    let people = People::load(&mut look, link.org, &[number.as_str()], today).await?;
    let debts = covered(&mut look, link.org, &people, today).await?;
    let total = Pence(debts.iter().map(|row| row.open_pence).sum());
    let customer = CustomerId(people.main().id);
    let policy = &settings.policy;
    let ask = OfferAsk {
        total,
        every: Every::Month,
        first_on: today,
        affordable: None,
        business: !people.individual,
        broke_one: people.broke_one,
        by: ONLINE,
        remainder: Remainder::First,
    };
    let offers = plan_offers(&ask, policy).into_iter().filter(|offer| offer.at_once);
    let debt = |row: ItemRow| OnlineDebt {
        number: row.number,
        service: row.service,
        due_on: row.due_on,
        open_pence: row.open_pence,
    };
    Ok(OnlineChoices {
        account: number,
        debts: debts.into_iter().map(debt).collect(),
        total_pence: total.0,
        at_once: offers.map(|one| (one.schedule.len() as i64, each_of(total, one.schedule.len()).0)).collect(),
        least_pence: (policy.least_monthly.0, policy.least_weekly.0),
        first_days: first_days(today),
        direct_debit: standing::mandate_for(&mut look, link.org, customer).await?.is_some(),
        days: (policy.tolerance_days, policy.cure_days),
    })
}

async fn number_of(tx: &mut Tx, org: OrgId, row: &PlanLinkRow) -> Outcome<String> {
    let customer = customers::customer(tx, org, CustomerId(row.customer_id)).await?;
    Ok(customer.ok_or_else(|| Fault::new("a link of nobody"))?.number)
}

async fn done(desk: &Desk, link: &Linked) -> Outcome<OnlineDone> {
    let mut look = desk.look().await?;
    let account = number_of(&mut look, link.org, &link.row).await?;
    let plan = agreed::plan_numbered(&mut look, link.org, &link.row.plan_number).await?;
    let plan = plan.ok_or_else(|| Fault::new("a link was spent on a plan that is not there"))?;
    let parts = agreed::instalments_of(&mut look, link.org, plan.id).await?;
    let parts = parts.into_iter().filter(|part| part.version == plan.version);
    Ok(OnlineDone {
        waits: plan.state == "proposed",
        payments: parts.map(|part| (part.due_on, part.amount_pence)).collect(),
        plan: plan.number,
        method: plan.method,
        account,
    })
}

// What they choose ----------------------------------------------------------------------

/// What somebody chose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlineChoice {
    /// week, fortnight, four_weeks or month.
    pub every: String,
    /// How much each time; the last is the rest.
    pub amount_pence: Pence,
    /// Day of the first.
    pub first_on: NaiveDate,
    /// Day of the month for those after it.
    #[serde(default)]
    pub day_of_month: Option<u32>,
    /// transfer, standing_order, card or direct_debit.
    pub method: String,
}

/// What a choice comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OnlineOffer {
    /// Its sum.
    pub total_pence: Pence,
    /// Each payment.
    pub schedule: Vec<Instalment>,
    /// Whether it can be set at once.
    pub at_once: bool,
}

/// Works out what a choice comes to; changes nothing.
///
/// # Errors
/// `PP-LINK`, `PP-LINK-PERSON`; fields; every refusal that setting it would give but `PP-04-APPROVER`.
pub async fn offer_online(desk: &Desk, token: &str, pass: &str, choice: &OnlineChoice) -> Outcome<OnlineOffer> {
    let link = Linked::known(desk, token, pass).await?;
    let mut look = desk.look().await?;
    let (_, weighed, waits) = weighed(&mut look, &link, desk.today(), choice).await?;
    Ok(OnlineOffer { total_pence: weighed.total, schedule: weighed.schedule, at_once: waits.is_none() })
}

/// Weighs a choice as a clerk's plan is weighed: what is asked, what it comes to, and why it is not granted at once.
async fn weighed(
    tx: &mut Tx,
    link: &Linked,
    today: NaiveDate,
    choice: &OnlineChoice,
) -> Outcome<(PlanAsk, Weighed, Option<Refusal>)> {
    let wrong = wrong_fields(choice, today);
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let number = number_of(tx, link.org, &link.row).await?;
    let people = People::load(tx, link.org, &[number.as_str()], today).await?;
    let items = covered(tx, link.org, &people, today).await?;
    let customer = CustomerId(people.main().id);
    let since = add_months(today, -BUDGET_MONTHS);
    let budgets = budgets::budgets_of(tx, link.org, customer).await?;
    let budget = budgets.into_iter().find(|row| row.made_on >= since).map(|row| row.id);
    let ours = asked(number, items.into_iter().map(|row| row.number).collect(), choice, budget);
    let weighed = weigh(tx, link.org, today, &ours).await?;
    let waits = may_at_once(&weighed, ONLINE).err();
    let words = format!("Set online, by {}", link.row.number);
    Ok((PlanAsk { asked_by: "customer".into(), words, ..ours }, weighed, waits))
}

fn wrong_fields(choice: &OnlineChoice, today: NaiveDate) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    if !Every::parse(&choice.every).is_some_and(|every| EVERY.contains(&every)) {
        wrong.push(Invalid::field("every", "Choose how often you want to pay", &choice.every));
    }
    if PlanMethod::parse(&choice.method).is_none_or(|method| method == PlanMethod::Cash) {
        wrong.push(Invalid::field("method", "Choose how you want to pay", &choice.method));
    }
    let (first, last) = first_days(today);
    if !(first..=last).contains(&choice.first_on) {
        let say = format!("Enter a day from {} to {}", written(first), written(last));
        wrong.push(Invalid::field("first_on", say, choice.first_on.to_string()));
    }
    wrong
}

/// What a choice asks of a plan; ours while it is weighed, since the link is ours.
fn asked(customer: String, items: Vec<String>, choice: &OnlineChoice, budget: Option<i64>) -> PlanAsk {
    PlanAsk {
        customer,
        with: Vec::new(),
        items,
        instalments: None,
        amount_pence: Some(choice.amount_pence),
        parts: Vec::new(),
        every: choice.every.clone(),
        first_on: choice.first_on,
        day_of_month: choice.day_of_month,
        remainder: String::new(),
        method: choice.method.clone(),
        asked_by: "us".into(),
        agreed_with: String::new(),
        evidence: "online".into(),
        words: String::new(),
        interest_charged: false,
        interest_in_writing: false,
        interest_legal: false,
        late_interest: String::new(),
        budget,
        review_on: None,
    }
}

/// Sets a plan by a link.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetPlanOnline {
    /// The key of the form.
    pub key: String,
    /// What they chose.
    pub choice: OnlineChoice,
    /// Send it to us where it is more than can be set at once.
    #[serde(default)]
    pub send: bool,
}

/// Sets a plan by a link, inside policy at once; beyond it only as a request, where they send it. The link is spent.
///
/// The same form sent again gets the same answer; another one finds the link spent.
///
/// # Errors
/// `PP-LINK`, `PP-LINK-PERSON`, `PP-LINK-OFTEN`, `PP-LINK-ELSEWHERE`; `PP-04-APPROVER` where it is beyond policy and
/// they did not send it; every refusal that a clerk's plan would meet; fields.
pub async fn set_plan_online(
    desk: &Desk,
    token: &str,
    (pass, address): (&str, &str),
    ask: SetPlanOnline,
) -> Outcome<PlanAgreed> {
    let link = Linked::known(desk, token, pass).await?;
    count(desk, &link, address).await?;
    let by = link.by();
    command!(desk, &by, "set_plan_online", &link.key(&ask.key), &ask, |cmd| {
        if !links::spend_link(&mut cmd.tx, link.org, link.row.id, cmd.today).await? {
            return Err(LINK.because("This link has been used").into());
        }
        let (plan, weighed, waits) = weighed(&mut cmd.tx, &link, cmd.today, &ask.choice).await?;
        if let Some(no) = waits.clone().filter(|_| !ask.send) {
            return Err(no.into());
        }
        let made = agreed_or_asked(cmd, &plan, &weighed, waits).await?;
        links::note_plan(&mut cmd.tx, link.org, link.row.id, &made.number).await?;
        let detail = serde_json::json!({ "plan": made.number, "state": made.state });
        cmd.tell("PlanSetOnline", format!("plan link {}", link.row.number), detail);
        Ok(made)
    })
}
