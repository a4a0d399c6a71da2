//! `story`: text tables that a clerk can read, each played in a fresh home.
use super::Shop;
use super::out::{DONE, FAULT, Out, busy};
use crate::config::whole_url;
use crate::story::run_story;
use clap::Args;
use std::path::PathBuf;
use sundry_desk::Outcome;

/// Story files.
#[derive(Debug, Args)]
pub struct Story {
    /// The files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Plays stories on the database named, which must hold nothing but stories; else on SQLite.
pub async fn story(shop: &Shop, ask: Story, out: &mut Out) -> Outcome<u8> {
    let folder = std::env::temp_dir().join(format!("sundry-stories-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let reports = play(shop, &ask.files, &folder).await;
    // What is left behind is only a story's.
    let _ = std::fs::remove_dir_all(&folder);
    let reports = reports?;
    out.answer(&reports, || reports.iter().map(|report| report.sentence() + "\n").collect())?;
    Ok(if reports.iter().all(|report| report.failure.is_none()) { DONE } else { FAULT })
}

async fn play(shop: &Shop, files: &[PathBuf], folder: &std::path::Path) -> Outcome<Vec<crate::story::StoryReport>> {
    let showing = busy("Playing");
    let mut reports = Vec::new();
    for (nth, file) in files.iter().enumerate() {
        showing.now(format!("Playing {}", file.display()));
        let own = format!("sqlite:{}", folder.join(format!("{nth}.sqlite")).display());
        let url = whole_url(shop.global.database.as_deref().unwrap_or(&own))?;
        reports.push(run_story(file, &url).await?);
    }
    Ok(reports)
}
