//! What is checked before a draft may be sent for approval.
use super::super::compose::paper_kind;
use super::super::letters::printer;
use super::draft::refuse_faults;
use super::show::{allowed, kind_of, read, versions_of, wording_of};
use crate::{Actor, Desk, Fault, No, Outcome};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use sundry_domain::ids::OrgId;
use sundry_domain::words::counted;
use sundry_paper::editor::{READING_AGE, differences, field_faults, locks_broken, reading, without_welsh};
use sundry_paper::samples::{TRIED, of_template};
use sundry_paper::{Panel, Template};
use sundry_store::Tx;

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftCheck {
    /// passed, look or fix; a fix stands in the way of approval.
    pub verdict: String,
    /// What was found, in a sentence.
    pub words: String,
}

fn of(verdict: &str, words: impl Into<String>) -> DraftCheck {
    DraftCheck { verdict: verdict.into(), words: words.into() }
}

/// Checks the draft of a letter: fields, the law's blocks, boxes, reading, Welsh, and letters to made-up accounts.
///
/// # Errors
/// Duty; absent when there is no draft.
pub async fn check_draft(desk: &Desk, by: &Actor, code: &str) -> Outcome<Vec<DraftCheck>> {
    super::may_look(by)?;
    let mut look = desk.look().await?;
    checks_of(&mut look, by.org, code).await
}

pub(super) async fn checks_of(tx: &mut Tx, org: OrgId, code: &str) -> Outcome<Vec<DraftCheck>> {
    let versions = versions_of(tx, org, code).await?;
    let (newest, draft) = (read(&versions[0].body)?, wording_of(tx, org, code, 0).await?);
    let mut all = vec![fields(&draft, &allowed(&versions)?), law(&newest, &draft)];
    all.extend(boxes(&newest, &draft));
    all.extend(reads(&draft));
    all.push(welsh(&draft));
    all.push(changed(&newest, &draft));
    let code = code.to_owned();
    let tried = tokio::task::spawn_blocking(move || tried(&draft, &code)).await;
    all.extend(tried.map_err(|error| Fault::new(format!("the printer stopped: {error}")))?);
    Ok(all)
}

/// What stands in the way of asking for a yes, as a refusal or an invalid field; none when nothing does.
pub(super) fn in_the_way(checks: &[DraftCheck]) -> Option<String> {
    let fixes: Vec<&str> = checks.iter().filter(|one| one.verdict == "fix").map(|one| one.words.as_str()).collect();
    (!fixes.is_empty()).then(|| fixes.join(". "))
}

fn fields(draft: &Template, allowed: &BTreeSet<String>) -> DraftCheck {
    let faults: Vec<String> = field_faults(draft, allowed).into_iter().map(|fault| fault.words).collect();
    match faults.is_empty() {
        true => of("passed", "Every field is one that this letter has"),
        false => of("fix", faults.join(". ")),
    }
}

fn law(newest: &Template, draft: &Template) -> DraftCheck {
    let broken = locks_broken(newest, draft);
    let locked = draft.blocks.iter().filter(|block| block.locked).count() as i64;
    let names: Vec<String> = broken.iter().map(|lock| format!("{} ({})", lock.block, lock.rule)).collect();
    match (names.is_empty(), locked) {
        (true, 0) => of("passed", "No block of this letter is fixed by law"),
        (true, many) => of("passed", format!("{} fixed by law, each as it was", counted(many, "block"))),
        (false, _) => of("fix", format!("Blocks fixed by law are missing or changed: {}", names.join(", "))),
    }
}

fn boxes(newest: &Template, draft: &Template) -> Vec<DraftCheck> {
    let has = |one: &Template, panel: Panel| one.blocks.iter().any(|block| block.panel == panel);
    let wanted = [
        (Panel::HowToPay, "how to pay"),
        (Panel::Contact, "whom to call and write to"),
        (Panel::Enclosures, "what is enclosed"),
    ];
    let gone = wanted.iter().filter(|(panel, _)| has(newest, *panel) && !has(draft, *panel));
    gone.map(|(_, words)| of("look", format!("The letter no longer has the box that says {words}"))).collect()
}

fn reads(draft: &Template) -> Vec<DraftCheck> {
    let read = reading(draft);
    let (words, sentences) = (counted(read.words, "word"), counted(read.sentences, "sentence"));
    let said = format!("{words} in {sentences}; reads at about age {}", read.age);
    let mut all = vec![match read.age <= READING_AGE {
        true => of("passed", said),
        false => of("look", format!("{said}: aim for {READING_AGE} or below with shorter words and sentences")),
    }];
    all.extend(read.long.iter().take(5).map(|(place, sentence)| {
        let start: String = sentence.chars().take(60).collect();
        of("look", format!("A long sentence in {}: “{}…”", place.words(), start.trim_end()))
    }));
    all
}

fn welsh(draft: &Template) -> DraftCheck {
    let places: Vec<String> = without_welsh(draft).iter().map(|place| place.words()).collect();
    match places.len() {
        0 => of("passed", "Every text has its Welsh"),
        many if many > 6 => {
            of("look", format!("{many} texts have no Welsh: a letter in Welsh would have them in English"))
        }
        _ => of("look", format!("No Welsh yet for {}: a letter in Welsh would have English there", places.join(", "))),
    }
}

fn changed(newest: &Template, draft: &Template) -> DraftCheck {
    match differences(newest, draft).len() as i64 {
        0 => of("fix", format!("The draft says what version {} says", newest.version)),
        many => of("passed", format!("{} from version {}", counted(many, "change"), newest.version)),
    }
}

/// Sets the draft for each made-up account.
fn tried(draft: &Template, code: &str) -> Vec<DraftCheck> {
    let kind = paper_kind(kind_of(code), code);
    let (mut wrong, mut pages, mut unprintable) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (at, (name, ..)) in TRIED.iter().enumerate() {
        let set = of_template(draft, kind, at)
            .map_err(|missing| missing.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
            .and_then(|letter| {
                unprintable.extend(printer().unprintable(&letter));
                printer().pictures(&letter).map_err(|fault| fault.to_string())
            });
        match set {
            Ok(set) => pages.push(set.len()),
            Err(why) => wrong.push(format!("{name}: {why}")),
        }
    }
    let mut all = vec![match (wrong.is_empty(), pages.iter().min(), pages.iter().max()) {
        (true, Some(least), Some(most)) if least == most => {
            of("passed", format!("Set for {} sample accounts, {} each", TRIED.len(), counted(*most as i64, "page")))
        }
        (true, Some(least), Some(most)) => {
            of("passed", format!("Set for {} sample accounts, {least} to {most} pages", TRIED.len()))
        }
        _ => of("fix", format!("Could not be set for {}", wrong.join("; "))),
    }];
    if !unprintable.is_empty() {
        let signs: Vec<String> = unprintable.iter().map(ToString::to_string).collect();
        all.push(of("look", format!("The typeface lacks {}: [?] would be printed there", signs.join(" "))));
    }
    all
}

/// The refusal that a saved draft would meet today; what was approved meanwhile may have moved the law's blocks.
pub(super) async fn still_right(tx: &mut Tx, org: OrgId, code: &str, draft: &Template) -> Result<(), No> {
    let versions = versions_of(tx, org, code).await?;
    refuse_faults(draft, &read(&versions[0].body)?, &allowed(&versions)?)
}
