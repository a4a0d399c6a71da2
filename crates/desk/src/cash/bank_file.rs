//! What a bank statement file would change: which lines are new, and whether it follows the last.
use super::bank_accounts::last_digits;
use super::import_bank_statement::{ImportBankStatement, StatementTaken, StatementsTaken};
use super::takings::Expected;
use crate::core::vault::sha256_hex;
use crate::{Desk, Outcome};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use sundry_domain::cash::intake::{self, follows};
use sundry_domain::cash::statements::{self, Coming, Known};
use sundry_domain::cash::takings::may_be_taken;
use sundry_domain::control::mask_cards_in_bank_text;
use sundry_domain::ids::OrgId;
use sundry_domain::money::{LARGEST, Pence};
use sundry_domain::refusal::Invalid;
use sundry_formats::bank_statement::{self, BankStatementFile, Detail, EntryStatus, PAYMENT_FILE, Statement};
use sundry_store::cash::{self, BankAccountRow, BankLineRow, BankStatementRow};
use sundry_store::{Tx, bank_files};

/// What would be kept.
pub(super) struct Plan {
    /// Accounts that get their number: account, print, last digits.
    pub maps: Vec<(i64, String, String)>,
    pub statements: Vec<Planned>,
}

/// A statement with the lines that are new.
pub(super) struct Planned {
    account: i64,
    taken: StatementTaken,
    pub lines: Vec<BankLineRow>,
}

impl Planned {
    /// What the bank is to show for it, where it is a collection agent's.
    pub fn expected<'a>(&self, sha256: &'a str, name: &'a str, layout: &'a str, today: NaiveDate) -> Expected<'a> {
        Expected {
            account: self.account,
            sha256,
            name,
            layout,
            dated_on: self.taken.to_on.unwrap_or(today),
            payments: self.taken.lines_new,
            total: Pence(self.taken.credits_pence - self.taken.debits_pence),
        }
    }

    pub fn row(&self, id: i64, sha256: &str, format: &str, at: DateTime<Utc>) -> BankStatementRow {
        BankStatementRow {
            id,
            bank_account_id: self.account,
            file_sha256: sha256.into(),
            format: format.into(),
            statement_number: self.taken.number.clone(),
            from_on: self.taken.from_on,
            to_on: self.taken.to_on,
            opening_pence: self.taken.opening_pence,
            closing_pence: self.taken.closing_pence,
            lines_count: self.taken.lines_new,
            credits_pence: self.taken.credits_pence,
            debits_pence: self.taken.debits_pence,
            recorded_at: at,
        }
    }
}

