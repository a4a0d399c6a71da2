//! Sheets that ask for invoices: taken by the rules for workbooks of services, in the name of who is set up for it.
use super::files::Fetched;
use super::sync::{Run, Went};
use crate::billing::requests::{BringRequests, bring_requests};
use crate::control::sign_in::actor_of;
use crate::core::actor::{Actor, Channel};
use crate::{No, Outcome};
use sundry_domain::refusal::Invalid;
use sundry_formats::servicenow::TheirCase;
use sundry_store::control::user_by_name;

/// Faults told there at most.
const FAULTS: usize = 20;

/// What came of the sheets of a case.
pub(super) enum Brought {
    /// No sheet that is new.
    Nothing,
    /// Requests.
    Taken(Vec<String>),
    /// What is to be put right there, in lines.
    SentBack(Vec<String>),
    /// A person must look, and why.
    Person(String),
}

impl Run<'_> {
    /// Brings the sheets of a case; the same sheet again gets the same answer.
    pub(super) async fn bring(&mut self, case: &TheirCase, files: &[Fetched]) -> Went<Brought> {
        let sheets: Vec<&Fetched> = files.iter().filter(|file| file.is_sheet()).collect();
        if sheets.is_empty() {
            return Ok(Brought::Nothing);
        }
        let Some(asker) = self.asker().await? else {
            let why = "Nobody is set up to ask for invoices in the name of ServiceNow";
            return Ok(Brought::Person(why.into()));
        };
        let (mut numbers, mut faults) = (Vec::new(), Vec::new());
        for sheet in sheets {
            match self.bring_one(&asker, case, sheet).await {
                Ok(brought) => numbers.extend(brought),
                Err(No::Invalid(all)) => faults.extend(all.iter().map(|one| fault(&sheet.row.name, one))),
                Err(No::Refused(no)) if numbers.is_empty() => {
                    return Ok(Brought::Person(format!("{}: {} ({})", sheet.row.name, no.sentence, no.code)));
                }
                Err(No::Refused(no)) => faults.push(format!("{}: {}", sheet.row.name, no.sentence)),
                Err(no) => return Err(no.into()),
            }
        }
        if faults.len() > FAULTS {
            let more = faults.len() - FAULTS;
            faults.truncate(FAULTS);
            faults.push(format!("and {more} more"));
        }
        // What was taken is taken: a sheet that is wrong beside it is for a person.
        Ok(match (numbers.is_empty(), faults.is_empty()) {
            (true, _) => Brought::SentBack(faults),
            (false, true) => Brought::Taken(numbers),
            (false, false) => {
                self.done.notes.push(format!("{}: not every sheet could be taken", case.number));
                Brought::Taken(numbers)
            }
        })
    }

    async fn bring_one(&self, asker: &Actor, case: &TheirCase, sheet: &Fetched) -> Outcome<Vec<String>> {
        let file = (self.sheet)(sheet.bytes.clone()).await?;
        let ask = BringRequests {
            key: format!("servicenow/{}/{}", case.sys_id, sheet.row.sha256),
            file_name: format!("{} {}", case.number, sheet.row.name).chars().take(120).collect(),
            file,
            service: self.row.request_service.clone(),
        };
        Ok(bring_requests(self.desk, asker, ask).await?.numbers)
    }

    /// Who asks for invoices in its name, with the duties they hold now.
    async fn asker(&self) -> Outcome<Option<Actor>> {
        if self.row.request_user.is_empty() {
            return Ok(None);
        }
        let user = user_by_name(&mut self.desk.look().await?, &self.row.request_user).await?;
        let user = user.filter(|user| user.org_id == self.by.org.0 && user.disabled_at.is_none());
        Ok(user.map(|user| actor_of(&user, Channel::Job)))
    }
}

/// A fault without what was typed: that may be somebody's name.
fn fault(file: &str, one: &Invalid) -> String {
    let row = one.row.map(|row| format!(", row {row}")).unwrap_or_default();
    format!("{file}{row}, {}: {}", one.field, one.message)
}
