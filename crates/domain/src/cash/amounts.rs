//! Open items by what is open on them.
use crate::money::Pence;
use std::collections::HashMap;

/// A sorted list of (amount, item), with what changed since it was made.
#[derive(Debug, Default)]
pub(super) struct Amounts {
    sorted: Vec<(Pence, u32)>,
    changed: HashMap<Pence, Vec<u32>>,
}

impl Amounts {
    pub(super) fn of(items: impl Iterator<Item = (Pence, u32)>) -> Self {
        let mut sorted: Vec<(Pence, u32)> = items.filter(|(open, _)| *open > Pence::ZERO).collect();
        sorted.sort_unstable();
        Self { sorted, changed: HashMap::new() }
    }

    /// An item has another amount open from now on.
    pub(super) fn add(&mut self, open: Pence, item: u32) {
        if open > Pence::ZERO {
            self.changed.entry(open).or_default().push(item);
        }
    }

    /// Items that have, or had, this amount open; the caller checks what is open now.
    pub(super) fn with(&self, amount: Pence) -> impl Iterator<Item = u32> + '_ {
        let changed = self.changed.get(&amount).map_or(&[][..], Vec::as_slice);
        self.range(amount).iter().map(|(_, item)| *item).chain(changed.iter().copied())
    }

    /// How many items had this amount open at the start.
    pub(super) fn count(&self, amount: Pence) -> usize {
        self.range(amount).len()
    }

    fn range(&self, amount: Pence) -> &[(Pence, u32)] {
        let from = self.sorted.partition_point(|(open, _)| *open < amount);
        let tail = &self.sorted[from..];
        &tail[..tail.partition_point(|(open, _)| *open == amount)]
    }
}
