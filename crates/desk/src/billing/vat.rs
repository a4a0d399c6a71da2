//! The VAT return's figures, relief claimed on bad debts, and a return recorded as filed (INV-05, INV-10).
use crate::core::command::Command;
use crate::customers::refuse_cards;
use crate::ledger::post::{NewJournal, post_many};
use crate::{Actor, Desk, Fault, Outcome, command};
use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_domain::billing::{Relief, ReliefFacts, TaxablePart, VatBoxes, VatCode, VatPart, may_file, vat_boxes};
use sundry_domain::calendar::add_days;
use sundry_domain::control::Duty;
use sundry_domain::control::refusals::CHANGED;
use sundry_domain::ids::{CustomerId, OrgId};
use sundry_domain::ledger::vat_relief_due;
use sundry_domain::money::{BasisPoints, Pence};
use sundry_domain::refusal::Invalid;
use sundry_store::Tx;
use sundry_store::billing::vat::{self, ReliefWaiting, VatDocument, VatReturnRow, VatSum};

/// The event under which relief is claimed after a write-off.
const CLAIMED: &str = "VatReliefClaimed";
const WRITTEN_BACK: &str = "DebtWrittenBack";

/// Which period.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct AskVatReturn {
    /// First day; the day after the last return when not said, or the first of the last whole quarter.
    pub from_on: Option<NaiveDate>,
    /// Last day; three months on when not said.
    pub to_on: Option<NaiveDate>,
}

/// Relief that a write-off bears.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReliefShown {
    /// Number of the write-off.
    pub write_off: String,
    /// What was written off.
    pub item: String,
    /// Customer number.
    pub customer_number: String,
    /// What was written off, with VAT.
    pub written_off_pence: i64,
    /// The VAT in it.
    pub relief_pence: i64,
    /// First day of claim.
    pub earliest_on: NaiveDate,
    /// Last day of claim.
    pub latest_on: NaiveDate,
    /// early, due or late.
    pub state: String,
}

/// The figures of a period, and what they are made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct VatReturnShown {
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Boxes 1, 4 and 6.
    pub boxes: VatBoxes,
    /// By kind, code and rate.
    pub sums: Vec<VatSum>,
    /// The documents.
    pub documents: Vec<VatDocument>,
    /// Relief owed again, which box 1 holds.
    pub repaid_pence: i64,
    /// Output VAT posted to the ledger in the period.
    pub posted_pence: i64,
    /// Box 1 less what was posted: documents whose tax point is in another period than their posting.
    pub timing_pence: i64,
    /// Write-offs of taxed debts on which no relief was claimed.
    pub relief: Vec<ReliefShown>,
    /// Returns that were filed.
    pub filed: Vec<VatReturnRow>,
    /// Whether this period can be filed today; else why not.
    pub why_not: String,
}

/// The figures of a period; nothing is kept.
///
/// # Errors
/// Duty; a last day before the first.
pub async fn vat_return(desk: &Desk, by: &Actor, ask: AskVatReturn) -> Outcome<VatReturnShown> {
    by.must_hold(Duty::RunReports)?;
    let mut look = desk.look().await?;
    shown(&mut look, by.org, ask, desk.today()).await
}

async fn shown(tx: &mut Tx, org: OrgId, ask: AskVatReturn, today: NaiveDate) -> Outcome<VatReturnShown> {
    let filed_until = vat::vat_filed_until(tx, org).await?;
    let (from_on, to_on) = period(ask, filed_until, today)?;
    let days = (from_on, to_on);
    let sums = vat::vat_sums(tx, org, days).await?;
    let parts: Vec<VatPart> = sums.iter().map(part).collect::<Outcome<_>>()?;
    let of =
        |rows: &[(String, i64)], event: &str| rows.iter().filter(|row| row.0 == event).map(|row| row.1).sum::<i64>();
    let output = vat::moved_on_role(tx, org, "VATO", days).await?;
    let claims = vat::moved_on_role(tx, org, "VATBDR", days).await?;
    let repaid = -of(&output, WRITTEN_BACK);
    let relief: i64 = claims.iter().filter(|row| row.0 == CLAIMED || row.0 == "DebtWrittenOff").map(|row| row.1).sum();
    let posted: i64 = -output.iter().map(|row| row.1).sum::<i64>();
    let boxes = vat_boxes(&parts, Pence(relief), Pence(repaid));
    let waiting = waiting(tx, org, today).await?;
    Ok(VatReturnShown {
        from_on,
        to_on,
        boxes,
        sums,
        documents: vat::vat_documents(tx, org, days).await?,
        repaid_pence: repaid,
        posted_pence: posted,
        timing_pence: boxes.box1.0 - posted,
        relief: waiting.into_iter().map(|(row, relief)| shown_relief(&row, relief, today)).collect(),
        filed: vat::vat_returns(tx, org).await?,
        why_not: may_file(days, filed_until, today).err().map_or_else(String::new, |no| no.sentence),
    })
}

