//! Writes a sample of every letter to a folder, or times a thousand: `letters FOLDER` or `letters --time`.

use std::path::Path;
use std::time::Instant;
use sundry_paper::samples::{self, KINDS};
use sundry_paper::{Batch, Language, LetterKind, Printer};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let Some(wanted) = std::env::args().nth(1) else {
        return Err("say a folder, or --time".into());
    };
    if wanted == "--time" { time() } else { write(Path::new(&wanted)) }
}

fn write(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let printer = Printer::new();
    std::fs::create_dir_all(folder)?;
    let mut all = Vec::new();
    for (kind, code) in KINDS {
        let letter = samples::letter(kind, Language::English);
        std::fs::write(folder.join(format!("{code}.pdf")), printer.pdf(&letter)?)?;
        let mail = printer.html(&letter)?;
        std::fs::write(folder.join(format!("{code}.html")), mail.html)?;
        std::fs::write(folder.join(format!("{code}.txt")), format!("Subject: {}\n\n{}", mail.subject, mail.text))?;
        all.push(letter);
    }
    for code in samples::STANDING_ORDERS {
        let letter = samples::standing_order(code, Language::English);
        std::fs::write(folder.join(format!("{code}.pdf")), printer.pdf(&letter)?)?;
    }
    std::fs::write(folder.join("proof.pdf"), printer.proof_pdf(&samples::proof())?)?;
    let welsh = samples::letter(LetterKind::Reminder1, Language::Welsh);
    std::fs::write(folder.join("reminder_1_cy.pdf"), printer.pdf(&welsh)?)?;
    let mut large = samples::letter(LetterKind::Reminder1, Language::English);
    (large.large_print, large.copy) = (true, true);
    std::fs::write(folder.join("reminder_1_large.pdf"), printer.pdf(&large)?)?;
    let batch = Batch { number: "2026-0042", printed_on: large.dated_on, letters: &all };
    for (at, part) in printer.batch_pdf(&batch)?.into_iter().enumerate() {
        std::fs::write(folder.join(format!("batch_{}.pdf", at + 1)), part.pdf)?;
    }
    Ok(())
}

fn time() -> Result<(), Box<dyn std::error::Error>> {
    let printer = Printer::new();
    let letters: Vec<_> = (0..1_000)
        .map(|at| {
            let mut letter = samples::letter(KINDS[at % KINDS.len()].0, Language::English);
            letter.number = format!("{}-{at}", letter.number);
            letter.to.name = format!("Mrs J Pemberton {at}");
            letter
        })
        .collect();
    let start = Instant::now();
    for letter in &letters {
        printer.pdf(letter)?;
    }
    println!("1,000 letters one by one: {:?}", start.elapsed());
    let start = Instant::now();
    let batch = Batch { number: "1", printed_on: letters[0].dated_on, letters: &letters };
    let parts = printer.batch_pdf(&batch)?;
    println!("1,000 letters as a batch of {} files: {:?}", parts.len(), start.elapsed());
    Ok(())
}
