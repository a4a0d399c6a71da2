story Nobody is chased while the bank file waits (X7)
in a council

2026-05-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 75.00

2026-05-22 as cashier
bank 75.00 from "M HOLT" "INV-000001"
import

as team leader
preview day
expect refusal REC-X7-BANK-FILE for INV-1
run day
expect refusal REC-X7-BANK-FILE for INV-1
expect no letter for INV-1

as cashier
match
expect open INV-1 0.00

2026-05-26 as team leader
run day
expect no letter for INV-1
