//! The Secure Card Portal of council payment systems: SOAP 1.1, `scpSimpleInvoke` and `scpSimpleQuery`.
//!
//! The order of the elements is that of the service definition and matters. The person types the card on the
//! portal's page; what comes back is a masked number, of which the last four digits are kept.

use crate::bank_statement::xml::{Listener, Node, walk};
use crate::problem::{FormatProblem, shown};
use std::fmt::Write;

const BASE: &str = "http://www.capita-software-services.com/scp/base";
const SIMPLE: &str = "http://www.capita-software-services.com/scp/simple";
const COMMON: &str = "https://support.capita-software.co.uk/selfservice/?commonFoundation";
/// The longest reference and name.
const LONGEST: usize = 50;

/// Who asks, and when; the digest is made of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// `CapitaPortal` or `CapitaSite`.
    pub subject_type: String,
    /// The portal's id, or the site's.
    pub identifier: i64,
    /// New for each call.
    pub unique_reference: String,
    /// `yyyyMMddHHmmss`, UTC.
    pub time_stamp: String,
    /// Which secret signed.
    pub hmac_key_id: i64,
}

impl Credentials {
    /// The text that the digest signs.
    pub fn signed_text(&self) -> String {
        let Credentials { subject_type, identifier, unique_reference, time_stamp, hmac_key_id } = self;
        format!("{subject_type}!{identifier}!{unique_reference}!{time_stamp}!Original!{hmac_key_id}")
    }

    fn write(&self, digest: &str) -> String {
        format!(
            "<c:credentials><c:subject><c:subjectType>{}</c:subjectType><c:identifier>{}</c:identifier>\
             <c:systemCode>SCP</c:systemCode></c:subject><c:requestIdentification><c:uniqueReference>{}\
             </c:uniqueReference><c:timeStamp>{}</c:timeStamp></c:requestIdentification><c:signature>\
             <c:algorithm>Original</c:algorithm><c:hmacKeyID>{}</c:hmacKeyID><c:digest>{}</c:digest></c:signature>\
             </c:credentials>",
            escaped(&self.subject_type),
            self.identifier,
            escaped(&self.unique_reference),
            escaped(&self.time_stamp),
            self.hmac_key_id,
            escaped(digest)
        )
    }
}

/// Asks for a payment page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoke {
    /// Ours.
    pub request_id: String,
    /// Where the person comes back to.
    pub return_url: String,
    /// The site.
    pub site_id: i64,
    /// The portal.
    pub scp_id: i64,
    /// Staff take it over the telephone.
    pub over_the_telephone: bool,
    /// `en` or `cy`.
    pub language: String,
    /// Seen by the payer; cut at 100.
    pub description: String,
    /// Pence.
    pub pence: i64,
    /// The account; cut at 50.
    pub reference: String,
    /// The fund it is for; empty where there are none.
    pub fund: String,
}

/// The envelope that asks for a payment page.
pub fn write_invoke(credentials: &Credentials, digest: &str, ask: &Invoke) -> String {
    let mut body = String::from("<s:scpSimpleInvokeRequest>");
    body.push_str(&credentials.write(digest));
    let entry = if ask.over_the_telephone { "CNP" } else { "ECOM" };
    let _ = write!(
        body,
        "<b:requestType>payOnly</b:requestType><b:requestId>{}</b:requestId><b:routing><b:returnUrl>{}</b:returnUrl>\
         <b:siteId>{}</b:siteId><b:scpId>{}</b:scpId></b:routing><b:panEntryMethod>{entry}</b:panEntryMethod>\
         <b:additionalInstructions><b:language>{}</b:language><b:systemCode>SCP</b:systemCode>\
         </b:additionalInstructions>",
        escaped(&ask.request_id),
        escaped(&ask.return_url),
        ask.site_id,
        ask.scp_id,
        escaped(&ask.language)
    );
    let summary = format!(
        "<b:description>{}</b:description><b:amountInMinorUnits>{}</b:amountInMinorUnits><b:reference>{}</b:reference>\
         <b:displayableReference>{}</b:displayableReference>",
        escaped(&cut(&ask.description, 100)),
        ask.pence,
        escaped(&cut(&ask.reference, LONGEST)),
        escaped(&cut(&ask.reference, LONGEST))
    );
    let fund = if ask.fund.is_empty() {
        String::new()
    } else {
        format!("<b:fundCode>{}</b:fundCode>", escaped(&cut(&ask.fund, 5)))
    };
    let _ = write!(
        body,
        "<s:sale><b:saleSummary>{summary}</b:saleSummary><s:items><s:item><b:itemSummary>{summary}</b:itemSummary>\
         <b:quantity>1</b:quantity><b:lgItemDetails>{fund}<b:additionalReference>{}</b:additionalReference>\
         </b:lgItemDetails><b:lineId>1</b:lineId></s:item></s:items></s:sale></s:scpSimpleInvokeRequest>",
        escaped(&cut(&ask.request_id, LONGEST))
    );
    envelope(&body)
}

