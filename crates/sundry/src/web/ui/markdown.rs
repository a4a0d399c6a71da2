//! Pages of the handbook, set in the house's type.
use super::Html;
use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// The first heading of a page of the handbook.
pub fn markdown_title(text: &str) -> &str {
    text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or("Help").trim()
}

/// A page of the handbook without its first heading. Markup in it is shown as text; each link goes through `lead`,
/// which says where it leads.
pub fn markdown(text: &str, lead: impl Fn(&str) -> String) -> Html {
    let mut in_title = false;
    let mut seen = Seen::default();
    let mut events = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => in_title = true,
            Event::End(TagEnd::Heading(HeadingLevel::H1)) => in_title = false,
            _ if in_title => {}
            event => set(event, &lead, &mut seen, &mut events),
        }
    }
    let mut out = String::from("<div class=\"app-prose\">");
    push_html(&mut out, events.into_iter());
    out.push_str("</div>");
    Html::raw(out)
}

/// How many of each were met: each is named by its number, so that a screen reader can tell them apart.
#[derive(Default)]
struct Seen {
    tables: u32,
    examples: u32,
}

fn set<'a>(event: Event<'a>, lead: &impl Fn(&str) -> String, seen: &mut Seen, out: &mut Vec<Event<'a>>) {
    let markup = |text: &'static str| Event::Html(CowStr::Borrowed(text));
    match event {
        Event::Html(text) | Event::InlineHtml(text) => out.push(Event::Text(text)),
        Event::Start(Tag::Paragraph) => out.push(markup("<p class=\"govuk-body govuk-!-font-size-16\">")),
        Event::Start(Tag::Heading { level: HeadingLevel::H2, .. }) => {
            out.push(markup("<h2 class=\"app-h2 govuk-!-margin-top-5\">"));
        }
        Event::Start(Tag::List(None)) => out.push(markup("<ul class=\"govuk-list govuk-list--bullet\">")),
        Event::Start(Tag::List(Some(_))) => out.push(markup("<ol class=\"govuk-list govuk-list--number\">")),
        Event::Start(Tag::CodeBlock(_)) => {
            seen.examples += 1;
            let examples = seen.examples;
            let open = format!(
                "<pre class=\"app-pre\" tabindex=\"0\" role=\"region\" aria-label=\"Example {examples}\"><code>"
            );
            out.push(Event::Html(open.into()));
        }
        Event::Start(Tag::Table(columns)) => {
            seen.tables += 1;
            let tables = seen.tables;
            let open =
                format!("<div class=\"app-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Table {tables}\">");
            out.push(Event::Html(open.into()));
            out.push(Event::Start(Tag::Table(columns)));
            let caption = format!("<caption class=\"govuk-visually-hidden\">Table {tables}</caption>");
            out.push(Event::Html(caption.into()));
        }
        Event::End(TagEnd::Table) => {
            out.push(Event::End(TagEnd::Table));
            out.push(markup("</div>"));
        }
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = lead(&dest_url).into();
            out.push(Event::Start(Tag::Link { link_type, dest_url, title, id }));
        }
        // No page asks another site for a picture.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
        other => out.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_page_is_shown_not_obeyed() {
        let text = "# A & B\n\nSee [cash](../rooms/cash.md) <script>alert(1)</script>\n\n<b>x</b>\n\n- one\n\n| a | b |\n|---|---|\n| 1 | `2` |\n";
        assert_eq!(markdown_title(text), "A & B");
        let html = markdown(text, |to| format!("/help/{}", to.trim_start_matches("../").trim_end_matches(".md")));
        let html = html.as_str();
        assert!(!html.contains("<script") && !html.contains("<b>") && !html.contains("<h1"), "{html}");
        assert!(html.contains(r#"<a href="/help/rooms/cash">cash</a>"#), "{html}");
        assert!(html.contains(r#"<ul class="govuk-list"#) && html.contains("<td><code>2</code></td>"), "{html}");
        assert_eq!(html.matches("<p").count(), html.matches("</p>").count());
    }
}
