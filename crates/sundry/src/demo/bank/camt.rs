//! camt.053.001.08, as UK banks send it at the end of the day.
use super::{Line, Statement, size};
use std::fmt::Write;

/// The file.
pub fn write(statement: &Statement) -> String {
    let (on, number) = (statement.on, statement.number);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml.push_str("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\n");
    let _ = writeln!(xml, "<GrpHdr><MsgId>EOD{number:06}</MsgId><CreDtTm>{on}T22:30:00</CreDtTm></GrpHdr>");
    let _ =
        write!(xml, "<Stmt><Id>{number:06}</Id><ElctrncSeqNb>{number}</ElctrncSeqNb><CreDtTm>{on}T22:30:00</CreDtTm>");
    let account = format!("{}{}", statement.sort_code, statement.account);
    let _ = writeln!(xml, "<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>GBP</Ccy></Acct>");
    balance(&mut xml, "OPBD", statement.opening_pence, statement);
    balance(&mut xml, "CLBD", statement.closing_pence(), statement);
    for line in &statement.lines {
        entry(&mut xml, line, statement);
    }
    xml.push_str("</Stmt></BkToCstmrStmt></Document>\n");
    xml
}

fn balance(xml: &mut String, code: &str, pence: i64, statement: &Statement) {
    let _ = writeln!(
        xml,
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"GBP\">{}</Amt><CdtDbtInd>{}</CdtDbtInd><Dt><Dt>{}</Dt></Dt></Bal>",
        size(pence, '.'),
        side(pence),
        statement.on,
    );
}

fn side(pence: i64) -> &'static str {
    if pence < 0 { "DBIT" } else { "CRDT" }
}

fn entry(xml: &mut String, line: &Line, statement: &Statement) {
    let on = statement.on;
    let _ = writeln!(
        xml,
        "<Ntry><Amt Ccy=\"GBP\">{}</Amt><CdtDbtInd>{}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt></BookgDt><ValDt><Dt>{on}</Dt></ValDt>",
        size(line.pence, '.'),
        side(line.pence),
    );
    let reference = escaped(&line.bank_reference);
    let _ = write!(xml, "<AcctSvcrRef>{reference}</AcctSvcrRef><BkTxCd><Prtry><Cd>{}</Cd></Prtry></BkTxCd>", line.kind);
    xml.push_str("<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>");
    let party = if line.pence < 0 { "Cdtr" } else { "Dbtr" };
    let _ = write!(xml, "<RltdPties><{party}><Pty><Nm>{}</Nm></Pty></{party}>", escaped(&line.payer_name));
    if !line.account.is_empty() {
        let _ = write!(xml, "<{party}Acct><Id><Othr><Id>{}</Id></Othr></Id></{party}Acct>", line.account);
    }
    xml.push_str("</RltdPties>");
    if !line.sort_code.is_empty() {
        let _ = write!(
            xml,
            "<RltdAgts><{party}Agt><FinInstnId><ClrSysMmbId><ClrSysId><Cd>GBDSC</Cd></ClrSysId><MmbId>{}</MmbId></ClrSysMmbId></FinInstnId></{party}Agt></RltdAgts>",
            line.sort_code,
        );
    }
    if !line.text.is_empty() {
        let _ = write!(xml, "<RmtInf><Ustrd>{}</Ustrd></RmtInf>", escaped(&line.text));
    }
    xml.push_str("</TxDtls></NtryDtls></Ntry>\n");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
