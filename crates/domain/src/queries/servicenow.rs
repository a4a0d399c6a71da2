//! Cases of a service desk (ServiceNow): what they mean here, what becomes of them, what may leave for it.
use crate::control::contains_card_number;
use crate::delivery::backing::nhs_numbers_in;
use crate::words::named;
use serde::{Deserialize, Serialize};

named! {
    /// What somebody there asks for.
    RequestType {
        /// An invoice, by a sheet that comes with it.
        RaiseInvoice = "raise_invoice", "Raise an invoice";
        /// A credit note.
        CreditNote = "credit_note", "Credit note";
        /// A customer's details are to be changed.
        CustomerChange = "customer_change", "Change of a customer";
        /// A charge is disputed.
        Dispute = "dispute", "Dispute";
        /// Money is to go back.
        Refund = "refund", "Refund";
        /// A debt is to be given up.
        WriteOff = "write_off", "Write-off";
        /// Anything else.
        Enquiry = "enquiry", "Enquiry";
    }
}

named! {
    /// What a state of theirs means.
    CaseMeaning {
        /// Nobody has it yet.
        New = "new", "New";
        /// Somebody works on it.
        InProgress = "in_progress", "In progress";
        /// It waits for somebody.
        OnHold = "on_hold", "On hold";
        /// It is answered.
        Resolved = "resolved", "Resolved";
        /// It is over.
        Closed = "closed", "Closed";
        /// It was taken back.
        Cancelled = "cancelled", "Cancelled";
    }
}

impl CaseMeaning {
    /// Nothing more is done about it there.
    pub fn is_over(self) -> bool {
        matches!(self, CaseMeaning::Resolved | CaseMeaning::Closed | CaseMeaning::Cancelled)
    }
}

named! {
    /// Where a case stands here.
    CaseState {
        /// A person says what becomes of it.
        Waiting = "waiting", "Waits for a person";
        /// It is a query.
        Query = "query", "Is a query here";
        /// It is one or more requests for invoices.
        Requests = "requests", "Is a request for invoices";
        /// Its sheet is to be put right there.
        SentBack = "sent_back", "Sent back to be put right";
        /// Nothing comes of it.
        SetAside = "set_aside", "Set aside";
        /// We open it there.
        ToSend = "to_send", "Waits to be opened there";
        /// We opened it and got no answer.
        Unsure = "unsure", "No answer yet: it is looked for";
        /// It is open there.
        Asked = "asked", "Open there";
        /// They answered.
        Answered = "answered", "Answered there";
        /// It ended there without an answer.
        Ended = "ended", "Ended there without an answer";
        /// They do not take it.
        NotTaken = "not_taken", "Not taken there";
    }
}

/// The states of the customer service table.
pub const CASE_STATES: &str = "1 new\n10 in_progress\n18 on_hold\n6 resolved\n3 closed";
/// The states of the incident table.
pub const INCIDENT_STATES: &str = "1 new\n2 in_progress\n3 on_hold\n6 resolved\n7 closed\n8 cancelled";
/// What categories there mean: the category, the type, and the category of the query that it becomes.
pub const TYPES: &str = "raise_invoice raise_invoice -\ncredit_note credit_note price\ncustomer_change customer_change other\ndispute dispute service\nrefund refund other\nwrite_off write_off other\nenquiry enquiry other";

/// Lines of a list, at most.
const LINES: usize = 60;

/// Which state of theirs means what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateMap(Vec<(String, CaseMeaning)>);

impl StateMap {
    /// Reads `code meaning` lines; a sentence about the first that cannot be read.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<StateMap, String> {
        let mut all: Vec<(String, CaseMeaning)> = Vec::new();
        for line in lines(text)? {
            let words: Vec<&str> = line.split_whitespace().collect();
            let &[code, meaning] = words.as_slice() else {
                return Err(format!("Enter a state of theirs and what it means, not “{line}”"));
            };
            let meaning = CaseMeaning::parse(meaning).ok_or_else(|| {
                format!("“{meaning}” is no meaning: use {}", list(CaseMeaning::ALL, CaseMeaning::as_str))
            })?;
            if !is_word(code) {
                return Err(format!("“{code}” cannot be a state of theirs"));
            }
            if all.iter().any(|(known, _)| known == code) {
                return Err(format!("State {code} stands twice"));
            }
            all.push((code.to_owned(), meaning));
        }
        for needed in [CaseMeaning::InProgress, CaseMeaning::Resolved] {
            if !all.iter().any(|(_, meaning)| *meaning == needed) {
                return Err(format!("Say which state means {}", needed.as_str()));
            }
        }
        Ok(StateMap(all))
    }

    /// What a state means, where it is known.
    pub fn meaning(&self, code: &str) -> Option<CaseMeaning> {
        self.0.iter().find(|(known, _)| known == code).map(|(_, meaning)| *meaning)
    }

    /// The first state that means it.
    pub fn code(&self, meaning: CaseMeaning) -> Option<&str> {
        self.0.iter().find(|(_, known)| *known == meaning).map(|(code, _)| code.as_str())
    }
}

