//! Pages for when it cannot be: a rule refused, no permission, not found, our fault.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// What kind of problem it is.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A rule said no; where to go back to.
    Refused(ui::Refused, String),
    /// The person may not: the duty needed, and who can give it.
    NotAllowed {
        /// That the duty is missing, in words without a full stop.
        duty: String,
        /// Who can give it.
        granted_by: String,
    },
    /// There is nothing at this address.
    NotFound {
        /// What was looked for: `court case CRT-000099`; empty where nobody can say.
        what: String,
        /// The list it would stand in: address and words.
        list: Option<(&'static str, &'static str)>,
    },
    /// Our fault: the number to quote.
    Fault(String),
}

/// Lists of things that have pages of their own: where their addresses begin, the list, and words for its link. What
/// begins longer stands first.
const LISTS: [(&str, &str, &str); 14] = [
    ("/recovery/cases/", "/recovery/cases", "Look at the cases"),
    ("/recovery/agencies/", "/recovery/agencies", "Look at the agencies"),
    ("/recovery/pathways/", "/recovery/pathways", "Look at the pathways"),
    ("/recovery/", "/recovery", "Look at the recovery runs"),
    ("/court/files/", "/court/files", "Look at the files for the court"),
    ("/court/", "/court", "Look at the court cases"),
    ("/court-answers/", "/court-answers", "Look at the court's answers"),
    ("/insolvencies/", "/insolvencies", "Look at the insolvencies"),
    ("/estates/", "/estates", "Look at the estates"),
    ("/charges/", "/charges", "Look at the charges on property"),
    ("/plans/", "/plans", "Look at the payment plans"),
    ("/write-offs/", "/write-offs", "Look at the debts to give up"),
    ("/approvals/writeoffs/", "/approvals/writeoffs", "Look at the write-off schedules"),
    ("/customers/", "/customers", "Find a customer"),
];

impl Kind {
    /// Nothing is there: what was looked for, where it has a number that people know it by, and the list it would be in.
    pub fn not_found(frame: &Frame, path: &str, what: &str) -> Self {
        let numbered = what.chars().any(|letter| letter.is_ascii_digit()) && what.chars().count() <= 80;
        let list = LISTS.iter().find(|(begins, list, _)| path.starts_with(begins) && frame.opens(list));
        Kind::NotFound {
            what: if numbered { what.to_owned() } else { String::new() },
            list: list.map(|(_, list, words)| (*list, *words)),
        }
    }
}

/// A problem as a full page.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Problem {
    /// The frame.
    pub frame: Frame,
    /// What kind of problem.
    pub kind: Kind,
}

impl Problem {
    /// The heading.
    pub fn heading(&self) -> String {
        let words = match self.kind {
            Kind::Refused(..) => "This cannot be done",
            Kind::NotAllowed { .. } => "You may not open this page",
            Kind::NotFound { .. } => "Page not found",
            Kind::Fault(_) => "Something went wrong on our side",
        };
        words.to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let refused = ui::Refused {
            code: "REC-04-HOLD".into(),
            sentence: "The account is on hold until 1 December 2026.".into(),
            citation: "Recovery policy, clause 7".into(),
            instead: "End the hold first, or wait until 2 December 2026.".into(),
        };
        let page = |kind| Self { frame: Frame::sample(""), kind };
        let not_yet = ui::Refused {
            code: String::new(),
            sentence: "Choose the task that was done".into(),
            citation: String::new(),
            instead: "Go back and put it right.".into(),
        };
        let case = Frame { reach: vec!["/court"], ..Frame::sample("") };
        let not_allowed = Kind::NotAllowed {
            duty: "You do not have the duty “Approve credit notes”".into(),
            granted_by: "Gwen Pritchard or another administrator".into(),
        };
        vec![
            ("refused", page(Kind::Refused(refused, "/customers/C103316".into()))),
            ("403", page(not_allowed)),
            ("404", page(Kind::NotFound { what: String::new(), list: None })),
            ("404-case", page(Kind::not_found(&case, "/court/CRT-000099", "court case CRT-000099"))),
            ("not-yet", page(Kind::Refused(not_yet, "/customers/C103316".into()))),
            ("500", page(Kind::Fault("F-7K4M2P".into()))),
        ]
    }
}

impl Plain for Problem {
    fn body(&self) -> Html {
        match &self.kind {
            Kind::Refused(refused, back) => {
                // What was typed wrongly has no rule behind it.
                let rule = match refused.code.as_str() {
                    "" => Html::default(),
                    code => ui::code(format!("{code}. {}", refused.citation)).into(),
                };
                Html::from(ui::para(&refused.sentence))
                    .and(ui::para(&refused.instead))
                    .and(rule)
                    .and(ui::link(back, "Go back"))
            }
            Kind::NotAllowed { duty, granted_by } => Html::from(ui::para(format!("{duty}, which this page needs.")))
                .and(ui::para(format!("{granted_by} can give it to you.")))
                .and(ui::link("/", "Go to your own work")),
            Kind::NotFound { what, list } => {
                let none = match what.as_str() {
                    "" => Html::default(),
                    what => ui::para(format!("There is no {what} here.")).into(),
                };
                let (to, words) = list.unwrap_or(("/", "Go to your own work"));
                none.and(ui::para(
                    "Check the address. If you followed a link, the thing may have been moved or merged.",
                ))
                .and(ui::para("You can search for a name, a number or an amount at the top of the page."))
                .and(ui::link(to, words))
            }
            Kind::Fault(number) => {
                Html::from(ui::para("Nothing was lost and nothing was half done. Try again in a minute."))
                    .and(ui::para("If it happens again, give this number to the people who run Sundry:"))
                    .and(ui::code(number))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_is_named_and_leads_to_its_list() {
        let frame = Frame { reach: vec!["/court", "/customers"], ..Frame::default() };
        let page = |path: &str, what: &str| {
            Problem { kind: Kind::not_found(&frame, path, what), frame: frame.clone() }.body().as_str().to_owned()
        };
        let case = page("/court/CRT-000099", "court case CRT-000099");
        assert!(case.contains("There is no court case CRT-000099 here.") && case.contains("href=\"/court\""), "{case}");
        let shut = page("/plans/PLAN-000099", "plan PLAN-000099");
        assert!(!shut.contains("/plans") && shut.contains("Go to your own work"), "a list that does not open: {shut}");
        assert!(!page("/nowhere", "page").contains("There is no"), "no bare word of ours");
    }
}
