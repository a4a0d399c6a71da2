//! The daily proof, which is also `sundry verify`: everything again from entries and allocations, and compared.
use super::anchor::signed_heads;
use crate::core::actor::Actor;
use crate::core::audit::{Link, ORIGIN};
use crate::{Desk, No, Outcome};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use sundry_domain::control::Duty;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_store::control::{self, AuditRow};
use sundry_store::proof::{self, SeriesHome, Wrong};
use sundry_store::{StoreFault, Tx, ledger};

/// How many rows of the trail are read at a time.
const PAGE: i64 = 5_000;

/// One thing that was proved, or was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The organisation's code.
    pub organisation: String,
    /// What: `journals_balance`, `audit_chain` …
    pub name: String,
    /// Whether it holds.
    pub passed: bool,
    /// What was looked at, in words and figures.
    pub figures: String,
    /// What is wrong, by name; at most twenty.
    pub failures: Vec<String>,
}

/// The proof.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Whether every check holds.
    pub passed: bool,
    /// Every check.
    pub checks: Vec<Check>,
}

impl Proof {
    /// Names of the checks that failed, with their failures, for people.
    pub fn failures(&self) -> Vec<String> {
        let failed = self.checks.iter().filter(|check| !check.passed);
        failed.map(|check| format!("{}: {}", check.name, check.failures.join("; "))).collect()
    }

    /// Whether a check of this name holds everywhere.
    pub fn holds(&self, name: &str) -> bool {
        self.checks.iter().filter(|check| check.name == name).all(|check| check.passed)
    }
}

/// Any of these may have the ledger of their organisation proved.
pub const MAY_PROVE: &[Duty] = &[Duty::ReadAudit, Duty::ClosePeriods, Duty::PostJournals];

/// Proves the ledger of the organisation in which somebody acts.
///
/// # Errors
/// `CTL-01-NO-DUTY`; as [`verify`].
pub async fn verify_by(desk: &Desk, by: &Actor) -> Outcome<Proof> {
    if !MAY_PROVE.iter().any(|duty| by.holds(*duty)) {
        by.must_hold(MAY_PROVE[0])?;
    }
    verify(desk, Some(by.org), |_, _| {}).await
}

/// Proves the ledger of one organisation, or of all, for whoever has the home in hand; `progress` is told the name of each check as it begins.
///
/// # Errors
/// Only when the database cannot be asked: what is wrong with the ledger is an answer, not an error.
pub async fn verify(desk: &Desk, org: Option<OrgId>, progress: impl Fn(&str, &str)) -> Outcome<Proof> {
    progress("", "engine");
    // Side by side: what the engine says of its pages needs nothing of what we prove from the rows.
    let (mut checks, engine) = tokio::try_join!(ledgers(desk, org, progress), engine(desk))?;
    checks.push(engine);
    Ok(Proof { passed: checks.iter().all(|check| check.passed), checks })
}

async fn ledgers(desk: &Desk, org: Option<OrgId>, progress: impl Fn(&str, &str)) -> Outcome<Vec<Check>> {
    let mut look = desk.look().await?;
    proof::begin_proof(&mut look).await?;
    let organisations = control::organisations(&mut look).await?;
    let mut checks = Vec::new();
    for one in organisations.into_iter().filter(|one| org.is_none_or(|org| org.0 == one.id)) {
        let mut proof = Prover { desk, tx: &mut look, org: OrgId(one.id), code: &one.code, checks: &mut checks };
        for (name, part) in PARTS {
            progress(&one.code, name);
            proof.part(*part).await?;
        }
    }
    Ok(checks)
}

async fn engine(desk: &Desk) -> Outcome<Check> {
    let said = proof::engine_check(&mut desk.look().await?).await?;
    let failures: Vec<String> = said.iter().filter(|line| *line != "ok").take(20).cloned().collect();
    Ok(Check {
        organisation: String::new(),
        name: "engine".into(),
        passed: failures.is_empty(),
        figures: "the engine's own check of its pages".into(),
        failures,
    })
}

#[derive(Clone, Copy)]
enum Part {
    Journals,
    Control,
    Items,
    Allocations,
    Receipts,
    Refunds,
    Documents,
    Numbers,
    Audit,
    Files,
    GlBatches,
    Plans,
}

const PARTS: &[(&str, Part)] = &[
    ("journals", Part::Journals),
    ("control account", Part::Control),
    ("open items", Part::Items),
    ("allocations", Part::Allocations),
    ("receipts", Part::Receipts),
    ("refunds and slips", Part::Refunds),
    ("documents", Part::Documents),
    ("numbers", Part::Numbers),
    ("audit trail", Part::Audit),
    ("kept files", Part::Files),
    ("gl batches", Part::GlBatches),
    ("payment plans", Part::Plans),
];

