story An invoice in instalments is chased part by part
in a council

2026-05-01 as billing officer
customer club "Fenmarch Rowing Club" company
invoice INV-1 for club 300.00 due 2026-05-15 in 3 parts each month "Boathouse, the season"
expect open INV-1 300.00

# The first part is paid by the number of the invoice, the second is not paid at all.
2026-05-18 as cashier
bank 100.00 from "FENMARCH ROWING CLUB" "INV 000001"
import
match
expect open INV-1/1 0.00
expect open INV-1 200.00

2026-06-30 as team leader
run day
expect letter reminder-1 for INV-1/2
expect no letter for INV-1/3
expect aged club 1_30 100.00
expect aged club not_due 100.00
