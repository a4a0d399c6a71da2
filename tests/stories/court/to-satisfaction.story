story A court case from referral to satisfaction (LEG-02 to LEG-04)
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

# Whoever refers does not decide.
2026-05-20 as credit controller
court CRT-1 refer adam "Three reminders, no answer, in work"
court CRT-2 refer adam "Once more"
expect refusal CT-CASE-TWICE
court CRT-1 accept
expect refusal CTL-01-OWN-WORK
as another credit controller
court CRT-1 accept
expect refusal CTL-01-NO-DUTY
as credit controller
court CRT-1 claim "a contract for trade waste of 2 March 2026"
expect refusal CT-CASE-STATE
as approver
court CRT-1 accept

# Thirty days after the letter of claim, and not before.
2026-06-12 as credit controller
court CRT-1 claim "a contract for trade waste of 2 March 2026"
expect refusal REC-03-TOO-EARLY
2026-06-15
court CRT-1 claim "a contract for trade waste of 2 March 2026"
court CRT-1 sign
expect refusal CTL-01-NO-DUTY
as approver
court CRT-1 sign
as credit controller
court CRT-1 issued "K1QZ12AB" fee 80.00
expect case CRT-1 issued
expect balance adam 1200.00

2026-07-01
court CRT-1 response acknowledgment
2026-07-07 as approver
court CRT-1 ask judgment
expect refusal CT-05-TOO-EARLY
2026-07-21
court CRT-1 ask judgment
court CRT-1 judgment default

# Judgment puts interest and the fee on the account.
expect open INV-1 1200.00
expect open CRT-1/2 19.73
expect open CRT-1/3 80.00
expect balance adam 1299.73

as cashier
cash RCT-1 from adam 1299.73
allocate RCT-1 to INV-1 1200.00
allocate RCT-1 to CRT-1/2 19.73
allocate RCT-1 to CRT-1/3 80.00
expect unallocated adam 0.00
expect balance adam 0.00

# Paid within a month: the court is told, and the register is cleared.
2026-08-20 as team leader
run day
expect case CRT-1 satisfied
expect case CRT-1 register cancelled
as credit controller
court CRT-1 told