struct Prover<'a> {
    desk: &'a Desk,
    tx: &'a mut Tx,
    org: OrgId,
    code: &'a str,
    checks: &'a mut Vec<Check>,
}

impl Prover<'_> {
    async fn part(&mut self, part: Part) -> Outcome<()> {
        match part {
            Part::Journals => self.journals().await,
            Part::Control => self.control().await,
            Part::Items => self.items().await,
            Part::Allocations => self.allocations().await,
            Part::Receipts => self.receipts().await,
            Part::Refunds => self.refunds().await,
            Part::Documents => self.documents().await,
            Part::Numbers => self.numbers().await,
            Part::Audit => self.audit().await,
            Part::Files => self.files().await,
            Part::GlBatches => self.gl_batches().await,
            Part::Plans => self.plans().await,
        }
    }

    fn say(&mut self, name: &str, figures: String, mut failures: Vec<String>) {
        failures.truncate(20);
        let passed = failures.is_empty();
        self.checks.push(Check { organisation: self.code.into(), name: name.into(), passed, figures, failures });
    }

    async fn journals(&mut self) -> Outcome<()> {
        let all = proof::journal_figures(self.tx, self.org).await?;
        let mut wrong = differ(proof::unbalanced_journals(self.tx, self.org).await?, "debits", "credits");
        wrong.extend(named(proof::orphan_entries(self.tx, self.org).await?));
        self.say("journals_balance", format!("{} journals, debits {}", all.count, Pence(all.sum)), wrong);
        let outside = proof::journals_out_of_period(self.tx, self.org).await?;
        let outside = outside.into_iter().map(|w| format!("{} is dated outside its period", w.what)).collect();
        self.say("journals_in_period", format!("{} journals", all.count), outside);
        Ok(())
    }

    async fn control(&mut self) -> Outcome<()> {
        let (figures, wrong) = control_check(self.tx, self.org).await?;
        self.say("control_account", figures, wrong);
        let wrong = differ(proof::customers_that_differ(self.tx, self.org).await?, "entries", "open items");
        self.say("customer_accounts", "entries and open items of every customer".into(), wrong);
        Ok(())
    }

    async fn items(&mut self) -> Outcome<()> {
        let all = proof::item_figures(self.tx, self.org).await?;
        let wrong = differ(proof::items_that_differ(self.tx, self.org).await?, "first amount less allocations", "open");
        self.say("open_items", format!("{} items, {} open", all.count, Pence(all.sum)), wrong);
        Ok(())
    }

    async fn allocations(&mut self) -> Outcome<()> {
        let all = proof::allocation_figures(self.tx, self.org).await?;
        let mut wrong = named(proof::allocations_out_of_place(self.tx, self.org).await?);
        wrong.extend(differ(proof::reversals_that_differ(self.tx, self.org).await?, "to undo", "undone"));
        self.say("allocations", format!("{} allocations, {}", all.count, Pence(all.sum)), wrong);
        Ok(())
    }

    async fn receipts(&mut self) -> Outcome<()> {
        let known = proof::receipts_in_state(self.tx, self.org, "identified").await?;
        let suspense = proof::receipts_in_state(self.tx, self.org, "suspense").await?;
        let mut wrong =
            differ(proof::receipts_that_differ(self.tx, self.org).await?, "receipt", "credit on the account");
        let roles = proof::balances_by_role(self.tx, self.org).await?;
        let posted = -roles.iter().filter(|(role, _)| role == "SUSP").map(|(_, sum)| sum).sum::<i64>();
        if posted != suspense.sum {
            wrong.push(format!("suspense: receipts {}, entries {}", Pence(suspense.sum), Pence(posted)));
        }
        let figures = format!(
            "{} receipts of {}, {} in suspense of {}",
            known.count,
            Pence(known.sum),
            suspense.count,
            Pence(suspense.sum)
        );
        self.say("receipts", figures, wrong);
        Ok(())
    }

    async fn refunds(&mut self) -> Outcome<()> {
        let waiting = proof::refunds_waiting(self.tx, self.org).await?;
        let roles = proof::balances_by_role(self.tx, self.org).await?;
        let posted = -roles.iter().filter(|(role, _)| role == "REF").map(|(_, sum)| sum).sum::<i64>();
        let mut wrong = differ(proof::slips_that_differ(self.tx, self.org).await?, "slip", "payments");
        if posted != waiting.sum {
            wrong.push(format!("refunds clearing: refunds {}, entries {}", Pence(waiting.sum), Pence(posted)));
        }
        let figures = format!("{} refunds of {} wait for payment", waiting.count, Pence(waiting.sum));
        self.say("refunds_and_slips", figures, wrong);
        Ok(())
    }

    async fn documents(&mut self) -> Outcome<()> {
        let all = proof::document_figures(self.tx, self.org).await?;
        let mut wrong = differ(proof::documents_that_differ(self.tx, self.org).await?, "gross", "lines");
        wrong.extend(differ(proof::documents_without_item(self.tx, self.org).await?, "gross", "item"));
        self.say("documents", format!("{} documents, {}", all.count, Pence(all.sum)), wrong);
        Ok(())
    }

    async fn plans(&mut self) -> Outcome<()> {
        let all = proof::plan_figures(self.tx, self.org).await?;
        let mut wrong = differ(proof::plans_that_differ(self.tx, self.org).await?, "plan", "instalments");
        wrong.extend(differ(proof::plan_items_not_held(self.tx, self.org).await?, "in the plan", "held"));
        self.say("payment_plans", format!("{} plans run, {}", all.count, Pence(all.sum)), wrong);
        Ok(())
    }

    async fn numbers(&mut self) -> Outcome<()> {
        let counters: HashMap<String, i64> = control::counters(self.tx, self.org).await?.into_iter().collect();
        let (mut wrong, mut figures) = (Vec::new(), Vec::new());
        for home in proof::SERIES {
            let last = counters.get(home.series).map_or(0, |next| next - 1);
            if let Some(gap) = gap_in(self.tx, self.org, home, last).await? {
                wrong.push(gap);
            }
            if last > 0 {
                figures.push(format!("{} 1 to {last}", home.series));
            }
        }
        self.say("numbers_gapless", figures.join(", "), wrong);
        Ok(())
    }

    async fn audit(&mut self) -> Outcome<()> {
        let (heads, unreadable) = signed_heads(self.desk, self.org)?;
        let mut at_heads: HashMap<i64, String> = heads.iter().map(|head| (head.seq, String::new())).collect();
        at_heads.insert(0, ORIGIN.into());
        let (mut seq, mut previous, mut wrong) = (0, ORIGIN.to_owned(), Vec::new());
        loop {
            let page = control::audit_after(self.tx, self.org, seq, PAGE).await?;
            let Some(last) = page.last() else { break };
            let end = last.seq;
            for row in page {
                wrong.extend(broken_link(self.org, seq + 1, &previous, &row));
                if let Some(kept) = at_heads.get_mut(&row.seq) {
                    kept.clone_from(&row.hash);
                }
                (seq, previous) = (row.seq, row.hash);
            }
            if wrong.len() >= 20 {
                break;
            }
            seq = end;
        }
        let head = control::audit_head(self.tx, self.org).await?.unwrap_or_else(|| (0, ORIGIN.to_owned()));
        if wrong.len() < 20 && head != (seq, previous) {
            wrong.push(format!("the trail ends at {seq} and its head says {}", head.0));
        }
        self.say("audit_chain", format!("{seq} events"), wrong);
        let mut wrong: Vec<String> = unreadable.into_iter().map(|name| format!("{name} cannot be read")).collect();
        for signed in &heads {
            if !signed.is_genuine(self.desk) {
                wrong.push(format!("the signed head of {} is not genuine", signed.on));
            } else if at_heads.get(&signed.seq) != Some(&signed.hash) {
                let shorter =
                    if signed.seq > seq { format!("; {} events are missing", signed.seq - seq) } else { String::new() };
                wrong.push(format!("the trail is not what was signed on {} at {}{shorter}", signed.on, signed.seq));
            }
        }
        self.say("signed_heads", format!("{} signed heads", heads.len()), wrong);
        Ok(())
    }

    async fn files(&mut self) -> Outcome<()> {
        let kept = control::kept_files(self.tx, self.org).await?;
        let mut wrong = Vec::new();
        for file in &kept {
            match self.desk.files().get(self.org.0, &file.sha256) {
                Ok(bytes) if bytes.len() as i64 == file.size_bytes => {}
                Ok(_) => wrong.push(format!("file {} ({}) has another size", file.name, file.sha256)),
                Err(No::Fault(fault)) => wrong.push(format!("file {}: {fault}", file.name)),
                Err(_) => wrong.push(format!("file {} ({}) is missing", file.name, file.sha256)),
            }
            if wrong.len() >= 20 {
                break;
            }
        }
        let unkept = proof::files_not_kept(self.tx, self.org).await?;
        wrong.extend(unkept.into_iter().map(|w| format!("{} that is not kept", w.what)));
        let bytes: i64 = kept.iter().map(|file| file.size_bytes).sum();
        self.say("kept_files", format!("{} files, {bytes} bytes", kept.len()), wrong);
        Ok(())
    }

    async fn gl_batches(&mut self) -> Outcome<()> {
        let mut wrong = differ(proof::gl_batches_that_differ(self.tx, self.org).await?, "file", "entries");
        wrong.extend(named(proof::gl_batch_orphans(self.tx, self.org).await?));
        self.say("gl_batches", "totals of every batch and its journals' entries".into(), wrong);
        Ok(())
    }
}

