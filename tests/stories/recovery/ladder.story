story REC-E5: the ladder by its dates
in a council

2026-09-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 30
invoice INV-1 for holt 250.00
expect open INV-1 250.00

as team leader
2026-10-07 run day
expect no letter for INV-1
2026-10-08 run day
expect step R1 for INV-1 on 2026-10-08
expect letter reminder-1 for INV-1
2026-10-21 run day
expect no reminder_2 for INV-1
2026-10-22 run day
expect step R2 for INV-1 on 2026-10-22
2026-10-29 run day
expect step R2-CALL for INV-1 on 2026-10-29
2026-11-05 run day
expect step R3 for INV-1 on 2026-11-05
expect letter final-notice for INV-1
2026-11-06 run day
expect step R3-SERVICE for INV-1 on 2026-11-06
2026-11-11 run day
expect no letter_of_claim for INV-1
2026-11-12 run day
expect step R4 for INV-1 on 2026-11-12
expect letter letter-of-claim for INV-1
