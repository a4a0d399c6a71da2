story A part payment leaves the rest open
in a council

2026-05-01 as billing officer
customer holt "Mrs Mary Holt" individual
invoice INV-1 for holt 120.00 "Hire of the hall"
expect balance holt 120.00

2026-05-12 as cashier
bank 40.00 from "M HOLT" "INV-000001 part"
import
match
expect suspense 40.00
allocate RCT-1 to INV-1 40.00
expect open INV-1 80.00
expect balance holt 80.00
expect unallocated holt 0.00
expect suspense 0.00

# Above what is open, a cashier is told so and nothing is posted.
2026-05-13
bank 90.00 from "SOMEBODY" "thank you"
import
match
allocate RCT-2 to INV-1 90.00
expect refusal GL-E12-MORE-THAN-OPEN
expect open INV-1 80.00
expect suspense 90.00
