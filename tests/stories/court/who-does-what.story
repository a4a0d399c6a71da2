story A team leader refers and prepares, an approver decides and signs, nobody else does either (LEG-02, LEG-03)
in a council

2026-03-02 as billing officer
customer adam "Mr Adam Example" individual terms 30 at "NE61 1AA"
invoice INV-1 for adam 1200.00

as team leader
2026-04-08 run day
2026-04-22 run day
2026-04-29 run day
2026-05-06 run day
2026-05-07 run day
2026-05-13 run day
expect letter letter-of-claim for INV-1
print

2026-05-20 as auditor
court CRT-1 refer adam "Three reminders"
expect refusal CTL-01-NO-DUTY
as cashier
court CRT-1 refer adam "Three reminders"
expect refusal CTL-01-NO-DUTY
as team leader
court CRT-1 refer adam "Three reminders, no answer"
court CRT-1 accept
expect refusal CTL-01-OWN-WORK
as auditor
court CRT-1 accept
expect refusal CTL-01-NO-DUTY

# A no has a reason, and leaves the debt free to be referred again.
as approver
court CRT-1 send back "Look for what he owns first"
expect case CRT-1 sent_back
as team leader
court CRT-2 refer adam "He owns his house"
as approver
court CRT-2 accept

2026-06-15
court CRT-2 claim "a contract for trade waste of 2 March 2026"
expect refusal CTL-01-NO-DUTY
as team leader
court CRT-2 claim "a contract for trade waste of 2 March 2026"
court CRT-2 sign
expect refusal CTL-01-NO-DUTY
as auditor
court CRT-2 sign
expect refusal CTL-01-NO-DUTY
as approver
court CRT-2 sign
as cashier
court CRT-2 issued "K1QZ12AB" fee 80.00
expect refusal CTL-01-NO-DUTY
as team leader
court CRT-2 issued "K1QZ12AB" fee 80.00
expect case CRT-2 issued

# Judgment is the approver's to ask for.
2026-07-07
court CRT-2 ask judgment
expect refusal CTL-01-NO-DUTY
as approver
court CRT-2 ask judgment
court CRT-2 judgment default
expect case CRT-2 judgment
expect balance adam 1299.73
