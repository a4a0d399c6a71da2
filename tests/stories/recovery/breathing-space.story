story Breathing space freezes the debt until it is over (BS-03)
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 250.00

2026-04-17 as credit controller
flag holt breathing_space "Notice 4411 of the debt respite register" until 2026-06-15

as team leader
2026-04-22 run day
expect refusal BS-03-BREATHING-SPACE for INV-1
expect no letter for INV-1
2026-06-15 run day
expect refusal BS-03-BREATHING-SPACE for INV-1
2026-06-16 run day
expect letter reminder-1 for INV-1
