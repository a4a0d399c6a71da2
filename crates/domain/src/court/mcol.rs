//! Which claims the online court takes, and where a postcode lies (CT-03).
use super::refusals;
use crate::money::Pence;
use crate::refusal::Refusal;
use crate::words::{counted, named};
use serde::{Deserialize, Serialize};

/// The sum must be under this.
const BELOW: Pence = Pence(10_000_000);
/// Characters of the particulars.
pub const PARTICULARS: usize = 1_080;

named! {
    /// Where a defendant is.
    Jurisdiction {
        /// England or Wales.
        EnglandOrWales = "england_or_wales", "England or Wales";
        /// Scotland.
        Scotland = "scotland", "Scotland";
        /// Northern Ireland.
        NorthernIreland = "northern_ireland", "Northern Ireland";
        /// The Channel Islands, the Isle of Man, another country.
        Elsewhere = "elsewhere", "Outside the United Kingdom";
        /// A postcode on both sides of the border.
        Border = "border", "On the border";
    }
}

/// Where a postcode lies, by its area and, on the border, its district.
pub fn jurisdiction(postcode: &str) -> Jurisdiction {
    let plain: String = postcode.trim().to_uppercase();
    let outward = plain.split_whitespace().next().unwrap_or_default();
    let area: String = outward.chars().take_while(char::is_ascii_alphabetic).collect();
    let district = outward.get(area.len()..).unwrap_or_default();
    match area.as_str() {
        "BT" => Jurisdiction::NorthernIreland,
        "JE" | "GY" | "IM" | "" => Jurisdiction::Elsewhere,
        "TD" if matches!(district, "9" | "12" | "15") => Jurisdiction::Border,
        "DG" if matches!(district, "14" | "16") => Jurisdiction::Border,
        "CA" if district == "6" => Jurisdiction::Border,
        "AB" | "DD" | "DG" | "EH" | "FK" | "G" | "HS" | "IV" | "KA" | "KW" | "KY" | "ML" | "PA" | "PH" | "TD"
        | "ZE" => Jurisdiction::Scotland,
        _ => Jurisdiction::EnglandOrWales,
    }
}

/// A defendant, for the online court.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct McolDefendant {
    /// Postcode of the address for service.
    pub postcode: String,
    /// The country, if not the United Kingdom.
    pub abroad: bool,
    /// A person confirmed that a border address lies in England.
    pub confirmed_in_england: bool,
    /// Under eighteen.
    pub child: bool,
    /// A protected party.
    pub protected: bool,
    /// The Crown.
    pub crown: bool,
}

/// What decides whether a claim can go online.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct McolFacts {
    /// The sum, without interest and costs.
    pub sum: Pence,
    /// Against whom.
    pub defendants: Vec<McolDefendant>,
    /// The same sum is claimed from each.
    pub same_sum: bool,
    /// Characters of the particulars; they may be sent separately.
    pub particulars: usize,
    /// The particulars go separately.
    pub separately: bool,
}

/// Every condition that fails, all at once; empty when the claim can go online.
pub fn mcol_faults(facts: &McolFacts) -> Vec<Refusal> {
    let mut faults = Vec::new();
    if facts.sum >= BELOW || facts.sum <= Pence::ZERO {
        faults.push(refusals::MCOL_SUM.because(format!("{} is claimed; it must be under {BELOW}", facts.sum)));
    }
    match facts.defendants.len() {
        1 => {}
        2 if facts.same_sum => {}
        2 => faults.push(refusals::MCOL_DEFENDANTS.because("Not the same sum is claimed from both defendants")),
        count => {
            let count = i64::try_from(count).unwrap_or(i64::MAX);
            faults.push(refusals::MCOL_DEFENDANTS.because(format!("There are {}", counted(count, "defendant"))));
        }
    }
    for (number, defendant) in (1..).zip(&facts.defendants) {
        faults.extend(place(number, defendant));
        for (is, what) in
            [(defendant.child, "a child"), (defendant.protected, "a protected party"), (defendant.crown, "the Crown")]
        {
            if is {
                faults.push(refusals::MCOL_PARTY.because(format!("Defendant {number} is {what}")));
            }
        }
    }
    if facts.particulars > PARTICULARS && !facts.separately {
        let sentence =
            format!("The particulars have {} characters; there is room for {PARTICULARS}", facts.particulars);
        faults.push(refusals::MCOL_PARTICULARS.because(sentence));
    }
    faults
}

