story A cheque comes back unpaid after it was banked, and everything that hung on it follows
in a council

2026-05-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
invoice INV-1 for holt 75.00

2026-05-11 as credit controller
promise holt 75.00 by 2026-05-15

2026-05-12 as cashier
take cheque PAY-1 "000099" 75.00 with 75.00 for holt INV-1
expect open INV-1 0.00
pay in PIB-1 slip "12" counted 1 cheques 75.00 cash 0.00
return PAY-1 "Refer to drawer"
expect refusal CSH-16-STATE

2026-05-13
bank 75.00 from "COUNTER" "PAYING IN 12"
import
match
expect payment PAY-1 banked

2026-05-18 as team leader
run day
expect promise holt kept

2026-05-20 as cashier
return PAY-1 "Refer to drawer"
expect payment PAY-1 returned
expect open INV-1 75.00
expect promise holt broken
expect letter payment_returned for INV-1
return PAY-1 "Again"
expect refusal CSH-STATE
