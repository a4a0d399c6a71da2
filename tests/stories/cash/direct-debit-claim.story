story A claim under the Guarantee opens the debt again and stops recovery
in a council

2026-03-02 as billing officer
customer holt "Mrs Mary Holt" individual email mary@example.org terms 14
debit mandate holt
as cashier
debit collect 2026-03-05 APP-1
as approver
approve APP-1 "Looked at"
debit release
as cashier
debit accepted

2026-04-14 as billing officer
invoice INV-1 for holt 729.40
as cashier
debit notice 2026-05-05
2026-04-27
debit collect 2026-04-29 APP-2
as approver
approve APP-2 "Looked at"
debit release
expect journal DirectDebitReleased 1050 Dr 729.40 1200 Cr 729.40

2026-05-20 as cashier
debit claim holt
expect journal DirectDebitClaimed 1200 Dr 729.40 1000 Cr 729.40
expect open INV-1 729.40
expect mandate holt suspended
as team leader
run day
expect refusal REC-04-HOLD-CLAIM for INV-1
