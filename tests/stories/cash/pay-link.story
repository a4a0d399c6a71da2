story The link on the invoice pays it, once
in a council

2026-05-05 as billing officer
card page
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 75.00

2026-05-05 as team leader
run day
expect letter invoice for INV-1

2026-05-07
card CP-1 from link on INV-1
card CP-1 expired
expect card CP-1 expired
expect open INV-1 75.00

# The same link again: the amount is what is open now.
card CP-2 from link on INV-1
card CP-2 paid
expect open INV-1 0.00
expect balance holt 0.00
card CP-3 from link on INV-1
expect refusal CSH-CARD-NOTHING-TO-PAY

2026-05-22
run day
expect no letter for INV-1
