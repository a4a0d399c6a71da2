//! The letters that carry invoices and credit notes. What was taken on from an old ledger had its letter there.
use super::compose::{NewLetter, Recipient};
use super::instead;
use crate::{Fault, Outcome};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap, HashSet};
use sundry_domain::billing::{CreditReason, VatCode};
use sundry_domain::calendar::add_days;
use sundry_domain::customers::FlagKind;
use sundry_domain::delivery::LetterKind;
use sundry_domain::ids::{CustomerId, DocumentId, OrgId, RunId};
use sundry_domain::money::{BasisPoints, Pence};
use sundry_domain::words::in_sentence;
use sundry_paper::{Corrects, InstalmentLine, InvoiceLine, InvoiceTable, Language, VatLine, long_date, pounds};
use sundry_store::Tx;
use sundry_store::billing::terms::{DiscountRow, discounts_of_range, instalments_of_range};
use sundry_store::delivery::{self, DocumentFact, FlagFact, LineFact, RecipientRow};
use sundry_store::people::acting::{ActingRow, letters_of_documents, letters_of_range};

/// Days after the due date when the first reminder would go.
const FIRST_REMINDER_DAY: i64 = 7;

/// Customers by id, with whether their post comes back, and who gets their letters in their place.
pub(crate) async fn recipients_of(
    tx: &mut Tx,
    org: OrgId,
    first: CustomerId,
    last: CustomerId,
    day: NaiveDate,
) -> Result<HashMap<i64, Recipient>, crate::No> {
    let flags = delivery::flags_of_range(tx, org, first, last, day).await?;
    let acting = letters_of_range(tx, org, first, last).await?;
    Ok(addressed(delivery::recipients(tx, org, first, last).await?, &flags, acting, day))
}

/// Customers with whether their post comes back, and who gets their letters in their place.
fn addressed(
    rows: Vec<RecipientRow>,
    flags: &[FlagFact],
    acting: Vec<ActingRow>,
    day: NaiveDate,
) -> HashMap<i64, Recipient> {
    let of = |kind: FlagKind| -> HashSet<i64> {
        flags.iter().filter(|flag| flag.kind == kind.as_str()).map(|flag| flag.customer_id).collect()
    };
    let (gone, dead) = (of(FlagKind::GoneAway), of(FlagKind::Deceased));
    let mut acts: HashMap<i64, Vec<ActingRow>> = HashMap::new();
    for row in acting {
        acts.entry(row.customer_id).or_default().push(row);
    }
    let one = |row: RecipientRow| {
        let acts = acts.remove(&row.id).unwrap_or_default();
        let (is_gone, is_dead) = (gone.contains(&row.id), dead.contains(&row.id));
        (row.id, instead::addressed(Recipient::themselves(row, is_gone), &acts, is_dead, day))
    };
    rows.into_iter().map(one).collect()
}

/// The letters of some documents, in their order.
pub(crate) async fn document_letters(
    tx: &mut Tx,
    org: OrgId,
    day: NaiveDate,
    run: Option<RunId>,
    documents: &[DocumentFact],
) -> Outcome<Vec<NewLetter>> {
    let (Some(first), Some(last)) = (documents.first(), documents.last()) else { return Ok(Vec::new()) };
    let mut lines: HashMap<i64, Vec<LineFact>> = HashMap::new();
    for line in delivery::lines_of_documents(tx, org, DocumentId(first.id), DocumentId(last.id)).await? {
        lines.entry(line.document_id).or_default().push(line);
    }
    let span = (DocumentId(first.id), DocumentId(last.id));
    let terms = Terms::of(tx, org, span).await?;
    let flags = delivery::flags_of_documents(tx, org, span, day).await?;
    let acting = letters_of_documents(tx, org, span).await?;
    let to = addressed(delivery::recipients_of_documents(tx, org, span).await?, &flags, acting, day);
    let mut letters = Vec::with_capacity(documents.len());
    for document in documents {
        let to: Option<&Recipient> = to.get(&document.customer_id);
        let to = to.ok_or_else(|| Fault::new(format!("{} names a customer who is not there", document.number)))?;
        let lines = lines.remove(&document.id).unwrap_or_default();
        letters.push(terms.put_on(letter(document, &lines, to.clone(), run), document.id));
    }
    Ok(letters)
}

fn letter(document: &DocumentFact, lines: &[LineFact], to: Recipient, run: Option<RunId>) -> NewLetter {
    let language = to.language();
    let credit = document.kind == "credit_note";
    let mut fields = BTreeMap::from([("for_what", for_what(document, lines, language))]);
    if credit {
        let corrected = document.corrects_number.clone().unwrap_or_default();
        fields.insert("original_number", corrected);
        fields.insert("original_date", long_date(document.corrects_on.unwrap_or(document.issue_on), language));
        fields.insert("reason", why_credited(&document.reason, language));
    }
    NewLetter {
        kind: if credit { LetterKind::CreditNote } else { LetterKind::Invoice },
        template: if credit { "credit_note".into() } else { "invoice".into() },
        to,
        dated_on: document.issue_on,
        due_on: Some(document.due_on),
        next_letter_on: Some(add_days(document.due_on, FIRST_REMINDER_DAY)),
        sum: Pence(document.gross_pence.abs()),
        items: Vec::new(),
        item_ids: Vec::new(),
        document: Some((DocumentId(document.id), document.number.clone())),
        invoice: Some(table(document, lines, language)),
        fields,
        run,
    }
}

