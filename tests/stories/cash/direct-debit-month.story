story A Direct Debit month: set up, told, collected, unpaid, again, cancelled by the payer
in a council

2026-03-02 as billing officer
customer holt "Mrs Mary Holt" individual email mary@example.org terms 14
debit mandate holt
expect mandate holt awaiting_lodgement

as cashier
debit collect 2026-03-05 APP-1
as approver
approve APP-1 "Looked at"
debit release
expect mandate holt lodged
as cashier
debit accepted
expect mandate holt active

2026-04-14 as billing officer
invoice INV-1 for holt 150.00
as cashier
debit notice 2026-05-05
2026-04-27
debit collect 2026-04-29 APP-2
as approver
approve APP-2 "Looked at"
debit release
expect open INV-1 0.00

2026-05-01 as cashier
debit unpaid holt 0
expect open INV-1 150.00
debit again holt 2026-06-15
expect refusal DD-07-LATE
debit again holt 2026-05-15
2026-05-13
debit collect 2026-05-15 APP-3
as approver
approve APP-3 "Looked at"
debit release
expect open INV-1 0.00

2026-05-18 as cashier
debit advice holt 1
expect mandate holt cancelled
