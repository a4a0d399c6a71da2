//! Writes a bulk of requests, and reads it back before it leaves.

use super::model::{
    Address, BreathingSpaceNotice, Claim, CourtBatch, Judgment, JudgmentKind, PaymentSchedule, Request, StatusUpdate,
    Warrant,
};
use super::read::{MOST, read_bulk};
use crate::problem::FormatProblem;

/// The largest claim taken here, in pence, with interest: one hundred thousand pounds.
pub const LARGEST_CLAIM: i64 = 10_000_000;

const BULK: &str = "http://ws.sdt.moj.gov.uk/2013/sdt/BulkRequestSchema";
const BASE: &str = "http://ws.sdt.moj.gov.uk/2013/sdt/BaseSchema";
const MCOL: &str = "http://ws.sdt.moj.gov.uk/2013/mcol";

/// Writes the bulk.
///
/// # Errors
/// Everything that the court, or we, would refuse, each at its place. Nothing is cut to make it fit.
pub fn write_bulk(batch: &CourtBatch) -> Result<Vec<u8>, Vec<FormatProblem>> {
    let wrong = beyond_the_schema(batch);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut out = Out { text: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".into(), depth: 0 };
    let spaces = format!(
        "b:bulkRequest xmlns:b=\"{BULK}\" xmlns:base=\"{BASE}\" xmlns:c=\"{MCOL}/ClaimSchema\" \
         xmlns:j=\"{MCOL}/JudgmentSchema\" xmlns:w=\"{MCOL}/WarrantSchema\" xmlns:u=\"{MCOL}/ClaimStatusUpdateSchema\" \
         xmlns:s=\"{MCOL}/BreathingSpaceSchema\""
    );
    out.within(&spaces, |out| {
        out.within("b:header", |out| {
            out.text("b:sdtCustomerId", &batch.customer_id);
            out.text("b:targetApplicationId", "mcol");
            out.text("b:requestCount", &batch.requests.len().to_string());
            out.text("b:customerReference", &batch.reference);
        });
        out.within("b:requests", |out| {
            for request in &batch.requests {
                let kind = request.request.kind();
                let head = format!("b:request requestType=\"{kind}\" requestId=\"{}\"", escaped(&request.id));
                out.within(&head, |out| out.within(&format!("b:{kind}"), |out| body(out, &request.request)));
            }
        });
    });
    let bytes = out.text.into_bytes();
    match read_bulk(&bytes) {
        Ok(read) if read == *batch => Ok(bytes),
        Ok(_) => {
            let message = "what was written does not read back as it was meant";
            Err(vec![FormatProblem::new("court.not_the_same", "", message)])
        }
        Err(wrong) => Err(wrong),
    }
}

/// What the schema does not know.
fn beyond_the_schema(batch: &CourtBatch) -> Vec<FormatProblem> {
    let mut wrong = Vec::new();
    if batch.requests.is_empty() || batch.requests.len() > MOST {
        let message = format!("there are {} requests; 1 to {MOST} are taken", batch.requests.len());
        wrong.push(FormatProblem::new("court.request_count", "requests", message));
    }
    for (number, request) in (1..).zip(&batch.requests) {
        let Request::Claim(claim) = &request.request else { continue };
        let mut say = |code: &str, name: &str, message: String| {
            wrong.push(FormatProblem::new(code, format!("request {number}/{name}"), message));
        };
        if !(1..=2).contains(&claim.defendants.len()) {
            let message = format!("there are {} defendants; one or two are taken", claim.defendants.len());
            say("court.defendants", "defendants", message);
        }
        for (at, defendant) in (1..).zip(&claim.defendants) {
            if !(2..=4).contains(&defendant.address.lines.len()) {
                let message = format!("the address has {} lines; two to four are taken", defendant.address.lines.len());
                say("court.address_lines", &format!("defendant{at}/address"), message);
            }
        }
        if claim.amount <= 0 || claim.amount >= LARGEST_CLAIM {
            let message =
                format!("{} is not above 0.00 and under 100,000.00", crate::money::write_pounds(claim.amount));
            say("court.amount", "claimAmount", message);
        }
        let whole = claim.interest.as_ref().map_or(0, |interest| interest.base);
        if whole > claim.amount {
            say("court.interest_base", "interest", "interest is worked out on more than is claimed".into());
        }
        if claim.interest.as_ref().is_some_and(|interest| interest.claim_on < interest.owed_on) {
            say("court.interest_days", "interest", "the claim is dated before the debt was owed".into());
        }
    }
    wrong
}

struct Out {
    text: String,
    depth: usize,
}

impl Out {
    fn indent(&mut self) {
        self.text.push_str(&"  ".repeat(self.depth));
    }

    fn within(&mut self, head: &str, inside: impl FnOnce(&mut Out)) {
        self.indent();
        self.text.push_str(&format!("<{head}>\n"));
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.indent();
        let name = head.split(' ').next().unwrap_or(head);
        self.text.push_str(&format!("</{name}>\n"));
    }

    fn text(&mut self, name: &str, text: &str) {
        self.indent();
        self.text.push_str(&format!("<{name}>{}</{name}>\n", escaped(text)));
    }

    fn maybe(&mut self, name: &str, text: Option<String>) {
        if let Some(text) = text {
            self.text(name, &text);
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn body(out: &mut Out, request: &Request) {
    match request {
        Request::Claim(one) => claim(out, one),
        Request::Judgment(one) => judgment(out, one),
        Request::Warrant(one) => warrant(out, one),
        Request::JudgmentWarrant(first, second) => {
            out.within("j:mcolJudgment", |out| judgment(out, first));
            out.within("j:mcolWarrant", |out| warrant(out, second));
        }
        Request::StatusUpdate(one) => status_update(out, one),
        Request::BreathingSpace(one) => breathing_space(out, one),
    }
}

fn claim(out: &mut Out, claim: &Claim) {
    out.maybe("c:claimantReference", claim.reference.clone());
    for (number, defendant) in (1..).zip(&claim.defendants) {
        out.within(&format!("c:defendant{number}"), |out| {
            out.text("c:name", &defendant.name);
            out.within("c:address", |out| address(out, &defendant.address));
        });
    }
    out.text("c:sendParticularsSeparately", &claim.particulars_separately.to_string());
    out.text("c:reserveRightToClaimInterest", &claim.reserve_interest.to_string());
    if let Some(interest) = &claim.interest {
        out.within("c:interest", |out| {
            out.text("c:dailyAmount", &interest.daily.to_string());
            out.text("c:owedDate", &interest.owed_on.to_string());
            out.text("c:claimDate", &interest.claim_on.to_string());
            out.text("c:claimAmountInterestBase", &interest.base.to_string());
        });
    }
    out.text("c:claimAmount", &claim.amount.to_string());
    out.maybe("c:solicitorCost", claim.solicitor_cost.map(|pence| pence.to_string()));
    for line in &claim.particulars {
        out.text("c:particulars", line);
    }
    signature(out, "c:sotSignature", &claim.signed_by);
}

fn address(out: &mut Out, address: &Address) {
    for (number, line) in (1..).zip(&address.lines) {
        out.text(&format!("base:line{number}"), line);
    }
    out.text("base:postcode", &address.postcode);
}

fn signature(out: &mut Out, name: &str, signed_by: &str) {
    out.within(name, |out| {
        out.text("base:flag", "true");
        out.text("base:name", signed_by);
    });
}

fn judgment(out: &mut Out, judgment: &Judgment) {
    out.text("j:claimNumber", &judgment.claim_number);
    out.text("j:jointJudgment", &judgment.joint.to_string());
    out.text("j:judgmentType", if judgment.kind == JudgmentKind::Admission { "A" } else { "D" });
    out.maybe("j:defendantId", judgment.defendant.map(|number| number.to_string()));
    out.within("j:paymentSchedule", |out| match &judgment.schedule {
        PaymentSchedule::Immediate => out.text("j:immediatePayment", ""),
        PaymentSchedule::InFullBy(by) => {
            out.within("j:inFullByPayment", |out| out.text("j:fullByDate", &by.to_string()));
        }
        PaymentSchedule::Instalments(amount, each) => out.within("j:instalment", |out| {
            out.text("j:amount", &amount.to_string());
            out.text("j:frequency", &each.to_string());
        }),
    });
    for (name, amount) in [
        ("j:interest", judgment.interest),
        ("j:solicitorCost", judgment.solicitor_cost),
        ("j:deductedAmount", judgment.deducted),
        ("j:claimAmountAdmitted", judgment.admitted),
        ("j:courtFee", judgment.court_fee),
    ] {
        out.maybe(name, amount.map(|pence| pence.to_string()));
    }
    signature(out, "j:sotSignature", &judgment.signed_by);
}

fn warrant(out: &mut Out, warrant: &Warrant) {
    out.text("w:claimNumber", &warrant.claim_number);
    out.text("w:defendantId", &warrant.defendant.to_string());
    if let Some(new) = &warrant.address {
        out.within("w:defendantAddress", |out| address(out, new));
    }
    out.text("w:balanceOfDebt", &warrant.balance.to_string());
    out.text("w:warrantAmount", &warrant.amount.to_string());
    out.maybe("w:solicitorCost", warrant.solicitor_cost.map(|pence| pence.to_string()));
    out.maybe("w:additionalNotes", warrant.notes.clone());
    signature(out, "w:sotSignature", &warrant.signed_by);
}

fn status_update(out: &mut Out, update: &StatusUpdate) {
    out.text("u:claimNumber", &update.claim_number);
    out.maybe("u:defendantId", update.defendant.map(|number| number.to_string()));
    out.text("u:notificationType", update.kind.code());
    out.maybe("u:paidInFullDate", update.paid_on.map(|day| day.to_string()));
}

fn breathing_space(out: &mut Out, notice: &BreathingSpaceNotice) {
    out.text("s:claimNumber", &notice.claim_number);
    out.text("s:defendantId", &notice.defendant.to_string());
    out.text("s:breathingSpaceNotificationType", notice.kind.code());
}
