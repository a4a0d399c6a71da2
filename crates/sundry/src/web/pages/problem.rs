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
    NotFound,
    /// Our fault: the number to quote.
    Fault(String),
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
            Kind::NotFound => "Page not found",
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
        let not_allowed = Kind::NotAllowed {
            duty: "You do not have the duty “Approve credit notes”".into(),
            granted_by: "Gwen Pritchard or another administrator".into(),
        };
        vec![
            ("refused", page(Kind::Refused(refused, "/customers/C103316".into()))),
            ("403", page(not_allowed)),
            ("404", page(Kind::NotFound)),
            ("500", page(Kind::Fault("F-7K4M2P".into()))),
        ]
    }
}

impl Plain for Problem {
    fn body(&self) -> Html {
        match &self.kind {
            Kind::Refused(refused, back) => {
                let rule = format!("{}. {}", refused.code, refused.citation);
                Html::from(ui::para(&refused.sentence))
                    .and(ui::para(&refused.instead))
                    .and(ui::code(rule))
                    .and(ui::link(back, "Go back"))
            }
            Kind::NotAllowed { duty, granted_by } => Html::from(ui::para(format!("{duty}, which this page needs.")))
                .and(ui::para(format!("{granted_by} can give it to you.")))
                .and(ui::link("/", "Go to your own work")),
            Kind::NotFound => Html::from(ui::para(
                "Check the address. If you followed a link, the thing may have been moved or merged.",
            ))
            .and(ui::para("You can search for a name, a number or an amount at the top of the page."))
            .and(ui::link("/", "Go to your own work")),
            Kind::Fault(number) => {
                Html::from(ui::para("Nothing was lost and nothing was half done. Try again in a minute."))
                    .and(ui::para("If it happens again, give this number to the people who run Sundry:"))
                    .and(ui::code(number))
            }
        }
    }
}
