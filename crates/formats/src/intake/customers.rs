//! `import customers`.

use super::table::{Fields, Intake, Shape, read};
use std::collections::HashMap;

const SHAPE: Shape = Shape {
    required: &[
        "customer_id",
        "name",
        "kind",
        "address1",
        "town",
        "postcode",
        "email",
        "terms_days",
        "sort_code",
        "account_no",
    ],
    optional: &[
        "address2",
        "county",
        "country",
        "phone",
        "language",
        "references",
        "service",
        "nhs_number",
        "company_number",
        "vat_number",
        "notes",
    ],
};

/// One customer as sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomerRow {
    /// The old system's number, kept as ours.
    pub customer_id: String,
    /// Name as printed.
    pub name: String,
    /// Kind, such as `person` or `company`; the desk decides what it means.
    pub kind: String,
    /// First line of the address.
    pub address1: String,
    /// Second line.
    pub address2: String,
    /// Town.
    pub town: String,
    /// County.
    pub county: String,
    /// Postcode.
    pub postcode: String,
    /// Country, empty for the United Kingdom.
    pub country: String,
    /// E-mail.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Days from invoice to due date; nothing when not said.
    pub terms_days: Option<u32>,
    /// Six digits without marks, or empty.
    pub sort_code: String,
    /// Eight digits, or empty.
    pub account_no: String,
    /// Preferred language.
    pub language: String,
    /// Other references they are known by (in the file: separated by `;`).
    pub references: Vec<String>,
    /// The service they deal with.
    pub service: String,
    /// Optional columns that the file carries besides: `nhs_number`, `company_number`, `vat_number`, `notes`.
    pub other: Vec<(String, String)>,
}

/// Reads customers.
pub fn read_customers(bytes: &[u8]) -> Intake<CustomerRow> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    read(bytes, &SHAPE, |fields| {
        let customer = customer(fields);
        if !customer.customer_id.is_empty()
            && let Some(first) = seen.insert(customer.customer_id.clone(), fields.row)
        {
            fields.wrong("customer_id", "duplicate", format!("is also on row {first}"));
        }
        Some(customer)
    })
}

fn customer(fields: &mut Fields<'_>) -> CustomerRow {
    let sort_code = digits(fields, "sort_code", 6);
    let account_no = digits(fields, "account_no", 8);
    if sort_code.is_empty() != account_no.is_empty() && fields.problems.is_empty() {
        let missing = if sort_code.is_empty() { "sort_code" } else { "account_no" };
        fields.wrong(missing, "field.missing", "sort code and account number go together");
    }
    let email = fields.text("email");
    if !email.is_empty() && !is_email(&email) {
        fields.wrong("email", "email", "is not an e-mail address");
    }
    let terms_days = if fields.typed("terms_days").is_empty() { None } else { fields.whole("terms_days", 0, 365) };
    let references = fields.text("references");
    let mut other = Vec::new();
    for name in ["nhs_number", "company_number", "vat_number", "notes"] {
        let value = fields.text(name);
        if !value.is_empty() {
            other.push((name.to_owned(), value));
        }
    }
    CustomerRow {
        customer_id: fields.identity("customer_id"),
        name: fields.needed("name"),
        kind: fields.needed("kind"),
        address1: fields.text("address1"),
        address2: fields.text("address2"),
        town: fields.text("town"),
        county: fields.text("county"),
        postcode: fields.text("postcode"),
        country: fields.text("country"),
        email,
        phone: fields.text("phone"),
        terms_days,
        sort_code,
        account_no,
        language: fields.text("language"),
        references: references.split(';').map(|r| r.trim().to_owned()).filter(|r| !r.is_empty()).collect(),
        service: fields.text("service"),
        other,
    }
}

/// Exactly so many digits, hyphens and spaces apart; or nothing.
fn digits(fields: &mut Fields<'_>, field: &str, count: usize) -> String {
    let bare: String = fields.typed(field).chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    if !bare.is_empty() && (bare.len() != count || !bare.bytes().all(|b| b.is_ascii_digit())) {
        fields.wrong(field, "bank_details", format!("must be {count} digits"));
    }
    bare
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    !local.is_empty()
        && !domain.is_empty()
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !text.contains(char::is_whitespace)
        && !text.contains([',', ';', '<', '>'])
}
