story One whole day at the desk
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
customer bakery "Beacon Bakery Ltd" company terms 14
customer evans "Mr Emrys Evans" individual welsh email e.evans@post.example terms 14
invoice INV-1 for holt 120.00 "Hire of the hall"
invoice INV-2 for bakery 300.00 vat S "Commercial waste"
invoice INV-3 for evans 80.00 "Pest control"

# The day: three weeks later, none of them has paid.
2026-04-22 as billing officer
invoice INV-4 for holt 60.00 "Hire of the hall"

as cashier
bank 360.00 from "BEACON BAKERY LTD" "INV-000002"
bank 50.00 from "C WALKER" "gift"
import
match
expect open INV-2 0.00
expect suspense 50.00

as credit controller
call evans no_answer
query QRY-1 on INV-3 price "I agreed a lower price"

as team leader
preview day
expect refusal REC-04-HOLD-DISPUTE for INV-3
run day
expect letter reminder-1 for INV-1
expect no letter for INV-2
expect no letter for INV-3
expect letter invoice for INV-4
print

as cashier
run day
expect refusal CTL-01-NO-DUTY
expect aged holt 1_30 120.00
expect aged holt not_due 60.00
