//! pain.001: money out of our account.

use super::xml_out::Xml;
use super::{Check, Party, Written, instant};
use crate::money::write_pounds;
use crate::problem::FormatProblem;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Which edition of the message the bank takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CreditVersion {
    /// pain.001.001.03
    #[default]
    #[serde(rename = "03")]
    V03,
    /// pain.001.001.09
    #[serde(rename = "09")]
    V09,
}

/// What a bank wants in its fixed fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditProfile {
    /// Edition.
    pub version: CreditVersion,
    /// `NURG` for Bacs, `URNS` for Faster Payments.
    pub service_level: String,
    /// The bank's own code, such as `BACS`.
    pub local_instrument: Option<String>,
    /// `SUPP`, `GOVT`; none for refunds.
    pub category_purpose: Option<String>,
    /// One line on the bank statement for the batch.
    pub batch_booking: bool,
    /// `SLEV` or `SHAR`, where wanted.
    pub charge_bearer: Option<String>,
    /// The longest payee name: 18 on Bacs, 40 on Faster Payments.
    pub name_most: usize,
    /// The most of one payment, in pence.
    pub most_pence: i64,
}

impl Default for CreditProfile {
    /// Bacs, one line for the batch.
    fn default() -> Self {
        Self {
            version: CreditVersion::V03,
            service_level: "NURG".into(),
            local_instrument: None,
            category_purpose: None,
            batch_booking: true,
            charge_bearer: None,
            name_most: 18,
            most_pence: 2_000_000_000,
        }
    }
}

/// One payment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Our number for it, at most 18 so that Bacs carries it whole.
    pub end_to_end_id: String,
    /// Who is paid.
    pub to: Party,
    /// How much.
    pub amount_pence: i64,
    /// What they see, at most 18.
    pub remittance: String,
}

/// Payments from one account on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreditBatch {
    /// Unique for ever, at most 35.
    pub message_id: String,
    /// Comes back on the bank line; its last 18 characters should be unique.
    pub batch_id: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The day the money is to move, a working day.
    pub execute_on: NaiveDate,
    /// Our account.
    pub from: Party,
    /// Our number at the bank, when it wants one.
    pub customer_id: Option<String>,
    /// The bank's wishes.
    pub profile: CreditProfile,
    /// The payments.
    pub payments: Vec<Payment>,
}

/// The message of a batch.
///
/// # Errors
/// Everything that does not fit, with the payment it is in. Nothing is cut: see [`super::convert`].
pub fn write_credits(batch: &CreditBatch) -> Result<Written, Vec<FormatProblem>> {
    let wrong = check(batch);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let total_pence = batch.payments.iter().map(|p| p.amount_pence).sum();
    let newer = batch.profile.version == CreditVersion::V09;
    let edition = if newer { "09" } else { "03" };
    let mut xml = Xml::document(&format!("urn:iso:std:iso:20022:tech:xsd:pain.001.001.{edition}"));
    let (count, sum) = (batch.payments.len().to_string(), write_pounds(total_pence));
    xml.within("CstmrCdtTrfInitn", |xml| {
        xml.within("GrpHdr", |xml| {
            xml.text("MsgId", &batch.message_id);
            xml.text("CreDtTm", &instant(batch.created_at, newer));
            xml.text("NbOfTxs", &count);
            xml.text("CtrlSum", &sum);
            xml.within("InitgPty", |xml| {
                xml.text("Nm", &batch.from.name);
                if let Some(id) = &batch.customer_id {
                    xml.nested(&["Id", "OrgId", "Othr", "Id"], id);
                }
            });
        });
        xml.within("PmtInf", |xml| {
            head(xml, batch, &count, &sum);
            for payment in &batch.payments {
                one(xml, payment);
            }
        });
    });
    let count = u32::try_from(batch.payments.len()).unwrap_or(u32::MAX);
    Ok(Written { bytes: xml.done(), count, total_pence })
}

fn head(xml: &mut Xml, batch: &CreditBatch, count: &str, sum: &str) {
    let profile = &batch.profile;
    xml.text("PmtInfId", &batch.batch_id);
    xml.text("PmtMtd", "TRF");
    xml.text("BtchBookg", if profile.batch_booking { "true" } else { "false" });
    xml.text("NbOfTxs", count);
    xml.text("CtrlSum", sum);
    xml.within("PmtTpInf", |xml| {
        xml.nested(&["SvcLvl", "Cd"], &profile.service_level);
        if let Some(code) = &profile.local_instrument {
            xml.nested(&["LclInstrm", "Prtry"], code);
        }
        if let Some(code) = &profile.category_purpose {
            xml.nested(&["CtgyPurp", "Cd"], code);
        }
    });
    let on = batch.execute_on.format("%Y-%m-%d").to_string();
    match profile.version {
        CreditVersion::V03 => xml.text("ReqdExctnDt", &on),
        CreditVersion::V09 => xml.nested(&["ReqdExctnDt", "Dt"], &on),
    }
    xml.nested(&["Dbtr", "Nm"], &batch.from.name);
    xml.nested(&["DbtrAcct", "Id", "Othr", "Id"], &batch.from.account);
    xml.bank("DbtrAgt", &batch.from);
    xml.maybe("ChrgBr", profile.charge_bearer.as_deref());
}

fn one(xml: &mut Xml, payment: &Payment) {
    xml.within("CdtTrfTxInf", |xml| {
        xml.nested(&["PmtId", "EndToEndId"], &payment.end_to_end_id);
        xml.within("Amt", |xml| xml.sterling(payment.amount_pence));
        xml.bank("CdtrAgt", &payment.to);
        xml.nested(&["Cdtr", "Nm"], &payment.to.name);
        xml.nested(&["CdtrAcct", "Id", "Othr", "Id"], &payment.to.account);
        xml.nested(&["RmtInf", "Ustrd"], &payment.remittance);
    });
}

fn check(batch: &CreditBatch) -> Vec<FormatProblem> {
    let mut check = Check { wrong: Vec::new() };
    check.id("GrpHdr", "MsgId", &batch.message_id, 35);
    check.id("PmtInf", "PmtInfId", &batch.batch_id, 35);
    check.party("our account", &batch.from, 70);
    if batch.payments.is_empty() {
        check.wrong.push(FormatProblem::new("pain.empty", "", "there is nothing to pay"));
    }
    for (index, payment) in batch.payments.iter().enumerate() {
        let at = format!("payment {}", index + 1);
        check.id(&at, "EndToEndId", &payment.end_to_end_id, 18);
        check.party(&at, &payment.to, batch.profile.name_most);
        check.amount(&at, payment.amount_pence, batch.profile.most_pence);
        check.text(&at, "the remittance", &payment.remittance, 18);
    }
    check.once(batch.payments.iter().map(|p| p.end_to_end_id.as_str()));
    check.wrong
}
