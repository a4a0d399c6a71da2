story Overpaid housing benefit waits for its notice, the month of appeal and the appeal itself (REC-05)
in a council

2026-03-02 as billing officer
customer holt "Mrs Mary Holt" individual terms 30 at "NE61 1AA"
invoice INV-1 for holt 480.00 type "Housing benefit overpayment" "Paid after the move of 4 January"

# Nobody recorded a decision notice: nothing is asked for.
as team leader
2026-05-06 run day
expect refusal REC-05-NOTICE for INV-1
expect no reminder-1 for INV-1
as credit controller
fact appeal_lodged INV-1 2026-05-04 "Form of appeal"
expect refusal REC-05-ORDER
fact deferred INV-1 2026-05-04 "Agreement"
expect refusal REC-05-OTHER-DEBT
fact benefit_notice INV-1 2026-04-20 "Decision notice HB/2214"

# In the month of appeal, and while one is open, it waits.
as team leader
2026-05-07 run day
expect refusal REC-05-APPEAL for INV-1
2026-05-15 as credit controller
fact appeal_lodged INV-1 2026-05-14 "Form of appeal, stamped 14 May"
as team leader
2026-05-21 run day
expect refusal REC-05-APPEAL for INV-1

2026-06-02 as credit controller
fact appeal_decided INV-1 2026-06-01 "Decision of the tribunal"
as team leader
2026-06-02 run day
expect step R0-BENEFIT for INV-1 on 2026-06-02
expect no reminder-1 for INV-1

# Ongoing benefit is asked before the person is.
2026-06-03 run day
expect step R1 for INV-1 on 2026-06-03
expect letter reminder-1 for INV-1
expect balance holt 480.00
