//! The letters of Direct Debit: they go to the payer, who need not be the customer (DD-01, DD-04).
use super::common::Site;
use super::words::{given, how_often, why_unpaid};
use crate::core::command::Command;
use crate::delivery::{Composed, NewLetter, Recipient, Stationery, compose_all, recipients_of, stationery};
use crate::{Fault, Outcome};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use sundry_domain::cash::direct_debit::Route;
use sundry_domain::delivery::{LetterKind, Way, way_to_send};
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_paper::{Language, long_date, pounds};
use sundry_store::mandates::MandateRow;

/// Who pays, as a letter reaches them.
pub(super) struct Payer {
    to: Recipient,
}

impl Payer {
    /// The payer of a mandate: the customer, or whom the mandate names.
    pub async fn of(cmd: &mut Command, mandate: &MandateRow) -> Outcome<Payer> {
        let id = CustomerId(mandate.customer_id);
        let mut found = recipients_of(&mut cmd.tx, cmd.by.org, id, id, cmd.today).await?;
        let mut to = found.remove(&mandate.customer_id).ok_or_else(|| Fault::new("a mandate's customer is gone"))?;
        if !mandate.payer_address1.is_empty() || !mandate.payer_email.is_empty() {
            (to.gone_away, to.instead) = (false, None);
            to.row.name.clone_from(&mandate.payer_name);
            to.row.address1.clone_from(&mandate.payer_address1);
            to.row.address2.clone_from(&mandate.payer_address2);
            to.row.town.clone_from(&mandate.payer_town);
            to.row.postcode.clone_from(&mandate.payer_postcode);
            to.row.email.clone_from(&mandate.payer_email);
            to.row.channel = if mandate.payer_address1.is_empty() { "email".into() } else { "post".into() };
        }
        Ok(Payer { to })
    }

    /// The language of their letters.
    pub fn language(&self) -> Language {
        self.to.language()
    }

    /// Whether it goes by e-mail, and so is with the payer today.
    pub fn by_email(&self) -> bool {
        way_to_send(LetterKind::DirectDebit, &self.to.reach()) == Way::Email
    }

    /// Whether no letter can reach them.
    pub fn unreachable(&self) -> bool {
        way_to_send(LetterKind::DirectDebit, &self.to.reach()) == Way::Held
    }
}

type Words = BTreeMap<&'static str, String>;

fn common(site: &Site, mandate: &MandateRow) -> Words {
    BTreeMap::from([
        ("payer", mandate.payer_name.clone()),
        ("account", mandate.shown.clone()),
        ("reference", mandate.reference.clone()),
        ("service_user", site.row.name.clone()),
        ("sun", site.row.sun.clone()),
        ("notice_days", site.agreed.notice_days.to_string()),
        ("guarantee", site.agreed.guarantee.clone()),
    ])
}

fn letter(
    cmd: &Command,
    template: &str,
    payer: Payer,
    sum: Pence,
    due_on: Option<NaiveDate>,
    fields: Words,
) -> NewLetter {
    NewLetter {
        kind: LetterKind::DirectDebit,
        template: template.into(),
        to: payer.to,
        dated_on: cmd.today,
        due_on,
        next_letter_on: None,
        sum,
        items: Vec::new(),
        item_ids: Vec::new(),
        document: None,
        invoice: None,
        fields,
        run: None,
    }
}

/// The confirmation of a paperless set-up.
pub(super) async fn confirmation(
    cmd: &mut Command,
    site: &Site,
    mandate: &MandateRow,
    payer: Payer,
) -> Outcome<Composed> {
    let paper = stationery(&mut cmd.tx, cmd.by.org, cmd.today).await?;
    let mut fields = common(site, mandate);
    let language = payer.language();
    let signed = long_date(mandate.signed_on.unwrap_or(cmd.today), language);
    fields.insert("signed_on", format!("{signed}{}", given(Route::parse(&mandate.route), language)));
    let new = letter(cmd, "dd_confirmation", payer, Pence::ZERO, None, fields);
    one(cmd, &paper, new).await
}

/// What a notice says beyond the mandate.
pub(super) struct Notice {
    pub amount: Pence,
    pub collect_on: NaiveDate,
    /// Number of the item, what it is for, how much.
    pub parts: Vec<(String, String, i64)>,
    /// A sentence on what is new; empty for a plain notice.
    pub changed: String,
}

/// The advance notice of a collection.
pub(super) fn advance_notice(
    cmd: &Command,
    site: &Site,
    mandate: &MandateRow,
    payer: Payer,
    notice: &Notice,
) -> NewLetter {
    let mut fields = common(site, mandate);
    fields.insert("components", components(&notice.parts));
    fields.insert("changed", notice.changed.clone());
    fields.insert("frequency", how_often(payer.language()).into());
    letter(cmd, "dd_notice", payer, notice.amount, Some(notice.collect_on), fields)
}

/// What a letter about an unpaid collection says.
pub(super) struct CameBack {
    pub amount: Pence,
    pub taken_on: NaiveDate,
    pub reason: String,
    pub what_next: String,
    pub parts: Vec<(String, String, i64)>,
}

/// Tells the payer that a collection came back.
pub(super) async fn came_back(
    cmd: &mut Command,
    site: &Site,
    mandate: &MandateRow,
    payer: Payer,
    back: &CameBack,
) -> Outcome<Composed> {
    let paper = stationery(&mut cmd.tx, cmd.by.org, cmd.today).await?;
    let mut fields = common(site, mandate);
    fields.insert("taken_on", long_date(back.taken_on, payer.language()));
    fields.insert("reason", why_unpaid(&back.reason, payer.language()));
    fields.insert("what_next", back.what_next.clone());
    fields.insert("components", components(&back.parts));
    let new = letter(cmd, "dd_unpaid", payer, back.amount, None, fields);
    one(cmd, &paper, new).await
}

/// Writes one letter; where it cannot be written, its step is not taken.
pub(super) async fn one(cmd: &mut Command, paper: &Stationery, new: NewLetter) -> Outcome<Composed> {
    let mut written = compose_all(cmd, paper, vec![new]).await?;
    Ok(written.pop().ok_or_else(|| Fault::new("a letter was not written"))?)
}

fn components(parts: &[(String, String, i64)]) -> String {
    let line = |(number, what, pence): &(String, String, i64)| {
        let what = if what.is_empty() { String::new() } else { format!(", {what}") };
        format!("- {number}{what}: {}", pounds(*pence))
    };
    parts.iter().map(line).collect::<Vec<_>>().join("\n")
}
