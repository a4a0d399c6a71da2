story A promise holds the account and is kept by what comes in
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 250.00

2026-04-20 as credit controller
call holt will_pay "Paid on the 30th"
promise holt 250.00 by 2026-04-30
promise holt 10.00 by 2026-05-30
expect refusal PP-PROMISE-OPEN

as team leader
2026-04-22 run day
expect refusal REC-04-HOLD-PROMISE for INV-1
expect no letter for INV-1

2026-04-30 as cashier
cheque RCT-1 from holt 250.00 for INV-1
as team leader
run day
expect promise holt kept
expect balance holt 0.00
