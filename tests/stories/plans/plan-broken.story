story A plan that is not paid is reminded, breaks, and recovery goes on at the stage before
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 600.00

as team leader
2026-04-22 run day
expect letter reminder-1 for INV-1

2026-04-24 as credit controller
plan PLAN-1 for holt of INV-1 in 6 from 2026-05-01

# The 8th day: a letter, and time to catch up. The second miss: it breaks.
as team leader
2026-05-09 run day
expect plan PLAN-1 missed
expect no reminder-2 for INV-1
2026-06-08 run day
expect plan PLAN-1 missed
2026-06-09 run day
expect plan PLAN-1 broken
expect open INV-1 600.00
expect no reminder-2 for INV-1

# The letter gave fourteen days.
2026-06-24 run day
expect letter reminder-2 for INV-1
