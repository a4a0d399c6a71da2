story GL-E2: debt by age as at 31 October 2026
in a council

2026-07-01 as billing officer
customer a "Ash" individual
customer b "Beech" individual
customer c "Cedar" individual
customer d "Douglas" individual
customer e "Elm" individual
customer f "Fir" individual
invoice INV-1 for a 1.00 due 2026-10-31
invoice INV-2 for b 2.00 due 2026-10-30
invoice INV-3 for c 4.00 due 2026-10-01
invoice INV-4 for d 8.00 due 2026-09-30
invoice INV-5 for e 16.00 due 2026-08-02
invoice INV-6 for f 32.00 due 2026-08-01

2026-10-31
expect aged a not_due 1.00
expect aged b 1_30 2.00
expect aged c 1_30 4.00
expect aged d 31_60 8.00
expect aged e 61_90 16.00
expect aged f 91_180 32.00
# By invoice date all are as old as the invoice: 122 days.
expect aged a by invoice date 91_180 1.00
expect aged f as at 2026-08-01 not_due 32.00
