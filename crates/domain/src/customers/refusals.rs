//! What customers refuses.
use crate::catalogue::refusals;

refusals! {
    /// Someone changed the customer after it was read.
    CHANGED = "CUS-CHANGED", "Customers", "Look at the account again, then make your change";
    /// The flag is over.
    FLAG_ENDED = "CUS-FLAG-ENDED", "BS-08", "Set a new flag with its own evidence";
    /// A file that was taken in before.
    ALREADY_IMPORTED = "CUS-ALREADY-IMPORTED", "Customers", "Nothing needs doing; send only what is new";
    /// The flag of a case.
    FLAG_OF_CASE = "CUS-FLAG-OF-CASE", "BS-03", "End the case: its flag ends with it";
    /// Accounts that look the same as one to be opened.
    LOOKS_ALIKE = "CUS-06-ALIKE", "CUS-06", "Use the account if it is theirs, or confirm that this is another customer";
    /// An account merged with itself.
    MERGE_SAME = "CUS-06-SAME", "CUS-06", "Name the other account";
    /// An account that was merged before.
    MERGED_ALREADY = "CUS-06-MERGED", "CUS-06", "Use the account it was merged into";
    /// Another merge of one of the two waits.
    MERGE_WAITS = "CUS-06-WAITS", "CUS-06; CTL-01", "Have what waits decided first";
    /// A person and a body.
    MERGE_KINDS = "CUS-06-KIND", "CUS-06; PDC-01", "Put the kind right on the account where it is wrong, with evidence";
    /// Papers that say they are two.
    NOT_THE_SAME = "CUS-06-NOT-SAME", "CUS-06", "Find out which number is wrong and put it right, or leave both accounts";
    /// One has died and the other has not.
    MERGE_DECEASED = "CUS-06-DECEASED", "CUS-06; CT-10", "Confirm the death on the other account, or end the flag where it is wrong";
    /// Two people who owe one debt together.
    MERGE_JOINT = "CUS-06-JOINT", "CUS-06; BS-06", "They are recorded as two people: put the joint debt right first";
    /// Live mandates on two bank accounts.
    MERGE_MANDATES = "CUS-06-MANDATES", "CUS-06; DD-01", "Ask the customer which account to pay from and cancel the other mandate";
    /// A claim is with the court, or on its way.
    MERGE_COURT = "CUS-06-COURT", "CUS-06; CT-02", "End the case, or wait until it is over: the court knows one name and number";
    /// A debt stands on a schedule of write-offs.
    MERGE_WRITE_OFF = "CUS-06-WRITE-OFF", "CUS-06; WOF-02", "Have the schedule decided, or take the debt off it";
    /// A run that names an account is not finished.
    MERGE_RUN = "CUS-06-RUN", "CUS-06; OPS-02", "Finish the run, or withdraw it";
    /// An account that is in no merge.
    NOT_MERGED = "CUS-06-NOT-MERGED", "CUS-06", "Name the account that was merged into another";
    /// A later merge on top of the one to be undone.
    MERGED_SINCE = "CUS-06-LATER", "CUS-06", "Undo the later merge first";
    /// Money or a plan that joins debts of both accounts.
    MERGE_JOINED = "CUS-06-JOINED", "CUS-06", "Take the money back from one of them, or end the plan, then ask again";
    /// An address or a bank account that someone else must check.
    CHANGE_WAITS = "CUS-18-WAITS", "CUS-18; CTL-01", "Decide the change that waits first";
    /// A change confirmed without a call back.
    NO_CALL_BACK = "CUS-18-CALL-BACK", "CUS-18; CTL-E3", "Call the customer on a number held before the change, then confirm";
}
