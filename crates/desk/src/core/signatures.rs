//! Signatures of others: HMAC-SHA256 over what came, compared in constant time.
use super::vault::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

fn hmac(secret: &[u8], text: &[u8]) -> [u8; 32] {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(text);
    mac.finalize().into_bytes().into()
}

/// Whether a lower-case hexadecimal signature is that of these bytes. An empty secret signs nothing.
pub fn is_signed(secret: &[u8], body: &[u8], signature: &str) -> bool {
    !secret.is_empty() && bool::from(hex(&hmac(secret, body)).as_bytes().ct_eq(signature.as_bytes()))
}

/// The digest of the Secure Card Portal: of a text, with a secret that is kept as base64; none when it is not.
pub fn portal_digest(secret: &str, text: &str) -> Option<String> {
    let key = STANDARD.decode(secret.trim()).ok().filter(|key| !key.is_empty())?;
    Some(STANDARD.encode(hmac(&key, text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p13_a_webhook_is_signed_or_forged() {
        let body = br#"{"webhook_message_id":"wh1","event_type":"card_payment_succeeded"}"#;
        let good = "ce6adc13292f86c582ca82368cfd3d4dcccb859608af44e52eecc32c9f124d9a";
        assert!(is_signed(b"test-secret", body, good));
        for wrong in ["", &good[1..], &good.to_uppercase(), &good.replace('9', "8")] {
            assert!(!is_signed(b"test-secret", body, wrong), "{wrong}");
        }
        assert!(!is_signed(b"test-secret", b"{}", good));
        assert!(!is_signed(b"", b"", &hex(&hmac(b"", b""))), "no secret, no signature");
    }

    #[test]
    fn sys_04_the_portal_digest() {
        let text = "CapitaPortal!123!10004711X-1:1795168800!20261120100000!Original!456";
        let digest = portal_digest("c2VjcmV0LWtleS1mb3ItdGVzdHMtb25seQ==", text);
        assert_eq!(digest.as_deref(), Some("v27s2nKxoh7Y/owAjDK3AEPlROKYZguUTPinoF3EYII="));
        assert_eq!(portal_digest("not base64!", text), None);
    }
}