/// What some invoices say about paying beyond one due date.
struct Terms {
    instalments: HashMap<i64, Vec<InstalmentLine>>,
    discounts: HashMap<i64, DiscountRow>,
}

impl Terms {
    async fn of(tx: &mut Tx, org: OrgId, span: (DocumentId, DocumentId)) -> Outcome<Terms> {
        let mut instalments: HashMap<i64, Vec<InstalmentLine>> = HashMap::new();
        for (document, number, due_on, amount_pence) in instalments_of_range(tx, org, span).await? {
            instalments.entry(document).or_default().push(InstalmentLine { number, due_on, amount_pence });
        }
        let discounts = discounts_of_range(tx, org, span).await?;
        Ok(Terms { instalments, discounts: discounts.into_iter().map(|row| (row.document_id, row)).collect() })
    }

    fn put_on(&self, mut letter: NewLetter, document: i64) -> NewLetter {
        let language = letter.to.language();
        let Some(table) = &mut letter.invoice else { return letter };
        table.discount = self.discounts.get(&document).map(|offer| early(offer, letter.sum, language));
        if let Some([first, rest @ ..]) = self.instalments.get(&document).map(Vec::as_slice) {
            letter.template = "invoice_instalments".into();
            letter.fields.insert("count", (rest.len() + 1).to_string());
            letter.fields.insert("first_amount", pounds(first.amount_pence));
            table.instalments = std::iter::once(first).chain(rest).cloned().collect();
        }
        letter
    }
}

/// The discount for paying early, as its customer reads it.
fn early(offer: &DiscountRow, gross: Pence, language: Language) -> String {
    let (day, sum) = (long_date(offer.until_on, language), pounds(offer.discount_pence));
    let pay = pounds(gross.0 - offer.discount_pence);
    let rate = BasisPoints(offer.discount_bp);
    match language {
        Language::English => format!(
            "pay {pay} by {day} and we take off {sum}, which is {rate}. We will send a credit note for it with its VAT"
        ),
        Language::Welsh => format!(
            "talwch {pay} erbyn {day} a byddwn yn tynnu {sum}, sef {rate}. Byddwn yn anfon nodyn credyd amdano gyda'i TAW"
        ),
    }
}

fn for_what(document: &DocumentFact, lines: &[LineFact], language: Language) -> String {
    let said = |name: &str| if language == Language::English { in_sentence(name) } else { name.to_owned() };
    match (lines, language) {
        ([only], _) => said(&only.description),
        ([first, rest @ ..], _) => and_more(&said(&first.description), rest.len(), language),
        ([], Language::English) if document.service.is_empty() => "what is listed below".into(),
        ([], Language::Welsh) if document.service.is_empty() => "yr hyn a restrir isod".into(),
        ([], _) => said(&document.service),
    }
}

/// The first of several lines, and how many come after it. In Welsh a number that begins with a vowel takes "ac".
fn and_more(first: &str, more: usize, language: Language) -> String {
    match language {
        Language::English => format!("{first} and {more} more"),
        Language::Welsh => {
            let and = if matches!(more, 1 | 8 | 11..=19 | 80..=89) { "ac" } else { "a" };
            format!("{first} {and} {more} arall")
        }
    }
}

/// Why a credit was given, as its customer reads it; a reason in someone's own words stays as it is.
fn why_credited(code: &str, language: Language) -> String {
    let Some(reason) = CreditReason::parse(code) else { return code.trim_end_matches('.').to_owned() };
    let (english, welsh) = match reason {
        CreditReason::WrongPrice => ("the price or the quantity was wrong", "roedd y pris neu'r nifer yn anghywir"),
        CreditReason::WrongCustomer => ("it was not yours to pay", "nid chi oedd i'w dalu"),
        CreditReason::Cancelled => ("it was cancelled", "cafodd ei ganslo"),
        CreditReason::ServiceNotGiven => ("the service was not given", "ni roddwyd y gwasanaeth"),
        CreditReason::DisputeAgreed => {
            ("you told us it was wrong, and we agree", "dywedoch wrthym ei fod yn anghywir, ac rydym yn cytuno")
        }
        CreditReason::PaidEarly => ("you paid early", "fe wnaethoch dalu'n gynnar"),
        CreditReason::DepositUsed => {
            ("your deposit is used for another invoice", "defnyddiwyd eich blaendal ar gyfer anfoneb arall")
        }
        CreditReason::DepositReturned => ("your deposit is given back", "mae eich blaendal yn cael ei ddychwelyd"),
    };
    match language {
        Language::Welsh => welsh.to_owned(),
        Language::English => english.to_owned(),
    }
}

