//! What a letter is made of. Money is whole pence, quantities and rates are text as they should be read.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Which letter this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterKind {
    /// A demand for payment, with or without VAT (INV-01, INV-03).
    Invoice,
    /// Reduces an invoice and names it (INV-09).
    CreditNote,
    /// First reminder (REC-04).
    Reminder1,
    /// Second reminder (REC-04).
    Reminder2,
    /// Last letter before legal steps (REC-04).
    FinalNotice,
    /// The customer's open items; never a demand (REC-04).
    Statement,
    /// The debt protocol's letter to an individual (REC-02).
    LetterOfClaim,
    /// The practice direction's letter to a company or public body (REC-01).
    LetterBeforeAction,
    /// Thanks for money received.
    Receipt,
    /// About a Direct Debit: what will be collected and when, or what came back.
    DirectDebit,
    /// A paying-in slip: cheques and cash on their way to the bank, with their total.
    PayingIn,
    /// About a payment plan; its items are the instalments.
    Plan,
    /// Anything else a site writes: blocks and, if given, a table.
    Other,
}

/// The language of the whole letter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// English (`en-GB`).
    #[default]
    English,
    /// Welsh (`cy-GB`).
    Welsh,
}

impl Language {
    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en-GB",
            Self::Welsh => "cy-GB",
        }
    }
}

/// Whom the letter is about; some blocks are for one audience only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// A block with this audience is for all; a letter is never addressed to it.
    #[default]
    Everyone,
    /// People, sole traders, and types not known (REC-01: the safe choice).
    Individuals,
    /// Companies and public bodies.
    Businesses,
}

/// The organisation's bank account for transfers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bank {
    /// As printed, such as `12-34-56`.
    pub sort_code: String,
    /// Eight digits.
    pub account: String,
    /// The name the payer's bank will check.
    pub account_name: String,
}

/// Who writes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letterhead {
    /// The legal entity's name.
    pub name: String,
    /// Its postal address, a line each, postcode last.
    pub address: Vec<String>,
    /// The team's telephone number.
    pub phone: String,
    /// When the telephone is answered, such as "Monday to Friday, 9am to 5pm".
    pub phone_hours: String,
    /// A reply address that is read.
    pub email: String,
    /// The organisation's web address.
    pub web: String,
    /// Absent when the body is not registered for VAT.
    pub vat_number: Option<String>,
    /// The logo as SVG text.
    pub logo_svg: Option<String>,
    /// `#rrggbb`, used for the rule under the letterhead only.
    pub brand_colour: Option<String>,
    /// "The team for bills and invoices".
    pub team_name: String,
    /// Where transfers go.
    pub bank: Bank,
}

/// Who reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// The first line of the address.
    pub name: String,
    /// What follows "Dear", such as "Mrs Pemberton".
    pub salutation: String,
    /// The rest of the address, a line each.
    pub address: Vec<String>,
    /// The customer number people quote.
    pub customer_number: String,
}

/// Other ways to pay than bank transfer, and the reference for all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// What to quote so that the money is found.
    pub reference: String,
    /// Where to pay by card, if the site has such a page.
    pub online: Option<String>,
    /// A payment link of this letter's own, printed as a QR code too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The code the page asks for.
    pub online_code: Option<String>,
    /// The number of the payment line, if there is one.
    pub phone: Option<String>,
}

/// One line of an invoice or credit note (INV-01 items 6 to 8).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceLine {
    /// Enough to know what was supplied.
    pub description: String,
    /// As text, such as `2.5` or `3 weeks`.
    pub quantity: String,
    /// As text with its pound sign; may carry four decimals.
    pub unit_price: String,
    /// `20%`, `5%`, `0%`, `Exempt`, `Outside the scope`.
    pub vat_rate: String,
    /// Whether VAT at any rate, zero included, belongs to this line.
    pub taxable: bool,
    /// Amount without VAT.
    pub net_pence: i64,
}

/// VAT of one rate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct VatLine {
    /// As in [`InvoiceLine::vat_rate`].
    pub rate: String,
    /// Net amount at this rate.
    pub net_pence: i64,
    /// VAT at this rate.
    pub vat_pence: i64,
}

/// The invoice a credit note corrects (INV-09).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Corrects {
    /// Its number.
    pub number: String,
    /// Its date.
    pub dated_on: NaiveDate,
    /// Why it is corrected.
    pub reason: String,
}

/// The money part of an invoice or credit note. Its sums are checked before anything is printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceTable {
    /// The lines.
    pub lines: Vec<InvoiceLine>,
    /// The summary per rate.
    pub vat: Vec<VatLine>,
    /// Sum without VAT.
    pub net_pence: i64,
    /// Sum of VAT.
    pub vat_pence: i64,
    /// Sum with VAT.
    pub gross_pence: i64,
    /// Time of supply (INV-01 item 2).
    pub tax_point_on: Option<NaiveDate>,
    /// Purchase order, requisitioner or other reference of the customer.
    pub your_reference: Option<String>,
    /// For a credit note only.
    pub corrects: Option<Corrects>,
    /// Rate of a discount for prompt payment, as text (INV-01 item 10).
    pub discount: Option<String>,
    /// Margin scheme or reverse charge wording, as text (INV-01 item 12).
    pub vat_wording: Option<String>,
    /// When each part of it is due, where it is paid in instalments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instalments: Vec<InstalmentLine>,
}

