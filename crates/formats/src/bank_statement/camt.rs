//! ISO 20022 camt.053, camt.052 and camt.054, versions 02 to 14, by local names.

use super::record::{BankStatementFile, Detail, Entry, EntryStatus, Statement};
use super::xml::{Listener, Node, declared_encoding, walk};
use crate::money::{self, MoneyError};
use crate::problem::{FormatProblem, shown};
use crate::text;
use chrono::NaiveDate;

/// The most entries accepted in one file.
const MOST_ENTRIES: usize = 2_000_000;

/// Reads a camt file.
pub(crate) fn read(bytes: &[u8]) -> BankStatementFile {
    let declared = declared_encoding(bytes);
    let decoded = text::decode(bytes, declared.as_deref());
    let mut reading = Reading::default();
    reading.file.warnings.extend(decoded.warning);
    if let Some((line, _)) = text::control_character(&decoded.text) {
        reading.error("encoding.control", &format!("line {line}"), "a character that no text file should hold");
    } else if let Err(problem) = walk(&decoded.text, &mut reading) {
        reading.file.errors.insert(0, problem);
    } else if reading.message.is_none() && reading.file.errors.is_empty() {
        reading.file.errors.push(wrong_message(&reading.first_names));
    }
    let mut file = reading.file;
    if file.format.is_empty() {
        file.format = "camt".to_owned();
    }
    file.settled()
}

fn wrong_message(names: &[String]) -> FormatProblem {
    let found = names.iter().map(|n| shown(n)).collect::<Vec<_>>().join("/");
    let message = format!("this is not a bank statement message: found {found}");
    FormatProblem::new("camt.wrong_message", "", message)
}

/// What has been read so far.
#[derive(Default)]
struct Reading {
    file: BankStatementFile,
    message: Option<&'static str>,
    first_names: Vec<String>,
    version: Option<String>,
    entries: Vec<Booked>,
    entry_count: usize,
    statement_count: usize,
    not_last_page: bool,
}

/// An entry before the statement's currency is known.
struct Booked {
    entry: Entry,
    dated: bool,
    currency: String,
    exchanged: Vec<(String, i64)>,
}

impl Listener for Reading {
    fn begun(&mut self, node: &Node, parents: &[Node]) {
        if self.first_names.len() < 3 && parents.len() == self.first_names.len() {
            self.first_names.push(node.name.clone());
        }
        if self.version.is_none() {
            self.version = node.attributes.iter().filter(|(k, _)| k.starts_with("xmlns")).find_map(|(_, v)| version(v));
        }
        let format = match node.name.as_str() {
            "BkToCstmrStmt" | "BkToCstmrStmtV01" => "camt.053",
            "BkToCstmrAcctRpt" | "BkToCstmrAcctRptV01" => "camt.052",
            "BkToCstmrDbtCdtNtfctn" | "BkToCstmrDbtCdtNtfctnV01" => "camt.054",
            _ => return,
        };
        if parents.len() <= 4 && self.message.is_none() {
            self.message = Some(format);
            self.file.format = format.to_owned();
            self.file.version = self.version.clone().unwrap_or_default();
            if self.version.is_none() {
                let message = "the file names no version (no namespace)";
                self.file.warnings.push(FormatProblem::new("camt.no_namespace", "", message));
            }
        }
    }

    fn ended(&mut self, node: Node, parents: &[Node]) -> Option<Node> {
        self.message?;
        let parent = parents.last().map_or("", |p| p.name.as_str());
        match (parent, node.name.as_str()) {
            ("Stmt" | "Rpt" | "Ntfctn", "Ntry") => {
                self.entry(&node);
                None
            }
            (_, "Stmt" | "Rpt" | "Ntfctn") if parent.starts_with("BkToCstmr") => {
                self.statement(&node);
                None
            }
            (_, "GrpHdr") => {
                self.page(&node);
                None
            }
            _ => Some(node),
        }
    }
}

