//! `init` and `migrate`.
use super::out::{Out, busy};
use super::{Shop, done};
use crate::home::{HOME_THERE, bring_up, operator_name};
use clap::Args;
use serde_json::json;
use sundry_desk::control::people::{AddUser, add_user, made_password, users};
use sundry_desk::setup::organisations::{OpenOrganisation, open_organisation, organisations};
use sundry_desk::{Actor, Desk, Mode, Outcome};
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use sundry_domain::refusal::Invalid;

/// Makes a live home.
#[derive(Debug, Args)]
pub struct Init {
    /// The organisation's name
    #[arg(long)]
    name: String,
    /// Whose calendar it keeps: england-and-wales, scotland or northern-ireland
    #[arg(long)]
    nation: String,
    /// council, nhs, independent or care
    #[arg(long)]
    kind: String,
    /// VAT registration number
    #[arg(long, default_value = "", value_name = "NUMBER")]
    vat_number: String,
    /// Sign-in name of the first administrator
    #[arg(long, default_value = "admin", value_name = "NAME")]
    administrator: String,
}

/// A live home with its first organisation and administrator.
pub async fn init(shop: &Shop, ask: Init, out: &mut Out) -> Outcome<u8> {
    let Some(code) = shop.global.org.clone() else {
        return Err(Invalid::field("org", "Name the organisation's code with --org", "").into());
    };
    if shop.global.today.is_some() {
        return Err(sundry_desk::core::refusals::LIVE_DATE.because("A live home always works on today's date.").into());
    }
    let showing = busy("Making the home");
    let desk = shop.home().create(Mode::Live).await?;
    let org = first_organisation(&desk, &code, &ask).await?;
    let (name, password) = (ask.administrator, made_password());
    let by = Actor::operator(org, operator_name());
    if !users(&desk, &by).await?.is_empty() {
        let sentence = format!("There is a home in {} already, with people in it.", shop.home().folder().display());
        return Err(HOME_THERE.because(sentence).into());
    }
    let first = AddUser {
        key: format!("init/{name}"),
        sign_in_name: name.clone(),
        display_name: "First administrator".into(),
        roles: vec!["administrator".into()],
        limit: Pence::ZERO,
        password: password.clone(),
    };
    add_user(&desk, &by, first).await?;
    drop(showing);
    let folder = shop.home().folder().display().to_string();
    let document = json!({
        "home": folder,
        "organisation": { "code": code, "name": ask.name },
        "administrator": { "sign_in_name": name, "password": password },
    });
    out.answer(&document, || {
        format!(
            "A live home for {} is in {folder}.\nSign in as {name} with the password {password}, shown only once.",
            ask.name
        )
    })?;
    done()
}

/// Opens the organisation, unless an earlier try did.
async fn first_organisation(desk: &Desk, code: &str, ask: &Init) -> Outcome<OrgId> {
    let there = organisations(desk).await?;
    if let Some(same) = there.iter().find(|org| org.code == code) {
        desk.load_book().await?;
        return Ok(OrgId(same.id));
    }
    if let Some(other) = there.first() {
        return Err(HOME_THERE.because(format!("There is a home of {} here already.", other.code)).into());
    }
    let opened = OpenOrganisation {
        key: "init".into(),
        code: code.to_owned(),
        name: ask.name.clone(),
        nation: ask.nation.clone(),
        kind: ask.kind.clone(),
        vat_number: ask.vat_number.clone(),
        letterhead: json!({}),
    };
    Ok(open_organisation(desk, &operator_name(), opened).await?.org)
}

/// Brings the database to this program's version.
pub async fn migrate(shop: &Shop, out: &mut Out) -> Outcome<u8> {
    let done_now = bring_up(&shop.home().db().await?).await?;
    let document = json!({ "migrated": done_now });
    out.answer(&document, || match done_now.len() {
        0 => "The database is up to date.".to_owned(),
        _ => format!("Done: {}.", done_now.join(", ")),
    })?;
    done()
}
