//! The embedded stylesheets, scripts and icons, under names that change with their content.
//!
//! An organisation's own colours are not here: they are one small rule served at
//! `/assets/brand-<organisation>.css`, named by [`Frame::brand_css`](super::ui::Frame::brand_css).

/// A file of the pages, embedded when the program was built.
#[derive(Debug)]
pub struct Asset {
    /// The name the code uses: `sundry.css`.
    pub name: &'static str,
    /// The name it is served under, below `/assets/`.
    pub served_as: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// Its content.
    pub bytes: &'static [u8],
}

/// Every asset, by name.
pub static ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// What every page is served with: nothing but our own files, and no framing.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     manifest-src 'self'; form-action 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Where a page finds an asset: `/assets/sundry-1f2e….css`.
///
/// # Panics
/// If no such asset was embedded: a slip in a template, which every test of a page shows.
pub fn url(name: &str) -> String {
    let asset = ASSETS.iter().find(|asset| asset.name == name).expect("templates name only assets that are embedded");
    format!("/assets/{}", asset.served_as)
}

/// The asset served under this name. Such a name may be cached for ever.
pub fn find(served_as: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.served_as == served_as)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_gov_uk_that_we_may_not_use_is_embedded() {
        for asset in ASSETS {
            let text = String::from_utf8_lossy(asset.bytes);
            for word in
                ["GDS Transport", "govuk-crest", "@font-face", "/assets/fonts/", "http://fonts", "sourceMappingURL"]
            {
                assert!(!text.contains(word), "{} holds {word}", asset.name);
            }
            assert_eq!(find(asset.served_as).map(|found| found.name), Some(asset.name));
        }
    }

    #[test]
    fn the_script_imports_what_is_served() {
        let script =
            String::from_utf8_lossy(find(url("sundry.js").trim_start_matches("/assets/")).unwrap().bytes).into_owned();
        assert!(script.contains(&url("govuk-frontend.js")));
    }
}
