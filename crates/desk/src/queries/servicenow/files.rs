//! Files that hang on a case: kept by the rules of evidence; what is not kept is left there, and said so.
use super::client::ClientNo;
use super::sync::{Run, Went};
use crate::No;
use crate::core::evidence::{NewFile, plain_name, seal};
use sundry_domain::control::{EVIDENCE_KINDS, LARGEST_EVIDENCE};
use sundry_domain::queries::servicenow::is_sys_id;
use sundry_formats::servicenow::TheirCase;
use sundry_store::control::KeptFileRow;
use sundry_store::queries::servicenow::ServiceNowFileRow;

/// A file that was looked at.
pub(super) struct Fetched {
    /// What is known of it; its case is said when it is kept.
    pub row: ServiceNowFileRow,
    /// As it is kept; none where it was left there.
    pub kept: Option<KeptFileRow>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Fetched {
    /// Whether it may be a sheet of requests.
    pub fn is_sheet(&self) -> bool {
        self.kept.is_some() && matches!(ending(&self.row.name).as_str(), "csv" | "xlsx")
    }
}

fn ending(name: &str) -> String {
    name.rsplit_once('.').map_or(String::new(), |(_, ending)| ending.to_ascii_lowercase())
}

impl Run<'_> {
    /// The files of a case that are not known yet.
    pub(super) async fn fetch_files(&mut self, case: &TheirCase, known: &[ServiceNowFileRow]) -> Went<Vec<Fetched>> {
        let all = match self.client.files(&case.sys_id).await {
            Ok(all) => all,
            Err(ClientNo::NotLetIn(403, _)) => {
                self.done.notes.push(format!("The files of {} are not open to us", case.number));
                return Ok(Vec::new());
            }
            Err(no) => return Err(no.into()),
        };
        let mut fetched = Vec::new();
        for file in all {
            if !is_sys_id(&file.sys_id) || known.iter().any(|one| one.sys_id == file.sys_id) {
                continue;
            }
            let mut row = ServiceNowFileRow {
                case_id: 0,
                name: plain_name(&file.name),
                media_type: file.media_type.clone(),
                size_bytes: file.size_bytes,
                sha256: String::new(),
                left_there: String::new(),
                recorded_at: self.desk.clock().now(),
                sys_id: file.sys_id,
            };
            let (mut kept, mut bytes) = (None, Vec::new());
            if row.size_bytes > LARGEST_EVIDENCE as i64 {
                row.left_there = "It is over 20 MB".into();
            } else if !EVIDENCE_KINDS.iter().any(|(known, ..)| *known == ending(&row.name)) {
                row.left_there = "This kind of file is not kept as evidence".into();
            } else {
                bytes = self.client.file(&row.sys_id, LARGEST_EVIDENCE + 1).await?;
                match seal(self.desk, self.by.org.0, &NewFile { name: row.name.clone(), bytes: bytes.clone() }) {
                    Ok(sealed) => {
                        (row.sha256, row.media_type) = (sealed.sha256.clone(), sealed.media_type.clone());
                        kept = Some(sealed);
                    }
                    Err(No::Refused(refusal)) => row.left_there = refusal.sentence,
                    Err(no) => return Err(no.into()),
                }
            }
            fetched.push(Fetched { row, kept, bytes });
        }
        Ok(fetched)
    }
}
