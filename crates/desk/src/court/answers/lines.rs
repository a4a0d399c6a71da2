//! What stands in an answer file, line by line, in words.
use crate::core::vault::sha256_hex;
use serde_json::json;
use sundry_domain::money::Pence;
use sundry_domain::words::written;
use sundry_formats::court::{
    BulkAnswer, CourtAnswer, Defence, DefenceKind, Feedback, FeedbackItem, FeedbackStatus, SdtError,
};

/// The most characters that an event of a case keeps; the answer file has all of them.
const KEPT: usize = 1_000;

/// A piece of an answer that is worked by itself.
pub(super) enum Piece<'a> {
    /// What the court says of a whole bulk.
    Bulk(&'a BulkAnswer),
    /// How a request stands.
    Item(&'a Feedback, &'a FeedbackItem),
    /// What a defendant said.
    Said(&'a Defence),
}

/// A line before it is kept.
pub(super) struct Draft {
    pub(super) about: String,
    pub(super) said: &'static str,
    pub(super) request: String,
    pub(super) claim_number: String,
    pub(super) words: String,
}

/// The pieces in the file's order.
pub(super) fn pieces(answer: &CourtAnswer) -> Vec<Piece<'_>> {
    match answer {
        CourtAnswer::Submitted(bulk) => vec![Piece::Bulk(bulk)],
        CourtAnswer::Defences(all) => all.iter().map(Piece::Said).collect(),
        CourtAnswer::Feedback(all) => {
            let alone = (!all.bulk.ok || all.items.is_empty()).then_some(Piece::Bulk(&all.bulk));
            alone.into_iter().chain(all.items.iter().map(|item| Piece::Item(all, item))).collect()
        }
    }
}

/// Kind of the file, our reference and the court's.
pub(super) fn heads(answer: &CourtAnswer) -> (&'static str, String, String) {
    let of = |bulk: &BulkAnswer| {
        (bulk.customer_reference.clone().unwrap_or_default(), bulk.bulk_reference.clone().unwrap_or_default())
    };
    match answer {
        CourtAnswer::Submitted(bulk) => ("submitted", of(bulk).0, of(bulk).1),
        CourtAnswer::Feedback(all) => ("feedback", of(&all.bulk).0, of(&all.bulk).1),
        CourtAnswer::Defences(_) => ("responses", String::new(), String::new()),
    }
}

/// The defendant's answer as the case keeps it.
pub(super) fn response(kind: DefenceKind) -> &'static str {
    match kind {
        DefenceKind::Acknowledgment => "acknowledgment",
        DefenceKind::Defence => "defence",
        DefenceKind::Counterclaim => "counterclaim",
        DefenceKind::PartAdmission => "part_admission",
    }
}

/// An error of the court in words.
pub(super) fn reason(error: Option<&SdtError>) -> String {
    match error {
        Some(error) => short(&format!("{}: {}", error.code, error.description)),
        None => "The court gave no reason".to_owned(),
    }
}

/// What was asked of the court, in words.
pub(super) fn asked(about: &str) -> &str {
    match about {
        "mcolClaim" => "a claim",
        "mcolJudgment" => "a judgment",
        "mcolWarrant" => "a warrant",
        "mcolJudgmentWarrant" => "a judgment with a warrant",
        "mcolClaimStatusUpdate" => "what became of the claim",
        "mcolBreathingSpace" => "a notice of breathing space",
        other => other,
    }
}

/// What a case keeps of a long text.
pub(super) fn short(text: &str) -> String {
    text.trim().chars().take(KEPT).collect()
}

impl Draft {
    pub(super) fn of(piece: &Piece<'_>) -> Draft {
        match piece {
            Piece::Bulk(bulk) => Draft {
                about: "bulk".into(),
                said: if bulk.ok { "accepted" } else { "rejected" },
                request: bulk.customer_reference.clone().unwrap_or_default(),
                claim_number: String::new(),
                words: if bulk.ok { "The court has taken the file".into() } else { reason(bulk.error.as_ref()) },
            },
            Piece::Item(_, item) => Draft {
                about: item.request_type.clone(),
                said: match item.status {
                    FeedbackStatus::Accepted => "accepted",
                    FeedbackStatus::Rejected => "rejected",
                    _ => "awaiting",
                },
                request: item.request_id.clone(),
                claim_number: item.claim_number.clone().unwrap_or_default(),
                words: facts(item),
            },
            Piece::Said(one) => Draft {
                about: "response".into(),
                said: response(one.kind),
                request: String::new(),
                claim_number: one.claim_number.clone(),
                words: said(one),
            },
        }
    }

    /// A hash of all that it says of a bulk.
    pub(super) fn fingerprint(&self, reference: &str) -> String {
        let all = json!([reference, self.about, self.said, self.request, self.claim_number, self.words]);
        sha256_hex(all.to_string().as_bytes())
    }
}

/// What the court says of a request, in words.
pub(super) fn facts(item: &FeedbackItem) -> String {
    let days = [
        ("issued on", item.issued_on),
        ("served on", item.served_on),
        ("judgment entered on", item.judgment_on),
        ("first payment on", item.first_payment_on),
    ];
    let days = days.into_iter().filter_map(|(what, day)| day.map(|day| format!("{what} {}", written(day))));
    let warrant = item.warrant_number.as_ref().map(|number| match &item.court_name {
        Some(court) => format!("warrant {number} at {court}"),
        None => format!("warrant {number}"),
    });
    let fee = item.fee.map(|fee| format!("fee {}", Pence(fee)));
    let error = item.error.as_ref().map(|error| reason(Some(error)));
    days.chain(warrant).chain(fee).chain(error).collect::<Vec<_>>().join(", ")
}

fn said(one: &Defence) -> String {
    let text = one.text.trim();
    let head = format!("Defendant {}, filed on {}", one.defendant, written(one.filed_on));
    if text.is_empty() { head } else { format!("{head}: {text}") }
}