fn place(number: u32, defendant: &McolDefendant) -> Option<Refusal> {
    let place = if defendant.abroad { Jurisdiction::Elsewhere } else { jurisdiction(&defendant.postcode) };
    match place {
        Jurisdiction::EnglandOrWales => None,
        Jurisdiction::Border if defendant.confirmed_in_england => None,
        Jurisdiction::Border => {
            let sentence = format!("{} lies on both sides of the border", defendant.postcode);
            Some(refusals::MCOL_BORDER.because(sentence))
        }
        place => Some(
            refusals::MCOL_PLACE.because(format!("Defendant {number} is not in England or Wales: {}", place.name())),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn defendant(postcode: &str) -> McolDefendant {
        McolDefendant {
            postcode: postcode.into(),
            abroad: false,
            confirmed_in_england: false,
            child: false,
            protected: false,
            crown: false,
        }
    }

    fn facts(sum: i64, defendants: &[McolDefendant]) -> McolFacts {
        McolFacts {
            sum: Pence(sum),
            defendants: defendants.to_vec(),
            same_sum: true,
            particulars: PARTICULARS,
            separately: false,
        }
    }

    fn codes(facts: &McolFacts) -> Vec<String> {
        mcol_faults(facts).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn ct_e12_three_defendants_glasgow_or_a_hundred_thousand_pounds() {
        let morpeth = defendant("NE61 1AA");
        assert_eq!(codes(&facts(9_999_999, std::slice::from_ref(&morpeth))), [""; 0]);
        let three = [morpeth.clone(), morpeth.clone(), morpeth.clone()];
        assert_eq!(codes(&facts(1, &three)), ["CT-03-DEFENDANTS"]);
        assert_eq!(codes(&facts(1, &[defendant("G2 1DY")])), ["CT-03-PLACE"]);
        assert_eq!(codes(&facts(10_000_000, &[morpeth])), ["CT-03-SUM"]);
    }

    #[test]
    fn ct_03_all_that_fails_is_told_at_once() {
        let mut bad = defendant("BT1 1AA");
        (bad.child, bad.protected, bad.crown) = (true, true, true);
        let mut case = facts(0, &[bad, defendant("NE61 1AA")]);
        (case.same_sum, case.particulars) = (false, PARTICULARS + 1);
        assert_eq!(
            codes(&case),
            [
                "CT-03-SUM",
                "CT-03-DEFENDANTS",
                "CT-03-PLACE",
                "CT-03-PARTY",
                "CT-03-PARTY",
                "CT-03-PARTY",
                "CT-03-PARTICULARS"
            ]
        );
        case.separately = true;
        assert_eq!(codes(&case).len(), 6);
        assert_eq!(codes(&facts(1, &[])), ["CT-03-DEFENDANTS"]);
    }

    #[test]
    fn ct_03_where_a_postcode_lies() {
        for (postcode, place) in [
            ("NE61 1AA", Jurisdiction::EnglandOrWales),
            ("g2 1dy", Jurisdiction::Scotland),
            ("GL1 1AA", Jurisdiction::EnglandOrWales),
            ("TD15 1AA", Jurisdiction::Border),
            ("TD1 1AA", Jurisdiction::Scotland),
            ("BT1 1AA", Jurisdiction::NorthernIreland),
            ("JE2 3AB", Jurisdiction::Elsewhere),
            ("", Jurisdiction::Elsewhere),
            ("CF10 1AA", Jurisdiction::EnglandOrWales),
        ] {
            assert_eq!(jurisdiction(postcode), place, "{postcode}");
        }
        let mut berwick = defendant("TD15 1AA");
        assert_eq!(codes(&facts(1, std::slice::from_ref(&berwick))), ["CT-03-BORDER"]);
        berwick.confirmed_in_england = true;
        assert_eq!(codes(&facts(1, &[berwick])), [""; 0]);
        assert_eq!(codes(&facts(1, &[McolDefendant { abroad: true, ..defendant("NE61 1AA") }])), ["CT-03-PLACE"]);
    }
}