fn table(document: &DocumentFact, lines: &[LineFact], language: Language) -> InvoiceTable {
    let mut by_rate: BTreeMap<(bool, i64, &str), (i64, i64)> = BTreeMap::new();
    let mut shown = Vec::with_capacity(lines.len());
    // A credit note shows its figures as the amounts given back.
    let sign = document.gross_pence.signum();
    let sign = if sign == 0 { 1 } else { sign };
    for line in lines {
        let code = VatCode::parse(&line.vat_code).unwrap_or(VatCode::O);
        let (net, vat) = (line.net_pence * sign, line.vat_pence * sign);
        let sums = by_rate.entry((!code.is_taxable(), -line.vat_bp, code.as_str())).or_default();
        *sums = (sums.0 + net, sums.1 + vat);
        shown.push(InvoiceLine {
            description: line.description.clone(),
            quantity: trimmed(line.quantity_e4.abs(), 0),
            unit_price: format!("{}{}", if net < 0 { "-" } else { "" }, price(line.unit_price_e4.abs())),
            vat_rate: rate(code, line.vat_bp, language),
            taxable: code.is_taxable(),
            net_pence: net,
        });
    }
    let vat = by_rate.iter().map(|((_, bp, code), (net, vat))| VatLine {
        rate: rate(VatCode::parse(code).unwrap_or(VatCode::O), -bp, language),
        net_pence: *net,
        vat_pence: *vat,
    });
    let corrects = document.corrects_number.as_ref().map(|number| Corrects {
        number: number.clone(),
        dated_on: document.corrects_on.unwrap_or(document.issue_on),
        reason: why_credited(&document.reason, language),
    });
    InvoiceTable {
        vat: vat.collect(),
        lines: shown,
        net_pence: document.net_pence * sign,
        vat_pence: document.vat_pence * sign,
        gross_pence: document.gross_pence * sign,
        tax_point_on: Some(document.tax_point_on),
        your_reference: Some(document.po_number.clone()).filter(|po| !po.is_empty()),
        corrects,
        discount: None,
        vat_wording: None,
        instalments: Vec::new(),
    }
}

fn rate(code: VatCode, bp: i64, language: Language) -> String {
    match (code, language) {
        (VatCode::E, Language::English) => "Exempt".into(),
        (VatCode::E, Language::Welsh) => "Esempt".into(),
        (VatCode::O, Language::English) => "Outside the scope".into(),
        (VatCode::O, Language::Welsh) => "Y tu allan i'r cwmpas".into(),
        _ => format!("{}%", trimmed(bp * 100, 0)),
    }
}

/// A price in ten-thousandths of a pound, with as many decimals as it needs.
fn price(e4: i64) -> String {
    if e4 % 100 == 0 { pounds(e4 / 100) } else { format!("£{}", trimmed(e4, 2)) }
}

/// A number kept in ten-thousandths, with at least so many decimals and no idle noughts.
fn trimmed(e4: i64, least: usize) -> String {
    let whole = format!("{}.{:04}", e4 / 10_000, e4 % 10_000);
    let mut text = whole.as_str();
    while text.ends_with('0') && text.len() - text.find('.').unwrap_or(0) - 1 > least {
        text = &text[..text.len() - 1];
    }
    text.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lose_their_idle_noughts() {
        assert_eq!((price(12_600_000), price(225_050)), ("£1,260.00".to_owned(), "£22.505".to_owned()));
        assert_eq!(trimmed(20_000, 0), "2");
        assert_eq!(trimmed(25_000, 0), "2.5");
        assert_eq!(trimmed(5_000_000, 2), "500.00");
        assert_eq!(trimmed(1_235, 2), "0.1235");
        let english = |code, bp| rate(code, bp, Language::English);
        assert_eq!((english(VatCode::S, 2_000), english(VatCode::R, 500)), ("20%".into(), "5%".into()));
        assert_eq!((english(VatCode::S, 1_750), english(VatCode::E, 0)), ("17.5%".into(), "Exempt".into()));
    }

    #[test]
    fn a_welsh_invoice_counts_its_lines_and_names_its_vat_in_welsh() {
        let all =
            |more| (and_more("Llogi neuadd", more, Language::Welsh), and_more("hall hire", more, Language::English));
        assert_eq!(all(1), ("Llogi neuadd ac 1 arall".into(), "hall hire and 1 more".into()));
        assert_eq!(all(2), ("Llogi neuadd a 2 arall".into(), "hall hire and 2 more".into()));
        assert_eq!(all(11).0, "Llogi neuadd ac 11 arall");
        let welsh = |code| rate(code, 0, Language::Welsh);
        assert_eq!((welsh(VatCode::E), welsh(VatCode::O)), ("Esempt".into(), "Y tu allan i'r cwmpas".into()));
        assert_eq!(rate(VatCode::S, 2_000, Language::Welsh), "20%");
    }
}