impl Plan {
    /// The answer that tells of it.
    pub fn answer(&self, file_name: &str, sha256: &str, file: &BankStatementFile) -> StatementsTaken {
        let sum = |part: fn(&StatementTaken) -> i64| self.statements.iter().map(|s| part(&s.taken)).sum::<i64>();
        let (new, seen) = (sum(|s| s.lines_new), sum(|s| s.lines_seen));
        let message = match (new, seen) {
            (new, 0) => format!("{new} new lines"),
            (new, seen) => format!("{new} new lines; {seen} came before and were left alone"),
        };
        StatementsTaken {
            file_name: file_name.into(),
            file_sha256: sha256.into(),
            format: file.format.clone(),
            already_on: None,
            message,
            statements: self.statements.iter().map(|s| s.taken.clone()).collect(),
            lines_new: new,
            lines_seen: seen,
            credits_pence: sum(|s| s.credits_pence),
            debits_pence: sum(|s| s.debits_pence),
            problems: file.warnings.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Plans a file against what is in the books; changes nothing.
pub(super) async fn plan(
    desk: &Desk,
    tx: &mut Tx,
    org: OrgId,
    ask: &ImportBankStatement,
    file: &BankStatementFile,
) -> Outcome<Plan> {
    let agents = file.format.starts_with(PAYMENT_FILE);
    if !matches!(file.kind.as_str(), "" | "bank") {
        let sentence = format!(
            "A {} file lists payments taken for us; the bank's line for them comes in its statement.",
            file.format
        );
        return Err(statements::NOT_A_STATEMENT.because(sentence).into());
    }
    if !agents && !file.moves_cash() {
        let sentence = format!("A {} file shows payments that the bank has not finally booked.", file.format);
        return Err(intake::NOT_BOOKED.because(sentence).into());
    }
    let mut accounts = cash::bank_accounts(tx, org).await?;
    let mut plan = Plan { maps: Vec::new(), statements: Vec::new() };
    let mut occurrences: HashMap<(i64, String), u32> = HashMap::new();
    let mut lasts: HashMap<i64, Last> = HashMap::new();
    let days = file.statements.iter().flat_map(|s| &s.entries).map(|entry| entry.booked_on);
    statements::not_far_ahead(days.max(), desk.today())?;
    for statement in &file.statements {
        if statement.currency != "GBP" {
            let sentence = format!("The statement is in {}.", statement.currency);
            return Err(intake::NOT_POUNDS.because(sentence).into());
        }
        let account = account_of(desk, org, ask, statement, &mut accounts, &mut plan.maps)?;
        let lines = lines_of(desk, org, &account, statement, &file.format, &mut occurrences)?;
        let keys: Vec<String> = lines.iter().map(|l| l.line_key.clone()).collect();
        let seen: HashSet<String> = cash::seen_line_keys(tx, org, account.id, &keys).await?.into_iter().collect();
        let (old, new): (Vec<_>, Vec<_>) = lines.into_iter().partition(|l| seen.contains(&l.line_key));
        let mut taken = taken_of(&account, statement, &new, old.len());
        if agents {
            // A day may have several files, and none of them has balances that follow.
            taken.number.clear();
            let back = new.iter().filter(|line| line.amount_pence < 0).count();
            if !ask.accept_gap {
                may_be_taken(statement.to_on, desk.today(), back)?;
            }
            plan.statements.push(Planned { account: account.id, taken, lines: new });
            continue;
        }
        let coming = coming(&taken);
        let last = match lasts.entry(account.id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(Last::of(tx, org, account.id).await?),
        };
        if !ask.accept_gap {
            statements::no_correction(&same_identity(tx, org, account.id, &coming).await?, &coming)?;
        }
        if (!new.is_empty() || old.is_empty()) && !late_and_fitting(tx, org, account.id, &coming).await? {
            if !ask.accept_gap {
                follows(last.closing, coming.says.closing, coming.brought)?;
                statements::number_follows(last.numbered.as_ref(), &coming)?;
            }
            last.goes_on(&coming);
        }
        plan.statements.push(Planned { account: account.id, taken, lines: new });
    }
    Ok(plan)
}

/// The newest of an account: its closing balance, and its number.
struct Last {
    closing: Option<Pence>,
    numbered: Option<Known>,
}

impl Last {
    async fn of(tx: &mut Tx, org: OrgId, account: i64) -> Outcome<Last> {
        let closing = cash::last_statement(tx, org, account).await?.and_then(|row| row.closing_pence).map(Pence);
        let numbered = bank_files::last_numbered(tx, org, account).await?.map(known);
        Ok(Last { closing, numbered })
    }

    fn goes_on(&mut self, coming: &Coming) {
        self.closing = coming.says.closing.or(self.closing);
        if !coming.says.number.is_empty() {
            self.numbered = Some(coming.says.clone());
        }
    }
}

fn known(row: BankStatementRow) -> Known {
    Known {
        number: row.statement_number,
        to_on: row.to_on,
        opening: row.opening_pence.map(Pence),
        closing: row.closing_pence.map(Pence),
    }
}

fn coming(taken: &StatementTaken) -> Coming {
    Coming {
        says: Known {
            number: taken.number.clone(),
            to_on: taken.to_on,
            opening: taken.opening_pence.map(Pence),
            closing: taken.closing_pence.map(Pence),
        },
        brought: Pence(taken.credits_pence - taken.debits_pence),
        lines_new: usize::try_from(taken.lines_new).unwrap_or(usize::MAX),
    }
}

/// Statements in the books with the same number and last day.
async fn same_identity(tx: &mut Tx, org: OrgId, account: i64, coming: &Coming) -> Outcome<Vec<Known>> {
    if coming.says.number.is_empty() {
        return Ok(Vec::new());
    }
    let rows = bank_files::statements_numbered(tx, org, account, &coming.says.number).await?;
    Ok(rows.into_iter().filter(|row| row.to_on == coming.says.to_on).map(known).collect())
}

/// Whether it is older than the newest and lies exactly between its neighbours.
async fn late_and_fitting(tx: &mut Tx, org: OrgId, account: i64, coming: &Coming) -> Outcome<bool> {
    let Some(day) = coming.says.to_on else { return Ok(false) };
    let Some(after) = bank_files::statement_after(tx, org, account, day).await?.map(known) else { return Ok(false) };
    let before = bank_files::statement_before(tx, org, account, day).await?.map(known);
    Ok(statements::closes_a_gap(before.as_ref(), Some(&after), coming))
}

/// Our account that a statement is of; the first file that names a number gives it to the account without one.
fn account_of(
    desk: &Desk,
    org: OrgId,
    ask: &ImportBankStatement,
    statement: &Statement,
    accounts: &mut [BankAccountRow],
    maps: &mut Vec<(i64, String, String)>,
) -> Outcome<BankAccountRow> {
    let print = desk.vault().bank_print(org.0, "", &statement.account).unwrap_or_default();
    let shown = last_digits(&statement.account);
    let chosen = match &ask.bank_account {
        Some(name) => {
            let found = accounts.iter().position(|a| a.name.eq_ignore_ascii_case(name.trim()));
            let wrong = || Invalid::field("bank_account", "Choose one of the bank accounts", name.as_str());
            Some(found.ok_or_else(wrong)?)
        }
        None if print.is_empty() && accounts.len() == 1 => Some(0),
        None if print.is_empty() => None,
        None => {
            accounts.iter().position(|a| a.print == print).or_else(|| accounts.iter().position(|a| a.print.is_empty()))
        }
    };
    let Some(place) = chosen else {
        let sentence = if print.is_empty() {
            "The file does not say of which bank account it is.".to_owned()
        } else {
            format!("The file is of an account ending {shown}, which is not one of ours.")
        };
        return Err(intake::UNKNOWN_ACCOUNT.because(sentence).into());
    };
    let account = &mut accounts[place];
    if !print.is_empty() && account.print.is_empty() {
        maps.push((account.id, print.clone(), shown.clone()));
        (account.print, account.shown) = (print.clone(), shown.clone());
    }
    if !print.is_empty() && account.print != print {
        let sentence =
            format!("{} ends {}, and the file is of an account ending {shown}.", account.name, account.shown);
        return Err(intake::UNKNOWN_ACCOUNT.because(sentence).into());
    }
    Ok(account.clone())
}

fn taken_of(account: &BankAccountRow, statement: &Statement, new: &[BankLineRow], seen: usize) -> StatementTaken {
    let days = || new.iter().map(|line| line.posted_on);
    StatementTaken {
        bank_account: account.name.clone(),
        number: statement.number.clone().unwrap_or_else(|| statement.id.clone()),
        from_on: statement.from_on.or_else(|| days().min()),
        to_on: statement.to_on.or_else(|| days().max()),
        opening_pence: statement.opening,
        closing_pence: statement.closing,
        lines_new: new.len() as i64,
        lines_seen: seen as i64,
        credits_pence: new.iter().map(|line| line.amount_pence.max(0)).sum(),
        debits_pence: new.iter().map(|line| (-line.amount_pence).max(0)).sum(),
    }
}

/// The booked lines of a statement; a batch whose payments add up to it becomes a line for each payment.
fn lines_of(
    desk: &Desk,
    org: OrgId,
    account: &BankAccountRow,
    statement: &Statement,
    format: &str,
    occurrences: &mut HashMap<(i64, String), u32>,
) -> Outcome<Vec<BankLineRow>> {
    let keyed = format == "csv:neutral";
    let mut lines = Vec::new();
    for entry in statement.entries.iter().filter(|e| e.status == EntryStatus::Booked) {
        let parts: i64 = entry.details.iter().filter_map(|d| d.amount).sum();
        let whole =
            entry.details.len() > 1 && entry.details.iter().all(|d| d.amount.is_some()) && parts == entry.amount;
        if whole {
            for detail in &entry.details {
                lines.push(Money::of_detail(entry, detail));
            }
        } else {
            lines.push(Money::of_entry(entry));
        }
    }
    lines.into_iter().map(|money| money.line(desk, org, account.id, keyed, occurrences)).collect()
}

/// One payment of a statement.
struct Money<'a> {
    entry: &'a bank_statement::Entry,
    amount: i64,
    name: String,
    sort_code: &'a str,
    account: &'a str,
    bank_reference: &'a str,
    words: String,
}

impl<'a> Money<'a> {
    fn of_entry(entry: &'a bank_statement::Entry) -> Money<'a> {
        Money {
            entry,
            amount: entry.amount,
            name: entry.payer_name.clone().unwrap_or_default(),
            sort_code: entry.payer_sort_code.as_deref().unwrap_or_default(),
            account: entry.payer_account.as_deref().unwrap_or_default(),
            bank_reference: entry.bank_reference.as_deref().unwrap_or_default(),
            words: entry.narrative(),
        }
    }

    fn of_detail(entry: &'a bank_statement::Entry, detail: &'a Detail) -> Money<'a> {
        let texts = [detail.customer_reference.as_deref().unwrap_or_default(), &detail.text];
        let words: Vec<&str> = texts.into_iter().filter(|t| !t.is_empty()).collect();
        Money {
            entry,
            amount: detail.amount.unwrap_or_default(),
            name: detail.payer_name.clone().or_else(|| entry.payer_name.clone()).unwrap_or_default(),
            sort_code: detail.payer_sort_code.as_deref().unwrap_or_default(),
            account: detail.payer_account.as_deref().unwrap_or_default(),
            bank_reference: detail.bank_reference.as_deref().or(entry.bank_reference.as_deref()).unwrap_or_default(),
            words: if words.is_empty() { entry.narrative() } else { words.join(" ") },
        }
    }

    fn line(
        self,
        desk: &Desk,
        org: OrgId,
        account: i64,
        keyed: bool,
        occurrences: &mut HashMap<(i64, String), u32>,
    ) -> Outcome<BankLineRow> {
        if self.amount.saturating_abs() > LARGEST.0 {
            let message = format!("No amount may be above {LARGEST}");
            return Err(Invalid::field("amount", message, &self.entry.at).into());
        }
        let print = desk.vault().bank_print(org.0, self.sort_code, self.account).unwrap_or_default();
        let has_card = mask_cards_in_bank_text(self.bank_reference) != self.bank_reference;
        let key = if keyed && !has_card && !self.bank_reference.is_empty() {
            format!("id:{}", self.bank_reference)
        } else {
            let mut says = [
                &self.entry.booked_on.to_string(),
                &self.amount.to_string(),
                &self.entry.kind,
                &self.name,
                &print,
                &self.words,
                self.bank_reference,
            ]
            .join("\u{1f}");
            // An agent tells equal payments of a day apart by the time.
            for (_, time) in self.entry.other.iter().filter(|(name, _)| name == "time") {
                says = format!("{says}\u{1f}{time}");
            }
            let nth = occurrences.entry((account, says.clone())).and_modify(|n| *n += 1).or_insert(1);
            sha256_hex(format!("{says}\u{1f}{nth}").as_bytes())
        };
        Ok(BankLineRow {
            id: 0,
            bank_statement_id: 0,
            bank_account_id: account,
            external_id: key.strip_prefix("id:").unwrap_or_default().to_owned(),
            line_key: key,
            posted_on: self.entry.booked_on,
            amount_pence: self.amount,
            kind: mask_cards_in_bank_text(&self.entry.kind),
            payer_name: mask_cards_in_bank_text(&self.name),
            payer_shown: if print.is_empty() { String::new() } else { last_digits(self.account) },
            payer_print: print,
            words: mask_cards_in_bank_text(&self.words),
            state: "waiting".into(),
            reason: String::new(),
            receipt_id: None,
            recorded_at: DateTime::UNIX_EPOCH,
        })
    }
}
