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

/// The fields a template may use: name, what it means, and what it may look like.
pub const FIELDS: &[(&str, &str, &str)] = &[
    ("about", "what a query is about", "invoice INV-20745, home care in August"),
    ("account", "the last figures of the account a Direct Debit is taken from", "4958"),
    ("amount", "the sum of this letter", "£392.80"),
    ("amount_before", "what a standing order sends now", "£381.60"),
    ("answer_by", "the last day to answer, as a date in words", "3 December 2026"),
    ("asked_on", "the day the customer wrote, as a date in words", "5 November 2026"),
    ("began_on", "the first day of breathing space, as a date in words", "17 November 2026"),
    (
        "cannot_pay",
        "how to ask for smaller payments; nothing where nothing is left to pay",
        "Call us on 01632 960 101. We can talk about what you can manage.",
    ),
    ("changed", "what changed in a Direct Debit or a plan, in a sentence", "The amount has changed."),
    ("charges", "interest and charges included in the sum", "£81.27"),
    (
        "charges_sentence",
        "a sentence of the interest and charges included in the sum, with a space before it; nothing where there are none",
        " Of this, £81.27 is interest and charges.",
    ),
    (
        "claim_basis",
        "the agreement or the law the debt rests on (REC-02 items 3 to 5)",
        "We supplied home care under our agreement with you.",
    ),
    ("claimed_on", "the day of our letter of claim, as a date in words", "1 October 2026"),
    ("complaint", "the number of a complaint", "CMP-000012"),
    ("complaints", "where to complain", "www.northmere.example/complaints"),
    (
        "components",
        "what a collection or a plan is made of, or what breathing space covers, a line each",
        "- Home care, August 2026: £196.40",
    ),
    ("count", "how many instalments an invoice is paid in", "10"),
    ("daily_interest", "interest for each further day", "£0.32"),
    (
        "daily_interest_sentence",
        "a sentence of the interest for each further day, with a space before it; nothing where none runs",
        " Interest for each further day: £0.32.",
    ),
    ("due_on", "pay by, as a date in words", "3 December 2026"),
    ("email", "the team's e-mail address", "bills@northmere.example"),
    ("expected", "what was due in a period", "£393.00"),
    ("first_amount", "the first instalment of an invoice or a plan", "£39.28"),
    ("first_on", "the day of a plan's next instalment, as a date in words", "1 December 2026"),
    ("for_what", "what the money is for, in a few words", "home care in July and August"),
    ("frequency", "how often a standing order or an instalment is paid, in words", "every 4 weeks"),
    (
        "guarantee",
        "the Direct Debit Guarantee, whole",
        "The Guarantee is offered by all banks and building societies that accept instructions to pay Direct Debits.",
    ),
    (
        "instalments",
        "what was offered or paid in instalments, and why that is not enough (REC-02 item 6)",
        "No instalments have been offered or paid.",
    ),
    (
        "interest_continues",
        "whether interest or charges go on (REC-02 item 2)",
        "No. We are not adding interest or charges.",
    ),
    ("last_on", "the day of a plan's last instalment, as a date in words", "1 November 2027"),
    ("lasts", "how long breathing space lasts, in a sentence", "It lasts until 15 January 2027."),
    ("left", "what is left to pay after an answer, in a sentence", "£98.20 is left to pay by 3 December 2026."),
    ("method", "how instalments are paid, in a sentence", "Pay each by bank transfer, with the reference C103316."),
    ("missed_on", "the day of the instalment that was missed, as a date in words", "1 December 2026"),
    ("next", "what the customer can do next, in a sentence", "You can ask for a review within 20 working days."),
    ("next_letter_on", "when the next letter would go, as a date in words", "17 December 2026"),
    ("notice_days", "how many working days' notice a Direct Debit has", "10"),
    ("number", "the number of this document", "INV-20817"),
    ("organisation", "the organisation's name", "Northmere Council"),
    ("original_date", "the date of the invoice this corrects", "31 August 2026"),
    ("original_number", "the number of the invoice this corrects", "INV-20745"),
    ("others", "what somebody owes us beside what breathing space covers", "We hold no other debt."),
    ("outcome", "how a query or a complaint was decided, in a sentence", "You are right: we have taken £98.20 off."),
    ("payer", "who pays by Direct Debit", "Mrs J Pemberton"),
    ("period", "a period, from day to day in words", "6 April 2026 to 3 May 2026"),
    ("plan", "the number of a payment plan", "PLAN-000012"),
    ("person", "whom a letter is about, by name", "Mr Alan Pemberton"),
    ("phone", "the team's telephone number", "01632 960 101"),
    ("phone_hours", "when the telephone is answered", "Monday to Friday, 9am to 5pm"),
    ("query", "the number of a query", "QRY-000031"),
    ("reason", "why this document was made", "four visits did not take place"),
    ("received", "what came in a period", "£381.60"),
    ("reference", "the reference of a standing order or a Direct Debit", "C103316"),
    (
        "reply_address",
        "the address for the reply form, on one line (REC-02 item 8)",
        "Northmere Council, Mere House, Northmere, NM1 1AA",
    ),
    ("review_on", "the day on which a plan is looked at again, as a date in words", "1 June 2027"),
    ("service_user", "the name a Direct Debit shows on the bank statement", "NORTHMERE COUNCIL"),
    ("signed_on", "when and how a Direct Debit was agreed", "2 November 2026, by telephone"),
    ("sun", "the service user number of our Direct Debits", "123456"),
    ("taken_on", "the day a collection was taken, as a date in words", "1 November 2026"),
    (
        "tax_position",
        "why overpaid pay is asked back net or gross",
        "We ask for the net pay, which is what you received. Payroll will correct your tax in this tax year.",
    ),
    ("team", "the team's name", "the team for bills and invoices"),
    ("total", "what a plan covers in all", "£392.80"),
    ("web", "the organisation's web address", "www.northmere.example"),
    ("weekly", "the new charge for a week", "£98.25"),
    ("what_next", "what happens after a collection came back, in a sentence", "We will try again on 15 November 2026."),
    ("words", "our answer, in our own words", "The four visits were not logged. We are sorry for that."),
];

