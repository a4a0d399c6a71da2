//! What the trail and the outbox keep of what happened: ids, numbers, codes, days, sums, and which fields were filled in.
//! Names, addresses, bank details and words that somebody typed stay where they belong: with the customer, the case, the
//! letter (data minimised: UK GDPR article 5(1)(c)).
use serde_json::{Map, Value};

/// What stands in place of words: that the field was filled in.
pub const GIVEN: &str = "given";

/// What is set at the desk itself, and why: no customer stands in it, and the trail is where it is read.
pub const WHOLE: &[&str] = &[
    "AllocationOrderSet",
    "BankAccountAdded",
    "BankFilesCollected",
    "BankSourceKept",
    "BankSourceVisited",
    "BankStatementTakenAnyway",
    "CardProviderSet",
    "ControlsProved",
    "CsvProfileEnded",
    "CsvProfileSaved",
    "CsvProfileSavedAgain",
    "EscalationSet",
    "FeederSet",
    "LetterApproved",
    "LetterDraftAsked",
    "LetterDraftWithdrawn",
    "LetterDrafted",
    "ListingColumnsNamed",
    "LossRatesAsked",
    "LossRatesSet",
    "MailboxKept",
    "MailboxPaused",
    "MailboxUsed",
    "MailboxVisited",
    "MatchPolicySet",
    "ModulusTableLoaded",
    "NotifyChecked",
    "NotifySet",
    "OrganisationOpened",
    "PathwayApproved",
    "PathwayAsked",
    "PathwayDraftWithdrawn",
    "PathwayDrafted",
    "PathwaySimulated",
    "PayingAccountSet",
    "PaymentLayoutSaved",
    "PaymentTermsAdded",
    "PaymentTermsEnded",
    "PaymentTermsOffered",
    "PeriodHardClosed",
    "PeriodReopened",
    "PeriodSoftClosed",
    "PersonServicesSet",
    "PlanSettingsChanged",
    "QueryCategorySet",
    "RateCardLoaded",
    "RatesAsked",
    "RatesSet",
    "ServiceNowChecked",
    "ServiceNowLooked",
    "ServiceNowSet",
    "ServiceNowStopped",
    "ServiceUserSet",
    "SettingsChanged",
    "SettingsConfirmed",
    "StandingOrderChargesSet",
    "TermsDated",
    "WriteOffPolicyAsked",
    "WriteOffPolicySet",
];

/// Fields of a person, or in somebody's own words: kept of none of them, however short.
const WORDS: &[&str] = &[
    "account_no",
    "account_number",
    "account_ending",
    "address",
    "address1",
    "address2",
    "agreed_with",
    "assets",
    "because",
    "birth_date",
    "body",
    "born_on",
    "born_or_number",
    "call_back",
    "candidates",
    "cells",
    "circumstances",
    "claimant",
    "date_of_birth",
    "debtor",
    "defendant",
    "description",
    "dob",
    "email",
    "find",
    "firm",
    "holder",
    "iban",
    "known_as",
    "message",
    "mobile",
    "name",
    "national_insurance",
    "new",
    "next_step",
    "nhs_number",
    "ni_number",
    "note",
    "notes",
    "office_holder",
    "old",
    "particulars",
    "payee",
    "payer",
    "phone",
    "postcode",
    "postcodes",
    "property",
    "question",
    "raw",
    "reason",
    "reasons",
    "reference_value",
    "sender",
    "sentence",
    "service_address",
    "signatory",
    "solicitor",
    "sort_code",
    "summary",
    "talking_to",
    "telephone",
    "text",
    "town",
    "uprn",
    "value",
    "what",
    "what_for",
    "who",
    "why",
    "words",
];

/// How such a field's name may end.
const WORDS_AT_THE_END: &[&str] = &[
    "_address",
    "_address1",
    "_address2",
    "_email",
    "_holder",
    "_name",
    "_note",
    "_phone",
    "_postcode",
    "_reason",
    "_town",
    "_why",
    "_words",
];

/// Fields whose names end like a person's and hold none.
const NO_WORDS: &[&str] = &["sign_in_name", "step_name"];

