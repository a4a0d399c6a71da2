//! Lists of facts: summary lists with actions, short lists of details, and checks.

use super::html::component;
use super::{Html, Tag, TagColour, tag};
use askama::Template;

#[derive(Clone, Debug)]
struct Fact {
    key: String,
    value: Html,
    action: Option<(String, String)>,
}

/// Facts with a Change link each.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/summary_list.html")]
pub struct SummaryList {
    facts: Vec<Fact>,
    short: bool,
}

/// Facts for a check page.
pub fn summary_list() -> SummaryList {
    SummaryList { facts: Vec::new(), short: false }
}

/// A dense list of facts for a side panel.
pub fn details_list() -> SummaryList {
    SummaryList { facts: Vec::new(), short: true }
}

impl SummaryList {
    /// One more fact.
    #[must_use]
    pub fn fact(mut self, key: impl Into<String>, value: impl Into<Html>) -> Self {
        self.facts.push(Fact { key: key.into(), value: value.into(), action: None });
        self
    }

    /// One more fact, unless there is nothing to say.
    #[must_use]
    pub fn fact_if(self, key: impl Into<String>, value: impl AsRef<str>) -> Self {
        if value.as_ref().is_empty() { self } else { self.fact(key, value.as_ref()) }
    }

    /// One more fact that can be changed: where, and the verb.
    #[must_use]
    pub fn change(mut self, key: impl Into<String>, value: impl Into<Html>, href: impl Into<String>) -> Self {
        self.facts.push(Fact {
            key: key.into(),
            value: value.into(),
            action: Some((href.into(), "Change".to_owned())),
        });
        self
    }
}

/// How a check came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing to do.
    Passed,
    /// It needs a look, then somebody decides.
    Look,
    /// It blocks until it is mended.
    Fix,
}

impl Verdict {
    /// The verdict as a tag.
    pub fn tag(self) -> Tag {
        match self {
            Verdict::Passed => tag("Passed", TagColour::Green),
            Verdict::Look => tag("Needs a look", TagColour::Yellow),
            Verdict::Fix => tag("Fix", TagColour::Red),
        }
    }
}

/// Checks with their verdicts.
#[derive(Clone, Debug, Template)]
#[template(path = "ui/checks.html")]
pub struct Checks {
    list: Vec<(Verdict, Html)>,
}

/// Checks with their verdicts.
pub fn checks<T: Into<Html>>(list: impl IntoIterator<Item = (Verdict, T)>) -> Checks {
    Checks { list: list.into_iter().map(|(verdict, text)| (verdict, text.into())).collect() }
}

component!(SummaryList, Checks);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_says_what_it_asks_and_the_same_everywhere() {
        use sundry_domain::recovery::Verdict as Stored;
        for (shown, stored) in
            [(Verdict::Passed, Stored::Passed), (Verdict::Look, Stored::Look), (Verdict::Fix, Stored::Fix)]
        {
            assert!(shown.tag().to_string().contains(&format!(">{}<", stored.name())), "{}", shown.tag());
        }
        assert_eq!(Stored::Look.name(), "Needs a look");
    }
}
