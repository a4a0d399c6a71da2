//! Links that need no account: what they name, and a mark that only this home can make.
use crate::core::actor::Channel;
use crate::{Actor, Desk, Outcome};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq;
use sundry_domain::control::Duty;
use sundry_domain::ids::{OrgId, UserId};
use sundry_domain::money::Pence;
use sundry_store::Tx;
use sundry_store::control::organisation;

/// The token of a link to a thing of one purpose.
pub(crate) fn token(desk: &Desk, purpose: &str, org: OrgId, id: i64) -> String {
    let named = named(org, id);
    URL_SAFE_NO_PAD.encode([named.as_slice(), &desk.vault().mark(org.0, purpose, &named)].concat())
}

/// What a token names, if this home made it for the purpose.
pub(crate) fn read_token(desk: &Desk, purpose: &str, text: &str) -> Option<(OrgId, i64)> {
    let bytes: [u8; 28] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
    let number = |from: usize| bytes[from..from + 8].try_into().map(i64::from_be_bytes).ok();
    let (org, id) = (OrgId(number(0)?), number(8)?);
    let mark = desk.vault().mark(org.0, purpose, &named(org, id));
    bool::from(mark.ct_eq(&bytes[16..])).then_some((org, id))
}

fn named(org: OrgId, id: i64) -> [u8; 16] {
    let mut named = [0; 16];
    named[..8].copy_from_slice(&org.0.to_be_bytes());
    named[8..].copy_from_slice(&id.to_be_bytes());
    named
}

/// Who acts by a link: nobody of the house, with the one duty that it takes.
pub(crate) fn holder(org: OrgId, name: &str, duty: Duty) -> Actor {
    Actor {
        org,
        user: UserId(0),
        name: name.to_owned(),
        roles: Vec::new(),
        duties: vec![duty],
        limit: Pence::ZERO,
        channel: Channel::Web,
    }
}

/// Where our pages are reached from outside, without a slash at the end; none while nobody has said.
pub(crate) async fn pages_address(tx: &mut Tx, org: OrgId) -> Outcome<Option<(String, String)>> {
    let Some(site) = organisation(tx, org).await? else { return Ok(None) };
    let address = |from: &serde_json::Value, name: &str| from.get(name).and_then(|v| v.as_str()).map(str::to_owned);
    let base = address(&site.letterhead, "pages_url").or_else(|| address(&site.settings, "pay_links"));
    let base = base.filter(|base| base.starts_with("https://") || base.starts_with("http://"));
    Ok(base.map(|base| (base.trim_end_matches('/').to_owned(), site.name)))
}