/// The version in a namespace such as `urn:iso:std:iso:20022:tech:xsd:camt.053.001.02`.
fn version(namespace: &str) -> Option<String> {
    let start = namespace.find("camt.05")?;
    let tail = namespace[start..].rsplit('.').next()?;
    (tail.len() == 2 && tail.bytes().all(|b| b.is_ascii_digit())).then(|| tail.to_owned())
}

impl Reading {
    fn error(&mut self, code: &str, at: &str, message: impl Into<String>) {
        const MOST_ERRORS: usize = 1_000;
        if self.file.errors.len() < MOST_ERRORS {
            self.file.errors.push(FormatProblem::new(code, at, message));
        }
    }

    fn warn(&mut self, code: &str, at: &str, message: impl Into<String>) {
        self.file.warnings.push(FormatProblem::new(code, at, message));
    }

    fn page(&mut self, header: &Node) {
        let Some(paging) = header.child("MsgPgntn") else { return };
        let page = paging.text_at("PgNb").unwrap_or("1").trim_start_matches('0').to_owned();
        let last = paging.text_at("LastPgInd").unwrap_or("true");
        self.not_last_page = page != "1" || !matches!(last, "true" | "1");
        if self.not_last_page {
            let message = format!(
                "this is page {} of a message in pages; it is held until all pages are in one file",
                shown(&page)
            );
            self.error("camt.page", "GrpHdr/MsgPgntn", message);
        }
    }

    fn entry(&mut self, node: &Node) {
        self.entry_count += 1;
        if self.entry_count > MOST_ENTRIES {
            if self.entry_count == MOST_ENTRIES + 1 {
                self.error("file.too_many_records", "", "the file has more than 2,000,000 entries");
            }
            return;
        }
        let at = format!("Stmt[{}]/Ntry[{}]", self.statement_count + 1, self.entries.len() + 1);
        if let Some(booked) = self.booked(node, &at) {
            self.entries.push(booked);
        }
    }

    fn booked(&mut self, node: &Node, at: &str) -> Option<Booked> {
        let sign = self.sign(node, at);
        let amount = self.amount(node.child("Amt"), at);
        let (currency, size) = amount?;
        let signed = size * sign?;
        let booked_on = self.day(node.child("BookgDt"), &format!("{at}/BookgDt"))?;
        let value_on = self.day(node.child("ValDt"), &format!("{at}/ValDt"))?;
        let day = booked_on.or(value_on);
        let mut entry = Entry::bare(day.unwrap_or_default(), signed, at.to_owned());
        entry.value_on = value_on;
        entry.status = self.status(node, at);
        entry.reversal = matches!(node.text_at("RvslInd"), Some("true" | "1"));
        entry.kind = kind(node);
        entry.bank_reference = node.text_at("AcctSvcrRef").map(str::to_owned);
        entry.details = self.details(node, &currency, signed, at);
        describe(&mut entry, node);
        let exchanged = exchanged(node);
        Some(Booked { entry, dated: day.is_some(), currency, exchanged })
    }

    fn sign(&mut self, node: &Node, at: &str) -> Option<i64> {
        match node.text_at("CdtDbtInd") {
            Some("CRDT") => Some(1),
            Some("DBIT") => Some(-1),
            found => {
                let message = match found {
                    Some(found) => format!("`{}` says neither credit nor debit", shown(found)),
                    None => "nothing says whether it is a credit or a debit".to_owned(),
                };
                self.error("camt.sign", at, message);
                None
            }
        }
    }

