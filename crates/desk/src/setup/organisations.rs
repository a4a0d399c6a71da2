//! Opening an organisation's books with everything a first day needs.
use crate::core::actor::Actor;
use crate::core::command::Command;
use crate::{Desk, Fault, Outcome, command};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use sundry_domain::calendar::Nation;
use sundry_domain::ids::OrgId;
use sundry_domain::ledger::default_gl_codes;
use sundry_domain::reference::shipped_rows;
use sundry_domain::refusal::Invalid;
use sundry_store::control::{self, OrganisationRow};
use sundry_store::ledger::{self, GlCodeRow, PeriodRow};

/// Opens an organisation.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenOrganisation {
    /// Idempotency key.
    pub key: String,
    /// Short code: letters, digits and hyphens.
    pub code: String,
    /// Name.
    pub name: String,
    /// england-and-wales, scotland or northern-ireland.
    pub nation: String,
    /// council, nhs, independent or care.
    pub kind: String,
    /// VAT registration number; empty when not registered.
    pub vat_number: String,
    /// Address lines, telephone and so on, for letters.
    pub letterhead: serde_json::Value,
}

/// The organisation that was opened.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Opened {
    /// Its id.
    pub org: OrgId,
}

impl OpenOrganisation {
    fn check(&self) -> Vec<Invalid> {
        let mut wrong = Vec::new();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if self.code.is_empty() || self.code.len() > 12 || !self.code.chars().all(plain) {
            wrong.push(Invalid::field("code", "Enter a code of 1 to 12 letters, digits or hyphens", &self.code));
        }
        if self.name.trim().is_empty() {
            wrong.push(Invalid::field("name", "Enter the organisation's name", &self.name));
        }
        if Nation::parse(&self.nation).is_none() {
            let say = "Enter england-and-wales, scotland or northern-ireland";
            wrong.push(Invalid::field("nation", say, &self.nation));
        }
        if !["council", "nhs", "independent", "care"].contains(&self.kind.as_str()) {
            wrong.push(Invalid::field("kind", "Enter council, nhs, independent or care", &self.kind));
        }
        wrong
    }
}

/// Opens an organisation with default GL codes, periods, reference data and one bank account.
///
/// # Errors
/// Invalid fields; a code that is taken.
pub async fn open_organisation(desk: &Desk, operator: &str, ask: OpenOrganisation) -> Outcome<Opened> {
    let wrong = ask.check();
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let mut look = desk.look().await?;
    let same = control::organisations(&mut look).await?.into_iter().find(|o| o.code == ask.code);
    drop(look);
    if same.is_some() {
        return Err(Invalid::field("code", "This code is taken by another organisation", &ask.code).into());
    }
    let org: OrgId = desk.id();
    let by = Actor::operator(org, operator);
    let opened = command!(desk, &by, "open_organisation", &ask.key, &ask, |cmd| {
        let row = OrganisationRow {
            id: org.0,
            code: ask.code.clone(),
            name: ask.name.trim().to_owned(),
            nation: ask.nation.clone(),
            kind: ask.kind.clone(),
            vat_number: ask.vat_number.clone(),
            letterhead: ask.letterhead.clone(),
            settings: serde_json::json!({}),
        };
        control::add_organisation(&mut cmd.tx, &row, cmd.at).await?;
        if control::reference_rows(&mut cmd.tx).await?.is_empty() {
            control::add_reference_rows(&mut cmd.tx, &shipped_rows(), cmd.at).await?;
        }
        open_books(cmd, org).await?;
        crate::seeds(cmd).await?;
        cmd.tell("OrganisationOpened", format!("organisation {}", row.code), &ask);
        Ok(Opened { org })
    })?;
    desk.load_book().await?;
    Ok(opened)
}

/// GL codes, and periods from ten financial years back to two ahead.
async fn open_books(cmd: &mut Command, org: OrgId) -> Outcome<()> {
    let codes: Vec<GlCodeRow> = default_gl_codes()
        .into_iter()
        .map(|c| GlCodeRow { code: c.code.into(), name: c.name.into(), role: c.role.as_str().into() })
        .collect();
    ledger::add_gl_codes(&mut cmd.tx, org, &codes).await?;
    let this_year = if cmd.today.month() >= 4 { cmd.today.year() } else { cmd.today.year() - 1 };
    let mut rows = Vec::new();
    for year in this_year - 10..=this_year + 2 {
        rows.extend(periods_of_year(year)?);
    }
    Ok(ledger::add_periods(&mut cmd.tx, org, &rows).await?)
}

/// The public sector year: P1 is April; P13 and P14 hold adjustments dated 31 March (CAL-04).
fn periods_of_year(year: i32) -> Outcome<Vec<PeriodRow>> {
    let day = |y: i32, m: u32| {
        NaiveDate::from_ymd_opt(y, m, 1).ok_or_else(|| Fault::new(format!("no first of month {m} in {y}")))
    };
    let mut rows = Vec::new();
    for number in 1..=14u32 {
        let month = (number + 2) % 12 + 1;
        let (starts_on, ends_on) = if number <= 12 {
            let y = if number <= 9 { year } else { year + 1 };
            let next = if month == 12 { day(y + 1, 1)? } else { day(y, month + 1)? };
            (day(y, month)?, next - chrono::Days::new(1))
        } else {
            let last = day(year + 1, 4)? - chrono::Days::new(1);
            (last, last)
        };
        rows.push(PeriodRow {
            start_year: i64::from(year),
            number: i64::from(number),
            starts_on,
            ends_on,
            state: "open".into(),
            snapshot_sha256: String::new(),
        });
    }
    Ok(rows)
}

/// Every organisation of the home.
pub async fn organisations(desk: &Desk) -> Outcome<Vec<OrganisationRow>> {
    let mut look = desk.look().await?;
    Ok(control::organisations(&mut look).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cal_04_a_year_has_twelve_months_and_two_adjustment_periods() {
        let rows = periods_of_year(2026).expect("a year");
        assert_eq!(rows.len(), 14);
        assert_eq!(
            (rows[0].starts_on.to_string(), rows[0].ends_on.to_string()),
            ("2026-04-01".into(), "2026-04-30".into())
        );
        assert_eq!(
            (rows[8].starts_on.to_string(), rows[8].ends_on.to_string()),
            ("2026-12-01".into(), "2026-12-31".into())
        );
        assert_eq!(
            (rows[11].starts_on.to_string(), rows[11].ends_on.to_string()),
            ("2027-03-01".into(), "2027-03-31".into())
        );
        assert_eq!(rows[12].starts_on.to_string(), "2027-03-31");
    }
}
