//! Every word of the page on which a customer sets a plan, English beside Welsh: the one place for a translator.
//!
//! What stands in square brackets is put in by the page: it must be in both. A noun after a number is singular in Welsh.

use sundry_desk::plans::Language;

/// Words in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    english: &'static str,
    welsh: &'static str,
}

impl Said {
    /// The words in a language.
    pub fn of(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Welsh => self.welsh,
        }
    }

    /// The words with what is put into them.
    pub fn with(self, language: Language, values: &[(&str, &str)]) -> String {
        values
            .iter()
            .fold(self.of(language).to_owned(), |words, (name, value)| words.replace(&format!("[{name}]"), value))
    }
}

macro_rules! words {
    ($($name:ident = $english:literal, $welsh:literal;)*) => {
        $(pub(crate) const $name: Said = Said { english: $english, welsh: $welsh };)*

        /// All of them.
        #[cfg(test)]
        pub(crate) const ALL: &[(&str, Said)] = &[$((stringify!($name), $name)),*];
    };
}

// The frame of the page, and what is said on every state of it.
words! {
    LANG = "en-GB", "cy";
    OTHER_LANG = "cy", "en-GB";
    OTHER_NAME = "Cymraeg", "English";
    OTHER_CODE = "cy", "en";
    SKIP = "Skip to main content", "Neidio i'r prif gynnwys";
    ERROR = "Error: ", "Gwall: ";
    PROBLEM = "There is a problem", "Mae problem";
    TOTAL = "Total", "Cyfanswm";
    CALL = "Call us on [phone].", "Ffoniwch ni ar [phone].";
    PHONE_UNKNOWN = "the number on our website", "y rhif ar ein gwefan";

    HEAD_WHO = "Choose how you pay", "Dewiswch sut rydych yn talu";
    HEAD_CHOOSE = "Set up a payment plan", "Trefnu cynllun talu";
    HEAD_CHECK = "Check your payment plan", "Gwiriwch eich cynllun talu";
    HEAD_CLOSED = "Call us about this account", "Ffoniwch ni am y cyfrif hwn";
    HEAD_OFFER = "We have your offer", "Mae eich cynnig gyda ni";
    HEAD_DONE = "Your payment plan is set up", "Mae eich cynllun talu wedi'i drefnu";
    HEAD_ENDED = "This link cannot be used", "Ni ellir defnyddio'r ddolen hon";

    ACCOUNT = "Account number", "Rhif y cyfrif";
    ACCOUNT_HINT = "It is on our letter, for example C123456", "Mae ar ein llythyr, er enghraifft C123456";
    POSTCODE = "Postcode", "Cod post";
    POSTCODE_HINT = "Where we write to you", "Lle rydym yn ysgrifennu atoch";
    CONTINUE = "Continue", "Parhau";
    WHO_MAY = "You can choose here how to pay, without an account and without a call.",
        "Gallwch ddewis yma sut i dalu, heb gyfrif ar-lein a heb ffonio.";
    WHO_FIRST = "First we need to know that this link is yours.",
        "Yn gyntaf mae angen i ni wybod mai eich dolen chi yw hon.";
    WHO_TALK = "If you would rather talk to somebody, call us on [phone].",
        "Os byddai'n well gennych siarad â rhywun, ffoniwch ni ar [phone].";

    OWED = "What you owe", "Yr hyn sy'n ddyledus gennych";
    INVOICE = "Invoice", "Anfoneb";
    FOR = "For", "Ar gyfer";
    WAS_DUE = "Was due", "Roedd yn ddyledus";
    YOU_OWE = "You owe", "Yn ddyledus";
    BEYOND = "What you choose goes to our team first. They answer you in writing, and we send no reminders for 14 days.",
        "Mae'r hyn a ddewiswch yn mynd i'n tîm yn gyntaf. Byddant yn eich ateb yn ysgrifenedig, ac ni fyddwn yn anfon llythyrau atgoffa am 14 diwrnod.";
    AT_ONCE = "You can have one of these at once, or choose your own below.",
        "Gallwch gael un o'r rhain ar unwaith, neu ddewis eich cynllun eich hun isod.";
    ONE_AT_ONCE = "[amount] a month for [months]", "[amount] y mis am [months]";
    MONTH = "month", "mis";
    MONTHS = "months", "mis";

    CHOOSE = "Choose your plan", "Dewiswch eich cynllun";
    CHANGE = "Change what you chose", "Newid yr hyn a ddewisoch";
    EVERY = "How often do you want to pay?", "Pa mor aml ydych chi eisiau talu?";
    EVERY_WEEK = "Every week", "Bob wythnos";
    EVERY_FORTNIGHT = "Every 2 weeks", "Bob 2 wythnos";
    EVERY_FOUR_WEEKS = "Every 4 weeks", "Bob 4 wythnos";
    EVERY_MONTH = "Every month", "Bob mis";
    AMOUNT = "How much each time?", "Faint bob tro?";
    AMOUNT_HINT = "At least [month] a month or [week] a week", "O leiaf [month] y mis neu [week] yr wythnos";
    FIRST = "When do you want to pay first?", "Pryd ydych chi eisiau talu gyntaf?";
    FIRST_HINT = "From [first] to [last], for example [numbers]", "O [first] i [last], er enghraifft [numbers]";
    DAY = "Which day of the month after that?", "Pa ddiwrnod o'r mis ar ôl hynny?";
    DAY_HINT = "Only if you pay every month, and the day is another one",
        "Dim ond os ydych yn talu bob mis, a'r diwrnod yn un gwahanol";
    METHOD = "How do you want to pay?", "Sut ydych chi eisiau talu?";
    BY_DEBIT = "The Direct Debit that you have with us", "Y Debyd Uniongyrchol sydd gennych gyda ni";
    BY_TRANSFER = "Bank transfer", "Trosglwyddiad banc";
    BY_ORDER = "Standing order", "Archeb sefydlog";
    BY_CARD = "Card", "Cerdyn";
    SEE = "See the plan", "Gweld y cynllun";
    CHANGE_IT = "Change it", "Ei newid";

    PAYMENTS = "Your payments", "Eich taliadau";
    PAYMENT = "Payment", "Taliad";
    ON = "Day", "Diwrnod";
    SUM = "Amount", "Swm";
    NO_CHARGE = "We charge no interest and no fee for the plan.", "Nid ydym yn codi llog na ffi am y cynllun.";
    SET_UP = "Set up this plan", "Trefnu'r cynllun hwn";
    NOT_ALONE = "We cannot set up this plan online: it is for more, or for longer, than we can agree without looking at it. You can send it to us as your offer. We answer you in writing.",
        "Ni allwn drefnu'r cynllun hwn ar-lein: mae am fwy, neu am gyfnod hwy, nag y gallwn gytuno arno heb edrych arno. Gallwch ei anfon atom fel eich cynnig. Byddwn yn eich ateb yn ysgrifenedig.";
    SEND = "Send this offer", "Anfon y cynnig hwn";
    MISSED = "If you miss a payment, we write to you after [grace] days, and you have [cure] days to catch up. If you do not, the plan ends, and we ask for all that is left. Call us before you miss one: we can change the plan.",
        "Os byddwch yn colli taliad, byddwn yn ysgrifennu atoch ar ôl [grace] diwrnod, a bydd gennych [cure] diwrnod i ddal i fyny. Os na wnewch, daw'r cynllun i ben, a byddwn yn gofyn am y cyfan sydd ar ôl. Ffoniwch ni cyn i chi golli un: gallwn newid y cynllun.";

    NUMBER = "Its number is [plan].", "Ei rif yw [plan].";
    WAITS = "Somebody of our team looks at it and answers you in writing. You need do nothing until then.",
        "Bydd rhywun o'n tîm yn edrych arno ac yn eich ateb yn ysgrifenedig. Nid oes angen i chi wneud dim tan hynny.";
    PAY_DEBIT = "We collect each payment by Direct Debit. You need do nothing.",
        "Byddwn yn casglu pob taliad drwy Ddebyd Uniongyrchol. Nid oes angen i chi wneud dim.";
    PAY_CARD = "Pay each by card, with the reference [account].", "Talwch bob un â cherdyn, gyda'r cyfeirnod [account].";
    PAY_ORDER = "Ask your bank for a standing order for these payments, with the reference [account].",
        "Gofynnwch i'ch banc drefnu archeb sefydlog ar gyfer y taliadau hyn, gyda'r cyfeirnod [account].";
    PAY_TRANSFER = "Pay each by bank transfer, with the reference [account].",
        "Talwch bob un drwy drosglwyddiad banc, gyda'r cyfeirnod [account].";
    LETTER = "We write to you with all of this.", "Byddwn yn ysgrifennu atoch gyda hyn i gyd.";
    CLOSE = "To change anything, call us on [phone]. You can close this page.",
        "I newid unrhyw beth, ffoniwch ni ar [phone]. Gallwch gau'r dudalen hon.";

    HELP = "If you cannot pay", "Os na allwch dalu";
    HELP_CALL = "Call us on [phone]. We can talk about what you can manage.",
        "Ffoniwch ni ar [phone]. Gallwn siarad am yr hyn y gallwch ei fforddio.";
    ADVICE = "You can get free debt advice from National Debtline, 0808 808 4000, www.nationaldebtline.org, and from StepChange, 0800 138 1111, www.stepchange.org.",
        "Gallwch gael cyngor am ddim ar ddyledion gan National Debtline, 0808 808 4000, www.nationaldebtline.org, a chan StepChange, 0800 138 1111, www.stepchange.org.";
    BREATHING = "If you live in England or Wales, an adviser can also ask for breathing space. It can give you time without letters or charges.",
        "Os ydych yn byw yng Nghymru neu Loegr, gall cynghorydd hefyd ofyn am seibiant dyledion. Gall roi amser i chi heb lythyrau na thaliadau ychwanegol.";

    IN_BREATHING = "You are in breathing space. You do not have to pay this now, or agree to anything. If you want to pay something, we can take it.",
        "Rydych mewn seibiant dyledion. Nid oes rhaid i chi dalu hwn nawr, na chytuno i ddim. Os ydych eisiau talu rhywbeth, gallwn ei gymryd.";
    HAS_PLAN = "You have a payment plan with us already. We can change it for you.",
        "Mae gennych gynllun talu gyda ni eisoes. Gallwn ei newid i chi.";
    NO_DEBT = "There is nothing here to make a plan for. If you have asked us about an invoice, we answer that first.",
        "Nid oes dim yma i wneud cynllun ar ei gyfer. Os ydych wedi gofyn i ni am anfoneb, byddwn yn ateb hynny yn gyntaf.";
    NOT_HERE = "We cannot set up a plan online for this account. We can talk with you about what happens next.",
        "Ni allwn drefnu cynllun ar-lein ar gyfer y cyfrif hwn. Gallwn siarad â chi am yr hyn sy'n digwydd nesaf.";

    ENDED = "This link has ended, or is not one of ours", "Mae'r ddolen hon wedi dod i ben, neu nid ein dolen ni yw hi";
    ENDED_CALL = "Call us: we can talk about what you can pay, and send you a new link",
        "Ffoniwch ni: gallwn siarad am yr hyn y gallwch ei dalu, ac anfon dolen newydd atoch";
    OFTEN = "This was tried too often", "Rhoddwyd cynnig ar hyn yn rhy aml";
    OFTEN_WAIT = "Wait a quarter of an hour and try again, or call us",
        "Arhoswch chwarter awr a rhowch gynnig arall arni, neu ffoniwch ni";
    FAULT = "Something went wrong on our side", "Aeth rhywbeth o'i le ar ein hochr ni";
    FAULT_CALL = "Try again in a minute, or telephone us and quote [number]",
        "Rhowch gynnig arall arni mewn munud, neu ffoniwch ni a dyfynnwch [number]";
    FAILED = "This did not work", "Ni weithiodd hyn";
    FAILED_OPEN = "Open the link again, or call us", "Agorwch y ddolen eto, neu ffoniwch ni";

    ENTER_ACCOUNT = "Enter your account number", "Rhowch rif eich cyfrif";
    ENTER_POSTCODE = "Enter your postcode", "Rhowch eich cod post";
    NOT_THEIRS = "These are not the details of this account. Enter the account number and the postcode as they stand on our letter",
        "Nid dyma fanylion y cyfrif hwn. Rhowch rif y cyfrif a'r cod post fel y maent ar ein llythyr";
    NO_CARD = "Do not enter the number of a card. Enter the account number and the postcode",
        "Peidiwch â rhoi rhif cerdyn. Rhowch rif y cyfrif a'r cod post";
    ENTER_EVERY = "Choose how often you want to pay", "Dewiswch pa mor aml rydych eisiau talu";
    ENTER_METHOD = "Choose how you want to pay", "Dewiswch sut rydych eisiau talu";
    ENTER_AMOUNT = "Enter how much you want to pay each time, such as 25.00",
        "Rhowch faint rydych eisiau ei dalu bob tro, er enghraifft 25.00";
    ENTER_FIRST = "Enter the day of your first payment, such as [numbers]",
        "Rhowch ddiwrnod eich taliad cyntaf, er enghraifft [numbers]";
    ENTER_FIRST_WITHIN = "Enter a day from [first] to [last]", "Rhowch ddiwrnod o [first] i [last]";
    ENTER_DAY = "Enter a day from 1 to 31", "Rhowch ddiwrnod o 1 i 31";
    AMOUNT_WITHIN = "Enter an amount above £0.00 and at most what you owe",
        "Rhowch swm uwch na £0.00, a dim mwy na'r hyn sy'n ddyledus gennych";
    AMOUNT_SMALL = "The least is [month] a month or [week] a week. If you cannot pay that much, call us",
        "Y lleiaf yw [month] y mis neu [week] yr wythnos. Os na allwch dalu cymaint, ffoniwch ni";
    TOO_LONG = "That would take too long. Enter more, or call us",
        "Byddai hynny'n cymryd gormod o amser. Rhowch fwy, neu ffoniwch ni";
    TOO_MUCH = "That is more than your statement offers. Enter what it offers, or call us",
        "Mae hynny'n fwy nag y mae eich datganiad yn ei gynnig. Rhowch yr hyn y mae'n ei gynnig, neu ffoniwch ni";
    FROM_TODAY = "Enter a day from today on", "Rhowch ddiwrnod o heddiw ymlaen";
    NO_MANDATE = "You have no Direct Debit with us. Choose another way",
        "Nid oes gennych Ddebyd Uniongyrchol gyda ni. Dewiswch ffordd arall";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn put_in(words: &str) -> BTreeSet<&str> {
        words.split('[').skip(1).filter_map(|rest| rest.split(']').next()).collect()
    }

    #[test]
    fn pln_10_each_word_of_the_page_has_its_welsh_with_the_same_put_into_it() {
        for (name, said) in ALL {
            let (english, welsh) = (said.of(Language::English), said.of(Language::Welsh));
            assert!(!welsh.trim().is_empty() && english != welsh, "{name}");
            assert_eq!(put_in(english), put_in(welsh), "{name}");
            assert_eq!(english.ends_with('.'), welsh.ends_with('.'), "{name}");
            assert_eq!(english.ends_with('?'), welsh.ends_with('?'), "{name}");
        }
        let call = CALL.with(Language::Welsh, &[("phone", "01632 960 100")]);
        assert_eq!(call, "Ffoniwch ni ar 01632 960 100.");
    }
}
