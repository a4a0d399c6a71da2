//! pain.008: Direct Debits through a bank channel in place of Standard 18.
//!
//! Instructions are not in it: they are lodged by Standard 18.

use super::xml_out::Xml;
use super::{Check, Party, Written, instant};
use crate::money::write_pounds;
use crate::problem::FormatProblem;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which edition of the message the bank takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum DebitVersion {
    /// pain.008.001.02, which has no word for a re-presentation.
    #[default]
    #[serde(rename = "02")]
    V02,
    /// pain.008.001.08
    #[serde(rename = "08")]
    V08,
}

/// Where a collection stands in the life of its mandate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Sequence {
    /// First (01).
    First,
    /// Regular (17).
    Regular,
    /// Final (19).
    Final,
    /// Presented again (18).
    Represented,
}

impl Sequence {
    fn code(self) -> &'static str {
        match self {
            Sequence::First => "FRST",
            Sequence::Regular => "RCUR",
            Sequence::Final => "FNAL",
            Sequence::Represented => "RPRE",
        }
    }
}

/// What a bank wants in its fixed fields.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DebitProfile {
    /// Edition.
    pub version: DebitVersion,
    /// The bank's code for Bacs.
    pub service_level: Option<String>,
    /// The bank's own instrument code.
    pub local_instrument: Option<String>,
}

/// One collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// Our number for it, at most 18.
    pub end_to_end_id: String,
    /// Who pays.
    pub from: Party,
    /// How much.
    pub amount_pence: i64,
    /// The instruction's reference, 6 to 18.
    pub mandate_reference: String,
    /// When the payer gave it.
    pub signed_on: NaiveDate,
    /// Where it stands.
    pub sequence: Sequence,
    /// What they see.
    pub remittance: String,
}

/// Collections to one account on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DebitBatch {
    /// Unique for ever, at most 30; each sequence adds its own ending to name its part.
    pub message_id: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// The day the bank wants named.
    pub collect_on: NaiveDate,
    /// Our account.
    pub to: Party,
    /// Service user number.
    pub sun: String,
    /// The bank's wishes.
    pub profile: DebitProfile,
    /// The collections.
    pub collections: Vec<Collection>,
}

/// The message of a batch, a part for each sequence.
///
/// # Errors
/// Everything that does not fit, with the collection it is in.
pub fn write_debits(batch: &DebitBatch) -> Result<Written, Vec<FormatProblem>> {
    let wrong = check(batch);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let newer = batch.profile.version == DebitVersion::V08;
    let edition = if newer { "08" } else { "02" };
    let total_pence = batch.collections.iter().map(|c| c.amount_pence).sum();
    let mut parts: BTreeMap<Sequence, Vec<&Collection>> = BTreeMap::new();
    for collection in &batch.collections {
        parts.entry(collection.sequence).or_default().push(collection);
    }
    let mut xml = Xml::document(&format!("urn:iso:std:iso:20022:tech:xsd:pain.008.001.{edition}"));
    xml.within("CstmrDrctDbtInitn", |xml| {
        xml.within("GrpHdr", |xml| {
            xml.text("MsgId", &batch.message_id);
            xml.text("CreDtTm", &instant(batch.created_at, newer));
            xml.text("NbOfTxs", &batch.collections.len().to_string());
            xml.text("CtrlSum", &write_pounds(total_pence));
            xml.nested(&["InitgPty", "Nm"], &batch.to.name);
        });
        for (sequence, collections) in &parts {
            xml.within("PmtInf", |xml| {
                head(xml, batch, *sequence, collections);
                for collection in collections {
                    one(xml, collection);
                }
            });
        }
    });
    let count = u32::try_from(batch.collections.len()).unwrap_or(u32::MAX);
    Ok(Written { bytes: xml.done(), count, total_pence })
}

fn head(xml: &mut Xml, batch: &DebitBatch, sequence: Sequence, collections: &[&Collection]) {
    xml.text("PmtInfId", &format!("{}-{}", batch.message_id, sequence.code()));
    xml.text("PmtMtd", "DD");
    xml.text("NbOfTxs", &collections.len().to_string());
    xml.text("CtrlSum", &write_pounds(collections.iter().map(|c| c.amount_pence).sum()));
    xml.within("PmtTpInf", |xml| {
        if let Some(code) = &batch.profile.service_level {
            xml.nested(&["SvcLvl", "Cd"], code);
        }
        if let Some(code) = &batch.profile.local_instrument {
            xml.nested(&["LclInstrm", "Prtry"], code);
        }
        xml.text("SeqTp", sequence.code());
    });
    xml.text("ReqdColltnDt", &batch.collect_on.format("%Y-%m-%d").to_string());
    xml.nested(&["Cdtr", "Nm"], &batch.to.name);
    xml.nested(&["CdtrAcct", "Id", "Othr", "Id"], &batch.to.account);
    xml.bank("CdtrAgt", &batch.to);
    xml.nested(&["CdtrSchmeId", "Id", "PrvtId", "Othr", "Id"], &batch.sun);
}

fn one(xml: &mut Xml, collection: &Collection) {
    xml.within("DrctDbtTxInf", |xml| {
        xml.nested(&["PmtId", "EndToEndId"], &collection.end_to_end_id);
        xml.sterling(collection.amount_pence);
        xml.within("DrctDbtTx", |xml| {
            xml.within("MndtRltdInf", |xml| {
                xml.text("MndtId", &collection.mandate_reference);
                xml.text("DtOfSgntr", &collection.signed_on.format("%Y-%m-%d").to_string());
            });
        });
        xml.bank("DbtrAgt", &collection.from);
        xml.nested(&["Dbtr", "Nm"], &collection.from.name);
        xml.nested(&["DbtrAcct", "Id", "Othr", "Id"], &collection.from.account);
        xml.nested(&["RmtInf", "Ustrd"], &collection.remittance);
    });
}

fn check(batch: &DebitBatch) -> Vec<FormatProblem> {
    let mut check = Check { wrong: Vec::new() };
    check.id("GrpHdr", "MsgId", &batch.message_id, 30);
    check.party("our account", &batch.to, 70);
    if !crate::bacs::is_sort_code(&batch.sun) {
        check.wrong.push(FormatProblem::new("pain.sun", "CdtrSchmeId", "the service user number is not six digits"));
    }
    if batch.collections.is_empty() {
        check.wrong.push(FormatProblem::new("pain.empty", "", "there is nothing to collect"));
    }
    for (index, collection) in batch.collections.iter().enumerate() {
        let at = format!("collection {}", index + 1);
        check.id(&at, "EndToEndId", &collection.end_to_end_id, 18);
        check.party(&at, &collection.from, 70);
        check.amount(&at, collection.amount_pence, 99_999_999_999);
        check.text(&at, "the reference", &collection.mandate_reference, 18);
        check.text(&at, "the remittance", &collection.remittance, 18);
        if collection.sequence == Sequence::Represented && batch.profile.version == DebitVersion::V02 {
            let message = "pain.008.001.02 has no word for a re-presentation; use .08 or Standard 18";
            check.wrong.push(FormatProblem::new("pain.sequence", at, message));
        }
    }
    check.once(batch.collections.iter().map(|c| c.end_to_end_id.as_str()));
    check.wrong
}
