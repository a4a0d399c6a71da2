story Care ends after ten days and the rest of a standing order goes back
in a council

2026-04-06 as billing officer
customer ashworth "Mr Harold Ashworth" individual
invoice INV-1 for ashworth 136.29 "Home care, 10 days"

as cashier
standing order SO-1 of ashworth 381.60 four_weekly from 2026-04-06 charge 95.40
bank 381.60 from "H ASHWORTH" "STO C100001"
import
match
identify RCT-1 as ashworth
cease SO-1 2026-04-15 "Moved to his daughter's"

2026-05-04 check standing orders from 2026-04-06 to 2026-05-03
expect open INV-1 0.00
expect unallocated ashworth 245.31
expect task excess SO-1 245.31
cease SO-1 2026-04-20 "Again"
expect refusal DD-11-ENDED
