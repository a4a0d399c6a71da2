//! Makes the assets of the web pages out of `node_modules` and of our own files.
//!
//! The two precompiled stylesheets are GOV.UK's and MOJ's; off GOV.UK we may not use its
//! typeface, its crown or its images, so those are taken out here. Every change is counted:
//! a count that differs after an upgrade stops the build, since somebody must look first.
//!
//! Used by the build script of the `sundry` crate and by `cargo xtask assets`; standard library only.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A file ready to be served.
pub struct Made {
    /// The name the code uses: `sundry.css`.
    pub name: String,
    /// The name it is served under: `sundry-1f2e3d4c5b6a7988.css`.
    pub served_as: String,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The typeface of the two design systems, as their stylesheets name it.
const THEIR_FONT: &str = "GDS Transport,arial,sans-serif";
/// What is put in its place.
const OUR_FONT: &str = "Helvetica Neue,Helvetica,Arial,sans-serif";

/// What a stylesheet of other people must contain, no more and no less.
struct Expected {
    name: &'static str,
    path: &'static str,
    font_faces: usize,
    fonts: usize,
    crest_rules: usize,
    images: usize,
}

const STYLESHEETS: [Expected; 2] = [
    Expected {
        name: "govuk-frontend.css",
        path: "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css",
        font_faces: 2,
        fonts: 58,
        crest_rules: 2,
        images: 0,
    },
    Expected {
        name: "moj-frontend.css",
        path: "node_modules/@ministryofjustice/frontend/moj/moj-frontend.min.css",
        font_faces: 0,
        fonts: 60,
        crest_rules: 0,
        images: 11,
    },
];

const MOJ_IMAGES: &str = "node_modules/@ministryofjustice/frontend/moj/assets/images";
const GOVUK_SCRIPT: &str = "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js";
/// Our own files, in `crates/sundry/assets/`.
const OUR_FILES: [&str; 4] = ["sundry.css", "sundry.js", "favicon.svg", "manifest.webmanifest"];

/// The files the build should watch, from the root of the repository.
pub fn sources() -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = STYLESHEETS.iter().map(|sheet| PathBuf::from(sheet.path)).collect();
    paths.push(PathBuf::from(GOVUK_SCRIPT));
    paths.extend(OUR_FILES.iter().map(|name| Path::new("crates/sundry/assets").join(name)));
    paths
}

/// Makes every asset. The error is one sentence for the person who builds.
pub fn make(root: &Path) -> Result<Vec<Made>, String> {
    let mut made = Vec::new();
    for sheet in &STYLESHEETS {
        let css = rewrite(sheet, &read(root, sheet.path)?)?;
        let css = take_images(root, &css, &mut made)?;
        made.push(finish(sheet.name, css.into_bytes())?);
    }
    let script = read(root, GOVUK_SCRIPT)?;
    let script = script.split("//# sourceMappingURL").next().unwrap_or_default().to_owned();
    let script = finish("govuk-frontend.js", script.into_bytes())?;
    for name in OUR_FILES {
        let text = read(root, &format!("crates/sundry/assets/{name}"))?;
        let text = text.replace("/assets/govuk-frontend.js", &format!("/assets/{}", script.served_as));
        made.push(finish(name, text.into_bytes())?);
    }
    made.push(script);
    made.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(made)
}

/// Writes the assets to a folder, with `assets.rs`: the table the binary embeds.
pub fn write(root: &Path, folder: &Path) -> Result<(), String> {
    let files = folder.join("assets");
    fs::create_dir_all(&files).map_err(|why| format!("The folder {} could not be made: {why}.", files.display()))?;
    let mut table = String::from("&[\n");
    for asset in make(root)? {
        let path = files.join(&asset.served_as);
        fs::write(&path, &asset.bytes).map_err(|why| format!("{} could not be written: {why}.", path.display()))?;
        let _ = writeln!(
            table,
            "    Asset {{ name: {:?}, served_as: {:?}, media_type: {:?}, bytes: include_bytes!({:?}) }},",
            asset.name, asset.served_as, asset.media_type, path
        );
    }
    table.push_str("]\n");
    let path = folder.join("assets.rs");
    fs::write(&path, table).map_err(|why| format!("{} could not be written: {why}.", path.display()))
}

