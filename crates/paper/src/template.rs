//! Letter templates: data that a site may edit, fill and approve.
//!
//! A placeholder is a field's name in braces, `{amount}`; a literal brace is written twice. Text stays text: nothing in
//! a template or in a field is ever read as markup.

use crate::letter::{Audience, Block, Language, Panel};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One letter's wording, in one version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Its name, such as `reminder_1`.
    pub code: String,
    /// Counts up with every approved change.
    pub version: u32,
    /// The heading, the PDF's title and the e-mail's subject.
    pub title_en: String,
    /// The same in Welsh.
    pub title_cy: Option<String>,
    /// The blocks in order.
    pub blocks: Vec<TemplateBlock>,
}

/// One block of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateBlock {
    /// Unique in the template.
    pub id: String,
    /// Fixed by law: the editor shows it and does not change it.
    #[serde(default)]
    pub locked: bool,
    /// The rule behind a locked block, such as `REC-02`.
    pub rule: Option<String>,
    /// Left out for other audiences.
    #[serde(default)]
    pub audience: Audience,
    /// A panel shown under the text.
    #[serde(default)]
    pub panel: Panel,
    /// A short heading.
    pub heading_en: Option<String>,
    /// The same in Welsh.
    pub heading_cy: Option<String>,
    /// Paragraphs parted by empty lines; a line that starts with `- ` is a list item.
    #[serde(default)]
    pub text_en: String,
    /// The same in Welsh.
    pub text_cy: Option<String>,
}

/// What a template is filled with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// Which of the two texts.
    pub language: Language,
    /// Which blocks; [`Audience::Everyone`] gives the blocks meant for all.
    pub audience: Audience,
    /// Field name to its text.
    pub values: BTreeMap<String, String>,
}

/// A template with every placeholder filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled {
    /// The heading.
    pub title: String,
    /// The blocks, ready for [`crate::Letter::blocks`].
    pub blocks: Vec<Block>,
    /// Blocks that have no Welsh yet and came out in English.
    pub untranslated: Vec<String>,
}

/// A placeholder that could not be filled.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[error("{block}: {{{field}}} {why}")]
pub struct MissingField {
    /// The block, or `title`.
    pub block: String,
    /// The placeholder as written.
    pub field: String,
    /// What is wrong with it.
    pub why: &'static str,
}

/// The fields a shipped template may use, and what each means.
pub const FIELDS: &[(&str, &str)] = &[
    ("amount", "the sum of this letter"),
    ("amount_before", "what a standing order sends now"),
    ("answer_by", "the last day to answer, as a date in words"),
    ("charges", "interest and charges included in the sum"),
    ("claim_basis", "the agreement or the law the debt rests on (REC-02 items 3 to 5)"),
    ("complaints", "where to complain"),
    ("count", "how many instalments an invoice is paid in"),
    ("daily_interest", "interest for each further day"),
    ("due_on", "pay by, as a date in words"),
    ("expected", "what was due in a period"),
    ("first_amount", "the first instalment of an invoice"),
    ("for_what", "what the money is for, in a few words"),
    ("frequency", "how often a standing order is paid, in words"),
    ("instalments", "what was offered or paid in instalments, and why that is not enough (REC-02 item 6)"),
    ("interest_continues", "whether interest or charges go on (REC-02 item 2)"),
    ("next_letter_on", "when the next letter would go, as a date in words"),
    ("number", "the number of this document"),
    ("original_date", "the date of the invoice this corrects"),
    ("original_number", "the number of the invoice this corrects"),
    ("organisation", "the organisation's name"),
    ("period", "a period, from day to day in words"),
    ("phone", "the team's telephone number"),
    ("phone_hours", "when the telephone is answered"),
    ("received", "what came in a period"),
    ("reference", "the reference of a standing order"),
    ("reason", "why this document was made"),
    ("reply_address", "the address for the reply form, on one line (REC-02 item 8)"),
    ("email", "the team's e-mail address"),
    ("team", "the team's name"),
    ("weekly", "the new charge for a week"),
    ("web", "the organisation's web address"),
];

/// The templates that come with Sundry.
pub fn shipped_templates() -> Vec<Template> {
    SHIPPED.iter().map(|text| toml::from_str(text).expect("shipped templates are read by a test")).collect()
}

const SHIPPED: [&str; 12] = [
    include_str!("templates/invoice.toml"),
    include_str!("templates/invoice_instalments.toml"),
    include_str!("templates/credit_note.toml"),
    include_str!("templates/reminder_1.toml"),
    include_str!("templates/reminder_2.toml"),
    include_str!("templates/final_notice.toml"),
    include_str!("templates/statement.toml"),
    include_str!("templates/letter_of_claim.toml"),
    include_str!("templates/letter_before_action.toml"),
    include_str!("templates/receipt.toml"),
    include_str!("templates/standing_order_change.toml"),
    include_str!("templates/standing_order_shortfall.toml"),
];

