//! What a customer asks of our documents, and the way these go: their own rules, checked before anything leaves (BIL-16).
use super::{find, refuse_cards};
use crate::{Actor, Desk, Outcome, command};
use serde::{Deserialize, Serialize};
use sundry_domain::control::Duty;
use sundry_domain::customers::receiver::{DocumentWay, NumberCharacters, ReceiverRules, is_pattern, matches_pattern};
use sundry_domain::customers::refusals::CHANGED;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::refusal::Invalid;
use sundry_formats::einvoice::{read_endpoint, vat_number};
use sundry_store::Tx;
use sundry_store::customers::receiver::{ReceiverRow, keep_receiver, receiver};

/// The rules of a customer, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReceiverForm {
    /// letters, peppol or portal; letters when not said.
    pub way: String,
    /// Their Peppol participant id, such as 0088:5790000435944.
    pub participant: String,
    /// Name of their portal.
    pub portal: String,
    /// Their VAT number.
    pub vat_number: String,
    /// Whether they pay nothing without a purchase order.
    pub order_needed: bool,
    /// How their orders look: # a digit, @ a letter, ? either, * anything after.
    pub order_pattern: String,
    /// Whether they pay nothing without their reference.
    pub reference_needed: bool,
    /// What they call it.
    pub reference_name: String,
    /// How it looks.
    pub reference_pattern: String,
    /// The one that goes on where none is typed.
    pub reference_usual: String,
    /// any, digits or letters_digits; any when not said.
    pub number_characters: String,
    /// How long our numbers may be.
    pub number_longest: Option<i64>,
    /// How many days after the date of issue the day of supply may lie.
    pub future_days: Option<i64>,
    /// How large a PDF may be, in thousands of bytes.
    pub pdf_longest_kb: Option<i64>,
    /// Whether the PDF of an invoice carries it as data too.
    pub hybrid: bool,
}

/// The rules of a customer as they stand.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReceiverShown {
    /// Whose.
    pub number: String,
    /// Their name.
    pub name: String,
    /// The rules.
    pub rules: ReceiverForm,
    /// Who changed them last; empty for nobody.
    pub changed_by_name: String,
    /// Rises with every change; 0 where none are kept.
    pub version: i64,
}

/// Changes the rules of a customer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SetReceiver {
    /// Idempotency key.
    pub key: String,
    /// Customer number.
    pub number: String,
    /// The version that was read; 0 where none were kept.
    pub version: i64,
    /// The rules.
    #[serde(flatten)]
    pub rules: ReceiverForm,
}

/// The new version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReceiverSet {
    /// Customer number.
    pub number: String,
    /// Version.
    pub version: i64,
}

/// The rules of a customer.
///
/// # Errors
/// Absent when there is no such customer.
pub async fn receiver_rules(desk: &Desk, by: &Actor, number: &str) -> Outcome<ReceiverShown> {
    by.must_hold(Duty::View)?;
    let mut look = desk.look().await?;
    let customer = find(&mut look, by.org, number).await?;
    let row = receiver(&mut look, by.org, CustomerId(customer.id)).await?;
    Ok(ReceiverShown {
        number: customer.number,
        name: customer.name,
        changed_by_name: row.as_ref().map(|row| row.changed_by_name.clone()).unwrap_or_default(),
        version: row.as_ref().map_or(0, |row| row.version),
        rules: row.map(form_of).unwrap_or_default(),
    })
}

/// Changes the rules of a customer.
///
/// # Errors
/// Every invalid field at once; `CUS-CHANGED` when someone changed them since they were read.
pub async fn set_receiver(desk: &Desk, by: &Actor, ask: SetReceiver) -> Outcome<ReceiverSet> {
    by.must_hold(Duty::ManageCustomers)?;
    let wrong = ask.rules.check();
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    refuse_cards(&ask.rules.texts())?;
    command!(desk, by, "set_receiver", &ask.key, &ask, |cmd| {
        let org = cmd.by.org;
        let customer = find(&mut cmd.tx, org, &ask.number).await?;
        let before = receiver(&mut cmd.tx, org, CustomerId(customer.id)).await?;
        let row = ask.rules.row(customer.id, ask.version + 1, &cmd.by.name, cmd.at);
        let read = before.as_ref().map_or(0, |row| row.version) == ask.version;
        if !read || !keep_receiver(&mut cmd.tx, org, &row).await? {
            let sentence =
                format!("The rules of {} were changed by someone else while you had them open", customer.number);
            return Err(CHANGED.because(sentence).into());
        }
        let told = serde_json::json!({ "before": before.map(form_of), "after": ask.rules });
        cmd.tell("ReceiverRulesChanged", format!("customer {}", customer.number), told);
        Ok(ReceiverSet { number: customer.number, version: row.version })
    })
}

/// The rules of a customer, as the checks take them.
pub(crate) async fn rules_of(tx: &mut Tx, org: OrgId, customer: CustomerId) -> Outcome<ReceiverRules> {
    Ok(receiver(tx, org, customer).await?.map(rules_in).unwrap_or_default())
}

