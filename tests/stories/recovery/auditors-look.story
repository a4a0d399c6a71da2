story An auditor, an administrator and a service manager look at recovery; none of them changes it
in a council

2026-04-01 as billing officer
customer holt "Mrs Mary Holt" individual terms 14
customer bell "Mr John Bell" individual terms 14
invoice INV-1 for holt 240.00
invoice INV-2 for bell 80.00

2026-04-20 as credit controller
hold bell complaint until 2026-05-29 "Stage 1 of the complaint"

# Who would get a letter, who is left out and why: that may be read, and no more.
2026-04-22 as auditor
preview day
expect refusal REC-04-HOLD-COMPLAINT for INV-2
expect no letter for INV-1
run day
expect refusal CTL-01-NO-DUTY
hold holt complaint "So that nobody writes"
expect refusal CTL-01-NO-DUTY
end hold bell complaint
expect refusal CTL-01-NO-DUTY
promise holt 240.00 by 2026-04-30
expect refusal CTL-01-NO-DUTY
flag holt vulnerable "Told on a visit"
expect refusal CTL-01-NO-DUTY
notice holt standard "Debt respite register" from 2026-04-22
expect refusal CTL-01-NO-DUTY
insolvency INS-1 of holt bankruptcy on 2026-04-20 "The Gazette of 21 April"
expect refusal CTL-01-NO-DUTY
agency MERC gets holt
expect refusal CTL-01-NO-DUTY
joint INV-1 bell joint "Both signed"
expect refusal CTL-01-NO-DUTY

# Who writes the pathways sees no accounts.
as administrator
preview day
expect refusal CTL-01-NO-DUTY
run day
expect refusal CTL-01-NO-DUTY
hold holt complaint "So that nobody writes"
expect refusal CTL-01-NO-DUTY

# Whose invoice it is does not chase it.
as service manager
run day
expect refusal CTL-01-NO-DUTY
promise holt 240.00 by 2026-04-30
expect refusal CTL-01-NO-DUTY

as team leader
run day
expect letter reminder-1 for INV-1
expect no letter for INV-2
expect balance holt 240.00
