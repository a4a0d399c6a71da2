//! Which reader a file needs, told from its bytes first and its name last.

use super::csv_profile::Profile;
use super::payment_layout::Layout;
use super::record::BankStatementFile;
use super::{bai2, camt, csv, mt940, ofx, payment_file};
use crate::problem::{FormatProblem, shown};
use crate::text::LARGEST_FILE;
use crate::zip_guard;

/// Reads a bank statement file of any kind we know.
///
/// `format` is what the person chose: `camt`, `camt.053`, `mt940`, `mt942`, `bai2`, `ofx`, `csv`, `csv:<profile>` or
/// `payment-file:<layout>`; without it the bytes decide. Never panics and never guesses: what cannot be trusted comes
/// back as errors and no statements.
pub fn read(file_name: &str, bytes: &[u8], format: Option<&str>) -> BankStatementFile {
    read_with(file_name, bytes, format, &[])
}

/// As [`read`], with profiles of one's own beside those that ship; the own ones go before.
pub fn read_with(file_name: &str, bytes: &[u8], format: Option<&str>, own: &[Profile]) -> BankStatementFile {
    read_at(&Asked { file_name, format, own }, bytes, true)
}

/// How the format of a collection agent's payment file begins; the name of its layout follows.
pub const PAYMENT_FILE: &str = "payment-file:";

/// Reads the payment file of a collection agent by a layout of one's own.
pub fn read_by_layout(bytes: &[u8], layout: &Layout) -> BankStatementFile {
    if bytes.len() > LARGEST_FILE {
        return refused("", "file.too_large", "the file is over 200 MB");
    }
    payment_file::read_by(bytes, layout)
}

/// What was asked of a file, beside its bytes.
struct Asked<'a> {
    file_name: &'a str,
    format: Option<&'a str>,
    own: &'a [Profile],
}

fn read_at(asked: &Asked<'_>, bytes: &[u8], zip_allowed: bool) -> BankStatementFile {
    let Asked { file_name, format, own } = *asked;
    if bytes.len() > LARGEST_FILE {
        return refused("", "file.too_large", "the file is over 200 MB");
    }
    let kind = kind_of(file_name, bytes);
    if let Some(file) = never_a_statement(&kind, format, zip_allowed) {
        return file;
    }
    if kind == Kind::Zip {
        return members(bytes, asked);
    }
    match format {
        Some(format) => by_choice(asked, bytes, &kind, format),
        None => match kind {
            Kind::Xml | Kind::Html | Kind::Pdf => camt::read(bytes),
            Kind::Swift => mt940::read(bytes),
            Kind::Ofx => ofx::read(bytes),
            Kind::Bai => bai2::read(bytes),
            _ => csv::read(file_name, bytes, None, own),
        },
    }
}

fn by_choice(asked: &Asked<'_>, bytes: &[u8], kind: &Kind, format: &str) -> BankStatementFile {
    let Asked { file_name, own, .. } = *asked;
    match format {
        "camt" | "camt.052" | "camt.053" | "camt.054" => {
            if *kind != Kind::Xml {
                return refused("camt", "camt.not_xml", "the file is not XML");
            }
            let file = camt::read(bytes);
            if format != "camt" && file.errors.is_empty() && file.format != format {
                let message = format!("{format} was chosen and the file is {}", file.format);
                return refused(&file.format, "camt.wrong_message", &message);
            }
            file
        }
        "mt940" | "mt942" => mt940::read(bytes),
        "bai2" | "bai" => bai2::read(bytes),
        "ofx" | "qfx" => ofx::read(bytes),
        "csv" => csv::read(file_name, bytes, None, own),
        _ if format.starts_with(PAYMENT_FILE) => payment_file::read(bytes, &format[PAYMENT_FILE.len()..]),
        _ => match format.strip_prefix("csv:") {
            Some(profile) if own.iter().chain(super::profiles()).any(|p| p.name == profile) => {
                csv::read(file_name, bytes, Some(profile), own)
            }
            Some(profile) => refused("csv", "csv.profile", &format!("there is no profile `{}`", shown(profile))),
            None => refused("", "format.unknown", &format!("`{}` is not a format we read", shown(format))),
        },
    }
}

/// What a file is by its first bytes.
#[derive(Debug, PartialEq, Eq)]
enum Kind {
    Empty,
    Xml,
    Html,
    Pdf,
    Zip,
    OldWorkbook,
    Swift,
    Ofx,
    Bai,
    Other,
}