/// GL-03.1: the control accounts equal what is open. Figures, and what is wrong.
pub async fn control_check(tx: &mut Tx, org: OrgId) -> Result<(String, Vec<String>), StoreFault> {
    let roles = proof::balances_by_role(tx, org).await?;
    let kinds = proof::open_by_kind(tx, org).await?;
    let of = |wanted: &[&str]| -> i64 {
        roles.iter().filter(|(role, _)| wanted.contains(&role.as_str())).map(|(_, sum)| sum).sum()
    };
    let open: i64 = kinds.iter().map(|(_, _, sum)| sum).sum();
    let control = of(&["AR", "UNALL"]);
    let mut wrong: Vec<String> =
        roles.iter().filter(|(role, _)| role.starts_with("no such code")).map(|(role, _)| role.clone()).collect();
    let cash: i64 = kinds.iter().filter(|(kind, ..)| kind == "receipt").map(|(_, _, sum)| sum).sum();
    if of(&["UNALL"]) != cash {
        wrong.push(format!("unallocated cash {}, open receipts {}", Pence(of(&["UNALL"])), Pence(cash)));
    }
    if control != open {
        let less = Pence(control - open);
        wrong.push(format!("control account {}, open items {}, difference {less}", Pence(control), Pence(open)));
    }
    let figures = format!(
        "control {} (receivables {}, unallocated {}), open items {}",
        Pence(control),
        Pence(of(&["AR"])),
        Pence(of(&["UNALL"])),
        Pence(open)
    );
    Ok((figures, wrong))
}

