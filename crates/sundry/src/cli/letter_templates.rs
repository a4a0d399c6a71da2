//! `letter-template`: letters as they are edited.
use super::input::date;
use super::out::{Out, table, verdict_name};
use super::{Shop, bytes_of, done};
use chrono::NaiveDate;
use clap::Subcommand;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use sundry_desk::core::command::answer_before;
use sundry_desk::delivery::templates::{
    AskForDraft, DraftBlock, DraftSaved, PreviewTemplate, SaveDraft, WithdrawDraft, Wording, ask_for_draft,
    check_draft, preview_template, save_draft, template, template_differences, template_version, templates,
    withdraw_draft,
};
use sundry_desk::{No, Outcome};
use sundry_domain::refusal::Invalid;

/// Letters as they are edited.
#[derive(Debug, Subcommand)]
pub enum LetterTemplate {
    /// List letters with the version in use of each
    List,
    /// List the versions of a letter, its fields and its draft
    Show {
        /// Its name, such as reminder_1
        code: String,
    },
    /// Write the words of a version as a file that `draft` takes, to the standard output
    Words {
        /// Its name
        code: String,
        /// Which version; 0 is the draft, and the newest when not said
        #[arg(long)]
        version: Option<i64>,
    },
    /// Keep a draft from a file that `words` wrote and somebody changed
    Draft {
        /// Its name
        code: String,
        /// The file
        file: PathBuf,
    },
    /// Check the draft: fields, the law's blocks, reading, Welsh, letters to made-up accounts
    Check {
        /// Its name
        code: String,
    },
    /// Write a version, or the draft, as PDF to the standard output
    Preview {
        /// Its name
        code: String,
        /// Which version; the draft when not said
        #[arg(long, default_value_t = 0)]
        version: i64,
        /// Number of a real account, which is told to the audit trail
        #[arg(long, default_value = "")]
        account: String,
        /// In large print
        #[arg(long)]
        large_print: bool,
    },
    /// Show where two versions differ; 0 is the draft
    Differences {
        /// Its name
        code: String,
        /// The older version
        from: i64,
        /// The newer version
        to: i64,
    },
    /// Send the draft for someone else's yes
    Ask {
        /// Its name
        code: String,
        /// First day; today when not said
        #[arg(long, value_name = "DATE", value_parser = date)]
        live_from: Option<NaiveDate>,
    },
    /// Take the draft back
    Withdraw {
        /// Its name
        code: String,
    },
}

/// The words of a letter in a file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    title_en: String,
    #[serde(default)]
    title_cy: String,
    blocks: Vec<DraftBlock>,
}

impl Words {
    fn of(wording: &Wording) -> Words {
        Words {
            title_en: wording.title_en.clone(),
            title_cy: wording.title_cy.clone().unwrap_or_default(),
            blocks: wording.blocks.iter().map(DraftBlock::of).collect(),
        }
    }
}

/// Letters as they are edited.
pub async fn letter_template(shop: &Shop, ask: LetterTemplate, out: &mut Out) -> Outcome<u8> {
    match ask {
        LetterTemplate::List => list(shop, out).await,
        LetterTemplate::Show { code } => show(shop, &code, out).await,
        LetterTemplate::Words { code, version } => {
            let open = shop.open().await?;
            let newest = template(&open.desk, &open.by, &code).await?.versions.first().map_or(1, |one| one.version);
            let wording = template_version(&open.desk, &open.by, &code, version.unwrap_or(newest)).await?;
            let text = serde_json::to_string_pretty(&Words::of(&wording))? + "\n";
            out.write(text.as_bytes())?;
            done()
        }
        LetterTemplate::Draft { code, file } => keep(shop, code, file, out).await,
        LetterTemplate::Preview { code, version, account, large_print } => {
            let open = shop.open().await?;
            let ask = PreviewTemplate { code, version, account, large_print, ..PreviewTemplate::default() };
            out.write(&preview_template(&open.desk, &open.by, ask).await?.pdf().await?)?;
            done()
        }
        other => draft(shop, other, out).await,
    }
}

