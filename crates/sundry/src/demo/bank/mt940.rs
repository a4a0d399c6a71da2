//! SWIFT MT940 with code words in `:86:`.
use super::{Line, Statement, plain, size};
use std::fmt::Write;

/// The longest line of a message.
const WIDE: usize = 65;

/// The file.
pub fn write(statement: &Statement) -> String {
    let day = statement.on.format("%y%m%d");
    let mut text = String::from("{1:F01DEMOGB2LAXXX0000000000}{2:I940DEMOGB2LXXXXN}{4:\r\n");
    let _ = write!(text, ":20:EOD{:06}\r\n:25:{}/{}\r\n", statement.number, statement.sort_code, statement.account);
    let _ = write!(text, ":28C:{}/1\r\n", statement.number);
    let _ = write!(text, ":60F:{}\r\n", balance(statement.opening_pence, &day));
    for line in &statement.lines {
        entry(&mut text, line, statement);
    }
    let _ = write!(text, ":62F:{}\r\n-}}\r\n", balance(statement.closing_pence(), &day));
    text
}

fn balance(pence: i64, day: &impl std::fmt::Display) -> String {
    format!("{}{day}GBP{}", if pence < 0 { 'D' } else { 'C' }, size(pence, ','))
}

fn entry(text: &mut String, line: &Line, statement: &Statement) {
    let (long, short) = (statement.on.format("%y%m%d"), statement.on.format("%m%d"));
    let mark = if line.pence < 0 { 'D' } else { 'C' };
    let _ = write!(text, ":61:{long}{short}{mark}{}NTRFNONREF//{}\r\n", size(line.pence, ','), line.bank_reference);
    let mut words = format!("/CODE/{}/REMI/{}/ORDP/{}", line.kind, plain(&line.text), plain(&line.payer_name));
    if !line.account.is_empty() {
        let _ = write!(words, "/AC/{}{}", line.sort_code, line.account);
    }
    let all: Vec<char> = words.chars().collect();
    for (at, part) in all.chunks(WIDE - 4).enumerate() {
        text.push_str(if at == 0 { ":86:" } else { "" });
        text.extend(part);
        text.push_str("\r\n");
    }
}
