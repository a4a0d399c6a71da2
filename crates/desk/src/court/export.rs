//! The file for the court: each claim weighed once more as it leaves; what may not go is left behind and named (LEG-03).
use super::prepare::{ClaimDraft, mcol_facts};
use super::weigh::weigh_case;
use super::{find, happened, must_be, note, save};
use crate::core::command::Command;
use crate::{Actor, Desk, Fault, No, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::court::case_refusals::{NO_COURT_NUMBER, NOTHING_TO_FILE, PAID_SINCE};
use sundry_domain::court::{mcol_faults, refusals::CLAIM_LACKS};
use sundry_domain::law::{Act, may};
use sundry_domain::money::Pence;
use sundry_domain::refusal::{Invalid, Refusal};
use sundry_formats::FormatProblem;
use sundry_formats::court::{
    Address, Claim, ClaimInterest, CourtBatch, CourtRequest, Defendant, Request, particulars, plain, write_bulk,
};
use sundry_store::control::{self, KeptFileRow, add_kept_file};
use sundry_store::court::{self as store, CaseRow, FileRow};

/// Most claims in one file.
const MOST: usize = 2_000;

/// Writes the file of signed claims.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportClaims {
    /// Idempotency key.
    pub key: String,
    /// Numbers of the cases.
    pub cases: Vec<String>,
}

/// A case that was left behind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftBehind {
    /// Number of the case.
    pub case: String,
    /// Every reason.
    pub why: Vec<Refusal>,
}

/// The file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Its number.
    pub file: String,
    /// Its name.
    pub name: String,
    /// Our reference at the court.
    pub reference: String,
    /// Cases in it.
    pub cases: Vec<String>,
    /// What is claimed in all.
    pub total_pence: i64,
    /// Cases that were left behind.
    pub left: Vec<LeftBehind>,
}

/// The event of a claim that the court refused: its number is not used again.
pub(super) const CLAIM_REFUSED: &str = "claim_refused";

/// What stands for the particulars that go by another way.
const SEPARATELY: &str = "The particulars of claim will follow.";

