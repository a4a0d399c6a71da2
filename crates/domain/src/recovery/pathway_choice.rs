//! Which pathway a debt begins on: the most particular of those that are live and fit it.
use super::applies::DebtSeen;
use super::day::pathway_code_for;
use super::pathway::PathwayVersion;
use crate::customers::CustomerKind;

/// The live pathway for a debt: of those that fit, the highest rank, then the first by code. None where none fits.
pub fn choose<'a>(live: &[&'a PathwayVersion], debt: &DebtSeen<'_>) -> Option<&'a PathwayVersion> {
    let fitting = live.iter().copied().filter(|pathway| pathway.applies.fits(debt));
    fitting.reduce(|best, next| {
        let better =
            next.applies.rank > best.applies.rank || (next.applies.rank == best.applies.rank && next.code < best.code);
        if better { next } else { best }
    })
}

/// The code of what was chosen; where nothing fits, that of the kind of customer, so that no debt is forgotten.
pub fn code_of(chosen: Option<&PathwayVersion>, kind: CustomerKind) -> String {
    chosen.map_or_else(|| pathway_code_for(kind).to_owned(), |pathway| pathway.code.clone())
}
