//! The signed head of the audit trail: an anchor outside the database, so that a shortened one shows (P21).
use crate::core::audit::ORIGIN;
use crate::{Desk, Fault, Outcome};
use chrono::NaiveDate;
use ed25519_dalek::{Signature, Signer, SigningKey};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use sundry_domain::ids::OrgId;
use sundry_store::control;

/// The head of the trail on a day, signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedHead {
    /// Organisation.
    pub org: i64,
    /// Business date.
    pub on: NaiveDate,
    /// Sequence number of the newest row.
    pub seq: i64,
    /// Its hash.
    pub hash: String,
    /// Ed25519 over organisation, date, sequence number and hash; hexadecimal.
    pub signature: String,
}

impl SignedHead {
    fn message(&self) -> Vec<u8> {
        format!("sundry audit head {} {} {} {}", self.org, self.on, self.seq, self.hash).into_bytes()
    }

    /// Whether the home's key signed exactly this.
    pub fn is_genuine(&self, desk: &Desk) -> bool {
        let key = SigningKey::from_bytes(&desk.vault().signing_seed(self.org));
        let bytes: Option<Vec<u8>> = self
            .signature
            .as_bytes()
            .chunks(2)
            .map(|pair| std::str::from_utf8(pair).ok().and_then(|two| u8::from_str_radix(two, 16).ok()))
            .collect();
        let signature = bytes.and_then(|bytes| Signature::from_slice(&bytes).ok());
        signature.is_some_and(|signature| key.verifying_key().verify_strict(&self.message(), &signature).is_ok())
    }
}

fn folder(desk: &Desk) -> PathBuf {
    desk.home().join("audit")
}

/// Signs the head of an organisation's trail and writes it to `audit/<org>-<date>.sig` of the home.
/// Copy that file elsewhere: it proves what the trail was.
pub async fn sign_audit_head(desk: &Desk, org: OrgId) -> Outcome<SignedHead> {
    let mut look = desk.look().await?;
    let (seq, hash) = control::audit_head(&mut look, org).await?.unwrap_or_else(|| (0, ORIGIN.to_owned()));
    drop(look);
    let mut head = SignedHead { org: org.0, on: desk.today(), seq, hash, signature: String::new() };
    let key = SigningKey::from_bytes(&desk.vault().signing_seed(org.0));
    head.signature = crate::core::vault::hex(&key.sign(&head.message()).to_bytes());
    std::fs::create_dir_all(folder(desk))?;
    let path = folder(desk).join(format!("{}-{}.sig", org.0, head.on));
    let part = path.with_extension("part");
    std::fs::write(&part, serde_json::to_vec_pretty(&head)?)?;
    std::fs::rename(&part, &path)?;
    Ok(head)
}

/// Every signed head of an organisation, oldest first; files that cannot be read are named.
pub fn signed_heads(desk: &Desk, org: OrgId) -> Outcome<(Vec<SignedHead>, Vec<String>)> {
    let (mut heads, mut unreadable) = (Vec::new(), Vec::new());
    let prefix = format!("{}-", org.0);
    let entries = match std::fs::read_dir(folder(desk)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok((heads, unreadable)),
        Err(error) => return Err(Fault::new(format!("the folder of signed heads: {error}")).into()),
    };
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with(&prefix) || path.extension().is_none_or(|ext| ext != "sig") {
            continue;
        }
        match std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<SignedHead>(&bytes).ok()) {
            Some(head) if head.org == org.0 => heads.push(head),
            _ => unreadable.push(name),
        }
    }
    heads.sort_by_key(|head| (head.on, head.seq));
    unreadable.sort();
    Ok((heads, unreadable))
}
