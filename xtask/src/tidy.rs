//! What the compiler cannot check, in one go, with a sentence for each thing minded.
use std::path::Path;

use anyhow::Result;

use crate::repo::{self, File, Finding};
use crate::{handbook, ids, rooms, shape, words};

/// Runs every check; false when one of them minds something.
pub fn run(root: &Path) -> Result<bool> {
    let files = repo::files(root)?;
    let checks: [(&str, Vec<Finding>); 6] = [
        ("rooms use only rooms above them", rooms::upward_uses(&files)),
        ("crates depend along the arrows", rooms::wrong_arrows(&files)),
        ("no word of one machine", words::forbidden(&files)),
        ("every worked example has a test", examples(&files)?),
        ("handbook pages and links are there", handbook::lost_pages(root, &files)),
        ("generated pages are up to date", handbook::stale(&files)),
    ];
    let mut minded = 0;
    for (name, findings) in &checks {
        println!("{} {name}", if findings.is_empty() { "ok  " } else { "MIND" });
        for finding in findings {
            println!("       {}: {}", finding.place, finding.what);
        }
        minded += findings.len();
    }
    print_shape(&files);
    println!("{minded} to mend");
    Ok(minded == 0)
}

/// Worked examples without a test; prints how far the capability rows have got.
fn examples(files: &[File]) -> Result<Vec<Finding>> {
    let Some(list) = files.iter().find(|file| file.path == "tests/ids.txt") else {
        return Ok(vec![Finding::whole("tests/ids.txt", "there is no list of ids")]);
    };
    let asked = ids::parse(&list.text)?;
    for (name, wanted) in [("worked examples for later", &asked.later), ("capability rows", &asked.capabilities)] {
        let tested = ids::tested(files, wanted);
        let missing: Vec<&str> = wanted.iter().filter(|id| !tested.contains(*id)).map(String::as_str).collect();
        println!("     {name}: {} of {} have a test; without: {}", tested.len(), wanted.len(), missing.join(" "));
    }
    let tested = ids::tested(files, &asked.examples);
    println!("     worked examples: {} of {} have a test", tested.len(), asked.examples.len());
    let missing = asked.examples.iter().filter(|id| !tested.contains(*id));
    Ok(missing.map(|id| Finding::whole(id, "no test is named for this worked example")).collect())
}

fn print_shape(files: &[File]) {
    let ours: Vec<&File> = files.iter().filter(|file| file.is_rust()).collect();
    let functions = shape::functions(files);
    println!("     lines in a file: {}", shape::spread(ours.iter().map(|file| file.text.lines().count()).collect()));
    println!("     lines in a function: {}", shape::spread(functions.iter().map(|function| function.lines).collect()));
    for function in functions.iter().filter(|function| function.lines > shape::LONG) {
        println!(
            "     long: {} `{}` has {} lines (over {})",
            function.place,
            function.name,
            function.lines,
            shape::LONG
        );
    }
}
