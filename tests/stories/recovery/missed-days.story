story Missed days are caught up, one letter at a time and a week apart
in a council

2026-03-02 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 250.00

# Nobody ran anything for two months.
as team leader
2026-05-18 run day
expect step R1 for INV-1 on 2026-05-18
expect no reminder_2 for INV-1
2026-05-19 run day
expect no reminder_2 for INV-1
2026-05-25 run day
expect step R2 for INV-1 on 2026-05-25
2026-05-26 run day
2026-06-01 run day
expect step R3 for INV-1 on 2026-06-01

# The same day again repeats nothing, and a day before it is refused.
run day
expect no letter_of_claim for INV-1
