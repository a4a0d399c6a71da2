//! A debt as a line of a letter.
use sundry_paper::LetterItem;
use sundry_store::ledger::ItemRow;

/// A debt with what is open of it, for letters that ask for all of it.
pub(crate) fn line_of_item(item: &ItemRow) -> LetterItem {
    LetterItem {
        number: item.number.clone(),
        dated_on: item.dated_on,
        due_on: Some(item.due_on),
        description: [&item.service, &item.debt_type]
            .into_iter()
            .find(|text| !text.is_empty())
            .cloned()
            .unwrap_or_default(),
        amount_pence: item.original_pence,
        charges_pence: 0,
        late: None,
        paid_pence: item.original_pence - item.open_pence,
        in_query_pence: 0,
        owed_pence: item.open_pence,
    }
}
