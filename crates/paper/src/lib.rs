//! Letters as people get them: PDF/A-3a with PDF/UA-1, the same letter as e-mail HTML, and as plain text.
//!
//! [`fill`] puts a customer's facts into a [`Template`]; the caller builds a [`Letter`] from that; a [`Printer`] makes it
//! into bytes. The same letter gives the same bytes: there is no clock here, the letter's own date is the file's date.
//! Text is data all the way: nothing in a name or description is ever read as markup.

mod bundle;
mod check;
pub mod editor;
mod examples;
mod html;
mod hybrid;
mod late;
mod letter;
mod money;
mod printer;
mod proof;
mod qr;
pub mod samples;
mod sheet;
mod template;
mod words;
mod world;

pub use bundle::{PdfSeen, Plain, look_into};
pub use examples::examples;
pub use html::HtmlMail;
pub use hybrid::HYBRID_NAME;
pub use letter::{
    Addressee, Ageing, Attachment, Audience, Bank, Block, Corrects, Enclosure, InstalmentLine, InvoiceLine,
    InvoiceTable, Language, LateLine, Letter, LetterItem, LetterKind, Letterhead, Panel, Payment, VatLine,
};
pub use money::{long_date, pounds, short_date};
pub use printer::{Batch, LETTERS_IN_A_PART, PaperFault, PrintFile, PrintPart, Printer, SetLetter};
pub use proof::{ProofGroup, ProofLine, ProofSheet};
pub use template::{
    FIELDS, Fields, Filled, MissingField, Template, TemplateBlock, check as check_template, fields_in, fill,
    shipped_templates,
};
