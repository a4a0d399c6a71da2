//! What every letter of an organisation shares: its head, its live templates, its standing words.
use super::letters::sha256_of_json;
use crate::core::command::Command;
use crate::{Fault, Outcome};
use chrono::NaiveDate;
use serde_json::Value;
use std::collections::BTreeMap;
use sundry_domain::ids::OrgId;
use sundry_paper::{Bank, Language, Letterhead, Template};
use sundry_store::delivery::{TemplateRow, add_templates, live_templates, template_codes};
use sundry_store::{Tx, control};

/// The note that goes before the due date, to those whom e-mail reaches.
const COURTESY: &str = include_str!("courtesy.json");

/// What is written when a cheque comes back.
pub(crate) const PAYMENT_RETURNED: &str = include_str!("payment_returned.json");

/// What tells an employee how overpaid pay was worked out.
pub(crate) const SALARY_CALCULATION: &str = include_str!("../recovery/templates/salary_calculation.json");

/// What tells a provider that a payment was cut by what was overpaid.
pub(crate) const SET_OFF: &str = include_str!("../recovery/templates/set_off.json");

/// Reminders for care, for staff, after a death, and for who needs care.
pub(crate) const SENSITIVE: [&str; 4] = [
    include_str!("../recovery/templates/care_reminder.json"),
    include_str!("../recovery/templates/gentle_reminder.json"),
    include_str!("../recovery/templates/bereavement_reminder.json"),
    include_str!("../recovery/templates/staff_reminder.json"),
];

/// Every template that comes with the house.
fn shipped() -> Outcome<Vec<Template>> {
    let mut all = sundry_paper::shipped_templates();
    for text in [COURTESY, PAYMENT_RETURNED, SALARY_CALCULATION, SET_OFF].into_iter().chain(SENSITIVE) {
        all.push(serde_json::from_str(text)?);
    }
    Ok(all)
}

/// Stores the shipped templates as version 1, live.
pub(crate) async fn seed(cmd: &mut Command) -> Outcome<()> {
    let rows = shipped()?.into_iter().map(first_version).collect::<Outcome<Vec<_>>>()?;
    Ok(add_templates(&mut cmd.tx, cmd.by.org, rows, cmd.at).await?)
}

/// Stores the templates of a room that an organisation never had, as version 1, live; one that it has ended stays so.
pub(crate) async fn add_missing_templates(cmd: &mut Command, texts: &[&str]) -> Outcome<()> {
    let templates = texts.iter().map(|text| serde_json::from_str(text)).collect::<Result<Vec<Template>, _>>()?;
    add_missing(cmd, templates).await
}

/// The same for templates that Sundry ships, by their codes: an organisation opened before them lacks them.
pub(crate) async fn add_missing_shipped(cmd: &mut Command, codes: &[&str]) -> Outcome<()> {
    let wanted = sundry_paper::shipped_templates().into_iter().filter(|one| codes.contains(&one.code.as_str()));
    add_missing(cmd, wanted.collect()).await
}

async fn add_missing(cmd: &mut Command, templates: Vec<Template>) -> Outcome<()> {
    let there = template_codes(&mut cmd.tx, cmd.by.org).await?;
    let missing = templates.into_iter().filter(|template| !there.contains(&template.code));
    let rows = missing.map(first_version).collect::<Outcome<Vec<_>>>()?;
    Ok(add_templates(&mut cmd.tx, cmd.by.org, rows, cmd.at).await?)
}

fn first_version(template: Template) -> Outcome<TemplateRow> {
    let body = serde_json::to_value(&template)?;
    Ok(TemplateRow {
        code: template.code,
        version: 1,
        state: "live".into(),
        content_hash: sha256_of_json(&body),
        body,
        approved_by: "Sundry".into(),
    })
}

/// The head, the templates and the standing words of an organisation's letters.
#[derive(Clone, Debug)]
pub struct Stationery {
    /// The head, in English.
    pub letterhead: Letterhead,
    /// The team's name and when the telephone is answered, in Welsh.
    pub welsh: [String; 2],
    /// Where to pay online; empty when nowhere.
    pub pay_online: String,
    /// Where payers reach our own payment links; empty where nobody takes cards by link.
    pub pay_links: String,
    /// The payment line; empty when there is none.
    pub pay_phone: String,
    /// Where to complain.
    pub complaints: String,
    /// Live templates with their versions, by code.
    pub templates: BTreeMap<String, (i64, Template)>,
}

impl Stationery {
    /// The head of a letter in a language.
    pub(crate) fn head_in(&self, language: Language) -> Letterhead {
        let head = self.letterhead.clone();
        match language {
            Language::English => head,
            Language::Welsh => {
                let [team_name, phone_hours] = self.welsh.clone();
                Letterhead { team_name, phone_hours, ..head }
            }
        }
    }
}

/// Reads an organisation's stationery as it is on a day.
pub(crate) async fn stationery(tx: &mut Tx, org: OrgId, day: NaiveDate) -> Outcome<Stationery> {
    let site = control::organisation(tx, org).await?.ok_or_else(|| Fault::new("no organisation"))?;
    let mut templates = BTreeMap::new();
    // Oldest first: of two that are live, the newer stays.
    for row in live_templates(tx, org, day).await? {
        templates.insert(row.code, (row.version, serde_json::from_value(row.body)?));
    }
    let head = &site.letterhead;
    let text = |name: &str, otherwise: &str| word(head, name).unwrap_or_else(|| otherwise.to_owned());
    let letterhead = Letterhead {
        address: lines(head, "address"),
        phone: text("phone", "the number on our website"),
        phone_hours: text("phone_hours", "in office hours"),
        email: text("email", "the e-mail address on our website"),
        web: text("web", "our website"),
        vat_number: Some(site.vat_number.clone()).filter(|number| !number.is_empty()),
        logo_svg: word(head, "logo_svg"),
        brand_colour: word(head, "brand_colour"),
        team_name: text("team_name", "the team for bills and invoices"),
        bank: bank(head, &site.name),
        name: site.name,
    };
    // Words that an organisation chose in English alone are given as they are.
    let welsh = |name: &str, english: &str, otherwise: &str| {
        word(head, &format!("{name}_cy"))
            .or_else(|| word(head, name).map(|_| english.to_owned()))
            .unwrap_or_else(|| otherwise.to_owned())
    };
    Ok(Stationery {
        welsh: [
            welsh("team_name", &letterhead.team_name, "y tîm biliau ac anfonebau"),
            welsh("phone_hours", &letterhead.phone_hours, "yn ystod oriau swyddfa"),
        ],
        complaints: text("complaints", &letterhead.web),
        pay_online: text("pay_online", ""),
        pay_phone: text("pay_phone", ""),
        pay_links: word(&site.settings, "pay_links").unwrap_or_default(),
        letterhead,
        templates,
    })
}

fn bank(head: &Value, name: &str) -> Bank {
    let bank = head.get("bank").cloned().unwrap_or(Value::Null);
    let text = |field: &str, otherwise: &str| word(&bank, field).unwrap_or_else(|| otherwise.to_owned());
    Bank { sort_code: text("sort_code", ""), account: text("account", ""), account_name: text("account_name", name) }
}

fn word(from: &Value, name: &str) -> Option<String> {
    from.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// An address given as a list of lines, or as one text with commas or line ends.
fn lines(from: &Value, name: &str) -> Vec<String> {
    let found = match from.get(name) {
        Some(Value::Array(all)) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(text)) => text.split(['\n', ',']).map(str::to_owned).collect(),
        _ => Vec::new(),
    };
    found.into_iter().map(|line: String| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()
}
