story A credit controller's day in recovery
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
customer bell "Mr John Bell" individual terms 14
customer ward "Ms Ruth Ward" individual terms 14
invoice INV-1 for holt 240.00
invoice INV-2 for bell 80.00
invoice INV-3 for ward 60.00
invoice INV-4 for holt 2000.00

# What is not hers to do is refused by name.
2026-04-20 as credit controller
run day
expect refusal CTL-01-NO-DUTY
cheque RCT-1 from bell 80.00 for INV-2
expect refusal CTL-01-NO-DUTY

# One agrees a plan inside policy, one promises, one complains, one asks for more time than she may give.
plan PLAN-1 for holt of INV-1 in 6 from 2026-05-01
expect letter plan_agreed to holt
call bell will_pay "Paid on the 30th"
promise bell 80.00 by 2026-04-30
promise bell 80.00 by 2026-05-30
expect refusal PP-PROMISE-OPEN
plan PLAN-2 for ward of INV-3 in 2 from 2026-04-19
expect refusal PP-06-PAST
hold ward complaint until 2026-05-29 "Stage 1 of the complaint"

as team leader
2026-04-22 run day
expect refusal REC-04-HOLD-PLAN for INV-1
expect refusal REC-04-HOLD-PROMISE for INV-2
expect refusal REC-04-HOLD-COMPLAINT for INV-3
expect letter reminder-1 for INV-4
expect no letter for INV-1
expect no letter for INV-2
expect no letter for INV-3

2026-04-30 as cashier
cash RCT-1 from bell 80.00 for INV-2
as team leader
run day
expect promise bell kept
expect balance bell 0.00

as credit controller
end hold ward complaint
as team leader
2026-05-01 run day
expect letter reminder-1 for INV-3
expect balance holt 2240.00
