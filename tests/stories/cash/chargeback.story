story A lost dispute opens the debt again
in a council

2026-05-01 as billing officer
card page
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 75.00

2026-05-11 as cashier
card CP-1 from holt 75.00 for INV-1
card CP-1 paid
expect open INV-1 0.00

2026-05-13
card CP-1 disputed needs_response
expect open INV-1 0.00

2026-05-18
card CP-1 disputed lost
expect open INV-1 75.00
expect balance holt 75.00
card CP-1 disputed won
expect open INV-1 75.00

2026-05-22 as team leader
run day
expect letter reminder-1 for INV-1
