//! When two accounts may become one (CUS-06): they are of one customer, and nothing is under way that knows one of them.
use super::refusals::{
    CHANGE_WAITS, MERGE_COURT, MERGE_DECEASED, MERGE_JOINED, MERGE_JOINT, MERGE_KINDS, MERGE_MANDATES, MERGE_RUN,
    MERGE_SAME, MERGE_WAITS, MERGE_WRITE_OFF, MERGED_ALREADY, MERGED_SINCE, NOT_THE_SAME,
};
use super::{CustomerKind, normalise_reference};
use crate::refusal::Refusal;

/// What one of the two accounts brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergeSide {
    /// Account number.
    pub number: String,
    /// What they are; none where it is not known.
    pub kind: Option<CustomerKind>,
    /// The account it was merged into before.
    pub merged_into: Option<String>,
    /// The approval under which another merge of it waits.
    pub waits: Option<String>,
    /// Whether a flag says today that they have died.
    pub deceased: bool,
    /// Fingerprint and shown form of each bank account that a live mandate names.
    pub mandates: Vec<(String, String)>,
    /// What identifies them for certain: kind and value, like `company_number`.
    pub proofs: Vec<(String, String)>,
    /// A debt that both are recorded as owing together.
    pub joint_debt: Option<String>,
    /// Court cases that are not over.
    pub court_cases: i64,
    /// Debts proposed on a schedule of write-offs.
    pub write_offs: i64,
    /// Runs that name it and are not finished.
    pub runs: i64,
    /// New details that wait for a second person.
    pub changes: i64,
}

/// Everything that forbids merging `gone` into `stays`, most telling first; nothing where it may be done.
pub fn forbids_merge(stays: &MergeSide, gone: &MergeSide) -> Vec<Refusal> {
    if stays.number == gone.number {
        return vec![MERGE_SAME.because(format!("Both are {}", stays.number))];
    }
    let mut all = Vec::new();
    for side in [gone, stays] {
        if let Some(into) = &side.merged_into {
            all.push(MERGED_ALREADY.because(format!("{} was merged into {into}", side.number)));
        }
        if let Some(approval) = &side.waits {
            all.push(MERGE_WAITS.because(format!("A merge of {} waits already ({approval})", side.number)));
        }
    }
    all.extend(two_customers(stays, gone));
    if one_bank_account_is_two(stays, gone) {
        let shown = |side: &MergeSide| side.mandates.first().map(|(_, shown)| shown.clone()).unwrap_or_default();
        all.push(MERGE_MANDATES.because(format!(
            "{} pays by Direct Debit from {}, {} from {}",
            stays.number,
            shown(stays),
            gone.number,
            shown(gone)
        )));
    }
    for side in [gone, stays] {
        all.extend(under_way(side));
    }
    all
}

/// What has tied the two accounts together since they were merged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MergeTies {
    /// The account that was merged or took another in after this merge.
    pub later: Option<String>,
    /// A debt, credit or receipt that stays and is set against one that goes back.
    pub money: Option<String>,
    /// A plan or placement of a debt that goes back, which cannot go back whole.
    pub plan: Option<String>,
}

/// Everything that forbids undoing a merge into `stays`, most telling first; nothing where it may be done.
pub fn forbids_undoing(stays: &MergeSide, ties: &MergeTies) -> Vec<Refusal> {
    let mut all = Vec::new();
    if let Some(later) = &ties.later {
        all.push(MERGED_SINCE.because(format!("{later} was merged after it")));
    }
    if let Some(approval) = &stays.waits {
        all.push(MERGE_WAITS.because(format!("A merge of {} waits already ({approval})", stays.number)));
    }
    if let Some(money) = &ties.money {
        all.push(MERGE_JOINED.because(format!("{money} is set against a debt or credit that would go back")));
    }
    if let Some(plan) = &ties.plan {
        all.push(MERGE_JOINED.because(format!("{plan} covers a debt that would go back, and cannot go back with it")));
    }
    all.extend(under_way(stays));
    all
}

/// What says that they are two customers and not one.
fn two_customers(stays: &MergeSide, gone: &MergeSide) -> Vec<Refusal> {
    let mut all = Vec::new();
    if let (Some(one), Some(other)) = (known(stays), known(gone))
        && one.is_individual() != other.is_individual()
    {
        let sentence = format!("{} is of a {}, {} of a {}", stays.number, lower(one), gone.number, lower(other));
        all.push(MERGE_KINDS.because(sentence));
    }
    for kind in kinds_of_proof(stays) {
        let (one, other) = (values(stays, &kind), values(gone, &kind));
        if !other.is_empty() && !one.iter().any(|value| other.contains(value)) {
            let words = kind.replace('_', " ");
            let sentence = format!("The {words} of {} and that of {} differ", stays.number, gone.number);
            all.push(NOT_THE_SAME.because(sentence));
        }
    }
    if stays.deceased != gone.deceased {
        let (dead, other) = if stays.deceased { (stays, gone) } else { (gone, stays) };
        all.push(MERGE_DECEASED.because(format!("{} is marked as deceased, {} is not", dead.number, other.number)));
    }
    if let Some(debt) = stays.joint_debt.as_ref().or(gone.joint_debt.as_ref()) {
        all.push(MERGE_JOINT.because(format!("{} and {} owe {debt} together", stays.number, gone.number)));
    }
    all
}

fn known(side: &MergeSide) -> Option<CustomerKind> {
    side.kind.filter(|kind| *kind != CustomerKind::Unknown)
}

fn lower(kind: CustomerKind) -> String {
    match kind {
        CustomerKind::NhsBody => kind.name().to_owned(),
        other => other.name().to_lowercase(),
    }
}