/// A part of an invoice with its own due date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstalmentLine {
    /// Its number.
    pub number: String,
    /// When it is due.
    pub due_on: NaiveDate,
    /// How much.
    pub amount_pence: i64,
}

/// One open item of a reminder, statement or letter of claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LetterItem {
    /// Document number.
    pub number: String,
    /// Document date.
    pub dated_on: NaiveDate,
    /// When it was to be paid.
    pub due_on: Option<NaiveDate>,
    /// What it is for, and anything to say about it ("in query").
    pub description: String,
    /// What it was at first; negative for a credit.
    pub amount_pence: i64,
    /// Interest and charges added.
    pub charges_pence: i64,
    /// What paying late adds by law: among the charges where it was posted, and only told where it is quoted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<LateLine>,
    /// What has been paid or credited.
    pub paid_pence: i64,
    /// What of it is in query, and so is not asked for.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub in_query_pence: i64,
    /// What is asked for: amount, plus charges, less paid and what is in query.
    pub owed_pence: i64,
}

/// What paying late adds to one item, to the date of the letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateLine {
    /// Posted, and so asked for; else what will be claimed.
    pub posted: bool,
    /// The yearly rate, as text: `11.75%`.
    pub rate: String,
    /// Simple interest.
    pub interest_pence: i64,
    /// The fixed sum.
    pub compensation_pence: i64,
    /// The contract's own fee, which stands by itself.
    #[serde(default, skip_serializing_if = "is_nothing")]
    pub fee_pence: i64,
    /// The contract and the clause that set it; empty where there is no fee.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub fee_term: String,
}

fn is_nothing(pence: &i64) -> bool {
    *pence == 0
}

/// One block of a letter, its placeholders filled.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The template's name for it.
    pub id: String,
    /// Text, or a panel made from the letter's own facts.
    #[serde(default)]
    pub panel: Panel,
    /// A short heading.
    pub heading: Option<String>,
    /// Paragraphs parted by empty lines; a line that starts with `- ` is a list item.
    #[serde(default)]
    pub text: String,
}

/// What a block shows besides its text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Panel {
    /// Nothing else.
    #[default]
    None,
    /// The ways to pay, from the letterhead's bank and the letter's [`Payment`].
    HowToPay,
    /// The list of enclosures.
    Enclosures,
    /// Whom to call and write to.
    Contact,
}

/// A document that goes with the letter, such as the protocol's own forms.
///
/// Sundry does not write those forms: the site supplies them as PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enclosure {
    /// Which of the kept forms it is, by its stored name; empty for other papers, and in letters of before.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub form: String,
    /// As named in the list of enclosures.
    pub title: String,
    /// The pages; attached to the kept letter and printed after it. Absent when enclosed by hand.
    pub pdf: Option<Vec<u8>>,
}

impl Enclosure {
    /// Pages that go with a letter and are none of the kept forms.
    pub fn pages(title: impl Into<String>, pdf: Vec<u8>) -> Enclosure {
        Enclosure { form: String::new(), title: title.into(), pdf: Some(pdf) }
    }
}

/// A file inside the PDF, such as the invoice in UBL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// File name.
    pub name: String,
    /// Media type, such as `application/xml`.
    pub media_type: String,
    /// What it is, in a sentence.
    pub description: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// How old what is open is, on a statement: every band, credits apart and never netted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ageing {
    /// As at this day.
    pub as_at: NaiveDate,
    /// Name of each band in the letter's language, and what is in it; youngest first.
    pub bands: Vec<(String, i64)>,
    /// Credits not set against an invoice yet: below zero.
    pub unallocated_pence: i64,
}

/// A whole letter: the one input of the printer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// Which letter.
    pub kind: LetterKind,
    /// In which language.
    pub language: Language,
    /// From whom.
    pub organisation: Letterhead,
    /// To whom.
    pub to: Addressee,
    /// The document's own number.
    pub number: String,
    /// The date on the letter, and of the file.
    pub dated_on: NaiveDate,
    /// Pay by, or answer by.
    pub due_on: Option<NaiveDate>,
    /// The heading, the PDF's title and the e-mail's subject.
    pub title: String,
    /// The sum printed large on page one.
    pub sum_pence: i64,
    /// The blocks in order.
    pub blocks: Vec<Block>,
    /// Lines and VAT, for invoices and credit notes.
    pub invoice: Option<InvoiceTable>,
    /// Open items, for the others.
    pub items: Vec<LetterItem>,
    /// How old they are, for statements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ageing: Option<Ageing>,
    /// How to pay; absent when nothing is asked for.
    pub payment: Option<Payment>,
    /// Signed by; the team alone when absent.
    pub signed_by: Option<String>,
    /// What goes with it.
    pub enclosures: Vec<Enclosure>,
    /// A file inside the PDF.
    pub attachment: Option<Attachment>,
    /// Set again at 18 point.
    pub large_print: bool,
    /// Marked as a copy on every page.
    pub copy: bool,
}

impl Letter {
    /// Whether the pages of anything go with it, and not only its name.
    pub fn encloses_pages(&self) -> bool {
        self.enclosures.iter().any(|one| one.pdf.is_some())
    }
}
