//! What the typesetter may see: our fonts, our one source, and the files of the letters in hand. Nothing else exists.

use std::collections::BTreeMap;
use std::sync::Arc;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};

const REGULAR: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/AtkinsonHyperlegibleNext_400Regular.ttf"));
const BOLD: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/AtkinsonHyperlegibleNext_700Bold.ttf"));
const SOURCE: &str = include_str!("typst/letter.typ");
const PROOF: &str = include_str!("typst/proof.typ");
const PLAIN: &str = include_str!("typst/plain.typ");

/// Which of our layouts a compilation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Letters.
    Letter,
    /// The proof of an account.
    Proof,
    /// A table or a text as it came, and the index of a bundle.
    Plain,
}

/// What every letter shares: made once.
pub(crate) struct Shared {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    letter: Source,
    proof: Source,
    plain: Source,
}

impl Shared {
    pub(crate) fn new() -> Self {
        let face = |bytes| Font::new(Bytes::new(bytes), 0).expect("the typeface of the pinned package is readable");
        let fonts = vec![face(REGULAR), face(BOLD)];
        let library = Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build();
        Self {
            library: LazyHash::new(library),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            letter: Source::new(file_id("letter.typ"), SOURCE.to_owned()),
            proof: Source::new(file_id("proof.typ"), PROOF.to_owned()),
            plain: Source::new(file_id("plain.typ"), PLAIN.to_owned()),
        }
    }

    /// Whether both weights can show the character.
    pub(crate) fn can_show(&self, character: char) -> bool {
        self.fonts.iter().all(|font| font.info().coverage.contains(u32::from(character)))
    }
}

/// The world of one compilation.
pub(crate) struct Desk {
    shared: Arc<Shared>,
    files: BTreeMap<String, Bytes>,
    layout: Layout,
}

impl Desk {
    pub(crate) fn new(shared: &Arc<Shared>, files: BTreeMap<String, Bytes>, layout: Layout) -> Self {
        Self { shared: Arc::clone(shared), files, layout }
    }

    fn layout(&self) -> &Source {
        match self.layout {
            Layout::Letter => &self.shared.letter,
            Layout::Proof => &self.shared.proof,
            Layout::Plain => &self.shared.plain,
        }
    }
}

/// Ids are interned for ever, so file names are few and used again.
fn file_id(name: &str) -> FileId {
    let path = VirtualPath::new(name).expect("our own file names are plain words");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.shared.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shared.book
    }

    fn main(&self) -> FileId {
        self.layout().id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.layout().id() { Ok(self.layout().clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let path = id.get();
        if *path.root() != VirtualRoot::Project {
            return Err(FileError::AccessDenied);
        }
        self.files.get(path.vpath().get_without_slash()).cloned().ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shared.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
