//! A QR code of an address, as SVG: black squares on white, with the quiet zone that scanners need.
use qrcodegen::{QrCode, QrCodeEcc};
use std::fmt::Write;

/// Empty squares around the code.
const QUIET: i32 = 4;

/// The code as SVG; none when the text is too long for one.
pub(crate) fn svg(text: &str) -> Option<String> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let side = code.size() + 2 * QUIET;
    let mut path = String::new();
    for y in 0..code.size() {
        for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
            let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET, y + QUIET);
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}h-{side}z\"/>\
         <path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csh_15_a_link_is_a_code_and_the_same_link_the_same_code() {
        let link = "https://pay.northmere.example/pay/AAAAAAAAAAEAAAAAAAAAAgECAwQFBgcICQoLDA";
        let code = svg(link).expect("a code");
        assert_eq!(svg(link), Some(code.clone()));
        assert!(code.starts_with("<svg ") && code.len() > 4_000);
        assert_ne!(svg("https://pay.northmere.example/pay/B"), Some(code));
        assert_eq!(svg(&"x".repeat(5_000)), None);
    }
}
