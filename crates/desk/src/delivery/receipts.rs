//! Thanks for money received: a receipt to the payer, by their way.
use super::compose::{NewLetter, compose};
use super::documents::recipients_of;
use super::stationery::stationery;
use crate::core::command::Command;
use crate::{Fault, Outcome};
use std::collections::BTreeMap;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::CustomerId;
use sundry_domain::money::Pence;
use sundry_paper::Language;

/// Writes the receipt of a payment, which then waits to leave like any letter. What paid no invoice is for the account.
pub(crate) async fn send_receipt(
    cmd: &mut Command,
    customer: CustomerId,
    receipt: &str,
    amount: Pence,
    for_what: String,
) -> Outcome<()> {
    let org = cmd.by.org;
    let to = recipients_of(&mut cmd.tx, org, customer, customer, cmd.today).await?.remove(&customer.0);
    let to = to.ok_or_else(|| Fault::new("whose receipt it is, is not known"))?;
    let stationery = stationery(&mut cmd.tx, org, cmd.today).await?;
    let for_what = match to.language() {
        _ if !for_what.is_empty() => for_what,
        Language::English => "your account".to_owned(),
        Language::Welsh => "eich cyfrif".to_owned(),
    };
    let fields = BTreeMap::from([("for_what", for_what), ("number", receipt.to_owned())]);
    let letter = NewLetter {
        kind: LetterKind::Receipt,
        template: "receipt".into(),
        to,
        dated_on: cmd.today,
        due_on: None,
        next_letter_on: None,
        sum: amount,
        items: Vec::new(),
        item_ids: Vec::new(),
        document: None,
        invoice: None,
        fields,
        run: None,
    };
    compose(cmd, &stationery, vec![letter]).await.map(drop)
}
