story A funder's list is reconciled to the penny, and the next one shows what moved
in a council

2026-10-01 as billing officer
customer icb "Northmere ICB" nhs_body
invoice INV-1 for icb 500.00 "Placement, October"
invoice INV-2 for icb 120.00 "Placement, October"
invoice INV-3 for icb 80.00 "Placement, October"

2026-10-31 as cashier
list LST-1 from "Northmere ICB" for icb "INV-000001 500.00" "INV-000002 119.99" "INV-000003 80.00 Paid" "X-77 12.34"
expect totals LST-1 632.33 700.00
expect line LST-1 paid_not_received "INV-000003" 80.00
expect line LST-1 rounding "INV-000002" 0.01
expect line LST-1 only_theirs "X-77" -12.34
expect line LST-1 agreed "INV-000001" 0.00

# Nobody signs their own, and a cashier signs nothing.
sign LST-1
expect refusal CTL-01-NO-DUTY
as team leader
sign LST-1 "Asked for the date of the payment"
sign LST-1
expect refusal G7-LISTING-SIGNED