    fn amount(&mut self, node: Option<&Node>, at: &str) -> Option<(String, i64)> {
        let Some(node) = node else {
            self.error("camt.amount", at, "the amount is missing");
            return None;
        };
        let currency = node.attribute("Ccy").unwrap_or("").trim().to_owned();
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            self.error("camt.currency", at, format!("`{}` is not a currency code", shown(&currency)));
            return None;
        }
        match money::unsigned(node.text.trim(), money::decimals_of(&currency), '.') {
            Ok(size) => Some((currency, size)),
            Err(problem) => {
                let code = if problem == MoneyError::Format { "camt.amount" } else { problem.code() };
                self.error(code, at, format!("`{}` {}", shown(node.text.trim()), problem.words()));
                None
            }
        }
    }

    /// The outer nothing means that a date is there and wrong; the inner one that there is no date.
    fn day(&mut self, node: Option<&Node>, at: &str) -> Option<Option<NaiveDate>> {
        let Some(written) = node.and_then(|n| n.first_text(&["Dt", "DtTm"])) else {
            return Some(None);
        };
        let parsed = day_of(written);
        if parsed.is_none() {
            self.error("date", at, format!("`{}` is not a date that exists", shown(written)));
            return None;
        }
        Some(parsed)
    }

    fn status(&mut self, node: &Node, at: &str) -> EntryStatus {
        match node.first_text(&["Sts/Cd", "Sts/Prtry", "Sts"]) {
            Some("BOOK") => EntryStatus::Booked,
            Some("PDNG") => EntryStatus::Pending,
            Some("INFO" | "FUTR") => EntryStatus::Information,
            Some(found) => {
                self.error("camt.status", at, format!("`{}` is not a status we know", shown(found)));
                EntryStatus::Information
            }
            None => {
                self.warn("camt.schema", at, "the entry has no status; taken as booked");
                EntryStatus::Booked
            }
        }
    }

    fn details(&mut self, entry: &Node, currency: &str, signed: i64, at: &str) -> Vec<Detail> {
        let nodes: Vec<&Node> = entry.all("NtryDtls").flat_map(|d| d.all("TxDtls")).collect();
        let mut details = Vec::with_capacity(nodes.len());
        for node in &nodes {
            details.push(detail(node, currency, signed));
        }
        self.prove_batch(entry, &nodes, currency, signed, at);
        for part in entry.all("NtryDtls") {
            let children = part.all("TxDtls").count();
            if let Some(count) = part.text_at("Btch/NbOfTxs")
                && children > 0
                && count.trim_start_matches('0') != children.to_string()
            {
                let message = format!("the batch says {} payments and lists {children}", shown(count));
                self.warn("camt.batch_count", at, message);
            }
        }
        details
    }

    fn prove_batch(&mut self, entry: &Node, nodes: &[&Node], currency: &str, signed: i64, at: &str) {
        let mut sum = 0i64;
        let mut charges = charges_of(entry, currency);
        for node in nodes {
            charges += charges_of(node, currency);
            let Some(amount) = own_amount(node, currency, signed) else {
                return;
            };
            sum += amount;
        }
        if nodes.is_empty() || sum == signed || sum - charges == signed || sum + charges == signed {
            return;
        }
        let places = money::decimals_of(currency);
        let message = format!(
            "the payments in the batch come to {} and the entry is {}",
            money::write_minor(sum, places),
            money::write_minor(signed, places)
        );
        self.error("camt.batch_sum", at, message);
    }

    fn statement(&mut self, node: &Node) {
        self.statement_count += 1;
        let at = format!("Stmt[{}]", self.statement_count);
        let booked = std::mem::take(&mut self.entries);
        let balances = self.balances(node, &at);
        let currency = statement_currency(node, &balances, &booked);
        let pick = |code: &str| balances.iter().find(|b| b.code == code && b.currency == currency).map(|b| b.amount);
        let opening = pick("OPBD").or_else(|| pick("PRCD"));
        let closing = balances.iter().rev().find(|b| b.code == "CLBD" && b.currency == currency).map(|b| b.amount);
        if balances.iter().any(|b| matches!(b.code.as_str(), "OPBD" | "CLBD" | "PRCD") && b.currency != currency) {
            self.warn(
                "camt.balance_currency",
                &at,
                "a balance is in another currency than the statement and proves nothing",
            );
        }
        let mut statement = Statement {
            account: account(node).unwrap_or_default(),
            account_name: node.first_text(&["Acct/Ownr/Nm", "Acct/Nm"]).map(str::to_owned),
            currency,
            id: node.text_at("Id").unwrap_or("").to_owned(),
            number: node.first_text(&["ElctrncSeqNb", "LglSeqNb"]).map(str::to_owned),
            opening,
            closing,
            from_on: node.first_text(&["FrToDt/FrDtTm", "FrToDt/FrDt"]).and_then(day_of),
            to_on: node.first_text(&["FrToDt/ToDtTm", "FrToDt/ToDt", "CreDtTm"]).and_then(day_of),
            ..Statement::default()
        };
        if statement.account.is_empty() {
            self.error("camt.account", &at, "the statement names no account");
        }
        for line in booked {
            self.settle(line, &mut statement);
        }
        self.odd_marks(node, &at);
        self.prove(&statement, node, &at);
        self.file.statements.push(statement);
    }

    /// Puts an entry into the statement, in the statement's currency.
    fn settle(&mut self, line: Booked, statement: &mut Statement) {
        let mut entry = line.entry;
        if !line.dated {
            let Some(day) = statement.to_on else {
                self.error("date", &entry.at, "neither the entry nor its statement has a date");
                return;
            };
            self.warn("camt.no_date", &entry.at, "the entry has no date; the statement's is used");
            entry.booked_on = day;
        }
        if line.currency != statement.currency {
            let own = line.exchanged.iter().find(|(c, _)| *c == statement.currency);
            let Some((_, size)) = own else {
                let message = format!("the entry is in {} and the account in {}", line.currency, statement.currency);
                self.error("camt.currency", &entry.at, message);
                return;
            };
            entry.other.push(("amount as sent".to_owned(), format!("{} {}", line.currency, entry.amount)));
            entry.amount = size * entry.amount.signum();
        }
        statement.entries.push(entry);
    }

    fn odd_marks(&mut self, node: &Node, at: &str) {
        if let Some(mark @ ("DUPL" | "CODU")) = node.text_at("CpyDplctInd") {
            self.warn("camt.duplicate", at, format!("the bank marks this statement as a duplicate ({mark})"));
        }
    }

    fn prove(&mut self, statement: &Statement, node: &Node, at: &str) {
        let places = money::decimals_of(&statement.currency);
        let count = node.text_at("TxsSummry/TtlNtries/NbOfNtries").and_then(|n| n.parse::<usize>().ok());
        if let Some(count) = count
            && count != statement.entries.len()
        {
            let message = format!("the summary says {count} entries and the statement has {}", statement.entries.len());
            self.warn("camt.summary", at, message);
        }
        if let (Some(opening), Some(closing)) = (statement.opening, statement.closing) {
            let reached = opening + statement.booked_movement();
            if reached != closing && !self.not_last_page {
                let message = format!(
                    "opening balance and entries come to {}, the closing balance says {}: a difference of {}",
                    money::write_minor(reached, places),
                    money::write_minor(closing, places),
                    money::write_minor(closing - reached, places)
                );
                self.error("camt.balance", at, message);
            }
        }
        let earlier = self
            .file
            .statements
            .iter()
            .rev()
            .find(|s| s.account == statement.account && s.currency == statement.currency);
        if let Some((closing, opening)) = earlier.and_then(|s| s.closing).zip(statement.opening)
            && closing != opening
        {
            let message = "the opening balance is not the closing balance of the statement of this account before it";
            self.warn("camt.chain", at, message);
        }
    }

    fn balances(&mut self, statement: &Node, at: &str) -> Vec<Balance> {
        let mut balances = Vec::new();
        for (index, node) in statement.all("Bal").enumerate() {
            let at = format!("{at}/Bal[{}]", index + 1);
            let code = node.first_text(&["Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry", "Tp/Cd"]).unwrap_or("").to_owned();
            let sign = self.sign(node, &at);
            let amount = self.amount(node.child("Amt"), &at);
            if let (Some(sign), Some((currency, size))) = (sign, amount) {
                balances.push(Balance { code, currency, amount: sign * size });
            }
        }
        balances
    }
}

