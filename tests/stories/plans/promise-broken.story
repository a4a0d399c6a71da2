story A promise that is not kept ends three working days after its day
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 250.00

2026-04-20 as credit controller
promise holt 250.00 by 2026-04-30
promise holt 250.00 by 2026-04-19
expect refusal PP-PROMISE-DATE

# 4 May is a bank holiday, so the grace ends on 6 May.
as team leader
2026-05-06 run day
expect promise holt open
expect refusal REC-04-HOLD-PROMISE for INV-1
2026-05-07 run day
expect promise holt broken
expect letter reminder-1 for INV-1