/// The rules in a row; a word that cannot be read is as if it were not there.
pub(crate) fn rules_in(row: ReceiverRow) -> ReceiverRules {
    ReceiverRules {
        way: DocumentWay::parse(&row.way).unwrap_or_default(),
        order_needed: row.order_needed,
        order_pattern: row.order_pattern,
        reference_needed: row.reference_needed,
        reference_name: row.reference_name,
        reference_pattern: row.reference_pattern,
        reference_usual: row.reference_usual,
        number_characters: NumberCharacters::parse(&row.number_characters).unwrap_or_default(),
        number_longest: row.number_longest,
        future_days: row.future_days,
        pdf_longest_kb: row.pdf_longest_kb,
        hybrid: row.hybrid,
    }
}

fn form_of(row: ReceiverRow) -> ReceiverForm {
    ReceiverForm {
        way: row.way,
        participant: row.participant,
        portal: row.portal,
        vat_number: row.vat_number,
        order_needed: row.order_needed,
        order_pattern: row.order_pattern,
        reference_needed: row.reference_needed,
        reference_name: row.reference_name,
        reference_pattern: row.reference_pattern,
        reference_usual: row.reference_usual,
        number_characters: row.number_characters,
        number_longest: row.number_longest,
        future_days: row.future_days,
        pdf_longest_kb: row.pdf_longest_kb,
        hybrid: row.hybrid,
    }
}

impl ReceiverForm {
    fn way(&self) -> Option<DocumentWay> {
        if self.way.is_empty() { Some(DocumentWay::Letters) } else { DocumentWay::parse(&self.way) }
    }

    fn characters(&self) -> Option<NumberCharacters> {
        let typed = &self.number_characters;
        if typed.is_empty() { Some(NumberCharacters::Any) } else { NumberCharacters::parse(typed) }
    }

    fn check(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        let mut say = |field: &str, message: &str, typed: &str| wrong.push(Invalid::field(field, message, typed));
        let way = self.way();
        if way.is_none() {
            say("way", "Choose letters, peppol or portal", &self.way);
        }
        match read_endpoint(&self.participant) {
            Err(message) if !self.participant.trim().is_empty() => say("participant", message, &self.participant),
            Err(_) if way == Some(DocumentWay::Peppol) => {
                say("participant", "Enter the customer's Peppol participant id, like 0088:5790000435944", "");
            }
            _ => {}
        }
        if way == Some(DocumentWay::Portal) && self.portal.trim().is_empty() {
            say("portal", "Enter the name of the customer's portal", "");
        }
        if !self.vat_number.trim().is_empty() && vat_number(&self.vat_number).is_none() {
            say("vat_number", "Enter a UK VAT number, like GB123456789", &self.vat_number);
        }
        for (field, pattern) in [("order_pattern", &self.order_pattern), ("reference_pattern", &self.reference_pattern)]
        {
            if !is_pattern(pattern) {
                say(field, "Enter at most 40 characters, with * only at the end", pattern);
            }
        }
        let usual = self.reference_usual.trim();
        if !usual.is_empty() && !matches_pattern(&self.reference_pattern, usual) {
            say("reference_usual", "Enter a reference of the form you gave for it", usual);
        }
        if self.characters().is_none() {
            say("number_characters", "Choose any, digits or letters_digits", &self.number_characters);
        }
        for (field, value, least, most, words) in [
            ("number_longest", self.number_longest, 1, 40, "Enter a number of characters from 1 to 40"),
            ("future_days", self.future_days, 0, 366, "Enter a number of days from 0 to 366"),
            ("pdf_longest_kb", self.pdf_longest_kb, 10, 100_000, "Enter a size from 10 to 100000"),
        ] {
            if let Some(value) = value.filter(|value| !(least..=most).contains(value)) {
                say(field, words, &value.to_string());
            }
        }
        for (field, text) in self.texts() {
            if text.chars().count() > 100 || text.chars().any(char::is_control) {
                say(field, "Enter at most 100 characters on one line", text);
            }
        }
        wrong
    }

    fn texts(&self) -> [(&str, &str); 7] {
        [
            ("participant", &self.participant),
            ("portal", &self.portal),
            ("vat_number", &self.vat_number),
            ("order_pattern", &self.order_pattern),
            ("reference_name", &self.reference_name),
            ("reference_pattern", &self.reference_pattern),
            ("reference_usual", &self.reference_usual),
        ]
    }

    fn row(&self, customer: i64, version: i64, by: &str, at: chrono::DateTime<chrono::Utc>) -> ReceiverRow {
        let text = |text: &str| text.trim().to_owned();
        let participant = read_endpoint(&self.participant).map(|end| format!("{}:{}", end.scheme, end.id));
        ReceiverRow {
            customer_id: customer,
            way: self.way().unwrap_or_default().as_str().into(),
            participant: participant.unwrap_or_default(),
            portal: text(&self.portal),
            vat_number: vat_number(&self.vat_number).unwrap_or_default(),
            order_needed: self.order_needed,
            order_pattern: text(&self.order_pattern),
            reference_needed: self.reference_needed,
            reference_name: text(&self.reference_name),
            reference_pattern: text(&self.reference_pattern),
            reference_usual: text(&self.reference_usual),
            number_characters: self.characters().unwrap_or_default().as_str().into(),
            number_longest: self.number_longest,
            future_days: self.future_days,
            pdf_longest_kb: self.pdf_longest_kb,
            hybrid: self.hybrid,
            changed_by_name: by.to_owned(),
            recorded_at: at,
            version,
        }
    }
}
