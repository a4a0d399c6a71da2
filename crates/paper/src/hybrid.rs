//! A PDF says in its description (XMP) that it carries an invoice as data: what the typesetter has no word for is put
//! into the file after it, and every place in the file that lies behind is moved along.

/// The one name by which readers look for the data of an invoice (Factur-X, ZUGFeRD 2).
pub const HYBRID_NAME: &str = "factur-x.xml";

/// What ends the dictionary of the description.
const DESCRIPTION: &[u8] = b"/Type/Metadata/Subtype/XML>>\nstream\n";
/// The list of kinds of description that PDF/A does not know by itself.
const SCHEMAS_END: &str = "</rdf:Bag></pdfaExtension:schemas>";
const RDF_END: &str = "</rdf:RDF>";
/// Bytes of a line in the table of places.
const ENTRY: usize = 20;

const SAYS: &str = concat!(
    r#"<rdf:Description rdf:about="" xmlns:fx="urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#">"#,
    "<fx:DocumentType>INVOICE</fx:DocumentType>",
    "<fx:DocumentFileName>factur-x.xml</fx:DocumentFileName>",
    "<fx:Version>1.0</fx:Version>",
    "<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>",
    "</rdf:Description>"
);

/// What each property of the description means, as PDF/A asks of a schema that is not its own.
const PROPERTIES: [(&str, &str); 4] = [
    ("DocumentFileName", "The name of the embedded XML document"),
    ("DocumentType", "The type of the hybrid document in capital letters, e.g. INVOICE or ORDER"),
    ("Version", "The actual version of the standard applying to the embedded XML document"),
    ("ConformanceLevel", "The conformance level of the embedded XML document"),
];

fn schema() -> String {
    let property = |(name, meaning): (&str, &str)| {
        format!(
            "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:category>external</pdfaProperty:category><pdfaProperty:description>{meaning}</pdfaProperty:description><pdfaProperty:name>{name}</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType></rdf:li>"
        )
    };
    let properties: String = PROPERTIES.into_iter().map(property).collect();
    format!(
        "<rdf:li rdf:parseType=\"Resource\"><pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema><pdfaSchema:namespaceURI>urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#</pdfaSchema:namespaceURI><pdfaSchema:prefix>fx</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>{properties}</rdf:Seq></pdfaSchema:property></rdf:li>"
    )
}

/// The file with the description of its data; none where the file is not built as ours are.
pub(crate) fn described(pdf: &[u8]) -> Option<Vec<u8>> {
    let stream = rfind(pdf, DESCRIPTION)? + DESCRIPTION.len();
    let dictionary = rfind(&pdf[..stream], b"<</Length ")?;
    let length = number_at(pdf, dictionary + b"<</Length ".len())?;
    let end = stream.checked_add(length)?;
    let text = std::str::from_utf8(pdf.get(stream..end)?).ok()?;
    let text = insert_before(text, SCHEMAS_END, &schema())?;
    let text = insert_before(&text, RDF_END, SAYS)?;
    let head = format!("<</Length {}", text.len());
    let places = table(pdf)?;
    if end > places.start {
        return None;
    }
    let mut out = Vec::with_capacity(pdf.len() + text.len());
    out.extend_from_slice(&pdf[..dictionary]);
    out.extend_from_slice(head.as_bytes());
    out.extend_from_slice(DESCRIPTION);
    out.extend_from_slice(text.as_bytes());
    let grown = out.len().checked_sub(end)?;
    out.extend_from_slice(&pdf[end..places.first_entry]);
    for entry in pdf[places.first_entry..places.end].chunks(ENTRY) {
        let at = number_at(entry, 0)?;
        let at = if at > dictionary && entry[17] == b'n' { at + grown } else { at };
        out.extend_from_slice(format!("{at:010}").as_bytes());
        out.extend_from_slice(&entry[10..]);
    }
    out.extend_from_slice(&pdf[places.end..places.start_written]);
    out.extend_from_slice(format!("{}\n%%EOF", places.start + grown).as_bytes());
    Some(out)
}

