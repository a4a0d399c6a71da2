//! Links by which a customer sets a plan online: made, listed, taken back (PLN-10).
//!
//! A link is what it names and a mark that only this home can make, so it is kept nowhere.
use super::online::covered;
use super::terms::People;
use crate::core::command::Command;
use crate::core::signed_link::{pages_address, token};
use crate::customers::find;
use crate::delivery::write_mail;
use crate::{Actor, Desk, No, Outcome, command};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::ids::CustomerId;
use sundry_domain::plans::online::LINK_DAYS;
use sundry_domain::plans::online::refusals::{LINK_ADDRESS, LINK_EMAIL, LINK_OVER, LINK_POSTCODE};
use sundry_paper::{Language, long_date};
use sundry_store::Tx;
use sundry_store::customers::CustomerRow;
use sundry_store::plans::links::{self, PlanLinkRow};

/// What the mark of a link is made for.
pub(super) const PURPOSE: &str = "plan-online";

/// Makes a link.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MakePlanLink {
    /// Idempotency key.
    pub key: String,
    /// Number of the customer who is to set their plan.
    pub customer: String,
    /// It goes to them by e-mail at once.
    #[serde(default)]
    pub email: bool,
}

/// A link that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLinkMade {
    /// Number, by which it is taken back.
    pub number: String,
    /// The last day on which it opens.
    pub ends_on: NaiveDate,
    /// The e-mail it went to; empty where somebody passes it on.
    pub sent_to: String,
    /// The link: shown here and nowhere else.
    pub link: String,
}

/// The answer as it is kept: without the link.
#[derive(Serialize, Deserialize)]
struct Kept {
    id: i64,
    number: String,
    ends_on: NaiveDate,
    sent_to: String,
}

/// Makes a link for a customer; one that is open ends with it.
///
/// # Errors
/// Duty; `PP-LINK-ADDRESS`, `PP-LINK-POSTCODE`, `PP-LINK-EMAIL`, `PP-LINK-ELSEWHERE`; what forbids us to ask for a plan:
/// `PP-06-…`, `BS-05-INSOLVENT`, `BS-06-DECEASED`; absent.
pub async fn make_plan_link(desk: &Desk, by: &Actor, ask: MakePlanLink) -> Outcome<PlanLinkMade> {
    by.must_hold(Duty::AgreePlans)?;
    let kept: Outcome<Kept> = command!(desk, by, "make_plan_link", &ask.key, &ask, |cmd| {
        let people = People::load(&mut cmd.tx, cmd.by.org, &[ask.customer.as_str()], cmd.today).await?;
        let base = base(&mut cmd.tx, &cmd.by).await?;
        covered(&mut cmd.tx, cmd.by.org, &people, cmd.today).await?;
        let row = row_of(cmd, people.main(), ask.email).await?;
        let customer = CustomerId(row.customer_id);
        let by = (cmd.by.name.as_str(), cmd.today);
        links::end_open_links(&mut cmd.tx, cmd.by.org, customer, by).await?;
        links::add_link(&mut cmd.tx, cmd.by.org, &row).await?;
        if !row.sent_to.is_empty() {
            let is_welsh = people.main().language == "cy";
            send(cmd, &row, &base, if is_welsh { Language::Welsh } else { Language::English }).await?;
        }
        let detail = serde_json::json!({
            "customer": people.main().number, "ends_on": row.ends_on, "by_email": !row.sent_to.is_empty(),
        });
        cmd.tell("PlanLinkMade", format!("plan link {}", row.number), detail);
        Ok(Kept { id: row.id, number: row.number, ends_on: row.ends_on, sent_to: row.sent_to })
    });
    let kept = kept?;
    let (base, _) = base(&mut desk.look().await?, by).await?;
    let link = address(desk, by, &base, kept.id);
    Ok(PlanLinkMade { number: kept.number, ends_on: kept.ends_on, sent_to: kept.sent_to, link })
}

async fn base(tx: &mut Tx, by: &Actor) -> Outcome<(String, String)> {
    let base = pages_address(tx, by.org).await?;
    Ok(base.ok_or_else(|| LINK_ADDRESS.because("Nobody has said where our pages are reached"))?)
}

fn address(desk: &Desk, by: &Actor, base: &str, id: i64) -> String {
    format!("{base}/plan-online/{}", token(desk, PURPOSE, by.org, id))
}

async fn row_of(cmd: &mut Command, customer: &CustomerRow, email: bool) -> Outcome<PlanLinkRow> {
    if customer.postcode.trim().is_empty() {
        let sentence = format!("{} has no postcode with us to show who they are by", customer.name);
        return Err(LINK_POSTCODE.because(sentence).into());
    }
    let sent_to = if email { customer.email.trim().to_owned() } else { String::new() };
    if email && sent_to.is_empty() {
        return Err(LINK_EMAIL.because(format!("{} has no e-mail address with us", customer.name)).into());
    }
    Ok(PlanLinkRow {
        number: format!("LINK-{:06}", cmd.next_number("LINK").await?),
        id: cmd.id(),
        customer_id: customer.id,
        state: "open".into(),
        made_on: cmd.today,
        ends_on: add_days(cmd.today, LINK_DAYS),
        made_by: cmd.by.name.clone(),
        sent_to,
        wrong_tries: 0,
        pass_hash: String::new(),
        pass_until: None,
        confirmed_on: None,
        plan_number: String::new(),
        ended_on: None,
        ended_by: String::new(),
        recorded_at: cmd.at,
    })
}

