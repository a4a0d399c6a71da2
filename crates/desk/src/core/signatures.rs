//! Signatures of others, and ours: HMAC-SHA256, compared in constant time.
use super::vault::hex;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
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

/// A JSON Web Token that says who calls and when, signed by HS256.
pub fn json_web_token(issuer: &str, secret: &str, issued_at: i64) -> String {
    let claims = format!(r#"{{"iss":{},"iat":{issued_at}}}"#, serde_json::Value::from(issuer));
    let said = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(br#"{"typ":"JWT","alg":"HS256"}"#),
        URL_SAFE_NO_PAD.encode(claims.as_bytes())
    );
    let signature = URL_SAFE_NO_PAD.encode(hmac(secret.as_bytes(), said.as_bytes()));
    format!("{said}.{signature}")
}

/// Whether a header bears our token. An empty token admits nobody.
pub fn bears(token: &str, authorization: &str) -> bool {
    let given = authorization.trim().strip_prefix("Bearer ").unwrap_or_default().trim();
    !token.is_empty() && bool::from(token.as_bytes().ct_eq(given.as_bytes()))
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

    #[test]
    fn del_01_a_call_to_notify_bears_a_signed_token() {
        let (service, secret) = ("26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0");
        // Worked out with another program.
        let token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJpc3MiOiIyNjc4NWEwOS1hYjE2LTRlYjAtODQwNy1hMzc0OTdhNTc1MDYiLCJpYXQiOjE1Njg4MTg1Nzh9.YT_aQYNif0l3HaPwy62Cj9g0qsYzjnj1K5pLwkELiFw";
        assert_eq!(json_web_token(service, secret, 1_568_818_578), token);
    }

    #[test]
    fn p13_a_call_bears_our_token_or_is_a_strangers() {
        assert!(bears("right horse", "Bearer right horse"));
        for wrong in
            ["", "Bearer", "Bearer ", "right horse", "Bearer right hors", "Bearer right horse2", "bearer right horse"]
        {
            assert!(!bears("right horse", wrong), "{wrong}");
        }
        assert!(!bears("", "Bearer "), "no token, nobody");
    }
}