/// A balance in minor units of its own currency.
struct Balance {
    code: String,
    currency: String,
    amount: i64,
}

fn statement_currency(node: &Node, balances: &[Balance], booked: &[Booked]) -> String {
    let by_code = |code: &str| balances.iter().find(|b| b.code == code).map(|b| b.currency.clone());
    node.text_at("Acct/Ccy")
        .map(str::to_owned)
        .or_else(|| by_code("OPBD"))
        .or_else(|| by_code("PRCD"))
        .or_else(|| by_code("CLBD"))
        .or_else(|| booked.first().map(|b| b.currency.clone()))
        .or_else(|| balances.first().map(|b| b.currency.clone()))
        .unwrap_or_default()
}

fn account(node: &Node) -> Option<String> {
    node.first_text(&["Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id", "Acct/Id/BBAN", "Acct/Id/UPIC"])
        .map(str::to_owned)
}

/// The day part of `2026-11-20`, `2026-11-20T23:05:00` or `2026-11-20+00:00`, as written.
fn day_of(written: &str) -> Option<NaiveDate> {
    let day = written.get(..10)?;
    let rest = &written[10..];
    let plain = rest.is_empty() || rest.starts_with(['T', 'Z', '+', '-']);
    if plain { text::iso_date(day) } else { None }
}

