//! Copies the typeface out of `node_modules` so that it can be embedded.
//!
//! Nothing made by other people is kept in the repository: the font comes from the pinned npm package.

use std::path::Path;
use std::{env, fs};

const FACES: [(&str, &str); 2] =
    [("400Regular", "AtkinsonHyperlegibleNext_400Regular.ttf"), ("700Bold", "AtkinsonHyperlegibleNext_700Bold.ttf")];

fn main() {
    let here = env::var("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR for build scripts");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR for build scripts");
    let package = Path::new(&here).join("../../node_modules/@expo-google-fonts/atkinson-hyperlegible-next");
    println!("cargo::rerun-if-changed=build.rs");
    for (folder, name) in FACES {
        let from = package.join(folder).join(name);
        println!("cargo::rerun-if-changed={}", from.display());
        if let Err(why) = fs::copy(&from, Path::new(&out).join(name)) {
            println!(
                "cargo::error=The letters' typeface is not installed: run npm ci first, in the project's root folder \
                 ({}: {why})",
                from.display()
            );
            return;
        }
    }
}
