//! What the letters of Direct Debit say in the payer's language, beside their templates (CUS-14).
use sundry_domain::cash::direct_debit::{Action, Route};
use sundry_paper::Language;

/// How the authority was given, after its day; nothing for a signed form.
pub(super) fn given(route: Option<Route>, language: Language) -> &'static str {
    match (route, language) {
        (Some(Route::Telephone), Language::English) => ", by telephone",
        (Some(Route::Telephone), Language::Welsh) => ", dros y ffôn",
        (Some(Route::FaceToFace), Language::English) => ", face to face",
        (Some(Route::FaceToFace), Language::Welsh) => ", wyneb yn wyneb",
        (Some(Route::Web), Language::English) => ", online",
        (Some(Route::Web), Language::Welsh) => ", ar-lein",
        _ => "",
    }
}

/// How often we collect.
pub(super) fn how_often(language: Language) -> &'static str {
    match language {
        Language::English => "whenever a bill is due; we write before each collection",
        Language::Welsh => "pryd bynnag y bydd bil yn ddyledus; byddwn yn ysgrifennu cyn pob casgliad",
    }
}

/// What is new in the notice of a collection that is presented again.
pub(super) fn once_more(language: Language) -> &'static str {
    match language {
        Language::English => {
            "Your bank could not pay this when we last asked. We are asking once more for the same amount."
        }
        Language::Welsh => {
            "Ni allai eich banc dalu hwn y tro diwethaf i ni ofyn. Rydym yn gofyn unwaith eto am yr un swm."
        }
    }
}

/// What happens after a collection came back.
pub(super) fn what_next(action: Action, language: Language) -> &'static str {
    match (action, language) {
        (Action::MayRepresent, Language::English) => {
            "Please pay this in one of the ways below. If we are to ask your bank once more for the same amount, we will write to you first with the day."
        }
        (Action::MayRepresent, Language::Welsh) => {
            "Talwch hwn yn un o'r ffyrdd isod. Os byddwn yn gofyn i'ch banc unwaith eto am yr un swm, byddwn yn ysgrifennu atoch yn gyntaf gyda'r diwrnod."
        }
        (Action::Cancel, Language::English) => {
            "The Direct Debit has ended. Please pay this in one of the ways below, and call us if you want to set up a new one."
        }
        (Action::Cancel, Language::Welsh) => {
            "Mae'r Debyd Uniongyrchol wedi dod i ben. Talwch hwn yn un o'r ffyrdd isod, a ffoniwch ni os ydych am drefnu un newydd."
        }
        (_, Language::English) => {
            "We have stopped collecting by Direct Debit until we have spoken to you. Please call us, or pay this in one of the ways below."
        }
        (_, Language::Welsh) => {
            "Rydym wedi rhoi'r gorau i gasglu drwy Ddebyd Uniongyrchol nes i ni siarad â chi. Ffoniwch ni, neu talwch hwn yn un o'r ffyrdd isod."
        }
    }
}

/// Our words for the bank's reasons, in English and in Welsh.
const UNPAID: [(&str, &str); 12] = [
    ("refer to payer", "cyfeirio at y talwr"),
    ("cancelled by payer", "wedi'i ganslo gan y talwr"),
    ("payer deceased", "mae'r talwr wedi marw"),
    ("account transferred", "mae'r cyfrif wedi'i drosglwyddo"),
    ("advance notice disputed", "mae anghydfod am yr hysbysiad ymlaen llaw"),
    ("no account, or the wrong type", "dim cyfrif, neu'r math anghywir"),
    ("no instruction", "dim cyfarwyddyd"),
    ("amount differs from notice", "mae'r swm yn wahanol i'r hysbysiad"),
    ("amount not yet due", "nid yw'r swm yn ddyledus eto"),
    ("presentation overdue, or the frequency differs", "cyflwynwyd yn hwyr, neu mae'r amlder yn wahanol"),
    ("service user differs", "mae'r defnyddiwr gwasanaeth yn wahanol"),
    ("account closed", "mae'r cyfrif wedi'i gau"),
];

/// Why a collection was not paid. A bank's own words stay as they are.
pub(super) fn why_unpaid(reason: &str, language: Language) -> String {
    let english = reason.to_lowercase();
    if language == Language::English {
        return english;
    }
    if let Some((_, welsh)) = UNPAID.iter().find(|(known, _)| *known == english) {
        return (*welsh).to_owned();
    }
    match english.split_once(": ") {
        Some((_, theirs)) => format!("ni chafodd ei dderbyn gan y banc ({theirs})"),
        None => english,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sundry_domain::cash::direct_debit::unpaid;

    #[test]
    fn cus_14_every_reason_that_a_bank_gives_has_its_welsh() {
        for code in ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "B"] {
            let meaning = unpaid(code).expect("a known reason").meaning;
            let welsh = why_unpaid(meaning, Language::Welsh);
            assert_ne!(welsh, meaning.to_lowercase(), "{code}");
            assert_eq!(why_unpaid(meaning, Language::English), meaning.to_lowercase());
        }
        let theirs = why_unpaid("Not taken in by the bank: Invalid date", Language::Welsh);
        assert_eq!(theirs, "ni chafodd ei dderbyn gan y banc (invalid date)");
    }
}
