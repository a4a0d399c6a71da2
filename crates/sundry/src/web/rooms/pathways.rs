//! Pathways to read: every version, for ever.
use super::form::plain;
use crate::web::door::{Answer, Routes, Shared, Visitor, page};
use crate::web::pages::pathway::{Pathway, PathwayStep, Pathways};
use crate::web::ui::{TagColour, count_of, tag};
use axum::extract::{Path, State};
use axum::routing::get;
use std::collections::BTreeMap;
use sundry_desk::recovery::{PathwayView, pathways};
use sundry_desk::{No, Outcome};
use sundry_domain::control::Duty;
use sundry_domain::law::refusals;
use sundry_domain::recovery::{Applies, Channel, Step, StepKind};

const LOOK: &[Duty] =
    &[Duty::WorkCases, Duty::ReleaseRuns, Duty::ManageSettings, Duty::ApproveSettings, Duty::ReadAudit];

/// The routes of pathways.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/recovery/pathways", LOOK, get(list)).add("/recovery/pathways/{code}", LOOK, get(newest)).add(
        "/recovery/pathways/{code}/{version}",
        LOOK,
        get(version),
    )
}

/// Names of the pathways in force, by code.
pub(super) async fn names(doors: &Shared, visitor: &Visitor) -> Outcome<BTreeMap<String, String>> {
    let all = pathways(&doors.desk, &visitor.actor).await?.into_iter();
    let live = all.filter(|one| one.state == "live");
    Ok(live.map(|one| (one.pathway.code, one.pathway.name)).collect())
}

async fn list(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    let rows = pathways(&doors.desk, &visitor.actor).await?;
    let row = |one: PathwayView| {
        let (colour, state) = state(&one);
        let href = format!("/recovery/pathways/{}/{}", one.pathway.code, one.pathway.version);
        let steps = one.pathway.steps.len() as i64;
        (href, one.pathway.name, i64::from(one.pathway.version), steps, tag(state, colour))
    };
    let mut frame = doors.frame(&visitor, "Recovery").await;
    frame.help = "rooms/pathways".into();
    page(&Pathways { frame, rows: rows.into_iter().map(row).collect() })
}

async fn newest(State(doors): State<Shared>, visitor: Visitor, Path(code): Path<String>) -> Answer {
    show(&doors, &visitor, &code, None).await
}

async fn version(
    State(doors): State<Shared>,
    visitor: Visitor,
    Path((code, version)): Path<(String, String)>,
) -> Answer {
    let version = version.parse().map_err(|_| No::Absent("pathway".into()))?;
    show(&doors, &visitor, &code, Some(version)).await
}

async fn show(doors: &Shared, visitor: &Visitor, code: &str, version: Option<i32>) -> Answer {
    let mut all = pathways(&doors.desk, &visitor.actor).await?;
    all.retain(|one| one.pathway.code == code);
    let asked = |one: &PathwayView| version.map_or(one.state == "live", |version| one.pathway.version == version);
    let place = all.iter().rposition(asked).ok_or_else(|| No::Absent("pathway".into()))?;
    let others = all.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, one)| {
        let words = format!("Version {}, {}", one.pathway.version, state(one).1.to_lowercase());
        (words, format!("/recovery/pathways/{code}/{}", one.pathway.version))
    });
    let others = others.collect();
    let one = &all[place];
    let mut frame = doors.frame(visitor, "Recovery").await;
    frame.help = "rooms/pathways".into();
    page(&Pathway {
        frame,
        name: one.pathway.name.clone(),
        code: code.to_owned(),
        version: i64::from(one.pathway.version),
        standing: standing(one),
        applies_to: applies_to(one),
        edit: visitor.actor.holds(Duty::ManageSettings),
        steps: steps(&one.pathway.steps),
        stops: stops(),
        versions: others,
    })
}

/// Where a version stands, in words.
fn state(one: &PathwayView) -> (TagColour, &'static str) {
    match one.state.as_str() {
        "live" => (TagColour::Green, "Live"),
        "next" => (TagColour::Blue, "To come"),
        _ => (TagColour::Grey, "Ended"),
    }
}

