//! Dice that fall the same way each time they are thrown from the same seed (SplitMix64).

/// A stream of made numbers.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A stream of its own for a part of the work, so that a change in one part moves no other.
    pub fn fork(&self, part: &str) -> Dice {
        let folded = part.bytes().fold(self.0 ^ 0xcbf2_9ce4_8422_2325, |sum, byte| {
            (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        let mut dice = Dice(folded);
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A whole number from `low` to `high`, both included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        let span = high.abs_diff(low) + 1;
        low + (self.next() % span) as i64
    }

    /// True so many times in a hundred.
    pub fn chance(&mut self, percent: i64) -> bool {
        self.between(1, 100) <= percent
    }

    /// One of them; the list is not empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.between(0, from.len() as i64 - 1);
        &from[at as usize]
    }

    /// One of them, each as often as its weight says.
    pub fn weighted<T: Copy>(&mut self, from: &[(T, i64)]) -> T {
        let total: i64 = from.iter().map(|(_, weight)| weight).sum();
        let mut left = self.between(1, total);
        for (one, weight) in from {
            left -= weight;
            if left <= 0 {
                return *one;
            }
        }
        from[0].0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_falls_the_same_way() {
        let roll = |mut dice: Dice| (0..50).map(|_| dice.between(1, 6)).collect::<Vec<_>>();
        assert_eq!(roll(Dice::new(7)), roll(Dice::new(7)));
        assert_ne!(roll(Dice::new(7)), roll(Dice::new(8)));
        assert_eq!(roll(Dice::new(7).fork("bank")), roll(Dice::new(7).fork("bank")));
        assert_ne!(roll(Dice::new(7).fork("bank")), roll(Dice::new(7).fork("post")));
        assert!(roll(Dice::new(1)).iter().all(|n| (1..=6).contains(n)));
    }

    #[test]
    fn weights_count() {
        let mut dice = Dice::new(3);
        let heads = (0..1_000).filter(|_| dice.weighted(&[('h', 9), ('t', 1)]) == 'h').count();
        assert!((850..950).contains(&heads), "{heads}");
        assert_eq!(dice.between(5, 5), 5);
        assert!((0..1_000).filter(|_| dice.chance(50)).count() > 400);
    }
}