/// Where the table of places stands.
struct Places {
    /// Its first byte.
    start: usize,
    /// The first byte of its first line of a place.
    first_entry: usize,
    /// The byte behind its last.
    end: usize,
    /// Where the file says where the table starts.
    start_written: usize,
}

fn table(pdf: &[u8]) -> Option<Places> {
    const START: &[u8] = b"startxref\n";
    let start_written = rfind(pdf, START)? + START.len();
    let start = number_at(pdf, start_written)?;
    let head = b"xref\n0 ";
    let count_at = start.checked_add(head.len())?;
    if pdf.get(start..count_at)? != head {
        return None;
    }
    let first_entry = count_at + pdf[count_at..].iter().position(|byte| *byte == b'\n')? + 1;
    let end = first_entry.checked_add(number_at(pdf, count_at)?.checked_mul(ENTRY)?)?;
    let whole = pdf.get(end..)?.starts_with(b"trailer") && end <= start_written;
    whole.then_some(Places { start, first_entry, end, start_written })
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}

fn number_at(bytes: &[u8], at: usize) -> Option<usize> {
    let digits: Vec<u8> = bytes.get(at..)?.iter().copied().take_while(u8::is_ascii_digit).collect();
    String::from_utf8(digits).ok()?.parse().ok()
}

fn insert_before(text: &str, mark: &str, what: &str) -> Option<String> {
    let (before, after) = text.rsplit_once(mark)?;
    Some([before, what, mark, after].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as ours are built: three objects, the description the second of them.
    fn file() -> Vec<u8> {
        let xmp = format!("<x><rdf:RDF><pdfaExtension:schemas><rdf:Bag>{SCHEMAS_END}{RDF_END}</x>");
        let mut out = b"%PDF-1.7\n%AAAA\n".to_vec();
        let mut places = Vec::new();
        for object in [
            "<</Type/Pages>>".to_owned(),
            format!("<</Length {}/Type/Metadata/Subtype/XML>>\nstream\n{xmp}\nendstream", xmp.len()),
            "<</Type/Catalog/Metadata 2 0 R>>".to_owned(),
        ] {
            places.push(out.len());
            out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n\n", places.len()).as_bytes());
        }
        let start = out.len();
        out.extend_from_slice(b"xref\n0 4\n0000000000 65535 f\r\n");
        for place in places {
            out.extend_from_slice(format!("{place:010} 00000 n\r\n").as_bytes());
        }
        out.extend_from_slice(format!("trailer\n<</Size 4/Root 3 0 R>>\nstartxref\n{start}\n%%EOF").as_bytes());
        out
    }

    #[test]
    fn every_place_is_right_after_the_description_grew() {
        let after = described(&file()).expect("it is built as ours are");
        let places = table(&after).expect("its table stands where it says");
        let entries = after[places.first_entry..places.end].chunks(ENTRY).enumerate().skip(1);
        for (number, entry) in entries {
            let at = number_at(entry, 0).expect("a place");
            assert!(after[at..].starts_with(format!("{number} 0 obj").as_bytes()), "object {number}");
        }
        let text = String::from_utf8_lossy(&after);
        let stream = text.split("stream\n").nth(1).expect("a stream");
        let length: usize =
            text.split("<</Length ").nth(1).and_then(|rest| rest.split('/').next()?.parse().ok()).expect("a length");
        assert_eq!(stream.strip_suffix("\nend").map(str::len), Some(length));
        assert_eq!(text.matches("<fx:ConformanceLevel>EN 16931<").count(), 1);
        assert_eq!(text.matches("<pdfaSchema:prefix>fx<").count(), 1);
        assert!(text.ends_with("%%EOF"));
    }

    #[test]
    fn a_file_that_is_built_otherwise_is_left_alone() {
        let good = file();
        assert_eq!(described(b""), None);
        assert_eq!(described(&good[..good.len() / 2]), None);
        let text = String::from_utf8_lossy(&good).into_owned();
        for (from, to) in
            [("xref\n0 ", "xref\n1 "), ("</rdf:Bag>", ""), ("<</Length ", "<</Length 9"), ("startxref", "x")]
        {
            assert_eq!(described(text.replace(from, to).as_bytes()), None, "{from}");
        }
    }
}