async fn list(shop: &Shop, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let rows = templates(&open.desk, &open.by).await?;
    out.answer(&rows, || {
        let line = |one: &sundry_desk::delivery::templates::TemplateLine| {
            let since = one.live_from.map(|day| day.to_string()).unwrap_or_default();
            vec![one.code.clone(), one.version.to_string(), since, one.approved_by.clone(), one.draft.clone()]
        };
        let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
        table(&["letter", "version", "live from", "approved by", "draft"], &[1], &lines)
    })?;
    done()
}

async fn show(shop: &Shop, code: &str, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let shown = template(&open.desk, &open.by, code).await?;
    out.answer(&shown, || {
        let versions: Vec<Vec<String>> = shown
            .versions
            .iter()
            .map(|one| {
                let since = one.live_from.map(|day| day.to_string()).unwrap_or_default();
                vec![one.version.to_string(), one.state.clone(), since, one.approved_by.clone()]
            })
            .collect();
        let fields: Vec<Vec<String>> =
            shown.fields.iter().map(|one| vec![format!("{{{}}}", one.field), one.means.clone()]).collect();
        let draft = match &shown.draft {
            Some(draft) => format!("draft of version {}: {}\n", draft.version, draft.state),
            None => String::new(),
        };
        format!("{draft}{}\n", table(&["version", "state", "live from", "approved by"], &[0], &versions))
            + &table(&["field", "for"], &[], &fields)
    })?;
    done()
}

async fn keep(shop: &Shop, code: String, file: PathBuf, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let bytes = bytes_of(&file, "file")?;
    let words: Words = serde_json::from_slice(&bytes).map_err(|why| {
        No::from(Invalid::field(
            "file",
            format!("It is not a letter as `words` writes it: {why}"),
            file.display().to_string(),
        ))
    })?;
    let key = shop.key();
    // The same request again begins where it began the first time.
    let changes = match answer_before::<DraftSaved>(&open.desk, &open.by, "save_letter_draft", &key).await? {
        Some(before) => before.changes - 1,
        None => template(&open.desk, &open.by, &code).await?.draft.map_or(0, |draft| draft.changes),
    };
    let Words { title_en, title_cy, blocks } = words;
    let ask = SaveDraft { key, code, changes, title_en, title_cy, blocks };
    let kept = save_draft(&open.desk, &open.by, ask).await?;
    out.answer(&kept, || format!("The draft of version {} of {} is kept.", kept.version, kept.code))?;
    done()
}

async fn draft(shop: &Shop, ask: LetterTemplate, out: &mut Out) -> Outcome<u8> {
    let open = shop.open().await?;
    let (desk, by) = (&open.desk, &open.by);
    match ask {
        LetterTemplate::Check { code } => {
            let checks = check_draft(desk, by, &code).await?;
            out.answer(&checks, || {
                checks.iter().map(|one| format!("{}: {}\n", verdict_name(&one.verdict), one.words)).collect()
            })?;
        }
        LetterTemplate::Differences { code, from, to } => {
            let rows = template_differences(desk, by, &code, (from, to)).await?;
            out.answer(&rows, || {
                let said = |one: &sundry_desk::delivery::templates::Difference| {
                    format!("{}\n- {}\n+ {}\n", one.place, one.before, one.after)
                };
                rows.iter().map(said).collect()
            })?;
        }
        LetterTemplate::Ask { code, live_from } => {
            let draft = template(desk, by, &code).await?.draft;
            let changes = draft.ok_or_else(|| No::Absent(format!("draft of letter {code}")))?.changes;
            let asked = ask_for_draft(desk, by, AskForDraft { key: shop.key(), code, changes, live_from }).await?;
            out.answer(&asked, || {
                format!("{} is asked for: version {} from {}.", asked.approval, asked.version, asked.live_from)
            })?;
        }
        LetterTemplate::Withdraw { code } => {
            withdraw_draft(desk, by, WithdrawDraft { key: shop.key(), code: code.clone() }).await?;
            out.answer(&serde_json::json!({ "withdrawn": code }), || format!("The draft of {code} is taken back."))?;
        }
        _ => {}
    }
    done()
}
