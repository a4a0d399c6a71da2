story A standing order that was not changed falls short
in a council

2026-04-06 as billing officer
customer pemberton "Mrs Edith Pemberton" individual
invoice INV-1 for pemberton 393.00 "Home care, 4 weeks"

as cashier
# Before the new year the charge was 95.40 a week; 381.60 was right.
standing order SO-1 of pemberton 381.60 four_weekly from 2026-04-06 charge 95.40
charge SO-1 98.25 from 2026-04-07 "Uprating of April 2026"
bank 381.60 from "E PEMBERTON" "STO C100001"
import
match
identify RCT-1 as pemberton

2026-05-03 check standing orders from 2026-04-06 to 2026-05-03
expect refusal DD-11-NOT-OVER

2026-05-04 check standing orders from 2026-04-06 to 2026-05-03
# What came is on the bill, the rest is owed, and somebody is told.
expect open INV-1 11.40
expect unallocated pemberton 0.00
expect task shortfall SO-1 10.99

# The same period again makes no second task.
check standing orders from 2026-04-06 to 2026-05-03
expect task shortfall SO-1 10.99
