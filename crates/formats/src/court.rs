//! Claims for the county court's bulk users: the bulk request with its claims, as the court's schema has it.
//!
//! Amounts are whole pence; text is cut to the characters the schema knows, by a table that a person can check; nothing
//! is shortened silently: what does not fit is told. Answers of the court are read by people from its own pages.

use crate::problem::{FormatProblem, shown};
use chrono::NaiveDate;

/// Claims in one file, at most.
pub const MOST_CLAIMS: usize = 2_000;
/// Characters of a line of the particulars.
const LINE: usize = 45;
/// Lines of the particulars.
const LINES: usize = 24;

/// A name with an address: two lines at least, four at most.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CourtParty {
    /// Name, up to 60 characters.
    pub name: String,
    /// Lines of up to 30 characters.
    pub lines: Vec<String>,
    /// Postcode: capitals with one blank.
    pub postcode: String,
}

/// Interest that is claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CourtInterestClaim {
    /// A day's interest.
    pub daily_pence: i64,
    /// First day.
    pub owed_on: NaiveDate,
    /// The day of the claim.
    pub claim_on: NaiveDate,
    /// What it is on.
    pub base_pence: i64,
}

/// A claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourtClaim {
    /// Identifier in the file, up to 24 letters, digits, `_` and `-`.
    pub request_id: String,
    /// Our reference, up to 24 characters.
    pub reference: String,
    /// One defendant or two.
    pub defendants: Vec<CourtParty>,
    /// The particulars go by another way.
    pub separately: bool,
    /// Interest; none where none is claimed.
    pub interest: Option<CourtInterestClaim>,
    /// What is claimed, with interest to date.
    pub amount_pence: i64,
    /// A representative's fixed costs.
    pub costs_pence: i64,
    /// The particulars, to be broken into lines.
    pub particulars: String,
    /// Who signs the statement of truth.
    pub signed_by: String,
}

/// Claims for one submission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourtBulk {
    /// Our number at the court: eight digits.
    pub customer_id: String,
    /// A reference never used before: up to 32 letters, digits, `_` and `-`.
    pub reference: String,
    /// The claims.
    pub claims: Vec<CourtClaim>,
}

