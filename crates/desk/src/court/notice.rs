//! The fourteen days' notice to somebody who answered the letter of claim and with whom nothing was agreed (REC-03).
use super::weigh::weigh_case;
use crate::core::command::Command;
use crate::delivery::{NewLetter, add_missing_shipped, compose_all, line_of_item, recipients_of, stationery};
use crate::{Fault, Outcome};
use std::collections::BTreeMap;
use sundry_domain::calendar::add_days;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, ItemId};
use sundry_domain::law::{Act, may};
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;
use sundry_domain::words::written;
use sundry_paper::long_date;
use sundry_store::court::{self as store, CaseRow};
use sundry_store::ledger;

/// The template.
const NOTICE: &str = "claim_notice";
/// Days of notice; the day of the letter is not counted.
const DAYS: i64 = 14;

/// Writes the notice, where the law lets us write a letter of claim today; gives its number.
pub(super) async fn write(cmd: &mut Command, row: &CaseRow) -> Outcome<String> {
    let (org, desk, today) = (cmd.by.org, cmd.desk.clone(), cmd.today);
    let wrong = |message: String| Err(Invalid::field("step", message, "write_notice").into());
    let (Some(letter_on), Some(replied_on)) = (row.letter_on, row.replied_on) else {
        return wrong("Record the reply form first: notice is for who answered the letter of claim".into());
    };
    if let Some(given) = row.notice_on.filter(|given| replied_on <= *given) {
        return wrong(format!("Choose something else: notice was given on {}", written(given)));
    }
    let weighed = weigh_case(&mut cmd.tx, &desk, org, row).await?;
    may(Act::LetterOfClaim, &weighed.facts, today)?;
    let mut items = Vec::new();
    for (id, _) in store::open_of(&mut cmd.tx, org, row.id).await? {
        let item = ledger::item(&mut cmd.tx, org, ItemId(id)).await?;
        items.extend(item.filter(|item| item.open_pence > 0));
    }
    add_missing_shipped(cmd, &[NOTICE]).await?;
    let customer = CustomerId(row.customer_id);
    let to = recipients_of(&mut cmd.tx, org, customer, customer, today).await?.remove(&row.customer_id);
    let to = to.ok_or_else(|| Fault::new("whose case it is, is not known"))?;
    let paper = stationery(&mut cmd.tx, org, today).await?;
    let fields = BTreeMap::from([("claimed_on", long_date(letter_on, to.language()))]);
    let letter = NewLetter {
        kind: LetterKind::ClaimNotice,
        template: NOTICE.into(),
        to,
        dated_on: today,
        due_on: Some(add_days(today, DAYS)),
        next_letter_on: None,
        sum: Pence(items.iter().map(|item| item.open_pence).sum()),
        items: items.iter().map(line_of_item).collect(),
        item_ids: items.iter().map(|item| (item.id, item.open_pence)).collect(),
        document: None,
        invoice: None,
        fields,
        run: None,
    };
    let composed = compose_all(cmd, &paper, vec![letter]).await?;
    Ok(composed.into_iter().next().map(|one| one.number).unwrap_or_default())
}