/// GL codes of roles, for pages that show the reconciliation.
pub async fn control_codes(tx: &mut Tx, org: OrgId) -> Outcome<Vec<String>> {
    let codes = ledger::gl_codes(tx, org).await?;
    Ok(codes.into_iter().filter(|code| code.role == "AR" || code.role == "UNALL").map(|code| code.code).collect())
}

fn named(rows: Vec<Wrong>) -> Vec<String> {
    rows.into_iter().map(|row| row.what).collect()
}

fn differ(rows: Vec<Wrong>, should_be: &str, found: &str) -> Vec<String> {
    let words =
        |row: Wrong| format!("{}: {should_be} {}, {found} {}", row.what, Pence(row.should_be), Pence(row.found));
    rows.into_iter().map(words).collect()
}

fn broken_link(org: OrgId, expected: i64, previous: &str, row: &AuditRow) -> Option<String> {
    if row.seq != expected {
        return Some(format!("event {expected} is missing"));
    }
    if row.previous_hash != previous {
        return Some(format!("event {} does not follow the one before it", row.seq));
    }
    let link = Link {
        org: org.0,
        seq: row.seq,
        recorded_at: row.recorded_at,
        business_on: row.business_on,
        actor_id: row.actor_id,
        actor_name: &row.actor_name,
        channel: &row.channel,
        event: &row.event,
        subject: &row.subject,
        detail: &row.detail,
    };
    (link.hash(previous) != row.hash).then(|| format!("event {} ({} {}) was changed", row.seq, row.event, row.subject))
}

/// The first thing wrong with a series, if anything is.
async fn gap_in(tx: &mut Tx, org: OrgId, home: &SeriesHome, last: i64) -> Outcome<Option<String>> {
    let mut expected = 1;
    let mut whole = true;
    for stretch in proof::stretches(tx, org, home).await? {
        let (first, end) = (number_of(home, &stretch.first), number_of(home, &stretch.last));
        let (Some(first), Some(end)) = (first, end) else {
            return Ok(Some(format!("{}: {} is not a number of the series", home.series, stretch.first)));
        };
        // All the same width and all different, from the first to the last: no room for a gap.
        whole &= first == expected && stretch.count == stretch.different && end - first + 1 == stretch.count;
        expected = end + 1;
    }
    if whole && expected == last + 1 {
        return Ok(None);
    }
    let mut next = 1;
    for (text,) in proof::numbers(tx, org, home).await? {
        match number_of(home, &text) {
            Some(number) if number == next => next += 1,
            Some(number) if number < next => return Ok(Some(format!("{text} is there twice"))),
            Some(_) => return Ok(Some(format!("{}{next:06} is missing", home.prefix))),
            None => return Ok(Some(format!("{text} is not a number of the series {}", home.series))),
        }
    }
    Ok(Some(format!("{} ends at {} and its counter at {last}", home.series, next - 1)))
}

fn number_of(home: &SeriesHome, text: &str) -> Option<i64> {
    text.strip_prefix(home.prefix).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
}
