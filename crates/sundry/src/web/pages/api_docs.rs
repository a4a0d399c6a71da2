//! The API to read: every operation with its duty, what it takes and an example.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;

/// The page.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct ApiDocs {
    /// The frame.
    pub frame: Frame,
    /// The operations by room.
    pub rooms: Vec<(String, Vec<Operation>)>,
}

/// One operation.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `POST`.
    pub method: String,
    /// `/api/v1/receipts/{id}/allocations`.
    pub path: String,
    /// What it does.
    pub summary: String,
    /// The duty it needs; may be empty.
    pub duty: String,
    /// An example of a request; may be empty.
    pub request: String,
    /// An example of the answer; may be empty.
    pub answer: String,
}

impl ApiDocs {
    /// The heading.
    pub fn heading(&self) -> String {
        "The Sundry API".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let operation = Operation {
            method: "POST".into(),
            path: "/api/v1/receipts/{id}/allocations".into(),
            summary: "Allocate a receipt".into(),
            duty: "Post cash".into(),
            request: "{\n  \"lines\": [{ \"item\": \"7104211\", \"amount_pence\": 12002 }]\n}".into(),
            answer: "{ \"left_pence\": 0 }".into(),
        };
        vec![("full", Self { frame: Frame::sample(""), rooms: vec![("Cash".into(), vec![operation])] })]
    }
}

impl Plain for ApiDocs {
    fn actions(&self) -> Html {
        ui::link("/api/v1/openapi.json", "OpenAPI 3.1 document")
    }

    fn body(&self) -> Html {
        let one = |operation: &Operation| {
            let name = format!("{} {}", operation.method, operation.path);
            let duty = ui::muted(format!("Needs the duty: {}.", ui::or_dash(&operation.duty)));
            let example = |title: &str, text: &String| {
                if text.is_empty() {
                    Html::default()
                } else {
                    ui::preformatted(format!("{title}: {name}"), text).into()
                }
            };
            Html::from(ui::heading(&operation.summary))
                .and(ui::code(&name))
                .and(duty)
                .and(example("Request", &operation.request))
                .and(example("Answer", &operation.answer))
        };
        let intro = ui::para(
            "Send an API key as a bearer token, and an Idempotency-Key with everything that changes something. Amounts are whole pence.",
        );
        let room = |(name, operations): &(String, Vec<Operation>)| {
            Html::from(ui::panel(name, ui::parts(operations.iter().map(one))))
        };
        Html::from(intro).and(ui::parts(self.rooms.iter().map(room)))
    }
}
