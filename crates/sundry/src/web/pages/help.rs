//! The handbook inside the page.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// A part of the handbook: its name, then address and words of each page and whether it is the one shown.
pub type Part = (String, Vec<(String, String, bool)>);

/// A page of the handbook.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Help {
    /// The frame.
    pub frame: Frame,
    /// Its title.
    pub title: String,
    /// Its text, set.
    pub text: Html,
    /// The other pages, by part of the handbook.
    pub parts: Vec<Part>,
}

impl Help {
    /// The heading.
    pub fn heading(&self) -> String {
        self.title.clone()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let text = "# Cash\n\n**Statements**: see [files](files.md).\n\n## Keys\n\n| Key | Does |\n|---|---|\n| `f` | fill |\n\n- one\n- two\n\n```\nsundry verify\n```\n";
        let page = Self {
            frame: Frame::sample(""),
            title: ui::markdown_title(text).to_owned(),
            text: ui::markdown(text, |to| format!("/help/{to}")),
            parts: vec![(
                "Rooms".into(),
                vec![
                    ("/help/rooms/cash".into(), "Cash".into(), true),
                    ("/help/rooms/billing".into(), "Billing".into(), false),
                ],
            )],
        };
        vec![("page", page)]
    }
}

impl Plain for Help {
    fn body(&self) -> Html {
        let line = |(href, words, current): &(String, String, bool)| {
            Html::from(ui::para(if *current { ui::strong(words, false) } else { ui::link(href, words) }))
        };
        let parts = self.parts.iter().map(|(name, pages)| ui::panel(name, ui::parts(pages.iter().map(line))));
        ui::grid([(8, self.text.clone()), (4, ui::parts(parts))]).into()
    }
}
