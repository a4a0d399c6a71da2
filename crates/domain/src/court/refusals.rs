//! What the court room refuses.
use crate::catalogue::refusals;

refusals! {
    /// No confirmed fee for the day.
    CHECK_FEE = "CT-01-CHECK-FEE", "CT-01, CT-02", "Check the fee with the court, enter it with its first day, and have a second person approve it";
    /// A sum that is not above nothing.
    NO_SUM = "CT-01-NO-SUM", "CT-01", "Claim a sum above zero";
    /// Too much for the online court.
    MCOL_SUM = "CT-03-SUM", "CT-03; PD 7C", "Issue on paper, or in the High Court";
    /// Too many defendants, or not the same sum from both.
    MCOL_DEFENDANTS = "CT-03-DEFENDANTS", "CT-03; PD 7C", "Issue on paper";
    /// A defendant outside England and Wales.
    MCOL_PLACE = "CT-03-PLACE", "CT-03; PD 7C", "Pass the case to solicitors: Scotland and Northern Ireland have their own procedure";
    /// A postcode on the border.
    MCOL_BORDER = "CT-03-BORDER", "CT-03", "Have a person confirm on which side of the border the address lies";
    /// A child, a protected party, the Crown.
    MCOL_PARTY = "CT-03-PARTY", "CT-03; PD 7C", "Issue on paper, with a litigation friend where one is needed";
    /// Particulars beyond the space.
    MCOL_PARTICULARS = "CT-03-PARTICULARS", "CT-03", "Shorten the particulars, or send them separately";
    /// Something the claim cannot do without.
    CLAIM_LACKS = "CT-04-LACKS", "CT-04", "Add what is missing";
    /// A statement of truth without a person.
    SIGNATURE = "CT-04-SIGNATURE", "CT-04; CPR 22", "Have a person sign the statement of truth";
}