fn standing(one: &PathwayView) -> String {
    let day = one.live_from.map_or_else(String::new, |day| day.format("%-d %B %Y").to_string());
    let stands = match (one.state.as_str(), day.as_str()) {
        (_, "") => state(one).1.to_owned(),
        ("live", day) => format!("Live since {day}"),
        ("next", day) => format!("To come, from {day}"),
        (_, day) => format!("Ended, live from {day}"),
    };
    format!("{stands}, drafted by {}, approved by {}", one.drafted_by, one.approved_by)
}

/// For whom it is, then what a manager reads.
fn applies_to(one: &PathwayView) -> String {
    // A house opened before pathways said whose debts they are for has these three by the kind of customer.
    let says_nothing = one.pathway.applies == Applies::default();
    let whom = match one.pathway.code.as_str() {
        "individual" if says_nothing => "People who owe in their own name, and sole traders.".to_owned(),
        "business" if says_nothing => "Companies and other organisations that are not public bodies.".to_owned(),
        "public" if says_nothing => "Public bodies: councils, departments and schools.".to_owned(),
        _ => one.pathway.applies.in_a_sentence(),
    };
    format!("{whom} {}", one.pathway.words).trim_end().to_owned()
}

fn steps(steps: &[Step]) -> Vec<PathwayStep> {
    let claim = |step: &Step| step.kind == StepKind::LetterOfClaim;
    let one = |(at, step): (usize, &Step)| {
        let person = matches!(step.kind, StepKind::Task | StepKind::Decision);
        let after = steps.get(at + 1).map_or(0, |next| i64::from(next.wait_days));
        PathwayStep {
            day: i64::from(step.day),
            name: step.name.clone(),
            how: format!("{}{}", way(step), step.charges.in_words()),
            template: (plain(&step.template), String::new()),
            who: match (step.who.as_str(), person) {
                ("", true) => "A person".into(),
                ("", false) => "The daily run".into(),
                (who, _) => who.into(),
            },
            person,
            condition: match (step.lapses_after_day, step.when.in_words()) {
                (Some(0), _) => "Not due yet".into(),
                (Some(day), _) => format!("At most {} overdue", count_of(i64::from(day), "day", "days")),
                (None, words) if words.is_empty() => "Open".into(),
                (None, words) => words,
            },
            legal_wait: if claim(step) { after } else { 0 },
            law: match claim(step) {
                true => format!("The law makes us wait {} after it", count_of(after, "day", "days")),
                false => String::new(),
            },
        }
    };
    steps.iter().enumerate().map(one).collect()
}

fn way(step: &Step) -> &'static str {
    match step.channel {
        Channel::Post => "Post",
        Channel::Email => "E-mail",
        Channel::Text => "Text message",
        Channel::Phone => "Telephone",
        Channel::None => "Task",
    }
}

/// The rules that stop any step, from the catalogue of refusals; what two of them say alike stands once, with both codes.
fn stops() -> Vec<(String, String)> {
    let stops = ["BS-03-BREATHING", "BS-05-INSOLVENT", "BS-06-DECEASED", "BS-08-VULNERABLE", "REC-04-HOLD", "REC-X7"];
    let mut told: Vec<(String, String)> = Vec::new();
    for kind in refusals::ALL.iter().filter(|kind| stops.iter().any(|start| kind.code.starts_with(start))) {
        match told.iter_mut().find(|(words, _)| words.starts_with(kind.way_out)) {
            Some((_, codes)) => codes.extend([", ", kind.code]),
            None => told.push((kind.way_out.to_owned(), kind.code.to_owned())),
        }
    }
    told.into_iter().map(|(words, codes)| (format!("{words}."), codes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rec_04_what_a_hold_says_again_after_the_law_stands_once_with_both_codes() {
        let told = stops();
        let of = |code: &str| told.iter().filter(|(_, codes)| codes.split(", ").any(|one| one == code)).count();
        for code in ["BS-03-BREATHING-SPACE", "REC-04-HOLD-BREATHING-SPACE", "BS-06-DECEASED", "REC-04-HOLD-PLAN"] {
            assert_eq!(of(code), 1, "{code}");
        }
        for (at, (words, _)) in told.iter().enumerate() {
            let said = words.trim_end_matches('.');
            assert!(!told[..at].iter().any(|(before, _)| before.starts_with(said)), "{words} stands twice");
        }
    }
}
