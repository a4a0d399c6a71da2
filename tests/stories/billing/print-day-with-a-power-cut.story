story The power fails on a print day, and every letter goes once
in a council

2026-05-05 as billing officer
customer holt "Mrs Mary Holt" individual
customer bakery "Beacon Bakery Ltd" company
customer evans "Mr Emrys Evans" individual welsh
invoice INV-1 for holt 120.00 "Hire of the hall"
invoice INV-2 for bakery 300.00 vat S "Commercial waste"
invoice INV-3 for evans 80.00 "Pest control"

as team leader
run day
expect letter invoice for INV-1
expect letter invoice for INV-2
expect letter invoice for INV-3

# The printer stops dead. The batch is not ended, so nobody can sign for it.
print until the power fails
expect printed PRN-1 3 0.00 printing
confirm PRN-1
expect refusal DLV-BATCH-STATE

# An invoice raised meanwhile is not slipped into it.
as billing officer
invoice INV-4 for holt 60.00 "Hire of the hall"
as team leader
print
expect printed PRN-1 3 560.00 printed
print
expect refusal DLV-NOTHING-TO-PRINT

# Who signs counts the paper: three letters, not four.
confirm PRN-1 as 4
expect refusal DLV-TOTALS
as billing officer
confirm PRN-1
expect refusal CTL-01-NO-DUTY
as team leader
confirm PRN-1
expect printed PRN-1 3 560.00 checked
confirm PRN-1
expect refusal DLV-BATCH-STATE

2026-05-06
run day
print
expect printed PRN-2 1 60.00 printed
