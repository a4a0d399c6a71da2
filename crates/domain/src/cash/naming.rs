//! Which items a text names, for lists that are compared and not posted.
use super::book::MatchBook;
use super::references::{How, find};
use crate::ids::ItemId;

impl MatchBook {
    /// The items whose numbers stand whole in the text, in its order; a slip of the finger names nothing here.
    pub fn items_named(&self, text: &str) -> Vec<ItemId> {
        let whole = find(&self.item_numbers, text).found.into_iter().filter(|found| found.how <= How::Digits);
        whole.map(|found| self.item(found.place).id).collect()
    }
}
