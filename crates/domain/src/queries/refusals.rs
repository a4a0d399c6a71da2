//! What queries refuse.
use crate::catalogue::refusals;
refusals! {
    /// The query cannot go from where it is to where it was sent.
    STATE = "QRY-STATE", "Queries", "Look at the query again: someone has changed it";
    /// An amount is disputed and no item is named.
    NO_ITEM = "QRY-NO-ITEM", "Queries", "Name the invoice that is disputed";
    /// More is disputed than is open, or less than nothing.
    ABOVE_OPEN = "QRY-ABOVE-OPEN", "Queries", "Dispute at most what is open and not disputed yet";
    /// The item is a credit.
    NOT_OWED = "QRY-NOT-OWED", "Queries", "Only what is owed to us can be disputed";
    /// Part of an invoice with several lines is to be credited, and no line is named.
    NAME_LINES = "QRY-NAME-LINES", "Queries", "Say how much of which line is credited";
    /// A query that says it was billed again names no invoice that was.
    NOT_REBILLED = "QRY-NOT-REBILLED", "Queries", "Raise the right invoice first, and give its number";
    /// A link that was not made by us, has ended, or whose question is answered.
    LINK = "QRY-LINK", "Queries", "Ask the team that sent it for a new link";
    /// Too many tries in a short time.
    TOO_MANY = "QRY-TOO-MANY", "Queries", "Wait a minute, then try again";
    /// Nobody has said at which address our pages are reached.
    NO_ADDRESS = "QRY-NO-ADDRESS", "Queries", "Set the address of these pages in the settings of letters";
    /// A complaint cannot go from where it stands to there.
    COMPLAINT_STATE = "QRY-COMPLAINT-STATE", "Queries", "Look at the complaint again";
    /// The customer has a complaint that is not closed.
    COMPLAINT_OPEN = "QRY-COMPLAINT-OPEN", "Queries", "Add to the complaint that is open, or close it first";
    /// A query has no hold that could be moved.
    NO_HOLD = "QRY-NO-HOLD", "Queries", "Look at the query again: nothing of it is held";
    /// A message is part of a query already.
    MAIL_SORTED = "QRY-MAIL-SORTED", "QRY-06", "Look at the query that it is part of";
    /// The mailbox cannot be reached, or does not let us in.
    MAILBOX = "QRY-MAILBOX", "QRY-06",
        "Look at the server, the name, the password and the folder; it is tried again at the next look";
    /// The mail server shows a certificate that nobody we trust has signed.
    MAILBOX_CERTIFICATE = "QRY-MAILBOX-CERTIFICATE", "security: a server is known by its certificate",
        "Ask who runs the server whether its certificate is right; if your own authority signed it, enter that authority's certificate. No password was sent";
    /// Nobody has said where the service desk is.
    SERVICENOW_NOT_SET = "SERVICENOW-NOT-SET", "QRY-01", "Ask an administrator to set ServiceNow up";
    /// The service desk answers with a page: a sleeping instance, or a sign-in.
    SERVICENOW_NOT_JSON = "SERVICENOW-NOT-JSON", "QRY-01",
        "Open the address in a browser: wake the instance, or let its technical user past the sign-in page";
    /// The service desk answers otherwise than its table interface does.
    SERVICENOW_UNEXPECTED = "SERVICENOW-UNEXPECTED", "QRY-01",
        "Look at the table and the fields in the settings; nothing was taken from the answer";
    /// The service desk says no.
    SERVICENOW_SAYS_NO = "SERVICENOW-SAYS-NO", "QRY-01", "Read what it says; put that right there or in the settings";
    /// The service desk does not let us in: nothing more is asked until somebody looks.
    SERVICENOW_NOT_LET_IN = "SERVICENOW-NOT-LET-IN", "QRY-01",
        "Put the name, the secret or the rights of the technical user right, then check the settings: that starts it again";
    /// The service desk does not answer, or has too much to do.
    SERVICENOW_SILENT = "SERVICENOW-SILENT", "QRY-01", "Nothing is lost: it is asked again by itself, later each time";
    /// A query has a case there that is not over.
    SERVICENOW_CASE_OPEN = "SERVICENOW-CASE-OPEN", "QRY-07", "Wait for the answer to the case that is open";
    /// A case does not wait for a person.
    SERVICENOW_SORTED = "SERVICENOW-SORTED", "QRY-01", "Look at the case: something has come of it already";
}
