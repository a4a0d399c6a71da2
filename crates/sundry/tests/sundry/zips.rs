//! Small ZIP files made by hand, honest and hostile.

/// One member of a ZIP to be made.
pub struct Member {
    name: String,
    data: Vec<u8>,
    method: u16,
    stated: u32,
    crc: u32,
}

/// A member as it is.
pub fn stored(name: &str, data: &[u8]) -> Member {
    Member { name: name.into(), data: data.to_vec(), method: 0, stated: data.len() as u32, crc: crc32(data) }
}

/// A member of so many zero bytes, packed a thousandfold; `stated` is what its directory says of it.
pub fn zeros(name: &str, bytes: usize, stated: u32) -> Member {
    Member { name: name.into(), data: deflated_zeros(bytes), method: 8, stated, crc: 0 }
}

/// A ZIP of members.
pub fn zip(members: &[Member]) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let offset = file.len() as u32;
        let mut common = Vec::new();
        for half in [20u16, 0, member.method, 0, 0x21] {
            common.extend(half.to_le_bytes());
        }
        for word in [member.crc, member.data.len() as u32, member.stated] {
            common.extend(word.to_le_bytes());
        }
        common.extend((member.name.len() as u16).to_le_bytes());
        common.extend(0u16.to_le_bytes());
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(member.name.as_bytes());
        file.extend(&member.data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&common);
        directory.extend([0u8; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(member.name.as_bytes());
    }
    let (at, size, count) = (file.len() as u32, directory.len() as u32, members.len() as u16);
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(count.to_le_bytes());
    file.extend(count.to_le_bytes());
    file.extend(size.to_le_bytes());
    file.extend(at.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// A workbook whose first sheet is this XML inside `<sheetData>`.
pub fn workbook(prologue: &str, rows: &str) -> Vec<u8> {
    zip(&workbook_members(prologue, rows))
}

/// The members of [`workbook`].
pub fn workbook_members(prologue: &str, rows: &str) -> Vec<Member> {
    const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    const SHEET: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
    let types = format!(
        r#"{XML}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#
    );
    let package = format!(
        r#"{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
    );
    let book = format!(
        r#"{XML}<workbook xmlns="{SHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="One" sheetId="1" r:id="rId1"/></sheets></workbook>"#
    );
    let relations = format!(
        r#"{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#
    );
    let sheet = format!(r#"{XML}{prologue}<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>"#);
    vec![
        stored("[Content_Types].xml", types.as_bytes()),
        stored("_rels/.rels", package.as_bytes()),
        stored("xl/workbook.xml", book.as_bytes()),
        stored("xl/_rels/workbook.xml.rels", relations.as_bytes()),
        stored("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ]
}

/// Rows of text cells.
pub fn sheet_rows(rows: &[&[&str]]) -> String {
    let mut xml = String::new();
    for (number, row) in (1..).zip(rows) {
        xml.push_str(&format!(r#"<row r="{number}">"#));
        for (letter, cell) in ('A'..='Z').zip(*row) {
            xml.push_str(&format!(r#"<c r="{letter}{number}" t="inlineStr"><is><t>{cell}</t></is></c>"#));
        }
        xml.push_str("</row>");
    }
    xml
}

fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

/// One block of fixed codes: a zero, then copies of 258 of it.
fn deflated_zeros(bytes: usize) -> Vec<u8> {
    let mut bits: Vec<bool> = vec![true, true, false];
    let mut code = |value: u32, width: u32| bits.extend((0..width).rev().map(|place| value >> place & 1 == 1));
    code(0x30, 8);
    for _ in 0..bytes.saturating_sub(1) / 258 {
        code(0b1100_0101, 8);
        code(0, 5);
    }
    code(0, 7);
    bits.chunks(8).map(|byte| byte.iter().rev().fold(0u8, |sum, bit| sum << 1 | u8::from(*bit))).collect()
}