fn kind_of(file_name: &str, bytes: &[u8]) -> Kind {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        return Kind::Zip;
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Kind::OldWorkbook;
    }
    let head: String = crate::text::decode(&bytes[..bytes.len().min(16_384)], None).text;
    let head = head.trim_start_matches(['\u{FEFF}', ' ', '\r', '\n', '\t', '\u{1}', '\0']);
    if head.is_empty() {
        return Kind::Empty;
    }
    let lower = head.get(..200).unwrap_or(head).to_lowercase();
    if head.starts_with("%PDF") {
        return Kind::Pdf;
    }
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Kind::Html;
    }
    if is_ofx(head) {
        return Kind::Ofx;
    }
    if head.starts_with('<') {
        return Kind::Xml;
    }
    if is_bai(head) {
        return Kind::Bai;
    }
    let swift = head.starts_with("{1:") || head.lines().take(100).any(|line| mt940::tagged(line).is_some());
    let extension = file_name.rsplit('.').next().unwrap_or("").to_lowercase();
    if swift || matches!(extension.as_str(), "sta" | "mt940" | "mt942" | "940" | "942") {
        return Kind::Swift;
    }
    match extension.as_str() {
        "xml" => Kind::Xml,
        "ofx" | "qfx" => Kind::Ofx,
        "bai" | "bai2" => Kind::Bai,
        _ => Kind::Other,
    }
}

fn is_ofx(head: &str) -> bool {
    let upper = head.get(..4_096).unwrap_or(head).to_ascii_uppercase();
    upper.starts_with("OFXHEADER") || (upper.starts_with('<') && (upper.contains("<?OFX") || upper.contains("<OFX>")))
}

/// A file header, and a group header or the end of a record behind it.
fn is_bai(head: &str) -> bool {
    let mut lines = head.lines();
    let first = lines.next().unwrap_or("");
    let group = lines.find(|line| !line.trim().is_empty()).is_some_and(|line| line.starts_with("02,"));
    first.starts_with("01,") && (group || (first.contains('/') && first.matches(',').count() >= 7))
}

/// Files that are refused whatever was chosen.
fn never_a_statement(kind: &Kind, format: Option<&str>, zip_allowed: bool) -> Option<BankStatementFile> {
    let family = format.unwrap_or("");
    let is_csv = family.starts_with("csv");
    match kind {
        Kind::Empty if is_csv || family.is_empty() => Some(refused("", "csv.empty", "the file is empty")),
        Kind::Empty => Some(refused(family, "file.empty", "the file is empty")),
        Kind::Html if is_csv || other_text(family) => {
            Some(refused(family, "file.html", "this is a web page, not a bank statement"))
        }
        Kind::Html => Some(refused("camt", "camt.not_xml", "this is a web page, not a bank statement")),
        Kind::Pdf if is_csv || other_text(family) => {
            Some(refused(family, "file.pdf", "this is a PDF, not a bank statement file"))
        }
        Kind::Pdf => Some(refused("camt", "camt.not_xml", "this is a PDF, not a bank statement file")),
        Kind::OldWorkbook => {
            Some(refused("csv", "csv.old_workbook", "this is an old Excel workbook; save it as CSV and send that"))
        }
        Kind::Zip if !zip_allowed => Some(refused("zip", "zip.nested", "a ZIP inside a ZIP is not opened")),
        _ => None,
    }
}

/// A text format that is neither CSV nor XML.
fn other_text(family: &str) -> bool {
    ["mt", "bai", "ofx", "qfx", "payment-file"].iter().any(|start| family.starts_with(start))
}

/// A ZIP of statements: every member is read, and one bad member refuses the whole.
fn members(bytes: &[u8], asked: &Asked<'_>) -> BankStatementFile {
    let members = match zip_guard::unpack(bytes) {
        Ok(members) => members,
        Err(problem) => return BankStatementFile::refused("zip", problem),
    };
    if members.iter().any(|m| m.name == "[Content_Types].xml") {
        let message = "this is a workbook; its first sheet is read apart, or save it as CSV";
        return refused("xlsx", "csv.workbook", message);
    }
    let mut whole = BankStatementFile::default();
    for member in &members {
        let file = read_at(&Asked { file_name: &member.name, ..*asked }, &member.bytes, false);
        if whole.format.is_empty() {
            (whole.format, whole.version) = (file.format, file.version);
        } else if whole.format != file.format {
            "zip".clone_into(&mut whole.format);
        }
        whole.statements.extend(file.statements);
        whole.errors.extend(within(&member.name, file.errors));
        whole.warnings.extend(within(&member.name, file.warnings));
    }
    if members.is_empty() {
        whole.errors.push(FormatProblem::new("zip.empty", "", "the ZIP holds no file"));
    }
    whole.settled()
}

fn within(name: &str, problems: Vec<FormatProblem>) -> Vec<FormatProblem> {
    let place = |p: FormatProblem| FormatProblem { at: format!("{}: {}", shown(name), p.at), ..p };
    problems.into_iter().map(place).collect()
}

fn refused(format: &str, code: &str, message: &str) -> BankStatementFile {
    BankStatementFile::refused(format, FormatProblem::new(code, "", message))
}