fn read(root: &Path, path: &str) -> Result<String, String> {
    fs::read_to_string(root.join(path)).map_err(|why| {
        if path.starts_with("node_modules/") {
            format!("The web assets need {path}, which is not there. Run npm ci first ({why}).")
        } else {
            format!("The web assets need {path}, which could not be read: {why}.")
        }
    })
}

/// Takes out of a stylesheet what we may not use.
fn rewrite(sheet: &Expected, css: &str) -> Result<String, String> {
    let (css, font_faces) = drop_rules(css, |selector, _| selector == "@font-face");
    let (css, crest_rules) = drop_rules(&css, |_, body| body.contains("govuk-crest.svg"));
    let fonts = css.matches(THEIR_FONT).count();
    let css = css.replace(THEIR_FONT, OUR_FONT);
    let css = css.split("/*# sourceMappingURL").next().unwrap_or_default().to_owned();
    let images = css.matches("url(/assets/images/").count();
    for (what, found, expected) in [
        ("@font-face blocks", font_faces, sheet.font_faces),
        ("rules with the royal crest", crest_rules, sheet.crest_rules),
        ("uses of GDS Transport", fonts, sheet.fonts),
        ("images", images, sheet.images),
    ] {
        if found != expected {
            return Err(format!(
                "{} has {found} {what} where {expected} were expected: look at what changed, then mend xtask/src/assets.rs.",
                sheet.path
            ));
        }
    }
    for word in ["GDS Transport", "govuk-crest", "/assets/fonts/"] {
        if css.contains(word) {
            return Err(format!("{} still names {word} after the rewrite: mend xtask/src/assets.rs.", sheet.path));
        }
    }
    Ok(css)
}

/// Drops the innermost rules that the test picks, and counts them.
fn drop_rules(css: &str, pick: impl Fn(&str, &str) -> bool) -> (String, usize) {
    let mut kept = String::with_capacity(css.len());
    let mut dropped = 0;
    let mut rest = css;
    while let Some(close) = rest.find('}') {
        let (piece, after) = rest.split_at(close + 1);
        let rule = piece.rfind('{').map(|open| {
            let before = &piece[..open];
            let start = before.rfind(['{', '}', ';']).map_or(0, |at| at + 1);
            let start = start.max(before.rfind("*/").map_or(0, |at| at + 2));
            (start, &piece[start..open], &piece[open + 1..close])
        });
        match rule {
            Some((start, selector, body)) if pick(selector.trim(), body) => {
                kept.push_str(&piece[..start]);
                dropped += 1;
            }
            _ => kept.push_str(piece),
        }
        rest = after;
    }
    kept.push_str(rest);
    (kept, dropped)
}

/// Points each `url(/assets/images/…)` at the fingerprinted copy, which is made on the way.
fn take_images(root: &Path, css: &str, made: &mut Vec<Made>) -> Result<String, String> {
    const START: &str = "url(/assets/images/";
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    while let Some(at) = rest.find(START) {
        out.push_str(&rest[..at]);
        let tail = &rest[at + START.len()..];
        let end = tail.find(')').ok_or("A url( in a stylesheet has no end.")?;
        let name = &tail[..end];
        let image = finish(name, read(root, &format!("{MOJ_IMAGES}/{name}"))?.into_bytes())?;
        let _ = write!(out, "url(/assets/{})", image.served_as);
        if !made.iter().any(|other| other.name == image.name) {
            made.push(image);
        }
        rest = &tail[end + 1..];
    }
    out.push_str(rest);
    Ok(out)
}

/// Gives a file its fingerprinted name and its media type.
fn finish(name: &str, bytes: Vec<u8>) -> Result<Made, String> {
    let (stem, ending) = name.rsplit_once('.').ok_or_else(|| format!("The asset {name} has no ending."))?;
    let media_type = match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "webmanifest" => "application/manifest+json",
        _ => return Err(format!("The asset {name} is of a kind that is not served.")),
    };
    Ok(Made {
        name: name.to_owned(),
        served_as: format!("{stem}-{:016x}.{ending}", fingerprint(&bytes)),
        media_type,
        bytes,
    })
}

/// FNV-1a, 64 bits: a name that changes with the content, not a proof of it.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
