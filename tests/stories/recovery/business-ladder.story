story A company gets a letter before action, an NHS body never does
in a council

2026-09-01 as billing officer
customer firm "Beacon Bakery Ltd" company terms 30
customer trust "Southfell Community NHS Trust" nhs_body terms 30
invoice INV-1 for firm 250.00
invoice INV-2 for trust 250.00

as team leader
2026-10-08 run day
2026-10-22 run day
2026-10-23 run day
2026-11-05 run day
2026-11-06 run day
2026-11-12 run day
expect letter letter-before-action for INV-1
expect step R4 for INV-2
expect no letter_before_action for INV-2
expect no letter_of_claim for INV-2
