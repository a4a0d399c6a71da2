//! One row: every fault of it at once, each with what was given and what would be right.
use super::Field;
use crate::billing::VatCode;
use crate::billing::contracts::check_service_user;
use crate::control::{contains_card_number, mask_card_numbers};
use crate::money::{LARGEST, Pence};
use crate::words::written;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The longest description, in characters.
const LONGEST_TEXT: usize = 200;
/// The longest of the other fields.
const LONGEST: usize = 60;
/// Days that a supply may lie before or after the day the file is read.
const FAR: i64 = 3_660;

/// What a row says of each field, in the order of [`Field::ALL`]; empty where the feeder has no column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Row as a spreadsheet numbers it.
    pub row: u64,
    /// The cells.
    pub cells: Vec<String>,
}

impl Given {
    /// What it says of a field.
    pub fn of(&self, field: Field) -> &str {
        self.cells.get(field.place()).map_or("", |cell| cell.trim())
    }
}

/// What stands where a row says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// VAT code.
    pub vat_code: VatCode,
    /// Income code.
    pub income_code: String,
    /// Cost centre.
    pub cost_centre: String,
    /// Service.
    pub service: String,
}

/// What coding is checked against.
#[derive(Clone, Copy, Debug)]
pub struct Coding<'a> {
    /// The organisation's income codes.
    pub income: &'a [String],
    /// Whether the organisation may charge VAT.
    pub registered: bool,
    /// The day the file is read.
    pub today: NaiveDate,
}

/// A thing that is wrong in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Row as a spreadsheet numbers it.
    pub row: u64,
    /// Which field; empty for the whole row.
    pub field: String,
    /// Stable word for the kind of fault.
    pub code: String,
    /// The value as given; card numbers masked.
    pub given: String,
    /// What would be right.
    pub right: String,
}

impl Fault {
    /// A fault of a field.
    pub fn of(row: u64, field: Field, code: &str, given: &str, right: impl Into<String>) -> Fault {
        let given = mask_card_numbers(&given.chars().take(LONGEST_TEXT).collect::<String>());
        Fault { row, field: field.as_str().into(), code: code.into(), given, right: right.into() }
    }
}

/// A row that can be billed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Row as a spreadsheet numbers it.
    pub row: u64,
    /// The sender's number of the charge.
    pub reference: String,
    /// Who is charged, as the sender knows them.
    pub customer: String,
    /// The sender's document.
    pub document: String,
    /// What it is for.
    pub description: String,
    /// Pounds, as sent.
    pub amount: Pence,
    /// VAT code.
    pub vat_code: VatCode,
    /// Income code.
    pub income_code: String,
    /// Cost centre.
    pub cost_centre: String,
    /// Service.
    pub service: String,
    /// The day supplied.
    pub supplied_on: Option<NaiveDate>,
    /// Purchase order.
    pub order: String,
    /// The person's reference.
    pub service_user: String,
}

/// Reads a row.
///
/// # Errors
/// Every fault of the row.
pub fn read_charge(given: &Given, defaults: &Defaults, coding: &Coding<'_>) -> Result<Charge, Vec<Fault>> {
    let mut reader = Reader { given, coding, faults: Vec::new() };
    let charge = Charge {
        row: given.row,
        reference: reader.reference(),
        customer: reader.needed(Field::Customer, "the customer's number or reference"),
        document: reader.text(Field::Document),
        description: reader.needed(Field::Description, "what the charge is for"),
        amount: reader.amount(),
        vat_code: reader.vat_code(defaults.vat_code),
        income_code: reader.income_code(&defaults.income_code),
        cost_centre: reader.or(Field::CostCentre, &defaults.cost_centre),
        service: reader.or(Field::Service, &defaults.service),
        supplied_on: reader.supplied_on(),
        order: reader.text(Field::Order),
        service_user: reader.service_user(),
    };
    if charge.vat_code.is_taxable() && given.of(Field::SuppliedOn).is_empty() {
        reader.wrong(Field::SuppliedOn, "missing", "the day of supply, since VAT is due: 2026-05-31");
    }
    if reader.faults.is_empty() { Ok(charge) } else { Err(reader.faults) }
}

