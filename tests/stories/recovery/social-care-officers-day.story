story A social-care finance officer raises a charge, agrees a plan and takes in a notice; others chase and go to court
in a council

2026-04-01 as social-care finance officer
customer joyce "Mrs Joyce Pemberton" individual terms 14
invoice INV-1 for joyce 600.00 type "Care contribution" "Residential care, four weeks"

2026-04-20
plan PLAN-1 for joyce of INV-1 in 6 from 2026-05-01
expect letter plan_agreed to joyce

# Not hers: chasing, and the court.
run day
expect refusal CTL-01-NO-DUTY
promise joyce 100.00 by 2026-05-01
expect refusal CTL-01-NO-DUTY
hold joyce complaint "Wants to see the assessment"
expect refusal CTL-01-NO-DUTY
fact deferral_possible INV-1 2026-04-20 "Land Registry title"
expect refusal CTL-01-NO-DUTY
court CRT-1 refer joyce "No answer"
expect refusal CTL-01-NO-DUTY
give evidence letters for INV-1 "One letter"
expect refusal CTL-01-NO-DUTY

as team leader
2026-04-22 run day
expect refusal REC-04-HOLD-PLAN for INV-1
expect no care-reminder for INV-1

2026-05-01 as cashier
cheque RCT-1 from joyce 100.00 for INV-1

# She is told of the breathing space first, and what it stops stops at once.
2026-05-10 as social-care finance officer
notice joyce standard "Debt respite register" from 2026-05-10
as team leader
2026-05-11 run day
expect plan PLAN-1 suspended
2026-06-15 run day
expect no plan_missed to joyce
expect balance joyce 500.00
