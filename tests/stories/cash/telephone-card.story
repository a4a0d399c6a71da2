story A caller pays by card and hears the receipt number
in a council

2026-05-01 as billing officer
card page
customer holt "Mrs Mary Holt" individual
invoice INV-1 for holt 120.00 "Hire of the hall"
invoice INV-2 for holt 30.00 "Keys"

# A billing officer may not take money.
card CP-1 from holt 120.00 for INV-1
expect refusal CTL-01-NO-DUTY

2026-05-12 as cashier
card CP-1 from holt 120.00 for INV-1
expect card CP-1 with_payer
expect open INV-1 120.00
card CP-1 paid
expect card CP-1 paid
expect open INV-1 0.00
expect balance holt 30.00
expect journal ReceiptAllocated 1055 Dr 120.00 1200 Cr 120.00

# The provider holds the money: it is not reversed like a cheque.
bounce RCT-1 "Wrong account"
expect refusal CSH-CARD-NOT-BY-HAND

# A card that is refused changes nothing.
card CP-2 from holt 30.00 for INV-2
card CP-2 refused
expect card CP-2 failed
expect open INV-2 30.00

# Paid too much: the rest stays on the account, and goes back to the card with someone else's yes.
card CP-3 from holt 50.00 for INV-2
expect refusal GL-E12-MORE-THAN-OPEN
card CP-3 from holt 50.00
card CP-3 paid
allocate RCT-2 to INV-2 30.00
expect unallocated holt 20.00
card CP-3 refund CR-1 20.00 by APP-1 "Paid too much"
as approver
approve APP-1
card tend
expect unallocated holt 0.00
expect balance holt 0.00
