//! The handbook, embedded in the program and read inside the page.
use crate::web::door::{Answer, Routes, Shared, Visitor, page};
use crate::web::pages::help::{Help, Part};
use crate::web::ui;
use axum::extract::{Path, State};
use axum::routing::get;
use rust_embed::RustEmbed;
use sundry_desk::No;

/// The pages of the handbook.
#[derive(RustEmbed)]
#[folder = "../../handbook"]
#[include = "*.md"]
struct Handbook;

/// The handbook's routes: open to everyone signed in.
pub fn routes(routes: Routes) -> Routes {
    routes.add("/help", &[], get(start)).add("/help/{*page}", &[], get(view))
}

async fn start(State(doors): State<Shared>, visitor: Visitor) -> Answer {
    show(&doors, &visitor, "README").await
}

async fn view(State(doors): State<Shared>, visitor: Visitor, Path(name): Path<String>) -> Answer {
    // The pages of the footer have short addresses.
    let name = match name.as_str() {
        "keyboard" | "accessibility" | "privacy" => format!("help/{name}"),
        _ => name,
    };
    show(&doors, &visitor, &name).await
}

async fn show(doors: &Shared, visitor: &Visitor, name: &str) -> Answer {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/-".contains(c);
    let text = Some(name).filter(|n| n.chars().all(plain)).and_then(read);
    let text = text.ok_or_else(|| No::Absent("page of the handbook".into()))?;
    page(&Help {
        frame: doors.frame(visitor, "").await,
        title: ui::markdown_title(&text).to_owned(),
        text: ui::markdown(&text, |to| lead(name, to)),
        parts: contents(name),
    })
}

fn read(name: &str) -> Option<String> {
    let file = Handbook::get(&format!("{name}.md"))?;
    String::from_utf8(file.data.into_owned()).ok()
}

/// Where a link of a page leads: other pages of the handbook by their address here, the rest as it is.
fn lead(from: &str, to: &str) -> String {
    let (path, place) = to.split_once('#').map_or((to, String::new()), |(path, place)| (path, format!("#{place}")));
    let Some(path) = path.strip_suffix(".md").filter(|p| !p.contains(':')) else {
        return to.to_owned();
    };
    let mut folders: Vec<&str> = from.split('/').collect();
    folders.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(folders.pop()),
            name => folders.push(name),
        }
    }
    match folders.join("/").as_str() {
        "README" => format!("/help{place}"),
        page => format!("/help/{page}{place}"),
    }
}

/// The parts of the handbook with their pages, from its summary; what only developers need is left out.
fn contents(current: &str) -> Vec<Part> {
    let summary = read("SUMMARY").unwrap_or_default();
    let mut parts: Vec<Part> = Vec::new();
    for line in summary.lines() {
        if let Some(part) = line.strip_prefix("# ").filter(|part| *part != "Summary") {
            parts.push((part.to_owned(), Vec::new()));
        } else if let Some((words, to)) = line.strip_prefix("- [").and_then(|l| l.split_once("](")) {
            let file = to.trim_end_matches(')').trim_end_matches(".md");
            if let Some((_, pages)) = parts.last_mut() {
                pages.push((format!("/help/{file}"), words.to_owned(), file == current));
            }
        }
    }
    parts.retain(|(name, pages)| name != "Develop" && !pages.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_the_handbook_lead_to_pages_here() {
        assert_eq!(lead("rooms/cash", "../reference/files.md#columns"), "/help/reference/files#columns");
        assert_eq!(lead("README", "start/first-day.md"), "/help/start/first-day");
        assert_eq!(lead("rooms/cash", "../README.md"), "/help");
        assert_eq!(lead("rooms/cash", "#below"), "#below");
        assert_eq!(lead("a/b", "https://example.org/x.md"), "https://example.org/x.md");
    }

    #[test]
    fn every_page_of_the_summary_is_in_the_program() {
        let parts = contents("rooms/cash");
        let pages: Vec<_> = parts.iter().flat_map(|(_, pages)| pages).collect();
        assert!(pages.len() > 15 && pages.iter().filter(|(_, _, current)| *current).count() == 1);
        for (href, words, _) in pages {
            assert!(read(href.trim_start_matches("/help/")).is_some(), "{words}");
        }
        for page in ["help/keyboard", "help/accessibility", "help/privacy"] {
            assert!(read(page).is_some_and(|text| text.starts_with("# ")), "{page}");
        }
    }
}