fn kinds_of_proof(side: &MergeSide) -> Vec<String> {
    let mut kinds: Vec<String> = side.proofs.iter().map(|(kind, _)| kind.clone()).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn values(side: &MergeSide, kind: &str) -> Vec<String> {
    side.proofs.iter().filter(|(of, _)| of == kind).map(|(_, value)| normalise_reference(value)).collect()
}

fn one_bank_account_is_two(stays: &MergeSide, gone: &MergeSide) -> bool {
    let differs = |(print, _): &(String, String)| stays.mandates.iter().any(|(other, _)| other != print);
    gone.mandates.iter().any(differs)
}

/// What knows this account by its name and number until it is over.
fn under_way(side: &MergeSide) -> Vec<Refusal> {
    let mut all = Vec::new();
    if side.court_cases > 0 {
        all.push(MERGE_COURT.because(format!("A debt of {} is with the court or on its way there", side.number)));
    }
    if side.write_offs > 0 {
        all.push(MERGE_WRITE_OFF.because(format!("A debt of {} is proposed for writing off", side.number)));
    }
    if side.runs > 0 {
        all.push(MERGE_RUN.because(format!("A run that names {} is not finished", side.number)));
    }
    if side.changes > 0 {
        all.push(CHANGE_WAITS.because(format!("New details of {} wait for a second person", side.number)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(number: &str) -> MergeSide {
        MergeSide { number: number.into(), kind: Some(CustomerKind::Individual), ..MergeSide::default() }
    }

    fn codes(stays: &MergeSide, gone: &MergeSide) -> Vec<String> {
        forbids_merge(stays, gone).into_iter().map(|no| no.code).collect()
    }

    fn pair(one: &str, other: &str) -> (String, String) {
        (one.to_owned(), other.to_owned())
    }

    #[test]
    fn cus_06_two_accounts_of_one_customer_may_be_merged_and_an_account_not_with_itself() {
        assert!(codes(&side("C1"), &side("C2")).is_empty());
        assert_eq!(codes(&side("C1"), &side("C1")), ["CUS-06-SAME"]);
        let merged = MergeSide { merged_into: Some("C3".into()), ..side("C2") };
        assert_eq!(codes(&side("C1"), &merged), ["CUS-06-MERGED"]);
        let waits = MergeSide { waits: Some("APP-000001".into()), ..side("C1") };
        assert_eq!(codes(&waits, &side("C2")), ["CUS-06-WAITS"]);
    }

    #[test]
    fn cus_06_what_tells_two_customers_apart_forbids_it() {
        let company = MergeSide { kind: Some(CustomerKind::Company), ..side("C2") };
        assert_eq!(codes(&side("C1"), &company), ["CUS-06-KIND"]);
        let not_known = MergeSide { kind: Some(CustomerKind::Unknown), ..side("C2") };
        assert!(codes(&side("C1"), &not_known).is_empty());
        let born = |number: &str, on: &str| MergeSide { proofs: vec![pair("date_of_birth", on)], ..side(number) };
        assert_eq!(codes(&born("C1", "1950-01-02"), &born("C2", "1951-01-02")), ["CUS-06-NOT-SAME"]);
        assert!(codes(&born("C1", "1950-01-02"), &born("C2", "19500102")).is_empty(), "written in two ways");
        assert!(codes(&born("C1", "1950-01-02"), &side("C2")).is_empty(), "known of one only");
        let died = MergeSide { deceased: true, ..side("C2") };
        assert_eq!(codes(&side("C1"), &died), ["CUS-06-DECEASED"]);
        assert!(codes(&MergeSide { deceased: true, ..side("C1") }, &died).is_empty());
        let joint = MergeSide { joint_debt: Some("INV-1".into()), ..side("C2") };
        assert_eq!(codes(&side("C1"), &joint), ["CUS-06-JOINT"]);
    }

    #[test]
    fn cus_06_two_bank_accounts_need_the_customers_word_and_one_does_not() {
        let pays = |number: &str, print: &str| MergeSide { mandates: vec![pair(print, "••58")], ..side(number) };
        assert_eq!(codes(&pays("C1", "a"), &pays("C2", "b")), ["CUS-06-MANDATES"]);
        assert!(codes(&pays("C1", "a"), &pays("C2", "a")).is_empty());
        assert!(codes(&side("C1"), &pays("C2", "b")).is_empty());
    }

    #[test]
    fn cus_06_a_merge_is_undone_unless_something_ties_the_two_together() {
        let codes = |stays: &MergeSide, ties: &MergeTies| -> Vec<String> {
            forbids_undoing(stays, ties).into_iter().map(|no| no.code).collect()
        };
        assert!(codes(&side("C1"), &MergeTies::default()).is_empty());
        let some = |number: &str| Some(number.to_owned());
        let tied = MergeTies { later: some("C3"), money: some("RCT-1"), plan: some("PLAN-1") };
        let busy = MergeSide { waits: some("APP-1"), court_cases: 1, ..side("C1") };
        let all = ["CUS-06-LATER", "CUS-06-WAITS", "CUS-06-JOINED", "CUS-06-JOINED", "CUS-06-COURT"];
        assert_eq!(codes(&busy, &tied), all);
    }

    #[test]
    fn cus_06_what_is_under_way_on_either_account_is_finished_first() {
        let busy = MergeSide { court_cases: 1, write_offs: 1, runs: 1, changes: 1, ..side("C2") };
        let all = ["CUS-06-COURT", "CUS-06-WRITE-OFF", "CUS-06-RUN", "CUS-18-WAITS"];
        assert_eq!(codes(&side("C1"), &busy), all);
        assert_eq!(codes(&busy, &side("C1")), all);
    }
}
