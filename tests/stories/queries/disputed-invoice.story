story A disputed invoice: the rest is chased, the part is credited, and the rest is paid
in a council

2026-05-01 as billing officer
customer bakery "Beacon Bakery Ltd" company
invoice INV-1 for bakery 1000.00 vat S "Commercial waste, April"

2026-05-11 as credit controller
query QRY-1 on INV-1 price 240.00 "You emptied four bins, not five"
query QRY-2 on INV-1 price 1000.00 "And all the rest"
expect refusal QRY-ABOVE-OPEN

# Only what is not disputed is asked for.
2026-06-08 as team leader
run day
expect letter reminder-1 for INV-1
expect open INV-1 1200.00
expect aged bakery 1_30 1200.00

as service manager
answer QRY-1 "Four bins from 1 April: the fifth was taken away in March"

2026-06-10 as credit controller
resolve QRY-1 upheld APP-1 200.00 "Four bins, not five"
expect query QRY-1 resolved
expect approval APP-1 waiting
approve APP-1
expect refusal CTL-01-OWN-WORK

2026-06-11 as approver
approve APP-1
expect open INV-1 960.00

2026-06-15 as cashier
bank 960.00 from "BEACON BAKERY LTD" "INV-000001"
import
match
expect open INV-1 0.00
expect balance bakery 0.00
