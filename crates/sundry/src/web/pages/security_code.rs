//! Your security code: set up, confirmed, set up again.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// Your security code.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct SecurityCode {
    /// The frame.
    pub frame: Frame,
    /// It counts.
    pub confirmed: bool,
    /// It was begun: the secret to type, and the address to open; both empty when they were shown before.
    pub begun: Option<(String, String)>,
}

impl SecurityCode {
    /// The heading.
    pub fn heading(&self) -> String {
        "Your security code".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame, confirmed, begun| Self { frame, confirmed, begun };
        let begun = || Some(("GEZD GNBV GY3T QOJQ".into(), "otpauth://totp/Sundry?secret=GEZDGNBVGY3TQOJQ".into()));
        let wrong = Frame::sample("").wrong("code", "The security code is not right, or it has been used");
        vec![
            ("none", page(Frame::sample(""), false, None)),
            ("begun", page(Frame::sample(""), false, begun())),
            ("error", page(wrong, false, Some((String::new(), String::new())))),
            ("set_up", page(Frame::sample(""), true, None)),
        ]
    }

    fn code(&self, label: &str) -> ui::Input {
        ui::input("code", label, "")
            .width(10)
            .input_mode("numeric")
            .autocomplete("one-time-code")
            .errors(&self.frame.errors)
    }
}

impl Plain for SecurityCode {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/me", "Your account")]).into()
    }

    fn body(&self) -> Html {
        let why =
            ui::para("It confirms what you approve where a sign-in is not enough, such as a schedule of write-offs.");
        if let Some((secret, address)) = &self.begun {
            let shown = match secret.as_str() {
                "" => ui::muted("The secret was shown once. If you did not keep it, begin again below.").into(),
                secret => {
                    Html::from(ui::para("Enter this secret into your authenticator. It is shown now and never again."))
                        .and(ui::preformatted("Secret", secret))
                        .and(ui::preformatted("The same as an address", address.as_str()))
                }
            };
            let confirm = Html::from(self.code("The six digits it shows")).and(ui::button("Confirm"));
            let confirm = ui::post_form("/me/security-code/confirm", self.frame.tokens("confirm"), confirm);
            let again =
                ui::post_form("/me/security-code", self.frame.tokens("again"), ui::button("Begin again").secondary());
            return Html::from(why).and(shown).and(confirm).and(again);
        }
        if self.confirmed {
            let body = Html::from(self.code("The code you have now")).and(ui::button("Set up another").secondary());
            let form = ui::post_form("/me/security-code", self.frame.tokens("again"), body);
            return Html::from(why).and(ui::para("Your security code is set up.")).and(form);
        }
        let form = ui::post_form("/me/security-code", self.frame.tokens("begin"), ui::button("Set up a security code"));
        Html::from(why).and(form)
    }
}
