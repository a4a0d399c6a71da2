story The same bank file twice changes nothing
in a council

2026-05-01 as billing officer
customer holt "Mrs Mary Holt" individual
invoice INV-1 for holt 120.00

2026-05-12 as cashier
bank 120.00 from "M HOLT" "INV-000001"
bank 5.00 from "NOBODY KNOWN" "hello"
import
match
expect open INV-1 0.00
expect suspense 5.00
import again
expect seen before 2
match
expect balance holt 0.00
expect suspense 5.00