fn kind(node: &Node) -> String {
    if let Some(code) = node.text_at("BkTxCd/Prtry/Cd") {
        return code.to_owned();
    }
    ["BkTxCd/Domn/Cd", "BkTxCd/Domn/Fmly/Cd", "BkTxCd/Domn/Fmly/SubFmlyCd"]
        .iter()
        .filter_map(|path| node.text_at(path))
        .collect::<Vec<_>>()
        .join("/")
}

/// Amounts in other currencies that the bank gives beside the entry's own.
fn exchanged(node: &Node) -> Vec<(String, i64)> {
    let transactions: Vec<&Node> = node.all("NtryDtls").flat_map(|d| d.all("TxDtls")).collect();
    let mut places = vec![node];
    if let [only] = transactions.as_slice() {
        places.push(only);
    }
    let mut found = Vec::new();
    for place in places {
        for path in ["AmtDtls/CntrValAmt/Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"] {
            if let Some(amount) = place.at(path)
                && let Some(currency) = amount.attribute("Ccy")
                && let Ok(size) = money::unsigned(amount.text.trim(), money::decimals_of(currency), '.')
            {
                found.push((currency.to_owned(), size));
            }
        }
    }
    found
}

/// The amount of one payment in a batch, in the entry's currency, with sign.
fn own_amount(node: &Node, currency: &str, signed: i64) -> Option<i64> {
    let amount = node.child("Amt").or_else(|| node.at("AmtDtls/TxAmt/Amt"))?;
    if amount.attribute("Ccy").is_some_and(|c| c != currency) {
        return None;
    }
    let size = money::unsigned(amount.text.trim(), money::decimals_of(currency), '.').ok()?;
    Some(match node.text_at("CdtDbtInd") {
        Some("CRDT") => size,
        Some("DBIT") => -size,
        _ if signed < 0 => -size,
        _ => size,
    })
}

fn charges_of(node: &Node, currency: &str) -> i64 {
    let mut sum = 0i64;
    for charges in node.all("Chrgs") {
        let records: Vec<&Node> = charges.all("Rcrd").collect();
        let parts = if records.is_empty() { vec![charges] } else { records };
        for part in parts {
            if let Some(amount) = part.child("Amt")
                && amount.attribute("Ccy").is_none_or(|c| c == currency)
                && let Ok(size) = money::unsigned(amount.text.trim(), money::decimals_of(currency), '.')
            {
                sum += size;
            }
        }
    }
    sum
}