/// The e-mail says neither a sum nor that anything is owed: whoever opens it shows first who they are.
async fn send(
    cmd: &mut Command,
    row: &PlanLinkRow,
    (base, site): &(String, String),
    language: Language,
) -> Outcome<()> {
    let link = address(&cmd.desk, &cmd.by, base, row.id);
    let ends = long_date(row.ends_on, language);
    let (subject, text) = match language {
        Language::English => (
            format!("Your link from {site}"),
            format!(
                "You asked us for a link to choose how you pay.\n\n{link}\n\nYou will need your account number and your postcode. The link \
                 opens until {ends}, once. Do not pass it on.\n\nIf you did not ask for it, you need do nothing.\n\n{site}\n"
            ),
        ),
        Language::Welsh => (
            format!("Eich dolen gan {site}"),
            format!(
                "Gofynnoch i ni am ddolen i ddewis sut rydych yn talu.\n\n{link}\n\nBydd angen rhif eich cyfrif a'ch cod post arnoch. Mae'r \
                 ddolen yn agor tan {ends}, unwaith. Peidiwch â'i rhoi i neb arall.\n\nOs na ofynnoch amdani, nid oes angen i chi wneud \
                 dim.\n\n{site}\n"
            ),
        ),
    };
    write_mail(cmd, &row.sent_to, (&subject, &text), &format!("plan link {}", row.number)).await.map(drop)
}

/// A link as it stands today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanLinkShown {
    /// Number.
    pub number: String,
    /// open, used, revoked, locked or expired.
    pub state: String,
    /// When it was made.
    pub made_on: NaiveDate,
    /// Who made it.
    pub made_by: String,
    /// The last day on which it opens.
    pub ends_on: NaiveDate,
    /// The e-mail it went to; empty where somebody passed it on.
    pub sent_to: String,
    /// When they showed who they are.
    pub confirmed_on: Option<NaiveDate>,
    /// How often somebody came with other details than theirs.
    pub wrong_tries: i64,
    /// The plan that was set or asked for; empty while there is none.
    pub plan: String,
    /// When it was spent, locked or taken back.
    pub ended_on: Option<NaiveDate>,
    /// Who took it back.
    pub ended_by: String,
}

fn shown(row: PlanLinkRow, today: NaiveDate) -> PlanLinkShown {
    let has_run_out = row.state == "open" && row.ends_on < today;
    PlanLinkShown {
        number: row.number,
        state: if has_run_out { "expired".into() } else { row.state },
        made_on: row.made_on,
        made_by: row.made_by,
        ends_on: row.ends_on,
        sent_to: row.sent_to,
        confirmed_on: row.confirmed_on,
        wrong_tries: row.wrong_tries,
        plan: row.plan_number,
        ended_on: row.ended_on,
        ended_by: row.ended_by,
    }
}

/// The links that were made for a customer, newest first.
///
/// # Errors
/// Duty; a customer who is not there.
pub async fn plan_links(desk: &Desk, by: &Actor, customer: &str) -> Outcome<Vec<PlanLinkShown>> {
    by.must_hold(Duty::AgreePlans)?;
    let mut look = desk.look().await?;
    let customer = find(&mut look, by.org, customer).await?;
    let rows = links::links_of(&mut look, by.org, CustomerId(customer.id)).await?;
    Ok(rows.into_iter().map(|row| shown(row, desk.today())).collect())
}

/// Takes a link back.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RevokePlanLink {
    /// Idempotency key.
    pub key: String,
    /// Number of the link.
    pub number: String,
}

/// Takes a link back: it opens no more.
///
/// # Errors
/// Duty; `PP-LINK-OVER` when it is not open; absent.
pub async fn revoke_plan_link(desk: &Desk, by: &Actor, ask: RevokePlanLink) -> Outcome<PlanLinkShown> {
    by.must_hold(Duty::AgreePlans)?;
    command!(desk, by, "revoke_plan_link", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let absent = || No::Absent(format!("link {}", ask.number.trim()));
        let row = links::link_numbered(&mut cmd.tx, org, ask.number.trim()).await?.ok_or_else(absent)?;
        if !links::revoke_link(&mut cmd.tx, org, row.id, (cmd.by.name.as_str(), cmd.today)).await? {
            return Err(LINK_OVER.because(format!("{} is not open", row.number)).into());
        }
        cmd.tell("PlanLinkRevoked", format!("plan link {}", row.number), &ask.number);
        let row = links::link(&mut cmd.tx, org, row.id).await?.ok_or_else(absent)?;
        Ok(shown(row, cmd.today))
    })
}