/// The templates that come with Sundry.
pub fn shipped_templates() -> Vec<Template> {
    SHIPPED.iter().map(|text| toml::from_str(text).expect("shipped templates are read by a test")).collect()
}

const SHIPPED: [&str; 20] = [
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
    include_str!("templates/plan_agreed.toml"),
    include_str!("templates/plan_missed.toml"),
    include_str!("templates/plan_broken.toml"),
    include_str!("templates/plan_completed.toml"),
    include_str!("templates/breathing_space.toml"),
    include_str!("templates/breathing_space_adviser.toml"),
    include_str!("templates/condolence.toml"),
    include_str!("templates/claim_notice.toml"),
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
    let values = FIELDS.iter().map(|(name, ..)| ((*name).to_owned(), String::new())).collect();
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

/// The names of the fields a text uses; braces without their partner are left out.
pub fn fields_in(text: &str) -> BTreeSet<String> {
    let none = BTreeMap::new();
    let mut filler = Filler { values: &none, missing: BTreeSet::new() };
    filler.text("", text);
    filler
        .missing
        .into_iter()
        .map(|one| one.field.trim().to_owned())
        .filter(|name| !name.contains(['{', '}']))
        .collect()
}

/// What is wrong with the placeholders of one text, where only some fields are there.
pub(crate) fn wrong_in(text: &str, allowed: &BTreeSet<String>) -> Vec<MissingField> {
    let values = allowed.iter().map(|name| (name.clone(), String::new())).collect();
    let mut filler = Filler { values: &values, missing: BTreeSet::new() };
    filler.text("", text);
    filler.missing.into_iter().collect()
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