/// The envelope that asks what became of a payment.
pub fn write_query(credentials: &Credentials, digest: &str, site_id: i64, scp_reference: &str) -> String {
    let credentials = credentials.write(digest);
    envelope(&format!(
        "<s:scpSimpleQueryRequest>{credentials}<b:siteId>{site_id}</b:siteId><b:scpReference>{}</b:scpReference>\
         </s:scpSimpleQueryRequest>",
        escaped(scp_reference)
    ))
}

fn envelope(body: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soap:Envelope \
         xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" xmlns:s=\"{SIMPLE}\" xmlns:b=\"{BASE}\" \
         xmlns:c=\"{COMMON}\"><soap:Body>{body}</soap:Body></soap:Envelope>"
    )
}

fn escaped(text: &str) -> String {
    let plain = text.chars().filter(|c| !c.is_control());
    plain.fold(String::with_capacity(text.len()), |mut out, letter| {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
        out
    })
}

fn cut(text: &str, longest: usize) -> String {
    text.chars().take(longest).collect()
}

/// Where a payment stands at the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The page is open, or was never finished.
    InProgress,
    /// It has ended; the status says how.
    Complete,
    /// The portal knows no such payment.
    InvalidReference,
}

/// What the portal answers to an invoke.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invoked {
    /// The portal's reference.
    pub scp_reference: String,
    /// Where the person goes; none when it was refused.
    pub redirect_url: Option<String>,
    /// `SUCCESS`, or a word for why not.
    pub status: String,
    /// In words.
    pub message: String,
}

/// What the portal answers to a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queried {
    /// Where it stands.
    pub standing: Standing,
    /// `SUCCESS`, `CARD_DETAILS_REJECTED` and so on; empty while it is open.
    pub status: String,
    /// In words.
    pub message: String,
    /// What was authorised, in pence.
    pub pence: Option<i64>,
    /// Twelve characters that name the transaction.
    pub unique_transaction: String,
    /// The last four digits of the card.
    pub last_four: String,
}

/// Reads the answer to an invoke.
///
/// # Errors
/// A SOAP fault, or what is not such an answer.
pub fn read_invoked(text: &str) -> Result<Invoked, FormatProblem> {
    let body = body_of(text)?;
    let answer = body.child("scpSimpleInvokeResponse").ok_or_else(|| not_answer("scpSimpleInvokeResponse"))?;
    let said = |path: &str| answer.text_at(path).unwrap_or_default().to_owned();
    let status = said("invokeResult/status");
    let redirect = Some(said("invokeResult/redirectUrl")).filter(|url| !url.is_empty() && status == "SUCCESS");
    Ok(Invoked {
        scp_reference: said("scpReference"),
        redirect_url: redirect,
        status,
        message: said("invokeResult/errorDetails/errorMessage"),
    })
}

/// Reads the answer to a query.
///
/// # Errors
/// A SOAP fault, or what is not such an answer.
pub fn read_queried(text: &str) -> Result<Queried, FormatProblem> {
    let body = body_of(text)?;
    let answer = body.child("scpSimpleQueryResponse").ok_or_else(|| not_answer("scpSimpleQueryResponse"))?;
    let standing = match answer.text_at("transactionState") {
        Some("COMPLETE") => Standing::Complete,
        Some("INVALID_REFERENCE") => Standing::InvalidReference,
        Some("IN_PROGRESS") => Standing::InProgress,
        _ => return Err(not_answer("transactionState")),
    };
    let said = |path: &str| answer.text_at(path).unwrap_or_default().to_owned();
    let authorised = "paymentResult/paymentDetails/authDetails";
    let masked = said(&format!("{authorised}/maskedCardNumber"));
    let last: Vec<char> = masked.chars().rev().take(4).collect();
    let pence = answer.text_at(&format!("{authorised}/amountInMinorUnits"));
    Ok(Queried {
        standing,
        status: said("paymentResult/status"),
        message: said("paymentResult/errorDetails/errorMessage"),
        pence: pence.and_then(|text| text.parse().ok()),
        unique_transaction: said("paymentResult/paymentDetails/paymentHeader/uniqueTranId"),
        last_four: last.into_iter().rev().filter(char::is_ascii_digit).collect(),
    })
}

#[derive(Default)]
struct Whole(Option<Node>);

impl Listener for Whole {
    fn begun(&mut self, _: &Node, _: &[Node]) {}

    fn ended(&mut self, node: Node, parents: &[Node]) -> Option<Node> {
        if !parents.is_empty() {
            return Some(node);
        }
        self.0 = Some(node);
        None
    }
}