/// Fills a template, or names every placeholder that cannot be filled.
pub fn fill(template: &Template, fields: &Fields) -> Result<Filled, Vec<MissingField>> {
    let mut filler = Filler { values: &fields.values, missing: BTreeSet::new() };
    let welsh = fields.language == Language::Welsh;
    let mut untranslated = Vec::new();
    let title = match (&template.title_cy, welsh) {
        (Some(title), true) => filler.text("title", title),
        (None, true) => {
            untranslated.push("title".to_owned());
            filler.text("title", &template.title_en)
        }
        (_, false) => filler.text("title", &template.title_en),
    };
    let mut blocks = Vec::new();
    for block in template.blocks.iter().filter(|block| meant_for(block.audience, fields.audience)) {
        let in_welsh = welsh && (block.text_cy.is_some() || block.text_en.trim().is_empty());
        if welsh && !in_welsh {
            untranslated.push(block.id.clone());
        }
        let text = block.text_cy.as_ref().filter(|_| in_welsh).unwrap_or(&block.text_en);
        let heading = block.heading_cy.as_ref().filter(|_| in_welsh).or(block.heading_en.as_ref());
        blocks.push(Block {
            id: block.id.clone(),
            panel: block.panel,
            heading: heading.map(|heading| filler.text(&block.id, heading)),
            text: filler.text(&block.id, text),
        });
    }
    match filler.missing.is_empty() {
        true => Ok(Filled { title, blocks, untranslated }),
        false => Err(filler.missing.into_iter().collect()),
    }
}

/// The placeholders of a template that are not in [`FIELDS`] or are not closed, for the editor.
pub fn check(template: &Template) -> Vec<MissingField> {
    let values = FIELDS.iter().map(|(name, _)| ((*name).to_owned(), String::new())).collect();
    let mut filler = Filler { values: &values, missing: BTreeSet::new() };
    for title in [Some(&template.title_en), template.title_cy.as_ref()].into_iter().flatten() {
        filler.text("title", title);
    }
    for block in &template.blocks {
        let texts =
            [Some(&block.text_en), block.text_cy.as_ref(), block.heading_en.as_ref(), block.heading_cy.as_ref()];
        for text in texts.into_iter().flatten() {
            filler.text(&block.id, text);
        }
    }
    filler.missing.into_iter().collect()
}

fn meant_for(block: Audience, letter: Audience) -> bool {
    block == Audience::Everyone || block == letter
}

struct Filler<'a> {
    values: &'a BTreeMap<String, String>,
    missing: BTreeSet<MissingField>,
}

impl Filler<'_> {
    fn text(&mut self, block: &str, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            if let Some(after) = from.strip_prefix("{{") {
                out.push('{');
                rest = after;
            } else if let Some(after) = from.strip_prefix("}}") {
                out.push('}');
                rest = after;
            } else if let Some((name, after)) = from.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
                match self.values.get(name.trim()) {
                    Some(value) => out.push_str(value),
                    None => self.refuse(block, name, "is not a field of this letter"),
                }
                rest = after;
            } else {
                self.refuse(block, from.get(..from.len().min(1)).unwrap_or_default(), "is a brace without its partner");
                rest = from.get(1..).unwrap_or_default();
            }
        }
        out.push_str(rest);
        out
    }

    fn refuse(&mut self, block: &str, field: &str, why: &'static str) {
        self.missing.insert(MissingField { block: block.to_owned(), field: field.to_owned(), why });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one_block(text: &str) -> Template {
        Template {
            code: "x".into(),
            version: 1,
            title_en: "T".into(),
            title_cy: None,
            blocks: vec![TemplateBlock {
                id: "b".into(),
                locked: false,
                rule: None,
                audience: Audience::Everyone,
                panel: Panel::None,
                heading_en: None,
                heading_cy: None,
                text_en: text.into(),
                text_cy: None,
            }],
        }
    }

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let values = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Fields { values, ..Fields::default() }
    }

    #[test]
    fn a_missing_field_is_named_with_its_block() {
        let missing =
            fill(&one_block("Pay {amount} by {when}."), &fields(&[("amount", "£1.00")])).expect_err("refused");
        assert_eq!(missing.len(), 1);
        assert_eq!(missing[0].to_string(), "b: {when} is not a field of this letter");
    }

    #[test]
    fn braces_in_a_value_are_not_read_again() {
        let filled = fill(&one_block("{{x}} {amount}"), &fields(&[("amount", "{due_on}")])).expect("filled");
        assert_eq!(filled.blocks[0].text, "{x} {due_on}");
    }

    #[test]
    fn an_open_brace_is_refused() {
        assert!(fill(&one_block("Pay {amount by Friday"), &fields(&[("amount", "£1.00")])).is_err());
        assert!(fill(&one_block("Pay amount} by Friday"), &fields(&[("amount", "£1.00")])).is_err());
    }

    #[test]
    fn shipped_templates_use_known_fields_and_lock_only_with_a_rule() {
        let all = shipped_templates();
        assert_eq!(all.len(), SHIPPED.len());
        for template in &all {
            assert_eq!(check(template), vec![], "{}", template.code);
            let ids: BTreeSet<_> = template.blocks.iter().map(|block| &block.id).collect();
            assert_eq!(ids.len(), template.blocks.len(), "{}: ids are unique", template.code);
            for block in &template.blocks {
                assert_eq!(block.locked, block.rule.is_some(), "{}: {}", template.code, block.id);
            }
        }
    }

    #[test]
    fn rec_02_letter_of_claim_has_all_eight_contents_locked() {
        let all = shipped_templates();
        let claim = all.iter().find(|template| template.code == "letter_of_claim").expect("shipped");
        let wanted = ["debt", "interest", "basis", "instalments", "how_to_pay", "reply_form", "enclosures"];
        for id in wanted {
            let block = claim.blocks.iter().find(|block| block.id == id).unwrap_or_else(|| panic!("no block {id}"));
            assert!(block.locked && block.rule.as_deref() == Some("REC-02"), "{id}");
        }
    }

    #[test]
    fn a_block_without_welsh_is_reported() {
        let asked = Fields { language: Language::Welsh, ..Fields::default() };
        let filled = fill(&one_block("Hello"), &asked).expect("filled");
        assert_eq!(filled.untranslated, ["title", "b"]);
    }
}
