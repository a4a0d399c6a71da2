//! What queries may be about: the list, and setting one from a day on.

use super::plain::Plain;
use crate::web::ui::{self, Frame, Html};
use askama::Template;
use sundry_domain::queries::Category;

/// The categories, with the form that sets one.
#[derive(Debug, Template)]
#[template(path = "pages/plain.html")]
pub struct Categories {
    /// The frame.
    pub frame: Frame,
    /// The categories as they hold today.
    pub rows: Vec<Category>,
    /// What was typed; code, name, dispute, target days, hold days, from, active.
    pub typed: [String; 7],
}

impl Categories {
    /// The heading.
    pub fn heading(&self) -> String {
        "Categories of queries".to_owned()
    }

    /// What the page looks like in each state.
    #[cfg(test)]
    pub fn samples() -> Vec<(&'static str, Self)> {
        let page = |frame| Self {
            frame,
            rows: sundry_domain::queries::shipped_categories(),
            typed: ["price", "Price", "yes", "10", "90", "", "yes"].map(str::to_owned),
        };
        let wrong = Frame::sample("Admin").wrong("target_days", "Enter how many working days there are to answer");
        vec![("full", page(Frame::sample("Admin"))), ("error", page(wrong))]
    }
}

impl Plain for Categories {
    fn above(&self) -> Html {
        ui::breadcrumbs([("/admin/settings", "Settings")]).into()
    }

    fn body(&self) -> Html {
        let rows = self.rows.iter().map(|row| {
            let holds = match (row.dispute, row.hold_days) {
                (false, _) => "No".to_owned(),
                (true, 0) => "Until it is closed".to_owned(),
                (true, days) => format!("At most {}", ui::count_of(days, "day", "days")),
            };
            ui::row()
                .cell(Html::from(row.name.as_str()).and(ui::sub_line(&row.code)))
                .cell(holds)
                .cell(row.target_days.to_string())
                .cell(if row.active { "Yes" } else { "No" })
        });
        let table = ui::table("Categories of queries today")
            .columns([
                ui::col("Category"),
                ui::col("Holds its part"),
                ui::num("Working days"),
                ui::col("Can be chosen"),
            ])
            .rows(rows);
        let form = ui::post_form("/admin/query-categories", self.frame.tokens("category"), self.fields()).guarded();
        Html::from(table).and(ui::panel("Set a category from a day on", form))
    }
}

impl Categories {
    fn fields(&self) -> Html {
        let errors = &self.frame.errors;
        let [code, name, dispute, target, hold, from, active] = &self.typed;
        let yes_no = [("yes", "Yes"), ("no", "No")];
        Html::from(
            ui::input("code", "Code", code)
                .hint("One of the list to change it, or a new one, such as hospital_stay")
                .width(20)
                .errors(errors),
        )
        .and(ui::input("name", "Name", name).errors(errors))
        .and(ui::radios("dispute", "Is its part of the debt held?", dispute, yes_no).inline().errors(errors))
        .and(ui::input("target_days", "Working days to answer", target).input_mode("numeric").width(3).errors(errors))
        .and(
            ui::input("hold_days", "Days after which a hold ends by itself", hold)
                .hint("0 holds until the query is closed")
                .input_mode("numeric")
                .width(3)
                .errors(errors),
        )
        .and(ui::date_input("from_on", "From", from).hint("Leave empty for today").errors(errors))
        .and(ui::radios("active", "Can it be chosen?", active, yes_no).inline().errors(errors))
        .and(ui::button("Set category"))
    }
}