/// What a category there asks for, and the category of the query that comes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeMeans {
    /// Their word.
    pub there: String,
    /// What it asks for.
    pub means: RequestType,
    /// A category of queries; empty for a request for invoices.
    pub category: String,
}

/// Reads `category type query-category` lines.
///
/// # Errors
/// What is wrong with it.
pub fn read_types(text: &str) -> Result<Vec<TypeMeans>, String> {
    let mut all: Vec<TypeMeans> = Vec::new();
    for line in lines(text)? {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[there, means, category] = words.as_slice() else {
            return Err(format!("Enter their category, a type and a category of queries, not “{line}”"));
        };
        let means = RequestType::parse(means)
            .ok_or_else(|| format!("“{means}” is no type: use {}", list(RequestType::ALL, RequestType::as_str)))?;
        let category = if category == "-" { String::new() } else { category.to_owned() };
        if category.is_empty() && means != RequestType::RaiseInvoice {
            return Err(format!("Say which category of queries {there} becomes"));
        }
        if !is_word(there) || all.iter().any(|one| one.there == there) {
            return Err(format!("Category {there} stands twice, or cannot be one of theirs"));
        }
        all.push(TypeMeans { there: there.to_owned(), means, category });
    }
    Ok(all)
}

fn lines(text: &str) -> Result<Vec<&str>, String> {
    let all: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if all.is_empty() || all.len() > LINES {
        return Err(format!("Enter 1 to {LINES} lines"));
    }
    Ok(all)
}

fn list<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> String {
    all.iter().map(|one| name(*one)).collect::<Vec<_>>().join(", ")
}

/// Whether a text can be the name of a table, a field, a state or a category of theirs.
pub fn is_word(text: &str) -> bool {
    (1..=80).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

/// Whether a text is an id of theirs: 32 hexadecimal digits.
pub fn is_sys_id(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A person's words as part of a question to them: nothing in it ends a condition.
pub fn for_their_query(words: &str) -> String {
    words.chars().filter(|c| *c != '^' && !c.is_control()).collect()
}

/// What in a text must not leave for a service desk: bank details, a card, an NHS number.
pub fn must_not_leave(text: &str) -> Option<&'static str> {
    if contains_card_number(text) {
        return Some("a payment card number");
    }
    if nhs_numbers_in(text) > 0 {
        return Some("an NHS number");
    }
    has_bank_details(text).then_some("bank details")
}

/// A sort code as people write it (12-34-56), or six and eight digits one after the other.
fn has_bank_details(text: &str) -> bool {
    let runs: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).collect();
    let hyphened = text.split(|c: char| !c.is_ascii_digit() && c != '-').any(|word| {
        let parts: Vec<&str> = word.split('-').collect();
        parts.len() == 3 && parts.iter().all(|part| part.len() == 2)
    });
    let numbers: Vec<&str> = runs.into_iter().filter(|run| !run.is_empty()).collect();
    let side_by_side = numbers.windows(2).any(|pair| pair[0].len() == 6 && pair[1].len() == 8);
    hyphened || side_by_side || text.split_whitespace().any(is_iban)
}

fn is_iban(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    word.len() >= 15
        && word.len() <= 34
        && word.bytes().take(2).all(|byte| byte.is_ascii_uppercase())
        && word.bytes().skip(2).take(2).all(|byte| byte.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && word.bytes().filter(u8::is_ascii_digit).count() >= 8
}

/// An account that a case names, with the invoices of it that it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseNames {
    /// Number of the account.
    pub account: String,
    /// Invoices of it.
    pub invoices: Vec<String>,
}

/// What becomes of a case that asks for something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CasePlaced {
    /// A query about an account, or about one invoice of it.
    Query {
        /// Number of the account.
        account: String,
        /// The invoice.
        item: Option<String>,
        /// Category of the query.
        category: String,
    },
    /// Requests for invoices, by the sheet that came with it.
    Requests,
    /// A person says what becomes of it, and why.
    Person(String),
}

