//! Secrets of an organisation: AES-256-GCM with a key kept outside the database.
//!
//! Bank details are sealed, and matched by a keyed fingerprint that cannot be read back.
use super::outcome::{Fault, No, Outcome};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, Mac};
use rand::Rng;
use sha2::{Digest, Sha256};
use std::path::Path;

/// The keys of a home; each organisation's are derived from the home's.
#[derive(Clone)]
pub struct Vault {
    root: [u8; 32],
}

/// 32 bytes from the machine's dice.
#[expect(clippy::disallowed_methods, reason = "the one place where the machine's dice are thrown")]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0u8; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// SHA-256 in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// A SHA-256 that grows with what is written.
#[derive(Clone, Default)]
pub struct RunningHash(Sha256);

impl RunningHash {
    /// Takes in more bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash so far, in hexadecimal.
    pub fn hex(&self) -> String {
        hex(&self.0.clone().finalize())
    }
}

impl Vault {
    /// The keys kept in a folder, made on first use with access for the owner alone.
    pub fn open(folder: &Path) -> Outcome<Vault> {
        std::fs::create_dir_all(folder)?;
        let path = folder.join("home.key");
        if !path.exists() {
            let fresh: [u8; 32] = random_bytes();
            write_private(&path, &fresh)?;
        }
        let bytes = std::fs::read(&path)?;
        let root = bytes.try_into().map_err(|_| Fault::new("keys/home.key does not hold 32 bytes"))?;
        Ok(Vault { root })
    }

    /// A vault whose key is derived from words, for homes that must come out the same each time.
    pub fn from_words(words: &str) -> Vault {
        Vault { root: Sha256::digest(words.as_bytes()).into() }
    }

    fn key(&self, org: i64, purpose: &str) -> [u8; 32] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.root).expect("HMAC takes keys of any length");
        mac.update(format!("sundry/{org}/{purpose}").as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Seals bytes for one row of one organisation; moved elsewhere they do not open.
    pub fn seal(&self, org: i64, row: &str, plain: &[u8]) -> Outcome<Vec<u8>> {
        let cipher = Aes256Gcm::new(&self.key(org, "seal").into());
        let nonce: [u8; 12] = random_bytes();
        let sealed = cipher
            .encrypt(&Nonce::from(nonce), Payload { msg: plain, aad: row.as_bytes() })
            .map_err(|_| Fault::new("sealing failed"))?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for this row.
    pub fn open_sealed(&self, org: i64, row: &str, sealed: &[u8]) -> Outcome<Vec<u8>> {
        let broken = || No::Fault(Fault::new(format!("what was sealed for {row} does not open")));
        let (nonce, body) = sealed.split_at_checked(12).ok_or_else(broken)?;
        let cipher = Aes256Gcm::new(&self.key(org, "seal").into());
        let nonce: [u8; 12] = nonce.try_into().map_err(|_| broken())?;
        cipher.decrypt(&Nonce::from(nonce), Payload { msg: body, aad: row.as_bytes() }).map_err(|_| broken())
    }

    /// Seals text as text.
    pub fn seal_text(&self, org: i64, row: &str, plain: &str) -> Outcome<String> {
        Ok(STANDARD_NO_PAD.encode(self.seal(org, row, plain.as_bytes())?))
    }

    /// Opens text that was sealed as text for this row.
    pub fn open_text(&self, org: i64, row: &str, sealed: &str) -> Outcome<String> {
        let broken = || No::Fault(Fault::new(format!("what was sealed for {row} does not open")));
        let bytes = STANDARD_NO_PAD.decode(sealed).map_err(|_| broken())?;
        String::from_utf8(self.open_sealed(org, row, &bytes)?).map_err(|_| broken())
    }

    /// A short mark that only this home can make: what it stands on cannot be made up or changed.
    pub fn mark(&self, org: i64, purpose: &str, text: &[u8]) -> [u8; 12] {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&self.key(org, purpose)).expect("HMAC takes keys of any length");
        mac.update(text);
        let whole: [u8; 32] = mac.finalize().into_bytes().into();
        std::array::from_fn(|at| whole[at])
    }

    /// The fingerprint of a bank account: equal for equal accounts, unreadable without the key.
    ///
    /// Spaces and hyphens do not count. Nothing given, or only zeros, has no fingerprint.
    pub fn bank_print(&self, org: i64, sort_code: &str, account: &str) -> Option<String> {
        let digits: String = sort_code.chars().chain(account.chars()).filter(char::is_ascii_alphanumeric).collect();
        if account.trim().is_empty() || digits.chars().all(|c| c == '0') {
            return None;
        }
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.key(org, "bank-print"))
            .expect("HMAC takes keys of any length");
        mac.update(digits.to_ascii_uppercase().as_bytes());
        Some(hex(&mac.finalize().into_bytes()[..16]))
    }

    /// The seed of the key that signs an organisation's audit head.
    pub fn signing_seed(&self, org: i64) -> [u8; 32] {
        self.key(org, "audit-sign")
    }
}

/// Writes a file that only its owner can read.
pub fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q09_sealed_details_do_not_open_elsewhere() {
        let vault = Vault::from_words("test");
        let sealed = vault.seal(1, "customer_bank/7", b"089999 66374958").expect("seals");
        assert!(!sealed.windows(8).any(|w| w == b"66374958"));
        assert_eq!(vault.open_sealed(1, "customer_bank/7", &sealed).expect("opens"), b"089999 66374958");
        assert!(vault.open_sealed(1, "customer_bank/8", &sealed).is_err());
        assert!(vault.open_sealed(2, "customer_bank/7", &sealed).is_err());
    }

    #[test]
    fn a_bank_print_does_not_mind_spelling() {
        let vault = Vault::from_words("test");
        assert_eq!(vault.bank_print(1, "08-99-99", "66374958"), vault.bank_print(1, "089999", "6637 4958"));
        assert_ne!(vault.bank_print(1, "08-99-99", "66374958"), vault.bank_print(2, "08-99-99", "66374958"));
        assert_eq!(vault.bank_print(1, "00-00-00", "00000000"), None);
        assert_eq!(vault.bank_print(1, "", ""), None);
    }
}
