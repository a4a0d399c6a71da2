story The service is asked before court; care that must go on is never suspended (REC-06, DUN-18)
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14 at "NE61 1AA"
customer firm "Beacon Bakery Ltd" company terms 14
invoice INV-1 for holt 900.00 type "Service charge" "Visits at home"
invoice INV-2 for firm 120.00 "Hire of the hall"

2026-05-05 as cashier
service REF-1 on INV-1 suspension of eligible_care
expect refusal CTL-01-NO-DUTY
as credit controller
service REF-1 on INV-1 suspension of eligible_care suggests suspend
expect refusal REC-06-FORBIDDEN
service REF-1 on INV-1 suspension of eligible_care or else suspend
expect refusal REC-06-DEFAULT
service REF-1 on INV-1 suspension of eligible_care
service REF-2 on INV-1 suspension
expect refusal REC-06-OPEN
service REF-1 answers suspend "Stop the visits"
expect refusal REC-06-FORBIDDEN
expect referral REF-1 open

# Until the answer, nothing goes on.
court CRT-1 refer holt "No answer"
expect refusal REC-06-HOLD-SERVICE
as team leader
2026-05-06 run day
expect refusal REC-06-HOLD-SERVICE for INV-1
expect no letter for INV-1

2026-05-07 as credit controller
service REF-1 answers continue "The visits go on; her daughter has the letters"
expect referral REF-1 answered continue
service REF-1 answers court "Changed our mind"
expect refusal REC-06-OVER
as team leader
2026-05-08 run day
expect step R1 for INV-1 on 2026-05-08

# A hall may be closed to who does not pay; the service that does not answer has said: court.
as credit controller
service REF-2 on INV-2 suspension suggests suspend or else court
as team leader
2026-05-26 run day
expect referral REF-2 defaulted court