/// Fields that hold numbers of ours, however they look: an invoice may be called 20481712, as an account at a bank is.
const NUMBERS: &[&str] = &[
    "approval",
    "batch",
    "case",
    "code",
    "contract",
    "customer",
    "customer_number",
    "customers",
    "debt",
    "debts",
    "document",
    "documents",
    "file",
    "gl_code",
    "gone",
    "invoice",
    "invoice_number",
    "invoices",
    "item",
    "item_number",
    "items",
    "key",
    "letter",
    "number",
    "numbers",
    "plan",
    "query",
    "receipt",
    "run",
    "schedule",
    "stays",
    "sun",
];

/// What the trail and the outbox keep of an event's detail.
///
/// What it does not know as an id, a code, a day or a sum it does not keep, so a new event tells too little rather than too
/// much.
pub fn kept(event: &str, detail: Value) -> Value {
    if WHOLE.contains(&event) { detail } else { without_words("", detail) }
}

/// Why it was done, out of an event's detail: kept beside the trail (SEC-02), where it can be erased; empty where none is
/// told, or where the trail itself has it.
pub fn why(event: &str, detail: &Value) -> String {
    if WHOLE.contains(&event) {
        return String::new();
    }
    match detail {
        // An answer and why, or what was asked and what came of it.
        Value::Array(parts) => parts.iter().find_map(|part| said(part).or_else(|| words_alone(part))),
        one => said(one),
    }
    .unwrap_or_default()
    .to_owned()
}

fn said(detail: &Value) -> Option<&str> {
    let of = |field: &str| detail.get(field).and_then(words_of);
    of("reason").or_else(|| of("why"))
}

fn words_alone(part: &Value) -> Option<&str> {
    words_of(part).filter(|text| !may_stay("", text))
}

fn words_of(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|text| !text.is_empty())
}

fn without_words(field: &str, value: Value) -> Value {
    match value {
        Value::String(text) if !may_stay(field, &text) => GIVEN.into(),
        Value::Array(all) => Value::Array(all.into_iter().map(|one| without_words(field, one)).collect()),
        Value::Object(fields) => Value::Object(fields.into_iter().map(field_without_words).collect::<Map<_, _>>()),
        other => other,
    }
}

fn field_without_words((name, value): (String, Value)) -> (String, Value) {
    let value = without_words(&name, value);
    if is_code(&name) { (name, value) } else { (GIVEN.to_owned(), value) }
}

/// Whether a text under a field is an id or a code, or says of what another thing is.
pub(super) fn may_stay(field: &str, text: &str) -> bool {
    if text.is_empty() {
        return true;
    }
    if holds_words(field) {
        return false;
    }
    let whole = is_code(text) && (NUMBERS.contains(&field) || !looks_like_an_account(text));
    whole || (matches!(field, "subject" | "about") && is_a_thing(text))
}

fn holds_words(field: &str) -> bool {
    let ends = || WORDS_AT_THE_END.iter().any(|end| field.ends_with(end));
    !NO_WORDS.contains(&field) && (WORDS.contains(&field) || ends())
}

/// One word of plain signs: with a digit, or without capitals, or a few capitals such as GBP.
fn is_code(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:+#%".contains(c);
    let (small, large) = (|c: u8| c.is_ascii_lowercase(), |c: u8| c.is_ascii_uppercase());
    let short = text.len() <= 4 && !text.bytes().any(small);
    let of_a_kind = short || text.bytes().any(|c| c.is_ascii_digit()) || !text.bytes().any(large);
    text.len() <= 128 && text.chars().all(plain) && of_a_kind
}

/// Six to thirteen digits, as of a sort code, an account, a telephone or the National Health Service; a day is none.
fn looks_like_an_account(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let only = text.bytes().all(|c| c.is_ascii_digit() || c == b'-' || c == b'+');
    only && (6..=13).contains(&digits) && !is_a_day(text)
}

fn is_a_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok()
}

/// A thing as events name it: small words, then its number, as `card refund CRF-000001`.
fn is_a_thing(text: &str) -> bool {
    let Some((kind, number)) = text.rsplit_once(' ') else { return false };
    let small = |word: &str| !word.is_empty() && word.bytes().all(|c| c.is_ascii_lowercase());
    let numbered =
        number.starts_with(|c: char| c.is_ascii_uppercase()) && number.contains(|c: char| c.is_ascii_digit());
    kind.split(' ').count() <= 3 && kind.split(' ').all(small) && numbered && is_code(number)
}