/// Text in the court's letters, on one line; what has no like there is told and never left out in silence.
fn lettered(what: &str, text: &str, lost: &mut Vec<FormatProblem>) -> String {
    let plain = plain(text);
    if !plain.lost.is_empty() {
        let letters: Vec<String> = plain.lost.iter().map(|letter| format!("{letter:?}")).collect();
        let message = format!("the court does not take {} in {what}: a person must change it", letters.join(", "));
        lost.push(FormatProblem::new("court.letters", what, message));
    }
    plain.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Our number of the request: the case's, and after a refusal the case's with how often it is sent.
async fn request_id(cmd: &mut Command, row: &CaseRow) -> Outcome<String> {
    let events = store::events_of(&mut cmd.tx, cmd.by.org, row.id).await?;
    let refused = events.iter().filter(|event| event.kind == CLAIM_REFUSED).count();
    Ok(if refused == 0 { row.number.clone() } else { format!("{}-{}", row.number, refused + 1) })
}

/// The claim as the court reads it.
fn court_request(row: &CaseRow, claim: &ClaimDraft, id: String) -> Result<CourtRequest, Vec<FormatProblem>> {
    let mut wrong = Vec::new();
    let mut defendants = Vec::new();
    for one in &claim.defendants {
        let name = lettered("the defendant's name", &one.name, &mut wrong);
        let lines = one.lines.iter().map(|line| lettered("the defendant's address", line, &mut wrong)).collect();
        defendants.push(Defendant { name, address: Address { lines, postcode: one.postcode.clone() } });
    }
    let said = if claim.separately { SEPARATELY } else { claim.particulars.as_str() };
    let said = particulars(&lettered("the particulars", said, &mut wrong)).unwrap_or_else(|problem| {
        wrong.push(problem);
        Vec::new()
    });
    let signed_by = lettered("the signature", &row.signed_by, &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let claim = Claim {
        reference: Some(row.number.clone()),
        defendants,
        particulars_separately: claim.separately,
        reserve_interest: claim.interest.is_some(),
        interest: claim.interest.as_ref().map(|interest| ClaimInterest {
            daily: interest.daily.0,
            owed_on: interest.from_on,
            claim_on: claim.issue_on,
            base: claim.value.principal.0,
        }),
        amount: claim.value.value.0,
        solicitor_cost: Some(claim.value.costs.0).filter(|costs| *costs > 0),
        particulars: said,
        signed_by,
    };
    Ok(CourtRequest { id, request: Request::Claim(Box::new(claim)) })
}

/// Why a case may not leave; none when it may.
async fn against(cmd: &mut Command, row: &CaseRow, claim: &ClaimDraft) -> Outcome<Vec<Refusal>> {
    let (org, desk, today) = (cmd.by.org, cmd.desk.clone(), cmd.today);
    let case = weigh_case(&mut cmd.tx, &desk, org, row).await?;
    let mut why = Vec::new();
    if case.facts.balance != claim.value.principal {
        let sentence = format!("{} is owed now and {} was signed for", case.facts.balance, claim.value.principal);
        why.push(PAID_SINCE.because(sentence));
    }
    why.extend(may(Act::Court, &case.facts, today).err());
    why.extend(mcol_faults(&mcol_facts(claim)));
    let alone = |one| CourtBatch { customer_id: "10000000".into(), reference: "x".into(), requests: vec![one] };
    if let Err(problems) = court_request(row, claim, row.number.clone()).and_then(|one| write_bulk(&alone(one))) {
        why.extend(problems.into_iter().map(|problem| CLAIM_LACKS.because(problem.message)));
    }
    Ok(why)
}

/// Writes the file. Money that came after the signature takes a claim out, and it must be signed again.
///
/// # Errors
/// Duty; fields; absent; `CT-CASE-STATE`; `CT-03-NO-NUMBER`; `CT-03-NOTHING`.
pub async fn export_claims(desk: &Desk, by: &Actor, ask: ExportClaims) -> Outcome<Exported> {
    by.must_hold(Duty::ReferToCourt)?;
    if ask.cases.is_empty() || ask.cases.len() > MOST {
        let message = format!("Choose from 1 to {MOST} cases");
        return Err(Invalid::field("cases", message, ask.cases.len().to_string()).into());
    }
    command!(desk, by, "export_claims", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let site = control::organisation(&mut cmd.tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
        let mut wanted: Vec<String> = ask.cases.iter().map(|case| case.trim().to_owned()).collect();
        wanted.sort();
        wanted.dedup();
        for named in &wanted {
            find(&mut cmd.tx, org, named).await?;
        }
        let number = site.settings.get("sdt_customer_id").and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        if number.is_empty() {
            return Err(NO_COURT_NUMBER.because("Our customer number at the court is not set").into());
        }
        let (mut go, mut left) = (Vec::new(), Vec::new());
        for named in &wanted {
            let mut row = find(&mut cmd.tx, org, named).await?;
            must_be(&row, &["signed"])?;
            let claim: ClaimDraft = serde_json::from_value(row.claim.clone().unwrap_or_default())?;
            let why = against(cmd, &row, &claim).await?;
            if why.is_empty() {
                go.push((row, claim));
                continue;
            }
            if why.iter().any(|one| one.code == PAID_SINCE.code) {
                row.state = "accepted".into();
                (row.signed_by, row.signed_on) = (String::new(), None);
                save(cmd, &mut row).await?;
                note(cmd, row.id, vec![happened("taken_out", why[0].sentence.clone())]).await?;
            }
            left.push(LeftBehind { case: row.number, why });
        }
        if go.is_empty() {
            if left.iter().any(|one| one.why.iter().any(|why| why.code == PAID_SINCE.code)) {
                // The cases that were taken out stay so, though no file is made.
                cmd.tell("ClaimsTakenOut", format!("day {}", cmd.today), &left);
                let (file, name, reference) = Default::default();
                return Ok(Exported { file, name, reference, cases: Vec::new(), total_pence: 0, left });
            }
            let why = left.first().and_then(|one| one.why.first());
            let why = why.map_or_else(String::new, |refusal| format!(": {}", refusal.sentence));
            return Err(NOTHING_TO_FILE.because(format!("None of these claims can go{why}")).into());
        }
        let file = write(cmd, (&site.code, &number), &mut go).await?;
        let answer = Exported {
            file: file.number,
            name: file.name,
            reference: file.reference,
            cases: go.into_iter().map(|(row, _)| row.number).collect(),
            total_pence: file.total_pence,
            left,
        };
        cmd.tell("ClaimsExported", format!("court file {}", answer.file), &answer);
        Ok(answer)
    })
}

async fn write(
    cmd: &mut Command,
    (code, customer_id): (&str, &str),
    go: &mut [(CaseRow, ClaimDraft)],
) -> Outcome<FileRow> {
    let (org, at, today) = (cmd.by.org, cmd.at, cmd.today);
    let seq = cmd.next_number("CTF").await?;
    let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(10).collect();
    let reference = format!("{code}-{}-{seq:06}", today.format("%Y%m%d"));
    let mut ids = Vec::new();
    for (row, _) in go.iter() {
        ids.push(request_id(cmd, row).await?);
    }
    let requests: Result<Vec<CourtRequest>, Vec<FormatProblem>> =
        go.iter().zip(ids).map(|((row, claim), id)| court_request(row, claim, id)).collect();
    let (customer_id, same) = (customer_id.to_owned(), reference.clone());
    let batch = requests.map(|requests| CourtBatch { customer_id, reference: same, requests });
    let bytes = batch.and_then(|batch| write_bulk(&batch)).map_err(|problems| {
        let all: Vec<String> = problems.iter().map(ToString::to_string).collect();
        No::from(NOTHING_TO_FILE.because(format!("The file cannot be written: {}", all.join("; "))))
    })?;
    let name = format!("{reference}.xml");
    let file_sha256 = cmd.desk.files().put(org.0, &bytes)?;
    let kept = KeptFileRow {
        sha256: file_sha256.clone(),
        name: name.clone(),
        media_type: "application/xml".into(),
        size_bytes: bytes.len() as i64,
    };
    add_kept_file(&mut cmd.tx, org, &kept, at).await?;
    let file = FileRow {
        id: cmd.id(),
        number: format!("CTF-{seq:06}"),
        reference,
        name,
        file_sha256,
        claims_count: go.len() as i64,
        total_pence: go.iter().fold(Pence::ZERO, |sum, (_, claim)| sum.plus(claim.value.value)).0,
        made_on: today,
        made_by: cmd.by.name.clone(),
        recorded_at: at,
    };
    store::add_file(&mut cmd.tx, org, &file).await?;
    for (row, claim) in go.iter_mut() {
        row.state = "filed".into();
        row.file_id = Some(file.id);
        save(cmd, row).await?;
        let words = format!("Claim of {} in {}", claim.value.value, file.name);
        note(cmd, row.id, vec![happened("filed", words)]).await?;
        cmd.tell("ClaimFiled", format!("court case {}", row.number), serde_json::json!({ "file": file.number }));
    }
    Ok(file)
}

/// A file for the court: name and bytes.
///
/// # Errors
/// Duty; absent.
pub async fn court_file(desk: &Desk, by: &Actor, number: &str) -> Outcome<(String, Vec<u8>)> {
    by.must_hold(Duty::ReferToCourt)?;
    let mut look = desk.look().await?;
    let row = store::file(&mut look, by.org, number).await?;
    let row = row.ok_or_else(|| No::Absent(format!("court file {number}")))?;
    Ok((row.name, desk.files().get(by.org.0, &row.file_sha256)?))
}
