//! From weighed candidates to a verdict.
use super::book::MatchBook;
use super::candidates::{Basis, Clues, Draft, first_round, second_round};
use super::evidence::{Weighed, weigh};
use super::facts::BankLineFacts;
use super::not_receipts;
use super::score::posteriors;
use super::verdict::{Candidate, Decision, OtherShare, Verdict};

/// Below this a candidate is no help to anyone.
const WORTH_SHOWING: i64 = -8_000;
/// How many candidates are shown.
const SHOWN: usize = 3;

/// A verdict, and how strong the evidence for posting is: lower goes first.
pub(super) struct Judged {
    pub verdict: Verdict,
    pub tier: u8,
}

impl MatchBook {
    /// Whose money a bank line is, how sure that is, and why.
    pub fn match_line(&self, line: &BankLineFacts) -> Verdict {
        self.judge(line, true).verdict
    }

    /// The second round, sums above all, only where asked for: it never makes a match certain.
    pub(super) fn judge(&self, line: &BankLineFacts, second: bool) -> Judged {
        if let Some(why) = not_receipts::not_money_in(line) {
            return set_aside(line, Decision::NotAReceipt(why));
        }
        let clues = Clues::read(self, line);
        if let Some(why) = self.not_a_receipt(&clues) {
            return set_aside(line, Decision::NotAReceipt(why));
        }
        let mut weighed = self.weigh_all(&clues, first_round(self, &clues));
        let certain = self.is_certain(&weighed);
        if !certain && second {
            weighed.extend(self.weigh_all(&clues, second_round(self, &clues)));
            best_first(&mut weighed);
        }
        weighed.retain(|w| w.score > WORTH_SHOWING);
        self.verdict(line, weighed, certain)
    }

    /// Why it is nobody's payment: it says so, and nothing in it points to a customer.
    fn not_a_receipt(&self, clues: &Clues) -> Option<String> {
        let taught = !clues.payers.is_empty() || !clues.taught_by_name.is_empty() || !clues.ordered.is_empty();
        if taught || clues.names_something() || self.names.knows(&clues.name) {
            return None;
        }
        let nobody = clues.line.payer_print.is_none() && !clues.hints_at_something();
        not_receipts::why_not(clues.line, clues.name.is_absent() && nobody)
    }

    fn weigh_all(&self, clues: &Clues, drafts: Vec<Draft>) -> Vec<Weighed> {
        let mut weighed: Vec<Weighed> = drafts.into_iter().map(|draft| weigh(self, clues, draft)).collect();
        best_first(&mut weighed);
        weighed
    }

    /// The best may be posted, is likely enough, and leads clearly.
    fn is_certain(&self, weighed: &[Weighed]) -> bool {
        let scores: Vec<i64> = weighed.iter().map(|w| w.score).collect();
        let Some((best, rest)) = weighed.split_first() else {
            return false;
        };
        let lead = rest.first().map_or(i64::MAX, |second| best.score - second.score);
        best.may_post
            && lead >= self.thresholds.margin_millinats
            && posteriors(&scores)[0] >= self.thresholds.certain_ppm
    }

    fn verdict(&self, line: &BankLineFacts, weighed: Vec<Weighed>, certain: bool) -> Judged {
        let scores: Vec<i64> = weighed.iter().map(|w| w.score).collect();
        let sure = posteriors(&scores);
        let tier = match weighed.first() {
            Some(best) if certain => u8::from(!best.strong),
            _ => 2,
        };
        let on_account = weighed.first().is_some_and(|w| w.draft.basis == Basis::Cleared);
        let candidates: Vec<Candidate> =
            weighed.into_iter().zip(sure).take(SHOWN).map(|(w, ppm)| self.candidate(w, ppm)).collect();
        let decision = match candidates.first() {
            None => Decision::Suspense,
            Some(best) if certain && on_account => Decision::OnAccount(best.clone()),
            Some(best) if certain => Decision::Post(best.clone()),
            Some(_) => Decision::Suggest,
        };
        Judged { verdict: Verdict { line: line.line, decision, candidates }, tier }
    }

    fn candidate(&self, weighed: Weighed, confidence_ppm: i64) -> Candidate {
        let Weighed { draft, reasons, .. } = weighed;
        let mut lines = Vec::new();
        let mut others: Vec<OtherShare> = Vec::new();
        for (place, amount) in &draft.lines {
            let item = self.item(*place);
            let line = (item.id, *amount);
            if item.customer == draft.customer {
                lines.push(line);
                continue;
            }
            let customer = self.customer(item.customer).id;
            match others.iter_mut().find(|other| other.customer == customer) {
                Some(other) => other.lines.push(line),
                None => others.push(OtherShare { customer, lines: vec![line] }),
            }
        }
        Candidate {
            customer: Some(self.customer(draft.customer).id),
            lines,
            others,
            difference: draft.difference,
            on_account: draft.on_account,
            confidence_ppm,
            reasons_for: reasons.pros,
            reasons_against: reasons.cons,
        }
    }
}

/// Best first; where scores tie, fewest items, then oldest places, so that order never varies.
fn best_first(weighed: &mut [Weighed]) {
    weighed.sort_by(|a, b| {
        b.score
            .cmp(&a.score)
            .then(a.draft.lines.len().cmp(&b.draft.lines.len()))
            .then_with(|| (a.draft.customer, &a.draft.lines).cmp(&(b.draft.customer, &b.draft.lines)))
    });
}

fn set_aside(line: &BankLineFacts, decision: Decision) -> Judged {
    Judged { verdict: Verdict { line: line.line, decision, candidates: Vec::new() }, tier: 2 }
}
