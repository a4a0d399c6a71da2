//! Makes the web assets before the crate is compiled, so that they can be embedded.

#[path = "../../xtask/src/assets.rs"]
mod assets;

use std::path::{Path, PathBuf};

fn main() {
    let here = env("CARGO_MANIFEST_DIR");
    let root = here.ancestors().nth(2).map(Path::to_path_buf).unwrap_or_default();
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", root.join("xtask/src/assets.rs").display());
    for source in assets::sources() {
        println!("cargo::rerun-if-changed={}", root.join(source).display());
    }
    if let Err(why) = assets::write(&root, &env("OUT_DIR")) {
        println!("cargo::error={why}");
    }
}

fn env(name: &str) -> PathBuf {
    PathBuf::from(std::env::var_os(name).expect("cargo sets it for every build script"))
}
