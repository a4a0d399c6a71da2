//! What the pages of plain shape have in common: a title row, then a body.

use crate::web::ui::Html;

/// The parts of a page of plain shape; `templates/pages/plain.html` puts them in place.
pub(super) trait Plain {
    /// Breadcrumbs or a way back, above the title.
    fn above(&self) -> Html {
        Html::default()
    }

    /// A line over the heading.
    fn caption(&self) -> Html {
        Html::default()
    }

    /// Buttons and links beside the heading.
    fn actions(&self) -> Html {
        Html::default()
    }

    /// Everything under the title.
    fn body(&self) -> Html;
}
