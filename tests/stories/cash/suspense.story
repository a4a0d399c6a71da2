story Money from nobody known is found an owner
in an nhs trust

2026-05-01 as billing officer
customer embassy "Embassy of Marram" company
invoice INV-1 for embassy 900.00

2026-05-12 as cashier
bank 450.00 from "D ZAMAN" "hospital"
import
match
expect suspense 450.00
expect balance embassy 900.00

2026-05-20
identify RCT-1 as embassy
expect suspense 0.00
expect unallocated embassy 450.00
allocate RCT-1 to INV-1 450.00
expect balance embassy 450.00
expect unallocated embassy 0.00