/// Text in the court's characters: accents off, typographic marks as plain ones, what has no like left out.
pub fn court_text(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '\u{2018}' | '\u{2019}' | '\u{201B}' | '`' | '\u{B4}' | '"' | '\u{201C}' | '\u{201D}' => out.push('\''),
            '\u{2013}' | '\u{2014}' | '\u{2212}' => out.push('-'),
            ';' => out.push(','),
            '\n' | '\r' | '\t' => out.push(' '),
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => out.push('a'),
            'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' => out.push('A'),
            'è' | 'é' | 'ê' | 'ë' => out.push('e'),
            'È' | 'É' | 'Ê' | 'Ë' => out.push('E'),
            'ì' | 'í' | 'î' | 'ï' => out.push('i'),
            'Ì' | 'Í' | 'Î' | 'Ï' => out.push('I'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => out.push('o'),
            'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' => out.push('O'),
            'ù' | 'ú' | 'û' | 'ü' => out.push('u'),
            'Ù' | 'Ú' | 'Û' | 'Ü' => out.push('U'),
            'ŵ' => out.push('w'),
            'Ŵ' => out.push('W'),
            'ŷ' | 'ý' | 'ÿ' => out.push('y'),
            'Ŷ' | 'Ý' => out.push('Y'),
            'ñ' => out.push('n'),
            'ç' => out.push('c'),
            'ß' => out.push_str("ss"),
            c if allowed(c) => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn allowed(c: char) -> bool {
    c.is_ascii_alphanumeric() || " -+.,£@?'()/%_&!:".contains(c)
}

/// The particulars in lines of 45 characters, broken between words; none when they do not fit in 24.
pub fn particulars(text: &str) -> Option<Vec<String>> {
    let mut lines: Vec<String> = Vec::new();
    for word in court_text(text).split(' ').filter(|word| !word.is_empty()) {
        let mut rest = word;
        // A word longer than a line is broken where it must be.
        while rest.chars().count() > LINE {
            let at = rest.char_indices().nth(LINE).map_or(rest.len(), |(at, _)| at);
            lines.push(rest[..at].to_owned());
            rest = &rest[at..];
        }
        match lines.last_mut() {
            Some(last) if last.chars().count() + 1 + rest.chars().count() <= LINE => {
                last.push(' ');
                last.push_str(rest);
            }
            _ => lines.push(rest.to_owned()),
        }
    }
    (!lines.is_empty() && lines.len() <= LINES).then_some(lines)
}

/// `NE61 1AA`: the shape of a postcode as the court's schema has it.
pub fn is_court_postcode(postcode: &str) -> bool {
    let Some((outward, inward)) = postcode.split_once(' ') else { return false };
    let out: Vec<char> = outward.chars().collect();
    let area = out.iter().take_while(|c| c.is_ascii_uppercase()).count();
    let rest = &out[area.min(out.len())..];
    let area_ok = (1..=2).contains(&area) || (area == 3 && outward == "GIR");
    let district = match rest {
        [digit] => digit.is_ascii_digit() || *digit == 'R',
        [digit, more] => digit.is_ascii_digit() && (more.is_ascii_digit() || more.is_ascii_uppercase()),
        _ => false,
    };
    let inside: Vec<char> = inward.chars().collect();
    let letter = |c: &char| c.is_ascii_uppercase() && !"CIKMOV".contains(*c);
    let inward_ok =
        matches!(inside.as_slice(), [digit, one, two] if digit.is_ascii_digit() && letter(one) && letter(two));
    area_ok && district && inward_ok
}

fn known(text: &str, least: usize, most: usize, more: &str) -> bool {
    let fits = (least..=most).contains(&text.len());
    fits && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
}

fn check_party(claim: &CourtClaim, which: usize, party: &CourtParty, problems: &mut Vec<FormatProblem>) {
    let at = format!("claim {}", claim.request_id);
    let mut wrong = |code: &str, message: String| problems.push(FormatProblem::new(code, &at, message));
    let name = court_text(&party.name);
    if name.is_empty() || name.chars().count() > 60 {
        wrong("court.name", format!("the name of defendant {which} must have 1 to 60 characters: “{}”", shown(&name)));
    }
    if !(2..=4).contains(&party.lines.len()) {
        let count = party.lines.len();
        wrong("court.lines", format!("the address of defendant {which} has {count} lines; it must have 2 to 4"));
    }
    for line in &party.lines {
        let line = court_text(line);
        if line.is_empty() || line.chars().count() > 30 {
            let message = format!("“{}” must have 1 to 30 characters: a person must shorten it", shown(&line));
            wrong("court.line", message);
        }
    }
    if !is_court_postcode(&party.postcode) {
        wrong("court.postcode", format!("“{}” is not a postcode as NE61 1AA", shown(&party.postcode)));
    }
}

fn check(bulk: &CourtBulk) -> Vec<FormatProblem> {
    let mut problems = Vec::new();
    let mut wrong = |code: &str, message: &str| problems.push(FormatProblem::new(code, "", message));
    let digits = bulk.customer_id.len() == 8 && bulk.customer_id.chars().all(|c| c.is_ascii_digit());
    if !digits || bulk.customer_id.starts_with('0') {
        wrong("court.customer", "our number at the court must have 8 digits and not begin with 0");
    }
    if !known(&bulk.reference, 1, 32, "_-") {
        wrong("court.reference", "the reference must have 1 to 32 letters, digits, _ and -");
    }
    if bulk.claims.is_empty() || bulk.claims.len() > MOST_CLAIMS {
        wrong("court.count", "a file holds 1 to 2,000 claims");
    }
    let mut seen = std::collections::HashSet::new();
    for claim in &bulk.claims {
        let at = format!("claim {}", claim.request_id);
        let mut wrong = |code: &str, message: String| problems.push(FormatProblem::new(code, &at, message));
        if !known(&claim.request_id, 1, 24, "_-") || !seen.insert(&claim.request_id) {
            wrong("court.request", "the identifier must be its own, of 1 to 24 letters, digits, _ and -".into());
        }
        if claim.reference.len() > 24 || court_text(&claim.reference) != claim.reference {
            wrong("court.own_reference", format!("“{}” does not fit as our reference", shown(&claim.reference)));
        }
        if claim.defendants.is_empty() || claim.defendants.len() > 2 {
            wrong("court.defendants", format!("{} defendants; there must be one or two", claim.defendants.len()));
        }
        if claim.amount_pence <= 0 || claim.costs_pence < 0 {
            wrong("court.amount", "the amount must be above nothing".into());
        }
        if !claim.separately && particulars(&claim.particulars).is_none() {
            wrong("court.particulars", "the particulars do not fit into 24 lines of 45 characters".into());
        }
        let signer = court_text(&claim.signed_by);
        if signer.is_empty() || signer.chars().count() > 30 {
            wrong("court.signature", "who signs the statement of truth must have 1 to 30 characters".into());
        }
        for (which, party) in (1..).zip(&claim.defendants) {
            check_party(claim, which, party, &mut problems);
        }
    }
    problems
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn element(out: &mut String, name: &str, text: &str) {
    out.push_str(&format!("<{name}>{}</{name}>", escaped(text)));
}

/// The file, in UTF-8.
///
/// # Errors
/// Everything that the court's schema would refuse.
pub fn write_bulk(bulk: &CourtBulk) -> Result<Vec<u8>, Vec<FormatProblem>> {
    let problems = check(bulk);
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out.push_str("<b:bulkRequest xmlns:b=\"http://ws.sdt.moj.gov.uk/2013/sdt/BulkRequestSchema\"");
    out.push_str(" xmlns:base=\"http://ws.sdt.moj.gov.uk/2013/sdt/BaseSchema\"");
    out.push_str(" xmlns:c=\"http://ws.sdt.moj.gov.uk/2013/mcol/ClaimSchema\">\n<b:header>");
    element(&mut out, "b:sdtCustomerId", &bulk.customer_id);
    element(&mut out, "b:targetApplicationId", "mcol");
    element(&mut out, "b:requestCount", &bulk.claims.len().to_string());
    element(&mut out, "b:customerReference", &bulk.reference);
    out.push_str("</b:header>\n<b:requests>\n");
    for claim in &bulk.claims {
        write_claim(&mut out, claim);
    }
    out.push_str("</b:requests>\n</b:bulkRequest>\n");
    Ok(out.into_bytes())
}

fn write_claim(out: &mut String, claim: &CourtClaim) {
    out.push_str(&format!("<b:request requestType=\"mcolClaim\" requestId=\"{}\">\n<b:mcolClaim>\n", claim.request_id));
    if !claim.reference.is_empty() {
        element(out, "c:claimantReference", &claim.reference);
        out.push('\n');
    }
    for (which, party) in (1..).zip(&claim.defendants) {
        out.push_str(&format!("<c:defendant{which}>"));
        element(out, "c:name", &court_text(&party.name));
        out.push_str("<c:address>");
        for (at, line) in (1..).zip(&party.lines) {
            element(out, &format!("base:line{at}"), &court_text(line));
        }
        element(out, "base:postcode", &party.postcode);
        out.push_str(&format!("</c:address></c:defendant{which}>\n"));
    }
    element(out, "c:sendParticularsSeparately", if claim.separately { "true" } else { "false" });
    element(out, "c:reserveRightToClaimInterest", if claim.interest.is_some() { "true" } else { "false" });
    out.push('\n');
    if let Some(interest) = &claim.interest {
        out.push_str("<c:interest>");
        element(out, "c:dailyAmount", &interest.daily_pence.to_string());
        element(out, "c:owedDate", &interest.owed_on.to_string());
        element(out, "c:claimDate", &interest.claim_on.to_string());
        element(out, "c:claimAmountInterestBase", &interest.base_pence.to_string());
        out.push_str("</c:interest>\n");
    }
    element(out, "c:claimAmount", &claim.amount_pence.to_string());
    out.push('\n');
    if claim.costs_pence > 0 {
        element(out, "c:solicitorCost", &claim.costs_pence.to_string());
        out.push('\n');
    }
    let lines = match claim.separately {
        true => vec!["The particulars of claim will follow.".to_owned()],
        false => particulars(&claim.particulars).unwrap_or_default(),
    };
    for line in lines {
        element(out, "c:particulars", &line);
        out.push('\n');
    }
    out.push_str("<c:sotSignature>");
    element(out, "base:flag", "true");
    element(out, "base:name", &court_text(&claim.signed_by));
    out.push_str("</c:sotSignature>\n</b:mcolClaim>\n</b:request>\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn bulk() -> CourtBulk {
        CourtBulk {
            customer_id: "12345678".into(),
            reference: "MSE-20261120-01".into(),
            claims: vec![CourtClaim {
                request_id: "1".into(),
                reference: "10004711X".into(),
                defendants: vec![CourtParty {
                    name: "Mr Adam Example".into(),
                    lines: vec!["1 High Street".into(), "Morpeth".into()],
                    postcode: "NE61 1AA".into(),
                }],
                separately: false,
                interest: Some(CourtInterestClaim {
                    daily_pence: 26,
                    owed_on: day("2026-07-01"),
                    claim_on: day("2026-11-20"),
                    base_pence: 120_000,
                }),
                amount_pence: 123_692,
                costs_pence: 0,
                particulars: "The Claimant supplied residential care to the Defendant under an agreement dated \
                    1 April 2026. The Defendant has not paid."
                    .into(),
                signed_by: "J Smith".into(),
            }],
        }
    }

    fn codes(bulk: &CourtBulk) -> Vec<String> {
        write_bulk(bulk).expect_err("refused").into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn leg_03_a_claim_is_written_as_the_court_reads_it() {
        let text = String::from_utf8(write_bulk(&bulk()).expect("written")).expect("UTF-8");
        for part in [
            "<b:requestCount>1</b:requestCount>",
            "<b:request requestType=\"mcolClaim\" requestId=\"1\">",
            "<c:claimantReference>10004711X</c:claimantReference>",
            "<base:line1>1 High Street</base:line1><base:line2>Morpeth</base:line2><base:postcode>NE61 1AA</base:postcode>",
            "<c:dailyAmount>26</c:dailyAmount><c:owedDate>2026-07-01</c:owedDate><c:claimDate>2026-11-20</c:claimDate>",
            "<c:claimAmount>123692</c:claimAmount>",
            "<c:particulars>The Claimant supplied residential care to the</c:particulars>",
            "<base:flag>true</base:flag><base:name>J Smith</base:name>",
        ] {
            assert!(text.contains(part), "{part} is not in {text}");
        }
    }

    #[test]
    fn leg_03_what_the_schema_would_refuse_is_told_and_nothing_is_cut() {
        let with = |change: fn(&mut CourtClaim)| {
            let mut all = bulk();
            change(&mut all.claims[0]);
            codes(&all)
        };
        assert_eq!(with(|c| c.defendants[0].lines.truncate(1)), ["court.lines"]);
        assert_eq!(with(|c| c.defendants[0].lines[0] = "x".repeat(31)), ["court.line"]);
        assert_eq!(with(|c| c.defendants[0].postcode = "ne61 1aa".into()), ["court.postcode"]);
        assert_eq!(with(|c| c.defendants = vec![c.defendants[0].clone(); 3]), ["court.defendants"]);
        assert_eq!(with(|c| c.particulars = "word ".repeat(400)), ["court.particulars"]);
        assert_eq!(with(|c| c.signed_by = String::new()), ["court.signature"]);
        assert_eq!(with(|c| c.amount_pence = 0), ["court.amount"]);
        assert_eq!(codes(&CourtBulk { customer_id: "02345678".into(), ..bulk() }), ["court.customer"]);
        assert_eq!(codes(&CourtBulk { claims: vec![], ..bulk() }), ["court.count"]);
        let twice = CourtBulk { claims: [bulk().claims, bulk().claims].concat(), ..bulk() };
        assert_eq!(codes(&twice), ["court.request"]);
    }

    #[test]
    fn text_is_put_into_the_courts_characters() {
        assert_eq!(court_text("Siôn O’Dowd – “Café” ; #1*"), "Sion O'Dowd - 'Cafe' , 1");
        let lines = particulars(&"a".repeat(100)).expect("fits");
        assert_eq!(lines.iter().map(String::len).collect::<Vec<_>>(), [45, 45, 10]);
        assert_eq!(particulars(" "), None);
        assert!(is_court_postcode("SW1A 1AA") && is_court_postcode("M1 1AE"));
        assert!(!is_court_postcode("NE61 1AC") && !is_court_postcode("NE611AA"));
    }
}