struct Reader<'a> {
    given: &'a Given,
    coding: &'a Coding<'a>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn wrong(&mut self, field: Field, code: &str, right: impl Into<String>) {
        let fault = Fault::of(self.given.row, field, code, self.given.of(field), right);
        if !self.faults.iter().any(|one| one.field == fault.field) {
            self.faults.push(fault);
        }
    }

    fn text(&mut self, field: Field) -> String {
        let text = self.given.of(field).to_owned();
        let most = if field == Field::Description { LONGEST_TEXT } else { LONGEST };
        if contains_card_number(&text) {
            self.wrong(field, "card_number", "no payment card number: take it out");
        } else if text.chars().any(char::is_control) {
            self.wrong(field, "text", "plain text on one line");
        } else if text.chars().count() > most {
            self.wrong(field, "too_long", format!("at most {most} characters"));
        }
        text
    }

    fn needed(&mut self, field: Field, what: &str) -> String {
        let text = self.text(field);
        if text.is_empty() {
            self.wrong(field, "missing", what);
        }
        text
    }

    fn or(&mut self, field: Field, default: &str) -> String {
        let text = self.text(field);
        if text.is_empty() { default.to_owned() } else { text }
    }

    fn reference(&mut self) -> String {
        let text = self.needed(Field::Reference, "the sender's own number of the charge, used once");
        let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit() || b == b'.');
        let upper = text.to_ascii_uppercase();
        if upper.split_once("E+").is_some_and(|(a, b)| number(a) && number(b)) {
            self.wrong(Field::Reference, "damaged", "the number in full: a spreadsheet has shortened it");
        } else if !text.is_empty() && !text.chars().any(|c| c.is_ascii_digit()) {
            self.wrong(Field::Reference, "name", "a reference with digits in it, never a name");
        }
        text
    }

    fn amount(&mut self) -> Pence {
        match Pence::parse(self.given.of(Field::Amount)) {
            None => {
                self.wrong(Field::Amount, "amount", "pounds with at most two decimals: 1284.50");
                Pence::ZERO
            }
            Some(amount) if amount <= Pence::ZERO => {
                self.wrong(Field::Amount, "not_above_zero", "more than nothing: give money back with a credit note");
                amount
            }
            Some(amount) if amount > LARGEST => {
                self.wrong(Field::Amount, "too_large", "at most 10,000,000,000.00");
                amount
            }
            Some(amount) => amount,
        }
    }

    fn vat_code(&mut self, default: VatCode) -> VatCode {
        let text = self.given.of(Field::VatCode).to_uppercase();
        let code = if text.is_empty() { Some(default) } else { VatCode::parse(&text) };
        match code {
            None => {
                self.wrong(Field::VatCode, "vat_code", "S, R, Z, E or O");
                default
            }
            Some(code) if code.is_taxable() && !self.coding.registered => {
                self.wrong(Field::VatCode, "not_registered", "E or O: this organisation has no VAT number");
                code
            }
            Some(code) => code,
        }
    }

    fn income_code(&mut self, default: &str) -> String {
        let code = self.or(Field::IncomeCode, default);
        if !self.coding.income.contains(&code) {
            let some: Vec<&str> = self.coding.income.iter().take(6).map(String::as_str).collect();
            let more = if self.coding.income.len() > some.len() { " and others" } else { "" };
            self.wrong(Field::IncomeCode, "income_code", format!("an income code of ours: {}{more}", some.join(", ")));
        }
        code
    }

    fn supplied_on(&mut self) -> Option<NaiveDate> {
        let text = self.given.of(Field::SuppliedOn);
        if text.is_empty() {
            return None;
        }
        let day = day(text);
        match day {
            None => self.wrong(Field::SuppliedOn, "date", "a day that exists: 2026-05-31 or 31/05/2026"),
            Some(day) if (day - self.coding.today).num_days().abs() > FAR => {
                self.wrong(
                    Field::SuppliedOn,
                    "far",
                    format!("a day within ten years of {}", written(self.coding.today)),
                );
            }
            Some(_) => {}
        }
        day
    }

    fn service_user(&mut self) -> String {
        match check_service_user(self.given.of(Field::ServiceUser)) {
            Ok(reference) => reference,
            Err(wrong) => {
                let right = wrong.message.strip_prefix("Enter ").unwrap_or(&wrong.message).to_owned();
                self.wrong(Field::ServiceUser, "name", right);
                String::new()
            }
        }
    }
}

/// `2026-05-31`, `31/05/2026` or `31-05-2026`; a workbook's `2026-05-31 00:00:00` too.
fn day(text: &str) -> Option<NaiveDate> {
    let text = text.strip_suffix(" 00:00:00").or_else(|| text.strip_suffix("T00:00:00")).unwrap_or(text);
    ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"].iter().find_map(|form| {
        let widths = text.len() == 10;
        NaiveDate::parse_from_str(text, form).ok().filter(|_| widths)
    })
}