/// The body of an envelope; a fault is an error in its own words.
fn body_of(text: &str) -> Result<Node, FormatProblem> {
    let mut whole = Whole::default();
    walk(text, &mut whole)?;
    let root = whole.0.ok_or_else(|| not_answer("Envelope"))?;
    let body = root.children.into_iter().find(|node| node.name == "Body").ok_or_else(|| not_answer("Body"))?;
    match body.child("Fault") {
        Some(fault) => {
            let why = fault.text_at("faultstring").unwrap_or("no reason given");
            Err(FormatProblem::new("scp.fault", "Body", format!("the portal says: {}", shown(why))))
        }
        None => Ok(body),
    }
}

fn not_answer(missing: &str) -> FormatProblem {
    FormatProblem::new("scp.not_answer", "", format!("the portal's answer has no {missing}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        Credentials {
            subject_type: "CapitaPortal".into(),
            identifier: 123,
            unique_reference: "10004711X-1:1795168800".into(),
            time_stamp: "20261120100000".into(),
            hmac_key_id: 456,
        }
    }

    #[test]
    fn sys_04_the_digest_signs_this_text() {
        let text = "CapitaPortal!123!10004711X-1:1795168800!20261120100000!Original!456";
        assert_eq!(credentials().signed_text(), text);
    }

    #[test]
    fn csh_14_an_invoke_has_its_elements_in_the_order_of_the_definition() {
        let ask = Invoke {
            request_id: "CP-000001".into(),
            return_url: "https://pay.example/return?a=1&b=2".into(),
            site_id: 7,
            scp_id: 123,
            over_the_telephone: true,
            language: "en".into(),
            description: "Bills & <charges>".into(),
            pence: 12_000,
            reference: "C000001".into(),
            fund: "SUNDR".into(),
        };
        let text = write_invoke(&credentials(), "digest", &ask);
        let names = [
            "credentials>",
            "requestType",
            "requestId>",
            "routing>",
            "returnUrl",
            "siteId",
            "scpId>",
            "panEntryMethod>CNP",
            "additionalInstructions",
            "sale>",
            "saleSummary",
            "items",
            "itemSummary",
            "quantity",
            "lgItemDetails",
            "lineId",
        ];
        let places: Vec<usize> = names.iter().map(|name| text.find(name).unwrap_or_else(|| panic!("{name}"))).collect();
        assert!(places.is_sorted(), "{names:?} {places:?}");
        assert!(text.contains("a=1&amp;b=2") && text.contains("Bills &amp; &lt;charges&gt;"));
        let mut whole = Whole::default();
        walk(&text, &mut whole).expect("well formed");
        assert!(write_query(&credentials(), "d", 7, "S1").contains("<b:siteId>7</b:siteId><b:scpReference>S1<"));
    }

    fn wrapped(body: &str) -> String {
        format!(
            "<e:Envelope xmlns:e=\"http://schemas.xmlsoap.org/soap/envelope/\"><e:Body xmlns=\"x\">{body}</e:Body></e:Envelope>"
        )
    }

    #[test]
    fn answers_are_read() {
        let good = wrapped(
            "<scpSimpleInvokeResponse><requestId>1</requestId><scpReference>S1</scpReference>\
             <transactionState>IN_PROGRESS</transactionState><invokeResult><status>SUCCESS</status>\
             <redirectUrl>https://portal.example/p?x=1&amp;y=2</redirectUrl></invokeResult></scpSimpleInvokeResponse>",
        );
        let read = read_invoked(&good).expect("an answer");
        assert_eq!(read.redirect_url.as_deref(), Some("https://portal.example/p?x=1&y=2"));
        let paid = wrapped(
            "<scpSimpleQueryResponse><scpReference>S1</scpReference><transactionState>COMPLETE</transactionState>\
             <paymentResult><status>SUCCESS</status><paymentDetails><paymentHeader><transactionDate>2026-11-20\
             </transactionDate><machineCode>1</machineCode><uniqueTranId>ABC123456789</uniqueTranId></paymentHeader>\
             <authDetails><authCode>1</authCode><amountInMinorUnits>12000</amountInMinorUnits><maskedCardNumber>\
             411111******1234</maskedCardNumber></authDetails></paymentDetails></paymentResult></scpSimpleQueryResponse>",
        );
        let read = read_queried(&paid).expect("an answer");
        assert_eq!((read.standing, read.pence, read.last_four.as_str()), (Standing::Complete, Some(12_000), "1234"));
        assert!(!format!("{read:?}").contains("411111"), "the first six are never kept");
        let fault = wrapped("<e:Fault><faultcode>x</faultcode><faultstring>bad digest</faultstring></e:Fault>");
        assert_eq!(read_queried(&fault).expect_err("a fault").code, "scp.fault");
        assert!(read_invoked("nonsense").is_err() && read_invoked(&paid).is_err());
    }
}