fn part(sum: &VatSum) -> Outcome<VatPart> {
    let code = VatCode::parse(&sum.vat_code).ok_or_else(|| Fault::new("a VAT code cannot be read"))?;
    let is_credit = sum.kind == "credit_note";
    Ok(VatPart { is_credit, code, net: Pence(sum.net_pence), vat: Pence(sum.vat_pence) })
}

/// The days asked, or the quarter that is to be filed next.
fn period(ask: AskVatReturn, filed_until: Option<NaiveDate>, today: NaiveDate) -> Outcome<(NaiveDate, NaiveDate)> {
    let last_quarter = || {
        let first = NaiveDate::from_ymd_opt(today.year(), (today.month0() / 3) * 3 + 1, 1).unwrap_or(today);
        first.checked_sub_months(Months::new(3)).unwrap_or(first)
    };
    let next = || filed_until.map_or_else(last_quarter, |last| add_days(last, 1));
    let from_on = ask.from_on.unwrap_or_else(next);
    let three_on = || from_on.checked_add_months(Months::new(3)).map_or(from_on, |day| add_days(day, -1));
    let to_on = ask.to_on.unwrap_or_else(three_on);
    if to_on < from_on || (to_on - from_on).num_days() > 400 {
        let say = "Enter a last day on or after the first, at most 400 days later";
        return Err(Invalid::field("to_on", say, to_on.to_string()).into());
    }
    Ok((from_on, to_on))
}

/// Write-offs without relief so far, each with what it bears.
async fn waiting(tx: &mut Tx, org: OrgId, today: NaiveDate) -> Outcome<Vec<(ReliefWaiting, Relief)>> {
    let mut found = Vec::new();
    for row in vat::relief_waiting(tx, org).await? {
        let lines = vat::taxed_lines(tx, org, row.document_id).await?;
        let facts =
            relief_on(&lines, Pence(row.gross_pence), Pence(row.written_off_pence), (row.supply_on, row.due_on));
        let relief = sundry_domain::billing::vat_relief(&facts);
        if relief.amount > Pence::ZERO && today <= relief.latest_on {
            found.push((row, relief));
        }
    }
    Ok(found)
}

/// What decides the relief on this much of an invoice: its taxed lines as net, VAT and rate, and its dates.
pub(crate) fn relief_on(
    taxed: &[(i64, i64, i64)],
    gross: Pence,
    unpaid: Pence,
    (supply_on, due_on): (chrono::NaiveDate, chrono::NaiveDate),
) -> ReliefFacts {
    let part =
        |(net, vat, bp): &(i64, i64, i64)| TaxablePart { gross: Pence(*net).plus(Pence(*vat)), rate: BasisPoints(*bp) };
    ReliefFacts { gross, taxable: taxed.iter().map(part).collect(), paid: gross.minus(unpaid), supply_on, due_on }
}

fn shown_relief(row: &ReliefWaiting, relief: Relief, today: NaiveDate) -> ReliefShown {
    ReliefShown {
        write_off: row.write_off.clone(),
        item: row.item_number.clone(),
        customer_number: row.customer_number.clone(),
        written_off_pence: row.written_off_pence,
        relief_pence: relief.amount.0,
        earliest_on: relief.earliest_on,
        latest_on: relief.latest_on,
        state: if today < relief.earliest_on { "early" } else { "due" }.into(),
    }
}

/// Claims the relief that is due on write-offs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ClaimVatRelief {
    /// Idempotency key.
    pub key: String,
}

