story Suspense is proved by one person and reviewed by another
in a council

2026-10-06 as cashier
bank 60.00 from "NOBODY KNOWN" "COUNTER 2"
import
match
expect suspense 60.00
# Money that we hold stands as a credit.
expect proof suspense -60.00
expect proof receivables 0.00
prove suspense as PRF-1 "One counter receipt, asked the bank"
review PRF-1
expect refusal CTL-01-NO-DUTY
as approver
review PRF-1 "Seen"
review PRF-1
expect refusal GL-03-PROOF-DECIDED
