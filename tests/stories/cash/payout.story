story The provider pays out, and every penny of it is found
in a council

2026-05-01 as billing officer
card page
customer holt "Mrs Mary Holt" individual
customer vale "Vale Motors Ltd" company
invoice INV-1 for holt 120.00
invoice INV-2 for vale 60.00

2026-05-12 as cashier
card CP-1 from holt 120.00 for INV-1
card CP-1 paid
card CP-2 from vale 60.00 for INV-2
card CP-2 paid

2026-05-14
card settlement 0.40
expect card CP-1 settled
expect payout PO-1 179.20 expected

# The bank shows it as one line; until it is agreed it waits in suspense.
2026-05-15
bank 179.20 from "CARD ACQUIRER" "PAYOUT"
import
match
expect suspense 179.20
card payout PO-1 in bank
expect payout PO-1 179.20 in_bank
expect suspense 0.00
expect journal CardPayoutInBank 2900 Dr 179.20 6220 Dr 0.80 1055 Cr 180.00