/// What was claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReliefClaimed {
    /// Write-offs.
    pub write_offs: i64,
    /// The relief, which box 4 of the period holds.
    pub relief_pence: i64,
}

/// Claims relief on every write-off whose six months have passed since (GL-02 row 22, later).
///
/// # Errors
/// Duty; `GL-04-…` in a closed period.
pub async fn claim_vat_relief(desk: &Desk, by: &Actor, ask: ClaimVatRelief) -> Outcome<ReliefClaimed> {
    by.must_hold(Duty::PostJournals)?;
    command!(desk, by, "claim_vat_relief", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let due: Vec<_> = waiting(&mut cmd.tx, org, today).await?;
        let due: Vec<_> = due.into_iter().filter(|(_, relief)| relief.earliest_on <= today).collect();
        let journals = due.iter().map(|(row, relief)| claim(row, relief.amount, today)).collect();
        post_many(cmd, journals).await?;
        let relief_pence = due.iter().map(|(_, relief)| relief.amount.0).sum();
        let claimed = ReliefClaimed { write_offs: due.len() as i64, relief_pence };
        cmd.tell(CLAIMED, "vat", claimed);
        Ok(claimed)
    })
}

fn claim(row: &ReliefWaiting, relief: Pence, today: NaiveDate) -> NewJournal {
    NewJournal {
        posted_on: today,
        event: CLAIMED,
        source: format!("write-off {}", row.write_off),
        reason: format!("VAT relief on {}, written off as {}", row.item_number, row.write_off),
        customer: Some(CustomerId(row.customer_id)),
        item: None,
        lines: vat_relief_due(relief),
    }
}

/// Records a return as filed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FileVatReturn {
    /// Idempotency key.
    pub key: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    pub to_on: NaiveDate,
    /// Box 1 as it was filed; it must be what the books say.
    pub box1_pence: i64,
    /// What HMRC answered: the form bundle number.
    pub receipt: String,
}

/// Records a return as filed: from then on no document may have its tax point in it.
///
/// # Errors
/// Duty; `INV-05-RETURN-GAP`, `INV-05-RETURN-OPEN`; `CTL-01-CHANGED` when the books say something else by now.
pub async fn file_vat_return(desk: &Desk, by: &Actor, ask: FileVatReturn) -> Outcome<VatReturnRow> {
    by.must_hold(Duty::ClosePeriods)?;
    refuse_cards(&[("receipt", &ask.receipt)])?;
    let receipt = ask.receipt.trim();
    if receipt.is_empty() || receipt.chars().count() > 100 {
        return Err(Invalid::field("receipt", "Enter HMRC's receipt, up to 100 characters", &ask.receipt).into());
    }
    command!(desk, by, "file_vat_return", &ask.key, &ask, |cmd| {
        let (org, today) = (cmd.by.org, cmd.today);
        let filed_until = vat::vat_filed_until(&mut cmd.tx, org).await?;
        may_file((ask.from_on, ask.to_on), filed_until, today)?;
        let asked = AskVatReturn { from_on: Some(ask.from_on), to_on: Some(ask.to_on) };
        let boxes = shown(&mut cmd.tx, org, asked, today).await?.boxes;
        if boxes.box1.0 != ask.box1_pence {
            let sentence = format!("Box 1 is {} by now, not {}", boxes.box1, Pence(ask.box1_pence));
            return Err(CHANGED.because(sentence).into());
        }
        let row = filed(cmd, &ask, boxes, receipt);
        vat::add_vat_return(&mut cmd.tx, org, &row, cmd.by.user.0, cmd.at).await?;
        cmd.tell("VatReturnFiled", format!("VAT return to {}", row.to_on), &row);
        Ok(row)
    })
}

fn filed(cmd: &Command, ask: &FileVatReturn, boxes: VatBoxes, receipt: &str) -> VatReturnRow {
    VatReturnRow {
        id: cmd.id::<sundry_domain::ids::DocumentId>().0,
        from_on: ask.from_on,
        to_on: ask.to_on,
        box1_pence: boxes.box1.0,
        box4_pence: boxes.box4.0,
        box6_pounds: boxes.box6_pounds,
        receipt: receipt.into(),
        filed_on: cmd.today,
        actor_name: cmd.by.name.clone(),
    }
}