/// What becomes of a case, by what it asks for and what it names.
pub fn place_case(means: Option<&TypeMeans>, names: &[CaseNames], has_sheet: bool) -> CasePlaced {
    let person = |why: &str| CasePlaced::Person(why.to_owned());
    let Some(means) = means else {
        return person("Its category says nothing that is known here");
    };
    if means.means == RequestType::RaiseInvoice {
        return if has_sheet {
            CasePlaced::Requests
        } else {
            person("It asks for an invoice and no sheet came with it")
        };
    }
    match names {
        [] => person("It names no invoice and no account that is known here"),
        [one] if one.invoices.len() > 1 => person("It names several invoices"),
        [one] => {
            let item = one.invoices.first().cloned();
            if means.means == RequestType::Dispute && item.is_none() {
                return person("It disputes something and names no invoice");
            }
            CasePlaced::Query { account: one.account.clone(), item, category: means.category.clone() }
        }
        _ => person("It names several accounts"),
    }
}

/// Minutes until they are asked again, after so many failures one after another: 1, 2, 4 … 64.
pub fn minutes_to_wait(failures: i64) -> i64 {
    1i64 << (failures.clamp(1, 7) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qry_01_the_state_map_is_a_setting() {
        let map = StateMap::read(CASE_STATES).expect("reads");
        assert_eq!((map.meaning("18"), map.code(CaseMeaning::Resolved)), (Some(CaseMeaning::OnHold), Some("6")));
        assert_eq!((map.meaning("99"), map.code(CaseMeaning::Cancelled)), (None, None));
        assert!(StateMap::read(INCIDENT_STATES).is_ok_and(|map| map.code(CaseMeaning::Cancelled) == Some("8")));
        for wrong in ["", "1", "1 wrong", "1 new\n1 closed", "1 new\n6 resolved", "a^b new\n2 in_progress\n6 resolved"]
        {
            assert!(StateMap::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn qry_01_each_request_type_has_a_place_here() {
        let types = read_types(TYPES).expect("reads");
        assert_eq!(types.len(), RequestType::ALL.len());
        let of = |there: &str| types.iter().find(|one| one.there == there);
        let hall = CaseNames { account: "C100001".into(), invoices: vec!["INV-000001".into()] };
        let account = CaseNames { account: "C100001".into(), invoices: vec![] };
        let other = CaseNames { account: "C100002".into(), invoices: vec![] };
        let query = |item: Option<&str>, category: &str| CasePlaced::Query {
            account: "C100001".into(),
            item: item.map(str::to_owned),
            category: category.into(),
        };
        let place = |there: &str, names: &[CaseNames]| place_case(of(there), names, false);
        assert_eq!(place("dispute", std::slice::from_ref(&hall)), query(Some("INV-000001"), "service"));
        assert_eq!(place("enquiry", std::slice::from_ref(&account)), query(None, "other"));
        assert_eq!(place("credit_note", std::slice::from_ref(&hall)), query(Some("INV-000001"), "price"));
        assert_eq!(place_case(of("raise_invoice"), &[], true), CasePlaced::Requests);
        let two = CaseNames { invoices: vec!["INV-000001".into(), "INV-000002".into()], ..hall };
        for (there, names) in [
            ("dispute", vec![account.clone()]),
            ("dispute", vec![]),
            ("enquiry", vec![account, other]),
            ("dispute", vec![two]),
            ("raise_invoice", vec![]),
            ("unknown", vec![]),
        ] {
            assert!(matches!(place(there, &names), CasePlaced::Person(_)), "{there}");
        }
        for wrong in ["dispute dispute", "dispute wrong price", "dispute dispute -", "a enquiry other\na refund other"]
        {
            assert!(read_types(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn qry_07_what_leaves_for_a_service_desk_holds_no_bank_or_health_number() {
        for (text, what) in [
            ("Pay to 08-99-99 66374958", "bank details"),
            ("Account 089999 66374958?", "bank details"),
            ("To GB29NWBK60161331926819.", "bank details"),
            ("Was 943 476 5919 in hospital?", "an NHS number"),
            ("Card 4111 1111 1111 1111", "a payment card number"),
        ] {
            assert_eq!(must_not_leave(text), Some(what), "{text}");
        }
        for text in ["Was the hall used on 10 November 2026? INV-000012, £25.00", "Order 20817744, case CS0012345"] {
            assert_eq!(must_not_leave(text), None, "{text}");
        }
    }

    #[test]
    fn qry_01_a_question_to_them_is_never_built_from_bare_words() {
        assert_eq!(for_their_query("a^ORactive=true\nb"), "aORactive=trueb");
        assert_eq!([1, 2, 3, 7, 50].map(minutes_to_wait), [1, 2, 4, 64, 64]);
        assert!(is_sys_id("9d385017c611228701d22104cc95c371") && !is_sys_id("9d385017") && !is_word("a b"));
    }
}