fn detail(node: &Node, currency: &str, signed: i64) -> Detail {
    let (party, agent) = if signed < 0 { ("Cdtr", "CdtrAgt") } else { ("Dbtr", "DbtrAgt") };
    let parties = node.child("RltdPties");
    let name = parties.and_then(|p| party_name(p, party).or_else(|| party_name(p, &format!("Ultmt{party}"))));
    let held_by = parties.and_then(|p| p.child(&format!("{party}Acct")));
    let institution = node.at(&format!("RltdAgts/{agent}/FinInstnId"));
    let sort_code = institution
        .filter(|i| i.text_at("ClrSysMmbId/ClrSysId/Cd") == Some("GBDSC"))
        .and_then(|i| i.text_at("ClrSysMmbId/MmbId"));
    let given = |text: &&str| !matches!(*text, "NOTPROVIDED" | "NONREF" | "NOT PROVIDED");
    Detail {
        amount: own_amount(node, currency, signed),
        payer_name: name,
        payer_sort_code: sort_code.map(str::to_owned),
        payer_account: held_by.and_then(|a| a.first_text(&["Id/IBAN", "Id/Othr/Id", "Id/BBAN"])).map(str::to_owned),
        customer_reference: node.text_at("Refs/EndToEndId").filter(given).map(str::to_owned),
        bank_reference: node
            .first_text(&["Refs/AcctSvcrRef", "Refs/TxId", "Refs/ClrSysRef", "Refs/InstrId"])
            .map(str::to_owned),
        text: remittance(node),
        return_reason: node.first_text(&["RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"]).map(str::to_owned),
    }
}

/// A party's name; version 8 gained a `Pty` (or `Agt`) level.
fn party_name(parties: &Node, party: &str) -> Option<String> {
    let node = parties.child(party)?;
    node.first_text(&["Nm", "Pty/Nm", "Agt/FinInstnId/Nm"]).map(str::to_owned)
}

fn remittance(node: &Node) -> String {
    let mut parts: Vec<String> = Vec::new();
    for information in node.all("RmtInf") {
        parts.extend(information.all("Ustrd").map(|u| u.text.trim().to_owned()));
        for structured in information.all("Strd") {
            parts.extend(structured.all("RfrdDocInf").filter_map(|d| d.text_at("Nb")).map(str::to_owned));
            parts.extend(
                structured
                    .text_at("CdtrRefInf/Ref")
                    .or_else(|| structured.text_at("CdtrRefInf/CdtrRef"))
                    .map(str::to_owned),
            );
            parts.extend(structured.all("AddtlRmtInf").map(|a| a.text.trim().to_owned()));
        }
    }
    parts.extend(node.text_at("AddtlTxInf").map(str::to_owned));
    parts.retain(|p| !p.is_empty());
    parts.join(" ")
}

/// Fills the entry's own words from its only payment, or from its narrative.
fn describe(entry: &mut Entry, node: &Node) {
    let narrative = node.text_at("AddtlNtryInf").map(str::to_owned);
    if let [only] = entry.details.as_slice() {
        entry.payer_name.clone_from(&only.payer_name);
        entry.payer_sort_code.clone_from(&only.payer_sort_code);
        entry.payer_account.clone_from(&only.payer_account);
        entry.customer_reference.clone_from(&only.customer_reference);
        entry.text.clone_from(&only.text);
        if entry.bank_reference.is_none() {
            entry.bank_reference.clone_from(&only.bank_reference);
        }
    }
    if let Some(narrative) = narrative {
        if entry.text.is_empty() {
            entry.text = narrative;
        } else if !entry.text.contains(&narrative) {
            entry.other.push(("narrative".to_owned(), narrative));
        }
    }
    entry.other.extend(node.text_at("NtryRef").map(|r| ("entry reference".to_owned(), r.to_owned())));
    let references: Vec<&Node> =
        node.all("NtryDtls").flat_map(|d| d.all("TxDtls")).filter_map(|t| t.child("Refs")).collect();
    if let [only] = references.as_slice() {
        for part in &only.children {
            entry.other.push((part.name.clone(), part.text.trim().to_owned()));
        }
    }
}
